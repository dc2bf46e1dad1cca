"""How whole and how consistent a corpus is, told from the corpus alone: completeness, gates, oddities, problems."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import polars as pl

from cablelab.errors.arguments import of_corpus

if TYPE_CHECKING:
    from cablelab.corpus import Corpus

SCHEMA = {
    "part": pl.String,
    "check": pl.String,
    "of": pl.Int64,
    "count": pl.Int64,
    "example": pl.String,
    "meaning": pl.String,
}
PLAIN = ("text", "markdown", "html")  # forms whose page tells no date
ASTRAY = 60  # days by which a date may lie off those of the neighbouring numbers
NEIGHBOURS = 7

_Row = tuple[str, str, int, int, str | None, str]


@of_corpus
def doctor(corpus: Corpus) -> pl.DataFrame:
    """Examine a corpus: how complete it is, which gates of accuracy hold, what is odd, which problems were noted.

    Parameters
    ----------
    corpus
        Any Corpus; of an opened one the texts are gone through once, in bounded memory.

    Returns
    -------
    DataFrame, one row a check, in the order of `part`:

    - `part` (String): `completeness`, `gate` (two statements about one fact, which should agree), `odd` (rare in sound
      corpora), `problem` (noted while reading; one row a code).
    - `check` (String): what was looked at.
    - `of` (Int64): how many it could be looked at for; of a problem all that was read: cables, further copies of them,
      and sources that gave none.
    - `count` (Int64): held, for completeness; for all others how many fail, are odd, or have the problem.
    - `example` (String?): one cable, or the source of a problem, the first in the corpus's order.
    - `meaning` (String): what that says.

    Raises
    ------
    NotACorpus
        If a file of an opened corpus is not as it was written.

    Examples
    --------
    >>> import cablelab as cl
    >>> from cablelab.doctor import doctor
    >>> checks = doctor(cl.sample())
    >>> checks.filter(part="gate", check="spans").select("of", "count").row(0) == (len(cl.sample()), 0)
    True
    """
    corpus.verify()
    rows = [*_completeness(corpus), *_gates(corpus), *_odd(corpus), *_problems(corpus)]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def read_in_all(corpus: Corpus) -> tuple[int, int, int]:
    """Count what was read: cables, further copies of them, and sources that gave none (files, or rows of a CSV).

    Examples
    --------
    >>> from cablelab.reading import parse
    >>> read_in_all(parse(["UNCLAS OSLO 000012", "UNCLAS OSLO 000013"], sent=None))
    (2, 0, 0)
    """
    copies = corpus.lazy("copies").select(pl.len()).collect().item()
    refused = corpus.problems.filter(pl.col("cable").is_null())
    # of a CSV with very many bad rows one problem counts those after the first
    counted = refused["message"].str.extract(r"^(\d+) further rows").cast(pl.Int64).drop_nulls()
    return len(corpus), copies, refused["source"].n_unique() - len(counted) + int(counted.sum())


def _completeness(corpus: Corpus) -> Iterator[_Row]:
    cables = corpus.cables
    numbered = cables.filter(pl.col("number") > 0).drop_nulls(["post", "year"])
    sent = (
        numbered.group_by("post", "year")
        .agg(highest=pl.col("number").max().cast(pl.Int64), held=pl.col("number").n_unique(), cable=pl.col("cable").first())
        .with_columns(sent=pl.col("highest") + pl.col("highest") / pl.col("held") - 1)
    )  # fmt: skip
    total = round(sent["sent"].sum())
    yield (
        "completeness", "numbers", total, int(sent["held"].sum()), None,
        "different numbers held, of those that the posts' highest numbers of each year let expect; few is normal for a selection",
    )  # fmt: skip
    references = corpus.references.filter(pl.col("target").is_not_null())
    missing = references.filter(~pl.col("held"))
    most = missing["target"].value_counts(sort=True).sort(["count", "target"], descending=[True, False]).head(1)
    yield (
        "completeness", "references", references.height, references.height - missing.height,
        most["target"][0] if most.height else None,
        "references whose cable is held, few in a selection; the example is the one cited most often of those that are not",
    )  # fmt: skip
    for column, meaning in (
        ("number", "cables with a number"),
        ("sent", "cables with a date"),
        ("post", "cables with a post"),
        ("classification", "cables with a classification"),
        ("subject", "cables with a subject"),
    ):
        known = pl.col(column).is_not_null()
        yield "completeness", column, cables.height, cables.filter(known).height, _first(cables.filter(~known)), meaning
    written = cables.filter(pl.col("text_held"))  # a record without text is no extract
    extracts = written.filter(pl.col("partial"))
    yield (
        "completeness", "whole", written.height, written.height - extracts.height, _first(extracts),
        "cables that are no extract, of those with text",
    )  # fmt: skip


def _gates(corpus: Corpus) -> Iterator[_Row]:
    cables, problems = corpus.cables, corpus.problems
    roles = (
        corpus.lazy("spans").filter(pl.col("role").is_in(["dtg", "origin"])).select("cable", "role").unique().collect()
    )
    grouped = roles.filter(role="dtg").select("cable")
    dated = cables.filter(~pl.col("format").is_in(PLAIN)).join(grouped, on="cable", how="semi")
    differ = problems.filter((pl.col("code") == "dates-differ") & (pl.col("field") == "sent"))
    yield (
        "gate", "dates", dated.height, differ["cable"].n_unique(), _first(differ),
        "the date-time group and the page's date lie more than a day apart",
    )  # fmt: skip
    both = cables.filter((pl.col("cable_from") == "page") & pl.col("message_id").is_not_null())
    wrong = both.filter(pl.col("cable") != pl.col("message_id"))
    yield "gate", "ids", both.height, wrong.height, _first(wrong), "the page and the message give different ids"
    lines = cables.filter(pl.col("number").is_not_null()).join(roles.filter(role="origin"), on="cable", how="semi")
    serials = problems.filter(pl.col("code") == "serials-differ")
    yield (
        "gate", "serials", lines.height, serials["cable"].n_unique(), _first(serials),
        "the serial of the DE line is not the number of the classification line",
    )  # fmt: skip
    years = cables.drop_nulls(["sent", "year"])
    # a cable of New Year's Eve may carry the number of either year
    near = pl.concat_list([(pl.col("sent") + pl.duration(days=days)).dt.year() for days in (-2, 0, 2)])
    late = years.filter(~near.list.contains(pl.col("year").cast(pl.Int32)))
    yield "gate", "years", years.height, late.height, _first(late), "the year of the id is not that of the date"
    broken = _broken_spans(corpus)
    yield (
        "gate", "spans", cables.height, broken.height, _first(broken),
        "the spans do not give back every character of the text, once and in order",
    )  # fmt: skip


def _broken_spans(corpus: Corpus) -> pl.DataFrame:
    lengths = corpus.lazy("texts").select("cable", length=pl.col("text").str.len_chars()).collect(engine="streaming")
    same = pl.col("cable").eq_missing(pl.col("cable").shift(1))
    due = pl.when(same).then(pl.col("end").shift(1)).otherwise(0)
    cut = (pl.col("start") != due) | (pl.col("end") < pl.col("start"))
    spans = corpus.lazy("spans").select("cable", "end", cut=cut).group_by("cable")
    covered = spans.agg(pl.col("cut").any(), pl.col("end").last()).collect()
    joined = lengths.join(covered, on="cable", how="left", maintain_order="left")
    whole = (~pl.col("cut") & (pl.col("end") == pl.col("length"))).fill_null(pl.col("length") == 0)
    return joined.filter(~whole)


def _odd(corpus: Corpus) -> Iterator[_Row]:
    cables = corpus.cables
    published = cables.drop_nulls(["sent", "released"])
    early = published.filter(pl.col("released") < pl.col("sent"))
    yield "odd", "published-early", published.height, early.height, _first(early), "released before it was sent"
    placed = cables.filter(pl.col("number") > 0).drop_nulls(["post", "year", "sent"]).sort("post", "year", "number")
    day = pl.col("sent").dt.epoch("d")
    middle = day.rolling_median(NEIGHBOURS, min_samples=NEIGHBOURS, center=True).over("post", "year")
    astray = placed.filter((day - middle).abs() > ASTRAY)
    yield (
        "odd", "date-off-neighbours", placed.height, astray.height, _first(astray),
        f"sent over {ASTRAY} days from the cables of the post with the numbers before and after",
    )  # fmt: skip
    cited = corpus.references.filter(pl.col("target").is_not_null())
    itself = cited.filter(pl.col("target") == pl.col("cable"))
    yield "odd", "cites-itself", cited.height, itself.height, _first(itself), "a reference to the cable itself"
    sent = cables.select("cable", "sent")
    dated = cited.join(sent, on="cable").join(sent, left_on="target", right_on="cable", suffix="_target")
    ahead = dated.filter(pl.col("sent_target") > pl.col("sent") + pl.duration(days=2))
    yield "odd", "cites-later", dated.height, ahead.height, _first(ahead), "a reference to a cable that was sent later"
    numbers = corpus.lazy("paragraphs").filter(pl.col("number").is_not_null()).select("cable", "number")
    steps = numbers.with_columns(step=pl.col("number").diff().over("cable")).group_by("cable", maintain_order=True)
    run = steps.agg((pl.col("step").drop_nulls() == 1).all(), first=pl.col("number").first()).collect()
    gaps = run.filter(~pl.col("step") | (pl.col("first") != 1))
    yield "odd", "paragraph-numbers", run.height, gaps.height, _first(gaps), "paragraphs are not numbered 1, 2, 3 ..."
    unread = cables.filter((pl.col("paragraphs") == 0) & ~pl.col("partial"))
    yield "odd", "no-paragraphs", cables.height, unread.height, _first(unread), "no paragraph, and no extract either"
    written = corpus.lazy("cables").filter(pl.col("text_held")).select("cable")
    texts = corpus.lazy("texts").filter(pl.col("text").str.contains(r"\S")).join(written, on="cable", how="semi")
    hashes = texts.select("cable", text=pl.col("text").hash()).collect(engine="streaming")
    twins = hashes.filter(pl.col("text").is_duplicated())
    yield "odd", "same-text", hashes.height, twins.height, _first(twins), "the same text stands under another id too"


def _problems(corpus: Corpus) -> Iterator[_Row]:
    every = sum(read_in_all(corpus))
    grouped = corpus.problems.group_by("code", maintain_order=True).agg(
        pl.len(), pl.col("source").first(), pl.col("message").first()
    )
    for code, count, source, message in grouped.sort(["len", "code"], descending=[True, False]).iter_rows():
        yield "problem", code, every, count, source, message


def _first(frame: pl.DataFrame) -> str | None:
    known = frame["cable"].drop_nulls()
    return known[0] if len(known) else None
