"""Remote storage: the same frames as from this machine, and a corpus that is whole or not there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from cablelab import facts, storage
from cablelab.capture.sources import find
from cablelab.corpus import open as open_corpus
from cablelab.errors import IngestStopped, NotACorpus, NothingToRead, NotReachable
from cablelab.frames import NAMES
from cablelab.ingest import Progress, batches, ingest
from cablelab.reading import read
from cablelab.samples import add_facts, generate
from cablelab.storage.remote import is_remote, located, reached

pytest.importorskip("upath", reason="universal-pathlib is not installed; see the extra `remote`")
ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def _invented_posts(monkeypatch):
    monkeypatch.setattr(batches, "BYTES", 60_000)
    monkeypatch.setattr(batches, "FILES", 25)
    with facts.added():
        add_facts()
        yield


@pytest.fixture(scope="module")
def sources(tmp_path_factory) -> Path:
    return generate(90, 31).write(tmp_path_factory.mktemp("sources"))


@pytest.fixture
def memory():
    """A file system of fsspec's in the memory of this process."""
    fs = located("memory://").fs
    yield fs
    fs.store.clear()
    fs.pseudo_dirs[:] = [""]


def same(one, other, here: Path, there: str) -> None:
    """Compare all frames, but for the name of the place in `source`."""
    for name in NAMES:
        a, b = one.frame(name), other.frame(name)
        assert a.schema == b.schema, name
        if "source" in b.columns:
            b = b.with_columns(pl.col("source").str.replace(str(here), there, literal=True))
        assert a.equals(b, null_equal=True), name


def test_sources_and_corpus_on_remote_storage_are_as_here(sources, memory):
    memory.put(str(sources), "/cables", recursive=True)
    expected = read(sources, progress=False)
    assert expected.copies.height
    assert expected.problems.height
    same(read("memory://cables", progress=False), expected, sources, "memory://cables")
    told: list[Progress] = []
    made = ingest("memory://cables", to="memory://corpus", workers=1, progress=told.append)
    same(made, expected, sources, "memory://cables")
    same(open_corpus("memory://corpus"), expected, sources, "memory://cables")
    storage.verify("memory://corpus")
    assert told[-1].bytes == told[-1].bytes_in_all == sum(p.stat().st_size for p in sources.rglob("*") if p.is_file())
    names = {name.rpartition("/")[2] for name in memory.find("/corpus")}
    assert names == {part.file for part in storage.manifest("memory://corpus")} | {storage.MANIFEST, ".sources.json"}


def test_a_run_that_stopped_is_no_corpus_and_goes_on(sources, memory):
    memory.put(str(sources), "/cables", recursive=True)

    def interrupt(progress: Progress) -> None:
        if progress.batches == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest("memory://cables", to="memory://corpus", workers=1, progress=interrupt)
    with pytest.raises(NotACorpus, match="has no manifest"):
        open_corpus("memory://corpus")
    told: list[Progress] = []
    made = ingest("memory://cables", to="memory://corpus", workers=1, progress=told.append)
    assert len(told) == told[-1].batches_in_all - 2
    assert told[0].skipped
    same(made, read(sources, progress=False), sources, "memory://cables")


def test_a_changed_source_is_seen_and_the_corpus_replaced(memory):
    memory.pipe("/cables/a.txt", b"UNCLAS PORT KESTREL 000012\n\n1. Catches fell.")
    first = ingest("memory://cables", to="memory://cables/corpus")
    assert len(first) == 1
    memory.pipe("/cables/a.txt", b"UNCLAS PORT KESTREL 000012\n\n1. Catches rose.")
    second = ingest("memory://cables", to="memory://cables/corpus")
    assert second.texts["text"].item().endswith("rose.")
    with pytest.raises(NotACorpus, match="Open it again"):
        _ = first.texts
    assert len({name for name in memory.find("/cables/corpus") if "/texts-" in name}) == 1
    second.filter(pl.col("words") < 0).save("memory://cables/corpus")
    assert len(open_corpus("memory://cables/corpus")) == 0


def test_texts_stay_on_the_storage_until_asked_for(sources, memory, monkeypatch):
    corpus = read(sources, progress=False)
    corpus.save("memory://corpus")
    asked: list[str] = []
    real = storage.opened.fetched
    monkeypatch.setattr(storage.opened, "fetched", lambda path: asked.append(path.name) or real(path))
    opened = open_corpus("memory://corpus")
    assert opened.filter(pl.col("words") > 50).cables.height == corpus.cables.filter(pl.col("words") > 50).height
    assert {name.partition("-")[0] for name in asked} == {"cables"}
    same(opened, corpus, sources, str(sources))
    assert opened.lazy("spans").filter(pl.col("role") == "tags").select("cable").head(3).collect().height == 3
    assert opened.search("fish").equals(corpus.search("fish"))


