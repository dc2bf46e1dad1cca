"""The ComparisonView: two versions beside each other, what changed between them, and the chain they stand in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import traitlets

from cablelab.charts.fonts import FAMILY
from cablelab.comparison import Comparison, Laid, Step, style
from cablelab.comparison.columns import columns
from cablelab.comparison.drawing import printed, side_by_side
from cablelab.comparison.model import Change
from cablelab.comparison.page import fragment, heads, tally
from cablelab.comparison.remarks import unrelated
from cablelab.comparison.stepwise import Stepwise
from cablelab.widgets import marked, rail
from cablelab.widgets.axis import axis
from cablelab.widgets.below import below
from cablelab.widgets.figure import FORMS, download
from cablelab.widgets.panel import STYLE, Handler, Panel
from cablelab.widgets.state import AT_ONCE, State, found_chains
from cablelab.widgets.steps_bar import steps_bar
from cablelab.widgets.texts import pressable
from cablelab.widgets.tree import Node, from_html, h

NO_CHAIN = "No chain of successive assessments was found here. Keep two cables and press Compare."
LARGE = f"Of more than {AT_ONCE:,} cables only the chains of one mission are looked for: that of the cable being read when this opened."


class Versions(Panel):
    """Two versions of a chain beside each other, with what changed.

    `old` and `new` count the versions shown from 0, `filter` names the changes listed, `change` the one chosen among them
    (-1: none), `sentence` the one pressed: its cable and its number there; `phrases` are followed over the chain, `threads` shows its matrix.

    Parameters
    ----------
    state
        The shared state.
    read
        Called with a permalink when a source is to be read.
    cables
        What to compare, the earliest first; empty: the chains of the corpus to choose from.
    build
        What opens the chain builder on cables; None where nothing can.
    """

    _css = STYLE + style.THEMES + style.PROSE
    old = traitlets.Int(0, min=0)
    new = traitlets.Int(1, min=0)
    filter = traitlets.Enum(tuple(rail.FILTERS), default_value="all")
    change = traitlets.Int(-1, min=-1)
    sentence: Any = traitlets.Tuple(default_value=None, allow_none=True)
    phrases: Any = traitlets.List(traitlets.Unicode())
    threads = traitlets.Bool(False)

    def __init__(
        self,
        state: State,
        read: Callable[[str], None],
        cables: tuple[str, ...] = (),
        build: Callable[..., None] | None = None,
    ) -> None:
        self.state = state
        self._read, self._build = read, build
        self._most = rail.PAGE
        self._texts: dict[tuple[int, int], list[Node]] = {}
        self.chains: dict[str, tuple[str, ...]] = {}
        self.laid: Stepwise | None = None
        super().__init__()
        if cables:
            self.lay(cables)
        else:
            self.chains = found_chains(state.whole, state.current)
            holding = [chain for chain in self.chains.values() if state.current in chain]
            first = next(iter(holding or self.chains.values()), None)
            if first is not None:
                self.lay(first)
        self.observe(lambda _: self.refresh(), ["old", "new", "filter", "change", "sentence", "phrases", "threads"])
        state.observe(lambda _: self.refresh(), "changes")
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
        laid = Stepwise(self.state.whole, cables)
        with self.together():
            self.laid = laid
            self._texts.clear()
            self._show(len(laid.heads) - 2, len(laid.heads) - 1)

    def _show(self, old: int, new: int) -> None:
        with self.together():
            self.old, self.new = old, new
            self.filter, self.change, self.sentence = "all", -1, None
            self._most = rail.PAGE

    @property
    def step(self) -> Step | None:
        """The two versions shown, compared when first asked for; None where nothing is laid out or the two are the same cable."""
        return None if self.laid is None or self.old == self.new else self.laid.step(self.old, self.new)

    @property
    def comparison(self) -> Comparison | None:
        """The comparison of the whole chain, made when first asked for."""
        return None if self.laid is None else self.laid.whole

    def changes(self) -> list[Change]:
        """Return the changes of the step that the filter leaves, most telling first."""
        return [] if self.step is None else rail.filtered(self.step, self.filter, self.state.changes)

    @property
    def marked(self) -> pl.DataFrame:
        """What was marked or noted in this corpus, a row a change; see `cablelab.widgets.marked.frame`."""
        return marked.frame(self.state.changes)

    def acts(self) -> dict[str, Handler]:
        """Return what each control does."""
        return {
            "open": self.on_open,
            "build": self.on_build,
            "chain": self.on_chain,
            "step": self.on_step,
            "axis": self.on_axis,
            "old": self.on_old,
            "new": self.on_new,
            "filter": self.on_filter,
            "change": self.on_change,
            "next": self.on_next,
            "more": self.on_more,
            "mark": self.on_mark,
            "noise": self.on_noise,
            "note": self.on_note,
            "sentence": self.on_sentence,
            "phrases": self.on_phrases,
            "threads": self.on_threads,
            "thread": self.on_thread,
            "take": self.on_take,
            "figure": self.on_figure,
            "copied": self.on_copied,
        }

    def draw(self) -> Node:
        """Return the view as a tree."""
        step = self.step
        label = {"class": "cmp cl-compare", "aria-label": "comparison", "data-links": "yes"}
        if self.laid is None:
            return h("section", label, self._bar(), self.alert(), self._large(), h("p", None, NO_CHAIN))
        bar, chain = self._bar(), axis(self.laid.heads, self.old, self.new, self.laid.missing)
        if step is None:
            same = f"Both are {self.laid.cables[self.old]}: choose two different cables to compare."
            return h("section", label, bar, self.alert(), chain, h("p", {"class": "told", "role": "status"}, same))
        doubts = [h("p", {"class": "told"}, f"! {doubt}.") for doubt in self._remarks(step)]
        top = [self._large(), from_html(heads(step)), from_html(tally(step)), doubts, chain]
        return h(
            "section",
            label,
            bar,
            self.alert(),
            top,
            h("div", {"class": "cl-facing"}, self._rail(step), self._both(step)),
            below(self.state, self.laid, self.phrases, self.threads),
        )

    def _large(self) -> Node | None:
        """Say that a large corpus has more chains than those offered here."""
        large = len(self.state.whole) > AT_ONCE and (self.chains or self.laid is None)
        return h("p", {"class": "told"}, LARGE) if large else None

    def static(self) -> str:
        """Return the step shown as HTML that needs no kernel, with the chain it stands in; empty where there is none."""
        if self.laid is None or (step := self.step) is None:
            return ""
        return fragment(Laid(self.laid.heads, (step,), notes=self.laid.notes))

    def _remarks(self, step: Step) -> list[str]:
        """Return what a reader must know of the two before reading any of it, each thing once."""
        notes = self.laid.notes if self.laid is not None else ()
        return list(dict.fromkeys([*step.remarks, *notes]))

    def _rail(self, step: Step) -> Node | None:
        found = self.everywhere()
        if found and self.laid is not None:
            return rail.history(self.laid.whole, found)
        if unrelated(step):
            return None
        return rail.changes(step, self.filter, self.change, self._most, self.state.changes)

    def _bar(self) -> Node:
        if self.laid is None:
            return h("div", {"class": "cl-bar"})
        subjects = {name: self._subject(name) for name in self.chains}
        return steps_bar(self.laid.cables, (self.old, self.new), self.chains, subjects, self._build is not None)

    def _subject(self, cable: str) -> str:
        return str(self.state.whole[cable]["subject"] or "")

    def _both(self, step: Step) -> Node:
        pair = self.old, self.new
        if pair not in self._texts:
            self._texts[pair] = from_html(columns(step, ""))
        chosen, place = self._chosen(step)
        nodes = [pressable(node, chosen, place) for node in self._texts[pair]]
        attributes = {
            "data-scrolls": "y",
            "class": "facing cl-both",
            "role": "region",
            "tabindex": "0",
            "aria-label": "both texts",
        }
        # a pair of its own: what was folded open in one is not in the next
        return h("div", attributes | {"key": f"{step.old.cable} {step.new.cable}"}, nodes)

    def _chosen(self, step: Step) -> tuple[set[str], str]:
        """Return the sentences to mark, and the one to scroll to: of the change chosen, or the one pressed."""
        if self.sentence is not None:
            versions = {step.old.cable: "a", step.new.cable: "b"}
            at = f"{versions[self.sentence[0]]}-{self.sentence[1]}" if self.sentence[0] in versions else ""
            cables = (step.old.cable, step.new.cable)
            found = [(cables.index(c), s) for n, s in self.everywhere() if (c := self._cables()[n]) in cables]
            return {at} | {f"{'ab'[side]}-{i}" for side, ids in found for i in ids}, ""
        shown = self.changes()
        if not 0 <= self.change < len(shown):
            return set(), ""
        change = shown[self.change]
        both = [f"b-{i}" for i in change.sentences_b] + [f"a-{i}" for i in change.sentences_a]
        return set(both), both[0]

    def _cables(self) -> tuple[str, ...]:
        return self.laid.cables if self.laid is not None else ()

    def everywhere(self) -> list[tuple[int, list[int]]]:
        """Return the sentence pressed in each version: its place in the chain and the sentences that stand for it there."""
        if self.laid is None or self.sentence is None:
            return []
        cable, sentence = self.sentence
        at = self.laid.cables.index(cable)
        members = next(
            (t.members for t in self.laid.whole.thread_list if any(m[:2] == (at, sentence) for m in t.members)), None
        )
        here = [m[:2] for m in members] if members is not None else [(at, sentence)]
        return [(n, [s for k, s in here if k == n]) for n in range(len(self.laid.cables))]

    def on_open(self, value: str, _: Any) -> None:
        """Read a cable, at the paragraph of the sentence."""
        self._read(value)

    def on_build(self, *_: Any) -> None:
        """Go on building the chain that is compared."""
        if self._build is not None:
            self._build(*self._cables())

    def on_chain(self, _: str, given: Any) -> None:
        """Choose a chain."""
        if given in self.chains:
            self.lay(self.chains[given])

    def on_step(self, value: str, _: Any) -> None:
        """Go one step earlier or later; versions further apart come together first."""
        if value in ("1", "-1"):
            self.on_axis(str(max(self.old, self.new) + int(value)), None)

    def on_axis(self, value: str, _: Any) -> None:
        """Show a version beside the one before it."""
        if self.laid is not None:
            new = min(max(int(value), 1), len(self.laid.heads) - 1)
            self._show(new - 1, new)

    def on_old(self, _: str, given: Any) -> None:
        """Choose the older version."""
        self._choose(given, self.new)

    def on_new(self, _: str, given: Any) -> None:
        """Choose the newer version."""
        self._choose(self.old, given)

    def _choose(self, old: Any, new: Any) -> None:
        cables = self._cables()
        if not (str(old).isdecimal() and str(new).isdecimal() and max(int(old), int(new)) < len(cables)):
            return
        first, last = int(old), int(new)
        self._show(min(first, last), max(first, last))
        if last < first:
            self.error = f"{cables[last]} is the earlier of the two; they are shown in order of time."

    def on_filter(self, value: str, _: Any) -> None:
        """List changes of one kind."""
        if value in rail.FILTERS:
            with self.together():
                self.filter, self.change = value, -1

    def on_change(self, value: str, _: Any) -> None:
        """Show a change in both texts."""
        if value.isdecimal() and int(value) < len(self.changes()):
            with self.together():
                self.change, self.sentence = int(value), None

    def on_next(self, value: str, _: Any) -> None:
        """Show the next change, or the one before."""
        last = len(self.changes()) - 1
        if value in ("1", "-1") and last >= 0:
            with self.together():
                self.change, self.sentence = min(max(self.change + int(value), 0), last), None

    def on_more(self, *_: Any) -> None:
        """List more changes."""
        self._most += rail.PAGE

    def on_mark(self, value: str, _: Any) -> None:
        """Mark a change, or no longer."""
        self._note(value, mark="marked")

    def on_noise(self, value: str, _: Any) -> None:
        """Put a change last as noise, or back in its place."""
        self._note(value, mark="noise")

    def on_note(self, value: str, given: Any) -> None:
        """Change the note on a change."""
        self._note(value, note=" ".join(str(given or "").split()))

    def _note(self, number: str, mark: str | None = None, note: str | None = None) -> None:
        step, shown = self.step, self.changes()
        if step is None or not number.isdecimal() or int(number) >= len(shown):
            return
        change = shown[int(number)]
        name = marked.key(step, change)
        entry = self.state.changes.get(name, {})
        now = entry.get("mark", "") if mark is None else "" if entry.get("mark") == mark else mark
        text = entry.get("note", "") if note is None else note
        others = {k: v for k, v in self.state.changes.items() if k != name}
        # noise goes last: the change chosen is chosen still, wherever it stands then
        chosen = shown[self.change] if 0 <= self.change < len(shown) else None
        self.state.changes = {**others, name: marked.entry(step, change, now, text)} if now or text else others
        if chosen is not None:
            self.change = next((n for n, c in enumerate(self.changes()) if c is chosen), -1)

    def on_sentence(self, value: str, _: Any) -> None:
        """Show a sentence in every version: `a` or `b`, for the older or newer one, a dash and its number."""
        side, _dash, number = value.partition("-")
        if not value:
            self.sentence = None
        elif self.step is not None and side in ("a", "b") and number.isdecimal():
            version = self.step.old if side == "a" else self.step.new
            if int(number) < len(version.sentences):
                self.sentence = (version.cable, int(number))

    def on_phrases(self, _: str, given: Any) -> None:
        """Follow phrases over the chain."""
        wanted = [" ".join(part.split()) for part in str(given or "").split(",")]
        self.phrases = [phrase for phrase in dict.fromkeys(wanted) if any(c.isalnum() for c in phrase)]

    def on_threads(self, *_: Any) -> None:
        """Show the sentences that live on over the chain, or no longer."""
        self.threads = not self.threads

    def on_thread(self, value: str, _: Any) -> None:
        """Show a sentence of any cable of the chain in every version."""
        version, _blank, sentence = value.partition(" ")
        if self.laid is None or not (version.isdecimal() and sentence.isdecimal()):
            return
        if int(version) < len(self.laid.heads) and int(sentence) < len(
            self.laid.whole.versions[int(version)].sentences
        ):
            self.sentence = (self.laid.cables[int(version)], int(sentence))

    def on_take(self, value: str, _: Any) -> None:
        """Download what is marked."""
        forms = {
            "Markdown": ("changes.md", marked.markdown, "text/markdown"),
            "CSV": ("changes.csv", marked.csv, "text/csv"),
            "HTML for Word": ("changes.html", marked.html, "text/html"),
        }
        if value in forms and not self.marked.is_empty():
            name, write, kind = forms[value]
            self.send({"download": {"name": name, "text": write(self.state.changes), "type": kind}})

    def on_figure(self, form: str, _: Any) -> None:
        """Download the two texts side by side as a figure, with its provenance card."""
        if form in FORMS and (step := self.step) is not None:
            svg = printed(side_by_side(step), FAMILY)
            pair = [step.old.cable, step.new.cable]
            title = f"What changed from {pair[0]} to {pair[1]}"
            self.send({"download": download(svg, form, self.state.whole.select(pair), title, "comparison")})

    def on_copied(self, *_: Any) -> None:
        """Do nothing: the browser has copied the code."""
