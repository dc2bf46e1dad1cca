"""Views in a notebook: the Explorer, the Reader, and the one state that they share."""

from __future__ import annotations

from cablelab.widgets.comparing import ComparisonView
from cablelab.widgets.explorer import Explorer, explore
from cablelab.widgets.reader import Reader, show
from cablelab.widgets.state import Selection, State

__all__ = ["ComparisonView", "Explorer", "Reader", "Selection", "State", "explore", "show"]
