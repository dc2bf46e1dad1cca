import datetime as dt
import json
import pickle
import re
import shutil

import polars as pl
import pytest
from framed import frame

from cablelab import frames, storage
from cablelab.corpus import Corpus, normal_id
from cablelab.corpus import open as open_corpus
from cablelab.errors import NotACorpus, SchemaError, UnknownCable, UnknownOption
from cablelab.frames import SCHEMAS
from cablelab.storage.folders import LOCK

UTC = dt.UTC


def build():
    ids = ["05ALMA1", "06ASTRA7", "06ASTRA12", "07ASTRA3"]
    cables = frame(
        "cables",
        (
            {
                "cable": cable,
                "cable_from": "page",
                "post": cable[2:-1].rstrip("12"),
                "year": 2000 + int(cable[:2]),
                "sent": dt.datetime(2000 + int(cable[:2]), 5, 1, 11, 54, tzinfo=UTC),
                "sent_from": "dtg",
                "classification": "CONFIDENTIAL" if number % 2 else "UNCLASSIFIED",
                "subject": f"PORT FEES <{number}>",
                "tags": ["ELAB", "ETRD"] if number else ["PGOV"],
                "words": 100 * number,
                "source": f"{cable}.html",
                "partial": number == 0,
            }
            for number, cable in enumerate(ids)
        ),
    )
    references = frame(
        "references",
        [
            {"cable": "07ASTRA3", "position": 0, "label": "A", "kind": "cable", "target": "06ASTRA7", "held": True},
            {"cable": "07ASTRA3", "position": 1, "label": "B", "kind": "cable", "target": "05ALMA1", "held": True},
            {"cable": "07ASTRA3", "position": 2, "label": "C", "kind": "cable", "target": "05STATE9", "held": False},
            {"cable": "07ASTRA3", "position": 3, "kind": "mail", "raw": "an e-mail", "held": False},
        ],
    )
    paragraphs = frame(
        "paragraphs",
        (
            {"cable": cable, "position": p, "number": p + 1, "part": "summary" if p == 0 else "body", "text": text}
            for cable in ids
            for p, text in enumerate([f"1. {cable} opens.", "2. <script>alert(1)</script> & \x1b[31mred"])
        ),
    )
    return Corpus(
        {
            "cables": cables,
            "texts": pl.DataFrame({"cable": ids, "text": [f"text of {i}" for i in ids]}),
            "paragraphs": paragraphs,
            "references": references,
            "addressees": frame(
                "addressees", [{"cable": "07ASTRA3", "position": 0, "role": "from", "name": "AMEMBASSY ASTRA"}]
            ),
            "tags": frame("tags", [{"cable": "07ASTRA3", "position": 0, "tag": "ELAB", "meaning": "Labor"}]),
            "problems": frame(
                "problems",
                [
                    {"cable": "05ALMA1", "source": "05ALMA1.html", "code": "no-dtg", "message": "no <dtg>"},
                    {"cable": None, "source": "broken.zip", "code": "unreadable", "message": "not a zip"},
                ],
            ),
            "copies": frame("copies", [{"cable": "06ASTRA7", "preferred": "06ASTRA7", "text": "shorter"}]),
        }
    )


@pytest.fixture
def corpus():
    return build()


@pytest.fixture
def folder(corpus, tmp_path):
    corpus.save(tmp_path / "saved")
    return tmp_path / "saved"


def same(one, other):
    return all(one.frame(name).equals(other.frame(name)) for name in frames.NAMES)


def test_repr_is_short_true_and_has_singulars(corpus):
    assert repr(corpus) == "<Corpus 4 cables · 2 posts · 2005-2007>"
    assert repr(corpus.select(["07ASTRA3"])) == "<Corpus 1 cable · 1 post · 2007>"
    assert repr(Corpus({})) == "<Corpus 0 cables>"
    undated = frame("cables", [{"cable": "unidentified-012345678901"}])
    assert repr(Corpus({"cables": undated})) == "<Corpus 1 cable>"


