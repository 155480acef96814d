"""A protocol that somebody else wrote, from its folder to its verdict, through the command line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.support.command import coxa

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "protocols.md"
TRUNK = (
    *("pelvis_tilt", "pelvis_list", "pelvis_rotation"),
    *("lumbar_extension", "lumbar_bending", "lumbar_rotation"),
)
LEGS = ("hip_flexion", "hip_adduction", "hip_rotation", "knee_angle", "ankle_angle")
N_REPETITIONS = 3


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tests = tmp_path / "tests"
    tests.mkdir()
    example = GUIDE.read_text().partition("```yaml\n")[2].partition("```")[0]
    (tests / "side_lunge.yaml").write_text(example)
    return tests


@pytest.fixture
def lunges(tmp_path: Path) -> Path:
    """The right knee bends three times, by 80 degrees: a file of OpenSim's coordinates."""
    time_s = np.arange(0.0, 4.0 * N_REPETITIONS, 0.02)
    bend = 40.0 * (1.0 - np.cos(2 * np.pi * time_s / 4.0))
    columns = {"time": time_s}
    names = [*TRUNK, *(f"{name}_{side}" for side in "rl" for name in LEGS)]
    columns |= {name: np.zeros_like(time_s) for name in names}
    columns["knee_angle_r"], columns["hip_flexion_r"] = bend, 0.8 * bend
    head = f"Coordinates\nversion=1\nnRows={len(time_s)}\nnColumns={len(columns)}\ninDegrees=yes\nendheader\n"
    rows = zip(*columns.values(), strict=True)
    body = "\n".join("\t".join(f"{value:.5f}" for value in row) for row in rows)
    path = tmp_path / "lunges.mot"
    path.write_text(head + "\t".join(columns) + "\n" + body + "\n")
    return path


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
