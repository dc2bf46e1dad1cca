"""What is to be read, cut into batches that depend on the sources alone."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, replace
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

from cablelab.capture import Capture, Captures, Unreadable, archive, cables_csv
from cablelab.capture.base import Origin, failed
from cablelab.capture.sources import Found, Source, find
from cablelab.errors import NotReachable
from cablelab.facts import Additions
from cablelab.storage.remote import is_remote, window

FILES = 4_000  # files of one batch at most
BYTES = 32 << 20  # bytes of one batch, about; what a kill can lose is what the workers have in hand
SHARES = 8  # batches in which less is read, so that all workers have some; the limits shrink to this part at most
# Rooms that decide what a read gives, with all that lies in them; a test finds one that is imported and not named.
READS = (
    "capture", "message", "facts", "reading", "ingest", "storage", "corpus",
    "errors", "escaping.py", "frames.py", "ids.py", "terms.py",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Task:
    """One batch: files in their order, or the bytes `start` to `end` of a CSV; `key` tells it from all others."""

    key: str
    items: tuple[Found | Unreadable, ...]
    bytes: int
    start: int = 0
    end: int | None = None

    @property
    def rows_of(self) -> Found | None:
        """The CSV file that this is a block of, if it is one."""
        item = self.items[0]
        return item if self.end is not None and isinstance(item, Found) else None


def plan(sources: Iterable[Source], additions: Additions, home: str | Path | None = None) -> list[Task]:
    """Find the sources and cut them into batches.

    Parameters
    ----------
    sources
        As for `cablelab.read`.
    additions
        The user's posts and tags: with others the same bytes read differently.
    home
        The corpus's folder, whose own files are no sources though it lie among them.

    Returns
    -------
    list of Task, in the order of reading. A task's key is a hash of its files' names, paths, sizes and times of
    change, of its range of bytes, of the additions and of the code that reads.

    Raises
    ------
    NothingToRead
        If a path does not exist or a pattern matches nothing.
    """
    reader = f"{_reader()} {_digest_of(additions)}"
    sources_found = list(find(list(sources)))
    files = _share(FILES, len(sources_found))
    most = _share(BYTES, sum(item.size for item in sources_found if isinstance(item, Found)))
    inside = os.path.join(_absolute(str(home)).rstrip("/"), "") if home is not None else "\0"  # noqa: PTH118
    tasks: list[Task] = []
    waiting: list[Found | Unreadable] = []
    size = 0

    def flush() -> None:
        nonlocal size
        if waiting:
            tasks.append(Task(_key(reader, waiting, 0, None), tuple(waiting), size))
            waiting.clear()
        size = 0

    for found in sources_found:
        # a worker may run in another folder
        item = found
        if isinstance(found, Found) and (path := _absolute(found.path)) != found.path:
            item = replace(found, path=path)
        if isinstance(item, Found) and item.path.startswith(inside):
            continue
        if isinstance(item, Found) and item.size > most and _is_rows(item):
            flush()
            cuts = list(_cuts(item, most))
            for start, end in pairwise(cuts):
                tasks.append(Task(_key(reader, [item], start, end), (item,), end - start, start, end))
            continue
        waiting.append(item)
        size += item.size if isinstance(item, Found) else 0
        if len(waiting) >= files or size >= most:
            flush()
    flush()
    return tasks


def captures_of(task: Task) -> Iterator[tuple[int, Capture | Unreadable]]:
    """Yield what a task holds; for a block of rows with the number of each row in the block, else with 0."""
    item = task.rows_of
    if item is None or task.end is None:
        yield from ((0, found) for found in Captures(task.items))
        return
    number = 0
    try:
        for number, found in _rows_of(item, task.start, task.end):
            yield number, found
    except (MemoryError, OSError, NotReachable):
        raise
    except Exception as error:
        yield number + 1, failed(item.name, error)


def _rows_of(item: Found, start: int, end: int) -> Iterator[tuple[int, Capture | Unreadable]]:
    """Yield the rows of a block of a CSV."""
    if is_remote(item.path):
        block = io.BytesIO(window(item.path, start, end - start))
        yield from cables_csv.rows(block, Origin(item.name, ""), head=start == 0)
        return
    with Path(item.path).open("rb", buffering=0) as file:
        file.seek(start)
        stream = io.BufferedReader(_Range(file, end - start), 1 << 18)
        yield from cables_csv.rows(stream, Origin(item.name, ""), head=start == 0)


def _absolute(path: str) -> str:
    return path if is_remote(path) else os.path.abspath(path)  # noqa: PTH100 - there may be very many


def _window(path: str, start: int, length: int) -> bytes:
    if is_remote(path):
        return window(path, start, length)
    with Path(path).open("rb") as file:
        file.seek(start)
        return file.read(length)


def _is_rows(item: Found) -> bool:
    try:
        data = _window(item.path, 0, 4096)
    except OSError:  # reading it says so too, as a problem of that file
        return False
    return not archive.detect(data) and cables_csv.detect(data)


def _share(most: int, count: int) -> int:
    """Halve `most` until `count` makes some batches; by halves, so that one more file does not move all cuts."""
    least = most // SHARES
    while most > least and count < SHARES * most:
        most //= 2
    return most


def _cuts(item: Found, most: int) -> Iterator[int]:
    """Give offsets between which rows are whole; a file whose rows open with no quoted number stays whole."""
    yield 0
    place = most
    while place < item.size:
        found = _window(item.path, place, min(1 << 20, item.size - place))
        if cut := cables_csv.CUT.search(found):
            yield place + cut.start()
            place += cut.start() + most
        else:
            place += max(len(found) - 64, 1)  # a row's opening has fewer characters
    yield item.size


class _Range(io.RawIOBase):
    """The next `left` bytes of a file."""

    def __init__(self, file: io.FileIO, left: int) -> None:
        self.file, self.left = file, left

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)[: self.left]
        count = self.file.readinto(view) or 0
        self.left -= count
        return count


def _key(reader: str, items: Iterable[Found | Unreadable], start: int, end: int | None) -> str:
    digest = hashlib.sha256(f"{reader} {start} {end}".encode())
    for item in items:
        if isinstance(item, Found):
            digest.update(repr((item.name, os.fsencode(item.path), item.size, item.version)).encode())
        else:
            digest.update(repr(astuple(item)).encode())
    return digest.hexdigest()[:32]


@lru_cache(maxsize=1)
def _reader() -> str:
    import polars as pl

    from cablelab import __version__

    return f"{__version__} {pl.__version__} {code_digest(Path(str(files('cablelab'))))}"


def code_digest(package: Path) -> str:
    """Digest the code and tables under `package` that decide what is read, each with its place.

    Raises
    ------
    FileNotFoundError
        If one of the rooms of `READS` is not there: it has moved, and batches of before the move would pass for those of now.
    """
    digest = hashlib.sha256()
    for name in READS:
        root = package / name
        if not root.exists():
            raise FileNotFoundError(f"cablelab/{name} is among what a resume key digests (READS), and is not there.")
        for path in [root] if root.is_file() else sorted(root.rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                content = path.read_bytes()
                digest.update(f"{path.relative_to(package).as_posix()} {len(content)} ".encode() + content)
    return digest.hexdigest()


def _digest_of(additions: Additions) -> str:
    lines = [f"{code} {row!r}" for table in (additions.posts, additions.tags) for code, row in table.items()]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
