"""What people give by mistake: each error says what to write instead."""

from __future__ import annotations

import copy
import inspect
import pickle
import re

import polars as pl
import pytest
from test_floors import documented, resolve

import cablelab as cl
from cablelab.errors import (
    InvalidDate,
    InvalidQuery,
    NothingToRead,
    SameCable,
    SchemaError,
    UnknownOption,
    UnknownPost,
    WrongKind,
)


@pytest.fixture(scope="module")
def corpus() -> cl.Corpus:
    return cl.sample()


def _first(path: str) -> str:
    """The name of the first parameter of what a path names; empty where it has none."""
    try:
        return next(iter(inspect.signature(resolve(path)).parameters), "")
    except (TypeError, ValueError):
        return ""


FRAMES_TOO = {"cl.corpus.Cable", "cl.table", "cl.widgets.table"}
OF_CORPUS = [path for path in documented() if _first(path) in {"corpus", "whole"} and path not in FRAMES_TOO]
SECOND = {"cite": "x", "cites": "x", "cited_by": "x", "find": "x", "chain_of": "x", "chain": "x", "citation": "x", "mentions": "x",
          "search": "x", "in_batches": "x"}  # fmt: skip


def test_the_functions_that_take_a_corpus_are_met():
    assert {"cl.chains", "cl.compare", "cl.timeline", "cl.explore", "cl.search.search", "cl.charts.map"} <= set(
        OF_CORPUS
    )


@pytest.mark.parametrize("path", OF_CORPUS)
@pytest.mark.parametrize("given", ["a frame", "a path"])
def test_what_is_no_corpus_is_refused_with_the_cure(path, given, corpus):
    wrong = corpus.cables if given == "a frame" else "my-cables/"
    more = [SECOND[path.rpartition(".")[2]]] if path.rpartition(".")[2] in SECOND else []
    with pytest.raises(WrongKind, match=r"corpus\.select\(frame\)" if given == "a frame" else r"cl\.read\(\.\.\.\)"):
        resolve(path)(wrong, *more)


@pytest.mark.parametrize(
    ("chart", "cure"),
    [
        (cl.charts.keyness, "cl.keyness(one, other)"),
        (cl.charts.network, "cl.network(corpus, cable)"),
        (cl.charts.carry_over, "cl.compare(corpus, earlier, later)"),
        (cl.charts.threads, "cl.compare(corpus, earlier, later)"),
        (cl.charts.similarity, "cl.compare(corpus, earlier, later)"),
        (lambda given: cl.charts.phrase(given, "fish"), "cl.compare(corpus, earlier, later)"),
    ],
)
def test_a_chart_of_findings_names_what_finds_them(chart, cure, corpus):
    for given in (corpus, "a path", None):
        with pytest.raises(WrongKind, match=re.escape(cure)):
            chart(given)


def test_a_frame_to_select_by_has_cables(corpus):
    with pytest.raises(SchemaError, match="column 'cable'; this one has id, post"):
        corpus.select(pl.DataFrame({"id": ["05OSLO1"], "post": ["OSLO"]}))


def test_two_selections_are_two_corpora(corpus):
    with pytest.raises(WrongKind, match=r"corpus\.select\(frame\)"):
        cl.keyness(corpus.cables, corpus)
    with pytest.raises(WrongKind, match="frames by name"):
        cl.Corpus(corpus.cables)


@pytest.mark.parametrize(
    "condition",
    [cl.tagged, cl.from_post, cl.from_mission, cl.from_bureau, cl.classified, cl.where.captioned, cl.about],
)
def test_a_list_of_names_wants_a_star_and_a_number_quotes(condition):
    with pytest.raises(WrongKind, match=rf"{condition.__name__}\(\*values\)"):
        condition(["ELAB", "PHUM"])
    with pytest.raises(WrongKind, match="in quotes"):
        condition(7)
    with pytest.raises(UnknownOption, match="at least one"):
        condition(*[""] * (condition is cl.about))


def test_conditions_on_citations_take_ids(corpus):
    for condition in (cl.cites, cl.cited_by):
        with pytest.raises(WrongKind, match=r"\*values"):
            condition(corpus, [corpus.ids[0]])


def test_a_filter_takes_conditions(corpus):
    with pytest.raises(WrongKind, match=r"cl\.search\.mentions\(corpus, 'labor'\)"):
        corpus.filter("labor")
    for wrong in (True, None, ["labor"], pl.col("post")):
        with pytest.raises(WrongKind, match="true or false"):
            corpus.filter(wrong)
    for known in (corpus.filter, corpus.filter(cl.tagged("ELAB")).filter):
        with pytest.raises(UnknownOption, match="mean 'post'"):
            known(pl.col("pst") == "OSLO")
        with pytest.raises(UnknownOption, match="mean 'post'"):
            known(pst="OSLO")


def test_what_polars_users_try_is_told_how_to_be_written(corpus):
    with pytest.raises(WrongKind, match=r"is_in"):
        corpus.filter(post=["OSLO", "PARIS"])
    with pytest.raises(WrongKind, match=r"corpus\.ids\.filter"):
        corpus.filter(corpus.cables["words"] > 100)
    with pytest.raises(AttributeError, match=r"corpus\.cables\.head"):
        corpus.head()
    with pytest.raises(AttributeError, match="mean 'cables'"):
        _ = corpus.cable
    assert not hasattr(corpus, "_repr_png_")
    assert copy.copy(corpus).ids.to_list() == corpus.ids.to_list()
    assert pickle.loads(pickle.dumps(corpus)).ids.to_list() == corpus.ids.to_list()


