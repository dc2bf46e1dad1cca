"""Two readings become one corpus: their frames are taken back to rows of copies, and settled as if all had been read together."""

from __future__ import annotations

from typing import Any

import polars as pl

from cablelab import ids
from cablelab.corpus import Corpus
from cablelab.errors import WrongKind
from cablelab.message import parse
from cablelab.reading.rows import RAW
from cablelab.reading.settle import settle

# rank of a copy that another one already stands before: its spans are not held, so that it cannot stand for the cable
_BEHIND = -1_000_000_000
UNKNOWN, INFERRED, TOLD = range(3)  # how far a copy's key is known: not, from another cable, by itself
_AGAIN = "another-copy"  # told anew, since another copy may stand for the cable now


def merged(a: Corpus, b: Corpus) -> Corpus:
    r"""Merge two readings into one corpus, with its frames in step.

    A cable that both hold comes once: which copy stands for it is chosen as when they are read together, and the other becomes a row of
    `copies`; a copy that both hold comes once. References are resolved and ids inferred anew, since each reading may tell what the other
    lacked. All `problems` are kept. Of two corpora chosen from others the cables chosen are merged.

    Parameters
    ----------
    a, b
        Two Corpus; `a + b` is the same.

    Returns
    -------
    Corpus
        The cables of `a` in their order, then what `b` adds.

    Raises
    ------
    WrongKind
        If one is no corpus.

    Examples
    --------
    >>> from datetime import date
    >>> import cablelab as cl
    >>> old = cl.parse("UNCLAS OSLO 000012\n\nREF: OSLO 14\n\n1. Catches fell.", sent=date(2007, 3, 1))
    >>> new = cl.parse("UNCLAS OSLO 000014\n\n1. Catches rose.", sent=date(2007, 3, 2))
    >>> old.references["held"].to_list(), (old + new).references["held"].to_list()
    ([False], [True])
    """
    for corpus in (a, b):
        if not isinstance(corpus, Corpus):
            raise WrongKind("A merger", "a Corpus first", corpus)
    ours, theirs = _copies(a), _copies(b)
    # of a copy that both read, the one of which more is known; if each has inferred another year, neither is believed
    pairs = ours.join(theirs, on=["source", "sha256"], suffix="_b", nulls_equal=True)
    differ, sure = pl.col("key") != pl.col("key_b"), pl.col("known") - pl.col("known_b")
    doubted = pairs.filter(differ, sure == 0, pl.col("known") == INFERRED)["key"]
    twice = pairs.filter((sure > 0) | ((sure == 0) & (~differ | (pl.col("known") == INFERRED))))
    less = pairs.filter(sure < 0)
    first = _raw(a, 0, ours, less.select("source", "key"), doubted)
    second = _raw(b, first["cables"].height, theirs, twice.select("source", key="key_b"), doubted.clear())
    columns = ["source", "code", "message", "start", "end"]
    second["problems"] = second["problems"].join(first["problems"], on=columns, how="anti", nulls_equal=True)
    chosen = [" and ".join(corpus.filters) for corpus in (a, b)]
    filters = (
        [" or ".join(f"({one})" if one else "(all of the other reading)" for one in chosen)] if any(chosen) else []
    )
    return Corpus(settle([first, second]), filters)


def _copies(corpus: Corpus) -> pl.DataFrame:
    """Give the rows of all copies, preferred or not, with `key`, `main`, `rank` and, as `known`, how its key was found."""
    rank = (~pl.col("partial")).cast(pl.Int64) * 1_000_000 + pl.col("words") * 2
    rank += (pl.col("sent_from") == "dtg").fill_null(False).cast(pl.Int64)
    mains = corpus.cables.with_columns(rank=rank, key="cable", main=True)
    behind = corpus.copies.with_columns(rank=pl.lit(_BEHIND, pl.Int64), key="preferred", main=False)
    unknown, inferred = pl.col("cable").str.starts_with("unidentified-"), pl.col("cable_from") == "inferred"
    copies = pl.concat([mains, behind], how="diagonal")
    known = pl.when(unknown).then(UNKNOWN).when(inferred).then(INFERRED).otherwise(TOLD)
    return copies.with_columns(known=known, cable=pl.when(~unknown).then("cable"))


