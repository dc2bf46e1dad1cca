"""Fields that a terminal would obey: control characters in them become marks that are seen, and a row of `problems` tells of it.

A frame is printed as it stands, so that an escape sequence in a subject would recolour the terminal or write its clipboard. Only `texts`
(and the text of `copies`) keep what the source held; since each mark is one character, all offsets hold for both.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from cablelab.message import Problem

# Line feeds and tabs do no harm. Beside the control characters of ASCII and Latin-1 those that turn the direction of writing round.
_OBEYED = r"[\x00-\x08\x0b-\x1f\x7f-\x{9f}\x{202a}-\x{202e}\x{2066}-\x{2069}]"
MARKS = {chr(code): chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\t\n"} | {"\x7f": "\u2421"}
MARKS |= {chr(c): "\ufffd" for a, b in ((0x80, 0xA0), (0x202A, 0x202F), (0x2066, 0x206A)) for c in range(a, b)}
_WORDS = pl.List(pl.String)


def marked(frame: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, pl.Series]]:
    r"""Replace the control characters in all fields of a frame.

    Returns
    -------
    The frame, and by column the numbers of the rows that held one.

    Examples
    --------
    >>> frame, where = marked(pl.DataFrame({"subject": ["FISH", "\x1b[2J FISH"], "tags": [["ELAB"], []]}))
    >>> frame["subject"].to_list(), where["subject"].to_list(), list(where)
    (['FISH', '␛[2J FISH'], [1], ['subject'])
    """
    where = {}
    for column, kind in frame.schema.items():
        if kind in (pl.String, _WORDS):
            values = frame[column]
            rows = (
                (values.list.join(" ") if kind == _WORDS else values).str.contains(_OBEYED).fill_null(False).arg_true()
            )
            if len(rows):
                where[column] = rows
                shown = pl.element() if kind == _WORDS else pl.col(column)
                shown = shown.str.replace_many(list(MARKS), list(MARKS.values()))
                frame = frame.with_columns(pl.col(column).list.eval(shown) if kind == _WORDS else shown)
    return frame, where


def told(frame: pl.DataFrame, where: dict[str, pl.Series]) -> Iterator[tuple[int, Problem]]:
    """Give a problem for each copy and column in which `marked` found something."""
    for column, rows in where.items():
        for copy in frame["copy"][rows].unique(maintain_order=True).drop_nulls():
            text = (
                f"{column} holds control characters; marks such as \u241b stand in their place, and `texts` keeps them"
            )
            yield copy, Problem("control-characters", column, text)
