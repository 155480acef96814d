"""One camera's keypoints, a frame at a time in one call: the same as by sums of normal equations."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coxa.catalog import loader
from coxa.estimate.estimator import Estimator
from coxa.estimate.following import Follower
from coxa.estimate.live import LiveFilter
from coxa.estimate.smoother import Schedule
from coxa.model.recording import Recording
from tests.support.simulated import film, performance

RULES = loader.tracking_rules()
#: Nothing is ever suspect: the filter never starts anew.
CALM = RULES.model_copy(update={"suspect_cost": np.inf})


def filmed(*, n_missing: int = 0, seed: int = 3) -> Recording:
    detector = loader.detectors()["blazepose_lite"]
    done = performance("squat", seed=seed, duration_s=1.0)
    recording = film(done, 60.0, noise=1.0, seed=seed, detector=detector)
    (image,) = recording.image_points
    position, depth = image.position_px.copy(), image.depth_m.copy()
    rng = np.random.default_rng(seed)
    for frame in range(1, recording.n_frames):
        gone = rng.choice(len(image.names), n_missing, replace=False)
        position[frame, gone], depth[frame, gone[: n_missing // 2]] = np.nan, np.nan
        depth[frame, rng.integers(len(image.names))] = np.nan
    return replace(recording, image_points=(replace(image, position_px=position, depth_m=depth),))


def by_sums(live: LiveFilter) -> LiveFilter:
    """The same filter without what makes it quick."""
    live._follower = None
    return live


@pytest.mark.parametrize("n_missing", [0, 5, 18])
@pytest.mark.parametrize("many", [1, 100_000])
def test_it_is_what_the_sums_give(n_missing: int, many: int) -> None:
    """``many``: frames that what was known before stands for: evidence of lengths is then trusted less."""
    recording = filmed(n_missing=n_missing)
    estimator = Estimator(loader.body_model(), loader.body_priors(), loader.detectors(), recording)
    quick, slow = LiveFilter(estimator, CALM), by_sums(LiveFilter(estimator, CALM))
    assert quick._follower is not None
    for k in range(recording.n_frames):
        frame = recording.window(slice(k, k + 1))
        here, there = quick.step(frame), slow.step(frame)
        np.testing.assert_allclose(here.path.pose.joints, there.path.pose.joints, atol=1e-7)
        np.testing.assert_allclose(here.path.pose.position_m, there.path.pose.position_m, atol=1e-7)
        np.testing.assert_allclose(here.path.pose.rotation, there.path.pose.rotation, atol=1e-7)
        np.testing.assert_allclose(here.path.rate, there.path.rate, atol=1e-6)
        np.testing.assert_allclose(here.path.shared, there.path.shared, atol=1e-7)
        np.testing.assert_allclose(here.cost, there.cost, rtol=1e-6)
        sd = np.sqrt(np.diagonal(there.covariance[0]))
        off = (here.covariance[0] - there.covariance[0]) / np.outer(sd, sd)
        np.testing.assert_allclose(off, 0.0, atol=1e-7)
        if k == 0:
            for one in (quick, slow):
                assert one._track is not None
                belief = replace(one._track.belief, n_frames=many)
                one._track = replace(one._track, belief=belief)


def test_joints_beyond_their_limits_are_pulled_back_alike() -> None:
    recording = filmed()
    estimator = Estimator(loader.body_model(), loader.body_priors(), loader.detectors(), recording)
    follower = Follower.of(estimator, CALM, Schedule())
    quick, slow = LiveFilter(estimator, CALM), by_sums(LiveFilter(estimator, CALM))
    quick.step(recording.window(slice(0, 1)))
    assert quick._track is not None
    assert follower is not None
    belief, body = quick._track.belief, estimator.body
    joints = body.joint_limits[None, :, 1] + 0.2
    pose = replace(belief.path.pose, joints=joints)
    bent = replace(quick._track, belief=replace(belief, path=replace(belief.path, pose=pose)))
    frame = recording.window(slice(1, 2))
    here, cost = follower.followed(bent.belief, frame, 1 / 30)
    there = slow._followed(frame, bent)
    np.testing.assert_allclose(here.path.pose.joints, there.belief.path.pose.joints, atol=1e-6)
    np.testing.assert_allclose(cost, there.cost, rtol=1e-6)
    assert (joints - here.path.pose.joints).max() > 0.1  # something was pulled


def test_it_stays_symmetric_and_positive() -> None:
    recording = filmed(n_missing=3)
    estimator = Estimator(loader.body_model(), loader.body_priors(), loader.detectors(), recording)
    live = LiveFilter(estimator, CALM)
    for k in range(recording.n_frames):
        live.step(recording.window(slice(k, k + 1)))
    assert live._track is not None
    belief = live._track.belief
    np.testing.assert_array_equal(belief.covariance, belief.covariance.T)
    assert np.linalg.eigvalsh(belief.covariance).min() > 0
    assert np.linalg.eigvalsh(belief.info_shared).min() > 0


def test_it_is_for_one_camera_alone() -> None:
    one, two = filmed(), filmed(seed=4)
    both = replace(one, image_points=one.image_points + two.image_points)
    body, priors, detectors = loader.body_model(), loader.body_priors(), loader.detectors()
    assert Follower.of(Estimator(body, priors, detectors, one), RULES, Schedule()) is not None
    assert Follower.of(Estimator(body, priors, detectors, both), RULES, Schedule()) is None


@pytest.mark.parametrize("azimuth_deg", [0.0, 90.0, 180.0])
def test_a_start_is_where_the_window_of_a_frame_ends(azimuth_deg: float) -> None:
    """From the front half of the steps are damped."""
    detector = loader.detectors()["blazepose_lite"]
    recording = film(performance("squat", seed=2), azimuth_deg, noise=1.0, seed=2, detector=detector)
    estimator = Estimator(loader.body_model(), loader.body_priors(), loader.detectors(), recording)
    quick, slow = LiveFilter(estimator, CALM), by_sums(LiveFilter(estimator, CALM))
    known = quick._started(recording.window(slice(0, 1))).belief
    for k in range(1, recording.n_frames, 5):
        frame = recording.window(slice(k, k + 1))
        for before in (None, replace(known, n_frames=100_000)):
            here, there = quick._started(frame, before), slow._started(frame, before)
            found, expected = here.belief, there.belief
            np.testing.assert_allclose(here.cost, there.cost, rtol=1e-6)
            np.testing.assert_allclose(found.path.pose.joints, expected.path.pose.joints, atol=1e-6)
            np.testing.assert_allclose(found.path.shared, expected.path.shared, atol=1e-6)
            np.testing.assert_allclose(found.covariance, expected.covariance, atol=1e-6)
            np.testing.assert_allclose(found.info_shared, expected.info_shared, rtol=1e-5, atol=1e-3)
            assert found.n_frames == expected.n_frames
