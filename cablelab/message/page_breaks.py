"""Page breaks: what the relay put between two pages of one message.

They stand inside subjects, reference lists and sentences, often glued to running text. They are found first and overwritten with
blanks of the same length, so that every later rule reads the message as it was written while all offsets stay true.
"""

from __future__ import annotations

import re

from cablelab.facts import post_code
from cablelab.message.grammar import BANNER, CAPTION_LINE, CLASS_LINE, LEVEL, count_of

# `ASTANA 00001541  002 OF 004`, the number possibly on the line before or broken off: found by its cheap end.
_OF = re.compile(r"OF[ \n]{1,2}\d{3}(?!\d)")
_SECTION = re.compile("SECTION ")
_SMALL_OF = re.compile(r" of 0\d\d(?!\d)")
_BEFORE_OF = re.compile(
    r"(?=[A-Z])(?:(?<=[\s.;:,)])|^)((?>(?:[A-Z][A-Za-z.'’]*+[ ]{1,2}+){1,4}))[ ]*+\d{5,8}\s+\d{3}(?:\.\d)?\s{1,3}$"
)
_REDACTED_OF = re.compile(r"(?<=\n)[ ]*X{6,}[ ]+(?:\d{5,8}[ ]+)?\d{3}(?:\.\d)?[ ]{1,3}$")
# `PAGE 02 HARARE 05461 01 OF 02 271458Z`
_PAGE = re.compile(
    r"PAGE \d\d(?:[ ]+|[ ]*\n[ ]+)[A-Z][A-Z .]{1,12}?[ ]+\d{3,6}(?:[ ]+(?:TOSEC|SECTO)[ ]+\d{2,6})?(?:[ ]+\d\d OF \d\d)?"
    r"(?:[ ]+\d{2,6}[ ]?\d{0,4}[ ]?Z)?"
)
_BESIDE = re.compile(rf"[ ]{{1,}}{LEVEL}[ ]{{1,}}$")
_CUT_HEAD = re.compile(r"\n(?:(?P<page>PAGE 01\s|VZCZC)|[OPRZ0]{1,2}(?: [OPRZ])? \d{6}[ ]?[Z2] ?[A-Z]{3,4} \d\d)")
_END_MARK = re.compile(r"N{3,4}(?:[A-Z]{1,12})?|BT|#\d{2,6}")
_BLANK_LINE = re.compile(r"\n[ \t\\]*(?=\n)")
_WORD = re.compile(r"\S+")
_REPEATED = re.compile(r"[ \t]*(?:E\.?O\.? ?1\d{4}|TAGS\b)", re.IGNORECASE)
_HEAD_LINE = re.compile(r"\n[ \t]*(?:SUBJ|SUBJECT)[ \t]*:", re.IGNORECASE)


def _with_banners(text: str, start: int, end: int) -> tuple[int, int]:
    """Extend a page break over the level that is printed alone on the lines around it."""
    if beside := _BESIDE.search(text, max(text.rfind("\n", 0, start) + 1, start - 100), start):
        start = beside.start()
    floor = max(0, start - 500)
    before = text.rfind("\n", floor, start)
    while before > floor:
        above = text.rfind("\n", floor, before)
        line = text[above + 1 : before].strip()
        if above < 0 or (line and not BANNER.fullmatch(line)):
            break
        if line:
            start = above + 1
        before = above
    return start, end


def _glued(text: str, of: int) -> int | None:
    """Find where a page break begins whose `OF 004` stands at `of`: at the longest run of words before the number that names a post."""
    start = max(0, of - 70)
    before = text[start:of]
    head = _BEFORE_OF.search(before)
    if head is None:
        hidden = _REDACTED_OF.search(before)
        return start + hidden.start() if hidden else None
    for word in _WORD.finditer(head[1]):
        if post_code(head[1][word.start() :]) is not None:
            return start + head.start(1) + word.start()
    words = list(_WORD.finditer(head[1]))
    named = len(words)
    while named and words[named - 1][0].isupper():
        named -= 1
    return start + head.start(1) + words[named].start() if named < len(words) else None


def _above_marks(text: str, start: int, floor: int) -> int:
    """Go back over blank lines, levels and the mark of the relay that ended the section above."""
    at = start
    while at > floor:
        above = text.rfind("\n", max(floor, at - 200), at - 1)
        line = text[above + 1 : at].strip()
        if above < 0 or (line and not (BANNER.fullmatch(line) or _END_MARK.fullmatch(line))):
            break
        if line:
            start = above + 1
        at = above + 1
    return start


