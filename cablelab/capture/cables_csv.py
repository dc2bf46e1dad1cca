"""`cables.csv` and its kin: eight columns in quotes, streamed row by row in constant memory.

Columns: row id, date (`12/28/1966 18:48`), id of the cable, origin, classification, ids it refers to (`|` between
them), header, body. Quotes and line ends inside a field carry a backslash. The references are read from the message
itself, like everyone's.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from typing import BinaryIO

from cablelab.capture.base import Capture, Origin, Page, Problem, Unreadable, failed
from cablelab.capture.dates import row_date, to_minute
from cablelab.capture.decode import UTF8_BOM, mend

COLUMNS = 8
LONGEST = 1 << 24  # bytes of one row; the longest known cable has under 300,000
AT_A_TIME = 1 << 16  # bytes asked of the stream, unless a row has more
REPORTED = 100  # bad rows named one by one before the rest are only counted
DATE = r"\"?(?:\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d\d-\d\d)[ T]?[\d:]{0,8}\"?"
ROW_OPENS = re.compile(rf'"?\d{{1,9}}"?,{DATE},')
QUOTED_ROW = re.compile(r'"\d{1,9}"(?:,"[^"\n]{0,80}"){4},')  # one whose date cannot be read
# a line like this opens a row whatever stands before it (see `_rows`), so that a file can be cut there; the quote comes
# first, which makes the search a hundred times as fast
CUT = re.compile(rb'"(?<=\n")' + ROW_OPENS.pattern.removeprefix('"?').encode())
_OPENS = re.compile(CUT.pattern.replace(rb"\n", rb"[\r\n]"))
_RESUMES = re.compile(rb"(?<=[\r\n])" + ROW_OPENS.pattern.encode())
# the names that writers put above the eight columns, in their order; a table with other names or another order is `table`'s
ORDER = (
    ("id", "rowid", "row", "number", "nr", "no", ""),
    ("date", "datetime", "created", "sent", "time", "timestamp"),
    ("referenceid", "refid", "reference", "ref", "cable", "cableid", "canonicalid", "id"),
    ("origin", "source", "post", "embassy", "from"),
    ("classification", "class", "level"),
    ("references", "refs", "source", "destination", "refers", "referenceids", "related"),
    ("header", "head", "headers"),
    ("body", "text", "content", "message"),
)


class _Escaped(csv.excel):
    # quotes are escaped by a backslash or, after a spreadsheet or another library, doubled
    escapechar, doublequote = "\\", True


def detect(data: bytes) -> bool:
    """Say whether `data`, the beginning of a source, opens with a row or a header row of such a file."""
    head = data[:4096].removeprefix(UTF8_BOM).lstrip().decode("utf-8", "replace")
    return (
        ROW_OPENS.match(head) is not None
        or QUOTED_ROW.match(head) is not None
        or _is_header(_cells(head.partition("\n")[0]))
    )


def read(stream: BinaryIO, origin: Origin) -> Iterator[Capture | Unreadable]:
    """Yield one capture a row; a row that cannot be read is an `Unreadable` with its number.

    Parameters
    ----------
    stream
        The file, at its beginning; read once, with one row and 64 KiB in memory at most.
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
        try:
            item = _read_row(cells, raw, oversized, origin, number)
        except MemoryError:
            raise
        except Exception as error:
            item = failed(f"{origin.source}#{number}", error)
        yield number, item
        if origin.problems and isinstance(item, Capture):
            origin = replace(origin, problems=())  # they are the file's: its first cable tells them


def remarks(origin: Origin, number: int, bad: int) -> Iterator[Unreadable]:
    """Say what is to be said of a file of `number` rows once it is read, `bad` of them unreadable."""
    if bad > REPORTED:
        yield origin.unreadable("csv-columns", f"{bad - REPORTED} further rows have the same kind of fault. {CURE}")
    if not number:
        yield origin.unreadable("empty", "The CSV file has no rows. Check that the download is whole.")


CURE = f"Export the file again with its {COLUMNS} columns, quotes escaped by a backslash."


