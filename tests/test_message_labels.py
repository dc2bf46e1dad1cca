"""Labels, marks and lines that a blind reading of a hundred pages found misread: what opens a part, what closes it, what heads nothing."""

from __future__ import annotations

from datetime import date

import pytest

import cablelab as cl
from cablelab.message import parse

HEAD = "UNCLAS PORT KESTREL 000412\n\nSIPDIS\n\nE.O. 12958: N/A\nTAGS: EFIS, NO\nSUBJECT: FISH\n\n"


def paragraphs(body: str):
    """Give number, marking, part, heading and words of each paragraph."""
    text = f"{HEAD}{body}\n\nBRANT"
    return [
        (p.number, p.marking, p.part, p.heading, " ".join(text[p.start : p.end].split()))
        for p in parse(text).paragraphs
    ]


@pytest.mark.parametrize(
    "label",
    ["A.  ", "B, ", "a) ", "(a) ", "i. ", "iv) ", "¶F. ", "II  ", "III. ", "B.1. ", "(1) ", "-- ", "• ", "Q: "],
)
def test_a_marking_behind_a_letter(label):
    found = paragraphs(f"{label}(SBU) Catches fell.\n\n{label}(C) Nets are dear.")
    assert [(number, marking) for number, marking, *_ in found] == [(None, "SBU"), (None, "C")]


def test_each_letter_with_a_mark_opens_a_paragraph():
    found = paragraphs("A. (C) Catches fell.\nB. (SBU) Summary: Nets are dear.")
    assert [(marking, part) for _, marking, part, *_ in found] == [("C", "body"), ("SBU", "summary")]


def test_brackets_behind_a_letter_that_are_no_marking():
    assert [
        one[1] for one in paragraphs("A. (As we hear) catches fell.\n\nA boat (C) sank.\n\nB. Nets (C) are dear.")
    ] == [
        None,
        None,
        None,
    ]


SUMMARY = (None, None, "summary", None, "Summary: Catches fell. End summary.")
REST = (None, None, "body", None, "Nets are dear in all ports. So are boats.")


def test_an_end_closes_a_summary_between_numbers():
    found = paragraphs(
        "1. (U) Replies follow.\n\nSummary: Catches fell. End summary.\n\nNets are dear in all ports.\n\nSo are boats.\n\n2. (U) So be it."
    )
    assert found[1:3] == [SUMMARY, REST]
    assert [one[0] for one in found] == [1, None, None, 2]


def test_an_end_closes_a_summary_above_the_numbers():
    found = paragraphs(
        "Summary: Catches fell.\n\nBoats sank. End summary.\n\nNets are dear in all ports. So are boats.\n\n1. (U) Old.\n\n2. (U) So be it."
    )
    assert found[0][4] == "Summary: Catches fell. Boats sank. End summary."
    assert found[1] == REST


def test_a_summary_in_a_quoted_text_is_no_part():
    found = paragraphs(
        "1. (U) Replies follow. Begin text:\n\nSummary: Catches fell. End summary.\n\nNets are dear.\n\nEnd text.\n\n2. (U) So be it."
    )
    assert [(number, part) for number, _, part, *_ in found] == [(1, "body"), (2, "body")]
    assert found[0][4].endswith("Nets are dear. End text.")


@pytest.mark.parametrize(
    "label",
    [
        "Introduction and Summary.", "INTRODUCTION & SUMMARY:", "Introduction/Summary:", "Background and Summary:",
        "Overview and Executive Summary.", "Intro, Summary and Comment:", "Summary/Introduction:", "Summary, Introduction:",
    ],
)  # fmt: skip
def test_a_summary_with_another_word_in_its_label(label):
    body = f"1. (U) {label} Catches fell. End {label.lower()}\n\nPORTS\n-----\n\n2. (U) So be it."
    assert [one[2] for one in paragraphs(body)] == ["summary", "body"]
    assert parse(HEAD + body).summary == "Catches fell."


def test_a_heading_with_another_word_before_summary():
    body = "INTRODUCTION AND SUMMARY\n-----\n\n1. (U) Catches fell.\n\n2. (U) Nets are dear. End of introduction and summary.\n\n3. (U) So be it."
    assert [one[2] for one in paragraphs(body)] == ["summary", "summary", "body"]
    assert [one[2] for one in paragraphs("1. (U) Introduction: Catches fell. End introduction.\n\n2. (U) So.")] == [
        "body",
        "body",
    ]


HEADINGS = {
    "Brief Summary of Two Visits": "body",
    "Comments from the Opposition": "body",
    "Action Against Smugglers": "body",
    "Notes on a Harbour": "body",
    "Comment from Post": "comment",
    "Comment by the Ambassador": "comment",
    "COMMENT: IT MAY CLOSE": "comment",
    "Comment and Next Steps": "comment",
    "ACTION REQUESTED": "action",
    "Action for Posts": "action",
}


@pytest.mark.parametrize(("heading", "part"), HEADINGS.items(), ids=HEADINGS)
def test_a_heading_below_the_summary(heading, part):
    found = paragraphs(
        f"1. (U) Summary: Catches fell. End summary.\n\n{heading}\n-------\n\n2. (U) It reopened.\n\nPORTS\n-----\n\n3. (U) So be it."
    )
    assert [one[2:4] for one in found] == [("summary", None), (part, heading), ("body", "PORTS")]


