"""How right, and how fast, differences between copies of a cable are named.

    python tests/benchmarks/versions.py TEXT_FOLDER PAGES_FOLDER

TEXT_FOLDER and PAGES_FOLDER hold the same release of the same cables in two renderings: nothing changed. Releases are then generated from
each text: words behind a mask, shown again, a longer mask, a paragraph or words taken out and put back, a word replaced; half of them
wrapped anew. A kind is right where all differences that are given are of it; beside it stands in how many of them the words are as many as
were changed, give or take one.
"""

from __future__ import annotations

import random
import re
import statistics
import sys
import textwrap
import time
from pathlib import Path

import cablelab as cl
from cablelab.message import parse
from cablelab.studies.releases import differences, words_of

MASK = "XXXXXXXXXXXX"
Case = tuple[str, str, str, int, int]  # kind, one text, the other, words changed in each


def releases(text: str, chance: random.Random) -> list[Case]:
    """Make two releases for each kind from one text; none where it has no paragraph long enough."""
    held = [(p.start, p.end) for p in parse(text).paragraphs]
    long = [
        (a, b)
        for a, b in held
        if len(text[a:b].split()) > 25 and text.count(text[a:b]) == 1 and "xx" not in text[a:b].lower()
    ]
    if not long:
        return []
    first, last = chance.choice(long)
    tokens = list(re.finditer(r"\S+", text[first:last]))
    count = chance.choice((1, 2, 2, 3, 5, 9))
    at = chance.randrange(5, len(tokens) - count - 1)
    start, end = first + tokens[at].start(), first + tokens[at + count - 1].end()
    masked, longer, cut = (text[:start] + put + text[end:] for put in (MASK, MASK * 2, ""))
    anew, whole = text[:start] + " ".join(["herring"] * count) + text[end:], text[:first] + text[last:]
    hidden, lost = _words("1. " + text[start:end]), _words(text[first:last])
    return [
        ("hidden", text, masked, hidden, 1), ("shown", masked, text, 1, hidden), ("mask", masked, longer, 1, 1),
        ("cut", text, cut, hidden, 0), ("cut", cut, text, 0, hidden), ("cut", text, whole, lost, 0), ("cut", whole, text, 0, lost),
        ("text", text, anew, hidden, count),
    ]  # fmt: skip


def _words(paragraph: str) -> int:
    return len(words_of(f"UNCLAS OSLO 000001\n\nSUBJECT: FISH\n\n{paragraph}").keys) - 1


def wrapped(text: str, chance: random.Random) -> str:
    """Wrap the paragraphs of a text anew, as another site would: blocks of one numbered paragraph, page breaks and headings aside."""
    blocks = re.split(r"(\n[ \t]*\n)", text)
    width = chance.choice((60, 72, 100_000))

    def alone(block: str) -> bool:
        lines = [line.strip() for line in block.strip().splitlines()]
        numbered = [line for line in lines if re.match(r"[¶]?\d{1,2}[.)]?\s", line)]
        return (
            bool(lines) and numbered == lines[:1] and not any(line.isupper() or len(line) < 30 for line in lines[:-1])
        )

    return "".join(textwrap.fill(" ".join(b.split()), width) if alone(b) else b for b in blocks)


def main(texts: Path, pages: Path) -> None:
    """Print the shares."""
    files = {path.stem: path for path in sorted(texts.glob("*.txt"))}
    others = {path.stem: path for path in sorted(pages.rglob("*.html")) if path.stem in files}
    corpus = cl.read(*(files[k] for k in others), *others.values(), progress=False)
    found = cl.versions(corpus)
    doubled = corpus.copies["preferred"].n_unique()
    print(
        f"renderings: {doubled} doubles, {found['cable'].n_unique()} with a difference; kinds {dict(found['kind'].value_counts().iter_rows())}"
    )
    chance = random.Random(16)
    right: dict[str, list[bool]] = {}
    counted: dict[str, int] = {}
    taken: list[float] = []
    for text in corpus.texts["text"]:
        for n, (kind, one, two, in_a, in_b) in enumerate(releases(text, chance)):
            two = wrapped(two, chance) if n % 2 else two
            began = time.process_time()
            got = differences(words_of(one), words_of(two))
            taken.append(1000 * (time.process_time() - began))
            a, b = sum(len(x) for _, x, _ in got), sum(len(y) for _, _, y in got)
            right.setdefault(kind, []).append({k for k, _, _ in got} == {kind})
            counted[kind] = counted.get(kind, 0) + (abs(a - in_a) <= 1 and abs(b - in_b) <= 1)
    total = [r for of in right.values() for r in of]
    for kind, of in right.items():
        print(
            f"{kind:<8} {sum(of):5} of {len(of):5} right ({100 * sum(of) / len(of):.1f} %), {counted[kind]} of as many words"
        )
    print(f"all      {sum(total):5} of {len(total):5} right ({100 * sum(total) / len(total):.1f} %)")
    print(
        f"a pair   {statistics.median(taken):.1f} ms of processor, the slowest of a hundred {statistics.quantiles(taken, n=100)[-1]:.1f} ms"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
