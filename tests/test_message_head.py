"""The head of a message as copies damage it: lines between its fields, labels lost and misplaced, broken words. All text is invented."""

from __future__ import annotations

import pytest

from cablelab.message import parse
from cablelab.message.references import references_of

CLASS = "C O N F I D E N T I A L PORTKESTREL 000412 \n \nSIPDIS \n \n"
TOP = CLASS + "E.O. 12958: DECL: 06/30/2018 \nTAGS: PREL ECON ZA\n"
END = "\n\n¶1. (C) The port was full. \n\nQUILL\n"


def cited(text):
    return [(r.label, r.post, r.number, r.year) for r in parse(text).references]


def officer(line):
    return parse(f"{TOP}SUBJECT: FERRY\n\nClassified By: {line}{END}").classified_by


# ---- the head goes on -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "between",
    [
        "\n\nSIPDIS\n\n",
        "\n\n(BACKGROUND AND THE YEAR AHEAD)\n\n",
        "\n\nPREL, ECON, ZA\n\n",
        "\n\nPORTKESTREL 00000412 001.2 OF 004\n\n\n",
        "\n\nUNKNOWN WORDS OF A RELAY 77\n\n \n",
        "\n\n\\\n\n",
    ],
)
def test_what_stands_between_two_fields_does_not_end_the_head(between):
    m = parse(f"{TOP}SUBJECT: ICE ROADS\nREF: OSLO 211{between}Classified By: DCM Ivo Marsh, reasons 1.4 (b).{END}")
    assert (m.classified_by, m.subject) == ("Ivo Marsh", "ICE ROADS")
    assert [(r.post, r.number) for r in m.references] == [("OSLO", 211)]
    assert [p.number for p in m.paragraphs] == [1]


@pytest.mark.parametrize(
    ("written", "subject"),
    [
        ("FERRY TALKS OPEN UNDER \n\nTHE NEW MINISTER \n\nREF: OSLO 211", "FERRY TALKS OPEN UNDER THE NEW MINISTER"),
        ("FERRY TALKS OPEN \n\n \n\nAGAIN \n\nClassified By: DCM Ivo Marsh, 1.4 (b)", "FERRY TALKS OPEN AGAIN"),
        ("KELP: PART ONE \n(BACKGROUND AND YEAR AHEAD)\nREF: OSLO 211", "KELP: PART ONE (BACKGROUND AND YEAR AHEAD)"),
        # words for those who pass it on, and the text, are no part of it
        ("FERRY TALKS OPEN \n\nSTATE PASS TO USTR \n\nREF: OSLO 211", "FERRY TALKS OPEN"),
        ("FERRY TALKS OPEN \n\nWHY IT MATTERS \n\n", "FERRY TALKS OPEN"),
        ("FERRIES UNDER E.O. 13382 \n\nREF: OSLO 211", "FERRIES UNDER E.O. 13382"),
        ("E.O. 13382 FERRIES \n", "E.O. 13382 FERRIES"),
        ("WHO TEACHES \nSUBJECT: WHO TEACHES WHOM \n", "WHO TEACHES WHOM"),
    ],
)
def test_a_subject_goes_on_below_a_blank_line_where_a_label_follows(written, subject):
    assert parse(f"{TOP}SUBJECT: {written}{END}").subject == subject


def test_a_label_may_be_broken_over_a_blank_line():
    m = parse(f"{TOP}SUBJECT: ACCIDENTS LEAD THE LIST CLASSIFIED \n\nBY: Ada Quill, Ambassador. REASON: 1.4 (b){END}")
    assert (m.subject, m.classified_by) == ("ACCIDENTS LEAD THE LIST", "Ada Quill")


def test_fields_open_behind_captions_and_handling_words():
    text = (
        CLASS.replace("SIPDIS", "C O R R E C T E D COPY E.O. 12958: DECL: 06/30/2018 TAGS: PREL, ZA")
        + "SUBJECT: FERRY"
        + END
    )
    m = parse(text)
    assert (m.corrected, m.executive_order, m.tags, m.subject) == (True, "12958", ["PREL", "ZA"], "FERRY")
    handled = parse(
        f"UNCLAS PORTKESTREL 000012\n\nSUBJECT: FERRY\n\n(U) This message is sensitive but unclassified. REF: OSLO 7{END}"
    )
    assert [r.number for r in handled.references] == [7]


