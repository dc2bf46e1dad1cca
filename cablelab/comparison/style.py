"""Colours, marks and style of the views, the same in a notebook, a page and a drawing.

Each outcome has a colour and a letter, so that nothing is told by colour alone. Colours follow the system's theme in
a page and JupyterLab's in a notebook, also where the two differ.
"""

from __future__ import annotations

MARKS = {
    "kept": ("=", "kept"),
    "reworded": ("R", "reworded"),
    "split": ("S", "split in two or more"),
    "merged": ("M", "merged from two or more"),
    "weak": ("~", "rewritten; only weakly alike, not counted as carried over"),
    "added": ("+", "added"),
    "dropped": ("−", "dropped"),
    "moved": ("↔", "moved"),
}

LIGHT = (
    "--cmp-ink:var(--jp-ui-font-color1,#1b1b1b);--cmp-soft:var(--jp-ui-font-color2,#565656);"
    "--cmp-line:var(--jp-border-color1,#b5b5b5);--cmp-ground:var(--jp-layout-color1,#fff);"
    "--cmp-old:#a3160f;--cmp-new:#0b5a2b;--cmp-move:#5b2c9e;--cmp-word:#0b4c8c;"
    "--cmp-old-ground:#fbe3e1;--cmp-new-ground:#dff3e4;--cmp-warn:#6d4700;--cmp-warn-ground:#fff6df;"
    "--cmp-card:var(--jp-layout-color2,#f7f7f8)"
)
_DARK = (
    "--cmp-ink:var(--jp-ui-font-color1,#e8e8e8);--cmp-soft:var(--jp-ui-font-color2,#b4b4b4);"
    "--cmp-line:var(--jp-border-color1,#666);--cmp-ground:var(--jp-layout-color1,#161616);"
    "--cmp-old:#ffa39b;--cmp-new:#8fe0a8;--cmp-move:#ccb0ff;--cmp-word:#9dcbff;"
    "--cmp-old-ground:#4a1c19;--cmp-new-ground:#173d25;--cmp-warn:#ffd98a;--cmp-warn-ground:#3a2d10;"
    "--cmp-card:var(--jp-layout-color2,#222)"
)

THEMES = (
    f".cmp{{{LIGHT}}}@media (prefers-color-scheme:dark){{.cmp{{{_DARK}}}}}"
    f"[data-jp-theme-light='true'] .cmp{{{LIGHT}}}[data-jp-theme-light='false'] .cmp{{{_DARK}}}"
)

MONOSPACE = 'ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace'
DRAWING = (
    f".cmp-t{{font:11.5px {MONOSPACE}}}"
    + """
.cmp-t{fill:var(--cmp-ink)}
.cmp-h{font-weight:bold}.cmp-s{fill:var(--cmp-soft)}
.cmp-bar{fill:var(--cmp-line)}.cmp-bar.reworded,.cmp-bar.split,.cmp-bar.merged,.cmp-bar.weak{fill:var(--cmp-word)}
.cmp-bar.added{fill:var(--cmp-new)}.cmp-bar.dropped{fill:var(--cmp-old)}.cmp-bar.moved{fill:var(--cmp-move)}
.cmp-c{fill:none;stroke:var(--cmp-line);stroke-width:1.2}
.cmp-c.reworded,.cmp-c.split,.cmp-c.merged{stroke:var(--cmp-word);stroke-width:1.6}
.cmp-c.weak{stroke:var(--cmp-word);stroke-dasharray:5 4}
.cmp-c.moved{stroke:var(--cmp-move);stroke-width:2;stroke-dasharray:1 3}
.cmp-o{fill:var(--cmp-old);text-decoration:line-through}.cmp-n{fill:var(--cmp-new);text-decoration:underline}
"""
)

