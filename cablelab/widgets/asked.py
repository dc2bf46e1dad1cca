"""What a selection asks for, in words, and how to widen it when nothing is left."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cablelab.widgets.selection import FACETS, NONE, Selection
from cablelab.widgets.state import State
from cablelab.widgets.tree import Node, h

MOST_NAMED = 6
SIGNS = re.compile(r"[\"“”*]|\b(?:AND|OR|NOT)\b")


def asked(selection: Selection, facet: str) -> str:
    """Say what one facet of a selection asks for.

    Examples
    --------
    >>> asked(Selection(tags=("ELAB", "PHUM"), tags_how="all"), "tags")
    'TAGS ELAB and PHUM'
    """
    if facet == "place":
        parts = [_some("post", selection.posts), _some("mission", selection.missions)]
        return " or ".join(part for part in parts if part)
    if facet == "tags":
        return _some("TAGS", selection.tags, "and" if selection.tags_how == "all" else "or")
    if facet == "sent":
        if selection.undated == "only":
            return "without a date"
        days = f"sent {selection.sent[0].isoformat()} to {selection.sent[1].isoformat()}" if selection.sent else ""
        return f"{days} or without a date" if selection.undated and days else days
    if facet == "query":
        return f"{'matching' if selection.regex else 'with the words'} “{selection.query}”"
    if facet == "ranges":
        return " and ".join(f"{column} {low} to {high}" for column, low, high in selection.ranges)
    if facet == "partial":
        return "partial extracts only" if selection.partial else "no partial extracts"
    if facet == "cables":
        return f"one of {len(selection.cables):,} cables kept"
    return _some(facet.removesuffix("s"), selection.listed(facet))


def _some(what: str, values: Iterable[str], joint: str = "or") -> str:
    named = [value if value != NONE else "none stated" for value in values]
    more = len(named) - MOST_NAMED
    named = named[:MOST_NAMED] + ([f"{more} more"] if more > 0 else [])
    return f"{what} {f' {joint} '.join(named)}" if named else ""


def widen(state: State) -> Node:
    """Say what was asked for where nothing is left, with a press for each way to widen it."""
    selection = state.selection
    facets = [facet for facet in FACETS if selection.condition(facet) is not None]
    if not facets:
        return h("div", {"class": "cl-none"}, h("p", None, "This corpus holds no cable."))
    items = []
    for facet in facets:
        left = rows.sum() if (rows := state.rows(facet)) is not None else len(state.whole)
        attributes = {"data-act": "widen", "data-value": facet, "title": "open this again"}
        items.append(
            h("li", {"key": facet}, asked(selection, facet), " ", h("button", attributes, f"Without this: {left:,}"))
        )
    sentence = "No cable is left. All of these were asked for:" if len(facets) > 1 else "No cable is left. Asked for:"
    hints = [h("p", None, hint) for hint in _hints(state)]
    return h("div", {"class": "cl-none", "role": "status"}, h("p", None, sentence), h("ul", None, items), hints)


def _hints(state: State) -> Iterator[str]:
    """Say why words that are looked for are found nowhere, where that can be told."""
    query = state.selection.query
    if not query:
        return
    if not state.whole.lazy("texts").select("cable").head(1).collect().height:
        yield "This corpus holds no texts, and only texts are searched."
    elif not state.selection.regex and SIGNS.search(query):
        yield "Words are looked for as they stand, quotation marks, * and AND too; a pattern is looked for with “regular expression”."