def test_holds_ids_in_any_spelling(corpus):
    assert len(corpus) == 4
    assert list(corpus) == corpus.ids.to_list() == ["05ALMA1", "06ASTRA7", "06ASTRA12", "07ASTRA3"]
    assert "07 ASTRA 3" in corpus
    assert "08ASTRA3" not in corpus
    assert 3 not in corpus
    assert corpus["07astra00003"].id == "07ASTRA3"


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("07 ASTANA 3256", "07ASTANA3256"),
        ("07ASTANA03256", "07ASTANA3256"),
        ("2007 Kuala Lumpur 0010", "07KUALALUMPUR10"),
        ("1979-TEHRAN-12979", "79TEHRAN12979"),
        ("unidentified-0123456789ab", "unidentified-0123456789ab"),
        ("07ASTANA", "07ASTANA"),
    ],
)
def test_normal_id(written, key):
    assert normal_id(written) == key


def test_unknown_cable_offers_the_nearest(corpus):
    with pytest.raises(UnknownCable, match="Did you mean '06ASTRA12'") as caught:
        corpus["06ASTRA13"]
    assert caught.value.name == "06ASTRA13"
    with pytest.raises(UnknownCable):
        corpus.select(["06ASTRA7", "06ASTRA8"])


def test_filter_keeps_frames_in_step(corpus):
    kept = corpus.filter(pl.col("tags").list.contains("ELAB"), post="ASTRA")
    assert kept.ids.to_list() == ["06ASTRA7", "06ASTRA12", "07ASTRA3"]
    assert kept.paragraphs["cable"].to_list() == [i for i in kept.ids for _ in range(2)]
    assert kept.texts["cable"].to_list() == kept.ids.to_list()
    assert kept.copies.height == 1
    assert kept.problems.height == 0
    assert len(kept.filters) == 2
    assert kept.filter(pl.col("words") > 1000).copies.height == 0
    for name in frames.NAMES:
        frames.check(name, kept.frame(name))


def test_filter_of_a_filter_equals_one_filter(corpus):
    one = corpus.filter(pl.col("words") >= 100).filter(pl.col("year") == 2006)
    assert same(one, corpus.filter(pl.col("words") >= 100, pl.col("year") == 2006))
    assert len(one.filters) == 2


def test_filter_leaves_the_original_alone(corpus):
    before = corpus.references
    corpus.select(["07ASTRA3"])
    assert corpus.references.equals(before)
    assert len(corpus) == 4
    assert corpus.filters == ()


def test_held_says_what_the_filtered_corpus_holds(corpus):
    kept = corpus.select(["06ASTRA7", "07ASTRA3"])
    assert kept.references["held"].to_list() == [True, False, False, False]


def test_a_mask_keeps_what_a_filter_keeps_and_copies_no_row_before_it_is_asked_for(corpus):
    expected = corpus.filter(classification="CONFIDENTIAL")
    rows = corpus.cables["classification"] == "CONFIDENTIAL"
    masked = corpus.masked(rows, expected.filters)
    assert "_chosen" not in vars(masked)
    assert (masked.filters, len(masked), masked.whole.ids.to_list()) == (
        expected.filters,
        len(expected),
        corpus.ids.to_list(),
    )
    for name in frames.NAMES:
        assert masked.frame(name).equals(expected.frame(name)), name
    again = corpus.masked(rows).masked(pl.Series([True] + [False] * (len(expected) - 1)))
    assert again.ids.to_list() == expected.ids.head(1).to_list()
    assert pickle.loads(pickle.dumps(corpus.masked(rows))).ids.equals(expected.ids)


def test_select_takes_series_and_frames_and_keeps_the_order(corpus):
    expected = ["05ALMA1", "07ASTRA3"]
    for ids in (["07ASTRA3", "05ALMA1"], pl.Series(["07ASTRA3", "05ALMA1", None]), corpus.problems.vstack(
        frame("problems", [{"cable": "07ASTRA3"}])
    )):  # fmt: skip
        assert corpus.select(ids).ids.to_list() == expected
    assert corpus.select("07ASTRA3").ids.to_list() == ["07ASTRA3"]


def test_save_and_open_give_back_every_frame(corpus, folder):
    opened = open_corpus(folder)
    assert repr(opened) == repr(corpus)
    assert same(opened, corpus)
    storage.verify(folder)


def test_open_leaves_texts_on_disk_until_asked_for(folder):
    opened = open_corpus(folder)
    kept = opened.filter(pl.col("words") > 0)
    assert kept.paragraphs.height == 6
    assert "texts" not in opened._ready
    assert "texts" not in kept._ready
    assert same(kept, build().filter(pl.col("words") > 0))


