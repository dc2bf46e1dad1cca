"""A corpus whose every text tries to run something."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import polars as pl

import cablelab as cl
from cablelab.frames import SCHEMAS

HOSTILE = "</pre></style><script>window.ran=1</script><img src=x onerror='window.ran=2'>\"><svg onload=window.ran=3>"


def row(frame: str, **values: object) -> dict[str, object]:
    return dict.fromkeys(SCHEMAS[frame]) | values


def corpus(n: int = 30) -> cl.Corpus:
    """Build `n` cables with HOSTILE as subject, post, mission, tag, name, text and file name; each cites the one before."""
    start = datetime(2003, 1, 1, tzinfo=UTC)
    ids = [f"{HOSTILE}{i}" for i in range(n)]
    words = ("post", "mission", "bureau", "subject", "source", "format", "signed_by", "classified_by", "summary")
    lists = ("tags", "captions", "handling", "precedence")
    rows = {
        "cables": [
            row("cables", **dict.fromkeys(words, HOSTILE), **{name: [HOSTILE] for name in lists})
            | {"cable": key, "year": 2003, "number": i + 1, "classification": "SECRET", "partial": True}
            | {"sent": start + timedelta(days=40 * i), "sent_from": "dtg"}
            for i, key in enumerate(ids)
        ],
        "texts": [row("texts", cable=key, text=HOSTILE) for key in ids],
        "spans": [row("spans", cable=key, start=0, end=len(HOSTILE), role="paragraph") for key in ids],
        "paragraphs": [
            row("paragraphs", cable=key, position=0, number=1, marking=HOSTILE, part="comment", heading=HOSTILE)
            | {"text": HOSTILE, "start": 0, "end": len(HOSTILE)}
            for key in ids
        ],
        "tags": [
            row("tags", cable=key, position=0, tag=HOSTILE, kind=HOSTILE, meaning=HOSTILE, confidence=HOSTILE)
            for key in ids
        ],
        "references": [
            row("references", cable=key, position=0, label=HOSTILE, kind="cable", target=before, raw=HOSTILE)
            | {"note": HOSTILE, "held": True}
            for before, key in pairwise(ids)
        ],
        "addressees": [row("addressees", cable=key, position=0, role="to", name=HOSTILE) for key in ids],
        "problems": [row("problems", cable=key, source=HOSTILE, code=HOSTILE, message=HOSTILE) for key in ids],
    }
    return cl.Corpus({name: pl.DataFrame(made, schema=SCHEMAS[name], orient="row") for name, made in rows.items()})
