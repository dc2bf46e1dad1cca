"""Where a copy hides words: masks of X, black blocks, notes in brackets, exemption codes in the margin."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from cablelab.message.model import Cut, Paragraph, Redaction

# The masks of `terms` by the sign that each kind opens with, so that the engine skips ahead.
_MASKS = (
    ("X", re.compile("XXXX+")),
    ("x", re.compile("xxxx+")),
    ("█", re.compile("██+")),
    ("▇", re.compile("▇▇+")),
    ("■", re.compile("■■+")),
)
_SHORT = re.compile(r"XXX(?<![\w-]XXX)(?![\w-])")  # alone it might be a numeral, between hyphens a part of a number
_NOTE = re.compile(
    r"[\[(][^\[\]()\n]{0,40}?\b(?:redacted|excised|withheld|(?:not|less than[^\[\]()\n]{0,30}) declassified"
    r"|(?:names?|text|words?|lines?|sentences?|paragraphs?|passage|number|address|source)[ ](?:deleted|removed|omitted|blacked out))"
    r"\b[^\[\]()\n]{0,40}[\])]|\[(?:deleted|removed|omitted|blank)\]",
    re.IGNORECASE,
)
# How notes end, by the bracket, which is rarer than the words before it.
_NOTE_ENDS = ((")", re.compile(r"\)(?<=(removed|deleted)\))")), ("]", re.compile(r"\](?<=([dDkK])\])")))
# Exemptions of the Freedom of Information Act, and the paragraphs of the executive order, behind a text or alone on a line.
_CODE = r"(?:[(]?[Bb][(]?[1-9][)]?(?:[(]?[A-F][)]?)?|1\.[45][ ]?\([A-Ha-h]\))"
_GROUNDS = re.compile("B[16]"), re.compile(r"1\.4\(")
# Alone on its line, or three blanks or more behind the text.
_MARGIN = re.compile(
    rf"(?=[(Bb1])(?:(?<=\n)|(?<=\n[ \t])|(?<=\n[ \t]{{2}})|(?<=[ \t]{{3}})){_CODE}(?:[ ]?[,;][ ]?{_CODE})*(?=[ \t]*(?:\n|$))"
)


def find(text: str, start: int, end: int, body: int, last: int, paragraphs: Sequence[Paragraph]) -> list[Redaction]:
    r"""Find what is hidden between `start` and `end`, each with the position of the paragraph it lies in.

    Codes in the margin count only in the body, from `body` to `last`: above and below they say of the whole copy on what grounds it
    was cut.

    Examples
    --------
    >>> text = "1. The owner XXXX left.\n2. They said   B1, 1.4(D)\n"
    >>> [(r.kind, text[r.start : r.end]) for r in find(text, 0, len(text), 0, len(text), ())]
    [('mask', 'XXXX'), ('margin', 'B1, 1.4(D)')]
    """
    cuts: list[Cut] = []
    for sign, pattern in _MASKS:
        if sign in text:
            cuts += [(m.start(), m.end(), "mask") for m in pattern.finditer(text, start, end)]
    if cuts and "XXX" in text:
        cuts += [(m.start(), m.end(), "mask") for m in _SHORT.finditer(text, start, end)]
    for bracket, pattern in _NOTE_ENDS:
        for at in [m.start(1) for m in pattern.finditer(text, start, end)] if bracket in text else ():
            opens = max(text.rfind("[", max(start, at - 120), at), text.rfind("(", max(start, at - 120), at))
            if opens >= 0 and (note := _NOTE.match(text, opens, end)):
                cuts.append((note.start(), note.end(), "note"))
    if "RELEASE" in text or any(ground.search(text, body, last) for ground in _GROUNDS):
        cuts += [(m.start(), m.end(), "margin") for m in _MARGIN.finditer(text, body, last)]
    if not cuts:
        return []
    cuts.sort()
    starts = [p.start for p in paragraphs]
    found = []
    for a, b, kind in cuts:
        at = bisect_right(starts, a) - 1
        found.append(Redaction(a, b, kind, at if at >= 0 and a < paragraphs[at].end else None))
    return found
