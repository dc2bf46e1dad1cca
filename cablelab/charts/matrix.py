"""Heat maps: how many cables there are for each post and tag, post and year, or any other two groupings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from cablelab.charts.base import finish, ink, nothing, option
from cablelab.charts.grouping import GROUPINGS, PLURALS, grouped, largest, meanings, several, share
from cablelab.corpus.lookup import counted
from cablelab.errors.arguments import of_corpus

if TYPE_CHECKING:
    from cablelab.corpus import Corpus

SIDES = (*GROUPINGS, "year")
CELL = 22
ENDS = ("#d5ecef", "#0c4a55")


@of_corpus
def matrix(corpus: Corpus, rows: str = "post", columns: str = "tag", top: int = 15) -> alt.LayerChart:
    """Draw a heat map of counts, the count printed in each cell.

    Parameters
    ----------
    corpus
        A Corpus. A cable with several tags counts once for each of them; one without a tag, post and so on has a row
        or column of its own.
    rows, columns
        Two different ones of `"post"`, `"tag"`, `"mission"`, `"bureau"`, `"classification"`, `"year"`.
    top
        How many rows and columns at most: those with most cables, the latest years.

    Returns
    -------
    altair.LayerChart

    Raises
    ------
    UnknownOption
        If `rows` or `columns` is none of these, or both are the same.

    Examples
    --------
    >>> import cablelab as cl
    >>> cl.charts.matrix(cl.sample(), rows="post", columns="year").title.text
    'Cables by post and year'
    """
    option("rows", rows, SIDES)
    option("columns", columns, [side for side in SIDES if side != rows])
    placed = _placed(corpus, rows, columns)
    cells = placed.group_by("row", "column").agg(count=pl.len()).sort("row", "column")
    across = {side: _sizes(placed, side) for side in ("row", "column")}
    if cells.is_empty():
        chart = alt.layer(nothing(corpus, ""))
        return finish(chart, f"Cables by {rows} and {columns}", ["0 of 0 cables"], "Nothing is drawn.")
    row_order = largest(across["row"], rows, top)
    column_order = largest(across["column"], columns, top)
    drawn = cells.filter(pl.col("row").is_in(row_order), pl.col("column").is_in(column_order))
    drawn = drawn.with_columns(
        row_meaning=_named(corpus, rows, row_order, "row"),
        column_meaning=_named(corpus, columns, column_order, "column"),
    )
    most = max(drawn["count"], default=1)
    # The cell hides the page, so that black or white text holds in both themes.
    inks = {n: ink(_shade(n / most)) for n in set(drawn["count"])}
    drawn = drawn.with_columns(ink=pl.col("count").replace_strict(inks, default="", return_dtype=pl.String))
    size = {"width": _side(drawn, len(column_order)), "height": CELL * len(row_order)}
    y = alt.Y("row:N", title=None, sort=row_order).axis(domain=False, ticks=False, labelOverlap=False)
    x = alt.X("column:N", title=None, sort=column_order).axis(
        domain=False, ticks=False, labelOverlap=False, labelAngle=-40, orient="top"
    )
    base = alt.Chart(drawn).encode(x, y)
    tooltip = [
        alt.Tooltip("row:N", title=rows),
        alt.Tooltip("row_meaning:N", title="means"),
        alt.Tooltip("column:N", title=columns),
        alt.Tooltip("column_meaning:N", title="stands for"),
        alt.Tooltip("count:Q", title="cables", format=","),
    ]
    colour = alt.Color("count:Q", legend=None).scale(type="sqrt", domain=[0, most], range=list(ENDS))
    boxes = base.mark_rect(stroke="#80808055").encode(color=colour, tooltip=tooltip)
    counts = base.mark_text(fontSize=10).encode(
        text=alt.Text("count:Q", format=","), color=alt.Color("ink:N", scale=None), tooltip=tooltip
    )
    chart = alt.layer(boxes, counts).resolve_scale(color="independent").properties(**size)
    notes = _notes(corpus, cells, rows, columns, row_order, column_order)
    about = (
        f"A table of {counted(len(row_order), rows)} by {counted(len(column_order), columns)}; up to {most:,} a cell."
    )
    return finish(chart, f"Cables by {rows} and {columns}", notes, about)


def _placed(corpus: Corpus, rows: str, columns: str) -> pl.DataFrame:
    needed = {"tag": "tags"}
    cables = corpus.cables.select("cable", *(needed.get(side, side) for side in (rows, columns)))
    sides = {rows: "row", columns: "column"}
    # Tags first: grouping by them takes the lists away.
    for side in sorted(sides, key=lambda s: s != "tag"):
        cables = grouped(cables, side).rename({"group": sides[side]})
    return cables


def _shade(share: float) -> str:
    """Return the colour that Vega gives a share of the highest count: the root of it, from one end to the other."""
    ends = [[int(end[i : i + 2], 16) for i in (1, 3, 5)] for end in ENDS]
    return "#" + "".join(f"{round(a + (b - a) * share**0.5):02x}" for a, b in zip(*ends, strict=True))


def _sizes(placed: pl.DataFrame, side: str) -> pl.DataFrame:
    # cables, not cells: a post is not larger because its cables bear more tags
    return placed.group_by(group=side).agg(count=pl.col("cable").n_unique())


def _named(corpus: Corpus, by: str, groups: list[str], column: str) -> pl.Expr:
    return pl.col(column).replace_strict(meanings(corpus, by, groups), default="", return_dtype=pl.String)


def _notes(
    corpus: Corpus, cells: pl.DataFrame, rows: str, columns: str, row_order: list[str], column_order: list[str]
) -> list[str]:
    n_rows, n_columns = cells["row"].n_unique(), cells["column"].n_unique()
    inside = sum(cells.filter(pl.col("row").is_in(row_order), pl.col("column").is_in(column_order))["count"])
    out = sum(cells["count"]) - inside
    what = f"{share(len(row_order), n_rows, PLURALS[rows])}, {share(len(column_order), n_columns, PLURALS[columns])}"
    left = f"; {out:,} counts lie outside them" if out else ""
    return [
        f"{counted(corpus.cables.height, 'cable')}; {what}{left}",
        *several("tag" if "tag" in (rows, columns) else ""),
    ]


def _side(drawn: pl.DataFrame, columns: int) -> int:
    digits = len(f"{max(drawn['count'], default=0):,}")
    return columns * max(34, 7 * digits + 8)
