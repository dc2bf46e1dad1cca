"""References: what a cable cites, with label, implied year, number lists and notes.

Rules from the forms counted in real cables: `(A) STATE 143552 (B) 04 ALMATY 3206`, `A. A. PARIS 7682 AND PREVIOUS`,
`PARIS 7472 AND 7677`, `STATE (01) 201265`, `AMMAN 5049-01`, `2009 CAIRO 2394`; no year means the citing cable's.
"""

from __future__ import annotations

import re
from itertools import zip_longest

from cablelab.facts import post_code, posts
from cablelab.ids import written
from cablelab.message.grammar import CLASS_IN_TEXT, word_list
from cablelab.message.model import Reference
from cablelab.terms import MONTH, MONTH_NAMES, MONTHS

# A label opens an item: `A.`, `(A)`, `[A]`, `A)`, `A - `, `¶B.`, `REF A:`, often doubled by copies (`A. A)`).
_LABEL = re.compile(
    r"(?=[¶ \[(A-Z])(?:(?<=[\s;,.:¶)\d-])|^)(?:[REF]{3}(?:TEL)?[ ]*)?¶?[ ]?(?:\(([A-Z])[ ]?\)[.:]?|\[([A-Z])[ ]?\][.:]?"
    r"|([A-Z])(?:\.\)|\)|\.|:|[ ][-–](?=[ ])(?![ ]MAIL))(?![A-Z]\.?[A-Z]?\.))[ ]*(?=\S|\s*\n|$)",
    re.IGNORECASE,
)
_LETTER_POST = re.compile(r"(?:(?<=[\s;,])|^)([A-Z])[ ]{1,9}(?=[A-Z]{3}[A-Z ]{0,60}[ ]\d{2,6})")
_CABLE = re.compile(
    r"(?:(?:(?<=[\s;,.:()'’])|(?<![A-Z0-9]))(?P<year>(?:19|20)\d\d|O\d|\d\d|\((?:19|20)?\d\d\))[ ]*+[-/]?\s*+)?"
    r"(?P<post>(?:[A-Z]|0(?=[A-Z]{3}))(?:[A-Z.'’/]|0(?=[A-Z ])){0,20}"
    r"(?:(?:[ ]|[ ]{0,3}\n[ \n]{0,9}|-)[A-Z](?:[A-Z.'’]|0(?=[A-Z ])){0,20}){0,5}?)(?![A-Z])"
    r"(?(year)|(?:(?=\d{3})|(?![A-Z\d])))[ ]?(?:\((?P<within>(?:19|20)?\d\d)\)|(?P<inside>\d\d)[/-](?=\d{3,6}(?!\d)))?"
    r"(?:[ \n]*+(?:\#|NO\.?|NR\.?|CABLES?|TELS?|TELEGRAMS?|:|,(?=[ ]\d{3,6}(?!\d))|(?(year)[-/]|-(?!\d\d\b)))?[ \n]*+)"
    r"(?P<number>O\d{3,5}|\d{1,8})"
    r"(?P<sep>[ ]?\('?(?P<after>(?:19|20)?\d\d)\)|-(?P<dash>\d\d)(?!\d)|(?<=\d{3})/(?P<stroke>\d\d)(?![\d/])"
    r"|[ ](?P<tail>\d\d)(?=[ ]*(?:[,;.\n]|$)(?!\d)))?"
    r"(?![\dA-Z]|/(?!\d{3,7}(?!\d)|(?:TOSEC|SECTO)\b))",
    re.IGNORECASE,
)
# The same message's number in the series of the Secretary's party.
_SERIES = re.compile(r"[ /]{0,3}(?:TOSEC|SECTO)[ ]?\d{2,6}\b", re.IGNORECASE)
_MORE = re.compile(
    r"\s*(?:,(?:[ ]*(?:AND|&))?|AND|&|\+|/)\s*(?P<number>\d{2,7})(?![\d:]|/(?!\d{3,7}(?!\d))|[ ]*(?:[A-Z]{3}|¶|¢))"
    r"(?:[ ]?\((?P<after>(?:19|20)?\d\d)\))?",
    re.IGNORECASE,
)
# A date beside the number prints the year.
_DATED = re.compile(
    r"[ \n,(]{0,4}(?:OF|DATED|DTD|DTG|ON|FROM)?[ ]?(?:"
    rf"(?:\d{{6}}Z[ ]?|\d{{1,2}}[ -]?){MONTH}[A-Z]*[., -]{{0,2}}(?P<year>(?:19|20)\d\d|\d\d(?=[ ]*(?:[;,.)\n]|$)))(?!\d)"
    rf"|{MONTH}[A-Z]*[ ]\d{{1,2}},?[ ](?P<long>(?:19|20)\d\d)(?!\d)"
    r"|\d{1,2}/\d{1,2}/(?P<short>(?:19|20)?\d\d)(?!\d))|[ ](?:OF|IN)[ ](?P<of>(?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)
# The number first, or a number alone whose post the item above names.
_REVERSED = re.compile(
    r"[\s(]*(\d{2,6})[ ]+([A-Z][A-Z .']{2,24}?)(?:[ ]?\(((?:19|20)?\d\d)\))?[\s.;,)]*", re.IGNORECASE
)
_NUMBER_ALONE = re.compile(r"[\s(]*(\d{3,6})(?=[\s.;,)]|$)")
_NOTE = re.compile(
    r"[\s,(]*(NOTAL|(?<=\()NOT\s?AL{1,2}(?=\))|AND\s+PREVIOUS|AND\s+SERIES|AND\s+OTHERS|EXDIS|NODIS)(?![A-Z])",
    re.IGNORECASE,
)
_NOTED = re.compile(r"(?<=\w)[ \n](AND[ \n]+PREVIOUS)$", re.IGNORECASE)  # behind a mail
_WORD = re.compile(r"[^\s\-/]+")
_NOT_LETTER = re.compile(r"[^A-Z]")
_YEAR = re.compile(r"(?:19|20)\d\d")
_BETWEEN = re.compile(r"(;|\n[ \t]*\n)")
_MAIL = re.compile(r"\bE[- ]?MAIL|\bEMAIL", re.IGNORECASE)
_JOINED = re.compile(r"(?:[,;][ \n]{0,3}|[ \n])(?:AND|&|\+)[ \n]{1,3}$|[,;][ \n]{1,3}$", re.IGNORECASE)
_KINDS = (
    ("mail", _MAIL),
    ("telcon", re.compile(r"\bTELE?-?[ ]?CON(?:VERSATION)?S?\b|\bPHONECON|\bTELEPHONE|\bPHONE CALL", re.IGNORECASE)),
    ("report", re.compile(r"\bIIR\b|\bTD-?X?\d|\bTD-|\b31[45]/\d{4,6}|\bFBIS|\bREPORT|\bINTEL", re.IGNORECASE)),
    ("message-dtg", re.compile(r"\b\d{6}Z\b")),
)
# Words that stand before a number in a reference zone and are no post.
_NOT_POST = {*word_list("no-post"), *MONTHS, *map(str.upper, MONTH_NAMES)}
# Characters: what stands in a list and is no cable is a line or two.
_LONGEST = 240
_SENTENCE = 120  # of more than this, and sentences, the first sentence is kept
_ITEM_ENDS = re.compile(r"[.][ \n](?=[\"“]?[A-Z][a-z])|\n[ \t]*\n")
_NOTHING = frozenset({"N/A", "NONE", "NIL", "NOT APPLICABLE"})
_DEPARTMENTS = frozenset({"DEPTEL", "DEPTELS"})
# An attache's number is none of the embassy's.
_ATTACHE = re.compile(r"(?:^|[\s/])(?:US)?DAO[ ]$", re.IGNORECASE)
_TRAVELLING = frozenset({"SECTO", "TOSEC", "PARTO", "TOPAR"})


def ending_post(words: str, year: int | None = None) -> tuple[str, int] | None:
    """Find the longest ending of some words that names a post; also how many characters to skip before it."""
    clean = words.upper()
    if clean.endswith(("'S", "’S")):
        clean = clean[:-2]  # `STATE'S 51556`
    parts = []
    for part in _WORD.finditer(clean):
        if (code := post_code(clean[part.start() :], year)) is not None:
            return code, part.start()
        parts.append(part)
    last = parts[-1][0].replace("0", "O") if parts else ""
    if "0" in clean and (code := post_code(last, year)) is not None:
        return code, parts[-1].start()
    if parts and last in _TRAVELLING:
        return last, parts[-1].start()
    if parts and last in _DEPARTMENTS:
        return "STATE", parts[-1].start()
    if parts and len(last) >= 6 and last not in _NOT_POST and (code := _nearest(last)) is not None:
        return code, parts[-1].start()
    return None


def _nearest(word: str) -> str | None:
    """Mend one wrong, missing or doubled letter of a long post name."""
    from rapidfuzz.distance import OSA

    best = [
        c
        for c in posts()
        if abs(len(c) - len(word)) <= 1 and len(c) >= 6 and OSA.distance(c, word, score_cutoff=1) <= 1
    ]
    return best[0] if len(best) == 1 else None


def _two(year: str | None) -> int | None:
    if year is None:
        return None
    digits = year.strip("()").upper().replace("O", "0")
    return int(digits) % 100 if digits.isdigit() else None


def _items(zone: str) -> list[tuple[str | None, int, int]]:
    """Cut a reference zone at its labels; without labels at semicolons."""
    found = [(m.start(), m.end(), (m[1] or m[2] or m[3]).upper()) for m in _LABEL.finditer(zone)]
    if not found:
        found = [(m.start(), m.end(1), m[1]) for m in _LETTER_POST.finditer(zone) if m[1] != "A" or m.start() < 4]
        if found and found[0][2] != "A":
            found = []
    kept: list[tuple[int, int, str]] = []
    for start, end, letter in found:
        # Labels run from A upwards; an initial in a name (`J. Quill`) does not. Copies double them: keep the outer.
        expected = chr(ord(kept[-1][2]) + 1) if kept else "A"
        if kept and letter == kept[-1][2]:
            if not zone[kept[-1][1] : start].strip():
                kept[-1] = (kept[-1][0], end, letter)
            elif zone[:start].rstrip(" (¶")[-1:] in {"\n", ";"}:  # two items bear one letter
                kept.append((start, end, letter))
        elif (
            letter == expected
            or (kept and letter > "A" and 0 < ord(letter) - ord(expected) <= 2)
            or (not kept and letter in "BCD" and not zone[:start].strip())
        ):
            kept.append((start, end, letter))
    items: list[tuple[str | None, int, int]] = []
    first = kept[0][0] if kept else len(zone)
    at = 0
    for piece in _BETWEEN.split(zone[:first]):
        if piece.strip(" \t\n;,.\\:¶()"):
            items.append((None, at, at + len(piece)))
        at += len(piece)
    for (_, end, letter), following in zip_longest(kept, kept[1:]):
        items.append((letter, end, following[0] if following else len(zone)))
    return items


def references_of(zone: str, offset: int = 0, year: int | None = None) -> list[Reference]:
    """Read everything that a reference zone cites.

    Parameters
    ----------
    zone
        The text after the label `REF:`, page breaks blanked.
    offset
        Where the zone stands in the message, characters.
    year
        Year of the citing cable, four digits: the names of posts are read as of that time.

    Examples
    --------
    >>> [(r.label, r.year, r.post, r.number) for r in references_of("(A) STATE 143552 (B) 04 ALMATY 3206")]
    [('A', None, 'STATE', 143552), ('B', 4, 'ALMATY', 3206)]
    >>> [(r.kind, r.raw) for r in references_of("A. QUILL-MARSH E-MAIL 2/22/08")]
    [('mail', 'QUILL-MARSH E-MAIL 2/22/08')]
    """
    if (record := CLASS_IN_TEXT.search(zone)) is not None:  # a copy begins anew: its own id is no reference
        zone = zone[: record.start()]
    out: list[Reference] = []
    post = None
    for label, start, end in _items(zone):
        found = _cables(zone, start, end, label, offset, year) or _without_post(
            zone, start, end, label, offset, post, year
        )
        if found:
            if (mail := _mail_before(zone, start, found[0].start - offset, label, offset)) is not None:
                out.append(mail)
            out += found
            post = found[-1].post
            continue
        raw = _balanced(zone[start:end].strip(" \t\n;,.\\:¶("))
        if not raw:
            continue
        at = zone.index(raw, start)
        raw = _short(raw)
        raw_line = " ".join(raw.split())
        if (len(raw_line) < 3 and not raw_line.isdigit()) or raw_line.upper().strip(".") in _NOTHING:
            continue
        kind = next((k for k, pattern in _KINDS if pattern.search(raw_line)), "other")
        noted = _NOTED.search(raw) if kind != "other" else None
        if noted:
            raw = raw[: noted.start()]
            raw_line = " ".join(raw.split())
        said = _said(noted[1]) if noted else None
        out.append(Reference(label, kind, None, None, None, raw_line, said, at + offset, at + len(raw) + offset))
    return out


def _mail_before(zone: str, start: int, cable: int, label: str | None, offset: int) -> Reference | None:
    """Read a mail that one item cites before a cable: `TARN EMAILS TO QUILL AND OSLO 12`."""
    joined = _JOINED.search(zone, start, cable)
    if (
        joined is None
        or len(raw := zone[start : joined.start()].strip(" \t\n;,.\\:¶(")) > _SENTENCE
        or not _MAIL.search(raw)
    ):
        return None
    at = zone.index(raw, start) + offset
    return Reference(label, "mail", None, None, None, " ".join(raw.split()), None, at, at + len(raw))


def _balanced(raw: str) -> str:
    """Drop a closing bracket that nothing opened."""
    while raw.endswith(")") and raw.count(")") > raw.count("("):
        raw = raw[:-1].rstrip(" \t\n;,.\\:¶")
    return raw


def _short(raw: str) -> str:
    """Cut what is too long for a reference at a blank line, a sentence's end, or a word's: text was joined to the list."""
    if len(raw) <= _SENTENCE:
        return raw
    stop = _ITEM_ENDS.search(raw, 3)
    if len(raw) <= _LONGEST and not (stop and stop.start() < _SENTENCE):
        return raw
    cut = stop.start() + 1 if stop and stop.start() < _LONGEST else raw.rfind(" ", 0, _LONGEST)
    return raw[: cut if cut > 0 else _LONGEST].rstrip()


def _without_post(
    zone: str, start: int, end: int, label: str | None, offset: int, post: str | None, citing: int | None
) -> list[Reference]:
    """Read an item that gives the number before the post, or a number alone after an item that names a post."""
    found = _REVERSED.fullmatch(zone, start, end)
    if found and (code := post_code(found[2].strip(), citing)) is not None:
        year, last = _two(found[3]), found.end(3) + 1 if found[3] else found.end(2)
    elif post is not None and (found := _NUMBER_ALONE.match(zone, start, end)):
        rest = _NOTE.match(zone, found.end(), end)
        if zone[rest.end() if rest else found.end() : end].strip(" \t\n;,.()¶"):
            return []
        code, year, last = post, None, found.end(1)
    else:
        return []
    note = _NOTE.match(zone, last, end)
    noted = _said(note[1]) if note else None
    a, raw = found.start(1), " ".join(zone[found.start(1) : last].split())
    return [Reference(label, "cable", code, int(found[1]), year, raw, noted, a + offset, last + offset)]


def _cables(zone: str, start: int, end: int, label: str | None, offset: int, citing: int | None) -> list[Reference]:
    out: list[Reference] = []
    at = start
    while found := _CABLE.search(zone, at, end):
        named = ending_post(found["post"], citing)
        if named is None or _NOT_LETTER.split(found["post"].upper())[-1] in _NOT_POST:
            at = found.end("post") if named is None else found.end()
            at = max(at, found.start() + 1)
            continue
        code, skipped = named
        gap = zone[found.end("post") : found.start("number")]
        if (skipped or "," in gap) and _YEAR.fullmatch(found["number"]) and not found["year"]:
            at = found.end()  # a year after a name: `INCSR BRAZIL 2008`
            continue
        if skipped and _ATTACHE.search(found["post"], 0, skipped):
            at = found.end()
            continue
        before = found["year"] if skipped == 0 else None
        year = found["within"] or found["inside"] or found["after"] or found["dash"] or found["stroke"] or before
        stop = found.end()
        if found["tail"] is not None:
            if year is None and len(found["number"]) >= 4:
                year = found["tail"]
            else:
                stop = found.end("number")
        elif found["dash"] is not None and before is not None:
            year = before
        begin = found.start("year") if year is not None and year == found["year"] else found.start("post") + skipped
        numbers = [(_number(found["number"]), _two(year), begin, stop)]
        if code == "STATE" and (series := _SERIES.match(zone, stop, end)):
            stop = series.end()
        while more := _MORE.match(zone, stop, end):
            stop = more.end()
            if _is_year(more, numbers, citing):
                numbers = [(numbers[0][0], _two(more["number"]), begin, stop)]
                break
            numbers.append(
                (int(more["number"]), _two(more["after"]) if more["after"] else _two(year), more.start("number"), stop)
            )
        if len(numbers) == 1 and year is None and (dated := _DATED.match(zone, stop, end)):
            written = dated["year"] or dated["long"] or dated["short"] or dated["of"]
            numbers = [(numbers[0][0], _two(written), begin, stop)]
            stop = dated.end()
        note = _NOTE.match(zone, stop, end)
        for i, (number, two, a, b) in enumerate(numbers):
            if number == 0:
                continue
            noted = _said(note[1]) if note and i == len(numbers) - 1 else None
            out.append(
                Reference(label, "cable", code, number, two, " ".join(zone[a:b].split()), noted, a + offset, b + offset)
            )
        at = note.end() if note else stop
    return out


def _said(note: str) -> str:
    words = " ".join(note.upper().split())
    return "NOTAL" if words.startswith("NOT") else words


def _is_year(more: re.Match[str], numbers: list[tuple[int, int | None, int, int]], citing: int | None) -> bool:
    """Tell the year behind a long number, `STATE 283456, 1974`, from a second number of the post."""
    (number, two, *_), last = numbers[0], int(more["number"])
    return len(numbers) == 1 and two is None and number > 9_999 and citing is not None and citing - 2 < last <= citing


def _number(written: str) -> int:
    return int(written.upper().replace("O", "0"))


def target(reference: Reference, year: int | None) -> str | None:
    """Write the id that a reference means; where it names no year, that of the citing cable (four digits) is taken.

    >>> target(references_of("STATE 143552")[0], 2005), target(references_of("STATE 143552")[0], None)
    ('05STATE143552', None)
    """
    two = reference.year if reference.year is not None else None if year is None else year % 100
    if reference.post is None or reference.number is None or two is None:
        return None
    return written(two, reference.post, reference.number)
