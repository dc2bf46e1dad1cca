"""A small histogram for each column head of the results; its bars filter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import ceil

import polars as pl

from cablelab.widgets.facets import Facets
from cablelab.widgets.selection import NONE, NUMBERS
from cablelab.widgets.state import State
from cablelab.widgets.tree import Node, h

FIELDS = {
    "post": "posts",
    "mission": "missions",
    "bureau": "bureaus",
    "classification": "classifications",
    "tags": "tags",
}
MOST_VALUES = 10
MOST_BARS = 14


@dataclass(frozen=True)
class Bar:
    """One bar: its cables, what it says, what a press does, whether it is chosen."""

    count: int
    told: str
    act: str
    value: str
    chosen: bool = False


def bars(state: State, facets: Facets, column: str) -> list[Bar]:
    """Return the bars of a column of `cables`, as the rest of the selection leaves them; none where nothing can be filtered.

    Parameters
    ----------
    state
        The state whose selection counts.
    facets
        Its facets.
    column
        A column of `cables`.
    """
    if column in FIELDS:
        field = FIELDS[column]
        values, _ = facets.values(field, most=MOST_VALUES)
        return [
            Bar(v.count, f"{v.value or 'none stated'}: {v.told}", "tick", f"{field} {v.value}", v.chosen)
            for v in values
        ]
    if column == "sent":
        return _years(state)
    if column in NUMBERS:
        return _numbers(state, column)
    return []


def _years(state: State) -> list[Bar]:
    years = state.cables("sent", ["sent"])["sent"].dt.year().drop_nulls().value_counts().sort("sent")
    if years.is_empty():
        return []
    apart = ceil((years["sent"][-1] - years["sent"][0] + 1) / MOST_BARS)
    first = pl.col("sent") - (pl.col("sent") - years["sent"][0]) % apart
    out = []
    for year, count in years.group_by(year=first).agg(pl.col("count").sum()).sort("year").iter_rows():
        days = date(year, 1, 1), date(year + apart - 1, 12, 31)
        span = f"{year}" if apart == 1 else f"{year} to {year + apart - 1}"
        out.append(Bar(count, f"{span}: {count:,}", "days", ",".join(map(str, days)), state.selection.sent == days))
    return out


def edges(values: pl.Series) -> list[int]:
    """Return the lower ends of bins of a round width that hold most values; the last one takes all above it.

    Examples
    --------
    >>> edges(pl.Series([1, 12, 95, 30, 4000]))
    [0, 10, 20, 30, 40, 50, 60, 70, 80, 90]
    """
    known = values.drop_nulls().sort()
    if known.is_empty():
        return []
    low, high = int(known[0]), int(known[(len(known) - 1) * 49 // 50])
    wide = max(1, (high - low) // MOST_BARS + 1)
    round_ = next(r * 10**n for n in range(10) for r in (1, 2, 5) if r * 10**n >= wide)
    return list(range(low // round_ * round_, high + 1, round_))


def _numbers(state: State, column: str) -> list[Bar]:
    lows = edges(state.whole.cables[column])
    if not lows:
        return []
    frame = state.cables("ranges")
    mine = None
    for name, low, high in state.selection.ranges:
        if name == column:
            mine = low, high
        else:
            frame = frame.filter(pl.col(name).is_between(low, high))
    wide = lows[1] - lows[0] if len(lows) > 1 else 1
    place = ((frame[column].drop_nulls().cast(pl.Int64) - lows[0]) // wide).clip(0, len(lows) - 1)
    counts = dict(place.rename("bin").value_counts().iter_rows())
    most = state.whole.cables[column].max()
    out = []
    for n, low in enumerate(lows):
        high = low + wide - 1 if n + 1 < len(lows) else max(low + wide - 1, int(most))  # type: ignore[arg-type]
        span = f"{low}" if low == high else f"{low} to {high}"
        out.append(
            Bar(
                counts.get(n, 0),
                f"{span}: {counts.get(n, 0):,}",
                "range",
                f"{column} {low} {high}",
                mine == (low, high),
            )
        )
    return out


def spark(column: str, drawn: list[Bar]) -> Node:
    """Return the histogram as a tree, or an empty place of the same height."""
    tallest = max((bar.count for bar in drawn), default=0)
    items = []
    for bar in drawn:
        attributes = {
            "class": "cl-sparkbar" + " cl-chosenbar" * bar.chosen,
            "key": bar.value or NONE,
            "data-act": bar.act,
            "data-value": bar.value,
            "data-row": f"spark {column}",
            "aria-pressed": str(bar.chosen).lower(),
            "title": f"{column} {bar.told}",
            "aria-label": f"{column} {bar.told}",
        }
        high = 0 if not bar.count else max(4.0, 100 * bar.count / tallest)
        items.append(h("button", attributes, h("span", {"class": "cl-sparkfill", "data-h": f"{high:.0f}"})))
    label = f"cables by {column}; a press filters" if drawn else None
    return h("div", {"class": "cl-spark", "role": "group" if drawn else None, "aria-label": label}, items)
