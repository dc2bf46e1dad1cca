"""Properties of the parsing core that hold for any text at all."""

# ruff: noqa: E501  # the tables of pieces are read by row

from __future__ import annotations

import time
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cablelab as cl
from cablelab.frames import PARTS, REFERENCE_KINDS, ROLES
from cablelab.message import Message, parse
from cablelab.message.grammar import BLANK
from cablelab.reading.controls import MARKS

QUICK = settings(max_examples=150)

# Pieces of syntax, so that texts mixed from them reach the rules that plain noise never does.
PIECES = (
    "UNCLAS", "C O N F I D E N T I A L", "S E C R E T", "SECRET", " SECTION 01 OF 03 ", " SECTION 02 OF 03 ", " OSLO 000012", " PORT KESTREL 000012",
    "SIPDIS", "NOFORN", "SENSITIVE", "C O R R E C T E D  C O P Y", "DEPT FOR EUR/NB", "STATE PASS USTR",
    "E.O. 12958: DECL: 12/04/2017", "E.O. 12958: N/A", "EO 12356", "TAGS: ", "ELAB, EIND", "PRELECON", "OVIP (QUILL, ADA B.)", "SUBJECT: ", "SUBJ: ",
    "FISH", "REF: ", "REFTEL ", "(A) ", "B. ", "c) ", "STATE 143552", "05 OSLO 7", "09CAIRO2122", "OSLO 19, 21, 26", " AND PREVIOUS", " (NOTAL)",
    "QUILL E-MAIL", "Classified By: ", "Ambassador Ada Quill", " for reasons 1.4 (b) and (d).", "REASON: 1.5 (B)",
    "\n1. ", "\n2. ", "3.(C) ", "¶4. ", "¶B. ", "17) ", "4, ", "1.4 ", "(U) ", "(sbu ) ", "(S//NF) ", "(c", "Summary: ", "End summary.", "END \nSUMMARY",
    "Comment: ", "END COMMENT", "BEGIN NOTE", "ACTION REQUEST: ", "\n-------\n", "\n======\n", "The catch fell by 12 percent. ", "a) first; ", "- ", "-- ",
    "OSLO 00000012  002 OF 003", "PAGE 02 OSLO 00012 01 OF 02 271458Z", "VZCZCXRO2019", "RR RUEHAST RUEHBI", "DE RUEHTA #3256 3371154", "ZNY CCCCC ZZH",
    "R 031154Z DEC 07", "O P 991199Z FEB 88", "FM AMEMBASSY OSLO", "TO RUEHC/SECSTATE WASHDC PRIORITY 1307", "INFO RUCNCIS/CIS COLLECTIVE 0323",
    "XMT AMEMBASSY OSLO", "BT", "#3256", "NNNN", "QUILL", "VAN VOORST", "NOTE: NOT PASSED TO ABOVE ADDRESSEE(S)", "XXXXXXXXXXXX",
    "This record is a partial extract of the original cable. The full text of the original cable is not available.",
    "\n", "\n", "\n\n", " \n", "\r\n", "\\\n", "\t", " ", "  ", "\x00", "\x1f", "ß", "ŉ", "İ", "٣", "²", "\u2028", "\ud800", "9" * 30,
)  # fmt: skip

mixed = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)
noise = st.text(st.characters(exclude_categories=()), max_size=300)
texts = st.one_of(
    mixed, noise, st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=40).map("".join)
)


def check_message(message: Message, text: str, start: int, end: int) -> None:
    """Assert what must hold for any message parsed between two bounds."""
    spans = message.spans
    assert "".join(text[a:b] for a, b, _ in spans) == text
    assert all(a < b for a, b, _ in spans)
    assert all(before[1] == after[0] for before, after in pairwise(spans))
    assert {role for _, _, role in spans} <= set(ROLES)
    assert all(role == "chrome" for a, b, role in spans if b <= start or a >= end)
    for p in message.paragraphs:
        assert start <= p.above <= p.start < p.end <= end
        assert text[p.start].strip(BLANK)
        assert text[p.end - 1].strip(BLANK)
        assert p.part in PARTS
        assert (p.number is None) == (text[p.start] != "¶" and not text[p.start].isdecimal()) or p.number is None
        assert p.marking is None or p.marking == p.marking.upper().replace(" ", "")
        assert p.heading is None or (p.heading == p.heading.strip(" \t\n") and p.heading)
    assert all(a.end <= b.start for a, b in pairwise(message.paragraphs))
    for r in message.references:
        assert start <= r.start < r.end <= end
        assert r.kind in REFERENCE_KINDS
        assert (r.kind == "cable") == (r.post is not None)
    assert message.subject is None or (message.subject.strip() == message.subject != "" and "\n" not in message.subject)
    assert len(set(message.captions)) == len(message.captions)
    assert len(set(message.tags)) == len(message.tags)


