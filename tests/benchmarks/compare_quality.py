"""How right and how fast is a comparison? Prints a table; run it from the project's root.

    python -m tests.benchmarks.compare_quality [--cables 400] [--seeds 1 2 3] [--show]

Two sets: `gold`, pairs of real cables with links set by hand (tests/gold/compare; needs ../shared/cables);
`generated`, successive versions that the package's generator wrote, with the links it knows to be true. Those serve to
test mechanics; how well changes are ranked is measured on real pairs by `fit_points`, links by `fit_links`. Beside ours stand difflib (equal
sentences and, in a replaced stretch, one after the other) and, if it is installed, CollateX on words (GPL, never a
dependency; on the hand-made pairs only, it is slow).

A link counts as found if it joins the two sentences that the truth joins, whatever cut the sentences: sentences are
matched by the characters that overlap. Pairs that a reader may link or not (`maybe`) count neither way.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import cablelab as cl
from cablelab import samples
from cablelab.comparison import compare
from cablelab.comparison.model import Link, Sentence
from cablelab.comparison.sentences import normal

ROOT = Path(__file__).resolve().parents[2]
GOLD = ROOT / "tests" / "gold" / "compare"
CABLES = ROOT.parent / "shared" / "cables"
Pair = tuple[int, int]
Aligner = Callable[[Sequence[Sentence], Sequence[Sentence]], list[Link]]


@dataclass
class Truth:
    """One pair of cables with what is true of it, by the indices of the sentences that were cut here."""

    name: str
    old: list[Sentence]
    new: list[Sentence]
    ours: list[Link]
    links: dict[Pair, tuple[str, bool]]
    maybe: set[Pair] = field(default_factory=set)
    lost: int = 0


@dataclass
class Score:
    """Counts of one aligner over many pairs."""

    counts: Counter[str] = field(default_factory=Counter)

    def add(self, truth: Truth, found: Iterable[Link], *, show: bool = False) -> None:
        """Count the links found in one pair."""
        n = self.counts
        ours = {(x.a, x.b): x for x in found if (x.a, x.b) not in truth.maybe}
        right = ours.keys() & truth.links.keys()
        n["pairs"] += 1
        n["right"] += len(right)
        n["found"] += len(ours)
        n["true"] += len(truth.links) + truth.lost
        n["firm"] += sum(not x.weak for x in ours.values())
        n["firm right"] += sum(not ours[p].weak for p in right)
        n["label right"] += sum(ours[p].label == truth.links[p][0] for p in right)
        n["moved right"] += sum(ours[p].moved and truth.links[p][1] for p in right)
        n["moved found"] += sum(x.moved for x in ours.values())
        n["moved true"] += sum(moved for _, moved in truth.links.values())
        parts = ("split", "merged")
        n["parts right"] += sum(ours[p].label == truth.links[p][0] in parts for p in right)
        n["parts found"] += sum(x.label in parts for x in ours.values())
        n["parts true"] += sum(label in parts for label, _ in truth.links.values())
        if show:
            for kind, pairs in (
                ("false", ours.keys() - truth.links.keys()),
                ("missed", truth.links.keys() - ours.keys()),
            ):
                for a, b in sorted(pairs):
                    print(f"{kind} {truth.name}\n    {truth.old[a].text}\n    {truth.new[b].text}")

    def f1(self, name: str = "") -> float:
        """Give the F1 of links, or of `moved` or `parts`."""
        name = name and f"{name} "
        right, found, true = (self.counts[name + k] for k in ("right", "found", "true"))
        return 2 * right / (found + true) if found + true else 1.0

    def share(self, part: str, whole: str) -> float:
        """Give one count over another."""
        return self.counts[part] / self.counts[whole] if self.counts[whole] else 1.0

    def row(self) -> dict[str, float]:
        """Give what the goals are set on."""
        return {
            "link F1": self.f1(),
            "precision, not weak": self.share("firm right", "firm"),
            "label accuracy": self.share("label right", "right"),
            "moved F1": self.f1("moved"),
            "split/merge F1": self.f1("parts"),
        }


def _overlaps(own: Sequence[tuple[int, int]], true: Sequence[tuple[int, int]]) -> dict[int, int]:
    """Map each sentence of ours to the true one that it shares most with, if that is half of either."""
    out = {}
    for i, (a, b) in enumerate(own):
        shared = [(min(b, d) - max(a, c), k) for k, (c, d) in enumerate(true)]
        best, k = max(shared, default=(0, 0), key=lambda x: (x[0], -x[1]))
        if best > 0 and 2 * best >= min(b - a, true[k][1] - true[k][0]):
            out[i] = k
    return out


def _matched(truth: dict[Pair, Any], old: dict[int, int], new: dict[int, int]) -> tuple[dict[Pair, Any], int]:
    """Say the truth in our indices; the second value counts true links of which a side was not found."""
    back_old: dict[int, list[int]] = {}
    back_new: dict[int, list[int]] = {}
    for i, k in old.items():
        back_old.setdefault(k, []).append(i)
    for j, k in new.items():
        back_new.setdefault(k, []).append(j)
    out, lost = {}, 0
    for (a, b), value in truth.items():
        if a in back_old and b in back_new:
            out[back_old[a][0], back_new[b][0]] = value
        else:
            lost += 1
    return out, lost


def generated(cables: int, seed: int) -> tuple[list[Truth], int]:
    """Generate cables, parse them, and lay out the truth of each step; also count the steps left out.

    A step is left out if the words read differ in number from those written, which is an error of the parser and not
    of ours.
    """
    samples.add_facts()
    fiction = samples.generate(cables, seed=seed, yearly=cables // 21)
    texts = [f"{m.header}\n\n{m.body}" for m in fiction.messages.values()]
    corpus = cl.parse(texts, sent=[c.sent for c in fiction.cables])
    said: dict[str, list[str]] = {}
    for cable, _, _, text in fiction.truth.sentences.iter_rows():
        said.setdefault(cable, []).append(text)
    links: dict[tuple[str, str], dict[Pair, tuple[str, bool]]] = {}
    for _, a, b, i, j, label, moved in fiction.truth.links.iter_rows():
        links.setdefault((a, b), {})[i, j] = (label, moved)
    held = set(corpus.cables["cable"])
    out, without = [], 0
    for (a, b), true in links.items():
        step = compare(corpus, a, b).steps[0] if a in held and b in held else None
        if step is None or any(v.words != _stream(said[v.cable])[-1][1] for v in (step.old, step.new)):
            without += 1
            continue
        old = _overlaps(_stream([s.text for s in step.old.sentences]), _stream(said[a]))
        new = _overlaps(_stream([s.text for s in step.new.sentences]), _stream(said[b]))
        ours, lost = _matched(true, old, new)
        truth = Truth(f"{a} {b}", step.old.sentences, step.new.sentences, step.links, ours, lost=lost)
        out.append(truth)
    return out, without


def _stream(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Place sentences in the stream of words of their cable."""
    out, at = [], 0
    for text in texts:
        size = len(normal(text))
        out.append((at, at + size))
        at += size
    return out


