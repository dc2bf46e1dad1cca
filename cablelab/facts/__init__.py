"""Posts and TAGS: what the package knows about them, and how to add to it."""

from __future__ import annotations

from cablelab.facts.additions import Additions, add_posts, add_tags, added, learn, reset, restore, snapshot
from cablelab.facts.caches import kept_while_posts_stay
from cablelab.facts.lookup import codes_that_mean, find_posts, find_tags
from cablelab.facts.post_codes import (
    Post,
    bureau_of,
    bureaus,
    lineage,
    mission_of,
    mission_posts,
    missions,
    post,
    post_code,
    posts,
    same_office,
)
from cablelab.facts.tag_codes import Tag, explain, repair, split, tag, tags

__all__ = [
    "Additions",
    "Post",
    "Tag",
    "add_posts",
    "add_tags",
    "added",
    "bureau_of",
    "bureaus",
    "codes_that_mean",
    "explain",
    "find_posts",
    "find_tags",
    "kept_while_posts_stay",
    "learn",
    "lineage",
    "mission_of",
    "mission_posts",
    "missions",
    "post",
    "post_code",
    "posts",
    "repair",
    "reset",
    "restore",
    "same_office",
    "snapshot",
    "split",
    "tag",
    "tags",
]
