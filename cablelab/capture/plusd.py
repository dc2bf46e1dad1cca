"""PlusD's pages: a table of labelled fields, then tabs with the message in parts, in raw, and the archive's attributes.

Saved as HTML, the line ends rely on a style sheet; copied as text, the fields may have lost their labels, the header stands above a
button or is missing, and the same message may come twice. What is read is the raw content where the page has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from cablelab.capture import attributes, labels, nara
from cablelab.capture.attributes import office
from cablelab.capture.base import NO_PAGE, Capture, Origin, Page, Problem, Unreadable
from cablelab.capture.dates import page_date
from cablelab.capture.message_bounds import MARKS, inside, opening
from cablelab.capture.several import CLASS_LINE, HEADER
from cablelab.capture.telegram import Aside

NAMES = (
    "Canonical ID", "Original Classification", "Current Classification", "Handling Restrictions", "Character Count",
    "Executive Order", "Locator", "TAGS", "Concepts", "Enclosure", "Type", "Office Origin", "Office Action",
    "Archive Status", "From", "Markings", "To", "Draft Date", "Film Number", "Date",
)  # fmt: skip
FIELD = re.compile(r"^\W{0,4}(?:Canonical ID|Original Classification|Character Count)\b", re.MULTILINE)
BUTTONS = re.compile(r"^\W{0,4}(?:Show|Hide)\s{1,3}Headers[ \t]*$", re.MULTILINE)
TAB = re.compile(r"^[ \t]*(Content|Raw content|Metadata|Raw source|Print|Share)[ \t]*$", re.MULTILINE)
FOOT = re.compile(
    r"^[ \t]*(?:Metadata|Raw source|Print|Share|References to this document\b.*|If the reference is ambiguous\b.*"
    r"|Help Expand The Public Library\b.*|You can use this tool\b.*|The formal reference of this document\b.*)[ \t]*$",
    re.MULTILINE,
)
KEY_OPENS, KEY_ENDS = "-----BEGIN PGP PUBLIC KEY BLOCK-----", "-----END PGP PUBLIC KEY BLOCK-----"
MOMENT = re.compile(r"^\W{0,4}(\d{4} [A-Z][a-z]+ \d{1,2}, \d\d:\d\d)(?: \([A-Z][a-z]+\))?[ \t]*$", re.MULTILINE)
CANONICAL = re.compile(rf"\b({labels.CABLE_ID}?)_[a-e]\b")
BLANK = re.compile(r"-- .* --|n/a", re.IGNORECASE)
LEVEL_LINE = re.compile(rf"^[ \t]*({labels.LEVELS})[ \t]*$", re.MULTILINE)
OFFICE_LINE = re.compile(r"^[ \t]*((?:ACTION|ORIGIN) [A-Z/]{1,12}(?: - [^\n]*)?)[ \t]*$", re.MULTILINE)
HANDLING = re.compile(r"\b(NOFORN|EXDIS|NODIS|LIMDIS|STADIS)\b")
NO_TEXT = "The page holds no text of the message: the row says what its fields say."


def detect(text: str) -> bool:
    """Say whether `text` has PlusD's fields or buttons, or opens with the site's key."""
    return FIELD.search(text) is not None or BUTTONS.search(text) is not None or _behind_key(text) > 0


def is_page(html: str) -> bool:
    """Say whether `html` is a page of the site: its table of fields, or its text behind the button."""
    return ("s_key" in html and "s_val" in html) or ('id="tagged-text"' in html and "text-content" in html)


def read_page(tree: LexborHTMLParser, origin: Origin) -> Iterator[Capture | Unreadable]:
    """Yield the message of a saved page: the raw content, else header and content; fields and attributes go into the page."""
    fields: dict[str, str] = {}
    for key in tree.css(".s_key"):
        value = key.next
        while value is not None and value.tag in ("-text", "-comment"):
            value = value.next
        if value is not None:
            fields.setdefault(_words(key).rstrip(": "), _words(value))
    tabs = {_words(head): head.parent for head in tree.css(".pane-tab > .pane-header")}
    whole = "\n".join(_text(node) for node in _under(tabs.get("Raw content"), ".text-content"))
    if not MARKS.search(whole):
        content = tabs.get("Content")
        parts = [
            _text(node)
            for name in (".text-header", ".text-content")
            for node in (_under(content, name) or tree.css(name)[:1])
        ]
        whole = "\n".join(part.strip("\n") for part in parts)
    values = attributes.read("\n".join(_text(node) for node in _under(tabs.get("Metadata"), ".text-content")))
    heading = tree.css_first("#synopsis td")
    page = _joined(
        _page(fields, _words(heading) if heading is not None and heading.css_first(".s_key") is None else ""), values
    )
    if page is NO_PAGE and not MARKS.search(whole):
        yield origin.unreadable(
            "no-message-block", "The page holds neither fields nor a message. Save the page of the cable itself."
        )
        return
    text = whole.strip("\n")
    problems: list[Problem] = list(nara.odd(page))
    if not text.strip() or nara.NO_TEXT.search(text):
        problems.append(("no-text", None, NO_TEXT))
        yield origin.capture(text, "plusd", replace(page, text_held=False), len(text), None, tuple(problems))
        return
    yield origin.capture(text, "plusd", nara.drafted(page, text), problems=tuple(problems))


def _under(node: LexborNode | None, selector: str) -> list[LexborNode]:
    return node.css(selector) if node is not None else []


def _words(node: LexborNode) -> str:
    return " ".join(node.text(deep=True).split())


def _text(node: LexborNode) -> str:
    """Give a block's text as the style sheet shows it, every line end kept."""
    return node.text(deep=True).replace("\r\n", "\n").replace("\xa0", " ")


