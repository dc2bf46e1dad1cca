"""Fit the constants of `cablelab.chaining.score` on real chains, and measure them on missions left out.

    python -m tests.benchmarks.fit_chains [--shared ../shared] [--decided FRAME.parquet --corpus FOLDER]
    python -m tests.benchmarks.fit_chains --without Spain Netherlands

The gold's posts give pairs that are steps, pairs that are none, and, in posts that were read exhaustively, all others as none.
Pairs of one chain that do not follow one another are left out of the fit. Each mission is then left out once, the rest fitted,
and the steps of the one left out are proposed; so are those of corpora of 20, 40 and 80 cables drawn from it. At the end the
constants fitted on everything are printed as they stand in `score.py`. With `--decided`, a frame of decisions (previous, cable,
verdict) and the corpus that it was made in are added: the weights then suit the user's own field too. With `--without`, all the
named missions are left out at once, and only they are measured: what a change is worth is told by missions that nobody looked at
while making it. The features of 28 November 2026 were chosen on Brazil and Iceland, without Spain and the Netherlands.
"""

from __future__ import annotations

import argparse
import importlib.util
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

import cablelab as cl
from cablelab.chaining import assembling, score
from cablelab.chaining.features import FEATURES, pairs
from cablelab.chaining.gathering import gather
from cablelab.chaining.vectors import Vectors

# pull towards zero, in units of a feature's spread; how much a pair of a drawn corpus counts
RIDGE, RIDGE_AGAIN, DRAWN = 10.0, 5.0, 0.3
# too few of these in any gold to be fitted: what is known of the genre stands in
FIXED = {"one_off": -10.0, "scene": -10.0}
# cables and chains of the corpora that are drawn from each post; a handful of cables only where all is judged
DRAWS = ((40, 5),) * 6 + ((20, 3),) * 2 + ((80, 8),) * 2
HANDFULS = ((2, 1), (3, 1), (4, 1), (6, 1), (8, 2), (12, 3)) * 5 + ((2, 0), (3, 0), (4, 0), (6, 0), (10, 0)) * 6


@dataclass(frozen=True)
class Judged:
    """Pairs of one corpus: ids, features and what the gold says of each (1 step, 0 none, 2 same chain, -1 unknown)."""

    mission: str
    held: frozenset[str]
    found: pl.DataFrame
    truth: np.ndarray[Any, Any]
    partly: float  # 1 where the post was not read exhaustively, so that only some of its pairs are judged


@dataclass(frozen=True)
class Constants:
    """What `score.py` holds."""

    weights: np.ndarray[Any, Any]
    constant: float
    again: np.ndarray[Any, Any]
    constant_again: float

    def scores(self, found: pl.DataFrame) -> np.ndarray[Any, Any]:
        """Score pairs as `score.scored` does."""
        first = _sigmoid(found.select(FEATURES).to_numpy() @ self.weights + self.constant)
        return np.asarray(_sigmoid(score.context(found, first) @ self.again + self.constant_again).round(4))

    def __str__(self) -> str:
        weights = "\n".join(f'    "{name}": {value:.3f},' for name, value in zip(FEATURES, self.weights, strict=True))
        again = ", ".join(f'"{name}": {value:.3f}' for name, value in zip(score.AGAIN, self.again, strict=True))
        return (
            f"WEIGHTS: dict[str, float] = {{\n{weights}\n}}\nCONSTANT = {self.constant:.3f}\n"
            f"AGAIN = {{{again}}}\nCONSTANT_AGAIN = {self.constant_again:.3f}"
        )


