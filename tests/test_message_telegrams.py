"""Telegrams of 1973-79 as the core reads them: sections, date-time groups, headers without blank lines; all text is invented."""

from __future__ import annotations

import pytest

import cablelab as cl
from cablelab.message import parse

SECTION = """CONFIDENTIAL

PAGE 01        KESTRE  00012  {n:02} OF {of:02}  210911Z

ACTION EA-10

INFO  OCT-01  ISO-00  /056 W
                     --------------------- 054819
R 210730Z AUG 75
FM AMEMBASSY KESTREL
TO SECSTATE WASHDC 0112
INFO AMEMBASSY LISBON

C O N F I D E N T I A L SECTION {n} OF {of} KESTREL 0012

EXDIS
{head}
{text}

CONFIDENTIAL

NNN
"""
HEAD = "\nEO 11652: GDS\nTAGS: EFIS, PT\nSUBJECT: FISH\nREF: LISBON 5405\n"


def texts(source):
    return [" ".join(text.split()) for text in cl.parse(source).paragraphs["text"]]


# ---- sections ---------------------------------------------------------------------------------------------------------------------


def test_head_of_a_second_section_is_a_page_break_however_short_the_first_section_is():
    source = SECTION.format(n=1, of=2, head=HEAD, text="1. BOATS ARE CHEAP.\n\n2. NETS ARE DEAR.") + SECTION.format(
        n=2, of=2, head="", text="3. SAILS ARE UNSOLD.\nQUILL"
    )
    message = parse(source)
    assert texts(source) == ["1. BOATS ARE CHEAP.", "2. NETS ARE DEAR.", "3. SAILS ARE UNSOLD."]
    assert (message.number, message.sections, message.signed_by, message.subject) == (12, 2, "QUILL", "FISH")
    assert [(a.role, a.post) for a in message.addressees] == [("from", None), ("to", "STATE"), ("info", "LISBON")]
    assert f"{message.dtg:%Y-%m-%dT%H:%M}" == "1975-08-21T07:30"


def test_of_three_sections_each_head_is_a_page_break():
    source = "".join(
        SECTION.format(n=n, of=3, head=HEAD if n == 1 else "", text=f"{n}. BOATS NUMBER {n}.") for n in (1, 2, 3)
    )
    assert texts(source) == ["1. BOATS NUMBER 1.", "2. BOATS NUMBER 2.", "3. BOATS NUMBER 3."]


def test_sentence_that_two_sections_share_is_joined():
    source = SECTION.format(n=1, of=2, head=HEAD, text="1. BOATS ARE") + SECTION.format(
        n=2, of=2, head="", text="CHEAP.\n\n2. NETS ARE DEAR."
    )
    assert texts(source) == ["1. BOATS ARE CHEAP.", "2. NETS ARE DEAR."]


def test_second_section_that_is_held_alone_keeps_its_head():
    source = SECTION.format(n=2, of=2, head="", text="3. SAILS ARE UNSOLD. SEE SECTION 1.\nQUILL")
    message = parse(source)
    assert (message.post or "KESTREL", message.number, message.classification) == ("KESTREL", 12, "CONFIDENTIAL")
    assert texts(source) == ["3. SAILS ARE UNSOLD. SEE SECTION 1."]


def test_relay_mark_beside_a_level_is_no_classification_line():
    message = parse("CONFIDENTIAL  PTQ1212\n\nUNCLAS KESTREL 000012\n\nSUBJECT: FISH\n\n1. Fell.\n")
    assert (message.classification, message.number) == ("UNCLASSIFIED", 12)


def test_sections_counted_in_words_are_counted():
    first, second = (
        SECTION.format(n=n, of=2, head=head, text=text)
        for n, head, text in ((1, HEAD, "1. BOATS ARE CHEAP."), (2, "", "2. NETS ARE DEAR.\nQUILL"))
    )
    source = first.replace("SECTION 1 OF 2", "SECTION ONE OF TWO") + second.replace(
        "SECTION 2 OF 2", "SECTION TWO OF TWO"
    )
    message = parse(source)
    assert (message.number, message.sections, message.signed_by, [p.number for p in message.paragraphs]) == (
        12,
        2,
        "QUILL",
        [1, 2],
    )


