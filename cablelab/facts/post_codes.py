"""Posts: codes, names, missions, bureaus, and the offices behind them.

posts.csv covers 99.94 % of 251,287 message ids. Codes, counts, aliases and misspellings come from public lists of ids
and from REF lines; coordinates (two decimals) and bureaus are general knowledge.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from cablelab.facts.caches import forget_posts, kept_while_posts_stay

# The Bureau of South and Central Asian Affairs took over Central Asia from EUR in February 2006.
SCA_SINCE = 2006
# Before that South Asia belonged to NEA until August 1992, and Latin America to ARA, which Canada joined only as WHA in 1999.
_EARLIER = (("SA", 1992, "NEA"), ("WHA", 1999, "ARA"))
# Records of 1973-79 have codes of their own for some missions (USUN, NATO); later the same words mean the successors.
LAST_YEAR_OF_OLD_CODES = 1979

_NOT_CODE = re.compile(r"[^A-Z0-9]+")
_OFFICE = re.compile(
    r"^(?:AMERICAN )?(?:AMEMBASSY|AMEMB|EMBASSY|AMCONSUL|AMCONGEN|CONSULATE GENERAL|CONSULATE|CONGEN|AMINSTITUTE|REO|"
    r"US ?MISSION|US ?MISION|MISSION|US ?OFFICE|US INTERESTS SECTION|US ?INT|US DELEGATION|US ?DEL|US ?LO)[ ,]+"
)
_WASHINGTON = re.compile(r"(?<![ ,])[ ,]+WASH(?:DC| DC|INGTON(?: DC)?)$")


@dataclass(frozen=True, slots=True)
class Post:
    """One post: an embassy, a consulate, a mission or another office that sends cables.

    `code` is the word that ids carry (`ASTANA` in `07ASTANA3256`), `mission` the country; `lat` and `lon` are degrees.
    `same_office_as` names the code under which the same office is better known; `predecessor` and `successor` are the
    posts from which and to which the embassy of a country moved. `first_year`, `last_year` and `count` tell in which
    years and how often the code occurs in 251,287 message ids; of a post that none of them names but telegrams of 1973-79
    do (`count` 0), in which of those years it was open. `nara` is the key of up to six letters that records of 1973-79 use.
    """

    code: str
    name: str
    kind: str = "embassy"
    mission: str | None = None
    iso2: str | None = None
    tags_country: str | None = None
    bureau: str | None = None
    bureau_before_2006: str | None = None
    lat: float | None = None
    lon: float | None = None
    aliases: tuple[str, ...] = ()
    same_office_as: str | None = None
    predecessor: str | None = None
    successor: str | None = None
    first_year: int | None = None
    last_year: int | None = None
    count: int = 0
    nara: str | None = None
    note: str | None = None


def key(text: str) -> str:
    """Return `text` as codes are written: capitals and digits, accents and all else dropped."""
    text = text.upper()
    if text.isascii():
        if text.isalnum():
            return text
    else:
        text = unicodedata.normalize("NFKD", text)
    return _NOT_CODE.sub("", text)


def _read(row: dict[str, str]) -> Post:
    def number(name: str) -> int | None:
        return int(row[name]) if row[name] else None

    def degrees(name: str) -> float | None:
        return float(row[name]) if row[name] else None

    return Post(
        row["code"],
        row["name"],
        row["kind"],
        row["mission"] or None,
        row["iso2"] or None,
        row["tags_country"] or None,
        row["bureau"] or None,
        row["bureau_before_2006"] or None,
        degrees("lat"),
        degrees("lon"),
        tuple(row["aliases"].split()),
        row["same_office_as"] or None,
        row["predecessor"] or None,
        row["successor"] or None,
        number("first_year"),
        number("last_year"),
        int(row["count"] or 0),
        row["nara"] or None,
        row["note"] or None,
    )


@lru_cache(maxsize=1)
def _shipped() -> dict[str, Post]:
    with Path(__file__).with_name("posts.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: _read(row) for row in csv.DictReader(file)}


_added: dict[str, Post] = {}


def added_posts() -> dict[str, Post]:
    """Return the posts that the user has added, by code."""
    return dict(_added)


def set_added_posts(added: Mapping[str, Post]) -> None:
    """Make `added` the whole of the user's posts; lookups follow at once."""
    _added.clear()
    _added.update(added)
    forget_posts()


