"""The font of all charts: it measures and draws in Python, and goes with the charts into pages and JupyterLab.

A label that one machine measures in DejaVu and another draws in Arial is cut off, and a chart is a pixel wider where
other fonts are installed. So the font comes with the package. It has the widths of Arial and Helvetica, which stand in
for it where a picture is shown without it.
"""

from __future__ import annotations

import base64
import json
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
FAMILY = "Cablelab Sans"
STACK = f"{FAMILY}, Arial, Helvetica, Liberation Sans, Arimo, sans-serif"
WEIGHTS = {"Regular": "400", "Bold": "700"}

# A page that has the font, from another chart or otherwise, keeps it. Vega measures as soon as it draws: wait for it.
_SCRIPT = """if (![...document.fonts].some(face => face.family.replaceAll('"', '') === %(family)s))
  await Promise.all(%(faces)s.map(([source, weight]) => {
    const face = new FontFace(%(family)s, source, {weight});
    document.fonts.add(face);
    return face.load();
  })).catch(console.warn);
await document.fonts.ready;
"""


@cache
def register() -> None:
    """Make the font known to vl-convert, which draws SVG, PNG and PDF; a thousandth of a second, once a process.

    Examples
    --------
    >>> from cablelab.charts import fonts
    >>> fonts.register()
    """
    import vl_convert

    vl_convert.register_font_directory(str(FOLDER))


def width(text: str, size: float, bold: bool = False) -> float | None:
    """Return how wide the font writes a text, pixels; None if it lacks a character of it.

    Examples
    --------
    >>> from cablelab.charts import fonts
    >>> round(fonts.width("WIDE", 10), 2), fonts.width("漢", 10)
    (26.11, None)
    """
    widths = _widths("bold" if bold else "regular")
    total = 0
    for character in text:
        if character not in widths:
            return None
        total += widths[character]
    return total * size / widths[""]


def wrapped(text: str, size: float, room: float) -> list[str]:
    """Break a text into lines of about one length: Vega does not wrap a subtitle, it cuts it off.

    Parameters
    ----------
    text
        Words with blanks between.
    size, room
        Of the letters, and of a line, pixels.

    Examples
    --------
    >>> from cablelab.charts import fonts
    >>> fonts.wrapped("one scale for all rows but that one", 11, 160)
    ['one scale for all', 'rows but that one']
    """
    lines = _filled(text, size, room)
    for part in range(10):
        # the least room that needs no line more leaves no word alone in the last one
        narrower = room * (len(lines) - 1 + part / 10) / len(lines)
        if len(tried := _filled(text, size, narrower)) == len(lines):
            return tried
    return lines


def _filled(text: str, size: float, room: float) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and (width(longer, size) or size * 0.6 * len(longer)) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


@cache
def _widths(style: str) -> dict[str, int]:
    found: dict[str, int] = json.loads((FOLDER / f"{style}.json").read_text("utf-8"))
    return found


def css() -> str:
    """Return the `@font-face` rules of the font, its data in them, for a page of its own or a style element.

    Examples
    --------
    >>> from cablelab.charts import fonts
    >>> fonts.css().count("@font-face")
    2
    """
    rule = '@font-face{{font-family:"{}";font-weight:{};src:{} format("woff2")}}'
    return "".join(rule.format(FAMILY, weight, source) for source, weight in _sources())


def script() -> str:
    """Return JavaScript for the head of a module: it gives the page the font, once, and waits until it is there.

    Examples
    --------
    >>> from cablelab.charts import fonts
    >>> "data:font/woff2" in fonts.script()
    True
    """
    return _SCRIPT % {"family": json.dumps(FAMILY), "faces": json.dumps(_sources())}


@cache
def _sources() -> tuple[tuple[str, str], ...]:
    return tuple((f"url(data:font/woff2;base64,{_encoded(style)})", weight) for style, weight in WEIGHTS.items())


def _encoded(style: str) -> str:
    return base64.b64encode((FOLDER / f"CablelabSans-{style}.woff2").read_bytes()).decode()
