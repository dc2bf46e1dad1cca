"""Passages that two cables of one group share, found over a whole corpus at once.

A passage is eight words in a row, numbers left out, that begins with a long word. Beginning there keeps about one
passage in seven, whatever stands around it, and does not depend on how a machine hashes: hashes only serve to compare.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

import polars as pl

WORDS = 8
LONG = 9
# words, and passages, that are looked at together: some 5 MB, since more than 10 is much for one message of a cluster
BLOCK, PASSAGES = 750_000, 300_000
# tasks handed out and not yet done; what they hold is all that waits in memory
WAITING = 24
_FACTOR = 0x9E3779B97F4A7C15
Result = TypeVar("Result")


def passages(texts: pl.DataFrame | pl.LazyFrame, executor: Executor | None = None) -> pl.DataFrame:
    """List the passages of each text.

    Parameters
    ----------
    texts
        Columns `row` (UInt32) and `text` (String); rows of one number stand together, in the order of the text. A lazy
        frame is streamed, a block of texts at a time.
    executor
        Any `concurrent.futures.Executor` that looks through the blocks instead of this thread.

    Returns
    -------
    DataFrame with `row` (UInt32) and `passage` (UInt64, a hash), each pair once.

    Examples
    --------
    >>> text = "Government of the people, by the people, for the people."
    >>> passages(pl.DataFrame({"row": [0], "text": [text]}, schema={"row": pl.UInt32, "text": pl.String})).height
    1
    """
    blocks = ((block,) for block in _blocks(texts.lazy()))
    empty = pl.DataFrame(schema={"row": pl.UInt32, "passage": pl.UInt64})
    return pl.concat([empty, *_mapped(_passages, blocks, executor)])


def shared(
    passages: pl.DataFrame, groups: pl.DataFrame, most: int, least: int = 1, executor: Executor | None = None
) -> pl.DataFrame:
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
    executor
        Any `concurrent.futures.Executor` that counts the groups, a block of them at a time, instead of this thread.

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
    pairs, sizes = [_NO_PAIRS], [_NO_SIZES]
    # where a group is cut, each part may hold some of what a pair shares
    blocks = ((block, most, least if whole else 1) for block, whole in _by_group(passages, groups))
    for some, of in _mapped(_counted, blocks, executor):
        pairs.append(some)
        sizes.append(of)
    counts = pl.concat(sizes).lazy().group_by("row").agg(pl.col("of").sum())
    return (
        pl.concat(pairs)
        .lazy()
        .group_by("a", "b")
        .agg(pl.col("shared").sum())
        .filter(pl.col("shared") >= least)
        .join(counts, left_on="a", right_on="row")
        .join(counts, left_on="b", right_on="row", suffix="_b")
        .rename({"of": "of_a", "of_b": "of_b"})
        .sort("a", "b")
        .collect()
    )


_NO_PAIRS = pl.DataFrame(schema={"a": pl.UInt32, "b": pl.UInt32, "shared": pl.UInt32})
_NO_SIZES = pl.DataFrame(schema={"row": pl.UInt32, "of": pl.UInt32})


def _by_group(passages: pl.DataFrame, groups: pl.DataFrame) -> Iterator[tuple[pl.DataFrame, bool]]:
    """Cut the passages into blocks of whole groups, and a group too large for one by its passages."""
    sizes = groups.join(passages.group_by("row").len("size"), on="row").group_by("group").agg(pl.col("size").sum())
    parts = pl.col("size") // PASSAGES + 1
    small = pl.when(parts == 1).then("size").otherwise(0).cum_sum() // PASSAGES
    first = pl.when(parts == 1).then(small).otherwise(small.max() + 1 + parts.cum_sum() - parts)
    cut = sizes.sort("group").select("group", parts=parts.cast(pl.UInt32), first=first.cast(pl.UInt32))
    # all passages of a corpus are in memory here, so that no column more than needed is made, and each small
    block = pl.col("first") + (pl.col("passage") % pl.col("parts")).cast(pl.UInt32)
    held = passages.lazy().join(groups.lazy().join(cut.lazy(), on="group"), on="row")
    held = held.select("row", "passage", "group", block=block, whole=pl.col("parts") == 1)
    for found in held.collect(engine="streaming").partition_by("block", include_key=False):
        yield found.drop("whole"), found["whole"][0]


def _counted(held: pl.DataFrame, most: int, least: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Count for one block the passages that two cables share, and those of each cable that count at all."""
    spread = held.lazy().group_by("group", "passage").agg(pl.len().alias("cables")).filter(pl.col("cables") <= most)
    counted = held.lazy().join(spread, on=["group", "passage"])
    reused = counted.filter(pl.col("cables") > 1)
    pairs = (
        reused.join(reused, on=["group", "passage"], suffix="_b")
        .filter(pl.col("row") < pl.col("row_b"))
        .group_by(a="row", b="row_b")
        .agg(pl.len().alias("shared"))
        .filter(pl.col("shared") >= least)
    )
    found, sizes = pl.collect_all([pairs, counted.group_by("row").agg(pl.len().alias("of"))])
    return found, sizes


def _passages(texts: pl.DataFrame) -> pl.DataFrame:
    words = texts.select("row", word=pl.col("text").str.to_lowercase().str.extract_all("[a-z]{2,}")).explode("word")
    rolled = pl.col("word").hash()
    for step in (1, 2, 4):
        rolled = rolled + rolled.shift(-step) * pl.lit(pow(_FACTOR, step, 2**64), pl.UInt64)
    whole = pl.col("row") == pl.col("row").shift(1 - WORDS)
    begins = pl.col("word").str.len_bytes() >= LONG
    return words.select("row", passage=rolled, kept=whole & begins).filter("kept").select("row", "passage").unique()


def _blocks(texts: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    # about seven bytes make a word; a block ends where a cable ends
    rest = pl.DataFrame(schema=texts.collect_schema())
    for batch in texts.collect_batches(chunk_size=BLOCK // 500 + 1, engine="streaming"):
        rest = pl.concat([rest, batch])
        if rest.height and rest["text"].str.len_bytes().sum() >= 7 * BLOCK:
            last = pl.col("row") == rest["row"][-1]
            yield rest.filter(~last)
            rest = rest.filter(last)
    yield rest


def _mapped(
    function: Callable[..., Result], calls: Iterable[tuple[Any, ...]], executor: Executor | None
) -> Iterator[Result]:
    """Call the function with each of the arguments, here or by the executor, and give the results in their order."""
    if executor is None:
        yield from (function(*call) for call in calls)
        return
    waiting: deque[Future[Result]] = deque()
    try:
        for call in calls:
            waiting.append(executor.submit(function, *call))
            if len(waiting) >= WAITING:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()