def by_hand(folder: Path = GOLD, cables: Path = CABLES) -> list[tuple[Truth, cl.Corpus]]:
    """Read the pairs whose links were set by hand."""
    out = []
    for file in sorted(folder.glob("*.json")):
        gold = json.loads(file.read_text(encoding="utf-8"))
        corpus = cl.read(*(cables / gold[side]["source"] for side in "ab"))
        names = [gold[side]["cable"] for side in "ab"]
        step = compare(corpus, *names).steps[0]
        refs: dict[str, list[list[int]]] = {s: [] for s in "ab"}
        for link in (*gold["links"], *gold["maybe"]):
            for side in "ab":
                if link[side] not in refs[side]:
                    refs[side].append(link[side])
        maps = {}
        for side, version in (("a", step.old), ("b", step.new)):
            own = _refs(corpus, version.cable, version.sentences)
            # a paragraph apart is a million characters apart
            spread = [(p * 10**6 + x, p * 10**6 + y) for p, x, y in own]
            maps[side] = _overlaps(spread, [(p * 10**6 + x, p * 10**6 + y) for p, x, y in refs[side]])
        said = {_index(refs, x): (x["label"], x["moved"]) for x in gold["links"]}
        true, lost = _matched(said, maps["a"], maps["b"])
        maybe, _ = _matched({_index(refs, x): True for x in gold["maybe"]}, maps["a"], maps["b"])
        truth = Truth(" ".join(names), step.old.sentences, step.new.sentences, step.links, true, set(maybe), lost)
        out.append((truth, corpus))
    return out


