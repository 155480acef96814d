"""The filter's recursion is the equations of the windows, a window a frame, solved another way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from coxa.catalog import loader
from coxa.estimate.estimator import Estimator
from coxa.estimate.live import LiveFilter
from coxa.estimate.path import Path
from coxa.estimate.process import Process, expected
from coxa.estimate.recursion import Belief, path_of
from coxa.estimate.smoother import Schedule, Smoothed, Window
from coxa.estimate.start import start
from coxa.model.recording import Recording
from tests.support.simulated import film, performance
from tests.unit.estimate.test_orientation_sensors import LOWER, drifting

#: Nothing is ever suspect: the filter never starts anew.
RULES = loader.tracking_rules().model_copy(update={"suspect_cost": np.inf, "steps": 3, "arrived": 0.1})


def by_windows(estimator: Estimator, recording: Recording) -> list[Smoothed]:
    """Windows of one frame, each handing on what it tells of the next."""
    found: list[Smoothed] = []
    last_s, window, path = 0.0, None, None
    for k in range(recording.n_frames):
        frame = recording.window(slice(k, k + 1))
        time_s = float(frame.time_s[0])
        if window is None:
            pose = start(frame, estimator.body, estimator.expected_stature_factor)
            window = Window(estimator, frame, estimator.first_arrival(pose), 1 / 30)
            path, _ = window.solve(window.initial(pose), Schedule(iterations=30))
        else:
            dt = time_s - last_s
            onward = ahead(estimator.process, path, dt)
            window, path = Window(estimator, frame, window.leave(path, onward, time_s), dt), onward
            for _ in range(RULES.steps):
                path, length = window.step(path)
                if length < RULES.arrived:
                    break
        last_s = time_s
        found.append(window.posterior(path))
    return found


def ahead(process: Process, path: Path, dt: float) -> Path:
    """Where a frame's state is expected later."""
    pose, phi = path.pose, process.steps(np.array([dt]))[0][0]
    point = pose.position_m, np.ascontiguousarray(pose.rotation), pose.joints, path.rate, path.shared
    return path_of(expected(point, phi, process.mean, dt))


def agree(recording: Recording) -> None:
    estimator = Estimator(loader.body_model(), loader.body_priors(), loader.detectors(), recording)
    live = LiveFilter(estimator, RULES)
    for k, there in enumerate(by_windows(estimator, recording)):
        here = live.step(recording.window(slice(k, k + 1)))
        np.testing.assert_allclose(here.path.pose.joints, there.path.pose.joints, atol=1e-6)
        np.testing.assert_allclose(here.path.shared, there.path.shared, atol=1e-6)
        sd = np.sqrt(np.diagonal(there.covariance[0]))
        np.testing.assert_allclose(
            here.covariance[0] / np.outer(sd, sd), there.covariance[0] / np.outer(sd, sd), atol=1e-6
        )


def test_one_camera() -> None:
    detector = loader.detectors()["blazepose_heavy"]
    agree(film(performance("squat", seed=1, duration_s=1.0), 30.0, noise=1.0, seed=1, detector=detector))


def test_sensors_whose_headings_wander() -> None:
    _, recording = drifting(LOWER, [0.1] * len(LOWER), duration_s=0.6, askew_deg=0.5)
    agree(recording)


def test_a_belief_is_the_same_about_any_point() -> None:
    recording = film(performance("squat", duration_s=0.1))
    estimator = Estimator(loader.body_model(), loader.body_priors(), loader.detectors(), recording)
    arrival = estimator.first_arrival(start(recording, estimator.body, 1.0))
    belief = Belief.of(replace(arrival, n_frames=3))
    path = replace(belief.path, rate=belief.path.rate + 0.1, shared=belief.path.shared + 0.05)
    again = belief.about(path).about(belief.path)
    np.testing.assert_allclose(again.mean, belief.mean, atol=1e-12)
    np.testing.assert_allclose(again.right_shared, belief.right_shared, atol=1e-9)
    assert again.n_frames == 3