def test_a_summary_of_something_may_be_the_first_heading():
    found = paragraphs("Summary of Proposals\n-----\n\n1. (U) Sell nets.\n\nPORTS\n-----\n\n2. (U) So be it.")
    assert [one[2] for one in found] == ["summary", "body"]


def test_fences_with_blanks():
    found = paragraphs(
        "1. (U) Catches fell. - - -\n\nNets Are Dear in the North - - -\n\n2. (U) It reopened.\n\n"
        "- - - Boats Are Old and the\nHarbour Is Closed - - -\n\n3. (U) So.\n\n* * *\nDues\n* * *\n\n4. (U) So be it."
    )
    assert [one[3:] for one in found] == [
        (None, "1. (U) Catches fell."),
        ("Nets Are Dear in the North", "2. (U) It reopened."),
        ("Boats Are Old and the Harbour Is Closed", "3. (U) So."),
        ("Dues", "4. (U) So be it."),
    ]


@pytest.mark.parametrize(
    ("line", "captions"),
    [
        ("Sipdis, isn/mtr, eur/ags and eur/pra", ["SIPDIS"]),
        ("sipdis/noforn - for eur/pra", ["SIPDIS", "NOFORN"]),
        ("dept for eur/pra sipdis noforn", ["SIPDIS", "NOFORN"]),
        ("Please note that this is sensitive", []),
    ],
)
def test_captions_and_a_reason_in_small_letters(line, captions):
    message = parse(
        f"S e c r e t oslo 000643\n\n{line}\n\nE.o. 12958: decl: 05/16/2033\nTags: efis, no\nSubject: (s) fish\n\n"
        "Classified by: dcm ada quill for reasons 14 (b) and (d).\n\n1. (s) Catches fell.\n\nBRANT"
    )
    assert (message.captions, message.classified_reason) == (captions, "14 (b) and (d)")


def test_fourteen_boats_are_no_reason():
    head = HEAD.replace("SUBJECT: FISH", "SUBJECT: FISH\n\nClassified By: Ada Quill of Bureau 14 (b).")
    assert parse(f"{head}1. (U) So be it.").classified_reason is None


@pytest.mark.parametrize(
    "notice",
    [
        "ZFR ZFR ZFR CANCEL TELEGRAM PER DRAFTER REQUEST",
        "ZFR ZFR ZFR ZFR\nCANCEL AND FILE MESSAGE WILL BE RESENT\nZFR ZFR ZFR ZFR",
    ],
)
def test_a_cancelled_telegram(notice):
    text = f"{HEAD}OSLO 00000412 001.2 OF 002\n\n{notice}\n\nOSLO 00000412 002 OF 002\n\n4. (U) It reopened.\n\n5. (U) So be it.\n\nBRANT"
    message = parse(text)
    assert [(p.number, p.heading) for p in message.paragraphs] == [(4, None), (5, None)]
    [cancelled] = [problem for problem in message.problems if problem.code == "cancelled"]
    assert text[cancelled.start : cancelled.end] == notice
    assert "cancelled" not in [problem.code for problem in parse(f"{HEAD}1. (U) They sent ZFR ZFR twice.").problems]


def test_rows_of_a_table_head_nothing():
    found = paragraphs(
        "1. (U) It fell:\n\nYEAR: 1999 2002\nBOATS: 12 14.5\nNETS SOLD 1 2 $3\n\n2. (U) It reopened.\n\nMay 2 2004\n\n3. (U) So be it."
    )
    assert [one[3] for one in found] == [None, None, "May 2 2004"]
    assert found[0][4].endswith("NETS SOLD 1 2 $3")


def test_a_record_whose_tabs_became_blanks():
    preview = HEAD + "Classified By: AMBASSADOR ADA QU...\n\n"
    record = "65298  2006-05-24  06OSLO412  Embassy Oslo  UNCLASSIFIED    UNCLAS PORT KESTREL 000412   SIPDIS   E.O. 12958: N/A  TAGS: EFIS, NO\n\n"
    message = parse(f"{preview}{record}1. (U) It fell.\n\n2. (U) It reopened.\n\nBRANT")
    assert (message.problems, message.subject, message.tags, len(message.paragraphs)) == ([], "FISH", ["EFIS", "NO"], 2)


def test_an_id_that_a_record_breaks():
    record = '12345,"1/7/2008 9:00","08OSLO33","Embassy\nOslo",SECRET//NOFORN,06BERN7\n8|07PARIS1\n2|07RO\nME40,"'
    text = record + "UNCLAS OSLO 000033\n\nSUBJECT: FISH\n\nREF: A. BERN 78\nB. PARIS 12\nC. ROME 40\n\n1. (U) It fell."
    found = [
        (r["target"], r["year_from"]) for r in cl.parse(text, sent=date(2008, 7, 7)).references.iter_rows(named=True)
    ]
    assert found == [("06BERN78", "attribute"), ("07PARIS12", "attribute"), ("07ROME40", "attribute")]


def test_an_id_below_the_line_of_a_level_is_whole():
    record = "12345\n2008-07-07\n08OSLO33\nEmbassy Oslo\nSECRET//NOFORN\n06BERN78|07PARIS12\n"
    text = record + "UNCLAS OSLO 000033\n\nSUBJECT: FISH\n\nREF: A. BERN 78\nB. PARIS 12\n\n1. (U) It fell."
    found = [
        (r["target"], r["year_from"]) for r in cl.parse(text, sent=date(2008, 7, 7)).references.iter_rows(named=True)
    ]
    assert found == [("06BERN78", "attribute"), ("07PARIS12", "attribute")]
