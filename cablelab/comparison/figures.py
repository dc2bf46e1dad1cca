"""Figures in two wordings: which number became which, and by how much."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from cablelab.terms import MONTH_NAMES, MONTHS

_FIGURE = re.compile(r"[$€£]?(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(%?)")
_YEAR = re.compile(r"(?:19|20)\d\d(?:-\d\d)?s?")
_DATES = frozenset(
    [
        *(month.lower() for month in (*MONTH_NAMES, *MONTHS, "SEPT")),
        *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        *("spring", "summer", "autumn", "winter"),
    ]
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that became another; `share` is by how much it rose, -0.5 for half."""

    old: str
    new: str
    share: float | None

    def __str__(self) -> str:
        rise = "" if self.share is None else f" ({self.share:+.0%})".replace("%", " %")
        return f"{self.old} → {self.new}{rise}"


@lru_cache(maxsize=1 << 16)
def is_value(word: str, numbers: frozenset[str]) -> bool:
    """Tell whether a word is a number, or one of the number words, months and weekdays of a lexicon."""
    return any(c.isdigit() for c in word) or all(part in numbers for part in word.replace("'s", "").split("-"))


def is_date(word: str) -> bool:
    """Tell whether a word is a year, a month, a weekday or a season.

    Examples
    --------
    >>> [is_date(w) for w in ("2005", "may", "33", "1,500")]
    [True, True, False, False]
    """
    return word in _DATES or bool(_YEAR.fullmatch(word))


def figures(old: Sequence[str], new: Sequence[str]) -> list[Figure]:
    """Pair the numbers of two runs of words that stand for each other, in order.

    Parameters
    ----------
    old, new
        Words in normal form; years and dates are no figures. If one side has more numbers than the other, nothing is
        paired, since it is not known which became which.

    Examples
    --------
    >>> [str(f) for f in figures(["1,831", "schools"], ["2,111", "schools"])]
    ['1,831 → 2,111 (+15 %)']
    """
    was, now = ([w for w in side if _FIGURE.fullmatch(w) and not is_date(w)] for side in (old, new))
    if len(was) != len(now):
        return []
    return [Figure(a, b, _share(a, b)) for a, b in zip(was, now, strict=True) if a != b]


def _share(old: str, new: str) -> float | None:
    a, b = _FIGURE.fullmatch(old), _FIGURE.fullmatch(new)
    if not a or not b or a[2] != b[2]:
        return None
    before, after = float(a[1].replace(",", "")), float(b[1].replace(",", ""))
    return (after - before) / before if before else None
