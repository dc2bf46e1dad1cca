"""Fit the three models of `cablelab.comparison.models` on pairs of real cables whose links were set by hand.

    python -m tests.benchmarks.fit_links [--write] [--without 08TRIPOLI455 ...]     # from the project's root; needs ../shared

Prints what the models reach where each chain in turn is left out of the fit, then where it is not, then the weights
fitted on all. `--write` puts them into `cablelab/comparison/models.py`. `--without` leaves out every pair of an older
cable and reports on those alone, with models fitted on all others. `--scored` also cuts the real cables into sentences
and counts with `../shared/gold/compare/score_compare.py`, each chain left out in turn.

Links are counted in the sentences of the gold itself, so that what is measured is the alignment and not the cut into
sentences; `--scored` measures both. The older half of each pair is also laid beside the newer half of another post's:
there every link is wrong.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

import cablelab as cl
from cablelab.comparison import models
from cablelab.comparison.align import Aligned, Codes, align
from cablelab.comparison.model import Sentence
from cablelab.comparison.models import OURS, Models, judge, log_odds
from cablelab.comparison.reading import versions
from cablelab.comparison.sentences import normal

ROOT = Path(__file__).resolve().parents[2]
GOLD = ROOT.parent / "shared" / "gold" / "compare"
FILES = ("compare_gold.json", "compare_gold2.json", "compare_gold_rewritten.json")
# the smaller, the nearer are the weights to nothing: from 0.2 to 0.5 chains left out fare alike, at 1 worse
PRIOR = 0.5
FOLDS = 5
Samples = tuple[dict[str, list[float]], list[bool]]


@dataclass(frozen=True)
class Pair:
    """Two cables: their chain, their sentences, their true links with labels, and pairs that count neither way."""

    name: str
    chain: str
    file: str
    aligned: Aligned
    links: Mapping[tuple[int, int], str]
    moved: frozenset[tuple[int, int]]
    optional: frozenset[tuple[int, int]]

    @property
    def sides(self) -> tuple[Sequence[Sentence], Sequence[Sentence]]:
        """The sentences of both cables."""
        return self.aligned.sentences


def _sentences(cable: str, rows: Iterable[dict[str, Any]]) -> list[Sentence]:
    return [Sentence(cable, n, r["para"], r["s"], 0, len(r["s"]), tuple(normal(r["s"]))) for n, r in enumerate(rows)]


def gold(folder: Path = GOLD) -> list[Pair]:
    """Read all pairs; those that are mostly rewritten are chains of their own."""
    out = []
    for name in FILES:
        for p in json.loads((folder / name).read_text(encoding="utf-8")):
            sides = _sentences(p["a"], p["A"]), _sentences(p["b"], p["B"])
            links = {(i, j): x["label"] for x in p["links"] for i in x["a"] for j in x["b"]}
            moved = frozenset((i, j) for x in p["links"] if x["moved"] for i in x["a"] for j in x["b"])
            chain = p["a"] if p["chain"] == "rewritten" else p["chain"]
            optional = frozenset(tuple(x) for x in p["optional"]) - links.keys()
            out.append(Pair(f"{p['a']} {p['b']}", chain, name, Aligned(*sides, Codes()), links, moved, optional))
    return out


def unrelated(pairs: Sequence[Pair]) -> list[Pair]:
    """Lay older cables beside newer ones of other posts."""
    out = []
    for p, q in zip(pairs, [*pairs[5:], *pairs[:5]], strict=True):
        if not {_post(x) for x in p.name.split()} & {_post(x) for x in q.name.split()}:
            sides = Aligned(p.sides[0], q.sides[1], Codes())
            out.append(Pair(f"{p.name} × {q.name}", p.chain, "unrelated", sides, {}, frozenset(), frozenset()))
    return out


def _post(cable: str) -> str:
    return cable.strip("0123456789")


def _gather(samples: Samples, answers: Mapping[str, Sequence[float]], keys: Sequence[tuple[int, int]], p: Pair) -> None:
    used = [k for k, key in enumerate(keys) if key not in p.optional]
    for name, values in answers.items():
        samples[0].setdefault(name, []).extend(float(values[k]) for k in used)
    samples[1].extend(keys[k] in p.links for k in used)


def _fit(samples: Samples) -> dict[str, float]:
    """Fit one logistic model by Newton's method, with a normal prior on the weights of standardised answers."""
    names = list(samples[0])
    x = np.array([samples[0][n] for n in names]).T
    y = np.array(samples[1], float)
    middle, spread = x.mean(0), np.maximum(x.std(0), 1e-9)
    z = np.hstack([(x - middle) / spread, np.ones((len(x), 1))])
    prior = np.diag([1 / PRIOR] * len(names) + [1e-9])
    w = np.zeros(len(names) + 1)
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(z @ w, -30, 30)))
        gradient = z.T @ (p - y) + prior @ w
        move = np.linalg.solve((z * (p * (1 - p))[:, None]).T @ z + prior, gradient)
        w -= move
        if np.abs(move).max() < 1e-9:
            break
    weights = w[:-1] / spread
    fitted = {n: round(float(v), 3) for n, v in zip(names, weights, strict=True)}
    return fitted | {"constant": round(float(w[-1] - weights @ middle), 3)}


