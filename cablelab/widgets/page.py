"""A cable as a tree: header, paragraphs, references both ways, and its captured text by role."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from cablelab.corpus.header import header
from cablelab.corpus.lookup import counted
from cablelab.facts import glosses
from cablelab.terms import MASK
from cablelab.widgets.roles import ROLES
from cablelab.widgets.tree import Node, h

if TYPE_CHECKING:
    from cablelab.corpus import Corpus
    from cablelab.corpus.cable import Cable

MOST_CITING = 50
Place = tuple[int, int, str]


def tip(text: str, meaning: str | None, **attributes: Any) -> Node:
    """Return a text that says what it means when it is hovered over or reached by keyboard.

    Examples
    --------
    >>> tip("ELAB", None)
    'ELAB'
    """
    if not meaning:
        return text
    default = {"class": "cl-tip", "tabindex": "0", "title": meaning, "aria-label": f"{text}: {meaning}"}
    return h("abbr", default | attributes, text)


def anchor(row: Mapping[str, Any], cable: str) -> str:
    """Return the permalink of a paragraph: the cable's id, `#par` and the printed number; without one its place.

    Examples
    --------
    >>> anchor({"number": 3, "position": 2}, "07ASTANA3256"), anchor({"number": None, "position": 2}, "07ASTANA3256")
    ('07ASTANA3256#par3', '07ASTANA3256#at2')
    """
    return f"{cable}#par{row['number']}" if row["number"] is not None else f"{cable}#at{row['position']}"


def marked(text: str, places: Iterable[Place]) -> list[Node]:
    """Cut a text at places (start, end, kind) and mark them; of two that overlap the first counts.

    Examples
    --------
    >>> marked("a labor code", [(2, 7, "hit")])
    ['a ', ['mark', {'class': 'cl-hit'}, 'labor'], ' code']
    """
    nodes: list[Node] = []
    at = 0
    for start, end, kind in sorted(places):
        if start < at or start >= end or end > len(text):
            continue
        nodes += [text[at:start]] * (start > at)
        if kind == "redacted":
            label = {"class": "cl-redacted", "title": "redacted in this copy", "aria-label": "redacted"}
            nodes.append(h("span", label, text[start:end]))
        else:
            nodes.append(h("mark", {"class": "cl-hit"}, text[start:end]))
        at = end
    return nodes + [text[at:]] * (at < len(text))


def reading(cable: Cable, whole: Corpus, hits: list[tuple[int, int]], at: str | None = None) -> list[Node]:
    """Return a cable for reading.

    Parameters
    ----------
    cable
        The cable.
    whole
        The corpus in which references can be opened and which may cite it.
    hits
        Places in its text to mark: start, end.
    at
        Permalink of the paragraph to point at.

    Returns
    -------
    list of nodes: header, notes, paragraphs, references, citing cables.
    """
    rows = list(cable.paragraphs.iter_rows(named=True))
    notes = [h("p", {"class": "cl-note"}, f"! {note}") for note in _notes(cable)]
    body = [node for row in rows for node in _paragraph(row, cable.id, hits, at)]
    if not rows:
        body = [h("p", {"class": "cl-note"}, "No paragraph was found in this text."), _plain(cable.text, hits)]
    title = cable["subject"] or "(no subject)"
    return [
        h("h3", {"class": "cl-title"}, h("span", {"class": "cl-id"}, cable.id), " ", title),
        _header(cable, whole),
        *notes,
        h("section", {"aria-label": "paragraphs", "class": "cl-text"}, body),
        _citing(cable, whole),
    ]


def source(cable: Cable, hits: list[tuple[int, int]]) -> list[Node]:
    """Return the captured text, each span under its role, with a legend; redactions and hits are marked too."""
    text = cable.text
    pieces: list[Node] = []
    met: dict[str, None] = {}
    places = _places(text, 0, hits)
    for start, end, role in cable.spans.select("start", "end", "role").iter_rows():
        family, letters = ROLES[role]
        inner = marked(text[start:end], [(a - start, b - start, k) for a, b, k in places if start <= a and b <= end])
        if not family:
            pieces += inner
            continue
        met[role] = None
        attributes = {"class": f"cl-role cl-{family}", "title": role, "data-letters": letters, "data-role": role}
        pieces.append(h("span", attributes, inner))
    if not pieces:
        pieces = [text or "The corpus holds no text of this cable."]
    legend = [
        h("li", None, h("span", {"class": f"cl-role cl-{family}", "data-letters": letters}, f" {role}"))
        for role in met
        for family, letters in [ROLES[role]]
    ]
    origin = f"Source: {cable['source'] or 'unknown'} · form: {cable['format'] or 'unknown'}"
    return [
        h("p", {"class": "cl-note"}, origin, ". The letters before each piece say how it was read:"),
        h("ul", {"class": "cl-legend", "aria-label": "roles"}, legend),
        h("pre", {"class": "cl-source", "tabindex": "0", "aria-label": "captured text by role"}, pieces),
    ]


def _places(text: str, offset: int, hits: list[tuple[int, int]]) -> list[Place]:
    found = [(m.start(), m.end(), "redacted") for m in MASK.finditer(text)]
    return [*found, *((start - offset, end - offset, "hit") for start, end in hits)]


def _plain(text: str, hits: list[tuple[int, int]]) -> Node:
    return h("p", None, marked(text, _places(text, 0, hits)))


def _paragraph(row: dict[str, Any], cable: str, hits: list[tuple[int, int]], at: str | None) -> Iterator[Node]:
    if row["heading"]:
        yield h("h4", None, row["heading"])
    here = anchor(row, cable)
    inside = [(a, b) for a, b in hits if row["start"] <= a and b <= row["end"]]
    inner = marked(row["text"], _places(row["text"], row["start"], inside))
    number = "·" if row["number"] is None else f"¶{row['number']}"
    attributes = {
        "class": "cl-link",
        "href": f"#{here}",
        "data-act": "paragraph",
        "data-value": here,
        "data-copy": here,
        "title": f"{here}: point here and copy the permalink",
        "aria-label": f"permalink {here}",
    }
    part = "" if row["part"] == "body" else f" cl-part cl-{row['part']}"
    mine = here == at
    block = {
        "id": here,
        "class": f"cl-par{part}{' cl-here' * mine}",
        "data-scroll": here if mine else None,
        "aria-current": "location" if mine else None,
    }
    label = h("span", {"class": "cl-partname"}, row["part"]) if part else None
    level = row["marking"] and tip(f"({row['marking']})", glosses.marking(row["marking"]))
    margin = h("div", {"class": "cl-margin"}, h("a", attributes, number), level or None, label)
    yield h("div", block, margin, h("p", None, inner))


def _header(cable: Cable, whole: Corpus) -> Node:
    rows = []
    for line in header(cable):
        if line.label == "References":
            values = _references(cable.references, whole)
        else:
            between = "; " if line.between == "\n" else line.between
            values = _joined((tip(value.text, value.meaning) for value in line.values), between)
        rows.append(h("tr", None, h("th", {"scope": "row"}, line.label), h("td", None, values)))
    return h("table", {"class": "cl-header", "aria-label": "header"}, h("tbody", None, rows))


def _joined(nodes: Iterable[Node], between: str = ", ") -> list[Node]:
    out: list[Node] = []
    for node in nodes:
        out += [between, node] if out else [node]
    return out


def opener(cable: str, text: str, title: str) -> Node:
    """Return a button that opens a cable in the Reader."""
    return h("button", {"class": "cl-open", "data-act": "open", "data-value": cable, "title": title}, text)


def _references(references: pl.DataFrame, whole: Corpus) -> list[Node]:
    out = []
    for row in references.iter_rows(named=True):
        name = row["target"] or " ".join((row["raw"] or "").split())
        label: Node = f"{row['label']}. " if row["label"] else ""
        note = f" {row['note']}" if row["note"] else ""
        if row["target"] and row["target"] in whole:
            link = opener(row["target"], name, f"open {row['target']}")
        else:
            why = "this corpus does not hold it" if row["target"] else f"not a cable: {row['kind']}"
            link = h("span", {"class": "cl-unheld", "title": why}, name, h("small", None, f" ({why})"))
        out.append(h("li", None, label, link, h("small", None, note)))
    return [h("ul", {"class": "cl-plain"}, out)] if out else []


def _citing(cable: Cable, whole: Corpus) -> Node:
    citing = (
        whole.lazy("references")
        .filter(pl.col("target") == cable.id, pl.col("cable") != cable.id)
        .select("cable")
        .unique()
        .join(whole.lazy("cables").select("cable", "sent", "subject"), on="cable")
        .sort("sent", "cable")
        .collect()
    )
    items = [
        h("li", None, opener(key, key, f"open {key}"), f" {sent:%Y-%m-%d} " if sent else " ", subject or "")
        for key, sent, subject in citing.head(MOST_CITING).iter_rows()
    ]
    more = citing.height - len(items)
    last = h("li", {"class": "cl-note"}, f"{more} more") if more else None
    title = f"Cited by {counted(citing.height, 'cable')} of this corpus"
    return h(
        "section", {"aria-label": "cited by", "class": "cl-citing"}, h("h4", None, title), h("ul", None, items, last)
    )


def _notes(cable: Cable) -> Iterator[str]:
    if cable["text_held"] is False:
        yield "record without text: what is shown is the record's own word"
    elif cable["partial"]:
        yield "partial extract: the copy says that parts are left out"
    for code, message in cable.problems.select("code", "message").iter_rows():
        yield f"{code}: {message}"
