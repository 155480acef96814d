"""The pages' scripts have tests of their own (frontend/test); they are run with Python's."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def test_the_scripts_pass_their_own_tests() -> None:
    node = shutil.which("node")
    if node is None or not (ROOT / "node_modules" / "tsx").is_dir():
        pytest.skip("there is no Node here, or its packages are not installed: make setup")
    tests = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "frontend" / "test").glob("*.test.ts"))
    assert tests
    command = [node, "--test", "--import", "tsx", *tests]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-1000:]
