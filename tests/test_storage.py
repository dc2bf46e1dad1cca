"""Damage to a saved corpus is told, with a cure; what is not ours is left alone; what cannot be written leaves what was there."""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from cablelab import storage
from cablelab.cli import main
from cablelab.corpus import Corpus
from cablelab.corpus import open as open_corpus
from cablelab.doctor import doctor
from cablelab.errors import NotACorpus, NotSaved
from cablelab.frames import NAMES
from cablelab.reading import parse
from cablelab.storage import parts as parts_module

ROOT = Path(__file__).resolve().parents[1]
FULL = """
import resource, signal, sys
import cablelab as cl
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
corpus = cl.sample()
resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, resource.RLIM_INFINITY))
try:
    corpus.save(sys.argv[1])
except cl.errors.CablelabError as error:
    print(type(error).__name__, error)
"""


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    texts = [
        f"UNCLAS OSLO {n:06d}\n\nSUBJECT: FISH {n}\n\nREF: STOCKHOLM {n + 1}\n\n1. Catches fell." for n in range(1, 40)
    ]
    return parse([*texts, texts[0] + "\n\n2. Ports were closed.", "(C) 05 OSLO 3"])


@pytest.fixture(scope="module")
def saved(corpus, tmp_path_factory) -> Path:
    corpus.save(tmp_path_factory.mktemp("saved"))
    return next(tmp_path_factory.getbasetemp().glob("saved*"))


@pytest.fixture
def folder(saved, tmp_path) -> Path:
    return Path(shutil.copytree(saved, tmp_path / "corpus"))


def files(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file() and p.name != ".lock"}


def flip(path: Path, byte: int, bit: int) -> None:
    content = bytearray(path.read_bytes())
    content[byte] ^= 1 << bit
    path.write_bytes(content)


@pytest.mark.parametrize("name", NAMES)
def test_any_flipped_bit_is_told_on_first_use(folder, name):
    """Wherever it is: in the file's head, in a page of it, in what describes it."""
    part = next(p for p in storage.manifest(folder) if p.frame == name)
    whole = (folder / part.file).read_bytes()
    rng = random.Random(name)
    for byte in [0, len(whole) - 1, len(whole) - 6, *(rng.randrange(len(whole)) for _ in range(7))]:
        flip(folder / part.file, byte, rng.randrange(8))
        with pytest.raises(NotACorpus, match=rf"{part.file} .*Copy the folder once more.*ead the sources again"):
            open_corpus(folder).frame(name)
        with pytest.raises(NotACorpus, match=part.file):
            doctor(open_corpus(folder))
        (folder / part.file).write_bytes(whole)
    doctor(open_corpus(folder))


