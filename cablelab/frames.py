"""The frames of a corpus: their columns, types and meaning.

`SCHEMAS` is the contract between the parsing core, the views and the user's own polars code. Every frame is checked
against it when it is built, so that a column never changes its type with the data.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

import polars as pl

from cablelab.errors import SchemaError, UnknownOption, nearest
from cablelab.terms import LEVELS

CLASSIFICATIONS = LEVELS
CABLE_FROM = ("page", "message", "filename", "inferred", "none")
SENT_FROM = ("dtg", "page", "inferred", "none")
PARTS = ("summary", "comment", "note", "action", "body")
YEAR_FROM = ("printed", "attribute", "list", "serial", "citing")
REFERENCE_KINDS = ("cable", "mail", "message-dtg", "telcon", "report", "other")
ADDRESSEE_ROLES = ("from", "to", "info", "exempt")
REDACTIONS = ("mask", "note", "margin")
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

Kind = pl.DataType | type[pl.DataType]

# Every column once: its name, its type, its meaning. What a column is read from bears its name (see cablelab/reading/rows.py).
_CABLES: dict[str, tuple[Kind, str]] = {
    "cable": (pl.String, "the key: two-digit year, post, number; or unidentified- and 12 digits of the text's hash"),
    "cable_from": (
        pl.Enum(CABLE_FROM),
        "where the key comes from: the page, the message itself, a file name, another cable, or nowhere",
    ),
    "message_id": (pl.String, "the id as the message's own text gives it"),
    "post": (pl.String, "code of the post that sent it, as ids write it"),
    "mission": (pl.String, "country or organisation that the post serves"),
    "bureau": (pl.String, "regional bureau that was responsible for the mission at that time"),
    "year": (pl.Int16, "year of the id, four digits"),
    "number": (pl.Int32, "number of the id: the post counts its messages anew each year"),
    "sent": (UTC, "when it was sent, UTC; see sent_from for how exact this is"),
    "sent_from": (pl.Enum(SENT_FROM), "what `sent` rests on: the date-time group, the page, another cable, or nothing"),
    "released": (UTC, "when this copy was published, UTC; to the hour where a page repeats it as minutes"),
    "classification": (Level, "level of the whole message, lowest to highest as an ordered enum"),
    "handling": (Words, "caveats beside the level, such as NOFORN or SENSITIVE"),
    "captions": (Words, "distribution captions, such as SIPDIS or EXDIS"),
    "precedence": (Words, "precedence for action, then for info addressees"),
    "subject": (pl.String, "the subject in one line, without markings and wrapping"),
    "tags": (Words, "TAGS codes in order, upper case; wrapped and run-together codes recovered"),
    "executive_order": (pl.String, "number of the executive order it is classified under"),
    "declassify_on": (pl.Date, "date on which it was to be declassified"),
    "declassify_note": (pl.String, "what else the E.O. line says, such as N/A"),
    "classified_by": (pl.String, "name of the classifying officer, without the title"),
    "classified_title": (pl.String, "title of the classifying officer"),
    "classified_reason": (pl.String, "paragraphs of the executive order given as the reason"),
    "signed_by": (pl.String, "surname or surnames that close the message"),
    "summary": (pl.String, "text of the summary, markers removed"),
    "sections": (pl.Int32, "number of sections it was sent in"),
    "paragraphs": (pl.Int32, "number of its paragraphs"),
    "words": (pl.Int32, "number of words in its paragraphs"),
    "redactions": (pl.Int32, "number of places where the copy hides words"),
    "partial": (pl.Boolean, "true where the copy says that it is an extract"),
    "corrected": (pl.Boolean, "true where it is a corrected copy"),
    "document_number": (pl.String, "number under which the archive holds a telegram of 1973-79, as it writes it"),
    "film_number": (pl.String, "microfilm and frame that the archive names"),
    "office": (pl.String, "office of action or origin in the Department"),
    "drafted_by": (pl.String, "who drafted it, as its head or record says"),
    "approved_by": (pl.String, "who approved it, as its head says"),
    "concepts": (Words, "subject words that the archive gave it"),
    "text_held": (pl.Boolean, "false where the record has no text: then all columns say what the record says"),
    "format": (pl.String, "form in which the copy was held"),
    "source": (pl.String, "path of the copy, path#row in a table, or text-N"),
    "sha256": (pl.String, "hash of the captured bytes"),
}

_KEY = (pl.String, "key of the cable it belongs to")
_POSITION = (pl.Int32, "its place in the cable, counted from 0")
_START = (pl.Int32, "offset of its first character in the text")
_END = (pl.Int32, "offset just after its last character in the text")

_COLUMNS: dict[str, dict[str, tuple[Kind, str]]] = {
    "cables": _CABLES,
    "texts": {
        "cable": (pl.String, "key of the cable"),
        "text": (pl.String, "text of the message, page chrome kept; all offsets refer to it"),
    },
    "spans": {
        "cable": _KEY,
        "start": _START,
        "end": _END,
        "role": (pl.Enum(ROLES), "what the span is; spans partition the text"),
    },
    "paragraphs": {
        "cable": _KEY,
        "position": _POSITION,
        "number": (pl.Int32, "number as printed; null where there is none"),
        "marking": (pl.String, "portion marking without brackets, such as C or S//NF"),
        "part": (pl.Enum(PARTS), "summary, comment, note, action, or body"),
        "heading": (pl.String, "heading directly above it; only the first paragraph under a heading carries it"),
        "text": (pl.String, "its text, from its number to its last character"),
        "start": _START,
        "end": _END,
    },
    "tags": {
        "cable": _KEY,
        "position": _POSITION,
        "tag": (pl.String, "the code"),
        "kind": (pl.String, "subject, country, organisation, person ...; unknown if nothing knows the code"),
        "meaning": (pl.String, "what the code stood for in the year of the cable"),
        "confidence": (pl.String, "how sure the meaning is"),
    },
    "references": {
        "cable": (pl.String, "key of the citing cable"),
        "position": _POSITION,
        "label": (pl.String, "letter by which the text calls it"),
        "kind": (pl.Enum(REFERENCE_KINDS), "what is cited: cable, mail, message-dtg, telcon, report, other"),
        "target": (pl.String, "id of the cited cable, missing years filled in"),
        "raw": (pl.String, "the reference as written"),
        "note": (pl.String, "what is said of it, such as NOTAL or AND PREVIOUS"),
        "year_from": (
            pl.Enum(YEAR_FROM),
            "what tells the target's year: printed beside it, a record's list, the same list, its number (serial), or nothing but the citing year",
        ),
        "held": (pl.Boolean, "true where the target is in the corpus"),
        "start": _START,
        "end": _END,
    },
    "addressees": {
        "cable": _KEY,
        "position": _POSITION,
        "role": (pl.Enum(ADDRESSEE_ROLES), "from, to, info, or exempt"),
        "routing": (pl.String, "routing indicator before the name"),
        "name": (pl.String, "name as written"),
        "post": (pl.String, "code of the post, where the name is one"),
        "precedence": (pl.String, "precedence for this addressee"),
        "serial": (pl.Int32, "number of the message in the series to this addressee"),
    },
    "redactions": {
        "cable": _KEY,
        "start": _START,
        "end": _END,
        "kind": (
            pl.Enum(REDACTIONS),
            "how words are hidden: by a mask, by a note in brackets, or with a code in the margin",
        ),
        "paragraph": (pl.Int32, "position of the paragraph it lies in; null outside paragraphs"),
    },
    "problems": {
        "cable": (pl.String, "key of the cable; null where a source gave none"),
        "source": (pl.String, "path of the copy"),
        "code": (pl.String, "kind of problem, for counting and filtering"),
        "field": (pl.String, "column it concerns"),
        "message": (pl.String, "what was found and what to do about it"),
        "start": _START,
        "end": _END,
    },
    "copies": {
        **_CABLES,
        "preferred": (pl.String, "key of the cable whose row was made from a fuller copy"),
        "text": (pl.String, "text of this copy"),
    },
}

SCHEMAS: dict[str, dict[str, Kind]] = {
    name: {column: kind for column, (kind, _) in columns.items()} for name, columns in _COLUMNS.items()
}
MEANINGS: dict[str, dict[str, str]] = {
    name: {column: meaning for column, (_, meaning) in columns.items()} for name, columns in _COLUMNS.items()
}
CABLES = SCHEMAS["cables"]
NAMES = tuple(SCHEMAS)

Frame = TypeVar("Frame", bound=pl.DataFrame | pl.LazyFrame)


class Framed(Protocol):
    """What holds the frames of cables in step: a corpus, or what stands for one."""

    @property
    def filters(self) -> tuple[str, ...]:
        """How it was chosen from a larger one, in words."""

    def lazy(self, name: str) -> pl.LazyFrame:
        """Give the frame `name` as a lazy frame."""

    def frame(self, name: str) -> pl.DataFrame:
        """Give the frame `name`."""

    def rows(self, name: str, cables: Iterable[str]) -> pl.DataFrame:
        """Give the rows of some cables in the frame `name`."""

    @property
    def whole(self) -> Framed:
        """The corpus that it was chosen from; itself where nothing was left out."""

    def __len__(self) -> int: ...


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
