"""What all views share: the selection, the corpus it leaves, the cable being read, what was kept; with undo."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Literal

import polars as pl
import traitlets

from cablelab import facts, where
from cablelab.corpus import Corpus
from cablelab.errors import InvalidDate
from cablelab.search import mentions

Condition = tuple[pl.Expr, str]
FACETS = ("place", "bureaus", "tags", "classifications", "sent", "query", "partial", "cables")
NONE = ""


@dataclass(frozen=True)
class Selection:
    """Which cables of a corpus are looked at; an empty selection takes them all.

    Values of one field are joined by *or*, fields by *and*. Posts and missions are one field: a cable counts that comes
    from any of the posts or any of the missions. The empty string stands for cables that state nothing there.

    Attributes
    ----------
    posts
        Codes; offices that have sent cables under several codes are one, as for `cl.from_post`.
    missions, bureaus
        As the columns of `cables` name them.
    tags
        TAGS codes as written.
    tags_how
        `"any"` or `"all"` of the tags.
    classifications
        Levels.
    sent
        First and last day (UTC), both included; None for any, and then undated cables count too.
    query
        Words in a row that the text must hold, or a regular expression.
    regex
        Read `query` as a regular expression.
    partial
        True: partial extracts only; False: without them; None: both.
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
    tags: tuple[str, ...] = ()
    tags_how: Literal["any", "all"] = "any"
    classifications: tuple[str, ...] = ()
    sent: tuple[date, date] | None = None
    query: str = ""
    regex: bool = False
    partial: bool | None = None
    cables: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.sent is not None and self.sent[1] < self.sent[0]:
            raise InvalidDate.order(*self.sent)

    def facet(self, name: str) -> tuple[Any, ...]:
        """Return what one facet of `FACETS` rests on: two equal answers mean the same condition."""
        own = {"place": ("posts", "missions"), "tags": ("tags", "tags_how"), "query": ("query", "regex")}
        return tuple(getattr(self, field) for field in own.get(name, (name,)))

    def without(self, facet: str) -> Selection:
        """Return the selection with one facet of `FACETS` open again."""
        own = {"place": ("posts", "missions"), "query": ("query", "regex")}.get(facet, (facet,))
        plain: dict[str, Any] = {field.name: field.default for field in fields(self)}
        return replace(self, **{name: plain[name] for name in own})

    def toggled(self, field: str, value: str) -> Selection:
        """Return the selection with `value` added to a field that holds several, or taken out of it.

        Examples
        --------
        >>> Selection().toggled("posts", "OSLO").posts
        ('OSLO',)
        """
        held = getattr(self, field)
        values = tuple(v for v in held if v != value) if value in held else (*held, value)
        changed: dict[str, Any] = {field: values}
        return replace(self, **changed)

    def conditions(self, corpus: Corpus, facet: str) -> Condition | None:
        """Return the condition of one facet and its code, None if the facet is open.

        Raises
        ------
        InvalidQuery
            If the query is none.
        """
        made = list(self._parts(corpus, facet))
        if not made:
            return None
        expr = pl.any_horizontal([e for e, _ in made]) if len(made) > 1 else made[0][0]
        code = " | ".join(c for _, c in made)
        return expr, f"({code})" if len(made) > 1 else code

    def _parts(self, corpus: Corpus, facet: str) -> Iterator[Condition]:
        if facet == "place":
            yield from _named("post", self.posts, "from_post", _known_post)
            yield from _named("mission", self.missions, "from_mission", frozenset(facts.missions()).__contains__)
        elif facet == "bureaus":
            yield from _named("bureau", self.bureaus, "from_bureau", frozenset(facts.bureaus()).__contains__)
        elif facet == "classifications":
            yield from _named("classification", self.classifications, "classified", lambda _: True)
        elif facet == "tags" and self.tags:
            yield self._tags()
        elif facet == "sent" and self.sent is not None:
            first, last = (day.isoformat() for day in self.sent)
            yield where.sent_between(first, last), f"cl.sent_between({_quoted(first)}, {_quoted(last)})"
        elif facet == "query" and self.query:
            said = f"cl.search.mentions(corpus, {_quoted(self.query)}{', regex=True' * self.regex})"
            yield mentions(corpus, self.query, regex=self.regex), said
        elif facet == "partial" and self.partial is not None:
            column = pl.col("partial").fill_null(False)
            yield (column, 'pl.col("partial")') if self.partial else (~column, '~pl.col("partial")')
        elif facet == "cables" and self.cables:
            listed = list(self.cables)
            yield pl.col("cable").is_in(listed), f'pl.col("cable").is_in([{_list(listed)}])'

    def _tags(self) -> Condition:
        written = [tag for tag in self.tags if tag != NONE]
        known = all(tag in facts.tags() for tag in written)
        options = ', how="all"' * (self.tags_how == "all") + ", as_written=True" * (not known)
        none = (pl.col("tags").list.len() == 0, '(pl.col("tags").list.len() == 0)')
        if not written:
            return none
        some = where.tagged(*written, how=self.tags_how, as_written=not known)
        code = f"cl.tagged({_list(written)}{options})"
        if len(written) == len(self.tags):
            return some, code
        # no cable has a tag and none at once: with "all" the two exclude each other, which is what was asked for
        both = some & none[0] if self.tags_how == "all" else some | none[0]
        return both, f"({code} {'&' if self.tags_how == 'all' else '|'} {none[1]})"

    def expr(self, corpus: Corpus) -> pl.Expr:
        """Return the selection as an expression of Boolean over `cables`.

        Parameters
        ----------
        corpus
            The whole corpus; a text query is searched in it.
        """
        made = [c[0] for facet in FACETS if (c := self.conditions(corpus, facet)) is not None]
        return pl.all_horizontal(made) if made else pl.lit(True)

    def apply(self, corpus: Corpus) -> Corpus:
        """Return the corpus that the selection leaves; what `code` gives when it is run."""
        made = [c[0] for facet in FACETS if (c := self.conditions(corpus, facet)) is not None]
        return corpus.filter(*made) if made else corpus

    def said(self) -> list[str]:
        """Return the code of each condition."""
        return [c[1] for facet in FACETS if (c := self.conditions(_nothing(), facet)) is not None]

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
        made = self.said()
        if not made:
            return "corpus"
        line = f"corpus.filter({' & '.join(made)})"
        return line if len(line) <= 110 else "corpus.filter(\n    " + "\n    & ".join(made) + "\n)"


