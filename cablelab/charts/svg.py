"""Charts as SVG: drawn without a network, lean, the same bytes each time, each text as wide as it was measured."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Callable
from typing import Any

import altair as alt

from cablelab.charts import fonts

# Vega writes `<` in a text and a quote in an attribute as entities: these find real tags and attributes only.
_TAG = re.compile(r"<[^<>]*>")
_PLACE = re.compile(r'( (?:d|transform|x2|y2)=")([^"]*)')
_TEXT = re.compile(r"<text( [^<>]*)>(?:[^<]|<tspan|</tspan>)*</text>")
_LINE = re.compile(r"<(text|tspan)((?: [^<>]*)?)>([^<>]+)</(?:text|tspan)>")
_LONG = re.compile(r"(?<!\d)\d+\.\d{3,}")
_CLIP = re.compile(r'( id="| clip-path="url\(#)clip(\d+)(?=[")])')
_INVISIBLE = re.compile(
    r'<path class="(?:back|fore)ground" aria-hidden="true" d="[^"]*"(?: pointer-events="none")?(?: display="none")?/>'
)


def spec_svg(spec: dict[str, Any]) -> str:
    """Render a Vega-Lite specification as SVG, without a network and always to the same bytes.

    Parameters
    ----------
    spec
        What `chart.to_dict()` gives.

    Returns
    -------
    The SVG, with a transparent background.

    Examples
    --------
    >>> import altair as alt
    >>> from cablelab.charts.svg import spec_svg
    >>> spec_svg(alt.Chart(alt.InlineData([{"n": 1}])).mark_bar().encode(x="n:Q").to_dict())[:4]
    '<svg'
    """
    import vl_convert

    fonts.register()
    return _fitted(_lean(vl_convert.vegalite_to_svg(spec, vl_version=".".join(alt.SCHEMA_VERSION.split(".")[:2]))))


def _fitted(svg: str) -> str:
    """Tell each text how wide it is, so that a page without the font keeps it within its place."""

    def fit(found: re.Match[str]) -> str:
        attributes = found[1]
        size = float(attributes.split(' font-size="')[1].split("px")[0]) if ' font-size="' in attributes else 0
        bold = 'font-weight="bold"' in attributes

        def line(words: re.Match[str]) -> str:
            wide = fonts.width(html.unescape(words[3]).strip(), size, bold)
            length = f' textLength="{wide:.4g}" lengthAdjust="spacingAndGlyphs"' if wide else ""
            return f"<{words[1]}{words[2]}{length}>{words[3]}</{words[1]}>"

        return _LINE.sub(line, found[0])

    return _TEXT.sub(fit, svg)


def _lean(svg: str) -> str:
    # Sixteen digits for a place and two invisible paths a group are half of the bytes that a notebook would hold.
    slim = _TAG.sub(lambda tag: _PLACE.sub(_round, tag[0]), _INVISIBLE.sub("", svg))
    # Vega numbers clips on from chart to chart: the bytes would change, and two charts of one page share a number.
    numbers: dict[str, int] = {}
    plain = _named(slim, lambda n: str(numbers.setdefault(n, len(numbers))))
    digest = hashlib.sha256(plain.encode()).hexdigest()[:8]
    return _named(slim, lambda n: f"{digest}-{numbers[n]}")


def _named(svg: str, name: Callable[[str], str]) -> str:
    return _TAG.sub(lambda tag: _CLIP.sub(lambda m: f"{m[1]}clip-{name(m[2])}", tag[0]), svg)


def _round(place: re.Match[str]) -> str:
    return place[1] + _LONG.sub(lambda n: f"{float(n[0]):.2f}".rstrip("0").rstrip("."), place[2])
