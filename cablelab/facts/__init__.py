"""Posts and TAGS: what the package knows about them, and how to add to it."""

from __future__ import annotations

from cablelab.facts.posts import (
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

__all__ = [
    "Post",
    "bureau_of",
    "bureaus",
    "lineage",
    "mission_of",
    "mission_posts",
    "missions",
    "post",
    "post_code",
    "posts",
    "same_office",
]
