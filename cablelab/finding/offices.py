"""Who sent, who received: posts, embassies of countries and officers of the Department, as footnotes name them."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cablelab import facts

HERE = Path(__file__).parent
DEPARTMENT = "STATE"
TRAVELLING = frozenset({"SECTO", "TOSEC"})  # series of a travelling Secretary, begun anew on each journey
_OFFICE = re.compile(
    r"(?:the |U\.?S\.? |American |(?:Am)?Emb(?:ass(?:y|ies))?\.?,? ?|Legations? |Consulates?(?: General)? |Am[Cc]on(?:sul|gen)s?\.? |Missions? "
    r"|Interests Section |Liaison Office |Delegation |Ambassador |in |at |of |to )+",
    re.IGNORECASE,
)
_DEPARTMENT = re.compile(
    r"(?:the )?(?:Department(?: of State)?|Dep(?:t|artmen)\.?|Secretary(?: of State)?|SecState|Washington)\b",
    re.IGNORECASE,
)
_AT_THE_UN = re.compile(
    r"(?:the )?(?:USUN|U\.?S\.? ?UN|(?:U\.?S\.? )?Mission (?:to|at) the (?:United Nations|UN))\b", re.IGNORECASE
)
_MISSIONS = (
    (
        re.compile(
            r"(?:the )?(?:U\.?S\.? )?Mission (?:to|at) (?:the )?(?:NATO|North Atlantic)\b[A-Za-z ]{0,26}", re.IGNORECASE
        ),
        "NATO",
    ),
    (
        re.compile(
            r"(?:the )?(?:U\.?S\.? )?Mission (?:to|at) the (?:European Communit(?:ies|y)|European Union|EC|EU)\b",
            re.IGNORECASE,
        ),
        "ECBRUSSELS",
    ),
    (re.compile(r"(?:the )?(?:U\.?S\.? )?Mission (?:to|at) the OECD\b", re.IGNORECASE), "OECDPARIS"),
)
_MILITARY = re.compile(
    r"(?:USNMR|CINC|US[CE]?INC|SHAPE|JCS|COMUSMACV|MAC[VT]|DAO|USDEL|DEPTO|White House|all [a-z ]+ posts)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\s/]+")
_OTHERS = re.compile(r",?(?<!\s)\s+(?:et al\.?|and others|and (?:all )?other .*)$", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\(([^()]{1,60})\)")
_SURNAME = re.compile(r"[A-Z][A-Za-z'’\-]{2,}")
_NEXT = re.compile(r"(?P<sep>\s?/\s?|\s?\((?:and|or|with)\s|(?P<comma>,)?\s(?:and|or|&)(?:/or)?\s|,\s)")
_NO_POST = re.compile(r"(?:from|fm|to|in|at|of|by)\s", re.IGNORECASE)
_OWN_NUMBER = re.compile(
    r"(?:\s[A-Z][\w.]{0,20}){0,3}[’']s\b|(?!,\s(?:19|20)\d\d\b),?\s(?:[Nn]os?\.?\s?|[Nn]umber\s|#|[Tt]el\w*\s|[Cc]able\s)?\d{2,6}\b(?!\s(?:of\s)?[A-Z][a-z])"
)
_CLAUSE = re.compile(r"\s(?!(?:of|on|dated|to|repeated|both|all|respectively|via|with|in|and|or)\b)[a-z]")
MOST = 40  # posts of one list that are followed


@dataclass(frozen=True, slots=True)
class Party:
    """Sender or addressee: a post's code, or else a person's surname, or else an office that holds no series here.

    `others` are further posts that a note names beside it, as in `telegram 12 from Quito and Lima`: any of them may be meant.
    """

    post: str | None = None
    person: str | None = None
    others: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.post or self.person)


@lru_cache(maxsize=1)
def _moved() -> dict[str, tuple[tuple[str, int], ...]]:
    found: dict[str, list[tuple[str, int]]] = {}
    with (HERE / "embassies.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found.setdefault(_folded(row["country"]), []).append((row["post"], int(row["until"])))
    return {country: tuple(sorted(rows, key=lambda row: row[1])) for country, rows in found.items()}


@lru_cache(maxsize=1)
def _officers() -> dict[str, tuple[int, int]]:
    with (HERE / "department.csv").open(encoding="utf-8") as file:
        return {row["surname"].upper(): (int(row["first"]), int(row["last"])) for row in csv.DictReader(file)}


def _folded(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.lower())


@facts.kept_while_posts_stay(4096)
def embassy_of(country: str, year: int | None) -> str | None:
    """Give the code of the embassy in a country at a time, or None where the country or the time leaves it open.

    Examples
    --------
    >>> embassy_of("Germany", 1964), embassy_of("Kazakhstan", 2003), embassy_of("Ruritania", 1964)
    ('BONN', 'ALMATY', None)
    """
    folded = _folded(country.removeprefix("the "))
    if moves := _moved().get(folded):
        if year is None:
            return None
        for post, until in moves:
            if year <= until:
                return post
    named = [mission for mission in facts.missions() if _folded(mission) == folded]
    if not named:
        return None
    posts = facts.posts()
    embassies = [code for code in facts.mission_posts(named[0]) if posts[code].kind == "embassy"]
    if len(embassies) > 1 and year is not None:
        embassies = [
            code
            for code in embassies
            if (posts[code].first_year or 0) <= year
            and not (posts[code].successor and (posts[code].last_year or year) < year)
        ] or embassies
    return embassies[0] if len(embassies) == 1 else None


def post_named(words: str, year: int | None) -> tuple[str, int] | None:
    """Read the post that some words begin with: its code and how many characters name it.

    Examples
    --------
    >>> post_named("Dar es Salaam, June 16", 1975), post_named("nobody", 1975)
    (('DARESSALAAM', 13), None)
    """
    lead = _OFFICE.match(words)
    start = lead.end() if lead else 0
    for pattern in (_AT_THE_UN, _DEPARTMENT):
        if found := pattern.match(words) or pattern.match(words, start):
            code = DEPARTMENT if pattern is _DEPARTMENT else facts.post_code("USUN", year)
            return (code or DEPARTMENT), found.end()
    for pattern, mission in _MISSIONS:
        if found := pattern.match(words):
            return facts.post_code(mission, year) or mission, len(found[0].rstrip())
    tokens = [token for _, token in zip(range(5), _WORD.finditer(words, start), strict=False)]
    for count in range(len(tokens), 0, -1):
        end = tokens[count - 1].end()
        name = words[start:end].rstrip(".,;:)'’s" if words[start:end].endswith(("'s", "’s")) else ".,;:)")
        if not name[:1].isupper() or not name[-1:].isalpha() or "." in name[4:] or "," in name:
            continue
        code = facts.post_code(name, year) or embassy_of(name, year)
        if code and code not in TRAVELLING:
            return _of_its_time(code, year), start + len(name)
    return None


def _of_its_time(code: str, year: int | None) -> str:
    """Give the code that a post bore in a year: editors write today's name of a city for its old one."""
    if year is None:
        return code
    posts = facts.posts()
    first = posts[code].first_year if code in posts else None
    if year > 1979 or first is None or first <= 1979:
        return code
    older = [other for other, post in posts.items() if post.same_office_as == code and not post.count]
    return older[0] if len(older) == 1 else code


