"""Conditions on cables, and the code that makes them again."""

from __future__ import annotations

from datetime import UTC, date, datetime
from runpy import run_path
from types import SimpleNamespace

import polars as pl
import pytest
from framed import frame

import cablelab.where as where
from cablelab import facts
from cablelab.as_code import code
from cablelab.corpus import Corpus
from cablelab.errors import (
    CablelabError,
    InvalidDate,
    UnknownCable,
    UnknownMission,
    UnknownOption,
    UnknownPost,
    UnknownTag,
)
from cablelab.search import mentions


def at(*parts):
    return datetime(*parts, tzinfo=UTC)


ROWS = [
    {
        "cable": "05KIEV1", "post": "KIEV", "mission": "Ukraine", "bureau": "EUR", "year": 2005,
        "sent": at(2005, 6, 30, 23, 59),
        "classification": "CONFIDENTIAL", "tags": ["PGOV", "GM"], "subject": "PORT STRIKE ENDS", "captions": ["SIPDIS"],
        "handling": [],
    },
    {
        "cable": "07KYIV2", "post": "KYIV", "mission": "Ukraine", "bureau": "EUR", "year": 2007, "sent": at(2007, 1, 1),
        "classification": "SECRET", "tags": ["ELAB", "PGOV", "POLITICAL"], "subject": "Airport  Strike (Part 1)",
        "captions": [], "handling": ["NOFORN"],
    },
    {
        "cable": "07ASTANA3", "post": "ASTANA", "mission": "Kazakhstan", "bureau": "SCA", "year": 2007,
        "sent": at(2007, 12, 31, 23, 59, 59), "classification": "UNCLASSIFIED", "tags": ["ELAB", "KZ"],
        "subject": "PORT\nSTRIKE: 50% DONE", "captions": [], "handling": [],
    },
    {"cable": "18BERLIN4", "post": "BERLIN", "mission": "Germany", "bureau": "EUR", "year": 2018, "tags": ["GM", "DE"]},
    {"cable": "unidentified-0"},
]  # fmt: skip
REFERENCES = [
    {"cable": "07KYIV2", "position": 1, "kind": "cable", "target": "05KIEV1", "held": True},
    {"cable": "07KYIV2", "position": 2, "kind": "mail", "target": None},
    {"cable": "07ASTANA3", "position": 1, "kind": "cable", "target": "06ASTANA9", "held": False},
]


@pytest.fixture(scope="module")
def corpus():
    return Corpus({"cables": frame("cables", ROWS), "references": frame("references", REFERENCES)})


@pytest.fixture
def kept(corpus):
    return lambda condition: corpus.cables.filter(condition)["cable"].to_list()


def test_posts_are_offices(kept):
    assert kept(where.from_post("Kyiv")) == ["05KIEV1", "07KYIV2"]
    assert kept(where.from_post("KIEV", "embassy astana")) == ["05KIEV1", "07KYIV2", "07ASTANA3"]
    assert kept(where.from_post("Almaty")) == []
    assert kept(where.from_post(*facts.lineage("ALMATY"))) == ["07ASTANA3"]


def test_missions_and_bureaus(kept):
    assert kept(where.from_mission("ukraine", "Germany")) == ["05KIEV1", "07KYIV2", "18BERLIN4"]
    assert kept(where.from_bureau("sca")) == ["07ASTANA3"]


def test_tags_by_code(kept):
    assert kept(where.tagged("elab", "PGOV")) == ["05KIEV1", "07KYIV2", "07ASTANA3"]
    assert kept(where.tagged("ELAB", "PGOV", how="all")) == ["07KYIV2"]
    assert kept(where.tagged("GM")) == ["05KIEV1", "18BERLIN4"]
    assert kept(where.tagged("POLITICAL", as_written=True)) == ["07KYIV2"]


def test_tags_by_meaning_follow_the_year(kept):
    assert kept(where.tagged("Germany")) == ["05KIEV1", "18BERLIN4"]
    assert kept(where.tagged("gambia")) == ["18BERLIN4"]
    assert kept(where.tagged("labor sector")) == ["07KYIV2", "07ASTANA3"]
    assert kept(where.tagged("Germany") & ~where.tagged("Gambia")) == ["05KIEV1"]


def test_dates_take_in_their_whole_end(kept):
    assert kept(where.sent_between("2005", "2005-06")) == ["05KIEV1"]
    assert kept(where.sent_between("2007", "2007")) == ["07KYIV2", "07ASTANA3"]
    assert kept(where.sent_between(date(2007, 1, 1), "2007-12-30")) == ["07KYIV2"]
    assert kept(where.sent_between(datetime(2007, 1, 1, 0, 0, 1), "2007-12-31")) == ["07ASTANA3"]


def test_levels(kept):
    assert kept(where.classified("s", "unclas")) == ["07KYIV2", "07ASTANA3"]
    assert kept(where.classified(at_least="CONFIDENTIAL")) == ["05KIEV1", "07KYIV2"]
    assert kept(where.classified("U", at_least="secret")) == ["07KYIV2", "07ASTANA3"]


