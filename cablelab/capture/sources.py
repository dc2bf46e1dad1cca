"""Where captures are looked for: files, folders, globs and zip files, in one order whatever the machine or storage."""

from __future__ import annotations

import errno
import glob
import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cablelab.capture import patterns
from cablelab.capture.base import Unreadable
from cablelab.capture.litter import HIDDEN, LITTER, is_aside, left_out
from cablelab.errors import NotACorpus, NothingToRead
from cablelab.storage.manifest import MANIFEST, manifest
from cablelab.storage.remote import is_remote, located, reached, store_of, stream, without_password

Source = str | os.PathLike[str]
WEB = ("http://", "https://")  # pages are saved by whoever reads them, and nothing is fetched


@dataclass(frozen=True, slots=True)
class Found:
    """One file to read: the name that its captures carry, where it is (text, as there may be very many), its bytes.

    `version` tells it from what stood there at another time: when it was changed, or all that remote storage says of it.
    """

    name: str
    path: str
    size: int
    version: str = ""


def find(sources: Source | Iterable[Source]) -> Iterator[Found | Unreadable]:
    """Find the files behind paths, folders and globs; none is opened.

    Parameters
    ----------
    sources
        A file, a folder (read with all folders in it), a pattern such as `"cables/*.html"`, or several of these; each
        may be a URL that fsspec knows, such as `"s3://bucket/cables"`.

    Yields
    ------
    Found or Unreadable
        Several in the order given; a folder's and a pattern's files sorted by name, byte for byte. A file that is
        reached twice comes once. Names that begin with a dot are left out, as by a shell. A link that leaves its
        folder is not followed but reported.

    Raises
    ------
    NothingToRead
        If a path does not exist or a pattern matches nothing.
    NotReachable
        If a URL leads nowhere, or what its scheme needs is not installed.

    Examples
    --------
    >>> list(find("no-such-folder"))
    Traceback (most recent call last):
    cablelab.errors.NothingToRead: There is no file or folder 'no-such-folder'. ...
    """
    wanted = [sources] if isinstance(sources, str | os.PathLike) else list(sources)
    seen: set[str] = set()
    for source in wanted:
        for item in _expand(os.fspath(source)):
            # one source reaches no file twice, since links are not followed
            if isinstance(item, Found) and len(wanted) > 1:
                real = item.path if is_remote(item.path) else os.path.realpath(item.path)
                if real in seen:
                    continue
                seen.add(real)
            yield item


def _expand(source: str) -> Iterator[Found | Unreadable]:
    if is_remote(source) and not source.lower().startswith(WEB):
        yield from _remote(source)
        return
    path = (Path(source) if source.lower().startswith(WEB) else located(source)).expanduser()
    if _exists(path):
        yield from _walk(path) if path.is_dir() else _file(str(path))
        return
    refused: list[OSError] = []
    matched = sorted(patterns.matches(str(path), refused.append), key=_order) if glob.has_magic(source) else []
    closed = {
        str(error.filename): Unreadable(_label(str(error.filename)), "unreadable-file", _refusal(error))
        for error in refused
    }
    yield from closed.values()
    if not matched and not closed:
        raise NothingToRead(_missing(source))
    inside = patterns.base_of(str(path)).resolve()
    for match in matched:
        found = Path(match)
        if found.is_symlink():
            # of links within the tree that `**` goes through, what they stand for is read under its own name
            if not ("**" in source and found.is_dir() and found.resolve().is_relative_to(inside)):
                yield from _linked(match, inside)
        elif not found.is_dir():
            yield from _file(match)
        elif "**" not in source:  # `**` names folders as well as what is in them
            yield from _walk(found)


def _missing(source: str) -> str:
    if source.lower().startswith(WEB):
        return f"{source!r} is a web address, and nothing is fetched. Save the page and give the path of the file."
    if is_remote(source):
        return f"There is nothing at {source!r}. Check the address."
    if glob.has_magic(source):
        return f"No file matches {source!r}. Check the pattern and the folder it starts from ({Path.cwd()})."
    return f"There is no file or folder {source!r}. Check the path; it is taken from {Path.cwd()}."


def _remote(source: str) -> Iterator[Found]:
    """Find files on remote storage; its folders and patterns hold no links, and dots mean what they mean here."""
    place = located(source.rstrip("/"))
    fs, root = store_of(place)
    with reached(source):
        if fs.exists(root):
            found = fs.find(root, detail=True) if fs.isdir(root) else {root: fs.info(root)}
        else:
            found = fs.glob(root, detail=True) if glob.has_magic(root) else {}
            for name in [name for name, about in found.items() if about["type"] == "directory"]:
                found |= {} if "**" in root else fs.find(name, detail=True)
    if not found:
        raise NothingToRead(_missing(source))
    fixed = root if not glob.has_magic(root) else root[: re.search(r"[*?[]", root).start()].rpartition("/")[0]  # type: ignore[union-attr]
    start = source.rstrip("/").removesuffix(root)  # the scheme and who is asked, which a path of fsspec lacks
    for name in sorted(found, key=lambda name: name.encode("utf-8", "replace").split(b"/")):
        about = found[name]
        if about["type"] == "file" and not re.search(r"(^|/)\.|/$", name.removeprefix(fixed)):
            version = repr(sorted((key, str(value)) for key, value in about.items() if key not in {"name", "size"}))
            yield Found(_label(without_password(start) + name), start + name, about["size"], version)


