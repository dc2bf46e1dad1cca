"""The comparison of two or more cables: what it holds, and the frames it gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import polars as pl

from cablelab.comparison import tables
from cablelab.comparison.align import Codes, align
from cablelab.comparison.changes import lone_paragraphs, rank
from cablelab.comparison.claims import claims
from cablelab.comparison.evidence import units
from cablelab.comparison.lexicon import Lexicon
from cablelab.comparison.model import OUTCOMES, Laid, Link, Missing, Step, Thread, Version
from cablelab.comparison.remarks import oddities
from cablelab.comparison.threads import compose
from cablelab.comparison.words import edits
from cablelab.errors import InvalidQuery
from cablelab.escaping import visible

# where no two left-over sentences share this much of what both tell (half is all), none was linked firmly: 128 steps of
# real chains, 25 links
ALIKE = 0.2


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Laid):
    """Successive cables laid side by side; `cablelab.compare` makes it.

    `versions` are the cables in the order given, `steps` each one against the one before. Everything a reader needs
    is in the frames; the views are drawn from the same rows. Frames are built when first asked for.
    """

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

        `kind` says what happened, `reasons` why it may matter, with the words that say so, `signals` those words alone;
        `old` and `new` are the changed words in their original characters, `text_a` and `text_b` the whole sentences.
        `points` put a row where it stands, and `parts` are what they are the sum of, as text; `order` is its class in
        `cablelab.comparison.changes.ORDER`. A row may show several sentences: `sentence_a` and `sentence_b` are the
        first of them. Of a rewritten paragraph `sentence_a` is null, since no older sentence stands for one of the newer:
        `paragraph_a` and `text_a` say what it was. `paragraphs` names all paragraphs as printed, such as `¶3 → ¶7`.
        `remark` says what makes a dropped or added row doubtful; `remarks` of the step says it once.
        """
        return tables.changes(self)

    @cached_property
    def paragraphs(self) -> pl.DataFrame:
        """One row a new or dropped paragraph, with the share of its words that is carried in place.

        `a`, `b`, `state`, `cable`, `paragraph`, `number`, `sentences`, `carried`, `text`, `remark`.
        """
        return tables.paragraphs(self)

    @property
    def thread_list(self) -> tuple[Thread, ...]:
        """The threads, as objects."""
        return self.threads_of

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
    def claims(self) -> pl.DataFrame:
        """One row a saying of a claim: who judges what, how strongly, and when.

        `claim`, `order`, `cable`, `sent`, `whose` (post, others), `words` (those that judge), `strength` (words that
        strengthen, weaken or negate), `changed` (what of these was lost or gained since the claim was last made),
        `sentence`, `paragraph`, `number`, `text`, `start`, `end`. A claim is a verdict and the sentences of other
        cables that it lives on in.
        """
        return tables.claims(self)

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

        Raises
        ------
        InvalidQuery
            If the phrase is empty.

        Examples
        --------
        >>> import cablelab as cl
        >>> head = "UNCLAS OSLO 00000"
        >>> texts = [f"{head}1\nSUBJECT: PORTS\n\n1. All is very well.", f"{head}2\nSUBJECT: PORTS\n\n1. All is well."]
        >>> corpus = cl.parse(texts)
        >>> cl.compare(corpus, *corpus.cables["cable"]).phrase("very well")["count"].to_list()
        [1, 0]
        """
        if not phrase.strip():
            raise InvalidQuery.empty()
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
        return _written(path, self.html())

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
            As for `to_html`, which also tells what is returned.
        """
        from cablelab.comparison.export import csv

        return _written(path, csv(self))

    def __repr__(self) -> str:
        if len(self.versions) == 2:
            counts = dict(self.carry_over.select("outcome", "sentences").iter_rows())
            summary = " · ".join(f"{counts[o]} {o}" for o in OUTCOMES)
            return visible(f"<Comparison {self.cables[0]} → {self.cables[1]} · {summary}>")
        summary = f"{len(self.versions)} cables · {len(self.thread_list)} threads"
        return visible(f"<Comparison {self.cables[0]} → {self.cables[-1]} · {summary}>")

    def _repr_html_(self) -> str:
        from cablelab.comparison.page import fragment

        return fragment(self)


def _written(path: str | Path, text: str) -> Path:
    path = Path(path)
    path.write_text(text, encoding="utf-8", newline="")
    return path


def build(
    versions: Sequence[Version],
    lexicon: Lexicon,
    doubts: Sequence[tuple[str, ...]],
    remarks: Sequence[tuple[str, ...]],
    notes: tuple[str, ...] = (),
    missing: tuple[Missing, ...] = (),
) -> Comparison:
    """Compare versions that are already cut into sentences.

    Parameters
    ----------
    versions
        Two or more, the earliest first.
    lexicon
        The word lists.
    doubts
        For each step what makes `dropped` or `added` doubtful.
    remarks
        For each step what else a reader must know.
    notes
        What holds for the whole.
    missing
        Cables cited between that are not held.
    """
    codes = Codes()
    bare = [
        linked(old, new, codes, doubtful) for old, new, doubtful in zip(versions, versions[1:], doubts, strict=False)
    ]
    judgements = [
        judged(step, bare[n - 1] if n else None, codes, lexicon, of_step)
        for n, (step, of_step) in enumerate(zip(bare, remarks, strict=False))
    ]
    steps, skips = [step for step, _ in judgements], [back for _, back in judgements[1:]]
    threads = compose([s.links for s in steps], skips)
    return Comparison(tuple(versions), tuple(steps), tuple(threads), claims(versions, threads, lexicon), notes, missing)


def linked(old: Version, new: Version, codes: Codes, doubtful: tuple[str, ...] = ()) -> Step:
    """Lay one cable against the one before it: what is kept, reworded, added and dropped, not yet which of it tells."""
    links = align(old.sentences, new.sentences, codes)
    fresh, gone = lone_paragraphs(links, old.sentences, new.sentences)
    runs = edits(links, old.sentences, new.sentences, codes)
    return Step(old, new, links, runs, (), doubtful, (), fresh, gone)


def judged(
    step: Step, before: Step | None, codes: Codes, lexicon: Lexicon, remarks: tuple[str, ...]
) -> tuple[Step, list[Link]]:
    """Rank what changed in a step; with the links of sentences that the step before dropped and that are back."""
    back = _returned(before, step, codes) if before is not None else []
    said_before = {x.b: before.old.cable for x in back} if before is not None else {}
    changes = rank(step.links, step.edits, step.old, step.new, lexicon, said_before)
    return replace(step, changes=changes, remarks=(*oddities(step), *remarks, *step.doubts)), back


def _returned(first: Step, second: Step, codes: Codes) -> list[Link]:
    """Link what one step dropped with what the next one added: sentences that were gone for one cable only."""
    gone, back = first.dropped, second.added
    added_units = [units(s.words) for s in back]
    # a cheap bound first: most left-overs of two steps have nothing to do with each other
    if not any(
        len(here & there) >= ALIKE * (len(here) + len(there))
        for s in gone
        if (here := units(s.words))
        for there in added_units
    ):
        return []
    found = align(gone, back, codes, whole=False)
    return [replace(x, a=gone[x.a].sentence, b=back[x.b].sentence, moved=False) for x in found if not x.weak]
