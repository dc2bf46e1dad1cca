"""What continues the fields of a head, and what ends them: reference items, reasons, handling lines, what opens a body."""

from __future__ import annotations

import re
from functools import lru_cache

from cablelab.facts import post_code
from cablelab.message.grammar import MARK
from cablelab.message.references import ending_post

NUMBERED = re.compile(rf"[ \t>*]*(?:¶[ ]?)?(?:\d{{1,2}}[ ]?[.)][ \t]*(?!\d)|1[ ]{{1,2}}(?={MARK}[ ]))")
OPENING = re.compile(
    r"[ \t(*]*(?:(?:BEGIN[ ])?(?:EXECUTIVE[ ])?SUMMARY|INTRODUCTION|COMMENT|BACKGROUND|ACTION REQUEST)(?![A-Za-z])|[ \t]*(?-i:"
    + MARK
    + r")[ ]",
    re.IGNORECASE,
)
REFERENCE_LINE = re.compile(
    r"[ \t(¶\[-]*(?:[A-Z][.)\]][ )]|[A-Z]\)|(?:19|20)?\d\d[ ][A-Z]{3}|(?P<words>[A-Z][A-Z .']{2,24})[ ]\d{2,})"
)
HANDLING_LINE = re.compile(
    r"[ \t(*]*(?:(?:(?:INTERNET )?DISTRIBUTION|ACCORDINGLY)[.)\s]*$"
    r"|SENSITIVE BUT UNCLAS|NOT FOR (?:INTERNET|DISTRIBUTION)|NOFORN,|PLEASE (?:PROTECT|HANDLE)|FOR OFFICIAL USE"
    r"|(?:\(?[A-Z]{1,3}\)[ ]*)?THIS (?:MESSAGE|CABLE|TELEGRAM) (?:IS|CONTAINS) (?:SENSITIVE|SBU|\(?SBU))",
    re.IGNORECASE,
)
_ACCORDINGLY = re.compile("ACCORDINGLY", re.IGNORECASE)
_HANDLED = re.compile(
    r"INTERNET DISTRIBUTION|OFFICIAL USE ONLY|UNCLASSIFIED(?: AND NOT FOR INTERNET\b)?", re.IGNORECASE
)
_STOPS = re.compile(r"[.\s:-]*")
ITEM = re.compile(r"[ \t¶]*(?:\(([A-Za-z])\)|([A-Za-z])[.):])[ ]?\S")
LEADING = re.compile(
    r"(?:SIPDIS|NOFORN|NODIS|EXDIS|SENSITIVE)[ ]+|(?:NODIS|EXDIS|LIMDIS|STADIS|CHEROKEE)(?=[ ,/-])[ ,/-]+"
    r"|(?i:SIPDIS|NODIS|EXDIS|NOFORN)(?=[ ,;/-])[ ,;/-]+"  # in small letters
)
# Behind a passing instruction; `TREAT AS SENSITIVE` is a part of it.
CAPTIONS_BEHIND = ("SIPDIS", "NOFORN", "NODIS", "EXDIS", "SENSITIVE")
_BEHIND = f"{'|'.join(CAPTIONS_BEHIND)}|(?i:SIPDIS|NOFORN|NODIS|EXDIS)"  # `sensitive` in small letters is a word
TRAILING = re.compile(rf"(?<!\bAS)(?<!\bIS)(?<!\bBE)((?:[ ]{{1,9}}(?:{_BEHIND})){{1,12}})$")
MARKED = re.compile(rf"{MARK}[ ]")
MARK_NEXT = re.compile(rf"[\s.;]*(?={MARK}[ ])")
FIRST_NUMBER = re.compile(r"[ \t>*]*(?:¶[ ]?)?1[ ]?[.)]")
REASON_BREAKS = re.compile(r"(?:1[.,][ ]?[2-6]|\bfor|\breasons?:?|[(,])$", re.IGNORECASE)
ENDS_IN_LABEL = re.compile(r"[\s(,;][A-Z][.)]$|^\(?[A-Z][.)]$")
# An order that a sentence names is no label: what follows a label is a colon, a date or N/A.
ORDER_OPENS = re.compile(r"[ .]*(?::|;|DECL|N/?A\b|ADS\b|X?GDS\b)", re.IGNORECASE)
# `Classified` ended the line above.
BY_LINE = re.compile(r"[ \t]*BY\b[ ]*:?", re.IGNORECASE)
BY_BROKEN = re.compile(r"(?<![A-Za-z])CLASSIFIED$", re.IGNORECASE)
# What a post writes to those who pass a message on.
PASSES = re.compile(
    r"[ \t]*(?:(?:[A-Z][A-Z/&., -]{1,60}[ ])?(?:FOR|PASS|PLEASE|PLS)\b|FROM\b|PASS|(?:DEPT|DEPARTMENT|STATE|USDOC|TREASURY|NSC)\b)"
)
WRAPS = re.compile(
    r"(?:[,:&/-]|\b(?:THE|AN?|OF|TO|IN|ON|AT|BY|FOR|AND|OR|WITH|FROM|AS|ITS?|THEIR|UNDER|OVER|BUT))$", re.IGNORECASE
)
SENTENCE = re.compile(r"[A-Z\"'][A-Za-z,'-]*[ ]+(?:[A-Za-z0-9,'-]+[ ]+){0,3}[a-z]{2,}[ ]")
CUT_OFF = re.compile(r".{0,40}\.{3}[ \t]*$|[ \t]*X{6,}[ \t]*$")
CITED = re.compile(r"[ \t]*(?:(?:19|20)?\d\d[ ])?([A-Z][A-Z .']{2,20}?)[ ]\d{2,7}(?:[ ,;.]|$)")
ANY_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9/&.()'-]*$")
TAG_WORD = re.compile(r"[A-Z0-9][A-Z0-9/&-]*$")


