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
from cablelab.terms import MONTH_NAMES

EARLIER = 30  # years
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


def group(telegram: Telegram, rng: Random | None = None) -> str:
    """Write the date-time group; of 1973 a quarter have a blank inside."""
    when = telegram.sent
    blank = " " if rng is not None and when.year == 1973 and rng.random() < 0.25 else ""
    letters = " ".join(LETTER[word] for word in telegram.precedence)
    return f"{letters} {when:%d%H%M}{blank}Z {MONTH_NAMES[when.month - 1][:3].upper()} {when:%y}"


def _references(telegram: Telegram, rng: Random, years: bool) -> list[str]:
    """Write the list of references; `years` says that those of another year print it, since nothing else tells."""
    if not telegram.references:
        return []
    written = [
        raw + (f" OF 19{target[:2]}" if years and int(target[:2]) != telegram.year % 100 else "")
        for target, raw in telegram.references
    ]
    if len(written) == 1:
        return [f"REF: {written[0]}"]
    style = rng.choice(("({}) {}", "{}) {}", "{}. {}"))
    return [f"REF: {'; '.join(style.format('ABCD'[n], one) for n, one in enumerate(written))}"]


def _head(telegram: Telegram, rng: Random, years: bool = False) -> list[str]:
    term = "N/A" if telegram.classification == "UNCLASSIFIED" else "GDS"
    if telegram.classified_by and telegram.declassify_on:
        first, last = telegram.classified_by.rsplit(" ", 1)
        term = f"GDS {telegram.declassify_on.month}/{telegram.declassify_on.day}/{telegram.declassify_on:%y} ({last}, {first}) OR-M"
    return [
        *telegram.captions,
        f"E.O. {telegram.executive_order}: {term}",
        f"TAGS: {rng.choice((', ', ' ')).join(telegram.tags)}",
        *wrap(f"SUBJECT: {telegram.subject}", 66),
        *_references(telegram, rng, years),
        "",
    ]


def _paragraphs(telegram: Telegram, first: int, last: int) -> list[str]:
    lines: list[str] = []
    for number in range(first, last):
        lines += [*wrap(f"{number + 1}. {telegram.paragraphs[number]}", 66), ""]
    return lines


def _banner(telegram: Telegram, page: int, section: int) -> str:
    part = f"  {section:02} OF {telegram.sections:02}" if telegram.sections > 1 else ""
    when = f"  {telegram.sent:%d%H%M}Z" if telegram.post != "STATE" else ""
    words = f"{telegram.letters}  {telegram.document_number[4 + len(telegram.letters) :]}{part}{when}"
    apart = "\n" if telegram.sent >= TWO_LINE_BANNER_FROM else ""
    return f"PAGE {page:02}{apart}        {words}"


