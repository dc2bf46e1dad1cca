"""How telling a change is: points, each with its name and the words of the cables that earn them.

What analysts choose from real pairs is a fact newly reached, a new subject, a changed judgment of the post; figures
that only roll forward, and sentences that belong to the form of a report, come last. The points were set on real pairs
(`../shared/gold/compare/top_changes.json`), a pair left out at a time; no class of change goes before another whatever
it says.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain

from cablelab.comparison.evidence import stem
from cablelab.comparison.figures import Figure, is_value
from cablelab.comparison.lexicon import Lexicon, phrases_in
from cablelab.comparison.model import WORD, Change, Edit, Part, Sentence, Version
from cablelab.comparison.sentences import normal

POINTS = {
    "told nowhere before": 2.0,  # ten words or more that the older cable has nowhere; fewer in proportion
    "told nowhere after": 3.0,  # the same of words that are gone
    "outcome": 2.5,  # a word of an event that settles something
    "verdict of the post": 1.0,
    "comment": 1.0,  # it stands in a comment of the post
    "strength of a verdict": 2.0,  # on top of `stance`
    "stance": 3.0,  # a booster, hedge, negation, obligation or concession lost or gained, the rest standing
    "stance in a rewrite": 2.5,  # the same where the sentence is written anew
    "focused": 1.0,  # few words of a sentence changed, the rest stands
    "place": 0.5,  # the first sentence of the cable; later ones in proportion
    "figure": 1.0,
    "added": 0.5,
    "dropped": -2.0,
    "said before": -2.0,  # a cable before the older one has it
    "a word or two": -3.0,
    "words kept": -3.0,
    "form of the report": -1.5,
}
"""What each part is worth. Set on real pairs; `tests.benchmarks.fit_points` says how well they do where left out."""

# an outcome that so many sentences of the other cable tell is what both are about
SUBJECT = 4
FRESH_ENOUGH = 10
FEW_WORDS = 14
FOCUSED = 0.6
SHOWN = 6
_POINTING = re.compile(r"\bref [a-z]\b|\bparagraphs? \d")
SHORT = 6


@dataclass(frozen=True, slots=True)
class Draft:
    """A row before it has points: what `changes` found out about it."""

    kind: str
    order: int
    reasons: Sequence[str]
    signals: Sequence[str]
    old: str
    new: str
    sentences_a: tuple[int, ...]
    sentences_b: tuple[int, ...]
    telling: Edit | None = None
    similarity: float | None = None
    moved: bool = False
    weak: bool = False
    comment: bool = False
    again: bool = False
    only_values: bool = False
    verdict: tuple[bool, str] | None = None
    stances: Sequence[str] = ()
    figures: Sequence[Figure] = field(default=())


class BothCables:
    """Both cables of a step and the stems that each tells."""

    def __init__(self, old: Version, new: Version, lexicon: Lexicon) -> None:
        self.old, self.new, self.lexicon = old, new, lexicon
        self.stems_old, self.stems_new = (_telling(v) for v in (old, new))

    def nowhere(self, words: tuple[str, ...], there: Mapping[str, int]) -> list[str]:
        """List the telling words whose stems are not in the other cable."""
        alone = stems(words).difference(there)
        out: dict[str, str] = {}
        for w in words if alone else ():
            if (
                (s := stem(w)) in alone
                and s not in out
                and _tells(w, self.lexicon.function_words, self.lexicon.numbers)
            ):
                out[s] = w
        return list(out.values())

    def outcomes(self, text: str, words: Sequence[str], there: Mapping[str, int]) -> list[str]:
        """List the words of outcomes.

        A capital within a sentence makes a name of one (*the Assistance Agreement*); what the other cable tells again
        and again is its subject, and no news.
        """
        found = [w for w in phrases_in(words, self.lexicon.outcomes) if there.get(stem(w), 0) < SUBJECT]
        if not found or text.isupper():
            return found
        names = {w.lower() for w in WORD.findall(text)[1:] if w[0].isupper()}
        return [w for w in found if w.split()[0] not in names]

    def is_form(self, text: str, words: Sequence[str]) -> bool:
        """Tell whether a sentence belongs to the form of a report: questions, references, a heading's few words."""
        lowered = text.lower()
        if len(words) < SHORT or lowered.endswith("?") or lowered.startswith("question"):
            return True
        pointing = ("ref " in lowered or "paragraph" in lowered) and _POINTING.search(lowered)
        return bool(pointing or phrases_in(words, self.lexicon.forms))


@lru_cache(maxsize=1 << 16)
def _tells(word: str, function_words: frozenset[str], numbers: frozenset[str]) -> bool:
    return len(word) > 1 and word not in function_words and not is_value(word, numbers)


@lru_cache(maxsize=1 << 13)
def stems(words: tuple[str, ...]) -> frozenset[str]:
    """List the stems of the words of a sentence."""
    return frozenset(map(stem, words))


def _telling(version: Version) -> Mapping[str, int]:
    """Count for each stem the sentences that tell it."""
    return dict(Counter(chain.from_iterable(stems(s.words) for s in version.sentences)))


