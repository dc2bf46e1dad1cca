"""Ingest on a cluster: a real scheduler and two worker processes, one of which is killed half-way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pytest

from cablelab import facts, storage
from cablelab.corpus import open as open_corpus
from cablelab.errors import CablelabError, NotACorpus
from cablelab.frames import NAMES
from cablelab.ingest import Progress, batches, ingest
from cablelab.reading import read
from cablelab.samples import add_facts, generate
from cablelab.storage.remote import located

distributed = pytest.importorskip("distributed", reason="dask.distributed is not installed; see the extra `cluster`")
ROOT = Path(__file__).resolve().parents[1]
STORAGE = """
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
"""
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]  # the scheduler's own are not ours


@pytest.fixture
def cluster(tmp_path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    file = tmp_path / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": tmp_path}
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "5"}
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0"]
    command += ["--no-dashboard", "--no-jupyter", "--scheduler-file", str(file)]
    processes = [subprocess.Popen(command, env=environment, **quiet)]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", str(file), "--nthreads", "1"]
    worker += ["--no-nanny", "--no-dashboard", "--death-timeout", "30"]
    try:
        began = time.monotonic()
        while not file.exists() and time.monotonic() - began < 30:
            time.sleep(0.05)
        processes += [subprocess.Popen(worker, env=environment, **quiet) for _ in range(2)]
        yield str(file), processes[1:]
    finally:
        for process in reversed(processes):
            process.terminate()
        for process in processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:  # a worker that is still starting hears nothing
                process.kill()
                process.wait()


@pytest.fixture
def bucket(monkeypatch) -> Iterator[str]:
    """A bucket on an S3 server of its own, told to this process and to those it starts."""
    pytest.importorskip("s3fs", reason="s3fs is not installed; see the extra `test`")
    pytest.importorskip("moto.server", reason="moto is not installed; see the extra `test`")
    import s3fs

    command = [sys.executable, "-c", STORAGE]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        try:
            monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{int(server.stdout.readline())}")
            monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
            monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
            monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
            s3fs.S3FileSystem.clear_instance_cache()
            s3fs.S3FileSystem().mkdir("archive")
            yield "s3://archive"
        finally:
            s3fs.S3FileSystem.clear_instance_cache()
            server.kill()


@contextmanager
def client_of(file: str) -> Iterator[distributed.Client]:
    with distributed.Client(scheduler_file=file, timeout=30, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=30)
        yield client


class Killer:
    """Kills a worker after some batches."""

    def __init__(self, worker: subprocess.Popen[bytes], after: int) -> None:
        self.worker, self.after = worker, after
        self.ended: int | None = None
        self.skipped = 0

    def __call__(self, progress: Progress) -> None:
        self.skipped = progress.skipped
        if progress.batches == self.after:
            os.kill(self.worker.pid, signal.SIGKILL)
            self.ended = self.worker.wait()


@pytest.fixture(autouse=True)
def _small_batches_and_invented_posts(monkeypatch) -> Iterator[None]:
    monkeypatch.setattr(batches, "BYTES", 30_000)
    monkeypatch.setattr(batches, "FILES", 10)
    with facts.added():
        add_facts()
        yield


def test_cluster_gives_the_same_corpus_though_a_worker_dies(cluster, tmp_path):
    file, workers = cluster
    sources = generate(150, 21).write(tmp_path / "sources")
    kill = Killer(workers[0], 3)
    with client_of(file) as client:
        executor = client.get_executor(pure=False)
        corpus = ingest(sources, to=tmp_path / "corpus", executor=executor, progress=kill)
        assert len(client.scheduler_info()["workers"]) == 1
    expected = read(sources, progress=False)
    assert kill.ended == -signal.SIGKILL
    for name in NAMES:
        assert corpus.frame(name).equals(expected.frame(name), null_equal=True), name


def test_cluster_and_remote_storage_give_the_same_corpus_though_a_worker_dies(bucket, cluster, tmp_path):
    import s3fs

    file, workers = cluster
    sources = generate(100, 21).write(tmp_path / "sources")
    s3fs.S3FileSystem().put(str(sources), "archive/cables", recursive=True)
    to, kill = f"{bucket}/corpus", Killer(workers[0], 6)

    def interrupt(progress: Progress) -> None:
        if progress.batches == 3:
            raise KeyboardInterrupt

    with client_of(file) as client:
        executor = client.get_executor(pure=False)
        with pytest.raises(KeyboardInterrupt):
            ingest(f"{bucket}/cables", to=to, executor=executor, progress=interrupt)
        with pytest.raises(NotACorpus, match=r"has no manifest"):
            open_corpus(to)
        made = ingest(f"{bucket}/cables", to=to, executor=executor, progress=kill)
        assert len(client.scheduler_info()["workers"]) == 1
        told: list[Progress] = []
        ingest(f"{bucket}/cables", to=to, executor=executor, progress=told.append)
    assert kill.ended == -signal.SIGKILL
    assert kill.skipped  # the batches that were finished before the interrupt
    assert not told  # nothing has changed, so nothing is read
    expected = read(sources, progress=False)
    opened = open_corpus(to)
    assert len(opened) == expected.cables.height
    for name in NAMES:
        frame = expected.frame(name)
        if "source" in frame.columns:
            there = pl.col("source").str.replace(str(sources), f"{bucket}/cables", literal=True)
            frame = frame.with_columns(there)
        assert made.frame(name).equals(frame, null_equal=True), name
        assert opened.frame(name).equals(frame, null_equal=True), name
    storage.verify(to)
    left = {name.rpartition("/")[2] for name in s3fs.S3FileSystem(use_listings_cache=False).find("archive/corpus")}
    assert left == {part.file for part in storage.manifest(to)} | {storage.MANIFEST, ".sources.json"}


def test_bucket_whose_name_is_mistyped_is_not_made(bucket, tmp_path):
    sources = generate(3, 1).write(tmp_path / "sources")
    with pytest.raises(CablelabError, match="there is no 'mistyped'"):
        ingest(sources, to="s3://mistyped/corpus")
    fs = located(bucket).fs
    assert not fs.exists("mistyped")
    assert fs.exists(bucket)
