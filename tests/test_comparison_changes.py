from __future__ import annotations

from datetime import datetime

import pytest
from comparing import compared, message, sentences

import cablelab as cl
from cablelab.comparison import compare
from cablelab.comparison.changes import ORDER
from cablelab.comparison.judging import stance, verdict
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
         ["verdict of the post: post recommends", "booster lost: very strongly", "reworded"], ["very", "strongly"], 0),
        ("The fleet can leave the bay in winter.", "The fleet cannot leave the bay in winter.",
         ["negation gained: cannot", "reworded"], ["cannot"], 2),
        ("The master may close the bay in winter.", "The master must close the bay in winter.",
         ["hedge lost: may", "obligation gained: must", "reworded"], ["may", "must"], 2),
        ("Post believes that the toll hurts trade.", "Post believes that the toll helps trade.",
         ["verdict of the post: post believes", "reworded"], [], 3),
        ("The fleet is large and old.", "The fleet is probably large and old.",
         ["hedge gained: probably", "reworded"], ["probably"], 4),
        ("The fleet left the bay with timber.", "The fleet left the bay with herring.", ["reworded"], [], 6),
        ("The fleet of 40 ships left in May 2004.", "The fleet of 52 ships left in June 2005.",
         ["figure: 40 → 52 (+30 %)"], ["40", "52", "may", "2004", "june", "2005"], 7),
        ("The fleet of old ships left in May 2004.", "The fleet of old ships left in June 2005.",
         ["date changed"], ["may", "2004", "june", "2005"], 7),
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


def test_rows_stand_in_the_order_of_their_points_and_parts_add_up() -> None:
    start = "The fleet of {} ships is old. {} fee is due on entry."
    old = start.format(40, "A") + " Post recommends strongly against a toll. Nets hang on the wall."
    new = start.format(52, "The") + " Post recommends against a toll. Nets lie on the floor."
    k = compared([OPENING, old, END], [OPENING, new, END])
    assert k.changes["points"].to_list() == sorted(k.changes["points"], reverse=True)
    assert k.changes["rank"].to_list() == [1, 2, 3, 4]
    assert k.changes["old"][0] == "strongly"
    assert k.changes["kind"][-1] == "function words"
    for change in k.steps[0].changes:
        assert change.points == pytest.approx(sum(p.points for p in change.parts), abs=0.02)
    assert "strength of a verdict: post recommends +2.0" in k.changes["parts"][0].to_list()


def test_every_order_is_documented() -> None:
    k = compared([OPENING, PORT, END], [OPENING, STRIKE, END])
    assert all(0 <= n < len(ORDER) for n in k.changes["order"])


def test_sentences_of_a_comment_count_as_judgement() -> None:
    more = END.replace("Snow fell", "The toll will hurt trade. Snow fell")
    row = compared([OPENING, PORT, END], [OPENING, PORT, more]).changes.row(0, named=True)
    assert row["kind"] == "added"
    assert row["reasons"] == ["added sentence", "in a comment", "told nowhere before: toll, hurt, trade"]
    assert row["order"] == 1


def test_a_run_of_new_sentences_of_a_paragraph_is_one_row() -> None:
    k = compared([OPENING, PORT, END], [OPENING, f"{PORT} {STRIKE} {MINISTER}", END])
    assert k.changes.select("kind", "text_b", "paragraphs").rows() == [("added", f"{STRIKE} {MINISTER}", "new ¶2")]
    assert k.changes["reasons"][0][0] == "2 added sentences"


def test_a_paragraph_new_and_gone_at_one_place_is_one_row_that_says_how_much_is_kept() -> None:
    gone = f"{STRIKE} The price of timber and herring fell in Brekkevik."
    fresh = f"{MINISTER} In Brekkevik snow spoilt both timber and herring."
    k = compared([OPENING, PORT, gone, END], [OPENING, PORT, fresh, END])
    (row,) = k.changes.iter_rows(named=True)
    assert row["kind"] == "rewritten"
    assert "rewritten ¶3, 0 % kept" in row["reasons"] or "rewritten ¶3" in " ".join(row["reasons"])
    assert (row["text_a"], row["text_b"], row["paragraphs"]) == (gone, fresh, "¶3 → ¶3")
    assert (row["sentence_a"], row["number_a"]) == (None, 3)
    assert k.paragraphs.select("state", "cable", "number").rows() == [
        ("new", k.cables[1], 3),
        ("dropped", k.cables[0], 3),
    ]


