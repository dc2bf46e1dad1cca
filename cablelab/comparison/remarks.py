"""What a reader must know before reading a comparison: said once for each step, at the top.

A *doubt* makes `dropped` or `added` uncertain: part of a cable is missing, a cable between is not held, an older one on
which both build is not held. Other remarks say what is odd about the pair: nothing in common, years between, a text
that stands twice, a language that the word lists do not know.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import chain, pairwise
from typing import Any

from cablelab.comparison.kept import letters
from cablelab.comparison.lexicon import FUNCTION_WORDS
from cablelab.comparison.model import Missing, Step, Version
from cablelab.ids import Id
from cablelab.ids import read as read_id

# below this share of the newer cable's words in firm links two cables share no text to speak of
NO_COMMON_TEXT = 0.05
LONG_GAP = 18
# a text stands twice if so many of its sentences do
DOUBLED, FEWEST = 0.4, 8
# English prose has some two fifths of function words
FOREIGN, ENOUGH_WORDS = 0.2, 60


def doubts(versions: Sequence[Version], ids_in_corpus: Collection[str]) -> list[tuple[str, ...]]:
    """Say for each step what makes `dropped` or `added` doubtful.

    Parameters
    ----------
    versions
        The versions, the earliest first.
    ids_in_corpus
        The cited cables that the corpus holds.

    Returns
    -------
    list of tuple of str
        One tuple a step: partial extracts, cables without paragraphs, cables of the same mission that the newer one
        cites, that lie between the two and are not held, and older ones that either builds on and that are not held.
    """
    posts = {v.fields["post"] for v in versions if v.fields["post"]}
    out = []
    for old, new in pairwise(versions):
        remarks = []
        for v in (old, new):
            if v.fields["partial"]:
                remarks.append(f"{v.cable} is a partial extract: what its missing part said is unknown")
            if not v.sentences:
                remarks.append(f"{v.cable} has no paragraph that could be read")
        older: dict[str, list[str]] = {}
        for target, by in _citing((old, new)).items():
            found = read_id(target)
            if target in ids_in_corpus or found is None or found.post not in posts:
                continue
            if new.cable in by and _later(found, old.fields) and _earlier(found, new.fields):
                remarks.append(f"{target}, cited by {new.cable}, lies between and is not held")
            elif _earlier(found, old.fields):
                older.setdefault(" and ".join(by), []).append(target)
        for citers, targets in older.items():
            are = "is older than both and is" if len(targets) == 1 else "are older than both and are"
            remarks.append(f"{listed(targets)}, cited by {citers}, {are} not held")
        out.append(tuple(remarks))
    return out


def missing(versions: Sequence[Version], ids_in_corpus: Collection[str]) -> tuple[Missing, ...]:
    """List the cables of the chain's posts that it cites, that lie between two of its cables and that are not held.

    Parameters
    ----------
    versions
        The versions, the earliest first.
    ids_in_corpus
        The cited cables that the corpus holds.

    Returns
    -------
    tuple of Missing
        In the order of the chain; each once.
    """
    posts = {v.fields["post"] for v in versions if v.fields["post"]}
    out = []
    for target, by in _citing(versions).items():
        found = read_id(target)
        if target in ids_in_corpus or found is None or found.post not in posts:
            continue
        for n in range(1, len(versions)):
            if _later(found, versions[n - 1].fields) and _earlier(found, versions[n].fields):
                out.append((n, found.year, found.number, Missing(target, found.year, n, tuple(by))))
                break
    return tuple(m for *_, m in sorted(out, key=lambda x: x[:3]))


def _citing(versions: Sequence[Version]) -> dict[str, list[str]]:
    """Give for each cable that is cited who cites it."""
    citing: dict[str, list[str]] = {}
    for v in versions:
        for target in v.cites:
            citing.setdefault(target, []).append(v.cable)
    return citing


def gaps(versions: Sequence[Version]) -> list[tuple[str, ...]]:
    """Say for each step how much time lies between where it is long, and whether the newer cable cites the older."""
    out = []
    for old, new in pairwise(versions):
        months, exact = months_between(old, new)
        remarks: tuple[str, ...] = ()
        if months is not None and months >= LONG_GAP:
            undated = [v.cable for v in (old, new) if not v.fields["sent"]]
            years = f"{months // 12} years lie between by their ids: {' and '.join(undated)} bears no date"
            remarks = (f"{months} months lie between" if exact else years,)
            if old.cable not in new.cites:
                remarks += (f"{new.cable} does not cite {old.cable}: a report between them may be missing",)
        out.append(remarks)
    return out


def listed(names: Sequence[str]) -> str:
    """Join names as prose does.

    Examples
    --------
    >>> listed(["05OSLO1", "05OSLO2", "05OSLO3"])
    '05OSLO1, 05OSLO2 and 05OSLO3'
    """
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def months_between(old: Version, new: Version) -> tuple[int | None, bool]:
    """Count the months from one cable to the next; false where a date is missing and only the years are known."""
    a, b = old.fields["sent"], new.fields["sent"]
    if a and b:
        return round((b - a).days / 30.44), True
    if old.fields["year"] is None or new.fields["year"] is None:
        return None, False
    return 12 * (new.fields["year"] - old.fields["year"]), False


def oddities(step: Step) -> tuple[str, ...]:
    """Say what is odd about the two texts of a step."""
    out = []
    if step.old.sentences and step.new.sentences and common(step) < NO_COMMON_TEXT:
        remark = f"{step.old.cable} and {step.new.cable} share no passage"
        if step.outcomes["kept"][0] + step.outcomes["reworded"][0]:
            remark += f" to speak of: {common(step):.0%} of the words of the newer one".replace("%", " %")
        if weak := sum(x.weak for x in step.links):
            remark += f"; {weak} sentence{'s' * (weak > 1)} may tell the same in other words"
        out.append(remark)
    for v in (step.old, step.new):
        texts = [t for s in v.sentences if len(s.words) > 4 and (t := letters(s.words))]
        twice = sum(n for n in Counter(texts).values() if n > 1)
        if len(texts) >= FEWEST and twice >= DOUBLED * len(texts):
            out.append(f"{v.cable} holds text twice: {twice} of its {len(v.sentences)} sentences stand more than once")
        words = [w for w in chain.from_iterable(s.words for s in v.sentences) if w.isalpha()]
        if len(words) >= ENOUGH_WORDS and sum(map(FUNCTION_WORDS.__contains__, words)) < FOREIGN * len(words):
            out.append(f"{v.cable} seems not to be in English, and the word lists that name reasons are")
    return tuple(dict.fromkeys(out))


def common(step: Step) -> float:
    """Give the share of the newer cable's words that stand in sentences with a firm link."""
    carried = step.outcomes["kept"][1] + step.outcomes["reworded"][1]
    return carried / max(1, step.new.words)


def unrelated(step: Step) -> bool:
    """Tell whether two cables share so little that a ranking of what changed would mislead."""
    doubtful = sum(len(step.new.sentences[x.b].words) for x in step.links if x.weak)
    return common(step) < NO_COMMON_TEXT and doubtful < 2 * NO_COMMON_TEXT * max(1, step.new.words)


def _place(target: Id, fields: Mapping[str, Any]) -> tuple[int, int] | None:
    """Give year and number of a cable, the number only where it is of the same post as the target."""
    if fields["year"] is None:
        return None
    return fields["year"], (fields["number"] or 0) if fields["post"] == target.post else -1


def _later(target: Id, fields: Mapping[str, Any]) -> bool:
    at = _place(target, fields)
    return at is not None and (target.year > at[0] or (target.year == at[0] and 0 <= at[1] < target.number))


def _earlier(target: Id, fields: Mapping[str, Any]) -> bool:
    at = _place(target, fields)
    return at is not None and (target.year < at[0] or (target.year == at[0] and target.number < at[1]))
