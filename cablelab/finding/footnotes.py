"""Citations in a page of notes: where each stands and what it says, before any corpus is asked.

Shapes, from some nine thousand notes of printed documentary volumes and from scholars' own notes: `telegram N from POST, date`, `telegram N to
POST, date`, `POST telegram N`, `Telegram N, SENDER to POST, date`, `SENDER to POST, Telegram N, date, film`, `Telegram, PERSON to PERSON, date`,
`The Embassy in POST reported in telegram N`, `telegrams N from POST and N from POST`, `Embtel N`, `POST N OF YEAR`, message ids whole or broken
at a line's end.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace

from cablelab.finding.bare import YEAR_BEHIND, ids_in, pairs_in, posts_in, spaced_in, with_years, year_of
from cablelab.finding.cited import NEXT_NOTE, Cited, sentence_end
from cablelab.finding.days import MONTH, Day, dated_numbers, days_in
from cablelab.finding.offices import DEPARTMENT, Party, post_named
from cablelab.finding.parties import by_context, other_service, parties, respectively
from cablelab.ids import full_year

_FILM = re.compile(r"\b([DPN](\d\d)\d{4}[-–]\d{4})\b")
_OWN = (
    r"(?P<own>[Ee]mb|EMB|[Dd]ep|DEP|[Cc]on|[Ll]eg)(?:[Tt]els?|TELS?|airgram)"
    r"|(?P<office>[Ee]mbassy|[Dd]epartment)(?:[’']s)?\s(?:telegrams?|cables?)"
)
_ANCHOR = re.compile(  # a word for telegram, or a number with which a list goes on
    rf"\b(?:(?P<word>[Tt]elegrams?|TELEGRAMS?|[Tt]els?\b\.?(?!\sAviv)|[Cc]ables?|{_OWN}|[Aa]irgrams?|[Dd]espatch(?:es)?"
    r"|(?=(?:Tosec|TOSEC)\s\d{1,6}\s?/\s?\d{4,6}\b))(?![a-z])"
    r"|(?:(?<=,\s)|(?<=;\s)|(?<=and\s))(?!(?:19[4-9]|20[01])\d\b)(?=\d{2,6}(?:(?:,|,?\sand)\s\d{2,6}){0,8}(?:\s\([A-Z\d][^()\n]{2,18}\))?\s(?:from|to)\s(?:the\s)?[A-Z]))"
)
_YEAR = r"(?:19[4-9]|20[01])\d\b(?!,\s\d|,?\sand\s|\s(?:from|to)\s)"  # behind a number and a comma: no number
_NUMBERS = re.compile(
    r"[,:]?\s{0,2}(?:[Nn]os?\.?\s?|[Nn]umbers?\s|#)?(?P<numbers>(?:A[-–])?(?:\d{1,3}(?:,\d{3})\b|\d{1,6}\b))(?!\s?/\s?\d)"
    rf"(?P<more>(?:(?:,\s(?!{_YEAR})|,?\sand\s|\s?&\s?)\d{{2,6}}\b(?!,?\s(?:19|20)\d\d|\s(?:of\s)?{MONTH}|[./]\d|th\b))*)"
)
_LATE = re.compile(  # a document's heading gives the number behind its date
    r"\b(?:[Nn](?:o|umber|r)\.?\s(\d{1,3},\d{3}|\d{2,6})\b|\d{4}Z\.?\s+(\d{2,6})\.(?=\s|$))"
)
_ONE = re.compile(r"\d{1,3},\d{3}|\d+")
_SERIES = re.compile(
    r"[,:]?\s{0,2}(?:no\.?\s)?(?:\d{1,6}/)?(?:(?:Secto|Tosec|Hakto|Tohak|SECTO|TOSEC|HAKTO|TOHAK|Cedto|Polto|Topol|Usmsg|Voyto|Tovoy|Ripto|Wohak)\s+\d+"
    r"|(?:WH|CAS|JCS|CA|DIA|SD|IN|TDCS)[- ]?\d+)"
)
_DOUBLE = re.compile(  # what the Department sends a travelling Secretary bears its own number and one of that journey's series
    r"[,:]?\s{0,2}(?:[Nn]o\.?\s)?(?:(?P<before>\d{4,6})\s?[/(]\s?(?:Tosec|TOSEC)\s\d{1,6}\)?"
    r"|(?:Tosec|TOSEC)\s\d{1,6}\s?[/(]\s?(?:(?:State|STATE)\s)?(?P<behind>\d{4,6})\b\)?)"
)
FAR = 120  # characters between a citation and the same telegram's id


def citations(text: str, year: int | None = None) -> list[Cited]:
    """Find the citations of telegrams in notes, in their order.

    Parameters
    ----------
    text
        One note or a page of them.
    year
        The year of the document that the notes belong to; it serves where a note tells none, and is told apart in `year_from`.

    Returns
    -------
    list of Cited; `year_from` is `printed`, `film`, `before` (another date of the same sentence), `document` or None.

    Examples
    --------
    >>> [(c.sender.post, c.number, c.year, c.year_from) for c in citations("telegram 12453 from Athens, November 22, 1976")]
    [('ATHENS', 12453, 1976, 'printed')]
    """
    found = [*ids_in(text)]
    taken = [(c.start, c.end) for c in found]
    found += [c for c in spaced_in(text) if not _inside(c.start, taken)]
    taken = sorted((c.start, c.end) for c in found)
    opened = {a for a, _ in taken}
    anchors = [
        a
        for a in _ANCHOR.finditer(text)
        if not _inside(a.start(), taken) and opened.isdisjoint({a.end() + 1, a.end() + 2})
    ]
    starts = sorted([a.start() for a in anchors] + [a for a, _ in taken])
    last, listed = 0, False
    for anchor in anchors:
        goes_on = anchor["word"] is None
        if anchor["word"] == "" and anchor.start() < last:
            continue
        if goes_on and (anchor.start() < last or not listed or NEXT_NOTE.search(text, last, anchor.start())):
            continue
        cited = _at(text, anchor, last, starts, year)
        if goes_on and not all(c.sender.post for c in cited):
            continue
        found = (_together(found, cited) if goes_on else found) + cited
        listed = any(c.number is not None for c in cited)
        last = max([last, *(c.end for c in cited)])
    for more in (pairs_in(text, year), posts_in(text, year)):
        taken = sorted((c.start, c.end) for c in found)
        found += [c for c in more if not any(a < c.end and c.start < b for a, b in _near(taken, c))]
    return list(_merged(text, sorted(found, key=lambda c: c.start)))


def _inside(place: int, spans: list[tuple[int, int]]) -> bool:
    return any(a <= place < b for a, b in spans)


def _near(spans: list[tuple[int, int]], cited: Cited) -> list[tuple[int, int]]:
    return [span for span in spans if span[0] < cited.end and span[1] > cited.start]


def _together(found: list[Cited], later: list[Cited]) -> list[Cited]:
    """Give the year that stands at the end of a list to its earlier members: `545 from Quito, May 3, and 600 from Lima, May 4, 1974`."""
    dated = next((c for c in later if c.year_from == "printed"), None)
    if dated is None or dated.on is None:
        return found
    out, going = list(found), True
    for n in range(len(out) - 1, -1, -1):
        going = going and out[n].year_from in (None, "document") and later[0].start - out[n].end < FAR * 2
        if not going:
            break
        day = out[n].on
        turned = (
            day is not None and day.month is not None and dated.on.month is not None and day.month > dated.on.month + 6
        )
        out[n] = replace(out[n], year=(dated.year or 0) - turned, year_from="before", on=day or dated.on)
    return out


def _merged(text: str, found: list[Cited]) -> Iterator[Cited]:
    """Join a citation and the id of the same telegram that follows it in the same note."""
    previous: Cited | None = None
    for cited in found:
        same = previous is not None and (previous.sender.post, previous.number) == (cited.sender.post, cited.number)
        if previous is None:
            previous = cited
        elif (
            same
            and cited.start - previous.end < FAR
            and (previous.year == cited.year or previous.year_from in (None, "document"))
            and not NEXT_NOTE.search(text, min(previous.end, cited.start), cited.start)
        ):
            known = previous if previous.year_from in ("printed", "film") else cited
            previous = replace(
                previous,
                end=max(previous.end, cited.end),
                year=known.year,
                year_from=known.year_from,
                on=previous.on or cited.on,
            )
        else:
            yield previous
            previous = cited
    if previous is not None:
        yield previous


def _at(text: str, anchor: re.Match[str], last: int, starts: list[int], document: int | None) -> list[Cited]:
    """Read the citation at the word telegram, cable, Embtel ...: `last` ends the one before it, `starts` are those of all."""
    after, word = anchor.end(), anchor["word"] or ""
    numbers = _NUMBERS.match(text, after)
    values = _values(numbers) if numbers else []
    head = numbers.end() if numbers else after
    if double := _DOUBLE.match(text, after):
        values, head = [int(double["before"] or double["behind"])], double.end()
    dated, end_of_list = dated_numbers(text, values[0], head) if len(values) == 1 else ([], head)
    head = end_of_list
    following = bisect_left(starts, max(head, after, anchor.start() + 1))
    limit = starts[following] if following < len(starts) else len(text)
    stop = sentence_end(text, after, limit)
    kind = {"de": "despatch", "ai": "airgram"}.get(word[:2].lower(), "telegram")
    kind = "airgram" if "airgram" in word or (numbers and numbers["numbers"].startswith("A")) else kind
    kind = "telegram" if anchor["own"] and "airgram" not in word else kind
    kind = "telegram" if anchor["office"] else kind
    if not values and (series := _SERIES.match(text, after)):
        return [
            Cited(
                anchor.start(),
                series.end(),
                kind="travelling" if "to" in series[0].lower() or "ha" in series[0].lower() else "other",
            )
        ]
    if not values and (behind := _number_behind_place(text, after, stop, document)):
        values, head = [behind[0]], after
        dated, end_of_list = dated_numbers(text, *behind)
    elif not values and (late := _LATE.search(text, head, limit)):
        values, stop = [int((late[1] or late[2]).replace(",", ""))], max(stop, late.end())
    on, end = (dated[-1][1], end_of_list) if dated else _date_after(text, head, stop)
    film = _FILM.search(text, head, limit)
    year, source, other = _year(text, on, film, anchor.start(), document)
    sender, to, reach = parties(text, anchor.start(), last, head, stop, year, bool(values))
    trailing = YEAR_BEHIND.match(text, end_of_list, stop) if dated else None
    trailing = trailing or (YEAR_BEHIND.match(text, reach, stop) if reach >= end else None)
    if trailing and values and (on is None or on.year is None):  # `545 (May 3) from Quito, 1974`
        on, end = replace(on or Day(), year=int(trailing[1])), trailing.end()
        year, source, other = _year(text, on, film, anchor.start(), document)
        sender, to, _ = parties(text, anchor.start(), last, head, stop, year, bool(values))
    if double:
        sender = Party(DEPARTMENT)
    if (not values and not (sender or to)) or (not values and on is None):
        return []
    if kind == "telegram" and other_service(text, anchor.start(), last, head, reach):
        kind = "other"
    own_to = anchor["own"] or anchor["office"]
    if own_to and not sender.post:
        sender, to = by_context(text, own_to.lower().startswith("dep"), sender, to, year)
    if not sender and to.post and to.post != DEPARTMENT:
        sender = Party(DEPARTMENT)
    end = max(head, reach, end)
    if film and film.end() <= limit:
        end = max(end, film.end())
    end += text[end : end + 1] == ")" and "(" in text[head - 1 : end]
    if dated:
        cited = Cited(anchor.start(), end, sender, to, film=film[1] if film else None, kind=kind)
        years = with_years(dated, int(trailing[1]) if trailing else None, year, source)
        return [replace(cited, number=n, on=day, year=y, year_from=s) for n, day, y, s in years]
    numbers_or_none: list[int | None] = [*values] or [None]
    senders = respectively(text, reach, stop, year, sender, len(values)) if len(values) > 1 else [sender]
    cited = Cited(anchor.start(), end, sender, to, None, on, year, source, film[1] if film else None, other, kind)
    return [replace(cited, number=n, sender=senders[i % len(senders)]) for i, n in enumerate(numbers_or_none)]


def _number_behind_place(text: str, after: int, stop: int, year: int | None) -> tuple[int, int] | None:
    """Read `telegram from Lusaka 1372`."""
    if (link := re.compile(r"\sfrom\s").match(text, after)) and (named := post_named(text[link.end() : stop], year)):
        number = re.compile(r",?\s(?:no\.?\s)?(\d{2,6})\b(?!\s[A-Z])").match(text, link.end() + named[1])
        return (int(number[1]), number.end()) if number else None
    return None


def _values(numbers: re.Match[str]) -> list[int]:
    words = [numbers["numbers"].removeprefix("A").strip("-–"), *_ONE.findall(numbers["more"] or "")]
    return list(dict.fromkeys(int(word.replace(",", "")) for word in words))


def _date_after(text: str, start: int, stop: int) -> tuple[Day | None, int]:
    if bare := YEAR_BEHIND.match(text, start, stop):  # `telegram 70, 2010`
        return Day(None, None, int(bare[1])), bare.end()
    for _, b, day in days_in(text, start, stop):
        return day, b
    return None, start


def _year(
    text: str, on: Day | None, film: re.Match[str] | None, at: int, document: int | None
) -> tuple[int | None, str | None, int | None]:
    """Give the year, where it comes from, and the film number's where the two disagree (about New Year they may)."""
    filmed = full_year(int(film[2])) if film else None
    if on is not None and on.year is not None:
        turn = on.month in (1, 12) and filmed is not None and abs(filmed - on.year) == 1
        return on.year, "printed", None if filmed in (None, on.year) or turn else filmed
    if filmed is not None:
        return filmed, "film", None
    return *year_of(text, on, at, document), None