def test_saving_twice_leaves_the_new_corpus_and_other_files(corpus, folder):
    (folder / "notes.txt").write_text("mine")
    first = {p.name for p in folder.iterdir()}
    corpus.select(["07ASTRA3"]).save(folder)
    assert open_corpus(folder).ids.to_list() == ["07ASTRA3"]
    names = {p.name for p in folder.iterdir()}
    assert "notes.txt" in names
    listed = {p.file for p in storage.manifest(folder)}
    assert names == listed | {"notes.txt", storage.MANIFEST, LOCK}
    assert first - names


def test_a_corpus_can_be_saved_over_the_folder_it_came_from(folder):
    opened = open_corpus(folder)
    opened.filter(pl.col("year") == 2006).save(folder)
    assert open_corpus(folder).ids.to_list() == ["06ASTRA7", "06ASTRA12"]
    with pytest.raises(NotACorpus, match="Open it again"):
        _ = opened.cables


def test_an_interrupted_save_leaves_the_old_corpus(corpus, folder, monkeypatch):
    def fail(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(storage.parts, "commit", fail)
    with pytest.raises(KeyboardInterrupt):
        corpus.select(["07ASTRA3"]).save(folder)
    assert same(open_corpus(folder), corpus)
    assert not list(folder.glob("*.tmp"))


def test_saving_twice_writes_the_same_bytes(corpus, tmp_path):
    corpus.save(tmp_path / "a")
    build().save(tmp_path / "b")
    assert (tmp_path / "a" / storage.MANIFEST).read_bytes() == (tmp_path / "b" / storage.MANIFEST).read_bytes()


def test_frames_may_lie_in_several_parts(corpus, tmp_path):
    parts = []
    for half in (corpus.cables["cable"][:2], corpus.cables["cable"][2:]):
        chosen = corpus.select(half)
        parts += [storage.write_part(tmp_path, name, chosen.frame(name)) for name in ("cables", "texts", "paragraphs")]
    storage.commit(tmp_path, parts)
    opened = open_corpus(tmp_path)
    assert opened.cables.equals(corpus.cables)
    assert opened.paragraphs.equals(corpus.paragraphs)
    assert opened.spans.height == 0


def test_commit_refuses_parts_that_are_not_there(corpus, folder):
    part = storage.write_part(folder, "texts", corpus.texts.head(1))
    (folder / part.file).unlink()
    with pytest.raises(NotACorpus, match="not as it was written"):
        storage.commit(folder, [part])
    assert same(open_corpus(folder), corpus)


def change(folder, **values):
    content = json.loads((folder / storage.MANIFEST).read_text())
    (folder / storage.MANIFEST).write_text(json.dumps(content | values))


def part_of(folder, name):
    return next(folder / p.file for p in storage.manifest(folder) if p.frame == name)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda f: shutil.rmtree(f), "no such folder"),
        (lambda f: (f / storage.MANIFEST).unlink(), "has no manifest"),
        (lambda f: (f / storage.MANIFEST).write_text("{"), "cannot be read"),
        (lambda f: (f / storage.MANIFEST).write_text("[]"), "not one of ours"),
        (lambda f: change(f, version=99), "version is 99.*install a newer"),
        (lambda f: change(f, parts=[{"file": "x"}]), "lacks entries"),
        (lambda f: change(f, parts=[]), "lists other files"),
        (lambda f: part_of(f, "spans").unlink(), "spans-.*is missing"),
        (lambda f: part_of(f, "texts").write_bytes(b"PAR1"), "not as it was written"),
    ],
)
def test_open_refuses_what_is_no_corpus(folder, damage, message):
    damage(folder)
    with pytest.raises(NotACorpus, match=message):
        open_corpus(folder)


