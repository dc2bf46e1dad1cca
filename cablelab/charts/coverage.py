"""Held against sent: how much of a post's reporting the corpus holds, and where records are known to be lost.

A timeline of the copies held is not a timeline of reporting. Each post numbers its cables afresh every January, so
the highest number held of a post and year says that at least so many were sent. With k different numbers held and m
the highest of them, the usual estimate (the German tank problem) is m + m/k - 1. The interval reaches from m, which
is certain, to the largest N for which k numbers drawn from 1 ... N would all lie at or below m with a chance of 5 %
or more, so it is a one-sided one of 95 %. All of that supposes that the copies held are a chance sample of the
year's numbers. A collection on one subject or of a few months is not: read the estimate as an order of magnitude
then. A number that was misread as too high spoils its post and year; `highest` shows it.
"""

from __future__ import annotations

from bisect import bisect_left
from math import lgamma, log
from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from cablelab.charts.base import LOST, REST, finish, nothing, time_x
from cablelab.charts.grouping import largest, meanings, share
from cablelab.charts.lost import SHADED, gap_layer, gaps_between, losses
from cablelab.charts.themed import COUNT
from cablelab.corpus.lookup import counted
from cablelab.errors.arguments import of_corpus

if TYPE_CHECKING:
    from cablelab.corpus import Corpus

CHANCE = 0.05
LARGEST_NUMBER = 10_000_000
TITLE = "Cables held against cables sent, by post and year"


def estimate_sent(highest: int, count: int) -> float:
    """Estimate how many were sent from the highest number and how many different numbers are held.

    Parameters
    ----------
    highest, count
        m and k: both at least 1, k at most m.

    Returns
    -------
    m + m/k - 1, the unbiased estimate of least variance for a sample without repetition.

    Examples
    --------
    >>> from cablelab.charts.coverage import estimate_sent
    >>> estimate_sent(60, 4)
    74.0
    """
    return highest + highest / count - 1


def most_sent(highest: int, count: int, chance: float = CHANCE) -> int:
    """Return the upper end of the interval: the largest total that leaves the sample a chance of at least 5 %.

    Parameters
    ----------
    highest, count
        As for `estimate_sent`.
    chance
        One minus the confidence.

    Returns
    -------
    The largest N with C(m, k) / C(N, k) >= `chance`; at most 10,000,000.

    Examples
    --------
    >>> from cablelab.charts.coverage import most_sent
    >>> most_sent(60, 4)
    125
    """

    def rarity(total: int) -> float:
        return (lgamma(total + 1) - lgamma(total - count + 1)) - (lgamma(highest + 1) - lgamma(highest - count + 1))

    # lgamma is exact to about twelve digits; totals that just meet the chance must not fall to rounding.
    bound = -log(chance) + 1e-9
    return highest + bisect_left(range(highest, LARGEST_NUMBER), True, key=lambda n: rarity(n) > bound) - 1


@of_corpus
def coverage_table(corpus: Corpus) -> pl.DataFrame:
    """Set what is held of each post and year against what was sent.

    Parameters
    ----------
    corpus
        A Corpus. Cables without a post, year or number are left out.

    Returns
    -------
    DataFrame, one row a post and year, sorted by both: `post` (String), `year` (Int16), `held` (cables, UInt32),
    `partial` (of these extracts, UInt32; a record without text is none), `highest` (the highest number, Int32: so many were sent at least), `sent`
    (the estimate, Float64), `sent_most` (upper end of the 95 % interval, Int64), `share` (held of the estimate,
    Float64, 0 to 1).

    Examples
    --------
    >>> import cablelab as cl
    >>> cl.charts.coverage_table(cl.sample()).columns
    ['post', 'year', 'held', 'partial', 'highest', 'sent', 'sent_most', 'share']
    """
    from cablelab.studies.wording import with_text

    counts = (
        corpus.cables.lazy()
        .select("post", "year", "number", partial=pl.col("partial") & with_text())
        .filter(pl.col("number") > 0)
        .drop_nulls(["post", "year"])
        .group_by("post", "year")
        .agg(
            held=pl.len(),
            partial=pl.col("partial").sum(),
            highest=pl.col("number").max(),
            distinct=pl.col("number").n_unique(),
        )
        .sort("post", "year")
        .collect()
    )
    most = [most_sent(m, k) for m, k in counts.select("highest", "distinct").iter_rows()]
    return counts.select(
        "post",
        "year",
        pl.col("held", "partial").cast(pl.UInt32),
        "highest",
        sent=pl.col("highest") + pl.col("highest") / pl.col("distinct") - 1,
        sent_most=pl.Series(most, dtype=pl.Int64),
    ).with_columns(share=pl.col("held") / pl.col("sent"))


