"""The frames of a corpus on disk: scanned when they are asked for, and compared with what was written before they are first used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import polars as pl
from polars.io.plugins import register_io_source

from cablelab.errors import NotACorpus, SchemaError
from cablelab.frames import NAMES, SCHEMAS, check
from cablelab.storage.folders import crc32_of, listing, sha256_of
from cablelab.storage.manifest import READ_AGAIN, Part, manifest
from cablelab.storage.parts import rows_of
from cablelab.storage.remote import fetched, is_remote, located

_DAMAGED = f"Copy the folder once more from where it is whole. If there is no such place: {READ_AGAIN[0].lower()}{READ_AGAIN[1:]}"
_OPEN_AGAIN = "Open it again."


class Opened(Mapping[str, pl.LazyFrame]):
    """The frames of the corpus in a folder, by name; what was damaged since it was written is told on first use."""

    def __init__(self, folder: Path, parts: tuple[Part, ...]) -> None:
        self.folder, self.parts = folder, parts
        self._whole: set[str] = set()

    def __getitem__(self, name: str) -> pl.LazyFrame:
        parts = [part for part in self.parts if part.frame == name]
        if not parts:
            raise KeyError(name)
        if is_remote(self.folder):
            return _scan_remote(name, self.folder, parts)
        if name not in self._whole:
            if not _as_written(self.folder, parts):
                for part in parts:  # one of them is told
                    _compare(self.folder, part, self.folder / part.file)
            self._whole.add(name)
        return pl.scan_parquet([self.folder / part.file for part in parts], glob=False)

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)

    def verify(self) -> None:
        """Compare every part with the sha256 in the manifest.

        Raises
        ------
        NotACorpus
            Naming the parts that differ.
        """
        wrong = [part.file for part in self.parts if _digest(self.folder / part.file) != part.sha256]
        if wrong:
            raise NotACorpus(self.folder, f"the part {' and '.join(wrong)} is not as it was written", _DAMAGED)


def scan(folder: str | Path) -> Opened:
    """Scan the frames of the corpus in `folder`, reading nothing but what says how large and of what type they are.

    Raises
    ------
    NotACorpus
        If a part is missing, cut short, or has another schema.
    """
    folder = located(folder)
    there, parts = listing(folder), manifest(folder)
    for part in parts:
        if part.file not in there:
            raise NotACorpus(folder, f"the part {part.file} is missing", READ_AGAIN)
        if there[part.file] != part.bytes:
            raise NotACorpus(folder, f"the part {part.file} is not as it was written", _DAMAGED)
        if not is_remote(folder):
            _check_schema(part.frame, folder / part.file, folder / part.file)
    return Opened(folder, parts)


def verify(folder: str | Path) -> None:
    """Read every part of the corpus in `folder` and compare it with the sha256 in its manifest.

    Raises
    ------
    NotACorpus
        Naming the parts that differ.
    """
    scan(folder).verify()


def _digest(path: Path) -> str | None:
    try:
        return sha256_of(path)
    except FileNotFoundError:
        return None


def _as_written(folder: Path, parts: Sequence[Part]) -> bool:
    """Compare many parts at once: to count the rows of one after the other takes eight times as long."""
    files = [folder / part.file for part in parts]
    with suppress(OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException):
        sums = [crc32_of(file) for file in files]
        return sums == [part.crc32 for part in parts] and rows_of(files) == sum(part.rows for part in parts)
    return False


def _compare(folder: Path, part: Part, copy: Path) -> None:
    """Compare a part with what the manifest says of it."""
    try:
        same = crc32_of(copy) == part.crc32 and rows_of([copy]) == part.rows
    except FileNotFoundError:
        found = f"the part {part.file} is gone, the corpus was saved anew since it was opened"
        raise NotACorpus(folder, found, _OPEN_AGAIN) from None
    except (OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise NotACorpus(folder, f"the part {part.file} cannot be read ({error})", _DAMAGED) from error
    if not same:
        raise NotACorpus(folder, f"the part {part.file} is not as it was written", _DAMAGED)


def _check_schema(name: str, path: Path, copy: Path) -> None:
    try:
        check(name, pl.scan_parquet(copy, glob=False))
    except (SchemaError, OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise NotACorpus(path.parent, f"the part {path.name} cannot be used: {error}", _DAMAGED) from error


def _scan_remote(name: str, folder: Path, of_frame: list[Part]) -> pl.LazyFrame:
    """Scan parts on remote storage: each is fetched whole, to a temporary file, when its frame is first asked for."""

    def parts(
        columns: list[str] | None, predicate: pl.Expr | None, rows: int | None, _: int | None
    ) -> Iterator[pl.DataFrame]:
        for part in of_frame:
            copy = fetched(folder / part.file)
            _check_schema(name, folder / part.file, copy)
            _compare(folder, part, copy)
            frame = pl.scan_parquet(copy, glob=False)
            if rows is not None:
                frame, rows = frame.head(rows), rows - part.rows
            frame = frame if predicate is None else frame.filter(predicate)
            yield (frame if columns is None else frame.select(columns)).collect()
            if rows is not None and rows <= 0:
                return

    return register_io_source(parts, schema=dict(SCHEMAS[name]))
