"""The user's own posts and TAGS, checked before they count."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from cablelab.errors import InvalidFacts, nearest
from cablelab.facts.post_codes import Post, added_posts, key, post_code, posts, set_added_posts
from cablelab.facts.tag_codes import CONFIDENCES, KINDS, Tag, added_tags, set_added_tags

if TYPE_CHECKING:
    import polars as pl

Rows: TypeAlias = "pl.DataFrame | str | Path | Iterable[Mapping[str, Any]]"

_WHOLE = {"first_year", "last_year", "count"}
_DEGREES = {"lat": 90.0, "lon": 180.0}
_WORDS = {"aliases", "repairs"}


@dataclass(frozen=True, slots=True)
class Additions:
    """What the user has added so far; `snapshot` takes it and `restore` puts it back, here or in a worker process."""

    posts: Mapping[str, Post] = field(default_factory=dict)
    tags: Mapping[str, tuple[Tag, ...]] = field(default_factory=dict)


def snapshot() -> Additions:
    """Return the user's additions as they stand.

    Examples
    --------
    >>> from cablelab import facts
    >>> before = facts.snapshot()
    >>> _ = facts.add_posts([{"code": "ZENDA", "mission": "Ruritania"}])
    >>> facts.restore(before)
    >>> facts.post("Zenda") is None
    True
    """
    return Additions(added_posts(), added_tags())


def restore(additions: Additions) -> None:
    """Make `additions` the whole of the user's additions."""
    set_added_posts(additions.posts)
    set_added_tags(additions.tags)


def reset() -> None:
    """Undo all additions of posts and tags.

    Examples
    --------
    >>> from cablelab import facts
    >>> with facts.added(posts=[{"code": "ZENDA"}]):
    ...     facts.reset()
    ...     facts.post("Zenda") is None
    True
    """
    restore(Additions())


@contextmanager
def added(posts: Rows | None = None, tags: Rows | None = None) -> Iterator[None]:
    """Add posts and tags for the length of a `with` block.

    Parameters
    ----------
    posts, tags
        As for `add_posts` and `add_tags`.

    Examples
    --------
    >>> from cablelab import facts
    >>> with facts.added(posts=[{"code": "ZENDA", "mission": "Ruritania", "bureau": "EUR"}]):
    ...     facts.bureau_of("ZENDA")
    'EUR'
    >>> facts.post("Zenda") is None
    True
    """
    before = snapshot()
    try:
        if posts is not None:
            add_posts(posts)
        if tags is not None:
            add_tags(tags)
        yield
    finally:
        restore(before)


def _rows(source: Rows) -> list[Mapping[str, Any]]:
    if isinstance(source, str | Path):
        try:
            with Path(source).open(encoding="utf-8-sig", newline="") as file:
                return list(csv.DictReader(file))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise InvalidFacts.unreadable(source, error) from error
    to_dicts = getattr(source, "to_dicts", None)
    return list(to_dicts() if to_dicts is not None else source)


def _value(name: str, value: Any, where: str) -> Any:
    if isinstance(value, str):
        value = value.strip()
    if value is None or value == "":
        return None
    if name in _WORDS:
        return tuple(value.split() if isinstance(value, str) else value)
    try:
        if name in _WHOLE:
            return int(value)
        if name in _DEGREES:
            degrees = float(value)
            if not -_DEGREES[name] <= degrees <= _DEGREES[name]:
                raise InvalidFacts.value(where, name, value, f"degrees from -{_DEGREES[name]:g} to {_DEGREES[name]:g}")
            return degrees
    except ValueError:
        raise InvalidFacts.value(where, name, value, "a number") from None
    return str(value)


def _fields(
    row: Mapping[str, Any], kind: type[Post] | type[Tag], number: int, required: tuple[str, ...]
) -> dict[str, Any]:
    names = [f.name for f in fields(kind)]
    where = f"row {number + 1}"
    for column in row:
        if column not in names:
            raise InvalidFacts.column(where, str(column), nearest(str(column), names), names)
    values = {name: found for name in row if (found := _value(name, row[name], where)) is not None}
    for name in required:
        if name not in values:
            raise InvalidFacts.missing(where, name)
    return values


