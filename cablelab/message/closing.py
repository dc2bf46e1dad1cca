"""The end of a message: the signature, alone on the last line or glued to the last sentence."""

from __future__ import annotations

import re

from cablelab.message import trailers
from cablelab.message.grammar import SIGN, word_list
from cablelab.message.trailers import GAP

_PARTICLE = r"(?:(?:[Dd][Eeiu]|[Ll][Aae]|[Vv][Aao][Nn]|[Dd][Ee][NnRrLl]|ST\.?|St\.?|EL|El|AL|Al|MC|Mc)[ ]+){0,2}"
_WORD = r"(?:[A-Z]['’])?[A-Z][A-Za-z'’\-]{1,20}"
_AFTER = r"(?:,?[ ](?:[JjSs][Rr]\.?|I{2,3}|IV))?"
_BEHIND = r"(?:UNQ(?:UO)?TE|(?:UNCLASSIFIED|CONFIDENTIAL|SECRET|LIMITED OFFICIAL USE)(?![A-Z]))"
# Alone on the last line: one or two words, a full stop behind them at most.
_ALONE = re.compile(
    rf"[ \t*(>x\[<\"'#/-]*(?:/[sS]/[ ]?)?(?:X{{4,}}[ ]+|UNQUOTE[. ]+)?({_PARTICLE}{_WORD}(?:[ ](?!{_BEHIND}){_WORD})?{_AFTER}|[a-z]{{3,20}})"
    rf"(?:[ ]{_BEHIND})?"
    r"[ \t*)>\]\"'#\\/-]*(?P<stop>[.…]{0,5})[ \t*\"'\\]*"
)
_TWICE = re.compile(rf"[ \t*]*({_PARTICLE}{_WORD})[ \t/]{{1,20}}({_PARTICLE}{_WORD})[ \t*.\\]*")
# Behind the last sentence: one word, with a particle; two only in capitals.
_GLUED = re.compile(
    r"(?:[.?!:;)\"”’|*]|X{4}|x{4}|(?:[Cc](?i:omment)|[Ss](?i:ummary)|CONSIDERED|E(?i:nd (?:note|text|action))|UNQUOTE|REGARDS,)(?=[ ]))[ \t*]*"
    rf"({_PARTICLE}(?!UNQUOTE){_WORD}|[A-Z][A-Z'’\-]+[ ](?!UNQUOTE)[A-Z][A-Z'’\-]+)(?:[ ]UNQUOTE)?[ \t.*#\\]*$"
)
_TIGHT = re.compile(r"[a-z][.!?][\"”]?([A-Z][A-Z'’\-]{3,20})[ \t*\\]*$")
# Where the last words have no stop: what else tells a surname in capitals.
_UNSTOPPED = re.compile(rf"[\w,/)][ \t]+({_PARTICLE}[A-Z][A-Z'’\-]{{3,20}})[ \t.*\\]*$")
_CAPITALS = re.compile(r"(?:(?:CONSIDERED|END [A-Z]+|[A-Z]{2,})\.|CONSIDERED|END [A-Z]+|UNQUOTE|REGARDS,)[ ]{1,8}$")
_PARTICLES_ABOVE = re.compile(r"[ \t]*(VAN|VON|DE|DI|LA|LE|ST\.?|MC|MAC|O'|VAN DER|DE LA)[ \t]*")
_LAST = re.compile(r"[\w'’-]{1,70}$")  # sought in 70 characters
_REDACTED = re.compile(r"X{4,}|x{4,}")
_IN_ADVERT = re.compile(
    rf"(?:[ \t\n*]|(?<!X)X{{4,}}+)({_PARTICLE}[A-WYZ][A-Z'’\-]{{2,20}})[ \t*.\"\\]*$"
    r"|(?:(?:c[ ]?f[ ]?m|h[ ]?t[ ]?m[ ]?l?|/|(?<!X)X{4,}+|(?<!x)x{4,}+|\.gov|:)[ \t\n*]++"
    rf"|(?<!{SIGN}){SIGN}{{5,}}+(?:(?<={SIGN}{{5}}\*)|[ \t\n])[ \t\n*]*+)"
    rf"(?!X{{4}})({_PARTICLE}{_WORD}|[a-z]{{3,20}})[ \t*.\\]*$"
)
_JOINS = re.compile(
    r"(?:\b(?:by|with|to|from|of|and|for|in|at|or|the|amb|ambassador|charge|chargé|dcm|mr|ms|mrs|dr|minister|president)\.?|[,(&/-])[ \n]*$",
    re.IGNORECASE,
)
_NEVER = word_list("no-signature")
# What opens a sentence that broke off.
_OPENERS = word_list("sentence-openers")
# Words in capitals that end unfinished sentences.
_KNOWN = word_list("no-surname")

