"""A corpus whose every text tries to run something."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import accumulate, pairwise

import polars as pl

import cablelab as cl
from cablelab.frames import SCHEMAS

HOSTILE = "</pre></style><script>window.ran=1</script><img src=x onerror='window.ran=2'>\"><svg onload=window.ran=3>"


# What acts in a terminal: titles, erasing, colours (also as one character), carriage returns, the clipboard, hidden and turning marks.
TERMINAL = (
    "\x1b]0;ran\x07\x1b]52;c;cmFu\x07\x1b[2J\x1b[31mred\x9b1m\x08\r\u202etxt.exe\u2066\u200b\u2028\x85 \x00\ufeff end"
)
# What acts in a table, a page of Markdown, a formula, a template, a bibliography.
FORMATS = (
    '=HYPERLINK("http://evil.example/","x")|`code` [a](javascript:window.ran=4) ![i](http://evil.example/i.png) http://evil.example/b'
    " www.evil.example c@evil.example <http://evil.example/d> $\\href{javascript:window.ran=5}{x}$ \\(y\\) $5, then $9 {{7*7}}"
    " ${window.ran=6}\n# head\n1. item\nER  - \n@book{x, } \\input{/etc/passwd}\n</script><!--<script>"
)
PAYLOADS = {"markup": HOSTILE, "terminal": TERMINAL, "formats": FORMATS}


def row(frame: str, **values: object) -> dict[str, object]:
    return dict.fromkeys(SCHEMAS[frame]) | values


def corpus(n: int = 30, said: str = HOSTILE) -> cl.Corpus:
    """Build `n` cables with `said` as subject, post, mission, tag, name, text and file name; each cites the one before."""
    start = datetime(2003, 1, 1, tzinfo=UTC)
    ids = [f"{said}{i}".replace("#", "♯") for i in range(n)]  # which would begin the name of a paragraph
    # one part stays, one is reworded from cable to cable, one is new in each, one is dropped by the next
    texts = [
        [said, f" The quay has {40 + i} berths for {said}.", f" {['Snow', 'Rain', 'Fog'][i % 3]} fell, {said}."]
        + [f" No pilot went out on the day before the fair of {i}, and the mayor sold his boat. {said}"] * (i % 2 == 0)
        for i in range(n)
    ]
    words = ("post", "mission", "bureau", "subject", "source", "format", "signed_by", "classified_by", "summary")
    lists = ("tags", "captions", "handling", "precedence")
    rows = {
        "cables": [
            row("cables", **dict.fromkeys(words, said), **{name: [said] for name in lists})
            | {"cable": key, "year": 2003, "number": i + 1, "classification": "SECRET", "partial": True}
            | {"sent": start + timedelta(days=40 * i), "sent_from": "dtg"}
            for i, key in enumerate(ids)
        ],
        "texts": [row("texts", cable=key, text="".join(parts)) for key, parts in zip(ids, texts, strict=True)],
        "spans": [
            row("spans", cable=key, start=start, end=end, role="paragraph")
            for key, parts in zip(ids, texts, strict=True)
            for start, end, _ in _places(parts)
        ],
        "paragraphs": [
            row("paragraphs", cable=key, position=position, number=position + 1, marking=said, part="comment")
            | {"heading": said, "text": text, "start": start, "end": end}
            for key, parts in zip(ids, texts, strict=True)
            for position, (start, end, text) in enumerate(_places(parts))
        ],
        "tags": [row("tags", cable=key, position=0, tag=said, kind=said, meaning=said, confidence=said) for key in ids],
        "references": [
            row("references", cable=key, position=0, label=said, kind="cable", target=before, raw=said)
            | {"note": said, "held": True}
            for before, key in pairwise(ids)
        ],
        "addressees": [row("addressees", cable=key, position=0, role="to", name=said) for key in ids],
        "problems": [row("problems", cable=key, source=said, code=said, message=said) for key in ids],
    }
    return cl.Corpus({name: pl.DataFrame(made, schema=SCHEMAS[name], orient="row") for name, made in rows.items()})


def _places(parts: list[str]) -> list[tuple[int, int, str]]:
    ends = [*accumulate(map(len, parts))]
    return [(end - len(part), end, part) for end, part in zip(ends, parts, strict=True)]
