from __future__ import annotations

from datetime import datetime

import polars as pl
import pytest
from comparing import compared, corpus_of, message
from hypothesis import given, settings
from hypothesis import strategies as st

import cablelab as cl
from cablelab.comparison import compare
from cablelab.comparison.tables import (
    CARRY_OVER,
    CHANGES,
    CLAIMS,
    LENGTHS,
    LINKS,
    MEMBERS,
    PARAGRAPHS,
    SENTENCES,
    THREADS,
    WORDS,
)
from cablelab.errors import NotCables, SameCable, TooFewCables, UnknownCable

OPENING = "Summary: This cable reports on the ports of the coast. End summary."
PORT = "The port of Brekkevik handled forty ships in March, most of them with timber."
STRIKE = "Dockers struck for three days over the price of boots."
MINISTER = "The minister of fisheries denied that he owns the ice plant."
END = "Comment: Post recommends very strongly against a toll. End comment."
OLD = [OPENING, f"{PORT} {STRIKE}", END]
NEW = [OPENING, f"{PORT.replace('forty', 'ninety')} {MINISTER}", END.replace("very strongly ", "")]
FRAMES = {
    "sentences": SENTENCES, "links": LINKS, "words": WORDS, "changes": CHANGES, "paragraphs": PARAGRAPHS,
    "threads": THREADS, "members": MEMBERS, "claims": CLAIMS, "carry_over": CARRY_OVER, "lengths": LENGTHS,
}  # fmt: skip


@pytest.mark.parametrize("name", FRAMES)
def test_schemas_hold_with_and_without_rows(name: str) -> None:
    for k in (compared(OLD, NEW), compared(OLD, OLD), compared([STRIKE], [MINISTER])):
        assert dict(getattr(k, name).schema) == FRAMES[name]


def test_offsets_point_at_the_message_text() -> None:
    corpus, a, b = corpus_of(OLD, NEW)
    k = compare(corpus, a, b)
    texts = dict(corpus.texts.iter_rows())
    for cable, _, _, _, text, start, end in k.sentences.iter_rows():
        assert " ".join(texts[cable][start:end].split()) == text
    for row in k.words.iter_rows(named=True):
        assert " ".join(texts[a][row["start_a"] : row["end_a"]].split()) == row["old"]
        assert " ".join(texts[b][row["start_b"] : row["end_b"]].split()) == row["new"]
    top = k.changes.row(0, named=True)
    assert texts[a][top["start_a"] : top["end_a"]] == top["old"] == "very strongly"


def test_words_name_their_link() -> None:
    k = compared(OLD, NEW)
    assert {k.links["label"][n] for n in k.words["link"]} == {"reworded"}
    assert k.words.filter(pl.col("op") == "replace").select("old", "new").row(0) == ("forty", "ninety")


def test_two_cables_of_one_text_are_all_kept_and_nothing_changed() -> None:
    k = compared(OLD, OLD)
    assert set(k.links["label"]) == {"kept"}
    assert not k.links["moved"].any()
    assert k.changes.is_empty()
    assert k.paragraphs.is_empty()
    assert k.lengths["similarity"].to_list() == [None, 1.0]


def test_what_is_added_one_way_is_dropped_the_other_way() -> None:
    there, back = compared(OLD, NEW), compared(NEW, OLD)
    added, dropped = (k.changes.filter(pl.col("kind") == kind) for k, kind in ((there, "added"), (back, "dropped")))
    assert set(added["text_b"]) == set(dropped["text_a"])
    assert there.lengths["similarity"][1] == back.lengths["similarity"][1]


def test_cables_in_another_order_are_laid_out_in_time_with_a_word_about_it() -> None:
    corpus, a, b, c = corpus_of(OLD, NEW, OLD)
    k = compare(corpus, c, a, b)
    assert k.cables == (a, b, c)
    assert k.notes == (f"Named in another order; laid out from the earliest, {a}, to the latest, {c}",)
    assert compare(corpus, a, b, c).notes == ()


def test_a_chain_is_compared_by_its_id_or_its_steps() -> None:
    corpus = cl.sample()
    steps = cl.chains(corpus)
    chain = steps["chain"][0]
    own = steps.filter(pl.col("chain") == chain)
    expected = tuple(cl.chaining.chain_of(corpus, chain))
    assert compare(corpus, chain).cables == expected
    assert compare(corpus, own).cables == expected
    fork = pl.concat([own, own.tail(1).with_columns(previous=pl.lit(own["previous"][0]))])
    assert compare(corpus, fork).cables == expected
    assert compare(corpus, fork.reverse()).notes == ()
    with pytest.raises(NotCables, match=r"takes one: steps\.filter"):
        compare(corpus, steps)


