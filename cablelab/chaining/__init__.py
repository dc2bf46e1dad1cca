"""Which cables are successive assessments of one matter by one mission.

For each cable the earlier ones that it may continue are its nearest by text and those it names. What speaks for each is
weighed into a probability, with constants fitted on chains that were put together by hand from real cables; a second
pass asks whether further cables go with both. What is likely enough is a step. `candidates` gives the list that a person
chooses from, and what a person decided holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from cablelab.chaining import assembling
from cablelab.chaining.assembling import STEPS
from cablelab.chaining.decisions import DECISIONS, as_rows, checked, decide
from cablelab.chaining.features import FEATURES, pairs
from cablelab.chaining.gathering import PLACE, Gathered, gather, mapped
from cablelab.chaining.score import scored
from cablelab.chaining.signals import reasons, shared_stems
from cablelab.chaining.vectors import Vectors
from cablelab.errors.arguments import check_executor, of_corpus

if TYPE_CHECKING:
    from collections.abc import Iterable
    from concurrent.futures import Executor

    from cablelab.corpus import Corpus

__all__ = ["CANDIDATES", "DECISIONS", "STEPS", "candidates", "chain_of", "chains", "decide"]

CANDIDATES: dict[str, pl.DataType | type[pl.DataType]] = {
    "candidate": pl.String,
    "side": pl.Enum(["earlier", "later"]),
    "rank": pl.Int32,
    "previous": pl.String,
    "cable": pl.String,
    "gap": pl.Int32,
    "score": pl.Float64,
    "signals": pl.List(pl.String),
    "subject": pl.String,
}


@of_corpus
def chains(
    corpus: Corpus, days: float = 20, *, decided: pl.DataFrame | None = None, executor: Executor | None = None
) -> pl.DataFrame:
    """Find the chains of successive assessments in a corpus.

    Parameters
    ----------
    corpus
        Any corpus. Cables of one mission are compared with one another, so that an embassy that moved stays in its
        chain; where the mission is not known, cables of one post. Messages from Washington are instructions, and left
        out.
    days
        Cables no farther apart than this are running news of one event, not successive assessments; with 0 such steps
        are given too.
    decided
        What a person decided, as `DECISIONS` describes it: accepted steps stand, rejected ones are not proposed, and
        the likelihood of others is reckoned with both. Rows about cables that the corpus does not hold do nothing.
    executor
        Any `concurrent.futures.Executor`: texts go to it in blocks of some megabytes, then missions, small ones
        together. Such are a `ThreadPoolExecutor`, a `ProcessPoolExecutor` whose context is `spawn`, and
        `Client.get_executor(pure=False)` of `dask.distributed`. The result is the same with any executor and without;
        what a worker raises, or its death, is raised here.

    Returns
    -------
    DataFrame, one row a step from one assessment to the next: `chain` (the key of its first cable), `order` (Int32,
    from 1, of `cable` by time), `cable`, `previous`, `rank` (Int32, 1 for the earlier cable that it
    continues directly: the likeliest, or one about as likely that continues the likeliest itself; 2 for a second one
    that is likely enough; `rank == 1` are the steps that make the chains), `gap` (Int32, days; null where a date is
    missing), `score` (Float64, the probability that `cable` continues `previous`; 1 if a person accepted it),
    `signals` (List(String), what speaks for it, with the words), `alike` and `subject` (Float64, 0 to 1, how alike the
    texts and the subjects are; null for an accepted pair that would not have been looked at), `copies` (List(String),
    other messages with the text of `cable`). Sorted by chain, order and rank.

    Raises
    ------
    SchemaError
        If `decided` lacks a column or has an unknown verdict.
    UnfitExecutor
        If `executor` cannot do the work.

    Examples
    --------
    >>> import cablelab as cl
    >>> steps = cl.chains(cl.sample())
    >>> steps.columns[:4]
    ['chain', 'order', 'cable', 'previous']
    >>> bool(steps["score"].is_between(0.2, 1).all())
    True

    On all cores:

    >>> from concurrent.futures import ThreadPoolExecutor
    >>> with ThreadPoolExecutor() as pool:
    ...     cl.chains(cl.sample(), executor=pool).equals(steps)
    True
    """
    check_executor(executor)
    decisions = checked(decided)
    gathered = gather(corpus, executor, _named(decisions))
    known = as_rows(decisions, gathered.cables)
    calls = ((batch, known, assembling.LEAST) for batch in gathered.batches())
    found, copies = _united(mapped(judge, calls, executor))
    pairs = assembling.linked(assembling.steps(found, gathered.cables, days, known), gathered.cables)
    return assembling.framed(pairs, reasons(corpus, gathered, pairs, executor), gathered.cables, copies)


@of_corpus
def chain_of(corpus: Corpus, cable: str, days: float = 20, *, decided: pl.DataFrame | None = None) -> list[str]:
    """Give the ids of the chain that a cable belongs to, oldest first.

    Parameters
    ----------
    corpus, days, decided
        As for `chains`; only the mission of the cable is looked at, which gives the same chain.
    cable
        An id, in any spelling. A copy stands for the message it repeats.

    Returns
    -------
    List of ids; empty if the cable stands in no chain.

    Raises
    ------
    UnknownCable
        If the corpus does not hold it.

    Examples
    --------
    >>> import cablelab as cl
    >>> corpus = cl.sample()
    >>> steps = cl.chains(corpus)
    >>> chain_of(corpus, steps["cable"][0])[0] == steps["chain"][0]
    True
    """
    key = corpus.key(cable)
    steps = chains(of_mission(corpus, key), days, decided=decided).filter(pl.col("rank") == 1)
    here = (pl.col("cable") == key) | (pl.col("previous") == key) | pl.col("copies").list.contains(key)
    holding = steps.filter(here)
    if not holding.height:
        return []
    return [holding["chain"][0], *steps.filter(pl.col("chain") == holding["chain"][0])["cable"]]


def candidates(corpus: Corpus, cable: str, n: int = 10, *, decided: pl.DataFrame | None = None) -> pl.DataFrame:
    """List the likeliest earlier and later assessments of one cable, for a person to choose from.

    Parameters
    ----------
    corpus, decided
        As for `chains`. A pair that was rejected is left out; one that was accepted has the score 1.
    cable
        An id, in any spelling.
    n
        How many earlier and how many later ones at most. In real cables the one that it continues stands among the
        five likeliest earlier ones in 99 of 100 cases.

    Returns
    -------
    DataFrame, one row a candidate: `candidate`, `side` (Enum earlier, later), `rank` (Int32, from 1 on each side),
    `previous`, `cable` (the pair in order of time), `gap` (Int32, days, null where a date is missing), `score`
    (Float64, probability), `signals` (List(String)), `subject` (String, of the candidate). Earlier ones first, the
    likeliest first.

    Raises
    ------
    UnknownCable
        If the corpus does not hold it.

    Examples
    --------
    >>> import cablelab as cl
    >>> corpus = cl.sample()
    >>> step = cl.chains(corpus).row(0, named=True)
    >>> step["previous"] in candidates(corpus, step["cable"], 5)["candidate"].to_list()
    True
    """
    key = corpus.key(cable)
    decisions = checked(decided)
    near = of_mission(corpus, key)
    gathered = gather(near, None, _named(decisions))
    known = as_rows(decisions, gathered.cables)
    place = gathered.cables.filter(pl.col("cable") == key)
    if not place.height or gathered.cables.height == 1:
        return pl.DataFrame(schema=CANDIDATES)
    row = place["row"][0]
    vectors = Vectors.of(gathered)
    found = scored(pairs(vectors)[0], _likely(known))
    verdict = known.select("a", "b", "verdict", "by")
    ends = (pl.col("a") == row) | (pl.col("b") == row)
    accepted = pl.col("verdict") == "accepted"
    some = (
        found.filter(ends)
        .join(verdict, on=["a", "b"], how="full", coalesce=True)
        .filter(ends, pl.col("verdict").is_null() | accepted)
        .with_columns(
            score=pl.when(accepted.fill_null(False)).then(1.0).otherwise("score"),
            side=pl.when(pl.col("b") == row).then(pl.lit("earlier")).otherwise(pl.lit("later")),
            other=pl.when(pl.col("b") == row).then("a").otherwise("b"),
        )
        .sort(["side", "score", "other"], descending=[False, True, False])
        .group_by("side", maintain_order=True)
        .head(n)
        .with_columns(rank=pl.int_range(1, pl.len() + 1).over("side"))
    )
    some = some.with_columns(stems=shared_stems(vectors, some["a"], some["b"]))
    keys = gathered.cables["cable"]
    sent = gathered.cables["sent"]
    return some.with_columns(
        signals=reasons(near, gathered, some),
        candidate=keys.gather(some["other"]),
        previous=keys.gather(some["a"]),
        cable=keys.gather(some["b"]),
        gap=(sent.gather(some["b"]) - sent.gather(some["a"])).dt.total_days(),
        subject=gathered.cables["subject"].gather(some["other"]),
    ).select(pl.col(column).cast(kind) for column, kind in CANDIDATES.items())


def judge(batch: Gathered, known: pl.DataFrame, least: float) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Score the pairs of whole missions: those of at least a probability, with the stems they share, and the copies."""
    proposed, copies = [], []
    likely = _likely(known)
    for mission in batch.missions():
        vectors = Vectors.of(mission)
        found, repeated = pairs(vectors)
        enough = scored(found, likely).filter(pl.col("score") >= least)
        proposed.append(enough.with_columns(stems=shared_stems(vectors, enough["a"], enough["b"])))
        copies.append(repeated)
    return _united(zip(proposed, copies, strict=True))


