"""How fast cables are parsed and read, and how much memory that takes.

Usage: python tests/benchmarks/parsing.py [FOLDER of saved pages]

Without a folder the sample's generator writes 400 pages. Times are processor seconds of this process, the best of five; machines
are shared, so the time to read the bytes and unescape them alone is given beside them.
"""

from __future__ import annotations

import html
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cablelab as cl
from cablelab.capture import Capture, captures
from cablelab.message import parse
from cablelab.samples import generate, write_csv

ROUNDS = 5


def best(work: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def unescape(files: list[Path]) -> None:
    for file in files:
        html.unescape(file.read_text(encoding="utf-8"))


def rates(folder: Path) -> None:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    held = [item for item in captures(folder) if isinstance(item, Capture)]
    texts = [item.text for item in held]
    count = len(held)
    size = sum(map(len, texts)) / count
    print(
        f"{count} cables of {size:,.0f} characters, from {sum(f.stat().st_size for f in files) / count:,.0f} bytes each"
    )
    for what, work in (
        ("read and unescape the files, nothing else", lambda: unescape(files)),
        ("parse texts in memory (message.parse)", lambda: [parse(t) for t in texts]),
        ("parse texts in memory to frames (cl.parse)", lambda: cl.parse(texts)),
        ("files to frames (cl.read)", lambda: cl.read(folder)),
    ):
        print(f"  {what:46} {count / best(work):8,.0f} cables/s")
    slowest = max(min(_seconds(text) for _ in range(3)) for text in texts)
    print(f"  {'slowest cable':46} {slowest * 1000:8.1f} ms")


def _seconds(text: str) -> float:
    start = time.process_time()
    parse(text)
    return time.process_time() - start


def long_lines() -> None:
    head = "UNCLAS OSLO 000012\n\nSUBJECT: FISH\n\n1. Catches fell.\n"
    print("one line of repeated words, seconds for 250 kB and for 1 MB")
    for piece in ("a", "1. ", "(C) ", "REF: ", "END ", "OSLO 00001234 ", "("):
        small, large = (min(_seconds(head + piece * (n // len(piece))) for _ in range(2)) for n in (250_000, 1_000_000))
        print(f"  {piece!r:46} {small:8.2f} {large:8.2f}")


MEMORY = """
import resource, sys
import cablelab as cl
cl.parse("UNCLAS OSLO 000012")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
corpus = cl.read(sys.argv[1])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
frames = sum(corpus.frame(n).estimated_size() for n in ("cables", "texts", "spans", "paragraphs", "tags", "references", "addressees"))
print((peak - before) * 1024 / 1e6, frames / 1e6)
"""


def memory() -> None:
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder, "cables.csv")
        write_csv(table, cables=8_000)
        done = subprocess.run([sys.executable, "-c", MEMORY, str(table)], capture_output=True, text=True, check=True)
        grown, frames = map(float, done.stdout.split())
        size = table.stat().st_size / 1e6
    print(f"a read of a CSV of {size:,.0f} MB: memory grew by {grown:,.0f} MB, the frames take {frames:,.0f} MB")


def imports() -> None:
    def seconds(statement: str) -> float:
        times = []
        for _ in range(ROUNDS):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([sys.executable, "-c", statement], check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        return min(times)

    alone = seconds("import polars")
    print(f"import polars and cablelab {seconds('import polars, cablelab') - alone:+.2f} s more than polars alone")


def main(folder: str | None) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        chosen = Path(folder) if folder else Path(temporary)
        if not folder:
            generate(400, 7).write_form(chosen, "cablegate-html")
        rates(chosen)
    memory()
    long_lines()
    imports()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
