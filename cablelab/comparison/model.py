"""What a comparison is made of: plain values that every other module of this room takes or gives.

They know no corpus, no frame and no page. `Laid` is the whole: versions in order, and a step from each to the next.
Views are drawn from it; `Comparison` above adds the frames and the files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

WORD = re.compile(r"[$€£]?[^\W_]+(?:[-'’.,/&][^\W_]+)*%?")
LABELS = ("kept", "reworded", "split", "merged")
OUTCOMES = ("kept", "reworded", "added", "dropped")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its cable, its place there (from 0), its paragraph's position, its text and its words.

    `start` and `end` are offsets in the message text; `prose` has the length of the text between them, with page breaks
    and markers blanked; `words` are in normal form.
    """

    cable: str
    sentence: int
    paragraph: int
    prose: str
    start: int
    end: int
    words: tuple[str, ...]

    @property
    def text(self) -> str:
        """The sentence on one line."""
        return _on_one_line(self.prose)

    def places(self) -> list[tuple[int, int]]:
        """List the offsets of its words in the message text."""
        return [(self.start + m.start(), self.start + m.end()) for m in WORD.finditer(self.prose)]


@lru_cache(maxsize=1 << 13)
def _on_one_line(prose: str) -> str:
    return " ".join(prose.split())


@dataclass(frozen=True, slots=True)
class Link:
    """One link between sentence `a` of the older and `b` of the newer cable.

    `similarity` is word-level indel, 0 to 1; `probability` how sure the link is, 1 for kept sentences.
    """

    a: int
    b: int
    label: str
    moved: bool
    weak: bool
    similarity: float
    probability: float = 1.0