def _rows(stream: BinaryIO) -> Iterator[tuple[list[str], bytes, bool]]:
    """Give the cells of each row, the row as it stands in the file, and whether it is too long to be one.

    A row ends where its quotes say, and at the latest where a new one opens: without this one missing quote would swallow all rows
    after it.
    """
    # the limit is the csv module's, not the reader's: it is only ever raised
    csv.field_size_limit(max(csv.field_size_limit(), 2 * LONGEST + 2))
    buffer, at, more = stream.read(AT_A_TIME).removeprefix(UTF8_BOM), 0, True
    while at < len(buffer):
        opens = _OPENS.search(buffer, at + 1)
        stop = opens.start() if opens else len(buffer)
        for cells, raw in _parted(buffer[at:stop]):
            if len(raw) > LONGEST:
                yield [], raw, True
                buffer, at = _resumed(stream, buffer, at + LONGEST + 1)
                break
            if opens is None and more and at + len(raw) == stop:  # it may go on
                new = stream.read(max(AT_A_TIME, len(raw)))
                buffer, at, more = buffer[at:] + new, 0, bool(new)
                break
            at += len(raw)
            if any(cells):
                yield cells, raw, False


def _parted(rows: bytes) -> Iterator[tuple[list[str], bytes]]:
    """Part what stands between two openings into rows: nearly always it is one."""
    ends = rows[len(rows.rstrip(b"\r\n")) :]
    if ends in (b"\n", b"\r\n", b"\r", b"") and (cells := _single(rows)) is not None:
        yield cells, rows
        return
    lines = rows.splitlines(keepends=True)
    reader, first = csv.reader((line.decode("utf-8", "surrogateescape") for line in lines), _Escaped), 0
    for cells in reader:
        yield cells, b"".join(lines[first : reader.line_num])
        first = reader.line_num


def _single(rows: bytes) -> list[str] | None:
    try:
        [cells] = csv.reader([rows.decode("utf-8", "surrogateescape")], _Escaped)
    except csv.Error:  # a line end outside quotes: there are several
        return None
    return cells


def _resumed(stream: BinaryIO, buffer: bytes, at: int) -> tuple[bytes, int]:
    """Pass over everything up to the next line that looks like a row."""
    while not (found := _RESUMES.search(buffer, at)):
        if not (new := stream.read(AT_A_TIME)):
            return b"", 0
        buffer, at = buffer[max(at, len(buffer) - 64) - 1 :] + new, 1  # a row's opening has fewer characters
    return buffer, found.start()


def _read_row(cells: list[str], data: bytes, oversized: bool, origin: Origin, number: int) -> Capture | Unreadable:
    row_origin = Origin(f"{origin.source}#{number}", sha256(data).hexdigest(), None, origin.problems)
    if oversized:
        return row_origin.unreadable(
            "large", f"The row is longer than {LONGEST:,} bytes; a quote may be left open. {CURE}"
        )
    if len(cells) != COLUMNS:
        return row_origin.unreadable("csv-columns", f"The row has {len(cells)} columns in place of {COLUMNS}. {CURE}")
    problems: list[Problem] = []
    if not _is_utf8(data):
        mended = [mend(cell) for cell in cells]
        cells = [text for text, _ in mended]
        problems.append(("encoding", None, f"{sum(n for _, n in mended)} bytes are not UTF-8; read as Windows-1252."))
    if b"\0" in data:
        cells = [cell.replace("\0", "") for cell in cells]
        problems.append(("nul-bytes", None, f"{data.count(0)} NUL bytes were left out."))
    if data.startswith(b'"') and not data.rstrip(b"\r\n").endswith(b'"'):
        problems.append(("truncated", None, "The row's last quote is missing; its text may be cut off."))
    _, date, cable, post, classification, _, header, body = cells
    created = row_date(date)
    if created is None:
        problems.append(("date", "sent", f"The row's date {date!r} cannot be read."))
    text = "\n\n".join(part for part in (header, body) if part.strip())
    if not text:
        return row_origin.unreadable("empty", "The row holds no text. Leave it out or look the cable up elsewhere.")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    page = Page(
        cable=cable.strip() or None,
        created=created,
        created_to=to_minute(created),
        classification=classification.strip() or None,
        origin=post.strip() or None,
    )
    return row_origin.capture(text, "csv", page, problems=tuple(problems), printed=False)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _cells(line: str) -> list[str]:
    try:
        return next(csv.reader([line], _Escaped), [])
    except csv.Error:  # a lone carriage return outside quotes: no table
        return []


def _is_header(cells: list[str]) -> bool:
    names = [re.sub(r"[^a-z]", "", cell.lower()) for cell in cells]
    return len(names) == COLUMNS and all(name in known for name, known in zip(names, ORDER, strict=True))
