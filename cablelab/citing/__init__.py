"""Cite cables: which message, which copy of it, which paragraph."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from cablelab.citing.record import Citation, citation
from cablelab.citing.styles import NARA_YEARS, STYLES
from cablelab.corpus import Corpus
from cablelab.errors import UnknownOption, nearest
from cablelab.errors.arguments import of_corpus
from cablelab.escaping import copy_name

__all__ = ["NARA_YEARS", "Citation", "citation", "cite", "copy_name"]


@of_corpus
def cite(
    corpus: Corpus,
    ids: str | Iterable[str] | pl.Series | pl.DataFrame,
    style: str = "chicago",
    *,
    accessed: date | None = None,
) -> str:
    """Cite cables so that a reader finds the message, the copy of it that was read, and the paragraph.

    Parameters
    ----------
    corpus
        The corpus that holds them.
    ids
        One or several ids, or a frame with a column `cable`, such as the hits of a search. `"07ASTANA3256#par3"` cites the paragraph numbered 3.
    style
        `"chicago"` (a note), `"bibtex"`, `"ris"`, `"csl-json"` (for reference managers), or `"nara"` (the model form
        of the National Archives for its electronic telegrams of 1973-79).
    accessed
        When the copy was looked up. It is named only if given, so that the same call always gives the same words.

    Returns
    -------
    The citations, one after the other in the order asked for, each cable or paragraph once.

    Raises
    ------
    UnknownOption
        If there is no such style.
    UnknownCable
        If the corpus does not hold a cable.
    NotCitable
        If a cable has no paragraph of that number, or the form of the National Archives does not fit it.

    Examples
    --------
    >>> import cablelab as cl
    >>> from cablelab.citing import cite
    >>> corpus = cl.sample()
    >>> print(cite(corpus, corpus.ids[0]))
    U.S. ...
    >>> cite(corpus, corpus.ids[:2], style="ris").count("TY  - ")
    2
    """
    if style not in STYLES:
        raise UnknownOption(style, nearest(style.lower(), STYLES), f"Styles are {', '.join(STYLES)}.")
    column = ids["cable"] if isinstance(ids, pl.DataFrame) else ids
    names = dict.fromkeys([column] if isinstance(column, str) else column)
    return STYLES[style](dict.fromkeys(citation(corpus, name) for name in names), accessed)
