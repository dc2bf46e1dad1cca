"""Citing, exporting, and telling where something comes from."""

from __future__ import annotations

import csv
import io
import json
import locale
from datetime import UTC, date, datetime

import bibtexparser
import polars as pl
import pytest
import rispy
from framed import frame

import cablelab.where as where
from cablelab.citing import citation, cite
from cablelab.corpus import Corpus
from cablelab.corpus import open as cl_open
from cablelab.errors import NotCitable, UnknownCable, UnknownOption
from cablelab.export import csv_text, export, markdown_table
from cablelab.frames import SCHEMAS
from cablelab.provenance import provenance
from cablelab.reading import parse
from cablelab.samples import sample

HASH = "ab" * 32
ROWS = [
    {
        "cable": "07OSLO12", "cable_from": "message", "post": "OSLO", "year": 2007, "number": 12,
        "sent": datetime(2007, 5, 3, 9, tzinfo=UTC), "released": datetime(2011, 8, 30, tzinfo=UTC),
        "classification": "CONFIDENTIAL", "subject": 'THE "PORT" STRIKE: 50% OF {BERTHS} & MORE',
        "tags": ["ELAB", "NO"],
        "source": "/somewhere/private/07OSLO12.html", "sha256": HASH, "format": "mirror", "partial": False,
    },
    {
        "cable": "05ALMATY3112", "cable_from": "inferred", "post": "ALMATY", "year": 2005, "number": 3112,
        "partial": True,
        "subject": "=1+1", "source": "C:\\mine\\cables.csv#7", "sha256": "cd" * 32, "format": "csv", "corrected": True,
    },
    {
        "cable": "74MANILA7657", "cable_from": "message", "post": "MANILA", "year": 1974, "number": 7657,
        "sent": datetime(1974, 6, 27, tzinfo=UTC), "source": "/x/cables.csv#8", "sha256": "ef" * 32, "format": "csv",
    },
    {"cable": "unidentified-0123456789ab", "cable_from": "none", "source": "text-0", "sha256": "01" * 32},
]  # fmt: skip


@pytest.fixture(scope="module")
def corpus():
    to = [{"cable": c, "position": 1, "role": "to", "post": "STATE"} for c in ("07OSLO12", "74MANILA7657")]
    paragraphs = [{"cable": "07OSLO12", "position": n, "number": n} for n in (1, 2, 3)]
    return Corpus(
        {
            "cables": frame("cables", ROWS),
            "addressees": frame("addressees", to),
            "paragraphs": frame("paragraphs", paragraphs),
        }
    )


def test_a_note_names_message_copy_release_and_paragraph(corpus):
    assert cite(corpus, "07 Oslo 00012#par3") == (
        "U.S. Embassy Oslo to Department of State, “THE 'PORT' STRIKE: 50% OF {BERTHS} & MORE,” telegram 07OSLO12,"
        " May 3, 2007, Confidential, para. 3; copy 07OSLO12.html, released August 30, 2011, SHA-256 " + HASH[:12] + "."
    )
    assert cite(corpus, "07OSLO12", accessed=date(2026, 1, 2)).endswith(", accessed January 2, 2026.")


def test_a_note_says_what_is_inferred_partial_or_not_known(corpus):
    inferred = cite(corpus, "05ALMATY3112")
    assert (
        "telegram Almaty 3112 (id 05ALMATY3112 inferred), 2005; copy cables.csv#7, partial extract, corrected copy"
        in inferred
    )
    assert " to " not in inferred.split("“")[0]
    unknown = cite(corpus, "unidentified-0123456789ab")
    assert unknown.startswith("Unknown U.S. post, telegram unidentified-0123456789ab (")
    assert "n.d.; copy text-0" in unknown


def test_nobodys_folders_are_told(corpus):
    for style in ("chicago", "bibtex", "ris", "csl-json"):
        told = cite(corpus, corpus.ids, style)
        assert "somewhere" not in told
        assert "mine" not in told
        assert HASH[:12] in told


def test_bibtex_is_read_back(corpus):
    library = bibtexparser.parse_string(cite(corpus, ["07OSLO12#par2", "05ALMATY3112"], "bibtex"))
    assert not library.failed_blocks
    first, second = library.entries
    assert first.key == "cable07OSLO12-par2"
    assert first["author"] == "{U.S. Embassy Oslo}"
    assert "50\\%" in first["title"]
    assert "\\&" in first["title"]
    assert "\\{BERTHS\\}" in first["title"]
    assert (first["year"], first["month"], first["day"]) == ("2007", "5", "3")
    assert "paragraph 2" in first["note"]
    assert HASH in first["note"]
    assert second["year"] == "2005"
    assert "month" not in second


def test_ris_is_read_back(corpus):
    first, second = rispy.loads(cite(corpus, ["07OSLO12#par2", "05ALMATY3112"], "ris", accessed=date(2026, 1, 2)))
    assert first["authors"] == ["U.S. Embassy Oslo"]
    assert first["title"].startswith('THE "PORT" STRIKE')
    assert (first["year"], first["date"], first["access_date"]) == ("2007", "2007/05/03", "2026/01/02")
    assert "paragraph 2" in first["notes"]
    assert second["title"] == "=1+1"


