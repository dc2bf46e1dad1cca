"""Which sentence of the newer cable stands for which of the older one.

Equal sentences first. Of the others, three small models judge: two sentences by themselves, then in their
surroundings, then a left-over sentence as a part of a split or merge (`models` says what each asks). A sentence gets
one partner by falling probability; a link that is not nearly certain is weak, and says how likely it is. Moved is
what stands outside the heaviest chain of links that both cables give in one order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from rapidfuzz.distance import Indel

from cablelab.comparison.evidence import ACQUAINTED, Indices, Numbers, Overlap, Telling, unit
from cablelab.comparison.increasing import heaviest
from cablelab.comparison.kept import kept
from cablelab.comparison.model import Link, Sentence
from cablelab.comparison.models import OURS, Models, judge, log_odds

Pair = tuple[int, int]
# the first model is sure of a link from here on; a link this far away says nothing
SURE, FAR = 0.70, 48
# a sentence may fall into three and more
ROUNDS = 4
# its parts stand within so many places of each other
NEAR = 2
# two cables that share less of their names tell of different matters: what is alike there is the form, and only equal
# sentences are linked
STRANGERS = 0.1


class Codes:
    """Words as code points, so that string distances count words; one table serves a whole chain."""

    def __init__(self) -> None:
        self._of = _Table()
        self._sentences: dict[tuple[str, ...], str] = {}

    def sentence(self, words: tuple[str, ...]) -> str:
        """Write the words of a sentence so; of a sentence that stands in two steps, once."""
        if (found := self._sentences.get(words)) is None:
            found = self._sentences[words] = self.encode(words)
        return found

    def encode(self, words: Sequence[str]) -> str:
        """Write words as a string with one character a word."""
        return "".join(map(self._of.__getitem__, words))


class _Table(dict[str, str]):
    def __missing__(self, word: str) -> str:
        n = len(self) + 0x100
        return self.setdefault(word, chr(n if n < 0xD800 else n + 0x800))


def align(
    old: Sequence[Sentence],
    new: Sequence[Sentence],
    codes: Codes | None = None,
    models: Models = OURS,
    *,
    whole: bool = True,
) -> list[Link]:
    """Link the sentences of two cables.

    Parameters
    ----------
    old, new
        The sentences of each, in order.
    codes
        The table of words to use; several comparisons may share one.
    models
        The models that judge.
    whole
        Whether these are all sentences of both cables; of some of them it cannot be told whether the two are strangers.

    Returns
    -------
    list of Link
        Sorted by place in the older, then in the newer cable. A sentence is in several links only where it was split
        or merged.

    Examples
    --------
    >>> from cablelab.comparison.sentences import of_cable
    >>> old = of_cable("a", "The harbour is full. Strikes went on.", [(0, 0, 37)])
    >>> new = of_cable("b", "Strikes went on. The harbour is very full today.", [(0, 0, 48)])
    >>> [(x.a, x.b, x.label, x.moved) for x in align(old, new)]
    [(0, 1, 'reworded', False), (1, 0, 'kept', True)]
    """
    codes = codes or Codes()
    pair = Aligned(old, new, codes, whole=whole)
    return _labelled(pair, pair.linked(models), models.firm)


class Aligned:
    """Two cables while they are being aligned: what they tell, the candidates, and what the models are asked."""

    def __init__(self, old: Sequence[Sentence], new: Sequence[Sentence], codes: Codes, *, whole: bool = True) -> None:
        self.sentences = (old, new)
        self.coded = ([codes.sentence(s.words) for s in old], [codes.sentence(s.words) for s in new])
        self.same = sorted(kept([s.words for s in old], [s.words for s in new], self.coded))
        self.telling = Telling(old, new)
        self.acquainted = self.telling.acquainted() if whole else ACQUAINTED
        self.told = (self.telling.old, self.telling.new)
        all_pairs = self.telling.candidates(({i for i, _ in self.same}, {j for _, j in self.same}))
        self.alone = self._alone(all_pairs)
        free = all_pairs.free
        self.pairs = Overlap(all_pairs.i[free], all_pairs.j[free], all_pairs.common[free], free[free])
        self.keys = self.pairs.i * len(new) + self.pairs.j

    def linked(self, models: Models) -> dict[Pair, float]:
        """Give each link with its probability."""
        links = dict.fromkeys(self.same, 1.0)
        if len(self.keys) and self.acquainted >= STRANGERS:
            second = judge(self.around(judge(self.alone, models.alone)), models.around)
            self.take(second, links, models.accept)
            self._join(second, links, models)
        return links

    def _alone(self, found: Overlap) -> dict[str, Numbers]:
        """Answer what the first model asks, for each pair of free sentences."""
        (old, new), (all_old, all_new), (at_old, at_new) = self.sentences, self.telling.totals, self.telling.places
        shared = 2 * found.common / np.maximum(1e-9, all_old[found.i] + all_new[found.j])
        lead_old, lead_new = found.lead(shared, 0)[found.free], found.lead(shared, 1)[found.free]
        i, j = found.i[found.free], found.j[found.free]
        near = self.telling.alike_paragraphs()
        width = int(at_new.max(initial=0)) + 1
        ahead = np.minimum(near.lead(near.common, 0), near.lead(near.common, 1))
        at = _find(near.i * width + near.j, at_old[i] * width + at_new[j])
        pairs = zip(i.tolist(), j.tolist(), strict=True)
        return {
            "alike": np.array(
                [Indel.normalized_similarity(self.coded[0][a], self.coded[1][b]) for a, b in pairs], float
            ),
            "shared": shared[found.free],
            "covered": found.common[found.free] / np.maximum(1e-9, np.minimum(all_old[i], all_new[j])),
            "rare": np.minimum(self.telling.rare(i, j), 4),
            "short": np.exp(-np.minimum(all_old[i], all_new[j]) / 8),
            "apart": np.abs((i + 0.5) / len(old) - (j + 0.5) / len(new)),
            "paragraphs": _at(near.common, at),
            "paragraphs_lead": _at(ahead, at),
            "lead_old": lead_old,
            "lead_new": lead_new,
        }

    def around(self, first: Numbers) -> dict[str, Numbers]:
        """Answer what the second model asks, from the probabilities that the first one gave."""
        i, j, size = self.pairs.i, self.pairs.j, len(self.sentences[1])
        odds = log_odds(first)
        none = float(log_odds(0.0))
        # kept links count as certain among the neighbours
        known = np.array([a * size + b for a, b in self.same], np.int64)
        keys = np.concatenate((self.keys, known))
        order = np.argsort(keys, kind="stable")
        keys, linked = keys[order], np.concatenate((first, np.ones(len(known))))[order]
        beside = np.zeros(len(i))
        for di, dj in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            inside = (j + dj >= 0) & (j + dj < size)
            beside = np.maximum(beside, np.where(inside, _at(linked, _find(keys, (i + di) * size + j + dj)), 0))
        best_old, best_new = _best(first, i), _best(first, j)
        sure = (first > SURE) & (first >= best_old) & (first >= best_new)
        return {
            "odds": np.clip(odds, -8, 8),
            "lead_old": np.clip(_lead(self.pairs, odds, 0, none), -4, 4),
            "lead_new": np.clip(_lead(self.pairs, odds, 1, none), -4, 4),
            "beside": beside,
            "sure": np.exp(-self._far(sure) / 4),
            "company": self._company(first, best_old),
            "names": np.full(len(i), self.acquainted),
        }

    def _far(self, sure: NDArrayBool) -> Numbers:
        """Give the distance to the nearest sure link: places along, and twice what is out of step."""
        i, j = self.pairs.i, self.pairs.j
        points = np.array([*self.same, *zip(i[sure].tolist(), j[sure].tolist(), strict=True)], np.int64).reshape(-1, 2)
        points = points[np.argsort(points[:, 0], kind="stable")]
        far = np.full(len(i), 1000.0)
        first_rows = np.arange(0, len(self.sentences[0]), FAR)
        starts, ends = np.searchsorted(i, first_rows), np.searchsorted(i, first_rows + FAR)
        low, high = (np.searchsorted(points[:, 0], first_rows + n) for n in (-FAR, 2 * FAR))
        for start, end, first, last in zip(*(x.tolist() for x in (starts, ends, low, high)), strict=True):
            if start < end and first < last:
                down, right = i[start:end, None] - points[first:last, 0], j[start:end, None] - points[first:last, 1]
                rows = np.abs(down)
                distance = np.maximum(rows, np.abs(right)) + 2 * np.abs(down - right)
                # a distance of 0 is the link itself
                far[start:end] = np.where((rows > FAR) | (distance == 0), 1000, distance).min(1)
        return far

    def _company(self, first: Numbers, best_old: Numbers) -> Numbers:
        """Give the share of the likely links of two paragraphs, other than this one, that join them with each other."""
        i, j = self.pairs.i, self.pairs.j
        at_old, at_new = self.telling.places
        width = int(at_new.max(initial=0)) + 1
        likely = np.where((first >= 0.2) & (first >= best_old), first, 0)
        same = np.array(self.same, np.int64).reshape(-1, 2)
        old, new = np.concatenate((at_old[i], at_old[same[:, 0]])), np.concatenate((at_new[j], at_new[same[:, 1]]))
        weight = np.concatenate((likely, np.ones(len(same))))
        names, which = np.unique(old * width + new, return_inverse=True)
        here = np.bincount(which, weight, len(names))[which[: len(i)]]
        most = np.maximum(np.bincount(old, weight)[at_old[i]], np.bincount(new, weight)[at_new[j]])
        return np.asarray((here > likely) * here / np.maximum(1e-6, most))

    def take(self, second: Numbers, links: dict[Pair, float], accept: float) -> None:
        """Give each sentence one partner, by falling probability."""
        used_old, used_new = {i for i, _ in links}, {j for _, j in links}
        ranked = zip((-second).tolist(), self.pairs.i.tolist(), self.pairs.j.tolist(), strict=True)
        for p, i, j in sorted(x for x in ranked if -x[0] >= accept):
            if i not in used_old and j not in used_new:
                links[i, j] = -p
                used_old.add(i)
                used_new.add(j)

    def _join(self, second: Numbers, links: dict[Pair, float], models: Models) -> None:
        """Join left-over sentences to splits and merges, the likeliest first, none twice in a round."""
        odds = log_odds(second)
        for _ in range(ROUNDS):
            found = self.joins(odds, links)
            if not found:
                return
            answers = {name: np.array([a[name] for _, a in found]) for name in found[0][1]}
            touched: set[tuple[str, int]] = set()
            for p, (i, j) in sorted(
                (-c, key) for c, (key, _) in zip(judge(answers, models.join).tolist(), found, strict=True)
            ):
                if -p >= models.joined and not touched & {("old", i), ("new", j)}:
                    touched |= {("old", i), ("new", j)}
                    links[i, j] = -p
            if not touched:
                return

    def joins(self, odds: Numbers, links: dict[Pair, float]) -> list[tuple[Pair, dict[str, float]]]:
        """Answer what the third model asks, for each left-over sentence within two of a linked one and its partner.

        `odds` are the log odds of the candidates.
        """
        places = (self.pairs.i, self.pairs.j)
        partners: tuple[dict[int, list[int]], dict[int, list[int]]] = ({}, {})
        for i, j in sorted(links):
            partners[0].setdefault(i, []).append(j)
            partners[1].setdefault(j, []).append(i)
        linked, certain, rivals = [], [], []
        for side in (0, 1):
            size = len(self.sentences[side])
            linked.append(_marked(size, partners[side])[places[side]])
            certain.append(_marked(size, (pair[side] for pair in self.same))[places[side]])
        free = ~linked[0] & ~linked[1]
        for side in (0, 1):
            rivals.append(np.full(len(self.sentences[side]), -np.inf))
            np.maximum.at(rivals[side], places[side][free], odds[free])
        # side 0: a sentence of the older cable joins (a merge); 1: one of the newer (a split)
        asked = (linked[1] & ~linked[0] & ~certain[1]) | (linked[0] & ~linked[1] & ~certain[0])
        out = []
        for at in np.flatnonzero(asked).tolist():
            key, side = (int(places[0][at]), int(places[1][at])), int(linked[0][at])
            extra, target = key[side], key[1 - side]
            members = partners[1 - side][target]
            if min(abs(extra - k) for k in members) <= NEAR and all(len(partners[side][k]) == 1 for k in members):
                rival = float(rivals[side][extra])
                rival = rival if rival > -np.inf else -9.0
                out.append((key, self._joining(side, extra, target, members, float(odds[at]), rival)))
        return out

    def _joining(
        self, side: int, extra: int, target: int, members: list[int], odds: float, rival: float
    ) -> dict[str, float]:
        total, sizes, mine, theirs = (
            self.telling.total,
            self.telling.totals,
            self.told[side],
            self.told[1 - side][target],
        )
        codes, whole = self.coded[side], self.coded[1 - side][target]
        covered = frozenset[str]().union(*(mine[k] for k in members))
        rest = theirs - covered
        new = mine[extra] & rest
        size = max(1e-6, float(sizes[side][extra]))

        def alike(parts: list[int]) -> float:
            return Indel.normalized_similarity("".join(codes[k] for k in sorted(parts)), whole)

        words = self.sentences[1 - side][target].words
        at: dict[str, int] = {}
        for k, word in enumerate(words):
            at.setdefault(unit(word), k)
        ours, known = [at[u] for u in new], [at[u] for u in covered & theirs]
        order = 0.0
        if ours and known:
            order = (sum(ours) / len(ours) - sum(known) / len(known)) / max(4, len(words))
            order = max(-1.0, min(1.0, order if extra > members[0] else -order))
        paragraph = self.telling.places[side]
        return {
            "new": total(new) / size,
            "fills": total(new) / max(1e-6, total(rest)),
            "weight": float(np.log1p(total(new))),
            "units": float(np.log1p(len(new))),
            "told": total(mine[extra] & theirs) / size,
            "odds": max(-8.0, min(8.0, odds)),
            "lead": max(-6.0, min(6.0, odds - rival)),
            "alike": alike([*members, extra]) - alike(members),
            "order": order,
            "next": float(min(abs(extra - k) for k in members) == 1),
            "same": float(any(paragraph[extra] == paragraph[k] for k in members)),
            "length": float(np.log((sizes[1 - side][target] + 1) / (total(covered) + 1))),
        }


NDArrayBool = np.ndarray[tuple[int], np.dtype[np.bool_]]


def _marked(size: int, places: Iterable[int]) -> NDArrayBool:
    marks = np.zeros(size, bool)
    marks[list(places)] = True
    return marks


def _find(keys: Indices, wanted: Indices) -> Indices:
    """Give the place of each wanted key in sorted `keys`, -1 where it is none."""
    if not len(keys):
        return np.full(len(wanted), -1)
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[at] == wanted, at, -1)


def _at(values: Numbers, places: Indices) -> Numbers:
    """Take the values at places, 0 where the place is -1."""
    return np.where(places >= 0, values[places], 0.0) if len(values) else np.zeros(len(places))


def _best(values: Numbers, group: Indices) -> Numbers:
    """Give for each value the highest one of its group."""
    best = np.zeros(int(group.max(initial=0)) + 1)
    np.maximum.at(best, group, values)
    return best[group]


def _lead(pairs: Overlap, odds: Numbers, axis: int, none: float) -> Numbers:
    """Give how far log odds are ahead of their rivals; a sentence without a rival is ahead of an impossible one."""
    return pairs.lead(odds - none, axis)


def _labelled(pair: Aligned, found: dict[Pair, float], firm: float) -> list[Link]:
    """Name what became of each pair: kept, reworded, split or merged; moved; weak."""
    of_old, of_new = Counter(i for i, _ in found), Counter(j for _, j in found)
    coded_old, coded_new = pair.coded
    same = set(pair.same)
    keys = sorted(found)
    weights = [
        max(
            0.5, (len(coded_old[i]) / of_old[i] + len(coded_new[j]) / of_new[j]) * (1.0 if found[i, j] >= firm else 0.5)
        )
        for i, j in keys
    ]
    in_order = {keys[k] for k in heaviest(keys, weights, strict=False)}
    out = []
    for i, j in keys:
        label = "kept" if (i, j) in same else "split" if of_old[i] > 1 else "merged" if of_new[j] > 1 else "reworded"
        old = "".join(coded_old[a] for a, b in keys if b == j) if label == "merged" else coded_old[i]
        new = "".join(coded_new[b] for a, b in keys if a == i) if label == "split" else coded_new[j]
        similarity = 1.0 if label == "kept" else Indel.normalized_similarity(old, new)
        p = round(found[i, j], 6)
        out.append(Link(i, j, label, (i, j) not in in_order, p < firm, similarity, p))
    return out