def party(words: str, year: int | None) -> Party:
    """Read who is meant by the words before or after `to`.

    Examples
    --------
    >>> party("AmEmb Bonn (Hillenbrand)", 1974), party("Kissinger", 1974), party("Popper", 1974)
    (Party(post='BONN', person=None, others=()), Party(post='STATE', person=None, others=()), Party(post=None, person='Popper', others=()))
    """
    words = _OTHERS.sub("", words.strip(' ,;.“”"')).strip(" ,")
    plain = _IN_BRACKETS.sub("", words).strip(" ,")
    if (first := post_named(plain, year)) and (several := posts_beside(plain, first[1], len(plain), year, first[0])[0]):
        return Party(first[0], others=several)
    for part in (plain, *(p.strip() for p in plain.split(","))):
        found = post_named(part, year)
        if found is not None and (len(part) - found[1]) < 12:
            return Party(found[0])
    if _MILITARY.match(plain):
        return Party()
    for bracketed in _IN_BRACKETS.findall(words):  # `U.S. Embassy (Quito)`, `Davis (Quito)`
        found = post_named(bracketed, year)
        if found is not None and found[1] >= len(bracketed) - 2:
            return Party(found[0])
    names = _SURNAME.findall(plain)
    if not names or len(plain.split()) > 4:
        return Party()
    surname = names[-1]
    term = _officers().get(surname.upper())
    if term and (year is None or term[0] <= year <= term[1]):
        return Party(DEPARTMENT)
    return Party(person=surname)


