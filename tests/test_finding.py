"""Footnotes in, ids out: invented notes, of the shapes that editors and scholars write."""

from __future__ import annotations

import cProfile
import csv
import re
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

import cablelab as cl
from cablelab.errors import InvalidQuery
from cablelab.finding.offices import embassy_of, party
from cablelab.frames import SCHEMAS, empty

FOOTNOTES = Path(__file__).parents[2] / "shared" / "cases" / "footnotes" / "footnotes.tsv"
ROWS = [  # cable, post, year, number, day, signer, addressee
    ("74LIMA4687", "LIMA", 1974, 4687, "1974-09-28", "ADLER", "STATE"),
    ("74LIMA4690", "LIMA", 1974, 4690, "1974-09-28", "ADLER", "QUITO"),
    ("74STATE84285", "STATE", 1974, 84285, "1974-04-25", "KISSINGER", "LIMA"),
    ("74STATE84290", "STATE", 1974, 84290, "1974-04-25", "KISSINGER", "LIMA"),
    ("74STATE84291", "STATE", 1974, 84291, "1974-04-25", "KISSINGER", "OSLO"),
    ("75OSLO12", "OSLO", 1975, 12, "1975-01-03", "BERG", "STATE"),
    ("74OSLO5120", "OSLO", 1974, 5120, "1974-12-30", "BERG", "STATE"),
]


@pytest.fixture(scope="module")
def corpus():
    names = ("cable", "post", "year", "number", "sent", "signed_by", "to")
    columns = dict(zip(names, map(list, zip(*ROWS, strict=True)), strict=True))
    sent = pl.Series("sent", [datetime.fromisoformat(day) for day in columns["sent"]]).dt.replace_time_zone("UTC")
    cables = (
        empty("cables")
        .clear(len(ROWS))
        .with_columns(
            *(pl.Series(n, columns[n], SCHEMAS["cables"][n]) for n in ("cable", "post", "year", "number", "signed_by")),
            sent,
        )
    )
    addressees = (
        empty("addressees")
        .clear(len(ROWS))
        .with_columns(
            cables["cable"],
            pl.Series("role", ["to"] * len(ROWS), SCHEMAS["addressees"]["role"]),
            pl.Series("post", columns["to"]),
        )
    )
    return cl.Corpus({"cables": cables, "addressees": addressees})


NOTES = [
    ("As told in telegram 1372 from Lusaka, July 23.", ["75LUSAKA1372"]),
    ("In telegram 258841 to Madrid, October 31, the Department agreed.", ["75STATE258841"]),
    ("Telegram 12453 from Athens, November 22, 1976.", ["76ATHENS12453"]),
    ("See Belgrade telegram 6250, December 13 (RG 59).", ["75BELGRADE6250"]),
    ("Messages went to Dakar, Lome, and Bangui in telegram 2999, May 2, and to Lusaka in telegram 3001, May 2.", ["75STATE2999", "75STATE3001"]),
    ("telegram 2108 from Dar es Salaam, June 16", ["75DARESSALAAM2108"]),
    ("They met on January 29, 1976, as sent in telegram 535 from Bucharest, January 30.", ["76BUCHAREST535"]),
    ("telegrams 3546 and 3547 from Moscow, July 16", ["75MOSCOW3546", "75MOSCOW3547"]),
    ("USUN 6112 OF 1974", ["74USUN6112"]),
    ("Embassy Manila to Department of State, Telegram 07657, June 27, 1974, D740169-1020", ["74MANILA7657"]),
    ("telegram 77 from Quito, D780012-0033", ["78QUITO77"]),
    ("1979MEXICO 12752; 1974KA-BUL07553; 09TUNIS492; 1974KIN-\nSHASA00012", ["79MEXICO12752", "74KABUL7553", "09TUNIS492", "74KINSHASA12"]),
    ("Telegram 252899, State to Jakarta, 23 October 1975", ["75STATE252899"]),
    ("Ankara 8852, Dec 2002", ["02ANKARA8852"]),
    ("STATE 038356, 20 Feb 76", ["76STATE38356"]),
    ("telegram 1234 from Beijing, May 3, 1975", ["75PEKING1234"]),
    ("telegram number 1234 of July 3, 1975, from the Consulate General in Jerusalem", ["75JERUSALEM1234"]),
]  # fmt: skip


