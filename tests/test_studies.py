"""Networks, people, words, releases and codes, on text and truth that the tests invent."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import polars as pl
import pytest
from scipy.stats import fisher_exact

import cablelab as cl
from cablelab.corpus import missing
from cablelab.errors import InvalidQuery, SchemaError, UnknownCable, UnknownOption
from cablelab.samples import generate
from cablelab.studies import Codebook, agreement
from cablelab.studies.releases import differences, words_of

REAL = Path(__file__).parents[2] / "shared" / "cables"


def message(post, number, body, ref="", signed="ADLER", when="121200Z JAN 07", classified="Jane Adler"):
    refs = f"REF: {ref}\n\n" if ref else ""
    return (
        f"{when}\nFM AMEMBASSY {post}\nTO SECSTATE WASHDC\n\nC O N F I D E N T I A L {post} {number:06d}\n\nE.O. 12958: DECL: 01/12/2017\n"
        f"TAGS: EFIS\nSUBJECT: FISH\n\n{refs}Classified By: Ambassador {classified} for reasons 1.4 (b) and (d).\n\n{body}\n{signed}\n"
    )


@pytest.fixture(scope="module")
def citing():
    texts = [
        message("OSLO", 1, "1. (C) One."),
        message("OSLO", 2, "1. (C) Two.", ref="OSLO 1", when="121200Z FEB 07"),
        message("OSLO", 3, "1. (C) Three.", ref="A. OSLO 2 B. STOCKHOLM 7", when="121200Z MAR 07"),
        message("OSLO", 4, "1. (C) Four.", ref="A. OSLO 3 B. STOCKHOLM 7", when="121200Z APR 07"),
        message("OSLO", 9, "1. (C) Alone.", when="121200Z MAY 07"),
    ]
    return cl.parse(texts)


def test_a_network_walks_both_ways_and_counts_what_is_not_held(citing):
    near = cl.network(citing, "07 OSLO 2", depth=1)
    assert set(near.nodes["cable"]) == {"07OSLO1", "07OSLO2", "07OSLO3"}
    assert near.nodes.filter(pl.col("cable") == "07OSLO2")["distance"].item() == 0
    whole = cl.network(citing)
    assert set(whole.nodes["cable"]) == {"07OSLO1", "07OSLO2", "07OSLO3", "07OSLO4", "07STOCKHOLM7"}
    row = whole.nodes.row(by_predicate=pl.col("cable") == "07STOCKHOLM7", named=True)
    assert (row["held"], row["post"], row["year"], row["number"], row["cited_by"], row["cites"]) == (
        False,
        "STOCKHOLM",
        2007,
        7,
        2,
        0,
    )
    assert whole.edges.filter(pl.col("target") == "07OSLO1")["lag"].item() == 31
    assert repr(whole) == "<Network 5 cables, 4 held · 5 references>"


def test_a_network_is_read_back_from_graphml(citing, tmp_path):
    path = cl.network(citing).to_graphml(tmp_path / "n.graphml")
    space = "{http://graphml.graphdrawing.org/xmlns}"
    root = ElementTree.fromstring(path.read_text(encoding="utf-8"))
    assert len(root.findall(f".//{space}node")) == 5
    assert len(root.findall(f".//{space}edge")) == 5


def test_a_network_refuses_what_it_cannot_walk(citing):
    with pytest.raises(UnknownCable, match="OSLO"):
        cl.network(citing, "07OSLO77")
    with pytest.raises(InvalidQuery, match="1 or more"):
        cl.network(citing, "07OSLO1", depth=0)
    assert cl.network(cl.Corpus({})).nodes.height == 0


def test_missing_is_a_request_list(citing):
    assert citing.missing().select("cable", "cited_by").rows() == [("07STOCKHOLM7", 2)]
    assert citing.missing()["citing"].to_list() == [["07OSLO3", "07OSLO4"]]
    assert missing(citing, least=3).is_empty()
    everything = cl.sample()
    listed = everything.missing()
    assert set(listed["cable"]) == set(everything.references.filter(~pl.col("held"))["target"].drop_nulls())


def test_the_request_list_can_be_printed(citing):
    assert cl.corpus.request_list(citing).splitlines() == [
        "Cables wanted: 1, cited by 2 of 5 cables",
        "",
        "STOCKHOLM (Stockholm, Sweden): 1",
        "[ ] 07STOCKHOLM7: telegram 7 of 2007, sent by 2007-03-12; cited by 2: 07OSLO3, 07OSLO4",
    ]
    assert cl.corpus.request_list(cl.Corpus({})) == "Cables wanted: 0, cited by 0 of 0 cables\n"


def test_people_join_spellings_of_one_post_and_time_only():
    texts = [
        message("OSLO", n, "1. (C) Text.", signed=signed, when=f"0{n}1200Z JAN {year:02d}", classified=name)
        for n, (signed, name, year) in enumerate(
            [("MILLASOR", "Jane Adler", 7), ("MILASOR", "J. Adler", 7), ("MILLASOR", "JANE ADLER", 7), ("MILLASOR", "Peter Adler", 7)], 1
        )
    ] + [message("LIMA", 5, "1. (C) Text.", signed="MILLASOR", when="061200Z JAN 07")]  # fmt: skip
    found = cl.people(cl.parse(texts))
    signers = found.filter(pl.col("role") == "signer").sort("post")
    assert signers.select("post", "name", "cables").rows() == [("LIMA", "MILLASOR", 1), ("OSLO", "MILLASOR", 4)]
    assert sorted(signers["variants"].to_list()[1]) == ["MILASOR", "MILLASOR"]
    oslo = found.filter((pl.col("role") == "classifier") & (pl.col("post") == "OSLO"))
    assert sorted(oslo["cables"].to_list()) == [1, 3]
    assert set(oslo["surname"]) == {"ADLER"}


def test_spellings_far_apart_in_time_stay_apart():
    texts = [
        message("OSLO", n, "1. (C) Text.", signed=signed, when=f"011200Z JAN {year:02d}")
        for n, signed, year in ((1, "MILLASOR", 4), (2, "MILASOR", 8))
    ]
    assert cl.people(cl.parse(texts)).filter(pl.col("role") == "signer").height == 2


@pytest.fixture(scope="module")
def made():
    fiction = generate(cables=160, seed=29)
    corpus = cl.parse([message.header + message.body for message in fiction.messages.values()])
    # the others' texts do not tell which cable they are
    by_itself = corpus.cables.filter(pl.col("cable_from") == "message")["cable"]
    told = [cable for cable in by_itself if cable in fiction.messages]
    assert len(told) >= 100
    return fiction.truth.cables.filter(pl.col("cable").is_in(told)), corpus.select(told)


def test_generated_signers_are_found_at_their_posts(made):
    truth, corpus = made
    signed = truth.group_by("post", name=pl.col("signed_by").str.to_uppercase()).agg(cables=pl.len())
    found = (
        cl.people(corpus)
        .filter(pl.col("role") == "signer")
        .select("post", name=pl.col("name").str.to_uppercase(), cables="cables")
    )
    assert sorted(found.rows()) == sorted(signed.rows())


def test_generated_cables_are_counted_at_their_posts(made):
    truth, corpus = made
    part = corpus.filter(pl.col("classification") == "SECRET")
    table = cl.charts.map_table(corpus, part)
    counts = truth.group_by("post").agg(pl.len(), (pl.col("classification") == "SECRET").sum())
    assert sorted(table.select("post", "cables", "selected").rows()) == sorted(counts.rows())
    assert 0 < table["selected"].sum() < table["cables"].sum()


def test_generated_topics_come_back_as_codes(made):
    truth, corpus = made
    book, topics = Codebook(by="A."), dict(truth.select("cable", "topic").iter_rows())
    for n, (cable, topic) in enumerate(topics.items()):
        book.add(cable if n % 2 else f"{cable}#par1", "matter", topic)
    coded = book.columns(corpus)
    assert dict(coded.select("cable", "matter").iter_rows()) == {c: [t] for c, t in topics.items()}


def test_a_masked_name_is_nobody():
    named = cl.parse(message("OSLO", 1, "1. (C) Text.", signed="XXXXXXXXXXXX")).people
    assert named.filter(pl.col("role") == "signer").is_empty()


def corpora(seed, words_a, words_b, count=40):
    chance = random.Random(seed)
    common = [f"word{'abcdefghijklmnop'[n]}" for n in range(16)]

    def text(n, extra):
        body = " ".join(chance.choices(common, k=60) + ([extra] * 3 if chance.random() < 0.6 else []))
        return f"UNCLAS OSLO {n:06d}\n\nSUBJECT: FISH\n\n1. (U) {body}.\n"

    return [
        cl.parse([text(n, w) for n in range(first, first + count)], sent=datetime(2007, 1, 2))
        for first, w in ((1, words_a), (500, words_b))
    ]


def test_keyness_finds_the_planted_words_and_nothing_else():
    a, b = corpora(1, "herring", "cod")
    found = cl.keyness(a, b)
    assert found["word"].to_list() == ["herring", "cod"]
    assert found["log_ratio"].to_list()[0] > 0 > found["log_ratio"].to_list()[1]


def test_keyness_equals_a_reference_implementation():
    """Counts by hand, scipy's own exact test, and the interval of a ratio of two shares written out."""
    a, b = corpora(2, "herring", "cod")
    found = cl.keyness(a, b, all_words=True)
    tests = found.height
    for word, in_a, in_b, ratio, low, high, p in found.select(
        "word", "cables_a", "cables_b", "log_ratio", "low", "high", "p"
    ).iter_rows():
        counts = [
            sum(word in set(text.lower().replace(".", " ").split()) for text in c.paragraphs["text"]) for c in (a, b)
        ]
        assert counts == [in_a, in_b]
        table = [[in_a, len(a) - in_a], [in_b, len(b) - in_b]]
        one_sided = min(fisher_exact(table, alternative=side).pvalue for side in ("less", "greater"))
        assert p == pytest.approx(min(1, 2 * one_sided * tests))
        share = [(in_a + 0.5) / (len(a) + 0.5), (in_b + 0.5) / (len(b) + 0.5)]
        error = np.sqrt(1 / (in_a + 0.5) - 1 / (len(a) + 0.5) + 1 / (in_b + 0.5) - 1 / (len(b) + 0.5))
        expected = np.log2(share[0] / share[1])
        assert (ratio, low, high) == pytest.approx(
            (expected, expected - 1.959964 * error / np.log(2), expected + 1.959964 * error / np.log(2))
        )


