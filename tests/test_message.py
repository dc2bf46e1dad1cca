"""Every rule of the parsing core, on invented messages."""

# ruff: noqa: E501  # the tables of cases are read by row

from __future__ import annotations

from datetime import date, datetime

import pytest

from cablelab.message import Message, parse, target

TOP = "UNCLAS OSLO 000012 \n \nSIPDIS \n \nE.O. 12958: N/A \nTAGS: EFIS, NO \nSUBJECT: FISH AND SHIPS \n \n"
SECRET_TOP = "C O N F I D E N T I A L OSLO 000012 \n \nSIPDIS \n \nE.O. 12958: DECL: 12/04/2017 \nTAGS: EFIS, NO \nSUBJECT: FISH \n \n"


def roles(text: str) -> list[str]:
    return [role for _, _, role in parse(text).spans if role != "blank"]


def said(text: str, role: str) -> list[str]:
    return [text[a:b] for a, b, r in parse(text).spans if r == role]


def numbers(text: str) -> list[int | None]:
    return [p.number for p in parse(text).paragraphs]


def words(text: str) -> list[str]:
    return [" ".join(text[p.start : p.end].split()) for p in parse(text).paragraphs]


def headings(text: str) -> list[str | None]:
    return [p.heading for p in parse(text).paragraphs]


def parts(text: str) -> list[str]:
    return [p.part for p in parse(text).paragraphs]


def cited(zone: str) -> list[tuple[str | None, str | None, int | None, int | None, str | None]]:
    return [
        (r.label, r.post, r.year, r.number, r.note)
        for r in parse(TOP + f"REF: {zone} \n \n1. Catches fell. \n").references
    ]


def by(line: str) -> tuple[str | None, str | None, str | None]:
    m = parse(SECRET_TOP + line + "\n\n1. (C) Catches fell.\n")
    return m.classified_by, m.classified_title, m.classified_reason


# ---- the classification line ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "level", "post", "number", "sections"),
    [
        ("UNCLAS OSLO 000012", "UNCLASSIFIED", "OSLO", 12, 1),
        ("UNCLASSIFIED OSLO 00012", "UNCLASSIFIED", "OSLO", 12, 1),
        ("UNCLAS SECTION 01 OF 02 OSLO 000012", "UNCLASSIFIED", "OSLO", 12, 2),
        ("UNCLAS E F T O OSLO 000012", "UNCLASSIFIED", "OSLO", 12, 1),
        ("C O N F I D E N T I A L OSLO 000012", "CONFIDENTIAL", "OSLO", 12, 1),
        ("C O N F I D E N T I A L SECTION 01 OF 04 OSLO 001541", "CONFIDENTIAL", "OSLO", 1541, 4),
        ("CONFIDENTIAL OSLO 01541", "CONFIDENTIAL", "OSLO", 1541, 1),
        ("S E C R E T OSLO 000012", "SECRET", "OSLO", 12, 1),
        ("S E C R E T NOFORN SECTION 01 OF 02 OSLO 000012", "SECRET", "OSLO", 12, 2),
        ("T O P  S E C R E T OSLO 000012", "TOP SECRET", "OSLO", 12, 1),
        ("L I M I T E D  O F F I C I A L  U S E OSLO 000012", "LIMITED OFFICIAL USE", "OSLO", 12, 1),
        ("LIMITED OFFICIAL USE OSLO 000012", "LIMITED OFFICIAL USE", "OSLO", 12, 1),
        ("UNCLAS THE HAGUE 000012", "UNCLASSIFIED", "THEHAGUE", 12, 1),
        ("UNCLAS RIO DE JANEIRO 000012", "UNCLASSIFIED", "RIODEJANEIRO", 12, 1),
        ("UNCLAS STATE 143552", "UNCLASSIFIED", "STATE", 143552, 1),
    ],
)
def test_a_classification_line_gives_level_post_number_and_sections(line, level, post, number, sections):
    m = parse(line + "\n\nSUBJECT: FISH\n\n1. Catches fell.\n")
    assert (m.classification, m.post, m.number, m.sections) == (level, post, number, sections)
    assert said(line + "\n\nSUBJECT: FISH\n\n1. Catches fell.\n", "classification") == [line]


def test_the_level_comes_from_the_operating_signal_where_the_class_line_is_lost():
    m = parse(
        "DE RUEHNY #0012 0621154\nZNY CCCCC ZZH\nR 031154Z MAR 07\nFM AMEMBASSY OSLO\nTO RUEHC/SECSTATE WASHDC 1307\n\n"
        "SUBJECT: FISH\n\n1. Catches fell.\n"
    )
    assert (m.classification, m.post, m.number) == ("CONFIDENTIAL", "OSLO", 12)


