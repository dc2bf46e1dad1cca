"""The fields of a head: one table tells their labels, which lines without a label they go on over, and what the message takes from them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cablelab.message import fields
from cablelab.message.classified_by import classified_by
from cablelab.message.grammar import BANNER, BLANK, CAPTION_LINE, FENCE, MARK
from cablelab.message.labels import (
    ANY_WORD,
    CUT_OFF,
    ENDS_IN_LABEL,
    FIRST_NUMBER,
    HANDLING_LINE,
    NUMBERED,
    OPENING,
    PASSES,
    REASON,
    REASON_BREAKS,
    REASON_GOES_ON,
    TAG_WORD,
    WRAPS,
    cites,
    list_goes_on,
    may_open,
    next_label,
)
from cablelab.message.model import Cut, Message, Problem
from cablelab.message.references import references_of
from cablelab.message.tags import is_tag, tags_of


@dataclass(slots=True)
class Head:
    """Where the fields of a head stand: for each role (label, start, end) of its values, and where the body opens."""

    values: dict[str, list[tuple[int, int, int]]] = field(default_factory=dict)
    spans: list[Cut] = field(default_factory=list)
    body: int = 0
    corrected: bool = False

    def add(self, role: str, label: int, start: int, end: int) -> None:
        """Take in one field: its span from its label on, its value from `start`."""
        self.values.setdefault(role, []).append((label, start, end))
        self.spans.append((label, end, role))


class Cutter:
    """The state of one pass over a head: the field that is open, and where it began."""

    def __init__(self, text: str, head: Head) -> None:
        self.text, self.head = text, head
        self.role: str | None = None
        self.label = self.value = self.last = 0
        self.blank = False
        self.seen: set[str] = set()

    def open(self, role: str, label: int, value: int) -> None:
        """Close the field that is open and begin another: its label at `label`, its value at `value`."""
        self.close(label)
        self.role, self.label, self.value, self.last, self.blank = role, label, value, value, False
        self.seen.add(role)

    def close(self, at: int) -> None:
        """Take in the field that is open, up to `at` or to its last line before a blank one."""
        if self.role is None:
            return
        end = min(self.last if self.blank else at, at)
        end = self.value + len(self.text[self.value : end].rstrip(BLANK))
        self.head.add(self.role, self.label, self.value, end)
        self.role = None

    def written(self) -> str:
        """Give what the open field holds so far; of a very long one its end."""
        return self.text[max(self.value, self.last - 2_000) : self.last].strip(BLANK)


# A line that no machine wrapped, and that cites nothing where it opens.
_PROSE = re.compile(r"[^\d\n]{60}.{60}")


def of_the_seventies(cut: Cutter) -> bool:
    """Tell whether a head's executive order is one of 1972-82."""
    orders = cut.head.values.get("executive-order", ())
    numbers = (fields.order_of(cut.text[label:value], fields.LAST_YEAR) for label, value, _ in orders)
    return any(number in fields.SEVENTIES for number in numbers)


def _is_text(cut: Cutter, line: str) -> bool:
    """Tell text right below a head of the seventies, as editions print it: a paragraph on one line."""
    return _PROSE.match(line) is not None and of_the_seventies(cut)


def _subject_on(cut: Cutter, line: str, written: str) -> bool:
    return not written or not (cut.blank or _is_text(cut, line))


def _reference_on(cut: Cutter, line: str, written: str) -> bool:
    return (
        not written
        or ENDS_IN_LABEL.search(written) is not None
        or next_label(written, line)
        or (cut.blank and line.lstrip()[:1].islower() and written.split()[-1].islower())  # a copy's blank line
        or (
            not OPENING.match(line)
            and not _is_text(cut, line)
            and (not cut.blank or cites(written, line) or list_goes_on(written, line))
        )
    )


def _by_on(cut: Cutter, line: str, written: str) -> bool:
    if cut.blank and not REASON_GOES_ON.match(line) and not REASON_BREAKS.search(written):
        # A name cut at the 71st column goes on after the break, blank line or not.
        above = cut.text[cut.text.rfind("\n", 0, cut.last) + 1 : cut.last]
        return len(above.rstrip()) >= 71 and not REASON.search(written)
    return True


