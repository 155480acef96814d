"""Maximum a posteriori motion of a body, by Gauss-Newton over a window of frames.

One window is solved by :class:`Window`; :class:`FixedLagSmoother` moves it along a recording of any length,
handing what earlier frames told on to the next window as its arrival information, so that memory does not
grow and nothing is counted twice. A window of one frame is the (iterated, extended) Kalman filter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from coxa.estimate.arrow import covariances, eliminate, substitute
from coxa.estimate.body import N_ROOT_DOF, Pose
from coxa.estimate.estimator import Arrival, Estimator
from coxa.estimate.observations import NormalEquations, add_joint_limits
from coxa.estimate.path import Path, difference, moved, step_errors
from coxa.estimate.process import Transitions
from coxa.estimate.sights import count_points
from coxa.kinematics.rotations import vector_from_rotation
from coxa.model.recording import Recording

Floats = NDArray[np.float64]


MAX_DAMPING = 1e6  # beyond it no step is left to try
LITTLE_DAMPING = 1e-2  # so little that a small step means arrival, not damping
DAMPED_BY = 30.0  # information on each value, for a damping of one
LONGEST_STEP = 0.7  # rad or m, of any joint in one iteration
LITTLE_LOSS = 0.02  # coarsened evidence of lengths need not lower the cost at every step
LITTLE_GAIN = 1e-4  # of the cost, per frame: nothing anyone could see


@dataclass(frozen=True, slots=True)
class Smoothed:
    """The posterior of some frames.

    Attributes:
        time_s: (n_frames,).
        path: most probable states.
        covariance: (n_frames, n_dof + n_lengths, n_dof + n_lengths) of values and log-lengths.
        cost: (n_frames,) negative log-likelihood of the observations.
        n_points: (n_frames,) how many points were seen.
    """

    time_s: Floats
    path: Path
    covariance: Floats
    cost: Floats
    n_points: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Schedule:
    """How hard to iterate, and how far ahead a recorded frame waits for later ones.

    Attributes:
        window_s: frames solved together.
        lag_s: how much later evidence a frame gets before it is final.
        iterations: relinearisations at most.
        tolerance: largest step [rad, m] that counts as none.
    """

    window_s: float = 3.0
    lag_s: float = 1.0
    iterations: int = 30
    tolerance: float = 2e-4


class Window:
    """Some consecutive frames, solved together."""

    def __init__(
        self,
        estimator: Estimator,
        recording: Recording,
        arrival: Arrival,
        interval_s: float | None = None,
    ) -> None:
        """Take frames to solve.

        Args:
            estimator: body and sources.
            recording: the frames.
            arrival: what is known on arriving at the first of them.
            interval_s: usual time between frames, for a window too short to tell.
        """
        self.estimator = estimator
        self.recording = recording
        self.arrival = arrival
        self.n_frames = arrival.n_frames + recording.n_frames
        self.transitions = estimator.process.transitions(recording.time_s)
        self.dt = np.diff(recording.time_s)
        self.interval_s = float(np.median(self.dt)) if interval_s is None else interval_s
        self._sights = estimator.sights(recording, self.interval_s)
        self._last_observed: tuple[Path, NormalEquations] | None = None

    def initial(self, pose: Pose) -> Path:
        """A path through these poses, its rates their differences."""
        shared = self.arrival.path.shared.copy()
        path = Path(pose, np.zeros((len(pose), self.estimator.body.n_dof)), shared)
        rate = path.rate
        if len(pose) > 1:
            turned = vector_from_rotation(pose.rotation[1:] @ np.swapaxes(pose.rotation[:-1], 1, 2))
            dt = self.dt[:, None]
            rate[:-1, :3] = np.diff(pose.position_m, axis=0) / dt / path.size
            rate[:-1, 3:6] = turned / dt
            rate[:-1, N_ROOT_DOF:] = np.diff(pose.joints, axis=0) / dt
            rate[-1] = rate[-2]
        return path

    def solve(self, path: Path, schedule: Schedule) -> tuple[Path, float]:
        """Gauss-Newton, damped where a step does not help; returns the path and its cost."""
        equations = self._steered(path)
        cost = self._cost(path, equations)
        damping = 0.0
        for _ in range(schedule.iterations):
            step, shared_step = self._step(path, equations, damping)
            candidate = moved(path, tamed(step), shared_step)
            new_equations = self._steered(candidate)
            new_cost = self._cost(candidate, new_equations)
            gain = cost - new_cost
            if not gain >= -LITTLE_LOSS * self.recording.n_frames:
                if damping > MAX_DAMPING:
                    break
                damping = max(10.0 * damping, 1.0)
                continue
            path, equations, cost = candidate, new_equations, new_cost
            largest = np.abs(step[:, : self.estimator.body.n_dof]).max()
            if damping < LITTLE_DAMPING and (
                largest < schedule.tolerance or abs(gain) < LITTLE_GAIN * self.recording.n_frames
            ):
                break
            damping *= 0.1
        return path, cost

    def _observed(self, path: Path) -> NormalEquations:
        """Observations about a path; the last answer is kept for what else is asked of that path."""
        if self._last_observed is None or self._last_observed[0] is not path:
            equations = self.about(path)
            self._last_observed = path, equations
        return self._last_observed[1]

    def about(self, path: Path) -> NormalEquations:
        """Observations about a path."""
        return self._sights.about(path)

    def _steered(self, path: Path) -> NormalEquations:
        """Observations and joint limits about a path."""
        equations = self.about(path)
        add_joint_limits(self.estimator.body, path.pose, self.estimator.limit_sd, equations)
        return equations

    def cost(self, path: Path) -> float:
        """Negative log of the posterior of a path, but for a constant."""
        return self._cost(path, self._steered(path))

    def cost_before(self, path: Path, frame: int) -> float:
        """What the frames before ``frame``, and the step to it, add to the cost of a path."""
        return self._cost(path, self._steered(path), frame)

    def _cost(self, path: Path, equations: NormalEquations, stop: int | None = None) -> float:
        """Negative log of the posterior, but for a constant; of the frames before ``stop`` alone."""
        arrival = self.arrival
        deviation = difference(path, arrival.path)
        shared = path.shared - arrival.path.shared
        arrival_cost = (
            0.5 * deviation @ arrival.info @ deviation
            + deviation @ arrival.border @ shared
            + 0.5 * shared @ arrival.info_shared @ shared
            - arrival.right @ deviation
            - arrival.right_shared @ shared
        )
        error = step_errors(self.estimator.process, self.transitions, path, self.dt)
        process_cost = 0.5 * np.einsum(
            "tia,tiab,tib->", error[:stop], self.transitions.weight[:stop], error[:stop]
        )
        return float(equations.cost[:stop].sum() + arrival_cost + process_cost)

    def _eliminated(self, path: Path, equations: NormalEquations, transitions: Transitions, error: Floats):  # type: ignore[no-untyped-def]
        arrival = self.arrival
        deviation = difference(path, arrival.path)
        shared = path.shared - arrival.path.shared
        start = (
            arrival.info,
            arrival.border,
            arrival.right - arrival.info @ deviation - arrival.border @ shared,
        )
        known_right = arrival.right_shared - arrival.border.T @ deviation - arrival.info_shared @ shared
        info_shared = arrival.info_shared + equations.info_shared
        right_shared = known_right + equations.right_shared
        eliminated = eliminate(
            transitions.phi,
            transitions.weight,
            error,
            equations.info,
            equations.border,
            equations.right,
            info_shared,
            right_shared,
            start,
        )
        return eliminated, info_shared, right_shared

    def _step(self, path: Path, equations: NormalEquations, damping: float) -> tuple[Floats, Floats]:
        if damping > 0:
            diagonal = np.arange(self.estimator.body.n_dof)
            info = equations.info.copy()
            info[:, diagonal, diagonal] += damping * DAMPED_BY
            equations = replace(equations, info=info)
        error = step_errors(self.estimator.process, self.transitions, path, self.dt)
        (inverse, border, right, _), info_shared, right_shared = self._eliminated(
            path, equations, self.transitions, error
        )
        info_shared, right_shared = self.estimator.coarsened(
            path.shared, self.n_frames, info_shared, right_shared
        )
        shared_step = np.asarray(np.linalg.solve(info_shared, right_shared), np.float64)
        step = substitute(self.transitions.phi, self.transitions.weight, inverse, border, right, shared_step)
        return step, shared_step

    def step(self, path: Path) -> tuple[Path, float]:
        """One undamped Gauss-Newton step; returns the new path and how far the values moved at most."""
        step, shared_step = self._step(path, self._steered(path), 0.0)
        return moved(path, tamed(step), shared_step), float(
            np.abs(step[:, : self.estimator.body.n_dof]).max()
        )

    def posterior(self, path: Path) -> Smoothed:
        """Covariances about a solved path. Joint limits count as no evidence here."""
        estimator = self.estimator
        equations = self._observed(path)
        error = step_errors(self.estimator.process, self.transitions, path, self.dt)
        (inverse, border, _, _), info_shared, right_shared = self._eliminated(
            path, equations, self.transitions, error
        )
        info_shared, _ = estimator.coarsened(path.shared, self.n_frames, info_shared, right_shared)
        covariance_shared = np.linalg.inv(info_shared)
        covariance = covariances(
            self.transitions.phi,
            self.transitions.weight,
            inverse,
            border,
            0.5 * (covariance_shared + covariance_shared.T),
            min(estimator.body.n_lengths, estimator.n_shared),
        )
        count = count_points(self.recording)
        return Smoothed(self.recording.time_s, path, covariance, equations.cost, count)

    def leave(self, path: Path, ahead: Path, time_s: float) -> Arrival:
        """What the frames of this window tell about the next one: they are eliminated for good.

        Args:
            path: solved states of the window.
            ahead: one frame to linearise about, the best guess of the next.
            time_s: when that next frame is.
        """
        estimator = self.estimator
        process = estimator.process
        times = np.append(self.recording.time_s, time_s)
        onward = Path(
            Pose.concatenate([path.pose, ahead.pose]), np.concatenate([path.rate, ahead.rate]), path.shared
        )
        transitions = process.transitions(times)
        error = step_errors(process, transitions, onward, np.diff(times))
        equations = self._observed(path)
        (_, _, _, (info, border, right)), info_shared, right_shared = self._eliminated(
            path, equations, transitions, error
        )
        arrival = Arrival(
            path=ahead,
            info=0.5 * (info + info.T),
            border=border,
            right=right,
            info_shared=0.5 * (info_shared + info_shared.T),
            right_shared=right_shared,
            n_frames=self.n_frames,
        )
        return estimator.aged(arrival, time_s - float(self.recording.time_s[0]))

    def arrival_at(self, path: Path, frame: int) -> Arrival:
        """What the frames before ``frame`` tell about it."""
        early = Window(self.estimator, self.recording.window(slice(frame)), self.arrival, self.interval_s)
        return early.leave(
            path.window(slice(frame)), path.window(slice(frame, frame + 1)), self.recording.time_s[frame]
        )


def tamed(step: Floats) -> Floats:
    """No joint turns by more than this in one iteration: beyond it the linearisation says nothing."""
    n = step.shape[1] // 2
    largest = np.abs(step[:, 3:n]).max(axis=1, keepdims=True)
    return np.asarray(step * np.minimum(1.0, LONGEST_STEP / np.maximum(largest, 1e-12)))
