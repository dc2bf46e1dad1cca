"""The Reader: one cable at a time, with its references to follow."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

import traitlets

from cablelab.corpus.cable import Cable
from cablelab.errors import WrongKind
from cablelab.escaping import visible
from cablelab.export import csv_text
from cablelab.widgets import coding, page, persons
from cablelab.widgets.building import Building
from cablelab.widgets.panel import Handler, Panel, bundle, static
from cablelab.widgets.selection import Selection
from cablelab.widgets.state import State
from cablelab.widgets.texts import button
from cablelab.widgets.tree import Node, h

if TYPE_CHECKING:
    from cablelab.corpus import Corpus

TABS = ("read", "source", "people")
TOLD = {
    "read": "the cable, read",
    "source": "the captured text, with how each piece was read",
    "people": "who is named in it, under which spellings, in which other cables",
}
BUILD = "look for what this cable updates, and what updates it; build its chain"


class Reader(Panel):
    """One cable to read, in a notebook.

    `current` is the id of the cable shown (None: none), `paragraph` the permalink pointed at, `tab` `"read"`,
    `"source"` or `"people"`. All three can be set; opening a reference sets `current`. `back()` and `forward()` go through what was
    read.

    Parameters
    ----------
    state
        The shared state.
    build
        What opens the chain builder on a cable; None: the Reader opens one of its own, `building`, above the text.
    """

    current = traitlets.Unicode(None, allow_none=True)
    paragraph = traitlets.Unicode(None, allow_none=True)
    tab = traitlets.Enum(TABS, default_value="read")

    def __init__(self, state: State, build: Callable[[str], None] | None = None) -> None:
        self.state, self._build = state, build
        self.building: Building | None = None
        self._trail: list[str] = []
        self._at = -1
        self._persons = persons.Persons(state.whole)
        self._told_outside = False
        self._made: tuple[Any, list[Node]] | None = None
        super().__init__()
        traitlets.link((state, "current"), (self, "current"))
        self._step()
        self.observe(self._moved, "current")
        self.observe(lambda _: self.refresh(), ["paragraph", "tab"])
        state.observe(lambda _: self.refresh(), ["kept", "codes"])
        state.observe(self._marks, "selection")
        self.refresh()

    @traitlets.validate("current")
    def _held(self, proposal: Any) -> str | None:
        return None if proposal.value is None else self.state.whole.key(proposal.value)

    def read(self, cable: str) -> None:
        """Show a cable, or one of its paragraphs.

        Parameters
        ----------
        cable
            An id, however written, or a permalink such as `"07ASTANA3256#par3"`.

        Raises
        ------
        UnknownCable
            If the corpus does not hold it.
        """
        key, _, place = cable.partition("#")
        key = self.state.whole.key(key)
        self.current = key
        self.paragraph = f"{key}#{place}" if place else None

    def back(self) -> None:
        """Go back to the cable read before this one."""
        self._go(-1)

    def forward(self) -> None:
        """Go on to the cable that `back` came from."""
        self._go(1)

    def _go(self, step: int) -> None:
        if 0 <= self._at + step < len(self._trail):
            self._at += step
            self.read(self._trail[self._at])

    def _step(self) -> None:
        if self.current is not None and (self._at < 0 or self._trail[self._at] != self.current):
            self._trail = [*self._trail[: self._at + 1], self.current]
            self._at += 1

    def _moved(self, _: Any) -> None:
        self._step()
        if self.paragraph is not None and self.paragraph.partition("#")[0] != self.current:
            self.paragraph = None
        self.refresh()

    def _marks(self, change: Any) -> None:
        outside = self._is_outside()
        if change.old.facet("query") != change.new.facet("query") or outside or self._told_outside:
            self.refresh()
        self._told_outside = outside

    def _is_outside(self) -> bool:
        return self.current is not None and not self.state.leaves(self.current)

    def _outside(self) -> Node | None:
        """Say that the cable shown is none of those chosen, and offer the first of these."""
        if not self._is_outside():
            return None
        chosen = self.state.cables(columns=["cable"])["cable"]
        sentence, offer = "The selection holds no cable; this one is outside it.", None
        if len(chosen):
            first = chosen[0]
            sentence = f"{self.current} is not among the {len(chosen):,} cables selected. "
            offer = button("open", f"Read {first}", "the first cable of the selection", **{"data-value": first})
        return h("p", {"class": "cl-aside cl-outside", "role": "status"}, sentence, offer)

    def hits(self) -> list[tuple[int, int]]:
        """Return where the selection's query stands in the cable shown: start, end."""
        query = self.state.selection.query
        if not query or self.current is None:
            return []
        found = self.state.whole.select([self.current]).search(query, regex=self.state.selection.regex)
        return list(found.select("start", "end").iter_rows())

    def acts(self) -> dict[str, Handler]:
        """Return what each control does."""
        return {
            **(self.building.acts() if self.building is not None else {}),
            "open": self.on_open,
            "build": self.on_build,
            "paragraph": self.on_paragraph,
            "back": self.on_back,
            "forward": self.on_forward,
            "tab": self.on_tab,
            "keep": self.on_keep,
            "note": self.on_note,
            "person": self.on_person,
            "code": self.on_code,
            "uncode": self.on_uncode,
            "coder": self.on_coder,
            "codes": self.on_codes,
        }

    def draw(self) -> Node:
        """Return the cable as a tree."""
        if self.current is None:
            return h("section", {"class": "cl-reader", "aria-label": "Reader"}, h("p", None, "No cable is open."))
        panel = {"class": "cl-page", "role": "tabpanel", "aria-label": self.tab, "data-scrolls": "y", "tabindex": "0"}
        panel["key"] = f"{self.current}/{self.tab}"
        return h(
            "section",
            {
                "class": "cl-reader",
                "data-place": "reader",
                "tabindex": "-1",
                "aria-label": f"Reader: {self.current}",
                "data-shows": f"{self.paragraph or self.current} {self.tab}",
            },
            self._bar(),
            self.alert(),
            self._outside(),
            coding.nodes(self.state, self.paragraph or self.current),
            self.building._tree if self.building is not None else None,
            h("div", panel, self._content()),
        )

    def _content(self) -> list[Node]:
        """Return what the tab shows, made once for as long as cable, place and words looked for stay."""
        wanted = self.current, self.tab, self.paragraph, self.state.selection.facet("query")
        if self._made is None or self._made[0] != wanted:
            cable = self.state.whole[str(self.current)]
            if self.tab == "source":
                nodes = page.source(cable, self.hits())
            elif self.tab == "people":
                nodes = list(persons.nodes(self._persons.of(cable)))
            else:
                nodes = self._read(cable)
            self._made = wanted, nodes
        return self._made[1]

    def _read(self, cable: Any) -> list[Node]:
        return page.reading(cable, self.state.whole, self.hits(), self.paragraph)

    def _bar(self) -> Node:
        kept = self.current in self.state.kept
        tick = {"type": "checkbox", "data-act": "keep", "checked": kept, "title": "put this cable aside"}
        tabs = [
            h(
                "button",
                {
                    "role": "tab",
                    "data-act": "tab",
                    "data-value": name,
                    "data-row": "tabs",
                    "aria-selected": str(name == self.tab).lower(),
                    "title": TOLD[name],
                },
                name.capitalize(),
            )
            for name in TABS
        ]
        note = {
            "type": "text",
            "data-act": "note",
            "key": f"note {self.current}",
            "value": self.state.kept.get(self.current or "", ""),
            "placeholder": "note",
            "aria-label": "note on this cable",
            "title": "a note to keep with this cable",
        }
        opens: dict[str, Any] = (
            {} if self._build is not None else {"aria-expanded": str(self.building is not None).lower()}
        )
        return h(
            "div",
            {"class": "cl-bar"},
            button("back", "‹ Back", "the cable read before", self._at > 0),
            button("forward", "Forward ›", "the cable read after", self._at + 1 < len(self._trail)),
            h("span", {"role": "tablist", "aria-label": "views of the cable", "class": "cl-tabs"}, tabs),
            button("build", "What did this update?", BUILD, **opens),
            h("label", {"class": "cl-keep"}, h("input", tick), " keep"),
            h("input", note) if kept else None,
        )

    def on_open(self, value: str, _: Any) -> None:
        """Open a reference."""
        self.read(value)

    def on_build(self, *_: Any) -> None:
        """Build a chain from the cable; where the Reader has a builder of its own, open it or put it away."""
        if self.current is None:
            return
        if self._build is not None:
            self._build(self.current)
        elif self.building is not None:
            self.building.close()
            self.building = None
            self.refresh()
        else:
            self.building = Building(self.state, self.read, self.current)
            self.building.observe(lambda _: self.refresh(), "_tree")
            self.refresh()

    def on_paragraph(self, value: str, _: Any) -> None:
        """Point at a paragraph."""
        self.paragraph = value

    def on_back(self, *_: Any) -> None:
        """Go back."""
        self.back()

    def on_forward(self, *_: Any) -> None:
        """Go forward."""
        self.forward()

    def on_tab(self, value: str, _: Any) -> None:
        """Change between reading and source."""
        if value in TABS:
            self.tab = value

    def on_keep(self, _: str, given: Any) -> None:
        """Put the cable aside, or no longer."""
        if self.current is not None:
            (self.state.keep if given else self.state.drop)(self.current)

    def on_note(self, _: str, given: Any) -> None:
        """Change the note."""
        if self.current is not None:
            self.state.keep(self.current, str(given or ""))

    def on_person(self, value: str, _: Any) -> None:
        """Select what somebody signs at the post of the cable shown, under all spellings."""
        rows = self._persons.of(self.state.whole[self.current]) if self.current is not None else []
        if value.isdecimal() and int(value) < len(rows) and rows[int(value)]["role"] == "signer":
            row = rows[int(value)]
            self.state.selection = Selection(
                signers=tuple(row["variants"]), posts=(row["post"],) if row["post"] else ()
            )

    def on_code(self, _: str, given: Any) -> None:
        """Code the cable shown, or the paragraph pointed at."""
        if self.current is not None:
            coding.add(self.state, self.paragraph or self.current, str(given or ""))

    def on_uncode(self, value: str, _: Any) -> None:
        """Take a code back."""
        coding.remove(self.state, value)

    def on_coder(self, _: str, given: Any) -> None:
        """Say who codes."""
        self.state.view = {**self.state.view, "coder": " ".join(str(given or "").split())}

    def on_codes(self, value: str, _: Any) -> None:
        """Download all codes as CSV, or as a file that a Codebook opens."""
        if self.state.codes and value in ("CSV", "JSON"):
            codebook = coding.book(self.state)
            text = csv_text(codebook.frame) if value == "CSV" else codebook.to_json()
            self.send({"download": {"name": f"codes.{value.lower()}", "text": text, "type": f"text/{value.lower()}"}})

    def static(self) -> str:
        """Return the cable as HTML that needs no kernel."""
        nodes = self._read(self.state.whole[self.current]) if self.current is not None else []
        return static(h("article", {"class": "cl-reader"}, nodes))

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        return bundle(super()._repr_mimebundle_(**options), self.static())

    def __repr__(self) -> str:
        return visible(f"<Reader {self.current or 'without a cable'}>")


def show(corpus: Corpus | Cable, cable: str | None = None) -> Reader:
    """Show a cable to read: its header, paragraphs, references that open, and how each field was read.

    Parameters
    ----------
    corpus
        The corpus in which references open, or one cable of it, such as `corpus["07ASTANA3256"]`.
    cable
        An id, however written, or a permalink such as `"07ASTANA3256#par3"`; None: the first.

    Returns
    -------
    Reader, a widget; in a page without a kernel the cable shows as plain HTML.

    Raises
    ------
    UnknownCable
        If the corpus does not hold it.

    Examples
    --------
    >>> import cablelab as cl
    >>> corpus = cl.sample()
    >>> cl.show(corpus, corpus.ids[0]).current == corpus.ids[0]
    True
    """
    if isinstance(corpus, Cable):
        cable, corpus = cable or corpus.id, cast("Corpus", corpus.corpus)
    if not isinstance(cable, str | None):
        raise WrongKind("show", "one id", cable)
    reader = Reader(State(corpus))
    first = cable if cable is not None else next(iter(corpus), None)
    if first is not None:
        reader.read(first)
    return reader
