"""Frames of many cables that are kept in step: what is cut from `cables` is cut from all of them, when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property, reduce
from typing import Any

import polars as pl

from cablelab import storage
from cablelab.corpus.lookup import collect, held
from cablelab.corpus.row_numbers import RowNumbers, numbered
from cablelab.errors import SchemaError, WrongKind
from cablelab.frames import NAMES, check, empty, schema

# cables above which one filter over a frame is quicker than a slice for each of them
FEW, FEW_ON_DISK = 500, 8
COLUMNS = 14  # of `cables`, read at a time


class InStep:
    """The frames of a corpus; see `cablelab.Corpus`, which adds what users do with them."""

    def __init__(self, frames: Mapping[str, pl.DataFrame | pl.LazyFrame], filters: Iterable[str] = ()) -> None:
        if not isinstance(frames, Mapping):
            raise WrongKind("Corpus", "frames by name", frames)
        if unknown := [name for name in frames if name not in NAMES]:
            raise SchemaError(f"A corpus has no frame {unknown[0]!r}; its frames are {', '.join(NAMES)}.")
        if isinstance(frames, storage.Opened):  # whose parts are checked when they are opened, and again on first use
            self._base: Mapping[str, pl.DataFrame | pl.LazyFrame] = frames
        else:
            self._base = {name: check(name, frames[name]) if name in frames else empty(name) for name in NAMES}
        self._numbers = RowNumbers(self._base)
        self._choice: tuple[pl.DataFrame, pl.Series | None] | None = None  # rows of `cables`, and which of them count
        self._ready: dict[str, pl.DataFrame] = {}
        self.filters = tuple(filters)
        self.folder: str | None = None  # where it lies, if it was opened

    @cached_property
    def _chosen(self) -> pl.DataFrame | None:
        if self._choice is None:
            return None
        cables, rows = self._choice
        return cables if rows is None else cables.filter(rows)

    def lazy(self, name: str) -> pl.LazyFrame:
        """Give the frame `name` as a lazy frame; of an opened corpus nothing is read until it is collected.

        Examples
        --------
        >>> InStep({}).lazy("spans").select("role").collect().height
        0
        """
        schema(name)
        if name in self._ready:
            return self._ready[name].lazy()
        frame = self._base[name].lazy()
        if self._chosen is None:
            return frame
        if name == "cables":
            return self._chosen.lazy()
        keys = self._chosen.lazy().select("cable")
        column = "preferred" if name == "copies" else "cable"
        frame = frame.join(keys, left_on=column, right_on="cable", how="semi", maintain_order="left")
        return frame.with_columns(held=held(self._chosen["cable"])) if name == "references" else frame

    def frame(self, name: str) -> pl.DataFrame:
        """Give the frame `name`, collected on first use and kept.

        Raises
        ------
        UnknownOption
            If no frame has that name.
        NotACorpus
            If the folder it was opened from has been written anew since.

        Examples
        --------
        >>> InStep({}).frame("texts").columns
        ['cable', 'text']
        """
        if name not in self._ready:
            frame = self._base.get(name)
            if name == "cables":
                frame = self._cables()
            elif self._chosen is not None or not isinstance(frame, pl.DataFrame):
                frame = collect(self.lazy(name))
            self._ready[name] = frame
        return self._ready[name]

    def _cables(self) -> pl.DataFrame:
        """Join the pieces of `cables`: a filter over hundreds of them, as many files give, takes several times as long."""
        # some columns after the other, so that not all of them are held twice at a time
        names = list(schema("cables"))
        columns = [self.lazy("cables").select(names[n : n + COLUMNS]) for n in range(0, len(names), COLUMNS)]
        frame = pl.concat([collect(some).rechunk() for some in columns], how="horizontal")
        if self._chosen is None:
            self._numbers.keys = frame["cable"]  # which need not be read by themselves then
        return frame

    def rows(self, name: str, cables: Iterable[str]) -> pl.DataFrame:
        """Give the rows of some cables in the frame `name`, in its order; of a large corpus many times as quick as a filter.

        Parameters
        ----------
        name
            Name of the frame.
        cables
            Keys; those that the corpus does not hold have no rows.

        Raises
        ------
        UnknownOption
            If no frame has that name.

        Examples
        --------
        >>> InStep({}).rows("texts", ["07OSLO12"]).columns
        ['cable', 'text']
        """
        schema(name)
        keys = [cable for cable in dict.fromkeys(cables) if cable in self._rows]
        if name == "copies":  # which go with the cable they stand behind
            return collect(self.lazy(name).filter(pl.col("cable").is_in(keys)))
        frame: Any = self._ready[name] if self._chosen is None and name in self._ready else self._numbers.frame(name)
        few = len(keys) <= (FEW_ON_DISK if isinstance(frame, pl.LazyFrame) else FEW)
        places = self._numbers.of(name, keys) if few else None
        if places is None:
            found = collect(frame.lazy().filter(pl.col("cable").is_in(keys)))
        else:
            slices = [frame.slice(*place) for place in places]
            if isinstance(frame, pl.LazyFrame):
                slices = [collect(pl.concat(slices))] if slices else []
            found = reduce(pl.DataFrame.vstack, slices, empty(name))
        if name != "references" or self._chosen is None:
            return found
        targets = found.select("target", "held").iter_rows()
        here = [of_target if target is None else target in self._rows for target, of_target in targets]
        return found.with_columns(held=pl.Series(here, dtype=pl.Boolean))

    @property
    def _keys(self) -> pl.Series:
        return self._numbers.keys if self._chosen is None else self._chosen["cable"]

    @cached_property
    def _rows(self) -> dict[str, int]:
        return self._numbers.rows if self._chosen is None else numbered(self._keys)

    @property
    def cables(self) -> pl.DataFrame:
        """One row a cable."""
        return self.frame("cables")

    @property
    def texts(self) -> pl.DataFrame:
        """The text of each cable, to which all offsets refer."""
        return self.frame("texts")

    @property
    def spans(self) -> pl.DataFrame:
        """The spans that partition each text, with their roles."""
        return self.frame("spans")

    @property
    def paragraphs(self) -> pl.DataFrame:
        """One row a paragraph."""
        return self.frame("paragraphs")

    @property
    def tags(self) -> pl.DataFrame:
        """One row a TAGS code of a cable."""
        return self.frame("tags")

    @property
    def references(self) -> pl.DataFrame:
        """One row a reference; `held` says whether the target is in this corpus, filtered as it is."""
        return self.frame("references")

    @property
    def addressees(self) -> pl.DataFrame:
        """One row a sender or addressee."""
        return self.frame("addressees")

    @property
    def redactions(self) -> pl.DataFrame:
        """One row a place where a copy hides words."""
        return self.frame("redactions")

    @property
    def problems(self) -> pl.DataFrame:
        """What was odd, missing, contradictory or unreadable."""
        return self.frame("problems")

    @property
    def copies(self) -> pl.DataFrame:
        """Further copies of cables whose row was made from a fuller one."""
        return self.frame("copies")
