"""Fixtures every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.support.reference import ABSENT, reference_folder

# How long an example takes says more of what else the machine does than of the code. Where a submission is
# judged the examples are the same every time; who works on Coxa gets others in every run.
settings.register_profile("coxa", deadline=None, derandomize="CI" in os.environ, print_blob=True)
# For mutants: the same few examples every time, and the first that fails will do.
settings.register_profile(
    "mutation",
    deadline=None,
    derandomize=True,
    max_examples=20,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("coxa")


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """The folder of reference data; tests that need it skip, saying so, where it is absent."""
    folder = reference_folder()
    if folder is None:
        pytest.skip(ABSENT)
    return folder
