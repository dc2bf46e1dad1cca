"""The ComparisonView: the comparison with the Reader beneath."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import ipywidgets
import polars as pl
import traitlets

from cablelab.comparison import Comparison, compare
from cablelab.escaping import visible
from cablelab.widgets.building import Building
from cablelab.widgets.comparing import NO_CHAIN, Versions
from cablelab.widgets.panel import bundle, static
from cablelab.widgets.reader import Reader
from cablelab.widgets.state import State
from cablelab.widgets.tree import h

if TYPE_CHECKING:
    from cablelab.corpus import Corpus


class ComparisonView(ipywidgets.VBox):
    """Successive assessments beside each other, with the Reader beneath.

    Parameters
    ----------
    corpus
        The corpus that holds them.
    *cables
        Two or more ids, the earliest first; none: the chains of `cl.chains` to choose from.

    Attributes
    ----------
    comparison
        The `Comparison` of the whole chain.
    current
        The id of the cable in the Reader.
    marked
        What was marked or noted on changes, a row each.

    Examples
    --------
    >>> import cablelab as cl
    >>> corpus = cl.sample()
    >>> step = cl.chains(corpus).row(0, named=True)
    >>> cl.widgets.ComparisonView(corpus, step["previous"], step["cable"]).comparison.cables[0] == step["previous"]
    True
    """

    current = traitlets.Unicode(None, allow_none=True)

    def __init__(self, corpus: Corpus, *cables: str) -> None:
        self.state = State(corpus)
        self.reader = Reader(self.state, lambda key: self.build(key))
        self.building: Building | None = None
        chosen = tuple(corpus.key(cable) for cable in cables)
        self.versions = Versions(self.state, self.reader.read, chosen, self.build)
        super().__init__([self.versions, self.reader])
        self.add_class("cl-explorer")
        traitlets.link((self.state, "current"), (self, "current"))

    def build(self, *cables: str) -> None:
        """Put a chain together by hand, between the comparison and the Reader.

        Parameters
        ----------
        *cables
            Ids to begin with; none: those compared.

        Raises
        ------
        UnknownCable
            If the corpus does not hold one of them.
        """
        keys = [self.state.whole.key(cable) for cable in cables]
        if self.building is None:
            self.building = Building(self.state, self.reader.read, compare=self._lay)
            self.children = (self.versions, self.building, self.reader)
        self.building.begin(*(keys or self.versions._cables()))

    def _lay(self, *cables: str) -> None:
        self.versions.lay(cables)
        self.versions.refresh()

    @property
    def comparison(self) -> Comparison | None:
        """The comparison of the whole chain."""
        return self.versions.comparison

    @property
    def marked(self) -> pl.DataFrame:
        """What was marked or noted on changes: `cable_a`, `cable_b`, `where`, `kind`, `reasons`, `old`, `new`, `mark`, `note`."""
        return self.versions.marked

    def to_html(self, path: str | Path) -> Path:
        """Write the comparison of the whole chain to one HTML file that needs nothing beside it.

        Raises
        ------
        TooFewCables
            If there is nothing to compare.
        """
        return (self.comparison or compare(self.state.whole)).to_html(path)

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        html = self.versions.static() or static(h("p", None, NO_CHAIN))
        return bundle(super()._repr_mimebundle_(**options), html)

    def __repr__(self) -> str:
        return visible(f"<ComparisonView {' → '.join(self.versions.laid.cables) if self.versions.laid else 'empty'}>")
