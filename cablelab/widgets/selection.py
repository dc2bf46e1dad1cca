"""Which cables are looked at, as a small value: what it leaves, the code that says it, the file that keeps it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any, Literal

import polars as pl

from cablelab import facts, where
from cablelab.corpus import Corpus
from cablelab.errors import InvalidDate, InvalidSelection
from cablelab.frames import CABLES
from cablelab.search import mentions
from cablelab.widgets.quoting import literal

FACETS = (
    "place", "bureaus", "offices", "drafters", "tags", "classifications", "signers", "sent", "query", "partial", "ranges", "cables",
)  # fmt: skip
# the fields of a selection that one facet rests on, where they are not the one of its name
_RESTS_ON = {
    "place": ("posts", "missions"), "tags": ("tags", "tags_how"), "sent": ("sent", "undated"), "query": ("query", "regex"),
}  # fmt: skip
NONE = ""
_CORPUS = object()
_CALLS: dict[str, Callable[..., pl.Expr]] = {
    "cl.from_post": where.from_post,
    "cl.from_mission": where.from_mission,
    "cl.from_bureau": where.from_bureau,
    "cl.where.from_office": where.from_office,
    "cl.classified": where.classified,
    "cl.tagged": where.tagged,
    "cl.sent_between": where.sent_between,
    "cl.search.mentions": mentions,
}
_TESTS: dict[str, Callable[..., pl.Expr]] = {
    "is_in": pl.Expr.is_in,
    "is_null": pl.Expr.is_null,
    "is_between": pl.Expr.is_between,
    "list.len().eq": lambda column, length: column.list.len().eq(length),
}
_KEPT_AS = "cablelab selection"
NUMBERS = frozenset(name for name, dtype in CABLES.items() if isinstance(dtype, type) and dtype.is_integer())


@dataclass(frozen=True)
class Term:
    """One condition, once: a function of ours or a test of a column, with its values; `expr` and `code` read it.

    `name` is a key of `_CALLS`, or a column; `test` a key of `_TESTS`, empty for a column that is Boolean itself.
    """

    name: str
    values: tuple[Any, ...] = ()
    options: tuple[tuple[str, Any], ...] = ()
    test: str = ""
    negated: bool = False

    def expr(self, corpus: Corpus) -> pl.Expr:
        """Return the condition over `cables`."""
        values = [corpus if value is _CORPUS else value for value in self.values]
        if self.name in _CALLS:
            condition = _CALLS[self.name](*values, **dict(self.options))
        else:
            condition = _TESTS[self.test](pl.col(self.name), *values) if self.test else pl.col(self.name)
        condition = condition.fill_null(False)
        return ~condition if self.negated else condition

    def code(self) -> str:
        """Return the condition as Python."""
        arguments = ["corpus" if value is _CORPUS else literal(value) for value in self.values]
        arguments += [f"{name}={literal(value)}" for name, value in self.options]
        if self.name in _CALLS:
            condition = f"{self.name}({', '.join(arguments)})"
        else:
            condition = f"pl.col({literal(self.name)})" + (f".{self.test}({', '.join(arguments)})" if self.test else "")
        return f"~{condition}" if self.negated else condition


@dataclass(frozen=True)
class Condition:
    """What one facet asks for: terms joined by `|` or by `&`."""

    terms: tuple[Term, ...]
    sign: Literal["|", "&"] = "|"

    def expr(self, corpus: Corpus) -> pl.Expr:
        """Return the condition over `cables`."""
        conditions = [term.expr(corpus) for term in self.terms]
        return pl.any_horizontal(conditions) if self.sign == "|" else pl.all_horizontal(conditions)

    def code(self) -> str:
        """Return the condition as Python."""
        condition = f" {self.sign} ".join(term.code() for term in self.terms)
        return f"({condition})" if len(self.terms) > 1 else condition


@dataclass(frozen=True)
class Selection:
    """Which cables of a corpus are looked at; an empty selection takes them all.

    Values of one field are joined by *or*, fields by *and*. Posts and missions are one field: a cable counts that comes
    from any of the posts or any of the missions. The empty string stands for cables that state nothing there.

    Attributes
    ----------
    posts
        Codes; offices that have sent cables under several codes are one, as for `cl.from_post`.
    missions, bureaus, signers
        As the columns `mission`, `bureau` and `signed_by` of `cables` name them.
    offices, drafters
        Offices of the Department and lines of drafters of telegrams of 1973-79, as the columns `office` and `drafted_by` have them.
    tags
        TAGS codes as written.
    tags_how
        `"any"` or `"all"` of the tags.
    classifications
        Levels.
    sent
        First and last day (UTC), both included; None for any.
    undated
        Cables without a date: `""` they count unless days are chosen, `"with"` they count besides the days chosen,
        `"only"` they alone.
    query
        Words in a row that the text must hold, or a regular expression.
    regex
        Read `query` as a regular expression.
    partial
        True: partial extracts only; False: without them; None: both.
    ranges
        Columns of whole numbers with the least and the greatest value that count: `(("words", 200, 499),)`.
    cables
        Only these ids.

    Examples
    --------
    >>> import cablelab as cl
    >>> from cablelab.widgets import Selection
    >>> chosen = Selection(tags=("ELAB",), classifications=("CONFIDENTIAL",))
    >>> chosen.code()
    'corpus.filter(cl.tagged("ELAB") & cl.classified("CONFIDENTIAL"))'
    >>> len(chosen.apply(cl.sample())) < len(cl.sample())
    True
    """

    posts: tuple[str, ...] = ()
    missions: tuple[str, ...] = ()
    bureaus: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()
    drafters: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    tags_how: Literal["any", "all"] = "any"
    classifications: tuple[str, ...] = ()
    signers: tuple[str, ...] = ()
    sent: tuple[date, date] | None = None
    undated: Literal["", "with", "only"] = ""
    query: str = ""
    regex: bool = False
    partial: bool | None = None
    ranges: tuple[tuple[str, int, int], ...] = ()
    cables: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.sent is not None and self.sent[1] < self.sent[0]:
            raise InvalidDate.order(*self.sent)

    def facet(self, name: str) -> tuple[Any, ...]:
        """Return what one facet of `FACETS` rests on: two equal answers mean the same condition."""
        return tuple(getattr(self, field) for field in _RESTS_ON.get(name, (name,)))

    def listed(self, field: str) -> tuple[str, ...]:
        """Return the values chosen of a field that holds several."""
        return tuple(getattr(self, field))

    def without(self, facet: str) -> Selection:
        """Return the selection with one facet of `FACETS` open again, all that the facet rests on.

        Examples
        --------
        >>> Selection(tags=("ELAB", "PHUM"), tags_how="all").without("tags") == Selection()
        True
        """
        plain: dict[str, Any] = {field.name: field.default for field in fields(self)}
        return replace(self, **{name: plain[name] for name in _RESTS_ON.get(facet, (facet,))})

    def toggled(self, field: str, value: str) -> Selection:
        """Return the selection with `value` added to a field that holds several, or taken out of it.

        Examples
        --------
        >>> Selection().toggled("posts", "OSLO").posts
        ('OSLO',)
        """
        now = self.listed(field)
        changed: dict[str, Any] = {field: tuple(v for v in now if v != value) if value in now else (*now, value)}
        return replace(self, **changed)

    def ranged(self, column: str, bounds: tuple[int, int] | None) -> Selection:
        """Return the selection with a column held between two whole numbers, or no longer.

        Examples
        --------
        >>> Selection().ranged("words", (200, 499)).code()
        'corpus.filter(pl.col("words").is_between(200, 499))'
        """
        others = tuple(r for r in self.ranges if r[0] != column)
        return replace(self, ranges=others if bounds is None else (*others, (column, *bounds)))

    def condition(self, facet: str) -> Condition | None:
        """Return the condition of one facet of `FACETS`, None if the facet is open."""
        terms = tuple(self._terms(facet))
        if not terms:
            return None
        # no cable has a tag and none at once: with "all" the two exclude each other, which is what was asked for
        both = facet == "ranges" or (facet == "tags" and self.tags_how == "all")
        return Condition(terms, "&" if both else "|")

    def _terms(self, facet: str) -> Iterator[Term]:
        if facet == "place":
            yield from _named("post", self.posts, "cl.from_post", lambda code: facts.post(code) is not None)
            yield from _named("mission", self.missions, "cl.from_mission", frozenset(facts.missions()).__contains__)
        elif facet == "bureaus":
            yield from _named("bureau", self.bureaus, "cl.from_bureau", frozenset(facts.bureaus()).__contains__)
        elif facet == "offices":
            yield from _named("office", self.offices, "cl.where.from_office", lambda name: name == name.strip().upper())
        elif facet == "drafters":
            yield from _named("drafted_by", self.drafters, "", lambda _: False)
        elif facet == "classifications":
            yield from _named("classification", self.classifications, "cl.classified", lambda _: True)
        elif facet == "signers":
            yield from _named("signed_by", self.signers, "", lambda _: False)
        elif facet == "tags":
            yield from self._tags()
        elif facet == "sent":
            if self.sent is not None and self.undated != "only":
                yield Term("cl.sent_between", tuple(day.isoformat() for day in self.sent))
            if self.undated == "only" or (self.undated and self.sent is not None):
                yield Term("sent", test="is_null")
        elif facet == "query" and self.query:
            yield Term("cl.search.mentions", (_CORPUS, self.query), (("regex", True),) * self.regex)
        elif facet == "partial" and self.partial is not None:
            yield Term("partial", negated=not self.partial)
        elif facet == "ranges":
            yield from (Term(column, (low, high), test="is_between") for column, low, high in self.ranges)
        elif facet == "cables" and self.cables:
            yield Term("cable", (list(self.cables),), test="is_in")

    def _tags(self) -> Iterator[Term]:
        written = tuple(tag for tag in self.tags if tag != NONE)
        unknown = any(tag not in facts.tags() for tag in written)
        options = (("how", "all"),) * (self.tags_how == "all") + (("as_written", True),) * unknown
        if written:
            yield Term("cl.tagged", written, options)
        if len(written) < len(self.tags):
            yield Term("tags", (0,), test="list.len().eq")

    def conditions(self) -> list[Condition]:
        """Return the conditions of all facets that are not open."""
        return [condition for facet in FACETS if (condition := self.condition(facet)) is not None]

    def expr(self, corpus: Corpus) -> pl.Expr:
        """Return the selection as an expression of Boolean over `cables`.

        Parameters
        ----------
        corpus
            The whole corpus; a text query is searched in it.

        Raises
        ------
        InvalidQuery
            If the query is none.
        """
        conditions = [condition.expr(corpus) for condition in self.conditions()]
        return pl.all_horizontal(conditions) if conditions else pl.lit(True)

    def apply(self, corpus: Corpus) -> Corpus:
        """Return the corpus that the selection leaves; what `code` gives when it is run."""
        conditions = [condition.expr(corpus) for condition in self.conditions()]
        return corpus.filter(*conditions) if conditions else corpus

    def said(self) -> list[str]:
        """Return the code of each condition."""
        return [condition.code() for condition in self.conditions()]

    def code(self) -> str:
        """Write the selection as Python that makes it again.

        Returns
        -------
        One expression. It needs `import cablelab as cl`, `import polars as pl` and the whole corpus as `corpus`.

        Examples
        --------
        >>> Selection(posts=("OSLO",), partial=False).code()
        'corpus.filter(cl.from_post("OSLO") & ~pl.col("partial"))'
        """
        conditions = self.said()
        if not conditions:
            return "corpus"
        line = f"corpus.filter({' & '.join(conditions)})"
        return line if len(line) <= 110 else "corpus.filter(\n    " + "\n    & ".join(conditions) + "\n)"

    def to_json(self) -> str:
        """Write the selection as a small file that `from_json` reads.

        Examples
        --------
        >>> Selection.from_json(Selection(tags=("ELAB",)).to_json()) == Selection(tags=("ELAB",))
        True
        """
        chosen = {name: value for name, value in asdict(self).items() if value != _DEFAULTS[name]}
        return json.dumps({"form": _KEPT_AS, "code": self.code(), "selection": chosen}, default=str, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Selection:
        """Read a selection that `to_json` wrote.

        Raises
        ------
        InvalidSelection
            If the text is none.
        """
        try:
            saved = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise InvalidSelection.unreadable(error) from None
        if not isinstance(saved, dict) or saved.get("form") != _KEPT_AS or not isinstance(saved.get("selection"), dict):
            raise InvalidSelection.unreadable("it does not say that it is one")
        return cls._of(saved["selection"])

    @classmethod
    def _of(cls, chosen: Mapping[str, Any]) -> Selection:
        fields: dict[str, Any] = {}
        for name, value in chosen.items():
            if name not in _DEFAULTS:
                raise InvalidSelection.field(name, _DEFAULTS)
            try:
                fields[name] = _READ.get(name, _texts)(value)
            except (TypeError, ValueError, KeyError):
                raise InvalidSelection.value(name, value) from None
        return cls(**fields)


_DEFAULTS: dict[str, Any] = {field.name: field.default for field in fields(Selection)}


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise TypeError
    return tuple(value)


def _days(value: Any) -> tuple[date, date]:
    first, last = value
    return date.fromisoformat(first), date.fromisoformat(last)


def _number_ranges(value: Any) -> tuple[tuple[str, int, int], ...]:
    if any(column not in NUMBERS for column, _, _ in value):
        raise ValueError
    return tuple((column, int(low), int(high)) for column, low, high in value)


def _one_of(*allowed: Any) -> Callable[[Any], Any]:
    return lambda value: {repr(a): a for a in allowed}[repr(value)]


_READ: dict[str, Callable[[Any], Any]] = {
    "tags_how": _one_of("any", "all"),
    "sent": _days,
    "undated": _one_of("", "with", "only"),
    "query": str,
    "regex": _one_of(True, False),
    "partial": _one_of(True, False),
    "ranges": _number_ranges,
}


def _named(column: str, values: Iterable[str], function: str, known: Callable[[str], bool]) -> Iterator[Term]:
    """Use the package's own condition for names that it knows, and the bare column for the others."""
    named = tuple(value for value in values if value != NONE and known(value))
    other = [value for value in values if value != NONE and value not in named]
    if named:
        yield Term(function, named)
    if other:
        yield Term(column, (other,), test="is_in")
    if NONE in values:
        yield Term(column, test="is_null")