def test_the_level_at_a_page_foot_is_no_classification_line():
    m = parse("SUBJECT: FISH\n\n1. Catches fell.\n\nCONFIDENTIAL OSLO 000012\n")
    assert m.subject == "FISH"
    assert numbers("SUBJECT: FISH\n\n1. Catches fell.\n\nCONFIDENTIAL OSLO 000012\n") == [1]


# ---- the transmission header ----------------------------------------------------------------------------------------------------

HEADER = """VZCZCXRO2019
OO RUEHAST RUEHBI
DE RUEHNY #0012/01 0621154
ZNY CCCCC ZZH
O P 031154Z MAR 07
FM AMEMBASSY OSLO
TO RUEHC/SECSTATE WASHDC PRIORITY 1307
RUEHC/DEPT OF LABOR WASHDC
INFO RUEHAST/USOFFICE ALMATY 0037
RUCNCIS/CIS COLLECTIVE NIACT IMMEDIATE 0323
BT
#0012
"""


def test_each_line_of_the_transmission_header_is_a_span_of_its_own_role():
    text = HEADER + TOP + "1. Catches fell.\n"
    assert roles(text)[:8] == ["start", "routing", "origin", "signal", "dtg", "from", "to", "info"]
    assert said(text, "dtg") == ["O P 031154Z MAR 07"]


def test_a_header_gives_date_precedence_serial_and_addressees():
    m = parse(HEADER + TOP + "1. Catches fell.\n")
    assert m.dtg == datetime(2007, 3, 3, 11, 54)
    assert m.precedence == ["IMMEDIATE", "PRIORITY"]
    assert m.serial == 12
    assert m.addressees == [
        ("from", None, "AMEMBASSY OSLO", "OSLO", None, None),
        ("to", "RUEHC", "SECSTATE WASHDC", "STATE", "PRIORITY", 1307),
        ("to", "RUEHC", "DEPT OF LABOR WASHDC", None, None, None),
        ("info", "RUEHAST", "USOFFICE ALMATY", "ALMATY", None, 37),
        ("info", "RUCNCIS", "CIS COLLECTIVE", None, "NIACT IMMEDIATE", 323),
    ]


def test_a_header_joined_to_one_line_is_read_the_same():
    joined = " ".join(HEADER.split("\nBT")[0].split("\n"))
    flat = parse(joined + "\n\n" + TOP + "1. Catches fell.\n")
    assert [a[2] for a in flat.addressees] == [a[2] for a in parse(HEADER + TOP + "1. Catches fell.\n").addressees]
    assert flat.dtg == datetime(2007, 3, 3, 11, 54)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("R 031154Z DEC 07", datetime(2007, 12, 3, 11, 54)),
        ("P 121302Z JUL 74", datetime(1974, 7, 12, 13, 2)),
        ("R 010000Z JAN 00", datetime(2000, 1, 1)),
        ("Z 312359Z DEC 99", datetime(1999, 12, 31, 23, 59)),
        ("R 301154Z SEPT 2009", datetime(2009, 9, 30, 11, 54)),
    ],
)
def test_date_time_groups(written, moment):
    assert parse(f"{written}\nFM AMEMBASSY OSLO\nTO SECSTATE WASHDC\n\n{TOP}1. Catches fell.\n").dtg == moment


def test_an_impossible_date_time_group_is_a_problem_not_a_guess():
    text = f"R 310299Z FEB 07\nFM AMEMBASSY OSLO\nTO SECSTATE WASHDC\n\n{TOP}1. Catches fell.\n"
    m = parse(text)
    assert m.dtg is None
    ((code, field, message, start, end),) = m.problems
    assert (code, field) == ("impossible-dtg", "sent")
    assert "310299Z" in message
    assert text[start:end].endswith("310299Z FEB 07")


def test_exempted_members_of_a_collective_have_their_own_role():
    text = HEADER.replace("BT\n", "XMT AMEMBASSY STOCKHOLM\nBT\n") + TOP + "1. Catches fell.\n"
    assert [a[:4] for a in parse(text).addressees if a[0] == "exempt"] == [
        ("exempt", None, "AMEMBASSY STOCKHOLM", "STOCKHOLM")
    ]


