"""How a corpus and a cable show themselves in a notebook and in a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from html import escape

import polars as pl

from cablelab.corpus.header import Shown, header
from cablelab.corpus.lookup import instead
from cablelab.escaping import UNTYPESET, visible
from cablelab.frames import Framed

WIDTH = 88
# colours come from the page or are half transparent, so that both themes can be read
_STYLE = """<style>
.cablelab-show{font-family:var(--jp-content-font-family,system-ui,sans-serif);color:inherit;max-width:60em;line-height:1.5}
.cablelab-show table{table-layout:auto;color:inherit;font:inherit;border-collapse:collapse;margin:.5em 0}
.cablelab-show.cablelab-show th,.cablelab-show.cablelab-show td{text-align:left;vertical-align:top;padding:.15em .8em .15em 0;background:none;
border:0;border-bottom:1px solid rgba(128,128,128,.3);white-space:pre-line}
.cablelab-show td.n{text-align:right;font-variant-numeric:tabular-nums}
.cablelab-show.cablelab-show td.d{white-space:nowrap}
.cablelab-show caption{caption-side:bottom;text-align:left;opacity:.75}
.cablelab-show h4{margin:1em 0 .2em}
.cablelab-show p{margin:.4em 0;white-space:pre-line}
.cablelab-show .part{border-left:3px solid rgba(128,128,128,.5);padding-left:.8em}
.cablelab-show .note{opacity:.75}
</style>"""


def corpus_html(corpus: Framed) -> str:
    """Render counts of a corpus by year and post, and of its problems, and its first cables as HTML.

    Examples
    --------
    >>> from cablelab.corpus import Corpus
    >>> "Corpus 0 cables" in corpus_html(Corpus({}))
    True
    """
    year = pl.coalesce(pl.col("sent").dt.year(), pl.col("year").cast(pl.Int32)).alias("year")
    cables = corpus.lazy("cables").select(year, "post").collect()
    problems = corpus.lazy("problems").select("code").collect()
    tables = [_counts("Year", cables["year"], by_count=False), _counts("Post", cables["post"])]
    tables += [_counts("Problem", problems["code"])] if problems.height else []
    chosen = [f"<p class='note'>chosen: {escape(' and '.join(corpus.filters))}</p>"] if corpus.filters else []
    if corpus.filters and not cables.height:
        chosen += [f"<p>Nothing is left. The corpus it was chosen from holds {escape(instead(corpus.whole))}.</p>"]
    body = "".join(f"<td style='border:0;padding-right:2em'>{table}</td>" for table in tables)
    head = f"<strong>{escape(repr(corpus).strip('<>'))}</strong>"
    inside = f"{head}{''.join(chosen)}<table><tr>{body}</tr></table>{_first(corpus, cables.height)}"
    return f"{_STYLE}<div class='cablelab-show {UNTYPESET}'>{inside}</div>"


def _first(corpus: Framed, count: int, most: int = 5) -> str:
    """Show the first cables, each on a line."""
    if not count:
        return ""
    rows = corpus.lazy("cables").select("cable", pl.col("sent").dt.strftime("%Y-%m-%d"), "subject").head(most).collect()
    cells = ["<td class='d'>{}</td>", "<td class='d'>{}</td>", "<td>{}</td>"]
    lines = ["".join(c.format(escape(v or "")) for c, v in zip(cells, row, strict=True)) for row in rows.iter_rows()]
    heads = "".join(f"<th scope='col'>{name}</th>" for name in rows.columns)
    caption = f"The first {rows.height} of {count:,}; all as a table: cl.table(corpus)"
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f"<table><caption>{caption}</caption><tr>{heads}</tr>{body}</table>"


def cable_html(cable: Shown) -> str:
    """Render one cable as HTML: its header as a table, its paragraphs with anchors, its problems; all escaped."""
    lines = [(line.label, line.words()) for line in header(cable)]
    rows = "".join(f"<tr><th>{escape(k)}</th><td>{escape(v)}</td></tr>" for k, v in lines)
    body = []
    for row in cable.paragraphs.iter_rows(named=True):
        if row["heading"]:
            body.append(f"<h4>{escape(row['heading'])}</h4>")
        anchor = escape(f"{cable.id}-{row['position']}", quote=True)
        part = "" if row["part"] == "body" else f" class='part' title='{escape(str(row['part']), quote=True)}'"
        body.append(f"<p id='{anchor}'{part}>{escape(row['text'])}</p>")
    if not body:
        body.append(f"<p class='note'>No paragraph was found in this text.</p><p>{escape(cable.text)}</p>")
    notes = "".join(f"<p class='note'>! {escape(note)}</p>" for note in _notes(cable))
    title = escape(cable["subject"] or "(no subject)")
    inner = f"<h3>{escape(cable.id)} · {title}</h3><table>{rows}</table>{''.join(body)}{notes}"
    return f"{_STYLE}<div class='cablelab-show {UNTYPESET}'>{inner}</div>"


def cable_text(cable: Shown, width: int = WIDTH) -> str:
    """Render one cable for a terminal, wrapped to `width` characters."""
    lines = [*_wrap(cable.id, width), *_wrap(cable["subject"] or "(no subject)", width), ""]
    fields = [(line.label, line.words()) for line in header(cable)]
    margin = max((len(name) for name, _ in fields), default=0) + 2
    for name, value in fields:
        lines += _wrap(value, width, f"{name:<{margin}}", " " * margin)
    for row in cable.paragraphs.iter_rows(named=True):
        lines += ["", *(_wrap(row["heading"], width) if row["heading"] else []), *_wrap(row["text"], width)]
    if not cable.paragraphs.height:
        lines += ["", visible(cable.text.replace("\r\n", "\n"))]
    notes = [line for note in _notes(cable) for line in _wrap(note, width, "! ", "  ")]
    return "\n".join([*lines, *([""] if notes else []), *notes])


def _notes(cable: Shown) -> Iterator[str]:
    if cable["text_held"] is False:
        yield "record without text: what is shown is the record's own word"
    elif cable["partial"]:
        yield "partial extract: the copy says that parts are left out"
    for row in cable.problems.iter_rows(named=True):
        yield f"{row['code']}: {row['message']}"


def _counts(title: str, values: pl.Series, by_count: bool = True, most: int = 12) -> str:
    counts = values.rename("value").drop_nulls().value_counts(name="n")
    counts = counts.sort(["n", "value"], descending=[True, False])
    shown = counts.head(most) if by_count else counts.head(most).sort("value")
    rows = [(str(value), count) for value, count in shown.iter_rows()]
    left = counts.slice(most)
    rows += [(f"{left.height} more", int(left["n"].sum()))] * bool(left.height)
    rows += [("none", values.null_count())] * bool(values.null_count())
    cells = "".join(f"<tr><td>{escape(value)}</td><td class='n'>{count:,}</td></tr>" for value, count in rows)
    return f"<table><tr><th>{escape(title)}</th><th>n</th></tr>{cells}</table>"


def _wrap(text: str, width: int, first: str = "", rest: str = "") -> Iterable[str]:
    lines = visible(text.replace("\r\n", "\n")).splitlines() or [""]
    for position, line in enumerate(lines):
        opening = rest if position else first
        yield from textwrap.wrap(line, width, initial_indent=opening, subsequent_indent=rest) or [""]
