"""Shared and remote storage by its URL, such as `s3://bucket/corpus`, through fsspec: found, read, put, and fetched for a while.

Rights and addresses come from where the client of a scheme looks for them: the environment, its own files, or fsspec's.
"""

from __future__ import annotations

import atexit
import io
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import urlsplit
from urllib.request import url2pathname

from cablelab.errors import NotReachable

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")  # a single letter is a drive of Windows
HELD = 1 << 26  # 64 MiB: a source up to this size is fetched at once
ZIP = b"PK"


def is_remote(path: object) -> bool:
    """Say whether a path, or what `located` made of it, lies on storage that has a URL.

    Examples
    --------
    >>> is_remote("s3://bucket/cables"), is_remote("C://cables"), is_remote("file:///cables"), is_remote(Path("cables"))
    (True, False, False, False)
    """
    if isinstance(path, str):
        return _URL.match(path) is not None and not path.startswith("file://")
    return hasattr(path, "fs") and not isinstance(path, os.PathLike)


def located(path: str | os.PathLike[str]) -> Path:
    """Make a path of a path or URL; that of a URL, a `UPath`, does what those of this machine do.

    Raises
    ------
    NotReachable
        If what speaks to such storage is not installed, or there is no such scheme.
    """
    if not isinstance(path, str):
        return path if is_remote(path) else Path(path)  # type: ignore[return-value]
    if path.startswith("file://"):
        return Path(url2pathname(urlsplit(path).path))
    if not is_remote(path):
        return Path(path)
    try:
        from upath import UPath

        place = UPath(path)
        _ = place.fs  # which needs the client
    except Exception as error:  # each client has its own errors
        raise NotReachable.at(path, error) from error
    return cast(Path, place)


def without_password(url: str) -> str:
    """Return a URL without the name and password that may stand before its address.

    Examples
    --------
    >>> without_password("s3://key:secret@bucket/cables")
    's3://bucket/cables'
    """
    return re.sub("//[^/@]*@", "//", url)


@contextmanager
def reached(path: object) -> Iterator[Any]:
    """Give errors one name: that something is missing is the system's to say, all else is `NotReachable`."""
    try:
        yield
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, NotReachable):
        raise
    except Exception as error:  # each client has its own errors
        raise NotReachable.at(path, error) from error


def entries(folder: Path) -> dict[str, int]:
    """Give the names and bytes of the files in a folder; none if there is no such folder."""
    fs, path = store_of(folder)
    with reached(folder):
        try:
            inside = fs.ls(path, detail=True)
        except (FileNotFoundError, NotADirectoryError):
            return {}
    return {info["name"].rpartition("/")[2]: info["size"] for info in inside if info["type"] == "file"}


def window(path: str, start: int, length: int) -> bytes:
    """Read some bytes of a file in one request."""
    if not length:
        return b""
    fs, inside = store_of(located(path))
    with reached(path):
        return bytes(fs.cat_file(inside, start=start, end=start + length))


def stream(path: str, size: int) -> BinaryIO:
    """Open a source for reading: a small one is fetched at once, a large zip to a temporary file, else it is read on the way."""
    if size <= HELD:
        return io.BytesIO(window(path, 0, size))
    fs, inside = store_of(located(path))
    with reached(path):
        if window(path, 0, len(ZIP)) != ZIP:
            return cast(BinaryIO, fs.open(inside, "rb"))
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
        fs.get_file(inside, file)
    file.seek(0)
    return cast(BinaryIO, file)


def fetched(path: Path) -> Path:
    """Give a copy of a part on this machine, fetched once and removed when the process ends; parts never change."""
    copy = _cupboard() / path.name
    if not copy.exists():
        fs, inside = store_of(path)
        with reached(path), tempfile.TemporaryDirectory(dir=copy.parent) as folder:
            fs.get_file(inside, str(Path(folder, "part")))
            Path(folder, "part").replace(copy)
    return copy


@lru_cache(maxsize=1)
def _cupboard() -> Path:
    folder = tempfile.mkdtemp(prefix="cablelab-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def store_of(path: Path) -> tuple[Any, str]:
    """Give fsspec's file system of a remote path, and the path in it."""
    place: Any = path
    place.fs.invalidate_cache()  # workers and other processes write there too
    return place.fs, place.path
