"""Single fields of a head: subject, captions, executive order."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from cablelab.ids import full_year
from cablelab.message.grammar import CAPTION, CAPTION_WORDS, HANDLING, SIGN, one_line

_MARKING = re.compile(
    r"[ \t]*\((?:[UCS]|SBU|TS|LOU|FOUO|NF|[A-Z]{1,3}(?://?[A-Z]{1,6})+|C[ ]?O[ ]?R[ ]?R[ ]?E[ ]?C[ ]?T[ ]?E[ ]?D[ ]+COPY)\)[ \t]*",
    re.IGNORECASE,
)
_RULE = re.compile(rf"\n[ \t]*{SIGN}{{3,}}.*", re.DOTALL)


def subject(written: str) -> str | None:
    r"""Put a subject on one line, without its marking.

    >>> subject("(SBU) PORT STRIKE: \nSECOND WEEK ")
    'PORT STRIKE: SECOND WEEK'
    """
    text = one_line(_RULE.sub("", "\n" + written)).lstrip(":/ ")
    if text.startswith("- "):  # in the colon's place
        text = text[2:]
    if '""' in text:  # a CSV's doubled quotes
        text = text.replace('""', '"')
    while found := _MARKING.match(text):
        text = text[found.end() :]
    if "  " in text or text[-1:] in "-=*":
        text = text.rstrip("-=* ")
    return text or None


_SAME_CAPTION = {"S I P D I S": "SIPDIS", "SBU": "SENSITIVE", "SENSITIVE BUT UNCLASSIFIED": "SENSITIVE", "NF": "NOFORN"}


def captions(written: list[str]) -> list[str]:
    """Name the captions of a message in order, each once.

    >>> captions(["SIPDIS ", "NOFORN SIPDIS"])
    ['SIPDIS', 'NOFORN']
    """
    return list(dict.fromkeys([word for line in written for word in _captions_in(line.strip().upper())]))


@lru_cache(maxsize=1 << 12)
def _captions_in(line: str) -> tuple[str, ...]:
    words = [_SAME_CAPTION.get(m[0], "SENSITIVE" if m[0].startswith("SEN") else m[0]) for m in CAPTION.finditer(line)]
    if not words and line.startswith("SIPDIS"):  # glued to what follows
        words = ["SIPDIS"]
    return tuple(w for w in words if w in CAPTION_WORDS)


def handling(words: list[str], level: str | None) -> list[str]:
    """Name the caveats among captions. SENSITIVE means sensitive but unclassified: on a classified message it is no caveat.

    >>> handling(["SIPDIS", "SENSITIVE"], "UNCLASSIFIED"), handling(["NOFORN", "SENSITIVE"], "SECRET")
    (['SENSITIVE'], ['NOFORN'])
    """
    caveats = dict.fromkeys(HANDLING[w] for w in words if w in HANDLING)
    if level not in {None, "UNCLASSIFIED"}:
        caveats.pop("SENSITIVE", None)
    return list(caveats)


# An order's number; letters stand for digits, and blanks between them, in copies of the seventies.
ORDER = r"[1IL][ ]?[\dIL](?:[ ]?[\dOS]){2,4}"
_ORDER = re.compile(ORDER, re.IGNORECASE)
_READ_FOR = str.maketrans("OILS", "0115", " ")
SEVENTIES = ("11652", "12065")
LAST_YEAR = 1982  # in which one of these was in force
_DECL = re.compile(r"(?:DECL?(?:ASSIFY)?(?:[ ]ON)?|DECLAS|RDS-?\d?|GDS)[ :.]*", re.IGNORECASE)
_TERMS = frozenset({"GDS", "RDS"})  # general and review schedule, without a date
_DATE = re.compile(r"(?<!\d)(\d{1,4})[/\-. ](\d{1,2})[/\-. ](\d{1,4})(?!\d)")


def _date(match: re.Match[str]) -> date | None:
    a, b, c = match.groups()
    try:
        if len(a) == 4:
            return date(int(a), int(b), int(c))
        year = int(c) if len(c) == 4 else full_year(int(c)) if len(c) == 2 else 0
        # A message declassifies in the future: `1/1/66` cannot be 1966 after 1990, but two-digit years here stay below 50.
        return date(year, int(a), int(b))
    except ValueError:
        return None


@lru_cache(maxsize=1 << 10)
def order_of(label: str, year: int | None) -> str | None:
    """Read the executive order's number; up to 1982 one digit may be wrong, missing or one too many.

    >>> order_of("E.O. ll652", None), order_of("E.0. 11552", 1975), order_of("E.O. 12985", 2005)
    ('11652', '11652', '12985')
    """
    from rapidfuzz.distance import OSA

    found = _ORDER.search(label)
    if found is None:
        return None
    number = found[0].upper().translate(_READ_FOR)
    if number == "1652" or (year is not None and year <= LAST_YEAR):
        near = [order for order in SEVENTIES if OSA.distance(order, number, score_cutoff=1) < 2]
        return near[0] if len(near) == 1 else number
    return number


@lru_cache(maxsize=1 << 10)
def executive_order(written: str, label: str, year: int | None = None) -> tuple[str | None, date | None, str | None]:
    """Read the executive order's number, the declassification date, and the rest of the line; `year` is that of the message.

    >>> executive_order(": DECL: 12/04/2012", "E.O. 12958")
    ('12958', datetime.date(2012, 12, 4), None)
    >>> executive_order(": N/A", "E.O. 12958")
    ('12958', None, 'N/A')
    >>> executive_order(": DNG: CO 03/06/2018", "E.O. 12958")  # the day of a lower level, not of none
    ('12958', None, 'DNG: CO 03/06/2018')
    """
    rest = one_line(written).strip(" :,;.")
    when = None
    opens = rest.upper().find("DECL") if rest[:3].upper() == "DNG" else 0
    if opens >= 0 and (found := _DATE.search(rest, opens)):
        when = _date(found)
        if when is not None:
            rest = (rest[: found.start()] + rest[found.end() :]).strip()
    note = _DECL.sub("", rest, count=1).strip(" :,;.") if _DECL.match(rest) and rest.upper() not in _TERMS else rest
    return order_of(label, year), when, note or None


# `GDS 3/2/85 (TARN, EDWARD Q.) OR-E`: the classifier, then the office that gave the authority.
_CLASSIFIER = re.compile(
    r"\(([A-Z][A-Z .'’-]{1,30})(?:,[ ]*([A-Z][A-Z .'’-]{0,30}?)(?:,[ ]*(JR|SR|II|III)\.?)?)?[ ]*(?:\)|$)(?(2)|(?=[ ]*OR?-))"
)


def classifier(written: str, label: str) -> str | None:
    """Name the officer whom the line of Executive Order 12065 (1978-82) gives in brackets, surname last.

    >>> classifier(": GDS 3/2/85 (TARN, EDWARD Q.) OR-E", "E.O. 12065"), classifier(": GDS 3/2/85", "E.O. 12065")
    ('EDWARD Q. TARN', None)
    """
    found = _CLASSIFIER.search(one_line(written).upper()) if "12065" in label else None
    if found is None or (found[2] is None and " " not in found[1].strip()):
        return None
    return " ".join(word for word in (found[2], found[1].strip(), found[3]) if word)
