"""Lanes: rows with a name and its meaning at the left, drawn as marks: no name becomes part of an expression."""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl

from cablelab.charts.themed import FAINT

LANE = 36
LABEL_WIDTH = 190


def lane_y(field: str, lanes: int) -> alt.Y:
    """Return the y channel over `lanes` rows: row 0 at the top, each one unit high, no axis.

    Examples
    --------
    >>> from cablelab.charts.lanes import lane_y
    >>> lane_y("row", 3).to_dict()["scale"]["domain"]
    [3, 0]
    """
    return alt.Y(field, type="quantitative", axis=None).scale(domain=[lanes, 0], nice=False, zero=False)


def lane_number(column: str, order: list[str]) -> pl.Expr:
    """Return the number of the lane that each row stands on, null for names that have none.

    Examples
    --------
    >>> import polars as pl
    >>> from cablelab.charts.lanes import lane_number
    >>> pl.DataFrame({"group": ["ROME", "BERN"]}).select(lane_number("group", ["OSLO", "ROME"]))["group"].to_list()
    [1.0, None]
    """
    numbers = {name: float(n) for n, name in enumerate(order)}
    # Without any lane polars gives back strings.
    return pl.col(column).replace_strict(numbers, default=None, return_dtype=pl.Float64).cast(pl.Float64)


def lane_labels(totals: dict[str, int], meanings: dict[str, str]) -> list[alt.Chart]:
    """Return the layers that write name, count and meaning beside each lane, and the line that it stands on.

    Parameters
    ----------
    totals
        Name of each lane to its count, from the top down.
    meanings
        Name to meaning; may lack some.

    Returns
    -------
    list of three altair charts, to be layered with the marks of the lanes.

    Examples
    --------
    >>> from cablelab.charts.lanes import lane_labels
    >>> [layer.mark.type for layer in lane_labels({"OSLO": 3}, {})]
    ['rule', 'text', 'text']
    """
    rows = pl.DataFrame(
        {
            "lane": [float(i) for i in range(len(totals))],
            "label": [f"{name} · {n:,}" for name, n in totals.items()],
            "meaning": [meanings.get(name, "") for name in totals],
        },
        schema={"lane": pl.Float64, "label": pl.String, "meaning": pl.String},
    ).with_columns(
        foot=pl.col("lane") + 1,
        # Without a meaning the name stands alone, in the middle.
        middle=pl.col("lane") + pl.when(pl.col("meaning") == "").then(0.62).otherwise(0.45),
        below=pl.col("lane") + 0.82,
    )
    base = alt.Chart(rows)
    # Vega-Lite clips all marks of a view that a brush zooms, unless told otherwise.
    words: dict[str, Any] = {"align": "right", "limit": LABEL_WIDTH, "clip": False}
    n = len(totals)
    return [
        base.mark_rule(color=FAINT).encode(lane_y("foot", n)),
        base.mark_text(**words, fontWeight="bold").encode(x=alt.value(-8), y=lane_y("middle", n), text="label:N"),
        base.mark_text(**words, fontSize=10).encode(x=alt.value(-8), y=lane_y("below", n), text="meaning:N"),
    ]
