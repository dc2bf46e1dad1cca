"""Side by side: both texts in columns, with a connector for each link, as SVG that needs no script."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from html import escape

from cablelab.comparison.model import Step, Version
from cablelab.comparison.style import DRAWING, LIGHT, MARKS, MONOSPACE, THEMES
from cablelab.escaping import legal_xml

COLUMN = 54
CHAR, LINE, PAD = 6.95, 15.0, 5.0
WIDTH_TEXT = COLUMN * CHAR + 34
GAP = 130.0
TOP = 58.0


@dataclass(frozen=True, slots=True)
class _Block:
    top: float
    height: float

    @property
    def middle(self) -> float:
        """Give the height at which a ribbon meets the block."""
        return self.top + self.height / 2


def _kinds(step: Step) -> tuple[dict[int, str], dict[int, str]]:
    left = {s.sentence: "dropped" for s in step.old.sentences}
    right = {s.sentence: "added" for s in step.new.sentences}
    for x in step.links:
        kind = "weak" if x.weak else "moved" if x.moved and x.label == "kept" else x.label
        left[x.a] = right[x.b] = kind
    return left, right


def _column(version: Version, kinds: dict[int, str], x: float, out: list[str]) -> tuple[dict[int, _Block], float]:
    """Write one column; give where each sentence stands, and the bottom."""
    y = TOP
    blocks: dict[int, _Block] = {}
    position: int | None = None
    for s in version.sentences:
        if s.paragraph != position:
            position = s.paragraph
            number = version.numbers.get(position)
            y += 8
            out.append(
                f"<text class='cmp-t cmp-h' x='{x:.1f}' y='{y + 11:.1f}'>¶{'' if number is None else number}</text>"
            )
            y += LINE
        kind = kinds[s.sentence]
        lines = textwrap.wrap(s.text, COLUMN, break_long_words=True) or [""]
        height = LINE * len(lines) + PAD
        out.append(f"<rect class='cmp-bar {kind}' x='{x:.1f}' y='{y:.1f}' width='3' height='{height - PAD:.1f}'/>")
        mark = MARKS[kind][0]
        out.append(
            f"<text class='cmp-t cmp-s' x='{x + 8:.1f}' y='{y + 11:.1f}'>{mark}<title>{MARKS[kind][1]}</title></text>"
        )
        tone = {"added": " cmp-n", "dropped": " cmp-o"}.get(kind, "")
        spans = "".join(
            f"<tspan x='{x + 22:.1f}' y='{y + 11 + LINE * n:.1f}'>{escape(line)}</tspan>"
            for n, line in enumerate(lines)
        )
        out.append(f"<text class='cmp-t{tone}'>{spans}</text>")
        blocks[s.sentence] = _Block(y, height - PAD)
        y += height
    return blocks, y


def side_by_side(step: Step) -> str:
    """Draw one step: older text left, newer right, a connector for each link.

    Parameters
    ----------
    step
        One step of a comparison.

    Returns
    -------
    str
        An `<svg>` element, complete in itself; kept links are thin lines, reworded ones thick, weak ones dashed,
        moved ones dotted with the sign ↔ on them. All text of cables is escaped and stands between tags only.
    """
    right_x = WIDTH_TEXT + GAP
    out: list[str] = []
    kinds_left, kinds_right = _kinds(step)
    left, bottom_left = _column(step.old, kinds_left, 4.0, out)
    right, bottom_right = _column(step.new, kinds_right, right_x, out)
    height, width = max(bottom_left, bottom_right) + 12, right_x + WIDTH_TEXT
    for x in step.links:
        y0, y1 = left[x.a].middle, right[x.b].middle
        kind = "moved" if x.moved else "weak" if x.weak else x.label
        x0, x1 = WIDTH_TEXT - 4, right_x - 4
        bend = (x1 - x0) / 2
        label = f"sentence {x.a + 1} to {x.b + 1}: {x.label}{', moved' if x.moved else ''}{', weak' if x.weak else ''}"
        out.append(
            f"<path class='cmp-c {kind}' d='M{x0:.1f} {y0:.1f}"
            f"C{x0 + bend:.1f} {y0:.1f} {x1 - bend:.1f} {y1:.1f} {x1:.1f} {y1:.1f}'>"
            f"<title>{label}</title></path>"
        )
        if x.moved:
            out.append(f"<text class='cmp-t cmp-h' x='{(x0 + x1) / 2 - 4:.1f}' y='{(y0 + y1) / 2 + 4:.1f}'>↔</text>")
    heads = "".join(
        f"<text class='cmp-t cmp-h' x='{at:.1f}' y='20'>{escape(v.cable)}</text>"
        f"<text class='cmp-t cmp-s' x='{at:.1f}' y='37'>{len(v.sentences)} sentences, {v.words} words</text>"
        for v, at in ((step.old, 4.0), (step.new, right_x))
    )
    key = "  ".join(f"{letter} {name}" for name, (letter, _) in MARKS.items())
    title = f"{step.old.cable} and {step.new.cable} side by side: {len(step.links)} links"
    return legal_xml(
        f"<svg xmlns='http://www.w3.org/2000/svg' class='cmp' role='img' viewBox='0 0 {width:.0f} {height:.0f}' "
        f"width='{width:.0f}' height='{height:.0f}'><title>{escape(title)}</title><style>{THEMES}{DRAWING}</style>"
        f"{heads}<text class='cmp-t cmp-s' x='4' y='54'>{escape(key)}</text>{''.join(out)}</svg>"
    )


def printed(svg: str, font: str) -> str:
    """Give a drawing of `side_by_side` in plain colours and one font, for what reads no variables of a page: PNG and PDF.

    Examples
    --------
    >>> printed("<style>.cmp-t{fill:var(--cmp-ink)}</style>", "Serif")
    '<style>.cmp-t{fill:#1b1b1b}</style>'
    """
    colours = dict(re.findall(r"(--cmp-[a-z-]{1,40}):(?:var\([^,():]{1,60},)?(#[0-9a-f]{3,6})", LIGHT))
    plain = re.sub(r"var\((--cmp-[a-z-]+)\)", lambda m: colours[m[1]], svg.replace(THEMES, ""))
    return plain.replace(MONOSPACE, f'"{font}"')
