"""Lineage: the chains of successive assessments along time, one lane a chain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from cablelab.charts.base import WIDTH, finish, nothing, time_x
from cablelab.charts.grouping import share
from cablelab.charts.lanes import LANE, lane_labels, lane_number, lane_y
from cablelab.charts.themed import COUNT
from cablelab.charts.timeline import CURE
from cablelab.corpus.lookup import counted
from cablelab.errors.arguments import of_corpus

if TYPE_CHECKING:
    from cablelab.corpus import Corpus

# less likely than this is drawn as doubtful
DOUBTFUL = 0.5
TITLE = "Chains of successive assessments"
NO_CHAIN = "No cable is the next assessment after another one here."
MORE = "A chain needs two cables at least, commonly of one post and subject; `cl.chaining` says which signals count."


@of_corpus
def lineage(corpus: Corpus, steps: pl.DataFrame | None = None, top: int = 15, width: int = WIDTH) -> alt.LayerChart:
    """Draw chains of successive assessments: a mark a cable, a line from each to the next, thicker the surer the step.

    Parameters
    ----------
    corpus
        A Corpus, for dates and subjects. Cables without a date are not drawn.
    steps
        What `cablelab.chains` gives, whole or filtered; found in the corpus where it is not passed. Of a cable that may
        continue two, the likeliest is drawn.
    top
        How many chains at most, the longest first.
    width
        Of the drawing, pixels.

    Returns
    -------
    altair.LayerChart

    Examples
    --------
    >>> import cablelab as cl
    >>> cl.charts.lineage(cl.sample()).title.text
    'Chains of successive assessments'
    """
    if steps is None:
        from cablelab.chaining import chains

        steps = chains(corpus)
    steps = steps.filter(pl.col("rank") == 1)
    about = corpus.cables.select("cable", "sent", subject=pl.col("subject").fill_null(""))
    ends = pl.concat([steps.select("chain", cable="previous"), steps.select("chain", "cable")]).unique()
    marks = ends.join(about, on="cable").drop_nulls("sent").sort("chain", "sent", "cable")
    sizes = marks.group_by("chain").agg(count=pl.len(), subject=pl.col("subject").last())
    longest = sizes.sort("count", "chain", descending=[True, False]).head(top)
    order = longest["chain"].to_list()
    marks = marks.with_columns(y=lane_number("chain", order) + 0.5).drop_nulls("y")
    links = (
        steps.select("chain", "cable", "previous", "gap", "score", signals=pl.col("signals").list.join("; "))
        .join(marks.select("chain", "cable", "y", to="sent"), on=["chain", "cable"])
        .join(marks.select("chain", previous="cable", sent="sent"), on=["chain", "previous"])
        .sort("chain", "sent", "cable")
    )
    about_lanes = f"{counted(len(order), 'lane')}, the longest chain first."
    notes = [
        f"{share(len(order), steps['chain'].n_unique(), 'chains')}, {marks.height:,} of {corpus.cables.height:,} cables"
    ]
    if undated := ends.height - int(sizes["count"].sum()):
        notes[0] += f"; {undated:,} undated are not drawn, which breaks lines"
    if not order:
        why, cure = ("No cable of these chains is dated.", CURE) if steps.height else (NO_CHAIN, MORE)
        chart = alt.layer(nothing(corpus, why, cure, width))
        return finish(chart, TITLE, notes, "Nothing is drawn.")
    x, y = time_x("sent", scale={"padding": 8}), lane_y("y", len(order))
    lines = (
        alt.Chart(links)
        .mark_rule(color=COUNT, opacity=0.7)
        .encode(
            x,
            y,
            x2="to",
            strokeWidth=alt.StrokeWidth("score:Q", legend=None).scale(domain=[0, 1], range=[0.75, 5]),
            strokeDash=alt.condition(alt.datum.score < DOUBTFUL, alt.value([4, 3]), alt.value([1, 0])),
            tooltip=[
                alt.Tooltip("previous:N", title="from"),
                alt.Tooltip("cable:N", title="to"),
                alt.Tooltip("gap:Q", title="days between"),
                alt.Tooltip("score:Q", title="probability", format=".2f"),
                alt.Tooltip("signals:N", title="what speaks for it"),
            ],
        )
    )
    points = (
        alt.Chart(marks)
        .mark_point(filled=True, size=55, opacity=1, color=COUNT)
        .encode(
            x,
            y,
            tooltip=["cable:N", "subject:N", alt.Tooltip("utcyearmonthdatehoursminutes(sent):T", title="sent (UTC)")],
        )
    )
    labels = lane_labels(
        dict(zip(order, longest["count"], strict=True)), dict(zip(order, longest["subject"], strict=True))
    )
    chart = alt.layer(lines, points, *labels).properties(width=width, height=LANE * len(order))
    notes.append(
        "A lane is named after the first cable of its chain, with the latest subject; the thicker a line the likelier the step, dashed below one half"
    )
    return finish(chart, TITLE, notes, about_lanes)
