"""Sentences that live on over a chain, in the ComparisonView: a row each, a column a cable, a letter for what became of it there."""

from __future__ import annotations

import polars as pl

from cablelab.comparison import style
from cablelab.comparison.page import when
from cablelab.comparison.stepwise import Stepwise
from cablelab.widgets.tree import Node, h

MOST = 40
WIDEST = 110
BORN = ("●", "first told here")


def lineages(laid: Stepwise) -> Node:
    """Return the matrix as a tree; a press on a letter shows the sentence in every version.

    Parameters
    ----------
    laid
        The chain; it is compared as a whole for this.
    """
    whole = laid.whole
    ranked = whole.threads.sort("cables", "reworded", "thread", descending=[True, True, False])
    shown = ranked.head(MOST).sort("thread")
    members = whole.members.unique(["thread", "order"], keep="first", maintain_order=True)
    places = {
        (t, n): (s, label) for t, n, s, label in members.select("thread", "order", "sentence", "label").iter_rows()
    }
    head = [h("th", {"scope": "col"}, v.cable, h("br"), h("small", None, when(v))) for v in laid.heads]
    rows = []
    for thread, text in shown.select("thread", pl.col("last_text")).iter_rows():
        cells = [_cell(places.get((thread, n)), n, laid.cables[n]) for n in range(len(laid.heads))]
        rows.append(h("tr", None, h("th", {"scope": "row", "class": "cl-thread"}, _opening(text)), cells))
    caption = f"Sentences that live on: {len(rows)} of {ranked.height}, those that live longest. ● first told, = kept, R reworded, S split, M merged."
    if not rows:
        return h("p", {"class": "note"}, "No sentence of this chain lives on from one cable to the next.")
    title = h("thead", None, h("tr", None, h("th", {"scope": "col"}, "last wording"), head))
    table = h("table", {"class": "cl-threads"}, h("caption", None, caption), title, h("tbody", None, rows))
    scroll = {"class": "wide cl-scroll", "tabindex": "0", "role": "region", "aria-label": "threads of the chain"}
    return h("div", scroll, table)


def _cell(place: tuple[int, str] | None, version: int, cable: str) -> Node:
    if place is None:
        return h("td", None, "")
    sentence, label = place
    mark, meaning = BORN if label == "born" else style.MARKS[label]
    attributes = {
        "data-act": "thread",
        "data-value": f"{version} {sentence}",
        "title": f"{meaning}: see it in every version",
    }
    attributes |= {"aria-label": f"{mark} {meaning} in {cable}", "data-row": "threads"}
    return h("td", None, h("button", attributes, mark))


def _opening(text: str) -> str:
    return text if len(text) <= WIDEST else text[:WIDEST].rsplit(None, 1)[0] + " …"
