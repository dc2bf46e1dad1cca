"""Which sentence of the newer cable stands for which of the older one.

The steps and their order are those of the design (sequential assessments): equal sentences in order, word-level indel
for the rest, Needleman-Wunsch, an assignment for what moved, splits and merges, a gap rule for rewrites. Two gates
were added because of what real cables show. *Evidence*: shared function words alone bring two unrelated sentences to
a similarity of 0.3 to 0.4, so a link also needs shared rare words; where both are scarce it is weak. *Sure pairs
first*: two sentences that are each other's best match by far are linked before the ordered pass, lest a poor match in
order takes the partner of a moved sentence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from math import log

from rapidfuzz.distance import Indel, LCSseq

from cablelab.comparison.chain import heaviest
from cablelab.comparison.lexicon import FUNCTION_WORDS

LABELS = ("kept", "reworded", "split", "merged")
FLOOR = 0.30
SURE = 0.60
FIRM = 0.50
EVIDENCE = 0.20
FIRM_EVIDENCE = 0.45
CONTAINED = 0.50
CLOSE, FEW = 0.45, 3
GAP = 3
BLOCK = 1024


@dataclass(frozen=True, slots=True)
class Link:
    """One link between sentence `a` of the older and `b` of the newer cable; similarity is word-level indel, 0 to 1."""

    a: int
    b: int
    label: str
    moved: bool
    weak: bool
    similarity: float


class Codes:
    """Words as code points, so that string distances count words; one table serves a whole chain."""

    def __init__(self) -> None:
        self._of: dict[str, str] = {}

    def encode(self, words: Sequence[str]) -> str:
        """Write words as a string with one character a word."""
        of = self._of
        for word in words:
            if word not in of:
                n = len(of) + 0x100
                of[word] = chr(n if n < 0xD800 else n + 0x800)
        return "".join([of[w] for w in words])


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
def _told(word: str) -> str:
    """Give the stem of a word that tells something; the letter of an item such as `F)` tells nothing."""
    return "" if word in FUNCTION_WORDS or (len(word) == 1 and not word.isdigit()) else stem(word)


def _content(words: Sequence[str]) -> frozenset[str]:
    return frozenset(map(_told, words)) - {""}


class _Evidence:
    """Shared rare words of two sentences, weighed by how few sentences of the pair of cables hold them."""

    def __init__(self, old: Sequence[Sequence[str]], new: Sequence[Sequence[str]]) -> None:
        self.old, self.new = [_content(words) for words in old], [_content(words) for words in new]
        self.in_old = Counter(w for s in self.old for w in s)
        self.in_new = Counter(w for s in self.new for w in s)
        n = len(old) + len(new)
        self.weight = {w: log(1 + n / (self.in_old[w] + self.in_new[w])) for w in self.in_old | self.in_new}
        self.total_old = [sum(self.weight[w] for w in sorted(s)) for s in self.old]
        self.total_new = [sum(self.weight[w] for w in sorted(s)) for s in self.new]

    def shared(self, i: int, j: int) -> float:
        """Weigh the words that two sentences have in common."""
        return sum(self.weight[w] for w in sorted(self.old[i] & self.new[j]))

    def dice(self, i: int, j: int) -> float:
        """Give the weight of the common words as a share of all, 0 to 1."""
        total = self.total_old[i] + self.total_new[j]
        return 2 * self.shared(i, j) / total if total else 0.0

    def rare(self, i: int, j: int) -> int:
        """Count the common words that stand in no other sentence."""
        return sum(self.in_old[w] == 1 and self.in_new[w] == 1 for w in self.old[i] & self.new[j])


def align(old: Sequence[Sequence[str]], new: Sequence[Sequence[str]], codes: Codes | None = None) -> list[Link]:
    """Link the sentences of two cables.

    Parameters
    ----------
    old, new
        The words of each sentence, in normal form.
    codes
        The table of words to use; several comparisons may share one.

    Returns
    -------
    list of Link
        Sorted by place in the older, then in the newer cable. A sentence is in several links only where it was split
        or merged.

    Examples
    --------
    >>> old = ["the harbour is full".split(), "strikes went on".split()]
    >>> new = ["strikes went on".split(), "the harbour is very full today".split()]
    >>> [(x.a, x.b, x.label, x.moved) for x in align(old, new)]
    [(0, 1, 'reworded', False), (1, 0, 'kept', True)]
    """
    codes = codes or Codes()
    coded_old, coded_new = [codes.encode(w) for w in old], [codes.encode(w) for w in new]
    links = {pair: Link(*pair, "kept", False, False, 1.0) for pair in _equal(coded_old, coded_new)}
    free_old = [i for i in range(len(old)) if i not in {a for a, _ in links}]
    free_new = [j for j in range(len(new)) if j not in {b for _, b in links}]
    if free_old and free_new:
        evidence = _Evidence(old, new)
        scores = _similar(coded_old, coded_new, free_old, free_new, evidence)
        for a, b in _paired(scores, list(links), coded_old):
            sim, told = scores[a, b]
            links[a, b] = Link(a, b, "reworded", False, sim < FIRM and told < FIRM_EVIDENCE, sim)
        _split_and_merged(links, coded_old, coded_new, evidence)
        _rewritten(links, coded_old, coded_new, evidence)
    return _with_moves(links, coded_old, coded_new)


def _equal(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Link equal sentences: the longest common run in order first, then the rest by order of occurrence."""
    names: dict[str, str] = {}
    for s in (*old, *new):
        names.setdefault(s, chr(0x100 + len(names) + (0x800 if len(names) + 0x100 >= 0xD800 else 0)))
    x, y = "".join(names[s] for s in old), "".join(names[s] for s in new)
    pairs = [
        (op.src_start + k, op.dest_start + k)
        for op in LCSseq.opcodes(x, y)
        if op.tag == "equal"
        for k in range(op.src_end - op.src_start)
    ]
    used_old, used_new = {a for a, _ in pairs}, {b for _, b in pairs}
    waiting: dict[str, list[int]] = {}
    for j, c in enumerate(y):
        if j not in used_new:
            waiting.setdefault(c, []).append(j)
    for i, c in enumerate(x):
        if i not in used_old and waiting.get(c):
            pairs.append((i, waiting[c].pop(0)))
    return pairs


