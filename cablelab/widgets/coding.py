"""Codes and notes that a reader gives to cables and paragraphs, kept with the other notes; marks on changes come along."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from cablelab.studies.coding import CODES, Codebook
from cablelab.widgets.tree import Node, h

if TYPE_CHECKING:
    from cablelab.widgets.state import State

_APART = "\t"


def given(text: str) -> tuple[str, str, str]:
    """Read what was typed: a code, its value and a note.

    Examples
    --------
    >>> given("stance = firm | see paragraph 4"), given("fish")
    (('stance', 'firm', 'see paragraph 4'), ('fish', 'yes', ''))
    """
    assignment, _, note = text.partition("|")
    code, _, value = assignment.partition("=")
    return " ".join(code.split()), " ".join(value.split()) or "yes", " ".join(note.split())


def add(state: State, unit: str, text: str) -> None:
    """Give a unit, `07ASTANA3256` or `07ASTANA3256#par3`, a code."""
    code, value, note = given(text)
    if not code:
        return
    by = str(state.view.get("coder", ""))
    at = datetime.now(UTC).isoformat(timespec="seconds")
    state.codes = {**state.codes, _APART.join((unit, code, by)): {"value": value, "note": note, "at": at}}


def remove(state: State, key: str) -> None:
    """Take a code back."""
    state.codes = {k: entry for k, entry in state.codes.items() if k != key}


def frame(codes: Mapping[str, Any], changes: Mapping[str, Any]) -> pl.DataFrame:
    """Return codes, and marks and notes on changes, as `Codebook.merge` takes them: one row a code.

    Returns
    -------
    DataFrame: `unit`, `cable`, `code`, `value`, `note`, `by`, `at`. A change is the unit `EARLIER>LATER#...`, its code is `change` and
    its value `marked`, `noise` or `noted`; its `at` is null.

    Examples
    --------
    >>> frame({}, {}).columns
    ['unit', 'cable', 'code', 'value', 'note', 'by', 'at']
    """
    rows: list[tuple[Any, ...]] = []
    for key, entry in codes.items():
        unit, code, by = (*key.split(_APART), "", "")[:3]
        if isinstance(entry, dict) and code:
            rows.append(
                (unit, code, str(entry.get("value", "yes")), str(entry.get("note", "")), by, _time(entry.get("at")))
            )
    for key, entry in changes.items():
        a, b, place = (*key.split(" "), "", "")[:3]
        if isinstance(entry, dict) and b and (entry.get("mark") or entry.get("note")):
            rows.append(
                (f"{a}>{b}#{place}", "change", str(entry.get("mark") or "noted"), str(entry.get("note", "")), "", None)
            )
    schema = {name: dtype for name, dtype in CODES.items() if name != "cable"}
    found = pl.DataFrame(rows, schema=schema, orient="row")
    cable = pl.col("unit").str.replace(r"#.*$", "").str.replace(r"^.*>", "")
    return found.with_columns(cable=cable).select(*CODES).sort("unit", "code", "by")


def _time(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None


def book(state: State) -> Codebook:
    """Return all codes as a Codebook, which measures agreement and gives columns."""
    codebook = Codebook(by=str(state.view.get("coder", "")))
    codebook.merge(frame(state.codes, state.changes))
    return codebook


def nodes(state: State, unit: str) -> Node:
    """Return the controls that code a cable or the paragraph pointed at, and what the cable's codes are."""
    cable = unit.partition("#")[0]
    keys = [key for key in state.codes if key.split(_APART)[0].partition("#")[0] == cable]
    items = [h("li", {"key": key}, _told(state, key), _cross(key)) for key in sorted(keys)]
    here = (
        "this cable" if unit == cable else f"paragraph {unit.partition('#')[2].removeprefix('par').removeprefix('at')}"
    )
    name = {
        "type": "text", "data-act": "code", "key": f"{unit} {len(state.codes)}", "value": "", "placeholder": "code = value | note, then Enter",
        "aria-label": f"code of {here}", "title": "stance = firm | a note; without a value it is yes. Press a paragraph's number to code it",
    }  # fmt: skip
    coder = {
        "type": "text", "data-act": "coder", "value": str(state.view.get("coder", "")), "placeholder": "your initials", "aria-label": "coder",
        "title": "who codes; agreement is measured between coders",
    }  # fmt: skip
    none = None if state.codes else "true"
    save = [
        h(
            "button",
            {"data-act": "codes", "data-value": form, "title": f"download all codes, {form}", "aria-disabled": none},
            form,
        )
        for form in ("CSV", "JSON")
    ]
    return h(
        "details",
        {"class": "cl-coding"},
        h("summary", None, f"Codes ({len(keys)} of {cable})"),
        h(
            "div",
            {"class": "cl-bar"},
            h("label", None, f"{here} ", h("input", name)),
            h("label", None, "by ", h("input", coder)),
            save,
        ),
        h("ul", {"class": "cl-values"}, items),
        h("p", {"class": "cl-where"}, state.notes.told),
    )


def _told(state: State, key: str) -> list[Node]:
    unit, code, by = (*key.split(_APART), "", "")[:3]
    entry = state.codes[key] if isinstance(state.codes[key], dict) else {}
    place = unit.partition("#")[2]
    note = " · ".join(part for part in (place, str(entry.get("note", "")), by) if part)
    return [f"{code}: {entry.get('value', '')} ", h("span", {"class": "cl-note"}, note)]


def _cross(key: str) -> Node:
    title = f"take back {' '.join(key.split(_APART)[:2])}"
    return h("button", {"data-act": "uncode", "data-value": key, "title": title, "aria-label": title}, "×")
