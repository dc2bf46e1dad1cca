"""What a corpus asks of its frames: which references are held, which id may be meant, whether the files are still there."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl

from cablelab.errors import NotACorpus, nearest


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
    try:
        return frame.collect()
    except FileNotFoundError as error:
        folder = Path(error.filename).parent if error.filename else "the folder"
        raise NotACorpus(folder, "a part is gone, it was saved anew since it was opened", "Open it again.") from error


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
