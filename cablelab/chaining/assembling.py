"""From probabilities to steps, and from steps to chains."""

from __future__ import annotations

import polars as pl

# a step is proposed from this probability on; chosen so that at least four of five proposals are right (fit_chains)
LEAST = 0.2
# a cable may continue two, where the second is likely enough too
MOST = 2
# what is more likely than not stands between two cables, unless the odds of the two alone are so many times as high
SURE, ODDS = 0.5, 20

STEPS: dict[str, pl.DataType | type[pl.DataType]] = {
    "chain": pl.String,
    "order": pl.Int32,
    "cable": pl.String,
    "previous": pl.String,
    "rank": pl.Int32,
    "gap": pl.Int32,
    "score": pl.Float64,
    "signals": pl.List(pl.String),
    "alike": pl.Float64,
    "subject": pl.Float64,
    "copies": pl.List(pl.String),
}


def steps(found: pl.DataFrame, cables: pl.DataFrame, days: float, decided: pl.DataFrame) -> pl.DataFrame:
    """Choose for each cable the earlier ones that it continues.

    Parameters
    ----------
    found
        Pairs with `score`, as `score.scored` gives them.
    cables
        Of `gathering`, with every row that `found` and `decided` name.
    days
        Cables no farther apart than this are left out, unless somebody accepted them.
    decided
        a, b, verdict: accepted steps stand, rejected ones are left out.

    Returns
    -------
    DataFrame: a, b, rank (Int32, 1 the likeliest), gap, and the columns of `found`; sorted by b and rank.
    """
    sent = cables.select("row", "sent")
    likely = found.filter(pl.col("score") >= LEAST).join(decided, on=["a", "b"], how="anti")
    accepted = (
        decided.filter(pl.col("verdict") == "accepted")
        .select("a", "b", "by")
        .join(found, on=["a", "b"], how="left")
        .with_columns(score=pl.lit(1.0))
    )
    both = pl.concat([likely, accepted], how="diagonal")
    if "by" not in both.columns:
        both = both.with_columns(by=pl.lit(None, pl.String))
    gap = pl.col("sent_b") - pl.col("sent")
    far = (gap > pl.duration(seconds=round(days * 86_400))).fill_null(True)
    by_person = pl.col("by").is_not_null()
    far_enough = (
        both.join(sent, left_on="a", right_on="row")
        .join(sent, left_on="b", right_on="row", suffix="_b")
        .filter(far | by_person)
        .with_columns(gap=gap.dt.total_days().cast(pl.Int32), person=by_person)
    )
    best = ranked(far_enough, both.filter(pl.col("score") >= SURE))
    return best.filter((pl.col("rank") <= MOST) | pl.col("person")).drop("sent", "sent_b", "person")


def ranked(pairs: pl.DataFrame, sure: pl.DataFrame) -> pl.DataFrame:
    """Rank for each cable the earlier ones that it may continue, the one it follows directly first.

    That is the likeliest, or the last of those about as likely that surely continue the likeliest themselves: the news of
    last month, not those of two months ago. What a person accepted comes before.

    Parameters
    ----------
    pairs
        a, b, score, person (Boolean).
    sure
        a, b: pairs of any gap that are more likely steps than not.

    Returns
    -------
    DataFrame, `pairs` with `rank` (Int32), sorted by b and rank.
    """
    by_score = pairs.sort(["b", "person", "score", "a"], descending=[False, True, True, True])
    likeliest = by_score.unique("b", keep="first", maintain_order=True).select("b", likeliest="a", highest="score")
    odds_hold = ODDS * pl.col("score") * (1 - pl.col("highest")) >= pl.col("highest") * (1 - pl.col("score"))
    last_between = (
        pairs.select("a", "b", "score")
        .join(sure.select("a", "b"), on=["a", "b"], how="semi")
        .join(likeliest, on="b")
        .join(sure.select(likeliest="a", a="b"), on=["likeliest", "a"], how="semi")
        .filter(odds_hold)
        .group_by("b")
        .agg(direct=pl.col("a").max())
    )
    return (
        by_score.join(last_between, on="b", how="left", maintain_order="left")
        .with_columns(direct=(pl.col("a") == pl.col("direct")).fill_null(False))
        .sort(["b", "person", "direct"], descending=[False, True, True], maintain_order=True)
        .with_columns(rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("b"))
        .drop("direct")
    )


def linked(chosen: pl.DataFrame, cables: pl.DataFrame) -> pl.DataFrame:
    """Name the chain of each step after its first cable, and number its cables in order of time.

    The best steps alone make chains, so that each cable stands in one; a cable that two continue is where a chain parts
    into branches, which stay one chain.
    """
    before = {b: a for a, b, rank in chosen.select("a", "b", "rank").iter_rows() if rank == 1}
    first: dict[int, int] = {}
    for start in before:
        way = [start]
        while (at := way[-1]) not in first and at in before and before[at] not in way:
            way.append(before[at])
        root = first.get(way[-1], way[-1])
        first.update(dict.fromkeys(way, root))
    chain = pl.DataFrame(
        {"b": list(first), "root": list(first.values())}, schema={"b": pl.UInt32, "root": pl.UInt32}
    ).filter(pl.col("b").is_in(list(before)))
    day = cables.select(b="row", day="day")
    numbered = (
        chain.join(day, on="b")
        .sort("root", "day", "b")
        .with_columns(order=pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("root"))
    )
    return chosen.join(numbered.select("b", "root", "order"), on="b", maintain_order="left")


def framed(pairs: pl.DataFrame, signals: pl.Series, cables: pl.DataFrame, copies: pl.DataFrame) -> pl.DataFrame:
    """Write rows as ids, in the columns of `STEPS`."""
    keys = cables.select("row", key="cable")
    named = copies.join(keys, left_on="copy", right_on="row").group_by("of").agg(copies=pl.col("key").sort())
    full = pairs.with_columns(signals=signals)
    for column, name in (("root", "chain"), ("b", "cable"), ("a", "previous")):
        full = full.join(keys.rename({"key": name}), left_on=column, right_on="row", maintain_order="left")
    return (
        full.join(named, left_on="b", right_on="of", how="left", maintain_order="left")
        .with_columns(alike=pl.col("body"), copies=pl.col("copies").fill_null([]))
        .select(pl.col(column).cast(kind) for column, kind in STEPS.items())
        .sort("chain", "order", "rank")
    )