@kept_while_posts_stay(1)
def _table() -> Mapping[str, Post]:
    return MappingProxyType({**_shipped(), **_added})


def posts() -> Mapping[str, Post]:
    """Return all posts by code, the package's and those added, in the order of the table.

    Returns
    -------
    Read-only mapping of code to `Post`.

    Examples
    --------
    >>> from cablelab import facts
    >>> facts.posts()["ASTANA"].mission
    'Kazakhstan'
    """
    return _table()


def _is_old(post: Post) -> bool:
    return post.same_office_as is not None and post.count == 0


def _was_of_then(post: Post) -> bool:
    """Tell a post that only telegrams of 1973-79 name: later its name is that of a town, or a word (`NICE`, `LYON`)."""
    return post.count == 0 and post.last_year is not None and post.last_year <= LAST_YEAR_OF_OLD_CODES


@kept_while_posts_stay(1)
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    table = _table()
    # A code beats an alias, an alias a display name, and an office's main code its other codes.
    now = [p for p in table.values() if not _was_of_then(p)]
    ordered = sorted(now, key=lambda p: p.same_office_as is not None)
    for post in ordered:
        later = post.same_office_as if _is_old(post) and post.kind == "mission" else None
        names[post.code] = later or post.code
    for post in ordered:
        for alias in post.aliases:
            names.setdefault(key(alias), names[post.code])
    for post in ordered:
        names.setdefault(key(post.name), names[post.code])
    return names


@kept_while_posts_stay(1)
def _old_names() -> dict[str, str]:
    table = _table()
    names = {post.code: post.code for post in table.values()}
    ordered = sorted(table.values(), key=lambda p: not _is_old(p))
    for post in ordered:
        for alias in post.aliases:
            names.setdefault(key(alias), post.code)
    for post in ordered:
        if post.nara:
            names.setdefault(post.nara, post.code)
        if _was_of_then(post):
            names.setdefault(key(post.name), post.code)
    # A mission's later name leads to the code that it had then, a name of both times too: `USUN NY`.
    then = {post.same_office_as: post.code for post in ordered if _is_old(post) and post.kind == "mission"}
    return {word: then.get(code, code) for word, code in {**_names(), **names}.items()}


def _find(text: str, names: Mapping[str, str]) -> str | None:
    found = names.get(key(text))
    if found is not None:
        return found
    words = " ".join(text.upper().replace(".", "").split())
    place = _WASHINGTON.sub("", _OFFICE.sub("", words))
    return names.get(key(place)) if place != words else None


@kept_while_posts_stay(1 << 16)
def _code(text: str, old: bool) -> str | None:
    return _find(text, _old_names() if old else _names())


def post_code(text: str, year: int | None = None) -> str | None:
    """Find the post that a word in a cable means, and return its code.

    Parameters
    ----------
    text
        A code, name, alias, known misspelling or address line, in any case, spacing and punctuation: `"SECSTATE"`,
        `"The Hague"`, `"AMEMBASSY ASTANA"`.
    year
        Year of the text, four digits. Up to 1979 the codes of that time hold (`USUN`), and the six-letter keys of the
        National Archives (`PRETOR`), and posts that have since closed are known (`TABRIZ`); later ones (or none) give the
        code that ids use since (`USUNNEWYORK`).

    Returns
    -------
    The code as ids write it, or None where no post is known by that word.

    Examples
    --------
    >>> from cablelab import facts
    >>> facts.post_code("SECSTATE"), facts.post_code("HAGUE"), facts.post_code("usun")
    ('STATE', 'THEHAGUE', 'USUNNEWYORK')
    >>> facts.post_code("USUN", 1976), facts.post_code("PRETOR", 1974)
    ('USUN', 'PRETORIA')
    >>> facts.post_code("USMISSION USNATO", 1975), facts.post_code("USMISSION USNATO", 2005)
    ('NATO', 'USNATO')
    """
    return _code(text, year is not None and year <= LAST_YEAR_OF_OLD_CODES)


