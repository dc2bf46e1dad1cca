"""Which words tell two selections apart, and how often a phrase stands in the cables of each year.

All is counted in cables, not in tokens: one cable that says a word forty times is one witness.
"""

from __future__ import annotations

import warnings
from math import comb
from typing import TYPE_CHECKING, Any

import polars as pl

from cablelab.errors import InvalidQuery, UnknownOption, nearest
from cablelab.errors.arguments import of_corpus

if TYPE_CHECKING:
    from cablelab.corpus import Corpus

LEAST = 5  # cables that must hold a word
CHANCE = 0.01  # of one word among all being told apart by chance
KEYNESS: dict[str, Any] = {
    "word": pl.String, "cables_a": pl.Int64, "cables_b": pl.Int64, "share_a": pl.Float64, "share_b": pl.Float64, "log_ratio": pl.Float64,
    "low": pl.Float64, "high": pl.Float64, "dispersion": pl.Float64, "p": pl.Float64, "tells": pl.Boolean,
}  # fmt: skip
PERIODS = {"year": "1y", "quarter": "1q", "month": "1mo"}
_WORD = r"[\p{L}][\p{L}'’\-]*[\p{L}]"


@of_corpus
def keyness(a: Corpus, b: Corpus, least: int = LEAST, *, all_words: bool = False) -> pl.DataFrame:
    """Say which words tell two selections of cables apart.

    Parameters
    ----------
    a, b
        Two Corpus, such as two posts or two years; cables that both hold are left out of `b`.
    least
        In how many cables of both together a word must stand.
    all_words
        Give every word counted; else only those that tell the two apart.

    Returns
    -------
    DataFrame, the words of `a` first, the strongest first: `word` (small letters), `cables_a` and `cables_b` (cables that hold it),
    `share_a` and `share_b` (of the cables), `log_ratio` (binary logarithm of the ratio of the shares, half a cable added to each, so 1
    is twice as often), `low` and `high` (its 95 % interval), `dispersion` (Gries's DP over the cables that it was counted in, 0 spread
    evenly, 1 in one cable only), `p` (Fisher's exact test, two-sided by doubling, times the number of words tested), `tells` (p below .01).

    Raises
    ------
    InvalidQuery
        If one of the two holds no text.

    Warns
    -----
    UserWarning
        If the cables are so few that not even a word of all of one and none of the other could tell them apart.

    Notes
    -----
    Words are counted in paragraphs only: headers, TAGS and signatures are outside, capitals are folded.

    Examples
    --------
    >>> import cablelab as cl
    >>> corpus = cl.sample()
    >>> found = cl.keyness(corpus.filter(cl.tagged("EFIS")), corpus.filter(~cl.tagged("EFIS")))
    >>> found.columns[:3]
    ['word', 'cables_a', 'cables_b']
    """
    import numpy as np
    from scipy.stats import hypergeom

    ours, theirs = _counts(a), _counts(b).join(a.cables.select("cable"), on="cable", how="anti")
    n, m = ours["cable"].n_unique(), theirs["cable"].n_unique()
    if not n or not m:
        raise InvalidQuery(
            f"The first selection has {n:,} cables with text, the second {m:,} others. Give two selections that both hold some."
        )
    both = pl.concat([ours.with_columns(in_a=pl.lit(True)), theirs.with_columns(in_a=pl.lit(False))])
    table = (
        both.group_by("word")
        .agg(cables_a=pl.col("in_a").sum().cast(pl.Int64), cables_b=(~pl.col("in_a")).sum().cast(pl.Int64))
        .filter(pl.col("cables_a") + pl.col("cables_b") >= least)
        .join(_dispersion(both), on="word")
    )
    if not all_words and 2 * max(1, len(table)) / comb(n + m, n) >= CHANCE:
        warnings.warn(
            f"With {n:,} of {n + m:,} cables with text no word can tell the two apart: chance alone may put it into all of them and"
            " none of the others. Give more cables, or all_words=True for the bare counts.",
            stacklevel=3,
        )
    k, t = table["cables_a"].to_numpy(), (table["cables_a"] + table["cables_b"]).to_numpy()
    if len(table):
        upper, lower = hypergeom.sf(k - 1, n + m, t, n), hypergeom.cdf(k, n + m, t, n)
        p = np.minimum(1.0, 2 * np.minimum(upper, lower) * len(table))
    else:
        p = np.array([])
    share_a, share_b = (pl.col("cables_a") + 0.5) / (n + 0.5), (pl.col("cables_b") + 0.5) / (m + 0.5)
    error = (1 / (pl.col("cables_a") + 0.5) - 1 / (n + 0.5) + 1 / (pl.col("cables_b") + 0.5) - 1 / (m + 0.5)).sqrt()
    ratio, wide = (share_a / share_b).log(2), 1.959964 * error / np.log(2)
    done = table.with_columns(
        share_a=pl.col("cables_a") / n,
        share_b=pl.col("cables_b") / m,
        log_ratio=ratio,
        low=ratio - wide,
        high=ratio + wide,
        p=pl.Series(p),
    ).with_columns(tells=pl.col("p") < CHANCE)
    ranked = done.with_columns(mine=pl.col("log_ratio") >= 0).sort("mine", "p", "word", descending=[True, False, False])
    return (ranked if all_words else ranked.filter("tells")).select(*KEYNESS)


