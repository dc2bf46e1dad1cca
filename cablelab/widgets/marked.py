"""What a reader marks and notes on changes: kept with the corpus, taken away as Markdown, CSV or HTML for a word processor."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

import polars as pl

from cablelab.comparison.model import Change, Step, Version
from cablelab.comparison.prose import struck
from cablelab.comparison.tables import where
from cablelab.escaping import UNTYPESET
from cablelab.export import csv_text, markdown_table

COLUMNS = ("cable_a", "cable_b", "where", "kind", "reasons", "old", "new", "mark", "note")
MARKS = {"": "", "marked": "marked", "noise": "noise"}


def key(step: Step, change: Change) -> str:
    """Name a change so that it is found again after the comparison is made anew: both cables and both wordings."""
    both_texts = "\0".join((text(step, change, "a"), text(step, change, "b")))
    return f"{step.old.cable} {step.new.cable} {hashlib.sha256(both_texts.encode()).hexdigest()[:16]}"


def text(step: Step, change: Change, side: str) -> str:
    """Return the sentences that a change shows of one side."""
    version, ids = (step.old, change.sentences_a) if side == "a" else (step.new, change.sentences_b)
    return " ".join(version.sentences[i].text for i in ids)


def _place(version: Version, sentences: tuple[int, ...]) -> str:
    """Return what to cite of one side: the paragraph as printed, else the cable; nothing where the change is not there."""
    if not sentences:
        return ""
    number = version.numbers.get(version.sentences[sentences[0]].paragraph)
    return version.cable if number is None else f"{version.cable}#par{number}"


def entry(step: Step, change: Change, mark: str, note: str) -> dict[str, str]:
    """Return what is noted of a change: all that an export needs, also when the corpus is not at hand."""
    return {
        "cable_a": step.old.cable,
        "cable_b": step.new.cable,
        "where": where(step, change),
        "kind": change.kind,
        "reasons": "; ".join(change.reasons),
        "old": text(step, change, "a"),
        "new": text(step, change, "b"),
        "mark": mark,
        "note": note,
        "cite_a": _place(step.old, change.sentences_a),
        "cite_b": _place(step.new, change.sentences_b),
    }


def wording(step: Step, change: Change) -> str:
    """Render what changed as HTML, old words struck before the new ones; all text escaped."""
    old, new = text(step, change, "a"), text(step, change, "b")
    if not new:
        return f"<del>{escape(old)}</del>"
    if not old:
        return f"<ins>{escape(new)}</ins>"
    if change.weak or change.kind == "rewritten":
        return f"<del>{escape(old)}</del> <ins>{escape(new)}</ins>"
    return " ".join(
        struck(step.new.sentences[j], [e for i in change.sentences_a for e in step.edits.get((i, j), ())])
        for j in change.sentences_b
    )


def frame(changes: Mapping[str, Any]) -> pl.DataFrame:
    """Return what is marked or noted as a frame, a row a change, noise left out.

    Returns
    -------
    DataFrame of strings: `cable_a`, `cable_b`, `where`, `kind`, `reasons`, `old`, `new`, `mark`, `note`.

    Examples
    --------
    >>> frame({}).columns[:3]
    ['cable_a', 'cable_b', 'where']
    """
    rows = [{name: str(entry.get(name, "")) for name in COLUMNS} for entry in _shown(changes)]
    return pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String)).sort("cable_a", "cable_b", maintain_order=True)


def _shown(changes: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    return [entry for entry in changes.values() if isinstance(entry, dict) and entry.get("mark") != "noise"]


def markdown(changes: Mapping[str, Any]) -> str:
    """Write what is marked as a Markdown table."""
    return markdown_table(frame(changes))


def csv(changes: Mapping[str, Any]) -> str:
    """Write what is marked as CSV."""
    return csv_text(frame(changes))


def html(changes: Mapping[str, Any]) -> str:
    """Write what is marked as an HTML page that word processors open: struck and underlined words stay what they are."""
    rows = []
    for row in frame(changes).iter_rows(named=True):
        old, new = (escape(row[name]) for name in ("old", "new"))
        cells = [
            f"{escape(row['cable_a'])} → {escape(row['cable_b'])}<br>{escape(row['where'])}",
            escape(row["reasons"] or row["kind"]),
            f"<del>{old}</del>" if old else "",
            f"<ins>{new}</ins>" if new else "",
            escape(row["note"]),
        ]
        rows.append(f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>")
    head = "".join(
        f"<th>{name}</th>" for name in ("cables, paragraphs", "why", "older wording", "newer wording", "note")
    )
    style = "body{font-family:serif}table{border-collapse:collapse}td,th{border:1px solid #999;padding:4px 8px;text-align:left;vertical-align:top}"
    return (
        "<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>Changes marked</title>"
        f"<style>{style}</style></head><body class='{UNTYPESET}'><h1>Changes marked</h1><table><tr>{head}</tr>{''.join(rows)}</table></body></html>"
    )
