"""From the text of a message to the copies in which people hold it: one writer for each form of capture.

The forms have the labels and order of the real ones, which are facts; every other word of their chrome is made up.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from cablelab.samples.render import NOTICE, Message, render
from cablelab.samples.truth import Cable

KINDS = {"embassy": "Embassy", "consulate": "Consulate", "department": "Secretary of State"}
_MARK = re.compile(r"(?:(?<=\n\n)|(?<=\n \n)|\A)¶?(\d{1,2})([.)])")
_TAGS = re.compile(r"(?<=TAGS: )[A-Z0-9 ,]+$", re.M)
_CODE = re.compile(r"\w+")
_SUBPOINT = re.compile(r"^ *([B-H])(?=\. )", re.M)


@dataclass(frozen=True, slots=True)
class Held:
    """One capture as a file: its name, its bytes, and which form it is."""

    name: str
    data: bytes
    form: str


def page_class(cable: Cable) -> str:
    """Return the classification as pages state it."""
    if cable.classification == "UNCLASSIFIED" and "SENSITIVE" in cable.handling:
        return "UNCLASSIFIED//FOR OFFICIAL USE ONLY"
    return cable.classification + ("//NOFORN" if "NOFORN" in cable.handling else "")


def origin(cable: Cable) -> str:
    """Return the origin as pages state it, `Embassy Cardenne`."""
    if cable.post == "STATE":
        return KINDS["department"]
    kind = "consulate" if cable.addressees[0].name.startswith("AMCONSUL") else "embassy"
    return f"{KINDS[kind]} {cable.spaced.title()}"


def whole(message: Message) -> str:
    """Join header and body to the plain text of the message."""
    return f"{message.header}\n\n{message.body}\n" if message.header else f"{NOTICE}\n\n{message.body}\n"


def _pre(text: str, links: bool) -> str:
    """Escape a block and put in the anchors that pages have."""
    text = html.escape(text, quote=False)
    if not links:
        return text
    text = _MARK.sub(r"<a id='par\1' href='#par\1'>¶</a>\1\2", text)
    return _TAGS.sub(lambda m: _CODE.sub(r"<a href='/tag/\g<0>_0.html'>\g<0></a>", m[0]), text)


def cablegate_html(cable: Cable, message: Message) -> str:
    """Write a page of the Cablegate site, its side bar cut to a line."""
    day = f"{cable.sent:%Y-%m}"
    cells = (
        (f"/cable/{cable.sent:%Y/%m}/{cable.cable}.html", cable.cable),
        (f"/date/{day}_0.html", f"{cable.sent:%Y-%m-%d %H:%M}"),
        (f"/reldate/{cable.released:%Y-%m-%d}_0.html", f"{cable.released:%Y-%m-%d %H:%M}"),
        ("/classification/1_0.html", page_class(cable)),
        ("/origin/1_0.html", origin(cable)),
    )
    rows = "\n".join(f"<td>\n<a href='{href}'>{text}</a>\n</td>" for href, text in cells)
    heads = "\n".join(f"<th>{h}</th>" for h in ("Reference ID", "Created", "Released", "Classification", "Origin"))
    newline = "&#x000A;"
    head, body = (_pre(t, links).replace("\n", newline) for t, links in ((message.header or NOTICE, False), (message.body, True)))
    return (
        "<?xml version='1.0' encoding='utf-8' ?>\n<html lang='en'>\n<head>\n<title>Cable Viewer</title>\n</head>\n<body>\n<div class='main'>\n"
        "<div class='pane small'><p>A made-up page about made-up countries</p></div>\n<div class='pane big'>\n"
        f"<h3>Viewing cable {cable.cable}, {html.escape(cable.subject, quote=False)}</h3>\n<table class='cable'>\n<tr>\n{heads}\n</tr>\n<tr>\n{rows}\n</tr>\n"
        f"</table>\n<code><pre>{head}</pre></code>\n<code><pre>{body}</pre></code>\n</div>\n</div>\n</body>\n</html>\n"
    )


def cablegate_text(cable: Cable, message: Message) -> str:
    """Write the inner part of a page: the body block alone, with its anchors."""
    return f"<code><pre>{_pre(message.body, True)}</pre></code>\n"


def markdown(cable: Cable, message: Message) -> str:
    """Write the body as Markdown: links around tags, bold paragraph marks, each paragraph on one line, no header."""
    joined = render(replace(cable, style=replace(cable.style, width=0, one_line_head=False))).body
    out = ["\n", NOTICE]
    for block in re.split(r"\n(?: *\n)+", joined):
        lines = "  \n".join(line.rstrip() for line in block.split("\n"))
        lines = _TAGS.sub(lambda m: _CODE.sub(r"[\g<0>](#)", m[0]), lines)
        out.append(_MARK.sub(r"**¶\1\2**", lines))
    return "\n\n".join(out)


def blog(cable: Cable, message: Message) -> str:
    """Write a blog's copy of a page: its table run together, the text, and the blog's own words."""
    row = f"{cable.cable} {cable.sent:%Y-%m-%d %H:%M} {cable.released:%Y-%m-%d %H:%M} {page_class(cable)} {origin(cable)}"
    return (
        f"{cable.cable}, {cable.subject[:60].rsplit(' ', 1)[0]}\n\nWikiLeaks Link\n\nHow to read this page is told elsewhere on this site.\n"
        f"Reference ID Created Released Classification Origin\n{row}\n\n{message.header or NOTICE}\n\n{message.body}\n\n"
        "Wikileaks\n\nAdvertisements\nPost a comment or leave a trackback: Trackback URL.\n\nLeave a Reply\n\n"
        "Tell us your name and what you think.\n\nYou are commenting as a guest. Log Out / Change )\n\n%d bloggers like this:\n"
    )


def five_line(cable: Cable, message: Message) -> str:
    """Write five lines of what the page says, then header and body with nothing between."""
    stamp = f"{cable.sent:%a %b %d 00:00:00} +0100 {cable.sent:%Y}"
    stamp = stamp.replace(f"{cable.sent:%a}", "Mon Tue Wed Thu Fri Sat Sun".split()[cable.sent.weekday()])
    joint = "" if not message.header else "\n"
    return f"{cable.cable}\n{cable.subject}\n{stamp}\n{page_class(cable)}\n{origin(cable)}\n{message.header or NOTICE}{joint}{_pilcrows(message.body)}\n"


def _pilcrows(body: str) -> str:
    return _SUBPOINT.sub(r"     ¶\1", _MARK.sub(r"¶\1\2", body))


def _mirror_top(cable: Cable, tags: bool) -> str:
    top = f"Identifier\nCreated\nClassification\nOrigin\n{cable.cable}\n{cable.sent:%Y-%m-%d %H:%M}:00\n{page_class(cable)}\n{origin(cable)}\nCable title:\n"
    return f"{top}\n{cable.subject}\n\nTags:  {' '.join(cable.tags)} \npdf how-to read a cable\n" if tags else f"{top}{cable.subject}\n"


def mirror(cable: Cable, message: Message) -> str:
    """Write a mirror's page: the head of the message stands twice."""
    lines = message.body.split("\n")
    first = next((i for i, line in enumerate(lines) if re.match(r"¶?1[.)]", line)), 0)
    head = "\n".join(lines[:first])
    return f"{_mirror_top(cable, tags=True)}{message.header or NOTICE}\n{head}\n{message.body}\n"


