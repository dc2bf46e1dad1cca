"""What the search for chains reads of a corpus, and how it is handed out: one mission is worked on alone.

Texts are counted once, a block at a time, into stems; after that no text is needed but for the reasons of a step.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import polars as pl

from cablelab.frames import UTC

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

    from cablelab.corpus import Corpus

PLACE = pl.coalesce("mission", "post")
# bytes of text in one task: more than 10 MB is much for one message of a cluster
BLOCK = 5_000_000
# cables of the missions that make one task, if they are small; a larger mission is a task of its own
BATCH = 1_500
# tasks handed out and not yet done; what they hold is all that waits in memory
WAITING = 24
# the subject tells more than a sentence of the text
SUBJECT_COUNTS = 3
STEM = r"[a-z]{4,}"
STEM_LETTERS = 8
EMPTY_WORDS = frozenset(
    [
        *(
            "the",
            "and",
            "for",
            "from",
            "with",
            "into",
            "over",
            "its",
            "his",
            "her",
            "this",
            "that",
            "not",
            "will",
            "but",
        ),
        *("are", "new", "updated", "update", "report", "part", "section", "corrected", "copy", "cable", "post"),
        *("january", "february", "march", "april", "may", "june"),
        *("july", "august", "september", "october", "november", "december"),
    ]
)
Result = TypeVar("Result")


@dataclass(frozen=True)
class Gathered:
    """The frames that missions are cut from; `row` numbers the cables by place and, within it, by time.

    `cables`: row, cable, place (UInt32), mission, subject, tags, sent, day (Float64, days since 1970; of a cable
    without a date the middle of its year). `stems`: frames of row, stem (UInt32, a hash), times (UInt8); of a whole corpus
    many, since sorting them together takes more memory than all else. `subjects`: row, word. `citing`: row, earlier (row
    of a cable of the same place that it names), of (how many cables it names). `named`: row, target (an id, held or not).
    `addressed`: row, name.
    """

    cables: pl.DataFrame
    stems: tuple[pl.DataFrame, ...]
    subjects: pl.DataFrame
    citing: pl.DataFrame
    named: pl.DataFrame
    addressed: pl.DataFrame

    @property
    def tags(self) -> pl.DataFrame:
        """The TAGS of each cable, each once: row, tag."""
        tags = self.cables.select("row", tag="tags").explode("tag", empty_as_null=False).drop_nulls()
        return tags.unique().sort("row", "tag")

    def batches(self) -> Iterator[Gathered]:
        """Cut into what one task works on: whole missions, small ones together."""
        sizes = self.cables.group_by("place", maintain_order=True).len()
        first = start = count = 0
        for size in sizes["len"]:
            if count and count + size > BATCH:
                yield self.cut(first, start)
                first, count = start, 0
            start, count = start + size, count + size
        if count:
            yield self.cut(first, start)

    def cut(self, first: int, end: int) -> Gathered:
        """Keep the rows from `first` up to `end`."""
        stems = pl.concat([_rows_between(frame, first, end) for frame in self.stems]).sort("row")
        frames = (self.subjects, self.citing, self.named, self.addressed)
        return Gathered(
            _rows_between(self.cables, first, end), (stems,), *(_rows_between(frame, first, end) for frame in frames)
        )

    def missions(self) -> Iterator[Gathered]:
        """Cut into missions of two cables and more."""
        for place in self.cables.partition_by("place", maintain_order=True):
            if place.height > 1:
                yield self.cut(place["row"][0], place["row"][-1] + 1)


def gather(corpus: Corpus, executor: Executor | None = None, also: Iterable[str] = ()) -> Gathered:
    """Read what chains are found from; `also` are ids that stand in it in any case, since somebody decided on them."""
    cables = ordered(corpus, also)
    rows = cables.lazy().select("cable", "row", "place")
    references = corpus.lazy("references").select("cable", "target").drop_nulls().unique()
    references = references.filter(pl.col("target") != pl.col("cable")).join(rows, on="cable")
    count = references.group_by("row").agg(of=pl.len())
    citing = (
        references.join(rows, left_on=["target", "place"], right_on=["cable", "place"], suffix="_target")
        .filter(pl.col("row_target") < pl.col("row"))
        .join(count, on="row")
        .select("row", "of", earlier="row_target")
        .sort("row", "earlier")
    )
    addressed = corpus.lazy("addressees").filter(pl.col("role") != "from").select("cable", "name").drop_nulls()
    frames = pl.collect_all(
        [
            citing,
            references.select("row", "target").sort("row", "target"),
            addressed.unique().join(rows, on="cable").select("row", "name").sort("row", "name"),
        ]
    )
    return Gathered(cables, _stems(corpus, cables, executor), subject_words(cables), *frames)


def ordered(corpus: Corpus, also: Iterable[str] = ()) -> pl.DataFrame:
    """List the cables that can stand in a chain by place and time, numbered.

    Without a date a cable counts as of the middle of its year, but earlier than those that name it. What Washington
    sends is instruction, and left out.
    """
    cables = corpus.lazy("cables")
    middle = pl.datetime(pl.col("year"), 7, 1, time_zone="UTC").cast(UTC)
    naming = corpus.lazy("references").filter("held").select("cable", "target").join(cables, on="cable")
    named = naming.group_by("target").agg(before=pl.col("sent").min() - pl.duration(seconds=1))
    instant = pl.coalesce("sent", pl.min_horizontal(middle, "before"))
    from_a_mission = PLACE.is_not_null() & (pl.col("post").is_null() | (pl.col("post") != "STATE"))
    return (
        cables.join(named, left_on="cable", right_on="target", how="left")
        .filter((from_a_mission & instant.is_not_null()) | pl.col("cable").is_in(list(also)))
        .with_columns(place=PLACE.fill_null(""), instant=instant.fill_null(pl.datetime(1970, 1, 1, time_zone="UTC")))
        .sort("place", "instant", "year", "number", "cable")
        .select(
            "cable",
            "mission",
            "tags",
            "sent",
            subject=pl.col("subject").fill_null(""),
            place=pl.col("place").rank("dense").cast(pl.UInt32),
            day=pl.col("instant").dt.epoch("s") / 86_400,
        )
        .with_row_index("row")
        .collect()
    )


def subject_words(cables: pl.DataFrame) -> pl.DataFrame:
    """List the telling words of each subject: `row`, `word`, each once; the mission's own name tells nothing."""
    singular = pl.when(pl.col("word").str.len_bytes() > 3).then(pl.col("word").str.strip_suffix("s")).otherwise("word")
    return (
        cables.lazy()
        .select(
            "row", "mission", word=pl.col("subject").str.to_lowercase().str.extract_all(r"[a-z][a-z0-9]{2,}|\d{2,3}")
        )
        .explode("word", empty_as_null=False)
        .filter(~pl.col("word").is_in(sorted(EMPTY_WORDS)))
        .with_columns(word=singular)
        .filter(~pl.col("mission").str.to_lowercase().str.contains(pl.col("word"), literal=True).fill_null(False))
        .select("row", "word")
        .unique()
        .sort("row", "word")
        .collect()
    )


