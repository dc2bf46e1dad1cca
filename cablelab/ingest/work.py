"""What a worker does: read one batch and write it as raw parts, or give the rows of a part other keys.

Nearly all cables tell their own key, so texts, spans, paragraphs and addressees are written at once as parts of the
corpus. Only where the batches together show that a key is another, or that a fuller copy exists elsewhere, is a part
written anew. The narrow frames (`cables`, `references`, `problems`) wait for the parent as they are.
"""

from __future__ import annotations

import gc
import io
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import uuid4

import polars as pl

from cablelab import facts, store
from cablelab.assembly import Batch
from cablelab.capture import Capture, Unreadable
from cablelab.capture.cables_csv import REPORTED
from cablelab.frames import SCHEMAS
from cablelab.ingest.batches import Task, captures_of
from cablelab.reading import uncollected

WIDE = ("texts", "spans", "paragraphs", "addressees")
NARROW = ("cables", "references", "problems")
COPIES = 1_000  # copies held as Python objects at a time
PIECE = 8_000  # copies in one set of parts at most: a zip is one batch, however much it holds


@dataclass(frozen=True, slots=True)
class Piece:
    """Parts of some copies in order: `wide` as a corpus has them, `narrow` the names of the raw files, by frame."""

    copies: int
    wide: dict[str, store.Part]
    narrow: dict[str, str]


@dataclass(frozen=True, slots=True)
class Done:
    """A finished batch; `rows` and `bad` count the rows of a block of CSV, the unreadable among them."""

    key: str
    rows: int
    bad: int
    pieces: tuple[Piece, ...]

    @property
    def copies(self) -> int:
        """How many copies of cables it holds."""
        return sum(piece.copies for piece in self.pieces)


def read_task(folder: str, task: Task, additions: facts.Additions) -> Done:
    """Read one batch into `folder`; its record is written last, so a batch is finished or not there.

    Raises
    ------
    OSError
        If the folder cannot be written to. Sources that cannot be read are problems of the batch instead.
    """
    begin(additions)
    rows = bad = 0
    pieces: list[Piece] = []
    frames: list[dict[str, pl.DataFrame]] = []
    batch = Batch()
    with uncollected():
        for number, item in captures_of(task):
            rows = number
            if isinstance(item, Capture):
                batch.add(item)
            elif _is_told(task, bad):
                batch.refuse(item)
            bad += isinstance(item, Unreadable)
            if batch.count >= COPIES:
                frames.append(batch.frames())
                gc.collect()
                if batch.first >= PIECE:
                    pieces.append(_write(folder, task.key, len(pieces), frames))
                    frames, batch = [], Batch()
        frames.append(batch.frames())
        pieces.append(_write(folder, task.key, len(pieces), frames))
    done = Done(task.key, rows, bad, tuple(pieces))
    _write_whole(Path(folder, f"{task.key}.json"), json.dumps(asdict(done)).encode())
    return done


def begin(additions: facts.Additions) -> None:
    """Make a worker know what the parent knows."""
    if facts.snapshot() != additions:
        facts.restore(additions)


def finished(folder: Path, task: Task, home: Path) -> Done | None:
    """Give the record of a batch that an earlier run finished, if all of its files are there.

    Parameters
    ----------
    folder
        Where raw parts lie.
    home
        The corpus's own folder: an interrupted run may have brought parts there already.
    """
    try:
        told = json.loads((folder / f"{task.key}.json").read_bytes())
        pieces = tuple(
            Piece(piece["copies"], {name: store.Part(**part) for name, part in piece["wide"].items()}, piece["narrow"])
            for piece in told["pieces"]
        )
        done = Done(task.key, told["rows"], told["bad"], pieces)
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
    for piece in pieces:
        if any(locate(part, folder, home) is None for part in piece.wide.values()):
            return None
        if any(not (folder / name).is_file() for name in piece.narrow.values()):
            return None
        if any(Path(name).name != name for name in (*piece.narrow.values(), *(p.file for p in piece.wide.values()))):
            return None  # a record that points elsewhere is not ours
    return done


def locate(part: store.Part, *folders: Path) -> Path | None:
    """Find a part, whole, in the first of some folders that has it."""
    name = Path(part.file).name
    for folder in folders:
        path = folder / name
        if path.is_file() and path.stat().st_size == part.bytes:
            return path
    return None


def rewrite(source: str, folder: str, name: str, keys: pl.Series, counts: pl.Series | None) -> store.Part:
    """Write a part anew with other keys.

    Parameters
    ----------
    source
        The part to read.
    folder
        Where to write.
    name
        Its frame.
    keys
        One key a copy, String; null where the copy is not preferred, and its rows are left out.
    counts
        How many rows of the part each copy has; None if each has one.
    """
    frame = pl.read_parquet(source, glob=False)
    if counts is not None:
        keys = keys.gather(pl.Series(range(len(keys)), dtype=pl.UInt32).repeat_by(counts).explode().drop_nulls())
    return store.write_part(folder, name, frame.with_columns(cable=keys).filter(pl.col("cable").is_not_null()))


def _is_told(task: Task, bad: int) -> bool:
    """Of a CSV with very many bad rows the parent reports no more than the first."""
    return task.rows_of is None or bad < REPORTED


def _write(folder: str, key: str, number: int, frames: list[dict[str, pl.DataFrame]]) -> Piece:
    whole = {name: pl.concat([part[name] for part in frames]) for name in frames[0]}
    cables, wide = whole["cables"], {}
    for name in WIDE:
        frame = whole[name]
        keyed = frame.with_columns(cable=cables["cable"].gather(frame["copy"])).select(*SCHEMAS[name])
        wide[name] = store.write_part(folder, name, keyed)
        if name != "texts":
            cables = cables.with_columns(_counts(frame["copy"], len(cables)).alias(f"rows:{name}"))
    narrow = {}
    for name in NARROW:
        narrow[name] = f"{key}-{number}-{name}.parquet"
        frame = cables if name == "cables" else whole[name]
        packed = io.BytesIO()
        frame.write_parquet(packed, compression="lz4")
        _write_whole(Path(folder, narrow[name]), packed.getbuffer())
    return Piece(len(cables), wide, narrow)


def _counts(copies: pl.Series, count: int) -> pl.Series:
    """Count the rows of each copy; `copies` is sorted."""
    every = pl.Series(range(count + 1), dtype=pl.UInt32)
    places = copies.search_sorted(every, side="left")
    return places.diff(null_behavior="drop").cast(pl.UInt32)


def _write_whole(path: Path, data: bytes | memoryview) -> None:
    temporary = path.with_name(f".{uuid4().hex}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
