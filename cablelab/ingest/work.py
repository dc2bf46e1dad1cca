"""What a worker does: read one batch and write it as raw parts, or give the rows of a part other keys.

Nearly all cables tell their own key, so texts, spans, paragraphs, addressees and redactions are written at once as parts of the
corpus. Only where the batches together show that a key is another, or that a fuller copy exists elsewhere, is a part
written anew; the part it replaces is swept when the corpus is committed. The narrow frames (`cables`, `references`,
`problems`) wait for the parent as they are.
"""

from __future__ import annotations

import gc
import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from cablelab import facts, storage
from cablelab.capture import Capture, Unreadable
from cablelab.capture.cables_csv import REPORTED
from cablelab.frames import SCHEMAS
from cablelab.ingest.batches import Task, captures_of
from cablelab.reading import uncollected
from cablelab.reading.rows import Batch
from cablelab.reading.settle import WIDE
from cablelab.storage.folders import listing, read_whole, write_whole

NARROW = ("cables", "references", "problems")
COPIES = 1_000  # copies held as Python objects at a time
PIECE = 8_000  # copies in one set of parts at most: a zip is one batch, however much it holds


@dataclass(frozen=True, slots=True)
class Piece:
    """Parts of some copies in order: `wide` as a corpus has them, `narrow` the names of the raw files, by frame."""

    copies: int
    wide: dict[str, storage.Part]
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


def read_task(home: Path, raw: Path, task: Task, additions: facts.Additions) -> Done:
    """Read one batch; its record is written last, so a batch is finished or not there, and if it is, it is not read again.

    A cluster asks again for all that a dead worker did.

    Parameters
    ----------
    home
        The corpus's folder, to which the wide parts go: they belong to no corpus until a manifest lists them.
    raw
        The folder of what the parent needs besides: the narrow frames and the record.
    task
        The batch.
    additions
        The user's posts and tags.

    Raises
    ------
    OSError
        If a folder cannot be written to. Sources that cannot be read are problems of the batch instead.
    """
    if (done := finished(task, raw, listing(raw), listing(home))) is not None:
        return done
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
                    pieces.append(_write(home, raw, task.key, len(pieces), frames))
                    frames, batch = [], Batch()
        frames.append(batch.frames())
        pieces.append(_write(home, raw, task.key, len(pieces), frames))
    done = Done(task.key, rows, bad, tuple(pieces))
    write_whole(raw / f"{task.key}.json", json.dumps(asdict(done)).encode())
    return done


def begin(additions: facts.Additions) -> None:
    """Make a worker know what the parent knows."""
    if facts.snapshot() != additions:
        facts.restore(additions)


def finished(task: Task, raw: Path, there: Mapping[str, int], parts: Mapping[str, int]) -> Done | None:
    """Give the record of a batch that an earlier run finished, if all of its files are there.

    Parameters
    ----------
    task
        The batch.
    raw
        The folder of records and narrow frames.
    there, parts
        The files of that folder and of the corpus's, with their bytes.
    """
    if f"{task.key}.json" not in there:
        return None
    try:
        record = json.loads(read_whole(raw / f"{task.key}.json"))
        pieces = tuple(
            Piece(
                piece["copies"], {name: storage.Part(**part) for name, part in piece["wide"].items()}, piece["narrow"]
            )
            for piece in record["pieces"]
        )
        done = Done(task.key, record["rows"], record["bad"], pieces)
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
    # listings hold plain names, so that a record which points elsewhere points at nothing
    whole = all(parts.get(part.file) == part.bytes for piece in pieces for part in piece.wide.values())
    return done if whole and all(name in there for piece in pieces for name in piece.narrow.values()) else None


def rewrite(home: Path, part: storage.Part, keys: pl.Series, counts: pl.Series) -> storage.Part:
    """Write a part anew with other keys.

    Parameters
    ----------
    home
        The corpus's folder.
    part
        The part to read.
    keys
        One key a copy, String; null where the copy is not preferred, and its rows are left out.
    counts
        How many rows of the part each copy has.
    """
    frame = storage.read_part(home / part.file).with_columns(cable=keys.gather(owners(counts)))
    return storage.write_part(home, part.frame, frame.filter(pl.col("cable").is_not_null()))


def owners(counts: pl.Series) -> pl.Series:
    """Tell for each row to which copy it belongs, from how many rows each has.

    >>> owners(pl.Series([2, 0, 1])).to_list()
    [0, 0, 2]
    """
    return pl.Series(range(len(counts)), dtype=pl.UInt32).repeat_by(counts).explode().drop_nulls()


def _is_told(task: Task, bad: int) -> bool:
    """Of a CSV with very many bad rows the parent reports no more than the first."""
    return task.rows_of is None or bad < REPORTED


def _write(home: Path, raw: Path, key: str, number: int, frames: list[dict[str, pl.DataFrame]]) -> Piece:
    whole = {name: pl.concat([part[name] for part in frames]) for name in frames[0]}
    cables, wide = whole["cables"], {}
    for name in WIDE:
        frame = whole[name]
        keyed = frame.with_columns(cable=cables["cable"].gather(frame["copy"])).select(*SCHEMAS[name])
        wide[name] = storage.write_part(home, name, keyed)
        if name != "texts":
            cables = cables.with_columns(_counts(frame["copy"], len(cables)).alias(f"rows:{name}"))
    narrow = {}
    for name in NARROW:
        narrow[name] = f"{key}-{number}-{name}.parquet"
        frame = cables if name == "cables" else whole[name]
        packed = io.BytesIO()
        frame.write_parquet(packed, compression="lz4")
        write_whole(raw / narrow[name], packed.getbuffer())
    return Piece(len(cables), wide, narrow)


def _counts(copies: pl.Series, count: int) -> pl.Series:
    """Count the rows of each copy; `copies` is sorted."""
    every = pl.Series(range(count + 1), dtype=pl.UInt32)
    places = copies.search_sorted(every, side="left")
    return places.diff(null_behavior="drop").cast(pl.UInt32)