# ---- date-time groups -------------------------------------------------------------------------------------------------------------

TOP = "{dtg}\nFM AMEMBASSY OSLO\nTO SECSTATE WASHDC 0112\n\nUNCLAS OSLO 0012\n\nSUBJECT: FISH\n\n1. BOATS ARE CHEAP.\n\nQUILL\n"
GROUPS = {
    "R 182339Z MAY 73": ("1973-05-18T23:39", ["ROUTINE"]),
    "R 182339 Z MAY 73": ("1973-05-18T23:39", ["ROUTINE"]),
    "P R 291640 Z  MAY 73": ("1973-05-29T16:40", ["PRIORITY", "ROUTINE"]),
    "R 18 2339 Z MAY 73": ("1973-05-18T23:39", ["ROUTINE"]),
    "R 182339Z MAY. 73": ("1973-05-18T23:39", ["ROUTINE"]),
    "PR 241140Z SEP 76": ("1976-09-24T11:40", ["PRIORITY", "ROUTINE"]),
    "0 132344Z SEPT 76": ("1976-09-13T23:44", ["IMMEDIATE"]),
    "2317462 JUL 75": ("1975-07-23T17:46", []),
    "R 231746Z PEB 75": ("1975-02-23T17:46", ["ROUTINE"]),
    "R 231746Z 0CT 75 ZFF4": ("1975-10-23T17:46", ["ROUTINE"]),
    "O 231746Z OCT 75 ZFF-4": ("1975-10-23T17:46", ["IMMEDIATE"]),
    "O 231746Z OCT 75 ZFF 4": ("1975-10-23T17:46", ["IMMEDIATE"]),
    "OP231746Z OCT 75": ("1975-10-23T17:46", ["IMMEDIATE", "PRIORITY"]),
    "0231746Z OCT 75": ("1975-10-23T17:46", ["IMMEDIATE"]),
    "R 23l746Z OCT 75": ("1975-10-23T17:46", ["ROUTINE"]),
    "R O31746Z OCT 75": ("1975-10-03T17:46", ["ROUTINE"]),
    "R 2 31746Z O CT 75": ("1975-10-23T17:46", ["ROUTINE"]),
    "R 231746 OCT 75": ("1975-10-23T17:46", ["ROUTINE"]),
    "R 231746Z OCT 75 BT": ("1975-10-23T17:46", ["ROUTINE"]),
}


@pytest.mark.parametrize("written", GROUPS)
def test_damaged_date_time_group_is_read(written):
    message = parse(TOP.format(dtg=written))
    assert (f"{message.dtg:%Y-%m-%dT%H:%M}", message.precedence) == GROUPS[written]
    assert [a.role for a in message.addressees] == ["from", "to"]


def test_group_without_a_year_has_that_of_the_page():
    assert str(parse(TOP.format(dtg="R 231746Z OCT"), year=1975).dtg) == "1975-10-23 17:46:00"
    assert parse(TOP.format(dtg="R 231746Z OCT")).dtg is None


@pytest.mark.parametrize(
    "written", ["R 4502252 JUL 75", "R 231746Z XYZ 75", "R 231746Z JUB 75", "231746 JUL 75", "NO 231746 JUL 75"]
)
def test_date_time_group_whose_day_or_month_is_doubtful_gives_no_date(written):
    assert parse(TOP.format(dtg=written)).dtg is None


# ---- headers that no classification line closes ------------------------------------------------------------------------------------

