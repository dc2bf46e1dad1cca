"""Paragraphs: where they begin, the headings above them, and which part of the message they are.

A number opens a paragraph if it continues the count. Sub-lists, dates at line starts and quoted lists have numbers too, so the
candidates are read together and the best chain of counting numbers is taken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, zip_longest

from cablelab.message import headings, parts
from cablelab.message.grammar import BLANK, CLASS_LINE, MARK, PORTION, PORTION_WORDS

_NUMBER = re.compile(r"\n[ \t>*\\]*(¶[ ]?)?(\d{1,3})[ ]?([.,)])(?!\d)(?=[ \t]*\S|[ \t\\]*\n)")
_FIRST = re.compile(r"[ \t\n>*\\]*(¶[ ]?)?(\d{1,3})[ ]?([.,)])(?!\d)")
_INLINE = re.compile(r"\. {0,3}" + MARK)
_BEFORE_INLINE = re.compile(r"([.?!:;\"”)\]]|END SUMMARY|SUMMARY)?\s{1,3}(\d{1,2})$", re.IGNORECASE)
_AFTER = re.compile(r"[ \t]*(?:\([A-Za-z]|[A-Z\"“'*(¶]|\n|\\)")

_LABELLED = re.compile(r"(?:[-=*_]{3,}[ ]*)?(?:[A-Z]{1,9}[ ])?(?:SUMMARY|COMMENT)[A-Z ]{0,30}[ \t\\]*$", re.IGNORECASE)


@dataclass(slots=True)
class Paragraph:
    """One paragraph; `above` is where its heading begins (its own start if it has none)."""

    number: int | None
    marking: str | None
    heading: str | None
    start: int
    end: int
    above: int
    opens: int = 0
    part: str = "body"


_ALONE = re.compile(r"[ \t\\]*\n")


def _candidates(text: str, start: int, end: int) -> list[tuple[int, int, float]]:
    """List (offset, number, weight) of every number that could open a paragraph."""
    found: list[tuple[int, int, float]] = []
    first = _FIRST.match(text, start, end)
    for match in [first] if first else []:
        found.append((match.start(1) if match[1] else match.start(2), int(match[2]), 1.5))
    for match in _NUMBER.finditer(text, start, end):
        mark = match[1]
        at = match.start(1) if mark else match.start(2)
        if found and at <= found[-1][0]:
            continue
        marked = PORTION.match(text, match.end())
        good = bool(marked) and _is_mark(marked[1] if marked else "")
        if match[3] == ",":
            if not good:
                continue
            weight = 1.0
        else:
            weight = 1.0 if match[3] == "." else 0.55
            weight += 0.5 if good else 0.0
            if not _AFTER.match(text, match.end()):
                weight -= 0.6
            elif not good and _runs_on(text, match.start()):
                # A number alone on its line there ends a sentence: `see paragraph\n13.`
                weight -= 0.9 if _ALONE.match(text, match.end()) else 0.5
        found.append((at, int(match[2]), weight))
    return found


def _runs_on(text: str, line_break: int) -> bool:
    """Tell whether the line above breaks off inside a sentence, so that a number at this line's start is part of it."""
    stop = line_break
    while stop > 0 and text[stop - 1] in " \t\\":
        stop -= 1
    last = text[stop - 1 : stop]
    return last.isalnum() or last in {",", "("}


def _inline(text: str, start: int, end: int, have: list[tuple[int, int, float]]) -> list[tuple[int, int, float]]:
    """Add marked numbers inside lines, where a copy joined paragraphs."""
    taken = {at for at, _, _ in have}
    extra = []
    for match in _INLINE.finditer(text, start, end):
        before = _BEFORE_INLINE.search(text, max(start, match.start() - 20), match.start())
        if before and before.start(2) not in taken:
            extra.append((before.start(2), int(before[2]), 0.9 if before[1] else 0.6))
    return sorted(have + extra) if extra else have


@lru_cache(maxsize=1 << 12)
def _is_mark(written: str) -> bool:
    return all(w in PORTION_WORDS for w in re.split(r"[ /,-]+", written.upper()) if w)


