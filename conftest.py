"""What holds for every test run: notebooks see neither the user's IPython profile nor the user's corpus."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no finding: no property has a time to keep.
settings.register_profile("no-clock", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("no-clock")

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
