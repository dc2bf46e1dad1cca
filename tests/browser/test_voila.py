"""The workbench as a page without notebook or code, by Voilà, for a class: it comes to life, offline, and in a narrow window."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import free_port, offline_home, served, watched

pytestmark = pytest.mark.browser
pytest.importorskip("voila", reason="the extra `class` is not installed")


@pytest.fixture(scope="module")
def page_of_workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Voilà on the workbench's notebook, on a free port of loopback, with an empty home; its address."""
    home = tmp_path_factory.mktemp("voila")
    port = free_port()
    command = [sys.executable, "-m", "cablelab", "lab", "--page", "--no-browser", f"--port={port}"]
    url = f"http://127.0.0.1:{port}/"
    with served(command, offline_home(home), home, f"{url}voila/static/voila.js"):
        yield url


@pytest.mark.parametrize("width", [1400, 620])
def test_the_workbench_is_a_page_that_answers_offline(page_of_workbench: str, browser: Any, width: int):
    context = browser.new_context(viewport={"width": width, "height": 1000})
    foreign = watched(context)
    page = context.new_page()
    page.goto(page_of_workbench, timeout=120_000)
    page.wait_for_selector(".cl-results tbody tr", timeout=120_000)
    assert page.locator(".jp-InputArea, pre code").filter(has_text="chosen_corpus").count() == 0, "no code is shown"
    first = page.locator(".cl-results [data-act=open]").nth(1)
    cable = first.get_attribute("data-value")
    first.click()
    page.wait_for_selector(f"section[aria-label='Reader: {cable}']")
    for row in (0, 1):
        page.locator("[data-act=keep][data-value]").nth(row).check()
        page.wait_for_function(
            "n => document.querySelectorAll('.cl-results [data-act=keep]:checked').length === n", arg=row + 1
        )
    page.locator(".cl-desk [data-act=compare]").click()
    page.wait_for_selector(".cl-compare")
    if folder := os.environ.get("CABLELAB_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"voila-{width}.png")
    context.close()
    assert foreign == [], "a class may have no network"