# ---- captions, passing lines, notices -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ("SIPDIS", ["SIPDIS"]),
        ("SIPDIS \n \nSIPDIS", ["SIPDIS"]),
        ("NOFORN \nSIPDIS", ["NOFORN", "SIPDIS"]),
        ("SENSITIVE \nSIPDIS", ["SENSITIVE", "SIPDIS"]),
        ("EXDIS", ["EXDIS"]),
        ("NODIS SIPDIS", ["NODIS", "SIPDIS"]),
        ("TERREP", ["TERREP"]),
        ("ROGER CHANNEL", ["ROGER CHANNEL"]),
    ],
)
def test_captions_come_in_order_and_each_once(lines, found):
    assert (
        parse(f"UNCLAS OSLO 000012\n\n{lines}\n\nE.O. 12958: N/A\nTAGS: EFIS\nSUBJECT: FISH\n\n1. Fell.\n").captions
        == found
    )


def test_sensitive_is_a_caveat_of_unclassified_messages_only():
    lines = "\n\nSENSITIVE\nNOFORN\n\nTAGS: EFIS\nSUBJECT: FISH\n\n1. Fell.\n"
    assert parse("UNCLAS OSLO 000012" + lines).handling == ["SENSITIVE", "NOFORN"]
    assert parse("S E C R E T OSLO 000012" + lines).handling == ["NOFORN"]


def test_passing_lines_stand_between_captions_and_the_executive_order():
    text = (
        TOP.replace("E.O.", "DEPT FOR EUR/NB QUILL; LABOR FOR ILAB \nSTATE PASS USTR \n \nE.O.") + "1. Catches fell.\n"
    )
    assert said(text, "passing") == ["DEPT FOR EUR/NB QUILL; LABOR FOR ILAB", "STATE PASS USTR"]
    assert parse(text).executive_order == "12958"


@pytest.mark.parametrize(
    "line", ["C O R R E C T E D  C O P Y", "C O R R E C T E D   C O P Y (TAGS ADDED)", "CORRECTED COPY"]
)
def test_corrected_copies_are_told(line):
    assert parse(TOP.replace("SIPDIS", f"SIPDIS \n \n{line}") + "1. Catches fell.\n").corrected
    assert not parse(TOP + "1. Catches fell.\n").corrected


NOTICE = "This record is a partial extract of the original cable. The full text of the original cable is not available."


@pytest.mark.parametrize("between", ["\n\n", "\n", ""])
def test_the_notice_of_a_partial_extract_may_be_glued_to_the_first_line(between):
    text = NOTICE + between + TOP + "1. Catches fell.\n"
    m = parse(text)
    assert m.partial
    assert m.number == 12
    assert said(text, "notice") == [NOTICE]


# ---- executive order ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "order", "when", "note"),
    [
        ("E.O. 12958: N/A", "12958", None, "N/A"),
        ("E.O. 12958: DECL: 12/04/2017", "12958", date(2017, 12, 4), None),
        ("E.O. 12958: DECL: 12/04/17", "12958", date(2017, 12, 4), None),
        ("E.O. 12958: DECL: 2017/12/04", "12958", date(2017, 12, 4), None),
        ("EO 12958 DECL: 12/04/2017", "12958", date(2017, 12, 4), None),
        ("E.O.12958: DECL: 12-04-2017", "12958", date(2017, 12, 4), None),
        ("E.O. 12958: DECL: TWENTY YEARS", "12958", None, "TWENTY YEARS"),
        ("E.O. 12958: DECL: 1.6X1", "12958", None, "1.6X1"),
        ("E.O. 12356: DECL: OADR", "12356", None, "OADR"),
        ("E.O. 13526: DECL: 2020/02/01", "13526", date(2020, 2, 1), None),
        ("E.O. 1295O: N/A", "12950", None, "N/A"),
    ],
)
def test_executive_order_lines(line, order, when, note):
    m = parse(f"UNCLAS OSLO 000012\n\nSIPDIS\n\n{line}\nTAGS: EFIS\nSUBJECT: FISH\n\n1. Fell.\n")
    assert (m.executive_order, m.declassify_on, m.declassify_note) == (order, when, note)


def test_a_date_on_the_line_below_decl_belongs_to_the_order():
    m = parse(
        "C O N F I D E N T I A L OSLO 000012\n\nE.O. 12958:\nDECL: 12/04/2017\nTAGS: EFIS\nSUBJECT: FISH\n\n1. (C) Fell.\n"
    )
    assert m.declassify_on == date(2017, 12, 4)


