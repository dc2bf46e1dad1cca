"""Caches that keep what was told of posts: they are emptied when posts are added or taken away."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Told = TypeVar("_Told")
_emptied: list[Callable[[], None]] = []


def kept_while_posts_stay(maxsize: int) -> Callable[[Callable[_Given, _Told]], Callable[_Given, _Told]]:
    """Keep what a function tells, for as many arguments as said, until posts change.

    >>> from cablelab import facts
    >>> @kept_while_posts_stay(9)
    ... def known(code):
    ...     return code in facts.posts()
    >>> before = known("NEWPORT")
    >>> with facts.added(posts=[{"code": "NEWPORT"}]):
    ...     before, known("NEWPORT")
    (False, True)
    """

    def keep(function: Callable[_Given, _Told]) -> Callable[_Given, _Told]:
        cached = lru_cache(maxsize=maxsize)(function)
        _emptied.append(cached.cache_clear)
        return cached  # type: ignore[return-value]  # lru_cache is typed for hashable arguments of any kind

    return keep


def forget_posts() -> None:
    """Empty the caches: posts have changed."""
    for empty in _emptied:
        empty()
