"""The ranked changes as tables to take away: Markdown and CSV, with ids, paragraph numbers and both wordings."""

from __future__ import annotations

import polars as pl

from cablelab.comparison.model import Laid
from cablelab.comparison.tables import changes
from cablelab.escaping import markdown as cell
from cablelab.export import csv_text

_EXPORT = (
    "rank",
    "kind",
    "reasons",
    "cable_a",
    "paragraph_a",
    "wording_a",
    "cable_b",
    "paragraph_b",
    "wording_b",
    "remark",
)


def export(laid: Laid, limit: int | None = None) -> pl.DataFrame:
    """Give the ranked changes as strings for export: ids, printed paragraph numbers, both wordings.

    Parameters
    ----------
    laid
        Any comparison.
    limit
        How many changes of each step; all if not given.
    """
    frame = changes(laid) if limit is None else changes(laid).filter(pl.col("rank") <= limit)

    def number(side: str) -> pl.Expr:
        printed, position = pl.col(f"number_{side}"), pl.col(f"paragraph_{side}")
        named = pl.format("¶{}", printed)
        return (
            pl.when(printed.is_not_null())
            .then(named)
            .when(position.is_not_null())
            .then(pl.lit("unnumbered"))
            .alias(f"paragraph_{side}")
        )

    return frame.select(
        "rank",
        pl.col("kind").cast(pl.String),
        pl.col("reasons").list.join("; "),
        pl.col("a").alias("cable_a"),
        number("a"),
        pl.col("text_a").alias("wording_a"),
        pl.col("b").alias("cable_b"),
        number("b"),
        pl.col("text_b").alias("wording_b"),
        "remark",
    ).select(_EXPORT)


def csv(laid: Laid) -> str:
    """Write the export as CSV; formulas in cells are defused."""
    return csv_text(export(laid))


def markdown(laid: Laid, limit: int | None = None) -> str:
    """Write the export as a Markdown table for each step."""
    out = []
    rows = export(laid, limit)
    for step in laid.steps:
        a, b = step.old.cable, step.new.cable
        out += [f"## {cell(a)} → {cell(b)}", ""]
        out += [f"*{cell(remark)}.*\n" for remark in step.remarks]
        out += [f"| # | change | {cell(a)} | {cell(b)} | remark |", "|---:|---|---|---|---|"]
        for row in rows.filter((pl.col("cable_a") == a) & (pl.col("cable_b") == b)).iter_rows(named=True):
            sides = [f"{row[f'paragraph_{s}']}: {row[f'wording_{s}']}" if row[f"wording_{s}"] else "—" for s in "ab"]
            # what makes it doubtful stands above the table, once
            cells = (str(row["rank"]), row["reasons"], *sides, "doubtful, see above" if row["remark"] else "")
            out.append("| " + " | ".join(cell(c) for c in cells) + " |")
        out.append("")
    return "\n".join(out)
