"""Where a message begins and ends in a page's text: by the marks of cables, and by what sites put under them."""

from __future__ import annotations

import re

from cablelab.message import grammar
from cablelab.message.trailers import stands_below
from cablelab.terms import MONTH

NOTICE = r"This record is a partial extract of the original cable"
LEVEL = rf"{grammar.LEVEL}\b"
PRECEDENCE = r"(?:ZZ|OO|PP|RR)(?: (?:ZZ|OO|PP|RR))?(?: R[A-Z]{4,7}){1,}"
DTG = r"[ZOPRY](?: [ZOPRY])? \d{6}Z [A-Z]{3} \d\d"
HEADER = rf"{NOTICE}|V?ZCZC|{PRECEDENCE}|{DTG}|DE R[A-Z]{{4,7}} #|PAGE 0?1 "
# what a message opens with, at the beginning of a line
OPENS = re.compile(rf"^[ \t>]{{0,8}}(?:{HEADER}|{LEVEL})", re.MULTILINE)
# the same where lines were joined and a message may open inside one
OPENS_INSIDE = re.compile(rf"{NOTICE}|VZCZC[A-Z]{{3}}|{DTG}")
BODY = re.compile(r"^\W{0,4}(?:TAGS?|SUBJECT|SUBJ)\b[: ]|^[ \t]{0,4}¶?1[.)]\s", re.MULTILINE)
# any of these tells that a text is a cable or part of one
MARKS = re.compile(
    "|".join(
        (
            OPENS.pattern,
            r"^\W{0,4}TAGS?\b[: ]|^\W{0,4}(?:SUBJECT|SUBJ)\s?:",
            r"^\W{0,4}(?:REF|REFTEL|REFS|REF\(S\)|REFTELS)\b\s?:?\s",
            r"\bE\.?\s?O\.?\s?1[1-3]\d{3}\b|\bSIPDIS\b|¶|^[ \t]{0,4}NNNN[ \t]*$|^Message Text\b",
            r"^[ \t]{0,4}\d{1,3}[.)]\s{0,3}\((?:U|C|S|TS|SBU|LOU|FOUO|[CSU]//?[A-Z]{2,4})\)",
            rf"\b\d{{6}}Z {MONTH} \d\d\b",
        )
    ),
    re.MULTILINE,
)
NUMBER = re.compile(r"^[ \t>]{0,4}(?:\*\*)?¶?[ \t]?(\d{1,3})[.)](?!\d)", re.MULTILINE)
NAME = r"(?!END\b)[A-Z][A-Z'’.-]{1,24}(?: [A-Z'’.-]{1,24}){0,3}"
# a surname or two in capitals, alone on a line or at the end of one that a sentence ends on; else one capitalised word
SIGNER = re.compile(rf"(?:^[ \t]*|[.!?:)\"”*] {{0,3}})({NAME})[ \t]*$", re.MULTILINE)
LOWER_SIGNER = re.compile(r"(?:\n|[.!?:)])[ \t]*\n[ \t]*((?:[Vv]an |[Dd]e )?(?:[A-Z][a-z]+){1,2})[ \t]*$", re.MULTILINE)
NO_SIGNER = re.compile(
    rf"{LEVEL}.*|(?:BEGIN )?(?:COMMENT|SUMMARY|BACKGROUND|NOTE|CONCLUSION|BIO.*|N{{3,4}}|BT|SIPDIS|SENSITIVE|NOFORN)"
)
UNKNOWN = 2000  # characters of a page's own words between the signature and the first line known as chrome

