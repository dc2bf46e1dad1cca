"""Cablegate pages, a table of fields and one or two `<code><pre>` blocks; and their text rendering, the blocks alone.

The blocks are cut out of the bytes and only they are decoded: a page is seven eighths lists of dates, origins and tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cablelab.capture.base import NO_PAGE, Capture, Origin, Page, Problem, Unreadable
from cablelab.capture.dates import page_date, to_hour
from cablelab.capture.decode import decode, unescaped
from cablelab.capture.message_bounds import MARKS

BLOCK_OPENS = re.compile(rb"<code>\s{0,9}<pre[^<>]{0,200}>")
BLOCK_CLOSES = b"</pre>"
TABLE_OPENS = b"<table class='cable'"  # as the site wrote it; other hands may have put other quotes or attributes
TABLE = re.compile(rb"<table[^<>]{0,80}class=[\"']cable[\"'][^<>]{0,80}>")
CELL = re.compile(rb"<td[^<>]*>([^<]*(?:<(?!/?td)[^<]*)*+)(?=</?td)")
TITLE_OPENS = b"<h3>Viewing cable "
NO_BLOCK = "The page holds no message in its text blocks. Save the page of the cable itself."
# a newspaper's line above the message; its time is that of no known clock
PRINTED = re.compile(r"\s{0,9}[A-Z][a-z]+day, (\d\d? [A-Z][a-z]+ \d{4}), \d\d:\d\d[ \t]*\n")
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


def detect(data: bytes) -> bool:
    """Say whether `data` holds a `<code><pre>` block."""
    at = data.find(b"<code>")
    return at >= 0 and BLOCK_OPENS.search(data, at) is not None


def read(data: bytes, origin: Origin) -> Iterator[Capture | Unreadable]:
    """Yield the capture of a Cablegate page or of its text rendering.

    Parameters
    ----------
    data
        Bytes for which `detect` holds.
    origin
        Name, hash and problems of the source.

    Yields
    ------
    Capture or Unreadable
        The text is the first block, an empty line and the last block; with one block, that block. Tags are dropped,
        entities unescaped once. Blocks of something else than a cable are `Unreadable`.
    """
    table = TABLE.search(data, max(0, data.find(TABLE_OPENS)))
    blocks, complete = _blocks(data, table.end() if table else 0)
    problems: list[Problem] = []
    if not complete:
        problems.append(
            ("truncated", None, "The page ends inside its text block; save the page again to get the rest.")
        )
    texts = []
    for block in (blocks[0], blocks[-1])[: len(blocks)]:
        text, odd = block_text(block)
        texts.append(text)
        problems.extend(odd)
    if not (MARKS.search(texts[-1]) if table is None else any(text.strip() for text in texts)):
        yield origin.unreadable("no-message-block", NO_BLOCK)
        return
    if table is None:
        printed = PRINTED.match(texts[-1])
        page = Page(created=page_date(printed[1]), created_to="day") if printed else NO_PAGE
        start = printed.end() if printed else 0
        yield origin.capture(texts[-1], "cablegate-text", page, start, problems=tuple(problems))
        return
    page, odd = _page(data, table.start())
    yield origin.capture("\n\n".join(texts), "cablegate-html", page, problems=(*problems, *odd))


def _blocks(data: bytes, at: int) -> tuple[list[bytes], bool]:
    blocks = []
    while opens := BLOCK_OPENS.search(data, at):
        at = data.find(BLOCK_CLOSES, opens.end())
        if at < 0:
            blocks.append(data[opens.end() :])
            return blocks, False
        blocks.append(data[opens.end() : at])
    # a page whose blocks stand before its table is none that the site made, but its text must not be lost
    return (blocks, True) if blocks else _blocks(data, 0)


def block_text(block: bytes) -> tuple[str, tuple[Problem, ...]]:
    """Give the text of one block: tags dropped, entities unescaped once, line ends unified."""
    text, problems = decode(block)
    text = TAG.sub("", text)
    # the one entity that every line ends with; unescape calls Python for each
    text = unescaped(text.replace("&#x000A;", "\n"))
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, problems


def _page(data: bytes, table: int) -> tuple[Page, tuple[Problem, ...]]:
    ends = data.find(b"</table>", table)
    rows = data[table : ends if ends > 0 else table + 4000]
    cells = [_line(cell) for cell in CELL.findall(rows)]
    if len(cells) < 5:
        problem = ("page-fields", None, f"The page's table has {len(cells)} of the 5 fields; they were left out.")
        return (Page(title=_title(data, table)) if cells else NO_PAGE), (problem,)
    cable, created, released, classification, post = cells[:5]
    problems = []
    moment, published = page_date(created), page_date(released)
    for name, value, found in (("sent", created, moment), ("released", released, published)):
        if value and found is None:
            problems.append(("date", name, f"The page's date {value!r} cannot be read."))
    page = Page(
        cable=cable or None,
        created=moment,
        created_to=to_hour(moment),
        released=published,
        classification=classification or None,
        origin=post or None,
        title=_title(data, table),
    )
    return page, tuple(problems)


def _title(data: bytes, table: int) -> str | None:
    at = data.rfind(TITLE_OPENS, 0, table)
    if at < 0:
        return None
    heading = data[at + len(TITLE_OPENS) : data.find(b"</h3>", at, table)]
    return _line(heading.partition(b",")[2]) or None


def _line(raw: bytes) -> str:
    """Give a cell or heading as one line of text."""
    return " ".join(block_text(raw)[0].split())
