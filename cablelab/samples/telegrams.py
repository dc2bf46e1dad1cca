"""Telegrams of 1973-79 from the invented posts, in every form in which people hold them: the sample's cables, thirty years earlier.

Each form draws from a random stream of its own for each telegram, so that one more form, or one more telegram, changes no other.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from random import Random

from cablelab.samples import writer
from cablelab.samples.render import LETTER, wrap
from cablelab.samples.truth import Cable

EARLIER = 30  # years
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
SPACED = {
    "UNCLASSIFIED": "UNCLAS", "LIMITED OFFICIAL USE": "LIMITED OFFICIAL USE", "CONFIDENTIAL": "C O N F I D E N T I A L",
    "SECRET": "S E C R E T",
}  # fmt: skip
ORDER_12065 = datetime(1978, 12, 1)
COUNT_LINE_UNTIL = datetime(1976, 12, 1)
TWO_LINE_BANNER_FROM = datetime(1978, 1, 1)
NO_TEXT = 0.06  # part of the records whose text is lost
TOOL = "You can use this tool to generate a print-friendly PDF of the document"
STAMP = "Ada B. Sample Declassified/Released US Department of State EO Systematic Review 04 MAY 2006"


@dataclass(frozen=True)
class Telegram:
    """One invented telegram, and all that is true of it; fields are named as the columns of `cables`.

    `references` are ids and how they are written; `letters` is the post as the archive cuts it; `text_held` is false where only the
    archive's attributes are left.
    """

    cable: str
    post: str
    spaced: str
    letters: str
    sender: str
    year: int
    number: int
    sent: datetime
    classification: str
    captions: tuple[str, ...]
    precedence: tuple[str, ...]
    to: str
    subject: str
    tags: tuple[str, ...]
    references: tuple[tuple[str, str], ...]
    executive_order: str
    declassify_on: date | None
    classified_by: str | None
    paragraphs: tuple[str, ...]
    signed_by: str
    office: str
    drafted_by: str | None
    approved_by: str | None
    film_number: str
    concepts: tuple[str, ...]
    sections: int
    text_held: bool

    @property
    def document_number(self) -> str:
        """The number that the archive gives it."""
        return f"{self.year}{self.letters}{self.number:0{6 if self.post == 'STATE' else 5}}"


def earlier(count: int = 100, seed: int = 7) -> Iterator[Telegram]:
    """Write invented telegrams in order of time.

    Parameters
    ----------
    count, seed
        How many; the same seed gives the same telegrams on any machine.

    Yields
    ------
    Telegram

    Examples
    --------
    >>> [(t.cable, t.document_number) for t in earlier(30, seed=3) if t.post != "STATE"][0]
    ('73KOTALANI414', '1973KOTALA00414')
    """
    for cable in writer.cables(count, seed):
        yield _earlier(cable, Random(f"{seed} {cable.cable}"))


def _id(target: str) -> tuple[int, str]:
    year = 2000 + int(target[:2]) - EARLIER
    return year, f"{year % 100}{target[2:]}"


def _earlier(cable: Cable, rng: Random) -> Telegram:
    sent = cable.sent.replace(
        year=cable.sent.year - EARLIER, day=min(cable.sent.day, 28), second=0, microsecond=0, tzinfo=None
    )
    year, key = _id(cable.cable)
    from_state = cable.post == "STATE"
    level = "LIMITED OFFICIAL USE" if "SENSITIVE" in cable.handling else cable.classification
    references = []
    for r in cable.references:
        if r.kind == "cable" and r.target and _id(r.target)[0] >= year - 1:
            post = r.target[2:].rstrip("0123456789")
            if post.isalpha() and post != "PORTMILOSK":
                references.append((_id(r.target)[1], f"{post} {int(r.target[2 + len(post) :])}"))
    late = sent >= ORDER_12065
    classifier = cable.classified_by.upper() if late and cable.classified_by and level != "UNCLASSIFIED" else None
    name = f"{rng.choice('ABCDE')}{rng.choice('QRST')}{rng.choice(('BRINDLE', 'HOLT', 'SEDGE', 'TARN', 'WYLDE'))}"
    office = rng.choice(("EUR", "AF", "ARA", "NEA", "EB", "IO"))
    body = [" ".join(p.content.upper().split()) for p in cable.paragraphs if p.content.strip()][:8]
    body[0] = f"SUMMARY: {body[0]} END SUMMARY."
    return Telegram(
        cable=key, post=cable.post, spaced=cable.spaced, letters=cable.post[:6],
        sender="SECSTATE WASHDC" if from_state else cable.addressees[0].name,
        year=year, number=cable.number, sent=sent, classification=level,
        captions=(rng.choice(("EXDIS", "LIMDIS", "NODIS")),) if level == "SECRET" else (),
        precedence=tuple(cable.precedence[:1]) or ("ROUTINE",), to="SECSTATE WASHDC" if not from_state else "AMEMBASSY SKARHOLM",
        subject=" ".join(cable.subject.upper().split()), tags=tuple(cable.tags), references=tuple(references[:4]),
        executive_order="12065" if late else "11652",
        declassify_on=date(sent.year + 6, sent.month, sent.day) if classifier else None, classified_by=classifier,
        paragraphs=tuple(body), signed_by=cable.signed_by.upper(), office=office,
        drafted_by=f"{office}/{rng.choice(('RPE', 'ORF', 'NE'))}:{name}:{rng.choice(('AB', 'KV'))}" if from_state else None,
        approved_by=f"{office}:{name}" if from_state else None,
        film_number=f"D{year % 100}{rng.randint(1, 9999):04}-{rng.randint(1, 9999):04}",
        concepts=tuple(rng.sample(("PORTS", "FISHING", "TREATIES", "VISITS"), 2)),
        sections=2 if len(body) > 4 and rng.random() < 0.4 else 1, text_held=rng.random() >= NO_TEXT,
    )  # fmt: skip


def group(told: Telegram, rng: Random | None = None) -> str:
    """Write the date-time group; of 1973 a quarter have a blank inside."""
    when = told.sent
    blank = " " if rng is not None and when.year == 1973 and rng.random() < 0.25 else ""
    letters = " ".join(LETTER[word] for word in told.precedence)
    return f"{letters} {when:%d%H%M}{blank}Z {MONTHS[when.month - 1]} {when:%y}"


def _references(told: Telegram, rng: Random, years: bool) -> list[str]:
    """Write the list of references; `years` says that those of another year print it, since nothing else tells."""
    if not told.references:
        return []
    written = [
        raw + (f" OF 19{target[:2]}" if years and int(target[:2]) != told.year % 100 else "")
        for target, raw in told.references
    ]
    if len(written) == 1:
        return [f"REF: {written[0]}"]
    style = rng.choice(("({}) {}", "{}) {}", "{}. {}"))
    return [f"REF: {'; '.join(style.format('ABCD'[n], one) for n, one in enumerate(written))}"]


def _head(told: Telegram, rng: Random, years: bool = False) -> list[str]:
    term = "N/A" if told.classification == "UNCLASSIFIED" else "GDS"
    if told.classified_by and told.declassify_on:
        first, last = told.classified_by.rsplit(" ", 1)
        term = f"GDS {told.declassify_on.month}/{told.declassify_on.day}/{told.declassify_on:%y} ({last}, {first}) OR-M"
    return [
        *told.captions,
        f"E.O. {told.executive_order}: {term}",
        f"TAGS: {rng.choice((', ', ' ')).join(told.tags)}",
        *wrap(f"SUBJECT: {told.subject}", 66),
        *_references(told, rng, years),
        "",
    ]


def _paragraphs(told: Telegram, first: int, last: int) -> list[str]:
    lines: list[str] = []
    for number in range(first, last):
        lines += [*wrap(f"{number + 1}. {told.paragraphs[number]}", 66), ""]
    return lines


def _banner(told: Telegram, page: int, section: int) -> str:
    part = f"  {section:02} OF {told.sections:02}" if told.sections > 1 else ""
    when = f"  {told.sent:%d%H%M}Z" if told.post != "STATE" else ""
    words = f"{told.letters}  {told.document_number[4 + len(told.letters) :]}{part}{when}"
    return f"PAGE {page:02}\n        {words}" if told.sent >= TWO_LINE_BANNER_FROM else f"PAGE {page:02}        {words}"


def message(told: Telegram, rng: Random) -> str:
    """Write the text of a record: banners, distribution, drafting block, relay line, head, text and end marks, by section."""
    cuts = [0, len(told.paragraphs) // 2, len(told.paragraphs)] if told.sections > 1 else [0, len(told.paragraphs)]
    out: list[str] = []
    for section, (first, last) in enumerate(pairwise(cuts), 1):
        part = f" SECTION {section:02} OF {told.sections:02}" if told.sections > 1 else ""
        drafted = [f"DRAFTED BY {told.drafted_by}", f"APPROVED BY {told.approved_by}"] if told.drafted_by else []
        body = _paragraphs(told, first, last)
        if len(body) > 20:
            at = len(body) // 2
            body[at:at] = ["", told.classification, "", told.classification, "", _banner(told, 2, section), ""]
        out += [
            told.classification, "", _banner(told, 1, section), "",
            *([f"{rng.randint(10, 90)}"] if told.sent < COUNT_LINE_UNTIL else []),
            f"{'ORIGIN' if drafted else 'ACTION'} {told.office}-12", "", "INFO  OCT-01  ISO-00  /056 W", *drafted,
            f"{' ' * 20}--------------------- {rng.randint(1, 129999):06}",
            group(told, rng), f"FM {told.sender}", f"TO {told.to} {rng.randint(1000, 9999)}", "",
            f"{SPACED[told.classification]}{part} {told.spaced} {told.number:05}", "",
            *(_head(told, rng) if section == 1 else []), *body,
            *([told.signed_by, ""] if section == len(cuts) - 1 else []), told.classification, "", "NNN", "",
        ]  # fmt: skip
    return "\n".join(out)


def attributes(told: Telegram) -> dict[str, str]:
    """Give what the archive's record says of a telegram."""
    when = told.sent
    return {
        "Automatic Decaptioning": "X", "Capture Date": "01 JAN 1994", "Concepts": ", ".join(told.concepts), "Copy": "SINGLE",
        "Draft Date": f"{when:%d} {MONTHS[when.month - 1]} {when.year}", "Document Number": told.document_number,
        "Drafter": told.drafted_by or "n/a", "Film Number": told.film_number, "From": told.spaced,
        "Locator": "TEXT ON-LINE, ON MICROFILM", "Office": f"{'ORIGIN' if told.drafted_by else 'ACTION'} {told.office}",
        "Original Classification": told.classification, "Original Handling Restrictions": ", ".join(told.captions) or "n/a",
        "Reference": ", ".join(f"{target[:2]} {raw}" for target, raw in told.references) or "n/a",
        "Subject": told.subject, "TAGS": ", ".join(told.tags), "To": "STATE" if told.post != "STATE" else "SKARHOLM", "Type": "TE",
        "Markings": STAMP,
    }  # fmt: skip


