"""From raw signals to angles: read, fused, calibrated, fitted; the truth lies where the interval says."""

from __future__ import annotations

import numpy as np
import pytest

from coxa.adapters.sources.imu import open_imu_csv
from coxa.app.request import ReadOptions
from coxa.kinematics.rotations import rotation_from_vector
from coxa.model.coordinates import ALL
from coxa.model.motion import Observability
from tests.support.opensense import motion_of
from tests.support.simulated import degrees_apart
from tests.support.worn import ALL_WORN, moving, raw_csv, raw_signals

#: Coordinate -> limit of the error that is not an offset [deg].
LIMITS = {
    "hip_flexion_left": 3.0,
    "hip_adduction_left": 3.0,
    "hip_internal_rotation_left": 3.0,
    "knee_flexion_right": 3.0,
    "trunk_flexion": 3.0,
    "pelvis_anterior_tilt": 3.0,
    "pelvis_left_rotation": 3.0,
}


@pytest.fixture(scope="module", params=[True, False], ids=["magnetometers", "none"])
def fitted(request, tmp_path_factory):
    done = moving(("squat", "hinge"), 16.0, 100.0, seed=3, standing_s=4.0)
    rng = np.random.default_rng(3)
    mounting = rotation_from_vector(rng.normal(size=(len(ALL_WORN), 3)))
    path = tmp_path_factory.mktemp("raw") / "raw.csv"
    path.write_text(
        raw_csv(done.time_s, raw_signals(done, ALL_WORN, mounting, rng, magnetometer=request.param))
    )
    reader = open_imu_csv(path, ReadOptions())
    recording = next(iter(reader.parts(10**6))).window(slice(None, None, 4))
    return reader.header, motion_of(recording), done.window(slice(None, None, 4)).truth()


def test_angles_lie_within_their_intervals(fitted):
    _, motion, truth = fitted
    for name in LIMITS:
        k = ALL.index(name)
        error = degrees_apart(motion.value[:, k], truth.value[:, k])
        assert np.mean(np.abs(error) <= 1.96 * np.degrees(motion.sd[:, k])) >= 0.9, name
        assert (motion.observability[:, k] == Observability.OBSERVED).mean() > 0.9, name


@pytest.mark.parametrize("name", list(LIMITS))
def test_movement_is_followed(fitted, name):
    _, motion, truth = fitted
    k = ALL.index(name)
    assert degrees_apart(motion.value[:, k], truth.value[:, k]).std() <= LIMITS[name]


def test_the_header_tells_what_the_fusion_found(fitted):
    header, _, _ = fitted
    words = " ".join(header.notes)
    assert "VQF" in words
    assert "largest gyroscope bias" in words
    assert "standing upright" in words
