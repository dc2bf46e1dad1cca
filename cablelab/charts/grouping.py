"""Groups of cables: by post, tag, mission, bureau or classification, with their meanings, the largest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from cablelab import facts
from cablelab.charts.base import option
from cablelab.frames import CLASSIFICATIONS

if TYPE_CHECKING:
    from cablelab.corpus import Corpus

GROUPINGS = ("post", "tag", "mission", "bureau", "classification")
PLURALS = {
    "post": "posts",
    "tag": "tags",
    "mission": "missions",
    "bureau": "bureaus",
    "classification": "classifications",
    "year": "years",
}
OTHER = "other"
BUREAUS = {
    "AF": "African Affairs",
    "ARA": "Inter-American Affairs",
    "EAP": "East Asian and Pacific Affairs",
    "EUR": "European and Eurasian Affairs",
    "IO": "International Organization Affairs",
    "NEA": "Near Eastern Affairs",
    "S": "Office of the Secretary",
    "SA": "South Asian Affairs",
    "SCA": "South and Central Asian Affairs",
    "WHA": "Western Hemisphere Affairs",
}


def none_of(by: str) -> str:
    """Return the name of the group of cables that state no post, no tag and so on.

    Examples
    --------
    >>> from cablelab.charts.grouping import none_of
    >>> none_of("tag")
    '(no tag)'
    """
    return f"(no {by})"


def grouped(cables: pl.DataFrame, by: str) -> pl.DataFrame:
    """Put each cable into its group; a cable with several tags stands once in each of them.

    Parameters
    ----------
    cables
        A frame with the columns of `corpus.cables`.
    by
        `"post"`, `"tag"`, `"mission"`, `"bureau"`, `"classification"` or `"year"`.

    Returns
    -------
    The frame with a column `group` (String, never null) more, without the column `tags`.

    Raises
    ------
    UnknownOption
        If `by` is none of these.

    Examples
    --------
    >>> import polars as pl
    >>> from cablelab.charts.grouping import grouped
    >>> grouped(pl.DataFrame({"cable": ["07OSLO1"], "tags": [["ELAB", "NO"]]}), "tag")["group"].to_list()
    ['ELAB', 'NO']
    """
    option("by", by, (*GROUPINGS, "year"))
    if by == "tag":
        single = pl.col("tags").list.unique(maintain_order=True)
        found = cables.with_columns(group=single).drop("tags").explode("group", empty_as_null=True)
    else:
        found = cables.with_columns(group=pl.col(by).cast(pl.String)).drop("tags", strict=False)
    return found.with_columns(pl.col("group").fill_null(none_of(by)))


def largest(counts: pl.DataFrame, by: str, top: int) -> list[str]:
    """Return the groups with most cables, most first; classifications and years in their own order.

    Parameters
    ----------
    counts
        One row a group: `group`, `count`.
    by
        As for `grouped`.
    top
        How many groups at most.

    Returns
    -------
    list of group names. Ties go by name, so that the order never depends on that of the rows.

    Examples
    --------
    >>> import polars as pl
    >>> from cablelab.charts.grouping import largest
    >>> largest(pl.DataFrame({"group": ["OSLO", "ROME", "BERN"], "count": [1, 3, 1]}), "post", 2)
    ['ROME', 'BERN']
    """
    order = ["group"] if by == "year" else ["count", "group"]
    ranked = counts.sort(order, descending=[o == "count" for o in order])["group"].to_list()
    if by == "year":
        return ranked[-top:]
    if by == "classification":
        ranked.sort(key=lambda g: CLASSIFICATIONS.index(g) if g in CLASSIFICATIONS else len(CLASSIFICATIONS))
    return ranked[:top]


def meanings(corpus: Corpus, by: str, groups: list[str]) -> dict[str, str]:
    """Say what the names of groups stand for: the display name of a post, the meaning of a tag, the bureau in full.

    Parameters
    ----------
    corpus
        Its frame `tags` holds the meanings, which depend on the year: the one that most of its cables have is given.
    by, groups
        A grouping and names of its groups.

    Returns
    -------
    dict of group to meaning; an empty string where none is known.

    Examples
    --------
    >>> from cablelab.charts.grouping import meanings
    >>> meanings(None, "post", ["ASTANA"])
    {'ASTANA': 'Astana, embassy, Kazakhstan'}
    """
    if by == "tag":
        known = (
            corpus.lazy("tags")
            .select("tag", "meaning")
            .filter(pl.col("tag").is_in(groups), pl.col("meaning").is_not_null())
            .group_by("tag", "meaning")
            .len()
            .sort("len", "meaning", descending=[True, False])
            .unique("tag", keep="first", maintain_order=True)
            .collect(engine="streaming")
        )
        found = dict(zip(known["tag"], known["meaning"], strict=True))
    elif by == "post":
        posts = facts.posts()
        found = {g: _of_post(posts[g]) for g in groups if g in posts}
    else:
        found = BUREAUS if by == "bureau" else {}
    return {g: found.get(g, "") for g in groups}


def _of_post(post: facts.Post) -> str:
    kind = post.kind if post.kind and post.kind.casefold() not in post.name.casefold() else ""
    # of the Department its city tells enough
    country = post.mission if kind or not post.kind else ""
    return ", ".join(part for part in (post.name, kind, country) if part)


def several(by: str) -> list[str]:
    """Return the note that a cable has several tags, where that matters.

    Examples
    --------
    >>> from cablelab.charts.grouping import several
    >>> several("post"), several("tag")
    ([], ['A cable with several tags counts once for each'])
    """
    return ["A cable with several tags counts once for each"] if by == "tag" else []


def share(n: int, of: int, what: str = "cables") -> str:
    """Write how many of how many, with thousands separated.

    Examples
    --------
    >>> from cablelab.charts.grouping import share
    >>> share(1379, 1402)
    '1,379 of 1,402 cables'
    """
    return f"{n:,} of {of:,} {what if of != 1 else what.removesuffix('s')}"