def test_open_refuses_another_schema_and_files_outside(folder, tmp_path):
    content = json.loads((folder / storage.MANIFEST).read_text())
    part = next(p for p in content["parts"] if p["frame"] == "texts")
    pl.DataFrame({"cable": [1]}).write_parquet(folder / part["file"])
    part["bytes"] = (folder / part["file"]).stat().st_size
    change(folder, parts=content["parts"])
    with pytest.raises(NotACorpus, match="missing: text"):
        open_corpus(folder)
    for name in ("../outside.parquet", "..", ".", "notes.parquet", None):
        part["file"] = name
        change(folder, parts=content["parts"])
        with pytest.raises(NotACorpus, match="other files"):
            open_corpus(folder)
        with pytest.raises(NotACorpus, match="other files"):
            storage.commit(folder, [])


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        (lambda s: {"texts": s["texts"] | {"language": pl.String}}, "it lacks texts.language"),
        (lambda s: {"texts": {"cable": pl.String}}, "it has also texts.text"),
        (lambda s: {"texts": s["texts"] | {"text": pl.Binary}}, "of another type are texts.text"),
        (lambda s: {"spans": dict(reversed(s["spans"].items()))}, "its columns stand in another order"),
    ],
)
def test_a_corpus_with_the_columns_of_another_version_says_how_to_bring_it_up(
    folder, corpus, monkeypatch, columns, told
):
    before = dict(SCHEMAS)
    for name, changed in columns(before).items():
        monkeypatch.setitem(SCHEMAS, name, changed)
    with pytest.raises(
        NotACorpus, match=rf"another version of cablelab wrote it: {told}.*cablelab read SOURCE -o .* --replace"
    ):
        open_corpus(folder)
    storage.commit(folder, [])  # what is read again replaces it
    assert len(open_corpus(folder)) == 0


def test_a_corpus_of_the_first_version_says_how_to_bring_it_up(folder, corpus):
    content = json.loads((folder / storage.MANIFEST).read_text())
    del content["columns"]
    (folder / storage.MANIFEST).write_text(json.dumps(content | {"version": 1}))
    with pytest.raises(NotACorpus, match=r"did not note its columns.*Read its sources again"):
        open_corpus(folder)
    corpus.save(folder)
    assert same(open_corpus(folder), corpus)


def test_verify_finds_changed_bytes(folder):
    path = part_of(folder, "texts")
    content = bytearray(path.read_bytes())
    content[8] ^= 1
    path.write_bytes(content)
    with pytest.raises(NotACorpus, match=r"texts-.*not as it was written"):
        storage.verify(folder)


def test_save_refuses_a_folder_with_someone_elses_manifest(corpus, tmp_path):
    (tmp_path / storage.MANIFEST).write_text('{"name": "an app"}')
    with pytest.raises(NotACorpus, match="Save to another folder"):
        corpus.save(tmp_path)
    assert (tmp_path / storage.MANIFEST).read_text() == '{"name": "an app"}'


def test_wrong_frames_are_refused():
    with pytest.raises(SchemaError, match=r"missing: text.*frames\.describe\('texts'\)"):
        Corpus({"texts": pl.DataFrame({"cable": ["a"]})})
    with pytest.raises(SchemaError, match="another order"):
        Corpus({"texts": pl.LazyFrame({"text": ["a"], "cable": ["a"]})})
    with pytest.raises(SchemaError, match="no frame 'text'"):
        Corpus({"text": pl.DataFrame()})
    with pytest.raises(UnknownOption, match="'texts'"):
        Corpus({}).frame("text")


def test_every_column_is_described():
    for name, columns in frames.SCHEMAS.items():
        described = frames.describe(name)
        assert described["column"].to_list() == list(columns) == list(frames.MEANINGS[name])
        assert described["meaning"].str.len_chars().min() > 5


def test_cable_gives_its_own_rows(corpus):
    cable = corpus["07ASTRA3"]
    assert repr(cable) == "<Cable 07ASTRA3 · AMEMBASSY ASTRA · 2007-05-01 · CONFIDENTIAL>"
    assert cable["words"] == 300
    assert cable.text == "text of 07ASTRA3"
    assert cable.paragraphs.height == 2
    assert cable.references["label"].to_list() == ["A", "B", "C", None]
    assert cable.spans.height == 0
    assert corpus["05ALMA1"].problems["code"].to_list() == ["no-dtg"]
    with pytest.raises(UnknownOption, match="'subject'"):
        cable["subjet"]


def filtered(corpus, name, keys):
    return corpus.lazy(name).filter(pl.col("cable").is_in(keys)).collect()


@pytest.mark.parametrize("name", sorted(frames.NAMES))
def test_rows_are_what_a_filter_gives(corpus, folder, name):
    corpus.save(folder)
    several = ["06ASTRA7", "07ASTRA3"]
    chosen = corpus.filter(pl.col("cable") != "05ALMA1")
    for one in (corpus, open_corpus(folder), chosen, open_corpus(folder).select(several), chosen.whole):
        for keys in ([], ["06ASTRA7"], ["05ALMA1"], several, ["99NOWHERE1"], [*corpus.ids] * 3):
            assert one.rows(name, keys).equals(filtered(one, name, keys))
    assert chosen.rows("references", ["07ASTRA3"])["held"].to_list()[:2] == [True, False]


