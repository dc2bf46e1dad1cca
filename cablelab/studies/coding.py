"""Hand-made codes and notes on cables, paragraphs and changes: kept in a file, given back as columns, compared between coders."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from cablelab.errors import InvalidQuery, NotInstalled, SchemaError

if TYPE_CHECKING:
    from cablelab.corpus import Corpus

CODES: dict[str, Any] = {
    "unit": pl.String, "cable": pl.String, "code": pl.String, "value": pl.String, "note": pl.String, "by": pl.String,
    "at": pl.Datetime("us", "UTC"),
}  # fmt: skip
FORMAT = "cablelab-codes-1"


@dataclass(frozen=True, slots=True)
class Coded:
    """One code that one coder gave to one unit: `07ASTANA3256`, `07ASTANA3256#par3`, or `05ALMATY3112>07ASTANA3256#4`, a change."""

    unit: str
    code: str
    value: str
    note: str
    by: str
    at: str


class Codebook:
    """Codes and notes of one or more coders, as a frame that persists.

    Parameters
    ----------
    path
        A JSON file, read if it is there and written at each change; None keeps the codes in memory only.
    by
        Name of the coder whose codes `add` gives.

    Raises
    ------
    SchemaError
        If the file is none of ours; it is left as it is.

    Examples
    --------
    >>> book = Codebook(by="A.")
    >>> book.add("07OSLO12#par3", "stance", "firm")
    >>> book.frame.select("cable", "code", "value").row(0)
    ('07OSLO12', 'stance', 'firm')
    """

    def __init__(self, path: str | Path | None = None, by: str = "") -> None:
        self.path, self.by = None if path is None else Path(path), by
        self._coded: dict[tuple[str, str, str], Coded] = {}
        self._undo: list[dict[tuple[str, str, str], Coded]] = []
        if self.path is not None and self.path.is_file():
            self._coded = {(c.unit, c.code, c.by): c for c in _read(self.path)}

    def __len__(self) -> int:
        return len(self._coded)

    def __repr__(self) -> str:
        units = len({c.unit for c in self._coded.values()})
        return f"<Codebook {len(self):,} codes on {units:,} units>"

    @property
    def frame(self) -> pl.DataFrame:
        """One row a code: `unit`, `cable`, `code`, `value`, `note`, `by` (String), `at` (UTC, null if not told); in the order of units."""
        rows = [
            (c.unit, _cable(c.unit), c.code, c.value, c.note, c.by, datetime.fromisoformat(c.at) if c.at else None)
            for c in sorted(self._coded.values(), key=lambda c: (c.unit, c.code, c.by))
        ]
        return pl.DataFrame(rows, schema=CODES, orient="row")

    def add(self, unit: str, code: str, value: str = "yes", note: str = "") -> None:
        """Give a unit a code; a second value of the same coder replaces the first.

        Raises
        ------
        InvalidQuery
            If `unit` or `code` is empty.

        Examples
        --------
        >>> book = Codebook()
        >>> book.add("07OSLO12", "topic", "fish")
        >>> book.add("07OSLO12", "topic", "grain")
        >>> book.frame["value"].to_list()
        ['grain']
        """
        if not unit.strip() or not code.strip():
            raise InvalidQuery("A code needs a unit, such as '07ASTANA3256#par3', and a name.")
        self._remember()
        at = datetime.now(UTC).isoformat(timespec="seconds")
        self._coded[unit, code, self.by] = Coded(unit, code, value, note, self.by, at)
        self._save()

    def remove(self, unit: str, code: str) -> None:
        """Take back a code of this coder.

        Examples
        --------
        >>> book = Codebook()
        >>> book.add("07OSLO12", "topic")
        >>> book.remove("07OSLO12", "topic")
        >>> len(book)
        0
        """
        self._remember()
        self._coded.pop((unit, code, self.by), None)
        self._save()

    def undo(self) -> None:
        """Take back the last `add`, `remove` or `merge`; nothing happens where there is none.

        Examples
        --------
        >>> book = Codebook()
        >>> book.add("07OSLO12", "topic")
        >>> book.undo()
        >>> len(book)
        0
        """
        if self._undo:
            self._coded = self._undo.pop()
            self._save()

    def merge(self, other: Codebook | pl.DataFrame) -> None:
        """Take in the codes of another coder; where both have one of the same coder, the later stands.

        Examples
        --------
        >>> one, two = Codebook(by="A."), Codebook(by="B.")
        >>> two.add("07OSLO12", "topic")
        >>> one.merge(two)
        >>> len(one)
        1
        """
        frame = other.frame if isinstance(other, Codebook) else other
        if missing := [name for name in CODES if name not in frame.columns and name != "cable"]:
            raise SchemaError(f"A frame of codes has a column {missing[0]!r}; this one does not.")
        self._remember()
        for row in frame.iter_rows(named=True):
            at = row["at"].isoformat(timespec="seconds") if row["at"] is not None else ""
            coded = Coded(row["unit"], row["code"], row["value"], row["note"], row["by"], at)
            key = (coded.unit, coded.code, coded.by)
            if key not in self._coded or self._coded[key].at < coded.at:
                self._coded[key] = coded
        self._save()

    def columns(self, corpus: Corpus) -> pl.DataFrame:
        """Give the corpus's cables with a column a code: the values given to the cable or a part of it, each once.

        Returns
        -------
        DataFrame, the frame `cables` and for each code a List(String), empty where nothing was coded. `unheld` lists the
        codes that have no place in the corpus.

        Examples
        --------
        >>> import cablelab as cl
        >>> corpus = cl.parse("UNCLAS OSLO 000012", sent=None)
        >>> book = Codebook()
        >>> book.add(corpus.ids[0], "topic", "fish")
        >>> book.columns(corpus)["topic"].to_list()
        [['fish']]
        """
        cables = corpus.cables
        for code in sorted({c.code for c in self._coded.values()}):
            values = (
                self.frame.filter(pl.col("code") == code)
                .group_by("cable")
                .agg(pl.col("value").unique(maintain_order=True))
            )
            name = code if code not in cables.columns else f"code_{code}"
            given = values.rename({"value": name})
            cables = cables.join(given, on="cable", how="left", maintain_order="left").with_columns(
                pl.col(name).fill_null([])
            )
        return cables

    def unheld(self, corpus: Corpus) -> pl.DataFrame:
        r"""List the codes whose cable or paragraph the corpus does not hold: slips of the pen, or cables outside a selection.

        `columns` leaves out the codes of a cable that is not held, and counts those of a paragraph that is not there with its cable.

        Returns
        -------
        DataFrame, as `frame`; empty where every code has its place.

        Examples
        --------
        >>> import cablelab as cl
        >>> corpus = cl.parse("UNCLAS OSLO 000012\n\n1. Fish.", sent=None)
        >>> book = Codebook()
        >>> for unit in (corpus.ids[0], f"{corpus.ids[0]}#par1", f"{corpus.ids[0]}#par9", "05FOO1"):
        ...     book.add(unit, "topic")
        >>> book.unheld(corpus)["unit"].str.tail(4).to_list()
        ['FOO1', 'par9']
        """
        cables = set(corpus.ids)
        rows = corpus.paragraphs.select("cable", "number", "position").iter_rows()
        places = {(cable, mark) for cable, n, at in rows for mark in (f"par{n}", f"at{at}")}
        frame = self.frame
        known = []
        for unit, cable in frame.select("unit", "cable").iter_rows():
            mark = unit.partition("#")[2]
            whole = (
                not mark or ">" in unit or "@" in unit
            )  # a change has a number of its own, a copy its own paragraphs
            known.append(cable in cables and (whole or (cable, mark) in places))
        return frame.filter(~pl.Series(known, dtype=pl.Boolean))

    def _remember(self) -> None:
        self._undo = [*self._undo[-99:], dict(self._coded)]

    def _save(self) -> None:
        if self.path is None:
            return
        part = self.path.with_suffix(self.path.suffix + ".part")
        part.write_text(self.to_json(), encoding="utf-8")
        part.replace(self.path)

    def to_json(self) -> str:
        """Give the codes as the text of the file that `Codebook(path)` opens.

        Examples
        --------
        >>> Codebook().to_json().splitlines()[1]
        ' "format": "cablelab-codes-1",'
        """
        rows = [asdict(c) for c in sorted(self._coded.values(), key=lambda c: (c.unit, c.code, c.by))]
        return json.dumps({"format": FORMAT, "codes": rows}, ensure_ascii=False, indent=1)


def _read(path: Path) -> Iterable[Coded]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise KeyError(content["format"])
        return [Coded(**row) for row in content["codes"]]
    except (ValueError, KeyError, TypeError) as error:
        raise SchemaError(f"{str(path)!r} holds no codes of ours ({error}). Give another file for them.") from error


def _cable(unit: str) -> str:
    return unit.partition("#")[0].rpartition(">")[2].partition("@")[0]


def agreement(codes: Codebook | pl.DataFrame, code: str) -> float:
    """Measure how far coders agree on one code: Krippendorff's alpha for nominal values.

    Parameters
    ----------
    codes
        A Codebook with the codes of two coders or more, or its frame.
    code
        Which code.

    Returns
    -------
    float: 1 is agreement throughout, 0 what chance would give, below 0 worse. Units that one coder alone coded do not count.

    Raises
    ------
    InvalidQuery
        If fewer than two coders coded a unit in common, or all gave one and the same value, for which alpha is undefined.
    NotInstalled
        Without krippendorff: install `cablelab[coding]`.

    Examples
    --------
    >>> book = Codebook()
    >>> for by, values in (("A.", "xyxy"), ("B.", "xyxx")):
    ...     book.by = by
    ...     for n, value in enumerate(values):
    ...         book.add(f"07OSLO{n}", "stance", value)
    >>> round(agreement(book, "stance"), 3)
    0.533
    """
    frame = codes.frame if isinstance(codes, Codebook) else codes
    given = frame.filter(pl.col("code") == code)
    common = given.group_by("unit").agg(pl.col("by").n_unique()).filter(pl.col("by") > 1)
    if common.is_empty():
        raise InvalidQuery(f"No unit has the code {code!r} of two coders. Merge the codes of a second coder first.")
    shared = given.join(common.select("unit"), on="unit", how="semi")
    if shared["value"].n_unique() < 2:
        raise InvalidQuery(
            f"All coders gave {code!r} the same value throughout; alpha is undefined without a second value."
        )
    try:
        import krippendorff
    except ImportError as error:
        raise NotInstalled("krippendorff", "coding", "to measure agreement") from error
    numbers = {value: float(n) for n, value in enumerate(shared["value"].unique().sort())}
    table = shared.with_columns(pl.col("value").replace_strict(numbers, return_dtype=pl.Float64)).pivot(
        "by", index="unit", values="value", aggregate_function="first"
    )
    return float(krippendorff.alpha(table.drop("unit").to_numpy().T, level_of_measurement="nominal"))
