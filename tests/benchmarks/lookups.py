"""Time of looking a cable up by its id in a large corpus, on disk and in memory, and of comparing two.

    python tests/benchmarks/large.py 268000 FOLDER
    python tests/benchmarks/lookups.py FOLDER

Each line gives the median of ten cables from all over the corpus; what a first look-up does once is on a line of its own.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import polars as pl

import cablelab as cl

KINDS = ("text", "paragraphs", "references", "spans")
MANY = 10


def report(what: str, runs: list[Callable[[], object]]) -> None:
    """Print the median time of some runs in milliseconds."""
    times = []
    for run in runs:
        began = time.perf_counter()
        run()
        times.append(1000 * (time.perf_counter() - began))
    print(f"{what:<44} {statistics.median(times):9.1f} ms")


def looked_up(corpus: cl.Corpus, where: str) -> None:
    """Print the lines of one corpus."""
    keys = corpus.ids.gather_every(len(corpus) // (MANY + 1)).to_list()[1 : MANY + 1]
    report(f"{where}: a cable's row, the first time", [lambda: corpus[keys[0]]])
    report(f"{where}: a cable's row", [lambda key=key: corpus[key] for key in keys])  # type: ignore[misc]
    for kind in KINDS:
        report(f"{where}: its {kind}, the first time", [lambda kind=kind: getattr(corpus[keys[0]], kind)])  # type: ignore[misc]
        report(f"{where}: its {kind}", [lambda key=key, kind=kind: getattr(corpus[key], kind) for key in keys])  # type: ignore[misc]


def main(folder: str) -> None:
    """Print one line a look-up."""
    corpus = cl.open(folder)
    cited = corpus.references.filter(pl.col("held")).select("target", "cable").unique(maintain_order=True)
    pairs = cited.gather_every(cited.height // (MANY + 1)).rows()[: MANY + 1]
    corpus = cl.open(folder)
    report("on disk: two cables compared, the first time", [lambda: cl.compare(corpus, *pairs[0])])
    report("on disk: two cables compared", [lambda pair=pair: cl.compare(corpus, *pair) for pair in pairs[1:]])  # type: ignore[misc]
    looked_up(corpus, "on disk")
    names = ("cables", "texts", "paragraphs", "references", "spans")
    held = cl.Corpus({name: corpus.frame(name) for name in names})
    looked_up(held, "in memory")
    report("in memory: two cables compared", [lambda pair=pair: cl.compare(held, *pair) for pair in pairs[1:]])  # type: ignore[misc]


if __name__ == "__main__":
    main(sys.argv[1])
