"""Kinds that a reading of whole pages found: stacked and glued headings, numbers that a copy hides; all text is invented."""

from __future__ import annotations

import pytest

from cablelab.message import parse
from cablelab.message.classified_by import classified_by
from cablelab.message.references import references_of

HEAD = "UNCLAS PORT KESTREL 000012\n\nSIPDIS\n\nE.O. 12958: N/A\nTAGS: EFIS, NO\nSUBJECT: FISH\n\n"


def paragraphs(text):
    """Give number, part, heading and words of each paragraph."""
    source = HEAD + text + "\n\nBRANT\n"
    return [(p.number, p.part, p.heading, " ".join(source[p.start : p.end].split())) for p in parse(source).paragraphs]


# ---- headings ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "outer",
    [
        "II. THE HARBOUR \n--------------- \n\n",
        "¶I. HARBOUR EFFORTS: \n-----------------\n\n",
        "-----------\nTHE HARBOUR\n-----------\n\n",
        "----------------\nIII. Boats in 2005\n----------------\n\n",
    ],
)
@pytest.mark.parametrize("inner", ["Nets \n---- \n\n", "----\nNets\n----\n"])
def test_the_outer_of_two_headings_leaves_the_paragraph_above(outer, inner):
    found = paragraphs(f"¶1. Catches fell by a third. \n\n{outer}{inner}¶2. Nets are dear.")
    assert found == [
        (1, "body", None, "¶1. Catches fell by a third."),
        (2, "body", "Nets", "¶2. Nets are dear."),
    ]


def test_the_foot_of_a_table_is_no_outer_heading():
    table = "¶1. Catches: \n\nTons landed  1,204 \n------------------\n\n"
    (first, second) = paragraphs(f"{table}Nets\n----\n¶2. Nets are dear.")
    assert "1,204" in first[3]
    assert second[2] == "Nets"


def test_a_roman_heading_may_bear_a_pilcrow():
    found = paragraphs("---------- \n¶I. Summary \n---------- \n\n¶1. Catches fell. End summary.\n\n¶2. Nets are dear.")
    assert [one[:3] for one in found] == [(1, "summary", "I. Summary"), (2, "body", None)]


@pytest.mark.parametrize(
    ("line", "heading", "part"),
    [
        ("DEARER NETS NEEDED ", "DEARER NETS NEEDED", "body"),
        ("COMMENT - NETS A LUXURY NOW? --------------- ", "COMMENT - NETS A LUXURY NOW?", "comment"),
        ("Nets from the South ------ ", "Nets from the South", "body"),
    ],
)
def test_a_heading_may_share_its_line_with_the_number(line, heading, part):
    found = paragraphs(f"¶1. (U) Catches fell by a third. \n\n{line}2. (SBU) Nets are dear.")
    assert found == [
        (1, "body", None, "¶1. (U) Catches fell by a third."),
        (2, part, heading, "2. (SBU) Nets are dear."),
    ]


def test_a_summary_without_end_stops_at_a_question_that_is_a_heading():
    long = "Summary. Catches fell by a third, and the boats of the harbour went out on fewer days than in any year before it. "
    found = paragraphs(f"¶1. {long}Boats and Nets: A Luxury or a Need? \n\n¶2. Nets are dear.\n\n¶3. Sails are not.")
    assert [one[:3] for one in found] == [
        (1, "summary", None),
        (2, "body", "Boats and Nets: A Luxury or a Need?"),
        (3, "body", None),
    ]
    assert found[0][3].endswith("before it.")


def test_a_question_that_ends_a_paragraph_is_no_heading():
    long = "Catches fell by a third, and the boats of the harbour went out on fewer days than in any other year. "
    for asked in ("Who will buy the nets of the Harbour Society?", "WHO WILL BUY THE NETS?"):
        text = long.upper() if asked.isupper() else long
        (first, second) = paragraphs(f"¶1. {text}{asked} \n\n¶2. Nets are dear.")
        assert first[3].endswith("?")
        assert second[2] is None