def flattened(cable: Cable, message: Message) -> str:
    """Write a mirror's page with the transmission header run into one line and blank lines gone."""
    body = re.sub(r"\n(?: *\n)+", "\n", message.body)
    return f"{_mirror_top(cable, tags=False)}{' '.join((message.header or NOTICE).split(chr(10)))}\n{body}\n"


def plusd(cable: Cable, message: Message) -> str:
    """Write the text of a PlusD page: blank lines gone, every other one behind a (made-up) key block."""
    body = re.sub(r"\n(?: *\n)+", "\n", message.body)
    key = "Key fingerprint 0000 0000 0000 0000\n-----BEGIN PGP PUBLIC KEY BLOCK-----\nbm90IGEga2V5OyBpdCBvbmx5IHN0YW5kcyB3aGVyZSBvbmUgd291bGQ=\n-----END PGP PUBLIC KEY BLOCK-----\n"
    return (key if cable.number % 2 else "") + f"{body}\n"


def press(cable: Cable, message: Message) -> str:
    """Write a press site's copy: a title, then the message without blank lines."""
    return f"Cablegate: {cable.subject.title()}\n" + re.sub(r"\n(?: *\n)+", "\n", f"{message.header or NOTICE}\n{message.body}") + "\n"


def plain(cable: Cable, message: Message) -> str:
    """Write the message as it is."""
    return whole(message)


def csv_row(cable: Cable, message: Message, row: int) -> str:
    """Write one row of `cables.csv`: eight cells in quotes, quotes and line ends escaped with a backslash."""
    cited = "|".join(r.target for r in cable.references if r.target)
    stamp = f"{cable.sent.month}/{cable.sent.day}/{cable.sent:%Y} {cable.sent.hour}:{cable.sent:%M}"
    header = message.header or NOTICE
    cells = (str(row), stamp, cable.cable, origin(cable), page_class(cable), cited, _escape(header), _escape(message.body))
    return '"' + '","'.join(cells) + '"\n'


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\\n")


FORMS: dict[str, tuple[str, Callable[[Cable, Message], str]]] = {
    "cablegate-html": ("html", cablegate_html),
    "cablegate-text": ("txt", cablegate_text),
    "markdown": ("txt", markdown),
    "blog": ("txt", blog),
    "five-line": ("txt", five_line),
    "mirror": ("txt", mirror),
    "flattened": ("txt", flattened),
    "plusd": ("txt", plusd),
    "press": ("txt", press),
    "plain": ("txt", plain),
}


def hold(cable: Cable, message: Message, form: str, name: str | None = None) -> Held:
    """Write one copy of a cable.

    Parameters
    ----------
    cable, message
        The cable and its text.
    form
        One of `FORMS`.
    name
        The file name without ending; the id if not given.

    Returns
    -------
    Held
        The file, UTF-8.
    """
    ending, write = FORMS[form]
    return Held(f"{name or cable.cable}.{ending}", write(cable, message).encode(), form)
