from __future__ import annotations

import csv
import dataclasses
import os
import re
import subprocess
import sys
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from comparing import compared, message

import cablelab as cl
from cablelab.comparison import Comparison, Laid, export
from cablelab.comparison.columns import rows
from cablelab.comparison.style import MARKS
from cablelab.widgets.axis import axis
from cablelab.widgets.comparing import Versions
from cablelab.widgets.state import State, found_chains

OPENING = "Summary: This cable reports on the ports of the coast. End summary."
PORT = "The port of Brekkevik handled forty ships in March, most of them with timber."
STRIKE = "Dockers struck for three days over the price of boots."
MINISTER = "The minister of fisheries denied that he owns the ice plant."
LONG = "A second quay is to be built with a loan from the Nordic fund, and the mayor has bought the land for it."
PARTS = "A second quay is to be built with a loan from the Nordic fund. The mayor has bought the land for it."
OLD = [
    OPENING,
    f"{PORT} {STRIKE} {LONG}",
    f"{MINISTER} Nets hang on the wall.",
    "Comment: Post recommends strongly against a toll.",
]
NEW = [OPENING, f"{PARTS} {PORT.replace('forty', 'ninety')} Snow fell.", f"Nets hang on the wall. {STRIKE}",
       "Comment: Post recommends against a toll."]  # fmt: skip
HOSTILE = (
    "The mayor wrote <script>alert(1)</script> and <img src=x onerror=alert(1)> and </pre></del></text></svg> "
    "on \"a\" 'b' &amp; javascript:alert(1) of the quay."
)


