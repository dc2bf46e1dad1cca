"""What every chart has in common: both themes, UTC, the row limit, honest titles, and how a chart shows itself offline.

A chart is an ordinary altair chart and works offline. In JupyterLab it is live: tooltips, and a brush to zoom. Beside
that, and alone wherever no page can answer, stands a static SVG, the same bytes each time, which survives on GitHub,
nbviewer and in an HTML export. Charts of the user's own, and a renderer that the user
has chosen, are left as they are: the renderer is registered as `"cablelab"`, is enabled only where altair's default
still is, and hands charts that are not ours back to that default.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl
import polars.selectors as cs
from altair.vegalite.v6.display import html_renderer

from cablelab.charts import fonts
from cablelab.charts.svg import spec_svg as spec_svg
from cablelab.charts.themed import COUNT, MARKER, PAGE, Themed, as_ours, config, is_ours, themed
from cablelab.corpus.lookup import instead
from cablelab.errors import TooManyMarks, UnknownOption, WrongKind, nearest
from cablelab.escaping import visible
from cablelab.frames import CLASSIFICATIONS

if TYPE_CHECKING:
    from cablelab.corpus import Corpus

ROW_LIMIT = 5_000
WIDTH = 640
NOTE_WIDTH = 480  # pixels of a line under a title: what a cell of JupyterLab holds in a narrow window

# What became of a sentence: grey, blue, green, red, violet, each with its letter, here as in the pages of a comparison.
# Mid-tones: each keeps a contrast of 3 or more against white and against JupyterLab's dark #111111, and any two stay
# apart (CIELAB distance over 25) for readers who see no red or no green. tests/test_charts.py measures all that.
KEPT, REWORDED, ADDED, DROPPED, MOVED = "#727272", "#056ff8", "#05a950", "#ce1508", "#b66fd2"
OUTCOMES = (KEPT, REWORDED, ADDED, DROPPED, MOVED)
# Counts, and what is missing from them: colours that mean nothing else.
LOST = "#c2569a"
REST = "#808080"
SERIES = (COUNT, LOST, "#b5771a", "#5d8a3d", "#7a6fd0")  # where lines of one kind stand beside each other
# An ordered scale, from light to dark; the outline holds where the page is as light or as dark as the colour.
LEVEL_COLOURS = dict(zip(CLASSIFICATIONS, ("#f6d9a0", "#e2a85a", "#bd7527", "#874813", "#4a2408"), strict=True))
LEVEL_SHAPES = dict(zip(CLASSIFICATIONS, ("circle", "square", "triangle-up", "diamond", "cross"), strict=True))
OUTLINE = "#808080"

# what ends a script in a page, or opens a comment in which its end is not seen
_ENDING = re.compile("<(?=[/!])")


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
        title=alt.TitleParams(
            disarm(title), subtitle=[line for note in notes for line in fonts.wrapped(disarm(note), 11, NOTE_WIDTH)]
        ),
        description=disarm(f"{title}. {description} {' '.join(f'{n}.' for n in notes)}"),
    )
    rows = sum(len(frame) for frame in {id(f): f for f in _frames(done)}.values())
    if rows > ROW_LIMIT:
        raise TooManyMarks(rows, ROW_LIMIT)
    return as_ours(done)


def nothing(corpus: Corpus | None, why: str, cure: str = "", width: int = WIDTH) -> alt.Chart:
    """Return what stands in place of a chart that would be empty: words that say why, and how to get more.

    Parameters
    ----------
    corpus
        The corpus asked, if one was. Where it holds no cable, that is the reason, and its conditions are named.
    why, cure
        The reason otherwise, and what would help.
    width
        Of the chart that is not drawn, pixels.

    Examples
    --------
    >>> import cablelab as cl
    >>> nothing(cl.Corpus({}), "No cable is dated.").mark.type
    'text'
    """
    if corpus is not None and corpus.cables.height == 0:
        asked = " & ".join(map(str, corpus.filters))
        asked = asked.replace("select 0 cables", "a selection of no cables")
        why = f"No cable is left by {asked}." if asked else "The corpus holds no cable."
        widening = f"Take a condition away, or widen it: the whole holds {instead(corpus.whole)}."
        cure = widening if asked else "Read some; `corpus.problems` says what was refused."
    lines = fonts.wrapped(disarm(f"Nothing to draw. {why} {cure}"), 12, max(180, width))
    words = alt.Chart(alt.InlineData([{"why": lines}]), width=width, height=16 * len(lines) + 8)
    return words.mark_text(align="left", baseline="top", fontSize=12).encode(
        x=alt.value(0), y=alt.value(4), text="why:N"
    )


def ink(colour: str) -> str:
    """Return black or white, whichever is easier to read on a colour: a contrast of 4.58 at the least.

    Examples
    --------
    >>> from cablelab.charts.base import ink
    >>> ink("#ffffff"), ink("#0c4a55")
    ('#000000', '#ffffff')
    """
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return "#000000" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 else "#ffffff"


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
        copy = node.copy(deep=False)
        copy._kwds.update({name: _disarmed(part, done) for name, part in node._kwds.items()})
        if isinstance(mark := copy._kwds.get("mark"), str):
            copy._kwds["mark"] = alt.MarkDef(mark, style=[MARKER])  # type: ignore[arg-type]
        elif isinstance(mark, alt.MarkDef):
            mark.style = [MARKER]
        return copy
    return node


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


def made(function: str, wanted: str, given: object, part: str) -> None:
    """Refuse what is not of the kind that a chart draws, such as a corpus where a comparison of it is due.

    Parameters
    ----------
    function
        The chart, for the message.
    wanted
        What it takes: a key of `cablelab.errors.cures.CURES`.
    given
        What it was given.
    part
        An attribute that what is wanted has, and a corpus has not.

    Raises
    ------
    WrongKind
        If `given` has no such attribute.

    Examples
    --------
    >>> import cablelab as cl
    >>> from cablelab.charts.base import made
    >>> made("threads", "a comparison", cl.sample(), "threads")
    Traceback (most recent call last):
    cablelab.errors.WrongKind: threads takes a comparison, not a Corpus. Compare some cables first, ...
    """
    if not hasattr(type(given), part) and part not in getattr(given, "__dict__", {}):
        raise WrongKind(function, wanted, given)


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


def live(chart: Any) -> Any:
    """Return the chart as a live widget that works offline: tooltips, and a brush whose bounds come back to Python.

    Parameters
    ----------
    chart
        A chart of this module, or any altair chart.

    Returns
    -------
    An altair.JupyterChart that carries the font of the charts. Its text takes the colour of the page, so that it
    follows a change of theme; the subtitle says what it answers to. Put another chart into its `.chart` to update it in
    place.

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
    """Return a copy for a page that draws it live: without a card, in the page's colour, saying what it answers to.

    Examples
    --------
    >>> import altair as alt
    >>> from cablelab.charts.base import finish, follow_theme
    >>> follow_theme(finish(alt.Chart().mark_bar(), "Cables", [], "")).config["title"]["color"]
    'currentColor'
    """
    if not isinstance(chart, Themed) and not is_ours(chart.to_dict(validate=False)):
        return chart
    copy = chart.properties(config=config(PAGE, "transparent"))
    if isinstance(copy.title, alt.TitleParams) and _answers(copy):
        brush = isinstance(copy, alt.VConcatChart) and copy.params is not alt.Undefined
        hint = ("Drag over the grey strip to zoom. " if brush else "") + "Point at a mark to see what it stands for"
        copy.title = copy.title.copy(deep=False)
        subtitle = copy.title.subtitle
        subtitle = subtitle.to_dict() if isinstance(subtitle, alt.SchemaBase) else subtitle
        copy.title.subtitle = [*([subtitle] if isinstance(subtitle, str) else subtitle), hint]
    return copy


