"""What a source says or is called does nothing where its frames are shown: no terminal obeys it, no spreadsheet runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

import cablelab as cl
from cablelab.errors import CablelabError, NothingToRead, NotSaved
from cablelab.export import csv_text
from cablelab.frames import NAMES
from cablelab.ingest import ingest
from cablelab.reading.controls import MARKS

ROOT = Path(__file__).resolve().parents[1]
CABLE = "UNCLAS PORT KESTREL 000012\n\nSUBJECT: FISH\n\n1. Catches fell.\n"
CONTROLS = "\x1b\x07\x00\x08\r\x7f\x9b\x85\u202e\u2066"
ODD = (
    "R 011200Z JAN 07\nFM AMEMBASSY PORT \x1b[2JKESTREL\nTO SECSTATE \x9b31m\nUNCLAS PORT KESTREL 000012\n\nTAGS: EL\x1bAB, PREL\n"
    "SUBJECT: \x1b]52;c;cmFu\x07FISH \u202eabc\nREF: (A) OSLO 7 \x1b[1m\nClassified By: Ada \x07Quill, Reason 1.4 (b)\n\n"
    "1. (U) SUMMARY: Catches \x1b[31mfell\x00 by half.\x7f\n\n2. (U) They \x9brose.\nQUILL\n"
)


def strings(frame: pl.DataFrame) -> str:
    values = [frame[c].explode() for c, kind in frame.schema.items() if kind in (pl.String, pl.List(pl.String))]
    return "\n".join(v for column in values for v in column.drop_nulls().to_list())


@pytest.mark.parametrize("way", ["read", "ingest", "parse"])
def test_no_field_holds_what_a_terminal_obeys(tmp_path, way):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(ODD + "It ended." * (name == "a.txt"))
    if way == "parse":
        corpus = cl.parse([ODD, ODD + "It ended."])
    else:
        corpus = cl.read(tmp_path) if way == "read" else ingest(tmp_path, to=tmp_path / "c", workers=1)
    assert len(corpus) == corpus.copies.height == 1
    for name in NAMES:
        frame = corpus.frame(name).drop(["text"] if name in {"texts", "copies"} else [])
        assert not set(CONTROLS) & set(strings(frame)), name
    told = corpus.problems.filter(code="control-characters")
    assert {"subject", "text", "name"} <= set(told["field"])
    assert told["source"].n_unique() == 2
    assert "\u241b]52;c;cmFu\u2407FISH \ufffdabc" in corpus.cables["subject"].item()


def test_texts_keep_them_and_all_offsets_agree():
    corpus = cl.parse(ODD)
    text = corpus.texts["text"].item()
    assert text == ODD
    for start, end, said in corpus.paragraphs.select("start", "end", "text").iter_rows():
        assert said == text[start:end].translate(str.maketrans(MARKS))
    assert len(corpus.paragraphs) == 2


def test_line_feeds_tabs_and_words_of_all_scripts_are_no_controls():
    corpus = cl.parse(CABLE.replace("fell", "fell\n\tin Ø, \u200bŁódź, \u05d0\u200f, e\u0301 \U0001f41f \xad"))
    assert "control-characters" not in corpus.problems["code"].to_list()
    assert corpus.paragraphs["text"].item() in corpus.texts["text"].item()


def test_name_of_a_file_writes_nothing_to_a_terminal(tmp_path):
    (tmp_path / "\x1b[2J.txt").write_text(CABLE)
    (tmp_path / "\x1b]0;x\x07.pdf").write_bytes(b"%PDF-1.4 broken")
    corpus = cl.read(tmp_path)
    assert "\x1b" not in strings(corpus.cables) + strings(corpus.problems)
    assert corpus.cables["source"].item().endswith("\u241b[2J.txt")


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="names of files are text there")
def test_source_is_the_same_in_every_locale(tmp_path):
    folder = os.fsencode(tmp_path)
    for name in ("café".encode(), b"caf\xe9", b"\xff\xfe", "日本".encode()):
        Path(os.fsdecode(folder + b"/" + name + b".txt")).write_text(
            CABLE + os.fsdecode(name).encode("ascii", "replace").decode()
        )
    code = (
        "import cablelab as cl, sys; corpus = cl.read(sys.argv[1]);"
        "print(ascii(sorted(corpus.copies['source'].to_list())), ascii(corpus.cables['source'][0]))"
    )
    told = set()
    for place in (
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "C.UTF-8"},
        {"PYTHONUTF8": "1", "LC_ALL": "POSIX"},
    ):
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHONUTF8"))} | place
        done = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, env=kept, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        told.add(done.stdout)
    assert len(told) == 1
    assert "caf\\xe9" in told.pop()


@pytest.mark.parametrize(
    "before", ["", " ", "\u3000", "\xa0 ", "\u200b", "\ufeff", "\u2060\xad", "\n", "\t \u200d", "\x0b\x1b", "\u202e"]
)
@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹢"])
def test_formula_is_defused_behind_what_shows_nothing(before, sign):
    cell = f"{before}{sign}HYPERLINK(1)"
    column, value = (
        csv_text(pl.DataFrame({cell: [cell]})).encode().decode().split("\n'" if "\n" not in before else '"\n', 1)
    )
    assert column.lstrip('"').startswith("'")
    assert value.lstrip('"').startswith(("'", cell))


@pytest.mark.parametrize("cell", ["FISH", "a=b", "1-2", " FISH = food", "", "\u200bFISH", "(-1)"])
def test_other_cells_stay_as_they_are(cell):
    assert csv_text(pl.DataFrame({"x": [cell]})) == pl.DataFrame({"x": [cell]}).write_csv()


@pytest.fixture
def deep(tmp_path):
    """A folder that lies deeper than the system lets a path be named."""
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "07PORTKESTREL12.txt").write_text(CABLE)
    here = Path.cwd()
    try:
        os.chdir(tmp_path / "source")
        for _ in range(25):
            Path("d" * 200).mkdir()
            os.chdir("d" * 200)
        Path("07PORTKESTREL13.txt").write_text(CABLE)
    except OSError:
        pytest.skip("the system does not let such a folder be made")
    finally:
        os.chdir(here)
    yield tmp_path / "source"
    subprocess.run(["rm", "-rf", str(tmp_path / "source")], check=True)


@pytest.mark.skipif(sys.platform == "win32", reason="such folders cannot be made there")
@pytest.mark.parametrize("pattern", ["", "/*", "/**/*.txt"])
def test_path_beyond_the_limit_is_a_row(deep, pattern):
    read = cl.read(f"{deep}{pattern}")
    assert read.ids.to_list() == ["07PORTKESTREL12"]
    [row] = read.problems.filter(code="unreadable-file").iter_rows(named=True)
    assert "too long" in row["message"]


@pytest.mark.parametrize("name", ["q" * 300, "/".join(["q" * 200] * 30)])
def test_name_beyond_the_limit_is_an_error_with_a_cure(tmp_path, name):
    corpus = cl.parse(CABLE)
    with pytest.raises(NothingToRead):
        cl.read(tmp_path / name)
    if "/" in name:  # a folder that cannot be opened on a pattern's way
        assert cl.read(tmp_path / f"{name}/*.txt").problems["code"].to_list() == ["unreadable-file"]
    else:
        with pytest.raises(NothingToRead):
            cl.read(tmp_path / f"{name}*.txt")
    with pytest.raises(NotSaved, match="shorter"):
        corpus.save(tmp_path / name)
    with pytest.raises(CablelabError):
        cl.open(tmp_path / name)
    (tmp_path / "a.txt").write_text(CABLE)
    with pytest.raises(NotSaved, match="shorter"):
        ingest(tmp_path / "a.txt", to=tmp_path / name, workers=1)