def yearly_share(corpus: Corpus) -> pl.DataFrame:
    """Sum the coverage table over the posts, for each year.

    Returns
    -------
    DataFrame `year`, `held`, `sent`, `highest`, `share`, sorted by year; posts of which a year holds nothing are not
    in its sum.

    Examples
    --------
    >>> import cablelab as cl
    >>> from cablelab.charts.coverage import yearly_share
    >>> yearly_share(cl.sample())["share"].max() <= 1
    True
    """
    return (
        coverage_table(corpus)
        .group_by("year")
        .agg(pl.col("held", "sent", "highest").sum())
        .sort("year")
        .with_columns(share=pl.col("held") / pl.col("sent"))
    )


@of_corpus
def coverage(corpus: Corpus, top: int = 9, width: int = 190, height: int = 120) -> alt.FacetChart | alt.LayerChart:
    """Draw what is held of each post and year against what was sent, on a logarithmic scale.

    The filled circle is what the corpus holds, the triangle how much of that is partial extracts, the square the
    estimate of what was sent, the line from the highest number held (so many were sent at least) to the upper end of
    a 95 % interval. Gaps in the records that the package knows of are shaded. The module's own text says how the
    estimate is made and when not to trust it.

    Parameters
    ----------
    corpus
        A Corpus.
    top
        How many posts are drawn, those with most cables first.
    width, height
        Of one post's panel, pixels.

    Returns
    -------
    altair.FacetChart, one panel a post; a LayerChart of words where there is nothing to draw.

    Examples
    --------
    >>> import cablelab as cl
    >>> cl.charts.coverage(cl.sample()).title.text
    'Cables held against cables sent, by post and year'
    """
    table = coverage_table(corpus)
    totals = table.group_by(group="post").agg(count=pl.col("held").sum())
    posts = largest(totals, "post", top)
    if not posts:
        why = "No cable has a post, a year and a number, from which alone can be told how many were sent."
        facets = alt.layer(nothing(corpus, why, "`corpus.problems` says what was missing.", 3 * width))
        notes = _notes(corpus, totals, table, gaps_between(_bounds(table)))
        return finish(facets, TITLE, notes[:1], "Nothing is drawn.")
    drawn = table.filter(pl.col("post").is_in(posts))
    marks = _marks(drawn, meanings(corpus, "post", posts))
    x = time_x(
        "day",
        scale={"padding": 8},
        axis={"format": "%Y", "grid": True, "tickCount": {"interval": "year", "step": _year_step(drawn)}},
    )
    # found by Vega alone the scale ends at the highest line, half of whose end is then cut
    top_end = 1.2 * max([1.0, *marks["value"].drop_nulls(), *marks["high"].drop_nulls()])
    y = (
        alt.Y("value:Q", title="cables, logarithmic")
        .scale(type="log", nice=False, domain=[0.8, top_end])
        .axis(format=",~s", values=[10**n for n in range(8)])
    )
    names = ["held", "of these partial", "estimated sent"]
    measure = alt.Color("measure:N", title=None).scale(domain=names, range=[COUNT, LOST, REST])
    shape = alt.Shape("measure:N", title=None).scale(domain=names, range=["circle", "triangle-up", "square"])
    tooltip = [
        "post:N",
        alt.Tooltip("name:N", title="office"),
        "year:Q",
        alt.Tooltip("held:Q", format=","),
        alt.Tooltip("partial:Q", format=","),
        alt.Tooltip("highest:Q", format=",", title="sent at least"),
        alt.Tooltip("sent:Q", format=",.0f", title="sent, estimated"),
        alt.Tooltip("sent_most:Q", format=",", title="sent at most (95 %)"),
        alt.Tooltip("share:Q", format=".1%", title="held of estimate"),
    ]
    lines = alt.Chart().mark_rule(strokeWidth=1.5).encode(x, y=alt.Y("low:Q"), y2="high:Q", tooltip=tooltip)
    points = alt.Chart().mark_point(filled=True, size=45, opacity=1).encode(x, y, measure, shape, tooltip=tooltip)
    layers = [lines, points]
    found = gaps_between(_bounds(drawn))
    if found.height:
        layers.insert(0, gap_layer(found, time_x("start")))
    chart = (
        alt.layer(*layers)
        .properties(width=width, height=height)
        .facet(alt.Facet("post:N", title=None, sort=posts), columns=3, data=marks)
    )
    return finish(chart, TITLE, _notes(corpus, totals, drawn, found), _about(drawn))


