"""What to write instead, where a function was given something of another kind than it takes."""

from __future__ import annotations

_STAR, _IDS = "Put a star before it: {function}(*values)", "Put a star before it: compare(corpus, *ids)"
# By what is wanted and by the kind of what was given; "" is any other.
CURES: dict[str, dict[str, str]] = {
    "a Corpus first": {
        "DataFrame": "Give the corpus; for the cables of this frame, corpus.select(frame)",
        "list": "Give the corpus; for these cables, corpus.select(ids)", "Cable": "Give its corpus: cable.corpus",
        "": "Give what cl.read(...), cl.open(...) or cl.sample() returned, not a path or an id",
    },
    "a Corpus, a frame, or both": {"": "Write cl.table(corpus), cl.table(corpus, frame) or cl.table(frame)"},
    "frames by name": {
        "DataFrame": 'Give a mapping: cl.Corpus({{"cables": frame}}); to keep some cables of a corpus, corpus.select(frame)',
        "": "Read cables with cl.read(...) or cl.open(...)",
    },
    "text": {"list": _STAR, "tuple": _STAR, "Series": _STAR, "": 'Write it in quotes: {function}("...")'},
    "paths": {
        "list": "Put a star before it: {function}(*paths)", "DataFrame": "A frame is no source: save it as CSV and read that",
        "": 'Write a path in quotes: {function}("my-cables/")',
    },
    "messages": {"": "Give the text of a message, or a list of texts; a file is read by cl.read(path)"},
    "one id": {
        "int": "By position: corpus[corpus.ids[0]]", "Cable": "Give its id: cable.id",
        "": "For several: corpus.select(ids)",
    },
    "conditions": {
        "str": "For its words in messages: cl.search.mentions(corpus, {given}); in subjects: cl.about({given}); as an id: corpus[{given}]",
        "Series": "Write it over columns, or choose by it: corpus.select(corpus.ids.filter(mask))",
        "": 'Write one that is true or false, such as cl.tagged("ELAB") or pl.col("words") > 500, joined by & and |',
    },
    "one value a column": {"": 'For several values write pl.col("post").is_in(["OSLO", "PARIS"])'},
    "a comparison": {"": "Compare some cables first, and give {function} what cl.compare(corpus, earlier, later) returns"},
    "the corpus that was drawn": {"": "Give it as the third: cl.charts.save(chart, path, corpus); its card is written beside the picture"},
    "a network": {"": "Give {function} what cl.network(corpus, cable) returns"},
    "a table of words": {"": "Give {function} what cl.keyness(one, other) returns for two selections"},
    "ids": {
        "list": _IDS, "tuple": _IDS, "Series": _IDS, "Cable": "Give its id: cable.id", "": "Name two ids or more",
        "DataFrame": "Give the steps of one chain as cl.chains(corpus) has them, with chain, order, cable and previous",
    },
}  # fmt: skip