# ---- TAGS -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "tags"),
    [
        ("TAGS: EFIS, NO", ["EFIS", "NO"]),
        ("TAGS: EFIS NO", ["EFIS", "NO"]),
        ("TAGS EFIS, NO", ["EFIS", "NO"]),
        ("TAGS: EFIS; NO/PREL", ["EFIS", "NO", "PREL"]),
        ("TAGS: EFIS, ETRD, PREL, PGOV, \nECON, NO", ["EFIS", "ETRD", "PREL", "PGOV", "ECON", "NO"]),
        ("TAGS: EFIS ETRD \nPREL NO", ["EFIS", "ETRD", "PREL", "NO"]),
        ("TAGS: OVIP (QUILL, ADA B.), PREL", ["OVIP", "QUILL, ADA B.", "PREL"]),
        ("TAGS: [EFIS](#) [NO](#)", ["EFIS", "NO"]),
        ("TAGS: EFIS, EFIS, NO", ["EFIS", "NO"]),
        ("TAGS: efis, no", ["EFIS", "NO"]),
        ("AGS: EFIS, NO", ["EFIS", "NO"]),
    ],
)
def test_tags_lines(line, tags):
    assert parse(f"UNCLAS OSLO 000012\n\nE.O. 12958: N/A\n{line}\nSUBJECT: FISH\n\n1. Fell.\n").tags == tags


def test_tags_may_stand_on_the_line_of_the_executive_order():
    m = parse("UNCLAS OSLO 000012\n\nE.O. 12958: N/A TAGS: EFIS, NO SUBJECT: FISH REF: OSLO 7\n\n1. Fell.\n")
    assert (m.executive_order, m.tags, m.subject, [r.number for r in m.references]) == (
        "12958",
        ["EFIS", "NO"],
        "FISH",
        [7],
    )


# ---- SUBJECT --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "subject"),
    [
        ("SUBJECT: FISH", "FISH"),
        ("SUBJ: FISH", "FISH"),
        ("Subject: Fish and ships", "Fish and ships"),
        ("SUBJECT: FISH: THE SECOND \nWEEK OF THE STRIKE", "FISH: THE SECOND WEEK OF THE STRIKE"),
        ("SUBJECT: FISH AND \nSHIPS IN THE \nNORTH", "FISH AND SHIPS IN THE NORTH"),
        ("SUBJECT: (SBU) FISH", "FISH"),
        ("SUBJECT: (C/NF) FISH", "FISH"),
        ("SUBJECT:\nFISH", "FISH"),
        ("SUBJECT: FISH \n--------------", "FISH"),
    ],
)
def test_subjects_are_one_line_without_marking(lines, subject):
    assert (
        parse(f"UNCLAS OSLO 000012\n\nE.O. 12958: N/A\nTAGS: EFIS\n{lines}\n\nREF: OSLO 7\n\n1. Fell.\n").subject
        == subject
    )


def test_a_page_break_inside_the_subject_is_not_part_of_it():
    text = "UNCLAS SECTION 01 OF 02 OSLO 000012\n\nTAGS: EFIS\nSUBJECT: FISH AND \n\nOSLO 00000012  002 OF 002 \n\nSHIPS\n\n1. Fell.\n"
    assert "002 OF" not in (parse(text).subject or "")
    assert said(text, "page-break") == ["OSLO 00000012  002 OF 002"]


# ---- references -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "found"),
    [
        ("OSLO 7", [(None, "OSLO", None, 7, None)]),
        ("05 OSLO 7", [(None, "OSLO", 5, 7, None)]),
        ("2005 OSLO 7", [(None, "OSLO", 5, 7, None)]),
        ("OSLO (04) 7123", [(None, "OSLO", 4, 7123, None)]),
        ("(A) STATE 143552 (B) 04 OSLO 3206", [("A", "STATE", None, 143552, None), ("B", "OSLO", 4, 3206, None)]),
        ("A. STATE 143552 \n     B. 04 OSLO 3206", [("A", "STATE", None, 143552, None), ("B", "OSLO", 4, 3206, None)]),
        ("A) STATE 143552, B) 04 OSLO 3206", [("A", "STATE", None, 143552, None), ("B", "OSLO", 4, 3206, None)]),
        ("A. A. OSLO 607 B. B. OSLO 608", [("A", "OSLO", None, 607, None), ("B", "OSLO", None, 608, None)]),
        ("A. OSLO 607 \n     ¶B. OSLO 608", [("A", "OSLO", None, 607, None), ("B", "OSLO", None, 608, None)]),
        ("(A) STATE 143552 \n \n (B) 04 OSLO 3206", [("A", "STATE", None, 143552, None), ("B", "OSLO", 4, 3206, None)]),
        ("09 OSLO 12 AND 13", [(None, "OSLO", 9, 12, None), (None, "OSLO", 9, 13, None)]),
        ("OSLO 19, 21, 26", [(None, "OSLO", None, n, None) for n in (19, 21, 26)]),
        ("OSLO 7682 AND PREVIOUS", [(None, "OSLO", None, 7682, "AND PREVIOUS")]),
        ("OSLO 7682 (NOTAL)", [(None, "OSLO", None, 7682, "NOTAL")]),
        ("A. 09OSLO2122 B. 08STATE74", [("A", "OSLO", 9, 2122, None), ("B", "STATE", 8, 74, None)]),
        ("SECSTATE 143552", [(None, "STATE", None, 143552, None)]),
        ("THE HAGUE 12", [(None, "THEHAGUE", None, 12, None)]),
        ("OSLO 12; STOCKHOLM 13", [(None, "OSLO", None, 12, None), (None, "STOCKHOLM", None, 13, None)]),
        ("OSLO 5049-01", [(None, "OSLO", 1, 5049, None)]),
    ],
)
def test_references_to_cables(zone, found):
    assert cited(zone) == found


