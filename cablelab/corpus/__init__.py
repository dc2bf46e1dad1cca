"""The corpus: all frames of many cables together, filtered in step, saved and opened."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from cablelab import storage
from cablelab.as_code import code
from cablelab.corpus.cable import Cable
from cablelab.corpus.cited import missing
from cablelab.corpus.lookup import collect, counted, held, like
from cablelab.corpus.named import mentions_of_people
from cablelab.errors import SchemaError, UnknownCable
from cablelab.frames import NAMES, check, empty, schema
from cablelab.ids import normal_id

__all__ = ["Cable", "Corpus", "mentions_of_people", "missing", "normal_id", "open"]


class Corpus:
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

    def __init__(self, frames: Mapping[str, pl.DataFrame | pl.LazyFrame], filters: Iterable[str] = ()) -> None:
        if unknown := [name for name in frames if name not in NAMES]:
            raise SchemaError(f"A corpus has no frame {unknown[0]!r}; its frames are {', '.join(NAMES)}.")
        if isinstance(frames, storage.Opened):  # whose parts are checked when they are opened, and again on first use
            self._base: Mapping[str, pl.DataFrame | pl.LazyFrame] = frames
        else:
            self._base = {name: check(name, frames[name]) if name in frames else empty(name) for name in NAMES}
        self._chosen: pl.DataFrame | None = None
        self._ready: dict[str, pl.DataFrame] = {}
        self.filters = tuple(filters)
        self.folder: str | None = None  # where it lies, if it was opened

    def lazy(self, name: str) -> pl.LazyFrame:
        """Give the frame `name` as a lazy frame; of an opened corpus nothing is read until it is collected.

        Examples
        --------
        >>> Corpus({}).lazy("spans").select("role").collect().height
        0
        """
        schema(name)
        if name in self._ready:
            return self._ready[name].lazy()
        frame = self._base[name].lazy()
        if self._chosen is None:
            return frame
        if name == "cables":
            return self._chosen.lazy()
        keys = self._chosen.lazy().select("cable")
        column = "preferred" if name == "copies" else "cable"
        frame = frame.join(keys, left_on=column, right_on="cable", how="semi", maintain_order="left")
        return frame.with_columns(held=held(self._chosen["cable"])) if name == "references" else frame

    def frame(self, name: str) -> pl.DataFrame:
        """Give the frame `name`, collected on first use and kept.

        Raises
        ------
        UnknownOption
            If no frame has that name.
        NotACorpus
            If the folder it was opened from has been written anew since.

        Examples
        --------
        >>> Corpus({}).frame("texts").columns
        ['cable', 'text']
        """
        if name not in self._ready:
            frame = self._base.get(name)
            if self._chosen is not None or not isinstance(frame, pl.DataFrame):
                frame = collect(self.lazy(name))
            # a filter over a frame in hundreds of pieces, as many files give it, takes several times as long
            self._ready[name] = frame.rechunk() if name == "cables" else frame
        return self._ready[name]

    @property
    def cables(self) -> pl.DataFrame:
        """One row a cable."""
        return self.frame("cables")

    @property
    def texts(self) -> pl.DataFrame:
        """The text of each cable, to which all offsets refer."""
        return self.frame("texts")

    @property
    def spans(self) -> pl.DataFrame:
        """The spans that partition each text, with their roles."""
        return self.frame("spans")

    @property
    def paragraphs(self) -> pl.DataFrame:
        """One row a paragraph."""
        return self.frame("paragraphs")

    @property
    def tags(self) -> pl.DataFrame:
        """One row a TAGS code of a cable."""
        return self.frame("tags")

    @property
    def references(self) -> pl.DataFrame:
        """One row a reference; `held` says whether the target is in this corpus, filtered as it is."""
        return self.frame("references")

    @property
    def addressees(self) -> pl.DataFrame:
        """One row a sender or addressee."""
        return self.frame("addressees")

    @property
    def redactions(self) -> pl.DataFrame:
        """One row a place where a copy hides words."""
        return self.frame("redactions")

    @property
    def problems(self) -> pl.DataFrame:
        """What was odd, missing, contradictory or unreadable."""
        return self.frame("problems")

    @property
    def copies(self) -> pl.DataFrame:
        """Further copies of cables whose row was made from a fuller one."""
        return self.frame("copies")

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
    def _keys(self) -> pl.Series:
        if "cables" in self._ready or self._chosen is not None:
            return self.cables["cable"]
        return collect(self.lazy("cables").select("cable"))["cable"]

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {key: row for row, key in enumerate(self._keys)}

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

    def __repr__(self) -> str:
        count, posts, first, last = self._extent
        parts = [counted(count, "cable")] + [counted(posts, "post")] * bool(posts)
        if first is not None:
            parts.append(str(first) if first == last else f"{first}-{last}")
        return f"<Corpus {' · '.join(parts)}>"

    def _repr_html_(self) -> str:
        from cablelab.corpus.show import corpus_html

        return corpus_html(self)

    def key(self, cable: str) -> str:
        """Find the key under which the corpus holds `cable`, however the id is written.

        Raises
        ------
        UnknownCable
            If the corpus does not hold it, with the ids that look most like it.

        Examples
        --------
        >>> cables = empty("cables").clear(1).with_columns(cable=pl.lit("07OSLO12"))
        >>> Corpus({"cables": cables}).key("07 Oslo 00012")
        '07OSLO12'
        """
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

        Examples
        --------
        >>> Corpus({}).filter(pl.col("words") > 500, post="OSLO").filters
        ('pl.col("words") > 500', 'pl.col("post") == "OSLO"')
        """
        ready = isinstance(self._base["cables"], pl.DataFrame) or "cables" in self._ready
        source = self.cables.lazy() if ready else self.lazy("cables")
        asked = [*predicates, *(pl.col(column) == value for column, value in values.items())]
        made = [code(condition) or str(condition) for condition in asked]
        return self._choose(collect(source.filter(*predicates, **values)), made)

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

        Examples
        --------
        >>> Corpus({}).select([])
        <Corpus 0 cables>
        """
        column = cables["cable"] if isinstance(cables, pl.DataFrame) else cables
        asked = pl.Series("cable", [column] if isinstance(column, str) else column, pl.String).drop_nulls().unique()
        here = asked.is_in(self._keys.implode())
        spelled = pl.Series("cable", [self.key(name) for name in asked.filter(~here).sort()], pl.String)
        keys = asked.filter(here).append(spelled).unique()
        chosen = self.cables.filter(pl.col("cable").is_in(keys.implode()))
        return self._choose(chosen, [f"select {counted(len(keys), 'cable')}"])

    def _choose(self, cables: pl.DataFrame, made: Iterable[str]) -> Corpus:
        corpus = Corpus({}, (*self.filters, *made))
        corpus._base, corpus._chosen, corpus.folder = self._base, check("cables", cables), self.folder
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
