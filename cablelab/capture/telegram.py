"""What the Department's machines printed above the message of a telegram of 1973-79, and later above some retransmissions.

Between the page banner and the date-time group stand the distribution within the Department, for out-going ones who drafted and
approved it, and the relay's line of dashes. They are no part of what was sent: they are set aside under their own roles.
"""

from __future__ import annotations

import re

Aside = tuple[int, int, str]
OFFICE = r"[A-Z]{1,6}(?:/[A-Z]{1,6})?"
OPENS = re.compile(rf"^[ \t]*(?:ACTION|ORIGIN)[ \t]+{OFFICE}-\d\d", re.MULTILINE)
COUNT = re.compile(r"\n[ \t]*\d{1,3}(?:-?[A-Z])?[ \t]*\n\s*$")
# blanks may stand inside a date-time group, or be missing
ENDS = re.compile(
    r"^[ \t]*(?:[ZOPRY0]{1,2}(?: [ZOPRY0])?[ \t]*[\dOIl][\dOIl ]{4,8}[Z2]?[ \t]*[A-Z0][A-Z0 ]{2,9}\.?[ \t]*(?:\d|$)|FM[ \t]+[A-Z])",
    re.MULTILINE,
)
RELAY = re.compile(r"-{6,}+.*")
DRAFTING = re.compile(r"(?:DRAFTED BY\b|DRAFTED:|APPROVED BY\b|\d{5}$)")
DISTRIBUTION = re.compile(
    rf"(?:(?:ACTION|ORIGIN|INFO)[ \t]+)?(?:{OFFICE}-\d\d|/\d{{3,4}}|[A-Z])(?:[ \t]+(?:{OFFICE}-\d\d|/\d{{3,4}}|[A-Z]))*|\d{{1,3}}(?:-?[A-Z])?"
)
DRAFTED = re.compile(r"^[ \t]*DRAFTED BY:?[ \t]*+(\S(?:[^\n]*\S)?)[ \t]*$", re.MULTILINE)
APPROVED = re.compile(r"^[ \t]*APPROVED BY:?[ \t]*+(\S(?:[^\n]*\S)?)[ \t]*$", re.MULTILINE)
REACH = 4_000  # characters of the longest such block


def asides(text: str) -> list[Aside]:
    r"""Find distribution, drafting and relay lines.

    >>> text = "PAGE 01 OSLO 00012\n\n45\nACTION EUR-12\nINFO OCT-01 /013 W\n------------ 099491\nR 182339Z MAY 73\nFM AMEMBASSY OSLO"
    >>> [(text[a:b], role) for a, b, role in asides(text)]
    [('45\nACTION EUR-12\nINFO OCT-01 /013 W', 'distribution'), ('------------ 099491', 'relay')]
    """
    found: list[Aside] = []
    if "ACTION " not in text and "ORIGIN " not in text:
        return found
    for opens in OPENS.finditer(text):
        if found and opens.start() < found[-1][1]:
            continue
        ends = ENDS.search(text, opens.end(), opens.end() + REACH)
        if ends is None:
            continue
        start = opens.start()
        if count := COUNT.search(text, max(0, start - 60), start):
            start = count.start() + 1
        found += _lines(text, start, ends.start())
    return found


def _lines(text: str, start: int, end: int) -> list[Aside]:
    """Give each line of a block its role: lists of clearances go on until the relay's dashes."""
    found: list[Aside] = []
    role, at = "distribution", start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        line = text[at:stop]
        if role == "relay" and line.strip() and not RELAY.fullmatch(line.strip()):
            break  # the message's own first line, however damaged
        if words := line.strip():
            if RELAY.fullmatch(words):
                role = "relay"
            elif DRAFTING.match(words):
                role = "drafting"
            elif role == "distribution" and not DISTRIBUTION.fullmatch(words):
                role = "drafting" if ":" in line or " BY " in line else "distribution"
            a, b = at + len(line) - len(line.lstrip()), at + len(line.rstrip())
            if found and found[-1][2] == role:
                found[-1] = (found[-1][0], b, role)
            else:
                found.append((a, b, role))
        at = stop + 1
    return found


def drafting(text: str) -> tuple[str | None, str | None]:
    r"""Read who drafted and who approved a telegram, as its head says.

    >>> drafting("66011\nDRAFTED BY EUR/RPE:WRSEDGE:APD\nAPPROVED BY EUR:MR. HOLT\n")
    ('EUR/RPE:WRSEDGE:APD', 'EUR:MR. HOLT')
    """
    if "DRAFTED BY" not in text and "APPROVED BY" not in text:
        return None, None
    drafted, approved = DRAFTED.search(text), APPROVED.search(text)
    return drafted[1] if drafted else None, approved[1] if approved else None
