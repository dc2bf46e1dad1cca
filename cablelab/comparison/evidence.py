"""What two cables tell, sentence by sentence, and which pairs of sentences are worth a closer look.

A *unit* is what a word tells: the first letters of its stem; function words tell nothing. A unit weighs the more the
fewer sentences of these two cables tell it: no list of frequencies is shipped, since none that was tried gained
anything. Nothing here is as large as all pairs of sentences: overlaps are found in blocks of rows, and each sentence
has a bounded number of candidates, so that cables of thousands of sentences need no more memory than their links.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import chain
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from cablelab.comparison.lexicon import FUNCTION_WORDS
from cablelab.comparison.model import Sentence

Indices = NDArray[np.int64]
Numbers = NDArray[np.float64]
Units = frozenset[str]

PREFIX = 5
# below both, two sentences are not looked at
FAINT_SHARED, FAINT_COVERED = 0.07, 0.20
BLOCK, MOST = 256, 64
# weights are multiples of one over this: their sums are exact, and the same in any order
EXACT = 1 << 20
# cables of one matter share this much of their names and more; fewer than so many say nothing
ACQUAINTED, FEW_NAMES = 0.30, 8
# what stands behind a bracket, a colon or a full stop begins something
_NAME = re.compile(r"[A-Z](?<=[\w,]\s[A-Z])[^\W_]*")


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Cut a plural or possessive ending, so that `migrants` and `migrant's` are evidence for `migrant`.

    Examples
    --------
    >>> [stem(w) for w in ("migrants", "migrant's", "countries", "class")]
    ['migrant', 'migrant', 'country', 'class']
    """
    word = word.removesuffix("'s").removesuffix("'")
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


@lru_cache(maxsize=1 << 16)
def unit(word: str) -> str:
    """Give what a word tells: five letters of its stem; '' for function words and the letters of items.

    Examples
    --------
    >>> [unit(w) for w in ("recommends", "recommendation", "the", "7")]
    ['recom', 'recom', '', '7']
    """
    telling = word not in FUNCTION_WORDS and (len(word) > 1 or word.isdigit())
    return stem(word)[:PREFIX] if telling else ""


@lru_cache(maxsize=1 << 13)
def units(words: tuple[str, ...]) -> Units:
    """List what the words of a sentence tell."""
    return frozenset(map(unit, words)) - {""}


def named(sentences: Sequence[Sentence]) -> Units:
    """List what a cable names: words with a capital within a sentence, unless most of its words have one."""
    return frozenset().union(*(_names(s.prose, len(s.words)) for s in sentences))


@lru_cache(maxsize=1 << 13)
def _names(prose: str, words: int) -> Units:
    found = _NAME.findall(prose)
    return frozenset(unit(w.lower()) for w in found) - {""} if 2 * len(found) < words else frozenset()


class Telling:
    """What both cables tell: the units of each sentence and paragraph, and what each unit weighs.

    `old` and `new` hold the units of the sentences; `totals` their weights, one array a cable; `places` the number of
    each sentence's paragraph, from 0.
    """

    def __init__(self, old: Sequence[Sentence], new: Sequence[Sentence]) -> None:
        self.old, self.new = [units(s.words) for s in old], [units(s.words) for s in new]
        self.in_old, self.in_new = (Counter(chain.from_iterable(side)) for side in (self.old, self.new))
        size = len(old) + len(new)
        often = self.in_old.copy()
        often.update(self.in_new)
        of = {n: round(log(1 + size / n) * EXACT) / EXACT for n in set(often.values())}
        self.weight = {u: of[n] for u, n in often.items()}
        self.totals = (self._weigh(self.old), self._weigh(self.new))
        self.places = tuple(
            np.unique([s.paragraph for s in side], return_inverse=True)[1].astype(np.int64) for side in (old, new)
        )
        self.sentences = (old, new)
        self.paragraphs = tuple(_united(side, at) for side, at in zip((self.old, self.new), self.places, strict=True))

    def total(self, sentence: Units) -> float:
        """Weigh units."""
        return sum(map(self.weight.__getitem__, sentence))

    def _weigh(self, sentences: Sequence[Units]) -> Numbers:
        return np.array([self.total(sentence) for sentence in sentences], float)

    def candidates(self, closed: tuple[set[int], set[int]]) -> Overlap:
        """Find the pairs of sentences that are worth a look.

        Parameters
        ----------
        closed
            Sentences of the older and of the newer cable that have a partner already: they are rivals, but no
            candidates.
        """
        (all_old, all_new) = self.totals

        def worth(i: Indices, j: Indices, common: Numbers) -> Numbers:
            shared = 2 * common / (all_old[i] + all_new[j])
            covered = common / np.minimum(all_old[i], all_new[j])
            return np.where((shared >= FAINT_SHARED) | (covered >= FAINT_COVERED), shared + covered / 1000, 0)

        found = overlap(self.old, self.new, self.weight, worth)
        free_old, free_new = (np.ones(len(side), bool) for side in (self.old, self.new))
        free_old[list(closed[0])] = free_new[list(closed[1])] = False
        return Overlap(found.i, found.j, found.common, free_old[found.i] & free_new[found.j])

    def alike_paragraphs(self) -> Overlap:
        """Find the pairs of paragraphs that tell something in common, with the cosine of what they tell."""
        first, second = (np.sqrt(self._weigh(side)) for side in self.paragraphs)
        found = overlap(self.paragraphs[0], self.paragraphs[1], self.weight, lambda i, j, common: common)
        return Overlap(found.i, found.j, found.common / np.maximum(1e-9, first[found.i] * second[found.j]), found.free)

    def acquainted(self) -> float:
        """Say what share of the names that a cable bears the other one bears too, 0 to `ACQUAINTED`.

        Where either names too little to tell, as one printed in capitals does, nothing is held against them.
        """
        old, new = (named(side) for side in self.sentences)
        if min(len(old), len(new)) < FEW_NAMES:
            return ACQUAINTED
        return min(ACQUAINTED, len(old & new) / sqrt(len(old) * len(new)))

    def rare(self, i: Indices, j: Indices) -> Numbers:
        """Count the units common to each pair that stand in no other sentence of either cable."""
        once = {u for u, n in self.in_old.items() if n == 1 and self.in_new.get(u) == 1}
        (at_old, at_new) = (
            {u: k for k, sentence in enumerate(side) for u in sentence & once} for side in (self.old, self.new)
        )
        common = Counter((at_old[u], at_new[u]) for u in once)
        return np.array([common.get(pair, 0) for pair in zip(i.tolist(), j.tolist(), strict=True)], float)


