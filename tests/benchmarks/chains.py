"""How generated chains compare with real ones, and time, memory, recall and precision of `cl.chains` on generated corpora.

    python -m tests.benchmarks.chains --table [--shared ../shared]
    python -m tests.benchmarks.chains [COUNT ...] [--workers N] [--size SIZE]

The table lists what true steps over 20 days look like in the gold's posts and in a generated corpus, and the scores of
`cl.chains` on both. For time, a corpus consists of blocks of 1,000 generated cables, each with its own seed, posts and
missions, so that about as many missions report as in a collection of that size. It is saved, and a fresh process opens it and
finds chains: time and memory are those of that process, reading from disk included. With workers, N processes take the blocks
of texts and the missions; `worker MB` is the most that any of them held. Texts are short, of 0.9 kB; `--size 26` makes them 6 kB
long, as real ones are.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

import cablelab as cl
from cablelab import chaining, corpus, frames, storage
from cablelab.chaining import gathering
from cablelab.chaining.features import pairs
from cablelab.chaining.vectors import Vectors
from cablelab.samples import generate
from tests.benchmarks.fit_chains import Gold

BLOCK, SIZE = 1_000, 2.2
# blocks that report from the same missions: 268,000 cables are of about 270 missions, as in Cablegate
TOGETHER = 8
FAR = 20
WORDS = 8


def block(count: int, seed: int, size: float = SIZE) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """Generate the frames of one block and its true chains, all keys named after it, missions after those together."""
    truth = generate(cables=count, seed=seed, size=size).truth
    letters, together = (_letters(number) for number in (seed, (seed - 1) // TOGETHER))
    renamed = {
        column: pl.col(column).str.replace(r"^(\d\d)([A-Z]+)", f"${{1}}${{2}}{letters}")
        for column in ("cable", "target", "previous")
    }
    # Washington stays Washington, whose messages stand in no chain
    renamed["post"] = pl.when(pl.col("post") == "STATE").then("post").otherwise(pl.col("post") + letters)
    cables = truth.cables.with_columns(renamed["cable"], pl.col("mission") + f" {together}", renamed["post"])
    references = truth.references.with_columns(renamed["cable"], renamed["target"])
    made = {
        "cables": cables,
        "paragraphs": truth.paragraphs.with_columns(renamed["cable"]),
        "references": references.with_columns(held=pl.col("target").is_in(cables["cable"].implode())),
        "addressees": truth.addressees.with_columns(renamed["cable"]),
    }
    steps = truth.chains.with_columns(renamed["cable"], renamed["previous"], chain=pl.col("chain") + letters)
    return {name: fit(name, frame) for name, frame in made.items()}, steps


def _letters(number: int) -> str:
    return "".join(chr(ord("A") + int(digit)) for digit in str(number))


def fit(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Give a frame of the truth the columns of the frame of a corpus."""
    return frame.select(
        (pl.col(column) if column in frame.columns else pl.lit(None).alias(column)).cast(kind)
        for column, kind in frames.SCHEMAS[name].items()
    )


def write(folder: Path, count: int, size: float = SIZE) -> None:
    """Save a corpus of `count` cables, and its true chains beside it."""
    parts, steps = [], []
    for seed, start in enumerate(range(0, count, BLOCK), 1):
        made, true = block(min(BLOCK, count - start), seed, size)
        parts += [storage.write_part(folder, name, frame) for name, frame in made.items()]
        steps.append(true)
    storage.commit(folder, parts)
    pl.concat(steps).write_parquet(folder / "true-steps.parquet")


