"""Conditions on what cables cite, which need the corpus whose references count."""

from __future__ import annotations

import polars as pl

from cablelab.as_code import Verbatim, named
from cablelab.corpus import Corpus, normal_id
from cablelab.errors import UnknownCable, nearest
from cablelab.errors.arguments import of_corpus
from cablelab.where.columns import some


def _keys(values: pl.Series) -> pl.Expr:
    return pl.col("cable").is_in(values.drop_nulls().unique().implode())


@of_corpus
def cites(corpus: Corpus, *cables: str) -> pl.Expr:
    """Select cables of which a reference names any of the given cables.

    Parameters
    ----------
    corpus
        The corpus whose references count; commonly the one to be filtered.
    *cables
        Ids, however written. The corpus need not hold them: a cable that is only named has citing cables too.

    Returns
    -------
    Expr of Boolean over the column `cable`.

    Raises
    ------
    UnknownCable
        If the corpus neither holds a cable nor names it in a reference.

    Examples
    --------
    >>> import cablelab as cl
    >>> corpus = cl.sample()
    >>> target = corpus.references.filter("held")["target"][0]
    >>> target in corpus.filter(cl.cites(corpus, target)).references["target"]
    True
    """
    some(cables, "cable", "cites")
    references = corpus.references.select("cable", "target")
    ids = []
    for name in cables:
        wanted = corpus.key(name) if name in corpus else normal_id(name)
        if wanted not in corpus and not (references["target"] == wanted).any():
            near = nearest(wanted, references["target"].drop_nulls().unique().sort().to_list()[:20_000])
            raise UnknownCable(name, near, "The corpus neither holds it nor names it in a reference.")
        ids.append(wanted)
    citing = references.filter(pl.col("target").is_in(ids))["cable"]
    return named(_keys(citing), "cites", (Verbatim("corpus"), *cables))


@of_corpus
def cited_by(corpus: Corpus, *cables: str) -> pl.Expr:
    """Select cables that the references of any of the given cables name.

    Parameters
    ----------
    corpus
        The corpus that holds the citing cables.
    *cables
        Ids, however written.

    Returns
    -------
    Expr of Boolean over the column `cable`.

    Raises
    ------
    UnknownCable
        If the corpus does not hold a cable.

    Examples
    --------
    >>> import cablelab as cl
    >>> corpus = cl.sample()
    >>> citing = corpus.references.filter("held")["cable"][0]
    >>> len(corpus.filter(cl.cited_by(corpus, citing))) > 0
    True
    """
    some(cables, "cable", "cited_by")
    ids = [corpus.key(name) for name in cables]
    cited = corpus.references.filter(pl.col("cable").is_in(ids))["target"]
    return named(_keys(cited), "cited_by", (Verbatim("corpus"), *cables))
