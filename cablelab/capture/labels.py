"""What pages say about a cable, in labelled lines or in a row of labels above a row of values."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cablelab.capture.base import Page
from cablelab.capture.dates import page_date, published
from cablelab.terms import LEVEL

CABLE_ID = (
    r"(?:19|20)?\d{2}[A-Z][A-Z\d-]{1,60}"  # malformed ones are common: a section, an office, a doubled year in it
)
DATE = r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d)?)?"
LEVELS = f"(?:{LEVEL}|RESTRICTED)"
HANDLING = r"(?:FOR OFFICIAL USE ONLY|FOUO|SBU|NOFORN|NODIS|EXDIS|LIMDIS|ORCON)"
CLASSIFICATION = rf"{LEVELS}(?:\s?(?://|,|/)\s?{HANDLING}){{0,3}}"
BETWEEN = r"[\s|]{1,20}"


def row(labels: Sequence[str]) -> re.Pattern[str]:
    """Compile what finds `labels` in a row and their values in a row below, beside, or one to a line.

    The labels may be Reference ID or Identifier, Created, Released, Classification and Origin; the values come as
    groups `cable`, `created`, `released`, `classification` and `origin`. The lines may have been joined to one.
    """
    values = {
        "Created": rf"(?P<created>{DATE})",
        "Released": rf"(?P<released>{DATE})",
        "Classification": rf"(?P<classification>{CLASSIFICATION})",
        "Origin": r"(?P<origin>[^\s|][^\n|]{1,59}?)(?=[ \t]{0,60}(?:\n|\||$|Cable title:|VZCZC|Tags:))",
    }
    head = r"[\s|:]{1,20}".join(re.escape(label) for label in labels)
    cells = BETWEEN.join(values.get(label, rf"(?P<cable>{CABLE_ID})") for label in labels)
    return re.compile(rf"{head}[\s|:-]{{1,60}}{cells}")


def lines(text: str, names: Sequence[str], at: int = 0, stop: int | None = None) -> dict[str, tuple[str, int]]:
    r"""Read `Name: value` lines; the value may stand on the line below, and a run of names above a run of values.

    Parameters
    ----------
    text
        The page's text.
    names
        Labels as the page writes them.
    at, stop
        Offsets between which they are looked for.

    Returns
    -------
    For each name that was found its first value, on one line, and the offset behind it.

    Examples
    --------
    >>> lines("Origin: Embassy Port Kestrel\nCreated\n2006-05-01", ["Origin", "Created"])
    {'Origin': ('Embassy Port Kestrel', 28), 'Created': ('2006-05-01', 47)}
    """
    label = re.compile(rf"[ \t|*]*({'|'.join(map(re.escape, names))})[ \t]*(:|\||\t|$)[ \t|]*(.*)")
    found: dict[str, tuple[str, int]] = {}
    waiting: list[str] = []
    stop = len(text) if stop is None else stop
    while at < stop:
        ends = text.find("\n", at, stop)
        ends = stop if ends < 0 else ends
        line = text[at:ends].strip(" \t|")
        if match := label.fullmatch(line):
            if match[3]:
                found.setdefault(match[1], (match[3].strip(), ends))
                waiting.clear()
            else:
                waiting.append(match[1])
        elif line and waiting:
            found.setdefault(waiting.pop(0), (line, ends))
        at = ends + 1
    return found


def page(values: dict[str, str | None], created_to: str, title: str | None = None) -> Page:
    """Build a page from the groups of `row`, trimmed; `created_to` is kept unless the date has no time."""
    created = page_date(values.get("created") or "")
    released = published(values.get("released") or "")
    classification = values.get("classification")
    origin = values.get("origin")
    return Page(
        cable=(values.get("cable") or "").strip() or None,
        created=created,
        created_to=created_to if created and (created.hour or created.minute) else "day",
        released=released,
        classification=re.sub(r"\s?(//|,)\s?", "//", classification.strip()) if classification else None,
        origin=" ".join(origin.split()) if origin and origin.strip() else None,
        title=" ".join(title.split()) or None if title else None,
    )