def _tags_on(cut: Cutter, line: str, written: str) -> bool:
    if cut.blank and not (written == "" or written.endswith(",")):
        return False
    if written.count("(") > written.count(")") and ")" in line[:40]:  # a person's name is broken
        return True
    inner = INLINE.search(line) if may_open(line) else None
    words = (line[: inner.start()] if inner else line).replace(",", " ").replace(";", " ").split()
    if CAPTION_LINE.match(line) or len(words) > 16:
        return False
    if written.endswith(","):
        return all(ANY_WORD.match(w) for w in words)
    plain = all(TAG_WORD.match(w) for w in words)
    if written == "" or written.endswith((";", "-")):
        return plain
    # A wrapped line of codes; a subject in capitals without its label has commas too.
    return plain and (_are_codes(words) or (("," in line or len(written) > 40) and all(len(w) < 6 for w in words)))


def _order_on(cut: Cutter, line: str, written: str) -> bool:
    opened = written.count("(") > written.count(")") and line.count(")") > line.count("(")  # the classifier's name
    return not cut.blank and (
        opened
        or written.rstrip(":").upper() in {"", "DECL"}
        or line.lstrip()[:5].upper() in {"DECL:", "DECL ", "REASO"}
    )


def belongs(cut: Cutter, line: str, below: int, end: int, complete: bool) -> bool:
    """Tell whether a line without a label belongs to the open field, if any."""
    one = OF_ROLE.get(cut.role or "")
    if one is None:
        return False
    written = cut.written()
    if (
        cut.last - cut.value <= one.longest
        and one.goes_on(cut, line, written)
        and not (written and _opens_body(cut, line, below, end))
    ):
        return True
    return cut.role == "subject" and complete and _subject_goes_on(cut, line, below, end)


def _are_codes(words: list[str]) -> bool:
    return sum(is_tag(w) for w in words) * 2 >= len(words) > 0


def _is_fence(line: str) -> bool:
    return "." not in line and FENCE.fullmatch(line) is not None  # three points: a preview broke off


def _opens_body(cut: Cutter, line: str, below: int, end: int) -> bool:
    """Tell whether a line that could continue a field opens the body instead: a fence, a banner, SUMMARY, a portion marking."""
    if _is_fence(line) or BANNER.fullmatch(line):
        return True
    if not OPENING.match(line) or next_label(cut.written(), line):
        return False
    return not (cut.role == "subject" and len(line) < 80 and label_below(cut.text, below, end))


def label_below(text: str, at: int, end: int) -> bool:
    """Tell whether a label follows within a few lines, before anything that opens a body: then the head is not yet over."""
    left = 5
    while at < end and left:
        stop = text.find("\n", at, min(end, at + 4_000))
        stop = min(end, at + 4_000) if stop < 0 else stop
        line = text[at : min(stop, at + 300)]
        if line.strip(BLANK):
            if (label := LABEL.match(line)) is not None:
                return label.lastgroup != "subject" or label[0].rstrip().endswith((":", ";"))
            if NUMBERED.match(line) or OPENING.match(line) or len(line) > 200:
                return False
            inner = INLINE.search(line) if may_open(line) else None
            if inner is not None:
                return inner.lastgroup in {"reference", "by", "tags", "executive"}
            left -= CAPTION_LINE.match(line) is None
        at = stop + 1
    return False


def _subject_goes_on(cut: Cutter, line: str, below: int, end: int) -> bool:
    """Decide whether a line below a blank one is the rest of the subject: copies double their line breaks."""
    written = cut.written()
    if (
        not cut.blank
        or len(line) > 100
        or cut.last - cut.value > 240
        or NUMBERED.match(line)
        or OPENING.match(line)
        or _is_fence(line)
        or BANNER.fullmatch(line)
        or CAPTION_LINE.match(line)
        or HANDLING_LINE.match(line)
        or PASSES.match(line)
        or CUT_OFF.match(line)
        or not line.strip(BLANK + "(\"'")[:1].isalnum()
    ):
        return False
    if written.isupper() and not line.isupper():
        return False
    return label_below(cut.text, below, end) or (
        written.isupper()
        and (WRAPS.search(written) is not None or line.rstrip(BLANK).endswith("."))
        and _first_paragraph_below(cut.text, below, end)
    )


