"""Citations without the word telegram: message ids, whole or broken at a line's end, and posts with a number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cablelab import facts
from cablelab.finding.cited import Cited, sentence_start
from cablelab.finding.days import MONTH, Day, date_at, dated_numbers, days_in
from cablelab.finding.offices import Party, listed_before, party, post_named
from cablelab.ids import full_year

_BREAK = r"[-‐\u00ad]?[ ]?\n[ ]?"
_ID = re.compile(  # an id may be broken at a line's end
    rf"(?<![A-Za-z0-9])(?P<year>(?:19|20)(?:-\n)?\d\d|\d\d)(?P<gap>[ ]?|{_BREAK})"
    r"(?P<post>[A-Z](?:[A-Z]|[-‐\u00ad][ ]?\n?[ ]?(?=[A-Z])|[ ](?=[A-Z]{3})){2,19}|[A-Z][a-z]{2,14}(?=\d))"
    rf"(?P<apart>[ ]?[-‐]?|{_BREAK})(?P<number>\d{{1,7}}(?:[-‐\u00ad]\n\d{{1,6}})?)(?:_[a-e])?(?![A-Za-z0-9])(?P<stop>[.)]\s)?"
)
_SPACED = re.compile(  # `74 Quito 545`, `77 Dar es Salaam 600`, as a title or in a list, never inside a sentence
    r"(?:^|(?<=[;:,(\[])\s?|(?<=\band\s)|(?<=\b[Ss]ee\s)|(?<=[Tt]elegram\s)|(?<=[Cc]able\s)|(?<=telegrams\s)|(?<=cables\s)|(?<=\b[Rr]ef\s))[’']?"
    r"(?P<year>(?:19)?[6-9]\d|(?:20)?0\d)\s(?P<post>[A-Z][a-z]{1,14}(?:\s[A-Z]?[a-z]{1,14}){0,3})\s(?P<number>\d{1,6})"
    r"(?![\w/-]|[.,]\d|\s(?!(?:and|or|of|dated)\s)[a-z])",
    re.MULTILINE,
)
_PLACE = r"[A-Z][A-Za-z.’']{1,40}(?:\s[A-Za-z.’']{1,40}){0,3}?"
_BARE = re.compile(
    rf"\b(?P<post>{_PLACE})(?P<own>[’']s)?(?P<no>,?\s(?:[Nn]os?\.?\s?|[Nn]umber\s|#))?(?P<gap>,?\s{{1,2}})?(?P<number>\d{{2,10}})\b(?!,\d{{3}}\b)"
    rf"(?P<more>(?:(?:,\s(?!(?:19[4-9]|20[01])\d\b)|,?\sand\s|\s?&\s?)\d{{2,6}}\b(?!,?\s(?:19|20)\d\d\b|\s(?:of\s)?{MONTH}|[./-]\d))*)"
    r"(?:,?\s+(?:OF|of)\s+(?P<of>(?:19|20)\d\d))?"
)
_BETWEEN = re.compile(  # further posts and numbers, and an addressee, may stand between a number and the day of all
    rf"(?:\)|\s?[(/]?(?:Tosec|TOSEC|Secto|SECTO)\s\d{{1,6}}\)?)?(?:[,;]?\s(?:and\s|&\s)?(?!{MONTH}\b)(?:[A-Z][\w.’']*\s){{0,3}}\d{{2,6}}\b(?!\s(?:of\s)?{MONTH}|[./-]\d)){{0,12}}"
    r"(?:\sto\s(?:the\s)?[A-Z][\w’']*(?:\s[A-Z][\w’']*){0,2})?"
    r"(?:,?\s(?:of|dated|on)\s|,?\s\(?)"
)
_PAIRED = re.compile(
    r"(?P<sender>[A-Z][^,;:\n\d]{2,50}?)(?<!\s)\s+to\s+(?P<to>[A-Z][^,;:\n\d]{1,50}?),\s+(?:[Nn]o\.?\s?|[Nn]umber\s|#)?(?P<number>\d{2,6})(?=,?\s)"
)
_BEHIND = re.compile(r"\b(?:[Tt]elegrams?|[Cc]ables?|[Rr]eftels?)[,:]?\s$")
YEAR_BEHIND = re.compile(  # behind a number, a day or a post; a number that follows a comma is none
    r",?\s\(?((?:19[4-9]|20[01])\d\b(?!,\s\d|,?\sand\s|\s(?:from|to)\s))"
)
_YEARLIKE = range(1900, 2030)


def ids_in(text: str) -> Iterator[Cited]:
    """Yield the message ids of a text: `1974KA-BUL07553`, `09TUNIS492`, `75 LUSAKA 1372`."""
    for found in _ID.finditer(text):
        digits, broken = re.sub(r"\D", "", found["year"]), "\n" in found["apart"]
        full = full_year(int(digits))
        code = facts.post_code(re.sub(r"[^A-Za-z]", "", found["post"]), full)
        # `24 STATE 12`: a day before a post is no year, `09 KABUL 12` is one; `75LUSAKA` and a note's number below are no id
        a_day = bool(found["gap"]) and len(digits) == 2 and "10" <= digits <= "31"
        a_note = broken and (found["stop"] is not None or len(found["number"]) < 3)
        if code is None or a_day or a_note or not 1960 <= full <= 2015:
            continue
        end = found.end() - len(found["stop"] or "")
        number = int(re.sub(r"\D", "", found["number"]))
        yield Cited(found.start(), end, Party(code), number=number, year=full, year_from="printed")


def spaced_in(text: str) -> Iterator[Cited]:
    """Yield ids that are written as words, `74 Quito 545`; no year is read where it may be a day, a note's number or part of a date."""
    opening = {int(line[1]) for line in re.finditer(r"^[ \t]{0,4}(\d{1,3})[.)]?[ \t]", text, re.MULTILINE)}
    for found in _SPACED.finditer(text):
        full, number = full_year(int(found["year"])), int(found["number"])
        code = facts.post_code(found["post"], full)
        a_day = re.search(rf"{MONTH}\s\d{{1,2}},?\s?$", text[max(0, found.start() - 20) : found.start("year")])
        on = next((day for a, _, day in days_in(text, found.end(), found.end() + 40) if a < found.end() + 8), None)
        opens = found.start() == 0 or text[found.start() - 1] == "\n"
        beside = (
            opening & {int(found["year"]) - 1, int(found["year"]) + 1}
            if opens and full % 100 == int(found["year"])
            else ()
        )
        a_note = len(beside) > (on is None)  # an id with a year needs no day; a note's citation does
        other = on is not None and on.year not in (None, full)
        if code is None or a_day or a_note or other or number in _YEARLIKE:
            continue
        yield Cited(found.start("year"), found.end(), Party(code), number=number, on=on, year=full, year_from="printed")


