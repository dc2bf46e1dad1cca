"""What is listed in one place and defined in another: a thing that is added and not listed fails here, with what to do."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from test_charts import CALLS, NO_CHARTS
from test_truth import ALL, TRAITS
from test_truth_telegrams import TRAITS as TELEGRAM_TRAITS

from cablelab import charts
from cablelab.capture.forms import PAGE_FORMS, STREAMED
from cablelab.frames import ROLES
from cablelab.message.head_fields import FIELDS
from cablelab.samples import telegrams
from cablelab.samples.fiction import SHARES
from cablelab.samples.forms import FORMS
from cablelab.widgets import roles

CAPTURE = Path(__file__).resolve().parents[1] / "cablelab" / "capture"
# Forms that the generator does not write; their tests hold invented sources instead.
NOT_GENERATED = {
    "airgram", "sql", "xml_records", "mail", "documents", "smart", "labelled", "tar", "archive", "web", "frus",
}  # fmt: skip
# What a form's module is called where the generator's form has another name.
WRITTEN = {
    "cablegate": "cablegate-html", "cables_csv": "csv", "nara": "record", "json_records": "json-lines", "table": "register",
}  # fmt: skip


def defining(name: str) -> set[str]:
    """The modules of capture/ that define a function of that name."""
    return {
        path.stem
        for path in CAPTURE.glob("*.py")
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name == name
    }


def test_every_form_is_asked():
    """Whoever can detect a form stands in one of the lists of forms.py, or is asked by name there or where files are collected."""
    listed = {module.__name__.rpartition(".")[2] for module in (*STREAMED, *PAGE_FORMS)}
    asking = "".join((CAPTURE / name).read_text("utf-8") for name in ("forms.py", "collect.py"))
    unasked = {name for name in defining("detect") - listed if f"{name}.detect(" not in asking}
    assert unasked == set(), "list it in STREAMED (records) or PAGE_FORMS (pages) of cablelab/capture/forms.py"


@pytest.mark.parametrize("module", [*STREAMED, *PAGE_FORMS], ids=lambda m: m.__name__.rpartition(".")[2])
def test_a_listed_form_detects_and_reads(module):
    assert callable(module.detect)
    assert callable(module.read)
    assert module.detect(b"" if module in STREAMED else "") is False


def test_every_form_is_written_by_the_generator_or_known_not_to_be():
    written = {name.replace("-", "_") for name in FORMS} | {"flattened"}
    missing = {
        name
        for name in defining("detect")
        if name not in written and WRITTEN.get(name) not in (*ALL, *telegrams.FORMS) and name not in NOT_GENERATED
    }
    assert missing == set(), (
        "add its name to NOT_GENERATED here, with its tests in tests/test_capture_forms.py (records) or test_capture.py,"
        " or write it in cablelab/samples/forms.py"
    )
    assert defining("detect") >= NOT_GENERATED - {"frus"}


def test_every_generated_form_has_its_share_and_its_traits():
    assert set(SHARES) == {*FORMS, "csv"}
    assert set(TRAITS) == set(ALL)
    assert set(TELEGRAM_TRAITS) == set(telegrams.FORMS)


def test_every_label_of_a_head_gives_a_role():
    opened = {one.role for one in FIELDS}
    assert opened - set(ROLES) == set(), "add the role to ROLES of cablelab/frames.py"


def test_the_reader_shows_every_role():
    assert set(ROLES) - set(roles.ROLES) == set(), "give it a family and letters in cablelab/widgets/roles.py"
    assert set(roles.ROLES) - set(ROLES) == set(), "cablelab/frames.py has no such role"


def test_every_chart_is_drawn_by_the_tests():
    drawn = set(charts.__all__) - NO_CHARTS
    assert drawn - set(CALLS) == set(), (
        "say in CALLS of tests/test_charts.py how it is called; what is no chart, in NO_CHARTS"
    )
    assert set(CALLS) - drawn == set(), "cablelab/charts/__init__.py does not offer it"
    hostile = (Path(__file__).parent / "test_hostile.py").read_text("utf-8")
    undrawn = {name for name in drawn if f"charts.{name}(" not in hostile}
    assert undrawn == set(), "draw it from hostile text in `drawn` of tests/test_hostile.py"
