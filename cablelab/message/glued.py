"""Headings at the end of a line that holds the whole paragraph before: copies join lines; and what words look like a heading's."""

from __future__ import annotations

import re

from cablelab.message.grammar import BEFORE_SUMMARY, BLANK, SIGN, word_list

EDGE = "/-=*_#~ \t\\>+|"

# Three signs or more, a blank between them or none: `- - - Trade - - -`.
RUN = rf"{SIGN}(?>(?:[ ]?{SIGN}){{2,}})"
END = re.compile(
    r"\bEND (?:OF )?(?:THE )?(?:[A-Z&-]{1,14}[ /]){0,2}(?:SUMMARY|COMMENT|NOTE|ACTION|TEXT|QUOTE|EXCERPT|TRANSLATION|TRANSCRIPT|STATEMENT"
    r"|(?:NON-?)?PAPER|LETTER|LIST|POINTS|RELEASE|MESSAGE|BIO)S?\b",
    re.IGNORECASE,
)
STARTS_LABEL = re.compile(rf"\W*{BEFORE_SUMMARY}(?:EXECUTIVE |BRIEF )?(?:SUMMARY|COMMENT|NOTE|ACTION)", re.IGNORECASE)

_STOPS = frozenset(".!:;,")
_TAIL = 200

# The fence below is taken off first.
_GLUED_BETWEEN = re.compile(rf"[ \n]{RUN}[ ]*+([^-=_*~#\s][^\n]{{1,90}})$")
# A point behind one letter, `vs`, `Mr` and their kin ends no sentence.
_POINT = r"\.(?:(?<=\b[A-Z]\.)|(?<=\b[VvMDS][rst]\.)|(?<=\bNo\.))"
_GLUED_FENCE = re.compile(rf"(?:[.?!:)\"”][ ]{{1,3}}|\n[ \t]*)((?:[^.?!:\n]|{_POINT}){{2,90}})$")
_GLUED_WORDS = re.compile(
    rf"(?:[.?!](?<=[\w)\"”].)[\"”)]?|{SIGN}{{6}}|\b[Ee](?i:nd (?:of )?(?:introduction|summary|comment|note)))[ ]{{1,3}}"
    rf"((?:\.{{3}}[ ]?)?[\"“]?(?!E(?:nd|ND)[ ])[A-Z](?:[^.?!\n]|{_POINT}){{2,88}}[^.!:;,\-\n])$"
)
INNER_FENCE = "--- "  # a heading between fences stands over the one behind it
CREDIT = re.compile(r"\(?(?:[A-Z][a-z]{2,9}[ ])?[Ss](?:ource|OURCE)s?[ ]?[-:–]")
# Credits, closes of letters, marks of texts, masks, addresses.
NO_HEADING = re.compile(
    r"[,@/]|XX|xx|\b(?:source|sincerely|regards|respectfully|yours|begin|end|unclassified|confidential|secret|sensitive|sipdis|tel|fax)\b",
    re.IGNORECASE,
)
_LETTERED = re.compile(r"[A-Z]{2,9} \d{1,4}")  # `ISN 194`
_JOINING = word_list("no-last-word")
_OPENERS = word_list("sentence-openers")
_LAST_WORD = re.compile(r"\w+$")
_ABBREVIATED = word_list("abbreviations")


def glued(text: str, start: int, end: int, opens: int | None = None) -> tuple[str | None, int]:
    """Find a heading at the end of a line that holds the whole paragraph before: copies join lines.

    `end` is the end of that line, or the paragraph's number in the same line; `opens` is what to return if there is none.
    """
    at = end if opens is None else opens
    stop = start + len(text[start:end].rstrip(BLANK))
    if text[stop - 1 : stop] in _STOPS:
        return None, at
    begin = max(start, stop - _TAIL - 60)
    tail = text[begin:stop]
    if tail.endswith(("-", "=", "_", "*")):
        before = tail.rstrip("-=_* ")
        fence = len(tail) - len(before) - tail.count(" ", len(before))
        if fence > 2 and (between := _GLUED_BETWEEN.search(before)) is not None:
            return between[1].strip(EDGE), begin + between.start() + 1
        if fence > 3 and (words := _GLUED_FENCE.search(before)) is not None:
            return words[1].strip(EDGE), begin + words.start(1)
        return None, at
    first = max(0, len(tail) - 125)
    words = _GLUED_WORDS.search(tail, first + 1)
    if words is None or END.search(words[1]):
        return None, at
    title, opens_at = words[1], words.start(1)
    if (inner := title.rfind(INNER_FENCE)) >= 0:
        title = title[inner + 4 :]
    elif tail[opens_at - 2] in "-=_*" and (outer := _GLUED_BETWEEN.search(tail[:opens_at].rstrip("-=_* "))):
        opens_at = outer.start() + 1
    if not is_title(title) and not (
        _is_short(title, tail[: words.start()]) and (text[end : end + 1] == "\n" or title.istitle())
    ):
        return None, at
    if (title[-1] == "?" and title.isupper()) or title.rpartition(" ")[2].lower() in _JOINING:
        return None, at  # a question, in a text of capitals; a sentence that breaks off
    word = _LAST_WORD.search(tail, first, words.start())
    if word and word[0].lower() in _ABBREVIATED:
        return None, at
    return title.strip(EDGE), begin + opens_at


def _is_short(words: str, before: str) -> bool:
    """Tell whether a few words behind a sentence, without a stop of their own, are a heading: `Trading`, `Boats to be sold abroad`."""
    each = words.lower().split()
    if len(words) > 60 or len(each) > 7 or NO_HEADING.search(words):
        return False
    if not (words.rstrip('"”')[-1:].isalpha() or (words[-1].isdigit() and _LETTERED.fullmatch(words))):
        return False
    if words.isupper() and before.isupper() and not STARTS_LABEL.match(words):
        return False
    return each[-1] not in _JOINING and not (each[0] in _OPENERS and len(each) > 3)


def is_title(words: str) -> bool:
    """Tell whether words are written as a heading: in capitals, or most of them capitalised."""
    if words.isupper():
        return len(words) >= 8 and words.strip("X ") != ""
    if CREDIT.match(words):
        return False
    long = [w for w in words.split() if len(w) >= 4]
    capitals = sum(w[0].isupper() for w in long)
    return (len(long) >= 3 and capitals >= 0.75 * len(long)) or (len(long) == capitals == 2)