def _counts(corpus: Corpus) -> pl.DataFrame:
    """Count words by cable: one row a cable and word, with its tokens and the cable's."""
    words = (
        corpus.paragraphs.lazy()
        .select("cable", word=pl.col("text").str.to_lowercase().str.replace_all("’", "'").str.extract_all(_WORD))
        .explode("word", empty_as_null=False, keep_nulls=False)
        .group_by("cable", "word")
        .agg(tokens=pl.len().cast(pl.Float64))
        .collect()
    )
    return words.with_columns(size=pl.col("tokens").sum().over("cable"))


def _dispersion(counts: pl.DataFrame) -> pl.DataFrame:
    """Give Gries's DP of each word: half the sum over cables of |share of the word's tokens - share of all tokens|."""
    total = counts.unique("cable")["size"].sum()
    observed = pl.col("tokens") / pl.col("tokens").sum().over("word")
    expected = pl.col("size") / total
    part = counts.with_columns(observed=observed, expected=expected)
    return part.group_by("word").agg(
        dispersion=0.5 * ((pl.col("observed") - pl.col("expected")).abs().sum() + 1 - pl.col("expected").sum())
    )


@of_corpus
def phrase(corpus: Corpus, *phrases: str, by: str = "year") -> pl.DataFrame:
    """Count the cables that hold a phrase, by period, with the cables that there are.

    Parameters
    ----------
    corpus
        A Corpus; cables without a date, and records without text, are not counted.
    *phrases
        One or more; case and line breaks do not matter.
    by
        `"year"`, `"quarter"` or `"month"`.

    Returns
    -------
    DataFrame, one row a phrase and period: `phrase`, `period` (Date, its first day), `cables` (that hold it), `of` (all cables of the
    period that hold text), `share`, `low` and `high` (Wilson's 95 % interval of the share, as if the cables were drawn at random).

    Raises
    ------
    InvalidQuery
        If no phrase is given, or one is empty.
    UnknownOption
        If `by` is none of the three.

    Examples
    --------
    >>> import cablelab as cl
    >>> found = cl.phrase(cl.sample(), "the ministry")
    >>> found["cables"].sum() <= found["of"].sum()
    True
    """
    if by not in PERIODS:
        raise UnknownOption(by, nearest(by, PERIODS), "`by` is one of 'year', 'quarter', 'month'.")
    if not phrases:
        raise InvalidQuery('Give a phrase to count, such as cl.phrase(corpus, "rule of law").')
    period = pl.col("sent").dt.truncate(PERIODS[by]).dt.date().alias("period")
    dated = corpus.cables.filter(with_text()).drop_nulls("sent").select("cable", period)
    totals = dated.group_by("period").agg(of=pl.len().cast(pl.Int64)).sort("period")
    parts = []
    for text in phrases:
        holding = corpus.search(text, context=0).select("cable").unique()
        containing = dated.join(holding, on="cable").group_by("period").agg(cables=pl.len().cast(pl.Int64))
        parts.append(
            totals.join(containing, on="period", how="left", maintain_order="left").with_columns(phrase=pl.lit(text))
        )
    found = pl.concat(parts).with_columns(pl.col("cables").fill_null(0))
    return found.with_columns(share=pl.col("cables") / pl.col("of"), **_wilson()).select(
        "phrase", "period", "cables", "of", "share", "low", "high"
    )


def with_text() -> pl.Expr:
    """Give the condition that a cable holds text, and is not a record alone, of which nobody knows whether it says a word.

    Examples
    --------
    >>> import cablelab as cl
    >>> cl.sample().cables.filter(with_text()).height
    412
    """
    return pl.col("text_held").fill_null(True)


def _wilson() -> dict[str, pl.Expr]:
    z, n, p = 1.959964, pl.col("of"), pl.col("cables") / pl.col("of")
    centre, half = p + z * z / (2 * n), z * (p * (1 - p) / n + z * z / (4 * n * n)).sqrt()
    return {
        "low": ((centre - half) / (1 + z * z / n)).clip(0, 1),
        "high": ((centre + half) / (1 + z * z / n)).clip(0, 1),
    }
