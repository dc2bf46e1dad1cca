"""The generator of fictional corpora, and the sample that ships."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tracemalloc
import zipfile
from pathlib import Path
from random import Random

import polars as pl
import pytest

import cablelab as cl
from cablelab import facts, samples
from cablelab.frames import SCHEMAS
from cablelab.samples import affairs, build, phrases, world, writer
from cablelab.samples import fiction as fiction_module
from cablelab.samples.fiction import Fiction, generate, rows, write_csv
from cablelab.samples.forms import FORMS

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def fiction() -> Fiction:
    return generate(300, seed=5, yearly=15)


@pytest.fixture(autouse=True)
def _restore_facts():
    before = facts.snapshot()
    yield
    facts.restore(before)


def digest(fiction: Fiction) -> str:
    sha = hashlib.sha256()
    for held in fiction.held:
        sha.update(held.name.encode() + b"\0" + held.data)
    return sha.hexdigest()


def test_the_same_seed_gives_the_same_bytes_under_any_hash_seed_zone_and_locale():
    code = "from tests.test_samples import digest, generate; print(digest(generate(90, seed=5)))"
    seen = {digest(generate(90, seed=5))}
    for hash_seed, zone, locale in (("1", "Asia/Tokyo", "C"), ("2", "America/Lima", "C.UTF-8")):
        env = {**os.environ, "PYTHONHASHSEED": hash_seed, "TZ": zone, "LC_ALL": locale}
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True
        )
        seen.add(done.stdout.strip())
    assert len(seen) == 1


def test_another_seed_gives_other_cables():
    assert digest(generate(30, seed=5)) != digest(generate(30, seed=6))


def test_a_form_that_is_added_leaves_what_it_does_not_take_as_it_was(monkeypatch):
    before = generate(200, seed=5)
    was = {h.name: h.data for h in before.held}
    monkeypatch.setitem(FORMS, "record", ("txt", FORMS["plain"][1]))
    monkeypatch.setitem(fiction_module.SHARES, "record", 8)
    after = generate(200, seed=5)
    taken = set(after.captures.filter(pl.col("form") == "record")["cable"])
    assert 5 < len(taken) < 40
    now = {h.name: h.data for h in after.held if not h.name.startswith("record/") and h.name != "cables.csv"}
    assert {name: was.get(name) for name in now} == now
    gone = {name for name in was if name not in now and name != "cables.csv"}
    told = before.captures.filter(pl.col("name").is_in(list(gone)))
    assert set(told["cable"]) <= taken


@pytest.mark.parametrize("count", [0, 1, 37, 300])
def test_as_many_cables_come_as_were_asked_for(count):
    ids = [c.cable for c in writer.cables(count, seed=2)]
    assert len(ids) == len(set(ids)) == count


def test_the_shipped_sample_is_what_the_generator_writes():
    made = {h.name: h.data for h in build.shipped().held}
    with zipfile.ZipFile(samples.SHIPPED) as archive:
        assert archive.namelist() == list(made)
        assert all(archive.read(name) == data for name, data in made.items())
    assert (samples.HERE / "posts.csv").read_text("utf-8") == build.posts_table()
    assert (samples.HERE / "tags.csv").read_text("utf-8") == build.tags_table()


def test_the_shipped_sample_is_small_varied_and_a_little_broken():
    assert samples.SHIPPED.stat().st_size < 1_000_000
    shipped = build.shipped()
    assert set(shipped.captures["form"]) == {*FORMS, "csv"}
    assert shipped.truth.cables["post"].n_unique() >= 9
    assert shipped.truth.cables["year"].n_unique() == 7
    twice = shipped.captures.group_by("cable").len().filter(pl.col("len") > 1)
    assert 2 <= twice.height <= 25
    assert shipped.truth.cables["copy_of"].drop_nulls().len() >= 2


def test_the_sample_is_read_whole():
    corpus = cl.sample()
    truth = build.shipped().truth
    assert set(corpus.cables["cable"]) == set(truth.cables["cable"])
    assert {"empty", "no-message-block"} <= set(corpus.problems["code"])


def test_no_invented_post_or_tag_is_a_real_one():
    facts.reset()
    real = facts.posts()
    for place in world.places():
        assert place.code not in real
        assert facts.post_code(place.plad) is None
        assert facts.post_code(place.spaced) is None
        assert place.mission not in facts.missions()
        assert {facts.tag(place.tag, year).kind for year in (1975, 2006)} == {"unknown"}
        assert "QM" <= place.tag <= "QZ"


def test_codes_of_subjects_are_real():
    codes = {t for topic in world.topics() for t in topic.tags} | {
        t for tags in writer.FORM_TAGS.values() for t in tags
    }
    assert {c for c in codes if facts.tag(c, 2006).kind not in ("subject", "program")} == set()


def test_the_sample_s_posts_resolve():
    samples.add_facts()
    assert facts.mission_of("ZHARABAD") == facts.mission_of("TEMIRKALA") == "Ulmaristan"
    assert facts.bureau_of("TEMIRKALA", 2007) == "SCA"
    assert facts.bureau_of("ZHARABAD", 2004) == "EUR"
    assert facts.post_code("AMCONSUL PORT MILOSK") == "PORTMILOSK"


def test_an_embassy_moves_within_its_mission(fiction):
    moved = (
        fiction.truth.cables.filter(pl.col("mission") == "Ulmaristan")
        .group_by("post")
        .agg(pl.col("sent").min().alias("first"), pl.col("sent").max().alias("last"))
    )
    spans = {post: (first, last) for post, first, last in moved.iter_rows()}
    assert spans["ZHARABAD"][1] < spans["TEMIRKALA"][0]
    chains = fiction.truth.chains.join(fiction.truth.cables.select("cable", "post"), on="cable")
    assert (
        chains.filter(pl.col("chain").str.starts_with("Ulmaristan"), pl.col("kind") == "periodic")
        .group_by("chain")
        .agg(pl.col("post").n_unique())["post"]
        .max()
        == 2
    )


def test_numbers_rise_with_time_in_every_year(fiction):
    for (_, _), part in fiction.truth.cables.sort("sent").group_by(["post", "year"], maintain_order=True):
        assert part["number"].is_sorted()
        assert part["number"].is_unique().all()


def test_links_point_at_sentences_and_say_what_became_of_them(fiction):
    truth = fiction.truth
    text = {(c, i): t for c, i, t in truth.sentences.select("cable", "sentence", "text").iter_rows()}
    assert truth.links.height > 300
    for row in truth.links.iter_rows(named=True):
        old, new = text[row["a"], row["sentence_a"]], text[row["b"], row["sentence_b"]]
        assert (old == new) == (row["label"] == "kept")
    assert {"kept", "reworded", "split", "merged"} == set(truth.links["label"])
    assert 0.005 < truth.links["moved"].mean() < 0.15


def test_every_sentence_of_a_step_is_linked_added_or_dropped(fiction):
    truth = fiction.truth
    counts = dict(truth.sentences.group_by("cable").len().iter_rows())
    for (a, b), links in truth.links.group_by(["a", "b"]):
        changes = truth.changes.filter((pl.col("a") == a) & (pl.col("b") == b))
        dropped = set(changes.filter(pl.col("kind") == "dropped")["sentence"])
        added = set(changes.filter(pl.col("kind") == "added")["sentence"])
        assert set(links["sentence_a"]) | dropped == set(range(counts[a]))
        assert set(links["sentence_b"]) | added == set(range(counts[b]))
        assert not set(links["sentence_a"]) & dropped
        assert not set(links["sentence_b"]) & added


def test_splits_and_merges_have_two_sides(fiction):
    links = fiction.truth.links
    for label, side in (("split", "sentence_a"), ("merged", "sentence_b")):
        sizes = links.filter(pl.col("label") == label).group_by(["a", "b", side]).len()["len"]
        assert sizes.n_unique() == 1
        assert sizes[0] == 2


def test_planted_changes_stand_where_they_are_said_to(fiction):
    planted = fiction.truth.planted
    assert planted.height >= 40
    assert set(planted["kind"]) == {"strength", "negation", "dropped", "added"}
    for row in planted.iter_rows(named=True):
        assert (row["sentence_a"] is None) == (row["kind"] == "added")
        assert (row["sentence_b"] is None) == (row["kind"] == "dropped")
        assert row["before"] != row["after"]
        if row["kind"] in ("strength", "negation"):
            assert row["text_a"] != row["text_b"]
            assert row["before"].lower() in row["text_a"].lower()
            assert row["after"].lower() in row["text_b"].lower()


def test_most_steps_cite_the_earlier_one_and_some_do_not(fiction):
    cited = fiction.truth.chains["cited"].drop_nulls()
    assert 0.45 < cited.mean() < 0.7


def test_references_to_cables_of_the_corpus_mostly_resolve(fiction):
    truth = fiction.truth
    known = truth.references.filter(pl.col("kind") == "cable")["target"].is_in(truth.cables["cable"].to_list())
    assert 0.5 < known.mean() < 1


def test_oddities_of_real_traffic_occur(fiction):
    seen = set(fiction.truth.cables["oddities"].explode())
    wanted = {
        "joined-paragraphs",
        "unnumbered",
        "missing-end",
        "tags-comma",
        "tags-on-order-line",
        "tags-wrapped",
        "one-line-head",
        "sipdis-twice",
        "ref-gap",
        "trailer",
        "no-start",
        "pilcrow",
    }
    assert wanted <= seen
    cables = fiction.truth.cables
    assert cables.filter(pl.col("sections") > 1).height > 10
    assert cables.filter(pl.col("redactions") > 0).height > 3
    assert cables["partial"].sum() > 5
    assert cables["corrected"].sum() > 0


def test_lines_are_wrapped_as_on_paper(fiction):
    for cable in fiction.cables:
        if cable.style.width:
            lines = fiction.messages[cable.cable].body.split("\n")
            running = [
                line.rstrip()
                for line in lines
                if not line.startswith(("TAGS", "E.O.", "EO ", "REF", "Ref", "=", "-", " "))
            ]
            assert max(len(line) for line in running) <= 80


def test_templates_are_sound():
    for topic in world.topics():
        templates = [
            *topic.summary,
            *topic.comment,
            *topic.telling,
            *topic.oneoff,
            *topic.periodic,
            *(t for _, ts in topic.points for t in ts),
        ]
        for place in world.places():
            words = {**place.words, **topic.words, "year": ("2005",), "lastyear": ("2004",)}
            for t in templates:
                for draw in (0.0, 0.49, 0.99):
                    for joined in (True, False):
                        for text in t.sentences([draw] * t.draws, words, joined):
                            assert text[0].isupper() or text[0].isdigit()
                            assert not set("{}[]|^*;") & set(text.replace("; ", ""))
                            assert "  " not in text


def test_templates_of_affairs_are_sound():
    source = Random(3)
    taken: set[str] = set()
    for place in world.places():
        for _ in range(12):
            affair = affairs.fresh(source, place, taken)
            words = {**place.words, **world.topics()[0].words, **affair.words}
            for t in (*affair.kind.subjects, *affair.kind.sentences, *affairs.titles(), *affairs.lore()):
                for text in t.sentences([source.random() for _ in range(t.draws)], words, source.random() < 0.5):
                    assert text[0].isupper() or text[0].isdigit()
                    assert not set("{}[]|^*;") & set(text.replace("; ", ""))
                    assert "  " not in text
    assert len(taken) == 12 * len(world.places())


def test_affairs_come_as_real_ones_do(fiction):
    truth = fiction.truth
    events = truth.chains.filter(pl.col("kind") == "event")
    sizes = events.group_by("chain").len()["len"]
    assert events.height > 90
    assert sizes.median() <= 3
    assert sizes.max() >= 4
    sent = truth.cables.select("cable", "sent", "mission")
    steps = events.drop_nulls("previous").join(sent, on="cable")
    steps = steps.join(sent.rename({"cable": "previous"}), on="previous", suffix="_before")
    assert (steps["mission"] == steps["mission_before"]).all()
    assert (steps["sent"] > steps["sent_before"]).all()


def test_unbalanced_templates_are_refused():
    with pytest.raises(ValueError, match="Unbalanced"):
        phrases.compile_template("x", "a ] b")


def test_a_csv_is_streamed(tmp_path):
    path = write_csv(tmp_path / "cables.csv", 60, seed=3, size=1.0)
    corpus = cl.read(path, progress=False)
    assert corpus.cables.height == 60
    assert set(corpus.cables["format"]) == {"csv"}


def test_memory_does_not_grow_with_the_number_of_rows():
    def peak(count: int) -> int:
        tracemalloc.start()
        for _ in rows(count, seed=1, size=1.0):
            pass
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    world.topics()
    peak(100)
    assert peak(1600) < peak(400) * 2.5 + 2_000_000


def test_a_mixed_folder_and_a_zip_hold_the_same(tmp_path, fiction):
    folder, archive = fiction.write(tmp_path / "folder"), fiction.write_zip(tmp_path / "all.zip")
    ids = [set(cl.read(source, progress=False).cables["cable"]) for source in (folder, archive)]
    assert ids[0] == ids[1]


def test_the_package_says_that_all_is_invented():
    assert "do not exist" in samples.__doc__
    assert "No country" in (samples.HERE / "world.toml").read_text("utf-8").replace("\n# ", " ")


def test_the_sample_is_read_once_and_kept_as_it_was_read(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    read: list[int] = []
    as_read = samples._as_read
    monkeypatch.setattr(samples, "_as_read", lambda: read.append(1) or as_read())
    first, second = cl.sample(), cl.sample()
    assert read == [1]
    for name in SCHEMAS:
        assert first.frame(name).equals(second.frame(name), null_equal=True), name
        assert first.frame(name).schema == second.frame(name).schema, name
    (path,) = (tmp_path / "cablelab").iterdir()
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    path.write_bytes(damaged)
    assert cl.sample().cables.equals(first.cables)
    assert read == [1, 1]


def test_the_sample_is_read_anew_by_another_state_of_the_package(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    cl.sample()
    (before,) = (tmp_path / "cablelab").iterdir()
    monkeypatch.setattr(samples, "_version", lambda: "another")
    cl.sample()
    (after,) = (tmp_path / "cablelab").iterdir()  # the older one is gone
    assert before.name != after.name == "sample-another.zip"


def test_a_home_that_cannot_be_written_costs_the_sample_nothing(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "file"))
    assert cl.sample().cables.height > 400
