"""The Explorer's finds: every place where the words looked for stand, a line each, with what stands before and after.

The first thousand are at hand at once. The rest is gathered on request, some thousand at a time, and the page asks each time to go on: in between
the kernel is free for whatever else is asked, and who stops keeps what was gathered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import polars as pl
import traitlets

from cablelab.corpus import Corpus
from cablelab.corpus.lookup import counted
from cablelab.export import csv_text
from cablelab.search import HITS, in_batches, search
from cablelab.widgets.page import opener
from cablelab.widgets.panel import Handler
from cablelab.widgets.rows import SIZE, Rows
from cablelab.widgets.state import State
from cablelab.widgets.texts import button
from cablelab.widgets.tree import Node, h

FIRST = 1_000
STEP = 10_000  # places, which take half a second
MOST = 500_000  # places, which take some 150 MB
SHOWN = ("cite", "sent", "left", "match", "right")
_NONE = pl.DataFrame(schema=HITS)


class Finds(Rows):
    """Where the words looked for stand in the cables that the selection leaves, in the corpus's order or sorted by a column.

    `shown` is whether the list is open; closed it tells how many places there are, and gathers none.
    """

    shown = traitlets.Bool(False)

    def __init__(self, state: State, read: Callable[[str], None]) -> None:
        self._selected, self._read = state, read
        self._hits: pl.DataFrame | None = None
        self._drawn: pl.DataFrame | None = None
        self._gathered = _NONE
        self._more: Iterator[pl.DataFrame] | None = None
        self._going = False
        super().__init__(_NONE, state)
        state.observe(lambda _: self._anew(), "selection")
        self.observe(lambda _: self.refresh(), "shown")

    def _anew(self) -> None:
        self._hits, self._going = None, False
        self._gathered, self._more = _NONE, None
        with self.together():
            self.page = 0
            self.refresh()

    @property
    def total(self) -> int:
        """How many places there are in the cables that the selection leaves."""
        return int(self._selected.places.sum())

    @property
    def hits(self) -> pl.DataFrame:
        """The places at hand, as `cablelab.search.search` gives them: the first thousand, all if there are no more, or what was gathered."""
        if self._hits is None:
            self._hits = self._first()
        return self._hits

    def _first(self) -> pl.DataFrame:
        """Search no more cables than it takes to find the first places."""
        places, query = self._selected.places, self._query()
        needed = (places > 0) & (places.cum_sum() - places < FIRST)
        return search(self._part(needed), **query, limit=FIRST) if query["query"] else _NONE

    def _query(self) -> dict[str, Any]:
        return {"query": self._selected.selection.query, "regex": self._selected.selection.regex}

    def _part(self, rows: pl.Series) -> Corpus:
        return self._selected.whole.masked(rows, self._selected.selection.said())

    def acts(self) -> dict[str, Handler]:
        """Return what each control does; `on` is what the page asks for while places are gathered."""
        further = {"finds": self.on_finds, "gather": self.on_gather, "on": self.on_on, "csv": self.on_csv}
        return super().acts() | further

    def draw(self) -> Node:
        """Return the list as a tree; nothing where no words are looked for."""
        name = {"class": "cl-finds", "aria-label": "places of the words"}
        query = self._selected.selection.query
        if not query:
            return h("section", name | {"hidden": True})
        toggle = {
            "data-act": "finds",
            "aria-expanded": str(self.shown).lower(),
            "title": f"show or hide every place of “{query}”",
        }
        head = h("button", toggle, "Every place ▾" if self.shown else "Every place ▸")
        if not self.shown:
            return h("section", name, self.alert(), h("div", {"class": "cl-bar"}, head, self._counts(self.total)))
        if self.hits is not self._drawn:
            self._drawn = self.hits
            self.put(self._lines(self.hits))
        listed = [self.page_of(SIZE), self.foot()] if self.hits.height else []
        bar = h("div", {"class": "cl-bar"}, head, self._counts(self.hits.height), *self._controls())
        return h("section", name, self.alert(), bar, self._progress(), listed)

    def _counts(self, shown: int) -> Node:
        """Say how many places there are, and how many of them are listed."""
        places, cables = counted(self.total, "place"), counted(self._selected.count, "cable")
        # while places are gathered the bar tells how many, and nothing is read out anew at each step
        cut = f"; the first {shown:,} are listed" if shown < self.total and not self._going else ""
        return h("output", {"aria-live": "polite", "class": "cl-note"}, f"{places} in {cables}{cut}")

    def _controls(self) -> list[Node]:
        """Return the buttons; the first one keeps its place, so that the keyboard stays on it."""
        here, most = self.hits.height, min(self.total, MOST)
        gather = "Stop" if self._going else f"List {'all' if most == self.total else 'the first'} {most:,}"
        title = "keep what is gathered and stop" if self._going else f"gather what stands around {most:,} places"
        csv = button("csv", "CSV", f"download the {counted(here, 'place')} listed as CSV", here > 0)
        return [button("gather", gather, title, here < most), csv] if self.total > FIRST else [csv]

    def _progress(self) -> Node | None:
        if not self._going:
            return None
        done, most = self._gathered.height, min(self.total, MOST)
        attributes = {
            "class": "cl-progress",
            "role": "progressbar",
            "aria-label": "places gathered",
            "aria-valuemin": 0,
            "aria-valuemax": most,
            "aria-valuenow": done,
            "data-again": "on",
            "data-value": done,
        }
        bar = h("div", attributes, h("div", {"class": "cl-done", "data-x": 0, "data-w": f"{100 * done / most:.2f}"}))
        return h("div", {"class": "cl-bar"}, bar, h("span", {"class": "cl-note"}, f"{done:,} of {most:,} gathered"))

    def _lines(self, hits: pl.DataFrame) -> pl.DataFrame:
        sent = self._selected.whole.cables.select("cable", "sent")
        return hits.join(sent, on="cable", how="left", maintain_order="left").select(SHOWN)

    def _noun(self) -> str:
        return "places"

    def _cell(self, name: str, value: Any, live: bool) -> Node:
        if name == "cite":
            cable, _, paragraph = value.partition("#par")
            shown = f"{cable} ¶{paragraph}" if paragraph else cable
            return h("td", {"class": "cl-c-cable"}, opener(value, shown, f"read {shown}"))
        text = value if name in ("left", "match", "right") else ""
        if not text:
            return super()._cell(name, value, live)
        marked: Node = h("mark", {"class": "cl-hit"}, text) if name == "match" else text
        return h("td", {"class": f"cl-kwic-{name}"}, marked)

    def on_finds(self, *_: Any) -> None:
        """Open the list, or close it."""
        self.shown = not self.shown

    def on_open(self, value: str, _: Any) -> None:
        """Read the paragraph."""
        self._read(value)

    def on_gather(self, *_: Any) -> None:
        """Begin to gather, or go on; or stop, if that is under way."""
        if self._going or self.hits.height >= min(self.total, MOST):
            self._going = False
            return
        if self._more is None:
            part = self._part(self._selected.places > 0)
            self._gathered, self._more = _NONE, in_batches(part, **self._query(), at_a_time=STEP)
        self._going = True

    def on_on(self, value: str, _: Any) -> None:
        """Gather some more; a page that shows the view twice asks twice, and is answered once."""
        if not self._going or value != str(self._gathered.height):
            return
        more, self._more, self._going = self._more, None, False  # so it stays if this fails, and is begun again
        batch = next((batch for batch in more or () if batch.height), None)
        if batch is not None:
            self._gathered, self._more = self._gathered.vstack(batch), more
            self._going = self._gathered.height < min(self.total, MOST)
        if self._gathered.height >= self.hits.height:
            self._hits = self._gathered

    def on_csv(self, *_: Any) -> None:
        """Download the places listed as CSV."""
        if self.hits.height:
            self.send({"download": {"name": "places.csv", "text": csv_text(self.hits), "type": "text/csv"}})
