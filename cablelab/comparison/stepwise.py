"""A chain whose cables are read and compared when they are first looked at: a chain of twenty opens as quickly as a pair."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cablelab.comparison import compare, held, told
from cablelab.comparison.align import Codes
from cablelab.comparison.comparison import Comparison, judged, linked
from cablelab.comparison.lexicon import DEFAULT
from cablelab.comparison.model import Step, Version
from cablelab.comparison.reading import FIELDS, citing, in_time, keys_of, versions
from cablelab.comparison.remarks import missing

if TYPE_CHECKING:
    from cablelab.corpus import Corpus


class Stepwise:
    """The cables of a chain in the order of time, and any two of them compared.

    Parameters
    ----------
    corpus, cables
        As for `cablelab.compare`, which refuses what cannot be compared.

    Attributes
    ----------
    heads
        The cables by their fields alone, without sentences.
    missing
        Cables cited between that are not held.
    notes
        What holds for the whole.
    """

    def __init__(self, corpus: Corpus, cables: Sequence[str]) -> None:
        self.corpus = corpus
        keys = keys_of(corpus, cables)
        cited = citing(corpus, keys)
        by_key = {
            r["cable"]: Version(r["cable"], r, [], {}, {}, cited.get(r["cable"], ()))
            for r in corpus.rows("cables", keys).select(FIELDS).iter_rows(named=True)
        }
        self.heads = tuple(in_time([by_key[key] for key in keys]))
        self.missing = missing(self.heads, held(corpus, self.heads))
        self.notes: tuple[str, ...] = ()
        if [v.cable for v in self.heads] != keys:
            self.notes = (
                f"Named in another order; laid out from the earliest, {self.cables[0]}, to the latest, {self.cables[-1]}",
            )
        self._codes = Codes()
        self._read: dict[int, Version] = {}
        self._bare: dict[int, tuple[Step, tuple[str, ...]]] = {}
        self._steps: dict[tuple[int, int], Step] = {}
        self._whole: Comparison | None = None

    @property
    def cables(self) -> tuple[str, ...]:
        """The keys, the earliest first."""
        return tuple(v.cable for v in self.heads)

    @property
    def whole(self) -> Comparison:
        """The comparison of the whole chain, made when first asked for: it is what threads and claims need."""
        if self._whole is None:
            self._whole = compare(self.corpus, *self.cables)
        return self._whole

    def step(self, old: int, new: int) -> Step:
        """Compare two cables of the chain, counted from 0; of neighbours it is the step that `compare` gives of the whole chain."""
        if (old, new) not in self._steps:
            if new != old + 1:
                self._steps[old, new] = compare(self.corpus, self.cables[old], self.cables[new]).steps[0]
            else:
                step, remarks = self._linked(old)
                before = self._linked(old - 1)[0] if old else None
                self._steps[old, new] = judged(step, before, self._codes, DEFAULT, remarks)[0]
        return self._steps[old, new]

    def _linked(self, n: int) -> tuple[Step, tuple[str, ...]]:
        if n not in self._bare:
            unread = [k for k in (n, n + 1) if k not in self._read]
            self._read |= dict(zip(unread, versions(self.corpus, [self.cables[k] for k in unread]), strict=True))
            old, new = self._read[n], self._read[n + 1]
            doubts, gaps = told(self.corpus, [old, new])
            self._bare[n] = linked(old, new, self._codes, doubts[0]), gaps[0]
        return self._bare[n]