PRINTED = "R 211600Z NOV 73\nFM AMEMBASSY OSLO\nTO SECSTATE WASHDC 1337\nINFO AMEMBASSY LISBON\n{below}1. BOATS ARE CHEAP.\n2. NETS ARE DEAR.\nQUILL"
BELOW = {
    "executive order": "EO 11652: GDS\nTAGS: EFIS, PT\nSUBJECT: FISH\nREF: LISBON 5405\n",
    "passing line": "DEPT PLEASE PASS AS DESIRED\nEO 11652: GDS\nTAGS: EFIS, PT\nSUBJECT: FISH\nREF: LISBON 5405\n",
    "caption": "EXDIS\nE.O. 11652: GDS\nTAGS: EFIS, PT\nSUBJ: FISH\nREF: LISBON 5405\n",
    "for somebody": "FOR ASSISTANT SECRETARY TARN\nE.O. 11652: GDS\nTAGS: EFIS, PT\nSUBJ: FISH\nREF: LISBON 5405\n",
    "for an office": "GENEVA FOR TARN\nE.O. 11652: GDS\nTAGS: EFIS, PT\nSUBJ: FISH\nREF: LISBON 5405\n",
    "for eyes": "EYES ONLY FOR AMBASSADOR\nE.0. ll652: GDS\nTAGS: EFIS, PT\nSUBJ: FISH\nREF: LISBON 5405\n",
    "of two": "JOINT EMBASSY/CONSULATE MESSAGE\nE,O. 11652: GDS\nTAGS: EFIS, PT\nSUBJ: FISH\nREF: LISBON 5405\n",
    "subject first": "SUBJECT: FISH\nREF: LISBON 5405\n",
    "nothing": "",
}


@pytest.mark.parametrize("kind", BELOW)
def test_addressees_end_where_the_message_begins(kind):
    message = parse(PRINTED.format(below=BELOW[kind]))
    assert [(a.role, a.post) for a in message.addressees] == [("from", "OSLO"), ("to", "STATE"), ("info", "LISBON")]
    assert [p.number for p in message.paragraphs] == [1, 2]
    assert message.signed_by == "QUILL"
    if BELOW[kind]:
        assert (message.subject, [(r.post, r.number) for r in message.references]) == ("FISH", [("LISBON", 5405)])


def test_addressee_that_is_asked_to_pass_a_message_on_stays_one():
    source = PRINTED.format(below="AMEMBASSY MADRID PASS TO AMCONSUL BILBAO\nAMEMBASSY PARIS\nSUBJECT: FISH\n")
    assert [a.post for a in parse(source).addressees][-1] == "PARIS"


# ---- posts as of their time ---------------------------------------------------------------------------------------------------------

MISSIONS = """R 182339Z {month}
FM USMISSION USUN NY
TO SECSTATE WASHDC 0112
INFO USMISSION NATO
USMISSION EC BRUSSELS

UNCLAS USUN 05499

SUBJECT: FISH
REF: A. USUN 5313; B. USNATO 12

1. BOATS ARE CHEAP.

QUILL
"""


@pytest.mark.parametrize(
    ("month", "codes"),
    [
        ("MAY 78", ("USUN", ["USUN", "STATE", "NATO", "ECBRUSSELS"], ["USUN", "NATO"])),
        ("MAY 05", ("USUNNEWYORK", ["USUNNEWYORK", "STATE", "USNATO", "USEUBRUSSELS"], ["USUNNEWYORK", "USNATO"])),
    ],
)
def test_missions_have_the_codes_of_their_time(month, codes):
    message = parse(MISSIONS.format(month=month))
    assert (
        message.post,
        [a.post for a in message.addressees],
        [r.post for r in message.references],
    ) == codes


def test_year_of_the_page_tells_the_time_where_no_date_time_group_does():
    source = "UNCLAS USUN 05499\n\nSUBJECT: FISH\n\nREF: USUN 5313\n\n1. BOATS ARE CHEAP.\n"
    told, untold = parse(source, year=1978), parse(source)
    assert (told.post, told.references[0].post) == ("USUN", "USUN")
    assert (untold.post, untold.references[0].post) == ("USUNNEWYORK", "USUNNEWYORK")


# ---- heads of the seventies -----------------------------------------------------------------------------------------------------------

FIRST = "1. BOATS ARE CHEAP.\n\n2. NETS ARE DEAR.\n"


def message_of(head: str, text: str = FIRST, end: str = "\nQUILL\n", year: int = 1979):
    return parse(
        f"R 182339Z MAY {year % 100:02}\nFM AMEMBASSY OSLO\nTO SECSTATE WASHDC 0112\n\nC O N F I D E N T I A L OSLO 0012\n\n{head}\n{text}{end}"
    )


