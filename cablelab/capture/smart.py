"""Cables of the SMART system, 2009 and later, as printed or released: a block of labelled lines in the place of header and class line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from cablelab import ids
from cablelab.capture import labels, message_bounds
from cablelab.capture.base import NO_PAGE, Capture, Origin, Page
from cablelab.capture.dates import page_date
from cablelab.capture.telegram import Aside
from cablelab.terms import MONTHS

LABELS = (
    "MRN", "Date/DTG", "Date", "DTG", "From", "Action", "Info", "E.O.", "EO", "TAGS", "Captions", "Caption", "Subject", "Reference", "References",
    "Ref", "Pass Line", "Classified By", "Reason", "Classification", "Derived From", "Declassify On", "Cleared By", "Precedence",
    "Exempt", "SECTION", "Program", "Message Type", "Sensitivity", "Handling",
)  # fmt: skip
BARE = frozenset(("captions", "caption", "pass line", "handling", "sensitivity"))
MRN = re.compile(
    r"^[ \t>]{0,8}MRN:[ \t]*(?P<year>\d\d|\d{4})[ \t-]+(?P<post>[A-Z][A-Z .'-]{1,40}?)[ \t-]+(?P<number>\d{1,7})[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
LINE = re.compile(
    rf"^[ \t>]{{0,8}}({'|'.join(map(re.escape, LABELS))})[ \t]*:[ \t]*(.*)$", re.MULTILINE | re.IGNORECASE
)
GROUP = re.compile(r"(\d\d)(\d\d)(\d\d)Z\s+([A-Z]{3})[A-Z]*\s+(\d{2,4})", re.IGNORECASE)
SIGNED = re.compile(r"^[ \t]*(Signature:[ \t]*)(\S.*)$", re.MULTILINE)
TAIL = re.compile(
    r"^[ \t]*(?:Drafted By|Cleared By|Approved By|Released By|Dissemination Rule|Attachments?|Archive Copy|XMT|Info)[ \t]*:.*$",
    re.MULTILINE,
)
LEVEL_LINE = re.compile(
    rf"^[ \t]*({labels.LEVELS}|SBU|UNCLAS)((?>(?:[ \t]*+/{{1,2}}+[ \t]*+(?:[A-Z][A-Z ]*+|(?<= )))*))[ \t]*$",
    re.MULTILINE,
)


def detect(text: str) -> bool:
    """Say whether `text` has an MRN with a labelled block around it."""
    found = MRN.search(text) if "MRN" in text or "mrn:" in text[:4_000].lower() else None
    return (
        found is not None
        and len({m[1].lower() for m in LINE.finditer(text, max(0, found.start() - 600), found.end() + 2_000)}) >= 4
    )


def read(text: str, origin: Origin) -> Iterator[Capture]:
    """Yield each cable of the print; labels and the drafting block are set aside, so that the values stand as in any message."""
    heads = list(MRN.finditer(text))
    cuts = [
        0,
        *(_top(text, head.start(), before.end()) for before, head in pairwise(heads)),
        len(text),
    ]
    for number, (head, (start, end)) in enumerate(zip(heads, pairwise(cuts), strict=True), 1):
        numbered = replace(origin, source=f"{origin.source}#{number}") if len(heads) > 1 else origin
        yield _one(text[start:end], head.start() - start, numbered)


def _top(text: str, mrn: int, floor: int) -> int:
    """Find where the block of an MRN begins: at the level that stands above it, or at the labels that go before."""
    above = text[max(floor, mrn - 600) : mrn]
    levels = list(LEVEL_LINE.finditer(above))
    return mrn - len(above) + levels[-1].start() if levels else text.rfind("\n", 0, mrn) + 1


def _one(text: str, mrn: int, origin: Origin) -> Capture:
    head = MRN.search(text, max(0, mrn - 10))
    first = max(0, mrn - 600)
    body = message_bounds.NUMBER.search(text, mrn)
    stop = body.start() if body else min(len(text), mrn + 4_000)
    found = {m[1].lower(): m for m in reversed(list(LINE.finditer(text, first, stop)))}
    values = {name: _value(text, m, stop) for name, m in found.items()}
    dtg = GROUP.search(values.get("date/dtg") or values.get("dtg") or values.get("date") or "")
    written = values.get("date/dtg") or values.get("date") or values.get("dtg") or ""
    created, to = (_moment(dtg), "minute") if dtg else (page_date(written), "day")
    level = LEVEL_LINE.search(text, first, mrn) or LEVEL_LINE.search(text, mrn, stop)
    stated = values.get("classification") or (level[0].strip() if level else "")
    level_word = re.search(labels.LEVELS, stated.upper()) or re.search(r"\bSBU\b|UNCLAS", stated.upper())
    page = NO_PAGE if head is None else Page(
        cable=ids.written(int(head["year"]), re.sub("[^A-Z]", "", head["post"].upper()), int(head["number"])),
        created=created,
        created_to=to,
        classification=None if level_word is None else level_word[0] if level_word[0] not in ("SBU", "UNCLAS") else "UNCLASSIFIED",
        origin=values.get("from") or None,
        title=values.get("subject") or None,
    )  # fmt: skip
    # without their labels these lines are what they are in any message
    asides: list[Aside] = [(m.start(1), m.start(2), "furniture") for name, m in found.items() if name in BARE and m[2]]
    end = len(text)
    if (signed := _last(SIGNED, text, stop)) is not None:
        asides.append((signed.start(1), signed.end(1), "furniture"))
    tail = TAIL.search(text, signed.end() if signed else max(stop, len(text) - 3_000))
    if tail is not None:
        asides.append((tail.start(), len(text.rstrip()), "drafting"))
        end = tail.start()
    start = min([m.start() for m in found.values()] + [level.start() if level else mrn])
    return origin.capture(text, "smart", page, start, end, (), tuple(sorted(asides)))


def _last(pattern: re.Pattern[str], text: str, at: int) -> re.Match[str] | None:
    return next(reversed(list(pattern.finditer(text, at))), None)


def _value(text: str, line: re.Match[str], stop: int) -> str:
    """Give a label's value with the lines it goes on over: those indented further than the label."""
    lines, at = [line[2].strip()], line.end()
    while at < stop:
        ends = text.find("\n", at + 1, stop)
        following = text[at + 1 : ends if ends >= 0 else stop]
        if not following.strip() or not following.startswith((" " * 4, "\t")) or LINE.match(following):
            break
        lines.append(following.strip())
        at = ends if ends >= 0 else stop
    return " ".join(filter(None, lines))


def _moment(dtg: re.Match[str]) -> datetime | None:
    day, hour, minute, month, year = dtg.groups()
    try:
        return datetime(
            int(year) + (2000 if len(year) == 2 else 0),
            MONTHS[month.upper()],
            int(day),
            int(hour),
            int(minute),
        )
    except (ValueError, KeyError):
        return None
