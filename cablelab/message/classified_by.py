"""Classified by: the officer's name, title and reason, out of one line that is written in a hundred ways."""

from __future__ import annotations

import itertools
import re
from functools import lru_cache

from cablelab.facts import post_code
from cablelab.message.grammar import BLANK
from cablelab.message.labels import REASON

_BY_LABEL = re.compile(
    r"^[\s:.\-]*(?:\(?[UCS]\)[ ]*)?(?:CL?ASS?I+F?I+E?D[ ]+BY[ ]*[:.\-]*[ ]*)*(?:\([A-Z]+\)[ ]*)?", re.IGNORECASE
)
# One boundary for all that opens a word: most characters are inside words, and there nothing else is tried.
_TAIL = re.compile(
    r"\b(?:"
    r"(?:for[ ]+)*(?:the[ ]+)?(?:following[ ]+)?re?a?[ ]?s?[ ]?ons?\b|re?a?sons?\b|for[ ]+(?:for|re[a]?|1[.,]|E\.?O)|re$|for[ ]*$"
    r"|R[eE]{0,2}a?s?o?n?s?[ ]*:|Re\s+asons|under[ ](?:sec(?:tion|\.)|the[ ]|e\.?o|1)"
    r"|based[ ]on|due[ ]to|per\b|pursuant|in accordance|by reason|on the basis"
    r"|E\.?[ ]?O\.?[ ]*1|1[ ]?[.,][ ]?[2-6]\b|declass|sec(?:tion|\.)[ ]?\d|at[ ]post|reQ|REASON|[SR]ea\d?on)"
    r"|\(1[ ]?[.,][ ]?[2-6]\b|Q#",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"[,;:]+[ ]*|[ ]+[-–][ ]*|(?<=[A-Za-z.])[ ]*[-–][ ]+|[ ]*--[ ]*")
_SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV)\.?$", re.IGNORECASE)
_AD_INTERIM = re.compile(r"[ ]+a\.[ ]?[a-z]\.?$")
_JUNIOR = re.compile(r"\b(?:Jr|Sr)\.$")
_ENDS_JUNIOR = re.compile(r"\b[JS]r$")
_GLUED_INITIAL = re.compile(r"^([A-Z]\.)(?=[A-Z][a-z]+$)")
_OFFICE = re.compile(r"[A-Z]\w*(?:Off|Rep|Couns|Min|Chief|Dir|Officer)")  # EconOff, PermRep
_INITIAL = re.compile(r"(?:[A-Z]\.){1,3}$|[A-Z]$")
# Words of titles as officers write them, short forms too; `_is_title` mends a letter or two.
TITLES = frozenset(
    """
    ambassador amb ambassadors charge chargé charged affaires affairs daffaires d'affaires a.i ai a/i acting deputy
    chief mission dcm cda cdas counselor counsellor couns coun councilor counselors minister min officer off poloff
    econoff director dir directorate pol econ political economic economical econ/pol consul general cg congen
    consular principal po section unit head secretary assistant asst under u/s a/s pdas das das/s senior regional
    bureau office mincouns polcouns econcouns polmincouns polmil politico-military political-military military mil
    attache attaché advisor adviser legatt rso tdy embassy state department dept u.s us post team leader management
    public diplomacy labor commercial finance financial environmental science technology health refugee coordinator
    director-general affaire chargee mission's vice representative rep permanent special envoy delegation del
    delegate control arms watcher iran desk undersecretary pao ecopol polecon econminister econmin ministercounselor
    minister-counselor minister/counselor counsel legal international organizations pol-mil defence defense dao datt
    agricultural fas usaid aid country clearance narcotics law enforcement ins ina reporting acdcm external internal
    hub program programs manager security nonproliferation executive principle ref coord usg interests cmission
    consulate for of and the to at in on d d, trade press information gso cons conoff ecopoloff pol/econ classified
    by himself herself ambassador-designate provincial reconstruction prt action branch division
    """.split()  # noqa: SIM905
)
_TITLE_STEMS = (
    "ambas", "amabas", "counsel", "couns", "councel", "direct", "minist", "secret", "consul", "charge", "polit", "econom", "deput", "offic",
    "actin", "embas", "assist", "attach", "advis", "represent", "polco", "econo", "polof", "polmi", "ecopo", "mincou",
)  # fmt: skip
# Titles that are known with a letter or two wrong, by their first letter.
_MISSPELT = {
    "a": ("ambassador", "affaires", "affairs", "acting", "assistant"), "c": ("counselor", "chief", "charge", "consul"),
    "d": ("director", "deputy", "delegate"), "e": ("economic",), "g": ("general",), "m": ("minister", "mission", "mcounselor"),
    "o": ("officer",), "p": ("political",), "s": ("secretary", "section"),
}  # fmt: skip


