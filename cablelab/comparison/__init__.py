"""Compare successive assessments: what was carried over, reworded, added, dropped and moved, and why it may matter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cablelab.comparison.comparison import Comparison, build
from cablelab.comparison.copies import COPY, apart, normal
from cablelab.comparison.lexicon import DEFAULT, Lexicon
from cablelab.comparison.model import Laid, Step, Version
from cablelab.comparison.reading import in_time, keys_of, versions
from cablelab.comparison.remarks import doubts, gaps, missing
from cablelab.errors.arguments import of_corpus

if TYPE_CHECKING:
    import polars as pl

    from cablelab.corpus import Corpus

__all__ = ["Comparison", "Laid", "Lexicon", "Step", "Version", "compare"]


@of_corpus
def compare(
    corpus: Corpus, *cables: str | pl.DataFrame, lexicon: Lexicon = DEFAULT, hidden: bool = False
) -> Comparison:
    r"""Lay successive cables side by side.

    Parameters
    ----------
    corpus
        The corpus that holds them.
    *cables
        Two or more ids, however written; each cable is compared with the one before it in time. One id stands for the
        chain of `cl.chains` that it belongs to, and so does a frame with the steps of one chain. `07ASTANA3256@0` is the
        first copy of that cable that was released, see `cl.versions`.
    lexicon
        Word lists by which changes are explained; `Lexicon().extended(boosters={...})` adds to ours.
    hidden
        Of copies of one cable: show the words that one of them hides, too. They can name people in danger.

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
        If fewer than two are named, and the one stands in no chain.
    SameCable
        If one is named twice.
    NotCables
        If a list, or a frame that is not the steps of one chain, is given.

    Examples
    --------
    >>> import cablelab as cl
    >>> old = "UNCLAS OSLO 000001\nSUBJECT: PORTS\n\n1. Post recommends very strongly against a change."
    >>> new = "UNCLAS OSLO 000002\nSUBJECT: PORTS\n\n1. Post recommends against a change."
    >>> corpus = cl.parse([old, new])
    >>> cl.compare(corpus, *corpus.cables["cable"]).changes["old"].to_list()
    ['very strongly']
    """
    if any(isinstance(cable, str) and COPY.fullmatch(cable) and cable not in corpus for cable in cables):
        cables = tuple(normal(corpus, cable) if isinstance(cable, str) else cable for cable in cables)
        corpus = apart(corpus, [cable for cable in cables if isinstance(cable, str)], hidden)
    given = versions(corpus, keys_of(corpus, cables))
    chain = in_time(given)
    notes: tuple[str, ...] = ()
    if len(cables) > 1 and [v.cable for v in chain] != [v.cable for v in given]:
        notes = (
            f"Named in another order; laid out from the earliest, {chain[0].cable}, to the latest, {chain[-1].cable}",
        )
    return build(chain, lexicon, *told(corpus, chain), notes, missing(chain, held(corpus, chain)))


def told(corpus: Corpus, chain: Sequence[Version]) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """Say for each step of a chain what makes it doubtful, and what else is to be known of it."""
    return doubts(chain, held(corpus, chain)), gaps(chain)


def held(corpus: Corpus, chain: Sequence[Version]) -> set[str]:
    """Give the cables cited by a chain that the corpus holds."""
    return {target for v in chain for target in v.cites if target in corpus}
