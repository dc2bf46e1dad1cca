"""Cite cables: which message, which copy of it, which paragraph."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from cablelab import facts
from cablelab.errors import NotCitable, UnknownOption, nearest
from cablelab.escaping import REPLACED, visible
from cablelab.samples import invented

if TYPE_CHECKING:
    from cablelab.corpus import Corpus

# Not from the calendar module, whose names follow the locale.
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_OFFICES = {
    "embassy": "Embassy", "consulate": "Consulate", "consulate general": "Consulate General",
    "consular agency": "Consular Agency", "regional embassy office": "Regional Embassy Office",
    "liaison office": "Liaison Office",
}  # fmt: skip
_PLACE = re.compile(r"(.*?)#par([0-9]+)")
FICTIONAL = "a fictional cable of cablelab's sample"
NARA_YEARS = range(1973, 1980)


@dataclass(frozen=True, slots=True)
class Citation:
    """What a citation says about a cable, as far as it is known.

    `id` is the key; `certain` is false where it was inferred or made up. `number` is the message's own, such as
    `Astana 3256`. `copy` names the capture that was read; `paragraph` is the number asked for.
    `fictional` marks what comes from the sample corpus.
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

    @property
    def title(self) -> str:
        """The subject, or the message's number where there is none."""
        return self.subject or f"Telegram {self.number or self.id}"

    def copy_words(self, digits: int | None = None) -> str:
        """Say which copy was read, its hash cut to `digits`."""
        parts = [FICTIONAL] * self.fictional + [f"copy {self.copy}"]
        if self.partial:
            parts.append("partial extract")
        if self.corrected:
            parts.append("corrected copy")
        if self.released is not None:
            parts.append(f"released {_day(self.released)}")
        if self.sha256:
            parts.append(f"SHA-256 {self.sha256[:digits]}")
        return ", ".join(parts)


def cite(
    corpus: Corpus,
    ids: str | Iterable[str] | pl.Series | pl.DataFrame,
    style: str = "chicago",
    *,
    accessed: date | None = None,
) -> str:
    """Cite cables so that a reader finds the message, the copy of it that was read, and the paragraph.

    Parameters
    ----------
    corpus
        The corpus that holds them.
    ids
        One or several ids, or a frame with a column `cable`, such as the hits of a search. `"07ASTANA3256#par3"` cites the paragraph numbered 3.
    style
        `"chicago"` (a note), `"bibtex"`, `"ris"`, `"csl-json"` (for reference managers), or `"nara"` (the model form
        of the National Archives for its electronic telegrams of 1973-79).
    accessed
        When the copy was looked up. It is named only if given, so that the same call always gives the same words.

    Returns
    -------
    The citations, one after the other in the order asked for, each cable or paragraph once.

    Raises
    ------
    UnknownOption
        If there is no such style.
    UnknownCable
        If the corpus does not hold a cable.
    NotCitable
        If a cable has no paragraph of that number, or the form of the National Archives does not fit it.

    Examples
    --------
    >>> import cablelab as cl
    >>> from cablelab.citing import cite
    >>> corpus = cl.sample()
    >>> print(cite(corpus, corpus.ids[0]))
    U.S. ...
    >>> cite(corpus, corpus.ids[:2], style="ris").count("TY  - ")
    2
    """
    if style not in _STYLES:
        raise UnknownOption(style, nearest(style.lower(), _STYLES), f"Styles are {', '.join(_STYLES)}.")
    column = ids["cable"] if isinstance(ids, pl.DataFrame) else ids
    names = dict.fromkeys([column] if isinstance(column, str) else column)
    return _STYLES[style](dict.fromkeys(citation(corpus, name) for name in names), accessed)


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
    row = corpus.cables.row(by_predicate=pl.col("cable") == key, named=True)
    paragraph = int(place[2]) if place else None
    if paragraph is not None:
        numbers = corpus.paragraphs.filter(pl.col("cable") == key)["number"].drop_nulls().unique().sort().to_list()
        if paragraph not in numbers:
            raise NotCitable.paragraph(key, paragraph, numbers)
    to = corpus.addressees.filter((pl.col("cable") == key) & (pl.col("role") == "to"))["post"]
    post = facts.post(row["post"], row["year"]) if row["post"] else None
    place_name = post.name if post else _line(row["post"])
    return Citation(
        id=_line(key) or "unnamed",
        certain=row["cable_from"] not in ("inferred", "none"),
        sender=_office(row["post"], row["year"]),
        addressee=_office(to[0], row["year"]) if len(to) and to[0] else None,
        post=_line(row["post"]),
        serial=row["number"],
        number=f"{place_name} {row['number']}" if place_name and row["number"] is not None else None,
        year=row["year"],
        sent=row["sent"],
        subject=_line(row["subject"]),
        classification=_line(row["classification"]),
        released=row["released"],
        partial=bool(row["partial"]),
        corrected=bool(row["corrected"]),
        copy=copy_name(row["source"]),
        sha256=_line(row["sha256"]),
        paragraph=paragraph,
        fictional=invented(row["source"], row["sha256"]),
    )


