"""Tables with named columns, whatever parts them: commas, semicolons, tabs or bars; quotes doubled or escaped; streamed.

`cables.csv` with its eight columns and backslashes has a reader of its own, which can be cut among workers.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from cablelab.capture import labels, records
from cablelab.capture.base import Capture, Origin, Unreadable
from cablelab.capture.cables_csv import LONGEST
from cablelab.capture.dates import row_date
from cablelab.capture.decode import UTF8_BOM
from cablelab.capture.message_bounds import LEVEL, MARKS, OPENS

FORM = "csv"
DELIMITERS = (",", ";", "\t", "|")
PROBE = 1 << 16
EIGHT = ("row", "date", "reference", "origin", "classification", "refs", "header", "body")
SEPARATOR = re.compile(rb"\A[sS]ep=[^\n]{1,3}\n")
LINE_END = re.compile(r"[\r\n]")
CURE = "Export the table again with a row of names (id, date, classification, origin, header, body) and quoted texts."


def detect(head: bytes) -> bool:
    """Say whether `head`, the beginning of a source, opens with a row of names, or with rows whose cells are those of cables."""
    return _dialect(_probe(head)) is not None


def read(stream: BinaryIO, origin: Origin) -> Iterator[Capture | Unreadable]:
    """Yield one capture a row; columns are matched by name, or by what they hold where no row names them."""
    yield from records.captures(_records(stream, origin), origin, FORM)


def _probe(head: bytes) -> str:
    return _plain(head)[:PROBE].decode("utf-8", "replace")


def _plain(head: bytes) -> bytes:
    """Take a byte order mark, blank lines and the line `sep=;`, which a spreadsheet puts first, off a table."""
    return SEPARATOR.sub(b"", head.removeprefix(UTF8_BOM).lstrip(b"\r\n"))


def _dialect(probe: str) -> type[csv.Dialect] | None:
    """Find what parts the cells: what gives a row of names, or else rows of one length with an id or a date and a level."""
    first = LINE_END.split(probe, maxsplit=1)[0]
    for delimiter in sorted(DELIMITERS, key=lambda d: -first.count(d)):
        if delimiter not in first:
            continue
        escaped = '\\"' in probe and probe.count('\\"') > probe.count('""')

        class Found(csv.excel):
            pass

        Found.delimiter = delimiter
        Found.doublequote = True
        Found.escapechar = "\\" if escaped else None
        rows = _rows(probe, Found)
        if rows and (_is_header(rows) or _by_content(rows) is not None):
            return Found
    return None


def _rows(probe: str, dialect: type[csv.Dialect]) -> list[list[str]]:
    """Give the first rows of a probe; the last one may be cut."""
    rows = []
    try:
        for row in csv.reader(io.StringIO(probe, newline=""), dialect):
            if any(row):
                rows.append(row)
            if len(rows) > 20:
                break
    except csv.Error:  # the probe is cut
        return rows
    return rows


def _is_header(rows: list[list[str]]) -> bool:
    """Say whether the first row names columns of cables; of one name alone, that of the text, what stands below it must be one."""
    if records.is_header(rows[0]):
        return True
    at = next((at for at, name in enumerate(rows[0]) if records.ROLE.get(records.plain(name)) == "text"), None)
    return at is not None and len(rows) > 1 and len(rows[1]) > at and MARKS.search(rows[1][at]) is not None


def _by_content(rows: list[list[str]]) -> list[str] | None:
    """Name the columns of rows without names, by what the first row holds; None if it is not a row of cables."""
    if len(rows[0]) < 3 or Counter(map(len, rows[: max(1, len(rows) - 1)])).most_common(1)[0][0] != len(rows[0]):
        return None
    if len(rows[0]) == len(EIGHT) and re.fullmatch(r"\s*\d+\s*", rows[0][0]) and row_date(rows[0][1]) is not None:
        return list(EIGHT)  # those of `cables.csv`
    names: list[str] = []
    for number, cell in enumerate(rows[0]):
        text = cell.strip()
        if re.fullmatch(rf"{labels.CABLE_ID}(?:_[a-e])?", text) and "reference" not in names:
            name = "reference"
        elif len(text) < 40 and row_date(text) is not None and re.match(r"\W?\d", text):
            name = "date" if "date" not in names else "released" if "released" not in names else f"column{number}"
        elif len(text) < 60 and re.fullmatch(rf"(?:{labels.LEVELS}|{LEVEL}).*", text) and "\n" not in text:
            name = "classification"
        elif re.match(r"(?:Embassy|Consulate|Mission|US|Secretary|American|REO|UN)\b.{0,50}$", text):
            name = "origin"
        elif (
            "\n" in text
            and OPENS.match(text)
            and not re.search(r"^\W{0,4}(?:SUBJ|TAGS)", text, re.MULTILINE)
            and "header" not in names
        ):
            name = "header"
        elif (len(text) > 80 or "\n" in text) and MARKS.search(text):
            name = "body"
        else:
            name = f"column{number}"
        names.append(name)
    recognised = {name for name in names if not name.startswith("column")}
    return names if len(recognised) >= 2 and recognised & {"reference", "body", "classification", "origin"} else None


def _records(stream: BinaryIO, origin: Origin) -> Iterator[Mapping[str, Any] | Unreadable]:
    csv.field_size_limit(max(csv.field_size_limit(), 2 * LONGEST + 2))
    head = stream.read(PROBE)
    probe = _probe(head)
    dialect = _dialect(probe)
    if dialect is None:
        yield origin.unreadable("csv-columns", f"What parts the table's columns cannot be told. {CURE}")
        return
    text = io.TextIOWrapper(io.BufferedReader(_Rejoined(_plain(head), stream)), "utf-8", "surrogateescape", newline="")
    rows = csv.reader((line.replace("\0", "") for line in text), dialect)
    names: list[str] | None = None
    try:
        for row in rows:
            if not any(row):
                continue
            if names is None:
                first = _rows(probe, dialect)
                found = row if _is_header([row, *first[1:]]) else _by_content(first or [row])
                if found is None:
                    yield origin.unreadable("csv-columns", f"The table has no row of names. {CURE}")
                    return
                names = [name if name.strip() else f"column{number}" for number, name in enumerate(found)]
                if found is row:
                    continue
            if len(row) > len(names) and any(row[len(names) :]):
                yield origin.unreadable("csv-columns", f"A row has {len(row)} columns in place of {len(names)}. {CURE}")
                continue
            yield dict(zip(names, row, strict=False))
    except csv.Error as error:
        yield origin.unreadable(
            "csv-columns", f"Line {rows.line_num} is no row ({error}); a quote may be left open. {CURE}"
        )


class _Rejoined(io.RawIOBase):
    """A stream of which the beginning was read already."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self.head, self.stream = head, stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self.head[: len(buffer)] or self.stream.read(len(buffer))
        self.head = self.head[len(data) :]
        buffer[: len(data)] = data
        return len(data)
