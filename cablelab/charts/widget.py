"""The live chart: altair's own widget without a network, with the font that its labels were measured in."""

from __future__ import annotations

import altair as alt
import vl_convert
from altair.jupyter.jupyter_chart import load_js_src

from cablelab.charts import fonts


def module() -> str:
    """Return the JavaScript of a live chart: all that it needs, so that nothing is fetched. Takes about a second.

    Examples
    --------
    >>> from cablelab.charts import widget
    >>> "https://esm.sh" in widget.module()
    False
    """
    # As JupyterChart.enable_offline does, which would change the charts of everyone else in the kernel, too.
    source = "\n".join(line for line in load_js_src().splitlines() if not line.startswith("import"))
    version = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    return fonts.script() + vl_convert.javascript_bundle(source, vl_version=version)


class LiveChart(alt.JupyterChart):
    """A chart that answers to the mouse; see `cablelab.charts.live`."""

    _esm = module()
    _is_offline = True
