"""The year that a reference leaves out, as far as the citing cable alone can tell it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cablelab.ids import written
from cablelab.message import Reference
from cablelab.message import target as target_of
from cablelab.reading.identity import Identity


@dataclass(frozen=True, slots=True)
class Cited:
    """The id that a reference means, and the one of the year before where only other cables can tell which of both it is."""

    target: str | None
    earlier: str | None


def cited(references: Sequence[Reference], citing: Identity) -> Iterator[Cited]:
    """Give the ids that the references of one cable mean, in their order."""
    stated = {(r.post, r.year) for r in references if r.year is not None}
    for r in references:
        target, earlier = target_of(r, citing.year), _earlier(r, citing)
        if earlier is not None and (r.post, int(earlier[:2])) in stated:
            target, earlier = earlier, None  # the list itself names that post with that year
        yield Cited(target, earlier)


def _earlier(r: Reference, citing: Identity) -> str | None:
    """Give the id of the year before where a reference without a year names a number that its own post had not reached yet.

    Numbers restart each January and no cable cites a later one; parallel drafts are a few numbers apart.
    """
    own, year = citing.number, citing.year
    if (
        r.year is not None
        or r.number is None
        or r.post != citing.post
        or own is None
        or year is None
        or r.number <= own + 20 + own // 10
    ):
        return None
    return None if r.post is None else written(year - 1, r.post, r.number)