class Reader(HTMLParser):
    """Collect tags and attributes, and check that every element is closed in order."""

    VOID = frozenset({"meta", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.values: list[str] = []
        self.shown: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.values += [value or "" for _, value in attrs]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.shown.append(data)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


@pytest.fixture(scope="module")
def k() -> Comparison:
    return compared(OLD, NEW)


VIEWS = {"html": Comparison.html, "fragment": Comparison._repr_html_, "svg": Comparison.svg}


@pytest.mark.parametrize("view", VIEWS)
def test_views_are_well_formed_and_reach_for_nothing(k: Comparison, view: str) -> None:
    text = VIEWS[view](k)
    reader = read(text)
    assert not reader.tags & {"script", "iframe", "link", "object", "img"}
    assert not [a for a in reader.attributes if a.startswith("on") or a in ("src", "srcset")]
    assert "url(" not in text
    assert "@import" not in text
    assert [v for v in reader.values if "//" in v] in ([], ["http://www.w3.org/2000/svg"])


@pytest.mark.parametrize("view", VIEWS)
def test_hostile_text_shows_as_text(view: str) -> None:
    hostile = compared(
        [OPENING, f"{HOSTILE} {PORT}"], [OPENING, f"{HOSTILE.replace('mayor', 'bishop')} {STRIKE} {PORT}"]
    )
    honest = compared(
        [OPENING, f"The mayor wrote of the quay. {PORT}"], [OPENING, f"The bishop wrote of the quay. {PORT}"]
    )
    reader = read(VIEWS[view](hostile))
    assert reader.tags <= read(VIEWS[view](honest)).tags | {"ins", "del", "ul", "li", "path", "a", "br"}
    assert not [v for v in reader.values if "alert" in v]
    assert "<script>alert(1)</script>" in "".join(reader.shown)


def test_the_reading_view_strikes_old_words_in_place(k: Comparison) -> None:
    html = k.html()
    assert "recommends <del>strongly</del> against a toll." in html
    assert "<del>forty</del> <ins>ninety</ins>" in html
    assert f"<del>{MINISTER}</del>" in html
    assert "<ins>Snow fell.</ins>" in html


def test_every_outcome_has_a_mark_beside_its_colour(k: Comparison) -> None:
    html, svg = k.html(), k.svg()
    for name, (letter, meaning) in MARKS.items():
        assert f"<b class='m {name}' title='{meaning}'>{letter}</b>" in html
        assert letter in svg
    labels = {*k.links["label"], *k.changes["kind"]}
    assert {"kept", "reworded", "split", "added", "dropped"} <= labels
    assert k.links["moved"].any()
    assert "↔" in svg


def test_both_themes_are_there(k: Comparison) -> None:
    for text in (k.html(), k._repr_html_(), k.svg()):
        assert "prefers-color-scheme:dark" in text
        assert "[data-jp-theme-light='false']" in text
        assert "--jp-ui-font-color1" in text


def test_the_side_by_side_view_has_a_connector_for_each_link(k: Comparison) -> None:
    root = ElementTree.fromstring(k.svg())
    paths = [e for e in root.iter() if e.tag.endswith("path")]
    assert len(paths) == k.links.height
    moved = [e for e in paths if "moved" in e.get("class", "")]
    assert len(moved) == int(k.links["moved"].sum())
    width, height = (float(root.get(x, "0")) for x in ("width", "height"))
    for e in root.iter():
        if e.tag.endswith("tspan"):
            assert 0 < float(e.get("x", "-1")) < width
            assert 0 < float(e.get("y", "-1")) < height


def test_a_drawing_is_legal_xml_whatever_the_text() -> None:
    odd = compared(
        [OPENING, "The quay\x00 is \x0b new\x1b. Ships wait."], [OPENING, "The quay is \x01 new. Ships wait."]
    )
    assert ElementTree.fromstring(odd.svg()) is not None


def test_a_chain_shows_its_threads_with_every_wording() -> None:
    chain = compared(OLD, NEW, NEW)
    html = chain.html()
    read(html)
    assert "Sentences that live on" in html
    for cable in chain.cables:
        assert f"<th>{cable}<br>" in html


def test_ids_are_unique_on_a_page_and_links_hit_them() -> None:
    html = compared(OLD, NEW, OLD).html()
    ids = re.findall(r" id='([^']+)'", html)
    assert len(ids) == len(set(ids))
    b_side = {t for t in re.findall(r"href='#([^']+)'", html) if t.startswith("b")}
    assert b_side
    assert b_side <= set(ids)


def test_every_change_leads_to_its_place_and_none_is_out_of_reach() -> None:
    k = compared([OPENING, PORT], [OPENING, *(f"{LONG} Town {n} bought {n * 3} boats of oak." for n in range(14))])
    html = k.html()
    ids = set(re.findall(r" id='([^']+)'", html))
    assert html.count("class='card ") == k.changes.height > 10
    assert set(re.findall(r"href='#([^']+)'", html)) <= ids
    for s in (*k.steps[0].old.sentences, *k.steps[0].new.sentences):
        assert s.text in html


def test_paragraphs_stand_side_by_side_and_kept_ones_fold() -> None:
    k = compared([OPENING, STRIKE, PORT], [OPENING, MINISTER, PORT.replace("forty", "ninety")])
    assert rows(k.steps[0]) == [([0], 0), ([1], None), ([], 1), ([2], 2)]
    assert k.html().count("<details class='fold'>") == 1


def test_what_makes_rows_doubtful_stands_once_above_the_table() -> None:
    chosen = compared([OPENING, PORT, STRIKE], ["Snow fell on the pass.", OPENING])
    doubts = ("the older copy is a partial extract", "a report between them is not held")
    step = dataclasses.replace(chosen.steps[0], remarks=doubts, doubts=doubts)
    text = export.markdown(Laid(chosen.versions, (step,)))
    assert text.count(doubts[0]) == text.count(doubts[1]) == 1
    assert text.count("doubtful, see above") >= 2


def test_two_that_share_no_passage_are_not_ranked() -> None:
    html = compared([STRIKE], ["Snow fell on the pass."]).html()
    assert "share no passage" in html
    assert "What changed" not in html


def test_heads_tell_dates_and_what_lies_between(k: Comparison) -> None:
    html = k.html()
    assert "1 May 2004" in html
    assert "12 months later →" in html
    assert "later, by their ids" not in html
    assert "<div class='axis" not in html
    assert "<div class='axis" in compared(OLD, NEW, OLD).html()


def test_a_cable_that_is_cited_and_not_held_stands_dashed_on_the_axis() -> None:
    texts = [
        message(100, ["All is well."]),
        message(300, ["All is very well."], refs="05 OSLO 900"),
        message(400, ["Well."]),
    ]
    corpus = cl.parse(texts, sent=[datetime(2004, 5, 1), datetime(2006, 5, 1), datetime(2007, 5, 1)])
    k = cl.compare(corpus, *corpus.ids)
    assert [(m.cable, m.before, m.by) for m in k.missing] == [("05OSLO900", 1, ("06OSLO300",))]
    assert re.search(
        r"<span class='r\d unheld' style='left:40\.\d%'><b></b>05OSLO900<br>cited, not held</span>", k.html()
    )
    (dot,) = [x for x in axis(k.versions, 0, 1, k.missing)[2:] if "cl-unheld" in x[1]["class"]]
    assert dot[1]["title"] == "05OSLO900, cited by 06OSLO300, is not held"


def test_lines_join_the_columns_of_a_page(k: Comparison) -> None:
    html = k.html()
    assert "<em class=reworded>R" in html
    assert "<a class=moved href='#b0-" in html
    assert html.count("<div class='mid'>") == html.count("<div class='row")


def test_ten_real_reports_fit_on_a_small_page(shared: Path) -> None:
    pages = sorted((shared / "cables" / "posts" / "MADRID").glob("*.html"))[::19][:10]
    corpus = cl.read(*pages)
    assert len(corpus) == 10
    assert len(cl.compare(corpus, *corpus.ids).html().encode()) < 600_000


def test_markdown_names_ids_paragraphs_and_both_wordings(k: Comparison) -> None:
    text = k.to_markdown()
    assert f"## {k.cables[0]} → {k.cables[1]}" in text
    assert "¶4: Post recommends strongly against a toll." in text
    rows = [line for line in text.splitlines() if re.match(r"\| \d", line)]
    assert len(rows) == k.changes.height
    assert {line.replace("\\|", "").count("|") for line in rows} == {6}
    assert len([x for x in k.to_markdown(limit=2).splitlines() if re.match(r"\| \d", x)]) == 2


def test_markup_in_a_cable_is_escaped_in_markdown() -> None:
    text = compared([OPENING, PORT], [OPENING, f"{PORT} A | b *c* [d](e) <b>."]).to_markdown()
    assert r"A \| b \*c\* \[d\](e) &lt;b&gt;." in text


def test_csv_holds_both_wordings_and_defuses_formulas(tmp_path: Path) -> None:
    trick = compared([OPENING, PORT], [OPENING, f"{PORT} =SUM(1) is what the clerk wrote."])
    path = trick.to_csv(tmp_path / "changes.csv")
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == trick.changes.height
    kinds = ["rank", "kind", "reasons"]
    assert list(rows[0]) == [*kinds, *(f"{x}_{y}" for y in "ab" for x in ("cable", "paragraph", "wording")), "remark"]
    added = next(r for r in rows if r["kind"] == "added")
    assert added["wording_b"] == "'=SUM(1) is what the clerk wrote."
    assert added["paragraph_b"] == "¶2"


def test_the_page_is_written_as_it_is(k: Comparison, tmp_path: Path) -> None:
    assert k.to_html(tmp_path / "page.html").read_text(encoding="utf-8") == k.html()


PROGRAM = """
import hashlib
from comparing import compared

import cablelab as cl
from test_comparison_views import NEW, OLD
k = compared(OLD, NEW, OLD)
print(hashlib.sha256((k.html() + k.to_markdown() + str(k.threads)).encode()).hexdigest())
"""


def test_the_same_input_gives_the_same_page_whatever_the_hash_seed_and_zone() -> None:
    tests = Path(__file__).parent
    found = set()
    for seed, zone in (("0", "UTC"), ("7", "Asia/Tokyo")):
        env = os.environ | {
            "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": os.pathsep.join([str(tests), str(tests.parent)]),
        }  # fmt: skip
        done = subprocess.run([sys.executable, "-c", PROGRAM], env=env, capture_output=True, text=True, check=True)
        found.add(done.stdout)
    assert len(found) == 1


def test_the_view_opens_on_the_chain_of_the_cable_being_read():
    state = State(cl.sample())
    chain = list(found_chains(state.whole).values())[-1]
    state.current = chain[-1]
    assert Versions(state, lambda permalink: None).laid.cables == chain


def test_of_a_large_corpus_the_chains_of_one_mission_are_looked_for(monkeypatch):
    monkeypatch.setattr("cablelab.widgets.state.AT_ONCE", 100)
    monkeypatch.setattr("cablelab.widgets.comparing.AT_ONCE", 100)
    state = State(cl.sample())
    assert Versions(state, lambda permalink: None).chains == {}
    mission = state.whole.cables["mission"][0]
    state.current = state.whole.cables["cable"][0]
    view = Versions(state, lambda permalink: None)
    ids = [cable for chain in view.chains.values() for cable in chain]
    assert {state.whole[cable]["mission"] for cable in ids} == {mission}
    assert "chains of one mission" in str(view.draw())