def record(told: Telegram, rng: Random) -> str:
    """Write the record as the National Archives give it."""
    lost = f"MRN: {told.document_number} SEGMENT NUMBER: 000001 ERROR READING TEXT INDEX FILE; TELEGRAM TEXT FOR THIS MRN IS UNAVAILABLE"
    text = message(told, rng) if told.text_held else lost
    said = "\n".join(f" {name}: {value}" for name, value in attributes(told).items())
    return f"\n\nMessage Text\n\n\n{text}\n\n\nMessage Attributes\n\n{said}\n"


def plusd(told: Telegram, rng: Random) -> str:
    """Write the text of a PlusD page: fields with their labels, then the content without blank lines."""
    letter = "e" if told.year == 1979 else "d" if told.year == 1978 else "c" if told.year == 1977 else "b"
    month = MONTHS[told.sent.month - 1].title()
    fields = {
        "Date": f"{told.year} {month} {told.sent.day}, {told.sent:%H:%M} ({told.sent:%A})", "Canonical ID": f"{told.document_number}_{letter}",
        "Original Classification": told.classification, "Film Number": told.film_number, "From": told.spaced,
        "Office Action": f"ACTION {told.office} - made-up office", "TAGS": " | ".join(f"{tag} - made-up meaning" for tag in told.tags),
    }  # fmt: skip
    top = "\n".join(f"{name}:\n{value}" for name, value in fields.items())
    text = "\n".join(line for line in message(told, rng).split("\n") if line.strip())
    return f"{told.subject}\n{top}\nContent\nShow Headers\n{text}\n\n{TOOL} {told.document_number}_{letter}.\nShare\n"