def test_subjects_hold_whole_words_literally(kept):
    assert kept(where.about("port strike")) == ["05KIEV1", "07ASTANA3"]
    assert kept(where.about("strike (part 1)")) == ["07KYIV2"]
    assert kept(where.about("50%")) == ["07ASTANA3"]
    assert kept(where.about("P.RT")) == []
    assert kept(where.about("(")) == ["07KYIV2"]


def test_captions(kept):
    assert kept(where.captioned("sipdis", "NOFORN")) == ["05KIEV1", "07KYIV2"]


def test_references_both_ways(corpus, kept):
    assert kept(where.cites(corpus, "05 Kiev 001")) == ["07KYIV2"]
    assert kept(where.cites(corpus, "06ASTANA9")) == ["07ASTANA3"]
    assert kept(where.cited_by(corpus, "07KYIV2")) == ["05KIEV1"]
    assert kept(where.cited_by(corpus, "07ASTANA3")) == []
    assert len(corpus.filter(where.cites(corpus, "05KIEV1", "06ASTANA9"))) == 2


@pytest.mark.parametrize(
    "condition",
    [
        where.from_post("OSLO"),
        where.from_mission("Norway"),
        where.from_bureau("AF"),
        where.tagged("ETRD"),
        where.tagged("Norway"),
        where.sent_between("2001", "2001"),
        where.classified("TS"),
        where.about("nothing"),
        where.captioned("NODIS"),
    ],
)
def test_conditions_are_never_null_so_that_not_is_the_complement(corpus, condition):
    held = corpus.cables.select(condition).to_series()
    assert held.dtype == pl.Boolean
    assert held.null_count() == 0
    assert corpus.cables.filter(condition).height + corpus.cables.filter(~condition).height == len(ROWS)


@pytest.mark.parametrize(
    ("make", "error", "told"),
    [
        (lambda: where.from_post("ASTANNA"), UnknownPost, "Did you mean 'ASTANA'"),
        (lambda: where.from_post("Zenda"), UnknownPost, "cl.facts.add_posts"),
        (lambda: where.from_post(), UnknownOption, "at least one post"),
        (lambda: where.from_mission("Kazakstan"), UnknownMission, "Did you mean 'Kazakhstan'"),
        (lambda: where.from_mission("Almaty"), UnknownMission, "Did you mean 'Kazakhstan'"),
        (lambda: where.from_bureau("SAC"), UnknownOption, "Bureaus are AF"),
        (lambda: where.tagged("Political"), UnknownTag, "Unknown tag 'Political'.*as_written=True"),
        (lambda: where.tagged("ELABB"), UnknownTag, "ELAB"),
        (lambda: where.tagged("trade"), UnknownTag, r"ETRD \("),
        (lambda: where.tagged("ELAB", how="both"), UnknownOption, "'any' or 'all'"),
        (lambda: where.tagged(), UnknownOption, "at least one tag"),
        (lambda: where.sent_between("June", "2004"), InvalidDate, "'June' is not a date"),
        (lambda: where.sent_between("2004-02-30", "2005"), InvalidDate, "'2004-02-30' is not a date"),
        (lambda: where.sent_between("0000", "2005"), InvalidDate, "'0000' is not a date"),
        (lambda: where.sent_between("2005", "2004-12"), InvalidDate, "Swap the two dates"),
        (lambda: where.sent_between(2004, 2005), InvalidDate, "2004 is not a date"),
        (lambda: where.classified("CONFIDENTAL"), UnknownOption, "Did you mean 'CONFIDENTIAL'"),
        (lambda: where.classified(), UnknownOption, "at least one level"),
        (lambda: where.about("  "), UnknownOption, "at least one word"),
    ],
)
def test_errors_offer_the_cure(make, error, told):
    with pytest.raises(error, match=told):
        make()


def test_cables_nobody_knows_are_errors(corpus):
    with pytest.raises(UnknownCable, match="06ASTANA9"):
        where.cites(corpus, "06ASTANA8")
    with pytest.raises(UnknownCable, match="07KYIV2"):
        where.cited_by(corpus, "07KYIV3")


def test_the_last_moment_of_time_is_a_date():
    assert where.sent_between("9998", "9998-12-31").meta.output_name() == 'sent_between("9998", "9998-12-31")'


CONDITIONS = [
    lambda c, cl: cl.tagged("ELAB") & ~cl.from_post("Kyiv"),
    lambda c, cl: (cl.tagged("ELAB", "PGOV", how="all") | cl.from_mission("Kazakhstan")) & (pl.col("year") >= 2007),
    lambda c, cl: cl.sent_between("2005", date(2007, 6, 1)),
    lambda c, cl: cl.about('it\'s "port" & strike') | (pl.col("post") == "ASTANA"),
    lambda c, cl: ~(cl.classified("S", at_least="SECRET") & cl.captioned("NOFORN")),
    lambda c, cl: cl.cites(c, "05KIEV1") | cl.cited_by(c, "07KYIV2"),
    lambda c, cl: cl.tagged("POLITICAL", as_written=True) & (pl.col("partial") == False),  # noqa: E712
]