def test_a_word_in_one_cable_is_clumped_and_one_in_all_is_not():
    rest = ["here now then so ever"] * 9
    bodies = ["rare " * 5, *rest]
    texts = [f"UNCLAS OSLO {n:06d}\n\nSUBJECT: FISH\n\n1. (U) the cat sat {body}\n" for n, body in enumerate(bodies, 1)]
    corpus = cl.parse(texts, sent=datetime(2007, 1, 2))
    found = cl.keyness(corpus.select(corpus.ids[:5]), corpus.select(corpus.ids[5:]), least=1, all_words=True)
    spread = dict(found.select("word", "dispersion").iter_rows())
    assert spread["rare"] == pytest.approx(0.9, abs=0.05)
    assert spread["cat"] < 0.05


def test_halves_drawn_at_random_give_nothing():
    ids = cl.sample().ids.to_list()
    for seed in range(6):
        random.Random(seed).shuffle(ids)
        half = len(ids) // 2
        assert cl.keyness(cl.sample().select(ids[:half]), cl.sample().select(ids[half:])).is_empty()


def test_keyness_refuses_an_empty_side():
    with pytest.raises(InvalidQuery, match="both hold some"):
        cl.keyness(cl.sample(), cl.sample().select([]))


def test_a_phrase_has_its_denominator():
    bodies = ["nothing", "the rule of\nlaw"]
    texts = [f"UNCLAS OSLO {n:06d}\n\nSUBJECT: FISH\n\n1. (U) {bodies[n % 2]} holds.\n" for n in range(1, 9)]
    sent = [datetime(2005 + n // 4, 3, 1) + timedelta(days=n) for n in range(8)]
    found = cl.phrase(cl.parse(texts, sent=sent), "Rule of Law")
    assert found.select("cables", "of", "share").rows() == [(2, 4, 0.5), (2, 4, 0.5)]
    assert found.select((pl.col("low") < 0.5) & (pl.col("high") > 0.5)).to_series().all()
    with pytest.raises(UnknownOption, match="year"):
        cl.phrase(cl.sample(), "fish", by="week")
    with pytest.raises(InvalidQuery, match="Give a phrase"):
        cl.phrase(cl.sample())


BODY = "1. (C) Minister Karim Adler told us that the fleet, now of forty ships, would sail.\n\n2. (C) He blamed the\nweather &amp; the prices."


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        (BODY, BODY.replace("\n", " ").replace("&amp;", "&").replace("1. ", "¶1. ").replace("  2", "\n\n¶2"), []),
        (BODY, BODY.replace("Karim Adler", "XXXXXXXXXXXX"), [("hidden", 2, 1)]),
        (BODY.replace("Karim Adler", "XXXXXXXXXXXX"), BODY, [("shown", 1, 2)]),
        (BODY.replace("Karim Adler", "XXXX"), BODY.replace("Karim Adler", "XXXXXXXXXXXX"), [("mask", 1, 1)]),
        (BODY, BODY.partition("\n\n2.")[0], [("cut", 7, 0)]),
        (BODY.replace(", now of forty ships,", ""), BODY, [("cut", 0, 4)]),
        (BODY, BODY.replace("blamed", "cursed"), [("text", 1, 1)]),
        (BODY.replace("Adler", "Adler's"), BODY.replace("Adler", "Adler,s"), []),
        (BODY.replace("would sail", "would sail OSLO 00000001 002 OF 003"), BODY, []),
        (BODY.replace("now of", "XXXX of"), BODY.replace(", now of forty ships,", ""), [("cut", 4, 0)]),
        (
            f"{BODY}\n\nTHE PRICES\n\n3. (C) They rose again, and with them all else, in the north.",
            f"{BODY}\n\nTHE PRICES\n\nADLER",
            [("cut", 12, 0)],
        ),
    ],
)
def test_kinds_of_differences(before, after, kinds):
    head = "UNCLAS OSLO 000001\n\nSUBJECT: FISH\n\n"
    found = [(k, len(a), len(b)) for k, a, b in differences(words_of(head + before), words_of(head + after))]
    assert found == kinds


