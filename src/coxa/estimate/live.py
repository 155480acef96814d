"""The live estimate: an iterated extended Kalman filter, one frame at a time.

The same windows, observations and elimination as the smoother, each window one frame long: a recording
pushed through here frame by frame gives what the camera gives live.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coxa.estimate.blas import one_thread
from coxa.estimate.estimator import Estimator, count_points
from coxa.estimate.observations import NormalEquations, add_joint_limits
from coxa.estimate.path import Path, moved
from coxa.estimate.reading import Reading
from coxa.estimate.recursion import Belief
from coxa.estimate.smoother import Schedule, Smoothed, Window, tamed
from coxa.estimate.start import start
from coxa.model.motion import Motion
from coxa.model.recording import Recording
from coxa.specs.estimator import ObservabilitySpec

Floats = NDArray[np.float64]

#: The first frame starts from a closed-form guess and is iterated to the end; the others start from a
#: prediction.
_FIRST = Schedule(iterations=30)
_MAX_STEPS = 3
#: A step as long as this [rad, m] moved the point of linearisation: take another.
_LONG_STEP = 0.1
#: Until a second frame tells.
_USUAL_INTERVAL_S = 1.0 / 30.0


class LiveFilter:
    """Takes frames as they come; each answer uses all frames so far and none that follow."""

    def __init__(self, estimator: Estimator) -> None:
        self.estimator = estimator
        self._before: tuple[float, Belief] | None = None

    def step(self, frame: Recording) -> Smoothed:
        """The posterior of one frame, later than those before.

        Args:
            frame: a recording of exactly one frame, its points NaN where nothing was seen.
        """
        with one_thread():
            if self._before is None:
                interval_s = _USUAL_INTERVAL_S
                path, known = self._started(frame)
            else:
                interval_s, known = self._expected(float(frame.time_s[0]), *self._before)
                path = self._solved(frame, known, interval_s)
            equations = self.estimator.observe(frame, path, interval_s)
            belief = known.about(path).given(equations)
            self._before = float(frame.time_s[0]), belief
            return self._told(frame, belief, equations)

    def _started(self, frame: Recording) -> tuple[Path, Belief]:
        """Where a first frame is, from the prior alone; and the prior."""
        estimator = self.estimator
        pose = start(frame, estimator.body, estimator.expected_stature_factor)
        arrival = estimator.first_arrival(pose)
        window = Window(estimator, frame, arrival, _USUAL_INTERVAL_S)
        path, _ = window.solve(window.initial(pose), _FIRST)
        return path, Belief.of(arrival)

    def _expected(self, time_s: float, before_s: float, belief: Belief) -> tuple[float, Belief]:
        """Time since the last frame, and what is known on arriving at this one."""
        process, last = self.estimator.process, belief.path
        dt = time_s - before_s
        phi, noise = process.steps(np.array([dt]))
        pose, rate = process.predicted(last.pose, last.rate, dt, last.size)
        return dt, belief.carried(Path(pose, rate, last.shared), phi[0], noise[0])

    def _solved(self, frame: Recording, known: Belief, interval_s: float) -> Path:
        estimator, path = self.estimator, known.path
        for _ in range(_MAX_STEPS):
            equations = estimator.observe(frame, path, interval_s)
            add_joint_limits(estimator.body, path.pose, estimator.limit_sd, equations)
            step, shared_step = known.about(path).step(equations, estimator)
            path = moved(path, tamed(step[None]), shared_step)
            if np.abs(step[: estimator.body.n_dof]).max() < _LONG_STEP:
                break
        return path

    def _told(self, frame: Recording, belief: Belief, equations: NormalEquations) -> Smoothed:
        """Covariances about the point. Joint limits count as no evidence here."""
        estimator, path = self.estimator, belief.path
        info, _ = estimator.coarsened(path.shared, belief.n_frames, belief.info_shared, belief.right_shared)
        n, n_lengths = estimator.body.n_dof, min(estimator.body.n_lengths, estimator.n_shared)
        shared = np.linalg.inv(info)
        across = belief.slope[:n] @ (0.5 * (shared + shared.T))
        covariance = np.block(
            [
                [belief.covariance[:n, :n] + across @ belief.slope[:n].T, across[:, :n_lengths]],
                [across[:, :n_lengths].T, shared[:n_lengths, :n_lengths]],
            ]
        )
        return Smoothed(frame.time_s, path, covariance[None], equations.cost, count_points(frame))


class LiveEstimator:
    """From frames to motions, at once: filter, readout and judgement together.

    However a recording is cut into parts, its frames are taken one by one: live and recorded agree to the
    letter.
    """

    def __init__(
        self, estimator: Estimator, observability: ObservabilitySpec, kinds: tuple[str, ...]
    ) -> None:
        self.filter = LiveFilter(estimator)
        self._reading = Reading(estimator, observability, kinds)

    def push(self, recording: Recording) -> Motion:
        """The motion of the next frames, at least one."""
        frames = (recording.window(slice(k, k + 1)) for k in range(recording.n_frames))
        return Motion.concatenate([self._one(frame) for frame in frames])

    def _one(self, frame: Recording) -> Motion:
        self._reading.watch(frame)
        return self._reading.motion(self.filter.step(frame))

    def finish(self) -> None:
        """Nothing waits."""
