"""The one pass: cut a message into spans, give each one role, and read the fields from them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from itertools import pairwise

from cablelab.facts import post_code
from cablelab.message import (
    class_line,
    closing,
    fields,
    header,
    paragraphs,
    parts,
    previews,
    redactions,
    repeats,
    trailers,
    wholeness,
)
from cablelab.message import classified_by as officers
from cablelab.message import head as heads
from cablelab.message.aside import blanked, overlaid
from cablelab.message.class_line import ClassLine
from cablelab.message.grammar import BLANK, CORRECTED, COUNT, NOTICE, count_of
from cablelab.message.head_fields import FIELDS, LABEL, FieldText, Head
from cablelab.message.model import Cut, Message, Paragraph, Problem, Span
from cablelab.message.page_breaks import inserted, mask, page_breaks

_MAY_CORRECT = re.compile("C(?:ORRECTED|orrected| O R R E)")
_LETTERS = re.compile(r"\bZN[RY] ([A-Z])[A-Z]{3,4}\b")
_LEVEL_OF_LETTER = {"U": "UNCLASSIFIED", "E": "UNCLASSIFIED", "C": "CONFIDENTIAL", "S": "SECRET", "T": "TOP SECRET"}
_SECTIONS = re.compile(rf"SECTION {COUNT} OF ({COUNT})", re.IGNORECASE)


# Other characters that end a line, each of one character: offsets stay true.
_LINE_BREAKS = "\u2028\u2029\x85\x0b\x0c"


def parse(
    text: str, start: int = 0, end: int | None = None, asides: Sequence[Cut] = (), year: int | None = None
) -> Message:
    r"""Parse one message.

    Parameters
    ----------
    text
        The message, possibly with a page's chrome around it; any characters.
    start, end
        Bounds of the message proper, characters; what lies outside is chrome.
    asides
        What the capture sets aside (start, end, role), sorted and without overlap: it is read as if it were blank.
    year
        Year of the message as its page tells it, four digits: the posts' names are read as of that time where no date-time group
        tells.

    Returns
    -------
    Message, whose `spans` partition `text`.

    Examples
    --------
    >>> m = parse("UNCLAS PORTKESTREL 000012\n\nSUBJECT: FISH\n\n1. Catches fell.\n\nQUILL")
    >>> m.number, m.subject, m.signed_by, [role for _, _, role in m.spans if role != "blank"]
    (12, 'FISH', 'QUILL', ['classification', 'subject', 'paragraph', 'signature'])
    """
    end = len(text) if end is None else end
    padded = "\n" + (blanked(text[start:end], asides, start) if asides else text[start:end])
    for sign in _LINE_BREAKS:
        if sign in padded:  # one memory search each: a table of translation asks for every character
            padded = padded.replace(sign, "\n")
    breaks = page_breaks(padded)
    work = mask(padded, breaks)
    if "\\" in work and "\\\n" in work:  # what a CSV copy leaves at line ends
        work = work.replace("\\\n", " \n")
    message = Message()
    spans: list[Cut] = []
    work, opening = _after_notice(message, work, spans)
    body, end_of_body = _read_top(message, work, opening, spans, start, year)
    if within := inserted(work, body, end_of_body):
        work = mask(work, within)
        breaks = sorted(breaks + within)
    _read_body(message, body, end_of_body, work, spans, start)
    _finish(message, spans, breaks, text, start, end)
    message.partial = wholeness.is_partial(message, text, min(end_of_body - 1 + start, end))
    message.problems += wholeness.remarks(message, text, start)
    message.redactions = redactions.find(
        text, start, end, body - 1 + start, end_of_body - 1 + start, message.paragraphs
    )
    if asides:
        message.spans = overlaid(message.spans, asides, text)
    return message


def _has_label(work: str, start: int, end: int) -> bool:
    """Tell whether a line between two offsets opens with a label; line by line, so that no run of blanks is read twice."""
    at = start
    while at < end:
        if LABEL.match(work, at, end):
            return True
        at = work.find("\n", at, end) + 1 or end
    return False


def _after_notice(message: Message, work: str, spans: list[Cut]) -> tuple[str, int]:
    """Find the notice of a partial extract; the first line may be glued to it, and is made a line of its own."""
    at = work.find("artial extract")
    notice = NOTICE.search(work, max(0, at - 60), at + 200) if at >= 0 else None
    if notice is None:
        return work, 0
    message.partial = True
    spans.append((notice.start(), notice.end(), "notice"))
    last = notice.end() - 1
    return work[:last] + "\n" + work[last + 1 :], last


def _read_top(
    message: Message, work: str, opening: int, spans: list[Cut], start: int, year: int | None
) -> tuple[int, int]:
    """Read header, classification line and head; return where the body opens, and where it ends at the latest."""
    size = len(work)
    lines = class_line.find(work, opening, size)
    line = class_line.choose(lines, work)
    if line is not None and not work[line.end :].strip(BLANK) and _has_label(work, opening, line.start):
        line = None  # the level at a page's foot
    if line is not None:
        spans.append((line.start, line.end, "classification"))
        top, below = line.start, line.end
        earlier = [one for one in lines if one.start < line.start]
        later = [one for one in lines if one.start > line.start and one.is_of(line)]
    else:
        top = below = header.end_of(work, size) or opening
        earlier = later = []
    # A record repeats the header after its preview; a doubled head has it once, on top.
    doubled = earlier and (header.find_dtg(work, 0, earlier[0].start) or not header.find_dtg(work, 0, top))
    bounds = 0, earlier[0].start if doubled else top
    dtg, message.dtg, message.serial, message.addressees = header.read(work, *bounds, spans, year)
    if dtg is not None:
        message.precedence = header.precedence_of(work, dtg)
        if message.dtg is None:
            a, b = dtg.start() - 1 + start, dtg.end() - 1 + start
            message.problems.append(Problem("impossible-dtg", "sent", f"{dtg[0].strip()} is no date", a, b))
    year = message.dtg.year if message.dtg else year
    if line is not None:
        _classify(message, line, year)
    seen: list[tuple[Head, int]] = []
    for before, after in pairwise([*earlier, line] if line is not None else []):
        spans.append((before.start, before.end, "classification"))
        points = work.find("...\n", before.end, after.start)
        stop = points + 3 if points >= 0 else after.start
        preview = heads.read(work, before.end, stop, complete=True)
        spans += preview.spans
        seen.append((preview, stop))
    end = size
    for again in later:
        copy = heads.read(work, again.end, size, complete=True)
        if not copy.values.keys() & {"executive-order", "tags", "subject"}:
            continue  # the level at a page's top
        end = min(end, again.start)
        spans.append((again.start, again.end, "classification"))
        spans += copy.spans
        seen.append((copy, 0))
    head = heads.read(work, below, end, complete=line is not None or top > opening)
    spans += head.spans
    if line is None and top > opening:
        _from_header(message, work[:top])
    _read_head(message, head, work, start, year)
    if line is not None:
        message.recorded = previews.recorded(work, line.start, message.references)
    for preview, stop in seen:
        other = Message()
        _read_head(other, preview, work, start, year)
        previews.fill(message, other, work, start - 1, previews.broken(work, stop))
    if line is not None:
        inner = repeats.repeated(work, line.end, size, (message.post, message.number), start - 1, year)
        cited = {(one.post, one.number) for one in message.references}
        message.references = [one for one in inner if (one.post, one.number) not in cited] + message.references
    if seen:
        message.handling = fields.handling(message.captions, message.classification)
    return head.body, end


def _classify(message: Message, line: ClassLine, year: int | None) -> None:
    message.classification = line.level
    post = post_code(line.words, year) or line.post
    message.post, message.number, message.sections = post, line.number, line.sections
    message.captions = fields.captions(list(line.captions))
    message.partial = message.partial or line.section > 1  # a further section alone


def _from_header(message: Message, header_text: str) -> None:
    """Take from the header what a lost classification line would have said: the level from ZNR/ZNY, post and number from FM and DE."""
    if signal := _LETTERS.search(header_text):
        message.classification = _LEVEL_OF_LETTER.get(signal[1])
    message.post = next((a.post for a in message.addressees if a.role == "from"), None)
    # The DE line carries four digits; a post that passes 9,999 a year is the Department alone.
    if message.post not in {None, "STATE"} and message.serial:
        message.number = message.serial


def _read_head(message: Message, head: Head, work: str, start: int, year: int | None) -> None:
    values = head.values
    message.corrected = head.corrected
    message.captions = list(
        dict.fromkeys(message.captions + fields.captions([work[a:b] for _, a, b in values.get("caption", ())]))
    )
    for one in FIELDS:
        if one.role in values:
            one.take(message, FieldText(work, values[one.role], start - 1, year))
    if _MAY_CORRECT.search(work, 0, 4_000) and CORRECTED.search(work[:4_000]):
        message.corrected = True
    message.handling = fields.handling(message.captions, message.classification)


def _read_body(message: Message, body: int, latest: int, work: str, spans: list[Cut], start: int) -> None:
    """Read signature, trailer, paragraphs and summary."""
    end = trailers.another(work, body, latest)
    if end < latest:
        remark = "Another message or record begins behind this one and is not read; give it a source of its own."
        message.problems.append(Problem("second-message", None, remark, end - 1 + start, latest - 1 + start))
    name, a, b, stop = closing.find(work, body, end, message.classified_by)
    if name is not None:
        message.signed_by = " ".join(name.split())
        spans.append((a, b, "signature"))
        message.classified_by = officers.apart(message.classified_by, message.signed_by)
    if work[stop:latest].strip(BLANK):
        spans.append((stop, latest, "trailer"))
    last = trailers.advert(work, body, a)
    if last < a:
        spans.append((last, a, "trailer"))
    found = paragraphs.read(work, body, last) if body < last else []
    message.summary = parts.summary(work, found)
    message.words = _words(" ".join([work[p.start : p.end] for p in found]))
    shift = start - 1
    for p in found:
        if p.above < p.start:
            spans.append((p.above, _heading_end(work, p), "heading"))
        spans.append((p.start, p.end, "paragraph"))
        if p.marking == "C" and message.classification == "UNCLASSIFIED" and work.find("(c)", p.start, p.opens) > 0:
            p.marking = None  # an item's letter
        p.start, p.end, p.above, p.opens = p.start + shift, p.end + shift, p.above + shift, p.opens + shift
    message.paragraphs = found


# Every letter becomes a bit: a word opens where a set bit follows one that is not.
_BITS = bytes(0x30 if i in b" \t\n\r\x0b\x0c" else 0x31 for i in range(256))


def _words(text: str) -> int:
    """Count words, which blanks and line breaks part; as bits of one number far faster than by splitting the text."""
    bits = int(b"0" + text.encode("latin-1", "replace").translate(_BITS), 2)
    return (bits & ~(bits >> 1)).bit_count()


def _heading_end(work: str, p: Paragraph) -> int:
    return p.above + len(work[p.above : p.start].rstrip(BLANK))


def _interrupted(spans: list[Cut], breaks: list[tuple[int, int]]) -> list[Cut]:
    """Let page breaks cut the sorted spans that they interrupt."""
    out: list[Cut] = []
    waiting = iter(breaks)
    cut = next(waiting, None)
    for a, b, role in spans:
        while cut is not None and cut[0] < b:
            out += (a, cut[0], role), (*cut, "page-break")
            a, cut = max(a, cut[1]), next(waiting, None)
        out.append((a, b, role))
    while cut is not None:
        out.append((*cut, "page-break"))
        cut = next(waiting, None)
    return out


_SPAN = partial(tuple.__new__, Span)  # what Span._make does, without its check of the length


def _finish(message: Message, spans: list[Cut], breaks: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    """Make the spans a partition of the text: sort, let page breaks cut what they interrupt, fill the gaps."""
    shift = start - 1
    out: list[Cut] = [(0, start, "chrome")] if start else []
    add = out.append
    at = start
    spans.sort()
    for a, b, role in _interrupted(spans, breaks) if breaks else spans:
        a += shift
        b += shift
        if a > at:
            if a >= b:
                continue
            gap = text[at:a]
            add((at, a, "blank" if gap.isspace() or not gap.strip(BLANK) else "other"))
        elif b <= at:
            continue
        else:
            a = at
        add((a, b, role))
        at = b
    if at < end:
        add((at, end, "other" if text[at:end].strip(BLANK) else "blank"))
    if end < len(text):
        add((end, len(text), "chrome"))
    message.spans = list(map(_SPAN, out))
    if message.number is None and "SECTION" in text and (found := _SECTIONS.search(text, start, end)):
        message.sections = count_of(found[1])
