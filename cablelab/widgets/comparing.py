"""The ComparisonView: step through a chain of assessments, and see one sentence in every version."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ipywidgets
import polars as pl
import traitlets

from cablelab.chaining import chains
from cablelab.comparison import Comparison, Step, compare, style
from cablelab.comparison.changes import ORDER
from cablelab.comparison.model import Change
from cablelab.comparison.prose import reading, struck
from cablelab.escaping import visible
from cablelab.widgets.panel import STYLE, Handler, Panel, bundle, static
from cablelab.widgets.reader import Reader, button
from cablelab.widgets.state import State
from cablelab.widgets.tree import Node, from_html, h

if TYPE_CHECKING:
    from cablelab.corpus import Corpus

MOST_CHAINS, SHOWN = 300, 40
NO_CHAIN = "No chain was found here."


class Versions(Panel):
    """Two versions of a chain laid over each other, with what changed.

    `old` and `new` count the versions shown from 0, `kind` and `reason` filter the changes, `sentence` is the one pressed:
    its cable and its number there.

    Parameters
    ----------
    state
        The shared state.
    read
        Called with a permalink when a source is to be read.
    cables
        What to compare, the earliest first; empty: the chains of the corpus to choose from.
    """

    _css = STYLE + style.THEMES + style.PROSE
    old = traitlets.Int(0, min=0)
    new = traitlets.Int(1, min=0)
    kind = traitlets.Unicode("")
    reason = traitlets.Unicode("")
    sentence: Any = traitlets.Tuple(default_value=None, allow_none=True)

    def __init__(self, state: State, read: Callable[[str], None], cables: tuple[str, ...] = ()) -> None:
        self.state = state
        self._read = read
        self.chains: dict[str, tuple[str, ...]] = {}
        self.comparison: Comparison | None = None
        self._pairs: dict[tuple[int, int], Step] = {}
        super().__init__()
        if cables:
            self.lay(cables)
        else:
            self.chains = _chains(state.whole)
            first = next(iter(self.chains.values()), None)
            if first is not None:
                self.lay(first)
        self.observe(lambda _: self.refresh(), ["old", "new", "kind", "reason", "sentence"])
        self.refresh()

    def lay(self, cables: tuple[str, ...]) -> None:
        """Compare other cables, the earliest first; the last two are shown.

        Raises
        ------
        UnknownCable
            If the corpus does not hold one of them.
        TooFewCables
            If fewer than two are named.
        """
        made = compare(self.state.whole, *cables)
        with self.hold_trait_notifications():
            self.comparison = made
            self._pairs = {(n, n + 1): step for n, step in enumerate(made.steps)}
            self.old, self.new = len(made.versions) - 2, len(made.versions) - 1
            self.kind = self.reason = ""
            self.sentence = None

    @property
    def step(self) -> Step | None:
        """The two versions shown, compared; those that do not follow each other are compared when first asked for."""
        if self.comparison is None:
            return None
        pair = self.old, self.new
        if pair not in self._pairs:
            cables = self.comparison.cables
            self._pairs[pair] = compare(self.state.whole, cables[self.old], cables[self.new]).steps[0]
        return self._pairs[pair]

    def changes(self) -> list[Change]:
        """Return the changes of the step that the filters leave, most telling first."""
        found = self.step.changes if self.step is not None else []
        return [c for c in found if self.kind in ("", c.kind) and (not self.reason or self.reason in c.reasons)]

    def acts(self) -> dict[str, Handler]:
        """Return what each control does."""
        return {
            "open": self.on_open,
            "chain": self.on_chain,
            "step": self.on_step,
            "old": self.on_old,
            "new": self.on_new,
            "kind": self.on_kind,
            "reason": self.on_reason,
            "sentence": self.on_sentence,
        }

    def draw(self) -> Node:
        """Return the view as a tree."""
        step = self.step
        if step is None:
            body: list[Node | None] = [h("p", None, NO_CHAIN)]
        else:
            body = [*self._remarks(step), self._changes(step), self._everywhere(), self._reading(step)]
        label = {"class": "cmp cl-compare", "aria-label": "comparison"}
        return h("section", label, self._bar(), self.alert(), self._legend(), body)

    def _legend(self) -> Node:
        return h("div", None, from_html(style.legend()))

    def _bar(self) -> Node:
        if self.comparison is None:
            return h("div", {"class": "cl-bar"})
        cables = self.comparison.cables
        chosen = next((name for name, chain in self.chains.items() if chain == cables), "")
        listed = {name: f"{name} · {len(chain)} cables · {self._subject(name)}" for name, chain in self.chains.items()}
        told = f"{self.old + 1} → {self.new + 1} of {len(cables)}"
        names = {str(n): f"{n + 1} · {cable}" for n, cable in enumerate(cables)}
        chain = _select("chain", "chain", listed, chosen, "which chain of successive assessments") if listed else None
        return h(
            "div",
            {"class": "cl-bar", "role": "toolbar", "aria-label": "versions"},
            chain,
            button("step", "‹ earlier", "the step before (left arrow)", self.old > 0, **_key("-1", "ArrowLeft")),
            _select("old", "older", names, str(self.old), "the older version"),
            _select("new", "newer", names, str(self.new), "the newer version"),
            button(
                "step", "later ›", "the step after (right arrow)", self.new + 1 < len(cables), **_key("1", "ArrowRight")
            ),
            h("span", {"aria-live": "polite"}, told),
        )

    def _subject(self, cable: str) -> str:
        return str(self.state.whole.cables.row(by_predicate=pl.col("cable") == cable, named=True)["subject"] or "")

    def _remarks(self, step: Step) -> list[Node]:
        return [h("p", {"class": "note"}, f"! {remark}.") for remark in step.remarks]

    def _changes(self, step: Step) -> Node:
        found = self.changes()
        kinds = {"": "all labels", **{c.kind: c.kind for c in step.changes}}
        reasons = {"": "all reasons", **{r: r for c in step.changes for r in c.reasons}}
        rows = [self._change(step, n, c) for n, c in enumerate(found[:SHOWN], 1)]
        head = [h("th", {"scope": "col"}, name) for name in ("#", "label", "why", "what changed", "where")]
        rest = h("p", {"class": "note"}, f"{len(found) - SHOWN} more") if len(found) > SHOWN else None
        filters = h(
            "div",
            {"class": "cl-bar"},
            _select("kind", "label", kinds, self.kind, "show one label only"),
            _select("reason", "reason", reasons, self.reason, "show changes with one reason only"),
            h("output", {"aria-live": "polite", "class": "note"}, f"{len(found)} of {len(step.changes)} changes"),
        )
        table = h("table", {"class": "cl-changes"}, h("thead", None, h("tr", None, head)), h("tbody", None, rows))
        open_ = {"open": True, "key": "changes"}
        return h("details", open_, h("summary", None, "Changes, most telling first"), filters, table, rest)

    def _change(self, step: Step, number: int, change: Change) -> Node:
        old, new = ([s.sentences[i] for i in at] for s, at in _sides(step, change))
        if new and old and not change.weak:
            pairs = [(s, [e for i in change.sentences_a for e in step.edits.get((i, s.sentence), ())]) for s in new]
            text = [node for s, edits in pairs for node in (*from_html(struck(s, edits)), " ")]
        else:
            text = [h("del", None, s.text, " ") for s in old] + [h("ins", None, s.text, " ") for s in new]
        cells = [
            h("td", {"class": "n"}, str(number)),
            h("td", None, change.kind),
            h("td", {"title": ORDER[change.order]}, ", ".join(change.reasons)),
            h("td", None, text),
            h("td", None, [self._place(side, at) for side, at in _places(change)]),
        ]
        return h("tr", {"key": f"{change.sentences_a}{change.sentences_b}"}, cells)

    def _place(self, side: str, sentence: int) -> Node:
        said = {"data-act": "sentence", "data-value": f"{side}{sentence}", "class": "cl-open"}
        version = self._version(side)
        number = version.numbers.get(version.sentences[sentence].paragraph)
        name = "old" if side == "a" else "new"
        return h("button", {**said, "title": "see it in every version"}, f"{name} ¶{number or ''}")

    def _version(self, side: str) -> Any:
        step = self.step
        assert step is not None
        return step.old if side == "a" else step.new

    def _reading(self, step: Step) -> Node:
        nodes = [self._pressable(node, "reading") for node in from_html(reading(step, ""))]
        title = (
            f"{step.new.cable} with the words of {step.old.cable} struck; press a sentence to see it in every version"
        )
        box = h("div", {"data-scrolls": "y", "class": "cl-reading"}, nodes)
        return h("details", {"open": True, "key": "reading"}, h("summary", None, title), box)

    def _pressable(self, node: Node, row: str) -> Node:
        """Make the sentences of the comparison's own HTML into controls: their ids say which they are."""
        if isinstance(node, str):
            return node
        tag, attributes, *children = node
        inner = [self._pressable(child, row) for child in children]
        name = attributes.get("id", "")
        if not name:
            return [tag, attributes, *inner]
        side, sentence = name[0], int(name.rpartition("-")[2])
        mine = self.sentence == (self._version(side).cable, sentence)
        said = {name: value for name, value in attributes.items() if name != "id"}
        said |= {"data-act": "sentence", "data-value": f"{side}{sentence}", "data-row": row}
        said |= {"tabindex": "0" if (side, sentence) == ("b", 0) or mine else "-1", "title": "see it in every version"}
        if mine:
            said |= {"aria-current": "true", "class": f"{said.get('class', '')} cl-chosen".strip()}
        return [tag, said, *inner]

    def everywhere(self) -> list[tuple[str, list[int]]]:
        """Return the sentence pressed in each version: the cable and the sentences that stand for it there."""
        if self.comparison is None or self.sentence is None:
            return []
        cable, sentence = self.sentence
        cables = self.comparison.cables
        at = cables.index(cable)
        threads = self.comparison.thread_list
        members = next((t.members for t in threads if any(m[:2] == (at, sentence) for m in t.members)), None)
        here = [m[:2] for m in members] if members is not None else [(at, sentence)]
        return [(name, [s for k, s in here if k == n]) for n, name in enumerate(cables)]

    def _everywhere(self) -> Node | None:
        found = self.everywhere()
        if not found or self.comparison is None:
            return None
        rows = []
        for n, (cable, sentences) in enumerate(found):
            version = self.comparison.versions[n]
            text = [h("p", None, version.sentences[s].text) for s in sentences]
            position = version.sentences[sentences[0]].paragraph if sentences else None
            number = version.numbers.get(position) if position is not None else None
            link = cable if position is None else f"{cable}#par{number}" if number else f"{cable}#at{position}"
            said = {"class": "cl-open", "data-act": "open", "data-value": link, "title": f"read {link} in the Reader"}
            head = h("th", {"scope": "row"}, h("button", said, f"{cable}{f' ¶{number}' if number else ''}"))
            gone: list[Node] = [h("span", {"class": "note"}, "not there")]
            rows.append(h("tr", None, head, h("td", None, text or gone)))
        close = button("sentence", "×", "close", True, **{"data-value": ""})
        title = h("h4", None, "This sentence in every version ", close)
        return h(
            "section",
            {"class": "cl-everywhere", "aria-live": "polite"},
            title,
            h("table", None, h("tbody", None, rows)),
        )

    def on_open(self, value: str, _: Any) -> None:
        """Read a cable, at the paragraph of the sentence."""
        self._read(value)

    def on_chain(self, _: str, given: Any) -> None:
        """Choose a chain."""
        if given in self.chains:
            self.lay(self.chains[given])

    def on_step(self, value: str, _: Any) -> None:
        """Go one step earlier or later; versions further apart come together first."""
        if self.comparison is None:
            return
        last = len(self.comparison.versions) - 1
        new = min(max(self.new + int(value), 1), last)
        with self.hold_trait_notifications():
            self.old, self.new = new - 1, new
            self.kind = self.reason = ""

    def on_old(self, _: str, given: Any) -> None:
        """Choose the older version; the newer one stays after it."""
        self._choose(int(given), max(self.new, int(given) + 1))

    def on_new(self, _: str, given: Any) -> None:
        """Choose the newer version; the older one stays before it."""
        self._choose(min(self.old, int(given) - 1), int(given))

    def _choose(self, old: int, new: int) -> None:
        if self.comparison is not None and 0 <= old < new < len(self.comparison.versions):
            with self.hold_trait_notifications():
                self.old, self.new = old, new
                self.kind = self.reason = ""

    def on_kind(self, _: str, given: Any) -> None:
        """Show changes of one label."""
        self.kind = str(given or "")

    def on_reason(self, _: str, given: Any) -> None:
        """Show changes with one reason."""
        self.reason = str(given or "")

    def on_sentence(self, value: str, _: Any) -> None:
        """Show a sentence in every version: `a` or `b`, for the older or newer one, and its number."""
        if not value:
            self.sentence = None
        elif self.step is not None and value[0] in "ab":
            version = self._version(value[0])
            if 0 <= int(value[1:]) < len(version.sentences):
                self.sentence = (version.cable, int(value[1:]))


