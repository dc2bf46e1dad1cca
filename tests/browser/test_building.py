"""The chain builder in JupyterLab: a chain is built by keyboard from one cable, saved, opened again and compared."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from test_explorer import tab_to, until

pytestmark = pytest.mark.browser

CELLS = [
    "import tempfile, cablelab as cl, polars as pl\n"
    "steps = cl.chains(cl.sample()).filter(rank=1)\n"
    "step = steps.filter(chain=steps['chain'].value_counts(sort=True)['chain'][0]).row(0, named=True)\n"
    "folder = tempfile.mkdtemp()\ncl.sample().save(folder)\ncorpus = cl.open(folder)",
    "builder = cl.widgets.ChainBuilder(corpus, step['cable'])\nbuilder",
]


def test_a_chain_is_built_by_keyboard_saved_reopened_and_compared(open_notebook: Any) -> None:
    lab = open_notebook(CELLS, size=(1500, 1700))
    lab.run_all()
    lab.page.wait_for_selector(".cl-offers .cl-offer")
    tab_to_first = lab.page.locator(".cl-offer button").first
    tab_to_first.focus()
    lab.page.keyboard.press("r")
    until(lab, "builder.decisions.height", "1")
    lab.page.locator(".cl-bar button", has_text="Undo").first.focus()
    lab.page.keyboard.press("Enter")
    until(lab, "builder.decisions.height", "0")
    lab.page.locator(".cl-offer button").first.focus()
    lab.page.keyboard.press("a")
    until(lab, "len(builder.members)", "2")
    tab_to(lab, "name", key="Shift+Tab")
    lab.page.keyboard.type("my chain")
    lab.page.keyboard.press("Enter")
    until(lab, "builder.building.name", "'my chain'")
    tab_to(lab, "save")
    lab.page.keyboard.press("Enter")
    until(lab, "'my chain' in builder.building.saved")
    members = ast.literal_eval(lab.python("builder.members"))
    again = "cl.widgets.ChainBuilder(cl.open(folder), step['cable'])"
    reopened = f"(lambda b: (b.building.load('my chain'), b.members)[1])({again})"
    assert ast.literal_eval(lab.python(reopened)) == members
    compared = f"list(cl.widgets.ComparisonView(corpus, *{reopened}).comparison.cables)"
    assert ast.literal_eval(lab.python(compared)) == members
    obeyed = "cl.chains(corpus, decided=builder.decisions).filter(previous=builder.members[0], cable=builder.members[1]).height"
    assert lab.python(obeyed) == "1"
    assert lab.foreign == []