def _index(refs: dict[str, list[list[int]]], link: dict[str, list[int]]) -> Pair:
    return refs["a"].index(link["a"]), refs["b"].index(link["b"])


def _refs(corpus: cl.Corpus, cable: str, sentences: Sequence[Sentence]) -> list[tuple[int, int, int]]:
    """Place sentences by paragraph and by characters that are not blank, counted from the start of the paragraph."""
    one = corpus[cable]
    starts = dict(one.paragraphs.select("position", "start").iter_rows())
    text = one.text
    out = []
    for s in sentences:
        before = _printed(text[starts[s.paragraph] : s.start])
        out.append((s.paragraph, before, before + _printed(text[s.start : s.end])))
    return out


def _printed(text: str) -> int:
    return sum(not c.isspace() for c in text)


def with_difflib(old: Sequence[Sentence], new: Sequence[Sentence]) -> list[Link]:
    """Align by difflib: equal sentences are kept, replaced ones paired one after the other."""
    out = []
    for tag, a0, a1, b0, b1 in SequenceMatcher(
        None, [s.words for s in old], [s.words for s in new], False
    ).get_opcodes():
        if tag in ("equal", "replace"):
            label = "kept" if tag == "equal" else "reworded"
            out += [Link(a, b, label, False, False, 1.0) for a, b in zip(range(a0, a1), range(b0, b1), strict=False)]
    return out


def with_collatex(old: Sequence[Sentence], new: Sequence[Sentence]) -> list[Link]:
    """Align by CollateX on words: sentences are linked if most words of the shorter one stand in common columns."""
    from collatex import Collation, collate

    collation = Collation()
    for name, side in (("A", old), ("B", new)):
        tokens = [{"t": w, "n": w, "s": s.sentence} for s in side for w in s.words]
        collation.add_witness({"id": name, "tokens": tokens})
    table = collate(collation, output="table", segmentation=False, layout="vertical")
    shared: Counter[Pair] = Counter()
    for column in table.columns:
        cells = [column.tokens_per_witness.get(w) for w in ("A", "B")]
        if all(cells) and cells[0][0].token_string.strip() == cells[1][0].token_string.strip():
            shared[cells[0][0].token_data["s"], cells[1][0].token_data["s"]] += 1
    out = []
    for (a, b), n in sorted(shared.items()):
        if 2 * n > min(len(old[a].words), len(new[b].words)):
            label = "kept" if old[a].words == new[b].words else "reworded"
            out.append(Link(a, b, label, False, False, 1.0))
    return out


def _best_of(repeat: int, work: Callable[[], object]) -> float:
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return 1000 * min(times)


def whole(corpus: cl.Corpus, *cables: str) -> None:
    """Compare and build every frame that the design names."""
    found = compare(corpus, *cables)
    _ = found.sentences, found.links, found.words, found.changes, found.threads


