"""Eras: the stretches of time that hold cables, where years without any part them; a chart draws them side by side.

Telegrams of 1973-79 and cables of 2002-10 have 22 empty years between them, which would take most of an axis.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any

import polars as pl

from cablelab.corpus.lookup import counted

EMPTY_YEARS = 5
FEWEST = (
    0.05  # part of the cables that an era holds at least to be drawn as wide as it is long: fewer are set apart, narrow
)
MOST = 4  # eras side by side; the nearest of more share one
NARROWEST, NARROW = 90, 60  # pixels, of an era and of one set apart: its years are written above it


@dataclass(frozen=True)
class Era:
    """One stretch: its first and last instant, UTC, how many cables it holds, and the name of the brush that zooms it."""

    first: datetime
    last: datetime
    cables: int = 1
    brush: str = "brush"
    apart: bool = False  # so few that the others need the room

    @property
    def name(self) -> str:
        """Its years."""
        ends = (self.first.year, self.last.year)
        return "–".join(str(year) for year in dict.fromkeys(ends))

    def of(self, frame: pl.DataFrame, column: str) -> pl.DataFrame:
        """Keep the rows whose instant lies in it; a step that opens before its first cable is its own."""
        years = pl.col(column).dt.year()
        return frame.filter(years.is_between(self.first.year - 1, self.last.year + 1))


def eras(sent: pl.Series) -> list[Era]:
    """Part instants where more than five years hold none; those that are few beside the others are set apart.

    Parameters
    ----------
    sent
        Datetime, UTC; null is left out.

    Returns
    -------
    Eras in order, four at most; one where no such stretch of empty years parts them.

    Examples
    --------
    >>> days = pl.Series([datetime(y, 5, 1) for y in (1973, 1975, 1979, 2002, 2006, 2010)]).dt.replace_time_zone("UTC")
    >>> [era.name for era in eras(days)]
    ['1973–1979', '2002–2010']
    """
    ordered = sent.drop_nulls().sort()
    if ordered.is_empty():
        return []
    empty = ordered.diff().dt.total_days()
    gaps = sorted((empty > EMPTY_YEARS * 365.25).arg_true(), key=lambda n: empty[n], reverse=True)
    cuts = [0, *sorted(gaps[: MOST - 1]), len(ordered)]
    few = FEWEST * len(ordered)
    found = [Era(ordered[a], ordered[b - 1], b - a, f"brush_{ordered[a].year}", b - a < few) for a, b in pairwise(cuts)]
    # the brush of a chart of one era is `brush`; of several that of the last which is not set apart
    main = max(n for n, era in enumerate(found) if not era.apart)
    return [replace(era, brush="brush") if n == main else era for n, era in enumerate(found)]


def widths(found: list[Era], width: int, spacing: int) -> list[int]:
    """Share a width among eras by how long they are; those set apart take little of it.

    Examples
    --------
    >>> seventies = Era(datetime(1973, 1, 1), datetime(1979, 1, 1), 9, apart=True)
    >>> widths([seventies, Era(datetime(2002, 1, 1), datetime(2010, 1, 1), 500)], 640, 26)
    [60, 554]
    """
    if len(found) == 1:
        return [width]
    days = [max(1, (era.last - era.first).days) for era in found]
    fixed = {n: NARROW for n, era in enumerate(found) if era.apart}
    while True:
        room = width - spacing * (len(found) - 1) - sum(fixed.values())
        whole = sum(long for n, long in enumerate(days) if n not in fixed)
        tight = [n for n, long in enumerate(days) if n not in fixed and room * long < NARROWEST * whole]
        if not tight:
            return [fixed[n] if n in fixed else round(room * long / whole) for n, long in enumerate(days)]
        fixed |= dict.fromkeys(tight, NARROWEST)


def told(found: list[Era]) -> list[str]:
    """Say which years are not drawn, and which cables are set apart.

    Examples
    --------
    >>> told([Era(datetime(1973, 1, 1), datetime(1979, 1, 1)), Era(datetime(2002, 1, 1), datetime(2010, 1, 1))])
    ['The axis is broken: 1980 to 2001 hold no dated cable and are not drawn']
    """
    gaps = [(a.last.year + 1, b.first.year - 1) for a, b in pairwise(found)]
    years = " and ".join(f"{first} to {last}" for first, last in gaps)
    sentences = [f"The axis is broken: {years} hold no dated cable and are not drawn"] if gaps else []
    few = [f"{counted(era.cables, 'cable')} of {era.name}" for era in found if era.apart]
    return sentences + [f"Set apart, in little room: {' and '.join(few)}"] * bool(few)


def beside(parts: list[Any], spacing: int) -> Any:
    """Put the drawings of eras side by side; one alone stays as it is."""
    import altair as alt

    return parts[0] if len(parts) == 1 else alt.hconcat(*parts, spacing=spacing)
