"""From parsed copies to rows: every column is filled by name.

The column `signed_by` of `cables` is the field or property `signed_by` of what a copy was found to be: of `Copy` itself, else of its
identity, its message, its page, its capture, the first that bears the name. So a new column needs its line in `cablelab.frames` and
a reader that gives a field or property of that name, and nothing here; a column that nothing bears is an error when this is imported.

While a batch is read, rows carry the running number of their copy (`copy`); `cablelab.reading.settle` gives them their keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import repeat
from operator import attrgetter
from typing import Any

import polars as pl

from cablelab import facts
from cablelab.capture import Capture, Unreadable
from cablelab.capture.base import Page, failed
from cablelab.errors import SchemaError
from cablelab.frames import CLASSIFICATIONS, SCHEMAS, Words
from cablelab.message import Addressee, Message, Paragraph, Problem, Redaction, Reference, Span, parse
from cablelab.message.aside import blanked, repeated_headers
from cablelab.reading import controls, record
from cablelab.reading.identity import Identity, identify, year_of
from cablelab.reading.years import cited

Types = dict[str, Any]

# What rows hold before their cable's key is known: less what only all copies together tell, and more of what that needs.
RAW: dict[str, Types] = {
    name: {"copy": pl.UInt32, **{c: t for c, t in schema.items() if c != "cable"}}
    for name, schema in SCHEMAS.items()
    if name not in {"copies", "tags"}
}
RAW["cables"] |= {"cable": pl.String, "rank": pl.Int64}
del RAW["references"]["held"]
RAW["references"] |= {"post": pl.String, "number": pl.Int32}


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy with all that was found of it; the properties are columns on which page and message speak together."""

    copy: int
    capture: Capture
    message: Message
    identity: Identity

    @property
    def cable(self) -> str | None:
        """The key, where this copy alone tells it."""
        return str(self.identity.id) if self.identity.id else None

    @property
    def mission(self) -> str | None:
        """The mission of its post."""
        return facts.mission_of(self.identity.post) if self.identity.post else None

    @property
    def bureau(self) -> str | None:
        """The bureau of its post in its year."""
        return bureau_of(self.identity.post, self.identity.year)

    @property
    def classification(self) -> str | None:
        """The message's level, else the page's."""
        return self.message.classification or page_level(self.capture.page.classification)[0]

    @property
    def handling(self) -> Sequence[str]:
        """The message's caveats; the page's where the message has not even a level."""
        if self.message.handling or self.message.classification is not None:
            return self.message.handling
        return page_level(self.capture.page.classification)[1]

    @property
    def subject(self) -> str | None:
        """The message's subject, else the page's title."""
        return self.message.subject or self.capture.page.title

    @property
    def paragraphs(self) -> int:
        """How many paragraphs it has."""
        return len(self.message.paragraphs)

    @property
    def redactions(self) -> int:
        """In how many places words are hidden."""
        return len(self.message.redactions)

    @property
    def partial(self) -> bool:
        """Whether the message breaks off, or the record holds no text."""
        return self.message.partial or any(code == "no-text" for code, *_ in self.capture.problems)

    @property
    def rank(self) -> int:
        """How full it is among the copies of its cable."""
        message = self.message
        return (not self.partial) * 1_000_000 + message.words * 2 + (message.dtg is not None)


