"""Charts: what they count, that they hold in both themes, stay small, work offline, and show hostile text as text."""

from __future__ import annotations

import itertools
import json
import math
import os
import random
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import cache
from itertools import pairwise
from types import SimpleNamespace

import altair as alt
import polars as pl
import pytest

import cablelab as cl
from cablelab import charts
from cablelab.charts import base, coverage_table, fonts, themed, timeline_table
from cablelab.charts.coverage import estimate_sent, most_sent
from cablelab.charts.grouping import GROUPINGS
from cablelab.charts.lost import gaps_between
from cablelab.charts.matrix import SIDES
from cablelab.charts.swimlanes import LEVELS, MOST_MARKS
from cablelab.charts.versions import LABEL_COLOURS, OUTCOME_COLOURS
from cablelab.errors import CablelabError, TooManyMarks, UnknownOption
from cablelab.frames import CLASSIFICATIONS, SCHEMAS

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)></text>\"'`&${1}"
POSTS = (
    "ASTANA",
    "ALMATY",
    "OSLO",
    "ROME",
    "BERN",
    "LIMA",
    "QUITO",
    "KIEV",
    "SEOUL",
    "ACCRA",
    "CAIRO",
    "PARIS",
    "TOKYO",
)
TAGS = ("ELAB", "PGOV", "PREL", "ECON", "KZ", "PHUM", "ETRD", "ENRG", "SNAR", "PTER", "EAID", "EFIN", "MARR", "SCUL")


def corpus_of(rows: list[dict], references: list[dict] = ()) -> cl.Corpus:
    cables = pl.DataFrame(
        [dict.fromkeys(SCHEMAS["cables"]) | {"tags": [], "partial": False} | row for row in rows],
        schema=SCHEMAS["cables"],
        orient="row",
    )
    tags = (
        cables.select("cable", tag="tags")
        .explode("tag")
        .drop_nulls("tag")
        .with_columns(position=pl.lit(0), kind=pl.lit("subject"), meaning="about " + pl.col("tag"), confidence=None)
        .select(pl.col(name).cast(kind) for name, kind in SCHEMAS["tags"].items())
    )
    cited = pl.DataFrame([dict.fromkeys(SCHEMAS["references"]) | r for r in references], schema=SCHEMAS["references"])
    return cl.Corpus({"cables": cables, "tags": tags, "references": cited})


