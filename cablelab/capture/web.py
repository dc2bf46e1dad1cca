"""HTML of unknown make: read as text when a known page is in it, else its `<pre>` blocks."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from cablelab.capture.message_bounds import MARKS, OPENS

HTML = re.compile(
    r"<(?:!doctype html|html|head|body|div|pre|table|p|br|title|meta|script|span|article)\b[^<>]*>", re.IGNORECASE
)
UNSEEN = frozenset(("script", "style", "noscript", "template", "head", "svg", "iframe", "button", "select", "textarea"))
BLOCKS = frozenset(
    (
        "address", "article", "aside", "blockquote", "dd", "div", "dl", "dt", "fieldset", "figure", "footer", "form",
        "h1", "h2", "h3", "h4", "h5", "h6",
        "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tr", "ul",
    )
)  # fmt: skip
SPACES = re.compile(r"[ \t\r\n\f]+")
DEEPEST = 500
NESTS = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20}+)(?:[ \t\r\n/][^<>]*)?>")
# what holds nothing, or is closed by the next of its kind
FLAT = frozenset("area base br col embed hr img input link meta source wbr p li dt dd tr td th tbody option".split())  # noqa: SIM905
BODY = re.compile(r"^\W{0,4}(?:TAGS?|SUBJECT|SUBJ)\b|^[ \t]{0,4}¶?\d{1,3}\.\s", re.MULTILINE)


def detect(text: str) -> bool:
    """Say whether `text` is HTML: a tag of a page among its first 5,000 characters, and tags that are closed."""
    return HTML.search(text, 0, 5000) is not None and ("</" in text or "<br" in text.lower())


def parsed(text: str) -> LexborHTMLParser:
    """Parse a page, elements that nest deeper than any page's left out: for each one the parser looks at all around it."""
    return LexborHTMLParser(_flat(text) if text.count("<") > DEEPEST else text)


def _flat(text: str) -> str:
    """Drop the tags that open elements below the deepest level, and those that close them; what is in them stays."""
    depth = 0
    dropped: dict[str, int] = {}

    def kept(found: re.Match[str]) -> str:
        nonlocal depth
        name = found[2].lower()
        if name in FLAT:
            return found[0]
        if found[1]:
            if dropped.get(name):
                dropped[name] -= 1
                return " "
            depth = max(depth - 1, 0)
        elif depth >= DEEPEST:
            dropped[name] = dropped.get(name, 0) + 1
            return " "
        else:
            depth += 1
        return found[0]

    return NESTS.sub(kept, text)


def messages(page: LexborHTMLParser) -> list[str]:
    """Give the texts of the `<pre>` blocks with marks of a cable; a header in its own block goes before its body."""
    found: list[str] = []
    header = ""
    for node in page.css("pre"):
        block = node.text(deep=True).strip("\n")
        if not MARKS.search(block):
            continue
        if OPENS.search(block) and not BODY.search(block):
            header = block
            continue
        found.append(f"{header}\n\n{block}" if header else block)
        header = ""
    return [*found, header] if header else found


def as_text(page: LexborHTMLParser) -> str:
    """Give the words of an HTML page, a line for each block; `<pre>` keeps its lines."""
    body = page.body
    pieces: list[str] = []
    # a stack, since a page may nest deeper than Python calls
    todo: list[tuple[LexborNode | str, bool]] = [(body, False)] if body is not None else []
    while todo:
        node, kept = todo.pop()
        if isinstance(node, str):
            pieces.append(node)
            continue
        tag = node.tag or ""
        if tag == "-text":
            words = node.text(deep=False) or ""
            words = words if kept else SPACES.sub(" ", words)
            pieces.append(words.lstrip() if not kept and pieces and pieces[-1].endswith("\n") else words)
            continue
        if tag in UNSEEN:
            continue
        if tag == "br":
            pieces.append("\n")
            continue
        kept = kept or tag == "pre"
        around = "\n\n" if tag in ("p", "pre") else "\n" if tag in BLOCKS else " " if tag in ("td", "th") else ""
        if around:
            pieces.append(around)
            todo.append((around, kept))
        todo.extend((child, kept) for child in reversed(list(node.iter(include_text=True))))
    joined = "".join(pieces)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", joined)).strip()
