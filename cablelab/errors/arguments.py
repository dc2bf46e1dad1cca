"""What functions ask of an argument before they begin: a corpus, an executor that can work for us."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from cablelab.errors import UnfitExecutor, WrongKind

__all__ = ["check_executor", "of_corpus"]


Given = ParamSpec("Given")
Returned = TypeVar("Returned")


def of_corpus(function: Callable[Given, Returned]) -> Callable[Given, Returned]:
    """Make a function refuse anything but a corpus as its first argument, and say the cure.

    Examples
    --------
    >>> of_corpus(lambda corpus: len(corpus))("corpus/")
    Traceback (most recent call last):
    cablelab.errors.WrongKind: <lambda> takes a Corpus first, not a str. Give what cl.read(...), ...
    """
    first = function.__code__.co_varnames[0]

    @wraps(function)
    def checked(*args: Given.args, **named: Given.kwargs) -> Returned:
        given = args[0] if args else named.get(first, checked)
        if given is not checked and not all(hasattr(given, part) for part in ("lazy", "frame", "filters")):
            raise WrongKind(function.__name__, "a Corpus first", given)
        return function(*args, **named)

    return checked


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
