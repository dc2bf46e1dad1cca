"""Folders that a corpus lies in: what is in them, whole files, and one writer at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout

from cablelab.errors import FolderInUse

LOCK = ".lock"


def listing(folder: Path) -> dict[str, int]:
    """Give the names of the files in `folder` with their bytes; none if there is no such folder.

    Examples
    --------
    >>> listing(Path("no-such-folder"))
    {}
    """
    try:
        with os.scandir(folder) as entries:
            return {entry.name: entry.stat().st_size for entry in entries if entry.is_file()}
    except (FileNotFoundError, NotADirectoryError):
        return {}


def write_whole(path: Path, data: bytes | memoryview) -> None:
    """Write a file so that it is there with all its bytes, also after a power cut, or not at all."""
    temporary = path.with_name(f".{path.stem}-{uuid4().hex}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let nobody else write to `folder` meanwhile; the system frees the lock of a process that is killed.

    Raises
    ------
    FolderInUse
        If another process, or another thread of this one, is writing there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / LOCK, timeout=0):
            yield
    except Timeout:
        raise FolderInUse(folder) from None
