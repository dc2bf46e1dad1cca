"""How the copies of one cable differ: what one release hides and another shows, cuts, masks of another length, other words.

Two releases laid side by side can name people in danger whom one of them protects. Words that a copy hides are therefore counted and placed, and
printed only where the caller asks for them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

import polars as pl

from cablelab.errors.arguments import of_corpus
from cablelab.message import parse

if TYPE_CHECKING:
    from cablelab.corpus import Corpus

KINDS = ("hidden", "shown", "mask", "cut", "text")
VERSIONS: dict[str, Any] = {
    "cable": pl.String, "a": pl.String, "b": pl.String, "kind": pl.Enum(KINDS), "paragraph": pl.Int32, "words_a": pl.Int32,
    "words_b": pl.Int32, "text_a": pl.String, "text_b": pl.String,
}  # fmt: skip
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
_POSSESSIVE = re.compile(r"(?<=[a-z])[,’`](?=s\b)")  # a page's encoding lost the apostrophe of `Minister's`
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_MASK = re.compile(r"(?:x{3,}|redacted|name removed)$", re.IGNORECASE)
_BODY = frozenset({"other", "reference"})
PASSAGE = 10  # words that make a passage
ISLAND = 2  # words that it may have in common, by chance, with what follows it
_BREAK = re.compile(
    r"\b[A-Z]{3,}(?:[ ][A-Z]{2,}){0,2} \d{8} {1,2}\d{3}(?:\.\d)? ?OF \d{3}\b"
)  # a page's, run into the text
_NUMBER = re.compile(r"[¶¢§]?[ ]?\d{1,3}[.,)]?[ ]")


@of_corpus
def versions(corpus: Corpus, cable: str | None = None, *, words: bool = False) -> pl.DataFrame:
    """Say how the copies of a cable differ, each from the one released before it.

    Parameters
    ----------
    corpus
        A Corpus; its `copies` hold the further copies.
    cable
        An id, in any spelling; None takes all cables with several copies.
    words
        Give the words that one of two copies hides, too. Whoever prints them can put the people named at risk.

    Returns
    -------
    DataFrame, one row a difference, in the order of the text: `cable`; `a` and `b` (String, copies as `07ASTANA3256@0`: numbered by
    release, the first one 0); `kind`: `hidden` (words of `a` stand masked in `b`), `shown` (the reverse), `mask` (both mask, at another
    length), `cut` (words that one lacks without a mask: `words_a` or `words_b` is 0), `text` (other words); `paragraph` (Int32, printed
    number; null outside numbered ones); `words_a`, `words_b` (Int32, a mask counts 1); `text_a`, `text_b` (String; null where
    hidden words are not asked for). Copies that differ in line breaks, entities, paragraph signs, capitals and punctuation only give no row.

    Raises
    ------
    UnknownCable
        If the corpus does not hold `cable`.

    Examples
    --------
    >>> import cablelab as cl
    >>> cl.versions(cl.sample()).columns[:4]
    ['cable', 'a', 'b', 'kind']
    """
    several = corpus.copies["preferred"].unique(maintain_order=True).to_list()
    keys = several if cable is None else [corpus.key(cable)]
    rows = [row for key, copies in texts_of(corpus, keys).items() for row in _of_cable(key, copies, words)]
    return pl.DataFrame(rows, schema=VERSIONS, orient="row")


def texts_of(corpus: Corpus, cables: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """Give the copies of some cables as (name, text), numbered by release: `07ASTANA3256@0` is the first.

    Examples
    --------
    >>> import cablelab as cl
    >>> corpus = cl.parse("UNCLAS OSLO 000012")
    >>> [len(copies) for copies in texts_of(corpus, corpus.ids).values()]
    [1]
    """
    wanted = pl.DataFrame({"cable": list(cables)}, schema={"cable": pl.String})
    columns = ("cable", "released", "source", "text")
    preferred = wanted.join(corpus.cables.select(*columns[:3]), on="cable").join(corpus.texts, on="cable")
    others = wanted.join(corpus.copies.select("released", "source", "text", cable="preferred"), on="cable")
    both = pl.concat([preferred.select(*columns), others.select(*columns)])
    found: dict[str, list[tuple[str, str]]] = {cable: [] for cable in wanted["cable"]}
    ordered = both.sort("released", "source", nulls_last=True, maintain_order=True)
    for cable, text in ordered.select("cable", "text").iter_rows():
        found[cable].append((f"{cable}@{len(found[cable])}", text))
    return found


def _of_cable(cable: str, texts: Sequence[tuple[str, str]], words: bool) -> Iterator[tuple[Any, ...]]:
    copies = [(name, words_of(text)) for name, text in texts]
    for (a, ours), (b, theirs) in pairwise(copies):
        for kind, left, right in differences(ours, theirs):
            may_show = words or kind not in {"hidden", "shown"}
            of = (left or right)[0].paragraph
            shown = [_joined(side) if may_show or all(w.mask for w in side) else None for side in (left, right)]
            yield (cable, a, b, kind, of, len(left), len(right), *shown)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a copy: as it stands, and the printed number of its paragraph; `mask` where it stands for words that are hidden."""

    text: str
    paragraph: int | None
    mask: bool