def posts_in(text: str, document: int | None) -> Iterator[Cited]:
    """Yield posts with numbers and a year or a day behind them: `USUN 6112 OF 1974`, `Ankara 8852, Dec 2002`, `REF: STATE 123456`."""
    place = 0
    while found := _BARE.search(text, place):
        place = found.end("number")
        if date_at(text, found.start("number")) or re.match(rf"\s{MONTH}\b", text[found.end("number") :][:12]):
            continue
        day, end = _day_behind(text, found)
        named = _named(found, day[2].year if day else document)
        if named is None:
            continue
        name, post = named
        start = found.start("post") + found["post"].rfind(name)
        dated, last = dated_numbers(text, int(found["number"]), found.end("number"))
        if dated:
            trailing = YEAR_BEHIND.match(text, last)
            year, source = year_of(text, dated[-1][1], start, document)
            place = end = trailing.end() if trailing else last
            for number, its_day, its_year, its_source in with_years(dated, trailing and int(trailing[1]), year, source):
                yield Cited(start, end, Party(post), number=number, on=its_day, year=its_year, year_from=its_source)
            continue
        if not (found["of"] or day) and not _plain(text, found, name, start):
            continue
        if found["gap"] and "," in found["gap"] and not found["no"] and not day:
            continue
        on = day[2] if day else None
        year, source = (int(found["of"]), "printed") if found["of"] else year_of(text, on, start, document)
        end = max(end, found.end())
        sender = Party(post, others=listed_before(text, start, year, post))
        for number in map(int, [found["number"], *re.findall(r"\d+", found["more"])]):
            yield Cited(start, end, sender, number=number, on=on, year=year, year_from=source)


