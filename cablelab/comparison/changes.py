"""What changed, and why it may matter: every change of one step with its reasons, ranked in a documented order.

There is no score. Each change falls into the first class of `ORDER` that fits; inside a class verdicts come first,
then the more focused edit (higher similarity), then the place in the newer cable. Reasons are found by comparing
whole sentences with the lists of a `Lexicon`, so that a user can see, and change, why a row stands where it does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from cablelab.comparison.align import FIRM, Link
from cablelab.comparison.lexicon import Lexicon, phrases_in
from cablelab.comparison.sentences import Sentence
from cablelab.comparison.words import Edit

KINDS = ("reworded", "value changed", "function words", "split", "merged", "moved", "added", "dropped")
ORDER = (
    "a verdict whose strength, negation, obligation or concession changed",
    "a verdict, or a sentence of a comment, dropped or added",
    "negation or obligation gained or lost",
    "a verdict reworded",
    "a booster, hedge or concession gained or lost",
    "a sentence dropped from or added to a paragraph that lives on",
    "a sentence reworded in substance",
    "numbers or dates changed, nothing else",
    "a sentence of a dropped or new paragraph",
    "a sentence split, merged or moved, its words kept",
    "function words only",
)
_STANCE = ("booster", "hedge", "negation", "obligation", "concession")


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one step.

    `sentences_a` and `sentences_b` are several only in a split or merge, and empty if added or dropped;
    `place_a` and `place_b` are offsets of the most telling words in the message texts.
    """

    order: int
    kind: str
    reasons: tuple[str, ...]
    signals: tuple[str, ...]
    old: str
    new: str
    sentences_a: tuple[int, ...]
    sentences_b: tuple[int, ...]
    place_a: tuple[int, int] | None
    place_b: tuple[int, int] | None
    similarity: float | None
    moved: bool
    weak: bool


def is_verdict(words: Sequence[str], lexicon: Lexicon) -> bool:
    """Tell whether a sentence judges: an institution with a judging verb within five words, or a fixed frame.

    Parameters
    ----------
    words
        Words of one sentence in normal form.
    lexicon
        The word lists.

    Examples
    --------
    >>> from cablelab.comparison.lexicon import DEFAULT
    >>> is_verdict("post therefore recommends no change".split(), DEFAULT)
    True
    >>> is_verdict("the port was closed".split(), DEFAULT)
    False
    """
    if phrases_in(words, lexicon.frames):
        return True
    for i, word in enumerate(words):
        judge = word in lexicon.institutions or (i and f"{words[i - 1]} {word}" in lexicon.institutions)
        if judge and phrases_in(words[i + 1 : i + 7], lexicon.judging):
            return True
    return False


def stance(old: Sequence[str], new: Sequence[str], lexicon: Lexicon) -> tuple[list[str], list[str]]:
    """Name what was lost and gained between two wordings: boosters, hedges, negation, obligation, concession.

    Parameters
    ----------
    old, new
        Words of both wordings in normal form.
    lexicon
        The word lists.

    Returns
    -------
    reasons, signals
        Such as `["booster lost"]` and the words that say so, `["very", "strongly"]`.

    Examples
    --------
    >>> from cablelab.comparison.lexicon import DEFAULT
    >>> stance("post recommends very strongly against it".split(), "post recommends against it".split(), DEFAULT)
    (['booster lost'], ['very', 'strongly'])
    """
    reasons: list[str] = []
    signals: list[str] = []
    old, new = _without_may(old), _without_may(new)
    lists = (lexicon.boosters, lexicon.hedges, lexicon.negation, lexicon.obligation, lexicon.concession)
    for name, listed in zip(_STANCE, lists, strict=True):
        before, after = phrases_in(old, listed), phrases_in(new, listed)
        for verb, had, has in (("lost", before, after), ("gained", after, before)):
            if gone := Counter(had) - Counter(has):
                reasons.append(f"{name} {verb}")
                signals += [w for w in dict.fromkeys(had) if w in gone and w not in signals]
    return reasons, signals