def _raw(
    corpus: Corpus, start: int, copies: pl.DataFrame, out_of: pl.DataFrame, doubted: pl.Series
) -> dict[str, pl.DataFrame]:
    """Give the rows of a corpus as they were before they were settled.

    Copies are numbered from `start`; those in `out_of` are left out, and the ids `doubted` taken back.
    """
    copies = copies.join(out_of, on=["source", "key"], how="anti", nulls_equal=True, maintain_order="left")
    doubt = pl.col("key").is_in(doubted.implode())
    copies = copies.with_columns(
        pl.when(~doubt).then(pl.col("cable", "message_id", "year")),
        pl.when(doubt).then(pl.lit("none")).otherwise(pl.col("cable_from").cast(pl.String))
        .cast(copies.schema["cable_from"]).alias("cable_from"),
    )  # fmt: skip
    copies = copies.with_columns(copy=pl.int_range(start, start + pl.len(), dtype=pl.UInt32))
    keys = copies.filter("main").select("copy", cable="key")
    names = ("texts", "spans", "paragraphs", "references", "addressees", "redactions")
    out = {name: corpus.frame(name).join(keys, on="cable", maintain_order="left") for name in names}
    texts = [frame.select(*RAW["texts"]) for frame in (out["texts"], copies.filter(~pl.col("main")))]
    out |= {"cables": copies, "texts": pl.concat(texts), "references": _apart(out["references"], corpus, doubted)}
    # a problem belongs to the copy of its source; two copies of one cable have two sources
    noted = corpus.problems.filter(pl.col("code") != _AGAIN)
    gone = out_of.rename({"key": "cable"})
    noted = noted.join(gone, on=["cable", "source"], how="anti", maintain_order="left")
    places = copies.select("copy", "source", cable="key").unique(["cable", "source"], keep="first", maintain_order=True)
    out["problems"] = noted.join(places, on=["cable", "source"], how="left", maintain_order="left")
    return {name: frame.select(*RAW[name]).cast(pl.Schema(RAW[name])) for name, frame in out.items()}


def _apart(references: pl.DataFrame, corpus: Corpus, doubted: pl.Series) -> pl.DataFrame:
    """Give post and number of what is cited; where no year was told the id is null, and the text is asked again."""
    named = ids.apart(references["target"]).select("post", pl.col("number").cast(pl.Int32))
    implied = pl.col("cable").is_in(doubted.implode()) & pl.col("year_from").cast(pl.String).is_in(["citing", "serial"])
    references = references.hstack(named).with_columns(
        pl.when(~implied.fill_null(False)).then(pl.col("target", "year_from"))
    )
    silent = references.filter(pl.col("target").is_null(), pl.col("kind") == "cable")["cable"].unique()
    if silent.is_empty():
        return references
    rows: list[dict[str, Any]] = []
    for cable, text in corpus.texts.filter(pl.col("cable").is_in(silent.implode())).iter_rows():
        rows += [
            {"cable": cable, "start": r.start, "end": r.end, "p": r.post, "n": r.number} for r in parse(text).references
        ]
    found = pl.DataFrame(
        rows, schema={"cable": pl.String, "start": pl.Int32, "end": pl.Int32, "p": pl.String, "n": pl.Int32}
    ).unique(["cable", "start", "end"], keep="none")
    joined = references.join(found, on=["cable", "start", "end"], how="left", maintain_order="left")
    return joined.with_columns(post=pl.coalesce("post", "p"), number=pl.coalesce("number", "n")).drop("p", "n")
