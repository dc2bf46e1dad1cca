from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cablelab.comparison.align import Codes, align
from cablelab.comparison.sentences import of_cable
from cablelab.comparison.words import edits, runs


def told(old: str, new: str) -> list[tuple[str, str, str]]:
    a, b = old.split(), new.split()
    return [(r.op, " ".join(a[r.start_a : r.end_a]), " ".join(b[r.start_b : r.end_b])) for r in runs(a, b)]


def test_a_touching_deletion_and_insertion_are_one_replacement() -> None:
    assert told("the quay is old now", "the quay is being rebuilt now") == [
        ("equal", "the quay is", "the quay is"),
        ("replace", "old", "being rebuilt"),
        ("equal", "now", "now"),
    ]


def test_function_words_between_two_changes_are_absorbed() -> None:
    assert told("dockers blame the mayor loudly", "dockers praise the bishop loudly")[1] == (
        "replace",
        "blame the mayor",
        "praise the bishop",
    )


def test_other_words_between_two_changes_are_not() -> None:
    assert [x[0] for x in told("dockers blame mayor vik loudly", "dockers praise mayor lund loudly")] == [
        "equal", "replace", "equal", "replace", "equal",
    ]  # fmt: skip


LINE = st.lists(st.sampled_from(["quay", "ship", "the", "of", "fee", "not"]), max_size=9)


@given(LINE, LINE)
def test_runs_cover_both_sides_in_order_and_equal_runs_are_equal(old: list[str], new: list[str]) -> None:
    found = runs(old, new)
    at_a = at_b = 0
    for r in found:
        assert (r.start_a, r.start_b) == (at_a, at_b)
        at_a, at_b = r.end_a, r.end_b
        if r.op == "equal":
            assert old[r.start_a : r.end_a] == new[r.start_b : r.end_b] != []
        assert (r.op == "delete") == (r.start_b == r.end_b)
        assert (r.op == "insert") == (r.start_a == r.end_a)
    assert (at_a, at_b) == (len(old), len(new))


def sentences(cable: str, text: str) -> list:
    return of_cable(cable, text, [(0, 0, len(text))])


def test_edits_point_at_their_words_across_line_breaks() -> None:
    was, now = "1. Post recommends very\nstrongly against a toll.", "1. Post recommends\nagainst any toll."
    old, new = sentences("a", was), sentences("b", now)
    (found,) = edits(align(old, new), old, new, Codes()).values()
    changed = [(was[e.start_a : e.end_a], now[e.start_b : e.end_b]) for e in found if e.op != "equal"]
    assert changed == [("very\nstrongly", ""), ("a", "any")]


def test_a_split_sentence_gives_each_part_its_own_words() -> None:
    was = "Ships from Lund carried forty loads of timber, and the dockers of Brekkevik struck for boots."
    now = "Ships from Lund carried ninety loads of timber. The dockers of Brekkevik struck for gloves."
    old, new = sentences("a", was), sentences("b", now)
    links = align(old, new)
    assert [x.label for x in links] == ["split", "split"]
    found = edits(links, old, new, Codes())
    for (i, j), own in found.items():
        assert "".join(now[e.start_b : e.end_b] for e in own).replace(" ", "") == "".join(new[j].words).replace(
            "ships", "Ships"
        ).replace("lund", "Lund").replace("brekkevik", "Brekkevik").replace("the", "The", j)
        assert all(old[i].start <= e.start_a <= e.end_a <= old[i].end for e in own)
        assert all(new[j].start <= e.start_b <= e.end_b <= new[j].end for e in own)
    assert ("forty", "ninety") in [(e.old, e.new) for e in found[0, 0] if e.op == "replace"]
    assert ("boots", "gloves") in [(e.old, e.new) for e in found[0, 1] if e.op == "replace"]
