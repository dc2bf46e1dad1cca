"""PlusD's text: the message among the page's labelled fields and buttons, perhaps behind the site's PGP key."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cablelab.capture import labels
from cablelab.capture.base import NO_PAGE, Capture, Origin, Page
from cablelab.capture.message_bounds import inside, opening

NAMES = (
    "Canonical ID", "Original Classification", "Current Classification", "Handling Restrictions", "Character Count",
    "Executive Order", "Locator", "TAGS", "Concepts", "Enclosure", "Type", "Office Origin", "Office Action",
    "Archive Status", "From", "Markings", "To", "Draft Date", "Film Number", "Date",
)  # fmt: skip
FIELD = re.compile(r"^\W{0,4}(?:Canonical ID|Original Classification|Character Count)\b", re.MULTILINE)
BUTTONS = re.compile(r"^\W{0,4}(?:Show|Hide) Headers\b", re.MULTILINE)
KEY_OPENS, KEY_ENDS = "-----BEGIN PGP PUBLIC KEY BLOCK-----", "-----END PGP PUBLIC KEY BLOCK-----"
MOMENT = re.compile(r"^\W{0,4}(\d{4} [A-Z][a-z]+ \d{1,2}, \d\d:\d\d)(?: \([A-Z][a-z]+\))?[ \t]*$", re.MULTILINE)
CANONICAL = re.compile(rf"\b({labels.CABLE_ID})_[a-e]\b")
BLANK = re.compile(r"-- .* --|n/a", re.IGNORECASE)


def detect(text: str) -> bool:
    """Say whether `text` has PlusD's fields or buttons, or opens with the site's key."""
    return FIELD.search(text) is not None or BUTTONS.search(text) is not None or _behind_key(text) > 0


def read(text: str, origin: Origin) -> Iterator[Capture]:
    """Yield the text, whole, with key, fields and buttons outside the message's bounds."""
    at = _behind_key(text)
    first = FIELD.search(text, at)
    if first is None:
        buttons = BUTTONS.search(text, at)
        start, end = inside(text, buttons.end() if buttons else at)
        yield origin.capture(text, "plusd", _page(text, at, start, {}), start, end)
        return
    # the fields may stand above the message or, as a second part of the page, below it
    opens = opening(text, at)
    below = opens is not None and opens < first.start() and not _page_head(text, opens, first.start())
    stop = None if below or (buttons := BUTTONS.search(text, first.start())) is None else buttons.start()
    found = labels.lines(text, NAMES, first.start(), stop if stop is not None else first.start() + 6000)
    if below and opens is not None:
        start, end = inside(text, opens, first.start())
    else:
        start, end = inside(text, stop if stop is not None else _last_field(found, first.start()))
    yield origin.capture(text, "plusd", _page(text, at, first.start(), found), start, end)


def _page_head(text: str, opens: int, first: int) -> bool:
    """Say whether what opens like a message above the fields is but the page's own line of classification."""
    return len(text[opens:first].strip().splitlines()) <= 3


def _behind_key(text: str) -> int:
    opens = text.find(KEY_OPENS)
    ends = text.find(KEY_ENDS, opens) if opens >= 0 else -1
    return ends + len(KEY_ENDS) if ends >= 0 else 0


def _last_field(found: dict[str, tuple[str, int]], at: int) -> int:
    return max((ends for _, ends in found.values()), default=at)


def _page(text: str, at: int, stop: int, found: dict[str, tuple[str, int]]) -> Page:
    values = {name: value for name, (value, _) in found.items() if not BLANK.fullmatch(value)}
    canonical = CANONICAL.search(values.get("Canonical ID", "") or text[at:])
    cable = canonical[1] if canonical else values.get("Canonical ID")
    moment = MOMENT.search(text, at)
    above = text[at : moment.start()].rstrip().rpartition("\n")[2] if moment else ""
    if not (cable or moment or values):
        return NO_PAGE
    return labels.page(
        {
            "cable": cable,
            "created": moment[1] if moment else values.get("Draft Date") or values.get("Date"),
            "classification": values.get("Original Classification"),
            "origin": values.get("From"),
        },
        "minute",
        above,
    )
