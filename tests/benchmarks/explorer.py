"""Time that the kernel takes from a press in the Explorer to updated facets, table and chart.

    python tests/benchmarks/explorer.py [COUNT | FOLDER]

The corpus holds COUNT cables (268,000 if not said): generated ones, repeated under new keys, since only number matters
here; or it is opened from FOLDER, where `large.py` wrote one. Each time is the median of five runs, each from the whole corpus, with
nothing remembered of the selection before. Memory is the most that the process held until then.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Callable

from filtering import repeated

import cablelab as cl
from cablelab.widgets import Selection


def held() -> str:
    """Say how much memory the process has held at most."""
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:9.1f} MB"


def main(given: str) -> None:
    """Print one line a press."""
    cl.explore(cl.sample())  # what is loaded once
    count = int(given) if given.isdigit() else None
    made = repeated(cl.sample(), count) if count is not None else None
    began = time.perf_counter()
    corpus = cl.open(given) if made is None else made
    explorer = cl.explore(corpus)
    print(f"{explorer!r}\n{'open':<44} {1000 * (time.perf_counter() - began):9.1f} ms")
    print(f"{'memory when it is open':<44} {held()}")
    post = corpus.cables["post"].value_counts(sort=True)["post"][0]
    tag = corpus.cables["tags"].explode().value_counts(sort=True)["tags"].drop_nulls()[0]

    def report(what: str, press: Callable[[], object], runs: int = 5) -> None:
        times = []
        for _ in range(runs):
            explorer.selection = Selection()
            explorer.state._masks.clear()
            explorer.timeline._made = None
            started = time.perf_counter()
            press()
            times.append(1000 * (time.perf_counter() - started))
        print(f"{what:<44} {statistics.median(times):9.1f} ms")

    filters = explorer.filters
    report("a post", lambda: filters.act("tick", f"posts {post}", True))
    report("a tag", lambda: filters.act("tick", f"tags {tag}", True))
    report("a classification", lambda: filters.act("tick", "classifications UNCLASSIFIED", True))
    report("a brush over twenty bins", lambda: explorer.timeline.act("brush", "10,30"))
    report("sort by subject", lambda: explorer.results.act("sort", "subject"))
    report("the next page", lambda: explorer.results.act("turn", "next"))
    report("find a tag by its meaning", lambda: filters.act("find", "tags", "labor"))
    others = iter(corpus.ids.gather_every(len(corpus) // 10))
    report("read a cable", lambda: explorer.results.act("open", next(others)))
    explorer.timeline.by = "post"
    report("a tag, timeline by post", lambda: filters.act("tick", f"tags {tag}", True))
    if count is None:
        report("a phrase in the texts", lambda: setattr(explorer, "selection", Selection(query="the ministry")), 1)
    print(f"{'memory after that':<44} {held()}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "268000")
