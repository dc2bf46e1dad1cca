"""From the rows of all copies to the frames of a corpus: only together can copies be told apart.

Which cable an undated, unnumbered copy is (`inferred`), which of several copies is the fullest (`preferred`), which references are
held: all that needs every copy is decided here, for `read` and `ingest` alike. It is decided from a few columns of every copy (`NEEDED`);
the rows themselves may come piece by piece, so that two million need not be held.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl

from cablelab import facts, ids
from cablelab.frames import SCHEMAS
from cablelab.reading.rows import RAW, bureau_of
from cablelab.reading.sections import SPLIT, joined
from cablelab.reading.tags import tags_of
from cablelab.reading.years import beyond_reach, implied, reach

# what many records of a file may have in common is told once, with what to do
OF_FILES = {"no-text": "cables.filter(~pl.col('text_held')) lists them; leave the file out where they are not yours."}
NEARLY = 0.1  # a copy may lack this part of the fullest one's words and still be as whole
NEEDED = ("copy", "cable", "post", "year", "number", "sent", "rank", "words", "redactions", *SPLIT)
NAMING = ("copy", "target", "post", "number")  # what is needed of references
WIDE = ("texts", "spans", "paragraphs", "addressees", "redactions")

Texts = Callable[[pl.Series], Iterable[pl.DataFrame]]


@dataclass(frozen=True, slots=True)
class Known:
    """What all copies together tell of each: `cables` has the columns `NEEDED`, with every key; the others are rows of what was found."""

    cables: pl.DataFrame
    inferred: pl.DataFrame
    unidentified: pl.DataFrame
    series: pl.DataFrame

    def rows(self, cables: pl.DataFrame) -> pl.DataFrame:
        """Give rows of `cables` their keys."""
        return _named(_dated(cables, self.inferred), self.unidentified)

    def references(self, references: pl.DataFrame, cables: pl.DataFrame) -> pl.DataFrame:
        """Give references the years that they lack; `cables` are the rows of those that cite, with their keys."""
        if len(self.inferred):
            citing = cables.select("copy", own_post="post", own_number="number")
            references = implied(references, self.inferred.join(citing, on="copy"))
        return beyond_reach(references, cables, self.series)


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

    def of_copies(name: str, copies: pl.Series) -> pl.DataFrame:
        return raw[name].filter(pl.col("copy").is_in(copies.implode()))

    known = identified(raw["cables"], [raw["references"]], lambda copies: [of_copies("texts", copies)])
    raw["cables"] = known.rows(raw["cables"])
    raw["references"] = known.references(raw["references"], raw["cables"])
    every = known.cables
    if more := joined(every, of_copies):
        raw |= {name: pl.concat([raw[name], frame]) for name, frame in more.items()}
        every = pl.concat([every, more["cables"].select(NEEDED)])
    keys = preferred(every)
    out = {name: keyed(raw[name], keys, name) for name in WIDE}
    out |= settled(raw["cables"], raw["references"], raw["problems"], raw["texts"], keys)
    single, common = once_a_file(out["problems"])
    out["problems"] = pl.concat([single, told_once(common), other_copies(out["copies"])])
    return out


def identified(cables: pl.DataFrame, references: Iterable[pl.DataFrame], texts: Texts) -> Known:
    """Find the key of every copy, from what it tells and others tell of it.

    Parameters
    ----------
    cables
        Rows of all copies, the columns `NEEDED` at least.
    references
        What they cite, in one frame or several, the columns `NAMING` at least.
    texts
        Gives the texts of some copies, in one frame or several: those without a key are named after them.
    """
    inferred = _infer(cables, references)
    cables = _dated(cables.select(NEEDED), inferred)
    unknown = cables.filter(pl.col("cable").is_null())["copy"]
    unidentified = pl.concat([_hashed(part) for part in texts(unknown)]) if len(unknown) else _hashed(None)
    cables = _named(cables, unidentified)
    return Known(cables, inferred, unidentified, reach(cables))


def preferred(cables: pl.DataFrame) -> pl.Series:
    """Choose the copy that stands for each cable; one key a copy, null where another one stands for its cable.

    A whole copy goes before a partial one; among those that hold nine tenths of the fullest one's words the one that hides least (fewest
    masks); then the fullest; then the one read first. "The newest" would be wrong: some cables were hidden and shown again.

    Parameters
    ----------
    cables
        Rows of all copies in order, with their keys and the columns `NEEDED`.
    """
    several = cables.filter(pl.col("cable").is_duplicated())
    near = pl.col("rank") >= pl.col("rank").max().over("cable") - 2 * NEARLY * pl.col("words").max().over("cable")
    behind = (
        several.select("copy", "cable", "rank", "redactions", near=near)
        .sort("near", "redactions", "rank", "copy", descending=[True, False, True, False], maintain_order=True)
        .filter(~pl.col("cable").is_first_distinct())["copy"]
    )
    return cables.select(pl.when(~pl.col("copy").is_in(behind.implode())).then("cable"))["cable"]


def keyed(frame: pl.DataFrame, keys: pl.Series, name: str) -> pl.DataFrame:
    """Give the rows of preferred copies their cable's key, in the order of reading; `keys` has one a copy, null for the others."""
    # a join would copy the texts, which takes as much memory again
    rows = frame.with_columns(cable=keys.gather(frame["copy"]))
    if keys.null_count():
        rows = rows.filter(pl.col("cable").is_not_null())
    return rows.select(*SCHEMAS[name])