def _first_paragraph_below(text: str, at: int, end: int) -> bool:
    """Tell whether a blank line and then the first paragraph follow: what stands above them in capitals, with a stop, heads nothing."""
    stop = text.find("\n", at, end)
    return stop >= 0 and not text[at:stop].strip(BLANK) and FIRST_NUMBER.match(text, stop + 1, end) is not None


def number_of_list(cut: Cutter, line: str) -> bool:
    """Tell a reference's own number from the first paragraph."""
    return cut.role == "reference" and not FIRST_NUMBER.match(line) and not cut.blank and "¶" not in line


def only_codes(line: str) -> bool:
    """Tell whether a line holds nothing but codes of the tables."""
    words = line.replace(",", " ").replace(";", " ").split()
    return 2 <= len(words) <= 16 and all(is_tag(w) for w in words)


class FieldText(NamedTuple):
    """The message's text, where one field stands in it, once or more often, what its offsets lack, and the message's year."""

    text: str
    places: Sequence[tuple[int, int, int]]
    shift: int
    year: int | None


# At an edge of the subject; a corrected version of a treaty in its midst is none of the cable's.
_CORRECTED = re.compile(
    r"^\(?CORRECTED (?:VERSION|TEXT)\b|(?:[-–:,;] ?\(?|\()CORRECTED(?: VERSION| TEXT| COPY| CABLE)?\)?$", re.IGNORECASE
)


def _take_subject(message: Message, found: FieldText) -> None:
    for _, a, b in found.places:
        subject = fields.subject(found.text[a:b])
        if subject and "CORRECTED" in subject.upper() and _CORRECTED.search(subject):
            message.corrected = True
        # of two that follow each other the second may be whole
        if not message.subject or (subject and subject.startswith(message.subject)):
            message.subject = subject
        elif subject and not message.subject.upper().startswith(subject.upper()):
            other = f"The head names a second subject, {subject[:80]}; the first is taken"
            opens = b - len(found.text[a:b].lstrip())
            message.problems.append(Problem("second-subject", "subject", other, opens + found.shift, b + found.shift))


def _take_order(message: Message, found: FieldText) -> None:
    for label, a, b in found.places[:1]:
        order = fields.executive_order(found.text[a:b], found.text[label:a], found.year)
        message.executive_order, message.declassify_on, message.declassify_note = order
        message.classified_by = fields.classifier(found.text[a:b], found.text[label:a])


def _take_tags(message: Message, found: FieldText) -> None:
    seen = dict.fromkeys([tag for _, a, b in found.places for tag in tags_of(found.text[a:b])])
    if len(seen) > 1:
        seen.pop("N/A", None)  # a line of it stands above the real one
    message.tags = list(seen)


def _take_reference(message: Message, found: FieldText) -> None:
    for _, a, b in found.places:
        message.references += references_of(found.text[a:b], a + found.shift, found.year)


def _take_by(message: Message, found: FieldText) -> None:
    for label, a, b in found.places:
        name, title, reason = classified_by(found.text[a:b], a - found.text.rfind("\n", 0, label) - 1)
        message.classified_by = message.classified_by or name
        message.classified_title = message.classified_title or title
        message.classified_reason = message.classified_reason or reason


@dataclass(frozen=True, slots=True)
class HeadField:
    """A field: its label at a line's start and inside a line, whether it goes on over a line, what the message takes, its length at most."""

    name: str
    role: str
    label: str
    inline: str | None
    goes_on: Callable[[Cutter, str, str], bool]
    take: Callable[[Message, FieldText], None]
    longest: int = 4_000


