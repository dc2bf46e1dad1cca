"""What leaves the package, whatever a cable says: every view is drawn from hostile text and read by a real parser.

Which functions write markup, charts or lines for a terminal is found in the code itself: one that the views below do not
run over hostile text fails a test, so that a new view cannot be forgotten.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import re
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from types import CodeType, FrameType
from typing import Any
from xml.etree import ElementTree

import altair as alt
import bibtexparser
import hostile
import polars as pl
import pytest
import rispy
import vl_convert
from selectolax.lexbor import LexborHTMLParser

import cablelab as cl
from cablelab import charts, facts
from cablelab.cli import main
from cablelab.comparison import Comparison
from cablelab.comparison.lexicon import DEFAULT
from cablelab.errors import NotACorpus
from cablelab.escaping import UNTYPESET
from cablelab.export import SUFFIXES, export
from cablelab.frames import NAMES, SCHEMAS
from cablelab.provenance import provenance
from cablelab.studies import Codebook
from cablelab.widgets import marked, places
from cablelab.widgets.tree import ATTRIBUTES, TAGS, to_html

PACKAGE = Path(cl.__file__).parent
SAMPLE = cl.sample()  # made here: what reading it runs is not run on hostile text
# They read captures, or write the fictional ones: markup in them is what goes in.
INPUT = ("capture", "message", "samples")
# Functions that write for a reader but are not run here, each with the reason.
ELSEWHERE = {
    "lab.start_lab": "starts a server; it prints folders that the user named, and only visibly",
    "lab._for": "prints folders that the user named, and only visibly",
    "lab.notebooks": "prints names of the package's own notebooks",
    "widgets.panel.Panel.draw": "is empty: each view has its own",
}
STYLES = ("chicago", "bibtex", "ris", "csl-json", "nara")
RAN = "window.ran"
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)

HTML_TAGS = TAGS | {"html", "head", "body", "main", "meta", "title", "style", "h1"}
SVG_TAGS = {"svg", "g", "path", "rect", "line", "text", "tspan", "defs", "clipPath", "title", "style"}
SVG_ATTRIBUTES = {"xmlns", "viewBox", "width", "height", "x", "y", "d"}
HTML_ATTRIBUTES = SVG_ATTRIBUTES | ATTRIBUTES | {"style", "lang", "charset", "http-equiv", "content"}
# Values that may come from a cable: they are shown, copied or sent back to Python, and never run or fetched.
TEXT_ATTRIBUTES = {
    "href",
    "title",
    "id",
    "for",
    "value",
    "aria-label",
    "data-value",
    "data-copy",
    "data-told",
    "data-shows",
    "data-scroll",
}
STYLE_VALUE = re.compile(r"(?:(?:left|width|bottom|height):[\d.]+%;?)+|border:0;padding-right:2em")


def laid(corpus: cl.Corpus) -> Iterator[tuple[str, Comparison]]:
    """Compare a pair, a chain, and cables of which one has no paragraph."""
    yield "pair", cl.compare(corpus, *corpus.ids[:2])
    yield "chain", cl.compare(corpus, *corpus.ids[:3])


def html(corpus: cl.Corpus) -> Iterator[tuple[str, str]]:
    """Every page and fragment."""
    bare = cl.Corpus({name: corpus.lazy(name).collect() for name in NAMES if name not in ("paragraphs", "spans")})
    yield "corpus", corpus._repr_html_()
    yield "filtered", corpus.filter(pl.col("post") == corpus.cables["post"][0])._repr_html_()
    yield "cable", corpus[corpus.ids[1]]._repr_html_()
    yield "cable without paragraphs", bare[bare.ids[1]]._repr_html_()
    for name, comparison in laid(corpus):
        yield f"{name} html", comparison.html()
        yield f"{name} fragment", comparison._repr_html_()
    yield from views(corpus).items()
    yield "static reader without paragraphs", cl.show(bare).static()
    yield "static without chains", cl.widgets.ComparisonView(bare)._repr_mimebundle_()[0]["text/html"]


def views(corpus: cl.Corpus) -> dict[str, str]:
    """The widgets, drawn and pressed as a hand would: live trees and static pages."""
    said = corpus.cables["subject"][0]
    explorer, reader = cl.explore(corpus), cl.show(corpus, corpus.ids[1])
    for act, value, given in (
        ("tick", f"posts {said}", True),
        ("tick", f"tags {said}", True),
        ("query", "", "the"),
        ("find", "tags", said),
        ("date", "first", said),
    ):
        explorer.filters.act(act, value, given)
    explorer.finds.act("finds")
    explorer.results.act("keep", corpus.ids[1], True)
    explorer.reader.act("note", "", said)
    explorer.filters.act("save", "", said)
    explorer.timeline.act("by", "", "tag")
    mapped = cl.explore(SAMPLE)
    places._ground.cache_clear()  # an earlier test of this process may have drawn it
    mapped.places.act("map")
    explorer.reader.act("code", "", f"{said} = {said} | {said}")
    nothing = cl.explore(corpus)
    nothing.timeline.act("brush", "0,0")
    nothing.filters.act("tick", f"posts {said}", True)
    nothing.filters.act("query", "", f"{said} nowhere")
    explorer.compare(*corpus.ids[:3])
    comparing = cl.widgets.ComparisonView(corpus, *corpus.ids[:3])
    comparing.versions.act("change", "0")
    comparing.versions.act("mark", "0")
    comparing.versions.act("phrases", "", said)
    comparing.versions.act("threads")
    chosen_change = comparing.versions._tree
    comparing.versions.act("sentence", "b-0")
    chosen = cl.widgets.ComparisonView(corpus)
    bench = cl.workbench(corpus)
    bench.explorer.results.act("keep", corpus.ids[0], True)
    bench.compare(*corpus.ids[:2])
    bench.desk.act("reader", "", "right")
    bench.desk.act("view", "cite")
    builder = cl.widgets.ChainBuilder(corpus, corpus.ids[1])
    builder.building.act("accept", " ".join(corpus.ids[:2]))
    builder.building.act("name", "", said)
    builder.building.act("save")
    rows = cl.table(corpus, corpus.cables)
    rows.rows.act("open", corpus.ids[1])
    made = {"rows": rows.rows._tree, "desk": bench.desk._tree, "builder": builder.building._tree}
    made["places chosen"] = mapped.places._tree
    for tab in ("read", "source", "people"):
        reader.act("tab", tab)
        explorer.reader.act("tab", tab)
        panels = {"reader": reader, "explorer reader": explorer.reader, "filters": explorer.filters}
        panels |= {"toolbar": explorer.toolbar, "results": explorer.results, "compared": explorer.comparison}
        panels |= {"finds": explorer.finds}
        panels |= {"versions": comparing.versions, "chosen": chosen.versions}
        panels |= {"timeline": explorer.timeline, "nothing": nothing.results, "chosen days": nothing.timeline}
        made["a change chosen"] = chosen_change
        made |= {f"{name} {tab}": panel._tree for name, panel in panels.items()}
    told = {f"tree {name}": f"<div class='{UNTYPESET}'>{to_html(tree)}</div>" for name, tree in made.items()}
    for name, view in (
        ("explorer", explorer),
        ("reader", reader),
        ("comparing", comparing),
        ("chosen", chosen),
        ("bench", bench),
        ("chosen chain", builder),
        ("table", cl.table(corpus)),
        ("table of paragraphs", cl.table(corpus, corpus.paragraphs)),
    ):
        told[f"static {name}"] = view._repr_mimebundle_()[0]["text/html"]
    told["static results"] = explorer.results.static()
    told["page of what is marked"] = marked.html(comparing.state.changes)
    return told


def drawn(corpus: cl.Corpus) -> Iterator[tuple[str, Any]]:
    """Every chart; test_charts.py draws hostile names in every grouping."""
    steps = cl.chains(corpus)
    yield "timeline", charts.timeline(corpus)
    yield "timeline by tag", charts.timeline(corpus, by="tag")
    yield "timeline by classification", charts.timeline(corpus, by="classification")
    yield "nothing", charts.timeline(corpus.filter(pl.col("subject") == corpus.cables["subject"][0] + "."))
    yield "swimlanes", charts.swimlanes(corpus, by="post")
    yield "matrix", charts.matrix(corpus, "post", "tag")
    lost = cl.Corpus(
        {"cables": corpus.cables.with_columns(pl.col("sent").dt.replace(year=1973), year=pl.lit(1973, pl.Int16))}
    )
    yield "timeline with gaps", charts.timeline(lost, by="post", coverage=True)
    yield "coverage with gaps", charts.coverage(lost)
    yield "coverage", charts.coverage(corpus)
    yield "chain", charts.chain(corpus, list(corpus.ids[:3]), steps)
    yield "lineage", charts.lineage(corpus, steps)
    yield "network", charts.network(cl.network(corpus))
    yield "map", charts.map(corpus, corpus.select(corpus.ids[:2]))
    yield "phrases", charts.phrases(corpus, corpus.cables["subject"][0])
    words = {
        "word": [corpus.cables["subject"][0]] * 2,
        "cables_a": [5, 0],
        "cables_b": [0, 5],
        "log_ratio": [2.0, -2.0],
    }
    interval = {"low": [1.0, -3.0], "high": [3.0, -1.0], "dispersion": [0.5, 0.5], "tells": [True, True]}
    yield "keyness", charts.keyness(pl.DataFrame(words | interval), (corpus.cables["subject"][0], "others"))
    for name, comparison in laid(corpus):
        yield f"carry_over {name}", charts.carry_over(comparison)
        yield f"threads {name}", charts.threads(comparison)
        yield f"similarity {name}", charts.similarity(comparison)
        yield f"phrase {name}", charts.phrase(comparison, corpus.cables["subject"][0])


def svg(corpus: cl.Corpus, made: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every drawing."""
    for name, chart in made.items():
        yield name, chart._repr_mimebundle_()["image/svg+xml"]
    for name, comparison in laid(corpus):
        yield name, comparison.svg()