def _stems(corpus: Corpus, cables: pl.DataFrame, executor: Executor | None) -> tuple[pl.DataFrame, ...]:
    rows = cables.lazy().select("cable", "row")
    texts = corpus.lazy("paragraphs").select("cable", "text").join(rows, on="cable").select("row", "text")
    counted = mapped(count_stems, ((block,) for block in blocks(texts)), executor)
    subjects = count_stems(cables.select("row", text="subject"))
    # a stem may stand twice, of the text and of the subject: the matrix of a mission adds them
    return (*counted, subjects.with_columns(times=pl.col("times").clip(0, 80) * SUBJECT_COUNTS))


def count_stems(texts: pl.DataFrame) -> pl.DataFrame:
    """Count the stems of each text: `row`, `stem` (UInt32), `times` (UInt8), sorted by row."""
    # one number for both, which numpy counts in half the time of a group_by
    both = stemmed(texts).select(pl.col("row").cast(pl.UInt64) * 2**32 + pl.col("stem")).collect().to_series()
    keys, times = np.unique(both.to_numpy(), return_counts=True)
    counted = pl.DataFrame({"key": keys, "times": np.minimum(times, 255)}, schema={"key": pl.UInt64, "times": pl.UInt8})
    row, stem = pl.col("key") // 2**32, pl.col("key") % 2**32
    return counted.select(row.cast(pl.UInt32).alias("row"), stem.cast(pl.UInt32).alias("stem"), "times")


def stemmed(texts: pl.DataFrame) -> pl.LazyFrame:
    """List the words of each text as they come: `row`, `word`, `stem` (UInt32)."""
    words = texts.lazy().select("row", word=pl.col("text").str.to_lowercase().str.extract_all(STEM))
    return words.explode("word", empty_as_null=False).with_columns(stem=stem_number(pl.col("word")))


def stem_number(word: pl.Expr) -> pl.Expr:
    """Give the number of a word's stem, a hash: it tells stems apart, but not which word it was."""
    return (word.str.slice(0, STEM_LETTERS).hash() % 2**32).cast(pl.UInt32)


def mapped(
    function: Callable[..., Result], calls: Iterable[tuple[Any, ...]], executor: Executor | None
) -> Iterator[Result]:
    """Call the function with each of the arguments, here or by the executor, and give the results in their order."""
    if executor is None:
        yield from (function(*call) for call in calls)
        return
    waiting: deque[Future[Result]] = deque()
    try:
        for call in calls:
            waiting.append(executor.submit(function, *call))
            if len(waiting) >= WAITING:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()


def blocks(texts: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    """Cut row and text into frames of about `BLOCK` bytes of text."""
    rest: list[pl.DataFrame] = []
    size = 0
    for batch in texts.collect_batches(chunk_size=2_000, engine="streaming"):
        rest.append(batch)
        size += int(batch["text"].str.len_bytes().sum())
        if size >= BLOCK:
            yield pl.concat(rest)
            rest, size = [], 0
    if rest:
        yield pl.concat(rest)


def _rows_between(frame: pl.DataFrame, first: int, end: int) -> pl.DataFrame:
    # sorted by row, so that a slice does
    start, stop = (frame["row"].search_sorted(row) if frame.height else 0 for row in (first, end))
    return frame.slice(start, stop - start)
