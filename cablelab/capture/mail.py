"""Mail that carries cables: single messages, mailboxes of them, and web pages saved as one file, which are mail too (MHTML)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import PurePath

from cablelab.capture import web
from cablelab.capture.base import Capture, Origin, Unreadable
from cablelab.capture.message_bounds import MARKS, inside, opening

MBOX = re.compile(rb"(?:\A|\n\r?\n?)From [^\n]{1,200}\d{4}[^\n]{0,12}\r?\n(?=[A-Z][\w-]{0,60}:)")
FIELD = re.compile(rb"[A-Za-z][\w-]{1,60}:|[ \t]")
# at least one of these, which no other text's labels are called
SURE = re.compile(
    rb"^(?:Message-ID|MIME-Version|Received|Return-Path|Content-Type|Snapshot-Content-Location|X-[\w-]+|Delivered-To):",
    re.I | re.M,
)
QUOTED = re.compile(r"^[ \t]?>[ \t]?", re.MULTILINE)
SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)
REPLY = re.compile(
    r"^(?:(?:On .{6,120} wrote:|-{2,}+ ?(?:Original|Forwarded) [Mm]essage ?-{2,}+|_{20,}+)[ \t]*+|From: .{3,120}@.*+)$",
    re.MULTILINE,
)
NO_CABLE = "The mail carries no mark of a cable, nor does what is attached to it. Leave it out."
Reader = Callable[[bytes, Origin], Iterator[Capture | Unreadable]]


def detect(head: bytes) -> bool:
    """Say whether `head`, the beginning of a source, is that of a mailbox or of one message with its fields."""
    if head.startswith(b"From ") and MBOX.match(head):
        return True
    if not FIELD.match(head):
        return False
    fields = head.partition(b"\n\n")[0].partition(b"\r\n\r\n")[0]
    lines = fields.split(b"\n")[:60]
    return SURE.search(fields) is not None and all(FIELD.match(line) for line in lines[:-1] if line.strip())


def read(data: bytes, origin: Origin, reader: Reader) -> Iterator[Capture | Unreadable]:
    """Yield the cables of all messages, `name#N` where there are several; `reader` reads what is attached and pages.

    Mails without a cable are counted in one row.
    """
    cuts = [(m.end(), m.start()) for m in MBOX.finditer(data)] if data.startswith(b"From ") else [(0, 0)]
    without = 0
    for number, (start, _) in enumerate(cuts, 1):
        end = cuts[number][1] if number < len(cuts) else len(data)
        numbered = replace(origin, source=f"{origin.source}#{number}") if len(cuts) > 1 else origin
        found = [
            item for item in _message(data[start:end], numbered, reader) if isinstance(item, Capture) or len(cuts) == 1
        ]
        yield from found
        without += not found
    if len(cuts) > 1 and without:
        yield origin.unreadable("no-cable", f"{without} of {len(cuts)} mails carry no cable; they were left out.")


def _message(data: bytes, origin: Origin, reader: Reader) -> Iterator[Capture | Unreadable]:
    message = message_from_bytes(data.lstrip(b"\r\n"), policy=policy.default)
    parts = [part for part in message.walk() if not part.is_multipart()]
    if "snapshot-content-location" in message or message.get_content_type() == "multipart/related":
        # a page saved as one file: its first part is the page
        pages = [part for part in parts if part.get_content_type() == "text/html"][:1]
        if pages:
            yield from reader(_bytes(pages[0]), origin)
            return
    texts = [
        part for part in parts if part.get_content_type() in ("text/plain", "text/html") and not part.get_filename()
    ]
    plain = [
        text
        for part in texts
        if part.get_content_type() == "text/plain" and MARKS.search(text := _unquoted(_words(part)))
    ]
    text = "\n\n".join(plain) or next(
        (
            text
            for part in texts
            if part.get_content_type() == "text/html" and MARKS.search(text := _unquoted(_page(_words(part))))
        ),
        "",
    )
    given = False
    if text:
        given = True
        yield _bounded(text, origin)
    attached = 0
    for part in parts:
        if (name := part.get_filename()) is None:
            continue
        attached += 1
        attachment = replace(origin, source=f"{origin.source}!{attached}", stem=PurePath(str(name)).stem)
        for item in reader(_bytes(part), attachment):
            if isinstance(item, Capture):
                given = True
                yield item
    if not given:
        yield origin.unreadable("no-cable", NO_CABLE)


def _page(html: str) -> str:
    return web.as_text(web.parsed(html), web.by_line(html))


def _words(part: EmailMessage) -> str:
    try:
        text = part.get_content()
    except (LookupError, ValueError, KeyError):  # a charset nobody knows
        text = (part.get_payload(decode=True) or b"").decode("utf-8", "replace")  # type: ignore[union-attr]
    text = text if isinstance(text, str) else str(text)
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")


def _bytes(part: EmailMessage) -> bytes:
    data = part.get_payload(decode=True)
    raw = data if isinstance(data, bytes) else str(part.get_payload()).encode("utf-8", "replace")
    charset = part.get_content_charset() or ""
    if part.get_content_maintype() == "text" and charset not in ("", "utf-8", "us-ascii"):
        return _words(part).encode()
    return raw


def _unquoted(text: str) -> str:
    """Take the marks of a quotation off its lines where the message itself is quoted, as often as it was."""
    for _ in range(5):
        start = opening(text)
        marked = MARKS.search(text)
        at = start if start is not None else marked.start() if marked else None
        if at is None:
            break
        block = text[at : at + 4_000].split("\n")
        if 2 * sum(line.lstrip(" \t").startswith(">") for line in block) <= len(block):
            break
        text = QUOTED.sub("", text)
    return text


def _bounded(text: str, origin: Origin) -> Capture:
    start = opening(text)
    at = start if start is not None else 0
    ends = [m.start() for pattern in (SIGNATURE, REPLY) if (m := pattern.search(text, at))]
    start, end = inside(text, at, min(ends, default=None))
    return origin.capture(text, "mail", start=start, end=end)
