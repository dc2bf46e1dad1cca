"""What stands below two texts: what was marked, to take away; phrases followed over the chain."""

from __future__ import annotations

import polars as pl

from cablelab.comparison.stepwise import Stepwise
from cablelab.widgets.figure import buttons
from cablelab.widgets.lineages import lineages
from cablelab.widgets.state import State
from cablelab.widgets.tree import Node, h

PHRASES = "phrases, a comma between, then Enter"


def below(state: State, laid: Stepwise, phrases: list[str], threads: bool) -> Node:
    """Return the tree: how many changes are marked, in which forms they can be had, phrases and threads over the chain."""
    followed = {"type": "text", "data-act": "phrases", "value": ", ".join(phrases), "placeholder": PHRASES}
    followed |= {"aria-label": "phrases to follow", "title": "how often each stands in each cable of the chain"}
    count = sum(1 for entry in state.changes.values() if isinstance(entry, dict) and entry.get("mark") != "noise")
    none = None if count else "true"
    take = [
        h(
            "button",
            {
                "data-act": "take",
                "data-value": form,
                "title": f"download what is marked as {form}",
                "aria-disabled": none,
            },
            form,
        )
        for form in ("Markdown", "CSV", "HTML for Word")
    ]
    woven = {
        "data-act": "threads",
        "aria-expanded": str(threads).lower(),
        "title": "sentences that live on over the chain",
    }
    return h(
        "div",
        {"class": "cl-below"},
        h(
            "div",
            {"class": "cl-bar"},
            h("b", None, f"{count} marked or noted"),
            take,
            buttons(),
            h("span", {"class": "cl-where"}, state.notes.told),
        ),
        h("div", {"class": "cl-bar"}, h("label", None, "Follow ", h("input", followed | {"class": "cl-wide"}))),
        _followed(laid, phrases),
        h("div", {"class": "cl-bar"}, h("button", woven, "Threads of the chain")) if len(laid.heads) > 2 else None,
        lineages(laid) if threads and len(laid.heads) > 2 else None,
    )


def _followed(laid: Stepwise, phrases: list[str]) -> Node | None:
    if not phrases:
        return None
    cables, comparison = laid.cables, laid.whole
    rows = []
    for phrase in phrases:
        counts = dict(comparison.phrase(phrase).group_by("cable").agg(pl.col("count").sum()).iter_rows())
        cells = [h("td", {"class": "n"}, str(counts.get(cable, 0))) for cable in cables]
        having = sum(1 for cable in cables if counts.get(cable))
        rows.append(
            h("tr", None, h("th", {"scope": "row"}, phrase), cells, h("td", None, f"{having} of {len(cables)}"))
        )
    head = [h("th", {"scope": "col"}, name) for name in ("phrase", *cables, "cables")]
    title = h("caption", None, "How often each phrase stands in each cable")
    return h(
        "div",
        {"class": "wide"},
        h("table", {"class": "cl-phrases"}, title, h("thead", None, h("tr", None, head)), h("tbody", None, rows)),
    )
