"""Sentences that live on over several cables of a chain: consecutive links composed."""

from __future__ import annotations

from collections.abc import Sequence

from cablelab.comparison.model import Link, Thread

Node = tuple[int, int]


def compose(steps: Sequence[Sequence[Link]], skips: Sequence[Sequence[Link]] = ()) -> list[Thread]:
    """Join links of consecutive steps into threads.

    Parameters
    ----------
    steps
        The links from each cable of the chain to the next. Weak links join nothing.
    skips
        The links from each cable to the one after the next, of sentences that the one between has not.

    Returns
    -------
    list of Thread
        Those that reach over at least two cables, in the order of their first sentence. A sentence that was split
        stays one thread.

    Examples
    --------
    >>> step = [Link(0, 1, "kept", False, False, 1.0)]
    >>> [t.members for t in compose([step, [Link(1, 0, "reworded", False, False, 0.8)]])]
    [((0, 0, 'born', False), (1, 1, 'kept', False), (2, 0, 'reworded', False))]
    """
    parent: dict[Node, Node] = {}
    arrived: dict[Node, tuple[str, bool]] = {}

    def root(node: Node) -> Node:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for reach, all_links in ((1, steps), (2, skips)):
        for k, links in enumerate(all_links):
            for link in links:
                if not link.weak:
                    x, y = sorted((root((k, link.a)), root((k + reach, link.b))))
                    parent[y] = x
                    arrived.setdefault((k + reach, link.b), (link.label, link.moved))
    groups: dict[Node, list[Node]] = {}
    for node in sorted(parent):
        groups.setdefault(root(node), []).append(node)
    return [Thread(tuple((*n, *arrived.get(n, ("born", False))) for n in nodes)) for nodes in groups.values()]
