"""Find the cable that a footnote means: a page of notes in, one row a citation out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from cablelab.errors import InvalidQuery
from cablelab.errors.arguments import of_corpus
from cablelab.finding.cited import Cited
from cablelab.finding.days import Day, as_date
from cablelab.finding.footnotes import citations
from cablelab.finding.offices import DEPARTMENT, Party
from cablelab.finding.parties import context_post
from cablelab.ids import written

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cablelab.finding.corpus_view import CorpusView

SCHEMA: dict[str, Any] = {
    "citation": pl.Int32, "cited": pl.String, "cable": pl.String, "certain": pl.Boolean, "candidates": pl.List(pl.String),
    "post": pl.String, "number": pl.Int32, "year": pl.Int16, "year_from": pl.Enum(["printed", "film", "before", "held", "document"]),
    "day": pl.Date, "film_number": pl.String, "held": pl.Boolean, "why": pl.String, "start": pl.Int32, "end": pl.Int32,
}  # fmt: skip
MOST = 12  # candidates of one citation that are listed; more are counted in `why`
NO_SERIES = {
    "despatch": "a despatch, which has no telegram's number",
    "airgram": "an airgram; its series is not that of the telegrams",
    "other": "a message of another service, whose numbers are not the post's",
    "travelling": "of a travelling Secretary's series, begun anew on each journey",
}
UNSURE = "not unique:"  # opens `why` where an id fits and others may, too
OWN_SERIES = 1965  # before about this year the Department numbered its telegrams for each post apart


@of_corpus
def find(corpus: Any, text: str, year: int | None = None, *, context: str | None = None) -> pl.DataFrame:
    r"""Find the cables that footnotes mean.

    Parameters
    ----------
    corpus
        A Corpus (or anything with its frames `cables` and `addressees`). What it holds decides between years and finds cables
        that are cited by sender, addressee and day alone; an id that a note prints is read without it.
    text
        A note, or a page of them.
    year
        Year of the document that the notes belong to, four digits, for notes that print no year.
    context
        The document's heading, such as `"Embassy in Germany to Department of State"`: tells which post `Embtel` means.

    Returns
    -------
    DataFrame, one row a citation in the order of the text: `citation` (Int32, from 1), `cited` (its words), `cable` (the id, null
    where none or several fit), `certain` (true where the year is printed or proved, or a held cable bears that day), `candidates`
    (List(String), ids that fit), `post`, `number`, `year` and `year_from` (`printed`; `film`: the film number's; `before`: another
    date of the sentence; `held`: only a held cable of that year bears the day; `document`: the argument `year`), `day` (Date),
    `film_number`, `held` (Boolean), `why`, `start` and `end` (characters of `text`).

    Raises
    ------
    InvalidQuery
        If `text` is empty or no string.

    Notes
    -----
    From PLACE is that post's series; to PLACE is the Department's, unless a sender is named; a country stands for its embassy. From
    PLACE and PLACE leaves the post open: `candidates` then holds an id for each. An id is
    never invented: without a number in the note it comes from the corpus, and without a year `cable` stays null.

    Examples
    --------
    >>> import cablelab as cl
    >>> found = cl.find(cl.sample(), "As reported in telegram 1372 from Lusaka, July 23, 1975.")
    >>> found["cable"].item(), found["certain"].item(), found["held"].item()
    ('75LUSAKA1372', True, False)
    """
    if not isinstance(text, str) or not text.strip():
        raise InvalidQuery("There is no text to look for citations in. Give a footnote, or a page of them.")
    from cablelab.finding.corpus_view import CorpusView

    view = CorpusView(corpus)
    default = context_post(context, year) if context else None
    rows = [_row(n, c, text, view, default) for n, c in enumerate(citations(text, year), 1)]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _row(n: int, cited: Cited, text: str, view: CorpusView, default: str | None) -> tuple[Any, ...]:
    sender, to = cited.sender, cited.to
    if default and not sender and cited.number is not None and to.post == DEPARTMENT:
        sender = Party(default)
    if default and sender.post == DEPARTMENT and not to:
        to = Party(default)
    ids, certain, year, source, why = _resolve(cited, sender, to, view)
    cable = ids[0] if len(ids) == 1 and not why.startswith(UNSURE) else None
    day = as_date(cited.on, year) if cited.on and year else None
    shown = " ".join(text[cited.start : cited.end].split())
    return (
        n, shown, cable, bool(cable) and certain, ids[:MOST], None if sender.others else sender.post, cited.number, year, source, day, cited.film,
        cable is not None and cable in view, why, cited.start, cited.end,
    )  # fmt: skip


Found = tuple[list[str], bool, int | None, str | None, str]


def _resolve(cited: Cited, sender: Party, to: Party, view: CorpusView) -> Found:
    """Give the ids that fit, whether they are sure, the year and where it comes from, and why."""
    if cited.kind in NO_SERIES:
        return [], False, cited.year, cited.year_from, NO_SERIES[cited.kind]
    if cited.number is None:
        return _by_day(cited, sender, to, view)
    if sender.others:
        return _of_several(cited, sender, to, view)
    post = sender.post
    if post is None and sender.person:
        posts = view.posts_of(sender.person, cited.year)
        post = posts[0] if len(posts) == 1 else None
    if post is None:
        return _by_number(cited, view)
    year, source = cited.year, cited.year_from
    if source in (None, "document", "before"):
        years = view.years_with(post, cited.number, cited.on, year)
        if len(years) == 1:
            return [written(years[0], post, cited.number)], True, years[0], "held", "held, and of that day"
    if year is None:
        ids = view.with_number(post, cited.number)
        return ids, False, None, None, f"{UNSURE} no year is printed; " + (_bearing(ids) if ids else "pass year=")
    key = written(year, post, cited.number)
    if post == DEPARTMENT and year < OWN_SERIES:
        return [key], False, year, source, f"{UNSURE} until about 1965 the Department's numbers ran for each post apart"
    if cited.film_year:
        both = {y: written(y, post, cited.number) for y in (year, cited.film_year)}
        fits = [y for y in both if view.years_with(post, cited.number, _yearless(cited.on), y) == [y]]
        if len(fits) == 1:
            return [both[fits[0]]], True, fits[0], "held", "held, and of that day"
        return [*both.values()], False, None, None, f"the day is of {year}, the film number of {cited.film_year}"
    if key not in view or _parted(key, cited.on, year, view):
        others = [y for y in view.years_with(post, cited.number, _yearless(cited.on), None) if y != year]
        if others:
            keys = [key, *(written(y, post, cited.number) for y in others)]
            return keys, False, year, source, f"{keys[1]} is held and of that day: the year may be misprinted"
    other = _parted(key, cited.on, year, view)
    certain = source in ("printed", "film") and not other
    reasons = {"printed": "post, number and year are printed", "film": "post and number are printed, the year is the film number's",
            "before": "the year is that of another date in the sentence", "document": "the year is the document's"}  # fmt: skip
    return [key], certain, year, source, reasons[source or "document"] + other


def _of_several(cited: Cited, sender: Party, to: Party, view: CorpusView) -> Found:
    """Give the ids of a number that several posts may have sent: which of them did, the note does not tell."""
    each = [_resolve(cited, Party(post), to, view) for post in (sender.post, *sender.others)]
    ids = [cable for found in each for cable in found[0]]
    years = {(found[2], found[3]) for found in each}
    year, source = years.pop() if len(years) == 1 else (None, None)
    return ids, False, year, source, f"{UNSURE} {len(each)} posts are named beside the number"


def _bearing(ids: list[str]) -> str:
    return f"{len(ids)} held {'cable bears' if len(ids) == 1 else 'cables bear'} the number"


def _yearless(on: Day | None) -> Day | None:
    return None if on is None else replace(on, year=None)


def _parted(key: str, on: Day | None, year: int, view: CorpusView) -> str:
    """Say where the day that a note prints is not the held cable's."""
    sent, day = view.day(key), as_date(on, year) if on else None
    if sent is None or day is None or abs(sent - day) <= timedelta(days=1):
        return ""
    return f"; the held cable is of {sent}, not of {day}: one of the two is misprinted"


