"""Small corpora for the tests of comparison, from invented sentences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import cablelab as cl
from cablelab.comparison import Comparison, compare
from cablelab.comparison.model import Sentence
from cablelab.comparison.sentences import normal

PARTIAL = (
    "This record is a partial extract of the original cable. The full text of the original cable is not available.\n\n"
)


def message(number: int, paragraphs: Sequence[str], *, refs: str = "", partial: bool = False) -> str:
    """Write a message of the post at Oslo, one numbered paragraph for each text."""
    ref = f"REF: {refs}\n" if refs else ""
    body = "\n\n".join(f"{n}. {text}" for n, text in enumerate(paragraphs, 1))
    head = f"UNCLAS OSLO {number:06}\n\nSIPDIS\n\nE.O. 12958: N/A\nTAGS: ELAB, NO\nSUBJECT: NORWAY: PORTS\n{ref}"
    return f"{PARTIAL if partial else ''}{head}\n{body}\n\nBRUUN\n"


def compared(*versions: Sequence[str], **options: bool) -> Comparison:
    """Parse versions of a report and compare them in order."""
    return compare(*corpus_of(*versions, **options))


def corpus_of(*versions: Sequence[str], partial: bool = False) -> tuple:
    """Parse versions; give the corpus and the keys in order. With `partial` the first is a partial extract."""
    texts = [message(100 + n, v, partial=partial and not n) for n, v in enumerate(versions)]
    corpus = cl.parse(texts, sent=[datetime(2004 + n, 5, 1) for n in range(len(texts))])
    keys = dict(corpus.cables.select("source", "cable").iter_rows())
    return corpus, *(keys[f"text-{n}"] for n in range(len(texts)))


def sentences(cable: str, texts: Sequence[str], paragraph: int = 0) -> list[Sentence]:
    """Make sentences of one paragraph, one for each text."""
    return [Sentence(cable, n, paragraph, t, 0, len(t), tuple(normal(t))) for n, t in enumerate(texts)]
