"""Who signed, classified, drafted, approved and was addressed by name; never more than the texts say.

A surname alone is no person: it is one only at a post and in a time. Signing is by rule the chief of mission's or the acting one's
name, whoever wrote the cable; hence "signs as".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import polars as pl

from cablelab.corpus.named import Role, mentions_of_people
from cablelab.errors.arguments import of_corpus
from cablelab.frames import UTC

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cablelab.corpus import Corpus

PEOPLE: dict[str, Any] = {
    "role": Role, "name": pl.String, "surname": pl.String, "post": pl.String, "cables": pl.Int32, "first": UTC, "last": UTC,
    "titles": pl.List(pl.String), "variants": pl.List(pl.String),
}  # fmt: skip
# A spelling may lie this many days outside the other's time and still be the same officer's: names are misspelt seldom, tours last years.
APART = 120
_PARTICLES = re.compile(
    r"(?:(?:\b(?:VAN|VON|DE|DI|LA|DU|MC|MAC|ST\.?)[ ]{1,9}){1,2}|(?<![\w'’\-]))[\w'’\-]+$", re.IGNORECASE
)


@of_corpus
def people(corpus: Corpus) -> pl.DataFrame:
    """Gather the officers that a corpus names: one row a role, post and name, with the spellings that were joined.

    Two spellings are joined only at one post, in one role and in overlapping time, and only where one is the other with a letter or two
    changed, or with fewer given names: `MILAS` and `MILLAS`, `J. Adler` and `Jane Adler`. Two people of one surname whose given
    names differ stay two.

    Returns
    -------
    DataFrame, most cables first: `role`, `name` (the commonest spelling of its fullest form), `surname` (capitals), `post`, `cables`
    (Int32), `first` and `last` (UTC), `titles` and `variants` (List(String), as written, commonest first).

    Examples
    --------
    >>> import cablelab as cl
    >>> found = cl.people(cl.sample())
    >>> found["cables"].is_sorted(descending=True)
    True
    """
    named = mentions_of_people(corpus).with_columns(folded=_folded())
    spellings = (
        named.group_by("role", "post", "folded", maintain_order=True)
        .agg(
            written=pl.col("name").value_counts(sort=True).struct.field("name"),
            titles=pl.col("title").drop_nulls().value_counts(sort=True).struct.field("title"),
            cables=pl.col("cable").n_unique().cast(pl.Int32),
            first=pl.col("sent").min(),
            last=pl.col("sent").max(),
        )
        .sort("cables", "folded", descending=[True, False])
    )
    groups: dict[tuple[Any, Any], list[list[dict[str, Any]]]] = {}
    for row in spellings.iter_rows(named=True):
        here = groups.setdefault((row["role"], row["post"]), [])
        group = next((group for group in here if all(_same(row, other) for other in group)), None)
        if group is None:
            here.append([row])
        else:
            group.append(row)
    rows = [_person(role, post, group) for (role, post), found in groups.items() for group in found]
    return pl.DataFrame(rows, schema=PEOPLE, orient="row").sort(
        "cables", "post", "role", "name", descending=[True, False, False, False], nulls_last=True
    )


def _folded() -> pl.Expr:
    return (
        pl.col("name")
        .str.to_uppercase()
        .str.replace_all(r"[^\w'’\- ]", " ")
        .str.replace_all(r"\s+", " ")
        .str.strip_chars()
    )


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    from rapidfuzz.distance import OSA

    if one["first"] is not None and other["first"] is not None:
        apart = max((one["first"] - other["last"]).days, (other["first"] - one["last"]).days)
        if apart > APART:
            return False
    a, b = surname(one["folded"]), surname(other["folded"])
    if a != b and (
        min(len(a), len(b)) < 5
        or OSA.distance(a, b, score_cutoff=1 + (min(len(a), len(b)) > 8)) > 1 + (min(len(a), len(b)) > 8)
    ):
        return False
    return _fit(one["folded"].split()[:-1], other["folded"].split()[:-1])


def _fit(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether two rows of given names can be one person's: where both tell one, the first must agree or be its initial."""
    if not one or not other:
        return True
    a, b = one[0], other[0]
    return a == b or ((len(a) == 1 or len(b) == 1) and a[0] == b[0])


def surname(name: str) -> str:
    """Give the surname of a name in capitals, with its particles.

    Examples
    --------
    >>> surname("Jane van Voorst"), surname("ADLER")
    ('VAN VOORST', 'ADLER')
    """
    found = _PARTICLES.search(name)
    return (found[0] if found else name).upper()


def _person(role: str, post: str | None, group: list[dict[str, Any]]) -> tuple[Any, ...]:
    fullest = max(group, key=lambda row: (len(row["folded"].split()) > 1, row["cables"]))
    firsts, lasts = [r["first"] for r in group if r["first"]], [r["last"] for r in group if r["last"]]
    titles = list(dict.fromkeys(t for r in group for t in r["titles"]))
    variants = list(dict.fromkeys(w for r in group for w in r["written"]))
    return (
        role, fullest["written"][0], surname(fullest["folded"]), post, sum(r["cables"] for r in group), min(firsts, default=None),
        max(lasts, default=None), titles, variants,
    )  # fmt: skip
