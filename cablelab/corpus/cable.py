"""One cable of a corpus."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from cablelab.corpus.show import cable_html, cable_text
from cablelab.errors import UnknownOption, nearest
from cablelab.escaping import visible
from cablelab.frames import Framed


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Cable:
    """One cable of a corpus, which shows itself readable in a notebook and, printed, in a terminal.

    `fields` is its row of `cables` by column name; `cable["subject"]` reads one of them. The frames hold only its rows.
    """

    corpus: Framed
    fields: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The key."""
        return str(self.fields["cable"])

    def __getitem__(self, column: str) -> Any:
        if column not in self.fields:
            raise UnknownOption(column, nearest(column, self.fields), "Columns: cablelab.frames.describe('cables').")
        return self.fields[column]

    def _rows(self, name: str) -> pl.DataFrame:
        return self.corpus.rows(name, [self.id])

    @property
    def text(self) -> str:
        """The text that all offsets refer to; empty if the corpus holds none."""
        texts = self._rows("texts")["text"]
        return str(texts[0]) if len(texts) else ""

    @property
    def paragraphs(self) -> pl.DataFrame:
        """Its paragraphs."""
        return self._rows("paragraphs")

    @property
    def references(self) -> pl.DataFrame:
        """Its references."""
        return self._rows("references")

    @property
    def addressees(self) -> pl.DataFrame:
        """Its sender and addressees."""
        return self._rows("addressees")

    @property
    def tags(self) -> pl.DataFrame:
        """Its TAGS codes with their meaning."""
        return self._rows("tags")

    @property
    def spans(self) -> pl.DataFrame:
        """Its spans."""
        return self._rows("spans")

    @property
    def redactions(self) -> pl.DataFrame:
        """Where its copy hides words."""
        return self._rows("redactions")

    @property
    def problems(self) -> pl.DataFrame:
        """What was odd about it."""
        return self._rows("problems")

    def __repr__(self) -> str:
        senders = self.addressees.filter(pl.col("role") == "from")["name"].drop_nulls()
        sent = self.fields["sent"]
        sender = senders[0] if len(senders) else self.fields["post"]
        parts = [self.id, sender, sent and f"{sent:%Y-%m-%d}", self.fields["classification"]]
        return visible(f"<Cable {' · '.join(str(p) for p in parts if p)}>")

    def __str__(self) -> str:
        return cable_text(self)

    def _repr_html_(self) -> str:
        return cable_html(self)