class Rows:
    """The rows of one frame as they come in.

    Parameters
    ----------
    name
        The frame.
    kinds
        What its rows are made of, by the path that leads there from an item: `{"": Copy, "message.": Message}`. The first that bears
        a column's name fills it.
    given
        Columns that are told row by row beside the items.

    Raises
    ------
    SchemaError
        If a column is neither given nor borne by one of the kinds.

    Examples
    --------
    >>> rows = Rows("texts", {}, ("copy", "text"))
    >>> rows.extend((), copy=[0], text=["VZCZC"])
    >>> rows.frame().rows()
    [(0, 'VZCZC')]
    """

    def __init__(self, name: str, kinds: dict[str, type], given: tuple[str, ...] = ()) -> None:
        self.name = name
        self.getters = {column: _getter(name, column, kinds) for column in RAW[name] if column not in given}
        self.items: list[Any] = []
        self.given: dict[str, list[Any]] = {column: [] for column in given}

    def extend(self, items: Iterable[Any], **given: Iterable[Any]) -> None:
        """Take in a row for each of the items, with as many values of each given column."""
        self.items += items
        for column, values in given.items():
            self.given[column] += values

    def frame(self) -> pl.DataFrame:
        """Turn the rows into a frame, and forget them."""
        items, given = self.items, self.given
        self.items, self.given = [], {column: [] for column in given}
        columns = [
            _series(column, given[column] if column in given else list(map(self.getters[column], items)), kind)
            for column, kind in RAW[self.name].items()
        ]
        return pl.DataFrame(columns)


def _getter(frame: str, column: str, kinds: dict[str, type]) -> Callable[[Any], Any]:
    for path, kind in kinds.items():
        if column in kind.__annotations__ or isinstance(getattr(kind, column, None), property):
            return attrgetter(path + column)
    raise SchemaError.unread(frame, column, [kind.__name__ for kind in kinds.values()])


def _series(name: str, values: list[Any], kind: Any) -> pl.Series:
    if kind == pl.Datetime("us", "UTC"):
        return pl.Series(name, values, dtype=pl.Datetime("us")).dt.replace_time_zone("UTC")
    if kind == Words:  # polars builds a list of strings one by one; joined and split again they are built at once
        joined = pl.Series(name, ["\x1f".join(v) for v in values], dtype=pl.String)
        return joined.str.split("\x1f").list.filter(pl.element() != "")
    return pl.Series(name, values, dtype=kind)


_OF_A_COPY = {"": Copy, "identity.": Identity, "message.": Message, "capture.page.": Page, "capture.": Capture}


def frames_of() -> dict[str, Rows]:
    """Give the rows of every frame, none yet.

    >>> sorted(frames_of())[:3]
    ['addressees', 'cables', 'paragraphs']
    """
    return {
        rows.name: rows
        for rows in (
            Rows("cables", _OF_A_COPY),
            Rows("texts", {}, ("copy", "text")),
            Rows("spans", {"": Span}, ("copy",)),
            Rows("paragraphs", {"": Paragraph}, ("copy", "position", "text")),
            Rows("references", {"": Reference}, ("copy", "position", "target", "year_from")),
            Rows("addressees", {"": Addressee}, ("copy", "position")),
            Rows("redactions", {"": Redaction}, ("copy",)),
            Rows("problems", {"": Problem}, ("copy", "source")),
        )
    }


