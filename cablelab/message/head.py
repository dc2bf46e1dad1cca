"""The head of the body: classification line to first paragraph, cut into fields line by line.

Fields open at a label, mostly at the start of a line but also inside one, since copies join lines. A field goes on over wrapped
lines; what closes it depends on the field. What stands before the executive-order line and is no caption is a passing instruction.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cablelab.facts import post_code
from cablelab.message.grammar import BANNER, BLANK, CAPTION_LINE, CORRECTED, MARK
from cablelab.message.tags import is_tag

_REF_WORD = r"(?:REFERENCES?|REFTELS?|RETELS?|REF[ ]?\(S\)|REFS?)"
LABEL = re.compile(
    r"[ \t>*(¶\\]*(?:"
    r"(?P<executive>E\.?[ ]?O\.?[ ]*:?[ ]*1[\dO]{3,4}\b|EXECUTIVE ORDER[ :]+1\d{4})"
    r"|(?P<tags>(?:TAGS|TAGES|TABS|TGS|AGS|TAS)\b[ ]*[:;,.]?|TAG[ ]*:)"
    r"|(?P<subject>(?:S?UBJECT|SUBJ|SUBJET|SUJECT|SUBECT)\b\.?[ ]*[:;]?)"
    rf"|(?P<reference>(?:PROGRAM[ ])?(?:{_REF_WORD}[ ]*[:;]|{_REF_WORD}[ ]*\.[ ]|(?:REFS?|REFTELS?)[ ]+(?=\(?[A-Z][.):]|[A-Z][ ][A-Z]{{3}}|[A-Z][A-Z. ]{{2,20}}[ ]\d{{2}}|\d\d[ ][A-Z])))"
    r"|(?P<by>(?:\d{1,2}[.)][ ]*)?(?:\([A-Za-z/]{1,8}\)[ ]*)?(?:(?:CONFIDENTIAL|SECRET)[ -]*ENTIRE TEXT\.?[ ]*)?"
    r"(?:CL?ASS?I+F?I+ED[ ]+BY|CLASSIFED BY|CLASSIFIED[ ]*:|DERIVED FROM[ ]*:))"
    r")",
    re.IGNORECASE,
)
# Inside a line a label needs its colon, except where the words themselves leave no doubt.
INLINE = re.compile(
    r"(?P<executive>E\.O\.[ ]?1\d{4}|(?<![A-Za-z])EO[ ]1\d{4})"
    r"|(?P<tags>(?<![A-Za-z])T?AGS[ ]?:)"
    r"|(?P<subject>(?<![A-Za-z])SUBJ(?:ECT)?[ ]?:)"
    rf"|(?P<reference>(?<![A-Za-z])(?:{_REF_WORD})[ ]?:|REFS?:[ ](?=[(A-Z0-9]))"
    r"|(?P<by>(?:\([A-Za-z/]{1,8}\)[ ]{0,3})?CLASS?I+F?IED[ ]BY(?=[: ]))"
    rf"|(?P<body>(?<=[\s.);])1[ ]?\.[ ]{{0,3}}(?:{MARK}|SUMMARY|(?:THIS|IN|ON)[ ]))"
    r"|(?P<other>(?<![A-Za-z])SENSITIVE BUT (?=UN|$))"
    , re.IGNORECASE,
)  # fmt: skip
_ROLES = {"executive": "executive-order", "by": "classified-by"}

_NUMBERED = re.compile(r"[ \t>*]*(?:¶[ ]?)?\d{1,2}[ ]?[.)][ \t]*(?!\d)")
_FENCE = re.compile(r"[ \t]*[-=_*~#]{3,}[-=_*~# \t\\]*$")
_OPENING = re.compile(
    r"[ \t(*]*(?:(?:BEGIN[ ])?(?:EXECUTIVE[ ])?SUMMARY|INTRODUCTION|COMMENT|BACKGROUND|ACTION REQUEST)(?![A-Za-z])|[ \t]*(?-i:" + MARK + r")[ ]",
    re.IGNORECASE,
)
_REF_LINE = re.compile(r"[ \t(¶]*(?:[A-Z][.)][ )]|[A-Z]\)|(?:19|20)?\d\d[ ][A-Z]{3}|[A-Z][A-Z .']{2,24}[ ]\d{2,})")
_HANDLE = re.compile(r"[ \t(*]*(?:SENSITIVE BUT UNCLAS|NOT FOR INTERNET|NOFORN,|PLEASE (?:PROTECT|HANDLE)|FOR OFFICIAL USE)", re.IGNORECASE)
_ITEM = re.compile(r"[ \t¶]*(?:\(([A-Za-z])\)|([A-Za-z])[.):])[ ]?\S")
_LEADING = re.compile(r"(?:SIPDIS|NOFORN|NODIS|EXDIS|SENSITIVE)[ ]+")
_MARK_NEXT = re.compile(rf"[\s.;]*(?={MARK}[ ])")
_FIRST_NUMBER = re.compile(r"[ \t>*]*(?:¶[ ]?)?1[ ]?[.)]")
_REASON_BREAKS = re.compile(r"(?:1[.,][ ]?[2-6]|\bfor|\breasons?:?|[(,])$", re.IGNORECASE)
_ENDS_IN_LABEL = re.compile(r"[\s(,;][A-Z][.)]$|^\(?[A-Z][.)]$")
_CUT = re.compile(r".{0,40}\.{3}[ \t]*$|[ \t]*X{6,}[ \t]*$")
_CITED = re.compile(r"[ \t]*(?:(?:19|20)?\d\d[ ])?([A-Z][A-Z .']{2,20}?)[ ]\d{2,7}(?:[ ,;.]|$)")
_ANY_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9/&.()'-]*$")
_TAG_WORD = re.compile(r"[A-Z0-9][A-Z0-9/&-]*$")
REASON = re.compile(r"\b1[ ]?[.,][ ]?\n?[2-6][ ]?(?:[\[(]?[ ]?\b[A-H]\b[ ]?[\])]?(?:[\s,/&;]|AND|OR|THROUGH|-)*(?=[\[(]?[ ]?[A-H]\b|[\])]|\b))*[\])]?", re.IGNORECASE)
_REASON_GOES_ON = re.compile(r"[ \t]*(?:(?-i:\(?[a-h][),])|and\b|for\b|re?a?sons?\b|sons\b|\d?[.,]?[ ]?[45] ?\(|E\.?O\.?[ ]1|1\.[2-6]|Declass|by[ ])", re.IGNORECASE)


@dataclass(slots=True)
class Head:
    """Where the fields of a head stand: for each role (label, start, end) of its values, and where the body opens."""

    values: dict[str, list[tuple[int, int, int]]] = field(default_factory=dict)
    spans: list[tuple[int, int, str]] = field(default_factory=list)
    body: int = 0
    corrected: bool = False


class _Cutter:
    """The state of one pass over a head: the field that is open, and where it began."""

    def __init__(self, text: str, head: Head) -> None:
        self.text, self.head = text, head
        self.role: str | None = None
        self.label = self.value = self.last = 0
        self.blank = False

    def open(self, role: str, label: int, value: int) -> None:
        self.close(label)
        self.role, self.label, self.value, self.last, self.blank = role, label, value, value, False

    def close(self, at: int) -> None:
        if self.role is None:
            return
        end = min(self.last if self.blank else at, at)
        end = self.value + len(self.text[self.value : end].rstrip(BLANK))
        self.head.values.setdefault(self.role, []).append((self.label, self.value, end))
        self.head.spans.append((self.label, end, self.role))
        self.role = None

    def written(self) -> str:
        return self.text[self.value : self.last].strip(BLANK)


def _goes_on(cut: _Cutter, line: str, seen: set[str]) -> bool:
    """Decide whether a line without a label still belongs to the field that is open."""
    role, written = cut.role, cut.written()
    if role == "subject":
        return not cut.blank or not written
    if role == "reference":
        return not written or _ENDS_IN_LABEL.search(written) is not None or _next_label(written, line) or (
            not _OPENING.match(line) and (not cut.blank or bool(_REF_LINE.match(line)))
        )
    if role == "classified-by":
        if cut.blank and not _REASON_GOES_ON.match(line) and not _REASON_BREAKS.search(written):
            # A name cut at the 71st column goes on after the break, blank line or not.
            return len(cut.text[cut.text.rfind("\n", 0, cut.last) + 1 : cut.last].rstrip()) >= 71 and not REASON.search(written)
        return True
    if role == "tags":
        if cut.blank and not (written == "" or written.endswith(",")):
            return False
        words = line.replace(",", " ").replace(";", " ").split()
        if CAPTION_LINE.match(line) or len(words) > 16:
            return False
        if written.endswith(","):
            return all(_ANY_WORD.match(w) for w in words)
        plain = all(_TAG_WORD.match(w) for w in words)
        return plain and (written == "" or written.endswith((";", "-")) or "," in line or len(written) > 40 or _are_codes(words))
    if role == "executive-order":
        return not cut.blank and (written.rstrip(":").upper() in {"", "DECL"} or line.lstrip()[:5].upper() in {"DECL:", "DECL ", "REASO"})
    return False


def _next_label(written: str, line: str) -> bool:
    """Tell whether a line opens with the label that follows in a list: `(C)` is a portion marking elsewhere."""
    label = _ITEM.match(line)
    if label is None:
        return False
    before = chr(ord((label[1] or label[2]).upper()) - 1)
    return re.search(rf"(?:^|[\s(¶.;,])\(?{before}[.):]", written, re.IGNORECASE) is not None


def _are_codes(words: list[str]) -> bool:
    return sum(is_tag(w) for w in words) * 2 >= len(words) > 0


def read(text: str, start: int, end: int, complete: bool) -> Head:
    """Cut the head of `text` between `start` and `end` into fields.

    `complete` says that a classification line was found: then lines before the first label are captions and passing instructions;
    in a fragment they are body.
    """
    head = Head(body=start)
    cut = _Cutter(text, head)
    seen: set[str] = set()
    fragment = False
    if not complete and (found := _first_label(text, start, end)) is not None:
        start, complete = found, True
        fragment = True
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
        label = LABEL.match(line)
        kind = label.lastgroup if label else None
        if kind == "subject" and not (label and label[0].rstrip().endswith((":", ";"))) and ("subject" in seen or not (fragment or "tags" in seen)):
            kind = label = None
        if label is not None and kind is not None:
            role = _ROLES.get(kind, kind)
            cut.open(role, at + _indent(line), at + label.end())
            seen.add(role)
            inner = at + label.end()
        elif cut.role is not None and (body := _NUMBERED.match(line)) and cut.written() and not _number_of_list(cut, line):
            break
        elif cut.role is not None and _goes_on(cut, line, seen) and not (
            cut.written()
            and (_FENCE.match(line) or BANNER.fullmatch(line) or (_OPENING.match(line) and not _next_label(cut.written(), line)))
        ):
            cut.blank = False
            inner = at
        else:
            cut.close(at)
            if "ORRECTED" in line.upper().replace(" ", "") and CORRECTED.search(line):
                head.corrected = True
                head.spans.append((at + _indent(line), at + len(line.rstrip(BLANK)), "caption"))
            elif CAPTION_LINE.match(line):
                head.spans.append((at + _indent(line), at + len(line.rstrip(BLANK)), "caption"))
                head.values.setdefault("caption", []).append((at, at, stop))
            elif complete and ("..." in line or "XXXXXX" in line) and _CUT.match(line):
                pass  # a preview broke off, or words were removed: the head goes on below
            elif _HANDLE.match(line):
                head.spans.append((at + _indent(line), at + len(line.rstrip(BLANK)), "caption"))
                head.values.setdefault("caption", []).append((at, at, stop))
            elif "reference" not in seen and "subject" in seen and (cited := _CITED.match(line)) and post_code(cited[1]):
                cut.open("reference", at + _indent(line), at)
                seen.add("reference")
            elif "subject" in seen or (fragment and seen) or not complete or (_NUMBERED.match(line) and seen) or (_OPENING.match(line) and "tags" in seen):
                if not (BANNER.fullmatch(line) and "subject" in seen):
                    break
                head.spans.append((at + _indent(line), at + len(line.rstrip(BLANK)), "caption"))
            else:
                at = _passing(head, text, at, stop, cut, seen)
                if at < 0:
                    at = -at
                    continue
                at = stop + 1
                continue
            at = stop + 1
            continue
        opened, at_body = _inline(cut, text, inner, stop, seen)
        if at_body >= 0:
            cut.close(at_body)
            head.body = at_body
            return head
        cut.last = stop
        at = stop + 1
    cut.close(min(at, end))
    head.body = min(at, end)
    return head


def _first_label(text: str, start: int, end: int) -> int | None:
    """Find the line of a fragment on which its head opens: one with a label, above any numbered paragraph."""
    at = start
    for _ in range(60):
        stop = text.find("\n", at, end)
        line = text[at : stop if stop >= 0 else end]
        label = LABEL.match(line)
        if label and (label.lastgroup in {"executive", "by"} or label[0].rstrip().endswith((":", ";")) or label.lastgroup == "reference" or not line[: label.end()].islower()):
            return at
        if (inner := INLINE.search(line)) and inner.lastgroup in {"executive", "tags", "subject", "reference", "by"} and not _NUMBERED.match(line):
            return at
        if _NUMBERED.match(line) or stop < 0:
            return None
        at = stop + 1
    return None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t>*\\"))


def _number_of_list(cut: _Cutter, line: str) -> bool:
    """Tell `1.4 (b)` or a reference's own number from the first paragraph."""
    return cut.role == "reference" and not _FIRST_NUMBER.match(line) and not cut.blank and "¶" not in line