SHAPES = [  # as editors and scholars vary them; all tell their year
    ("telegram 12 from Quito, 3 May 74", ["74QUITO12"]),
    ("Tel. No. 1,372 fm Quito, May 3rd, 1974", ["74QUITO1372"]),
    ("EMBTEL 545, QUITO, 3 MAY 1974", ["74QUITO545"]),
    ("Quito 545, 3.5.1974; Lima 546, 23/5/74; Bonn 547, 5/23/1974; Oslo 548, 030915Z MAY 74",
     ["74QUITO545", "74LIMA546", "74BONN547", "74OSLO548"]),
    ("telegram 545 from Quito, May 33, 1974", ["74QUITO545"]),
    ("telegram 545 from Quito, Febuary 3, 1974", ["74QUITO545"]),
    ("telegram from Quito 545, May 3, 1974", ["74QUITO545"]),
    ("Embassy Quito to State, cable 70, 1974", ["74QUITO70"]),
    ("telegrams 1960 and 1975 from Quito, May 3, 1974", ["74QUITO1960", "74QUITO1975"]),
    ("Quito to State, 545, May 3, 1974", ["74QUITO545"]),
    ("SecState to Amembassy Quito, no. 25289, 12 March 1974", ["74STATE25289"]),
    ("Cable, Quito 545 to State, May 3, 1974", ["74QUITO545"]),
    ("Amembassy Quito, Telegram 545 to Department of State, May 3, 1974", ["74QUITO545"]),
    ("U.S. Embassy (Quito) to Department of State, telegram #545, 12 March 1974", ["74QUITO545"]),
    ("Adler to Embassy Quito, State 25289, 12 March 1974", ["74STATE25289"]),
    ("American Embassy in Quito to Secretary of State, “Fish,” May 3, 1974, telegram number 545.", ["74QUITO545"]),
    ("Telegram Number 545, Quito, March 12, 1974", ["74QUITO545"]),
    ("Telegram From the Embassy in Ecuador to the Department of State, Quito, May 3, 1974, 0915Z. 545. Fish.", ["74QUITO545"]),
    ("The Embassy in Quito reported in telegram 545, May 3, 1974, that fish rose.", ["74QUITO545"]),
    ("In telegram 545, May 3, 1974, the Embassy in Quito reported that fish rose.", ["74QUITO545"]),
    ("In telegram 25289 of May 3, 1974, the Department told the Embassy in Ecuador to wait.", ["74STATE25289"]),
    ("The Department informed the Embassy in Quito in telegram 25289, May 3, 1974", ["74STATE25289"]),
    ("circular telegram 25289, May 3, 1974", ["74STATE25289"]),
    ("Telegrams 545 from Quito, May 3; 2033 from La Paz, May 4; and 600 from Lima, May 4, 1974",
     ["74QUITO545", "74LAPAZ2033", "74LIMA600"]),
    ("telegrams 545 from Quito, December 30, and 600 from Lima, January 4, 1975", ["74QUITO545", "75LIMA600"]),
    ("telegrams 545 and 561 from Quito and 600 from Lima, all May 3, 1974", ["74QUITO545", "74QUITO561", "74LIMA600"]),
    ("telegrams 545 and 546 from Quito and Lima, respectively, May 3, 1974", ["74QUITO545", "74LIMA546"]),
    ("telegrams 545, 561, and 570 from Quito, May 3, 4, and 5, 1974", ["74QUITO545", "74QUITO561", "74QUITO570"]),
    ("Telegrams Quito 545, Lima 600, and La Paz 700, May 3, 1974", ["74QUITO545", "74LIMA600", "74LAPAZ700"]),
    ("Quito 545 and 546, May 3, 1974", ["74QUITO545", "74QUITO546"]),
    ("telegram 25289 to Quito, repeated to Lima, January 3, 1974", ["74STATE25289"]),
    ("Lima telegram 600 to Quito, May 3, 1974", ["74LIMA600"]),
    ("telegram 545 from the Mission to NATO, May 3, 1974", ["74NATO545"]),
    ("joint State-Defense telegram 25289 to Quito, May 3, 1974", ["74STATE25289"]),
    ("telegram 545 from the Embassy in Saudi Arabia, May 3, 1974", ["74JIDDA545"]),
    ("1974QUITO-\n00545; 19-\n74QUITO00546; 1974QUITO005-\n47", ["74QUITO545", "74QUITO546", "74QUITO547"]),
    ("Amembassy Quito to SecState, Quito 00545, 3 May 1974, 1974QUITO00545, AAD.", ["74QUITO545"]),
    ("telegrams 545 (May 3), 546 (May 4), and 547 (May 5) from Quito, 1974", ["74QUITO545", "74QUITO546", "74QUITO547"]),
    ("telegrams 545 (May 3) and 546 (May 4), 1974, from Quito", ["74QUITO545", "74QUITO546"]),
    ("telegrams 545 (May 3, 1974) and 546 (May 4, 1975) from Quito", ["74QUITO545", "75QUITO546"]),
    ("telegrams 545, May 3, and 546, May 4, from Quito, 1974", ["74QUITO545", "74QUITO546"]),
    ("telegrams 545 of December 30 and 46 of January 4, 1975, from Quito", ["74QUITO545", "75QUITO46"]),
    ("telegrams 545 (May 3) from Quito and 600 (May 4) from Lima, 1974", ["74QUITO545", "74LIMA600"]),
    ("telegrams from Quito 545 (May 3) and 546 (May 4), 1974", ["74QUITO545", "74QUITO546"]),
    ("Quito telegrams 545 (May 3) and 546 (May 4), 1974", ["74QUITO545", "74QUITO546"]),
    ("Quito 545 (May 3) and 546 (May 4), 1974; Lima 600, May 5, 1975", ["74QUITO545", "74QUITO546", "75LIMA600"]),
    ("telegrams 25289 (May 3) and 25290 (May 4) to Quito and Lima, 1974", ["74STATE25289", "74STATE25290"]),
    ("telegram 25289 to Quito and Lima, May 3, 1974", ["74STATE25289"]),
    ("telegram 545 from Quito to Lima and La Paz, May 3, 1974", ["74QUITO545"]),
    ("telegram 545 from Quito, Ecuador, and its reply, May 3, 1974", ["74QUITO545"]),
    ("telegram 545 from Quito, May 3, 1974, and Lima agreed.", ["74QUITO545"]),
    ("74 Quito 545", ["74QUITO545"]),
    ("74 Quito 545\n75 Lima 600", ["74QUITO545", "75LIMA600"]),
    ("telegram 545 from Quito, 1974", ["74QUITO545"]),
    ("See 74 Quito 00545 and 75 La Paz 600; 77 Dar es Salaam 12", ["74QUITO545", "75LAPAZ600", "77DARESSALAAM12"]),
    ("telegram 74 Quito 545, May 3, 1974", ["74QUITO545"]),
    ("Telegram Tosec 190010/181062 to the Secretary’s delegation, July 19, 1976", ["76STATE181062"]),
    ("Telegram 181062/Tosec 190010, July 19, 1976; State 181063 (Tosec 190011), July 20, 1976", ["76STATE181062", "76STATE181063"]),
    ("Tosec 12/181062, July 19, 1976", ["76STATE181062"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("note", "posts"),
    [
        ("telegram 545 from Quito and Lima, May 3, 1974", ["QUITO", "LIMA"]),
        ("telegram 545 from Quito/Lima, May 3, 1974", ["QUITO", "LIMA"]),
        ("telegram 545 from Quito, Lima, and La Paz, May 3, 1974", ["QUITO", "LIMA", "LAPAZ"]),
        ("telegram 545 from Quito and Lima, 1974", ["QUITO", "LIMA"]),
        ("telegram 545 from Quito or Lima, May 3, 1974", ["QUITO", "LIMA"]),
        ("telegram 545 from Quito (and Lima), May 3, 1974", ["QUITO", "LIMA"]),
        ("telegram 545 from Quito & Lima to the Department, May 3, 1974", ["QUITO", "LIMA"]),
        ("telegram 545, May 3, 1974, from Quito and Lima", ["QUITO", "LIMA"]),
        ("telegram 545 from the Embassies in Ecuador and Peru, May 3, 1974", ["QUITO", "LIMA"]),
        ("telegram 545 from the Embassy in Ecuador and the Embassy in Peru, May 3, 1974", ["QUITO", "LIMA"]),
        ("telegram 545 to Bonn from Quito and Lima, May 3, 1974", ["QUITO", "LIMA"]),
        ("telegram 545 to Bonn and Oslo from Quito and Lima, May 3, 1974", ["QUITO", "LIMA"]),
        ("Quito/Lima telegram 545, May 3, 1974", ["QUITO", "LIMA"]),
        ("Quito and La Paz telegram 545, May 3, 1974", ["QUITO", "LAPAZ"]),
        ("La Paz and Quito 545, May 3, 1974", ["LAPAZ", "QUITO"]),
        ("Quito, La Paz, and Lima telegram 545, May 3, 1974", ["QUITO", "LAPAZ", "LIMA"]),
        ("Embassy Quito and Embassy Lima to Department of State, Telegram 545, May 3, 1974", ["QUITO", "LIMA"]),
        ("Telegram 545, Quito and Lima to State, May 3, 1974", ["QUITO", "LIMA"]),
        ("Telegram 545, Quito and Lima, May 3, 1974", ["QUITO", "LIMA"]),
        ("The Embassies in Quito and Lima reported in telegram 545, May 3, 1974, that fish rose.", ["QUITO", "LIMA"]),
    ],
)
def test_a_number_that_several_posts_may_have_sent_is_nobodys(note, posts):
    found = cl.find(cl.Corpus({}), note).row(0, named=True)
    assert (found["cable"], found["certain"], found["post"], found["year"]) == (None, False, None, 1974)
    assert sorted(found["candidates"]) == sorted(f"74{post}545" for post in posts)
    assert "posts are named" in found["why"]


def test_each_number_of_several_posts_has_the_candidates_of_all(corpus):
    found = cl.find(corpus, "telegrams 4687 and 4690 from Quito and Lima, September 28, 1974")
    assert found["cable"].to_list() == [None, None]
    assert found["candidates"].to_list() == [["74QUITO4687", "74LIMA4687"], ["74QUITO4690", "74LIMA4690"]]
    day = cl.find(corpus, "Telegram, Lima and Oslo to Kissinger, September 28, 1974").row(0, named=True)
    assert (day["cable"], day["candidates"]) == (None, ["74LIMA4687"])


@pytest.mark.parametrize(("note", "ids"), SHAPES)
def test_shapes_vary(note, ids):
    assert cl.find(cl.Corpus({}), note)["cable"].to_list() == ids


@pytest.mark.parametrize(("note", "ids"), NOTES)
def test_notes_give_their_ids(note, ids):
    assert cl.find(cl.Corpus({}), note, year=1975)["cable"].to_list() == ids


def test_a_page_of_notes_keeps_its_order_and_places():
    page = " ".join(f"{n}. {note}" if note.endswith(".") else f"{n}. {note}." for n, (note, _) in enumerate(NOTES))
    found = cl.find(cl.Corpus({}), page, year=1975)
    assert found["citation"].to_list() == list(range(1, found.height + 1))
    assert found["start"].is_sorted()
    for cited, start, end in found.select("cited", "start", "end").iter_rows():
        assert cited == " ".join(page[start:end].split())
    assert {i for _, ids in NOTES for i in ids if i[:2] != "75"} - set(found["cable"]) == set()


@pytest.mark.parametrize(
    "note",
    [
        "In the winter of 1975 London 1975 was cold.", "a cable car of 1974", "Tosec 15, January 5, 1974", "24 STATE 12",
        "telegram 12 from Nowhereville, May 3, 1975", "Despatch 12 from London, 5 May 1950", "Airgram A-123 from Quito, June 3, 1973",
        "Telegram 12 from the CIA Station in Quito, May 3, 1971", "CIA, cable 1234 from Quito, May 3, 1971", "telegram WH40123 to Quito, May 3, 1974",
        "The British Embassy in Quito, telegram 1234 to FCO, May 3, 1974", "Telegram 77 from Quito (FCO 33/2213), 3 May 1973",
        "Lima 300 Peruvians, May 3, 1974", "London 2000 people met on May 4, 1974", "75STATE\n13. Another note.", "Ibid., March 12, 1974",
        "The Embassy in Quito was told in telegram 3546, July 16, 1971", "Deptel 54 to Quito, May 3, 1963", "telegram Tosec 40 to Quito, May 3, 1974",
        "telegrams 545, 546, and 547 from Quito and Lima, respectively, May 3, 1974", "Foreign Relations, 1969–1976, vol. XXI, Document 324.",
        "Manila to State, telegram 07657, 27 June 1975, D740169-1020",
        "In 74 London 545 people met", "May 5, 74 Quito 545", "On 12 Quito 545", "73 Quito 545, May 3\n74 Quito 546, May 4", "74 London 1975",
        "telegrams 545 (May 3) and 546 (May 4) from Quito", "telegrams 545 (May 3) and 546 (May 4), 1974", "Tosec 15/16, May 3, 1974",
        "Tosec 150123/101234Z, May 5, 1974", "telegram Secto 15/545 from Quito, May 3, 1974",
    ],
)  # fmt: skip
def test_nothing_is_invented(note):
    assert cl.find(cl.Corpus({}), note)["cable"].drop_nulls().to_list() == []


def test_a_year_does_not_reach_into_the_next_note():
    found = cl.find(cl.Corpus({}), "1. Telegram 12 from Oslo, May 3, 1975.\n2. Telegram 13 from Oslo, May 4.")
    assert found["cable"].to_list() == ["75OSLO12", None]


def test_without_a_year_no_id_is_given(corpus):
    found = cl.find(corpus, "telegram 12 from Oslo").row(0, named=True)
    assert (found["cable"], found["candidates"], found["certain"]) == (None, ["75OSLO12"], False)
    assert cl.find(corpus, "telegram 13 from Oslo")["cable"].item() is None


def test_a_held_cable_of_that_day_decides_the_year(corpus):
    found = cl.find(corpus, "telegram 5120 from Oslo, December 30", year=1975).row(0, named=True)
    assert (found["cable"], found["year_from"], found["certain"], found["held"]) == ("74OSLO5120", "held", True, True)


def test_a_misprinted_day_is_told(corpus):
    found = cl.find(corpus, "telegram 4687 from Lima, September 18, 1974").row(0, named=True)
    assert found["cable"] == "74LIMA4687"
    assert not found["certain"]
    assert "misprinted" in found["why"]


@pytest.mark.parametrize(
    ("note", "cable", "candidates"),
    [
        ("Telegram, Adler to Kissinger, “Fish,” September 28, 1974, NARA.", "74LIMA4687", ["74LIMA4687"]),
        ("Telegram, AmEmb Lima (Adler) to Kissinger, September 28, 1974", "74LIMA4687", ["74LIMA4687"]),
        ("Telegram, Kissinger to AmEmb, Lima, April 25, 1974, Ibid.", None, ["74STATE84285", "74STATE84290"]),
        ("Telegram, Kissinger to Emb Oslo, et al., April 25, 1974", "74STATE84291", ["74STATE84291"]),
        ("Telegram, Nobody to Kissinger, September 28, 1974", None, []),
        ("Telegram AmEmb Peru to Department of State, 5 September 1970", None, []),
    ],
)
def test_sender_addressee_and_day(corpus, note, cable, candidates):
    found = cl.find(corpus, note).row(0, named=True)
    assert (found["cable"], found["candidates"], found["certain"]) == (cable, candidates, False)


def test_the_documents_heading_tells_whose_embtel():
    heading = "Telegram From the Embassy in Germany to the Department of State"
    assert cl.find(cl.Corpus({}), "Embtel 1924", 1964, context=heading)["cable"].item() == "64BONN1924"
    assert cl.find(cl.Corpus({}), f"{heading}. Embtel 1924", 1964)["cable"].to_list() == ["64BONN1924"]
    assert cl.find(cl.Corpus({}), "Embtel 1924", 1964)["cable"].item() is None
    deptel = cl.find(cl.Corpus({}), "Deptel 146", 1961, context="Embassy in Vietnam to Department of State").row(
        0, named=True
    )
    assert (deptel["cable"], deptel["candidates"]) == (None, ["61STATE146"])


def test_countries_stand_for_their_embassies():
    assert [embassy_of("Kazakhstan", y) for y in (2003, 2008)] == ["ALMATY", "ASTANA"]
    assert embassy_of("Chile", 1974) == "SANTIAGO"
    assert party("the Department of State", 1974).post == "STATE"
    assert not party("President Example of Ruritania and many others besides", 1974)


def test_a_film_number_of_another_year_leaves_two_candidates(corpus):
    note = "telegram 5120 from Oslo, December 30, {}, D740377-0012"
    assert cl.find(corpus, note.format(1974)).select("cable", "certain").row(0) == ("74OSLO5120", True)
    found = cl.find(cl.Corpus({}), "telegram 5120 from Oslo, June 30, 1976, D740377-0012").row(0, named=True)
    assert (found["cable"], found["candidates"]) == (None, ["76OSLO5120", "74OSLO5120"])
    held = cl.find(corpus, "telegram 4687 from Lima, September 28, 1976, D740377-0012").row(0, named=True)
    assert (held["cable"], held["year_from"], held["certain"]) == ("74LIMA4687", "held", True)


def test_a_held_cable_of_another_year_makes_a_printed_one_doubtful(corpus):
    found = cl.find(corpus, "telegram 4687 from Lima, September 28, 1976").row(0, named=True)
    assert (found["cable"], found["candidates"]) == (None, ["76LIMA4687", "74LIMA4687"])
    assert "misprinted" in found["why"]


@pytest.mark.parametrize(
    "note", ["Telegram to Kissinger, September 28, 1974", "Telegram, Adler to Kissinger, September 27, 1974"]
)
def test_a_cable_that_may_be_another_is_a_candidate_only(corpus, note):
    found = cl.find(corpus, note).row(0, named=True)
    assert found["cable"] is None
    assert "74LIMA4687" in found["candidates"]


@pytest.mark.parametrize(
    "part",
    ["telegram ", "telegram 12, ", "12, 12, ", "Lima 12, ", "to Lima, ", "The Embassy in Lima reported ", "12 (May 3), ", "Lima/", "74 Lima 12\n"],
)  # fmt: skip
def test_a_page_of_anything_is_read_in_linear_time(part):
    calls = []
    for size in (10_000, 40_000):
        profile = cProfile.Profile()
        profile.runcall(cl.find, cl.Corpus({}), part * (size // len(part)), 1974)
        calls.append(sum(entry.callcount for entry in profile.getstats()))
    assert calls[1] < 6 * calls[0]


def test_an_empty_note_is_refused():
    with pytest.raises(InvalidQuery, match="Give a footnote"):
        cl.find(cl.Corpus({}), "  ")


@pytest.mark.skipif(not FOOTNOTES.is_file(), reason="real footnotes lie outside the project")
def test_real_footnotes_give_no_wrong_id():
    right, wrong, numbered = 0, [], 0
    for row in csv.DictReader(FOOTNOTES.read_text(encoding="utf-8").splitlines(), delimiter="\t"):
        year = re.search(r"(?:19|20)\d\d", row["context"] or "")
        found = cl.find(cl.Corpus({}), row["string"], int(year[0]) if year else None, context=row["context"] or None)
        got, want = found["cable"].drop_nulls().to_list(), row["ids"].split()
        numbered += any(re.sub(r"^\d\d[A-Z]+", "", w) in row["string"].replace(",", "") for w in want)
        right += sorted(got) == sorted(want)
        wrong += [(row["n"], g) for g in got if g not in want]
    assert wrong == []
    assert right >= numbered - 1  # the one left: a Deptel, whose id is not unique