def test_an_order_inside_the_reason_opens_no_field():
    m = parse(f"{TOP}SUBJECT: FERRY\n\nClassified by CDA Ivo Quill; E.O. 12958, reasons 1.4 (b) and (d).{END}")
    assert (m.classified_by, m.classified_reason, str(m.declassify_on)) == (
        "Ivo Quill",
        "1.4 (b) and (d)",
        "2018-06-30",
    )


def test_classified_by_may_be_glued_to_the_subject():
    m = parse(f"{TOP}SUBJECT: FERRIES TO OSLOClassified By: DCM Ivo Quill. Reasons: 1.4 (b){END}")
    assert (m.subject, m.classified_by) == ("FERRIES TO OSLO", "Ivo Quill")


def test_declassified_by_is_another_thing():
    text = f"{TOP}SUBJECT: FERRY\n\nREF: OSLO 7 DECLASSIFIED BY: NARA{END}"
    assert parse(text).classified_by is None
    assert parse(f"{TOP}SUBJECT: FERRY\n\nDECLASSIFIED BY NARA 12/01/2020{END}").classified_by is None


@pytest.mark.parametrize("mark", ["(U)", "(SBU)", "(C)"])
def test_text_that_runs_on_behind_the_references_is_body(mark):
    text = f"{TOP}SUBJECT: FERRY REF: A. STATE 74301 B. OSLO 9 {mark} The owner said that no boats are for sale. He will write in May."
    m = parse(text)
    assert [p.marking for p in m.paragraphs] == [mark.strip("()")]
    assert [r.number for r in m.references] == [74301, 9]
    # a third item looks like a portion marking
    assert [
        r.label
        for r in parse(
            f"{TOP}SUBJECT: FERRY\nREF: (A) STATE 74301 (B) OSLO 9 (C) QUILL-MARSH E-MAIL OF MAY 3{END}"
        ).references
    ] == list("ABC")


def test_a_message_without_labels_keeps_its_paragraphs():
    m = parse(
        "UNCLAS PORTKESTREL 000412\n\nSIPDIS\n\nDEPT FOR EUR/PPD\n\nThe port was full in May.\n\nIt is empty now.\n\nQUILL\n"
    )
    assert [role for _, _, role in m.spans if role not in {"blank"}][1:3] == ["caption", "passing"]
    assert len(m.paragraphs) == 2
    numbered = parse("UNCLAS PORTKESTREL 000412\n\n1. The port was full.\n\n2. It is empty now.\n")
    assert [p.number for p in numbered.paragraphs] == [1, 2]


# ---- TAGS -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "tags"),
    [
        ("TAGS: PREL PGOV \nECON, PHUM, RS SUBJECT: FERRY", ["PREL", "PGOV", "ECON", "PHUM", "RS"]),
        ("TAG PREL, EFIS, ELAB", ["PREL", "EFIS", "ELAB"]),
        ("TAGS: PREL MARR BR\nLOOK FOR A SECOND FERRY, IN VAIN, SINCE JUNE \n\nREF: OSLO 7", ["PREL", "MARR", "BR"]),
        ("TAGS: KFRDCVISCMGTZA", ["KFRD", "CVIS", "CMGT", "ZA"]),
        ("TAGS: PHUMBA, AROC", ["PHUM", "BA", "AROC"]),
        ("TAGS: PREL, SOCIAL", ["PREL", "SOCIAL"]),
        ("TAGS: ELAB, ECON, ZA, TAGS: EFIS ", ["ELAB", "ECON", "ZA", "EFIS"]),
        ("EFIN, ECON, CH", ["EFIN", "ECON", "CH"]),
        ("TAGS: OVIP (QUILL, ADA B.), PREL", ["OVIP", "QUILL, ADA B.", "PREL"]),
    ],
)
def test_tags_of_damaged_lines(written, tags):
    assert parse(f"{CLASS}E.O. 12958: N/A \n{written}\n\n1. Late.\n").tags == tags


