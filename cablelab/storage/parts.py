"""How a corpus lies on disk: Parquet parts and one manifest, which is written last.

Parts are named after their content and never changed, so that a folder always holds the corpus that its manifest lists:
the old one or the new one, whatever happens in between. A frame may have several parts, which worker processes can
write on their own with `write_part`; `commit` then makes them the corpus.
"""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import polars as pl

from cablelab.errors import NotACorpus, NotSaved
from cablelab.frames import NAMES, check, empty
from cablelab.storage.folders import crc32_of, listing, locked, put, read_whole, remove, sha256_of, write_whole
from cablelab.storage.manifest import MANIFEST, OURS, READ_AGAIN, Part, listed, written
from cablelab.storage.remote import is_remote, located

# how polars names a full disk, in whose errors no number stands
_FULL = ("No space left", "File too large", "Disk quota exceeded", "os error 28", "os error 27")


def write_part(folder: str | Path, name: str, frame: pl.DataFrame | pl.LazyFrame) -> Part:
    """Write rows of the frame `name` as one part, which belongs to no corpus until `commit` lists it.

    Parameters
    ----------
    folder
        Where the corpus is to be; made if it does not exist.
    name
        Name of the frame, such as `"spans"`.
    frame
        Its rows, in order; a lazy frame is streamed to disk.

    Raises
    ------
    SchemaError
        If columns or types are not those of the frame.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     part = write_part(folder, "texts", pl.DataFrame({"cable": ["07OSLO1"], "text": ["VZCZC"]}))
    >>> part.frame, part.rows
    ('texts', 1)
    """
    check(name, frame)
    folder = located(folder)
    if is_remote(folder):
        with TemporaryDirectory() as here:
            part = write_part(here, name, frame)
            put(Path(here, part.file), folder / part.file)
        return part
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f".{name}-{uuid4().hex}.tmp"
    try:
        frame.lazy().sink_parquet(temporary)
        _flush(temporary)
        digest = sha256_of(temporary)
        rows = frame.height if isinstance(frame, pl.DataFrame) else rows_of([temporary])
        size, check_sum = temporary.stat().st_size, crc32_of(temporary)
        part = Part(name, f"{name}-{digest[:16]}.parquet", rows, size, digest, check_sum)
        temporary.replace(folder / part.file)
    finally:
        temporary.unlink(missing_ok=True)
    return part


def commit(folder: str | Path, parts: Iterable[Part]) -> None:
    """Make `parts` the corpus of the folder, in the order given, and remove all other parts that lie there.

    Those are the parts of the corpus before, and what runs that were killed left behind. Since parts that wait for their
    own `commit` would go too, one writer at a time holds `cablelab.storage.folders.locked`, as `save` and `ingest` do.

    Raises
    ------
    NotACorpus
        If one of the parts is not in the folder, or the folder holds a manifest that is not ours.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from cablelab.storage import manifest
    >>> with TemporaryDirectory() as folder:
    ...     commit(folder, [write_part(folder, name, empty(name)) for name in NAMES])
    ...     len(manifest(folder)) == len(NAMES)
    True
    """
    folder, parts = located(folder), list(parts)
    parts += [write_part(folder, name, empty(name)) for name in NAMES if not any(p.frame == name for p in parts)]
    before, files = listed(folder), listing(folder)
    if gone := [p.file for p in parts if files.get(p.file) != p.bytes]:
        raise NotACorpus(folder, f"the part {gone[0]} is not as it was written", READ_AGAIN)
    rows = {name: sum(p.rows for p in parts if p.frame == name) for name in NAMES}
    write_whole(folder / MANIFEST, written(rows, parts))
    _sweep(folder, (before & files.keys() | {name for name in files if OURS.fullmatch(name)}) - {p.file for p in parts})


def sweep(folder: str | Path) -> None:
    """Remove the parts that lie in the folder but belong to no corpus, and half-written ones; what is not ours stays.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     part = write_part(folder, "texts", empty("texts"))
    ...     sweep(folder)
    ...     list(Path(folder).iterdir())
    []
    """
    folder = located(folder)
    _sweep(folder, {name for name in listing(folder) if OURS.fullmatch(name)} - listed(folder))


def _sweep(folder: Path, names: Iterable[str]) -> None:
    """Remove files; one that is named like a part and does not hold what that name says is somebody's own, and stays."""
    for name in names:
        path = folder / name
        whole = is_remote(path) or not name.endswith(".parquet") or sha256_of(path).startswith(name[-24:-8])
        if whole:
            remove(path)


def save(folder: str | Path, frames: Mapping[str, pl.DataFrame | pl.LazyFrame]) -> None:
    """Write the frames, one part each, and commit them.

    Raises
    ------
    FolderInUse
        If another process is writing to the folder.
    NotSaved
        If the folder holds other files and no corpus, is a file, may not be written, or has no room; what was in it is as it was.
    """
    home = located(folder)
    files = {} if is_remote(home) else listing(home)
    others = [] if MANIFEST in files else sorted(name for name in files if not (name[0] == "." or OURS.fullmatch(name)))
    if others:  # sources, most likely: a folder that holds a corpus is opened, and they would no longer be read
        found = f"other files lie there, {others[0]} among them"
        raise NotSaved(folder, found, f"Save to a folder of its own, such as {str(home / 'corpus')!r}.")
    try:
        with locked(home):
            try:
                commit(folder, [write_part(folder, name, frames[name]) for name in NAMES])
            except BaseException:
                with suppress(OSError, NotACorpus):
                    sweep(folder)
                raise
    except (OSError, pl.exceptions.PolarsError) as error:
        raise NotSaved(folder, *refusal(error)) from error


def refusal(error: Exception) -> tuple[str, str]:
    """Say what kept a corpus from being written, and what to do."""
    number, words = getattr(error, "errno", None), str(error)
    if number in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG} or any(word in words for word in _FULL):
        return "there is no room left", "Make room, or save to another disk."
    if number in {errno.EEXIST, errno.ENOTDIR, errno.EISDIR}:
        return "a file stands there", "Give the name of a folder, which is made if it does not exist."
    if number in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return "it may not be written", "Save to a folder of your own, or get the right to write there."
    if number == errno.ENAMETOOLONG:
        return "the path is longer than the system allows", "Give a shorter one."
    return words.partition("\n")[0], "Mend the cause, or save to another folder."


def read_part(path: Path, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """Read one Parquet file, wherever it lies.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     read_part(Path(folder) / write_part(folder, "texts", empty("texts")).file, ["text"]).columns
    ['text']
    """
    source = io.BytesIO(read_whole(path)) if is_remote(path) else path
    return pl.read_parquet(source, columns=list(columns) if columns else None, glob=False)


def rows_of(paths: list[Path]) -> int:
    """Count the rows of Parquet files, all together, by what they say of themselves."""
    return int(pl.scan_parquet(paths, glob=False).select(pl.len()).collect().item())


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
