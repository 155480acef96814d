"""MOT and STO: units, whose coordinates they are, and Coxa's own marks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from coxa.adapters.sources.mot import open_mot
from coxa.app.request import ReadOptions
from coxa.model.channels import JointAngles
from coxa.model.errors import SourceError

KNEE = ("pelvis_tilt", "hip_flexion_r", "knee_angle_r", "pelvis_ty")


def table(
    names: tuple[str, ...], rows: list[tuple[float, ...]], head: str = "version=1\ninDegrees=yes\n"
) -> str:
    lines = ["\t".join(f"{value}" for value in (i / 100, *row)) for i, row in enumerate(rows)]
    counts = f"nRows={len(rows)}\nnColumns={len(names) + 1}\n"
    return (
        f"Coordinates\n{head}{counts}endheader\n"
        + "\t".join(("time", *names))
        + "\n"
        + "\n".join(lines)
        + "\n"
    )


def read(path: Path, text: str) -> tuple[JointAngles, tuple[str, ...]]:
    path.write_text(text)
    reader = open_mot(path, ReadOptions())
    (recording,) = reader.parts(1000)
    return recording.angles[0], reader.header.notes


def test_degrees_become_radians_and_lengths_stay(tmp_path: Path) -> None:
    angles, notes = read(tmp_path / "a.mot", table(KNEE, [(10, 20, -60, 0.9)]))
    np.testing.assert_allclose(angles.value, [[*np.radians([10, 20, -60]), 0.9]])
    assert angles.is_angle.tolist() == [True, True, True, False]
    assert notes == ()


def test_radians_stay(tmp_path: Path) -> None:
    text = table(KNEE, [(0.1, 0.2, -1.0, 0.9)], "version=1\ninDegrees=no\n")
    angles, _ = read(tmp_path / "a.mot", text)
    np.testing.assert_allclose(angles.value, [[0.1, 0.2, -1.0, 0.9]])


def test_where_the_unit_is_not_told_large_numbers_are_degrees(tmp_path: Path) -> None:
    large, said = read(tmp_path / "a.mot", table(KNEE, [(10, 20, -60, 0.9)], ""))
    small, _ = read(tmp_path / "b.mot", table(KNEE, [(0.1, 0.2, -1.0, 0.9)], ""))
    assert "degrees" in said[0]
    np.testing.assert_allclose(large.value[0, 0], np.radians(10))
    np.testing.assert_allclose(small.value[0, 0], 0.1)


@pytest.mark.parametrize(
    ("names", "bend", "convention"),
    [
        (KNEE, -60, "opensim_knee_straight"),
        (KNEE, 60, "opensim_knee_bent"),
        ((*KNEE[:3], "knee_angle_r_beta"), 60, "opensim_knee_bent"),
        ((*KNEE[:3], "knee_angle_r_beta"), 2, "opensim_knee_bent"),
        (KNEE, 2, "opensim_knee_straight"),
        (("LHipAngles.x", "LHipAngles.y", "LHipAngles.z", "LKneeAngles.x"), 5, "plug_in_gait"),
        (("hip_flexion_left", "trunk_flexion", "knee_flexion_left", "lumbar_flexion"), 5, "coxa"),
    ],
)
def test_whose_coordinates_they_are(
    tmp_path: Path, names: tuple[str, ...], bend: float, convention: str
) -> None:
    angles, _ = read(
        tmp_path / "a.mot", table(names, [(1, 2, bend * share, 0.1) for share in (0.1, 0.5, 1.0)])
    )
    assert angles.convention == convention


def test_coxas_own_marks_become_gaps_and_doubt(tmp_path: Path) -> None:
    names = ("hip_flexion_left", "hip_flexion_left_observability")
    angles, _ = read(tmp_path / "a.mot", table(names, [(10, 2), (11, 1), (12, 0)]))
    assert angles.names == ("hip_flexion_left",)
    np.testing.assert_allclose(angles.value[:, 0], np.radians([10, 11, np.nan]))
    assert np.isnan(angles.sd[0, 0])
    assert angles.sd[1, 0] > np.radians(10)


def test_ground_forces_are_no_angles(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="ground_force_vx"):
        read(tmp_path / "a.mot", table(("ground_force_vx", "ground_force_vy"), [(1, 2)]))


@pytest.mark.reference
@pytest.mark.parametrize(
    ("name", "n_frames", "convention"),
    [
        ("ik_std/std_subject01_walk1_ik.mot", 73, "opensim_knee_straight"),
        ("subject4/squats1_manual_scaling_ik.mot", 1346, "opensim_knee_bent"),
        ("subject4/walking1_manual_scaling_ik.mot", 131, "opensim_knee_bent"),
        ("opensense_walking/walking_motion_opensim46.sto", 650, "opensim_knee_bent"),
    ],
)
def test_real_files(reference_data: Path, name: str, n_frames: int, convention: str) -> None:
    reader = open_mot(reference_data / "opensim" / name, ReadOptions())
    (recording,) = reader.parts(5000)
    angles = recording.angles[0]
    assert (recording.n_frames, angles.convention) == (n_frames, convention)
    height = angles.value[:, angles.names.index("pelvis_ty")]
    assert 0.5 < height.min() < height.max() < 1.2  # a length: metres stay metres
    assert np.abs(angles.value[:, angles.names.index("hip_flexion_r")]).max() < 2.0
