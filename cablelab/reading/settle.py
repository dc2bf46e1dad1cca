"""From parsed messages to frames: columns are gathered batch by batch, then cables are told apart across all of them.

While a batch is read, rows carry the running number of their copy (`copy`). Only when everything is read can it be said which
cable an undated, unnumbered copy is, which references are held and which of several copies is the fullest: that is `settle`.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any

import polars as pl

from cablelab import facts
from cablelab.capture import Capture, Unreadable
from cablelab.frames import SCHEMAS, Words
from cablelab.message import Message, Reference, parse
from cablelab.message import target as target_of
from cablelab.message.aside import blanked
from cablelab.reading.identity import Identity, identify

Types = dict[str, Any]

_KEYLESS: dict[str, Types] = {
    name: {"copy": pl.UInt32, **{c: t for c, t in schema.items() if c != "cable"}}
    for name, schema in SCHEMAS.items()
    if name not in {"copies", "tags"}
}
_KEYLESS["cables"] = {"copy": pl.UInt32, **SCHEMAS["cables"]}
_KEYLESS["cables"]["rank"] = pl.Int64
del _KEYLESS["references"]["held"]
_KEYLESS["references"] |= {"post": pl.String, "number": pl.Int32, "earlier": pl.String}


@dataclass(slots=True)
class Batch:
    """Rows of the copies read so far, one list of tuples for each frame."""

    first: int = 0
    count: int = 0
    rows: dict[str, list[tuple[Any, ...]]] = field(default_factory=lambda: {name: [] for name in _KEYLESS})

    def add(self, capture: Capture, sent: datetime | None = None) -> None:
        """Parse one capture and take in its rows."""
        copy = self.first + self.count
        self.count += 1
        message = parse(capture.text, capture.start, capture.end, capture.asides)
        text = blanked(capture.text, capture.asides)  # what was set aside stands in no paragraph
        identity = identify(capture, message, sent)
        rows = self.rows
        rows["texts"].append((copy, capture.text))
        rows["spans"] += [(copy, *span) for span in message.spans]
        rows["paragraphs"] += [
            (copy, i, p.number, p.marking, p.part, p.heading, text[p.start : p.end], p.start, p.end)
            for i, p in enumerate(message.paragraphs)
        ]
        year = identity.year
        stated = {(r.post, r.year) for r in message.references if r.year is not None}
        for i, r in enumerate(message.references):
            target, earlier = target_of(r, year), _earlier(r, identity)
            if earlier is not None and (r.post, int(earlier[:2])) in stated:
                target, earlier = earlier, None  # the list itself names that post with that year
            elif earlier is not None:
                said = f"{r.raw} has no year, and {r.post} had only reached {identity.number}: it may be {earlier}"
                rows["problems"].append((copy, capture.source, "reference-ahead", "reference", said, r.start, r.end))
            rows["references"].append(
                (copy, i, r.label, r.kind, target, r.raw, r.note, r.start, r.end, r.post, r.number, earlier)
            )
        rows["addressees"] += [(copy, i, *a) for i, a in enumerate(message.addressees)]
        for code, about, text in (*capture.problems, *identity.problems):
            rows["problems"].append((copy, capture.source, code, about, text, None, None))
        for code, about, text, a, b in message.problems:
            rows["problems"].append((copy, capture.source, code, about, text, a, b))
        rows["cables"].append(self._cable(copy, capture, message, identity))

    def refuse(self, item: Unreadable) -> None:
        """Record a source that gave no cable."""
        self.rows["problems"].append((None, item.source, item.code, None, item.message, None, None))

    def _cable(self, copy: int, capture: Capture, message: Message, identity: Identity) -> tuple[Any, ...]:
        page = capture.page
        classification = message.classification
        level, said = _page_level(page.classification)
        if classification is None:
            classification = level
        elif level is not None and level != classification:
            self.rows["problems"].append(
                (copy, capture.source, "classifications-differ", "classification",
                 f"the page says {level}, the message {classification}", None, None)
            )  # fmt: skip
        handling = message.handling or (said if message.classification is None else [])
        if identity.id is None:
            self.rows["problems"].append(
                (copy, capture.source, "unidentified", "cable", _unidentified(message), None, None)
            )
        subject = message.subject or page.title
        key = str(identity.id) if identity.id else None
        rank = (not message.partial) * 1_000_000 + message.words * 2 + (message.dtg is not None)
        return (
            copy, key, identity.cable_from, identity.message_id, identity.post, _mission(identity.post), _bureau(identity.post, identity.year),
            identity.year, identity.number, identity.sent, identity.sent_from, page.released, classification, handling, message.captions,
            message.precedence, subject, message.tags, message.executive_order, message.declassify_on, message.declassify_note,
            message.classified_by, message.classified_title, message.classified_reason, message.signed_by, message.summary, message.sections,
            len(message.paragraphs), message.words, message.redactions, message.partial, message.corrected, capture.format, capture.source,
            capture.sha256, rank,
        )  # fmt: skip

    def frames(self) -> dict[str, pl.DataFrame]:
        """Turn the rows into frames and start afresh with the next copy."""
        built = {name: _frame(rows, _KEYLESS[name]) for name, rows in self.rows.items()}
        self.first, self.count = self.first + self.count, 0
        self.rows = {name: [] for name in _KEYLESS}
        return built


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
    return f"{(year - 1) % 100:02d}{r.post}{r.number}"


def _frame(rows: list[tuple[Any, ...]], types: Types) -> pl.DataFrame:
    if not rows:
        return pl.DataFrame(schema=types)
    flat = list(chain.from_iterable(rows))  # zip(*rows) makes an iterator for each row, which takes twice as long
    return pl.DataFrame([_series(name, flat[i :: len(types)], kind) for i, (name, kind) in enumerate(types.items())])


def _series(name: str, values: list[Any], kind: Any) -> pl.Series:
    if kind == pl.Datetime("us", "UTC"):
        return pl.Series(name, values, dtype=pl.Datetime("us")).dt.replace_time_zone("UTC")
    if kind == Words:  # polars builds a list of strings one by one; joined and split again they are built at once
        joined = pl.Series(name, ["\x1f".join(v) for v in values], dtype=pl.String)
        return joined.str.split("\x1f").list.filter(pl.element() != "")
    return pl.Series(name, values, dtype=kind)


def _unidentified(message: Message) -> str:
    if message.post and message.number:
        return (
            f"{message.post} {message.number} has no date, so its year is unknown; read it together with a cable that cites it, "
            "or tell Python its date: cablelab.parse(text, sent=date)"
        )
    return "no id in the text, on the page or in the file name; name the file after the id, such as 07POST123.txt"


@lru_cache(maxsize=1 << 12)
def _page_level(written: str | None) -> tuple[str | None, list[str]]:
    """Part a page's classification into level and caveats, as the message's own is."""
    if not written:
        return None, []
    upper = written.upper()
    level = next(
        (x for x in ("TOP SECRET", "SECRET", "CONFIDENTIAL", "LIMITED OFFICIAL USE", "UNCLASSIFIED") if x in upper),
        None,
    )
    caveats = ["NOFORN"] * ("NOFORN" in upper) + ["FOUO"] * ("FOR OFFICIAL USE ONLY" in upper)
    return level, caveats


def _mission(post: str | None) -> str | None:
    return facts.mission_of(post) if post else None


def _bureau(post: str | None, year: int | None) -> str | None:
    return facts.bureau_of(post, year) if post else None


def settle(batches: Iterable[dict[str, pl.DataFrame]]) -> dict[str, pl.DataFrame]:
    """Join batches to the frames of a corpus: infer ids, choose among copies, resolve references.

    Returns
    -------
    Frames by name, as `cablelab.frames.SCHEMAS` has them.
    """
    parts: dict[str, list[pl.DataFrame]] = defaultdict(list)
    for batch in batches:
        for name, frame in batch.items():
            parts[name].append(frame)
    raw = {
        name: pl.concat(parts[name]) if parts[name] else pl.DataFrame(schema=types) for name, types in _KEYLESS.items()
    }
    parts.clear()
    cables, references = identified(raw["cables"], raw["references"], raw["texts"])
    keep = preferred(cables)
    keys = cables.select("copy").join(keep, on="copy", how="left", maintain_order="left")["cable"]
    out = {name: _keyed(raw[name], keys, name) for name in ("texts", "spans", "paragraphs", "addressees")}
    return out | settled(cables, references, raw["problems"], raw["texts"], keep)


def identified(
    cables: pl.DataFrame, references: pl.DataFrame, texts: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give every copy its key and every reference the year it lacks; `texts` need hold only copies without a key."""
    cables, references = _infer(cables, references)
    return _key_the_unknown(cables, texts), references


