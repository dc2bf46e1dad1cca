"""The workbench: Explorer, Reader, chain builder and comparison over one state, for a person who writes no code."""

from __future__ import annotations

from typing import Any

import ipywidgets
import polars as pl
import traitlets

from cablelab.citing import cite
from cablelab.corpus import Corpus
from cablelab.errors import TooFewCables
from cablelab.errors.arguments import of_corpus
from cablelab.widgets.building import Building, decided, to_compare
from cablelab.widgets.comparing import Versions
from cablelab.widgets.explorer import Explorer
from cablelab.widgets.marked import frame
from cablelab.widgets.panel import Handler, Panel, bundle
from cablelab.widgets.quoting import literal
from cablelab.widgets.selection import Selection
from cablelab.widgets.state import State
from cablelab.widgets.tree import Node, h

VIEWS = {"explore": "Explore", "chain": "Build a chain", "compare": "Compare", "cite": "Cite"}
READERS = {"right": "beside", "below": "below", "off": "hidden"}
SIZES = (30, 40, 50, 60, 70)


class Desk(Panel):
    """The head of the workbench: which view is open, where the Reader stands, and all steps so far as code.

    `view` is one of `VIEWS`; `reader` and `share`, how much of the width the view takes beside the Reader, are remembered
    with the notes.
    """

    view = traitlets.Enum(tuple(VIEWS), default_value="explore")
    reader = traitlets.Enum(tuple(READERS), default_value="below")
    share = traitlets.Enum(SIZES, default_value=60)

    def __init__(self, bench: Workbench) -> None:
        self.bench, self.state = bench, bench.state
        super().__init__()
        view = self.state.view
        if view.get("reader") in READERS:
            self.reader = view["reader"]
        if view.get("share") in SIZES:
            self.share = view["share"]
        self.state.observe(lambda _: self.refresh(), ["selection", "kept", "changes", "current"])
        self.observe(lambda _: self.refresh(), ["view", "reader", "share"])
        self.refresh()

    def acts(self) -> dict[str, Handler]:
        """Return what each control does."""
        return {
            "view": self.on_view,
            "reader": self.on_reader,
            "share": self.on_share,
            "compare": self.on_compare,
            "copied": self.on_copied,
        }

    def draw(self) -> Node:
        """Return the head as a tree."""
        state = self.state
        counts = {"compare": len(state.changes), "cite": len(self.bench.cited())}
        tabs = [
            h(
                "button",
                {"role": "tab", "data-act": "view", "data-value": name, "data-row": "views", "aria-selected": str(name == self.view).lower()},
                f"{text} ({counts[name]})" if counts.get(name) else text,
            )
            for name, text in VIEWS.items()
        ]  # fmt: skip
        code = self.bench.code
        return h(
            "div",
            {"class": "cl-desk"},
            h(
                "div",
                {"class": "cl-bar"},
                h("span", {"role": "tablist", "aria-label": "views of the workbench", "class": "cl-tabs"}, tabs),
                h(
                    "button",
                    {"data-act": "compare", "title": "the cables kept, or the chain of the cable being read"},
                    "Compare what is kept",
                ),
                _choice("reader", "Reader", READERS, self.reader),
                _choice("share", "view takes", {n: f"{n} %" for n in SIZES}, self.share)
                if self.reader == "right"
                else None,
            ),
            self.alert(),
            self._cited() if self.view == "cite" else None,
            h(
                "details",
                {"class": "cl-steps"},
                h("summary", None, "These steps as code"),
                h("button", {"data-act": "copied", "data-copy": code, "title": "copy the code"}, "Copy code"),
                h("pre", {"tabindex": "0", "role": "region", "aria-label": "steps as code"}, h("code", None, code)),
            ),
        )

    def _cited(self) -> Node:
        cables = self.bench.cited()
        if not cables:
            return h("p", None, "Keep cables, or compare two: then they are cited here.")
        citations = cite(self.state.whole, list(cables))
        copy = {"data-act": "copied", "data-copy": citations, "title": "copy the citations"}
        listed = [h("li", None, line) for line in citations.splitlines() if line.strip()]
        return h("section", {"aria-label": "citations"}, h("button", copy, "Copy citations"), h("ul", None, listed))

    def on_view(self, value: str, _: Any) -> None:
        """Open a view."""
        if value in VIEWS:
            self.view = value

    def on_reader(self, _: str, given: Any) -> None:
        """Put the Reader beside the view, below it, or away."""
        if given in READERS:
            self.reader = given
            self.state.view = {**self.state.view, "reader": given}

    def on_share(self, _: str, given: Any) -> None:
        """Give the view more or less of the width."""
        share = next((n for n in SIZES if str(n) == str(given)), self.share)
        self.share = share
        self.state.view = {**self.state.view, "share": share}

    def on_compare(self, *_: Any) -> None:
        """Compare what is kept, or the chain of the cable being read."""
        chain = self.bench.builder_members() if self.view == "chain" else []
        self.bench.compare(*(chain if len(chain) > 1 else ()))

    def on_copied(self, *_: Any) -> None:
        """Do nothing: the browser has copied the text."""


