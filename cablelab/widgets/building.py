"""A chain as a person builds it: accept or reject what may come before and after a cable, and keep what was decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import polars as pl
import traitlets

from cablelab.chaining import CANDIDATES, DECISIONS, candidates, chain_of, decide
from cablelab.errors import InvalidQuery
from cablelab.widgets.panel import Handler, Panel
from cablelab.widgets.state import State
from cablelab.widgets.texts import button, shortcut
from cablelab.widgets.tree import Node, h

# so many are offered at once, of so many looked at for each member; less likely than this is doubtful, and than that unlikely
SHOWN, LOOKED_AT, DOUBTFUL, UNLIKELY = 8, 10, 0.5, 0.05
RULE = "Offered are cables of the same mission. Messages from Washington are left out by rule: they instruct, and assess nothing."
_NAMED, _DECIDED = "chain ", "step "


def decided(state: State) -> pl.DataFrame:
    """Return what was decided in a corpus, with the columns of `cablelab.chaining.DECISIONS`.

    Examples
    --------
    >>> import cablelab as cl
    >>> decided(State(cl.sample())).height
    0
    """
    decisions = None
    for key, entry in state.chains.items():
        if key.startswith(_DECIDED):
            previous, cable = entry["pair"]
            at = datetime.fromisoformat(entry["at"])
            decisions = decide(decisions, previous, cable, entry["verdict"], by=entry["by"], note=entry["note"], at=at)
    return pl.DataFrame(schema=DECISIONS) if decisions is None else decisions


def to_compare(state: State, cables: Sequence[str]) -> list[str]:
    """Name what is to be compared: the cables named, else those kept, in order of time; of fewer than two the chain of the one being read.

    Raises
    ------
    UnknownCable
        If the corpus does not hold one of them.
    """
    kept = state.whole.cables.filter(pl.col("cable").is_in(list(state.kept))).sort("sent", "cable")
    chosen = [state.whole.key(cable) for cable in cables] or kept["cable"].to_list()
    if len(chosen) < 2 and state.current is not None:
        chosen = chain_of(state.whole, state.current, decided=decided(state)) or [state.current]
    return chosen


class Building(Panel):
    """One chain as it grows, and the cables that may belong to it, the likeliest first.

    Parameters
    ----------
    state
        The shared state; decisions and named chains are kept in its `chains`, who decides in its `view`.
    read
        What opens a cable in the Reader.
    *start
        The cables to begin with; none: `begin` names them.
    compare
        What lays the cables of the chain side by side; None where nothing can.
    """

    members = traitlets.List(traitlets.Unicode(), help="Ids of the chain, in order of time.")

    def __init__(
        self, state: State, read: Callable[[str], None], *start: str, compare: Callable[..., None] | None = None
    ) -> None:
        self.state, self._read, self._compare = state, read, compare
        self._begun = 0
        self._offers: dict[str, pl.DataFrame] = {}
        self._past: list[tuple[list[str], dict[str, Any]]] = []
        self.name = ""
        cables = state.whole.cables
        sent = cables.select("cable", "sent", pl.col("subject").fill_null(""))
        self._about: dict[str, tuple[datetime | None, str]] = {c: (when, what) for c, when, what in sent.iter_rows()}
        super().__init__(members=self._ordered([*start]))
        state.observe(self._decided_elsewhere, ["chains", "view"])
        self.refresh()

    def _decided_elsewhere(self, _: Any) -> None:
        self.refresh()

    def close(self) -> None:
        """Put the view away."""
        with suppress(ValueError):  # closed twice, as when it is thrown away
            self.state.unobserve(self._decided_elsewhere, ["chains", "view"])
        super().close()

    def begin(self, *cables: str) -> None:
        """Start from other cables, and take the keyboard there; Undo goes back to the chain before."""
        if self.members:
            self._past.append((list(self.members), dict(self.state.chains)))
        self._begun += 1
        self.name, self.members = "", self._ordered([*cables])
        self.refresh()

    @property
    def by(self) -> str:
        """Who decides, as given once and kept with the corpus."""
        return str(self.state.view.get("by", ""))

    @property
    def decisions(self) -> pl.DataFrame:
        """What was decided in this corpus, with the columns of `cablelab.chaining.DECISIONS`."""
        return decided(self.state)

    @property
    def saved(self) -> dict[str, list[str]]:
        """The chains saved by name."""
        return {k.removeprefix(_NAMED): list(v["cables"]) for k, v in self.state.chains.items() if k.startswith(_NAMED)}

    @property
    def code(self) -> str:
        """Python that decides the same again."""
        decisions = self.decisions.select("previous", "cable", pl.col("verdict").cast(pl.String), "by")
        columns = decisions.to_dict(as_series=False)
        return f"cl.chains(corpus, decided=pl.DataFrame({columns!r}))" if decisions.height else "cl.chains(corpus)"

    def offered(self) -> pl.DataFrame:
        """List what may belong to the chain: `candidate`, `previous`, `cable`, `score`, `signals`; the likeliest first."""
        for member in self.members:
            if member not in self._offers:
                self._offers[member] = candidates(self.state.whole, member, LOOKED_AT)
        found = pl.concat([pl.DataFrame(schema=CANDIDATES), *(self._offers[member] for member in self.members)])
        rejected = self.decisions.filter(pl.col("verdict") == "rejected")
        left = found.filter(~pl.col("candidate").is_in(self.members)).join(
            rejected, on=["previous", "cable"], how="anti", maintain_order="left"
        )
        best = left.sort(["score", "candidate"], descending=[True, False]).unique(
            "candidate", keep="first", maintain_order=True
        )
        return best.head(SHOWN)

    def acts(self) -> dict[str, Handler]:
        """Return what each control does."""
        return {
            "open": lambda value, _: self._read(value),
            "accept": lambda value, _: self._decide(value, "accepted"),
            "reject": lambda value, _: self._decide(value, "rejected"),
            "undo": lambda *_: self.undo(),
            "name": self.on_name,
            "by": self.on_by,
            "together": self.on_together,
            "save": lambda *_: self.save(self.name),
            "saved": lambda _, given: self.load(str(given)),
        }

    def draw(self) -> Node:
        """Return the chain, and what may belong to it, as a tree."""
        offered = self.offered()
        return h(
            "section",
            {
                "class": "cl-building",
                "aria-label": "chain builder",
                "tabindex": "-1",
                "data-arrives": self._begun or None,
            },
            self._bar(),
            self.alert(),
            h("h3", None, f"The chain: {len(self.members)} {'cable' if len(self.members) == 1 else 'cables'}"),
            self._track(),
            h(
                "ol",
                {"class": "cl-members", "aria-label": "the chain, in order of time"},
                map(self._member, self.members),
            ),
            h("h3", None, "May belong to it, the likeliest first"),
            h("p", {"class": "cl-note"}, RULE),
            h("p", {"class": "cl-keys"}, "Keys: a accepts the first, r rejects it, u takes the last decision back."),
            h(
                "ol",
                {"class": "cl-offers"},
                [self._offer(n, row) for n, row in enumerate(offered.iter_rows(named=True))],
            )
            if offered.height
            else h("p", None, "No further cable of this mission is near. Rejected ones come back with Undo."),
            h("p", {"class": "cl-where"}, self.state.notes.told),
            h(
                "pre",
                {"tabindex": "0", "role": "region", "aria-label": "code of these decisions"},
                h("code", None, self.code),
            ),
        )

    def _bar(self) -> Node:
        name = {"data-act": "name", "value": self.name, "aria-label": "name of the chain", "placeholder": "name"}
        by = {
            "data-act": "by",
            "value": self.by,
            "placeholder": "your name",
            "title": "kept, and noted with each decision",
        }
        options = [h("option", {"value": "", "selected": True}, "open a saved chain")]
        options += [h("option", {"value": saved}, f"{saved} · {len(cables)}") for saved, cables in self.saved.items()]
        choose = {"data-act": "saved", "value": "", "aria-label": "open a saved chain", "title": "open a saved chain"}
        return h(
            "div",
            {"class": "cl-bar", "role": "toolbar", "aria-label": "chain"},
            button("undo", "↶ Undo", "take the last decision back", bool(self._past), **shortcut("", "u")),
            h("input", {**name, "type": "text", "title": "what this chain is called"}),
            button("save", "Save", "keep the chain under this name", len(self.members) > 1),
            button("together", "Compare", "lay the cables of this chain side by side", len(self.members) > 1)
            if self._compare is not None
            else None,
            h("select", choose, options) if self.saved else None,
            h("label", {"class": "cl-by"}, "decided by ", h("input", {**by, "type": "text"})),
        )

    def _track(self) -> Node:
        """Set a mark for each member where it lies in time, from the first to the last."""
        dated = [(cable, when) for cable in self.members if (when := self._about[cable][0]) is not None]
        if not dated:
            return h("div", {"hidden": True})
        first, last = dated[0][1], dated[-1][1]
        span = max((last - first).total_seconds(), 1)
        marks = [
            h(
                "span",
                {"data-x": round(97 * (when - first).total_seconds() / span, 2), "title": cable, "key": cable},
                "●",
            )
            for cable, when in dated
        ]
        return h("div", {"class": "cl-track", "aria-hidden": "true"}, marks)

    def _member(self, cable: str) -> Node:
        when, subject = self._about[cable]
        day = f"{when:%Y-%m-%d}" if when else "undated"
        place = {"class": "cl-member", "data-act": "open", "data-value": cable, "title": f"read {cable}"}
        return h("li", None, h("button", place, f"{day} · {cable}"), f" {subject}")

    def _offer(self, n: int, row: dict[str, Any]) -> Node:
        cable = row["candidate"]
        side = "before" if row["side"] == "earlier" else "after"
        other = row["cable"] if row["side"] == "earlier" else row["previous"]
        gap = "undated" if row["gap"] is None else f"{row['gap']} days {side} {other}"
        sure = f"{row['score']:.0%}" if row["score"] >= UNLIKELY else f"under {UNLIKELY:.0%}"
        sure += ", doubtful" * (UNLIKELY <= row["score"] < DOUBTFUL) + ", unlikely" * (row["score"] < UNLIKELY)
        pair = f"{row['previous']} {row['cable']}"
        keys = (
            ({"data-key": "a", "aria-keyshortcuts": "a"}, {"data-key": "r", "aria-keyshortcuts": "r"})
            if n == 0
            else ({}, {})
        )
        accept = {"data-act": "accept", "data-value": pair, "title": f"{cable} belongs to the chain", **keys[0]}
        reject = {"data-act": "reject", "data-value": pair, "title": f"{cable} does not follow", **keys[1]}
        look = {"data-act": "open", "data-value": cable, "title": f"read {cable}"}
        return h(
            "li",
            {"key": cable, "class": "cl-offer"},
            h("button", accept, "Accept (a)" if n == 0 else "Accept"),
            h("button", reject, "Reject (r)" if n == 0 else "Reject"),
            h("button", look, cable),
            h("strong", None, f" {sure} "),
            h("span", None, f"{row['subject']} · {gap}"),
            h("div", {"class": "cl-why"}, "; ".join(row["signals"])),
        )

    def _decide(self, pair: str, verdict: str) -> None:
        previous, _, cable = pair.partition(" ")
        offered = self.offered().filter((pl.col("previous") == previous) & (pl.col("cable") == cable))
        if not offered.height:
            return
        self._past.append((list(self.members), dict(self.state.chains)))
        entry = {
            "pair": [previous, cable],
            "verdict": verdict,
            "by": self.by,
            "at": datetime.now(UTC).isoformat(),
            "note": self.name,
        }
        with self.together():
            self.state.chains = {**self.state.chains, f"{_DECIDED}{pair}": entry}
            if verdict == "accepted":
                self.members = self._ordered([*self.members, offered["candidate"][0]])
            self.refresh()

    def _ordered(self, cables: list[str]) -> list[str]:
        undated = datetime.max.replace(tzinfo=UTC)
        return sorted(dict.fromkeys(cables), key=lambda cable: (self._about[cable][0] or undated, cable))

    def undo(self) -> None:
        """Take the last decision back."""
        if self._past:
            with self.together():
                self.members, self.state.chains = self._past.pop()
                self.refresh()

    def on_name(self, _: str, given: Any) -> None:
        """Call the chain so."""
        self.name = str(given or "").strip()

    def on_by(self, _: str, given: Any) -> None:
        """Note who decides, for every decision from now on."""
        self.state.view = {**self.state.view, "by": " ".join(str(given or "").split())}

    def on_together(self, *_: Any) -> None:
        """Lay the cables of the chain side by side."""
        if self._compare is not None and len(self.members) > 1:
            self._compare(*self.members)

    def save(self, name: str) -> None:
        """Keep the chain under a name, beside the corpus where that lies in a folder.

        Raises
        ------
        InvalidQuery
            If the name is empty.
        """
        if not name.strip():
            raise InvalidQuery("A chain needs a name to be kept under: type one first.")
        self.state.chains = {**self.state.chains, _NAMED + name.strip(): {"cables": list(self.members)}}
        self.refresh()

    def load(self, name: str) -> None:
        """Go on with a chain that was saved; cables that the corpus does not hold are left out."""
        if name in self.saved:
            self.name, self._past = name, []
            self.members = [cable for cable in self.saved[name] if cable in self._about] or list(self.members)
            self.refresh()