class Gold:
    """The gold of `shared/gold/chains`, read by its own scoring script."""

    def __init__(self, shared: Path) -> None:
        folder = shared / "gold" / "chains"
        spec = importlib.util.spec_from_file_location("score_chains", folder / "score_chains.py")
        assert spec is not None
        assert spec.loader is not None
        self.script: Any = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.script)
        self.gold = self.script.Gold(str(folder / "chains_gold.json"))
        self.steps = {pair for _, ways in self.gold.steps for pair in ways}
        chains = [(post, chain) for post, about in self.gold.g["posts"].items() for chain in about["chains"]]
        self.members = {member for _, chain in chains for member in chain["members"]}
        self.optional = {member for _, chain in chains for member in chain.get("optional_members", [])}
        self.chains: dict[str, list[list[str]]] = {}
        for post, chain in chains:
            more = [one for kind in ("parts", "copies") for ones in chain.get(kind, {}).values() for one in ones]
            self.chains.setdefault(post, []).append([*chain["members"], *more])

    def says(self, previous: str, cable: str) -> int:
        """Say what a pair is: 1 a step, 0 none, 2 of one chain but not in a row, -1 not judged."""
        gold, key = self.gold, self.script.key(previous, cable)
        if key in gold.copy:
            return 0
        if (previous, cable) in self.steps or key in gold.consecutive:
            return 1
        if key in gold.same_chain:
            return 2
        if key in gold.same_node or key in gold.optional:
            return -1
        post = self.script.post_of(previous)
        if key in gold.neg or (post in gold.exhaustive and post == self.script.post_of(cable)):
            return 0
        # a post of which only the clear chains are known: what a member of one is not followed by
        of_chain = (previous in self.members or cable in self.members) and post in self.chains
        return 0 if of_chain and not {previous, cable} & self.optional else -1


def judged(corpus: cl.Corpus, truth: Any, partly: set[str], least: int = 2) -> list[Judged]:
    """Give the pairs of each mission of a corpus with what `truth(previous, cable)` says of them."""
    gathered = gather(corpus)
    ids = gathered.cables["cable"]
    made = []
    for mission in gathered.missions():
        if mission.cables.height >= least:
            found, _ = pairs(Vectors.of(mission))
            a, b = ids.gather(found["a"]), ids.gather(found["b"])
            says = np.array([truth(*pair) for pair in zip(a, b, strict=True)])
            name = mission.cables["mission"][0] or ""
            held = frozenset(mission.cables["cable"])
            made.append(
                Judged(name, held, found.with_columns(previous=a, cable=b), says, float(bool(partly & _posts(held))))
            )
    return [one for one in made if (one.truth >= 0).any()]


def fit(whole: list[Judged], drawn: list[Judged]) -> Constants:
    """Fit both passes: the first on whole missions, the second on drawn corpora too."""
    prior = np.array([FIXED.get(name, 0.0) for name in FEATURES])
    held = np.array([300.0 if name in FIXED else RIDGE for name in FEATURES])
    first = [one.found.select(FEATURES).to_numpy() for one in whole]
    weights, constant = _logistic(first, whole, [1.0] * len(whole), prior, held)
    every = [*whole, *(one for one in drawn if not one.partly)]
    second = [
        score.context(one.found, _sigmoid(one.found.select(FEATURES).to_numpy() @ weights + constant)) for one in every
    ]
    counts = [1.0] * len(whole) + [DRAWN] * (len(every) - len(whole))
    prior_again = np.array([float(name == "logit") for name in score.AGAIN])
    pull = np.array([0.1 if name == "few" else RIDGE_AGAIN for name in score.AGAIN])
    again, constant_again = _logistic(second, every, counts, prior_again, pull)
    return Constants(weights, constant, again, constant_again)


