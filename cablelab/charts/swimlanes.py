"""Swimlanes: one mark a cable on a lane for each post or tag, REF links as lines between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from cablelab.charts.base import (
    LEVEL_COLOURS,
    LEVEL_SHAPES,
    OUTLINE,
    REST,
    ROW_LIMIT,
    WIDTH,
    finish,
    nothing,
    option,
)
from cablelab.charts.broken import TimeAxis
from cablelab.charts.grouping import GROUPINGS, PLURALS, grouped, largest, meanings, none_of, share
from cablelab.charts.lanes import LANE, lane_labels, lane_number, lane_y
from cablelab.charts.timeline import CURE, UNDATED
from cablelab.corpus.lookup import counted
from cablelab.errors.arguments import of_corpus

if TYPE_CHECKING:
    from cablelab.corpus import Corpus

COLUMNS = 140
STEPS = 5
LEVELS = {**LEVEL_COLOURS, none_of("classification"): REST}
SHAPES = {**LEVEL_SHAPES, none_of("classification"): "triangle-down"}
MOST_MARKS = 2_000


@of_corpus
def swimlanes(
    corpus: Corpus, by: str = "post", top: int = 12, links: bool = True, width: int = WIDTH
) -> alt.LayerChart:
    """Draw each cable as a mark on the lane of its post or tag; classification as shape and colour, REF links as lines.

    Parameters
    ----------
    corpus
        A Corpus. Cables without a date are not drawn. A cable with several tags stands on the lane of each. Where
        there are more than 2,000 marks, those of one lane, classification and stretch of time are drawn as one,
        larger mark, without links; the subtitle says so.
    by
        `"post"`, `"tag"`, `"mission"`, `"bureau"` or `"classification"`.
    top
        How many lanes, those with most cables first.
    links
        Draw a line from each cable to those it refers to, where both are drawn; with tags, between the highest lanes
        of both. None is drawn, and the subtitle says so, where they do not fit under 5,000 rows.
    width
        Of the drawing, pixels.

    Returns
    -------
    altair.LayerChart

    Raises
    ------
    UnknownOption
        If `by` is none of these.

    Examples
    --------
    >>> import cablelab as cl
    >>> cl.charts.swimlanes(cl.sample(), by="post").title.text
    'Cables by post, with their references'
    """
    option("by", by, GROUPINGS)
    marks, totals, lanes_in_all = _marks(corpus, by, top)
    order = list(totals)
    if not order:
        chart = alt.layer(nothing(corpus, UNDATED, CURE, width))
        notes = _notes(corpus, by, marks, marks, lanes_in_all, order, None, False)
        return finish(chart, f"Cables by {by}", notes, "Nothing is drawn.")
    single = marks.height <= MOST_MARKS
    pairs = _links(corpus, marks) if single and links else None
    room = ROW_LIMIT - marks.height - len(order)
    points = _placed(marks) if single else _gathered(marks)
    axis = TimeAxis.over(marks["sent"], width)
    points, x = axis.placed(points, "sent"), axis.x("sent", padding=8)
    levels = [level for level in LEVELS if level in set(points["classification"])]
    colour = alt.Color("classification:N", title=None).scale(domain=levels, range=[LEVELS[n] for n in levels])
    shape = alt.Shape("classification:N", title=None).scale(domain=levels, range=[SHAPES[n] for n in levels])
    y = lane_y("y", len(order))
    drawn = alt.Chart(points).mark_point(filled=True, opacity=1, size=36, stroke=OUTLINE, strokeWidth=0.8)
    if single:
        drawn = drawn.encode(x, y, colour, shape, tooltip=_tooltip(by))
    else:
        size = alt.Size("count:Q", legend=None).scale(range=[12, 260])
        drawn = drawn.encode(x, y, colour, shape, size, tooltip=_tooltip_gathered(by))
    lines: list[Any] = []
    if pairs is not None and 0 < 3 * pairs.height <= room:
        lines = [
            alt.Chart(axis.placed(_bent(pairs), "sent"))
            .mark_line(interpolate="basis", color=REST, opacity=0.45, strokeWidth=0.8)
            .encode(
                x,
                y,
                detail=["cable:N", "target:N"],
                order="bend:Q",
                tooltip=["cable:N", alt.Tooltip("target:N", title="refers to")],
            )
        ]
    labels = lane_labels(totals, meanings(corpus, by, order))
    chart = alt.layer(*lines, drawn, *labels, *axis.breaks()).properties(width=width, height=LANE * len(order))
    notes = [*axis.notes, *_notes(corpus, by, marks, points, lanes_in_all, order, pairs, bool(lines))]
    title = f"Cables by {by}" + (", with their references" if lines else "")
    about = f"{counted(len(order), 'lane')} hold{'s' * (len(order) == 1)} {counted(marks.height, 'mark')}"
    return finish(chart, title, notes, f"{about} from left to right by date.")


def _marks(corpus: Corpus, by: str, top: int) -> tuple[pl.DataFrame, dict[str, int], int]:
    column = "tags" if by == "tag" else by
    dated = corpus.cables.drop_nulls("sent").with_columns(
        pl.col("classification").cast(pl.String).fill_null(none_of("classification"))
    )
    columns = dict.fromkeys(["cable", "sent", "classification", "subject", column])
    marks = grouped(dated.select(*columns), by)
    sizes = marks.group_by("group").agg(count=pl.len())
    order = largest(sizes, by, top)
    marks = marks.with_columns(lane=lane_number("group", order)).drop_nulls("lane").sort("lane", "sent", "cable")
    counts = dict(sizes.iter_rows())
    return marks, {group: counts[group] for group in order}, sizes.height


def _stretch(marks: pl.DataFrame, columns: int) -> pl.Expr:
    first = pl.col("sent").min()
    span = (pl.col("sent").max() - first).dt.total_seconds() + 1
    return ((pl.col("sent") - first).dt.total_seconds() * columns // span).cast(pl.Int32)


def _placed(marks: pl.DataFrame) -> pl.DataFrame:
    # Cables of about the same time step aside from the middle of the lane by turns: 0, 1, -1, 2, -2.
    turn = pl.int_range(pl.len()).over("lane", "stretch") % STEPS
    aside = (turn + 1) // 2 * pl.when(turn % 2 == 1).then(1).otherwise(-1)
    marks = marks.with_columns(stretch=_stretch(marks, COLUMNS))
    return marks.with_columns(y=pl.col("lane") + 0.5 + 0.16 * aside).drop("lane", "stretch")


def _gathered(marks: pl.DataFrame) -> pl.DataFrame:
    levels = list(LEVELS)
    columns = MOST_MARKS // (max(1, marks["lane"].n_unique()) * len(levels))
    level = pl.col("classification").replace_strict(levels, range(len(levels)), return_dtype=pl.Float64)
    return (
        marks.with_columns(stretch=_stretch(marks, columns))
        .group_by("lane", "group", "classification", "stretch")
        .agg(pl.len().alias("count"), start=pl.col("sent").min(), end=pl.col("sent").max(), sent=pl.col("sent").mean())
        .with_columns(y=pl.col("lane") + 0.15 + 0.14 * level)
        .sort("lane", "sent", "classification")
        .drop("lane", "stretch")
    )


def _links(corpus: Corpus, marks: pl.DataFrame) -> pl.DataFrame:
    ends = _placed(marks).unique("cable", keep="first", maintain_order=True).select("cable", "sent", "y")
    return (
        corpus.references.filter((pl.col("kind") == "cable") & pl.col("target").is_not_null())
        .select("cable", "target")
        .unique()
        .filter(pl.col("cable") != pl.col("target"))
        .join(ends, on="cable")
        .join(ends.select(target="cable", to="sent", y_to="y"), on="target")
        .sort("cable", "target")
    )


def _bent(pairs: pl.DataFrame) -> pl.DataFrame:
    # A straight line between two cables of one lane would hide all others there, so it rises in between.
    rise = pl.when(pl.col("y").floor() == pl.col("y_to").floor()).then(0.45).otherwise(0.0)
    middle = pairs.with_columns(
        sent=pl.col("sent") + (pl.col("to") - pl.col("sent")) / 2, y=(pl.col("y") + pl.col("y_to")) / 2 - rise
    )
    end = pairs.with_columns(sent="to", y="y_to")
    columns = ["cable", "target", "sent", "y"]
    parts = [part.select(*columns, bend=pl.lit(n)) for n, part in enumerate((pairs, middle, end))]
    return pl.concat(parts).sort("cable", "target", "bend")


def _tooltip(by: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("cable:N"),
        alt.Tooltip("subject:N"),
        alt.Tooltip("utcyearmonthdatehoursminutes(sent):T", title="sent (UTC)"),
        alt.Tooltip("classification:N"),
        *([] if by == "classification" else [alt.Tooltip("group:N", title=by)]),
    ]


def _tooltip_gathered(by: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("group:N", title=by),
        alt.Tooltip("classification:N"),
        alt.Tooltip("count:Q", title="cables", format=","),
        alt.Tooltip("utcyearmonthdate(start):T", title="first"),
        alt.Tooltip("utcyearmonthdate(end):T", title="last"),
    ]


def _notes(
    corpus: Corpus,
    by: str,
    marks: pl.DataFrame,
    points: pl.DataFrame,
    lanes_in_all: int,
    order: list[str],
    pairs: pl.DataFrame | None,
    linked: bool,
) -> list[str]:
    cables = corpus.cables
    undated = cables["sent"].null_count()
    notes = [f"{share(marks['cable'].n_unique(), cables.height)} on {share(len(order), lanes_in_all, PLURALS[by])}"]
    if undated:
        notes[0] += f"; {undated:,} undated {'is' if undated == 1 else 'are'} not drawn"
    if by == "tag":
        notes.append("A cable with several tags stands on the lane of each")
    if marks.height > MOST_MARKS:
        most = f"the largest for {max(points['count']):,}"
        notes.append(f"Too many for one mark each: a mark stands for all of one lane, classification and while, {most}")
    elif linked and pairs is not None:
        notes.append(f"{pairs.height:,} references between cables drawn, as lines")
    elif pairs is not None and pairs.height:
        notes.append(f"{pairs.height:,} references are too many to be drawn")
    return notes
