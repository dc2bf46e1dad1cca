"""Telegrams that repeat another one: `FOL REPEAT OSLO 118 ...`, QUOTE, the other's own classification line. The inner one is cited."""

from __future__ import annotations

import re

from cablelab.facts import post_code
from cablelab.message.grammar import CLASS_LINE, word_list
from cablelab.message.model import Reference
from cablelab.message.references import ending_post

_FAR = 1_500  # characters below the classification line
_REPEAT = re.compile(
    r"\n[ \t]*(?:THE[ ])?(?:FOL(?:LOWING|LWG|LG)?\.?[ ](?:(?:IS[ ]A[ ]|IS[ ]|TEL(?:EGRAM)?[ ]|MESSAGE[ ]|MSG[ ]){0,2}))?"
    r"(?:REPEAT(?:ED)?|RPT|RPTD)(?:[ ](?:OF|FOR[ ]YOUR[ ]INFO(?:RMATION)?|FYI|FROM|TEL(?:EGRAM)?)){0,2}[ ]"
    r"(?P<post>[A-Z][A-Z.' ]{2,30}?)[ ](?P<number>\d{1,6})(?!\d)"
)
_NO_POST = word_list("no-repeated-post")
_QUOTE = re.compile(r"\n[ \t]*QUOTE[ \t.:]*(?=\n)")


def repeated(
    text: str, start: int, end: int, itself: tuple[str | None, int | None], shift: int, year: int | None
) -> list[Reference]:
    r"""Find which cable a message repeats; `itself` is the message's own post and number, `start` the end of its classification line.

    >>> text = "UNCLAS STATE 32006\n\nFOL REPEAT OSLO 118 ACTION SECSTATE\nQUOTE\n"
    >>> [(r.post, r.number, r.raw) for r in repeated(text, 18, len(text), ("STATE", 32006), 0, 1976)]
    [('OSLO', 118, 'OSLO 118')]
    """
    end = min(end, start + _FAR)
    below = text[start:end]
    if not ("REPEAT" in below or "RPT" in below or "QUOTE" in below):
        return []
    code: str | None
    if found := _REPEAT.search(text, start, end):
        named = ending_post(found["post"], year)
        code, at = (
            (named[0], found.start("post") + named[1]) if named else (_spelled(found["post"]), found.start("post"))
        )
    elif (quote := _QUOTE.search(text, start, end)) and (
        found := CLASS_LINE.search(text, quote.end(), quote.end() + 200)
    ):
        code, at = post_code(" ".join(found["post"].split()), year) or _spelled(found["post"]), found.start("post")
    else:
        return []
    number, stop = int(found["number"]), found.end("number")
    if code is None or number == 0 or (code, number) == itself:
        return []
    return [
        Reference(None, "cable", code, number, None, " ".join(text[at:stop].split()), None, at + shift, stop + shift)
    ]


def _spelled(words: str) -> str | None:
    """Write the code of a post that no table knows as its own class line would: its letters."""
    parts = words.upper().split()
    return re.sub(r"[^A-Z]", "", "".join(parts)) if len(parts) < 3 and not _NO_POST.intersection(parts) else None
