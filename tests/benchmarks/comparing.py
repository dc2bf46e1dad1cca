"""Time of a comparison, and what the kernel takes to open one, to step through it and to show a change.

    python tests/benchmarks/comparing.py [FOLDER]

Of the sample or, where a folder of real cables is named, of the chains found in it. The first lines are processor time of
`cl.compare`, on one core where POLARS_MAX_THREADS is 1; of a pair when its cables were not cut into sentences before, and again; of a
chain cut to ten. The others are of the views. Each line gives the median and the longest.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import cablelab as cl
from cablelab.lab import chosen_corpus
from cablelab.widgets.comparing import Versions
from cablelab.widgets.state import State, found_chains

MOST, PAIRS, TEN = 12, 60, 10


def compared(corpus: cl.Corpus) -> None:
    """Print a line for pairs, for the same pairs again, and for chains of ten."""
    steps = cl.chains(corpus).filter(rank=1).sort("chain", "order")
    by_chain: dict[str, list[str]] = {}
    for chain, previous, cable in steps.select("chain", "previous", "cable").iter_rows():
        by_chain.setdefault(chain, [previous]).append(cable)
    pairs = steps.select("previous", "cable").rows()[: PAIRS + 1]
    tens = [list(dict.fromkeys(cables))[:TEN] for cables in by_chain.values() if len(set(cables)) >= TEN]
    cl.compare(corpus, *pairs.pop())  # what is loaded once
    for what, asked in {"a pair": pairs, "a pair again": pairs, "a chain of ten": tens}.items():
        taken = []
        for cables in asked:
            began = time.process_time()
            cl.compare(corpus, *cables)
            taken.append(1000 * (time.process_time() - began))
        if taken:
            print(f"{what:<32} {statistics.median(taken):8.1f} ms {max(taken):8.1f} ms")


def main(folder: str | None) -> None:
    """Print a line for each."""
    corpus = chosen_corpus(folder) if folder else cl.sample()
    compared(corpus)
    chains = list(found_chains(corpus).values())[:MOST]
    state = State(corpus)
    times: dict[str, list[float]] = {}

    def timed(what: str, press: Callable[[], object]) -> None:
        began = time.perf_counter()
        press()
        times.setdefault(what, []).append(1000 * (time.perf_counter() - began))

    for chain in chains:
        made: list[Versions] = []
        timed("open a pair", lambda: made.append(Versions(state, str, chain[-2:])))  # noqa: B023
        timed("open a chain", lambda: made.append(Versions(state, str, chain)))  # noqa: B023
        view = made[1]
        for _ in range(min(3, len(chain) - 1)):
            timed("a step", lambda: view.act("step", "-1"))  # noqa: B023
        timed("the next change", lambda: view.act("next", "1"))  # noqa: B023
        timed("a sentence in every version", lambda: view.act("sentence", "b-0"))  # noqa: B023
        timed("two far apart", lambda: view.act("old", "", "0"))  # noqa: B023
    print(f"{corpus!r}, {len(chains)} chains of {min(map(len, chains))} to {max(map(len, chains))} cables")
    for what, taken in times.items():
        print(f"{what:<32} {statistics.median(taken):8.1f} ms {max(taken):8.1f} ms")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
