"""A real sensor on a walking person's sacrum, read as the phone it might be, against OpenSim's own angles."""

from __future__ import annotations

import numpy as np
import pytest

from coxa.adapters.reference.opensim import truth_of
from coxa.adapters.sources.imu_table import read_sto
from coxa.kinematics.rotations import rotation_from_quaternion, transpose, unit
from tests.support.phones import measured, quaternion_csv, wear_file

pytestmark = pytest.mark.reference


@pytest.fixture(scope="module")
def walk(reference_data, tmp_path_factory):
    home = reference_data / "opensim" / "opensense_walking"
    walking, placed = (read_sto(home / f"{name}_orientations.sto") for name in ("walking", "placement"))

    def rotation(table, sensor):
        columns = [table.columns.index(f"{sensor}_{part}") for part in "wxyz"]
        return rotation_from_quaternion(table.values[:, columns])

    ahead = rotation(placed, "torso_imu")[0][:, 2] * [1.0, 1.0, 0.0]  # as the tutorial places it
    backward, up = -unit(ahead), np.array([0.0, 0.0, 1.0])
    phone = np.stack([np.cross(up, backward), up, backward], axis=1)
    mount = transpose(rotation(placed, "pelvis_imu")[0]) @ phone
    time_s = walking.values[:, 0]
    folder = tmp_path_factory.mktemp("phone")
    path = folder / "pelvis.csv"
    path.write_text(quaternion_csv(time_s, rotation(walking, "pelvis_imu") @ mount), encoding="utf-8")
    motion = measured(path, wear_file(folder, ["pelvis"], "standing"))
    return motion, truth_of(home / "walking_motion_opensim46.sto", 1.0), time_s[0]


@pytest.mark.parametrize("name", ["pelvis_anterior_tilt", "pelvis_right_up_obliquity"])
def test_the_pelvis_of_a_walking_person_is_followed(walk, name):
    motion, truth, first_s = walk
    true = np.degrees(truth[name])
    seen = np.degrees(np.interp(truth.time_s - first_s, motion.time_s, motion[name]))
    apart = seen - true
    assert np.std(true) > 0.5
    assert np.std(apart) <= 3.0