@pytest.mark.parametrize(
    ("zone", "kind"),
    [
        ("QUILL-MARSH E-MAIL 2/22/08", "mail"),
        ("Quill/Marsh email of March 12", "mail"),
        ("QUILL-MARSH TELCON", "telcon"),
        ("IIR 6 809 0381 03", "report"),
        ("TD-314/12345-08", "report"),
        ("YOUR LETTER OF MAR 12", "other"),
    ],
)
def test_references_to_what_is_no_cable(zone, kind):
    (only,) = parse(TOP + f"REF: {zone}\n\n1. Fell.\n").references
    assert (only.kind, only.post, only.number) == (kind, None, None)


def test_references_point_at_what_is_written():
    text = TOP + "REF: (A) STATE 143552 (B) 04 OSLO 3206 AND 3210 (C) QUILL E-MAIL\n\n1. Fell.\n"
    found = parse(text).references
    assert [text[r.start : r.end] for r in found] == ["STATE 143552", "04 OSLO 3206", "3210", "QUILL E-MAIL"]
    assert [r.raw for r in found] == ["STATE 143552", "04 OSLO 3206", "3210", "QUILL E-MAIL"]


def test_a_missing_year_is_the_citing_cables():
    a, b = parse(TOP + "REF: A. STATE 143552 B. 99 OSLO 7\n\n1. Fell.\n").references
    assert (target(a, 2005), target(a, None), target(b, 2005), target(b, None)) == (
        "05STATE143552",
        None,
        "99OSLO7",
        "99OSLO7",
    )


@pytest.mark.parametrize("label", ["REF:", "REFS:", "REF(S):", "REFTEL:", "REFTELS:", "RETEL:", "REFERENCE:", "REF :"])
def test_labels_of_references(label):
    assert [r.number for r in parse(TOP + f"{label} OSLO 7\n\n1. Fell.\n").references] == [7]


@pytest.mark.parametrize("word", ["REFORM OSLO 7", "REFUGEES OF OSLO 700 STRONG"])
def test_words_that_begin_like_ref_are_no_label(word):
    assert parse(TOP + f"1. Fell.\n\n2. The {word} \n{word} came.\n").references == []


def test_a_page_break_between_two_references_is_no_reference():
    text = TOP + "REF: A. OSLO 7 \n\nOSLO 00000012  002 OF 002 \n\n     B. OSLO 8 \n\n1. Fell.\n"
    assert [(r.label, r.number) for r in parse(text).references] == [("A", 7), ("B", 8)]


# ---- classified by --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "who"),
    [
        (
            "Classified By: Ambassador Ada B. Quill, for reasons 1.4 (b) and (d).",
            ("Ada B. Quill", "Ambassador", "1.4 (b) and (d)"),
        ),
        ("Classified By: Ada B. Quill, Ambassador, Reason 1.4 (b,d)", ("Ada B. Quill", "Ambassador", "1.4 (b,d)")),
        ("CLASSIFIED BY: ADA QUILL, DIRECTOR, INR/OPS. REASON: 1.4(C).", ("ADA QUILL", "DIRECTOR, INR/OPS", "1.4(C)")),
        (
            "Classified by Pol/Econ Counselor Ada Quill. Reasons: 1.5 (b) and (d).",
            ("Ada Quill", "Pol/Econ Counselor", "1.5 (b) and (d)"),
        ),
        ("Classified By: DCM Jon Quill, Jr.; reasons 1.4 (b) and (d).", ("Jon Quill, Jr.", "DCM", "1.4 (b) and (d)")),
        (
            "Classified By: Ambassador Ada Quill for \nreasons 1.4 (b) and (d).",
            ("Ada Quill", "Ambassador", "1.4 (b) and (d)"),
        ),
        (
            "(U) Classified By: Charge d'Affaires Ada Quill, reason 1.4 (d)",
            ("Ada Quill", "Charge d'Affaires", "1.4 (d)"),
        ),
    ],
)
def test_classified_by(line, who):
    assert by(line) == who


