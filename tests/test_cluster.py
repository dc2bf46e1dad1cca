"""Ingest on a cluster: a real scheduler and two worker processes, one of which is killed half-way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cablelab import facts
from cablelab.frames import NAMES
from cablelab.ingest import Progress, batches, ingest
from cablelab.reading import read
from cablelab.samples import add_facts, generate

distributed = pytest.importorskip("distributed", reason="dask.distributed is not installed; see the extra `cluster`")
ROOT = Path(__file__).resolve().parents[1]
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
            process.wait(20)


def test_cluster_gives_the_same_corpus_though_a_worker_dies(cluster, tmp_path, monkeypatch):
    file, workers = cluster
    monkeypatch.setattr(batches, "BYTES", 30_000)
    monkeypatch.setattr(batches, "FILES", 10)
    sources = generate(150, 21).write(tmp_path / "sources")
    killed = []

    def kill_one(progress: Progress) -> None:
        if progress.batches == 3:
            os.kill(workers[0].pid, signal.SIGKILL)
            killed.append(workers[0].wait())

    with facts.added():
        add_facts()
        with distributed.Client(scheduler_file=file, timeout=30, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=30)
            corpus = ingest(
                sources, to=tmp_path / "corpus", executor=client.get_executor(pure=False), progress=kill_one
            )
            assert len(client.scheduler_info()["workers"]) == 1
        expected = read(sources, progress=False)
    assert killed == [-signal.SIGKILL]
    for name in NAMES:
        assert corpus.frame(name).equals(expected.frame(name), null_equal=True), name
