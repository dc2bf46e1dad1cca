"""The comparison as HTML: a fragment for notebooks and a self-contained page, without scripts.

A reader asks in this order: which two, when, what about; how much is the same; what to doubt; what matters; show me.
Every change leads to its place in the two columns, and what is folded can be opened: nothing is out of reach.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

from cablelab.comparison import style
from cablelab.comparison.changes import ORDER
from cablelab.comparison.columns import columns
from cablelab.comparison.model import OUTCOMES, Change, Laid, Missing, Step, Version
from cablelab.comparison.prose import struck
from cablelab.comparison.remarks import months_between, unrelated
from cablelab.comparison.tables import where
from cablelab.escaping import UNTYPESET

SHOWN, LONGEST = 10, 240
# per cent of the time axis within which two labels would cover each other
CROWDED = 9


def page(laid: Laid) -> str:
    """Render everything as one page that needs nothing beside it.

    Parameters
    ----------
    laid
        Any comparison.

    Returns
    -------
    str
        A whole HTML document: for each step heads, tally, remarks, the ranked changes and both texts in two columns;
        for a chain before them its time axis, and after them its claims and the sentences that live on.
    """
    title = escape(f"{laid.cables[0]} → {laid.cables[-1]}")
    if len(laid.cables) > 2:
        title += f" · {len(laid.cables)} cables"
    steps = "".join(_step(laid, n, None) for n in range(len(laid.steps)))
    return (
        "<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width,initial-scale=1'>"
        "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<meta name='color-scheme' content='light dark'><title>{title}</title>"
        f"<style>{style.THEMES}{style.PROSE}body{{margin:1.2em}}"
        "@media (prefers-color-scheme:dark){body{background:#161616}}</style></head><body>"
        f"<main class='cmp {UNTYPESET}'><h1>{title}</h1>{_notes(laid.notes)}{style.legend()}{_overview(laid)}{steps}"
        f"{_claims(laid)}{_threads(laid)}</main></body></html>"
    )


def fragment(laid: Laid) -> str:
    """Render the comparison for a notebook: the last step, or the only one, with its first changes; others by their tally."""
    last = len(laid.steps) - 1
    return (
        f"<div class='cmp {UNTYPESET}'><style>{style.THEMES}{style.PROSE}</style>"
        f"{_notes(laid.notes)}{style.legend()}{_overview(laid, links=False)}{_step(laid, last, SHOWN)}</div>"
    )


def _notes(notes: tuple[str, ...]) -> str:
    return "".join(f"<p class='told'>! {escape(n)}.</p>" for n in notes)


def when(version: Version) -> str:
    """Tell when a cable was sent: a day, or the year of its id."""
    sent = version.fields.get("sent")
    if sent:
        return f"{sent.day} {sent:%b %Y}"
    year = version.fields.get("year")
    return f"({year}, undated)" if year else "undated"


def _head(version: Version) -> str:
    named = (version.fields.get("mission") or version.fields.get("post"), version.fields.get("classification"))
    about = " · ".join([when(version), *(str(x) for x in named if x)])
    subject = str(version.fields.get("subject") or "")
    return f"<div><b class='id'>{escape(version.cable)}</b> <span class='note'>{escape(about)}</span><br>{escape(subject)}</div>"


def _overview(laid: Laid, *, links: bool = True) -> str:
    """Show the chain on its time axis, with true gaps, and how much each step carries over."""
    if len(laid.versions) < 3:
        return ""
    rows = []
    for n, s in enumerate(laid.steps):
        pair = f"{escape(s.old.cable)} → {escape(s.new.cable)}"
        pair = f"<a href='#step{n}'>{pair}</a>" if links else pair
        rows.append(f"<tr><td>{pair}</td><td>{_gap(s)}</td><td>{_counts(s)}</td><td>{_bar(s)}</td></tr>")
    return f"{_axis(laid, links=links)}<table class='over'>{''.join(rows)}</table>"


def _axis(laid: Laid, *, links: bool) -> str:
    places = [_moment(v) for v in laid.versions]
    known = [p for p in places if p is not None]
    if len(known) < 2 or max(known) == min(known):
        return ""
    low, high = min(known), max(known)
    dots = []
    for n, (v, p) in enumerate(zip(laid.versions, places, strict=True)):
        name = escape(v.cable)
        name = f"<a href='#step{max(0, n - 1)}'>{name}</a>" if links else name
        dots += [] if p is None else [(p, "", f"{name}<br>{escape(when(v))}")]
    for m in laid.missing:
        dots.append((_between(m, places), " unheld", f"{escape(m.cable)}<br>cited, not held"))
    out, row, rows, before = [], 0, 0, -100.0
    for p, unheld, label in sorted(dots):
        left = 6 + 88 * (p - low) / (high - low)
        row = (row + 1) % 3 if left - before < CROWDED else 0
        before, rows = left, max(rows, row)
        out.append(f"<span class='r{row}{unheld}' style='left:{left:.1f}%'><b></b>{label}</span>")
    return f"<div class='axis h{rows}'>{''.join(out)}</div>"


def _between(m: Missing, places: Sequence[float | None]) -> float:
    """Place a cable that is not held: in the middle of the year of its id, or of the two between which it must lie."""
    low = max((p for p in places[: m.before] if p is not None), default=m.year + 0.5)
    high = min((p for p in places[m.before :] if p is not None), default=m.year + 0.5)
    return m.year + 0.5 if low < m.year + 0.5 < high else (low + high) / 2


def _moment(version: Version) -> float | None:
    sent, year = version.fields.get("sent"), version.fields.get("year")
    if isinstance(sent, datetime):
        return sent.year + sent.timetuple().tm_yday / 366
    return None if year is None else year + 0.5


def _gap(step: Step) -> str:
    months, exact = months_between(step.old, step.new)
    if months is None:
        return "undated"
    if exact and months < 2:
        days = (step.new.fields["sent"] - step.old.fields["sent"]).days
        return f"{days} day{'s' * (days != 1)} later"
    if exact:
        return f"{months} months later"
    years = months // 12  # ids tell no months
    return f"{years} year{'s' * (years != 1)} later, by their ids" if years else "of the same year, by their ids"


def _counts(step: Step) -> str:
    moved = sum(x.moved for x in step.links)
    counts = {**{name: step.outcomes[name][0] for name in OUTCOMES}, "moved": moved}
    return " ".join(f"<span class='count {name}'>{style.mark(name)}{n} {name}</span>" for name, n in counts.items())


def _bar(step: Step) -> str:
    total = max(1, sum(n for n, _ in step.outcomes.values()))
    parts = "".join(
        f"<span class='{o}' style='width:{100 * step.outcomes[o][0] / total:.1f}%'></span>" for o in OUTCOMES
    )
    return f"<div class='bars'>{parts}</div>"


def heads(step: Step) -> str:
    """Render which two cables a step compares, when they were sent and what about, and the time between, as HTML."""
    return f"<header>{_head(step.old)}<div class='gap'>{_gap(step)} →</div>{_head(step.new)}</header>"


def tally(step: Step) -> str:
    """Render how many sentences were kept, reworded, added, dropped and moved, with a bar, as HTML."""
    return f"<div class='tally'>{_counts(step)}{_bar(step)}</div>"


def _step(laid: Laid, number: int, limit: int | None) -> str:
    step = laid.steps[number]
    name = str(number)
    head = heads(step)
    notes = _notes(step.remarks)
    if not step.old.sentences or not step.new.sentences:
        return f"<section id='step{name}'>{head}{notes}<p>There is nothing to lay side by side.</p></section>"
    return (
        f"<section id='step{name}'>{head}{tally(step)}{notes}"
        f"<div class='main'>{_rail(step, name, limit)}{columns(step, name)}</div></section>"
    )


def _rail(step: Step, name: str, limit: int | None) -> str:
    changes = step.changes
    if not changes:
        return "<nav class='rail'><h3>Nothing changed</h3></nav>"
    cards = [_card(step, n, c, name) for n, c in enumerate(changes, 1)]
    if unrelated(step):
        head = f"{len(changes)} rows, though the two share too little to be ranked against each other"
        return f"<nav class='rail'><details><summary>{head}</summary>{''.join(cards)}</details></nav>"
    shown, rest = cards[:SHOWN], cards[SHOWN:]
    more = ""
    if rest and limit is None:
        more = f"<details><summary>{len(rest)} more</summary>{''.join(rest)}</details>"
    elif rest:
        more = f"<p class='note'>{len(rest)} more in <code>.changes</code> and in <code>.html()</code>.</p>"
    few = f"{len(shown)} of {len(changes)}" if rest else str(len(changes))
    return f"<nav class='rail'><h3>What changed · {few}</h3>{''.join(shown)}{more}</nav>"


def _card(step: Step, n: int, c: Change, name: str) -> str:
    old, new = [step.old.sentences[i] for i in c.sentences_a], [step.new.sentences[j] for j in c.sentences_b]
    kind = "weak" if c.weak and c.kind == "reworded" else c.kind if c.kind in style.MARKS else "reworded"
    if c.kind in ("added", "dropped", "rewritten") or c.weak:
        was = f"<del>{_cut(' '.join(s.text for s in old))}</del> " if old else ""
        now = f"<ins>{_cut(' '.join(s.text for s in new))}</ins>" if new else ""
        text = was + now
    elif c.kind == "moved":
        text = _cut(" ".join(s.text for s in new))
    else:
        pieces = [(s, [e for i in c.sentences_a for e in step.edits.get((i, s.sentence), ())]) for s in new]
        text = " ".join(struck(s, edits) for s, edits in pieces)
    side, at = ("b", new[0]) if new else ("a", old[0])
    parts = "".join(f"<li>{escape(str(p))}</li>" for p in c.parts)
    moved = style.mark("moved") if c.moved and kind != "moved" else ""
    return (
        f"<div class='card {kind}'><p class='why'>{n} {style.mark(kind)}{moved}"
        f"<a href='#{side}{name}-{at.sentence}' title='{escape(ORDER[c.order], quote=True)}'>{escape(where(step, c))}</a> "
        f"{escape(' · '.join(c.reasons))}</p><p>{text}</p>"
        f"<details><summary class='note'>{c.points:.1f} points</summary><ul class='note'>{parts}</ul></details></div>"
    )


def _cut(text: str, longest: int = LONGEST) -> str:
    short = text if len(text) <= longest else text[:longest].rsplit(" ", 1)[0] + " …"
    return escape(short)


def _place(laid: Laid, order: int, sentence: int) -> str:
    """Name the place of a sentence of the chain: in the step that leads to it, or from the first cable on."""
    return f"#b{order - 1}-{sentence}" if order else f"#a0-{sentence}"


def _claims(laid: Laid) -> str:
    """Show who judges what, how strongly and when; each cell leads to its words."""
    if not laid.claims_of:
        return ""
    v = laid.versions
    lines: dict[int, dict[int, list[str]]] = {}
    for c in laid.claims_of:
        strength = f" <i>{escape(', '.join(c.strength))}</i>" if c.strength else ""
        changed = f"<br><span class='note'>{escape('; '.join(c.changed))}</span>" if c.changed else ""
        whose = "" if c.own else "<span class='note'>others:</span> "
        cell = f"{whose}<a href='{_place(laid, c.order, c.sentence)}'>{escape(c.words)}</a>{strength}{changed}"
        lines.setdefault(c.claim, {}).setdefault(c.order, []).append(cell)
    last = {c.claim: v[c.order].sentences[c.sentence].text for c in laid.claims_of}
    rows = "".join(
        f"<tr><td>{_cut(last[n], 110)}</td>"
        + "".join(f"<td>{'<br>'.join(cells.get(k, ()))}</td>" for k in range(len(v)))
        + "</tr>"
        for n, cells in lines.items()
    )
    head = "".join(f"<th>{escape(x.cable)}<br><span class='note'>{escape(when(x))}</span></th>" for x in v)
    return (
        "<details open><summary>Claims: who judges what, how strongly, when</summary>"
        f"<div class='wide'><table class='claims'><tr><th>claim, as last made</th>{head}</tr>{rows}</table></div></details>"
    )


_LETTERS = {"born": "•", **{name: letter for name, (letter, _) in style.MARKS.items()}}


def _threads(laid: Laid) -> str:
    """Show the matrix of threads; each row opens to every wording of the sentence."""
    if len(laid.versions) < 3:
        return ""
    v = laid.versions
    rows = []
    for t in laid.threads_of:
        cells, wordings, before = [], [], ""
        for k in range(len(v)):
            here = [m for m in t.members if m[0] == k]
            letters = " ".join(dict.fromkeys(_LETTERS[m[2]] + ("↔" if m[3] else "") for m in here))
            link = f"<a href='{_place(laid, k, here[0][1])}'>{letters}</a>" if here else "&nbsp;"
            cells.append(f"<td class='c'>{link}</td>")
            text = " ".join(escape(v[k].sentences[m[1]].text) for m in here)
            if here and text != before:  # what stays as it was is not printed again
                wordings.append(f"<li><b>{escape(v[k].cable)}</b> {text}</li>")
                before = text
        first = v[t.born].sentences[t.members[0][1]].text
        cut = first if len(first) <= 90 else first[:90].rsplit(" ", 1)[0] + " …"
        rows.append(
            f"<tr><td><details><summary>{escape(cut)}</summary><ul>{''.join(wordings)}</ul></details></td>"
            f"{''.join(cells)}</tr>"
        )
    head = "".join(f"<th>{escape(x.cable)}<br><span class='note'>{escape(when(x))}</span></th>" for x in v)
    return (
        "<h2>Sentences that live on</h2><p class='note'>• first cable that has it; other letters as above.</p>"
        f"<div class='wide'><table><tr><th>sentence</th>{head}</tr>{''.join(rows)}</table></div>"
    )
