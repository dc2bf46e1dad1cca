"""Time, peak memory and bytes on disk of everything that grows with a corpus.

    python -m tests.benchmarks.scale --cables 1000 10000 40000 [--workers 2] [--folder FOLDER] [--without chains]

Generated cables of about 6.8 kB each are written as one CSV and ingested; then each operation runs in a process of its
own, which opens the corpus first. Times are those of the operation; memory is the most that the process, or the
ingest with all of its workers, held at a time. The invented world has eleven posts, so that chains, which compares
the cables of one mission with one another, does more work here than on a real corpus of as many cables; for that see
`tests/benchmarks/chains.py`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cablelab.samples import add_facts, write_csv

SIZE = 5.7  # gives about 6.8 kB a cable
LIMIT = 1_200  # seconds after which an operation is given up


def opening(folder: str) -> Callable[[], Any]:
    from cablelab.corpus import open as open_corpus

    return lambda: repr(open_corpus(folder))


def filtering(folder: str) -> Callable[[], Any]:
    import cablelab as cl

    corpus = cl.open(folder)
    post = corpus.cables["post"].value_counts(sort=True)["post"][0]
    asked = cl.from_post(post) & cl.sent_between("2005", "2007")
    return lambda: (corpus.filter(asked).cables, corpus.filter(asked).references)


def one_cable(folder: str) -> Callable[[], Any]:
    import cablelab as cl

    corpus = cl.open(folder)
    key = corpus.ids[len(corpus) // 2]
    return lambda: corpus[key].text


def timeline(folder: str) -> Callable[[], Any]:
    import cablelab as cl

    corpus = cl.open(folder)
    return lambda: cl.timeline(corpus).to_dict()


def searching(folder: str) -> Callable[[], Any]:
    import cablelab as cl

    corpus = cl.open(folder)
    return lambda: corpus.search("the ministry")


def exploring(folder: str) -> Callable[[], Any]:
    import cablelab as cl

    return lambda: cl.explore(cl.open(folder))


def choosing(folder: str) -> Callable[[], Any]:
    import cablelab as cl
    from cablelab.widgets import Selection

    corpus = cl.open(folder)
    explorer = cl.explore(corpus)
    tag = corpus.tags["tag"].value_counts(sort=True)["tag"][0]

    def choose() -> None:
        explorer.selection = Selection(tags=(tag,))

    return choose


def comparing(folder: str) -> Callable[[], Any]:
    import cablelab as cl

    corpus = cl.open(folder)
    held = corpus.references.filter(corpus.references["held"])
    pair = held.row(held.height // 2, named=True)
    return lambda: cl.compare(corpus, pair["target"], pair["cable"]).changes


def chaining(folder: str) -> Callable[[], Any]:
    import cablelab as cl

    corpus = cl.open(folder)
    return lambda: cl.chains(corpus)


OPERATIONS = {
    "open": opening,
    "filter": filtering,
    "one-cable": one_cable,
    "timeline": timeline,
    "search": searching,
    "explore": exploring,
    "choose": choosing,
    "compare": comparing,
    "chains": chaining,
}


class Memory(threading.Thread):
    """Watches how much memory this process and its children hold together."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak, self.over = 0, threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.1):
            self.peak = max(self.peak, sum(_resident(pid) for pid in _family(os.getpid())))


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    found = [int(child) for child in children.read_text().split()] if children.exists() else []
    return [pid, *(one for child in found for one in _family(child))]


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()
    except (OSError, ProcessLookupError):  # it has just ended
        return 0


def _ingest(source: str, folder: str, workers: int) -> dict[str, float]:
    from cablelab.ingest import ingest

    add_facts()
    shutil.rmtree(folder, ignore_errors=True)
    memory = Memory()
    memory.start()
    began = time.perf_counter()
    ingest(source, to=folder, workers=workers, progress=False)
    seconds = time.perf_counter() - began
    memory.over.set()
    used = os.times()
    busy = used.user + used.system + used.children_user + used.children_system
    return {"seconds": seconds, "memory": memory.peak, "cpu": busy}


def _operate(name: str, folder: str) -> dict[str, float]:
    add_facts()
    run = OPERATIONS[name](folder)
    before = os.times()
    began = time.perf_counter()
    run()
    seconds = time.perf_counter() - began
    after = os.times()
    busy = after.user + after.system - before.user - before.system
    return {"seconds": seconds, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, "cpu": busy}


def _apart(*arguments: object) -> dict[str, float] | str:
    command = [sys.executable, "-m", "tests.benchmarks.scale", "--step", *map(str, arguments)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return f"over {LIMIT} s"
    if done.returncode:
        return done.stderr.strip().splitlines()[-1]
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def _line(name: str, result: dict[str, float] | str, note: str = "") -> None:
    if isinstance(result, str):
        print(f"  {name:<10} {result}", flush=True)
        return
    print(
        f"  {name:<10} {result['seconds']:>9.2f} s {result['cpu']:>9.2f} s {result['memory'] / 1e6:>9,.0f} MB  {note}",
        flush=True,
    )


def table(count: int, workers: int, root: Path, without: list[str]) -> None:
    """Print the lines for one size."""
    source, folder = root / f"cables-{count}.csv", root / f"corpus-{count}"
    if not source.exists():
        write_csv(source, count, 7, size=SIZE)
    size = source.stat().st_size
    print(f"{count:,} cables, {size / 1e6:,.0f} MB of CSV, {size / count / 1e3:.1f} kB each")
    print(f"  {'':<10} {'time':>11} {'processor':>11} {'memory':>12}")
    made = _apart("ingest", source, folder, workers)
    disk = sum(path.stat().st_size for path in folder.rglob("*")) if folder.is_dir() else 0
    rate = f"{count / made['seconds']:,.0f} cables/s, {disk / 1e6:,.0f} MB on disk" if isinstance(made, dict) else ""
    _line("ingest", made, rate)
    for name in OPERATIONS:
        if name not in without:
            _line(name, _apart(name, folder))


def main() -> None:
    """Read the command line and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--cables", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--folder", type=Path, help="where sources and corpora are kept; left out: nowhere")
    parser.add_argument("--without", nargs="*", default=[], choices=list(OPERATIONS))
    parser.add_argument("--step", nargs="+", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.step:
        name, *rest = chosen.step
        result = _ingest(rest[0], rest[1], int(rest[2])) if name == "ingest" else _operate(name, rest[0])
        print(json.dumps(result))
        return
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    print(f"{os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GB, load {load} before the start;", end=" ")
    print(f"Python {platform.python_version()}, polars {version('polars')}, {chosen.workers} workers")
    with TemporaryDirectory() as temporary:
        for count in chosen.cables:
            table(count, chosen.workers, chosen.folder or Path(temporary), chosen.without)


if __name__ == "__main__":
    main()
