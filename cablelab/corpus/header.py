"""The header of a cable as it is shown: one list of its lines, for the notebook, the terminal and the Reader alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import polars as pl

from cablelab.facts import glosses


class Shown(Protocol):
    """A cable as views read it: its fields by column name, and its rows of the other frames."""

    @property
    def id(self) -> str:
        """The key."""

    @property
    def text(self) -> str:
        """The text that all offsets refer to."""

    @property
    def paragraphs(self) -> pl.DataFrame:
        """Its paragraphs."""

    @property
    def addressees(self) -> pl.DataFrame:
        """Its sender and addressees."""

    @property
    def tags(self) -> pl.DataFrame:
        """Its TAGS codes."""

    @property
    def references(self) -> pl.DataFrame:
        """Its references."""

    @property
    def problems(self) -> pl.DataFrame:
        """What was odd about it."""

    def __getitem__(self, column: str) -> Any: ...


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a line: its text, what that means, and for a reference the id it names and whether the corpus holds that."""

    text: str
    meaning: str | None = None
    target: str | None = None
    held: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a header: what it is called, its values, what stands between them, and whether plain text spells meanings out."""

    label: str
    values: tuple[Value, ...]
    between: str = ", "
    spelled: bool = False

    def words(self) -> str:
        """Write the values as plain text."""
        return self.between.join(self._word(value) for value in self.values)

    def _word(self, value: Value) -> str:
        meaning = f" ({value.meaning})" if self.spelled and value.meaning else ""
        return f"{value.text}{meaning}{' · in this corpus' if value.held else ''}"


def header(cable: Shown) -> list[Line]:
    r"""List the lines of a cable's header that say something.

    Examples
    --------
    >>> import cablelab as cl
    >>> from datetime import date
    >>> cable = cl.parse("UNCLAS OSLO 000012\nSIPDIS\n\nSUBJECT: FISH\n\n1. Catches fell.", date(2007, 5, 3))["07OSLO12"]
    >>> [(line.label, line.words()) for line in header(cable)][:3]
    [('Post', 'OSLO · Norway · EUR'), ('Sent', '2007-05-03 (by the page)'), ('Classification', 'UNCLASSIFIED')]
    """
    lines = (
        Line("Post", _plain(cable["post"], cable["mission"], cable["bureau"]), " · "),
        Line("Sent", _plain(_sent(cable))),
        Line("Classification", _glossed([cable["classification"], *(cable["handling"] or [])], glosses.CAPTIONS), " "),
        Line("Captions", _glossed(cable["captions"] or [], glosses.CAPTIONS)),
        Line("Precedence", _glossed(cable["precedence"] or [], glosses.PRECEDENCES)),
        *(
            Line(label, _plain(*_names(cable.addressees, role)), "\n")
            for label, role in (("From", "from"), ("To", "to"), ("Info", "info"))
        ),
        Line("TAGS", tuple(_tags(cable.tags)), spelled=True),
        Line("References", tuple(_references(cable.references)), "\n"),
        Line("Classified by", _plain(cable["classified_by"], cable["classified_title"])),
        Line("Reason", _plain(cable["classified_reason"])),
        Line("Signed", _plain(cable["signed_by"])),
        Line("Source", _plain(cable["source"])),
    )
    return [line for line in lines if line.values]


def _plain(*values: str | None) -> tuple[Value, ...]:
    return tuple(Value(value) for value in values if value)


def _glossed(values: Iterable[str | None], meanings: Mapping[str, str]) -> tuple[Value, ...]:
    return tuple(Value(value, meanings.get(value)) for value in values if value)


def _sent(cable: Shown) -> str | None:
    sent = cable["sent"]
    if not sent:
        return None
    exact = "%Y-%m-%d %H:%M UTC" if cable["sent_from"] == "dtg" else "%Y-%m-%d"
    doubt = {"page": " (by the page)", "inferred": " (inferred from other cables)"}.get(cable["sent_from"], "")
    return f"{sent:{exact}}{doubt}"


def _names(addressees: pl.DataFrame, role: str) -> Iterator[str]:
    for row in addressees.filter(pl.col("role") == role).iter_rows(named=True):
        yield " ".join(v for v in (row["name"] or row["post"], row["precedence"]) if v)


def _tags(tags: pl.DataFrame) -> Iterator[Value]:
    for row in tags.iter_rows(named=True):
        yield Value(row["tag"], ", ".join(v for v in (row["meaning"], row["kind"]) if v) if row["meaning"] else None)


def _references(references: pl.DataFrame) -> Iterator[Value]:
    for row in references.iter_rows(named=True):
        label = f"{row['label']}. " if row["label"] else ""
        note = f" ({row['note']})" if row["note"] else ""
        name = row["target"] or " ".join((row["raw"] or "").split())
        yield Value(f"{label}{name}{note}", None, row["target"], bool(row["held"]))