class ComparisonView(ipywidgets.VBox):
    """Successive assessments laid over each other, with the Reader beneath.

    Parameters
    ----------
    corpus
        The corpus that holds them.
    *cables
        Two or more ids, the earliest first; none: the chains of `cl.chains` to choose from.

    Attributes
    ----------
    comparison
        The `Comparison` of the whole chain.
    current
        The id of the cable in the Reader.

    Examples
    --------
    >>> import cablelab as cl
    >>> corpus = cl.sample()
    >>> step = cl.chains(corpus).row(0, named=True)
    >>> cl.widgets.ComparisonView(corpus, step["previous"], step["cable"]).comparison.cables[0] == step["previous"]
    True
    """

    current = traitlets.Unicode(None, allow_none=True)

    def __init__(self, corpus: Corpus, *cables: str) -> None:
        self.state = State(corpus)
        self.reader = Reader(self.state)
        self.versions = Versions(self.state, self.reader.read, tuple(corpus.key(cable) for cable in cables))
        super().__init__([self.versions, self.reader])
        traitlets.link((self.state, "current"), (self, "current"))

    @property
    def comparison(self) -> Comparison | None:
        """The comparison of the whole chain."""
        return self.versions.comparison

    def to_html(self, path: str | Path) -> Path:
        """Write the comparison of the whole chain to one HTML file that needs nothing beside it.

        Raises
        ------
        TooFewCables
            If there is nothing to compare.
        """
        return (self.comparison or compare(self.state.whole)).to_html(path)

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        html = self.comparison._repr_html_() if self.comparison is not None else static(h("p", None, NO_CHAIN))
        return bundle(super()._repr_mimebundle_(**options), html)

    def __repr__(self) -> str:
        return visible(f"<ComparisonView {' → '.join(self.comparison.cables) if self.comparison else 'empty'}>")


