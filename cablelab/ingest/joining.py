"""What the parent does when all batches are read: settle keys across them and make their parts one corpus."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from cablelab import storage
from cablelab.capture import cables_csv
from cablelab.capture.base import Origin
from cablelab.frames import NAMES, SCHEMAS
from cablelab.ingest.batches import Task
from cablelab.ingest.work import NARROW, WIDE, Done, Piece, rewrite
from cablelab.reading.sections import joined
from cablelab.reading.settle import identified, preferred, settled

Run = Callable[[Callable[..., Any], Sequence[tuple[Any, ...]]], Iterator[Any]]


@dataclass(frozen=True, slots=True)
class _Read:
    """A piece, the number of its first copy, and its narrow frames, numbered through."""

    piece: Piece
    first: int
    frames: dict[str, pl.DataFrame]


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
    reads = list(_numbered(tasks, done, raw))
    counts = [read.frames["cables"].select("^rows:.*$") for read in reads]
    whole = {name: pl.concat([read.frames.pop(name) for read in reads]) for name in NARROW}
    whole["cables"] = whole["cables"].drop("^rows:.*$")
    raw_keys = whole["cables"]["cable"]
    unknown = whole["cables"].filter(pl.col("cable").is_null())["copy"]
    cables, references = identified(whole["cables"], whole["references"], _texts(reads, unknown, home))
    problems = whole["problems"]
    more = joined(cables, references, lambda name, copies: _rows_of(reads, counts, name, copies, home))
    if more is not None:
        cables, references = pl.concat([cables, more.pop("cables")]), pl.concat([references, more.pop("references")])
        problems = pl.concat([problems, more.pop("problems")])
    keep = preferred(cables)
    # one key a copy, null where another copy stands for the cable
    keys = cables.select("copy").join(keep, on="copy", how="left", maintain_order="left")["cable"]
    others = cables["copy"].filter(keys.is_null())
    frames = settled(cables, references, problems, _texts(reads, others, home), keep)
    parts = _rewritten(reads, counts, raw_keys, keys[: len(raw_keys)], home, run)
    for name, frame in (more or {}).items():
        keyed = frame.with_columns(cable=keys.gather(frame["copy"])).select(*SCHEMAS[name])
        parts += [storage.write_part(home, name, keyed)] if len(keyed) else []
    del whole, cables, references, more
    return parts + [
        storage.write_part(home, name, frames[name]) for name in NAMES if name in frames and len(frames[name])
    ]


def _numbered(tasks: Sequence[Task], done: Sequence[Done], raw: Path) -> Iterator[_Read]:
    """Read the narrow frames of all pieces, and number copies and CSV rows through."""
    copies = rows = bad = kept = 0
    for task, record in zip(tasks, done, strict=True):
        item = task.rows_of
        if task.start == 0:
            rows = bad = kept = 0
        for piece in record.pieces:
            frames = {name: storage.read_part(raw / piece.narrow[name]) for name in NARROW}
            first = pl.col("copy") + pl.lit(copies, pl.UInt32)
            frames = {name: frame.with_columns(first) for name, frame in frames.items()}
            if item is not None:
                row = pl.col("source").str.slice(len(item.name) + 1).cast(pl.Int64) + rows
                source = pl.concat_str(pl.lit(f"{item.name}#"), row.cast(pl.String))
                problems = _at_most(frames["problems"].with_columns(source=source), cables_csv.REPORTED - kept)
                kept += problems["copy"].null_count()
                if piece is record.pieces[-1] and task.end == item.size:
                    problems = _remarked(problems, item.name, rows + record.rows, bad + record.bad)
                frames |= {"cables": frames["cables"].with_columns(source=source), "problems": problems}
            yield _Read(piece, copies, frames)
            copies += piece.copies
        rows += record.rows
        bad += record.bad


def _at_most(problems: pl.DataFrame, count: int) -> pl.DataFrame:
    """Keep at most `count` of the rows that gave no cable."""
    refused = pl.col("copy").is_null()
    return problems.filter(~refused | (refused.cast(pl.Int64).cum_sum() <= count))


def _remarked(problems: pl.DataFrame, name: str, rows: int, bad: int) -> pl.DataFrame:
    remarks = [(r.source, r.code, r.message) for r in cables_csv.remarks(Origin(name, ""), rows, bad)]
    if not remarks:
        return problems
    more = pl.DataFrame(remarks, schema={"source": pl.String, "code": pl.String, "message": pl.String}, orient="row")
    empty = [pl.lit(None, kind).alias(c) for c, kind in problems.schema.items() if c not in more.columns]
    return pl.concat([problems, more.with_columns(empty).select(problems.columns)])


def _texts(reads: Sequence[_Read], copies: pl.Series, home: Path) -> pl.DataFrame:
    """Fetch the texts of some copies."""
    found = [pl.DataFrame(schema={"copy": pl.UInt32, "text": pl.String})]
    for read in reads:
        inside = copies.filter((copies >= read.first) & (copies < read.first + read.piece.copies))
        if len(inside):
            part = storage.read_part(home / read.piece.wide["texts"].file, ["text"])
            texts = part["text"].gather(inside - read.first)
            found.append(pl.DataFrame({"copy": inside, "text": texts}))
    return pl.concat(found)


def _rows_of(
    reads: Sequence[_Read], counts: Sequence[pl.DataFrame], name: str, copies: pl.Series, home: Path
) -> pl.DataFrame:
    """Fetch the rows of a wide frame that belong to some copies, which are sorted."""
    if name == "texts":
        return _texts(reads, copies, home)
    found = []
    for read, count in zip(reads, counts, strict=True):
        inside = copies.filter((copies >= read.first) & (copies < read.first + read.piece.copies))
        if len(inside) and f"rows:{name}" in count.columns:
            size = count[f"rows:{name}"]
            part = storage.read_part(home / read.piece.wide[name].file)
            owner = pl.Series(range(read.first, read.first + len(size)), dtype=pl.UInt32)
            owner = owner.repeat_by(size).explode(empty_as_null=False)
            found.append(part.with_columns(copy=owner).filter(pl.col("copy").is_in(inside.implode())))
    return pl.concat(found)


def _rewritten(
    reads: Sequence[_Read],
    counts: Sequence[pl.DataFrame],
    raw_keys: pl.Series,
    keys: pl.Series,
    home: Path,
    run: Run,
) -> list[storage.Part]:
    """Give the wide parts in order; those in which a key is not as the copy itself told it are written anew."""
    changed = raw_keys.ne_missing(keys)
    parts: list[storage.Part | None] = []
    calls: list[tuple[Any, ...]] = []
    for read, count in zip(reads, counts, strict=True):
        here = slice(read.first, read.first + read.piece.copies)
        for name in WIDE:
            part = read.piece.wide[name]
            if not changed[here].any():
                parts.append(part)
                continue
            column = f"rows:{name}"
            rows = count[column] if column in count.columns else None
            calls.append((home, part, keys[here], rows))
            parts.append(None)
    new = run(rewrite, calls)
    return [part for part in (next(new) if p is None else p for p in parts) if part.rows]
