"""Which form the bytes of a source have, told from the bytes; and the captures in them.

Forms stand in lists, and the first that recognises a source reads it. The more a form asks for, the earlier it stands: what announces
itself in its first bytes (mail, records, documents), then pages that are known, then any HTML, then marked-up and plain text.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise
from types import ModuleType

from cablelab.capture import (
    airgram,
    archive,
    blog,
    cablegate,
    cables_csv,
    documents,
    five_line,
    frus,
    json_records,
    labelled,
    mail,
    markdown,
    mirror,
    nara,
    plusd,
    press,
    several,
    smart,
    sql,
    table,
    web,
    xml_records,
)  # fmt: skip
from cablelab.capture.base import NO_PAGE, Capture, Origin, Page, Unreadable
from cablelab.capture.decode import binary, decode, plain_bytes
from cablelab.capture.message_bounds import MARKS, closing, opening

# forms told from the first bytes and read from a stream, in constant memory however large; `detect` asks for a beginning of 4 KiB
STREAMED: tuple[ModuleType, ...] = (json_records, sql, xml_records, cables_csv, table)
# forms of text with a page's or record's own words: the archive's record, prints with labels, then sites
PAGE_FORMS: tuple[ModuleType, ...] = (nara, airgram, smart, five_line, labelled, mirror, blog, press, plusd)
HEAD = 4096
NO_CABLE = (
    "It carries no mark of a cable: no class line, TAGS, SUBJECT or REF. Leave it out; if it is a cable after all, Python"
    " reads its text with cablelab.parse(text)."
)
SAVED = b'{\n "corpus": "cablelab",'
NO_BLOCK = "The page holds no message: no <pre> block and no class line. Save the page of the cable itself."
LEFT_OUT = "{} block{} of the page's preformatted text bear{} no mark of a cable and {} left out."
SEVERAL = "The text holds what may be further messages ({}) and was read as one. If they are, put each into a file of its own."
NESTED = 4  # mail in mail in mail: what lies deeper is not looked for


def capture_bytes(data: bytes, source: str, stem: str | None = None) -> Iterator[Capture | Unreadable]:
    r"""Yield the captures that the bytes of one source hold.

    Parameters
    ----------
    data
        The source's bytes, in any encoding and form (a zip apart, which `captures` opens).
    source
        The name that the captures carry.
    stem
        The file's name without its ending, if there is one; it may carry the cable's id, but never decides the form.

    Yields
    ------
    Capture or Unreadable
        At least one; nothing is raised whatever the bytes are.

    Examples
    --------
    >>> [found] = capture_bytes(b"UNCLAS PORT KESTREL 000012\n\n1. All is calm.\n\nBRANT\n", "note.txt")
    >>> found.format, found.source
    ('text', 'note.txt')
    >>> [found] = capture_bytes(b"", "empty.txt")
    >>> found.code
    'empty'
    """
    yield from _read(data, Origin(source, sha256(data).hexdigest(), stem), NESTED)


def streamed(head: bytes) -> ModuleType | None:
    """Find the form that reads a source as a stream, from the source's beginning; None if it is read whole.

    >>> streamed(b'{"id": "05OSLO12", "body": "..."}').__name__
    'cablelab.capture.json_records'
    """
    if head.startswith(SAVED):
        return None
    return next((form for form in STREAMED if form.detect(head[:HEAD])), None)


def _read(data: bytes, origin: Origin, depth: int) -> Iterator[Capture | Unreadable]:
    plain_data, problems = plain_bytes(data)
    if problems:
        origin = replace(origin, problems=(*origin.problems, *problems))
    if not plain_data.strip(b"\0 \t\r\n\v\f"):
        yield origin.unreadable("empty", "The source is empty. Check that the download or the copy is whole.")
    elif plain_data[:1] == b"<" and cablegate.detect(plain_data):
        yield from cablegate.read(plain_data, origin)
    elif mail.detect(plain_data[:HEAD]):
        yield from mail.read(plain_data, origin, lambda inner, part: _nested(inner, part, depth - 1))
    elif archive.detect(plain_data):
        yield origin.unreadable("nested-zip", "This is a zip file. Unpack it and read the folder.")
    elif documents.detect(plain_data):
        yield from _document(plain_data, origin)
    elif kind := binary(plain_data):
        yield origin.unreadable("binary", f"This is {kind[0]}. {kind[1]}")
    elif plain_data.startswith(SAVED):
        yield origin.unreadable(
            "saved-corpus",
            "A saved corpus lies here: it was not read, what lies around it was. cl.open(FOLDER) opens it.",
        )
    elif frus.is_edition(plain_data):
        yield origin.unreadable("edited-text", frus.MESSAGE)
    elif form := streamed(plain_data):
        yield from form.read(io.BytesIO(plain_data), origin)
    elif cablegate.detect(plain_data):
        yield from cablegate.read(plain_data, origin)
    else:
        text, odd = decode(plain_data)
        yield from capture_text(text, replace(origin, problems=(*origin.problems, *odd)))


def _nested(data: bytes, origin: Origin, depth: int) -> Iterator[Capture | Unreadable]:
    if depth:
        yield from _read(data, origin, depth)
    else:
        yield origin.unreadable("nested-zip", "This lies in mail in mail in mail. Save what is attached and read that.")


def _document(data: bytes, origin: Origin) -> Iterator[Capture | Unreadable]:
    try:
        text, form, problems = documents.text_of(data)
    except documents.Refused as refused:
        yield origin.unreadable(refused.code, refused.message)
        return
    for item in capture_text(text, replace(origin, problems=(*origin.problems, *problems))):
        yield replace(item, format=form) if isinstance(item, Capture) and item.format == "text" else item


def capture_text(text: str, origin: Origin) -> Iterator[Capture | Unreadable]:
    """Yield the captures of a decoded text that is neither CSV nor a Cablegate page."""
    if web.detect(text):
        yield from _capture_web(text, origin)
        return
    form, page = "text", NO_PAGE
    if markdown.detect(text):
        page, text = markdown.front_matter(text)
        text, form = markdown.unmark(text), "markdown"
    if found := _page_form(text):
        yield from found.read(text, origin)
    elif MARKS.search(text):
        yield from messages(text, origin, form, page)
    else:
        yield origin.unreadable("no-cable", NO_CABLE)


def messages(text: str, origin: Origin, form: str, page: Page = NO_PAGE) -> Iterator[Capture]:
    """Yield the message of a text, or each of several with its place in the text as `name#N`."""
    places, doubtful = several.cuts(text)
    if not places:
        problems = (("several-messages", None, SEVERAL.format(", ".join(doubtful[:5]))),) if doubtful else ()
        yield origin.capture(text, form, nara.drafted(page, text), problems=problems)
        return
    bounds = [0, *places, len(text)]
    for number, (start, end) in enumerate(pairwise(bounds), 1):
        part = text[start:end]
        part_origin = replace(origin, source=f"{origin.source}#{number}", stem=None)
        yield part_origin.capture(
            part, form, nara.drafted(Page(cable) if (cable := several.labelled(part)) else NO_PAGE, part)
        )


def _page_form(text: str) -> ModuleType | None:
    return next((form for form in PAGE_FORMS if form.detect(text)), None)


def _capture_web(text: str, origin: Origin) -> Iterator[Capture | Unreadable]:
    tree = web.parsed(text)
    if plusd.is_page(text):
        yield from plusd.read_page(tree, origin)
        return
    words = web.as_text(tree, web.by_line(text))
    if page := _page_form(words):
        yield from page.read(words, origin)
        return
    found, left = web.messages(tree)
    sentence = LEFT_OUT.format(left, *(("", "s", "was") if left == 1 else ("s", "", "were")))
    problems = (("text-left-out", None, sentence),) if left else ()
    for number, message in enumerate(found, 1):
        part_origin = replace(origin, source=f"{origin.source}#{number}") if len(found) > 1 else origin
        part_origin = (
            replace(part_origin, problems=(*part_origin.problems, *problems)) if number == len(found) else part_origin
        )
        yield from messages(message, part_origin, "html")
    if found:
        return
    if (start := opening(words)) is None:
        yield origin.unreadable("no-message-block", NO_BLOCK)
        return
    places, _ = several.cuts(words)
    if places:
        yield from messages(words, origin, "html")
    else:
        yield origin.capture(words, "html", NO_PAGE, start, closing(words, start))
