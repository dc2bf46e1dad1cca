"""From captures to frames: ids, dates, copies, inference, references and problems; all messages are invented."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import polars as pl
import pytest

import cablelab as cl
from cablelab.corpus import Corpus
from cablelab.errors import InvalidDate, NothingToRead
from cablelab.frames import SCHEMAS


def message(
    number: int = 12,
    post: str = "OSLO",
    *,
    level: str = "UNCLAS",
    dtg: str | None = "R 031154Z MAR 07",
    refs: str = "",
    tags: str = "EFIS, NO",
    serial: int | None = None,
    text: str = "1. Catches fell.\n\n2. Ships came.",
) -> str:
    origin = f"DE RUEHNY #{serial:04d} 0621154\n" if serial else ""
    header = f"{origin}{dtg}\nFM AMEMBASSY {post}\nTO RUEHC/SECSTATE WASHDC 1307\n\n" if dtg else ""
    ref = f"REF: {refs}\n\n" if refs else ""
    return f"{header}{level} {post} {number:06d}\n\nSIPDIS\n\nE.O. 12958: N/A\nTAGS: {tags}\nSUBJECT: FISH\n\n{ref}{text}\n\nQUILL\n"


def page(
    body: str,
    cable: str = "07OSLO12",
    created: str = "Sat Mar 03 11:54:00 +0000 2007",
    level: str = "UNCLASSIFIED",
) -> str:
    """A publisher's record around a message: five lines, then the text."""
    return f"{cable}\nFISH\n{created}\n{level}\nEmbassy Oslo\n{body}"


def one(corpus: Corpus) -> dict[str, object]:
    return corpus.cables.row(0, named=True)


def codes(corpus: Corpus) -> list[str]:
    return sorted(corpus.problems["code"].to_list())


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


# ---- frames ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("texts", [[], [message()], [message(), message(13, refs="OSLO 12")]])
def test_every_frame_has_its_schema_whatever_is_read(texts):
    corpus = cl.parse(texts)
    for name, schema in SCHEMAS.items():
        assert dict(getattr(corpus, name).schema) == {k: pl.Schema({k: v})[k] for k, v in schema.items()}, name


def test_counts_agree_across_frames():
    corpus = cl.parse(message(refs="A. STATE 7 B. OSLO 9"))
    r = one(corpus)
    assert r["paragraphs"] == corpus.paragraphs.height == 2
    assert r["words"] == sum(len(t.split()) for t in corpus.paragraphs["text"])
    assert r["tags"] == corpus.tags["tag"].to_list()
    assert corpus.references["position"].to_list() == [0, 1]


def test_a_text_without_words_is_refused():
    with pytest.raises(NothingToRead, match=r"cl\.parse was given nothing to read"):
        cl.parse(" \n")
    assert cl.parse([message(), " \n"]).cables.height == 2


def test_sources_of_texts_are_numbered_and_hashed():
    corpus = cl.parse([message(), message(13)])
    assert corpus.cables["source"].to_list() == ["text-0", "text-1"]
    assert corpus.cables["sha256"].n_unique() == 2
    assert set(corpus.cables["sha256"].str.len_bytes()) == {64}
    assert cl.parse(message()).cables["source"].to_list() == ["text-0"]


# ---- when it was sent -----------------------------------------------------------------------------------------------------------


def test_the_date_time_group_is_the_date():
    r = one(cl.parse(message()))
    assert (r["sent"], r["sent_from"], r["year"]) == (datetime(2007, 3, 3, 11, 54, tzinfo=UTC), "dtg", 2007)


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (date(2007, 3, 3), datetime(2007, 3, 3, tzinfo=UTC)),
        (datetime(2007, 3, 3, 9, 30), datetime(2007, 3, 3, 9, 30, tzinfo=UTC)),
        (datetime(2007, 3, 3, 9, 30, tzinfo=UTC), datetime(2007, 3, 3, 9, 30, tzinfo=UTC)),
        (datetime(2007, 3, 3, 1, 30, tzinfo=timezone(timedelta(hours=5))), datetime(2007, 3, 2, 20, 30, tzinfo=UTC)),
        (datetime(2006, 12, 31, 22, tzinfo=timezone(timedelta(hours=-5))), datetime(2007, 1, 1, 3, tzinfo=UTC)),
    ],
)
def test_a_fallback_date_is_taken_in_utc(given, sent):
    r = one(cl.parse(message(dtg=None), sent=given))
    assert (r["sent"], r["sent_from"], r["cable"], r["cable_from"]) == (sent, "page", "07OSLO12", "message")


