"""Numbers, portion marks, headings, and the words that open and close a summary or comment."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from cablelab.samples.truth import Cable, Paragraph

MARKS = {
    "UNCLASSIFIED": ("U",),
    "CONFIDENTIAL": ("C", "C", "C", "C", "SBU", "U"),
    "SECRET": ("S", "S", "S", "C", "S/NF"),
}
REDACTION = "X" * 12


def mark(rng: Random, cable: Cable) -> None:
    """Give the paragraphs of `cable` what its style asks for."""
    how = cable.style
    marks = _marks(rng, cable)
    for i, p in enumerate(cable.paragraphs):
        p.number = i + 1 if how.numbered else None
        p.items, p.bullet = p.items and how.numbered, how.bullet
        p.marking = marks[int(rng.random() * len(marks))] if marks else None
        if not how.numbered or (how.fence == "none" and rng.random() < 0.3):
            # without numbers a line on its own would read as a paragraph
            p.heading = None
        if p.heading and (how.fence != "none" or rng.random() < 0.5):
            p.heading = p.heading.upper()
        if p.part in ("summary", "comment"):
            _open(p, how.summary, how.ends, how.numbered)
        elif p.part == "note":
            p.opens, p.closes = "Note:", "End note."
    _close(cable.paragraphs)


def _marks(rng: Random, cable: Cable) -> tuple[str, ...]:
    sensitive = "SENSITIVE" in cable.handling
    if cable.classification == "UNCLASSIFIED" and rng.random() > (0.8 if sensitive else 0.15):
        return ()
    marks = ("SBU", "SBU", "SBU", "U") if sensitive else MARKS[cable.classification]
    return (*marks, f"{marks[0]}/NF") if "NOFORN" in cable.handling else marks


def _open(p: Paragraph, word: str, ends: bool, numbered: bool) -> None:
    """Open a summary or comment in the manner of `word`, which may be `heading`, and close it again."""
    if word == "heading" and numbered and not p.heading:
        p.heading = p.part.upper()
        return
    upper = word.isupper()
    before = "BEGIN " if word.startswith("BEGIN") and p.part == "summary" else ""
    p.opens = f"{before}{p.part.upper() if upper else p.part.title()}:"
    if ends or upper:
        p.closes = f"END {p.part.upper()}." if upper else f"End {p.part}."


def _close(paragraphs: list[Paragraph]) -> None:
    """Close what only a heading further down would close, since that heading is not the next paragraph's."""
    for i, p in enumerate(paragraphs[:-1]):
        if p.part not in ("summary", "comment") or p.closes or paragraphs[i + 1].heading:
            continue
        if any(q.heading for q in paragraphs[i + 1 :]):
            p.closes = f"End {p.part}."


def redact(cable: Cable, names: Sequence[str]) -> None:
    """Black out the first of `names` that occurs, wherever it stands."""
    for name in names:
        count = sum(s.count(name) for p in cable.paragraphs for s in p.sentences)
        if count:
            for p in cable.paragraphs:
                p.sentences = [s.replace(name, REDACTION) for s in p.sentences]
            cable.redactions = count
            return