def add_posts(rows: Rows) -> list[Post]:
    """Add posts, or replace the package's by the same code.

    Parameters
    ----------
    rows
        A polars frame, the path of a CSV file with a header, or an iterable of mappings. Columns are the fields of
        `Post`; only `code` is required (letters and digits; written as ids write it). `aliases` are separated by
        blanks.

    Returns
    -------
    The posts added. They count from now on, for reading and for `from_post`; `reset` undoes them.

    Raises
    ------
    InvalidFacts
        If a column is unknown, a value is not of its kind, a code is missing, or a name already means another post.
        Then none of the rows is added.

    Examples
    --------
    >>> from cablelab import facts
    >>> with facts.added():
    ...     made = facts.add_posts([{"code": "ZENDA", "mission": "Ruritania", "bureau": "EUR", "aliases": "ZENDAH"}])
    ...     made[0].name, facts.post_code("AMEMBASSY ZENDAH")
    ('Zenda', 'ZENDA')
    """
    new: dict[str, Post] = {}
    for number, row in enumerate(_rows(rows)):
        values = _fields(row, Post, number, ("code",))
        code = key(values["code"])
        if not code or code[0].isdigit():
            raise InvalidFacts.value(f"row {number + 1}", "code", values["code"], "letters, as in ASTANA")
        values.setdefault("name", str(row["code"]).strip().title())
        new[code] = Post(**{**values, "code": code})
    everything = {**posts(), **new}
    for post in new.values():
        for alias in post.aliases:
            meant = key(alias) if key(alias) in everything else post_code(alias)
            if meant is not None and meant != post.code:
                raise InvalidFacts.taken(post.code, alias, meant)
        for name in ("same_office_as", "predecessor", "successor"):
            other = getattr(post, name)
            if other is not None and other not in everything:
                raise InvalidFacts.unknown_post(post.code, name, other, nearest(other, everything))
    set_added_posts({**added_posts(), **new})
    return list(new.values())


def learn(cables: pl.DataFrame) -> list[Post]:
    """Add the posts that cables come from and that nothing here knows, as when a saved corpus has posts of the user's.

    Parameters
    ----------
    cables
        With columns `post`, `mission` and `bureau`; a post counts with the mission and bureau named most often beside
        it.

    Returns
    -------
    The posts added, sorted by code; `reset` undoes them.

    Examples
    --------
    >>> import polars as pl
    >>> from cablelab import facts
    >>> with facts.added():
    ...     facts.learn(pl.DataFrame({"post": ["ZENDA", "OSLO"], "mission": ["Ruritania", "Norway"], "bureau": "EUR"}))
    [Post(code='ZENDA', name='Zenda', kind='post', mission='Ruritania', ...)]
    """
    import polars as pl

    known = list(posts())
    unknown = (
        cables.lazy()
        .filter(pl.col("post").str.contains("^[A-Z][A-Z0-9]*$") & ~pl.col("post").is_in(known))
        .group_by("post")
        .agg(pl.col("mission", "bureau").drop_nulls().mode().sort().first())
        .sort("post")
        .collect()
    )
    new = [
        Post(code, code.title(), "post", mission, bureau=bureau, bureau_before_2006=bureau)
        for code, mission, bureau in unknown.iter_rows()
    ]
    if new:
        set_added_posts({**added_posts(), **{post.code: post for post in new}})
    return new


def add_tags(rows: Rows) -> list[Tag]:
    """Add meanings of TAGS codes; in their years they stand before the package's.

    Parameters
    ----------
    rows
        A polars frame, the path of a CSV file with a header, or an iterable of mappings. Columns are the fields of
        `Tag`; `code` and `meaning` are required. `kind` is `subject` unless said, `confidence` is `known`; without
        `first_year` and `last_year` a meaning holds for all years.

    Returns
    -------
    The tags added. They count for frames built from now on; `reset` undoes them.

    Raises
    ------
    InvalidFacts
        If a column is unknown, a value is not of its kind, or a code or meaning is missing. Then none of the rows is
        added.

    Examples
    --------
    >>> from cablelab import facts
    >>> with facts.added(tags=[{"code": "KXYZ", "kind": "program", "meaning": "lighthouses"}]):
    ...     facts.tag("KXYZ", 2007).meaning
    'lighthouses'
    """
    new = dict(added_tags())
    result: list[Tag] = []
    for number, row in enumerate(_rows(rows)):
        values = {"kind": "subject", "confidence": "known", **_fields(row, Tag, number, ("code", "meaning"))}
        for name, allowed in (("kind", KINDS), ("confidence", CONFIDENCES)):
            if values[name] not in allowed:
                raise InvalidFacts.value(f"row {number + 1}", name, values[name], "one of " + ", ".join(allowed))
        code = values["code"].upper()
        result.append(Tag(**{**values, "code": code}))
        same = [
            t for t in new.get(code, ()) if (t.first_year, t.last_year) != (result[-1].first_year, result[-1].last_year)
        ]
        new[code] = (result[-1], *same)
    set_added_tags(new)
    return result