CLASSIFIERS = {
    "GDS 3/2/85 (TARN, EDWARD Q.) OR-E": "EDWARD Q. TARN",
    "RDS-4 6/5/99 (TARN, EDWARD Q.) OR-M": "EDWARD Q. TARN",
    "GDS 3/2/85 (TARN,\nEDWARD Q.) OR-E": "EDWARD Q. TARN",
    "GDS 3/2/85 (VAN TARN, E. Q.) OR-P": "E. Q. VAN TARN",
    "GDS 3/2/85 (EDWARD TARN) OR-E": "EDWARD TARN",
    "GDS 3/2/85": None,
    "N/A": None,
}


@pytest.mark.parametrize("written", CLASSIFIERS)
def test_classifier_of_order_12065_is_read(written):
    message = message_of(f"E.O. 12065: {written}\nTAGS: EFIS, NO\nSUBJECT: FISH\n")
    assert message.classified_by == CLASSIFIERS[written]
    assert (message.executive_order, message.tags, message.subject) == ("12065", ["EFIS", "NO"], "FISH")


def test_brackets_of_another_order_name_nobody():
    message = message_of("E.O. 11652: GDS (TARN, EDWARD Q.) OR-E\nTAGS: EFIS, NO\nSUBJECT: FISH\n")
    assert message.classified_by is None


def test_group_that_cannot_be_read_leaves_the_addressees():
    message = parse(PRINTED.replace("211600Z NOV", "2116?? NIV").format(below=BELOW["executive order"]))
    assert (message.dtg, [(a.role, a.post) for a in message.addressees][:2]) == (
        None,
        [("from", "OSLO"), ("to", "STATE")],
    )
    assert (message.subject, message.executive_order, [p.number for p in message.paragraphs]) == (
        "FISH",
        "11652",
        [1, 2],
    )


def test_lines_of_an_edition_are_paragraphs():
    long = "BOATS ARE CHEAP AND NETS ARE DEAR AND SAILS ARE UNSOLD IN ALL THE HARBORS OF THE NORTH AND OF THE SOUTH, AND NOBODY SAYS WHY IT IS SO."
    head = "R 211600Z NOV 73\nFM AMEMBASSY OSLO\nTO SECSTATE WASHDC 1337\nE.O. 11652: GDS\nSUBJECT: FISH\n"
    assert len(parse(f"{head}{long}\n{long}\n{long}\nQUILL").paragraphs) == 3
    wrapped = "\n".join(long[at : at + 60] for at in range(0, len(long), 60))
    assert len(parse(f"{head}\n{wrapped}\nQUILL").paragraphs) == 1


def test_number_glued_to_an_addressee_is_its_running_number():
    message = parse(TOP.format(dtg="R 231746Z OCT 75").replace("WASHDC 0112", "WASHDC0112"))
    assert [(a.post, a.serial) for a in message.addressees][1:] == [("STATE", 112)]


CAPTIONS = {
    "NODIS/CHEROKEE": ["NODIS", "CHEROKEE"],
    "NODIS CHEROKEE": ["NODIS", "CHEROKEE"],
    "STADIS/////": ["STADIS"],
    "EXDIS (HANDLE AS NODIS)": ["EXDIS", "NODIS"],
    "LIMDIS GREENBACK": ["LIMDIS"],
    "EXDIS, MILITARY HANDLE AS SPECAT EXCLUSIVE": ["EXDIS"],
}


@pytest.mark.parametrize("line", CAPTIONS)
def test_captions_of_the_seventies(line):
    message = message_of(f"{line}\n\nE.O. 11652: GDS\nTAGS: EFIS, NO\nSUBJECT: FISH\n")
    assert message.captions == CAPTIONS[line]


PASSING = [
    "DEPT PLEASE PASS PARIS",
    "EYES ONLY FOR TARN",
    "JOINT EMBASSY/CONSULATE MESSAGE",
    "PARIS FOR TARN",
    "FOR AMBASSADOR FROM TARN",
    "FOR ASSISTANT SECRETARY TARN",
    "PASS TO USDEL",
]


