"""Conditions on what a cable's own row says: post, mission, bureau, office, TAGS, date, level, captions, subject."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Literal

import polars as pl

from cablelab import facts
from cablelab.as_code import named
from cablelab.errors import InvalidDate, UnknownMission, UnknownOption, UnknownPost, WrongKind, nearest
from cablelab.facts.post_codes import key
from cablelab.frames import CLASSIFICATIONS
from cablelab.search.phrases import phrase_pattern
from cablelab.where.bearing import bears
from cablelab.where.instants import instants

_ADD_POST = "If your cables hold it, add it: cl.facts.add_posts([{'code': ..., 'mission': ...}])."
OLDEST = 1973  # the year in which posts that have since closed are known
_LEVELS = dict(zip(("U", "LOU", "C", "S", "TS"), CLASSIFICATIONS, strict=True)) | {"UNCLAS": CLASSIFICATIONS[0]}


def some(values: tuple[str, ...], what: str, function: str) -> None:
    """Refuse a condition that names nothing, or something that is no text.

    Raises
    ------
    UnknownOption
        If there are no values.
    WrongKind
        If one is no text, such as a list of texts.

    Examples
    --------
    >>> some(("OSLO",), "post", "from_post")
    """
    for value in values:
        if not isinstance(value, str):
            raise WrongKind(function, "text", value)
    if not values:
        raise UnknownOption("", cure=f"Name at least one {what}.")


def from_post(*posts: str) -> pl.Expr:
    """Select cables sent by any of the posts.

    An office that has sent cables under several codes is one office: `"Kyiv"` selects KIEV and KYIV. An embassy that
    moved is not: `"Almaty"` leaves ASTANA out; `from_mission("Kazakhstan")` has both, and so has
    `from_post(*cl.facts.lineage("ASTANA"))`. For a code exactly as ids write it, use `pl.col("post") == "KIEV"`.

    Parameters
    ----------
    *posts
        Codes, names or aliases, in any spelling: `"ASTANA"`, `"The Hague"`, `"SECSTATE"`.

    Returns
    -------
    Expr of Boolean over the column `post`; false where `post` is null.

    Raises
    ------
    UnknownPost
        If a post is not known, with the nearest ones.

    Examples
    --------
    >>> import polars as pl
    >>> from cablelab.where import from_post
    >>> pl.DataFrame({"post": ["KIEV", "KYIV", "OSLO", None]}).filter(from_post("Kyiv")).height
    2
    """
    some(posts, "post", "from_post")
    codes: set[str] = set()
    for name in posts:
        found = facts.post_code(name) or facts.post_code(name, OLDEST)
        if found is None:
            near = nearest(key(name), facts.posts()) or [p.code for p in facts.find_posts(name, 3)]
            raise UnknownPost(name, near, _ADD_POST)
        codes |= facts.same_office(found)
    return named(pl.col("post").is_in(sorted(codes)), "from_post", posts)


def from_mission(*missions: str) -> pl.Expr:
    """Select cables sent by any post of the missions, which are named by their country.

    Parameters
    ----------
    *missions
        Countries as `cl.facts.missions()` lists them, in any case: `"Kazakhstan"`.

    Returns
    -------
    Expr of Boolean over the column `mission`; false where it is null.

    Raises
    ------
    UnknownMission
        If no post belongs to a mission of that name, with the nearest ones.

    Examples
    --------
    >>> import polars as pl
    >>> from cablelab.where import from_mission
    >>> pl.DataFrame({"mission": ["Norway", "Kazakhstan"]}).filter(from_mission("norway")).height
    1
    """
    some(missions, "mission", "from_mission")
    known = {name.casefold(): name for name in facts.missions()}
    chosen = []
    for name in missions:
        found = known.get(" ".join(name.split()).casefold())
        if found is None:
            post = facts.post(name)
            near = [post.mission] if post and post.mission else [known[n] for n in nearest(name.casefold(), known)]
            raise UnknownMission(name, near, "cl.facts.missions() lists them all.")
        chosen.append(found)
    return named(pl.col("mission").is_in(chosen), "from_mission", missions)


def from_bureau(*bureaus: str) -> pl.Expr:
    """Select cables from posts that reported to any of the bureaus when they were sent.

    Parameters
    ----------
    *bureaus
        Short names in any case: `"SCA"` (from 2006; before, `"SA"` and Central Asia under `"EUR"`), `"NEA"`, `"WHA"`
        ...

    Returns
    -------
    Expr of Boolean over the column `bureau`; false where it is null.

    Raises
    ------
    UnknownOption
        If no post reported to a bureau of that name.

    Examples
    --------
    >>> import polars as pl
    >>> from cablelab.where import from_bureau
    >>> pl.DataFrame({"bureau": ["EUR", "SCA", None]}).filter(from_bureau("sca")).height
    1
    """
    some(bureaus, "bureau", "from_bureau")
    known = facts.bureaus()
    for name in bureaus:
        if name.upper() not in known:
            raise UnknownOption(name, nearest(name.upper(), known), f"Bureaus are {', '.join(known)}.")
    return named(pl.col("bureau").is_in([name.upper() for name in bureaus]), "from_bureau", bureaus)


def from_office(*offices: str) -> pl.Expr:
    """Select telegrams of 1973-79 by the office of action or origin in the Department, as the archive's record names it.

    Parameters
    ----------
    *offices
        Short names in any case: `"EUR"`, `"EB"`, `"EB/ORF"`. Cables of later years state none.

    Returns
    -------
    Expr of Boolean over the column `office`; false where it is null.

    Raises
    ------
    UnknownOption
        If no office is named.

    Examples
    --------
    >>> import polars as pl
    >>> from cablelab.where import from_office
    >>> pl.DataFrame({"office": ["EUR", "EB", None]}).filter(from_office("eur")).height
    1
    """
    some(offices, "office", "from_office")
    return named(pl.col("office").is_in([name.strip().upper() for name in offices]), "from_office", offices)


def drafted_by(text: str) -> pl.Expr:
    """Select telegrams of 1973-79 whose drafter's line holds a text: `EUR/RPE:WRSEDGE:APD` gives office, drafter and typist.

    Parameters
    ----------
    text
        A part of the line, taken literally, in any case: a surname (initials stand before it without a blank), an office.

    Returns
    -------
    Expr of Boolean over the column `drafted_by`; false where it is null.

    Raises
    ------
    UnknownOption
        If the text is empty.

    Examples
    --------
    >>> import polars as pl
    >>> from cablelab.where import drafted_by
    >>> pl.DataFrame({"drafted_by": ["EUR/RPE:WRSEDGE:APD", None]}).filter(drafted_by("Sedge")).height
    1
    """
    some((text,), "drafter", "drafted_by")
    some(tuple(text.split()), "drafter", "drafted_by")
    wanted = " ".join(text.split()).upper()
    matching = pl.col("drafted_by").str.to_uppercase().str.contains(wanted, literal=True)
    return named(matching, "drafted_by", (text,))


def tagged(*tags: str, how: Literal["any", "all"] = "any", as_written: bool = False) -> pl.Expr:
    """Select cables that carry TAGS.

    Parameters
    ----------
    *tags
        Codes (`"ELAB"`), which count whatever they meant in the cable's year, also such as nobody knows but TAGS lines have
        (`"POLITICAL"`: then a warning says so); or meanings, whole (`"Germany"`) or as
        far as they are unmistakable (`"labor sector"`), for which each code counts in the years in which it meant
        that: GM in the 2000s, DE since 2017.
    how
        `"any"`: at least one of them; `"all"`: every one.
    as_written
        Take the words exactly as the TAGS line has them, known or not: `tagged("POLITICAL", as_written=True)`.

    Returns
    -------
    Expr of Boolean over the columns `tags` and, for meanings, `year`; false where a cable has no tags.

    Raises
    ------
    UnknownTag
        If a word is neither a code, nor one single meaning, nor written like a code; or is nearly a code. With what may be meant.

    Examples
    --------
    >>> import polars as pl
    >>> from cablelab.where import tagged
    >>> cables = pl.DataFrame({"tags": [["ELAB", "GM"], ["PGOV"], None], "year": [2007, 2007, 2008]})
    >>> cables.filter(tagged("ELAB", "PGOV")).height, cables.filter(tagged("ELAB", "Germany", how="all")).height
    (2, 1)
    """
    some(tags, "tag", "tagged")
    if how not in ("any", "all"):
        raise UnknownOption(how, ["any", "all"])
    borne = list(map(partial(bears, as_written=as_written), tags))
    each = [one.fill_null(False) for one in borne]
    expr = pl.any_horizontal(each) if how == "any" else pl.all_horizontal(each)
    return named(expr, "tagged", tags, how="all" if how == "all" else None, as_written=as_written or None)


def sent_between(start: str | date, end: str | date) -> pl.Expr:
    """Select cables sent from `start` up to and including `end`.

    Parameters
    ----------
    start, end
        A date, an instant, or a string cut to what matters: `"2004"`, `"2004-06"`, `"2004-06-30"`. UTC. An end of
        `"2004-06"` takes in all of June.

    Returns
    -------
    Expr of Boolean over the column `sent`; false where `sent` is null.

    Raises
    ------
    InvalidDate
        If a bound is not a date, or `end` lies before `start`.

    Examples
    --------
    >>> from datetime import datetime, timezone
    >>> import polars as pl
    >>> from cablelab.where import sent_between
    >>> sent = [datetime(2004, 6, 30, 23, 59, tzinfo=timezone.utc), datetime(2004, 7, 1, tzinfo=timezone.utc), None]
    >>> pl.DataFrame({"sent": sent}).filter(sent_between("2004", "2004-06")).height
    1
    """
    first, last = instants(start)[0], instants(end)[1]
    if last < first:
        raise InvalidDate.order(start, end)
    low, high = (pl.lit(at, dtype=pl.Datetime("us", "UTC")) for at in (first, last))
    return named(pl.col("sent").is_between(low, high), "sent_between", (start, end))


def _level(name: str) -> str:
    level = " ".join(name.upper().split())
    level = _LEVELS.get(level, level)
    if level not in CLASSIFICATIONS:
        raise UnknownOption(name, nearest(level, CLASSIFICATIONS), f"Levels are {', '.join(CLASSIFICATIONS)}.")
    return level


def classified(*levels: str, at_least: str | None = None) -> pl.Expr:
    """Select cables by classification.

    Parameters
    ----------
    *levels
        Levels in any case, or their short forms: `"CONFIDENTIAL"`, `"C"`, `"LOU"`.
    at_least
        The lowest level that counts, instead of a list or beside it.

    Returns
    -------
    Expr of Boolean over the column `classification`; false where it is null.

    Raises
    ------
    UnknownOption
        If there is no such level, or none is named.

    Examples
    --------
    >>> import polars as pl
    >>> from cablelab.where import classified
    >>> cables = pl.DataFrame({"classification": ["UNCLASSIFIED", "CONFIDENTIAL", "SECRET", None]})
    >>> cables.filter(classified(at_least="CONFIDENTIAL")).height
    2
    """
    if levels or at_least is None:
        some(levels, "level", "classified")
    chosen = {_level(name) for name in levels}
    if at_least is not None:
        chosen |= set(CLASSIFICATIONS[CLASSIFICATIONS.index(_level(at_least)) :])
    expr = pl.col("classification").cast(pl.String).is_in(sorted(chosen))
    return named(expr, "classified", levels, at_least=at_least)


def captioned(*captions: str) -> pl.Expr:
    """Select cables that carry any of the captions or handling marks.

    Parameters
    ----------
    *captions
        As cables write them, in any case: `"NODIS"`, `"NOFORN"`, `"SENSITIVE"`.

    Returns
    -------
    Expr of Boolean over the columns `captions` and `handling`.

    Examples
    --------
    >>> import polars as pl
    >>> from cablelab.where import captioned
    >>> cables = pl.DataFrame({"captions": [["SIPDIS"], []], "handling": [[], ["NOFORN"]]})
    >>> cables.filter(captioned("noforn")).height
    1
    """
    some(captions, "caption", "captioned")
    words = [" ".join(c.upper().split()) for c in captions]
    each = [pl.col(column).list.contains(w).fill_null(False) for column in ("captions", "handling") for w in words]
    return named(pl.any_horizontal(each), "captioned", captions)


def about(text: str) -> pl.Expr:
    """Select cables whose subject holds a phrase: these words, whole and in a row, in any case.

    Parameters
    ----------
    text
        The phrase, taken literally.

    Returns
    -------
    Expr of Boolean over the column `subject`; false where it is null.

    Examples
    --------
    >>> import polars as pl
    >>> from cablelab.where import about
    >>> cables = pl.DataFrame({"subject": ["PORT STRIKE ENDS", "AIRPORT STRIKE", None]})
    >>> cables.filter(about("port strike")).height
    1
    """
    some((text,), "word", "about")
    some(tuple(text.split()), "word", "about")
    return named(pl.col("subject").str.contains("(?i)" + phrase_pattern(text)), "about", (text,))