def _answers(chart: Any) -> bool:
    encoding: Any = getattr(chart, "encoding", alt.Undefined)
    if encoding is not alt.Undefined and encoding._get("tooltip") is not alt.Undefined:
        return True
    parts = [part for name in ("layer", "vconcat", "hconcat") for part in chart._kwds.get(name) or []]
    return any(map(_answers, parts)) or ("spec" in chart._kwds and _answers(chart.spec))


def _render(spec: dict[str, Any], live: bool | None = None, **metadata: Any) -> Any:
    if not is_ours(spec):
        return html_renderer(spec, **metadata)
    spec = themed(spec)
    bundle = {"image/svg+xml": spec_svg(spec), "text/plain": " ".join(_descriptions(spec))}
    if not (in_lab() if live is None else live):
        return bundle
    widget = globals()["live"](as_ours(alt.Chart.from_dict({k: v for k, v in spec.items() if k != "config"})))
    data, extra = widget._repr_mimebundle_()
    return {**data, **bundle}, extra


def _descriptions(spec: dict[str, Any]) -> list[str]:
    description = spec.get("description")
    return (
        [description]
        if description
        else [d for p in ("layer", "hconcat", "vconcat", "concat") for s in spec.get(p, []) for d in _descriptions(s)]
    )


def in_lab() -> bool:
    """Tell whether the cell that runs now was sent by a page that can show widgets: JupyterLab, Notebook, Voilà.

    Such a page names the cell; nbconvert, nbval and plain kernels do not, and get static pictures.

    Examples
    --------
    >>> from cablelab.charts.base import in_lab
    >>> in_lab()
    False
    """
    if os.environ.get("SERVER_SOFTWARE", "").startswith("voila"):
        return True
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    kernel = getattr(shell, "kernel", None)
    return kernel is not None and "cellId" in (kernel.get_parent() or {}).get("metadata", {})


def enable(live: bool | None = None) -> None:
    """Show the charts of this package through its own renderer, whichever was chosen before.

    Parameters
    ----------
    live
        True shows the live widget with the static SVG beside it, False the SVG alone. None, the default, is live where
        a page asks that can show widgets (JupyterLab), static elsewhere. A notebook that is opened again shows live
        charts after its cells ran again, static ones at once.

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
