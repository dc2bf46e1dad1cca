"""A figure to take away from a view: the picture as SVG, PNG or PDF, and its provenance card, in one zip."""

from __future__ import annotations

import base64
import io
import zipfile
from typing import TYPE_CHECKING

from cablelab.widgets.tree import Node, h

if TYPE_CHECKING:
    from cablelab.corpus import Corpus

FORMS = ("SVG", "PNG", "PDF")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same figure gives the same bytes


def buttons() -> Node:
    """Return a button for each form; its act is `figure`."""
    title = "download the figure as {}, with its provenance card"
    attributes = {"data-act": "figure", "data-row": "figure"}
    figure_buttons = [
        h("button", attributes | {"data-value": form, "title": title.format(form)}, form) for form in FORMS
    ]
    return h(
        "span",
        {"class": "cl-figure", "role": "group", "aria-label": "figure with its provenance card"},
        "Figure: ",
        figure_buttons,
    )


def download(svg: str, form: str, corpus: Corpus, title: str, name: str) -> dict[str, str]:
    """Return what the browser downloads.

    Parameters
    ----------
    svg
        The picture, in plain colours.
    form
        One of `FORMS`.
    corpus
        What was drawn.
    title
        The card's title.
    name
        Of the files, without ending; no cable's text may be in it.
    """
    from cablelab.charts.saving import card, picture

    ending = f".{form.lower()}"
    packed_bytes = io.BytesIO()
    with zipfile.ZipFile(packed_bytes, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(zipfile.ZipInfo(f"{name}{ending}", _EPOCH), picture(svg, ending))
        packed.writestr(zipfile.ZipInfo(f"{name}.md", _EPOCH), card(corpus, title))
    return {
        "name": f"{name}-{form.lower()}.zip",
        "base64": base64.b64encode(packed_bytes.getvalue()).decode(),
        "type": "application/zip",
    }
