"""Zip files, read in place: nothing in them is ever written to disk."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

from cablelab.capture import documents
from cablelab.capture.base import Problem, Unreadable
from cablelab.capture.litter import is_aside, is_litter, left_out

MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
RATIO = 200  # cables as HTML shrink to a tenth, a file of blanks to a thousandth
UNCOUNTED = 1 << 20  # bytes that may be expanded whatever the ratio
FAULTS = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error,
    EOFError, OSError, ValueError, RuntimeError, OverflowError, IndexError,
)  # fmt: skip
BROKEN = "Pack or download it again; what can be read of it was read."


class Member:
    """One file in a zip: its name, its size once expanded, its bytes as a stream, and what is odd about its name."""

    def __init__(self, name: str, size: int, stream: BinaryIO, problems: tuple[Problem, ...]) -> None:
        self.name, self.size, self.stream, self.problems = name, size, stream, problems


def detect(data: bytes) -> bool:
    """Say whether `data` opens a zip file."""
    return data.startswith(MAGIC)


def members(stream: BinaryIO, name: str, size: int, as_stored: bool = False) -> Iterator[Member | Unreadable]:
    """Yield the files of a zip, sorted by name or `as_stored`, each open for reading until the next is asked for.

    Parameters
    ----------
    stream
        The zip, seekable.
    name
        Its source name; a member is called `name!member`.
    size
        Bytes of the zip.

    Yields
    ------
    Member or Unreadable
        What is encrypted, broken or expands beyond all proportion is `Unreadable`, and the rest is read.
    """
    try:
        archive = zipfile.ZipFile(stream)
        infos = sorted(archive.infolist(), key=lambda info: info.header_offset if as_stored else info.filename)
    except FAULTS as error:
        yield Unreadable(name, "zip-broken", f"The zip file is broken ({_cause(error)}). Pack or download it again.")
        return
    if kind := documents.is_office([info.filename for info in infos]):
        yield from _office(stream, name, size, kind)
        return
    budget = max(UNCOUNTED, RATIO * size)
    names = {info.filename for info in infos}
    litter: list[str] = []
    for info in infos:
        if info.filename.endswith("/"):  # is_dir() fails on a name without characters
            continue
        if is_litter(info.filename) or _saved_beside(info.filename, names):
            litter.append(info.filename)
            continue
        label = f"{name}!{info.filename.encode('utf-8', 'replace').decode()}"
        if info.file_size > min(budget, max(UNCOUNTED, RATIO * info.compress_size)):
            yield Unreadable(
                label,
                "zip-bomb",
                f"It would expand to {info.file_size:,} bytes, over {RATIO} times its size. Unpack it if you trust it.",
            )
            continue
        budget -= info.file_size
        if info.flag_bits & 1:
            yield Unreadable(
                label, "zip-encrypted", "The file is encrypted. Unpack the zip with its password and read the folder."
            )
            continue
        try:
            with archive.open(info) as member:
                yield Member(label, info.file_size, member, path_problems(info.filename))  # type: ignore[arg-type]
        except FAULTS as error:
            yield broken(label, error)
    if litter:
        yield Unreadable(name, "left-out", left_out(litter))


def _saved_beside(name: str, names: Collection[str]) -> bool:
    """Say whether a member lies in the folder that a browser saved beside a page, which is a member too."""
    parts = name.split("/")
    return any(
        is_aside(part, _siblings("/".join(parts[:at]), names))
        for at, part in enumerate(parts[:-1])
        if "_" in part or "." in part
    )


def _siblings(folder: str, names: Collection[str]) -> Collection[str]:
    return {name.removeprefix(f"{folder}/") for name in names if name.startswith(f"{folder}/")} if folder else names


def _office(stream: BinaryIO, name: str, size: int, kind: str) -> Iterator[Member | Unreadable]:
    """Yield the text of a Word document as if it lay there as a file; refuse the others."""
    if kind != "docx":
        yield Unreadable(name, "binary", f"This is {kind}. Save it as plain text and read that.")
        return
    try:
        data = documents.docx_text(stream).encode("utf-8", "replace")
    except documents.Refused as refused:
        yield Unreadable(name, refused.code, refused.message)
        return
    yield Member(name, len(data), io.BytesIO(data), ())


def path_problems(name: str) -> tuple[Problem, ...]:
    """Say that a member's name leads out of its archive; it was read in place all the same."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name.partition("/")[0]:
        return (
            ("zip-path", None, "The archive names a place outside itself; it was read in place and written nowhere."),
        )
    return ()


def broken(label: str, error: BaseException) -> Unreadable:
    """Build the row for a file of a zip that cannot be expanded."""
    return Unreadable(label, "zip-broken", f"This file of the zip is broken ({_cause(error)}). {BROKEN}")


def _cause(error: BaseException) -> str:
    return str(error) or type(error).__name__
