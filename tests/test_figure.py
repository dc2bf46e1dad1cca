"""Figures taken away from the views: the picture in each form, with the card that says what was drawn."""

from __future__ import annotations

import base64
import io
import re
import zipfile

import pytest
from test_widgets import press

import cablelab as cl
from cablelab.widgets import Selection
from cablelab.widgets.figure import FORMS

OPENS = {"SVG": b"<svg", "PNG": b"\x89PNG", "PDF": b"%PDF"}


@pytest.fixture(scope="module")
def corpus() -> cl.Corpus:
    return cl.sample()


def taken(view, form: str) -> dict[str, bytes]:
    """What the browser would save when a form is pressed, by the names in the zip."""
    sent: list[dict] = []
    view.send = lambda content, buffers=None: sent.append(content)
    press(view, "figure", form)
    assert view.error == ""
    (message,) = [content["download"] for content in sent if "download" in content]
    assert message["name"].endswith(f"-{form.lower()}.zip")
    packed = zipfile.ZipFile(io.BytesIO(base64.b64decode(message["base64"])))
    return {name: packed.read(name) for name in packed.namelist()}


@pytest.mark.parametrize("form", FORMS)
def test_the_timeline_goes_with_the_card_of_what_is_chosen(corpus, form):
    explorer = cl.explore(corpus)
    explorer.selection = Selection(tags=("ELAB",))
    picture, card = taken(explorer.timeline, form).values()
    assert picture.startswith(OPENS[form])
    assert f"{len(explorer.corpus)}" in card.decode()
    assert "ELAB" in card.decode()
    again = taken(explorer.timeline, form)
    assert list(again) == [f"timeline.{form.lower()}", "timeline.md"]
    if form != "PDF":  # in which the writer of PDFs puts things in another order each time
        assert list(again.values()) == [picture, card]


@pytest.mark.parametrize("form", FORMS)
def test_two_texts_side_by_side_go_with_theirs(corpus, form):
    step = cl.chains(corpus).row(0, named=True)
    view = cl.widgets.ComparisonView(corpus, step["previous"], step["cable"])
    picture, card = taken(view.versions, form).values()
    assert picture.startswith(OPENS[form])
    assert all(cable in card.decode() for cable in (step["previous"], step["cable"]))
    if form == "SVG":
        drawn = picture.decode()
        assert "var(" not in drawn
        assert len(set(re.findall(r"fill:(#[0-9a-f]{6})", drawn))) > 3
    if form == "PNG":
        assert len(picture) > 20_000, "letters are drawn, in the package's own font"


def test_an_empty_choice_is_a_figure_that_says_so(corpus):
    explorer = cl.explore(corpus)
    explorer.selection = Selection(query="nowhere to be found")
    picture, _ = taken(explorer.timeline, "SVG").values()
    assert "Nothing to draw" in picture.decode()


def test_no_other_form_is_made(corpus):
    explorer = cl.explore(corpus)
    sent: list[dict] = []
    explorer.timeline.send = lambda content, buffers=None: sent.append(content)
    press(explorer.timeline, "figure", "EXE")
    assert [content for content in sent if "download" in content] == []