def read(text: str, origin: Origin) -> Iterator[Capture | Unreadable]:
    """Yield the text, whole, with key, fields, tabs and buttons outside the message's bounds or set aside in them."""
    at = _behind_key(text)
    first = FIELD.search(text, at)
    foot = first.start() if first else at
    fields, values = {}, {}
    below = False
    if first is not None:
        # the fields may stand above the message or, as a second part of the page, below it
        opens = opening(text, at)
        below = opens is not None and opens < first.start() and not _page_head(text, opens, first.start())
        found = labels.lines(text, NAMES, first.start(), _top_ends(text, first.start()))
        fields = {name: value for name, (value, _) in found.items()}
        foot = max((ends for _, ends in found.values()), default=first.start())
    tabs = {tab[1]: tab for tab in TAB.finditer(text, at if below else foot)}
    if "Metadata" in tabs:
        values = attributes.read(text[tabs["Metadata"].end() :])
    asides: tuple[Aside, ...] = ()
    if below and first is not None:
        start, end = inside(text, opening(text, at) or at, first.start())
    else:
        start, end, asides = _message(text, max(foot, at), tabs)
    page = _joined(_copied(text, at, start if not below else len(text), fields), values)
    problems = tuple(nara.odd(page))
    if end <= start or not text[start:end].strip():
        if page.cable is None:
            yield origin.unreadable("no-message-block", "The page's text holds no message. Copy it with its content.")
            return
        problems = (*problems, ("no-text", None, NO_TEXT))
        yield origin.capture(text, "plusd", replace(page, text_held=False), start, start, problems)
        return
    yield origin.capture(text, "plusd", nara.drafted(page, text[start:end]), start, end, problems, asides)


def _top_ends(text: str, at: int) -> int:
    """Say where the fields end at the latest: at the content's tab or button."""
    found = [
        m.start()
        for pattern in (BUTTONS, re.compile(r"^[ \t]*Content[ \t]*$", re.MULTILINE))
        if (m := pattern.search(text, at))
    ]
    return min(found, default=at + 6000)


def _message(text: str, at: int, tabs: dict[str, re.Match[str]]) -> tuple[int, int, tuple[Aside, ...]]:
    """Bound the message among tabs and buttons: the raw content, else the part that holds most of a message."""
    start = tabs["Content"].end() if "Content" in tabs else at
    foot = FOOT.search(text, start)
    stop = foot.start() if foot else len(text)
    raw = tabs.get("Raw content")
    if raw is not None and start <= raw.start() < stop:
        if MARKS.search(text, raw.end(), stop):
            return *inside(text, raw.end(), stop), ()
        stop = raw.start()
    buttons = list(BUTTONS.finditer(text, start, stop))
    cuts = [start, *(b.end() for b in buttons)]
    ends = [*(b.start() for b in buttons), stop]
    parts = [(a, b) for a, b in zip(cuts, ends, strict=True) if text[a:b].strip()]
    opened = [(a, b) for a, b in parts if HEADER.search(text, a, b) or CLASS_LINE.search(text, a, b)]
    if len(parts) == 2 and len(buttons) == 1 and opened[:1] == parts[:1] and len(opened) < 2:
        # the header was shown: the button stands in the message's midst
        begin, close = inside(text, start, stop)
        return begin, close, ((buttons[0].start(), buttons[0].end(), "furniture"),)
    full = max(opened or parts or [(start, stop)], key=lambda part: part[1] - part[0])
    return *inside(text, *full), ()


