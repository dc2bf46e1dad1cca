"""Folders that a corpus lies in: what is in them, whole files, and one writer at a time."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout

from cablelab.errors import FolderInUse, NotReachable
from cablelab.storage.remote import entries, is_remote, reached, store_of

LOCK = ".lock"


def listing(folder: Path) -> dict[str, int]:
    """Give the names of the files in `folder` with their bytes; none if there is no such folder.

    Examples
    --------
    >>> listing(Path("no-such-folder"))
    {}
    """
    if is_remote(folder):
        return entries(folder)
    try:
        with os.scandir(folder) as inside:
            return {entry.name: entry.stat().st_size for entry in inside if entry.is_file()}
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:  # so there can be none
            return {}
        raise


def read_whole(path: Path) -> bytes:
    """Read a file; of one on remote storage in one request."""
    if not is_remote(path):
        return path.read_bytes()
    fs, inside = store_of(path)
    with reached(path):
        return bytes(fs.cat_file(inside))


def write_whole(path: Path, data: bytes | memoryview) -> None:
    """Write a file so that it is there with all its bytes, also after a power cut, or not at all.

    Remote storage has no rename: there it is one put, which object stores show when it is complete.
    """
    if is_remote(path):
        fs, inside = store_of(path)
        with reached(path):
            fs.pipe_file(inside, bytes(data))
        return
    temporary = path.with_name(f".{path.stem}-{uuid4().hex}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """Digest a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def crc32_of(path: Path) -> int:
    """Sum a file up: it costs less than a tenth of reading it as Parquet, where sha256 costs a fifth, and no flipped bit escapes it."""
    total = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            total = zlib.crc32(block, total)
    return total


def put(file: Path, path: Path) -> None:
    """Copy a file of this machine to remote storage under its own name."""
    fs, inside = store_of(path)
    with reached(path):
        fs.put_file(str(file), inside)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it; object stores have none, and need none."""
    if not is_remote(folder):
        folder.mkdir(parents=True, exist_ok=True)
        return
    fs, inside = store_of(folder)
    with reached(folder):
        if inside.startswith("/"):
            fs.makedirs(inside, exist_ok=True)
            return
        # a bucket: to make the folder would make it, too, though its name is probably mistyped
        bucket = inside.partition("/")[0]
        try:
            there = fs.exists(bucket)
        except PermissionError:  # one may write there and not list it
            there = True
        if not there:
            raise NotReachable.at(folder, FileNotFoundError(f"there is no {bucket!r}"))


def remove(path: Path, folder: bool = False) -> None:
    """Remove a file, or a folder with all in it, if it is there."""
    if is_remote(path):
        fs, inside = store_of(path)
        with reached(path), suppress(FileNotFoundError):
            fs.rm(inside, recursive=folder)
    elif not folder:
        path.unlink(missing_ok=True)
    elif path.is_dir():
        shutil.rmtree(path)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let nobody else write to `folder` meanwhile; the system frees the lock of a process that is killed.

    On remote storage there is no lock: see to it that one process at a time writes to a folder.

    Raises
    ------
    FolderInUse
        If another process, or another thread of this one, is writing there.
    """
    make_folder(folder)
    if is_remote(folder):
        yield
        return
    try:
        with FileLock(folder / LOCK, timeout=0):
            yield
    except Timeout:
        raise FolderInUse(folder) from None
