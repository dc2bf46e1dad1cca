"""Which cables are successive assessments of one matter by one mission.

Signals are united and weighed: the REF line names the earlier cable, the subjects share their telling words, passages
are reused, the TAGS agree, about a year has passed. None is enough alone, except passages that are nearly all reused.
What agrees most is taken first, and each cable has at most one predecessor and one successor. The weights were set on
the generator's truth and checked by eye on real pages; every number that decides is a constant below or an argument.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from cablelab.chaining.shared_text import passages, shared
from cablelab.executors import check_executor
from cablelab.frames import UTC

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from cablelab.corpus import Corpus

STEPS: dict[str, pl.DataType | type[pl.DataType]] = {
    "chain": pl.String,
    "order": pl.Int32,
    "cable": pl.String,
    "previous": pl.String,
    "gap": pl.Int32,
    "signals": pl.List(pl.String),
    "shared": pl.Float64,
    "subject": pl.Float64,
    "score": pl.Float64,
    "copies": pl.List(pl.String),
}

# a passage or a word of a subject that more cables of one mission hold is a form's, or says nothing
MOST_HOLDING = 24
# a text that recurs this closely within so many days is the same message sent again
SAME_TEXT, COPY_DAYS = 0.95, 45
# from here on a signal is said to agree
SUBJECT, TAGS, PASSAGES, LEAST_PASSAGES = 0.4, 0.5, 0.08, 3
WEIGHTS = {"reference": 0.75, "subject": 1.0, "tags": 0.3, "passages": 2.0, "season": 0.3}
ENOUGH = 2.1
# days by which a yearly report may be early or late
SEASON = 45
# taken off for each year after the second, and to rank the nearer of two that agree alike first
OVERDUE, NEARER = 0.1, 0.4
# genres that repeat a form: they stand in a chain only where one names the other
FORMS = (
    r"\b(?:(?:press|media) (?:reaction|summary|review|guidance)|round-?up|visas?|consular (?:services|returns?)"
    r"|clearances?|vetting|demarches?|nominations?|notification|request for)\b"
)
YEAR = 365
EMPTY_WORDS = frozenset(
    [
        *("the", "and", "for", "from", "with", "into", "over", "its"),
        *("new", "updated", "update", "report", "part", "section", "corrected", "copy", "cable", "post"),
        *("january", "february", "march", "april", "may", "june"),
        *("july", "august", "september", "october", "november", "december"),
    ]
)


def chains(corpus: Corpus, days: int = 28, *, executor: Executor | None = None) -> pl.DataFrame:
    """Find the chains of successive assessments in a corpus.

    Parameters
    ----------
    corpus
        Any corpus. Cables of one mission are compared with one another, so that an embassy that moved stays in its
        chain; where the mission is not known, cables of one post. Messages from Washington are instructions, and left
        out.
    days
        Cables closer in time than this are parts, corrections or running news of one event, not successive assessments.
    executor
        Any `concurrent.futures.Executor` for the stages that go block by block: the passages of the texts, which are
        most of the work, and those that two cables of a mission share. Such are a `ThreadPoolExecutor`, a
        `ProcessPoolExecutor` whose context is `spawn`, and `Client.get_executor(pure=False)` of `dask.distributed`.
        Workers are sent frames of some megabytes and need no files, but the same versions of cablelab and polars. The
        result is the same with any executor and without; what a worker raises, or its death, is raised here.

    Returns
    -------
    DataFrame, one row a step from one assessment to the next: `chain` (the key of its first cable), `order` (Int32,
    from 1), `cable`, `previous`, `gap` (Int32, days; null where a date is missing), `signals` (List(String), those that
    agree, of reference, subject, tags, passages, season), `shared` (Float64, 0 to 1, share of the passages of the cable
    with fewer that the other holds too), `subject` (Float64, 0 to 1, how far the subjects agree), `score` (Float64, the
    weighted sum of the signals), `copies` (List(String), other messages with the text of `cable`). Sorted by chain and
    order.

    Examples
    --------
    >>> import cablelab as cl
    >>> steps = cl.chains(cl.sample())
    >>> steps.columns[:4]
    ['chain', 'order', 'cable', 'previous']

    On all cores:

    >>> from concurrent.futures import ThreadPoolExecutor
    >>> with ThreadPoolExecutor() as pool:
    ...     cl.chains(cl.sample(), executor=pool).equals(steps)
    True
    """
    check_executor(executor)
    cables = _ordered(corpus)
    reused = _reused(corpus, cables, executor)
    copies = _copies(corpus, reused, cables)
    pairs = _pairs(corpus, cables, reused, copies)
    agreeing = pairs.filter(_agrees(days)).sort(["rank", "a", "b"], descending=[True, False, False])
    return _frame(_taken(agreeing), cables, copies)


def chain_of(corpus: Corpus, cable: str, days: int = 28) -> list[str]:
    """Give the ids of the chain that a cable belongs to, oldest first.

    Parameters
    ----------
    corpus, days
        As for `chains`; only the mission of the cable is looked at, which gives the same chain.
    cable
        An id, in any spelling. A copy stands for the message it repeats.

    Returns
    -------
    List of ids; empty if the cable stands in no chain.

    Raises
    ------
    UnknownCable
        If the corpus does not hold it.

    Examples
    --------
    >>> import cablelab as cl
    >>> corpus = cl.sample()
    >>> steps = cl.chains(corpus)
    >>> chain_of(corpus, steps["cable"][0])[0] == steps["chain"][0]
    True
    """
    key = corpus.key(cable)
    group = corpus.lazy("cables").select("cable", place=_PLACE).filter(pl.col("cable") == key).collect()["place"][0]
    steps = chains(corpus.filter(group == _PLACE) if group else corpus.select([key]), days)
    holding = steps.filter((pl.col("cable") == key) | (pl.col("previous") == key) | pl.col("copies").list.contains(key))
    if not holding.height:
        return []
    chain = steps.filter(pl.col("chain") == holding["chain"][0])
    return [*chain["previous"].head(1), *chain["cable"]]


_PLACE = pl.coalesce("mission", "post")


def _ordered(corpus: Corpus) -> pl.DataFrame:
    """List the cables that can stand in a chain, in order of time, with their place as a number.

    Without a date a cable counts as of the middle of its year, but earlier than those that name it.
    """
    cables = corpus.lazy("cables")
    middle = pl.datetime(pl.col("year"), 7, 1, time_zone="UTC").cast(UTC)
    naming = corpus.lazy("references").filter("held").select("cable", "target").join(cables, on="cable")
    named = naming.group_by("target").agg(before=pl.col("sent").min() - pl.duration(seconds=1))
    return (
        cables.join(named, left_on="cable", right_on="target", how="left")
        .select("cable", "sent", "year", "number", "post", "subject", "tags", "mission", "before", place=_PLACE)
        .filter(pl.col("place").is_not_null(), pl.col("post") != "STATE")
        .with_columns(instant=pl.coalesce("sent", pl.min_horizontal(middle, "before")))
        .filter(pl.col("instant").is_not_null())
        .sort("instant", "year", "number", "cable")
        .with_row_index("row")
        .with_columns(group=pl.col("place").rank("dense").cast(pl.UInt32))
        .collect()
    )


def _reused(corpus: Corpus, cables: pl.DataFrame, executor: Executor | None) -> pl.DataFrame:
    rows = cables.lazy().select("cable", "row")
    texts = corpus.lazy("paragraphs").select("cable", "text").join(rows, on="cable", maintain_order="left")
    held = passages(texts.select("row", "text"), executor)
    found = shared(held, cables.select("row", "group"), MOST_HOLDING, LEAST_PASSAGES, executor)
    counts = pl.col("shared").cast(pl.Float64)
    return found.select(
        "a",
        "b",
        share=counts / pl.min_horizontal("of_a", "of_b"),
        same=counts / pl.max_horizontal("of_a", "of_b"),
    )


def _copies(corpus: Corpus, reused: pl.DataFrame, cables: pl.DataFrame) -> pl.DataFrame:
    """Name for each copy `b` the first message `a` with its text: equal to the letter, or nearly so and soon after."""
    near = _with_gap(reused.filter(pl.col("same") >= SAME_TEXT), cables)
    rows = pl.concat([near["a"], near["b"]]).unique()
    held = cables.filter(pl.col("row").is_in(rows.implode())).select("cable", "row")
    texts = (
        corpus.lazy("paragraphs")
        .join(held.lazy(), on="cable", maintain_order="left")
        .group_by("row", maintain_order=True)
        .agg(pl.col("text").str.replace_all(r"\s+", " ").str.join(" "))
        .collect()
    )
    same = pl.col("text") == pl.col("text_b")
    return (
        near.join(texts, left_on="a", right_on="row")
        .join(texts, left_on="b", right_on="row", suffix="_b")
        .filter(same | (pl.col("gap").abs() <= COPY_DAYS).fill_null(False))
        .group_by("b")
        .agg(pl.col("a").min())
        .sort("b")
    )


def _pairs(corpus: Corpus, cables: pl.DataFrame, reused: pl.DataFrame, copies: pl.DataFrame) -> pl.DataFrame:
    """Unite the pairs that any signal names, with the strength of each signal and the score."""
    cited = _cited(corpus, cables)
    words = _subject_words(cables)
    similar = _overlap(words).filter(pl.col("subject") >= SUBJECT)
    candidates = pl.concat([found.select("a", "b") for found in (cited, similar, reused)])
    pairs = (
        candidates.unique()
        .join(copies.select("b"), on="b", how="anti")
        .join(copies.select(a="b"), on="a", how="anti")
        .join(reused, on=["a", "b"], how="left")
        .join(similar, on=["a", "b"], how="left")
        .join(cited.with_columns(cited=True), on=["a", "b"], how="left")
        .with_columns(pl.col("share", "subject").fill_null(0), pl.col("cited").fill_null(False))
    )
    tags = cables.select("row", "tags", form=pl.col("subject").str.to_lowercase().str.contains(FORMS))
    pairs = pairs.join(tags, left_on="a", right_on="row").join(tags, left_on="b", right_on="row", suffix="_b")
    both = pl.col("tags").list.set_intersection("tags_b").list.len()
    either = pl.col("tags").list.set_union("tags_b").list.len()
    tagged = pl.when(either > 0).then(both / either).otherwise(0.0).fill_null(0.0)
    return _with_gap(pairs, cables).with_columns(tagged=tagged).with_columns(score=_SCORE).with_columns(rank=_RANK)


_REUSES = pl.col("share") >= PASSAGES
_YEARS = pl.col("gap") / YEAR
_YEARLY = ((_YEARS.round() >= 1) & ((_YEARS - _YEARS.round()).abs() * YEAR <= SEASON)).fill_null(False)
_SCORE = (
    WEIGHTS["reference"] * pl.col("cited").cast(pl.Float64)
    + WEIGHTS["subject"] * pl.col("subject")
    + WEIGHTS["tags"] * pl.col("tagged")
    + WEIGHTS["passages"] * pl.col("share")
    + WEIGHTS["season"] * _YEARLY.cast(pl.Float64)
    - OVERDUE * (_YEARS - 2).clip(0).fill_null(0.0)
)
_RANK = pl.col("score") - NEARER * _YEARS.fill_null(1.0)


def _agrees(days: int) -> pl.Expr:
    form = pl.col("form") & ~pl.col("cited")
    return (pl.col("score") >= ENOUGH) & ~form & (pl.col("gap") >= days).fill_null(True)


def _with_gap(pairs: pl.DataFrame, cables: pl.DataFrame) -> pl.DataFrame:
    sent = cables.select("row", "sent")
    joined = pairs.join(sent, left_on="a", right_on="row").join(sent, left_on="b", right_on="row", suffix="_b")
    gap = (pl.col("sent_b") - pl.col("sent")).dt.total_days().cast(pl.Int32)
    return joined.with_columns(gap=gap).drop("sent", "sent_b")


def _cited(corpus: Corpus, cables: pl.DataFrame) -> pl.DataFrame:
    rows = cables.select("cable", "row", "group")
    return (
        corpus.lazy("references")
        .filter(pl.col("held"))
        .select("cable", "target")
        .join(rows.lazy(), on="cable")
        .join(rows.lazy(), left_on="target", right_on="cable", suffix="_target")
        .filter(pl.col("group") == pl.col("group_target"), pl.col("row_target") < pl.col("row"))
        .select(a="row_target", b="row")
        .unique()
        .collect()
    )


def _subject_words(cables: pl.DataFrame) -> pl.DataFrame:
    """List the telling words of each subject with their weight: the rarer in the mission, the heavier."""
    word = pl.col("subject").str.to_lowercase().str.extract_all("[a-z]{3,}")
    words = (
        cables.lazy()
        .select("row", "group", "mission", word=word)
        .explode("word")
        .drop_nulls("word")
        .with_columns(pl.col("word").str.replace("s$", ""))
        .filter(~pl.col("word").is_in(sorted(EMPTY_WORDS)))
        .filter(~pl.col("mission").str.to_lowercase().str.contains(pl.col("word"), literal=True).fill_null(False))
        .unique(["row", "word"])
    )
    sizes = cables.lazy().group_by("group").agg(pl.len().alias("size"))
    held = words.group_by("group", "word").agg(pl.len().alias("held")).filter(pl.col("held") <= MOST_HOLDING)
    # whole numbers, since a sum of fractions depends on the order in which threads add them
    weight = (1000 * (1 + pl.col("size") / pl.col("held")).log()).round().cast(pl.Int64)
    joined = words.join(held, on=["group", "word"]).join(sizes, on="group")
    return joined.select("row", "group", "word", weight=weight).sort("row", "word").collect()


def _overlap(words: pl.DataFrame) -> pl.DataFrame:
    total = words.lazy().group_by("row").agg(pl.col("weight").sum().alias("of"))
    pairs = words.lazy().join(words.lazy(), on=["group", "word"], suffix="_b").filter(pl.col("row") < pl.col("row_b"))
    return (
        pairs.group_by(a="row", b="row_b")
        .agg(pl.col("weight").sum().alias("both"))
        .join(total, left_on="a", right_on="row")
        .join(total, left_on="b", right_on="row", suffix="_b")
        .select("a", "b", subject=pl.col("both") / (pl.col("of") + pl.col("of_b") - pl.col("both")))
        .collect()
    )


def _taken(agreeing: pl.DataFrame) -> pl.DataFrame:
    """Take the steps from the best down, each cable once as the earlier and once as the later."""
    earlier: set[int] = set()
    later: set[int] = set()
    kept = []
    for index, (a, b) in enumerate(agreeing.select("a", "b").iter_rows()):
        if a not in earlier and b not in later:
            earlier.add(a)
            later.add(b)
            kept.append(index)
    return agreeing[kept].sort("b")


def _frame(steps: pl.DataFrame, cables: pl.DataFrame, copies: pl.DataFrame) -> pl.DataFrame:
    first: dict[int, tuple[int, int]] = {}
    places = []
    for a, b in steps.select("a", "b").iter_rows():
        start, order = first.get(a, (a, 0))
        first[b] = start, order + 1
        places.append(first[b])
    keys = cables["cable"]
    names = copies.select("a", name=keys.gather(copies["b"])).group_by("a", maintain_order=True).agg("name")
    signals = {
        "reference": pl.col("cited"),
        "subject": pl.col("subject") >= SUBJECT,
        "tags": pl.col("tagged") >= TAGS,
        "passages": _REUSES,
        "season": _YEARLY,
    }
    named = [pl.when(agrees).then(pl.lit(name)) for name, agrees in signals.items()]
    order = pl.Series("order", [order for _, order in places], pl.Int32)
    return (
        steps.join(names, left_on="b", right_on="a", how="left", maintain_order="left")
        .with_columns(
            order,
            chain=keys.gather([start for start, _ in places]),
            cable=keys.gather(steps["b"]),
            previous=keys.gather(steps["a"]),
            signals=pl.concat_list(named).list.drop_nulls(),
            shared=pl.col("share"),
            copies=pl.col("name").fill_null([]),
        )
        .select(pl.col(column).cast(kind) for column, kind in STEPS.items())
        .sort("chain", "order")
    )
