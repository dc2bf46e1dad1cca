"""The frames of a corpus: their columns, types and meaning.

`SCHEMAS` is the contract between the parsing core, the views and the user's own polars code. Every frame is checked
against it when it is built, so that a column never changes its type with the data.
"""

from __future__ import annotations

from typing import TypeVar

import polars as pl

from cablelab.errors import SchemaError, UnknownOption, nearest

CLASSIFICATIONS = ("UNCLASSIFIED", "LIMITED OFFICIAL USE", "CONFIDENTIAL", "SECRET", "TOP SECRET")
CABLE_FROM = ("page", "message", "filename", "inferred", "none")
SENT_FROM = ("dtg", "page", "inferred", "none")
PARTS = ("summary", "comment", "note", "action", "body")
REFERENCE_KINDS = ("cable", "mail", "message-dtg", "telcon", "report", "other")
ADDRESSEE_ROLES = ("from", "to", "info", "exempt")
ROLES = (
    "chrome", "notice",
    "start", "routing", "origin", "signal", "dtg", "from", "to", "info", "exempt",
    "classification", "caption", "passing", "executive-order", "tags", "subject", "reference", "classified-by",
    "heading", "paragraph", "page-break", "signature", "trailer", "blank", "other",
    # what a capture sets aside: furniture is page numbers, running heads and margins
    "furniture", "stamp", "distribution", "drafting", "relay", "attributes",
)  # fmt: skip

UTC = pl.Datetime("us", "UTC")
Level = pl.Enum(CLASSIFICATIONS)
Words = pl.List(pl.String)

CABLES: dict[str, pl.DataType | type[pl.DataType]] = {
    "cable": pl.String,
    "cable_from": pl.Enum(CABLE_FROM),
    "message_id": pl.String,
    "post": pl.String,
    "mission": pl.String,
    "bureau": pl.String,
    "year": pl.Int16,
    "number": pl.Int32,
    "sent": UTC,
    "sent_from": pl.Enum(SENT_FROM),
    "released": UTC,
    "classification": Level,
    "handling": Words,
    "captions": Words,
    "precedence": Words,
    "subject": pl.String,
    "tags": Words,
    "executive_order": pl.String,
    "declassify_on": pl.Date,
    "declassify_note": pl.String,
    "classified_by": pl.String,
    "classified_title": pl.String,
    "classified_reason": pl.String,
    "signed_by": pl.String,
    "summary": pl.String,
    "sections": pl.Int32,
    "paragraphs": pl.Int32,
    "words": pl.Int32,
    "redactions": pl.Int32,
    "partial": pl.Boolean,
    "corrected": pl.Boolean,
    "format": pl.String,
    "source": pl.String,
    "sha256": pl.String,
}

SCHEMAS: dict[str, dict[str, pl.DataType | type[pl.DataType]]] = {
    "cables": CABLES,
    "texts": {"cable": pl.String, "text": pl.String},
    "spans": {"cable": pl.String, "start": pl.Int32, "end": pl.Int32, "role": pl.Enum(ROLES)},
    "paragraphs": {
        "cable": pl.String,
        "position": pl.Int32,
        "number": pl.Int32,
        "marking": pl.String,
        "part": pl.Enum(PARTS),
        "heading": pl.String,
        "text": pl.String,
        "start": pl.Int32,
        "end": pl.Int32,
    },
    "tags": {
        "cable": pl.String,
        "position": pl.Int32,
        "tag": pl.String,
        "kind": pl.String,
        "meaning": pl.String,
        "confidence": pl.String,
    },
    "references": {
        "cable": pl.String,
        "position": pl.Int32,
        "label": pl.String,
        "kind": pl.Enum(REFERENCE_KINDS),
        "target": pl.String,
        "raw": pl.String,
        "note": pl.String,
        "held": pl.Boolean,
        "start": pl.Int32,
        "end": pl.Int32,
    },
    "addressees": {
        "cable": pl.String,
        "position": pl.Int32,
        "role": pl.Enum(ADDRESSEE_ROLES),
        "routing": pl.String,
        "name": pl.String,
        "post": pl.String,
        "precedence": pl.String,
        "serial": pl.Int32,
    },
    "problems": {
        "cable": pl.String,
        "source": pl.String,
        "code": pl.String,
        "field": pl.String,
        "message": pl.String,
        "start": pl.Int32,
        "end": pl.Int32,
    },
    "copies": {**CABLES, "preferred": pl.String, "text": pl.String},
}

