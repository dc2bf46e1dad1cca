"""How a corpus lies on disk: Parquet parts and one manifest, which is written last.

Parts are named after their content and never changed, so that a folder always holds the corpus that its manifest lists:
the old one or the new one, whatever happens in between. A frame may have several parts, which worker processes can
write on their own with `write_part`; `commit` then makes them the corpus.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import polars as pl
from polars.io.plugins import register_io_source

from cablelab.errors import NotACorpus, SchemaError
from cablelab.frames import NAMES, SCHEMAS, check, empty
from cablelab.storage.folders import listing, locked, put, read_whole, remove, write_whole
from cablelab.storage.manifest import MANIFEST, OURS, READ_AGAIN, Part, listed, manifest, written
from cablelab.storage.remote import fetched, is_remote, located


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
        with temporary.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        rows = frame.height if isinstance(frame, pl.DataFrame) else _rows(temporary)
        part = Part(name, f"{name}-{digest[:16]}.parquet", rows, temporary.stat().st_size, digest)
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
    >>> with TemporaryDirectory() as folder:
    ...     commit(folder, [write_part(folder, name, empty(name)) for name in NAMES])
    ...     len(manifest(folder))
    9
    """
    folder, parts = located(folder), list(parts)
    parts += [write_part(folder, name, empty(name)) for name in NAMES if not any(p.frame == name for p in parts)]
    before, files = listed(folder), listing(folder)
    if gone := [p.file for p in parts if files.get(p.file) != p.bytes]:
        raise NotACorpus(folder, f"the part {gone[0]} is not as it was written", READ_AGAIN)
    rows = {name: sum(p.rows for p in parts if p.frame == name) for name in NAMES}
    write_whole(folder / MANIFEST, written(rows, parts))
    _sweep(folder, (before | {name for name in files if OURS.fullmatch(name)}) - {p.file for p in parts})


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
    for name in names:
        remove(folder / name)


def scan(folder: str | Path) -> dict[str, pl.LazyFrame]:
    """Scan the frames of the corpus in `folder`, reading nothing but what says how large and of what type they are.

    Raises
    ------
    NotACorpus
        If a part is missing, cut short, or has another schema.
    """
    folder = located(folder)
    there = listing(folder)
    files: dict[str, list[Path]] = {name: [] for name in NAMES}
    for part in manifest(folder):
        path = folder / part.file
        if part.file not in there:
            raise NotACorpus(folder, f"the part {part.file} is missing", READ_AGAIN)
        if there[part.file] != part.bytes:
            raise NotACorpus(folder, f"the part {part.file} is not as it was written", READ_AGAIN)
        if not is_remote(path):
            _check_part(part.frame, path, path)
        files[part.frame].append(path)
    return {name: _scan_remote(name, paths) if is_remote(folder) else _scan(paths) for name, paths in files.items()}


def _check_part(name: str, path: Path, copy: Path) -> None:
    try:
        check(name, pl.scan_parquet(copy, glob=False))
    except (SchemaError, pl.exceptions.PolarsError, OSError) as error:
        raise NotACorpus(path.parent, f"the part {path.name} cannot be used: {error}", READ_AGAIN) from error


def verify(folder: str | Path) -> None:
    """Read every part of the corpus in `folder` and compare it with the sha256 in its manifest.

    Raises
    ------
    NotACorpus
        Naming the first part that differs.
    """
    scan(folder)
    for part in manifest(folder):
        with (located(folder) / part.file).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != part.sha256:
                raise NotACorpus(folder, f"the part {part.file} is not as it was written", READ_AGAIN)


def save(folder: str | Path, frames: Mapping[str, pl.DataFrame | pl.LazyFrame]) -> None:
    """Write the frames, one part each, and commit them.

    Raises
    ------
    FolderInUse
        If another process is writing to the folder.
    """
    with locked(located(folder)):
        commit(folder, [write_part(folder, name, frames[name]) for name in NAMES])


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


def _scan(paths: Sequence[Path]) -> pl.LazyFrame:
    return pl.scan_parquet(list(paths), glob=False)


def _scan_remote(name: str, paths: Sequence[Path]) -> pl.LazyFrame:
    """Scan parts on remote storage: each is fetched whole, to a temporary file, when its frame is first asked for."""

    def parts(
        columns: list[str] | None, predicate: pl.Expr | None, rows: int | None, _: int | None
    ) -> Iterator[pl.DataFrame]:
        for path in paths:
            copy = fetched(path)
            _check_part(name, path, copy)
            frame = pl.scan_parquet(copy, glob=False)
            if rows is not None:
                frame, rows = frame.head(rows), rows - _rows(copy)
            frame = frame if predicate is None else frame.filter(predicate)
            yield (frame if columns is None else frame.select(columns)).collect()
            if rows is not None and rows <= 0:
                return

    return register_io_source(parts, schema=dict(SCHEMAS[name]))


def _rows(path: Path) -> int:
    return int(pl.scan_parquet(path, glob=False).select(pl.len()).collect().item())


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