def settled(
    cables: pl.DataFrame, references: pl.DataFrame, problems: pl.DataFrame, texts: pl.DataFrame, keys: pl.Series
) -> dict[str, pl.DataFrame]:
    """Build the frames of some copies that need what all tell.

    Parameters
    ----------
    cables, references
        Rows of some copies, as `Known` gives them.
    problems
        Theirs, and those of no copy.
    texts
        Of them all, or only of those for which another copy stands.
    keys
        One key a copy, of all copies, as `preferred` gives them.

    Returns
    -------
    `references`, `cables`, `tags`, `copies` and `problems`, as `cablelab.frames.SCHEMAS` has them. That a copy stands in `copies` is a
    problem for which `other_copies` asks.
    """
    out = {"references": _held(references.with_columns(cable=keys.gather(references["copy"])), keys)}
    here = cables.with_columns(stands=keys.gather(cables["copy"]).is_not_null())
    main = here.filter("stands")
    out["cables"] = main.select(*SCHEMAS["cables"])
    out["tags"] = tags_of(out["cables"])
    others = here.filter(~pl.col("stands")).join(texts, on="copy", maintain_order="left")
    out["copies"] = others.with_columns(preferred=pl.col("cable")).select(*SCHEMAS["copies"])
    inferred = main.filter(pl.col("cable_from") == "inferred")["copy"]
    problems = problems.filter(~((pl.col("code") == "unidentified") & pl.col("copy").is_in(inferred.implode())))
    out["problems"] = problems.join(
        cables.select("copy", "cable"), on="copy", how="left", maintain_order="left"
    ).select(*SCHEMAS["problems"])
    return out


