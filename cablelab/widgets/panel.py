"""One small widget that draws a tree of text and controls and brings back what was pressed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from cablelab.errors import CablelabError
from cablelab.escaping import UNTYPESET
from cablelab.widgets.tree import Node, h, to_html

_HERE = Path(__file__).parent
Handler = Callable[[str, Any], None]
STYLE = (_HERE / "panel.css").read_text(encoding="utf-8")


class Panel(anywidget.AnyWidget):
    """A view that is drawn from `draw()` and answers to what is pressed in it, as its table `acts()` says.

    A control names its act in `data-act`: a button when it is pressed, a field when it was changed. The handler gets the
    control's `data-value`, and what a field holds (Boolean for a tick box, None for a button).
    """

    _esm = _HERE / "panel.js"
    _css: Any = _HERE / "panel.css"
    _tree: Any = traitlets.List().tag(sync=True)
    error = traitlets.Unicode("", help="What was wrong with the last thing asked for; empty if nothing was.")

    def __init__(self, **traits: Any) -> None:
        self._drawings = self._holding = 0
        super().__init__(**traits)
        self.on_msg(self._received)

    def draw(self) -> Node:
        """Return what to show."""
        return h("div")

    def acts(self) -> dict[str, Handler]:
        """Return what each control does: the handler of each `data-act` that `draw` writes."""
        return {}

    def refresh(self) -> None:
        """Draw anew; while `together` holds, once at its end."""
        self._drawings += 1
        if self._holding:
            return
        self._tree = self.draw()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Set several traits and draw once."""
        before, self._holding = self._drawings, self._holding + 1
        try:
            with self.hold_trait_notifications():
                yield
        finally:
            self._holding -= 1
        if self._drawings != before:
            self.refresh()

    def act(self, name: str, value: str = "", given: Any = None) -> None:
        """Do what pressing a control does; an error of ours is shown, not raised.

        Parameters
        ----------
        name, value
            The control's `data-act` and `data-value`.
        given
            What the field holds.
        """
        handler = self.acts().get(name)
        if handler is None:
            return
        before, error_before = self._drawings, self.error
        try:
            self.error = ""
            handler(value, given)
        except CablelabError as error:
            self.error = str(error)
        if self._drawings == before or self.error != error_before:
            self.refresh()

    def _received(self, _: Any, content: dict[str, Any], __: Any) -> None:
        if "act" in content:
            self.act(str(content["act"]), str(content.get("value", "")), content.get("given"))

    def alert(self) -> Node:
        """Show the last error, where a screen reader says it at once."""
        return h("p", {"class": "cl-alert", "role": "alert", "hidden": not self.error}, self.error)


def static(*nodes: Node) -> str:
    """Write nodes as a page's fragment with its style, for places without a kernel."""
    return f'<style>{STYLE}</style><div class="cablelab cl-static {UNTYPESET}">{"".join(map(to_html, nodes))}</div>'


def bundle(live: Any, html: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Put the static page beside what the live view shows as.

    Parameters
    ----------
    live
        What the widget's own `_repr_mimebundle_` gives: data, or data and metadata.
    html
        The static page.
    """
    data, metadata = live if isinstance(live, tuple) else (live or {}, {})
    return {**data, "text/html": html}, metadata
