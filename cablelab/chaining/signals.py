"""Why a pair is likely a step, in words that a reader can check."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from cablelab.chaining.gathering import STEM, STEM_LETTERS, Gathered
from cablelab.chaining.vectors import Vectors

if TYPE_CHECKING:
    from cablelab.corpus import Corpus

# so many words are named; from so much of the weight on, common TAGS and addressees are
WORDS, MESSAGES, SHARE = 4, 3, 0.3
_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


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


def reasons(corpus: Corpus, gathered: Gathered, pairs: pl.DataFrame) -> pl.Series:
    """Name what speaks for each pair.

    Parameters
    ----------
    corpus, gathered
        Where the pairs come from.
    pairs
        a, b, the features, `stems` (List(UInt32), see `shared_stems`), and `by` (who accepted it, null if nobody did).

    Returns
    -------
    Series of List(String), such as `["cites it first of two", "subject: base, closure", "both cite 06STATE1"]`.
    """
    frame = pairs.select("a", "b").with_row_index("pair")
    cited = _cited(corpus, gathered, frame)
    sizes = gathered.cables.select("row", "place").with_columns(size=pl.len().over("place"))
    words = _common(frame, gathered.subjects, "word", sizes)
    tags = _common(frame, _tags(gathered), "tag", sizes)
    messages = _common(frame, gathered.named, "target", sizes)
    names = _common(frame, gathered.addressed, "name", sizes)
    text = _words(corpus, gathered, pairs)
    signals = []
    for pair, row in enumerate(pairs.iter_rows(named=True)):
        pair_signals = [f"accepted by {row['by']}" if row["by"] else "accepted"] if row["by"] is not None else []
        pair_signals += [cited[pair]] if pair in cited else []
        pair_signals += _list("subject", words.get(pair, ()), WORDS)
        pair_signals += _list("text", text[pair], WORDS)
        pair_signals += _list("TAGS", tags.get(pair, ()), WORDS) if (row["tags"] or 0) >= SHARE else []
        if common := messages.get(pair, ()):
            pair_signals.append("both cite " + ", ".join(common[:MESSAGES]))
        pair_signals += _list("both sent to", names.get(pair, ()), 2) if (row["addressees"] or 0) >= SHARE else []
        signals.append(pair_signals)
    return pl.Series("signals", signals, pl.List(pl.String))


def _list(what: str, words: Iterable[str], most: int) -> list[str]:
    some = list(words)[:most]
    return [f"{what}: {', '.join(some)}"] if some else []


def _cited(corpus: Corpus, gathered: Gathered, frame: pl.DataFrame) -> dict[int, str]:
    keys = gathered.cables.select("row", "cable").lazy()
    asked = frame.lazy().join(keys, left_on="b", right_on="row").join(keys, left_on="a", right_on="row", suffix="_a")
    lists = (
        corpus.lazy("references")
        .filter(pl.col("target").is_not_null(), pl.col("target") != pl.col("cable"))
        .select("cable", "target", "position")
        .join(asked.select("cable").unique(), on="cable", how="semi")
        .sort("cable", "position")
        .group_by("cable")
        .agg(pl.col("target").unique(maintain_order=True))
    )
    found = asked.join(lists, on="cable").select("pair", "cable_a", "target").collect()
    return {
        pair: _place(targets.index(earlier) + 1, len(targets))
        for pair, earlier, targets in found.iter_rows()
        if earlier in targets
    }


def _place(at: int, of: int) -> str:
    if of == 1:
        return "cites it alone"
    ordinals = ("", "first", "second", "third")
    which = ordinals[at] if at < len(ordinals) else f"{at}th"
    return f"cites it {which} of {_NUMBERS[of] if of < len(_NUMBERS) else of}"


def _common(frame: pl.DataFrame, things: pl.DataFrame, column: str, sizes: pl.DataFrame) -> dict[int, list[str]]:
    """Give what both cables of a pair hold, the rarest in the mission first."""
    things = things.join(sizes.select("row", "place"), on="row").with_columns(spread=pl.len().over("place", column))
    first = frame.join(things, left_on="a", right_on="row")
    both = first.join(things.select("row", column), left_on=["b", column], right_on=["row", column])
    some = both.sort("pair", "spread", column).group_by("pair", maintain_order=True).agg(column)
    return dict(some.iter_rows())


def _tags(gathered: Gathered) -> pl.DataFrame:
    return gathered.cables.select("row", tag="tags").explode("tag", empty_as_null=False).drop_nulls().unique()


def _words(corpus: Corpus, gathered: Gathered, pairs: pl.DataFrame) -> list[list[str]]:
    """Find for the stems of each pair the words of the later text that they stand for."""
    stems: Any = pairs.select("b", stem="stems").with_row_index("pair")
    asked = stems.explode("stem", empty_as_null=False).drop_nulls("stem").with_columns(pl.col("stem").cast(pl.UInt32))
    rows = asked.select(row="b").unique().join(gathered.cables.select("row", "cable", "subject"), on="row")
    word = pl.col("text").str.to_lowercase().str.extract_all(STEM)
    texts = corpus.lazy("paragraphs").select("cable", "text").join(rows.lazy().select("cable", "row"), on="cable")
    both = pl.concat([texts.select("row", "text"), rows.lazy().select("row", text="subject")])
    stems_of_rows = (
        both.select("row", word=word)
        .explode("word", empty_as_null=False)
        .with_columns(stem=(pl.col("word").str.slice(0, STEM_LETTERS).hash() % 2**32).cast(pl.UInt32))
        .join(asked.lazy().select(row="b", stem="stem").unique(), on=["row", "stem"])
        .group_by("row", "stem", "word")
        .len()
        .sort("row", "stem", "len", "word", descending=[False, False, True, False])
        .unique(["row", "stem"], keep="first", maintain_order=True)
        .collect()
    )
    named = asked.join(
        stems_of_rows, left_on=["b", "stem"], right_on=["row", "stem"], how="left", maintain_order="left"
    )
    words: list[list[str]] = [[] for _ in range(pairs.height)]
    for pair, found in named.select("pair", "word").iter_rows():
        if found is not None:
            words[pair].append(found)
    return words
