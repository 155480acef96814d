"""The live estimate: an iterated extended Kalman filter, one frame at a time.

The same windows, observations and elimination as the smoother, each window one frame long: a recording
pushed through here frame by frame gives what the camera gives live.
"""

from __future__ import annotations

from coxa.estimate.blas import one_thread
from coxa.estimate.estimator import Estimator
from coxa.estimate.path import Path
from coxa.estimate.reading import Reading
from coxa.estimate.smoother import Schedule, Smoothed, Window
from coxa.estimate.start import start
from coxa.model.motion import Motion
from coxa.model.recording import Recording
from coxa.specs.estimator import ObservabilitySpec

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
        self._before: tuple[Window, Path] | None = None

    def step(self, frame: Recording) -> Smoothed:
        """The posterior of one frame, later than those before.

        Args:
            frame: a recording of exactly one frame, its points NaN where nothing was seen.
        """
        with one_thread():
            window, path = self._first(frame) if self._before is None else self._next(frame, *self._before)
            self._before = window, path
            return window.posterior(path)

    def _first(self, frame: Recording) -> tuple[Window, Path]:
        pose = start(frame, self.estimator.body, self.estimator.expected_stature_factor)
        window = Window(self.estimator, frame, self.estimator.first_arrival(pose), _USUAL_INTERVAL_S)
        path, _ = window.solve(window.initial(pose), _FIRST)
        return window, path

    def _next(self, frame: Recording, before: Window, last: Path) -> tuple[Window, Path]:
        time_s = float(frame.time_s[0])
        dt = time_s - float(before.recording.time_s[0])
        pose, rate = self.estimator.process.predicted(last.pose, last.rate, dt, last.size)
        path = Path(pose, rate, last.shared)
        window = Window(self.estimator, frame, before.leave(last, path, time_s), dt)
        for _ in range(_MAX_STEPS):
            path, length = window.step(path)
            if length < _LONG_STEP:
                break
        return window, path


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
