"""Angles from C3D markers against those that Vicon Nexus stored with them; conventions: marker_agreement."""

from __future__ import annotations

import numpy as np
import pytest

from coxa.catalog.markers import marker_body, marker_motion
from coxa.model.motion import Observability
from tests.support.marker_agreement import WALKS, plug_in_gait, read_c3d

pytestmark = [pytest.mark.reference, pytest.mark.slow]

LIMITS_DEG = {
    "hip_flexion": 1.5,
    "hip_adduction": 1.5,
    "hip_internal_rotation": 3.0,
    "pelvis": 1.5,
    "thorax": 2.0,
    "trunk": 3.0,
    "knee_flexion": 3.0,
}


@pytest.fixture(scope="module")
def rows(reference_data):
    return list(plug_in_gait(reference_data / "plug_in_gait"))


@pytest.mark.parametrize("person", [*WALKS, "pyCGM"])
@pytest.mark.parametrize("angle", LIMITS_DEG)
def test_every_walk_follows_the_laboratory(rows, person, angle):
    found = [row for row in rows if row.person == person and row.coordinate.startswith(angle)]
    assert found
    for row in found:
        assert row.n_frames > 100
        assert row.rmse <= LIMITS_DEG[angle], row


def test_pelvis_thorax_and_spine_are_the_same_frames(rows):
    # The same markers by the same definitions: what is left is rounding, one sacral marker or two PSIS.
    trunk = [row for row in rows if row.coordinate.startswith(("pelvis", "thorax", "trunk"))]
    assert max(row.rmse for row in trunk) < 0.02
    assert max(abs(row.offset) for row in trunk if not row.coordinate.endswith("rotation")) < 0.02


def test_the_static_trial_shows_the_malleolus_that_the_walk_lacks(reference_data):
    folder = reference_data / "plug_in_gait" / "biomechzoo" / "HC002D"
    walk, static = (read_c3d(next(folder.glob(name))) for name in ("straight*.c3d", "static*.c3d"))
    motion = marker_motion(walk, static=static)
    assert motion.diagnostics["decisions"]["left_ankle"] == "malleoli, the medial one from the static trial"
    assert marker_motion(walk).diagnostics["decisions"]["left_ankle"].startswith("chord")
    knee = motion.index("knee_flexion_left")
    assert (motion.observability[:, knee] == Observability.OBSERVED).all()


def test_widths_told_in_the_file_place_the_joint_centres(reference_data):
    folder = reference_data / "plug_in_gait" / "pycgm"
    recording = read_c3d(folder / "Movement_trial.c3d")
    points = recording.space_points[0]
    body = marker_body(points, subject=recording.subject)
    marker = points.position_m[:, points.names.index("LKNE")]
    told = 0.5 * recording.subject.knee_width_m["left"] + 0.007
    apart = np.linalg.norm(body.knee["left"] - marker, axis=-1)
    np.testing.assert_allclose(apart[np.isfinite(apart)], told, atol=1e-9)
