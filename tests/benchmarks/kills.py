"""Kill an ingest at many random moments and see that nothing finished is lost and no half-written corpus opens.

    python tests/benchmarks/kills.py SOURCE [--kills 50] [--seed 1] [--most 4.0]

An older corpus lies in the folder from the start. After each kill the folder must open as the old corpus or as the new
one, whole; when the new one is there, it is removed and the ingest begins anew with the old one. At the end the corpus
is compared with what an undisturbed run gives.
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
from pathlib import Path
from tempfile import TemporaryDirectory

from cablelab import store
from cablelab.frames import NAMES
from cablelab.ingest import ingest
from cablelab.samples import add_facts, generate

ROOT = Path(__file__).resolve().parents[2]
RUN = """
import sys
from cablelab.ingest import batches, ingest
from cablelab.samples import add_facts
batches.BYTES = 1 << 22
add_facts()
if __name__ == "__main__":
    ingest(sys.argv[1], to=sys.argv[2], workers=2, progress=False)
"""


def start(source: Path, folder: Path) -> subprocess.Popen[bytes]:
    """Begin an ingest in a process group of its own."""
    command = [sys.executable, "-c", RUN, str(source), str(folder)]
    return subprocess.Popen(command, cwd=ROOT, start_new_session=True, stderr=subprocess.PIPE)


def manifest_of(folder: Path) -> bytes:
    """Verify the corpus in the folder to the last byte and return its manifest."""
    store.verify(folder)
    return (folder / store.MANIFEST).read_bytes()


def main() -> None:
    """Read the command line, kill, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("source", type=Path)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most", type=float, default=4.0, help="seconds after which a run is killed at the latest")
    chosen = parser.parse_args()
    add_facts()
    rng = random.Random(chosen.seed)
    old_kept = whole = lost = 0
    with TemporaryDirectory() as temporary:
        root = Path(temporary)
        first = root / "first"
        ingest(generate(30, 3).write(root / "before"), to=first, workers=1)
        folder, expected = root / "corpus", root / "expected"
        shutil.copytree(first, folder)
        undisturbed = start(chosen.source, expected)
        assert undisturbed.wait() == 0
        old, new = manifest_of(first), manifest_of(expected)
        finished: set[str] = set()
        for _ in range(chosen.kills):
            process = start(chosen.source, folder)
            time.sleep(rng.uniform(0.3, chosen.most))
            # the parent alone, or its workers with it
            (os.killpg if rng.random() < 0.5 else os.kill)(process.pid, signal.SIGKILL)
            process.communicate()
            now = manifest_of(folder)
            assert now in (old, new), "neither the old corpus nor the new one"
            if now == new:
                whole += 1
                shutil.rmtree(folder)
                shutil.copytree(first, folder)
                finished = set()
                continue
            old_kept += 1
            records = {p.name for p in (folder / ".ingest").glob("????????????????????????????????.json")}
            lost += len(finished - records)
            finished = records
        assert start(chosen.source, folder).wait() == 0
        assert manifest_of(folder) == new, "the resumed corpus is not the undisturbed one"
        parts = {part.file for part in store.manifest(folder)}
        stray = {path.name for path in folder.iterdir()} - parts - {store.MANIFEST, ".sources.json"}
    print(f"{chosen.kills} kills: {old_kept} times the old corpus opened, {whole} times the new one, whole")
    print(f"finished batches lost: {lost}; files left over: {sorted(stray) or 'none'}; frames equal: {len(NAMES)}")


if __name__ == "__main__":
    main()
