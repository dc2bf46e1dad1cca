"""The comparison in JupyterLab: by keyboard and mouse, its lines and columns where they belong, in three widths."""

from __future__ import annotations

from typing import Any

import pytest
from test_explorer import FOCUS, SAMPLE

pytestmark = pytest.mark.browser

CELLS = [SAMPLE[0], "view = cl.widgets.ComparisonView(corpus)\nview"]
# Lines of which an end lies in the height of no sentence that it should join.
LOOSE = """() => {
    const columns = document.querySelector(".cols"), box = columns.getBoundingClientRect();
    const ends = side => [...columns.querySelectorAll(`.${side} .s`)].flatMap(e => [...e.getClientRects()])
        .filter(r => r.width).map(r => [r.top - box.top, r.bottom - box.top]);
    const old = ends("old"), now = ends("newer"), meets = (y, list) => list.some(([top, bottom]) => top <= y && y <= bottom);
    const paths = [...columns.querySelectorAll("path")].map(p => p.getAttribute("d").match(/-?[\\d.]+/g).map(Number));
    return {count: paths.length, loose: paths.filter(p => !meets(p[1], old) || !meets(p[7], now))};
}"""
# Whether each sentence chosen can be seen in the box that scrolls, and where both sides begin.
SEEN = """() => {
    const box = document.querySelector(".cl-both").getBoundingClientRect();
    return [...document.querySelectorAll(".cl-both [data-scroll]")].every(e => {
        const place = e.getBoundingClientRect();
        return place.height > 0 && place.bottom > box.top && place.top < box.bottom;
    });
}"""


def opened(open_notebook: Any, width: int = 1500, **options: Any) -> Any:
    lab = open_notebook(CELLS, size=(width, 1500), **options)
    if width < 1200:
        lab.page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
    lab.run_all()
    lab.page.wait_for_selector(".cl-both .newer .s")
    return lab


def test_a_comparison_is_read_by_keyboard_and_leads_to_the_source(open_notebook):
    lab = opened(open_notebook)
    new = int(lab.python("view.versions.new"))
    lab.page.locator("button[data-act=copied]").focus()
    lab.page.keyboard.press("ArrowLeft")
    lab.until("view.versions.new", str(new - 1))
    lab.page.keyboard.press("ArrowRight")
    lab.until("view.versions.new", str(new))
    for number in range(4):
        lab.page.keyboard.press("j")
        lab.until("view.versions.change", str(number))
        lab.page.wait_for_selector(f".cl-sel [data-act=change][data-value='{number}']")
        lab.page.wait_for_function(SEEN)
    lab.page.keyboard.press("k")
    lab.until("view.versions.change", "2")
    lab.page.wait_for_selector(".cl-sel [data-act=change][data-value='2']")
    lab.page.keyboard.press("m")
    lab.until("view.marked['mark'].to_list()", "['marked']")
    lab.page.wait_for_selector(".cl-sel [data-act=mark][aria-pressed=true]")
    lab.page.keyboard.press("n")
    assert lab.page.evaluate(FOCUS)["act"] == "note"
    lab.page.keyboard.type("jkm: look again")
    lab.page.keyboard.press("Enter")
    lab.until("view.marked['note'].to_list()", "['jkm: look again']")
    assert lab.page.evaluate(LOOSE)["loose"] == []
    lab.page.locator(".cl-both [data-row='text b'][tabindex='0']").first.focus()
    lab.page.keyboard.press("ArrowDown")
    lab.page.keyboard.press("Enter")
    lab.until("view.versions.sentence is not None")
    source = lab.page.locator(".cl-everywhere button[data-act=open]").last
    source.wait_for()
    beside = lab.page.evaluate(
        "() => ['.cl-everywhere', '.cl-both'].map(s => document.querySelector(s).getBoundingClientRect().top)"
    )
    assert abs(beside[0] - beside[1]) < 20, "the sentence's history stands beside the texts, not below"
    link = source.get_attribute("data-value")
    source.click()
    lab.until("view.current", repr(link.partition("#")[0]))
    lab.page.wait_for_selector(f"section[aria-label='Reader: {link.partition('#')[0]}']")
    assert lab.errors == []


@pytest.mark.parametrize(("width", "columns"), [(1400, 2), (1000, 2), (620, 1)])
def test_columns_fit_the_width_and_lose_nothing(open_notebook, width, columns):
    lab = opened(open_notebook, width)
    step = int(
        lab.python("max(range(len(view.comparison.steps)), key=lambda n: len(view.comparison.steps[n].dropped))")
    )
    lab.python(f"view.versions.act('axis', '{step + 1}')")
    lab.until("view.versions.old", str(step))
    lab.page.wait_for_selector(f".cl-on[data-value='{step}']")
    lab.page.evaluate("() => document.querySelectorAll('.fold').forEach(e => { e.open = true; })")
    shown = lab.page.evaluate(
        "() => [...document.querySelectorAll('.cl-both [data-at]')].filter(e => e.getClientRects().length).map(e => e.dataset.at)"
    )
    old, new = (int(lab.python(f"len(view.versions.step.{side}.sentences)")) for side in ("old", "new"))
    wanted = {f"b-{n}" for n in range(new)}
    kept = set(eval(lab.python("[x.a for x in view.versions.step.links if x.label == 'kept' and not x.moved]")))
    wanted |= {f"a-{n}" for n in range(old) if n not in kept} if columns == 2 else set()
    wanted |= {f"a-{n}" for n in eval(lab.python("[s.sentence for s in view.versions.step.dropped]"))}
    assert wanted <= set(shown)
    if columns == 1:
        assert set(shown) == wanted
        assert lab.page.locator(".cl-both .newer del").first.is_visible()
        assert lab.page.evaluate(LOOSE)["count"] == 0
    else:
        assert not lab.page.locator(".cl-both .newer del").first.is_visible()
        found = lab.page.evaluate(LOOSE)
        assert (found["count"] > 0, found["loose"]) == (True, [])
    cut = """() => [...document.querySelectorAll('.cl-chain .cl-label')].filter(e => e.textContent).map(e => {
        const label = e.getBoundingClientRect(), chain = e.closest('.cl-chain').getBoundingClientRect();
        return Math.max(chain.left - label.left, label.right - chain.right); })"""
    assert max(lab.page.evaluate(cut)) <= 0, "no date on the axis is cut"
    edge = lab.page.evaluate(
        "() => document.querySelector('.cl-explorer').closest('.jp-OutputArea-output').getBoundingClientRect().right"
    )
    wide = lab.page.evaluate(
        "() => [...document.querySelectorAll('.cl-compare, .cl-both, .cl-rail, .cl-chain')].map(e => e.getBoundingClientRect().right)"
    )
    assert max(wide) <= edge + 2
    assert lab.errors == []
