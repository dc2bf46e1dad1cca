"""The network of references: time from left to right, posts as lanes, cables that are not held as hollow marks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from cablelab.charts.base import WIDTH, finish, made, nothing
from cablelab.charts.broken import TimeAxis
from cablelab.charts.lanes import LANE, lane_labels, lane_number, lane_y
from cablelab.charts.themed import COUNT
from cablelab.corpus.lookup import counted

if TYPE_CHECKING:
    from cablelab.studies import Network

POSTS = 12  # lanes; the others share the last one
FOLDED = 30  # marks of a lane beyond which those not held are folded, one a year
REST = "other posts"
APART = 18  # pixels between the numbers of two marks


def network(net: Network, width: int = WIDTH) -> alt.LayerChart:
    """Draw who cites whom: a mark a cable, a line from each citing cable to what it cites.

    Parameters
    ----------
    net
        What `cablelab.network` gives.
    width
        Of the drawing, pixels.

    Returns
    -------
    altair.LayerChart. A cable that is not held is hollow and stands at the latest day it can be of: the day of the first cable that
    cites it, or the end of its year. Beyond thirty marks in a lane those not held are folded, one mark a year with their number.

    Examples
    --------
    >>> import cablelab as cl
    >>> corpus = cl.sample()
    >>> net = cl.network(corpus, corpus.references.filter("held")["cable"][0])
    >>> cl.charts.network(net).title.text
    'Who cites whom'
    """
    made("network", "a network", net, "edges")
    nodes = _placed(net)
    undated = net.nodes.height - nodes.height
    if nodes.is_empty():
        why = "No cable here cites another one, or none has a place in time."
        notes = [f"{counted(net.nodes.height, 'cable')}, {counted(net.edges.height, 'reference')}"]
        return finish(alt.layer(nothing(None, why, width=width)), "Who cites whom", notes, "Nothing is drawn.")
    totals = nodes.group_by("post").agg(n=pl.len()).sort("n", "post", descending=[True, False])
    lanes = totals["post"].head(POSTS if totals.height <= POSTS else POSTS - 1).to_list()
    nodes = nodes.with_columns(lane=pl.when(pl.col("post").is_in(lanes)).then("post").otherwise(pl.lit(REST)))
    counts = nodes.group_by("lane").agg(n=pl.len()).sort("n", "lane", descending=[True, False])
    order = [lane for lane in counts["lane"] if lane != REST] + [REST] * (REST in counts["lane"])
    axis = TimeAxis.over(nodes["at"], width)
    nodes, folded = _folded(nodes.sort("at", "cable").with_columns(y=lane_number("lane", order) + 0.5))
    # lines between cables of one lane would lie upon each other, and over the marks that bear a number: these stand above the others
    single = pl.col("cable").list.len() == 1
    turn = pl.int_range(pl.len()).over("lane", single, order_by="at")
    step = pl.when(~single.all().over("lane")).then(turn % 2 * 0.26 + 0.08).otherwise((turn % 3 - 1) * 0.22)
    nodes = nodes.with_columns(y=pl.col("y") + pl.when(single).then(step).otherwise(-0.16))
    ends = nodes.select("cable", "at", "y").explode("cable")
    lines = (
        net.edges.select("cable", "target")
        .join(ends, on="cable")
        .join(ends.select(target="cable", at2="at", y2="y"), on="target")
        .unique(["at", "y", "at2", "y2"], maintain_order=True)
    )
    marks = nodes.with_columns(cables=pl.col("cable").list.head(6).list.join(", "), count=pl.col("cable").list.len())
    marks, lines = axis.placed(_numbered(marks, axis), "at"), axis.placed(lines, "at", "at2")
    x, y = axis.x("at", padding=10), lane_y("y", len(order))
    rules = alt.Chart(lines).mark_rule(color=COUNT, opacity=0.35).encode(x, y, x2=axis.name("at2"), y2="y2")
    tooltip = [
        alt.Tooltip("cables:N", title="cable"),
        alt.Tooltip("subject:N", title="subject"),
        alt.Tooltip("utcyearmonthdate(at):T", title="sent, or at the latest"),
        alt.Tooltip("cited_by:Q", title="cited by"),
        alt.Tooltip("cites:Q", title="cites"),
    ]
    base = alt.Chart(marks).encode(x, y, tooltip=tooltip)
    solid = base.transform_filter("datum.held").mark_point(filled=True, size=60, opacity=1, color=COUNT)
    hollow = base.transform_filter("!datum.held").mark_point(filled=False, size=60, color=COUNT)
    labels = base.transform_filter("datum.numbered").mark_text(dy=-9, fontSize=10).encode(text="count:Q")
    sizes = dict(counts.iter_rows())
    names = lane_labels({lane: sizes[lane] for lane in order}, {})
    chart = alt.layer(rules, solid, hollow, labels, *names, *axis.breaks()).properties(
        width=width, height=LANE * len(order)
    )
    in_corpus = int(net.nodes["held"].sum())
    bare = marks.filter((pl.col("count") > 1) & ~pl.col("numbered")).height
    notes = [
        *axis.notes,
        f"{counted(net.nodes.height, 'cable')}, {in_corpus:,} held, {net.nodes.height - in_corpus:,} cited and not held (hollow); "
        f"{counted(net.edges.height, 'reference')}",
        "Hollow marks stand at the latest day they can be of; to be cited often is not to be important",
    ]
    if folded:
        sentence = f"{counted(folded, 'cable')} not held are folded, one mark a year and lane with their number"
        notes.append(sentence + (f", but where {counted(bare, 'number')} found no room" if bare else ""))
    if undated:
        notes.append(f"{counted(undated, 'undated cable')} cannot be placed in time and are not drawn")
    return finish(chart, "Who cites whom", notes, f"{counted(len(order), 'lane')} of posts.")


def _numbered(marks: pl.DataFrame, axis: TimeAxis) -> pl.DataFrame:
    """Tell which marks bear the number of their cables: those of several, where it would not lie on the one before."""
    shown, last = [], dict[str, float]()
    for row in marks.with_columns(place=axis.place("at") * axis.width).sort("at").iter_rows(named=True):
        if row["count"] > 1 and row["place"] - last.get(row["lane"], -APART) >= APART:
            last[row["lane"]] = row["place"]
            shown.append(row["cables"])
    return marks.with_columns(numbered=(pl.col("count") > 1) & pl.col("cables").is_in(shown))


def _placed(net: Network) -> pl.DataFrame:
    """Give each cable a place in time; one that is not held the latest that it can have."""
    citing = (
        net.edges.join(net.nodes.select("cable", "sent"), on="cable")
        .group_by(cable="target")
        .agg(before=pl.col("sent").min())
    )
    end = pl.datetime(pl.col("year").cast(pl.Int32), 12, 31, time_zone="UTC")
    placed = net.nodes.join(citing, on="cable", how="left", maintain_order="left").with_columns(
        at=pl.coalesce("sent", pl.min_horizontal("before", end)),
        post=pl.col("post").fill_null("no post"),
        subject=pl.col("subject").fill_null(""),
    )
    return placed.drop_nulls("at")


def _folded(nodes: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    many = pl.len().over("lane") > FOLDED
    key = pl.when(many & ~pl.col("held")).then(pl.format("{} {}", "lane", "year")).otherwise("cable")
    rows = (
        nodes.with_columns(key=key)
        .group_by("key", maintain_order=True)
        .agg(
            pl.col("cable"),
            pl.col("at").max(),
            pl.col("lane", "y", "held", "subject").first(),
            pl.col("cited_by", "cites").sum(),
        )
    )
    return rows.drop("key"), int(
        rows.select((pl.col("cable").list.len()).filter(pl.col("cable").list.len() > 1).sum()).item() or 0
    )
