from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cablelab.comparison.sentences import normal, of_cable, prose, split


def cut(text: str) -> list[str]:
    return [" ".join(text[a:b].split()) for a, b in split(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The port is open. Ships wait.", ["The port is open.", "Ships wait."]),
        ("This cable updates Ref B. The quay is new.", ["This cable updates Ref B.", "The quay is new."]),
        ("See Refs B, C, and D. The quay is new.", ["See Refs B, C, and D.", "The quay is new."]),
        ("In accordance with Ref. A we report. All is well.", ["In accordance with Ref. A we report.", "All is well."]),
        ("The U.S. Embassy asked Dr. Bruun and Gen. Vik. They agreed.", None),
        ("Ships waited a month. 40 of them left.", ["Ships waited a month.", "40 of them left."]),
        (
            "The mill was sold to Orrin Mills. Its debt was paid.",
            ["The mill was sold to Orrin Mills.", "Its debt was paid."],
        ),
        ("He met the mayor on June 4. They spoke.", ["He met the mayor on June 4.", "They spoke."]),
        ("The fee is No. 4 on the list. It rose.", ["The fee is No. 4 on the list.", "It rose."]),
    ],
)
def test_boundaries(text: str, expected: list[str] | None) -> None:
    if expected is None:
        expected = ["The U.S. Embassy asked Dr. Bruun and Gen. Vik.", "They agreed."]
    assert cut(text) == expected


def test_bullets_and_blank_lines_end_a_sentence_but_wrapping_does_not() -> None:
    text = "The mission asks for:\n-- two cranes\n-- a new\nquay\n\nThe rest can wait"
    assert cut(text) == ["The mission asks for:", "two cranes", "a new quay", "The rest can wait"]


def test_lettered_items_stand_alone_but_a_bracket_is_no_item() -> None:
    text = "Details follow: A) Place: the quay B) Time: unknown C) Source (see ref\nB) a clerk"
    assert cut(text) == [
        "Details follow:",
        "A) Place: the quay",
        "B) Time: unknown",
        "C) Source (see ref B) a clerk",
    ]


def test_number_marking_and_markers_are_no_words() -> None:
    text = "1. (SBU) Summary: Trade grew. Post is content. End summary."
    body = prose(text)
    assert len(body) == len(text)
    assert cut(body) == ["Trade grew.", "Post is content."]
    assert cut(prose("¶7.  Comment:  All is well.  End comment.")) == ["All is well."]
    assert cut(prose("3. (C//NF) No comment. He left.")) == ["No comment.", "He left."]


def test_a_page_break_inside_a_sentence_leaves_it_whole() -> None:
    text = "2. The harbour master said that the new\n\nOSLO 00000412  002 OF 003\n\nquay would open in May. He left."
    start = text.index("OSLO")
    found = of_cable("08OSLO412", text, [(0, 0, len(text))], [(start, start + 25)])
    assert [s.text for s in found] == ["The harbour master said that the new quay would open in May.", "He left."]
    assert "oslo" not in found[0].words


def test_a_page_break_between_sentences_parts_them() -> None:
    text = "2. The quay opened in May.\n\nOSLO 00000412  002 OF 003\n\nShips came at once"
    start = text.index("OSLO")
    found = of_cable("08OSLO412", text, [(0, 0, len(text))], [(start, start + 25)])
    assert len(found) == 2


def test_fences_and_headings_on_the_line_are_no_words() -> None:
    assert cut(prose("2. Trade grew. ------- Ports ------- The quay is new.")) == [
        "Trade grew.",
        "Ports",
        "The quay is new.",
    ]


def test_places_are_those_of_the_words() -> None:
    text = "head\n1. The quay’s   fee\nis 4.5% now."
    (found,) = of_cable("08OSLO1", text, [(0, 5, len(text))])
    assert [text[a:b] for a, b in found.places()] == ["The", "quay’s", "fee", "is", "4.5%", "now"]
    assert list(found.words) == ["the", "quay's", "fee", "is", "4.5%", "now"]


@given(st.text(alphabet=st.sampled_from("aB1. \n-—(“)\"'¶A)Ref:;?!\u2028é\x00"), max_size=200))
def test_any_text_is_cut_in_order_and_no_word_is_lost(text: str) -> None:
    spans = split(text)
    assert all(0 <= a < b <= len(text) for a, b in spans)
    assert all(before <= after for (_, before), (after, _) in pairwise(spans))
    assert [w for a, b in spans for w in normal(text[a:b])] == normal(text)


@given(st.text(max_size=300))
def test_any_paragraph_gives_sentences_whose_offsets_point_at_their_text(text: str) -> None:
    for s in of_cable("08OSLO1", text, [(0, 0, len(text))]):
        assert 0 <= s.start < s.end <= len(text)
        assert len(s.prose) == s.end - s.start
        assert all(x in (y, " ", "\n") for x, y in zip(s.prose, text[s.start : s.end], strict=True))
        assert len(s.places()) == len(s.words)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. All is well. (Note: The mayor (of Lund) doubts it. Snow fell. End note.) Ships wait.",
         ["All is well.", "The mayor (of Lund) doubts it.", "Snow fell.", "Ships wait."]),
        ("2. [Comment: Nobody asked.] Ships wait.", ["Nobody asked.", "Ships wait."]),
        ("3. All is well.\n\n¶4.\n\nShips wait in ¶2003.", ["All is well.", "Ships wait in 2003."]),
        ("5. All is well.\nCUSTOMS - - - - - -\nShips wait.", ["All is well.", "CUSTOMS", "Ships wait."]),
        ("6. Trade in tons:\n\nTimber    4,765   2,504\nHerring (kg.)   630   268\n",
         ["Trade in tons:", "Timber 4,765 2,504", "Herring (kg.) 630 268"]),
    ],
)  # fmt: skip
def test_brackets_of_notes_left_over_labels_and_tables(text: str, expected: list[str]) -> None:
    assert [s.text for s in of_cable("a", text, [(0, 0, len(text))])] == expected