def test_a_list_of_dates_goes_with_the_messages():
    corpus = cl.parse(
        [message(dtg=None), message(13, dtg=None), message(14, dtg=None)],
        sent=[date(2005, 1, 2), None, date(2006, 3, 4)],
    )
    assert corpus.cables["year"].to_list() == [2005, None, 2006]
    assert corpus.cables["cable"].to_list()[::2] == ["05OSLO12", "06OSLO14"]


def test_one_date_is_for_every_message():
    assert cl.parse([message(dtg=None), message(13, dtg=None)], sent=date(2005, 1, 2)).cables["year"].to_list() == [
        2005,
        2005,
    ]


@pytest.mark.parametrize("sent", [[date(2007, 1, 1)], [date(2007, 1, 1)] * 3, ["2007-01-01", None], ["x", "y"]])
def test_dates_that_do_not_go_with_the_messages_are_refused(sent):
    with pytest.raises(InvalidDate):
        cl.parse([message(dtg=None), message(13, dtg=None)], sent=sent)


def test_the_group_of_the_message_outweighs_a_fallback():
    corpus = cl.parse(message(), sent=date(2007, 12, 31))
    assert (one(corpus)["sent_from"], codes(corpus)) == ("dtg", [])


def test_a_fallback_of_another_year_is_a_problem_but_does_not_replace_the_group():
    corpus = cl.parse(message(), sent=date(2009, 3, 3))
    assert (one(corpus)["sent_from"], one(corpus)["year"], codes(corpus)) == ("dtg", 2007, ["dates-differ"])


def test_an_undated_message_has_no_date():
    r = one(cl.parse(message(dtg=None)))
    assert (r["sent"], r["sent_from"], r["year"]) == (None, "none", None)


def test_an_impossible_group_is_a_problem_and_the_fallback_is_taken():
    corpus = cl.parse(message(dtg="R 310299Z FEB 07"), sent=date(2007, 3, 3))
    assert one(corpus)["sent_from"] == "page"
    assert codes(corpus) == ["impossible-dtg"]


# ---- which cable it is ----------------------------------------------------------------------------------------------------------


def test_an_id_from_the_page(tmp_path):
    corpus = cl.read(write(tmp_path, any=page(message())))
    r = one(corpus)
    assert (r["cable"], r["cable_from"], r["message_id"]) == ("07OSLO12", "page", "07OSLO12")
    assert codes(corpus) == []


def test_an_id_from_the_message(tmp_path):
    r = one(cl.read(write(tmp_path, any=message())))
    assert (r["cable"], r["cable_from"], r["post"], r["year"], r["number"]) == ("07OSLO12", "message", "OSLO", 2007, 12)


@pytest.mark.parametrize("stem", ["07OSLO12", "07oslo12", "2007OSLO00012", "07-OSLO-12"])
def test_an_id_from_the_file_name(tmp_path, stem):
    r = one(cl.read(write(tmp_path, **{stem: message(dtg=None)})))
    assert (r["cable"], r["cable_from"], r["message_id"], r["year"]) == ("07OSLO12", "filename", None, 2007)


def test_a_file_name_that_names_another_number_is_no_id(tmp_path):
    r = one(cl.read(write(tmp_path, **{"07OSLO99": message(dtg=None)})))
    assert r["cable_from"] == "none"


def test_a_message_without_any_id_gets_one_from_its_text_and_a_problem():
    corpus = cl.parse("1. Catches fell.\n\n2. Ships came.")
    again = cl.parse("1. Catches fell.\n\n2. Ships came.")
    key = one(corpus)["cable"]
    assert isinstance(key, str)
    assert key.startswith("unidentified-")
    assert len(key) == 25
    assert one(again)["cable"] == key
    assert codes(corpus) == ["unidentified"]
    assert corpus.problems["cable"].to_list() == [key]


def test_a_post_that_the_tables_do_not_know_still_makes_an_id():
    assert one(cl.parse(message(post="PORT KESTREL")))["cable"] == "07PORTKESTREL12"


# ---- contradictions -------------------------------------------------------------------------------------------------------------