# ---- references -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "found"),
    [
        ("455 Oslo", [(None, "OSLO", 455, None)]),
        ("A) Oslo 514/513; B) Oslo 7", [("A", "OSLO", 514, None), ("A", "OSLO", 513, None), ("B", "OSLO", 7, None)]),
        ("VIENNA, 1404, STATE 51107", [(None, "VIENNA", 1404, None), (None, "STATE", 51107, None)]),
        ("A. A: QUITO 00417/08", [("A", "QUITO", 417, 8)]),
        ("HARARE O2213", [(None, "HARARE", 2213, None)]),
        ("HARARE CABLES 0119 AND 03044 (2007)", [(None, "HARARE", 119, None), (None, "HARARE", 3044, 7)]),
        ("08-LISBON-31", [(None, "LISBON", 31, 8)]),
        ("A. NAIROBI 1733 \n ¶B. 1702 AND PREVIOUS", [("A", "NAIROBI", 1733, None), ("B", "NAIROBI", 1702, None)]),
        ("A) OSLO 318, B) SAN \n \nSALVADOR 204", [("A", "OSLO", 318, None), ("B", "SANSALVADOR", 204, None)]),
        ("[A] State 61200, [B] Lisbon 416", [("A", "STATE", 61200, None), ("B", "LISBON", 416, None)]),
        ("A - Oslo 77", [("A", "OSLO", 77, None)]),
        ("(A) OSLO 318 \n(B )OSLO 309", [("A", "OSLO", 318, None), ("B", "OSLO", 309, None)]),
        ("A) QUILL E-MAIL 04/02/08 \nA) OSLO 480", [("A", None, None, None), ("A", "OSLO", 480, None)]),
        ("A. STATE 99811 24 SEP 2009 \n ¶B. OSLO 361 12 NOV 2009", [("A", "STATE", 99811, 9), ("B", "OSLO", 361, 9)]),
        ("STATE 99811 OF 2007", [(None, "STATE", 99811, 7)]),
        ("OSLO 12 (DATED JUNE 3, 2007)", [(None, "OSLO", 12, 7)]),
        ("05 0SLO 1207", [(None, "OSLO", 1207, 5)]),
        ("A. OSLO 4 JUNE E-MAIL", [("A", "OSLO", 4, None)]),
    ],
)  # fmt: skip
def test_forms_of_reference(zone, found):
    assert [(r.label, r.post, r.number, r.year) for r in references_of(zone)] == found


@pytest.mark.parametrize("label", ["REF.: ", "REFTEL: ", "Refs - ".replace(" -", ":"), "RE: ", "REF(S): ", "A. REF "])
def test_labels_of_references(label):
    assert [r.number for r in parse(f"{TOP}SUBJECT: FERRY\n\n{label}LISBON 01177\n{END}").references] == [1177]


def test_a_list_goes_on_below_a_blank_line():
    for rest in ("\n\nOF 5/6 C) OSLO 390 D) OSLO 391", "\n \n-  (C) OSLO 390 \n-  (D) OSLO 391"):
        found = cited(
            f"{TOP}SUBJECT: ICE\n\nREF: A) OSLO 211 B) QUILL E-MAIL{rest}\n\nClassified By: DCM Ivo Marsh, 1.4 (b){END}"
        )
        assert [one[0] for one in found] == list("ABCD")
        assert [one[2] for one in found] == [211, None, 390, 391]


def test_a_copy_that_begins_anew_in_a_list_is_no_reference():
    text = f"{TOP}SUBJECT: FERRY \n \nREF: STATE 61177 \nPORTKESTREL 000412 SIPDIS E.O. 12958: DECL: 06/30/2018 TAGS: PREL ZA{END}"
    assert [r.number for r in parse(text).references if r.post] == [61177]


def test_what_is_no_cable_keeps_its_brackets_and_stays_short():
    (mail,) = references_of("A. QUILL-MARSH E-MAIL (07JUN08)")
    assert mail.raw == "QUILL-MARSH E-MAIL (07JUN08)"
    (long,) = references_of("A. QUILL MEMO ON FERRIES. " + "The ferry is late. " * 80)
    assert len(long.raw) <= 240
    assert references_of("N/A") == []


