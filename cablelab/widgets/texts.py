"""Sentences as controls, and the controls around them."""

from __future__ import annotations

from typing import Any

from cablelab.widgets.tree import Node, h


def pressable(node: Node, chosen: set[str], place: str) -> Node:
    """Make the sentences of the comparison's own HTML into controls: their ids say which they are."""
    if isinstance(node, str):
        return node
    tag, attributes, *children = node
    inner = [pressable(child, chosen, place) for child in children]
    if tag == "a":  # a link within a control would be two in one; the line to its counterpart shows the way
        tag, attributes = "span", {}
    name = attributes.get("id", "")
    if not name:
        return [tag, attributes, *inner]
    control = {key: value for key, value in attributes.items() if key != "id"}
    control |= {
        "data-act": "sentence",
        "data-value": name,
        "data-at": name,
        "data-row": f"text {name[0]}",
        "data-updown": "yes",
    }
    control |= {"role": "button", "title": "see it in every version"}
    if name in chosen:
        control |= {"class": f"{control.get('class', '')} cl-chosen".strip(), "aria-pressed": "true"}
        if name == place:
            control["data-scroll"] = f"{name} of {' '.join(sorted(chosen))}"
    return [tag, control, *inner]


def shortcut(value: str, key: str) -> dict[str, str]:
    """Return what makes a key press a button."""
    return {"data-value": value, "data-key": key, "aria-keyshortcuts": key}


def select(act: str, label: str, options: dict[str, str], chosen: str, title: str) -> Node:
    """Return a field to choose from, under its label."""
    listed = [h("option", {"value": v, "selected": v == chosen}, name) for v, name in options.items()]
    attributes = {"data-act": act, "value": chosen, "title": title}
    return h("label", {"class": "cl-by"}, f"{label} ", h("select", attributes, listed))


def button(act: str, text: str, title: str, enabled: bool = True, **attributes: Any) -> Node:
    """Return a button; one that can do nothing now stays reachable by keyboard and says so."""
    common = {"data-act": act, "title": title, "aria-disabled": None if enabled else "true"}
    return h("button", common | attributes, text)
