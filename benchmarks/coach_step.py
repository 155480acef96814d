"""How long the coach takes over a frame: ``python benchmarks/coach_step.py``.

Every exercise's demonstration at 15 Hz, everything observed, with a picture to be guided in; microseconds a
step.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from time import perf_counter_ns

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from coxa.adapters.vision.landmarks import NAMES
from coxa.model.coaching import Picture
from coxa.simulate.rehearse import truth
from tests.support.coached import SPECS, coach_of, seen


def picture(time_s: float) -> Picture:
    """All of a body, 33 points, in the middle."""
    place = np.random.default_rng(1).uniform(200, 400, (len(NAMES), 2))
    return Picture(time_s, NAMES, place, np.ones(len(NAMES)), 640, 480)


def main() -> None:
    """Prints the median and the 95th percentile a step, of the slowest exercises and of all."""
    rows = []
    for name, spec in SPECS.items():
        done = truth(spec, "right", 1.0, 1.7)
        frames = [
            replace(frame, picture=picture(frame.time_s))
            for frame in seen(done.time_s, done.value, 15.0, "all", np.random.default_rng(0)).frames()
        ]
        coach = coach_of(spec, "right")
        state, took = coach.begin(), []
        for frame in frames:
            began = perf_counter_ns()
            state, _ = coach.step(state, frame)
            took.append((perf_counter_ns() - began) / 1e3)
        rows.append((float(np.median(took)), name, took))
    for median, name, took in sorted(rows, reverse=True)[:5]:
        print(f"{name:40s} median {median:5.0f} us, 95% {np.percentile(took, 95):5.0f} us")
    together = np.concatenate([took for _, _, took in rows])
    print(f"{'all':40s} median {np.median(together):5.0f} us, 95% {np.percentile(together, 95):5.0f} us")


if __name__ == "__main__":
    main()