def preferred(cables: pl.DataFrame) -> pl.DataFrame:
    """Choose the fullest copy of each cable; columns `copy` and `cable`, in the order of reading."""
    return (
        cables.select("copy", "cable", "rank")
        .sort(["rank", "copy"], descending=[True, False], maintain_order=True)
        .unique("cable", keep="first", maintain_order=True)
        .select("copy", "cable")
        .sort("copy")
    )


def settled(
    cables: pl.DataFrame, references: pl.DataFrame, problems: pl.DataFrame, texts: pl.DataFrame, keep: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """Build the frames that need all copies at once; `texts` need hold only the copies that are not preferred."""
    out = {}
    out["references"] = _held(references.join(keep, on="copy", how="inner", maintain_order="left"), keep["cable"])
    main = cables.join(keep.select("copy"), on="copy", how="semi", maintain_order="left")
    out["cables"] = main.select(*SCHEMAS["cables"])
    out["tags"] = _tags(out["cables"])
    others = cables.join(keep.select("copy"), on="copy", how="anti", maintain_order="left").join(
        texts, on="copy", maintain_order="left"
    )
    out["copies"] = others.with_columns(preferred=pl.col("cable")).select(*SCHEMAS["copies"])
    if others.height:
        problems = pl.concat([problems, _of_copies(others)])
    inferred = main.filter(pl.col("cable_from") == "inferred")["copy"]
    problems = problems.filter(~((pl.col("code") == "unidentified") & pl.col("copy").is_in(inferred.implode())))
    out["problems"] = problems.join(
        cables.select("copy", "cable"), on="copy", how="left", maintain_order="left"
    ).select(*SCHEMAS["problems"])
    return out


def _of_copies(others: pl.DataFrame) -> pl.DataFrame:
    return others.select(
        "copy",
        "source",
        code=pl.lit("another-copy"),
        field=pl.lit("cable"),
        message=pl.format("another copy of {} is fuller or came first; this one stands in `copies`", "cable"),
        start=pl.lit(None, pl.Int32),
        end=pl.lit(None, pl.Int32),
    )


def _keyed(frame: pl.DataFrame, keys: pl.Series, name: str) -> pl.DataFrame:
    """Give the rows of preferred copies their cable's key, in the order of reading; `keys` has one a copy, null for the others."""
    # a join would copy the texts, which takes as much memory again
    keyed = frame.with_columns(cable=keys.gather(frame["copy"]))
    if keys.null_count():
        keyed = keyed.filter(pl.col("cable").is_not_null())
    return keyed.select(*SCHEMAS[name])


def _held(references: pl.DataFrame, keys: pl.Series) -> pl.DataFrame:
    """Mark the references whose target is held; a target named by another code of the same office is renamed to the held one."""
    known = pl.DataFrame({"target": keys, "here": True}, schema={"target": pl.String, "here": pl.Boolean})
    if references["earlier"].null_count() < references.height:
        held = pl.col("earlier").is_in(keys.implode()) & ~pl.col("target").is_in(keys.implode())
        references = references.with_columns(target=pl.when(held).then("earlier").otherwise("target"))
    if any(p.same_office_as for p in facts.posts().values()):
        absent = references.select("target").drop_nulls().unique().join(known, on="target", how="anti")
        renamed = _other_codes(absent["target"], set(keys.to_list()))
        if renamed:
            references = references.with_columns(pl.col("target").replace(renamed))
    joined = references.join(known, on="target", how="left", maintain_order="left")
    return joined.with_columns(held=pl.col("here").fill_null(False)).select(*SCHEMAS["references"])


def _other_codes(targets: pl.Series, keys: set[str]) -> dict[str, str]:
    found = {}
    parts = targets.str.extract_groups(r"^(\d\d)([A-Z]+)(\d+)$").struct.unnest()
    for target, (year, post, number) in zip(targets, parts.iter_rows(), strict=True):
        offices = facts.same_office(post) if post else ()
        for other in sorted(offices):
            if (key := f"{year}{other}{number}") in keys:
                found[target] = key
                break
    return found


def _tags(cables: pl.DataFrame) -> pl.DataFrame:
    exploded = cables.select("cable", "year", tag="tags").filter(pl.col("tag").list.len() > 0).explode("tag")
    exploded = _apart(exploded)
    exploded = exploded.with_columns(position=pl.int_range(pl.len(), dtype=pl.Int32).over("cable"))
    return facts.explain(exploded).select(*SCHEMAS["tags"])


def _apart(tags: pl.DataFrame) -> pl.DataFrame:
    """Cut run-together codes apart and drop what the line holds already."""
    long = tags.select("tag").filter(pl.col("tag").str.len_bytes() > 5).unique()["tag"].to_list()
    cut = {code: parts for code in long if len(parts := facts.split(code)) > 1}
    if not cut:
        return tags
    pieces = pl.DataFrame(
        {"tag": list(cut), "piece": list(cut.values())}, schema={"tag": pl.String, "piece": pl.List(pl.String)}
    )
    apart = tags.join(pieces, on="tag", how="left", maintain_order="left").explode("piece")
    apart = apart.with_columns(tag=pl.coalesce("piece", "tag")).drop("piece")
    return apart.unique(["cable", "tag"], keep="first", maintain_order=True)


def _key_the_unknown(cables: pl.DataFrame, texts: pl.DataFrame) -> pl.DataFrame:
    unknown = cables.filter(pl.col("cable").is_null()).select("copy").join(texts, on="copy")
    if unknown.is_empty():
        return cables
    keys = [
        f"unidentified-{hashlib.sha256(t.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}" for t in unknown["text"]
    ]
    named = unknown.select("copy").with_columns(key=pl.Series(keys, dtype=pl.String))
    joined = cables.join(named, on="copy", how="left", maintain_order="left")
    return joined.with_columns(cable=pl.coalesce("cable", "key")).drop("key")


def _infer(cables: pl.DataFrame, references: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give copies without a year the id by which exactly one year of other cables' references names them; repeat while ids are found."""
    open_rows = cables.filter(pl.col("cable").is_null() & pl.col("post").is_not_null() & pl.col("number").is_not_null())
    if open_rows.is_empty():
        return cables, references
    waiting = {row["copy"]: (row["post"], row["number"]) for row in open_rows.iter_rows(named=True)}
    wanted = set(waiting.values())
    years: dict[tuple[str, int], set[int]] = defaultdict(set)
    named = references.filter(pl.col("target").is_not_null()).select("target", "post", "number")
    for target, post, number in named.iter_rows():
        if (post, number) in wanted:
            years[post, number].add(_year_of(target))
    found: dict[int, int] = {}
    pending = references.filter(
        pl.col("copy").is_in(list(waiting)) & pl.col("target").is_null() & pl.col("post").is_not_null()
    )
    by_copy = pending.partition_by("copy", as_dict=True) if pending.height else {}
    fresh = True
    while fresh:
        fresh = False
        for copy, (post, number) in waiting.items():
            if copy in found or len(years[post, number]) != 1:
                continue
            (year,) = years[post, number]
            found[copy] = year
            fresh = True
            for other_post, other_number in (
                by_copy[(copy,)].select("post", "number").iter_rows() if (copy,) in by_copy else ()
            ):
                if (other_post, other_number) in wanted:
                    years[other_post, other_number].add(year)
    if not found:
        return cables, references
    known = pl.DataFrame(
        {"copy": list(found), "inferred": list(found.values())}, schema={"copy": pl.UInt32, "inferred": pl.Int16}
    )
    cables = cables.join(known, on="copy", how="left", maintain_order="left")
    here = pl.col("inferred").is_not_null()
    key = pl.format("{}{}{}", (pl.col("inferred") % 100).cast(pl.String).str.zfill(2), "post", "number")
    cables = cables.with_columns(
        cable=pl.when(here).then(key).otherwise("cable"),
        message_id=pl.when(here).then(key).otherwise("message_id"),
        year=pl.coalesce("inferred", "year"),
        cable_from=pl.when(here)
        .then(pl.lit("inferred"))
        .otherwise(pl.col("cable_from").cast(pl.String))
        .cast(SCHEMAS["cables"]["cable_from"]),
    ).drop("inferred")
    cables = _bureaus(cables, list(found))
    references = references.join(known, on="copy", how="left", maintain_order="left")
    implied = pl.format("{}{}{}", (pl.col("inferred") % 100).cast(pl.String).str.zfill(2), "post", "number")
    missing = pl.col("target").is_null() & pl.col("inferred").is_not_null() & pl.col("post").is_not_null()
    references = references.with_columns(target=pl.when(missing).then(implied).otherwise("target"))
    return cables, references.drop("inferred")


def _bureaus(cables: pl.DataFrame, copies: list[int]) -> pl.DataFrame:
    rows = cables.filter(pl.col("copy").is_in(copies)).select("copy", "post", "year")
    told = rows.select("copy").with_columns(
        told=pl.Series([_bureau(p, y) for _, p, y in rows.iter_rows()], dtype=pl.String)
    )
    joined = cables.join(told, on="copy", how="left", maintain_order="left")
    return joined.with_columns(bureau=pl.coalesce("told", "bureau")).drop("told")


def _year_of(target: str) -> int:
    from cablelab.message.grammar import full_year

    return full_year(int(target[:2]))
