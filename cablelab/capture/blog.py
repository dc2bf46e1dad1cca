"""A Cablegate page that somebody copied as text, usually into a blog.

First the site's words, then a row of fields, the message, and the blog's own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cablelab.capture import labels
from cablelab.capture.base import Capture, Origin
from cablelab.capture.message_bounds import inside

NAMES = ("Reference ID", "Created", "Released", "Classification", "Origin")
ROW = labels.row(NAMES)
UNRELEASED = labels.row([name for name in NAMES if name != "Released"])


def detect(text: str) -> bool:
    """Say whether the page's row of fields stands in `text`."""
    return "Reference ID" in text and _fields(text) is not None


def read(text: str, origin: Origin) -> Iterator[Capture]:
    """Yield the copied page, whole, with its message bounded."""
    found = _fields(text)
    if found is None:
        return
    values, at = found
    cable = values.get("cable")
    page = labels.page(values, "hour", _title(text, cable) if cable else None)
    start, end = inside(text, at)
    yield origin.capture(text, "blog", page, start, end)


def _title(text: str, cable: str) -> str | None:
    line = rf"^\W{{0,4}}(?:Viewing cable )?{re.escape(cable)}\s?[,:–-]\s{{0,4}}(\S.*)$"
    found = re.search(line, text, re.MULTILINE)
    return found[1] if found else None


def _fields(text: str) -> tuple[dict[str, str | None], int] | None:
    if match := ROW.search(text) or UNRELEASED.search(text):
        return match.groupdict(), match.end()
    first = re.search(r"^\W{0,4}Reference ID\b", text, re.MULTILINE)
    if not first:
        return None
    lines = labels.lines(text, NAMES, first.start(), first.start() + 1000)
    if not {"Reference ID", "Created"} <= lines.keys() or not re.fullmatch(labels.CABLE_ID, lines["Reference ID"][0]):
        return None
    values: dict[str, str | None] = {name.lower(): value for name, (value, _) in lines.items()}
    return {**values, "cable": values["reference id"]}, max(ends for _, ends in lines.values())
