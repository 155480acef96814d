"""How long a frame takes live, against the smoother: ``python benchmarks/live_estimate.py [--rate HZ]``.

A simulated person squats before one camera, seen with a pose network's noise. Frames go one by one through
the live estimate, then through the fixed-lag smoother in the same run, on one thread. Told is the time that
the thread computed, which a busy machine changes little. The last line is how many people a core follows at
that rate, if it does nothing else.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from coxa.app.routes import live_estimator_for, smoother_for, warm_up
from coxa.catalog import loader
from coxa.model.recording import Recording
from coxa.simulate.library import SCRIPTS
from coxa.simulate.observe import CameraView, camera_around, middle_of, observe
from coxa.simulate.perform import perform
from coxa.simulate.person import Person

SECONDS, DETECTOR = 20.0, "blazepose_heavy"


def filmed(rate_hz: float) -> Recording:
    """Keypoints of one camera, from the front at an angle."""
    rng = np.random.default_rng(1)
    detector = loader.detectors()[DETECTOR]
    person = Person.of(loader.body_model(), loader.body_priors(), 1.7).with_offsets(detector, rng)
    done = perform(SCRIPTS["squat"](), person, np.arange(0.0, SECONDS, 1 / rate_hz))
    view = CameraView(camera_around(middle_of(done), 40.0, distance_m=3.0), detector)
    return observe(done, [view], rng, told_height_m=1.7)


def timed(push: Callable[[Recording], Any], frames: list[Recording]) -> np.ndarray:
    """(n_frames,) ms of each."""
    taken = []
    for frame in frames:
        began_s = time.thread_time()
        push(frame)
        taken.append(1e3 * (time.thread_time() - began_s))
    return np.array(taken)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=15.0)
    rate_hz = parser.parse_args().rate
    recording = filmed(rate_hz)
    frames = [recording.window(slice(k, k + 1)) for k in range(recording.n_frames)]
    began_s = time.perf_counter()
    warm_up(recording)
    print(f"warming up {time.perf_counter() - began_s:.2f} s, once")
    live = timed(live_estimator_for(recording.window(slice(0, 0))).push, frames)
    smoother = timed(smoother_for(recording.window(slice(0, 0))).push, frames)
    print(f"{'':10}{'first':>9}{'median':>9}{'mean':>9}{'p99':>9}{'worst':>9}  ms a frame")
    for name, taken in (("live", live), ("smoother", smoother)):
        rest = taken[1:]
        figures = (taken[0], np.median(rest), rest.mean(), np.percentile(rest, 99), rest.max())
        print(f"{name:10}" + "".join(f"{figure:9.2f}" for figure in figures))
    print(f"{1e3 / live[1:].mean() / rate_hz:.0f} people at {rate_hz:g} Hz")


if __name__ == "__main__":
    main()