def fitted(pairs: Sequence[Pair]) -> Models:
    """Fit the three models, each on what the one before it makes of pairs that it has not seen.

    Unrelated pairs teach the second one only, what it is worth that two cables name the same: the other two gained
    nothing from them.
    """
    related = [p for p in pairs if p.links and _keys(p)]
    every = [p for p in pairs if _keys(p)]
    fold = {chain: k % FOLDS for k, chain in enumerate(sorted({p.chain for p in every}))}

    def unseen(fit: Callable[[Sequence[Pair]], dict[str, float]], of: Sequence[Pair]) -> list[dict[str, float]]:
        return [fit([p for p in of if fold[p.chain] != k]) for k in range(FOLDS)]

    def alone(some: Sequence[Pair]) -> dict[str, float]:
        return _fit(_samples((p, p.aligned.alone) for p in some))

    firsts = unseen(alone, related)
    answers = {p.name: p.aligned.around(judge(p.aligned.alone, firsts[fold[p.chain]])) for p in every}

    def around(some: Sequence[Pair]) -> dict[str, float]:
        return _fit(_samples((p, answers[p.name]) for p in some))

    seconds = unseen(around, every)
    third: Samples = ({}, [])
    for p in related:
        probability = judge(answers[p.name], seconds[fold[p.chain]])
        links = dict.fromkeys(p.aligned.same, 1.0)
        p.aligned.take(probability, links, OURS.accept)
        for _ in range(2):  # what the second round asks depends on what joined in the first
            found = p.aligned.joins(log_odds(probability), links)
            if found:
                _gather(third, {n: [a[n] for _, a in found] for n in found[0][1]}, [k for k, _ in found], p)
            links |= {k: 1.0 for k, _ in found if k in p.links}
    return replace(OURS, alone=alone(related), around=around(every), join=_fit(third))


def _samples(asked: Iterable[tuple[Pair, Mapping[str, Sequence[float]]]]) -> Samples:
    out: Samples = ({}, [])
    for p, answers in asked:
        _gather(out, answers, _keys(p), p)
    return out


def _keys(p: Pair) -> list[tuple[int, int]]:
    return list(zip(p.aligned.pairs.i.tolist(), p.aligned.pairs.j.tolist(), strict=True))


def count(pairs: Iterable[Pair], of: Mapping[str, Models]) -> Counter[str]:
    """Count what the models of each chain find in its pairs."""
    n: Counter[str] = Counter()
    for p in pairs:
        found = {(x.a, x.b): x for x in align(*p.sides, models=of[p.chain]) if (x.a, x.b) not in p.optional}
        right = found.keys() & p.links.keys()
        n["pairs"] += 1
        n["most"] = max(n["most"], len(found))
        for name, ours, true in (
            ("", set(found), set(p.links)),
            ("moved ", {k for k, x in found.items() if x.moved}, set(p.moved)),
            ("joined ", {k for k, x in found.items() if x.label in _PARTS}, {k for k, v in p.links.items() if v in _PARTS}),
        ):  # fmt: skip
            n[f"{name}found"] += len(ours)
            n[f"{name}true"] += len(true)
            n[f"{name}right"] += len(ours & true)
        n["firm"] += sum(not x.weak for x in found.values())
        n["firm right"] += sum(not found[k].weak for k in right)
        n["not kept"] += sum(not x.weak and x.label != "kept" for x in found.values())
        n["not kept right"] += sum(not found[k].weak and found[k].label != "kept" for k in right)
        n["labels"] += sum(found[k].label == p.links[k] for k in right)
    return n


_PARTS = ("split", "merged")


def f1(n: Counter[str], name: str = "") -> float:
    """Give the F1 of links, of `moved ` or of `joined ` ones."""
    whole = n[f"{name}found"] + n[f"{name}true"]
    return 2 * n[f"{name}right"] / whole if whole else 1.0


def told(n: Counter[str]) -> str:
    """Say counts as shares."""
    return (
        f"{n['pairs']:3} pairs  links F1 {f1(n):.3f}  moved {f1(n, 'moved '):.3f}  "
        f"split/merge {f1(n, 'joined '):.3f}  "
        f"labels {n['labels'] / max(1, n['right']):.3f}  firm {n['firm right'] / max(1, n['firm']):.4f}, "
        f"without kept {n['not kept right'] / max(1, n['not kept']):.3f} of {n['not kept']}"
    )


