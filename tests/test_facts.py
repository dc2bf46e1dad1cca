"""Posts and TAGS: lookups, eras, repair, the user's additions."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import polars as pl
import pytest

import cablelab as cl
from cablelab import facts
from cablelab.errors import InvalidFacts
from cablelab.facts.tag_codes import CONFIDENCES, KINDS, SOURCES


@pytest.fixture(autouse=True)
def _only_shipped_facts():
    before = facts.snapshot()
    facts.reset()
    yield
    facts.restore(before)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ASTANA", "ASTANA"),
        ("astana ", "ASTANA"),
        ("SECSTATE", "STATE"),
        ("SECSTATE WASHDC", "STATE"),
        ("Secretary of State", "STATE"),
        ("SECDEF", "SECDEF"),
        ("SECDEF WASHDC", "SECDEF"),
        ("THE HAGUE", "THEHAGUE"),
        ("HAGUE", "THEHAGUE"),
        ("USUN", "USUNNEWYORK"),
        ("USUN NEW YORK", "USUNNEWYORK"),
        ("USMISSION USUN NEW YORK", "USUNNEWYORK"),
        ("Alma-Ata", "ALMATY"),
        ("São Paulo", "SAOPAULO"),
        ("KIEV", "KIEV"),
        ("AMEMBASSY ASTANA", "ASTANA"),
        ("USOFFICE ALMATY", "ALMATY"),
        ("Embassy Port Au Prince", "PORTAUPRINCE"),
        ("American Institute Taiwan, Taipei", "AITTAIPEI"),
        ("COTON0U", "COTONOU"),
        ("NATOB", "USNATO"),
        ("UNESCO PARIS", "UNESCOPARISFR"),
        ("WHITE HOUSE WASHINGTON DC", "WHITEHOUSE"),
        ("CIA WASHDC", None),
        ("REFORM", None),
        ("POLITICAL", None),
        ("", None),
        ("¶", None),
    ],
)
def test_a_word_means_the_post_that_ids_name(text, code):
    assert facts.post_code(text) == code


def test_codes_of_1973_79_hold_in_those_years_only():
    assert facts.post_code("USUN", 1976) == "USUN"
    assert facts.post_code("USUN", 2006) == "USUNNEWYORK"
    assert facts.post_code("PRETOR", 1974) == "PRETORIA"
    assert facts.post_code("PRETOR", 2006) is None


def test_posts_that_have_closed_are_known_in_their_own_time_and_by_their_code():
    assert facts.post_code("AMCONSUL TABRIZ", 1978) == "TABRIZ"
    assert facts.post_code("ISFAHA", 1978) == "ISFAHAN"
    assert facts.post_code("DANAN", 1974) == "DANANG"
    assert facts.post_code("NICE") is None
    assert facts.post_code("VICTORIA", 2006) is None
    assert facts.post("TABRIZ").mission == "Iran"
    assert facts.find_posts("Tabriz")[0].code == "TABRIZ"


def test_every_post_answers_to_its_own_code_name_and_aliases():
    told = Counter(alias for post in facts.posts().values() for alias in post.aliases)
    for code, post in facts.posts().items():
        then = post.last_year if post.count == 0 else None  # a post that has closed is known in its own time
        means = facts.post_code(code, then)
        assert means == code or means in facts.same_office(code)
        assert facts.post_code(post.name, then) in facts.same_office(code)
        for alias in post.aliases:
            if told[alias] == 1 and alias not in facts.posts():
                assert facts.post_code(alias, then) in facts.same_office(code), (code, alias)


def test_the_table_is_whole():
    for code, post in facts.posts().items():
        assert code.isalpha()
        assert code.isupper()
        assert post.mission
        for other in (post.same_office_as, post.predecessor, post.successor):
            assert other is None or other in facts.posts(), code
        if post.lat is not None:
            assert -90 <= post.lat <= 90
            assert -180 <= post.lon <= 180
        if post.predecessor:
            assert facts.posts()[post.predecessor].successor == code


def test_bureaus_follow_the_year():
    assert facts.bureau_of("ALMATY", 2005) == "EUR"
    assert facts.bureau_of("ASTANA", 2007) == "SCA"
    assert facts.bureau_of("NEWDELHI", 2005) == "SA"
    assert facts.bureau_of("NEWDELHI") == "SCA"
    assert [facts.bureau_of(post, 1975) for post in ("NEWDELHI", "LIMA", "OTTAWA", "ANKARA")] == [
        "NEA",
        "ARA",
        "EUR",
        "EUR",
    ]
    assert [facts.bureau_of(post, 2003) for post in ("LIMA", "OTTAWA")] == ["WHA", "WHA"]
    assert "ARA" in facts.bureaus()
    assert facts.bureau_of("SECDEF", 2005) is None
    assert facts.bureau_of("NOWHERE", 2005) is None


def test_offices_and_embassies_that_moved():
    assert facts.same_office("KIEV") == facts.same_office("KYIV") == {"KIEV", "KYIV"}
    assert facts.same_office("ASTANA") == {"ASTANA"}
    assert facts.lineage("ALMATY") == facts.lineage("ASTANA") == ("ALMATY", "ASTANA")
    assert facts.lineage("OSLO") == ("OSLO",)
    assert set(facts.mission_posts("kazakhstan")) == {"ALMATY", "ASTANA"}
    assert facts.mission_posts("Atlantis") == ()
    assert facts.mission_of("NOWHERE") is None


def test_meanings_follow_the_year():
    assert facts.tag("GM", 2007).meaning == "Germany"
    assert facts.tag("GM", 2019).meaning == "Gambia"
    assert facts.tag("GE", 1975).meaning == "East Germany"
    assert facts.tag("GE", 2019).meaning == "Georgia"
    assert facts.tag("INTELSAT", 1975).meaning != facts.tag("INTELSAT", 2005).meaning
    assert facts.tag("GM") == facts.tag("GM", 2006)


def test_a_meaning_out_of_its_era_is_only_inferred():
    code = next(c for c, meanings in facts.tags().items() if {m.era for m in meanings} == {"1973-79"})
    assert facts.tag(code, 1975).confidence == "confirmed"
    assert facts.tag(code, 2008).confidence == "inferred"
    assert facts.tag(code, 2008).meaning == facts.tag(code, 1975).meaning


def test_unknown_codes_stay_unknown_and_unconfirmed_ones_unconfirmed():
    unknown = facts.tag("POLITICAL", 2005)
    assert (unknown.kind, unknown.meaning, unknown.confidence) == ("unknown", None, "unknown")
    assert facts.tag("KPRP", 2007).confidence == "unconfirmed"
    assert facts.tag("POLITICS", 2007).kind == "freetext"
    assert facts.tag("CLINTON", 2009).kind == "person"
    assert facts.tag("CLINTON, HILLARY", 2009).meaning == facts.tag("CLINTON", 2009).meaning
    stranger = facts.tag("DOE, JANE Q.", 2009)
    assert (stranger.kind, stranger.meaning, stranger.confidence) == ("person", None, "inferred")


@pytest.mark.parametrize(
    ("code", "codes"),
    [
        ("AROC", ["AORC"]),
        ("KPOA", ["KPAO"]),
        ("EINDETRD", ["EIND", "ETRD"]),
        ("PHUMSOCIKWMN", ["PHUM", "SOCI", "KWMN"]),
        ("KZPRELPGOV", ["KZ", "PREL", "PGOV"]),
        ("PRELPGOVKZ", ["PREL", "PGOV", "KZ"]),
        ("KZPHUM", ["KZ", "PHUM"]),
        ("PHUM", ["PHUM"]),
        ("POLITICAL", ["POLITICAL"]),
        ("SOCIAL", ["SOCIAL"]),
        ("BLAMED", ["BLAMED"]),
        ("HSTC", ["HSTC"]),
        ("", [""]),
        ("X" * 10_000, ["X" * 10_000]),
    ],
)
def test_damaged_codes_are_mended(code, codes):
    assert facts.repair(code) == codes


def test_split_leaves_a_misspelt_code_as_written():
    assert facts.split("AROC") == ["AROC"]
    assert facts.split("EINDETRD") == ["EIND", "ETRD"]


def test_every_tag_has_an_allowed_kind_and_a_source_that_is_spelt_out():
    for meanings in facts.tags().values():
        for meaning in meanings:
            assert meaning.kind in KINDS
            assert meaning.confidence in CONFIDENCES
            assert meaning.source
            assert set(meaning.source.split()) <= set(SOURCES)


def test_every_repair_leads_to_codes_that_are_known():
    for code, meanings in facts.tags().items():
        for mended in meanings[0].repairs:
            assert facts.tag(mended).kind not in ("unknown", "slip"), (code, mended)


def test_explain_agrees_with_tag_and_keeps_rows_and_order():
    codes = ["ELAB", "GM", "POLITICAL", None, "GM", "ELAB"]
    years = [2007, 2007, 2005, 2007, 2019, None]
    frame = pl.DataFrame({"tag": codes, "year": years, "n": range(6)}, schema_overrides={"year": pl.Int16})
    told = facts.explain(frame)
    assert told["n"].to_list() == list(range(6))
    assert told.columns == ["tag", "year", "n", "kind", "meaning", "confidence"]
    for code, year, meaning, kind in told.select("tag", "year", "meaning", "kind").iter_rows():
        if code is None:
            assert meaning is None
            assert kind is None
        else:
            assert (facts.tag(code, year).meaning, facts.tag(code, year).kind) == (meaning, kind)
    assert facts.explain(frame.clear()).schema["meaning"] == pl.String


def test_search_finds_by_code_name_mission_and_meaning():
    assert [p.code for p in facts.find_posts("kazakhstan")] == ["ASTANA", "ALMATY"]
    assert facts.find_posts("SECSTATE")[0].code == "STATE"
    assert facts.find_posts("ankarra")[0].code == "ANKARA"
    assert "KWMN" in [t.code for t in facts.find_tags("women")]
    assert facts.find_tags("pgov")[0].code == "PGOV"
    assert facts.find_posts("  ") == facts.find_tags("") == []
    assert len(facts.find_tags("a", limit=3)) == 3


def test_added_posts_count_at_once_and_are_undone():
    rows = [{"code": "ZENDA", "mission": "Ruritania", "bureau": "EUR", "aliases": "ZENDAH", "lat": "47.5", "lon": 9}]
    facts.add_posts(rows)
    assert facts.post_code("AMEMBASSY ZENDAH") == "ZENDA"
    assert facts.post("zenda").lat == 47.5
    assert facts.mission_posts("Ruritania") == ("ZENDA",)
    assert "Ruritania" in facts.missions()
    facts.reset()
    assert facts.post_code("ZENDA") is None
    assert "Ruritania" not in facts.missions()


def test_posts_are_learnt_from_cables_only_where_unknown():
    rows = {
        "post": ["ZENDA", "ZENDA", "ZENDA", "OSLO", None, "<b>", "STRELSAU"],
        "mission": ["Ruritania", "Ruritania", "Elsewhere", "Elsewhere", "Ruritania", "Ruritania", None],
        "bureau": ["EUR", None, None, "AF", "EUR", "EUR", None],
    }
    learnt = facts.learn(pl.DataFrame(rows))
    assert [(p.code, p.mission, p.bureau) for p in learnt] == [("STRELSAU", None, None), ("ZENDA", "Ruritania", "EUR")]
    assert facts.mission_of("OSLO") == "Norway"
    assert facts.post_code("AMEMBASSY ZENDA") == "ZENDA"
    assert facts.learn(pl.DataFrame(rows)) == []


def test_an_added_post_is_known_to_headers_read_before_it_was():
    text = "\nR 031154Z DEC 07\nFM AMEMBASSY LAKE TOWN\nTO SECSTATE WASHDC\nUNCLAS LAKE TOWN 000012\n\n1. Catches fell."
    assert cl.parse(text).addressees["post"].to_list() == [None, "STATE"]
    with facts.added(posts=[{"code": "LAKETOWN", "mission": "Ruritania"}]):
        assert cl.parse(text).addressees["post"].to_list() == ["LAKETOWN", "STATE"]
    assert cl.parse(text).addressees["post"].to_list() == [None, "STATE"]


def test_an_added_post_replaces_the_one_of_its_code():
    facts.add_posts([{"code": "OSLO", "mission": "Elsewhere"}])
    assert facts.mission_of("OSLO") == "Elsewhere"
    facts.reset()
    assert facts.mission_of("OSLO") == "Norway"


def test_posts_come_from_frames_and_files_too(tmp_path):
    frame = pl.DataFrame({"code": ["ZENDA", "STRELSAU"], "mission": "Ruritania", "successor": ["STRELSAU", None]})
    facts.add_posts(frame)
    assert facts.mission_posts("Ruritania") == ("ZENDA", "STRELSAU")
    facts.reset()
    frame.write_csv(tmp_path / "posts.csv")
    assert [p.successor for p in facts.add_posts(tmp_path / "posts.csv")] == ["STRELSAU", None]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"mission": "Ruritania"}, "No 'code' in row 1"),
        ({"code": "ZENDA", "misson": "x"}, "Did you mean 'mission'"),
        ({"code": "ZENDA", "lat": 95}, "degrees from -90 to 90"),
        ({"code": "ZENDA", "lon": "east"}, "is not a number"),
        ({"code": "1984"}, "letters"),
        ({"code": "ZENDA", "aliases": "SECSTATE"}, "already means the post 'STATE'"),
        ({"code": "ZENDA", "predecessor": "ASTANNA"}, "Did you mean 'ASTANA'"),
    ],
)
def test_bad_posts_are_refused_and_nothing_is_added(row, told):
    with pytest.raises(InvalidFacts, match=told):
        facts.add_posts([{"code": "STRELSAU"}, row] if "No 'code'" not in told else [row])
    assert facts.post("STRELSAU") is None


def test_a_table_that_cannot_be_read_is_an_error_with_a_cure(tmp_path):
    with pytest.raises(InvalidFacts, match="CSV in UTF-8"):
        facts.add_posts(tmp_path / "missing.csv")
    (tmp_path / "latin.csv").write_bytes("code\nZÜRICH\n".encode("latin-1"))
    with pytest.raises(InvalidFacts, match="CSV in UTF-8"):
        facts.add_posts(tmp_path / "latin.csv")


def test_added_tags_stand_before_the_packages_in_their_years():
    facts.add_tags([{"code": "elab", "meaning": "lighthouses", "first_year": 2004, "last_year": 2005}])
    assert facts.tag("ELAB", 2004).meaning == "lighthouses"
    assert facts.tag("ELAB", 2007).meaning == "labor sector affairs"
    with pytest.raises(InvalidFacts, match="one of subject, program"):
        facts.add_tags([{"code": "KXYZ", "meaning": "x", "kind": "topic"}])
    with pytest.raises(InvalidFacts, match="'meaning'"):
        facts.add_tags([{"code": "KXYZ"}])


def _fail_inside():
    with facts.added(posts=[{"code": "ZENDA"}], tags=[{"code": "KXYZ", "meaning": "x"}]):
        raise LookupError(facts.post("ZENDA").code, facts.tag("KXYZ").meaning)


def test_added_is_undone_even_when_the_block_fails():
    with pytest.raises(LookupError) as seen:
        _fail_inside()
    assert seen.value.args == ("ZENDA", "x")
    assert facts.post("ZENDA") is None
    assert facts.tag("KXYZ").kind == "unknown"


def test_a_snapshot_travels_to_a_worker_process():
    facts.add_posts([{"code": "ZENDA", "mission": "Ruritania"}])
    workers = ProcessPoolExecutor(1, get_context("spawn"), initializer=facts.restore, initargs=(facts.snapshot(),))
    facts.reset()
    with workers:
        assert workers.submit(facts.mission_of, "ZENDA").result() == "Ruritania"


def test_importing_facts_reads_no_table_and_loads_nothing_heavy():
    script = (
        "import sys, cablelab.facts as f\n"
        "from cablelab.facts import post_codes, tag_codes\n"
        "print(post_codes._shipped.cache_info().currsize, tag_codes._shipped.cache_info().currsize,"
        " [m for m in ('altair', 'numpy', 'ipywidgets') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split(maxsplit=2) == ["0", "0", "[]\n"]
