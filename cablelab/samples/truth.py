"""What is true of a generated cable, and the frames that say so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

import polars as pl

from cablelab.frames import ADDRESSEE_ROLES, PARTS, REFERENCE_KINDS, UTC, Level, Words
from cablelab.samples.style import Style


@dataclass(slots=True)
class Paragraph:
    """One paragraph: its sentences, and the markers around them that are no sentences."""

    sentences: list[str]
    part: str = "body"
    number: int | None = None
    marking: str | None = None
    heading: str | None = None
    opens: str = ""
    closes: str = ""
    items: bool = False
    bullet: str = "-- "

    @property
    def content(self) -> str:
        """The sentences, markers left out."""
        return " ".join(self.sentences)

    @property
    def text(self) -> str:
        """The whole paragraph after its number and marking, blanks closed up."""
        middle = self.sentences[0] if self.items else self.content
        if self.items:
            bullets = (
                self.bullet.replace("A", "ABCDEFGH"[n]).replace("a", "abcdefgh"[n])
                for n in range(len(self.sentences) - 1)
            )
            middle = " ".join([self.sentences[0], *(b + s for b, s in zip(bullets, self.sentences[1:], strict=True))])
        return " ".join(p for p in (self.opens, middle, self.closes) if p)


@dataclass(frozen=True, slots=True)
class Reference:
    """One item of the REF line: what it names and how it is written."""

    kind: str
    raw: str
    target: str | None = None
    label: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Addressee:
    """One line of the transmission header that names an office."""

    role: str
    name: str
    routing: str | None = None
    post: str | None = None
    precedence: str | None = None
    serial: int | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """Two sentences of successive versions that are one: their indices, what became of it, and whether it moved."""

    a: int
    b: int
    label: str
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Planted:
    """The change of a step that a reader should see first.

    `kind` is strength, negation, added or dropped; `before` and `after` are the words that changed (empty when one
    side has none).
    """

    kind: str
    sentence_a: int | None
    sentence_b: int | None
    before: str
    after: str


@dataclass(slots=True)
class Step:
    """How a version came from the one before it; `previous` is null for the first."""

    chain: str
    order: int
    previous: str | None = None
    links: list[Link] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)
    added: list[int] = field(default_factory=list)
    planted: Planted | None = None
    kind: str = "periodic"


@dataclass(slots=True)
class Cable:
    """One generated cable: every field that a reader of it should find."""

    cable: str
    post: str
    spaced: str
    routing: str
    mission: str
    bureau: str
    year: int
    number: int
    sent: datetime
    released: datetime
    topic: str
    genre: str
    classification: str
    handling: list[str]
    captions: list[str]
    precedence: list[str]
    addressees: list[Addressee]
    subject: str
    tags: list[str]
    references: list[Reference]
    executive_order: str
    declassify_on: date | None
    classified_by: str | None
    classified_title: str | None
    classified_reason: str | None
    passing: list[str]
    paragraphs: list[Paragraph]
    signed_by: str
    partial: bool = False
    corrected: bool = False
    sections: int = 1
    redactions: int = 0
    copy_of: str | None = None
    step: Step | None = None
    style: Style = field(default_factory=Style)
    oddities: list[str] = field(default_factory=list)

    @property
    def summary(self) -> str | None:
        """The text of the summary without its markers."""
        found = [p.content for p in self.paragraphs if p.part == "summary"]
        return " ".join(found) or None

    @property
    def sentences(self) -> list[tuple[int, str]]:
        """The sentences in order, each with the position of its paragraph."""
        return [(i, s) for i, p in enumerate(self.paragraphs) for s in p.sentences]


_CABLES: dict[str, pl.DataType | type[pl.DataType]] = {
    "cable": pl.String,
    "post": pl.String,
    "mission": pl.String,
    "bureau": pl.String,
    "year": pl.Int16,
    "number": pl.Int32,
    "sent": UTC,
    "released": UTC,
    "topic": pl.String,
    "genre": pl.String,
    "classification": Level,
    "handling": Words,
    "captions": Words,
    "precedence": Words,
    "subject": pl.String,
    "tags": Words,
    "executive_order": pl.String,
    "declassify_on": pl.Date,
    "classified_by": pl.String,
    "classified_title": pl.String,
    "classified_reason": pl.String,
    "signed_by": pl.String,
    "summary": pl.String,
    "sections": pl.Int32,
    "redactions": pl.Int32,
    "partial": pl.Boolean,
    "corrected": pl.Boolean,
    "copy_of": pl.String,
    "oddities": Words,
}
_ROWS: dict[str, dict[str, pl.DataType | type[pl.DataType]]] = {
    "paragraphs": {
        "cable": pl.String,
        "position": pl.Int32,
        "number": pl.Int32,
        "marking": pl.String,
        "part": pl.Enum(PARTS),
        "heading": pl.String,
        "text": pl.String,
        "content": pl.String,
    },
    "sentences": {"cable": pl.String, "sentence": pl.Int32, "paragraph": pl.Int32, "text": pl.String},
    "references": {
        "cable": pl.String,
        "position": pl.Int32,
        "label": pl.String,
        "kind": pl.Enum(REFERENCE_KINDS),
        "target": pl.String,
        "raw": pl.String,
        "note": pl.String,
    },
    "addressees": {
        "cable": pl.String,
        "position": pl.Int32,
        "role": pl.Enum(ADDRESSEE_ROLES),
        "routing": pl.String,
        "name": pl.String,
        "post": pl.String,
        "precedence": pl.String,
        "serial": pl.Int32,
    },
    "chains": {
        "chain": pl.String,
        "order": pl.Int32,
        "cable": pl.String,
        "previous": pl.String,
        "cited": pl.Boolean,
        "kind": pl.String,
    },
    "links": {
        "chain": pl.String,
        "a": pl.String,
        "b": pl.String,
        "sentence_a": pl.Int32,
        "sentence_b": pl.Int32,
        "label": pl.String,
        "moved": pl.Boolean,
    },
    "changes": {
        "chain": pl.String,
        "a": pl.String,
        "b": pl.String,
        "kind": pl.String,
        "sentence": pl.Int32,
        "text": pl.String,
    },
    "planted": {
        "chain": pl.String,
        "a": pl.String,
        "b": pl.String,
        "kind": pl.String,
        "sentence_a": pl.Int32,
        "sentence_b": pl.Int32,
        "before": pl.String,
        "after": pl.String,
        "text_a": pl.String,
        "text_b": pl.String,
    },
}


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of a generated corpus, as frames keyed by `cable`.

    `cables`, `paragraphs`, `references` and `addressees` have columns as in the frames of a corpus; `sentences`
    numbers the sentences of each cable from 0; `chains` has a row for each version of a yearly report (`kind`
    periodic) and for each report of an affair (event). Of yearly ones, whose texts are carried over, `links` has a row
    for each pair of sentences that belong together in successive versions, `changes` one for each sentence dropped (of
    `a`) or added (in `b`), `planted` one for the change that tells most, where a step has one.
    """

    cables: pl.DataFrame
    paragraphs: pl.DataFrame
    sentences: pl.DataFrame
    references: pl.DataFrame
    addressees: pl.DataFrame
    chains: pl.DataFrame
    links: pl.DataFrame
    changes: pl.DataFrame
    planted: pl.DataFrame


