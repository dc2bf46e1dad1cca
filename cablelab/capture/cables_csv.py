"""`cables.csv` and its kin: eight columns in quotes, streamed row by row in constant memory.

Columns: row id, date (`12/28/1966 18:48`), id of the cable, origin, classification, ids it refers to (`|` between
them), header, body. Quotes and line ends inside a field carry a backslash. The references are read from the message
itself, like everyone's.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from hashlib import sha256
from io import TextIOWrapper
from typing import BinaryIO

from cablelab.capture.base import Capture, Origin, Page, Problem, Unreadable
from cablelab.capture.dates import row_date, to_minute
from cablelab.capture.decode import ESCAPED, UTF8_BOM, mend

COLUMNS = 8
LONGEST = 1 << 24  # characters of one row; the longest known cable has under 300,000
REPORTED = 100  # bad rows named one by one before the rest are only counted
DATE = r"\"?(?:\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d\d-\d\d)[ T]?[\d:]{0,8}\"?"
ROW_OPENS = re.compile(rf'"?\d{{1,9}}"?,{DATE},')
# a line like this opens a row whatever stands before it (see `_Lines`), so that a file can be cut there
CUT = re.compile(rb'(?<=\n)"' + ROW_OPENS.pattern.removeprefix('"?').encode())
NAMES = frozenset(
    (
        "id", "rowid", "row", "date", "datetime", "created", "sent", "released", "reference", "referenceid", "refid",
        "ref", "refs", "references", "canonicalid", "cable", "cableid", "origin", "source", "post", "classification",
        "header", "head", "body", "text", "content", "subject", "tags", "message",
    )
)  # fmt: skip


def detect(data: bytes) -> bool:
    """Say whether `data`, the beginning of a source, opens with a row or a header row of such a file."""
    head = data[:4096].removeprefix(UTF8_BOM).lstrip().decode("utf-8", "replace")
    if ROW_OPENS.match(head):
        return True
    first = head.partition("\n")[0]
    if first.count(",") < 2:
        return False
    cells = _cells(first)
    return _is_header(cells) or (first.startswith('"') and '","' in first and len(cells) > 2)


def read(stream: BinaryIO, origin: Origin) -> Iterator[Capture | Unreadable]:
    """Yield one capture a row; a row that cannot be read is an `Unreadable` with its number.

    Parameters
    ----------
    stream
        The file, at its beginning; read once, at most one row in memory.
    origin
        The source's name; each row's own is `name#N`, counted from 1 without the header row, its hash that of the
        row's bytes.

    Yields
    ------
    Capture or Unreadable
        In the order of the file. After 100 unreadable rows the others are counted in one.
    """
    number = bad = 0
    for number, item in rows(stream, origin):  # noqa: B007 - the last one is the number of rows
        if isinstance(item, Unreadable):
            bad += 1
            if bad > REPORTED:
                continue
        yield item
    yield from remarks(origin, number, bad)


def rows(stream: BinaryIO, origin: Origin, *, head: bool = True) -> Iterator[tuple[int, Capture | Unreadable]]:
    """Yield every row with its number, from 1; `head` says whether the stream may open with a header row."""
    number = 0
    for cells, raw, oversized in _rows(stream):
        if head and not number and _is_header(cells):
            continue
        number += 1
        yield number, _read_row(cells, raw, oversized, origin, number)


def remarks(origin: Origin, number: int, bad: int) -> Iterator[Unreadable]:
    """Say what is to be said of a file of `number` rows once it is read, `bad` of them unreadable."""
    if bad > REPORTED:
        yield origin.unreadable("csv-columns", f"{bad - REPORTED} further rows have the same kind of fault. {CURE}")
    if not number:
        yield origin.unreadable("empty", "The CSV file has no rows. Check that the download is whole.")


CURE = f"Export the file again with its {COLUMNS} columns, quotes escaped by a backslash."


def _rows(stream: BinaryIO) -> Iterator[tuple[list[str], str, bool]]:
    """Give the cells of each row, the row as it stands in the file, and whether it was cut off for its length."""
    # the limit is the csv module's, not the reader's: it is only ever raised
    csv.field_size_limit(max(csv.field_size_limit(), 2 * LONGEST + 2))
    wrapper = TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
    lines = _Lines(wrapper)
    try:
        while not lines.ended:
            for cells in csv.reader(lines, escapechar="\\", doublequote=False):
                raw, oversized = lines.take()
                if any(cells):
                    yield cells, raw, oversized
    finally:
        wrapper.detach()  # the stream is the caller's to close


def _read_row(cells: list[str], raw: str, oversized: bool, origin: Origin, number: int) -> Capture | Unreadable:
    data = raw.encode("utf-8", "surrogateescape")
    own = Origin(f"{origin.source}#{number}", sha256(data).hexdigest(), None, origin.problems)
    if oversized:
        return own.unreadable(
            "large", f"The row is longer than {LONGEST:,} characters; a quote may be left open. {CURE}"
        )
    if len(cells) != COLUMNS:
        return own.unreadable("csv-columns", f"The row has {len(cells)} columns in place of {COLUMNS}. {CURE}")
    problems: list[Problem] = []
    if ESCAPED.search(raw):
        mended = [mend(cell) for cell in cells]
        cells = [text for text, _ in mended]
        problems.append(("encoding", None, f"{sum(n for _, n in mended)} bytes are not UTF-8; read as Windows-1252."))
    if "\0" in raw:
        cells = [cell.replace("\0", "") for cell in cells]
        problems.append(("nul-bytes", None, f"{raw.count(chr(0))} NUL bytes were left out."))
    if raw.startswith('"') and not raw.rstrip("\r\n").endswith('"'):
        problems.append(("truncated", None, "The row's last quote is missing; its text may be cut off."))
    _, date, cable, post, classification, _, header, body = cells
    created = row_date(date)
    if created is None:
        problems.append(("date", "sent", f"The row's date {date!r} cannot be read."))
    text = "\n\n".join(part for part in (header, body) if part.strip())
    if not text:
        return own.unreadable("empty", "The row holds no text. Leave it out or look the cable up elsewhere.")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    page = Page(
        cable=cable.strip() or None,
        created=created,
        created_to=to_minute(created),
        classification=classification.strip() or None,
        origin=post.strip() or None,
    )
    return own.capture(text, "csv", page, problems=tuple(problems))


def _cells(line: str) -> list[str]:
    try:
        return next(csv.reader([line], escapechar="\\", doublequote=False), [])
    except csv.Error:  # a lone carriage return outside quotes: no table
        return []


def _is_header(cells: list[str]) -> bool:
    names = [re.sub(r"[^a-z]", "", cell.lower()) for cell in cells]
    return len(names) > 2 and 2 * sum(name in NAMES for name in names) > len(names)


class _Lines:
    """Feed a csv reader line by line, and end its input where a new row opens inside a quote that was left open.

    Without this one missing quote would swallow all rows after it.
    """

    def __init__(self, stream: TextIOWrapper) -> None:
        self.stream = stream
        self.kept: list[str] = []
        self.size = 0
        self.waiting = ""
        self.ended = self.oversized = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line, self.waiting = self.waiting or self.stream.readline(LONGEST), ""
        if self.size > LONGEST:
            self.oversized = True
            while line and not ROW_OPENS.match(line):
                line = self.stream.readline(LONGEST)
        if self.kept and line and (self.oversized or (line[0] == '"' and ROW_OPENS.match(line))):
            self.waiting = line
            raise StopIteration
        if not line:
            self.ended = True
            raise StopIteration
        self.kept.append(line)
        self.size += len(line)
        return line

    def take(self) -> tuple[str, bool]:
        """Give the lines read since the last call, joined, and whether they were too many to be one row."""
        raw, oversized = "".join(self.kept), self.oversized
        self.kept.clear()
        self.size, self.oversized = 0, False
        return raw, oversized
