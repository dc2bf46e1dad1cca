"""Which part of a message a paragraph is: summary, comment, note, action, or body; and the summary's text."""

from __future__ import annotations

import re
from bisect import bisect_left

from cablelab.message.grammar import ACCORDINGLY, BANNER, BEFORE_SUMMARY, BLANK, CAPTION_LINE, PORTION
from cablelab.message.model import Paragraph

_OPENS = rf"(?:BEGIN[ ]+)?{BEFORE_SUMMARY}(?:CONT(?:INUED|'D)?\.?[ ])?(?:EXECUTIVE[ ]|BRIEF[ ]|EMBASSY[ ]|POST[ ]|MISSION[ ])?"
_WORD = r"(SUMMARY|COMMENT|NOTE|ACTION)S?"
LABEL = re.compile(
    r"(?=[\s*\"(.]{0,17}+(?:[BEPMSCNA][AEIORUCMX]|INTRO|OVERV|[A-Z]{1,4}\)))"  # most paragraphs fail here
    rf"[\s*\"(.]{{0,12}}(?:\([A-Z]{{1,4}}\)[ ]{{0,4}})?[\"(*]{{0,4}}{_OPENS}{_WORD}(?:[ ]\(?CONT(?:INUED|'D)?\)?)?"
    r"(?:[ ]REQUEST(?:ED|S)?|[ ]REQUIRED|[ ]ITEMS?)?(?=[ ]*[:.;,()/&–—]|[ ]*-|[ ]*\n|[ ]*$|[ ]{2,}|[ ](?:AND|&)[ ])"
    r"(?:[ ]*(?:/|&|,|AND)[ ]*(?:COMMENT|ACTION REQUEST|ACTION|INTRODUCTION|BACKGROUND|ANALYSIS|SUMMARY|CONTEXT)\w*)?",
    re.IGNORECASE,
)
TITLE = re.compile(rf"\W*{_OPENS}(?:(?:FINAL|CLOSING|CONSULATE)[ ])?{_WORD}\b", re.IGNORECASE)
_BEHIND_END = (
    r"(?<![A-Z]...)[ \n]{0,3}(?:OF[ \n])?(?:\([A-Z]+\)[ ])?"
    rf"{BEFORE_SUMMARY}(?:EXECUTIVE[ \n])?(SUMMARY|COMMENT|NOTE|ACTION)"
)
_END = re.compile(rf"END{_BEHIND_END}", re.IGNORECASE)
_END_WITH_CAPITAL = re.compile(rf"E(?:ND|nd)(?i:{_BEHIND_END})")
# Behind a heading's first word: what tells that it names something else, `Comments from the Opposition`, and labels no part.
_NAMES_MORE = re.compile(
    r"[ ]+(?=[A-Z])(?!(?:AND|FOR|BY)\b|CONT|REQUEST|REQUIRED|ITEM|SECTION|ADDRESSEE"
    r"|FROM[ ](?:THE[ ])?(?:POST|EMBASSY|MISSION|AMBASSADOR|CHARGE|CONSUL)|(?:(?<=COMMENT[ ])|(?<=NOTE[ ]))ON\b)",
    re.IGNORECASE,
)
_NOTICE = 300  # characters of the longest notice that asks for care
_LABELS = {"SUMMARY": "summary", "COMMENT": "comment", "NOTE": "note", "ACTION": "action"}


def mark(text: str, paragraphs: list[Paragraph]) -> None:
    """Mark summary, comment, note and action, by label before heading; END bounds them, else the next heading."""
    n = len(paragraphs)
    labels: list[str | None] = []
    label_at = LABEL.match
    for p in paragraphs:
        found = label_at(text, p.opens, p.end)
        label = _LABELS[found[1].upper()] if found else None
        if found is None and p.heading and (found := TITLE.match(p.heading)):
            label = _LABELS[found[1].upper()]
            closed = "summary" in labels if label == "summary" else bool(labels)
            if closed and _NAMES_MORE.match(p.heading, found.end()):
                label = None
        labels.append(label)
    ends = _closings(text, paragraphs, labels)
    if not any(labels) and not any(ends):
        return
    i = 0
    while i < n:
        label = labels[i]
        if label is None:
            i += 1
            continue
        stop = i
        if ends[i] != label:
            # A comment outside a number is not closed by the END of a later one.
            outside = paragraphs[i].number is None
            open_to = {None} if outside else {None, label}
            stop = next((j for j in range(i + 1, n) if ends[j] == label or labels[j] not in open_to), -1)
            if stop < 0 or ends[stop] != label or labels[stop] not in open_to:
                following = next((j for j in range(i + 1, n) if paragraphs[j].heading or labels[j]), None)
                bounded = following is not None and paragraphs[following].heading and not outside
                stop = following - 1 if following is not None and bounded else i
        for p in paragraphs[i : stop + 1]:
            p.part = label
        i = stop + 1
    # An END SUMMARY without its opening: all that stands above it, back to a heading.
    for j in [j for j in range(n) if ends[j]]:
        if ends[j] == "summary" and paragraphs[j].part == "body" and not any(p.part == "summary" for p in paragraphs):
            first = j
            while first > 0 and not paragraphs[first].heading and paragraphs[first - 1].part == "body":
                above = paragraphs[first - 1]
                if above.end - above.opens < _NOTICE and ACCORDINGLY.search(text, above.opens, above.end):
                    break
                first -= 1
            for p in paragraphs[first : j + 1]:
                p.part = "summary"
        elif paragraphs[j].part == "body" and _END.search(text, max(paragraphs[j].end - 30, 0), paragraphs[j].end):
            paragraphs[j].part = ends[j] or "body"


