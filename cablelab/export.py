"""Write frames to files that others open: CSV, Parquet, Markdown."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import polars.selectors as cs

from cablelab.errors import UnknownOption
from cablelab.escaping import markdown as markdown

if TYPE_CHECKING:
    from cablelab.corpus import Corpus

# What makes a spreadsheet take a cell for a formula when it stands first (OWASP, CSV injection), full-width and small forms too; also
# behind what is trimmed or shows nothing: blanks, control characters, those without width.
_NOTHING = (
    "\\s\x00-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
)
_FORMULA = f"^[{_NOTHING}]*[=+@＝＋－＠﹦﹢﹣﹫-]|^[\t\r\n]"
SUFFIXES = (".csv", ".parquet", ".md")


def export(data: Corpus | pl.DataFrame, path: str | Path) -> Path:
    r"""Write a frame to a file, in the form that its ending names.

    Parameters
    ----------
    data
        A frame; or a corpus, of which the frame `cables` is written.
    path
        Where to; ends in `.csv`, `.parquet` or `.md`. A file that is there is replaced.

    Returns
    -------
    The path written.

    Raises
    ------
    UnknownOption
        If the ending is another.

    Notes
    -----
    Parquet keeps all types. In CSV and Markdown lists become words with blanks between, instants ISO 8601 in UTC. In
    CSV a text that a spreadsheet would run as a formula gets an apostrophe before it; in Markdown markup is made
    harmless.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> import polars as pl
    >>> from cablelab.export import export
    >>> with TemporaryDirectory() as folder:
    ...     export(pl.DataFrame({"subject": ["=1+1"]}), folder + "/cables.csv").read_text()
    "subject\n'=1+1\n"
    """
    path = Path(path)
    frame = data if isinstance(data, pl.DataFrame) else data.cables
    if path.suffix == ".parquet":
        frame.write_parquet(path)
    elif path.suffix == ".csv":
        path.write_bytes(csv_text(frame).encode())
    elif path.suffix == ".md":
        path.write_bytes(markdown_table(frame).encode())
    else:
        raise UnknownOption(path.suffix, [], f"Files end in {', '.join(SUFFIXES)}.")
    return path


def plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Make every column one that a cell can hold: lists become words, instants ISO 8601, nested values text.

    Examples
    --------
    >>> import polars as pl
    >>> plain(pl.DataFrame({"tags": [["ELAB", "KZ"]]})).item()
    'ELAB KZ'
    """
    instants = [
        pl.col(name).dt.strftime("%Y-%m-%dT%H:%M:%S" + ("Z" if dtype.time_zone else ""))
        for name, dtype in frame.schema.items()
        if isinstance(dtype, pl.Datetime)
    ]
    nested = cs.by_dtype(pl.Object) | cs.struct() | cs.array()
    return frame.with_columns(
        cs.list().cast(pl.List(pl.String), strict=False).list.join(" "),
        cs.enum().cast(pl.String),
        cs.categorical().cast(pl.String),
        nested.map_elements(str, return_dtype=pl.String),
        *instants,
    )


def defuse(text: pl.Expr) -> pl.Expr:
    """Put an apostrophe before a text that a spreadsheet would take for a formula.

    Examples
    --------
    >>> import polars as pl
    >>> pl.DataFrame({"x": ["@SUM(A1)", "a=b", "-- item"]}).select(defuse(pl.col("x")))["x"].to_list()
    ["'@SUM(A1)", 'a=b', "'-- item"]
    """
    return text.str.replace(_FORMULA, "'${0}")


def csv_text(frame: pl.DataFrame) -> str:
    r"""Return a frame as CSV (UTF-8, commas, LF), formulas defused in cells and column names.

    Examples
    --------
    >>> import polars as pl
    >>> csv_text(pl.DataFrame({"n": [-1], "t": ["-1"]}))
    "n,t\n-1,'-1\n"
    """
    safe = plain(frame).with_columns(cs.string().pipe(defuse))
    names = {name: f"'{name}" for name in safe.columns if re.match(_FORMULA, name)}
    return safe.rename(names).write_csv()


def markdown_table(frame: pl.DataFrame) -> str:
    r"""Return a frame as a Markdown table, in which no cell can bring markup, HTML or a further column.

    Examples
    --------
    >>> import polars as pl
    >>> print(markdown_table(pl.DataFrame({"cable": ["07OSLO1"], "subject": ["A|B <b>"]})))
    | cable | subject |
    | --- | --- |
    | 07OSLO1 | A\|B &lt;b&gt; |
    """
    cells = plain(frame).cast(pl.String).fill_null("")
    lines = [frame.columns, ["---"] * frame.width, *cells.iter_rows()]
    shown = [line if number == 1 else [markdown(cell) for cell in line] for number, line in enumerate(lines)]
    return "".join(f"| {' | '.join(line)} |\n" for line in shown)
