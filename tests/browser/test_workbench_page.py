"""The workbench in JupyterLab: from cables to a cited comparison by mouse, in both themes; axe finds no serious fault."""

from __future__ import annotations

import pytest
from test_axe import faults

pytestmark = pytest.mark.browser

CELLS = ["import cablelab as cl\ncorpus = cl.sample()", "bench = cl.workbench(corpus)\nbench"]


@pytest.mark.parametrize(("width", "dark"), [(1400, False), (1000, True), (620, False)])
def test_a_comparison_is_made_and_cited_by_mouse(open_notebook, width, dark):
    lab = open_notebook(CELLS, size=(width, 1200), dark=dark)
    lab.page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
    lab.run_all()
    lab.page.wait_for_selector(".cl-results tbody tr")
    wrapped = """() => [...document.querySelectorAll('.cl-results td.cl-c-sent')].filter(e => e.textContent.length &&
        (e => { const r = document.createRange(); r.selectNodeContents(e); return r.getClientRects().length; })(e) > 1).length"""
    assert lab.page.evaluate(wrapped) == 0, "a date stands on one line"
    tops = "() => ['.cl-results', '.cl-desk'].map(s => document.querySelector(s).getBoundingClientRect().top)"
    table, desk = lab.page.evaluate(tops)
    assert table - desk < 1000, "the table is within reach in a narrow page, too"
    lab.page.locator("[data-act=keep][data-value]").nth(0).check()
    lab.until("bench.kept.height", "1")
    # a chain begins with what is kept; here it shall begin with the cable that is read
    lab.page.locator("[data-act=keep][data-value]").nth(0).uncheck()
    lab.until("bench.kept.height", "0")
    lab.python("setattr(bench, 'current', cl.chains(corpus)['cable'][0])")
    lab.page.locator("[role=tab][data-value=chain]").click()
    lab.page.locator(".cl-building [data-act=accept]").first.click()
    lab.until("bench.decided.height", "1")
    lab.screenshot(f"bench-chain-{width}")
    lab.page.locator(".cl-desk [data-act=compare]").click()
    lab.until("bench.desk.view", "'compare'")
    lab.page.locator(".cl-why").first.click()
    lab.page.locator(".cl-sel [data-act=mark]").click()
    lab.until("bench.marked.height", "1")
    lab.screenshot(f"bench-compare-{width}")
    assert faults(lab) == []
    lab.page.locator("[role=tab][data-value=cite]").click()
    lab.page.wait_for_selector(".cl-desk section li")
    assert lab.page.locator(".cl-desk section li").count() == int(lab.python("len(bench.cited())"))
    lab.page.locator(".cl-steps summary").click()
    assert "cl.compare(corpus" in lab.page.locator(".cl-steps pre").inner_text()
    lab.screenshot(f"bench-cite-{width}")
    assert faults(lab) == []
    assert lab.errors == []
