"""Headings: words directly above a paragraph, with or without fences of dashes, on lines of their own or glued to the text before."""

from __future__ import annotations

import re

from cablelab.message.glued import CREDIT, EDGE, END, INNER_FENCE, NO_HEADING, RUN, STARTS_LABEL, glued, is_title
from cablelab.message.grammar import BANNER, BLANK, CAPTION_LINE, CAPTION_WORDS, FENCE
from cablelab.terms import LEVELS

FENCE_OPENS = frozenset(" \t>-=_*~#+.")
FENCE_HOLDS = FENCE_OPENS | {"\\"}
_BETWEEN = re.compile(rf"[ \t>]*(?:{RUN}|--)[ \t]*([^-=_*~#\s][^\n]{{1,100}}?)[ \t]*(?:{RUN}|--)[ \t\\]*")
_OPENS_RUN = re.compile(rf"[ \t>]*(?:{RUN}|--)[ \t]*(?=[^-=_*~#\s])")
_ENDS_RUN = re.compile(rf"[^-=_*~#\s][ \t]*(?:{RUN}|--)$")
_BULLET = re.compile(r"[ \t]*(?:--|[-*•o][ \t]|\(?[a-zA-Z0-9][.)][ \t]|¶|[\"“'‘]?[a-z]|[\d$])")
_DIGITS = frozenset("0123456789$")
_LIST_ITEM = re.compile(r"\d{1,3}[.)](?!\d)")
_DOTS = re.compile(r"\.{3}[ ]?[\"“A-Z]")
_SENTENCE = re.compile(r"[.?!](?<=[a-z)\"”].)[\"”)]?[ ]{1,3}[\"“(]?[A-Z]")
_LABELS = frozenset({"SUMMARY", "COMMENT", "NOTE", "ACTION"})
_NUMBER = re.compile(r"[\d.,)% ]+")
_ROMAN = re.compile(r"(?:¶[ ]?)?[IVX]+[.)] ?[A-Z]")  # a site took the numeral for a paragraph's
# How a banner or a line of captions opens, letters set apart or not.
_CLOSED = frozenset(w[:2] for word in (*LEVELS, *CAPTION_WORDS, "NF", "S I P D I S") for w in (word, " ".join(word)))
_ANNOUNCES = re.compile(r"(?:Other|Further|Related|Next) [a-z]{4,12}:")  # `Other issues:`
_INITIALS = re.compile(r"\b[A-Z]\.[A-Z]\.$")
_ENDS = frozenset(".;,")
_POINTS = ("...", ". . .")
_WRAPPED = 90  # characters: hard-wrapped lines are shorter
_LONG = 130  # characters: longer than any line of a hard-wrapped text, and than any heading


def above(text: str, start: int, at: int, first: bool) -> tuple[str | None, int, int]:
    r"""Find the heading directly above the paragraph that opens at `at`.

    Parameters
    ----------
    start
        Where the paragraph before it opens, or, for the `first` paragraph, where the body does.

    Returns
    -------
    Its words and where it begins, fences included; None and `at` if there is none. Then where the text above ends, if a stop there
    leaves no room for a heading; else -1.

    Examples
    --------
    >>> body = "1. Catches fell.\n\nPORTS\n-----\n2. The port is open.\n\n3. So be it."
    >>> above(body, 0, 30, first=False), above(body, 30, 52, first=False)
    (('PORTS', 18, -1), (None, 52, 50))
    """
    tail = text[max(start, at - 24) : at]
    words = tail.rstrip(BLANK)
    if len(words) > 1 and tail[-1] == "\n":
        stop = at - len(tail) + len(words)
        # Most paragraphs: a sentence's stop, and no fence of points.
        if words[-1] in _ENDS and words[-2] not in FENCE_HOLDS and words[-3:-2] != ".":
            line = text.rfind("\n", start, stop) + 1 or start
            if not STARTS_LABEL.match(text, line, stop):
                return None, at, stop
        stop = text.find("\n", stop)
    else:
        stop = text.rfind("\n", start, at)
        if text[stop + 1 : at].strip(EDGE + BLANK + "¶"):
            stop = -1  # the number stands inside a line
            if not first and (beside := _before_number(text, start, at)) is not None:
                return beside, text.rfind("\n", start, at) + 1, -1
    if stop >= start:
        return *_in_lines(text, start, at, stop, first), -1
    return *(glued(text, start, at) if not first else (None, at)), -1


