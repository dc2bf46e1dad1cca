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
    BY_BROKEN,
    BY_LINE,
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
    ORDER_OPENS,
    PASSES,
    REASON,
    REASON_BREAKS,
    REASON_GOES_ON,
    REFERENCE_LINE,
    ROLES,
    SENTENCE,
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
            or (
                not OPENING.match(line)
                and (not cut.blank or bool(REFERENCE_LINE.match(line)) or _list_goes_on(written, line))
            )
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
    if role == "executive-order":
        return not cut.blank and (
            written.rstrip(":").upper() in {"", "DECL"} or line.lstrip()[:5].upper() in {"DECL:", "DECL ", "REASO"}
        )
    return False


def _belongs(cut: _Cutter, line: str, below: int, end: int, complete: bool) -> bool:
    """Tell whether a line without a label belongs to the open field, if any."""
    if cut.role is None:
        return False
    if _goes_on(cut, line) and not (cut.written() and _opens_body(cut, line, below, end)):
        return True
    return cut.role == "subject" and complete and _subject_goes_on(cut, line, below, end)


def _next_label(written: str, line: str) -> bool:
    """Tell whether a line opens with the label that follows in a list: `(C)` is a portion marking elsewhere."""
    label = ITEM.match(line)
    if label is None:
        return False
    before = chr(ord((label[1] or label[2]).upper()) - 1)
    return re.search(rf"(?:^|[\s(¶.;,])\(?{before}[.):]", written, re.IGNORECASE) is not None


_MAIL = re.compile(r"E-?MAIL|TELCON|PHONE|MEMO|FAX", re.IGNORECASE)
_LABELS_IN_LIST = re.compile(r"(?:^|[\s(\[¶.;,])([A-Z])[.)\]:]")
_POST_ENDS = re.compile(r"[A-Z]{3}$", re.IGNORECASE)
_NUMBER_OPENS = re.compile(r"[ \t]*\d{2,7}\b(?![.)])")


def _list_goes_on(written: str, line: str) -> bool:
    """Tell whether a line below a blank one belongs to the list above: it holds the next label, or the number of the last post."""
    if len(line) > 200:
        return False
    labels = _LABELS_IN_LIST.findall(written)
    if labels and re.search(rf"(?:^|[\s(\[¶.;,]){chr(ord(labels[-1]) + 1)}[.)\]:]", line):
        return True
    return bool(_POST_ENDS.search(written) and _NUMBER_OPENS.match(line))


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
        if label := _label(line, cut, fragment):
            role = ROLES.get(label.lastgroup or "", label.lastgroup or "")
            cut.open(role, at + indent(line), at + label.end())
            inner = at + label.end()
        elif (broken := _broken_by(cut, line)) is not None:
            cut.last, cut.blank = broken, False
            cut.open("classified-by", broken, at + line.upper().index("BY") + 2)
            inner = cut.value
        elif cut.role is not None and NUMBERED.match(line) and cut.written() and not _number_of_list(cut, line):
            break
        elif _belongs(cut, line, stop + 1, end, complete):
            cut.blank = False
        else:
            cut.close(at)
            if complete and _is_caption(head, line):
                last = _caption_ends(line)
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
            elif "executive-order" in cut.seen and not cut.seen & {"tags", "subject"} and _only_codes(line):
                cut.open("tags", at + indent(line), at)
            elif _is_body(line, cut.seen, complete, fragment):
                if NUMBERED.match(line) or OPENING.match(line) or not _label_below(text, stop + 1, end):
                    break
                at = stop + 1  # a stray line
                continue
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
    if complete and not cut.seen:
        _without_labels(head, text, start, end)
    return head


def _without_labels(head: Head, text: str, start: int, end: int) -> None:
    """Open the body of a message that has no label at all below its captions and passing instructions."""
    head.spans = [span for span in head.spans if span[2] == "caption"]
    at = start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        line = text[at:stop]
        if line.strip(BLANK):
            if NUMBERED.match(line) or OPENING.match(line) or not (_is_caption(head, line) or PASSES.match(line)):
                break
            if not CAPTION_LINE.match(line):
                head.spans.append((at + indent(line), at + len(line.rstrip(BLANK)), "passing"))
        at = stop + 1
    head.body = min(at, end)
    head.values["caption"] = [one for one in head.values.get("caption", []) if one[1] < head.body]
    head.spans = [span for span in head.spans if span[0] < head.body]


