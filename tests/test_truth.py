"""What is read from generated cables is what the generator says is true of them, in every form of capture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl
import pytest

import cablelab as cl
from cablelab import facts, samples
from cablelab.corpus import Corpus
from cablelab.samples.fiction import Fiction, generate
from cablelab.samples.forms import FORMS, page_class
from cablelab.samples.truth import Cable
from cablelab.samples.world import department, places

SEEDS = (11, 41)
COUNT = 130
ALL = (*FORMS, "csv")
# What a form keeps of a message, one line a form: `header` the transmission header; `dated` a time of day apart from it; `blank` blank
# lines, without which a paragraph without a number has no bounds, nor a heading without a rule under it; `notice` that of an extract.
TRAITS = {
    "cablegate-html": {"header", "dated", "blank", "notice"},
    "cablegate-text": {"blank"},
    "markdown": {"blank", "notice"},
    "blog": {"header", "dated", "blank", "notice"},
    "five-line": {"header", "blank", "notice"},
    "mirror": {"header", "dated", "blank", "notice"},
    "flattened": {"header", "dated", "notice"},
    "plusd": set(),
    "press": {"header", "notice"},
    "plain": {"header", "blank", "notice"},
    "csv": {"header", "dated", "blank", "notice"},
}
NAMES = "|".join(sorted({p.spaced[:10] for p in (*places(), department())}, key=len, reverse=True))
BREAK = re.compile(rf"\s*\b(?:{NAMES}) \d{{8}}\s+\d{{3}} OF \d{{3}}\b\s*")
FIELDS = (
    "post", "mission", "bureau", "year", "number", "classification", "handling", "subject", "tags", "executive_order",
    "declassify_on", "classified_by", "classified_title", "classified_reason", "signed_by", "sections", "corrected",
)  # fmt: skip
# These end where a paragraph begins, or begin where one ends.
BOUNDED = {"subject", "classified_reason", "signed_by"}


@dataclass(frozen=True)
class Pair:
    """One generated cable and what was read of it."""

    cable: Cable
    row: dict
    paragraphs: list[dict]
    references: list[dict]
    addressees: list[dict]


@dataclass(frozen=True)
class Reading:
    """A generated corpus read back from one form."""

    form: str
    fiction: Fiction
    corpus: Corpus

    def pairs(self) -> Iterator[Pair]:
        parts = {name: _parts(getattr(self.corpus, name)) for name in ("paragraphs", "references", "addressees")}
        rows = {row["cable"]: row for row in self.corpus.cables.iter_rows(named=True)}
        for cable in self.fiction.cables:
            key = cable.cable
            yield Pair(cable, rows[key], *(parts[n].get(key, []) for n in ("paragraphs", "references", "addressees")))


def _parts(frame: pl.DataFrame) -> dict[str, list[dict]]:
    out: dict[str, list[dict]] = {}
    for row in frame.iter_rows(named=True):
        out.setdefault(row["cable"], []).append(row)
    return out


@pytest.fixture(scope="module")
def fictions() -> dict[int, Fiction]:
    return {seed: generate(COUNT, seed) for seed in SEEDS}


@pytest.fixture(scope="module", params=[(form, seed) for form in ALL for seed in SEEDS], ids=lambda p: f"{p[0]}-{p[1]}")
def reading(request, fictions, tmp_path_factory) -> Iterator[Reading]:
    form, seed = request.param
    folder = fictions[seed].write_form(tmp_path_factory.mktemp(form), form)
    before = facts.snapshot()
    samples.add_facts()
    yield Reading(form, fictions[seed], cl.read(folder, progress=False))
    facts.restore(before)


def plain(text: str | None) -> str | None:
    """Close up blanks, and take out page breaks and the marks that pages set."""
    return None if text is None else " ".join(BREAK.sub(" ", text).replace("¶", "").split())


def readable(form: str, cable: Cable) -> bool:
    """Say whether the form keeps where the cable's paragraphs begin."""
    return "blank" in TRAITS[form] or (cable.style.numbered and cable.style.fence != "none")


def test_every_cable_is_found_under_its_id(reading):
    assert set(reading.corpus.cables["cable"]) == {c.cable for c in reading.fiction.cables}


@pytest.mark.parametrize("field", FIELDS)
def test_fields(reading, field):
    wrong = [
        (p.cable.cable, getattr(p.cable, field), p.row[field])
        for p in reading.pairs()
        if (field not in BOUNDED or readable(reading.form, p.cable)) and p.row[field] != getattr(p.cable, field)
    ]
    assert wrong == []


