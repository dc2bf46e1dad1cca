"""Paragraphs: where they begin, the headings above them, and which part of the message they are.

A number opens a paragraph if it continues the count. Sub-lists, dates at line starts and quoted lists have numbers too, so the
candidates are read together and the best chain of counting numbers is taken.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise, zip_longest
from operator import itemgetter

from cablelab.message import counting, headings, holes, parts
from cablelab.message.glued import EDGE
from cablelab.message.grammar import BEFORE_SUMMARY, BLANK, CLASS_LINE, FENCE, MARK, PORTION, SIGN
from cablelab.message.model import Paragraph
from cablelab.terms import MONTH_NAMES, MONTHS

_PORTION = PORTION.pattern
# Most lines are passed over by their first letter. A marking is read along; without one, what may open a paragraph's words.
_NUMBER = re.compile(
    r"\n(?=[ \t>*\\¶\d])[ \t>*\\]*+(¶?[ ]?(\d{1,3}))[ ]?([.,)])(?!\d)(?=[ \t]*+\S|[ \t\\]*+\n)"
    rf"(?:{_PORTION}|(?=[ \t]*([A-Z\"“'*(¶\n\\])))?"
)
_FIRST = re.compile(r"[ \t\n>*\\]*((?:¶[ ]?)?(\d{1,3}))[ ]?([.,)])(?!\d)")
_MARK = re.compile(MARK)
_BEFORE_INLINE = re.compile(r"([.?!:;\"”)\]]|END SUMMARY|SUMMARY)?\s{1,3}(\d{1,2})$", re.IGNORECASE)
_LABELLED = re.compile(
    rf"(?:{SIGN}{{3,}}[ ]*)?(?:{BEFORE_SUMMARY}|[A-Z]{{1,9}}[ ])(?:SUMMARY|COMMENT)[A-Z ]{{0,30}}[ \t\\]*$",
    re.IGNORECASE,
)


_ALONE = re.compile(r"[ \t\\]*\n")


_Candidate = holes.Candidate
_MARKED = {".": 1.5, ")": 0.55 + 0.5, ",": 1.0}
_UNMARKED = {".": 1.0, ")": 0.55}


def _candidates(text: str, start: int, end: int) -> list[_Candidate]:
    """List every number that could open a paragraph."""
    found: list[_Candidate] = []
    brackets: list[int] = []
    first = _FIRST.match(text, start, end)
    if first:
        found.append((first.start(1), int(first[2]), 1.5, first.end(), None))
    for match in _NUMBER.finditer(text, start, end):
        at = match.start(1)
        if found and at <= found[-1][0]:
            continue
        number, stop, written = match.group(2, 3, 4)
        if written:
            found.append((at, int(number), _MARKED[stop], match.end(), _marking(written)))
        elif stop != ",":
            weight, opens = _UNMARKED[stop], match.end(3)
            if not match[5]:
                weight -= 0.6
            elif _runs_on(text, match.start()):
                # A number alone on its line there ends a sentence: `see paragraph\n13.`
                weight -= 0.9 if _ALONE.match(text, opens) or text[match.start() - 1] == "\n" else 0.5
            if stop == ")":
                brackets.append(len(found))
            found.append((at, int(number), weight, opens, None))
    if 0 < 2 * len(brackets) < len(found):  # the items of a list
        for i in brackets:
            found[i] = (*found[i][:2], found[i][2] - 0.3, *found[i][3:])
    return found


def _runs_on(text: str, line_break: int) -> bool:
    """Tell whether the line above breaks off inside a sentence, so that a number at this line's start is part of it."""
    stop = line_break
    while stop > 0 and text[stop - 1] in " \t\\":
        stop -= 1
    last = text[stop - 1 : stop]
    return last.isalnum() or last in {",", "("} or (last == "\n" and _ends_in_month(text[max(0, stop - 80) : stop]))


def _ends_in_month(above: str) -> bool:
    """Tell whether a text breaks off behind a month: a copy put the day below a blank line, `the week of April` and `7. However`."""
    word = above.rstrip(BLANK).rpartition(" ")[2]
    return word[1:].islower() and word.upper()[:3] in MONTHS and (len(word) == 3 or word in MONTH_NAMES)


