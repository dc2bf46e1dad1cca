"""Keep what a cable says from acting where it is shown: in a terminal, in a drawing, in a page that sets formulas."""

from __future__ import annotations

import html
import re

REPLACED = "\ufffd"
# The class that keeps MathJax 3 (JupyterLab), then the one that keeps MathJax 2 (nbviewer, older pages), out of an
# element. Without it "$5 million, then $9 million" is set as a formula, and a formula may hold a link to a script.
UNTYPESET = "mathjax_ignore tex2jax_ignore"
# Marks of Markdown, what makes a bare address a link, what opens a heading or a list, what opens a formula.
_MARKUP = re.compile(r"[$\\`*_\[\]|~@]|:(?=//)|\bwww\.|^[#+=-]|^\d+[.)]", re.IGNORECASE)
# JupyterLab sets formulas also between marks that are escaped, unless an element holds each alone.
ALONE = "<span>&#{};</span>"
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


def printed(text: str) -> str:
    r"""Return `text` as one line for print: without what shows nothing or acts.

    Examples
    --------
    >>> printed("LABOR\x1b\n CODE")
    'LABOR CODE'
    """
    return " ".join(visible(text).replace(REPLACED, "").split())


def copy_name(source: str | None) -> str:
    """Return the last part of a source's path: what names a copy without naming the reader's own folders.

    Examples
    --------
    >>> copy_name("/home/someone/cables/cables.csv#12")
    'cables.csv#12'
    """
    return printed(re.split(r"[/\\]", source or "")[-1]) or "unnamed"


def markdown(text: str) -> str:
    r"""Return `text` as one line of Markdown that shows it and does nothing else: no markup, no link, no formula.

    Examples
    --------
    >>> print(markdown("*a*\n<script> for $5"))
    \*a\* &lt;script&gt; for <span>&#36;</span>5
    """
    return _MARKUP.sub(_shown, html.escape(" ".join(visible(text).split()), quote=False))


def _shown(found: re.Match[str]) -> str:
    mark = found[0]
    return ALONE.format(ord(mark)) if mark in "$\\" else f"{mark[:-1]}\\{mark[-1]}"
