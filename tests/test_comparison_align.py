from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from comparing import sentences
from hypothesis import given, settings
from hypothesis import strategies as st

from cablelab.comparison.align import Aligned, Codes, align
from cablelab.comparison.evidence import stem
from cablelab.comparison.increasing import heaviest
from cablelab.comparison.model import Sentence
from cablelab.comparison.models import ACCEPT, ALONE, AROUND, FIRM, JOIN, judge

HARBOUR = "The harbour of Brekkevik handled forty ships in March, most of them with timber."
HARBOUR_2 = "The harbour of Brekkevik handled ninety ships in April, most of them with timber."
STRIKE = "Dockers struck for three days over the price of boots."
STRIKE_2 = "Dockers struck for a week over the price of gloves."
MINISTER = "The minister of fisheries denied that he owns the ice plant."
QUAY = "A second quay is to be built with a loan from the Nordic fund."
COURT = "The court at Lund freed two smugglers for want of proof."


def linked(old: list[str], new: list[str]) -> list[tuple[int, int, str, bool, bool]]:
    return [(x.a, x.b, x.label, x.moved, x.weak) for x in align(sentences("a", old), sentences("b", new))]


def test_kept_reworded_dropped_added() -> None:
    assert linked([HARBOUR, STRIKE, MINISTER], [HARBOUR, STRIKE_2, QUAY]) == [
        (0, 0, "kept", False, False),
        (1, 1, "reworded", False, False),
    ]


def test_case_wrapping_and_punctuation_do_not_matter() -> None:
    assert linked([HARBOUR], [HARBOUR.upper().replace(" ", "\n  ").replace(".", "")]) == [(0, 0, "kept", False, False)]


def test_equal_short_sentences_keep_their_order() -> None:
    found = linked(["No change.", HARBOUR, "No change.", STRIKE], ["No change.", HARBOUR_2, "No change.", STRIKE])
    assert [(a, b) for a, b, *_ in found] == [(0, 0), (1, 1), (2, 2), (3, 3)]


def test_the_lighter_part_is_what_moved() -> None:
    found = linked([HARBOUR, STRIKE, MINISTER, QUAY], [STRIKE, MINISTER, QUAY, HARBOUR])
    assert [(a, b) for a, b, _, moved, _ in found if moved] == [(0, 3)]


def test_a_reworded_sentence_is_found_where_it_moved() -> None:
    found = linked([HARBOUR, STRIKE, MINISTER, QUAY], [STRIKE, MINISTER, QUAY, HARBOUR_2])
    assert (0, 3, "reworded", True, False) in found


def test_split_and_merge() -> None:
    whole = "The harbour handled forty ships in March, and dockers struck for three days over boots."
    parts = ["The harbour handled forty ships in March.", "Dockers struck for three days over boots."]
    assert linked([MINISTER, whole, QUAY], [MINISTER, *parts, QUAY])[1:3] == [
        (1, 1, "split", False, False),
        (1, 2, "split", False, False),
    ]
    assert linked([MINISTER, *parts, QUAY], [MINISTER, whole, QUAY])[1:3] == [
        (1, 1, "merged", False, False),
        (2, 1, "merged", False, False),
    ]


def test_a_split_in_three() -> None:
    parts = [
        "The harbour handled forty ships.",
        "Dockers struck for boots.",
        "The minister denied owning the ice plant.",
    ]
    whole = " and ".join(p.rstrip(".") for p in parts)
    assert [x[2] for x in linked([whole], parts)] == ["split"] * 3


def test_unrelated_sentences_that_share_function_words_are_not_linked() -> None:
    assert linked([COURT], [QUAY]) == []
    assert linked(["It is the song that they had in the end."], ["He is the boat that we had to the south."]) == []


def test_a_rewrite_between_two_anchors_is_weak() -> None:
    old = [HARBOUR, "Compared with its neighbours, Brekkevik does a creditable job of all this.", STRIKE]
    new = [HARBOUR, "While thieves trouble the town of Brekkevik, the mayor makes creditable efforts.", STRIKE]
    assert linked(old, new)[1] == (1, 1, "reworded", False, True)


def test_a_link_says_how_sure_it_is() -> None:
    old = [HARBOUR, "Compared with its neighbours, Brekkevik does a creditable job of all this.", STRIKE]
    new = [HARBOUR, "While thieves trouble the town of Brekkevik, the mayor makes creditable efforts.", STRIKE]
    kept, doubtful, _ = align(sentences("a", old), sentences("b", new))
    assert (kept.probability, kept.weak) == (1.0, False)
    assert ACCEPT <= doubtful.probability < FIRM
    assert doubtful.weak


def test_copies_of_a_sentence_are_told_apart_by_their_neighbours() -> None:
    old = [STRIKE, "No change.", MINISTER, HARBOUR, "No change.", QUAY]
    new = [HARBOUR, "No change.", QUAY, STRIKE, "No change.", MINISTER]
    assert {(a, b) for a, b, *_ in linked(old, new)} == {(0, 3), (1, 4), (2, 5), (3, 0), (4, 1), (5, 2)}


