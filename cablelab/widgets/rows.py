"""Any frame as a table of cables: whole words, left-aligned, ids that open the Reader.

Own code and not a table library, both of which were tried. great_tables writes static HTML in a palette of its own (30 kB for 40 rows,
light only) in which no id can open anything; itables brings 0.7 MB of script into each notebook and tells Python which row is chosen,
but not which id. Here the tree of the other views shows one page of rows as text, in both themes. What polars shows by itself stays as
it is: its representation belongs to all frames of a session, not to ours alone.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import ipywidgets
import polars as pl
import traitlets

from cablelab.corpus import Corpus
from cablelab.errors import WrongKind
from cablelab.frames import MEANINGS
from cablelab.widgets.page import opener
from cablelab.widgets.panel import Handler, Panel, bundle, static
from cablelab.widgets.reader import Reader
from cablelab.widgets.state import State
from cablelab.widgets.texts import button
from cablelab.widgets.tree import Node, h

SHOWN = ("cable", "sent", "post", "classification", "subject", "tags")
SIZE = 15
# characters of a cell; the subject of no cable is as long, and a text that is longer is read in the Reader
LONGEST = 400


class Rows(Panel):
    """One page of a frame: `by` is the column that it is sorted by (empty: as given), `page` counts from 0."""

    by = traitlets.Unicode("")
    descending = traitlets.Bool(False)
    page = traitlets.Int(0, min=0)

    def __init__(self, frame: pl.DataFrame, state: State | None) -> None:
        self.frame, self.state = frame, state
        self._sorted = frame
        super().__init__()
        self.observe(lambda _: self.refresh(), ["by", "descending", "page"])
        self.refresh()

    @property
    def pages(self) -> int:
        """How many pages."""
        return max(1, -(-self.frame.height // SIZE))

    def acts(self) -> dict[str, Handler]:
        """Return what each control does."""
        return {"open": self.on_open, "sort": self.on_sort, "turn": self.on_turn, "page": self.on_page}

    def draw(self) -> Node:
        """Return the page as a tree."""
        return h("section", {"aria-label": "table"}, self.alert(), self.page_of(SIZE), self.foot())

    def put(self, frame: pl.DataFrame) -> None:
        """Show another frame, sorted as the one before."""
        self.frame, self._sorted = frame, _ranked(frame, self.by, self.descending)

    def foot(self) -> Node | None:
        """Return what turns the pages; None if there is one."""
        if self.pages == 1:
            return None
        jump = {
            "type": "text",
            "data-act": "page",
            "value": self.page + 1,
            "class": "cl-number",
            "title": "go to a page",
        }
        return h(
            "div",
            {"class": "cl-bar"},
            button("turn", "‹ previous", "previous page", self.page > 0, **{"data-value": "previous"}),
            h("label", None, "page ", h("input", jump), f" of {self.pages:,}"),
            button("turn", "next ›", "next page", self.page + 1 < self.pages, **{"data-value": "next"}),
        )

    def page_of(self, size: int, live: bool = True) -> Node:
        """Return the rows of the page as a table; without a kernel ids and heads are text."""
        at = self.page * size if live else 0
        rows = self._sorted.slice(at, size)
        end = f"{at + 1:,} to {at + rows.height:,} of {self.frame.height:,}"
        caption = f"{self._noun()}: {end}" if rows.height else f"{self._noun()}: none"
        named = [self._head(name) if live else h("th", {"scope": "col"}, name) for name in rows.columns]
        body = [
            h("tr", None, [self._cell(name, row[name], live) for name in rows.columns])
            for row in rows.iter_rows(named=True)
        ]
        table = h(
            "table",
            {"class": "cl-results cl-rows"},
            h("caption", None, caption),
            h("thead", None, h("tr", None, named)),
            h("tbody", None, body),
        )
        return h("div", {"class": "cl-scroll", "tabindex": "0", "role": "region", "aria-label": "rows"}, table)

    def _noun(self) -> str:
        one_each = "cable" in self.frame.columns and self.frame["cable"].n_unique() == self.frame.height
        return "cables" if one_each else "rows"

    def _head(self, name: str) -> Node:
        mine = name == self.by
        sort = ("descending" if self.descending else "ascending") if mine else "none"
        arrow = (" ▾" if self.descending else " ▴") if mine else ""
        meaning = MEANINGS["cables"].get(name)
        attributes = {
            "data-act": "sort",
            "data-value": name,
            "title": f"{meaning}; press to sort" if meaning else "press to sort",
        }
        return h("th", {"scope": "col", "aria-sort": sort, "key": name}, h("button", attributes, f"{name}{arrow}"))

    def _cell(self, name: str, value: Any, live: bool) -> Node:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        attributes = {"class": "n" if number else f"cl-c-{name}" if name in MEANINGS["cables"] else None}
        if live and self.state is not None and isinstance(value, str) and value.partition("#")[0] in self.state.whole:
            return h("td", attributes, opener(value, value, f"read {value}"))
        return h("td", attributes, words(value))

    def on_open(self, value: str, _: Any) -> None:
        """Read a cable, or the paragraph of it that is named."""
        if self.state is not None:
            self.state.current = self.state.whole.key(value.partition("#")[0])

    def on_sort(self, value: str, _: Any) -> None:
        """Sort by a column, then the other way round, then as given again."""
        if value not in self.frame.columns:
            return
        with self.together():
            if value != self.by:
                self.by, self.descending = value, False
            elif not self.descending:
                self.descending = True
            else:
                self.by, self.descending = "", False
            self.page = 0
            self.put(self.frame)

    def on_page(self, _: str, given: Any) -> None:
        """Go to a page by its number."""
        if str(given).strip().isdecimal():
            self.page = min(max(int(given) - 1, 0), self.pages - 1)

    def on_turn(self, value: str, _: Any) -> None:
        """Turn a page."""
        self.page = min(max(self.page + (1 if value == "next" else -1), 0), self.pages - 1)


class Table(ipywidgets.VBox):
    """A frame as a table of cables; `cablelab.table` makes it.

    Traits: `current`, the id of the cable that was opened from it, which the Reader beneath shows. `frame` is what it shows.
    """

    current = traitlets.Unicode(None, allow_none=True)

    def __init__(self, frame: pl.DataFrame, corpus: Corpus | None = None) -> None:
        self.frame = frame
        self.state = State(corpus) if corpus is not None else None
        self.rows = Rows(frame, self.state)
        self.reader: Reader | None = None
        super().__init__([self.rows])
        if self.state is not None:
            self.state.observe(self._open, "current")
            traitlets.link((self.state, "current"), (self, "current"))

    def _open(self, change: Any) -> None:
        if self.reader is None and change.new is not None and self.state is not None:
            self.reader = Reader(self.state)
            self.children = (self.rows, self.reader)

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        return bundle(super()._repr_mimebundle_(**options), static(self.rows.page_of(2 * SIZE, live=False)))

    def __repr__(self) -> str:
        return f"<Table {self.frame.height:,} rows × {self.frame.width}>"


def table(corpus: Corpus | pl.DataFrame, frame: pl.DataFrame | None = None) -> Table:
    """Show a frame as a table of cables: whole words, left-aligned, ids that open the Reader.

    Parameters
    ----------
    corpus
        The corpus in which ids open; a frame alone shows without.
    frame
        Any frame, such as the hits of a search, the steps of chains, or counts. None: the corpus's cables, with when they were sent,
        post, level, subject and TAGS.

    Returns
    -------
    Table, a widget; sorted by a press on a column's name. In a page without a kernel the first rows show as plain HTML.

    Raises
    ------
    WrongKind
        If it is given something else.

    Examples
    --------
    >>> import cablelab as cl
    >>> corpus = cl.sample()
    >>> cl.table(corpus, corpus.search("labor").select("cable", "paragraph", "left", "match", "right"))
    <Table ... rows × 5>
    """
    corpus, frame = (one.collect() if isinstance(one, pl.LazyFrame) else one for one in (corpus, frame))  # type: ignore[assignment]
    whole = corpus if isinstance(corpus, Corpus) else None
    shown = frame if frame is not None or whole is not None else corpus
    if shown is None and whole is not None:
        shown = whole.cables.select(SHOWN)
    if not isinstance(shown, pl.DataFrame) or (frame is not None and whole is None):
        raise WrongKind("table", "a Corpus, a frame, or both", corpus if frame is not None and whole is None else shown)
    return Table(shown, whole)


def words(value: Any) -> str:
    """Write a value as a reader of a table wants it: the day of an instant, list items with blanks between, long texts cut at a word.

    Examples
    --------
    >>> words(datetime(2007, 12, 3, 9, 30)), words(["ELAB", "KZ"]), words(0.12345), words(None), words(True)
    ('2007-12-03', 'ELAB KZ', '0.123', '', 'yes')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    if isinstance(value, datetime | date):
        return f"{value:%Y-%m-%d}"
    text = " ".join(map(words, value)) if isinstance(value, list | pl.Series) else str(value)
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(None, 1)[0] + " …"


def _ranked(frame: pl.DataFrame, by: str, descending: bool) -> pl.DataFrame:
    """Sort by a column, ties as given, nulls last; of lists by their words."""
    if not by:
        return frame
    kind = frame.schema[by]
    key = pl.col(by).cast(pl.List(pl.String)).list.join(" ") if isinstance(kind, pl.List) else pl.col(by)
    if kind.is_nested() and not isinstance(kind, pl.List):
        return frame
    order = frame.select(key).with_row_index("__row").sort(by, "__row", descending=[descending, False], nulls_last=True)
    return frame[order["__row"]]
