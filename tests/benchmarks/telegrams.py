"""How long telegrams of 1973-79 in JSON lines take through `ingest`, and how much memory: on paper for the two million of the archive.

    python -m tests.benchmarks.telegrams [COUNT] [WORKERS]

Writes COUNT (default 50,000) generated telegrams, one a line, and reads them in a process of its own whose peak memory is told, beside
that of a fifth of them: what grows with the number of telegrams is what the two differ by.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from cablelab.samples.telegrams import earlier, write

ARCHIVE = 2_000_000
READ = """
import json, resource, sys, time
from cablelab.ingest import ingest
source, home, workers = sys.argv[1:]
start = time.perf_counter()
corpus = ingest(source, to=home, workers=int(workers), progress=False)
seconds = time.perf_counter() - start
peak = [resource.getrusage(who).ru_maxrss * 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(json.dumps({"cables": len(corpus), "seconds": seconds, "parent": peak[0], "worker": peak[1]}))
"""


def measured(count: int, workers: int) -> dict[str, float]:
    """Write and ingest so many telegrams."""
    with TemporaryDirectory() as folder:
        start = perf_counter()
        source = write(earlier(count), "json-lines", Path(folder, "telegrams")) / "telegrams.ndjson"
        wrote = perf_counter() - start
        command = [sys.executable, "-c", READ, str(source), str(Path(folder, "corpus")), str(workers)]
        told = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout.splitlines()[-1])
        return told | {"bytes": source.stat().st_size, "wrote": wrote}


def main(count: int = 50_000, workers: int = 1) -> None:
    """Print both measurements and what they say of the archive."""
    few, many = measured(count // 5, workers), measured(count, workers)
    for one in (few, many):
        print(
            f"{one['cables']:,.0f} telegrams, {one['bytes'] / 1e6:.0f} MB, written in {one['wrote']:.0f} s: ingested in {one['seconds']:.0f} s,"
            f" peak {one['parent'] / 1e6:.0f} MB in the parent, {one['worker'] / 1e6:.0f} MB in a worker"
        )
    each = (many["parent"] - few["parent"]) / (many["cables"] - few["cables"])
    rate = many["cables"] / many["seconds"]
    print(
        f"{ARCHIVE:,} telegrams: {ARCHIVE / rate / 3600:.1f} h at {rate:.0f}/s, {(few['parent'] + each * ARCHIVE) / 1e9:.1f} GB in the parent"
        f" ({each:.0f} bytes a telegram); a worker's peak does not grow"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
