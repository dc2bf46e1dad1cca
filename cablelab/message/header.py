"""The transmission header: what the relay needed to deliver the message, up to the classification line.

Facts: ACP 127 line order; 5 FAH-2 H-230. Any line may be missing, and copies join all lines into one.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from itertools import zip_longest

from cablelab.facts import kept_while_posts_stay, post_code
from cablelab.ids import full_year
from cablelab.message.grammar import BANNER, CAPTION_LINE, SIGN
from cablelab.message.head_fields import LABEL
from cablelab.message.model import Addressee, Cut
from cablelab.terms import MONTH, MONTHS

PRECEDENCE = {"Z": "FLASH", "O": "IMMEDIATE", "P": "PRIORITY", "R": "ROUTINE"}

START = re.compile(r"\n[ \t]*(V?ZCZC[A-Z]{0,4}[ ]?\d*)", re.ASCII)
# A boundary before the first letter is asked for after it: so the engine can skip to that letter.
ORIGIN = re.compile(r"DE (?<!\wDE )(R[A-Z]{4,7}) #?(\d{1,6})(?:/\d{1,3})?[ ]*(\d{7}|\d\d/\d{4}Z)?")
SIGNAL = re.compile(r"(ZN(?<!\wZN)[RY](?: [A-Z]{4,5})?(?: ZZ[HK])?)\b")
DTG = re.compile(
    rf"(?P<day>\d\d)(?P<hour>\d\d)(?P<minute>\d\d)Z(?<!\d{{7}}Z)[ ]*(?P<month>(?i:{MONTH}))[A-Za-z]*[ ]*(?P<year>\d{{4}}|\d{{2}})(?!\d)"
    r"(?:[ ]+Z[FD][A-Z](?:[ -]?\d(?!\d))?)*"
)
# As machines of the seventies damaged it: blanks inside, letters for digits, a 2 for the Z or none, a letter of the month, no year; asked
# for where no whole one stands.
_TWO = r"[\dOIl][ ]?[\dOIl]"
_DAMAGED = re.compile(
    r"(?=[\dOIl])(?:(?<![\dA-Z])|(?<=[\n ]0)|(?<=[\nOPRZ ][OPRZ]))"
    rf"(?P<day>{_TWO})[ ]?(?P<hour>{_TWO})[ ]?(?P<minute>{_TWO})(?P<zone>[ ]?[Z2])?[ ]{{0,3}}"
    r"(?P<month>[A-Z0][ ]?[A-Z0][ ]?[A-Z0])[A-Z]{0,6}\.?[ ]{0,3}(?P<year>\d{4}|\d[ ]?\d)?(?!\d)"
    r"(?:[ ]+Z[FD][A-Z](?:[ -]?\d)?)*(?:[ ]*Z|[ ]+BT)?(?=[ \t]*\n)"
)
_DIGITS = str.maketrans("OIl", "011", " ")  # what is read for them, and what is left out
_LETTERS = re.compile(r"(?<![A-Z0-9#])[OPRZ0](?:[ ]*[OPRZ0])?[ ]*$")
_LINE_OPENS = re.compile(r"\n[ \t]*(?:[OPRZ0](?:[ ]*[OPRZ0])?[ ]*)?$")
_WHO = re.compile(
    r"(FM(?<=[\n \t]FM)|TO(?<=[\n \t]TO)|INFO(?<=[\n \t]INFO)|XMT(?<=[\n \t]XMT))(?:[ \t]+\n?|(?<=XMT)/)(?=[A-Z0-9])"
)
_GOES_ON = re.compile(r"\s*R[A-Z]{4,7}/[A-Z0-9]")
_ROUTED = re.compile(r"(?<=\s)(?=R[A-Z]{4,7}/[A-Z0-9])")
_GLUED = re.compile(r"([A-Z]{5,})(\d{3,5})")
_PRECEDENCES = frozenset({"FLASH", "IMMEDIATE", "PRIORITY", "ROUTINE"})
_PRECEDENCES_OPEN = frozenset(word[:2] for word in _PRECEDENCES)
_ROUTING = re.compile(r"\n[ \t]*((?:ZZ|OO|PP|RR)(?:[ ]+[RV][A-Z]{3,8})+(?:\s+R[A-Z]{4,7}(?!/))*)")


def find_dtg(text: str, start: int, end: int) -> re.Match[str] | None:
    r"""Find a date-time group; where there is none, one that opens a line and is damaged.

    >>> find_dtg("\nR 182339 Z MAY 73\nFM", 0, 21)[0], find_dtg("\nP R 2317462 JUL 75\nFM", 0, 22)[0]
    ('182339 Z MAY 73', '2317462 JUL 75')
    """
    if found := DTG.search(text, start, end):
        return found
    for found in _DAMAGED.finditer(text, start, end):
        opens = _LINE_OPENS.search(text, max(start, found.start() - 12), found.start())
        whole = found["zone"] is not None and found["year"] is not None
        # where the zone or the year is lost the precedence and the other of them tell what it is
        if opens and (whole or ((found["zone"] or found["year"]) and opens[0].strip())) and _month(found["month"]):
            return found
    return None


@lru_cache(maxsize=1 << 10)
def _month(written: str) -> int | None:
    """Give the number of a month; one letter may be wrong where only one month is that near."""
    letters = written.upper().replace("0", "O").replace(" ", "")
    if letters in MONTHS:
        return MONTHS[letters]
    near = [n for name, n in MONTHS.items() if sum(a != b for a, b in zip(name, letters, strict=True)) < 2]
    return near[0] if len(near) == 1 else None


def _figure(written: str) -> int:
    return int(written if written.isdecimal() else written.translate(_DIGITS))


def dtg_of(match: re.Match[str], year: int | None = None) -> datetime | None:
    """Read a date-time group; None if its numbers are no date. `year` is that of the page, for a group that has lost its own.

    >>> dtg_of(DTG.search("R 031154Z DEC 07"))
    datetime.datetime(2007, 12, 3, 11, 54)
    """
    day, hour, minute = map(_figure, match.group("day", "hour", "minute"))
    written = match["year"]
    year = full_year(int(written.replace(" ", ""))) if written else year
    try:
        return datetime(year or 0, _month(match["month"]) or 0, day, hour, minute)
    except ValueError:
        return None


def precedence_of(text: str, dtg: re.Match[str]) -> list[str]:
    """Name the precedences before a date-time group, action before info.

    >>> line = "O P 121130Z JUN 08"
    >>> precedence_of(line, DTG.search(line))
    ['IMMEDIATE', 'PRIORITY']
    """
    letters = _LETTERS.search(text, max(0, dtg.start() - 8), dtg.start())
    return [PRECEDENCE[c] for c in letters[0].replace("0", "O") if c != " "] if letters else []


def _post(name: str, year: int | None) -> str | None:
    if name.endswith("COLLECTIVE"):
        return None
    # A country or state may follow in two letters, `AMEMBASSY TRIPOLI LY`, and a mission's city: `USMISSION USOSCE VIENNA`.
    if name[-3:-2] == " " and post_code(name, year) is None:
        name = name[:-3]
    if (found := post_code(name, year)) is not None:
        return found
    mission = name.rpartition(" ")[0]
    return post_code(mission, year) if mission.rpartition(" ")[2].startswith("US") else None


def _precedence(word: str) -> str | None:
    """Name a precedence, one letter of it wrong, missing or in another's place.

    >>> _precedence("ROUTINE"), _precedence("PRIORTY"), _precedence("PRISTINA")
    ('ROUTINE', 'PRIORITY', None)
    """
    if word in _PRECEDENCES:
        return word
    if len(word) < 6 or word[:2] not in _PRECEDENCES_OPEN:
        return None
    from rapidfuzz.distance import OSA

    return next((one for one in sorted(_PRECEDENCES) if OSA.distance(one, word, score_cutoff=1) <= 1), None)


def addressee(role: str, entry: str, year: int | None = None) -> Addressee | None:
    """Read one entry of FM, TO, INFO or XMT: role, routing, name, post, precedence, serial.

    >>> addressee("to", "RUEHC/SECSTATE WASHDC PRIORITY 1307")
    Addressee(role='to', routing='RUEHC', name='SECSTATE WASHDC', post='STATE', precedence='PRIORITY', serial=1307)
    """
    words = entry.split()
    while words and not (last := words[-1].rstrip(".,;\\")):
        words.pop()
    if not words:
        return None
    words[-1] = last
    if last[-1].isdecimal() and (glued := _GLUED.fullmatch(last)):
        words[-1:] = glued.groups()
        last = glued[2]
    serial = None
    if (
        last[0].isdecimal()
        and len(words) > 1
        and len(last) <= 11
        and len(number := last[:5].partition("-")[0]) >= 3
        and number.isdecimal()
    ):
        serial = int(number) or None  # 0000 fills the place of a number
        words.pop()
        if len(words) > 2 and words[-1] in MONTHS:  # a spreadsheet's damage: the serial was read as a date
            words.pop()
    routing, name, post, precedence = _named(" ".join(words), year)
    return Addressee(role, routing, name, post, precedence, serial) if name else None


@kept_while_posts_stay(1 << 13)
def _named(entry: str, year: int | None) -> tuple[str | None, str, str | None, str | None]:
    """Part an entry without its serial into routing, name, post and precedence; the same ones stand in very many headers."""
    words = entry.split()
    precedence = _precedence(words[-1]) if len(words) > 1 else None
    if precedence:
        words.pop()
        if precedence == "IMMEDIATE" and words[-1] == "NIACT":
            precedence = f"{words.pop()} {precedence}"
    routing, slash, name = " ".join(words).partition("/")
    if routing == "ZEN":  # delivered by other means
        return None, name.strip(), _post(name.strip(), year), precedence
    if not slash or not (5 <= len(routing) <= 8 and routing.isalpha() and routing.isupper()):
        routing, name = "", " ".join(words)
    name = name.strip()
    if not any(c.isalpha() for c in name):
        return routing or None, "", None, precedence
    return routing or None, name, _post(name, year), precedence


_ROLE = {"FM": "from", "TO": "to", "INFO": "info", "XMT": "exempt"}
_STOP = re.compile(rf"\n[ \t]*(?:BT\b|{SIGN}{{6,}})")


def read(
    text: str, start: int, end: int, spans: list[Cut], year: int | None = None
) -> tuple[re.Match[str] | None, datetime | None, int | None, list[Addressee]]:
    """Read the header lines between `start` and `end`, adding their spans; `year` is that of the page, where the DTG tells none.

    Returns
    -------
    The DTG's match, its time if it is one, the serial of the DE line, and the addressees in order.
    """
    if found := START.search(text, start, end):
        spans.append((found.start(1), found.end(1), "start"))
    if found := _ROUTING.search(text, start, end):
        spans.append((found.start(1), found.end(1), "routing"))
    origin = ORIGIN.search(text, start, end)
    if origin:
        spans.append((origin.start(), origin.end(), "origin"))
    if found := SIGNAL.search(text, start, end):
        spans.append((found.start(), found.end(), "signal"))
    dtg = find_dtg(text, start, end)
    if dtg:
        letters = _LETTERS.search(text, max(start, dtg.start() - 8), dtg.start())
        spans.append((letters.start() if letters else dtg.start(), dtg.end(), "dtg"))
    when = dtg_of(dtg, year) if dtg else None
    year = when.year if when else year
    who: list[Addressee] = []
    stop = _STOP.search(text, dtg.end(), end) if dtg else None
    end = stop.start() if stop else end
    labels = list(_WHO.finditer(text, dtg.end() if dtg else start, end))
    labels = _in_order(labels)
    for label, following in zip_longest(labels, labels[1:]):
        last = following.start() if following else end
        role = _ROLE[label[1]]
        block = text[label.end() : last]
        blank = block.find("\n\n")
        while blank >= 0 and _GOES_ON.match(block, blank):
            blank = block.find("\n\n", blank + 2)
        if blank >= 0:
            block = block[:blank]
        spans.append((label.start(), label.end() + len(block.rstrip()), role))
        if role == "from":
            block = block.partition("\n")[0]
        for line in block.split("\n"):
            if line.count("/") > 1:
                who += [one for entry in _ROUTED.split(line) if (one := addressee(role, entry, year))]
            elif one := addressee(role, line, year):
                who += [one] if one.post else _parted(one, year)
    return dtg, when, int(origin[2]) if origin else None, who


_MONTH_BETWEEN = re.compile(rf" {MONTH} ")


def _parted(one: Addressee, year: int | None) -> list[Addressee]:
    """Part two posts that a spreadsheet made one, when it read the serial of the first as a date: `AMEMBASSY LA PAZ FEB LIMA`."""
    cut = _MONTH_BETWEEN.search(one.name)
    if cut is None:
        return [one]
    first, second = one.name[: cut.start()], one.name[cut.end() :]
    posts = _post(first, year), _post(second, year)
    if None in posts:
        return [one]
    return [
        one._replace(name=first, post=posts[0], precedence=None, serial=None),
        one._replace(routing=None, name=second, post=posts[1]),
    ]


_SENDER = re.compile(r"(?:[ ]*Z|[ ]+BT)?\s+(?:Z[A-Z]{2}\s+)*FM ")
_BARE = re.compile(r"\s*(?:FM|TO|INFO) [A-Z]")
# below a date-time group that cannot be read
_BELOW_GROUP = re.compile(r"(?<=\n)[ \t]*FM [A-Z][^\n]{2,60}\n[ \t]*TO [A-Z]")
_END = re.compile(rf"\n[ \t\\]*\n|{_STOP.pattern}")


def end_of(text: str, end: int) -> int | None:
    """Find where a header ends that no classification line follows: at the blank line, BT or the message's own first line below it."""
    dtg = find_dtg(text, 0, min(end, 6_000))
    sender = _SENDER.match(text, dtg.end(), end) if dtg else None
    if sender is None:
        sender = _BARE.match(text, 0, end) or (None if dtg else _BELOW_GROUP.search(text, 0, min(end, 600)))
    if sender is None:
        return None
    stop = _END.search(text, sender.end(), end)
    last = stop.start() if stop else end
    at = text.find("\n", sender.end(), last)
    while at >= 0:  # printed without blank lines, as editions do
        below = text.find("\n", at + 1, last)
        line = text[at + 1 : below if below >= 0 else last]
        if _MESSAGE.match(line) or LABEL.match(line) or CAPTION_LINE.match(line) or BANNER.fullmatch(line):
            return at
        at = below
    return last


