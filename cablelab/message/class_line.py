"""The classification line: level, captions, section, post and number; found in a message, damaged or not, and chosen among copies."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from cablelab.facts import post_code
from cablelab.message.grammar import CLASS_LINE, CLASS_TAIL, GLUED_CLASS, RECORD_CLASS, count_of, level_of
from cablelab.terms import LEVELS

# A damaged level is looked for on the first lines only. Characters.
_FAR = 4_000
_PREVIEW = 1_000
_POINTS = re.compile(r"\.\.\.")
_LETTERS = re.compile(r"[A-Z]{1,14}")


class ClassLine(NamedTuple):
    """One classification line; `start` is where the level opens."""

    level: str
    captions: tuple[str, str]
    section: int
    sections: int
    post: str
    number: int
    start: int
    end: int
    words: str = ""  # the post as written

    def is_of(self, other: ClassLine) -> bool:
        """Tell whether two lines name one message."""
        return (self.post, self.number) == (other.post, other.number)


def find(text: str, start: int, end: int) -> list[ClassLine]:
    """List the lines that could open the message: of first sections if there are any, of later ones else."""
    found = _all(text, start, end) or _glued(text, start, end) or _damaged(text, start, end)
    return [one for one in found if one.section == 1] or found[:1]


def choose(found: list[ClassLine], text: str) -> ClassLine | None:
    """Choose the line under which the full text stands: previews, database records and doubled heads come first."""
    if len(found) < 2:
        return found[0] if found else None
    same = [one for one in found if one.is_of(found[0])]
    sizes = [_held(text, a.end, b.start) for a, b in pairwise(same)] + [len(text) - same[-1].end]
    # A later copy that was cut off and flattened is not fuller than the first.
    return max(zip(sizes, range(len(same)), same, strict=True))[2]


def _held(text: str, start: int, end: int) -> int:
    """Count the characters that one of several copies holds: a preview breaks off in three points."""
    broken = text.find("...\n", start, min(end, start + _PREVIEW))
    return (broken if broken >= 0 else end) - start


def _all(text: str, start: int, end: int) -> list[ClassLine]:
    found = [line for m in CLASS_LINE.finditer(text, start, end) if (line := _line(m))]
    for opening, pattern in RECORD_CLASS:
        if opening[-1] in text and opening in text:  # one letter is sought far faster than two
            # A record is wrapped at a fixed column, in the midst of words too.
            flat = text.replace("\n", " ") if opening[0] == "," else text
            found += [line for m in pattern.finditer(flat, start, end) if (line := _line(m))]
    found.sort(key=lambda one: one.start)
    if len(found) == 1 and _POINTS.search(text, found[0].end, found[0].end + _FAR):
        # a preview broke off, and the whole copy goes on in its last line
        found += [one for one in _glued(text, found[0].end, end) if one.is_of(found[0])]
    return found


def _glued(text: str, start: int, end: int) -> list[ClassLine]:
    glued = GLUED_CLASS.search(text, start, min(end, start + _FAR))
    line = _line(glued) if glued else None
    return [line] if line else []


def _line(m: re.Match[str], level: str | None = None, start: int | None = None) -> ClassLine | None:
    written, caveat, caveat2, section, sections, number = m.group(
        "post", "caveat", "caveat2", "section", "sections", "number"
    )
    words = " ".join(written.split())
    code = post_code(words)
    if code is None and ("\n" in written or not (words.isupper() or words.islower())):
        return None
    return ClassLine(
        level or level_of(m["level"]), (caveat, caveat2), count_of(section), count_of(sections),
        code or re.sub(r"[^A-Z]", "", words.upper()), int(number), m.start("level") if start is None else start, m.end(),
        words,
    )  # fmt: skip


def _damaged(text: str, start: int, end: int) -> list[ClassLine]:
    """Find a line whose level has a letter or a blank too few or too many, by the post and number behind it."""
    at = start
    stop = min(end, start + _FAR)
    while at < stop:
        next_line = text.find("\n", at + 1, stop)
        next_line = stop if next_line < 0 else next_line
        if (line := _mended(text, at, min(next_line, at + 200))) is not None:
            return [line]
        at = next_line
    return []


def _mended(text: str, start: int, end: int) -> ClassLine | None:
    letters, first, at = "", start, start
    for word in _LETTERS.finditer(text, start, end):
        if text[at : word.start()].strip(' \n\t>"') or len(letters) > 20:
            return None
        first = first if letters else word.start()
        letters, at = letters + word[0], word.end()
        level = _nearest(letters)
        tail = CLASS_TAIL.match(text, at) if level else None
        if tail is not None and post_code(" ".join(tail["post"].split())) is not None:
            return _line(tail, level, first)
    return None


def _nearest(letters: str) -> str | None:
    """Name the level that letters are, one or two of them wrong, missing or doubled; a short one bears less."""
    if len(letters) < 5:
        return None
    from rapidfuzz.distance import OSA

    for level in (*LEVELS[::-1], "UNCLAS"):
        word = level.replace(" ", "")
        limit = 1 if len(word) < 8 else 2
        if OSA.distance(word, letters, score_cutoff=limit) <= limit:
            return level_of(word)
    return None