def test_a_list_the_same_cable_and_other_frames_are_errors_that_help() -> None:
    corpus, a, b = corpus_of(OLD, NEW)
    with pytest.raises(NotCables, match=r"compare\(corpus, \*ids\)"):
        compare(corpus, [a, b])  # type: ignore[arg-type]
    with pytest.raises(NotCables, match="the steps of one chain"):
        compare(corpus, corpus.cables)
    with pytest.raises(SameCable, match="named twice"):
        compare(corpus, a, b, a)


def test_two_cables_without_common_text_are_said_to_share_no_passage() -> None:
    k = compared([STRIKE, MINISTER], ["Snow fell on the pass all night."])
    assert k.steps[0].remarks == (f"{k.cables[0]} and {k.cables[1]} share no passage",)
    assert k.steps[0].doubts == ()


def test_a_doubled_body_a_foreign_text_and_the_years_between_are_told_once() -> None:
    lines = [f"The harbour of town {n} handled {n * 7} ships of timber." for n in range(9)]
    foreign = " ".join(["Los puertos del norte cerraron durante tres semanas por orden del ministro de pesca."] * 6)
    texts = [message(100, lines), message(200, [*lines, *lines]), message(300, [foreign])]
    corpus = cl.parse(texts, sent=[datetime(2004, 5, 1), datetime(2004, 9, 1), datetime(2007, 9, 1)])
    first, second = compare(corpus, *corpus.cables.sort("sent")["cable"]).steps
    assert first.remarks == ("04OSLO200 holds text twice: 18 of its 18 sentences stand more than once",)
    assert "07OSLO300 seems not to be in English, and the word lists that name reasons are" in second.remarks
    assert "36 months lie between" in second.remarks
    assert "07OSLO300 does not cite 04OSLO200: a report between them may be missing" in second.remarks
    assert second.doubts == ()


def test_an_older_baseline_that_is_not_held_is_told() -> None:
    texts = [message(100, OLD, refs="OSLO 40"), message(400, NEW, refs="(A) OSLO 100 (B) OSLO 40")]
    k = compare(cl.parse(texts, sent=datetime(2005, 5, 1)), "05OSLO100", "05OSLO400")
    assert k.steps[0].doubts == ("05OSLO40, cited by 05OSLO100 and 05OSLO400, is older than both and is not held",)


def test_a_sentence_gone_for_one_report_and_back_in_the_next_is_one_thread() -> None:
    without = [OPENING, STRIKE, END]
    k = compared(OLD, without, OLD)
    port = next(r for r in k.threads.iter_rows(named=True) if r["first_text"] == PORT)
    assert (port["born"], port["last"], port["died"], port["cables"]) == (k.cables[0], k.cables[2], None, 2)


def test_counts_add_up() -> None:
    k = compared(OLD, NEW)
    counts = dict(k.carry_over.select("outcome", "sentences").iter_rows())
    assert counts == {"kept": 1, "reworded": 2, "added": 1, "dropped": 1}
    assert sum(counts[o] for o in ("kept", "reworded", "added")) == k.lengths["sentences"][1]
    assert sum(counts[o] for o in ("kept", "reworded", "dropped")) == k.lengths["sentences"][0]
    assert repr(k) == f"<Comparison {k.cables[0]} → {k.cables[1]} · 1 kept · 2 reworded · 1 added · 1 dropped>"


def test_threads_follow_a_sentence_over_the_chain() -> None:
    third = [OPENING, PORT.replace("forty", "ninety"), "Comment: All is well. End comment."]
    k = compared(OLD, NEW, third)
    a, b, c = k.cables
    rows = {r["first_text"]: r for r in k.threads.iter_rows(named=True)}
    port = rows[PORT]
    assert (port["born"], port["last"], port["died"], port["cables"], port["reworded"]) == (a, c, None, 3, 1)
    toll = rows["Post recommends very strongly against a toll."]
    assert (toll["born"], toll["last"], toll["died"], toll["cables"]) == (a, b, c, 2)
    assert k.members.filter(pl.col("thread") == port["thread"]).select("cable", "label").rows() == [
        (a, "born"),
        (b, "reworded"),
        (c, "kept"),
    ]
    assert repr(k) == f"<Comparison {a} → {c} · 3 cables · 3 threads>"
    assert k.changes.group_by("a", "b").agg(pl.col("rank").min()).sort("a").rows() == [(a, b, 1), (b, c, 1)]


