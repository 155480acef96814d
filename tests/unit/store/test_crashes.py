from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_kill_9_loses_nothing_that_was_acknowledged(tmp_path: Path, url: str | None) -> None:
    command = [sys.executable, "benchmarks/kill_record.py", "--rounds", "20"]
    command += [] if url is None else ["--database", url]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
