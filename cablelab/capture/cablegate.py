"""Cablegate pages, a table of fields and one or two `<code><pre>` blocks; and their text rendering, the blocks alone.

The blocks are cut out of the bytes and only they are decoded: a page is seven eighths lists of dates, origins and tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from cablelab.capture.base import NO_PAGE, Capture, Origin, Page, Problem, Unreadable
from cablelab.capture.dates import page_date, published, to_hour
from cablelab.capture.decode import decode, unescaped
from cablelab.capture.message_bounds import BODY, MARKS, OPENS

BLOCK_OPENS = re.compile(rb"<code>\s{0,9}<pre[^<>]{0,200}>")
BLOCK_CLOSES = b"</pre>"
CODE_CLOSES = re.compile(rb"</pre>\s{0,9}</code>")
TABLE_OPENS = b"<table class='cable'"  # as the site wrote it; other hands may have put other quotes or attributes
TABLE = re.compile(rb"<table[^<>]{0,80}class=[\"']cable[\"'][^<>]{0,80}>")
CELL = re.compile(rb"<td[^<>]*>([^<]*(?>(?:<(?!/?td)[^<]*)*))(?=</?td)")
TITLE_OPENS = b"<h3>Viewing cable "
NO_BLOCK = "The page holds no message in its text blocks. Save the page of the cable itself."
# a newspaper's line above the message; its time is that of no known clock
PRINTED = re.compile(r"\s{0,9}[A-Z][a-z]+day, (\d\d? [A-Z][a-z]+ \d{4}), \d\d:\d\d[ \t]*\n")
LINK = re.compile(r"<(?:/a|a[ \n][^<>]*)>")
# only what HTML has: between other pointed brackets stand words
TAG = re.compile(
    r"</?(?:a|abbr|acronym|b|bdo|big|blink|br|center|cite|code|dd|del|dfn|div|dl|dt|em|font|h[1-6]|hr|i|img|ins|kbd|li|mark|nobr|o:p|ol|p|pre"
    r"|q|s|samp|script|small|span|strike|strong|sub|sup|table|tbody|td|th|thead|tr|tt|u|ul|var|wbr)(?:[\s/][^<>]*)?>",
    re.IGNORECASE,
)


def detect(data: bytes) -> bool:
    """Say whether `data` holds a `<code><pre>` block."""
    at = data.find(b"<code>")
    return at >= 0 and BLOCK_OPENS.search(data, at) is not None


def read(data: bytes, origin: Origin) -> Iterator[Capture | Unreadable]:
    """Yield the capture of a Cablegate page or of its text rendering; of each page where several were put into one file.

    Parameters
    ----------
    data
        Bytes for which `detect` holds.
    origin
        Name, hash and problems of the source.

    Yields
    ------
    Capture or Unreadable
        The text is all blocks in their order with empty lines between them, mostly a header and a body. Tags are dropped,
        entities unescaped once. Blocks of something else than a cable are `Unreadable`.
    """
    table = TABLE.search(data, max(0, data.find(TABLE_OPENS)))
    blocks, complete = _blocks(data, table.end() if table else 0)
    # a page has two blocks and no table between them
    if table is not None and (
        len(blocks) > 2 or any(data.find(b"<table", end, start) >= 0 for (_, end), (start, _) in pairwise(blocks))
    ):
        tables = list(TABLE.finditer(data))
        if len(tables) > 1:
            bounds = [0, *(_head(data, table.start(), before.end()) for before, table in pairwise(tables)), len(data)]
            for number, (start, end) in enumerate(pairwise(bounds), 1):
                row_origin = replace(origin, source=f"{origin.source}#{number}", stem=None)
                one = data[start:end]
                yield from _page_of(one, row_origin, TABLE.search(one), *_blocks(one, 0))
            return
    yield from _page_of(data, origin, table, blocks, complete)


def _head(data: bytes, table: int, floor: int) -> int:
    """Find where the page of a table begins: at its own opening, else its heading, else the table."""
    for opens in (b"<!DOCTYPE", b"<html", b"<HTML", TITLE_OPENS):
        if (at := data.rfind(opens, floor, table)) >= 0:
            return at
    return table


def _page_of(
    data: bytes, origin: Origin, table: re.Match[bytes] | None, blocks: list[tuple[int, int]], complete: bool
) -> Iterator[Capture | Unreadable]:
    problems: list[Problem] = []
    if not complete:
        problems.append(
            ("truncated", None, "The page ends inside its text block; save the page again to get the rest.")
        )
    texts: list[str] = []
    for start, end in blocks:
        text, odd = block_text(data[start:end])
        if (text.strip() and text not in texts) or not texts:
            texts.append(text)
        problems.extend(odd)
    if table is None:
        yield from _rendered(texts, origin, problems)
        return
    if not any(text.strip() for text in texts):
        yield origin.unreadable("no-message-block", NO_BLOCK)
        return
    page, odd = _page(data, table.start())
    yield origin.capture("\n\n".join(texts), "cablegate-html", page, problems=(*problems, *odd), printed=False)


def _rendered(texts: list[str], origin: Origin, problems: list[Problem]) -> Iterator[Capture | Unreadable]:
    """Yield the blocks of a page without its table: a header goes with the body below it, each further body is a cable."""
    bodies: list[str] = []
    header = ""
    for text in texts:
        if not MARKS.search(text):
            if text.strip() and bodies:
                bodies[-1] += f"\n\n{text}"  # it goes on there
            elif text.strip():
                header += f"{text}\n\n"
        elif OPENS.search(text) and not BODY.search(text):
            header = text + "\n\n"
        else:
            bodies.append(header + text if MARKS.search(header) else text)
            header = ""
    if MARKS.search(header):
        bodies.append(header)
    if not bodies:
        yield origin.unreadable("no-message-block", NO_BLOCK)
    for number, text in enumerate(bodies, 1):
        part_origin = replace(origin, source=f"{origin.source}#{number}", stem=None) if len(bodies) > 1 else origin
        printed = PRINTED.match(text)
        page = Page(created=page_date(printed[1]), created_to="day") if printed else NO_PAGE
        yield part_origin.capture(
            text, "cablegate-text", page, printed.end() if printed else 0, problems=tuple(problems)
        )


def _blocks(data: bytes, at: int) -> tuple[list[tuple[int, int]], bool]:
    """Bound the text blocks behind `at`, and say whether the last one is closed."""
    blocks: list[tuple[int, int]] = []
    first = at
    while opens := BLOCK_OPENS.search(data, at):
        at = data.find(BLOCK_CLOSES, opens.end())
        if at >= 0 and data.find(b"<pre", opens.end(), at) >= 0:
            # a block in the block: the outer one closes where <code> does, at the latest before the next
            following = BLOCK_OPENS.search(data, at)
            closes = CODE_CLOSES.search(data, at, following.start() if following else len(data))
            at = closes.start() if closes else at
        if at < 0:
            blocks.append((opens.end(), len(data)))
            return blocks, False
        blocks.append((opens.end(), at))
    # a page whose blocks stand before its table is none that the site made, but its text must not be lost
    return (blocks, True) if blocks or not first else _blocks(data, 0)


# Some pages hold the message as a row of the table from which they were made: its quotation marks are doubled.
CSV_ROW = re.compile(r"\n\"?\d{1,7}\"?,\"?\d{1,2}/\d{1,2}/\d{4}[ ]{1,2}\d{1,2}:\d\d")
DOUBLED = re.compile(r'(?<!,)""|""(?!,)')  # between commas it is an empty field


def block_text(block: bytes) -> tuple[str, tuple[Problem, ...]]:
    """Give the text of one block: tags dropped, entities unescaped once, line ends unified."""
    text, problems = decode(block)
    if "<" in text:
        text = LINK.sub("", text)  # the one tag of nearly all blocks
        if "<" in text:
            text = TAG.sub("", text)
    # the one entity that every line ends with; unescape calls Python for each
    text = unescaped(text.replace("&#x000A;", "\n"))
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if '""' in text and (row := CSV_ROW.search(text)):
        text = text[: row.end()] + DOUBLED.sub('"', text[row.end() :])
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
    moment, shown = page_date(created), published(released)
    for name, value, found in (("sent", created, moment), ("released", released, shown)):
        if value and found is None:
            problems.append(("date", name, f"The page's date {value!r} cannot be read."))
    page = Page(
        cable=cable or None,
        created=moment,
        created_to=to_hour(moment),
        released=shown,
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
