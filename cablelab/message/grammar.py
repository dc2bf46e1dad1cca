r"""Words and patterns of the grammar that more than one rule needs.

Every pattern that runs over a whole message opens with a literal (mostly a line break): the regular-expression engine then skips
ahead by memory search, and no pattern can backtrack over more than a line. A message is scanned as `"\n" + text`, so that its first
line needs no rule of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from cablelab.terms import LEVELS

_LISTS = Path(__file__).with_name("words.txt").read_text("utf-8")


def word_list(name: str) -> frozenset[str]:
    """Give one list of `words.txt`.

    >>> "SIPDIS" in word_list("captions"), "ROGER CHANNEL" in word_list("captions")
    (True, True)
    """
    _, _, below = _LISTS.partition(f"\n[{name}]\n")
    return frozenset(word.replace("_", " ") for word in below.partition("\n[")[0].split())


def one_of(words: Iterable[str]) -> str:
    """Match one of some words, the longest that stands there; the first letter tells at once which of them it may be.

    >>> one_of(["NODIS", "NOFORN", "SBU"])
    'N(?:OFORN|ODIS)|S(?:BU)'
    """
    rests: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        rests.setdefault(word[0], []).append(re.escape(word[1:]).replace(r"\ ", "[ ]"))
    return "|".join(f"{letter}(?:{'|'.join(rest)})" for letter, rest in rests.items())


def _spaced(word: str) -> str:
    """Match a word, or its letters set apart as classified levels are."""
    return word.replace(" ", "[ ]{1,3}") + "|" + "[ ]{1,3}".join(" ".join(w) for w in word.split())


# A level as a message writes it: its letters together or set apart, UNCLASSIFIED cut short.
LEVEL = (
    f"(?:{'|'.join(map(_spaced, LEVELS[:0:-1]))}"
    "|UNCLASSIFIED|UNCLAS{1,2}|U[ ]N[ ]C[ ]L[ ]A[ ]S(?:[ ]S[ ]I[ ]F[ ]I[ ]E[ ]D)?)"
)

COUNTS = ("ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE", "TEN")
COUNT = rf"(?:\d{{1,2}}|{'|'.join(COUNTS)})"

# A classification line names the post and its number; a banner is a level alone.
_TAIL = (
    r"(?![A-Z])[ \t/]*"
    r"(?P<caveat>(?>(?:(?:NOFORN|NF|E[ ]?F[ ]?T[ ]?O|FOUO|FOR[ ]OFFICIAL[ ]USE[ ]ONLY|SENSITIVE|SBU|NODIS|EXDIS)[ \t/]+)*))"
    rf"(?:(?:FINAL[ ])?S[ECTIO]{{3,6}}N[ ]?(?P<section>{COUNT})[ ]OF[ ](?P<sections>{COUNT})[ \t]+)?"
    r"(?P<caveat2>(?>(?:(?:E[ ]?F[ ]?T[ ]?O|NOFORN)[ \t/]+)*))"
    r"(?P<post>(?!V?ZCZC|PTQ\d)[A-Z][A-Z.'’\-]*(?:(?:[ ]{1,2}|[ ]?\n)[A-Z][A-Z.'’\-]*){0,3})"
    r"[ \t]{0,8}(?:\n[ \t]*)?(?P<number>\d{3,8})(?![A-Z0-9]*\d{3})"
)
_CLASS = rf"(?P<level>{LEVEL}){_TAIL}"
CLASS_TAIL = re.compile(_TAIL, re.IGNORECASE)
CLASS_LINE = re.compile(
    r"\n(?=[ \t>\"UCSTLucstl\d])[ \t>\"]*+(?=[UCSTLucstl][ ]{0,3}[NOEICnoeic]|\d{5})"  # most lines fail here
    rf"(?i:(?:\d{{5,6}}|C(?=C ))?{_CLASS})"
)
# In a database record the text follows a tab or a comma.
RECORD_CLASS = (("\t", re.compile(rf"\t{_CLASS}")), (',"', re.compile(rf",\"{_CLASS}")))
# Glued to what a publisher put before it: a date, a record number, a column of a record behind the blanks that tabs became. Only
# asked for where no other line opens with a level.
GLUED_CLASS = re.compile(rf"(?=[ CLSTU])(?:(?<=[0-9.>)\]Z])[ ]?|(?<=[A-Z])[ ]{{3,9}}){_CLASS}")
# In the midst of a line, where a copy begins anew behind a broken preview: captions or the executive order follow.
CLASS_IN_TEXT = re.compile(
    rf"(?=[CLSTU])(?<![A-Za-z]){_CLASS}(?=[ \t\n]+(?:SIPDIS|NOFORN|SENSITIVE|E\.?O\.?[ ]|NODIS|EXDIS))"
)
BANNER = re.compile(rf"[ \t>]*{LEVEL}(?:[ \t]*//?[ \t]*(?:NOFORN|NF))?(?:[ \t]+PTQ\d+)?[ \t\\]*", re.IGNORECASE)

# Notices that the publisher of a copy put before the message; it may be glued to the first line.
NOTICE = re.compile(
    r"This record is a partial extract of the original cable\.[ \t\n]*The full text of the original cable is not available\.",
    re.IGNORECASE,
)

CAPTION_WORDS = word_list("captions")
HANDLING = {
    "NOFORN": "NOFORN", "NF": "NOFORN", "SENSITIVE": "SENSITIVE", "SBU": "SENSITIVE", "SENSITIVE BUT UNCLASSIFIED": "SENSITIVE",
    "FOUO": "FOUO", "FOR OFFICIAL USE ONLY": "FOUO", "ORCON": "ORCON", "PROPIN": "PROPIN", "EFTO": "EFTO",
}  # fmt: skip
_CAPTIONS = one_of([*CAPTION_WORDS, "NF", "S I P D I S"])
_CAPTIONS += "|SEN[SITV]{4,6}E"  # SENSITIVE, misspelt
CAPTION = re.compile(rf"(?:{_CAPTIONS})(?![A-Z])", re.IGNORECASE)
CAPTION_LINE = re.compile(rf"[ \t(]*(?:(?:{_CAPTIONS})(?:[ \t,/.;:()\\-]|HANDLE AS )*)+$", re.IGNORECASE)
CORRECTED = re.compile(
    r"\bC[ ]?O[ ]?R[ ]?R[ ]?E[ ]?C[ ]?T[ ]?E[ ]?D[ \n]{1,3}(?:C[ ]?O[ ]?P[ ]?Y|CABLE)", re.IGNORECASE
)

# A portion marking: words of the list, `(S//NF)`, `(C-REL TO NATO)`. Where it may open a text, capitals count; behind a number it may
# be written small, with blanks, and in 1979 mark all paragraphs: `(C - ENTIRE TEXT)`.
_WORD = f"(?:{one_of(word_list('portions'))})"
_RELEASED = rf"(?:{_WORD}[ ]?//?[ ]?)?REL(?:[ ]TO)?[ ][A-Z, ]{{2,20}}?"
_MARKING = rf"{_WORD}(?:[ ]?(?://?|[-,])[ ]?(?:{_RELEASED}|{_WORD}(?:[ ]?//?[ ]?{_WORD})*|(?-i:(?!ENTIRE)[A-Z][A-Z/ -]{{0,13}}?)))?"
MARK = rf"\({_MARKING}[ ]?\)"
PORTION = re.compile(rf"[ \t]*\([ ]?((?i:{_MARKING}))(?:[ ]?[-–,]?[ ]?(?i:ENTIRE[ ]TEXT)\.?)?[ ]?\)")

# A notice that asks for care, and says nothing else.
ACCORDINGLY = re.compile(r"(?:PROTECT|TREAT|HANDLE) ACCORDINGLY|INTERNET DISTRIBUTION", re.IGNORECASE)

# What fences are drawn with, and a line of them; a blank may part the signs.
SIGN = "[-=_*~#]"
FENCE = re.compile(r"[ \t>]*(?:[-=_*~#+.]{3}[-=_*~#+. \t\\]*+|(?:[-=*_~][ ]){2,}[-=*_~][ \t\\]*)")

# What may stand before SUMMARY in one label with it, of which it is no part: `Introduction and Summary`. The pattern ignores case.
BEFORE_SUMMARY = r"(?:(?:INTRO(?:DUCTION)?|BACKGROUND|OVERVIEW|CONTEXT)[ \n]{0,3}(?:/|&|,|AND)[ \n]{0,3}(?=(?:EXECUTIVE[ ])?SUMMARY))?"

BLANK = " \t\r\n\\"


@lru_cache(maxsize=256)
def level_of(written: str) -> str:
    """Name the level that a classification line writes, spaced letters or not.

    >>> level_of("C O N F I D E N T I A L"), level_of("unclas")
    ('CONFIDENTIAL', 'UNCLASSIFIED')
    """
    letters = re.sub(r"[^A-Z]", "", written.upper())
    for level in LEVELS:
        if letters == level.replace(" ", "") or (level == "UNCLASSIFIED" and letters.startswith("UNCLAS")):
            return level
    raise ValueError(written)


def count_of(written: str | None) -> int:
    """Read how many sections a line counts, in figures or words; one where it counts none.

    >>> count_of("02"), count_of("TWO"), count_of(None)
    (2, 2, 1)
    """
    if not written:
        return 1
    return COUNTS.index(written.upper()) + 1 if written.upper() in COUNTS else int(written)


def one_line(text: str) -> str:
    """Join wrapped lines and collapse blanks, dropping the backslashes that CSV copies leave at line ends."""
    return " ".join(text.replace("\\\n", "\n").split())
