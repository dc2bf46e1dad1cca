"""What every chart has in common: both themes, UTC, the row limit, honest titles, and how a chart shows itself offline.

A chart is an ordinary altair chart and works offline. In a notebook it shows as a static SVG, the same bytes each
time, which also survives on GitHub, nbviewer and in an HTML export. `live` gives the same chart with tooltips and
the brush; `enable(live=True)` makes that the way they show. Charts of the user's own, and a renderer that the user
has chosen, are left as they are: the renderer is registered as `"cablelab"`, is enabled only where altair's default
still is, and hands charts that are not ours back to that default.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import altair as alt
import polars as pl
import polars.selectors as cs
from altair.vegalite.v6.display import html_renderer

from cablelab.charts import fonts
from cablelab.errors import TooManyMarks, UnknownOption, nearest
from cablelab.escaping import visible
from cablelab.frames import CLASSIFICATIONS

ROW_LIMIT = 5_000
WIDTH = 640

# Mid-tones: each keeps a contrast of 3 or more against white and against JupyterLab's dark #111111, and any two stay
# apart (CIELAB distance over 30) for readers who see no red or no green. tests/test_charts.py measures both.
PALETTE = ("#3c96f0", "#4b3cff", "#a53c78", "#ff5a1e", "#b43c3c")
REST = "#808080"
TEXT = "#777777"
FAINT = "#80808055"
LEVEL_COLOURS = dict(zip(CLASSIFICATIONS, PALETTE, strict=True))
LEVEL_SHAPES = dict(zip(CLASSIFICATIONS, ("circle", "square", "triangle-up", "diamond", "cross"), strict=True))

MARKER = "cablelab"
# what ends a script in a page, or opens a comment in which its end is not seen
_ENDING = re.compile("<(?=[/!])")

# Vega writes `<` in a text and a quote in an attribute as entities: these find real tags and attributes only.
_TAG = re.compile(r"<[^<>]*>")
_PLACE = re.compile(r'( (?:d|transform|x2|y2)=")([^"]*)')
_LONG = re.compile(r"\d+\.\d{3,}")
_CLIP = re.compile(r'( id="| clip-path="url\(#)clip(\d+)(?=[")])')
_INVISIBLE = re.compile(
    r'<path class="(?:back|fore)ground" aria-hidden="true" d="[^"]*"(?: pointer-events="none")?(?: display="none")?/>'
)


def config(text: str = TEXT) -> dict[str, Any]:
    """Return the altair configuration of all charts: no background of its own, text that holds in light and in dark.

    Parameters
    ----------
    text
        A CSS colour. `"currentColor"` follows the page's theme where the chart is part of the page.

    Returns
    -------
    dict, to be passed as `chart.properties(config=...)`.

    Examples
    --------
    >>> from cablelab.charts.base import config
    >>> config()["background"]
    'transparent'
    """
    words = {
        "labelColor": text,
        "titleColor": text,
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
    }
    return {
        "background": "transparent",
        "font": fonts.STACK,
        "view": {"stroke": None},
        # A label for each mark makes the SVG five times as large and its reading aloud endless.
        "mark": {"color": PALETTE[0], "aria": False},
        "text": {"color": text, "fontSize": 11},
        "rule": {"color": text},
        "axis": words
        | {
            "domainColor": FAINT,
            "tickColor": FAINT,
            "gridColor": FAINT,
            "labelOverlap": "greedy",
            "labelSeparation": 4,
        },
        "legend": words | {"orient": "bottom", "columns": 5, "labelLimit": 260},
        "header": words | {"labelLimit": 150},
        "title": {
            "anchor": "start",
            "color": text,
            "subtitleColor": text,
            "fontSize": 14,
            "subtitleFontSize": 11,
            "subtitlePadding": 5,
            "offset": 10,
        },
    }


def finish(chart: Any, title: str, notes: Sequence[str], description: str) -> Any:
    """Give a chart its title, the notes under it, a description for screen readers and the theme.

    Parameters
    ----------
    chart
        An altair chart of any kind.
    title
        What is shown.
    notes
        What was counted, of how many, what was aggregated or left out; one line each.
    description
        The chart in a sentence or two, for those who do not see it.

    Returns
    -------
    The chart, of the class that was passed.

    Raises
    ------
    TooManyMarks
        If the chart carries more than 5,000 rows.

    Examples
    --------
    >>> import altair as alt
    >>> from cablelab.charts.base import finish
    >>> finish(alt.Chart().mark_bar(), "Cables", ["3 of 4 cables"], "Three cables.").title.subtitle
    ['3 of 4 cables']
    """
    fonts.register()  # also for those who save the chart with altair's own means
    done = _disarmed(chart, {}).properties(
        title=alt.TitleParams(disarm(title), subtitle=[line for note in notes for line in _wrapped(disarm(note))]),
        description=disarm(f"{title}. {description} {' '.join(f'{n}.' for n in notes)}"),
        config=config(),
        usermeta={MARKER: True},
    )
    rows = sum(len(frame) for frame in {id(f): f for f in _frames(done)}.values())
    if rows > ROW_LIMIT:
        raise TooManyMarks(rows, ROW_LIMIT)
    return done


def disarm(text: str) -> str:
    """Return `text` as it may stand in a specification, which others put between a page's script tags as it is.

    A joiner without width parts what could end the script there. What shows nothing is replaced: XML holds no control
    characters, and Vega's expressions no line separators.

    Examples
    --------
    >>> from cablelab.charts.base import disarm
    >>> disarm("</script>") == "<\u2060/script>"
    True
    """
    return _ENDING.sub("<\u2060", visible(text))


def _disarmed(node: Any, done: dict[int, pl.DataFrame]) -> Any:
    """Disarm data, names and orders alike, so that they still fit each other; a frame of several layers stays one."""
    if isinstance(node, str):
        return disarm(node)
    if isinstance(node, pl.DataFrame):
        if id(node) not in done:
            done[id(node)] = node.with_columns(cs.string().map_elements(disarm, return_dtype=pl.String))
        return done[id(node)]
    if isinstance(node, list | tuple):
        return [_disarmed(part, done) for part in node]
    if isinstance(node, dict):
        return {name: _disarmed(part, done) for name, part in node.items()}
    if isinstance(node, alt.SchemaBase):
        made = node.copy(deep=False)
        made._kwds.update({name: _disarmed(part, done) for name, part in node._kwds.items()})
        return made
    return node


def _wrapped(note: str, width: int = 118) -> list[str]:
    # Vega does not wrap a subtitle, it cuts it off.
    lines = [""]
    for word in note.split():
        if len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _frames(chart: Any) -> Iterable[pl.DataFrame]:
    if isinstance(getattr(chart, "data", None), pl.DataFrame):
        yield chart.data
    for part in ("layer", "concat", "hconcat", "vconcat"):
        children = getattr(chart, part, None)
        for child in children if isinstance(children, list) else ():
            yield from _frames(child)
    if hasattr(chart, "spec") and chart.spec is not alt.Undefined:
        yield from _frames(chart.spec)


def option(name: str, value: object, allowed: Iterable[str]) -> str:
    """Return `value` if it is one of the allowed ones.

    Raises
    ------
    UnknownOption
        Otherwise, with the nearest allowed values.

    Examples
    --------
    >>> from cablelab.charts.base import option
    >>> option("by", "post", ("post", "tag"))
    'post'
    """
    choices = list(allowed)
    if isinstance(value, str) and value in choices:
        return value
    raise UnknownOption(
        str(value), nearest(str(value), choices), f"`{name}` is one of {', '.join(map(repr, choices))}."
    )


def time_x(field: str, **options: Any) -> alt.X:
    """Return a temporal x channel in UTC, whatever the zone of the kernel and of the browser.

    Examples
    --------
    >>> from cablelab.charts.base import time_x
    >>> time_x("sent").to_dict()["scale"]
    {'type': 'utc'}
    """
    scale, axis = options.pop("scale", {}), options.pop("axis", {})
    shown = None if axis is None else {"tickCount": 8, "grid": False} | axis
    return alt.X(field, type="temporal", title=None, axis=shown, **options).scale(type="utc", **scale)


def level_colour(title: str | None = "classification", levels: Iterable[str] | None = None) -> alt.Color:
    """Return the colour channel for classifications: always the same colour for the same level, cool to warm.

    Examples
    --------
    >>> from cablelab.charts.base import level_colour
    >>> level_colour(levels=["SECRET"]).to_dict()["scale"]["domain"]
    ['SECRET']
    """
    shown = list(levels if levels is not None else CLASSIFICATIONS)
    colours = [LEVEL_COLOURS.get(level, REST) for level in shown]
    return alt.Color("classification:N", title=title).scale(domain=shown, range=colours)


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
    >>> from cablelab.charts.base import spec_svg
    >>> spec_svg(alt.Chart(alt.InlineData([{"n": 1}])).mark_bar().encode(x="n:Q").to_dict())[:4]
    '<svg'
    """
    import vl_convert

    fonts.register()
    return _lean(vl_convert.vegalite_to_svg(spec, vl_version=".".join(alt.SCHEMA_VERSION.split(".")[:2])))


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