def _before_number(text: str, start: int, at: int) -> str | None:
    """Read a heading that fills the line before the paragraph's number, below a blank line: `PORTS ------ 3. (U) The port`."""
    opens = text.rfind("\n", start, at) + 1
    if opens <= start or at - opens > 200 or text[text.rfind("\n", start, opens - 1) + 1 : opens].strip(BLANK):
        return None
    line = text[opens:at].strip(BLANK)
    words = line.rstrip("-=_* ")
    fenced = len(line) - len(words) > 3
    if not 3 < len(words) <= 100 or not heads(words, fenced) or not (fenced or words.isupper() or is_title(words)):
        return None
    return words.strip(EDGE) or None


def _in_lines(text: str, start: int, at: int, stop: int, first: bool) -> tuple[str | None, int]:
    """Find a heading in the lines above `stop`, which a line break opens; return what `above` does."""
    found: list[tuple[int, str]] = []
    fence = seen = 0
    opens = at
    over = ""
    bounded = gap = False
    while stop >= start and seen < 8:
        a = text.rfind("\n", start, stop) + 1 or start
        line = text[a:stop].strip(BLANK) if stop - a < 400 else text[a : a + 400]
        end, stop = stop, a - 1
        if not line:
            # A line that begins in lower case goes on from the one above: what parts them is a page break.
            gap = bool(found) and not found[-1][1][:1].islower()
            if found and not fence:
                bounded = True
                break
            continue
        seen += 1
        if found and (opening := _OPENS_RUN.match(line)) and _ENDS_RUN.search(found[0][1]):
            found.append((a, line[opening.end() :]))  # `- - - Dues in the` and `Harbour - - -`
            bounded = True
            break
        if len(line) > _LONG:
            if not found and not first:
                return glued(text, max(start, end - 400), end, opens if fence else at)
            bounded, over = gap, line
            if gap and fence and not first:
                found = _first_half(text, max(start, end - 400), end, found)
            break
        if line[0] in FENCE_OPENS:
            if FENCE.fullmatch(line):
                if found:
                    opens, bounded = _fences_above(text, start, a), True
                    break
                fence, opens = fence + len(line), a
                continue
            if not found and (words := _BETWEEN.fullmatch(line)):
                return words[1].strip(EDGE), a
            if not found and line[-1].isalpha() and (opening := _OPENS_RUN.match(line)):
                inner = line.rfind(INNER_FENCE, opening.end())
                if fence or inner > 0:  # a page break parts it from the fence below
                    return line[inner + 4 if inner > 0 else opening.end() :].strip(EDGE), a
        if (
            gap
            or (a <= start and not first)
            or len(found) == 4
            or not (heads(line, bool(fence)) or (not found and _counts_things(text, start, a, line)))
            or ((len(line) < 9 or line[-1] == ".") and _is_second_half(text, a, line))
            or (found and not fence and len(line) > 100)
        ):
            if (line[-1] in "-=_*" or len(line) > _WRAPPED) and not found and not first:
                return glued(text, max(start, end - 400), end, opens if fence else at)
            bounded, over = gap, line
            break
        found.append((a, line))
    if not bounded and over:
        found = _fitting(found, fence, over)
    if not found or (not fence and len(found) > 1 and sum([len(w) for _, w in found]) > 150):
        return None, at
    title = (
        " ".join([w.strip(EDGE) for _, w in reversed(found)]).strip()
        if len(found) > 1
        else found[0][1].strip(EDGE).strip()
    ).lstrip("¶ ")
    if title.startswith("))"):
        title = title.strip(") ")  # dashes that a relay garbled
    if not title or (
        not fence
        and not title.isupper()
        and text[max(start, found[-1][0] - 16) : found[-1][0]].rstrip(BLANK).endswith(":")
    ):
        return None, at  # what a colon announces is text
    lower = found[-1][0]
    if first:
        return title, min(opens, lower)
    outer = _outer(text, start, lower)
    if opens < lower:  # the fence taken above it may be the outer heading's
        outer = min(outer, _outer(text, start, opens))
    return title, min(opens, outer)