def _chains(corpus: Corpus) -> dict[str, tuple[str, ...]]:
    """Return the chains by their first cable, the longest first."""
    found: dict[str, list[str]] = {}
    for chain, cable, previous in chains(corpus).filter(rank=1).select("chain", "cable", "previous").iter_rows():
        found.setdefault(chain, [previous]).append(cable)
    order = sorted(found, key=lambda c: (-len(found[c]), c))[:MOST_CHAINS]
    return {chain: tuple(found[chain]) for chain in order}


def _key(value: str, key: str) -> dict[str, str]:
    return {"data-value": value, "data-key": key, "aria-keyshortcuts": key}


def _select(act: str, label: str, options: dict[str, str], chosen: str, title: str) -> Node:
    listed = [h("option", {"value": v, "selected": v == chosen}, name) for v, name in options.items()]
    said = {"data-act": act, "value": chosen, "aria-label": label, "title": title}
    return h("label", {"class": "cl-by"}, f"{label} ", h("select", said, listed))


def _sides(step: Step, change: Change) -> tuple[tuple[Any, tuple[int, ...]], tuple[Any, tuple[int, ...]]]:
    return (step.old, change.sentences_a), (step.new, change.sentences_b)


def _places(change: Change) -> list[tuple[str, int]]:
    return [(side, at[0]) for side, at in (("a", change.sentences_a), ("b", change.sentences_b)) if at]
