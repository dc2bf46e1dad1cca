"""Look posts and tags up by a part of what they are called."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

from cablelab.errors import UnknownTag, nearest
from cablelab.facts.post_codes import LAST_YEAR_OF_OLD_CODES, Post, key, post_code, posts
from cablelab.facts.tag_codes import Tag, tag, tags

# Shorter words are near to too many codes for a guess to help.
MISSPELT_FROM = 6

_YEARS = range(1960, 2031)

Found = TypeVar("Found", Post, Tag)


def _rank(text: str, code: str, names: Iterable[str | None]) -> int | None:
    """Say how well an entry answers to `text`, 0 best; None if it does not."""
    letters, words = key(text), text.casefold().split()
    if code == letters:
        return 0
    if letters and code.startswith(letters):
        return 1
    name_words = " ".join(name for name in names if name).casefold()
    if all(f" {word}" in f" {name_words}" for word in words):
        return 2
    if len(letters) >= 3 and (letters in code or all(word in name_words for word in words)):
        return 3
    return None


def _best(
    text: str, entries: Iterable[Found], names: Callable[[Found], Iterable[str | None]], limit: int
) -> list[Found]:
    ranked = [(rank, -e.count, e.code, e) for e in entries if (rank := _rank(text, e.code, names(e))) is not None]
    return [entry for *_, entry in sorted(ranked, key=lambda r: r[:3])][:limit]


def find_posts(text: str, limit: int = 20) -> list[Post]:
    """Search posts by a part of their code, name, mission or alias.

    Parameters
    ----------
    text
        What a user has typed so far; empty gives nothing.
    limit
        How many to return at most.

    Returns
    -------
    Posts, best first: the code itself, then what begins so, then words of name and mission,
    then similar spellings; among equals, those that sent most.

    Examples
    --------
    >>> from cablelab import facts
    >>> [p.code for p in facts.find_posts("kazakh")]
    ['ASTANA', 'ALMATY']
    >>> [p.code for p in facts.find_posts("astanna")]
    ['ASTANA']
    """
    if not text.strip():
        return []
    found = _best(text, posts().values(), lambda p: (p.name, p.mission, *p.aliases), limit)
    exact = post_code(text) or post_code(text, LAST_YEAR_OF_OLD_CODES)
    if exact is not None:
        found = [posts()[exact], *(p for p in found if p.code != exact)][:limit]
    if found or len(key(text)) < MISSPELT_FROM:
        return found
    return [posts()[code] for code in nearest(key(text), posts(), n=limit)]


def find_tags(text: str, limit: int = 20, year: int | None = None) -> list[Tag]:
    """Search TAGS by a part of their code or meaning.

    Parameters
    ----------
    text
        What a user has typed so far; empty gives nothing.
    limit
        How many to return at most.
    year
        The year whose meanings count; None takes those of the 2000s.

    Returns
    -------
    Tags, best first: the code itself, then codes that begin so, then words of the meaning; among
    equals, the most used. Slips are left out.

    Examples
    --------
    >>> from cablelab import facts
    >>> [t.code for t in facts.find_tags("labor sector")]
    ['ELAB']
    """
    if not text.strip():
        return []
    entries = (t for t in (tag(code, year) for code in tags()) if not t.repairs)
    return _best(text, entries, lambda t: (t.meaning,), limit)


def codes_that_mean(text: str) -> dict[str, list[int]]:
    """Find the codes that mean a country, a subject or anything else that TAGS stand for.

    Parameters
    ----------
    text
        A meaning, whole (`"Germany"`), or as many of its words as make it unmistakable (`"labor sector"`); any case.

    Returns
    -------
    Codes, each with the years in which it means that; an empty list stands for all years.

    Raises
    ------
    UnknownTag
        If nothing means that, or several meanings hold those words, with codes that may be meant.

    Examples
    --------
    >>> from cablelab import facts
    >>> codes = facts.codes_that_mean("Germany")
    >>> sorted(codes), max(codes["GM"])
    (['DE', 'GM'], 2016)
    """
    wanted = " ".join(text.split()).casefold()
    whole: set[str] = set()
    part: set[str] = set()
    worded = re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w)")
    for meanings in tags().values():
        for known in meanings:
            meaning = (known.meaning or "").casefold()
            if known.repairs or not wanted or wanted not in meaning:
                continue
            if meaning == wanted:
                whole.add(meaning)
            elif worded.search(meaning):
                part.add(meaning)
    meant = whole or part
    if len(meant) != 1:
        near = [f"{t.code} ({t.meaning})" for t in find_tags(text, 6)]
        raise UnknownTag(
            text,
            near or nearest(text.upper(), tags()),
            "cl.facts.find_tags(...) searches them; as_written=True takes the word as TAGS lines have it.",
        )
    meaning = meant.pop()
    codes: dict[str, list[int]] = {}
    for code, meanings in tags().items():
        if any((t.meaning or "").casefold() == meaning for t in meanings):
            years = [y for y in _YEARS if (tag(code, y).meaning or "").casefold() == meaning]
            codes[code] = [] if len(years) == len(_YEARS) else years
    return codes
