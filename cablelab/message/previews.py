"""What a cut-off preview, or a doubled head, says that the full copy below it has lost."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cablelab.message.model import Message, Reference

# The list of a record is wrapped at a fixed column, inside an id too.
_WRAPPED = re.compile(r"([|,]\d[A-Z\d]{0,24})[ ]?\n(?=[A-Z\d]{1,25}+[|,\"])")
_ID = re.compile(r"(?<=[\n,|\"\t ])\d\d[A-Z]{3,20}\d{1,7}(?=[ ]*[\n,|\"\t])")


def recorded(text: str, end: int, references: Iterable[Reference]) -> list[str]:
    r"""List the ids of a database record above the message, which opens at `end`, if any of them could tell a reference's year.

    >>> bern = Reference(None, "cable", "BERN", 7, None, "BERN 7", None, 0, 0)
    >>> recorded('\n12,"1/2/2007","07OSLO12","Embassy Oslo","SECRET",06BERN7|06BERN9,\nSECRET OSLO 000012', 66, [bern])
    ['07OSLO12', '06BERN7', '06BERN9']
    """
    open_ones = [f"{r.post}{r.number}" for r in references if r.year is None and r.post is not None]
    record = text[:end]
    if "|" in record:
        record = _WRAPPED.sub(r"\1", record)
    return _ID.findall(record) if any(one in record for one in open_ones) else []


def broken(text: str, stop: int) -> int:
    r"""Find the three points in which a preview breaks off that ends at `stop`; -1 if it does not.

    >>> broken("SUBJECT: THE FERRY MINI... \n\n", 29), broken("SUBJECT: THE FERRY", 18)
    (23, -1)
    """
    words = text[max(0, stop - 400) : stop].rstrip(" \t\n\\>")
    points = len(words) - len(words.rstrip(".…"))
    return max(0, stop - 400) + len(words) - points if words.endswith(("...", "…")) else -1


def fill(message: Message, preview: Message, text: str, shift: int, broken_at: int) -> None:
    """Take from the fields of a preview what the message lacks.

    Parameters
    ----------
    message, preview
        The full copy's fields, which are changed, and the preview's.
    text, shift
        The message, and what its offsets are less than those of the fields.
    broken_at
        Where the points stand at which the preview breaks off; -1 if it does not. The word before them is cut: as a subject it is
        better than none, as a code, a number or a name it would be wrong.
    """
    previewed, whole = preview.subject, message.subject
    if previewed and (not whole or (previewed.startswith(whole) and broken_at < 0)):
        message.subject = previewed
    tags = preview.tags
    if broken_at >= 0 and tags and text[:broken_at].endswith(tags[-1]):
        tags = tags[:-1]
    if tags[: len(message.tags)] == message.tags:
        message.tags = tags
    if not message.references:
        message.references = [
            r
            for r in preview.references
            if broken_at < 0 or r.end - shift < broken_at or not text[broken_at - 1].isalnum()
        ]
    if message.classified_by is None:  # a name that breaks off was not read
        message.classified_by = preview.classified_by
        message.classified_title = message.classified_title or preview.classified_title
        message.classified_reason = message.classified_reason or preview.classified_reason
    if message.executive_order is None and (broken_at < 0 or preview.tags or preview.subject):
        message.executive_order, message.declassify_on = preview.executive_order, preview.declassify_on
        message.declassify_note = preview.declassify_note
    message.captions += [word for word in preview.captions if word not in message.captions]
