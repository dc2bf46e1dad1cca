"""A mirror's page as text: Identifier, Created, Classification, Origin, `Cable title:`, the message, perhaps joined."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cablelab.capture import labels
from cablelab.capture.base import Capture, Origin
from cablelab.capture.message_bounds import inside

NAMES = ("Identifier", "Created", "Classification", "Origin")
ROW = labels.row(NAMES)
TITLE = re.compile(r"Cable title:\s{0,20}(\S.*?)(?=\n|Tags:|VZCZC|$)")


def detect(text: str) -> bool:
    """Say whether the mirror's head stands in `text`."""
    return "Identifier" in text and ROW.search(text) is not None


def read(text: str, origin: Origin) -> Iterator[Capture]:
    """Yield the page, whole, with its message bounded."""
    for head in ROW.finditer(text):
        title = TITLE.search(text, head.end(), head.end() + 2000)
        page = labels.page(head.groupdict(), "minute", title[1].rstrip(" \t") if title else None)
        start, end = inside(text, title.end() if title else head.end())
        yield origin.capture(text, "mirror", page, start, end)
        return
