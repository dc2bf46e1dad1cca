"""SQL dumps: the rows of `INSERT INTO ... VALUES` and `COPY ... FROM stdin`, as MySQL, PostgreSQL and SQLite write them; streamed.

Nothing is executed. Columns are named by the statement or by the table's CREATE TABLE.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from cablelab.capture import records
from cablelab.capture.base import Capture, Origin, Unreadable

FORM = "sql"
AT_A_TIME = 1 << 17
LONGEST = 1 << 25  # characters of one statement's head or one value
NAME = r"(?:[`\"\[]?\w+[`\"\]]?\.)?[`\"\[]?(\w+)[`\"\]]?"
DETECT = re.compile(
    rb"(?i)^[ \t]*(?:INSERT\s+(?:IGNORE\s+)?INTO|CREATE\s+TABLE|COPY\s+\S+\s*\([^()]*\)\s+FROM\s+stdin|DROP\s+TABLE)\b",
    re.M,
)
COMMENT = re.compile(rb"\A\s*(?:--|/\*|SET |BEGIN|PRAGMA|INSERT|CREATE|DROP|COPY|USE |LOCK)", re.I)
STATEMENT = re.compile(
    rf"^[ \t]*(?:(?P<create>CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?){NAME}\s*\(|(?P<insert>(?:INSERT|REPLACE)\s+(?:IGNORE\s+)?INTO\s+){NAME}"
    rf"\s*(?:\((?P<columns>[^()]{{1,4000}})\)\s*)?VALUES\s*|(?P<copy>COPY\s+){NAME}\s*\((?P<copied>[^()]{{1,4000}})\)\s+FROM\s+stdin;\n)",
    re.IGNORECASE | re.MULTILINE,
)
COLUMN = re.compile(r"(?:\A|,)\s*[`\"\[]?(\w+)[`\"\]]?[ \t]+\w")
NO_COLUMN = frozenset(("primary", "unique", "key", "constraint", "index", "foreign", "check", "fulltext", "create"))
VALUE = re.compile(
    r"(?:(?<![^\s,(])(?:[EeNn]|_\w{1,20} ?)?'((?>(?:[^'\\]++|\\.|'')*))'|(?<![^\s,()'])([^\s,()']+(?:\([^()]*\))?))\s*([,)])",
    re.S,
)
REPLACED = re.compile(r"replace\(", re.IGNORECASE)
BLANKS = re.compile(r"\s*")
ESCAPE = re.compile(r"\\(.)", re.S)
ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "", "b": "", "Z": ""}


def detect(head: bytes) -> bool:
    """Say whether `head`, the beginning of a source, is that of a dump."""
    return COMMENT.match(head) is not None and DETECT.search(head) is not None


def read(stream: BinaryIO, origin: Origin) -> Iterator[Capture | Unreadable]:
    """Yield one capture a row of the tables that hold cables; the others are named in one row of `problems` each."""
    yield from records.captures(_records(stream, origin), origin, FORM)


def _records(stream: BinaryIO, origin: Origin) -> Iterator[Mapping[str, Any] | Unreadable]:
    text = _Text(stream)
    columns: dict[str, list[str]] = {}
    left: dict[str, int] = {}
    while found := text.find(STATEMENT):
        if found["create"]:
            body = text.until(");") if ");" in text.line_ahead() else text.until("\n)")
            columns[found[2]] = [name for name in COLUMN.findall(body) if name.lower() not in NO_COLUMN]
            continue
        table = found[4] or found[7]
        written = found["columns"] or found["copied"]
        names = [name.strip(' `"[]\n') for name in written.split(",")] if written else columns.get(table, [])
        rows = _copied(text) if found["copy"] else _rows(text)
        # tables beside that of the cables: tags, changes, posts
        of_cables = records.is_header(names) and any(records.ROLE.get(records.plain(name)) == "text" for name in names)
        for row in rows:
            if row is None:
                yield origin.unreadable(
                    "sql", f"A row of the table {table} cannot be read: a quote may be left open. Dump the table again."
                )
            elif not of_cables and names:
                left[table] = left.get(table, 0) + 1
            elif not names and len(row) == 8:
                yield dict(
                    zip(
                        ("row", "date", "reference", "origin", "classification", "refs", "header", "body"),
                        row,
                        strict=True,
                    )
                )
            else:
                yield dict(zip(names, row, strict=False))
    for table, count in left.items():
        yield origin.unreadable(
            "sql", f"The table {table} holds no texts of cables by its columns' names; its {count} rows were left out."
        )


def _rows(text: _Text) -> Iterator[list[str | None] | None]:
    """Give the rows of an INSERT."""
    while text.follows("("):
        row: list[str | None] = []
        while True:
            value = text.match(VALUE)
            if value is None:
                replaced = text.match(REPLACED)
                if replaced is None or (inner := text.match(VALUE)) is None:
                    text.skip_line()
                    yield None
                    return
                # SQLite writes line ends as replace('...','\n',char(10))
                row.append((inner[1] or "").replace("''", "'").replace("\\n", "\n").replace("\\r", ""))
                text.until("char(10)" if "char(10)" in text.ahead() else "char(13)")
                text.until(")")
                if text.follows(")"):
                    break
                text.follows(",")
                continue
            if value[1] is not None:
                row.append(_unquoted(value[1]))
            else:
                row.append(None if value[2].upper() == "NULL" else value[2])
            if value[3] == ")":
                break
        yield row
        if not text.follows(","):
            return


def _unquoted(written: str) -> str:
    if "''" in written:
        written = written.replace("''", "'")
    return ESCAPE.sub(lambda m: ESCAPES.get(m[1], m[1]), written) if "\\" in written else written


def _copied(text: _Text) -> Iterator[list[str | None]]:
    while (line := text.line()) is not None and line != "\\.":
        yield [None if cell == "\\N" else _unquoted(cell) for cell in line.split("\t")]


class _Text:
    """The text of a stream from where it was read to."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream, self.held, self.at = stream, "", 0
        self.decoder = codecs.getincrementaldecoder("utf-8-sig")("surrogateescape")
        self.more = True
        self.grow()

    def grow(self) -> bool:
        """Read on: as much again as is held, so that a long value is not scanned over and over."""
        new = self.stream.read(max(AT_A_TIME, len(self.held) - self.at)) if self.more else b""
        self.more = bool(new)
        decoded = self.decoder.decode(new, final=not new)
        self.held, self.at = self.held[self.at :] + decoded.replace("\r\n", "\n"), 0
        return self.more

    def find(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Go on behind the next match."""
        while True:
            found = pattern.search(self.held, self.at)
            if found and (found.end() < len(self.held) - 10_000 or not self.more):
                self.at = found.end()
                return found
            if not found and (cut := len(self.held) - 10_000) > self.at:  # a statement's head may be cut
                self.at = max(self.at, self.held.rfind("\n", self.at, cut) + 1)
            if not self.grow() and not found:
                found = pattern.search(self.held, self.at)
                if found is None:
                    return None

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Go on behind a match here; more is read as long as it may yet come."""
        while True:
            self.at = BLANKS.match(self.held, self.at).end()  # type: ignore[union-attr]
            found = pattern.match(self.held, self.at)
            if found and (found.end() < len(self.held) or not self.more):
                self.at = found.end()
                return found
            if (
                len(self.held) - self.at > LONGEST
                or (not found and len(self.held) - self.at > AT_A_TIME and not self._open())
                or not self.grow()
            ):
                return None if not found else self._take(found)

    def _open(self) -> bool:
        """Say whether a quoted value begins here."""
        return "'" in self.held[self.at : self.at + 20]

    def _take(self, found: re.Match[str]) -> re.Match[str]:
        self.at = found.end()
        return found

    def follows(self, char: str) -> bool:
        """Go past a character if it is the next one that is not blank."""
        while True:
            rest = (
                self.held[self.at :].lstrip()
                if len(self.held) - self.at < 100
                else self.held[self.at : self.at + 100].lstrip()
            )
            if rest:
                if rest[0] != char:
                    return False
                self.at = self.held.index(char, self.at) + 1
                return True
            if not self.grow():
                return False

    def until(self, mark: str) -> str:
        """Give the text up to a mark and go behind it; nothing if it does not come."""
        while (end := self.held.find(mark, self.at)) < 0:
            if len(self.held) - self.at > LONGEST or not self.grow():
                return ""
        text, self.at = self.held[self.at : end], end + len(mark)
        return text

    def ahead(self) -> str:
        """Show the next characters."""
        return self.held[self.at : self.at + 40]

    def line_ahead(self) -> str:
        """Show the rest of the line."""
        while (end := self.held.find("\n", self.at)) < 0 and self.grow():
            continue
        return self.held[self.at : end if end >= 0 else len(self.held)]

    def line(self) -> str | None:
        """Give the next line; None at the end."""
        while (end := self.held.find("\n", self.at)) < 0:
            if not self.grow():
                return None
        text, self.at = self.held[self.at : end], end + 1
        return text

    def skip_line(self) -> None:
        """Go to the next line."""
        if self.line() is None:
            self.at = len(self.held)
