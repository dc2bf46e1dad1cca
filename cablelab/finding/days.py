"""Days as notes print them: `July 23, 1975`, `23 July ’75`, `7/23/1975`, `230915Z JUL 75`, and what is left of a misprinted one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cablelab.ids import full_year
from cablelab.terms import MONTH_NAMES, MONTHS

_SHORT = "|".join(rf"{name[:3]}(?:{name[3:]}|t)?\.?" for name in MONTH_NAMES)  # `Sept.` too
MONTH = rf"(?:{_SHORT}|{_SHORT.upper()})"
_TH = r"(?:st|nd|rd|th|d)?"
_FULL, _YY = r"(?:19|20)\d\d", r"(?:[6-9]\d|0\d|10)"
_DATE = re.compile(
    rf"\b(?:(?P<m1>{MONTH})\s(?P<d1>\d{{1,2}}){_TH}(?!\d)(?P<more>(?:(?:\s?[-–]\s?|,?\s(?:and|&|or)\s|,\s)\d{{1,2}}(?!\d)){{1,8}}(?=,?\s{_FULL}))?"
    rf"(?:,?\s(?P<y1>{_FULL}|[’']{_YY})\b)?"
    rf"|(?P<d2>\d{{1,2}}){_TH}\s(?:of\s)?(?P<m2>{MONTH}),?(?:\s(?P<y2>{_FULL}|[’']?{_YY})\b(?!:))?"
    rf"|(?P<d5>\d\d)\d{{4}}Z\s?(?P<m5>{MONTH})\s?(?P<y5>{_FULL}|\d\d)\b"
    rf"|(?P<m3>{MONTH}),?\s(?P<y3>{_FULL})\b"
    rf"|(?P<y4>{_FULL})-(?P<m4>\d\d)-(?P<d4>\d\d)\b"
    rf"|(?P<n1>\d{{1,2}})(?P<by>[/.])(?P<n2>\d{{1,2}})(?P=by)(?P<y6>{_FULL}|{_YY})\b"
    rf"|(?P<word>[A-Z][a-z]{{3,8}})\s\d{{1,2}},\s(?P<y7>{_FULL})\b"
    rf"|(?:[Uu]ndated|[Nn]\.d\.),?\s(?P<y8>{_FULL})\b)",
)
_GAP = re.compile(r"\s\(|,?\s(?:of|dated)\s|,\s")
_AGAIN = re.compile(r"(?:[,;]?\s(?:and|&)\s|[,;]\s)(?P<number>\d{2,6})(?!\d|,\d)")
MOST = 40  # numbers of one list that are followed


@dataclass(frozen=True, slots=True)
class Day:
    """A day as printed; what is not printed, or cannot be, is None."""

    month: int | None = None
    day: int | None = None
    year: int | None = None


def days_in(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int, Day]]:
    """Yield the dates in a text with their places.

    Examples
    --------
    >>> [day for _, _, day in days_in("on July 23, 1975, and 5 May; Dec 2002")]
    [Day(month=7, day=23, year=1975), Day(month=5, day=5, year=None), Day(month=12, day=None, year=2002)]
    >>> [day for _, _, day in days_in("7/23/1975, 230915Z JUL 75, May 3, 4, and 5, 1974, July 45, 1971")][2:]
    [Day(month=5, day=None, year=1974), Day(month=7, day=None, year=1971)]
    """
    for found in _DATE.finditer(text, start, len(text) if end is None else end):
        day = _day(found)
        if day is not None:
            yield found.start(), found.end(), day


def date_at(text: str, place: int) -> bool:
    """Tell whether a date begins at a place."""
    found = _DATE.match(text, place)
    return found is not None and _day(found) is not None


def _day(found: re.Match[str]) -> Day | None:
    words = found.groupdict()
    written = next((words[y] for y in ("y1", "y2", "y3", "y4", "y5", "y6", "y7", "y8") if words[y]), "").lstrip("’'")
    year = full_year(int(written)) if written else None
    if words["word"]:  # a month with a slip in it still bears its year
        return Day(None, None, year) if _is_month(words["word"]) else None
    if words["n1"]:
        return _numeric(int(words["n1"]), int(words["n2"]), year)
    name = next((words[m] for m in ("m1", "m2", "m3", "m4", "m5") if words[m]), None)
    if name is None:
        return Day(None, None, year)
    month = int(name) if name.isdigit() else MONTHS[name[:3].upper()]
    day = next((int(words[d]) for d in ("d1", "d2", "d4", "d5") if words[d]), None)
    if not 1 <= month <= 12:
        return None
    if day is not None and not 1 <= day <= 31:
        return Day(month, None, year) if year else None
    return Day(month, None if words["more"] else day, year)


def _numeric(a: int, b: int, year: int | None) -> Day | None:
    """Read `7/23/1975` and `23.7.1975`; of `5/7/1975` only the year is sure."""
    if not (1 <= a <= 31 and 1 <= b <= 31) or min(a, b) > 12:
        return None
    if a > 12 or a == b:
        return Day(b, a, year)
    return Day(a, b, year) if b > 12 else Day(None, None, year)


def _is_month(word: str) -> bool:
    from rapidfuzz.distance import OSA

    slips = 1 if len(word) < 6 else 2
    return any(OSA.distance(word, name, score_cutoff=slips) <= slips for name in MONTH_NAMES if name[0] == word[0])


def as_date(on: Day, year: int) -> date | None:
    """Give the day as a date, or None where it has no day or is none of the calendar (misprints exist)."""
    try:
        return date(on.year or year, on.month, on.day) if on.month and on.day else None
    except ValueError:
        return None


def dated_numbers(text: str, number: int, at: int) -> tuple[list[tuple[int, Day]], int]:
    """Read `545 (May 3), 546 (May 4), and 547 (May 5)` from the end of the first number on; nothing unless two or more bear a day.

    Examples
    --------
    >>> found, end = dated_numbers("545 (May 3) and 546 (May 4), 1974", 545, 3)
    >>> [(n, on.day) for n, on in found], end
    ([(545, 3), (546, 4)], 27)
    """
    found: list[tuple[int, Day]] = []
    end = place = at
    for _ in range(MOST):
        gap = _GAP.match(text, place)
        if gap is None or not date_at(text, gap.end()):
            break
        _, end, on = next(days_in(text, gap.end()))
        end += text[end : end + 1] == ")"
        found.append((number, on))
        again = _AGAIN.match(text, end)
        if again is None or date_at(text, again.start("number")):
            break
        number, place = int(again["number"]), again.end()
    return (found, end) if len(found) > 1 else ([], at)
