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
from cablelab.terms import MONTH_NAMES

_MARK = re.compile(r"(?:(?<=\n\n)|(?<=\n \n)|\A)¶?(\d{1,2})([.)])")
_SUBPOINT = re.compile(r"^ *([B-H])(?=\. )", re.MULTILINE)
_TAGS = re.compile(r"(?<=TAGS: )[A-Z0-9 ,]+$", re.MULTILINE)
_CODE = re.compile(r"\w+")
_BLANK = re.compile(r"\n(?: *\n)+")
_FIRST = re.compile(r"^¶?1[.)]", re.MULTILINE)
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_PAGE = """<?xml version='1.0' encoding='utf-8' ?>
<html lang='en'>
<head>
<title>Cable Viewer</title>
</head>
<body>
<div class='main'>
<div class='pane small'><p>A made-up page about made-up countries</p></div>
<div class='pane big'>
<h3>Viewing cable {cable}, {subject}</h3>
<table class='cable'>
<tr>
{heads}
</tr>
<tr>
{cells}
</tr>
</table>
<code><pre>{header}</pre></code>
<code><pre>{body}</pre></code>
</div>
</div>
</body>
</html>
"""
_HEADS = ("Reference ID", "Created", "Released", "Classification", "Origin")

_BLOG = """{cable}, {title}

WikiLeaks Link

How to read this page is told elsewhere on this site.
Reference ID Created Released Classification Origin
{cable} {created} {released} {level} {origin}

{header}

{body}

Wikileaks

Advertisements
Post a comment or leave a trackback: Trackback URL.

Leave a Reply

Tell us your name and what you think.

You are commenting as a guest. Log Out / Change )

%d bloggers like this:
"""

# A key block stands before some captures; this one is no key.
_KEY = """Key fingerprint 0000 0000 0000 0000
-----BEGIN PGP PUBLIC KEY BLOCK-----
bm90IGEga2V5OyBpdCBvbmx5IHN0YW5kcyB3aGVyZSBvbmUgd291bGQ=
-----END PGP PUBLIC KEY BLOCK-----
"""


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
        return "Secretary of State"
    kind = "Consulate" if cable.addressees[0].name.startswith("AMCONSUL") else "Embassy"
    return f"{kind} {cable.spaced.title()}"


def cablegate_html(cable: Cable, message: Message) -> str:
    """Write a page of the Cablegate site, its side bar cut to a line."""
    cells = (
        (f"/cable/{cable.sent:%Y/%m}/{cable.cable}.html", cable.cable),
        (f"/date/{cable.sent:%Y-%m}_0.html", f"{cable.sent:%Y-%m-%d %H:%M}"),
        (f"/reldate/{cable.released:%Y-%m-%d}_0.html", f"{cable.released:%Y-%m-%d %H:%M}"),
        ("/classification/1_0.html", page_class(cable)),
        ("/origin/1_0.html", origin(cable)),
    )
    return _PAGE.format(
        cable=cable.cable,
        subject=html.escape(cable.subject, quote=False),
        heads="\n".join(f"<th>{head}</th>" for head in _HEADS),
        cells="\n".join(f"<td>\n<a href='{href}'>{text}</a>\n</td>" for href, text in cells),
        header=html.escape(message.header or NOTICE, quote=False).replace("\n", "&#x000A;"),
        body=_linked(message.body).replace("\n", "&#x000A;"),
    )


def cablegate_text(cable: Cable, message: Message) -> str:
    """Write the inner part of a page: the body block alone, with its anchors."""
    return f"<code><pre>{_linked(message.body)}</pre></code>\n"


def _linked(text: str) -> str:
    """Escape a body and put in the anchors that pages have."""
    text = _MARK.sub(r"<a id='par\1' href='#par\1'>¶</a>\1\2", html.escape(text, quote=False))
    return _TAGS.sub(lambda found: _CODE.sub(r"<a href='/tag/\g<0>_0.html'>\g<0></a>", found[0]), text)


