"""Records in XML: Solr's `<doc><field name="id">`, a database's `<row>`, or elements that are named like the fields."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element, ParseError, iterparse

from cablelab.capture import records
from cablelab.capture.base import Capture, Origin, Unreadable

FORM = "xml"
RECORDS = frozenset(("doc", "row", "record", "cable", "item", "document", "entry", "telegram", "result"))
NAMED = re.compile(rb"<(?:field|str|date|text|column|arr)\s+name=")
ELEMENTS = re.compile(rb"<(?:doc|row|record|cable|item|document|entry|telegram)\b[^<>]*>\s*<\w[^<>]*>")


def detect(head: bytes) -> bool:
    """Say whether `head`, the beginning of a source, opens records in XML."""
    start = head.lstrip()
    if not start.startswith(
        (
            b"<?xml",
            b"<add",
            b"<doc",
            b"<response",
            b"<row",
            b"<result",
            b"<cable",
            b"<table",
            b"<mysqldump",
            b"<records",
        )
    ):
        return False
    return b"<html" not in head[:1_000].lower() and (
        NAMED.search(head) is not None or ELEMENTS.search(head) is not None
    )


def read(stream: BinaryIO, origin: Origin) -> Iterator[Capture | Unreadable]:
    """Yield one capture a record; what follows a fault of the XML cannot be read, and is said to be left out."""
    yield from records.captures(_records(stream, origin), origin, FORM)


def _records(stream: BinaryIO, origin: Origin) -> Iterator[Mapping[str, Any] | Unreadable]:
    try:
        for _, element in iterparse(stream):
            if _tag(element) in RECORDS and len(element):
                if (fields := _fields(element)) and records.is_header(fields):
                    yield fields
                element.clear()
    except (ParseError, ValueError, LookupError, io.UnsupportedOperation) as error:
        yield origin.unreadable(
            "xml", f"The XML is broken ({error}); what follows was left out. Export the file again."
        )


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _fields(element: Element) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for child in element:
        name = child.get("name") or _tag(child)
        value = (
            "".join(child.itertext())
            if len(child) == 0 or _tag(child) != "arr"
            else ", ".join(filter(None, (c.text for c in child)))
        )
        if name in fields and fields[name] and value:
            value = f"{fields[name]}, {value}"
        fields[name] = value
    return fields