def measure(folder: Path, workers: int) -> dict[str, float]:
    """Look for chains and compare them with the truth."""
    with ProcessPoolExecutor(workers, get_context("spawn")) if workers else nullcontext() as pool:
        if pool is not None:
            nothing = pl.DataFrame(schema={"row": pl.UInt32, "text": pl.String})
            list(pool.map(gathering.count_stems, [nothing] * workers))
        started, before = time.perf_counter(), time.process_time()
        found = chaining.chains(corpus.open(folder), executor=pool)
        seconds, busy = time.perf_counter() - started, time.process_time() - before
    peak, worker = (
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return {
        "seconds": round(seconds, 2),
        "processor": round(busy, 2),
        "peak MB": round(peak),
        **({"worker MB": round(worker)} if workers else {}),
        **scores(found, pl.read_parquet(folder / "true-steps.parquet"), corpus.open(folder)),
    }


def scores(found: pl.DataFrame, true: pl.DataFrame, held: cl.Corpus) -> dict[str, float]:
    """Give recall of the true steps over 20 days, and the share of proposals whose cables are of one true chain."""
    best = found.filter(pl.col("rank") == 1)
    far = _gaps(true.drop_nulls("previous"), held).filter(pl.col("days") > FAR)
    right = far.join(best, on=["cable", "previous"], how="semi").height
    chain = true.select("cable", "chain")
    both = best.select("previous", "cable").join(chain, on="cable", how="left")
    both = both.join(chain.rename({"cable": "previous"}), on="previous", how="left")
    true_pairs = both.filter(pl.col("chain") == pl.col("chain_right")).height
    return {
        "true": far.height,
        "proposed": best.height,
        "recall": round(right / max(far.height, 1), 3),
        "precision": round(true_pairs / max(best.height, 1), 3),
    }


def real_scores(found: pl.DataFrame, gold: Gold) -> dict[str, float]:
    """Give the same of the gold's steps; the share of right proposals is that in posts which were read exhaustively."""
    best = set(found.filter(pl.col("rank") == 1).select("previous", "cable").iter_rows())
    far = [ways for step, ways in gold.gold.steps if step["gap_days"] > FAR]
    judged = gold.script.evaluate(gold.gold, best)
    true, false = len(judged["true"]), len(judged["false"])
    return {
        "true": len(far),
        "proposed": len(best),
        "recall": round(sum(bool(ways & best) for ways in far) / len(far), 3),
        "precision": round(true / max(true + false, 1), 3),
    }


def _gaps(steps: pl.DataFrame, held: cl.Corpus) -> pl.DataFrame:
    sent = held.cables.select("cable", "sent", subject=pl.col("subject").str.to_uppercase())
    joined = steps.join(sent, on="cable").join(sent.rename({"cable": "previous"}), on="previous", suffix="_previous")
    return joined.with_columns(days=(pl.col("sent") - pl.col("sent_previous")).dt.total_seconds() / 86_400)


def portrait(held: cl.Corpus, true: pl.DataFrame, lengths: list[int]) -> dict[str, float]:
    """Measure what the true steps over 20 days look like; `true` has the columns cable, previous."""
    far = _gaps(true, held).filter(pl.col("days") > FAR)
    gathered = gathering.gather(held)
    ids = gathered.cables["cable"]
    found = pl.concat([pairs(Vectors.of(mission))[0] for mission in gathered.missions()])
    found = found.with_columns(previous=ids.gather(found["a"]), cable=ids.gather(found["b"]))
    features = far.join(found.select("previous", "cable", "body", "cited"), on=["previous", "cable"], how="left")
    named = found.filter(pl.col("cited") == 1)
    every = named.join(true.select("previous", "cable"), on=["previous", "cable"], how="semi").height
    shared = _passages(held, far)
    count = Counter(min(length, 4) for length in lengths)
    quarter = far["days"].quantile
    return {
        "gap about a year, %": 100 * float(((far["days"] - 365).abs() <= 45).mean() or 0),
        "gap, first quarter": quarter(0.25) or 0,
        "gap, half": quarter(0.5) or 0,
        "gap, third quarter": quarter(0.75) or 0,
        "no passage shared, %": 100 * float((shared == 0).mean() or 0),
        "identical subject, %": 100 * float((far["subject"] == far["subject_previous"]).mean() or 0),
        "likeness of bodies": float(features["body"].mean() or 0),
        "REF names the previous, %": 100 * float(features["cited"].fill_null(0).mean() or 0),
        "REF pairs that are steps, %": 100 * every / max(named.height, 1),
        **{f"chains of {n}{' and more' * (n == 4)}, %": 100 * count[n] / len(lengths) for n in (2, 3, 4)},
    }


def _passages(held: cl.Corpus, far: pl.DataFrame) -> pl.Series:
    """Count for each step the runs of eight words that both texts hold."""
    wanted = pl.concat([far["cable"], far["previous"]]).unique()
    texts = held.paragraphs.filter(pl.col("cable").is_in(wanted.implode()))
    words = dict(
        texts.group_by("cable", maintain_order=True)
        .agg(pl.col("text").str.to_lowercase().str.extract_all("[a-z]{2,}").list.explode())
        .iter_rows()
    )
    runs = {key: {tuple(said[i : i + WORDS]) for i in range(len(said) - WORDS + 1)} for key, said in words.items()}
    none: set[tuple[str, ...]] = set()
    return pl.Series(
        [len(runs.get(a, none) & runs.get(b, none)) for a, b in far.select("previous", "cable").iter_rows()]
    )


def table(shared: Path) -> None:
    """Print the true steps of the gold beside those of a generated corpus."""
    gold = Gold(shared)
    real = cl.read(shared / "cables" / "posts", shared / "cables" / "wikileaks")
    members = [chain for about in gold.gold.g["posts"].values() for chain in about["chains"]]
    posts = real.filter(pl.col("post").is_in(list(gold.chains)))
    true = pl.DataFrame(
        [(step["previous"], step["cable"]) for step, _ in gold.gold.steps], ["previous", "cable"], orient="row"
    )
    left = portrait(posts, true, [len(chain["members"]) for chain in members])
    made, steps = block(4_000, 5, 2.0)
    generated = corpus.Corpus(made)
    lengths = steps.group_by("chain").len()["len"].to_list()
    right = portrait(generated, steps.drop_nulls("previous"), lengths)
    print(f"{'true steps over 20 days':32s}{'real':>10s}{'generated':>12s}{'apart':>8s}")
    for name, value in left.items():
        apart = abs(right[name] - value) / max(value, 1e-9)
        print(f"{name:32s}{value:10.2f}{right[name]:12.2f}{100 * apart:7.0f}%{'  <<' * (apart > 0.2)}")
    print(f"{'cl.chains, best':32s}{'real':>10s}{'generated':>12s}")
    on_real, on_generated = real_scores(cl.chains(posts), gold), scores(cl.chains(generated), steps, generated)
    for name, number in on_real.items():
        print(f"{name:32s}{number:10}{on_generated[name]:12}")
    print(
        "Real cables are those that the constants were fitted on; tests.benchmarks.fit_chains leaves each mission out."
    )


def main() -> None:
    """Print the table, or one line a size."""
    parser = argparse.ArgumentParser()
    parser.add_argument("counts", type=int, nargs="*", default=[400, 6_712])
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--size", type=float, default=SIZE, help="length of the texts")
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.table:
        table(chosen.shared)
        return
    if chosen.folder:
        print(json.dumps(measure(chosen.folder, chosen.workers)))
        return
    for count in chosen.counts:
        with TemporaryDirectory() as name:
            write(Path(name), count, chosen.size)
            command = [
                sys.executable,
                "-m",
                "tests.benchmarks.chains",
                "--folder",
                name,
                "--workers",
                str(chosen.workers),
            ]
            result = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        print(f"{count:>8,} cables", json.dumps(json.loads(result.stdout))[1:-1].replace('"', ""), flush=True)


if __name__ == "__main__":
    main()
