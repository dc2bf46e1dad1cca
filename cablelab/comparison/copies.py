"""Copies of one cable as versions: `07ASTANA3256@0` names the first that was released.

Words that one of the copies hides are not shown in the others unless they are asked for: two releases side by side can name people whom
one of them protects.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from cablelab.corpus import Corpus
from cablelab.errors import UnknownCable
from cablelab.frames import NAMES
from cablelab.reading import parse
from cablelab.studies.releases import differences, texts_of, words_of

HIDDEN = "[hidden in another copy]"
COPY = re.compile(r"[^@]+@ ?\d{1,4}")


def apart(corpus: Corpus, names: Sequence[str], hidden: bool) -> Corpus:
    """Make a corpus in which each copy named is a cable of its own.

    Parameters
    ----------
    corpus
        The corpus that holds the copies.
    names
        Ids with `@` and the number of the copy, counted from 0 in the order of release; without it the one that stands for the cable.
    hidden
        Show the words that one of the copies hides.

    Raises
    ------
    UnknownCable
        If there is no such copy; the message says how many there are.
    """
    texts = {name: _text(corpus, name) for name in names}
    if not hidden:
        texts = {
            name: _without_hidden(text, [t for n, t in texts.items() if n != name]) for name, text in texts.items()
        }
    parts: dict[str, list[pl.DataFrame]] = {name: [] for name in NAMES}
    for name, text in texts.items():
        cable, _, _ = name.partition("@")
        one = parse(text, sent=corpus[cable]["sent"])
        for frame in NAMES:
            rows = one.frame(frame)
            parts[frame].append(rows.with_columns(cable=pl.lit(name)) if frame != "problems" else rows.clear())
    return Corpus({frame: pl.concat(rows) for frame, rows in parts.items()})


def normal(corpus: Corpus, name: str) -> str:
    """Write the name of a copy as `texts_of` does, or the key of a cable."""
    cable, mark, number = name.partition("@")
    return corpus.key(cable) + mark + number.strip()


def _text(corpus: Corpus, name: str) -> str:
    cable, mark, _ = name.partition("@")
    if not mark:
        return corpus[cable].text
    copies = dict(texts_of(corpus, [cable])[cable])
    if name not in copies:
        raise UnknownCable(name, list(copies), f"The corpus holds {len(copies)} of its copies, numbered from 0.")
    return copies[name]


def _without_hidden(text: str, others: Sequence[str]) -> str:
    """Replace in a text the words that other copies hide, wherever they stand."""
    words = words_of(text)
    for other in others:
        for kind, ours, _ in differences(words, words_of(other)):
            if kind == "hidden":
                run = r"\W+".join(re.escape(word.text) for word in ours if not word.mask)
                text = re.sub(rf"\b{run}\b", HIDDEN, text)
    return text
