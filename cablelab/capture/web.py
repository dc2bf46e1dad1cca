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
# word processors write every line as a paragraph, and blank ones for blank lines
BLANK_PARAGRAPH = re.compile(
    r"<p\b[^<>]{0,300}>(?:\s|&nbsp;|&#160;|\xa0|</?(?:span|o:p|br|font|b|i)\b[^<>]{0,300}>){1,20}</p>", re.IGNORECASE
)


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


def messages(page: LexborHTMLParser) -> tuple[list[str], int]:
    """Give the texts of the `<pre>` blocks with marks of a cable, and how many without any stood among or behind them.

    A header in its own block goes before its body.
    """
    found: list[str] = []
    header, left = "", 0
    for node in page.css("pre"):
        block = node.text(deep=True).strip("\n")
        if not MARKS.search(block):
            left += bool(block.strip() and (found or header))
            continue
        if OPENS.search(block) and not BODY.search(block):
            header = block
            continue
        found.append(f"{header}\n\n{block}" if header else block)
        header = ""
    return ([*found, header] if header else found), left


def by_line(text: str) -> bool:
    """Say whether each line of a page is a paragraph, as word processors write them."""
    return ("<p" in text or "<P" in text) and len(BLANK_PARAGRAPH.findall(text, 0, 200_000)) > 2


def as_text(page: LexborHTMLParser, lined: bool = False) -> str:
    """Give the words of an HTML page, a line for each block; `<pre>`, and what relies on a style sheet as it does, keeps its lines.

    `lined` says that each paragraph is but a line (see `by_line`).
    """
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
            if not kept and (not pieces or pieces[-1].endswith("\n")):
                words = words.lstrip()
            if words:
                pieces.append(words)
            continue
        if tag in UNSEEN:
            continue
        if tag == "br":
            pieces.append("\n")
            continue
        children = list(node.iter(include_text=True))
        kept = kept or tag == "pre" or _keeps_lines(node, children)
        around = "\n\n" if tag in ("p", "pre") else "\n" if tag in BLOCKS else " " if tag in ("td", "th") else ""
        if lined and tag == "p":  # a line, which may be a blank one
            if pieces and not pieces[-1].endswith("\n"):
                pieces.append("\n")
            todo.append(("\n", kept))
        elif around:
            pieces.append(around)
            todo.append((around, kept))
        todo.extend((child, kept) for child in reversed(children))
    joined = "".join(pieces)
    if lined:
        joined = joined.replace("\xa0", " ")
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"(?<![ \t])[ \t]+\n", "\n", joined)).strip()


def _keeps_lines(node: LexborNode, children: list[LexborNode]) -> bool:
    """Say whether an element shows the line ends of its source: by its own style, or because a message stands in it line by line."""
    if "white-space" in (style := node.attributes.get("style") or "") and re.search(r"white-space:\s*pre", style):
        return True
    if len(children) > 2_000 or any(child.tag == "br" for child in children):
        return False
    text = "".join(child.text(deep=False) or "" for child in children if child.tag == "-text")
    return text.count("\n") > 4 and MARKS.search(text) is not None
