"""A press site's copy: `Cablegate: SUBJECT`, perhaps a date and a credit, the message, and the site's foot."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cablelab.capture import labels
from cablelab.capture.base import Capture, Origin
from cablelab.capture.message_bounds import inside, opening

TITLE = re.compile(r"^\W{0,4}Cablegate: {0,3}(\S.*)$", re.MULTILINE)
CREDIT = re.compile(r"^[ \t]*(?:Cable|Press Release|Source|Article): Wiki ?leaks.*$", re.MULTILINE | re.IGNORECASE)
REACH = 1500


def detect(text: str) -> bool:
    """Say whether a line `Cablegate: SUBJECT` stands above a message."""
    title = TITLE.search(text)
    return title is not None and opening(text, title.end()) is not None


def read(text: str, origin: Origin) -> Iterator[Capture]:
    """Yield the page's text, whole, with its message bounded."""
    title = TITLE.search(text)
    if title is None:
        return
    credit = CREDIT.search(text, title.end(), title.end() + REACH)
    start, end = inside(text, credit.end() if credit else title.end())
    page = labels.page({"created": text[title.end() : start]}, "day", title[1].removesuffix("| Scoop News"))
    yield origin.capture(text, "press", page, start, end)
