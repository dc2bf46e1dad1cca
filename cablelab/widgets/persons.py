"""The Reader's page of people: who is named in a cable and as what, under which spellings, in which other cables of the post."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import polars as pl

from cablelab.corpus.lookup import counted
from cablelab.corpus.named import mentions_of_people
from cablelab.studies.officers import people
from cablelab.widgets.page import opener
from cablelab.widgets.tree import Node, h

if TYPE_CHECKING:
    from cablelab.corpus import Corpus
    from cablelab.corpus.cable import Cable

SAYS = {
    "signer": "Signs as",
    "classifier": "Named as classifier",
    "drafter": "Named as drafter",
    "approver": "Named as approver",
    "addressee": "Addressed by name",
}
LISTED = 12
TOLD = (
    "What the cables say of people, and no more: by rule the chief of mission, or who acts for him, signs, whoever wrote. Spellings are "
    "joined only at one post, in one role and in overlapping time."
)


class Persons:
    """People of the posts of one corpus, gathered once a post."""

    def __init__(self, whole: Corpus) -> None:
        self._whole = whole
        self._posts: dict[str | None, tuple[pl.DataFrame, pl.DataFrame]] = {}

    def _of(self, post: str | None) -> tuple[pl.DataFrame, pl.DataFrame]:
        if post not in self._posts:
            of_post = pl.col("post").is_null() if post is None else pl.col("post") == post
            corpus = self._whole.filter(of_post)
            self._posts[post] = people(corpus), mentions_of_people(corpus)
        return self._posts[post]

    def of(self, cable: Cable) -> list[dict[str, Any]]:
        """Return who is named in a cable, a row each: those of `cablelab.people` and `others`, the further cables that name them."""
        known, named = self._of(cable["post"])
        found = []
        for role, name in named.filter(cable=cable.id).select("role", "name").iter_rows():
            row = known.filter(pl.col("role") == role, pl.col("variants").list.contains(name)).row(0, named=True)
            others = named.filter(
                pl.col("role") == role, pl.col("name").is_in(row["variants"]), pl.col("cable") != cable.id
            )
            found.append(
                row
                | {"name": name, "others": others.unique("cable").sort("sent", "cable").select("cable", "sent").rows()}
            )
        return found


def nodes(rows: list[dict[str, Any]]) -> Iterator[Node]:
    """Give the page of people as nodes."""
    yield h("p", {"class": "cl-note"}, TOLD)
    if not rows:
        yield h(
            "p",
            None,
            "This cable names nobody as signer, classifier, drafter, approver or addressee, or hides who it is.",
        )
    for n, row in enumerate(rows):
        head = h("h4", None, f"{SAYS[row['role']]} {row['name']}", f" · {row['post']}" if row["post"] else "")
        first, last = (f"{row[end]:%Y-%m-%d}" if row[end] else "undated" for end in ("first", "last"))
        span = first if first == last else f"{first} to {last}"
        count = f"{counted(row['cables'], 'cable')} of this post, {span}"
        facts = [("spellings", " · ".join(row["variants"])), ("titles", "; ".join(row["titles"])), ("named in", count)]
        rows_of = [part for label, text in facts if text for part in (h("dt", None, label), h("dd", None, text))]
        others = [
            h("li", None, opener(cable, cable, f"open {cable}"), f" {sent:%Y-%m-%d}" if sent else "")
            for cable, sent in row["others"][:LISTED]
        ]
        more = len(row["others"]) - len(others)
        choose = {
            "data-act": "person",
            "data-value": n,
            "title": "select the cables of this post that these spellings sign",
        }
        yield h(
            "section",
            {"class": "cl-person", "key": f"{row['role']} {row['name']}"},
            head,
            h("dl", {"class": "cl-header"}, rows_of),
            h(
                "ul",
                {"class": "cl-plain"},
                others,
                h("li", {"class": "cl-note"}, f"{more:,} more") if more > 0 else None,
            ),
            h("button", choose, "Select what they sign") if row["role"] == "signer" else None,
        )