def with_years(
    dated: list[tuple[int, Day]], trailing: int | None, year: int | None, source: str | None
) -> list[tuple[int, Day, int | None, str | None]]:
    """Give each dated number of a list its year: its own, that of a later one, the one behind the list, else `year` from `source`."""
    out: list[tuple[int, Day, int | None, str | None]] = []
    later = (dated[-1][1].month or 0, trailing, "printed") if trailing else None
    for number, on in reversed(dated):
        if on.year is not None:
            out.append((number, on, on.year, "printed"))
            later = (on.month or 0, on.year, "before")
        elif later is None:
            out.append((number, on, year, source))
        else:
            turned = (on.month or 0) > later[0] + 6  # December's stand before January's
            out.append((number, on, later[1] - turned, "before" if turned else later[2]))
    return out[::-1]


def pairs_in(text: str, document: int | None) -> Iterator[Cited]:
    """Yield `Lusaka to State, 1372, July 23, 1975`, where both are posts and a day follows."""
    for found in _PAIRED.finditer(text):
        day = next(days_in(text, found.end(), found.end() + 30), None)
        if day is None or day[0] > found.end() + 2 or date_at(text, found.start("number")):
            continue
        year, source = year_of(text, day[2], found.start(), document)
        sender, to = party(found["sender"], year), party(found["to"], year)
        if sender.post and (to.post or to.person):
            number = int(found["number"])
            yield Cited(found.start(), day[1], sender, to, number, day[2], year, source)


def year_of(text: str, on: Day | None, at: int, document: int | None) -> tuple[int | None, str | None]:
    """Give the year of a citation that begins at `at`, and where it comes from: its own day, an earlier one of the sentence, the document."""
    printed = on.year if on is not None else None
    if printed is not None:
        return printed, "printed"
    earlier = [day.year for _, _, day in days_in(text, sentence_start(text, at), at) if day.year is not None]
    if earlier:
        return earlier[-1], "before"
    return document, None if document is None else "document"


def _day_behind(text: str, found: re.Match[str]) -> tuple[tuple[int, int, Day] | None, int]:
    between = _BETWEEN.match(text, found.end())
    if between is not None and date_at(text, between.end()):
        day = next(days_in(text, between.end()))
        return day, day[1] if between.end() - found.end() < 12 else found.end()
    return None, found.end()


def _named(found: re.Match[str], year: int | None) -> tuple[str, str] | None:
    words, best = found["post"].split(), None
    for part in range(len(words)):
        name = re.sub(r"[’']s$", "", " ".join(words[part:]))
        named = post_named(name, year)
        if named and named[1] >= len(name) - 1 and (best is None or named[0] == best[1]):
            best = name, named[0]
    return best


def _plain(text: str, found: re.Match[str], name: str, start: int) -> bool:
    """Tell whether a post and number without a day are written as references are: in capitals, or behind such a word."""
    number = found["number"]
    if len(number) < 3 or (int(number) in _YEARLIKE and len(number) < 5):
        return False
    if name.isupper():
        return facts.post_code(name) is not None
    return _BEHIND.search(text, max(0, start - 14), start) is not None
