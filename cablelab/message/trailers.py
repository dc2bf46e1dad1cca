"""What runs on behind the end of a message: marks of the relay, stamps, page numbers, credits, invitations, a second message."""

from __future__ import annotations

import re

from cablelab.message.grammar import BANNER, BLANK, CAPTION_LINE, LEVEL, MARK, SIGN
from cablelab.terms import MONTH

GAP = BLANK + "\f\v\x1a\xa0\u200b\ufeff"

_MONTH = rf"{MONTH}[A-Z]{{0,6}}\.?"
_ENDS = (
    r"(?:N{3,4}[A-Z]{0,12}|N{0,4}M?AFVVZCZ|BT|\#\d{2,6}|<+ ?END OF DOCUMENT.{0,80}|=+ ?(?:CABLE ENDS?|END OF CABLE)(?>(?:[ ]*+=++)*)|ENDALL|YY+"
    r"|\(?END (?:OF )?(?:THE )?(?:CABLE|MESSAGE|TEXT|TELEGRAM|FILE)(?: TEXT)?\)?\.?"
    r"|\d{4}[A-Z]{3,6}\d{4,6}[ ]*-[ ]*CLASSIFICATION.{0,60})"
)
_TRAILER = re.compile(
    rf"[ \t\f>*]*(?:{_ENDS}(?:[ \t]+{_ENDS}){{0,4}}"
    r"|NOTE(?: BY [A-Z/ ]{1,20})?:? (?:NOT PASSED|[^\n]{0,80}?(?:PASSED|POUCHED|RECEIVED|CORRECTION|GARBLE|SERVIC|OMISSION|OC/T)).{0,200}"
    r"|UNQ(?:UO)?TE\.?|DE(?:CONTROL(?:LED)?|CLAS(?:S|SIFY|SIFIED)?) UPON .{0,60}"
    r"|\(?MINIMIZE CONSIDERED\)?\.?|\d{4}[A-Z]{3,6}\d{4,6}[ ]*-.*"
    # stamps of a release
    r"|(?:DECLASSIFIED|RELEASED|UNCLASSIFIED)/?(?:RELEASED)?[ ](?:(?:BY )?U\.?S\.? DEP|IN (?:FULL|PART)).{0,120}"
    r"|(?:(?:EO|E\.O\.) )?SYSTEMATIC REVIEW.{0,60}|U\.?S\.? DEPARTMENT OF STATE.{0,120}|(?:MARGARET P\.? GRAFELD|SHERYL P\.? WALTER).{0,120}"
    r"|REVIEW(?:ED)?(?: AUTHORITY| BY)?:.{0,80}|(?:CASE|DOC)(?: ID| NO\.?)?:? ?[A-Z]?-?\d.{0,80}"
    # pages, and the marks about a quoted text
    r"|(?:PAGE|PG\.?)[ ]?\d{1,3}(?:[ ]?(?:OF|/)[ ]?\d{1,3})?|-[ ]?\d{1,3}[ ]?-|\d{1,3} OF \d{1,3}|</?(?:PRE|CODE|P|DIV|BODY|HTML)>"
    r"|[^\w\n]++)[ \t\\]*",
    re.IGNORECASE,
)
# The same behind the last word of a line, and what a spreadsheet's columns leave there: a count, a date.
_ON_LINE = re.compile(rf"[ \t]+{_ENDS}[ \t]*$", re.IGNORECASE)
_FIELDS = re.compile(r"[ \t]+(?:0[ ]+)?(?:\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d\d-\d\d)$")
# A row's closing quote behind a name, and the next field, cut off in three points.
_NEXT_FIELD = re.compile(r"(?<=[A-Z])\"(?:[ ]|,[ ]?)[^\"\n]{0,20}\.{3}$")
# What may stand below a signature but also ends texts: it is passed over only where a signature stands above.
_DOUBTFUL = re.compile(
    r"[ \t\f>*(\[]*(?:\d{1,4}|\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}(?:[ T,]+\d{1,2}:\d\d(?::\d\d)?(?:[ ]?[AP]M|Z)?)?"
    rf"|(?:(?:MON|TUE|WED|THU|FRI|SAT|SUN)[A-Z]{{0,6}},?[ ])?(?:\d{{1,2}}[ ]{_MONTH}|{_MONTH}[ ]\d{{1,2}}),?[ ]\d{{4}}.{{0,20}}"
    r"|\d{6}Z [A-Z]{3} \d\d|[A-Z]{0,2}[ ]?\W{0,3}"
    r"|[^\n]{0,40}(?:@|©|\(C\) (?:19|20)\d\d|HTTPS?:|WWW\.)[^\n]{0,60}"
    r"|(?:CC|DRAFTED|APPROVED|CLEARED|SOURCE|POSTED|PUBLISHED|TAGS?|SENT FROM)\b.{0,80}"
    r"|[A-Z]{2,4}[/-][A-Z/-]{2,20}[:.]?.{0,30})[ \t)\]\\]*",
    re.IGNORECASE,
)
_MAIL = re.compile(r"\n--[ ]?\n")
_ADVERT = re.compile(
    rf"(?=[\s*\"PTVv])(?:\n[ \t]*{SIGN}{{5,}}[ \t]*)?[*\s\"]*(?:(?:Please|To|PLEASE)[ ]+)?[Vv](?:isit|ISIT)[ ]+[^.\n]{{2,60}}?"
    r"(?:[Cc]lassified|[Ww]eb|[Ff]orum|[Ss]ite|[Bb]log|CLASSIFIED|WEB|SITE)[^¶]{0,300}$"
)
_MINIMIZE = re.compile(
    r"[ \t]*\n?[ \t(]*MINIMIZE (?:(?:IS|WAS|HAS BEEN|HAVING BEEN) |FOR [A-Z ]{2,30} )?CONSIDERED\.?\)?\.?\s*$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(rf"[ \t>]*(?:¶[ ]?)?\d{{1,3}}[ ]?[.)][ \t]*(?:{MARK}[ \t]*)?\(?MINIMIZE", re.IGNORECASE)
_SIGNAL = re.compile("ZCZC")
_HEADER = re.compile(r"[ \t>]*V?ZCZC[A-Z]{2,4}[^\n]{0,30}\n(?:[^\n]{0,90}\n){0,4}?[ \t>]*DE R[A-Z]{4,7} ")
_RECORD = re.compile(
    r"\n(?=[ \t\"\d])[ \t]*\"?\d{1,7}\"?[\t,][ ]?\"?(?:\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}/\d{4})[ \d:]{0,9}\"?[\t,]"
)


# What a page adds to these below a signature: its reader's marks, a counter, the text of a rule.
_BELOW = re.compile(
    rf"[ \t]*+(?:|\"|\d{{1,6}}[ZUCS]?|[ZUCS]|NOTE: .*+|(?>(?:[<]|{SIGN}){{2,}}).*+|.{{0,40}}\bCABLE ENDS.{{0,40}}|{LEVEL}.{{0,40}})[ \t]*"
)


def stands_below(line: str) -> bool:
    """Tell whether a line of a page may stand between a signature and the page's own words.

    >>> stands_below("NNNN"), stands_below("======CABLE ENDS======"), stands_below(""), stands_below("Comments")
    (True, True, True, False)
    """
    return _BELOW.fullmatch(line) is not None or is_trailer(line)


def is_trailer(line: str) -> bool:
    """Tell whether a line stands after the end of a message.

    >>> is_trailer("NNNN"), is_trailer("NOTE: NOT PASSED TO ABOVE ADDRESSEE(S)"), is_trailer("QUILL")
    (True, True, False)
    """
    return bool(_TRAILER.fullmatch(line) or BANNER.fullmatch(line) or CAPTION_LINE.match(line))


def before(text: str, start: int, end: int) -> int:
    r"""Go back over what follows the end of a message; return the end of its last line.

    >>> before("The port is open.\nQUILL NNNN\nEnd Cable Text", 0, 43)
    23
    """
    stop = end
    for _ in range(60):
        stop = stripped(text, start, stop)
        above = max(text.rfind("\n", start, stop) + 1, start)
        line = text[above:stop]
        tail = line[-160:]
        if (
            line[-1:].isalnum()
            and not tail.isalnum()
            and (ends := _ON_LINE.search(tail))
            and ends.start() + len(line) - len(tail) > 0
        ):
            stop -= len(tail) - ends.start()
            continue
        if line[-1:].isdecimal() and (fields := _FIELDS.search(tail)):
            stop -= len(tail) - fields.start()
            continue
        if tail.endswith("...") and (cut := _NEXT_FIELD.search(tail)):
            stop -= len(tail) - cut.start()
            continue
        if above <= start or len(line) > 400 or not is_trailer(line):
            break
        stop = above
    return stop


def stripped(text: str, start: int, stop: int) -> int:
    """Go back over blanks and form feeds."""
    while stop > start:
        piece = text[max(start, stop - 4_000) : stop]
        words = len(piece.rstrip(GAP))
        stop -= len(piece) - words
        if words:
            break
    return stop


def doubtful(text: str, start: int, stop: int) -> int:
    r"""Go back over one more thing that may stand below a signature: a date, a number, a credit, a mail's end; `stop` if there is none.

    >>> body = "So be it.\n\nQUILL\n\n3 June 2008"
    >>> body[: doubtful(body, 0, len(body))]
    'So be it.\n\nQUILL\n\n'
    """
    if (last := advert(text, start, stop)) < stop:
        return last
    above = max(text.rfind("\n", start, stop) + 1, start)
    if start < above and stop - above < 110 and _DOUBTFUL.fullmatch(text, above, stop):
        return above
    window = max(start, stop - 600)
    last = -1
    for mail in _MAIL.finditer(text, window, stop):
        last = mail.start()
    return last if last >= 0 and text.count("\n", last, stop) < 12 else stop


def advert(text: str, start: int, end: int) -> int:
    """Find where an invitation to visit a web site begins that a post put before its signature, or MINIMIZE CONSIDERED; else `end`.

    >>> body = "The port is open. Visit Kestrel's Classified Website: XXXXXXXX"
    >>> body[: advert(body, 0, len(body))]
    'The port is open.'
    """
    stop = stripped(text, start, end) if "CONSIDERED" in text[max(start, end - 60) : end].upper() else start
    if (
        "CONSIDERED" in text[max(start, stop - 12) : stop].upper()
        and (minimize := _MINIMIZE.search(text, max(start, stop - 70), stop))
        and ("\n" in minimize[0] or text[start : minimize.start()].endswith((".", "?", "!", ")", '"', "”", ":")))
    ):
        line = text.rfind("\n", start, minimize.end() - len("CONSIDERED")) + 1 or start
        return end if _NUMBERED.match(text, line, end) else minimize.start()  # it may be the last paragraph's words
    begin = max(start, end - 400)
    visit = max(text.rfind("isit ", begin, end), text.rfind("VISIT ", begin, end))
    found = _ADVERT.search(text, begin, end) if visit >= 0 else None
    return found.start() if found else end


def another(text: str, start: int, end: int) -> int:
    r"""Find where another message or record begins behind this one; `end` if there is none.

    >>> text = "1. So be it.\n\nQUILL\n\nVZCZCXRO5501\nOO RUEHFL\nDE RUEHLS #0413"
    >>> text[another(text, 0, len(text)) :][:12]
    'VZCZCXRO5501'
    """
    found = end
    for signal in _SIGNAL.finditer(text, start, end):
        line = text.rfind("\n", start, signal.start()) + 1 or start
        if _HEADER.match(text, line, end):
            found = line
            break
    record = _RECORD.search(text, start, found)
    return record.start() + 1 if record else found