def _page_head(text: str, opens: int, first: int) -> bool:
    """Say whether what opens like a message above the fields is but the page's own line of classification."""
    return len(text[opens:first].strip().splitlines()) <= 3


def _behind_key(text: str) -> int:
    opens = text.find(KEY_OPENS)
    ends = text.find(KEY_ENDS, opens) if opens >= 0 else -1
    return ends + len(KEY_ENDS) if ends >= 0 else 0


def _copied(text: str, at: int, stop: int, fields: dict[str, str]) -> Page:
    """Read the page's fields as they were copied: labelled, or without labels in the site's order."""
    moment = MOMENT.search(text, at)
    above = text[at : moment.start()].rstrip() if moment else ""
    title = re.sub(r"\n[ \t]*Date:?[ \t]*$", "", above).rstrip().rpartition("\n")[2]
    if not fields and moment and (canonical := CANONICAL.search(text, moment.end(), moment.end() + 200)):
        cells = text[canonical.end() : max(canonical.end(), min(stop, canonical.end() + 1500))]
        level, action, caveat = LEVEL_LINE.search(cells), OFFICE_LINE.search(cells), HANDLING.search(cells)
        fields = {"Office Action": action[1] if action else "", "Handling Restrictions": caveat[1] if caveat else "",
                  "Original Classification": level[1] if level else ""}  # fmt: skip
    if not fields.get("Canonical ID") and (canonical := CANONICAL.search(text, at)):
        fields = {**fields, "Canonical ID": canonical[0]}
    if moment:
        fields = {**fields, "Date": moment[1]}
    return _page(fields, title)


def _page(fields: dict[str, str], title: str) -> Page:
    values = {
        name: value.strip() for name, value in fields.items() if value.strip() and not BLANK.fullmatch(value.strip())
    }
    if not values:
        return NO_PAGE
    canonical = CANONICAL.search(values.get("Canonical ID", "")) or re.match(r"(\S+)", values.get("Canonical ID", ""))
    level = values.get("Original Classification", "").upper() or None
    handling = HANDLING.findall(values.get("Handling Restrictions", "").upper())
    if level and "NOFORN" in handling:
        level += "//NOFORN"
    page = labels.page(
        {
            "cable": canonical[1] if canonical else None,
            "created": values.get("Date") or values.get("Draft Date"),
            "classification": level,
            "origin": values.get("From"),
        },
        "minute",
        title if not re.fullmatch(r"\W*", title) else None,
    )
    early = bool(page.cable and re.match(r"19[67]\d", page.cable))
    stamp = attributes.STAMP.search(values.get("Markings", ""))
    film = attributes.FILM.search(values.get("Film Number", ""))
    return replace(
        page,
        document_number=page.cable if early else None,
        film_number=film[0] if film else None,
        office=office(values.get("Office Action") or values.get("Office Origin") or "") if early else None,
        concepts=tuple(filter(None, (part.strip() for part in values.get("Concepts", "").split("|")))) if early else (),
        tags=attributes.tags(values.get("TAGS", "")),
        captions=tuple(c for c in handling if c != "NOFORN"),
        executive_order=values.get("Executive Order") if early else None,
        released=page_date(stamp[1]) if stamp else None,
    )


def _joined(page: Page, values: dict[str, str]) -> Page:
    """Add what the archive's attributes say to what the page's fields say."""
    if "Document Number" not in values:
        return page
    record = attributes.page_of(values)
    if page is NO_PAGE:
        return record
    return replace(
        page,
        document_number=page.document_number or record.document_number,
        film_number=page.film_number or record.film_number,
        office=page.office or record.office,
        drafted_by=record.drafted_by,
        concepts=page.concepts or record.concepts,
        tags=page.tags or record.tags,
        captions=page.captions or record.captions,
        references=record.references,
        to=record.to,
    )
