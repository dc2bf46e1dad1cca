"""The look of all charts, and charts that keep it when they are joined with others.

Altair lets no part of a joined chart carry a configuration, so charts carry none: they bring the look in when they are
written out as a whole, alone or joined by `|`, `&` and `+`. What altair's own functions join (`alt.hconcat`) is known by
its marks, which bear the style `cablelab`; the renderer gives it the look.
"""

from __future__ import annotations

import warnings
from functools import partial
from typing import Any

import altair as alt

from cablelab.charts import fonts

MARKER = "cablelab"
CARD = "#ffffff"
TEXT = "#595959"  # on the card, which goes with every static picture: 7.0
PAGE = "currentColor"  # a live chart is part of its page and writes as the page does
FAINT = "#80808055"
COUNT = "#22899b"
APART = 40  # pixels between two charts, one below the other: the title of the lower stands clear of the upper


def config(text: str = TEXT, background: str = CARD) -> dict[str, Any]:
    """Return the altair configuration of all charts.

    Parameters
    ----------
    text
        A CSS colour. `"currentColor"` follows the page's theme where the chart is part of the page.
    background
        A static picture does not know the page that it lands on: it brings a card of its own, on which its words have
        a contrast of 4.5 and more. `"transparent"` for charts that are part of the page.

    Returns
    -------
    dict, as `chart.properties(config=...)` takes it.

    Examples
    --------
    >>> from cablelab.charts.themed import config
    >>> config()["background"]
    '#ffffff'
    """
    words = {
        "labelColor": text,
        "titleColor": text,
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
    }
    return {
        "background": background,
        "font": fonts.STACK,
        "view": {"stroke": None},
        # A label for each mark makes the SVG five times as large and its reading aloud endless.
        "mark": {"color": COUNT, "aria": False},
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


def themed(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a specification with the look of all charts under whatever configuration it has.

    Examples
    --------
    >>> from cablelab.charts.themed import themed
    >>> themed({"config": {"background": "red"}})["config"]["background"]
    'red'
    """
    return spec | {"config": alt.utils.update_nested(config(), spec.get("config", {}), copy=True)}


def is_ours(spec: Any) -> bool:
    """Tell whether a specification holds a chart of this package, alone or among others.

    Examples
    --------
    >>> import altair as alt
    >>> from cablelab.charts.themed import is_ours
    >>> is_ours(alt.Chart().mark_bar().to_dict(validate=False))
    False
    """
    if isinstance(spec, list):
        return any(map(is_ours, spec))
    if not isinstance(spec, dict):
        return False
    mark = spec.get("mark")
    if isinstance(mark, dict) and MARKER in (mark.get("style") or []):
        return True
    return any(is_ours(spec[part]) for part in ("layer", "concat", "hconcat", "vconcat", "spec") if part in spec)


class Themed:
    """What the classes below add to altair's."""

    def to_dict(self, validate: bool = True, *, format: str = "vega-lite", **options: Any) -> dict[str, Any]:
        """Write the chart out as altair does, with the look of this package around the whole."""
        spec: dict[str, Any] = super().to_dict(validate, **options)  # type: ignore[misc]
        if (options.get("context") or {}).get("top_level", True):
            spec = themed(spec)
        if format == "vega-lite":
            return spec
        compiled: dict[str, Any] = alt.vegalite_compilers.get()(spec)  # type: ignore[misc]
        return compiled

    def __or__(self, other: Any) -> Any:
        return _joined(super().__or__, self, other)  # type: ignore[misc]

    def __and__(self, other: Any) -> Any:
        return _joined(partial(_below, self), self, other)

    def __add__(self, other: Any) -> Any:
        return as_ours(super().__add__(other))  # type: ignore[misc]


class _Parted(Themed):
    """A chart of several panels: what is done to it is done to the first, the width is given to all."""

    def _with(self, change: Any, others: Any = None) -> Any:
        copy = self.copy(deep=False)  # type: ignore[attr-defined]
        name = next(part for part in ("vconcat", "hconcat", "concat", "spec") if part in copy._kwds)
        parts = copy._kwds[name]
        if isinstance(parts, list):
            first, *rest = parts
            copy._kwds[name] = [change(first), *(others(part) if others else part for part in rest)]
        else:
            copy._kwds[name] = change(parts)
        return copy

    def properties(self, **properties: Any) -> Any:
        """Set properties; `width` and `height` are those of the panels: one width for all, the height for the first."""
        size = {name: properties.pop(name) for name in ("width", "height") if name in properties}
        chart = super().properties(**properties)  # type: ignore[misc]
        if not size:
            return chart
        wide = {"width": size["width"]} if "width" in size else {}
        return chart._with(lambda part: part.properties(**size), lambda part: part.properties(**wide))

    def encode(self, *channels: Any, **named: Any) -> Any:
        """Encode channels of the first panel."""
        return self._with(lambda part: part.encode(*channels, **named))

    def __add__(self, other: Any) -> Any:
        return self._with(lambda part: part + other)


class Chart(Themed, alt.Chart):
    """A chart of one kind of mark."""


class LayerChart(Themed, alt.LayerChart):
    """A chart of several layers."""


class VConcatChart(_Parted, alt.VConcatChart):
    """Panels one below the other."""


class HConcatChart(_Parted, alt.HConcatChart):
    """Panels side by side."""


class FacetChart(_Parted, alt.FacetChart):
    """A panel for each value of a column."""


_OURS: dict[type, type] = {
    made.__bases__[1]: made for made in (Chart, LayerChart, VConcatChart, HConcatChart, FacetChart)
}


def as_ours(chart: Any) -> Any:
    """Return a chart of altair's as the class of this module that adds the look to it.

    Examples
    --------
    >>> import altair as alt
    >>> from cablelab.charts.themed import as_ours
    >>> as_ours(alt.Chart().mark_bar()).to_dict(validate=False)["config"]["background"]
    '#ffffff'
    """
    if type(chart) in _OURS:
        chart = chart.copy(deep=False)
        # Past altair's own __setattr__, which would take it for a property of the chart.
        object.__setattr__(chart, "__class__", _OURS[type(chart)])
    return chart


def _joined(join: Any, one: Any, other: Any) -> Any:
    with warnings.catch_warnings():
        # Brushes of one name become one brush over all that is joined, as one would wish; altair says so each time.
        warnings.filterwarnings("ignore", message="Automatically deduplicated")
        joined = join(_renamed(other, _names(one)) if isinstance(other, Themed) else other)
    # Two charts that use one channel for two things would share its scale, and Vega find no legend for it.
    return as_ours(joined.resolve_scale(color="independent", shape="independent", size="independent"))


def _below(one: Any, other: Any) -> Any:
    # altair would put the other among the panels of the first, under its title
    charts = one.vconcat if type(one) is VConcatChart and one.title is alt.Undefined else [one]
    return alt.vconcat(*charts, other, spacing=APART)


def _parts(chart: Any) -> list[Any]:
    listed = [part for name in ("layer", "hconcat", "vconcat", "concat") for part in chart._kwds.get(name) or []]
    return listed + ([chart._kwds["spec"]] if "spec" in chart._kwds else [])


def _names(chart: Any) -> set[str]:
    name_of = chart._kwds.get("name")
    return {name_of} - {None, alt.Undefined} | {name for part in _parts(chart) for name in _names(part)}


def _renamed(chart: Any, taken: set[str]) -> Any:
    """Return a copy in which no panel has a name that is taken: altair names panels by what they show."""
    clash = sorted(_names(chart) & taken)
    if not clash:
        return chart
    copy, new = chart.copy(deep=True), {}
    for old in clash:
        n = 2
        while f"{old}_{n}" in taken | _names(chart):
            n += 1
        new[old] = f"{old}_{n}"

    def rename(part: Any) -> None:
        if part._kwds.get("name") in new:
            part.name = new[part.name]
        params = part._kwds.get("params")
        for param in params if isinstance(params, list) else []:
            if isinstance(param._kwds.get("views"), list):
                param.views = [new.get(view, view) for view in param.views]
        for inner in _parts(part):
            rename(inner)

    rename(copy)
    return copy
