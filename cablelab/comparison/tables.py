"""The frames of a comparison, and its tables for export."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from cablelab.comparison.align import LABELS
from cablelab.comparison.changes import KINDS, Change
from cablelab.comparison.sentences import normal
from cablelab.comparison.words import OPS

if TYPE_CHECKING:
    from cablelab.comparison.core import Comparison, Step, Version

OUTCOMES = ("kept", "reworded", "added", "dropped")
MEMBER_LABELS = ("born", *LABELS)
Type = pl.DataType | type[pl.DataType]

SENTENCES: dict[str, Type] = {
    "cable": pl.String,
    "sentence": pl.Int32,
    "paragraph": pl.Int32,
    "number": pl.Int32,
    "text": pl.String,
    "start": pl.Int32,
    "end": pl.Int32,
}
LINKS: dict[str, Type] = {
    "a": pl.String,
    "b": pl.String,
    "sentence_a": pl.Int32,
    "sentence_b": pl.Int32,
    "label": pl.Enum(LABELS),
    "moved": pl.Boolean,
    "weak": pl.Boolean,
    "similarity": pl.Float64,
}
WORDS: dict[str, Type] = {
    "link": pl.Int32,
    "op": pl.Enum(OPS),
    "start_a": pl.Int32,
    "end_a": pl.Int32,
    "start_b": pl.Int32,
    "end_b": pl.Int32,
    "old": pl.String,
    "new": pl.String,
}
CHANGES: dict[str, Type] = {
    "a": pl.String,
    "b": pl.String,
    "rank": pl.Int32,
    "kind": pl.Enum(KINDS),
    "reasons": pl.List(pl.String),
    "signals": pl.List(pl.String),
    "old": pl.String,
    "new": pl.String,
    "text_a": pl.String,
    "text_b": pl.String,
    "sentence_a": pl.Int32,
    "sentence_b": pl.Int32,
    "paragraph_a": pl.Int32,
    "paragraph_b": pl.Int32,
    "number_a": pl.Int32,
    "number_b": pl.Int32,
    "start_a": pl.Int32,
    "end_a": pl.Int32,
    "start_b": pl.Int32,
    "end_b": pl.Int32,
    "similarity": pl.Float64,
    "moved": pl.Boolean,
    "weak": pl.Boolean,
    "order": pl.Int32,
    "remark": pl.String,
}
PARAGRAPHS: dict[str, Type] = {
    "a": pl.String,
    "b": pl.String,
    "state": pl.Enum(("new", "dropped")),
    "cable": pl.String,
    "paragraph": pl.Int32,
    "number": pl.Int32,
    "sentences": pl.Int32,
    "carried": pl.Float64,
    "text": pl.String,
    "remark": pl.String,
}
THREADS: dict[str, Type] = {
    "thread": pl.Int32,
    "born": pl.String,
    "last": pl.String,
    "died": pl.String,
    "cables": pl.Int32,
    "reworded": pl.Int32,
    "moved": pl.Int32,
    "first_text": pl.String,
    "last_text": pl.String,
}
MEMBERS: dict[str, Type] = {
    "thread": pl.Int32,
    "order": pl.Int32,
    "cable": pl.String,
    "sentence": pl.Int32,
    "paragraph": pl.Int32,
    "label": pl.Enum(MEMBER_LABELS),
    "moved": pl.Boolean,
}
CARRY_OVER: dict[str, Type] = {
    "step": pl.Int32,
    "a": pl.String,
    "b": pl.String,
    "outcome": pl.Enum(OUTCOMES),
    "sentences": pl.Int32,
    "words": pl.Int32,
}
LENGTHS: dict[str, Type] = {
    "order": pl.Int32,
    "cable": pl.String,
    "sent": pl.Datetime("us", "UTC"),
    "paragraphs": pl.Int32,
    "sentences": pl.Int32,
    "words": pl.Int32,
    "similarity": pl.Float64,
    "carried": pl.Float64,
}
PHRASE: dict[str, Type] = {
    "order": pl.Int32,
    "cable": pl.String,
    "count": pl.Int32,
    "sentence": pl.Int32,
    "paragraph": pl.Int32,
    "text": pl.String,
}


def _frame(rows: Sequence[Sequence[Any]], schema: dict[str, Type]) -> pl.DataFrame:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pl.DataFrame([_series(n, t, c) for (n, t), c in zip(schema.items(), columns, strict=True)])


def _series(name: str, dtype: Type, values: Sequence[Any]) -> pl.Series:
    if dtype == pl.List(pl.String):
        # forty times as fast as to build a series of lists
        return pl.Series(name, ["\x1f".join(v) for v in values], dtype=pl.String).str.extract_all("[^\x1f]+")
    return pl.Series(name, values, dtype=dtype)


def _distinct(comparison: Comparison) -> list[Version]:
    return list({v.cable: v for v in comparison.versions}.values())


def sentences(comparison: Comparison) -> pl.DataFrame:
    """Build `Comparison.sentences`; a cable named twice has its sentences once."""
    rows = [
        (v.cable, s.sentence, s.paragraph, v.numbers.get(s.paragraph), s.text, s.start, s.end)
        for v in _distinct(comparison)
        for s in v.sentences
    ]
    return _frame(rows, SENTENCES)


def links(comparison: Comparison) -> pl.DataFrame:
    """Build `Comparison.links`."""
    rows = [
        (s.old.cable, s.new.cable, x.a, x.b, x.label, x.moved, x.weak, x.similarity)
        for s in comparison.steps
        for x in s.links
    ]
    return _frame(rows, LINKS)


def words(comparison: Comparison) -> pl.DataFrame:
    """Build `Comparison.words`."""
    rows: list[tuple[Any, ...]] = []
    base = 0
    for step in comparison.steps:
        for n, x in enumerate(step.links, base):
            for e in step.edits.get((x.a, x.b), ()):
                rows.append((n, e.op, e.start_a, e.end_a, e.start_b, e.end_b, " ".join(e.old), " ".join(e.new)))
        base += len(step.links)
    return _frame(rows, WORDS)


def remark(step: Step, change: Change) -> str | None:
    """Say what makes a dropped or added sentence doubtful; nothing for other changes."""
    return "; ".join(step.remarks) or None if change.kind in ("added", "dropped") else None


def change_row(step: Step, place: int, c: Change) -> tuple[Any, ...]:
    """Give one change as a row of `Comparison.changes`."""
    old, new = [step.old.sentences[i] for i in c.sentences_a], [step.new.sentences[j] for j in c.sentences_b]
    par_a, par_b = old[0].paragraph if old else None, new[0].paragraph if new else None
    return (
        step.old.cable, step.new.cable, place, c.kind, list(c.reasons), list(c.signals), c.old or None, c.new or None,
        " ".join(s.text for s in old) or None, " ".join(s.text for s in new) or None,
        old[0].sentence if old else None, new[0].sentence if new else None, par_a, par_b,
        None if par_a is None else step.old.numbers.get(par_a), None if par_b is None else step.new.numbers.get(par_b),
        *(c.place_a or (None, None)), *(c.place_b or (None, None)),
        c.similarity, c.moved, c.weak, c.order, remark(step, c),
    )  # fmt: skip


def changes(comparison: Comparison) -> pl.DataFrame:
    """Build `Comparison.changes`."""
    return _frame([change_row(s, n, c) for s in comparison.steps for n, c in enumerate(s.changes, 1)], CHANGES)


def paragraphs(comparison: Comparison) -> pl.DataFrame:
    """Build `Comparison.paragraphs`."""
    rows: list[tuple[Any, ...]] = []
    for step in comparison.steps:
        told = "; ".join(step.remarks) or None
        for state, version, shares in zip(("new", "dropped"), (step.new, step.old), step.paragraphs, strict=True):
            for position, carried in shares.items():
                own = [s for s in version.sentences if s.paragraph == position]
                rows.append(
                    (
                        step.old.cable, step.new.cable, state, version.cable, position, version.numbers.get(position),
                        len(own), carried, " ".join(s.text for s in own), told,
                    )
                )  # fmt: skip
    return _frame(rows, PARAGRAPHS)


def threads(comparison: Comparison) -> pl.DataFrame:
    """Build `Comparison.threads`."""
    v = comparison.versions
    rows = []
    for n, t in enumerate(comparison.thread_list):
        last = [m for m in t.members if m[0] == t.last]
        rows.append(
            (
                n, v[t.born].cable, v[t.last].cable, v[t.last + 1].cable if t.last + 1 < len(v) else None,
                len({m[0] for m in t.members}), sum(m[2] not in ("born", "kept") for m in t.members),
                sum(m[3] for m in t.members),
                " ".join(v[k].sentences[i].text for k, i, _, _ in t.members if k == t.born),
                " ".join(v[k].sentences[i].text for k, i, _, _ in last),
            )
        )  # fmt: skip
    return _frame(rows, THREADS)


def members(comparison: Comparison) -> pl.DataFrame:
    """Build `Comparison.members`."""
    v = comparison.versions
    rows = [
        (n, k, v[k].cable, i, v[k].sentences[i].paragraph, label, moved)
        for n, t in enumerate(comparison.thread_list)
        for k, i, label, moved in t.members
    ]
    return _frame(rows, MEMBERS)


def outcomes(step: Step) -> dict[str, list[int]]:
    """Count sentences and words of one step by outcome."""
    firm = [x for x in step.links if not x.weak]
    kept = {x.b for x in firm if x.label == "kept"}
    linked_a, linked_b = {x.a for x in firm}, {x.b for x in firm}
    out = {name: [0, 0] for name in OUTCOMES}
    for s in step.new.sentences:
        name = "kept" if s.sentence in kept else "reworded" if s.sentence in linked_b else "added"
        out[name][0] += 1
        out[name][1] += len(s.words)
    for s in step.old.sentences:
        if s.sentence not in linked_a:
            out["dropped"][0] += 1
            out["dropped"][1] += len(s.words)
    return out


def carry_over(comparison: Comparison) -> pl.DataFrame:
    """Build `Comparison.carry_over`."""
    rows = [
        (n, s.old.cable, s.new.cable, name, *counts)
        for n, s in enumerate(comparison.steps)
        for name, counts in outcomes(s).items()
    ]
    return _frame(rows, CARRY_OVER)


def _shared_words(step: Step) -> float:
    shared = 0
    for x in step.links:
        if x.label == "kept":
            shared += len(step.new.sentences[x.b].words)
        elif not x.weak:
            shared += sum(len(e.new) for e in step.edits[x.a, x.b] if e.op == "equal")
    total = step.old.words + step.new.words
    return 2 * shared / total if total else 1.0


def lengths(comparison: Comparison) -> pl.DataFrame:
    """Build `Comparison.lengths`."""
    rows: list[tuple[Any, ...]] = []
    for k, v in enumerate(comparison.versions):
        similar = carried = None
        if k:
            step = comparison.steps[k - 1]
            counts = outcomes(step)
            similar = _shared_words(step)
            carried = (counts["kept"][0] + counts["reworded"][0]) / max(1, len(v.sentences))
        rows.append((k, v.cable, v.fields.get("sent"), len(v.numbers), len(v.sentences), v.words, similar, carried))
    return _frame(rows, LENGTHS)


def phrase(comparison: Comparison, text: str) -> pl.DataFrame:
    """Build what `Comparison.phrase` gives."""
    wanted = tuple(normal(text))
    size = len(wanted)
    rows: list[tuple[Any, ...]] = []
    for k, v in enumerate(comparison.versions):
        hits = Counter(
            {
                s.sentence: sum(s.words[i : i + size] == wanted for i in range(len(s.words) - size + 1))
                for s in v.sentences
            }
            if size
            else {}
        )
        found = [
            (k, v.cable, hits[s.sentence], s.sentence, s.paragraph, s.text) for s in v.sentences if hits[s.sentence]
        ]
        rows += found or [(k, v.cable, 0, None, None, None)]
    return _frame(rows, PHRASE)