def test_weak_links_are_not_carried_over() -> None:
    old = [OPENING, f"{PORT} Compared with others, Brekkevik does a creditable job of all this. {STRIKE}"]
    new = [OPENING, f"{PORT} While thieves trouble Brekkevik, the mayor makes creditable efforts. {STRIKE}"]
    k = compared(old, new)
    assert k.links.filter("weak").height == 1
    assert dict(k.carry_over.select("outcome", "sentences").iter_rows()) == {
        "kept": 3, "reworded": 0, "added": 1, "dropped": 1,
    }  # fmt: skip
    assert k.threads.height == 3


def test_the_phrase_tracker_counts_across_line_breaks_and_says_where_it_is_gone() -> None:
    k = compared([OPENING, "All is very\nstrongly felt; very strongly."], NEW)
    assert k.phrase("Very  strongly").select("cable", "count").rows() == [(k.cables[0], 2), (k.cables[1], 0)]
    assert k.phrase("...")["count"].to_list() == [0, 0]


def test_a_cable_between_that_is_not_held_is_told() -> None:
    texts = [message(100, OLD), message(400, NEW, refs="(A) OSLO 300 (B) OSLO 90 (C) OSLO 100 (D) LUND 200")]
    corpus = cl.parse(texts, sent=datetime(2005, 5, 1))
    k = compare(corpus, "05OSLO100", "05OSLO400")
    assert k.steps[0].remarks == (
        "05OSLO300, cited by 05OSLO400, lies between and is not held",
        "05OSLO90, cited by 05OSLO400, is older than both and is not held",
    )
    assert k.changes.filter(pl.col("kind") == "dropped")["remark"].null_count() == 0


def test_ids_are_read_as_a_user_writes_them() -> None:
    corpus, a, b = corpus_of(OLD, NEW)
    assert compare(corpus, f" {a.lower()} ", b).cables == (a, b)


def test_unknown_cables_and_too_few_are_errors_that_help() -> None:
    corpus, a, b = corpus_of(OLD, NEW)
    with pytest.raises(UnknownCable, match=a):
        compare(corpus, a + "0", b)
    alone = corpus.filter(pl.col("cable") == a)
    for some in ((), (a,)):
        with pytest.raises(TooFewCables, match="two or more"):
            compare(alone, *some)


def test_a_cable_without_paragraphs_is_compared_and_told() -> None:
    k = compared([], NEW)
    assert k.links.is_empty()
    assert "no paragraph" in k.changes["remark"][0]


LINES = st.lists(
    st.sampled_from([PORT, STRIKE, MINISTER, "Ships wait.", "Post expects no change."]), min_size=1, max_size=5
)


@settings(max_examples=40)
@given(LINES, LINES)
def test_every_sentence_is_accounted_for_once(old: list[str], new: list[str]) -> None:
    k = compared([OPENING, *old], [OPENING, *new])
    step = k.steps[0]
    for version, linked, rest in (
        (step.old, {x.a for x in step.links}, step.dropped),
        (step.new, {x.b for x in step.links}, step.added),
    ):
        assert len(linked) + len(rest) == len(version.sentences)
    rows = step.changes
    for dropped, kinds in ((step.dropped, ("dropped", "rewritten")), (step.added, ("added", "rewritten"))):
        side = "sentences_a" if kinds[0] == "dropped" else "sentences_b"
        listed = [i for c in rows for i in getattr(c, side) if c.kind in kinds]
        assert {s.sentence for s in dropped} <= set(listed)
        assert len(listed) == len(set(listed))


def test_claims_say_who_judges_what_how_strongly_and_what_changed_since() -> None:
    silent = [OPENING, f"{PORT} {STRIKE}", "Comment: Snow fell. End comment."]
    strong = END.replace("very strongly", "strongly")
    k = compared(OLD, silent, [OPENING, f"{PORT} The UK mission supports a toll.", strong])
    claims = k.claims.select("cable", "whose", "words", "strength", "changed").rows()
    assert claims == [
        (k.cables[0], "post", "post recommends", ["very", "strongly"], []),
        (k.cables[2], "post", "post recommends", ["strongly"], ["booster lost: very"]),
        (k.cables[2], "others", "uk mission supports", [], []),
    ]
    assert k.claims["claim"].to_list() == [0, 0, 1]
    assert f"<a href='#a0-{k.claims['sentence'][0]}'>post recommends</a>" in k.html()


def test_what_was_said_before_the_older_cable_is_not_new() -> None:
    k = compared([OPENING, PORT, STRIKE], [OPENING, STRIKE], [OPENING, PORT, STRIKE])
    row = next(r for r in k.changes.iter_rows(named=True) if r["a"] == k.cables[1])
    assert row["kind"] == "added"
    assert f"said in {k.cables[0]}, not in {k.cables[1]}" in row["reasons"]
    assert "said before -2.0" in row["parts"]
