"""The Explorer and the Reader in JupyterLab: by mouse, by keyboard, in every zone, against hostile text."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

TESTS = str(Path(__file__).resolve().parents[1])
SAMPLE = ["import cablelab as cl, polars as pl\ncorpus = cl.sample()", "explorer = cl.explore(corpus)\nexplorer"]
HOSTILE = [
    f"import sys\nsys.path.insert(0, {TESTS!r})\nimport hostile, cablelab as cl\ncorpus = hostile.corpus()",
    "explorer = cl.explore(corpus)\nexplorer",
    "cl.show(corpus)",
    "cl.widgets.ComparisonView(corpus, *corpus.ids[:3])",
]
OVERVIEW = "() => document.querySelector('.cl-over').getBoundingClientRect().toJSON()"
# Bars that count and do not lie under the brush, or the other way round; a pixel aside.
SNAPPED = """() => {
    const brush = document.querySelector(".cl-brush").getBoundingClientRect();
    return [...document.querySelectorAll(".cl-bin")].filter(bin => {
        const box = bin.getBoundingClientRect();
        const under = box.left >= brush.left - 4 && box.right <= brush.right + 4;
        return under === bin.classList.contains("cl-out");
    }).map(bin => bin.dataset.told);
}"""
# How high the view is, and which of its parts stand out of the cell.
SIZES = """() => {
    const view = document.querySelector(".cl-explorer"), box = view.getBoundingClientRect();
    const edge = view.closest(".jp-OutputArea-output").getBoundingClientRect().right;
    const parts = [...view.querySelectorAll(".cablelab, .cl-scroll, .cl-plot, .cl-bar, .cl-page, .cl-filters")];
    return {height: box.height,
        wide: parts.filter(e => e.getBoundingClientRect().right > edge + 2).map(e => e.className)};
}"""
# Whether the facets stand above the table, how high they are, and tables that run out of their box with nothing to tell it.
FACETS = """() => {
    const facets = document.querySelector(".cl-filters"), box = facets.getBoundingClientRect();
    const results = document.querySelector(".cl-left").getBoundingClientRect();
    const untold = [...document.querySelectorAll(".cl-scroll")].filter(e => e.scrollWidth > e.clientWidth + 1 && (
        getComputedStyle(e).overflowX !== "auto" || !getComputedStyle(e).backgroundImage.includes("gradient")));
    const broken = [...facets.querySelectorAll("button[data-act=dates]")].filter(e => e.getClientRects()[0].height > 32);
    return {width: facets.closest('.cl-upper').clientWidth, stacked: results.top >= box.bottom, beside: results.left >= box.right, height: box.height,
        untold: untold.length, broken: broken.length};
}"""
FOCUS = "() => ({act: document.activeElement.dataset.act ?? '', value: document.activeElement.dataset.value ?? ''})"
# How long from a press until the number of cables left has changed on the page.
ANSWER = """async box => {
    const told = document.querySelector(".cl-left"), began = performance.now();
    const changed = new Promise(done => new MutationObserver(() => done(performance.now() - began))
        .observe(told, {childList: true, characterData: true, subtree: true}));
    document.querySelector(box).click();
    return await changed;
}"""


def opened(open_notebook: Any, cells: list[str] = SAMPLE, **options: Any) -> Any:
    lab = open_notebook(cells, size=(1600, 1700), **options)
    lab.run_all()
    lab.page.wait_for_selector(".cablelab .cl-results tbody tr")
    lab.page.wait_for_selector(".cl-plot .cl-bin")
    return lab


def drag(lab: Any, start: float, end: float) -> None:
    box = lab.page.evaluate(OVERVIEW)
    height = box["y"] + box["height"] / 2
    lab.page.mouse.move(box["x"] + start * box["width"], height)
    lab.page.mouse.down()
    lab.page.mouse.move(box["x"] + end * box["width"], height, steps=5)
    lab.page.mouse.up()


def tab_to(lab: Any, act: str, value: str = "", key: str = "Tab") -> None:
    for _ in range(60):
        focus = lab.page.evaluate(FOCUS)
        if focus["act"] == act and value in focus["value"]:
            return
        lab.page.keyboard.press(key)
    raise AssertionError(f"{key} never reaches {act} {value}")


def test_brush_click_open_and_undo_reach_python_and_come_back(open_notebook):
    lab = opened(open_notebook)
    drag(lab, 0.25, 0.6)
    lab.until("explorer.selection.sent is not None")
    first, last = ast.literal_eval(lab.python("tuple(day.isoformat() for day in explorer.selection.sent)"))
    assert first < last
    assert lab.python("explorer.corpus.cables['sent'].dt.date().is_between(*explorer.selection.sent).all()") == "True"
    lab.page.wait_for_function(f"() => document.querySelector('[data-act=date]').value === '{first}'")
    lab.page.locator("input[data-act=tick][data-value^='posts ']").first.check()
    lab.until("len(explorer.selection.posts)", "1")
    lab.page.locator("input[data-act=tick][data-value^='classifications ']").first.check()
    lab.until("len(explorer.selection.classifications)", "1")
    left = lab.python("len(explorer.corpus)")
    lab.page.wait_for_function(f"() => document.querySelector('.cl-left').textContent.startsWith('{left} of')")
    assert lab.python(f"{ast.literal_eval(lab.python('explorer.code'))}.ids.equals(explorer.corpus.ids)") == "True"
    # the bars have been drawn anew twice: the brush must have stayed, and begin and end with a bar
    assert ast.literal_eval(lab.python("tuple(day.isoformat() for day in explorer.selection.sent)")) == (first, last)
    assert lab.page.locator(".cl-brush").bounding_box()["width"] > 50
    lab.page.wait_for_function(f"() => ({SNAPPED})().length === 0")
    undo = lab.page.locator("button[data-act=undo]")
    for field in ("classifications", "posts"):
        undo.click()
        lab.until(f"explorer.selection.{field}", "()")
    undo.click()
    lab.until("explorer.selection == cl.widgets.Selection()")
    lab.page.wait_for_selector("button[data-act=undo][aria-disabled=true]")
    assert lab.page.locator(".cl-brush").is_hidden()

    lab.python("setattr(explorer, 'current', corpus.references.filter(pl.col('held'))['cable'][0])")
    reference = lab.page.locator(".cl-header button[data-act=open]").first
    target = reference.get_attribute("data-value")
    lab.page.set_viewport_size({"width": 1600, "height": 900})
    reference.click()
    lab.until("explorer.current", repr(target))
    lab.page.wait_for_selector(f"section[aria-label='Reader: {target}']")
    lab.page.locator("button[data-row=results]").nth(1).click()
    lab.until(f"explorer.current == {target!r}", "False")
    # what was opened is in sight
    lab.page.wait_for_function(
        "() => { const y = document.querySelector('.cl-reader').getBoundingClientRect().y; return 0 < y && y < 600; }"
    )
    lab.page.locator("button[data-act=back]").click()
    lab.until("explorer.current", repr(target))
    lab.page.locator("button[data-act=back]").click()
    lab.until(f"explorer.current == {target!r}", "False")
    lab.page.locator("[role=tab]", has_text="Source").click()
    lab.page.wait_for_selector(".cl-source .cl-role")
    assert lab.errors == []


def test_everything_can_be_done_by_keyboard_alone(open_notebook):
    lab = opened(open_notebook)
    cell = "() => window.jupyterapp.shell.currentWidget.content.activeCellIndex"
    cells = "() => window.jupyterapp.shell.currentWidget.content.widgets.length"
    before = lab.page.evaluate(cell), lab.page.evaluate(cells)
    lab.page.locator("input[data-act=query]").focus()
    lab.page.keyboard.type("labor")
    lab.page.keyboard.press("Enter")
    lab.until("explorer.selection.query", "'labor'")
    assert lab.python("set(explorer.corpus.ids) == set(corpus.search('labor')['cable'])") == "True"
    tab_to(lab, "date", "first")
    lab.page.keyboard.type("2004")
    lab.page.keyboard.press("Enter")
    lab.until("str(explorer.selection.sent and explorer.selection.sent[0])", "'2004-01-01'")
    tab_to(lab, "tick", "classifications")
    lab.page.keyboard.press("ArrowDown")
    lab.page.keyboard.press("ArrowUp")
    lab.page.keyboard.press("Space")
    lab.until("len(explorer.selection.classifications)", "1")
    assert lab.page.evaluate(FOCUS)["act"] == "tick", "the focus stays where it was"
    assert (
        lab.page.evaluate(FOCUS)["value"]
        == lab.python("f'classifications {explorer.selection.classifications[0]}'")[1:-1]
    )
    lab.page.keyboard.press("a")  # in JupyterLab a command that inserts a cell
    tab_to(lab, "find", "tags")
    lab.page.keyboard.type("labor sector", delay=30)
    lab.page.wait_for_function("() => document.querySelector('[data-value=\"tags ELAB\"]')")
    assert lab.page.locator("input[data-value=tags][data-act=find]").input_value() == "labor sector"
    tab_to(lab, "tick", "tags ELAB")
    lab.page.keyboard.press("Space")
    lab.until("explorer.selection.tags", "('ELAB',)")
    lab.page.locator("button[data-goto=results]").focus()
    lab.page.keyboard.press("Enter")
    lab.page.wait_for_function("() => document.activeElement.closest('.cl-results, [data-place=results]')")
    tab_to(lab, "open")
    lab.page.keyboard.press("ArrowDown")
    second = lab.page.evaluate(FOCUS)["value"]
    assert second == lab.page.locator("button[data-row=results]").nth(1).get_attribute("data-value")
    lab.page.keyboard.press("Enter")
    lab.until("explorer.current", repr(second))
    handle = lab.page.locator(".cl-handle").first
    handle.focus()
    lab.page.keyboard.press("ArrowRight")
    lab.until("str(explorer.selection.sent[0]) > '2004-01-01'")
    lab.page.locator("button[data-act=undo]").focus()
    lab.page.keyboard.press("Enter")
    lab.until("str(explorer.selection.sent[0])", "'2004-01-01'")
    tip = lab.page.locator(".cl-reader .cl-tip").first
    tip.focus()
    shown = "e => getComputedStyle(e, '::after').content"
    assert lab.page.evaluate(f"() => ({shown})(document.activeElement)") == f'"{tip.get_attribute("title")}"'
    lab.page.locator("button[data-act=undo]").focus()
    lab.page.keyboard.press("Enter")
    lab.until("explorer.selection.tags", "()")
    assert (lab.page.evaluate(cell), lab.page.evaluate(cells)) == before, "no key was taken for a command of JupyterLab"
    assert lab.errors == []


def test_every_place_is_gathered_in_steps_that_leave_the_kernel_free(open_notebook):
    few = "from cablelab.widgets import finds\nfinds.FIRST, finds.STEP, cl.search.AT_A_TIME = 20, 1, 1"
    lab = opened(open_notebook, [SAMPLE[0], few, SAMPLE[1]])
    lab.page.locator("input[data-act=query]").fill("year")
    lab.page.keyboard.press("Enter")
    lab.page.locator("button[data-act=finds]").focus()
    lab.page.keyboard.press("Enter")
    lab.page.wait_for_selector(".cl-finds .cl-kwic-match mark")
    told = ".cl-finds output"
    assert "the first 20 are listed" in lab.page.locator(told).inner_text()
    tab_to(lab, "gather")
    lab.page.keyboard.press("Enter")
    bar = ".cl-finds [role=progressbar]"
    lab.page.wait_for_function(f"() => Number(document.querySelector('{bar}')?.ariaValueNow) > 20")
    assert lab.python("1 + 1") == "2"
    assert lab.page.locator(bar).is_visible()
    lab.page.keyboard.press("Enter")  # the button has stayed where it was, and stops now
    lab.page.wait_for_selector(bar, state="detached")
    gathered = int(lab.python("explorer.hits.height"))
    assert 20 < gathered < int(lab.python("explorer.finds.total"))
    lab.page.wait_for_function(
        f"() => document.querySelector('{told}').innerText.includes('the first {gathered:,} are')"
    )
    lab.page.keyboard.press("Enter")
    lab.page.wait_for_selector(bar)
    for dark in (False, True):
        lab.theme(dark)
        assert lab.screenshot(f"finds-{'dark' if dark else 'light'}", ".cl-finds").stat().st_size > 10_000
    lab.page.wait_for_selector(bar, state="detached", timeout=60_000)
    assert lab.python("explorer.hits.equals(corpus.search('year'))") == "True"
    assert "listed" not in lab.page.locator(told).inner_text()
    assert lab.page.evaluate(FOCUS)["act"] == "gather"
    place = lab.page.locator(".cl-finds button[data-act=open]").last
    cable, _, paragraph = place.get_attribute("data-value").partition("#")
    place.click()
    lab.until("explorer.current", repr(cable))
    if paragraph:
        lab.page.wait_for_selector(f".cl-here[id='{cable}#{paragraph}']")
    with lab.page.expect_download() as download:
        lab.page.locator(".cl-finds button[data-act=csv]").click()
    lines = Path(download.value.path()).read_text("utf-8").splitlines()
    assert len(lines) - 1 == int(lab.python("explorer.hits.height"))
    assert lab.errors == []


def test_a_brush_gives_the_same_days_in_every_zone(open_notebook):
    found = []
    for zone in ("UTC", "America/Los_Angeles", "Asia/Tokyo"):
        lab = opened(open_notebook, timezone=zone)
        drag(lab, 0.3, 0.7)
        lab.until("explorer.selection.sent is not None")
        found.append((lab.python("explorer.selection.sent"), lab.python("explorer.corpus.ids.to_list()")))
    assert found[0] == found[1] == found[2]


def test_hostile_text_runs_nothing_anywhere(open_notebook):
    lab = opened(open_notebook, HOSTILE)
    lab.page.locator("input[data-act=tick][data-value^='posts ']").first.check()
    lab.until("len(explorer.selection.posts)", "1")
    lab.page.locator("input[data-act=query]").fill("window.ran")
    lab.page.locator("input[data-act=query]").press("Enter")
    lab.until("explorer.selection.query", "'window.ran'")
    for by in ("post", "tag"):
        lab.page.locator("select[data-act=by]").select_option(by)
        lab.page.locator(".cl-bin[data-told*='<script>']").first.wait_for(state="attached")
        box = lab.page.locator(".cl-seg").first.bounding_box()
        lab.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 2)
        lab.page.wait_for_function("() => document.querySelector('.cl-over').title.includes('<script>')")
    lab.page.locator("button[data-act=finds]").click()
    lab.page.wait_for_selector(".cl-finds .cl-kwic-match mark")
    assert "<img src=x" in lab.page.locator(".cl-finds table").inner_text()
    for tab in lab.page.locator("[role=tab]", has_text="Source").all():
        tab.click()
    lab.page.wait_for_selector(".cl-source")
    assert "<img src=x" in lab.page.locator(".cl-source").first.inner_text()
    lab.page.locator(".cl-both [data-row='text b']:visible").first.click()
    lab.page.wait_for_selector(".cl-everywhere")
    assert "<img src=x" in lab.page.locator(".cl-everywhere").inner_text()
    assert lab.page.evaluate("() => window.ran") is None
    assert lab.page.locator(".cablelab script, .cablelab img, .cablelab svg:not(.cl-lines)").count() == 0
    assert lab.errors == []


def test_views_in_both_themes_and_how_soon_they_answer(open_notebook):
    lab = opened(open_notebook)
    box = "input[data-act=tick][data-value^='classifications ']"
    times = [lab.page.evaluate(ANSWER, box) for _ in range(6)]
    print("answers in ms:", [round(t) for t in times])  # a press that changed nothing would have failed above
    lab.python("setattr(explorer, 'selection', cl.widgets.Selection(query='labor'))")
    lab.python("setattr(explorer.finds, 'shown', True)")
    lab.page.wait_for_selector(".cl-c-found mark")
    lab.page.wait_for_selector(".cl-finds .cl-kwic-match mark")
    for dark in (False, True):
        lab.theme(dark)
        name = "dark" if dark else "light"
        assert lab.screenshot(f"explorer-{name}").stat().st_size > 50_000
        for tab, shown in (("Source", ".cl-source"), ("Read", ".cl-header")):
            lab.page.locator("[role=tab]", has_text=tab).click()
            lab.page.wait_for_selector(shown)
            assert lab.screenshot(f"reader-{tab.lower()}-{name}", ".cl-reader").stat().st_size > 10_000


@pytest.mark.parametrize("width", [1400, 1000, 620])
def test_nothing_breaks_or_overflows_whatever_is_left(open_notebook, width):
    cells = [
        "import cablelab as cl\nfrom cablelab.widgets import Selection\ncorpus = cl.sample()",
        "explorer = cl.explore(corpus)\nexplorer",
    ]
    lab = open_notebook(cells, size=(width, 1000))
    lab.page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
    lab.run_all()
    lab.page.wait_for_selector(".cablelab .cl-results tbody tr")
    lab.python("setattr(explorer.finds, 'shown', True)")
    for query, shown in (
        ("labor", ".cl-c-found mark"),
        ("no words of any cable here", ".cl-none button"),
        ("", ".cl-bin"),
    ):
        lab.python(f"setattr(explorer, 'selection', Selection(query={query!r}))")
        lab.page.wait_for_selector(shown)
        sizes = lab.page.evaluate(SIZES)
        assert sizes["height"] < 4_000, sizes
        assert sizes["wide"] == [], sizes
        facets = lab.page.evaluate(FACETS)
        assert (facets["untold"], facets["broken"]) == (0, 0), facets
        if width == 620:
            assert facets["stacked"], facets
            assert facets["height"] <= 300, facets
        else:
            assert facets["beside"], facets
            assert facets["height"] > 500, facets
    if (
        width == 1000
    ):  # at no width between are they cut to a box beside the results, or left as long as they are above them
        for wide in range(900, 1080, 12):
            lab.page.set_viewport_size({"width": wide, "height": 1000})
            lab.drawn()
            facets = lab.page.evaluate(FACETS)
            assert facets["stacked"] == (facets["height"] <= 300), (wide, facets)
            assert facets["stacked"] != facets["beside"], (wide, facets)
        lab.page.set_viewport_size({"width": width, "height": 1000})
        lab.python("setattr(explorer, 'selection', Selection(query='labor'))")
        lab.page.wait_for_selector(".cl-c-found mark")
        assert lab.screenshot("explorer-1000").stat().st_size > 20_000
    assert lab.errors == []