def _logistic(columns: Any, of: list[Judged], counts: list[float], prior: Any, ridge: Any) -> tuple[Any, float]:
    """Fit a logistic regression by Newton's method, pulled towards a prior; partly judged posts have their own level."""
    known = [(one.truth == 0) | (one.truth == 1) for one in of]
    values = np.concatenate(
        [np.c_[some[k], np.full(k.sum(), one.partly)] for some, one, k in zip(columns, of, known, strict=True)]
    )
    truth = np.concatenate([one.truth[k] for one, k in zip(of, known, strict=True)]).astype(float)
    weight = np.concatenate([np.full(k.sum(), count) for k, count in zip(known, counts, strict=True)])
    spread = values.std(0) + 1e-9
    scaled = np.c_[values / spread, np.ones(len(values))]
    start = np.r_[prior * spread[:-1], 0.0, -4.0]
    pull = np.r_[ridge, 0.1, 1e-3]

    def loss(at: Any) -> float:
        u = scaled @ at
        return float((weight * (np.logaddexp(0, u) - truth * u)).sum() + 0.5 * (pull * (at - start) ** 2).sum())

    at, before = start.copy(), loss(start)
    for _ in range(60):
        likely = _sigmoid(scaled @ at)
        slope = scaled.T @ (weight * (likely - truth)) + pull * (at - start)
        bend = (scaled * (weight * likely * (1 - likely))[:, None]).T @ scaled + np.diag(pull)
        step, length = np.linalg.solve(bend, slope), 1.0
        while loss(at - length * step) > before and length > 1e-6:
            length /= 2
        at = at - length * step
        if before - loss(at) < 1e-7:
            break
        before = loss(at)
    return at[:-2] / spread[:-1], float(at[-1])


def draws(corpus: cl.Corpus, gold: Gold) -> list[Judged]:
    """Draw small corpora: some chains of a post, and strangers of that post up to a size."""
    source = random.Random(5)
    ids = list(corpus.ids)
    partly = set(gold.chains) - gold.gold.exhaustive
    made = []
    for post, chains in gold.chains.items():
        here = [one for one in ids if gold.script.post_of(one) == post]
        for size, count in DRAWS + (HANDFULS if post in gold.gold.exhaustive else ()):
            of_chains = [one for chain in source.sample(chains, min(count, len(chains))) for one in chain]
            taken = [one for one in dict.fromkeys(of_chains) if one in here]
            taken = taken[:size] if size < 20 else taken
            strangers = [one for one in here if one not in taken]
            source.shuffle(strangers)
            chosen = corpus.select([*taken, *strangers[: max(0, size - len(taken))]])
            made += judged(chosen, gold.says, partly)
    return made


def measure(gold: Gold, of: list[Judged], scores: list[Any], days: int, most: int, least: float) -> tuple[float, ...]:
    """Give recall, precision (official: exhaustive posts), share of negatives, copies; recall and precision of `of` alone."""
    proposed, held = set(), set()
    steps = right = wrong = 0
    for one, likely in zip(of, scores, strict=True):
        table = one.found.select("a", "b", "previous", "cable", "days", score=pl.Series(likely), person=pl.lit(False))
        enough = table.filter(pl.col("days") > days, pl.col("score") >= least)
        best = assembling.ranked(enough, table.filter(pl.col("score") >= assembling.SURE))
        here = set(best.filter(pl.col("rank") <= most).select("previous", "cable").iter_rows())
        proposed |= here
        held |= one.held
        said = [gold.says(*pair) for pair in here]
        right += sum(says > 0 for says in said)
        wrong += sum(says == 0 for says in said)
        steps += sum(
            bool(ways & here)
            for step, ways in gold.gold.steps
            if (not days or step["gap_days"] > days) and {step["previous"], step["cable"]} <= one.held
        )
    asked = sum(
        (not days or step["gap_days"] > days) and {step["previous"], step["cable"]} <= one.held
        for one in of
        for step, _ in gold.gold.steps
    )
    found = gold.script.evaluate(gold.gold, proposed)
    true, false = len(found["true"]), len(found["false"])
    return (
        steps / max(asked, 1), true / max(true + false, 1), len(found["neg"]) / len(gold.gold.neg), len(found["copies"]),
        right / max(right + wrong, 1),
    )  # fmt: skip


def report(gold: Gold, of: list[Judged], scores: list[Any], name: str) -> None:
    """Print recall and precision at several thresholds."""
    for least in (0.15, 0.2, 0.25, 0.3):
        said = []
        for days, most in ((20, 1), (20, 2), (0, 1)):
            recall, precision, negatives, copies, judged_precision = measure(gold, of, scores, days, most, least)
            if name == "whole":
                said.append(f"{recall:.3f} at {precision:.3f}, negatives {negatives:.3f}, copies {copies}")
            else:
                said.append(f"{recall:.3f} at {judged_precision:.3f}")
        print(f"  T {least:.2f}  best {said[0]} | two {said[1]} | days=0 {said[2]}")


