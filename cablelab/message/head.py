"""The head of the body: classification line to first paragraph, cut into fields line by line.

Fields open at a label, mostly at the start of a line but also inside one, since copies join lines. A field goes on over wrapped
lines; what closes it depends on the field. What stands before the executive-order line and is no caption is a passing instruction.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cablelab.facts import post_code
from cablelab.message.grammar import BANNER, BLANK, CAPTION_LINE, CORRECTED
from cablelab.message.labels import (
    ANY_WORD,
    CITED,
    CUT_OFF,
    ENDS_IN_LABEL,
    FENCE,
    FIRST_NUMBER,
    HANDLING_ENDS,
    HANDLING_LINE,
    INLINE,
    ITEM,
    LABEL,
    LEADING,
    MARK_NEXT,
    MARKED,
    NUMBERED,
    OPENING,
    REASON,
    REASON_BREAKS,
    REASON_GOES_ON,
    REFERENCE_LINE,
    ROLES,
    TAG_WORD,
    indent,
    may_open,
)
from cablelab.message.model import Cut
from cablelab.message.tags import is_tag


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


# Characters: no field is longer, so what goes on beyond is body.
_LONGEST = {"reference": 8_000, "classified-by": 1_500}


class _Cutter:
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


def _goes_on(cut: _Cutter, line: str) -> bool:
    """Decide whether a line without a label still belongs to the field that is open."""
    role, written = cut.role, cut.written()
    if cut.last - cut.value > _LONGEST.get(role or "", 4_000):
        return False
    if role == "subject":
        return not cut.blank or not written
    if role == "reference":
        return (
            not written
            or ENDS_IN_LABEL.search(written) is not None
            or _next_label(written, line)
            or (not OPENING.match(line) and (not cut.blank or bool(REFERENCE_LINE.match(line))))
        )
    if role == "classified-by":
        if cut.blank and not REASON_GOES_ON.match(line) and not REASON_BREAKS.search(written):
            # A name cut at the 71st column goes on after the break, blank line or not.
            return len(cut.text[cut.text.rfind("\n", 0, cut.last) + 1 : cut.last].rstrip()) >= 71 and not REASON.search(
                written
            )
        return True
    if role == "tags":
        if cut.blank and not (written == "" or written.endswith(",")):
            return False
        words = line.replace(",", " ").replace(";", " ").split()
        if CAPTION_LINE.match(line) or len(words) > 16:
            return False
        if written.endswith(","):
            return all(ANY_WORD.match(w) for w in words)
        plain = all(TAG_WORD.match(w) for w in words)
        return plain and (
            written == "" or written.endswith((";", "-")) or "," in line or len(written) > 40 or _are_codes(words)
        )
    if role == "executive-order":
        return not cut.blank and (
            written.rstrip(":").upper() in {"", "DECL"} or line.lstrip()[:5].upper() in {"DECL:", "DECL ", "REASO"}
        )
    return False


def _next_label(written: str, line: str) -> bool:
    """Tell whether a line opens with the label that follows in a list: `(C)` is a portion marking elsewhere."""
    label = ITEM.match(line)
    if label is None:
        return False
    before = chr(ord((label[1] or label[2]).upper()) - 1)
    return re.search(rf"(?:^|[\s(¶.;,])\(?{before}[.):]", written, re.IGNORECASE) is not None


def _are_codes(words: list[str]) -> bool:
    return sum(is_tag(w) for w in words) * 2 >= len(words) > 0


def read(text: str, start: int, end: int, complete: bool) -> Head:
    """Cut the head of `text` between `start` and `end` into fields.

    `complete` says that a classification line was found: then lines before the first label are captions and passing instructions;
    in a fragment they are body, unless a label follows.
    """
    head = Head(body=start)
    cut = _Cutter(text, head)
    fragment = False
    if not complete and (found := _first_label(text, start, end)) is not None:
        start, complete, fragment = found, True, True
    at = start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        line = text[at:stop]
        if not line.strip(BLANK):
            if cut.role is not None and not cut.blank and cut.written():
                cut.blank = True
            at = stop + 1
            continue
        inner = at
        if label := _label(line, cut.seen, fragment):
            role = ROLES.get(label.lastgroup or "", label.lastgroup or "")
            cut.open(role, at + indent(line), at + label.end())
            inner = at + label.end()
        elif cut.role is not None and NUMBERED.match(line) and cut.written() and not _number_of_list(cut, line):
            break
        elif cut.role is not None and _goes_on(cut, line) and not (cut.written() and _opens_body(cut, line)):
            cut.blank = False
        else:
            cut.close(at)
            if complete and _is_caption(head, line):
                ends = HANDLING_ENDS.match(line)
                last = ends.end() if ends and len(line) - ends.end() > 20 else len(line)
                head.add("caption", at + indent(line), at + indent(line), at + len(line[:last].rstrip(BLANK)))
                at += last + (last == len(line))
                continue
            if complete and ("..." in line or "XXXXXX" in line) and CUT_OFF.match(line):
                at = stop + 1  # a preview broke off, or words were removed: the head goes on below
                continue
            if (
                "subject" in cut.seen
                and "reference" not in cut.seen
                and (cited := CITED.match(line))
                and post_code(cited[1])
            ):
                cut.open("reference", at + indent(line), at)
            elif _is_body(line, cut.seen, complete, fragment):
                break
            else:
                at = _passing(head, text, at, stop)
                continue
        if (body := _inline(cut, inner, stop)) is not None:
            cut.close(body)
            head.body = body
            return head
        cut.last = stop
        at = stop + 1
    cut.close(min(at, end))
    head.body = min(at, end)
    return head


def _label(line: str, seen: set[str], fragment: bool) -> re.Match[str] | None:
    """Find the label that a line opens with; SUBJECT without a colon counts only where a subject is awaited."""
    label = LABEL.match(line)
    if label is None or label.lastgroup != "subject" or label[0].rstrip().endswith((":", ";")):
        return label
    return label if "subject" not in seen and (fragment or "tags" in seen) else None


def _is_caption(head: Head, line: str) -> bool:
    if "ORRECTED" in line.upper().replace(" ", "") and CORRECTED.search(line):
        head.corrected = True
        return True
    return bool(CAPTION_LINE.match(line) or HANDLING_LINE.match(line))


def _opens_body(cut: _Cutter, line: str) -> bool:
    """Tell whether a line that could continue a field opens the body instead: a fence, a banner, SUMMARY, a portion marking."""
    return bool(
        FENCE.match(line) or BANNER.fullmatch(line) or (OPENING.match(line) and not _next_label(cut.written(), line))
    )


def _is_body(line: str, seen: set[str], complete: bool, fragment: bool) -> bool:
    """Tell whether a line that belongs to no field opens the body."""
    if not complete or "subject" in seen or (fragment and seen):
        return not (complete and "subject" in seen and BANNER.fullmatch(line))
    return bool((seen and NUMBERED.match(line)) or ("tags" in seen and OPENING.match(line)))


def _number_of_list(cut: _Cutter, line: str) -> bool:
    """Tell a reference's own number from the first paragraph."""
    return cut.role == "reference" and not FIRST_NUMBER.match(line) and not cut.blank and "¶" not in line


