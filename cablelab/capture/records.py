"""Records by field name: whoever wrote the file, its columns are matched by what they are called, and what is missing is said.

JSON, SQL dumps, tables and Solr's XML come here as mappings of names to values, one a record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from cablelab.capture import labels
from cablelab.capture.attributes import FILM, listed, page_of, posts, tags
from cablelab.capture.base import Capture, Origin, Page, Problem, Unreadable
from cablelab.capture.dates import row_date, to_minute
from cablelab.capture.decode import clean, mend
from cablelab.capture.message_bounds import MARKS

# what a column is called, in letters only; of several the first that holds a value counts
NAMES: dict[str, tuple[str, ...]] = {
    "cable": (
        "canonicalid", "cableid", "referenceid", "refid", "documentnumber", "docnumber", "docnbr", "docid", "mrn", "cable",
        "cablenumber", "cablenr", "cablename", "messageid", "identifier", "reference", "ref", "canonical", "key", "name",
        "id", "number", "filename", "file", "slug", "docno",
    ),
    "created": (
        "sent", "datesent", "sentdate", "senton", "senttime", "senttimestamp", "created", "createdat", "creationdate", "datecreated",
        "cabletime", "cabledate", "messagedate", "authored", "dtg", "datedtg", "date", "datetime", "timestamp", "time", "draftdate",
        "msgdate", "written", "transmitted",
    ),
    "released": ("released", "releasedate", "releasedat", "datereleased", "releasetime", "reldate", "published", "publisheddate"),
    "classification": (
        "originalclassification", "origclass", "classification", "class", "classificationlevel", "level", "classified",
    ),
    "origin": (
        "origin", "originname", "embassy", "post", "sender", "msgfrom", "fromfield", "from", "fm", "office", "place", "mission",
        "source",
    ),
    "header": ("header", "headers", "head", "messageheader", "msgheader", "transmissionheader", "cableheader", "routing"),
    "text": (
        "body", "content", "text", "message", "fulltext", "bodytext", "cabletext", "msgtext", "messagetext", "messagecontent",
        "cablebody", "contents", "rawtext", "raw", "plaintext", "rawcontent", "fullbody", "txt", "html",
    ),
    "title": ("subject", "title", "subj", "msgsubject", "messagesubject", "subjectline", "headline"),
    "tags": ("tags", "tag", "subjecttags"),
    "film": ("filmnumber", "film"),
    "to": ("to", "msgto", "tofield", "destinations"),
    "concepts": ("concepts", "concept"),
}  # fmt: skip
# other columns that such files have; they tell a header row
OTHERS = frozenset(
    (
        "destination", "refs", "references", "url", "link", "href", "rowid", "row", "year",
        "month", "keywords", "corpus", "wordcnt", "pgcnt", "doclang", "index", "captions", "handling",
        "origid", "mediauris", "media", "signature", "summary", "words", "drafter", "executiveorder", "info", "precedence",
    )
)  # fmt: skip
KNOWN = frozenset(name for names in NAMES.values() for name in names) | OTHERS
ROLE = {name: role for role, names in reversed(NAMES.items()) for name in names}
EARLY = re.compile(r"19[67]\d[A-Z]")
CABLE = re.compile(rf"(?P<id>{labels.CABLE_ID}?)(?:_[a-e])?(?:\.(?:html?|txt|pdf))?")
SPACED = re.compile(r"(?:19|20)?\d\d[ -]{1,2}[A-Z][A-Z .'-]{1,40}?[ -]{1,2}\d{1,6}")
APPENDED = re.compile(
    r"\n\nHeader: (?P<header>(?:(?!Header: )[^\n]*\n)*?)Source: [^\n]*\nClassification: (?P<classification>[^\n]*)\n"
    r"Origin: (?P<origin>[^\n]*)\nReference ID: (?P<cable>[^\n]*+)\s*+\Z"
)
REPORTED = 100  # records named one by one before the rest are only counted
LACKS = {"cable": "id", "created": "date", "classification": "classification", "origin": "origin", "text": "text"}
NO_TEXT = "The record holds neither a text nor a cable's id. Leave it out, or name the columns: id, date, classification, origin, header, body."


def plain(name: str) -> str:
    """Give a column's name in letters only.

    >>> plain("Date_Sent"), plain("_id"), plain("Reference ID")
    ('datesent', 'id', 'referenceid')
    """
    return re.sub(r"[^a-z]", "", name.lower())


def is_header(names: Iterable[str]) -> bool:
    """Say whether names are those of a table of cables: most are known, and among them is the id, the text or the date of one."""
    words = [plain(name) for name in names]
    roles = {ROLE.get(word) for word in words}
    known = sum(word in KNOWN for word in words)
    return known >= 2 and 2 * known >= sum(map(bool, words)) and bool(roles & {"cable", "text", "created"})


def captures(
    records: Iterable[Mapping[str, Any] | Unreadable], origin: Origin, form: str
) -> Iterator[Capture | Unreadable]:
    """Yield the capture of each record; its source is `name#N`, counted from 1, its hash that of its values.

    Parameters
    ----------
    records
        Mappings of the file's own names to its values, or what could not be read.
    origin
        The file.
    form
        The captures' `format`.

    Yields
    ------
    Capture or Unreadable
        The first says which of id, date, classification, origin and text no record of its kind has. After 100 records that hold no
        cable the others are counted in one.
    """
    number = bad = 0
    lacking: set[tuple[str, ...]] = set()
    for number, record in enumerate(records, 1):
        if isinstance(record, Unreadable):
            item: Capture | Unreadable = record
        else:
            numbered = replace(origin, source=f"{origin.source}#{number}", sha256=_digest(record), stem=None)
            item = capture(record, numbered, form, lacking)
            if isinstance(item, Capture):
                origin = replace(origin, problems=())  # they are the file's: its first cable tells them
        if isinstance(item, Unreadable):
            bad += 1
            if bad > REPORTED:
                continue
        yield item
    if bad > REPORTED:
        yield origin.unreadable("no-cable", f"{bad - REPORTED} further records hold no cable or cannot be read.")
    if not number:
        yield origin.unreadable("empty", "The file holds no records. Check that the download is whole.")


def _digest(record: Mapping[str, Any]) -> str:
    return sha256(
        repr(sorted((str(k), str(v)) for k, v in record.items())).encode("utf-8", "surrogatepass")
    ).hexdigest()


def capture(
    record: Mapping[str, Any], origin: Origin, form: str, lacking: set[tuple[str, ...]] | None = None
) -> Capture | Unreadable:
    """Build the capture of one record: the page from its fields, the text from its header and body.

    What no field of it holds is told, and added to `lacking`, unless it is there already.
    """
    values, given = _values(record)
    problems: list[Problem] = []
    attributes = next(
        (v for k, v in record.items() if plain(k) == "messageattributes" and isinstance(v, Mapping)), None
    )
    page, text = _page(values, problems), _text(values)
    if attributes is not None:
        page = page_of({str(k): _line(v) for k, v in attributes.items() if _line(v)})
        text = _restored(record, text)
    if appended := APPENDED.search(text):
        page = replace(
            _page(appended.groupdict(), problems), created=page.created or row_date(values.get("title") or "")
        )
        page = replace(page, created_to=to_minute(page.created))
        text = f"{appended['header'].strip()}\n\n{text[: appended.start()]}"
    if not text.strip():
        if page.cable is None:
            return origin.unreadable("no-cable", NO_TEXT)
        problems.append(("no-text", None, "The record holds no text: what the row says is the record's own word."))
        text, page = "", replace(page, text_held=False)
    elif not MARKS.search(text) and page.cable is None:
        return origin.unreadable(
            "no-cable", "The record's text carries no mark of a cable, and no field holds a cable's id."
        )
    lacks = tuple(name for role, name in LACKS.items() if role not in given)
    if lacking is not None and attributes is None and lacks and lacks not in lacking:
        lacking.add(lacks)
        problems.append(
            (
                "record-fields",
                None,
                f"No field of the record is known to hold its {', '.join(lacks)}; rename the field if one does.",
            )
        )
    text, odd = clean(text)
    mended = _mended(page)
    if mended != page:
        problems.append(("encoding", None, "Fields of the record are not UTF-8; read as Windows-1252."))
    return origin.capture(text, form, mended, problems=(*problems, *odd))


_HALVES = re.compile("[\ud800-\udfff]")


def _mended(page: Page) -> Page:
    """Read what a record's fields hold in other encodings, as its text is read; half of a character shows as `\ufffd`."""

    def whole(text: str) -> str:
        return _HALVES.sub("\ufffd", mend(text)[0])

    changed: dict[str, Any] = {}
    for name in Page.__slots__:
        value = getattr(page, name)
        if isinstance(value, str) and _HALVES.search(value):
            changed[name] = whole(value)
        elif isinstance(value, tuple) and _HALVES.search("".join(value)):
            changed[name] = tuple(map(whole, value))
    return replace(page, **changed) if changed else page