def test_hidden_words_are_not_printed_unless_asked():
    head = "UNCLAS OSLO 000001\n\nSUBJECT: FISH\n\n"
    corpus = cl.parse([head + BODY, head + BODY.replace("Karim Adler", "XXXXXXXXXXXX")], sent=datetime(2007, 1, 2))
    found = cl.versions(corpus, "07 Oslo 1")
    assert found.select("kind", "paragraph", "words_a").rows() == [("hidden", 1, 2)]
    assert "Adler" not in str(found.rows())
    assert cl.versions(corpus, words=True)["text_a"].to_list() == ["Karim Adler"]


def test_generated_releases_give_their_kinds():
    """Mask words, show them again, cut a paragraph, in generated cables; at least 95 of 100 kinds are found."""
    chance, right, tried = random.Random(5), 0, 0
    corpus = cl.sample()
    texts = dict(corpus.texts.iter_rows())
    for cable in corpus.ids[:60]:
        text = texts[cable]
        paragraphs = [p for p in corpus[cable].paragraphs["text"] if len(p.split()) > 12 and text.count(p) == 1]
        if len(paragraphs) < 3:
            continue
        words = paragraphs[1].split()
        start = chance.randrange(3, len(words) - 4)
        run = " ".join(words[start : start + 2])
        masked = text.replace(paragraphs[1], paragraphs[1].replace(run, "XXXXXXXXXXXX", 1))
        cut = text.replace(paragraphs[1], "")
        if masked == text:
            continue
        for kind, one, two in (
            ("hidden", text, masked),
            ("shown", masked, text),
            ("cut", text, cut),
            ("cut", cut, text),
        ):
            right += {k for k, _, _ in differences(words_of(one), words_of(two))} == {kind}
            tried += 1
    assert tried >= 100
    assert right >= 0.95 * tried


