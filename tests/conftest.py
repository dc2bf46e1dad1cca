"""Fixtures that every test may use."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real cables beside the checkout; they are not part of the project, so a clone may lack them."""
    folder = ROOT.parent / "shared"
    if not (folder / "cables").is_dir():
        pytest.skip("no ../shared/cables beside the checkout: the real cables are not part of the project")
    return folder
