"""What the parsing core gives: a message, and the spans, paragraphs, references, addressees and problems found in it.

Offsets are characters of the text that was parsed; nothing here imports another module of the core.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of the text and its role; the spans of a message partition its text."""

    start: int
    end: int
    role: str


# A span while the pass is under way: not yet cut by page breaks, gaps not yet filled.
Cut = tuple[int, int, str]


class Redaction(NamedTuple):
    """A place where words are hidden: by a mask, a note in brackets or a code in the margin; `paragraph` is a position, or None."""

    start: int
    end: int
    kind: str
    paragraph: int | None


class Problem(NamedTuple):
    """What was odd or contradictory: a code, the column that it concerns, a sentence, and where it stands if that is known."""

    code: str
    field: str | None
    message: str
    start: int | None = None
    end: int | None = None


class Addressee(NamedTuple):
    """One entry of FM, TO, INFO or XMT; `role` is from, to, info or exempt, `post` the code of a post that the tables know."""

    role: str
    routing: str | None
    name: str
    post: str | None
    precedence: str | None
    serial: int | None


class Reference(NamedTuple):
    """One thing cited: `post`, `number` and `year` (two digits; None if implied) for a cable, else only `raw`."""

    label: str | None
    kind: str
    post: str | None
    number: int | None
    year: int | None
    raw: str
    note: str | None
    start: int
    end: int


@dataclass(slots=True)
class Paragraph:
    """One paragraph; `above` is where its heading begins (its own start if it has none), `opens` where its words do."""

    number: int | None
    marking: str | None
    heading: str | None
    start: int
    end: int
    above: int
    opens: int = 0
    part: str = "body"


@dataclass(slots=True)
class Message:
    """All that one message says of itself. Offsets are characters of the text that was parsed; years are left implied."""

    post: str | None = None
    number: int | None = None
    dtg: datetime | None = None
    serial: int | None = None
    classification: str | None = None
    handling: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    precedence: list[str] = field(default_factory=list)
    subject: str | None = None
    tags: list[str] = field(default_factory=list)
    executive_order: str | None = None
    declassify_on: date | None = None
    declassify_note: str | None = None
    classified_by: str | None = None
    classified_title: str | None = None
    classified_reason: str | None = None
    signed_by: str | None = None
    summary: str | None = None
    sections: int = 1
    recorded: list[str] = field(default_factory=list)  # ids that a record names above the message
    partial: bool = False
    corrected: bool = False
    redactions: list[Redaction] = field(default_factory=list)
    words: int = 0
    spans: list[Span] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    addressees: list[Addressee] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
