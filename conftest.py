"""What holds for every test run: notebooks see neither the user's IPython profile nor the user's corpus."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

# A busy machine is no finding: no property has a time to keep.
settings.register_profile("no-clock", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("no-clock")

# What takes long: browsers, notebooks, worker processes, growth of time, all of a generated corpus. The rest is marked `quick`.
LONG = {
    "test_capture_forms", "test_chaining", "test_charts", "test_cli", "test_cluster", "test_comparison_quality", "test_comparison_views",
    "test_determinism", "test_docs", "test_figure", "test_fuzz", "test_growth", "test_hostile", "test_ingest", "test_memory", "test_merging",
    "test_notebooks", "test_package", "test_properties", "test_remote", "test_samples", "test_search", "test_seeds", "test_seeds_compare",
    "test_storage", "test_studies", "test_terminal", "test_trust", "test_truth", "test_truth_telegrams", "test_widgets", "test_workbench",
}  # fmt: skip
LONG_ROOMS = {
    "chaining",
    "charts",
    "comparison",
    "ingest",
    "samples",
    "studies",
    "widgets",
}  # examples that draw, compare or start workers
LONG_MARKS = ("slow", "browser")

# Files whose tests follow one another in one process: cells of a notebook share a kernel, tests in a browser their server
# and its page, others the site that is built, or the views that are drawn, for them.
TOGETHER = (".ipynb", "browser/", "test_docs.py", "test_hostile.py")

KERNEL_CONFIG = "get_config().IPKernelApp.log_level = 40  # start-up warnings would garble the closing line\n"


def pytest_configure(config: pytest.Config) -> None:
    """Give the kernels of this run a profile of their own."""
    home = tempfile.TemporaryDirectory(prefix="cablelab-ipython-")
    profile = Path(home.name) / "profile_default"
    profile.mkdir()
    (profile / "ipython_kernel_config.py").write_text(KERNEL_CONFIG, encoding="utf-8")
    os.environ["IPYTHONDIR"] = home.name
    os.environ.pop("CABLELAB_CORPUS", None)
    config.add_cleanup(home.cleanup)


def is_long(path: Path) -> bool:
    """Whether all tests of a file are long."""
    return path.stem in LONG or path.parent.name in (*LONG_ROOMS, "browser") or path.suffix == ".ipynb"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave files of long tests unread for `pytest -m quick`: importing them takes longer than many a test."""
    return (config.option.markexpr == "quick" and collection_path.is_file() and is_long(collection_path)) or None


@pytest.hookimpl(tryfirst=True)  # before `-m` looks at marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is quick, for `pytest -m quick`."""
    for item in items:
        if not is_long(item.path) and not any(map(item.get_closest_marker, LONG_MARKS)):
            item.add_marker("quick")


class Spread(LoadScopeScheduling):
    """Give `pytest -n` the tests one by one to whichever process is free, those of a file in TOGETHER to one of them."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::")[0]
        return file if any(part in file for part in TOGETHER) else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Spread:
    """Spread the tests over the processes."""
    return Spread(config, log)
