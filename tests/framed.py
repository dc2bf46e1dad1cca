"""Frames of a corpus from what a test needs of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from cablelab.frames import SCHEMAS


def frame(name: str, rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Build the frame `name` from records that name some of its columns; the others are null."""
    schema = SCHEMAS[name]
    return pl.DataFrame([{column: row.get(column) for column in schema} for row in rows], schema=schema)


def fitted(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Give a frame that has some of the columns of the frame `name` all of them; those added are null."""
    return rows.select(
        (pl.col(column) if column in rows.columns else pl.lit(None).alias(column)).cast(kind)
        for column, kind in SCHEMAS[name].items()
    )