def test_a_hard_break_at_the_seventy_first_column_is_undone():
    line = "Classified By: Deputy Chief of Mission Ada Brigitta Quill-Marsh, for rea"
    assert len(line) >= 71
    assert by(f"{line}\nsons 1.4 (b) and (d).") == (
        "Ada Brigitta Quill-Marsh",
        "Deputy Chief of Mission",
        "1.4 (b) and (d)",
    )


def test_subject_reference_and_classified_by_on_one_physical_line():
    m = parse(
        "C O N F I D E N T I A L OSLO 000012\n\nE.O. 12958: DECL: 12/04/2017 TAGS: EFIS SUBJECT: FISH REF: OSLO 7 "
        "Classified By: Ambassador Ada Quill for reasons 1.4 (b) and (d). 1. (C) Catches fell.\n"
    )
    assert (m.subject, m.classified_by, m.classified_reason) == ("FISH", "Ada Quill", "1.4 (b) and (d)")
    assert [r.number for r in m.references] == [7]
    assert [p.number for p in m.paragraphs] == [1]


# ---- paragraphs -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form", ["{n}. ", "{n}) ", "{n}.  ", "¶{n}. ", "**¶{n}.** ", "{n}. (U) ", "{n}.(U) ", "¶{n}. (U) ", "{n}, (U) "]
)
def test_numbers_in_every_form(form):
    body = "".join(form.format(n=n) + f"Catches fell in week {n}.\n\n" for n in (1, 2, 3))
    assert numbers(TOP + body) == [1, 2, 3]


@pytest.mark.parametrize(
    ("mark", "read"),
    [("(U)", "U"), ("(SBU)", "SBU"), ("(C)", "C"), ("(sbu )", "SBU"), ("(S//NF)", "S//NF"), ("(S/NF)", "S/NF"), ("(C/NF)", "C/NF"),
     ("(U//FOUO)", "U//FOUO"), ("(TS)", "TS"), ("(LOU)", "LOU"), ("(fish)", None), ("", None)],
)  # fmt: skip
def test_portion_marks(mark, read):
    (p,) = parse(TOP + f"1. {mark} Catches fell.\n").paragraphs
    assert p.marking == read


def test_a_paragraph_runs_from_its_number_to_its_last_character():
    text = TOP + "\n  ¶1. (U) Catches fell. \n\nThey may rise. \n \n\n2. Ships came. \n \nQUILL \n"
    assert words(text) == ["¶1. (U) Catches fell. They may rise.", "2. Ships came."]


def test_sub_lists_tables_and_quotations_stay_inside_a_paragraph():
    text = TOP + (
        "1. Three things matter: \n\n  1) the quota; \n  2) the weather; \n  3) the price of fuel. \n\nA. the first \nB. the second \n\n-- bullets \n\n"
        "2. Ships came in: \n\n   1. Herring          12 \n   2. Cod              40 \n\n3. Prices rose. \n"
    )
    assert numbers(text) == [1, 2, 3]
    assert words(text)[0].endswith("-- bullets")


def test_a_number_at_a_line_start_inside_a_sentence_opens_nothing():
    text = TOP + "1. The quota rose to \n2. 5 million tons, up from \n1.9 million. \n\n2. Ships came. \n"
    assert numbers(text) == [1, 2]
    assert words(text)[1] == "2. Ships came."


def test_repeated_and_missing_numbers_count_as_printed():
    text = TOP + "1. (U) One is here.\n\n2. (U) Two is here.\n\n2. (U) Two again.\n\n4. (U) Four is here.\n"
    assert numbers(text) == [1, 2, 2, 4]


def test_unnumbered_text_is_a_paragraph_for_each_block():
    text = (
        TOP
        + "Catches fell in the spring, and ships stayed in port.\n\nPrices rose in the summer, and the ships went out.\n\nQUILL\n"
    )
    assert numbers(text) == [None, None]
    assert parse(text).signed_by == "QUILL"


def test_marks_open_paragraphs_where_there_are_no_numbers():
    text = TOP + "(U) Catches fell in the spring.\n(SBU) Prices rose in the summer.\n"
    assert [p.marking for p in parse(text).paragraphs] == ["U", "SBU"]


