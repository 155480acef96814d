"""Clusters, joints found from motion, static trials, gaps and parts of a recording."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coxa.catalog import loader
from coxa.catalog.markers import marker_body, marker_estimator, marker_motion
from coxa.estimate.markers import MarkerEstimator
from coxa.kinematics.hip_centres import harrington_full_hip_centre, harrington_hip_centre
from coxa.model.errors import NothingToMeasureError
from coxa.model.motion import Motion
from coxa.model.recording import Recording, Subject
from tests.support.marker_person import cluster_person, marker_person

N = 200
MEDIAL = ("mknee", "mankle")
PHASE = np.linspace(0.0, 4.0 * np.pi, N)
MOVES = {
    f"{name}_{side}": size * np.sin(PHASE * rate + start) + middle
    for start, side in enumerate(("left", "right"))
    for name, size, rate, middle in (
        ("hip_flexion", 0.5, 1.0, 0.4),
        ("hip_adduction", 0.1, 1.7, -0.1),
        ("hip_internal_rotation", 0.2, 0.6, 0.0),
        ("knee_flexion", 0.5, 1.3, 0.7),
        ("ankle_dorsiflexion", 0.2, 1.1, 0.0),
    )
}
STANDING = np.tile(np.eye(3), (N, 1, 1))
LEGS = tuple(MOVES)


def assert_tells(motion: Motion, wanted: dict[str, np.ndarray], names=LEGS, tolerance_deg=0.1) -> None:
    for name in names:
        error = np.degrees(motion[name] - np.broadcast_to(wanted[name], (len(motion.time_s),)))
        assert np.max(np.abs(error)) < tolerance_deg, name


def lose(recording: Recording, names: tuple[str, ...], frames: slice) -> Recording:
    points = recording.space_points[0]
    position = points.position_m.copy()
    for name in names:
        position[frames, points.names.index(name)] = np.nan
    return replace(recording, space_points=(replace(points, position_m=position),))


def test_medial_markers_make_joint_centres():
    motion = marker_motion(cluster_person(STANDING, MOVES))
    assert motion.diagnostics["decisions"]["left_knee"] == "epicondyles"
    assert_tells(motion, MOVES)


def test_the_axis_of_the_knee_is_found_from_its_motion():
    motion = marker_motion(cluster_person(STANDING, MOVES, without=MEDIAL))
    assert motion.diagnostics["decisions"]["right_knee"].startswith("functional axis")
    assert_tells(motion, MOVES)


def test_without_any_marker_on_the_knee_the_axis_nearest_to_the_hip_is_its_centre():
    bare = cluster_person(STANDING, MOVES, without=(*MEDIAL, "knee"))
    assert_tells(marker_motion(bare), MOVES)


def test_noise_on_a_cluster_does_not_spoil_the_axis():
    rng = np.random.default_rng(0)
    recording = cluster_person(STANDING, MOVES, without=MEDIAL)
    points = recording.space_points[0]
    noisy = replace(points, position_m=points.position_m + 0.001 * rng.normal(size=points.position_m.shape))
    motion = marker_motion(replace(recording, space_points=(noisy,)))
    for name in LEGS:
        assert np.degrees(np.std(motion[name] - MOVES[name])) < 1.5, name


def test_a_still_knee_without_a_medial_marker_is_refused_with_the_remedy():
    motion = marker_motion(cluster_person(STANDING, {}, without=MEDIAL))
    reason = motion.reasons["hip_internal_rotation_left"]
    assert "the knee moved too little for a functional axis (0 of 30 deg)" in reason
    assert "medial knee marker, at least in a static trial" in reason
    assert np.isnan(motion["knee_flexion_left"]).all()
    assert np.isfinite(motion["pelvis_anterior_tilt"]).all()


def test_a_static_trial_shows_what_the_movement_lacks():
    still = {"hip_flexion_left": 0.3, "knee_flexion_left": 0.2, "knee_flexion_right": 0.1}
    posture = dict.fromkeys(LEGS, 0.0) | still
    static = cluster_person(STANDING[:5], posture)
    movement = cluster_person(STANDING[:20], {"hip_flexion_right": 0.8}, without=MEDIAL)
    motion = marker_motion(movement, static=static)
    assert motion.diagnostics["decisions"]["left_knee"] == "epicondyles, the medial one from the static trial"
    assert_tells(motion, dict.fromkeys(LEGS, np.zeros(1)) | {"hip_flexion_right": np.array(0.8)})


def test_two_markers_and_the_hip_carry_the_epicondyle_of_the_static_trial():
    posture = {"knee_flexion_left": 0.2, "knee_flexion_right": 0.1}
    static, clusters = marker_person(STANDING[:5], posture), cluster_person(STANDING[:5], posture)
    worn, shown = static.space_points[0], clusters.space_points[0]
    medial = [shown.names.index(name) for name in ("L_mknee", "r_mknee")]
    both = replace(
        worn,
        names=(*worn.names, "LKNM", "RKNM"),
        position_m=np.concatenate([worn.position_m, shown.position_m[:, medial]], axis=1),
        sd_m=np.full(len(worn.names) + 2, 0.001),
    )
    movement = marker_person(STANDING, MOVES)
    motion = marker_motion(movement, static=replace(static, space_points=(both,)))
    assert motion.diagnostics["decisions"]["left_knee"] == "epicondyles, the medial one from the static trial"
    assert_tells(motion, MOVES)


def test_a_static_trial_of_no_known_set_is_refused_by_its_name():
    movement = marker_person(STANDING[:5], {})
    points = movement.space_points[0]
    nameless = replace(points, names=tuple(f"M{i}" for i in range(len(points.names))))
    static = replace(movement, space_points=(nameless,), source="still.c3d")
    with pytest.raises(NothingToMeasureError, match=r"still\.c3d: the points' names"):
        marker_motion(movement, static=static)


def test_the_hip_centre_is_found_from_wide_motion():
    wide = MOVES | {f"hip_adduction_{side}": 0.4 * np.sin(1.7 * PHASE) - 0.2 for side in ("left", "right")}
    recording = cluster_person(STANDING, wide)
    points = recording.space_points[0]
    body = marker_body(points)
    middle = 0.5 * sum(points.position_m[0, points.names.index(name)] for name in ("L.ASIS", "R.ASIS"))
    wanted = harrington_hip_centre(0.25, 0.16, "left")
    np.testing.assert_allclose(body.hip["left"][0] - middle, wanted, atol=1e-6)
    assert marker_motion(recording).diagnostics["decisions"]["left_hip"].startswith("functional")


def test_leg_length_makes_the_regression_the_full_one():
    recording = marker_person(STANDING[:3], {})
    told = replace(recording, subject=Subject(leg_length_m={"left": 0.9, "right": 0.9}))
    estimator = marker_estimator(told)
    place = harrington_full_hip_centre(0.25, 0.16, 0.9, "right")
    np.testing.assert_allclose(estimator.person.hips["right"].place, place, atol=1e-12)
    assert estimator.person.hips["right"].method == "Harrington 2007, from pelvis and leg"


def test_the_full_regression_gives_the_published_example():
    found = 1e3 * harrington_full_hip_centre(0.24, 0.15, 0.88, "right")
    np.testing.assert_allclose(found, [-45.9, -80.7, 88.3], atol=0.05)


def test_a_marker_missing_from_a_cluster_is_put_back_by_the_rest():
    recording = cluster_person(STANDING, MOVES, without=MEDIAL)
    whole, gap = marker_motion(recording), marker_motion(lose(recording, ("L_thigh2",), slice(50, 60)))
    np.testing.assert_allclose(gap.value, whole.value, atol=1e-3)
    assert gap.diagnostics["frames_with_a_marker_put_back"] == {"L_thigh2": 10}


def test_a_spine_put_back_counts_as_less_certain():
    recording = marker_person(STANDING, MOVES)
    gap = marker_motion(lose(recording, ("LPSI",), slice(50, 60)))
    assert_tells(gap, MOVES)
    tilt = gap.index("pelvis_anterior_tilt")
    assert gap.sd[55, tilt] > 1.2 * gap.sd[45, tilt]


def test_too_few_markers_of_a_cluster_tell_nothing():
    recording = cluster_person(STANDING, MOVES, without=MEDIAL)
    lost = ("L_thigh1", "L_thigh2", "L_thigh3")
    motion = marker_motion(lose(recording, lost, slice(50, 60)))
    column = motion.index("hip_internal_rotation_left")
    assert (motion.observability[50:60, column] == 0).all()
    assert (motion.observability[:50, column] == 2).all()
    assert "L_thigh1" in motion.reasons["hip_internal_rotation_left"]
    assert (motion.observability[:, motion.index("hip_flexion_right")] == 2).all()


def test_a_poorer_thorax_is_declared_and_less_certain():
    recording = marker_person(STANDING[:10], {"trunk_flexion": 0.2})
    full, poor = marker_motion(recording), marker_motion(lose(recording, ("T10", "STRN"), slice(None)))
    assert poor.diagnostics["decisions"]["thorax"] == "c7 to notch"
    column = full.index("trunk_flexion")
    assert np.isfinite(poor.value[:, column]).all()
    assert (poor.sd[:, column] > full.sd[:, column]).all()
    assert np.degrees(np.abs(poor["trunk_flexion"] - 0.2)).max() < 2.0 * np.degrees(poor.sd[0, column])


def test_parts_of_a_recording_give_what_the_whole_gives():
    recording = cluster_person(STANDING, MOVES, without=MEDIAL)
    estimator = MarkerEstimator(recording, loader.marker_sets(), loader.marker_assumptions())
    parts = [estimator.push(recording.window(slice(i, i + 70))) for i in range(0, N, 70)]
    assert estimator.finish() is None
    joined, whole = Motion.concatenate(parts), marker_motion(recording)
    np.testing.assert_allclose(joined.value, whole.value, atol=1e-12)
    np.testing.assert_allclose(joined.sd, whole.sd, atol=1e-12)
    assert joined.reasons == whole.reasons


def test_what_holds_throughout_is_part_of_what_is_stated():
    motion = marker_motion(cluster_person(STANDING, MOVES, without=MEDIAL))
    for name, constant in motion.diagnostics["median_constant_sd_deg"].items():
        assert 0.0 < constant <= np.degrees(np.nanmax(motion.sd[:, motion.index(name)])), name


@pytest.mark.parametrize("method", ["harrington", "hara"])
def test_a_regression_asked_for_is_taken(method):
    known = loader.marker_assumptions()
    asked = known.model_copy(update={"hip_centre": known.hip_centre.model_copy(update={"method": method})})
    told = replace(marker_person(STANDING[:3], {}), subject=Subject(leg_length_m={"left": 0.9, "right": 0.9}))
    words = marker_motion(told, asked).diagnostics["decisions"]["left_hip"]
    assert words.lower().startswith(method)


def test_a_marker_that_was_hardly_ever_seen_does_not_hide_the_trunk():
    recording = marker_person(STANDING, MOVES)
    lost = lose(recording, ("STRN",), slice(8, None))
    motion = marker_motion(lost)
    assert motion.diagnostics["decisions"]["thorax"] == "c7 to notch"
    assert np.isfinite(motion["trunk_forward_lean"]).all()
    error = motion["trunk_forward_lean"] - marker_motion(recording)["trunk_forward_lean"]
    assert np.degrees(np.abs(error)).max() < 2.0
