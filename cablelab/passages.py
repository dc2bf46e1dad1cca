"""Passages that two cables of one group share, found over a whole corpus at once.

A passage is eight words in a row, numbers left out, that begins with a long word. Beginning there keeps about one
passage in seven, whatever stands around it, and does not depend on how a machine hashes: hashes only serve to compare.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import polars as pl

WORDS = 8
LONG = 9
# the number of words that fit in memory several times over
BATCH = 6_000_000
_FACTOR = 0x9E3779B97F4A7C15


def passages(texts: pl.DataFrame) -> pl.DataFrame:
    """List the passages of each text.

    Parameters
    ----------
    texts
        Columns `row` (UInt32) and `text` (String); rows of one number stand together, in the order of the text.

    Returns
    -------
    DataFrame with `row` (UInt32) and `passage` (UInt64, a hash), each pair once.

    Examples
    --------
    >>> text = "Government of the people, by the people, for the people."
    >>> passages(pl.DataFrame({"row": [0], "text": [text]}, schema={"row": pl.UInt32, "text": pl.String})).height
    1
    """
    found = [_passages(batch) for batch in _batches(texts)]
    return pl.concat(found) if found else _passages(texts)


def shared(passages: pl.DataFrame, groups: pl.DataFrame, most: int, least: int = 1) -> pl.DataFrame:
    """Count the passages that two cables of one group share.

    Parameters
    ----------
    passages
        As `passages` gives them.
    groups
        Columns `row` (UInt32, in order of time) and `group` (UInt32); only cables of one group are compared.
    most
        A passage that more cables of the group hold is a form's language and does not count.
    least
        Pairs that share fewer are left out.

    Returns
    -------
    DataFrame with `a`, `b` (UInt32, a before b), `shared` (UInt32, passages in both), `of_a`, `of_b` (UInt32, passages
    of each that count at all).

    Examples
    --------
    >>> held = pl.DataFrame({"row": [0, 1, 1], "passage": [7, 7, 8]}, schema={"row": pl.UInt32, "passage": pl.UInt64})
    >>> groups = pl.DataFrame({"row": [0, 1], "group": [0, 0]}, schema={"row": pl.UInt32, "group": pl.UInt32})
    >>> shared(held, groups, most=20).row(0)
    (0, 1, 1, 1, 2)
    """
    held = passages.lazy().join(groups.lazy(), on="row")
    spread = held.group_by("group", "passage").agg(pl.len().alias("cables"))
    common = spread.filter(pl.col("cables") > most)
    counted = held.join(common, on=["group", "passage"], how="anti").collect()
    sizes = counted.lazy().group_by("row").agg(pl.len().alias("of"))
    reused = counted.lazy().join(
        spread.filter(pl.col("cables").is_between(2, most)), on=["group", "passage"], how="semi"
    )
    pairs = (
        reused.join(reused, on=["group", "passage"], suffix="_b")
        .filter(pl.col("row") < pl.col("row_b"))
        .group_by(pl.col("row").alias("a"), pl.col("row_b").alias("b"))
        .agg(pl.len().alias("shared"))
        .filter(pl.col("shared") >= least)
    )
    return (
        pairs.join(sizes, left_on="a", right_on="row")
        .join(sizes, left_on="b", right_on="row", suffix="_b")
        .rename({"of": "of_a", "of_b": "of_b"})
        .sort("a", "b")
        .collect()
    )


def _passages(texts: pl.DataFrame) -> pl.DataFrame:
    words = texts.select("row", word=pl.col("text").str.to_lowercase().str.extract_all("[a-z]{2,}")).explode("word")
    rolled = pl.col("word").hash()
    for step in (1, 2, 4):
        rolled = rolled + rolled.shift(-step) * pl.lit(pow(_FACTOR, step, 2**64), pl.UInt64)
    whole = pl.col("row") == pl.col("row").shift(1 - WORDS)
    begins = pl.col("word").str.len_bytes() >= LONG
    return words.select("row", passage=rolled, kept=whole & begins).filter("kept").select("row", "passage").unique()


def _batches(texts: pl.DataFrame) -> Iterator[pl.DataFrame]:
    # about seven bytes make a word; a batch ends where a cable ends
    bounds = texts.select("row", batch=pl.col("text").str.len_bytes().cast(pl.UInt64).cum_sum() // (7 * BATCH))
    starts = (
        bounds.with_row_index("at").group_by("row", maintain_order=True).first().group_by("batch", maintain_order=True)
    )
    offsets = [*starts.agg(pl.col("at").first())["at"], texts.height]
    for start, end in pairwise(offsets):
        yield texts.slice(start, end - start)
