"""Numbers that the count of paragraphs lacks: inside a line, without a stop, behind a fence; only where the count asks for them."""

from __future__ import annotations

import re
from itertools import pairwise
from operator import itemgetter

from cablelab.message.grammar import BLANK, MARK, SIGN
from cablelab.terms import MONTHS

# Offset, number, weight, where the number's own signs end or its marking does, and the marking if it was read.
Candidate = tuple[int, int, float, int, str | None]

_NUMBER = itemgetter(1)


def numbers(chain: list[Candidate]) -> list[int]:
    """List the numbers of some candidates, in order.

    >>> numbers([(0, 1, 1.0, 2, None), (36, 3, 1.0, 38, None)])
    [1, 3]
    """
    return list(map(_NUMBER, chain))


def counts(written: list[int]) -> bool:
    """Tell whether numbers count from 1 without a hole, as those of most messages do.

    >>> counts([1, 2, 3]), counts([1, 3])
    (True, False)
    """
    return written == list(range(1, len(written) + 1))


WIDEST = 6  # numbers that one hole may lack
_SIGNS = re.compile(rf"[.)](?=[ \t]*\n?[ \t\n]{{0,3}}[\"“'(¶]?[A-Z])|(?=[ ,]{{1,3}}{MARK})|[.,)](?=[ \t]{{0,3}}{MARK})")
_ENDS = frozenset('.?!:;)"”’]-=*_~#')


def filled(text: str, start: int, end: int, chain: list[Candidate]) -> list[Candidate]:
    """Add to a chain of counting numbers those that it lacks and that stand where they should.

    >>> chain = [(0, 1, 1.0, 2, None), (36, 3, 1.0, 38, None)]
    >>> numbers(filled("1. Boats are cheap. 2. Nets are dear. 3. Sails are unsold.", 0, 58, chain))
    [1, 2, 3]
    """
    if counts(numbers(chain)):
        return chain
    wanted = [(start, 0, chain[0]), *((one[0], one[1], following) for one, following in pairwise(chain))]
    out: list[Candidate] = []
    for at, number, following in wanted:
        if number < following[1] - 1 <= number + WIDEST and (number or following[1] <= 3):
            for missing in range(number + 1, following[1]):
                if (found := _found(text, at, following[0], missing)) is not None:
                    out.append(found)
                    at = found[0]
        out.append(following)
    return out


_MARK = re.compile(MARK)


def without_stop(text: str, end: int, chain: list[Candidate]) -> list[Candidate]:
    r"""Add the numbers that go on counting behind the last one without a stop, below a blank line and with a marking: `10 (U) Boats`.

    >>> numbers(without_stop("1. Boats are cheap.\n\n2 (U) Nets are dear.", 40, [(0, 1, 1.0, 2, None)]))
    [1, 2]
    """
    at, number = chain[-1][3], chain[-1][1] + 1
    while (at := text.find(f"{number} (", at, end)) >= 0:
        line = text.rfind("\n", 0, at) + 1
        above = text[text.rfind("\n", 0, max(0, line - 1)) + 1 : line]
        if (
            not text[line:at].strip(" \t>¶")
            and not above.strip(BLANK)
            and (mark := _MARK.match(text, at + len(str(number)) + 1, end))
        ):
            chain = [*chain, (at, number, 1.0, at + len(str(number)), None)]
            number, at = number + 1, mark.end()
        else:
            at += 1
    return chain


_SHORTEST = 60  # characters of a paragraph; the items of a list are shorter
_GLUED = re.compile(r"(?:[.?!:;)\"”]|XXX)[ ]{1,3}(?<!\bNo\.[ ])(\d{1,2})\.[ ]{1,3}(?=[\"“(]?[A-Z][A-Za-z',]*[ ,])")
_ANY = re.compile(r"[ \n](\d{1,2})\.[ ]{1,3}[\"“(]?[A-Z]")


_LAST = re.compile(r"(?i:THIS[ ](?:CABLE|MESSAGE|REPORT|TELEGRAM)[ ])")  # `9. This message was cleared by`


