"""Charts of a comparison: carry-over, the matrix of threads, length and likeness, a phrase over the chain."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from cablelab.charts.base import (
    ADDED,
    DROPPED,
    KEPT,
    REST,
    REWORDED,
    WIDTH,
    finish,
    ink,
    made,
    nothing,
    option,
    time_x,
)
from cablelab.charts.grouping import share
from cablelab.charts.themed import COUNT, FAINT
from cablelab.corpus.lookup import counted

if TYPE_CHECKING:
    from cablelab.comparison import Comparison

OUTCOME_COLOURS = {"kept": KEPT, "reworded": REWORDED, "added": ADDED, "dropped": DROPPED}
# Split and merged sentences were reworded, too: a lighter and a darker blue.
LABEL_COLOURS = {"born": ADDED, "kept": KEPT, "reworded": REWORDED, "split": "#5aa4fb", "merged": "#0a4aa8"}
NO_SENTENCE = "No sentence of these cables could be read: fragments, or texts without a body."
NARROWEST = 18
COMPARISON = "a comparison"


@cache
def _letters() -> dict[str, str]:
    """Give each outcome its letter; who draws a comparison has loaded its room, which costs all others a second."""
    from cablelab.comparison.style import MARKS

    return {name: mark for name, (mark, _) in MARKS.items()} | {"born": "+"}


def carry_over(comparison: Comparison, unit: str = "sentences", width: int = WIDTH) -> alt.LayerChart:
    r"""Draw for each step how much of the text was kept, reworded, added and dropped, the counts printed in the bars.

    Parameters
    ----------
    comparison
        A Comparison of two or more cables.
    unit
        `"sentences"` or `"words"`.
    width
        Of the drawing, pixels.

    Returns
    -------
    altair.LayerChart, one row a step. Right of the line stands the newer cable, left of it what was dropped of the
    older.

    Raises
    ------
    UnknownOption
        If `unit` is none of these.

    Examples
    --------
    >>> import cablelab as cl
    >>> texts = ["UNCLAS OSLO 000001\n\n1. All is very well.", "UNCLAS OSLO 000002\n\n1. All is well."]
    >>> corpus = cl.parse(texts)
    >>> cl.charts.carry_over(cl.compare(corpus, *corpus.cables["cable"])).title.text
    'What each cable carries over from the one before'
    """
    made("carry_over", COMPARISON, comparison, "carry_over")
    option("unit", unit, ("sentences", "words"))
    n, newer = pl.col(unit).cast(pl.Int64), pl.col("outcome") != "dropped"
    end = pl.when(newer).then(pl.when(newer).then(n).otherwise(0).cum_sum().over("step")).otherwise(0)
    drawn = comparison.carry_over.with_columns(
        pl.col("outcome").cast(pl.String), name=_step_name(), count=n, end=end, start=end - n
    ).with_columns(middle=(pl.col("start") + pl.col("end")) / 2)
    title = "What each cable carries over from the one before"
    if drawn["count"].sum() == 0:
        return finish(alt.layer(nothing(None, NO_SENTENCE, width=width)), title, ["0 sentences"], "Nothing is drawn.")
    order = drawn["name"].unique(maintain_order=True).to_list()
    reach = max(drawn["end"], default=1) - min(drawn["start"], default=0)
    tooltip = [
        alt.Tooltip("a:N", title="older"),
        alt.Tooltip("b:N", title="newer"),
        alt.Tooltip("outcome:N"),
        alt.Tooltip("count:Q", title=unit, format=","),
    ]
    y = alt.Y("name:N", title=None, sort=order).axis(domain=False, ticks=False, labelLimit=240, labelOverlap=False)
    axis = alt.Axis(labelExpr="format(abs(datum.value), ',')", tickMinStep=1, tickCount=10)
    x = alt.X("start:Q", title=f"← {unit} of the older cable, dropped · {unit} of the newer cable →", axis=axis)
    bars = alt.Chart(drawn).mark_bar(height=22).encode(x, y, x2="end", color=_colour("outcome", OUTCOME_COLOURS))
    wide = drawn.filter(pl.col("count") * width >= NARROWEST * reach)
    inks = pl.col("outcome").replace_strict({k: ink(c) for k, c in OUTCOME_COLOURS.items()}, return_dtype=pl.String)
    letter = pl.col("outcome").replace_strict(_letters(), return_dtype=pl.String)
    label = pl.when(pl.col("count") * width >= 2 * NARROWEST * reach).then(pl.format("{} {}", letter, "count"))
    wide = wide.with_columns(said=label.otherwise(pl.col("count").cast(pl.String)), ink=inks)
    counts = (
        alt.Chart(wide)
        .mark_text()
        .encode(alt.X("middle:Q"), y, text="said:N", color=alt.Color("ink:N", scale=None), tooltip=tooltip)
    )
    zero = alt.Chart().mark_rule().encode(x=alt.datum(0))
    chart = alt.layer(bars.encode(tooltip=tooltip), counts, zero, data=drawn)
    chart = chart.resolve_scale(color="independent").properties(width=width, height=30 * len(order))
    notes = [
        f"{len(order):,} step{'s' * (len(order) != 1)} between {len(comparison.cables):,} cables, counted in {unit}",
        "Split and merged sentences count as reworded, weak links as dropped and added",
        *_remarks(comparison),
    ]
    about = "Stacked bars: kept, reworded and added to the right, dropped to the left."
    return finish(chart, title, notes, about)


def threads(comparison: Comparison, most: int = 40) -> alt.LayerChart:
    r"""Draw the matrix of threads: a row a sentence that lives on, a column a cable, a letter for what became of it.

    Parameters
    ----------
    comparison
        A Comparison of two or more cables.
    most
        How many threads at most: those that live longest, then those reworded most. They stand in the order of their
        birth.

    Returns
    -------
    altair.LayerChart. The letters are those of the comparison's pages; + is where a sentence first stands.

    Examples
    --------
    >>> import cablelab as cl
    >>> texts = ["UNCLAS OSLO 000001\n\n1. All is very well.", "UNCLAS OSLO 000002\n\n1. All is well."]
    >>> corpus = cl.parse(texts)
    >>> cl.charts.threads(cl.compare(corpus, *corpus.cables["cable"])).title.text
    'Sentences that live on'
    """
    made("threads", COMPARISON, comparison, "threads")
    longest = comparison.threads.sort("cables", "reworded", "thread", descending=[True, True, False]).head(most)
    longest = longest.sort("thread").with_row_index("row").with_columns(pl.col("row").cast(pl.Float64) + 0.5)
    drawn = (
        comparison.members.unique(["thread", "order"], keep="first", maintain_order=True)
        .join(longest.select("thread", "row", "first_text", "last_text"), on="thread")
        .with_columns(pl.col("label").cast(pl.String))
        .with_columns(
            letter=pl.col("label").replace_strict(_letters(), return_dtype=pl.String)
            + pl.when("moved").then(pl.lit(_letters()["moved"])).otherwise(pl.lit("")),
            ink=pl.col("label").replace_strict({k: ink(c) for k, c in LABEL_COLOURS.items()}, return_dtype=pl.String),
            top=pl.col("row") - 0.5,
            foot=pl.col("row") + 0.5,
        )
        .sort("row", "order")
    )
    n, cables = longest.height, list(comparison.cables)
    if n == 0:
        why = (
            "No sentence lives on from one of these cables to the next." if comparison.sentences.height else NO_SENTENCE
        )
        return finish(
            alt.layer(nothing(None, why)), "Sentences that live on", [share(0, 0, "threads")], "Nothing is drawn."
        )
    scale = alt.Scale(domain=[n, 0], nice=False, zero=False)
    x = alt.X("cable:N", title=None, sort=cables).scale(domain=list(dict.fromkeys(cables)))
    x = x.axis(orient="top", labelAngle=-30, domain=False, ticks=False, labelOverlap=False)
    tooltip = [
        "cable:N",
        alt.Tooltip("label:N", title="here"),
        "moved:N",
        alt.Tooltip("paragraph:Q"),
        alt.Tooltip("first_text:N", title="at first"),
        alt.Tooltip("last_text:N", title="at last"),
    ]
    cells = (
        alt.Chart(drawn)
        .mark_rect(stroke=FAINT)
        .encode(
            x,
            y=alt.Y("top:Q", scale=scale, axis=None),
            y2="foot",
            color=_colour("label", LABEL_COLOURS),
            tooltip=tooltip,
        )
    )
    y = alt.Y("row:Q", scale=scale, axis=None)
    letters = (
        alt.Chart(drawn)
        .mark_text(fontSize=10)
        .encode(x, y, text="letter:N", color=alt.Color("ink:N", scale=None), tooltip=tooltip)
    )
    words = (
        alt.Chart(longest.select("row", "last_text"))
        .mark_text(align="right", limit=330, fontSize=10)
        .encode(x=alt.value(-8), y=y, text="last_text:N", tooltip=alt.Tooltip("last_text:N", title="at last"))
    )
    size = {"width": max(46, min(90, WIDTH // max(1, len(cables)))) * len(cables), "height": 16 * n}
    chart = alt.layer(cells, letters, words).resolve_scale(color="independent").properties(**size)
    notes = [
        f"{share(n, comparison.threads.height, 'threads')} over {len(cables):,} cables, each with its last wording"
    ]
    if n < comparison.threads.height:
        notes[0] += "; those that live longest are drawn"
    notes.append(", ".join(f"{_letters()[name]} {name}" for name in (*LABEL_COLOURS, "moved")))
    notes += _remarks(comparison)
    return finish(
        chart, "Sentences that live on", notes, f"A matrix of {counted(n, 'row')} by {counted(len(cables), 'column')}."
    )


def similarity(comparison: Comparison, width: int | None = None) -> alt.VConcatChart:
    r"""Draw length and likeness over the chain.

    Parameters
    ----------
    comparison
        A Comparison of two or more cables.
    width
        Of the drawing, pixels; about 90 for each cable where it is not given.

    Returns
    -------
    altair.VConcatChart: words of each cable, above two lines against the cable before, in per cent: words that stand
    unchanged in both, and sentences of the newer one that were kept or reworded.

    Examples
    --------
    >>> import cablelab as cl
    >>> texts = ["UNCLAS OSLO 000001\n\n1. All is very well.", "UNCLAS OSLO 000002\n\n1. All is well."]
    >>> corpus = cl.parse(texts)
    >>> cl.charts.similarity(cl.compare(corpus, *corpus.cables["cable"])).title.text
    'Length and likeness over the chain'
    """
    made("similarity", COMPARISON, comparison, "lengths")
    table = comparison.lengths.with_columns(_instant())
    width = width or _width(comparison)
    hidden, shown, names_of, how = _along(comparison)
    tooltip = ["cable:N", alt.Tooltip("words:Q", format=","), "sentences:Q", "paragraphs:Q"]
    bars = alt.Chart(table).mark_bar(color=REST, size=12)
    bars = bars.encode(hidden, alt.Y("words:Q").axis(tickCount=3), tooltip=tooltip).properties(width=width, height=70)
    names = {"similarity": "words unchanged", "carried": "sentences carried over"}
    long = table.unpivot(
        list(names), index=["order", "cable", "sent"], variable_name="measure", value_name="share"
    ).drop_nulls()
    long = long.with_columns(pl.col("measure").replace_strict(names, return_dtype=pl.String))
    colours = dict(zip(names.values(), (COUNT, REST), strict=True))
    lines = (
        alt.Chart(long)
        .mark_line(point={"size": 60, "filled": True})
        .encode(
            shown,
            alt.Y("share:Q", title="of the cable before").scale(domain=[0, 1]).axis(format="%", tickCount=5),
            _colour("measure", colours),
            shape=alt.Shape("measure:N", title=None).scale(domain=list(colours), range=["circle", "square"]),
            tooltip=["cable:N", "measure:N", alt.Tooltip("share:Q", format=".0%")],
        )
        .properties(width=width, height=150)
    )
    bars = alt.layer(bars, *names_of)
    notes = [
        f"{table.height:,} cables{how}; likeness is to the cable before, hence none for the first",
        *_remarks(comparison),
    ]
    about = "Bars of length in words above two lines of likeness in per cent."
    return finish(alt.vconcat(bars, lines, spacing=8), "Length and likeness over the chain", notes, about)


def phrase(comparison: Comparison, text: str, width: int | None = None) -> alt.LayerChart:
    r"""Draw how often a phrase stands in each cable of the chain.

    Parameters
    ----------
    comparison
        A Comparison of two or more cables.
    text
        One or more words; case, punctuation and line breaks do not matter.
    width
        Of the drawing, pixels; about 90 for each cable where it is not given.

    Returns
    -------
    altair.LayerChart, with the count over each bar; a cable without the phrase has a 0.

    Examples
    --------
    >>> import cablelab as cl
    >>> texts = ["UNCLAS OSLO 000001\n\n1. All is very well.", "UNCLAS OSLO 000002\n\n1. All is well."]
    >>> corpus = cl.parse(texts)
    >>> cl.charts.phrase(cl.compare(corpus, *corpus.cables["cable"]), "very well").title.text
    '“very well” over the chain'
    """
    made("phrase", COMPARISON, comparison, "lengths")
    found = comparison.phrase(text)
    width = width or _width(comparison)
    _, shown, names_of, how = _along(comparison)
    dates = comparison.lengths.select("order", "sent")
    counts = found.group_by("order", "cable", maintain_order=True).agg(
        pl.col("count").sum(), wording=pl.col("text").first().fill_null("")
    )
    counts = counts.join(dates, on="order", how="left", maintain_order="left").with_columns(_instant())
    most = max(1, *counts["count"]) if counts.height else 1
    base = alt.Chart(counts).encode(
        shown,
        alt.Y("count:Q", title="times").scale(domain=[0, most * 1.15]).axis(tickMinStep=1, tickCount=min(4, most)),
        tooltip=["cable:N", alt.Tooltip("count:Q", title="times"), alt.Tooltip("wording:N", title="first sentence")],
    )
    chart = alt.layer(base.mark_bar(size=12), base.mark_text(dy=-8).encode(text="count:Q"), *names_of)
    holding = counts.filter(pl.col("count") > 0).height
    times = sum(counts["count"])
    notes = [f"{times:,} time{'s' * (times != 1)} in {share(holding, counts.height)}{how}", *_remarks(comparison)]
    return finish(chart.properties(width=width, height=120), f"“{text}” over the chain", notes, "One bar a cable.")


def _step_name() -> pl.Expr:
    return pl.format("{} → {}", "a", "b")


def _colour(field: str, colours: dict[str, str]) -> alt.Color:
    return alt.Color(f"{field}:N", title=None).scale(domain=list(colours), range=list(colours.values()))


def _remarks(comparison: Comparison) -> list[str]:
    return list(dict.fromkeys(remark for step in comparison.steps for remark in step.remarks))


def _width(comparison: Comparison) -> int:
    return WIDTH if _in_time(comparison) else min(WIDTH, 90 * max(2, len(comparison.cables)))


def _in_time(comparison: Comparison) -> bool:
    sent = comparison.lengths["sent"]
    return sent.len() > 1 and not sent.has_nulls() and sent.n_unique() == sent.len()


def _instant() -> pl.Expr:
    return pl.col("sent").cast(pl.Datetime("us", "UTC"))


def _along(comparison: Comparison) -> tuple[alt.X, alt.X, list[alt.Chart], str]:
    """Return the x channel without and with its axis, layers that name the cables, and a note where there is no time.

    Cables stand at their dates, with the true gaps between. Where one has no date they stand side by side instead.
    """
    if not _in_time(comparison):
        x = alt.X("cable:N", title=None).scale(domain=list(dict.fromkeys(comparison.cables)))
        undated = comparison.lengths["sent"].null_count()
        why = f"{undated:,} undated" if undated else "two of one date"
        return x.copy().axis(None), x.axis(labelAngle=-30, labelOverlap=False), [], f", side by side: {why}"
    days = comparison.lengths.select(_instant())["sent"].dt.epoch("ms")
    # told, not found: each panel would take the span of its own marks, and the lines have none for the first cable
    x = time_x("sent", scale={"padding": 16, "nice": False, "domain": [days.min(), days.max()]})
    named = alt.Chart(comparison.lengths.select("cable", _instant()))
    names = named.mark_text(angle=330, align="left", clip=False).encode(x, y=alt.value(-8), text="cable:N")
    return x.copy().axis(None), x, [names], " at their dates"