def _inline(text: str, start: int, end: int, have: list[_Candidate]) -> list[_Candidate]:
    """Add marked numbers inside lines, where a copy joined paragraphs."""
    taken = {one[0] for one in have}
    extra: list[_Candidate] = []
    past = start
    at = text.find("(", start, end)
    while at >= 0:
        lead = text[max(at - 4, past) : at]
        words = lead.rstrip(" ")
        stop = at - 1 - len(lead) + len(words)
        mark = _MARK.match(text, at, end) if words.endswith((".", ")")) else None
        before = _BEFORE_INLINE.search(text, max(start, stop - 20), stop) if mark else None
        past = mark.end() if mark else past
        at = text.find("(", at + 1, end)
        if before and before.start(2) not in taken:
            opens = stop + 1
            extra.append((before.start(2), int(before[2]), 0.9 if before[1] else 0.6, opens, None))
    return sorted(have + extra, key=itemgetter(0)) if extra else have


@lru_cache(maxsize=1 << 10)
def _marking(written: str) -> str:
    """Write a portion marking as it is kept: capitals, no blanks."""
    return "".join(written.split()).upper()


_OWN_NUMBER = re.compile(r"(?:¶[ ]?)?\d{1,3}[ ]?[.,)]|¶")
_OWN_MARK = re.compile(r"\s{0,4}" + PORTION.pattern)


# A letter, a roman numeral or a bullet in a number's place: `A.  (C)`, `iv) (SBU)`, `B.1. (U)`, `II  (S)`, `-- (C)`.
_ITEM = (
    r"(?:[-–—*•]{1,3}[ \t]{0,3})?(?:¶[ ]?)?(?:\(?(?:[IVXivx]{1,6}|[A-Za-z]|\d{1,3})[.,):-]{1,2}[ \t]?){0,3}"
    r"(?:[IVXivx]{2,6}|\d{1,3})?(?=[ \t]{0,4}\()"
)
_OWN_ITEM = re.compile(_ITEM)
_BEHIND_LABEL = re.compile(r"[\s:.\-–—*]{0,8}" + PORTION.pattern)
_ENTIRE = re.compile(r"\s{0,4}([A-Z]{1,12})[ ]?-[ ]?ENTIRE[ ]TEXT\b\.?")


def _opening(text: str, opens: int, end: int) -> tuple[str | None, int]:
    """Read the portion marking after a number's signs; return it and where the words begin."""
    found = _OWN_MARK.match(text, opens, end) or _ENTIRE.match(text, opens, end)
    if found:
        return _marking(found[1]), found.end()
    if (label := parts.LABEL.match(text, opens, end)) and (found := _BEHIND_LABEL.match(text, label.end(), end)):
        return _marking(found[1]), opens  # `Comment: (U) ...`: the words open with the label
    return None, opens


_GLUED_FENCE = re.compile(
    r"(?:(?<=[.?!)\"”])|(?i:(?<=END SUMMARY)|(?<=END COMMENT)|(?<=END NOTE)))[ ]+"
    rf"(?:{SIGN}{{8,}}(?:[ ]{SIGN}+){{0,3}}|{SIGN}(?:[ ]{SIGN})*)$"
)


def _trim(text: str, start: int, end: int) -> int:
    """Go back over blanks, and over a fence that nothing follows; the foot of a table stays."""
    while end > start:
        piece = text[max(start, end - 32) : end]
        words = piece.rstrip(BLANK)
        end -= len(piece) - len(words)
        if words:
            break
    if text[end - 1 : end] in "-=_*" and (glued := _GLUED_FENCE.search(text, max(start, end - 200), end)):
        return glued.start()
    if text[end - 2 : end - 1] not in headings.FENCE_HOLDS:
        return end
    last = text.rfind("\n", start, end)
    if last > start and end - last < 80 and FENCE.fullmatch(text[last + 1 : end]):
        above = text[max(start, last - 900) : last]
        if not any(FENCE.fullmatch(line) for line in above.split("\n") if line):
            return start + len(text[start:last].rstrip(BLANK))
    return end


