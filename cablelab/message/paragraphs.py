"""Paragraphs: where they begin, the headings above them, and which part of the message they are.

A number opens a paragraph if it continues the count. Sub-lists, dates at line starts and quoted lists have numbers too, so the
candidates are read together and the best chain of counting numbers is taken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from cablelab.message.grammar import BANNER, BLANK, CAPTION_LINE, MARK, PORTION, PORTION_WORDS

_NUMBER = re.compile(r"\n[ \t>*\\]*(¶[ ]?)?(\d{1,3})[ ]?([.,)])(?!\d)(?=[ \t]*\S|[ \t\\]*\n)")
_FIRST = re.compile(r"[ \t\n>*\\]*(¶[ ]?)?(\d{1,3})[ ]?([.,)])(?!\d)")
_INLINE = re.compile(r"\. {0,3}" + MARK)
_BEFORE_INLINE = re.compile(r"(?:[.?!:;\"”)\]]|END SUMMARY|SUMMARY)\s{1,3}(\d{1,2})$", re.IGNORECASE)
_AFTER = re.compile(r"[ \t]*(?:\([A-Za-z]|[A-Z\"“'*(¶]|\n|\\)")
_FENCE = re.compile(r"[ \t>]*[-=_*~#+.]{3,}[-=_*~#+. \t\\]*")
_FENCE_OPENS = frozenset(" \t>-=_*~#+.")
_BULLET = re.compile(r"[ \t]*(?:--|[-*•o][ \t]|\(?[a-zA-Z0-9][.)][ \t]|¶|[\"“'‘]?[a-z]|\.\.\.|[\d$])")
_EDGE = "/-=*_#~ \t\\>+|"

_OPENS = r"(?:BEGIN[ ]+)?(?:EXECUTIVE[ ]|BRIEF[ ]|EMBASSY[ ]|POST[ ]|MISSION[ ])?"
_WORD = r"(SUMMARY|COMMENT|NOTE|ACTION)S?"
_LABEL = re.compile(
    rf"[\s*\"(]*{_OPENS}{_WORD}(?:[ ]REQUEST(?:ED|S)?|[ ]REQUIRED|[ ]ITEMS?)?(?=[ ]*[:.;,(/&–—]|[ ]*-|[ ]*\n|[ ]*$|[ ]{{2,}}|[ ](?:AND|&)[ ])"
    r"(?:[ ]*(?:/|&|AND)[ ]*(?:COMMENT|ACTION|INTRODUCTION|BACKGROUND|ANALYSIS|SUMMARY|ACTION REQUEST|CONTEXT)\w*)?",
    re.IGNORECASE,
)
_LABELLED = re.compile(r"(?:[-=*_]{3,}[ ]*)?(?:[A-Z]{1,9}[ ])?(?:SUMMARY|COMMENT)[A-Z ]{0,30}[ \t\\]*$", re.IGNORECASE)
_TITLE = re.compile(rf"\W*{_OPENS}{_WORD}\b", re.IGNORECASE)
_END = re.compile(
    r"END(?<![A-Z]...)[ \n]{0,3}(?:OF[ \n])?(?:\([A-Z]+\)[ ])?(?:EXECUTIVE[ \n])?(SUMMARY|COMMENT|NOTE|ACTION)",
    re.IGNORECASE,
)
_LABELS = {"SUMMARY": "summary", "COMMENT": "comment", "NOTE": "note", "ACTION": "action"}


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
                weight -= 0.5
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
        if before and before.start(1) not in taken:
            extra.append((before.start(1), int(before[1]), 0.9))
    return sorted(have + extra) if extra else have


@lru_cache(maxsize=1 << 12)
def _is_mark(written: str) -> bool:
    return all(w in PORTION_WORDS for w in re.split(r"[ /,-]+", written.upper()) if w)


def _chain(found: list[tuple[int, int, float]]) -> list[tuple[int, int]]:
    """Take the best chain of numbers that count upwards; repeats and small gaps cost, going back is not allowed."""
    if all(number == i + 1 for i, (_, number, _) in enumerate(found)) and all(w > 0.4 for _, _, w in found):
        return [(at, number) for at, number, _ in found]
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


def _heading(text: str, start: int, at: int, first: bool) -> tuple[str | None, int]:
    """Find the heading directly above a paragraph: its words and where it begins (with its fences); (None, at) if there is none."""
    found: list[tuple[int, str]] = []
    fence = 0
    opens = at
    above = ""
    bounded = gap = False
    stop = text.rfind("\n", start, at)
    for _ in range(24):
        if stop < start:
            break
        a = text.rfind("\n", start, stop) + 1 or start
        # A line longer than any heading is told by its length alone; a long one that ends a sentence is none.
        line = text[a:stop].strip(BLANK) if stop - a < 400 else text[a : a + 400]
        stop = a - 1
        if not line:
            gap = bool(found)
            if found and not fence:
                bounded = True
                break
            continue
        if len(line) > 130:
            bounded, above = gap, line
            break
        if line[0] in _FENCE_OPENS and _FENCE.fullmatch(line):
            if found:
                opens, bounded = a, True
                break
            fence, opens = fence + len(line), a
            continue
        inside = (a > start or first) and len(found) < 4 and _heads(line, bool(fence)) and not _is_end(text, a, line)
        if (
            not inside
            or (gap and not (fence and not found[-1][1][:1].isupper()))
            or (found and not fence and len(line) > 100)
        ):
            bounded, above = gap, line
            break
        found.append((a, line))
    if not bounded and above:
        found = _fitting(found, fence, above)
    if not found or (not fence and sum(len(w) for _, w in found) > 150):
        return None, at
    title = " ".join(w.strip(_EDGE) for _, w in reversed(found)).strip()
    return (title, min(opens, found[-1][0])) if title else (None, at)


def _fitting(found: list[tuple[int, str]], fence: int, above: str) -> list[tuple[int, str]]:
    """Of lines that no blank line parts from the text above, keep those that the fence below is as long as; else only capitals."""
    if fence:
        kept = found[:1]
        for a, line in found[1:]:
            if sum(len(w) + 1 for _, w in kept) + len(line) > fence + 4:
                break
            kept.append((a, line))
        return kept
    if len(above) >= 120 or above.endswith((".", "?", "!", ")", '"', "”", ":")):
        capitals = [found[0]] if found and (found[0][1].isupper() or len(above) >= 120) else []
        for one in found[1:] if capitals else []:
            if not one[1].isupper():
                break
            capitals.append(one)
        return capitals
    return []


def _is_end(text: str, at: int, line: str) -> bool:
    """Tell whether a line is the second half of a wrapped END SUMMARY."""
    return line.rstrip(".").upper() in _LABELS and text[max(0, at - 12) : at].rstrip(BLANK).upper().endswith("END")


def _heads(line: str, fenced: bool) -> bool:
    """Tell whether one line could be a heading's."""
    if len(line) > 130 or CAPTION_LINE.match(line) or BANNER.fullmatch(line):
        return False
    if fenced:
        return not line.startswith(("--", "¶"))
    if line.startswith("//") or line.endswith("//"):
        return True
    return (
        not _BULLET.match(line)
        and not (line.endswith((".", ";", ",", ":")) and not line.endswith("...") and not _TITLE.match(line))
        and not _end_marks(line, 0, len(line))
    )


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


