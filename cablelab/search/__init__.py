"""Search in the texts: every place where a phrase or pattern stands, with the words around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import polars as pl

from cablelab.as_code import Verbatim, named
from cablelab.errors import InvalidQuery
from cablelab.errors.arguments import of_corpus
from cablelab.frames import Framed
from cablelab.search.queries import Places, read_query

HITS = {
    "cable": pl.String,
    "paragraph": pl.Int32,
    "left": pl.String,
    "match": pl.String,
    "right": pl.String,
    "start": pl.Int32,
    "end": pl.Int32,
    "position": pl.Int32,
    "cite": pl.String,
}

# Up to here the texts of a filtered corpus are gathered first, so that the search need not run over those left out.
GATHERED = 20_000
# The frames of so few are not read whole, and those of fewer still are found by row.
FEW, SLICED = 500, 8
# So many texts, some 4 MB, are looked through at a time.
AT_A_TIME = 500
# So many places, some 50 MB, are counted at a time.
COUNTED = 1_000_000


@of_corpus
def search(
    corpus: Framed,
    query: str | re.Pattern[str],
    *,
    regex: bool = False,
    context: int = 60,
    case: bool = False,
    limit: int | None = None,
) -> pl.DataFrame:
    """Find every place in the messages where a phrase or pattern stands.

    Parameters
    ----------
    corpus
        The corpus to search, filtered or not.
    query
        A phrase: its words, whole and in a row, with any blanks and line breaks between them; or a regular
        expression, as a compiled pattern or with `regex=True`.
    regex
        Read a query that is a string as a regular expression of Python's `re`.
    context
        How many characters of text to give on each side at most; words are given whole where one fits.
    case
        Tell capitals from small letters. A compiled pattern follows its own flags.
    limit
        Give the first places only, so many; `counts` counts all of them, much more quickly than they are shown.

    Returns
    -------
    DataFrame, one row a place, in the order of the corpus's texts and then of `start`:
    `cable` (String), `paragraph` (Int32, the number printed before the paragraph; null where none is, and outside
    paragraphs, as in a subject), `left`, `match`, `right` (String, runs of blanks and line breaks as one blank),
    `start`, `end` (Int32, characters of the text in `corpus.texts`), `position` (Int32, of the paragraph in
    `corpus.paragraphs`), `cite` (String, what `cablelab.cite` takes: `07ASTANA3256#par3`). What stands in the
    chrome of a page is not searched; a place across two paragraphs
    belongs to the first.

    Raises
    ------
    InvalidQuery
        If the query is empty, matches the empty string, or is no regular expression; or `context` is negative.

    Examples
    --------
    >>> import cablelab as cl
    >>> hits = cl.sample().search("labor")
    >>> hits.columns
    ['cable', 'paragraph', 'left', 'match', 'right', 'start', 'end', 'position', 'cite']
    >>> set(hits["match"].str.to_lowercase())
    {'labor'}
    """
    if limit is not None and limit < 0:
        raise InvalidQuery("`limit` is how many places are given at most: 0 or more, or None for all.")
    if limit is None:
        hits = pl.concat([pl.DataFrame(schema=_RAW), *_raw(corpus, query, regex, case, context)])
        return _placed(corpus, hits)
    found = pl.DataFrame(schema=HITS)
    for hits in in_batches(corpus, query, regex=regex, context=context, case=case, at_a_time=max(limit, AT_A_TIME)):
        found = found.vstack(hits)
        if found.height >= limit:
            break
    return found.head(limit)


@of_corpus
def in_batches(
    corpus: Framed,
    query: str | re.Pattern[str],
    *,
    regex: bool = False,
    context: int = 60,
    case: bool = False,
    at_a_time: int = 10_000,
) -> Iterator[pl.DataFrame]:
    """Find the places that `search` finds, some at a time, for who shows how far it is or may stop.

    Parameters
    ----------
    corpus, query, regex, context, case
        As for `search`.
    at_a_time
        About how many places a frame has: as many at least, but for the last one and what stands in chrome.

    Yields
    ------
    Frames such as `search` gives; joined in order they are what it gives.

    Raises
    ------
    InvalidQuery
        As for `search`, when the first one is asked for.

    Examples
    --------
    >>> import cablelab as cl
    >>> corpus = cl.sample()
    >>> pl.concat(in_batches(corpus, "labor", at_a_time=100)).equals(corpus.search("labor"))
    True
    """
    pending = pl.DataFrame(schema=_RAW)
    for hits in _raw(corpus, query, regex, case, context):
        pending = pending.vstack(hits)
        if pending.height >= at_a_time:
            yield _placed(corpus, pending)
            pending = pending.clear()
    yield _placed(corpus, pending)


@of_corpus
def counts(corpus: Framed, query: str | re.Pattern[str], *, regex: bool = False, case: bool = False) -> pl.DataFrame:
    """Count the places in each cable where a phrase or pattern stands, without showing them.

    Parameters
    ----------
    corpus, query, regex, case
        As for `search`.

    Returns
    -------
    DataFrame, one row a cable with a place at least, most places first: `cable` (String), `places` (UInt32).

    Raises
    ------
    InvalidQuery
        As for `search`.

    Examples
    --------
    >>> import cablelab as cl
    >>> corpus = cl.sample()
    >>> cl.search.counts(corpus, "labor")["places"].sum() == corpus.search("labor").height
    True
    """
    found = [places.group_by("cable").agg(places=pl.len()) for places in _places(corpus, query, regex, case)]
    return pl.concat(found).sort("places", "cable", descending=[True, False])


@of_corpus
def mentions(corpus: Framed, query: str, *, regex: bool = False, case: bool = False) -> pl.Expr:
    """Select cables in whose message a phrase or pattern stands; combines with the conditions of `cablelab.where`.

    Parameters
    ----------
    corpus
        The corpus to search; commonly the one to be filtered.
    query, regex, case
        As for `search`.

    Returns
    -------
    Expr of Boolean over the column `cable`.

    Raises
    ------
    InvalidQuery
        As for `search`.

    Examples
    --------
    >>> import cablelab as cl
    >>> from cablelab.search import mentions
    >>> corpus = cl.sample()
    >>> found = corpus.filter(mentions(corpus, "labor") & cl.classified("CONFIDENTIAL"))
    >>> set(found.ids) <= set(corpus.search("labor")["cable"])
    True
    """
    keys = counts(corpus, query, regex=regex, case=case)["cable"]
    matching = pl.col("cable").is_in(keys.implode())
    return named(matching, "mentions", (Verbatim("corpus"), query), regex=regex or None, case=case or None)


_RAW = {
    "cable": pl.String,
    "left": pl.String,
    "match": pl.String,
    "right": pl.String,
    "start": pl.Int32,
    "end": pl.Int32,
}
_PLACE = {"cable": pl.String, "start": pl.Int32}


def _raw(corpus: Framed, query: str | re.Pattern[str], regex: bool, case: bool, context: int) -> Iterator[pl.DataFrame]:
    """Give the places, those in chrome too, some texts at a time."""
    if context < 0:
        raise InvalidQuery.context(context)
    sift, places = read_query(query, regex, case)
    return (_hits(batch, places, context) for batch in _batches(corpus, sift))


def _batches(corpus: Framed, sift: str | None) -> Iterator[pl.DataFrame]:
    """Give the texts that may hold a place, some at a time."""
    texts = corpus.lazy("texts")
    if corpus.filters and len(corpus) <= GATHERED:
        keys = corpus.frame("cables")["cable"]
        texts = corpus.rows("texts", keys).lazy() if len(keys) <= FEW else corpus.frame("texts").lazy()
    if sift is not None:
        texts = texts.filter(pl.col("text").str.contains(sift))
    yield from texts.select("cable", "text").collect_batches(chunk_size=AT_A_TIME, engine="streaming")


def _of(corpus: Framed, name: str, cables: pl.Series) -> pl.LazyFrame:
    """Give a frame, or where it is of few cables their rows alone; of an opened corpus columns that nobody asks for are not read."""
    if len(cables) <= SLICED:
        return corpus.rows(name, cables).lazy()
    frame = corpus.lazy(name)
    return frame.filter(pl.col("cable").is_in(cables.implode())) if len(cables) <= FEW else frame


def _hits(batch: pl.DataFrame, places: Places, context: int) -> pl.DataFrame:
    # twice the context, since runs of blanks shrink to one afterwards
    wide = 2 * context
    rows: dict[str, list[Any]] = {column: [] for column in _RAW}
    cables, lefts, matches, rights, starts, ends = rows.values()
    for cable, text in zip(batch["cable"], batch["text"], strict=True):
        for start, end in places(text):
            cables.append(cable)
            lefts.append(text[max(0, start - wide) : start])
            matches.append(text[start:end])
            rights.append(text[end : end + wide])
            starts.append(start)
            ends.append(end)
    one_line = pl.col("left", "match", "right").str.replace_all(r"\s{2,}|[^\S ]", " ")
    left, right = pl.col("left"), pl.col("right")
    cut = (left.str.len_chars() > context) | (pl.col("start") > wide)
    whole = left.str.tail(context + 1).str.replace(r"^\S* ", "")
    sides = [pl.when(cut & (whole.str.strip_chars() != "")).then(whole).otherwise(left.str.tail(context)).alias("left")]
    cut = (right.str.len_chars() > context) | pl.col("reaches")
    whole = right.str.head(context + 1).str.replace(r" \S*$", "")
    sides.append(
        pl.when(cut & (whole.str.strip_chars() != "")).then(whole).otherwise(right.str.head(context)).alias("right")
    )
    found = pl.DataFrame(rows, schema=_RAW).with_columns(reaches=right.str.len_chars() == wide)
    return found.with_columns(one_line).with_columns(sides).drop("reaches")


def _places(corpus: Framed, query: str | re.Pattern[str], regex: bool, case: bool) -> Iterator[pl.DataFrame]:
    """Find the places outside of chrome, `cable` and `start`, without what stands around them; all those of a cable in one frame."""
    sift, places = read_query(query, regex, case)
    cables: list[str] = []
    starts: list[int] = []
    for batch in _batches(corpus, sift):
        for cable, text in zip(batch["cable"], batch["text"], strict=True):
            found = [start for start, _ in places(text)]
            cables += [cable] * len(found)
            starts += found
        if len(starts) >= COUNTED:
            yield _outside(corpus, pl.DataFrame({"cable": cables, "start": starts}, _PLACE))[0]
            cables, starts = [], []
    yield _outside(corpus, pl.DataFrame({"cable": cables, "start": starts}, _PLACE))[0]


def _outside(corpus: Framed, hits: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Leave out what stands in chrome; with the cables, numbered, and each place numbered after its own."""
    numbers = hits.select(pl.col("cable").unique(maintain_order=True)).with_row_index("number")
    hits = hits.with_row_index("row").join(numbers, on="cable").with_columns(at=_AT).sort("at")
    spans = _of(corpus, "spans", numbers["cable"])
    chrome = spans.filter(pl.col("role") == "chrome").select("cable", "start", until="end")
    found = _opened(hits, chrome, numbers).filter(pl.col("until").is_null() | (pl.col("start") >= pl.col("until")))
    return found.drop("until"), numbers