def posts_beside(text: str, at: int, stop: int, year: int | None, first: str) -> tuple[tuple[str, ...], int]:
    """Read the posts that are named beside `first`, whose name ends at `at`: their codes, and where the last one's name ends.

    A post with a number of its own belongs to the next citation, and a country behind its town is no second sender.

    Examples
    --------
    >>> posts_beside("Quito, Lima, and La Paz, May 3", 5, 30, 1974, "QUITO")
    (('LIMA', 'LAPAZ'), 23)
    >>> posts_beside("Quito and Lima 600, May 3", 5, 25, 1974, "QUITO"), posts_beside("Quito, Ecuador", 5, 14, 1974, "QUITO")
    (((), 5), ((), 5))
    """
    found: list[str] = []
    waiting: list[str] = []
    place = end = at
    for _ in range(MOST):
        link = _NEXT.match(text, place, stop)
        words = text[link.end() : min(stop, link.end() + 90)] if link else ""
        named = None if _NO_POST.match(words) else post_named(words, year)
        if link is None or named is None:
            break
        place = link.end() + named[1]
        following = not text[place:stop].strip() and stop < len(text) and text[stop].isalpha()
        clause = link["comma"] and not waiting and _CLAUSE.match(text, place, stop)
        if following or clause or _OWN_NUMBER.match(text, place, stop):
            break
        name = words[: named[1]]
        if link["sep"] != ", " or embassy_of(name, year) != named[0]:
            waiting.append(named[0])
        if link["sep"] != ", ":  # a list ends with `and`; a mere comma may stand before anything
            found, waiting, end = [*found, *waiting], [], place
    return tuple(post for post in dict.fromkeys(found) if post != first), end


def with_others(sender: Party, text: str, at: int, stop: int, year: int | None) -> tuple[Party, int]:
    """Give a party whose name ends at `at` with the posts that are named beside it, and where they end."""
    if not sender.post:
        return sender, at
    others, end = posts_beside(text, at, stop, year, sender.post)
    return (Party(sender.post, others=others) if others else sender), end


def listed_before(text: str, at: int, year: int | None, last: str) -> tuple[str, ...]:
    """Read the posts that a list names before the one at `at`: `Quito and Lima telegram 12`, `Quito/Lima 12`."""
    found: list[str] = []
    links = r"(?:\s?/\s?|,?\s(?:and|or|&)\s)(?:the\s)?$"
    while len(found) < MOST and (lead := re.search(links, text[max(0, at - 12) : at])):
        end = at - len(lead[0])
        words = [*re.compile(r"[A-Z][\w.’']*|\S+").finditer(text, max(0, end - 40), end)][-4:]
        named = [(w.start(), post_named(text[w.start() : end], year)) for w in words]
        at, post = next(((a, n[0]) for a, n in named if n and a + n[1] == end), (0, last))
        if post == last:
            break
        found.append(post)
        links = r"(?:\s?/\s?|,\s)$"  # before the last two of a list, commas
    return tuple(dict.fromkeys(found))