def printed(told: Telegram, rng: Random) -> str:
    """Write the telegram as an edition prints it: words as sent, no classification line, a paragraph on one line."""
    lines = [
        group(told),
        f"FM {told.sender}",
        f"TO {told.to} {rng.randint(1000, 9999)}",
        *_head(told, rng, years=True)[:-1],
    ]
    lines += [f"{number}. {text}" for number, text in enumerate(told.paragraphs, 1)]
    return "\n".join([*lines, told.signed_by, ""])


def json_line(told: Telegram, rng: Random) -> str:
    """Write one line of JSON: the attributes, and the head cut off the text."""
    head = _head(told, rng)
    text = "\n".join([*head[-1:], *_paragraphs(told, 0, len(told.paragraphs)), told.signed_by])
    row: dict[str, object] = {"_file": f"cables/{told.year}/{told.document_number}.txt"}
    if told.text_held:
        row |= {
            "_dtg": {"raw": group(told)}, "_from": told.sender, "_to": f"{told.to} {rng.randint(1000, 9999)}",
            "_executive_order": next(line for line in head if line.startswith("E.O.")), "_tags": ", ".join(told.tags), "_subject": told.subject,
            "_reference": [raw for _, raw in told.references], "_message_content": text,
        }  # fmt: skip
    return json.dumps(row | {"Message Attributes": attributes(told)}) + "\n"


