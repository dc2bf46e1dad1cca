"""Five lines (id, subject, date, classification, origin), then the message, its header and body run together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from cablelab.capture import labels
from cablelab.capture.base import Capture, Origin
from cablelab.capture.message_bounds import LEVEL, NOTICE

HEAD = re.compile(
    rf"\A\s*+(?P<cable>{labels.CABLE_ID})[ \t]*\n(?P<title>.*)\n"
    rf"(?P<created>[A-Z][a-z]{{2}} [A-Z][a-z]{{2}} [ \d]\d .*\b\d{{4}}(?=[ \t]*\n)|{labels.DATE}.*+)"
    rf"[ \t]*+\n(?P<classification>{labels.LEVELS}.*)\n(?P<origin>.{{0,80}})(?:\n|\Z)"
)
GLUED = re.compile(rf"(?<=[A-Z0-9.])(?={LEVEL} )")
NOTICE_ENDS = re.compile(rf"{NOTICE}\.[^.\n]*\.(?=\S)")


def detect(text: str) -> bool:
    """Say whether `text` opens with the five lines."""
    return HEAD.match(text) is not None


def read(text: str, origin: Origin) -> Iterator[Capture]:
    """Yield the text with an empty line put between the header, or the notice that stands for it, and the body.

    The day is all that is taken of the date: its offset is that of the machine which wrote it.
    """
    head = HEAD.match(text)
    if head is None:
        return
    page = labels.page(head.groupdict(), "day", head["title"])
    if page.created:
        page = replace(page, created=page.created.replace(hour=0, minute=0))
    joint = NOTICE_ENDS.match(text, head.end())
    at = joint.end() if joint else _joint(text, head.end())
    if at:
        text = f"{text[:at]}\n\n{text[at:]}"
    yield origin.capture(text, "five-line", page, head.end())


def _joint(text: str, at: int) -> int | None:
    """Find where the class line is glued to the end of the header: within a line that is no class line itself."""
    found = GLUED.search(text, at, at + 8000)
    first = re.compile(rf"^[ \t]*{LEVEL}", re.MULTILINE).search(text, at)
    return found.start() if found and not (first and first.start() < found.start()) else None
