"""The reading view: the newer text as running prose, with the old words struck in place."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from cablelab.comparison.model import Edit, Link, Sentence, Step
from cablelab.comparison.style import mark


def reading(step: Step, name: str = "0") -> str:
    """Render one step as HTML: each paragraph of the newer cable, old words struck where they stood.

    Parameters
    ----------
    step
        One step of a comparison.
    name
        What the ids of the sentences begin with, so that several steps fit on one page.

    Returns
    -------
    str
        A fragment; all text of cables is escaped and stands between tags only.
    """
    new, old = step.new, step.old
    by_new: dict[int, list[Link]] = {}
    for link in step.links:
        by_new.setdefault(link.b, []).append(link)
    fresh, gone = step.fresh, step.gone
    waiting = _places_of_dropped(step)
    out: list[str] = []
    position: int | None = None
    later: list[Sentence] = []

    def close() -> None:
        if position is not None:
            out.append("</p>")
        if later:
            out.append(_dropped_paragraphs(later, old.numbers, name))
            later.clear()

    def drop(after: int) -> None:
        for s in waiting.get(after, ()):
            if s.paragraph in gone or position is None:
                later.append(s)
            else:
                out.append(
                    f" <span class='dropped' id='a{name}-{s.sentence}'>{mark('dropped')}"
                    f"<del>{escape(s.text)}</del></span>"
                )

    drop(-1)
    for s in new.sentences:
        if s.paragraph != position:
            close()
            position = s.paragraph
            state = " new" if position in fresh else ""
            number = new.numbers.get(position)
            head = f"<span class='no'>{'¶' + str(number) if number is not None else '¶'}</span>"
            note = "<span class='note'>new paragraph</span> " if state else ""
            out.append(f"<p class='par{state}'>{head}{note}")
        out.append(_sentence(s, by_new.get(s.sentence, []), step, name))
        drop(s.sentence)
    close()
    return "".join(out)


def _places_of_dropped(step: Step) -> dict[int, list[Sentence]]:
    """Where each dropped sentence is shown: after the partner of the last sentence before it that stayed in order."""
    follows = {-1: -1}
    for link in step.links:
        if not link.moved:
            follows[link.a] = max(follows.get(link.a, -1), link.b)
    out: dict[int, list[Sentence]] = {}
    dropped = {s.sentence for s in step.dropped}
    last = -1
    for s in step.old.sentences:
        last = max(last, follows.get(s.sentence, -1))
        if s.sentence in dropped:
            out.setdefault(last, []).append(s)
    return out


def _dropped_paragraphs(sentences: Sequence[Sentence], numbers: dict[int, int | None], name: str) -> str:
    out, position = [], None
    for s in sentences:
        if s.paragraph != position:
            out.append("</p>" if position is not None else "")
            position = s.paragraph
            number = numbers.get(position)
            head = f"old ¶{number}" if number is not None else "old ¶"
            out.append(f"<p class='par gone dropped'>{mark('dropped')}<span class='no'>{head}</span>")
        out.append(f"<del id='a{name}-{s.sentence}'>{escape(s.text)}</del> ")
    return "".join(out) + "</p>"


def _sentence(s: Sentence, links: Sequence[Link], step: Step, name: str) -> str:
    at = f"id='b{name}-{s.sentence}'"
    if not links:
        return f" <span class='added' {at}>{mark('added')}<ins>{escape(s.text)}</ins></span>"
    kind = "weak" if links[0].weak else links[0].label
    moved = ""
    if any(x.moved for x in links):
        numbers = [step.old.numbers.get(step.old.sentences[x.a].paragraph) for x in links]
        origin = ", ".join(f"¶{n}" for n in dict.fromkeys(numbers) if n is not None)
        moved = f"{mark('moved')}<span class='note'>from {origin or 'elsewhere'}</span> "
    if kind == "kept":
        return f" <span class='kept' {at}>{moved}{escape(s.text)}</span>"
    if kind == "weak":
        was = " ".join(step.old.sentences[x.a].text for x in links)
        return (
            f" <span class='weak' {at}>{mark('weak')}{moved}<del>{escape(was)}</del> <ins>{escape(s.text)}</ins></span>"
        )
    text = struck(s, [e for x in links for e in step.edits[x.a, x.b]])
    return f" <span class='{kind}' {at}>{mark(kind)}{moved}{text}</span>"


def struck(s: Sentence, edits: Sequence[Edit]) -> str:
    """Render one newer sentence with the old words struck before the new ones.

    Parameters
    ----------
    s
        The newer sentence.
    edits
        Its edits, of one link or, if it was merged, of several.

    Returns
    -------
    str
        HTML with `<del>` and `<ins>`; text escaped, blanks closed up.
    """
    out: list[str] = []
    at = s.start
    for e in sorted(edits, key=lambda e: (e.start_b, e.end_b)):
        start, end = max(at, e.start_b), max(at, e.end_b)
        out.append(_plain(s, at, start))
        if e.op == "equal":
            out.append(_plain(s, start, end))
        else:
            written = next((piece for piece in reversed(out) if piece), " ")
            gap = "" if written[-1].isspace() else " "
            was = f"{gap}<del>{escape(e.old)}</del>" if e.old else ""
            now = f"<ins>{_plain(s, start, end)}</ins>" if e.new else ""
            out.append(was + (" " if was and now else "") + now)
        at = end
    out.append(_plain(s, at, s.end))
    return "".join(out).strip()


def _plain(s: Sentence, start: int, end: int) -> str:
    piece = s.prose[start - s.start : end - s.start]
    text = " ".join(piece.split())
    if not text:
        return " " if piece else ""
    return (" " if piece[0].isspace() else "") + escape(text) + (" " if piece[-1].isspace() else "")
