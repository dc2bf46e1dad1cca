"""TAGS: what a code means in the year of its cable, and what a damaged one was meant to be."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

KINDS = (
    "subject", "program", "country", "country-variant", "region", "organization",
    "person", "freetext", "slip", "unknown",
)  # fmt: skip
CONFIDENCES = ("confirmed", "checked", "known", "inferred", "unconfirmed", "unknown")

# What the short names in the column `source` of tags.csv stand for.
SOURCES = {
    "nara": "National Archives, RG 59, FAQ on the Central Foreign Policy Files (2020), appendices I and II",
    "fah1974": "5 FAH-3 TAGS handbook of 28 June 1974, sections 8, 11 and 15",
    "fah2022": "5 FAH-3 H-011 and H-110 (2022)",
    "fah2024": "5 FAH-3 H-414 and H-416 (2024)",
    "fips10": "FIPS 10 country codes",
    "cooccurrence": "checked against the posts that used the tag on 6,712 cables",
    "corpus": "seen in cables of the time",
    "inferred": "inferred from subjects and neighbouring tags on 6,712 cables",
    "acronym": "expansion of an acronym in common use",
    "general": "general knowledge, consistent with the cables; no handbook page consulted",
    "gloss": "a gloss in public code",
    "cablemap": "listed by cablemap, a reader of cables",
    "cable2graph": "listed by cable2graph, a study of references",
    "1974STATE150591": "instruction that OVIP and its like carry the traveller's name",
}

# Nearly all cables in public hands were sent between 2002 and 2010: without a year, a code means what it meant then.
USUAL_YEAR = 2006
_RECODED = 2017
_NAME = re.compile(r"[A-Z][A-Z' -]{1,30}, ?[A-Z][A-Z. '-]{0,30}")


@dataclass(frozen=True, slots=True)
class Tag:
    """What a TAGS code means.

    `kind` is one of `KINDS`; `slip` is a known misspelling, `freetext` a word that posts wrote on the TAGS line
    though it is no code, `unknown` a code that nothing here knows (`meaning` None). `confidence` is one of
    `CONFIDENCES`. `first_year` and `last_year` bound the era in which the meaning holds. `retention` says what became
    of 1973-79 cables with only such tags (`temporary`: they were destroyed). `repairs` are the codes that a slip
    stands for. `source` lists keys of `SOURCES`.
    """

    code: str
    kind: str = "unknown"
    meaning: str | None = None
    confidence: str = "unknown"
    category: str | None = None
    era: str | None = None
    first_year: int | None = None
    last_year: int | None = None
    iso2: str | None = None
    retention: str | None = None
    repairs: tuple[str, ...] = ()
    count: int = 0
    source: str | None = None

    def years_off(self, year: int) -> int:
        """Return how many years `year` lies outside the era, 0 inside."""
        if self.first_year is not None and year < self.first_year:
            return self.first_year - year
        if self.last_year is not None and year > self.last_year:
            return year - self.last_year
        return 0

    @property
    def _width(self) -> int:
        if self.first_year is None:
            return 10_000
        return (2100 if self.last_year is None else self.last_year) - self.first_year


def _read(row: dict[str, str]) -> Tag:
    return Tag(
        row["code"],
        row["kind"],
        row["meaning"] or None,
        row["confidence"],
        row["category"] or None,
        row["era"] or None,
        int(row["first_year"]) if row["first_year"] else None,
        int(row["last_year"]) if row["last_year"] else None,
        row["iso2"] or None,
        row["retention"] or None,
        tuple(row["repairs"].split()),
        int(row["count"] or 0),
        row["source"] or None,
    )


@lru_cache(maxsize=1)
def _shipped() -> dict[str, tuple[Tag, ...]]:
    found: dict[str, tuple[Tag, ...]] = {}
    with Path(__file__).with_name("tags.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["code"]] = (*found.get(row["code"], ()), _read(row))
    return found


_added: dict[str, tuple[Tag, ...]] = {}


def added_tags() -> dict[str, tuple[Tag, ...]]:
    """Return the tags that the user has added, by code."""
    return dict(_added)


def set_added_tags(added: Mapping[str, tuple[Tag, ...]]) -> None:
    """Make `added` the whole of the user's tags; lookups follow at once."""
    _added.clear()
    _added.update(added)
    for cached in (tags, tag, _whole_codes, _repair):
        cached.cache_clear()


@lru_cache(maxsize=1)
def tags() -> Mapping[str, tuple[Tag, ...]]:
    """Return all meanings of all codes, the user's before the package's.

    Returns
    -------
    Mapping of code to its meanings, one for each era.

    Examples
    --------
    >>> from cablelab import facts
    >>> [(t.meaning, t.era) for t in facts.tags()["GM"]]
    [('Gambia', '2017+ (GENC recode)'), ('Germany', 'c.1980-2010s')]
    """
    merged = dict(_shipped())
    for code, meanings in _added.items():
        merged[code] = (*meanings, *merged.get(code, ()))
    return merged


