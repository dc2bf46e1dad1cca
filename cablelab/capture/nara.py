"""Telegrams of 1973-79 as the National Archives give them: `Message Text`, the telegram, `Message Attributes`; one record or several.

The text keeps all of a record. The message's bounds are the two headings; the attributes are read into the page and set aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from cablelab.capture import attributes, labels, telegram
from cablelab.capture.base import NO_PAGE, Capture, Origin, Page, Problem, Unreadable
from cablelab.capture.dates import page_date
from cablelab.capture.furniture import REVIEW, reviews

MARKER = re.compile(r"^[ \t]*+Message (Text|Attributes)[ \t]*+:?[ \t]*+$", re.MULTILINE | re.IGNORECASE)
FIRST_KEY = re.compile(
    r"^[ \t]*(?:Automatic Decaptioning|Capture Date|Document Number|Draft Date)[ \t]*:", re.MULTILINE
)
ONE_LINE = "All lines of the telegram stand on one: its paragraphs cannot be told. Read the archive's own text of it."
NO_TEXT = re.compile(r"TELEGRAM TEXT FOR THIS MRN IS UNAVAILABLE|ERROR READING TEXT INDEX|EXPAND ERROR ENCOUNTERED")
# what a machine made of a page when it read all its lines as one
FLAT = re.compile(
    rf"(?:Message Text|\b(?P<level>{labels.LEVELS}))[ \t]+(?:(?P<level2>{labels.LEVELS})[ \t]+)?PAGE 0?1[ \t]+"
    r"(?P<post>[A-Z][A-Z ]{1,8}?)[ \t]+(?P<number>\d{4,6})\b"
)
BANNER = re.compile(r"^[ \t]*PAGE 0?1\s+(?P<post>[A-Z][A-Z ]{1,8}?)\s+(?P<number>\d{4,6})\b", re.MULTILINE)
FIRST_PAGE = re.compile(rf"^[ \t]*+(?:{labels.LEVELS}[ \t]*+\n\s{{0,40}})?{BANNER.pattern[1:]}", re.MULTILINE)
GROUP = re.compile(r"\b\d{6} ?Z [A-Z]{3} (7\d)\b")
NUMBER = re.compile(r"(?:19)?7\d[A-Z]")


def detect(text: str) -> bool:
    """Say whether `text` holds a record's attributes, or its text under the archive's heading."""
    if ("Message Attributes" in text or "MESSAGE ATTRIBUTES" in text) and MARKER.search(text):
        return True
    if FLAT.search(text, 0, 600) and text.count("\n") * 400 < len(text):
        return True
    if "Message Text" in text or "MESSAGE TEXT" in text[:2_000]:
        marker = MARKER.search(text, 0, 2_000)
        return marker is not None and "PAGE 0" in text[marker.end() : marker.end() + 400]
    return "Document Number:" in text and "Film Number:" in text and "Capture Date:" in text[:4_000]


def read(text: str, origin: Origin) -> Iterator[Capture | Unreadable]:
    """Yield the telegram of each record, `name#N` if there are several; what is no telegram is `Unreadable`."""
    if (flat := FLAT.search(text, 0, 600)) and text.count("\n") * 400 < len(text):
        year = GROUP.search(text, flat.end())
        cable = f"19{year[1]}{flat['post'].replace(' ', '')}{int(flat['number'])}" if year else None
        page = Page(
            cable,
            classification=flat["level2"] or flat["level"],
            created=page_date(_day(year)) if year else None,
            created_to="minute",
        )
        yield origin.capture(text, "nara", page, problems=(("one-line", None, ONE_LINE),))
        return
    records = list(_records(text))
    for number, (start, end, opens, closes) in enumerate(records, 1):
        numbered = replace(origin, source=f"{origin.source}#{number}") if len(records) > 1 else origin
        yield record(text[start:end], numbered, opens - start, closes - start)


def _day(group: re.Match[str]) -> str:
    """Write a date-time group as a date."""
    day, time, month, year = group[0][:2], f"{group[0][2:4]}:{group[0][4:6]}", group[0].split()[-2], group[1]
    return f"{day} {month} 19{year} {time}"


def _records(text: str) -> Iterator[tuple[int, int, int, int]]:
    """Give for each record where it begins and ends, and where its message does."""
    markers = [(marker[1].title() == "Text", marker.start(), marker.end()) for marker in MARKER.finditer(text)]
    if all(is_text for is_text, *_ in markers) and (first := FIRST_KEY.search(text)):
        yield 0, len(text), first.start(), first.start()
        return
    headed = any(is_text for is_text, *_ in markers)
    at = 0
    for number, (is_text, start, end) in enumerate(markers):
        after_text = number > 0 and markers[number - 1][0]
        follows = markers[number + 1] if number + 1 < len(markers) else None
        stop = _next(text, end, follows, headed) if follows else len(text)
        if is_text:
            if follows is None or follows[0]:  # its attributes are lost
                yield at, stop, end, stop
                at = stop
            continue
        # without its heading a telegram stands above its attributes all the same
        opens = markers[number - 1][2] if after_text else start if headed else at
        yield at, stop, opens, start
        at = stop


def _next(text: str, at: int, follows: tuple[bool, int, int], headed: bool) -> int:
    """Find where the record behind one's attributes begins: above its heading, or where no heading stands at its first page."""
    top = None if headed else FIRST_PAGE.search(text, at, follows[1])
    return top.start() if top else _above(text, follows[1])


