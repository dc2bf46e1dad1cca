"""The heaviest increasing chain: which links can be read in order in both cables."""

from __future__ import annotations

from collections.abc import Sequence


def heaviest(pairs: Sequence[tuple[int, int]], weights: Sequence[float], *, strict: bool) -> list[int]:
    """Find the heaviest set of pairs that increase on both sides.

    With weights that are similarities and `strict` it is Needleman-Wunsch with free gaps, in O(n log n) of the pairs
    that matter.

    Parameters
    ----------
    pairs
        (a, b), in any order, none twice.
    weights
        A positive weight for each pair.
    strict
        Whether an index may occur in one pair only; if not, neighbours may share one (splits and merges).

    Returns
    -------
    list of int
        Indices into `pairs`, in reading order.

    Examples
    --------
    >>> heaviest([(0, 1), (1, 2), (2, 0)], [1.0, 1.0, 1.5], strict=True)
    [0, 1]
    """
    if not pairs:
        return []
    order = sorted(range(len(pairs)), key=lambda i: (pairs[i][0], -pairs[i][1] if strict else pairs[i][1]))
    size = max(b for _, b in pairs) + 2
    tree: list[tuple[float, int]] = [(0.0, -1)] * (size + 1)
    before = [-1] * len(pairs)
    best_end = (0.0, -1)
    for i in order:
        b = pairs[i][1]
        at, best = (b if strict else b + 1), (0.0, -1)
        while at > 0:
            if tree[at][0] > best[0]:
                best = tree[at]
            at &= at - 1
        total = (best[0] + weights[i], i)
        before[i] = best[1]
        if total[0] > best_end[0]:
            best_end = total
        at = b + 1
        while at <= size:
            if total[0] > tree[at][0]:
                tree[at] = total
            at += at & -at
    chain, i = [], best_end[1]
    while i >= 0:
        chain.append(i)
        i = before[i]
    return chain[::-1]
