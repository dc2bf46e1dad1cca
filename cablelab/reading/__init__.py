"""Read cables: from files in whatever form, or from texts in memory."""

from __future__ import annotations

import gc
import hashlib
import os
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import polars as pl

from cablelab.capture import Capture, Unreadable, captures, nara
from cablelab.capture.base import Origin
from cablelab.capture.decode import unified
from cablelab.capture.furniture import set_aside
from cablelab.capture.sources import Source
from cablelab.corpus import Corpus
from cablelab.errors import InvalidDate, NothingToRead, WrongKind
from cablelab.reading.memory import check, needs
from cablelab.reading.merging import merged
from cablelab.reading.progress import Bar
from cablelab.reading.rows import Batch
from cablelab.reading.settle import settle
from cablelab.storage.manifest import others
from cablelab.storage.remote import is_remote

BATCH = 2_000  # copies held as Python objects at a time; beyond that memory grows with the frames only

_HALVES = re.compile("[\ud800-\udfff]")

__all__ = ["merged", "parse", "read", "read_captures", "uncollected"]

When = date | datetime | None


def read(*sources: Source, progress: bool | None = None) -> Corpus:
    r"""Read cables from files, folders, globs or zip files, in any mixture of forms.

    Parameters
    ----------
    sources
        Paths or patterns. Folders are read with all that lies in them; the form of each file is told from its content.
    progress
        Show a progress bar; None shows one in a terminal or notebook if there is enough to read.

    Returns
    -------
    Corpus
        What could not be read, or contradicts itself, is a row in its `problems`.

    Raises
    ------
    NothingToRead
        If a path does not exist, a pattern matches nothing, or a folder is a saved corpus and nothing else. Of a folder that
        holds sources and a corpus the sources are read, with a warning that names the corpus.
    WrongKind
        If a source is no path.
    NotEnoughMemory
        If a limit of this process (`ulimit -v`) leaves too little for that.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import cablelab as cl
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     size = pathlib.Path(folder, "07PORTKESTREL12.txt").write_text("UNCLAS PORT KESTREL 000012\n\n1. Catches fell.")
    ...     cl.read(folder).cables["cable"].to_list()
    ['07PORTKESTREL12']
    """
    for source in sources:
        if not isinstance(source, str | os.PathLike):
            raise WrongKind("cl.read", "paths", source)
        if not os.fspath(source).strip():
            raise NothingToRead.text("cl.read")
        if not is_remote(source) and others(Path(source)) == []:
            raise NothingToRead.saved(source)
    found = captures(list(sources))
    check(needs(found.bytes))
    with Bar(found, progress) as bar:
        corpus = read_captures(bar)
    for path in corpus.problems.filter(pl.col("code") == "saved-corpus")["source"]:
        folder = os.path.dirname(path)  # noqa: PTH120 - a label, which may be no path of this system
        warnings.warn(
            f"The sources were read, the saved corpus in {folder!r} was not. To use it: cl.open({folder!r}).",
            stacklevel=2,
        )
    return corpus


def read_captures(items: Iterable[Capture | Unreadable]) -> Corpus:
    """Read captures that are already at hand.

    Examples
    --------
    >>> from cablelab.capture import capture_bytes
    >>> read_captures(capture_bytes(b"UNCLAS OSLO 000012", "a.txt", "07OSLO12")).ids.to_list()
    ['07OSLO12']
    """
    with uncollected():
        return Corpus(settle(_batches(items)))


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep the garbage collector from walking the rows of a batch over and over: a seventh of the time.

    >>> import gc
    >>> with uncollected():
    ...     gc.isenabled()
    False
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _batches(items: Iterable[Capture | Unreadable]) -> Iterator[dict[str, pl.DataFrame]]:
    batch = Batch()
    for item in items:
        if isinstance(item, Capture):
            batch.add(item)
        else:
            batch.refuse(item)
        if batch.count >= BATCH:
            yield batch.frames()
    yield batch.frames()