@pytest.mark.parametrize(
    "cut",
    [
        "\n\nOSLO 00000012  002 OF 003 \n\n",
        " \nOSLO 00000012  002 OF 003 \n",
        "OSLO 00000012  002 OF 003",
        "\n\nPAGE 02        OSLO 00012  01 OF 02 271458Z \n\n",
    ],
)
def test_a_page_break_inside_a_paragraph_cuts_its_span_and_nothing_else(cut):
    text = TOP + f"1. Catches fell in the {cut}second week. \n\n2. Ships came. \n"
    m = parse(text)
    assert [p.number for p in m.paragraphs] == [1, 2]
    assert "page-break" in [role for _, _, role in m.spans]
    assert [role for a, b, role in m.spans if m.paragraphs[0].start <= a and b <= m.paragraphs[0].end and role != "blank"][:3] == [
        "paragraph", "page-break", "paragraph",
    ]  # fmt: skip
    assert m.paragraphs[0].heading is None
    assert m.paragraphs[1].heading is None


def test_joined_paragraphs_are_cut_at_marked_numbers_inside_a_line():
    text = TOP + "1. (U) Catches fell. 2. (U) Ships came. 3. (SBU) Prices rose.\n"
    assert [(p.number, p.marking) for p in parse(text).paragraphs] == [(1, "U"), (2, "U"), (3, "SBU")]


# ---- headings -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("above", "heading"),
    [
        ("THE PORTS", "THE PORTS"),
        ("THE PORTS \n---------", "THE PORTS"),
        ("--------- \nTHE PORTS \n---------", "THE PORTS"),
        ("=========\nTHE PORTS\n=========", "THE PORTS"),
        ("The ports and the strike", "The ports and the strike"),
        (
            "THE PORTS AND WHAT THE STRIKE DID TO \nTHE NORTH \n-------------------------------------",
            "THE PORTS AND WHAT THE STRIKE DID TO THE NORTH",
        ),
    ],
)
def test_headings_lose_their_fences_and_stay_out_of_paragraphs(above, heading):
    text = TOP + f"1. Catches fell. \n \n{above} \n \n2. Ships came. \n \n3. Prices rose. \n"
    assert headings(text) == [None, heading, None]
    assert words(text) == ["1. Catches fell.", "2. Ships came.", "3. Prices rose."]
    assert len(said(text, "heading")) == 1


def test_the_last_line_of_a_paragraph_is_no_heading():
    assert headings(TOP + "1. Catches fell in the spring \nand in the summer as well. \n \n2. Ships came. \n") == [
        None,
        None,
    ]


# ---- parts ----------------------------------------------------------------------------------------------------------------------


def body(*texts: str) -> str:
    return TOP + "".join(t + " \n \n" for t in texts)


def test_a_summary_lies_up_to_its_end():
    assert parts(body("1. Summary: Catches fell.", "2. Ships came. End summary.", "3. Prices rose.")) == [
        "summary",
        "summary",
        "body",
    ]


def test_a_summary_without_an_end_is_its_own_paragraph():
    assert parts(body("1. (U) SUMMARY. Catches fell.", "2. Ships came.", "3. Prices rose.")) == [
        "summary",
        "body",
        "body",
    ]


def test_a_heading_names_the_part_until_the_next_heading():
    text = body(
        "SUMMARY \n-------",
        "1. Catches fell.",
        "2. Ships came.",
        "DETAILS \n-------",
        "3. Prices rose.",
        "COMMENT \n-------",
        "4. We doubt it.",
        "FUEL \n----",
        "5. It is dear.",
    )
    assert parts(text) == ["summary", "summary", "body", "comment", "body"]


@pytest.mark.parametrize(
    ("opening", "part"),
    [("Comment: Poor.", "comment"), ("BEGIN COMMENT. Poor.", "comment"), ("(Comment: Poor.)", "comment"), ("Note: Poor.", "note"), ("ACTION REQUEST: Poor.", "action"),
     ("Summary and Comment: Poor.", "summary"), ("Commentators say so.", "body"), ("Notes were sent.", "body")],
)  # fmt: skip
def test_labels_name_parts(opening, part):
    assert parts(body("1. Catches fell.", f"2. {opening}"))[1] == part


def test_a_comment_inside_a_paragraph_changes_nothing():
    assert parts(body("1. Catches fell. (Comment: Badly. End comment.)", "2. Ships came.")) == ["body", "body"]


def test_an_end_of_summary_reaches_back():
    assert parts(body("1. Catches fell.", "2. Ships came. END SUMMARY.", "3. Prices rose.")) == [
        "summary",
        "summary",
        "body",
    ]


def test_the_summary_is_told_without_numbers_marks_and_labels():
    assert (
        parse(body("1. (SBU) Summary: Catches fell.", "2. (U) Ships came. END SUMMARY.", "3. Fish.")).summary
        == "Catches fell.\nShips came."
    )


