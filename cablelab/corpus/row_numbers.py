"""Which rows of a frame are a cable's: found once for each frame, so that a look-up by id slices it and searches nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import polars as pl

from cablelab import storage
from cablelab.corpus.lookup import collect, present
from cablelab.frames import empty
from cablelab.storage.remote import is_remote

# the keys of all spans of a large corpus would take some hundred megabytes at a time
AT_A_TIME = 500_000
SMALL = 2_000  # cables, of some 20 MB


class RowNumbers:
    """The row numbers of some frames in step; corpora that are chosen from one share them.

    Parameters
    ----------
    frames
        Frames by name, all with a column `cable`, and `cables` among them.
    """

    def __init__(self, frames: Mapping[str, pl.DataFrame | pl.LazyFrame]) -> None:
        self._frames = frames
        self._read: dict[str, pl.DataFrame] = {}
        self._asked: set[str] = set()
        self._places: dict[str, tuple[pl.Series, pl.Series] | None] = {}

    @cached_property
    def keys(self) -> pl.Series:
        """The keys of the cables."""
        return collect(self._frames["cables"].lazy().select("cable"))["cable"]

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row of each cable in `cables`."""
        return numbered(self.keys)

    def frame(self, name: str) -> pl.DataFrame | pl.LazyFrame:
        """Give the frame to slice; of a small corpus on disk it is read once and kept."""
        frame = self._read.get(name, self._frames[name])
        if isinstance(frame, pl.LazyFrame) and len(self.keys) <= SMALL:
            frame = self._read[name] = collect(frame)
        return frame

    def of(self, name: str, cables: Sequence[str]) -> list[tuple[int, int]] | None:
        """Give for each cable its first row in the frame `name` and how many there are, in the order of the frame.

        None where its rows do not stand together, and when the frame is asked for the first time: to number all rows takes as
        long as some look-ups, and of many corpora one cable is looked at.

        Examples
        --------
        >>> numbers = RowNumbers({name: pl.DataFrame({"cable": list(keys)}) for name, keys in {"cables": "ab", "tags": "bba"}.items()})
        >>> numbers.of("tags", "ab"), numbers.of("tags", "ab")
        (None, [(0, 2), (2, 1)])
        """
        if name not in self._asked:
            self._asked.add(name)
            return None
        if name not in self._places:
            self._places[name] = self._found(name)
        if (places := self._places[name]) is None:
            return None
        rows = [self.rows[cable] for cable in cables if cable in self.rows]
        return sorted((places[0][row], places[1][row]) for row in rows if places[1][row])

    def _batches(self, name: str) -> Iterator[pl.DataFrame]:
        frame = self.frame(name)
        yield frame if isinstance(frame, pl.DataFrame) else empty(name)
        if isinstance(frame, pl.LazyFrame):
            yield from frame.select("cable").collect_batches(chunk_size=AT_A_TIME, engine="streaming")

    def _found(self, name: str) -> tuple[pl.Series, pl.Series] | None:
        if isinstance(self._frames, storage.Opened) and is_remote(self._frames.folder):
            return None  # parts there are fetched whole, and none of them is read from its middle
        with present():
            runs = pl.concat([batch["cable"].rle().struct.unnest() for batch in self._batches(name)])
        runs = runs.group_by(pl.col("value").rle_id().alias("run"), maintain_order=True).agg(
            pl.col("value").first(), pl.col("len").sum()
        )
        runs = runs.with_columns(start=pl.col("len").cum_sum() - pl.col("len")).drop_nulls("value")
        if runs["value"].n_unique() < runs.height or len(self.rows) < len(self.keys):
            return None
        at = self.keys.to_frame("cable").join(
            runs, left_on="cable", right_on="value", how="left", maintain_order="left"
        )
        return at["start"].fill_null(0), at["len"].fill_null(0)


def numbered(keys: pl.Series) -> dict[str, int]:
    """Give the row of each key; of one that stands twice, the last.

    >>> numbered(pl.Series(["07OSLO1", "07OSLO2"]))
    {'07OSLO1': 0, '07OSLO2': 1}
    """
    return dict(zip(keys.to_list(), range(len(keys)), strict=True))
