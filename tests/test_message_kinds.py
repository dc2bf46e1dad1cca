"""Kinds that a reading of whole pages found: stacked and glued headings, numbers that a copy hides; all text is invented."""

from __future__ import annotations

import pytest

from cablelab.message import parse
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
