"""Which executors can work for us."""

from __future__ import annotations

from concurrent.futures import Executor
from typing import Any

from cablelab.errors import UnfitExecutor

__all__ = ["check_executor"]


def check_executor(executor: object) -> None:
    """Refuse what is no executor, and processes that are forked: those hang on the locks of polars' threads.

    Raises
    ------
    UnfitExecutor
        Naming what to pass instead.

    Examples
    --------
    >>> from concurrent.futures import ThreadPoolExecutor
    >>> check_executor(None), check_executor(ThreadPoolExecutor())
    (None, None)
    >>> check_executor(4)
    Traceback (most recent call last):
    ...
    cablelab.errors.UnfitExecutor: 4 is no executor. Pass one of concurrent.futures, or client.get_executor(pure=False) ...
    """
    if executor is None:
        return
    if not isinstance(executor, Executor):
        raise UnfitExecutor.none(executor)
    context: Any = getattr(executor, "_mp_context", None)  # of a ProcessPoolExecutor, which has no public name for it
    if context is not None and context.get_start_method() == "fork":
        raise UnfitExecutor.forked()