def _trim(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] in BLANK:
        end -= 1
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
    for a, b in zip(edges, edges[1:], strict=False):
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
        alone = [w for w in (line.strip(BLANK) for line in lines) if w and not _FENCE.fullmatch(w)]
        if not alone:
            above = a if above < 0 else above
            continue
        fences = [j for j, line in enumerate(lines) if _FENCE.fullmatch(line)]
        rest = a
        title: list[str] = []
        if fences and fences[-1] < len(lines) - 1 and fences[-1] <= 4:
            title = alone[: len([w for w in lines[: fences[-1]] if w.strip(BLANK) and not _FENCE.fullmatch(w)])]
            rest = a + sum(len(line) + 1 for line in lines[: fences[-1] + 1])
        elif (
            i + 1 < len(blocks)
            and len(alone) <= 3
            and all(_heads(w, bool(fences)) for w in alone)
            and len(" ".join(alone)) <= 150
        ):
            title, rest = alone, b
        if title and (i + 1 < len(blocks) or rest < b):
            heading, above = " ".join(w.strip(_EDGE) for w in title) or heading, a if above < 0 else above
            under = bool(_TITLE.match(heading or ""))
        while rest < b and text[rest] in BLANK:
            rest += 1
        if rest >= b:
            continue
        marking, opens = _opening(text, rest, b)
        if only_labelled and not (under or _LABEL.match(text, opens, b)):
            if out and only_labelled and not heading:
                out[-1].end = b
            continue
        out.append(Paragraph(None, marking, heading, rest, b, above if heading and above >= 0 else rest, opens))
        heading, above = None, -1
    return out