def _section_break(text: str, line: re.Match[str], above: int) -> tuple[int, int]:
    """Bound the header that a relay repeats before each further section, from its first line to the end of its subject.

    `above` is where the classification line of the section before ends: no head of this one stands above it.
    """
    window = max(above, line.start() - 2_500)
    heads = list(_CUT_HEAD.finditer(text, window, line.start()))
    pages = [m for m in heads if m["page"]]
    start = (pages or heads)[-1].start() + 1 if heads else line.start() + 1
    start = _above_marks(text, start, above)
    end = text.find("\n", line.end())
    end = len(text) if end < 0 else end
    subject = _HEAD_LINE.search(text, end, end + 1_500)
    if subject is not None:
        blank = _BLANK_LINE.search(text, subject.end(), subject.end() + 400)
        end = blank.start() if blank else text.find("\n", subject.end())
        return start, end if end >= 0 else len(text)
    # no subject: captions, executive order and TAGS alone
    while end < len(text):
        stop = text.find("\n", end + 1)
        stop = len(text) if stop < 0 else stop
        repeated = text[end + 1 : stop]
        if repeated.strip() and not (CAPTION_LINE.match(repeated) or _REPEATED.match(repeated)):
            break
        end = stop
    return start, end


MISSING_SECTION = "Missing Section 0"
_NUMBER_AND_FRAME = re.compile(r"\d\d[ ]?\*?(?:\s{1,4}\*{5,})?")


def _boxes(text: str) -> list[tuple[int, int]]:
    """Find what a relay printed, in a box of stars, in the place of a section that never came."""
    found = []
    at = text.find(MISSING_SECTION)
    while at >= 0:
        below = at + len(MISSING_SECTION)
        if frame := _NUMBER_AND_FRAME.match(text, below):
            above = text[max(0, at - 80) : at]
            opens = above[len(above.rstrip("* \t\n")) :].lstrip()
            found.append((at - len(opens), frame.end()))
        at = text.find(MISSING_SECTION, below)
    return found


CANCELLED = "ZFR ZFR"  # the signal that cancels what was sent, as often as the operator struck it


def _cancellations(text: str) -> list[tuple[int, int]]:
    """Find the lines on which an operator cancelled the message that was on its way, words between the signals included."""
    found: list[tuple[int, int]] = []
    at = text.find(CANCELLED)
    while at >= 0:
        start = text.rfind("\n", 0, at) + 1
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        if not text[start:at].strip():
            for _ in range(2):  # a line of words, then the signals again
                stop = text.find("\n", end + 1)
                stop = len(text) if stop < 0 else stop
                below = text[end + 1 : stop].strip()
                if len(below) < 90 and ((below.isupper() and "CANCEL" in below) or below.startswith(CANCELLED)):
                    end = stop
            found.append((start, end))
        at = text.find(CANCELLED, end)
    return found


def page_breaks(text: str) -> list[tuple[int, int]]:
    r"""Find all page breaks of a message.

    Returns
    -------
    list of (start, end), characters, sorted and without overlap.

    Examples
    --------
    >>> page_breaks("the harvest \nPORT KESTREL 00001541  002 OF 004 \nwas poor")
    [(13, 46)]
    """
    found: list[tuple[int, int]] = []
    for of in _OF.finditer(text):
        if (start := _glued(text, of.start())) is not None:
            found.append((start, of.end()))
    if " of 0" in text:
        for of in _SMALL_OF.finditer(text):
            if (start := _glued(text, of.start() + 1)) is not None:
                found.append((start, of.end()))
    found += [_with_banners(text, m.start(), m.end()) for m in _PAGE.finditer(text)]
    if MISSING_SECTION in text:
        found += _boxes(text)
    if CANCELLED in text:
        found += _cancellations(text)
    if len(_SECTION.findall(text)) > 1:
        above, number = 0, ""
        for line in CLASS_LINE.finditer(text):
            if count_of(line["section"]) > 1 and number in {"", line["number"].lstrip("0")}:
                start, end = _section_break(text, line, above)
                if number or text[:start].strip():  # else a further section is all that is held
                    found.append(_with_banners(text, start, end))
            above, number = line.end(), line["number"].lstrip("0")
    if len(found) < 2:
        return found
    found.sort()
    merged = [found[0]]
    for start, end in found[1:]:
        if start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


_BY_MACHINE = 130  # characters: the line above, however a copy wraps it
_LEVEL_WORDS = ("SECRET", "CONFIDENTIAL")


def inserted(text: str, start: int, end: int) -> list[tuple[int, int]]:
    r"""Find each SIPDIS that a machine put into a body: behind a line with SECRETARY or CONFIDENTIALITY, which it took for the level.

    >>> inserted("1. The Secretary\n\nSIPDIS\nleft. The SIPDIS caption is asked for.", 0, 66)
    [(18, 24)]
    """
    found: list[tuple[int, int]] = []
    at = text.find("SIPDIS", start, end)
    while at >= 0:
        line = text[max(start, at - _BY_MACHINE) : at].upper()
        above = line.rpartition("SIPDIS")[2]  # each line brings one
        if any(word in above for word in _LEVEL_WORDS):
            found.append((at, at + 6))
        at = text.find("SIPDIS", at + 6, end)
    return found


def mask(text: str, breaks: list[tuple[int, int]]) -> str:
    """Overwrite page breaks with blanks of the same length; line breaks stay where they are."""
    if not breaks:
        return text
    parts, at = [], 0
    for start, end in breaks:
        parts.append(text[at:start])
        parts.append("\n".join([" " * len(line) for line in text[start:end].split("\n")]))
        at = end
    parts.append(text[at:])
    return "".join(parts)
