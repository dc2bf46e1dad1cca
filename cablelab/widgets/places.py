"""The Explorer's map: posts as marks on an outline that comes with the package, and a brush that keeps what lies in it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from math import sqrt
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import traitlets

from cablelab import facts
from cablelab.corpus.lookup import counted
from cablelab.widgets.panel import STYLE, Handler, Panel
from cablelab.widgets.state import State
from cablelab.widgets.tree import Node, h

if TYPE_CHECKING:
    from cablelab.widgets.facets import Facets

SOUTH, NORTH = -60, 85  # degrees of latitude that are drawn; no post lies beyond
SIZES = 6


@lru_cache(maxsize=1)
def _ground() -> str:
    """Return the style of the ground: countries at whole degrees, as a picture that needs no network."""
    from cablelab.charts.map import outline

    path = ""
    for feature in outline():
        ring = [(round(x), round(y)) for x, y in feature["geometry"]["coordinates"][0]]
        points = [p for n, p in enumerate(ring) if n == 0 or p != ring[n - 1]]
        across = any(abs(a[0] - b[0]) > 180 for a, b in pairwise(points))  # over the date line: drawn at both edges
        for turn in (0, 360) if across else (0,):
            shifted = [(x + 360 * (across and x < 0) - turn, -y) for x, y in points]
            path += "M" + " ".join(f"{x},{y}" for x, y in shifted) + "z" if len(points) > 4 else ""
    box = f"-180 {-NORTH} 360 {NORTH - SOUTH}"
    shape = f"<path fill='#888' fill-opacity='.28' d='{path}'/>"
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='{box}' preserveAspectRatio='none'>{shape}</svg>"
    return f'.cablelab .cl-map{{aspect-ratio:360/{NORTH - SOUTH};background-image:url("data:image/svg+xml,{quote(svg, safe=" ,=:/")}")}}'


class PlaceMap(Panel):
    """Posts on a map, each mark as large as the cables that choosing it leaves; press a mark, or drag over several.

    `shown` is whether the map is open; closed it counts nothing.
    """

    shown = traitlets.Bool(False)

    def __init__(self, state: State, facets: Facets) -> None:
        self.state, self.facets = state, facets
        super().__init__(_css=STYLE)
        state.observe(self._selected, "selection")
        self.observe(self._opened, "shown")
        self.refresh()

    def _selected(self, _: Any) -> None:
        if self.shown:
            self.refresh()

    def _opened(self, _: Any) -> None:
        if self.shown:  # the outline travels to the browser only if it is asked for
            self._css = STYLE + _ground()
        self.refresh()

    def acts(self) -> dict[str, Handler]:
        """Return what each control does."""
        return {"map": self.on_map, "place": self.on_place, "area": self.on_area, "places": self.on_places}

    def draw(self) -> Node:
        """Return the map as a tree."""
        toggle = {
            "data-act": "map",
            "aria-expanded": str(self.shown).lower(),
            "title": "show or hide the posts on a map",
        }
        head: list[Node | None] = [h("button", toggle, "Map ▾" if self.shown else "Map ▸")]
        if not self.shown:
            return h("section", {"class": "cl-places", "aria-label": "map"}, h("div", {"class": "cl-bar"}, head))
        counts = self.facets.counts("posts")
        placed = [(code, place, counts[code]) for code in sorted(counts) if (place := _place(code))]
        lost = sum(n for code, n in counts.items() if not _place(code))
        most = max([1, *(n for _, _, n in placed)])
        chosen = set(self.state.selection.posts)
        note = f"{len(placed):,} posts · press one, or drag over several to keep only those"
        if lost:
            note += f" · {counted(lost, 'cable')} without a post, or of one whose place is not known: not drawn"
        all_of_them = {"data-act": "places", "title": "posts and missions open again"}
        narrowed = bool(chosen or self.state.selection.missions)
        head += [h("span", {"class": "cl-note"}, note), h("button", all_of_them, "All places") if narrowed else None]
        # the smallest lie on top, so that each can be reached
        marks = [
            self._mark(code, place, n, most, code in chosen) for code, place, n in sorted(placed, key=lambda p: -p[2])
        ]
        ground = h(
            "div", {"class": "cl-map", "data-area": "area", "role": "group", "aria-label": "posts on a map"}, marks
        )
        return h(
            "section",
            {"class": "cl-places", "aria-label": "map"},
            h("div", {"class": "cl-bar"}, head),
            self.alert(),
            ground,
        )

    def _mark(self, code: str, place: tuple[float, float, str], count: int, most: int, chosen: bool) -> Node:
        x, y, name = place
        size = 0 if not count else 1 + round((SIZES - 1) * sqrt(count / most))
        label = f"{name}: {counted(count, 'cable')}"
        attributes = {
            "class": f"cl-dot cl-dot-{size}",
            "data-act": "place",
            "data-value": code,
            "key": code,
            "data-row": "map",
            "title": label,
        }
        attributes |= {
            "aria-label": label,
            "aria-pressed": str(chosen).lower(),
            "data-x": f"{x:.2f}",
            "data-y": f"{y:.2f}",
        }
        return h("button", attributes)

    def on_map(self, *_: Any) -> None:
        """Show the map, or hide it."""
        self.shown = not self.shown

    def on_place(self, value: str, _: Any) -> None:
        """Choose a post, or no longer."""
        if value in self.facets.counts("posts"):
            self.state.selection = self.state.selection.toggled("posts", value)

    def on_area(self, value: str, _: Any) -> None:
        """Keep only the posts in a rectangle: left, top, right and bottom in per cent of the map."""
        try:
            left, top, right, bottom = (float(part) for part in value.split(","))
        except ValueError:
            return
        inside = [
            code
            for code in sorted(self.facets.counts("posts"))
            if (place := _place(code)) and left <= place[0] <= right and top <= 100 - place[1] <= bottom
        ]
        if inside:
            self._choose(tuple(inside))

    def on_places(self, *_: Any) -> None:
        """Take posts and missions away."""
        self._choose(())

    def _choose(self, posts: tuple[str, ...]) -> None:
        self.state.selection = replace(self.state.selection, posts=posts, missions=())


def _place(code: str) -> tuple[float, float, str] | None:
    """Return where a post lies, in per cent from the left and from below, and what it is called."""
    post = facts.post(code) if code else None
    if post is None or post.lat is None or post.lon is None:
        return None
    name = ", ".join(part for part in (post.name, post.mission) if part)
    return 100 * (post.lon + 180) / 360, 100 * (post.lat - SOUTH) / (NORTH - SOUTH), name
