"""Which of the numbers that could open paragraphs count: the best chain upwards; lists and quoted texts have numbers too."""

from __future__ import annotations

import re
from bisect import bisect_left
from operator import itemgetter

from cablelab.message.grammar import BLANK, FENCE
from cablelab.message.holes import Candidate, counts, is_fenced, numbers

_WEIGHT = itemgetter(2)


def without_lists(found: list[Candidate]) -> list[Candidate]:
    """Drop unmarked numbers between marked ones that alone count from 1 without a hole: they are lists inside paragraphs."""
    marked = [one for i, one in enumerate(found) if one[4] is not None or (i == 0 and one[1] == 1)]
    if len(marked) < 4 or len(marked) == len(found) or not counts(numbers(marked)):
        return found
    last = marked[-1][0]
    return marked + [one for one in found if one[0] > last]


_GOES_BACK = 3  # a post that loses count repeats a number or two


def _counts_again(text: str, found: list[Candidate], before: int, i: int) -> bool:
    """Tell whether a count that goes back a little goes on from there: below a blank line, and neither a list's item nor a quotation's."""
    at, number = found[i][:2]
    if not 3 <= number < found[before][1] <= number + _GOES_BACK or found[i][2] < 1.0:
        return False
    if any(one[1] == number - 1 for one in found[before + 1 : i]) or (found[before][4] and not found[i][4]):
        return False
    if "BEGIN " in text[max(found[before][0], at - 4_000) : at].upper():
        return False
    line = text.rfind("\n", 0, at)
    above = text[max(0, line - 100) : line].rpartition("\n")[2].strip(BLANK)
    return not above or FENCE.fullmatch(above) is not None


_LABEL_ALONE = re.compile(r"[ \t]*(?:SUMMARY|COMMENT|NOTE|ACTION)[A-Z ]{0,30}[ \t\\:]*", re.IGNORECASE)


def _lost_a_digit(text: str, found: list[Candidate], before: int, i: int) -> bool:
    """Tell a marked number right below a heading COMMENT and its kin that lost a digit of the next one: `1. (C)` for 11."""
    at, number, _, _, marking = found[i]
    due = str(found[before][1] + 1)
    if len(due) < 2 or str(number) not in {due[1:], due[:-1]}:
        return False
    if is_fenced(text, at):
        return True
    if marking is None:
        return False
    above = text[max(0, at - 200) : at].rstrip(BLANK + ">").split("\n")
    return len(above) > 1 and _LABEL_ALONE.fullmatch(above[-1]) is not None and not above[-2].strip(BLANK)


_QUOTED = (
    r"[ ](?:OF[ ])?(?:[A-Z-]{1,14}[ ]){0,3}(?:TEXT|QUOTE|EXCERPTS?|TRANSLATION|STATEMENT|DECLARATION|RESOLUTION|LETTER|MESSAGE"
    r"|(?:NON-?)?PAPER|POINTS)\b"
)
# A boundary before the first letter is asked for after it: so the engine can skip to that letter.
_QUOTE_OPENS = re.compile(rf"[Bb](?<!\w.)(?i:EGIN{_QUOTED})")
_QUOTE_ENDS = re.compile(rf"[Ee](?<!\w.)(?i:ND{_QUOTED})")


def is_quoted(text: str, start: int, at: int) -> bool:
    """Tell whether a quotation that `Begin text` opened behind `start` is still open at `at`."""
    last = None
    for last in _QUOTE_OPENS.finditer(text, start, at):  # noqa: B007  # the last one counts
        pass
    return last is not None and _QUOTE_ENDS.search(text, last.end(), at) is None


def without_quotations(text: str, found: list[Candidate], end: int) -> list[Candidate]:
    """Drop the unmarked numbers of a quoted text that counts from 1 anew, between `Begin text` and `End text`."""
    if 1 not in numbers(found[1:]):
        return found
    kept: list[Candidate] = []
    seen, at = 0, found[0][0]
    while (opens := _QUOTE_OPENS.search(text, at, end)) and (closes := _QUOTE_ENDS.search(text, opens.end(), end)):
        first = bisect_left(found, (opens.start(),), seen)
        last = bisect_left(found, (closes.start(),), first)
        inside = found[first:last]
        kept += found[seen:first]
        if not (kept and inside and inside[0][1] == 1 and all(one[4] is None for one in inside)):
            kept += inside
        seen, at = last, closes.end()
    return kept + found[seen:]


def chain(text: str, found: list[Candidate]) -> list[Candidate]:
    """Take the best chain of numbers that count upwards; repeats and gaps cost; what goes back must look like no list."""
    if counts(numbers(found)) and min(map(_WEIGHT, found), default=0) > 0.4:
        return found
    if len(found) == 1 and found[0][2] >= 1.0:  # nothing to count from: the number stands as printed
        return found
    best: list[tuple[float, int]] = []
    for i, (at, number, weight, _, marking) in enumerate(found):
        score, before = weight - min(0.35 * abs(number - 1), 2.1), -1
        for j in range(max(0, i - 80), i):
            gap = number - found[j][1]
            if 0 <= gap <= 6:
                repeated = 0.8 if gap == 0 and is_fenced(text, at) else 1.05
                total = best[j][0] + weight - (repeated if gap == 0 else 0.45 * (gap - 1))
            elif gap > 6 and marking is not None:
                total = best[j][0] + weight - 1.2  # what lies between is masked or lost
            elif gap < 0 and (_counts_again(text, found, j, i) or _lost_a_digit(text, found, j, i)):
                total = best[j][0] + weight - 1.2
            else:
                continue
            if total > score:
                score, before = total, j
        best.append((score, before))
    at = max(range(len(best)), key=lambda i: best[i][0], default=-1)
    if at < 0 or best[at][0] <= 0.3:
        return []
    counted = []
    while at >= 0:
        counted.append(found[at])
        at = best[at][1]
    return counted[::-1]