def test_rows_that_do_not_stand_together_are_found_too(corpus):
    parts = {name: corpus.frame(name) for name in frames.NAMES}
    apart = Corpus(parts | {"references": pl.concat([parts["references"].tail(1), parts["references"]])})
    twice = Corpus(parts | {"cables": pl.concat([parts["cables"], parts["cables"].head(1)])})
    for one in (apart, twice):
        for name in ("cables", "references", "paragraphs"):
            assert one.rows(name, ["07ASTRA3"]).equals(filtered(one, name, ["07ASTRA3"]))
            assert one.rows(name, ["05ALMA1"]).equals(filtered(one, name, ["05ALMA1"]))


def test_rows_of_a_frame_that_does_not_exist(corpus):
    with pytest.raises(UnknownOption, match="paragraphs"):
        corpus.rows("paragraph", ["07ASTRA3"])


def test_cable_html_is_escaped_and_anchored(corpus):
    page = corpus["07ASTRA3"]._repr_html_()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "PORT FEES &lt;3&gt;" in page
    assert "id='07ASTRA3-1'" in page
    assert "06ASTRA7 · in this corpus" in page
    assert "no &lt;dtg&gt;" in corpus["05ALMA1"]._repr_html_()


def test_cable_prints_wrapped_and_harmless(corpus):
    printed = str(corpus["07ASTRA3"])
    assert "\x1b" not in printed
    assert max(len(line) for line in printed.splitlines()) <= 88
    assert "ELAB (Labor)" in printed
    assert "2007-05-01 11:54 UTC" in printed
    assert "partial extract" in str(corpus["05ALMA1"])


def test_cable_without_paragraphs_shows_its_text(corpus):
    bare = Corpus({"cables": corpus.cables, "texts": corpus.texts})["07ASTRA3"]
    assert "text of 07ASTRA3" in str(bare)
    assert "text of 07ASTRA3" in bare._repr_html_()


def test_corpus_html_lists_the_fullest_years_in_order_of_time():
    sizes = dict.fromkeys(range(1961, 1973), 1) | {1999: 5, 2003: 30, 2001: 20}
    cables = [{"cable": f"{y % 100:02}OSLO{n}", "year": y} for y, size in sizes.items() for n in range(1, size + 1)]
    page = Corpus({"cables": frame("cables", cables)})._repr_html_()
    table = page.partition("<th>Year</th>")[2].partition("</table>")[0]
    shown = re.findall(r"<tr><td>([^<]*)</td><td class='n'>([^<]*)</td>", table)
    assert shown[-4:] == [("1999", "5"), ("2001", "20"), ("2003", "30"), ("3 more", "3")]
    assert [year for year, _ in shown[:-1]] == sorted(year for year, _ in shown[:-1])
    assert sum(int(n) for _, n in shown) == sum(sizes.values())


def test_corpus_html_counts(corpus):
    page = corpus.filter(pl.col("subject") != "<b>")._repr_html_()
    assert "Corpus 4 cables · 2 posts" in page
    assert "<td>ASTRA</td><td class='n'>3</td>" in page
    assert "<b>" not in page
    assert "no-dtg" in page


def test_search_looks_in_this_corpus_only(corpus):
    assert corpus.search("text of")["cable"].to_list() == corpus.ids.to_list()
    assert corpus.select(["07ASTRA3"]).search("TEXT OF")["cable"].to_list() == ["07ASTRA3"]


def test_a_real_cable_shows_itself(shared):
    import cablelab as cl

    cable = cl.read(shared / "cables" / "seeds")["07 ASTANA 3256"]
    assert repr(cable) == "<Cable 07ASTANA3256 · AMEMBASSY ASTANA · 2007-12-03 · UNCLASSIFIED>"
    assert cable.paragraphs.height == 7
    page, printed = cable._repr_html_(), str(cable)
    for number in range(1, 8):
        assert f"{number}. " in printed
        assert f"id='07ASTANA3256-{number - 1}'" in page
    assert "WordPress" not in page
    assert "WordPress" not in printed
