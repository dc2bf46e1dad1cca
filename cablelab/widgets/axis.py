"""The time axis of a chain: its cables where they lie in time, true gaps, a press for each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from cablelab.comparison import Version
from cablelab.comparison.model import Missing
from cablelab.comparison.page import when
from cablelab.widgets.bins import MONTHS
from cablelab.widgets.tree import Node, h

APART = 9.0  # per cent of the axis that a label needs
INSET = 7.0  # half a label, where the page is narrowest


def instant(version: Version) -> datetime | None:
    """Return when a cable was sent, else the middle of the year that its id names."""
    sent, year = version.fields.get("sent"), version.fields.get("year")
    if isinstance(sent, datetime):
        return sent
    return datetime(year, 7, 1, tzinfo=UTC) if year else None


def places(versions: tuple[Version, ...]) -> list[float]:
    """Return where each cable lies, in per cent; one of which nothing is known lies beside the one before it."""
    known = [at for v in versions if (at := instant(v)) is not None]
    first, last = min(known, default=None), max(known, default=None)
    out: list[float] = []
    for n, version in enumerate(versions):
        at = instant(version)
        if at is None or first is None or last is None or first == last:
            out.append(INSET + (100 - 2 * INSET) * n / max(1, len(versions) - 1))
        else:
            out.append(INSET + (100 - 2 * INSET) * ((at - first) / (last - first)))
    return out


def axis(versions: tuple[Version, ...], old: int, new: int, missing: Sequence[Missing] = ()) -> Node:
    """Return the axis as a tree; the two cables shown are marked and always named, those not held are dashed."""
    at = places(versions)
    named = {old, new}
    for n in sorted(range(len(at)), key=lambda n: at[n]):
        if all(abs(at[n] - at[m]) >= APART for m in named):
            named.add(n)
    items = []
    for n, version in enumerate(versions):
        shown = n in (old, new)
        dated = isinstance(version.fields.get("sent"), datetime)
        label = f"{version.cable}, {when(version)}"
        attributes: dict[str, Any] = {
            "data-act": "axis",
            "data-value": n,
            "data-row": "axis",
            "data-x": f"{at[n]:.2f}",
            "key": n,
        }
        attributes |= {
            "class": f"cl-at{' cl-on' * shown}{' cl-undated' * (not dated)}",
            "aria-pressed": str(shown).lower(),
        }
        attributes |= {"title": f"{label}: compare it with the one before", "aria-label": label}
        items.append(
            h(
                "button",
                attributes,
                h("span", {"class": "cl-dot"}),
                h("span", {"class": "cl-label"}, _short(version) if n in named else ""),
            )
        )
    for m in missing:
        label = f"{m.cable}, cited by {' and '.join(m.by)}, is not held"
        attributes = {
            "class": "cl-at cl-unheld",
            "data-x": f"{_between(m, versions, at):.2f}",
            "title": label,
            "key": m.cable,
        }
        items.append(h("span", attributes | {"role": "img", "aria-label": label}, h("span", {"class": "cl-dot"})))
    return h("div", {"class": "cl-chain", "role": "group", "aria-label": "cables of the chain in time"}, items)


def _between(m: Missing, versions: tuple[Version, ...], at: list[float]) -> float:
    """Return where a cable lies of which only the year is known: between its neighbours, in its year if that fits."""
    before, after = at[m.before - 1], at[m.before]
    first, last = instant(versions[m.before - 1]), instant(versions[m.before])
    middle = datetime(m.year, 7, 1, tzinfo=UTC)
    if first is None or last is None or not first < middle < last:
        return (before + after) / 2
    return before + (after - before) * ((middle - first) / (last - first))


def _short(version: Version) -> str:
    sent = version.fields.get("sent")
    if isinstance(sent, datetime):
        return f"{MONTHS[sent.month - 1]} {sent.year}"
    return f"({version.fields.get('year') or '?'})"