def _first_label(text: str, start: int, end: int) -> int | None:
    """Find the line of a fragment on which its head opens: one with a label, above any numbered paragraph."""
    at = start
    for _ in range(60):
        stop = text.find("\n", at, end)
        line = text[at : stop if stop >= 0 else end]
        label = LABEL.match(line)
        if label and (
            label.lastgroup in {"executive", "by", "reference"}
            or label[0].rstrip().endswith((":", ";"))
            or not label[0].islower()
        ):
            return at
        if NUMBERED.match(line):
            return None
        if may_open(line) and (inner := INLINE.search(line)) and inner.lastgroup not in {"body", "other"}:
            return at
        if stop < 0:
            return None
        at = stop + 1
    return None


def _passing(head: Head, text: str, at: int, stop: int) -> int:
    """Take one line before the labels: captions at its start, then a passing instruction; return where reading goes on."""
    line = text[at:stop]
    lead = indent(line)
    while line.startswith("SIPDIS", lead) and line[lead + 6 : lead + 7] not in {"", " "}:  # glued to what follows
        head.add("caption", at + lead, at + lead, at + lead + 6)
        lead += 6
    while found := LEADING.match(line, lead):
        head.add("caption", at + lead, at + lead, at + lead + len(found[0].rstrip()))
        lead = found.end()
    inner = INLINE.search(line, lead) if may_open(line) else None
    if inner is not None and inner.lastgroup in {"other", "body"}:
        inner = None
    last = inner.start() if inner else len(line)
    words = line[lead:last].rstrip(BLANK)
    if words:
        head.spans.append((at + lead, at + lead + len(words), "passing"))
    return at + last if inner and last > 0 else stop + 1


def _inline(cut: _Cutter, at: int, stop: int) -> int | None:
    """Follow the fields that open inside one line; return where the body opens in it, or None."""
    text = cut.text
    if may_open(text[at:stop]):
        for found in INLINE.finditer(text, at, stop):
            role = ROLES.get(found.lastgroup or "", found.lastgroup or "")
            if role in {"body", "heading"}:
                if cut.role in {"classified-by", "reference", "subject"}:
                    return found.start()
            elif role == "other":
                cut.last = found.start()
                cut.open("caption", found.start(), found.start())
                ends = HANDLING_ENDS.match(text, found.start(), stop)
                if ends and stop - ends.end() > 20:
                    return ends.end()
            elif role != cut.role:
                cut.last = found.start()
                cut.open(role, found.start(), found.end())
    if cut.role == "classified-by" and MARKED.search(text, max(cut.value, at - 200), stop):
        last = None
        for last in REASON.finditer(text, max(cut.value, at - 200), stop):  # noqa: B007  # the last one bounds the field
            pass
        rest = MARK_NEXT.match(text, last.end(), stop) if last else None
        if rest is not None and rest.end() < stop:
            return rest.end()
    return None
