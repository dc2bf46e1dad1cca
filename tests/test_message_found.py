"""Kinds of error that two readers found on 150 pages read against their frames; all text is invented."""

from __future__ import annotations

from datetime import date

import pytest

import cablelab as cl
from cablelab.message import parse

HEAD = "UNCLAS PORT KESTREL 000412\n\nSIPDIS\n\nE.O. 12958: N/A\nTAGS: EFIS, NO\nSUBJECT: FISH\n\n"
FENCE = "-" * 45


def numbered(body: str):
    return [(p.number, p.heading) for p in parse(HEAD + body).paragraphs]


HEADINGS = {
    "spaced dashes on one line": ("- - - Trade and Fish - - -\n\n", "Trade and Fish"),
    "spaced dashes, some pairs": ("- - - - -- - - Harbour Dues -- - - - -\n\n", "Harbour Dues"),
    "a wrapped fence beside the words": (f"{FENCE} --- Nets: Dear Again {FENCE} ---\n\n", "Nets: Dear Again"),
    "a lone dash ends the fence": (f"{FENCE} - Nets Are Dear, But Are They Good ------------- -\n\n", "Nets Are Dear, But Are They Good"),
    "vs. ends no sentence": ("Harbour vs. Fishery on Dues -------------------\n\n", "Harbour vs. Fishery on Dues"),
    "U.S. ends no heading": ("KESTREL MAY SEND ITS BOATS TO WATERS OF THE\nU.S.\n\n", "KESTREL MAY SEND ITS BOATS TO WATERS OF THE U.S."),
    "slashes below a mask": ("XXXXXXXXXXXX\n//NORTH COAST//\n\n", "NORTH COAST"),
}  # fmt: skip


@pytest.mark.parametrize(("between", "heading"), HEADINGS.values(), ids=HEADINGS)
def test_heading(between, heading):
    assert numbered(f"1. (U) Catches fell by a third.\n\n{between}2. (U) It reopened.\n\nBRANT") == [
        (1, None),
        (2, heading),
    ]


GLUED = {
    "behind a bracket": ("(It had fallen by half). HARBOUR SUBSIDIES", "HARBOUR SUBSIDIES"),
    "U.S. inside": (
        "Nobody spoke on the issue. U.S.-KESTREL TRADE AND THE FISHERY SEAT",
        "U.S.-KESTREL TRADE AND THE FISHERY SEAT",
    ),
    "two words": ("Catches fell in every port. Internal Politics", "Internal Politics"),
}


@pytest.mark.parametrize(("last", "heading"), GLUED.values(), ids=GLUED)
def test_heading_glued_to_a_line(last, heading):
    long = "The ministry said in a long statement that every harbour of the coast would see its dues rise before the month was out. "
    assert numbered(f"1. (U) {long}{last}\n\n2. (U) It reopened.\n\nBRANT") == [(1, None), (2, heading)]


def test_heading_and_number_on_one_line():
    body = "1. (C) Catches fell.\n\n2. (C) Nets are dear.\n\nHarbour ----- 3. (C) It reopened.\n\n4. (C) So be it.\n\nBRANT"
    assert numbered(body) == [(1, None), (2, None), (3, "Harbour"), (4, None)]


NO_HEADINGS = {
    "end of a text": "The note ended there. END TEXT OF PRESS RELEASE",
    "end of a letter": "Begin text:\n\nThe boats are late.\n\nTo the Honorable\nConsulate of Kestrel\nCity.-\n(End Text.)",
    "a mask": "The owner did not answer. XXXXXXXXXXXX",
    "a credit": "The fleet is to be sold. Source - Kestrel Times",
}


@pytest.mark.parametrize("text", NO_HEADINGS.values(), ids=NO_HEADINGS)
def test_no_heading(text):
    message = HEAD + f"1. (U) Catches fell by a third. {text}\n\n2. (U) It reopened.\n\nBRANT"
    first, second = parse(message).paragraphs
    assert second.heading is None
    assert message[first.start : first.end].endswith(text[-12:])


def test_a_torn_line_is_no_heading():
    head = HEAD.replace("FISH\n\n", "FISH\n\nREF: OSLO 7\n\n")
    (first, second) = parse(
        f"{head} As asked, Post sends its sche...\n\n\nvisit of the fleet: \n\nIt fell."
    ).paragraphs[:2]
    assert first.heading is second.heading is None