def live(chart: Any) -> Any:
    """Return the chart as a live widget that works offline: tooltips, and a brush whose bounds come back to Python.

    Parameters
    ----------
    chart
        A chart of this module, or any altair chart.

    Returns
    -------
    An altair.JupyterChart that carries the font of the charts. Its text takes the colour of the page, so that it
    follows a change of theme. Put another chart into its `.chart` to update it in place. The first call of a session
    takes about a second.

    Examples
    --------
    >>> import altair as alt
    >>> from cablelab import charts
    >>> isinstance(charts.live(alt.Chart().mark_bar()), alt.JupyterChart)
    True
    """
    from cablelab.charts.widget import LiveChart

    return LiveChart(chart=follow_theme(chart), embed_options={"renderer": "svg", "actions": False})


def follow_theme(chart: Any) -> Any:
    """Return a copy whose text takes the colour of the page around it; only for charts drawn inside a page.

    Examples
    --------
    >>> import altair as alt
    >>> from cablelab.charts.base import finish, follow_theme
    >>> follow_theme(finish(alt.Chart().mark_bar(), "Cables", [], "")).config["title"]["color"]
    'currentColor'
    """
    if not chart.to_dict(validate=False).get("usermeta", {}).get(MARKER):
        return chart
    return chart.properties(config=config("currentColor"))


def _render(spec: dict[str, Any], live: bool = False, **metadata: Any) -> Any:
    if not (spec.get("usermeta") or {}).get(MARKER):
        return html_renderer(spec, **metadata)
    bundle = {"image/svg+xml": spec_svg(spec), "text/plain": spec["description"]}
    if not live:
        return bundle
    widget = globals()["live"](alt.Chart.from_dict(spec))
    data, extra = widget._repr_mimebundle_()
    return {**data, **bundle}, extra


def enable(live: bool = False) -> None:
    """Show the charts of this package through its own renderer, whichever was chosen before.

    Parameters
    ----------
    live
        Show the live widget, with the static SVG beside it for pages without a kernel. A notebook that is closed and
        opened again shows live charts only after its cells ran again; static ones are there at once. Hence the
        default.

    Examples
    --------
    >>> import altair as alt
    >>> from cablelab import charts
    >>> charts.enable()
    >>> alt.renderers.active
    'cablelab'
    """
    alt.renderers.enable(MARKER, live=live)


alt.renderers.register(MARKER, _render)
if alt.renderers.active == "default":
    enable()
