"""What printers, reviewers and converters put among the lines of a message: stamps, page numbers, running heads, form feeds.

Each becomes an aside, (start, end, role): the parser reads blanks in its place, no paragraph holds it, and it keeps a span of its own.
Exemption marks beside the text (`B1, 1.4(D)`) stay, since they tell what was cut there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from cablelab.capture import telegram
from cablelab.capture.telegram import Aside

# `[name] Declassified/Released US Department of State EO Systematic Review 06 JUL 2006`, on one line or one to each part
REVIEW = re.compile(
    r"Declassified[/ ]{0,2}Released\s{1,40}US Department of State\s{1,40}EO Systematic Review"
    r"(?:\s{1,40}\d{1,2}[ \n]{1,3}[A-Za-z]{3,9}[ \n]{1,3}\d{4})?"
)
# who reviewed it: before the stamp in small letters, or alone on the line above
PERSON = re.compile(
    r"(?:(?<![A-Za-z])[A-Z](?:\.|[a-z'’][A-Za-z.'’-]{0,19})?[ \t]{1,3}){1,5}\Z"
    r"|^[ \t]{0,40}(?:[A-Z][A-Za-z.'’-]{0,20}[ \t]{1,3}){0,4}[A-Z][A-Za-z.'’-]{0,20}[ \t]{0,3}\n[ \t]{0,40}\Z",
    re.MULTILINE,
)
CASE = re.compile(
    r"(?:(?:UNCLASSIFIED|CONFIDENTIAL|SECRET|LIMITED OFFICIAL USE)?[ \t]{0,20}U\.?S\.? Department of State\s{0,20})?"
    r"\bCase No[.:]?[ \t]{0,5}[A-Z]{1,3}-\d{4}-\d{3,6}[^\n]*(?:\n[ \t]*(?:Doc No[.:]|Date:)[^\n]*){0,2}"
    r"|^[ \t]*C0\d{7}[ \t]*$",
    re.MULTILINE,
)
EXEMPT = r"(?:B\(?\d\)?|(?:1|3)\.\d ?\(?[A-Ha-h]\)?|NR)"
# a release mark on its own lines, with the exemptions listed under it
RELEASE = re.compile(
    rf"^[ \t]*(?:RELEASED?|DENIED|DECLASSIFIED|WITHHELD) IN (?:FULL|PART|PART/FULL)(?:[ \t,:]+{EXEMPT}(?:[, \t]+{EXEMPT})*)?[ \t]*$"
    rf"(?:\n[ \t]*{EXEMPT}(?:[, \t]+{EXEMPT}){{0,9}}[ \t]*$){{0,4}}",
    re.MULTILINE,
)
OTHER_STAMP = re.compile(
    r"^[ \t]*(?:REVIEW AUTHORITY:.*|STATE DEPT\.? ?- PRODUCED TO .*|SUBJECT TO AGREEMENT ON SENSITIVE INFORMATION.*"
    r"|(?:Declassified|Sanitized|DECLASSIFIED|SANITIZED|Approved|APPROVED)[^\n]{0,60}(?i:for release)[^\n]{0,80}"
    r"|(?:DECLASSIFIED|Declassified)[ \t]*+(?:\n[ \t]*+)?(?:PA/HO|Authority|AUTHORITY|E\.O\. 1[23]\d{3})[^\n]{0,80})[ \t]*$",
    re.MULTILINE,
)
OTHER = (
    "for release",
    "FOR RELEASE",
    "For Release",
    "REVIEW AUTH",
    "ECLASSIFIED",
    "Declassified",
    "PRODUCED TO",
    "SUBJECT TO AGREEMENT",
)
HANDLING = re.compile(r"^[ \t]*\*{3}[ \t]*Current (?:Handling Restrictions|Classification)[ \t]*\*{3}.*$", re.MULTILINE)
ILLEGIBLE = re.compile(r"^[ \t]*¿[ ¿\t]*$", re.MULTILINE)
PAGE_NUMBER = re.compile(r"(?:-{1,2} ?)?(?:[Pp]age |PAGE )?\d{1,3}(?: ?(?:of|OF|/) ?\d{1,3})?(?: ?-{1,2})?")
# `2 of 5`, `- 2 -`, `Page 2`: page numbers even where no form feed stands beside them
MARKED_NUMBER = re.compile(
    r"^[ \t]*(?:-{1,2} ?\d{1,3} ?-{1,2}|[Pp]age \d{1,3}(?: ?(?:of|/) ?\d{1,3})?|\d{1,2} of \d{1,2})[ \t]*$",
    re.MULTILINE,
)
DATED = re.compile(r"\d+")
EDGE = 3  # lines that a running head or foot takes


def asides(text: str) -> list[Aside]:
    r"""Find stamps and furniture in a text.

    Returns
    -------
    list of (start, end, role), sorted and apart; role is `stamp`, `furniture` or `attributes`.

    Examples
    --------
    >>> text = "Catches\n\n2\n\fRELEASED IN FULL\nfell."
    >>> [(text[a:b], role) for a, b, role in asides(text)]
    [('2', 'furniture'), ('\x0c', 'furniture'), ('RELEASED IN FULL', 'stamp')]
    """
    found: list[Aside] = []
    paged = "\f" in text
    if paged:
        found += _feeds(text)
        text = text.replace("\f", "\n")  # a page begins a line
    if "Systematic Review" in text:
        found += [(start, end, "stamp") for start, end in reviews(text)]
    if "Case No" in text:
        found += [(m.start(), m.end(), "stamp") for m in CASE.finditer(text)]
    if " IN FULL" in text or " IN PART" in text:
        found += [(m.start(), m.end(), "stamp") for m in RELEASE.finditer(text)]
    if any(word in text for word in OTHER):
        found += [(m.start(), m.end(), "stamp") for m in OTHER_STAMP.finditer(text)]
    if "*** Current" in text or "***  Current" in text:
        found += [(m.start(), m.end(), "attributes") for m in HANDLING.finditer(text)]
    if "¿" in text:
        found += [(m.start(), m.end(), "furniture") for m in ILLEGIBLE.finditer(text)]
    if found:  # what bears such marks was printed in pages
        found += [(m.start(), m.end(), "furniture") for m in MARKED_NUMBER.finditer(text)]
    return apart(found)


def reviews(text: str) -> Iterator[tuple[int, int]]:
    """Find stamps of the Department's review, each with the reviewer's name before it or on the line above.

    >>> text = "AND SO Ann B. Sample Declassified/Released US Department of State EO Systematic Review 04 MAY 2006"
    >>> [text[a : a + 13] for a, _ in reviews(text)]
    ['Ann B. Sample']
    """
    for stamp in REVIEW.finditer(text):
        before = text[max(0, stamp.start() - 120) : stamp.start()]
        person = PERSON.search(before)
        yield stamp.start() - len(before) + person.start() if person else stamp.start(), stamp.end()


def set_aside(text: str, of_form: tuple[Aside, ...] = ()) -> tuple[Aside, ...]:
    """Join what a form sets aside with what stands in any text: stamps, furniture, the lines above a telegram."""
    found = [*asides(text), *telegram.asides(text)]
    return tuple(apart([*of_form, *found])) if found else of_form


def apart(found: list[Aside]) -> list[Aside]:
    """Sort asides and leave out what others hold; where two overlap the first one stays whole.

    >>> apart([(4, 9, "stamp"), (0, 5, "furniture"), (5, 6, "furniture")])
    [(0, 5, 'furniture'), (5, 9, 'stamp')]
    """
    out: list[Aside] = []
    for start, end, role in sorted(found, key=lambda aside: (aside[0], -aside[1])):
        begin = max(start, out[-1][1] if out else 0)
        if begin < end:
            out.append((begin, end, role))
    return out


def _feeds(text: str) -> Iterator[Aside]:
    """Find form feeds, the page numbers beside them, and lines that head or foot most of the pages."""
    pages: list[list[tuple[int, int]]] = []
    at = 0
    for page in text.split("\f"):
        lines, place = [], at
        for line in page.split("\n"):
            if line.strip():
                lines.append((place, place + len(line)))
            place += len(line) + 1
        pages.append(lines)
        at += len(page) + 1
        if at <= len(text):
            yield at - 1, at, "furniture"
    heads, feet = Counter[str](), Counter[str]()
    for lines in pages:
        heads.update({DATED.sub("#", text[a:b].strip()) for a, b in lines[:EDGE]})
        feet.update({DATED.sub("#", text[a:b].strip()) for a, b in lines[-EDGE:]})
    filled = sum(map(bool, pages))
    for number, lines in enumerate(pages):
        if not lines:
            continue
        for edge, common in ((lines[:EDGE], heads), (lines[-EDGE:][::-1], feet)):
            for a, b in edge:
                line = text[a:b]
                beside = number < len(pages) - 1 if common is feet else number > 0
                numbered = beside and PAGE_NUMBER.fullmatch(line.strip()) is not None
                # a class word at the page's edge is the message's banner, and its core knows it
                running = (
                    filled > 1 and 2 * common[DATED.sub("#", line.strip())] > filled and any(c.islower() for c in line)
                )
                if not (numbered or running):
                    break
                yield a, b, "furniture"