def _chain(found: list[tuple[int, int, float]]) -> list[tuple[int, int]]:
    """Take the best chain of numbers that count upwards; repeats and small gaps cost, going back is not allowed."""
    if all(number == i + 1 for i, (_, number, _) in enumerate(found)) and all(w > 0.4 for _, _, w in found):
        return [(at, number) for at, number, _ in found]
    if len(found) == 1 and found[0][2] >= 1.0:  # nothing to count from: the number stands as printed
        return [(found[0][0], found[0][1])]
    best: list[tuple[float, int]] = []
    for i, (_, number, weight) in enumerate(found):
        score, before = weight - min(0.35 * abs(number - 1), 2.1), -1
        for j in range(max(0, i - 80), i):
            gap = number - found[j][1]
            if 0 <= gap <= 6:
                total = best[j][0] + weight - (1.05 if gap == 0 else 0.45 * (gap - 1))
                if total > score:
                    score, before = total, j
        best.append((score, before))
    at = max(range(len(best)), key=lambda i: best[i][0], default=-1)
    if at < 0 or best[at][0] <= 0.3:
        return []
    chain = []
    while at >= 0:
        chain.append((found[at][0], found[at][1]))
        at = best[at][1]
    return chain[::-1]


_OWN_NUMBER = re.compile(r"(?:¶[ ]?)?\d{1,3}[ ]?[.,)]|¶")
_OWN_MARK = re.compile(r"\s{0,4}" + PORTION.pattern)


def _opening(text: str, at: int, end: int) -> tuple[str | None, int]:
    """Read the portion marking after a number; return it and where the words begin."""
    number = _OWN_NUMBER.match(text, at, end)
    opens = number.end() if number else at
    if found := _OWN_MARK.match(text, opens, end):
        written = "".join(found[1].split()).upper()
        if _is_mark(written):
            return written, found.end()
    return None, opens


_GLUED_FENCE = re.compile(r"(?<=[.?!)\"”])[ ]+[-=_*]{8,}(?:[ ][-=_*]+){0,3}$")


def _trim(text: str, start: int, end: int) -> int:
    """Go back over blanks, and over a fence that nothing follows; the foot of a table stays."""
    while end > start and text[end - 1] in BLANK:
        end -= 1
    if text[end - 1 : end] in "-=_*" and (glued := _GLUED_FENCE.search(text, max(start, end - 200), end)):
        return glued.start()
    last = text.rfind("\n", start, end)
    if last > start and end - last < 80 and headings.FENCE.fullmatch(text[last + 1 : end]):
        above = text[max(start, last - 900) : last]
        if not any(headings.FENCE.fullmatch(line) for line in above.split("\n") if line):
            return start + len(text[start:last].rstrip(BLANK))
    return end


def _make(text: str, number: int | None, at: int, end: int, heading: str | None, above: int) -> Paragraph:
    marking, opens = _opening(text, at, end)
    return Paragraph(number, marking, heading, at, max(_trim(text, at, end), at + 1), above, opens)


_MARKED_LINE = re.compile(rf"\n[ \t]*({MARK})[ ]")
_BLOCK = re.compile(r"\n[ \t\\]*\n[\s\\]*")


