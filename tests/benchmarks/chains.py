"""Time, peak memory, recall and precision of `cl.chains` on generated corpora.

    python tests/benchmarks/chains.py [COUNT ...]

A corpus consists of blocks of 6,712 generated cables, each with its own seed, posts and missions, so that about
as many missions report as in a collection of that size. It is saved, and a fresh process opens it and finds chains:
time and memory are those of that process, reading from disk included.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from cablelab import chaining, corpus, frames, store
from cablelab.samples import generate

BLOCK = 6_712
SIZE = 2.2


def block(count: int, seed: int) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """Generate the frames of one block and its true steps, all keys and missions named after the block."""
    truth = generate(cables=count, seed=seed, size=SIZE).truth
    letters = "".join(chr(ord("A") + int(digit)) for digit in str(seed))
    renamed = {
        column: pl.col(column).str.replace(r"^(\d\d)([A-Z]+)", f"${{1}}${{2}}{letters}")
        for column in ("cable", "target", "previous")
    }
    # Washington stays Washington, whose messages stand in no chain
    renamed["post"] = pl.when(pl.col("post") == "STATE").then("post").otherwise(pl.col("post") + letters)
    cables = truth.cables.with_columns(renamed["cable"], pl.col("mission") + f" {letters}", renamed["post"])
    references = truth.references.with_columns(renamed["cable"], renamed["target"])
    made = {
        "cables": cables,
        "paragraphs": truth.paragraphs.with_columns(renamed["cable"]),
        "references": references.with_columns(held=pl.col("target").is_in(cables["cable"].implode())),
    }
    steps = truth.chains.drop_nulls("previous").select(renamed["cable"], renamed["previous"])
    return {name: fit(name, frame) for name, frame in made.items()}, steps


def fit(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Give a frame of the truth the columns of the frame of a corpus."""
    return frame.select(
        (pl.col(column) if column in frame.columns else pl.lit(None).alias(column)).cast(kind)
        for column, kind in frames.SCHEMAS[name].items()
    )


def write(folder: Path, count: int) -> None:
    """Save a corpus of `count` cables, and its true steps beside it."""
    parts, steps = [], []
    for seed, start in enumerate(range(0, count, BLOCK), 1):
        made, true = block(min(BLOCK, count - start), seed)
        parts += [store.write_part(folder, name, frame) for name, frame in made.items()]
        steps.append(true)
    store.commit(folder, parts)
    pl.concat(steps).write_parquet(folder / "true-steps.parquet")


def measure(folder: Path) -> dict[str, float]:
    """Look for chains and compare them with the truth."""
    started = time.perf_counter()
    found = chaining.chains(corpus.open(folder)).select("cable", "previous")
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    true = pl.read_parquet(folder / "true-steps.parquet")
    right = found.join(true, on=["cable", "previous"], how="semi").height
    return {
        "seconds": round(seconds, 2),
        "peak MB": round(peak),
        "true": true.height,
        "proposed": found.height,
        "recall": round(right / max(true.height, 1), 3),
        "precision": round(right / max(found.height, 1), 3),
    }


def main(counts: list[int]) -> None:
    """Print one line a size."""
    for count in counts:
        with TemporaryDirectory() as name:
            write(Path(name), count)
            command = [sys.executable, __file__, "--folder", name]
            result = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        print(f"{count:>8,} cables", json.dumps(json.loads(result.stdout))[1:-1].replace('"', ""), flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--folder"]:
        print(json.dumps(measure(Path(sys.argv[2]))))
    else:
        main([int(argument) for argument in sys.argv[1:]] or [400, BLOCK])