def _near(of: list[Judged], scores: list[Any], gold: Gold, n: int) -> float:
    right = total = 0
    for one, likely in zip(of, scores, strict=True):
        table = one.found.select("previous", "cable").with_columns(score=pl.Series(likely))
        first = table.sort("score", descending=True).group_by("cable", maintain_order=True).head(n)
        here = set(first.select("previous", "cable").iter_rows())
        asked = [ways for step, ways in gold.gold.steps if {step["previous"], step["cable"]} <= one.held]
        total += len(asked)
        right += sum(bool(ways & here) for ways in asked)
    return right / max(total, 1)


def calibration(of: list[Judged], scores: list[Any]) -> None:
    """Print what share of the pairs of exhaustive posts with a probability are steps or of one chain."""
    likely = np.concatenate([s for one, s in zip(of, scores, strict=True) if not one.partly])
    truth = np.concatenate([one.truth for one in of if not one.partly])
    for low, high in ((0.02, 0.05), (0.05, 0.1), (0.1, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.01)):
        here = (likely >= low) & (likely < high) & (truth >= 0) & (truth != 2)
        if here.any():
            print(
                f"  {low:.2f} to {min(high, 1):.2f}: {here.sum():4d} pairs, mean {likely[here].mean():.2f}, steps {truth[here].mean():.2f}"
            )


def decided(path: Path, folder: Path) -> list[Judged]:
    """Give the pairs of a user's corpus with what the decisions say of them."""
    said = {
        (row["previous"], row["cable"]): int(row["verdict"] == "accepted")
        for row in pl.read_parquet(path).iter_rows(named=True)
    }
    return judged(cl.open(folder), lambda a, b: said.get((a, b), -1), set())


def _posts(held: frozenset[str]) -> set[str]:
    return {"".join(letter for letter in one if letter.isalpha()) for one in held}


def _sigmoid(values: Any) -> Any:
    return 1 / (1 + np.exp(-np.clip(values, -30, 30)))


def main() -> None:
    """Print figures with each mission left out, then the constants."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--decided", type=Path)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--without", nargs="+", default=[])
    chosen = parser.parse_args()
    gold = Gold(chosen.shared)
    corpus = cl.read(chosen.shared / "cables" / "posts", chosen.shared / "cables" / "wikileaks")
    partly = set(gold.chains) - gold.gold.exhaustive
    whole = judged(corpus, gold.says, partly, least=100)
    drawn = draws(corpus, gold)
    more = decided(chosen.decided, chosen.corpus) if chosen.decided else []
    if chosen.without:
        kept = [[one for one in some if one.mission not in chosen.without] for some in (whole, drawn)]
        held = [one for one in whole if one.mission in chosen.without]
        constants = fit(*kept)
        print(f"{', '.join(chosen.without)}, fitted on the others")
        report(gold, held, [constants.scores(one.found) for one in held], "whole")
        return
    left_out = {
        name: fit(
            [*(one for one in whole if one.mission != name), *more], [one for one in drawn if one.mission != name]
        )
        for name in {one.mission for one in whole}
    }
    scores = [left_out[one.mission].scores(one.found) for one in whole]
    print("each mission left out once, whole missions")
    report(gold, whole, scores, "whole")
    print(
        f"  right predecessor among five: {_near(whole, scores, gold, 5):.3f}, among ten: {_near(whole, scores, gold, 10):.3f}"
    )
    calibration(whole, scores)
    for size in (20, 40, 80):
        some = [one for one in drawn if size * 0.8 <= len(one.held) <= size * 1.2]
        print(f"corpora of about {size} cables")
        report(gold, some, [left_out[one.mission].scores(one.found) for one in some], "drawn")
    few = [one for one in drawn if len(one.held) < 15]
    print("pairs of a handful of cables")
    calibration(few, [left_out[one.mission].scores(one.found) for one in few])
    print(fit([*whole, *more], drawn))


if __name__ == "__main__":
    main()