class Batch:
    """Rows of the copies read so far, by frame."""

    def __init__(self) -> None:
        self.first = self.count = 0
        self.rows = frames_of()

    def add(self, capture: Capture, sent: datetime | None = None) -> None:
        """Parse one capture and take in its rows; one on which the parser fails is a row of `problems`."""
        number = self.first + self.count
        try:
            message = parse(capture.text, capture.start, capture.end, capture.asides, year_of(capture.page))
            identity = identify(capture, message, sent)
            copy = Copy(number, capture, record.completed(message, capture.page, identity.year), identity)
        except MemoryError:
            raise
        except Exception as error:
            self.refuse(failed(capture.source, error))
            return
        self.count += 1
        message = copy.message
        # neither stands in a paragraph; the one may lie in the other
        text = blanked(blanked(capture.text, capture.asides), repeated_headers(message.spans))
        rows, paragraphs, addressees = self.rows, message.paragraphs, message.addressees
        rows["cables"].extend((copy,))
        rows["texts"].extend((), copy=(number,), text=(capture.text,))
        rows["spans"].extend(message.spans, copy=repeat(number, len(message.spans)))
        rows["paragraphs"].extend(
            paragraphs, copy=repeat(number, len(paragraphs)), position=range(len(paragraphs)),
            text=[text[p.start : p.end] for p in paragraphs],
        )  # fmt: skip
        if message.references:
            self._cite(copy)
        rows["addressees"].extend(addressees, copy=repeat(number, len(addressees)), position=range(len(addressees)))
        if message.redactions:
            rows["redactions"].extend(message.redactions, copy=repeat(number, len(message.redactions)))
        for problem in _problems(copy):
            self._problem(number, capture.source, problem)

    def refuse(self, item: Unreadable) -> None:
        """Record a source that gave no cable."""
        self._problem(None, item.source, Problem(item.code, None, item.message))

    def frames(self) -> dict[str, pl.DataFrame]:
        """Turn the rows into frames and start afresh with the next copy."""
        first, self.first, self.count = self.first, self.first + self.count, 0
        out: dict[str, pl.DataFrame] = {}
        for name, rows in self.rows.items():  # problems are the last
            frame = rows.frame()
            if name != "texts":  # which keep what the source held
                frame, where = controls.marked(frame)
                if where and name != "problems":
                    sources = out["cables"]["source"] if out else frame["source"]
                    for copy, problem in controls.told(frame, where):
                        self._problem(copy, sources[copy - first], problem)
            out[name] = frame
        return out

    def _cite(self, copy: Copy) -> None:
        meant = list(cited(copy.message.references, copy.identity, record.years(copy.capture.page, copy.message)))
        for one in meant:
            if one.year_from == "serial":
                r = one.reference
                text = f"{r.raw} has no year, and {r.post} had not reached that number: it is taken for {one.target}"
                problem = Problem("reference-ahead", "reference", text, r.start, r.end)
                self._problem(copy.copy, copy.capture.source, problem)
        self.rows["references"].extend(
            [one.reference for one in meant], copy=repeat(copy.copy, len(meant)), position=range(len(meant)),
            target=[one.target for one in meant], year_from=[one.year_from for one in meant],
        )  # fmt: skip

    def _problem(self, copy: int | None, source: str, problem: Problem) -> None:
        self.rows["problems"].extend((problem,), copy=(copy,), source=(source,))


def _problems(copy: Copy) -> Iterator[Problem]:
    """Say what is odd about a copy."""
    message = copy.message
    for code, field, text in (*copy.capture.problems, *copy.identity.problems):
        yield Problem(code, field, text)
    yield from message.problems
    yield from record.differing(message, copy.capture.page)
    level = page_level(copy.capture.page.classification)[0]
    if level is not None and message.classification is not None and level != message.classification:
        differ = f"the page says {level}, the message {message.classification}"
        yield Problem("classifications-differ", "classification", differ)
    if copy.identity.id is None:
        yield Problem("unidentified", "cable", _unidentified(message))


def _unidentified(message: Message) -> str:
    if message.post and message.number:
        return (
            f"{message.post} {message.number} has no date, so its year is unknown; read it together with a cable that cites it, "
            "or tell Python its date: cablelab.parse(text, sent=date)"
        )
    return "no id in the text, on the page or in the file name; name the file after the id, such as 07POST123.txt"


@lru_cache(maxsize=1 << 12)
def page_level(written: str | None) -> tuple[str | None, Sequence[str]]:
    """Part a page's classification into level and caveats, as the message's own is.

    >>> page_level("CONFIDENTIAL//NOFORN")
    ('CONFIDENTIAL', ['NOFORN'])
    """
    if not written:
        return None, []
    upper = written.upper()
    level = next((x for x in CLASSIFICATIONS[::-1] if x in upper), None)
    caveats = ["NOFORN"] * ("NOFORN" in upper) + ["FOUO"] * ("FOR OFFICIAL USE ONLY" in upper)
    return level, caveats


def bureau_of(post: str | None, year: int | None) -> str | None:
    """Name the bureau that was responsible for a post in a year.

    >>> bureau_of(None, 2007) is None
    True
    """
    return facts.bureau_of(post, year) if post else None
