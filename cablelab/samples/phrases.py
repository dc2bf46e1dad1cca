"""Sentence templates: text with alternatives, grades and slots, compiled once and filled many times.

`[a|b]` is a choice of wording; `[!strong|weak]` a choice that grades a judgment, strongest first; `[~is|is not]`
one that turns it round. `{person}` is a word of the country, `{n:20-90}` a number, `{y:1911-1964}` a year. A `;;and`
(or `;;but`, `;;while`, `;;so`) parts a sentence that may also stand as two; then `^it` at the head of the second is
its subject. A filled template is a list of draws in [0, 1): the same draws give the same words, and changing one
draw changes one wording, which is how the edits of later versions are planned and known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Words = Mapping[str, Sequence[str]]
_TOKEN = re.compile(r"\[|\]|\||\{[^{}]*\}|[^\[\]|{}]+")
_JOIN = re.compile(r" ;;(and|but|while|so) ")


@dataclass(frozen=True, slots=True)
class Choice:
    """Alternatives of wording; `grade` is empty, strength or negation, `plain` the alternatives without slots."""

    at: int
    options: tuple[Parts, ...]
    grade: str
    plain: tuple[str | None, ...]

    def fill(self, draws: Sequence[float], words: Words) -> str:
        """Return the words of the alternative that the draws choose."""
        chosen = int(draws[self.at] * len(self.plain))
        text = self.plain[chosen]
        return fill(self.options[chosen], draws, words) if text is None else text


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number between two bounds; `pattern` puts a comma at the thousands, but for years."""

    at: int
    low: int
    size: int
    pattern: str = "{:,}"

    def fill(self, draws: Sequence[float], words: Words) -> str:
        """Return the number that the draws choose."""
        return self.pattern.format(self.low + int(draws[self.at] * self.size))


@dataclass(frozen=True, slots=True)
class Word:
    """A name of the country, post or year."""

    at: int
    kind: str

    def fill(self, draws: Sequence[float], words: Words) -> str:
        """Return the name that the draws choose."""
        names = words[self.kind]
        return names[int(draws[self.at] * len(names))]


Part = str | Choice | Number | Word
Parts = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """One sentence, or two that may be joined: its clauses, the word that joins them, and where it varies."""

    key: str
    clauses: tuple[Parts, ...]
    join: str
    subject: str
    draws: int
    wordings: tuple[Choice, ...]
    grades: tuple[Choice, ...]
    numbers: tuple[Number, ...]
    telling: bool = False
    loose: bool = True

    def sentences(self, draws: Sequence[float], words: Words, joined: bool) -> list[str]:
        """Return the sentence, or the two of them when the template has two clauses and they are not joined."""
        if len(self.clauses) == 1:
            texts = [fill(self.clauses[0], draws, words)]
        else:
            first, second = (fill(c, draws, words) for c in self.clauses)
            texts = [f"{first}, {self.join} {second}"] if joined else [f"{first}.", f"{self.subject}{second}"]
        return [tidy(t) for t in texts] if self.loose else [t[0].upper() + t[1:] for t in texts]


def fill(parts: Parts, draws: Sequence[float], words: Words) -> str:
    """Fill the parts of a template."""
    return "".join([p if p.__class__ is str else p.fill(draws, words) for p in parts])  # type: ignore[union-attr]


def tidy(text: str) -> str:
    """Close up blanks that an empty alternative left, and begin with a capital."""
    if "  " in text:
        text = " ".join(text.split())
    return text[0].upper() + text[1:].replace(" ,", ",").replace(" .", ".")


def compile_template(key: str, source: str) -> Template:
    """Compile one template.

    Parameters
    ----------
    key
        Names the template, as `labor/inspection/3`.
    source
        The text in the notation of this module; a leading `*` marks a sentence that tells much when it comes or goes.

    Examples
    --------
    >>> t = compile_template("x", "Post [urges|asks] {n:3-3} [!very strong|strong] steps ;;and ^it will report.")
    >>> t.sentences([0.6, 0.0, 0.0], {}, joined=True)
    ['Post asks 3 very strong steps, and will report.']
    >>> t.sentences([0.0, 0.0, 0.9], {}, joined=False)
    ['Post urges 3 strong steps.', 'It will report.']
    """
    telling = source.startswith("*")
    pieces = _JOIN.split(source.removeprefix("*").strip())
    subject = ""
    if pieces[-1].startswith("^"):
        subject, _, pieces[-1] = pieces[-1][1:].partition(" ")
        subject = subject.replace("_", " ") + " "
    build = _Builder()
    clauses = tuple(build.parts(piece) for piece in pieces[::2])
    return Template(
        key,
        clauses,
        pieces[1] if len(pieces) > 1 else "",
        subject,
        build.count,
        tuple(c for c in build.choices if not c.grade),
        tuple(c for c in build.choices if c.grade),
        tuple(build.numbers),
        telling,
        loose="[|" in source or "||" in source or "|]" in source,
    )


class _Builder:
    """The state of compiling one template: how many draws it takes, and its choices and numbers."""

    def __init__(self) -> None:
        self.count = 0
        self.choices: list[Choice] = []
        self.numbers: list[Number] = []

    def parts(self, source: str) -> Parts:
        """Compile a whole template."""
        tokens = _TOKEN.findall(source)
        return self._until(tokens, 0, "")[0]

    def _until(self, tokens: list[str], i: int, stops: str) -> tuple[Parts, int]:
        out: list[Part] = []
        while i < len(tokens) and not (tokens[i] in "|]" and tokens[i] in stops):
            token = tokens[i]
            if token in "|]":
                raise ValueError("Unbalanced brackets in template " + "".join(tokens))
            if token == "[":
                choice, i = self._choice(tokens, i + 1)
                out.append(choice)
                continue
            out.append(self._slot(token[1:-1]) if token[0] == "{" else token)
            i += 1
        return tuple(out), i

    def _choice(self, tokens: list[str], i: int) -> tuple[Choice, int]:
        grade = {"!": "strength", "~": "negation"}.get(tokens[i][0], "")
        if grade:
            tokens[i] = tokens[i][1:]
        at, options = self._next(), []
        while True:
            option, i = self._until(tokens, i, "|]")
            options.append(tuple(p for p in option if p != ""))
            if tokens[i] == "]":
                break
            i += 1
        plain = (("".join(o) if all(isinstance(p, str) for p in o) else None) for o in options)  # type: ignore[arg-type]
        choice = Choice(at, tuple(options), grade, tuple(plain))
        self.choices.append(choice)
        return choice, i + 1

    def _slot(self, slot: str) -> Part:
        kind, _, bounds = slot.partition(":")
        if not bounds:
            return Word(self._next(), kind)
        low, high = (int(b) for b in bounds.split("-"))
        number = Number(self._next(), low, high - low + 1, "{}" if kind == "y" else "{:,}")
        self.numbers.append(number)
        return number

    def _next(self) -> int:
        self.count += 1
        return self.count - 1