@pytest.mark.parametrize("line", PASSING)
def test_passing_line_below_a_subject_is_no_part_of_it(line):
    head = "E.O. 11652: GDS\nTAGS: EFIS, NO\nSUBJ: FISH AND NETS\n{}\nREF: OSLO 11\n"
    message = message_of(head.format(line))
    assert (message.subject, [r.number for r in message.references]) == ("FISH AND NETS", [11])
    assert [p.number for p in message.paragraphs] == [1, 2]
    later = message_of(head.format(line).replace("11652: GDS", "12958: DECL: 1/1/2015"))
    assert later.subject == f"FISH AND NETS {line}"


def test_wrapped_subject_whose_second_line_opens_with_for_goes_on():
    message = message_of(
        "E.O. 11652: GDS\nTAGS: EFIS, NO\nSUBJ: FISH AND NETS AND BOATS AND ALL THAT THE HARBOR NEEDS\nFOR WINTER\nREF: OSLO 11\n"
    )
    assert message.subject == "FISH AND NETS AND BOATS AND ALL THAT THE HARBOR NEEDS FOR WINTER"


REPEATS = {
    "FOL REPEAT MADRID 118 ACTION SECSTATE INFO LISBON DTD 07 FEB\nQUOTE\n": [("MADRID", 118)],
    "FOLLOWING REPEAT OF MADRID 118 TO STATE\nQUOTE\n": [("MADRID", 118)],
    "FOLLOWING TELEGRAM REPEATED FYI\n\nQUOTE\nC O N F I D E N T I A L MADRID 0118\n\n": [("MADRID", 118)],
    "FOL REPEAT PORT KESTREL 118 ACTION SECSTATE\nQUOTE\n": [("PORTKESTREL", 118)],
    "QUOTE\nC O N F I D E N T I A L KESTREL 0118\n\n": [("KESTREL", 118)],
    "FOL REPEAT OUR TEL 118\nQUOTE\n": [],
    "FOL REPEAT OSLO 12\nQUOTE\n": [],
    "": [],
}


@pytest.mark.parametrize("opening", REPEATS)
def test_cable_that_another_repeats_is_cited_and_the_outer_one_keeps_its_number(opening):
    message = message_of(
        f"{opening}E.O. 11652: GDS\nTAGS: EFIS, NO\nSUBJECT: FISH\n", FIRST, "\nBRANT\nUNQUOTE\nQUILL\n"
    )
    assert [(r.post, r.number) for r in message.references] == REPEATS[opening]
    assert (message.post, message.number, message.signed_by) == ("OSLO", 12, "QUILL")


HEADS = {  # what a line of the head looks like, and what is read of it
    "TAGS: EFIS, NO": (["EFIS", "NO"], "FISH", "11652"),
    "TAGSC: EFIS, NO": (["EFIS", "NO"], "FISH", "11652"),
    "TAGS: N/A\nTAGS: EFIS, NO": (["EFIS", "NO"], "FISH", "11652"),
    "TAGS: N/A": (["N/A"], "FISH", "11652"),
    "TAGS: EFIS/NO": (["EFIS", "NO"], "FISH", "11652"),
    "TAGS: OVIP (TARN, EDWARD\nQ.), NO": (["OVIP", "TARN, EDWARD Q.", "NO"], "FISH", "11652"),
    "TAGS: OVIP(TARNWELL EDWARD Q) NO": (["OVIP", "TARNWELL EDWARD Q", "NO"], "FISH", "11652"),
}


@pytest.mark.parametrize("line", HEADS)
def test_codes_of_a_tags_line_as_the_seventies_wrote_it(line):
    message = message_of(f"E.O. 11652: GDS\n{line}\nSUBJECT: FISH\n")
    assert (message.tags, message.subject, message.executive_order) == HEADS[line]


ORDERS = [
    "E.0. 11652",
    "E.O. ll652",
    "E.O. I1652",
    "E.O. 11 652",
    "E,O. 11652",
    "E.O. 116S2",
    "E.O. 11552",
    "E.O. 11625",
    "E.O. 116520",
    "EO11652",
]


