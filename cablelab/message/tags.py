"""The TAGS line: codes in order, wrapped, run together, or with a traveller's name."""

from __future__ import annotations

import re

from cablelab.facts import split
from cablelab.facts import tags as known_tags
from cablelab.message.grammar import BLANK, CAPTION_WORDS

_SEPARATOR = re.compile(r"[,;\s\\]+")
_PERSON = re.compile(r"\(([A-Z][A-Z'\-]+)(?:,\s*([A-Z][A-Z'.\s\-]*?)|(\s+[A-Z][A-Z'.\s\-]*?))\)")
_WITH_TRAVELLER = frozenset({"OCON", "OEXC", "OREP", "OTRA", "OVIP"})
_LABELS = frozenset({"SUBJ", "SUBJECT", "REF", "REFS", "TAG", "TAGS", "CLASSIFIED", "E.O", "EO", "SUMMARY", "DECL"})


def tags_of(written: str) -> list[str]:
    """Read the codes of a TAGS line.

    Examples
    --------
    >>> tags_of("ELAB EIND, ETRD; KZ")
    ['ELAB', 'EIND', 'ETRD', 'KZ']
    >>> tags_of("OVIP (QUILL, ADA B.) PREL")
    ['OVIP', 'QUILL, ADA B.', 'PREL']

    >>> tags_of("PHUMBA, AROC")
    ['PHUM', 'BA', 'AROC']

    Run-together codes are cut apart; a misspelt one stays as written.
    """
    text = written.upper().strip(BLANK + ":;,.")
    found: dict[str, None] = {}
    persons: dict[str, str] = {}
    if "(" in text:
        text = _PERSON.sub(lambda m: _person(persons, m), text)
    traveller = False
    pending: str | None = None
    for token in _SEPARATOR.split(text.replace("(", " ").replace(")", " ")):
        token = persons.get(token, token.strip("[]#.:'\"-*/"))
        if not token or token == "AND" or token in CAPTION_WORDS:
            continue
        if found and token in _LABELS:
            if token.startswith("TAG"):  # the label a second time
                continue
            break
        if pending is not None:
            # A traveller's name after OVIP and its kin: surname, then first name.
            if not _known(token) and token.isalpha() and len(token) > 2:
                found[f"{pending}, {token}"] = None
                pending, traveller = None, False
                continue
            found[pending] = None
            pending = None
        if traveller and token.isalpha() and len(token) > 3 and not _known(token) and "," not in token:
            pending = token
            continue
        if "/" in token and len(parts := token.split("/")) > 1 and all(map(_known, parts)):
            found.update(dict.fromkeys(parts))
            continue
        codes = split(token) if len(token) > 5 else ()
        # What the line names besides stays as written: nothing is to be recovered from it.
        found.update(dict.fromkeys(codes if len(codes) > 1 and not all(c in found for c in codes) else (token,)))
        traveller = token in _WITH_TRAVELLER
    if pending is not None:
        found[pending] = None
    return list(found)


def _person(persons: dict[str, str], found: re.Match[str]) -> str:
    """Keep a name in brackets as one entry: with its comma, or without one where no code could be meant."""
    surname, after_comma, after_blank = found.groups()
    if after_comma is None and (len(surname) < 6 or is_tag(surname)):
        return found[0]
    return _hold(persons, " ".join(f"{surname}{after_blank or ',' + ' ' + after_comma}".split()))


def _hold(persons: dict[str, str], name: str) -> str:
    key = f"\x00{len(persons)}"
    persons[key] = name
    return f" {key} "


def is_tag(word: str) -> bool:
    """Tell whether the tables know a word of a TAGS line, as a code or as free text."""
    return word in known_tags()


def _known(token: str) -> bool:
    return len(token) <= 5 and any(t.kind not in {"person", "freetext"} for t in known_tags().get(token, ()))