def test_captions(reading):
    wrong = [
        (p.cable.cable, p.cable.captions, p.row["captions"])
        for p in reading.pairs()
        if [c for c in p.row["captions"] if c not in p.cable.handling] != p.cable.captions
    ]
    assert wrong == []


def test_redactions(reading):
    for p in reading.pairs():
        assert p.row["redactions"] == reading.fiction.messages[p.cable.cable].body.count("X" * 12), p.cable.cable


def test_partial_extracts(reading):
    for p in reading.pairs():
        if "notice" in TRAITS[reading.form]:
            assert p.row["partial"] == (p.cable.partial or reading.form == "markdown"), p.cable.cable


def test_precedence_and_time_come_from_the_header(reading):
    for p in reading.pairs():
        if "header" in TRAITS[reading.form] and not p.cable.partial:
            assert p.row["precedence"] == p.cable.precedence, p.cable.cable
            assert p.row["sent"] == p.cable.sent, p.cable.cable
            assert p.row["sent_from"] == "dtg", p.cable.cable
        elif "dated" in TRAITS[reading.form]:
            assert p.row["sent"].replace(minute=0) == p.cable.sent.replace(minute=0), p.cable.cable


def test_addressees(reading):
    if "header" not in TRAITS[reading.form]:
        pytest.skip("the form keeps no transmission header")
    names = ("role", "name", "precedence", "serial")
    wrong = []
    for p in reading.pairs():
        want = [] if p.cable.partial else p.cable.addressees
        if [tuple(a[n] for n in names) for a in p.addressees] != [tuple(getattr(a, n) for n in names) for a in want]:
            wrong.append((p.cable.cable, want, p.addressees))
            continue
        wrong += [
            (p.cable.cable, a, got)
            for a, got in zip(want, p.addressees, strict=True)
            if (a.routing and got["routing"] != a.routing) or (a.post and got["post"] != a.post)
        ]
    assert wrong == []


def test_references(reading):
    names = ("label", "kind", "target", "note")
    wrong = []
    for p in reading.pairs():
        want = [tuple(getattr(r, n) for n in names) for r in p.cable.references]
        got = [tuple(r[n] for n in names) for r in p.references]
        if want != got:
            wrong.append((p.cable.cable, want, got))
    assert wrong == []


def test_held_says_which_references_are_in_the_corpus(reading):
    known = {c.cable for c in reading.fiction.cables}
    for p in reading.pairs():
        assert all(r["held"] == (r["target"] in known) for r in p.references), p.cable.cable


def test_paragraphs(reading):
    names = ("number", "marking", "part", "heading")
    wrong = []
    for p in reading.pairs():
        if not readable(reading.form, p.cable):
            continue
        want = [(*(getattr(x, n) for n in names), plain(x.text)) for x in p.cable.paragraphs]
        got = [(*(x[n] for n in names), plain(x["text"])) for x in p.paragraphs]
        same = len(want) == len(got) and all(
            w[:4] == g[:4] and g[4].endswith(w[4]) for w, g in zip(want, got, strict=True)
        )
        if not same:
            wrong.append((p.cable.cable, want, got))
    # without blank lines the end of a paragraph and the heading below it can run together after a page break
    assert wrong == []


def test_summaries(reading):
    wrong = [
        (p.cable.cable, p.cable.summary, p.row["summary"])
        for p in reading.pairs()
        if readable(reading.form, p.cable) and plain(p.row["summary"]) != plain(p.cable.summary)
    ]
    assert wrong == []


def test_offsets_point_at_the_text(reading):
    texts = dict(reading.corpus.texts.iter_rows())
    for p in reading.pairs():
        text = texts[p.cable.cable]
        for row in p.paragraphs:
            assert plain(text[row["start"] : row["end"]]) == plain(row["text"])


def test_the_mixed_collection_is_read_whole():
    before = facts.snapshot()
    try:
        corpus = cl.sample()
    finally:
        facts.restore(before)
    from cablelab.samples.build import shipped

    fiction = shipped()
    assert set(corpus.cables["cable"]) == {c.cable for c in fiction.cables}
    twice = fiction.captures.group_by("cable").len().filter(pl.col("len") > 1)["cable"]
    assert set(twice) <= set(corpus.copies["preferred"].drop_nulls())
    inferred = set(corpus.cables.filter(pl.col("cable_from") == "inferred")["cable"])
    nameless = set(fiction.captures.filter(pl.col("name").str.contains("/note-"))["cable"])
    assert nameless
    assert inferred >= nameless - set(corpus.cables.filter(pl.col("cable_from") != "inferred")["cable"])
    levels = {c.cable: page_class(c) for c in fiction.cables}
    assert {levels[c].split("//")[0] for c in levels} == set(corpus.cables["classification"].drop_nulls())