def once_a_file(problems: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part the problems of single cables from those that many records of one file have in common."""
    common = pl.col("code").is_in([*OF_FILES])
    return problems.filter(~common), problems.filter(common)


def told_once(common: pl.DataFrame) -> pl.DataFrame:
    """Say what many records of one file have in common at the first of them, and of how many others it holds."""
    same = pl.col("source").str.replace(r"#\d+$", ""), "code", "message"
    cure = pl.col("code").replace_strict(OF_FILES, default="", return_dtype=pl.String)
    counted = pl.format("{} Other records of the file of which this holds, too: {}; {}", "message", "others", cure)
    return (
        common.with_columns(nth=pl.int_range(pl.len()).over(same), others=pl.len().over(same) - 1)
        .filter(nth=0)
        .with_columns(message=pl.when(pl.col("others") > 0).then(counted).otherwise("message"))
        .select(common.columns)
    )


def other_copies(copies: pl.DataFrame) -> pl.DataFrame:
    """Say of each row of `copies` that it stands there."""
    message = "another copy of {} is fuller, hides less or came first; this one stands in `copies`"
    rows = copies.select(
        "cable", "source", code=pl.lit("another-copy"), field=pl.lit("cable"), message=pl.format(message, "cable")
    )
    return rows.with_columns(pl.lit(None, pl.Int32).alias(name) for name in ("start", "end"))


def _held(references: pl.DataFrame, keys: pl.Series) -> pl.DataFrame:
    """Mark the references whose target is held; a target named by another code of the same office is renamed to the held one."""
    references = references.filter(pl.col("cable").is_not_null())
    in_corpus = _among(references["target"], keys)
    if any(p.same_office_as for p in facts.posts().values()):
        absent = references.filter(~pl.col("target").is_in(in_corpus.implode()))["target"].unique()
        if renamed := _other_codes(absent, keys):
            references = references.with_columns(pl.col("target").replace(renamed))
            in_corpus = in_corpus.append(pl.Series(list(renamed.values()), dtype=pl.String))
    here = pl.col("target").is_in(in_corpus.implode()).fill_null(False)
    return references.with_columns(held=here).select(*SCHEMAS["references"])


def _among(targets: pl.Series, keys: pl.Series) -> pl.Series:
    """Give the ids that are keys: of few ids and very many keys the few are held."""
    return keys.filter(keys.is_in(targets.drop_nulls().unique().implode()))


def _other_codes(targets: pl.Series, keys: pl.Series) -> dict[str, str]:
    named = [
        (target, f"{year}{other}{number}")
        for target, (year, post, number) in zip(targets, ids.apart(targets).iter_rows(), strict=True)
        if post
        for other in sorted(facts.same_office(post))
    ]
    in_corpus = set(_among(pl.Series([other for _, other in named], dtype=pl.String), keys))
    return {target: other for target, other in reversed(named) if other in in_corpus}


def _hashed(texts: pl.DataFrame | None) -> pl.DataFrame:
    """Name copies after their text."""
    rows = () if texts is None else texts.select("copy", "text").iter_rows()
    named = [
        (copy, f"unidentified-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}")
        for copy, text in rows
    ]
    return pl.DataFrame(named, schema={"copy": pl.UInt32, "key": pl.String}, orient="row")


def _named(cables: pl.DataFrame, unidentified: pl.DataFrame) -> pl.DataFrame:
    """Give copies without a key the one that their text gives them."""
    if unidentified.is_empty():
        return cables
    rows = cables.join(unidentified, on="copy", how="left", maintain_order="left")
    return rows.with_columns(cable=pl.coalesce("cable", "key")).drop("key")


def _infer(cables: pl.DataFrame, references: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Find copies without a year that other cables' references name in exactly one; repeat while some are found.

    Returns
    -------
    DataFrame of `copy` and `inferred`, the year.
    """
    found: dict[int, int] = {}
    types = {"copy": pl.UInt32, "inferred": pl.Int16}
    unknown = cables.filter(pl.col("cable").is_null() & pl.col("post").is_not_null() & pl.col("number").is_not_null())
    waiting = {copy: (post, number) for copy, post, number in unknown.select("copy", "post", "number").iter_rows()}
    if not waiting:
        return pl.DataFrame(schema=types)
    wanted = unknown.select("post", "number").unique()
    years: dict[tuple[str, int], set[int]] = defaultdict(set)
    citing: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for part in references:
        naming = part.select(NAMING).join(wanted, on=["post", "number"], how="semi")
        for copy, target, post, number in naming.iter_rows():
            if target is not None:
                years[post, number].add(ids.full_year(int(target[:2])))
            elif copy in waiting:
                citing[copy].append((post, number))
    fresh = True
    while fresh:
        fresh = False
        for copy, named in waiting.items():
            if copy in found or len(years[named]) != 1:
                continue
            (year,) = years[named]
            found[copy] = year
            fresh = True
            for other in citing[copy]:
                years[other].add(year)
    return pl.DataFrame({"copy": list(found), "inferred": list(found.values())}, schema=types)


def _dated(cables: pl.DataFrame, inferred: pl.DataFrame) -> pl.DataFrame:
    """Give copies the year that was inferred, and the key that follows from it, in the columns that are there."""
    if inferred.is_empty():
        return cables
    rows = cables.join(inferred, on="copy", how="left", maintain_order="left")
    here = pl.col("inferred").is_not_null()
    key = ids.written_of(pl.col("inferred"), pl.col("post"), pl.col("number"))
    changed: dict[str, Any] = {
        "cable": pl.when(here).then(key).otherwise("cable"),
        "message_id": pl.when(here).then(key).otherwise("message_id"),
        "year": pl.coalesce("inferred", "year"),
        "cable_from": pl.when(here)
        .then(pl.lit("inferred"))
        .otherwise(pl.col("cable_from").cast(pl.String))
        .cast(SCHEMAS["cables"]["cable_from"]),
    }
    rows = rows.with_columns(**{name: expr for name, expr in changed.items() if name in cables.columns})
    if "bureau" in cables.columns:
        found = rows.filter(here).select("copy", "post", "year")
        bureaus = pl.Series([bureau_of(post, year) for _, post, year in found.iter_rows()], dtype=pl.String)
        of_year = found.select("copy", of_year=bureaus)
        rows = rows.join(of_year, on="copy", how="left", maintain_order="left")
        rows = rows.with_columns(bureau=pl.coalesce("of_year", "bureau"))
    return rows.select(cables.columns)