@QUICK
@given(texts)
def test_any_text_is_cut_into_spans_that_give_it_back(text: str):
    check_message(parse(text), text, 0, len(text))


@QUICK
@given(texts, st.data())
def test_bounds_keep_all_that_is_read_inside_the_message(text: str, data: st.DataObject):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    check_message(parse(text, start, end), text, start, end)


@QUICK
@given(mixed)
def test_page_breaks_alone_cut_a_paragraph_and_its_span_ends_where_it_does(text: str):
    message = parse(text)
    roles = {(a, b): role for a, b, role in message.spans}
    for p in message.paragraphs:
        inside = [role for (a, b), role in roles.items() if a >= p.start and b <= p.end and role != "blank"]
        assert set(inside) <= {"paragraph", "page-break"}


@QUICK
@given(mixed)
def test_parsing_is_deterministic(text: str):
    assert parse(text) == parse(text)


@settings(max_examples=40)
@given(st.lists(texts.map(lambda t: t.encode("utf-8", "replace").decode()), max_size=4))
def test_frames_point_at_what_they_say(messages: list[str]):
    corpus = cl.parse(messages)
    held = corpus.texts.join(corpus.cables.select("cable", n="paragraphs"), on="cable", how="inner")
    assert held.height == corpus.cables.height == corpus.cables["cable"].n_unique()
    by_cable = dict(corpus.texts.iter_rows())
    for row in corpus.paragraphs.iter_rows(named=True):
        there = by_cable[row["cable"]][row["start"] : row["end"]]
        assert row["text"] == there.translate(str.maketrans(MARKS)) != ""
    for row in corpus.references.iter_rows(named=True):
        said = by_cable[row["cable"]][row["start"] : row["end"]]
        assert row["kind"] != "cable" or any(c.isdigit() for c in said)
    joined = corpus.spans.join(corpus.texts, on="cable").with_columns(
        piece=pl.col("text").str.slice(pl.col("start"), pl.col("end") - pl.col("start"))
    )
    for cable, text in by_cable.items():
        assert "".join(joined.filter(pl.col("cable") == cable)["piece"].to_list()) == text
    assert corpus.cables.height + corpus.copies.height == len(messages)


# ---- linear time ----------------------------------------------------------------------------------------------------------------

HEAD = "UNCLAS OSLO 000012\n\nTAGS: ELAB\nSUBJECT: FISH\n"
OPENINGS = {
    "bare": "",
    "reference": HEAD + "REF: ",
    "body": HEAD + "\n1. ",
    "by": HEAD + "CLASSIFIED BY: ",
    "header": "R 031154Z DEC 07\nFM AMEMBASSY OSLO\nTO RUEHC/",
}  # fmt: skip
REPEATED = (
    "X", "a", "9", "¶", "\"", "*", " ", "\t", "\n", " \n", "\\\n", "-", "=", ".", "(", ")", ",", "/", "- ", "X ", "1. ", "1.\n", "(C) ", "1. (C) ", "REF: ", "A. ", "(A) ",
    "OF 001 ", "PAGE 01 ", "END ", "END SUMMARY. ", "SUMMARY: ", "C O ", "UNCLAS ", "SIPDIS ", "TO ", "RUEHC/A ", "1.4 (b) ", "AND ", "OSLO 12, ", "05 OSLO 12 ",
)  # fmt: skip


def seconds(text: str) -> float:
    began = time.process_time()
    parse(text)
    return time.process_time() - began


@pytest.mark.parametrize("opening", OPENINGS)
def test_four_times_as_much_of_any_one_thing_takes_about_four_times_as_long(opening: str):
    slow = []
    for piece in REPEATED:
        lead = OPENINGS[opening]
        small, large = (lead + piece * (size // len(piece)) for size in (8_000, 32_000))
        a, b = seconds(small), seconds(large)
        if b > 0.08 and b / a > 6:  # once more, should the machine have been busy
            a, b = min(a, seconds(small)), min(b, seconds(large))
            if b / a > 6:
                slow.append((piece, round(a, 3), round(b, 3)))
    assert slow == []


@pytest.mark.parametrize("piece", ["X", "1. ", "REF: ", "- ", "¶", " ", "PAGE 01 ", "END "])
def test_a_line_of_one_megabyte_takes_about_four_times_as_long_as_a_quarter_of_it(piece: str):
    small, large = (HEAD + "\n1. " + piece * (size // len(piece)) for size in (250_000, 1_000_000))
    a, b = seconds(small), seconds(large)
    if b > 0.2 and b > 7 * a:  # once more, should the machine have been busy
        a, b = min(a, seconds(small)), min(b, seconds(large))
        assert b <= 7 * a
