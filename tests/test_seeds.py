"""The two cables that the project was begun with, read from ../shared: everything they say must come out."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

import cablelab as cl
from cablelab.corpus import Corpus

NAMED = "07ASTANA3256"
INFERRED = "05ALMATY3112"


@pytest.fixture(scope="module")
def seeds(shared: Path) -> list[Path]:
    """The file of the partial extract, and that of the blog's copy."""
    first, second = sorted((shared / "cables" / "seeds").glob("*.txt"))
    return [first, second]


@pytest.fixture(scope="module")
def both(seeds: list[Path]) -> Corpus:
    return cl.read(*seeds)


@pytest.fixture(scope="module")
def full(seeds: list[Path]) -> Corpus:
    return cl.read(seeds[1])


@pytest.fixture(scope="module")
def partial(seeds: list[Path]) -> Corpus:
    return cl.read(seeds[0])


def row(corpus: Corpus, cable: str) -> dict[str, object]:
    return corpus.cables.row(by_predicate=pl.col("cable") == cable, named=True)


def test_the_blogs_copy_gives_id_dates_level_and_captions(full: Corpus):
    r = row(full, NAMED)
    assert (r["cable_from"], r["message_id"], r["post"], r["year"], r["number"]) == (
        "page",
        NAMED,
        "ASTANA",
        2007,
        3256,
    )
    assert (r["sent"], r["sent_from"]) == (datetime(2007, 12, 3, 11, 54, tzinfo=UTC), "dtg")
    assert r["released"] == datetime(2011, 8, 30, 1, 44, tzinfo=UTC)
    assert (r["classification"], r["captions"], r["precedence"]) == ("UNCLASSIFIED", ["SIPDIS"], ["ROUTINE"])
    assert (r["mission"], r["partial"], r["signed_by"]) == ("Kazakhstan", False, "MILAS")


def test_the_blogs_copy_gives_its_tags(full: Corpus):
    codes = ["ELAB", "EIND", "ETRD", "PHUM", "SOCI", "USAID", "KZ"]
    assert row(full, NAMED)["tags"] == codes
    assert full.tags["tag"].to_list() == codes
    assert full.tags["position"].to_list() == list(range(7))


def test_the_blogs_copy_cites_four_cables(full: Corpus):
    found = full.references.select("label", "kind", "target").rows()
    assert found == [
        ("A", "cable", "07STATE158223"),
        ("B", "cable", "06ASTANA891"),
        ("C", "cable", "05ALMATY3112"),
        ("D", "cable", "04ALMATY3206"),
    ]


def test_the_blogs_copy_has_seven_paragraphs(full: Corpus):
    assert full.paragraphs["number"].to_list() == [1, 2, 3, 4, 5, 6, 7]
    assert full.paragraphs["part"].to_list() == ["summary", *["body"] * 5, "comment"]
    assert full.paragraphs["heading"].null_count() == full.paragraphs["marking"].null_count() == 7
    assert row(full, NAMED)["paragraphs"] == 7


def test_the_blogs_copy_gives_its_addressees_with_routing_and_serials(full: Corpus):
    who = full.addressees
    assert who.filter(pl.col("role") == "from").select("name", "post").rows() == [("AMEMBASSY ASTANA", "ASTANA")]
    to, info = (who.filter(pl.col("role") == role) for role in ("to", "info"))
    assert (to.height, info.height, who.height) == (2, 4, 7)
    assert to.select("routing", "name", "serial").rows() == [
        ("RUEHC", "SECSTATE WASHDC", 1307),
        ("RUEHC", "DEPT OF LABOR WASHDC", None),
    ]
    assert info["routing"].to_list() == ["RUEHAST", "RUEHGV", "RUCNCIS", "RUCNCLS"]
    assert info["serial"].to_list() == [37, 965, 323, None]


def test_no_word_of_the_blog_is_in_a_paragraph_or_a_field(full: Corpus):
    text = full.texts["text"].item()
    chrome = full.spans.filter(pl.col("role") == "chrome")
    outside = " ".join(text[a:b] for a, b in chrome.select("start", "end").rows())
    for word in ("WordPress", "Wikileaks", "trackback", "Facebook", "Leave a Reply"):
        assert word in outside
        assert not full.paragraphs["text"].str.contains(word, literal=True).any()
    assert "other" not in full.spans["role"].to_list()


def test_the_extract_read_alone_is_known_but_for_its_year(partial: Corpus):
    r = partial.cables.row(0, named=True)
    assert str(r["cable"]).startswith("unidentified-")
    assert len(str(r["cable"])) == len("unidentified-") + 12
    assert (r["cable_from"], r["post"], r["number"], r["year"]) == ("none", "ALMATY", 3112, None)
    assert (r["sent"], r["sent_from"], r["partial"], r["signed_by"]) == (None, "none", True, "ASQUINO")
    assert partial.problems.filter(pl.col("code") == "unidentified").height == 1
    assert partial.references.select("label", "target").rows() == [("A", None), ("B", "04ALMATY3206")]


def test_the_extract_has_three_paragraphs_and_its_own_tag(partial: Corpus):
    assert partial.paragraphs.select("number", "part").rows() == [(1, "summary"), (2, "body"), (3, "comment")]
    assert partial.tags["tag"].to_list()[-1] == "POLITICAL"
    assert partial.tags.filter(pl.col("tag") == "POLITICAL")["kind"].to_list() == ["unknown"]
    assert "KZ" in partial.tags["tag"].to_list()


@pytest.mark.parametrize("order", [1, -1])
def test_read_together_the_extract_gets_its_id_from_the_cable_that_cites_it(seeds: list[Path], order: int):
    corpus = cl.read(*seeds[::order])
    assert sorted(corpus.cables["cable"].to_list()) == [INFERRED, NAMED]
    r = row(corpus, INFERRED)
    assert (r["cable_from"], r["message_id"], r["year"], r["number"]) == ("inferred", INFERRED, 2005, 3112)
    assert corpus.problems.filter(pl.col("code") == "unidentified").is_empty()


def test_read_together_references_resolve_and_are_held(both: Corpus):
    own = both.references.filter(pl.col("cable") == INFERRED)
    assert own.select("label", "target").rows() == [("A", "05STATE143552"), ("B", "04ALMATY3206")]
    assert both.references.filter("held").select("cable", "target").rows() == [(NAMED, INFERRED)]


def test_spans_give_both_texts_back(both: Corpus):
    for cable, text in both.texts.iter_rows():
        spans = both.spans.filter(pl.col("cable") == cable).select("start", "end").rows()
        assert "".join(text[a:b] for a, b in spans) == text


def test_the_summary_holds_the_first_paragraph_without_its_marks(both: Corpus):
    for cable in (NAMED, INFERRED):
        summary = str(row(both, cable)["summary"])
        first = both.paragraphs.filter((pl.col("cable") == cable) & (pl.col("number") == 1))["text"].item()
        assert "ummary" not in summary
        assert "1." not in summary
        assert " ".join(summary.split()) in " ".join(first.split())
        assert len(summary) > 0.9 * len(first) - 40
