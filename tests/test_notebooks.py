"""That the comparison of notebooks can fail: a changed cell, a changed output, a missing corpus."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from cablelab.errors import NothingToRead
from cablelab.lab import chosen_corpus

ROOT = Path(__file__).resolve().parents[1]
FIRST = ROOT / "notebooks" / "01_start.ipynb"


@pytest.fixture
def copy(tmp_path):
    target = tmp_path / "copy.ipynb"
    shutil.copyfile(FIRST, target)
    return target


def compare(path: Path) -> subprocess.CompletedProcess[str]:
    """Run nbval on one notebook with the options of the project."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-c",
        ROOT / "pyproject.toml",
        f"--rootdir={ROOT}",
        "-p",
        "no:cacheprovider",
    ]
    return subprocess.run(
        [*map(str, command), "-q", str(path)],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )


def code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]


def change(path: Path, number: int, source: str) -> None:
    notebook = nbformat.read(path, as_version=4)
    code_cells(notebook)[number].source = source
    nbformat.write(notebook, path)


def test_a_changed_cell_fails(copy):
    """The last cell that shows something shows something else; everything above it stays and passes."""
    cells = code_cells(nbformat.read(copy, as_version=4))
    number = max(index for index, cell in enumerate(cells) if cell.outputs)
    change(copy, number, "'changed'")
    done = compare(copy)
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"1 failed, {len(cells) - 1} passed" in done.stdout


def test_a_cell_that_raises_fails(copy):
    notebook = nbformat.read(copy, as_version=4)
    notebook.cells = code_cells(notebook)[:1]
    nbformat.write(notebook, copy)
    change(copy, 0, "raise RuntimeError('broken')")
    done = compare(copy)
    assert done.returncode == 1
    assert "RuntimeError" in done.stdout


def test_notebooks_read_the_corpus_that_the_user_chose(tmp_path, monkeypatch):
    (tmp_path / "07PORTKESTREL34.txt").write_text("UNCLAS PORT KESTREL 000034\n\nSUBJECT: FISH\n\n1. Catches fell.\n")
    monkeypatch.setenv("CABLELAB_CORPUS", str(tmp_path))
    assert chosen_corpus().cables["cable"].to_list() == ["07PORTKESTREL34"]
    chosen_corpus().save(tmp_path / "saved")
    assert chosen_corpus(tmp_path / "saved").cables["cable"].to_list() == ["07PORTKESTREL34"]
    monkeypatch.delenv("CABLELAB_CORPUS")
    assert chosen_corpus().cables.height > 100


@pytest.mark.parametrize(
    ("name", "said"), [("missing", "There is no"), ("empty", "empty"), ("pictures", "2 were refused")]
)
def test_a_source_without_cables_is_an_error_and_no_sample(tmp_path, monkeypatch, name, said):
    (tmp_path / "empty").mkdir()
    (tmp_path / "pictures").mkdir()
    for picture in ("beach.jpg", "hill.jpg"):
        (tmp_path / "pictures" / picture).write_bytes(b"\xff\xd8\xff\xe0" + bytes(200))
    monkeypatch.setenv("CABLELAB_CORPUS", str(tmp_path / name))
    with pytest.raises(NothingToRead, match=said):
        chosen_corpus()


def few(shared: Path, folder: Path, most: int) -> Path:
    """Put some of the pages beside the checkout into a folder, as a historian would hold them: spread over all posts."""
    pages = sorted(path for path in (shared / "cables" / "wikileaks").rglob("*") if path.is_file())
    for path in pages[:: max(1, len(pages) // most)][:most]:
        shutil.copyfile(path, folder / path.name)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("which", ["seeds", "forty-two"])
@pytest.mark.parametrize("path", sorted(FIRST.parent.glob("*.ipynb")), ids=lambda path: path.name)
def test_notebooks_run_to_their_end_on_few_real_cables(shared, tmp_path, monkeypatch, path, which):
    """None of these cables need have a tag, a date or a chain that the sample has. A folder of pages is read, a saved corpus opened."""
    from nbclient import NotebookClient

    folder = tmp_path / "cables"
    folder.mkdir()
    corpus = shared / "cables" / "seeds"
    if which == "forty-two":
        chosen_corpus(few(shared, folder, 42)).save(corpus := tmp_path / "saved")
    monkeypatch.setenv("CABLELAB_CORPUS", str(corpus))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    notebook = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=600, record_timing=False, store_widget_state=False, resources=resources).execute()
    assert all(cell.execution_count for cell in code_cells(notebook))


@pytest.mark.parametrize("name", [FIRST.name, "04_sequential_assessments.ipynb", "06_search_cite_export.ipynb"])
def test_notebooks_say_that_one_cable_has_nothing_to_be_compared_with(tmp_path, monkeypatch, name):
    from nbclient import NotebookClient

    (tmp_path / "07PORTKESTREL34.txt").write_text("UNCLAS PORT KESTREL 000034\n\nSUBJECT: FISH\n\n1. Catches fell.\n")
    monkeypatch.setenv("CABLELAB_CORPUS", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    notebook = nbformat.read(FIRST.with_name(name), as_version=4)
    resources = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=600, record_timing=False, store_widget_state=False, resources=resources).execute()
    shown = " ".join(output.get("text", "") for cell in code_cells(notebook) for output in cell.outputs)
    assert "One cable alone has nothing to be compared with" in shown
    assert "SameCable" not in shown