def test_a_date_broken_behind_its_month_is_no_number():
    body = "1. (U) Catches fell.\n\n2. (U) Nets had been paid for the week of April \n\n4. However, this has left the other ports.\n\nBRANT"
    assert [number for number, _ in numbered(body)] == [1, 2]


def test_lists_between_marked_numbers():
    listed = "".join(f"{n}. Port number {n}.\n" for n in range(1, 9))
    body = f"1. (U) Catches fell.\n\n2. (U) Nets:\n\n3. (SBU) The ports:\n{listed}\n4. (U) So be it.\n\n5. Comment: It is well.\n\nBRANT"
    assert [number for number, _ in numbered(body)] == [1, 2, 3, 4, 5]


def test_bracketed_items_below_a_summary_without_number():
    body = "SUMMARY: They fell. End Summary.\n\n2. Post found:\n\n1) Boats sold, and\n\n2) Boats lost.\n\n3. They fell.\n\n4. So be it.\n\nBRANT"
    assert [number for number, _ in numbered(body)] == [None, 2, 3, 4]


def test_marking_behind_the_label():
    (_, two) = parse(HEAD + "1. (U) Catches fell.\n\n2. Comment: (SBU) It is well. End comment.\n\nBRANT").paragraphs
    assert (two.marking, two.part) == ("SBU", "comment")


def test_summary_continued():
    body = "1. (C) Summary: Catches fell.\n\n2. (C) Cont. Summary: Nets are dear.\nSIPDIS\nSo it is. End Summary.\n\n3. (U) It reopened.\n\nBRANT"
    message = parse(HEAD + body)
    assert [p.part for p in message.paragraphs] == ["summary", "summary", "body"]
    assert message.summary == "Catches fell.\nNets are dear.\nSo it is."


def test_a_notice_is_no_summary():
    body = "1. (U) This is business information, please handle accordingly.\n\n2. (U) Catches fell. END SUMMARY.\n\n3. (U) So be it.\n\nBRANT"
    assert parse(HEAD + body).summary == "Catches fell."


CAPTIONS = {
    "behind a passing line": ("TREASURY FOR OFFICE OF FISH SENSITIVE SIPDIS", ["SIPDIS", "SENSITIVE"]),
    "no caption": ("PLEASE TREAT AS SENSITIVE", ["SIPDIS"]),
    "the long form is the same caption": ("SENSITIVE BUT UNCLASSIFIED", ["SIPDIS", "SENSITIVE"]),
}


@pytest.mark.parametrize(("line", "captions"), CAPTIONS.values(), ids=CAPTIONS)
def test_captions(line, captions):
    message = parse(
        f"UNCLAS PORT KESTREL 000412\n\nSIPDIS\n\n{line}\nE.O. 12958: N/A\nTAGS: EFIS\nSUBJECT: FISH\n\n1. Catches fell."
    )
    assert message.captions == captions


def test_a_wrapped_notice_leaves_nothing_over():
    notice = "(U) THIS CABLE IS SENSITIVE BUT UNCLASSIFIED AND NOT FOR INTERNET \nDISTRIBUTION."
    assert parse(f"{HEAD}{notice}\n\n1. (U) Catches fell.\n\nBRANT").problems == []


def test_classified_by_keeps_ad_interim_and_mends_brackets():
    message = parse(
        HEAD.replace(
            "\n\nE.O", "\n\nClassified By: Ada Quill, Charge d'Affaires a.i., reasons 1.4 (b) and ( d).\n\nE.O"
        )
        + "1. (U) It fell."
    )
    said = message.classified_by, message.classified_title, message.classified_reason
    assert said == ("Ada Quill", "Charge d'Affaires a.i.", "1.4 (b) and (d)")


def test_corrected_in_a_wrapped_subject():
    assert parse(HEAD.replace("FISH", "FISH - CORRECTED\nCABLE PARAGRAPH 13") + "1. (U) It fell.").corrected


def test_a_date_time_group_prints_the_year():
    (one,) = parse(HEAD + "REF: SECTO 3 DTG 070102Z JUN 08\n\n1. (U) It fell.").references
    assert (one.post, one.number, one.year) == ("SECTO", 3, 8)