def read(text: str, start: int, end: int) -> list[Paragraph]:
    """Read the paragraphs of a body.

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
    >>> body = "\\n1. (U) Summary: The port is open. End summary.\\n\\nFISH\\n----\\n\\n2. (C) Catches fell.\\n"
    >>> [(p.number, p.marking, p.heading, p.part) for p in read(body, 0, len(body))]
    [(1, 'U', None, 'summary'), (2, 'C', 'FISH', 'body')]
    """
    found = _candidates(text, start, end)
    chain = _chain(found)
    if len(chain) < 3 or chain[-1][1] != len(chain) or end - chain[-1][0] > 4_000:
        chain = _chain(_inline(text, start, end, found))
    out: list[Paragraph] = []
    if not chain:
        out = _unnumbered(text, start, end, only_labelled=False)
    else:
        bounds: list[tuple[int, int, str | None, int]] = []
        floor = start
        for at, number in chain:
            heading, above = _heading(text, floor, at, first=not bounds)
            bounds.append((at, number, heading, above))
            floor = at
        if bounds[0][3] > start and text[start : bounds[0][3]].strip(BLANK):
            out += _unnumbered(text, start, bounds[0][3], only_labelled=True)
        headings = _labelled_headings(text, chain[0][0], end)
        for (at, number, heading, above), following in zip_longest(bounds, bounds[1:]):
            stop = following[3] if following else end
            # A fenced SUMMARY or COMMENT with unnumbered text below it ends a numbered paragraph.
            own = next(
                (h for h in headings if at < h < stop and text[text.find("\n", h + 1) : stop].strip(_EDGE + BLANK)),
                stop,
            )
            out.append(_make(text, number, at, own, heading, above))
            if own < stop:
                out += _unnumbered(text, own, stop, only_labelled=True)
    _parts(text, out)
    return out


_FENCED = re.compile(r"\n[-=*_]{3,}[ \t\\-]*(?=\n)")


def _labelled_headings(text: str, start: int, end: int) -> list[int]:
    """List where a fenced heading SUMMARY or COMMENT begins."""
    if not ("\n--" in text or "\n==" in text):
        return []
    above = [(text.rfind("\n", start, m.start()), m.start()) for m in _FENCED.finditer(text, start, end)]
    return [a for a, b in above if a >= 0 and b - a < 70 and _LABELLED.match(text[a + 1 : b].strip(BLANK))]


