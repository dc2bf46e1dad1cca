"""Compare successive assessments: what was carried over, reworded, added, dropped and moved, and why it may matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cablelab.comparison.comparison import Comparison, build
from cablelab.comparison.lexicon import DEFAULT, Lexicon
from cablelab.comparison.model import Laid, Step, Version
from cablelab.comparison.reading import remarks, versions
from cablelab.errors import TooFewCables

if TYPE_CHECKING:
    from cablelab.corpus import Corpus

__all__ = ["Comparison", "Laid", "Lexicon", "Step", "Version", "compare"]


def compare(corpus: Corpus, *cables: str, lexicon: Lexicon = DEFAULT) -> Comparison:
    r"""Lay successive cables side by side.

    Parameters
    ----------
    corpus
        The corpus that holds them.
    *cables
        Two or more ids, the earliest first; each is compared with the one before it.
    lexicon
        Word lists by which changes are explained; `Lexicon().extended(boosters={...})` adds to ours.

    Returns
    -------
    Comparison
        Frames `sentences`, `links`, `words`, `changes`, `paragraphs`, `threads`, `carry_over`, `lengths`, and the
        views.

    Raises
    ------
    UnknownCable
        If the corpus does not hold one of them; the message names the nearest ids.
    TooFewCables
        If fewer than two are named.

    Examples
    --------
    >>> import cablelab as cl
    >>> old = "UNCLAS OSLO 000001\nSUBJECT: PORTS\n\n1. Post recommends very strongly against a change."
    >>> new = "UNCLAS OSLO 000002\nSUBJECT: PORTS\n\n1. Post recommends against a change."
    >>> corpus = cl.parse([old, new])
    >>> cl.compare(corpus, *corpus.cables["cable"]).changes["old"].to_list()
    ['very strongly']
    """
    if len(cables) < 2:
        raise TooFewCables(cables)
    chain = versions(corpus, list(cables))
    return build(chain, remarks(corpus, chain), lexicon)
