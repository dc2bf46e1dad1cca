"""Sentences that stand in both cables with the same letters and digits.

Case, line breaks, hyphens, blanks and punctuation do not matter: `counter-terrorism` is `counterterrorism`. Where a
sentence stands several times, its copies are told apart by the sentences before and after them, then by their place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz.distance import Indel

# of one sentence: above so many pairs of copies only their order counts
CROWD = 2500
# what badly decoded pages print for a closing quotation mark
_STRAY_EIGHT = re.compile(r"(?<=[a-z])[.,]8$")


@lru_cache(maxsize=1 << 13)
def letters(words: tuple[str, ...]) -> str:
    """Join the letters and digits of a sentence; two spellings of the same words give the same string.

    Examples
    --------
    >>> letters(("counter-terrorism", "society,8")) == letters(("counterterrorism", "society"))
    True
    """
    joined = "".join(words)
    return joined if joined.isalnum() else "".join(map(_bare, words))


@lru_cache(maxsize=1 << 16)
def _bare(word: str) -> str:
    return word if word.isalnum() else "".join(c for c in _STRAY_EIGHT.sub("", word) if c.isalnum())


def kept(
    old: Sequence[tuple[str, ...]], new: Sequence[tuple[str, ...]], coded: tuple[list[str], list[str]]
) -> set[tuple[int, int]]:
    """Pair the sentences that are equal by their letters.

    Parameters
    ----------
    old, new
        The words of each sentence, in normal form.
    coded
        The same sentences of both cables as strings of one character a word.

    Returns
    -------
    set of (int, int)
        Each sentence is in one pair at most.

    Examples
    --------
    >>> sorted(kept([("all", "well"), ("no",)], [("no",), ("all-well",)], (["ab", "c"], ["c", "d"])))
    [(0, 1), (1, 0)]
    """
    of_old, of_new = _places(old), _places(new)
    pairs: set[tuple[int, int]] = set()
    ranked: list[tuple[float, int, int]] = []
    for text, here in of_old.items():
        there = of_new.get(text, [])
        if len(here) * len(there) == 1 or len(here) * len(there) > CROWD:
            pairs.update(zip(here, there, strict=False))
        else:
            ranked += [(-_likeness_of_places((i, j), coded), i, j) for i in here for j in there]
    used_old, used_new = {i for i, _ in pairs}, {j for _, j in pairs}
    for _, i, j in sorted(ranked):
        if i not in used_old and j not in used_new:
            pairs.add((i, j))
            used_old.add(i)
            used_new.add(j)
    return pairs


def _places(sentences: Sequence[tuple[str, ...]]) -> dict[str, list[int]]:
    out: dict[str, list[int]] = {}
    for i, words in enumerate(sentences):
        if text := letters(words):
            out.setdefault(text, []).append(i)
    return out


def _likeness_of_places(pair: tuple[int, int], coded: tuple[list[str], list[str]]) -> float:
    """Say how alike the neighbours of two copies are, 0 to 2, and how alike their places in the cables, 0 to 1."""
    (i, j), (old, new) = pair, coded
    total = 1 - abs(i / max(1, len(old) - 1) - j / max(1, len(new) - 1))
    for step in (-1, 1):
        inside = (0 <= i + step < len(old), 0 <= j + step < len(new))
        if all(inside):
            total += Indel.normalized_similarity(old[i + step], new[j + step])
        elif not any(inside):
            total += 1
    return round(total, 9)
