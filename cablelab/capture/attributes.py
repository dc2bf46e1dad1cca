"""What an archive's record says of a telegram of 1973-79: `Key: value` lines under `Message Attributes`, or the same on a page.

Values may be wrapped to the first column and may hold blank lines; never are they part of the message.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import zip_longest

from cablelab.capture.base import Page
from cablelab.capture.dates import page_date
from cablelab.facts import post_code
from cablelab.terms import LEVEL

KEYS = (
    "Automatic Decaptioning", "Capture Date", "Channel Indicators", "Current Classification", "Current Handling Restrictions",
    "Concepts", "Control Number", "Copy", "Draft Date", "Sent Date", "Decaption Date", "Decaption Note",
    "Disposition [A-Z][A-Za-z ]{2,20}", "Document Number", "Document Source", "Document Unique ID", "Drafter", "Enclosure",
    "Executive Order", "Errors", "Expiration", "Film Number", "Format", "From", "Handling Restrictions", "Image Path", "ISecure",
    "Legacy Key", "Line Count", "Litigation [A-Z][A-Za-z ]{2,20}", "Locator", "Message ID", "Office", "Original [A-Z][A-Za-z ]{5,40}",
    "Page Count", "Previous [A-Z][A-Za-z ]{5,40}", "Reference", r"Retention", "Review [A-Z][A-Za-z ]{2,30}", "SAS ID", "Secure",
    "Status", "Subject", "TAGS", "To", "Type", "vdkvgwkey", "Markings",
)  # fmt: skip
LINE = re.compile(rf"^[ \t]*({'|'.join(KEYS)})[ \t]*:[ \t]*(.*)$", re.MULTILINE)
BLANK = re.compile(r"\s*+(?:n/?a|null|none|-- ?.{0,20} ?--|\(blank\))?\s*+", re.IGNORECASE)
FILM = re.compile(r"[A-Z]\d{6}-\d{4}")
STAMP = re.compile(r"EO\s+Systematic\s+Review\s+(\d{1,2}\s+[A-Za-z]{3,9}\s+\d{4})")
CAPTIONS = re.compile(r"\b(?:EXDIS|NODIS|LIMDIS|STADIS|NOFORN|CHEROKEE|ROGER CHANNEL|EYES ONLY|ONLY)\b")
CITED = re.compile(r"(?:(?<=\s)|(?<=^)|(?<=[,;(]))(7\d)\s*([A-Z][A-Z .'-]{1,30}?)\s*(\d{1,6})\b")
THEN = 1976  # a year in which the names of posts are those of the records
NEVER = 1960  # the year of `01 JAN 1960`, which stands for no date


def read(text: str) -> dict[str, str]:
    r"""Read attributes; of a key that comes twice the first that holds anything counts.

    >>> read(" Draft Date: 03 JAN 1975\n Subject: PILOTAGE\nFEES\n Film Number: n/a")
    {'Draft Date': '03 JAN 1975', 'Subject': 'PILOTAGE FEES'}
    """
    found = list(LINE.finditer(text))
    values: dict[str, str] = {}
    for line, following in zip_longest(found, found[1:]):
        value = re.sub(
            r"(?<!\s)\s*\n\s*", " ", text[line.start(2) : following.start() if following else len(text)].strip()
        )
        if not BLANK.fullmatch(value):
            values.setdefault(line[1], value)
    return values


def page_of(values: Mapping[str, str]) -> Page:
    """Build the page of a telegram from its attributes; values that say nothing are left out.

    >>> page = page_of({"Document Number": "1975OSLO00123", "Sent Date": "01-Jan-1975 12:00:00 am", "Office": "ACTION EUR"})
    >>> page.cable, str(page.created), page.created_to, page.office
    ('1975OSLO00123', '1975-01-01 00:00:00', 'day', 'EUR')
    """
    values = {name: value.strip() for name, value in values.items() if not BLANK.fullmatch(value)}
    number = values.get("Document Number", "").replace(" ", "").upper()
    created = page_date(values.get("Draft Date") or values.get("Sent Date") or "")
    if created and created.year <= NEVER:
        created = None
    level = re.fullmatch(LEVEL, values.get("Original Classification", "").upper())
    stamp = STAMP.search(values.get("Markings", "") or values.get("Review Markings", ""))
    film = FILM.search(values.get("Film Number", ""))
    restrictions = " ".join(
        values.get(f"{which}Handling Restrictions", "")
        for which in ("Original ", "Previous ", "Original Previous ", "")
    )
    return Page(
        cable=number or None,
        created=created.replace(hour=0, minute=0) if created else None,
        created_to="day",
        released=page_date(stamp[1]) if stamp else None,
        classification=level[0] if level else None,
        origin=values.get("From"),
        title=values.get("Subject"),
        document_number=number or None,
        film_number=film[0] if film else None,
        office=office(values.get("Office", "")),
        drafted_by=values.get("Drafter"),
        concepts=listed(values.get("Concepts", "")),
        tags=tags(values.get("TAGS", "")),
        captions=tuple(dict.fromkeys(CAPTIONS.findall(restrictions.upper()))),
        executive_order=values.get("Executive Order"),
        references=tuple(f"{year}{re.sub(r'[^A-Z]', '', post)}{int(number)}"
                         for year, post, number in CITED.findall(values.get("Reference", "").upper())),
        to=posts(values.get("To", "")),
    )  # fmt: skip


def office(written: str) -> str | None:
    """Give the office of action or origin without the word, its copies and its name.

    >>> office("ACTION EUR - Bureau of European Affairs"), office("ORIGIN EB-11"), office("n/a")
    ('EUR', 'EB', None)
    """
    found = re.match(r"\s*+(?:ACTION|ORIGIN)?\s*+([A-Z]{1,6}(?:/[A-Z]{1,6})*)\b(?!/)", written)
    return found[1] if found else None


def tags(written: str) -> tuple[str, ...]:
    """Give the codes of a TAGS line as lists write them, with or without their meanings; persons stay one entry.

    >>> tags("CY - Cyprus | EEC - European Economic Community | MBFR"), tags("OVIP (TARN, EDWARD Q), PFOR XF")
    (('CY', 'EEC', 'MBFR'), ('OVIP', 'TARN, EDWARD Q', 'PFOR', 'XF'))
    """
    if "|" in written or " - " in written:
        return tuple(code for part in written.split("|") if (code := part.partition(" - ")[0].strip().upper()))
    found = re.findall(r"\(([^()]{2,60})\)|([A-Z0-9-]{2,30})\b", written.upper())
    return tuple(dict.fromkeys(person.strip() or code for person, code in found))


def posts(written: str) -> tuple[str, ...]:
    """Part the posts of a To line: by runs of blanks or commas; where one blank parts them, by what is known as a post."""
    parts = [part for part in re.split(r"\s{2,}|[,;|]\s*", written.strip()) if part]
    if len(parts) != 1 or " " not in parts[0] or post_code(parts[0], THEN):
        return tuple(parts)
    words, found = parts[0].split(), []
    while words:
        size = next((n for n in range(min(4, len(words)), 0, -1) if post_code(" ".join(words[:n]), THEN)), 1)
        found.append(" ".join(words[:size]))
        del words[:size]
    return tuple(found)


def listed(written: str) -> tuple[str, ...]:
    """Part a list at its commas or bars.

    >>> listed("PORTS, FEES")
    ('PORTS', 'FEES')
    """
    return tuple(filter(None, (part.strip() for part in re.split(r"[,|]", written))))
