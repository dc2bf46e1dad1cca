"""What an ingest must stand, at any size: kills, a full disk, a cluster that loses a worker, other places and workers.

    python -m tests.benchmarks.trust SOURCE [--checks kills disk cluster places flips] [--kills 50] [--flips 200] [--most 4.0] [--folder FOLDER]

The test suite asks the same of some hundred cables (test_ingest, test_cluster, test_determinism); this is for a source
of full size. Every check compares the manifest, which holds a digest of each part, with that of a run nobody disturbed,
and verifies the parts against it.

kills    An older corpus lies in the folder. After each kill at a random moment, of the parent alone or of its workers
         too, the folder must open as the old corpus or as the new one, whole, and no finished batch may be gone.
disk     The folder is a file system (tmpfs, so this takes root) too small for the corpus, of four sizes; the old corpus
         must stay whole, and with more room the run must go on where it stopped.
cluster  dask.distributed with two worker processes, one of which is killed half-way.
places   One worker and three, other locales, time zones and hash seeds.
flips    One bit of one part is flipped: whoever asks for all frames is told, with a cure, or gets what was saved.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import cablelab as cl
from cablelab import facts, storage
from cablelab.errors import CablelabError, IngestStopped
from cablelab.frames import NAMES
from cablelab.ingest import Progress, ingest
from cablelab.samples import add_facts, generate

ROOT = Path(__file__).resolve().parents[2]
RUN = """
import sys
from cablelab.ingest import batches, ingest
from cablelab.samples import add_facts
batches.BYTES = int(sys.argv[4])
add_facts()
if __name__ == "__main__":
    ingest(sys.argv[1], to=sys.argv[2], workers=int(sys.argv[3]), progress=False)
"""
SMALL = 1 << 22  # bytes of a batch in the checks of kills, so that there is much to lose
USUAL = 32 << 20
PLACES = (
    (1, {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONUTF8": "0"}),
    (3, {"PYTHONHASHSEED": "4242", "TZ": "America/Los_Angeles", "LC_ALL": "tr_TR.UTF-8", "POLARS_MAX_THREADS": "1"}),
)


def start(
    source: Path, folder: Path, workers: int = 2, batch: int = USUAL, environment: dict[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Begin an ingest in a process group of its own."""
    command = [sys.executable, "-c", RUN, str(source), str(folder), str(workers), str(batch)]
    environment = {**os.environ, **(environment or {})}
    return subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True, stderr=subprocess.PIPE)


def manifest_of(folder: Path) -> bytes:
    """Verify the corpus in the folder to the last byte and return its manifest."""
    storage.verify(folder)
    return (folder / storage.MANIFEST).read_bytes()


def finished(folder: Path) -> set[str]:
    """Name the records of batches that are finished."""
    return {path.name for path in (folder / ".ingest").glob("?" * 32 + ".json")}


def stray(folder: Path) -> list[str]:
    """Name what lies in a corpus's folder and belongs to nothing."""
    parts = {part.file for part in storage.manifest(folder)}
    return sorted({path.name for path in folder.iterdir()} - parts - {storage.MANIFEST, ".sources.json", ".lock"})