_OF_CABLES: dict[str, str] = {
    "cable": "the key: two-digit year, post, number; or unidentified- and 12 digits of the text's hash",
    "cable_from": "where the key comes from: the page, the message itself, a file name, another cable, or nowhere",
    "message_id": "the id as the message's own text gives it",
    "post": "code of the post that sent it, as ids write it",
    "mission": "country or organisation that the post serves",
    "bureau": "regional bureau that was responsible for the mission at that time",
    "year": "year of the id, four digits",
    "number": "number of the id: the post counts its messages anew each year",
    "sent": "when it was sent, UTC; see sent_from for how exact this is",
    "sent_from": "what `sent` rests on: the date-time group, the page, another cable, or nothing",
    "released": "when this copy was published, UTC",
    "classification": "level of the whole message, lowest to highest as an ordered enum",
    "handling": "caveats beside the level, such as NOFORN or SENSITIVE",
    "captions": "distribution captions, such as SIPDIS or EXDIS",
    "precedence": "precedence for action, then for info addressees",
    "subject": "the subject in one line, without markings and wrapping",
    "tags": "TAGS codes in order, as written, upper case",
    "executive_order": "number of the executive order it is classified under",
    "declassify_on": "date on which it was to be declassified",
    "declassify_note": "what else the E.O. line says, such as N/A",
    "classified_by": "name of the classifying officer, without the title",
    "classified_title": "title of the classifying officer",
    "classified_reason": "paragraphs of the executive order given as the reason",
    "signed_by": "surname or surnames that close the message",
    "summary": "text of the summary, markers removed",
    "sections": "number of sections it was sent in",
    "paragraphs": "number of its paragraphs",
    "words": "number of words in its paragraphs",
    "redactions": "number of places where the copy hides words",
    "partial": "true where the copy says that it is an extract",
    "corrected": "true where it is a corrected copy",
    "format": "form in which the copy was held",
    "source": "path of the copy, path#row in a table, or text-N",
    "sha256": "hash of the captured bytes",
}

_KEY = "key of the cable it belongs to"
_POSITION = "its place in the cable, counted from 0"
_START = "offset of its first character in the text"
_END = "offset just after its last character in the text"

MEANINGS: dict[str, dict[str, str]] = {
    "cables": _OF_CABLES,
    "texts": {"cable": "key of the cable", "text": "text of the message, page chrome kept; all offsets refer to it"},
    "spans": {
        "cable": _KEY,
        "start": _START,
        "end": _END,
        "role": "what the span is; spans partition the text",
    },
    "paragraphs": {
        "cable": _KEY,
        "position": _POSITION,
        "number": "number as printed; null where there is none",
        "marking": "portion marking without brackets, such as C or S//NF",
        "part": "summary, comment, note, action, or body",
        "heading": "heading directly above it; only the first paragraph under a heading carries it",
        "text": "its text, from its number to its last character",
        "start": _START,
        "end": _END,
    },
    "tags": {
        "cable": _KEY,
        "position": _POSITION,
        "tag": "the code",
        "kind": "subject, country, organisation, person ...; unknown if nothing knows the code",
        "meaning": "what the code stood for in the year of the cable",
        "confidence": "how sure the meaning is",
    },
    "references": {
        "cable": "key of the citing cable",
        "position": _POSITION,
        "label": "letter by which the text calls it",
        "kind": "what is cited: cable, mail, message-dtg, telcon, report, other",
        "target": "id of the cited cable, missing years filled in",
        "raw": "the reference as written",
        "note": "what is said of it, such as NOTAL or AND PREVIOUS",
        "held": "true where the target is in the corpus",
        "start": _START,
        "end": _END,
    },
    "addressees": {
        "cable": _KEY,
        "position": _POSITION,
        "role": "from, to, info, or exempt",
        "routing": "routing indicator before the name",
        "name": "name as written",
        "post": "code of the post, where the name is one",
        "precedence": "precedence for this addressee",
        "serial": "number of the message in the series to this addressee",
    },
    "problems": {
        "cable": "key of the cable; null where a source gave none",
        "source": "path of the copy",
        "code": "kind of problem, for counting and filtering",
        "field": "column it concerns",
        "message": "what was found and what to do about it",
        "start": _START,
        "end": _END,
    },
    "copies": {
        **_OF_CABLES,
        "preferred": "key of the cable whose row was made from a fuller copy",
        "text": "text of this copy",
    },
}

NAMES = tuple(SCHEMAS)

Frame = TypeVar("Frame", bound=pl.DataFrame | pl.LazyFrame)


def schema(name: str) -> pl.Schema:
    """Return the columns and types of the frame `name`.

    Raises
    ------
    UnknownOption
        If no frame has that name.

    Examples
    --------
    >>> list(schema("texts"))
    ['cable', 'text']
    """
    if name not in SCHEMAS:
        raise UnknownOption(name, nearest(name, NAMES), f"Frames: {', '.join(NAMES)}.")
    return pl.Schema(SCHEMAS[name])


def empty(name: str) -> pl.DataFrame:
    """Build the frame `name` without rows.

    Examples
    --------
    >>> empty("texts").shape
    (0, 2)
    """
    return schema(name).to_frame()


def check(name: str, frame: Frame) -> Frame:
    """Return `frame` as it is if its columns, their order and types are those of the frame `name`.

    Raises
    ------
    SchemaError
        Naming missing, surplus and wrongly typed columns.

    Examples
    --------
    >>> check("texts", pl.DataFrame({"cable": ["07OSLO1"], "text": ["VZCZC"]})).height
    1
    """
    expected, found = schema(name), frame.collect_schema()
    if list(found.items()) != list(expected.items()):
        raise SchemaError.differs(name, dict(expected), dict(found))
    return frame


def describe(name: str) -> pl.DataFrame:
    """Say what each column of the frame `name` holds.

    Returns
    -------
    DataFrame with the columns `column`, `type` and `meaning`, all String; one row a column.

    Examples
    --------
    >>> describe("texts")["column"].to_list()
    ['cable', 'text']
    """
    columns = schema(name)
    return pl.DataFrame(
        {
            "column": list(columns),
            "type": [str(kind) for kind in columns.values()],
            "meaning": [MEANINGS[name][column] for column in columns],
        },
        schema={"column": pl.String, "type": pl.String, "meaning": pl.String},
    )