def test_of_many_parts_the_one_that_is_damaged_is_told(tmp_path, corpus):
    halves = corpus.texts.head(1), corpus.texts.tail(-1)
    parts = [storage.write_part(tmp_path, "texts", half) for half in halves]
    storage.commit(tmp_path, parts)
    assert open_corpus(tmp_path).texts.equals(corpus.texts)
    flip(tmp_path / parts[1].file, parts[1].bytes // 2, 3)
    with pytest.raises(NotACorpus, match=f"the part {parts[1].file} is not as it was written"):
        open_corpus(tmp_path).texts  # noqa: B018


def test_frames_that_are_whole_can_be_read_beside_one_that_is_not(folder, corpus):
    part = next(p for p in storage.manifest(folder) if p.frame == "spans")
    flip(folder / part.file, part.bytes // 2, 3)
    opened = open_corpus(folder)
    assert opened.cables.equals(corpus.cables)
    with pytest.raises(NotACorpus, match="spans-"):
        opened.filter(post="OSLO").spans  # noqa: B018
    with pytest.raises(NotACorpus, match="spans-"):
        opened.save(folder.parent / "again")


def test_the_command_says_what_is_damaged_and_what_to_do(folder, capsys):
    part = next(p for p in storage.manifest(folder) if p.frame == "texts")
    flip(folder / part.file, part.bytes // 2, 3)
    assert main(["doctor", str(folder)]) == 2
    assert f"the part {part.file} is not as it was written. Copy the folder once more" in capsys.readouterr().err


@pytest.mark.parametrize(
    "content",
    [
        "[" * 200_000, '{"version":' + "9" * 10_000 + "}", "\xff", "null", '{"corpus": "cablelab", "version": true, "parts": 1}',
    ],
)  # fmt: skip
def test_an_odd_manifest_is_told(folder, content):
    (folder / storage.MANIFEST).write_text(content, "latin-1")
    with pytest.raises(NotACorpus):
        open_corpus(folder)


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m["parts"][0].update(frame=["texts"]),
        lambda m: m["parts"][0].update(rows="3"),
        lambda m: m["parts"][0].update(rows=m["parts"][0]["rows"] + 1),
        lambda m: m["rows"].update(cables=0),
        lambda m: m["parts"].append(m["parts"][0]),
        lambda m: m["parts"].pop(),
        lambda m: m["parts"][0].update(sha256="0" * 64),
        lambda m: m["parts"][0].update(frame="spans"),
        lambda m: m.update(parts={}),
    ],
)
def test_entries_of_a_manifest_that_disagree_are_told(folder, change):
    content = json.loads((folder / storage.MANIFEST).read_text())
    change(content)
    (folder / storage.MANIFEST).write_text(json.dumps(content))
    with pytest.raises(NotACorpus):
        open_corpus(folder)


def test_a_manifest_that_is_a_folder_is_told(folder):
    (folder / storage.MANIFEST).unlink()
    (folder / storage.MANIFEST).mkdir()
    with pytest.raises(NotACorpus, match="cannot be read"):
        open_corpus(folder)


def test_a_reader_whose_folder_is_saved_anew_is_told_to_open_it_again(folder, corpus):
    opened, other = open_corpus(folder), open_corpus(folder)
    assert other.texts.height == len(corpus)
    corpus.filter(pl.col("number") < 5).save(folder)
    with pytest.raises(NotACorpus, match=r"saved anew since it was opened\. Open it again"):
        opened.texts  # noqa: B018
    assert other.texts.height == len(corpus)
    with pytest.raises(NotACorpus, match="Open it again"):
        other.spans  # noqa: B018
    assert len(open_corpus(folder)) < len(corpus)


def test_a_file_that_is_only_named_like_a_part_is_never_removed(folder, corpus):
    own = folder / "texts-0123456789abcdef.parquet"
    own.write_bytes(b"mine")
    stray = folder / storage.write_part(folder, "texts", corpus.texts.head(1)).file
    corpus.filter(pl.col("number") < 9).save(folder)
    assert own.read_bytes() == b"mine"
    assert not stray.exists()
    storage.sweep(folder)
    assert own.read_bytes() == b"mine"


def test_a_part_of_the_corpus_before_that_somebody_changed_is_not_removed(folder, corpus):
    part = next(p for p in storage.manifest(folder) if p.frame == "texts")
    (folder / part.file).write_bytes(b"mine")
    corpus.filter(pl.col("number") < 9).save(folder)
    assert (folder / part.file).read_bytes() == b"mine"


def test_a_full_disk_leaves_the_corpus_before_and_nothing_half_written(folder):
    pytest.importorskip("resource")
    before = files(folder)
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(folder)],
        env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.startswith("NotSaved The corpus cannot be saved to ")
    assert "there is no room left. Make room, or save to another disk." in done.stdout
    assert files(folder) == before


def test_saving_onto_a_file_says_so(corpus, tmp_path):
    (tmp_path / "notes").write_text("mine")
    for place in ("notes", "notes/corpus"):
        with pytest.raises(NotSaved, match=r"a file stands there\. Give the name of a folder"):
            corpus.save(tmp_path / place)
    assert (tmp_path / "notes").read_text() == "mine"


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_a_folder_that_may_not_be_written_says_so(corpus, tmp_path, monkeypatch, number):
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number), "corpus")

    monkeypatch.setattr(parts_module, "write_part", refuse)
    with pytest.raises(NotSaved, match=r"it may not be written\. Save to a folder of your own"):
        corpus.save(tmp_path / "corpus")


def test_what_a_damaged_corpus_is_replaced_by_is_whole(folder, corpus):
    for path in folder.glob("*.parquet"):
        path.write_bytes(b"")
    corpus.save(folder)
    doctor(open_corpus(folder))
    for name in NAMES:
        assert open_corpus(folder).frame(name).equals(corpus.frame(name))


def test_a_corpus_is_not_saved_among_sources(corpus, tmp_path):
    (tmp_path / "07OSLO12.txt").write_text("UNCLAS OSLO 000012")
    (tmp_path / ".hidden").write_text("")
    with pytest.raises(
        NotSaved,
        match=r"other files lie there, 07OSLO12\.txt among them\. Save to a folder of its own, such as .*corpus",
    ):
        corpus.save(tmp_path)
    assert sorted(files(tmp_path)) == [".hidden", "07OSLO12.txt"]
    corpus.save(tmp_path / "corpus")
    assert len(open_corpus(tmp_path / "corpus")) == len(corpus)