def kills(source: Path, root: Path, old: Path, count: int, most: float, seed: int) -> str:
    """Kill `count` times and finish."""
    rng = random.Random(seed)
    folder, expected = root / "killed", root / "expected"
    shutil.copytree(old, folder)
    undisturbed = start(source, expected, batch=SMALL)
    assert undisturbed.wait() == 0
    before, new = manifest_of(old), manifest_of(expected)
    kept: set[str] = set()
    rounds = lost = 0
    for _ in range(count):
        process = start(source, folder, batch=SMALL)
        time.sleep(rng.uniform(0.3, most))
        (os.killpg if rng.random() < 0.5 else os.kill)(process.pid, signal.SIGKILL)
        process.communicate()
        now = manifest_of(folder)
        assert now in (before, new), "neither the old corpus nor the new one"
        if now == new:
            rounds += 1
            shutil.rmtree(folder)
            shutil.copytree(old, folder)
            kept = set()
            continue
        lost += len(kept - finished(folder))
        kept = finished(folder)
    assert start(source, folder, batch=SMALL).wait() == 0
    assert manifest_of(folder) == new, "the resumed corpus is not the undisturbed one"
    assert not lost, f"{lost} finished batches were lost"
    return (
        f"{count} kills: {count - rounds} times the old corpus opened, {rounds} times the new one, whole; "
        f"finished batches lost: {lost}; left over: {stray(folder) or 'nothing'}"
    )


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Callable[[int], None]]:
    """Mount a file system of that size on the folder; yield what gives it another size."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)], check=True)
    try:
        yield lambda more: subprocess.run(["mount", "-o", f"remount,size={more}m", str(folder)], check=True) and None
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def _size(folder: Path) -> int:
    """Give the megabytes of a folder's files, rounded up to what they fill."""
    return -(-sum(path.stat().st_size + 4096 for path in folder.iterdir()) // (1 << 20))


def _stops(source: Path, folder: Path) -> bool:
    try:
        ingest(source, to=folder, progress=False)
    except IngestStopped:
        return True
    return False


def disk(source: Path, root: Path, old: Path, expected: Path) -> str:
    """Run out of space at four sizes, then go on with room enough."""
    base, needed = _size(old) + 1, _size(expected)
    told: list[Progress] = []
    with small_disk(root / "disk", base) as resize:
        folder = root / "disk" / "corpus"
        shutil.copytree(old, folder)
        before = manifest_of(old)
        for share in (0.05, 0.4, 0.8, 1.0):
            resize(base + int(needed * share))
            assert _stops(source, folder), f"it fits into {share:.0%} of what it needs"
            assert manifest_of(folder) == before, "the old corpus is not whole"
        resize(base + 4 * needed + 64)
        ingest(source, to=folder, progress=told.append)
        assert manifest_of(folder) == manifest_of(expected), "the resumed corpus is not the undisturbed one"
        left = stray(folder)
    again = told[0].bytes_in_all - told[0].skipped if told else 0
    return f"4 full disks, the old corpus whole each time; {again / 1e6:,.0f} MB were left to read; left over: {left or 'nothing'}"


def cluster(source: Path, root: Path, expected: Path) -> str:
    """Read on two worker processes, one of which dies."""
    from distributed import Client, LocalCluster

    killed: list[int] = []
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as local,
        Client(local) as client,
    ):

        def kill_one(progress: Progress) -> None:
            if not killed and progress.batches >= progress.batches_in_all // 2:
                killed.append(local.workers[0].pid)
                os.kill(killed[0], signal.SIGKILL)

        began = time.monotonic()
        ingest(source, to=root / "cluster", executor=client.get_executor(pure=False), progress=kill_one)
        seconds = time.monotonic() - began
    assert killed, "no worker was killed"
    assert manifest_of(root / "cluster") == manifest_of(expected), "the cluster's corpus is another"
    return f"the same corpus in {seconds:.0f} s, though a worker was killed half-way"


def places(source: Path, root: Path, expected: Path) -> str:
    """Read with other workers in other places."""
    for i, (workers, environment) in enumerate(PLACES):
        process = start(source, root / f"place-{i}", workers, environment=environment)
        _, said = process.communicate()
        assert process.returncode == 0, said.decode()
        assert manifest_of(root / f"place-{i}") == manifest_of(expected), f"another corpus under {environment}"
        shutil.rmtree(root / f"place-{i}")
    return f"{1 + len(PLACES)} runs gave the same bytes"


def flips(expected: Path, count: int, seed: int) -> str:
    """Flip bits one at a time, and ask for every frame."""
    rng, told = random.Random(seed), 0
    corpus = cl.open(expected)
    whole = {name: corpus.frame(name) for name in NAMES}
    parts = storage.manifest(expected)
    for i in range(count):
        path = expected / parts[i % len(parts)].file
        data = path.read_bytes()
        damaged = bytearray(data)
        damaged[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        path.write_bytes(damaged)
        try:
            damaged_corpus = cl.open(expected)
            same = all(damaged_corpus.frame(name).equals(whole[name]) for name in NAMES)
            assert same, f"a flipped bit of {path.name} changed a frame in silence"
        except CablelabError:
            told += 1
        finally:
            path.write_bytes(data)
    return f"{told} of {count} flipped bits were told, the others changed no frame"


def main() -> None:
    """Read the command line, disturb, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("source", type=Path)
    parser.add_argument("--checks", nargs="+", default=["kills", "disk", "cluster", "places"])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--flips", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most", type=float, default=4.0, help="seconds after which a run is killed at the latest")
    parser.add_argument("--folder", type=Path, help="where corpora are written for the time being")
    chosen = parser.parse_args()
    with TemporaryDirectory(dir=chosen.folder) as temporary, facts.added():
        add_facts()
        root = Path(temporary)
        old, expected = root / "old", root / "usual"
        ingest(generate(30, 3).write(root / "before"), to=old, workers=1)
        if set(chosen.checks) - {"kills"}:
            began = time.monotonic()
            ingest(chosen.source, to=expected, progress=False)
            print(f"undisturbed: {time.monotonic() - began:.0f} s", flush=True)
        checks: dict[str, Callable[[], str]] = {
            "kills": lambda: kills(chosen.source, root, old, chosen.kills, chosen.most, chosen.seed),
            "disk": lambda: disk(chosen.source, root, old, expected),
            "cluster": lambda: cluster(chosen.source, root, expected),
            "places": lambda: places(chosen.source, root, expected),
            "flips": lambda: flips(expected, chosen.flips, chosen.seed),
        }
        for name in chosen.checks:
            began = time.monotonic()
            said = checks[name]()
            print(f"{name}: {said} ({time.monotonic() - began:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
