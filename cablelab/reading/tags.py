"""The frame `tags`: one row a code, run-together codes cut apart, each with its meaning in the cable's year."""

from __future__ import annotations

import polars as pl

from cablelab import facts
from cablelab.frames import SCHEMAS


def tags_of(cables: pl.DataFrame) -> pl.DataFrame:
    """Give the TAGS codes of some cables.

    Examples
    --------
    >>> columns = {"cable": pl.String, "year": pl.Int16, "tags": pl.List(pl.String)}
    >>> tags_of(pl.DataFrame([("07OSLO1", 2007, ["PREL", "NO"])], columns, orient="row"))["kind"].to_list()
    ['subject', 'country']
    """
    exploded = cables.select("cable", "year", tag="tags").filter(pl.col("tag").list.len() > 0).explode("tag")
    exploded = _apart(exploded)
    exploded = exploded.with_columns(position=pl.int_range(pl.len(), dtype=pl.Int32).over("cable"))
    return facts.explain(exploded).select(*SCHEMAS["tags"])


def _apart(tags: pl.DataFrame) -> pl.DataFrame:
    """Cut run-together codes apart and drop what the line holds already, whatever other cables are read."""
    long = tags.select("tag").filter(pl.col("tag").str.len_bytes() > 5).unique()["tag"].to_list()
    cut = {code: parts for code in long if len(parts := facts.split(code)) > 1}
    if not cut:
        return tags.unique(["cable", "tag"], keep="first", maintain_order=True)
    pieces = pl.DataFrame(
        {"tag": list(cut), "piece": list(cut.values())}, schema={"tag": pl.String, "piece": pl.List(pl.String)}
    )
    apart = tags.join(pieces, on="tag", how="left", maintain_order="left").explode("piece")
    apart = apart.with_columns(tag=pl.coalesce("piece", "tag")).drop("piece")
    return apart.unique(["cable", "tag"], keep="first", maintain_order=True)
