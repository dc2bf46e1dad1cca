"""The pictures of the gallery and the lines that make them; run alone it writes them as SVG into a folder."""

from __future__ import annotations

import sys
from pathlib import Path

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


def draw(code: str) -> str:
    """Run the lines of one picture after the opening lines and give what the last one shows, as SVG."""
    import ast

    import polars as pl

    import cablelab as cl
    from cablelab.charts.base import spec_svg

    tree = ast.parse(START + code)
    last = tree.body.pop()
    assert isinstance(last, ast.Expr), "the last line of a picture is what it shows"
    names: dict[str, object] = {"cl": cl, "pl": pl}
    exec(compile(tree, "gallery", "exec"), names)
    chart = eval(compile(ast.Expression(last.value), "gallery", "eval"), names)
    return spec_svg(chart.to_dict())


if __name__ == "__main__":
    for name, _, code in PICTURES:
        Path(sys.argv[1], f"{name}.svg").write_text(draw(code), encoding="utf-8")
