"""The columns of the frames of a comparison, and their types; `Comparison` says what each means."""

from __future__ import annotations

import polars as pl

from cablelab.comparison.changes import KINDS
from cablelab.comparison.model import LABELS, OUTCOMES
from cablelab.comparison.words import OPS

MEMBER_LABELS = ("born", *LABELS)
Type = pl.DataType | type[pl.DataType]

SENTENCES: dict[str, Type] = {
    "cable": pl.String,
    "sentence": pl.Int32,
    "paragraph": pl.Int32,
    "number": pl.Int32,
    "text": pl.String,
    "start": pl.Int32,
    "end": pl.Int32,
}
LINKS: dict[str, Type] = {
    "a": pl.String,
    "b": pl.String,
    "sentence_a": pl.Int32,
    "sentence_b": pl.Int32,
    "label": pl.Enum(LABELS),
    "moved": pl.Boolean,
    "weak": pl.Boolean,
    "similarity": pl.Float64,
    "probability": pl.Float64,
}
WORDS: dict[str, Type] = {
    "link": pl.Int32,
    "op": pl.Enum(OPS),
    "start_a": pl.Int32,
    "end_a": pl.Int32,
    "start_b": pl.Int32,
    "end_b": pl.Int32,
    "old": pl.String,
    "new": pl.String,
}
CHANGES: dict[str, Type] = {
    "a": pl.String,
    "b": pl.String,
    "rank": pl.Int32,
    "kind": pl.Enum(KINDS),
    "reasons": pl.List(pl.String),
    "signals": pl.List(pl.String),
    "old": pl.String,
    "new": pl.String,
    "text_a": pl.String,
    "text_b": pl.String,
    "sentence_a": pl.Int32,
    "sentence_b": pl.Int32,
    "paragraph_a": pl.Int32,
    "paragraph_b": pl.Int32,
    "number_a": pl.Int32,
    "number_b": pl.Int32,
    "start_a": pl.Int32,
    "end_a": pl.Int32,
    "start_b": pl.Int32,
    "end_b": pl.Int32,
    "similarity": pl.Float64,
    "moved": pl.Boolean,
    "weak": pl.Boolean,
    "order": pl.Int32,
    "remark": pl.String,
    "points": pl.Float64,
    "parts": pl.List(pl.String),
    "paragraphs": pl.String,
}
PARAGRAPHS: dict[str, Type] = {
    "a": pl.String,
    "b": pl.String,
    "state": pl.Enum(("new", "dropped")),
    "cable": pl.String,
    "paragraph": pl.Int32,
    "number": pl.Int32,
    "sentences": pl.Int32,
    "carried": pl.Float64,
    "text": pl.String,
    "remark": pl.String,
}
THREADS: dict[str, Type] = {
    "thread": pl.Int32,
    "born": pl.String,
    "last": pl.String,
    "died": pl.String,
    "cables": pl.Int32,
    "reworded": pl.Int32,
    "moved": pl.Int32,
    "first_text": pl.String,
    "last_text": pl.String,
}
MEMBERS: dict[str, Type] = {
    "thread": pl.Int32,
    "order": pl.Int32,
    "cable": pl.String,
    "sentence": pl.Int32,
    "paragraph": pl.Int32,
    "label": pl.Enum(MEMBER_LABELS),
    "moved": pl.Boolean,
}
CARRY_OVER: dict[str, Type] = {
    "step": pl.Int32,
    "a": pl.String,
    "b": pl.String,
    "outcome": pl.Enum(OUTCOMES),
    "sentences": pl.Int32,
    "words": pl.Int32,
}
LENGTHS: dict[str, Type] = {
    "order": pl.Int32,
    "cable": pl.String,
    "sent": pl.Datetime("us", "UTC"),
    "paragraphs": pl.Int32,
    "sentences": pl.Int32,
    "words": pl.Int32,
    "similarity": pl.Float64,
    "carried": pl.Float64,
}
PHRASE: dict[str, Type] = {
    "order": pl.Int32,
    "cable": pl.String,
    "count": pl.Int32,
    "sentence": pl.Int32,
    "paragraph": pl.Int32,
    "text": pl.String,
}
CLAIMS: dict[str, Type] = {
    "claim": pl.Int32,
    "order": pl.Int32,
    "cable": pl.String,
    "sent": pl.Datetime("us", "UTC"),
    "whose": pl.Enum(("post", "others")),
    "words": pl.String,
    "strength": pl.List(pl.String),
    "changed": pl.List(pl.String),
    "sentence": pl.Int32,
    "paragraph": pl.Int32,
    "number": pl.Int32,
    "text": pl.String,
    "start": pl.Int32,
    "end": pl.Int32,
}
