"""Keep what a cable says from acting where it is shown: in a terminal, in a drawing, in a page that sets formulas."""

from __future__ import annotations

import re

REPLACED = "\ufffd"
# The class that keeps MathJax 3 (JupyterLab), then the one that keeps MathJax 2 (nbviewer, older pages), out of an
# element. Without it "$5 million, then $9 million" is set as a formula, and a formula may hold a link to a script.
UNTYPESET = "mathjax_ignore tex2jax_ignore"
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def visible(text: str) -> str:
    r"""Return `text` with no character in it that a terminal obeys, hides or turns round.

    Parameters
    ----------
    text
        Anything; line feeds and tabs stay, other blanks become spaces.

    Returns
    -------
    str of the same length. Control characters (escape sequences that recolour, erase, or write the clipboard), those
    that change the direction of writing, and others that show nothing become U+FFFD.

    Examples
    --------
    >>> visible("\x1b[2J LABOR \u202eCODE")
    '�[2J LABOR �CODE'
    """
    if text.isprintable():
        return text
    return "".join(c if c in "\n\t" or c.isprintable() else " " if c.isspace() else REPLACED for c in text)


def legal_xml(text: str) -> str:
    r"""Return `text` without the characters that no XML may hold: with one of them a drawing is not drawn at all.

    Examples
    --------
    >>> legal_xml("LABOR\x1b CODE")
    'LABOR� CODE'
    """
    return _ILLEGAL.sub(REPLACED, text)
