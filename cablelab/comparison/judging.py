"""Who judges in a sentence, and how strongly: verdicts of the post, verdicts of others, and words of stance.

A verdict is an institution with a judging verb within five words, or a fixed frame such as *no justification for*. It
is the post's own unless its words stand in quotation marks, another's name stands before the institution (*UK
mission*, *embassy of Spain*), or the frame stands in a sentence that reports what somebody said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from cablelab.comparison.lexicon import Lexicon, phrases_in
from cablelab.comparison.model import WORD, Sentence

STANCES = ("booster", "hedge", "negation", "obligation", "concession")
REACH = 6
# what may stand before an institution that is the post's own
_OWN = frozenset(
    [
        "u.s",
        "us",
        "american",
        "therefore",
        "however",
        "thus",
        "but",
        "while",
        "although",
        "moreover",
        "still",
        "meanwhile",
    ]
)
_ARTICLES = frozenset(["a", "an", "the", "no", "any", "every", "each", "this", "that", "another"])
_FIRST_PERSON = ("we", "our")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A judgment: whether it is the post's own, and the words that say so."""

    own: bool
    words: str


@lru_cache(maxsize=1 << 12)
def verdict(sentence: Sentence, lexicon: Lexicon) -> Verdict | None:
    """Find the judgment of a sentence, the post's own before that of others.

    Parameters
    ----------
    sentence
        Any sentence.
    lexicon
        The word lists.

    Examples
    --------
    >>> from cablelab.comparison.lexicon import DEFAULT
    >>> from cablelab.comparison.sentences import of_cable
    >>> text = "Post therefore recommends no change. UK mission supports it. The port was closed."
    >>> for s in of_cable("a", text, [(0, 0, len(text))]):
    ...     print(verdict(s, DEFAULT))
    Verdict(own=True, words='post therefore recommends')
    Verdict(own=False, words='uk mission supports')
    None
    """
    words = sentence.words
    if words and not lexicon.institutions.isdisjoint(words):
        found = _by_institution(sentence, lexicon)
        if found:
            return min(found, key=lambda v: not v.own)
    frames = phrases_in(words, lexicon.frames)
    if not frames:
        return None
    # a clean pattern before costlier looks: the words must stand outside of quotation marks
    quoted = _quoted(sentence)
    at = next((i for i in range(len(words)) if words[i] == frames[0].split()[0]), 0)
    of_post = not (quoted[at] if at < len(quoted) else False) and not phrases_in(words, lexicon.reporting)
    return Verdict(of_post, frames[0])


def _by_institution(sentence: Sentence, lexicon: Lexicon) -> list[Verdict]:
    words, found = sentence.words, []
    quoted: list[bool] | None = None
    for i, word in enumerate(words):
        size = 2 if " ".join(words[i : i + 2]) in lexicon.institutions else 1 if word in lexicon.institutions else 0
        if not size:
            continue
        after = words[i + size : i + size + REACH]
        verbs = [v for v in phrases_in(after, lexicon.judging) if not _is_noun(v, after)]
        if not verbs:
            continue
        end = next(k for k in range(len(after)) if after[k] == verbs[0].split()[0]) + len(verbs[0].split())
        if quoted is None:
            quoted = _quoted(sentence)
        before = words[i - 1] if i else ""
        named = bool(before) and before not in lexicon.function_words and before not in _OWN
        named = named and word not in _FIRST_PERSON and _touching(sentence, i)
        elsewhere = after[0] == "of" and after[1:3] != ("the", "united")
        stranger = named or elsewhere or any(w[0].isupper() for w in _names(sentence, i + size, i + size + end))
        phrase = words[i - named : i + size + end]
        found.append(Verdict(not stranger and not quoted[i], " ".join(phrase)))
    return found


def _is_noun(verb: str, words: Sequence[str]) -> bool:
    """Tell whether a word that may be a verb stands as a noun: *no judge*, *the finds*."""
    return words[max(0, words.index(verb.split()[0]) - 1)] in _ARTICLES


def _touching(sentence: Sentence, i: int) -> bool:
    """Tell whether only a blank stands between a word and the one before it: a full stop or a bracket parts names."""
    (_, end), (start, _) = sentence.places()[i - 1 : i + 1]
    return not sentence.prose[end - sentence.start : start - sentence.start].strip()


def _names(sentence: Sentence, start: int, end: int) -> list[str]:
    """List the words between an institution and its verb as printed, unless the sentence is printed in capitals."""
    text = sentence.prose
    if text.isupper():
        return []
    return [text[a - sentence.start : b - sentence.start] for a, b in sentence.places()[start:end]]


def _quoted(sentence: Sentence) -> list[bool]:
    """Tell for each word whether it stands in quotation marks."""
    text = sentence.prose
    if not any(mark in text for mark in '"“”'):
        return [False] * len(sentence.words)
    out, depth, at = [], False, 0
    for m in WORD.finditer(text):
        for c in text[at : m.start()]:
            depth = True if c == "“" else False if c == "”" else not depth if c == '"' else depth
        at = m.start()
        out.append(depth)
    return out


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
        Such as `["booster lost: very strongly"]` and the words that say so, `["very", "strongly"]`.

    Examples
    --------
    >>> from cablelab.comparison.lexicon import DEFAULT
    >>> stance("post recommends very strongly against it".split(), "post recommends against it".split(), DEFAULT)
    (['booster lost: very strongly'], ['very', 'strongly'])
    """
    reasons: list[str] = []
    signals: list[str] = []
    old, new = (_without_homonyms(side, lexicon) for side in (old, new))
    lists = (lexicon.boosters, lexicon.hedges, lexicon.negation, lexicon.obligation, lexicon.concession)
    for name, listed in zip(STANCES, lists, strict=True):
        before, after = phrases_in(old, listed), phrases_in(new, listed)
        if before == after:
            continue
        for verb, had, has, words in (("lost", before, after, old), ("gained", after, before, new)):
            if gone := Counter(had) - Counter(has):
                changed = [w for w in dict.fromkeys(had) if w in gone]
                reasons.append(f"{name} {verb}: {', '.join(_runs(changed, words))}")
                signals += [w for w in changed if w not in signals]
    return reasons, signals


def _runs(phrases: Sequence[str], words: Sequence[str]) -> list[str]:
    """Join phrases that follow one another in a text."""
    text = f" {' '.join(words)} "
    out: list[str] = []
    for phrase in phrases:
        if out and f" {out[-1]} {phrase} " in text:
            out[-1] += f" {phrase}"
        else:
            out.append(phrase)
    return out


def _without_homonyms(words: Sequence[str], lexicon: Lexicon) -> list[str]:
    """Take out what only looks like a hedge: the month of May beside a number, *about* where no number follows."""
    if "may" not in words and "about" not in words:
        return list(words)
    counts = [w[0].isdigit() or w[0] in "$€£" or w in lexicon.numbers for w in words]
    out = []
    for i, w in enumerate(words):
        dated = w == "may" and any(x[0].isdigit() for x in words[max(0, i - 1) : i + 2])
        of_a_subject = w == "about" and not any(
            counts[i + 1 : i + 3] if "a" in words[i + 1 : i + 2] else counts[i + 1 : i + 2]
        )
        if not dated and not of_a_subject:
            out.append(w)
    return out
