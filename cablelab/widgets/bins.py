"""Counts over time for the Explorer: bins on a true axis, the bulk of the cables, what lies far off, what has no date.

Where many years between two eras hold none, the axis is broken: one bin stands for them all, and takes little room.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

import polars as pl

from cablelab.charts.eras import eras, widths
from cablelab.charts.grouping import OTHER, largest, none_of
from cablelab.frames import CLASSIFICATIONS
from cablelab.terms import MONTH_NAMES
from cablelab.widgets.state import State

Days = tuple[date, date]
EVERY = {"day": "1d", "week": "1w", "month": "1mo", "quarter": "1q", "year": "1y"}
DAYS = {"day": 1.0, "week": 7.0, "month": 30.44, "quarter": 91.3, "year": 365.25}
MONTHS = [name[:3] for name in MONTH_NAMES]
MOST_BINS = 96
TOP = 6
FAR = 3  # times the time that the middle half takes: what lies farther out from it is a stray
FEWEST_WITH_STRAYS = 8
MOST_TICKS = 9
GAP = 30  # thousandths of the axis that empty years between two eras take


def bulk(sent: pl.Series) -> tuple[datetime, datetime] | None:
    """Return the first and last instant of the bulk: strays far from all others must not flatten the axis.

    Parameters
    ----------
    sent
        Instants, no null.

    Returns
    -------
    First and last of those that lie no farther from the middle half than three times its own span; None if there is none.

    Examples
    --------
    >>> sent = pl.Series([datetime(y, 1, 1) for y in (1966, *range(2000, 2010))])
    >>> bulk(sent)[0].year
    2000
    """
    if sent.is_empty():
        return None
    ordered = sent.sort()
    first, last = ordered[0], ordered[-1]
    if len(ordered) >= FEWEST_WITH_STRAYS:
        low, high = ordered[len(ordered) // 4], ordered[-1 - len(ordered) // 4]
        far = max((high - low) * FAR, timedelta(days=366))
        near = ordered.filter((ordered >= low - far) & (ordered <= high + far))
        first, last = near[0], near[-1]
    return first, last


@dataclass(frozen=True, slots=True)
class Stretch:
    """One era on the axis: the numbers of its first and last edge, its left end and its width in per cent."""

    first: int
    last: int
    left: float
    width: float


@dataclass(frozen=True, eq=False)
class Bins:
    """Counts over time of what the selection leaves, its own days aside.

    `counts` has a row a group and step that holds cables: `group`, `bin`, `count`; `edges` are the instants between the
    bins; `stretches` the first and last edge of each era and where it lies on the axis, 0 to 100; `before` and `after` the years of
    strays; `undated` how many cables have no date.
    """

    step: str
    edges: list[datetime]
    stretches: list[Stretch]
    counts: pl.DataFrame
    totals: dict[str, int]
    dated: int
    undated: int
    before: list[int]
    after: list[int]

    @cached_property
    def tops(self) -> dict[int, int]:
        """Cables of each bin, all groups together (for stacked bars)."""
        return dict(self.counts.group_by("bin").agg(pl.col("count").sum()).iter_rows())

    def place(self, at: datetime) -> float:
        """Return where an instant lies on the axis, 0 to 100."""
        era = next((one for one in self.stretches if at <= self.edges[one.last]), self.stretches[-1])
        start, end = self.edges[era.first], self.edges[era.last]
        share = (at - start).total_seconds() / (end - start).total_seconds()
        return era.left + era.width * min(1.0, max(0.0, share))

    @property
    def gaps(self) -> list[int]:
        """The bins that stand for empty years between two eras."""
        return [era.last for era in self.stretches[:-1]]

    def days(self, first: int, last: int) -> Days:
        """Return the first and last day of bins."""
        return self.edges[first].date(), self.edges[last + 1].date() - timedelta(days=1)

    def at(self, sent: Days) -> tuple[int, int]:
        """Return the first and last bin that days lie in."""
        starts = [edge.date() for edge in self.edges[:-1]]
        first, last = (sum(start <= day for start in starts) - 1 for day in sent)
        return max(0, first), max(0, last)

    def meets(self, sent: Days) -> bool:
        """Tell whether any bin could hold one of some days."""
        return sent[0] < self.edges[-1].date() and sent[1] >= self.edges[0].date()

    def told(self, bin_: int) -> str:
        """Name a bin."""
        start = self.edges[bin_]
        if bin_ in self.gaps:
            first = start.year + ((start.month, start.day) > (1, 1))  # whole years: in part of one there are some
            return f"none from {first} to {self.edges[bin_ + 1].year - 1}"
        day = start.date().isoformat()
        month = f"{MONTHS[start.month - 1]} {start.year}"
        names = {
            "day": day,
            "week": f"week of {day}",
            "month": month,
            "quarter": f"{start.year} Q{start.month // 3 + 1}",
        }
        return names.get(self.step, str(start.year))


def count(state: State, by: str | None, everything: bool = False) -> Bins | None:
    """Count the cables that the selection leaves, its days aside; None if none of them has a date.

    Parameters
    ----------
    state
        The state whose selection counts.
    by
        One of `GROUPINGS`, or None for all together.
    everything
        Draw strays too.
    """
    rows = state.rows("sent")
    sent = state.whole.cables["sent"]
    left = sent if rows is None else sent.filter(rows)
    dated = left.drop_nulls().sort()
    ends = bulk(dated)
    if ends is None:
        return None
    first, last = (dated[0], dated[-1]) if everything else ends
    near = dated.filter(dated.is_between(first, last))
    found = eras(near)
    step = _step(sum((era.last - era.first).total_seconds() for era in found), len(near))
    edges: list[datetime] = []
    stretches: list[Stretch] = []
    at = 0.0
    for era, width in zip(found, widths(found, 1_000, GAP), strict=True):
        era_edges = _edges(era.first, era.last, step)
        stretches.append(Stretch(len(edges), len(edges) + len(era_edges) - 1, at / 10, width / 10))
        edges += era_edges
        at += width + GAP
    between = sent.is_between(first, last)
    groups, order = _grouped(state, by, between if rows is None else between & rows)
    bins = pl.DataFrame({"start": edges[:-1]}, schema={"start": sent.dtype}).with_row_index("bin")
    starts = sent.gather(groups["row"]).dt.truncate(EVERY[step]).alias("start")
    counts = groups.group_by("group", starts).agg(count=pl.len()).join(bins, on="start").drop("start")
    totals = dict(counts.group_by("group").agg(pl.col("count").sum()).iter_rows())
    ordered = {name: totals[name] for name in [*order, OTHER] if name in totals}
    years = [sorted(set(strays.dt.year())) for strays in (dated.filter(dated < first), dated.filter(dated > last))]
    return Bins(
        step, edges, stretches, counts.sort("group", "bin"), ordered, len(dated), len(left) - len(dated), *years
    )


def _grouped(state: State, by: str | None, drawn: pl.Series) -> tuple[pl.DataFrame, list[str]]:
    """Put the rows that are drawn into groups, `row` and `group`, and rank those; one without a group of its own is one of the others."""
    if by is None:
        every = pl.DataFrame({"row": drawn.arg_true()})
        return every.with_columns(group=pl.lit("all cables")), ["all cables"]
    groups = state.values("tags" if by == "tag" else by, drawn)
    groups = groups.select("row", group=pl.col("value").cast(pl.String).fill_null(none_of(by)))
    order = largest(groups["group"].value_counts(), by, TOP if by != "classification" else len(CLASSIFICATIONS) + 1)
    kept = pl.col("group").is_in(order)
    groups = groups.with_columns(group=pl.when(kept).then("group").otherwise(pl.lit(OTHER)))
    # counted as cables: one with two of the smaller tags is one of the others, once
    return (groups.unique() if by == "tag" else groups), order


def _step(seconds: float, cables: int) -> str:
    days = seconds / 86_400
    fits = (step for step, long in DAYS.items() if days / long <= MOST_BINS and days / long <= max(cables, 12))
    return next(fits, "year")


def _edges(first: Any, last: Any, step: str) -> list[datetime]:
    ends = pl.Series([first, last], dtype=pl.Datetime("us", "UTC")).dt.truncate(EVERY[step])
    after = pl.Series([ends[1]], dtype=ends.dtype).dt.offset_by(EVERY[step])[0]
    return pl.datetime_range(ends[0], after, EVERY[step], eager=True).to_list()


def ticks(first: datetime, last: datetime, most: float = MOST_TICKS) -> list[tuple[datetime, str]]:
    """Return where an axis is marked, `most` times about, and with what: years, or months where it is short.

    Examples
    --------
    >>> [told for _, told in ticks(datetime(2004, 1, 1), datetime(2007, 1, 1))]
    ['2004', 'Jul', '2005', 'Jul', '2006', 'Jul']
    """
    months = (last.year - first.year) * 12 + last.month - first.month
    apart = next((m for m in (1, 3, 6, 12, 24, 60, 120, 240, 600) if months / m <= most), 1200)
    out: list[tuple[datetime, str]] = []
    for month in range(first.year * 12, last.year * 12 + 12, apart):
        at = first.replace(year=month // 12, month=month % 12 + 1, day=1, hour=0, minute=0, second=0, microsecond=0)
        if first <= at < last:
            name = MONTHS[at.month - 1]
            out.append((at, f"{at.year}" if at.month == 1 else name if out else f"{name} {at.year}"))
    return out
