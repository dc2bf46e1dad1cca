"""How well do the points of changes rank, and which points would rank better?

    python -m tests.benchmarks.fit_points [--fit] [--without 08TRIPOLI455 ...]     # from the project's root; needs ../shared

For 20 pairs of real cables an analyst named the change to report first and two others. Counted is the rank of the row
that shows it. `--fit` climbs, one point after the other and each pair left out in turn, from the points that stand in
the package, and prints what the climbed ones reach on the pair left out and on all: where the first is no better than
what stands, nothing is to be gained.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import cablelab as cl
from cablelab.comparison.changes import Rows, by_points
from cablelab.comparison.comparison import Comparison
from cablelab.comparison.lexicon import DEFAULT
from cablelab.comparison.points import POINTS, Told, scored
from cablelab.comparison.sentences import normal

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
NAMES = tuple(POINTS)
STEPS = (-1.0, -0.5, 0.5, 1.0)


@dataclass(frozen=True)
class Case:
    """One pair: how much of each part a row has, and for each wanted change the numbers of the rows that show it.

    Rows stand in the order that decides between equal points.
    """

    name: str
    parts: NDArray[np.float64]
    wanted: Sequence[frozenset[int]]

    def ranks(self, worths: Mapping[str, float]) -> list[int | None]:
        """Give the rank of each wanted change with such points."""
        total = np.round(self.parts @ np.array([worths[n] for n in NAMES]), 2)
        place = np.empty(len(total), int)
        place[np.argsort(-total, kind="stable")] = np.arange(1, len(total) + 1)
        return [min((int(place[n]) for n in rows), default=None) for rows in self.wanted]


def cases(shared: Path = SHARED) -> list[Case]:
    """Compare all pairs for which an analyst's choices are known."""
    folder = shared / "gold" / "compare"
    files = ("compare_gold.json", "compare_gold2.json")
    pairs = {(p["a"], p["b"]): p for f in files for p in json.loads((folder / f).read_text(encoding="utf-8"))}
    out = []
    for top in json.loads((folder / "top_changes.json").read_text(encoding="utf-8")):
        a, b = top["a"], top["b"]
        pages = [next(shared.rglob(f"cables/**/{cable}.html"), None) for cable in (a, b)]
        corpus = cl.read(*pages) if all(pages) else cl.read(shared / "cables" / "seeds")
        out.append(_case(cl.compare(corpus, a, b), top, pairs[a, b]))
    return out


def _case(k: Comparison, top: Mapping, pair: Mapping) -> Case:  # type: ignore[type-arg]
    (step,) = k.steps
    drafts = Rows(step.links, step.edits, step.old, step.new, DEFAULT, {}).drafts()
    told = Told(step.old, step.new, DEFAULT)
    before = dict(POINTS)
    POINTS.update(dict.fromkeys(NAMES, 1.0))
    rows = [scored(d, told) for d in drafts]
    POINTS.update(before)
    order = sorted(range(len(rows)), key=lambda n: by_points(rows[n])[1:])
    rows = [rows[n] for n in order]
    parts = np.array([[sum(p.points for p in c.parts if p.name == n) for n in NAMES] for c in rows])
    wanted = []
    for want in (top["top"], *top["alternatives"]):
        side, sentences = ("B", step.new.sentences) if want["b_sentence"] is not None else ("A", step.old.sentences)
        n = want["b_sentence"] if side == "B" else want["a_sentence"]
        said = set(normal(pair[side][n]["s"]))
        found = max(sentences, key=lambda s: len(said & set(s.words)) / len(said | set(s.words)))
        attribute = "sentences_b" if side == "B" else "sentences_a"
        wanted.append(frozenset(i for i, c in enumerate(rows) if found.sentence in getattr(c, attribute)))
    return Case(" ".join(k.cables), parts, wanted)


def worth(found: Sequence[Sequence[int | None]]) -> float:
    """Say how good ranks are: the reciprocal of the best one of each pair, a little for the others, and for five."""
    total = 0.0
    for ranks in found:
        shares = sorted((1 / r if r else 0.0 for r in ranks), reverse=True)
        total += shares[0] + 0.3 * sum(shares[1:]) + 0.5 * (shares[0] >= 0.2) + 0.3 * sum(s >= 0.2 for s in shares)
    return total


def climb(train: Sequence[Case], rounds: int = 3) -> dict[str, float]:
    """Move one point after the other while the ranks get better by more than a trifle."""
    points = dict(POINTS)
    best = worth([c.ranks(points) for c in train])
    for _ in range(rounds):
        for name in NAMES:
            options = []
            for step in STEPS:
                tried = points | {name: points[name] + step}
                options.append((worth([c.ranks(tried) for c in train]), -abs(step), step))
            top, _, step = max(options)
            if top > best + 0.1:
                best, points[name] = top, points[name] + step
    return points


def told(found: Sequence[Sequence[int | None]]) -> str:
    """Say how many pairs have a wanted change among the first 1, 3 and 5."""
    best = [min((r for r in ranks if r), default=99) for ranks in found]
    first = [ranks[0] or 99 for ranks in found]
    counts = "  ".join(
        f"top {k}: any {sum(b <= k for b in best)}, first {sum(f <= k for f in first)}" for k in (1, 3, 5)
    )
    return f"{len(found)} pairs  {counts}  worth {worth(found):.2f}"


def main() -> None:
    """Print the ranks, and what climbed points would reach."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fit", action="store_true", help="climb, each pair left out in turn")
    parser.add_argument("--without", nargs="*", default=[], metavar="CABLE", help="older cables of pairs to keep back")
    chosen = parser.parse_args()
    every = [c for c in cases() if c.name.split()[0] not in chosen.without]
    for c in every:
        print(f"{c.name:32} {c.ranks(POINTS)} of {len(c.parts)}")
    print("as they stand:", told([c.ranks(POINTS) for c in every]))
    if chosen.fit:
        left_out = [c.ranks(climb([x for x in every if x is not c])) for c in every]
        print("climbed, pair left out:", told(left_out))
        climbed = climb(every)
        print("climbed on all:", told([c.ranks(climbed) for c in every]))
        print(climbed)


if __name__ == "__main__":
    main()
