"""Time of filters and of searches over a large corpus, held in memory and opened from disk.

    python tests/benchmarks/search.py [COUNT]

The corpus is made from 2,000 generated cables of about 6,800 characters each, read by the package and then repeated
with new keys until there are COUNT of them (268,000 unless said). Each time is the best of three.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

import cablelab as cl
from cablelab.frames import NAMES
from cablelab.samples import add_facts, generate

SEED, MADE, SIZE = 5, 2_000, 4.3
FRAMES = ("cables", "texts", "spans", "paragraphs", "tags", "references")


def large(count: int) -> cl.Corpus:
    """Return a corpus of `count` cables."""
    add_facts()
    with TemporaryDirectory() as folder:
        generate(cables=MADE, seed=SEED, size=SIZE).write(Path(folder))
        read = cl.read(folder, progress=False)
    copies = -(-count // len(read))
    frames = {}
    for name in NAMES:
        frame = read.frame(name)
        if name in FRAMES:
            frames[name] = pl.concat(
                frame.with_columns(pl.col("cable") + f"-{number}" if number else pl.col("cable"))
                for number in range(copies)
            )
    return cl.Corpus(frames)


def best(task: Callable[[], object]) -> tuple[float, int]:
    """Return the shortest of three times in seconds, and the length of what came of it."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        found = task()
        times.append(time.perf_counter() - start)
    return min(times), len(found)


def report(where: str, corpus: cl.Corpus, words: list[str]) -> None:
    """Print the times of all tasks on one corpus."""
    post = corpus.cables["post"].mode()[0]
    tag = corpus.tags["tag"].mode()[0]
    tasks: dict[str, Callable[[], object]] = {
        f"filter {tag}": lambda: corpus.filter(cl.tagged(tag)),
        f"filter {tag} + {post}": lambda: corpus.filter(cl.tagged(tag) & cl.from_post(post)),
        "search in that": lambda: corpus.filter(cl.tagged(tag) & cl.from_post(post)).search(words[0]),
        **{f"search {word!r}": lambda word=word: corpus.search(word) for word in words},
        "search a pattern": lambda: corpus.search(re.compile(re.escape(words[0]) + r"\s+\w+ing\b", re.IGNORECASE)),
    }
    for name, task in tasks.items():
        seconds, rows = best(task)
        print(f"{where:8} {name:42} {seconds:7.3f} s {rows:>10,} rows", flush=True)


def phrases(corpus: cl.Corpus) -> list[str]:
    """Return a rare and a common phrase of two words, and a common word, as the texts have them."""
    words = re.findall(r"\b[a-z]{4,}\s[a-z]{4,}\b", " ".join(corpus.texts["text"].head(MADE)))
    counts = pl.Series("phrase", [re.sub(r"\s", " ", w) for w in words]).value_counts(sort=True)
    ordered = counts.sort("count", "phrase", descending=[True, False])["phrase"].to_list()
    return [ordered[len(ordered) // 20], ordered[0], ordered[0].split()[0]]


def main() -> None:
    """Build the corpus and time it twice."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 268_000
    corpus = large(count)
    size = corpus.texts["text"].str.len_chars()
    print(f"{len(corpus):,} cables, {size.mean():,.0f} characters each, polars on {pl.thread_pool_size()} threads")
    words = phrases(corpus)
    report("memory", corpus, words)
    with TemporaryDirectory() as folder:
        corpus.save(folder)
        report("disk", cl.open(folder), words)


if __name__ == "__main__":
    main()
