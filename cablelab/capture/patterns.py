"""Patterns such as `cables/**/*.html`: matched from the folder that they name, following no link."""

from __future__ import annotations

import fnmatch
import glob
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path


def matches(pattern: str, failed: Callable[[OSError], object] = lambda _: None) -> Iterator[str]:
    """Give the paths that a pattern matches, unsorted, each once; `**` stands for folders in folders, and no link is gone through.

    A link that matches, or lies on the way, is given itself: whoever asked decides. Names that begin
    with a dot are matched only by a dot, as by a shell. `failed` is told of folders that cannot be opened.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = pathlib.Path(folder, "a.txt").write_text("x"), pathlib.Path(folder, "loop").symlink_to(".")
    ...     sorted(pathlib.Path(found).name for found in matches(f"{folder}/**/*.txt"))
    ['a.txt', 'loop']
    """
    path = Path(pattern)
    parts = list(path.parts)
    fixed: list[str] = []
    while parts and not glob.has_magic(parts[0]):
        fixed.append(parts.pop(0))
    base = str(Path(*fixed)) if fixed else ""
    yield from dict.fromkeys(_below(base, tuple(parts), failed))


def base_of(pattern: str) -> Path:
    """Give the folder from which a pattern starts.

    >>> base_of("cables/2006/*.html").as_posix()
    'cables/2006'
    """
    fixed: list[str] = []
    for part in Path(pattern).parts:
        if glob.has_magic(part):
            break
        fixed.append(part)
    return Path(*fixed)


def _below(folder: str, parts: tuple[str, ...], failed: Callable[[OSError], object]) -> Iterator[str]:
    todo = [(folder, parts)]
    while todo:
        folder, parts = todo.pop()
        if not parts:
            yield folder
            continue
        part, rest = parts[0], parts[1:]
        if not glob.has_magic(part):
            path = os.path.join(folder, part)  # noqa: PTH118 - quicker
            if os.path.lexists(path):
                todo.append((path, () if os.path.islink(path) else rest))  # noqa: PTH114
            continue
        deep = part == "**"
        if deep:
            todo.append((folder, rest) if rest else (folder, ("*",)))
        fits = _fits(part)
        for entry in _entries(folder, failed):
            if deep:
                if not entry.name.startswith(".") and entry.is_dir():
                    todo.append((entry.path, () if entry.is_symlink() else parts))
            elif fits(entry.name) and (not rest or entry.is_dir()):
                todo.append((entry.path, () if entry.is_symlink() else rest))


def _fits(part: str) -> Callable[[str], bool]:
    match = re.compile(fnmatch.translate(os.path.normcase(part))).match
    hidden = part.startswith(".")
    return lambda name: (hidden or not name.startswith(".")) and match(os.path.normcase(name)) is not None


def _entries(folder: str, failed: Callable[[OSError], object]) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder or ".") as found:
            return list(found)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        failed(error)
        return []
