"""The live estimate: an iterated extended Kalman filter, one frame at a time.

The same observations as the smoother's, each frame after those before (``recursion.py``): a recording pushed
through here frame by frame gives what the camera gives live. A filter has no second chance: where it lost the
body, or never had it, it starts anew.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coxa.estimate.blas import one_thread
from coxa.estimate.body import Pose
from coxa.estimate.estimator import Arrival, Estimator
from coxa.estimate.following import Follower
from coxa.estimate.observations import NormalEquations
from coxa.estimate.path import Path
from coxa.estimate.reading import Reading
from coxa.estimate.recursion import Belief
from coxa.estimate.sights import count_points
from coxa.estimate.smoother import Schedule, Smoothed, Window
from coxa.estimate.start import start
from coxa.model.channels import ImagePoints
from coxa.model.errors import SourceError
from coxa.model.motion import Motion
from coxa.model.recording import Recording
from coxa.specs.estimator import ObservabilitySpec
from coxa.specs.tracking import TrackingRules

Floats = NDArray[np.float64]

#: A start is iterated to the end: it comes from a closed-form guess, the others from a prediction.
_START = Schedule(iterations=30)
#: Until a second frame tells.
_USUAL_INTERVAL_S = 1.0 / 30.0


class _Found(NamedTuple):
    """What a frame says of the body: all that is known, and what its observations cost, negative log."""

    belief: Belief
    cost: float


@dataclass(frozen=True, slots=True)
class _Track:
    """The body as it was at the last frame.

    Attributes:
        time_s: of that frame.
        belief: what was known then.
        seen_s: when it was seen last.
        since_s: when it was started from.
        doubted_s: since when starting anew is better; NaN: it is not.
        checked_s: when that was tried last.
    """

    time_s: float
    belief: Belief
    seen_s: float
    since_s: float
    doubted_s: float = float("nan")
    checked_s: float = float("-inf")


class LiveFilter:
    """Takes frames as they come; each answer uses all frames so far and none that follow."""

    def __init__(self, estimator: Estimator, rules: TrackingRules) -> None:
        self.estimator = estimator
        self.rules = rules
        self._follower = Follower.of(estimator, rules, _START)
        self._track: _Track | None = None
        self._last_s = float("-inf")

    def step(self, frame: Recording) -> Smoothed:
        """The posterior of one frame, later than those before.

        Args:
            frame: a recording of exactly one frame, its points NaN where nothing was seen.

        Raises:
            SourceError: the frame is not later than the last one, or has no time.
        """
        time_s = float(frame.time_s[0])
        if not self._last_s < time_s < float("inf"):
            raise SourceError(
                f"a frame at {time_s} s came after one at {self._last_s} s",
                "send frames in the order of their times, each once",
            )
        self._last_s = time_s
        n_points = count_points(frame)
        with one_thread():
            return self._told(frame, self._found(frame, time_s, int(n_points[0])), n_points)

    def _found(self, frame: Recording, time_s: float, n_points: int) -> _Found:
        track = self._track
        least = self.rules.least_points if frame.image_points or frame.space_points else 1
        enough = n_points >= least
        if track is None or time_s - track.seen_s > self.rules.forgotten_after_s:
            known = None if track is None else track.belief
            return self._began(self._started(frame, known), time_s) if enough else self._nobody(known)
        found = self._followed(frame, track)
        if not np.isfinite(found.cost) or not np.isfinite(found.belief.mean).all():
            self._track = None
            return self._found(frame, time_s, n_points)
        interval_s, seen_s = time_s - track.time_s, time_s if enough else track.seen_s
        self._track = replace(track, time_s=time_s, belief=found.belief, seen_s=seen_s)
        # Errors that last are counted as that much more noise, frame by frame.
        looks = n_points / self.estimator.frames_as_one(interval_s)
        return self._checked(frame, found, self._track, looks) if enough else found

    def _began(self, found: _Found, time_s: float) -> _Found:
        self._track = _Track(time_s, found.belief, time_s, time_s)
        return found

    def _started(self, frame: Recording, known: Belief | None = None) -> _Found:
        """Where the body is, from a closed-form guess; ``known``: of its lengths, all else is forgotten."""
        estimator = self.estimator
        factor = estimator.expected_stature_factor if known is None else known.path.size
        frame = replace(frame, image_points=tuple(_finite(points) for points in frame.image_points))
        pose = start(frame, estimator.body, factor)
        arrival = self._prior(pose, known)
        if self._follower is not None:
            return _Found(*self._follower.started(arrival, pose, frame, _USUAL_INTERVAL_S))
        window = Window(estimator, frame, arrival, _USUAL_INTERVAL_S)
        path, _ = window.solve(window.initial(pose), _START)
        return _posterior(Belief.of(arrival), path, window.about(path))

    def _nobody(self, known: Belief | None) -> _Found:
        """What is known of somebody who is not seen."""
        estimator = self.estimator
        pose = Pose(np.zeros((1, 3)), np.eye(3)[None], estimator.process.mean[None])
        arrival = self._prior(pose if known is None else known.path.pose, known)
        return _Found(Belief.of(arrival), 0.0)

    def _prior(self, pose: Pose, known: Belief | None) -> Arrival:
        """Somebody about there, of lengths that are known or of any."""
        arrival = self.estimator.first_arrival(pose)
        if known is None:
            return arrival
        return replace(
            arrival,
            path=replace(arrival.path, shared=known.path.shared),
            info_shared=known.info_shared,
            right_shared=known.right_shared,
            n_frames=known.n_frames,
        )

    def _followed(self, frame: Recording, track: _Track) -> _Found:
        """Where the body is, from where it was."""
        estimator, rules = self.estimator, self.rules
        dt = float(frame.time_s[0]) - track.time_s
        if self._follower is not None:
            return _Found(*self._follower.followed(track.belief, frame, dt))
        known = track.belief.ahead(estimator.process, dt).aged(estimator, dt)
        sights = estimator.sights(frame, dt)
        path = known.path
        for _ in range(rules.steps):
            path, largest = known.refined(path, sights.about(path), estimator)
            if largest < rules.arrived:
                break
        return _posterior(known, path, sights.about(path))

    def _checked(self, frame: Recording, found: _Found, track: _Track, looks: float) -> _Found:
        """The body, found anew where it was lost: as it was, or somebody else."""
        rules = self.rules
        if found.cost <= rules.suspect_cost * looks:
            self._track = replace(track, doubted_s=float("nan"))
            return found
        lately = track.time_s < track.since_s + rules.settled_after_s
        calm = np.isnan(track.doubted_s) and not lately
        if track.time_s - track.checked_s < (rules.check_every_s if calm else rules.confirm_every_s):
            return found
        other = self._started(frame)
        if not lately:  # lengths of a start that went wrong are worth nothing
            other = min(other, self._started(frame, found.belief), key=lambda one: one.cost)
        if not found.cost - other.cost > max(rules.lost_gain * looks, rules.lost_share * found.cost):
            self._track = replace(track, doubted_s=float("nan"), checked_s=track.time_s)
            return found
        doubted_s = track.time_s if np.isnan(track.doubted_s) else track.doubted_s
        if lately or track.time_s >= doubted_s + rules.lost_for_s:
            return self._began(other, track.time_s)
        self._track = replace(track, doubted_s=doubted_s, checked_s=track.time_s)
        return found

    def _told(self, frame: Recording, found: _Found, n_points: NDArray[np.int64]) -> Smoothed:
        """Covariances about the point."""
        covariance = found.belief.covariance_told(self.estimator)
        return Smoothed(frame.time_s, found.belief.path, covariance[None], np.array([found.cost]), n_points)


def _posterior(known: Belief, path: Path, equations: NormalEquations) -> _Found:
    """Joint limits count as no evidence here."""
    return _Found(known.given(equations, path), float(equations.cost[0]))


def _finite(points: ImagePoints) -> ImagePoints:
    """Infinite is not seen."""
    told = points.position_px, points.visibility, points.depth_m
    if not any(np.isinf(values).any() for values in told):
        return points
    position, visibility, depth = (np.where(np.isinf(values), np.nan, values) for values in told)
    return replace(points, position_px=position, visibility=visibility, depth_m=depth)


class LiveEstimator:
    """From frames to motions, at once: filter, readout and judgement together.

    However a recording is cut into parts, its frames are taken one by one: live and recorded agree to the
    letter.
    """

    def __init__(
        self,
        estimator: Estimator,
        observability: ObservabilitySpec,
        kinds: tuple[str, ...],
        rules: TrackingRules,
    ) -> None:
        self.filter = LiveFilter(estimator, rules)
        self._reading = Reading(estimator, observability, kinds)

    def push(self, recording: Recording) -> Motion:
        """The motion of the next frames, at least one."""
        if recording.n_frames == 1:
            return self._one(recording)
        frames = (recording.window(slice(k, k + 1)) for k in range(recording.n_frames))
        return Motion.concatenate([self._one(frame) for frame in frames])

    def _one(self, frame: Recording) -> Motion:
        self._reading.watch(frame)
        return self._reading.motion(self.filter.step(frame))

    def finish(self) -> None:
        """Nothing waits."""