def post(text: str, year: int | None = None) -> Post | None:
    """Find a post by code, name or alias.

    Parameters
    ----------
    text, year
        As for `post_code`.

    Returns
    -------
    The `Post`, or None.

    Examples
    --------
    >>> from cablelab import facts
    >>> facts.post("Alma-Ata").successor
    'ASTANA'

    A code that is written as ids write it needs no year:

    >>> facts.post("TABRIZ").mission
    'Iran'
    """
    code = post_code(text, year)
    return _table().get(text if code is None else code)


def mission_of(code: str) -> str | None:
    """Return the mission (country) of a post, None where the code is unknown.

    Examples
    --------
    >>> from cablelab import facts
    >>> facts.mission_of("ALMATY")
    'Kazakhstan'
    """
    found = _table().get(code)
    return None if found is None else found.mission


def bureau_of(code: str, year: int | None = None) -> str | None:
    """Return the regional bureau that a post reported to in a year.

    Parameters
    ----------
    code
        A post code.
    year
        Four digits. Before 2006 Central Asia belonged to EUR and South Asia to SA (before 1992 to NEA), before 1999 Latin America to
        ARA and Canada to EUR; None takes the later arrangement.

    Returns
    -------
    `"AF"`, `"EAP"`, `"EUR"`, `"NEA"`, `"SCA"`, `"WHA"` ..., or None where the code is unknown or has no bureau.

    Examples
    --------
    >>> from cablelab import facts
    >>> facts.bureau_of("ALMATY", 2005), facts.bureau_of("ASTANA", 2007)
    ('EUR', 'SCA')
    """
    found = _table().get(code)
    if found is None:
        return None
    if year is None or year >= SCA_SINCE:
        return found.bureau
    bureau = found.bureau_before_2006 or found.bureau
    for later, since, before in _EARLIER:
        if bureau == later and year < since:
            return "EUR" if found.mission == "Canada" else before
    return bureau


@kept_while_posts_stay(1)
def _offices() -> dict[str, frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for post in _table().values():
        groups.setdefault(post.same_office_as or post.code, set()).add(post.code)
    for main, group in groups.items():
        if main in _table():
            group.add(main)
    return {code: frozenset(group) for group in groups.values() for code in group}


def same_office(code: str) -> frozenset[str]:
    """Return all codes under which the office of a post sent cables, its own among them.

    Examples
    --------
    >>> from cablelab import facts
    >>> sorted(facts.same_office("KYIV"))
    ['KIEV', 'KYIV']
    """
    return _offices().get(code, frozenset((code,)))


def lineage(code: str) -> tuple[str, ...]:
    """Return the posts through which an embassy moved, oldest first, all codes of each office included.

    Examples
    --------
    >>> from cablelab import facts
    >>> facts.lineage("ASTANA")
    ('ALMATY', 'ASTANA')
    >>> facts.lineage("RIYADH")
    ('JEDDAH', 'JIDDA', 'RIYADH')
    """
    table, first, seen = _table(), code, {code}
    while (found := table.get(first)) and (before := found.predecessor) and before not in seen:
        first = before
        seen.add(before)
    line: list[str] = []
    here: str | None = first
    while here and here not in line:
        line += sorted(same_office(here))
        here = table[here].successor if here in table else None
    return tuple(line)


def mission_posts(mission: str) -> tuple[str, ...]:
    """Return the codes of a mission's posts, in the order of the table; empty where the mission is unknown.

    Parameters
    ----------
    mission
        Country as the table names it, in any case.

    Examples
    --------
    >>> from cablelab import facts
    >>> facts.mission_posts("Kazakhstan")
    ('ALMATY', 'ASTANA')
    """
    wanted = mission.casefold()
    return tuple(p.code for p in _table().values() if p.mission is not None and p.mission.casefold() == wanted)


def missions() -> tuple[str, ...]:
    """Return the missions (countries) that have a post, sorted.

    Examples
    --------
    >>> from cablelab import facts
    >>> "Kazakhstan" in facts.missions()
    True
    """
    return tuple(sorted({p.mission for p in _table().values() if p.mission is not None}))


def bureaus() -> tuple[str, ...]:
    """Return the bureaus that posts reported to, before or since 2006, sorted.

    Examples
    --------
    >>> from cablelab import facts
    >>> "SCA" in facts.bureaus() and "SA" in facts.bureaus()
    True
    """
    found = {b for p in _table().values() for b in (p.bureau, p.bureau_before_2006) if b}
    found |= {before for _, _, before in _EARLIER}
    return tuple(sorted(found))
