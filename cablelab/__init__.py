"""Read, chart and compare U.S. diplomatic cables in notebooks.

The names below load on first use: `import cablelab` costs little more than `import polars`, and altair and ipywidgets are only
loaded when a chart or a widget is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cablelab.chaining import chains
    from cablelab.charts.timeline import timeline as timeline
    from cablelab.citing import cite
    from cablelab.comparison import compare
    from cablelab.corpus import Corpus, open
    from cablelab.finding import find
    from cablelab.reading import parse, read
    from cablelab.samples import sample
    from cablelab.studies import keyness, network, people, phrase, versions
    from cablelab.where import (
        about,
        cited_by,
        cites,
        classified,
        from_bureau,
        from_mission,
        from_post,
        sent_between,
        tagged,
    )
    from cablelab.widgets import explore, show, workbench
    from cablelab.widgets.rows import table as table

__version__ = "0.1.0"

_HOME = {
    "Corpus": "corpus", "open": "corpus", "read": "reading", "parse": "reading", "sample": "samples",
    "from_post": "where", "from_mission": "where", "from_bureau": "where", "tagged": "where", "sent_between": "where",
    "classified": "where", "about": "where", "cites": "where", "cited_by": "where",
    "timeline": "charts", "explore": "widgets", "show": "widgets", "table": "widgets", "workbench": "widgets",
    "chains": "chaining", "compare": "comparison", "cite": "citing",
    "find": "finding",
    "versions": "studies",
    "network": "studies",
    "people": "studies",
    "keyness": "studies",
    "phrase": "studies",
}  # fmt: skip
_MODULES = frozenset(
    [
        "as_code",
        "chaining",
        "charts",
        "citing",
        "comparison",
        "corpus",
        "doctor",
        "errors",
        "export",
        "facts",
        "finding",
        "frames",
        "ingest",
        "message",
        "provenance",
        "reading",
        "samples",
        "search",
        "studies",
        "where",
        "widgets",
    ]
)

__all__ = [
    "Corpus", "about", "chains", "cite", "cited_by", "cites", "classified", "compare", "explore", "find", "from_bureau", "from_mission", "from_post",
    "keyness", "network", "open", "parse", "people", "phrase", "read", "sample", "sent_between", "show", "table", "tagged", "timeline", "versions",
    "workbench",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _HOME:
        value = getattr(import_module(f"cablelab.{_HOME[name]}"), name)
        globals()[name] = value
        return value
    if name in _MODULES:
        return import_module(f"cablelab.{name}")
    from cablelab.errors import nearest

    near = nearest(name, [*_HOME, *_MODULES])
    raise AttributeError(f"cablelab has no {name!r}." + (f" Did you mean {near[0]!r}?" if near else ""))


def __dir__() -> list[str]:
    return sorted({*__all__, *_MODULES, "__version__"})
