"""The chain builder in JupyterLab: a chain is built by keyboard from one cable, saved, opened again and compared."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from test_axe import faults
from test_explorer import tab_to

pytestmark = pytest.mark.browser

FOLDER = (
    "import tempfile, cablelab as cl, polars as pl\n"
    "steps = cl.chains(cl.sample()).filter(rank=1)\n"
    "step = steps.filter(chain=steps['chain'].value_counts(sort=True)['chain'][0]).row(0, named=True)\n"
    "folder = tempfile.mkdtemp()\ncl.sample().save(folder)\ncorpus = cl.open(folder)"
)
CELLS = [FOLDER, "builder = cl.widgets.ChainBuilder(corpus, step['cable'])\nbuilder"]


def test_a_chain_is_built_by_keyboard_saved_reopened_and_compared(open_notebook: Any) -> None:
    lab = open_notebook(CELLS, size=(1500, 1700))
    lab.run_all()
    lab.page.wait_for_selector(".cl-offers .cl-offer")
    tab_to_first = lab.page.locator(".cl-offer button").first
    tab_to_first.focus()
    lab.page.keyboard.press("r")
    lab.until("builder.decisions.height", "1")
    lab.page.locator(".cl-bar button", has_text="Undo").first.focus()
    lab.page.keyboard.press("Enter")
    lab.until("builder.decisions.height", "0")
    lab.page.locator(".cl-offer button").first.focus()
    lab.page.keyboard.press("a")
    lab.until("len(builder.members)", "2")
    tab_to(lab, "name", key="Shift+Tab")
    lab.page.keyboard.type("my chain")
    lab.page.keyboard.press("Enter")
    lab.until("builder.building.name", "'my chain'")
    tab_to(lab, "save")
    lab.page.keyboard.press("Enter")
    lab.until("'my chain' in builder.building.saved")
    members = ast.literal_eval(lab.python("builder.members"))
    again = "cl.widgets.ChainBuilder(cl.open(folder), step['cable'])"
    reopened = f"(lambda b: (b.building.load('my chain'), b.members)[1])({again})"
    assert ast.literal_eval(lab.python(reopened)) == members
    compared = f"list(cl.widgets.ComparisonView(corpus, *{reopened}).comparison.cables)"
    assert ast.literal_eval(lab.python(compared)) == members
    obeyed = "cl.chains(corpus, decided=builder.decisions).filter(previous=builder.members[0], cable=builder.members[1]).height"
    assert lab.python(obeyed) == "1"
    assert lab.foreign == []


@pytest.mark.parametrize(("width", "dark"), [(1400, False), (1000, True), (620, False)])
def test_the_reader_asks_what_its_cable_updated_and_the_chain_is_compared(
    open_notebook: Any, width: int, dark: bool
) -> None:
    cells = [FOLDER, "reader = cl.show(corpus, step['cable'])\nreader"]
    lab = open_notebook(cells, size=(width, 1500), dark=dark)
    lab.page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
    lab.run_all()
    lab.page.wait_for_selector(".cl-reader .cl-page")
    lab.page.locator(".cl-reader [role=tab]").first.focus()
    tab_to(lab, "build")
    lab.page.keyboard.press("Enter")
    lab.page.wait_for_selector(".cl-reader .cl-offer")
    tab_to(lab, "by")
    lab.page.keyboard.type("N. N.")
    lab.page.keyboard.press("Enter")
    lab.until("reader.building.by", "'N. N.'")
    tab_to(lab, "accept")
    lab.page.keyboard.press("a")
    for key, count in (("u", 1), ("a", 2)):
        lab.page.wait_for_selector(f".cl-building h3 >> text=/: {3 - count} cable/")
        lab.page.keyboard.press(key)
        lab.until("len(reader.building.members)", str(count))
    tab_to(lab, "name", key="Shift+Tab")
    lab.page.keyboard.type("from the Reader")
    lab.page.keyboard.press("Enter")
    lab.until("reader.building.name", "'from the Reader'")
    tab_to(lab, "save")
    lab.page.keyboard.press("Enter")
    lab.until("'from the Reader' in reader.building.saved")
    lab.screenshot(f"building-reader-{width}-{'dark' if dark else 'light'}")
    assert faults(lab) == []
    wide = lab.page.evaluate(
        "() => [...document.querySelectorAll('.cl-building')].map(e => e.scrollWidth - e.clientWidth)"
    )
    assert max(wide) <= 1
    members = ast.literal_eval(lab.python("reader.building.members"))
    assert ast.literal_eval(lab.python("list(reader.building.decisions['by'])")) == ["N. N."]
    again = "(lambda b: (b.building.act('saved', '', 'from the Reader'), b.building.act('together'), b)[2])"
    compared = f"{again}(cl.widgets.ChainBuilder(cl.open(folder), step['cable'])).comparison.comparison.cables"
    assert list(ast.literal_eval(lab.python(compared))) == members
    assert lab.errors == []
    assert lab.foreign == []


def test_the_keyboard_follows_from_the_explorer_to_the_chain_and_its_comparison(open_notebook: Any) -> None:
    cells = [FOLDER, "explorer = cl.explore(corpus)\nexplorer.current = step['cable']\nexplorer"]
    lab = open_notebook(cells, size=(1400, 1500))
    lab.run_all()
    lab.page.wait_for_selector(".cl-reader .cl-page")
    lab.page.locator(".cl-reader [data-act=build]").focus()
    lab.page.keyboard.press("Enter")
    lab.page.wait_for_selector(".cl-building:focus")
    lab.page.keyboard.press("a")
    lab.until("len(explorer.building.members)", "2")
    lab.page.wait_for_selector(".cl-building h3 >> text=/: 2 cable/")
    tab_to(lab, "together")
    lab.page.keyboard.press("Enter")
    lab.until(
        "explorer.comparison is not None and list(explorer.comparison.comparison.cables) == explorer.building.members",
    )
    lab.page.wait_for_selector(".cl-compare [data-act=build]")
    assert lab.errors == []