# ---- classified by --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("PolMC Ada Quill for reasons 1.4 (B & D).", "Ada Quill"),
        ("ISN ADA B. QUILL, REASONS 1.4(b) AND (d)", "ADA B. QUILL"),
        ("CHARGE D'AFFAIRS IVO MARSH; REASON 1.4 (B)", "IVO MARSH"),
        ("DCM IVO MARSH BASED UPON REASON 1.4(B)", "IVO MARSH"),
        ("AMBASSADOR TO SUDAN ADA QUILL.\nREASON 1.5(D).", "ADA QUILL"),
        ("DEPUTY ASSISTANT SECRETARY OF STATE FOR \nCENTRAL ASIA IVO MARSH FOR REASONS 1.4 (B)", "IVO MARSH"),
        ("DEFENSE ATTACHE COL IVO MARSH FOR REASONS 1.4 (B)", "IVO MARSH"),
        ("VCI - Assistant Secretary Ada Quill. Reasons 1.4 (b)", "Ada Quill"),
        ("Quill, Ada B, Ambassador, State, EXEC; REASON: 1.4(B)", "Quill, Ada B"),
        ("CDA, A.I. IVO MARSH FOR REASON 1.5 (A/C).", "IVO MARSH"),
        ("Economic Counselor Ivo Marsh \n(acting) for reasons 1.4 (b)", "Ivo Marsh"),
        ("DCM Ivo Q. Leader for reasons 1.4 (b) and (d)", "Ivo Q. Leader"),
        ("ECONOMIC COUNSELOR IVO MARSH \n FOR 12958 1.4 B, D", "IVO MARSH"),
        ("IVO W. MARSH, JR., AMBASSADOR.\nREASON:  1.5 (B)", "IVO W. MARSH, JR."),
        ("AMBASSAD0R ADA QUILL BASED 0N 1.5 (B)", "ADA QUILL"),
        ("com ada quill for reasons 1.4 (b) & (d)", "ada quill"),
        ("DCM Ivo G, Marsh, Reason 1.4 (b) (d)", "Ivo G, Marsh"),
        ("xxxxxxxxxxxx for Reasons 1.4 (b)", "xxxxxxxxxxxx"),
        ("Political Officer", None),
        ("Ambassador Ada Qu...", None),
        ("Minister Counselor for Political Affairs Adelia Quill fo r reasons 1.4 (b,d).", "Adelia Quill"),
        ("Acting Minister Counselor for Political Affairs Otilia M arsh, Reasons 1.4(b)", "Otilia Marsh"),
        ("Classified By: Charge d'Affaires Adalberta Q. Marshes for \nreasons 1.4 (b)", "Adalberta Q. Marshes"),
    ],
)
def test_the_officers_name_alone(line, name):
    assert officer(line) == name


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Political Counselor Adelia J. Quillan; reasons 1.4 (b) a nd (d).", "1.4 (b) and (d)"),
        ("Classified by Ambassador Adele Quill for reasons 1.4 (b) \nand (d). ", "1.4 (b) and (d)"),
        ("Economic Minister Counselor Adelbert O Quill for reasons\n1.4 b & d", "1.4 b & d"),
        ("Ambassador Adelheid Quill, Embassy Port Kestrel, for reasons 1.4 (b) and (\nd)", "1.4 (b) and (d)"),
    ],
)
def test_reasons_across_a_hard_break(line, reason):
    assert parse(f"{TOP}SUBJECT: FERRY\n\nClassified By: {line}{END}").classified_reason == reason


