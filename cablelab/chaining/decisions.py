"""What a person decided about steps: a frame that chains obey."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

from cablelab import frames
from cablelab.errors import SchemaError, UnknownOption

VERDICTS = ("accepted", "rejected")
DECISIONS: dict[str, pl.DataType | type[pl.DataType]] = {
    "previous": pl.String,
    "cable": pl.String,
    "verdict": pl.Enum(VERDICTS),
    "by": pl.String,
    "at": frames.UTC,
    "note": pl.String,
}


def decide(
    decided: pl.DataFrame | None,
    previous: str,
    cable: str,
    verdict: str,
    *,
    by: str = "",
    note: str = "",
    at: datetime | None = None,
) -> pl.DataFrame:
    """Add a decision to those made before; one about the same pair takes the place of the earlier one.

    Parameters
    ----------
    decided
        Decisions made before; None if there are none.
    previous, cable
        Ids of the earlier and the later cable, as the corpus writes them.
    verdict
        `"accepted"`, the later continues the earlier, or `"rejected"`.
    by, note
        Who decided, and why.
    at
        When; now if left out.

    Returns
    -------
    DataFrame with the columns of `DECISIONS`, for `cl.chains(corpus, decided=...)`.

    Raises
    ------
    UnknownOption
        If the verdict is neither.
    SchemaError
        If `decided` does not have the columns.

    Examples
    --------
    >>> made = decide(None, "05OSLO1", "06OSLO7", "accepted", by="N. N.")
    >>> made.select("previous", "cable", "verdict").row(0)
    ('05OSLO1', '06OSLO7', 'accepted')
    """
    if verdict not in VERDICTS:
        raise UnknownOption(verdict, VERDICTS)
    row = pl.DataFrame([(previous, cable, verdict, by, at or datetime.now(UTC), note)], schema=DECISIONS, orient="row")
    before = checked(decided).join(row, on=["previous", "cable"], how="anti", maintain_order="left")
    return pl.concat([before, row])


def checked(decided: pl.DataFrame | None) -> pl.DataFrame:
    """Give decisions the columns of `DECISIONS`; of two about one pair the later row counts.

    Raises
    ------
    SchemaError
        If `previous`, `cable` or `verdict` is missing, or a verdict is unknown.
    """
    if decided is None:
        return pl.DataFrame(schema=DECISIONS)
    missing = [name for name in ("previous", "cable", "verdict") if name not in decided.columns]
    known = decided["verdict"].cast(pl.String).is_in(VERDICTS).all() if not missing else True
    if missing or not known:
        wrong = f"lacks the column {missing[0]!r}" if missing else f"has a verdict that is none of {VERDICTS}"
        raise SchemaError(f"The frame of decisions {wrong}. Make it with cablelab.chaining.decide.")
    full = decided.select(
        (pl.col(name) if name in decided.columns else pl.lit(None).alias(name)).cast(kind)
        for name, kind in DECISIONS.items()
    )
    return full.unique(["previous", "cable"], keep="last", maintain_order=True)


def as_rows(decided: pl.DataFrame, cables: pl.DataFrame) -> pl.DataFrame:
    """Write decisions about cables of a corpus as a, b (rows), verdict and by."""
    rows = cables.select("row", "cable")
    return (
        decided.join(rows.rename({"row": "b"}), on="cable")
        .join(rows.rename({"row": "a", "cable": "previous"}), on="previous")
        .select("a", "b", pl.col("verdict").cast(pl.String), pl.col("by").fill_null(""))
        .sort("b", "a")
    )