def message(telegram: Telegram, rng: Random) -> str:
    """Write the text of a record: banners, distribution, drafting block, relay line, head, text and end marks, by section."""
    size = len(telegram.paragraphs)
    cuts = [0, size // 2, size] if telegram.sections > 1 else [0, size]
    out: list[str] = []
    for section, (first, last) in enumerate(pairwise(cuts), 1):
        part = f" SECTION {section:02} OF {telegram.sections:02}" if telegram.sections > 1 else ""
        drafted = (
            [f"DRAFTED BY {telegram.drafted_by}", f"APPROVED BY {telegram.approved_by}"] if telegram.drafted_by else []
        )
        body = _paragraphs(telegram, first, last)
        if len(body) > 20:
            at = len(body) // 2
            body[at:at] = ["", *[telegram.classification, ""] * 2, _banner(telegram, 2, section), ""]
        out += [
            telegram.classification, "", _banner(telegram, 1, section), "",
            *([f"{rng.randint(10, 90)}"] if telegram.sent < COUNT_LINE_UNTIL else []),
            f"{'ORIGIN' if drafted else 'ACTION'} {telegram.office}-12", "", "INFO  OCT-01  ISO-00  /056 W", *drafted,
            f"{' ' * 20}--------------------- {rng.randint(1, 129999):06}",
            group(telegram, rng), f"FM {telegram.sender}", f"TO {telegram.to} {rng.randint(1000, 9999)}", "",
            f"{SPACED[telegram.classification]}{part} {telegram.spaced} {telegram.number:05}", "",
            *(_head(telegram, rng) if section == 1 else []), *body,
            *([telegram.signed_by, ""] if section == len(cuts) - 1 else []), telegram.classification, "", "NNN", "",
        ]  # fmt: skip
    return "\n".join(out)


def attributes(telegram: Telegram) -> dict[str, str]:
    """Give what the archive's record says of a telegram."""
    when = telegram.sent
    return {
        "Automatic Decaptioning": "X", "Capture Date": "01 JAN 1994", "Concepts": ", ".join(telegram.concepts), "Copy": "SINGLE",
        "Draft Date": f"{when:%d} {MONTH_NAMES[when.month - 1][:3].upper()} {when.year}", "Document Number": telegram.document_number,
        "Drafter": telegram.drafted_by or "n/a", "Film Number": telegram.film_number, "From": telegram.spaced,
        "Locator": "TEXT ON-LINE, ON MICROFILM", "Office": f"{'ORIGIN' if telegram.drafted_by else 'ACTION'} {telegram.office}",
        "Original Classification": telegram.classification, "Original Handling Restrictions": ", ".join(telegram.captions) or "n/a",
        "Reference": ", ".join(f"{target[:2]} {raw}" for target, raw in telegram.references) or "n/a",
        "Subject": telegram.subject, "TAGS": ", ".join(telegram.tags), "To": "STATE" if telegram.post != "STATE" else "SKARHOLM", "Type": "TE",
        "Markings": STAMP,
    }  # fmt: skip


def record(telegram: Telegram, rng: Random) -> str:
    """Write the record as the National Archives give it."""
    lost = f"MRN: {telegram.document_number} SEGMENT NUMBER: 000001 ERROR READING TEXT INDEX FILE; TELEGRAM TEXT FOR THIS MRN IS UNAVAILABLE"
    text = message(telegram, rng) if telegram.text_held else lost
    lines = "\n".join(f" {name}: {value}" for name, value in attributes(telegram).items())
    return f"\n\nMessage Text\n\n\n{text}\n\n\nMessage Attributes\n\n{lines}\n"


def plusd(telegram: Telegram, rng: Random) -> str:
    """Write the text of a PlusD page: fields with their labels, then the content without blank lines."""
    letter = "e" if telegram.year == 1979 else "d" if telegram.year == 1978 else "c" if telegram.year == 1977 else "b"
    month = MONTH_NAMES[telegram.sent.month - 1][:3]
    fields = {
        "Date": f"{telegram.year} {month} {telegram.sent.day}, {telegram.sent:%H:%M} ({telegram.sent:%A})",
        "Canonical ID": f"{telegram.document_number}_{letter}",
        "Original Classification": telegram.classification, "Film Number": telegram.film_number, "From": telegram.spaced,
        "Office Action": f"ACTION {telegram.office} - made-up office", "TAGS": " | ".join(f"{tag} - made-up meaning" for tag in telegram.tags),
    }  # fmt: skip
    top = "\n".join(f"{name}:\n{value}" for name, value in fields.items())
    text = "\n".join(line for line in message(telegram, rng).split("\n") if line.strip())
    return f"{telegram.subject}\n{top}\nContent\nShow Headers\n{text}\n\n{TOOL} {telegram.document_number}_{letter}.\nShare\n"


def printed(telegram: Telegram, rng: Random) -> str:
    """Write the telegram as an edition prints it: words as sent, no classification line, a paragraph on one line."""
    lines = [
        group(telegram),
        f"FM {telegram.sender}",
        f"TO {telegram.to} {rng.randint(1000, 9999)}",
        *_head(telegram, rng, years=True)[:-1],
    ]
    lines += [f"{number}. {text}" for number, text in enumerate(telegram.paragraphs, 1)]
    return "\n".join([*lines, telegram.signed_by, ""])


def json_line(telegram: Telegram, rng: Random) -> str:
    """Write one line of JSON: the attributes, and the head cut off the text."""
    head = _head(telegram, rng)
    text = "\n".join([*head[-1:], *_paragraphs(telegram, 0, len(telegram.paragraphs)), telegram.signed_by])
    row: dict[str, object] = {"_file": f"cables/{telegram.year}/{telegram.document_number}.txt"}
    if telegram.text_held:
        row |= {
            "_dtg": {"raw": group(telegram)}, "_from": telegram.sender, "_to": f"{telegram.to} {rng.randint(1000, 9999)}",
            "_executive_order": next(line for line in head if line.startswith("E.O.")), "_tags": ", ".join(telegram.tags),
            "_subject": telegram.subject,
            "_reference": [raw for _, raw in telegram.references], "_message_content": text,
        }  # fmt: skip
    return json.dumps(row | {"Message Attributes": attributes(telegram)}) + "\n"


REGISTER = ("URL", "Draft Date", "Document Number", "Film Number", "From", "Subject", "TAGS", "To")


def register_row(telegram: Telegram, rng: Random) -> str:
    """Write one row of a register: what exists, without texts."""
    values = attributes(telegram)
    out = io.StringIO()
    url = f"https://example.org/?rid={rng.randint(1, 999999)}&dl=1"
    csv.writer(out, lineterminator="\n").writerow([url, *(values[name] for name in REGISTER[1:])])
    return out.getvalue()


# form: the file's name or ending, its first line, the writer
FORMS: dict[str, tuple[str, str, Callable[[Telegram, Random], str]]] = {
    "record": (".txt", "", record),
    "plusd-page": (".txt", "", plusd),
    "printed": (".txt", "", printed),
    "json-lines": ("telegrams.ndjson", "", json_line),
    "register": ("register.csv", ",".join(REGISTER) + "\n", register_row),
}


def write(telegrams: Iterable[Telegram], form: str, folder: str | Path, seed: int = 7) -> Path:
    """Write telegrams into a folder in one form, a file each or all in one.

    Parameters
    ----------
    telegrams
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
    writable = (one for one in telegrams if one.text_held or form not in ("plusd-page", "printed"))
    texts = ((one, writes(one, Random(f"{seed} {form} {one.cable}"))) for one in writable)
    if not name.startswith("."):
        with (root / name).open("w", encoding="utf-8") as file:
            file.write(first)
            file.writelines(text for _, text in texts)
        return root
    for one, text in texts:
        (root / f"{one.cable if form == 'printed' else one.document_number}{name}").write_text(text, "utf-8")
    return root
