"""The Explorer's left side: facets with live counts, dates, words to search for, what was kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl

from cablelab.export import csv_text, markdown_table
from cablelab.frames import CLASSIFICATIONS
from cablelab.where.instants import instants
from cablelab.widgets.facets import Facets, Value
from cablelab.widgets.panel import Handler, Panel
from cablelab.widgets.selection import NONE, Selection
from cablelab.widgets.state import State
from cablelab.widgets.tree import Node, h

MORE = 20
FEW = {"places": 6, "tags": 12, "offices": 6, "drafters": 6, "signers": 6}
FIELDS = ("posts", "missions", "bureaus", "offices", "drafters", "tags", "classifications", "signers")
PARTIAL = {"": None, "only": True, "without": False}
KEPT = ("cable", "sent", "post", "classification", "subject")


class Filters(Panel):
    """Choose cables; every change goes into the shared state's selection."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.facets = Facets(state)
        self._find = dict.fromkeys(FEW, "")
        self._most = dict(FEW)
        super().__init__()
        state.observe(lambda _: self.refresh(), ["selection", "kept", "selections"])
        self.refresh()

    def acts(self) -> dict[str, Handler]:
        """Return what each control does."""
        return {
            "query": self.on_query,
            "regex": self.on_regex,
            "date": self.on_date,
            "dates": self.on_dates,
            "tick": self.on_tick,
            "how": self.on_how,
            "partial": self.on_partial,
            "find": self.on_find,
            "more": self.on_more,
            "only_kept": self.on_only_kept,
            "drop": self.on_drop,
            "save": self.on_save,
            "load": self.on_load,
            "forget": self.on_forget,
            "selection": self.on_selection,
            "file": self.on_file,
            "csv": self.on_csv,
            "markdown": self.on_markdown,
        }

    def draw(self) -> Node:
        """Return all facets as a tree."""
        return h(
            "div",
            {"class": "cl-filters", "role": "search", "aria-label": "choose cables"},
            self.alert(),
            self._words(),
            self._dates(),
            self._plain("classifications", "Classification"),
            self._places(),
            self._tags(),
            self._plain("bureaus", "Bureau"),
            self._of_records("offices", "Office of action or origin", "office"),
            self._of_records("drafters", "Drafted by", "drafter"),
            self._of_records("signers", "Signs as", "name at the end"),
            self._partial(),
            self._kept(),
            self._saved(),
        )

    def _words(self) -> Node:
        selection = self.state.selection
        field = {
            "type": "search",
            "data-act": "query",
            "value": selection.query,
            "placeholder": "words in the text, then Enter",
            "aria-label": "words in the text",
            "title": "words in a row, whole, in any case; press Enter",
        }
        tick = {"type": "checkbox", "data-act": "regex", "checked": selection.regex, "title": "read as a pattern"}
        label = h("label", None, h("input", tick), "regular expression")
        return _group("Text", h("input", field), label)

    def _dates(self) -> Node:
        sent = self.state.selection.sent
        ends = zip(("first", "last"), ("from", "to"), sent or (None, None), strict=True)
        fields = [
            h(
                "input",
                {
                    "type": "text",
                    "data-act": "date",
                    "data-value": name,
                    "value": at.isoformat() if at else "",
                    "placeholder": f"{label} 2004-06",
                    "aria-label": f"sent {label}",
                    "title": "2004, 2004-06 or 2004-06-30 (UTC); press Enter. Or drag over the bars of the timeline",
                },
            )
            for name, label, at in ends
        ]
        clear = {"data-act": "dates", "title": "keep all days", "aria-disabled": None if sent else "true"}
        return _group("Sent", h("div", {"class": "cl-dates"}, fields, h("button", clear, "All days")))

    def _places(self) -> Node:
        listed, more = self.facets.places(*self._asked("places"))
        items = []
        for mission, posts in listed:
            ticks = [h("li", {"key": p.value}, _tick("posts", p, "places")) for p in posts]
            unknown = h("span", {"class": "cl-note"}, "no mission known")
            head = _tick("missions", mission, "places") if mission.value != NONE else unknown
            items.append(h("li", {"key": mission.value}, head, h("ul", None, ticks)))
        found = h("ul", {"class": "cl-values"}, items)
        return _group(
            "Posts under missions",
            self._finder("places", "post, city or country"),
            found,
            _more("places", more, len(listed) < self._most["places"]),
        )

    def _tags(self) -> Node:
        listed, more = self.facets.values("tags", *self._asked("tags"))
        how = self.state.selection.tags_how
        options = [h("option", {"value": o, "selected": o == how}, f"{o} of them") for o in ("any", "all")]
        attributes = {
            "data-act": "how",
            "value": how,
            "aria-label": "any or all of them",
            "title": "any or all of the tags",
        }
        items = [h("li", {"key": v.value}, _tick("tags", v)) for v in listed]
        find = h(
            "div", {"class": "cl-dates"}, self._finder("tags", "code or meaning"), h("select", attributes, options)
        )
        rest = _more("tags", more, len(listed) < self._most["tags"])
        return _group("TAGS", find, h("ul", {"class": "cl-values"}, items), rest)

    def _asked(self, name: str) -> tuple[str, int, bool]:
        """Return what to look for, how many to list, and whether also those of no cable."""
        return self._find[name], self._most[name], bool(self._find[name].strip()) or self._most[name] > FEW[name]

    def _finder(self, name: str, what: str) -> Node:
        return h(
            "input",
            {
                "type": "search",
                "data-act": "find",
                "data-value": name,
                "data-typed": "yes",
                "value": self._find[name],
                "placeholder": f"find {what}",
                "aria-label": f"find {what}",
                "title": f"type a part of a {what}",
            },
        )

    def _plain(self, field: str, title: str) -> Node:
        listed, _ = self.facets.values(field, most=len(CLASSIFICATIONS) + 10)
        return _group(
            title, h("ul", {"class": "cl-values"}, [h("li", {"key": v.value}, _tick(field, v)) for v in listed])
        )

    def _of_records(self, field: str, title: str, what: str) -> Node | None:
        """List offices, drafters or names at the end; nothing where no cable states one."""
        if not self.facets.stated(field):
            return None
        listed, more = self.facets.values(field, *self._asked(field))
        items = [h("li", {"key": v.value}, _tick(field, v)) for v in listed]
        rest = _more(field, more, len(listed) < self._most[field])
        return _group(title, self._finder(field, what), h("ul", {"class": "cl-values"}, items), rest)

    def _partial(self) -> Node:
        chosen = self.state.selection.partial
        partial = int(self.state.cables("partial", ["partial"])["partial"].sum())
        attributes = {
            "data-act": "partial",
            "aria-label": "partial extracts",
            "title": "copies that say they are extracts",
        }
        names = {"": "with partial extracts", "only": "partial extracts only", "without": "without partial extracts"}
        options = [h("option", {"value": k, "selected": PARTIAL[k] is chosen}, names[k]) for k in PARTIAL]
        value = next(k for k in PARTIAL if PARTIAL[k] is chosen)
        return _group(
            "Extracts",
            h("select", attributes | {"value": value}, options),
            h("span", {"class": "cl-note"}, f" {partial:,} partial"),
        )

    def _kept(self) -> Node:
        kept, chosen = self.state.kept, self.state.selection.cables
        none = None if kept else "true"
        tick = {"type": "checkbox", "data-act": "only_kept", "checked": bool(chosen), "title": "show only what is kept"}
        rows = [
            h("li", {"key": cable}, cable, h("span", {"class": "cl-note"}, f" {note}"), _drop(cable))
            for cable, note in kept.items()
        ]
        save = [
            h("button", {"data-act": act, "title": f"download ids and notes as {name}", "aria-disabled": none}, name)
            for act, name in (("csv", "CSV"), ("markdown", "Markdown"))
        ]
        only = h("label", None, h("input", tick), f"only these {len(chosen) or len(kept)}")
        head = h("div", {"class": "cl-dates"}, only, save)
        where = h("p", {"class": "cl-where"}, self.state.notes.told)
        return _group(f"Kept ({len(kept)})", h("ul", {"class": "cl-values"}, rows), head, where)

    def _saved(self) -> Node:
        none = None if self.state.selection != Selection() else "true"
        name = {
            "type": "text",
            "data-act": "save",
            "placeholder": "name, then Enter",
            "value": "",
            "key": len(self.state.selections),
        }
        name |= {"aria-label": "name to save this selection under", "title": "save this selection with the notes"}
        rows = [
            h(
                "li",
                {"key": name},
                h(
                    "button",
                    {"class": "cl-open", "data-act": "load", "data-value": name, "title": "select this again"},
                    name,
                ),
                " ",
                _drop(name, "forget"),
            )
            for name in self.state.selections
        ]
        file = {
            "type": "file",
            "data-act": "file",
            "aria-label": "open a saved selection",
            "title": "a file saved here",
        }
        save = {"data-act": "selection", "title": "download this selection as a small file", "aria-disabled": none}
        files = h(
            "div", {"class": "cl-dates"}, h("button", save, "As a file"), h("label", None, "Open ", h("input", file))
        )
        return _group("Saved selections", h("ul", {"class": "cl-values"}, rows), h("input", name), files)

    def kept(self) -> pl.DataFrame:
        """Return what was kept as a frame: `cable`, `sent`, `post`, `classification`, `subject`, `note`."""
        notes = pl.DataFrame(
            {"cable": list(self.state.kept), "note": list(self.state.kept.values())},
            schema={"cable": pl.String, "note": pl.String},
        )
        return notes.join(self.state.whole.cables.select(KEPT), on="cable", how="left").select(*KEPT, "note")

    def on_query(self, _: str, given: Any) -> None:
        """Search for words."""
        self._choose(query=" ".join(str(given or "").split()) if not self.state.selection.regex else str(given or ""))

    def on_regex(self, _: str, given: Any) -> None:
        """Read the words as a regular expression, or no longer."""
        self._choose(regex=bool(given))

    def on_date(self, value: str, given: Any) -> None:
        """Take the first or the last day from its field; what is left open is as far as the corpus goes."""
        text = str(given or "").strip()
        chosen = self.state.selection.sent
        if not text and chosen is None:
            return
        days = self.state.whole.cables["sent"].dt.date().drop_nulls().sort()
        extent = [days[0], days[-1]] if len(days) else [None, None]
        first, last = chosen or extent
        if value == "first":
            first = instants(text)[0].date() if text else extent[0]
        else:
            last = instants(text)[1].date() if text else extent[1]
        self._choose(sent=(first or last, last or first))

    def on_dates(self, *_: Any) -> None:
        """Take the dates away."""
        self._choose(sent=None)

    def on_tick(self, value: str, given: Any) -> None:
        """Choose a value of a facet, or no longer; `value` is the field and the value, a blank between."""
        field, _, name = value.partition(" ")
        if field in FIELDS and (name in self.state.selection.listed(field)) != bool(given):
            self.state.selection = self.state.selection.toggled(field, name)

    def on_how(self, _: str, given: Any) -> None:
        """Ask for any or for all tags."""
        self._choose(tags_how="all" if given == "all" else "any")

    def on_partial(self, _: str, given: Any) -> None:
        """Choose by whether a copy is an extract."""
        self._choose(partial=PARTIAL.get(str(given)))

    def on_find(self, value: str, given: Any) -> None:
        """List what is called so."""
        if value in self._find:
            self._find[value] = str(given or "")

    def on_more(self, value: str, _: Any) -> None:
        """List more values."""
        self._most[value] = self._most.get(value, 0) + MORE

    def on_only_kept(self, _: str, given: Any) -> None:
        """Show only what is kept, or everything again."""
        self._choose(cables=tuple(self.state.kept) if given else ())

    def on_drop(self, value: str, _: Any) -> None:
        """Take a cable out of those kept."""
        self.state.drop(value)

    def on_save(self, _: str, given: Any) -> None:
        """Save the selection with the notes, under a name."""
        name = " ".join(str(given or "").split())
        if name and self.state.selection != Selection():
            self.state.selections = {**self.state.selections, name: self.state.selection.to_json()}

    def on_load(self, value: str, _: Any) -> None:
        """Select what was saved under a name."""
        if value in self.state.selections:
            self.state.selection = Selection.from_json(str(self.state.selections[value]))

    def on_forget(self, value: str, _: Any) -> None:
        """Forget a saved selection."""
        self.state.selections = {name: selection for name, selection in self.state.selections.items() if name != value}

    def on_selection(self, *_: Any) -> None:
        """Download the selection as a small file."""
        text = self.state.selection.to_json()
        self.send({"download": {"name": "selection.json", "text": text, "type": "application/json"}})

    def on_file(self, _: str, given: Any) -> None:
        """Select what a file says that was saved before."""
        self.state.selection = Selection.from_json(str(given or ""))

    def on_csv(self, *_: Any) -> None:
        """Download what is kept as CSV."""
        self._download("kept.csv", csv_text(self.kept()), "text/csv")

    def on_markdown(self, *_: Any) -> None:
        """Download what is kept as a Markdown table."""
        self._download("kept.md", markdown_table(self.kept()), "text/markdown")

    def _download(self, name: str, text: str, kind: str) -> None:
        if self.state.kept:
            self.send({"download": {"name": name, "text": text, "type": kind}})

    def _choose(self, **changes: Any) -> None:
        self.state.selection = replace(self.state.selection, **changes)


