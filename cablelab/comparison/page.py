"""The comparison as HTML: a fragment for notebooks and a self-contained page, without scripts."""

from __future__ import annotations

from html import escape

from cablelab.comparison import style
from cablelab.comparison.changes import ORDER
from cablelab.comparison.drawing import side_by_side
from cablelab.comparison.model import OUTCOMES, Change, Laid, Step, Version
from cablelab.comparison.prose import reading, struck
from cablelab.comparison.tables import remark
from cablelab.escaping import UNTYPESET

SHOWN = 10


def page(laid: Laid) -> str:
    """Render everything as one page that needs nothing beside it.

    Parameters
    ----------
    laid
        Any comparison.

    Returns
    -------
    str
        A whole HTML document: for each step the ranked changes, the new and dropped paragraphs, the reading view and
        both texts side by side; before them the carry-over, after them the threads.
    """
    title = escape(" → ".join(laid.cables))
    steps = "".join(_step(s, str(n), None) + _side(s) for n, s in enumerate(laid.steps))
    return (
        "<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width,initial-scale=1'>"
        "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<meta name='color-scheme' content='light dark'><title>{title}</title>"
        f"<style>{style.THEMES}{style.PROSE}{style.DRAWING}body{{margin:1.5em}}"
        "@media (prefers-color-scheme:dark){body{background:#161616}}</style></head><body>"
        f"<main class='cmp {UNTYPESET}'><h1>{title}</h1>{_heads(laid)}{style.legend()}{_carry_over(laid)}{steps}{_threads(laid)}"
        "</main></body></html>"
    )


def fragment(laid: Laid) -> str:
    """Render the comparison for a notebook: carry-over, and for each step the first changes and the reading view."""
    few = len(laid.steps) == 1
    steps = "".join(_step(s, str(n), SHOWN, open_=few or n == len(laid.steps) - 1) for n, s in enumerate(laid.steps))
    return (
        f"<div class='cmp {UNTYPESET}'><style>{style.THEMES}{style.PROSE}</style><h3>{escape(' → '.join(laid.cables))}</h3>"
        f"{style.legend()}{_carry_over(laid)}{steps}</div>"
    )


def _heads(laid: Laid) -> str:
    rows = "".join(
        f"<tr><td>{escape(v.cable)}</td><td>{_date(v)}</td><td>{escape(str(v.fields.get('subject') or ''))}</td>"
        f"<td>{escape(str(v.fields.get('classification') or ''))}</td>"
        f"<td class='n'>{len(v.sentences)}</td><td class='n'>{v.words}</td></tr>"
        for v in laid.versions
    )
    head = "<tr><th>cable</th><th>sent</th><th>subject</th><th>classification</th><th>sentences</th><th>words</th></tr>"
    return f"<table>{head}{rows}</table>"


def _date(version: Version) -> str:
    sent = version.fields.get("sent")
    return sent.strftime("%Y-%m-%d") if sent else str(version.fields.get("year") or "undated")


def _carry_over(laid: Laid) -> str:
    rows = []
    for s in laid.steps:
        counts = {name: n for name, (n, _) in s.outcomes.items()}
        total = max(1, sum(counts.values()))
        bars = "".join(
            f"<span class='{o}' title='{counts[o]} {o}' style='width:{100 * counts[o] / total:.1f}%'></span>"
            for o in OUTCOMES
        )
        cells = "".join(f"<td class='n'>{counts[o]}</td>" for o in OUTCOMES)
        rows.append(
            f"<tr><td>{escape(s.old.cable)} → {escape(s.new.cable)}</td>{cells}"
            f"<td><div class='bars'>{bars}</div></td></tr>"
        )
    head = "".join(f"<th>{style.mark(o)}{o}</th>" for o in OUTCOMES)
    return f"<table><tr><th>sentences carried over</th>{head}<th></th></tr>{''.join(rows)}</table>"


def _step(step: Step, name: str, limit: int | None, *, open_: bool = True) -> str:
    told = "".join(f"<p class='note'>! {escape(r)}.</p>" for r in step.remarks)
    shown = step.changes if limit is None else step.changes[:limit]
    rows = "".join(_change(step, n, c, name) for n, c in enumerate(shown, 1))
    rest = len(step.changes) - len(shown)
    more = f"<p class='note'>{rest} more in <code>.changes</code> and in <code>.html()</code>.</p>" if rest else ""
    head = f"<tr><th>#</th><th>why</th><th>{escape(step.old.cable)} → {escape(step.new.cable)}</th></tr>"
    return (
        f"<details{' open' if open_ else ''}>"
        f"<summary>{escape(step.old.cable)} → {escape(step.new.cable)}</summary>{told}"
        f"<h3>Changes, most telling first</h3><table>{head}{rows}</table>{more}{_paragraphs(step)}"
        f"<details open><summary>Read {escape(step.new.cable)} with the old words struck</summary>"
        f"{reading(step, name)}</details>"
        "</details>"
    )


