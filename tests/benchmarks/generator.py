"""How fast cables are generated, and in how much memory: `python tests/benchmarks/generator.py [COUNT]`."""

from __future__ import annotations

import resource
import sys
import time

import cablelab as cl
from cablelab.samples import fiction


def main(count: int) -> None:
    """Print what `count` rows of three lengths take, and the sample."""
    print(f"{'size':>5} {'bytes a row':>12} {'cables/s of CPU':>16} {'peak MB':>8}")
    for size in (1.0, 2.2, 5.8):
        start, total = time.process_time(), 0
        for row in fiction.rows(count, seed=7, size=size):
            total += len(row)
        rate = count / (time.process_time() - start)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{size:>5} {total / count:>12,.0f} {rate:>16,.0f} {peak:>8,.0f}")
    times = []
    for _ in range(5):
        start = time.perf_counter()
        corpus = cl.sample()
        times.append(time.perf_counter() - start)
    print(f"cl.sample(): {corpus.cables.height} cables, best of 5 {min(times):.2f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
