"""Sensors askew, with headings that drift: derivatives, what is recovered, and what is said of the rest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coxa.catalog import loader
from coxa.estimate.body import Pose
from coxa.estimate.estimator import Estimator
from coxa.estimate.fixed_lag import MotionEstimator, kinds_of
from coxa.estimate.live import LiveFilter
from coxa.estimate.orientation_sensors import sensor_kinds
from coxa.estimate.path import Path, moved
from coxa.estimate.smoother import Schedule
from coxa.kinematics.rotations import rotation_from_vector
from coxa.model.channels import SegmentOrientations
from coxa.model.coordinates import ALL
from coxa.model.motion import Observability
from coxa.model.recording import Recording
from tests.support.simulated import degrees_apart
from tests.support.worn import ALL_WORN, LOWER, Drift, errors_of, moving, worn_orientations

EXERCISES = ("squat", "lunge", "hinge", "side_lunge")


def fitted(recording):
    estimator = Estimator(loader.body_model(), loader.body_priors(), loader.detectors(), recording)
    whole = MotionEstimator(estimator, loader.observability(), kinds_of(recording, estimator), Schedule())
    pushed = whole.push(recording)
    shared = whole.smoother._branches[0].known.shared
    rest = whole.finish()
    return type(pushed).concatenate([pushed, rest]), estimator, shared


def drifting(segments, rate_deg_min, seed=0, duration_s=16.0, *, askew_deg=None, fusion="no_magnetometer"):
    done = moving(EXERCISES, duration_s, 20.0, seed=seed)
    errors = errors_of(segments, fusion, askew_deg)
    drift = Drift(np.zeros(len(segments)), np.array(rate_deg_min, float))
    return done, worn_orientations(done, segments, errors, drift, np.random.default_rng(seed))


def test_derivatives_are_those_of_the_cost():
    body = loader.body_model()
    rng = np.random.default_rng(0)
    names = ("pelvis", "femur_left", "foot_left", "thorax")
    errors = replace(errors_of(names), lasting_sd_rad=np.zeros((4, 3)))
    pose = Pose(rng.normal(size=(1, 3)), rotation_from_vector(rng.normal(size=(1, 3))),
                0.3 * rng.normal(size=(1, len(body.joints))))  # fmt: skip
    seen = rotation_from_vector(rng.normal(size=(1, 4, 3)))
    recording = Recording(
        np.array([2.0]), orientations=(SegmentOrientations(names, seen, np.ones(4), errors),)
    )
    estimator = Estimator(body, loader.body_priors(), loader.detectors(), recording)
    path = Path(
        pose, np.zeros((1, body.n_dof)), estimator.shared_mean + 0.1 * rng.normal(size=estimator.n_shared)
    )
    # Make what is seen nearly what is expected: at the optimum the gradient is exact to first order.
    shown = expected(estimator, path, names)
    near = rotation_from_vector(1e-4 * rng.normal(size=(4, 3))) @ shown
    recording = replace(recording, orientations=(replace(recording.orientations[0], rotation=near[None]),))
    told = estimator.observe(recording, path, 0.01)
    gradient = np.concatenate([told.right[0], told.right_shared])
    numeric = np.empty_like(gradient)
    for k in range(len(gradient)):
        step, shared = np.zeros((1, 2 * body.n_dof)), np.zeros(estimator.n_shared)
        (step[0] if k < body.n_dof else shared)[k if k < body.n_dof else k - body.n_dof] = 1e-6
        ahead, behind = (
            estimator.observe(recording, moved(path, sign * step, sign * shared), 0.01).cost[0]
            for sign in (1, -1)
        )
        numeric[k] = (behind - ahead) / 2e-6
    assert np.abs(numeric - gradient).max() < 1e-2 * np.abs(gradient).max()


def expected(estimator, path, names):
    from coxa.estimate.readout import segments
    from coxa.kinematics.rotations import rotation_about

    (sensors,) = estimator.sensors
    rotation = segments(estimator.body, path.pose, estimator.lengths(path.shared))[1][0, sensors.owner]
    heading = path.shared[sensors.heading] + 2.0 * path.shared[sensors.heading + 1]
    askew = np.stack([path.shared[first : first + 3] for first in sensors.misalignment])
    return rotation_about(1, heading) @ rotation @ rotation_from_vector(askew)


def test_the_knee_tells_how_thigh_and_shank_drift_apart():
    segments = ("femur_left", "tibia_left")
    _, recording = drifting(segments, [0.0, 20.0], duration_s=30.0)
    _, estimator, shared = fitted(recording)
    rate = np.degrees(shared[estimator.sensors[0].heading + 1]) * 60
    offset = np.degrees(shared[estimator.sensors[0].heading])
    apart = (offset + rate * 0.5) @ [-1, 1]  # after half a minute
    assert apart == pytest.approx(10.0, abs=6.0)


@pytest.mark.parametrize("fusion", ["no_magnetometer", "magnetometer"])
def test_headings_nothing_observes_grow_uncertain_as_fast_as_their_sensors_drift(fusion):
    _, recording = drifting(("pelvis", "femur_left"), [0.0, 0.0], duration_s=30.0, fusion=fusion)
    motion, _, _ = fitted(recording)
    column = ALL.index("pelvis_left_rotation")
    growth = np.degrees(motion.sd[-1, column] - motion.sd[20, column])
    assert growth > 1.5 if fusion == "no_magnetometer" else growth < 1.0


def test_hours_without_a_magnetometer_leave_headings_unclaimed():
    done = moving(("squat",), 6.0, 20.0)
    errors = replace(errors_of(LOWER), calibrated_s=-600.0)
    still = Drift(np.zeros(len(LOWER)), np.zeros(len(LOWER)))
    motion, _, _ = fitted(worn_orientations(done, LOWER, errors, still, np.random.default_rng(0)))
    level = motion.observability[:, ALL.index("pelvis_left_rotation")]
    assert (level < Observability.OBSERVED).all()
    knee = motion.observability[:, ALL.index("knee_flexion_left")]
    assert (knee == Observability.OBSERVED).mean() > 0.9


@pytest.mark.slow
def test_intervals_hold_the_truth_whatever_the_drift():
    names = [
        name
        for name in ALL
        if not name.startswith(("thigh_trunk", "apparent", "lumbar", "trunk_f", "trunk_r"))
    ]
    rng = np.random.default_rng(5)
    inside = {name: [] for name in names}
    for seed in range(8):
        done, recording = drifting(ALL_WORN, 10 * rng.normal(size=len(ALL_WORN)), seed + 70, 20.0)
        motion, _, _ = fitted(recording)
        truth = done.truth()
        for name in names:
            k = ALL.index(name)
            error = degrees_apart(motion.value[:, k], truth.value[:, k])
            inside[name].append(np.abs(error) <= 1.96 * np.degrees(motion.sd[:, k]))
    share = {name: float(np.mean(np.concatenate(parts))) for name, parts in inside.items()}
    assert np.mean(list(share.values())) >= 0.93, share
    assert min(share.values()) >= 0.75, share  # of eight people, whose misalignments last


def test_the_live_filter_takes_sensors_too():
    done, recording = drifting(LOWER, [0.0] * len(LOWER), duration_s=4.0, askew_deg=0.5)
    estimator = Estimator(loader.body_model(), loader.body_priors(), loader.detectors(), recording)
    live = LiveFilter(estimator, loader.tracking_rules())
    column = estimator.body.joints.index("knee_flexion_left")
    for t in range(recording.n_frames):
        last = live.step(recording.window(slice(t, t + 1)))
    assert np.degrees(abs(last.path.pose.joints[0, column] - done.pose.joints[-1, column])) < 8.0


def test_a_coordinate_needs_sensors_on_both_sides_of_its_joint():
    assert "pelvis+femur_left_sensors" in sensor_kinds(("pelvis", "femur_left"), with_points=False)
    assert "pelvis+femur_right_sensors" not in sensor_kinds(("pelvis", "femur_left"), with_points=False)
    assert "pelvis_orientation" not in sensor_kinds(("pelvis",), with_points=False)
    assert "pelvis_orientation" in sensor_kinds(("pelvis",), with_points=True)
    assert sensor_kinds((), with_points=True) == ()


def test_reasons_name_the_sensor_to_add():
    _, recording = drifting(("pelvis", "femur_left"), [0.0, 0.0], duration_s=4.0)
    motion, _, _ = fitted(recording)
    assert "thigh" in motion.reasons["hip_flexion_right"]
    assert "shank" in motion.reasons["knee_flexion_left"]
    assert "hip_flexion_left" not in motion.reasons
    observed = motion.observability == Observability.OBSERVED
    assert observed[:, ALL.index("hip_flexion_left")].all()
    assert not observed[:, ALL.index("hip_flexion_right")].any()
    # Read from the thigh itself: the knee need not be bent.
    assert observed[:20, ALL.index("hip_internal_rotation_left")].any()
