"""All captures of files, folders, globs and zip files, one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import PurePath
from typing import BinaryIO

from cablelab.capture import archive, tar
from cablelab.capture.base import Capture, Origin, Unreadable, failed
from cablelab.capture.forms import capture_bytes, streamed
from cablelab.capture.sources import Found, Source, find, opened
from cablelab.errors import NotReachable

AT_ONCE = 1 << 20  # up to this many bytes a file is read before its form is asked for
LARGE = 1 << 26  # 64 MiB: more than this is read only if it is streamed, row by row or member by member


class Captures:
    """The captures of some sources, read while they are iterated over, and how far that has come.

    Attributes
    ----------
    files, bytes
        How many files were found, and their size.
    done
        How many of the bytes have been read; for progress bars.
    """

    def __init__(self, found: Iterable[Found | Unreadable]) -> None:
        self.found = tuple(found)
        files = [item for item in self.found if isinstance(item, Found)]
        self.files, self.bytes, self.done = len(files), sum(item.size for item in files), 0

    def __iter__(self) -> Iterator[Capture | Unreadable]:
        before = self.done = 0
        for item in self.found:
            if isinstance(item, Unreadable):
                yield item
                continue
            try:
                with opened(item, 0 if item.size <= AT_ONCE else -1) as file:
                    for capture in capture_stream(file, item.size, item.name):
                        if item.size > AT_ONCE:
                            self.done = max(self.done, before + min(file.tell(), item.size))
                        yield capture
            except (MemoryError, NotReachable):  # of the machine or the network: it would befall all others too
                raise
            except Exception as error:
                yield failed(item.name, error)
            before += item.size
            self.done = before


def captures(sources: Source | Iterable[Source]) -> Captures:
    """Find what is to be read and give its captures, lazily and in an order that does not depend on the machine.

    Parameters
    ----------
    sources
        A file, a folder, a pattern, a zip file, or several of these. See `cablelab.capture.sources.find`.

    Returns
    -------
    Captures
        Iterate over it for `Capture` and `Unreadable` objects; `files`, `bytes` and `done` serve a progress bar.

    Raises
    ------
    NothingToRead
        If a path does not exist or a pattern matches nothing.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     size = pathlib.Path(folder, "a.txt").write_text("UNCLAS PORT KESTREL 000012")
    ...     reading = captures(folder)
    ...     [found.format for found in reading], reading.done == reading.bytes == size
    (['text'], True)
    """
    return Captures(find(sources))


def capture_stream(stream: BinaryIO, size: int, name: str, nested: bool = False) -> Iterator[Capture | Unreadable]:
    """Yield the captures of one open source of `size` bytes; records and archives are streamed, else at most 64 MiB are held."""
    data = stream.read() if size <= AT_ONCE else stream.read(4096)
    if archive.detect(data) or tar.detect(data):
        if nested:
            yield Unreadable(name, "nested-zip", "This zip lies in a zip in a zip. Unpack it and read the folder.")
            return
        yield from _archive(stream, size, name, data if size <= AT_ONCE else b"")
        return
    try:
        yield from _plain(stream, data, size, name)
    except MemoryError:
        raise
    except Exception as error:
        yield failed(name, error)


def _plain(stream: BinaryIO, data: bytes, size: int, name: str) -> Iterator[Capture | Unreadable]:
    stem = PurePath(name.rpartition("!")[2].replace("\\", "/")).stem
    if size > AT_ONCE:
        stream.seek(0)
        if (form := streamed(data)) is not None:
            yield from form.read(stream, Origin(name, ""))
            return
        if size > LARGE:
            cure = f"over {LARGE:,} only tables, records and archives are read. Split it, one cable a file."
            yield Unreadable(name, "large", f"It has {size:,} bytes; {cure}")
            return
        data = stream.read()
    yield from capture_bytes(data, name, stem)


def _archive(stream: BinaryIO, size: int, name: str, data: bytes) -> Iterator[Capture | Unreadable]:
    nested = "!" in name
    stream.seek(0)
    kind = archive if archive.detect(data or stream.read(4)) else tar
    stream.seek(0)
    # to go back in a zip that is packed itself means to unpack it again from its start
    if nested and size <= LARGE:
        stream = BytesIO(data or stream.read())
    found = (
        archive.members(stream, name, size, as_stored=nested and size > LARGE)
        if kind is archive
        else tar.members(stream, name, size)
    )
    for member in found:
        if isinstance(member, Unreadable):
            yield member
            continue
        try:
            for item in capture_stream(member.stream, member.size, member.name, nested):
                if member.problems and isinstance(item, Capture):
                    yield replace(item, problems=(*member.problems, *item.problems))
                else:
                    yield item
        except archive.FAULTS as error:
            yield archive.broken(member.name, error)
        except MemoryError:
            raise
        except Exception as error:
            yield failed(member.name, error)
