"""Which cable a copy is: its id from the page, the message or the file name, and when it was sent.

Ids follow the field's habit: two-digit year, post, number without leading zeros (`07ASTANA3256`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from cablelab.capture.base import Capture
from cablelab.facts import post_code
from cablelab.message import Message
from cablelab.message.grammar import full_year

_ID = re.compile(r"(\d{4}|\d{2})[ _-]?([A-Z]{3,20})[ _-]?0*(\d{1,7})(?:_[A-E])?")
# Ids that were cut from a classification line wrongly: the section, EFTO or the office's kind got into them, or a suffix after the number.
_DEBRIS = re.compile(
    r"(?:S[A-Z]{0,7}TIO?N?\d{1,2}OF\d{1,2}|[A-Z]*ECTION\d{0,2}O?F?\d{0,2}|E?EFTO|FOUO|NOFORN|AMEMBASSY|AMCONSUL|USMISSION(?=[A-Z]{3}))"
)
_SUFFIX = re.compile(r"(?<=\d)(?:Z[DF][A-Z].*|SUSPECTEDDUPLICATE.*|TOSEC\d+)$")


@dataclass(frozen=True, slots=True)
class Id:
    """A message reference number: year with four digits, post code, number."""

    year: int
    post: str
    number: int

    def __str__(self) -> str:
        return f"{self.year % 100:02d}{self.post}{self.number}"


def read_id(text: str | None) -> Id | None:
    """Read an id as pages, tables and file names write it; mend the known kinds of damage.

    Examples
    --------
    >>> str(read_id("07ASTANA3256")), str(read_id("2007ASTANA03256_a"))
    ('07ASTANA3256', '07ASTANA3256')
    >>> str(read_id("08SECTION01OF03CAIRO1416")), str(read_id("09EFTOLONDON2521")), read_id("092OF5")
    ('08CAIRO1416', '09LONDON2521', None)
    """
    if not text:
        return None
    word = text.strip().upper().replace(" ", "")
    found = _ID.fullmatch(word)
    if found is None or _DEBRIS.match(found[2]):
        digits = re.match(r"(?:\d{4}(?=\D)|\d\d)", word)
        rest = _SUFFIX.sub("", _DEBRIS.sub("", word[digits.end() :])) if digits else ""
        found = _ID.fullmatch(word[: digits.end()] + rest) if digits else None
        if found is None:
            return None
    year = int(found[1]) if len(found[1]) == 4 else full_year(int(found[1]))
    number = int(found[3])
    return Id(year, found[2], number) if number and 1900 <= year <= 2100 else None


@dataclass(frozen=True, slots=True)
class Identity:
    """What can be told of one copy before other cables are asked."""

    id: Id | None
    cable_from: str
    message_id: str | None
    post: str | None
    number: int | None
    year: int | None
    sent: datetime | None
    sent_from: str
    problems: tuple[tuple[str, str | None, str], ...] = ()


def _to(when: datetime | None, trusted: str) -> datetime | None:
    """Cut a page's date to what can be trusted of it: pages print hours, but their minutes repeat the hour."""
    if when is None or trusted == "minute":
        return when
    return when.replace(minute=0, second=0) if trusted == "hour" else when.replace(hour=0, minute=0, second=0)


_DAY = timedelta(days=1)


def _differ(group: datetime, other: str, when: datetime) -> str:
    return f"the date-time group says {group:%Y-%m-%d %H:%M}, {other} {when:%Y-%m-%d %H:%M}; read the source"


def identify(capture: Capture, message: Message, sent: datetime | None = None) -> Identity:
    """Decide which cable a copy is and when it was sent, from the copy alone.

    The page's id comes first, then the message's own with the year of its date, then the file name's. Of two dates that contradict
    each other by more than a month or in the year the date-time group gives way to the page. `sent` is asked only where neither
    tells.
    """
    page = capture.page
    problems: list[tuple[str, str | None, str]] = []
    given = _to(page.created, page.created_to)
    when, source = message.dtg, "dtg"
    if when is None:
        when = given or sent
        source = "page" if when else "none"
    elif given is not None and abs(when - given) > _DAY:
        problems.append(("dates-differ", "sent", _differ(when, "the page", given)))
        if when.year != given.year or abs(when - given) > 31 * _DAY:
            when, source = given, "page"
    elif given is None and sent is not None and sent.year != when.year:
        problems.append(("dates-differ", "sent", _differ(when, "the date passed in", sent)))
    on_page = read_id(page.cable)
    if page.cable and (on_page is None or str(on_page) != page.cable.strip()):
        problems.append(
            ("malformed-id", "cable", f"the page gives the id {page.cable[:60]!r}, which is not of the usual form")
        )
    year = on_page.year if on_page else None
    if when is not None:
        year = year if year is not None and abs(year - when.year) <= 1 else when.year
    own = Id(year, message.post, message.number) if message.post and message.number and year is not None else None
    if on_page is not None and when is not None and abs(on_page.year - when.year) > 1:
        problems.append(
            ("dates-differ", "year", f"the id {on_page} is not of the year {when.year} in which the message was sent")
        )
    if on_page is not None and own is not None and on_page != own:
        problems.append(("ids-differ", "cable", f"the page gives the id {on_page}, the message {own}"))
    if message.serial is not None and message.number is not None and message.serial % 10_000 != message.number % 10_000:
        problems.append(
            (
                "serials-differ",
                "number",
                f"the DE line gives the serial {message.serial}, the classification line {message.number}",
            )
        )
    named, source_of_id = on_page, "page"
    if named is None:
        named, source_of_id = own, "message"
    if named is None:
        by_file = read_id(capture.stem)
        if by_file is not None and (message.number in {None, by_file.number}):
            named, source_of_id = by_file, "filename"
    if named is None:
        return Identity(None, "none", None, message.post, message.number, year, when, source, tuple(problems))
    post = post_code(named.post) or named.post
    return Identity(
        named, source_of_id, str(own) if own else None, post, named.number, named.year, when, source, tuple(problems)
    )
