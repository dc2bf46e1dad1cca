"""What an archive's record says beside the message of a telegram of 1973-79: used where the message is silent, checked where it is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from cablelab import ids
from cablelab.capture.base import Page
from cablelab.facts import post_code
from cablelab.message import Addressee, Message, Problem, Reference

NEAR = timedelta(days=2)  # a draft's day lies within a day of the date-time group's, each in its own time zone


def completed(message: Message, page: Page, year: int | None) -> Message:
    """Take tags, captions and references from the record where the message has none; of a record without text, addressees too.

    Examples
    --------
    >>> page = Page(tags=("ELAB", "IV"), references=("76STATE147110",), text_held=False)
    >>> told = completed(Message(), page, 1976)
    >>> told.tags, [(r.post, r.number) for r in told.references]
    (['ELAB', 'IV'], [('STATE', 147110)])
    """
    if page.tags and not message.tags:
        message = replace(message, tags=list(page.tags))
    if page.captions and not message.captions:
        message = replace(message, captions=list(page.captions))
    if page.references and not message.references:
        message = replace(message, references=list(_references(page)))
    if page.text_held:
        if page.to and message.dtg is None and not message.addressees:  # the head is missing, or an airgram's
            message = replace(message, addressees=_addressees(page, year))
        return message
    return replace(message, partial=True, addressees=_addressees(page, year))


def _references(page: Page) -> Iterator[Reference]:
    """Give what a record's list cites, which stands nowhere in the text; `years` tells the years."""
    for written in page.references:
        if one := ids.read(written):
            post = post_code(one.post, one.year) or one.post
            yield Reference(None, "cable", post, one.number, None, written, None, 0, 0)


def _addressees(page: Page, year: int | None) -> list[Addressee]:
    return [
        *(Addressee("from", None, name, post_code(name, year), None, None) for name in [page.origin] if name),
        *(Addressee("to", None, name, post_code(name, year), None, None) for name in page.to),
    ]


def years(page: Page, message: Message) -> dict[tuple[str | None, int | None], int]:
    """Give the years that a record states, an archive's or one above the message, by post and number."""
    found = [one for written in (*message.recorded, *page.references) if (one := ids.read(written))]
    return {(post_code(one.post, one.year) or one.post, one.number): one.year for one in found}


def differing(message: Message, page: Page) -> Iterator[Problem]:
    """Say where a record and its message part: in the serial, the day or the TAGS (their levels are compared for every page).

    Examples
    --------
    >>> page = Page(document_number="1975OSLO00012", tags=("PFOR",))
    >>> [problem.message for problem in differing(Message(number=13, tags=["ELAB"]), page)]
    ['the record has the number 12, the message 13', 'the record has the TAGS PFOR, the message ELAB']
    """
    if page.document_number is None or not page.text_held:
        return
    one = ids.read(page.document_number)
    if one and message.number is not None and message.number != one.number:
        sentence = f"the record has the number {one.number}, the message {message.number}"
        yield Problem("attributes-differ", "number", sentence)
    if page.created and message.dtg and abs(page.created - message.dtg) > NEAR:
        sentence = f"the record has the day {page.created:%Y-%m-%d}, the date-time group {message.dtg:%Y-%m-%d}"
        yield Problem("attributes-differ", "sent", sentence)
    written = {tag for tag in message.tags if tag.isupper() and " " not in tag}
    listed = {tag for tag in page.tags if " " not in tag}
    if written and listed and written != listed:
        sentence = f"the record has the TAGS {' '.join(sorted(listed))}, the message {' '.join(sorted(written))}"
        yield Problem("attributes-differ", "tags", sentence)