@dataclass(frozen=True, slots=True)
class Edit:
    """A run of words placed in the two message texts: offsets in characters, and the original characters."""

    a: int
    b: int
    op: str
    start_a: int
    end_a: int
    start_b: int
    end_b: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Part:
    """What puts a change up or down: its name, its points, and the words of the cables that earn them."""

    name: str
    points: float
    words: tuple[str, ...] = ()

    def __str__(self) -> str:
        words = f": {', '.join(self.words)}" if self.words else ""
        return f"{self.name}{words} {self.points:+.1f}"


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one step.

    `sentences_a` and `sentences_b` list every sentence it shows; `lead_a` and `lead_b` are the first one of each side,
    null on a side that has none, and on the older side of a rewritten paragraph, where none stands for the newer ones.
    `place_a` and `place_b` are offsets of the most telling words in the message texts. `points` is the sum of `parts`;
    `order` the class of the change in `ORDER`.
    """

    kind: str
    order: int
    reasons: tuple[str, ...]
    signals: tuple[str, ...]
    old: str
    new: str
    sentences_a: tuple[int, ...]
    sentences_b: tuple[int, ...]
    lead_a: int | None
    lead_b: int | None
    place_a: tuple[int, int] | None
    place_b: tuple[int, int] | None
    similarity: float | None
    moved: bool
    weak: bool
    points: float = 0.0
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, eq=False)
class Version:
    """One cable of the chain: its key, its header's fields, its sentences, its paragraphs' numbers and their parts.

    `numbers` and `parts` map a paragraph's position to the printed number (null if it has none) and to summary,
    comment, note, action or body. `cites` are the cables that it cites.
    """

    cable: str
    fields: dict[str, Any]
    sentences: list[Sentence]
    numbers: dict[int, int | None]
    parts: Mapping[int, str] = field(default_factory=dict)
    cites: tuple[str, ...] = ()

    @cached_property
    def words(self) -> int:
        """Words in its sentences."""
        return sum(len(s.words) for s in self.sentences)

    @cached_property
    def comments(self) -> frozenset[int]:
        """Positions of the paragraphs that are comments: there a post judges."""
        return frozenset(p for p, part in self.parts.items() if part == "comment")

    def by_paragraph(self) -> dict[int, list[Sentence]]:
        """Group its sentences by the position of their paragraph."""
        grouped: dict[int, list[Sentence]] = {}
        for s in self.sentences:
            grouped.setdefault(s.paragraph, []).append(s)
        return grouped

    def paragraph(self, sentence: int) -> str:
        """Name the paragraph of a sentence as printed, `¶7`, or `¶` where it has no number."""
        number = self.numbers.get(self.sentences[sentence].paragraph)
        return "¶" if number is None else f"¶{number}"


@dataclass(frozen=True, eq=False)
class Step:
    """One cable against the one before it.

    `edits` are the word runs of each link (a, b) that is not kept, `changes` what changed, most telling first, and
    `remarks` what a reader must know about the whole step before reading any of it; those of them that make `dropped`
    or `added` uncertain are its `doubts`. `fresh` and `gone` give the
    positions of new paragraphs of the newer and dropped ones of the older cable, each with the share of its words
    that is carried in place.
    """

    old: Version
    new: Version
    links: list[Link]
    edits: dict[tuple[int, int], list[Edit]]
    remarks: tuple[str, ...]
    doubts: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    fresh: Mapping[int, float] = field(default_factory=dict)
    gone: Mapping[int, float] = field(default_factory=dict)

    @property
    def dropped(self) -> list[Sentence]:
        """Sentences of the older cable without a link."""
        linked = {x.a for x in self.links}
        return [s for s in self.old.sentences if s.sentence not in linked]

    @property
    def added(self) -> list[Sentence]:
        """Sentences of the newer cable without a link."""
        linked = {x.b for x in self.links}
        return [s for s in self.new.sentences if s.sentence not in linked]

    @cached_property
    def outcomes(self) -> dict[str, tuple[int, int]]:
        """Sentences and words by outcome: kept, reworded and added of the newer cable, dropped of the older.

        Split and merged sentences count as reworded, weakly linked ones as both added and dropped.
        """
        firm = [x for x in self.links if not x.weak]
        kept = {x.b for x in firm if x.label == "kept"}
        linked_a, linked_b = {x.a for x in firm}, {x.b for x in firm}
        groups = {
            "kept": [s for s in self.new.sentences if s.sentence in kept],
            "reworded": [s for s in self.new.sentences if s.sentence in linked_b - kept],
            "added": [s for s in self.new.sentences if s.sentence not in linked_b],
            "dropped": [s for s in self.old.sentences if s.sentence not in linked_a],
        }
        return {name: (len(group), sum(len(s.words) for s in group)) for name, group in groups.items()}


@dataclass(frozen=True, slots=True)
class Thread:
    """One thread: its members as (place in the chain, sentence, label, moved), in order; the first is `born`."""

    members: tuple[tuple[int, int, str, bool], ...]

    @property
    def born(self) -> int:
        """Place of the first cable that has it."""
        return self.members[0][0]

    @property
    def last(self) -> int:
        """Place of the last cable that has it."""
        return self.members[-1][0]


@dataclass(frozen=True, slots=True)
class Claim:
    """One saying of a claim: which claim, in which cable of the chain (`order`, from 0), in which sentence.

    `own` tells the post's own judgment from that of others; `words` are those that judge, `strength` those that
    strengthen, weaken or negate it, `changed` what of them was lost or gained since the claim was last made.
    """

    claim: int
    order: int
    sentence: int
    own: bool
    words: str
    strength: tuple[str, ...]
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """A cable that one of the chain cites and the corpus does not hold; it lies before version `before` (from 0)."""

    cable: str
    year: int
    before: int
    by: tuple[str, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Laid:
    """Successive cables laid side by side: `versions` in order, `steps` each one against the one before.

    `threads_of` are the sentences that live on over several of them; one that is gone for one cable and back in the
    next is one thread. `claims_of` are the verdicts of the chain. `notes` hold for the whole; `missing` are cables cited
    that lie between and that nobody holds.
    """

    versions: tuple[Version, ...]
    steps: tuple[Step, ...]
    threads_of: tuple[Thread, ...] = ()
    claims_of: tuple[Claim, ...] = ()
    notes: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()

    @property
    def cables(self) -> tuple[str, ...]:
        """The keys of the compared cables, in order."""
        return tuple(v.cable for v in self.versions)
