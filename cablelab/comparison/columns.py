"""Both texts in two columns, paragraph beside paragraph: what is kept folds, what changed is marked where it stands.

Where there is no room for two columns, the newer text stays with the old words struck in place, and of the older text
what was dropped: the page carries both, and its style shows one or the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from cablelab.comparison.model import Edit, Link, Sentence, Step, Version
from cablelab.comparison.prose import struck
from cablelab.comparison.style import MARKS, sign

Row = tuple[list[int], int | None]
FOLDED = 70


def rows(step: Step) -> list[Row]:
    """Pair the paragraphs of both cables in reading order.

    Returns
    -------
    list of (old, new)
        Positions of paragraphs: of each newer one, and of the older ones that it carries on; or of one older
        paragraph that nothing carries on, after the older one before it.
    """
    partner = _partners(step)
    out: list[Row] = [([], p) for p in _positions(step.new)]
    index = {p: n for n, (_, p) in enumerate(out) if p is not None}
    alone: dict[int, list[int]] = {}
    last = -1
    for p in _positions(step.old):
        if p in partner:
            last = index[partner[p]]
            out[last][0].append(p)
        else:
            alone.setdefault(last, []).append(p)
    ordered: list[Row] = [([p], None) for p in alone.get(-1, ())]
    for n, row in enumerate(out):
        ordered += [row, *(([p], None) for p in alone.get(n, ()))]
    return ordered


def _positions(version: Version) -> list[int]:
    return list(dict.fromkeys(s.paragraph for s in version.sentences))


def _partners(step: Step) -> dict[int, int]:
    """Give for each older paragraph the newer one that holds most of its words in order, or is it rewritten."""
    weight: dict[tuple[int, int], float] = {}
    for x in step.links:
        if not x.moved:
            old, new = step.old.sentences[x.a], step.new.sentences[x.b]
            key = old.paragraph, new.paragraph
            weight[key] = weight.get(key, 0) + len(new.words) * (0.5 if x.weak else 1)
    for c in step.changes:
        if c.kind == "rewritten":
            key = step.old.sentences[c.sentences_a[0]].paragraph, step.new.sentences[c.sentences_b[0]].paragraph
            weight[key] = weight.get(key, 0) + 1
    best: dict[int, tuple[float, int]] = {}
    for (p, q), w in sorted(weight.items()):
        if p not in best or w > best[p][0]:
            best[p] = (w, q)
    return {p: q for p, (_, q) in best.items()}


def columns(step: Step, name: str) -> str:
    """Render both texts of one step.

    Parameters
    ----------
    step
        One step of a comparison.
    name
        What the ids of the sentences begin with, so that several steps fit on one page: `a0-3` is the fourth sentence
        of the older cable of step 0, `b0-3` of the newer one.

    Returns
    -------
    str
        A fragment; all text of cables is escaped and stands between tags only.
    """
    sides = _Sides(step, name)
    head = "<div class='mid'></div>".join(f"<div>{escape(v.cable)}</div>" for v in (step.old, step.new))
    body = "".join(sides.row(old, new) for old, new in rows(step))
    return f"<div class='cols'><div class='row top'>{head}</div>{body}</div>"


class _Sides:
    def __init__(self, step: Step, name: str) -> None:
        self.step, self.name = step, name
        self.of_old: dict[int, list[Link]] = {}
        self.of_new: dict[int, list[Link]] = {}
        for x in step.links:
            self.of_old.setdefault(x.a, []).append(x)
            self.of_new.setdefault(x.b, []).append(x)
        self.old, self.new = step.old.by_paragraph(), step.new.by_paragraph()

    def row(self, old: Sequence[int], new: int | None) -> str:
        """Render a row, folded if every sentence of it is kept in its place."""
        left = [s for p in old for s in self.old[p]]
        right = self.new[new] if new is not None else []
        links = [x for s in left for x in self.of_old.get(s.sentence, ())]
        links += [x for s in right for x in self.of_new.get(s.sentence, ())]
        inside = {s.sentence for s in right}
        still = all(x.label == "kept" and not x.moved and x.b in inside for x in links)
        if left and right and still and len(links) == len(left) + len(right):
            return self._folded(left, right)
        quiet = "" if any(not self.of_old.get(s.sentence) for s in left) else " quiet"
        state = " gone" if new is None else " new" if not left else ""
        return (
            f"<div class='row{state}'><div class='old{quiet}'>{self._paragraphs(left, self.step.old, self._old)}</div>"
            f"<div class='mid'>{self._connectors(left, right)}</div>"
            f"<div class='newer'>{self._paragraphs(right, self.step.new, self._new)}</div></div>"
        )

    def _connectors(self, left: Sequence[Sentence], right: Sequence[Sentence]) -> str:
        """Render a line from side to side for each way in which sentences of a row go on, and one for each that moved."""
        across: dict[str, int] = {}
        inside, moved = {s.sentence for s in right}, []
        for s in left:
            for x in self.of_old.get(s.sentence, ()):
                if x.b in inside and not x.moved:
                    kind = _kind([x])
                    across[kind] = across.get(kind, 0) + 1
                else:
                    moved.append((f"b{self.name}-{x.b}", self.step.new.paragraph(x.b), "→"))
        here = {s.sentence for s in left}
        for s in right:
            for x in self.of_new.get(s.sentence, ()):
                if x.moved or x.a not in here:
                    moved.append((f"a{self.name}-{x.a}", self.step.old.paragraph(x.a), "←"))
        lines = [f"<em class={kind}>{MARKS[kind][0]}{n if n > 1 else ''}</em>" for kind, n in across.items()]
        places = {(arrow, where): at for at, where, arrow in reversed(moved)}
        lines += [f"<a class=moved href='#{at}'>{arrow} {where}</a>" for (arrow, where), at in sorted(places.items())]
        return "".join(lines)

    def _folded(self, left: Sequence[Sentence], right: Sequence[Sentence]) -> str:
        old, new = self.step.old.paragraph(left[0].sentence), self.step.new.paragraph(right[0].sentence)
        where = old if old == new else f"{old} → {new}"
        first = right[0].text
        cut = first if len(first) <= FOLDED else first[:FOLDED].rsplit(" ", 1)[0] + " …"
        many = f"{len(right)} sentence{'s' * (len(right) > 1)} kept"
        text = " ".join(f"<span id='b{self.name}-{s.sentence}'>{escape(s.text)}</span>" for s in right)
        return (
            f"<details class='fold'><summary>{sign('kept')}{where} · {many} <span class='note'>{escape(cut)}</span>"
            f"</summary><p>{text}</p></details>"
        )

    def _paragraphs(self, sentences: Sequence[Sentence], version: Version, render: object) -> str:
        out, position = [], None
        for s in sentences:
            if s.paragraph != position:
                out.append("</p>" if position is not None else "")
                position = s.paragraph
                part = version.parts.get(position)
                label = f" <span class='note'>{part}</span>" if part in ("summary", "comment") else ""
                out.append(f"<p><span class='no'>{version.paragraph(s.sentence)}</span>{label} ")
            out.append(render(s))  # type: ignore[operator]
        return "".join(out) + ("</p>" if sentences else "")

    def _old(self, s: Sentence) -> str:
        links = self.of_old.get(s.sentence, [])
        at = f"id='a{self.name}-{s.sentence}'"
        if not links:
            return f"<span class='s dropped' {at}>{sign('dropped')}<del>{escape(s.text)}</del></span> "
        kind = _kind(links)
        text = escape(s.text) if kind in ("kept", "weak") else struck_old(s, self._edits(links, "a", s.sentence))
        moved = self._moved(links, "to", "b", self.step.new, [x.b for x in links])
        return f"<span class='s {kind}' {at}{self._to(links, 'b', [x.b for x in links])}>{moved}{text}</span> "

    def _new(self, s: Sentence) -> str:
        links = self.of_new.get(s.sentence, [])
        at = f"id='b{self.name}-{s.sentence}'"
        if not links:
            return f"<span class='s added' {at}>{sign('added')}<ins>{escape(s.text)}</ins></span> "
        kind = _kind(links)
        moved = self._moved(links, "from", "a", self.step.old, [x.a for x in links])
        letter = "" if kind == "kept" else sign(kind)
        if kind == "weak":
            sure = f"<span class='note'>{links[0].probability:.0%}</span> ".replace("%", " %")
            was = " ".join(self.step.old.sentences[x.a].text for x in links)
            text = f"{sure}<del>{escape(was)}</del> <ins>{escape(s.text)}</ins>"
        else:
            text = escape(s.text) if kind == "kept" else struck(s, self._edits(links, "b", s.sentence))
        return f"<span class='s {kind}' {at}{self._to(links, 'a', [x.a for x in links])}>{moved}{letter}{text}</span> "

    def _to(self, links: Sequence[Link], side: str, there: Sequence[int]) -> str:
        """Name the counterparts of a sentence that moved or changed; the live view draws lines to them."""
        if all(x.label == "kept" and not x.moved for x in links):
            return ""
        return f" data-to='{' '.join(f'{side}{self.name}-{n}' for n in there)}'"

    def _edits(self, links: Sequence[Link], side: str, sentence: int) -> list[Edit]:
        found = [e for x in links for e in self.step.edits.get((x.a, x.b), ())]
        return [e for e in found if getattr(e, side) == sentence]

    def _moved(self, links: Sequence[Link], word: str, side: str, version: Version, there: Sequence[int]) -> str:
        if not any(x.moved for x in links):
            return ""
        places = f"<a href='#{side}{self.name}-{there[0]}'>{word} {version.paragraph(there[0])}</a>"
        return f"{sign('moved')}<span class='note'>{places}</span> "


def _kind(links: Sequence[Link]) -> str:
    return "weak" if links[0].weak else links[0].label


def struck_old(s: Sentence, edits: Sequence[Edit]) -> str:
    """Render one older sentence with the words struck that the newer one has not.

    Parameters
    ----------
    s
        The older sentence.
    edits
        Its edits, of one link or, if it was split, of several.

    Returns
    -------
    str
        HTML with `<del>`; the original characters, escaped, blanks closed up.
    """
    out: list[str] = []
    at = s.start
    for e in sorted(edits, key=lambda e: (e.start_a, e.end_a)):
        start, end = max(at, e.start_a), max(at, e.end_a)
        if e.op == "equal" or start == end:
            continue
        out.append(escape(s.prose[at - s.start : start - s.start]))
        out.append(f"<del>{escape(s.prose[start - s.start : end - s.start])}</del>")
        at = end
    out.append(escape(s.prose[at - s.start :]))
    return " ".join("".join(out).split())