def test_a_page_that_names_another_cable_is_a_problem(tmp_path):
    corpus = cl.read(write(tmp_path, any=page(message(), cable="07OSLO13")))
    assert (one(corpus)["cable"], one(corpus)["message_id"], codes(corpus)) == ("07OSLO13", "07OSLO12", ["ids-differ"])


def test_a_page_with_another_level_is_a_problem_and_the_message_is_right(tmp_path):
    corpus = cl.read(write(tmp_path, any=page(message(level="S E C R E T"), level="CONFIDENTIAL")))
    assert (one(corpus)["classification"], codes(corpus)) == ("SECRET", ["classifications-differ"])


def test_a_page_with_a_malformed_id_is_a_problem_and_the_id_is_mended(tmp_path):
    corpus = cl.read(write(tmp_path, any=page(message(), cable="07EFTOOSLO12")))
    assert (one(corpus)["cable"], codes(corpus)) == ("07OSLO12", ["malformed-id"])


def test_a_page_with_another_day_is_a_problem_and_the_group_is_right(tmp_path):
    corpus = cl.read(write(tmp_path, any=page(message(), created="Fri Mar 09 11:54:00 +0000 2007")))
    assert (one(corpus)["sent_from"], codes(corpus)) == ("dtg", ["dates-differ"])


def test_a_serial_that_is_not_the_number_is_a_problem():
    assert codes(cl.parse(message(serial=13))) == ["serials-differ"]
    assert codes(cl.parse(message(serial=12))) == []
    assert codes(cl.parse(message(143552, post="STATE", serial=3552))) == []


def test_where_the_class_line_lost_digits_the_serial_tells_what_the_post_had_reached():
    damaged = cl.parse(message(40, serial=401, refs="A) OSLO 369 B) OSLO 455"))
    assert damaged.references["target"].to_list() == ["07OSLO369", "06OSLO455"]
    assert codes(damaged) == ["reference-ahead", "serials-differ"]


def test_zeros_in_the_place_of_a_serial_are_none():
    assert cl.parse(message().replace("1307", "0000")).addressees["serial"].to_list() == [None, None]


def test_problems_name_source_code_and_cure(tmp_path):
    (tmp_path / "empty.txt").write_text("")
    write(tmp_path, any=message(dtg=None))
    corpus = cl.read(tmp_path)
    assert corpus.cables.height == 1
    assert corpus.problems.height == 2
    for row in corpus.problems.iter_rows(named=True):
        assert row["source"].endswith(".txt")
        assert row["code"]
        assert len(row["message"]) > 20
    assert corpus.problems.filter(pl.col("source").str.contains("empty"))["cable"].to_list() == [None]


# ---- copies ---------------------------------------------------------------------------------------------------------------------

SHORT = message(text="1. Catches fell.")
FULL = message(text="1. Catches fell.\n\n2. Ships came.\n\n3. Prices rose in the summer.")


@pytest.mark.parametrize("order", [[SHORT, FULL], [FULL, SHORT]])
def test_the_fullest_copy_is_the_row_and_the_others_stand_behind_it(order):
    corpus = cl.parse(order)
    assert corpus.cables["cable"].to_list() == ["07OSLO12"]
    assert one(corpus)["paragraphs"] == 3
    assert corpus.copies.select("preferred", "paragraphs").rows() == [("07OSLO12", 1)]
    assert corpus.copies["text"].to_list() == [SHORT]
    assert corpus.texts["text"].to_list() == [FULL]
    assert corpus.paragraphs.height == 3
    assert corpus.tags.height == 2


def test_an_extract_is_never_preferred_to_the_whole():
    notice = "This record is a partial extract of the original cable. The full text of the original cable is not available.\n\n"
    corpus = cl.parse([notice + FULL, SHORT])
    assert not one(corpus)["partial"]
    assert corpus.copies["partial"].to_list() == [True]


def test_of_equal_copies_the_first_is_the_row():
    corpus = cl.parse([FULL, FULL + "\n"])
    assert one(corpus)["source"] == "text-0"
    assert corpus.copies["source"].to_list() == ["text-1"]


def test_copies_of_an_unidentified_message_fall_together():
    corpus = cl.parse(["1. Catches fell.\n\n2. Ships came."] * 3)
    assert (corpus.cables.height, corpus.copies.height) == (1, 2)


