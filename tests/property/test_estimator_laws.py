"""Laws of the estimator: what must hold for any person, movement and camera."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from coxa.catalog import loader
from coxa.estimate.estimator import Estimator
from coxa.estimate.fixed_lag import FixedLagSmoother
from coxa.estimate.live import LiveFilter
from coxa.estimate.readout import Readout
from coxa.estimate.smoother import Schedule, Window
from coxa.kinematics.rotations import rotation_about
from coxa.model.coordinates import ALL, JOINT
from coxa.model.recording import Recording
from coxa.simulate.library import SCRIPTS
from coxa.simulate.perform import Performance
from coxa.simulate.script import opposite
from coxa.specs.estimator import DetectorSpec
from tests.support.simulated import (
    PLAIN,
    degrees_apart,
    film,
    mirrored,
    motion_of,
    performance,
)

#: An example is a whole fit, so there are few, always the same ones, and none is shrunk.
few = settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
scripts = st.sampled_from(["squat", "hinge", "lunge", "seated_hip_rotation", "walking", "side_lunge"])
azimuths = st.floats(-180.0, 180.0)
seeds = st.integers(0, 10_000)
JOINTS = [ALL.index(name) for name in JOINT]
LEVEL = ("left_rotation", "obliquity", "right_lean", "right_bending")
HEADINGS = ("pelvis_left_rotation", "thorax_left_rotation")


@few
@given(scripts, azimuths, seeds)
def test_mirroring_left_and_right_mirrors_every_angle(script, azimuth, seed):
    recording = film(performance(script, seed=seed), azimuth, noise=1.0, seed=seed)
    here, there = motion_of(recording), motion_of(mirrored(recording))
    for name in ALL:
        other, sign = opposite(name)
        sign = -1.0 if name.endswith(LEVEL) else sign
        assert np.abs(degrees_apart(sign * there[other], here[name])).max() < 0.05, name
        k, j = ALL.index(name), ALL.index(other)
        np.testing.assert_allclose(there.sd[:, j], here.sd[:, k], rtol=1e-2)
        np.testing.assert_array_equal(there.observability[:, j], here.observability[:, k])


@few
@given(scripts, azimuths, st.floats(-180.0, 180.0), seeds)
def test_turning_room_and_camera_together_changes_no_joint_angle(script, azimuth, turn, seed):
    def seen(turned: float):
        done = performance(script, seed=seed, turned_deg=turned, at_m=(0.3, 1.0, -0.2))
        # the azimuth counts from the room's X, against the turn about the vertical
        return motion_of(film(done, azimuth - turned, noise=1.0, seed=seed))

    here, there = seen(0.0), seen(turn)
    apart = degrees_apart(there.value, here.value)
    for name in HEADINGS:
        apart[:, ALL.index(name)] = degrees_apart(there[name] - np.radians(turn), here[name])
    assert np.abs(apart).max() < 0.1
    np.testing.assert_allclose(there.sd, here.sd, rtol=2e-2, atol=1e-4)


@few
@given(scripts, azimuths, st.floats(-60.0, 60.0), seeds)
def test_another_camera_sees_the_same_angles(script, azimuth, further, seed):
    """As far as each says it can tell."""
    done = performance(script, seed=seed)
    here, there = (motion_of(film(done, azimuth + more)) for more in (0.0, further))
    apart = np.abs(degrees_apart(there.value, here.value))[:, JOINTS]
    assert np.all(apart < 4.0 * np.degrees(np.hypot(here.sd, there.sd))[:, JOINTS])


@few
@given(scripts, azimuths, st.floats(0.6, 1.3))
def test_the_persons_scale_changes_no_angle(script, azimuth, scale):
    """A child seen from as many statures away, by a detector that errs in proportion."""
    here, there = _seen_at_scale(script, azimuth, 1.0), _seen_at_scale(script, azimuth, scale)
    assert np.abs(degrees_apart(there.value, here.value)).max() < 0.1
    np.testing.assert_allclose(there.sd, here.sd, rtol=2e-2, atol=1e-4)


def _seen_at_scale(script: str, azimuth: float, scale: float):
    """Everything told in metres is told in proportion: landmarks, depth, girdle, what is said of height."""
    detector, priors = loader.detectors()["ideal_keypoints"], loader.body_priors()
    entries = {
        name: entry.model_copy(
            update={
                "offset_sd_m": tuple(scale * sd for sd in entry.offset_sd_m),
                "depth_sd_m": scale * entry.depth_sd_m,
            }
        )
        for name, entry in detector.landmarks.items()
    }
    slides = {
        name: prior.model_copy(update={"mean": scale * prior.mean, "sd": scale * prior.sd})
        for name, prior in priors.joints.items()
        if name in {"shoulder_elevation", "shoulder_protraction"}
    }
    detector = detector.model_copy(update={"landmarks": entries})
    priors = priors.model_copy(
        update={
            "joints": {**priors.joints, **slides},
            "told_stature_sd_m": scale * priors.told_stature_sd_m,
        }
    )
    done = performance(script, stature_m=1.7 * scale, at_m=(0.0, scale, 0.0))
    recording = film(done, azimuth, distance_m=3.0 * scale, detector=detector)
    return motion_of(recording, detectors={detector.name: detector}, priors=priors)


@few
@given(scripts, azimuths, seeds, st.randoms(use_true_random=False))
def test_the_order_of_points_changes_nothing(script, azimuth, seed, random):
    recording = film(performance(script, seed=seed), azimuth, noise=1.0, seed=seed)
    points = recording.image_points[0]
    order = list(range(len(points.names)))
    random.shuffle(order)
    shuffled = replace(
        points,
        names=tuple(points.names[k] for k in order),
        position_px=points.position_px[:, order],
        visibility=points.visibility[:, order],
        depth_m=points.depth_m[:, order],
    )
    here, there = motion_of(recording), motion_of(replace(recording, image_points=(shuffled,)))
    assert np.abs(degrees_apart(there.value, here.value)).max() < 1e-2
    np.testing.assert_allclose(there.sd, here.sd, rtol=1e-3)


@few
@given(scripts, azimuths, st.floats(1.2, 3.0))
def test_more_noise_never_means_less_sd(script, azimuth, more):
    """The same film and solution, told to be noisier.

    Where all evidence counts in full: coarsened evidence of lengths keeps what noise it has been fitted to.
    """
    done = performance(script)
    recording = film(done, azimuth)
    usual = loader.detectors()["ideal_keypoints"].model_copy(update={"shared_frames": np.inf})
    noisier = usual.model_copy(
        update={
            "landmarks": {
                name: entry.model_copy(
                    update={"noise_px": more * entry.noise_px, "depth_sd_m": more * entry.depth_sd_m}
                )
                for name, entry in usual.landmarks.items()
            }
        }
    )
    here, there = (_covariance_at_the_truth(done, recording, told) for told in (usual, noisier))
    assert np.all(there >= here * (1 - 1e-9))


def _covariance_at_the_truth(done: Performance, recording: Recording, detector: DetectorSpec) -> np.ndarray:
    """(n_frames, n_unknowns) variances."""
    body, priors = loader.body_model(), loader.body_priors()
    estimator = Estimator(body, priors, {detector.name: detector}, recording)
    window = Window(estimator, recording, estimator.first_arrival(done.pose))
    return np.diagonal(window.posterior(window.initial(done.pose)).covariance, axis1=1, axis2=2)


@few
@given(scripts, azimuths, seeds)
def test_frames_pushed_one_by_one_give_what_one_push_gives(script, azimuth, seed):
    recording = film(performance(script, seed=seed), azimuth, noise=1.0, seed=seed)
    at_once, one_by_one = _smoother(recording), _smoother(recording)
    at_once.push(recording)
    for t in range(recording.n_frames):
        one_by_one.push(recording.window(slice(t, t + 1)))
    np.testing.assert_array_equal(one_by_one.finish().path.pose.joints, at_once.finish().path.pose.joints)


def _smoother(recording: Recording, schedule: Schedule = PLAIN) -> FixedLagSmoother:
    estimator = Estimator(loader.body_model(), loader.body_priors(), loader.detectors(), recording)
    return FixedLagSmoother(estimator, schedule)


@few
@given(scripts, azimuths, seeds)
def test_short_windows_agree_with_a_long_one(script, azimuth, seed):
    """What early frames told is handed on: neither lost nor counted twice."""
    recording = film(performance(script, seed=seed, duration_s=2.4), azimuth, noise=1.0, seed=seed)
    whole = motion_of(recording)
    smoother = replace(PLAIN, window_s=1.2, lag_s=0.6)
    estimator = _smoother(recording, smoother)
    parts = [estimator.push(recording.window(slice(t, t + 6))) for t in range(0, recording.n_frames, 6)]
    parts = [part for part in [*parts, estimator.finish()] if part is not None]
    assert np.array_equal(np.concatenate([part.time_s for part in parts]), recording.time_s)
    joints = np.concatenate([part.path.pose.joints for part in parts])
    last = slice(-10, None)  # early frames were final before the others were seen
    apart = []
    for name, column in Readout(estimator.estimator.body).direct.items():
        off = np.abs(degrees_apart(joints[last, column], whole[name][last]))
        apart.append(np.median(off / np.degrees(whole.sd[last, whole.index(name)])))
    assert np.median(apart) < 0.5
    assert max(apart) < 2.0


@few
@given(scripts, azimuths, seeds)
def test_the_live_filter_ends_where_the_batch_filter_does(script, azimuth, seed):
    """At the last frame nothing follows: filter and smoother know the same."""
    recording = film(performance(script, seed=seed, duration_s=1.0), azimuth, noise=1.0, seed=seed)
    live = LiveFilter(_smoother(recording).estimator, loader.tracking_rules())
    for t in range(recording.n_frames):
        last = live.step(recording.window(slice(t, t + 1)))
    smoother = _smoother(recording)
    smoother.push(recording)
    batch = smoother.finish()
    n = smoother.estimator.body.n_dof
    sd = np.sqrt(np.diagonal(batch.covariance[-1])[6:n])
    live_sd = np.sqrt(np.diagonal(last.covariance[-1])[6:n])
    apart = np.abs(last.path.pose.joints[-1] - batch.path.pose.joints[-1])
    assert np.median(apart / sd) < 0.5
    assert np.all(apart < 3.0 * sd)
    np.testing.assert_allclose(np.median(live_sd / sd), 1.0, atol=0.15)


@few
@given(azimuths, seeds, st.sampled_from(["side_lying_leg_lift", "straight_leg_raise"]))
def test_lying_down_is_no_different(azimuth, seed, script):
    """No gimbal lock: the angles of the joints are as good as standing."""
    done = performance(script, seed=seed, duration_s=1.5, at_m=(0.0, 0.5, 0.0))
    found = motion_of(film(done, azimuth, noise=1.0, seed=seed))
    truth = done.truth()
    assert np.isfinite(found.value).all()
    assert np.isfinite(found.sd).all()
    for name in ("knee_flexion", "hip_adduction", "hip_flexion"):
        for side in ("left", "right"):
            k = ALL.index(f"{name}_{side}")
            off = np.abs(degrees_apart(found.value[:, k], truth.value[:, k]))
            assert np.median(off) < 4.5 * np.degrees(np.median(found.sd[:, k])), (name, side)


@pytest.mark.parametrize("tip_deg", [89.0, 90.0, 91.0])
def test_on_the_side_joint_angles_are_those_of_standing(tip_deg):
    """The same movement and camera, all tipped over about the line of sight."""
    tip = rotation_about(0, np.radians(tip_deg))
    upright = performance("squat")
    tipped = upright.moved(tip, np.zeros(3))
    camera_up = film(upright, 0.0).image_points[0].camera
    camera_tipped = replace(
        camera_up,
        rotation_room_to_camera=camera_up.rotation_room_to_camera @ tip.T,
        position_m=tip @ camera_up.position_m,
    )
    recording = film(upright, 0.0)
    here = motion_of(recording)
    points = replace(recording.image_points[0], camera=camera_tipped)
    there = motion_of(replace(recording, image_points=(points,)))
    assert np.abs(degrees_apart(there.value, here.value))[:, JOINTS].max() < 0.05
    truth = degrees_apart(tipped.truth().value, upright.truth().value)[:, JOINTS]
    assert np.abs(truth).max() < 1e-6


@pytest.mark.parametrize("script", sorted(SCRIPTS))
def test_every_script_is_estimated_within_its_uncertainty(script):
    done = performance(script, seed=3, begin_s=0.5, duration_s=1.5)
    found, truth = motion_of(film(done, 50.0, noise=1.0, seed=3)), done.truth()
    z = np.abs(found.value - truth.value)[:, JOINTS] / found.sd[:, JOINTS]
    assert np.median(z) < 2.0
