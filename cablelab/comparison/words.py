"""Which words changed inside a link: indel opcodes on words, joined into runs that a reader can take in.

A deletion and an insertion that touch become one replacement; one or two function words between two changes are drawn
into them, since *the*, left standing between two new phrases, only makes the change harder to read. There is no time
limit: the same two sentences give the same runs on every machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import Indel

from cablelab.comparison.align import Codes
from cablelab.comparison.lexicon import FUNCTION_WORDS
from cablelab.comparison.model import Edit, Link, Sentence

OPS = ("equal", "replace", "delete", "insert")


@dataclass(frozen=True, slots=True)
class Run:
    """Words [start_a, end_a) of the older text against words [start_b, end_b) of the newer."""

    op: str
    start_a: int
    end_a: int
    start_b: int
    end_b: int


def runs(old: Sequence[str], new: Sequence[str], codes: Codes | None = None) -> list[Run]:
    """Compare two texts word by word.

    Parameters
    ----------
    old, new
        Words in normal form.
    codes
        The table of words to use; several comparisons may share one.

    Returns
    -------
    list of Run
        They cover both texts in order; `equal` and changes alternate.

    Examples
    --------
    >>> [(r.op, r.start_a, r.end_a) for r in runs("post recommends very strongly".split(), "post recommends".split())]
    [('equal', 0, 2), ('delete', 2, 4)]
    """
    codes = codes or Codes()
    raw = [(o.tag == "equal", o.src_start, o.src_end, o.dest_start, o.dest_end)
           for o in Indel.opcodes(codes.encode(old), codes.encode(new))]  # fmt: skip
    last = len(raw) - 1
    joined: list[list[int]] = []
    for k, (equal, a0, a1, b0, b1) in enumerate(raw):
        absorbed = equal and 0 < k < last and a1 - a0 <= 2 and all(w in FUNCTION_WORDS for w in old[a0:a1])
        same = equal and not absorbed
        if joined and joined[-1][0] == same:
            joined[-1][2], joined[-1][4] = a1, b1
        else:
            joined.append([same, a0, a1, b0, b1])
    return [Run(_name(bool(same), a1 - a0, b1 - b0), a0, a1, b0, b1) for same, a0, a1, b0, b1 in joined]


def _name(same: bool, old: int, new: int) -> str:
    return "equal" if same else "replace" if old and new else "delete" if old else "insert"


def edits(
    links: Iterable[Link], old: Sequence[Sentence], new: Sequence[Sentence], codes: Codes
) -> dict[tuple[int, int], list[Edit]]:
    """Compare the words of every link that is not `kept`.

    Parameters
    ----------
    links
        Links of one pair of cables.
    old, new
        The sentences that they link.
    codes
        The table of words.

    Returns
    -------
    dict
        By (a, b): the edits in order, `equal` ones too. Of a split or merge each link holds the part that falls to
        its sentences.

    Examples
    --------
    >>> from cablelab.comparison.align import align
    >>> from cablelab.comparison.sentences import of_cable
    >>> a, b = of_cable("a", "The port is very busy.", [(0, 0, 22)]), of_cable("b", "The port is busy.", [(0, 0, 17)])
    >>> found = edits(align(a, b), a, b, Codes())
    >>> [(e.op, e.old, e.new) for e in found[0, 0] if e.op != "equal"]
    [('delete', 'very', '')]
    """
    out: dict[tuple[int, int], list[Edit]] = {}
    done: set[tuple[str, int]] = set()
    linked = list(links)
    for link in linked:
        if link.label == "reworded":
            out[link.a, link.b] = _placed([link.a], [link.b], old, new, codes)[link.a, link.b]
        elif link.label in ("split", "merged"):
            key = ("a", link.a) if link.label == "split" else ("b", link.b)
            if key not in done:
                done.add(key)
                group = [x for x in linked if x.label == link.label and (x.a if key[0] == "a" else x.b) == key[1]]
                out.update(_placed(sorted({x.a for x in group}), sorted({x.b for x in group}), old, new, codes))
    return out


def _placed(
    of_old: Sequence[int], of_new: Sequence[int], old: Sequence[Sentence], new: Sequence[Sentence], codes: Codes
) -> dict[tuple[int, int], list[Edit]]:
    """Compare sentences joined on one side, and cut the runs where the joined side goes on to its next sentence."""
    words_old = [(i, w, p) for i in of_old for w, p in zip(old[i].words, old[i].places(), strict=True)]
    words_new = [(j, w, p) for j in of_new for w, p in zip(new[j].words, new[j].places(), strict=True)]
    out: dict[tuple[int, int], list[Edit]] = {(i, j): [] for i in of_old for j in of_new}
    at_a, at_b = old[of_old[0]].start, new[of_new[0]].start
    for run in runs([w for _, w, _ in words_old], [w for _, w, _ in words_new], codes):
        for piece_a, piece_b in _cut(words_old[run.start_a : run.end_a], words_new[run.start_b : run.end_b], run.op):
            if piece_a:
                start_a, at_a = piece_a[0][2][0], piece_a[-1][2][1]
            if piece_b:
                start_b, at_b = piece_b[0][2][0], piece_b[-1][2][1]
            i = piece_a[0][0] if piece_a else _holder(of_old, old, at_a)
            j = piece_b[0][0] if piece_b else _holder(of_new, new, at_b)
            old_at, text_a = _original(old[i], start_a, at_a) if piece_a else ((at_a, at_a), "")
            new_at, text_b = _original(new[j], start_b, at_b) if piece_b else ((at_b, at_b), "")
            op = _name(run.op == "equal", len(piece_a), len(piece_b))
            out[i, j].append(Edit(i, j, op, *old_at, *new_at, text_a, text_b))
    return out


Word = tuple[int, str, tuple[int, int]]
_CLOSING = {"(": ")", "[": "]", "“": "”", '"': '"', "‘": "’"}


def _original(sentence: Sentence, start: int, end: int) -> tuple[tuple[int, int], str]:
    """Give the characters from one word to another as they stand, with the brackets and quotation marks around them.

    A mark is taken in where its counterpart is: `(NGO)` is struck whole, of `(an NGO)` only the word.
    """
    text, base = sentence.prose, sentence.start
    a, b = start - base, end - base
    while True:
        before, after, inside = text[a - 1 : a] if a else "", text[b : b + 1], text[a:b]
        closing = _CLOSING.get(before, "")
        opening = next((o for o, c in _CLOSING.items() if c == after), "") if after else ""
        if closing and closing == after:
            a, b = a - 1, b + 1
        elif closing and closing != before and inside.count(closing) > inside.count(before):
            a -= 1
        elif opening and opening != after and inside.count(opening) > inside.count(after):
            b += 1
        else:
            return (base + a, base + b), " ".join(text[a:b].split())


def _holder(of: Sequence[int], sentences: Sequence[Sentence], at: int) -> int:
    return next((i for i in of if sentences[i].start <= at <= sentences[i].end), of[-1])


def _cut(piece_a: list[Word], piece_b: list[Word], op: str) -> list[tuple[list[Word], list[Word]]]:
    """Cut a run at sentence ends; equal words go in step, of changed ones the larger side leads."""
    if op == "equal":
        cuts = [
            k
            for k in range(1, len(piece_a))
            if piece_a[k - 1][0] != piece_a[k][0] or piece_b[k - 1][0] != piece_b[k][0]
        ]
        edges = [0, *cuts, len(piece_a)]
        return [(piece_a[x:y], piece_b[x:y]) for x, y in pairwise(edges)]
    parts_a, parts_b = _by_sentence(piece_a), _by_sentence(piece_b)
    size = max(len(parts_a), len(parts_b))
    parts_a += [[]] * (size - len(parts_a))
    parts_b += [[]] * (size - len(parts_b))
    return list(zip(parts_a, parts_b, strict=True))


def _by_sentence(piece: list[Word]) -> list[list[Word]]:
    parts: list[list[Word]] = []
    for word in piece:
        if parts and parts[-1][-1][0] == word[0]:
            parts[-1].append(word)
        else:
            parts.append([word])
    return parts
