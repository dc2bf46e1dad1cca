"""Why a pair is likely a step, in words that a reader can check."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from cablelab.chaining.gathering import Gathered, blocks, mapped, stemmed
from cablelab.chaining.vectors import Vectors

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from cablelab.corpus import Corpus

# so many words are named; from so much of the weight on, common TAGS and addressees are
WORDS, MESSAGES, SHARE = 4, 3, 0.3
_ORDINALS = dict(enumerate(("first", "second", "third"), 1))
_NUMBERS = dict(enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 1))


def shared_stems(vectors: Vectors, a: pl.Series, b: pl.Series) -> pl.Series:
    """Give the stems that make two texts alike, the weightiest first: List(UInt32) of hashes, as `Gathered.stems` has."""
    body = vectors.body
    both = body[a.to_numpy().astype(np.int64) - vectors.first].multiply(
        body[b.to_numpy().astype(np.int64) - vectors.first]
    )
    pair, column = both.tocoo().coords
    order = np.lexsort((column, -both.data, pair))
    pair, column = pair[order], column[order]
    place = np.arange(len(pair)) - np.searchsorted(pair, pair)
    some = pl.DataFrame({"pair": pair[place < WORDS], "stem": vectors.stems[column[place < WORDS]]})
    stems = some.select(pl.col("pair").cast(pl.UInt32), "stem").group_by("pair", maintain_order=True).agg("stem")
    every = pl.select(pair=pl.int_range(a.len(), dtype=pl.UInt32))
    return every.join(stems, on="pair", how="left", maintain_order="left")["stem"].fill_null([])


def reasons(corpus: Corpus, gathered: Gathered, pairs: pl.DataFrame, executor: Executor | None = None) -> pl.Series:
    """Name what speaks for each pair.

    Parameters
    ----------
    corpus, gathered
        Where the pairs come from.
    pairs
        a, b, the features, `stems` (List(UInt32), see `shared_stems`), and `by` (who accepted it, null if nobody did).
    executor
        As for `chains`: texts are read again for the words of the stems.

    Returns
    -------
    Series of List(String), such as `["cites it first of two", "subject: base, closure", "both cite 06STATE1"]`.
    """
    frame = pairs.select("a", "b").with_row_index("pair")
    places = gathered.cables.select("row", "place")
    things = {
        "subject": (gathered.subjects, "word"),
        "TAGS": (gathered.tags, "tag"),
        "messages": (gathered.named, "target"),
        "names": (gathered.addressed, "name"),
    }
    frames = [_cited(corpus, gathered, frame), _words(corpus, gathered, pairs, executor)]
    frames += [_common(frame, *thing, places).rename({"both": name}) for name, thing in things.items()]
    known = pairs.select("by", "tags", "addressees").with_row_index("pair")
    for one in frames:
        known = known.join(one, on="pair", how="left", maintain_order="left")
    accepted = pl.concat_str(
        pl.lit("accepted"), pl.when(pl.col("by") != "").then(" by " + pl.col("by")), ignore_nulls=True
    )
    in_order = (
        pl.when(pl.col("by").is_not_null()).then(accepted),
        pl.col("cited"),
        _listed("subject: ", "subject", WORDS),
        _listed("text: ", "text", WORDS),
        pl.when(pl.col("tags") >= SHARE).then(_listed("TAGS: ", "TAGS", WORDS)),
        _listed("both cite ", "messages", MESSAGES),
        pl.when(pl.col("addressees") >= SHARE).then(_listed("both sent to: ", "names", 2)),
    )
    return known.select(signals=pl.concat_list(in_order).list.drop_nulls()).to_series()


def _listed(what: str, column: str, most: int) -> pl.Expr:
    first = pl.col(column).list.head(most)
    return pl.when(first.list.len() > 0).then(what + first.list.join(", "))


def _cited(corpus: Corpus, gathered: Gathered, frame: pl.DataFrame) -> pl.DataFrame:
    """Say of the pairs whose later cable names the earlier one, at which place of how many: `pair`, `cited`."""
    keys = gathered.cables.select("row", "cable").lazy()
    asked = frame.lazy().join(keys, left_on="b", right_on="row").join(keys, left_on="a", right_on="row", suffix="_a")
    lists = (
        corpus.lazy("references")
        .filter(pl.col("target").is_not_null(), pl.col("target") != pl.col("cable"))
        .select("cable", "target", "position")
        .join(asked.select("cable").unique(), on="cable", how="semi")
        .sort("cable", "position")
        .unique(["cable", "target"], keep="first", maintain_order=True)
        .with_columns(at=pl.int_range(1, pl.len() + 1).over("cable"), of=pl.len().over("cable"))
    )
    place = pl.col("at").replace_strict(_ORDINALS, default=pl.format("{}th", "at"), return_dtype=pl.String)
    number = pl.col("of").replace_strict(_NUMBERS, default=pl.col("of").cast(pl.String), return_dtype=pl.String)
    cited = (
        pl.when(pl.col("of") == 1)
        .then(pl.lit("cites it alone"))
        .otherwise(pl.format("cites it {} of {}", place, number))
    )
    found = asked.join(lists, left_on=["cable", "cable_a"], right_on=["cable", "target"])
    return found.select("pair", cited=cited).collect()


def _common(frame: pl.DataFrame, things: pl.DataFrame, column: str, places: pl.DataFrame) -> pl.DataFrame:
    """Give what both cables of a pair hold, the rarest in the mission first: `pair`, `both` (List(String))."""
    things = things.join(places, on="row").with_columns(spread=pl.len().over("place", column))
    first = frame.join(things, left_on="a", right_on="row")
    both = first.join(things.select("row", column), left_on=["b", column], right_on=["row", column])
    return both.sort("pair", "spread", column).group_by("pair", maintain_order=True).agg(both=column)


def _words(corpus: Corpus, gathered: Gathered, pairs: pl.DataFrame, executor: Executor | None) -> pl.DataFrame:
    """Find for the stems of each pair the words of the later text that they stand for: `pair`, `text` (List(String))."""
    asked = pairs.select("stems", row="b").with_row_index("pair").explode("stems", empty_as_null=False)
    asked = asked.select("pair", "row", stem=pl.col("stems").cast(pl.UInt32)).drop_nulls("stem")
    stems = asked.select("row", "stem").unique()
    rows = gathered.cables.select("row", "cable", text="subject").join(stems, on="row", how="semi")
    texts = corpus.lazy("paragraphs").select("cable", "text").join(rows.lazy().select("cable", "row"), on="cable")
    both = pl.concat([rows.lazy().select("row", "text"), texts.select("row", "text")])
    calls = ((block, stems.join(block, on="row", how="semi")) for block in blocks(both))
    counted = pl.concat([_NO_WORDS, *mapped(count_words, calls, executor)])
    counted = counted.group_by("row", "stem", "word").agg(pl.col("times").sum())
    usual = counted.sort("row", "stem", "times", "word", descending=[False, False, True, False])
    named = asked.join(
        usual.unique(["row", "stem"], keep="first", maintain_order=True), on=["row", "stem"], maintain_order="left"
    )
    return named.group_by("pair", maintain_order=True).agg(text="word")


def count_words(texts: pl.DataFrame, stems: pl.DataFrame) -> pl.DataFrame:
    """Count the words of each text that have one of some stems: `row`, `stem`, `word`, `times`."""
    words = stemmed(texts).join(stems.lazy(), on=["row", "stem"], how="semi")
    return words.group_by("row", "stem", "word").len("times").collect()


_NO_WORDS = pl.DataFrame(schema={"row": pl.UInt32, "stem": pl.UInt32, "word": pl.String, "times": pl.UInt32})