@pytest.mark.parametrize("label", ORDERS)
def test_order_of_the_seventies_is_known_with_one_digit_wrong(label):
    message = message_of(f"{label}: GDS\nTAGS: EFIS, NO\nSUBJECT: FISH\n", year=1975)
    assert (message.executive_order, message.declassify_note, message.tags) == ("11652", "GDS", ["EFIS", "NO"])


def test_order_of_another_time_stays_as_printed():
    message = message_of("E.O. 12965: N/A\nTAGS: EFIS, NO\nSUBJECT: FISH\n", year=2005)
    assert message.executive_order == "12965"


@pytest.mark.parametrize("label", ["SUB:", "SUBJECTS:", "SUBEJCT:", "S UBJECT:", "SUBJEC T:", "SUBJECT/"])
def test_label_of_the_subject_as_the_seventies_wrote_it(label):
    assert message_of(f"E.O. 11652: GDS\nTAGS: EFIS, NO\n{label} FISH\n").subject == "FISH"


def test_misprinted_order_is_the_order_that_was_meant_and_a_dash_is_a_colon():
    message = message_of("E.O. 1652: GDS\nTAGS: EFIS, NO\nSUBJECT - FISH\n")
    assert (message.executive_order, message.subject) == ("11652", "FISH")


CITED = {
    "REFERENCE STATE 10697": [("STATE", 10697, None)],
    "REFERENCE (A) STATE 10697; (B) ROME 77": [("STATE", 10697, None), ("ROME", 77, None)],
    "REF: STATE'S 51556 (3/20/73)": [("STATE", 51556, 73)],
    "REF: STATE 283456, 1972": [("STATE", 283456, 72)],
    "REF: OSLO 1972, 1973": [("OSLO", 1972, None), ("OSLO", 1973, None)],
    "REF: STATE 123456/TOSEC 345; ROME 77": [("STATE", 123456, None), ("ROME", 77, None)],
    "REF: DEPTEL 10697": [("STATE", 10697, None)],
    "REF: DAO OSLO 0231 301535Z JUN 73 (OSLO 1663)": [("OSLO", 1663, None)],
    "REF: USEC BRUSSELS 2345": [("ECBRUSSELS", 2345, None)],
    "REF: TABRIZ 45; DA NANG 12": [("TABRIZ", 45, None), ("DANANG", 12, None)],
}


@pytest.mark.parametrize("line", CITED)
def test_references_of_the_seventies(line):
    source = f"R 182339Z MAY 73\nFM AMEMBASSY OSLO\nTO SECSTATE WASHDC 0112\n\nUNCLAS OSLO 2012\n\nSUBJECT: FISH\n\n{line}\n\n{FIRST}\nQUILL\n"
    message = parse(source)
    assert [(r.post, r.number, r.year) for r in message.references] == CITED[line]
    assert (message.subject, [p.number for p in message.paragraphs]) == ("FISH", [1, 2])


def test_part_with_a_roman_number_below_the_references_is_text():
    message = message_of("TAGS: EFIS, NO\nSUBJECT: FISH\nREF: ROME 77\n", "I. BOATS ARE CHEAP.\n\nII. NETS ARE DEAR.\n")
    assert (len(message.references), len(message.paragraphs)) == (1, 2)


# ---- text ---------------------------------------------------------------------------------------------------------------------------

ENTIRE = {
    "1. (C - ENTIRE TEXT) BOATS ARE CHEAP.": "C",
    "1. (C-ENTIRE TEXT)\n\n2. NETS ARE DEAR.": "C",
    "1. (CONFIDENTIAL - ENTIRE TEXT).": "CONFIDENTIAL",
    "1. (LOU - ENTIRE TEXT) BOATS ARE CHEAP.": "LOU",
    "1. C - ENTIRE TEXT.\n\n2. NETS ARE DEAR.": "C",
    "1. (C) BOATS ARE CHEAP.": "C",
    "1. (A - SMALL TEXT) BOATS ARE CHEAP.": None,
}


@pytest.mark.parametrize("text", ENTIRE)
def test_mark_of_the_entire_text_is_that_of_its_paragraph(text):
    message = message_of("E.O. 12065: GDS 3/2/85\nTAGS: EFIS, NO\nSUBJECT: FISH\n", text + "\n")
    assert message.paragraphs[0].marking == ENTIRE[text]


