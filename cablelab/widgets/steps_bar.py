"""Which chain and which of its steps the ComparisonView shows: the bar above both texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cablelab.widgets.quoting import literal
from cablelab.widgets.texts import button, select, shortcut
from cablelab.widgets.tree import Node, h


def steps_bar(
    cables: Sequence[str],
    step: tuple[int, int],
    chains: Mapping[str, Sequence[str]],
    subjects: Mapping[str, str],
    builds: bool,
) -> Node:
    """Return the bar as a tree.

    Parameters
    ----------
    cables
        Those compared, in order of time.
    step
        Places of the older and the newer version among them.
    chains, subjects
        Chains to choose from and what each is about, by name.
    builds
        Whether there is a builder to look for further cables.
    """
    old, new = step
    chosen = next((name for name, chain in chains.items() if tuple(chain) == tuple(cables)), "")
    listed = {name: f"{name} · {len(chain)} cables · {subjects[name]}" for name, chain in chains.items()}
    names = {str(n): f"{n + 1} · {cable}" for n, cable in enumerate(cables)}
    code = f"cl.compare(corpus, {', '.join(map(literal, cables))})"
    return h(
        "div",
        {"class": "cl-bar", "role": "toolbar", "aria-label": "versions"},
        select("chain", "chain", listed, chosen, "which chain of successive assessments") if listed else None,
        button("step", "‹ earlier", "the step before (left arrow)", old > 0, **shortcut("-1", "ArrowLeft")),
        select("old", "older", names, str(old), "the older version"),
        select("new", "newer", names, str(new), "the newer version"),
        button("step", "later ›", "the step after (right arrow)", new + 1 < len(cables), **shortcut("1", "ArrowRight")),
        h("span", {"aria-live": "polite"}, f"{old + 1} → {new + 1} of {len(cables)}"),
        h("button", {"data-act": "copied", "data-copy": code, "title": code}, "Copy code"),
        button("build", "Add to this chain", "look for further cables that belong to it") if builds else None,
    )
