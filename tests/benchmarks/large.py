"""Save a corpus of any size, for the benchmarks that look at large ones on disk.

    python tests/benchmarks/large.py COUNT FOLDER

It holds 4,000 generated cables of about 6,800 characters, read by the package, and again under other posts and missions until
there are COUNT of them: 268,000 are of some 250 posts.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

import cablelab as cl
from cablelab import storage
from cablelab.frames import NAMES
from cablelab.samples import add_facts, generate

SEED, MADE, SIZE = 5, 4_000, 4.3
# so many repetitions are of the same posts, and so many make a part
TOGETHER, PART = 3, 8


def renamed(frame: pl.DataFrame, repetition: int) -> pl.DataFrame:
    """Give the rows other keys, posts and missions."""
    group, digit = divmod(repetition, TOGETHER)
    letters = "".join(chr(ord("A") + int(figure)) for figure in str(group))
    keys = [column for column in ("cable", "target", "preferred") if column in frame.columns]
    key = pl.col(keys).str.replace(r"^(\d\d)([A-Z]+)(\d+)$", f"${{1}}${{2}}{letters}{digit + 1}${{3}}")
    places = {"post": pl.col("post") + letters, "mission": pl.col("mission") + f" {letters}"}
    return frame.with_columns(key, **(places if "mission" in frame.columns else {}))


def main(count: int, folder: Path) -> None:
    """Write the parts and the manifest."""
    add_facts()
    with TemporaryDirectory() as home:
        generate(cables=MADE, seed=SEED, size=SIZE).write(Path(home))
        read = cl.read(home, progress=False)
    repetitions = range(-(-count // len(read)))
    parts = [
        storage.write_part(
            folder, name, pl.concat(renamed(read.frame(name), k) for k in repetitions[start : start + PART])
        )
        for start in repetitions[::PART]
        for name in NAMES
    ]
    storage.commit(folder, parts)
    print(cl.open(folder))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
