"""What a corpus asks of its frames: which references are held, which id may be meant, whether the files are still there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from cablelab.errors import NotACorpus, UnknownOption, WrongKind, nearest
from cablelab.frames import Framed, schema


def held(keys: pl.Series) -> pl.Expr:
    """Say whether the target of a reference is among `keys`; null where it names none."""
    here = pl.col("target").is_in(keys.implode())
    return pl.when(pl.col("target").is_null()).then("held").otherwise(here)


def collect(frame: pl.LazyFrame) -> pl.DataFrame:
    """Collect a frame; that a file of it is gone is told with its cure.

    Raises
    ------
    NotACorpus
        If the corpus was saved anew since it was opened.
    """
    with present():
        return frame.collect()


@contextmanager
def present() -> Iterator[None]:
    """Tell with its cure that a file of a frame is gone."""
    try:
        yield
    except FileNotFoundError as error:
        folder = Path(error.filename).parent if error.filename else "the folder"
        raise NotACorpus(folder, "a part is gone, it was saved anew since it was opened", "Open it again.") from error


def chosen(cables: pl.LazyFrame, conditions: Iterable[pl.Expr]) -> pl.DataFrame:
    """Give the rows of `cables` for which all conditions hold.

    Raises
    ------
    WrongKind
        If a condition is no expression of Boolean.
    UnknownOption
        If one names a column that `cables` does not have.
    """
    asked = list(conditions)
    if wrong := [given for given in asked if not isinstance(given, pl.Expr)]:
        raise WrongKind("filter", "conditions", wrong[0])
    try:
        kinds = cables.select(one.alias(str(n)) for n, one in enumerate(asked)).collect_schema()
    except pl.exceptions.ColumnNotFoundError as error:
        found = re.search(r'column "([^"]*)"', str(error))
        name = found[1] if found else str(error).splitlines()[0]
        cure = "Columns: cl.frames.describe('cables')."
        raise UnknownOption(name, nearest(name, schema("cables")), cure) from error
    if other := [kind for kind in kinds.values() if kind != pl.Boolean]:
        raise WrongKind("filter", "conditions", other[0])
    return collect(cables.filter(*asked))


def instead(whole: Framed, most: int = 8) -> str:
    """Say in words what a corpus holds, for who chose nothing of it.

    >>> from cablelab.corpus import Corpus
    >>> instead(Corpus({}))
    '0 cables'
    """
    cables = whole.lazy("cables").select("post", pl.col("sent").dt.year()).collect()
    posts = cables["post"].drop_nulls().value_counts(sort=True, name="n").sort(["n", "post"], descending=[True, False])
    named = [f"{post} ({n:,})" for post, n in posts.head(most).iter_rows()]
    more = [counted(posts.height - most, "more post")] * (posts.height > most)
    facts = [counted(cables.height, "cable")] + [f"of {', '.join([*named, *more])}"] * bool(named)
    first, last = cables["sent"].min(), cables["sent"].max()
    return ", ".join(facts + [f"sent {first!s} to {last!s}"] * (first is not None))


def counted(number: int, noun: str) -> str:
    """Count things in words.

    >>> counted(1, "post"), counted(2_000, "cable")
    ('1 post', '2,000 cables')
    """
    return f"{number} {noun}" if number == 1 else f"{number:,} {noun}s"


def like(cable: str, keys: pl.Series) -> list[str]:
    """Find the keys that look most like an id that is not among them.

    >>> like("07OSLO13", pl.Series(["07OSLO12", "06PARIS7"]))
    ['07OSLO12']
    """
    # difflib over 268,000 ids takes seconds; those of the same or a like post, or of the same number, can be meant
    post, number = re.sub(r"\d", "", cable), re.sub(r"^\d*\D*", "", cable)
    posts = keys.str.replace_all(r"\d", "")
    like = nearest(post, posts.unique(maintain_order=True))
    near = keys.filter(posts.is_in(like) | (keys.str.ends_with(number) if number else False))
    return nearest(cable, near.head(20_000))