Scores = dict[tuple[int, int], tuple[float, float]]


def _similar(
    old: Sequence[str], new: Sequence[str], free_old: Sequence[int], free_new: Sequence[int], evidence: _Evidence
) -> Scores:
    """Give (similarity, evidence) of all free pairs that may be linked."""
    import numpy as np
    from rapidfuzz.process import cdist

    out: Scores = {}
    right = [new[j] for j in free_new]
    # rows in blocks, so that a text of many thousand sentences needs no matrix of all pairs at once
    for start in range(0, len(free_old), BLOCK):
        rows = free_old[start : start + BLOCK]
        matrix = cdist(
            [old[i] for i in rows],
            right,
            scorer=Indel.normalized_similarity,
            score_cutoff=FLOOR,
            dtype=np.float64,
            workers=1,
        )
        for r, c in zip(*(x.tolist() for x in np.nonzero(matrix)), strict=True):
            i, j, sim = rows[r], free_new[c], float(matrix[r, c])
            told = evidence.dice(i, j)
            if told >= EVIDENCE and (sim >= CLOSE or len(evidence.old[i] & evidence.new[j]) >= FEW):
                out[i, j] = (sim, told)
    return out


def _worth(score: tuple[float, float]) -> float:
    return (score[0] + score[1]) / 2


def _paired(scores: Scores, anchors: list[tuple[int, int]], old: Sequence[str]) -> list[tuple[int, int]]:
    """Choose one partner each: sure pairs, then the ordered pass, then the assignment."""
    chosen = _sure(scores)
    open_pairs = _still_open(scores, chosen)
    fixed = anchors + chosen
    pairs = fixed + open_pairs
    weights = [float(max(1, len(old[a]))) for a, _ in fixed] + [_worth(scores[p]) * len(old[p[0]]) for p in open_pairs]
    chosen += [pairs[k] for k in heaviest(pairs, weights, strict=True) if k >= len(fixed)]
    chosen += _assigned(scores, _still_open(scores, chosen))
    return chosen