def _broken_by(cut: _Cutter, line: str) -> int | None:
    """Find `Classified` at the end of the open field where its `By` opens this line."""
    if cut.role is None or not BY_LINE.match(line):
        return None
    found = BY_BROKEN.search(
        cut.text, max(cut.value, cut.last - 40), cut.value + len(cut.text[cut.value : cut.last].rstrip(BLANK))
    )
    return found.start() if found else None


def _label_below(text: str, at: int, end: int) -> bool:
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


def _subject_goes_on(cut: _Cutter, line: str, below: int, end: int) -> bool:
    """Decide whether a line below a blank one is the rest of the subject: copies double their line breaks."""
    written = cut.written()
    if (
        not cut.blank
        or len(line) > 100
        or cut.last - cut.value > 240
        or NUMBERED.match(line)
        or OPENING.match(line)
        or FENCE.match(line)
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
    return _label_below(cut.text, below, end)


def _only_codes(line: str) -> bool:
    words = line.replace(",", " ").replace(";", " ").split()
    return 2 <= len(words) <= 16 and all(is_tag(w) for w in words)


def _caption_ends(line: str) -> int:
    """Find where a line of captions or handling words ends: before a label, or before the text that was joined to it."""
    if may_open(line):
        for inner in INLINE.finditer(line):
            if inner.lastgroup not in {"body", "other", "heading"}:
                return inner.start()
    ends = HANDLING_ENDS.match(line)
    return ends.end() if ends and len(line) - ends.end() > 20 else len(line)


def _label(line: str, cut: _Cutter, fragment: bool) -> re.Match[str] | None:
    """Find the label that a line opens with; SUBJECT without a colon counts only where a subject is awaited."""
    label = LABEL.match(line)
    if label is None:
        return None
    if label.lastgroup == "executive":
        return label if _opens_order(cut, line, label.end()) else None
    if label.lastgroup != "subject" or label[0].rstrip().endswith((":", ";")):
        return label
    return label if "subject" not in cut.seen and (fragment or "tags" in cut.seen) else None


def _opens_order(cut: _Cutter, line: str, at: int) -> bool:
    """Tell the executive order's label from an order that a subject or a reason names."""
    if cut.role not in {"subject", "classified-by", "reference"}:
        return True
    if cut.role != "subject" and "executive-order" in cut.seen:
        return False
    return ORDER_OPENS.match(line, at) is not None


def _is_caption(head: Head, line: str) -> bool:
    if "ORRECTED" in line.upper().replace(" ", "") and CORRECTED.search(line):
        head.corrected = True
        return True
    return bool(CAPTION_LINE.match(line) or HANDLING_LINE.match(line))


def _opens_body(cut: _Cutter, line: str, below: int, end: int) -> bool:
    """Tell whether a line that could continue a field opens the body instead: a fence, a banner, SUMMARY, a portion marking."""
    if FENCE.match(line) or BANNER.fullmatch(line):
        return True
    if not OPENING.match(line) or _next_label(cut.written(), line):
        return False
    return not (cut.role == "subject" and len(line) < 80 and _label_below(cut.text, below, end))


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
            elif role == "executive-order" and not _opens_order(
                cut, text[found.start() : stop], found.end() - found.start()
            ):
                continue
            elif role != cut.role:
                cut.last = found.start()
                cut.open(role, found.start(), found.end())
    if cut.role in {"reference", "subject"} and (mark := _text_behind(cut, at, stop)) is not None:
        return mark
    if cut.role == "classified-by" and MARKED.search(text, max(cut.value, at - 200), stop):
        last = None
        for last in REASON.finditer(text, max(cut.value, at - 200), stop):  # noqa: B007  # the last one bounds the field
            pass
        rest = MARK_NEXT.match(text, last.end(), stop) if last else None
        if rest is not None and rest.end() < stop:
            return rest.end()
    return None


def _text_behind(cut: _Cutter, at: int, stop: int) -> int | None:
    """Find a portion marking behind the references, or the subject, of one line, where a copy joined the text to it."""
    text = cut.text
    if stop - at < 60 or "(" not in text[at:stop]:
        return None
    for mark in MARKED.finditer(text, max(at, cut.value), stop):
        opens = mark.end() + text[mark.end() : stop].startswith(" ")
        if (
            text[cut.value : mark.start()].strip(BLANK + ":")
            and stop - opens > 30
            and SENTENCE.match(text, opens, stop)
        ):
            rest = text[opens : opens + 60]
            if not CITED.match(rest) and not _MAIL.search(rest):
                return mark.start()
    return None