def times() -> dict[str, float]:
    """Measure milliseconds for a pair and a chain of ten generated cables, and for the real pairs, best of five."""
    samples.add_facts()
    fiction = samples.generate(160, seed=5, size=2.2, yearly=8)
    texts = [f"{m.header}\n\n{m.body}" for m in fiction.messages.values()]
    corpus = cl.parse(texts, sent=[c.sent for c in fiction.cables])
    steps = fiction.truth.chains.filter(kind="periodic").sort("chain", "order")
    longest = (
        steps.group_by("chain", maintain_order=True).len().sort("len", descending=True, maintain_order=True)["chain"][0]
    )
    chain = [c for c in steps.filter(steps["chain"] == longest)["cable"] if c in set(corpus.cables["cable"])]
    ten = chain[:10]
    whole(corpus, *chain[:2])
    step = compare(corpus, *chain[:2]).steps[0]
    out = {
        "characters a cable": sum(map(len, texts)) / len(texts),
        "sentences of the pair": float(len(step.old.sentences) + len(step.new.sentences)),
        "pair, links only": _best_of(5, lambda: compare(corpus, *chain[:2])),
        "pair, all frames": _best_of(5, lambda: whole(corpus, *chain[:2])),
        "chain of ten, links only": _best_of(5, lambda: compare(corpus, *ten)),
        "chain of ten, all frames": _best_of(5, lambda: whole(corpus, *ten)),
        "pair, difflib": _best_of(3, lambda: with_difflib(step.old.sentences, step.new.sentences)),
    }
    if CABLES.is_dir():
        pairs = [(corpus, t.name.split(), t) for t, corpus in by_hand()]
        words = [sum(len(s.words) for s in (*t.old, *t.new)) for _, _, t in pairs]
        out["words of a real pair, mean"] = sum(words) / len(words)
        out["real pair, links only, mean"] = _best_of(5, lambda: [compare(c, *n) for c, n, _ in pairs]) / len(pairs)
        out["real pair, all frames, mean"] = _best_of(5, lambda: [whole(c, *n) for c, n, _ in pairs]) / len(pairs)
        if _collatex():
            real = _best_of(1, lambda: [with_collatex(t.old, t.new) for _, _, t in pairs]) / len(pairs)
            out["real pair, CollateX, mean"] = real
    if _collatex():
        out["pair, CollateX"] = _best_of(1, lambda: with_collatex(step.old.sentences, step.new.sentences))
    return out


def _collatex() -> bool:
    try:
        import collatex  # noqa: F401
    except ImportError:
        return False
    return True


def _table(title: str, rows: dict[str, Score]) -> None:
    print(f"\n{title}")
    for name, score in rows.items():
        told = "  ".join(f"{k} {v:.4f}" for k, v in score.row().items())
        print(f"  {name:<10} {score.counts['pairs']} pairs, {score.counts['true']} links  {told}")


def main() -> None:
    """Print quality and times."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cables", type=int, default=400, help="generated cables for each seed")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--show", action="store_true", help="print what was linked wrongly")
    chosen = parser.parse_args()
    if CABLES.is_dir():
        pairs = [truth for truth, _ in by_hand()]
        rows = {"ours": Score(), "difflib": Score()} | ({"CollateX": Score()} if _collatex() else {})
        for truth in pairs:
            rows["ours"].add(truth, truth.ours, show=chosen.show)
            rows["difflib"].add(truth, with_difflib(truth.old, truth.new))
            if "CollateX" in rows:
                rows["CollateX"].add(truth, with_collatex(truth.old, truth.new))
        _table("Gold: real pairs, links set by hand", rows)
    else:
        print("Gold: no ../shared/cables beside the checkout")
    rows = {"ours": Score(), "difflib": Score()}
    without = 0
    for seed in chosen.seeds:
        truths, unread = generated(chosen.cables, seed)
        without += unread
        for truth in truths:
            rows["ours"].add(truth, truth.ours, show=chosen.show)
            rows["difflib"].add(truth, with_difflib(truth.old, truth.new))
    _table(f"Generated: {chosen.cables} cables for each of seeds {chosen.seeds}", rows)
    if without:
        print(f"  left out: {without} steps whose text was not read in full")
    print("\nTimes in milliseconds, best of five")
    for name, value in times().items():
        print(f"  {name:<28} {value:9.1f}")


if __name__ == "__main__":
    main()
