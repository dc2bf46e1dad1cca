"""Markdown: links on the TAGS line, bold paragraph numbers, hard line breaks; none of it is the cable's."""

from __future__ import annotations

import re

LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\((?:[^()\n]|\([^()\n]{0,200}\)){0,500}\)")
BOLD_NUMBER = re.compile(r"(?:\*\*|__)\s?¶?\s?\d{1,3}[.)]\s?(?:\*\*|__)")
BOLD = re.compile(r"(\*\*|__)(?=\S)([^\n]{0,500}?\S)\1")
HEADING = re.compile(r"^#{1,6} +", re.MULTILINE)
FENCE = re.compile(r"^(?:```|~~~).*\n?", re.MULTILINE)
BREAK = re.compile(r"(?: {2,}|\\)$", re.MULTILINE)
ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>-])")


def detect(text: str) -> bool:
    """Say whether `text` carries Markdown links or bold paragraph numbers."""
    return ("](" in text and LINK.search(text) is not None) or BOLD_NUMBER.search(text) is not None


def unmark(text: str) -> str:
    r"""Take the Markdown marks off a text and leave its words and lines.

    Examples
    --------
    >>> unmark("TAGS: [ELAB](#) [ETRD](/tag/ETRD)\n\n**¶1.** All is calm.  \nSo far.")
    'TAGS: ELAB ETRD\n\n¶1. All is calm.\nSo far.'
    """
    text = LINK.sub(r"\1", FENCE.sub("", text))
    text = BOLD.sub(r"\2", HEADING.sub("", text))
    return ESCAPE.sub(r"\1", BREAK.sub("", text))
