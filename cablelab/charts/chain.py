"""One chain: its cables on a true time axis, which names which, and what each step adds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from cablelab.charts.base import ADDED, DROPPED, KEPT, REST, WIDTH, finish, nothing, time_x
from cablelab.charts.lineage import DOUBTFUL
from cablelab.charts.themed import COUNT
from cablelab.errors import NotCables
from cablelab.errors.arguments import of_corpus

if TYPE_CHECKING:
    from cablelab.corpus import Corpus

CARRIED = "carried over"
ADDS = {CARRIED: KEPT, "new": ADDED, "dropped": DROPPED}
# points of which an arc is made
_POINTS = 16
ROOM = 22  # pixels between two slanted ids
TITLE = "One chain, from cable to cable"


@of_corpus
def chain(
    corpus: Corpus, chain: str | Sequence[str] | None = None, steps: pl.DataFrame | None = None, width: int = WIDTH
) -> alt.VConcatChart | alt.Chart:
    """Draw one chain along time: a mark a cable, an arc where one names another, and what each adds and drops.

    Parameters
    ----------
    corpus
        The corpus that holds the cables.
    chain
        Ids, the earliest first, or one id, which stands for the chain that it belongs to; it must be given.
    steps
        What `cablelab.chains` gives, for the probability of each step; found in the corpus where it is not passed.
    width
        Of the drawing, pixels.

    Returns
    -------
    altair.VConcatChart: above, the cables and arcs, a step that is less likely than one half dashed; below, how many
    sentences each carries over, adds, and, under the line, drops of the one before. Cables without a date are not
    drawn.

    Raises
    ------
    UnknownCable
        If the corpus does not hold one of them.
    NotCables
        If no chain is given.

    Examples
    --------
    >>> import cablelab as cl
    >>> corpus = cl.sample()
    >>> step = cl.chains(corpus).row(0, named=True)
    >>> cl.charts.chain(corpus, [step["previous"], step["cable"]]).title.text
    'One chain, from cable to cable'
    """
    from cablelab.chaining import chain_of, chains
    from cablelab.comparison import compare

    if chain is None:
        raise NotCables(chain)
    keys = chain_of(corpus, chain) if isinstance(chain, str) else [corpus.key(cable) for cable in chain]
    if len(keys) < 2:
        words = nothing(corpus, "A chain has two cables or more.", "`cl.chains` proposes some.", width)
        return finish(words, TITLE, [f"{len(keys):,} of {len(corpus):,} cables"], "Nothing is drawn.")
    comparison = compare(corpus, *keys)
    members = corpus.select(keys)
    steps = chains(members, 0) if steps is None else steps
    about = members.cables.select("cable", "sent", subject=pl.col("subject").fill_null(""))
    order = pl.DataFrame({"cable": keys}).join(about, on="cable", maintain_order="left")
    dated = order.drop_nulls("sent")
    likely = steps.select("previous", "cable", "score", signals=pl.col("signals").list.join("; "))
    follow = _pairs(dated, pl.DataFrame({"previous": keys[:-1], "cable": keys[1:]})).join(
        likely, on=["previous", "cable"], how="left"
    )
    cited = members.references.filter("held").select("cable", previous="target").unique()
    named = _pairs(dated, cited.filter(pl.col("previous") != pl.col("cable")))
    days = dated["sent"].dt.epoch("ms")
    margin = 86_400_000 * 10
    ends = [min(days, default=0) - margin, max(days, default=0) + margin]
    # bars would bring a padding of their own, and the panels would part
    scale = {"domain": ends, "nice": False, "padding": 8}
    x = time_x("sent", scale=scale)
    seen = [alt.Tooltip("cable:N"), alt.Tooltip("subject:N"), alt.Tooltip("utcyearmonthdate(sent):T", title="sent")]
    level = (
        alt.Y("level:Q", title=None)
        .scale(domain=[-0.1, 1.05])
        .axis(labels=False, ticks=False, domain=False, grid=False)
    )
    points = alt.Chart(dated).mark_point(filled=True, size=70, opacity=1, color=COUNT)
    points = points.encode(x, y=level, tooltip=seen)
    points = points.transform_calculate(level="0")
    shown_on_hover = [
        alt.Tooltip("previous:N", title="from"),
        alt.Tooltip("cable:N", title="to"),
        alt.Tooltip("score:Q", title="probability", format=".2f"),
        alt.Tooltip("signals:N", title="what speaks for it"),
    ]
    unsure = f"!isValid(datum.score) || datum.score < {DOUBTFUL}"
    lines = (
        alt.Chart(follow)
        .transform_calculate(level="0")
        .mark_rule(color=COUNT, strokeWidth=2.5)
        .encode(
            time_x("from", scale=scale),
            x2="sent:T",
            y=level,
            strokeDash=alt.condition(unsure, alt.value([4, 4]), alt.value([1, 0])),
            tooltip=shown_on_hover,
        )
    )
    arcs = (
        alt.Chart(_arcs(named))
        .mark_line(color=REST, strokeWidth=1.2)
        .encode(x, y=level, detail="pair:N", order="at:Q", tooltip=[alt.Tooltip("pair:N", title="names")])
    )
    bearing = dated.filter(pl.col("cable").is_in(_apart(dated, ends, width)))
    ids = alt.Chart(bearing).mark_text(angle=330, align="left", clip=False).encode(x, y=alt.value(-8), text="cable:N")
    above = alt.layer(arcs, lines, points, ids).properties(width=width, height=110)
    bars = _bars(comparison.carry_over, dated)
    tooltip = [
        alt.Tooltip("b:N", title="cable"),
        alt.Tooltip("what:N", title="sentences"),
        alt.Tooltip("count:Q", format=","),
    ]
    colour = alt.Color("what:N", title=None).scale(domain=list(ADDS), range=list(ADDS.values()))
    y = alt.Y("low:Q", title="sentences").axis(tickMinStep=1, labelExpr="format(abs(datum.value), ',')")
    drawn = alt.Chart(bars).mark_bar(size=14).encode(x, y, y2="high:Q", color=colour, tooltip=tooltip)
    below = alt.layer(drawn, alt.Chart().mark_rule().encode(y=alt.datum(0)), data=bars).properties(
        width=width, height=130
    )
    doubtful = follow.filter(pl.col("score").is_null() | (pl.col("score") < DOUBTFUL)).height
    undated = f", {len(keys) - dated.height:,} of them undated and not drawn" * (len(keys) > dated.height)
    notes = [
        f"{len(keys):,} cables{undated}; arcs are references",
        *[f"Dashed: {doubtful:,} of {follow.height:,} steps, less likely than one half or proposed by nobody but you"]
        * bool(doubtful),
        "Below: sentences carried over (kept or reworded) and new; under the line, those dropped of the cable before",
    ]
    both = alt.vconcat(above, below)
    return finish(both, TITLE, notes, f"A timeline of {len(keys):,} cables and bars of sentences.")


def _pairs(dated: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    sent = dated.select("cable", "sent")
    before = sent.rename({"cable": "previous", "sent": "from"})
    return pairs.join(sent, on="cable").join(before, on="previous").sort("from", "sent")


def _apart(dated: pl.DataFrame, ends: list[int], width: int) -> list[str]:
    """Choose the cables whose names have room beside each other, the earliest first."""
    kept: list[str] = []
    last = -float(ROOM)
    for cable, day in dated.select("cable", pl.col("sent").dt.epoch("ms")).sort("sent", "cable").iter_rows():
        at = (day - ends[0]) / (ends[1] - ends[0]) * width
        if at - last >= ROOM:
            kept.append(cable)
            last = at
    return kept


def _arcs(named: pl.DataFrame) -> pl.DataFrame:
    """Draw each reference as a bow of points, the wider the higher."""
    widest = (
        max((abs((b - a) / timedelta(days=1)) for a, b in named.select("from", "sent").iter_rows()), default=1) or 1
    )
    rows = []
    for a, b, previous, cable in named.select("from", "sent", "previous", "cable").iter_rows():
        high = 0.25 + 0.75 * abs((b - a) / timedelta(days=1)) / widest
        for at in range(_POINTS + 1):
            part = at / _POINTS
            rows.append((f"{cable} → {previous}", at, a + part * (b - a), high * 4 * part * (1 - part)))
    return pl.DataFrame(
        rows,
        schema={"pair": pl.String, "at": pl.Int32, "sent": pl.Datetime("us", "UTC"), "level": pl.Float64},
        orient="row",
    )


def _bars(carried: pl.DataFrame, dated: pl.DataFrame) -> pl.DataFrame:
    outcome = pl.col("outcome").cast(pl.String)
    what = (
        pl.when(outcome == "dropped")
        .then(outcome)
        .when(outcome == "added")
        .then(pl.lit("new"))
        .otherwise(pl.lit(CARRIED))
    )
    counted = carried.group_by("b", what=what).agg(count=pl.col("sentences").cast(pl.Int64).sum())
    kept = counted.filter(what=CARRIED).select("b", kept="count")
    full = counted.join(kept, on="b", how="left").join(dated.select(b="cable", sent="sent"), on="b")
    under, new = pl.col("what") == "dropped", pl.col("what") == "new"
    low = pl.when(new).then(pl.col("kept").fill_null(0)).otherwise(0)
    high = pl.when(under).then(-pl.col("count")).otherwise(low + pl.col("count"))
    return full.with_columns(low=low, high=high).sort("sent", "what")
