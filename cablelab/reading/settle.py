"""From the rows of all copies to the frames of a corpus: only together can copies be told apart.

Which cable an undated, unnumbered copy is (`inferred`), which of several copies is the fullest (`preferred`), which references are
held: all that needs every copy is decided here, for `read` and `ingest` alike.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable

import polars as pl

from cablelab import facts, ids
from cablelab.frames import SCHEMAS
from cablelab.reading.rows import RAW, bureau_of
from cablelab.reading.sections import joined
from cablelab.reading.tags import tags_of
from cablelab.reading.years import beyond_reach, implied

NEARLY = 0.1  # a copy may lack this part of the fullest one's words and still be as whole


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
    raw = {name: pl.concat(parts[name]) if parts[name] else pl.DataFrame(schema=types) for name, types in RAW.items()}
    parts.clear()
    cables, references = identified(raw["cables"], raw["references"], raw["texts"])
    if more := joined(
        cables, references, lambda name, copies: raw[name].filter(pl.col("copy").is_in(copies.implode()))
    ):
        cables, references = pl.concat([cables, more.pop("cables")]), pl.concat([references, more.pop("references")])
        raw |= {name: pl.concat([raw[name], frame]) for name, frame in more.items()}
    keep = preferred(cables)
    keys = cables.select("copy").join(keep, on="copy", how="left", maintain_order="left")["cable"]
    out = {name: _keyed(raw[name], keys, name) for name in ("texts", "spans", "paragraphs", "addressees", "redactions")}
    return out | settled(cables, references, raw["problems"], raw["texts"], keep)


def identified(
    cables: pl.DataFrame, references: pl.DataFrame, texts: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give every copy its key and every reference the year it lacks; `texts` need hold only copies without a key."""
    cables, references = _infer(cables, references)
    return _key_the_unknown(cables, texts), beyond_reach(references, cables)


def preferred(cables: pl.DataFrame) -> pl.DataFrame:
    """Choose the copy that stands for each cable; columns `copy` and `cable`, in the order of reading.

    A whole copy goes before a partial one; among those that hold nine tenths of the fullest one's words the one that hides least (fewest
    masks); then the fullest; then the one read first. "The newest" would be wrong: some cables were hidden and shown again.
    """
    near = pl.col("rank") >= pl.col("rank").max().over("cable") - 2 * NEARLY * pl.col("words").max().over("cable")
    return (
        cables.select("copy", "cable", "rank", "redactions", near=near)
        .sort("near", "redactions", "rank", "copy", descending=[True, False, True, False], maintain_order=True)
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
    out["tags"] = tags_of(out["cables"])
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
        message=pl.format(
            "another copy of {} is fuller, hides less or came first; this one stands in `copies`", "cable"
        ),
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
    if any(p.same_office_as for p in facts.posts().values()):
        absent = references.select("target").drop_nulls().unique().join(known, on="target", how="anti")
        renamed = _other_codes(absent["target"], set(keys.to_list()))
        if renamed:
            references = references.with_columns(pl.col("target").replace(renamed))
    joined = references.join(known, on="target", how="left", maintain_order="left")
    return joined.with_columns(held=pl.col("here").fill_null(False)).select(*SCHEMAS["references"])


def _other_codes(targets: pl.Series, keys: set[str]) -> dict[str, str]:
    found = {}
    for target, (year, post, number) in zip(targets, ids.apart(targets).iter_rows(), strict=True):
        offices = facts.same_office(post) if post else ()
        for other in sorted(offices):
            if (key := f"{year}{other}{number}") in keys:
                found[target] = key
                break
    return found


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
            years[post, number].add(ids.full_year(int(target[:2])))
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
    key = ids.written_of(pl.col("inferred"), pl.col("post"), pl.col("number"))
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
    citing = cables.select("copy", own_post="post", own_number="number")
    return cables, implied(references, known.join(citing, on="copy"))


def _bureaus(cables: pl.DataFrame, copies: list[int]) -> pl.DataFrame:
    rows = cables.filter(pl.col("copy").is_in(copies)).select("copy", "post", "year")
    bureaus = rows.select("copy").with_columns(
        of_year=pl.Series([bureau_of(p, y) for _, p, y in rows.iter_rows()], dtype=pl.String)
    )
    joined = cables.join(bureaus, on="copy", how="left", maintain_order="left")
    return joined.with_columns(bureau=pl.coalesce("of_year", "bureau")).drop("of_year")
