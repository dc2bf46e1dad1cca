"""Tar archives, plain or packed by gzip, bzip2 or xz; and single files packed so. Read in place: nothing is written to disk."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

from cablelab.capture.archive import RATIO, UNCOUNTED, Member, path_problems
from cablelab.capture.base import Unreadable
from cablelab.capture.litter import is_litter

PACKED = ((b"\x1f\x8b", "gz", gzip.open), (b"BZh", "bz2", bz2.open), (b"\xfd7zXZ\0", "xz", lzma.open))
AT = 257  # where `ustar` stands
FAULTS = (tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, OverflowError, MemoryError)
BROKEN = "Pack or download it again; what can be read of it was read."
LARGEST = 1 << 31  # bytes that a packed file may hold


def detect(head: bytes) -> bool:
    """Say whether `head`, the first 512 bytes or more, opens a tar archive or a packed file."""
    return head[AT : AT + 5] == b"ustar" or head.startswith(tuple(magic for magic, _, _ in PACKED))


def members(stream: BinaryIO, name: str, size: int) -> Iterator[Member | Unreadable]:
    """Yield the files of a tar in its own order, `name!member`; or what a packed file holds, under the name without its ending.

    Links and devices in it are followed and opened nowhere; what expands beyond all proportion is `Unreadable`.
    """
    head = stream.read(512)
    stream.seek(0)
    budget = max(UNCOUNTED, RATIO * size)
    opener = next((opener for magic, _, opener in PACKED if head.startswith(magic)), None)
    unpacked: BinaryIO = stream
    litter: list[str] = []
    try:
        if opener is not None:
            unpacked = cast(BinaryIO, opener(stream, "rb"))
            first = unpacked.read(512)
            if first[AT : AT + 5] != b"ustar":
                yield from _single(first, unpacked, name, budget)
                return
            unpacked.seek(0)
        with tarfile.open(fileobj=unpacked, mode="r|") as archive:
            for info in archive:
                if is_litter(info.name):
                    litter += [info.name] * (not info.isdir())
                    continue
                if not info.isfile():
                    if info.issym() or info.islnk():
                        yield Unreadable(
                            f"{name}!{_named(info.name)}",
                            "link",
                            "A link in an archive is not followed. Give its target too.",
                        )
                    continue
                budget -= info.size
                if budget < 0:
                    yield Unreadable(
                        name,
                        "zip-bomb",
                        f"It would expand to more than {RATIO} times its size. Unpack it if you trust it.",
                    )
                    return
                data = archive.extractfile(info)
                if data is not None:
                    # the archive is read in one go: a member is held while it is read
                    yield Member(
                        f"{name}!{_named(info.name)}", info.size, io.BytesIO(data.read()), path_problems(info.name)
                    )
    except FAULTS as error:
        yield Unreadable(name, "zip-broken", f"The archive is broken ({str(error) or type(error).__name__}). {BROKEN}")


def _single(first: bytes, unpacked: BinaryIO, name: str, budget: int) -> Iterator[Member | Unreadable]:
    inner = name
    for _, ending, _ in PACKED:
        inner = inner.removesuffix(f".{ending}")
    data = first + unpacked.read(min(budget, LARGEST) + 1)
    if len(data) > budget:
        yield Unreadable(
            name, "zip-bomb", f"It would expand to more than {RATIO} times its size. Unpack it if you trust it."
        )
        return
    yield Member(f"{name}!{inner.replace('!', '/').rpartition('/')[2]}", len(data), io.BytesIO(data), ())


def _named(name: str) -> str:
    return name.encode("utf-8", "replace").decode()
