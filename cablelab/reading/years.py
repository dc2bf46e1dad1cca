"""The year that a reference leaves out, and what tells it.

A post numbers its messages anew each January, and no cable cites a later one. So a number that its post had not reached belongs to the
year before: at the citing cable's own post its own number tells that, at another what the corpus holds of that post, and in January how
few days there were. A list that names the same post with a year tells it only then too: beside `06 LISBON 5010`, `LISBON 416` is
mostly the citing year's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from cablelab import facts, ids
from cablelab.message import Reference
from cablelab.message import target as target_of
from cablelab.reading.identity import Identity

# Messages of one day are numbered when they are begun and cite each other: as far above its own number a cable may cite.
PARALLEL = 10
# More than any post abroad sends in a day, the year through: of 1,473 pages the most is 77, of Havana's interests section.
PACE = 100
# The Department wrote up to 1,009 a day, in 2003; what it wrote in the seventies is not known here.
PACE_OF_STATE = 1_600
HOME = "United States"  # others there number their messages faster


@dataclass(frozen=True, slots=True)
class Cited:
    """A reference, the id that it means, and what tells the id's year."""

    reference: Reference
    target: str | None
    year_from: str | None


def cited(
    references: Sequence[Reference],
    citing: Identity,
    recorded: Mapping[tuple[str | None, int | None], int] | None = None,
) -> Iterator[Cited]:
    """Give what the references of one cable mean, as far as the cable itself tells it; its own id is no reference.

    `recorded` holds the years that an archive's record states, by post and number.
    """
    listed: dict[str | None, int] = {}
    for r in references:
        if r.year is not None:
            listed[r.post] = max(ids.full_year(r.year), listed.get(r.post, 0))
    citing_id = str(citing.id) if citing.id else None
    for r in references:
        year, year_from = citing.year, "citing"
        if r.year is not None:
            year_from = "printed"
        elif recorded and (r.post, r.number) in recorded:
            year, year_from = recorded[r.post, r.number], "attribute"
        elif year is not None and _ahead(r, citing):
            before = listed.get(r.post, year)
            year, year_from = (before, "list") if before < year else (year - 1, "serial")
        target = target_of(r, year)
        if target is None or target != citing_id:
            yield Cited(r, target, year_from if target else None)


def _ahead(r: Reference, citing: Identity) -> bool:
    """Tell whether a reference names a number that its post had not reached when the citing cable was sent."""
    if r.number is None:
        return False
    if r.post == citing.post and citing.reached is not None:
        return r.number > citing.reached + PARALLEL
    sent = citing.sent
    if r.post is None or sent is None or sent.year != citing.year or r.number <= PACE * sent.timetuple().tm_yday:
        return False
    if r.post == "STATE":
        return sent.year >= 1980 and r.number > PACE_OF_STATE * sent.timetuple().tm_yday
    return facts.mission_of(r.post) not in {None, HOME}


def implied(references: pl.DataFrame, years: pl.DataFrame) -> pl.DataFrame:
    """Give references without a target the year that was inferred for their citing cable.

    Parameters
    ----------
    references
        Rows as `cablelab.reading.rows.RAW` has them.
    years
        `copy`, `inferred`: the citing cable's year; `own_post` and `own_number` of its id.
    """
    joined = references.join(years, on="copy", how="left", maintain_order="left")
    missing = pl.col("target").is_null() & pl.col("inferred").is_not_null() & pl.col("post").is_not_null()
    ahead = (pl.col("post") == pl.col("own_post")) & (pl.col("number") > pl.col("own_number") + PARALLEL)
    year = pl.col("inferred") - ahead.fill_null(False).cast(pl.Int16)
    year_from = pl.when(ahead.fill_null(False)).then(pl.lit("serial")).otherwise(pl.lit("citing"))
    return joined.with_columns(
        target=pl.when(missing).then(ids.written_of(year, pl.col("post"), pl.col("number"))).otherwise("target"),
        year_from=pl.when(missing)
        .then(year_from)
        .otherwise(pl.col("year_from").cast(pl.String))
        .cast(references.schema["year_from"]),
    ).select(references.columns)


def reach(cables: pl.DataFrame) -> pl.DataFrame:
    """Tell how far each post's numbers had come when each of its cables was sent, and how low those are that were still to come.

    Parameters
    ----------
    cables
        All of a corpus: `post`, `year`, `number`, `sent`.

    Returns
    -------
    DataFrame of `post`, `year`, `sent`, `reached` and `to_come`, by time.
    """
    series = _dated(cables).select("post", "year", "number", "sent").sort("sent")
    reached = pl.col("number").cum_max().over("post", "year")
    to_come = pl.col("number").cum_min(reverse=True).over("post", "year")
    return series.select("post", "year", "sent", reached=reached, to_come=to_come)


def _dated(cables: pl.DataFrame) -> pl.DataFrame:
    return cables.filter(
        pl.col("sent").is_not_null() & pl.col("number").is_not_null() & (pl.col("sent").dt.year() == pl.col("year"))
    )


def beyond_reach(references: pl.DataFrame, cables: pl.DataFrame, series: pl.DataFrame) -> pl.DataFrame:
    """Move references to the year before whose number another post had not reached when they were written, as the corpus shows.

    That is so where a cable of that post and year, sent a day or more after the citing one, has a lower number, and none that was sent
    by then has as high a one.

    Parameters
    ----------
    references
        Rows as `cablelab.reading.rows.RAW` has them.
    cables
        Those that cite: `copy`, `post`, `year`, `number`, `sent`.
    series
        What `reach` tells of all cables.

    Returns
    -------
    DataFrame like `references`; of rows moved `year_from` is `serial`.
    """
    open_rows = (
        references.with_row_index("row")
        .filter(pl.col("year_from").cast(pl.String) == "citing")
        .select("row", "copy", "post", "number")
        .join(_dated(cables).select("copy", "year", "sent", own="post"), on="copy")
        .filter(pl.col("post") != pl.col("own"))
        .sort("sent")
    )
    if open_rows.is_empty():
        return references
    near = series.join(
        open_rows.select("post", "year").unique(), on=["post", "year"], how="semi", maintain_order="left"
    )
    by = ["post", "year"]
    seen = open_rows.join_asof(
        near.drop("to_come"), on="sent", by=by, strategy="backward", check_sortedness=False
    ).with_columns(after=pl.col("sent").dt.offset_by("1d"))
    seen = seen.join_asof(
        near.select("post", "year", "to_come", after="sent"),
        on="after",
        by=by,
        strategy="forward",
        check_sortedness=False,
    )
    ruled_out = seen.filter(
        (pl.col("number") > pl.col("to_come") + PARALLEL)
        & (pl.col("reached").is_null() | (pl.col("reached") < pl.col("number")))
    )
    if ruled_out.is_empty():
        return references
    moved = ruled_out.select(
        pl.col("row"), earlier=ids.written_of(pl.col("year") - 1, pl.col("post"), pl.col("number"))
    )
    joined = references.with_row_index("row").join(moved, on="row", how="left", maintain_order="left")
    here = pl.col("earlier").is_not_null()
    return joined.with_columns(
        target=pl.coalesce("earlier", "target"),
        year_from=pl.when(here)
        .then(pl.lit("serial"))
        .otherwise(pl.col("year_from").cast(pl.String))
        .cast(references.schema["year_from"]),
    ).select(references.columns)
