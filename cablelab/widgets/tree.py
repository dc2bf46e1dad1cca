"""What a view shows, as a tree of plain lists: one source for the live widget and for the static page.

A node is a string, which is text and nothing else, or a list `[tag, attributes, child, ...]`. The browser builds it
from text nodes (`panel.js`), `to_html` writes it escaped; neither ever reads markup, so a cable's text stays text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from html.parser import HTMLParser
from typing import Any

Node = str | list[Any]

# What panel.js builds too; a test holds the two lists together.
_TAGS = """a abbr article b br button caption code dd del details div dl dt em fieldset footer form h2 h3 h4 header
input ins label legend li mark nav ol option output p pre section select small span strong summary table tbody td textarea th
thead tr ul"""
_ATTRIBUTES = """checked class colspan disabled for href hidden id key lang name open placeholder role scope selected
spellcheck step tabindex title type value"""
TAGS = frozenset(_TAGS.split())
ATTRIBUTES = frozenset(_ATTRIBUTES.split())
PREFIXES = ("aria-", "data-")
# Where an element lies in the one around it, in per cent: numbers and nothing else become style.
PLACES = {"data-x": "left", "data-w": "width", "data-y": "bottom", "data-h": "height"}
_VOID = frozenset({"br", "input"})


def h(tag: str, attributes: Mapping[str, Any] | None = None, *children: Node | Iterable[Node | None] | None) -> Node:
    """Build a node.

    Parameters
    ----------
    tag
        One of `TAGS`.
    attributes
        Names of `ATTRIBUTES`, or `aria-...` and `data-...`. None and False leave one out, True sets it bare. A link may
        only point into its own page.
    *children
        Nodes and lists of nodes; None is left out.

    Raises
    ------
    ValueError
        If a tag or attribute is not one that views use, or a place is no number.

    Examples
    --------
    >>> h("p", {"class": "note"}, "1 < 2")
    ['p', {'class': 'note'}, '1 < 2']
    """
    if tag not in TAGS:
        raise ValueError(f"no view shows <{tag}>; add it to TAGS and to panel.js")
    kept: dict[str, str] = {}
    for name, value in (attributes or {}).items():
        if name not in ATTRIBUTES and not name.startswith(PREFIXES):
            raise ValueError(f"no view sets {name!r}; add it to ATTRIBUTES and to panel.js")
        if name == "href" and not str(value).startswith("#"):
            raise ValueError("a view links only into its own page")
        if name in PLACES:
            float(value)
        if value is not None and value is not False:
            kept[name] = "" if value is True else str(value)
    return [tag, kept, *_flat(children)]


def _flat(children: Iterable[Any]) -> Iterator[Node]:
    for child in children:
        if isinstance(child, str) or _is_element(child):
            yield child
        elif child is not None:
            yield from _flat(child)


def _is_element(child: Any) -> bool:
    return isinstance(child, list) and len(child) > 1 and isinstance(child[0], str) and isinstance(child[1], dict)


def to_html(node: Node) -> str:
    """Write a node as HTML, every text and every attribute escaped.

    Examples
    --------
    >>> to_html(h("p", {"title": '"'}, "<script>"))
    '<p title="&quot;">&lt;script&gt;</p>'
    """
    if isinstance(node, str):
        return escape(node, quote=False)
    tag, attributes, *children = node
    written = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items() if name != "key")
    if place := ";".join(f"{PLACES[name]}:{float(value):g}%" for name, value in attributes.items() if name in PLACES):
        written += f' style="{place}"'
    inner = "".join(map(to_html, children))
    return f"<{tag}{written}>" if tag in _VOID else f"<{tag}{written}>{inner}</{tag}>"


def from_html(html: str) -> list[Node]:
    """Read HTML of the package's own making into nodes; what views do not show is refused.

    Raises
    ------
    ValueError
        If it holds a tag or an attribute that no view uses.

    Examples
    --------
    >>> from_html("<p class='x'>1 &lt; 2</p>")
    [['p', {'class': 'x'}, '1 < 2']]
    """
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.open[0][2:]


def _places(style: str) -> dict[str, str]:
    found = dict(part.split(":", 1) for part in style.split(";") if part)
    named = {prop: name for name, prop in PLACES.items()}
    if not found.keys() <= named.keys() or not all(value.endswith("%") for value in found.values()):
        raise ValueError(f"no view sets the style {style!r}")
    return {named[prop]: value.removesuffix("%") for prop, value in found.items()}


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[list[Any]] = [["div", {}]]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if "style" in attributes:
            attributes |= _places(attributes.pop("style"))
        node = h(tag, attributes)
        self.open[-1].append(node)
        if tag not in _VOID and isinstance(node, list):
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].append(data)


def words(node: Node) -> str:
    """Return the text of a node, without markup.

    Examples
    --------
    >>> words(h("p", None, "a ", h("em", None, "b")))
    'a b'
    """
    return node if isinstance(node, str) else "".join(map(words, node[2:]))


def find(node: Node, **attributes: str) -> list[list[Any]]:
    """Return the elements whose attributes have these values; `data_act` stands for `data-act`.

    Examples
    --------
    >>> find(h("p", None, h("button", {"data-act": "open"}, "x")), data_act="open")
    [['button', {'data-act': 'open'}, 'x']]
    """
    if isinstance(node, str):
        return []
    wanted = {name.replace("_", "-"): value for name, value in attributes.items()}
    here = [node] if all(node[1].get(name) == value for name, value in wanted.items()) else []
    return here + [found for child in node[2:] for found in find(child, **attributes)]