def markdown(cable: Cable, message: Message) -> str:
    """Write the body as Markdown: links around tags, bold paragraph marks, each paragraph on one line, no header."""
    joined = replace(cable, style=replace(cable.style, width=0, one_line_head=False))
    out = ["\n", NOTICE]
    for block in _BLANK.split(render(joined, cable.sections).body):
        lines = "  \n".join(line.rstrip() for line in block.split("\n"))
        lines = _TAGS.sub(lambda found: _CODE.sub(r"[\g<0>](#)", found[0]), lines)
        out.append(_MARK.sub(r"**¶\1\2**", lines))
    return "\n\n".join(out)


def blog(cable: Cable, message: Message) -> str:
    """Write a blog's copy of a page: its table run together, the text, and the blog's own words."""
    return _BLOG.format(
        cable=cable.cable,
        title=cable.subject[:60].rsplit(" ", 1)[0],
        created=f"{cable.sent:%Y-%m-%d %H:%M}",
        released=f"{cable.released:%Y-%m-%d %H:%M}",
        level=page_class(cable),
        origin=origin(cable),
        header=message.header or NOTICE,
        body=message.body,
    )


def five_line(cable: Cable, message: Message) -> str:
    """Write five lines of what the page says, then header and body with nothing between."""
    sent = cable.sent
    day = f"{_WEEKDAYS[sent.weekday()]} {MONTH_NAMES[sent.month - 1][:3]} {sent:%d} 00:00:00 +0100 {sent:%Y}"
    top = "\n".join((cable.cable, cable.subject, day, page_class(cable), origin(cable)))
    text = f"{message.header}\n" if message.header else NOTICE
    body = _SUBPOINT.sub(r"     ¶\1", _MARK.sub(r"¶\1\2", message.body))
    return f"{top}\n{text}{body}\n"


def mirror(cable: Cable, message: Message) -> str:
    """Write a mirror's page: the head of the message stands twice."""
    first = _FIRST.search(message.body)
    head = message.body[: first.start()] if first else ""
    tags = f"\nTags:  {' '.join(cable.tags)} \npdf how-to read a cable"
    return f"{_identified(cable)}\n\n{cable.subject}\n{tags}\n{message.header or NOTICE}\n{head}{message.body}\n"


def flattened(cable: Cable, message: Message) -> str:
    """Write a mirror's page with the transmission header run into one line and blank lines gone."""
    header = (message.header or NOTICE).replace("\n", " ")
    return f"{_identified(cable)}\n{cable.subject}\n{header}\n{_BLANK.sub(chr(10), message.body)}\n"


def _identified(cable: Cable) -> str:
    values = (cable.cable, f"{cable.sent:%Y-%m-%d %H:%M}:00", page_class(cable), origin(cable))
    return "\n".join(("Identifier", "Created", "Classification", "Origin", *values, "Cable title:"))


def plusd(cable: Cable, message: Message) -> str:
    """Write the text of a PlusD page: blank lines gone, every other one behind a key block."""
    return (_KEY if cable.number % 2 else "") + f"{_BLANK.sub(chr(10), message.body)}\n"


def press(cable: Cable, message: Message) -> str:
    """Write a press site's copy: a title, then the message without blank lines."""
    text = _BLANK.sub("\n", f"{message.header or NOTICE}\n{message.body}")
    return f"Cablegate: {cable.subject.title()}\n{text}\n"


def plain(cable: Cable, message: Message) -> str:
    """Write the message as it is."""
    return f"{message.header or NOTICE}\n\n{message.body}\n"


def csv_row(cable: Cable, message: Message, row: int) -> str:
    """Write one row of `cables.csv`: eight cells in quotes, quotes and line ends escaped with a backslash."""
    sent = cable.sent
    cells = (
        str(row),
        f"{sent.month}/{sent.day}/{sent:%Y} {sent.hour}:{sent:%M}",
        cable.cable,
        origin(cable),
        page_class(cable),
        "|".join(r.target for r in cable.references if r.target),
        _escaped(message.header or NOTICE),
        _escaped(message.body),
    )
    return '"' + '","'.join(cells) + '"\n'


def _escaped(text: str) -> str:
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