def test_an_outcome_goes_before_a_figure_that_rolls_forward() -> None:
    old = f"{PORT} Trade with Lund came to 40 tons in 2004."
    new = f"{PORT} Trade with Lund came to 44 tons in 2005. Parliament ratified the treaty of the two coasts."
    k = compared([OPENING, old, END], [OPENING, new, END])
    assert [r[0] for r in k.changes["reasons"].to_list()] == ["outcome: ratified", "figure: 40 → 44 (+10 %)"]


def test_what_belongs_to_the_form_of_a_report_stands_down() -> None:
    form = "Responses are keyed to the questions of the instruction cable sent by the bureau last autumn."
    k = compared([OPENING, PORT, END], [OPENING, f"{form} {PORT}", f"{MINISTER}", END])
    assert k.changes["text_b"].to_list()[-1] == form


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
    assert compare(corpus, a, b, lexicon=mine).changes["reasons"][0].to_list() == ["booster lost: heartily", "reworded"]


def test_an_unknown_list_is_an_error_with_the_nearest() -> None:
    with pytest.raises(UnknownOption, match="boosters"):
        Lexicon().extended(booster={"x"})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Post therefore concludes that all is well.", (True, "post therefore concludes")),
        ("The Embassy believes so.", (True, "embassy believes")),
        ("There is no justification for a toll.", (True, "no justification")),
        ("The UK mission supports a toll.", (False, "uk mission supports")),
        ("The Embassy of Lund believes in a toll.", (False, "embassy of lund believes")),
        ("Ambassador Vik believes in a toll.", (False, "ambassador vik believes")),
        ('The mayor wrote: "we believe in a toll."', (False, "we believe")),
        ("The mayor said that there is no evidence of a toll.", (False, "there is no evidence")),
        ("The post office was closed and later the mayor believes it.", None),
        ("Bureau officers met on countries of concern.", None),
        ("Ships wait.", None),
    ],
)
def test_verdicts_of_the_post_are_told_from_those_of_others(text: str, found: tuple[bool, str] | None) -> None:
    told = verdict(sentences("x", [text])[0], DEFAULT)
    assert (told and (told.own, told.words)) == found


def test_the_longest_phrase_counts() -> None:
    assert phrases_in(["in", "spite", "of", "no", "doubt"], frozenset({"in spite of", "no", "no doubt"})) == [
        "in spite of",
        "no doubt",
    ]


def test_a_name_is_no_outcome() -> None:
    new = f"{PORT} Papers came under the Mutual Aid Agreement of the two coasts."
    k = compared([OPENING, PORT, END], [OPENING, new, END])
    assert not [r for r in k.changes["reasons"][0] if r.startswith("outcome")]


def test_about_is_a_hedge_before_a_number_only() -> None:
    assert stance(["he", "spoke", "about", "a", "scheme"], ["he", "spoke", "of", "a", "scheme"], DEFAULT) == ([], [])
    assert stance(["about", "a", "dozen", "came"], ["a", "dozen", "came"], DEFAULT)[0] == ["hedge lost: about"]


def test_what_both_cables_are_about_is_no_outcome() -> None:
    about = [f"The agreement on {x} was weighed." for x in ("fish", "oil", "salt", "tin")]
    k = compared(
        about, [*about, "The harbour agreement binds nobody and pleases few.", "The harbour master resigned on Friday."]
    )
    told = [r for r in k.changes["reasons"].explode() if r.startswith("outcome")]
    assert told == ["outcome: resigned"]


def test_older_cables_that_are_not_held_are_named_in_one_remark() -> None:
    texts = [message(100, ["All is well."], refs="A. 03 OSLO 7 B. 03 OSLO 9"), message(101, ["All is very well."])]
    corpus = cl.parse(texts, sent=[datetime(2004, 5, 1), datetime(2005, 5, 1)])
    found = [r for r in compare(corpus, *corpus.ids).steps[0].remarks if "not held" in r]
    assert found == ["03OSLO7 and 03OSLO9, cited by 04OSLO100, are older than both and are not held"]