def _parts(text: str, paragraphs: list[Paragraph]) -> None:
    """Mark summary, comment, note and action, by label before heading; END bounds them, else the next heading."""
    n = len(paragraphs)
    labels: list[str | None] = []
    for p in paragraphs:
        found = _LABEL.match(text, p.opens, p.end) or (_TITLE.match(p.heading) if p.heading else None)
        labels.append(_LABELS[found[1].upper()] if found else None)
    ends = _closings(text, paragraphs, labels)
    i = 0
    while i < n:
        label = labels[i]
        if label is None:
            i += 1
            continue
        stop = i
        if ends[i] != label:
            stop = next((j for j in range(i + 1, n) if ends[j] == label or (labels[j] not in {None, label})), -1)
            if stop < 0 or ends[stop] != label or labels[stop] not in {None, label}:
                following = next((j for j in range(i + 1, n) if paragraphs[j].heading or labels[j]), None)
                stop = following - 1 if following is not None and paragraphs[following].heading else i
        for p in paragraphs[i : stop + 1]:
            p.part = label
        i = stop + 1
    # An END SUMMARY without its opening: all that stands above it, back to a heading.
    for j in range(n):
        if ends[j] == "summary" and paragraphs[j].part == "body" and not any(p.part == "summary" for p in paragraphs):
            first = j
            while first > 0 and not paragraphs[first].heading and paragraphs[first - 1].part == "body":
                first -= 1
            for p in paragraphs[first : j + 1]:
                p.part = "summary"


_BEGINS = {word: re.compile(rf"(?<!END )(?<!OF ){word}[ ]?[:.(-]|BEGIN {word}", re.IGNORECASE) for word in _LABELS}


def _end_marks(text: str, start: int, end: int) -> list[re.Match[str]]:
    """List END SUMMARY and its kin in order; the word itself is found by memory search, in each way it is written."""
    found = []
    for word in ("END", "End", " end"):
        at = text.find(word, start, end)
        while at >= 0:
            if match := _END.match(text, at + (word[0] == " "), end):
                found.append(match)
            at = text.find(word, at + 3, end)
    found.sort(key=re.Match.start)
    return found


def _closings(text: str, paragraphs: list[Paragraph], labels: list[str | None]) -> list[str | None]:
    """Name the part that each paragraph closes: an END whose opening is not inside the same paragraph."""
    closed: list[str | None] = [None] * len(paragraphs)
    if not paragraphs:
        return closed
    at = 0
    for found in _end_marks(text, paragraphs[0].opens, paragraphs[-1].end):
        while paragraphs[at].end < found.end() and at < len(paragraphs) - 1:
            at += 1
        p = paragraphs[at]
        if closed[at] is not None or found.start() < p.opens:
            continue
        word = found[1].upper()
        if _LABELS[word] == labels[at] or _BEGINS[word].search(text, p.opens, found.start()) is None:
            closed[at] = _LABELS[word]
    return closed


_LEAD = re.compile(rf"[\s*\"(]*(?:{_LABEL.pattern})?[\s:.;\-–—&/)]*(?:{PORTION.pattern}[\s:.\-]*)?", re.IGNORECASE)


def summary(text: str, paragraphs: list[Paragraph]) -> str | None:
    """Join the summary's paragraphs, numbers, markings and labels removed; lines keep their breaks.

    >>> body = "\\n1. (U) Summary: The port is open. End summary.\\n"
    >>> summary(body, read(body, 0, len(body)))
    'The port is open.'
    """
    pieces = []
    for p in paragraphs:
        if p.part != "summary":
            continue
        lead = _LEAD.match(text, p.opens, p.end)
        piece = text[lead.end() if lead else p.opens : p.end]
        if cut := next((m for m in _end_marks(piece, 0, len(piece)) if m[1].upper() == "SUMMARY"), None):
            piece = piece[: cut.start()].rstrip(" \t\n\\(")
        piece = "\n".join(line.strip(BLANK) for line in piece.split("\n")).strip()
        if piece:
            pieces.append(piece)
    return re.sub(r"\n{2,}", "\n", "\n".join(pieces)) or None
