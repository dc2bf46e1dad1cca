"""Markdown: links on the TAGS line, bold paragraph numbers, hard line breaks; none of it is the cable's."""

from __future__ import annotations

import re

from cablelab.capture import labels
from cablelab.capture.base import NO_PAGE, Page

LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\((?:[^()\n]|\([^()\n]{0,200}\)){0,500}\)")
BOLD_NUMBER = re.compile(r"(?:\*\*|__)\s?¶?\s?\d{1,3}[.)]\s?(?:\*\*|__)")
BOLD = re.compile(r"(\*\*|__)(?=\S)([^\n]{0,500}?\S)\1")
HEADING = re.compile(r"^#{1,6} +", re.MULTILINE)
FENCE = re.compile(r"^(?:```|~~~).*\n?", re.MULTILINE)
BREAK = re.compile(r"(?:(?<! ) {2,}|\\)$", re.MULTILINE)
FRONT = re.compile(r"\A\s*---[ \t]*\n((?:(?!---)[^\n]{0,2000}\n){1,60})---[ \t]*\n")
FIELD = re.compile(r"^([A-Za-z_ -]{2,30}):[ \t]*+[\"']?+(.*)$", re.MULTILINE)
FENCED = re.compile(r"^(?:```|~~~)", re.MULTILINE)
ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>-])")


def detect(text: str) -> bool:
    """Say whether `text` carries Markdown links, bold paragraph numbers, a fence around a block, or fields above it."""
    return (
        ("](" in text and LINK.search(text) is not None)
        or BOLD_NUMBER.search(text) is not None
        or (("```" in text or "~~~" in text) and len(FENCED.findall(text)) > 1)
        or FRONT.match(text) is not None
    )


def front_matter(text: str) -> tuple[Page, str]:
    r"""Read the fields that a post has between two lines of dashes above it, and take them off the text.

    >>> page, rest = front_matter("---\ntitle: Fish\ncable_id: 08OSLO12\ndate: 2008-01-09\n---\nUNCLAS OSLO 000012")
    >>> page.cable, page.title, rest
    ('08OSLO12', 'Fish', 'UNCLAS OSLO 000012')
    """
    front = FRONT.match(text)
    if front is None:
        return NO_PAGE, text
    named = {re.sub(r"[^a-z]", "", name.lower()): _unquoted(value) for name, value in FIELD.findall(front[1])}
    cable = next(
        (named[key] for key in ("cableid", "cable", "id", "referenceid", "identifier", "slug") if key in named), ""
    )
    values: dict[str, str | None] = {
        "cable": cable if re.fullmatch(labels.CABLE_ID, cable) else None,
        # the date may be that of the post: it counts only beside an id
        "created": (named.get("created") or named.get("date")) if cable else None,
        "classification": named.get("classification"),
        "origin": named.get("origin"),
    }
    return labels.page(values, "minute", named.get("title")), text[front.end() :]


def _unquoted(value: str) -> str:
    """Drop the blanks and one quotation mark from a value's end; the pattern, to be quick, leaves them."""
    value = value.rstrip(" \t")
    return value[:-1] if value.endswith(("'", '"')) else value


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
