"""A repost under labelled lines: Identifier, Wikileaks, Origin, Created, Classification, Tags, Redacted; the body."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cablelab.capture import labels
from cablelab.capture.base import Capture, Origin
from cablelab.capture.message_bounds import inside

NAMES = (
    "Identifier", "Wikileaks", "Origin", "Created", "Released", "Classification", "Tags", "Redacted",
    "Subject", "Title",
)  # fmt: skip
HEADING = re.compile(rf"^\W{{0,4}}US embassy cable\W{{1,4}}({labels.CABLE_ID})[ \t]*\n\s*(.*)", re.MULTILINE)
FIRST = re.compile(rf"^\W{{0,4}}Identifier\b[\s:|]{{1,9}}{labels.CABLE_ID}\b", re.MULTILINE)
REACH = 1500  # characters that the labelled lines may take


def detect(text: str) -> bool:
    """Say whether `text` has a line `Identifier: ID` with a date of creation under it."""
    first = FIRST.search(text)
    return first is not None and "Created" in labels.lines(text, NAMES, first.start(), first.start() + REACH)


def read(text: str, origin: Origin) -> Iterator[Capture]:
    """Yield the repost, whole, with its message bounded."""
    first = FIRST.search(text)
    at = first.start() if first else 0
    found = labels.lines(text, NAMES, at, at + REACH)
    values: dict[str, str | None] = {name.lower(): value for name, (value, _) in found.items()}
    heading = HEADING.search(text)
    title = values.get("subject") or values.get("title") or (heading[2] if heading and heading.end() <= at else None)
    page = labels.page({**values, "cable": values.get("identifier")}, "minute", title)
    start, end = inside(text, max((ends for _, ends in found.values()), default=at))
    yield origin.capture(text, "labelled", page, start, end)
