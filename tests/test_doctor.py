"""The doctor: what it counts is true, and damage that is done on purpose shows."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import polars as pl
import pytest

from cablelab.cli import main
from cablelab.corpus import Corpus
from cablelab.doctor import SCHEMA, doctor, read_in_all
from cablelab.frames import NAMES
from cablelab.reading import parse, read
from cablelab.samples import sample


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return sample()


def damaged(corpus: Corpus, **frames: pl.DataFrame) -> Corpus:
    return Corpus({name: frames.get(name, corpus.frame(name)) for name in NAMES})


def check(corpus: Corpus, name: str) -> dict:
    return doctor(corpus).filter(check=name).row(0, named=True)


def test_pages_that_contradict_their_message_are_counted(corpus):
    found = check(corpus, "dates")
    planted = corpus.problems.filter(code="dates-differ")["cable"]
    assert (found["count"], found["example"]) == (len(planted), planted[0] if len(planted) else None)


def test_sound_corpus_passes_its_gates(corpus):
    sound = corpus.filter(~pl.col("cable").is_in(corpus.problems.filter(code="dates-differ")["cable"].implode()))
    checks = doctor(sound)
    assert checks.schema == SCHEMA
    gates = checks.filter(part="gate")
    assert gates["check"].to_list() == ["dates", "ids", "serials", "years", "spans"]
    assert gates["of"].min() > 200
    assert gates["count"].sum() == 0
    assert checks.filter(part="odd")["count"].sum() == 0


def test_completeness_counts_what_is_held(corpus):
    held = corpus.references.filter(pl.col("target").is_not_null())
    found = check(corpus, "references")
    assert (found["of"], found["count"]) == (held.height, held["held"].sum())
    assert not held.filter(target=found["example"])["held"].any()
    numbers = check(corpus, "numbers")
    assert numbers["count"] == corpus.cables.n_unique(["post", "year", "number"])
    assert numbers["of"] > numbers["count"]
    assert check(corpus, "sent")["count"] == corpus.cables["sent"].count()


def test_problems_are_grouped_with_one_example(corpus):
    found = doctor(corpus).filter(part="problem")
    assert found["check"].is_unique().all()
    assert found["count"].sum() == corpus.problems.height
    for row in found.iter_rows(named=True):
        assert row["example"] in corpus.problems.filter(code=row["check"])["source"].to_list()


def test_refused_sources_are_counted_among_all_that_was_read(tmp_path):
    page = "UNCLAS OSLO 000012\n\nSUBJECT: FISH\n\n1. Catches fell."
    (tmp_path / "more").mkdir()
    for name, text in {"07OSLO12": page, "more/07OSLO12": page, "list": "Milk and eggs.", "none": ""}.items():
        (tmp_path / f"{name}.txt").write_text(text)
    short = "".join(f'"{n}","1/1/2005 1:00","short"\n' for n in range(130))
    (tmp_path / "rows.csv").write_text(short)
    corpus = read(tmp_path)
    cables, copies, refused = read_in_all(corpus)
    assert (cables, copies, refused) == (len(corpus), corpus.copies.height, 2 + 130) == (1, 1, 132)
    assert set(doctor(corpus).filter(part="problem")["of"]) == {2 + 2 + 130}


def test_shifted_date_shows(corpus):
    dense = corpus.cables.drop_nulls("sent").group_by("post", "year").len().sort("len", "post", "year").row(-1)
    key = corpus.cables.filter(post=dense[0], year=dense[1]).drop_nulls("sent").sort("number")["cable"][dense[2] // 2]
    here = pl.col("cable") == key
    moved = pl.when(here).then(pl.col("sent") + timedelta(days=800)).otherwise("sent")
    broken = damaged(corpus, cables=corpus.cables.with_columns(sent=moved))
    assert check(broken, "years")["example"] == key
    assert check(broken, "date-off-neighbours")["example"] == key
    assert check(broken, "date-off-neighbours")["count"] == 1


def test_lost_characters_show(corpus):
    spans = corpus.spans.with_row_index()
    lost = damaged(corpus, spans=spans.filter(pl.col("index") != 100).drop("index"))
    found = check(lost, "spans")
    assert (found["count"], found["example"]) == (1, spans["cable"][100])
    last = corpus.spans.group_by("cable", maintain_order=True).last().row(5, named=True)
    cut = corpus.spans.filter(~((pl.col("cable") == last["cable"]) & (pl.col("start") == last["start"])))
    assert check(damaged(corpus, spans=cut), "spans")["example"] == last["cable"]


def test_contradicting_statements_show():
    page = "UNCLAS OSLO 000012\n\nSUBJECT: FISH\n\nREF: 07 OSLO 12\n\n1. Catches fell.\n\n3. Nets too."
    serial = (
        "VZCZCXYZ0000\nDE RUEHNY #0013/01 0401733\nZNY CCCCC ZZH\nP 091733Z FEB 07\nFM AMEMBASSY OSLO\n"
        "TO RUEHC/SECSTATE WASHDC 0180\n\nUNCLAS OSLO 000014\n\nSUBJECT: NETS\n\n1. Nets tore.\n"
    )
    corpus = parse([page, serial, serial.replace("000014", "000015").replace("0013", "0015")], sent=None)
    assert check(corpus, "serials")["count"] == 1
    assert check(corpus, "serials")["of"] == 2
    assert check(corpus, "serials")["example"] == "07OSLO14"
    assert check(corpus, "paragraph-numbers")["count"] == 1


def test_empty_corpus_is_examined_too():
    checks = doctor(Corpus({}))
    assert checks["count"].sum() == checks["of"].sum() == 0


def test_command_prints_every_check(corpus, tmp_path, capsys):
    corpus.save(tmp_path / "corpus")
    assert main(["doctor", str(tmp_path / "corpus")]) == 0
    said = capsys.readouterr().out
    for name in doctor(corpus)["check"]:
        assert f" {name}: " in said


def test_doctor_loads_no_charts():
    code = "import sys, cablelab.doctor as d, cablelab as cl; d.doctor(cl.sample()); print('altair' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