Found = tuple[str, int, int]


def find(text: str, start: int, end: int, officer: str | None = None) -> tuple[str | None, int, int, int]:
    r"""Find who signed a message whose body lies between `start` and `end`.

    Parameters
    ----------
    text, start, end
        The message, and the characters between which its body lies.
    officer
        Who classified it; the surname behind words without a stop is then known for a signature.

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
    last = stop = trailers.before(text, start, end)
    surname, first = _surname(officer), (officer or "").partition(" ")[0].casefold()
    for attempt in range(8):
        found = _alone(text, start, stop, surname, attempt > 0) or (
            _glued(text, start, stop, surname, first) if not attempt else None
        )
        if found is not None:
            return *_with_its_double(text, start, *found), stop
        lower = trailers.doubtful(text, start, stop)
        if lower >= stop:
            break
        if (found := _behind_advert(text, lower, stop) if not attempt else None) is not None:
            return *found, stop
        stop = trailers.before(text, start, lower)
    return None, last, last, last


def _surname(officer: str | None) -> str:
    words = [
        w for w in (officer or "").replace(",", " ").split() if w.rstrip(".").upper() not in {"JR", "SR", "II", "III"}
    ]
    return words[-1].casefold() if words and len(words[-1]) > 2 else ""


def _alone(text: str, start: int, stop: int, surname: str, doubtful: bool) -> Found | None:
    """Find a name that stands alone on the last line; below what is `doubtful` the text above it must have ended."""
    above = max(text.rfind("\n", start, stop) + 1, start)
    line = text[above:stop]
    if len(line) > 110:
        return None
    bare = line.strip()
    if (hidden := _REDACTED.fullmatch(bare)) and not doubtful and _closes(text, start, above, "X"):
        begin = above + len(line) - len(line.lstrip())  # a signature that the publisher removed
        return hidden[0], begin, begin + len(hidden[0])
    if (
        not bare.isalpha()
        and (twice := _TWICE.fullmatch(line))
        and twice[1].casefold() == twice[2].casefold()
        and _is_name(twice[1])
    ):
        return max(twice[1], twice[2], key=str.isupper), above + twice.start(1), above + twice.end(2)
    alone = _ALONE.fullmatch(line)
    if alone is None or not _is_name(alone[1]) or _REDACTED.fullmatch(alone[1]):
        return None
    name = alone[1]
    known = surname != "" and name.split()[-1].casefold() == surname
    closes = _closes(text, start, above, name)
    apart = alone.start(1) > 9  # a page break stood before it on the line
    stopped = alone["stop"] != "" or doubtful
    plain = name.isupper() or known or apart or _deliberate(text, start, above, name)
    if not (closes or (plain and not stopped)):
        return None
    begin = above + alone.start(1)
    # A double name may stand on two lines.
    higher = max(text.rfind("\n", start, above - 1) + 1, start) if above - 1 > start else above
    if higher < above and (first := _PARTICLES_ABOVE.fullmatch(text[higher : above - 1])):
        begin, name = higher + first.start(1), f"{first[1]} {name}"
    return _once(name), begin, above + alone.end(1)


def _glued(text: str, start: int, stop: int, surname: str, first: str) -> Found | None:
    """Find a name behind the last sentence."""
    above = max(text.rfind("\n", start, stop) + 1, start)
    line = text[above:stop]
    tail = line[-70:]
    at = stop - len(tail)
    glued = _GLUED.search(tail) or _TIGHT.search(tail)
    if (
        glued
        and _is_name(glued[1])
        and not _REDACTED.search(glued[1])
        and (above > start or stop - start > 40 or glued[1].isupper())
        and (not (line.isupper() and glued[1].isupper()) or _CAPITALS.search(tail[: glued.start(1)]))
    ):
        return _once(glued[1]), at + glued.start(1), at + glued.end(1)
    word = _LAST.search(tail)
    before = tail[: word.start()].rstrip() if word else ""
    if (
        word
        and surname
        and word[0].casefold() == surname
        and not (_JOINS.search(before) or before.casefold().endswith(first))
    ):
        return word[0], at + word.start(), at + word.end()
    loose = None if line.isupper() else _UNSTOPPED.search(tail)
    if loose and _is_name(loose[1]) and loose[1] not in _KNOWN and not _JOINS.search(tail, 0, loose.start(1)):
        year = re.search(r"\d[ \t]+$", tail[: loose.start(1)])
        once = len(loose[1]) > 4 and text.find(loose[1], start, at + loose.start(1)) < 0
        if year or once:
            return loose[1], at + loose.start(1), at + loose.end(1)
    return None


def _behind_advert(text: str, start: int, stop: int) -> Found | None:
    """Find the name that stands behind an invitation to visit a web site."""
    if stop - start > 400 or "isit " not in text[start:stop].replace("ISIT ", "isit "):
        return None
    found = _IN_ADVERT.search(text, start, stop)
    if found is None:
        return None
    name, group = (found[1], 1) if found[1] else (found[2], 2)
    return (name, found.start(group), found.end(group)) if _is_name(name) and not _REDACTED.search(name) else None


def _with_its_double(text: str, start: int, name: str, begin: int, end: int) -> Found:
    """Take in the same name once more above the signature: some posts write it small and in capitals."""
    stop = trailers.stripped(text, start, begin)
    first = stop - len(name)
    if first < start or text[first:stop].casefold() != name.casefold() or text[first - 1 : first].isalnum():
        return name, begin, end
    lead = text[max(start, first - 20) : first]
    if not (lead.endswith("\n") or lead.rstrip(" \t")[-1:] in tuple('.?!:)"”*\n')):
        return name, begin, end
    return max(name, text[first:stop], key=str.isupper), first, end


def _is_name(words: str) -> bool:
    first = words.split()[0].upper()
    return (
        first not in _NEVER
        and not words.upper().startswith(("END ", "BEGIN "))
        and (words.isupper() or words.casefold() not in _OPENERS)
    )


def _closes(text: str, start: int, at: int, name: str) -> bool:
    """Tell whether the line above a name in small letters ends a sentence, or is blank or a fence: else the name is text."""
    above = text[max(start, at - 200) : at]
    if above.endswith("\n\n") or not above.strip():
        return True
    before = above.rstrip(GAP)
    if before.endswith("xxxx") or before.rpartition("\n")[2].strip().upper() == name.upper():
        return True
    last = before[-1:]
    blank = above[len(before) :].count("\n") > 1
    return blank or (not name.islower() and last in '.!?:)"”*-=_>X') or (name.islower() and last in "-=_*")


def _deliberate(text: str, start: int, at: int, name: str) -> bool:
    """Tell whether a capitalised word would have fitted on the line above it: then the line was broken on purpose."""
    lines = text[max(start, at - 1_200) : at].rstrip().split("\n")[-12:]
    width = max(len(line.rstrip()) for line in lines)
    return len(lines) > 3 and width < 90 and not name.islower() and len(lines[-1].rstrip()) + 1 + len(name) < width - 2


def _once(name: str) -> str:
    """Write a name that a copy doubled only once."""
    words = name.split()
    half = len(words) // 2
    if len(words) % 2 == 0 and [w.casefold() for w in words[:half]] == [w.casefold() for w in words[half:]]:
        return max(" ".join(words[:half]), " ".join(words[half:]), key=str.isupper)
    return name
