"""What a capture sets aside: stamps, running heads, page numbers, distribution lists; no word of it is the message's.

The capture says where it stands. It is overwritten with blanks of the same length before anything is read, so that all offsets stay
true, and afterwards laid over the spans under its own role.
"""

from __future__ import annotations

from collections.abc import Sequence

from cablelab.message.model import Cut, Span
from cablelab.message.page_breaks import mask

LONGEST_LINE = 150  # characters: a page break of one line, with the levels about it, has fewer


_WITHIN = frozenset(("page-break", "distribution", "drafting", "relay", "stamp", "furniture", "attributes", "chrome"))


def blanked(text: str, asides: Sequence[Cut], start: int = 0) -> str:
    r"""Overwrite what was set aside with blanks; `start` is where `text` begins in the text that the offsets count.

    >>> blanked("so far.\n- 2 -\fThen", [(8, 14, "furniture")])
    'so far.\n      Then'
    """
    inside = [(max(a - start, 0), min(b - start, len(text))) for a, b, _ in asides if b > start]
    return mask(text, [(a, b) for a, b in inside if a < b]) if inside else text


def repeated_headers(spans: Sequence[Span]) -> list[Span]:
    """List the page breaks that are whole headers: a relay's that repeats it inside a paragraph, before each section.

    >>> repeated_headers([Span(0, 40, "page-break"), Span(40, 400, "page-break"), Span(400, 900, "paragraph")])
    [Span(start=40, end=400, role='page-break')]
    """
    found: list[Span] = []
    before = ""
    for span in spans:  # what was set aside may cut one into pieces
        before, last = span.role, before
        if span.role not in _WITHIN:
            continue
        if found and found[-1].end == span.start and (span.role, last) != ("page-break", "page-break"):
            found[-1] = Span(found[-1].start, span.end, "page-break")
        elif span.role == "page-break":
            found.append(span)
    return [span for span in found if span.end - span.start > LONGEST_LINE]


def overlaid(spans: Sequence[Span], asides: Sequence[Cut], text: str) -> list[Span]:
    r"""Lay what was set aside over spans that partition `text`; both sorted, neither overlapping itself.

    >>> spans = [Span(0, 9, "paragraph"), Span(9, 12, "other")]
    >>> [(a, role) for a, _, role in overlaid(spans, [(4, 6, "stamp"), (10, 12, "furniture")], "One. X two.\n 2")]
    [(0, 'paragraph'), (4, 'stamp'), (6, 'paragraph'), (9, 'other'), (10, 'furniture')]
    """
    out: list[Span] = []
    at = 0
    for start, end, role in spans:
        here = max(start, out[-1][1] if out else 0)
        while at < len(asides) and asides[at][0] < end:
            a, b, aside_role = asides[at]
            if a > here:
                out.append(_piece(here, a, role, text))
            out.append(Span(a, b, aside_role))
            here = max(here, b)
            at += 1
        if here < end:
            out.append(_piece(here, end, role, text))
    return out


def _piece(start: int, end: int, role: str, text: str) -> Span:
    return Span(start, end, "blank" if role == "other" and not text[start:end].strip() else role)
