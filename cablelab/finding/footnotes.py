"""Citations in a page of notes: where each stands and what it says, before any corpus is asked.

Shapes, from some nine thousand notes of printed documentary volumes and from scholars' own notes: `telegram N from POST, date`, `telegram N to
POST, date`, `POST telegram N`, `Telegram N, SENDER to POST, date`, `SENDER to POST, Telegram N, date, film`, `Telegram, PERSON to PERSON, date`,
`Embtel N`, `POST N OF YEAR`, message ids whole or broken at a line's end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from cablelab import facts
from cablelab.finding.offices import DEPARTMENT, Party, party, post_named
from cablelab.ids import full_year

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<{0}>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_DATE = re.compile(
    rf"\b(?:{_MONTH.format('m1')}[ ]+(?P<d1>\d{{1,2}})(?!\d)(?:,?[ ]+(?P<y1>(?:19|20)\d\d|[’'][67]\d)\b)?"
    rf"|(?P<d2>\d{{1,2}})[ ]+{_MONTH.format('m2')},?(?:[ ]+(?P<y2>(?:19|20)\d\d|[’']?[67]\d)\b)?"
    rf"|{_MONTH.format('m3')},?[ ]+(?P<y3>(?:19|20)\d\d)\b"
    r"|(?P<y4>(?:19|20)\d\d)-(?P<m4>\d\d)-(?P<d4>\d\d)\b)",
)
_FILM = re.compile(r"\b([DPN](\d\d)\d{4}[-–]\d{4})\b")
_ID = re.compile(  # a post may be broken at a line's end
    r"\b(?P<year>(?:19|20)\d\d|\d\d)(?P<gap>[ ]?)"
    r"(?P<post>[A-Z](?:[A-Z]|[-‐\u00ad][ ]?\n?[ ]?(?=[A-Z])|[ ](?=[A-Z]{3})){2,19})"
    r"[ ]?-?0*(?P<number>\d{1,7})(?:_[a-e])?\b"
)
_ANCHOR = re.compile(
    r"\b(?P<word>[Tt]elegrams?|TELEGRAM|[Tt]els?\b\.?|[Cc]ables?|(?P<own>[Ee]mb|[Dd]ep|[Cc]on|[Ll]eg)(?:tels?|airgram)|[Aa]irgrams?|[Dd]espatch(?:es)?)(?![a-z])"
)
_NUMBERS = re.compile(
    r"[,:]?\s{0,2}(?:[Nn]os?\.?\s?|[Nn]umbers?\s|#)?(?P<numbers>(?:A-)?\d{1,3}(?:,\d{3})\b|(?:A-)?\d{1,6}\b)(?P<more>(?:(?:,\s|,?\sand\s|\s?&\s?)\d{2,6}\b(?!,?\s(?:19|20)\d\d))*)"
)
_LATE = re.compile(
    r"\b[Nn](?:o|umber|r)\.?\s(\d{1,3},\d{3}|\d{2,6})\b"
)  # a document's heading gives the number behind its date
_ONE = re.compile(r"\d{1,3},\d{3}|\d+")
_SERIES = re.compile(r"\b(?:Secto|Tosec|Hakto|Tohak|SECTO|TOSEC|HAKTO|TOHAK|Cedto|Polto|Topol|Usmsg)\s+\d+")
_LINK = re.compile(r"[,;]?\s(?P<link>from|to)\s", re.IGNORECASE)
_OF_DAY = re.compile(r"(?:,? of|,)\s[^,;\n]{3,12}(?:,\s\d{4})?")
_PAIR = re.compile(
    r"[,;:]?\s{0,2}(?P<sender>[^,;:\n\d]{2,50}?(?:\([^)\n]{1,40}\))?)\s+to\s+(?P<to>[A-Z](?:[^;:\n\d“\"]{1,60}))"
)
_PAIR_BEFORE = re.compile(
    r"(?:^|[.;]\s|\b(?:See|see|and)\s)(?P<sender>[A-Z][^,;:.\d]{2,50}?)\s+to\s+(?P<to>[A-Z][^;:.\d]{2,50}?),\s*$"
)
_TO_BEFORE = re.compile(r"\bto\s+(?P<places>[A-Z][^;:.\d]{2,90}?)\s+(?:in|by|as)\s*$")
_POST_BEFORE = re.compile(r"(?P<place>(?:[A-Z][\w.’']*\s+){0,3}[A-Z][\w’']*\s+)$")
_BARE = re.compile(
    r"\b(?P<post>[A-Z][A-Za-z.’']+(?:\s[A-Za-z.’']+){0,3}?)(?:[’']s)?\s+(?P<number>\d{2,6})(?:,?\s+(?:OF|of)\s+(?P<of>(?:19|20)\d\d)|(?P<dated>,\s+))"
)
_STOP = re.compile(
    r"\n[ \t]*\n|\n(?=[ \t]*\d{1,3}[.)]\s)|\.\s+(?=[A-Z(“\"]|\d{1,3}[.)]\s)|;"
)  # a sentence's end, or the next note's number
_AT = r"(?:Embassy|Consulate(?: General)?|Legation|Mission) (?:in|at|to) (?:the )?"
_CONTEXT = re.compile(
    rf"\b(?:{_AT}(?P<where>[A-Z][A-Za-z .'’]{{1,40}}?) to (?:the )?Department"
    rf"|Department(?: of State)? to (?:the )?{_AT}(?P<into>[A-Z][A-Za-z .'’]{{1,40}}?)(?=[.,;\n]|$))"
)
_SHORT = re.compile(
    r"\b(?:[A-Z]|Nos?|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|St|Amb|al|Dept|U\.S)$"
)  # a stop behind these ends no sentence


@dataclass(frozen=True, slots=True)
class Day:
    """A day as printed; what is not printed is None."""

    month: int
    day: int | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Cited:
    """One citation: its place in the notes and what it says; `year` is the year of the telegram where the citation itself tells it."""

    start: int
    end: int
    sender: Party = field(default_factory=Party)
    to: Party = field(default_factory=Party)
    number: int | None = None
    on: Day | None = None
    year: int | None = None
    year_from: str | None = None
    film: str | None = None
    kind: str = "telegram"


def days_in(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int, Day]]:
    """Yield the dates in a text with their places.

    Examples
    --------
    >>> [day for _, _, day in days_in("on July 23, 1975, and 5 May; Dec 2002")]
    [Day(month=7, day=23, year=1975), Day(month=5, day=5, year=None), Day(month=12, day=None, year=2002)]
    """
    for found in _DATE.finditer(text, start, len(text) if end is None else end):
        words = found.groupdict()
        month = next(words[m] for m in ("m1", "m2", "m3", "m4") if words[m])
        number = int(month) if month.isdigit() else MONTHS.index(month[:3].lower()) + 1
        day = next((int(words[d]) for d in ("d1", "d2", "d4") if words[d]), None)
        written = next((words[y] for y in ("y1", "y2", "y3", "y4") if words[y]), "").lstrip("’'")
        year = full_year(int(written)) if written else None
        if 1 <= number <= 12 and (day is None or 1 <= day <= 31):
            yield found.start(), found.end(), Day(number, day, year)


def citations(text: str, year: int | None = None) -> list[Cited]:
    """Find the citations of telegrams in notes, in their order.

    Parameters
    ----------
    text
        One note or a page of them.
    year
        The year of the document that the notes belong to; it serves where a note tells none, and is told apart in `year_from`.

    Returns
    -------
    list of Cited; `year_from` is `printed`, `film`, `before` (an earlier date of the same sentence), `document` or None.

    Examples
    --------
    >>> [(c.sender.post, c.number, c.year, c.year_from) for c in citations("telegram 12453 from Athens, November 22, 1976")]
    [('ATHENS', 12453, 1976, 'printed')]
    """
    found = [*_ids(text)]
    taken = [(c.start, c.end) for c in found]
    anchors = [a for a in _ANCHOR.finditer(text) if not _inside(a.start(), taken)]
    last = 0
    for place, anchor in enumerate(anchors):
        limit = anchors[place + 1].start() if place + 1 < len(anchors) else len(text)
        limit = min([limit, *(a for a, _ in taken if a > anchor.start())])
        made = _at(text, anchor, last, limit, year)
        found += made
        last = max([last, *(c.end for c in made)])
    taken = [(c.start, c.end) for c in found]
    found += [c for c in _bare(text, year) if not _inside(c.start, taken) and not _inside(c.end - 1, taken)]
    return sorted(found, key=lambda c: (c.start, c.number or 0))


def _inside(place: int, spans: list[tuple[int, int]]) -> bool:
    return any(a <= place < b for a, b in spans)


def _ids(text: str) -> Iterator[Cited]:
    for found in _ID.finditer(text):
        digits = found["year"]
        full = full_year(int(digits))
        code = facts.post_code(re.sub(r"[^A-Z]", "", found["post"]), full)
        # `24 STATE 12`: a day before a post is no year, `09 KABUL 12` is one
        a_day = bool(found["gap"]) and len(digits) == 2 and "10" <= digits <= "31"
        if code is None or a_day or not 1960 <= full <= 2015:
            continue
        yield Cited(
            found.start(), found.end(), Party(code), number=int(found["number"]), year=full, year_from="printed"
        )


def _at(text: str, anchor: re.Match[str], last: int, limit: int, document: int | None) -> list[Cited]:
    """Read the citation at the word telegram, cable, Embtel ...: `last` ends the one before it, `limit` begins the next."""
    after = anchor.end()
    stop = _sentence_end(text, after, limit)
    numbers = _NUMBERS.match(text, after)
    kind = (
        "despatch"
        if anchor["word"].lower().startswith("desp")
        else "airgram"
        if "airgram" in anchor["word"].lower()
        else "telegram"
    )
    values = _values(numbers) if numbers else []
    head = numbers.end() if numbers else after
    if not values and _SERIES.match(text[after:].lstrip()):
        return []
    if not values and (late := _LATE.search(text, head, limit)):
        values, stop = [int(late[1].replace(",", ""))], max(stop, late.end())
    on, end = _date_after(text, head, stop)
    film = _FILM.search(text, head, limit)
    year, source = _year(text, on, film, anchor.start(), last, document)
    sender, to, reach = _parties(text, anchor, last, head, stop, year, bool(values))
    if (not values and not (sender or to)) or (not values and on is None):
        return []
    first = anchor.start()
    if anchor["own"]:
        sender, to = _own(text, anchor, sender, to, year)
    if sender.post is None and to.post and sender.person is None and to.post != DEPARTMENT and values:
        sender = Party(DEPARTMENT)
    end = max(head, reach, end)
    if film and film.end() <= limit:
        end = max(end, film.end())
    numbers_or_none: list[int | None] = [*values] or [None]
    return [
        Cited(first, end, sender, to, n, on, year, source, film[1] if film else None, kind) for n in numbers_or_none
    ]


def _values(numbers: re.Match[str]) -> list[int]:
    words = [numbers["numbers"].removeprefix("A-"), *_ONE.findall(numbers["more"] or "")]
    return list(dict.fromkeys(int(word.replace(",", "")) for word in words))


def _sentence_end(text: str, start: int, limit: int) -> int:
    found = _STOP.search(text, start, limit)
    while found and _SHORT.search(text[max(start, found.start() - 5) : found.start()]):
        found = _STOP.search(text, found.end(), limit)
    return found.start() if found else limit


def _date_after(text: str, start: int, stop: int) -> tuple[Day | None, int]:
    for _, b, day in days_in(text, start, stop):
        return day, b
    return None, start


def _year(
    text: str, on: Day | None, film: re.Match[str] | None, at: int, last: int, document: int | None
) -> tuple[int | None, str | None]:
    if on is not None and on.year is not None:
        return on.year, "printed"
    if film is not None:
        return full_year(int(film[2])), "film"
    begin = max((m.end() for m in _STOP.finditer(text, 0, at)), default=0)
    earlier = [day.year for _, _, day in days_in(text, begin, at) if day.year is not None]
    if earlier:
        return earlier[-1], "before"
    return document, None if document is None else "document"


def _parties(
    text: str, anchor: re.Match[str], last: int, head: int, stop: int, year: int | None, numbered: bool
) -> tuple[Party, Party, int]:
    """Read sender and addressee beside the anchor; also where their words end."""
    sender, to, reach = Party(), Party(), head
    dated = _OF_DAY.match(text, head, stop)
    if found := _LINK.match(text, head, stop) or (dated and _LINK.match(text, dated.end(), stop)):
        named = post_named(text[found.end() : stop], year)
        if named is not None:
            reach = found.end() + named[1]
            sender, to = (Party(named[0]), to) if found["link"].lower() == "from" else (sender, Party(named[0]))
            if (second := _LINK.match(text, reach, stop)) and (other := post_named(text[second.end() : stop], year)):
                reach = second.end() + other[1]
                sender, to = (sender, Party(other[0])) if second["link"].lower() == "to" else (Party(other[0]), to)
            return sender, to, reach
        if numbered and found["link"].lower() == "to":  # an addressee with no series of its own: the Department sent it
            return Party(DEPARTMENT), to, reach
    dated_at = next((a for a, _, _ in days_in(text, head, stop)), stop)
    if found := _PAIR.match(text, head, dated_at):
        words = re.split(r",\s*[“\"]", found["to"])[0]  # a title in quotation marks follows
        sender, to = party(found["sender"], year), party(words, year)
        if sender or to:
            return sender, to, found.start("to") + len(words.rstrip(" ,"))
    before = text[last : anchor.start()]
    if found := _PAIR_BEFORE.search(before):
        sender, to = party(found["sender"], year), party(found["to"], year)
        if sender or to:
            return sender, to, reach
    if found := _TO_BEFORE.search(before):
        names = [post_named(name.strip(), year) for name in re.split(r",\s*(?:and\s+)?|\sand\s", found["places"])]
        if any(names):
            return Party(DEPARTMENT), Party(next(n[0] for n in names if n)), reach
    if numbered and (found := _POST_BEFORE.search(before)):
        words = found["place"].strip()
        for part in range(len(words.split())):
            name = " ".join(words.split()[part:])
            if (named := post_named(name, year)) and named[1] >= len(name.rstrip("’'s")) - 2:
                return Party(named[0]), to, reach
    return sender, to, reach


def _own(text: str, anchor: re.Match[str], sender: Party, to: Party, year: int | None) -> tuple[Party, Party]:
    """Read Embtel and Deptel: the post is that of the document that the notes belong to."""
    post = context_post(text, year)
    if anchor["own"].lower() == "dep":
        return Party(DEPARTMENT), to if to else Party(post)
    return (sender if sender else Party(post)), Party(DEPARTMENT)


def context_post(text: str, year: int | None) -> str | None:
    """Give the post that a heading such as `Embassy in Germany to Department of State` names.

    Examples
    --------
    >>> context_post("Telegram From the Embassy in Germany to the Department of State", 1964)
    'BONN'
    """
    for found in _CONTEXT.finditer(text):
        if named := post_named((found["where"] or found["into"]).strip(), year):
            return named[0]
    return None


def _bare(text: str, document: int | None) -> Iterator[Cited]:
    """Yield posts with a number and a year or a date behind it: `USUN 6112 OF 1974`, `Ankara 8852, Dec 2002`."""
    for found in _BARE.finditer(text):
        day = next(days_in(text, found.end(), found.end() + 20), None) if found["dated"] else None
        if found["dated"] and (day is None or day[0] > found.end()):
            continue
        on = day[2] if day else None
        year, source = (
            (int(found["of"]), "printed") if found["of"] else _year(text, on, None, found.start(), 0, document)
        )
        words = found["post"].split()
        for part in range(len(words)):
            name = " ".join(words[part:])
            named = post_named(name, year)
            if named and named[1] >= len(name) - 1:
                start = found.start("post") + found["post"].rfind(name)
                end = day[1] if day else found.end()
                yield Cited(
                    start, end, Party(named[0]), number=int(found["number"]), on=on, year=year, year_from=source
                )
                break


def as_date(on: Day, year: int) -> date | None:
    """Give the day as a date, or None where it has no day or is none of the calendar (misprints exist)."""
    try:
        return date(on.year or year, on.month, on.day) if on.day else None
    except ValueError:
        return None