def _without_may(words: Sequence[str]) -> list[str]:
    """Take out the month of May, which is no hedge: it stands beside a number."""
    if "may" not in words:
        return list(words)
    beside = [any(w[0].isdigit() for w in words[max(0, i - 1) : i + 2]) for i in range(len(words))]
    return [w for w, dated in zip(words, beside, strict=True) if w != "may" or not dated]


def _is_value(word: str, lexicon: Lexicon) -> bool:
    return any(c.isdigit() for c in word) or all(part in lexicon.numbers for part in word.replace("'s", "").split("-"))


def _normal(words: Sequence[str]) -> list[str]:
    return [w.lower().replace("’", "'") for w in words]


def _describe(
    link: Link, group: tuple[tuple[int, ...], tuple[int, ...]], edits: Sequence[Edit],
    old: Sequence[Sentence], new: Sequence[Sentence], lexicon: Lexicon,
) -> Change:  # fmt: skip
    words_a = [w for i in group[0] for w in old[i].words]
    words_b = [w for j in group[1] for w in new[j].words]
    changed = [e for e in edits if e.op != "equal"]
    touched = _normal([w for e in changed for w in (*e.old, *e.new)])
    substance = [w for w in touched if w not in lexicon.function_words]
    listed, signals = stance(words_a, words_b, lexicon)
    verdict = is_verdict(words_a, lexicon) or is_verdict(words_b, lexicon)
    values = [w for w in substance if _is_value(w, lexicon) or (w == "may" and w not in signals)]
    only_values = bool(values) and len(values) == len(substance)
    focused = link.similarity >= FIRM and not link.weak
    kind = "moved" if link.label == "kept" else link.label
    if link.label == "reworded":
        kind = (
            "value changed" if only_values and not listed else "reworded" if substance or listed else "function words"
        )
    hard = any(r.startswith(("negation", "obligation")) for r in listed)
    if not changed:
        order = 9
    elif kind == "function words":
        order = 10
    elif kind == "value changed":
        order = 7
    elif verdict and listed:
        order = 0
    elif focused and hard:
        order = 2
    elif verdict and substance:
        order = 3
    elif focused and listed:
        order = 4
    else:
        order = 6 if substance else 10
    reasons = (["verdict"] if verdict else []) + listed + (["value changed"] if values else [])
    reasons += [kind] if kind != "value changed" else []
    reasons += ["moved"] if link.moved and kind != "moved" else []
    telling = next((e for e in changed if any(s in " ".join(_normal((*e.old, *e.new))) for s in signals)), None)
    telling = telling or (changed[0] if changed else None)
    return Change(
        order, kind, tuple(reasons), tuple(signals or values),
        " … ".join(" ".join(e.old) for e in changed if e.old), " … ".join(" ".join(e.new) for e in changed if e.new),
        *group,
        (telling.start_a, telling.end_a) if telling else (old[group[0][0]].start, old[group[0][-1]].end),
        (telling.start_b, telling.end_b) if telling else (new[group[1][0]].start, new[group[1][-1]].end),
        link.similarity, link.moved, link.weak,
    )  # fmt: skip


def _lone(sentence: Sentence, side: str, whole: bool, comment: bool, lexicon: Lexicon) -> Change:
    verdict = is_verdict(sentence.words, lexicon)
    kind = "dropped" if side == "a" else "added"
    order = 1 if verdict or (comment and not whole) else 8 if whole else 5
    reasons = [
        *(["verdict"] if verdict else []),
        f"{kind} sentence",
        *(["in a comment"] if comment else []),
        *([f"in a {_STATE[side]} paragraph"] if whole else []),
    ]
    place, here = (sentence.start, sentence.end), (sentence.sentence,)
    if side == "a":
        return Change(order, kind, tuple(reasons), (), sentence.text, "", here, (), place, None, None, False, False)
    return Change(order, kind, tuple(reasons), (), "", sentence.text, (), here, None, place, None, False, False)


