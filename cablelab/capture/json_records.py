"""Records in JSON: one a line, in an array, under the key of a search engine's answer, or under their ids; streamed."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from cablelab.capture import records
from cablelab.capture.base import Capture, Origin, Unreadable

FORM = "json"
FIELD = rb'\{\s*"(?:[^"\\]|\\.){1,80}"\s{0,80}:'
OPENS = re.compile(rb"(?:\[\s*)?" + FIELD + rb"|\[\s*\]")
AT_A_TIME = 1 << 16  # characters asked of the stream, unless a record has more
LONGEST = 1 << 24  # characters of one record
INSIDE = (
    "docs",
    "results",
    "hits",
    "response",
    "data",
    "cables",
    "records",
    "items",
    "rows",
    "documents",
    "_source",
    "objects",
)
BLANKS = re.compile(r"[\s,;]*")
BROKEN = "Record {} is no JSON ({}). Export the file again; what stands before was read."
DEEP = "Record {} nests too deep to be a cable. Leave the file out."


def detect(head: bytes) -> bool:
    """Say whether `head`, the beginning of a source, opens a JSON object or an array of them."""
    return OPENS.match(head.lstrip()) is not None


def read(stream: BinaryIO, origin: Origin) -> Iterator[Capture | Unreadable]:
    """Yield one capture a record; a line that is no JSON is `Unreadable`, and the others are read."""
    yield from records.captures(_records(stream, origin), origin, FORM)


def _records(stream: BinaryIO, origin: Origin) -> Iterator[Mapping[str, Any] | Unreadable]:
    text = _Text(stream)
    decoder = json.JSONDecoder()
    array = text.skip() == "["
    if array:
        text.at += 1
    number = 0
    while (char := text.skip()) and not (array and char == "]"):
        number += 1
        try:
            value = text.value(decoder)
        except RecursionError:
            yield origin.unreadable("json", DEEP.format(number))
            return
        except ValueError as error:
            yield origin.unreadable("json", BROKEN.format(number, str(error).partition(":")[0]))
            if array or not text.next_line():  # in an array nothing tells where the next record begins
                return
            continue
        yield from _opened(value, number, origin)


def _opened(value: Any, number: int, origin: Origin) -> Iterator[Mapping[str, Any] | Unreadable]:
    """Give the records in a value: itself, or what it holds in a list under a key that answers use, or under ids."""
    todo = [value]
    while todo:
        value = todo.pop()
        if isinstance(value, list):
            todo.extend(reversed(value))
            continue
        if not isinstance(value, Mapping):
            yield origin.unreadable("json", f"Record {number} holds no fields.")
            continue
        if isinstance(source := value.get("_source"), Mapping):
            todo.append({"id": value.get("_id"), **source})
            continue
        inner = next((value[key] for key in INSIDE if isinstance(value.get(key), list | Mapping)), None)
        if inner is not None and not records.is_header(value):
            todo.append(inner)
        elif len(value) > 0 and all(isinstance(v, Mapping) for v in value.values()) and not records.is_header(value):
            # under ids: `{"05OSLO12": {...}}`; a search engine's line `{"index": {...}}` holds no record
            todo.extend(
                {"id": key, **v} for key, v in reversed(list(value.items())) if len(v) > 1 or records.is_header(v)
            )
        else:
            yield value


class _Text:
    """The text of a stream from where it was read to, held for one record only."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream, self.held, self.at, self.more = stream, "", 0, True
        self.decoder = codecs.getincrementaldecoder("utf-8-sig")("surrogateescape")

    def grow(self) -> bool:
        """Read on: as much again as is held, so that a long record is not scanned over and over."""
        new = self.stream.read(max(AT_A_TIME, len(self.held) - self.at)) if self.more else b""
        self.more = bool(new)
        self.held, self.at = self.held[self.at :] + self.decoder.decode(new, final=not new), 0
        return self.more

    def skip(self) -> str:
        """Go past blanks and commas; give the character that follows, or none at the end."""
        while True:
            self.at = BLANKS.match(self.held, self.at).end()  # type: ignore[union-attr]
            if self.at < len(self.held) or not self.grow():
                return self.held[self.at : self.at + 1]

    def value(self, decoder: json.JSONDecoder) -> Any:
        """Read one value, asking for more of the stream where it is cut."""
        while True:
            try:
                value, end = decoder.raw_decode(self.held, self.at)
                if end < len(self.held) or not self.more:
                    self.at = end
                    return value
            except ValueError as error:
                # an error well before the end is none that more text would mend
                place = getattr(error, "pos", len(self.held))
                cut = place >= len(self.held) - 16 or "Unterminated" in str(error)
                if not (cut and self.more and len(self.held) - self.at < LONGEST):
                    raise
            if not self.grow():
                value, self.at = decoder.raw_decode(self.held, self.at)
                return value

    def next_line(self) -> bool:
        """Go on behind the line that could not be read."""
        while (end := self.held.find("\n", self.at)) < 0:
            self.at = len(self.held)
            if not self.grow():
                return False
        self.at = end + 1
        return True
