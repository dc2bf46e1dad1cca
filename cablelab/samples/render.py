"""From a generated cable to the text of its message: transmission header and body."""

from __future__ import annotations

from dataclasses import dataclass

from cablelab.samples.style import Style
from cablelab.samples.truth import Cable, Paragraph, Reference
from cablelab.terms import MONTH_NAMES

NOTICE = "This record is a partial extract of the original cable. The full text of the original cable is not available."
CLASS_LINE = {"UNCLASSIFIED": "UNCLAS", "CONFIDENTIAL": "C O N F I D E N T I A L", "SECRET": "S E C R E T"}
SIGNAL = {"UNCLASSIFIED": "ZNR UUUUU ZZH", "CONFIDENTIAL": "ZNY CCCCC ZZH", "SECRET": "ZNY SSSSS ZZH"}
LETTER = {"ROUTINE": "R", "PRIORITY": "P", "IMMEDIATE": "O"}
# Page breaks name the post in ten columns and the number in eight digits.
POST_COLUMNS = 10
# Lines that may be headings are left whole.
SHORT = 90


@dataclass(frozen=True, slots=True)
class Message:
    """The text of one cable in two parts, as the pages hold it; `header` is empty for a partial extract."""

    header: str
    body: str


def wrap(text: str, width: int) -> list[str]:
    """Break `text` at blanks into lines of at most `width` columns, or not at all if `width` is 0.

    Examples
    --------
    >>> wrap("one two three", 7)
    ['one two', 'three']
    """
    lines: list[str] = []
    start, n = 0, len(text)
    while width and n - start > width:
        cut = text.rfind(" ", start, start + width + 1)
        if cut <= start:
            cut = text.find(" ", start + 1)
            if cut < 0:
                break
        lines.append(text[start:cut])
        start = cut + 1
    lines.append(text[start:])
    return lines


def render(cable: Cable, sections: int | None = None) -> Message:
    """Write the message.

    `cable.sections` is set to the number it came to; with joined lines `sections` may say how many.

    Examples
    --------
    >>> from cablelab.samples.writer import cables
    >>> message = render(next(iter(cables(count=8, seed=1))))
    >>> message.body.startswith(("UNCLAS", "C O N F", "S E C R E T"))
    True
    """
    how = cable.style
    lines: list[str] = []
    for p in cable.paragraphs:
        lines += _heading(p, how) + _paragraph(p, how) + [""]
    head = _head(cable, how)
    size = how.lines_a_section
    if not how.width:
        lines = _break_joined(lines, cable, size, sections)
    else:
        cable.sections = 1 + (len(head) + len(lines)) // size
        for k in range(cable.sections, 1, -1):
            at = max(0, (k - 1) * size - len(head))
            while not how.numbered and 0 < at < len(lines) and lines[at - 1]:
                at += 1  # without numbers nothing would show that both halves are one paragraph
            lines[at:at] = ["", _page_break(cable, k), ""]
    lines = [_class_line(cable), *head, *lines, cable.signed_by, *_trailer(cable, how)]
    end = f"{how.blank}\n"
    header = "" if cable.partial else _transmission(cable, how)
    return Message(header, end.join(lines) + how.blank)


def _class_line(cable: Cable) -> str:
    section = f" SECTION 01 OF {cable.sections:02d}" if cable.sections > 1 else ""
    return f"{CLASS_LINE[cable.classification]}{section} {cable.spaced} {cable.number:06d}"


def _page_break(cable: Cable, section: int) -> str:
    return f"{cable.spaced[:POST_COLUMNS]} {cable.number:08d}  {section:03d} OF {cable.sections:03d}"


def _break_joined(lines: list[str], cable: Cable, size: int, sections: int | None) -> list[str]:
    """Put page breaks inside the running text, as pages with joined lines have them."""
    total = sum(len(line) for line in lines)
    columns = total // sections + 1 if sections else size * 66
    cable.sections = 1 + total // columns
    seen, section, out = 0, 2, []
    for line in lines:
        while len(line) > SHORT and section <= cable.sections and seen + len(line) > (section - 1) * columns:
            cut = line.find(" ", max(0, (section - 1) * columns - seen))
            if cut < 0:
                break
            line = f"{line[:cut]} {_page_break(cable, section).replace('  ', ' ')}{line[cut:]}"
            section += 1
        seen += len(line)
        out.append(line)
    cable.sections = section - 1
    return out


def _transmission(cable: Cable, how: Style) -> str:
    addressees = cable.addressees
    sender = next(a for a in addressees if a.role == "from")
    infos = [a.routing for a in addressees if a.role == "info" and a.routing]
    letters = [LETTER[p] for p in cable.precedence]
    moment = cable.sent
    julian = f"{moment:%j%H%M}"
    section = "/01" if cable.sections > 1 else ""
    lines = [
        f"VZCZC{'XRO' if infos else 'XYZ'}{cable.number * 7 % 10000:04d}" if how.start else "",
        f"{letters[0]}{letters[0]} {' '.join(infos or ['RUEHWEB'])}" if how.start else "",
        f"DE {cable.routing} #{cable.number:04d}{section} {julian}",
        SIGNAL[cable.classification],
        f"{' '.join(letters)} {moment:%d%H%M}Z {MONTH_NAMES[moment.month - 1][:3].upper()} {moment:%y}",
        f"FM {sender.name}",
    ]
    for role, label in (("to", "TO"), ("info", "INFO"), ("exempt", "XMT")):
        for i, a in enumerate(a for a in addressees if a.role == role):
            words = [
                f"{a.routing}/{a.name}" if a.routing else a.name,
                a.precedence,
                None if a.serial is None else f"{a.serial:04d}",
            ]
            lines.append((f"{label} " if i == 0 else "") + " ".join(w for w in words if w))
    return "\n".join(line for line in lines if line)


