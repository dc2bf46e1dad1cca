"""Views in a notebook, and the one state that they share.

`explore` gives the Explorer, `show` the Reader, `table` any frame as a table whose ids open it; `ComparisonView(corpus, *cables)`
lays a chain of assessments over each other, with all chains of the corpus to choose from where no cable is named;
`ChainBuilder(corpus, cable)` puts a chain together by hand; `workbench` has them all in one.
"""

from __future__ import annotations

from cablelab.widgets.bench import Workbench, workbench
from cablelab.widgets.chain_builder import ChainBuilder
from cablelab.widgets.explorer import Explorer, explore
from cablelab.widgets.reader import Reader, show
from cablelab.widgets.rows import Table, table
from cablelab.widgets.selection import Selection
from cablelab.widgets.state import State
from cablelab.widgets.view import ComparisonView

__all__ = [
    "ChainBuilder", "ComparisonView", "Explorer", "Reader", "Selection", "State", "Table", "Workbench", "explore", "show", "table",
    "workbench",
]  # fmt: skip