def _first_half(text: str, start: int, end: int, found: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Add the half of a heading that stands above a blank line at the end of joined lines; another heading in capitals is none."""
    words, at = glued(text, start, end)
    return found if words is None or (words.isupper() and not found[-1][1].isupper()) else [*found, (at, words)]


def _counts_things(text: str, start: int, at: int, line: str) -> bool:
    """Tell whether a line below a blank one is a heading although it opens with a number or a sum: `2009 Budget to Be Austere`."""
    above = text[text.rfind("\n", start, max(start, at - 1)) + 1 : at]
    return (
        line[0] in _DIGITS
        and line[-1].isalpha()
        and "  " not in line
        and not above.strip(BLANK)
        and not _LIST_ITEM.match(line)
        and is_title(line.lstrip("0123456789$€£.,%- "))
        and not _SENTENCE.search(line)
    )


def _outer(text: str, start: int, at: int) -> int:
    """Take a fenced heading, alone between blank lines or fences, that stands over the one which opens at `at`."""
    tail = text[max(start, at - 16) : at].rstrip(BLANK)
    if tail and tail[-1] not in FENCE_OPENS:
        return at
    fence = start + len(text[start:at].rstrip(BLANK))
    below = text.rfind("\n", start, fence) + 1
    if below <= start or not FENCE.fullmatch(signs := text[below:fence]):
        return at
    line = text.rfind("\n", start, below - 1) + 1
    words = text[line : below - 1].strip(BLANK)
    if line <= start or not 3 < len(words) <= 90 or "  " in words or words[0] in FENCE_OPENS or not heads(words, True):
        return at
    if (words[-1].isdigit() and not _ROMAN.match(words)) or len(words) > 2 * len(signs.strip()) + 4:
        return at  # the foot of a table
    over = text.rfind("\n", start, line - 1) + 1
    above_it = text[over : line - 1]
    if over <= start or (above_it.strip(BLANK) and not FENCE.fullmatch(above_it)):
        return at
    return _fences_above(text, start, line)


def _fences_above(text: str, start: int, at: int) -> int:
    """Take all fence lines above the one that begins at `at`: wrapped fences stand on two lines."""
    while at > start:
        above = text.rfind("\n", start, at - 1) + 1 or start
        line = text[above : at - 1]
        if len(line) > _LONG or not FENCE.fullmatch(line):
            break
        at = above
    return at


def heads(line: str, fenced: bool) -> bool:
    """Tell whether one line could be a heading's."""
    if (
        line[-1] == "."
        and _INITIALS.search(line)
        and (line.isupper() or (is_title(line) and not NO_HEADING.search(line)))
    ):
        line = line[:-1]  # `THE U.S.` ends no sentence
    last = line[-1]
    if last in ".;,?" and not line.endswith(_POINTS):
        if len(line) > 60 or line[:1].islower():
            return False
        if not fenced and last != "?" and not STARTS_LABEL.match(line):
            return False
    upper = line.upper()
    if not last.isalpha() and _NUMBER.fullmatch(line):
        return False
    if upper.lstrip(" \t(>")[:2] in _CLOSED and (CAPTION_LINE.match(line) or BANNER.fullmatch(line)):
        return False
    if ("END " in upper and END.search(line)) or not upper.strip("X .,") or CREDIT.match(line):
        return False
    if (last.isdigit() or last == "%") and _is_row(line):
        return False
    if "//" in line and (line.startswith("//") or line.endswith("//")):
        return True
    if _SENTENCE.search(line):
        return False
    if fenced:
        return not line.startswith("--") and not (line[0] == "¶" and not _ROMAN.match(line))
    if _BULLET.match(line) and not _DOTS.match(line):
        return False
    if line.endswith(":") and line.isupper() and " " in line:
        return True
    if last == ":":
        return _ANNOUNCES.fullmatch(line) is not None or STARTS_LABEL.match(line) is not None
    return last not in _ENDS or line.endswith(_POINTS) or STARTS_LABEL.match(line) is not None


def _is_row(line: str) -> bool:
    """Tell a row of a table: figures behind a colon, `BOATS: 12 14`, or three and more at the line's end."""
    words = line.split()
    figures = 0
    while figures < len(words) and not words[-1 - figures].strip("0123456789.,%/$€£"):
        figures += 1
    return figures > 2 or (figures == 2 < len(words) and words[-3].endswith(":"))


def _fitting(found: list[tuple[int, str]], fence: int, over: str) -> list[tuple[int, str]]:
    """Of lines that no blank line parts from the text above, keep those that the fence below is as long as; else only capitals."""
    if fence:
        kept = found[:1]
        for a, line in found[1:]:
            if sum(len(w) + 1 for _, w in kept) + len(line) > fence + 4:
                break
            kept.append((a, line))
        return kept
    if found and found[0][1].startswith("//") and found[0][1].endswith("//"):
        return found[:1]
    if len(over) < 120 and not over.endswith((".", "?", "!", ")", '"', "”", ":", "XXXX")):
        return []
    kept = found[:1] if found and (found[0][1].isupper() or len(over) >= 120) else []
    for one in found[1:] if kept else []:
        if not one[1].isupper():
            break
        kept.append(one)
    return kept


def _is_second_half(text: str, at: int, line: str) -> bool:
    """Tell whether a line is the second half of a wrapped END SUMMARY."""
    return line.rstrip(".").upper() in _LABELS and text[max(0, at - 12) : at].rstrip(BLANK).upper().endswith("END")