def _by_number(cited: Cited, view: CorpusView) -> Found:
    """Look for a number whose post the note does not tell among held cables of that day."""
    ids = view.of_day(_days(cited), number=cited.number) if cited.on and cited.year else []
    why = "the note names no post" + (f"; {len(ids)} held of that number and day" if ids else "")
    return ids, False, cited.year, cited.year_from, why


def _by_day(cited: Cited, sender: Party, to: Party, view: CorpusView) -> Found:
    """Look for cables that a note names by sender, addressee and day."""
    year, source = cited.year, cited.year_from
    days = _days(cited)
    if not days:
        return [], False, year, source, "no number and no full date"
    posts: Iterable[str] = [sender.post, *sender.others] if sender.post else []
    if sender.person:
        posts = view.posts_of(sender.person, year)
        ids = (
            view.of_day(days, posts=posts, to=to.post) if posts else view.of_day(days, signer=sender.person, to=to.post)
        )
    else:
        ids = view.of_day(days, posts=posts, to=to.post)
    if not ids:
        return [], False, year, source, "no number; the corpus holds no cable of that sender, addressee and day"
    exact = view.of_day(days[:1], among=ids)
    if not exact:
        return ids, False, year, source, f"{UNSURE} no number; {len(ids)} held of that sender and addressee, a day off"
    ids = exact
    if len(ids) > 1:
        return ids, False, year, source, f"no number; {len(ids)} held cables of that sender, addressee and day"
    if sender.others:
        return (
            ids,
            False,
            year,
            source,
            f"{UNSURE} no number, and several posts are named; held, of one of them and that day",
        )
    if not sender:
        return ids, False, year, source, f"{UNSURE} neither number nor sender is named; held, of that addressee and day"
    return ids, False, year, source, "no number; the only held cable of that sender, addressee and day"


def _days(cited: Cited) -> list[date]:
    day = as_date(cited.on, cited.year) if cited.on and cited.year else None
    return [day, day - timedelta(days=1), day + timedelta(days=1)] if day else []


__all__ = ["find"]
