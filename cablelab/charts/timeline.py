"""Counts over time: all cables, or small multiples by post, tag, mission or bureau, or stacked by classification."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from cablelab.charts import fonts
from cablelab.charts.base import REST, ROW_LIMIT, WIDTH, finish, level_colour, nothing, option, time_x
from cablelab.charts.coverage import yearly_share
from cablelab.charts.eras import beside, eras, told, widths
from cablelab.charts.grouping import GROUPINGS, OTHER, PLURALS, grouped, largest, meanings, several, share
from cablelab.charts.lanes import LANE, lane_labels, lane_number, lane_y
from cablelab.charts.lost import SHADED, destroyed, gap_layer, gaps_between, losses
from cablelab.charts.themed import COUNT, FAINT
from cablelab.corpus.lookup import counted
from cablelab.errors import TooManyMarks
from cablelab.errors.arguments import of_corpus

if TYPE_CHECKING:
    from cablelab.corpus import Corpus

EVERY = {"day": "1d", "week": "1w", "month": "1mo", "quarter": "1q", "year": "1y"}
DAYS = {"day": 1.0, "week": 7.0, "month": 30.44, "quarter": 91.3, "year": 365.25}
PERIODS = {"day": "%Y-%m-%d", "week": "week of %Y-%m-%d", "month": "%Y-%m", "year": "%Y"}
MOST_BINS = 120
FEWEST_A_STEP = 8
BREAK = 26  # pixels between two eras
ALL = "all cables"
NO_DAYS = (94_694_400_000, 1_262_304_000_000)  # 1973 to 2009, in milliseconds
UNDATED = "None of these cables is dated, so that none has a place in time."
CURE = "`cl.charts.matrix` counts them, too."


@of_corpus
def timeline(
    corpus: Corpus,
    by: str | None = "post",
    every: str = "auto",
    top: int = 12,
    coverage: bool = False,
    width: int = WIDTH,
) -> alt.VConcatChart:
    """Draw how many cables there are over time.

    Classifications are stacked; posts, tags, missions and bureaus stand one below the other on one scale, the
    largest first. Under them lies a strip with all cables: in the live chart, drag over it to zoom. Where more than five
    years without cables part two eras, these stand side by side on the same scales, one that holds less than a twentieth of the
    cables in little room; the subtitle names the years left out and what is set apart.

    Parameters
    ----------
    corpus
        A Corpus. Cables without a date are not drawn; the subtitle says how many. A cable with several tags counts
        once for each of them.
    by
        `"post"`, `"tag"`, `"mission"`, `"bureau"`, `"classification"`, or None for all cables together.
    every
        `"day"`, `"week"`, `"month"`, `"quarter"`, `"year"` (UTC; weeks start on Monday), or `"auto"`: the finest of
        them with at most 120 steps, 8 cables a step on average (strays aside), and at most 5,000 rows.
    top
        How many groups are drawn one by one; the others are drawn together as `other`.
    coverage
        Draw under it what share is held of what was sent each year (see `cablelab.charts.coverage`), and shade the
        gaps that the package knows of.
    width
        Of the drawing, pixels.

    Returns
    -------
    altair.VConcatChart, with an interval selection `brush` on x; of several eras that of the last which is not set apart,
    the others have `brush_1973` and so on.

    Raises
    ------
    UnknownOption
        If `by` or `every` is none of these.
    TooManyMarks
        If the steps asked for are so fine that the chart would hold more than 5,000 rows.

    Examples
    --------
    >>> import cablelab as cl
    >>> cl.timeline(cl.sample(), by="post").title.text
    'Cables over time, by post'
    """
    if by is not None:
        option("by", by, GROUPINGS)
    step, counts = _counts(corpus, by, every, top)
    title = f"Cables over time, by {by}" if by else "Cables over time"
    if counts.is_empty():
        brush = alt.selection_interval(name="brush", encodings=["x"])
        bare = _overview(corpus.cables, step, brush, width, 1)
        empty = alt.vconcat(nothing(corpus, UNDATED, CURE, width), bare, spacing=8)
        return finish(empty, title, _notes(corpus, by, step, counts, False)[:1], "Nothing is drawn.")
    found = eras(corpus.cables["sent"])
    tallest = max(_all(corpus.cables, step)["count"])
    above: list[Any] = []
    strips: list[Any] = []
    below: list[Any] = []
    for era, wide in zip(found, widths(found, width, BREAK), strict=True):
        brush = alt.selection_interval(name=era.brush, encodings=["x"])
        axis = {"labels": False, "ticks": False} if era.apart else {"tickCount": max(2, min(8, wide // 70))}
        x = time_x("start", scale={"domain": brush, "nice": False, "padding": 0}, axis=axis)
        part, cables = era.of(counts, "start"), era.of(corpus.cables, "sent")
        if len(found) == 1:
            part, cables = counts, corpus.cables
        drawn = _Part(part, counts, by, x, wide, gaps_between(cables["sent"]) if coverage else None, not above)
        chart = (_stack if by in (None, "classification") else _lanes)(drawn)
        named = alt.TitleParams(era.name, fontSize=11, frame="group", offset=6)
        above.append(chart if len(found) == 1 else chart.properties(title=named))
        if coverage:
            strips.append(_strip(corpus, part, x, wide))
        below.append(_overview(cables, step, brush, wide, tallest))
    parts: list[Any] = [beside(row, BREAK) for row in (above, strips, below) if row]
    chart = alt.vconcat(*parts, spacing=8).resolve_scale(color="independent")
    n = counts["group"].n_unique()
    rows = ", in one row" if n == 1 else f", one row for each of {n} {PLURALS[by or 'post']}"
    return finish(
        chart,
        title,
        [*told(found), *_notes(corpus, by, step, counts, coverage)],
        f"Bars count cables by {step}{rows if by else ''}.",
    )


@of_corpus
def timeline_table(corpus: Corpus, by: str | None = None, every: str = "auto", top: int = 12) -> pl.DataFrame:
    """Count the cables that `timeline` draws.

    Parameters
    ----------
    corpus, by, every, top
        As for `timeline`.

    Returns
    -------
    DataFrame, one row a group and step that holds cables, in the order drawn: `group`, `meaning` (String), `start`,
    `end` (Datetime UTC, end exclusive), `period` (String), `count` (UInt32).

    Examples
    --------
    >>> import cablelab as cl
    >>> cl.charts.timeline_table(cl.sample(), every="year").columns
    ['group', 'meaning', 'start', 'end', 'period', 'count']
    """
    return _counts(corpus, by, every, top)[1]


def _counts(corpus: Corpus, by: str | None, every: str, top: int) -> tuple[str, pl.DataFrame]:
    column = {"tag": ["tags"], None: []}.get(by, [by])
    dated = corpus.cables.select("cable", "sent", *column).drop_nulls("sent")
    groups = dated.with_columns(group=pl.lit(ALL)) if by is None else grouped(dated, by)
    sizes = groups.group_by("group").agg(count=pl.len())
    order = largest(sizes, by or "all", top)
    if sizes.height > len(order):
        # A cable with several tags among the others is one cable there.
        groups = groups.with_columns(
            group=pl.when(pl.col("group").is_in(order)).then("group").otherwise(pl.lit(OTHER))
        ).unique(["cable", "group"], keep="first", maintain_order=True)
        order = [g for g in order if g != OTHER] + [OTHER]
    for step in _steps(dated["sent"], every):
        counts = groups.group_by("group", start=pl.col("sent").dt.truncate(EVERY[step])).agg(count=pl.len())
        if counts.height + MOST_BINS <= ROW_LIMIT:
            return step, _described(corpus, by, step, order, counts)
    raise TooManyMarks(counts.height, ROW_LIMIT, "Choose a longer step for `every`, or a smaller `top`.")


def _steps(sent: pl.Series, every: str) -> list[str]:
    if every != "auto":
        return [option("every", every, (*EVERY, "auto"))]
    days = [sent.dt.timestamp("ms").quantile(q) or 0 for q in (0.0, 0.02, 0.98, 1.0)]
    whole, most = ((days[-1 - i] - days[i]) / 86_400_000 for i in (0, 1))
    if len(found := eras(sent)) > 1:
        whole = sum((era.last - era.first).days for era in found)
        most = sum((era.last - era.first).days for era in found if not era.apart)
    # A few strays far from the rest must not make the steps of the rest coarse.
    return [
        step
        for step in EVERY
        if step == "year" or (whole / DAYS[step] <= MOST_BINS and most / DAYS[step] * FEWEST_A_STEP <= sent.len())
    ]


def _described(corpus: Corpus, by: str | None, step: str, order: list[str], counts: pl.DataFrame) -> pl.DataFrame:
    words = meanings(corpus, by, order) if by else {}
    words |= {OTHER: "together, on a scale of its own"} if OTHER in order else {}
    start = pl.col("start")
    period = (
        start.dt.strftime(PERIODS[step])
        if step in PERIODS
        else pl.format("{} Q{}", start.dt.year(), start.dt.quarter())
    )
    return (
        counts.with_columns(
            end=start.dt.offset_by(EVERY[step]),
            period=period,
            meaning=pl.col("group").replace_strict(words, default="", return_dtype=pl.String),
            rank=lane_number("group", order),
        )
        .sort("rank", "start")
        .select("group", "meaning", "start", "end", "period", "count")
    )


def _tooltip(by: str | None) -> list[alt.Tooltip]:
    group = [alt.Tooltip("group:N", title=by), alt.Tooltip("meaning:N", title="means")] if by else []
    return [*group, alt.Tooltip("period:N", title="sent"), alt.Tooltip("count:Q", title="cables", format=",")]


@dataclass(frozen=True)
class _Part:
    """What is drawn of one era, and what of all: the scales are those of `whole`, names stand beside the first part only."""

    counts: pl.DataFrame
    whole: pl.DataFrame
    by: str | None
    x: alt.X
    width: int
    shade: pl.DataFrame | None
    first: bool


def _stack(part: _Part) -> Any:
    bars = alt.Chart(part.counts).mark_bar(orient="vertical", clip=True, binSpacing=0.5)
    y = alt.Y("sum(count):Q", title="cables").axis(tickMinStep=1, tickCount=4)
    if part.counts.height < part.whole.height:
        tallest = max(part.whole.group_by("start").agg(pl.col("count").sum())["count"])
        y = (y if part.first else y.axis(None)).scale(domain=[0, 1.08 * tallest])
    if part.by is None:
        bars = bars.encode(part.x, x2="end", y=y, tooltip=_tooltip(part.by))
    else:
        levels = part.whole["group"].unique(maintain_order=True).to_list()
        colour = level_colour(None, levels)
        colour.shorthand = "group:N"
        bars = bars.encode(part.x, x2="end", y=y, color=colour, tooltip=_tooltip(part.by))
    return alt.layer(*_shades(part.x, part.shade), bars).properties(width=part.width, height=170)


def _lanes(part: _Part) -> Any:
    totals = _totals(part.whole)
    order = list(totals)
    lane = lane_number("group", order)
    # The rest has a scale of its own: it would flatten all others.
    tallest = pl.col("count").max().over(pl.col("group") == OTHER)
    heights = part.whole.with_columns(tallest=tallest).select("group", "start", "tallest")
    marks = part.counts.join(heights, on=["group", "start"], maintain_order="left")
    marks = marks.with_columns(foot=lane + 1, head=lane + 1 - 0.9 * pl.col("count") / pl.col("tallest")).drop("tallest")
    bars = (
        alt.Chart(marks)
        .mark_rect(clip=True, x2Offset=-0.5)
        .encode(
            part.x,
            x2="end",
            y=lane_y("head", len(order)),
            y2="foot",
            color=alt.condition(alt.datum.group == OTHER, alt.value(REST), alt.value(COUNT)),
            tooltip=_tooltip(part.by),
        )
    )
    words = dict(part.whole.select("group", "meaning").unique().iter_rows())
    labels = lane_labels(totals, words)
    shown = labels if part.first else labels[:1]
    return alt.layer(*_shades(part.x, part.shade), bars, *shown).properties(width=part.width, height=LANE * len(order))


def _totals(drawn: pl.DataFrame) -> dict[str, int]:
    return dict(drawn.group_by("group", maintain_order=True).agg(pl.col("count").sum()).iter_rows())


def _shades(x: alt.X, shade: pl.DataFrame | None) -> list[alt.Chart]:
    return [] if shade is None or shade.is_empty() else [gap_layer(shade, x)]


def _strip(corpus: Corpus, counts: pl.DataFrame, x: alt.X, width: int) -> Any:
    first, last = counts["start"].min(), counts["end"].max()
    year = pl.col("year").cast(pl.Int32)
    years = (
        yearly_share(corpus)
        .with_columns(
            start=pl.max_horizontal(pl.datetime(year, 1, 1, time_zone="UTC"), pl.lit(first)),
            end=pl.min_horizontal(pl.datetime(year + 1, 1, 1, time_zone="UTC"), pl.lit(last)),
        )
        .filter(pl.col("start") < pl.col("end"))
        .with_columns(
            middle=pl.col("start") + (pl.col("end") - pl.col("start")) / 2,
            percent=(pl.col("share") * 100).round_sig_figs(2).cast(pl.String).str.strip_suffix(".0"),
        )
    )
    x = x.copy().axis(None)
    base = alt.Chart(years, width=width, height=18)
    tooltip = [
        alt.Tooltip("year:Q"),
        alt.Tooltip("held:Q", format=","),
        alt.Tooltip("highest:Q", format=",", title="sent at least"),
        alt.Tooltip("sent:Q", format=",.0f", title="sent, estimated"),
        alt.Tooltip("share:Q", format=".1%", title="held of estimate"),
    ]
    fill = base.mark_rect(fill=COUNT, stroke=FAINT, clip=True).encode(
        x,
        x2="end",
        fillOpacity=alt.FillOpacity("share:Q", legend=None).scale(domain=[0, 1], range=[0, 0.3]),
        tooltip=tooltip,
    )
    days = counts.select((pl.col("end").max() - pl.col("start").min()).dt.total_days()).item() or 1
    widest = max((fonts.width(percent, 11) or 0 for percent in years["percent"]), default=0)
    if width * DAYS["year"] < (widest + 4) * days:
        return alt.layer(fill)
    middle = x.copy()
    middle.shorthand = "middle"
    return alt.layer(fill, base.mark_text(clip=True).encode(middle, text="percent:N"))


def _all(cables: pl.DataFrame, step: str) -> pl.DataFrame:
    # Counted afresh: added up from the groups, a cable with three tags would be three.
    start = pl.col("sent").dt.truncate(EVERY[step])
    return cables.drop_nulls("sent").group_by(start=start).agg(count=pl.len()).sort("start")


def _overview(cables: pl.DataFrame, step: str, brush: alt.Parameter, width: int, tallest: int) -> alt.Chart:
    counts = _all(cables, step)
    # Without bounds Vega draws from here to infinity, and the page with it.
    bounds = {} if counts.height else {"domain": list(NO_DAYS)}
    axis = {"labels": False, "ticks": False} if counts.height else None
    x = time_x("start", scale={"nice": False, "padding": 0} | bounds, axis=axis)
    height = alt.Scale(domain=[0, tallest])
    return (
        alt.Chart(counts.with_columns(end=pl.col("start").dt.offset_by(EVERY[step])), width=width, height=30)
        .mark_bar(orient="vertical", color=REST, binSpacing=0)
        .encode(x, x2="end", y=alt.Y("count:Q", title=None, axis=None, scale=height))
        .add_params(brush)
    )


def _notes(corpus: Corpus, by: str | None, step: str, counts: pl.DataFrame, coverage: bool) -> list[str]:
    cables = corpus.cables
    undated, order = cables["sent"].null_count(), list(_totals(counts))
    first = f"{share(cables.height - undated, cables.height)} counted by {step}"
    notes = [first + (f"; {undated:,} undated {'is' if undated == 1 else 'are'} not drawn" if undated else "")]
    if by is not None and by != "classification" and order:
        listed = f"The {counted(len(order) - 1, by)} with most cables; all others together as {OTHER!r}"
        tallest = max(counts.filter(pl.col("group") != OTHER)["count"], default=0)
        scale = f"the tallest bar is {tallest:,}, on one scale for all rows"
        notes.append(f"{listed}; {scale} but that one" if OTHER in order else scale.capitalize())
    notes += several(by or "")
    if by == "tag":
        notes += destroyed(cables, order)
    if coverage:
        years = yearly_share(corpus)
        percent = 100 * sum(years["held"]) / max(1, sum(years["sent"]))
        overall = f"; over all years {float(f'{percent:.2g}'):g} %" if years.height else ""
        notes += [SHADED] * (gaps_between(cables["sent"]).height > 0)
        notes += losses(cables)
        notes.append(f"Strip: per cent held of what the posts sent each year, estimated from message numbers{overall}")
    notes.append("Grey, below: all dated cables")
    return notes