def terminal(corpus: cl.Corpus, folder: Path) -> Iterator[tuple[str, str]]:
    """Every line that a terminal gets: what is printed, the command line, and errors."""
    cable = corpus[corpus.ids[1]]
    bare = cl.Corpus({name: corpus.lazy(name).collect() for name in ("cables", "texts")})
    shown = [corpus, cable, bare[bare.ids[0]], provenance(corpus), cl.show(corpus), cl.explore(corpus)]
    shown += [cl.widgets.ChainBuilder(corpus, corpus.ids[1]), cl.workbench(corpus)]
    shown += [
        DEFAULT,
        cl.widgets.ComparisonView(corpus, *corpus.ids[:3]),
        cl.widgets.ChainBuilder(corpus, *corpus.ids[:2]),
        *(comparison for _, comparison in laid(corpus)),
    ]
    book = Codebook(by=corpus.cables["subject"][0])
    book.add(corpus.ids[0], corpus.cables["subject"][0])
    shown += [cl.network(corpus), book]
    for one in shown:
        yield f"repr {type(one).__name__}", repr(one)
        yield f"str {type(one).__name__}", str(one)
    for style in STYLES[:-1]:
        yield style, cl.cite(corpus, corpus.ids, style)
    yield "nara", cl.cite(from_1975(corpus), corpus.ids, "nara")
    saved, page = folder / "saved", folder / "page.html"
    corpus.save(saved)
    ids = corpus.ids[:2].to_list()
    yield "info", command("info", saved)
    yield "doctor", command("doctor", saved)
    yield "compare", command("compare", saved, *ids, "--html", page)
    yield "unknown", command("compare", saved, ids[0], corpus.cables["subject"][0])
    yield "refused", command("read", _captures(folder, corpus.cables["subject"][0]), "-o", folder / "read")
    yield "read", command("info", folder / "read")
    yield "nothing", command("read", folder / "nothing" / re.sub(r"[/\0]", "", ids[0]), "-o", folder / "none")