_MARKED_LINE = re.compile(rf"\n[ \t]*+((?:{_ITEM}[ \t]{{0,4}})?{MARK})[ ]")
_BLOCK = re.compile(r"\n[ \t\\]*\n[\s\\]*")
_LINE_END = re.compile(r"\n")
_WRAPPED = 120  # characters: no machine that wrapped its lines had wider ones


def _blocks(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut a stretch at blank lines and at marks that open a line; as editions print it, without blank lines, at each line's end."""
    cuts = [start, *[m.end() for m in _BLOCK.finditer(text, start, end)]]
    lines = text[start:end].strip(BLANK).split("\n")
    if len(lines) > 1 and min(map(len, lines[:-1])) > _WRAPPED:
        cuts += [m.end() for m in _LINE_END.finditer(text, start, end)]
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
    closed = False
    title_label: re.Match[str] | None = None
    open_label: re.Match[str] | None = None
    blocks = _blocks(text, start, end)
    for i, (a, b) in enumerate(blocks):
        lines = text[a:b].split("\n")
        alone = [w for w in (line.strip(BLANK) for line in lines) if w and not FENCE.fullmatch(w)]
        if not alone:
            above = a if above < 0 else above
            continue
        fences = [j for j, line in enumerate(lines) if FENCE.fullmatch(line)]
        rest = a
        title: list[str] = []
        if fences and fences[-1] < len(lines) - 1 and fences[-1] <= 4:
            title = alone[: len([w for w in lines[: fences[-1]] if w.strip(BLANK) and not FENCE.fullmatch(w)])]
            rest = a + sum(len(line) + 1 for line in lines[: fences[-1] + 1])
        elif (
            i + 1 < len(blocks)
            and len(alone) <= 3
            and all(headings.heads(w, bool(fences)) for w in alone)
            and len(" ".join(alone)) <= 150
            and not (only_labelled and alone[-1].endswith("."))  # a comment of one sentence
            and not text[blocks[i + 1][0]].islower()  # else the text goes on, its first line torn
        ):
            title, rest = alone, b
        if title and (i + 1 < len(blocks) or rest < b):
            heading, above = " ".join(w.strip(EDGE) for w in title) or heading, a if above < 0 else above
            title_label = parts.TITLE.match(heading or "")
        while rest < b and text[rest] in BLANK:
            rest += 1
        if rest >= b:
            continue
        number = _OWN_NUMBER.match(text, rest, b)
        marking, opens = _opening(text, number.end() if number else rest, b)
        if CLASS_LINE.match("\n" + text[rest : rest + 120]):  # a preview's second head, cut off
            continue
        label = parts.LABEL.match(text, opens, b)
        if only_labelled and not (title_label or label or closed):
            if out:  # what seemed its heading is text of the labelled block too: nothing below it is lost
                out[-1].end, heading, above = b, None, -1
                closed = parts.closes(text, open_label, a, b)
            continue
        open_label = label or title_label
        closed = only_labelled and parts.closes(text, open_label, rest, b)
        if (
            marking is None
            and (item := _OWN_ITEM.match(text, rest, b))
            and (found := _OWN_MARK.match(text, item.end(), b))
        ):
            marking, opens = _marking(found[1]), found.end()
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
    found = counting.without_quotations(text, _candidates(text, start, end), end)
    chain = counting.chain(text, counting.without_lists(found))
    if len(chain) < 3 or chain[-1][1] != len(chain) or text.find(f" {len(chain) + 1}.", chain[-1][0], end) >= 0:
        chain = counting.chain(text, _inline(text, start, end, found))
    if chain:
        chain = holes.run_on(text, end, holes.without_stop(text, end, holes.filled(text, start, end, chain)))
    out = _numbered(text, start, end, chain) if chain else _unnumbered(text, start, end, only_labelled=False)
    parts.mark(text, out)
    return out


def _numbered(text: str, start: int, end: int, chain: list[_Candidate]) -> list[Paragraph]:
    """Read the paragraphs that a chain of numbers opens, and the labelled blocks between them."""
    out: list[Paragraph] = []
    first = chain[0][0]
    heading, above, _ = headings.above(text, start, first, first=True)
    if above > start and text[start:above].strip(BLANK):
        # without a first paragraph what stands above is its text, whose number is lost
        lost = chain[0][1] > 1
        for p in _unnumbered(text, start, above, only_labelled=not lost):
            if lost and out and p.heading is None and p.marking is None and not parts.LABEL.match(text, p.opens, p.end):
                out[-1].end = p.end
            else:
                out.append(p)
    fences = (
        [m.start() for m in _FENCED.finditer(text, first, end)]
        if "\n--" in text or ("=" in text and "\n==" in text)
        else []
    )
    fences.reverse()
    own_blocks = [m.end() for m in _OWN_BLOCK.finditer(text, first, end)]
    own_blocks.reverse()
    for one, following in zip_longest(chain, chain[1:]):
        at, number, _, opens, marking = one
        if following:
            next_heading, stop, closed = headings.above(text, at, following[0], first=False)
        else:
            next_heading, stop, closed = None, end, -1
        while fences and fences[-1] <= at:
            fences.pop()
        until = _labelled(text, at, stop, fences) if fences and fences[-1] < stop else stop
        while own_blocks and own_blocks[-1] <= opens:
            own_blocks.pop()
        if own_blocks and own_blocks[-1] < until:
            until = _opened(text, opens, own_blocks[-1], until)
        if until < stop and counting.is_quoted(text, opens, until):
            until = stop  # the label is the quoted text's, no part of the message
        if until < stop:
            closed = -1
        if marking is None:
            marking, opens = _opening(text, opens, until)
        last = closed if closed >= 0 else _trim(text, at, until)
        out.append(Paragraph(number, marking, heading, at, last if last > at else at + 1, above, opens))
        if until < stop:
            out += _unnumbered(text, until, stop, only_labelled=True)
        heading, above = next_heading, stop
    return out


# A block of its own that opens with its label, behind a blank line.
_OWN_BLOCK = re.compile(
    r"\n[ \t\r\\]*+(?=\n[ \t\\*]*+"
    r"(?=\(|[BEPbep][EMXOemxo][BEGSbegs]|[CScs][OUou][MNmn]|INTRO|Intro|BACKG|Backg|OVERV|Overv)"  # most lines fail here
    rf"(?i:(?:{MARK}[ ]{{0,3}})?(?:BEGIN[ ])?{BEFORE_SUMMARY}(?:(?:EMBASSY|POST|EXECUTIVE)[ ])?"
    r"(?:COMMENT|SUMMARY)(?:[ ]AND[ ][A-Z]+(?:[ ]REQUEST)?)?[ ]{0,3}[:.(]))"
)


def _opened(text: str, opens: int, block: int, end: int) -> int:
    """Tell whether a block with a label of its own ends the numbered paragraph whose words begin at `opens`; return where it ends then."""
    above = text[opens:block].rstrip(BLANK + "*")
    # a number alone on its line opens the block itself
    return end if not above or above[-8:].upper().endswith(("END", "END OF")) else block


_FENCED = re.compile(rf"\n{SIGN}{{3}}(?>(?:{SIGN}|[ \t\\])*)(?=\n)")


def _labelled(text: str, start: int, end: int, fences: list[int]) -> int:
    """Find where a fenced heading SUMMARY or COMMENT with unnumbered text below it ends a numbered paragraph.

    `fences` are those from `start` on, the last first; those above `end` are taken off.
    """
    while fences and fences[-1] < end:
        fence = fences.pop()
        above = text.rfind("\n", start, fence)
        if (
            above > start
            and fence - above < 70
            and _LABELLED.match(text[above + 1 : fence].strip(BLANK))
            and text[fence:end].strip(EDGE + BLANK)
        ):
            return above
    return end
