"""Plain message text: what is left when no other form fits, provided that it carries a mark of a cable."""

from __future__ import annotations

from collections.abc import Iterator

from cablelab.capture.base import Capture, Origin
from cablelab.capture.bounds import MARKS


def detect(text: str) -> bool:
    """Say whether `text` carries any mark of a cable: a class line, TAGS, SUBJECT, REF, E.O., a portion mark, NNNN ..."""
    return MARKS.search(text) is not None


def read(text: str, origin: Origin) -> Iterator[Capture]:
    """Yield `text`, whole, as one capture."""
    yield origin.capture(text, "text")
