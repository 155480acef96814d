"""The example of the README runs as it stands."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_python_example(tmp_path: Path, reference_data: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    shutil.copy(reference_data / "rendered" / "b_seat_ier_male.mp4", tmp_path / "squat.mp4")
    check = "\nassert set(table['observability']) <= {'observed', 'weak', 'not observable'}"
    done = subprocess.run(
        [sys.executable, "-c", example + check], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert 1.3 < float(done.stdout) < 2.0, "a sitting man's knee, in rad"
    assert [path.name for path in tmp_path.iterdir()] == ["squat.mp4"], "nothing is written without out="
