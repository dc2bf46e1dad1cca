"""Pages and CSV rows a second from disk to captures, on one core, and the memory that a long CSV takes.

    python tests/benchmarks/capture.py FOLDER

FOLDER holds Cablegate pages (HTML). The CSV is written from them, over and over, in a temporary folder.
"""

from __future__ import annotations

import re
import resource
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from cablelab.capture import Capture, captures

ROUNDS = 7
ROWS = 20_000
MEGABYTE = 1_000_000


def seconds(sources: str | Path) -> tuple[int, float]:
    """Count the captures of `sources` and the processor time they take."""
    started = time.process_time()
    count = sum(isinstance(item, Capture) for item in captures(sources))
    return count, time.process_time() - started


def rows(pages: Iterable[Capture]) -> list[str]:
    """Write each page as a row of `cables.csv`."""
    made = []
    for number, item in enumerate(pages, 1):
        page, (header, _, body) = item.page, item.text.partition("\n\n")
        sent = page.created.strftime("%m/%d/%Y %H:%M") if page.created else ""
        cells = (str(number), sent, page.cable or "", page.origin or "", page.classification or "", "", header, body)
        made.append(",".join('"' + re.sub(r'(["\\\n])', r"\\\1", cell) + '"' for cell in cells) + "\n")
    return made


def main(folder: str) -> None:
    """Print the figures."""
    count, spent = min((seconds(folder) for _ in range(ROUNDS)), key=lambda result: result[1])
    print(f"pages: {count} in {spent:.3f} s of processor time, {count / spent:,.0f}/s (best of {ROUNDS})")
    written = rows(item for item in captures(folder) if isinstance(item, Capture))
    with TemporaryDirectory() as place:
        path = Path(place, "cables.csv")
        with path.open("w", encoding="utf-8") as file:
            for _ in range(-(-ROWS // len(written))):
                file.writelines(written)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        count, spent = seconds(path)
        size = path.stat().st_size / MEGABYTE
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"csv: {count} rows, {size:.0f} MB in {spent:.2f} s, {count / spent:,.0f}/s; memory grew by {grown:.1f} MiB")


if __name__ == "__main__":
    main(sys.argv[1])