# Each letter in both cases, not IGNORECASE: the engine then skips ahead to the word's first letter.
_BEGINS = {
    word: re.compile(
        "".join(f"[{c}{c.lower()}]" for c in word)
        + rf"(?i:(?<=BEGIN {word})|(?<!END {word})(?<!OF {word})(?:/[A-Z]{{3,12}})?[ ]?[:.(-])"
    )
    for word in _LABELS
}


def _end_marks(text: str, start: int, end: int) -> list[re.Match[str]]:
    """List END SUMMARY and its kin in order, in each way they are written."""
    found = list(_END_WITH_CAPITAL.finditer(text, start, end))
    at = text.find(" end", start, end)
    while at >= 0:
        if match := _END.match(text, at + 1, end):
            found.append(match)
        at = text.find(" end", at + 4, end)
    if len(found) > 1:
        found.sort(key=re.Match.start)
    return found


def closes(text: str, label: re.Match[str] | None, start: int, end: int) -> bool:
    """Tell whether the END of a part that opens with `label` stands in a stretch of text."""
    return label is not None and any(m[1].upper() == label[1].upper() for m in _end_marks(text, start, end))


def _closings(text: str, paragraphs: list[Paragraph], labels: list[str | None]) -> list[str | None]:
    """Name the part that each paragraph closes: an END whose opening is not inside the same paragraph."""
    closed: list[str | None] = [None] * len(paragraphs)
    if not paragraphs:
        return closed
    marks = _end_marks(text, paragraphs[0].opens, paragraphs[-1].end)
    ends = [p.end for p in paragraphs] if marks else []
    for found in marks:
        at = bisect_left(ends, found.end(), 0, len(ends) - 1)
        p = paragraphs[at]
        if closed[at] is not None or found.start() < p.opens:
            continue
        word = found[1].upper()
        if _LABELS[word] == labels[at] or _BEGINS[word].search(text, p.opens, found.start()) is None:
            closed[at] = _LABELS[word]
    return closed


_LEAD = re.compile(
    rf"[\s*\"(]{{0,12}}(?:{LABEL.pattern})?[\s:.;\-–—&/)]{{0,40}}(?:{PORTION.pattern}[\s:.\-]*)?", re.IGNORECASE
)


def _is_marking(line: str) -> bool:
    """Tell a level or captions, which a copy put between the lines of a text, from other capitals."""
    return line[-1] != "." and bool(CAPTION_LINE.match(line) or BANNER.fullmatch(line))


def summary(text: str, paragraphs: list[Paragraph]) -> str | None:
    r"""Join the summary's paragraphs, numbers, markings and labels removed; lines keep their breaks.

    >>> from cablelab.message.paragraphs import read
    >>> body = "\n1. (U) Summary: The port is open. End summary.\n"
    >>> summary(body, read(body, 0, len(body)))
    'The port is open.'
    """
    pieces = []
    for p in paragraphs:
        if p.part != "summary":
            continue
        lead = _LEAD.match(text, p.opens, p.end)
        piece = text[lead.end() if lead else p.opens : p.end]
        for cut in _end_marks(piece, 0, len(piece)):
            if cut[1].upper() == "SUMMARY":
                piece = piece[: cut.start()].rstrip(" \t\n\\(")
                break
        lines = [line.strip(BLANK) for line in piece.split("\n")]
        piece = "\n".join([line for line in lines if not (line.isupper() and _is_marking(line))]).strip()
        if piece:
            pieces.append(piece)
    whole = "\n".join(pieces).replace("¶", "")  # a site's sign before what it took for a number: `on April\n¶16`
    if "\n\n" in whole:
        whole = re.sub(r"\n\n+", "\n", whole)
    # what stood in the midst of a line, as a page break does in joined lines, is overwritten with blanks
    return (re.sub(r"[ ]{6,}", " ", whole) if " " * 6 in whole else whole) or None
