"""The pairs of one mission that may be steps, and what speaks for each: an earlier cable a, a later one b."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from cablelab.chaining.gathering import Gathered
from cablelab.chaining.vectors import Vectors, entrywise, normed, overlap, products, scaled_columns, tables

Array = np.ndarray[Any, Any]

# so many nearest earlier cables are looked at for each, and so many nearest later ones
EARLIER, LATER = 20, 5
# a text repeated to the letter is a copy; one much alike, or held in the other, if it was sent within so many days
SAME, ALIKE, INSIDE, COPY_DAYS = 0.995, 0.8, 0.98, 7

MEETING = (
    r"(?i)visit|meeting|meets|ambassador'?s|call on|courtesy|codel|scene ?setter|secretary|lunch|dinner|conversation"
    r"|discuss"
)
FORM = (
    r"(?i)nominat|candidate|candidacy|proposal|loan|clearance|biograph|vetting|end.use|designation|scene ?setter|digest"
    r"|weekly|highlights|media reaction|press|country team|codel|staffdel|visit|grant|letter|welcome|speaker"
)
DEMARCHE = (
    r"(?i)demarche|points delivered|designation|candida|nominat|vot(?:e|ing)\b|resolution|unga|election to|support for"
    r"|proposal|loan|opic|request|notif"
)
# tells a visitor how everything stands: it continues nothing, and what is reported of the visit does not continue it
SCENE = r"(?i)scene ?-?s(?:et|t)|\byour .{0,30}(?:visit|trip|meeting|consultation)"
# each of these is about another visit, candidate or week; not one in a row of them continues the one before
ONE_OFF = (
    SCENE + r"|country clearance"
    r"|clearance (?:request|approv|granted|for)|digest|weekly|fortnightly|round-?up|highlights|newsletter"
    r"|\b(?:news|bulletin)\b.{0,30}\b(?:no|number|issue|vol)|press (?:reaction|summary|review)|biograph|\bbios\b|nominat"
    r"|candidacy|candidature|(?:u\.?s\.?|support\w*) .{0,40}candida|vetting|end.?use check|condolence|congratulat"
)
# one report sent in parts: what stands before the mark is the same, and the parts follow within so many days
PART, PARTS_DAYS = r"^(.*\w.*?)\W*\b(?:part|section)\s*(?:\d+|[ivx]+|one|two|three|four|five|six)\b", 10
CUE = (
    r"(?i)\b(?:updat\w+|still|again|continu\w+|latest|second|third|next|further|progress|another|finally|re-?\w+"
    r"|follow\w*|more|resum\w+|delay\w*|now|remain\w*|moves?|annual|interim|status)\b"
)
FEATURES = (
    "cited",  # b names a
    "alone",  # 1 / number of cables that b names, if it names a
    "coupled",  # both name further messages, log of their weight
    "body",  # likeness of the texts
    "theme",  # likeness of their themes, whatever the words
    "subject",  # weight of the words that the subjects share, of all they hold
    "rare",  # weight of the rarest such word
    "tags",  # weight of the TAGS they share, of all they have
    "addressees",  # weight of the addressees they share, of all they have
    "nearer_earlier",  # log of the cables between that are as like b
    "nearer_later",  # log of the cables between that are as like a
    "nearer_subject",  # log of the cables between whose subject is as like b's
    "meetings",  # both tell of meetings or visits
    "form_later",  # b is of a genre that repeats a form
    "form_earlier",  # a is
    "demarches",  # both answer a demarche
    "cue",  # b's subject says again, still, update
    "apart",  # log of the days between
    "one_off",  # both are of a genre whose every cable has another object, and b does not name a
    "other_genre",  # one of the two is of such a genre
    "scene",  # b sets the scene for a visitor, or a does and b tells of a visit
)


def pairs(vectors: Vectors) -> tuple[pl.DataFrame, pl.DataFrame]:
    """List the pairs of a mission that may be steps, with their features; and the copies.

    Parameters
    ----------
    vectors
        Of one mission's cables, two and more.

    Returns
    -------
    Two DataFrames: a, b (UInt32, rows), days (Float64), size (UInt32, cables of the mission) and a Float64 a feature,
    sorted by b and a; copy and of (UInt32, rows: the later message with the text of the earlier).
    """
    mission = vectors.mission
    a, b, body = _near(vectors)
    copies = _copies(vectors, a, b, body)
    again = np.isin(a, copies[:, 0]) | np.isin(b, copies[:, 0]) | _parts(mission, a, b)
    a, b, body = a[~again], b[~again], body[~again]
    frame = pl.DataFrame({"a": a + vectors.first, "b": b + vectors.first}, schema={"a": pl.UInt32, "b": pl.UInt32})
    day = mission.cables["day"].to_numpy()
    features = frame.with_columns(
        pl.Series("days", day[b] - day[a]),
        pl.lit(vectors.size, pl.UInt32).alias("size"),
        *(pl.Series(k, v) for k, v in _features(vectors, a, b, body).items()),
    )
    found = pl.DataFrame(copies + vectors.first, schema={"copy": pl.UInt32, "of": pl.UInt32}, orient="row")
    # one machine adds in another order than the next: what follows must not hang on the last digit
    return features.with_columns(pl.col(FEATURES).round(4)), found


def _near(vectors: Vectors) -> tuple[Array, Array, Array]:
    """List the pairs looked at, and how alike they are: the nearest of each by text, and those it names."""
    size, citing = vectors.size, vectors.mission.citing
    cited = citing.select(pl.col("earlier", "row").cast(pl.Int64)).to_numpy() - vectors.first
    found = []
    columns = np.arange(size)
    for start, like in tables(vectors.body, vectors.body):
        rows = np.arange(start, start + len(like))
        before, after = columns < rows[:, None], columns > rows[:, None]
        for some, most in ((before, EARLIER), (after, LATER)):
            at, near = _largest(np.where(some, like, 0), most)
            found.append((np.minimum(at + start, near), np.maximum(at + start, near), like[at, near]))
        named = cited[(cited[:, 1] >= start) & (cited[:, 1] < start + len(like))]
        found.append((named[:, 0], named[:, 1], like[named[:, 1] - start, named[:, 0]]))
    a, b, body = (np.concatenate(parts) for parts in zip(*found, strict=True))
    _, first = np.unique(b * size + a, return_index=True)
    return a[first], b[first], body[first].astype(float)


def _largest(table: Array, most: int) -> tuple[Array, Array]:
    """Name row and column of the largest entries of each row, those over 0."""
    most = min(most, table.shape[1])
    near = np.argpartition(table, -most, axis=1)[:, -most:]
    at = np.repeat(np.arange(len(table)), near.shape[1])
    near = near.ravel()
    some = table[at, near] > 0
    return at[some], near[some]


def _copies(vectors: Vectors, a: Array, b: Array, body: Array) -> Array:
    """Name each copy and the first message with its text: equal, or nearly so and soon after."""
    counts, cables = vectors.counts, vectors.mission.cables
    total = np.asarray(counts.sum(1)).ravel()
    sent, day = cables["sent"].is_not_null().to_numpy(), cables["day"].to_numpy()
    soon = sent[a] & sent[b] & (np.abs(day[b] - day[a]) <= COPY_DAYS)
    as_long = np.minimum(total[a], total[b]) >= SAME * np.maximum(total[a], total[b])
    some = (body > 0.5) & (soon | as_long)
    a, b, soon = a[some], b[some], soon[some]
    if not len(a):
        return np.zeros((0, 2), np.int64)
    both = np.asarray(counts[a].minimum(counts[b]).sum(1)).ravel()
    same = both / np.maximum(total[a] + total[b] - both, 1)
    inside = both / np.maximum(np.minimum(total[a], total[b]), 1)
    again = (same >= SAME) | (soon & ((same >= ALIKE) | (inside >= INSIDE)))
    first: dict[int, int] = {}
    for earlier, later in sorted(zip(a[again].tolist(), b[again].tolist(), strict=True)):
        first.setdefault(later, first.get(earlier, earlier))
    return np.array(sorted(first.items()), np.int64).reshape(-1, 2)


def _parts(mission: Gathered, a: Array, b: Array) -> Array:
    """Say which pairs are parts of one report."""
    before = mission.cables["subject"].str.to_lowercase().str.extract(PART)
    whole = before.fill_null("").rank("dense").to_numpy()
    day = mission.cables["day"].to_numpy()
    return before.is_not_null().to_numpy()[a] & (whole[a] == whole[b]) & (day[b] - day[a] <= PARTS_DAYS)


def _features(vectors: Vectors, a: Array, b: Array, body: Array) -> dict[str, Array]:
    mission = vectors.mission
    stems, weight = vectors.subjects
    subjects = normed(scaled_columns(stems, weight))
    names = _names(mission, vectors, a, b)
    flags = {name: _flag(mission, pattern) for name, pattern in _GENRES.items()}
    day = mission.cables["day"].to_numpy()
    return {
        "cited": (names > 0).astype(float),
        "alone": np.where(names > 0, 1 / np.maximum(names, 1), 0),
        "coupled": np.log1p(_shared(*vectors.named, a, b)),
        "body": body,
        "theme": vectors.alike_in_theme(a, b),
        "subject": overlap(stems, weight, a, b),
        "rare": _rarest(stems, weight, a, b),
        "tags": overlap(*vectors.tags, a, b),
        "addressees": overlap(*vectors.addressees, a, b),
        "nearer_earlier": np.log1p(_nearer(b, -a, body)),
        "nearer_later": np.log1p(_nearer(a, b, body)),
        "nearer_subject": np.log1p(_nearer(b, -a, products(subjects, subjects, a, b))),
        "meetings": (flags["meeting"][a] & flags["meeting"][b]).astype(float),
        "form_later": flags["form"][b].astype(float),
        "form_earlier": flags["form"][a].astype(float),
        "demarches": (flags["demarche"][a] & flags["demarche"][b]).astype(float),
        "cue": flags["cue"][b].astype(float),
        "apart": np.log1p(day[b] - day[a]),
        "one_off": (flags["one_off"][a] & flags["one_off"][b] & (names == 0)).astype(float),
        "other_genre": (flags["one_off"][a] ^ flags["one_off"][b]).astype(float),
        "scene": (flags["scene"][b] | (flags["scene"][a] & flags["meeting"][b])).astype(float),
    }


_GENRES = {"meeting": MEETING, "form": FORM, "demarche": DEMARCHE, "cue": CUE, "one_off": ONE_OFF, "scene": SCENE}


def _flag(mission: Gathered, pattern: str) -> Array:
    return mission.cables["subject"].str.contains(pattern).to_numpy()


def _names(mission: Gathered, vectors: Vectors, a: Array, b: Array) -> Array:
    """How many cables b names, if a is one of them; else 0."""
    citing = mission.citing
    keys = (citing["row"].cast(pl.Int64) - vectors.first) * vectors.size + citing["earlier"] - vectors.first
    asked = pl.DataFrame({"key": b.astype(np.int64) * vectors.size + a})
    known = pl.DataFrame({"key": keys, "of": citing["of"]}, schema={"key": pl.Int64, "of": pl.Float64})
    return asked.join(known.unique("key"), on="key", how="left", maintain_order="left")["of"].fill_null(0).to_numpy()


def _shared(matrix: Any, weight: Array, a: Array, b: Array) -> Array:
    return products(scaled_columns(matrix, weight), matrix, a, b)


def _rarest(matrix: Any, weight: Array, a: Array, b: Array) -> Array:
    out = np.zeros(len(a))
    if matrix.shape[1]:
        for some, both in entrywise(matrix, scaled_columns(matrix, weight), a, b):
            out[some] = both.max(1).toarray().ravel()
    return out


def _nearer(group: Array, along: Array, value: Array) -> Array:
    """Count for each pair those of its group that come before it along an axis with at least its value."""
    order = np.lexsort((along, group))
    group, value = group[order], value[order]
    count = np.zeros(len(group))
    largest = int(np.unique(group, return_counts=True)[1].max(initial=0))
    for back in range(1, largest):
        count[back:] += (group[back:] == group[:-back]) & (value[:-back] >= value[back:])
    out = np.empty(len(group))
    out[order] = count
    return out
