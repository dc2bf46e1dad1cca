"""Kinds of error that two readers found on 150 pages read against their frames; all text is invented."""

from __future__ import annotations

from datetime import date

import pytest

import cablelab as cl
from cablelab.message import parse
from cablelab.message.classified_by import classified_by

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
    "two hyphens on both sides": ("-- Nets --\n\n", "Nets"),
    "a page break before the lower fence": (f"--- Dry Docks\n\nPORT KESTREL 00000412 002 OF 003\n\n{FENCE}\n\n", "Dry Docks"),
    "slashes below a mask": ("XXXXXXXXXXXX\n//NORTH COAST//\n\n", "NORTH COAST"),
}  # fmt: skip


@pytest.mark.parametrize(("between", "heading"), HEADINGS.values(), ids=HEADINGS)
def test_heading(between, heading):
    assert numbered(f"1. (U) Catches fell by a third.\n\n{between}2. (U) It reopened.\n\nBRANT") == [
        (1, None),
        (2, heading),
    ]


GLUED = {
    "letters and a number": ("It had fallen by half.  QUAY 19", "QUAY 19"),
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


def test_a_heading_that_joined_lines_part_by_a_blank_one():
    joined = "1. (U) " + "Catches fell by a third and boats stayed at the quay. " * 3
    body = f"{joined}Harbour Chiefs Present Requests; Say Boats \n\nCome First \n----------\n\n2. (U) It reopened.\n\nBRANT"
    assert numbered(body)[1] == (2, "Harbour Chiefs Present Requests; Say Boats Come First")
    outer = f"{joined}HARBOUR CHIEFS PRESENT REQUESTS \n\nBoats Come First \n----------\n\n2. (U) It reopened.\n\nBRANT"
    assert numbered(outer)[1] == (2, "Boats Come First")


@pytest.mark.parametrize("line", ["HARBOUR 2. (U) It reopened.", "End introduction. \n\nHARBOUR 2. (U) It reopened."])
def test_a_word_in_capitals_before_a_number(line):
    assert numbered(f"1. (U) Catches fell.\n\n{line}\n\nBRANT")[-1] == (2, "HARBOUR")


def test_a_word_behind_an_end_without_its_stop():
    joined = "1. (U) Introduction: " + "Catches fell by a third and boats stayed at the quay. " * 3
    assert numbered(f"{joined}End introduction DRY DOCKS \n\n2. (U) It reopened.\n\nBRANT")[1] == (2, "DRY DOCKS")


def test_a_credit_is_no_heading():
    joined = "1. (U) " + "Catches fell by a third and boats stayed at the quay. " * 3
    assert numbered(f"{joined}Original source - Kestrel Morning Herald \n\n2. (U) It reopened.\n\nBRANT")[1] == (
        2,
        None,
    )


def test_a_number_printed_twice_below_a_fence():
    body = "1. (U) Catches fell.\n\n2. It closed.\n\nQUAYS - - - - -\n\n2. It reopened.\n\n4. So be it.\n\nBRANT"
    message = parse(HEAD + body)
    assert [(p.number, p.heading) for p in message.paragraphs] == [(1, None), (2, None), (2, "QUAYS"), (4, None)]
    assert [one.code for one in message.problems] == ["number-repeated"]  # it stands in the place of 3


def test_a_number_that_lost_a_digit_below_a_fence():
    body = (
        "".join(f"{i}. (U) Catches fell.\n\n" for i in range(1, 14))
        + "--- Quays ---\n\n4. It reopened.\n\n15. (U) So be it.\n"
    )
    assert [p.number for p in parse(HEAD + body).paragraphs] == [*range(1, 14), 4, 15]


def test_a_missing_number_behind_words_without_a_stop():
    items = [f"{i}. Catches of the bay fell. Source - Herald" for i in range(1, 9)]
    joined = " \n\n".join(items[:5]) + " " + " \n\n".join(items[5:])
    assert [p.number for p in parse(HEAD + joined).paragraphs] == list(range(1, 9))
    dated = joined.replace("Herald 6. Catches", "Herald. May 6. Catches")
    assert [p.number for p in parse(HEAD + dated).paragraphs] == [1, 2, 3, 4, 5, 7, 8]


def test_a_point_between_marking_and_label():
    message = parse(f"{HEAD}1. (SBU). Summary: Catches fell. End summary.\n\n2. (U) It reopened.\n\nBRANT")
    assert ([p.part for p in message.paragraphs], message.summary) == (["summary", "body"], "Catches fell.")


def test_a_note_inside_a_paragraph_with_a_comment_names_no_part():
    body = "1. (U) Catches fell. (Note/Comment: By half. End Note/Comment.)\n\n2. (U) It reopened.\n\nBRANT"
    assert [p.part for p in parse(HEAD + body).paragraphs] == ["body", "body"]


INSERTED = {
    "on a line": ("The Secretary of the harbour\n\nSIPDIS\nboard spoke.", True),
    "inside joined lines": ("Asked for confidentiality, the SIPDIS board spoke.", True),
    "behind the last word": ("It was the Secretary. SIPDIS", True),
    "the author's word": ("Send it by the SIPDIS caption.", False),
}  # fmt: skip


@pytest.mark.parametrize(("written", "by_machine"), INSERTED.values(), ids=INSERTED)
def test_sipdis_that_a_machine_put_behind_a_level_it_saw(written, by_machine):
    text = f"{HEAD}1. (U) SUMMARY: {written} END SUMMARY.\n\n2. (U) So be it.\n\nBRANT"
    message = parse(text)
    assert (
        "page-break" in [span.role for span in message.spans if text[span.start : span.end] == "SIPDIS"]
    ) == by_machine
    assert ("SIPDIS" not in message.summary) == by_machine
    assert message.captions == ["SIPDIS"]


def test_words_of_a_reference_below_a_blank_line():
    text = (
        HEAD.rstrip()
        + "\n\nREF: A) Letters of the harbour board with \n \nthe catches of 03/16/06 \n \n1. (U) It fell.\n\nBRANT"
    )
    assert cl.parse(text).references["raw"].to_list() == ["Letters of the harbour board with the catches of 03/16/06"]


def test_the_last_words_of_a_preview_are_not_left_over():
    top = HEAD + "PROTECT ACC...\n\n\n\n\nPROTECT ACCORDINGLY.\n\n"
    assert "text-left-over" not in [one.code for one in parse(f"{top}1. (U) It fell.\n\nBRANT").problems]
    assert "text-left-over" in [
        one.code for one in parse(HEAD + "THE FERRY MIN...\n\n1. (U) It fell.\n\nBRANT").problems
    ]


def test_a_heading_of_own_in_small_letters_ends_in_initials():
    between = "Party Differences on Dues with the U.K.\n\n"
    assert numbered(f"1. (U) It fell.\n\n{between}2. (U) It reopened.\n\nBRANT")[1] == (2, between.strip())
    assert numbered("1. (U) The firms:\n\nNets: Kestrel, S.A.\n\n2. (U) It reopened.\n\nBRANT")[1] == (2, None)


@pytest.mark.parametrize("apart", ["", "\n\n"])
def test_a_heading_behind_one_between_fences(apart):
    joined = "1. (U) " + "Catches fell by a third and boats stayed at the quay. " * 3
    between = f"{apart}---------- Harbour Issues ---------- DOCKS \n\n"
    body = f"{joined}{between}2. (U) It reopened.\n\nBRANT"
    found = parse(HEAD + body).paragraphs
    assert [(p.number, p.heading) for p in found] == [(1, None), (2, "DOCKS")]
    assert (HEAD + body)[: found[0].end].endswith("quay.")


def test_a_short_heading_ends_a_line_that_a_page_break_cut():
    line = "the pages of the boats that stayed at the quay, as well as some nets from Kestrel Nets. COMMENT"
    body = f"1. (U) Catches fell by a third, and so did\n\nPORT KESTREL 00000412 002 OF 003\n\n{line}\n\n2. (U) It reopened.\n\nBRANT"
    assert numbered(body)[1] == (2, "COMMENT")


def test_the_note_of_clearance_has_a_number_of_its_own():
    joined = "1. (U) " + "Catches fell by a third and boats stayed at the quay. " * 3
    assert [n for n, _ in numbered(f"{joined}2. This cable was cleared by the board.\n\nBRANT")] == [1, 2]
    assert [n for n, _ in numbered(f"{joined}2. Those boats stayed.\n\nBRANT")] == [1]


@pytest.mark.parametrize("word", ["SENSITVE", "SENSITIE", "SENSTIVE"])
def test_a_misspelt_caption(word):
    message = parse(HEAD.replace("SIPDIS", f"SIPDIS, {word}") + "1. (U) It fell.\n\nBRANT")
    assert (message.captions, message.handling) == (["SIPDIS", "SENSITIVE"], ["SENSITIVE"])


def test_the_sign_of_a_site_is_no_part_of_a_summary():
    text = f"{HEAD}1. (U) SUMMARY: It opens on April\n¶16. END SUMMARY.\n\n2. (U) It fell.\n\nBRANT"
    assert parse(text).summary == "It opens on April\n16."


OFFICERS = {
    "Ada Quill, CDA, Embassy - Kestrel, Board. REASON 1.4 (b)": ("Ada Quill", "CDA, Embassy - Kestrel, Board", "1.4 (b)"),
    "Ada Quill, DCM, for reasons 1.4(B) and (d).": ("Ada Quill", "DCM", "1.4(B) and (d)"),
    "Ada Quill, Charge d'Affaires, a.i., State. REASON 1.5 b and (C)": ("Ada Quill", "Charge d'Affaires, a.i., State", "1.5 b and (C)"),
}  # fmt: skip


@pytest.mark.parametrize(("written", "read"), OFFICERS.items(), ids=["hyphen", "mixed letters", "interim"])
def test_titles_and_reasons_as_printed(written, read):
    assert classified_by(written) == read


def test_a_number_that_a_blank_line_tore():
    body = (
        "".join(f"{i}. (U) Catches fell.\n\n" for i in range(1, 10))
        + "It closed. 1\n\n¶0. (U) It reopened.\n\n11. (U) So be it.\n"
    )
    message = parse(HEAD + body)
    assert [p.number for p in message.paragraphs] == list(range(1, 12))
    assert message.problems == []


def test_a_misprinted_number_with_a_marking_between_its_neighbours():
    body = "".join(f"{i}. (U) Catches fell.\n\n" for i in (*range(1, 8), 10, 9, 10, 11))
    message = parse(HEAD + body)
    assert [p.number for p in message.paragraphs] == [*range(1, 8), 10, 9, 10, 11]
    assert [one.code for one in message.problems] == ["number-repeated"]


def test_captions_above_a_head_that_lost_its_class_line():
    text = "SIPDIS \n \nE.O. 12958: N/A\nTAGS: EFIS\nSUBJECT: FISH\n\n1. (U) It fell.\n\nBRANT"
    assert parse(text).captions == ["SIPDIS"]


def test_a_mail_and_previous_ones():
    (one,) = cl.parse(
        f"{HEAD.rstrip()}\n\nREF: 5/25 E-MAIL REPORT AND PREVIOUS\n\n1. (U) It fell.\n\nBRANT"
    ).references.to_dicts()
    assert (one["kind"], one["raw"], one["note"]) == ("mail", "5/25 E-MAIL REPORT", "AND PREVIOUS")


def test_slashes_mark_a_heading_right_below_the_text():
    assert numbered("1. (U) It fell to 21 in\n2007. \n//Harbour Police//\n\n2. (U) It reopened.\n\nBRANT")[1] == (
        2,
        "Harbour Police",
    )


def test_what_a_colon_announces_is_no_heading():
    body = "1. (U) It fell. The two boats are:\n\nKestrel Dawn, Flag 12\nKestrel Noon, Flag 13\n\n2. (U) It reopened.\n\nBRANT"
    assert numbered(body) == [(1, None), (2, None)]
    assert numbered("1. (U) It fell.\n\nOther issues:\n\n2. (U) It reopened.\n\nBRANT")[1] == (2, "Other issues:")


def test_dashes_that_a_relay_garbled():
    assert numbered("1. (U) It fell.\n\n))THE HARBOUR))\n\n2. (U) It reopened.\n\nBRANT")[1] == (2, "THE HARBOUR")


def test_a_handling_line_is_no_heading():
    line = "SENSITIVE BUT UNCLASSIFIED - NOT FOR DISTRIBUTION OUTSIDE THE HARBOUR"
    assert numbered(f"{line}\n\n1. (U) It fell.\n\n2. (U) It reopened.\n\nBRANT")[0] == (1, None)


def test_the_letter_of_an_item_marks_nothing_in_an_unclassified_message():
    body = "1. (b) It fell.\n\n2. (c) It reopened.\n\n3. (d) So be it.\n\nBRANT"
    assert [p.marking for p in parse(HEAD + body).paragraphs] == [None] * 3
    secret = HEAD.replace("UNCLAS", "CONFIDENTIAL")
    assert [p.marking for p in parse(secret + "1. (c) It fell.\n\n2. (c) So be it.\n\nBRANT").paragraphs] == ["C", "C"]


def test_a_mask_of_three_counts_where_longer_ones_are():
    assert len(parse(f"{HEAD}1. (U) Call XXXX or XXX.\n\n2. (U) It fell.\n\nBRANT").redactions) == 2
    assert parse(f"{HEAD}1. (U) Harbour Games XXX.\n\n2. (U) It fell.\n\nBRANT").redactions == []


def test_the_first_paragraph_may_stand_on_the_line_of_the_reference():
    text = (
        HEAD.rstrip()
        + "\n\nREF: STATE 165115 1. Post grants leave to A. Warren, of the board.\n\n2. (U) It fell.\n\nBRANT"
    )
    found = cl.parse(text, sent=date(2006, 9, 9))
    assert found.paragraphs["number"].to_list() == [1, 2]
    assert found.references["target"].to_list() == ["06STATE165115"]
