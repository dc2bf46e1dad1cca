"""The workbench without a browser: from a folder to a cited comparison by presses alone, each step as code."""

from __future__ import annotations

import polars as pl
import pytest
from test_widgets import press, rerun

import cablelab as cl
from cablelab.chaining import DECISIONS
from cablelab.widgets.tree import find, words


@pytest.fixture
def folder(tmp_path):
    cl.sample().save(tmp_path / "corpus")
    return tmp_path / "corpus"


@pytest.fixture
def bench(folder):
    return cl.workbench(cl.open(folder))


def test_from_a_folder_to_a_cited_comparison_without_code(bench, folder):
    step = cl.chains(bench.state.whole).row(0, named=True)
    for cable in (step["cable"], step["previous"]):
        press(bench.explorer.results, "open", cable)
        press(bench.reader, "keep", "", True)
    press(bench.desk, "compare")
    assert bench.desk.view == "compare"
    assert bench.versions in bench.children
    assert bench.versions.comparison.cables == (step["previous"], step["cable"])
    press(bench.versions, "mark", "0")
    assert bench.marked["mark"].to_list() == ["marked"]
    press(bench.desk, "view", "cite")
    listed = [words(item) for item in find(find(bench.desk._tree, **{"aria-label": "citations"})[0]) if item[0] == "li"]
    assert listed == [line for line in cl.cite(bench.state.whole, list(bench.cited())).splitlines() if line.strip()]
    assert any("#par" in cable for cable in bench.cited()) or bench.marked["where"][0].endswith("¶")
    names: dict[str, object] = {}
    exec(bench.code, names)
    assert names["corpus"].ids.to_list() == bench.state.whole.ids.to_list()
    assert names["kept"].ids.to_list() == bench.state.whole.select(list(bench.state.kept)).ids.to_list()
    assert names["comparison"].cables == bench.versions.comparison.cables


def test_the_views_share_one_state(bench):
    tag = bench.state.whole.tags["tag"].value_counts(sort=True)["tag"][0]
    press(bench.explorer.filters, "tick", f"tags {tag}", True)
    assert bench.selection.tags == (tag,)
    assert len(bench.corpus) == len(bench.state.corpus) < len(bench.state.whole)
    chosen = bench.code.partition("chosen = ")[2].splitlines()[0]
    assert rerun(chosen, bench.state.whole).ids.to_list() == bench.corpus.ids.to_list()
    press(bench.explorer.results, "keep", bench.corpus.ids[0], True)
    assert bench.kept["cable"].to_list() == [bench.corpus.ids[0]]
    bench.current = bench.corpus.ids[1]
    assert bench.reader.current == bench.corpus.ids[1]


def test_a_chain_is_built_from_candidates_and_decisions_are_kept(bench, folder):
    step = cl.chains(bench.state.whole).row(0, named=True)
    bench.current = step["cable"]
    press(bench.desk, "view", "chain")
    assert bench.builder in bench.children
    press(bench.builder, "accept", f"{step['previous']} {step['cable']}")
    assert bench.decided["verdict"].cast(pl.String).to_list() == ["accepted"]
    assert bench.decided.schema == pl.Schema(DECISIONS)
    again = cl.workbench(cl.open(folder))
    assert again.decided.rows() == bench.decided.rows()
    names: dict[str, object] = {}
    exec(bench.code, names)
    assert names["decided"]["previous"].to_list() == [step["previous"]]
    press(bench.desk, "compare")
    assert bench.versions.comparison.cables == (step["previous"], step["cable"])
    press(bench.builder, "undo")
    assert bench.decided.is_empty()


def test_a_chain_begins_with_what_is_kept_else_with_what_is_read(bench):
    step = cl.chains(bench.state.whole).row(0, named=True)
    pair = [step["previous"], step["cable"]]
    other = next(cable for cable in bench.state.whole.ids if cable not in pair)
    bench.current = other
    press(bench.desk, "view", "chain")
    assert bench.builder_members() == [other]
    assert "Messages from Washington are left out by rule" in words(bench.builder._tree)
    press(bench.desk, "view", "explore")
    for cable in reversed(pair):
        press(bench.explorer.results, "keep", cable, True)
    press(bench.desk, "view", "chain")
    assert bench.builder_members() == pair
    # what was asked for by name is what the chain begins with, whatever is kept
    bench.build(other)
    assert bench.builder_members() == [other]
    press(bench.desk, "view", "explore")
    bench.build(other)
    press(bench.desk, "reader", "", "right")
    assert bench.builder_members() == [other]


def test_the_reader_stands_where_it_was_put_and_the_width_is_remembered(bench, folder):
    press(bench.desk, "reader", "", "right")
    press(bench.desk, "share", "", "70")
    beside = bench.children[-1]
    assert list(beside.children)[-1] is bench.reader
    assert bench.reader.layout.flex == "30 1 0"
    again = cl.workbench(cl.open(folder))
    assert (again.desk.reader, again.desk.share) == ("right", 70)
    press(bench.desk, "reader", "", "off")
    assert bench.reader not in bench.children
    for view in ("explore", "chain", "compare", "cite"):
        press(bench.desk, "view", view)
        assert bench.desk.view == view
    press(bench.desk, "view", "nowhere")
    assert bench.desk.view == "cite"


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_workbench_on_few_cables_says_what_it_cannot_do(number):
    corpus = cl.sample()
    bench = cl.workbench(corpus.select(corpus.ids[:number]))
    for view in ("chain", "compare", "cite", "explore"):
        press(bench.desk, "view", view)
        assert not bench.desk.error
    if number < 2:
        press(bench.desk, "compare")
        assert "needs two or more" in bench.desk.error
        assert bench.cited() == ()
    data, _ = bench._repr_mimebundle_()
    assert {"application/vnd.jupyter.widget-view+json", "text/html"} <= set(data)