# What stands below the addressees and is none: an instruction to pass the message on, a numbered paragraph, a sentence.
_MESSAGE = re.compile(
    r"[ \t]*(?:FOR[ ]|FROM[ ]|PASS[ ]|EYES ONLY\b|JOINT[ ]|(?:DEPT|DEPARTMENT)[ ](?!OF\b)|E[.,]{0,2}[ ]?[O0][.,][ :]"
    r"|(?:¶[ ]?)?1[ ]?[.)][ ]*\D|(?:BEGIN )?SUMMARY\b|(?!TO |INFO |XMT |AMEMB|AMCONSUL|R[A-Z]{4,7}/)(?:(?!US)[A-Z][A-Z ]{2,24}[ ]FOR[ ][A-Z]"
    r"|.{0,60}\b(?:PASS(?:ED)?|PLEASE|PLS)\b|(?!.{0,200}\bR[A-Z]{4,7}/).{140}))"
)
_RANK = {"FM": 0, "TO": 1, "INFO": 2, "XMT": 3}


def _in_order(labels: list[re.Match[str]]) -> list[re.Match[str]]:
    """Keep one label of each kind, in the order FM, TO, INFO, XMT: names hold the words too (`TO` in a collective's name)."""
    first = next((i for i, label in enumerate(labels) if label[1] == "FM"), 0)
    labels = labels[first:]  # above FM: an operator's words, a list of offices
    kept: list[re.Match[str]] = []
    at = 0
    for label in labels:
        rank = _RANK[label[1]]
        if rank >= at:
            kept.append(label)
            at = rank + 1
    return kept
