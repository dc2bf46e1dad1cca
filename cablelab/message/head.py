"""The head of the body: classification line to first paragraph, cut into fields line by line.

Fields open at a label, mostly at the start of a line but also inside one, since copies join lines. A field goes on over wrapped
lines; what closes it depends on the field. What stands before the executive-order line and is no caption is a passing instruction.
"""

from __future__ import annotations

import re

from cablelab.facts import post_code
from cablelab.message.grammar import BANNER, BLANK, CAPTION_LINE, CORRECTED
from cablelab.message.head_fields import (
    INLINE,
    LABEL,
    ROLES,
    Cutter,
    Head,
    belongs,
    label_below,
    number_of_list,
    of_the_seventies,
    only_codes,
)
from cablelab.message.labels import (
    BY_BROKEN,
    BY_LINE,
    CAPTIONS_BEHIND,
    CITED,
    CUT_OFF,
    HANDLING_LINE,
    LEADING,
    MARK_NEXT,
    MARKED,
    NUMBERED,
    OPENING,
    ORDER_OPENS,
    PASSES,
    REASON,
    SENTENCE,
    TRAILING,
    handling_end,
    indent,
    may_open,
)

_MAIL = re.compile(r"E-?MAIL|TELCON|PHONE|MEMO|FAX", re.IGNORECASE)
# Only in the seventies did posts put a passing line below the subject.
_FOR = re.compile(
    r"[ \t]*(?:(?:(?:DEPT|DEPARTMENT)[ ](?:ALSO[ ]|PLEASE[ ]|PLS[ ])?|EYES[ ]ONLY[ ]|(?P<post>(?!FOR |PASS |FROM |DEPT )[A-Z][A-Z ]{2,24})[ ])?"
    r"(?:FOR|PASS(?:[ ]TO)?|FROM)[ ][A-Z][A-Z ,./&'-]{1,50}|EYES[ ]ONLY|JOINT[ ][A-Z/ ]{2,40}[ ](?:MESSAGE|CABLE|TELEGRAM))[ \t.]*$"
)
_WIDTH = 58  # characters that a line of a subject holds at least before it is broken


def read(text: str, start: int, end: int, complete: bool) -> Head:
    """Cut the head of `text` between `start` and `end` into fields.

    `complete` says that a classification line was found: then lines before the first label are captions and passing instructions;
    in a fragment they are body, unless a label follows.
    """
    head = Head(body=start)
    cut = Cutter(text, head)
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
        elif cut.role is not None and BY_LINE.match(line) and (broken := _broken_by(cut)) is not None:
            cut.last, cut.blank = broken, False
            cut.open("classified-by", broken, at + line.upper().index("BY") + 2)
            inner = cut.value
        elif cut.role is not None and NUMBERED.match(line) and cut.written() and not number_of_list(cut, line):
            break
        elif cut.role == "subject" and _passes_below_subject(cut, line):
            cut.close(at)
            at = _passing(head, text, at, stop)
            continue
        elif cut.role is not None and belongs(cut, line, stop + 1, end, complete):
            cut.blank = False
        else:
            cut.close(at)
            if complete and _is_caption(head, line):
                last = _caption_ends(line) or len(line)  # reading must go on
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
            elif "executive-order" in cut.seen and not cut.seen & {"tags", "subject"} and only_codes(line):
                cut.open("tags", at + indent(line), at)
            elif _is_body(line, cut.seen, complete, fragment):
                if NUMBERED.match(line) or (OPENING.match(line) and (len(line) > 80 or MARKED.search(line[:16]))):
                    break
                if (opens := _opens_inside(line)) is not None:
                    at += opens
                    continue
                if not label_below(text, stop + 1, end):
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


def _passes_below_subject(cut: Cutter, line: str) -> bool:
    """Tell a passing line below a subject, `OSLO FOR TARN`, from its wrapped second line, which would not have fitted above."""
    if (found := _FOR.match(line)) is None or not cut.written():
        return False
    if not of_the_seventies(cut):
        return False
    above = cut.text[cut.text.rfind("\n", 0, cut.last) + 1 : cut.last].rstrip()
    word = line.split()[0]
    return len(above) + 1 + len(word) < _WIDTH and (found["post"] is None or post_code(found["post"]) is not None)


def _broken_by(cut: Cutter) -> int | None:
    """Find `Classified` at the end of the open field; its `By` opens the line below."""
    found = BY_BROKEN.search(
        cut.text, max(cut.value, cut.last - 40), cut.value + len(cut.text[cut.value : cut.last].rstrip(BLANK))
    )
    return found.start() if found else None