# Twice the class where JupyterLab has rules of its own for tables in outputs, which are stronger than one.
PROSE = """
.cmp{color:var(--cmp-ink);font-family:var(--jp-content-font-family,system-ui,sans-serif);line-height:1.5;
container-type:inline-size}
.cmp h2,.cmp h3{margin:1.2em 0 .4em;color:inherit}.cmp p{margin:.5em 0;color:inherit}
.cmp table{border-collapse:collapse;color:inherit;font:inherit;margin:.4em 0;width:100%;table-layout:auto}
.cmp a{color:var(--cmp-word)}.cmp.cmp th,.cmp.cmp td{border:0;border-bottom:1px solid var(--cmp-line);padding:.3em
.6em;text-align:left;vertical-align:top; background:none;white-space:normal}
.cmp td.n{text-align:right;font-variant-numeric:tabular-nums}
.cmp del{color:var(--cmp-old);background:var(--cmp-old-ground);text-decoration:line-through}
.cmp ins{color:var(--cmp-new);background:var(--cmp-new-ground);text-decoration:underline}
.cmp b.m{font:bold .78em ui-monospace,monospace;border:1px solid currentColor;border-radius:3px;padding:0 .25em;
margin-right:.25em}
.cmp .reworded>b.m,.cmp .split>b.m,.cmp .merged>b.m,.cmp .weak>b.m{color:var(--cmp-word)}
.cmp .added>b.m{color:var(--cmp-new)}.cmp .dropped>b.m{color:var(--cmp-old)}.cmp b.m.moved{color:var(--cmp-move)}
.cmp .weak>ins,.cmp .weak>del{border-bottom:1px dashed var(--cmp-word);background:none}
.cmp .note{color:var(--cmp-soft)}.cmp .par{border-left:3px solid var(--cmp-line);padding-left:.8em;margin:.7em 0}
.cmp .par.new{border-left:3px double var(--cmp-new)}.cmp .par.gone{border-left:3px dotted var(--cmp-old)}
.cmp .no{font-weight:bold;margin-right:.4em}.cmp details{margin:.5em 0}.cmp summary{cursor:pointer;font-weight:bold}
.cmp .bars{display:flex;height:1.1em;min-width:10em}
.cmp .bars span{display:block;border-right:1px solid var(--cmp-ground)}
.cmp .bars .kept{background:var(--cmp-line)}.cmp .bars .reworded{background:var(--cmp-word)}
.cmp .bars .added{background:var(--cmp-new)}.cmp .bars .dropped{background:var(--cmp-old)}
.cmp .wide{overflow-x:auto}.cmp .wide td:first-child{min-width:22em}.cmp td.c{text-align:center}
.cmp :target{outline:2px solid var(--cmp-word);background:var(--cmp-card)}
.cmp header{display:grid;grid-template-columns:1fr auto 1fr;gap:1em;align-items:end;border-bottom:1px solid
var(--cmp-line);padding-bottom:.5em;margin-top:1.6em}.cmp header .gap{color:var(--cmp-soft)}
.cmp .id{font-family:ui-monospace,monospace}.cmp h1{font-size:1.25em}
.cmp .tally{display:flex;flex-wrap:wrap;gap:.3em 1em;align-items:center;margin:.6em 0}.cmp .tally .bars{flex:1}
.cmp .count{white-space:nowrap}.cmp .count.reworded b{color:var(--cmp-word)}.cmp .count.added b{color:var(--cmp-new)}
.cmp .count.dropped b{color:var(--cmp-old)}.cmp .over .bars{min-width:8em}
.cmp .told{color:var(--cmp-warn);background:var(--cmp-warn-ground);border-radius:4px;padding:.15em .6em;margin:.3em 0}
.cmp .axis{position:relative;border-bottom:1px solid var(--cmp-line);margin:.6em 0;font-size:.78em}
.cmp .axis span{position:absolute;transform:translateX(-50%);text-align:center;white-space:nowrap}
.cmp .h0{height:4.2em}.cmp .h1{height:8.2em}.cmp .h2{height:12.2em}
.cmp .axis .r0{bottom:.2em}.cmp .axis .r1{bottom:4.2em}.cmp .axis .r2{bottom:8.2em}
.cmp .axis b{display:block;width:.8em;height:.8em;border-radius:50%;background:var(--cmp-word);margin:0 auto}
.cmp .axis .unheld b{background:none;border:1px dashed var(--cmp-warn)}.cmp .axis .unheld{color:var(--cmp-warn)}
.cmp .main{display:grid;grid-template-columns:21em minmax(0,1fr);gap:1.2em;align-items:start}
.cmp .rail{position:sticky;top:0;max-height:100vh;overflow-y:auto;font-size:.92em;overflow-wrap:anywhere}
.cmp .card{border:1px solid var(--cmp-line);border-left:4px solid var(--cmp-word);border-radius:5px;padding:.4em .6em;
margin:0 0 .5em}.cmp .card.added{border-left-color:var(--cmp-new)}.cmp .card.dropped{border-left-color:var(--cmp-old)}
.cmp .card.moved{border-left-color:var(--cmp-move)}.cmp .card p{margin:.1em 0}.cmp .card .why{font-weight:600}
.cmp .card summary{font-weight:normal}.cmp .card details{margin:0}.cmp .card>.why>b.m{color:var(--cmp-word)}
.cmp .card.added>.why>b.m{color:var(--cmp-new)}.cmp .card.dropped>.why>b.m{color:var(--cmp-old)}
.cmp .row{display:grid;grid-template-columns:minmax(0,1fr) 3em minmax(0,1fr);gap:.4em;padding:.2em 0;
overflow-wrap:anywhere}.cmp .row.top{font-weight:bold;border-bottom:1px solid var(--cmp-line)}
.cmp .row p{margin:.2em 0}.cmp .row.new .newer{border-left:3px solid var(--cmp-new);padding-left:.6em}
.cmp .row.gone .old{border-left:3px solid var(--cmp-old);padding-left:.6em}.cmp .newer del{display:none}
.cmp .mid{font-size:.75em;text-align:center;padding-top:.8em}.cmp .mid em,.cmp .mid a{display:block;font-style:normal;
border-top:2px solid var(--cmp-word);color:var(--cmp-word);margin-bottom:.3em}.cmp .mid .kept{border-color:var(--cmp-line);
color:var(--cmp-soft)}.cmp .mid .weak{border-top-style:dashed}.cmp .mid .moved{border-top:2px dotted var(--cmp-move);
color:var(--cmp-move)}
.cmp .fold{border-left:3px solid var(--cmp-line);padding-left:.6em;margin:.2em 0}.cmp .fold summary{font-weight:normal}
@container (max-width:64em){.cmp .main{grid-template-columns:minmax(0,1fr)}.cmp .rail{position:static;max-height:none}}
@container (max-width:520px){.cmp header,.cmp .row{grid-template-columns:minmax(0,1fr);gap:.2em}.cmp .row.top,
.cmp .mid,.cmp .old.quiet,.cmp .old .s:not(.dropped){display:none}.cmp .newer del{display:inline}.cmp .old .no::before
{content:"old "}.cmp .axis{font-size:.6em;overflow:hidden}.cmp.cmp .over td{display:block;border:0;padding:.1em}
.cmp.cmp .over tr{border-bottom:1px solid var(--cmp-line)}}
"""


def mark(name: str) -> str:
    """Give the letter of an outcome as HTML, with its meaning as a title.

    Examples
    --------
    >>> mark("dropped")
    "<b class='m dropped' title='dropped'>−</b>"
    """
    letter, meaning = MARKS[name]
    return f"<b class='m {name}' title='{meaning}'>{letter}</b>"


def sign(name: str) -> str:
    """Give the letter of an outcome as HTML without its meaning, where a legend stands above and there are many.

    Examples
    --------
    >>> sign("dropped")
    '<b class=m>−</b>'
    """
    return f"<b class=m>{MARKS[name][0]}</b>"


def legend() -> str:
    """List all marks with their meanings, as HTML."""
    return "<p class='note'>" + " · ".join(f"{mark(name)}{meaning}" for name, (_, meaning) in MARKS.items()) + "</p>"
