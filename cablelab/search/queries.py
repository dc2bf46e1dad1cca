"""How a query is read: what sorts out the texts that cannot hold it, and what finds its places in a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

import polars as pl

from cablelab.errors import InvalidQuery, WrongKind
from cablelab.search.phrases import phrase_pattern

Places = Callable[[str], Iterable[tuple[int, int]]]

# Constructs that Rust's engine, which sorts the texts beforehand, reads in another way than Python's.
_READ_OTHERWISE = re.compile(r"\$|\\[<>Zz]|&&|~~|--|\[[^\]]*\[|\{,|\(\?(?!P<)[^:imsx]")
_FLAGS = ((re.IGNORECASE, "i"), (re.MULTILINE, "m"), (re.DOTALL, "s"), (re.VERBOSE, "x"))


def read_query(query: str | re.Pattern[str], regex: bool, case: bool) -> tuple[str | None, Places]:
    """Return a pattern that sorts out texts without a match (None: no such pattern), and what finds the places."""
    if not isinstance(query, str | re.Pattern):
        raise WrongKind("search", "text", query)
    if isinstance(query, str) and not regex:
        words = query.split()
        if not words:
            raise InvalidQuery.empty()
        sift = r"\s+".join(re.escape(word) for word in words)
        return (sift if case else f"(?i){sift}"), _phrase(query, case)
    try:
        pattern = re.compile(query, 0 if case else re.IGNORECASE) if isinstance(query, str) else query
    except re.error as error:
        raise InvalidQuery.pattern(str(query), error) from error
    if not isinstance(pattern.pattern, str):
        raise InvalidQuery.pattern(repr(pattern.pattern), "a pattern of bytes")
    if pattern.search("") is not None:
        raise InvalidQuery.empty()
    return _sift(pattern), lambda text: (m.span() for m in pattern.finditer(text) if m.end() > m.start())


def _sift(pattern: re.Pattern[str]) -> str | None:
    if pattern.flags & re.ASCII or _READ_OTHERWISE.search(pattern.pattern):
        return None
    flags = "".join(letter for flag, letter in _FLAGS if pattern.flags & flag)
    wanted = pattern.pattern
    if "[" not in wanted and "\\\\" not in wanted:
        # a word boundary is slow where letters go beyond ASCII, and without it no text that matters is lost
        wanted = wanted.replace(r"\b", "(?:)")
    sift = f"(?{flags}:{wanted})" if flags else wanted
    try:
        pl.select(pl.lit("").str.contains(sift))
    except pl.exceptions.ComputeError:
        return None
    return sift


def _phrase(query: str, case: bool) -> Places:
    """Find a phrase by its longest word: `str.find` is many times as fast as a pattern that ignores case."""
    words = (query if case else query.lower()).split()
    whole = re.compile(phrase_pattern(" ".join(words)))
    slow = re.compile(phrase_pattern(query), 0 if case else re.IGNORECASE)
    rare = words.index(max(words, key=len))
    anchor, before = words[rare], words[:rare][::-1]

    def small(text: str) -> str:
        # for a query of ASCII letters only those matter, and bytes are made small ten times as fast as characters
        if not query.isascii() or text.isascii():
            return text.lower()
        return text.encode().lower().decode()

    def places(text: str) -> Iterator[tuple[int, int]]:
        seen = text if case else small(text)
        if len(seen) != len(text):
            # a capital whose small letter is two characters long would shift the offsets
            yield from (m.span() for m in slow.finditer(text))
            return
        at, end = seen.find(anchor), 0
        while at >= 0:
            start = _opening(seen, at, before)
            found = whole.match(seen, start) if start >= end else None
            if found:
                end = found.end()
                yield start, end
            at = seen.find(anchor, max(at + 1, end))

    return places


def _opening(text: str, at: int, before: list[str]) -> int:
    """Return where a phrase starts whose words `before`, last one first, end just before `at`; -1 if they do not."""
    for word in before:
        end = at
        while end and text[end - 1].isspace():
            end -= 1
        if end == at or not text.endswith(word, 0, end):
            return -1
        at = end - len(word)
    return at
