"""How a citation is written: a note, a file for reference managers, the model of the National Archives."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from cablelab import facts
from cablelab.citing.record import Citation, day_words
from cablelab.errors import NotCitable

NARA_YEARS = range(1973, 1980)


def _when(cited: Citation) -> str:
    if cited.sent is not None:
        return day_words(cited.sent)
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
        id_note = f"id {cited.id} inferred" if not cited.id.startswith("unidentified-") else f"{cited.id}"
        telegram += f" ({id_note})"
    parts.append(telegram)
    parts.append(_when(cited))
    if cited.classification:
        parts.append(cited.classification.capitalize())
    parts += cited.archive_words
    if cited.paragraph is not None:
        parts.append(f"para. {cited.paragraph}")
    words = ", ".join(parts).replace("”,", ",”")
    return f"{words}; {cited.copy_words(12)}{f', accessed {day_words(accessed)}' if accessed else ''}."


def _notes(cited: Citation, accessed: date | None) -> list[str]:
    notes = [*cited.archive_words, cited.copy_words()]
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
        cited.document_number or f"{cited.year}{letters}{serial}",
        *([f"film number {cited.film_number}"] if cited.film_number else []),
        "Central Foreign Policy Files, 1973-79/Electronic Telegrams",
        "RG 59: General Records of the Department of State",
        "National Archives",
    ]
    return ", ".join(parts) + (f" (accessed {day_words(accessed)})." if accessed else ".")


STYLES: Mapping[str, Callable[[Iterable[Citation], date | None], str]] = {
    "chicago": _chicago,
    "bibtex": _bibtex,
    "ris": _ris,
    "csl-json": _csl_json,
    "nara": _nara,
}