def test_years_are_written_in_quotes():
    with pytest.raises(InvalidDate, match="in quotes: '2004'"):
        cl.sent_between(2004, 2006)


def test_a_comparison_takes_ids_one_by_one(corpus):
    first, second = corpus.ids[:2]
    with pytest.raises(WrongKind, match=r"compare\(corpus, \*ids\)"):
        cl.compare(corpus, [first, second])
    with pytest.raises(WrongKind, match=r"cable\.id"):
        cl.compare(corpus, corpus[first], corpus[second])
    with pytest.raises(SameCable, match="Name each cable once"):
        cl.compare(corpus, first, second, first)
    with pytest.raises(InvalidQuery, match="Give a word"):
        cl.compare(corpus, first, second).phrase(" ")


def test_an_id_is_a_text(corpus):
    for wrong, cure in ((0, r"corpus\.ids\[0\]"), ([corpus.ids[0]], r"corpus\.select\(ids\)")):
        with pytest.raises(WrongKind, match=cure):
            corpus[wrong]
    with pytest.raises(WrongKind, match=r"corpus\.select\(ids\)"):
        cl.show(corpus, corpus.ids[:2].to_list())


def test_an_empty_text_or_path_is_nothing_to_read(tmp_path):
    for wrong in ("", " \n"):
        with pytest.raises(NothingToRead, match=r"cl\.read"):
            cl.parse(wrong)
    with pytest.raises(NothingToRead, match="nothing to read"):
        cl.read("")
    for wrong in (None, [None], [b"UNCLAS"]):
        with pytest.raises(WrongKind, match=r"cl\.read\(path\)"):
            cl.parse(wrong)
    with pytest.raises(WrongKind, match=r"cl\.read\(\*paths\)"):
        cl.read([str(tmp_path)])


def test_an_empty_phrase_matches_nothing(corpus):
    for search in (lambda q: cl.phrase(corpus, q), corpus.search, lambda q: cl.search.mentions(corpus, q)):
        with pytest.raises(InvalidQuery, match="Give a word"):
            search(" ")
        with pytest.raises(WrongKind, match=r"\*values"):
            search(["a phrase"])


def test_a_post_that_the_corpus_does_not_hold_is_told_with_those_it_holds(corpus):
    with pytest.raises(UnknownPost, match="OSLO"):
        cl.from_post("OSLOO")
    nothing = corpus.filter(cl.from_post("OSLO"))
    most = corpus.cables["post"].value_counts(sort=True)["post"][0]
    assert len(nothing) == 0
    assert nothing.whole.ids.to_list() == corpus.ids.to_list()
    assert f"{most} (" in nothing._repr_html_()
    assert f"{most} (" in str(cl.timeline(nothing).to_dict())


# A folder that holds both


def test_of_sources_and_a_corpus_it_is_said_which_is_read(tmp_path, capsys):
    (tmp_path / "a.txt").write_text("UNCLAS OSLO 000001\n\nSUBJECT: PORTS\n\n1. Calm.")
    inside = tmp_path / "saved"
    cl.parse("UNCLAS PARIS 000002\n\nSUBJECT: PORTS\n\n1. Calm.").save(inside)
    with pytest.raises(NothingToRead, match=r"cl\.open"):
        cl.read(inside)
    with pytest.warns(UserWarning, match=r"The sources were read, the saved corpus in .*saved' was not.*cl\.open"):
        found = cl.read(tmp_path)
    assert found.cables["post"].to_list() == ["OSLO"]
    assert found.problems.filter(pl.col("cable").is_null())["code"].to_list() == ["saved-corpus"]
    (inside / "b.txt").write_text("UNCLAS ROME 000003\n\nSUBJECT: PORTS\n\n1. Calm.")
    with pytest.warns(UserWarning, match="was not"):
        assert cl.read(inside).cables["post"].to_list() == ["ROME"]
    assert cl.open(inside).cables["post"].to_list() == ["PARIS"]


def test_the_lab_says_which_of_both_it_opens(tmp_path, capsys, monkeypatch):
    from cablelab import lab

    cl.parse("UNCLAS PARIS 000002\n\nSUBJECT: PORTS\n\n1. Calm.").save(tmp_path)
    (tmp_path / "b.txt").write_text("UNCLAS ROME 000003")
    monkeypatch.setattr(lab.subprocess, "call", lambda *_, **__: 0)
    monkeypatch.setattr(lab, "notebooks", lambda: tmp_path)
    assert lab.start_lab(str(tmp_path)) == 0
    assert "the corpus saved there; what else lies there (1) is not read" in capsys.readouterr().out


def test_what_a_chart_lacks_is_named(corpus, tmp_path):
    with pytest.raises(WrongKind, match=r"cl\.charts\.save\(chart, path, corpus\)"):
        cl.charts.save(cl.timeline(corpus), tmp_path / "figure.svg")
    with pytest.raises(cl.errors.CablelabError, match="Name two ids or more"):
        cl.charts.chain(corpus)
    with pytest.raises(WrongKind, match="gaps takes a Corpus first"):
        cl.charts.gaps("OSLO")
    assert cl.charts.gaps(corpus).is_empty()
    assert cl.charts.gaps().height > 0


def test_too_few_cables_to_tell_apart_are_told(corpus):
    with pytest.warns(UserWarning, match="With 1 of .* Give more cables, or all_words=True"):
        assert cl.keyness(corpus.select(corpus.ids[:1]), corpus).is_empty()
