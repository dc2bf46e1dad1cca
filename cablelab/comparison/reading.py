"""From a corpus to the versions that are compared, and what makes a comparison doubtful."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import polars as pl

from cablelab.comparison.model import Version
from cablelab.comparison.sentences import of_cable
from cablelab.ids import read as read_id

if TYPE_CHECKING:
    from cablelab.corpus import Corpus

_PROSE = ("paragraph", "blank", "heading")
_FIELDS = ("cable", "post", "mission", "year", "number", "sent", "classification", "subject", "partial")


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
    wanted = pl.col("cable").is_in(list(dict.fromkeys(ids)))
    cables, texts, paragraphs, spans = pl.collect_all(
        [
            corpus.lazy("cables").filter(wanted).select(_FIELDS),
            corpus.lazy("texts").filter(wanted),
            corpus.lazy("paragraphs").filter(wanted).select("cable", "position", "number", "start", "end", "part"),
            corpus.lazy("spans")
            .filter(wanted & ~pl.col("role").cast(pl.String).is_in(_PROSE))
            .select("cable", "start", "end"),
        ]
    )
    fields = {row["cable"]: row for row in cables.iter_rows(named=True)}
    text = dict(texts.iter_rows())
    own: dict[str, list[tuple[int, int | None, int, int, str]]] = {name: [] for name in fields}
    for cable, *row in paragraphs.iter_rows():
        own[cable].append(tuple(row))
    noise: dict[str, list[tuple[int, int]]] = {name: [] for name in fields}
    for cable, start, end in spans.iter_rows():
        noise[cable].append((start, end))
    made: dict[str, Version] = {}
    for name in fields:
        rows = sorted(own[name])
        places = [(position, start, end) for position, _, start, end, _ in rows]
        cut = of_cable(name, text.get(name, ""), places, noise[name])
        numbers = {position: number for position, number, _, _, _ in rows}
        made[name] = Version(name, fields[name], cut, numbers, {row[0]: row[4] for row in rows})
    return [made[name] for name in ids]


def remarks(corpus: Corpus, chain: list[Version]) -> list[tuple[str, ...]]:
    """Say for each step what makes `dropped` or `added` doubtful.

    Parameters
    ----------
    corpus
        The corpus that the versions came from.
    chain
        The versions, the earliest first.

    Returns
    -------
    list of tuple of str
        One tuple a step: partial extracts, cables without paragraphs, and cables of the same mission that the newer
        one cites and the corpus does not hold, if by their ids they lie between the two.
    """
    cited = (
        corpus.lazy("references")
        .filter(pl.col("cable").is_in([v.cable for v in chain]) & (pl.col("kind") == "cable") & ~pl.col("held"))
        .select("cable", "target")
        .drop_nulls()
        .collect()
    )
    missing: dict[str, list[str]] = {}
    for cable, target in cited.iter_rows():
        missing.setdefault(cable, []).append(target)
    posts = {v.fields["post"] for v in chain if v.fields["post"]}
    out = []
    for old, new in pairwise(chain):
        told = []
        for v in (old, new):
            if v.fields["partial"]:
                told.append(f"{v.cable} is a partial extract: what its missing part said is unknown")
            if not v.sentences:
                told.append(f"{v.cable} has no paragraph that could be read")
        for target in dict.fromkeys(missing.get(new.cable, ())):
            if _between(target, old.fields, new.fields, posts):
                told.append(f"{target}, cited by {new.cable}, lies between and is not held")
        out.append(tuple(told))
    return out


def _between(target: str, old: dict[str, Any], new: dict[str, Any], posts: set[str]) -> bool:
    found = read_id(target)
    if found is None or found.post not in posts:
        return False
    year, number = found.year, found.number

    def key(fields: dict[str, Any], post: str) -> tuple[int, int] | None:
        if fields["year"] is None:
            return None
        return fields["year"], (fields["number"] or 0) if fields["post"] == post else -1

    low, high = key(old, found.post), key(new, found.post)
    if low is None or high is None:
        return False
    after = year > low[0] or (year == low[0] and low[1] >= 0 and number > low[1])
    before = year < high[0] or (year == high[0] and high[1] >= 0 and number < high[1])
    return after and before
