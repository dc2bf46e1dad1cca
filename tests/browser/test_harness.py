"""The harness itself, on notebooks made here: that it runs cells, reads them back, and notices what would leave."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


def test_cells_are_run_and_read_back(open_notebook):
    lab = open_notebook(["x = 6 * 7\nx", "print('second')"])
    first, second = lab.run_all()
    assert "42" in first["text"]
    assert second["text"].strip() == "second"
    assert lab.python("x + 1") == "43"


def test_a_failing_cell_is_an_error(open_notebook):
    lab = open_notebook(["1 / 0"])
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        lab.run_all()


@pytest.mark.parametrize(("zone", "offset"), [("America/Los_Angeles", 480), ("Asia/Tokyo", -540)])
def test_the_browser_lives_in_the_zone_it_is_told(open_notebook, zone, offset):
    lab = open_notebook(["1"], timezone=zone)
    assert lab.page.evaluate("new Date('2007-01-15T12:00:00Z').getTimezoneOffset()") == offset


def test_themes_change(open_notebook):
    lab = open_notebook(["1"], dark=True)
    background = "getComputedStyle(document.body).getPropertyValue('--jp-layout-color0').trim()"
    dark = lab.page.evaluate(background)
    lab.theme(dark=False)
    assert lab.page.evaluate(background) != dark
    assert lab.screenshot("harness").stat().st_size > 10_000


def test_a_request_that_would_leave_is_stopped_and_noted(open_notebook):
    asked = ["https://cables.example.org/x.png", "http://203.0.113.7/x.png", "wss://cables.example.org/x"]
    show = "from IPython.display import HTML, Javascript, display\n"
    show += "".join(f"display(HTML('<img src=\"{address}\">'))\n" for address in asked[:2])
    lab = open_notebook([f"{show}display(Javascript('window.asked = new WebSocket(\"{asked[2]}\")'))"])
    failed = []
    lab.page.on("requestfailed", lambda request: failed.append((request.url, request.failure)))
    lab.run_all()
    lab.page.wait_for_function("() => window.asked?.readyState === WebSocket.CLOSED")
    images = "() => [...document.querySelectorAll('.jp-OutputArea-output img')]"
    lab.page.wait_for_function(f"() => ({images})().filter(image => image.complete).length === 2")
    assert set(lab.foreign) == set(asked)
    assert set(failed) >= {(address, "net::ERR_NAME_NOT_RESOLVED") for address in asked[:2]}
    lab.page.goto("about:blank")
    lab.foreign.clear()  # else the fixture would fail this test, as it should all others