# lines that stand under a message on any web page; they begin with a capital and are not all in capitals
CHROME_LINES = (
    # whose page it is, and who pays for it
    r"wiki ?leaks(?: (?:cables?|link))?",
    r"advertisements?|sponsored(?: content)?|report this ad",
    r"(?:©|\(c\) (?:19|20)\d\d|copyright (?:©|\(c\)|(?:19|20)\d\d|by\b)).*",
    r"all rights reserved.*|(?:privacy|cookie)\b.*",
    r"(?:create a (?:free )?(?:website|blog)|(?:blog )?(?:at|powered by) wordpress|(?:proudly )?powered)\b.*|theme: .*",
    r"(?:designed|hosted) by\b.*|%d bloggers.*",
    r"about (?:us|the author|this (?:site|blog|entry)).*|contact(?: us)?|terms of (?:use|service)\b.*",
    # what readers may do
    r"(?:post|leave|add|write) (?:a |your )?(?:comment|reply|trackback)\b.*|permalink.*|trackback.*",
    r"(?:\d+|no|one|two|three) (?:comments?|responses?|repl(?:y|ies)|thoughts? on)\b.*",
    r"comments?(?: \(\d+\)| are closed.*| off.*| feed)|your e-?mail address\b.*",
    r"(?:fill in your details|you are commenting using|notify me of)\b.*",
    r"share(?: (?:this|on|via)\b.*|)|like(?: this)?:?|(?:like )?loading\.{0,3}|rate this:?|tweet|pin it",
    r"(?:facebook|twitter|reddit|google|linkedin|whatsapp|telegram|tumblr|pinterest|stumbleupon|digg)(?: .{0,30})?",
    r"(?:print(?:er|able)?|e-?mail)(?:[- ](?:friendly|version|this|page).*|)",
    r"follow(?: (?:us|me|this|blog)\b.*)?|subscribe.*|sign me up.*|search(?: for)?:?",
    # what else there is
    r"(?:related|recent|popular|similar)(?: (?:posts?|articles?|stor(?:y|ies)|cables?|links?|comments?|news))?:?",
    r"(?:posted|filed|published) (?:in|on|by|under|with|as)\b.*|tag(?:s|ged)?(?: (?:as|with))?:.*|tag cloud|tagged .*",
    r"this (?:entry|post|article) (?:was|is)\b.*|categor(?:y|ies)(?:: .*)?",
    r"archives|blogroll|meta|menu|home|top|(?:main |post )?navigation",
    r"(?:previous|next|older|newer)(?: (?:posts?|stor(?:y|ies)|articles?|cables?|page)\b.*|: .*)",
    r"(?:skip to (?:content|main)|back to (?:top|the)|return to (?:top|the)|view all|read more|continue reading)\b.*",
    r"(?:←|→|«|»|‹|›|&laquo;|&raquo;).*",
    r"(?:view|see) (?:the )?(?:original|full|source)\b.*|raw (?:content|source).*|metadata",
)
CHROME = re.compile(
    rf"^[ \t]*(?-i:(?=[A-Z][a-z]|[\d©←→«»‹›&(%]|ADVERT))(?:{'|'.join(CHROME_LINES)})[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)


def opening(text: str, at: int = 0) -> int | None:
    """Find where a message opens at or after `at`; None if no line looks like it."""
    found = OPENS.search(text, at) or OPENS_INSIDE.search(text, at)
    return found.start() if found else None


def inside(text: str, at: int, stop: int | None = None) -> tuple[int, int]:
    """Bound the message that a page's text holds behind `at`, where the page's fields end.

    Parameters
    ----------
    text
        The page's text.
    at, stop
        Offsets between which the message lies.

    Returns
    -------
    Offsets of its first character and behind its last one.
    """
    first = len(text) - len(text[at:].lstrip())
    start = opening(text, at)
    # what carries TAGS or a subject before the first line that looks like an opening is the message already
    if start is None or (start > first and BODY.search(text, first, start)):
        start = first
    return start, closing(text, start, stop)


def closing(text: str, at: int, stop: int | None = None) -> int:
    """Find where the message that opens at `at` ends: before the page's own lines, behind signature and trailer.

    The first chrome line below the last numbered paragraph bounds the message. If a signature stands alone on a line
    between that paragraph and the bound, the last such line closes it, with the trailer (NNNN, BT, a note) under it.

    Parameters
    ----------
    text
        The page's text.
    at, stop
        Offsets of the message's first character and of where it has ended at the latest.

    Returns
    -------
    Offset behind the last character of the message that is not blank.
    """
    stop = len(text) if stop is None else stop
    first = CHROME.search(text, at, stop)
    last = _last_paragraph(text, at, first.start() if first else stop, stop)
    chrome = CHROME.search(text, last, stop)
    bound = chrome.start() if chrome else stop
    signed = _signature(SIGNER, text, last, bound) or _signature(LOWER_SIGNER, text, last, bound)
    close = _behind_trailer(text, signed, bound) if signed else bound
    return at + len(text[at:close].rstrip())


def _signature(signer: re.Pattern[str], text: str, last: int, bound: int) -> int | None:
    """Give the offset behind the last signature between the last paragraph and the bound, if the cable ends there."""
    last = max(last, bound - UNKNOWN)
    for found in reversed(list(signer.finditer(text, last, bound))):
        ends = text.find("\n", found.end() + 1, bound)
        under = text[found.end() + 1 : ends if ends > 0 else bound]
        if OPENS.search(text, found.end(), bound) or BODY.search(text, found.end(), bound):
            return None
        if stands_below(under) and not NO_SIGNER.fullmatch(found[1]):
            return found.end()
    return None


def _last_paragraph(text: str, at: int, doubt: int, stop: int) -> int:
    """Give the offset behind the number of the last paragraph that goes on counting; `at` if there is none.

    Behind `doubt`, where the page's own lines may have begun, a first number is that of somebody's list.
    """
    expected = 1
    for found in NUMBER.finditer(text, at, stop):
        number = int(found[1])
        if expected == 1 and found.start() > doubt:
            break
        # a post may drop a number
        if expected <= number <= expected + 1:
            at, expected = found.end(), number + 1
    return at


def _behind_trailer(text: str, at: int, bound: int) -> int:
    close = at
    while at < bound:
        ends = text.find("\n", at + 1, bound)
        ends = bound if ends < 0 else ends
        line = text[at + 1 : ends]
        if line.strip():
            if not stands_below(line):
                break
            close = ends
        at = ends
    return close
