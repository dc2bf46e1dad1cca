"""The live chart: altair's own widget without a network, with the font that its labels were measured in."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import tempfile
from importlib import metadata
from pathlib import Path

import altair as alt
import vl_convert
from altair.jupyter.jupyter_chart import load_js_src

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
    kept = cache() / f"vega-{hashlib.sha256(made_of.encode()).hexdigest()[:16]}.js"
    bundle = _read(kept)
    if bundle is None:
        bundle = vl_convert.javascript_bundle(source, vl_version=version)
        _keep(kept, bundle)
    return fonts.script() + bundle


def cache() -> Path:
    """Return the folder where what is made once is kept: the user's own, by the habits of the system.

    Examples
    --------
    >>> from cablelab.charts import widget
    >>> widget.cache().name
    'cablelab'
    """
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
    else:
        base = os.environ.get("XDG_CACHE_HOME")
    return Path(base or Path.home() / ".cache") / "cablelab"


def _read(path: Path) -> str | None:
    """Return what was kept, None if it is missing or was damaged: its first line is the hash of the rest."""
    try:
        digest, _, bundle = path.read_text("utf-8").partition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    return bundle if digest == f"// {hashlib.sha256(bundle.encode()).hexdigest()}" else None


def _keep(path: Path, bundle: str) -> None:
    # A home that cannot be written costs two seconds, not the chart.
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="\n", dir=path.parent, delete=False) as file:
            file.write(f"// {hashlib.sha256(bundle.encode()).hexdigest()}\n{bundle}")
        Path(file.name).replace(path)


class LiveChart(alt.JupyterChart):
    """A chart that answers to the mouse; see `cablelab.charts.live`."""

    _esm = module()
    _is_offline = True
