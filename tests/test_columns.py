"""Adding a column of `cables` takes two edits and a test: its line in `frames.py`, and a reader that gives a field of that name."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from cablelab.errors import SchemaError
from cablelab.frames import MEANINGS, SCHEMAS
from cablelab.message import Reference, Span
from cablelab.reading.rows import RAW, Batch, Rows

ROOT = Path(__file__).resolve().parents[1]
LINE = '    "subject": ('
NEW = '    "hurried": (pl.Int32, "number of exclamation marks in the subject"),\n'
READER = '''
    @property
    def hurried(self) -> int:
        """How often the subject cries."""
        return (self.subject or "").count("!")
'''
USE = """
import sys
import cablelab as cl
from cablelab.ingest import ingest
from pathlib import Path
source, home = Path(sys.argv[1], "07PORTKESTREL12.txt"), Path(sys.argv[1], "corpus")
source.write_text("UNCLAS PORT KESTREL 000012\\n\\nSUBJECT: FISH! HELP!\\n\\n1. Catches fell.")
for corpus in (cl.read(source), ingest(source, to=home, workers=1), cl.open(home)):
    assert corpus.cables["hurried"].to_list() == [2], corpus.cables
    assert corpus["07PORTKESTREL12"]["hurried"] == 2
    assert corpus.copies.columns.index("hurried") == corpus.cables.columns.index("hurried")
print(cl.frames.describe("cables").row(by_predicate=cl.frames.pl.col("column") == "hurried")[2])
"""


@pytest.fixture
def project(tmp_path) -> Path:
    """A copy of the package, to be changed."""
    ignored = shutil.ignore_patterns("__pycache__", "*.js", "*.css")
    shutil.copytree(ROOT / "cablelab", tmp_path / "project" / "cablelab", ignore=ignored)
    return tmp_path / "project"


def add_line(project: Path) -> None:
    frames = project / "cablelab" / "frames.py"
    before = frames.read_text("utf-8")
    assert before.count(LINE) == 1
    frames.write_text(before.replace(LINE, NEW + LINE), "utf-8")


def run(project: Path, code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(
        command, cwd=project, env=os.environ | {"PYTHONPATH": str(project)}, capture_output=True, text=True, check=False
    )


def test_a_new_column_needs_its_line_and_its_reader(project, tmp_path):
    add_line(project)
    model = project / "cablelab" / "message" / "model.py"
    model.write_text(model.read_text("utf-8").rstrip("\n") + "\n" + READER, "utf-8")  # Message is the last class there
    done = run(project, USE, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "number of exclamation marks in the subject"


def test_a_column_that_nothing_reads_is_an_error_that_names_it(project):
    add_line(project)
    done = run(project, "import cablelab; cablelab.parse('UNCLAS')")
    assert done.returncode == 1
    assert "Nothing fills the column 'hurried' of the frame 'cables'. Give Copy or Identity or Message" in done.stderr


def test_every_column_has_a_meaning_and_a_reader():
    for name, columns in SCHEMAS.items():
        assert list(MEANINGS[name]) == list(columns)
        assert all(MEANINGS[name].values())
    assert {name: set(rows.getters) | set(rows.given) for name, rows in Batch().rows.items()} == {
        name: set(columns) for name, columns in RAW.items()
    }


def test_rows_are_built_by_name_whatever_the_order():
    rows = Rows("spans", {"": Span}, ("copy",))
    rows.extend([Span(role="other", end=3, start=0)], copy=[7])
    assert rows.frame().rows(named=True) == [{"copy": 7, "start": 0, "end": 3, "role": "other"}]
    assert rows.frame().height == 0


def test_given_columns_that_are_left_out_do_not_shift_the_others():
    rows = Rows("references", {"": Reference}, ("copy", "position", "target", "year_from"))
    reference = Reference("A", "cable", "OSLO", 12, None, "OSLO 12", None, 0, 7)
    rows.extend([reference], copy=[0], position=[0], target=["07OSLO12"])
    with pytest.raises(pl.exceptions.ShapeError):
        rows.frame()


def test_a_field_of_no_kind_is_told_with_the_kinds():
    with pytest.raises(SchemaError, match=r"column 'role' of the frame 'spans'. Give Reference a field"):
        Rows("spans", {"": Reference}, ("copy",))
