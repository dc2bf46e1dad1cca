"""The Explorer's map, who signs, the Reader's page of people, and codes given by hand: what they select, show and keep."""

from __future__ import annotations

import polars as pl
import pytest

import cablelab as cl
from cablelab.studies import Codebook, agreement
from cablelab.widgets import Selection
from cablelab.widgets.tree import find, to_html, words


def message(post, number, signed, when="121200Z JAN 07", classified="Jane Adler", body="1. (C) One.\n\n2. (C) Two."):
    return (
        f"{when}\nFM AMEMBASSY {post}\nTO SECSTATE WASHDC\n\nC O N F I D E N T I A L {post} {number:06d}\n\nE.O. 12958: DECL: 01/12/2017\n"
        f"TAGS: EFIS\nSUBJECT: FISH\n\nClassified By: Ambassador {classified} for reasons 1.4 (b) and (d).\n\n{body}\n{signed}\n"
    )


@pytest.fixture(scope="module")
def corpus():
    rows = [
        ("OSLO", 1, "MILLASOR"),
        ("OSLO", 2, "MILASOR"),
        ("OSLO", 3, "BERG"),
        ("LIMA", 4, "MILLASOR"),
        ("QUITO", 5, "XXXXXXXX"),
    ]
    return cl.parse([message(post, n, signed) for post, n, signed in rows])


@pytest.fixture
def explorer(corpus):
    return cl.explore(corpus)


def test_the_map_is_closed_and_counts_nothing_until_it_is_asked_for(explorer):
    assert find(explorer.places.draw(), data_act="place") == []
    assert "svg" not in explorer.places._css
    explorer.places.act("map")
    marks = {m[1]["data-value"]: m[1] for m in find(explorer.places.draw(), data_act="place")}
    assert {code: marks[code]["title"].partition(": ")[2] for code in marks} == {
        "OSLO": "3 cables",
        "LIMA": "1 cable",
        "QUITO": "1 cable",
    }
    assert "data:image/svg+xml" in explorer.places._css
    assert "http" not in explorer.places._css.replace("http://www.w3.org/2000/svg", "")


def test_a_brush_over_the_map_selects_posts_and_writes_their_code(explorer):
    explorer.places.act("map")
    explorer.places.act("area", "0,50,50,100")  # the south-west of the world
    assert explorer.selection.posts == ("LIMA", "QUITO")
    assert explorer.code == 'corpus.filter(cl.from_post("LIMA", "QUITO"))'
    assert len(explorer.corpus) == 2
    for nothing in ("", "a,b,c,d", "0,0,1,1", "1,2"):
        explorer.places.act("area", nothing)
    assert explorer.selection.posts == ("LIMA", "QUITO")
    pressed = [m[1]["data-value"] for m in find(explorer.places.draw(), data_act="place", aria_pressed="true")]
    assert sorted(pressed) == ["LIMA", "QUITO"]
    explorer.places.act("place", "OSLO")
    assert len(explorer.corpus) == 5
    explorer.places.act("places")
    assert explorer.selection == Selection()
    explorer.places.act("place", "NOWHERE")
    assert explorer.selection == Selection()


def test_what_has_no_place_is_counted_beside_the_map():
    explorer = cl.explore(cl.parse("UNCLAS\n\nSUBJECT: FISH\n\n1. One.\n"))
    explorer.places.act("map")
    assert "1 cable without a post" in words(explorer.places.draw())


def test_cables_are_chosen_by_who_signs(explorer):
    listed, _ = explorer.filters.facets.values("signers")
    assert {v.value: v.count for v in listed} == {"MILLASOR": 2, "MILASOR": 1, "BERG": 1}
    assert {v.value: v.meaning for v in listed}["MILLASOR"] == "LIMA 2007; OSLO 2007"
    explorer.filters.act("tick", "signers MILLASOR", True)
    assert explorer.code == 'corpus.filter(pl.col("signed_by").is_in(["MILLASOR"]))'
    assert sorted(explorer.corpus.ids) == ["07LIMA4", "07OSLO1"]
    assert Selection.from_json(explorer.selection.to_json()) == explorer.selection
    explorer.filters.act("find", "signers", "berg")
    listed, _ = explorer.filters.facets.values("signers", "berg")
    assert "BERG" in [v.value for v in listed]


