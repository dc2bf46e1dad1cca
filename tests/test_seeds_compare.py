"""The two cables that the project began with; they are read from ../shared and are no part of the project."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import cablelab as cl
from cablelab.comparison import Comparison, compare


@pytest.fixture(scope="module")
def seeds(shared: Path) -> Comparison:
    corpus = cl.read(shared / "cables" / "seeds")
    older, newer = corpus.cables.sort("year")["cable"]
    return compare(corpus, older, newer)


def row(k: Comparison, words: str) -> dict:
    """Give the one change whose older or newer wording holds `words`."""
    found = [r for r in k.changes.iter_rows(named=True) if words in f"{r['text_a']} {r['text_b']}"]
    assert len(found) == 1
    return found[0]


def test_the_lost_booster_of_the_verdict_comes_first(seeds: Comparison) -> None:
    top = seeds.changes.row(0, named=True)
    assert top["old"] == "very strongly"
    assert top["signals"] == ["very", "strongly"]
    assert {"verdict of the post: post recommends", "booster lost: very strongly"} <= set(top["reasons"])
    assert (top["number_a"], top["number_b"]) == (3, 7)


def rank_of(k: Comparison, words: str) -> int:
    """Give the rank of the first change whose older or newer wording holds `words`."""
    return next(r["rank"] for r in k.changes.iter_rows(named=True) if words in f"{r['text_a']} {r['text_b']}")


def test_migrants_and_credible_efforts_are_among_the_first_five_and_marked_as_comment(seeds: Comparison) -> None:
    assert rank_of(seeds, "growing challenge of illegal migrants") <= 5
    assert rank_of(seeds, "credible efforts") <= 5
    row = next(r for r in seeds.changes.iter_rows(named=True) if "credible efforts" in (r["text_b"] or ""))
    assert "in a comment" in row["reasons"]
    assert "verdict of the post: credible" in row["reasons"]


def test_the_rising_incidence_and_the_list_of_industries_are_among_the_first_ten(seeds: Comparison) -> None:
    assert rank_of(seeds, "rising incidence of child labor") <= 10
    assert rank_of(seeds, "33 separate industries") <= 10


def test_the_new_paragraphs_are_two_to_six(seeds: Comparison) -> None:
    new = seeds.paragraphs.filter((pl.col("state") == "new") & (pl.col("cable") == seeds.cables[1]))
    assert new["number"].to_list() == [2, 3, 4, 5, 6]


def test_the_article_alone_ranks_last(seeds: Comparison) -> None:
    assert seeds.changes["kind"][-1] == "function words"


def test_the_years_between_and_what_is_not_held_are_said_at_the_top(seeds: Comparison) -> None:
    told = " ".join(seeds.steps[0].remarks)
    assert "2 years lie between by their ids" in told
    assert "2 years later, by their ids" in seeds.html()
    assert "04ALMATY3206, cited by" in told
    assert "is a partial extract" in told


def test_the_phrase_is_gone(seeds: Comparison) -> None:
    assert seeds.phrase("very strongly")["count"].to_list() == [1, 0]


def test_the_page_holds_no_word_of_the_blog(seeds: Comparison) -> None:
    page = seeds.html()
    assert "<del>very strongly</del>" in page
    assert "WordPress" not in page
    assert "trackback" not in page.lower()
