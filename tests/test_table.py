"""Frames as tables of cables, without a browser."""

from __future__ import annotations

from datetime import UTC, datetime

import hostile
import polars as pl
import pytest
from test_widgets import press, tags_of

import cablelab as cl
from cablelab.errors import WrongKind
from cablelab.widgets import panel
from cablelab.widgets.rows import LONGEST, SIZE
from cablelab.widgets.tree import find, to_html, words


@pytest.fixture(scope="module")
def corpus() -> cl.Corpus:
    return cl.sample()


def opened(view) -> list[str]:
    return [e[1]["data-value"] for e in find(view.rows._tree, data_act="open")]


def test_a_corpus_shows_its_cables_with_whole_subjects(corpus):
    view = cl.table(corpus)
    shown = corpus.cables.head(SIZE)
    assert opened(view) == shown["cable"].to_list()
    told = words(view.rows._tree)
    assert all(subject in told for subject in shown["subject"].drop_nulls())
    assert f"cables: 1 to {SIZE:,} of {len(corpus):,}" in told
    press(view.rows, "turn", "next")
    assert opened(view) == corpus.cables["cable"].slice(SIZE, SIZE).to_list()
    for _ in range(view.rows.pages + 1):
        press(view.rows, "turn", "next")
    assert opened(view)[-1] == corpus.ids[-1]


def test_ids_open_the_reader_beneath(corpus):
    steps = cl.chains(corpus).select("chain", "previous", "cable")
    view = cl.table(corpus, steps)
    assert len(view.children) == 1
    press(view.rows, "open", steps["previous"][0])
    assert view.current == view.reader.current == steps["previous"][0]
    assert view.children == (view.rows, view.reader)
    press(view.rows, "open", steps["cable"][0])
    assert view.reader.current == steps["cable"][0]


def test_citations_open_too_and_ids_that_are_not_held_are_text(corpus):
    hits = corpus.search("labor").head(3)
    assert set(opened(cl.table(corpus, hits))) == {*hits["cable"], *hits["cite"]}
    missing = corpus.missing().head(3)
    assert opened(cl.table(corpus, missing.select("cable"))) == []
    assert opened(cl.table(corpus.cables.head(3))) == []


def test_a_press_on_a_name_sorts_then_turns_then_gives_the_order_back(corpus):
    frame = corpus.cables.select("cable", "tags", "words")
    view = cl.table(corpus, frame)
    for column, key in (("words", pl.col("words")), ("tags", pl.col("tags").list.join(" "))):
        for descending in (False, True):
            press(view.rows, "sort", column)
            wanted = frame.sort(key, descending=descending, nulls_last=True, maintain_order=True)
            shown = pl.DataFrame({"cable": opened(view)}).join(frame, on="cable", maintain_order="left")
            assert shown.select(key).equals(wanted.head(SIZE).select(key))
        press(view.rows, "sort", column)
        assert opened(view) == frame["cable"].head(SIZE).to_list()
    press(view.rows, "sort", "no such column")


def test_values_are_written_for_readers():
    frame = pl.DataFrame(
        {
            "sent": [datetime(2007, 12, 3, 9, tzinfo=UTC), None],
            "held": [True, False],
            "share": [0.123456, 12_345.6],
            "names": [["A", "B"], []],
            "text": ["a word " * 200, "short"],
            "nested": [{"a": 1}, {"a": 2}],
        }
    )
    told = words(cl.table(frame).rows._tree)
    for shown in ("2007-12-03", "yes", "no", "0.123", "12,346", "A B"):
        assert shown in told
    longest = max(("a word " * 200)[:n] for n in (LONGEST, LONGEST - 1))
    assert longest.rsplit(None, 1)[0] + " …" in told
    assert "a word " * 60 not in told
    for column in frame.columns:
        view = cl.table(frame)
        press(view.rows, "sort", column)
        assert view.rows.error == ""


def test_nothing_and_counts_are_tables_too(corpus):
    assert "none" in words(cl.table(cl.Corpus({})).rows._tree)
    assert "rows: none" in words(cl.table(pl.DataFrame()).rows._tree)
    counts = corpus.cables.group_by("post").len("n").sort("post")
    assert len(find(cl.table(counts).rows._tree, **{"class": "n"})) == min(SIZE, counts.height)
    assert cl.table(corpus, corpus.lazy("cables")).frame.height == len(corpus)
    assert repr(cl.table(counts)) == f"<Table {counts.height} rows × 2>"


def test_the_static_page_is_escaped_small_and_has_no_controls(corpus):
    html = cl.table(corpus)._repr_mimebundle_()[0]["text/html"]
    assert len(html) < 40_000
    assert "<button" not in html
    bad = hostile.corpus(3)
    for view in (cl.table(bad), cl.table(bad, bad.paragraphs), cl.table(bad.cables)):
        tags_of(view._repr_mimebundle_()[0]["text/html"])
        assert "<script" not in to_html(view.rows._tree)
    assert panel.STYLE in html


def test_what_is_no_frame_is_refused(corpus):
    for wrong in ((3,), (corpus.cables, corpus.cables), (corpus, "x"), ("path",)):
        with pytest.raises(WrongKind, match=r"cl\.table\(corpus\)"):
            cl.table(*wrong)