@pytest.mark.skipif(not REAL.is_dir(), reason="real cables lie outside the project")
def test_renderings_of_one_release_give_no_change():
    texts = {path.stem: path for path in sorted((REAL / "text").glob("*.txt"))[:60]}
    pages = {path.stem: path for path in (REAL / "wikileaks").rglob("*.html") if path.stem in texts}
    both = sorted(set(texts) & set(pages))
    corpus = cl.read(*(texts[k] for k in both), *(pages[k] for k in both), progress=False)
    changed = cl.versions(corpus)["cable"].n_unique()
    assert changed <= 0.02 * corpus.copies.height


def test_codes_persist_and_come_back_as_columns(tmp_path):
    path = tmp_path / "codes.json"
    book = Codebook(path, by="A.")
    book.add("07OSLO1#par2", "stance", "firm", note='see "ALSO"')
    book.add("05OSLO9>07OSLO1#3", "outcome", "signed")
    book.add("07OSLO1", "stance", "mild")
    again = Codebook(path, by="A.")
    assert again.frame.equals(book.frame)
    corpus = cl.parse(message("OSLO", 1, "1. (C) One."))
    coded = again.columns(corpus)
    assert sorted(coded["stance"].to_list()[0]) == ["firm", "mild"]
    assert coded["outcome"].to_list() == [["signed"]]
    assert again.unheld(corpus)["unit"].to_list() == ["07OSLO1#par2"]
    one, slips = corpus.ids[0], Codebook()
    for unit in (
        one,
        f"{one}#par1",
        f"{one}#at0",
        f"{one}@0#par7",
        "05FOO1",
        f"{one}#par9",
        f"{one}>05FOO1#1",
        "nonsense#par9",
    ):
        slips.add(unit, "stance")
    assert slips.unheld(corpus)["unit"].to_list() == ["05FOO1", f"{one}#par9", f"{one}>05FOO1#1", "nonsense#par9"]
    assert Codebook().unheld(corpus).schema == slips.frame.schema
    again.remove("07OSLO1", "stance")
    again.undo()
    assert Codebook(path).frame.height == 3
    path.write_text("{}")
    with pytest.raises(SchemaError, match="Give another file"):
        Codebook(path)


