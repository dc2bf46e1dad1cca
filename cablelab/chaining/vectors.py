"""The cables of one mission as rows of sparse matrices: words, themes, subjects, TAGS, addressees, what is cited."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import scipy.linalg
import scipy.sparse as sp

from cablelab.chaining.gathering import Gathered, stem_number

# words that more of the mission's cables hold tell nothing of the matter, and fewer than this many always tell
WIDEST, WIDEST_IN_THEMES, AT_LEAST = 0.15, 0.30, 12
# the weightiest words of a cable, by which the nearest are looked for
TERMS = 120
# directions in which the themes of a mission are told apart
THEMES = 20
# what is common in cables is known from so many others; in a mission of fewer than this, words are judged by that, and
# words that one cable alone holds tell it apart
BACKGROUND, SMALL = 60, 60
# entries of a table of products that are held at once
_TABLE = 4_000_000
# pairs whose rows are multiplied at once
_PAIRS = 20_000

Matrix = Any  # scipy.sparse has no types of its own


@dataclass(frozen=True)
class Vectors:
    """One mission's cables; row 0 is the earliest."""

    mission: Gathered
    first: int
    size: int

    @classmethod
    def of(cls, mission: Gathered) -> Vectors:
        """Take a mission whose rows are numbered without a gap."""
        return cls(mission, int(mission.cables["row"][0]), mission.cables.height)

    @cached_property
    def _counted(self) -> tuple[Matrix, np.ndarray[Any, Any]]:
        return self._laid_out(pl.concat(self.mission.stems), "stem", "times")

    @property
    def counts(self) -> Matrix:
        """How often a cable uses a stem."""
        return self._counted[0]

    @property
    def stems(self) -> np.ndarray[Any, Any]:
        """The stems that the columns of `counts` and `body` stand for, hashes as `Gathered.stems` has them."""
        return self._counted[1]

    @cached_property
    def common(self) -> np.ndarray[Any, Any]:
        """For each stem of `counts` the share of real cables that hold it, 0 where it is no common word."""
        known, share = _common_stems()
        at = np.minimum(np.searchsorted(known, self.stems), len(known) - 1)
        return np.where(known[at] == self.stems, share[at], 0.0)

    @cached_property
    def body(self) -> Matrix:
        """The weightiest stems of each cable, rows of length 1."""
        return _heaviest(self._weighed(self.counts, WIDEST), TERMS)

    @cached_property
    def themes(self) -> np.ndarray[Any, Any]:
        """Where each cable lies among the mission's themes, rows of length 1: texts in other words on one matter meet.

        The first directions of a singular value decomposition, by subspace iteration from a fixed start.
        """
        weighed = self._in_themes.astype(float)
        turned_about = weighed.T.tocsr()
        count = min(THEMES, self.size)
        start = np.random.default_rng(0).standard_normal((self.size, min(count + 12, self.size)))
        basis = _orthonormal(start.astype(np.float32).astype(float))
        for _ in range(3):
            basis = _orthonormal(weighed @ (turned_about @ (weighed @ (turned_about @ basis))))
        values, turned = scipy.linalg.eigh(np.einsum("ij,ik->jk", basis, weighed @ (turned_about @ basis)))
        largest = np.argsort(-values)[:count]
        places = np.einsum("ij,jk->ik", basis, turned[:, largest]) * np.sqrt(np.maximum(values[largest], 0))
        length = np.linalg.norm(places, axis=1, keepdims=True)
        return np.asarray(places / np.where(length > 0, length, 1))

    @cached_property
    def _in_themes(self) -> Matrix:
        return self._weighed(self.counts, WIDEST_IN_THEMES)

    def alike_in_theme(self, a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Say how alike the themes of pairs are: -1 to 1; of a few cables nothing needs to be left out."""
        if self.size <= THEMES:
            return products(self._in_themes, self._in_themes, a, b)
        return np.asarray(np.einsum("ij,ij->i", self.themes[a], self.themes[b]))

    @cached_property
    def subjects(self) -> tuple[Matrix, np.ndarray[Any, Any]]:
        """The telling words of the subjects, and the weight of each: the rarer the heavier."""
        return self._rarity(self.matrix(self.mission.subjects, "word"))

    @cached_property
    def tags(self) -> tuple[Matrix, np.ndarray[Any, Any]]:
        """The TAGS, and the weight of each."""
        return self._rarity(self.matrix(self.mission.tags, "tag"))

    @cached_property
    def addressees(self) -> tuple[Matrix, np.ndarray[Any, Any]]:
        """Those who got a cable, and the weight of each: a desk that few cables go to tells the matter."""
        matrix = self.matrix(self.mission.addressed, "name")
        spread = np.bincount(matrix.indices, minlength=matrix.shape[1])
        return matrix, np.where(spread > 1, np.log((self.size + 1) / (spread + 0.5)), 0)

    @cached_property
    def named(self) -> tuple[Matrix, np.ndarray[Any, Any]]:
        """The messages that the cables name, held or not, and their weights; those that many name tell nothing."""
        matrix = self.matrix(self.mission.named, "target")
        spread = np.bincount(matrix.indices, minlength=matrix.shape[1])
        return matrix, np.where((spread >= 2) & (spread <= 25), np.log(1 + self.size / np.maximum(spread, 1)), 0)

    def matrix(self, frame: pl.DataFrame, column: str) -> Matrix:
        """Lay a frame of row and thing out as cables by things."""
        return self._laid_out(frame, column)[0]

    def _laid_out(
        self, frame: pl.DataFrame, column: str, times: str | None = None
    ) -> tuple[Matrix, np.ndarray[Any, Any]]:
        things, codes = np.unique(frame[column].to_numpy(), return_inverse=True)
        data = frame[times].to_numpy().astype(np.float32) if times else np.ones(frame.height, np.float32)
        rows = frame["row"].to_numpy().astype(np.int64) - self.first
        matrix = sp.csr_matrix((data, (rows, codes)), shape=(self.size, len(things)))
        matrix.sum_duplicates()
        return matrix, things

    def _weighed(self, counts: Matrix, widest: float) -> Matrix:
        spread = np.bincount(counts.indices, minlength=counts.shape[1])
        weight = np.log((self.size + BACKGROUND + 1) / (spread + BACKGROUND * self.common + 0.5))
        weight[spread > max(widest * self.size, AT_LEAST)] = 0
        if self.size < SMALL:
            weight[self.common > widest] = 0
        else:
            weight[spread < 2] = 0
        weighed = counts.copy()
        weighed.data = (1 + np.log(weighed.data)) * weight.astype(np.float32)[weighed.indices]
        weighed.eliminate_zeros()
        return normed(weighed)

    def _rarity(self, matrix: Matrix) -> tuple[Matrix, np.ndarray[Any, Any]]:
        spread = np.bincount(matrix.indices, minlength=matrix.shape[1])
        return matrix, np.log(1 + self.size / np.maximum(spread, 1))


@cache
def _common_stems() -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    table = pl.read_csv(Path(__file__).with_name("common_stems.csv"))
    known = table.select(stem_number(pl.col("stem")), "share").sort("stem")
    return known["stem"].to_numpy(), known["share"].to_numpy()


def normed(matrix: Matrix) -> Matrix:
    """Give each row the length 1."""
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    length = np.sqrt(np.bincount(rows, matrix.data.astype(float) ** 2, minlength=matrix.shape[0]))
    return scaled_rows(matrix, 1 / np.where(length > 0, length, 1))


def scaled_rows(matrix: Matrix, by: np.ndarray[Any, Any]) -> Matrix:
    """Multiply each row by a number."""
    scaled = matrix.copy()
    scaled.data = (scaled.data * np.repeat(by, np.diff(scaled.indptr))).astype(np.float32)
    return scaled


def scaled_columns(matrix: Matrix, by: np.ndarray[Any, Any]) -> Matrix:
    """Multiply each column by a number."""
    scaled = matrix.copy()
    scaled.data = (scaled.data * by[scaled.indices]).astype(np.float32)
    return scaled


def tables(left: Matrix, right: Matrix) -> Iterator[tuple[int, np.ndarray[Any, Any]]]:
    """Multiply each row of the left with each of the right; a table of so many rows at once, with its first row."""
    turned, step = right.T.tocsr(), max(1, _TABLE // max(right.shape[0], 1))
    for start in range(0, left.shape[0], step):
        yield start, (left[start : start + step] @ turned).toarray()


def products(left: Matrix, right: Matrix, a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Multiply row a of the left with row b of the right, for many pairs."""
    out = np.zeros(len(a))
    for some, both in entrywise(left, right, a, b):
        out[some] = np.asarray(both.sum(1)).ravel()
    return out


def entrywise(
    left: Matrix, right: Matrix, a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]
) -> Iterator[tuple[slice, Matrix]]:
    """Multiply row a of the left with row b of the right entry by entry; so many pairs at once, with which they are."""
    for start in range(0, len(a), _PAIRS):
        some = slice(start, start + _PAIRS)
        yield some, left[a[some]].multiply(right[b[some]]).tocsr()


def overlap(
    matrix: Matrix, weight: np.ndarray[Any, Any], a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """Say which part of the weight of what either holds both hold, for many pairs: 0 to 1."""
    weighed = scaled_columns(matrix, weight)
    total = np.asarray(weighed.sum(1)).ravel()
    both = products(weighed, matrix, a, b)
    return np.asarray(both / np.maximum(total[a] + total[b] - both, 1e-9))


def _orthonormal(columns: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Give columns of length 1 at right angles that span the same space."""
    # numpy's qr and @ wake the threads of its linear algebra, which for so few columns wait longer than they work
    values, turned = scipy.linalg.eigh(np.einsum("ij,ik->jk", columns, columns))
    some = values > values[-1] * 1e-12
    return np.asarray(np.einsum("ij,jk->ik", columns, turned[:, some] / np.sqrt(values[some])))


def _heaviest(matrix: Matrix, most: int) -> Matrix:
    kept = matrix.copy()
    for row in np.flatnonzero(np.diff(kept.indptr) > most):
        data = kept.data[kept.indptr[row] : kept.indptr[row + 1]]
        data[data < np.partition(data, -most)[-most]] = 0
    kept.eliminate_zeros()
    return normed(kept)