_REF = r"(?:REFERENCES?|REFTELS?|RETELS?|REF[ ]?\(S\)|REFS?)"
# Patterns that ignore case. Inside a line a label needs its colon, except where the words themselves leave no doubt.
FIELDS = (
    HeadField(
        "executive", "executive-order",
        rf"E[.,]{{0,2}}[ ]?[O0][.,]?[ ]*+[:;]?[ ]*+{fields.ORDER}\b|EXECUTIVE ORDER[ :]+1\d{{4}}",
        r"E\.O\.[ ]?1\d{4}|(?<![A-Za-z])EO[ ]1\d{4}",
        _order_on, _take_order,
    ),
    HeadField(
        "tags", "tags",
        r"(?:TAGS|TAGES|TABS|TACS|TGS|AGS|TAS)\b[ ]*[:;,.]?|TAGS[A-Z][ ]?:|TAG[ ]*:|TAG[ ]+(?=(?-i:[A-Z]{2,4}[ ]?,))",
        r"(?<![A-Za-z])T?AGS[ ]?:",
        _tags_on, _take_tags,
    ),
    HeadField(
        "subject", "subject",
        r"(?:S?UBJECT|SUBJ|SUBJET|SUJECT|SUBECT|SUBEJCT)\b\.?[ ]*[:;]?|(?:SUB|SUBJECTS|S[ ]?U[ ]?B[ ]?J[ ]?E[ ]?C[ ]?T)[ ]?[:;]",
        r"(?<![A-Za-z])SUBJ(?:ECT)?[ ]?:",
        _subject_on, _take_subject,
    ),
    HeadField(
        "reference", "reference",
        rf"{_REF}[ ]*+\.?[ ]*+[:;]|{_REF}[ ]*+\.[ ]"
        r"|(?:REFS?|REFTELS?|(?-i:REFERENCES?))[ ]+(?=\([ ]?A[ ]?\)|\(?[A-Z][.):]|[A-Z][ ][A-Z]{3}|[A-Z][A-Z. ]{2,20}[ ]\d{2}|\d\d[ ][A-Z])"
        r"|RE[ ]*:(?=[ ]*(?:\(?[A-Z][.)][ ]?|\d\d[ ])?[A-Z]{3}[A-Z. ]{0,20}[ ]\d{2})"
        r"|(?=[A-Z][.)][ ]REFS?[ ]+[A-Z][A-Z. ]{2,20}[ ]\d{2})",
        rf"(?<![A-Za-z]){_REF}[ ]?:|REFS?:[ ](?=[(A-Z0-9])",
        _reference_on, _take_reference, 8_000,
    ),
    HeadField(
        "by", "classified-by",
        r"(?:\d{1,2}[.)][ ]*)?(?:\([A-Za-z/]{1,8}\)[ ]*)?(?:(?:CONFIDENTIAL|SECRET)[ -]*ENTIRE TEXT\.?[ ]*)?"
        r"(?:CL?ASS?I{1,3}F?I{1,3}ED[ ]+BY|CLASSIFED BY|CLASSIFIED[ ]*:|DERIVED FROM[ ]*:)",
        r"(?<!DE)(?:\((?:[UCS]|SBU|[CS]/NF)\)[ ]{0,3})?CLASS?I+F?IED[ ]BY(?=[: ])",
        _by_on, _take_by, 1_500,
    ),
)  # fmt: skip
ROLES = {one.name: one.role for one in FIELDS}
OF_ROLE = {one.role: one for one in FIELDS}
LABEL = re.compile(
    r"[ \t>*(¶\\]*(?=[ETASURCD][ .,0OXAGSUBELC]|[\d(]|[A-Z][.)])"  # most lines fail here
    f"(?:{'|'.join(f'(?P<{one.name}>{one.label})' for one in FIELDS)})",
    re.IGNORECASE,
)
INLINE = re.compile(
    f"(?=[ETASRCI(1][.OAGUELNCS )])(?:{'|'.join(f'(?P<{one.name}>{one.inline})' for one in FIELDS if one.inline)}"
    rf"|(?P<body>(?<=[\s.);])1[ ]?(?:\.[ ]{{0,3}}(?:{MARK}|SUMMARY|(?:THIS|IN|ON)[ ]|(?-i:[A-Z][a-z]+[ ][a-z]+[ ][a-z]))"
    rf"|\)[ ]{{0,3}}(?:{MARK}[ ]|$)))"
    r"|(?P<heading>(?<=[\s.)])(?:SUMMARY|INTRODUCTION)[ ]*-{3,}[ ]*$)"
    r"|(?P<other>(?<![A-Za-z])SENSITIVE BUT (?=UN|$)))",
    re.IGNORECASE,
)