# ---- inference across the corpus ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [1, -1])
def test_an_undated_copy_gets_its_year_from_the_one_cable_that_names_it(order):
    undated = message(3112, post="ALMATY", dtg=None, refs="STATE 143552")
    citing = message(3256, post="ASTANA", refs="A. 05 ALMATY 3112 B. 06 ASTANA 891")
    corpus = cl.parse([undated, citing][::order])
    r = corpus.cables.row(by_predicate=pl.col("number") == 3112, named=True)
    assert (r["cable"], r["cable_from"], r["message_id"], r["year"]) == (
        "05ALMATY3112",
        "inferred",
        "05ALMATY3112",
        2005,
    )
    own = corpus.references.filter(pl.col("cable") == "05ALMATY3112")
    assert own["target"].to_list() == ["05STATE143552"]
    assert corpus.references.filter("held").select("cable", "target").rows() == [("07ASTANA3256", "05ALMATY3112")]
    assert codes(corpus) == []


def test_inference_goes_on_from_cable_to_cable():
    a = message(5, post="ALMATY", dtg=None)
    b = message(6, post="ASTANA", dtg=None, refs="ALMATY 5")
    c = message(7, post="BISHKEK", refs="05 ASTANA 6")
    assert sorted(cl.parse([a, b, c]).cables["cable"]) == ["05ALMATY5", "05ASTANA6", "07BISHKEK7"]


def test_two_years_for_one_number_are_no_inference():
    undated = message(3112, post="ALMATY", dtg=None)
    corpus = cl.parse(
        [undated, message(1, post="ASTANA", refs="05 ALMATY 3112"), message(2, post="ASTANA", refs="06 ALMATY 3112")]
    )
    assert corpus.cables["cable_from"].to_list().count("none") == 1
    assert codes(corpus) == ["unidentified"]


def test_inference_may_make_two_copies_of_one_cable():
    undated, dated = message(12, dtg=None, text="1. Catches fell."), message(12)
    corpus = cl.parse([undated, dated, message(13, refs="07 OSLO 12")])
    assert sorted(corpus.cables["cable"]) == ["07OSLO12", "07OSLO13"]
    assert corpus.copies.height == 1


# ---- references and tags --------------------------------------------------------------------------------------------------------


def test_references_without_a_year_are_of_the_citing_cables_year():
    corpus = cl.parse([message(refs="A. STATE 7 B. 05 OSLO 8 C. QUILL E-MAIL"), message(8, dtg="R 031154Z MAR 05")])
    found = corpus.references.select("label", "kind", "target", "held").rows()
    assert found == [("A", "cable", "07STATE7", False), ("B", "cable", "05OSLO8", True), ("C", "mail", None, False)]


def meant(corpus):
    return corpus.references.select("target", "year_from").rows()


def test_a_number_that_the_post_had_not_reached_is_of_the_year_before_and_a_problem():
    ahead = message(12, refs="OSLO 950")
    assert meant(cl.parse(ahead)) == [("06OSLO950", "serial")]
    assert codes(cl.parse(ahead)) == ["reference-ahead"]
    assert cl.parse([ahead, message(950, dtg="R 031154Z DEC 06")]).references["held"].to_list() == [True]


def test_no_post_abroad_numbers_a_thousand_messages_in_a_week():
    refs = "A. STOCKHOLM 1002 B. STATE 1002 C. STOCKHOLM 95"
    early = cl.parse(message(12, dtg="R 071154Z JAN 08", refs=refs))
    assert meant(early) == [
        ("07STOCKHOLM1002", "serial"),
        ("08STATE1002", "citing"),
        ("08STOCKHOLM95", "citing"),
    ]
    assert codes(early).count("reference-ahead") == 1
    later = cl.parse(message(12, dtg="R 071154Z FEB 08", refs=refs))
    assert meant(later)[0] == ("08STOCKHOLM1002", "citing")


def test_cables_of_one_day_cite_each_other_a_few_numbers_ahead():
    assert meant(cl.parse(message(12, refs="OSLO 14"))) == [("07OSLO14", "citing")]


def test_a_printed_year_stands_whatever_the_number():
    assert meant(cl.parse(message(12, refs="A. OSLO 950 (07) B. OSLO 951 3 NOV 2005"))) == [
        ("07OSLO950", "printed"),
        ("05OSLO951", "printed"),
    ]


def test_a_list_that_names_the_post_with_a_year_tells_the_year_only_where_the_number_rules_out_the_citing_one():
    assert meant(cl.parse(message(312, refs="A. 05 OSLO 950 B. OSLO 960 C. OSLO 120"))) == [
        ("05OSLO950", "printed"),
        ("05OSLO960", "list"),
        ("07OSLO120", "citing"),
    ]