def _group(title: str, *children: Node | None) -> Node:
    return h("fieldset", None, h("legend", None, title), *children)


def _tick(field: str, value: Value, row: str = "") -> Node:
    name = value.value or "none stated"
    attributes = {
        "type": "checkbox",
        "data-act": "tick",
        "data-value": f"{field} {value.value}",
        "checked": value.chosen,
    }
    words = f"{name}{': ' + value.meaning if value.meaning else ''}"
    shown = [h("span", {"class": "cl-name"}, name), h("span", {"class": "cl-meaning"}, value.meaning)]
    label = {"title": f"{words}; {value.told}", "class": "cl-value" + " cl-empty" * (value.count == 0)}
    number = f"+{value.count:,}" if value.adds else f"{value.count:,}"
    box = h("input", attributes | {"title": value.told, "data-row": f"facet {row or field}"})
    return h("label", label, box, *shown, h("span", {"class": "cl-count"}, number))


def _more(name: str, more: int, folded: bool) -> Node | None:
    if not more:
        return None
    words = f"{more:,} more" + ", with 0 each" * folded
    return h("button", {"data-act": "more", "data-value": name, "title": "list more of them"}, words)


def _drop(name: str, act: str = "drop") -> Node:
    title = f"no longer keep {name}" if act == "drop" else f"forget the selection {name}"
    return h("button", {"data-act": act, "data-value": name, "title": title, "aria-label": title}, "×")
