"""Time of filtering, opening and saving a large corpus.

    python tests/benchmarks/filtering.py [COUNT]

The corpus holds COUNT cables (268,000 if not said): generated ones, repeated under new keys, since only number matters
here. Each time is the median of five runs.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

import cablelab as cl
from cablelab.corpus import Corpus


def repeated(corpus: Corpus, count: int) -> Corpus:
    """Repeat the frames of a corpus under new keys until they hold `count` cables."""
    rounds = -(-count // len(corpus))
    made = {}
    for name in ("cables", "tags", "references", "addressees"):
        keys = [column for column in ("cable", "target") if column in corpus.frame(name).columns]
        made[name] = pl.concat(
            corpus.frame(name).with_columns(pl.col(keys) + f"{number:05d}") for number in range(rounds)
        )
    return Corpus(made).filter(pl.int_range(pl.len()) < count)


def report(what: str, run: Callable[[], object], runs: int = 5) -> None:
    """Print the median time of some runs in milliseconds."""
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        run()
        times.append(1000 * (time.perf_counter() - started))
    print(f"{what:<44} {statistics.median(times):9.1f} ms")


def main(count: int) -> None:
    """Print one line an operation."""
    corpus = repeated(cl.sample(), count)
    post = corpus.cables["post"].value_counts(sort=True)["post"][0]
    tag = corpus.tags["tag"].value_counts(sort=True)["tag"][0]
    asked = cl.tagged(tag) & cl.from_post(post)
    kept = corpus.filter(asked)
    print(corpus, "->", kept)
    report("filter by tag and post", lambda: corpus.filter(asked))
    report("  and its references", lambda: corpus.filter(asked).references)
    report("  and its addressees", lambda: corpus.filter(asked).addressees)
    report("select by id", lambda: corpus.select(kept.ids))
    report("one cable", lambda: repr(corpus[kept.ids[0]]))
    with TemporaryDirectory() as name:
        folder = Path(name) / "corpus"
        report("save", lambda: corpus.save(folder), runs=1)
        report("open and repr", lambda: repr(cl.open(folder)))
        opened = cl.open(folder)
        report("filter from disk by tag and post", lambda: opened.filter(asked))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 268_000)