def test_every_question_of_a_model_has_a_weight() -> None:
    pair = Aligned(sentences("a", [HARBOUR, STRIKE]), sentences("b", [HARBOUR_2, STRIKE_2]), Codes())
    assert [*pair.alone, "constant"] == list(ALONE)
    assert [*pair.around(judge(pair.alone, ALONE)), "constant"] == list(AROUND)
    whole = f"{HARBOUR.removesuffix('.')}, and {STRIKE.lower()}"
    halves = Aligned(sentences("a", [HARBOUR, STRIKE]), sentences("b", [whole]), Codes())
    third = halves.joins(np.zeros(len(halves.keys)), {(0, 0): 0.9})
    assert [*third[0][1], "constant"] == list(JOIN)


@pytest.mark.slow
def test_thousands_of_sentences_need_no_matrix_of_all_pairs() -> None:
    old = [f"The harbour of town {n} handled {n * 7} ships and {n % 13} loads of timber." for n in range(3000)]
    new = [f"The harbour of town {n} handled {n * 7} ships and {n % 11} loads of herring." for n in range(3000)]
    found = linked(old, new)
    assert len({a for a, *_ in found}) > 2500


def test_nothing_against_something() -> None:
    assert linked([], []) == [] == linked([], [HARBOUR]) == linked([HARBOUR], [])


WORDS = st.lists(
    st.sampled_from(["quay", "ship", "the", "of", "fee", "strike", "mayor", "not"]), min_size=1, max_size=6
)
CABLE = st.lists(WORDS, max_size=7)


def said(cable: list[list[str]]) -> list[Sentence]:
    return sentences("x", [" ".join(words) for words in cable])


@given(CABLE)
def test_a_cable_with_itself_is_all_kept(cable: list[list[str]]) -> None:
    found = align(said(cable), said(cable))
    assert [(x.a, x.b) for x in found] == [(i, i) for i in range(len(cable))]
    assert all(x.label == "kept" and not x.moved and not x.weak and x.similarity == 1 for x in found)


@given(CABLE, CABLE)
def test_links_are_well_formed(old: list[list[str]], new: list[list[str]]) -> None:
    found = align(said(old), said(new))
    assert found == align(said(old), said(new))
    assert [(x.a, x.b) for x in found] == sorted({(x.a, x.b) for x in found})
    for x in found:
        assert (x.label == "kept") == (x.similarity == 1 and old[x.a] == new[x.b]) or x.label in ("split", "merged")
        alone_a, alone_b = sum(y.a == x.a for y in found) == 1, sum(y.b == x.b for y in found) == 1
        if x.label in ("kept", "reworded"):
            assert alone_a
            assert alone_b
        else:
            assert not (alone_a if x.label == "split" else alone_b)
    stay = [(x.a, x.b) for x in found if not x.moved]
    assert all(a <= c and b <= d for (a, b), (c, d) in pairwise(stay))


@given(CABLE)
def test_reversed_roles_find_the_same_equal_sentences(cable: list[list[str]]) -> None:
    other = cable[::-1]
    forth = {tuple(cable[x.a]) for x in align(said(cable), said(other)) if x.label == "kept"}
    back = {tuple(other[x.a]) for x in align(said(other), said(cable)) if x.label == "kept"}
    assert forth == back == {tuple(s) for s in cable}


PAIRS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), unique=True, max_size=8)


@settings(max_examples=60)
@given(PAIRS, st.booleans())
def test_the_heaviest_chain_is_the_heaviest(pairs: list[tuple[int, int]], strict: bool) -> None:
    weights = [1.0 + (3 * a + 7 * b) % 5 for a, b in pairs]

    def increases(chosen: list[tuple[int, int]]) -> bool:
        step = (lambda x, y: x < y) if strict else (lambda x, y: x <= y)
        return all(step(a, c) and step(b, d) for (a, b), (c, d) in pairwise(chosen))

    best = max(
        sum(weights[i] for i in some)
        for n in range(len(pairs) + 1)
        for some in combinations(range(len(pairs)), n)
        if increases(sorted(pairs[i] for i in some))
    )
    found = heaviest(pairs, weights, strict=strict)
    assert increases([pairs[i] for i in found])
    assert sum(weights[i] for i in found) == pytest.approx(best)


def test_stems_join_plurals_and_possessives_only() -> None:
    assert {stem(w) for w in ("quay", "quays", "quay's", "quays'")} == {"quay"}
    assert stem("duties") == "duty"
    assert stem("his") == "his"


FORM = (
    "A) Current location: {place}.",
    "B) Transport status: {state}.",
    "C) Likelihood that it can be secured: {odds}.",
)
ABOUT = (
    "The officer Lunde of Oslo rang Bergen and asked Narvik for help, and Harstad, Bodo, Molde and Hamar all said no to Lunde.",
    "The officer Pereira of Porto rang Braga and asked Faro for help, and Evora, Beja, Tomar and Leiria all said no to Pereira.",
)


def test_two_that_name_nothing_in_common_share_the_form_only() -> None:
    fills = (
        {"place": "the yard", "state": "at rest", "odds": "good"},
        {"place": "the quay", "state": "under way", "odds": "bad"},
    )
    old, new = (
        sentences(name, ["Details follow.", *(line.format(**fill) for line in FORM), about])
        for name, fill, about in zip("ab", fills, ABOUT, strict=True)
    )
    assert [(x.a, x.b, x.label) for x in align(old, new)] == [(0, 0, "kept")]
    again = sentences("c", [*(s.text for s in new[:4]), ABOUT[0]])
    assert {(x.a, x.b) for x in align(old, again)} >= {(0, 0), (1, 1), (2, 2), (3, 3)}
