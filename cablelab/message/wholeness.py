"""Whether a message is whole, and what of its text no field, heading or paragraph holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from operator import itemgetter

from cablelab.message.grammar import ACCORDINGLY, BANNER, BEFORE_SUMMARY, BLANK, CAPTION_LINE
from cablelab.message.holes import counts
from cablelab.message.model import Message, Problem
from cablelab.message.page_breaks import CANCELLED, MISSING_SECTION

_PAGE_OF = re.compile(r"0?(\d\d)(?:\.\d)? +OF +0?(\d\d)(?!\d)", re.IGNORECASE)
_ENDS = re.compile(rf"\bEND[ \n]{{1,3}}(?:OF[ \n])?{BEFORE_SUMMARY}(?:EXECUTIVE[ \n])?SUMMARY", re.IGNORECASE)
_OPENS = re.compile(
    rf"\W{{0,12}}(?:\([A-Z/]{{1,8}}\)\W{{0,4}})?(?:BEGIN )?{BEFORE_SUMMARY}(?:EXECUTIVE )?SUMMARY\b", re.IGNORECASE
)
_NO_TEXT = re.compile(
    r"(?:no|full|message|cable) text (?:is )?(?:not (?:available|held|released)|unavailable|withheld)"
    r"|no (?:message )?text (?:is )?(?:held|available)",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[A-Za-z]{3}")
_HANDLING = re.compile(
    rf"{ACCORDINGLY.pattern}|SENSITIVE BUT UNCLASS|ENTIRE TEXT|^[Xx\s]+$|^\W*ACCORDINGLY\W*$",
    re.IGNORECASE,
)
_LABEL = re.compile(r"\b(SUBJECT|SUBJ|TAGS|REF|REFTEL|CLASSIFIED BY) ?:", re.IGNORECASE)
_LEFT = frozenset({"other", "passing"})
_ROLE = itemgetter(2)


def is_partial(message: Message, text: str, end: int) -> bool:
    """Tell whether a message breaks off, beside what a notice says.

    Parameters
    ----------
    message
        What was read, spans and paragraphs included.
    text, end
        The text that its offsets refer to, and where the message ends in it.
    """
    if message.partial:
        return True
    if MISSING_SECTION in text:
        return True
    tail = text[max(0, end - 300) : end].lower()
    if " text " in tail and _NO_TEXT.search(text, max(0, end - 300), end):
        return True
    if message.signed_by is not None:
        return False
    if text[max(0, end - 400) : end].rstrip(BLANK + "\"'>*").endswith(("...", "…")):
        return True
    if not message.paragraphs:
        return any(s.role == "classification" for s in message.spans) and "...\n" in text
    pages = [
        (int(found[1]), int(found[2]))
        for start, stop, role in message.spans
        if role == "page-break" and (found := _PAGE_OF.search(text, start, stop))
    ]
    reached, announced = max(pages) if pages else (1, message.sections)
    if reached < announced:
        return True
    last = message.paragraphs[-1]
    if last.part == "summary" and not _ENDS.search(text, message.paragraphs[0].start, end):
        first = next((p for p in message.paragraphs if p.part == "summary"), last)
        if _OPENS.match(text, first.opens, first.end) and len(message.paragraphs) < 4:
            return True
    line = text[max(last.start, last.end - 60) : last.end].rpartition("\n")[2]
    return len(line) > 30 and (line[-1].islower() or line[-1] == ",") and " " in line


def _top(message: Message, start: int) -> int:
    """Find where the message proper begins: at the last classification line above its paragraphs."""
    first = message.paragraphs[0].start if message.paragraphs else -1
    found = start
    for at in [at for at, _, role in message.spans if role == "classification"]:
        if at >= first >= 0:
            break
        found = at
    return found


def remarks(message: Message, text: str, start: int) -> Iterator[Problem]:
    """Say what of a message that begins at `start` is in no field, heading or paragraph, and which numbers its paragraphs lack."""
    roles = set(map(_ROLE, message.spans))
    for span in message.spans if "page-break" in roles and CANCELLED in text else ():
        if span.role == "page-break" and CANCELLED in text[span.start : span.end]:
            note = "The operator cancelled this telegram on its way; look for the one that was sent in its place"
            yield Problem("cancelled", None, note, span.start, span.end)
    left = [] if roles.isdisjoint(_LEFT) else [span for span in message.spans if span[2] in _LEFT]
    top = _top(message, start) if "other" in roles else start
    untitled = message.subject is None
    tags = max([end for _, end, role in message.spans if role == "tags"], default=0) if untitled else 0
    for span in left:
        if span.role == "other" and span.start >= top:
            words = text[span.start : span.end]
            if _is_text(words) and not _is_cut(words, text, span.end):
                a = span.start + len(words) - len(words.lstrip(BLANK))
                b = span.start + len(words.rstrip(BLANK))
                note = f"{b - a} characters stand in no field, heading or paragraph; read them in the text"
                yield Problem("text-left-over", None, note, a, b)
        elif span.role == "passing" and untitled and span.start > tags > 0:
            note = "Words stand where the subject should, without its label: maybe the end of a subject that the copy has lost; compare another copy"
            yield Problem("text-left-over", "subject", note, span.start, span.end)
        elif (
            span.role == "passing"
            and text.find(":", span.start, span.end) >= 0
            and (label := _LABEL.search(text, span.start, span.end))
        ):
            note = f"{label[0]} stands among the passing instructions and was read as no field"
            yield Problem("label-left-over", None, note, label.start(), span.end)
    if untitled and "classification" in roles and roles & {"tags", "executive-order"}:
        yield Problem("no-subject", "subject", "The copy has a head without a subject; look for it in the text.")
    if not message.paragraphs:
        if roles - {"blank", "chrome"}:
            yield Problem(
                "no-body",
                "paragraphs",
                "The copy holds no paragraph: only a head, or nothing of the message; look for another copy.",
            )
        return
    if counts([p.number for p in message.paragraphs if p.number is not None]):
        return
    numbered = [(p.number, p) for p in message.paragraphs if p.number is not None]
    seen: set[int] = set()
    counted = numbered[0][0]
    for i, ((number, one), (next_number, following)) in enumerate(pairwise(numbered)):
        seen.add(number)
        after = numbered[i + 2][0] if i + 2 < len(numbered) else 0
        if next_number in seen:
            note = f"Two paragraphs of the copy bear the number {next_number}; cite them by their places"
            yield Problem("number-repeated", "paragraphs", note, following.start, following.end)
            counted += 1  # it stands in the place of the next one
        elif after == counted + 2 < next_number:
            counted += 1  # and so does a misprinted one: `10.` between 7 and 9
        else:
            if next_number > counted + 1:
                missing = _numbers(counted + 1, next_number - 1)
                note = f"Between paragraphs {number} and {next_number} of the copy {missing}; compare another copy"
                yield Problem("number-missing", "paragraphs", note, one.end, following.above)
            counted = max(counted, next_number)
    first, opening = numbered[0]
    if first > 1:
        note = f"The first number of a paragraph is {first}: {_numbers(1, first - 1)}; compare another copy"
        yield Problem("number-missing", "paragraphs", note, opening.start, opening.end)


def _numbers(first: int, last: int) -> str:
    return f"number {first} is missing" if first == last else f"numbers {first} to {last} are missing"


def _is_cut(words: str, text: str, end: int) -> bool:
    """Tell the last words of a preview that the text below, from `end` on, repeats whole: `The fer...`."""
    cut = words.strip(BLANK)
    return cut.endswith("...") and text[end : end + 200].lstrip(BLANK).startswith(cut.rstrip(".").lstrip("("))


def _is_text(words: str) -> bool:
    """Tell text from banners, captions, fences, handling lines and masks."""
    if not _WORDS.search(words) or _HANDLING.search(words.strip()):
        return False
    lines = [line.strip(BLANK) for line in words.split("\n")]
    return any(
        line and _WORDS.search(line) and not (BANNER.fullmatch(line) or CAPTION_LINE.match(line)) for line in lines
    )