def from_1975(corpus: cl.Corpus) -> cl.Corpus:
    return cl.Corpus({"cables": corpus.cables.with_columns(year=pl.lit(1975, pl.Int16))})


def command(*arguments: object) -> str:
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        status = main([str(argument) for argument in arguments])
    assert status in (0, 2)
    return out.getvalue() + err.getvalue()


def _captures(folder: Path, said: str) -> Path:
    """A folder of files whose names and contents are hostile: one is a cable, one is nothing."""
    source = folder / "captures"
    source.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[/\0]", "", said)[:60]
    head = f"UNCLAS PORT KESTREL 000034\n\nSIPDIS\n\nTAGS: ELAB, {said}\nSUBJECT: {said}\n\n1. Catches fell. {said}\n"
    (source / f"{name}.txt").write_text(head, encoding="utf-8")
    (source / f"{name}.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(200))
    return source


def markdown(corpus: cl.Corpus, folder: Path) -> Iterator[tuple[str, str]]:
    said = corpus.cables["subject"][0]
    card = provenance(corpus.filter(pl.col("post") == said), said, [said])
    yield "card", card._repr_markdown_()
    for name, comparison in laid(corpus):
        yield name, comparison.to_markdown()
    for name in SCHEMAS:
        yield name, export(corpus.lazy(name).collect(), folder / f"{name}.md").read_text("utf-8")


def tables(corpus: cl.Corpus, folder: Path) -> Iterator[tuple[str, str]]:
    for name in SCHEMAS:
        yield name, export(corpus.lazy(name).collect(), folder / f"{name}.csv").read_text("utf-8")
    for name, comparison in laid(corpus):
        yield name, comparison.to_csv(folder / f"{name}.csv").read_text("utf-8")


# What was run, and what ought to have been


class Walk:
    """All outputs for one payload, and the functions of the package that ran while they were made."""

    def __init__(self, said: str, folder: Path) -> None:
        self.said, self.ran = said, set[tuple[str, str]]()
        self.corpus = hostile.corpus(4, said)
        self._seen: set[CodeType] = set()
        if said == hostile.HOSTILE:  # once is enough, and slow
            sys.settrace(self._note)
        try:
            self.html, self.charts = dict(html(self.corpus)), dict(drawn(self.corpus))
            self.svg = dict(svg(self.corpus, self.charts))
            self.terminal = dict(terminal(self.corpus, folder))
            self.markdown, self.tables = dict(markdown(self.corpus, folder)), dict(tables(self.corpus, folder))
        finally:
            sys.settrace(None)

    def _note(self, frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event == "call" and code not in self._seen:
            self._seen.add(code)
            if code.co_filename.startswith(str(PACKAGE)):
                self.ran.add((_module(Path(code.co_filename)), code.co_qualname))


@pytest.fixture(scope="module")
def walked(tmp_path_factory) -> Callable[[str], Walk]:
    """Walk once for each payload, when it is first asked for."""
    made: dict[str, Walk] = {}

    def once(name: str) -> Walk:
        if name not in made:
            with facts.additions.added():
                made[name] = Walk(hostile.PAYLOADS[name], tmp_path_factory.mktemp(name))
        return made[name]

    return once


@pytest.fixture(params=hostile.PAYLOADS)
def walk(request, walked) -> Walk:
    return walked(request.param)


def _module(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


def functions(node: ast.AST, name: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            yield from functions(child, f"{name}{child.name}.")
        elif isinstance(child, ast.FunctionDef):
            yield f"{name}{child.name}", child
            yield from functions(child, f"{name}{child.name}.<locals>.")
        else:
            yield from functions(child, name)


def shows(function: ast.FunctionDef) -> bool:
    """Whether a function writes something that a reader is shown: markup, a tree, a chart, a line, a representation."""
    returns = ast.unparse(function.returns) if function.returns else ""
    if re.match(r"(__repr__|__str__|__format__|_repr_\w+_)$", function.name) or re.search(
        r"\balt\.\w*Chart\b|\bNode\b", returns
    ):
        return True
    documented = function.body[0].value if ast.get_docstring(function) is not None else None  # type: ignore[attr-defined]
    for node in ast.walk(function):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node is not documented:
            if re.search(r"(?<!\?)<(?:[a-z!]|/[a-z])", node.value):
                return True
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("print", "h", "alt.Chart", "finish"):
            return True
    return False


def showing() -> set[tuple[str, str]]:
    """The functions that show something, by module and name."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        module = _module(path)
        if module.split(".")[0] in INPUT:
            continue
        for name, function in functions(ast.parse(path.read_text("utf-8"))):
            if shows(function):
                found.add((module, name))
    return found


# The checks


class Page:
    """A page as a browser builds it: Lexbor follows the standard's rules for what markup means, also where it is broken."""

    def __init__(self, text: str) -> None:
        self.root = LexborHTMLParser(text).root
        self.nodes = list(self.root.traverse(include_text=True))
        self.elements = [node for node in self.nodes if node.is_element_node]

    def attributes(self) -> Iterator[tuple[str, str, str]]:
        for node in self.elements:
            for name, value in node.attributes.items():
                yield node.tag, name, value or ""

    def texts(self, *inside: str) -> str:
        return "".join(
            node.text_content or "" for node in self.nodes if node.is_text_node and node.parent.tag in inside
        )


def untypeset(node: Any) -> bool:
    """Whether MathJax leaves a text alone: what holds it has the class, or is none that is shown."""
    while node is not None:
        if node.is_element_node and (
            UNTYPESET in (node.attributes.get("class") or "") or node.tag in ("head", "style")
        ):
            return True
        node = node.parent
    return False


def test_pages_hold_known_elements_and_attributes_only(walk):
    for name, text in walk.html.items():
        page = Page(text)
        assert {node.tag for node in page.elements} <= HTML_TAGS | SVG_TAGS, name
        for tag, attribute, value in page.attributes():
            known = attribute in HTML_ATTRIBUTES or attribute.startswith(("aria-", "data-"))
            assert known, (name, tag, attribute)
            assert attribute != "href" or value.startswith("#"), (name, value)
            assert attribute != "style" or STYLE_VALUE.fullmatch(value), (name, value)
            assert attribute in TEXT_ATTRIBUTES or not _hostile(value), (name, tag, attribute, value)
        assert not _hostile(page.texts("style")), name
        assert _hostile(text) or "chosen" in name or "without chains" in name, name


def _hostile(text: str) -> bool:
    return any(sign in text for sign in (RAN, "evil", "txt.exe"))


def test_no_formula_is_set_from_what_a_page_says(walk):
    for name, text in walk.html.items():
        page = Page(text)
        shown = [node for node in page.nodes if node.is_text_node and (node.text_content or "").strip()]
        assert shown, name
        assert all(untypeset(node) for node in shown), name


def test_what_a_cable_says_stands_there_as_text(walked):
    walk = walked("markup")
    for name in (
        "cable",
        "cable without paragraphs",
        "pair html",
        "pair fragment",
        "tree reader read",
        "static reader",
    ):
        shown = Page(walk.html[name]).root.text()
        assert hostile.HOSTILE in shown, name


def test_a_page_that_is_written_forbids_scripts_and_requests(walk):
    for name in ("pair html", "chain html"):
        policy = [n.attributes["content"] for n in Page(walk.html[name]).elements if n.attributes.get("http-equiv")]
        assert policy == ["default-src 'none'; style-src 'unsafe-inline'"]


def test_drawings_are_xml_of_known_elements_only(walk):
    for name, text in walk.svg.items():
        root = ElementTree.fromstring(text)
        for element in root.iter():
            assert element.tag.removeprefix("{http://www.w3.org/2000/svg}") in SVG_TAGS, (name, element.tag)
            for attribute, value in element.attrib.items():
                assert not attribute.lower().startswith("on"), (name, attribute)
                assert "href" not in attribute, (name, value)
                assert attribute in ("aria-label", "aria-roledescription") or not _hostile(value), (
                    name,
                    attribute,
                    value,
                )
                assert "url(" not in value or re.fullmatch(r"url\(#clip-[0-9a-f]+-\d+\)", value), (name, value)
            assert not element.tag.endswith("style") or not _hostile(element.text or ""), name


def test_a_chart_that_is_saved_as_a_page_has_the_same_scripts_whatever_its_text():
    pages = []
    for said in ("OSLO", hostile.FORMATS, hostile.HOSTILE):
        corpus = hostile.corpus(4, said)
        chosen = (
            charts.timeline(corpus, by="tag"),
            charts.matrix(corpus),
            charts.threads(cl.compare(corpus, *corpus.ids[:2])),
        )
        pages.append([Page(chart.to_html()) for chart in chosen])
    for honest, *others in zip(*pages, strict=True):
        for page in others:
            assert [node.tag for node in page.elements] == [node.tag for node in honest.elements]
            assert [*page.attributes()] == [*honest.attributes()]


def test_no_text_becomes_an_expression(walk):
    for name, chart in walk.charts.items():
        made = vl_convert.vegalite_to_vega(chart.to_dict(), vl_version=".".join(alt.SCHEMA_VERSION.split(".")[:2])[1:])
        for expression in expressions(made):
            # what is left beside quoted texts is code
            assert not _hostile(QUOTED.sub("", expression)), (name, expression)


def expressions(node: object, code: bool = False) -> Iterator[str]:
    if isinstance(node, str) and code:
        yield node
    elif isinstance(node, list):
        for child in node:
            yield from expressions(child, code)
    elif isinstance(node, dict):
        for name, child in node.items():
            if name not in ("values", "usermeta"):
                yield from expressions(child, name in ("expr", "signal", "test", "update", "calculate", "init"))


def test_a_terminal_gets_nothing_that_it_obeys(walk):
    for name, text in walk.terminal.items():
        assert text, name
        assert [c for c in text if not c.isprintable() and c not in "\n\t"] == [], name


def test_a_line_of_the_command_stays_a_line(walk):
    for name in ("info", "doctor", "unknown", "refused", "nothing"):
        lines = walk.terminal[name].splitlines()
        assert not [line for line in lines if line.startswith(("# head", "1. item", "ER  -"))], name


def test_markdown_shows_and_does_nothing_else(walk):
    for name, text in walk.markdown.items():
        left = text.replace("<span>&#36;</span>", "").replace("<span>&#92;</span>", "")
        left = re.sub(r"\\[^a-zA-Z0-9\s]", "", re.sub(r"(?<!\\)(`+)(?!`).*?(?<!`)\1(?!`)", "", left))
        assert not set(left) & set("<$\\@[]_~"), (name, left)
        assert "://" not in left, name
        assert "www." not in left, name
        assert not re.search(r"^\s*(?:- )?(?:#(?!# )|\d+[.)] )", left, re.MULTILINE), name


def test_no_cell_of_a_table_is_a_formula(walk):
    for name, text in walk.tables.items():
        rows = list(csv.reader(io.StringIO(text, newline="")))
        assert len({len(row) for row in rows}) == 1, name
        for cell in (cell for row in rows for cell in row):
            assert not re.match(r"[=+@\t\r\n-]", cell) or re.fullmatch(r"-?[\d.]+", cell), (name, cell)


def test_citations_are_read_back_one_a_cable(walk):
    n = len(walk.corpus)
    library = bibtexparser.parse_string(walk.terminal["bibtex"])
    assert len(library.entries) == n
    assert not library.failed_blocks
    assert len(rispy.loads(walk.terminal["ris"])) == n
    assert len(json.loads(walk.terminal["csl-json"])) == n
    assert len(walk.terminal["chicago"].splitlines()) == n


# What is read and what is written


def test_nothing_is_unpickled_evaluated_or_run():
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = []
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [*(alias.name for alias in node.names), getattr(node, "module", None) or ""]
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                names = [f"{node.func.id}()"]
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                names = [f".{node.func.attr}()"]
            forbidden = {"pickle", "cPickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "eval()", "exec()"}
            forbidden |= {"compile()", "__import__()", ".read_pickle()", ".deserialize()", ".system()", ".popen()"}
            assert not forbidden & set(names), (path, names)


def test_a_pickle_among_the_captures_is_a_problem_and_never_run(tmp_path):
    source = tmp_path / "in"
    source.mkdir()
    bomb = f"cbuiltins\nopen\n(S'{tmp_path / 'ran'}'\nS'w'\ntR."
    for name in ("bomb.pkl", "bomb.txt", "bomb.npy", "bomb.parquet"):
        (source / name).write_text(bomb)
    (source / "07OSLO1.txt").write_text("UNCLAS OSLO 000001\n\n1. Catches fell.\n")
    corpus = cl.read(source)
    assert "07OSLO1" in corpus.ids
    assert not (tmp_path / "ran").exists()


def held(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_is_written_stays_inside_the_folder_named(tmp_path, monkeypatch):
    """Ids, sources and names of a zip that climb out of a folder, and a manifest that lists what lies outside."""
    home, out = tmp_path / "home", tmp_path / "out"
    for folder in (home, out, tmp_path / "tmp"):
        folder.mkdir()
    monkeypatch.chdir(home)
    for name, place in (("HOME", home), ("TMPDIR", tmp_path / "tmp"), ("XDG_CACHE_HOME", home)):
        monkeypatch.setenv(name, str(place))
    (tmp_path / "victim.parquet").write_bytes(b"mine")
    climbing = "../../victim.parquet"
    corpus = hostile.corpus(3, climbing)
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        for name in (f"{climbing}.txt", "/victim.txt", "C:\\victim.txt", "a/../../07OSLO1.txt"):
            archive.writestr(name, "UNCLAS OSLO 000001\n\nSUBJECT: ../../X\n\n1. Catches fell.\n")
    before = held(tmp_path)
    corpus.save(out / "saved")
    cl.ingest.ingest(tmp_path / "in.zip", to=out / "read", workers=1, progress=False)
    comparison = cl.compare(corpus, *corpus.ids[:2])
    comparison.to_html(out / "page.html")
    comparison.to_csv(out / "page.csv")
    for suffix in SUFFIXES:
        export(corpus, out / f"cables{suffix}")
    explorer = cl.explore(corpus)
    explorer.results.act("keep", corpus.ids[0], True)
    explorer.export(out / "kept.csv")
    command("compare", out / "saved", *corpus.ids[:2], "--html", out / "again.html")
    assert {name: data for name, data in held(tmp_path).items() if not name.startswith("out/")} == before
    manifest = out / "saved" / "manifest.json"
    listed = json.loads(manifest.read_text("utf-8"))
    listed["parts"][0]["file"] = "../../victim.parquet"
    manifest.write_text(json.dumps(listed), encoding="utf-8")
    for use in (cl.open, corpus.save):
        with pytest.raises(NotACorpus, match="lists other files"):
            use(out / "saved")
    assert (tmp_path / "victim.parquet").read_bytes() == b"mine"


def test_every_function_that_shows_something_has_shown_hostile_text(walked):
    walk = walked("markup")
    expected = {f"{module}.{name}" for module, name in showing()}
    ran = {f"{module}.{name}" for module, name in walk.ran}
    assert len(expected) > 100
    assert expected - ran - set(ELSEWHERE) == set(), (
        "no view above shows hostile text by it: call it in html, drawn, terminal ..."
    )
    assert set(ELSEWHERE) - (expected - ran) == set(), "ELSEWHERE names what is shown above, or is no more"
