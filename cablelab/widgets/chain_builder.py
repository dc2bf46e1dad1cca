"""The ChainBuilder: a chain is built by hand, read and compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ipywidgets
import polars as pl

from cablelab.corpus import Corpus
from cablelab.escaping import visible
from cablelab.export import export
from cablelab.widgets.building import Building
from cablelab.widgets.comparing import Versions
from cablelab.widgets.panel import bundle, static
from cablelab.widgets.reader import Reader
from cablelab.widgets.state import State


class ChainBuilder(ipywidgets.VBox):
    """Build one chain by hand, with the Reader beneath, and the comparison of the chain once it was asked for.

    Parameters
    ----------
    corpus
        The corpus, or the state that other views of it share.
    cable
        The id to begin with, or the ids of a chain.

    Attributes
    ----------
    members
        Ids of the chain, in order of time.
    decisions
        What was decided, for `cl.chains(corpus, decided=...)`.

    Examples
    --------
    >>> import cablelab as cl
    >>> corpus = cl.sample()
    >>> step = cl.chains(corpus).row(0, named=True)
    >>> builder = ChainBuilder(corpus, step["cable"])
    >>> builder.building.act("accept", f"{step['previous']} {step['cable']}")
    >>> builder.members == [step["previous"], step["cable"]]
    True
    """

    def __init__(self, corpus: Corpus | State, *cable: str) -> None:
        self.state = corpus if isinstance(corpus, State) else State(corpus)
        keys = [self.state.whole.key(one) for one in cable] or list(self.state.whole.ids[:1])
        self.reader = Reader(self.state, lambda key: self.building.begin(key))
        self.building = Building(self.state, self.reader.read, *keys, compare=self.compare)
        self.comparison: Versions | None = None
        self.state.current = next(iter(keys), None)
        super().__init__([self.building, self.reader])
        self.add_class("cl-explorer")

    def compare(self, *cables: str) -> None:
        """Lay cables of the chain side by side, above the Reader; none named: all of them.

        Raises
        ------
        TooFewCables
            If there are not two.
        """
        chosen = cables or tuple(self.members)
        if self.comparison is None:
            self.comparison = Versions(self.state, self.reader.read, chosen, self.building.begin)
            self.children = (self.building, self.comparison, self.reader)
        else:
            self.comparison.lay(chosen)
            self.comparison.refresh()

    @property
    def members(self) -> list[str]:
        """Ids of the chain, in order of time."""
        return list(self.building.members)

    @property
    def decisions(self) -> pl.DataFrame:
        """What was decided, with the columns of `cablelab.chaining.DECISIONS`."""
        return self.building.decisions

    def export(self, path: str | Path) -> Path:
        """Write the decisions to a file that ends in `.csv`, `.md` or `.parquet`."""
        return export(self.decisions, path)

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        return bundle(super()._repr_mimebundle_(**options), static(self.building.draw()))

    def __repr__(self) -> str:
        return visible(f"<ChainBuilder {' → '.join(self.members)}>")