@cache
def _nothing() -> Corpus:
    """Return a corpus in which a text query is searched at no cost, where only its code is asked for."""
    return Corpus({})


def _known_post(code: str) -> bool:
    return facts.post_code(code) is not None


def _named(column: str, values: Iterable[str], function: str, known: Any) -> Iterator[Condition]:
    """Use the package's own condition for names that it knows, and the bare column for the others."""
    named = [value for value in values if value != NONE and known(value)]
    other = [value for value in values if value != NONE and value not in named]
    if named:
        yield getattr(where, function)(*named), f"cl.{function}({_list(named)})"
    if other:
        yield pl.col(column).is_in(other).fill_null(False), f"pl.col({_quoted(column)}).is_in([{_list(other)}])"
    if NONE in values:
        yield pl.col(column).is_null(), f"pl.col({_quoted(column)}).is_null()"


def _quoted(text: str) -> str:
    quoted = ascii(text) if not text.isprintable() else repr(text)
    return f'"{quoted[1:-1]}"' if quoted[0] == "'" and '"' not in quoted else quoted


def _list(values: Iterable[str]) -> str:
    return ", ".join(map(_quoted, values))


def day(instant: datetime) -> date:
    """Return the UTC day whose midnight is nearest.

    Examples
    --------
    >>> day(datetime(2004, 6, 30, 13, tzinfo=UTC))
    datetime.date(2004, 7, 1)
    """
    nearest = instant.astimezone(UTC).timestamp() // 43_200
    return datetime.fromtimestamp((nearest + 1) // 2 * 86_400, UTC).date()


_Choice = tuple[Selection, dict[str, str]]


class State(traitlets.HasTraits):
    """One state, many views.

    `selection` is what was chosen from `whole`; `corpus` what it leaves; `code` how to say it in Python; `current` the
    id of the cable being read; `kept` the ids put aside, each with a note. Setting `selection` works out the rest
    before any view hears of it; one that cannot be worked out is refused and leaves everything as it was.
    """

    whole = traitlets.Instance(Corpus)
    selection = traitlets.Instance(Selection)
    corpus = traitlets.Instance(Corpus)
    code = traitlets.Unicode("corpus")
    current = traitlets.Unicode(None, allow_none=True)
    kept = traitlets.Dict()

    def __init__(self, whole: Corpus) -> None:
        self._masks: dict[str, tuple[Any, pl.Series]] = {}
        self._past: list[_Choice] = []
        self._future: list[_Choice] = []
        self._moving = False
        self._of: Selection | None = None  # the selection that `corpus` is of
        super().__init__(whole=whole, corpus=whole, selection=Selection())

    @traitlets.validate("selection")
    def _worked_out(self, proposal: Any) -> Selection:
        return self.check(proposal.value)

    def check(self, selection: Selection) -> Selection:
        """Return the selection if it can be worked out over this corpus; raise what stands against it if not."""
        for facet in FACETS:
            self._mask(selection, facet)
        return selection

    @traitlets.observe("selection")
    def _selected(self, change: Any) -> None:
        if isinstance(change.old, Selection):
            self._remember((change.old, self.kept))
        self.code = self.selection.code()
        self.corpus = self.left()
        self._of = self.selection

    def _mask(self, selection: Selection, facet: str) -> pl.Series | None:
        """Return which rows of `whole.cables` a facet leaves; searched or worked out once for as long as it stands."""
        wanted = selection.facet(facet)
        if facet in self._masks and self._masks[facet][0] == wanted:
            return self._masks[facet][1]
        condition = selection.conditions(self.whole, facet)
        if condition is None:
            return None
        mask = self.whole.cables.select(kept=condition[0].fill_null(False))["kept"]
        self._masks[facet] = (wanted, mask)
        return mask

    def rows(self, without: str | None = None) -> pl.Series | None:
        """Return which rows of `whole.cables` the selection leaves, one facet left out; None if all.

        Parameters
        ----------
        without
            A facet of `FACETS` that does not count, as its own counts must not.
        """
        masks = [m for f in FACETS if f != without and (m := self._mask(self.selection, f)) is not None]
        if not masks:
            return None
        kept = masks[0]
        for mask in masks[1:]:
            kept = kept & mask
        return kept

    def cables(self, without: str | None = None, columns: Iterable[str] | None = None) -> pl.DataFrame:
        """Return the rows of `cables` that the selection leaves, one facet left out."""
        rows = self.rows(without)
        frame = self.whole.cables if columns is None else self.whole.cables.select(columns)
        return frame if rows is None else frame.filter(rows)

    def left(self, without: str | None = None) -> Corpus:
        """Return the corpus that the selection leaves, one facet left out."""
        selection = self.selection if without is None else self.selection.without(without)
        if selection == self._of:
            return self.corpus
        rows = self.rows(without)
        if rows is None:
            return self.whole
        corpus = self.whole.filter(pl.lit(rows))
        # the masks are at hand; what the corpus says of its making is the code of the conditions behind them
        corpus.filters = (*self.whole.filters, *selection.said())
        return corpus

    def _remember(self, choice: _Choice) -> None:
        if not self._moving:
            self._past.append(choice)
            self._future.clear()

    @property
    def can_undo(self) -> bool:
        """Whether there is a selection, or something kept, to go back to."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether what was undone can be had again."""
        return bool(self._future)

    def undo(self) -> None:
        """Go back to what was selected and kept before the last choice."""
        self._move(self._past, self._future)

    def redo(self) -> None:
        """Take back an undo."""
        self._move(self._future, self._past)

    def _move(self, source: list[_Choice], target: list[_Choice]) -> None:
        if not source:
            return
        target.append((self.selection, self.kept))
        self._moving = True
        try:
            self.selection, self.kept = source.pop()
        finally:
            self._moving = False

    def keep(self, cable: str, note: str | None = None) -> None:
        """Put a cable aside, or change its note."""
        self._keep({**self.kept, cable: self.kept.get(cable, "") if note is None else note})

    def drop(self, cable: str) -> None:
        """Take a cable out of those put aside."""
        self._keep({key: note for key, note in self.kept.items() if key != cable})

    def _keep(self, kept: dict[str, str]) -> None:
        if kept != self.kept:
            self._remember((self.selection, self.kept))
            self.kept = kept