def test_agreement_needs_two_coders():
    one, two = Codebook(by="A."), Codebook(by="B.")
    for n, (x, y) in enumerate(zip("xyxyxx", "xyxyyx", strict=True)):
        one.add(f"07OSLO{n}", "stance", x)
        two.add(f"07OSLO{n}", "stance", y)
    with pytest.raises(InvalidQuery, match="second coder"):
        agreement(one, "stance")
    one.merge(two)
    # by hand: 12 values, 7 x and 5 y; one unit of six differs: 1 - (2/12) / (2*7*5/(12*11))
    assert agreement(one, "stance") == pytest.approx(1 - (2 / 12) / (2 * 7 * 5 / (12 * 11)))


@pytest.mark.parametrize("chart", ["network", "map", "phrases", "keyness"])
@pytest.mark.parametrize("cables", [0, 1, 2, 50])
def test_charts_of_few_cables_stay_in_bounds(chart, cables):
    corpus = cl.sample().select(cl.sample().ids[:cables])
    drawn = {
        "network": lambda: cl.charts.network(cl.network(corpus)),
        "map": lambda: cl.charts.map(corpus, corpus),
        "phrases": lambda: cl.charts.phrases(corpus, "the ministry"),
        "keyness": lambda: cl.charts.keyness(cl.keyness(*corpora(3, "herring", "cod"), all_words=True).head(cables)),
    }[chart]()
    svg = cl.charts.base.spec_svg(drawn.to_dict())
    size = ElementTree.fromstring(svg).attrib
    assert 10 < float(size["width"]) < 2_000
    assert 10 < float(size["height"]) < 3_000


def test_copies_compare_without_the_words_that_one_of_them_hides():
    head = "UNCLAS OSLO 000001\n\nSUBJECT: FISH\n\n"
    masked, shown = BODY.replace("Karim Adler", "XXXXXXXXXXXX"), BODY.replace("weather", "storm")
    corpus = cl.parse([head + masked, head + shown], sent=datetime(2007, 1, 2))
    page = cl.compare(corpus, "07 Oslo 1@0", "07OSLO1@1").html()
    assert "Adler" not in page
    assert "hidden in another copy" in page
    assert "storm" in page
    assert "Adler" in cl.compare(corpus, "07OSLO1@0", "07OSLO1@1", hidden=True).html()
    with pytest.raises(UnknownCable, match="2 of its copies"):
        cl.compare(corpus, "07OSLO1@0", "07OSLO1@7")