def run_on(text: str, end: int, chain: list[Candidate]) -> list[Candidate]:
    """Add the unmarked numbers that go on counting inside the last paragraph, where a copy joined all lines: two at least, or what closes a message.

    >>> words = "Nets are dear this year, and the boats of the harbour stay at the quay. "
    >>> joined = "".join(f"{number}. {words}" for number in (1, 2, 3))
    >>> numbers(run_on(joined, len(joined), [(0, 1, 1.0, 2, None)]))
    [1, 2, 3]
    """
    at, number = chain[-1][3], chain[-1][1]
    if text.find(f" {number + 1}. ", at, end) < 0:
        return chain
    numbers = [(one.start(1), int(one[1])) for one in _ANY.finditer(text, at, end)]
    listed: set[int] = set()
    for i, (opens, first) in enumerate(numbers):
        if first == 1 and opens not in listed:
            count = 1
            for place, other in numbers[i + 1 :]:
                if other == count + 1:
                    listed.add(place)
                    count += 1
                elif other <= count:
                    break  # the list has ended
    fits = [one for one in _GLUED.finditer(text, at, end) if one.start(1) not in listed]
    run: list[re.Match[str]] = []
    for one in fits:
        if int(one[1]) != number + len(run) + 1:
            continue
        if one.start(1) - (run[-1].end() if run else at) < _SHORTEST:
            return chain
        run.append(one)
    if len(run) < 2 and not (run and _LAST.match(text, run[0].end(), end)):
        return chain
    return chain + [(one.start(1), int(one[1]), 1.0, one.end(1) + 1, None) for one in run]


def _found(text: str, start: int, end: int, number: int) -> Candidate | None:
    """Find a number that opens a sentence, or a line; else the only one behind words without a stop: `Source: Herald 26. Nets`."""
    digits = str(number)
    behind_words: list[Candidate] = []
    at = text.find(digits, start, end)
    while at >= 0:
        if not text[at - 1 : at].isalnum() and (signs := _SIGNS.match(text, at + len(digits), end)):
            one = (at, number, 1.0, signs.end(), None)
            if _opens(text, start, at):
                return one
            if text[at - 1] == " " and not _COUNTED.search(text, max(start, at - 20), at):
                behind_words.append(one)
        at = text.find(digits, at + 1, end)
    if len(behind_words) == 1:
        return behind_words[0]
    return _torn(text, start, end, digits) or _misprinted(text, start, end, digits)


def _torn(text: str, start: int, end: int, digits: str) -> Candidate | None:
    """Find a marked number that a copy tore by a blank line, between its digits or before its point: `1` and `¶2. (U)` for 12."""
    gap = r"[ \t]{0,3}(?:\n[\s¶]{1,6})?"
    found = re.compile(rf"(?<![\w.]){gap.join(digits)}{gap}\.(?=[ \t]{{0,3}}{MARK})").search(text, start, end)
    return (found.start(), int(digits), 1.0, found.end(), None) if found else None


def _misprinted(text: str, start: int, end: int, digits: str) -> Candidate | None:
    """Find the number that stands in the place of the one missing, as printed.

    Below a fenced heading it lost one of two digits, `4.` for 14; else it is the only one below a blank line with a marking.
    """
    marked: list[Candidate] = []
    for one in _AT_LINE.finditer(text, start, end):
        candidate = (one.start(1), int(one[2]), 1.0, one.end(), None)
        if len(digits) > 1 and one[2] in {digits[1:], digits[:-1]} and is_fenced(text, one.start(1)):
            return candidate
        if one.start() > start and _MARK.match(text, one.end()) and _BLANK_ABOVE.match(text, max(0, one.start() - 1)):
            marked.append(candidate)
    return marked[0] if len(marked) == 1 else None


_AT_LINE = re.compile(r"\n[ \t>]*+((?:¶[ ]?)?(\d{1,2}))\.[ ]?(?=[ \t]*[\"“'(A-Z])")
_BLANK_ABOVE = re.compile(r"[\n \t\\]\n")


_FENCED_HEADING = re.compile(rf"[A-Za-z&)][ \t]*(?:{SIGN}{{3,}}|{SIGN}(?:[ ]{SIGN}){{2,}}|\n{SIGN}{{3,}})$")


def is_fenced(text: str, at: int) -> bool:
    """Tell whether a fenced heading stands directly above a number: no list's item has one."""
    above = text[max(0, at - 200) : at].rstrip(BLANK + ">¶")
    return above.endswith(("-", "=", "_", "*", "~", "#")) and _FENCED_HEADING.search(above) is not None


# What a number behind it counts, or the day's month: `see paragraph 26.`, `until May 26.`
_COUNTED = re.compile(
    rf"(?:[^A-Za-z ]|\b(?:paras?|paragraphs?|nos?|numbers?|pages?|articles?|sections?|chapters?|annex|item|{'|'.join(MONTHS)})[a-z]*\.?)[ ]+$",
    re.IGNORECASE,
)


def _opens(text: str, start: int, at: int) -> bool:
    lead = text[max(start, at - 60) : at]
    words = lead.rstrip(" \t\n\\>¶*")
    return not words or words[-1] in _ENDS or ("\n" in lead[len(words) :] and words[-1] not in ",(")