JOINED = "Catches fell by a third, and the boats of the harbour went out on fewer days than in any year before it, as all say. "


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("Trading", "body"),
        ("Comment", "comment"),
        ("COMMENT", "comment"),
        ("Boats to be sold abroad", "body"),
        ("The Nets", "body"),
    ],
)
def test_a_short_heading_may_be_glued_to_a_joined_line(words, part):
    found = paragraphs(f'¶1. {JOINED}They are "sold." {words} \n\n¶2. Nets are dear.')
    assert found[0][3].endswith('"sold."')
    assert found[1] == (2, part, words, "¶2. Nets are dear.")


@pytest.mark.parametrize(
    "words",
    [
        "Source - Harbour News",
        "XXXXXXXXXXXX",
        "SIPDIS",
        "For more information please refer to",
        "He said that nets were dear",
        "End text",
        "Yours sincerely, Ida",
        "NETS ARE",
        "The boats that were sold to Kestrel by the Harbour Society last year",
    ],
)
def test_what_is_glued_to_a_joined_line_and_no_heading(words):
    found = paragraphs(f"¶1. {JOINED}{words} \n\n¶2. Nets are dear.")
    assert [one[2] for one in found] == [None, None]
    assert found[0][3].endswith(words)


def test_a_fence_behind_end_summary_is_no_text():
    found = paragraphs("¶1. Summary: Catches fell. END SUMMARY ---------------------- \n\nNETS \n\n¶2. Nets are dear.")
    assert found[0][3] == "¶1. Summary: Catches fell. END SUMMARY"


# ---- numbers ----------------------------------------------------------------------------------------------------------------------

LONG = "Nets are dear this year, and the boats of the harbour stay at the quay."


def numbers(text):
    return [one[0] for one in paragraphs(text)]


def test_unmarked_numbers_joined_into_one_line_are_paragraphs():
    crew = "The crew is as follows: 1. Ada Tarn 2. Ivo Marsh (mate) 3. Ida Quill (cook) "
    joined = f"{crew}2. {LONG} 3. {LONG} PHONE: XXX 4. {LONG} 5. {LONG}"
    assert numbers(f"¶1.  {LONG} {joined}") == [1, 2, 3, 4, 5]
    assert numbers(f"1. {LONG}\n\n2. {LONG} 3. {LONG} 4. {LONG}") == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "words",
    [
        "The crew: 1. Ada Tarn. 2. Ivo Marsh. 3. Ida Quill.",
        f"Three things are known: 1. {LONG} 2. {LONG} 3. {LONG}",
        f"Of the law: section 2. {LONG} Section 3. {LONG}",
        f"See No. 2. {LONG} See No. 3. {LONG}",
        f"{LONG} 2. {LONG}",
    ],
)
def test_lists_and_lone_numbers_in_a_line_are_none(words):
    assert numbers(f"¶1. {LONG} {words}") == [1]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            f"¶4. {LONG}\n\n¶5. {LONG}\n\n-------\n¶V. Nets\n-------\n\n¶4. {LONG}\n\nSails\n-----\n¶5. {LONG}",
            [4, 5, 4, 5],
        ),
        (f"¶4. (U) {LONG}\n\n¶5. (U) {LONG}\n\nNets\n\n¶4. (U) {LONG}", [4, 5, 4]),
        # a declaration that is quoted, a list, a number at a line's start
        (f"¶4. (U) {LONG}\n\n¶5. (U) It says:\n\n¶4. {LONG}\n\n¶5. {LONG}", [4, 5]),
        (f"¶4. {LONG}\n\n¶5. {LONG} BEGIN TEXT:\n\n¶4. {LONG}\n\n¶5. {LONG} END TEXT.", [4, 5]),
        (f"¶4. {LONG}\n\n¶5. {LONG}\n\n1. Nets\n\n2. Sails\n\n3. Oars\n\n4. Ropes", [4, 5]),
    ],
)
def test_a_count_that_goes_back(text, wanted):
    text = f"¶1. (U) {LONG}\n\n¶2. (U) {LONG}\n\n¶3. (U) {LONG}\n\n{text}"
    assert numbers(text) == [1, 2, 3, *wanted]
    said = [one.code for one in parse(HEAD + text).problems]
    assert said.count("number-repeated") == len(wanted) - 2


