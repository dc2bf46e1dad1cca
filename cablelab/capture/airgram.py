"""Airgrams: what posts sent by pouch until the seventies, typed under labelled lines and numbered in a series of their own, `A-114`.

They have no date-time group and no classification line, and their number is no telegram's: it makes no key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cablelab.capture import labels
from cablelab.capture.attributes import posts
from cablelab.capture.base import Capture, Origin, Page
from cablelab.capture.dates import page_date

NAMES = ("TO", "INFO", "FROM", "DATE", "SUBJECT", "SUBJ", "REF", "E.O. 11652", "TAGS")
NUMBER = re.compile(r"^[ \t]*(?:(?:NO\.?|NUMBER)[ :]*)?A-[ ]?(\d{1,4})[ \t]*$", re.MULTILINE)
LEVEL = re.compile(rf"^[ \t]*({labels.LEVELS})[ \t]*$", re.MULTILINE)
REACH = 1_500  # characters of the head
NEEDED = frozenset(("FROM", "DATE"))


def detect(text: str) -> bool:
    """Say whether `text` opens with an airgram's number and its labelled lines."""
    number = NUMBER.search(text, 0, REACH) if "A-" in text[:REACH] else None
    return number is not None and labels.lines(text, NAMES, 0, REACH).keys() >= NEEDED


def read(text: str, origin: Origin) -> Iterator[Capture]:
    """Yield the airgram: who sent it to whom and when from its labelled lines, which are set aside; the rest is read like any text."""
    number, found = NUMBER.search(text, 0, REACH), labels.lines(text, NAMES, 0, REACH)
    values = {name: value for name, (value, _) in found.items()}
    level = LEVEL.search(text, 0, REACH)
    start = max(found[name][1] for name in ("TO", "INFO", "FROM", "DATE") if name in found)
    page = Page(
        created=page_date(values["DATE"]),
        created_to="day",
        classification=level[1] if level else None,
        origin=values["FROM"],
        title=values.get("SUBJECT") or values.get("SUBJ"),
        to=posts(values.get("TO", "")),
    )
    note = (
        f"This is airgram A-{number[1] if number else ''} of {values['FROM'][:60]}, which came by pouch: its number is of a series of its own and"
        " makes no key. Cite it by number, post and date."
    )
    yield origin.capture(text, "airgram", page, start, problems=(("airgram", "cable", note),))
