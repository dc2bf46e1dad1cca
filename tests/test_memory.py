"""Under a limit of memory a run says what it needs and leaves the folder as it was; it never dies without a word."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import cablelab as cl
from cablelab.errors import CablelabError, IngestStopped, NotEnoughMemory
from cablelab.ingest import ingest, work
from cablelab.reading import memory

resource = pytest.importorskip("resource", reason="limits of a process are those of POSIX")

ROOT = Path(__file__).resolve().parents[1]
READ = "import sys, cablelab as cl; cl.read(sys.argv[1])"
LIMITED = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux keeps to RLIMIT_AS")


@pytest.fixture
def cables(tmp_path):
    folder = tmp_path / "cables"
    folder.mkdir()
    for n in range(1, 41):
        text = f"UNCLAS PORT KESTREL {n:06}\n\nSUBJECT: NETS {n}\n\n1. Nets were mended.\n"
        (folder / f"07PORTKESTREL{n}.txt").write_text(text)
    return folder


def under(mib: int | None, *command: str) -> subprocess.CompletedProcess[str]:
    def limit() -> None:
        if mib is not None:
            resource.setrlimit(resource.RLIMIT_AS, (mib << 20, mib << 20))

    return subprocess.run(
        [sys.executable, *command], env=os.environ | {"PYTHONPATH": str(ROOT), "POLARS_MAX_THREADS": "2"}, text=True,
        capture_output=True, check=False, preexec_fn=limit,
    )  # fmt: skip


@LIMITED
@pytest.mark.parametrize("mib", [600, 900, 1_050])
@pytest.mark.parametrize("workers", [1, 2])
def test_a_run_under_a_limit_says_what_it_needs_and_the_folder_is_whole(cables, tmp_path, mib, workers):
    corpus = tmp_path / "corpus"
    command = ("-m", "cablelab", "read", str(cables), "-o", str(corpus), f"--workers={workers}")
    refused = under(mib, *command)
    assert (refused.returncode, refused.stdout) == (2, "")
    [line] = refused.stderr.splitlines()
    assert f"{mib:,} MiB" in line
    assert "1,200 MiB" in line
    assert "ulimit -v unlimited" in line
    assert not corpus.exists()
    if mib == 900:
        assert under(None, *command).returncode == 0
        assert len(cl.open(corpus)) == 40


@LIMITED
def test_a_corpus_that_was_there_outlives_a_refused_run(cables, tmp_path):
    corpus = tmp_path / "corpus"
    command = ("-m", "cablelab", "read", str(cables), "-o", str(corpus), "--workers=1")
    ingest(cables, to=corpus, workers=1)
    (cables / "07PORTKESTREL1.txt").unlink()
    assert under(900, *command).returncode == 2
    assert len(cl.open(corpus)) == 40
    assert under(None, *command).returncode == 0
    assert len(cl.open(corpus)) == 39


@LIMITED
def test_read_in_python_is_refused_likewise(cables):
    refused = under(900, "-c", READ, str(cables))
    assert refused.returncode == 1
    assert refused.stderr.splitlines()[-1].startswith("cablelab.errors.NotEnoughMemory: ")
    assert under(1_500, "-c", READ, str(cables)).returncode == 0


def test_more_to_read_needs_more_under_the_same_limit(monkeypatch):
    monkeypatch.setattr(memory, "_used", lambda: 0)
    monkeypatch.setattr(memory, "_limit", lambda: memory.needs(0).addresses + (100 << 20))
    memory.check(memory.needs(1_000_000))
    with pytest.raises(NotEnoughMemory, match="Raise the limit"):
        memory.check(memory.needs(70_000_000))
    memory.check(memory.needs(70_000_000, in_hand=9_000_000, workers=2))
    monkeypatch.setattr(memory, "_used", lambda: 4 << 30)  # a notebook that holds much
    with pytest.raises(NotEnoughMemory):
        memory.check(memory.needs(1_000))


def test_need_is_announced_before_anything_is_written(cables, tmp_path):
    seen = []
    ingest(
        cables,
        to=tmp_path / "corpus",
        workers=1,
        announce=lambda wanted: seen.append((wanted, (tmp_path / "corpus").exists())),
    )
    [(wanted, written)] = seen
    assert not written
    assert wanted.sources == sum(path.stat().st_size for path in cables.iterdir())
    assert wanted.processes == 1


def test_memory_that_runs_out_is_an_error_and_the_run_goes_on_later(cables, tmp_path, monkeypatch):
    def fail(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(work, "captures_of", fail)
        with pytest.raises(IngestStopped, match="memory ran out") as stopped:
            ingest(cables, to=tmp_path / "corpus", workers=1)
    assert isinstance(stopped.value, CablelabError)
    assert len(ingest(cables, to=tmp_path / "corpus", workers=1)) == 40