def test_a_marked_number_behind_a_mask_leaves_a_gap():
    text = f"¶1. (U) {LONG}\n\n¶2. (SBU) {LONG}\n\nXXXXXXXXXXXX\n"
    assert numbers(f"{text}¶11. (SBU) {LONG}") == [1, 2, 11]
    assert numbers(f"{text}¶11. (SBU) {LONG}\n\n¶12. (SBU) {LONG}\n\n¶13. (SBU) {LONG}") == [1, 2, 11, 12, 13]
    assert numbers(f"{text}11. {LONG}") == [1, 2]
    (gap,) = [one for one in parse(f"{HEAD}{text}¶11. (SBU) {LONG}").problems if one.code == "number-missing"]
    assert "3 to 10" in gap.message


# ---- heads ------------------------------------------------------------------------------------------------------------------------


def test_telecon_is_a_telephone_call():
    found = references_of("A) OSLO 12 B) Quill-Tarn telecon C) Quill-Marsh teleconversation D) TELECONS OF MAY 3")
    assert [one.kind for one in found] == ["cable", "telcon", "telcon", "telcon"]


def test_a_mail_before_a_cable_in_one_item():
    found = references_of("Quill emails to Tarn/Marsh and OSLO 00184")
    assert [(one.kind, one.raw) for one in found] == [("mail", "Quill emails to Tarn/Marsh"), ("cable", "OSLO 00184")]
    assert [one.kind for one in references_of("QUILL E-MAIL FROM OSLO 184")] == ["cable"]


@pytest.mark.parametrize(
    ("subject", "corrected"),
    [
        ("CAN NETS SAVE US? - Corrected Version", True),
        ("FISH (CORRECTED)", True),
        ("CORRECTED VERSION: FISH", True),
        ("HARBOUR SOCIETY ASKS FOR A CORRECTED VERSION OF THE TREATY", False),
        ("MINISTER: MISTAKES WILL BE CORRECTED", False),
    ],
)
def test_a_subject_may_say_that_the_copy_is_corrected(subject, corrected):
    assert parse(HEAD.replace("FISH\n", subject + "\n") + "1. Catches fell.").corrected is corrected


def test_the_day_of_a_lower_level_is_not_the_day_of_none():
    message = parse(HEAD.replace("12958: N/A", "12958: DNG: CO 03/06/2018") + "1. Catches fell.")
    assert (message.declassify_on, message.declassify_note) == (None, "DNG: CO 03/06/2018")


# ---- found by a third and a fourth reader -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heading",
    ["2009 Dues to be Austere", "2.7 Million Herrings Crossing the Sound This Summer", "$40 MILLION FOR THE HARBOUR"],
)
def test_a_heading_may_open_with_a_number(heading):
    found = paragraphs(f"¶1. (U) Catches fell. (All Media)\n\n{heading}\n\n¶2. (U) Nets are dear.")
    assert [one[2:] for one in found] == [
        (None, "¶1. (U) Catches fell. (All Media)"),
        (heading, "¶2. (U) Nets are dear."),
    ]


@pytest.mark.parametrize(
    "line", ["2009 Total Landings 45", "20 Radio Sets  12 Long Boats", "3. Long Boats", "2009 was a lean year"]
)
def test_rows_and_items_that_open_with_a_number_are_no_headings(line):
    found = paragraphs(f"¶1. (U) Catches fell:\n\n{line}\n\n¶2. (U) Nets are dear.")
    assert [one[2] for one in found] == [None, None]
    assert found[0][3].endswith(" ".join(line.split()))