def _likely(known: pl.DataFrame) -> pl.DataFrame:
    return known.select("a", "b", likely=(pl.col("verdict") == "accepted").cast(pl.Float64))


def _united(parts: Iterable[tuple[pl.DataFrame, pl.DataFrame]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    found, copies = zip((_NO_PAIRS, _NO_COPIES), *parts, strict=True)
    return pl.concat(found), pl.concat(copies)


_NO_PAIRS = pl.DataFrame(
    schema={
        "a": pl.UInt32,
        "b": pl.UInt32,
        "days": pl.Float64,
        "size": pl.UInt32,
        **dict.fromkeys(FEATURES, pl.Float64),
        "score": pl.Float64,
        "stems": pl.List(pl.UInt32),
    }
)
_NO_COPIES = pl.DataFrame(schema={"copy": pl.UInt32, "of": pl.UInt32})


def _named(decisions: pl.DataFrame) -> list[str]:
    return pl.concat([decisions["previous"], decisions["cable"]]).unique().to_list()


def of_mission(corpus: Corpus, key: str) -> Corpus:
    """Give the cables of the mission that sent a cable: those among which `chains` looks for its chain.

    Examples
    --------
    >>> import cablelab as cl
    >>> corpus = cl.sample()
    >>> of_mission(corpus, corpus.ids[0]).cables["mission"].n_unique()
    1
    """
    place = corpus.lazy("cables").select("cable", place=PLACE).filter(pl.col("cable") == key).collect()["place"][0]
    return corpus.filter(place == PLACE) if place else corpus.select([key])
