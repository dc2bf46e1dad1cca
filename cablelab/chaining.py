"""Which cables are successive assessments of one matter by one mission.

Four signals are united: the REF line names the earlier cable, the subjects share their telling words, the TAGS agree, and
passages are reused. None is enough alone, except where it is very strong; what agrees most is taken first, and each cable
has at most one predecessor and one successor. Signals and thresholds were set on the generator's truth and checked by eye
on real pages; every number that decides is a constant below or an argument.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from cablelab.passages import passages, shared

if TYPE_CHECKING:
    from cablelab.corpus import Corpus

SIGNALS = ("reference", "subject", "tags", "passages")
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
# from here on a signal is enough beside the TAGS alone
STRONG_SUBJECT, STRONG_PASSAGES = 0.75, 0.3
YEAR = 365
EMPTY_WORDS = ("the and for from with into over its new updated update part section corrected copy cable post report"
               " january february march april may june july august september october november december").split()  # fmt: skip


def chains(corpus: Corpus, days: int = 14) -> pl.DataFrame:
    """Find the chains of successive assessments in a corpus.

    Parameters
    ----------
    corpus
        Any corpus. Cables of one mission are compared with one another, so that an embassy that moved stays in its chain;
        where the mission is not known, cables of one post. Messages from Washington are instructions and left out.
    days
        Cables closer in time than this are parts, corrections or running news of one event, not successive assessments.

    Returns
    -------
    DataFrame, one row a step from one assessment to the next: `chain` (the key of its first cable), `order` (Int32, from 1),
    `cable`, `previous`, `gap` (Int32, days; null where a date is missing), `signals` (List(String), those that agree, of
    reference, subject, tags, passages), `shared` (Float64, 0 to 1, share of the passages of the one with fewer that the other
    holds too), `subject` (Float64, 0 to 1, how far the subjects agree), `score` (Float64, by which steps compete),
    `copies` (List(String), other messages with the text of `cable`). Sorted by chain and order.

    Examples
    --------
    >>> import cablelab as cl
    >>> steps = cl.chains(cl.sample())
    >>> steps.columns[:4]
    ['chain', 'order', 'cable', 'previous']
    """
    cables = _ordered(corpus)
    reused = _reused(corpus, cables)
    copies = _copies(reused, cables)
    pairs = _pairs(corpus, cables, reused, copies)
    agreeing = pairs.filter(_agrees(days)).sort(["score", "a", "b"], descending=[True, False, False])
    return _frame(_taken(agreeing), cables, copies)


def chain_of(corpus: Corpus, cable: str, days: int = 14) -> list[str]:
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
    steps = chains(corpus.filter(_PLACE == group) if group else corpus.select([key]), days)
    holding = steps.filter((pl.col("cable") == key) | (pl.col("previous") == key) | pl.col("copies").list.contains(key))
    if not holding.height:
        return []
    chain = steps.filter(pl.col("chain") == holding["chain"][0])
    return [*chain["previous"].head(1), *chain["cable"]]


_PLACE = pl.coalesce("mission", "post")


def _ordered(corpus: Corpus) -> pl.DataFrame:
    """List the cables that can stand in a chain, in order of time, with their place as a number."""
    middle = pl.datetime(pl.col("year"), 7, 1, time_zone="UTC")
    return (
        corpus.lazy("cables")
        .select("cable", "sent", "year", "number", "post", "subject", "tags", "mission", place=_PLACE)
        .filter(pl.col("place").is_not_null(), pl.col("post") != "STATE")
        .with_columns(instant=pl.coalesce("sent", middle.cast(pl.Datetime("us", "UTC"))))
        .filter(pl.col("instant").is_not_null())
        .sort("instant", "year", "number", "cable")
        .with_row_index("row")
        .with_columns(group=pl.col("place").rank("dense").cast(pl.UInt32))
        .collect()
    )


def _reused(corpus: Corpus, cables: pl.DataFrame) -> pl.DataFrame:
    rows = cables.lazy().select("cable", "row")
    texts = corpus.lazy("paragraphs").select("cable", "text").join(rows, on="cable", maintain_order="left")
    found = shared(passages(texts.select("row", "text").collect()), cables.select("row", "group"), MOST_HOLDING)
    counts = pl.col("shared").cast(pl.Float64)
    return found.select(
        "a",
        "b",
        "shared",
        share=counts / pl.min_horizontal("of_a", "of_b"),
        same=counts / pl.max_horizontal("of_a", "of_b"),
    )


def _copies(reused: pl.DataFrame, cables: pl.DataFrame) -> pl.DataFrame:
    """Name for each copy `b` the first message `a` with its text."""
    return (
        _with_gap(reused.filter(pl.col("same") >= SAME_TEXT), cables)
        .filter((pl.col("gap").abs() <= COPY_DAYS).fill_null(False))
        .group_by("b")
        .agg(pl.col("a").min())
        .sort("b")
    )


def _pairs(corpus: Corpus, cables: pl.DataFrame, reused: pl.DataFrame, copies: pl.DataFrame) -> pl.DataFrame:
    """Unite the pairs that any signal names, with the strength of each signal and the score."""
    cited = _cited(corpus, cables)
    words = _subject_words(cables)
    similar = _overlap(words).filter(pl.col("subject") >= SUBJECT)
    candidates = pl.concat([f.select("a", "b") for f in (cited, similar, reused.filter(pl.col("shared") >= LEAST_PASSAGES))])
    pairs = (
        candidates.unique()
        .join(copies.select("b"), on="b", how="anti")
        .join(copies.select(a="b"), on="a", how="anti")
        .join(reused, on=["a", "b"], how="left")
        .join(similar, on=["a", "b"], how="left")
        .join(cited.with_columns(cited=True), on=["a", "b"], how="left")
        .with_columns(pl.col("shared", "share", "subject").fill_null(0), pl.col("cited").fill_null(False))
    )
    tags = cables.select("row", "tags")
    pairs = pairs.join(tags, left_on="a", right_on="row").join(tags, left_on="b", right_on="row", suffix="_b")
    both = pl.col("tags").list.set_intersection("tags_b").list.len()
    either = pl.col("tags").list.set_union("tags_b").list.len()
    tagged = pl.when(either > 0).then(both / either).otherwise(0.0).fill_null(0.0)
    return _with_gap(pairs, cables).with_columns(tagged=tagged).with_columns(score=_SCORE).drop("tags", "tags_b")


_REUSES = (pl.col("share") >= PASSAGES) & (pl.col("shared") >= LEAST_PASSAGES)
_SCORE = (
    pl.col("cited").cast(pl.Float64)
    + 1.5 * pl.col("subject")
    + 2.0 * pl.col("share").clip(0, 0.5)
    + 0.5 * pl.col("tagged")
    # of two that agree alike the nearer in time is the one before
    - 0.1 * (pl.col("gap").fill_null(YEAR).clip(YEAR) / YEAR - 1)
)


def _agrees(days: int) -> pl.Expr:
    tagged = pl.col("tagged") >= TAGS
    similar = pl.col("subject") >= SUBJECT
    two = (pl.col("cited") & similar) | (pl.col("cited") & _REUSES) | (similar & _REUSES)
    one = tagged & ((pl.col("subject") >= STRONG_SUBJECT) | ((pl.col("share") >= STRONG_PASSAGES) & _REUSES))
    return (two | one) & (pl.col("gap") >= days).fill_null(True)


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
        .filter(~pl.col("word").is_in(EMPTY_WORDS))
        .filter(~pl.col("mission").str.to_lowercase().str.contains(pl.col("word"), literal=True).fill_null(False))
        .unique(["row", "word"])
    )
    sizes = cables.lazy().group_by("group").agg(pl.len().alias("size"))
    held = words.group_by("group", "word").agg(pl.len().alias("held")).filter(pl.col("held") <= MOST_HOLDING)
    weight = (1 + pl.col("size") / pl.col("held")).log()
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
    signals = zip(SIGNALS, (pl.col("cited"), pl.col("subject") >= SUBJECT, pl.col("tagged") >= TAGS, _REUSES), strict=True)
    named = [pl.when(agrees).then(pl.lit(name)) for name, agrees in signals]
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