def _above(text: str, at: int) -> int:
    """Step back over a stamp that stands above a record's heading."""
    before = text[max(0, at - 400) : at]
    stamps = [start for start, end in reviews(before) if not before[end:].strip()]
    # of two that follow each other, the first belongs to the markings of the record above
    return at - len(before) + stamps[-1] if stamps and "Markings" not in before[stamps[-1] - 20 :] else at


def record(text: str, origin: Origin, opens: int, closes: int, form: str = "nara") -> Capture | Unreadable:
    """Build the capture of one record whose message lies between `opens` and `closes`, its attributes behind."""
    values = attributes.read(text[closes:])
    page = attributes.page_of(values)
    kind = values.get("Type", "TE").strip().upper()
    if kind not in {"TE", "TELEGRAM", "CABLE"} or (page.cable and not NUMBER.match(page.cable) and page.film_number):
        what = f"an index entry of type {kind}, film number {page.film_number or 'none'}"
        return origin.unreadable(
            "not-a-telegram", f"The record is {what}: a paper document, not a telegram. Leave it out."
        )
    problems = list(odd(page))
    asides = [(closes, len(text), "attributes")] if text[closes:].strip() else []
    body = text[opens:closes]
    if NO_TEXT.search(body) or not _unstamped(body).strip():
        problems.append(
            ("no-text", None, "The record holds no text of the telegram: the row says what its attributes say.")
        )
        return origin.capture(
            text, form, replace(page, text_held=False), closes, closes, tuple(problems), tuple(asides)
        )  # fmt: skip
    return origin.capture(text, form, drafted(page, body), opens, closes, tuple(problems), tuple(asides))


def _unstamped(body: str) -> str:
    """Give a record's text without stamps; only a short one is asked whether it holds anything else."""
    if len(body) > 2_000 or REVIEW.search(body) is None:
        return body
    spans = [(0, 0), *reviews(body), (len(body), len(body))]
    return "".join(body[end:start] for (_, end), (start, _) in pairwise(spans))


def drafted(page: Page, body: str) -> Page:
    """Take from the telegram's head its number, its office, and who drafted and approved it, where the attributes do not tell."""
    opens = telegram.OPENS.search(body)
    if opens is None and page is NO_PAGE:
        return page
    drafter, approver = telegram.drafting(body)
    number = page.document_number
    if number is None and opens and (banner := BANNER.search(body)) and (group := GROUP.search(body, opens.end())):
        number = f"19{group[1]}{banner['post'].replace(' ', '')}{banner['number']}"
    return replace(
        page,
        document_number=number,
        office=page.office or (attributes.office(opens[0].partition("-")[0]) if opens else None),
        drafted_by=page.drafted_by or drafter,
        approved_by=approver,
    )


def odd(page: Page) -> Iterator[Problem]:
    """Say where a record contradicts itself: the year of its film or of its draft against its number."""
    number = re.match(r"(?:19)?(7\d)", page.document_number or "")
    if number is None:
        return
    film = re.match(r"[A-Z](\d\d)", page.film_number or "")
    years = {"film": film[1] if film else None, "draft": str(page.created.year)[2:] if page.created else None}
    for what, year in years.items():
        if year is not None and abs(int(year) - int(number[1])) > 1:
            yield (
                "alien-record",
                "year",
                f"The document number is of 19{number[1]}, the {what} of 19{year}: one of them is wrong; look at the record.",
            )
