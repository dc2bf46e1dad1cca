"""Telegrams of 1973-79 whose sections are held in separate records: joined into one cable, the records kept as its copies.

The archive gives the sections of a long telegram mostly in one record and sometimes in several of one document number. Each of these
looks like a copy of the cable that breaks off. Their texts are put one behind the other and read again as one message: what stood
around the message in each stays in the text and is set aside.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from hashlib import sha256
from itertools import repeat
from typing import Any

import polars as pl

from cablelab.message import Message, Span, parse
from cablelab.message.aside import blanked, repeated_headers
from cablelab.message.grammar import COUNT, count_of
from cablelab.reading.rows import RAW, frames_of

LAST_YEAR = 1979
_OF = re.compile(rf"\b(?:SECTION[ ]+({COUNT})|(?<=\d[ ])[ ]*(\d\d))[ ]+OF[ ]+{COUNT}\b")
SPLIT = ("sections", "text_held")  # columns of `cables` that tell which are in sections
AT_A_TIME = 1_000  # cables whose copies' texts are held together
_SET_ASIDE = frozenset(("chrome", "attributes", "distribution", "drafting", "relay", "stamp", "furniture"))
_AROUND = frozenset(("chrome", "attributes"))

Fetch = Callable[[str, pl.Series], pl.DataFrame]


def joined(cables: pl.DataFrame, fetch: Fetch) -> dict[str, pl.DataFrame] | None:
    """Join the sections of each cable of which no single copy holds as many as all together.

    Parameters
    ----------
    cables
        All copies, with their keys: `copy`, `cable`, `year` and the columns `SPLIT`.
    fetch
        Gives the rows of a frame (`cables`, `texts`, `spans`, `references`, `addressees`) that belong to some copies, which are in
        order, as `cablelab.reading.rows.RAW` has them; cables with their keys.

    Returns
    -------
    One more copy for each such cable, fuller than all others, as frames by name; None where there is none.
    """
    several = cables.filter((pl.col("year") <= LAST_YEAR) & pl.col("cable").is_duplicated())
    split = (pl.col("sections").max().over("cable") > 1) & pl.col("text_held")
    groups = several.filter(split).group_by("cable", maintain_order=True).agg("copy")
    wholes: list[tuple[int, dict[str, Any], Message, str]] = []
    for some in groups.iter_slices(AT_A_TIME):
        every = some["copy"].explode().sort()
        rows = {row["copy"]: row for row in fetch("cables", every).iter_rows(named=True)}
        texts = dict(fetch("texts", every).select("copy", "text").iter_rows())
        spans: dict[int, list[Span]] = {}
        for copy, *span in fetch("spans", every).select("copy", "start", "end", "role").iter_rows():
            spans.setdefault(copy, []).append(Span(*span))
        for group in some["copy"].to_list():
            copies = _complementing(group, texts, spans)
            if not copies:
                continue
            text, start, end, asides = _laid([(texts[copy], spans[copy]) for copy in copies])
            message = parse(text, start, end, asides, rows[copies[0]]["year"])
            number = cables.height + len(wholes)
            fullest = max(rows[copy]["rank"] for copy in group)
            row = rows[copies[0]] | _told(message, text, [rows[copy] for copy in copies], fullest)
            wholes.append((copies[0], row | {"copy": number}, message, text))
    return _frames(wholes, fetch) if wholes else None


def held(text: str, spans: Sequence[Span]) -> frozenset[int]:
    """Say which sections a text holds, by its classification lines and the banners of its pages.

    >>> line = "UNCLAS SECTION 02 OF 03 OSLO 00012"
    >>> sorted(held(line, [Span(0, len(line), "classification")]))
    [2]
    """
    found = set()
    for span in spans:
        if span.role in ("classification", "page-break"):
            found |= {count_of(m[1] or m[2]) for m in _OF.finditer(text, span.start, span.end)}
    return frozenset(found)


def _complementing(copies: list[int], texts: dict[int, str], spans: dict[int, list[Span]]) -> list[int]:
    """Choose copies that hold different sections, in order; none where one of them holds all that any does."""
    sections = {copy: held(texts[copy], spans[copy]) for copy in copies}
    every = frozenset().union(*sections.values())
    if any(sections[copy] == every for copy in copies):
        return []
    chosen: list[int] = []
    covered: set[int] = set()
    for copy in sorted(copies, key=lambda copy: (-len(sections[copy]), -len(texts[copy]), copy)):
        if sections[copy] and not sections[copy] & covered:
            chosen.append(copy)
            covered |= sections[copy]
    return sorted(chosen, key=lambda copy: min(sections[copy])) if len(chosen) > 1 else []


def _laid(parts: list[tuple[str, list[Span]]]) -> tuple[str, int, int, list[tuple[int, int, str]]]:
    """Put the texts one behind the other; also where the message begins and ends, and what is set aside in between."""
    start = parts[0][1][0].end if parts[0][1] and parts[0][1][0].role == "chrome" else 0
    asides: list[tuple[int, int, str]] = []
    at = end = 0
    for text, spans in parts:
        end = at + len(text)
        for span in reversed(spans):  # what stands below the message of the last one
            if span.role not in _AROUND:
                break
            end = at + span.start
        asides += [(at + a, at + b, role) for a, b, role in spans if role in _SET_ASIDE]
        at += len(text) + 1
    inside = [aside for aside in asides if aside[2] != "chrome" or start <= aside[0] < end]
    return "\n".join(text for text, _ in parts), start, end, inside


def _told(message: Message, text: str, parts: list[dict[str, Any]], fullest: int) -> dict[str, Any]:
    """Give what the row of a joined cable says otherwise than that of its first part."""
    first, *others = (part["source"] for part in parts)
    names = [first, *(re.split(r"[/\\]", source)[-1] for source in others)]
    return {
        "paragraphs": len(message.paragraphs),
        "words": message.words,
        "redactions": len(message.redactions),
        "summary": message.summary,
        "signed_by": message.signed_by,
        "sections": message.sections,
        "partial": message.partial or len(held(text, message.spans)) < message.sections,
        "source": " + ".join(names),
        "sha256": sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        "rank": fullest + 4 * message.words,
    }


def _frames(wholes: list[tuple[int, dict[str, Any], Message, str]], fetch: Fetch) -> dict[str, pl.DataFrame]:
    firsts = pl.Series([first for first, *_ in wholes], dtype=pl.UInt32)
    numbers = pl.DataFrame(
        {"copy": firsts, "new": [row["copy"] for _, row, *_ in wholes]}, schema_overrides={"new": pl.UInt32}
    )

    def of_the_first(frame: pl.DataFrame) -> pl.DataFrame:
        rows = frame.join(numbers, on="copy", maintain_order="left")
        return rows.with_columns(copy="new").drop("new").sort("copy", maintain_order=True).select(frame.columns)

    rows = frames_of()
    for _, row, message, text in wholes:
        copy, whole = row["copy"], blanked(text, repeated_headers(message.spans))
        whole = blanked(whole, [span for span in message.spans if span.role in _SET_ASIDE])
        rows["texts"].extend((), copy=(copy,), text=(text,))
        rows["spans"].extend(message.spans, copy=repeat(copy, len(message.spans)))
        rows["paragraphs"].extend(
            message.paragraphs, copy=repeat(copy, len(message.paragraphs)), position=range(len(message.paragraphs)),
            text=[whole[p.start : p.end] for p in message.paragraphs],
        )  # fmt: skip
        rows["redactions"].extend(message.redactions, copy=repeat(copy, len(message.redactions)))
        problems = message.problems
        rows["problems"].extend(problems, copy=repeat(copy, len(problems)), source=repeat(row["source"], len(problems)))
    out = {name: rows[name].frame() for name in ("texts", "spans", "paragraphs", "redactions", "problems")}
    out["cables"] = pl.DataFrame([row for _, row, *_ in wholes], schema=RAW["cables"])
    for name in ("references", "addressees"):
        out[name] = of_the_first(fetch(name, firsts.sort()).select(*RAW[name]))
    return out
