"""One axis over several eras: where years without any cable part them, time stands still for a few pixels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import altair as alt
import polars as pl

from cablelab.charts.base import WIDTH, time_x
from cablelab.charts.eras import Era, eras, told, widths

BREAK = 26  # pixels between two eras
INSET = 8  # pixels at either end of an era, so that marks stand whole
BRIEF = 3  # days within which the first and the last instant alone bear labels
LABEL = 44  # pixels that the label of a year needs


@dataclass(frozen=True)
class TimeAxis:
    """The x axis of a chart of single marks: true time in one era; of several, places from 0 to 1 with breaks between them."""

    found: list[Era]
    width: int = WIDTH

    @classmethod
    def over(cls, sent: pl.Series, width: int = WIDTH) -> TimeAxis:
        """Take the eras from the instants that are drawn, one a cable."""
        return cls(eras(sent), width)

    @property
    def broken(self) -> bool:
        """Whether there are several eras."""
        return len(self.found) > 1

    @property
    def notes(self) -> list[str]:
        """What a subtitle says of it."""
        return told(self.found)

    def _panels(self) -> list[tuple[Era, float, float]]:
        out, left = [], 0.0
        for era, wide in zip(self.found, widths(self.found, self.width, BREAK), strict=True):
            inset = INSET if era.first < era.last else wide / 2
            out.append((era, (left + inset) / self.width, (left + wide - inset) / self.width))
            left += wide + BREAK
        return out

    def placed(self, frame: pl.DataFrame, *columns: str) -> pl.DataFrame:
        """Add to a frame, for each of its columns of instants, its place, as `at_` and the column's name."""
        if not self.broken:
            return frame
        return frame.with_columns(self.place(column).alias(f"at_{column}") for column in columns)

    def place(self, column: str) -> pl.Expr:
        """Return the places of a column of instants: parts of the width."""
        bounds = [(_ms(era.first), _ms(era.last), a, b) for era, a, b in self._panels()]
        knots = [(at, place) for first, last, a, b in bounds for at, place in ((first, a), (last, b))]
        return _between(pl.col(column).dt.epoch("ms"), knots)

    def name(self, column: str) -> str:
        """Return the column that a channel reads for a column of instants."""
        return f"at_{column}" if self.broken else column

    def x(self, column: str, **scale: Any) -> alt.X:
        """Return the x channel of a column of instants."""
        if not self.broken:
            # of a day or two Vega would write hours, and no day
            brief = [era for era in self.found if (era.last - era.first).days < BRIEF]
            ends = sorted({_ms(at) for era in brief for at in (era.first, era.last)})
            return time_x(column, scale=scale, axis={"format": "%-d %b %Y", "values": ends} if ends else {})
        ticks = [tick for panel in self._panels() for tick in self._ticks(*panel)]
        years = ", ".join(f"'{name}'" for _, name in ticks)
        axis = alt.Axis(
            values=[place for place, _ in ticks], grid=False, labelOverlap=False,
            labelExpr=f"[{years}][indexof([{', '.join(str(place) for place, _ in ticks)}], datum.value)]",
        )  # fmt: skip
        return alt.X(f"at_{column}", type="quantitative", title=None, axis=axis).scale(domain=[0, 1], nice=False)

    def breaks(self) -> list[alt.Chart]:
        """Return the layer that marks where the axis is broken; none where it is not."""
        panels = self._panels()
        at = [round((a[2] + b[1]) / 2, 5) for a, b in pairwise(panels)]
        base = alt.Chart(pl.DataFrame({"at_break": at}, {"at_break": pl.Float64}))
        mark = base.mark_text(text="//", fontSize=13, baseline="middle", clip=False)
        x = alt.X("at_break", type="quantitative", title=None).scale(domain=[0, 1], nice=False)
        return [mark.encode(x, y=alt.value("height"))] if at else []

    def _ticks(self, era: Era, start: float, end: float) -> list[tuple[float, str]]:
        """Return places and names of the years in it that have room for a label; one in the middle where no year opens in it."""
        first, last = _ms(era.first), _ms(era.last)
        most = max(1, round((end - start) * self.width / LABEL))
        years = range(era.first.year + 1, era.last.year + 1)
        step = -(-len(years) // most)
        if era.apart or not years:
            return [(round((start + end) / 2, 5), era.name)]
        opens = [(year, _ms(datetime(year, 1, 1, tzinfo=UTC))) for year in years[::step]]
        return [(round(start + (end - start) * (at - first) / (last - first), 5), str(year)) for year, at in opens]


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _between(at: pl.Expr, knots: list[tuple[int, float]]) -> pl.Expr:
    """Interpolate between knots; outside them the nearest counts."""
    place = pl.lit(knots[-1][1])
    for (a, low), (b, high) in reversed(list(pairwise(knots))):
        part = low + (high - low) * (at - a) / (b - a) if b > a else pl.lit(low)
        place = pl.when(at <= b).then(part).otherwise(place)
    return pl.when(at <= knots[0][0]).then(knots[0][1]).when(at.is_null()).then(None).otherwise(place)