def parse(text: str | Sequence[str], sent: When | Sequence[When] = None) -> Corpus:
    r"""Parse messages that are in memory; a fragment works too, and an archive's record.

    Parameters
    ----------
    text
        One message, or a list of them. Their sources are `text-0`, `text-1` ...
    sent
        When a message was sent, UTC, for messages that do not tell; a list to go with a list of messages.

    Returns
    -------
    Corpus

    Raises
    ------
    NothingToRead
        If the one message is empty. In a list an empty one is a row like any other, as what is read is as long as what was given.
    WrongKind
        If a message is no text.
    InvalidDate
        If `sent` is neither a date nor a list of as many dates as there are messages.

    Examples
    --------
    >>> import cablelab as cl
    >>> corpus = cl.parse("UNCLAS OSLO 000012\n\nSUBJECT: FISH\n\nREF: STOCKHOLM 7\n\n1. Catches fell.", sent=date(2007, 3, 1))
    >>> corpus.cables["cable"].item(), corpus.references["target"].to_list()
    ('07OSLO12', ['07STOCKHOLM7'])
    """
    if not isinstance(text, str | Iterable):
        raise WrongKind("cl.parse", "messages", text)
    texts = [text] if isinstance(text, str) else list(text)
    for one in texts:
        if not isinstance(one, str):
            raise WrongKind("cl.parse", "messages", one)
    if isinstance(text, str) and not text.strip():
        raise NothingToRead.text("cl.parse")
    dates = _dates(sent, len(texts))
    with uncollected():
        return Corpus(settle(_parsed(texts, dates)))


def _parsed(texts: Sequence[str], dates: Sequence[datetime | None]) -> Iterator[dict[str, pl.DataFrame]]:
    batch = Batch()
    for i, (one, when) in enumerate(zip(texts, dates, strict=True)):
        digest = hashlib.sha256(one.encode("utf-8", "surrogatepass")).hexdigest()
        text, odd = _encodable(unified(one))
        origin = Origin(f"text-{i}", digest, problems=odd)
        for item in nara.read(text, origin) if nara.detect(text) else (_message(text, origin),):
            if isinstance(item, Capture):
                batch.add(item, when)
            else:
                batch.refuse(item)
        if batch.count >= BATCH:
            yield batch.frames()
    yield batch.frames()


def _message(text: str, origin: Origin) -> Capture:
    """Take a text as one message; what machines printed above a telegram of 1973-79 is none of it."""
    machine = "ACTION " in text or "ORIGIN " in text or "Systematic Review" in text
    return Capture(
        text, "text", origin.source, origin.sha256, problems=origin.problems, asides=set_aside(text) if machine else ()
    )


def _encodable(text: str) -> tuple[str, tuple[tuple[str, str | None, str], ...]]:
    """Put a sign where half of a character stands alone, which no file can hold; offsets stay."""
    if text.isascii() or not (count := len(_HALVES.findall(text))):
        return text, ()
    message = f"{count} lone surrogates, halves of characters, show as \ufffd. Decode the source with its own encoding."
    return _HALVES.sub("\ufffd", text), (("encoding", None, message),)


def _dates(sent: When | Sequence[When], count: int) -> list[datetime | None]:
    given = [sent] * count if sent is None or isinstance(sent, date) else list(sent)
    if len(given) != count:
        raise InvalidDate(f"There are {count} messages and {len(given)} dates. Give one date, or one for each message.")
    return [_moment(when) for when in given]


def _moment(when: When) -> datetime | None:
    if when is None:
        return None
    if not isinstance(when, date):
        raise InvalidDate.text(when)
    if not isinstance(when, datetime):
        return datetime(when.year, when.month, when.day)
    if when.tzinfo is None:
        return when
    from datetime import UTC

    return when.astimezone(UTC).replace(tzinfo=None)