def test_two_posts_that_a_spreadsheet_made_one():
    header = "R 041200Z MAR 08\nFM AMEMBASSY QUITO\nTO RUEHC/SECSTATE WASHDC 1\nINFO RUEHLP/AMEMBASSY LA PAZ FEB LIMA 3038\n\n"
    found = parse(header + HEAD + "1. (U) It fell.").addressees[2:]
    assert [(a.routing, a.post, a.serial) for a in found] == [("RUEHLP", "LAPAZ", None), (None, "LIMA", 3038)]


OFFICES = {
    "USMISSION USNATO BRUSSELS BE": "USNATO",
    "DEPT OF AGRICULTURE WASHDC": "USDAFAS",
    "DEPT OF JUSTICE WASHDC": "USDOJ",
}


@pytest.mark.parametrize(("name", "post"), OFFICES.items(), ids=OFFICES)
def test_offices(name, post):
    header = f"R 041200Z MAR 08\nFM AMEMBASSY QUITO\nTO RUEHC/SECSTATE WASHDC 1\nINFO RUEHXX/{name}\n\n"
    assert parse(header + HEAD + "1. (U) It fell.").addressees[-1].post == post


def test_problems_of_what_is_missing_or_twice():
    head = HEAD.replace("SUBJECT: FISH", "NETS ARE DEAR IN EVERY PORT")
    codes = [
        p.code
        for p in parse(head + "REF: OSLO 7\n\n1. (U) It fell.\n\n2. (U) It rose.\n\n2. (U) It fell.\n\nBRANT").problems
    ]
    assert codes == ["text-left-over", "no-subject", "number-repeated"]


@pytest.mark.parametrize(
    ("text", "code", "cure"),
    [
        (HEAD.replace("SUBJECT: FISH", "NETS ARE DEAR IN EVERY PORT") + "1. (U) It fell.", "no-subject", "look for it"),
        (HEAD + "1. (U) It fell.\n\n1. (U) It rose.", "number-repeated", "by their places"),
        (HEAD + "1. (U) It fell.\n\n3. (U) It rose.", "number-missing", "compare another copy"),
        (HEAD + "2. (U) It fell.\n\n3. (U) It rose.", "number-missing", "compare another copy"),
        (HEAD, "no-body", "another copy"),
    ],
)
def test_a_problem_says_what_to_do(text, code, cure):
    [said] = {p.message for p in parse(text).problems if p.code == code}
    assert cure in said.rpartition("; ")[2]


def years(text: str, sent: date):
    return [(r["target"], r["year_from"]) for r in cl.parse(text, sent=sent).references.iter_rows(named=True)]


def test_a_number_that_no_post_reaches_so_early():
    text = "UNCLAS OSLO 000033\n\nSUBJECT: FISH\n\nREF: A. BERN 895\nB. STATE 120288\nC. BERN 40\nD. STATE 4100\n\n1. (U) It fell."
    expected = [("07BERN895", "serial"), ("07STATE120288", "serial"), ("08BERN40", "citing"), ("08STATE4100", "citing")]
    assert years(text, date(2008, 1, 7)) == expected
    assert {year_from for _, year_from in years(text, date(2008, 9, 7))} == {"citing"}


def test_a_record_above_the_message_tells_the_year():
    record = '12345,"1/7/2008 9:00","08OSLO33","Embassy Oslo","UNCLASSIFIED",07BERN895|06PARIS12,\n'
    text = (
        record + "UNCLAS OSLO 000033\n\nSUBJECT: FISH\n\nREF: A. BERN 895\nB. PARIS 12\nC. ROME 40\n\n1. (U) It fell."
    )
    assert years(text, date(2008, 7, 7)) == [
        ("07BERN895", "attribute"),
        ("06PARIS12", "attribute"),
        ("08ROME40", "citing"),
    ]


MARKS = {
    "(S/REL NATO)": "S/RELNATO",
    "(SECRET/Rel Kestrel)": "SECRET/RELKESTREL",
    "(S//NF)": "S//NF",
    "(sbu )": "SBU",
    "(C - ENTIRE TEXT)": "C",
}


@pytest.mark.parametrize(("written", "marking"), MARKS.items(), ids=MARKS)
def test_marking_behind_a_number(written, marking):
    assert parse(f"{HEAD}1. {written} Catches fell.\n\n2. (U) It reopened.\n\nBRANT").paragraphs[0].marking == marking


def test_words_in_brackets_are_no_marking():
    assert parse(f"{HEAD}1. (U-turn) Catches fell.\n\n2. (E) It reopened.\n\nBRANT").paragraphs[0].marking is None
