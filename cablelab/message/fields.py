"""Single fields of a head: subject, executive order, classified-by, captions."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from cablelab.facts import post_code
from cablelab.message.grammar import BLANK, CAPTION, CAPTION_WORDS, HANDLING, full_year, one_line
from cablelab.message.labels import REASON

_MARKING = re.compile(
    r"[ \t]*\((?:[UCS]|SBU|TS|LOU|FOUO|NF|[A-Z]{1,3}(?://?[A-Z]{1,6})+|C[ ]?O[ ]?R[ ]?R[ ]?E[ ]?C[ ]?T[ ]?E[ ]?D[ ]+COPY)\)[ \t]*",
    re.IGNORECASE,
)
_RULE = re.compile(r"\n[ \t]*[-=_*]{3,}.*", re.DOTALL)


def subject(written: str) -> str | None:
    """Put a subject on one line, without its marking.

    >>> subject("(SBU) PORT STRIKE: \\nSECOND WEEK ")
    'PORT STRIKE: SECOND WEEK'
    """
    text = one_line(_RULE.sub("", "\n" + written))
    while found := _MARKING.match(text):
        text = text[found.end() :]
    if "  " in text or text[-1:] in "-=*":
        text = text.rstrip("-=* ")
    return text or None


_SAME_CAPTION = {"S I P D I S": "SIPDIS", "SBU": "SENSITIVE", "NF": "NOFORN"}


def captions(written: list[str]) -> list[str]:
    """Name the captions of a message in order, each once.

    >>> captions(["SIPDIS ", "NOFORN SIPDIS"])
    ['SIPDIS', 'NOFORN']
    """
    return list(dict.fromkeys(word for line in written for word in _captions_in(line.strip().upper())))


@lru_cache(maxsize=1 << 12)
def _captions_in(line: str) -> tuple[str, ...]:
    words = [_SAME_CAPTION.get(m[0], m[0]) for m in CAPTION.finditer(line)]
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


_ORDER = re.compile(r"1[\dO]{3,4}")
_DECL = re.compile(r"(?:DECL?(?:ASSIFY)?(?:[ ]ON)?|DECLAS|RDS-?\d?|GDS|DNG)[ :.]*", re.IGNORECASE)
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


def executive_order(written: str, label: str) -> tuple[str | None, date | None, str | None]:
    """Read the executive order's number, the declassification date, and the rest of the line.

    >>> executive_order(": DECL: 12/04/2012", "E.O. 12958")
    ('12958', datetime.date(2012, 12, 4), None)
    >>> executive_order(": N/A", "E.O. 12958")
    ('12958', None, 'N/A')
    """
    number = _ORDER.search(label)
    rest = one_line(written).strip(" :,;.")
    when = None
    if found := _DATE.search(rest):
        when = _date(found)
        if when is not None:
            rest = (rest[: found.start()] + rest[found.end() :]).strip()
    note = _DECL.sub("", rest, count=1).strip(" :,;.") if _DECL.match(rest) else rest
    return number[0].replace("O", "0") if number else None, when, note or None


# ---- classified by --------------------------------------------------------------------------------------------------------------

_BY_LABEL = re.compile(
    r"^[\s:.\-]*(?:\(?[UCS]\)[ ]*)?(?:CL?ASS?I+F?I+E?D[ ]+BY[ ]*[:.\-]*[ ]*)*(?:\([A-Z]+\)[ ]*)?", re.IGNORECASE
)
_TAIL = re.compile(
    r"(?:"
    r"\b(?:for[ ]+)*(?:the[ ]+)?(?:following[ ]+)?re?a?[ ]?s?[ ]?ons?\b|\bre?a?sons?\b|\bfor[ ]+(?:for|re[a]?|1[.,]|E\.?O)|\bre$|\bfor[ ]*$"
    r"|\bR[eE]{0,2}a?s?o?n?s?[ ]*:|\bRe\s+asons|\bunder[ ](?:sec(?:tion|\.)|the[ ]|e\.?o|1)|\bbased[ ]on|\bdue[ ]to|\bper\b|\bpursuant|\bin accordance|\bby reason|\bon the basis"
    r"|\bE\.?[ ]?O\.?[ ]*1|\(?\b1[ ]?[.,][ ]?[2-6]\b|\bdeclass|\bsec(?:tion|\.)[ ]?\d|\bat[ ]post|Q#|\breQ|\bREASON"
    r"|\b[SR]ea\d?on)",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"[,;:]+[ ]*|[ ]+[-–][ ]*|(?<=[A-Za-z.])[ ]*[-–][ ]+|[ ]*--[ ]*")
_SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV)\.?$", re.IGNORECASE)
_AD_INTERIM = re.compile(r"[ ]+a\.[ ]?[a-z]\.?$")
_INITIAL = re.compile(r"(?:[A-Z]\.){1,3}$|[A-Z]$")
TITLES = frozenset(
    [
        "ambassador",
        "amb",
        "ambassadors",
        "charge",
        "chargé",
        "charged",
        "affaires",
        "affairs",
        "daffaires",
        "d'affaires",
        "a.i",
        "ai",
        "a/i",
        "acting",
        "deputy",
        "chief",
        "mission",
        "dcm",
        "cda",
        "cdas",
        "counselor",
        "counsellor",
        "couns",
        "coun",
        "councilor",
        "counselors",
        "minister",
        "min",
        "officer",
        "off",
        "poloff",
        "econoff",
        "director",
        "dir",
        "directorate",
        "pol",
        "econ",
        "political",
        "economic",
        "economical",
        "econ/pol",
        "consul",
        "general",
        "cg",
        "congen",
        "consular",
        "principal",
        "po",
        "section",
        "unit",
        "head",
        "secretary",
        "assistant",
        "asst",
        "under",
        "u/s",
        "a/s",
        "pdas",
        "das",
        "das/s",
        "senior",
        "regional",
        "bureau",
        "office",
        "mincouns",
        "polcouns",
        "econcouns",
        "polmincouns",
        "polmil",
        "politico-military",
        "political-military",
        "military",
        "mil",
        "attache",
        "attaché",
        "advisor",
        "adviser",
        "affaires",
        "legatt",
        "rso",
        "tdy",
        "embassy",
        "state",
        "department",
        "dept",
        "u.s",
        "us",
        "post",
        "team",
        "leader",
        "management",
        "public",
        "diplomacy",
        "labor",
        "commercial",
        "finance",
        "financial",
        "environmental",
        "science",
        "technology",
        "health",
        "refugee",
        "coordinator",
        "director-general",
        "chargé",
        "affaire",
        "chargee",
        "mission's",
        "vice",
        "representative",
        "rep",
        "permanent",
        "special",
        "envoy",
        "delegation",
        "del",
        "delegate",
        "control",
        "arms",
        "coordinator",
        "senior",
        "watcher",
        "iran",
        "desk",
        "undersecretary",
        "pao",
        "ecopol",
        "polecon",
        "econminister",
        "econmin",
        "ministercounselor",
        "minister-counselor",
        "minister/counselor",
        "counsel",
        "legal",
        "international",
        "organizations",
        "pol-mil",
        "mission",
        "defence",
        "defense",
        "dao",
        "datt",
        "agricultural",
        "fas",
        "usaid",
        "aid",
        "country",
        "clearance",
        "narcotics",
        "law",
        "enforcement",
        "ins",
        "ina",
        "reporting",
        "acdcm",
        "external",
        "internal",
        "hub",
        "program",
        "programs",
        "manager",
        "security",
        "nonproliferation",
        "executive",
        "principle",
        "ref",
        "coord",
        "usg",
        "interests",
        "cmission",
        "consulate",
        "for",
        "of",
        "and",
        "the",
        "to",
        "at",
        "in",
        "on",
        "d",
        "d,",
        "trade",
        "press",
        "information",
        "gso",
        "cons",
        "conoff",
        "ecopoloff",
        "pol/econ",
        "classified",
        "by",
        "himself",
        "herself",
        "ambassador-designate",
        "provincial",
        "reconstruction",
        "prt",
        "action",
        "branch",
        "division",
    ]
)
_TITLE_STEMS = (
    "ambas", "amabas", "counsel", "couns", "councel", "direct", "minist", "secret", "consul", "charge", "polit", "econom", "deput", "offic",
    "actin", "embas", "assist", "attach", "advis", "represent", "polco", "econo", "polof", "polmi", "ecopo", "mincou",
)  # fmt: skip


@lru_cache(maxsize=1 << 14)
def _is_title(token: str) -> bool:
    bare = token.strip(".,;:()'’\"*").lower().replace("’", "'")
    if not bare or bare in TITLES:
        return True
    if "/" in bare or "&" in bare:
        return True
    if bare.startswith(_TITLE_STEMS):
        return True
    if len(bare) == 4 and bare in {"cief", "chif", "chef", "hief"}:
        return True
    if len(bare) >= 5:
        from rapidfuzz.distance import DamerauLevenshtein

        limit = 1 if len(bare) < 8 else 2
        return any(
            len(t) >= 5 and t[0] == bare[0] and abs(len(t) - len(bare)) <= limit
            and DamerauLevenshtein.distance(t, bare, score_cutoff=limit) <= limit
            for t in ("ambassador", "counselor", "director", "chief", "deputy", "charge", "consul", "affaires", "affairs", "minister", "secretary",
                      "officer", "acting", "political", "economic", "general", "section", "mission", "assistant", "mcounselor", "delegate")
        )  # fmt: skip
    return False


def _looks_like_name(token: str) -> bool:
    bare = token.strip(',;:()"*')
    return (
        bool(bare)
        and (bare[0].isupper() or bare.lower() in {"de", "da", "van", "von", "der", "del", "la", "du", "al", "bin"})
        and not any(c.isdigit() for c in bare)
    )


def _name_in(segment: str) -> tuple[str, str]:
    """Part one stretch between commas into a title and a name; either may be empty."""
    tokens = segment.split()
    mixed = not segment.isupper()
    last = -1
    for i, token in enumerate(tokens):
        if _INITIAL.fullmatch(token) and i + 1 < len(tokens):
            continue
        acronym = mixed and token.isupper() and 2 <= len(token.strip(".()")) <= 6 and "." not in token.strip(".")
        if _is_title(token) or (acronym and i + 1 < len(tokens)) or not _looks_like_name(token):
            last = i
    name = tokens[last + 1 :]
    while (
        len(name) > 2
        and not _INITIAL.fullmatch(name[0])
        and post_code(name[0])
        and not any(_INITIAL.fullmatch(t) for t in name[1:2])
    ):
        name = name[1:]
        last += 1
    return " ".join(tokens[: last + 1]), " ".join(name).strip(' .,;:()-"*') if name else ""


def _rejoin(written: str, column: int) -> str:
    """Undo the hard break that classified-by fields get at their 71st column, in the middle of a word."""
    lines = written.split("\n")
    out = lines[0]
    for i, (before, line) in enumerate(zip(lines, lines[1:], strict=False)):
        cut = len(before.rstrip()) + (0 if i else column) >= 71 and line[:1].strip() and not before.endswith("  ")
        out = out.rstrip() + ("" if cut else " ") + line if line.strip() else out
    return out


def classified_by(written: str, column: int = 0) -> tuple[str | None, str | None, str | None]:
    """Read name, title and reason of a classified-by line.

    `column` is where the text begins on its line, so that hard breaks can be told.

    >>> classified_by(": Ambassador Ada B. Quill, Reasons 1.4 (b) and (d).")
    ('Ada B. Quill', 'Ambassador', '1.4 (b) and (d)')
    >>> classified_by(": ADA QUILL, DIRECTOR, INR/OPS. REASON: 1.4(C).")
    ('ADA QUILL', 'DIRECTOR, INR/OPS', '1.4(C)')
    """
    text = " ".join(_rejoin(written, column).replace("\\'", "'").split())
    reason = None
    for found in REASON.finditer(text):
        reason = (
            found[0].strip(" .,;")
            if "(" in found[0] or re.search(r"[a-h]\b", found[0][3:], re.IGNORECASE) or reason is None
            else reason
        )
        break
    label = _BY_LABEL.match(text)
    text = text[label.end() :] if label else text
    tail = _TAIL.search(text)
    who = (text[: tail.start()] if tail else text[:120]).strip(BLANK + '.,;:-("')
    titles: list[str] = []
    name = ""
    for segment in _SPLIT.split(who):
        segment = segment.strip(BLANK + ".;:-") if not re.search(r"\b(?:Jr|Sr)\.$", segment) else segment.strip()
        segment = _AD_INTERIM.sub("", segment)
        if not segment:
            continue
        if name and _SUFFIX.fullmatch(segment):
            name = f"{name}, {segment}"
            continue
        if name:
            titles.append(segment)
            continue
        title, found_name = _name_in(segment)
        if title:
            titles.append(title)
        name = re.sub(r"^([A-Z]\.)(?=[A-Z][a-z]+$)", r"\1 ", found_name)
    if re.search(rf"{re.escape(name)}\.", text) and re.search(r"\b[JS]r$", name):
        name += "."
    return name or None, ", ".join(titles) or None, " ".join(reason.split()) if reason else None
