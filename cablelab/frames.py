"""The frames of a corpus: their columns, types and meaning.

`SCHEMAS` is the contract between the parsing core, the views and the user's own polars code. Every frame is checked against
it when it is built, so that a column never changes its type with the data.
"""

from __future__ import annotations

import polars as pl

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
)  # fmt: skip
TRANSMISSION_ROLES = ROLES[2:11]

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