@lru_cache(maxsize=1 << 16)
def tag(code: str, year: int | None = None) -> Tag:
    """Return what a TAGS code means in a cable of `year`.

    Parameters
    ----------
    code
        As written on the TAGS line, capitals.
    year
        Four digits; None takes the meaning of the 2000s.

    Returns
    -------
    The `Tag` whose era holds the year. Where none does, the nearest in time, its confidence lowered to `"inferred"`.
    `SURNAME, GIVEN` is a person, whose meaning is None unless the table has the name. An unknown code gives kind and
    confidence `"unknown"` and meaning None.

    Examples
    --------
    >>> from cablelab import facts
    >>> facts.tag("TC", 1975).meaning, facts.tag("GM", 2007).meaning, facts.tag("GM", 2018).meaning
    ('United Arab Emirates', 'Germany', 'Gambia')
    >>> facts.tag("POLITICAL")
    Tag(code='POLITICAL', kind='unknown', meaning=None, confidence='unknown', ...)
    """
    meanings = tags().get(code)
    if meanings is None:
        return _person(code)
    at = USUAL_YEAR if year is None else year
    users = _added.get(code, ())
    best = min(meanings, key=lambda t: (t.years_off(at), t not in users, t._width))
    if best.years_off(at) and best.confidence != "unconfirmed":
        return replace(best, confidence="inferred")
    return best


def _person(code: str) -> Tag:
    """Take `SURNAME, GIVEN` for a person, as it follows OVIP and OREP; all else is unknown."""
    if not _NAME.fullmatch(code):
        return Tag(code)
    known = next((t for t in tags().get(code.partition(",")[0], ()) if t.kind == "person"), None)
    return replace(known, code=code) if known else Tag(code, "person", None, "inferred")


def explain(frame: pl.DataFrame) -> pl.DataFrame:
    """Add what each tag means in the year of its cable.

    Parameters
    ----------
    frame
        With columns `tag` (String) and `year` (integer, may be null); any others stay. Millions of rows are fine:
        only the distinct pairs are looked up.

    Returns
    -------
    DataFrame of the same rows in the same order, with `kind`, `meaning` and `confidence` (String) added.

    Examples
    --------
    >>> import polars as pl
    >>> from cablelab import facts
    >>> facts.explain(pl.DataFrame({"tag": ["ELAB", "GM"], "year": [2007, None]}))["meaning"].to_list()
    ['labor sector affairs', 'Germany']
    """
    import polars as pl

    pairs = frame.select("tag", "year").unique()
    found = [tag(code, year) if code is not None else None for code, year in pairs.iter_rows()]
    meanings = pairs.with_columns(
        pl.Series(name, [None if t is None else getattr(t, name) for t in found], dtype=pl.String)
        for name in ("kind", "meaning", "confidence")
    )
    return frame.join(meanings, on=["tag", "year"], how="left", nulls_equal=True, maintain_order="left")


@lru_cache(maxsize=1)
def _whole_codes() -> tuple[frozenset[str], frozenset[str]]:
    subjects, countries = set(), set()
    for code, meanings in tags().items():
        for meaning in meanings:
            if meaning.kind in ("subject", "program") and not meaning.repairs and len(code) >= 4:
                subjects.add(code)
            if meaning.kind == "country" and len(code) == 2 and (meaning.first_year or 0) < _RECODED:
                countries.add(code)
    return frozenset(subjects), frozenset(countries)


def _segment(text: str, subjects: frozenset[str]) -> tuple[str, ...] | None:
    """Cut `text` wholly into subject and program codes; codes of four letters first, as they are the rule."""
    cuts: dict[int, tuple[str, ...]] = {0: ()}
    for end in range(4, len(text) + 1):
        for size in (4, 5):
            if end - size in cuts and end not in cuts and text[end - size : end] in subjects:
                cuts[end] = (*cuts[end - size], text[end - size : end])
    return cuts.get(len(text))


# Words of a TAGS line that a code and a country would make too.
_WORDS = frozenset({"SOCIAL", "ECONOM"})


@lru_cache(maxsize=1 << 14)
def _repair(code: str) -> tuple[str, ...]:
    known = tags().get(code)
    if known is not None:
        return known[0].repairs or (code,)
    if not 6 <= len(code) <= 60:
        return (code,)
    subjects, countries = _whole_codes()
    # A country before one subject is cut only before the political ones: BLAMED is not Belarus and AMED.
    if code[:2] in countries and (rest := _segment(code[2:], subjects)) and (len(rest) > 1 or rest[0][0] == "P"):
        return (code[:2], *rest)
    if code[-2:] in countries and (rest := _segment(code[:-2], subjects)) and (len(rest) > 1 or code not in _WORDS):
        return (*rest, code[-2:])
    if rest := _segment(code, subjects):
        return rest
    return (code,)


def repair(code: str) -> list[str]:
    """Return the codes that a damaged one was meant to be.

    Known misspellings come from the table; run-together codes from the table or from cutting the word wholly into
    subject and program codes, with at most one country before or after them. One subject after a country is cut only
    where the table says so, or where it is a political one, since English words have that form (`BLAMED` is not Belarus
    and AMED, nor `SOCIAL` SOCI and Albania).

    Parameters
    ----------
    code
        As written, capitals.

    Returns
    -------
    One or more codes; `[code]` where nothing is to be mended.

    Examples
    --------
    >>> from cablelab import facts
    >>> facts.repair("AROC"), facts.repair("EINDETRD"), facts.repair("KZPHUM")
    (['AORC'], ['EIND', 'ETRD'], ['KZ', 'PHUM'])
    >>> facts.repair("POLITICAL"), facts.repair("SOCIAL")
    (['POLITICAL'], ['SOCIAL'])
    """
    return list(_repair(code))


def split(code: str) -> list[str]:
    """Cut run-together codes apart, but leave a misspelt one as written.

    Examples
    --------
    >>> from cablelab import facts
    >>> facts.split("EINDETRD"), facts.split("AROC")
    (['EIND', 'ETRD'], ['AROC'])
    """
    found = _repair(code)
    return list(found) if len(found) > 1 else [code]