_STATE = {"a": "dropped", "b": "new"}


def rank(
    links: Sequence[Link],
    edits: Mapping[tuple[int, int], Sequence[Edit]],
    old: Sequence[Sentence],
    new: Sequence[Sentence],
    lexicon: Lexicon,
    comments: tuple[Set[int], Set[int]] = (frozenset(), frozenset()),
) -> list[Change]:
    """List the changes of one step, most telling first.

    Parameters
    ----------
    links, edits
        As `align` and `edits` give them.
    old, new
        The sentences of both cables.
    lexicon
        The word lists.
    comments
        Positions of the paragraphs that are comments, in the older and in the newer cable: there a post judges.

    Returns
    -------
    list of Change
        In the order of `ORDER`; kept sentences are listed only if they moved.
    """
    out: list[Change] = []
    seen: set[tuple[str, int]] = set()
    for link in links:
        if link.label == "kept":
            if link.moved:
                out.append(_describe(link, ((link.a,), (link.b,)), (), old, new, lexicon))
            continue
        group: tuple[tuple[int, ...], tuple[int, ...]] = ((link.a,), (link.b,))
        found = edits[link.a, link.b]
        if link.label != "reworded":
            key = ("a", link.a) if link.label == "split" else ("b", link.b)
            if key in seen:
                continue
            seen.add(key)
            same = [x for x in links if x.label == link.label and (x.a if key[0] == "a" else x.b) == key[1]]
            group = (tuple(sorted({x.a for x in same})), tuple(sorted({x.b for x in same})))
            found = [e for x in same for e in edits[x.a, x.b]]
        out.append(_describe(link, group, found, old, new, lexicon))
    linked_a, linked_b = {x.a for x in links}, {x.b for x in links}
    fresh, gone = lone_paragraphs(links, old, new)
    out += [
        _lone(s, "a", s.paragraph in gone, s.paragraph in comments[0], lexicon)
        for s in old
        if s.sentence not in linked_a
    ]
    out += [
        _lone(s, "b", s.paragraph in fresh, s.paragraph in comments[1], lexicon)
        for s in new
        if s.sentence not in linked_b
    ]
    return sorted(out, key=_place)


def _place(change: Change) -> tuple[int, bool, float, tuple[int, ...], tuple[int, ...]]:
    at = change.sentences_b or (1 << 30,)
    return change.order, "verdict" not in change.reasons, -(change.similarity or 0.0), at, change.sentences_a


def lone_paragraphs(
    links: Sequence[Link], old: Sequence[Sentence], new: Sequence[Sentence]
) -> tuple[dict[int, float], dict[int, float]]:
    """Find new and dropped paragraphs.

    A paragraph is new (dropped) if less than half of its words stand in sentences that are linked in place, weakly or
    not: a sentence that came from elsewhere does not make its new paragraph an old one.

    Parameters
    ----------
    links
        Links of one step.
    old, new
        The sentences of both cables.

    Returns
    -------
    new, dropped
        Position of the paragraph to the share of its words that is carried in place, 0 to less than 0.5.

    Examples
    --------
    >>> from cablelab.comparison.sentences import of_cable
    >>> lone_paragraphs([], [], of_cable("b", "1. All is well.", [(0, 0, 15)]))
    ({0: 0.0}, {})
    """
    in_place = [x for x in links if not x.moved]

    def lone(sentences: Sequence[Sentence], linked: set[int]) -> dict[int, float]:
        total: Counter[int] = Counter()
        carried: Counter[int] = Counter()
        for s in sentences:
            size = len(s.words)
            total[s.paragraph] += size
            carried[s.paragraph] += size if s.sentence in linked else 0
        return {p: carried[p] / total[p] for p in total if 2 * carried[p] < total[p]}

    return lone(new, {x.b for x in in_place}), lone(old, {x.a for x in in_place})
