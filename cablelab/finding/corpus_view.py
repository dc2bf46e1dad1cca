"""What a corpus can say of a citation: which ids it holds, of what day, from whom and to whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl

from cablelab.finding.days import Day, as_date

_COLUMNS = ("cable", "post", "number", "year", "sent", "signed_by")


class CorpusView:
    """The cables of a corpus, asked by id, day, signer and addressee. Nothing is collected before a citation asks."""

    def __init__(self, corpus: Any) -> None:
        self._corpus = corpus

    @cached_property
    def _cables(self) -> pl.DataFrame:
        return self._corpus.cables.select(*_COLUMNS).with_columns(day=pl.col("sent").dt.date())

    @cached_property
    def _rows(self) -> dict[str, date | None]:
        return dict(self._cables.select("cable", "day").iter_rows())

    def __contains__(self, cable: str) -> bool:
        return cable in self._rows

    def day(self, cable: str) -> date | None:
        """Give the day a held cable was sent, or None."""
        return self._rows.get(cable)

    def with_number(self, post: str, number: int) -> list[str]:
        """Give the ids of all held cables of a post that bear a number, of whatever year."""
        return self._cables.filter(pl.col("post") == post, pl.col("number") == number)["cable"].to_list()

    def years_with(self, post: str, number: int, on: Day | None, year: int | None) -> list[int]:
        """Give the years, within one of `year` where it is told, in which a held cable of that post, number and day was sent."""
        if on is None or on.day is None:
            return []
        found = self._cables.filter(pl.col("post") == post, pl.col("number") == number).drop_nulls("day")
        years = []
        for day, of in found.select("day", "year").iter_rows():
            printed = as_date(on, day.year)
            if printed and abs((day - printed).days) <= 1 and (year is None or abs(of - year) <= 1):
                years.append(int(of))
        return years

    def posts_of(self, surname: str, year: int | None) -> list[str]:
        """Give the posts from which somebody of that surname signed within two years of `year`."""
        signed = self._cables.filter(pl.col("signed_by").str.to_uppercase().str.contains(surname.upper(), literal=True))
        if year is not None:
            signed = signed.filter((pl.col("year") - year).abs() <= 2)
        return signed["post"].drop_nulls().unique().sort().to_list()

    def of_day(
        self,
        days: Sequence[date],
        *,
        posts: Iterable[str] = (),
        to: str | None = None,
        number: int | None = None,
        signer: str | None = None,
        among: Iterable[str] | None = None,
    ) -> list[str]:
        """Give the ids of held cables sent on one of some days, narrowed by sender, addressee, number or signer."""
        found = self._cables.filter(pl.col("day").is_in(list(days)))
        if posts:
            found = found.filter(pl.col("post").is_in(list(posts)))
        if number is not None:
            found = found.filter(pl.col("number") == number)
        if signer is not None:
            found = found.filter(pl.col("signed_by").str.to_uppercase().str.contains(signer.upper(), literal=True))
        if among is not None:
            found = found.filter(pl.col("cable").is_in(list(among)))
        if to is not None and found.height:
            reached = self._corpus.addressees.filter(
                pl.col("cable").is_in(found["cable"].implode()), pl.col("role") == "to", pl.col("post") == to
            )
            found = found.filter(pl.col("cable").is_in(reached["cable"].implode()))
        return found["cable"].to_list()