def opened(found: Found, buffering: int = -1) -> BinaryIO:
    """Open a file that was found."""
    if is_remote(found.path):
        return stream(found.path, found.size)
    # a file may have become a pipe since it was found: opening one waits until somebody writes into it
    handle = os.open(found.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "it has become a folder, a device, a pipe or a socket")
    return os.fdopen(handle, "rb", buffering)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name that the system cannot hold: too long, or with a NUL
        return False


def _walk(root: Path) -> Iterator[Found | Unreadable]:
    inside = root.resolve()
    refused: list[Unreadable] = []
    files: list[str] = []
    litter: list[str] = []
    hidden = 0

    def failed(error: OSError) -> None:
        refused.append(Unreadable(_label(str(error.filename)), "unreadable-file", _refusal(error)))

    for folder, folders, names in os.walk(root, onerror=failed):
        hidden += sum(name.startswith(".") for name in (*folders, *names))
        aside = {name for name in folders if is_aside(name, names)}
        litter += [os.path.join(folder, name) for name in (*aside, *(n for n in names if n in LITTER))]  # noqa: PTH118 - quicker
        folders[:] = [name for name in folders if not name.startswith(".") and name not in aside and name not in LITTER]
        parts = _parts(folder) if MANIFEST in names else set()
        names[:] = [name for name in names if name not in parts and name not in LITTER]
        # os.walk does not descend into linked folders; those of the same tree are read under their own names
        linked = [name for name in folders if os.path.islink(os.path.join(folder, name))]  # noqa: PTH114, PTH118 - false for a path too long
        files += [os.path.join(folder, name) for name in (*names, *linked) if not name.startswith(".")]  # noqa: PTH118 - quicker
    files.sort(key=_order)
    for path in files:
        try:
            about = os.lstat(path)  # once a file: there may be very many
        except OSError as error:
            yield Unreadable(_label(path), "unreadable-file", _refusal(error))
            continue
        if not stat.S_ISLNK(about.st_mode):
            yield _found(path, about)
        elif not Path(path).exists() or not Path(path).resolve().is_relative_to(inside):
            yield from _linked(path, inside)
    yield from refused
    if litter:
        yield Unreadable(_label(str(root)), "left-out", left_out(litter))
    if hidden and not files:
        yield Unreadable(_label(str(root)), "left-out", HIDDEN.format(hidden))


def _linked(path: str, inside: Path) -> Iterator[Found | Unreadable]:
    """Give the file that a link within what was named stands for; report any other link."""
    found = Path(path)
    if not found.exists():
        yield Unreadable(_label(path), "link", "The link leads nowhere. Remove it, or bring back what it stands for.")
    elif not found.resolve().is_relative_to(inside):
        yield Unreadable(_label(path), "link", "The link leaves the folder and was not followed. Give its target too.")
    elif found.is_dir():
        yield Unreadable(_label(path), "link", "The link to a folder was not followed. Give that folder itself.")
    else:
        yield from _file(path)


def _parts(folder: str) -> set[str]:
    """Name the parts of the corpus that lies in a folder: its manifest alone is reported, in place of all of them."""
    try:
        return {part.file for part in manifest(folder, older=True)}
    except (NotACorpus, OSError):
        return set()


def _order(name: str) -> list[bytes]:
    return os.fsencode(name).split(os.fsencode(os.sep))


def _file(path: str) -> Iterator[Found | Unreadable]:
    try:
        about = Path(path).stat()
    except OSError as error:
        yield Unreadable(_label(path), "unreadable-file", _refusal(error))
        return
    yield _found(path, about)


def _found(path: str, about: os.stat_result) -> Found | Unreadable:
    if stat.S_ISREG(about.st_mode):
        return Found(_label(path), path, about.st_size, str(about.st_mtime_ns))
    return Unreadable(_label(path), "not-a-file", "This is a device, a pipe or a socket. Give a file or a folder.")


def _label(path: str) -> str:
    """Give a name that can be written out, whatever bytes the system has for it."""
    return os.fsencode(path).decode("utf-8", "replace")  # the bytes of the name, whatever the locale takes them for


def _refusal(error: OSError) -> str:
    return f"It cannot be opened ({error.strerror or error}). Check that it exists and that you may read it."
