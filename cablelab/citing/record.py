"""What a citation says: which message, which copy of it, which paragraph."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from cablelab import facts
from cablelab.corpus import Corpus
from cablelab.errors import NotCitable
from cablelab.errors.arguments import of_corpus
from cablelab.escaping import copy_name, printed
from cablelab.samples import invented
from cablelab.terms import MONTH_NAMES

_OFFICES = {
    "embassy": "Embassy", "consulate": "Consulate", "consulate general": "Consulate General",
    "consular agency": "Consular Agency", "regional embassy office": "Regional Embassy Office",
    "liaison office": "Liaison Office",
}  # fmt: skip
_PLACE = re.compile(r"(.*?)#par([0-9]+)")
FICTIONAL = "a fictional cable of cablelab's sample"


@dataclass(frozen=True, slots=True)
class Citation:
    """What a citation says about a cable, as far as it is known.

    `id` is the key; `certain` is false where it was inferred or made up. `number` is the message's own, such as
    `Astana 3256`. `copy` names the capture that was read; `paragraph` is the number asked for.
    `fictional` marks what comes from the sample corpus; `text_held` is false for a record without text.
    """

    id: str
    certain: bool
    sender: str | None
    addressee: str | None
    post: str | None
    serial: int | None
    number: str | None
    year: int | None
    sent: datetime | None
    subject: str | None
    classification: str | None
    released: datetime | None
    partial: bool
    corrected: bool
    copy: str
    sha256: str | None
    paragraph: int | None
    fictional: bool = False
    document_number: str | None = None
    film_number: str | None = None
    text_held: bool = True

    @property
    def archive_words(self) -> list[str]:
        """Say the numbers under which the National Archives keep a telegram of 1973-79, as far as its record tells them."""
        numbers = (("document number", self.document_number), ("film number", self.film_number))
        return [f"{name} {number}" for name, number in numbers if number]

    @property
    def title(self) -> str:
        """The subject, or the message's number where there is none."""
        return self.subject or f"Telegram {self.number or self.id}"

    def copy_words(self, digits: int | None = None) -> str:
        """Say which copy was read, its hash cut to `digits`."""
        parts = [FICTIONAL] * self.fictional + [f"copy {self.copy}"]
        if not self.text_held:
            parts.append("record without text")
        elif self.partial:
            parts.append("partial extract")
        if self.corrected:
            parts.append("corrected copy")
        if self.released is not None:
            parts.append(f"released {day_words(self.released)}")
        if self.sha256:
            parts.append(f"SHA-256 {self.sha256[:digits]}")
        return ", ".join(parts)


@of_corpus
def citation(corpus: Corpus, name: str) -> Citation:
    """Gather what there is to say about one cable, or about one paragraph of it.

    Parameters
    ----------
    corpus
        The corpus that holds it.
    name
        An id, or an id with `#par` and the number of a paragraph.

    Raises
    ------
    UnknownCable
        If the corpus does not hold it.
    NotCitable
        If it has no paragraph of that number.

    Examples
    --------
    >>> import cablelab as cl
    >>> corpus = cl.sample()
    >>> citation(corpus, corpus.ids[0]).id == corpus.ids[0]
    True
    """
    place = _PLACE.fullmatch(name)
    key = corpus.key(place[1] if place else name)
    cable = corpus[key]
    paragraph = int(place[2]) if place else None
    if paragraph is not None:
        numbers = cable.paragraphs["number"].drop_nulls().unique().sort().to_list()
        if paragraph not in numbers:
            raise NotCitable.paragraph(key, paragraph, numbers)
    to = cable.addressees.filter(pl.col("role") == "to")["post"]
    post = facts.post(cable["post"], cable["year"]) if cable["post"] else None
    place_name = post.name if post else _line(cable["post"])
    return Citation(
        id=_line(key) or "unnamed",
        certain=cable["cable_from"] not in ("inferred", "none"),
        sender=_office(cable["post"], cable["year"]),
        addressee=_office(to[0], cable["year"]) if len(to) and to[0] else None,
        post=_line(cable["post"]),
        serial=cable["number"],
        number=f"{place_name} {cable['number']}" if place_name and cable["number"] is not None else None,
        year=cable["year"],
        sent=cable["sent"],
        subject=_line(cable["subject"]),
        classification=_line(cable["classification"]),
        released=cable["released"],
        partial=bool(cable["partial"]),
        corrected=bool(cable["corrected"]),
        copy=copy_name(cable["source"]),
        sha256=_line(cable["sha256"]),
        paragraph=paragraph,
        fictional=invented(cable["source"], cable["sha256"]),
        document_number=_line(cable["document_number"]),
        film_number=_line(cable["film_number"]),
        text_held=cable["text_held"] is not False,
    )


def _line(text: str | None) -> str | None:
    return None if text is None else printed(text) or None


def _office(code: str | None, year: int | None) -> str | None:
    if code is None:
        return None
    post = facts.post(code, year)
    if post is None:
        return _line(code)
    if post.kind == "department":
        return "Department of State"
    office = _OFFICES.get(post.kind)
    return f"U.S. {office} {post.name}" if office else post.name


def day_words(at: date) -> str:
    """Write a day out, in English whatever the locale.

    >>> day_words(date(2007, 5, 3))
    'May 3, 2007'
    """
    return f"{MONTH_NAMES[at.month - 1]} {at.day}, {at.year}"