def _values(record: Mapping[str, Any]) -> tuple[dict[str, str], set[str]]:
    """Find the value of each role, and which roles the record has a column for."""
    named = {plain(str(name)): value for name, value in record.items()}
    values: dict[str, str] = {}
    given = {role for name in named if (role := ROLE.get(name))}
    for role, names in NAMES.items():
        for name in names:
            value = _line(named.get(name))
            if value and (fits := _FITS.get(role)) and not fits(value):
                continue
            if value and value.lower() not in {"n/a", "null", "none", "nan"}:
                values[role] = value
                break
    if "cable" not in values:
        given -= {"cable"}
    return values, given


def _line(value: Any) -> str:
    """Give a value as text; lists are joined, and the wrappers that MongoDB puts around dates and ids are opened."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return _line(next(iter(value.values()))) if len(value) == 1 else ""
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, map(_line, value)))
    return str(value)


def _is_id(value: str) -> bool:
    return bool(CABLE.fullmatch(value.strip().upper()) or SPACED.fullmatch(value.strip().upper()))


_FITS = {
    "cable": _is_id,
    "created": lambda value: row_date(value) is not None,
    "released": lambda value: row_date(value) is not None,
    "classification": lambda value: not value.strip().isdecimal(),
    "origin": lambda value: (
        not value.strip().isdecimal() and "://" not in value and not _is_id(value) and len(value) < 120
    ),
}


def _page(values: Mapping[str, str | None], problems: list[Problem]) -> Page:
    created, written = row_date(values.get("created") or ""), values.get("created")
    if written and created is None:
        problems.append(("date", "sent", f"The record's date {written!r} cannot be read."))
    cable = (values.get("cable") or "").strip().upper()
    found = CABLE.fullmatch(cable)
    key = (found["id"] if found else re.sub(r"[ -]+", "", cable)) or None
    early = key is not None and EARLY.match(key) is not None
    film = FILM.search(values.get("film") or "")
    return Page(
        cable=key,
        created=created,
        created_to=to_minute(created),
        released=row_date(values.get("released") or ""),
        classification=(values.get("classification") or "").strip().upper() or None,
        origin=" ".join((values.get("origin") or "").split()) or None,
        title=" ".join((values.get("title") or "").split()) or None,
        document_number=key if early else None,
        film_number=film[0] if film and early else None,
        tags=tags(values.get("tags") or ""),
        to=posts(values.get("to") or "") if early else (),
        concepts=listed(values.get("concepts") or "") if early else (),
    )


def _text(values: Mapping[str, str]) -> str:
    header, body = values.get("header", "").strip("\n"), values.get("text", "")
    if header.strip() and header.strip()[:200] not in body[: len(header) + 400]:
        body = f"{header}\n\n{body}"
    body = body.replace("\r\n", "\n").replace("\r", "\n")
    # a writer that escaped twice leaves `\n` in the place of every line end
    if "\\n" in body and "\n" not in body.strip("\n"):
        body = body.replace("\\r", "").replace("\\n", "\n").replace("\\t", "\t")
    if any("\udc80" <= c <= "\udcff" for c in body[:65_536]):
        body, _ = mend(body)
    return body


def _restored(record: Mapping[str, Any], text: str) -> str:
    """Put the head that a program cut off back above the text, line by line as it had stood."""
    dtg = record.get("_dtg")
    head = [
        dtg.get("raw") if isinstance(dtg, Mapping) else dtg,
        *(f"{label} {value}" if (value := _line(record.get(name))) and not value.startswith(label + " ") else _line(record.get(name))
          for label, name in (("FM", "_from"), ("TO", "_to"), ("INFO", "_info"))),
    ]  # fmt: skip
    below = [
        _line(record.get("_executive_order")),
        *(f"{label}: {value}" for label, name in (("TAGS", "_tags"), ("SUBJECT", "_subject"), ("REF", "_reference"))
          if (value := _line(record.get(name))) and not re.search(rf"^{label}S?\b", text, re.MULTILINE)),
    ]  # fmt: skip
    top = "\n".join(line for line in head if isinstance(line, str) and line.strip() and line not in text)
    middle = "\n".join(line for line in below if line and line not in text)
    return "\n\n".join(part for part in (top, middle, text) if part.strip())