@lru_cache(maxsize=1 << 14)
def _is_title(token: str) -> bool:
    bare = token.strip(".,;:()'’\"*").lower().replace("’", "'")
    if not bare or bare in TITLES:
        return True
    if "/" in bare or "&" in bare or _OFFICE.fullmatch(token.strip(".,;:()")):
        return True
    if bare.startswith(_TITLE_STEMS):
        return True
    limit = 1 if len(bare) < 8 else 2
    near = [t for t in _MISSPELT.get(bare[0], ()) if abs(len(t) - len(bare)) <= limit] if len(bare) >= 4 else ()
    if not near:
        return False
    from rapidfuzz.distance import DamerauLevenshtein

    return any(DamerauLevenshtein.distance(t, bare, score_cutoff=limit) <= limit for t in near)


def _looks_like_name(token: str) -> bool:
    bare = token.strip(',;:()"*')
    return (
        bool(bare)
        and (bare[0].isupper() or bare.lower() in {"de", "da", "van", "von", "der", "del", "la", "du", "al", "bin"})
        and not any(c.isdigit() for c in bare)
    )


def _name_in(segment: str) -> tuple[str, str]:
    """Part one stretch between commas into a title and a name; either may be empty."""
    tokens = segment.split()
    mixed = not segment.isupper()
    last = -1
    for i, token in enumerate(tokens):
        if _INITIAL.fullmatch(token) and i + 1 < len(tokens):
            continue
        acronym = mixed and token.isupper() and 2 <= len(token.strip(".()")) <= 6 and "." not in token.strip(".")
        if _is_title(token) or (acronym and i + 1 < len(tokens)) or not _looks_like_name(token):
            last = i
    name = tokens[last + 1 :]
    while (
        len(name) > 2
        and not _INITIAL.fullmatch(name[0])
        and post_code(name[0])
        and not any(_INITIAL.fullmatch(t) for t in name[1:2])
    ):
        name = name[1:]
        last += 1
    return " ".join(tokens[: last + 1]), " ".join(name).strip(' .,;:()-"*') if name else ""


def _rejoin(written: str, column: int) -> str:
    """Undo the hard break that classified-by fields get at their 71st column, in the middle of a word."""
    if "\n" not in written:
        return written
    lines = written.split("\n")
    out = lines[0]
    for i, (before, line) in enumerate(itertools.pairwise(lines)):
        cut = len(before.rstrip()) + (0 if i else column) >= 71 and line[:1].strip() and not before.endswith("  ")
        out = out.rstrip() + ("" if cut else " ") + line if line.strip() else out
    return out


def classified_by(written: str, column: int = 0) -> tuple[str | None, str | None, str | None]:
    """Read name, title and reason of a classified-by line.

    `column` is where the text begins on its line, so that hard breaks can be told.

    >>> classified_by(": Ambassador Ada B. Quill, Reasons 1.4 (b) and (d).")
    ('Ada B. Quill', 'Ambassador', '1.4 (b) and (d)')
    >>> classified_by(": ADA QUILL, DIRECTOR, INR/OPS. REASON: 1.4(C).")
    ('ADA QUILL', 'DIRECTOR, INR/OPS', '1.4(C)')
    """
    text = " ".join(_rejoin(written, column).replace("\\'", "'").split())
    found = REASON.search(text)
    reason = found[0].strip(" .,;") if found else None
    label = _BY_LABEL.match(text)
    text = text[label.end() :] if label else text
    tail = _TAIL.search(text)
    who = (text[: tail.start()] if tail else text[:120]).strip(BLANK + '.,;:-("')
    titles: list[str] = []
    name = ""
    for segment in _SPLIT.split(who):
        segment = segment.strip(BLANK + ".;:-") if not _JUNIOR.search(segment) else segment.strip()
        segment = _AD_INTERIM.sub("", segment)
        if not segment:
            continue
        if name and _SUFFIX.fullmatch(segment):
            name = f"{name}, {segment}"
            continue
        if name:
            titles.append(segment)
            continue
        title, found_name = _name_in(segment)
        if title:
            titles.append(title)
        name = _GLUED_INITIAL.sub(r"\1 ", found_name)
    if f"{name}." in text and _ENDS_JUNIOR.search(name):
        name += "."
    return name or None, ", ".join(titles) or None, " ".join(reason.split()) if reason else None


def apart(name: str | None, signed_by: str) -> str | None:
    """Part initials from the surname where an officer wrote them as one word and the signature tells where the surname begins.

    >>> apart("ABQUILL", "QUILL"), apart("Ada B. Quill", "QUILL")
    ('AB QUILL', 'Ada B. Quill')
    """
    if name is None or " " in name or not name.isupper() or not 1 <= len(name) - len(signed_by) <= 2:
        return name
    return f"{name[: -len(signed_by)]} {signed_by}" if name.endswith(signed_by) else name