def _placed(corpus: Framed, hits: pl.DataFrame) -> pl.DataFrame:
    """Leave out what stands in chrome, and name the paragraph of the rest."""
    hits, numbers = _outside(corpus, hits)
    paragraphs = _of(corpus, "paragraphs", numbers["cable"])
    paragraphs = paragraphs.select("cable", "start", "position", paragraph="number", until="end")
    inside = pl.col("start") < pl.col("until")
    found = _opened(hits, paragraphs, numbers)
    found = found.with_columns(pl.when(inside).then(pl.col("paragraph", "position")))
    numbered = pl.when(pl.col("paragraph").is_not_null()).then(pl.format("#par{}", "paragraph")).otherwise(pl.lit(""))
    return found.with_columns(cite=pl.col("cable") + numbered).sort("row").select(*HITS)


# cable and character as one number: to join by one sorted column is quick and takes little memory
_AT = pl.col("number").cast(pl.UInt64) * 2**32 + pl.col("start").cast(pl.UInt64)


def _opened(hits: pl.DataFrame, pieces: pl.LazyFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    """Add to each hit the columns of the last piece of its cable that starts at or before it, or nulls."""
    openings = (
        pieces.join(numbers.lazy(), on="cable").with_columns(at=_AT, opened="number").drop("cable", "start", "number")
    )
    joined = hits.join_asof(openings.collect(engine="streaming").sort("at"), on="at", strategy="backward")
    theirs = pl.exclude(*hits.columns, "opened")
    return joined.with_columns(pl.when(pl.col("opened") == pl.col("number")).then(theirs).name.keep()).drop("opened")
