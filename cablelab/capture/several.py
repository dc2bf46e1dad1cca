"""Several cables in one text: cut where a header or classification line begins anew behind the body of another.

A second classification line does not make a second cable: messages repeat their own before each section, cite another's within QUOTE
and UNQUOTE, and previews stand above the full text. Where it cannot be told, the text stays one and that is said.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from cablelab.capture.labels import CABLE_ID
from cablelab.capture.message_bounds import LEVEL, NUMBER
from cablelab.message.grammar import SIGN

CLASS_LINE = re.compile(
    rf"^[ \t>]{{0,8}}{LEVEL}(?:[ \t]*//?[ \t]*[A-Z]{{2,12}}){{0,3}}[ \t]+(?:SECTION[ \t]+(?P<section>\d{{1,2}})[ \t]+OF[ \t]+\d{{1,2}}[ \t]+)?"
    r"(?P<post>[A-Z][A-Z.'-]*(?: [A-Z.'-]+){0,3})[ \t]+(?P<number>\d{1,8})[ \t\\]*+(?:[A-Z]{5,6}[ \t]*+[\d ]*+)?$",
    re.MULTILINE,
)
# what a header has above its classification line; the first of them that follows a body begins the next cable
HEADER = re.compile(
    r"^[ \t>]{0,8}(?:V?ZCZC|(?:ZZ|OO|PP|RR)(?: (?:ZZ|OO|PP|RR))? R[A-Z]{4,7}|DE R[A-Z]{4,7} #|ZN[RY] |[ZOPR](?: [ZOPR])? \d{6} ?Z [A-Z]{3,4} \d\d"
    r"|FM [A-Z]|PAGE 0?1\b|This record is a partial extract|Message Text\b)",
    re.MULTILINE,
)
# a line of the collector's own above a cable: its id, a heading, a rule
LABEL = re.compile(
    r"^[ \t]*(?:\W{0,6}(?:19|20)?\d\d[A-Z][A-Z]{2,}\d+\b.*|#{1,6} .*|[-=_*~#]{4,}|(?:Viewing )?[Cc]able .*|\d{1,4}[.)]?)[ \t]*$"
)
ID = re.compile(rf"^\W{{0,6}}({CABLE_ID})\W{{0,6}}$", re.MULTILINE)
QUOTES = re.compile(
    r"^[ \t]*(?:(?:BEGIN |END )?(?P<closes>UN)?QUOTE\b|BEGIN (?:QUOTED )?TEXT|END (?:QUOTED )?TEXT)|\bUNQUOTE\b",
    re.MULTILINE,
)
REPEATS = re.compile(r"\b(?:REPEAT|RETRANSMI|FOL(?:LOWING)?\b|REPEATED|RELAY|QUOTE)", re.IGNORECASE)
NAME = r"[A-Z][A-Z'’.-]{2,24}"
ENDED = re.compile(rf"(?:NNNN?|BT|{SIGN}{{4,}}+.*|END (?:OF )?(?:CABLE|MESSAGE).*)")
# a name that stands alone or behind a sentence's end
SIGNED = re.compile(rf"(?:^|[.!?)\"”] {{0,3}}){NAME}(?: [A-Z'’.-]{{1,24}})?$")


class Cut(NamedTuple):
    """Where a text is cut, and the ids of messages that could not be told apart."""

    places: list[int]
    doubtful: list[str]


def cuts(text: str) -> Cut:
    r"""Find where cables behind the first one begin.

    Examples
    --------
    >>> one, two = "UNCLAS OSLO 000012\n\n1. Fish fell.\n\nBRANT\n\n", "R 010000Z JAN 07\nFM AMEMBASSY BERN\nUNCLAS BERN 000007\n\n1. So did cows."
    >>> cuts(one + two).places == [len(one)], cuts(one).places
    (True, [])
    """
    text = text.replace("\f", "\n")  # a page begins a line
    lines = [line for line in CLASS_LINE.finditer(text) if _is_head(line)]
    if len(lines) < 2:
        return Cut([], [])
    places: list[int] = []
    doubtful: list[str] = []
    current = lines[0]
    for line in lines[1:]:
        if _id(line) == _id(current) or int(line["section"] or 1) > 1:
            continue
        body = _body_end(text, current.end(), line.start())
        if body is None or _quoted(text, current.end(), line.start()):
            if body is None and _opens_body(text, line.end()):
                current = line  # what stood above was a preview or a mere list
            continue
        header = HEADER.search(text, body, line.start())
        if header is None and not _ended(text, body, line.start()):
            doubtful.append(f"{line['post']} {line['number']}")
            continue
        if not _opens_body(text, line.end()):
            continue
        places.append(_with_label(text, header.start() if header else line.start(), body))
        current = line
    return Cut(places, doubtful)


def labelled(text: str) -> str | None:
    r"""Give the id that the collector wrote on a line of its own above a cable's first line.

    >>> labelled("## 05OSLO12\n\nUNCLAS OSLO 000012"), labelled("UNCLAS OSLO 000012")
    ('05OSLO12', None)
    """
    first = HEADER.search(text) or CLASS_LINE.search(text)
    found = ID.search(text, 0, first.start() if first else 0)
    return found[1] if found else None


def _is_head(line: re.Match[str]) -> bool:
    return line["post"].split()[0] not in {"SECTION", "AND", "TO", "NO", "NUMBER", "PAGE", "OF"}


def _id(line: re.Match[str]) -> tuple[str, int]:
    return re.sub(r"[^A-Z]", "", line["post"])[:6], int(line["number"])


def _body_end(text: str, start: int, end: int) -> int | None:
    """Give the offset behind the number of the last paragraph between two classification lines; None without any."""
    last = None
    for last in NUMBER.finditer(text, start, end):  # noqa: B007 - the last one
        pass
    return last.end() if last else None


def _opens_body(text: str, at: int) -> bool:
    """Say whether a body follows: a head's label or a first paragraph, soon."""
    return (
        re.search(
            r"^\W{0,4}(?:TAGS?|SUBJ|SUBJECT|E\.? ?O\.?|REF|SIPDIS)\b|^[ \t>]{0,4}¶?1[.)]",
            text[at : at + 1_500],
            re.MULTILINE,
        )
        is not None
    )


def _quoted(text: str, start: int, end: int) -> bool:
    """Say whether a quotation is open before `end`, or the words just above announce a repeat."""
    depth = 0
    for mark in QUOTES.finditer(text, start, end):
        closes = "UNQUOTE" in mark[0] or mark[0].lstrip().startswith("END")
        depth = max(0, depth - 1) if closes else depth + 1
    return depth > 0 or REPEATS.search(text, max(start, end - 200), end) is not None


def _ended(text: str, at: int, end: int) -> bool:
    """Say whether the last lines before `end` close a message."""
    lines = [line.strip() for line in text[max(at, end - 600) : end].split("\n") if line.strip()]
    while lines and LABEL.match(lines[-1]) and not ENDED.fullmatch(lines[-1]):
        lines.pop()
    return bool(lines) and (ENDED.fullmatch(lines[-1]) or SIGNED.search(lines[-1][-120:])) is not None


def _with_label(text: str, at: int, floor: int) -> int:
    """Step back over the collector's own lines above a header."""
    while at > floor:
        above = text.rfind("\n", floor, at - 1)
        line = text[above + 1 : at]
        if above < 0 or (line.strip() and not LABEL.match(line.strip("\n"))):
            break
        if not line.strip() and not LABEL.match(text[text.rfind("\n", floor, above) + 1 : above]):
            break
        at = above + 1
    return at
