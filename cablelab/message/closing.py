"""The end of a message: the signature, and what runs on after it."""

from __future__ import annotations

import re

from cablelab.message.grammar import BANNER, BLANK, CAPTION_LINE

_TRAILER = re.compile(
    r"[ \t>*]*(?:NNNN?[A-Z]*|BT|#\d{2,6}|NOTE:? NOT PASSED.*|<+ ?END OF DOCUMENT.*|=+ ?(?:CABLE ENDS?|END OF CABLE)[ =]*"
    r"|\d{4}[A-Z]{3,6}\d{4,6}[ ]*-.*|MINIMIZE CONSIDERED\.?|(?:PLEASE )?VISIT .{0,60}(?:SITE|WEB|HTTP).*|HTTPS?:/.*"
    r"|[=\-_*#>\"\\. ]+|\(?END OF (?:MESSAGE|CABLE|TEXT)\)?\.?|ENDALL|YY+)[ \t\\]*",
    re.IGNORECASE,
)
# What a spreadsheet's columns leave behind the last word: a count, a date.
_FIELDS = re.compile(r"[ \t]+(?:0[ ]+)?(?:\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d\d-\d\d)$")
_ADVERT = re.compile(
    r"[*\s]*(?:(?:Please|To)[ ]+)?[Vv](?:isit|ISIT)[ ]+[^.\n]{2,60}?(?:[Cc]lassified|[Ww]eb|[Ff]orum|[Ss]ite|[Bb]log|WEB|SITE)[^¶]{0,300}$"
)

_PARTICLE = r"(?:(?:[Dd][Eeiu]|[Ll][Aae]|[Vv][Aao][Nn]|[Dd][Ee][NnRrLl]|ST\.?|St\.?|EL|El|AL|Al)[ ]+){0,2}"
_WORD = r"(?:[A-Z]['’])?[A-Z][A-Za-z'’\-]{1,20}"
# Alone on the last line: one or two words without a stop.
_ALONE = re.compile(rf"[ \t*(>x]*(?:X{{4,}}[ ]+)?({_PARTICLE}{_WORD}(?:[ ]{_WORD})?|[a-z]{{3,20}})[ \t*)>\"#\\]*")
# Behind the last sentence: one word, with a particle; two only in capitals.
_GLUED = re.compile(
    rf"(?:[.?!:;)\"”’|*]|X{{4}}|x{{4}}|(?:COMMENT|SUMMARY|CONSIDERED)(?=[ ]))[ \t*]*({_PARTICLE}{_WORD}|[A-Z][A-Z'’\-]+[ ][A-Z][A-Z'’\-]+)[ \t.*\\]*$"
)
_TIGHT = re.compile(r"[a-z][.!?][\"”]?([A-Z][A-Z'’\-]{3,20})[ \t*\\]*$")
_CAPITALS = re.compile(r"(?:CONSIDERED|END [A-Z]+|[A-Z]{2,})\.[ ]{1,3}$")
_PARTICLES_ABOVE = re.compile(r"[ \t]*(VAN|VON|DE|DI|LA|LE|ST\.?|MC|MAC|O'|VAN DER|DE LA)[ \t]*")
_REDACTED = re.compile(r"X{4,}|x{4,}")
_NEVER = frozenset(
    """
    SIPDIS NOFORN SENSITIVE UNCLASSIFIED CONFIDENTIAL SECRET UNCLAS SUMMARY COMMENT NOTE ACTION BACKGROUND END BT
    NNNN QUOTE UNQUOTE TEXT N/A BIO DRAFT NIL ENDSUMMARY SBU TABLE ANNEX CONTENTS ENDNOTE BEGIN PARAGRAPH
    """.split()  # noqa: SIM905
)


def is_trailer(line: str) -> bool:
    """Tell whether a line stands after the end of a message.

    >>> is_trailer("NNNN"), is_trailer("NOTE: NOT PASSED TO ABOVE ADDRESSEE(S)"), is_trailer("QUILL")
    (True, True, False)
    """
    return bool(_TRAILER.fullmatch(line) or BANNER.fullmatch(line) or CAPTION_LINE.match(line))