@pytest.mark.parametrize("heading", ["IRAN", "KESTREL", "Brant"])
def test_one_word_behind_the_last_sentence_of_a_line_is_a_heading(heading):
    found = paragraphs(
        f"¶1. (C) {LONG} {LONG} The ministry takes care in both cases. {heading} \n\n¶2. (C) Nets are dear."
    )
    assert (found[0][3][-6:], found[1][2]) == ("cases.", heading)


def test_one_word_behind_a_sentence_of_capitals_is_none():
    found = paragraphs(
        f"¶1. (C) {LONG.upper()} {LONG.upper()} THE MINISTRY TAKES CARE IN BOTH CASES. THANKS \n\n¶2. (C) NETS ARE DEAR."
    )
    assert (found[0][3][-6:], found[1][2]) == ("THANKS", None)


@pytest.mark.parametrize(("due", "printed"), [(11, 1), (12, 2), (12, 1), (20, 2)])
def test_a_number_that_lost_a_digit_below_the_heading_comment(due, printed):
    before = "\n\n".join(f"¶{i}. (C) {LONG}" for i in range(1, due))
    found = paragraphs(f"{before}\n\nCOMMENT \n\n¶{printed}. (C) Nets are dear. END COMMENT.")
    assert found[-1] == (printed, "comment", "COMMENT", f"¶{printed}. (C) Nets are dear. END COMMENT.")
    assert len(found) == due
    other = paragraphs(f"{before}\n\nThe crew asks:\n\n{printed}. (C) Nets are dear.")
    assert len(other) == due - 1


def test_a_number_without_a_stop_goes_on_counting_behind_the_last():
    text = f"¶1. (C) {LONG}\n\n¶2. (C) Comment: {LONG} End comment.\n\n3 (U) This was cleared by Quill.\n\n4 (SBU) So was this."
    assert [one[:2] for one in paragraphs(text)] == [(1, "body"), (2, "comment"), (3, "body"), (4, "body")]
    assert numbers(f"¶1. (C) {LONG}\n\n¶2. (C) {LONG} of\n3 (U) boats.") == [1, 2]
    assert numbers(f"¶1. (C) {LONG}\n\n¶2. (C) {LONG}\n\n4 (U) boats.") == [1, 2]


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ("Begin text of resolution:", "End text."),
        ("BEGIN NON-PAPER", "END NON-PAPER"),
        ("(Begin unofficial translation)", "End translation."),
    ],
)
@pytest.mark.parametrize("mark", ["", "(C) "])
def test_a_quoted_text_that_counts_anew_stays_in_its_paragraph(begin, end, mark):
    items = "\n\n".join(f"¶{i}. Welcomes boats." for i in range(1, 7))
    text = f"¶1. {mark}{LONG}\n\n¶2. {mark}{begin}\n\nThe Council,\n\n{items}\n\n{end}"
    assert numbers(text) == [1, 2]
    assert numbers(f"{text}\n\n¶3. {mark}{LONG}") == [1, 2, 3]
    whole = f"{begin}\n\n" + "\n\n".join(f"¶{i}. {LONG}" for i in range(1, 5)) + f"\n\n{end}"
    assert numbers(whole) == [1, 2, 3, 4]  # nothing was counted above it


@pytest.mark.parametrize(
    "line",
    [
        "MINIMIZE CONSIDERED. \n \n",
        "(Minimize considered.)\n",
        "MINIMIZE WAS CONSIDERED\n\n",
        "MINIMIZE FOR PORT KESTREL CONSIDERED.\n",
    ],
)
def test_minimize_considered_is_in_no_paragraph(line):
    found = paragraphs(f"¶1. (U) Catches fell. \n{line}")
    assert [one[3] for one in found] == ["¶1. (U) Catches fell."]


def test_words_that_end_in_minimize_considered_are_the_paragraphs():
    assert (
        paragraphs("¶1. (U) Catches fell.\n\n¶2. (U) Oslo minimize considered.")[1][3]
        == "¶2. (U) Oslo minimize considered."
    )


