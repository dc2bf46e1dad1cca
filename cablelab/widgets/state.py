"""What all views share: the selection, the corpus it leaves, the cable being read, what was kept; with undo."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import polars as pl
import traitlets

from cablelab.chaining import chains, of_mission
from cablelab.charts.grouping import meanings
from cablelab.corpus import Corpus
from cablelab.errors import WrongKind
from cablelab.search import counts
from cablelab.widgets.notes import SECTIONS, Notes
from cablelab.widgets.selection import FACETS, Selection

MOST_CHAINS = 300
AT_ONCE = 20_000  # cables whose chains are found within some seconds
_Choice = tuple[Selection, dict[str, str]]


class State(traitlets.HasTraits):
    """One state, many views.

    `selection` is what was chosen from `whole`; `corpus` what it leaves; `code` how to say it in Python; `current` the
    id of the cable being read; `kept` the ids put aside, each with a note. Setting `selection` works out the rest
    before any view hears of it; one that cannot be worked out is refused and leaves everything as it was.

    `kept`, `selections` (saved ones by name), `changes` (marks and notes on what changed between two cables), `chains`
    (decided by hand), `codes` (of cables and paragraphs) and `view` (columns and page size) are noted beside the
    corpus where it lies in a folder; `notes`
    says where.
    """

    whole = traitlets.Instance(Corpus)
    selection = traitlets.Instance(Selection)
    corpus = traitlets.Instance(Corpus)
    code = traitlets.Unicode("corpus")
    current = traitlets.Unicode(None, allow_none=True)
    kept = traitlets.Dict()
    selections = traitlets.Dict()
    changes = traitlets.Dict()
    chains = traitlets.Dict()
    codes = traitlets.Dict()
    view = traitlets.Dict()

    def __init__(self, whole: Corpus) -> None:
        if not isinstance(whole, Corpus):
            raise WrongKind("A view", "a Corpus first", whole)
        self._masks: dict[str, tuple[Any, pl.Series]] = {}
        self._places: tuple[Any, pl.Series] | None = None
        self._values: dict[str, pl.DataFrame] = {}
        self._past: list[_Choice] = []
        self._future: list[_Choice] = []
        self._moving = False
        self._of: Selection | None = None  # the selection that `corpus` is of
        self.notes = Notes(whole)
        noted = {name: self.notes.section(name) for name in SECTIONS}
        # notes on cables that a part of the corpus leaves out stay in the file, and are not shown here
        noted["kept"] = {cable: str(note) for cable, note in noted["kept"].items() if cable in whole}
        self._elsewhere = {k: v for k, v in self.notes.section("kept").items() if k not in noted["kept"]}
        super().__init__(whole=whole, corpus=whole, selection=Selection(), **noted)
        self.observe(self._noted, list(SECTIONS))

    def _noted(self, change: Any) -> None:
        also = self._elsewhere if change.name == "kept" else {}
        self.notes.note(change.name, {**also, **change.new})

    @traitlets.validate("selection")
    def _worked_out(self, proposal: Any) -> Selection:
        return self.check(proposal.value)

    def check(self, selection: Selection) -> Selection:
        """Return the selection if it can be worked out over this corpus; raise what stands against it if not."""
        for facet in FACETS:
            self._mask(selection, facet)
        return selection

    @traitlets.observe("selection")
    def _selected(self, change: Any) -> None:
        if isinstance(change.old, Selection):
            self._remember((change.old, self.kept))
        self.code = self.selection.code()
        self.corpus = self.left()
        self._of = self.selection

    def _mask(self, selection: Selection, facet: str) -> pl.Series | None:
        """Return which rows of `whole.cables` a facet leaves; searched or worked out once for as long as it stands."""
        wanted = selection.facet(facet)
        if facet in self._masks and self._masks[facet][0] == wanted:
            return self._masks[facet][1]
        condition = selection.condition(facet)
        if condition is None:
            return None
        if facet == "query":
            mask = self._count_places(*wanted) > 0
        else:
            mask = self.whole.cables.select(kept=condition.expr(self.whole).fill_null(False))["kept"]
        self._masks[facet] = (wanted, mask)
        return mask

    def _count_places(self, query: str, regex: bool) -> pl.Series:
        if self._places is None or self._places[0] != (query, regex):
            found = counts(self.whole, query, regex=regex)
            cables = self.whole.cables.select("cable").join(found, on="cable", how="left", maintain_order="left")
            self._places = (query, regex), cables["places"].fill_null(0)
        return self._places[1]

    def mask(self, facet: str) -> pl.Series | None:
        """Return which rows of `whole.cables` one facet of the selection leaves; None if it is open."""
        return self._mask(self.selection, facet)

    def rows(self, without: str | None = None) -> pl.Series | None:
        """Return which rows of `whole.cables` the selection leaves, one facet left out; None if all.

        Parameters
        ----------
        without
            A facet of `FACETS` that does not count, as its own counts must not.
        """
        masks = [m for f in FACETS if f != without and (m := self.mask(f)) is not None]
        if not masks:
            return None
        kept = masks[0]
        for mask in masks[1:]:
            kept = kept & mask
        return kept

    @property
    def places(self) -> pl.Series:
        """In how many places of each cable that the selection leaves the words looked for stand; 0 in others. A number a row of `whole.cables`."""
        query, rows = self.selection.facet("query"), self.rows()
        if rows is None or not self.selection.query:
            return pl.zeros(self.whole.cables.height, pl.UInt32, eager=True)
        return self._count_places(*query) * rows

    def cables(self, without: str | None = None, columns: Iterable[str] | None = None) -> pl.DataFrame:
        """Return the rows of `cables` that the selection leaves, one facet left out."""
        rows = self.rows(without)
        frame = self.whole.cables if columns is None else self.whole.cables.select(columns)
        return frame if rows is None else frame.filter(rows)

    def values(self, column: str, rows: pl.Series | None = None) -> pl.DataFrame:
        """Return a column of `cables` as numbers, each beside the row of its cable: to count those is a matter of milliseconds.

        Parameters
        ----------
        column
            A column of String or Enum, or `"tags"`, of which a cable has a row for each that it states.
        rows
            Which rows of `whole.cables` count; None: all.

        Returns
        -------
        DataFrame: `row` (UInt32), `value` (Categorical).
        """
        if column not in self._values:
            cables = self.whole.cables.select(value=column).with_row_index("row")
            if column == "tags":
                once = pl.col("value").cast(pl.List(pl.Categorical)).list.unique(maintain_order=True)
                self._values[column] = cables.with_columns(once).explode("value", empty_as_null=True)
            else:
                self._values[column] = cables.with_columns(pl.col("value").cast(pl.Categorical))
        found = self._values[column]
        return found if rows is None else found.filter(rows.gather(found["row"]) if column == "tags" else rows)

    def left(self, without: str | None = None) -> Corpus:
        """Return the corpus that the selection leaves, one facet left out."""
        selection = self.selection if without is None else self.selection.without(without)
        if selection == self._of:
            return self.corpus
        rows = self.rows(without)
        if rows is None:
            return self.whole
        return self.whole.masked(rows, selection.said())

    @property
    def count(self) -> int:
        """How many cables the selection leaves."""
        rows = self.rows()
        return self.whole.cables.height if rows is None else int(rows.sum())

    def leaves(self, cable: str) -> bool:
        """Say whether the selection leaves a cable of the whole corpus."""
        rows = self.rows()
        return rows is None or bool((rows & (self.whole.cables["cable"] == cable)).any())

    def _remember(self, choice: _Choice) -> None:
        if not self._moving:
            self._past.append(choice)
            self._future.clear()

    @property
    def can_undo(self) -> bool:
        """Whether there is a selection, or something kept, to go back to."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether what was undone can be had again."""
        return bool(self._future)

    def undo(self) -> None:
        """Go back to what was selected and kept before the last choice."""
        self._move(self._past, self._future)

    def redo(self) -> None:
        """Take back an undo."""
        self._move(self._future, self._past)

    def _move(self, source: list[_Choice], target: list[_Choice]) -> None:
        if not source:
            return
        target.append((self.selection, self.kept))
        self._moving = True
        try:
            self.selection, self.kept = source.pop()
        finally:
            self._moving = False

    @cached_property
    def tag_meanings(self) -> dict[str, str]:
        """What each code of the whole corpus stands for; an empty string where that is not known."""
        tags = self.whole.cables.select("tags").explode("tags", empty_as_null=True)["tags"]
        return meanings(self.whole, "tag", tags.drop_nulls().unique().to_list())

    def keep(self, cable: str, note: str | None = None) -> None:
        """Put a cable aside, or change its note."""
        self._keep({**self.kept, cable: self.kept.get(cable, "") if note is None else note})

    def drop(self, cable: str) -> None:
        """Take a cable out of those put aside."""
        self._keep({key: note for key, note in self.kept.items() if key != cable})

    def _keep(self, kept: dict[str, str]) -> None:
        if kept != self.kept:
            self._remember((self.selection, self.kept))
            self.kept = kept


def found_chains(corpus: Corpus, current: str | None = None) -> dict[str, tuple[str, ...]]:
    """Return the chains by their first cable, the longest first; of a large corpus those of the mission that sent `current` alone."""
    if len(corpus) > AT_ONCE:
        corpus = of_mission(corpus, current) if current is not None and current in corpus else corpus.select([])
    found: dict[str, list[str]] = {}
    for chain, cable, previous in chains(corpus).filter(rank=1).select("chain", "cable", "previous").iter_rows():
        found.setdefault(chain, [previous]).append(cable)
    order = sorted(found, key=lambda c: (-len(found[c]), c))[:MOST_CHAINS]
    return {chain: tuple(found[chain]) for chain in order}
