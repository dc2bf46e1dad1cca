"""Where a copy hides words: masks of X, black blocks, notes in brackets, exemption codes in the margin."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from cablelab.message.model import Cut, Paragraph, Redaction

MASK = re.compile(r"[Xx]{4,}|(?<![A-Za-z])[Xx]{2,3}(?:-[Xx]{2,4}){1,3}(?![A-Za-z])|[█▇■]{2,}")
_NOTE = re.compile(
    r"[\[(][^\[\]()\n]{0,40}?\b(?:redacted|excised|withheld|(?:not|less than[^\[\]()\n]{0,30}) declassified"
    r"|(?:names?|text|words?|lines?|sentences?|paragraphs?|passage|number|address|source)[ ](?:deleted|removed|omitted|blacked out))"
    r"\b[^\[\]()\n]{0,40}[\])]|\[(?:deleted|removed|omitted|blank)\]",
    re.IGNORECASE,
)
# Exemptions of the Freedom of Information Act, and the paragraphs of the executive order, behind a text or alone on a line.
_CODE = r"(?:[(]?[Bb][(]?[1-9][)]?(?:[(]?[A-F][)]?)?|1\.[45][ ]?\([A-Ha-h]\))"
_MARGIN = re.compile(rf"(?:(?<=\n)[ \t]*|[ \t]{{3,}})({_CODE}(?:[ ]?[,;][ ]?{_CODE})*)[ \t]*(?=\n|$)")


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
    if "XX" in text or "xx" in text or "█" in text or "■" in text or "▇" in text:
        cuts += [(m.start(), m.end(), "mask") for m in MASK.finditer(text, start, end)]
    if "[" in text or "(" in text:
        cuts += [(m.start(), m.end(), "note") for m in _NOTE.finditer(text, start, end) if not MASK.search(m[0])]
    if "B" in text or "1.4" in text or "1.5" in text:
        cuts += [(m.start(1), m.end(1), "margin") for m in _MARGIN.finditer(text, body, last)]
    if not cuts:
        return []
    cuts.sort()
    starts = [p.start for p in paragraphs]
    found = []
    for a, b, kind in cuts:
        at = bisect_right(starts, a) - 1
        found.append(Redaction(a, b, kind, at if at >= 0 and a < paragraphs[at].end else None))
    return found
