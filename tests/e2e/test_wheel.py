"""The wheel, alone in a new environment, measures a film."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import files_under

ROOT = Path(__file__).parents[2]


def run(*command: str | Path, cwd: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_wheel_alone_measures_a_film(tmp_path: Path, reference_data: Path) -> None:
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, ROOT, cwd=ROOT)
    (wheel,) = tmp_path.glob("coxa-*.whl")
    run(sys.executable, "-m", "venv", tmp_path / "new", cwd=tmp_path)
    python = tmp_path / "new" / "bin" / "python"
    quietly = ("--quiet", "--disable-pip-version-check", "--constraint", ROOT / "constraints.txt")
    run(python, "-m", "pip", "install", *quietly, wheel, cwd=tmp_path)

    findings = json.loads(run(tmp_path / "new" / "bin" / "coxa", "doctor", "--json", cwd=tmp_path))[
        "findings"
    ]
    assert "wrong" not in {finding["health"] for finding in findings}

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    film = reference_data / "rendered" / "b_seat_ier_male.mp4"
    told = run(
        *(tmp_path / "new" / "bin" / "coxa", "measure", film, "--pose", "lite", "--to", "1.5", "--json"),
        cwd=elsewhere,
    )
    assert json.loads(told)["schema"] == "coxa.summary"
    written = files_under(elsewhere / "coxa-out" / film.stem)
    assert {"report.html", "overlay.mp4", "summary.json", "motion.parquet", "motion.mot"} <= written
