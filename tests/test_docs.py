"""The site: it builds without a warning or a dead link, has a page for each public name, and its code runs."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([DOCS / "index.md", *(DOCS / "howto").glob("*.md")])
CODE = re.compile(r"^( *)```python\n(.*?)^ *```", re.MULTILINE | re.DOTALL)

pytest.importorskip("sphinx", reason="the extra docs is not installed")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    source = folder / "docs"
    shutil.copytree(DOCS, source, ignore=shutil.ignore_patterns("made", "_build", "__pycache__"))
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-q",
        "-W",
        "--keep-going",
        "-b",
        "html",
        str(source),
        str(folder / "html"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-4000:]
    return folder / "html"


class Links(HTMLParser):
    """The targets and the names of one page."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.targets, self.names = [], set()
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.names |= {given[key] for key in ("id", "name") if given.get(key)}
        self.targets += [given[key] for key in ("href", "src") if given.get(key)]


def test_no_link_inside_the_site_is_dead(site):
    pages = {page: Links(page) for page in site.rglob("*.html")}
    assert len(pages) > 60
    dead = []
    for page, links in pages.items():
        for target in links.targets:
            parts = urlsplit(target)
            if parts.scheme or parts.netloc:
                continue
            there = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            if not there.exists() or (
                parts.fragment
                and there.suffix == ".html"
                and there in pages
                and parts.fragment not in pages[there].names
            ):
                dead.append((page.name, target))
    assert dead == []


def test_pages_load_nothing_from_elsewhere(site):
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=\"https?://[^\"]+", text), page.name


def test_every_public_name_has_its_page(site):
    rows = re.findall(r"^\| `(cl[.\w]*)` \| (.+) \|$", (DOCS / "paths.md").read_text("utf-8"), re.MULTILINE)
    for module, names in rows:
        page = "top" if module == "cl" else module.removeprefix("cl.")
        for name in re.findall(r"`(\w+)`", names):
            assert (site / "made" / "reference" / f"{page}.{name}.html").is_file(), (module, name)


def test_a_task_is_found_by_its_words(site):
    index = (site / "searchindex.js").read_text(encoding="utf-8")
    for word in ("footnot", "reftel", "krippendorff", "graphml", "redact"):
        assert word in index, word


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_code_of_a_page_runs_in_order(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for indent, block in CODE.findall(page.read_text(encoding="utf-8")):
        lines = "\n".join(line.removeprefix(indent) for line in block.splitlines())
        exec(compile(lines, page.name, "exec"), names)
