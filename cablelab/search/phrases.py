"""Phrases as patterns."""

from __future__ import annotations

import re


def phrase_pattern(text: str) -> str:
    r"""Return a pattern for the words of `text` in a row, whole words, any blanks or line breaks between.

    Examples
    --------
    >>> print(phrase_pattern("child labor"))
    \bchild\s+labor\b
    """
    words = text.split()
    pattern = r"\s+".join(re.escape(word) for word in words)
    if words and re.match(r"\w", words[0]):
        pattern = r"\b" + pattern
    if words and re.search(r"\w$", words[-1]):
        pattern += r"\b"
    return pattern
