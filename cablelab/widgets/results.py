"""The Explorer's results: a table that sorts, pages and shows the columns one wants.

Own code and not a table library: itables sends its rows to the browser, samples them down to 64 kB, and sorts what it
has sent. Here polars sorts all the cables, whatever their number, and the browser gets one page, as text.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import polars as pl
import traitlets

from cablelab.export import plain
from cablelab.frames import CABLES, MEANINGS
from cablelab.widgets.asked import widen
from cablelab.widgets.facets import Facets
from cablelab.widgets.heads import FIELDS, bars, spark
from cablelab.widgets.page import opener
from cablelab.widgets.panel import Handler, Panel, static
from cablelab.widgets.state import State
from cablelab.widgets.tree import Node, h

SHOWN = ("sent", "subject", "post", "classification", "tags")
PAGE = 15
SIZES = (15, 30, 60, 120)
WIDEST = 120
CONTEXT = 90
Found = dict[
    str, Any
]  # of each cable: what stands before its first place, the words, what stands after; how many places


class Results(Panel):
    """The cables that the selection leaves.

    `columns` names those shown, `by` the one sorted by, `descending` how, `page` counts from 0, `size` is how many cables
    a page shows. Columns and size are remembered with the notes.
    """

    columns: Any = traitlets.List(traitlets.Enum(tuple(CABLES)), default_value=list(SHOWN))
    by = traitlets.Enum(tuple(CABLES), default_value="sent")
    descending = traitlets.Bool(False)
    page = traitlets.Int(0, min=0)
    size = traitlets.Enum(SIZES, default_value=PAGE)

    def __init__(self, state: State, facets: Facets) -> None:
        self.state = state
        self.facets = facets
        self._order: tuple[tuple[str, bool], pl.Series] | None = None
        super().__init__()
        state.observe(lambda _: self._anew(), "selection")
        state.observe(lambda _: self.refresh(), ["kept", "current"])
        self._remember()
        self.observe(lambda _: self.refresh(), ["columns", "by", "descending", "page", "size"])
        self.refresh()

    def _remember(self) -> None:
        columns, size = self.state.view.get("columns"), self.state.view.get("size")
        if isinstance(columns, list) and set(columns) <= CABLES.keys():
            self.columns = columns
        if size in SIZES:
            self.size = size

    def _anew(self) -> None:
        if self.page:
            self.page = 0
        else:
            self.refresh()

    @property
    def pages(self) -> int:
        """How many pages."""
        return max(1, -(-self.state.count // self.size))

    def frame(self, most: int | None = None) -> pl.DataFrame:
        """Return the cables of the page, all columns; ties in the corpus's order, nulls last."""
        order, rows = self._ranked(), self.state.rows()
        order = order if rows is None else order.filter(rows.gather(order))
        return self.state.whole.cables[order.slice(self.page * self.size, most or self.size)]

    def _ranked(self) -> pl.Series:
        """Return the rows of the whole corpus in the order asked for; sorted once, however often it is filtered."""
        wanted = self.by, self.descending
        if self._order is None or self._order[0] != wanted:
            cables = self.state.whole.cables
            column = pl.col(self.by).list.join(" ") if cables.schema[self.by] == pl.List else pl.col(self.by)
            key = cables.select(column).with_row_index("row")
            ranked = key.sort(self.by, descending=self.descending, nulls_last=True, maintain_order=True)
            self._order = wanted, ranked["row"]
        return self._order[1]

    def acts(self) -> dict[str, Handler]:
        """Return what each control does."""
        return {
            "open": self.on_open,
            "sort": self.on_sort,
            "turn": self.on_turn,
            "page": self.on_page,
            "size": self.on_size,
            "tick": self.on_tick,
            "days": self.on_days,
            "range": self.on_range,
            "widen": self.on_widen,
            "column": self.on_column,
            "keep": self.on_keep,
        }

    def draw(self) -> Node:
        """Return the page as a tree."""
        frame = self.frame()
        found = self._found(frame)
        first = self.page * self.size
        shown = (
            f"{first + 1:,} to {first + frame.height:,} of {self.state.count:,} cables" if frame.height else "No cable"
        )
        title = h("caption", None, shown)
        columns = [*self.columns]
        hits = [h("th", {"scope": "col"}, "found in the text")] if found is not None else []
        after = self._hits_after() if found is not None else 0
        heads = [*map(self._head, columns[:after]), *hits, *map(self._head, columns[after:])]
        head = [h("th", {"scope": "col"}, "keep"), self._head("cable"), *heads]
        rows = [self._row(row, found, after) for row in frame.iter_rows(named=True)]
        body = h("tbody", None, rows)
        table = h("table", {"class": "cl-results"}, title, h("thead", None, h("tr", None, head)), body)
        scroll = {"class": "cl-scroll", "tabindex": "0", "role": "region", "aria-label": "table of results"}
        return h(
            "section",
            {"aria-label": "results", "data-place": "results", "tabindex": "-1"},
            self.alert(),
            h("div", scroll, table) if rows else widen(self.state),
            self._foot(),
        )

    def _hits_after(self) -> int:
        return self.columns.index("subject") + 1 if "subject" in self.columns else len(self.columns)

    def _head(self, column: str) -> Node:
        mine = column == self.by
        sort = ("descending" if self.descending else "ascending") if mine else "none"
        arrow = (" ▾" if self.descending else " ▴") if mine else ""
        attributes = {"data-act": "sort", "data-value": column, "title": f"{MEANINGS['cables'][column]}; press to sort"}
        drawn = spark(column, bars(self.state, self.facets, column))
        return h(
            "th", {"scope": "col", "aria-sort": sort, "key": column}, h("button", attributes, f"{column}{arrow}"), drawn
        )

    def _row(self, row: dict[str, Any], found: Found | None, after: int) -> Node:
        cable = row["cable"]
        tick = {"type": "checkbox", "data-act": "keep", "data-value": cable, "checked": cable in self.state.kept}
        tick |= {"aria-label": f"keep {cable}", "title": "put this cable aside"}
        link = opener(cable, cable, f"read {cable}")
        if isinstance(link, list):
            link[1]["data-row"] = "results"
        cells = [h("td", {"class": f"cl-c-{column}"}, _cell(row[column])) for column in self.columns]
        if found is not None:
            left, hit, right, places = found.get(cable, ("", "", "", 0))
            words = [f"…{left}", h("mark", {"class": "cl-hit"}, hit), f"{right}…"] if hit else []
            words += [h("span", {"class": "cl-note"}, f" 1 of {places} places")] * (places > 1)
            cells.insert(after, h("td", {"class": "cl-c-found"}, words))
        mine = cable == self.state.current
        attributes = {"key": cable, "class": "cl-current" if mine else None, "aria-current": "true" if mine else None}
        return h("tr", attributes, h("td", None, h("input", tick)), h("td", None, link), *cells)

    def _found(self, frame: pl.DataFrame) -> Found | None:
        selection = self.state.selection
        if not selection.query or frame.is_empty():
            return None
        hits = self.state.whole.select(frame).search(selection.query, regex=selection.regex, context=CONTEXT)
        # a place in the prose tells more than one in the address lines
        ranked = hits.sort(pl.col("paragraph").is_null(), maintain_order=True).group_by("cable")
        first = ranked.agg(pl.col("left", "match", "right").first(), places=pl.len())
        return {cable: place for cable, *place in first.iter_rows()}

    def _foot(self) -> Node:
        last = self.page + 1 >= self.pages
        listed = [
            h(
                "li",
                {"key": column},
                h(
                    "label",
                    {"title": MEANINGS["cables"][column]},
                    h(
                        "input",
                        {
                            "type": "checkbox",
                            "data-act": "column",
                            "data-value": column,
                            "checked": column in self.columns,
                            "data-row": "columns",
                        },
                    ),
                    column,
                ),
            )
            for column in CABLES
            if column != "cable"
        ]
        jump = {
            "type": "text",
            "data-act": "page",
            "value": self.page + 1,
            "class": "cl-number",
            "title": "go to a page",
        }
        size = {"data-act": "size", "value": self.size, "title": "how many cables a page shows"}
        sizes = [h("option", {"value": n, "selected": n == self.size}, str(n)) for n in SIZES]
        return h(
            "div",
            {"class": "cl-bar"},
            _turn("first", "« first", self.page > 0),
            _turn("previous", "‹ previous", self.page > 0),
            h("label", None, "page ", h("input", jump), f" of {self.pages:,}"),
            _turn("next", "next ›", not last),
            _turn("last", "last »", not last),
            h("label", None, h("select", size, sizes), " a page"),
            h(
                "details",
                {"class": "cl-columns"},
                h("summary", {"title": "choose columns"}, "columns"),
                h("ul", None, listed),
            ),
        )

    def on_open(self, value: str, _: Any) -> None:
        """Read a cable."""
        self.state.current = self.state.whole.key(value)

    def on_sort(self, value: str, _: Any) -> None:
        """Sort by a column, or the other way round."""
        if value in CABLES:
            with self.together():
                self.descending = value == self.by and not self.descending
                self.by = value
                self.page = 0

    def on_turn(self, value: str, _: Any) -> None:
        """Turn pages."""
        last = self.pages - 1
        to = {"first": 0, "previous": self.page - 1, "next": self.page + 1, "last": last}.get(value, self.page)
        self.page = min(max(to, 0), last)

    def on_page(self, _: str, given: Any) -> None:
        """Go to a page by its number."""
        if str(given).strip().isdecimal():
            self.page = min(max(int(given) - 1, 0), self.pages - 1)

    def on_size(self, _: str, given: Any) -> None:
        """Show more or fewer cables a page; the first one shown stays on it."""
        size = next((n for n in SIZES if str(n) == str(given)), self.size)
        with self.together():
            self.page = self.page * self.size // size
            self.size = size
        self.state.view = {**self.state.view, "size": size}

    def on_tick(self, value: str, _: Any) -> None:
        """Choose a value by its bar, or no longer."""
        field, _blank, name = value.partition(" ")
        if field in FIELDS.values():
            self.state.selection = self.state.selection.toggled(field, name)

    def on_days(self, value: str, _: Any) -> None:
        """Keep the days of a bar, or all again."""
        first, last = map(date.fromisoformat, value.split(","))
        sent = None if self.state.selection.sent == (first, last) else (first, last)
        self.state.selection = replace(self.state.selection, sent=sent)

    def on_range(self, value: str, _: Any) -> None:
        """Keep the numbers of a bar, or all again."""
        column, low, high = value.split(" ")
        chosen = (column, int(low), int(high))
        bounds = None if chosen in self.state.selection.ranges else chosen[1:]
        self.state.selection = self.state.selection.ranged(column, bounds)

    def on_widen(self, value: str, _: Any) -> None:
        """Open one facet again."""
        self.state.selection = self.state.selection.without(value)

    def on_column(self, value: str, given: Any) -> None:
        """Show a column, or no longer."""
        if value in CABLES and (value in self.columns) != bool(given):
            shown = {*self.columns} ^ {value}
            order = [*self.columns, *CABLES]
            self.columns = [c for c in dict.fromkeys(order) if c in shown]
            self.state.view = {**self.state.view, "columns": self.columns}

    def on_keep(self, value: str, given: Any) -> None:
        """Put a cable aside, or no longer."""
        (self.state.keep if given else self.state.drop)(value)

    def static(self, most: int = 50) -> str:
        """Return the first cables as HTML that needs no kernel."""
        frame = plain(self.frame(most).select("cable", *self.columns)).cast(pl.String).fill_null("")
        head = [h("th", {"scope": "col"}, name) for name in frame.columns]
        rows = [h("tr", None, [h("td", None, value) for value in row]) for row in frame.iter_rows()]
        table = h("table", {"class": "cl-results"}, h("thead", None, h("tr", None, head)), h("tbody", None, rows))
        count = (
            f"{self.state.count:,} of {self.state.whole.cables.height:,} cables; the first {frame.height} by {self.by}."
        )
        return static(h("p", None, count), table)


def _turn(value: str, text: str, enabled: bool) -> Node:
    attributes = {
        "data-act": "turn",
        "data-value": value,
        "title": f"{value} page",
        "aria-disabled": None if enabled else "true",
    }
    return h("button", attributes, text)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}"
    text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"