def report(title: str, pairs: Sequence[Pair], of: Mapping[str, Models]) -> None:
    """Print what the models reach, for each kind of pair."""
    print(title)
    for name, files in (("shared wording", FILES[:2]), ("rewritten", FILES[2:])):
        print(f"  {name:<15}{told(count([p for p in pairs if p.file in files], of))}")
    others = [p for p in pairs if p.file == "unrelated"]
    n = count(others, of)
    print(f"  {'unrelated':<15}{n['pairs']:3} pairs  {n['found']} links, {n['most']} at most in one, {n['firm']} firm")


def scored(pairs: Iterable[Pair], of: Mapping[str, Models], shared: Path = GOLD.parents[1]) -> None:
    """Print what `score_compare.py` counts in the sentences that the package cuts real cables into."""
    spec = importlib.util.spec_from_file_location("score_compare", GOLD / "score_compare.py")
    assert spec
    assert spec.loader
    gold_score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(gold_score)
    entries = {f"{p['a']} {p['b']}": p for p in gold_score.load(FILES)}
    sums: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for p in pairs:
        a, b = p.name.split()
        pages = [next(shared.rglob(f"cables/**/{cable}.html"), None) for cable in (a, b)]
        old, new = versions(cl.read(*pages) if all(pages) else cl.read(shared / "cables" / "seeds"), [a, b])
        links = align(old.sentences, new.sentences, models=of[p.chain])
        rows = [(x.a, x.b, x.label, x.moved, x.weak) for x in links]
        s = gold_score.score(entries[p.name], [x.text for x in old.sentences], [x.text for x in new.sentences], rows)
        n = sums[p.file == FILES[2]]
        n["pairs"] += 1
        for name, ours, true in (
            ("", "mine", "gold"),
            ("moved ", "mine_moved", "moved"),
            ("joined ", "mine_multi", "multi"),
        ):
            n[f"{name}found"] += len(s[ours])
            n[f"{name}true"] += len(s[true])
            n[f"{name}right"] += len(set(s[ours]) & set(s[true]))
        n["firm"] += len(s["firm"])
        n["firm right"] += len(s["firm"] & s["gold"].keys())
        n["labels"] += sum(k for (x, y), k in s["confusion"].items() if x == y)
        kept = {k for k in s["firm"] if s["shown"][k] == "kept"}
        n["not kept"] += len(s["firm"] - kept)
        n["not kept right"] += len((s["firm"] - kept) & s["gold"].keys())
    print("each chain left out, in the sentences that the package cuts")
    print(f"  {'shared wording':<15}{told(sums[False])}\n  {'rewritten':<15}{told(sums[True])}")


def write(found: Models, path: Path = Path(models.__file__)) -> None:
    """Put weights where the package has them."""
    text = path.read_text(encoding="utf-8")
    for name, model in (("ALONE", found.alone), ("AROUND", found.around), ("JOIN", found.join)):
        start = text.index(f"\n{name} = {{")
        block = text[start : text.index("\n}", start)]
        new = block
        for question, weight in model.items():
            new = re.sub(rf'("{question}": )-?[\d.]+', rf"\g<1>{weight}", new)
        text = text.replace(block, new)
    path.write_text(text, encoding="utf-8")


def main() -> None:
    """Fit, and print what it reaches."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="put the weights into the package")
    parser.add_argument("--scored", action="store_true", help="count in the sentences that the package cuts, too")
    parser.add_argument("--without", nargs="*", default=[], metavar="CABLE", help="older cables of pairs to keep back")
    chosen = parser.parse_args()
    every = gold()
    back = [p for p in every if p.name.split()[0] in chosen.without]
    # a chain of which a pair is kept back does not teach either
    pairs = [p for p in every if p.chain not in {q.chain for q in back}]
    measured = [*pairs, *unrelated(pairs)]
    chains = sorted({p.chain for p in pairs})
    left_out = {c: fitted([p for p in measured if p.chain != c]) for c in chains}
    report("each chain left out of its fit", measured, left_out)
    if chosen.scored:
        scored(pairs, left_out)
    whole = fitted(measured)
    report("fitted on all", measured, dict.fromkeys(chains, whole))
    report("as they stand in the package", measured, dict.fromkeys(chains, OURS))
    if back:
        report("kept back", [*back, *unrelated(back)], {p.chain: whole for p in back})
    for name, model in (("ALONE", whole.alone), ("AROUND", whole.around), ("JOIN", whole.join)):
        print(name, model)
    if chosen.write:
        write(whole)


if __name__ == "__main__":
    main()
