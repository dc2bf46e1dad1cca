"""The pictures and tables of the gallery and the lines that make them; run alone it writes the pictures as SVG into a folder."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

START = "import cablelab as cl\n\ncorpus = cl.sample()\n"
PICTURES = [
    ("timeline-post", "How many cables, from where, when", 'cl.timeline(corpus, by="post")'),
    ("timeline-tag", "What they were about", 'cl.timeline(corpus, by="tag")'),
    ("swimlanes", "Each cable a mark, its level as colour", 'cl.charts.swimlanes(corpus, by="post")'),
    ("matrix", "Which posts wrote about what", 'cl.charts.matrix(corpus, "post", "tag")'),
    ("coverage", "What is held, against what was sent", "cl.charts.coverage(corpus)"),
    ("lineage", "Chains of successive assessments", "cl.charts.lineage(corpus, cl.chains(corpus))"),
    (
        "threads",
        "What one chain carries over",
        'longest = cl.chains(corpus)["chain"].mode().sort()[0]\ncl.charts.threads(cl.compare(corpus, longest))',
    ),
    (
        "network",
        "Who cites whom",
        'start = corpus.references.filter("held")["cable"][0]\ncl.charts.network(cl.network(corpus, start))',
    ),
    ("map", "Posts on a map", 'cl.charts.map(corpus, corpus.filter(cl.tagged("EFIS")))'),
    ("phrases", "A phrase over the years", 'cl.charts.phrases(corpus, "the ministry")'),
    (
        "keyness",
        "Words that tell two selections apart",
        'fish = cl.tagged("EFIS")\ntable = cl.keyness(corpus.filter(fish), corpus.filter(~fish))\n'
        'cl.charts.keyness(table, ("fisheries", "the rest"))',
    ),
]
TABLES = [
    (
        "find",
        "Which cables a page of footnotes means",
        'notes = "See telegram 1372 from Lusaka, July 23, 1975; telegram 545 from Quito and Lima, May 3, 1974; Moscow 3546, July 16."\n'
        'cl.find(corpus, notes).select("cited", "cable", "certain", "candidates", "why")',
    ),
    (
        "versions",
        "What the copies of one cable differ in, without the words that one of them hides",
        'cl.versions(corpus).select("cable", "a", "b", "kind", "words_a", "words_b").head(6)',
    ),
    (
        "missing",
        "What is cited and not held, as a request list",
        'corpus.missing().select("cable", "cited_by", "first", "last").head(6)',
    ),
    (
        "people",
        "Who signed and who classified",
        'cl.people(corpus).select("role", "name", "post", "cables", "first", "last").head(6)',
    ),
    (
        "codes",
        "Codes given by hand, as columns",
        "import polars as pl\n\nfrom cablelab.studies import Codebook\n\n"
        'book = Codebook(by="A.")\nfor cable, tone in zip(corpus.ids[:3], ("firm", "mild", "firm")):\n    book.add(cable, "tone", tone)\n'
        'book.columns(corpus).select("cable", "tone").filter(pl.col("tone").list.len() > 0)',
    ),
]


def draw(code: str) -> str:
    """Run the lines of one picture after the opening lines and give what the last one shows, as SVG."""
    from cablelab.charts.base import spec_svg

    return spec_svg(shown(code).to_dict())


def table(code: str) -> str:
    """Run the lines of one table after the opening lines and give the frame that the last one shows, as Markdown."""
    frame = shown(code)
    rows = [frame.columns, ["---"] * frame.width, *([_cell(value) for value in row] for row in frame.iter_rows())]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    words = ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    return " ".join(words.replace("|", " ").replace("<", "&lt;").split())


def shown(code: str) -> Any:
    """Run some lines after the opening lines and give what the last one shows."""
    import ast

    import polars as pl

    import cablelab as cl

    tree = ast.parse(START + code)
    last = tree.body.pop()
    assert isinstance(last, ast.Expr), "the last line of a picture is what it shows"
    names: dict[str, object] = {"cl": cl, "pl": pl}
    exec(compile(tree, "gallery", "exec"), names)
    return eval(compile(ast.Expression(last.value), "gallery", "eval"), names)


if __name__ == "__main__":
    for name, _, code in PICTURES:
        Path(sys.argv[1], f"{name}.svg").write_text(draw(code), encoding="utf-8")
