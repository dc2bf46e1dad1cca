"""Whether two checkouts read the same cables to the same frames, byte for byte.

    python -m tests.benchmarks.identity OLD NEW [SOURCE ...]

OLD and NEW are checkouts, or a git revision of this one. Each reads every SOURCE (default: the folders of ../shared/cables) in a
process of its own, and ingests them too, which goes another way; then the frames are compared as Arrow bytes. A column that only
one of them has is told and left out of the comparison. The exit status is 1 if anything else differs.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

ROOT = Path(__file__).resolve().parents[2]
FRAMES = ("cables", "texts", "spans", "paragraphs", "tags", "references", "addressees", "problems", "copies")
READ = """
import sys
from pathlib import Path
import cablelab as cl
from cablelab.ingest import ingest
frames, out, *sources = sys.argv[1:]
for number, source in enumerate(sources):
    home = Path(out, f"{number}-corpus")
    for way, corpus in {"read": cl.read(source), "ingest": ingest(source, to=home, workers=1)}.items():
        for name in frames.split():
            corpus.frame(name).write_ipc(Path(out, f"{number}-{way}-{name}.arrow"))
"""


def checkout(named: str, folder: Path) -> Path:
    """Give the folder of a checkout, or unpack a revision."""
    if Path(named).is_dir():
        return Path(named).resolve()
    packed = subprocess.run(["git", "archive", named, "cablelab"], cwd=ROOT, capture_output=True, check=True).stdout
    folder.mkdir()
    subprocess.run(["tar", "-x", "-C", folder], input=packed, check=True)
    return folder


def read(tree: Path, out: Path, sources: list[str]) -> None:
    out.mkdir()
    environment = os.environ | {"PYTHONPATH": str(tree), "PYTHONHASHSEED": "0"}
    command = [sys.executable, "-W", "ignore", "-c", READ, " ".join(FRAMES), str(out), *sources]
    subprocess.run(command, env=environment, cwd=out, check=True)


def differences(old: pl.DataFrame, new: pl.DataFrame) -> list[str]:
    """Say how two frames differ; nothing if they do not.

    >>> differences(pl.DataFrame({"a": [1, 2]}), pl.DataFrame({"a": [1, 3]}))
    ["a differs in 1 of 2 rows; row 1: 2 -> 3"]
    """
    if old.height != new.height:
        return [f"{old.height} rows -> {new.height}"]
    told = []
    for name in [name for name in old.columns if name in new.columns]:
        before, after = old[name], new[name]
        if before.dtype != after.dtype:
            told.append(f"{name}: {before.dtype} -> {after.dtype}")
            continue
        changed = before.ne_missing(after).arg_true()
        if len(changed):
            row = changed[0]
            first = f"{before[row]!r:.90} -> {after[row]!r:.90}"
            told.append(f"{name} differs in {len(changed)} of {old.height} rows; row {row}: {first}")
    common = [name for name in old.columns if name in new.columns]
    if not told and common != [name for name in new.columns if name in old.columns]:
        told.append("the columns stand in another order")
    return told


def main(old: str, new: str, *sources: str) -> int:
    cables = ROOT.parent / "shared" / "cables"
    chosen = list(sources) or [str(path) for path in sorted(cables.iterdir()) if path.is_dir()]
    with TemporaryDirectory() as temporary:
        outs = []
        for number, named in enumerate((old, new)):
            tree = checkout(named, Path(temporary, f"tree-{number}"))
            outs.append(Path(temporary, f"out-{number}"))
            read(tree, outs[-1], chosen)
        rows = faults = 0
        for path in sorted(outs[0].glob("*.arrow")):
            before, after = pl.read_ipc(path), pl.read_ipc(outs[1] / path.name)
            number, way, frame = path.stem.split("-")
            where = f"{Path(chosen[int(number)]).name}, {way}: {frame}"
            rows += before.height
            for name in sorted(set(before.columns) ^ set(after.columns)):
                print(f"{where}: only {'OLD' if name in before.columns else 'NEW'} has the column {name}")
            for told in differences(before, after):
                print(f"{where}: {told}")
                faults += 1
    print(f"{len(chosen)} sources, {rows:,} rows of {len(FRAMES)} frames: {faults or 'no'} differences")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
