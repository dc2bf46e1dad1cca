"""The notebooks as a reader meets them: in JupyterLab, run whole, in both themes, offline."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
CHARTS = ".jp-OutputArea-output svg.marks"
# The colours of a chart's words, and of the page behind it, as the browser resolves them: red, green, blue.
COLOURS = """selector => {
    const pen = document.createElement("canvas").getContext("2d");
    const rgb = colour => {
        pen.fillStyle = colour;
        pen.fillRect(0, 0, 1, 1);
        return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const page = rgb(getComputedStyle(document.body).getPropertyValue("--jp-layout-color0"));
    return [...document.querySelectorAll(selector)].map(svg => {
        const words = [...svg.querySelectorAll("text")].filter(word => word.textContent.trim());
        return {page, words: words.map(word => rgb(getComputedStyle(word).fill))};
    });
}"""

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebook_runs_in_both_themes(open_notebook, path):
    lab = open_notebook(path)
    cells = lab.run_all()
    silent = [cell["source"] for cell in cells if not cell["outputs"] and not _assigns(cell["source"])]
    assert silent == []
    lab.grow()
    for dark in (False, True):
        lab.theme(dark)
        assert lab.screenshot(f"{path.stem}-{'dark' if dark else 'light'}").stat().st_size > 10_000
    assert lab.errors == []


def test_first_notebook_shows_cables_charts_and_changes_in_words_that_can_be_read(open_notebook):
    lab = open_notebook(ROOT / "notebooks" / "01_start.ipynb", dark=True)
    cells = lab.run_all()
    shown = "\n".join(cell["text"] for cell in cells)
    assert lab.python("corpus.cables.height > 100") == "True"
    assert f"{lab.python('corpus.cables.height')} cables" in shown
    for name in ("older", "newer"):
        assert lab.python(name).strip("'") in shown
    lab.page.wait_for_function("selector => document.querySelectorAll(selector).length >= 2", arg=CHARTS)
    pages = []
    for dark in (True, False):
        lab.theme(dark)
        charts = lab.page.evaluate(COLOURS, CHARTS)
        assert len(charts) >= 2
        for chart in charts:
            assert len(chart["words"]) > 10
            assert min(_contrast(word, chart["page"]) for word in chart["words"]) >= 4.5
        pages.append(charts[0]["page"])
    assert max(pages[0]) < 100 < min(pages[1]), "the page was dark, then light"


def _contrast(one: list[int], other: list[int]) -> float:
    """The contrast of two colours as WCAG 2 defines it, from 1 to 21."""

    def luminance(colour: list[int]) -> float:
        parts = [part / 255 for part in colour]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


def _assigns(source: str) -> bool:
    """Whether the last line of a cell gives a name to something, and so shows nothing."""
    last = source.strip().splitlines()[-1]
    return " = " in last.split("(")[0] or last.startswith(("import ", "from "))
