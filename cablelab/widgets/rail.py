"""The comparison's left side: what changed, most telling first; or one sentence in every version."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cablelab.comparison import Comparison, Step, style
from cablelab.comparison.model import Change
from cablelab.comparison.page import when
from cablelab.comparison.tables import where
from cablelab.widgets.marked import key, wording
from cablelab.widgets.page import anchor
from cablelab.widgets.tree import Node, from_html, h

PAGE = 25
_OWN = ("verdict of the post", "stance", "strength of a verdict")
_FIGURES = ("figure", "date")
FILTERS: dict[str, Callable[[Change], bool]] = {
    "all": lambda c: True,
    "post's own words": lambda c: any(p.name in _OWN for p in c.parts) or "in a comment" in c.reasons,
    "figures": lambda c: c.kind == "value changed" or any(r.startswith(_FIGURES) for r in c.reasons),
    "new": lambda c: c.kind == "added" or (c.kind == "rewritten"),
    "dropped": lambda c: c.kind == "dropped" or (c.kind == "rewritten"),
    "moved": lambda c: c.moved or c.kind == "moved",
    "marked": lambda c: True,  # by what was noted, not by what changed
}
_LETTER = {"value changed": "reworded", "function words": "reworded", "rewritten": "weak"}


def filtered(step: Step, name: str, noted: Mapping[str, Any]) -> list[Change]:
    """Return the changes of a step that a filter of `FILTERS` leaves, most telling first; noise last."""
    found = [c for c in step.changes if FILTERS[name](c)]
    marks = {id(c): noted.get(key(step, c), {}).get("mark", "") for c in found}
    if name == "marked":
        found = [c for c in found if key(step, c) in noted and marks[id(c)] != "noise"]
    return [c for c in found if marks[id(c)] != "noise"] + [c for c in found if marks[id(c)] == "noise"]


def changes(step: Step, name: str, at: int, most: int, noted: Mapping[str, Any]) -> Node:
    """Return the ranked changes as a tree.

    Parameters
    ----------
    step
        The step shown.
    name
        A filter of `FILTERS`.
    at
        Which of those that the filter leaves is chosen, from 0; -1 for none.
    most
        How many to list.
    noted
        What was marked and noted, by the key of a change.
    """
    found = filtered(step, name, noted)
    most = max(most, at + 1)
    pills = [
        h("button", {"data-act": "filter", "data-value": f, "data-row": "filters", "aria-pressed": str(f == name).lower(), "class": "cl-pill"}, f)
        for f in FILTERS
    ]  # fmt: skip
    items = [_change(step, n, c, n == at, noted.get(key(step, c), {})) for n, c in enumerate(found[:most])]
    rest = len(found) - len(items)
    more = h("button", {"data-act": "more", "title": "list more changes"}, f"{rest} more") if rest > 0 else None
    title = f"What changed · {len(found)} of {len(step.changes)}"
    nothing = h("p", {"class": "note"}, "No change of this kind.") if not found else None
    turn = [
        h(
            "button",
            {
                "data-act": "next",
                "data-value": by,
                "data-key": key_,
                "aria-keyshortcuts": key_,
                "title": f"{text} ({key_})",
            },
            text,
        )
        for by, key_, text in (("-1", "k", "‹ Change before"), ("1", "j", "Next change ›"))
    ]
    keys = h("p", {"class": "note cl-keys"}, "Keys: j, k change · ← → step · m mark · x noise · n note")
    return h(
        "section",
        {"class": "cl-rail", "aria-label": "what changed"},
        h("h4", {"aria-live": "polite"}, title),
        h("div", {"class": "cl-pills", "role": "group", "aria-label": "kinds of change"}, pills),
        h(
            "div",
            {"class": "cl-list", "data-scrolls": "y", "tabindex": "0", "role": "region", "aria-label": "changes"},
            items,
            nothing,
            more,
        ),
        h("div", {"class": "cl-bar"}, turn),
        keys,
    )


def _change(step: Step, number: int, change: Change, chosen: bool, noted: Mapping[str, Any]) -> Node:
    kind = change.kind if change.kind in style.MARKS else _LETTER.get(change.kind, "reworded")
    mark = noted.get("mark", "")
    why = "; ".join(change.reasons) or change.kind
    parts = " · ".join(map(str, change.parts))
    points = h("span", {"class": "cl-points", "title": parts or "no points"}, f"{change.points:.1f}")
    attributes = {
        "data-act": "change",
        "data-value": number,
        "data-row": "changes",
        "class": "cl-why",
        "aria-pressed": str(chosen).lower(),
    }
    head = h(
        "button", {**attributes, "title": "show it in both texts"}, from_html(style.mark(kind)), f"{number + 1}. {why}"
    )
    tools = [
        _tool("mark", number, "Unmark" if mark == "marked" else "Mark", mark == "marked", "m" if chosen else ""),
        _tool("noise", number, "Not noise" if mark == "noise" else "Noise", mark == "noise", "x" if chosen else ""),
    ]
    note = {
        "type": "text",
        "data-act": "note",
        "data-value": number,
        "value": noted.get("note", ""),
        "placeholder": "note",
    }
    note |= {
        "aria-label": f"note on change {number + 1}",
        "title": "a note to keep with this change",
        "data-focus": "n" if chosen else None,
    }
    shown = h("div", {"class": "cl-bar"}, tools, h("input", note)) if chosen or mark or noted.get("note") else None
    key_ = f"{change.sentences_a}{change.sentences_b}"
    classes = f"cl-change {kind}{' cl-sel' * chosen}{' cl-noise' * (mark == 'noise')}"
    return h(
        "div",
        {"key": key_, "class": classes, "data-scroll": f"change {key_}" if chosen else None},
        points,
        head,
        h("p", None, from_html(wording(step, change))),
        h("p", {"class": "note"}, where(step, change), f" · {parts}" if chosen and parts else ""),
        shown,
    )


def _tool(act: str, number: int, text: str, pressed: bool, key_: str) -> Node:
    attributes: dict[str, Any] = {"data-act": act, "data-value": number, "aria-pressed": str(pressed).lower()}
    if key_:
        attributes |= {"data-key": key_, "aria-keyshortcuts": key_}
    return h("button", attributes, text)


def history(comparison: Comparison, found: list[tuple[int, list[int]]]) -> Node:
    """Return one sentence in every version as a tree.

    Parameters
    ----------
    comparison
        The chain.
    found
        The place of each version in the chain, and the sentences that stand for the one pressed there.
    """
    items: list[Node] = []
    for n, sentences in found:
        version = comparison.versions[n]
        position = version.sentences[sentences[0]].paragraph if sentences else None
        number = version.numbers.get(position) if position is not None else None
        row = {"number": number, "position": position}
        link = version.cable if position is None else anchor(row, version.cable)
        attributes = {"class": "cl-open", "data-act": "open", "data-value": link, "title": f"read {link} in the Reader"}
        place = f"{version.cable}{f' ¶{number}' if number is not None else ''}"
        body = [h("p", None, version.sentences[s].text) for s in sentences] or [h("p", {"class": "note"}, "not there")]
        items.append(
            h("li", {"key": n}, h("button", attributes, place), h("span", {"class": "note"}, f" {when(version)}"), body)
        )
    close = h(
        "button",
        {"data-act": "sentence", "data-value": "", "data-key": "Escape", "title": "back to what changed"},
        "‹ What changed",
    )
    return h(
        "section",
        {"class": "cl-rail cl-everywhere", "aria-label": "this sentence in every version", "aria-live": "polite"},
        close,
        h("h4", None, "This sentence in every version"),
        h("ol", {"class": "cl-plain cl-history"}, items),
    )