def copy_name(source: str | None) -> str:
    """Return the last part of a source's path: what names a copy without naming the reader's own folders.

    Examples
    --------
    >>> copy_name("/home/someone/cables/cables.csv#12")
    'cables.csv#12'
    """
    return _line(re.split(r"[/\\]", source or "")[-1]) or "unnamed"


def _line(text: str | None) -> str | None:
    if text is None:
        return None
    return " ".join(visible(text).replace(REPLACED, "").split()) or None


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


def _day(at: date) -> str:
    return f"{MONTHS[at.month - 1]} {at.day}, {at.year}"


def _when(cited: Citation) -> str:
    if cited.sent is not None:
        return _day(cited.sent)
    return str(cited.year) if cited.year is not None else "n.d."


def _chicago(cited: Iterable[Citation], accessed: date | None) -> str:
    return "\n".join(_note(c, accessed) for c in cited)


def _note(cited: Citation, accessed: date | None) -> str:
    sender = cited.sender or "Unknown U.S. post"
    parts = [f"{sender} to {cited.addressee}" if cited.addressee else sender]
    if cited.subject:
        parts.append("“" + cited.subject.replace('"', "'").replace("“", "‘").replace("”", "’") + "”")
    telegram = f"telegram {cited.id if cited.certain or not cited.number else cited.number}"
    if not cited.certain:
        made = f"id {cited.id} inferred" if not cited.id.startswith("unidentified-") else f"{cited.id}"
        telegram += f" ({made})"
    parts.append(telegram)
    parts.append(_when(cited))
    if cited.classification:
        parts.append(cited.classification.capitalize())
    if cited.paragraph is not None:
        parts.append(f"para. {cited.paragraph}")
    words = ", ".join(parts).replace("”,", ",”")
    return f"{words}; {cited.copy_words(12)}{f', accessed {_day(accessed)}' if accessed else ''}."


def _notes(cited: Citation, accessed: date | None) -> list[str]:
    notes = [cited.copy_words()]
    if cited.classification:
        notes.insert(0, cited.classification.capitalize())
    if not cited.certain:
        notes.append("id inferred or made up, not in the copy")
    if cited.paragraph is not None:
        notes.append(f"paragraph {cited.paragraph}")
    if accessed is not None:
        notes.append(f"accessed {accessed.isoformat()}")
    return notes


def _bibtex(cited: Iterable[Citation], accessed: date | None) -> str:
    from bibtexparser.entrypoint import write_string
    from bibtexparser.library import Library
    from bibtexparser.middlewares import AddEnclosingMiddleware, LatexEncodingMiddleware
    from bibtexparser.model import Entry, Field

    library = Library(
        [Entry("misc", _anchor(c), [Field(k, v) for k, v in _bibtex_fields(c, accessed).items()]) for c in cited]
    )
    library = LatexEncodingMiddleware().transform(library)
    for entry in library.entries:
        author = entry.fields_dict["author"]
        # a second pair of braces: the name of an office has no first and last part
        author.value = "{" + author.value + "}"
    enclose = AddEnclosingMiddleware(reuse_previous_enclosing=False, enclose_integers=True, default_enclosing="{")
    return write_string(library, unparse_stack=[enclose]).rstrip()


