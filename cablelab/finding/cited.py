"""What a citation says, before any corpus is asked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cablelab.finding.days import Day
from cablelab.finding.offices import Party


@dataclass(frozen=True, slots=True)
class Cited:
    """One citation: its place in the notes and what it says; `year` is the year of the telegram where the citation itself tells it.

    `film_year` is the film number's where it is not that of the printed day; `kind` is `telegram`, `airgram`, `despatch`, `other` (a
    service with a series of its own) or `travelling` (SECTO, TOSEC and the like, begun anew on each journey).
    """

    start: int
    end: int
    sender: Party = field(default_factory=Party)
    to: Party = field(default_factory=Party)
    number: int | None = None
    on: Day | None = None
    year: int | None = None
    year_from: str | None = None
    film: str | None = None
    film_year: int | None = None
    kind: str = "telegram"


_STOP = re.compile(
    r"\n[ \t]*\n|\n(?=[ \t]*\d{1,3}[.)]\s)|\.\s+(?=[A-Z(“\"]|\d{1,3}[.)]\s)|;"
)  # a sentence's end, or the next note's number
NEXT_NOTE = re.compile(r"\n[ \t]*\n|\n(?=[ \t]*\d{1,3}[.)]\s)|[.;]\s+(?=\d{1,3}[.)]\s)")
_SHORT = re.compile(
    r"\b(?:[A-Z]|Nos?|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|St|Amb|al|Dept|Tel|tel|Emb|U\.S)$"
)  # a stop behind these ends no sentence
FAR = 1_000  # characters that a sentence is followed back at most


def sentence_end(text: str, start: int, limit: int) -> int:
    """Give the place where the sentence ends that goes on at `start`, at most `limit`."""
    found = _STOP.search(text, start, limit)
    while found and _SHORT.search(text[max(start, found.start() - 5) : found.start()]):
        found = _STOP.search(text, found.end(), limit)
    return found.start() if found else limit


def sentence_start(text: str, at: int) -> int:
    """Give the place where the sentence begins in which `at` lies."""
    begin = max(0, at - FAR)
    for found in _STOP.finditer(text, begin, at):
        if not _SHORT.search(text[max(0, found.start() - 5) : found.start()]):
            begin = found.end()
    return begin
