"""Time, peak memory, recall and precision of `cl.chains` on generated corpora.

    python tests/benchmarks/chains.py [COUNT ...] [--workers N]

A corpus consists of blocks of 6,712 generated cables, each with its own seed, posts and missions, so that about
as many missions report as in a collection of that size. It is saved, and a fresh process opens it and finds chains:
time and memory are those of that process, reading from disk included. With workers, N processes take the stages that
go block by block; `worker MB` is the most that any of them held.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from cablelab import chaining, corpus, frames, storage
from cablelab.chaining import gathering
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
        parts += [storage.write_part(folder, name, frame) for name, frame in made.items()]
        steps.append(true)
    storage.commit(folder, parts)
    pl.concat(steps).write_parquet(folder / "true-steps.parquet")


def measure(folder: Path, workers: int) -> dict[str, float]:
    """Look for chains and compare them with the truth."""
    with ProcessPoolExecutor(workers, get_context("spawn")) if workers else nullcontext() as pool:
        if pool is not None:
            list(
                pool.map(gathering.count_stems, [pl.DataFrame(schema={"row": pl.UInt32, "text": pl.String})] * workers)
            )
        started, before = time.perf_counter(), time.process_time()
        found = chaining.chains(corpus.open(folder), executor=pool).filter(rank=1).select("cable", "previous")
        seconds, busy = time.perf_counter() - started, time.process_time() - before
    peak, worker = (
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    true = pl.read_parquet(folder / "true-steps.parquet")
    right = found.join(true, on=["cable", "previous"], how="semi").height
    return {
        "seconds": round(seconds, 2),
        "processor": round(busy, 2),
        "peak MB": round(peak),
        **({"worker MB": round(worker)} if workers else {}),
        "true": true.height,
        "proposed": found.height,
        "recall": round(right / max(true.height, 1), 3),
        "precision": round(right / max(found.height, 1), 3),
    }


def main() -> None:
    """Print one line a size."""
    parser = argparse.ArgumentParser()
    parser.add_argument("counts", type=int, nargs="*", default=[400, BLOCK])
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.folder:
        print(json.dumps(measure(chosen.folder, chosen.workers)))
        return
    for count in chosen.counts:
        with TemporaryDirectory() as name:
            write(Path(name), count)
            command = [sys.executable, __file__, "--folder", name, "--workers", str(chosen.workers)]
            result = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        print(f"{count:>8,} cables", json.dumps(json.loads(result.stdout))[1:-1].replace('"', ""), flush=True)


if __name__ == "__main__":
    main()