def test_a_rows_next_field_behind_the_signature():
    message = parse(HEAD + "¶1. (U) The port plays a role in multilateral fora. BRANT\" D'...")
    assert message.signed_by == "BRANT"
    assert message.paragraphs[0].end == len(HEAD + "¶1. (U) The port plays a role in multilateral fora.")


@pytest.mark.parametrize("box", ["{s}\n* Missing Section 002 *\n{s}", "{s} * Missing Section 002 * {s}"])
def test_the_box_of_a_missing_section_is_in_no_paragraph(box):
    printed = box.format(s="*" * 23)
    text = f"{HEAD}¶1. (U) Catches fell. \n \n{printed}\n\n¶2. (U) Nets are dear.\n\nBRANT"
    message = parse(text)
    assert [text[p.start : p.end] for p in message.paragraphs] == ["¶1. (U) Catches fell.", "¶2. (U) Nets are dear."]
    assert message.partial
    assert [text[a:b] for a, b, role in message.spans if role == "page-break"] == [printed]


@pytest.mark.parametrize(
    ("below", "subject"),
    [
        ("REFORM, AND NETS WITH THE GUILD.", "KESTREL: FORMER MASTERS DISCUSS REFORM, AND NETS WITH THE GUILD."),
        ("THE HARBOUR", "KESTREL: FORMER MASTERS DISCUSS"),
        ("The harbour is shut.", "KESTREL: FORMER MASTERS DISCUSS"),
    ],
)
def test_a_subject_goes_on_below_a_blank_line_where_nothing_else_could_stand(below, subject):
    head = HEAD.replace("FISH\n", f"KESTREL: FORMER MASTERS DISCUSS \n \n{below} \n")
    assert parse(head + "1. (U) Catches fell.").subject == subject
    head = HEAD.replace("FISH\n", "KESTREL: FORMER MASTERS DISCUSS NETS WITH THE\n \nGUILD \n")
    assert parse(head + "1. (U) Catches fell.").subject == "KESTREL: FORMER MASTERS DISCUSS NETS WITH THE GUILD"


def test_a_second_subject_is_told():
    head = HEAD + "Classified By: Ada Quill, reasons 1.4 (b).\n\nSUBJECT: Nets and their\nPrices\n\n"
    message = parse(head + "1. (U) Catches fell.")
    (problem,) = [one for one in message.problems if one.code == "second-subject"]
    assert (message.subject, head[problem.start : problem.end]) == ("FISH", "Nets and their\nPrices")
    again = parse(HEAD + "Classified By: Ada Quill, reasons 1.4 (b).\n\nSUBJECT: Fish\n\n1. (U) Catches fell.")
    assert "second-subject" not in [one.code for one in again.problems]


def test_not_all_in_brackets_is_notal():
    found = references_of("A. OSLO 12 (NOT ALL) B. OSLO 13 (NOTAL) C. OSLO 14 (NOTALL) D. OSLO 15, NOT ALL OF IT")
    assert [one.note for one in found] == ["NOTAL", "NOTAL", "NOTAL", None]


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("1.4 (b) and (d )", "1.4 (b) and (d)"),
        ("1.4. (B) a nd (D)", "1.4. (B) and (D)"),
        ("1.4 B A ND D", "1.4 B AND D"),
    ],
)
def test_blanks_inside_a_reason(written, reason):
    assert classified_by(f": Ambassador Ada B. Quill for reasons {written}.")[2] == reason


def test_a_comma_for_an_apostrophe_parts_no_title():
    assert classified_by(": Charge d,Affaires Ada B. Quill, reason 1.4 (b)")[:2] == (
        "Ada B. Quill",
        "Charge d,Affaires",
    )
    assert classified_by(": Ada B. Quill, Acting DCM, reason 1.4 (b)")[:2] == ("Ada B. Quill", "Acting DCM")


def test_a_title_that_a_preview_cut_is_none():
    assert classified_by(": Political Economic Cou...") == (None, None, None)
    assert classified_by(": Ambassador Ada B. Qui...") == (None, "Ambassador", None)