def _passing(head: Head, text: str, at: int, stop: int, cut: _Cutter, seen: set[str]) -> int:
    """Take one line before the labels: glued captions first, then a passing instruction up to a label inside the line."""
    line = text[at:stop]
    lead = _indent(line)
    while line.startswith("SIPDIS", lead) and line[lead + 6 : lead + 7] not in {"", " "}:
        head.spans.append((at + lead, at + lead + 6, "caption"))
        head.values.setdefault("caption", []).append((at + lead, at + lead, at + lead + 6))
        lead += 6
    while found := _LEADING.match(line, lead):
        head.spans.append((at + lead, at + lead + len(found[0].rstrip()), "caption"))
        head.values.setdefault("caption", []).append((at + lead, at + lead, at + found.end()))
        lead = found.end()
    inner = INLINE.search(line, lead)
    last = inner.start() if inner and inner.lastgroup != "other" else len(line)
    if line[lead:last].strip(BLANK):
        head.spans.append((at + lead, at + lead + len(line[lead:last].rstrip(BLANK)), "passing"))
    return -(at + last) if inner and inner.lastgroup != "other" and last > 0 else at


_KEYS = ("E.O", "EO 1", "GS", "SUBJ", "REF", "RETEL", "D BY", "SENSITIVE", "1.", "1 .")


