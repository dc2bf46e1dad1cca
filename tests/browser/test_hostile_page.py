"""The Lab page over cables that try to act: nothing runs, nothing is fetched, nothing opens, no formula is set."""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

TESTS = str(Path(__file__).resolve().parents[1])
CELLS = [
    f"import sys\nsys.path.insert(0, {TESTS!r})\nimport hostile, cablelab as cl\nfrom IPython.display import SVG, Markdown\n"
    "from cablelab import charts\nfrom cablelab.provenance import provenance\n"
    "said = hostile.HOSTILE + hostile.TERMINAL + hostile.FORMATS\ncorpus = hostile.corpus(3, said)\ncorpus",
    "corpus.filter(post=said)",
    "corpus[corpus.ids[1]]",
    "cl.explore(corpus)",
    "cl.show(corpus)",
    "pair = cl.compare(corpus, *corpus.ids[:2])\npair",
    "SVG(pair.svg())",
    "cl.widgets.ComparisonView(corpus, *corpus.ids)",
    "Markdown(pair.to_markdown())",
    "provenance(corpus, said)",
    "cl.timeline(corpus, by='post')",
    "charts.matrix(corpus)",
    "charts.live(charts.swimlanes(corpus, by='post'))",
    "print(corpus[corpus.ids[1]], pair, cl.cite(corpus, corpus.ids), provenance(corpus, said))",
    "try:\n    corpus[said + 'x']\nexcept cl.errors.UnknownCable as error:\n    print(error)",
    "from IPython.display import Latex\nLatex('$1$')",  # our own: once it is set, every other formula would be
]
# What only markup, a link or a formula of a cable's could have brought in. JupyterLab itself makes the addresses in
# printed text links, to be pressed or not.
FOUND = """() => [...document.querySelectorAll('.jp-OutputArea-output:not(.jp-RenderedLatex)')].flatMap(output =>
    [...output.querySelectorAll(
        'script, iframe, object, embed, form[action], base, link, mjx-container, a, img, [onerror], [onload]')]
    .filter(e => !(e.matches('a') && (e.getAttribute('href') ?? '').startsWith('#')))
    .filter(e => !(e.matches('.jp-RenderedText a') && /^https?:/.test(e.href)))
    .filter(e => !(e.matches('img') && e.src.startsWith('data:image/svg+xml')))
    .map(e => output.className + e.outerHTML.slice(0, 200)))"""


def test_nothing_of_a_cable_acts_in_the_lab(open_notebook):
    lab = open_notebook(CELLS, size=(1500, 1700))
    dialogs, opened = [], []
    lab.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    lab.page.context.on("page", lambda page: opened.append(page.url))
    before = lab.page.url
    cells = lab.run_all()
    lab.page.wait_for_selector(".cablelab .cl-results tbody tr")
    lab.page.wait_for_selector(".vega-embed g.mark-symbol.role-mark path", state="attached")
    lab.page.locator(".vega-embed g.mark-symbol.role-mark path").last.hover(force=True)
    for link in lab.page.locator("a.cl-link").all()[:2]:
        link.click(force=True)
    for tab in lab.page.locator("[role=tab]", has_text="Source").all():
        tab.click()
    lab.page.wait_for_selector(".jp-RenderedLatex mjx-container", state="attached")
    assert lab.page.evaluate(FOUND) == []
    assert lab.page.evaluate("() => window.ran") is None
    assert lab.page.locator("#vg-tooltip-element :is(img, script, a)").count() == 0
    assert lab.page.url.partition("#")[0] == before.partition("#")[0]
    assert (dialogs, opened, lab.foreign, lab.errors) == ([], [], [], [])
    shown = [cell["text"] for cell in cells]
    assert all("<script>window.ran=1</script>" in shown[n] for n in (2, 4, 5, 7, 8)), shown
    assert all("$5, then $9" in shown[n] for n in (2, 5, 8)), shown