def _change(step: Step, n: int, c: Change, name: str) -> str:
    old, new = [step.old.sentences[i] for i in c.sentences_a], [step.new.sentences[j] for j in c.sentences_b]
    if not new:
        kind, text = "dropped", f"<del>{' '.join(escape(s.text) for s in old)}</del>"
    elif not old:
        kind, text = "added", f"<ins>{' '.join(escape(s.text) for s in new)}</ins>"
    elif c.weak:
        was, now = (" ".join(escape(s.text) for s in side) for side in (old, new))
        kind, text = "weak", f"<del>{was}</del><br><ins>{now}</ins>"
    else:
        kind = c.kind if c.kind in style.MARKS else "reworded"
        text = " ".join(struck(s, [e for i in c.sentences_a for e in step.edits.get((i, s.sentence), ())]) for s in new)
    places = [
        f"<a href='#{side}{name}-{group[0].sentence}'>{label} ¶{'' if number is None else number}</a>"
        for side, label, group, numbers in (("a", "old", old, step.old.numbers), ("b", "new", new, step.new.numbers))
        if group
        for number in (numbers.get(group[0].paragraph),)
    ]
    moved = style.mark("moved") if c.moved and kind != "moved" else ""
    doubt = remark(step, c)
    note = f"<br><span class='note'>! {escape(doubt)}</span>" if doubt else ""
    return (
        f"<tr><td class='n'>{n}</td><td title='{escape(ORDER[c.order], quote=True)}'>"
        f"{escape(', '.join(c.reasons))}</td><td class='{kind}'>{style.mark(kind)}{moved}{text} "
        f"<span class='note'>{' → '.join(places)}</span>{note}</td></tr>"
    )


def _paragraphs(step: Step) -> str:
    out = []
    for label, version, shares in zip(("New", "Dropped"), (step.new, step.old), (step.fresh, step.gone), strict=True):
        items = []
        for position in shares:
            number = version.numbers.get(position)
            first = next(s for s in version.sentences if s.paragraph == position)
            cut = first.text if len(first.text) <= 110 else first.text[:110].rsplit(" ", 1)[0] + " …"
            items.append(f"<li>¶{'' if number is None else number} {escape(cut)}</li>")
        if items:
            out.append(f"<h3>{label} paragraphs</h3><ul>{''.join(items)}</ul>")
    return "".join(out)


def _side(step: Step) -> str:
    names = f"{escape(step.old.cable)} and {escape(step.new.cable)}"
    return f"<details><summary>Side by side: {names}</summary><div class='wide'>{side_by_side(step)}</div></details>"


_LETTERS = {"born": "•", **{name: letter for name, (letter, _) in style.MARKS.items()}}


def _threads(laid: Laid) -> str:
    """Show the matrix of threads; each row opens to the sentence in every version."""
    if len(laid.versions) < 3:
        return ""
    v = laid.versions
    rows = []
    for t in laid.threads_of:
        cells, versions = [], []
        for k in range(len(v)):
            here = [m for m in t.members if m[0] == k]
            letters = " ".join(dict.fromkeys(_LETTERS[m[2]] + ("⇄" if m[3] else "") for m in here))
            cells.append(f"<td class='c'>{letters or '&nbsp;'}</td>")
            if here:
                text = " ".join(escape(v[k].sentences[m[1]].text) for m in here)
                versions.append(f"<li><b>{escape(v[k].cable)}</b> {text}</li>")
        first = v[t.born].sentences[t.members[0][1]].text
        cut = first if len(first) <= 90 else first[:90].rsplit(" ", 1)[0] + " …"
        rows.append(
            f"<tr><td><details><summary>{escape(cut)}</summary><ul>{''.join(versions)}</ul></details></td>{''.join(cells)}</tr>"
        )
    head = "".join(f"<th>{escape(x.cable)}</th>" for x in v)
    return (
        "<h2>Sentences that live on</h2><p class='note'>• first cable that has it; other letters as above.</p>"
        f"<div class='wide'><table><tr><th>sentence</th>{head}</tr>{''.join(rows)}</table></div>"
    )