def scored(d: Draft, both: BothCables) -> Change:
    """Give a row its points, its parts, and the reasons with their words."""
    old = [both.old.sentences[i] for i in d.sentences_a]
    new = [both.new.sentences[j] for j in d.sentences_b]
    lone = d.kind in ("added", "dropped", "rewritten")
    if lone:
        parts, fresh = _lone_parts(d, both, old, new)
    else:
        parts, fresh = _linked_parts(d, both, old, new)
    side, version = (new, both.new) if new else (old, both.old)
    parts.append(Part("place", POINTS["place"] * (1 - side[0].sentence / max(1, len(version.sentences)))))
    reasons = list(d.reasons)
    if d.verdict:
        of_post, words = d.verdict
        whose = f"verdict of {'the post' if of_post else 'others'}"
        if of_post:
            parts.append(_part(whose, words))
        reasons.insert(0, f"{whose}: {words}")
    part = version.parts.get(side[0].paragraph)
    if part == "comment":
        parts.append(_part("comment"))
    outcomes = next((p.words for p in parts if p.name == "outcome"), ())
    if outcomes:
        reasons.insert(0, f"outcome: {', '.join(outcomes)}")
    if fresh and lone:
        reasons.append(f"told nowhere {'after' if d.kind == 'dropped' else 'before'}: {', '.join(fresh[:SHOWN])}")
    parts = [p for p in parts if round(p.points, 2)]
    lead_a, lead_b = (old[0].sentence if old else None), (new[0].sentence if new else None)
    if d.kind == "rewritten":
        # no older sentence stands for one of the newer: the older side is the paragraph
        lead_a = None
    return Change(
        d.kind, d.order, tuple(reasons), tuple(d.signals or outcomes),
        " ".join(s.text for s in old) if lone else d.old, " ".join(s.text for s in new) if lone else d.new,
        d.sentences_a, d.sentences_b, lead_a, lead_b,
        (d.telling.start_a, d.telling.end_a) if d.telling else (old[0].start, old[-1].end) if old else None,
        (d.telling.start_b, d.telling.end_b) if d.telling else (new[0].start, new[-1].end) if new else None,
        d.similarity, d.moved, d.weak, round(sum(p.points for p in parts), 2), tuple(parts),
    )  # fmt: skip


Found = tuple[list[Part], list[str]]


def _lone_parts(d: Draft, both: BothCables, old: Sequence[Sentence], new: Sequence[Sentence]) -> Found:
    here, there = (new, both.stems_old) if new else (old, both.stems_new)
    texts = [s.text for s in here]
    form = [both.is_form(text, s.words) for text, s in zip(texts, here, strict=True)]
    fresh = max((both.nowhere(s.words, there) for s in here), key=len)
    name = "told nowhere after" if d.kind == "dropped" else "told nowhere before"
    parts = [_fresh(name, fresh)]
    outcomes = [
        w
        for s, text, of_form in zip(here, texts, form, strict=True)
        if not of_form
        for w in both.outcomes(text, s.words, there)
    ]
    if outcomes:
        parts.append(_part("outcome", *dict.fromkeys(outcomes[:3])))
    parts.append(_part("dropped" if d.kind == "dropped" else "added"))
    if d.again:
        parts.append(_part("said before"))
    if all(form):
        parts.append(_part("form of the report"))
    return parts, fresh


def _linked_parts(d: Draft, both: BothCables, old: Sequence[Sentence], new: Sequence[Sentence]) -> Found:
    was, now = tuple(normal(d.old)), tuple(normal(d.new))
    fresh, gone = both.nowhere(now, both.stems_old), both.nowhere(was, both.stems_new)
    substance = [w for w in (*now, *was) if w not in both.lexicon.function_words]
    outcomes = both.outcomes(d.new, now, both.stems_old)
    parts = [_fresh("told nowhere before", fresh)]
    if gone:
        parts.append(_fresh("told nowhere after", gone, half=True, room=FRESH_ENOUGH - len(fresh)))
    if outcomes:
        parts.append(_part("outcome", *dict.fromkeys(outcomes[:3])))
    if (d.similarity or 0) >= FOCUSED and 0 < len(substance) <= FEW_WORDS:
        parts.append(_part("focused"))
    if d.stances and not d.weak:  # words lost between two sentences that may not be one are none
        parts.append(_part("stance" if (d.similarity or 0) >= FOCUSED else "stance in a rewrite", *d.stances))
        if d.verdict and d.verdict[0]:
            parts.append(_part("strength of a verdict", d.verdict[1]))
    if d.only_values:
        parts.append(_part("figure", *(str(f) for f in d.figures)))
    hard = bool(d.signals) and any(r.startswith(("booster", "negation", "obligation")) for r in d.stances)
    if not was and not now:
        parts.append(_part("words kept"))
    if len(substance) <= 2 and not hard:
        parts.append(_part("a word or two"))
    if both.is_form(new[0].text, new[0].words):
        parts.append(_part("form of the report"))
    return parts, fresh


def _part(name: str, *words: str) -> Part:
    return Part(name, POINTS[name], words)


def _fresh(name: str, words: Sequence[str], *, half: bool = False, room: int = FRESH_ENOUGH) -> Part:
    count = min(len(words) / (2 if half else 1), max(0, room))
    return Part(name, POINTS[name] * min(count, FRESH_ENOUGH) / FRESH_ENOUGH, tuple(words[:SHOWN]))
