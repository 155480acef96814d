"""What a live frame costs: ``python benchmarks/live_estimate.py --rate 15 --people 1 10 25 40``.

A simulated person filmed by one camera, with the pose network's noise. Frames go one by one through the live
estimate, then through the fixed-lag smoother in the same run, on one thread; then so many people who squat
are followed and coached in turn, frame by frame, as a server does it, without sockets. Told is the time that
the thread computed, which a busy machine changes little; the least of several runs. The last column is how
many people a core follows at that rate, if it does nothing else.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from coxa.app.coach import Session
from coxa.app.routes import live_estimator_for, smoother_for, warm_up
from coxa.catalog import loader
from coxa.catalog.exercises import exercise
from coxa.coach.engine import Coach
from coxa.estimate.blas import stay_on_one_thread
from coxa.model.recording import Recording
from coxa.simulate.library import SCRIPTS
from coxa.simulate.observe import CameraView, camera_around, middle_of, observe
from coxa.simulate.perform import perform
from coxa.simulate.person import Person

SECONDS, DETECTOR = 20.0, "blazepose_heavy"
#: Of many people: frames of each.
_FRAMES = 120


def filmed(rate_hz: float) -> Recording:
    """Keypoints of one camera, from the front at an angle."""
    rng = np.random.default_rng(1)
    detector = loader.detectors()[DETECTOR]
    person = Person.of(loader.body_model(), loader.body_priors(), 1.7).with_offsets(detector, rng)
    done = perform(SCRIPTS["squat"](), person, np.arange(0.0, SECONDS, 1 / rate_hz))
    view = CameraView(camera_around(middle_of(done), 40.0, distance_m=3.0), detector)
    return observe(done, [view], rng, told_height_m=1.7)


def timed(push: Callable[[Any], Any], frames: Sequence[Any]) -> np.ndarray:
    """(n_frames,) ms of each."""
    taken = []
    for frame in frames:
        began_s = time.thread_time()
        push(frame)
        taken.append(1e3 * (time.thread_time() - began_s))
    return np.array(taken)


class Follower:
    """One person's live estimate and coach."""

    def __init__(self, layout: Recording) -> None:
        self._estimator = live_estimator_for(layout)
        self._session = Session(Coach(exercise("squat"), loader.coach_rules(), sets=100, repetitions=1000))

    def push(self, frame: Recording) -> None:
        """One frame."""
        self._session.push(self._estimator.push(frame), frame)


def together(people: int, recording: Recording) -> np.ndarray:
    """(n,) ms of each frame of so many people in turn, but for the first of everybody."""
    frames = [recording.window(slice(k, k + 1)) for k in range(_FRAMES)]
    followers = [Follower(recording.window(slice(0, 0))) for _ in range(people)]
    turns = [(one, frame) for frame in frames for one in followers]
    return timed(lambda turn: turn[0].push(turn[1]), turns)[people:]


def told(name: str, first: str, taken: np.ndarray, rate_hz: float) -> None:
    """A row of the table."""
    figures = (np.median(taken), taken.mean(), np.percentile(taken, 99), taken.max())
    told = "".join(f"{figure:9.2f}" for figure in figures)
    print(f"{name:14}{first:>9}{told}{1e3 / taken.mean() / rate_hz:9.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=15.0)
    parser.add_argument("--people", type=int, nargs="*", default=[1, 10, 25, 40])
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    rate_hz = arguments.rate
    stay_on_one_thread()
    recording = filmed(rate_hz)
    frames = [recording.window(slice(k, k + 1)) for k in range(recording.n_frames)]
    began_s = time.perf_counter()
    warm_up(recording)
    print(f"warming up {time.perf_counter() - began_s:.2f} s, once")
    print(f"{'':14}{'first':>9}{'median':>9}{'mean':>9}{'p99':>9}{'worst':>9}{'people':>9}  ms a frame")
    live = timed(live_estimator_for(recording.window(slice(0, 0))).push, frames)
    smoother = timed(smoother_for(recording.window(slice(0, 0))).push, frames)
    told("live", f"{live[0]:.2f}", live[1:], rate_hz)
    told("smoother", f"{smoother[0]:.2f}", smoother[1:], rate_hz)
    for people in arguments.people:
        runs = [together(people, recording) for _ in range(arguments.runs)]
        told(f"{people} coached", "", min(runs, key=np.mean), rate_hz)


if __name__ == "__main__":
    main()