@dataclass(slots=True)
class Words:
    """The words of a copy: `keys` as they are compared, `texts` as they stand, `numbers` of the paragraphs that they stand in."""

    keys: list[str]
    texts: list[str]
    numbers: list[int | None]

    def cut(self, start: int, end: int) -> list[Word]:
        """Give the words from `start` to `end`."""
        places = range(start, end)
        return [Word(self.texts[i], self.numbers[i], _MASK.match(self.keys[i]) is not None) for i in places]


def words_of(text: str) -> Words:
    r"""Cut the subject and the paragraphs of a copy into words that can be compared; what differs between renderings is folded.

    Examples
    --------
    >>> words_of("UNCLAS OSLO 000012\n\nSUBJECT: FISH\n\n1. The Minister,s\naide, XXXX &amp; others").keys
    ['fish', 'the', "minister's", 'aide', 'xxxx', 'others']
    """
    message = parse(text)
    found = Words([], [], [])
    _add(found, message.subject or "", None)
    spans = [span for span in message.spans if span.role == "paragraph"]
    # a heading of one copy is the end of a paragraph in another that lacks what stood below it
    headings = [span for span in message.spans if span.role == "heading"]
    for paragraph in message.paragraphs:
        while headings and headings[0].start < paragraph.start:
            _add(found, text[headings[0].start : headings[0].end], None)
            del headings[0]
        parts = [
            text[max(s.start, paragraph.start) : min(s.end, paragraph.end)]
            for s in spans
            if s.start < paragraph.end and s.end > paragraph.start
        ] or [text[paragraph.start : paragraph.end]]
        _add(found, _NUMBER.sub("", " ".join(parts), count=1), paragraph.number)
    if not message.paragraphs:  # what could not be cut into paragraphs is not missing for that
        for span in message.spans:
            if span.role in _BODY:
                _add(found, text[span.start : span.end], None)
    return found


def _add(found: Words, text: str, number: int | None) -> None:
    plain = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text) if "&" in text else text
    plain = _BREAK.sub(" ", plain) if " OF 0" in plain else plain
    texts = _TOKEN.findall(_POSSESSIVE.sub("'", plain).replace("’", "'"))
    found.texts += texts
    found.keys += map(str.lower, texts)
    found.numbers += [number] * len(texts)


def differences(a: Words, b: Words) -> list[tuple[str, list[Word], list[Word]]]:
    """Compare two copies word by word.

    Returns
    -------
    list of (kind, words of `a`, words of `b`), in the order of the texts.
    """
    from rapidfuzz.distance import Indel

    found: list[tuple[str, list[Word], list[Word]]] = []
    left: list[Word] = []
    right: list[Word] = []
    if a.keys == b.keys:
        return found
    for op in Indel.opcodes(a.keys, b.keys):
        alike = op.tag == "equal"
        if alike and (op.src_end - op.src_start > ISLAND or not _passage(left, right)):
            found += _kinds(left, right)
            left, right = [], []
        else:  # a word or two that a passage taken out and what follows it have in common
            left += a.cut(op.src_start, op.src_end)
            right += b.cut(op.dest_start, op.dest_end)
    return found + list(_kinds(left, right))


def _passage(left: list[Word], right: list[Word]) -> bool:
    """Tell whether a passage was taken out of one copy: other words than a heading or a joint are left of it in neither."""
    short, long = sorted((left, right), key=len)
    return len(long) >= PASSAGE and len(long) >= 5 * len(short) and not any(w.mask for w in short)


def _kinds(left: list[Word], right: list[Word]) -> Iterator[tuple[str, list[Word], list[Word]]]:
    if not left or not right:
        for _, run in groupby(left or right, key=lambda word: word.paragraph):
            part = list(run)
            yield "mask" if all(w.mask for w in part) else "cut", part if left else [], part if right else []
        return
    if _passage(left, right):
        yield "cut", left, right
        return
    masked = (any(w.mask for w in left), any(w.mask for w in right))
    kind = {(False, False): "text", (False, True): "hidden", (True, False): "shown", (True, True): "mask"}[masked]
    yield kind, left, right


def _joined(side: Sequence[Word]) -> str:
    return " ".join(word.text for word in side)
