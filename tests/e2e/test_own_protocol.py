"""A protocol that somebody else wrote, from its folder to its verdict, through the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import coxa

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "protocols.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tests = tmp_path / "tests"
    tests.mkdir()
    example = GUIDE.read_text().partition("```yaml\n")[2].partition("```")[0]
    (tests / "side_lunge.yaml").write_text(example)
    return tests


@pytest.fixture
def lunges(tmp_path: Path) -> Path:
    """The recording that the guide makes up."""
    made = GUIDE.read_text(encoding="utf-8").partition("```python\n")[2].partition("```")[0]
    subprocess.run([sys.executable, "-c", made], cwd=tmp_path, check=True)
    return tmp_path / "lunges.mot"


def test_it_says_what_the_guide_says(folder: Path, lunges: Path, tmp_path: Path) -> None:
    ran = coxa("assess", lunges.name, "--protocol", "side_lunge", "--protocols", folder, cwd=tmp_path)
    told = GUIDE.read_text(encoding="utf-8").partition("```text\n")[2].partition("```")[0]
    assert " ".join(ran.out.split()).startswith(" ".join(told.split()))  # narrow spaces aside
    (found,) = json.loads((tmp_path / "coxa-out/lunges-side_lunge/assessment.json").read_text())[
        "assessments"
    ]
    (right,) = (one for one in found["results"] if one["side"] == "right")
    assert [one["verdict"] for one in right["repetitions"]] == ["clean", "clean", "compensated"]
    assert right["repetitions"][2]["compensations"][0]["probability"] == pytest.approx(0.998, abs=5e-4)


def test_it_runs_from_end_to_end(folder: Path, lunges: Path, tmp_path: Path) -> None:
    ran = coxa(
        *("assess", lunges, "--protocol", "side_lunge", "--protocols", folder, "--out", tmp_path / "out"),
        *("--json", "--quiet"),
        cwd=tmp_path,
    )
    assert ran.code == 0, ran.err
    assert "Traceback" not in ran.err
    assert json.loads(ran.out)
    assert '"side_lunge"' in ran.out
    assert any((tmp_path / "out").iterdir())


def test_it_is_listed_and_shown(folder: Path, tmp_path: Path) -> None:
    listed = coxa("protocols", cwd=tmp_path, environment={"COXA_PROTOCOLS": str(folder)})
    assert listed.code == 0 and "side_lunge" in listed.out
    shown = coxa("protocols", "show", "side_lunge", "--protocols", folder, cwd=tmp_path)
    assert shown.code == 0 and "Side lunge" in shown.out


def test_a_mistake_is_named_by_file_line_and_field(folder: Path, lunges: Path, tmp_path: Path) -> None:
    path = folder / "side_lunge.yaml"
    path.write_text(path.read_text().replace("min_motion_deg: 30", "min_motion_deg: much"))
    ran = coxa("assess", lunges, "--protocol", "side_lunge", "--protocols", folder, cwd=tmp_path)
    assert ran.code != 0
    assert "Traceback" not in ran.err
    assert "side_lunge.yaml" in ran.err and "line 22" in ran.err and "min_motion_deg" in ran.err
