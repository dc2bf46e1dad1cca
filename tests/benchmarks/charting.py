"""How long a timeline of a large corpus takes. Usage: python tests/benchmarks/charting.py [TIMES the sample, 650 by default]."""

from __future__ import annotations

import sys
import time

import polars as pl

import cablelab as cl


def main(times: int) -> None:
    sample = cl.sample()
    frames = {name: pl.concat([sample.frame(name)] * times) for name in ("cables", "tags")}
    large = cl.Corpus(frames)
    print(f"{large.cables.height:,} cables, {large.tags.height:,} tags; the best of three, seconds")
    for by in (None, "post", "tag", "mission", "classification"):
        spent = []
        for _ in range(3):
            start = time.perf_counter()
            cl.timeline(large, by=by)
            spent.append(time.perf_counter() - start)
        print(f"  timeline by {by!s:16} {min(spent):6.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 650)