@pytest.mark.parametrize("make", CONDITIONS)
def test_code_run_again_selects_the_same(corpus, make, tmp_path):
    condition = make(corpus, where)
    script = tmp_path / "again.py"
    script.write_text(f"import polars as pl\nagain = {code(condition)}\n")
    cl = SimpleNamespace(**vars(where), where=where)
    again = run_path(str(script), {"cl": cl, "corpus": corpus})["again"]
    assert str(again) == str(condition)
    assert corpus.cables.filter(again).equals(corpus.cables.filter(condition))


def test_code_of_each_condition_repeats_the_call():
    assert code(where.from_post("Kyiv", "ASTANA")) == 'cl.from_post("Kyiv", "ASTANA")'
    assert code(where.classified("S", at_least="C")) == 'cl.classified("S", at_least="C")'
    assert code(where.captioned("NODIS")) == 'cl.where.captioned("NODIS")'
    assert code(where.about('say "it\'s"')) == "cl.about('say \"it\\'s\"')"
    both = where.from_bureau("AF") & where.tagged("PGOV") | ~where.about("x")
    assert code(both) == '(cl.from_bureau("AF") & cl.tagged("PGOV")) | ~cl.about("x")'


def test_code_of_a_search_repeats_it():
    texts = pl.DataFrame({"cable": ["07KYIV2", "05KIEV1"], "text": ["The Port\nstrike", "no report"]})
    corpus = Corpus({"cables": frame("cables", ROWS), "texts": texts})
    assert corpus.filter(mentions(corpus, "port strike")).ids.to_list() == ["07KYIV2"]
    assert corpus.filter(~mentions(corpus, "port")).ids.len() == len(ROWS) - 1
    condition = mentions(corpus, "Ports?", regex=True, case=True) | mentions(corpus, "report")
    assert corpus.filter(condition).ids.to_list() == ["05KIEV1", "07KYIV2"]
    again = 'cl.search.mentions(corpus, "Ports?", regex=True, case=True) | cl.search.mentions(corpus, "report")'
    assert code(condition) == again


def test_code_is_honest_about_what_it_cannot_write():
    assert code(pl.col("words").rolling_mean(3) > 2) is None
    assert code(where.from_post("OSLO") & pl.col("subject").str.contains("x")) is None


def test_offices_and_drafters_of_telegrams():
    cables = pl.DataFrame(
        {
            "cable": ["75OSLO1", "75OSLO2", "75STATE3", "07OSLO4"],
            "office": ["EUR", "EB/ORF", "EB", None],
            "drafted_by": [None, "EB/ORF:TQTARN:KV", "EUR/RPE:WRSEDGE (acting)", None],
        }
    )
    found = [
        (where.from_office("eur"), ["75OSLO1"]),
        (where.from_office("EUR", "EB"), ["75OSLO1", "75STATE3"]),
        (where.drafted_by("tarn"), ["75OSLO2"]),
        (where.drafted_by("EB/ORF:"), ["75OSLO2"]),
        (where.drafted_by("(acting)"), ["75STATE3"]),
        (~where.from_office("EB"), ["75OSLO1", "75OSLO2", "07OSLO4"]),
    ]
    for condition, ids in found:
        assert cables.filter(condition)["cable"].to_list() == ids
    assert code(where.from_office("EUR", "eb")) == 'cl.where.from_office("EUR", "eb")'
    assert (
        code(where.drafted_by('T"arn') & where.from_office("EUR"))
        == 'cl.where.drafted_by(\'T"arn\') & cl.where.from_office("EUR")'
    )
    with pytest.raises(UnknownOption):
        where.from_office()
    with pytest.raises(UnknownOption):
        where.drafted_by(" ")


def test_a_word_that_tags_lines_have_and_nobody_knows_is_taken_with_a_warning():
    cables = pl.DataFrame({"tags": [["ELAB", "POLITICAL"], ["PGOV"], None], "year": [2005, 2005, 2005]})
    with pytest.warns(UserWarning, match="No known tag is called 'POLITICAL'.*exactly that"):
        condition = where.tagged("POLITICAL")
    assert cables.filter(condition).height == 1
    assert code(condition) == 'cl.tagged("POLITICAL")'
    assert cables.filter(where.tagged("PGOVV", as_written=True)).is_empty()


def test_a_condition_is_no_truth_of_python():
    for decide in (lambda c: c and c, lambda c: c or c, lambda c: not c, lambda c: 1 if c else 2):
        with pytest.raises(CablelabError, match=r"Write & for and, \| for or, ~ for not"):
            decide(where.tagged("ELAB"))
    both = where.tagged("ELAB") & ~where.from_post("OSLO")
    assert pl.DataFrame({"tags": [["ELAB"]], "year": [2005], "post": ["ROME"]}).filter(both).height == 1
