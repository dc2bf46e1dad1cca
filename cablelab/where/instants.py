"""Dates as users write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from cablelab.errors import InvalidDate


def instants(value: str | date) -> tuple[datetime, datetime]:
    """Return the first and last instant that a date stands for.

    Parameters
    ----------
    value
        An instant (naive is UTC), a date, or a string cut to what matters: `"2004"`, `"2004-06"`, `"2004-06-30"`.

    Returns
    -------
    Two instants in UTC, microseconds; the same twice for an instant.

    Raises
    ------
    InvalidDate
        If `value` is no date.

    Examples
    --------
    >>> [str(at) for at in instants("2004-02")]
    ['2004-02-01 00:00:00+00:00', '2004-02-29 23:59:59.999999+00:00']
    """
    if isinstance(value, datetime):
        at = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return at, at
    tick = timedelta(microseconds=1)
    try:
        if isinstance(value, str):
            found = re.fullmatch(r"\s*([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?\s*", value)
            if found is None:
                raise InvalidDate.text(value)
            year, month, day = (int(part) if part else None for part in found.groups())
        elif isinstance(value, date):
            year, month, day = value.year, value.month, value.day
        else:
            raise InvalidDate.text(value)
        first = datetime(year or 0, month or 1, day or 1, tzinfo=UTC)
        if day is not None:
            return first, first + timedelta(days=1) - tick
        later = (first.year + 1, 1) if month in (None, 12) else (first.year, first.month + 1)
        return first, datetime(*later, 1, tzinfo=UTC) - tick
    except (ValueError, OverflowError):
        raise InvalidDate.text(value) from None