def _opens_inside(line: str) -> int | None:
    """Find the label of a field of the head in a stray line that is no paragraph."""
    inner = INLINE.search(line) if len(line) < 300 and may_open(line) else None
    return inner.start() if inner and inner.start() and inner.lastgroup in {"by", "reference", "executive"} else None


def _caption_ends(line: str) -> int:
    """Find where a line of captions or handling words ends: before a label, or before the text that was joined to it."""
    if may_open(line):
        for inner in INLINE.finditer(line):
            if inner.lastgroup not in {"body", "other", "heading"}:
                return inner.start()
    ends = handling_end(line, 0, len(line)) if len(line) > 20 else None
    return ends if ends is not None and len(line) - ends > 20 else len(line)


def _label(line: str, cut: Cutter, fragment: bool) -> re.Match[str] | None:
    """Find the label that a line opens with; SUBJECT without a colon counts only where a subject is awaited."""
    label = LABEL.match(line)
    if label is None:
        return None
    if label.lastgroup == "executive":
        return label if _opens_order(cut, line, label.end()) else None
    if label.lastgroup != "subject" or label[0].rstrip().endswith((":", ";")):
        return label
    return label if "subject" not in cut.seen and (fragment or "tags" in cut.seen) else None


def _opens_order(cut: Cutter, line: str, at: int) -> bool:
    """Tell the executive order's label from an order that a subject or a reason names."""
    if cut.role not in {"subject", "classified-by", "reference"}:
        return True
    if cut.role == "classified-by" and "executive-order" in cut.seen:
        return False
    if not line[at:].strip(BLANK):
        return "executive-order" not in cut.seen
    return ORDER_OPENS.match(line, at) is not None


def _is_caption(head: Head, line: str) -> bool:
    if "ORRECTED" in line.upper().replace(" ", "") and CORRECTED.search(line):
        head.corrected = True
        return True
    return bool(CAPTION_LINE.match(line) or HANDLING_LINE.match(line))


def _is_body(line: str, seen: set[str], complete: bool, fragment: bool) -> bool:
    """Tell whether a line that belongs to no field opens the body."""
    if not complete or "subject" in seen or (fragment and seen):
        return not (complete and "subject" in seen and BANNER.fullmatch(line))
    return bool((seen and NUMBERED.match(line)) or ("tags" in seen and OPENING.match(line)))


def _first_label(text: str, start: int, end: int) -> int | None:
    """Find the line of a fragment on which its head opens: one with a label, or captions above it, above any numbered paragraph."""
    at = start
    captions: int | None = None
    for _ in range(60):
        stop = text.find("\n", at, end)
        line = text[at : stop if stop >= 0 else end]
        label = LABEL.match(line)
        if label and (
            label.lastgroup in {"executive", "by", "reference"}
            or label[0].rstrip().endswith((":", ";"))
            or not label[0].islower()
        ):
            return at if captions is None else captions
        if line.strip(BLANK):
            above = at if captions is None else captions
            captions = above if CAPTION_LINE.match(line) else None
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
    if words.upper().endswith(CAPTIONS_BEHIND) and (found := TRAILING.search(words)):
        head.add("caption", at + lead + found.start(), at + lead + found.start(), at + lead + found.end())
        words = words[: found.start()]
    if words:
        head.spans.append((at + lead, at + lead + len(words), "passing"))
    return at + last if inner and last > 0 else stop + 1


def _inline(cut: Cutter, at: int, stop: int) -> int | None:
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
                ends = handling_end(text, found.start(), stop)
                if ends is not None and stop - ends > 20:
                    return ends
            elif role == "executive-order" and not _opens_order(
                cut, text[found.start() : stop], found.end() - found.start()
            ):
                continue
            elif role != cut.role:
                cut.last = found.start()
                cut.open(role, found.start(), found.end())
    if stop - at >= 60 and cut.role in {"reference", "subject"} and (mark := _text_behind(cut, at, stop)) is not None:
        return mark
    if cut.role == "classified-by" and MARKED.search(text, max(cut.value, at - 200), stop):
        last = None
        for last in REASON.finditer(text, max(cut.value, at - 200), stop):  # noqa: B007  # the last one bounds the field
            pass
        rest = MARK_NEXT.match(text, last.end(), stop) if last else None
        if rest is not None and rest.end() < stop:
            return rest.end()
    return None


def _text_behind(cut: Cutter, at: int, stop: int) -> int | None:
    """Find a portion marking behind the references, or the subject, of one line, where a copy joined the text to it."""
    text = cut.text
    if "(" not in text[at:stop]:
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
