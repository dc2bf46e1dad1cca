"""Dates as pages, records and rows write them: all naive UTC."""

from __future__ import annotations

import re
from datetime import datetime

from cablelab.terms import MONTH, MONTHS

ISO = re.compile(r"(\d{4})[-/](\d\d?)[-/](\d\d?)(?:[ T]+(\d\d?):(\d\d)(?::\d\d)?)?")
AMERICAN = re.compile(r"(\d\d?)/(\d\d?)/(\d{4})(?:\s+(\d\d?):(\d\d)(?::\d\d)?)?")
WORDED = re.compile(
    rf"(?:(?P<d1>\d\d?)(?:st|nd|rd|th)?[ -]+(?P<m1>{MONTH})[a-z]{{0,9}}[ ,-]+(?P<y1>\d{{4}})"
    rf"|(?P<m2>{MONTH})[a-z]{{0,9}}\.?\s+(?P<d2>\d\d?)(?:st|nd|rd|th)?,?\s+(?:\d\d:\d\d:\d\d\s+(?:[+-]\d{{4}}\s+|[A-Z]{{2,4}}\s+)?)?(?P<y2>\d{{4}})"
    rf"|(?P<y3>\d{{4}})\s+(?P<m3>{MONTH})[a-z]{{0,9}}\s+(?P<d3>\d\d?))(?:,?\s+(?:at\s+)?(?P<h>\d\d?):(?P<min>\d\d))?",
    re.IGNORECASE,
)


def page_date(text: str) -> datetime | None:
    """Read a date with year first, as pages and records write it, or with the month in words.

    Parameters
    ----------
    text
        `2007-12-03 11:54`, `2009-01-26 10:45:00`, `2006 January 2, 10:50 (Monday)`, `Wed Nov 20 00:00:00 +0100 2002`.

    Returns
    -------
    Naive UTC, or None if it is no date. Of a date in words with an offset only the day is taken: the offset is the
    reposter's.

    Examples
    --------
    >>> page_date("2007-12-03 11:54")
    datetime.datetime(2007, 12, 3, 11, 54)
    >>> page_date("Wed Nov 20 00:00:00 +0100 2002")
    datetime.datetime(2002, 11, 20, 0, 0)
    >>> page_date("soon")
    """
    if found := ISO.search(text):
        return _moment(*found.groups())
    if found := WORDED.search(text):
        at = found.groupdict()
        month = (at["m1"] or at["m2"] or at["m3"]).upper()[:3]
        day, year = at["d1"] or at["d2"] or at["d3"], at["y1"] or at["y2"] or at["y3"]
        return _moment(year, str(MONTHS[month]), day, at["h"], at["min"])
    return None


def row_date(text: str) -> datetime | None:
    """Read a date as `cables.csv` writes it, month first; or with the year first.

    Examples
    --------
    >>> row_date("12/28/1966 18:48")
    datetime.datetime(1966, 12, 28, 18, 48)
    """
    if found := AMERICAN.fullmatch(text.strip()):
        month, day, year, hour, minute = found.groups()
        return _moment(year, month, day, hour, minute)
    return page_date(text)


def to_minute(moment: datetime | None) -> str:
    """Say how far a date with true minutes can be trusted; midnight sharp is a date without a time."""
    return "minute" if moment and (moment.hour or moment.minute) else "day"


def to_hour(moment: datetime | None) -> str:
    """Say how far a Cablegate page's date can be trusted.

    The pages of 2010 and early 2011 repeat the hour, on a clock of twelve, in the place of the minutes (`10:10`,
    `22:10`). Those of the last release have true minutes, but a page does not tell which it is.
    """
    return "hour" if to_minute(moment) == "minute" else "day"


def published(text: str) -> datetime | None:
    """Read when a page says that it was released, without minutes that repeat the hour, on a clock of twelve: those are none.

    >>> published("2010-12-16 21:09").minute, published("2011-08-30 01:44").minute
    (0, 44)
    """
    moment = page_date(text)
    return moment.replace(minute=0) if moment and moment.minute == moment.hour % 12 else moment


def _moment(year: str, month: str, day: str, hour: str | None, minute: str | None) -> datetime | None:
    try:
        return datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0))
    except ValueError:
        return None
