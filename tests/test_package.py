"""The project as a whole: what it imports, promises, ships and shows."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterable
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "cablelab"
MODULES = sorted(PACKAGE.rglob("*.py"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
README = (ROOT / "README.md").read_text("utf-8")

HEAVY = ["altair", "ipywidgets", "anywidget", "numpy", "pandas", "scipy", "rapidfuzz", "IPython", "jupyterlab"]
# looked for, and done without when missing
OPTIONAL = {
    "IPython",
    "jupyterlab",
    "dask",
    "distributed",
    "upath",
    "docx",
    "pypdfium2",
    "striprtf",
    "networkx",
    "krippendorff",
}
MOST_NAMES = 30
MOST_LINES = 400
MOST_NOTEBOOK_BYTES = 400_000
# Written so that they do not match themselves.
MACHINE = re.compile("|".join(f"(?<![\\w.~-])/{place}/" for place in ("work", "farm", "root", "opt", "tmp")))
REGISTRY = re.compile(r"(extra-)?index" r"-url|find" r"-links|files\.python" r"hosted|test\.py" r"pi\.org")
BANNED = re.compile(r"\b(widgets\.Output|interact\(|pickle\.loads?\(|(?<!\.list\.)eval\(|exec\()")
TEXT_FILES = (
    ".py",
    ".md",
    ".toml",
    ".cfg",
    ".cff",
    ".csv",
    ".txt",
    ".ipynb",
    ".json",
    "/run",
    "/postBuild",
    ".js",
    ".css",
)
UNFINISHED = re.compile(r"\b(TODO|FIXME|HACK)\b|raise NotImplementedError")
# Python before 3.11.5 gives up such a repeat too early (its issue 106052): `(?>(?:...)*)` says the same.
MISREAD = re.compile(r"(?<!\\)\)(?:[*+?]|\{{1,2}\d*,?\d*\}{1,2})\+")


def run(*command: object, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": "", "NO_COLOR": "1"} | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )


def output(*command: object, cwd: Path = ROOT, **environment: str) -> str:
    done = run(*command, cwd=cwd, **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def tracked(*suffixes: str) -> list[Path]:
    names = output("git", "ls-files", "-z").split("\0")
    return [ROOT / name for name in names if name.endswith(suffixes) and (ROOT / name).is_file()]


# What it imports and promises


def test_import_is_light():
    code = f"import cablelab, sys; print([name for name in {HEAVY} if name in sys.modules])"
    assert output(sys.executable, "-c", code).strip() == "[]"


def test_import_loads_no_module_of_its_own():
    code = "import cablelab, sys; print([name for name in sys.modules if name.startswith('cablelab.')])"
    assert output(sys.executable, "-c", code).strip() == "[]"


def test_public_names_are_few_and_all_there():
    code = (
        "import cablelab, json\n"
        "missing = [name for name in cablelab.__all__ if not hasattr(cablelab, name)]\n"
        "print(json.dumps([cablelab.__all__, missing]))"
    )
    names, missing = json.loads(output(sys.executable, "-c", code))
    assert missing == []
    assert 0 < len(names) <= MOST_NAMES
    assert len(names) == len(set(names))


def test_public_names_have_docstrings_with_examples():
    code = (
        "import cablelab, inspect, json\n"
        "docs = {n: inspect.getdoc(getattr(cablelab, n)) or '' for n in cablelab.__all__}\n"
        "print(json.dumps([n for n, doc in docs.items() if '>>>' not in doc]))"
    )
    assert json.loads(output(sys.executable, "-c", code)) == []


def test_version_is_one():
    version = PYPROJECT["project"]["version"]
    assert f"version: {version}" in (ROOT / "CITATION.cff").read_text("utf-8")
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


@pytest.mark.parametrize("tool", [["ruff", "check"], ["ruff", "format", "--check"], ["mypy"]], ids=" ".join)
def test_checkers_have_nothing_to_say(tool):
    done = run(sys.executable, "-m", *tool)
    assert done.returncode == 0, done.stdout + done.stderr


def imported(modules: Iterable[Path]) -> set[str]:
    """The top-level names that modules import from outside the project and the standard library."""
    names = set()
    for module in modules:
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.split(".")[0])
    return names - set(sys.stdlib_module_names) - {"cablelab"}


def declared(*extras: str) -> set[str]:
    """The modules that the dependencies of pyproject give, by the names under which they are imported."""
    project = PYPROJECT["project"]
    lines = [*project["dependencies"], *(line for extra in extras for line in project["optional-dependencies"][extra])]
    names = {re.split(r"[<>=!~ \[;]", line)[0] for line in lines} - {"cablelab"}
    return {name.replace("-python", "").replace("-", "_") for name in names}


def test_dependencies_are_those_that_are_imported():
    """Each is imported by the package, save anywidget, which altair and ipywidgets need for live charts."""
    found = imported(MODULES)
    assert declared() - found <= {"anywidget"}
    assert found <= declared() | OPTIONAL


def test_tests_import_nothing_undeclared():
    tests = [path for path in (ROOT / "tests").rglob("*.py") if "benchmarks" not in path.parts]
    local = {path.stem for path in tests}
    assert imported(tests) <= declared("lab", "test") | local


# How it is written


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_module_is_small_documented_and_plain(module):
    source = module.read_text("utf-8")
    assert source.count("\n") <= MOST_LINES
    assert not BANNED.search(source)
    assert not UNFINISHED.search(source)
    tree = ast.parse(source)
    assert not source.strip() or ast.get_docstring(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            assert not (len(node.body) == 1 and isinstance(node.body[0], ast.Pass)), f"line {node.lineno}: swallowed"
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    public = [node for node in tree.body if isinstance(node, kinds) and not node.name.startswith("_")]
    for owner in [node for node in public if isinstance(node, ast.ClassDef)]:
        public += [node for node in owner.body if isinstance(node, kinds) and not node.name.startswith("_")]
    assert [node.name for node in public if not ast.get_docstring(node)] == []


def test_files_name_no_machine_and_no_registry():
    found = []
    for path in tracked(
        ".py", ".md", ".toml", ".cfg", ".cff", ".txt", ".ipynb", ".json", "run", "postBuild", ".js", ".css"
    ):
        text = path.read_text("utf-8")
        found += [f"{path.relative_to(ROOT)}: {hit.group()}" for hit in MACHINE.finditer(text)]
        found += [f"{path.relative_to(ROOT)}: {hit.group()}" for hit in REGISTRY.finditer(text)]
    assert found == []


# What it ships


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    output(sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", folder, ROOT)
    (built,) = folder.glob("*.whl")
    return built


def test_wheel_carries_what_is_needed_and_no_more(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert "cablelab/py.typed" in names
    assert {f"cablelab/notebooks/{path.name}" for path in NOTEBOOKS} <= names
    shipped = [path for path in tracked("") if path.is_relative_to(PACKAGE)]
    assert {path.relative_to(ROOT).as_posix() for path in shipped} <= names
    tops = {name.split("/")[0] for name in names}
    assert tops == {"cablelab", f"cablelab-{PYPROJECT['project']['version']}.dist-info"}


def test_wheel_works_elsewhere(wheel, tmp_path):
    """Installed without the checkout in sight, the wheel reads its sample and hands out its notebooks."""
    venv = tmp_path / "venv"
    output(sys.executable, "-m", "venv", "--without-pip", venv)
    python = venv / "bin" / "python"
    (site,) = venv.glob("lib/python*/site-packages")
    output(sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--target", site, wheel, cwd=tmp_path)
    # The dependencies are those of the environment that runs the tests, after the wheel on the path.
    environment = {"PYTHONPATH": os.pathsep.join([str(site), *_installed()])}
    code = "import cablelab as cl; print(cl.__file__); print(cl.sample().cables.height)"
    place, cables = output(python, "-c", code, cwd=tmp_path, **environment).split()
    assert Path(place).is_relative_to(venv)
    assert int(cables) > 100
    code = "from cablelab.lab import notebooks; print(notebooks())"
    folder = Path(output(python, "-c", code, cwd=tmp_path, **environment).splitlines()[-1])
    assert folder == tmp_path / "cablelab-notebooks"
    assert {path.name for path in folder.glob("*.ipynb")} == {path.name for path in NOTEBOOKS}


def _installed() -> list[str]:
    return [path for path in sys.path if path.endswith("site-packages")]


# What it shows


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebook_is_committed_whole(path):
    """A cell without its execution count would be run but not compared."""
    assert path.stat().st_size <= MOST_NOTEBOOK_BYTES
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert any(cell.outputs for cell in code)
    assert not [
        out
        for cell in code
        for out in cell.outputs
        if out.output_type in {"error", "stream"} and out.get("name") != "stdout"
    ]
    assert notebook.cells[0].cell_type == "markdown", "prose comes before code"


def test_notebooks_begin_with_the_one_that_lab_opens():
    from cablelab.lab import FIRST

    assert FIRST in [path.name for path in NOTEBOOKS]


def test_readme_points_at_files_that_exist():
    targets = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", README)
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_badge_opens_a_notebook_that_exists():
    badges = re.findall(r"mybinder\.org/v2/\S+?urlpath=lab/tree/([^)\s]+)", README)
    assert badges
    assert [path for path in badges if not (ROOT / path).is_file()] == []


def test_binder_files_are_what_repo2docker_expects():
    folder = ROOT / "binder"
    assert (folder / "requirements.txt").read_text("utf-8").split() == ["-c", "lock.txt", "-e", ".[lab,class]"]
    assert re.fullmatch(r"python-3\.1[1-9]\n", (folder / "runtime.txt").read_text("utf-8"))
    assert os.access(folder / "postBuild", os.X_OK)


def test_binder_pins_what_was_tested_and_what_pyproject_admits():
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    first, *lines = (ROOT / "binder" / "lock.txt").read_text("utf-8").splitlines()
    python = (ROOT / "binder" / "runtime.txt").read_text("utf-8").strip().removeprefix("python-")
    assert first == f"# Made by .ci/lock: what the tests ran with, on Python {python}."
    pinned = dict(re.fullmatch(r"([a-z0-9-]+)==([A-Za-z0-9.+!]+)", line).groups() for line in lines)  # names no host
    assert list(pinned) == sorted(pinned)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    for line in [*project["dependencies"], *extras["lab"], *extras["class"]]:
        wanted = Requirement(line)
        assert wanted.specifier.contains(pinned[canonicalize_name(wanted.name)], prereleases=True), line
    assert {"jupyter-server", "ipykernel", "tornado"} <= set(pinned), "and what those need in turn"


def test_each_notebook_has_a_button():
    told = (ROOT / "docs" / "howto" / "class.md").read_text("utf-8")
    buttons = re.findall(r"mybinder\.org/v2/\S+?urlpath=(?:lab/tree|voila/render)/(notebooks/[^)\s]+)", told)
    assert set(buttons) == {f"notebooks/{path.name}" for path in NOTEBOOKS}
    assert "docs/howto/class.md" in README
    for word in ("session is lost", "Memory", "Do not upload"):
        assert word in told


def test_readme_names_two_commands_that_do_everything():
    blocks = re.findall(r"<!-- (\w+) command -->\n+```(?:\w*)\n(.+?)\n```", README, re.DOTALL)
    commands = dict(blocks)
    assert set(commands) == {"lab", "test"}
    for command in commands.values():
        assert "\n" not in command
        assert command.startswith("python3 -m venv .venv && .venv/bin/pip install")
    assert commands["lab"].endswith(".venv/bin/cablelab lab")


def test_ci_runs_the_command_that_readme_prints():
    """`.ci/run` cuts the command out of README; the same cut here gives the block that a reader sees."""
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    (cut,) = re.findall(r"^command=\$\((.+)\)$", script, re.MULTILINE)
    printed = re.search(r"<!-- test command -->\n+```\w*\n(.+?)\n```", README, re.DOTALL)
    assert printed
    assert output("bash", "-c", cut).strip() == printed.group(1)
    assert 'bash -euo pipefail -c "$command"' in script
    assert "pytest" not in script, "CI has no test command of its own"


def test_readme_example_runs():
    (example,) = re.findall(r"```python\n(.+?)\n```", README, re.DOTALL)
    output(sys.executable, "-W", "error", "-c", example)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "cablelab").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_no_group_is_repeated_possessively(path):
    assert not MISREAD.findall(path.read_text("utf-8"))


def test_what_earlier_pythons_misread_is_found():
    assert MISREAD.search("<td>(?:<[^<]*)*+")
    assert MISREAD.search("(?:[ ]?=){{2,}}+")
    assert not MISREAD.search(r"\)[ ]*+(?>(?:a|b)*)\)+x")