def made(n: int, seed: int = 0, first: int = 2003, years: int = 7, undated: int = 0) -> cl.Corpus:
    draw = random.Random(seed)
    start = datetime(first, 1, 1, tzinfo=UTC)
    rows = []
    for i in range(n):
        sent = start + timedelta(minutes=draw.randrange(years * 365 * 24 * 60))
        post = POSTS[min(draw.randrange(len(POSTS)), draw.randrange(len(POSTS)))]
        rows.append(
            {
                "cable": f"{i:06}",
                "post": post,
                "mission": post.title(),
                "bureau": "EUR",
                "year": sent.year,
                "number": 1 + draw.randrange(3000),
                "sent": None if i < undated else sent,
                "classification": draw.choice((*CLASSIFICATIONS, None)),
                "subject": f"Subject {i}",
                "tags": draw.sample(TAGS, draw.randrange(4)),
                "partial": draw.random() < 0.1,
            }
        )
    keys = [r["cable"] for r in rows if r["sent"]]
    cited = [{"cable": draw.choice(keys), "target": draw.choice(keys), "kind": "cable"} for _ in range(n // 4)]
    return corpus_of(rows, cited)


@pytest.fixture(scope="module")
def corpus() -> cl.Corpus:
    return made(400, undated=20)


@pytest.fixture(scope="module")
def comparison():
    sample = cl.sample()
    steps = cl.chains(sample).filter(rank=1)
    chain = steps.group_by("chain").len().sort("len", "chain")["chain"][-1]
    return cl.compare(sample, *cl.chaining.chain_of(sample, chain))


def drawings(corpus: cl.Corpus) -> dict[str, alt.TopLevelMixin]:
    return {
        **{f"timeline {by}": charts.timeline(corpus, by=by, coverage=True) for by in (None, "post", "tag", "bureau")},
        "classification": charts.timeline(corpus, by="classification"),
        "swimlanes": charts.swimlanes(corpus),
        "swimlanes tag": charts.swimlanes(corpus, by="tag"),
        "matrix": charts.matrix(corpus),
        "matrix year": charts.matrix(corpus, "tag", "year"),
        "coverage": charts.coverage(corpus),
    }


def versions(comparison) -> dict[str, alt.TopLevelMixin]:
    return {
        "carry_over": charts.carry_over(comparison),
        "threads": charts.threads(comparison),
        "similarity": charts.similarity(comparison),
        "phrase": charts.phrase(comparison, "the"),
    }


@pytest.fixture(scope="module")
def every(corpus, comparison) -> dict[str, alt.TopLevelMixin]:
    """All charts of one corpus and one comparison, made once."""
    return drawings(corpus) | versions(comparison)


def rows_of(chart: alt.TopLevelMixin) -> int:
    return sum(len(values) for values in chart.to_dict()["datasets"].values())


def svg_of(chart: alt.TopLevelMixin) -> str:
    return base.spec_svg(chart.to_dict())


def texts_of(svg: str) -> list[str]:
    return ["".join(e.itertext()) for e in ET.fromstring(svg).iter() if e.tag.endswith("}text")]


# What is counted


def both_eras() -> cl.Corpus:
    """Telegrams of 1975-79 and cables of 2003-08, of two posts."""
    rows = [
        {"cable": f"{year % 100:02}{post}{n}", "post": post, "year": year, "number": n, "tags": ["ELAB"], "classification": "SECRET",
         "sent": datetime(year, 1 + n % 12, 3, tzinfo=UTC)}
        for year in (*range(1975, 1980), *range(2003, 2009)) for post in ("OSLO", "ROME") for n in range(1, 14)
    ]  # fmt: skip
    schema = cl.frames.SCHEMAS["cables"]
    return cl.Corpus({"cables": pl.DataFrame([{c: row.get(c) for c in schema} for row in rows], schema=schema)})


@pytest.mark.parametrize("by", [None, "post", "classification"])
def test_two_eras_stand_side_by_side_without_the_empty_years(by):
    corpus = both_eras()
    chart = charts.timeline(corpus, by=by, coverage=True)
    assert chart.title.subtitle[0] == "The axis is broken: 1980 to 2002 hold no dated cable and are not drawn"
    spec = chart.to_dict()
    above, _, below = (row["hconcat"] for row in spec["vconcat"])
    assert [part["title"]["text"] for part in above] == ["1975–1979", "2003–2008"]
    assert 0 < above[0]["width"] < above[1]["width"] < 640
    assert {param["name"] for param in spec["params"]} == {"brush", "brush_1975"}
    held = spec["datasets"]
    drawn = [sum(row["count"] for row in held[part["data"]["name"]]) for part in below]
    assert drawn == [130, 156]
    years = []
    for part in above:
        names = re.findall(r'"name": "(data-\w+)"', json.dumps(part))
        years.append({row["start"][:4] for name in names for row in held[name] if "count" in row})
    assert [(min(found), max(found)) for found in years] == [("1975", "1979"), ("2003", "2008")]
    assert charts.timeline_table(corpus, by=by)["count"].sum() == 286
    assert "1975–1979" in " ".join(texts_of(svg_of(chart)))


def test_what_is_known_to_be_lost_of_1973_79_is_told():
    rows = [
        {
            "cable": f"75STATE{n}",
            "post": "STATE",
            "year": 1975,
            "number": n,
            "tags": ["CVIS", "PREL"],
            "sent": datetime(1975, 12, n, tzinfo=UTC),
        }
        for n in range(1, 20)
    ]
    schema = cl.frames.SCHEMAS["cables"]
    corpus = cl.Corpus({"cables": pl.DataFrame([{c: row.get(c) for c in schema} for row in rows], schema=schema)})
    by_tag, by_post, shares = (
        charts.timeline(corpus, by="tag"),
        charts.timeline(corpus, coverage=True),
        charts.coverage(corpus),
    )
    assert any("CVIS is a temporary tag" in line for line in by_tag.title.subtitle)
    for chart in (by_post, shares):
        assert any("released 17 %" in line for line in chart.title.subtitle)
        assert any("known to be lost" in line for line in chart.title.subtitle)
    later = cl.sample()
    for chart in (charts.timeline(later, by="tag", coverage=True), charts.coverage(later)):
        assert not any("1973" in line for line in chart.title.subtitle)


def test_short_gaps_break_no_axis_and_strays_are_set_apart():
    from cablelab.charts.eras import eras, told, widths

    days = [datetime(2003, 1, 1, tzinfo=UTC) + timedelta(days=n) for n in range(200)]
    stray, bulk = found = eras(pl.Series([datetime(1966, 1, 1, tzinfo=UTC), *days]))
    assert (stray.apart, bulk.apart, bulk.brush) == (True, False, "brush")
    assert told(found)[1] == "Set apart, in little room: 1 cable of 1966"
    few, most = widths(found, 640, 26)
    assert few + 26 + most == 640
    assert few < most / 9
    many = eras(pl.Series([datetime(1900 + 9 * n, 1, 1, tzinfo=UTC) for n in range(12)]))
    assert len(many) == 4
    assert sum(era.cables for era in many) == 12
    assert len(eras(pl.Series([*days, *(d + timedelta(days=4 * 365) for d in days)]))) == 1
    assert len(eras(pl.Series([*days, *(d + timedelta(days=9 * 365) for d in days)]))) == 2
    assert eras(pl.Series([], dtype=pl.Datetime("us", "UTC"))) == []


def test_counts_of_the_timeline_are_those_of_the_frame(corpus):
    counted = timeline_table(corpus, by="post", every="month", top=99)
    expected = (
        corpus.cables.drop_nulls("sent")
        .group_by(group="post", period=pl.col("sent").dt.strftime("%Y-%m"))
        .agg(count=pl.len())
    )
    keys = ["group", "period"]
    assert counted.select(*keys, "count").sort(keys).equals(expected.sort(keys))


def test_the_rest_is_counted_as_other(corpus):
    counted = timeline_table(corpus, by="post", top=3)
    assert counted["group"].unique(maintain_order=True).to_list()[-1] == "other"
    assert counted["group"].n_unique() == 4
    assert counted["count"].sum() == 380


def test_a_cable_counts_once_for_each_of_its_tags_and_the_subtitle_says_so(corpus):
    dated = corpus.cables.drop_nulls("sent")
    labels = dated["tags"].list.n_unique().clip(1).sum()
    assert timeline_table(corpus, by="tag", top=99)["count"].sum() == labels > dated.height
    assert "A cable with several tags counts once for each" in charts.timeline(corpus, by="tag").title.subtitle


def test_other_counts_cables_and_not_their_tags(corpus):
    table = timeline_table(corpus, by="tag", top=3)
    drawn = set(table["group"]) - {"other"}
    others = corpus.cables.drop_nulls("sent").filter(
        pl.col("tags").list.set_difference(sorted(drawn)).list.len() > 0
        if "(no tag)" in drawn
        else (pl.col("tags").list.set_difference(sorted(drawn)).list.len() > 0) | (pl.col("tags").list.len() == 0)
    )
    assert table.filter(pl.col("group") == "other")["count"].sum() == others.height
    assert set(table.filter(pl.col("group") == "other")["meaning"]) == {"together, on a scale of its own"}


def test_the_overview_counts_cables_not_tags(corpus):
    spec = charts.timeline(corpus, by="tag").to_dict()
    overview = spec["datasets"][spec["vconcat"][-1]["data"]["name"]]
    assert sum(row["count"] for row in overview) == 380


def test_subtitles_say_of_how_many_and_what_is_left_out(corpus):
    assert charts.timeline(corpus).title.subtitle[0] == "380 of 400 cables counted by quarter; 20 undated are not drawn"
    assert "20 undated are not drawn" in charts.swimlanes(corpus).title.subtitle[0]
    numbered = coverage_table(corpus)["held"].sum()
    assert f"{numbered:,} of 400 cables, 13 of 13 posts" in charts.coverage(corpus, top=13).title.subtitle[0]


def test_tags_and_posts_come_with_their_meaning(corpus):
    table = timeline_table(corpus, by="tag")
    assert set(table.filter(pl.col("group") == "ELAB")["meaning"]) == {"about ELAB"}
    assert set(timeline_table(corpus, by="post")["meaning"]) >= {"Astana, embassy, Kazakhstan"}


def outlying() -> cl.Corpus:
    """Ten cables of 1973-90 beside 459 of 2004-10, one of them of a post of its own."""
    rows = [
        {"cable": f"{n:06}", "post": "OSLO" if n < 10 else "ROME", "year": at.year, "number": n + 1, "tags": ["ELAB"], "sent": at}
        for n in range(469)
        for at in [datetime(1973 + 17 * (n == 9) + n % 9 * (n < 9) % 7, 2, 3, tzinfo=UTC) if n < 10
                   else datetime(2004, 1, 1, tzinfo=UTC) + timedelta(days=5.5 * n)]
    ]  # fmt: skip
    cited = [{"cable": f"{n:06}", "target": f"{n - 9:06}", "kind": "cable", "held": True} for n in range(12, 60)]
    return corpus_of(rows, cited)


@pytest.mark.parametrize("draw", [charts.swimlanes, lambda c: charts.network(cl.network(c))])
def test_marks_of_one_axis_leave_the_empty_years_out(draw):
    chart = draw(outlying())
    assert chart.title.subtitle[0].startswith("The axis is broken: 1980 to ")
    svg = svg_of(chart)
    assert texts_of(svg).count("//") == chart.title.subtitle[0].count(" to ")
    places = [
        row[name]
        for rows in chart.to_dict()["datasets"].values()
        for row in rows
        for name in row
        if name in ("at_sent", "at_at")
    ]
    bulk = [place for place in places if place > 0.4]
    assert min(places) >= 0
    assert max(places) <= 1
    assert max(bulk) - min(bulk) > 0.5, "the axis spends its room where cables are"


def test_the_day_of_a_single_mark_is_written():
    one = corpus_of([{"cable": "05OSLO1", "post": "OSLO", "sent": datetime(2005, 5, 3, 9, 30, tzinfo=UTC)}])
    assert "3 May 2005" in texts_of(svg_of(charts.swimlanes(one)))


def test_numbers_of_the_network_stand_clear_of_each_other():
    targets = [
        {"cable": f"{n:06}", "target": f"{year:02}BERN{900 + n}", "kind": "cable"}
        for n in range(10, 460) for year in (4 + n // 70,)
    ]  # fmt: skip
    chart = charts.network(cl.network(corpus_of(outlying().cables.select(*SCHEMAS["cables"]).to_dicts(), targets)))
    marks = next(rows for rows in chart.to_dict()["datasets"].values() if "numbered" in rows[0])
    numbered = [mark for mark in marks if mark["numbered"]]
    assert numbered
    assert all(mark["count"] > 1 for mark in numbered)
    at = sorted(datetime.fromisoformat(mark["at"]) for mark in numbered)
    assert min(b - a for a, b in pairwise(at)) > timedelta(days=60)


def test_names_on_the_map_stand_clear_of_each_other_and_the_largest_are_named():
    from cablelab.charts import naming

    crowded = made(2000)
    named = charts.map(crowded).to_dict()
    rows = next(rows for rows in named["datasets"].values() if "dx" in rows[0])
    counts = crowded.cables["post"].value_counts(sort=True)["post"].to_list()
    assert set(counts[:6]) <= {row["post"] for row in rows}
    near = [(300, 100), (310, 104), (305, 96)]
    placed = naming.offsets(["TRIPOLI", "CAIRO", "TUNIS"], near, [600, 500, 10], 3, 640)
    boxes = []
    for name, (x, y), offset in zip(("TRIPOLI", "CAIRO", "TUNIS"), near, placed, strict=True):
        half = fonts.width(name, naming.SIZE) / 2
        boxes.append((x + offset[0] - half, y + offset[1] - 5, x + offset[0] + half, y + offset[1] + 5))
    assert not any(naming._shared(a, b) for a, b in itertools.combinations(boxes, 2))


def test_one_chart_below_another_keeps_its_title_and_room():
    corpus = made(60)
    spec = (charts.timeline(corpus) & charts.timeline(corpus, by="tag") & charts.matrix(corpus)).to_dict()
    assert [part["title"]["text"] for part in spec["vconcat"]] == [
        "Cables over time, by post",
        "Cables over time, by tag",
        "Cables by post and tag",
    ]
    assert spec["spacing"] >= 30


@pytest.mark.parametrize(
    ("years", "n", "step"), [(1, 4000, "week"), (7, 4000, "month"), (7, 400, "quarter"), (40, 900, "year")]
)
def test_steps_are_chosen_by_span_and_number(years, n, step):
    assert f"counted by {step}" in charts.timeline(made(n, years=years, first=1970)).title.subtitle[0]


def test_periods_are_named_in_utc():
    late = corpus_of([{"cable": "a", "post": "OSLO", "sent": datetime(2005, 12, 31, 23, 59, tzinfo=UTC)}])
    for every, name in {"day": "2005-12-31", "month": "2005-12", "quarter": "2005 Q4", "year": "2005"}.items():
        assert timeline_table(late, every=every)["period"].to_list() == [name]
    assert timeline_table(late, every="week")["period"].to_list() == ["week of 2005-12-26"]


def test_matrix_counts_each_pair(corpus):
    spec = charts.matrix(corpus, "post", "year", top=20).to_dict()
    cells = {(r["row"], r["column"]): r["count"] for rows in spec["datasets"].values() for r in rows}
    astana = corpus.cables.filter((pl.col("post") == "ASTANA") & (pl.col("year") == 2005)).height
    assert cells["ASTANA", "2005"] == astana
    assert sum(cells.values()) == 400


def test_matrix_ranks_by_cables_and_not_by_their_tags():
    many = [{"cable": f"05OSLO{n}", "post": "OSLO", "year": 2005, "number": n, "tags": ["ELAB"]} for n in (1, 2, 3)]
    much = [{"cable": f"05ROME{n}", "post": "ROME", "year": 2005, "number": n, "tags": list(TAGS)} for n in (1, 2)]
    held = corpus_of([*many, *much])
    for top, posts in ((2, ["OSLO", "ROME"]), (1, ["OSLO"])):
        assert charts.matrix(held, top=top).to_dict()["layer"][0]["encoding"]["y"]["sort"] == posts


def test_matrix_says_what_lies_outside(corpus):
    spec = charts.matrix(corpus, "post", "classification", top=2)
    cells = next(iter(spec.to_dict()["datasets"].values()))
    assert f"{400 - sum(c['count'] for c in cells):,} counts lie outside them" in spec.title.subtitle[0]


def test_swimlanes_hold_one_mark_a_cable_and_its_references(corpus):
    spec = charts.swimlanes(corpus, top=99).to_dict()
    lines, points = (spec["datasets"][layer["data"]["name"]] for layer in spec["layer"][:2])
    assert len(points) == 380
    pairs = corpus.references.select("cable", "target").unique().filter(pl.col("cable") != pl.col("target"))
    assert {(line["cable"], line["target"]) for line in lines} == set(pairs.iter_rows())
    assert {p["classification"] for p in points} == set(LEVELS)


def test_swimlanes_gather_what_is_too_much_and_say_so():
    many = made(MOST_MARKS + 500)
    chart = charts.swimlanes(many, top=99)
    points = next(rows for rows in chart.to_dict()["datasets"].values() if "count" in rows[0])
    assert sum(p["count"] for p in points) == many.cables.height
    assert len(points) <= MOST_MARKS
    assert "Too many for one mark each" in chart.title.subtitle[1]


# Coverage


def test_a_record_without_text_is_held_and_no_extract():
    rows = [
        {"cable": f"05OSLO{n}", "post": "OSLO", "year": 2005, "number": n, "partial": True, "text_held": n > 2}
        for n in (1, 2, 3)
    ]
    table = coverage_table(corpus_of(rows))
    assert table.select("held", "partial").row(0) == (3, 1)
    assert "1 partial extract among those drawn" in " ".join(charts.coverage(corpus_of(rows)).title.subtitle)


@pytest.mark.parametrize(("highest", "held"), [(60, 4), (100, 1), (50, 50), (3000, 17)])
def test_the_upper_end_is_the_largest_total_that_leaves_five_per_cent(highest, held):
    def chance(total: int) -> Fraction:
        return Fraction(math.comb(highest, held), math.comb(total, held))

    most = most_sent(highest, held)
    assert chance(most) >= Fraction(1, 20) > chance(most + 1)


def test_interval_and_estimate_hold_for_chance_samples():
    draw = random.Random(3)
    truth, held, runs = 500, 8, 2000
    tops = [max(draw.sample(range(1, truth + 1), held)) for _ in range(runs)]
    inside = sum(top <= truth <= most_sent(top, held) for top in tops) / runs
    assert 0.93 <= inside <= 0.97
    assert sum(estimate_sent(top, held) for top in tops) / runs == pytest.approx(truth, rel=0.02)


def test_coverage_table_by_hand():
    rows = [{"cable": str(n), "post": "OSLO", "year": 2005, "number": n, "partial": n == 30} for n in (10, 30, 60, 40)]
    rows += [{"cable": "copy", "post": "OSLO", "year": 2005, "number": 60}, {"cable": "none", "post": "OSLO"}]
    table = coverage_table(corpus_of(rows))
    assert table.height == 1
    row = table.row(0, named=True)
    assert (row["held"], row["partial"], row["highest"]) == (5, 1, 60)
    assert row["sent"] == estimate_sent(60, 4)
    assert row["sent_most"] == most_sent(60, 4)
    assert row["share"] == 5 / estimate_sent(60, 4)


def test_partial_extracts_have_a_mark_of_their_own(corpus):
    rows = next(iter(charts.coverage(corpus, top=13).to_dict()["datasets"].values()))
    partial = corpus.cables["partial"].sum()
    assert sum(r["value"] for r in rows if r["measure"] == "of these partial") == partial > 0


def test_known_gaps_are_shaded_only_where_the_corpus_reaches():
    seventies, later = made(900, first=1973), made(400)
    assert gaps_between(seventies.cables["sent"]).height == charts.gaps().height
    assert gaps_between(later.cables["sent"]).is_empty()
    assert "Shaded" in charts.coverage(seventies).title.subtitle[-1]
    assert "Shaded" not in " ".join(charts.coverage(later).title.subtitle)
    assert base.LOST in json.dumps(charts.timeline(seventies, by=None, coverage=True).to_dict())
    assert base.LOST not in json.dumps(charts.timeline(later, by=None, coverage=True).to_dict())


# Limits


def test_no_chart_is_over_the_limit_whatever_the_corpus(comparison):
    big = made(20_000, years=40, first=1970)
    for name, chart in (drawings(big) | versions(comparison)).items():
        assert rows_of(chart) <= base.ROW_LIMIT, name


def test_too_fine_a_step_is_an_error_with_a_cure():
    with pytest.raises(TooManyMarks, match="longer step"):
        charts.timeline(made(9000, years=30, first=1975), every="day")


def test_the_limit_itself_is_checked():
    with pytest.raises(TooManyMarks, match="5,001 rows"):
        base.finish(alt.Chart(pl.DataFrame({"n": range(5_001)})).mark_bar(), "", [], "")


# Errors and edges


@pytest.mark.parametrize(
    ("call", "offer"),
    [
        (lambda c: charts.timeline(c, by="posts"), "'post'"),
        (lambda c: charts.timeline(c, every="monthly"), "'month'"),
        (lambda c: charts.swimlanes(c, by="tags"), "'tag'"),
        (lambda c: charts.matrix(c, rows="misson"), "'mission'"),
        (lambda c: charts.matrix(c, columns="years"), "'year'"),
        (lambda c: charts.matrix(c, "post", "post"), "`columns` is one of"),
    ],
)
def test_unknown_options_offer_the_nearest(corpus, call, offer):
    with pytest.raises(UnknownOption, match=offer):
        call(corpus)


BARE = "UNCLAS PORT KESTREL {n:06}\n\nSUBJECT: FISH\n\n1. Catches fell by {n}. Nobody said why.\n"


def selections() -> dict[str, cl.Corpus]:
    """Give what a filter or a small folder leaves, with which every chart must do."""
    sample = cl.sample()
    dated = sample.cables.filter(pl.col("sent").is_not_null(), pl.col("tags").list.len() > 0)["cable"].to_list()
    untagged = corpus_of([{"cable": f"0{n}OSLO1", "post": "OSLO", "year": 2000 + n, "number": 1,
                           "sent": datetime(2000 + n, 5, 5, tzinfo=UTC)} for n in (3, 4, 5)])  # fmt: skip
    return {
        "nothing read": cl.Corpus({}),
        "nothing left": sample.filter(pl.col("words") > 10**9),
        "one": sample.filter(cable=dated[0]),
        "two": sample.filter(pl.col("cable").is_in(dated[:2])),
        "one undated": cl.parse(BARE.format(n=1)),
        "undated": cl.parse([BARE.format(n=n) for n in (1, 2, 3)]),
        "untagged": untagged,
        "bare": corpus_of([{"cable": "a"}, {"cable": "b", "sent": datetime(2005, 1, 1, tzinfo=UTC)}]),
    }


def comparisons() -> dict[str, object]:
    sample, few = cl.sample(), cl.parse([BARE.format(n=n) for n in (1, 2)])
    empty = cl.parse(["UNCLAS PORT KESTREL 000008", "UNCLAS PORT KESTREL 000009"])
    return {
        "undated": cl.compare(few, *few.ids),
        "unrelated": cl.compare(sample, *sample.ids[:2]),
        "without a body": cl.compare(empty, *empty.ids),
    }


@cache
def words_of_halves() -> pl.DataFrame:
    sample = cl.sample()
    return cl.keyness(sample.filter(cl.tagged("EFIS")), sample.filter(~cl.tagged("EFIS")))


# Each chart of the package by the ways it is called; tests/test_registries.py fails for one that is missing here.
CALLS = {
    "timeline": [lambda c, by=by, shade=shade: charts.timeline(c, by=by, coverage=shade)
                 for by in (None, *GROUPINGS) for shade in (False, True)],
    "swimlanes": [lambda c, by=by: charts.swimlanes(c, by=by) for by in GROUPINGS],
    "matrix": [lambda c, a=a, b=b: charts.matrix(c, a, b) for a, b in itertools.pairwise(SIDES)],
    "coverage": [charts.coverage],
    "lineage": [charts.lineage],
    "chain": [lambda c: charts.chain(c, c.ids[:3].to_list())],
    "carry_over": [charts.carry_over, lambda c: charts.carry_over(c, unit="words")],
    "threads": [charts.threads],
    "similarity": [charts.similarity],
    "map": [charts.map, lambda c: charts.map(c, c)],
    "network": [lambda c: charts.network(cl.network(c))],
    "phrases": [lambda c: charts.phrases(c, "catches"), lambda c: charts.phrases(c, "catches", "nobody", by="year")],
    "keyness": [lambda c: charts.keyness(words_of_halves().head(min(len(c), 2)))],
    "phrase": [lambda c: charts.phrase(c, "catches"), lambda c: charts.phrase(c, "nowhere said")],
}  # fmt: skip
OF_COMPARISONS = {"carry_over", "threads", "similarity", "phrase"}
NO_CHARTS = {"coverage_table", "map_table", "timeline_table", "gaps", "enable", "live", "save"}


@pytest.mark.parametrize("name", CALLS)
def test_no_chart_breaks_on_zero_or_one(name):
    """A page is as large as its chart: Vega draws nothing with infinite bounds, and a browser shows a wall of white."""
    seen: list[dict[str, object]] = []
    for case, held in (comparisons() if name in OF_COMPARISONS else selections()).items():
        for call in CALLS[name]:
            chart = call(held)
            spec = chart.to_dict()
            if spec in seen:
                continue
            seen.append(spec)
            svg = base.spec_svg(spec)
            width, height = (float(n) for n in re.search(r' width="([^"]+)" height="([^"]+)"', svg).groups())
            assert 100 < width < 2_000, (case, width)
            assert 30 < height < 2_000, (case, height)
            assert not re.search(r"NaN|Infinity|undefined|e\+\d\d", svg), case
            assert chart.title.subtitle, case
            drawn = re.search(r'<g class="mark-(?:rect|symbol|rule|line) role-mark', svg)
            assert drawn or "Nothing to draw" in svg, case
            base.follow_theme(chart).to_dict()


def test_a_chart_of_nothing_says_what_was_asked_and_what_would_help():
    said = " ".join(texts_of(svg_of(charts.timeline(cl.sample().filter(pl.col("words") > 10**9)))))
    assert 'No cable is left by pl.col("words") > 1000000000. Take a condition away' in said
    said = " ".join(texts_of(svg_of(charts.swimlanes(cl.parse(BARE.format(n=1))))))
    assert "None of these cables is dated" in said
    assert "cl.charts.matrix" in said


def test_cables_without_any_tag_are_counted():
    bare = corpus_of([{"cable": "a"}, {"cable": "b", "sent": datetime(2005, 1, 1, tzinfo=UTC)}])
    assert timeline_table(bare, by="tag")["group"].to_list() == ["(no tag)"]


def test_errors_are_the_packages_own(corpus):
    with pytest.raises(CablelabError):
        charts.timeline(corpus, by="colour")


# Display


def test_every_chart_has_title_description_and_mark(every):
    for name, chart in (every | {"lineage": charts.lineage(cl.sample())}).items():
        spec = chart.to_dict()
        assert spec["title"]["text"], name
        assert spec["title"]["subtitle"], name
        assert spec["description"].startswith(spec["title"]["text"]), name
        assert base.is_ours(spec), name
        assert base.is_ours(alt.hconcat(chart).to_dict()), name
        assert max(fonts.width(line, 11) or 0 for line in spec["title"]["subtitle"]) <= base.NOTE_WIDTH, name


def test_svg_is_the_same_each_time_and_needs_no_request(every):
    for name, chart in every.items():
        first = svg_of(chart)
        assert first == svg_of(chart), name
        assert not re.search(r"(?:href|src)\s*=|url\((?!#)|@import", first), name
        assert len(first) < 250_000, name


_DRAW = """
import altair as alt
import cablelab as cl
from cablelab.charts.base import config, spec_svg
sample = cl.sample()
for chart in (cl.timeline(sample), cl.timeline(sample, by="tag"), cl.charts.matrix(sample), cl.charts.coverage(sample)):
    print(spec_svg(chart.to_dict()))
# What a font lacks another one of the machine would draw, as wide as it likes.
signs = alt.Chart(alt.InlineData([{"t": "·–—…“”’→←↕≥≤×¶§±€ÄéžЖλ"}])).mark_bar().encode(y="t:N")
print(spec_svg(signs.properties(config=config()).to_dict()))
"""


def test_charts_are_the_same_whatever_fonts_the_machine_has(tmp_path):
    """A configuration that knows one empty folder stands for a machine without fonts."""
    (tmp_path / "none").mkdir()
    config = tmp_path / "fonts.conf"
    config.write_text(f"<?xml version='1.0'?><fontconfig><dir>{tmp_path / 'none'}</dir></fontconfig>")
    machine = {name: value for name, value in os.environ.items() if name != "FONTCONFIG_FILE"}
    drawn = [
        subprocess.run([sys.executable, "-c", _DRAW], env=environment, capture_output=True, check=True).stdout
        for environment in (machine, machine | {"FONTCONFIG_FILE": str(config), "HOME": str(tmp_path)})
    ]
    assert drawn[0].count(b"<svg") == 5
    assert drawn[0] == drawn[1]
    assert f'font-family="{fonts.STACK}"'.encode() in drawn[0]


def test_clips_of_two_charts_on_one_page_do_not_meet(corpus):
    ids = [re.findall(r' id="([^"]+)"', svg_of(charts.timeline(corpus, by=by))) for by in ("post", "tag")]
    assert ids[0]
    assert ids[1]
    assert not set(ids[0]) & set(ids[1])


def test_lean_svg_keeps_numbers_and_quotes_of_texts():
    words = 'd="1.23456" clip1 id="clip2" 3.14159'
    rows = alt.InlineData([{"t": words}])
    assert words in texts_of(base.spec_svg(alt.Chart(rows).mark_text().encode(text="t:N").to_dict()))


def test_a_chart_shows_itself_as_svg_and_text(corpus):
    chart = charts.timeline(corpus)
    charts.enable()
    bundle = chart._repr_mimebundle_()
    assert set(bundle) == {"image/svg+xml", "text/plain"}
    assert bundle["text/plain"].startswith("Cables over time, by post.")


def test_a_chart_is_live_where_a_page_names_the_cell_and_static_elsewhere(corpus, monkeypatch):
    charts.enable()
    kernel = SimpleNamespace(get_parent=lambda: {"metadata": {"cellId": "b7"}})
    monkeypatch.setattr("IPython.get_ipython", lambda: SimpleNamespace(kernel=kernel))
    data, _ = charts.timeline(corpus)._repr_mimebundle_()
    assert {"application/vnd.jupyter.widget-view+json", "image/svg+xml", "text/plain"} == set(data)
    kernel.get_parent = lambda: {"metadata": {}}
    assert set(charts.timeline(corpus)._repr_mimebundle_()) == {"image/svg+xml", "text/plain"}


def test_subtitles_promise_only_what_the_rendering_does(every, corpus):
    for name, chart in every.items():
        assert not re.search("drag|hover|point at|zoom", " ".join(chart.title.subtitle), re.IGNORECASE), name
    assert base.follow_theme(charts.timeline(corpus)).title.subtitle[-1].startswith("Drag over the grey strip to zoom.")
    assert base.follow_theme(charts.matrix(corpus)).title.subtitle[-1].startswith("Point at a mark")


def test_charts_compose(corpus, comparison):
    time, cells, posts = charts.timeline(corpus), charts.matrix(corpus), charts.coverage(corpus, top=2)
    rule = alt.Chart(alt.InlineData([{"y": 1}])).mark_rule(color="red").encode(y=alt.Y("y:Q"))
    made = {
        "beside": time | cells,
        "three": time | cells | posts,
        "below": time & charts.timeline(corpus, by="tag"),
        "twice": time & time,
        "layered": cells + cells,
        "on the first panel": time + rule.encode(x=alt.value(0), y=alt.value(9)),
        "wide": time.properties(width=300, height=200),
        "panels": posts.properties(width=100),
        "encoded": time.encode(opacity=alt.value(0.5)),
        "versions": charts.similarity(comparison) | charts.phrase(comparison, "the"),
        "altair's own": alt.hconcat(cells, charts.lineage(cl.sample())),
        "renamed": cells.properties(title="Mine"),
    }
    for name, chart in made.items():
        spec = chart.to_dict()
        assert set(base._render(spec)) == {"image/svg+xml", "text/plain"}, name
        assert name == "altair's own" or spec["config"]["background"] == base.config()["background"], name
    assert made["wide"].to_dict()["vconcat"][-1]["width"] == made["wide"].to_dict()["vconcat"][0]["width"] == 300
    assert not is_ours_alone(alt.Chart(alt.InlineData([])).mark_bar())


def is_ours_alone(chart) -> bool:
    return base.is_ours(chart.to_dict(validate=False))


def test_charts_of_others_and_renderers_chosen_are_left_alone(corpus):
    charts.enable()
    other = alt.Chart(alt.InlineData([{"n": 1}])).mark_bar().encode(x="n:Q")
    assert "text/html" in other._repr_mimebundle_()
    with alt.renderers.enable("png"):
        assert "image/png" in charts.timeline(corpus)._repr_mimebundle_()[0]


def test_live_display_carries_the_widget_and_the_svg(corpus):
    with alt.renderers.enable("cablelab", live=True):
        data, _ = charts.timeline(corpus)._repr_mimebundle_()
    assert {"application/vnd.jupyter.widget-view+json", "image/svg+xml"} <= set(data)


def test_the_live_chart_is_offline_and_brings_the_brush_back(corpus):
    widget = charts.live(charts.timeline(corpus))
    assert "esm.sh" not in widget._esm
    bounds = [1104537600000, 1136073600000]
    widget._vl_selections = {"brush": {"value": {"start": bounds}, "store": []}}
    assert widget.selections.brush.value == {"start": bounds}
    assert widget.chart.config["title"]["color"] == "currentColor"


# Both themes


def linear(colour: str) -> list[float]:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]


def contrast(one: str, other: str) -> float:
    lights = sorted(0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05 for r, g, b in (linear(one), linear(other)))
    return lights[1] / lights[0]


# Machado, Oliveira and Fernandes (2009), severity 1.0, for linear RGB
SIGHT = {
    "full": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "no red": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "no green": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
}


def lab(colour: str, sight: list[list[float]]) -> tuple[float, float, float]:
    r, g, b = (min(1, max(0, sum(m * c for m, c in zip(row, linear(colour), strict=True)))) for row in sight)
    white = (0.9505, 1.0, 1.089)
    xyz = (
        0.4124 * r + 0.3576 * g + 0.1805 * b,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        0.0193 * r + 0.1192 * g + 0.9505 * b,
    )
    x, y, z = (
        t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (v / w for v, w in zip(xyz, white, strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("page", ["#ffffff", "#111111"])
def test_colours_hold_on_light_and_dark_pages(page):
    for colour in (*base.OUTCOMES, *base.SERIES, base.REST, base.LOST, base.OUTLINE, themed.COUNT):
        assert contrast(colour, page) >= 3, colour


@pytest.mark.parametrize("sight", SIGHT)
def test_any_two_outcomes_stay_apart_for_every_sight(sight):
    for one, other in itertools.combinations(base.OUTCOMES, 2):
        assert math.dist(lab(one, SIGHT[sight]), lab(other, SIGHT[sight])) > 25, (one, other)


def test_classifications_are_ordered_from_light_to_dark_for_every_sight():
    for sight in SIGHT.values():
        lights = [lab(base.LEVEL_COLOURS[level], sight)[0] for level in CLASSIFICATIONS]
        assert all(a - b > 10 for a, b in itertools.pairwise(lights)), lights


def grounds(svg: str, cells: bool) -> Iterator[tuple[str, str, str]]:
    """Give each text with its colour and that of what it stands on: a cell of its own, else the card."""
    root = ET.fromstring(svg)
    card = next(e.get("fill") for e in root.iter() if e.tag.endswith("}rect"))
    for group in root.iter():
        kinds = [child.get("class", "") for child in group]
        boxes = [child for child, kind in zip(group, kinds, strict=True) if "mark-rect role-mark" in kind]
        for child, kind in zip(group, kinds, strict=True):
            if "mark-text" not in kind:
                continue
            fills = (
                [blended(box.get("fill"), float(box.get("fill-opacity", 1)), card) for box in boxes[-1]]
                if boxes
                else []
            )
            for n, text in enumerate(child):
                own = fills[n] if cells and "role-mark" in kind and len(fills) == len(child) else card
                yield "".join(text.itertext()), text.get("fill"), own


def blended(colour: str, opacity: float, card: str) -> str:
    pairs = ((int(hexed(colour)[i : i + 2], 16), int(card[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(opacity * over + (1 - opacity) * under):02x}" for over, under in pairs)


def hexed(colour: str) -> str:
    return "#{:02x}{:02x}{:02x}".format(*map(int, re.findall(r"\d+", colour))) if colour.startswith("rgb") else colour


def test_every_word_of_a_static_picture_has_a_contrast_of_4_5(every):
    """The picture brings its own card, so that it is the same in both themes."""
    for name, chart in (every | {"lineage": charts.lineage(cl.sample())}).items():
        words = [(text, ink, ground) for text, ink, ground in grounds(svg_of(chart), name != "phrase") if text.strip()]
        assert len(words) > 5, name
        for text, ink, ground in words:
            if name not in ("carry_over", "threads"):  # their letters stand on bars: the next test
                assert contrast(hexed(ink), hexed(ground)) >= 4.5, (name, text, ink, ground)


def test_letters_on_bars_have_a_contrast_of_4_5(comparison):
    for chart, column in (charts.carry_over(comparison), "outcome"), (charts.threads(comparison), "label"):
        colours = OUTCOME_COLOURS if column == "outcome" else LABEL_COLOURS
        rows = [row for rows in chart.to_dict()["datasets"].values() for row in rows if "ink" in row]
        assert rows
        assert min(contrast(row["ink"], colours[row[column]]) for row in rows) >= 4.5


def test_a_live_chart_writes_in_the_colour_of_its_page(every):
    """JupyterLab's own ink on JupyterLab's own page: no word has a colour of its own, and no card hides the page."""
    assert contrast("#111111", "#ffffff") >= 4.5  # both ways: in either theme
    for name, chart in every.items():
        svg = base.spec_svg(base.follow_theme(chart).to_dict())
        words = set(re.findall(r'<text[^>]* fill="([^"]+)"', svg)) - {"currentColor"}
        assert words <= {"#000000", "#ffffff"}, name  # on cells and bars
        assert words == set() or name in ("matrix", "matrix year", "carry_over", "threads"), name


def test_words_keep_their_width_where_the_font_is_missing(corpus):
    svg = svg_of(charts.coverage(corpus))
    words = re.findall(r"<(?:text|tspan)[^>]*>[^<]+<", svg)
    assert len(words) > 20
    assert all("textLength" in word for word in words)


# Hostile text


def test_hostile_text_is_text_in_every_chart():
    when = datetime(2005, 5, 5, tzinfo=UTC)
    rows = [
        dict.fromkeys(("post", "mission", "bureau", "subject"), HOSTILE)
        | {"cable": f"{HOSTILE}{i}", "year": 2005, "number": 5 + i, "sent": when + timedelta(days=30 * i)}
        | {"tags": [HOSTILE], "classification": "SECRET"}
        for i in range(3)
    ]
    bad = corpus_of(rows, [{"cable": f"{HOSTILE}1", "target": f"{HOSTILE}0", "kind": "cable"}])
    drawn = drawings(bad) | {f"swimlanes {by}": charts.swimlanes(bad, by=by) for by in ("mission", "bureau")}
    drawn |= {f"matrix {a} {b}": charts.matrix(bad, a, b) for a, b in itertools.pairwise(SIDES)}
    for name, chart in drawn.items():
        svg = svg_of(chart)
        root = ET.fromstring(svg)
        tags = {e.tag.rsplit("}", 1)[-1] for e in root.iter()}
        assert tags <= {"svg", "g", "path", "rect", "line", "text", "tspan", "defs", "clipPath", "title"}, name
        assert not [a for e in root.iter() for a in e.attrib if a.lower().startswith("on") or "href" in a], name
        assert HOSTILE not in json.dumps(_expressions(chart.to_dict())), name


def _expressions(node: object) -> list[str]:
    if isinstance(node, list):
        return [e for child in node for e in _expressions(child)]
    if not isinstance(node, dict):
        return []
    own = [str(v) for k, v in node.items() if k in ("expr", "labelExpr", "test", "signal", "calculate", "filter")]
    return own + [e for k, child in node.items() if k != "datasets" for e in _expressions(child)]


# One chain


def test_a_chain_stands_in_time_with_its_references_and_doubts():
    sample = cl.sample()
    steps = cl.chains(sample)
    ids = cl.chaining.chain_of(sample, steps["cable"][0])
    drawn = charts.chain(sample, steps["cable"][0], steps)
    data = list(drawn.to_dict()["datasets"].values())
    marks = next(rows for rows in data if {"cable", "subject", "sent"} <= rows[0].keys() and "from" not in rows[0])
    assert [row["cable"] for row in marks] == ids
    follow = next(rows for rows in data if "score" in rows[0])
    assert [(row["previous"], row["cable"]) for row in follow] == list(pairwise(ids))
    table = cl.compare(sample, *ids).carry_over
    bars = next(rows for rows in data if "high" in rows[0])
    assert sum(row["count"] for row in bars) == table["sentences"].sum()
    assert all((row["high"] <= 0) == (row["what"] == "dropped" or row["count"] == 0) for row in bars)
    doubtful = any(row["score"] is None or row["score"] < 0.5 for row in follow)
    assert ("Dashed" in " ".join(drawn.title.subtitle)) == doubtful


def scales_of(node: object) -> Iterator[dict]:
    """Give the scale of each channel x that bears one."""
    if isinstance(node, dict):
        if "scale" in (x := (node.get("encoding") or {}).get("x", {})):
            yield x["scale"]
        for part in node.values():
            yield from scales_of(part)
    elif isinstance(node, list):
        for part in node:
            yield from scales_of(part)


def test_panels_of_one_chart_share_the_axis_of_time(comparison):
    sample = cl.sample()
    days = dict(sample.cables.select("cable", "sent").drop_nulls().iter_rows())
    ids = [cable for cable in comparison.cables if cable in days]
    dated, sent = cl.compare(sample, *ids), [days[cable] for cable in ids]
    for chart, slack in ((charts.similarity(dated), 0), (charts.chain(sample, ids), 864_000_000)):
        panels = chart.to_dict()["vconcat"]
        scales = [list(scales_of(panel)) for panel in panels]
        assert all(scales)
        assert len({json.dumps(scale, sort_keys=True) for panel in scales for scale in panel}) == 1
        assert scales[0][0]["domain"] == [
            round(sent[0].timestamp()) * 1000 - slack,
            round(sent[-1].timestamp()) * 1000 + slack,
        ]
        assert "padding" in scales[0][0]


def test_a_chain_names_its_cables_and_is_silent_of_what_it_has_none_of():
    sample = cl.sample()
    steps = cl.chains(sample).filter(score=1.0)
    ids = [steps["previous"][0], steps["cable"][0]]
    drawn = charts.chain(sample.select(ids), ids, steps)
    assert set(ids) <= set(texts_of(svg_of(drawn)))
    assert not re.search(r"\b0 of", " ".join(drawn.title.subtitle))


def test_records_without_text_are_no_denominator_of_a_phrase_and_are_told():
    text = "UNCLAS OSLO {n:06}\n\nSUBJECT: FISH\n\n1. Catches fell.\n"
    read = cl.parse([text.format(n=n) for n in range(1, 7)], sent=[datetime(2004 + n // 4, 5, n) for n in range(1, 7)])
    record = pl.col("number") >= 3
    held = cl.Corpus({name: read.frame(name) for name in SCHEMAS}
                     | {"cables": read.cables.with_columns(text_held=~record)})  # fmt: skip
    found = cl.phrase(held, "catches")
    assert found.select("cables", "of").rows() == [(2, 2)]
    said = " ".join(charts.phrases(held, "catches").title.subtitle)
    assert "2 dated cables with text" in said
    assert "4 cables without text not counted" in said


def test_a_hollow_mark_at_an_end_of_the_scale_is_drawn_whole():
    spec = charts.phrases(cl.sample(), "the ministry").to_dict()
    marks = [layer["mark"] for layer in spec["layer"] if layer["mark"]["type"] == "point"]
    assert len(marks) == 2
    assert not any(mark.get("clip") for mark in marks)


def test_the_scale_of_coverage_holds_its_lines(corpus):
    spec = charts.coverage(corpus).to_dict()
    top = spec["spec"]["layer"][-1]["encoding"]["y"]["scale"]["domain"][1]
    ends = [row["high"] for rows in spec["datasets"].values() for row in rows if row.get("high")]
    assert ends
    assert max(ends) < top


def test_an_empty_selection_is_told_as_such():
    said = " ".join(texts_of(svg_of(charts.timeline(cl.sample().select([])))))
    assert "No cable is left by a selection of no cables" in said


def test_a_step_that_nothing_proposes_is_drawn_as_doubtful():
    sample = cl.sample()
    drawn = charts.chain(sample, list(sample.ids[:2]), cl.chains(sample).clear())
    assert "1 of 1 steps" in " ".join(drawn.title.subtitle)


# Comparisons


def test_carry_over_draws_the_frame(comparison):
    rows = charts.carry_over(comparison).to_dict()["datasets"].values()
    longest = max(rows, key=len)
    drawn = {(r["a"], r["outcome"]): r["count"] for r in longest}
    table = comparison.carry_over.select("a", pl.col("outcome").cast(pl.String), "sentences")
    assert drawn == {(a, outcome): n for a, outcome, n in table.iter_rows()}
    for r in longest:
        assert (r["end"] <= 0) == (r["outcome"] == "dropped" or r["end"] == 0)
        assert r["end"] - r["start"] == r["count"]


def test_threads_stand_in_rows_with_a_letter(comparison):
    spec = charts.threads(comparison, most=5)
    cells = next(rows for rows in spec.to_dict()["datasets"].values() if "letter" in rows[0])
    assert {c["letter"][0] for c in cells} <= set("+=RSM")
    assert len({c["row"] for c in cells}) == 5
    lived = comparison.threads.height
    assert spec.title.subtitle[0].startswith(f"5 of {lived} threads")
    longest = comparison.threads["cables"].max()
    assert max(sum(c["row"] == row for c in cells) for row in {c["row"] for c in cells}) == longest


def test_a_phrase_is_counted_in_each_cable(comparison):
    chart = charts.phrase(comparison, "the")
    counts = next(iter(chart.to_dict()["datasets"].values()))
    expected = comparison.phrase("the").group_by("order", maintain_order=True).agg(pl.col("count").sum())["count"]
    assert [c["count"] for c in counts] == expected.to_list()


def test_lineage_takes_steps_or_finds_them():
    sample = cl.sample()
    steps = cl.chains(sample).filter(rank=1)
    whole, one = charts.lineage(sample), charts.lineage(sample, steps.filter(pl.col("chain") == steps["chain"][0]))
    assert whole.title.subtitle[0].startswith(f"15 of {steps['chain'].n_unique()} chains")
    assert one.title.subtitle[0].startswith("1 of 1 chain")


def test_one_lane_and_one_post_are_told_in_the_singular():
    alone = corpus_of([{"cable": "07OSLO1", "post": "OSLO", "year": 2007, "number": 1, "classification": "SECRET",
                        "tags": ["ELAB"], "sent": datetime(2007, 5, 5, tzinfo=UTC)}])  # fmt: skip
    for name, chart in drawings(alone).items():
        assert not re.search(r"\b1 (?:lane|post|tag|row|column|mark|cable|mission|bureau)s\b", chart.description), name


# First use


_IMPORT = """
import sys
import cablelab.charts
assert "lark" not in sys.modules and "rfc3987_syntax" not in sys.modules
from jsonschema import FormatChecker
checker = FormatChecker()
assert checker.conforms("https://例え.jp/a", "iri") and not checker.conforms("no iri", "iri")
import rfc3987_syntax
assert rfc3987_syntax.is_valid_syntax("iri", "https://例え.jp/a") and hasattr(rfc3987_syntax, "parse")
"""


def test_importing_charts_builds_no_grammar_and_jsonschema_checks_what_it_did():
    done = subprocess.run(
        [sys.executable, "-c", _IMPORT], capture_output=True, text=True, env=os.environ | {"PYTHONUTF8": "1"}
    )
    assert done.returncode == 0, done.stderr


def test_the_bundle_of_live_charts_is_kept_and_made_again_if_it_was_damaged(tmp_path, monkeypatch):
    from cablelab.charts import widget

    made = []
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    monkeypatch.setattr(
        widget.vl_convert, "javascript_bundle", lambda source, vl_version: made.append(1) or "export {}"
    )
    assert widget.module() == widget.module() == fonts.script() + "export {}"
    assert len(made) == 1
    (kept,) = (tmp_path / "cablelab").iterdir()
    kept.write_text(kept.read_text()[:-1])
    assert widget.module().endswith("export {}")
    assert len(made) == 2
    monkeypatch.setenv("XDG_CACHE_HOME", str(kept / "no folder"))
    monkeypatch.setenv("LOCALAPPDATA", str(kept / "no folder"))
    assert widget.module().endswith("export {}")


@pytest.mark.parametrize(("name", "first"), [("a.svg", b"<svg"), ("a.png", b"\x89PNG"), ("a.pdf", b"%PDF")])
def test_a_figure_is_saved_with_its_card(tmp_path, name, first):
    sample = cl.sample()
    labor = sample.filter(cl.tagged("PHUM"))
    picture, card = charts.save(charts.timeline(labor) | charts.matrix(labor), tmp_path / name, labor)
    assert picture.read_bytes().startswith(first)
    assert card.name == "a.md"
    assert f"Cables: {len(labor):,}" in card.read_text("utf-8")
    assert 'cl.tagged("PHUM")' in card.read_text("utf-8")


def test_a_figure_of_another_form_is_refused(tmp_path):
    with pytest.raises(UnknownOption, match=r"\.svg"):
        charts.save(charts.matrix(cl.sample()), tmp_path / "a.gif", cl.sample())
    assert not list(tmp_path.iterdir())