REGISTER = ("URL", "Draft Date", "Document Number", "Film Number", "From", "Subject", "TAGS", "To")


def register_row(told: Telegram, rng: Random) -> str:
    """Write one row of a register: what exists, without texts."""
    said = attributes(told)
    out = io.StringIO()
    url = f"https://example.org/?rid={rng.randint(1, 999999)}&dl=1"
    csv.writer(out, lineterminator="\n").writerow([url, *(said[name] for name in REGISTER[1:])])
    return out.getvalue()


# form: the file's name or ending, its first line, the writer
FORMS: dict[str, tuple[str, str, Callable[[Telegram, Random], str]]] = {
    "record": (".txt", "", record),
    "plusd-page": (".txt", "", plusd),
    "printed": (".txt", "", printed),
    "json-lines": ("telegrams.ndjson", "", json_line),
    "register": ("register.csv", ",".join(REGISTER) + "\n", register_row),
}


def write(told: Iterable[Telegram], form: str, folder: str | Path, seed: int = 7) -> Path:
    """Write telegrams into a folder in one form, a file each or all in one.

    Parameters
    ----------
    told
        The telegrams. Forms that are nothing but text leave out those of which none is held.
    form
        One of `FORMS`.
    folder
        Is made where it does not exist.
    seed
        Of what the form itself draws.

    Returns
    -------
    Path of the folder.
    """
    root = Path(folder)
    root.mkdir(parents=True, exist_ok=True)
    name, first, writes = FORMS[form]
    held = (one for one in told if one.text_held or form not in ("plusd-page", "printed"))
    texts = ((one, writes(one, Random(f"{seed} {form} {one.cable}"))) for one in held)
    if not name.startswith("."):
        with (root / name).open("w", encoding="utf-8") as file:
            file.write(first)
            file.writelines(text for _, text in texts)
        return root
    for one, text in texts:
        (root / f"{one.cable if form == 'printed' else one.document_number}{name}").write_text(text, "utf-8")
    return root