MINIMIZE = {
    "3. MINIMIZE CONSIDERED.\n\nQUILL\n": [1, 2, 3],
    "3. (U) MINIMIZE CONSIDERED.\nQUILL\n": [1, 2, 3],
    "MINIMIZE CONSIDERED.\n\nQUILL\n": [1, 2],
    "QUILL\n\nMINIMIZE CONSIDERED\n": [1, 2],
}


@pytest.mark.parametrize("end", MINIMIZE)
def test_minimize_considered_is_a_paragraph_where_it_has_a_number(end):
    message = message_of("E.O. 11652: GDS\nTAGS: EFIS, NO\nSUBJECT: FISH\n", FIRST + "\n", end)
    assert ([p.number for p in message.paragraphs], message.signed_by) == (MINIMIZE[end], "QUILL")


@pytest.mark.parametrize("mark", ["NNN", "NNNN", "NNNNMAFVVZCZ", "NMAFVVZCZ", "NNNMAFVVZCZ"])
@pytest.mark.parametrize("glue", ["\n", "    "])
def test_end_mark_is_no_signature(mark, glue):
    message = message_of(
        "E.O. 11652: GDS\nTAGS: EFIS, NO\nSUBJECT: FISH\n",
        "1. COMMENT: BOATS ARE CHEAP. END COMMENT.",
        f"{glue}QUILL\n\n{mark}\n",
    )
    assert message.signed_by == "QUILL"


SIGNED = {
    "\nQUILL UNQUOTE\n": "QUILL",
    "\nTARN\nUNQUOTE QUILL\n": "QUILL",
    "\nUNQUOTE\nQUILL\n": "QUILL",
    "\nQUILL\nUNQUOTE\n": "QUILL",
    " QUILL UNQUOTE\n": "QUILL",
    " TARN UNQUOTE QUILL\n": "QUILL",
    "\nBEST REGARDS, QUILL\n": "QUILL",
    "\nQUILL CONFIDENTIAL\n": "QUILL",
    "\nQUILL\nDECONTROL UPON RECEIPT\n": "QUILL",
    " QUILL##\n": "QUILL",
    "\nQUILL\nNOTE: BY OCT: POUCHED LISBON\n": "QUILL",
    " QUILL\nNOTE BY OC/T: POUCHED LISBON.\n": "QUILL",
}


@pytest.mark.parametrize("end", SIGNED)
def test_signer_beside_the_end_of_a_quotation_and_above_an_operators_note(end):
    message = message_of("E.O. 11652: GDS\nTAGS: EFIS, NO\nSUBJECT: FISH\n", FIRST.rstrip(), end)
    assert message.signed_by == SIGNED[end]


BANNERS = [
    "PAGE 02        OSLO  00012  212005Z",
    "PAGE 02        OSLO  00012  01 OF 02  2120 05Z",
    "PAGE 02\n        OSLO  00012  212005Z",
    "PAGE 02        STATE  051234  TOSEC 190044",
]


@pytest.mark.parametrize("banner", BANNERS)
def test_banner_of_a_page_is_a_page_break_to_its_end(banner):
    source = f"1. BOATS\n\nCONFIDENTIAL\n\n{banner}\n\nARE CHEAP.\n"
    message = message_of("E.O. 11652: GDS\nTAGS: EFIS, NO\nSUBJECT: FISH\n", source)
    assert [p.number for p in message.paragraphs] == [1]
    assert [b - a for a, b, role in message.spans if role == "page-break"] == [len(f"CONFIDENTIAL\n\n{banner}")]


def test_text_that_was_joined_to_a_reference_is_no_part_of_it_beyond_its_first_sentence():
    message = message_of(
        'E.O. 11652: GDS\nTAGS: EFIS, NO\nSUBJECT: FISH\n\nREF: A. OSLO 59R7 Zk"q_3at on Monday that boats will\n'
        "be late. The owners met twice over the weekend and remain split\non a strike of the crews. End summary.\n"
    )
    assert [r.raw for r in message.references] == ['OSLO 59R7 Zk"q_3at on Monday that boats will be late.']
