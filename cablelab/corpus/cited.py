"""What cables cite: the pairs, and what is cited and not held."""

from __future__ import annotations

from typing import Any

import polars as pl

from cablelab import ids
from cablelab.errors.arguments import of_corpus
from cablelab.frames import UTC, Framed

MISSING: dict[str, Any] = {
    "cable": pl.String, "post": pl.String, "year": pl.Int16, "number": pl.Int32, "cited_by": pl.Int32, "citing": pl.List(pl.String),
    "first": UTC, "last": UTC,
}  # fmt: skip


def cited_pairs(corpus: Framed) -> pl.DataFrame:
    """Give each citing cable and what it cites once, with `label` and `note`; only where the target could be read."""
    named = corpus.frame("references").filter(pl.col("target").is_not_null() & (pl.col("target") != pl.col("cable")))
    return named.unique(["cable", "target"], keep="first", maintain_order=True).select(
        "cable", "target", "label", "note"
    )


def filled(frame: pl.DataFrame) -> pl.DataFrame:
    """Take `post`, `year` and `number` from the id where they are null, as they are of cables that are not held."""
    parts = ids.apart(frame["cable"]).rename({"year": "_year", "post": "_post", "number": "_number"})
    years = {f"{two:02d}": ids.full_year(two) for two in range(100)}
    return (
        frame.hstack(parts)
        .with_columns(
            post=pl.coalesce("post", "_post"),
            year=pl.coalesce("year", pl.col("_year").replace_strict(years, default=None, return_dtype=pl.Int16)),
            number=pl.coalesce("number", pl.col("_number").cast(pl.Int32, strict=False)),
        )
        .drop(parts.columns)
    )


@of_corpus
def missing(corpus: Framed, least: int = 1) -> pl.DataFrame:
    """List what the cables of a corpus cite and it does not hold, most cited first: a request list.

    Parameters
    ----------
    corpus
        A Corpus.
    least
        By how many cables an id must be cited to be listed.

    Returns
    -------
    DataFrame, one row an id: `cable`, `post`, `year`, `number`, `cited_by` (Int32, cables), `citing` (List(String), their ids), `first`
    and `last` (UTC, when the first and the last of them were sent).

    Examples
    --------
    >>> import cablelab as cl
    >>> wanted = cl.sample().missing()
    >>> wanted["cited_by"].is_sorted(descending=True)
    True
    """
    pairs = cited_pairs(corpus).join(
        corpus.frame("cables").select(target="cable"), on="target", how="anti", maintain_order="left"
    )
    counted = (
        pairs.join(corpus.frame("cables").select("cable", "sent"), on="cable", how="left", maintain_order="left")
        .group_by("target", maintain_order=True)
        .agg(
            cited_by=pl.len().cast(pl.Int32),
            citing=pl.col("cable"),
            first=pl.col("sent").min(),
            last=pl.col("sent").max(),
        )
        .filter(pl.col("cited_by") >= least)
        .rename({"target": "cable"})
        .with_columns(post=pl.lit(None, pl.String), year=pl.lit(None, pl.Int16), number=pl.lit(None, pl.Int32))
    )
    ranked = filled(counted).sort(
        "cited_by", "year", "post", "number", descending=[True, False, False, False], nulls_last=True
    )
    return ranked.select(*MISSING)
