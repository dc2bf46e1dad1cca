"""Words: those that tell two selections apart, and phrases over time with their denominator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from cablelab.charts.base import LOST, SERIES, WIDTH, finish, made, nothing
from cablelab.charts.broken import TimeAxis
from cablelab.charts.grouping import share
from cablelab.charts.themed import COUNT, FAINT
from cablelab.charts.timeline import CURE, UNDATED
from cablelab.corpus.lookup import counted
from cablelab.errors.arguments import of_corpus

if TYPE_CHECKING:
    from cablelab.corpus import Corpus

ROW = 18
ENOUGH = 5  # cables in a period; of fewer a share is drawn hollow, apart from the line and the scale
LABELLED = 14  # points of one phrase that bear their counts


def keyness(
    table: pl.DataFrame, names: tuple[str, str] = ("the first", "the second"), top: int = 15, width: int = WIDTH
) -> alt.LayerChart:
    """Draw what `cablelab.keyness` found: a word a row, how many times as often it stands, with the interval.

    Parameters
    ----------
    table
        What `cablelab.keyness` gives.
    names
        What to call the two selections.
    top
        How many words of each side.
    width
        Of the drawing, pixels.

    Returns
    -------
    altair.LayerChart

    Examples
    --------
    >>> import cablelab as cl
    >>> corpus = cl.sample()
    >>> table = cl.keyness(corpus.filter(cl.tagged("EFIS")), corpus.filter(~cl.tagged("EFIS")))
    >>> cl.charts.keyness(table).title.text
    'Words that tell the two apart'
    """
    made("keyness", "a table of words", table, "write_csv")
    telling = table.filter("tells")
    mine, other = telling.filter(pl.col("log_ratio") >= 0).head(top), telling.filter(pl.col("log_ratio") < 0).head(top)
    shown = pl.concat([mine, other]).sort("log_ratio", descending=True).with_columns(
        side=pl.when(pl.col("log_ratio") >= 0).then(pl.lit(names[0])).otherwise(pl.lit(names[1])),
        count=pl.format("{} : {}", "cables_a", "cables_b"),
    )  # fmt: skip
    y = alt.Y("word:N", title=None, sort=shown["word"].to_list()).axis(ticks=False, domain=False)
    title = f"more in {names[1]}  |  how often the share of cables doubles  |  more in {names[0]}"
    x = alt.X("log_ratio:Q", title=title).axis(tickCount=8)
    base = alt.Chart(shown).encode(y)
    colour = alt.Color("side:N", title=None).scale(domain=list(names), range=[COUNT, LOST])
    tooltip = [
        alt.Tooltip("word:N"),
        alt.Tooltip("cables_a:Q", title="cables of the first"),
        alt.Tooltip("cables_b:Q", title="cables of the second"),
        alt.Tooltip("log_ratio:Q", title="log ratio", format=".2f"),
        alt.Tooltip("dispersion:Q", title="dispersion (DP)", format=".2f"),
    ]
    zero = alt.Chart(pl.DataFrame({"zero": [0.0]})).mark_rule(color=FAINT).encode(alt.X("zero:Q"))
    rules = base.mark_rule().encode(alt.X("low:Q"), x2="high", color=colour)
    points = base.mark_point(filled=True, size=45, opacity=1).encode(x, color=colour, tooltip=tooltip)
    counts = base.mark_text(align="left", dx=6).encode(alt.X("high:Q"), text="count:N")
    chart = alt.layer(zero, rules, points, counts).properties(width=width, height=max(ROW, ROW * shown.height))
    notes = [
        f"{counted(shown.height, 'word')} of {telling.height:,} that tell the two apart; "
        f"beside each the cables that hold it, {names[0]} : {names[1]}",
        "Counted in cables, not in tokens; lines are 95 % intervals; chance alone would show none in 99 of 100 such pictures",
    ]
    if not shown.height:
        notes[0] = "No word stands in so many more cables of one than of the other that chance could not have done it"
    return finish(chart, "Words that tell the two apart", notes, f"{counted(shown.height, 'row')}.")


@of_corpus
def phrases(corpus: Corpus, *texts: str, by: str = "year", width: int = WIDTH) -> alt.LayerChart:
    """Draw in which share of the cables of each period a phrase stands, with its interval and the cables that there are.

    Parameters
    ----------
    corpus, *texts, by
        As for `cablelab.phrase`.
    width
        Of the drawing, pixels.

    Returns
    -------
    altair.LayerChart

    Examples
    --------
    >>> import cablelab as cl
    >>> cl.charts.phrases(cl.sample(), "the ministry").title.text
    'Share of cables that hold “the ministry”'
    """
    from cablelab.studies import phrase
    from cablelab.studies.wording import with_text

    table = phrase(corpus, *texts, by=by)
    table = table.with_columns(
        period=pl.col("period").cast(pl.Datetime("us", "UTC")), count=pl.format("{}/{}", "cables", "of")
    )
    named = ", ".join(f"“{text}”" for text in texts)
    title = f"Share of cables that hold {named}"
    if table.is_empty():
        return finish(
            alt.layer(nothing(corpus, UNDATED, CURE, width)),
            title,
            [share(0, corpus.cables.height)],
            "Nothing is drawn.",
        )
    colour = alt.Color("phrase:N", title=None, sort=list(texts)).scale(domain=list(texts), range=list(SERIES))
    each = table.filter(phrase=texts[0]).select(pl.col("period").repeat_by("of").explode())
    axis = TimeAxis.over(each.to_series(), width)
    table, x = axis.placed(table, "period"), axis.x("period", padding=12)
    enough = table.filter(pl.col("of") >= ENOUGH)
    most = max([0.01, *(enough if enough.height else table)["high"]])
    top = min(1, most * 1.1)
    base = alt.Chart(table).encode(x)
    band = alt.Chart(enough).encode(x).mark_rule(clip=True, opacity=0.5).encode(alt.Y("low:Q"), y2="high", color=colour)
    y = alt.Y("share:Q", title="share of cables").axis(format=".0%").scale(domain=[0, top])
    tooltip = ["phrase:N", alt.Tooltip("count:N", title="cables"), alt.Tooltip("share:Q", format=".1%")]
    points = base.transform_filter(f"datum.of >= {ENOUGH}").mark_point(filled=True, size=40, opacity=1)
    # what lies above the scale is left out; what lies on its ends is drawn whole
    few = base.transform_filter(f"datum.of < {ENOUGH} && datum.share <= {top}").mark_point(filled=False, size=30)
    lines = alt.Chart(enough).encode(x).mark_line(opacity=0.6).encode(y, color=colour)
    layers = [band, lines, *(mark.encode(y, color=colour, tooltip=tooltip) for mark in (points, few))]
    if len(texts) == 1 and table.height <= LABELLED:
        layers.append(base.mark_text(dy=-9, fontSize=10).encode(y, text="count:N"))
    chart = alt.layer(*layers, *axis.breaks()).properties(width=width, height=180)
    with_words = corpus.cables.filter(with_text())
    dated = with_words["sent"].count()
    notes = [
        *axis.notes,
        f"Of {counted(dated, 'dated cable')} with text, by {by}; lines up and down are 95 % intervals (Wilson); hollow: fewer than five cables",
    ]
    if lost := with_words.height - dated:
        notes.append(f"{counted(lost, 'undated cable')} not counted")
    if textless := corpus.cables.height - with_words.height:
        notes.append(f"{counted(textless, 'cable')} without text not counted: nobody knows what they say")
    return finish(chart, title, notes, f"{counted(table.height, 'point')}.")