def next_label(written: str, line: str) -> bool:
    """Tell whether a line opens with the label that follows in a list: `(C)` is a portion marking elsewhere."""
    label = ITEM.match(line)
    if label is None:
        return False
    before = chr(ord((label[1] or label[2]).upper()) - 1)
    return _label_of(before).search(written) is not None


@lru_cache(maxsize=64)
def _label_of(letter: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|[\s(¶.;,])\(?{letter}[.):]", re.IGNORECASE)


_LABELS_IN_LIST = re.compile(r"(?:^|[\s(\[¶.;,])([A-Z])[.)\]:]")
_POST_ENDS = re.compile(r"[A-Z]{3}$", re.IGNORECASE)
_NUMBER_OPENS = re.compile(r"[ \t]*\d{2,7}\b(?![.)])")


def cites(written: str, line: str) -> bool:
    """Tell whether a line below a blank one opens with an item's label, a year, or a post, or its last word, and a number."""
    found = REFERENCE_LINE.match(line)
    if found is None:
        return False
    if (words := found["words"]) is None:  # `I.` opens a part of the text, unless the list has come to it
        return line.lstrip()[:2] != "I." or _label_of("H").search(written) is not None
    return ending_post(words) is not None or post_code(f"{written.split()[-1]} {words}") is not None


def list_goes_on(written: str, line: str) -> bool:
    """Tell whether a line below a blank one belongs to the list above: it holds the next label, or the number of the last post."""
    if len(line) > 200:
        return False
    labels = _LABELS_IN_LIST.findall(written)
    if labels and re.search(rf"(?:^|[\s(\[¶.;,]){chr(ord(labels[-1]) + 1)}[.)\]:]", line):
        return True
    return bool(_POST_ENDS.search(written) and _NUMBER_OPENS.match(line))


def handling_end(text: str, start: int, stop: int) -> int | None:
    """Find where the words of handling that a line opens with end: behind the last ACCORDINGLY, else behind the first other such word.

    >>> handling_end("SENSITIVE BUT UNCLASSIFIED; PLEASE HANDLE ACCORDINGLY. Catches fell.", 0, 68)
    55
    """
    line = text.find("\n", start, stop)
    line = stop if line < 0 else line
    ends = [found.end() for found in _ACCORDINGLY.finditer(text, start, line)]
    if not ends and (found := _HANDLED.search(text, start, line)):
        ends = [found.end()]
    stops = _STOPS.match(text, ends[-1], stop) if ends else None
    return stops.end() if stops else None


def _letters(lower: str, upper: str) -> str:
    """Write the letters of a reason in one case; brackets that adjoin need no separator, blanks alone are none."""
    letter = rf"[\[(]?[ ]?[{lower}-{upper}](?![A-Za-z])\.?[ ]?[\])]?"
    between = r"(?:[ \n]{0,3}(?:,|/|&|\+|;|-|(?i:A[ ]?N[ ]?D|OR|THROUGH|THRU)(?![A-Za-z]))){1,2}[ \n]{0,3}|(?<=[)\]])[ \n]?(?=[\[(])"
    return rf"{letter}(?:(?:{between}){letter}){{0,8}}"


# The point is lost in `for reasons 14 (b) and (d)`.
_POINT = r"(?:(?<!\w1)[ ]?[.,/][ ]?\n?[2-6][,.]?|(?i:(?<=REASON 1)|(?<=REASONS 1)|(?<=REASON: 1)|(?<=REASONS: 1))[45](?=[ ]?\())"
REASON = re.compile(
    rf"1{_POINT}[ \n]{{0,3}}(?:{_letters('a', 'h')}|{_letters('A', 'H')})?(?:(?<=[\w) ])[ ]?(?:and|AND)[ ]\([A-Ha-h]\))?"
)
REASON_GOES_ON = re.compile(
    r"[ \t]*(?:(?-i:\(?[a-h][),])|and\b|for\b|re?a?sons?\b|sons\b|\d?[.,]?[ ]?[45] ?\(|E\.?O\.?[ ]1|1\.[2-6]|Declass|by[ ])",
    re.IGNORECASE,
)

# What a label inside a line is looked for by, before the pattern itself: most lines hold none of these.
KEYS = ("--", "E.O", "EO 1", "GS", "SUBJ", "REF", "RETEL", "D BY", "SENSITIVE")
FIRST_PARAGRAPH = re.compile(r"1[ ]?[.)][ ]{0,3}(?:\(|SUMMARY|THIS|IN|ON|$|(?-i:[A-Z][a-z]+[ ][a-z]))", re.IGNORECASE)


def may_open(line: str) -> bool:
    """Tell cheaply whether a field could open inside a line."""
    upper = line.upper()
    for key in KEYS:  # a generator costs more than the search
        if key in upper:
            return True
    return "1" in line and FIRST_PARAGRAPH.search(line) is not None


def indent(line: str) -> int:
    """Count the blanks and quotation marks that a line opens with."""
    return len(line) - len(line.lstrip(" \t>*\\"))
