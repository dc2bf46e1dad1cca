"""One newer sentence with the old words struck before the new ones."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from cablelab.comparison.model import Edit, Sentence


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
