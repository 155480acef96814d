"""Missing markers: said, never bridged; and what can still be told is told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coxa.catalog import loader
from coxa.catalog.markers import marker_body, marker_motion
from coxa.kinematics.hip_centres import hara_hip_centre, harrington_hip_centre
from coxa.model.errors import NothingToMeasureError
from coxa.model.motion import Observability
from coxa.model.recording import Recording, Subject
from tests.support.marker_person import marker_person

POSTURE = {"hip_flexion_left": 1.0, "knee_flexion_left": 1.2, "knee_flexion_right": 0.1}


@pytest.fixture
def recording():
    return marker_person(np.tile(np.eye(3), (6, 1, 1)), POSTURE)


def lose(recording, name, frames, value=np.nan):
    points = recording.space_points[0]
    position = points.position_m.copy()
    position[frames, points.names.index(name)] = value
    return replace(recording, space_points=(replace(points, position_m=position),))


def levels(motion, name):
    return motion.observability[:, motion.index(name)].tolist()


@pytest.mark.parametrize("value", [np.nan, 0.0])
def test_a_gap_hides_its_segment_on_its_frames_only(recording, value):
    motion = marker_motion(lose(recording, "LTHI", slice(2, 4), value))
    assert levels(motion, "hip_flexion_left") == [2, 2, 0, 0, 2, 2]
    assert np.isnan(motion["hip_flexion_left"][2:4]).all()
    assert np.isnan(motion.sd[2:4, motion.index("hip_flexion_left")]).all()
    assert levels(motion, "hip_flexion_right") == [2] * 6
    assert motion.reasons["hip_flexion_left"] == "gaps in markers: LTHI (2 of 6 frames)"
    assert "hip_flexion_right" not in motion.reasons


def test_one_marker_never_seen(recording):
    motion = marker_motion(lose(recording, "LASI", slice(None)))
    assert levels(motion, "trunk_flexion") == [0] * 6
    assert "markers not recorded: LASI" in motion.reasons["trunk_flexion"]
    assert levels(motion, "thorax_left_rotation") == [2] * 6


def test_lumbar_flexion_is_refused_with_the_reason(recording):
    motion = marker_motion(recording)
    assert levels(motion, "lumbar_flexion") == [0] * 6
    assert "trunk_flexion" in motion.reasons["lumbar_flexion"]


def test_apparent_rotation_needs_a_bent_knee_joint_rotation_does_not(recording):
    motion = marker_motion(recording)
    assert levels(motion, "apparent_hip_internal_rotation_left") == [2] * 6
    assert levels(motion, "apparent_hip_internal_rotation_right") == [0] * 6
    assert "30 deg" in motion.reasons["apparent_hip_internal_rotation_right"]
    assert Observability.NOT_OBSERVABLE not in levels(motion, "hip_internal_rotation_right")


def test_one_sacral_marker_serves_as_well_as_two_iliac_spines(recording):
    points = recording.space_points[0]
    at = {name: points.position_m[:, i] for i, name in enumerate(points.names)}
    at["SACR"] = 0.5 * (at.pop("LPSI") + at.pop("RPSI"))
    sacral = replace(
        points,
        names=tuple(at),
        position_m=np.stack(list(at.values()), axis=1),
        sd_m=np.full(len(at), 0.001),
    )
    one = marker_motion(replace(recording, space_points=(sacral,)))
    np.testing.assert_allclose(one.value, marker_motion(recording).value, atol=1e-12)


def test_leg_length_puts_the_hip_centre_where_hara_says(recording):
    known = loader.marker_assumptions()
    rule = known.hip_centre.model_copy(update={"method": "hara"})
    told = replace(recording, subject=Subject(leg_length_m={"left": 0.85, "right": 0.85}))
    body = marker_body(told.space_points[0], known.model_copy(update={"hip_centre": rule}), told.subject)
    points = recording.space_points[0]
    middle = 0.5 * sum(points.position_m[0, points.names.index(name)] for name in ("LASI", "RASI"))
    np.testing.assert_allclose(body.hip["left"][0] - middle, hara_hip_centre(0.85, "left"), atol=1e-12)


def test_both_regressions_agree_on_a_usual_person():
    difference = harrington_hip_centre(0.24, 0.16, "right") - hara_hip_centre(0.88, "right")
    assert np.linalg.norm(difference) < 0.015


def test_a_recording_without_markers_is_refused():
    with pytest.raises(NothingToMeasureError, match="one set of markers, it holds 0"):
        marker_motion(Recording(time_s=np.arange(3.0)))
