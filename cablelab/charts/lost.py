"""What is known to be lost of the records of 1973-79: gaps in time, subjects that were destroyed, the share that was released."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from cablelab import facts
from cablelab.charts.base import LOST
from cablelab.errors import WrongKind

if TYPE_CHECKING:
    from cablelab.corpus import Corpus

EARLY = (1973, 1979)
RELEASED = "STATE: the archive released 17 % of its numbers of 1973 and 28 to 34 % of those of 1974-79; the others were mostly never released"
SHADED = "Shaded: stretches for which the records themselves are known to be lost"
GAPS = Path(__file__).with_name("gaps.csv")


def gaps(corpus: Corpus | None = None) -> pl.DataFrame:
    """Return the stretches of time for which the records themselves are known to be lost.

    Parameters
    ----------
    corpus
        A Corpus: only the stretches that touch the time from its first to its last cable. None: all.

    Returns
    -------
    DataFrame `start`, `end` (Date, both inclusive), `extent` (how much is lost), `note`. Source: what the National
    Archives says of RG 59, Central Foreign Policy Files, 1973-79, Electronic Telegrams.

    Examples
    --------
    >>> from cablelab import charts
    >>> charts.gaps()["start"].dt.year().unique().to_list()
    [1973, 1975, 1976]
    """
    known = pl.read_csv(GAPS, try_parse_dates=True)
    if corpus is None:
        return known
    if not hasattr(corpus, "filters"):
        raise WrongKind("gaps", "a Corpus first", corpus)
    days = corpus.cables["sent"].dt.date()
    return known.filter(pl.col("start") <= pl.lit(days.max()), pl.col("end") >= pl.lit(days.min()))


def losses(cables: pl.DataFrame) -> list[str]:
    """Say what share of the Department's own telegrams of 1973-79 the archive released; nothing where none is held.

    Parameters
    ----------
    cables
        A frame with the columns `post` and `year`.

    Returns
    -------
    list of no or one sentence. Source: the numbers of STATE among the documents of 1973-79 that were released.

    Examples
    --------
    >>> losses(pl.DataFrame({"post": ["STATE"], "year": [1975]}))[0][:44]
    'STATE: the archive released 17 % of its numb'
    """
    telegrams = cables.filter((pl.col("post") == "STATE") & pl.col("year").is_between(*EARLY)).height
    return [RELEASED] if telegrams else []


def destroyed(cables: pl.DataFrame, tags: Iterable[str]) -> list[str]:
    """Say which of some TAGS stood for subjects whose telegrams of 1973-79 were destroyed.

    Parameters
    ----------
    cables
        A frame with the column `year`.
    tags
        Codes that are counted.

    Returns
    -------
    list of no or one sentence: telegrams with *only* temporary subject codes were destroyed without a card, so that counts are what is
    left. Source: the National Archives' FAQ on the Central Foreign Policy Files.

    Examples
    --------
    >>> destroyed(pl.DataFrame({"year": [1975]}), ["CVIS", "PREL"])[0][:17]
    'Of 1973-79: CVIS '
    """
    if not cables.filter(pl.col("year").is_between(*EARLY)).height:
        return []
    known = facts.tags()
    lost = [code for code in tags if any(t.retention == "temporary" for t in known.get(code, ()))]
    if not lost:
        return []
    they = "is a temporary tag" if len(lost) == 1 else "are temporary tags"
    return [
        f"Of 1973-79: {', '.join(lost)} {they}; telegrams with no other were destroyed, and what is left is counted"
    ]


def gaps_between(dates: pl.Series) -> pl.DataFrame:
    """Return the gaps that touch the span of `dates`, as instants in UTC, cut to that span.

    Parameters
    ----------
    dates
        Datetime, UTC.

    Returns
    -------
    DataFrame `start`, `end` (Datetime UTC, end exclusive), `extent`, `note`.

    Examples
    --------
    >>> import polars as pl
    >>> from datetime import datetime
    >>> from cablelab.charts.lost import gaps_between
    >>> days = pl.Series([datetime(1976, 6, 10), datetime(1976, 6, 20)]).dt.replace_time_zone("UTC")
    >>> gaps_between(days)["extent"].to_list()
    ['about 92 %']
    """
    first, last = dates.min(), dates.max()
    instants = gaps().with_columns(
        pl.col("start").cast(pl.Datetime("us")).dt.replace_time_zone("UTC"),
        pl.col("end").dt.offset_by("1d").cast(pl.Datetime("us")).dt.replace_time_zone("UTC"),
    )
    # Without a date `first` is null, every comparison is, and the filter keeps nothing.
    return instants.filter(pl.col("start") <= pl.lit(last), pl.col("end") > pl.lit(first)).with_columns(
        pl.max_horizontal("start", pl.lit(first)).alias("start"), pl.min_horizontal("end", pl.lit(last)).alias("end")
    )


def gap_layer(found: pl.DataFrame, x: alt.X) -> alt.Chart:
    """Draw gaps as shaded bands behind a chart.

    Parameters
    ----------
    found
        What `gaps_between` gives.
    x
        The x channel of the chart in front, for its scale.

    Returns
    -------
    altair.Chart

    Examples
    --------
    >>> import polars as pl
    >>> from cablelab.charts.base import time_x
    >>> from cablelab.charts.lost import gap_layer, gaps_between
    >>> gap_layer(gaps_between(pl.Series([], dtype=pl.Datetime("us", "UTC"))), time_x("start")).mark.type
    'rect'
    """
    return (
        alt.Chart(found)
        .mark_rect(color=LOST, opacity=0.25)
        .encode(
            x,
            x2="end",
            tooltip=[
                alt.Tooltip("note:N", title="gap"),
                alt.Tooltip("extent:N", title="lost"),
                alt.Tooltip("utcyearmonthdate(start):T", title="from"),
                alt.Tooltip("utcyearmonthdate(end):T", title="until"),
            ],
        )
    )