def test_large_sources_are_streamed_and_zips_fetched(tmp_path, memory, monkeypatch):
    packed = generate(40, 4).write_zip(tmp_path / "cables.zip")
    memory.put(str(packed), "/in/cables.zip")
    expected = read(packed, progress=False)
    same(read("memory://in/cables.zip", progress=False), expected, tmp_path, "memory://in")
    monkeypatch.setattr("cablelab.storage.remote.HELD", 1_000)
    same(read("memory://in/cables.zip", progress=False), expected, tmp_path, "memory://in")
    line = '"{0}","1/4/2005 10:00","05PORTKESTREL{0}","Embassy","UNCLASSIFIED","","VZCZC","UNCLAS PORT KESTREL {0:06d}\n\n1. Fish."\n'
    (tmp_path / "cables.csv").write_text("".join(line.format(n) for n in range(1, 2_000)))
    memory.put(str(tmp_path / "cables.csv"), "/in/cables.csv")
    expected = read(tmp_path / "cables.csv", progress=False)
    same(read("memory://in/cables.csv", progress=False), expected, tmp_path, "memory://in")
    assert len(batches.plan(["memory://in/cables.csv"], facts.snapshot())) > 2
    same(ingest("memory://in/cables.csv", to="memory://corpus", workers=1), expected, tmp_path, "memory://in")


def test_folders_patterns_and_hidden_files_are_as_here(tmp_path, memory):
    for name in ("b/2.txt", "b/10.txt", "a.html", "b.txt", ".hidden.txt", "b/.git/c.txt", "é.txt"):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("UNCLAS PORT KESTREL 000012")
    memory.put(str(tmp_path / "in"), "/in", recursive=True)
    for source in ("", "/b", "/*.txt", "/**/*.txt", "/b/2.txt", "/[ab]*"):
        here = [found.name.removeprefix(str(tmp_path)) for found in find(str(tmp_path / "in") + source)]
        assert here
        assert [found.name for found in find(f"memory://in{source}")] == [f"memory:/{name}" for name in here], source
    assert len(list(find(["memory://in/b.txt", "memory://in"]))) == 5
    for absent in ("memory://in/no", "memory://in/*.csv"):
        with pytest.raises(NothingToRead, match="Check the address"):
            list(find(absent))


def test_a_failing_network_stops_the_run_and_is_no_problem_of_a_file(sources, memory, monkeypatch):
    memory.put(str(sources), "/cables", recursive=True)
    real, calls = type(memory).cat_file, []

    def failing(self, path, start=None, end=None, **options):
        calls.append(path)
        if len(calls) == 60:
            raise ConnectionError("the line is down")
        return real(self, path, start, end, **options)

    with monkeypatch.context() as patched:
        patched.setattr(type(memory), "cat_file", failing)
        with pytest.raises(IngestStopped, match=r"the line is down.*goes on"):
            ingest("memory://cables", to="memory://corpus", workers=1)
    told: list[Progress] = []
    made = ingest("memory://cables", to="memory://corpus", workers=1, progress=told.append)
    assert told[0].skipped
    same(made, read(sources, progress=False), sources, "memory://cables")


def test_urls_and_paths_are_told_apart(tmp_path):
    assert not any(is_remote(path) for path in ("C:\\cables", "C://cables", "cables", "a:b", Path("s3:"), tmp_path))
    assert located(f"file://{tmp_path}/a%20b") == tmp_path / "a b"
    assert located(str(tmp_path)) == tmp_path
    with pytest.raises(NotReachable, match="nosuchscheme"):
        open_corpus("nosuchscheme://bucket/corpus")
    with pytest.raises(NotACorpus, match="no such folder"):
        open_corpus("memory://nothing")


WITHOUT = """
import sys
sys.modules["upath"] = None
import cablelab as cl
assert "fsspec" not in sys.modules
for call in (cl.open, cl.read):
    try:
        call("s3://bucket/corpus")
    except cl.errors.CablelabError as error:
        print(error)
"""


def test_what_is_missing_is_named_and_nothing_of_it_loaded_before():
    done = subprocess.run([sys.executable, "-c", WITHOUT], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.count("Install cablelab[remote]") == 2, done.stderr


def test_what_is_forbidden_is_told_with_its_place():
    with (
        pytest.raises(NotReachable, match=r"s3://bucket/cables.*Forbidden.*your rights"),
        reached("s3://bucket/cables"),
    ):
        raise PermissionError("Forbidden")
    with pytest.raises(NotReachable, match="a scheme that fsspec knows"):
        located("nonsense://cables")