def test_csl_json_is_read_back(corpus):
    items = json.loads(cite(corpus, corpus.ids, "csl-json"))
    assert [item["number"] for item in items] == corpus.ids.to_list()
    assert items[0]["issued"] == {"date-parts": [[2007, 5, 3]]}
    assert items[1]["issued"] == {"date-parts": [[2005]]}
    assert "issued" not in items[3]
    assert items[3]["title"]


def test_the_archives_model_form(corpus):
    assert cite(corpus, "74MANILA7657", "nara", accessed=date(2026, 1, 2)) == (
        "Embassy Manila to Department of State, Telegram 07657, June 27, 1974, 1974MANILA07657, Central Foreign Policy"
        " Files, 1973-79/Electronic Telegrams, RG 59: General Records of the Department of State, National Archives"
        " (accessed January 2, 2026)."
    )
    with pytest.raises(NotCitable, match=r"07OSLO12 \(2007\) is no electronic telegram"):
        cite(corpus, "07OSLO12", "nara")


def test_subjects_cannot_break_out_of_the_form():
    hostile = 'A\nER  - \r\nTY  - JOUR\x00 }, @book{x, "b"} \\ “c”'
    rows = [{**ROWS[0], "subject": hostile}]
    corpus = Corpus({"cables": frame("cables", rows)})
    assert len(rispy.loads(cite(corpus, "07OSLO12", "ris"))) == 1
    library = bibtexparser.parse_string(cite(corpus, "07OSLO12", "bibtex"))
    assert [e.key for e in library.entries] == ["cable07OSLO12"]
    assert not library.failed_blocks
    assert len(json.loads(cite(corpus, "07OSLO12", "csl-json"))) == 1
    assert "\n" not in cite(corpus, "07OSLO12")


def test_what_cannot_be_cited_is_an_error(corpus):
    with pytest.raises(UnknownOption, match="Did you mean 'chicago'"):
        cite(corpus, "07OSLO12", "Chicgo")
    with pytest.raises(UnknownCable, match="07OSLO12"):
        cite(corpus, "07OSLO13")
    with pytest.raises(NotCitable, match="Its numbers are 1, 2, 3"):
        cite(corpus, "07OSLO12#par4")
    with pytest.raises(NotCitable, match="none: cite the cable as a whole"):
        cite(corpus, "05ALMATY3112#par1")


def test_ids_come_in_any_holder_and_keep_their_order(corpus):
    ids = ["74MANILA7657", "07OSLO12"]
    want = cite(corpus, ids)
    assert want.splitlines() == [cite(corpus, i) for i in ids]
    assert cite(corpus, pl.Series(ids)) == cite(corpus, pl.DataFrame({"cable": ids})) == want
    assert cite(corpus, []) == ""


def test_months_do_not_follow_the_locale(corpus):
    before = locale.setlocale(locale.LC_TIME)
    try:
        for name in ("de_DE.UTF-8", "fr_FR.UTF-8", "C.UTF-8"):
            try:
                locale.setlocale(locale.LC_TIME, name)
            except locale.Error:
                continue
            assert "May 3, 2007" in cite(corpus, "07OSLO12")
    finally:
        locale.setlocale(locale.LC_TIME, before)


def test_a_cable_without_subject_has_a_title(corpus):
    assert citation(corpus, "74MANILA7657").title == "Telegram Manila 7657"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_formulas_in_csv_cells_are_defused(start):
    cell = f"{start}cmd|' /C calc'!A0"
    made = csv_text(pl.DataFrame({"subject": [cell, "a" + cell, None], start + "x": [1, -2, 3]}))
    rows = list(csv.reader(io.StringIO(made, newline="")))
    assert rows[0] == ["subject", "'" + start + "x"]
    assert [row[0] for row in rows[1:]] == ["'" + cell, "a" + cell, ""]
    assert [row[1] for row in rows[1:]] == ["1", "-2", "3"]


def test_a_list_is_defused_as_the_cell_it_becomes():
    made = csv_text(pl.DataFrame({"tags": [["=A", "B"], ["A", "=B"], []]}))
    assert made.splitlines() == ["tags", "'=A B", "A =B", '""']


