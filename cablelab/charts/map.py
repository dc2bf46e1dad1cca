"""Posts on a map: how many cables each sent, or which share of them, on an outline that comes with the package."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from cablelab import facts
from cablelab.charts.base import REST, WIDTH, finish
from cablelab.charts.grouping import share
from cablelab.charts.matrix import ENDS
from cablelab.charts.naming import SIZE, fitted, offsets
from cablelab.charts.themed import COUNT, FAINT
from cablelab.corpus.lookup import counted
from cablelab.errors.arguments import of_corpus

if TYPE_CHECKING:
    from cablelab.corpus import Corpus

OUTLINE = Path(__file__).with_name("outline.json")
LABELLED = 12  # the posts with most cables bear their name
AREAS = (8, 700)  # of the smallest and the largest mark, square pixels
SOUTH = -60  # no post lies beyond; the ice is not drawn
HIGH = 0.5  # of the width


@lru_cache(maxsize=1)
def outline() -> list[dict[str, Any]]:
    """Give the countries' outlines as GeoJSON features, one a ring; Natural Earth's 1:110m countries (public domain), at half a degree.

    Examples
    --------
    >>> from cablelab.charts.map import outline
    >>> outline()[0]["geometry"]["type"]
    'Polygon'
    """
    rings = json.loads(OUTLINE.read_text(encoding="utf-8"))
    return [
        {
            "type": "Feature",
            "geometry": {"type": "Polygon", "coordinates": [[list(p) for p in zip(r[::2], r[1::2], strict=True)]]},
            "properties": {},
        }
        for r in rings
        if max(r[1::2]) > SOUTH
    ]


@of_corpus
def map_table(corpus: Corpus, selection: Corpus | None = None) -> pl.DataFrame:
    """Count cables by post, with the posts' places.

    Parameters
    ----------
    corpus
        A Corpus.
    selection
        A part of it, such as one tag's cables; its share of each post's cables is counted too.

    Returns
    -------
    DataFrame, most cables first: `post`, `name`, `mission` (String), `lat`, `lon` (Float64, degrees; null where unknown), `cables`,
    `selected` (Int64), `share` (Float64; 1 without a selection).

    Examples
    --------
    >>> import cablelab as cl
    >>> cl.charts.map_table(cl.sample())["cables"].is_sorted(descending=True)
    True
    """
    counts = corpus.cables.drop_nulls("post").group_by("post").agg(cables=pl.len().cast(pl.Int64))
    chosen = (corpus if selection is None else selection).cables
    part = chosen.drop_nulls("post").group_by("post").agg(selected=pl.len().cast(pl.Int64))
    known = facts.posts()
    rows = [(code, *_place(known.get(code), code)) for code in counts["post"].sort()]
    schema = {"post": pl.String, "name": pl.String, "mission": pl.String, "lat": pl.Float64, "lon": pl.Float64}
    places = pl.DataFrame(rows, schema=schema, orient="row")
    return (
        places.join(counts, on="post")
        .join(part, on="post", how="left")
        .with_columns(pl.col("selected").fill_null(0))
        .with_columns(share=pl.col("selected") / pl.col("cables"))
        .sort("cables", "post", descending=[True, False])
    )


def _named(drawn: pl.DataFrame, width: int, most: int) -> pl.DataFrame:
    """Give the posts with most cables their names, and how far from its mark each stands."""
    places = list(drawn.select("lon", "lat").iter_rows())
    rings = [(lon, lat) for ring in outline() for lon, lat in ring["geometry"]["coordinates"][0]]
    at = fitted(places, rings, width, round(width * HIGH)) if places else []
    areas = [AREAS[0] + (AREAS[1] - AREAS[0]) * cables / most for cables in drawn["cables"]]
    found = offsets(drawn["post"].to_list(), at, areas, LABELLED, width)
    rows = [(post, *place) for post, place in zip(drawn["post"], found, strict=False) if place is not None]
    return drawn.join(
        pl.DataFrame(rows, {"post": pl.String, "dx": pl.Float64, "dy": pl.Float64}, orient="row"), on="post"
    )


def _place(post: facts.Post | None, code: str) -> tuple[str, str, float | None, float | None]:
    return (post.name, post.mission or "", post.lat, post.lon) if post else (code, "", None, None)


@of_corpus
def map(corpus: Corpus, selection: Corpus | None = None, width: int = WIDTH) -> alt.LayerChart:
    """Draw the posts on a map: the area of a mark is how many cables the post sent; with a selection its colour is their share.

    Parameters
    ----------
    corpus
        A Corpus.
    selection
        A part of it, such as `corpus.filter(cl.tagged("ELAB"))`.
    width
        Of the drawing, pixels.

    Returns
    -------
    altair.LayerChart; posts without a known place, and cables without a post, are counted in the notes.

    Examples
    --------
    >>> import cablelab as cl
    >>> cl.charts.map(cl.sample()).title.text
    'Cables by post'
    """
    table = map_table(corpus, selection)
    drawn = table.drop_nulls(["lat", "lon"])
    # As one text: altair copies lists of places, each pair by itself, many times over.
    rings = alt.Data(values=json.dumps(outline(), separators=(",", ":")), format=alt.DataFormat(type="json"))
    land = alt.Chart(rings).mark_geoshape(fill=FAINT, stroke=None)
    tooltip = [
        alt.Tooltip("name:N", title="post"),
        alt.Tooltip("mission:N", title="mission"),
        alt.Tooltip("cables:Q", title="cables"),
    ]
    if selection is not None:
        tooltip += [alt.Tooltip("selected:Q", title="selected"), alt.Tooltip("share:Q", title="share", format=".0%")]
    base = alt.Chart(drawn).encode(alt.Longitude("lon:Q"), alt.Latitude("lat:Q"))
    most = max([1, *drawn["cables"]])
    size = (
        alt.Size("cables:Q", title="cables")
        .scale(range=list(AREAS), domain=[0, most])
        .legend(values=sorted({1, max(1, most // 4), most}))
    )
    marks = base.mark_circle(opacity=0.8, color=COUNT, stroke=REST, strokeWidth=0.5).encode(size, tooltip=tooltip)
    if selection is not None:
        marks = marks.encode(
            color=alt.Color("share:Q", title="share selected")
            .scale(range=list(ENDS), domain=[0, 1])
            .legend(format=".0%", values=[0, 0.25, 0.5, 0.75, 1])
        )
    # beside its mark: letters on the colour of a mark are hard to read
    names = (
        alt.Chart(_named(drawn, width, most))
        .mark_text(dx=alt.expr("datum.dx"), dy=alt.expr("datum.dy"), fontSize=SIZE, baseline="middle")
        .encode(alt.Longitude("lon:Q"), alt.Latitude("lat:Q"), text="post:N")
    )
    chart = alt.layer(land, marks, names).project("equalEarth").properties(width=width, height=round(width * HIGH))
    shown = int(drawn["cables"].sum())
    notes = [f"{share(shown, corpus.cables.height, 'cables')} of {counted(drawn.height, 'post')}"]
    if selection is not None:
        notes.append(
            f"{int(drawn['selected'].sum()):,} of them selected; darker marks are a larger share of the post's own cables"
        )
    if lost := corpus.cables.height - shown:
        notes.append(f"{counted(lost, 'cable')} without a post, or of a post without a known place, cannot be drawn")
    return finish(chart, "Cables by post", notes, f"A map with {counted(drawn.height, 'mark')}.")
