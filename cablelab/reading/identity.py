"""Which cable a copy is: its id from the page, the message or the file name, and when it was sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cablelab.capture.base import Capture, Page
from cablelab.facts import post_code
from cablelab.ids import Id, read
from cablelab.message import Message


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
    reached: int | None = (
        None  # what its post had counted up to: its number, or the DE line's where the class line lost digits
    )
    problems: tuple[tuple[str, str | None, str], ...] = ()


def _to(when: datetime | None, trusted: str) -> datetime | None:
    """Cut a page's date to what can be trusted of it: pages print hours, but their minutes repeat the hour."""
    if when is None or trusted == "minute":
        return when
    return when.replace(minute=0, second=0) if trusted == "hour" else when.replace(hour=0, minute=0, second=0)


_DAY = timedelta(days=1)
SIX_LETTERS_UNTIL = 1980


def _differ(group: datetime, other: str, when: datetime) -> str:
    return f"the date-time group says {group:%Y-%m-%d %H:%M}, {other} {when:%Y-%m-%d %H:%M}; read the source"


def _by_name(stem: str | None) -> Id | None:
    """Read an id from a file's name; words that are set apart must name a post that is known (`2010-annual-report-12` is no id)."""
    found = read(stem)
    if found is None or stem is None or found.post in stem.upper() or post_code(found.post) is not None:
        return found
    return None


def _known(found: Id | None) -> Id | None:
    """Write a telegram's id of 1973-79 with the post's own code: archives cut it to six letters."""
    if found is None or found.year >= SIX_LETTERS_UNTIL:
        return found
    return Id(found.year, post_code(found.post, found.year) or found.post, found.number)


def year_of(page: Page) -> int | None:
    """Tell the year that a page gives its cable, by its date or its id.

    >>> year_of(Page(cable="1975JAKART09902")), year_of(Page())
    (1975, None)
    """
    if page.created is not None:
        return page.created.year
    found = read(page.cable) if page.cable else None
    return found.year if found else None


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
    on_page = _known(read(page.cable))
    if page.cable and (on_page is None or (str(on_page) != page.cable.strip() and page.document_number is None)):
        problems.append(
            ("malformed-id", "cable", f"the page gives the id {page.cable[:60]!r}, which is not of the usual form")
        )
    year = on_page.year if on_page else None
    if when is not None:
        year = year if year is not None and abs(year - when.year) <= 1 else when.year
    own_id = Id(year, message.post, message.number) if message.post and message.number and year is not None else None
    if on_page is not None and when is not None and abs(on_page.year - when.year) > 1:
        problems.append(
            ("dates-differ", "year", f"the id {on_page} is not of the year {when.year} in which the message was sent")
        )
    if on_page is not None and own_id is not None and on_page != own_id:
        problems.append(("ids-differ", "cable", f"the page gives the id {on_page}, the message {own_id}"))
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
        named, source_of_id = own_id, "message"
    if named is None:
        by_file = _by_name(capture.stem)
        if by_file is not None and (message.number in {None, by_file.number}):
            named, source_of_id = by_file, "filename"
    if named is None:
        post = message.post
        if post is None and capture.format == "airgram" and page.origin:
            post = post_code(page.origin, year)
        return Identity(None, "none", None, post, message.number, year, when, source, message.number, tuple(problems))
    post = post_code(named.post, named.year) or named.post
    return Identity(
        named,
        source_of_id,
        str(own_id) if own_id else None,
        post,
        named.number,
        named.year,
        when,
        source,
        max(named.number, message.serial or 0),
        tuple(problems),
    )
