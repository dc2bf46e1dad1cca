"""The plan of the house: rooms import only what stands on lower floors, and what notebooks name stays where it is."""

from __future__ import annotations

import ast
import importlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

import cablelab as cl
from cablelab import as_code
from cablelab.ingest import batches

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "cablelab"
# From the ground up; rooms of one floor do not know each other.
FLOORS = (
    {"escaping", "ids", "kept", "terms"},
    {"errors"},
    {"as_code", "facts", "frames"},
    {"finding", "message", "search", "storage"},
    {"capture", "corpus"},
    {"chaining", "doctor", "export", "provenance", "reading", "studies", "where"},
    {"comparison", "ingest", "samples"},
    {"charts", "citing", "lab"},
    {"cli", "widgets"},
    {"__main__"},
)
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
PATH = re.compile(r"\bcl\.(?:[a-z_]+\.)*[A-Za-z_]+")


def modules() -> dict[str, Path]:
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        found[name.removesuffix(".__init__")] = path
    return found


MODULES = modules()


def imports(name: str) -> Iterator[tuple[str, int]]:
    """The package's own modules that one imports, anywhere in it and if only for types, with the line."""
    for node in ast.walk(ast.parse(MODULES[name].read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "cablelab":
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield (inner if inner in MODULES else node.module), node.lineno
        elif isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names if alias.name.split(".")[0] == "cablelab")


def room(name: str) -> str:
    return (name.split(".") + [""])[1]  # noqa: RUF005


def test_every_room_has_its_floor():
    rooms = {room(name) for name in MODULES} - {""}
    assert rooms - set(FLOOR) == set(), "name the room in FLOORS here, above all that it imports"
    assert set(FLOOR) - rooms == set(), "FLOORS here names rooms that are no more"


def test_rooms_import_only_lower_floors():
    """The root is no room: it is loaded before any of them, and its names load theirs when they are asked for."""
    wrong = [
        f"{MODULES[name].relative_to(ROOT)}:{line} imports {target}"
        for name in MODULES
        if room(name)
        for target, line in imports(name)
        if room(target) not in {"", room(name)} and FLOOR[room(target)] >= FLOOR[room(name)]
    ]
    assert wrong == []


def test_no_module_stands_in_a_circle():
    """A folder's `__init__` may show what its modules offer, so an import of the folder is one of its `__init__` alone."""
    arrows = {name: {target for target, _ in imports(name)} - {name, "cablelab"} for name in MODULES}
    circles = []
    for start in sorted(MODULES):
        seen: set[str] = set()
        waiting = list(arrows[start])
        while waiting:
            at = waiting.pop()
            if at not in seen:
                seen.add(at)
                waiting += arrows.get(at, ())
        if start in seen:
            circles.append(start)
    assert circles == []


# What notebooks name


def documented() -> list[str]:
    """The paths that docs/paths.md promises."""
    paths = []
    for line in (ROOT / "docs" / "paths.md").read_text("utf-8").splitlines():
        if found := re.fullmatch(r"\| `(cl[a-z_.]*)` \| (.*) \|", line):
            paths += [f"{found[1]}.{name}" for name in re.findall(r"`(\w+)`", found[2])]
    return paths


def resolve(path: str) -> object:
    """Find what a path names, as a notebook would after `import cablelab as cl`."""
    found: object = cl
    for part in path.split(".")[1:]:
        found = getattr(found, part)
    return found


@pytest.mark.parametrize("path", documented())
def test_a_documented_path_is_there(path):
    assert resolve(path) is not None


def test_the_documented_paths_are_all_names_of_the_top_and_name_every_module():
    paths = documented()
    assert sorted(p[3:] for p in paths if p.count(".") == 1) == sorted(cl.__all__)
    assert {p.split(".")[1] for p in paths if p.count(".") == 2} == set(cl._MODULES)


@pytest.mark.parametrize("module", ["charts", "where", "citing"])
def test_what_a_module_offers_is_promised(module):
    offered = {f"cl.{module}.{name}" for name in resolve(f"cl.{module}").__all__ if name[0].islower()}
    assert offered - set(documented()) == set(), "list it in docs/paths.md: notebooks may call it from now on"


def test_whatever_names_a_path_names_a_documented_one():
    """README, notebooks, docstrings and the cures of errors; a module alone may be named too."""
    promised = {*documented(), *(f"cl.{name}" for name in cl._MODULES)}
    texts = [*ROOT.glob("*.md"), *(ROOT / "notebooks").glob("*.ipynb"), *PACKAGE.rglob("*.py")]
    unknown = set()
    for file in texts:
        for path in PATH.findall(file.read_text("utf-8")):
            if not any(path == known or path.startswith(f"{known}.") for known in promised):
                unknown.add(f"{path} in {file.relative_to(ROOT)}")
    assert unknown == set()


def test_conditions_are_written_under_paths_that_are_documented():
    assert set(as_code.PATHS.values()) <= set(documented())
    for name, path in as_code.PATHS.items():
        assert resolve(path).__name__ == name


def test_no_condition_is_forgotten_where_conditions_are_written_down():
    """Whatever names an expression after its call can be written again."""
    called = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "named" and len(node.args) > 1:
                assert isinstance(node.args[1], ast.Constant), f"{path}:{node.lineno}"
                called.add(node.args[1].value)
    assert called == set(as_code.PATHS)
    assert set(importlib.import_module("cablelab.where").__all__) <= called
    assert (
        as_code.code(cl.where.captioned("NODIS") & (pl.col("words") > 5))
        == 'cl.where.captioned("NODIS") & (pl.col("words") > 5)'
    )


# What a resume key digests


@pytest.fixture
def package(tmp_path) -> Path:
    shutil.copytree(PACKAGE, tmp_path / "cablelab", ignore=shutil.ignore_patterns("__pycache__", "widgets", "samples"))
    return tmp_path / "cablelab"


def test_all_that_a_read_imports_is_digested():
    """From the modules that make rows and frames, through whatever they import."""
    waiting, seen = ["cablelab.ingest.work", "cablelab.ingest.joining", "cablelab.reading"], set()
    while waiting:
        name = waiting.pop()
        if name and name != "cablelab" and name not in seen:
            seen.add(name)
            waiting += [target for target, _ in imports(name)]
            waiting.append(name.rpartition(".")[0])
    rooms = {room(name) for name in seen}
    named = {name.removesuffix(".py") for name in batches.READS}
    later = {"search", "as_code"}  # a corpus asks them when it is searched or filtered; no read does
    assert rooms - later == named


def test_a_file_that_moves_or_changes_makes_another_digest(package):
    before = batches.code_digest(package)
    assert before == batches.code_digest(PACKAGE)
    for change in (
        lambda: (package / "message" / "tags.py").rename(package / "reading" / "tags_of_old.py"),
        lambda: (package / "facts" / "posts.csv").write_text(""),
        lambda: (package / "message" / "words.txt").write_text("AND"),
        lambda: (package / "ids.py").write_text(""),
        lambda: (package / "capture" / "press.py").unlink(),
    ):
        change()
        after = batches.code_digest(package)
        assert after != before
        before = after
    (package / "message" / "core.pyc").write_bytes(b"")
    assert batches.code_digest(package) == before


@pytest.mark.parametrize("name", batches.READS)
def test_a_room_that_moved_is_told(package, name):
    (package / name).rename(package / "elsewhere")
    with pytest.raises(FileNotFoundError, match=rf"cablelab/{name} is among what a resume key digests"):
        batches.code_digest(package)
