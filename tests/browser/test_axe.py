"""What a screen reader meets: axe-core finds no serious fault in the views, in either theme."""

from __future__ import annotations

from typing import Any

import pytest
from test_explorer import SAMPLE

pytestmark = pytest.mark.browser
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python brings axe-core")

CELLS = [
    *SAMPLE,
    "view = cl.widgets.ComparisonView(corpus)\nview",
    "cl.show(corpus, corpus.references.filter(pl.col('held'))['cable'][0])",
]
GRAVE = {"serious", "critical"}


def faults(lab: Any) -> list[str]:
    """List what axe calls serious or critical in our own parts of the page: the rule, and where."""
    found = axe.Axe().run(lab.page, context={"include": [[".cablelab"]]}, options={"resultTypes": ["violations"]})
    return [
        f"{fault['id']}: {node['target']} {node['html'][:160]} {node['failureSummary'][:300]}"
        for fault in found.response["violations"]
        if fault["impact"] in GRAVE
        for node in fault["nodes"][:4]
    ]


def test_no_serious_fault_in_either_theme(open_notebook):
    lab = open_notebook(CELLS, size=(1400, 1000))
    lab.run_all()
    lab.page.wait_for_selector(".cl-both .newer .s")
    lab.page.locator(".cl-why").first.click()
    lab.page.wait_for_selector(".s.cl-chosen")
    lab.python("setattr(explorer, 'selection', cl.widgets.Selection(query='labor', tags=('ELAB',)))")
    lab.page.wait_for_selector(".cl-c-found mark")
    lab.page.locator("button[data-act=finds]").first.click()
    lab.page.wait_for_selector(".cl-finds .cl-kwic-match mark")
    for dark in (False, True):
        lab.theme(dark)
        assert faults(lab) == []
    lab.page.locator("[role=tab]", has_text="Source").last.click()
    lab.page.wait_for_selector(".cl-source")
    lab.page.locator(".cl-both .newer .s").first.click()
    lab.page.wait_for_selector(".cl-everywhere")
    lab.python("setattr(explorer, 'selection', cl.widgets.Selection(query='no words of any cable here'))")
    lab.page.wait_for_selector(".cl-none")
    for dark in (True, False):
        lab.theme(dark)
        assert faults(lab) == []
    assert lab.errors == []


def test_a_table_and_the_threads_of_a_chain_have_no_serious_fault(open_notebook):
    cells = [SAMPLE[0], "rows = cl.table(corpus, corpus.search('labor'))\nrows", CELLS[-2]]
    lab = open_notebook(cells, size=(1000, 1000))
    lab.run_all()
    lab.page.locator(".cl-rows [data-act=open]").first.click()
    lab.page.wait_for_selector(".cl-reader h3")
    lab.page.locator("[data-act=threads]").click()
    lab.page.wait_for_selector(".cl-threads [data-act=thread]")
    for dark in (False, True):
        lab.theme(dark)
        assert faults(lab) == []
    lab.page.locator(".cl-threads [data-act=thread]").first.click()
    lab.page.wait_for_selector(".cl-everywhere")
    assert lab.errors == []
