"""Facets: the values that cables can be chosen by, with live counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from cablelab import facts
from cablelab.charts.grouping import BUREAUS
from cablelab.corpus import Corpus
from cablelab.corpus.lookup import counted
from cablelab.frames import CLASSIFICATIONS
from cablelab.terms import MASK
from cablelab.widgets.selection import NONE, Selection
from cablelab.widgets.state import State

COLUMNS = {
    "posts": "post", "missions": "mission", "bureaus": "bureau", "offices": "office", "drafters": "drafted_by",
    "signers": "signed_by", "classifications": "classification", "tags": "tags",
}  # fmt: skip
FACET_OF = {"posts": "place", "missions": "place"}


@dataclass(frozen=True)
class Value:
    """One value of a facet: what it is called, what that means, how many cables it stands for, whether it is chosen.

    `count` is what a press leaves; where other values of the facet are chosen already it is how many cables a press adds
    to them (`adds`), and of a chosen value how many cables have it.
    """

    value: str
    meaning: str
    count: int
    chosen: bool
    adds: bool = False

    @property
    def told(self) -> str:
        """What the number says, in words."""
        cables = counted(self.count, "cable")
        if self.chosen:
            return f"{cables} of it; press to take it away"
        return f"adds {cables}" if self.adds else f"leaves {cables}"


class Facets:
    """The facets of one corpus, counted for whatever is selected.

    Values of one facet are joined by *or*: the first one chosen leaves its own cables, each further one adds those that
    the others do not have already. Tags of which all must be there narrow each other instead.

    Parameters
    ----------
    state
        The state whose selection counts.
    """

    def __init__(self, state: State) -> None:
        self.state = state
        self._counted: dict[str, tuple[Selection, dict[str, int]]] = {}

    @property
    def _whole(self) -> Corpus:
        return self.state.whole

    @cached_property
    def _all(self) -> dict[str, dict[str, int]]:
        return {field: self._counts(field, None) for field in COLUMNS}

    @cached_property
    def _offices(self) -> dict[str, str]:
        """Return for each post's code the one under which its office is listed: that of most of its cables."""
        sizes = dict(self._whole.cables["post"].drop_nulls().value_counts(sort=True).iter_rows())
        found: dict[str, str] = {}
        for code in sorted(sizes, key=lambda c: (-sizes[c], c)):
            known = facts.post_code(code)
            same = facts.same_office(known) if known is not None else {code}
            found[code] = next((found[c] for c in sorted(same) if c in found), code)
        return found

    @cached_property
    def missions_of(self) -> dict[str, list[str]]:
        """The posts under each mission, those with most cables first; the mission of posts without one is empty."""
        pairs = self._whole.cables.select("mission", "post").drop_nulls("post")
        listed = pairs.with_columns(pl.col("post").replace(self._offices)).group_by("mission", "post").len()
        ranked = listed.sort("len", "post", descending=[True, False]).unique("post", keep="first", maintain_order=True)
        out: dict[str, list[str]] = {}
        for mission, post, _ in ranked.iter_rows():
            out.setdefault(mission or NONE, []).append(post)
        return out

    @cached_property
    def _stations(self) -> dict[str, str]:
        """Where and when each name signs: a surname is a person only at a post and in a time."""
        signed = self._whole.cables.select("signed_by", "post", "year").drop_nulls("signed_by")
        at = signed.group_by("signed_by", "post").agg(pl.len(), first=pl.col("year").min(), last=pl.col("year").max())
        found: dict[str, list[str]] = {}
        for name, post, _, first, last in at.sort("len", "post", descending=[True, False]).iter_rows():
            years = "" if first is None else f" {first}" if first == last else f" {first} to {last}"
            found.setdefault(name, []).append(f"{post or 'no post'}{years}")
        return {
            name: "; ".join(where[:2]) + (f"; {len(where) - 2} more" if len(where) > 2 else "")
            for name, where in found.items()
        }

    @cached_property
    def meanings(self) -> dict[str, str]:
        """What posts and tags stand for."""
        return self.state.tag_meanings | BUREAUS

    def stated(self, field: str) -> bool:
        """Say whether any cable states a value of a field: only telegrams of 1973-79 name offices and drafters."""
        return any(value != NONE for value in self._all[field])

    def _counts(self, field: str, rows: pl.Series | None) -> dict[str, int]:
        values = self.state.values(COLUMNS[field], rows)["value"]
        counted = values.value_counts().with_columns(pl.col("value").cast(pl.String).fill_null(NONE))
        out: dict[str, int] = {}
        for value, count in counted.sort("value").iter_rows():
            code = self._offices.get(value, value) if field == "posts" else value
            if field != "signers" or not MASK.fullmatch(code):  # a masked name is nobody
                out[code] = out.get(code, 0) + count
        return out

    def counts(self, field: str) -> dict[str, int]:
        """Count the cables that choosing a value of a field of `Selection` would leave, or add to those chosen.

        Parameters
        ----------
        field
            `"posts"`, `"missions"`, `"bureaus"`, `"offices"`, `"drafters"`, `"signers"`, `"classifications"` or `"tags"`.

        Returns
        -------
        dict of value to count. Of values that are chosen the number of cables that have them, the facet's own choice
        aside; of others what a press leaves or, where the facet has a choice already, what it adds.
        """
        selection = self.state.selection
        if field not in self._counted or self._counted[field][0] != selection:  # heads of columns count them, too
            self._counted[field] = selection, self._count(field)
        return self._counted[field][1]

    def _count(self, field: str) -> dict[str, int]:
        narrows = self._narrows(field)
        facet = FACET_OF.get(field, field)
        rows = self.state.rows(without=None if narrows else facet)
        have = self._all[field] if rows is None else self._counts(field, rows)
        mask = None if narrows else self.state.mask(facet)
        if mask is None:
            return have
        adds = self._counts(field, ~mask if rows is None else rows & ~mask)
        chosen = self._chosen(field)
        return {value: count if value in chosen else adds.get(value, 0) for value, count in have.items()}

    def _narrows(self, field: str) -> bool:
        return field == "tags" and self.state.selection.tags_how == "all"

    def _chosen(self, field: str) -> tuple[str, ...]:
        return self.state.selection.listed(field)

    def _values(self, field: str, values: Iterable[str]) -> list[Value]:
        counts, chosen = self.counts(field), self._chosen(field)
        adds = not self._narrows(field) and self.state.mask(FACET_OF.get(field, field)) is not None
        return [
            Value(v, self.meaning(field, v), counts.get(v, 0), v in chosen, adds and v not in chosen) for v in values
        ]

    def values(self, field: str, find: str = "", most: int = 12, zeros: bool = True) -> tuple[list[Value], int]:
        """List the values of a field, those that count a cable now first, of them those of most cables of the whole corpus.

        Chosen ones are listed always; classifications stand from the lowest to the highest.

        Parameters
        ----------
        field
            As for `counts`.
        find
            A part of what they are called, by code or by meaning.
        most
            How many to list besides the chosen ones.
        zeros
            False leaves out what counts no cable now, unless nothing counts one.

        Returns
        -------
        The values, and how many more there are.
        """
        everything, now = self._all[field], self.counts(field)
        chosen = self._chosen(field)
        counting = {v for v in everything if now.get(v) or v in chosen}
        order = sorted(everything, key=lambda v: (v not in counting, -everything[v], v))
        if field == "classifications":
            order = [level for level in (*CLASSIFICATIONS, NONE) if level in everything]
        wanted = order if not find.strip() else self._found(field, find, everything)
        kept = wanted if zeros else [v for v in wanted if v in counting] or wanted
        shown = set(kept[:most]) | {v for v in everything if v in chosen}
        listed = [v for v in (wanted if find.strip() else order) if v in shown]
        listed = [v for v in order if v in shown and v not in listed] + listed
        rest = len(wanted) - len(set(wanted) & shown)
        return self._values(field, listed), rest

    def _found(self, field: str, find: str, everything: Mapping[str, int]) -> list[str]:
        words = " ".join(find.split()).casefold()
        if field == "tags":
            named = [tag.code for tag in facts.find_tags(find, 200)]
        elif field == "posts":
            named = [self._offices.get(post.code, post.code) for post in facts.find_posts(find, 200)]
        else:
            named = []
        matching = [v for v in everything if words in v.casefold() or words in self.meaning(field, v).casefold()]
        ranked = sorted(matching, key=lambda v: (not v.casefold().startswith(words), -everything[v], v))
        return list(dict.fromkeys([v for v in named if v in everything] + ranked))

    def places(self, find: str = "", most: int = 6, zeros: bool = True) -> tuple[list[tuple[Value, list[Value]]], int]:
        """List missions with their posts, those that count a cable now first, of them those of most cables.

        Parameters
        ----------
        find
            A part of a mission's or post's code, name or alias.
        most
            How many missions to list besides those chosen or found.
        zeros
            False leaves out missions of which no post counts a cable now, unless none does.

        Returns
        -------
        Missions, each with its posts, and how many more missions there are.
        """
        selection = self.state.selection
        missions, posts = self.counts("missions"), self.counts("posts")
        sizes = self._all["missions"]
        counting = {
            m for m, members in self.missions_of.items() if missions.get(m) or any(posts.get(post) for post in members)
        }
        order = sorted(self.missions_of, key=lambda m: (m not in counting, m == NONE, -sizes.get(m, 0), m))
        wanted = order
        if find.strip():
            hit = set(self._found("posts", find, self._all["posts"])), set(self._found("missions", find, sizes))
            wanted = [m for m in order if m in hit[1] or hit[0] & set(self.missions_of[m])]
        chosen = [m for m in order if m in selection.missions or set(self.missions_of[m]) & set(selection.posts)]
        kept = wanted if zeros else [m for m in wanted if m in counting] or wanted
        shown = set(kept[:most]) | set(chosen)
        out = []
        for mission in (m for m in order if m in shown):
            ranked = sorted(self.missions_of[mission], key=lambda post: not posts.get(post))
            out.append((self._values("missions", [mission])[0], self._values("posts", ranked)))
        return out, len(wanted) - len(set(wanted) & shown)

    def meaning(self, field: str, value: str) -> str:
        """Say what a value stands for; empty if nothing knows."""
        if value == NONE:
            return "stated nowhere"
        if field == "posts":
            post = facts.post(value)
            return ", ".join(p for p in (post.name, post.kind) if p) if post is not None else ""
        if field == "signers":
            return self._stations.get(value, "")
        return self.meanings.get(value, "") if field in ("tags", "bureaus") else ""
