"""Say where a figure or a frame comes from, so that another can make it again."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from cablelab import __version__
from cablelab.errors.arguments import of_corpus
from cablelab.escaping import copy_name, markdown

if TYPE_CHECKING:
    from cablelab.corpus import Corpus

LISTED = 20


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a figure or a frame was made from.

    `sources` has one row a file: `source` (its name without the folders), `format`, `cables` (how many rows came from
    it) and `sha256` (of the file, or of the hashes of its rows where it holds several). `digest` stands for the whole
    selection: the same cables from the same captures give the same digest, in whatever order. `filters` are code
    where a condition can be written as code.
    """

    title: str
    cables: int
    counts: dict[str, int]
    first: str | None
    last: str | None
    filters: tuple[str, ...]
    sources: pl.DataFrame = field(repr=False)
    digest: str
    versions: dict[str, str]

    def markdown(self) -> str:
        """Return the card as Markdown.

        Examples
        --------
        >>> import cablelab as cl
        >>> from cablelab.provenance import provenance
        >>> print(provenance(cl.sample(), title="All posts").markdown())
        **Provenance: All posts**
        ...
        """
        span = "" if self.first is None else f", sent {self.first} to {self.last}"
        counts = ", ".join(
            f"{number:,} {name.removesuffix('s') if number == 1 else name}" for name, number in self.counts.items()
        )
        lines = [
            f"**Provenance: {markdown(self.title)}**",
            "",
            f"- Cables: {self.cables:,}{span}" + (f" ({counts})" if counts else ""),
            *(f"- Filter: {_code(condition)}" for condition in self.filters),
            f"- Digest of the selection (SHA-256): `{self.digest}`",
            f"- Sources: {self.sources.height:,}",
            *(
                f"  - {markdown(source)} ({markdown(form or 'unknown')}, {number:,} cable{'s' * (number != 1)}, SHA-256 {_code(sha256)})"
                for source, form, number, sha256 in self.sources.head(LISTED).iter_rows()
            ),
            *([f"  - and {self.sources.height - LISTED:,} more"] if self.sources.height > LISTED else []),
            f"- Made with {', '.join(f'{name} {number}' for name, number in self.versions.items())}",
        ]
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.markdown()

    def _repr_markdown_(self) -> str:
        return self.markdown()


@of_corpus
def provenance(corpus: Corpus, title: str = "Cables", filters: Iterable[str] = ()) -> Provenance:
    """Tell what a corpus was made from and how it was chosen.

    Parameters
    ----------
    corpus
        The corpus behind the figure or frame, filtered as it was for that.
    title
        What the card is for.
    filters
        What else was chosen or left out since, in words or code; the filters of the corpus are told anyhow.

    Returns
    -------
    Provenance, which shows itself in a notebook; `str` of it is Markdown for a caption or a file.

    Examples
    --------
    >>> import cablelab as cl
    >>> from cablelab.provenance import provenance
    >>> provenance(cl.sample().filter(cl.tagged("ELAB"))).filters
    ('cl.tagged("ELAB")',)
    """
    cables = corpus.cables
    days = cables.select(first=pl.col("sent").min(), last=pl.col("sent").max())
    first, last = days.select(pl.all().dt.strftime("%Y-%m-%d")).row(0)
    counts = {
        "posts": cables["post"].drop_nulls().n_unique(),
        "partial extracts": int(cables["partial"].fill_null(False).sum()),
        "without a date": cables["sent"].null_count(),
    }
    return Provenance(
        title=title,
        cables=cables.height,
        counts={name: number for name, number in counts.items() if number},
        first=first,
        last=last,
        filters=(*corpus.filters, *filters),
        sources=_sources(cables),
        digest=_digest(cables.select(pl.concat_str("cable", "sha256", separator=" ", ignore_nulls=True)).to_series()),
        versions={"cablelab": __version__, "polars": pl.__version__, "Python": platform.python_version()},
    )


def _sources(cables: pl.DataFrame) -> pl.DataFrame:
    """Give one row a file; of the rows of a CSV their file."""
    file = pl.col("source").str.replace(r"#[0-9]+$", "")
    files = (
        cables.select(file=file, format="format", sha256="sha256")
        .group_by("file", "format", maintain_order=True)
        .agg(cables=pl.len().cast(pl.Int64), sha256="sha256")
        .sort("file", "format", nulls_last=True)
    )
    hashes = [h[0] if len(h) == 1 else _digest(pl.Series(h, dtype=pl.String)) for h in files["sha256"].to_list()]
    names = [copy_name(source) for source in files["file"].to_list()]
    named = files.with_columns(source=pl.Series(names, dtype=pl.String), sha256=pl.Series(hashes, dtype=pl.String))
    return named.select("source", "format", "cables", "sha256")


def _digest(values: pl.Series) -> str:
    return hashlib.sha256("\n".join(values.drop_nulls().sort()).encode()).hexdigest()


def _code(text: str) -> str:
    # as many backticks as keep any within from closing the code
    ticks = "`" * (max((len(run) for run in text.replace("`", " ` ").split() if set(run) == {"`"}), default=0) + 1)
    one_line = " ".join(text.split())
    return f"{ticks} {one_line} {ticks}" if "`" in one_line else f"`{one_line}`"
