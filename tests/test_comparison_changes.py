from __future__ import annotations

import pytest
from comparing import compared

from cablelab.comparison.changes import ORDER, is_verdict
from cablelab.comparison.lexicon import DEFAULT, Lexicon, phrases_in
from cablelab.errors import UnknownOption

OPENING = "Summary: This cable reports on the ports of the coast. End summary."
PORT = "The port of Brekkevik handled forty ships in March, most of them with timber."
STRIKE = "Dockers struck for three days over the price of boots."
MINISTER = "The minister of fisheries denied that he owns the ice plant."
END = "Comment: The harbour master is a patient man. Snow fell on the pass. End comment."


def first(old: str, new: str) -> dict:
    k = compared([OPENING, f"{PORT} {old}", END], [OPENING, f"{PORT} {new}", END])
    assert k.changes.height == 1
    return k.changes.row(0, named=True)


@pytest.mark.parametrize(
    ("old", "new", "reasons", "signals", "order"),
    [
        ("Post recommends very strongly against a toll.", "Post recommends against a toll.",
         ["verdict", "booster lost", "reworded"], ["very", "strongly"], 0),
        ("The fleet can leave the bay in winter.", "The fleet cannot leave the bay in winter.",
         ["negation gained", "reworded"], ["cannot"], 2),
        ("The master may close the bay in winter.", "The master must close the bay in winter.",
         ["hedge lost", "obligation gained", "reworded"], ["may", "must"], 2),
        ("Post believes that the toll hurts trade.", "Post believes that the toll helps trade.",
         ["verdict", "reworded"], [], 3),
        ("The fleet is large and old.", "The fleet is probably large and old.",
         ["hedge gained", "reworded"], ["probably"], 4),
        ("The fleet left the bay with timber.", "The fleet left the bay with herring.", ["reworded"], [], 6),
        ("The fleet of 40 ships left in May 2004.", "The fleet of 52 ships left in June 2005.",
         ["value changed"], ["40", "52", "may", "2004", "june", "2005"], 7),
        ("The fleet left the bay with timber.", "The fleet left a bay with timber.", ["function words"], [], 10),
    ],
)  # fmt: skip
def test_reasons(old: str, new: str, reasons: list[str], signals: list[str], order: int) -> None:
    row = first(old, new)
    assert row["reasons"] == reasons
    assert row["signals"] == signals
    assert row["order"] == order
    assert row["text_a"] == old
    assert row["text_b"] == new


def test_ranked_most_telling_first_and_function_words_last() -> None:
    start = "The fleet of {} ships is old. {} fee is due on entry."
    old = start.format(40, "A") + " Post recommends strongly against a toll. Nets hang on the wall."
    new = start.format(52, "The") + " Post recommends against a toll. Nets lie on the floor."
    k = compared([OPENING, old, END], [OPENING, new, END])
    assert k.changes["order"].to_list() == sorted(k.changes["order"].to_list())
    assert k.changes["rank"].to_list() == [1, 2, 3, 4]
    assert k.changes["kind"].to_list() == ["reworded", "reworded", "value changed", "function words"]
    assert k.changes["old"][0] == "strongly"


def test_every_order_is_documented() -> None:
    k = compared([OPENING, PORT, END], [OPENING, STRIKE, END])
    assert all(0 <= n < len(ORDER) for n in k.changes["order"])


def test_sentences_of_a_comment_count_as_judgement() -> None:
    more = END.replace("Snow fell", "The toll will hurt trade. Snow fell")
    row = compared([OPENING, PORT, END], [OPENING, PORT, more]).changes.row(0, named=True)
    assert row["kind"] == "added"
    assert row["reasons"] == ["added sentence", "in a comment"]
    assert row["order"] == 1


def test_new_and_dropped_paragraphs_are_a_list_of_their_own() -> None:
    k = compared([OPENING, f"{STRIKE} {PORT}", END], [OPENING, f"{MINISTER} Ice is dear.", END])
    assert k.paragraphs.select("state", "cable", "number").rows() == [
        ("new", k.cables[1], 2),
        ("dropped", k.cables[0], 2),
    ]
    assert set(k.changes["order"]) == {8}


def test_a_partial_extract_puts_a_remark_on_dropped_and_added_rows_only() -> None:
    old, new = [OPENING, f"{PORT} {STRIKE}", END], [OPENING, f"{PORT.replace('forty', 'ninety')} {MINISTER}", END]
    rows = compared(old, new, partial=True).changes
    by_kind = {r["kind"]: r["remark"] for r in rows.iter_rows(named=True)}
    assert set(by_kind) == {"value changed", "added", "dropped"}
    assert "partial extract" in by_kind["dropped"]
    assert "partial extract" in by_kind["added"]
    assert by_kind["value changed"] is None
    assert compared(old, new).changes["remark"].null_count() == 3


def test_the_user_may_pass_words() -> None:
    from comparing import corpus_of

    from cablelab.comparison import compare

    corpus, a, b = corpus_of([OPENING, "The fleet is heartily old.", END], [OPENING, "The fleet is old.", END])
    assert compare(corpus, a, b).changes["reasons"][0].to_list() == ["reworded"]
    mine = Lexicon().extended(boosters={"heartily"})
    assert compare(corpus, a, b, lexicon=mine).changes["reasons"][0].to_list() == ["booster lost", "reworded"]


def test_an_unknown_list_is_an_error_with_the_nearest() -> None:
    with pytest.raises(UnknownOption, match="boosters"):
        Lexicon().extended(booster={"x"})


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("post therefore concludes that all is well", True),
        ("the embassy believes so", True),
        ("there is no justification for a toll", True),
        ("the post office was closed and later the mayor believes it", False),
        ("ships wait", False),
    ],
)
def test_verdicts(text: str, verdict: bool) -> None:
    assert is_verdict(text.split(), DEFAULT) is verdict


def test_the_longest_phrase_counts() -> None:
    assert phrases_in(["in", "spite", "of", "no", "doubt"], frozenset({"in spite of", "no", "no doubt"})) == [
        "in spite of",
        "no doubt",
    ]
