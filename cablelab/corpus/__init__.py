"""The corpus: all frames of many cables together, filtered in step, saved and opened."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from cablelab import storage
from cablelab.as_code import code
from cablelab.corpus.cable import Cable
from cablelab.corpus.cited import missing
from cablelab.corpus.in_step import InStep
from cablelab.corpus.lookup import chosen, collect, counted, like
from cablelab.corpus.named import mentions_of_people
from cablelab.corpus.wanted import request_list
from cablelab.errors import SchemaError, UnknownCable, WrongKind, nearest
from cablelab.frames import NAMES, check
from cablelab.ids import normal_id

__all__ = ["Cable", "Corpus", "mentions_of_people", "missing", "normal_id", "open", "request_list"]


class Corpus(InStep):
    """Cables and everything read from them, as polars frames that are kept in step.

    Parameters
    ----------
    frames
        Frames by name, as `cablelab.frames.SCHEMAS` has them; eager or lazy. Those left out are empty.
    filters
        How the corpus was chosen from a larger one, in words; `filter` and `select` add to it.

    Raises
    ------
    SchemaError
        If a frame's name, columns or types are not those of the schema.

    Examples
    --------
    >>> Corpus({})
    <Corpus 0 cables>
    """

    @property
    def people(self) -> pl.DataFrame:
        """Who is named in which cable as signer, classifier, drafter, approver or addressee; see `cl.people` for officers."""
        return mentions_of_people(self)

    def missing(self, least: int = 1) -> pl.DataFrame:
        """List what the cables cite and the corpus does not hold, most cited first; see `cablelab.corpus.missing`.

        Examples
        --------
        >>> Corpus({}).missing().height
        0
        """
        return missing(self, least)

    @property
    def ids(self) -> pl.Series:
        """Keys of the cables, String, in the corpus's order."""
        return self._keys

    @cached_property
    def _extent(self) -> tuple[int, int, int | None, int | None]:
        year = pl.coalesce(pl.col("sent").dt.year(), pl.col("year").cast(pl.Int32))
        columns = (pl.len(), pl.col("post").drop_nulls().n_unique().alias("posts"), year.min().alias("first"))
        count, posts, first, last = collect(self.lazy("cables").select(*columns, year.max().alias("last"))).row(0)
        return count, posts, first, last

    def __len__(self) -> int:
        return self._extent[0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __contains__(self, cable: object) -> bool:
        return isinstance(cable, str) and (cable in self._rows or normal_id(cable) in self._rows)

    @property
    def whole(self) -> Corpus:
        """The corpus that this one was chosen from by `filter` and `select`; itself where nothing was left out."""
        if self._choice is None:
            return self
        corpus = Corpus({})
        corpus._base, corpus._numbers, corpus.folder = self._base, self._numbers, self.folder
        return corpus

    def __repr__(self) -> str:
        count, posts, first, last = self._extent
        parts = [counted(count, "cable")] + [counted(posts, "post")] * bool(posts)
        if first is not None:
            parts.append(str(first) if first == last else f"{first}-{last}")
        return f"<Corpus {' · '.join(parts)}>"

    def _repr_html_(self) -> str:
        from cablelab.corpus.show import corpus_html

        return corpus_html(self)

    def __getattr__(self, name: str) -> Any:
        # only asked for what is not there
        message = f"A Corpus has no {name!r}."
        if not name.startswith("_"):
            near = nearest(name, dir(self), 1)
            message += f" Did you mean {near[0]!r}?" if near else ""
            message += f" Its cables are a frame: corpus.cables.{name}" if hasattr(pl.DataFrame, name) else ""
        raise AttributeError(message)

    def key(self, cable: str) -> str:
        """Find the key under which the corpus holds `cable`, however the id is written.

        Raises
        ------
        UnknownCable
            If the corpus does not hold it, with the ids that look most like it.

        Examples
        --------
        >>> from cablelab.frames import empty
        >>> cables = empty("cables").clear(1).with_columns(cable=pl.lit("07OSLO12"))
        >>> Corpus({"cables": cables}).key("07 Oslo 00012")
        '07OSLO12'
        """
        if not isinstance(cable, str):
            raise WrongKind("This", "one id", cable)
        for candidate in (cable, normal_id(cable)):
            if candidate in self._rows:
                return candidate
        raise UnknownCable(cable, like(normal_id(cable), self._keys), f"{self!r} does not hold it; see corpus.ids.")

    def __getitem__(self, cable: str) -> Cable:
        key = self.key(cable)
        return Cable(self, self.cables.row(self._rows[key], named=True))

    def filter(self, *predicates: pl.Expr, **values: Any) -> Corpus:
        """Keep the cables for which all conditions hold, and of the other frames what belongs to them.

        The order stays. The other frames are cut when they are asked for, so a filter costs what it costs on `cables`.
        `references.held` is worked out anew: true where the target is among the cables kept. `problems` without a cable
        stay behind, since they tell of the reading and not of a cable; `copies` go with the cable they stand behind.

        Parameters
        ----------
        *predicates
            Expressions of Boolean over `cables`, such as `cl.tagged("ELAB")` or `pl.col("words") > 500`; a null drops
            the row.
        **values
            Columns that must equal a value: `post="ASTANA"`.

        Returns
        -------
        Corpus, whose `filters` say how it was made; as code that runs again, where polars keeps enough to write it.

        Raises
        ------
        WrongKind
            If a predicate is a text, a list or something else that is no expression.
        UnknownOption
            If a condition names a column that `cables` does not have.

        Examples
        --------
        >>> Corpus({}).filter(pl.col("words") > 500, post="OSLO").filters
        ('pl.col("words") > 500', 'pl.col("post") == "OSLO"')
        """
        if several := [value for value in values.values() if isinstance(value, list | tuple | set | pl.Series)]:
            raise WrongKind("filter", "one value a column", several[0])
        ready = isinstance(self._base["cables"], pl.DataFrame) or "cables" in self._ready
        source = self.cables.lazy() if ready else self.lazy("cables")
        asked = [*predicates, *(pl.col(column) == value for column, value in values.items())]
        left = chosen(source, asked)
        conditions = [code(condition) or str(condition) for condition in asked]
        return self._choose(left, conditions)

    def select(self, cables: Iterable[str] | pl.Series | pl.DataFrame) -> Corpus:
        """Keep the cables named, in the corpus's order, and of the other frames what belongs to them.

        Parameters
        ----------
        cables
            Ids, in any spelling; or a frame with a column `cable`.

        Raises
        ------
        UnknownCable
            If the corpus does not hold one of them.
        SchemaError
            If a frame has no column `cable`.

        Examples
        --------
        >>> Corpus({}).select([])
        <Corpus 0 cables>
        """
        if isinstance(cables, pl.DataFrame) and "cable" not in cables.columns:
            has = ", ".join(cables.columns) or "none"
            raise SchemaError(
                f"select takes a frame with a column 'cable'; this one has {has}. Rename one, or give ids."
            )
        column = cables["cable"] if isinstance(cables, pl.DataFrame) else cables
        asked = pl.Series("cable", [column] if isinstance(column, str) else column, pl.String).drop_nulls().unique()
        here = asked.is_in(self._keys.implode())
        spelled = pl.Series("cable", [self.key(name) for name in asked.filter(~here).sort()], pl.String)
        keys = asked.filter(here).append(spelled).unique()
        chosen = self.cables.filter(pl.col("cable").is_in(keys.implode()))
        return self._choose(chosen, [f"select {counted(len(keys), 'cable')}"])

    def masked(self, rows: pl.Series, conditions: Iterable[str] = ()) -> Corpus:
        """Keep the cables that a mask marks, as `filter` does; their rows are copied when they are asked for, if ever.

        Parameters
        ----------
        rows
            Boolean, one a row of `cables`; null drops the row.
        conditions
            What the mask stands for, as code; added to `filters`.

        Examples
        --------
        >>> Corpus({}).masked(pl.Series([], dtype=pl.Boolean), ['cl.tagged("ELAB")']).filters
        ('cl.tagged("ELAB")',)
        """
        return self._choose(self.cables, conditions, rows)

    def _choose(self, cables: pl.DataFrame, conditions: Iterable[str], rows: pl.Series | None = None) -> Corpus:
        corpus = Corpus({}, (*self.filters, *conditions))
        corpus._base, corpus._numbers, corpus.folder = self._base, self._numbers, self.folder
        corpus._choice = check("cables", cables), rows
        return corpus

    def search(self, query: str | re.Pattern[str], **options: Any) -> pl.DataFrame:
        """Find every place where a phrase or pattern stands in the texts.

        Parameters
        ----------
        query, **options
            As for `cablelab.search.search`, which does the work.

        Returns
        -------
        DataFrame, one row a place, as `cablelab.search.search` describes it.

        Examples
        --------
        >>> import cablelab as cl
        >>> corpus = cl.sample()
        >>> corpus.search("the ministry").height > 0
        True
        """
        from cablelab.search import search

        return search(self, query, **options)

    def verify(self) -> None:
        """Compare the files of an opened corpus with what was written, byte for byte; one in memory has none.

        A frame's files are compared when it is first asked for, too, by a sum that is quicker; `cablelab.doctor` verifies always.

        Raises
        ------
        NotACorpus
            Naming the parts that differ.

        Examples
        --------
        >>> Corpus({}).verify()
        """
        if isinstance(self._base, storage.Opened):
            self._base.verify()

    def __add__(self, other: Corpus) -> Corpus:
        """Merge two readings into one corpus, as if all had been read together; see `cablelab.reading.merged`.

        Raises
        ------
        WrongKind
            If the other is no corpus.
        """
        import cablelab  # the root leads to rooms above this one, which is theirs to stand on

        merged: Corpus = cablelab.reading.merged(self, other)
        return merged

    def __radd__(self, other: object) -> Corpus:
        """Let `sum` begin with nothing."""
        return self if other == 0 else NotImplemented

    def save(self, folder: str | Path) -> None:
        """Write the corpus to `folder` as Parquet; what an earlier `save` left there is replaced as a whole.

        The manifest is written last and in one step: whoever opens the folder at any moment gets the old corpus or the
        new one, never a mixture. Only files in the folder are written, and only parts of an earlier or unfinished corpus
        removed. The folder may be a URL that fsspec knows, such as `s3://bucket/corpus`; there two processes that save at
        once are not kept apart.

        Raises
        ------
        NotACorpus
            If the folder holds a manifest that is not ours.
        FolderInUse
            If another process is writing to the folder.
        NotSaved
            If the folder holds other files and no corpus, is a file, may not be written, or has no room; what it held is as it was.

        Examples
        --------
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     Corpus({}).save(folder)
        ...     open(folder)
        <Corpus 0 cables>
        """
        storage.save(folder, {name: self._ready.get(name, self.lazy(name)) for name in NAMES})


def open(folder: str | Path) -> Corpus:
    """Open a corpus that `Corpus.save` or `cablelab read` wrote; its frames are read when they are asked for.

    Parameters
    ----------
    folder
        Its folder, or a URL that fsspec knows, such as `s3://bucket/corpus` (see the extra `remote`). From such storage
        the parts of a frame are fetched whole, to temporary files, when the frame is first asked for.

    Raises
    ------
    NotACorpus
        If the folder holds no corpus, a part is missing or changed, or a newer version wrote it.
    NotReachable
        If a URL leads nowhere, or what its scheme needs is not installed.

    Examples
    --------
    >>> open("no-such-folder")
    Traceback (most recent call last):
    cablelab.errors.NotACorpus: 'no-such-folder' is not a corpus that can be opened: there is no such folder. ...
    """
    corpus = Corpus(storage.scan(folder))
    corpus.folder = str(folder)
    return corpus