# ---- classification lines and headers -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("SS E C R E T SECTION 01 OF 02 LUSAKA 000412", "SECRET"),
        ("CO N F I D E N T I A L LUSAKA 000412", "CONFIDENTIAL"),
        ("O N F I D E N T I A L SECTION 01 OF 04 LUSAKA 000412", "CONFIDENTIAL"),
        ("C O N F I D E N T A L LUSAKA 000412", "CONFIDENTIAL"),
        ("UNCLAS SIPDIS".replace(" SIPDIS", "S") + " LUSAKA 000412", "UNCLASSIFIED"),
        ("NCLAS SECTION 01 OF 02 LUSAKA 000412", "UNCLASSIFIED"),
        ("S E C R E T SECTION 01 OF 02 SAN\nSALVADOR 000412", "SECRET"),
        ("\u2028\u2028S E C R E T LUSAKA 000412\u2028", "SECRET"),
    ],
)
def test_damaged_classification_lines(line, level):
    m = parse(f"{line} \n\nSIPDIS \n\nE.O. 12958: N/A \nTAGS: PREL ZA\nSUBJECT: FERRY\n\n1. Late.\n")
    assert (m.classification, m.number, m.captions, m.subject) == (level, 412, ["SIPDIS"], "FERRY")


def test_words_that_only_look_like_a_level_are_none():
    assert parse("CONFIDENCE IN LUSAKA 000412 IS HIGH\n\n1. Late.\n").classification is None


def test_a_record_may_be_wrapped_in_the_midst_of_its_classification_line():
    head = "E.O. 12958: DECL: 06/30/2018\nTAGS: PREL ES\nSUBJECT: FERRY\n"
    text = (
        f"S E C R E T SECTION 01 OF 02 LUSAKA 000412\n\n{head}\nREF:...\n\n77,6/30/2008 10:20,08LUSAKA412,\"Embassy\nLusaka\",SECRET,,"
        f"\"P 301020Z JUN 08\nFM AMEMBASSY LUSAKA\nTO RUEHC/SECSTATE WASHDC 6601\",\"S E C R\nE T SECTION 01 OF 02 LUSAKA 000412\n{head}"
        "REF: A. OSLO 68\nClassified By: DCM IVO QUILL FOR REASONS 1.4 (B/D).\n\n¶1. (S) The ferry is late.\nQUILL\n"
    )  # fmt: skip
    m = parse(text)
    assert ([r.number for r in m.references], m.classified_by, len(m.paragraphs)) == ([68], "IVO QUILL", 1)


@pytest.mark.parametrize(
    "dtg", ["R 301302Z Jun 08", "R 301302Z JUN 08 ZDK DUE TO GARBLE ZDK", "R 301302ZJUN08", "O R 301302Z June 2008"]
)
def test_date_time_groups(dtg):
    m = parse(f"{dtg}\nFM AMEMBASSY LUSAKA\nTO RUEHC/SECSTATE WASHDC 410\n\n{TOP}SUBJECT: FERRY{END}")
    assert m.dtg is not None
    assert m.dtg.isoformat() == "2008-06-30T13:02:00"
    assert [(a.role, a.name, a.serial) for a in m.addressees] == [
        ("from", "AMEMBASSY LUSAKA", None),
        ("to", "SECSTATE WASHDC", 410),
    ]


def test_addressees_below_a_blank_line_behind_a_stroke_and_by_other_means():
    text = "FM AMEMBASSY LUSAKA\nTO ZEN/AMEMBASSY OSLO IMMEDIATE 2276\nINFO RUEHFR/AMEMBASSY PARIS 165\n\nRHEHAAA/NSC WASHDC\nXMT/AMEMBASSY SOFIA\n\n"
    assert [(a.role, a.routing, a.name) for a in parse(text + TOP + "SUBJECT: FERRY" + END).addressees] == [
        ("from", None, "AMEMBASSY LUSAKA"), ("to", None, "AMEMBASSY OSLO"), ("info", "RUEHFR", "AMEMBASSY PARIS"),
        ("info", "RHEHAAA", "NSC WASHDC"), ("exempt", None, "AMEMBASSY SOFIA"),
    ]  # fmt: skip


def test_a_list_of_offices_above_fm_is_no_addressee():
    offices = (
        "ACTION AF-00 \n\nINFO  LOG-00   NP-00  \n      DS-00  /006W\n        ------------------7B7C0F  300812Z /38 \n"
    )
    text = f"{offices}FM AMEMBASSY LUSAKA\nTO SECSTATE WASHDC 6100\n\n"
    assert [a.name for a in parse(text + TOP + "SUBJECT: FERRY" + END).addressees] == [
        "AMEMBASSY LUSAKA",
        "SECSTATE WASHDC",
    ]
