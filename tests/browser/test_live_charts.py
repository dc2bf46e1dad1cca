"""Live charts in a real browser: the brush gives the same instants in every zone, hostile text runs nothing."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest
import vl_convert

import cablelab as cl
from cablelab import charts
from cablelab.charts import fonts
from cablelab.charts.base import follow_theme, spec_svg
from cablelab.frames import SCHEMAS

pytestmark = pytest.mark.browser

HOSTILE = "<script>window.ran=1</script><img src=x onerror='window.ran=2'>&<b>bold</b>"
PAGE = """<!doctype html><meta charset="utf-8"><body style="background:{page};color:{text}"><div id="chart"></div>
<style>{fonts}</style><script>{bundle}</script>
<script type="module">await Promise.all([...document.fonts].map(face => face.load()));
vegaEmbed("#chart", {spec}, {{renderer: "svg", actions: false}}).then(r => window.view = r.view)</script>"""
OVERVIEW = "() => document.querySelector('.brush_brush_bg').closest('.role-scope').getBoundingClientRect().toJSON()"
BRUSH = "() => window.view.signal('brush')"
DETAIL = "() => window.view.scale('concat_0_x').domain().map(Number)"


@pytest.fixture(scope="module")
def bundle() -> str:
    return vl_convert.javascript_bundle()


@pytest.fixture
def show(browser, bundle):
    contexts = []

    def opened(chart: Any, zone: str = "UTC", dark: bool = False) -> Any:
        context = browser.new_context(timezone_id=zone, viewport={"width": 1000, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.foreign = []
        page.route("**/*", lambda route: (page.foreign.append(route.request.url), route.abort()))
        spec = json.dumps(follow_theme(chart).to_dict()).replace("<", "\\u003c")
        colours = ("#111111", "#eeeeee") if dark else ("#ffffff", "#111111")
        script = bundle.replace("</script", "<\\/script")
        html = PAGE.format(page=colours[0], text=colours[1], fonts=fonts.css(), bundle=script, spec=spec)
        page.set_content(html)
        page.wait_for_function("() => window.view")
        return page

    yield opened
    for context in contexts:
        context.close()


def corpus_of(text: str, n: int = 60) -> cl.Corpus:
    start = datetime(2003, 1, 1, tzinfo=UTC)
    rows = [
        dict.fromkeys(SCHEMAS["cables"])
        | dict.fromkeys(("post", "mission", "bureau", "subject"), text)
        | {"cable": f"{text}{i}", "year": 2003, "number": i + 1, "classification": "SECRET", "tags": [text]}
        | {"sent": start + timedelta(days=40 * i), "partial": False}
        for i in range(n)
    ]
    cables = pl.DataFrame(rows, schema=SCHEMAS["cables"], orient="row")
    links = [dict.fromkeys(SCHEMAS["references"]) | {"cable": f"{text}1", "target": f"{text}0", "kind": "cable"}]
    return cl.Corpus({"cables": cables, "references": pl.DataFrame(links, schema=SCHEMAS["references"])})


def overview(page: Any) -> dict[str, float]:
    return page.evaluate(OVERVIEW)


def drag(page: Any, start: float, end: float) -> None:
    box = overview(page)
    height = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + start * box["width"], height)
    page.mouse.down()
    page.mouse.move(box["x"] + end * box["width"], height, steps=5)
    page.mouse.up()
    page.evaluate("() => window.view.runAsync().then(() => null)")


def test_the_brush_zooms_and_gives_the_same_instants_in_every_zone(show):
    corpus = corpus_of("OSLO")
    found = []
    for zone in ("UTC", "America/Los_Angeles", "Asia/Tokyo"):
        page = show(charts.timeline(corpus, by="post"), zone)
        whole = page.evaluate(DETAIL)
        drag(page, 0.25, 0.5)
        bounds, zoomed = page.evaluate(BRUSH)["start"], page.evaluate(DETAIL)
        assert zoomed == bounds
        assert whole[0] < zoomed[0] < zoomed[1] < whole[1]
        assert page.foreign == []
        found.append((whole, bounds, page.locator("g.role-axis-label text").all_inner_texts()))
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize(
    ("draw", "mark"),
    [("timeline", "mark-rect"), ("swimlanes", "mark-symbol"), ("matrix", "mark-rect"), ("coverage", "mark-symbol")],
)
def test_hostile_text_runs_nothing_in_a_chart_or_its_tooltip(show, draw, mark):
    page = show(getattr(charts, draw)(corpus_of(HOSTILE)))
    marks = page.locator(f"g.{mark}.role-mark path")
    told = []
    for n in range(min(4, marks.count())):
        marks.nth(n).hover(force=True)
        page.wait_for_selector("#vg-tooltip-element.visible")
        told.append(page.locator("#vg-tooltip-element").inner_text())
    assert any("<script>" in text and "<img" in text for text in told), told
    assert page.evaluate("() => window.ran") is None
    assert page.locator("img, #vg-tooltip-element script, #vg-tooltip-element b").count() == 0
    assert page.foreign == []


@pytest.mark.parametrize("dark", [False, True])
def test_words_of_a_live_chart_take_the_colour_of_the_page(show, dark):
    page = show(charts.timeline(corpus_of("OSLO")), dark=dark)
    fill = page.evaluate("() => getComputedStyle(document.querySelector('g.role-axis-label text')).fill")
    assert fill == ("rgb(238, 238, 238)" if dark else "rgb(17, 17, 17)")


# Words that reach out of the drawing, and the drawing's width: in the page, or in JupyterLab.
WORDS = """() => {
    const svg = document.querySelector("svg.marks");
    const frame = svg.getBoundingClientRect();
    const out = box => box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1;
    const words = [...svg.querySelectorAll("text")].filter(word => word.textContent.trim());
    const cut = words.filter(word => out(word.getBoundingClientRect())).map(word => word.textContent);
    return {count: words.length, cut, width: svg.getAttribute("width")};
}"""


@pytest.mark.parametrize("draw", ["timeline", "swimlanes", "matrix", "coverage"])
def test_words_are_measured_in_the_font_that_draws_them(show, draw):
    chart = getattr(charts, draw)(corpus_of("WASHINGTON IN WIDE WORDS"))
    told = show(chart).evaluate(WORDS)
    static = re.search(r' width="(\d+)"', spec_svg(chart.to_dict()))
    assert told["count"] >= 5
    assert told["cut"] == []
    assert told["width"] == static[1]


def test_a_live_chart_brings_its_font_into_jupyterlab(open_notebook):
    lab = open_notebook(
        ["import cablelab as cl\nchart = cl.charts.matrix(cl.sample())\ncl.charts.live(chart)", "cl.charts.live(chart)"]
    )
    lab.run_all()
    lab.page.wait_for_function("() => document.querySelectorAll('svg.marks').length == 2")
    told = lab.page.evaluate(WORDS)
    assert told["cut"] == []
    assert told["width"] == lab.python(
        "cl.charts.base.spec_svg(chart.to_dict()).split('width=\"')[1].split('\"')[0]"
    ).strip("'")
    assert lab.page.evaluate(
        "() => [...document.fonts].filter(f => f.family.includes('Cablelab')).map(f => f.status)"
    ) == [
        "loaded",
        "loaded",
    ]
    lab.screenshot("live-font")


# What a chart's cell shows of it: the room, the drawing, and the words that reach beyond the room.
FITS = """() => [...document.querySelectorAll('svg.marks')].map(svg => {
    const cell = svg.closest('.jp-OutputArea-output').getBoundingClientRect();
    const words = [...svg.querySelectorAll('text')].filter(word => word.textContent.trim());
    const cut = words.filter(word => word.getBoundingClientRect().right > cell.right + 1).map(word => word.textContent);
    return {room: cell.width, width: svg.getBoundingClientRect().width, cut};
})"""
OUTLIERS = """
import cablelab as cl, polars as pl
from datetime import datetime, UTC
s = cl.sample()
early = s.cables.head(6).with_columns(cable=pl.format("7{}OSLO1", pl.int_range(6)), post=pl.lit("OSLO"),
    sent=pl.datetime(1973 + pl.int_range(6), 3, 1, time_zone="UTC").cast(pl.Datetime("us", "UTC")))
corpus = cl.Corpus({"cables": pl.concat([early, s.cables]), "tags": s.tags})
cl.timeline(corpus)
"""


@pytest.mark.parametrize(("width", "dark"), [(620, True), (1000, False)])
def test_a_live_chart_fits_its_cell(open_notebook, width, dark):
    cells = [OUTLIERS, "cl.timeline(corpus, by='classification', coverage=True)"]
    cells += ["cl.charts.map(corpus)", "cl.charts.coverage(s)"]
    lab = open_notebook(cells, size=(width, 900), dark=dark)
    lab.page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
    lab.run_all()
    lab.page.wait_for_function("() => document.querySelectorAll('svg.marks').length == 4")
    lab.grow()
    lab.page.wait_for_function(f"() => ({FITS})().every(shown => !shown.cut.length && shown.width <= shown.room + 1)")
    lab.screenshot(f"live-fits-{width}")
    for shown in lab.page.evaluate(FITS):
        assert shown["cut"] == []
        assert shown["width"] <= shown["room"] + 1
    clips = lab.page.evaluate("() => [...document.querySelectorAll('clipPath')].map(clip => clip.id)")
    assert len(clips) == len(set(clips)) > 1, "charts of one page cut each other by clips of one name"
    assert lab.errors == []
