"""Which cables bear a word as a tag: a code, what a code meant in the cable's year, or a word that only TAGS lines have."""

from __future__ import annotations

import re
import warnings

import polars as pl

from cablelab import facts
from cablelab.errors import UnknownTag, nearest
from cablelab.facts.tag_codes import USUAL_YEAR

SLIPPED = 6  # letters of a code with a slip in it; codes have two to five
WRITTEN = re.compile(r"[A-Z][A-Z0-9]{2,29}")  # as a word may stand in a TAGS line


def bears(word: str, as_written: bool) -> pl.Expr:
    """Select cables whose TAGS line bears a code, or a code that means a word; as `cablelab.where.tagged` has it.

    Examples
    --------
    >>> pl.DataFrame({"tags": [["ELAB"], ["PGOV"]], "year": [2005, 2005]}).filter(bears("ELAB", False)).height
    1
    """
    listed = pl.col("tags").list
    if as_written:
        return listed.contains(word)
    if word.strip().upper() in facts.tags():
        return listed.contains(word.strip().upper())
    parts = []
    try:
        meant = facts.codes_that_mean(word)
    except UnknownTag:
        if not WRITTEN.fullmatch(word) or (len(word) <= SLIPPED and nearest(word, facts.tags())):
            raise
        warnings.warn(
            f"No known tag is called {word!r}; cables whose TAGS line has exactly that are selected. Write as_written=True"
            " if that is meant; cl.facts.find_tags(...) searches the known ones.",
            stacklevel=3,
        )
        return listed.contains(word)
    for code, years in meant.items():
        usual = not years or USUAL_YEAR in years
        then = pl.col("year").is_in(years).fill_null(usual) if years else pl.lit(True)
        parts.append(listed.contains(code) & then)
    return pl.any_horizontal(parts)