def _still_open(scores: Scores, chosen: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    used_old, used_new = {a for a, _ in chosen}, {b for _, b in chosen}
    return [(a, b) for a, b in scores if a not in used_old and b not in used_new]


def _sure(scores: Scores) -> list[tuple[int, int]]:
    """Pairs that are each other's best match by a margin."""
    rows: dict[int, list[tuple[float, int]]] = {}
    columns: dict[int, list[tuple[float, int]]] = {}
    for (a, b), score in scores.items():
        rows.setdefault(a, []).append((_worth(score), b))
        columns.setdefault(b, []).append((_worth(score), a))

    def best(ranked: list[tuple[float, int]]) -> int | None:
        ranked.sort(key=lambda x: (-x[0], x[1]))
        clear = len(ranked) == 1 or ranked[0][0] - ranked[1][0] > 0.1
        return ranked[0][1] if ranked[0][0] >= SURE and clear else None

    best_old = {a: best(r) for a, r in rows.items()}
    best_new = {b: best(c) for b, c in columns.items()}
    return [(a, b) for a, b in best_old.items() if b is not None and best_new.get(b) == a]


def _assigned(scores: Scores, pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Assign what is left over, whatever its place."""
    if len(pairs) < 2:
        return list(pairs)
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    rows, columns = sorted({a for a, _ in pairs}), sorted({b for _, b in pairs})
    at_row, at_column = {a: k for k, a in enumerate(rows)}, {b: k for k, b in enumerate(columns)}
    worth = np.zeros((len(rows), len(columns)))
    for a, b in pairs:
        worth[at_row[a], at_column[b]] = _worth(scores[a, b])
    taken = zip(*(x.tolist() for x in linear_sum_assignment(worth, maximize=True)), strict=True)
    return [(rows[r], columns[c]) for r, c in taken if worth[r, c] > 0]


def _split_and_merged(
    links: dict[tuple[int, int], Link], old: Sequence[str], new: Sequence[str], evidence: _Evidence
) -> None:
    """Join left-over sentences to a neighbour's partner where the joined text is closer to it.

    In rounds, because a sentence may fall into three: each round takes the best gains that do not touch each other.
    """
    while steps := sorted(
        [x for merging in (True, False) for x in _joinings(links, old, new, evidence, merging=merging)],
        key=lambda s: (-s[0], s[1]),
    ):
        touched: set[tuple[str, int]] = set()
        for _, (a, b), partners, similarity, label in steps:
            here = {("a", a), ("b", b), *(("a", p[0]) for p in partners), *(("b", p[1]) for p in partners)}
            if touched & here:
                continue
            touched |= here
            for key in [k for k, x in links.items() if x.weak and (k[0] == a if label == "merged" else k[1] == b)]:
                del links[key]
            for key in (*partners, (a, b)):
                links[key] = Link(*key, label, False, False, similarity)


Joining = tuple[float, tuple[int, int], list[tuple[int, int]], float, str]


def _joinings(
    links: dict[tuple[int, int], Link], old: Sequence[str], new: Sequence[str], evidence: _Evidence, *, merging: bool
) -> list[Joining]:
    """List possible merges (or, with the sides exchanged, splits)."""
    side, other = (0, 1) if merging else (1, 0)
    left, right = (old, new) if merging else (new, old)
    told_left, told_right = (evidence.old, evidence.new) if merging else (evidence.new, evidence.old)
    label, against = ("merged", "split") if merging else ("split", "merged")
    group: dict[int, list[int]] = {}
    busy: set[int] = set()
    for key, link in links.items():
        if link.label != "kept" and link.label != against:
            group.setdefault(key[other], []).append(key[side])
        if not link.weak:
            busy.add(key[side])
    found: list[Joining] = []
    for target, members in group.items():
        members.sort()
        if members[-1] - members[0] != len(members) - 1:
            continue
        before = _alike("".join(left[m] for m in members), right[target])
        for extra in (members[0] - 1, members[-1] + 1):
            if not 0 <= extra < len(left) or extra in busy:
                continue
            joined = "".join(left[m] for m in sorted([*members, extra]))
            after = _alike(joined, right[target])
            if after <= before or not _contained(told_left[extra], told_right[target], evidence.weight):
                continue
            pair = (extra, target) if merging else (target, extra)
            partners = [(m, target) if merging else (target, m) for m in members]
            found.append((after - before, pair, partners, after, label))
    return found


def _alike(old: str, new: str) -> float:
    return Indel.normalized_similarity(old, new)


def _contained(part: frozenset[str], whole: frozenset[str], weight: dict[str, float]) -> bool:
    total = sum(weight[w] for w in sorted(part))
    return total > 0 and sum(weight[w] for w in sorted(part & whole)) >= CONTAINED * total


def _rewritten(links: dict[tuple[int, int], Link], old: Sequence[str], new: Sequence[str], evidence: _Evidence) -> None:
    """Link left-over sentences between the same two anchors that share rare words; such links are weak.

    Where each side has a single one, one rare word is enough if the sentences are alike as the ordered pass asks.
    """
    chain = _in_order(links, old, new)
    used_old, used_new = {a for a, _ in links}, {b for _, b in links}
    anchors = [(-1, -1), *chain, (len(old), len(new))]
    for (a0, b0), (a1, b1) in pairwise(anchors):
        gap_old = [i for i in range(a0 + 1, a1) if i not in used_old]
        gap_new = [j for j in range(b0 + 1, b1) if j not in used_new]
        if not (0 < len(gap_old) <= GAP and 0 < len(gap_new) <= GAP):
            continue
        lone = len(gap_old) == len(gap_new) == 1
        ranked = sorted(
            (-evidence.dice(i, j), i, j)
            for i in gap_old
            for j in gap_new
            if evidence.rare(i, j)
            and (len(evidence.old[i] & evidence.new[j]) > 1 or (lone and _alike(old[i], new[j]) >= FLOOR))
        )
        taken: list[tuple[int, int]] = []
        for _, i, j in ranked:
            if all((i - x) * (j - y) > 0 for x, y in taken):
                taken.append((i, j))
                links[i, j] = Link(i, j, "reworded", False, True, _alike(old[i], new[j]))


def _shared_words(link: Link, old: Sequence[str], new: Sequence[str]) -> float:
    return max(0.5, link.similarity * (len(old[link.a]) + len(new[link.b])) / 2)


def _in_order(links: dict[tuple[int, int], Link], old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    pairs = sorted(links)
    return [pairs[k] for k in heaviest(pairs, [_shared_words(links[p], old, new) for p in pairs], strict=False)]


def _with_moves(links: dict[tuple[int, int], Link], old: Sequence[str], new: Sequence[str]) -> list[Link]:
    in_order = set(_in_order(links, old, new))
    return [replace(links[pair], moved=pair not in in_order) for pair in sorted(links)]
