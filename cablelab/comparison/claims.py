"""Who judges what, how strongly, and when: the verdicts of a whole chain, one line of claims through time.

A claim is a verdict that lives on in a thread; a verdict that stands in no thread is a claim of its own. Each saying of
it is one row, with the words that judge, the words that strengthen, weaken or negate it, and what of them changed
since the claim was last made.
"""

from __future__ import annotations

from collections.abc import Sequence

from cablelab.comparison.judging import stance, verdict
from cablelab.comparison.lexicon import Lexicon, phrases_in
from cablelab.comparison.model import Claim, Thread, Version

_STRONG = ("boosters", "hedges", "negation", "obligation")


def claims(versions: Sequence[Version], threads: Sequence[Thread], lexicon: Lexicon) -> tuple[Claim, ...]:
    """List the verdicts of a chain, claim by claim, each in the order of the cables.

    Parameters
    ----------
    versions
        The cables of the chain in order.
    threads
        The sentences that live on over several of them.
    lexicon
        The word lists.

    Returns
    -------
    tuple of Claim
        Claims of the post and of others, in the order of their first sentence. A thread is a claim if it judges
        somewhere; its sayings that do not judge are left out.
    """
    thread_of = {(k, i): n for n, t in enumerate(threads) for k, i, _, _ in t.members}
    lines: dict[tuple[int, int] | int, list[tuple[int, int]]] = {}
    for k, version in enumerate(versions):
        for s in version.sentences:
            if verdict(s, lexicon):
                lines.setdefault(thread_of.get((k, s.sentence), (k, s.sentence)), []).append((k, s.sentence))
    out: list[Claim] = []
    for number, sayings in enumerate(sorted(lines.values())):
        before: Sequence[str] | None = None
        for k, i in sayings:
            s = versions[k].sentences[i]
            found = verdict(s, lexicon)
            assert found is not None
            strength = [w for name in _STRONG for w in phrases_in(s.words, getattr(lexicon, name))]
            changed = stance(before, s.words, lexicon)[0] if before is not None else []
            out.append(Claim(number, k, i, found.own, found.words, tuple(dict.fromkeys(strength)), tuple(changed)))
            before = s.words
    return tuple(out)
