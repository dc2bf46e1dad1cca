"""The end of a message: signature, and what runs on after it."""

from __future__ import annotations

import re

from cablelab.message.grammar import BANNER, BLANK, CAPTION_LINE

_TRAILER = re.compile(
    r"[ \t>*]*(?:NNNN?[A-Z]*|BT|#\d{2,6}|NOTE:? NOT PASSED.*|<+ ?END OF DOCUMENT.*|=+ ?(?:CABLE ENDS?|END OF CABLE)[ =]*|\d{4}[A-Z]{3,6}\d{4,6}[ ]*-.*"
    r"|MINIMIZE CONSIDERED\.?|VISIT .{0,60}(?:SITE|WEB|HTTP).*|[=\-_*#>\"\\. ]+|\(?END OF (?:MESSAGE|CABLE|TEXT)\)?\.?|ENDALL|YY+)[ \t\\]*",
    re.IGNORECASE,
)
_NAME = r"[A-Z](?:[A-Z'’.\-]|Mc|Mac)*[A-Z](?![a-z])"
_SURNAME = r"(?:(?:DE|DI|DU|LA|LE|VAN|VON|DEN|DER|ST\.?|EL|AL|O')[ ]+){0,2}(?:Mac|Mc|Le|De|La|Di|Van|O')?[A-Z][A-Z'’\-]{1,20}(?:[ ][A-Z][A-Z'’\-]{1,20})?"
_SIGNATURE = re.compile(rf"[ \t*(>]*({_SURNAME})[ \t.*)>\"#\\]*")
_GLUED = re.compile(rf"[.!?:;)\"”’|][ \t]+({_SURNAME})[ \t.*\\]*$")
# In a message all in capitals a name at the end of a line is told by what closes the text before it.
_CAPITALS = re.compile(r"(?:CONSIDERED|END [A-Z]+)\.[ ]+$")
_NEVER = frozenset(
    [
        "SIPDIS",
        "NOFORN",
        "SENSITIVE",
        "UNCLASSIFIED",
        "CONFIDENTIAL",
        "SECRET",
        "UNCLAS",
        "SUMMARY",
        "COMMENT",
        "NOTE",
        "ACTION",
        "BACKGROUND",
        "END",
        "BT",
        "NNNN",
        "QUOTE",
        "UNQUOTE",
        "TEXT",
        "N/A",
        "BIO",
        "DRAFT",
        "NIL",
        "ENDSUMMARY",
        "SBU",
        "TABLE",
        "ANNEX",
        "CONTENTS",
    ]
)


def is_trailer(line: str) -> bool:
    """Tell whether a line stands after the end of a message.

    >>> is_trailer("NNNN"), is_trailer("NOTE: NOT PASSED TO ABOVE ADDRESSEE(S)"), is_trailer("QUILL")
    (True, True, False)
    """
    return bool(_TRAILER.fullmatch(line) or BANNER.fullmatch(line) or CAPTION_LINE.match(line))


def find(text: str, start: int, end: int) -> tuple[str | None, int, int, int]:
    """Find who signed a message whose body lies between `start` and `end`.

    Returns
    -------
    name, start and end of the signature, and where the trailer begins; without a signature name is None and both offsets are the
    end of the last line that is no trailer.

    Examples
    --------
    >>> find("and the harvest was poor.\\nQUILL\\n\\nNNNN", 0, 37)
    ('QUILL', 26, 31, 31)
    >>> find("End comment. VAN VOORST", 0, 23)
    ('VAN VOORST', 13, 23, 23)
    """
    stop = end
    for _ in range(40):
        while stop > start and text[stop - 1] in BLANK:
            stop -= 1
        above = max(text.rfind("\n", start, stop) + 1, start)
        line = text[above:stop]
        if above <= start or not is_trailer(line):
            break
        stop = above
    while stop > start and text[stop - 1] in BLANK:
        stop -= 1
    above = max(text.rfind("\n", start, stop) + 1, start)
    line = text[above:stop]
    named = _SIGNATURE.fullmatch(line)
    if named and named[1].split()[0] not in _NEVER and not named[1].startswith(("END ", "BEGIN ")):
        begin = above + named.start(1)
        name = named[1]
        # A double name may stand on two lines.
        before_end = above - 1
        higher = max(text.rfind("\n", start, before_end) + 1, start) if before_end > start else above
        first = (
            re.fullmatch(r"[ \t]*(VAN|VON|DE|DI|LA|LE|ST\.?|MC|MAC|O'|VAN DER|DE LA)[ \t]*", text[higher:before_end])
            if higher < above
            else None
        )
        if first:
            begin, name = higher + first.start(1), f"{first[1]} {name}"
        return name, begin, above + named.end(1), stop
    glued = _GLUED.search(line[-60:])
    if (
        glued
        and glued[1].split()[0] not in _NEVER
        and not glued[1].startswith(("END ", "BEGIN "))
        and (not line.isupper() or _CAPITALS.search(line, 0, max(0, len(line) - len(glued[1]))))
    ):
        at = stop - len(line[-60:])
        return glued[1], at + glued.start(1), at + glued.end(1), stop
    return None, stop, stop, stop
