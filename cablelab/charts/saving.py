"""A figure as files: the picture, and the card that says what it was made from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cablelab.charts import fonts
from cablelab.charts.base import option
from cablelab.charts.svg import spec_svg
from cablelab.charts.themed import themed
from cablelab.errors import WrongKind

if TYPE_CHECKING:
    from cablelab.corpus import Corpus

ENDINGS = (".svg", ".png", ".pdf")


def save(chart: Any, path: str | Path, corpus: Corpus | None = None, scale: float = 2.0) -> list[Path]:
    """Write a chart as SVG, PNG or PDF, and beside it its provenance card: which cables, chosen how, from which copies.

    Parameters
    ----------
    chart
        A chart of this package, or several joined.
    path
        The file to write; its ending, `.svg`, `.png` or `.pdf`, chooses the form.
    corpus
        The corpus that was drawn.
    scale
        Pixels of a PNG for each of the chart; 2 is enough for print.

    Returns
    -------
    list of the two files written: the picture, and the card, of the same name with `.md`.

    Raises
    ------
    UnknownOption
        If the ending is another.
    WrongKind
        If the corpus is missing.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import cablelab as cl
    >>> corpus = cl.sample()
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     files = cl.charts.save(cl.timeline(corpus), pathlib.Path(folder, "figure.pdf"), corpus)
    ...     [file.name for file in files], files[0].read_bytes()[:4]
    (['figure.pdf', 'figure.md'], b'%PDF')
    """
    if corpus is None or not hasattr(corpus, "filters"):
        raise WrongKind("save", "the corpus that was drawn", corpus)
    target = Path(path)
    ending = option("path", target.suffix.lower(), ENDINGS)
    target.write_bytes(picture(spec_svg(themed(chart.to_dict())), ending, scale))
    title = chart.to_dict(validate=False).get("title") or {}
    named = title.get("text") if isinstance(title, dict) else title
    beside = target.with_suffix(".md")
    beside.write_text(card(corpus, str(named or "Figure")), encoding="utf-8")
    return [target, beside]


def picture(svg: str, ending: str, scale: float = 2.0) -> bytes:
    """Turn an SVG into the bytes of a file, drawn in the package's own font.

    Parameters
    ----------
    svg
        The picture.
    ending
        One of `ENDINGS`.
    scale
        Pixels of a PNG for each of the picture.

    Examples
    --------
    >>> svg = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>"
    >>> picture(svg, ".png")[1:4], picture(svg, ".pdf")[:4]
    (b'PNG', b'%PDF')
    """
    import vl_convert

    fonts.register()
    if ending == ".svg":
        return svg.encode()
    return vl_convert.svg_to_png(svg, scale=scale) if ending == ".png" else vl_convert.svg_to_pdf(svg)


def card(corpus: Corpus, title: str) -> str:
    """Write the provenance card of a figure as Markdown."""
    from cablelab.provenance import provenance

    return provenance(corpus, title=title).markdown() + "\n"
