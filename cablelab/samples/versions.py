"""A recurring assessment: its first version, and how each later one is made of the one before, every edit known.

The edits are those of real cables: sentences kept, reworded or put anew, split, merged, dropped, added; paragraphs
rewritten, moved and new; sentences that belong to the form of a report and change every year. They serve to test the
mechanics of a comparison. How well changes are found and ranked is measured on real pairs only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from cablelab.samples.phrases import Choice, Template, Words, fill
from cablelab.samples.truth import Link, Paragraph, Planted
from cablelab.samples.world import Topic, common

# Shares of edits on the sentences of one version; what is left over is kept as it was.
REWORD, SPLIT, DROP, MOVE, ADD, NEW_POINT = 0.35, 0.3, 0.08, 0.05, 0.25, 0.45
# Of the reworded, so many are put in new words throughout.
ANEW = 0.3
# Of the paragraphs of the body, so many are rewritten throughout, and so many go elsewhere as a whole.
REWRITE, CARRY = 0.12, 0.1
# Of the versions, so many say the form's sentence of the year before again; a new paragraph tells what matters so often.
SAME_FORM, MATTERS = 0.4, 0.6
PLANTED = (("strength", 0.4), ("negation", 0.15), ("dropped", 0.15), ("added", 0.2), ("", 0.1))


@dataclass(slots=True)
class Sentence:
    """One sentence of an assessment through the years: `uid` stays while its words change."""

    uid: int
    template: Template
    draws: list[float]
    joined: bool

    def texts(self, words: Words) -> list[str]:
        """Return its words in a version: one sentence, or two."""
        return self.template.sentences(self.draws, words, self.joined)


@dataclass(slots=True)
class Block:
    """One paragraph of an assessment."""

    part: str
    heading: str | None
    sentences: list[Sentence]


class Assessment:
    """The state of one chain: the latest version as sentences with identity, and what may still be added."""

    def __init__(self, topic: Topic, rng: Random, circular: bool) -> None:
        self.topic, self.rng, self.circular = topic, rng, circular
        self.count = 0
        self.order = -1
        self.entries: list[tuple[int, str]] = []
        self.texts: dict[int, list[str]] = {}
        self.points = list(topic.points)
        rng.shuffle(self.points)
        purpose = common()["purpose" if circular else "purpose-bare"]
        opening = [self._new(rng.choice(purpose))]
        if circular:
            opening.append(self._new(common()["eligibility"][0]))
        opening += [self._new(t) for t in _some(rng, topic.summary, 3)]
        self.blocks = [Block("summary", None, opening)]
        for _ in range(rng.randint(3, 4)):
            self._add_point(len(self.blocks))
        comment = _some(rng, topic.comment, 3) + _some(rng, topic.telling, rng.randint(0, 2))
        self.blocks.append(Block("comment", None, [self._new(t) for t in comment]))
        self.update = self._new(rng.choice(common()["updates"]))
        self.form = self._new(rng.choice(common()["forms"]))
        self.blocks[1].sentences.insert(0, self.form)

    def _new(self, template: Template) -> Sentence:
        self.count += 1
        return Sentence(
            self.count, template, [self.rng.random() for _ in range(template.draws)], self.rng.random() < 0.6
        )

    def _add_point(self, at: int, before: set[str] | None = None) -> None:
        """Add a paragraph; one that is new to a later version may open with a sentence that tells much."""
        heading, templates = self.points.pop()
        chosen = _some(self.rng, templates, self.rng.randint(3, 4))
        if before is not None and self.rng.random() < MATTERS:
            chosen = [t for t in _some(self.rng, self.topic.telling, 1) if t.key not in before] + chosen
        self.blocks.insert(at, Block("body", heading, [self._new(t) for t in chosen]))

    def version(
        self, words: Words, cites: bool
    ) -> tuple[list[Paragraph], list[Link], list[int], list[int], Planted | None]:
        """Make the next version.

        Parameters
        ----------
        words
            The words of the country, year and references.
        cites
            Whether the version names the one before it; if so its summary says that it updates it.

        Returns
        -------
        tuple
            Its paragraphs; links to the sentences of the version before; indices of those dropped there and added
            here; and the planted change, if any.
        """
        self.order += 1
        before, old_words, plan = self.entries, {}, None
        if self.order:
            old_words = dict(self.texts)
            plan = self._evolve(words)
        self._cite(cites)
        self.texts = {s.uid: s.texts(words) for b in self.blocks for s in b.sentences}
        self.entries = [(s.uid, t) for b in self.blocks for s in b.sentences for t in self.texts[s.uid]]
        paragraphs = [
            Paragraph([t for s in b.sentences for t in self.texts[s.uid]], b.part, heading=b.heading)
            for b in self.blocks
        ]
        if not self.order:
            return paragraphs, [], [], [], None
        links = _links(before, self.entries)
        dropped = sorted({*range(len(before))} - {k.a for k in links})
        added = sorted({*range(len(self.entries))} - {k.b for k in links})
        return paragraphs, links, dropped, added, self._planted(plan, before, old_words)

    def _cite(self, cites: bool) -> None:
        opening = self.blocks[0].sentences
        here = self.update in opening
        if cites and not here:
            opening.insert(1, self.update)
        elif here and not cites:
            opening.remove(self.update)

    def _evolve(self, words: Words) -> tuple[str, int, str, str] | None:
        """Edit the blocks; return the planted change as kind, uid, words before and after."""
        rng = self.rng
        plan = self._plant(words)
        before = {s.template.key for b in self.blocks for s in b.sentences}
        spared = {plan[1]} if plan else set()
        for block in self.blocks:
            for s in list(block.sentences):
                roll = rng.random()
                if s.uid in spared or s is self.update or s is self.form:
                    continue
                if block.part == "body" and roll < DROP and len(block.sentences) > 2:
                    block.sentences.remove(s)
                elif len(s.template.clauses) == 2 and roll < SPLIT:
                    s.joined = not s.joined
                    if rng.random() < REWORD:
                        _reword(s, rng)
                elif roll > 1 - REWORD:
                    _reword(s, rng)
            if block.part == "body" and rng.random() < REWRITE:
                self._rewrite(block, before, spared)
            elif block.part == "body" and rng.random() < ADD:
                self._grow(block, before)
        self._move(spared)
        self._carry()
        self._say_form_anew(before)
        if self.points and rng.random() < NEW_POINT:
            self._add_point(rng.randint(1, len(self.blocks) - 1), before)
        bodies = [b for b in self.blocks if b.part == "body"]
        if len(bodies) > 4 and rng.random() < 0.5:
            self.blocks.remove(rng.choice(bodies))
        return plan

    def _rewrite(self, block: Block, before: set[str], spared: set[int]) -> None:
        """Put a whole paragraph anew: every sentence in other words, one gone, one new."""
        removable = [s for s in block.sentences if s.uid not in spared and s is not self.form]
        for s in removable:
            _reword(s, self.rng, anew=True)
        if len(removable) > 2:
            block.sentences.remove(self.rng.choice(removable))
        self._grow(block, before)

    def _carry(self) -> None:
        """Put a paragraph of the body elsewhere as a whole."""
        bodies = [b for b in self.blocks if b.part == "body"]
        if len(bodies) > 2 and self.rng.random() < CARRY * len(bodies):
            block = self.rng.choice(bodies)
            self.blocks.remove(block)
            self.blocks.insert(self.rng.randint(1, len(self.blocks) - 1), block)

    def _say_form_anew(self, before: set[str]) -> None:
        """Exchange the sentence that belongs to the form of the report for another one."""
        block = next((b for b in self.blocks if self.form in b.sentences), None)
        left = [t for t in common()["forms"] if t.key not in before]
        if block and left and self.rng.random() > SAME_FORM:
            at = block.sentences.index(self.form)
            self.form = block.sentences[at] = self._new(self.rng.choice(left))

    def _grow(self, block: Block, before: set[str]) -> None:
        """Add a sentence that the version before did not have, so that there is no doubt that it is new."""
        templates = [t for heading, ts in self.topic.points if heading == block.heading for t in ts]
        here = {s.template.key for b in self.blocks for s in b.sentences}
        left = [t for t in templates if t.key not in before | here]
        if left:
            block.sentences.insert(self.rng.randint(0, len(block.sentences)), self._new(self.rng.choice(left)))

    def _move(self, spared: set[int]) -> None:
        """Carry a sentence at least one whole paragraph away, so that there is no doubt which one moved."""
        bodies = [b for b in self.blocks if b.part == "body"]
        if len(bodies) < 2:
            return
        for block in bodies:
            for s in list(block.sentences):
                if self.rng.random() < MOVE and len(block.sentences) > 2 and s.uid not in spared:
                    others = [b for b in bodies if b is not block]
                    target = self.rng.choice(others)
                    block.sentences.remove(s)
                    later = bodies.index(target) > bodies.index(block)
                    target.sentences.insert(len(target.sentences) if later else 0, s)

    def _plant(self, words: Words) -> tuple[str, int, str, str] | None:
        rng = self.rng
        kind = _weighted(rng, PLANTED)
        judged = [s for b in (self.blocks[0], self.blocks[-1]) for s in b.sentences]
        comment = self.blocks[-1].sentences
        if kind in ("strength", "negation"):
            graded = [(s, c) for s in judged for c in s.template.grades if c.grade == kind] or [
                (s, c) for s in judged for c in s.template.grades
            ]
            s, choice = rng.choice(graded)
            return choice.grade, s.uid, *_regrade(s, choice, rng, words)
        if kind == "dropped" and len(comment) > 2:
            s = rng.choice(comment)
            comment.remove(s)
            return kind, s.uid, " ".join(self.texts[s.uid]), ""
        left = [t for t in self.topic.telling if t.key not in {s.template.key for s in comment}]
        if kind == "added" and left:
            s = self._new(rng.choice(left))
            comment.insert(rng.randint(1, len(comment)), s)
            return kind, s.uid, "", " ".join(s.texts(words))
        return None

    def _planted(
        self, plan: tuple[str, int, str, str] | None, before: list[tuple[int, str]], old: dict[int, list[str]]
    ) -> Planted | None:
        if plan is None:
            return None
        kind, uid, was, is_now = plan
        a = _where(before, old, uid, was)
        b = _where(self.entries, self.texts, uid, is_now)
        return Planted(kind, a, b, was, is_now)


def _where(entries: list[tuple[int, str]], texts: dict[int, list[str]], uid: int, words: str) -> int | None:
    """Return the index of the sentence of `uid` that holds `words`, the first of them if none does."""
    found = [i for i, (u, _) in enumerate(entries) if u == uid]
    if not found:
        return None
    holding = [i for i in found if words and words in entries[i][1]]
    return (holding or found)[0]


def _some(rng: Random, templates: Sequence[Template], n: int) -> list[Template]:
    """Choose `n` templates and keep their order."""
    chosen = sorted(rng.sample(range(len(templates)), min(n, len(templates))))
    return [templates[i] for i in chosen]


def _weighted(rng: Random, shares: Sequence[tuple[str, float]]) -> str:
    roll = rng.random()
    for name, share in shares:
        roll -= share
        if roll < 0:
            return name
    return shares[-1][0]


def _reword(s: Sentence, rng: Random, *, anew: bool = False) -> None:
    """Change one or two wordings, or the numbers, now and then all of it; the sentence still judges the same."""
    anew = anew or rng.random() < ANEW
    if anew or (s.template.numbers and rng.random() < 0.5):
        for number in s.template.numbers:
            s.draws[number.at] = rng.random()
        if not anew:
            return
    choices = list(s.template.wordings)
    rng.shuffle(choices)
    for choice in choices if anew else choices[: rng.randint(1, 2)]:
        n = len(choice.options)
        now = int(s.draws[choice.at] * n)
        s.draws[choice.at] = ((now + 1 + rng.randrange(n - 1)) % n + 0.5) / n


def _regrade(s: Sentence, choice: Choice, rng: Random, words: Words) -> tuple[str, str]:
    n = len(choice.options)
    now = int(s.draws[choice.at] * n)
    was = fill(choice.options[now], s.draws, words)
    then = (now + 1 + rng.randrange(n - 1)) % n
    s.draws[choice.at] = (then + 0.5) / n
    return was, fill(choice.options[then], s.draws, words)


def _links(old: list[tuple[int, str]], new: list[tuple[int, str]]) -> list[Link]:
    """Pair the sentences that share an identity, in order of the newer version."""
    places: dict[int, list[int]] = {}
    for i, (uid, _) in enumerate(old):
        places.setdefault(uid, []).append(i)
    pieces: dict[int, list[int]] = {}
    for j, (uid, _) in enumerate(new):
        pieces.setdefault(uid, []).append(j)
    links = []
    for uid, js in pieces.items():
        was = places.get(uid, [])
        if len(was) == len(js):
            links += [
                Link(i, j, "kept" if old[i][1] == new[j][1] else "reworded") for i, j in zip(was, js, strict=True)
            ]
        else:
            label = "split" if len(js) > len(was) else "merged"
            links += [Link(i, j, label) for i in was for j in js]
    links.sort(key=lambda k: (k.b, k.a))
    stay = _heaviest(links, [len(old[k.a][1].split()) + len(new[k.b][1].split()) for k in links])
    return [k if n in stay else replace(k, moved=True) for n, k in enumerate(links)]


def _heaviest(links: list[Link], weights: list[int]) -> set[int]:
    """Return the links of the heaviest chain in which both sides never run backwards."""
    best = list(weights)
    back = [-1] * len(links)
    for j, later in enumerate(links):
        for i in range(j):
            if links[i].a <= later.a and best[i] + weights[j] > best[j]:
                best[j], back[j] = best[i] + weights[j], i
    at = max(range(len(links)), key=best.__getitem__, default=-1)
    chain = set()
    while at >= 0:
        chain.add(at)
        at = back[at]
    return chain