def test_an_unnumbered_summary_stands_beside_numbered_paragraphs():
    text = body("SUMMARY: Catches fell. END SUMMARY.", "1. Ships came.", "2. Prices rose.")
    assert [(p.number, p.part) for p in parse(text).paragraphs] == [(None, "summary"), (1, "body"), (2, "body")]


# ---- the end --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("end", "name"),
    [
        ("QUILL", "QUILL"),
        ("  QUILL  ", "QUILL"),
        ("QUILL \nBT \n#0012 \nNNNN", "QUILL"),
        ("QUILL \n\n=======================CABLE ENDS============================", "QUILL"),
        ("QUILL \n\nNOTE: NOT PASSED TO ABOVE ADDRESSEE(S) \nNNNN", "QUILL"),
        ("VAN VOORN", "VAN VOORN"),
        ("VAN \nVOORN", "VAN VOORN"),
        ("O'QUILL", "O'QUILL"),
        ("QUILL-MARSH", "QUILL-MARSH"),
        ("McQUILL", "McQUILL"),
        ("SIPDIS", None),
        ("UNCLASSIFIED", None),
        ("NNNN", None),
        ("", None),
    ],
)
def test_signatures_and_what_runs_on_after_them(end, name):
    text = TOP + f"1. Catches fell. \n\n2. Ships came. \n\n{end}\n"
    assert parse(text).signed_by == name
    assert words(text) == ["1. Catches fell.", "2. Ships came."]


def test_a_signature_glued_to_the_last_sentence_is_cut_off():
    text = TOP + "1. Catches fell.\n\n2. Ships came. End comment. QUILL\n"
    assert (parse(text).signed_by, words(text)[1]) == ("QUILL", "2. Ships came. End comment.")


def test_what_follows_the_end_is_trailer():
    text = TOP + "1. Catches fell.\n\nQUILL\n\nNNNN\n"
    assert [s.strip() for s in said(text, "trailer")] == ["NNNN"]


def test_redactions_are_counted():
    assert len(parse(TOP + "1. XXXXXXXXXXXX and XXXXXXX met; XXX did not.\n").redactions) == 3


# ---- previews, records, repeated heads ------------------------------------------------------------------------------------------


def test_of_a_cut_off_preview_and_the_full_text_the_full_text_is_read():
    text = TOP + "1. Catches f...\n\n" + TOP + "1. Catches fell.\n\n2. Ships came.\n\nQUILL\n"
    assert words(text) == ["1. Catches fell.", "2. Ships came."]
    assert parse(text).number == 12


def test_the_header_of_a_further_section_is_a_page_break():
    first = TOP.replace("UNCLAS OSLO", "UNCLAS SECTION 01 OF 02 OSLO")
    text = (
        first
        + "1. Catches fell.\n\n"
        + TOP.replace("UNCLAS OSLO", "UNCLAS SECTION 02 OF 02 OSLO")
        + "2. Ships came.\n\nQUILL\n"
    )
    m = parse(text)
    assert (m.sections, [p.number for p in m.paragraphs], m.subject, m.signed_by) == (
        2,
        [1, 2],
        "FISH AND SHIPS",
        "QUILL",
    )
    assert not any("SECTION 02" in text[p.start : p.end] for p in m.paragraphs)


# ---- fragments and bounds -------------------------------------------------------------------------------------------------------


def test_a_fragment_without_a_head_is_all_body():
    assert words("1. Catches fell.\n\n2. Ships came.") == ["1. Catches fell.", "2. Ships came."]


def test_an_empty_message_is_an_empty_message():
    assert parse("") == Message()
    assert roles(" \n \n") == []


def test_bounds_make_chrome_of_what_lies_outside():
    chrome, message = "<nav> 1. Home 2. About\n", TOP + "1. Catches fell.\n\nQUILL"
    text = chrome + message + "\nLeave a comment"
    m = parse(text, len(chrome), len(chrome) + len(message))
    assert m.spans[0] == (0, len(chrome), "chrome")
    assert m.spans[-1][2] == "chrome"
    assert [text[p.start : p.end] for p in m.paragraphs] == ["1. Catches fell."]
    assert m.signed_by == "QUILL"


@pytest.mark.parametrize("break_", ["\n", "\r\n", " \n", "\\\n"])
def test_line_ends_of_every_kind_read_the_same(break_):
    text = (TOP + "1. Catches fell.\n\n2. Ships came.\n\nQUILL\n").replace("\n", break_)
    m = parse(text)
    assert (m.number, m.subject, m.tags, [p.number for p in m.paragraphs], m.signed_by) == (
        12,
        "FISH AND SHIPS",
        ["EFIS", "NO"],
        [1, 2],
        "QUILL",
    )