def _marks(drawn: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    wide = drawn.with_columns(
        day=pl.datetime(pl.col("year"), 7, 1, time_zone="UTC"),
        name=pl.col("post").replace_strict(names, default="", return_dtype=pl.String),
    )
    long = [
        wide.with_columns(measure=pl.lit("held"), value=pl.col("held").cast(pl.Float64)),
        wide.filter(pl.col("partial") > 0).with_columns(
            measure=pl.lit("of these partial"), value=pl.col("partial").cast(pl.Float64)
        ),
        wide.with_columns(
            measure=pl.lit("estimated sent"), value=pl.col("sent"), low=pl.col("highest"), high=pl.col("sent_most")
        ),
    ]
    return pl.concat(long, how="diagonal")


def _bounds(drawn: pl.DataFrame) -> pl.Series:
    years = drawn["year"].sort().cast(pl.Int32)
    ends = pl.concat([years.head(1), years.tail(1) + 1]).to_frame("year")
    return ends.select(pl.datetime("year", 1, 1, time_zone="UTC")).to_series()


def _year_step(drawn: pl.DataFrame) -> int:
    years = drawn["year"].to_list()
    return max(1, -(-(max(years) - min(years)) // 5)) if years else 1


def _notes(corpus: Corpus, totals: pl.DataFrame, drawn: pl.DataFrame, shaded: pl.DataFrame) -> list[str]:
    cables, shown = corpus.cables.height, int(drawn["held"].sum())
    numbered, posts = int(totals["count"].sum()), drawn["post"].n_unique()
    notes = [share(shown, cables) + f", {share(posts, totals.height, 'posts')}"]
    if numbered < cables:
        notes[0] += f"; {cables - numbered:,} without post, year or number are left out"
    if numbered > shown:
        notes[0] += f"; {numbered - shown:,} of smaller posts are not drawn"
    partial = int(drawn["partial"].sum())
    notes[0] += f"; {counted(partial, 'partial extract')} among those drawn" if partial else "; no partial extracts"
    notes.append(
        "Sent is estimated from message numbers, which restart each January: highest + highest / numbers held - 1;"
        " lines reach from the highest number to the upper end of a 95 % interval, if the copies are a chance sample"
    )
    return (
        notes
        + [SHADED] * (shaded.height > 0)
        + losses(corpus.cables.filter(pl.col("post").is_in(drawn["post"].to_list())))
    )


def _about(drawn: pl.DataFrame) -> str:
    count, sent = int(drawn["held"].sum()), drawn["sent"].sum()
    cables = f"{counted(count, 'cable')} {'is' if count == 1 else 'are'}"
    return f"Together {cables} held of an estimated {sent:,.0f} sent in the post-years drawn."