def frames(cables: Iterable[Cable]) -> Truth:
    """Turn generated cables into the frames of their truth."""
    known = {c.cable: c for c in cables}
    rows: dict[str, list[tuple[object, ...]]] = {name: [] for name in _ROWS}
    for c in known.values():
        for i, p in enumerate(c.paragraphs):
            rows["paragraphs"].append((c.cable, i, p.number, p.marking, p.part, p.heading, p.text, p.content))
        rows["sentences"] += [(c.cable, i, p, text) for i, (p, text) in enumerate(c.sentences)]
        rows["references"] += [
            (c.cable, i, r.label, r.kind, r.target, r.raw, r.note) for i, r in enumerate(c.references)
        ]
        for i, a in enumerate(c.addressees):
            rows["addressees"].append((c.cable, i, a.role, a.routing, a.name, a.post, a.precedence, a.serial))
        if c.step:
            _add_step(rows, c, c.step, known)
    built = {name: pl.DataFrame(rows[name], schema=schema, orient="row") for name, schema in _ROWS.items()}
    table = [tuple(getattr(c, name) for name in _CABLES) for c in known.values()]
    built["cables"] = pl.DataFrame(
        table, schema=_CABLES | {"sent": pl.Datetime("us"), "released": pl.Datetime("us")}, orient="row"
    ).with_columns(pl.col("sent", "released").dt.replace_time_zone("UTC"))
    return Truth(**built)


def _add_step(rows: dict[str, list[tuple[object, ...]]], cable: Cable, step: Step, known: dict[str, Cable]) -> None:
    cited = any(r.target == step.previous for r in cable.references) if step.previous else None
    rows["chains"].append((step.chain, step.order, cable.cable, step.previous, cited, step.kind))
    if step.previous is None or step.previous not in known or step.kind == "event":
        return
    pair = (step.chain, step.previous, cable.cable)
    old = [text for _, text in known[step.previous].sentences]
    new = [text for _, text in cable.sentences]
    rows["links"] += [(*pair, k.a, k.b, k.label, k.moved) for k in step.links]
    rows["changes"] += [(*pair, "dropped", i, old[i]) for i in step.dropped]
    rows["changes"] += [(*pair, "added", i, new[i]) for i in step.added]
    if p := step.planted:
        texts = (
            None if p.sentence_a is None else old[p.sentence_a],
            None if p.sentence_b is None else new[p.sentence_b],
        )
        rows["planted"].append((*pair, p.kind, p.sentence_a, p.sentence_b, p.before, p.after, *texts))