def _blocks(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut a stretch at blank lines and at marks that open a line."""
    cuts = [start]
    cuts += [m.end() for m in _BLOCK.finditer(text, start, end)]
    cuts += [m.start(1) for m in _MARKED_LINE.finditer(text, start, end)]
    edges = [*sorted(set(cuts)), end]
    out = []
    for a, b in pairwise(edges):
        while a < b and text[a] in BLANK:
            a += 1
        b = _trim(text, a, b)
        if a < b:
            out.append((a, b))
    return out


def _unnumbered(text: str, start: int, end: int, only_labelled: bool) -> list[Paragraph]:
    """Read blocks as paragraphs; in a numbered cable only those that open with SUMMARY or COMMENT, or stand under such a heading."""
    out: list[Paragraph] = []
    heading: str | None = None
    above = -1
    under = False
    blocks = _blocks(text, start, end)
    for i, (a, b) in enumerate(blocks):
        lines = text[a:b].split("\n")
        alone = [w for w in (line.strip(BLANK) for line in lines) if w and not headings.FENCE.fullmatch(w)]
        if not alone:
            above = a if above < 0 else above
            continue
        fences = [j for j, line in enumerate(lines) if headings.FENCE.fullmatch(line)]
        rest = a
        title: list[str] = []
        if fences and fences[-1] < len(lines) - 1 and fences[-1] <= 4:
            title = alone[: len([w for w in lines[: fences[-1]] if w.strip(BLANK) and not headings.FENCE.fullmatch(w)])]
            rest = a + sum(len(line) + 1 for line in lines[: fences[-1] + 1])
        elif (
            i + 1 < len(blocks)
            and len(alone) <= 3
            and all(headings.heads(w, bool(fences)) for w in alone)
            and len(" ".join(alone)) <= 150
        ):
            title, rest = alone, b
        if title and (i + 1 < len(blocks) or rest < b):
            heading, above = " ".join(w.strip(headings.EDGE) for w in title) or heading, a if above < 0 else above
            under = bool(parts.TITLE.match(heading or ""))
        while rest < b and text[rest] in BLANK:
            rest += 1
        if rest >= b:
            continue
        marking, opens = _opening(text, rest, b)
        if CLASS_LINE.match("\n" + text[rest : rest + 120]):  # a preview's second head, cut off
            continue
        if only_labelled and not (under or parts.LABEL.match(text, opens, b)):
            if out and only_labelled and not heading:
                out[-1].end = b
            continue
        out.append(Paragraph(None, marking, heading, rest, b, above if heading and above >= 0 else rest, opens))
        heading, above = None, -1
    return out


def read(text: str, start: int, end: int) -> list[Paragraph]:
    r"""Read the paragraphs of a body.

    Parameters
    ----------
    text
        The message, page breaks blanked.
    start, end
        The body: after the head, before the signature. Characters.

    Returns
    -------
    Paragraphs in order, parts set.

    Examples
    --------
    >>> body = "\n1. (U) Summary: The port is open. End summary.\n\nFISH\n----\n\n2. (C) Catches fell.\n"
    >>> [(p.number, p.marking, p.heading, p.part) for p in read(body, 0, len(body))]
    [(1, 'U', None, 'summary'), (2, 'C', 'FISH', 'body')]
    """
    found = _candidates(text, start, end)
    chain = _chain(found)
    if len(chain) < 3 or chain[-1][1] != len(chain) or text.find(f" {len(chain) + 1}.", chain[-1][0], end) >= 0:
        chain = _chain(_inline(text, start, end, found))
    out: list[Paragraph] = []
    if not chain:
        out = _unnumbered(text, start, end, only_labelled=False)
    else:
        bounds: list[tuple[int, int, str | None, int]] = []
        floor = start
        for at, number in chain:
            heading, above = headings.above(text, floor, at, first=not bounds)
            bounds.append((at, number, heading, above))
            floor = at
        if bounds[0][3] > start and text[start : bounds[0][3]].strip(BLANK):
            out += _unnumbered(text, start, bounds[0][3], only_labelled=True)
        labelled = _labelled_headings(text, chain[0][0], end)
        for (at, number, heading, above), following in zip_longest(bounds, bounds[1:]):
            stop = following[3] if following else end
            # A fenced SUMMARY or COMMENT with unnumbered text below it ends a numbered paragraph.
            own = next(
                (
                    h
                    for h in labelled
                    if at < h < stop and text[text.find("\n", h + 1) : stop].strip(headings.EDGE + BLANK)
                ),
                stop,
            )
            out.append(_make(text, number, at, own, heading, above))
            if own < stop:
                out += _unnumbered(text, own, stop, only_labelled=True)
    parts.mark(text, out)
    return out


_FENCED = re.compile(r"\n[-=*_]{3,}[ \t\\-]*(?=\n)")


def _labelled_headings(text: str, start: int, end: int) -> list[int]:
    """List where a fenced heading SUMMARY or COMMENT begins."""
    if not ("\n--" in text or "\n==" in text):
        return []
    above = [(text.rfind("\n", start, m.start()), m.start()) for m in _FENCED.finditer(text, start, end)]
    return [a for a, b in above if a >= 0 and b - a < 70 and _LABELLED.match(text[a + 1 : b].strip(BLANK))]
