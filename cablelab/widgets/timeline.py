"""The Explorer's timeline: bars over true time, a brush that snaps to them, what has no date, what lies far off.

Own drawing and not a Vega chart: its brush would not snap to bins, its width not follow the cell, and an empty axis broke
the page; here a bar is an element with a place in per cent, and the keyboard moves the brush as the mouse does.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import traitlets

from cablelab.charts.base import LEVEL_COLOURS, REST
from cablelab.charts.grouping import GROUPINGS, OTHER, meanings
from cablelab.charts.themed import COUNT
from cablelab.corpus.lookup import counted
from cablelab.frames import CLASSIFICATIONS
from cablelab.widgets.bins import MOST_TICKS, Bins, count, ticks
from cablelab.widgets.figure import FORMS, buttons, download
from cablelab.widgets.panel import STYLE, Handler, Panel
from cablelab.widgets.state import State
from cablelab.widgets.tree import Node, h

_COLOURS = [*LEVEL_COLOURS.values(), REST]
PALETTES = "".join(
    f".cablelab .cl-level-{n}{{background:{colour};fill:{colour}}}" for n, colour in enumerate(_COLOURS)
) + (f".cablelab .cl-one{{background:{COUNT}}}.cablelab .cl-rest{{background:{REST}}}")


class Timeline(Panel):
    """Cables over time, with the days chosen; drag over the bars, or move the two handles by keyboard.

    `by` is what the bars are grouped by, `everything` whether strays are drawn too.
    """

    _css = STYLE + PALETTES
    by = traitlets.Enum((*GROUPINGS, "all"), default_value="classification")
    everything = traitlets.Bool(False)

    def __init__(self, state: State) -> None:
        self.state = state
        self._made: tuple[Any, Bins | None] | None = None
        super().__init__()
        state.observe(lambda _: self.refresh(), "selection")
        self.observe(lambda _: self.refresh(), ["by", "everything"])
        self.refresh()

    def acts(self) -> dict[str, Handler]:
        """Return what each control does."""
        return {
            "brush": self.on_brush,
            "dates": self.on_dates,
            "undated": self.on_undated,
            "strays": self.on_strays,
            "by": self.on_by,
            "figure": self.on_figure,
        }

    @property
    def bins(self) -> Bins | None:
        """What is drawn, counted once for as long as all but the days stays; None if nothing has a date."""
        wanted = self.state.selection.without("sent"), self.by, self.everything
        if self._made is None or self._made[0] != wanted:
            self._made = wanted, count(self.state, None if self.by == "all" else self.by, self.everything)
        return self._made[1]

    def draw(self) -> Node:
        """Return the timeline as a tree."""
        bins = self.bins
        groups = [h("option", {"value": g, "selected": g == self.by}, g) for g in ("all", *GROUPINGS)]
        by = {"data-act": "by", "value": self.by, "title": "what the bars are grouped by"}
        head = h(
            "div",
            {"class": "cl-bar"},
            h("h4", None, "Cables over time"),
            h("label", {"class": "cl-by"}, "by ", h("select", by, groups)),
            buttons(),
            h("span", {"class": "cl-note"}, self._told(bins)),
        )
        drawn = [self._plot(bins), self._axis(bins), self._legend(bins)] if bins is not None else []
        return h(
            "section", {"class": "cl-timeline", "aria-label": "timeline"}, head, self.alert(), drawn, self._asides(bins)
        )

    def _told(self, bins: Bins | None) -> str:
        if bins is None:
            left = int(rows.sum()) if (rows := self.state.rows("sent")) is not None else len(self.state.whole)
            return "No cable with a date is left to draw." if left else "No cable is left to draw."
        sentence = f"{bins.dated:,} of {bins.dated + bins.undated:,} cables have a date · counted by {bins.step}"
        for gap in bins.gaps:
            sentence += f" · {bins.told(gap)}, not drawn"
        return f"{sentence} · drag over the bars to keep only those days"

    def _plot(self, bins: Bins) -> Node:
        stacked = self.by in ("all", "classification")
        if self.by == "tag":
            words = {name: self.state.tag_meanings.get(name, "") for name in bins.totals}
        else:
            words = meanings(self.state.whole, self.by, list(bins.totals)) if self.by in GROUPINGS else {}
        lanes = [self._stack(bins)] if stacked else [self._lane(bins, name, words) for name in bins.totals]
        label = f"{bins.dated:,} cables from {bins.told(0)} to {bins.told(len(bins.edges) - 2)}"
        picture = h("div", {"class": "cl-lanes", "role": "img", "aria-label": label}, lanes)
        return h("div", {"class": f"cl-plot {'cl-stacked' if stacked else ''}".strip()}, picture, self._over(bins))

    def _over(self, bins: Bins) -> Node:
        """Return what lies over the bars and takes the mouse: the brush with its two handles."""
        sent, most = self.state.selection.sent, len(bins.edges) - 2
        first, last = bins.at(sent) if sent else (0, most)
        handles = []
        for n, (label, at) in enumerate((("first days kept", first), ("last days kept", last))):
            attributes: dict[str, Any] = {"role": "slider", "tabindex": 0, "data-handle": n, "class": "cl-handle"}
            attributes |= {"aria-label": label, "aria-valuemin": 0, "aria-valuemax": most, "aria-valuenow": at}
            attributes |= {"aria-valuetext": bins.told(at), "data-x": _percent(bins.place(bins.edges[at + n]))}
            attributes |= {"title": "arrow keys move it; Escape keeps all days"}
            handles.append(h("div", attributes))
        left, right = bins.place(bins.edges[first]), bins.place(bins.edges[last + 1])
        brush: dict[str, Any] = {"class": "cl-brush", "data-x": _percent(left), "data-w": _percent(right - left)}
        brush["hidden"] = not (sent and bins.meets(sent))
        edges = ",".join(_percent(bins.place(edge)) for edge in bins.edges)
        over = {"class": "cl-over", "data-brush": "brush", "data-edges": edges, "data-at": f"{first},{last}"}
        return h("div", over, self._gaps(bins), h("div", brush), handles)

    def _gaps(self, bins: Bins) -> list[Node]:
        """Mark where the axis is broken."""
        drawn = []
        for gap in bins.gaps:
            left, right = (bins.place(edge) for edge in bins.edges[gap : gap + 2])
            place = {"data-x": _percent(left), "data-w": _percent(right - left)}
            drawn.append(h("div", {"class": "cl-gap", "key": f"gap{gap}", "title": bins.told(gap)} | place))
        return drawn

    def _inside(self, bins: Bins) -> range:
        sent = self.state.selection.sent
        if sent and not bins.meets(sent):
            return range(0)
        first, last = bins.at(sent) if sent else (0, len(bins.edges))
        return range(first, last + 1)

    def _bin(self, bins: Bins, n: int, meaning: str, *segments: Node) -> Node:
        left, right = (bins.place(edge) for edge in bins.edges[n : n + 2])
        out = "" if n in self._inside(bins) else " cl-out"
        return h(
            "div",
            {
                "class": f"cl-bin{out}",
                "key": n,
                "data-x": _percent(left),
                "data-w": _percent(right - left),
                "data-told": meaning,
            },
            segments,
        )

    def _stack(self, bins: Bins) -> Node:
        tallest = max(bins.tops.values(), default=1)
        of: dict[int, dict[str, int]] = {}
        for group, n, number in bins.counts.select("group", "bin", "count").iter_rows():
            of.setdefault(n, {})[group] = number
        drawn = []
        for n in sorted(of):
            foot, segments, lines = (
                0.0,
                [],
                [f"{bins.told(n)}: {counted(bins.tops[n], 'cable')}"],
            )
            for level, name in enumerate(bins.totals):
                if number := of[n].get(name, 0):
                    place = CLASSIFICATIONS.index(name) if name in CLASSIFICATIONS else len(CLASSIFICATIONS)
                    tone = "cl-one" if self.by == "all" else f"cl-level-{place}"
                    high = 100 * number / tallest
                    attributes = {
                        "class": f"cl-seg {tone}",
                        "key": level,
                        "data-y": _percent(foot),
                        "data-h": _percent(high),
                    }
                    segments.append(h("div", attributes))
                    foot += high
                    lines += [f"{number:,} {name}"] if self.by != "all" else []
            drawn.append(self._bin(bins, n, " · ".join(lines), *segments))
        label = h("span", {"class": "cl-lanename", "title": "cables in the tallest bar"}, f"{tallest:,}")
        return h("div", {"class": "cl-lane"}, label, h("div", {"class": "cl-lanebars"}, drawn))

    def _lane(self, bins: Bins, name: str, words: dict[str, str]) -> Node:
        rest = name == OTHER
        counts = bins.counts.filter(pl.col("group") == name)
        scale = counts if rest else bins.counts.filter(pl.col("group") != OTHER)
        tallest = max(scale["count"], default=1)
        drawn = []
        for n, number in counts.select("bin", "count").iter_rows():
            attributes = {
                "class": f"cl-seg {'cl-rest' if rest else 'cl-one'}",
                "data-y": "0",
                "data-h": _percent(100 * number / tallest),
            }
            drawn.append(self._bin(bins, n, f"{name}, {bins.told(n)}: {number:,}", h("div", attributes)))
        meaning = "all others together, on a scale of their own" if rest else words.get(name, "")
        label = h("span", {"class": "cl-lanename", "title": f"{name}: {meaning}" if meaning else name}, name)
        total = h("span", {"class": "cl-total"}, f"{bins.totals[name]:,}")
        key = {"class": "cl-lane", "key": name}
        return h("div", key, label, h("div", {"class": "cl-lanebars"}, drawn), total)

    def _axis(self, bins: Bins) -> Node:
        marks = [
            h("span", {"class": "cl-tick", "data-x": _percent(bins.place(at)), "key": label}, label)
            for era in bins.stretches
            for at, label in ticks(bins.edges[era.first], bins.edges[era.last], max(1, MOST_TICKS * era.width / 100))
        ]
        return h("div", {"class": "cl-axis", "aria-hidden": "true"}, h("div", {"class": "cl-ticks"}, marks))

    def _legend(self, bins: Bins) -> Node | None:
        if self.by != "classification":
            return None
        items = []
        for name, total in bins.totals.items():
            place = CLASSIFICATIONS.index(name) if name in CLASSIFICATIONS else len(CLASSIFICATIONS)
            swatch = h("span", {"class": f"cl-swatch cl-level-{place}", "aria-hidden": "true"})
            items.append(h("li", None, swatch, f"{name} {total:,}"))
        return h("ul", {"class": "cl-legend", "aria-label": "classifications drawn"}, items)

    def _asides(self, bins: Bins | None) -> list[Node]:
        selection, out = self.state.selection, []
        if selection.sent is not None:
            sentence = f"Only {selection.sent[0].isoformat()} to {selection.sent[1].isoformat()} is kept."
            if bins is not None and not bins.meets(selection.sent):
                sentence += " No bar drawn is of those days."
            out.append(_aside(sentence, ("dates", "", "Keep all days")))
        undated = self._undated()
        if undated:
            no = f"{counted(undated, 'cable')} without a date"
            only = ("undated", "only", "Show only these")
            if selection.undated == "only":
                out.append(_aside(f"{no}: only these are shown.", ("undated", "", "Show the dated ones again")))
            elif selection.sent is None:
                out.append(_aside(f"{no}: counted, not drawn.", only))
            elif selection.undated == "with":
                out.append(_aside(f"{no}: kept in, besides the days chosen.", ("undated", "", "Leave them out"), only))
            else:
                out.append(_aside(f"{no}: left out while days are chosen.", ("undated", "with", "Keep them in"), only))
        if bins is not None and (bins.before or bins.after):
            for name, years, side in ((f"before {bins.edges[0]:%Y}", bins.before, "◂"), ("later", bins.after, "▸")):
                if years:
                    span = str(years[0]) if len(years) == 1 else f"{years[0]} to {years[-1]}"
                    out.append(
                        _aside(
                            f"{side} {self._strays(bins, side):,} far {name} ({span}), not drawn.",
                            ("strays", "all", "Draw all"),
                        )
                    )
        elif self.everything:
            out.append(_aside("Strays are drawn too.", ("strays", "", "Draw the bulk only")))
        return out

    def _strays(self, bins: Bins, side: str) -> int:
        sent = self.state.cables("sent", ["sent"])["sent"].drop_nulls()
        return int(((sent < bins.edges[0]) if side == "◂" else (sent >= bins.edges[-1])).sum())

    def _undated(self) -> int:
        return self.state.cables("sent", ["sent"])["sent"].null_count()

    def on_brush(self, value: str, _: Any) -> None:
        """Keep only some bins' days: the first and the last bin, a comma between."""
        bins = self.bins
        first, _comma, last = value.partition(",")
        if bins is None or not (first.isdecimal() and last.isdecimal()):
            return
        most = len(bins.edges) - 2
        low, high = sorted((min(int(first), most), min(int(last), most)))
        whole = low == 0 and high == most and not (bins.before or bins.after)
        self._choose(sent=None if whole else bins.days(low, high))

    def on_dates(self, *_: Any) -> None:
        """Take the days away."""
        self._choose(sent=None)

    def on_undated(self, value: str, _: Any) -> None:
        """Keep undated cables in, show only them, or neither."""
        if value in ("", "with", "only"):
            self._choose(undated=value)

    def on_strays(self, value: str, _: Any) -> None:
        """Draw strays too, or no longer."""
        self.everything = value == "all"

    def on_by(self, _: str, given: Any) -> None:
        """Group the bars otherwise."""
        if given in ("all", *GROUPINGS):
            self.by = given

    def on_figure(self, form: str, _: Any) -> None:
        """Download the timeline of what is chosen as a figure, with its provenance card."""
        if form in FORMS:
            from cablelab.charts.base import spec_svg
            from cablelab.charts.themed import themed
            from cablelab.charts.timeline import timeline

            corpus = self.state.corpus
            chart = timeline(corpus, by=None if self.by == "all" else self.by)
            self.send(
                {"download": download(spec_svg(themed(chart.to_dict())), form, corpus, "Cables over time", "timeline")}
            )

    def _choose(self, **changes: Any) -> None:
        self.state.selection = replace(self.state.selection, **changes)


def _aside(sentence: str, *acts: tuple[str, str, str]) -> Node:
    buttons = [h("button", {"data-act": act, "data-value": value, "title": text}, text) for act, value, text in acts]
    return h("p", {"class": "cl-aside"}, sentence, " ", buttons)


def _percent(share: float) -> str:
    return f"{share:.3f}".rstrip("0").rstrip(".")
