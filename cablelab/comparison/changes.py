"""What changed between two cables, as an analyst would report it: a row for each change, most telling first.

A row is a sentence reworded, split, merged or moved; a run of new or dropped sentences of one paragraph; or a paragraph
rewritten at its place. Rows stand in the order of their points, which `points` gives; each names its reasons with the
words that are the reasons, so that a reader sees, and can change, why it stands where it does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cablelab.comparison.evidence import units
from cablelab.comparison.figures import figures, is_date, is_value
from cablelab.comparison.judging import stance, verdict
from cablelab.comparison.lexicon import Lexicon
from cablelab.comparison.model import Change, Edit, Link, Sentence, Version
from cablelab.comparison.points import BothCables, Draft, scored
from cablelab.comparison.sentences import normal

KINDS = ("reworded", "value changed", "function words", "split", "merged", "moved", "added", "dropped", "rewritten")
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
    "a paragraph rewritten at its place",
)
# likeness from which on a rewording counts as focused on what it changes
FOCUSED = 0.5
# two paragraphs at one place are one rewritten if a sentence links them, or they share this much of what they tell
SAME_MATTER, SAME_UNITS = 0.25, 2
# without a firm link to hold on to, one place is this near, as shares of the cables
SAME_PLACE = 0.2


def rank(
    links: Sequence[Link],
    edits: Mapping[tuple[int, int], Sequence[Edit]],
    old: Version,
    new: Version,
    lexicon: Lexicon,
    said_before: Mapping[int, str] | None = None,
) -> tuple[Change, ...]:
    """List the changes of one step, most telling first.

    Parameters
    ----------
    links, edits
        As `align` and `edits` give them.
    old, new
        Both cables.
    lexicon
        The word lists.
    said_before
        Sentences of the newer cable that the older one has not, but a cable before it, to that cable's key.

    Returns
    -------
    tuple of Change
        By falling points; kept sentences are listed only if they moved.
    """
    rows = Rows(links, edits, old, new, lexicon, said_before or {})
    both = BothCables(old, new, lexicon)
    changes = [scored(d, both) for d in rows.drafts()]
    return tuple(sorted(changes, key=by_points))


def by_points(c: Change) -> tuple[float, int, float, tuple[int, ...], tuple[int, ...]]:
    """Give the key by which rows stand: points, then class, likeness and place."""
    at = c.sentences_b or (1 << 30,)
    return -c.points, c.order, -(c.similarity or 0.0), at, c.sentences_a


@dataclass(frozen=True, slots=True)
class _Run:
    """Neighbouring sentences of one paragraph that stand on one side only."""

    paragraph: int
    sentences: tuple[int, ...]


class Rows:
    """The rows of one step, before they have points."""

    def __init__(
        self,
        links: Sequence[Link],
        edits: Mapping[tuple[int, int], Sequence[Edit]],
        old: Version,
        new: Version,
        lexicon: Lexicon,
        said_before: Mapping[int, str],
    ) -> None:
        self.links, self.edits, self.lexicon, self.said_before = links, edits, lexicon, said_before
        self.old, self.new = old, new
        self.fresh, self.gone = lone_paragraphs(links, old.sentences, new.sentences)
        self.rewritten = self._rewritten()

    def drafts(self) -> list[Draft]:
        """List all rows."""
        out = [self._paragraph(a, b) for a, b in self.rewritten.items()]
        inside = {(a, b) for a, b in self.rewritten.items()}
        seen: set[tuple[str, int]] = set()
        for x in self.links:
            at = self.old.sentences[x.a].paragraph, self.new.sentences[x.b].paragraph
            if x.label == "kept" or (x.weak and at in inside):
                continue
            key = ("a", x.a) if x.label == "split" else ("b", x.b)
            if key not in seen:
                seen.add(key)
                out.append(self._linked(x))
        out += [self._moved(run) for run in self._moved_runs()]
        rewritten_old, rewritten_new = set(self.rewritten), set(self.rewritten.values())
        out += [
            self._lone(r, self.old, "dropped") for r in self._runs(self.old, "a") if r.paragraph not in rewritten_old
        ]
        out += [self._lone(r, self.new, "added") for r in self._runs(self.new, "b") if r.paragraph not in rewritten_new]
        return out

    def _runs(self, version: Version, side: str) -> list[_Run]:
        linked = {getattr(x, side) for x in self.links}
        runs: list[list[int]] = []
        last: Sentence | None = None
        for s in version.sentences:
            if s.sentence in linked:
                continue
            if last and s.sentence == last.sentence + 1 and s.paragraph == last.paragraph:
                runs[-1].append(s.sentence)
            else:
                runs.append([s.sentence])
            last = s
        return [_Run(version.sentences[run[0]].paragraph, tuple(run)) for run in runs]

    def _moved_runs(self) -> list[list[Link]]:
        """Join kept sentences that moved together."""
        runs: list[list[Link]] = []
        for x in self.links:
            if x.label != "kept" or not x.moved:
                continue
            last = runs[-1][-1] if runs else None
            if last and (x.a, x.b) == (last.a + 1, last.b + 1) and self._together(last, x):
                runs[-1].append(x)
            else:
                runs.append([x])
        return runs

    def _together(self, x: Link, y: Link) -> bool:
        old, new = self.old.sentences, self.new.sentences
        return old[x.a].paragraph == old[y.a].paragraph and new[x.b].paragraph == new[y.b].paragraph

    def _rewritten(self) -> dict[int, int]:
        """Pair dropped with new paragraphs that stand between the same neighbours and tell of the same matter."""
        old, new = self.old.by_paragraph(), self.new.by_paragraph()
        firm = [x for x in self.links if not x.moved and not x.weak]
        before_old = _anchors([x.a for x in firm], [x.b for x in firm], old)
        before_new = _anchors([x.b for x in firm], [x.b for x in firm], new)
        told_a, told_b = {x.a for x in self.links if not x.weak}, {x.b for x in self.links if not x.weak}
        linked = {(self.old.sentences[x.a].paragraph, self.new.sentences[x.b].paragraph) for x in self.links}
        gone = {p: _told(old[p]) for p in self.gone if any(s.sentence not in told_a for s in old[p])}
        fresh = {q: _told(new[q]) for q in self.fresh if any(s.sentence not in told_b for s in new[q])}
        out: dict[int, int] = {}
        for p, here in gone.items():
            best: tuple[float, int] | None = None
            for q, there in fresh.items():
                if before_old[p] != before_new[q] or q in out.values():
                    continue
                apart = abs(old[p][0].sentence / len(self.old.sentences) - new[q][0].sentence / len(self.new.sentences))
                if before_old[p] < 0 and apart > SAME_PLACE:
                    continue
                common = len(here & there)
                alike = 2 * common / max(1, len(here) + len(there)) + ((p, q) in linked)
                if alike >= SAME_MATTER and common >= SAME_UNITS and (best is None or alike > best[0]):
                    best = (alike, q)
            if best:
                out[p] = best[1]
        return out

    def _paragraph(self, a: int, b: int) -> Draft:
        linked_a, linked_b = {x.a for x in self.links if not x.weak}, {x.b for x in self.links if not x.weak}
        ids_a = tuple(s.sentence for s in self.old.sentences if s.paragraph == a and s.sentence not in linked_a)
        ids_b = tuple(s.sentence for s in self.new.sentences if s.paragraph == b and s.sentence not in linked_b)
        reasons = [f"rewritten {self.new.paragraph(ids_b[0])}, {self.fresh[b]:.0%} kept".replace("%", " %")]
        return Draft(
            "rewritten", 11, reasons, [], "", "", ids_a, ids_b,
            weak=True, verdict=self._verdict((), ids_b) or self._verdict(ids_a, ()),
            comment=b in self.new.comments,
        )  # fmt: skip

    def _verdict(self, ids_a: Sequence[int], ids_b: Sequence[int]) -> tuple[bool, str] | None:
        sentences = [self.new.sentences[j] for j in ids_b] + [self.old.sentences[i] for i in ids_a]
        found = [v for s in sentences if (v := verdict(s, self.lexicon))]
        best = min(found, key=lambda v: not v.own, default=None)
        return (best.own, best.words) if best else None

    def _lone(self, run: _Run, version: Version, kind: str) -> Draft:
        shares = self.fresh if kind == "added" else self.gone
        ids, whole, comment = run.sentences, run.paragraph in shares, run.paragraph in version.comments
        mine: tuple[tuple[int, ...], tuple[int, ...]] = ((), ids) if kind == "added" else (ids, ())
        found = self._verdict(*mine)
        entire = sum(s.paragraph == run.paragraph for s in version.sentences) == len(ids)
        many = f"{len(ids)} {kind} sentences" if len(ids) > 1 else f"{kind} sentence"
        named = {"added": "new", "dropped": "dropped"}[kind]
        reasons = [f"{named} paragraph {version.paragraph(ids[0])}"] if entire else [many]
        if whole and not entire:
            reasons.append(f"in a {named} paragraph")
        if comment:
            reasons.append("in a comment")
        again = [self.said_before[i] for i in ids if i in self.said_before] if kind == "added" else []
        if again:
            reasons.append(f"said in {again[0]}, not in {self.old.cable}")
        order = 1 if (found and found[0]) or (comment and not whole) else 8 if whole else 5
        return Draft(
            kind, order, reasons, [], "", "", *mine, verdict=found, comment=comment, again=len(again) == len(ids)
        )

    def _moved(self, run: Sequence[Link]) -> Draft:
        ids_a, ids_b = tuple(x.a for x in run), tuple(x.b for x in run)
        return Draft("moved", 9, ["moved"], [], "", "", ids_a, ids_b, similarity=1.0, moved=True)

    def _linked(self, link: Link) -> Draft:
        group = [link]
        if link.label != "reworded":
            side = "a" if link.label == "split" else "b"
            group = [x for x in self.links if x.label == link.label and getattr(x, side) == getattr(link, side)]
        ids_a, ids_b = tuple(sorted({x.a for x in group})), tuple(sorted({x.b for x in group}))
        changed = [e for x in group for e in self.edits[x.a, x.b] if e.op != "equal"]
        words_a = [w for i in ids_a for w in self.old.sentences[i].words]
        words_b = [w for j in ids_b for w in self.new.sentences[j].words]
        listed, signals = stance(words_a, words_b, self.lexicon)
        found = self._verdict(ids_a, ids_b)
        words = [(normal(e.old), normal(e.new)) for e in changed]
        substance = [w for was, now in words for w in (*was, *now) if w not in self.lexicon.function_words]
        values = [w for w in substance if is_value(w, self.lexicon.numbers) or (w == "may" and w not in signals)]
        only_values = bool(values) and len(values) == len(substance) and not listed
        kind = link.label
        if kind == "reworded":
            kind = "value changed" if only_values else "reworded" if substance or listed else "function words"
        weak = any(x.weak for x in group)
        focused = link.similarity >= FOCUSED and not weak
        order = _order(kind, bool(changed), listed, found, substance, focused)
        numbers = [f for was, now in words for f in figures(was, now)]
        reasons = listed + [f"figure: {f}" for f in numbers[:3]]
        if values and not numbers:
            dates = all(is_date(w) or (w.isdigit() and len(w) < 3) for w in values)
            reasons.append(f"{'date' if dates else 'figure'} changed")
        reasons += [kind] if kind != "value changed" else []
        reasons += ["moved"] if link.moved and kind != "moved" else []
        comment = self.new.sentences[ids_b[0]].paragraph in self.new.comments
        reasons += ["in a comment"] if comment else []
        telling = next((e for e in changed if any(s in f"{e.old} {e.new}".lower() for s in signals)), None)
        telling = telling or (changed[0] if changed else None)
        return Draft(
            kind, order, reasons, signals or values,
            " … ".join(e.old for e in changed if e.old), " … ".join(e.new for e in changed if e.new), ids_a, ids_b,
            telling=telling, similarity=link.similarity, moved=link.moved, weak=weak, verdict=found,
            stances=listed, figures=numbers, only_values=only_values, comment=comment,
        )  # fmt: skip


def _order(
    kind: str,
    changed: bool,
    listed: Sequence[str],
    found: tuple[bool, str] | None,
    substance: Sequence[str],
    focused: bool,
) -> int:
    of_post = bool(found) and bool(found and found[0])
    hard = any(r.startswith(("negation", "obligation")) for r in listed)
    if not changed:
        return 9
    if kind == "function words":
        return 10
    if kind == "value changed":
        return 7
    if of_post and listed:
        return 0
    if focused and hard:
        return 2
    if of_post and substance:
        return 3
    if focused and listed:
        return 4
    return 6 if substance else 10


def _told(sentences: Sequence[Sentence]) -> frozenset[str]:
    return frozenset().union(*(units(s.words) for s in sentences))


def _anchors(at: Sequence[int], names: Sequence[int], paragraphs: Mapping[int, Sequence[Sentence]]) -> dict[int, int]:
    """Name for each paragraph the last firm link in order that lies before it, -1 if there is none."""
    out: dict[int, int] = {}
    for p, sentences in paragraphs.items():
        out[p] = max((n for k, n in zip(at, names, strict=True) if k < sentences[0].sentence), default=-1)
    return out


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
