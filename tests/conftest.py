"""Fixtures every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """The folder of reference data; tests that need it skip, saying so, where it is absent."""
    told = os.environ.get("COXA_REFERENCE_DATA")
    folder = Path(told) if told else Path(__file__).parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("no reference data: not at ../shared/data, and COXA_REFERENCE_DATA names no folder")
    return folder
