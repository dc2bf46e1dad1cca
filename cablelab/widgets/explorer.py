"""The Explorer: narrow a corpus down with an eye on the effect, and read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import ipywidgets
import polars as pl
import traitlets

from cablelab.corpus import Corpus
from cablelab.errors.arguments import of_corpus
from cablelab.export import export
from cablelab.widgets.building import Building, to_compare
from cablelab.widgets.coding import frame
from cablelab.widgets.comparing import Versions
from cablelab.widgets.filters import Filters
from cablelab.widgets.finds import Finds
from cablelab.widgets.panel import Handler, Panel, bundle
from cablelab.widgets.places import PlaceMap
from cablelab.widgets.reader import Reader
from cablelab.widgets.results import Results
from cablelab.widgets.selection import Selection
from cablelab.widgets.state import State
from cablelab.widgets.texts import button
from cablelab.widgets.timeline import Timeline
from cablelab.widgets.tree import Node, h

LOOKED_THROUGH = 200  # cables, for the first with text
BUILD = "look for what the cable being read updates, and what updates it"
COMPARE = "compare the kept cables, or, if there are not two, the chain of the cable being read"


class Toolbar(Panel):
    """Undo and redo, how many cables are left, and the code that leaves them."""

    def __init__(self, state: State, compare: Callable[[], None], build: Callable[[], None]) -> None:
        self.state = state
        self._compare, self._build = compare, build
        super().__init__()
        state.observe(lambda _: self.refresh(), ["selection", "kept", "current"])
        self.refresh()

    def acts(self) -> dict[str, Handler]:
        """Return what each control does."""
        return {
            "undo": self.on_undo,
            "redo": self.on_redo,
            "clear": self.on_clear,
            "compare": self.on_compare,
            "build": lambda *_: self._build(),
            "copied": self.on_copied,
        }

    def draw(self) -> Node:
        """Return the bar as a tree."""
        state = self.state
        left, whole = state.count, len(state.whole)
        cables = "cable" if whole == 1 else "cables"
        copy = {"data-act": "copied", "data-copy": state.code, "title": "copy the code that makes this selection"}
        return h(
            "div",
            None,
            h(
                "div",
                {"class": "cl-bar", "role": "toolbar", "aria-label": "selection"},
                _skip("results", "Skip to the results"),
                _skip("reader", "Skip to the Reader"),
                button("undo", "↶ Undo", "undo the last choice, or what was kept last", state.can_undo),
                button("redo", "↷ Redo", "redo what was undone", state.can_redo),
                button("clear", "Clear", "all cables again", state.selection != Selection()),
                h("output", {"aria-live": "polite", "class": "cl-left"}, f"{left:,} of {whole:,} {cables}"),
                button("compare", "Compare", COMPARE, len(state.kept) > 1 or state.current is not None),
                button("build", "What did this update?", BUILD, state.current is not None),
            ),
            self.alert(),
            h(
                "div",
                {"class": "cl-code"},
                h("button", copy, "Copy code"),
                h(
                    "pre",
                    {"tabindex": "0", "role": "region", "aria-label": "code of this selection"},
                    h("code", None, state.code),
                ),
            ),
        )

    def on_undo(self, *_: Any) -> None:
        """Undo."""
        self.state.undo()

    def on_redo(self, *_: Any) -> None:
        """Redo."""
        self.state.redo()

    def on_clear(self, *_: Any) -> None:
        """Select all cables again."""
        if self.state.selection != Selection():
            self.state.selection = Selection()

    def on_compare(self, *_: Any) -> None:
        """Compare what is kept, or the chain of the cable being read."""
        self._compare()

    def on_copied(self, *_: Any) -> None:
        """Do nothing: the browser has copied the code."""


class Explorer(ipywidgets.VBox):
    """Facets, timeline, results and Reader over one corpus; `cablelab.explore` makes it.

    Traits, all to be read, observed and (but for `corpus` and `code`) set:

    - `selection`: a `Selection`; what was chosen.
    - `corpus`: the Corpus that it leaves.
    - `code`: Python that makes that corpus from the whole one, called `corpus`.
    - `current`: the id of the cable in the Reader.

    `undo()` and `redo()` go through the selections, `compare()` lays cables over each other. The parts are `filters`,
    `toolbar`, `timeline`, `places`, `results`, `finds`, `reader`, and `comparison` once something was compared.
    """

    selection = traitlets.Instance(Selection)
    corpus = traitlets.Instance(Corpus, read_only=True)
    code = traitlets.Unicode("corpus", read_only=True)
    current = traitlets.Unicode(None, allow_none=True)

    def __init__(self, corpus: Corpus | State) -> None:
        state = self.state = corpus if isinstance(corpus, State) else State(corpus)
        self.filters = Filters(state)
        self.toolbar, self.timeline = Toolbar(state, self.compare, self.build), Timeline(state)
        self.places = PlaceMap(state, self.filters.facets)
        self.results, self.reader = Results(state, self.filters.facets), Reader(state, lambda key: self.build(key))
        self.finds = Finds(state, self.reader.read)
        self.comparison: Versions | None = None
        self.building: Building | None = None
        self.filters.layout = ipywidgets.Layout(flex="1 1 250px", min_width="0")
        self.filters.add_class("cl-facets")
        middle = ipywidgets.VBox([self.toolbar, self.timeline, self.places, self.results, self.finds])
        middle.layout = ipywidgets.Layout(flex="4 1 560px", min_width="0")
        self._upper = ipywidgets.HBox([self.filters, middle], layout=ipywidgets.Layout(flex_flow="row wrap"))
        self._upper.add_class("cl-upper")  # panel.css stacks the two where this is narrow
        super().__init__([self._upper, self.reader], selection=state.selection, current=state.current)
        self.add_class("cl-explorer")
        self.set_trait("corpus", state.corpus)
        traitlets.link((state, "selection"), (self, "selection"))
        traitlets.link((state, "current"), (self, "current"))
        state.observe(self._selected, "selection")
        listed = self.results.frame(LOOKED_THROUGH)
        # a record without text is nothing to read, and those of an old list would often come first
        first = [*listed.filter(pl.col("text_held").fill_null(True))["cable"].head(1), *listed["cable"].head(1)]
        if first and self.current is None:
            self.current = first[0]

    @traitlets.validate("selection")
    def _possible(self, proposal: Any) -> Selection:
        self.state.check(proposal.value)
        return proposal.value

    @traitlets.validate("current")
    def _held(self, proposal: Any) -> str | None:
        return None if proposal.value is None else self.state.whole.key(proposal.value)

    def undo(self) -> None:
        """Go back to the selection before this one."""
        self.state.undo()

    def redo(self) -> None:
        """Take back an undo."""
        self.state.redo()

    def compare(self, *cables: str) -> None:
        """Lay cables over each other above the Reader.

        Parameters
        ----------
        *cables
            Ids, the earliest first; none: those put aside, in order of time, or, if there are not two, the chain of
            the cable being read.

        Raises
        ------
        UnknownCable
            If the corpus does not hold one of them.
        TooFewCables
            If there are not two.
        """
        chosen = to_compare(self.state, cables)
        if self.comparison is None:
            self.comparison = Versions(self.state, self.reader.read, tuple(chosen), self.build)
            self._show()
        else:
            self.comparison.lay(tuple(chosen))
            self.comparison.refresh()

    def build(self, *cables: str) -> None:
        """Put a chain together by hand, above the Reader.

        Parameters
        ----------
        *cables
            Ids to begin with; none: the cable being read.

        Raises
        ------
        UnknownCable
            If the corpus does not hold one of them.
        """
        keys = [self.state.whole.key(cable) for cable in cables] or ([self.current] if self.current else [])
        if not keys:
            return
        if self.building is None:
            self.building = Building(self.state, self.reader.read, compare=self.compare)
        self.building.begin(*keys)
        self._show()

    def _show(self) -> None:
        parts = (self._upper, self.comparison, self.building, self.reader)
        self.children = tuple(part for part in parts if part is not None)

    @property
    def kept(self) -> pl.DataFrame:
        """What was put aside: `cable`, `sent`, `post`, `classification`, `subject`, `note`."""
        return self.filters.kept()

    @property
    def hits(self) -> pl.DataFrame:
        """Where the words looked for stand, as `cablelab.search.search` gives it: the first thousand places, or what the list gathered."""
        return self.finds.hits

    @property
    def codes(self) -> pl.DataFrame:
        """What was coded, as a `cablelab.studies.Codebook` takes it: `unit`, `cable`, `code`, `value`, `note`, `by`, `at`."""
        return frame(self.state.codes, self.state.changes)

    def export(self, path: str | Path) -> Path:
        """Write what was put aside to a file.

        Parameters
        ----------
        path
            Ends in `.csv`, `.md` or `.parquet`.

        Raises
        ------
        UnknownOption
            If the ending is another.
        """
        return export(self.kept, path)

    def _selected(self, _: Any) -> None:
        self.set_trait("corpus", self.state.corpus)
        self.set_trait("code", self.state.code)

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        return bundle(super()._repr_mimebundle_(**options), self.results.static())

    def __repr__(self) -> str:
        return f"<Explorer {self.state.count:,} of {len(self.state.whole):,} cables>"


@of_corpus
def explore(corpus: Corpus) -> Explorer:
    """Explore a corpus: facets with live counts, a timeline to brush, results, and a Reader.

    Parameters
    ----------
    corpus
        Any Corpus.

    Returns
    -------
    Explorer, a widget. Its traits `selection`, `corpus` (the filtered one), `current` and `code` hold what was found;
    `code` is Python that finds it again. In a page without a kernel the first results show as a table.

    Examples
    --------
    >>> import cablelab as cl
    >>> explorer = cl.explore(cl.sample())
    >>> explorer.selection = cl.widgets.Selection(tags=("ELAB",))
    >>> explorer.code
    'corpus.filter(cl.tagged("ELAB"))'
    """
    return Explorer(corpus)


def _skip(place: str, text: str) -> Node:
    return h("button", {"data-goto": place, "class": "cl-skip", "title": text}, text)
