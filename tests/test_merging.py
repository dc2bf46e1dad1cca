"""Two readings become one: as if all had been read together."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import cablelab as cl
from cablelab.errors import WrongKind

REAL = Path(__file__).resolve().parents[1] / ".." / "shared" / "cables" / "wikileaks"


def same(a: cl.Corpus, b: cl.Corpus) -> None:
    for name in cl.frames.NAMES:
        by = [column for column, kind in cl.frames.schema(name).items() if not isinstance(kind, pl.List)]
        assert_frame_equal(a.frame(name).sort(by), b.frame(name).sort(by))


def head(post: str, number: int, body: str = "1. All is calm at the ports.") -> str:
    return f"UNCLAS {post} {number:06}\n\nSUBJECT: PORTS\n\n{body}"


@pytest.fixture
def sources(tmp_path) -> list[Path]:
    """Twelve files: two copies of one cable, one undated whose year only another tells, one that is no cable."""
    whole = "1. Catches rose in the north and fell in the south of the bay."
    texts = {
        "07OSLO1.txt": head("OSLO", 1), "07OSLO2.txt": head("OSLO", 2, f"{whole}\n\n2. The minister was pleased, he said."),
        "copy-07OSLO2.txt": "R 031200Z MAR 07\nFM AMEMBASSY OSLO\n" + head("OSLO", 2, whole),
        "undated.txt": head("PARIS", 77, "1. Talks went on."), "07ROME5.txt": head("ROME", 5).replace("\n\nSUBJECT", "\nREF: 06 PARIS 77\n\nSUBJECT"),
        "empty.txt": "", "noise.txt": "Nothing of that kind.",
    }  # fmt: skip
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    return [tmp_path / name for name in texts]


@pytest.mark.parametrize("cut", range(1, 7))
def test_what_is_read_in_two_parts_is_what_is_read_at_once(sources, cut):
    whole = cl.read(*sources)
    same(cl.read(*sources[:cut]) + cl.read(*sources[cut:]), whole)
    same(cl.read(*sources[: cut + 1]) + cl.read(*sources[cut - 1 :]), whole)
    same(whole + whole, whole)
    assert whole.copies.height == 1
    assert "inferred" in whole.cables["cable_from"].cast(pl.String).to_list()


def test_real_pages_too(tmp_path):
    if not REAL.is_dir():
        pytest.skip("../shared/cables is not here")
    files = sorted(path for path in REAL.rglob("*") if path.is_file())[::31][:60]
    whole = cl.read(*files, progress=False)
    merged = cl.read(*files[:35], progress=False) + cl.read(*files[25:], progress=False)
    same(merged, whole)
    merged.save(tmp_path / "saved")
    same(cl.open(tmp_path / "saved") + whole, whole)


def test_references_are_held_once_both_are_there():
    old = cl.parse(head("OSLO", 12).replace("\n\nSUBJECT", "\nREF: OSLO 14\n\nSUBJECT"), sent=date(2007, 3, 1))
    new = cl.parse(head("OSLO", 14), sent=date(2007, 3, 2))
    assert old.references["held"].to_list() == [False]
    assert (old + new).references["held"].to_list() == [True]
    assert (old + new).ids.to_list() == ["07OSLO12", "07OSLO14"]


def test_parts_chosen_are_merged_and_say_so():
    corpus = cl.sample()
    a, b = corpus.filter(cl.tagged("ELAB")), corpus.filter(cl.tagged("EFIS"))
    both = a + b
    assert set(both.ids) == set(corpus.filter(cl.tagged("ELAB", "EFIS")).ids)
    assert both.filters == ('(cl.tagged("ELAB")) or (cl.tagged("EFIS"))',)
    assert sum([a, b]).ids.to_list() == both.ids.to_list()
    assert (
        sum((corpus.select([one]) for one in corpus.ids[:3]), cl.Corpus({})).ids.to_list() == corpus.ids[:3].to_list()
    )


def test_only_a_corpus_can_be_added():
    with pytest.raises(WrongKind, match=r"corpus\.select"):
        cl.sample() + cl.sample().cables


def test_years_that_two_readings_infer_otherwise_are_not_told():
    paris = head("PARIS", 77, "1. Talks went on.")

    def read(folder: str, year: int) -> cl.Corpus:
        citing = head("ROME", year).replace("\n\nSUBJECT", f"\nREF: {year:02} PARIS 77\n\nSUBJECT")
        return cl.parse([paris, citing], sent=[None, date(2000 + year, 12, 1)])

    a, b = read("a", 6), read("b", 7)
    assert (a.ids[0], b.ids[0]) == ("06PARIS77", "07PARIS77")
    both = a + b
    assert both.cables.filter(pl.col("post") == "PARIS")["cable_from"].cast(pl.String).to_list() == ["none"]
