"""Run a benchmark on two checkouts in turn, on one machine in one go, and print the figures side by side.

    python tests/benchmarks/beside.py OLD NEW [--rounds N] SCRIPT [ARGUMENT ...]

OLD and NEW are folders that hold a checkout; SCRIPT is a benchmark of this folder, `comparing.py` say, whose lines end in a number and a
unit. Both run in processes of their own, old and new by turns, so that what else the machine does falls on both. For each line
the median of the rounds is printed, and the new one as a share of the old.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
LINE = re.compile(r"(?P<what>.*?\S)\s{2,}(?P<value>[\d,.]+) (?P<unit>ms|s|MB)(?P<rest>\s.*)?")


def measured(tree: Path, script: str, arguments: list[str]) -> dict[tuple[str, str], float]:
    """Run a script on a checkout, and give its figures by line and unit."""
    environment = os.environ | {"PYTHONPATH": f"{tree.resolve()}{os.pathsep}{HERE}"}
    command = [sys.executable, "-W", "ignore", str(HERE / script), *arguments]
    told = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
    found = filter(None, map(LINE.fullmatch, told.splitlines()))
    return {(m["what"].strip(), m["unit"]): float(m["value"].replace(",", "")) for m in found}


def main() -> None:
    """Read the command line and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("trees", type=Path, nargs=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("script")
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    chosen = parser.parse_args()
    rounds = [[measured(tree, chosen.script, chosen.arguments) for tree in chosen.trees] for _ in range(chosen.rounds)]
    print(f"{'median of ' + str(chosen.rounds):<44} {'old':>12} {'new':>12}")
    for what, unit in rounds[0][1]:
        both = [statistics.median(r[n].get((what, unit), float("nan")) for r in rounds) for n in (0, 1)]
        print(f"{what:<44} {both[0]:9.1f} {unit:<2} {both[1]:9.1f} {unit:<2} {both[1] / (both[0] or 1):7.2f}")


if __name__ == "__main__":
    main()