def _bibtex_fields(cited: Citation, accessed: date | None) -> dict[str, str]:
    fields = {
        "author": cited.sender or "Unknown U.S. post",
        "title": cited.title,
        "howpublished": f"Diplomatic telegram {cited.id}",
    }
    if cited.sent is not None:
        fields |= {"year": str(cited.sent.year), "month": str(cited.sent.month), "day": str(cited.sent.day)}
    elif cited.year is not None:
        fields["year"] = str(cited.year)
    return {**fields, "note": "; ".join(_notes(cited, accessed))}


def _anchor(cited: Citation) -> str:
    # a key of BibTeX ends at a comma, a brace, a blank
    key = re.sub(r"[^\w.:-]", "-", cited.id, flags=re.ASCII)
    return f"cable{key}" + (f"-par{cited.paragraph}" if cited.paragraph is not None else "")


def _ris(cited: Iterable[Citation], accessed: date | None) -> str:
    import rispy

    entries: list[dict[str, Any]] = []
    for c in cited:
        entry: dict[str, Any] = {"type_of_reference": "GOVDOC", "id": _anchor(c)}
        entry |= {"authors": [c.sender or "Unknown U.S. post"], "title": c.title, "number": c.id}
        if c.sent is not None:
            entry |= {"year": str(c.sent.year), "date": c.sent.strftime("%Y/%m/%d")}
        elif c.year is not None:
            entry["year"] = str(c.year)
        if accessed is not None:
            entry["access_date"] = accessed.strftime("%Y/%m/%d")
        entries.append({**entry, "notes": _notes(c, None)})
    return rispy.dumps(entries, enforce_list_tags=False).rstrip("\n")


def _csl_json(cited: Iterable[Citation], accessed: date | None) -> str:
    items: list[dict[str, Any]] = []
    for c in cited:
        item: dict[str, Any] = {"id": _anchor(c), "type": "report", "genre": "Diplomatic telegram", "number": c.id}
        item |= {"title": c.title, "author": [{"literal": c.sender or "Unknown U.S. post"}]}
        if c.sent is not None:
            item["issued"] = {"date-parts": [[c.sent.year, c.sent.month, c.sent.day]]}
        elif c.year is not None:
            item["issued"] = {"date-parts": [[c.year]]}
        if accessed is not None:
            item["accessed"] = {"date-parts": [[accessed.year, accessed.month, accessed.day]]}
        items.append({**item, "note": "; ".join(_notes(c, None))})
    return json.dumps(items, indent=2, ensure_ascii=False)


def _nara(cited: Iterable[Citation], accessed: date | None) -> str:
    return "\n".join(_archival(c, accessed) for c in cited)


def _archival(cited: Citation, accessed: date | None) -> str:
    """Follow the model citation of the National Archives' FAQ on the Central Foreign Policy Files."""
    if cited.year not in NARA_YEARS or cited.post is None or cited.serial is None:
        raise NotCitable.archival(cited.id, cited.year)
    post = facts.post(cited.post, cited.year)
    letters = (post.nara if post else None) or cited.post[:6]
    serial = f"{cited.serial:0{6 if cited.post == 'STATE' else 5}}"
    parts = [
        (f"{cited.sender} to {cited.addressee}" if cited.addressee else str(cited.sender)).replace("U.S. ", ""),
        f"Telegram {serial}",
        _when(cited),
        f"{cited.year}{letters}{serial}",
        "Central Foreign Policy Files, 1973-79/Electronic Telegrams",
        "RG 59: General Records of the Department of State",
        "National Archives",
    ]
    return ", ".join(parts) + (f" (accessed {_day(accessed)})." if accessed else ".")


_STYLES: Mapping[str, Callable[[Iterable[Citation], date | None], str]] = {
    "chicago": _chicago,
    "bibtex": _bibtex,
    "ris": _ris,
    "csl-json": _csl_json,
    "nara": _nara,
}
