"""Views in a notebook: the Explorer, the Reader, and the one state that they share."""

from __future__ import annotations

from cablelab.widgets.reader import Reader, show
from cablelab.widgets.state import Selection, State

__all__ = ["Reader", "Selection", "State", "show"]
