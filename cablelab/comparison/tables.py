"""The frames of a comparison: rows by name, checked against the schemas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from cablelab.comparison.model import Change, Laid, Sentence, Step, Version
from cablelab.comparison.schemas import (
    CARRY_OVER,
    CHANGES,
    CLAIMS,
    LENGTHS,
    LINKS,
    MEMBERS,
    PARAGRAPHS,
    PHRASE,
    SENTENCES,
    THREADS,
    WORDS,
    Type,
)
from cablelab.comparison.sentences import normal

Row = Mapping[str, Any]


def _frame(rows: Sequence[Row], schema: Mapping[str, Type]) -> pl.DataFrame:
    """Build a frame from rows by name; a row that lacks a column or has another one is an error."""
    for row in rows:
        if row.keys() != schema.keys():
            raise KeyError(f"columns {sorted(row.keys() ^ schema.keys())}")
    return pl.DataFrame([_series(n, t, [row[n] for row in rows]) for n, t in schema.items()])


def _series(name: str, dtype: Type, values: Sequence[Any]) -> pl.Series:
    if dtype == pl.List(pl.String):
        # forty times as fast as to build a series of lists
        return pl.Series(name, ["\x1f".join(v) for v in values], dtype=pl.String).str.extract_all("[^\x1f]+")
    return pl.Series(name, values, dtype=dtype)


def _distinct(laid: Laid) -> list[Version]:
    return list({v.cable: v for v in laid.versions}.values())


def sentences(laid: Laid) -> pl.DataFrame:
    """Build `Comparison.sentences`; a cable named twice has its sentences once."""
    rows = [
        {
            "cable": v.cable,
            "sentence": s.sentence,
            "paragraph": s.paragraph,
            "number": v.numbers.get(s.paragraph),
            "text": s.text,
            "start": s.start,
            "end": s.end,
        }
        for v in _distinct(laid)
        for s in v.sentences
    ]
    return _frame(rows, SENTENCES)


def links(laid: Laid) -> pl.DataFrame:
    """Build `Comparison.links`."""
    rows = [
        {
            "a": s.old.cable,
            "b": s.new.cable,
            "sentence_a": x.a,
            "sentence_b": x.b,
            "label": x.label,
            "moved": x.moved,
            "weak": x.weak,
            "similarity": x.similarity,
            "probability": x.probability,
        }
        for s in laid.steps
        for x in s.links
    ]
    return _frame(rows, LINKS)


def words(laid: Laid) -> pl.DataFrame:
    """Build `Comparison.words`."""
    rows: list[Row] = []
    base = 0
    for step in laid.steps:
        for n, x in enumerate(step.links, base):
            for e in step.edits.get((x.a, x.b), ()):
                rows.append(
                    {
                        "link": n,
                        "op": e.op,
                        "start_a": e.start_a,
                        "end_a": e.end_a,
                        "start_b": e.start_b,
                        "end_b": e.end_b,
                        "old": e.old,
                        "new": e.new,
                    }
                )
        base += len(step.links)
    return _frame(rows, WORDS)


def remark(step: Step, change: Change) -> str | None:
    """Say what makes a dropped or added sentence doubtful; nothing for other changes."""
    return "; ".join(step.doubts) or None if change.kind in ("added", "dropped", "rewritten") else None


def change_row(step: Step, place: int, c: Change) -> dict[str, Any]:
    """Give one change as a row of `Comparison.changes`."""
    return {
        "a": step.old.cable,
        "b": step.new.cable,
        "rank": place,
        "kind": c.kind,
        "reasons": list(c.reasons),
        "signals": list(c.signals),
        "old": c.old or None,
        "new": c.new or None,
        "order": c.order,
        "similarity": c.similarity,
        "moved": c.moved,
        "weak": c.weak,
        "remark": remark(step, c),
        "points": c.points,
        "parts": [str(p) for p in c.parts],
        "paragraphs": where(step, c),
        **_side("a", step.old, c.sentences_a, c.lead_a, c.place_a),
        **_side("b", step.new, c.sentences_b, c.lead_b, c.place_b),
    }


def _side(
    side: str, version: Version, sentences: Sequence[int], lead: int | None, place: tuple[int, int] | None
) -> dict[str, Any]:
    """Give the columns of a change that point into one of the two cables."""
    shown: list[Sentence] = [version.sentences[i] for i in sentences]
    paragraph = shown[0].paragraph if shown else None
    return {
        f"text_{side}": " ".join(s.text for s in shown) or None,
        f"sentence_{side}": lead,
        f"paragraph_{side}": paragraph,
        f"number_{side}": None if paragraph is None else version.numbers.get(paragraph),
        f"start_{side}": place[0] if place else None,
        f"end_{side}": place[1] if place else None,
    }


def where(step: Step, c: Change) -> str:
    """Name the paragraphs that a change shows, as printed: `¶3 → ¶7`, `new ¶4`, `old ¶2`."""
    old, new = (
        ", ".join(dict.fromkeys(version.paragraph(i) for i in ids))
        for version, ids in ((step.old, c.sentences_a), (step.new, c.sentences_b))
    )
    return f"{old} → {new}" if old and new else f"new {new}" if new else f"old {old}"


def changes(laid: Laid) -> pl.DataFrame:
    """Build `Comparison.changes`."""
    return _frame([change_row(s, n, c) for s in laid.steps for n, c in enumerate(s.changes, 1)], CHANGES)


def paragraphs(laid: Laid) -> pl.DataFrame:
    """Build `Comparison.paragraphs`."""
    rows: list[Row] = []
    for step in laid.steps:
        remark = "; ".join(step.doubts) or None
        for state, version, shares in (("new", step.new, step.fresh), ("dropped", step.old, step.gone)):
            for position, carried in shares.items():
                sentences = [s for s in version.sentences if s.paragraph == position]
                rows.append(
                    {
                        "a": step.old.cable,
                        "b": step.new.cable,
                        "state": state,
                        "cable": version.cable,
                        "paragraph": position,
                        "number": version.numbers.get(position),
                        "sentences": len(sentences),
                        "carried": carried,
                        "text": " ".join(s.text for s in sentences),
                        "remark": remark,
                    }
                )
    return _frame(rows, PARAGRAPHS)


def threads(laid: Laid) -> pl.DataFrame:
    """Build `Comparison.threads`."""
    v = laid.versions
    rows = []
    for n, t in enumerate(laid.threads_of):
        ends = {
            name: " ".join(v[k].sentences[i].text for k, i, _, _ in t.members if k == at)
            for name, at in (("first_text", t.born), ("last_text", t.last))
        }
        rows.append(
            {
                "thread": n,
                "born": v[t.born].cable,
                "last": v[t.last].cable,
                "died": v[t.last + 1].cable if t.last + 1 < len(v) else None,
                "cables": len({m[0] for m in t.members}),
                "reworded": sum(m[2] not in ("born", "kept") for m in t.members),
                "moved": sum(m[3] for m in t.members),
                **ends,
            }
        )
    return _frame(rows, THREADS)


def members(laid: Laid) -> pl.DataFrame:
    """Build `Comparison.members`."""
    v = laid.versions
    rows = [
        {
            "thread": n,
            "order": k,
            "cable": v[k].cable,
            "sentence": i,
            "paragraph": v[k].sentences[i].paragraph,
            "label": label,
            "moved": moved,
        }
        for n, t in enumerate(laid.threads_of)
        for k, i, label, moved in t.members
    ]
    return _frame(rows, MEMBERS)


def carry_over(laid: Laid) -> pl.DataFrame:
    """Build `Comparison.carry_over`."""
    rows = [
        {"step": n, "a": s.old.cable, "b": s.new.cable, "outcome": name, "sentences": count, "words": words_}
        for n, s in enumerate(laid.steps)
        for name, (count, words_) in s.outcomes.items()
    ]
    return _frame(rows, CARRY_OVER)


def _shared_words(step: Step) -> float:
    shared = 0
    for x in step.links:
        if x.label == "kept":
            shared += len(step.new.sentences[x.b].words)
        elif not x.weak:
            shared += sum(len(normal(e.new)) for e in step.edits[x.a, x.b] if e.op == "equal")
    total = step.old.words + step.new.words
    return 2 * shared / total if total else 1.0


def lengths(laid: Laid) -> pl.DataFrame:
    """Build `Comparison.lengths`."""
    rows: list[Row] = []
    for k, v in enumerate(laid.versions):
        similar = carried = None
        if k:
            step = laid.steps[k - 1]
            similar = _shared_words(step)
            carried = (step.outcomes["kept"][0] + step.outcomes["reworded"][0]) / max(1, len(v.sentences))
        rows.append(
            {
                "order": k,
                "cable": v.cable,
                "sent": v.fields.get("sent"),
                "paragraphs": len(v.numbers),
                "sentences": len(v.sentences),
                "words": v.words,
                "similarity": similar,
                "carried": carried,
            }
        )
    return _frame(rows, LENGTHS)


def claims(laid: Laid) -> pl.DataFrame:
    """Build `Comparison.claims`."""
    rows: list[Row] = []
    for c in laid.claims_of:
        version = laid.versions[c.order]
        s = version.sentences[c.sentence]
        rows.append(
            {
                "claim": c.claim,
                "order": c.order,
                "cable": version.cable,
                "sent": version.fields.get("sent"),
                "whose": "post" if c.own else "others",
                "words": c.words,
                "strength": list(c.strength),
                "changed": list(c.changed),
                "sentence": s.sentence,
                "paragraph": s.paragraph,
                "number": version.numbers.get(s.paragraph),
                "text": s.text,
                "start": s.start,
                "end": s.end,
            }
        )
    return _frame(rows, CLAIMS)


def phrase(laid: Laid, text: str) -> pl.DataFrame:
    """Build what `Comparison.phrase` gives."""
    wanted = tuple(normal(text))
    size = len(wanted)
    rows: list[Row] = []
    for k, v in enumerate(laid.versions):
        found: list[dict[str, Any]] = []
        for s in v.sentences if size else ():
            hits = sum(s.words[i : i + size] == wanted for i in range(len(s.words) - size + 1))
            if hits:
                found.append({"count": hits, "sentence": s.sentence, "paragraph": s.paragraph, "text": s.text})
        none: dict[str, Any] = {"count": 0, "sentence": None, "paragraph": None, "text": None}
        rows += [{"order": k, "cable": v.cable, **x} for x in (found or [none])]
    return _frame(rows, PHRASE)
