"""Classified by: the officer's name, title and reason, out of one line that is written in a hundred ways."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from cablelab.facts import kept_while_posts_stay, post_code, posts
from cablelab.message.grammar import BLANK, word_list
from cablelab.message.labels import REASON

_BY_LABEL = re.compile(
    r"^[\s:.\-]*(?:\(?[UCS]\)[ ]*)?(?:CL?ASS?I{1,3}F?I{1,3}E?D[ ]+BY[ ]*[:.\-]*[ ]*)*(?:\([A-Z]+\)[ ]*)?", re.IGNORECASE
)
# One boundary for all that opens a word: most characters are inside words, and there nothing else is tried.
_TAIL = re.compile(
    r"(?=[A-Z1])\b(?:"
    r"(?:for[ ]+){0,3}(?:the[ ]+)?(?:following[ ]+)?re?a?[ ]?s?[ ]?ons?\b|re?a?sons?\b|for[ ]+(?:for|re[a]?|1[.,\d]|E\.?O)|re$|for[ ]*$"
    r"|R[eE]{0,2}a?s?o?n?s?[ ]*:|Re\s+asons|under[ ](?:sec(?:tion|\.)|the[ ]|e\.?o|1)"
    r"|based[ ]+(?:up)?on|due[ ]to|per\b|pursuant|in accordance|by reason|on the basis"
    r"|E\.?[ ]?O\.?[ ]*1|1[ ]?[.,][ ]?[2-6]\b|declass|sec(?:tion|\.)[ ]?\d|at[ ]post|reQ|REASON|[SR]ea\d?on)"
    r"|\(1[ ]?[.,][ ]?[2-6]\b|Q#",
    re.IGNORECASE,
)
# The comma of `d,Affaires` is an apostrophe.
_SPLIT = re.compile(
    r"(?:[;:]|,(?!(?<=\b[Dd],)[Aa]))+[ ]*|[ ]{1,9}[-–][ ]*|(?<=[A-Za-z.])[ ]{0,9}[-–][ ]+|[ ]{0,9}--[ ]*"
)
_SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV)\.?$", re.IGNORECASE)
_AD_INTERIM = re.compile(r"[ ]{1,9}a\.[ ]?[a-z]\.?$")
_AD_INTERIM_END = re.compile(r"\.(?<=\b[aA]\.)[iI](?=,|$)")
_INTERIM = re.compile(r"a\.?[ ]?i\.?", re.IGNORECASE)
_JUNIOR = re.compile(r"\b(?:Jr|Sr)\.$", re.IGNORECASE)
_ENDS_JUNIOR = re.compile(r"\b[JS]r$", re.IGNORECASE)
_ENDS_IN_INITIAL = re.compile(r"[ ][A-Z]$")
_GLUED_INITIAL = re.compile(r"[A-Z]\.(?=[A-Z][a-z]+$)")
_OFFICE = re.compile(
    r"[A-Z]\w*(?:Off|Rep|Couns|Min|Chief|Dir|Officer|MC)|(?:Pol|Econ|Mil|Dep|Act|Cons)[a-z]*[A-Z]\w*"
)  # EconOff, PermRep
_BRACKETED = re.compile(r"[ ]{0,9}\(([A-Za-z/. ]{2,20})\)[ ]*$")
_MASK = re.compile(r"[Xx]{4,}")
# A zero that stands for the letter O.
_ZERO = re.compile(r"(?<=[A-Za-z])0(?![\d.])|(?<![\d.,A-Za-z])0(?=[A-Za-z])")
_INITIAL = re.compile(r"(?:[A-Z]\.){1,3}$|[A-Z]$")
# Words of titles as officers write them, short forms too; `_is_title` mends a letter or two.
TITLES = word_list("titles")
_TITLE_STEMS = tuple(word_list("title-stems"))
# Titles that are known with a letter or two wrong, by their first letter.
_MISSPELT = word_list("misspelt-titles")


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
    near = [t for t in _MISSPELT if t[0] == bare[0] and abs(len(t) - len(bare)) <= limit] if len(bare) >= 4 else ()
    if not near:
        return False
    from rapidfuzz.distance import DamerauLevenshtein

    return any(DamerauLevenshtein.distance(t, bare, score_cutoff=limit) <= limit for t in near)


# Titles that are surnames too.
_SOFT = word_list("titles-and-surnames")


@kept_while_posts_stay(1)
def _countries() -> frozenset[str]:
    return frozenset(p.mission.upper() for p in posts().values() if p.mission)


def _is_place(words: str) -> bool:
    return words.upper() in _countries() or post_code(words) is not None


@lru_cache(maxsize=1 << 12)
def _looks_like_name(token: str, small: bool = False) -> bool:
    bare = token.strip(',;:()"*')
    return (
        bool(bare)
        and (
            bare[0].isupper()
            or (small and bare[0].isalpha())
            or _MASK.fullmatch(bare) is not None
            or bare.lower() in {"de", "da", "van", "von", "der", "del", "la", "du", "al", "bin"}
        )
        and not any(c.isdigit() for c in bare)
    )


class _Part(NamedTuple):
    """What one stretch between commas holds: a title, a name, and where the name stands."""

    title: str
    name: str
    start: int
    end: int


def _part(who: str, start: int, end: int, small: bool) -> _Part:
    """Part one stretch between commas into a title and a name; either may be empty."""
    tokens = list(_TOKEN.finditer(who, start, end))
    mixed = not who[start:end].isupper()
    last = -1
    for i, found in enumerate(tokens):
        token = found[0]
        if (
            _INITIAL.fullmatch(token)
            and i + 1 < len(tokens)
            and not (last == i - 1 and _INTERIM.fullmatch(token) and (i or start))
        ):
            continue
        acronym = mixed and token.isupper() and 2 <= len(token.strip(".()")) <= 6 and "." not in token.strip(".")
        if _is_title(token) or (acronym and i + 1 < len(tokens)) or not _looks_like_name(token, small):
            last = i
    # A surname may be a title's word: `Ivo Q. Leader`.
    if last == len(tokens) - 1 > 0 and tokens[last][0].lower() in _SOFT and mixed:
        before = max(
            [i for i in range(last) if _is_title(tokens[i][0]) and not _INITIAL.fullmatch(tokens[i][0])], default=-1
        )
        if any(len(t[0].strip(".")) > 1 for t in tokens[before + 1 : last]) and _looks_like_name(tokens[last][0]):
            last = before
    name = tokens[last + 1 :]
    for n in (3, 2, 1) if last >= 0 and tokens[last][0].lower() in _BEFORE_PLACE else ():
        if len(name) > n and _is_place(" ".join(t[0] for t in name[:n])):
            name, last = name[n:], last + n
            break
    while (
        len(name) > 2
        and not _INITIAL.fullmatch(name[0][0])
        and post_code(name[0][0])
        and not any(_INITIAL.fullmatch(t[0]) for t in name[1:2])
    ):
        name, last = name[1:], last + 1
    title = " ".join([t[0] for t in tokens[: last + 1]])
    if not name:
        return _Part(title, "", end, end)
    return _Part(title, " ".join([t[0] for t in name]).strip(' .,;:()-"*'), name[0].start(), name[-1].end())


_TOKEN = re.compile(r"\S+")
_BEFORE_PLACE = frozenset({"to", "in", "of", "for", "at"})
_GOES_ON = word_list("joining")


def _one_word(before: str, after: str) -> bool:
    """Tell whether a hard break parts one word: what stands before and after it is no word, or both together are a known one."""
    left, right = before.rpartition(" ")[2], after.partition(" ")[0]
    if left[-1:] in {"(", "[", "/"} or right[:1] in {")", "]", ",", ";"}:
        return True
    if not left or not right or not (left[-1].isalpha() and right[0].isalpha()):
        return left[-1:] == "." and right[:1].isdigit() and left[-2:-1] == "1"
    whole, tail = (left + right).strip(".,;:()").lower(), right.strip(".,;:()").lower()
    if whole in TITLES or whole in _GOES_ON:
        return not (tail in _GOES_ON and left.lower() in TITLES)
    if right[0].isupper() and not left[-1].isupper():
        return False
    return tail not in _GOES_ON and not (len(tail) > 3 and tail in TITLES)


def _rejoin(written: str, column: int) -> str:
    """Undo the hard break that classified-by fields get at their 71st column, in the middle of a word."""
    if "\n" not in written:
        return _healed(written, column)
    lines = written.split("\n")
    out = lines[0]
    for i, (before, line) in enumerate(pairwise(lines)):
        full = len(before.rstrip()) + (0 if i else column) >= 71 and line[:1].strip() and not before.endswith("  ")
        if line.strip():
            out = out.rstrip() + ("" if full and _one_word(out.rstrip(), line) else " ") + line
    return out


def _healed(line: str, column: int) -> str:
    """Undo a hard break that a copy made a blank: a piece of a word that is none itself, at the 71st column."""
    at = line.find(" ", max(0, 70 - column), max(0, 73 - column))
    if at > 0:
        right = line[at + 1 :].partition(" ")[0]
        left = line[:at].rpartition(" ")[2]
        piece = right.strip(".,;:()").isalpha() and right[:1].islower() and left[-1:].isalpha()
        if (
            piece
            and left.lower() not in _GOES_ON
            and (len(left) == 1 or not left[0].isupper() or left.lower() in _TITLE_STEMS)
            and _one_word(line[:at], line[at + 1 :])
        ):
            return line[:at] + line[at + 1 :]
    return line


def classified_by(written: str, column: int = 0) -> tuple[str | None, str | None, str | None]:
    """Read name, title and reason of a classified-by line.

    `column` is where the text begins on its line, so that hard breaks can be told.

    >>> classified_by(": Ambassador Ada B. Quill, Reasons 1.4 (b) and (d).")
    ('Ada B. Quill', 'Ambassador', '1.4 (b) and (d)')
    >>> classified_by(": ADA QUILL, DIRECTOR, INR/OPS. REASON: 1.4(C).")
    ('ADA QUILL', 'DIRECTOR, INR/OPS', '1.4(C)')
    """
    text = " ".join(_rejoin(written, column).replace("\\'", "'").split())
    if "0" in text:
        text = _ZERO.sub("O", text)
    found = REASON.search(text)
    reason = found[0].strip(" .,;") if found else None
    label = _BY_LABEL.match(text)
    text = text[label.end() :] if label else text
    tail = _TAIL.search(text)
    who = (text[: tail.start()] if tail else text[:120]).strip(BLANK + '.,;:-("')
    name, title = _who(who)
    if tail is None and text.endswith(("...", "…")):  # a preview broke off, and maybe the name with it, or the title
        name, title = "", "" if any(word.startswith(name.lower()) for word in TITLES) else title
    if name and f"{name}." in text and _ENDS_JUNIOR.search(name):
        name += "."
    return name or None, title or None, _mended_reason(reason) if reason else None


_SPLIT_AND = re.compile(r"(?<=[ )\]])(?:a[ ]?n[ ]?d|A[ ]?N[ ]?D)(?=[ (\[])")


def _mended_reason(reason: str) -> str:
    """Close the blanks that a copy put into a reason: `1.4 ( b) a nd (d )`."""
    text = " ".join(reason.split()).replace("( ", "(").replace(" )", ")").replace("1 .", "1.")
    return text if " and " in text.lower() else _SPLIT_AND.sub(lambda found: found[0].replace(" ", ""), text)


def _who(who: str) -> tuple[str, str]:
    """Part what stands before the reason into name and title."""
    if who.endswith(")") and (bracket := _BRACKETED.search(who)):
        name, title = _who(who[: bracket.start()])
        return (
            (name, f"{title}, {bracket[1]}" if title else bracket[1]) if name and _is_title(bracket[1]) else _named(who)
        )
    return _named(who)


def _named(who: str) -> tuple[str, str]:
    small = who.islower()
    parts: list[_Part] = []
    hyphens: dict[int, bool] = {}
    at = 0
    for cut in [*_SPLIT.finditer(who), None]:
        start, end = at, cut.start() if cut else len(who)
        at = cut.end() if cut else end
        piece = who[start:end]
        if piece[-1:] != "." or not _JUNIOR.search(piece):
            piece = piece.rstrip(BLANK + ".;:-")
        interim = _AD_INTERIM.search(piece) if " a." in piece else None
        piece = piece[: interim.start()] if interim else piece
        if piece.strip(BLANK + ".;:-"):
            one = _part(who, start + len(piece) - len(piece.lstrip()), start + len(piece), small)
            hyphens[len(parts)] = who[start - 3 : start] == " - "
            parts.append(one._replace(title=f"{one.title}{interim[0].rstrip('.')}.".strip()) if interim else one)
    named = [i for i, p in enumerate(parts) if p.name]
    if not named:
        return "", _stopped(", ".join(p.title for p in parts if p.title))
    first = named[0]
    if len(named) > 1 and " " not in parts[first].name and (parts[first].name.isupper() and not who.isupper()):
        first = next((i for i in named if " " in parts[i].name), first)  # an office's letters: `VCI - Ada Quill`
    one = parts[first]
    name, last = one.name, first
    while last + 1 < len(parts):
        after = parts[last + 1]
        if not _continues(name, one, after):
            break
        name = (
            who[one.start : after.end].strip(' ;:()-"*')
            if not _SUFFIX.fullmatch(after.name)
            else f"{name}, {after.name}"
        )
        last += 1
    if glued := _GLUED_INITIAL.match(name):
        name = f"{glued[0]} {name[glued.end() :]}"
    titles = [
        p.title if first <= i <= last else " ".join(w for w in (p.title, p.name) if w) for i, p in enumerate(parts)
    ]
    written = ""
    for i, one_title in enumerate(titles):
        if one_title:
            between = " - " if hyphens[i] and i > 0 and titles[i - 1] and not parts[i - 1].name else ", "
            written += between * bool(written) + one_title
    return name, _stopped(written)


def _stopped(title: str) -> str:
    """Give `a.i` the stop that was taken off with the comma behind it."""
    return _AD_INTERIM_END.sub(r"\g<0>.", title) if ".i" in title.lower() else title


def _continues(name: str, one: _Part, after: _Part) -> bool:
    """Tell whether the stretch after a comma belongs to the name: a suffix, a first name, the surname after an initial."""
    if after.title or not after.name:
        return False
    if _SUFFIX.fullmatch(after.name):
        return True
    if "," in name or _is_place(after.name):
        return False
    words = after.name.split()
    if _ENDS_IN_INITIAL.search(name):
        return len(words) == 1
    return not one.title and " " not in name and len(words) == 2 and len(words[1].strip(".")) == 1


def apart(name: str | None, signed_by: str) -> str | None:
    """Part initials from the surname where an officer wrote them as one word and the signature tells where the surname begins.

    >>> apart("ABQUILL", "QUILL"), apart("Ada B. Quill", "QUILL")
    ('AB QUILL', 'Ada B. Quill')
    """
    if name is None or " " in name or not name.isupper() or not 1 <= len(name) - len(signed_by) <= 2:
        return name
    return f"{name[: -len(signed_by)]} {signed_by}" if name.endswith(signed_by) else name