def _head(cable: Cable, how: Style) -> list[str]:
    """Write what stands between the classification line and the first paragraph."""
    lines = [""]
    if cable.corrected:
        lines += ["C O R R E C T E D  C O P Y (TEXT)", ""]
    lines += [c for c in cable.captions for c in (c, "")]
    for word in cable.handling:
        lines += [word]
    if how.sipdis > 1 and cable.captions:
        lines += [cable.captions[0]]
    lines += ["", *cable.passing, ""] if cable.passing else [""]
    order = how.order + (_declassify(cable, how) or "N/A")
    tags = _tags(cable, how)
    lines += [f"{order} {tags[0]}", *tags[1:]] if how.tags_on_order_line else [order, *tags]
    subject = f"{how.subject}: {cable.subject}"
    references = _references(cable.references, how)
    classified = _classified(cable, how)
    if how.one_line_head:
        parts = [subject, " ".join(" ".join(r.split()) for r in references if r), classified]
        return [*lines, " ".join(p for p in parts if p), ""]
    lines += wrap(subject, how.width)
    lines += ["", *references] if references else []
    lines += ["", *wrap(classified, how.width)] if classified else []
    return [*lines, ""]


def _declassify(cable: Cable, how: Style) -> str | None:
    if cable.declassify_on is None:
        return None
    return f"DECL: {cable.declassify_on:%m/%d/%Y}" if how.long_year else f"DECL: {cable.declassify_on:%m/%d/%y}"


def _tags(cable: Cable, how: Style) -> list[str]:
    if how.wrapped_tags and len(cable.tags) > 2:
        cut = len(cable.tags) // 2
        return ["TAGS: " + how.tags.join(cable.tags[:cut]) + how.tags.strip(), how.tags.join(cable.tags[cut:])]
    return ["TAGS: " + how.tags.join(cable.tags)]


def _references(items: list[Reference], how: Style) -> list[str]:
    if not items:
        return []
    written = [r.raw + (f" ({r.note})" if r.note == "NOTAL" else f" {r.note}" if r.note else "") for r in items]
    if items[0].label is None:
        joint = " AND " if len(items) == 2 and how.labels == "A." else ", "
        return wrap(f"{how.ref}: {joint.join(written)}", how.width)
    style = "(A)" if how.one_line_head and how.labels == "lines" else how.labels
    if style in ("A.", "lines"):
        pattern = "{}. {}" if style == "A." else "({}) {}"
        listed = [pattern.format(r.label, w) for r, w in zip(items, written, strict=True)]
        return [f"{how.ref}: {listed[0]}", *(f"{' ' * (len(how.ref) + 2)}{item}" for item in listed[1:])]
    listed = [style.replace("A", r.label or "") + " " + w for r, w in zip(items, written, strict=True)]
    parts = (", " if style == "A)" else " ").join(listed)
    if how.ref_gap and len(listed) > 2 and style == "(A)":
        return [f"{how.ref}: {' '.join(listed[:-1])}", "", f" {listed[-1]}"]
    return wrap(f"{how.ref}: {parts}", how.width)


def _classified(cable: Cable, how: Style) -> str:
    if not cable.classified_by:
        return ""
    name, title, reason = cable.classified_by, cable.classified_title, cable.classified_reason
    if how.classified == "name-first":
        return f"Classified By: {name}, {title}, for reasons {reason}."
    if how.classified == "reason":
        return f"Classified By: {title} {name}. Reason: {reason}."
    if how.classified == "upper":
        return f"CLASSIFIED BY: {name}, {title}. REASON: {reason}"
    if how.classified == "marked":
        return f"(U) Classified by {title} {name} for reasons {reason}."
    return f"Classified By: {title} {name} for reasons {reason}."


def _heading(p: Paragraph, how: Style) -> list[str]:
    if not p.heading:
        return []
    line = ("=" if how.fence == "equals" else "-") * len(p.heading)
    if not how.width:
        return [p.heading if how.fence == "none" else f"{p.heading} {line}", ""]
    if how.fence == "none":
        return [p.heading, ""]
    return [line, p.heading, line, ""] if how.fence == "both" else [p.heading, line, ""]


def _paragraph(p: Paragraph, how: Style) -> list[str]:
    lead = how.mark.format(p.number) if p.number is not None else ""
    if p.marking:
        lead += f"({p.marking}) " if not how.mark.endswith("  ") else f"({p.marking})  "
    elif lead and not lead.endswith(" "):
        lead += " "
    if p.items:
        lines = wrap(lead + " ".join(x for x in (p.opens, p.sentences[0]) if x), how.width)
        for n, item in enumerate(p.sentences[1:]):
            bullet = how.bullet.replace("A", "ABCDEFGH"[n]).replace("a", "abcdefgh"[n])
            lines += ["", *wrap(f"{bullet}{item}", how.width)]
        if p.closes:
            lines[-1] += f" {p.closes}"
        return lines
    return wrap(lead + how.gap.join(x for x in (p.opens, *p.sentences, p.closes) if x), how.width)


def _trailer(cable: Cable, how: Style) -> list[str]:
    if how.trailer == "nnnn":
        return ["", "NNNN"]
    if how.trailer == "bt":
        return ["BT", f"#{cable.number:04d}", "", "NNNN"]
    if how.trailer == "ends":
        return ["", "====CABLE ENDS===="]
    return ["", "NOTE: NOT PASSED TO ABOVE ADDRESSEE(S)"] if how.trailer == "passed" else []