def test_what_the_corpus_holds_of_another_post_rules_a_year_out():
    citing = message(12, dtg="R 031154Z DEC 07", refs="STOCKHOLM 700")
    earlier = message(12, dtg="R 031154Z FEB 07", refs="STOCKHOLM 700")
    later = message(650, post="STOCKHOLM", dtg="R 031154Z OCT 07")
    assert meant(cl.parse([earlier, later])) == [("06STOCKHOLM700", "serial")]
    assert meant(cl.parse([citing, later])) == [("07STOCKHOLM700", "citing")]
    # a cable of that post that was sent by then and has as high a number shows that the number had been reached
    reached = message(705, post="STOCKHOLM", dtg="R 031154Z JAN 07")
    assert meant(cl.parse([earlier, later, reached])) == [("07STOCKHOLM700", "citing")]


def test_a_cable_is_no_reference_of_itself():
    assert meant(cl.parse(message(12, refs="A. STATE 7 B. OSLO 12"))) == [("07STATE7", "citing")]
    assert meant(cl.parse(message(12, refs="06 OSLO 12"))) == [("06OSLO12", "printed")]


def test_a_reference_of_an_undated_cable_has_the_inferred_year_and_what_tells_it():
    undated = message(312, dtg=None, refs="A. OSLO 950 B. OSLO 11")
    corpus = cl.parse([undated, message(1, post="STOCKHOLM", refs="05 OSLO 312")])
    assert meant(corpus)[:2] == [("04OSLO950", "serial"), ("05OSLO11", "citing")]


def test_run_together_tags_are_cut_apart():
    corpus = cl.parse(message(tags="PRELECON, NO"))
    assert corpus.tags["tag"].to_list() == ["PREL", "ECON", "NO"]
    assert corpus.cables["tags"].to_list() == [["PREL", "ECON", "NO"]]
    assert corpus.tags["position"].to_list() == [0, 1, 2]


@pytest.mark.parametrize("beside", ["PREL", "PRELPGOV"])
def test_code_printed_twice_is_one_row_whatever_else_is_read(beside):
    written = "UNCLAS OSLO {:06}\n\nTAGS: {}\nSUBJECT: NETS\n\n1. Nets were mended.\n"
    corpus = cl.parse([written.format(1, "EFIS, NO, EFIS"), written.format(2, beside)], sent=date(2007, 1, 3))
    first = corpus.tags.filter(pl.col("cable") == "07OSLO1")
    assert first.select("position", "tag").rows() == [(0, "EFIS"), (1, "NO")]


def test_words_that_no_table_knows_stay_tags_of_unknown_kind():
    tags = cl.parse(message(tags="EFIS, HERRINGS")).tags
    assert tags.filter(pl.col("tag") == "HERRINGS")["kind"].to_list() == ["unknown"]


def test_reading_files_and_parsing_their_texts_agree(tmp_path):
    texts = [message(), message(13, refs="OSLO 12"), message(14, post="STOCKHOLM", level="S E C R E T")]
    read = cl.read(write(tmp_path, **{f"n{i}": t for i, t in enumerate(texts)}))
    parsed = cl.parse(texts)
    apart = ["source", "sha256", "format"]
    assert read.cables.drop(apart).equals(parsed.cables.drop(apart))
    for name in ("texts", "spans", "paragraphs", "tags", "references", "addressees"):
        assert getattr(read, name).equals(getattr(parsed, name)), name


def test_the_copy_that_hides_least_stands_for_the_cable_unless_it_is_a_part():
    head = "UNCLAS OSLO 000012\n\nSUBJECT: FISH\n\n"
    body = " ".join(f"Catch number {n} fell again this year." for n in range(12))
    hidden = f"{head}1. Minister XXXXXXXXXXXX spoke of the XXXX fleet and its new boats to the whole council. {body}\n"
    shown = f"{head}1. Minister Adler spoke of the fleet and boats to the council. {body}\n"
    part = f"{head}1. Minister Adler spoke.\n"
    corpus = cl.parse([hidden, part, shown], sent=date(2007, 3, 1))
    assert corpus.cables.select("cable", "source", "redactions").rows() == [("07OSLO12", "text-2", 0)]
    assert corpus.copies["source"].to_list() == ["text-0", "text-1"]
