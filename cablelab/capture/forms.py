"""Which form the bytes of a source have, told from the bytes; and the captures in them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from types import ModuleType

from cablelab.capture import (
    archive,
    blog,
    cablegate,
    cables_csv,
    five_line,
    labelled,
    markdown,
    mirror,
    plusd,
    press,
    web,
)
from cablelab.capture.base import NO_PAGE, Capture, Origin, Unreadable
from cablelab.capture.decode import binary, decode, plain_bytes
from cablelab.capture.message_bounds import MARKS, closing, opening

# the first that recognises a text reads it: the more a form asks for, the earlier it stands
PAGE_FORMS: tuple[ModuleType, ...] = (five_line, labelled, mirror, blog, press, plusd)
NO_CABLE = (
    "It carries no mark of a cable: no class line, TAGS, SUBJECT or REF. Leave it out; if it is a cable after all, Python"
    " reads its text with cablelab.parse(text)."
)
SAVED = b'{\n "corpus": "cablelab",'
NO_BLOCK = "The page holds no message: no <pre> block and no class line. Save the page of the cable itself."


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
    digest = sha256(data).hexdigest()
    plain_data, problems = plain_bytes(data)
    origin = Origin(source, digest, stem, problems)
    if not plain_data.strip(b"\0 \t\r\n\v\f"):
        yield origin.unreadable("empty", "The source is empty. Check that the download or the copy is whole.")
    elif cablegate.detect(plain_data):
        yield from cablegate.read(plain_data, origin)
    elif archive.detect(plain_data):
        yield origin.unreadable("nested-zip", "This is a zip file. Unpack it and read the folder.")
    elif kind := binary(plain_data):
        yield origin.unreadable("binary", f"This is {kind[0]}. {kind[1]}")
    elif plain_data.startswith(SAVED):
        yield origin.unreadable("saved-corpus", "Here lies a saved corpus, which is opened and not read. Leave it out.")
    elif cables_csv.detect(plain_data):
        yield from cables_csv.read(io.BytesIO(plain_data), origin)
    else:
        text, odd = decode(plain_data)
        yield from capture_text(text, Origin(source, digest, stem, (*problems, *odd)))


def capture_text(text: str, origin: Origin) -> Iterator[Capture | Unreadable]:
    """Yield the captures of a decoded text that is neither CSV nor a Cablegate page."""
    if web.detect(text):
        yield from _capture_web(text, origin)
        return
    form = "text"
    if markdown.detect(text):
        text, form = markdown.unmark(text), "markdown"
    if page := _page_form(text):
        yield from page.read(text, origin)
    elif MARKS.search(text):
        yield origin.capture(text, form)
    else:
        yield origin.unreadable("no-cable", NO_CABLE)


def _page_form(text: str) -> ModuleType | None:
    return next((form for form in PAGE_FORMS if form.detect(text)), None)


def _capture_web(text: str, origin: Origin) -> Iterator[Capture | Unreadable]:
    tree = web.parsed(text)
    words = web.as_text(tree)
    if page := _page_form(words):
        yield from page.read(words, origin)
        return
    found = web.messages(tree)
    for number, message in enumerate(found, 1):
        name = f"{origin.source}#{number}" if len(found) > 1 else origin.source
        yield replace(origin, source=name).capture(message, "html")
    if found:
        return
    if (start := opening(words)) is None:
        yield origin.unreadable("no-message-block", NO_BLOCK)
        return
    yield origin.capture(words, "html", NO_PAGE, start, closing(words, start))
