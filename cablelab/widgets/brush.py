"""The timeline's brush as days, and days as a brush.

A brush runs from one midnight (UTC) to another; days are counted with the last one included. Midnights are taken as the
nearest ones: pixels are days wide, and what is drawn from days comes back as the same days.
"""

from __future__ import annotations

import copy
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from cablelab.widgets.state import day

Days = tuple[date, date]
NAME = "brush"


def midnight(at: date) -> int:
    """Return the first instant of a UTC day, milliseconds since 1970.

    Examples
    --------
    >>> midnight(date(1970, 1, 2))
    86400000
    """
    return round(datetime.combine(at, time(), UTC).timestamp() * 1000)


def days(bounds: list[float]) -> Days:
    """Return the days between two instants in milliseconds, at least one.

    Examples
    --------
    >>> days([0, 2 * 86_400_000])
    (datetime.date(1970, 1, 1), datetime.date(1970, 1, 2))
    """
    first, after = (day(datetime.fromtimestamp(at / 1000, UTC)) for at in sorted(bounds))
    return first, max(first, after - timedelta(days=1))


def brushed(chart: Any, sent: Days | None) -> Any:
    """Return a copy of a timeline on which the brush lies over these days.

    Parameters
    ----------
    chart
        What `cl.timeline` gives.
    sent
        First and last day; None for no brush.
    """
    if sent is None:
        return chart
    drawn = chart.copy(deep=False)
    drawn.params = copy.deepcopy(chart.params)
    bounds = [midnight(sent[0]), midnight(sent[1] + timedelta(days=1))]
    for param in drawn.params:
        if param.name == NAME:
            param.value = {"x": bounds}
    return drawn


def read(chart: Any) -> Days | None:
    """Return the days that a live timeline's brush lies over, None if there is none."""
    value = getattr(chart.selections, NAME).value or {}
    bounds = next(iter(value.values()), None)
    return days(bounds) if bounds else None


def draw(chart: Any, sent: Days | None) -> None:
    """Do what a hand with a mouse does: the browser's message, set on the wire; for tests without a browser.

    Parameters
    ----------
    chart
        A live timeline, an `altair.JupyterChart`.
    sent
        First and last day; None takes the brush away.
    """
    value = {} if sent is None else {"start": [midnight(sent[0]), midnight(sent[1] + timedelta(days=1))]}
    chart._vl_selections = {NAME: {"value": value, "store": []}}