def _may_open(text: str, start: int, end: int) -> bool:
    """Tell cheaply whether a field could open inside a line."""
    line = text[start:end].upper()
    for key in _KEYS:
        if key in line:
            return True
    return False


def _inline(cut: _Cutter, text: str, at: int, stop: int, seen: set[str]) -> tuple[bool, int]:
    """Follow the fields that open inside one line; return where the body opens in it, or -1."""
    while _may_open(text, at, stop) and (found := INLINE.search(text, at, stop)):
        kind = found.lastgroup or ""
        if kind == "body":
            if cut.role in {"classified-by", "reference", "subject"}:
                return True, found.start()
        elif kind == "other":
            cut.last = found.start()
            cut.close(found.start())
            cut.open("caption", found.start(), found.start())
        else:
            role = _ROLES.get(kind, kind)
            if not (role == cut.role and not cut.text[cut.value : found.start()].strip(BLANK + ":.")):
                if role == "reference" and cut.role == "reference":
                    at = found.end()
                    continue
                if role == cut.role == "classified-by":
                    at = found.end()
                    continue
                cut.last = found.start()
                cut.blank = False
                cut.open(role, found.start(), found.end())
                seen.add(role)
        at = max(found.end(), at + 1)
    if cut.role == "classified-by":
        reason = None
        for reason in REASON.finditer(text, cut.value, stop):  # noqa: B007  # the last one bounds the field
            pass
        if reason is not None and (rest := _MARK_NEXT.match(text, reason.end(), stop)) and rest.end() < stop:
            return True, rest.end()
    return False, -1
