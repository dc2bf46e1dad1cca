"""From a corpus and what a user named to the versions that are compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import polars as pl

from cablelab.chaining import chain_of
from cablelab.comparison.model import Version
from cablelab.comparison.sentences import of_cable
from cablelab.errors import NotCables, SameCable, TooFewCables

if TYPE_CHECKING:
    from cablelab.corpus import Corpus

_PROSE = ("paragraph", "blank", "heading")
# a view steps from pair to pair: of each corpus so many cables stay cut into sentences
REMEMBERED = 100
_CUT: WeakKeyDictionary[Corpus, dict[str, Version]] = WeakKeyDictionary()
FIELDS = ("cable", "post", "mission", "year", "number", "sent", "classification", "subject", "partial")


def versions(corpus: Corpus, ids: list[str]) -> list[Version]:
    """Read the named cables from a corpus and cut them into sentences.

    Parameters
    ----------
    corpus
        Any corpus; of an opened one only these cables are read.
    ids
        Ids of cables, however written.

    Returns
    -------
    list of Version
        In the order of `ids`.

    Raises
    ------
    UnknownCable
        If the corpus does not hold one of them.
    """
    ids = [corpus.key(name) for name in ids]
    cut = _CUT.setdefault(corpus, {})
    if wanting := [name for name in dict.fromkeys(ids) if name not in cut]:
        cut.update(_read(corpus, wanting))
    chosen = [cut[name] for name in ids]
    for name in list(cut)[: max(0, len(cut) - REMEMBERED)]:
        del cut[name]
    return chosen


def _read(corpus: Corpus, ids: list[str]) -> dict[str, Version]:
    fields = {values[0]: dict(zip(FIELDS, values, strict=True)) for values in _rows(corpus, "cables", ids, FIELDS)}
    text = dict(_rows(corpus, "texts", ids, ("cable", "text")))
    rows_of: dict[str, list[tuple[int, int | None, int, int, str]]] = {name: [] for name in fields}
    for cable, *row in _rows(corpus, "paragraphs", ids, ("cable", "position", "number", "start", "end", "part")):
        rows_of[cable].append(tuple(row))
    noise: dict[str, list[tuple[int, int]]] = {name: [] for name in fields}
    for cable, start, end, role in _rows(corpus, "spans", ids, ("cable", "start", "end", "role")):
        if role not in _PROSE:
            noise[cable].append((start, end))
    cites = citing(corpus, ids)
    versions: dict[str, Version] = {}
    for name in fields:
        rows = sorted(rows_of[name])
        places = [(position, start, end) for position, _, start, end, _ in rows]
        cut = of_cable(name, text.get(name, ""), places, noise[name])
        numbers = {position: number for position, number, _, _, _ in rows}
        versions[name] = Version(
            name, fields[name], cut, numbers, {row[0]: row[4] for row in rows}, cites.get(name, ())
        )
    return versions


def _rows(corpus: Corpus, name: str, ids: Sequence[str], columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Give rows by some of their columns; for so few that an expression of polars would take longer."""
    frame = corpus.rows(name, ids)
    return zip(*(frame[column].to_list() for column in columns), strict=True)


def citing(corpus: Corpus, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Give the cables that each of some cables cites, each once."""
    found: dict[str, dict[str, None]] = {}
    for cable, kind, target in _rows(corpus, "references", ids, ("cable", "kind", "target")):
        if kind == "cable" and target is not None:
            found.setdefault(cable, {})[target] = None
    return {cable: tuple(targets) for cable, targets in found.items()}


def in_time(chain: Sequence[Version]) -> list[Version]:
    """Put versions in the order of time where they are certainly not; else leave them as they are."""
    if not any(certainly_later(x, y) for x, y in pairwise(chain)):
        return list(chain)
    return sorted(chain, key=_moment)


def certainly_later(x: Version, y: Version) -> bool:
    """Tell whether one cable is later than another: by dates, else by years, or numbers of one post."""
    a, b = x.fields, y.fields
    if a["sent"] and b["sent"]:
        return bool(a["sent"] > b["sent"])
    if a["year"] is None or b["year"] is None:
        return False
    same = a["post"] == b["post"] and a["number"] and b["number"]
    return bool(a["year"] > b["year"] or (a["year"] == b["year"] and same and a["number"] > b["number"]))


def _moment(v: Version) -> tuple[float, int]:
    sent, year = v.fields["sent"], v.fields["year"]
    known = sent or (datetime(year, 7, 1, tzinfo=UTC) if year else None)
    return known.timestamp() if known else float("inf"), v.fields["number"] or 0


def keys_of(corpus: Corpus, cables: Sequence[object]) -> list[str]:
    """List the keys that a user named: ids, one id of a chain, or the steps of one chain as a frame.

    Parameters
    ----------
    corpus
        The corpus that holds them.
    cables
        What was given.

    Raises
    ------
    NotCables
        If something is neither an id nor the steps of one chain.
    SameCable
        If a cable is named twice.
    TooFewCables
        If fewer than two cables come of it.
    UnknownCable
        If the corpus does not hold one.
    """
    if len(cables) == 1 and isinstance(cables[0], pl.DataFrame):
        ids = _of_steps(cables[0])
    else:
        for x in cables:
            if not isinstance(x, str):
                raise NotCables(x)
        ids = [corpus.key(x) for x in cables if isinstance(x, str)]
        if len(ids) == 1:
            [alone] = ids
            ids = chain_of(corpus, alone)
            if len(ids) < 2:
                raise TooFewCables.unchained(alone)
    ids = [corpus.key(x) for x in ids]
    if twice := next((x for n, x in enumerate(ids) if x in ids[:n]), None):
        raise SameCable(twice)
    if len(ids) < 2:
        raise TooFewCables(ids)
    return ids


def _of_steps(steps: pl.DataFrame) -> list[str]:
    if not {"chain", "order", "cable", "previous"} <= set(steps.columns) or not steps.height:
        raise NotCables(steps)
    if steps["chain"].n_unique() > 1:
        raise NotCables.chains(steps["chain"].unique(maintain_order=True).to_list())
    # a chain may fork: two cables may follow the same one
    pairs = steps.sort("order").select("previous", "cable").iter_rows()
    return list(dict.fromkeys(cable for pair in pairs for cable in pair))
