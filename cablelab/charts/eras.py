"""Eras: the stretches of time that hold cables, where years without any part them; a chart draws them side by side.

Telegrams of 1973-79 and cables of 2002-10 have 22 empty years between them, which would take most of an axis.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

import polars as pl

EMPTY_YEARS = 5
FEWEST = 0.02  # part of the cables that an era holds at least: fewer are strays, and no era
NARROWEST = 90  # pixels


@dataclass(frozen=True)
class Era:
    """One stretch: its first and last instant, UTC, and the name of the brush that zooms it."""

    first: datetime
    last: datetime
    brush: str = "brush"

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
    """Part instants where more than five years hold none.

    Parameters
    ----------
    sent
        Datetime, UTC; null is left out.

    Returns
    -------
    Eras in order; one where no such stretch of empty years parts them, or only strays lie beyond it.

    Examples
    --------
    >>> days = pl.Series([datetime(y, 5, 1) for y in (1973, 1975, 1979, 2002, 2006, 2010)]).dt.replace_time_zone("UTC")
    >>> [era.name for era in eras(days)]
    ['1973–1979', '2002–2010']
    """
    ordered = sent.drop_nulls().sort()
    if ordered.is_empty():
        return []
    apart = (ordered.diff().dt.total_days() > EMPTY_YEARS * 365.25).fill_null(False)
    cuts = [0, *apart.arg_true().to_list(), len(ordered)]
    pieces = list(pairwise(cuts))
    if any(b - a < max(2, FEWEST * len(ordered)) for a, b in pieces):
        pieces = [(0, len(ordered))]
    found = [Era(ordered[a], ordered[b - 1], f"brush_{ordered[a].year}") for a, b in pieces]
    return [*found[:-1], Era(found[-1].first, found[-1].last)]


def widths(found: list[Era], width: int, spacing: int) -> list[int]:
    """Share a width among eras by how long they are."""
    days = [max(1, (era.last - era.first).days) for era in found]
    room = width - spacing * (len(found) - 1)
    return [max(NARROWEST, round(room * long / sum(days))) for long in days] if len(found) > 1 else [width]


def told(found: list[Era]) -> list[str]:
    """Say which years are not drawn.

    Examples
    --------
    >>> told([Era(datetime(1973, 1, 1), datetime(1979, 1, 1)), Era(datetime(2002, 1, 1), datetime(2010, 1, 1))])
    ['The axis is broken: 1980 to 2001 hold no dated cable and are not drawn']
    """
    gaps = [(a.last.year + 1, b.first.year - 1) for a, b in pairwise(found)]
    years = " and ".join(f"{first} to {last}" for first, last in gaps)
    return [f"The axis is broken: {years} hold no dated cable and are not drawn"] if gaps else []


def beside(parts: list[Any], spacing: int) -> Any:
    """Put the drawings of eras side by side; one alone stays as it is."""
    import altair as alt

    return parts[0] if len(parts) == 1 else alt.hconcat(*parts, spacing=spacing)