def test_the_page_of_people_shows_spellings_and_says_no_more_than_the_text(explorer):
    explorer.reader.read("07OSLO1")
    explorer.reader.act("tab", "people")
    page = words(explorer.reader.draw())
    assert "Signs as MILLASOR · OSLO" in page
    assert "spellingsMILASOR · MILLASOR" in page
    assert "07OSLO2" in page
    assert "07LIMA4" not in page
    assert "BERG" not in page
    assert "Named as classifier" in page
    explorer.reader.act("person", "0")
    assert sorted(explorer.corpus.ids) == ["07OSLO1", "07OSLO2"]
    for nothing in ("9", "x", ""):
        explorer.reader.act("person", nothing)
    explorer.reader.read("07QUITO5")
    assert "Signs as" not in words(explorer.reader.draw())


def test_codes_of_cables_and_paragraphs_persist_and_come_back_as_columns(corpus, tmp_path):
    corpus.save(tmp_path / "c")
    held = cl.open(tmp_path / "c")
    reader = cl.explore(held).reader
    reader.read("07OSLO1")
    reader.act("coder", "", "A.")
    reader.act("code", "", "stance = firm | see =also")
    reader.act("paragraph", "07OSLO1#par2")
    reader.act("code", "", "stance")
    reader.act("code", "", "  ")
    again = cl.explore(cl.open(tmp_path / "c"))
    assert again.codes.select("unit", "cable", "code", "value", "note", "by").rows() == [
        ("07OSLO1", "07OSLO1", "stance", "firm", "see =also", "A."),
        ("07OSLO1#par2", "07OSLO1", "stance", "yes", "", "A."),
    ]
    book = Codebook()
    book.merge(again.codes)
    coded = book.columns(held).filter(pl.col("stance").list.len() > 0)
    assert coded.select("cable", "stance").rows() == [("07OSLO1", ["firm", "yes"])]
    again.reader.act("uncode", "07OSLO1#par2\tstance\tA.")
    assert again.codes.height == 1


def test_codes_are_taken_away_as_files_that_open_again(explorer, tmp_path):
    reader, sent = explorer.reader, []
    reader.send = sent.append
    reader.act("codes", "JSON")
    assert sent == []
    for by, value in (("A.", "firm"), ("B.", "mild")):
        reader.act("coder", "", by)
        for cable in ("07OSLO1", "07LIMA4"):
            reader.read(cable)
            reader.act("code", "", f"stance={value if cable == '07OSLO1' else 'firm'}")
    reader.act("codes", "JSON")
    reader.act("codes", "CSV")
    path = tmp_path / "codes.json"
    path.write_text(sent[0]["download"]["text"], encoding="utf-8")
    assert Codebook(path).frame.equals(explorer.codes)
    assert agreement(explorer.codes, "stance") < 1
    assert "07LIMA4,07LIMA4,stance,firm" in sent[1]["download"]["text"]


def test_marks_on_changes_are_codes_too():
    corpus = cl.sample()
    bench = cl.workbench(corpus)
    bench.compare(*cl.chaining.chain_of(corpus, cl.chains(corpus)["cable"][0])[:2])
    bench.versions.act("mark", "0")
    older, newer = bench.marked.select("cable_a", "cable_b").row(0)
    assert bench.codes.select("cable", "code", "value").rows() == [(newer, "change", "marked")]
    assert bench.codes["unit"].item().startswith(f"{older}>{newer}#")
    book = Codebook()
    book.merge(bench.codes)
    assert book.frame["at"].to_list() == [None]
    assert book.columns(corpus).filter(pl.col("cable") == newer)["change"].to_list() == [["marked"]]


def test_names_and_notes_are_text_and_never_markup():
    hostile = "<b>ADLER</b>"
    reader = cl.show(cl.parse(message("OSLO", 1, "BERG", classified=hostile)))
    reader.act("tab", "people")
    reader.act("code", "", f"{hostile} = {hostile} | {hostile}")
    page = to_html(reader.draw())
    assert "&lt;b&gt;ADLER" in page
    assert "<b>" not in page