class Workbench(ipywidgets.VBox):
    """All views over one state; `cablelab.workbench` makes it.

    Traits: `selection`, `corpus` (what the selection leaves) and `current` as for `Explorer`; frames `kept` (cables put
    aside: `cable`, `sent`, `post`, `classification`, `subject`, `note`), `marked` (changes marked or noted, as
    `cablelab.widgets.marked.frame` has them),
    `codes` (cables, paragraphs and changes coded) and `decided` (steps decided by hand, as `cablelab.chaining.DECISIONS` has them); `code`
    writes all steps so far as Python.
    """

    selection = traitlets.Instance(Selection)
    corpus = traitlets.Instance(Corpus, read_only=True)
    current = traitlets.Unicode(None, allow_none=True)
    code = traitlets.Unicode("", read_only=True)
    kept = traitlets.Instance(pl.DataFrame, read_only=True)
    marked = traitlets.Instance(pl.DataFrame, read_only=True)
    decided = traitlets.Instance(pl.DataFrame, read_only=True)

    def __init__(self, corpus: Corpus) -> None:
        self.explorer = Explorer(State(corpus))
        self.state, self.reader = self.explorer.state, self.explorer.reader
        self.versions: Versions | None = None
        self.builder: Building | None = None
        self._open = "explore"
        super().__init__()
        self.add_class("cl-explorer")
        self._work_out()
        self.desk = Desk(self)
        self.selection, self.current = self.state.selection, self.state.current
        traitlets.link((self.explorer, "selection"), (self, "selection"))
        traitlets.link((self.explorer, "current"), (self, "current"))
        self.state.observe(lambda _: self._work_out(), ["selection", "kept", "changes", "chains"])
        self.desk.observe(lambda _: self._arrange(), ["view", "reader", "share"])
        self.explorer.toolbar._compare, self.explorer.toolbar._build = self.compare, self.build
        self.reader._build = self.build
        self._arrange()

    def compare(self, *cables: str) -> None:
        """Lay cables side by side and open the comparison.

        Parameters
        ----------
        *cables
            Ids, the earliest first; none: those kept, in order of time, or, if there are not two, the chain of the cable
            being read.

        Raises
        ------
        UnknownCable
            If the corpus does not hold one of them.
        TooFewCables
            If there are not two.
        """
        chosen = to_compare(self.state, cables)
        if len(chosen) < 2:
            raise TooFewCables(chosen)
        if self.versions is None:
            self.versions = Versions(self.state, self.reader.read, tuple(chosen), self.build)
            self.versions.observe(lambda _: self._work_out(), ["old", "new", "phrases"])
        else:
            self.versions.lay(tuple(chosen))
            self.versions.refresh()
        self._work_out()
        self.desk.view = "compare"
        self._arrange()

    @property
    def codes(self) -> pl.DataFrame:
        """What was coded, as a `cablelab.studies.Codebook` takes it; marks on changes are the code `change`."""
        return self.explorer.codes

    def build(self, *cables: str) -> None:
        """Put a chain together by hand, and open that view.

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
        self._begin(*keys)
        self._open = self.desk.view = "chain"
        self._arrange()

    def _begin(self, *cables: str) -> None:
        if self.builder is None:
            self.builder = Building(self.state, self.reader.read, compare=self.compare)
        self.builder.begin(*cables)

    def cited(self) -> tuple[str, ...]:
        """Return the cables that the work so far rests on: those kept, those compared, those with a change marked."""
        compared = self.versions._cables() if self.versions is not None else ()
        marks = [
            entry for entry in self.state.changes.values() if isinstance(entry, dict) and entry.get("mark") != "noise"
        ]
        noted = [entry[side] for entry in marks for side in ("cite_a", "cite_b") if entry.get(side)]
        named = dict.fromkeys([*self.state.kept, *compared, *noted])
        return tuple(place for place in named if place.partition("#")[0] in self.state.whole)

    def _work_out(self) -> None:
        self.set_trait("corpus", self.state.corpus)
        self.set_trait("kept", self.explorer.kept)
        self.set_trait("marked", frame(self.state.changes))
        self.set_trait("decided", decided(self.state))
        self.set_trait("code", self._code())
        if hasattr(self, "desk"):
            self.desk.refresh()

    def builder_members(self) -> list[str]:
        """Return the chain being built, in order of time."""
        return list(self.builder.members) if self.builder is not None else []

    def _code(self) -> str:
        folder = self.state.whole.folder
        lines = ["import cablelab as cl", "import polars as pl", ""]
        lines.append(
            f"corpus = cl.open({literal(folder)})" if folder else "# corpus: the one that the workbench was opened with"
        )
        if self.state.selection != Selection():
            lines.append(f"chosen = {self.state.code}")
        if self.state.kept:
            lines.append(f"kept = corpus.select({literal(list(self.state.kept))})")
        if self.decided.height:
            lines.append("decided = None")
            for *step, by in self.decided.select("previous", "cable", pl.col("verdict").cast(pl.String), "by").rows():
                arguments = ", ".join(map(literal, step)) + (f", by={literal(by)}" if by else "")
                lines.append(f"decided = cl.chaining.decide(decided, {arguments})")
            lines.append("cl.chains(corpus, decided=decided)")
        if self.versions is not None and self.versions.laid is not None:
            cables = ", ".join(map(literal, self.versions.laid.cables))
            lines += [f"comparison = cl.compare(corpus, {cables})", "comparison.changes"]
            lines += [f"comparison.phrase({literal(phrase)})" for phrase in self.versions.phrases]
        if self.cited():
            lines.append(f"print(cl.cite(corpus, {literal(list(self.cited()))}))")
        return "\n".join(lines)

    def _arrange(self) -> None:
        view = self.desk.view
        if view == "compare" and self.versions is None:
            self.versions = Versions(self.state, self.reader.read, build=self.build)
        # a chain that has grown stays where it is while others are read; the Reader offers to start from those
        turned, self._open = self._open != view, view
        if view == "chain" and turned and len(members := self.builder_members()) < 2:
            read = [] if self.current is None else [self.current]
            start = [cable for cable in self.state.kept if cable in self.state.whole] or read
            if start and {*start} != {*members}:
                self._begin(*start)
        views = {"explore": self.explorer._upper, "chain": self.builder, "compare": self.versions}
        shown: list[Any] = [found for found in (views.get(view),) if found is not None]
        reader = self.desk.reader
        if view == "cite" or reader == "off":
            body: list[Any] = shown
        elif reader == "below":
            self.reader.layout = ipywidgets.Layout()
            body = [*shown, self.reader]
        else:
            left = ipywidgets.VBox(shown, layout=ipywidgets.Layout(flex=f"{self.desk.share} 1 0", min_width="0"))
            self.reader.layout = ipywidgets.Layout(flex=f"{100 - self.desk.share} 1 0", min_width="260px")
            body = [ipywidgets.HBox([left, self.reader], layout=ipywidgets.Layout(flex_flow="row wrap"))]
        self.children = (self.desk, *body)

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        return bundle(super()._repr_mimebundle_(**options), self.explorer.results.static())

    def __repr__(self) -> str:
        return f"<Workbench {self.state.count:,} of {len(self.state.whole):,} cables>"


@of_corpus
def workbench(corpus: Corpus) -> Workbench:
    """Open the workbench: from a corpus to a cited comparison without code, each step to be had as code.

    Parameters
    ----------
    corpus
        Any Corpus. What is kept, marked and decided lies beside one that was opened from a folder.

    Returns
    -------
    Workbench, a widget. Its traits `kept`, `marked` and `decided` are frames.

    Examples
    --------
    >>> import cablelab as cl
    >>> bench = cl.workbench(cl.sample())
    >>> bench.selection = cl.widgets.Selection(tags=("ELAB",))
    >>> "chosen = corpus.filter" in bench.code, bench.kept.height
    (True, 0)
    """
    return Workbench(corpus)


def _choice(act: str, label: str, options: dict[Any, str], chosen: Any) -> Node:
    listed = [h("option", {"value": value, "selected": value == chosen}, text) for value, text in options.items()]
    return h(
        "label",
        {"class": "cl-by"},
        f"{label} ",
        h("select", {"data-act": act, "value": chosen, "title": label}, listed),
    )
