"""The live chart: altair's own widget without a network, with the font that its labels were measured in."""

from __future__ import annotations

import hashlib
from importlib import metadata
from pathlib import Path

import altair as alt
import vl_convert
from altair.jupyter.jupyter_chart import load_js_src

from cablelab import kept
from cablelab.charts import fonts

FIT = Path(__file__).with_name("fit.js")


def module() -> str:
    """Return the JavaScript of a live chart: all that it needs, so that nothing is fetched.

    Making it takes two seconds, each time the same; it is kept in the user's cache, by the versions it was made of.

    Examples
    --------
    >>> from cablelab.charts import widget
    >>> "https://esm.sh" in widget.module()
    False
    """
    # As JupyterChart.enable_offline does, which would change the charts of everyone else in the kernel, too.
    source = "\n".join(line for line in load_js_src().splitlines() if not line.startswith("import"))
    source = source.replace(
        "vegaEmbed(el, spec, embedOptions)", "fitted(el, spec, embedOptions, reembed)"
    ) + FIT.read_text("utf-8")
    version = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    made_of = "\n".join((metadata.version("vl-convert-python"), version, source))
    name = f"vega-{hashlib.sha256(made_of.encode()).hexdigest()[:16]}.js"
    bundle = kept.read(name)
    if bundle is None:
        bundle = vl_convert.javascript_bundle(source, vl_version=version).encode()
        kept.keep(name, bundle)
    return fonts.script() + bundle.decode()


class LiveChart(alt.JupyterChart):
    """A chart that answers to the mouse; see `cablelab.charts.live`."""

    _esm = module()
    _is_offline = True