def test_frames_are_exported_by_ending(corpus, tmp_path):
    whole = pl.read_parquet(export(corpus, tmp_path / "cables.parquet"))
    assert whole.equals(corpus.cables)
    text = export(corpus, tmp_path / "cables.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["cable"] for row in rows] == corpus.ids.to_list()
    assert rows[0]["sent"] == "2007-05-03T09:00:00Z"
    assert rows[0]["tags"] == "ELAB NO"
    assert rows[1]["subject"] == "'=1+1"
    lines = (
        export(corpus.cables.select("cable", "subject"), tmp_path / "cables.md")
        .read_text(encoding="utf-8")
        .splitlines()
    )
    assert len(lines) == 2 + len(ROWS)
    with pytest.raises(UnknownOption, match=r"Files end in \.csv"):
        export(corpus, tmp_path / "cables.xls")


def test_every_frame_of_a_corpus_can_be_exported():
    for name in SCHEMAS:
        made = csv_text(frame(name, [{}]))
        assert made.splitlines()[0] == ",".join(SCHEMAS[name])


def test_a_markdown_cell_stays_one_cell_and_brings_no_markup():
    made = markdown_table(pl.DataFrame({"subject": ["<script>|\n# x", "[a](javascript:b) `c`"]}))
    first, second = made.splitlines()[2:]
    assert first == r"| &lt;script&gt;\| # x |"
    assert second == r"| \[a\](javascript:b) \`c\` |"


def test_a_card_tells_sources_filters_counts_and_versions(corpus):
    card = provenance(corpus.filter(where.from_post("Oslo", "Almaty")), "A <b>figure</b>", filters=["first `two`"])
    told = card.markdown()
    assert card.cables == 2
    assert card.filters == ('cl.from_post("Oslo", "Almaty")', "first `two`")
    assert card.sources["source"].to_list() == ["07OSLO12.html", "cables.csv"]
    assert card.sources["sha256"][0] == HASH
    assert (card.first, card.last) == ("2007-05-03", "2007-05-03")
    assert card.counts == {"posts": 2, "partial extracts": 1, "without a date": 1}
    for part in ("A &lt;b&gt;figure", '`cl.from_post("Oslo", "Almaty")`', pl.__version__, card.digest, HASH):
        assert part in told
    assert "somewhere" not in told


def test_the_digest_follows_the_selection_and_not_its_order(corpus):
    whole = provenance(corpus)
    turned = Corpus({"cables": corpus.cables.sort("cable", descending=True)})
    assert provenance(turned).digest == whole.digest
    assert provenance(corpus.filter(where.from_post("OSLO"))).digest != whole.digest
    changed = Corpus({"cables": corpus.cables.with_columns(sha256=pl.lit("00" * 32))})
    assert provenance(changed).digest != whole.digest


def test_a_card_of_nothing_is_a_card():
    card = provenance(Corpus({}))
    assert card.cables == 0
    assert card.first is None
    assert "- Cables: 0\n" in str(card)


def test_hits_of_a_search_cite_a_cable_once():
    corpus = sample()
    hits = corpus.search("the ministry")
    ids = hits["cable"].unique(maintain_order=True)
    assert len(ids) < hits.height
    assert cite(corpus, hits.head(50)) == cite(corpus, hits.head(50)["cable"].unique(maintain_order=True))
    assert len(cite(corpus, hits.filter(pl.col("cable").is_in(ids.head(2).implode()))).splitlines()) == 2


def test_a_cable_of_the_sample_is_cited_as_fictional_and_no_other(corpus, tmp_path):
    ours = sample()
    sample_id, csv_id = ours.ids[0], ours.cables.filter(pl.col("format") == "csv")["cable"][0]
    ours.select([sample_id, csv_id]).save(tmp_path)
    for held in (ours, cl_open(tmp_path)):
        for style in ("chicago", "bibtex", "ris", "csl-json"):
            for name in (sample_id, csv_id):
                assert "fictional" in cite(held, name, style)
        with pytest.raises(NotCitable):
            cite(held, sample_id, "nara")
    for style in ("chicago", "bibtex", "ris", "csl-json"):
        assert "fictional" not in cite(corpus, corpus.ids, style)
    namesake = ROWS[0] | {"source": "sample.zip!07OSLO12.html"}
    assert "fictional" not in cite(Corpus({"cables": frame("cables", [namesake])}), "07OSLO12")


def test_one_of_a_kind_is_told_in_the_singular():
    told = provenance(Corpus({"cables": frame("cables", ROWS[:1])})).markdown()
    assert "1 post" in told
    assert "1 posts" not in told


def test_numbers_of_the_archive_are_cited_where_a_record_tells_them():
    record = (
        "Message Text\n\nR 110940Z JUN 74\nFM AMEMBASSY OSLO\nTO SECSTATE WASHDC 2871\n\nUNCLAS OSLO 2119\n\nSUBJECT: FISH\n\n"
        "1. CATCHES FELL.\nBRANT\n\nMessage Attributes\n\n Draft Date: 11 JUN 1974\n Document Number: 1974OSLO02119\n"
        " Film Number: D740150-0456\n From: OSLO\n Type: TE\n"
    )
    corpus = parse(record)
    archival = cite(corpus, "74OSLO2119", style="nara")
    assert (
        "Telegram 02119, June 11, 1974, 1974OSLO02119, film number D740150-0456, Central Foreign Policy Files, 1973-79"
        in archival
    )
    for style in ("chicago", "bibtex", "ris", "csl-json"):
        written = cite(corpus, "74OSLO2119", style=style)
        assert "document number 1974OSLO02119" in written, style
        assert "film number D740150-0456" in written, style