class Overlap:
    """Pairs (i, j), sorted, with the weight of what is common to them and whether both are still free."""

    def __init__(self, i: Indices, j: Indices, common: Numbers, free: NDArray[np.bool_]) -> None:
        self.i, self.j, self.common, self.free = i, j, common, free

    def lead(self, values: Numbers, axis: int) -> Numbers:
        """Give how far each value is ahead of the best other one with the same i (axis 0) or j (axis 1)."""
        group = (self.i, self.j)[axis]
        best = np.full(int(group.max(initial=-1)) + 1, -np.inf)
        second = best.copy()
        np.maximum.at(best, group, values)
        is_best = values == best[group]
        np.maximum.at(second, group[~is_best], values[~is_best])
        second = np.where(np.bincount(group[is_best], minlength=len(best)) > 1, best, second)
        return np.asarray(values - np.where(is_best, np.where(np.isneginf(second), 0.0, second)[group], best[group]))


def _united(sentences: Sequence[Units], at: Indices) -> list[Units]:
    out: list[set[str]] = [set() for _ in range(int(at.max(initial=-1)) + 1)]
    for units_, k in zip(sentences, at.tolist(), strict=True):
        out[k] |= units_
    return [frozenset(x) for x in out]


Worth = Callable[[Indices, Indices, Numbers], Numbers]


def overlap(old: Sequence[Units], new: Sequence[Units], weight: dict[str, float], worth: Worth) -> Overlap:
    """Weigh what is common to each pair of two lists of units.

    Parameters
    ----------
    old, new
        Units of sentences or of paragraphs.
    weight
        What each unit weighs.
    worth
        Takes i, j and the weights of what is common; gives 0 for pairs to leave out. Of one i the most worthy are
        kept.

    Returns
    -------
    Overlap
        All free.
    """
    known = frozenset().union(*old) & frozenset().union(*new)
    place = dict(zip(known, range(len(known)), strict=True))
    left = _matrix([sentence & known for sentence in old], place, np.array([weight[u] for u in place]))
    right = _matrix([sentence & known for sentence in new], place, np.ones(len(known))).T.tocsr()
    parts: list[tuple[Indices, Indices, Numbers]] = []
    for start in range(0, len(old) if known else 0, BLOCK):
        product = left[start : start + BLOCK] @ right
        product.sort_indices()
        counts = np.diff(product.indptr)
        i, j = np.repeat(np.arange(start, start + len(counts)), counts), product.indices.astype(np.int64)
        score = worth(i, j, product.data)
        taken = score > 0
        if counts.max() > MOST:
            order = np.lexsort((j, -score, i))
            taken[order[np.arange(len(order)) - np.searchsorted(i, i) >= MOST]] = False
        parts.append((i[taken], j[taken], product.data[taken]))
    none = np.zeros(0, np.int64)
    i, j, common = (np.concatenate(x) for x in zip(*parts, (none, none, np.zeros(0)), strict=True))
    return Overlap(i, j, common, np.ones(len(i), bool))


def _matrix(sets: Sequence[Units], place: dict[str, int], weight: Numbers) -> csr_array:
    ends = np.cumsum([0, *map(len, sets)])
    flat = np.fromiter(map(place.__getitem__, chain.from_iterable(sets)), np.int64, int(ends[-1]))
    return csr_array((weight[flat], flat, ends), shape=(len(sets), len(place)))