def find(text: str, start: int, end: int) -> tuple[str | None, int, int, int]:
    r"""Find who signed a message whose body lies between `start` and `end`.

    Returns
    -------
    name, start and end of the signature, and where the trailer begins; without a signature name is None and both offsets are the
    end of the last line that is no trailer.

    Examples
    --------
    >>> find("and the harvest was poor.\nQUILL\n\nNNNN", 0, 37)
    ('QUILL', 26, 31, 31)
    >>> find("End comment. VAN VOORST", 0, 23)
    ('VAN VOORST', 13, 23, 23)
    """
    stop = _before_trailer(text, start, end)
    above = max(text.rfind("\n", start, stop) + 1, start)
    line = text[above:stop]
    alone = _ALONE.fullmatch(line) if len(line) < 70 else None
    redacted = _REDACTED.fullmatch(line.strip()) if len(line) < 70 else None
    if redacted and _closes(text, start, above, "X"):  # a signature that the publisher removed
        begin = above + len(line) - len(line.lstrip())
        return redacted[0], begin, begin + len(redacted[0]), stop
    if (
        alone
        and _is_name(alone[1])
        and not _REDACTED.fullmatch(alone[1])
        and (alone[1].isupper() or _closes(text, start, above, alone[1]))
    ):
        begin, name = above + alone.start(1), alone[1]
        # A double name may stand on two lines.
        higher = max(text.rfind("\n", start, above - 1) + 1, start) if above - 1 > start else above
        if higher < above and (first := _PARTICLES_ABOVE.fullmatch(text[higher : above - 1])):
            begin, name = higher + first.start(1), f"{first[1]} {name}"
        return _once(name), begin, above + alone.end(1), stop
    tail = line[-70:]
    glued = _GLUED.search(tail) or _TIGHT.search(tail)
    if (
        glued
        and _is_name(glued[1])
        and not _REDACTED.search(glued[1])
        and (above > start or stop - start > 40 or glued[1].isupper())
    ):
        before = tail[: glued.start(1)]
        if not (line.isupper() and glued[1].isupper()) or _CAPITALS.search(before):
            at = stop - len(tail)
            return _once(glued[1]), at + glued.start(1), at + glued.end(1), stop
    return None, stop, stop, stop


def advert(text: str, start: int, end: int) -> int:
    """Find where an invitation to visit a web site begins that a post put before its signature; `end` if there is none.

    >>> body = "The port is open. Visit Kestrel's Classified Website: XXXXXXXX"
    >>> body[: advert(body, 0, len(body))]
    'The port is open.'
    """
    begin = max(start, end - 400)
    if "isit " not in text[begin:end] and "VISIT " not in text[begin:end]:
        return end
    found = _ADVERT.search(text, begin, end)
    return found.start() if found else end


def _before_trailer(text: str, start: int, end: int) -> int:
    """Go back over trailer lines; return the end of the last line of the message."""
    stop = end
    for _ in range(60):
        stop = start + len(text[max(start, stop - 4_000) : stop].rstrip(BLANK)) + max(0, stop - 4_000 - start)
        above = max(text.rfind("\n", start, stop) + 1, start)
        line = text[above:stop]
        if line[-1:].isdecimal() and (fields := _FIELDS.search(line[-60:])):
            stop -= len(line[-60:]) - fields.start()
            continue
        if above <= start or len(line) > 400 or not is_trailer(line):
            break
        stop = above
    return stop


def _is_name(words: str) -> bool:
    first = words.split()[0].upper()
    return first not in _NEVER and not words.upper().startswith(("END ", "BEGIN "))


def _closes(text: str, start: int, at: int, name: str) -> bool:
    """Tell whether the line above a name in small letters ends a sentence, or is blank or a fence: else the name is text."""
    above = text[max(start, at - 200) : at]
    if above.endswith("\n\n") or not above.strip():
        return True
    before = above.rstrip(BLANK)
    if before.endswith("xxxx") or before.rpartition("\n")[2].strip().upper() == name.upper():
        return True
    last = before[-1:]
    blank = above[len(before) :].count("\n") > 1
    return blank or (not name.islower() and last in '.!?:)"”*-=_>X') or (name.islower() and last in "-=_*")


def _once(name: str) -> str:
    """Write a name that a copy doubled only once."""
    words = name.split()
    return " ".join(words[:1] if len(words) == 2 and words[0] == words[1] else words)
