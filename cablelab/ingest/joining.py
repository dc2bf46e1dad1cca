"""What the parent does when all batches are read: settle keys across them and make their parts one corpus.

It holds a few columns of every copy and the rows of some thousand: what is settled is written piece by piece.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from cablelab import storage
from cablelab.capture import cables_csv
from cablelab.capture.base import Origin
from cablelab.frames import empty
from cablelab.ingest.batches import Task
from cablelab.ingest.work import NARROW, PIECE, Done, Piece, owners, rewrite
from cablelab.reading.rows import RAW
from cablelab.reading.sections import joined
from cablelab.reading.settle import (
    NAMING,
    NEEDED,
    WIDE,
    Known,
    identified,
    keyed,
    once_a_file,
    other_copies,
    preferred,
    settled,
    told_once,
)

Run = Callable[[Callable[..., Any], Sequence[tuple[Any, ...]]], Iterator[Any]]


@dataclass(frozen=True, slots=True)
class _Read:
    """A piece of a batch, the number of its first copy, and how many rows of its table stand before the batch.

    `remarks` are those on the whole table, with its last piece.
    """

    task: Task
    piece: Piece
    raw: Path
    home: Path
    first: int
    rows: int
    remarks: tuple[tuple[str, str, str], ...]

    def narrow(self, name: str, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """Give a narrow frame, its copies and the rows of a table numbered through."""
        frame = storage.read_part(self.raw / self.piece.narrow[name], columns)
        frame = frame.with_columns(pl.col("copy") + pl.lit(self.first, pl.UInt32))
        table = self.task.rows_of
        if table is None or "source" not in frame.columns:
            return frame
        row = pl.col("source").str.slice(len(table.name) + 1).cast(pl.Int64) + self.rows
        return frame.with_columns(source=pl.concat_str(pl.lit(f"{table.name}#"), row.cast(pl.String)))

    def cables(self, known: Known) -> pl.DataFrame:
        """Give the rows of its copies, with their keys."""
        return known.rows(self.narrow("cables").drop("^rows:.*$"))

    def counts(self, name: str) -> pl.Series:
        """Tell how many rows of a wide frame each copy has."""
        if name == "texts":
            return pl.repeat(1, self.piece.copies, dtype=pl.UInt32, eager=True)
        return storage.read_part(self.raw / self.piece.narrow["cables"], [f"rows:{name}"])[f"rows:{name}"]

    def among(self, copies: pl.Series) -> pl.Series:
        """Choose of some copies those that it holds."""
        return copies.filter((copies >= self.first) & (copies < self.first + self.piece.copies))

    def wide(self, name: str, copies: pl.Series) -> pl.DataFrame:
        """Give the rows of a wide frame that belong to some of its copies, which are in order."""
        if name == "texts":
            texts = storage.read_part(self.home / self.piece.wide["texts"].file, ["text"])["text"]
            return pl.DataFrame({"copy": copies, "text": texts.gather(copies - self.first)})
        part = storage.read_part(self.home / self.piece.wide[name].file)
        return part.with_columns(copy=owners(self.counts(name)) + self.first).filter(
            pl.col("copy").is_in(copies.implode())
        )


def join(tasks: Sequence[Task], done: Sequence[Done], raw: Path, home: Path, run: Run) -> list[storage.Part]:
    """Settle what the batches hold and write what that changes.

    Parameters
    ----------
    tasks, done
        The batches in the order of reading, and their records.
    raw, home
        The folder of the narrow frames, and that of the corpus.
    run
        Calls a function with each of some tuples of arguments, in workers if there are any, and yields what it gives
        in the same order.

    Returns
    -------
    list of Part
        The corpus's parts in order; their files lie in `home`.
    """
    reads = list(_numbered(tasks, done, raw, home))
    cables = pl.concat([read.narrow("cables", NEEDED) for read in reads])
    keys_told = cables["cable"]
    known = identified(
        cables, (read.narrow("references", NAMING) for read in reads), lambda copies: _of(reads, "texts", copies)
    )
    del cables
    more = joined(known.cables, partial(_fetched, reads, known))
    every = known.cables if more is None else pl.concat([known.cables, more["cables"].select(NEEDED)])
    keys = preferred(every)
    del every
    parts = _rewritten(reads, keys_told, keys[: len(keys_told)], home, run)
    del keys_told
    if more is not None:
        parts += [storage.write_part(home, name, keyed(more[name], keys, name)) for name in WIDE]
    for frames in _settled(reads, known, more, keys):
        parts += [storage.write_part(home, name, frame) for name, frame in frames.items()]
    return [part for part in parts if part.rows]


def _settled(
    reads: Sequence[_Read], known: Known, more: dict[str, pl.DataFrame] | None, keys: pl.Series
) -> Iterator[dict[str, pl.DataFrame]]:
    """Give the frames that need what all copies tell, some thousand copies at a time."""
    # what many records have in common, and what stands in `copies`, is told when all else is
    common, behind = [empty("problems")], [empty("problems")]
    problems = _problems(reads)
    for some in _some(reads):
        cables = pl.concat([read.cables(known) for read in some])
        references = known.references(pl.concat([read.narrow("references") for read in some]), cables)
        others = cables["copy"].filter(keys.gather(cables["copy"]).is_null())
        texts = pl.concat([pl.DataFrame(schema=RAW["texts"]), *_of(some, "texts", others)])
        frames = settled(cables, references, pl.concat([next(problems) for _ in some]), texts, keys)
        behind.append(other_copies(frames["copies"]))
        frames["problems"], many = once_a_file(frames["problems"])
        common.append(many)
        yield frames
    if more is not None:
        yield settled(more["cables"], more["references"], more["problems"], more["texts"], keys)
    yield {"problems": pl.concat([told_once(pl.concat(common)), *behind])}


def _numbered(tasks: Sequence[Task], done: Sequence[Done], raw: Path, home: Path) -> Iterator[_Read]:
    """Give every piece its place: copies and the rows of tables are numbered through."""
    copies = rows = bad = 0
    for task, record in zip(tasks, done, strict=True):
        if task.start == 0:
            rows = bad = 0
        for piece in record.pieces:
            remarks: list[tuple[str, str, str]] = []
            if (table := task.rows_of) and piece is record.pieces[-1] and task.end == table.size:
                whole = cables_csv.remarks(Origin(table.name, ""), rows + record.rows, bad + record.bad)
                remarks = [(remark.source, remark.code, remark.message) for remark in whole]
            yield _Read(task, piece, raw, home, copies, rows, tuple(remarks))
            copies += piece.copies
        rows += record.rows
        bad += record.bad


def _some(reads: Sequence[_Read]) -> Iterator[list[_Read]]:
    """Cut pieces into lists of about as many copies as a large piece has."""
    some: list[_Read] = []
    for read in reads:
        some.append(read)
        if read.first + read.piece.copies - some[0].first >= PIECE:
            yield some
            some = []
    if some:
        yield some


def _problems(reads: Sequence[_Read]) -> Iterator[pl.DataFrame]:
    """Give the problems of each piece; of the rows of one table that gave no cable only the first are told."""
    refused = pl.col("copy").is_null()
    reported, before = 0, None
    for read in reads:
        frame = read.narrow("problems")
        if read.task.rows_of is not None:
            reported = 0 if read.task.start == 0 and read.task is not before else reported
            frame = frame.filter(~refused | (refused.cast(pl.Int64).cum_sum() <= cables_csv.REPORTED - reported))
            reported += frame["copy"].null_count()
        if read.remarks:
            columns = {name: frame.schema[name] for name in ("source", "code", "message")}
            frame = pl.concat([frame, pl.DataFrame(read.remarks, columns, orient="row")], how="diagonal")
        before = read.task
        yield frame


def _fetched(reads: Sequence[_Read], known: Known, name: str, copies: pl.Series) -> pl.DataFrame:
    """Fetch the rows of a frame that belong to some copies, which are in order."""
    return pl.concat(list(_of(reads, name, copies, known)))


def _of(reads: Sequence[_Read], name: str, copies: pl.Series, known: Known | None = None) -> Iterator[pl.DataFrame]:
    """Fetch them piece by piece; `known` gives cables and references their keys and years."""
    for read in reads:
        inside = read.among(copies)
        if inside.is_empty():
            continue
        if known is None or name not in NARROW:
            yield read.wide(name, inside)
            continue
        rows = cables = read.cables(known)
        if name == "references":
            rows = known.references(read.narrow("references"), cables)
        yield rows.filter(pl.col("copy").is_in(inside.implode()))


def _rewritten(
    reads: Sequence[_Read], copy_keys: pl.Series, keys: pl.Series, home: Path, run: Run
) -> list[storage.Part]:
    """Give the wide parts in order; those in which a key is not as the copy itself told it are written anew."""
    changed = copy_keys.ne_missing(keys)
    parts: list[storage.Part | None] = []
    calls: list[tuple[Any, ...]] = []
    for read in reads:
        here = slice(read.first, read.first + read.piece.copies)
        anew = changed[here].any()
        parts += [None if anew else read.piece.wide[name] for name in WIDE]
        calls += [(home, read.piece.wide[name], keys[here], read.counts(name)) for name in WIDE if anew]
    new = run(rewrite, calls)
    return [next(new) if part is None else part for part in parts]
