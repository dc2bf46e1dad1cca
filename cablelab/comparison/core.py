"""The comparison of two or more cables: what it holds, and the frames it gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from cablelab.comparison import tables
from cablelab.comparison.align import Codes, Link, align
from cablelab.comparison.changes import Change, lone_paragraphs, rank
from cablelab.comparison.lexicon import DEFAULT, Lexicon
from cablelab.comparison.sentences import Sentence
from cablelab.comparison.threads import Thread, compose
from cablelab.comparison.words import Edit, edits
from cablelab.escaping import visible


@dataclass(frozen=True, eq=False)
class Version:
    """One cable of the chain: its key, its header's fields, its sentences, its paragraphs' numbers and its comments."""

    cable: str
    fields: dict[str, Any]
    sentences: list[Sentence]
    numbers: dict[int, int | None]
    comments: frozenset[int] = frozenset()

    @property
    def words(self) -> int:
        """Words in its sentences."""
        return sum(len(s.words) for s in self.sentences)


@dataclass(frozen=True, eq=False)
class Step:
    """One cable against the one before it."""

    old: Version
    new: Version
    links: list[Link]
    edits: dict[tuple[int, int], list[Edit]]
    remarks: tuple[str, ...]
    lexicon: Lexicon = field(repr=False, default=DEFAULT)

    @cached_property
    def changes(self) -> list[Change]:
        """What changed, most telling first."""
        comments = (self.old.comments, self.new.comments)
        return rank(self.links, self.edits, self.old.sentences, self.new.sentences, self.lexicon, comments)

    @cached_property
    def paragraphs(self) -> tuple[dict[int, float], dict[int, float]]:
        """Positions of new and of dropped paragraphs, with the share of their words that is carried in place."""
        return lone_paragraphs(self.links, self.old.sentences, self.new.sentences)

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


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """Successive cables laid side by side; `cablelab.compare` makes it.

    `versions` are the cables in the order given, `steps` each one against the one before. Everything a reader needs
    is in the frames; the views are drawn from the same rows. Frames are built when first asked for.
    """

    versions: tuple[Version, ...]
    steps: tuple[Step, ...]

    @property
    def cables(self) -> tuple[str, ...]:
        """The keys of the compared cables, in order."""
        return tuple(v.cable for v in self.versions)

    @cached_property
    def sentences(self) -> pl.DataFrame:
        """One row a sentence, with its place in the cable and in the message text.

        `cable`, `sentence` (from 0), `paragraph` (its position), `number` (as printed), `text`, `start`, `end`.
        Offsets are characters of the cable's message text, the frame `texts` of the corpus.
        """
        return tables.sentences(self)

    @cached_property
    def links(self) -> pl.DataFrame:
        """One row a link: `a`, `b`, `sentence_a`, `sentence_b`, `label`, `moved`, `weak`, `similarity`.

        `label` is kept, reworded, split or merged; a sentence is in several rows only if it was split or merged.
        `weak` links show a rewrite; they are never counted as carried over.
        """
        return tables.links(self)

    @cached_property
    def words(self) -> pl.DataFrame:
        """One row a run of words: `link` (row of `links`), `op`, `start_a`, `end_a`, `start_b`, `end_b`, `old`, `new`.

        `op` is equal, replace, delete or insert; offsets are characters of both message texts. Kept sentences have no
        rows.
        """
        return tables.words(self)

    @cached_property
    def changes(self) -> pl.DataFrame:
        """One row a change, ranked for each step: what changed, why it may matter, where, and what to doubt.

        `kind` says what happened, `reasons` why it ranks, `remark` what makes it doubtful; `order` is the class in
        `cablelab.comparison.changes.ORDER` that puts it where it stands; `signals` are the words that gave the
        reasons; `old` and `new` the changed words; `text_a` and `text_b` the whole sentences.
        """
        return tables.changes(self)

    @cached_property
    def paragraphs(self) -> pl.DataFrame:
        """One row a new or dropped paragraph, with the share of its words that is carried in place.

        `a`, `b`, `state`, `cable`, `paragraph`, `number`, `sentences`, `carried`, `text`, `remark`.
        """
        return tables.paragraphs(self)

    @cached_property
    def thread_list(self) -> list[Thread]:
        """The threads, as objects."""
        return compose([s.links for s in self.steps])

    @cached_property
    def threads(self) -> pl.DataFrame:
        """One row a sentence that lives on over several cables, with its birth and death.

        `thread`, `born`, `last`, `died`, `cables`, `reworded`, `moved`, `first_text`, `last_text`: `born` and `last`
        are the first and last cable that have it; `died` is the first one without it, null while it lives.
        """
        return tables.threads(self)

    @cached_property
    def members(self) -> pl.DataFrame:
        """One row a thread and a sentence of a cable: the matrix of threads.

        `thread`, `order`, `cable`, `sentence`, `paragraph`, `label` (born, kept, reworded, split, merged), `moved`.
        """
        return tables.members(self)

    @cached_property
    def carry_over(self) -> pl.DataFrame:
        """One row a step and outcome: `step`, `a`, `b`, `outcome`, `sentences`, `words`.

        `outcome` is kept, reworded, added or dropped. Split and merged sentences count as reworded, weakly linked
        ones as both added and dropped; kept, reworded and added are sentences of the newer cable, dropped ones of the
        older.
        """
        return tables.carry_over(self)

    @cached_property
    def lengths(self) -> pl.DataFrame:
        """One row a cable: its length, and its likeness to the one before it.

        `order`, `cable`, `sent`, `paragraphs`, `sentences`, `words`, `similarity`, `carried`: `similarity` is the
        share of both cables' words that stand unchanged in links that are not weak, 0 to 1; `carried` the share of
        the newer cable's sentences that are kept or reworded.
        """
        return tables.lengths(self)

    def phrase(self, phrase: str) -> pl.DataFrame:
        r"""Follow a phrase through the chain.

        Parameters
        ----------
        phrase
            One or more words; case, punctuation and line breaks do not matter.

        Returns
        -------
        DataFrame
            `order`, `cable`, `count`, `sentence`, `paragraph`, `text`: one row a sentence that holds it, and a row
            with count 0 and nulls for each cable that does not.

        Examples
        --------
        >>> import cablelab as cl
        >>> head = "UNCLAS OSLO 00000"
        >>> texts = [f"{head}1\nSUBJECT: PORTS\n\n1. All is very well.", f"{head}2\nSUBJECT: PORTS\n\n1. All is well."]
        >>> corpus = cl.parse(texts)
        >>> cl.compare(corpus, *corpus.cables["cable"]).phrase("very well")["count"].to_list()
        [1, 0]
        """
        return tables.phrase(self, phrase)

    def html(self) -> str:
        """Render the whole comparison as one page: no script, no request, both themes, all text escaped."""
        from cablelab.comparison.page import page

        return page(self)

    def to_html(self, path: str | Path) -> Path:
        """Write `html()` to a file.

        Parameters
        ----------
        path
            Where to write; an existing file is replaced.

        Returns
        -------
        Path
            The file written.
        """
        path = Path(path)
        path.write_text(self.html(), encoding="utf-8")
        return path

    def svg(self, step: int = -1) -> str:
        """Draw one step side by side, with connectors, as SVG.

        Parameters
        ----------
        step
            Which step, from 0; the last one if not given.
        """
        from cablelab.comparison.drawing import side_by_side

        return side_by_side(self.steps[step])

    def to_markdown(self, limit: int | None = None) -> str:
        """Write the ranked changes as a Markdown table, ready to cite.

        It names ids, paragraph numbers, reasons, both wordings and remarks; marks of Markdown in the text are escaped.

        Parameters
        ----------
        limit
            How many changes of each step; all if not given.
        """
        from cablelab.comparison.export import markdown

        return markdown(self, limit)

    def to_csv(self, path: str | Path) -> Path:
        """Write the ranked changes as CSV: ids, paragraph numbers, reasons, both wordings, remarks.

        A cell that a spreadsheet would take for a formula gets an apostrophe in front.

        Parameters
        ----------
        path
            Where to write; an existing file is replaced.

        Returns
        -------
        Path
            The file written.
        """
        from cablelab.comparison.export import csv

        path = Path(path)
        path.write_text(csv(self), encoding="utf-8", newline="")
        return path

    def __repr__(self) -> str:
        if len(self.versions) == 2:
            counts = dict(self.carry_over.select("outcome", "sentences").iter_rows())
            told = " · ".join(f"{counts[o]} {o}" for o in tables.OUTCOMES)
            return visible(f"<Comparison {self.cables[0]} → {self.cables[1]} · {told}>")
        told = f"{len(self.versions)} cables · {len(self.thread_list)} threads"
        return visible(f"<Comparison {self.cables[0]} → {self.cables[-1]} · {told}>")

    def _repr_html_(self) -> str:
        from cablelab.comparison.page import fragment

        return fragment(self)


def build(versions: Sequence[Version], remarks: Sequence[tuple[str, ...]], lexicon: Lexicon) -> Comparison:
    """Compare versions that are already cut into sentences.

    Parameters
    ----------
    versions
        Two or more, the earliest first.
    remarks
        For each step what makes `dropped` or `added` doubtful.
    lexicon
        The word lists.
    """
    codes = Codes()
    steps = []
    for old, new, told in zip(versions, versions[1:], remarks, strict=False):
        linked = align([s.words for s in old.sentences], [s.words for s in new.sentences], codes)
        steps.append(Step(old, new, linked, edits(linked, old.sentences, new.sentences, codes), told, lexicon))
    return Comparison(tuple(versions), tuple(steps))
