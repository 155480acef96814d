"""How long the coach takes over a frame: ``python benchmarks/coach_step.py``.

Every exercise's demonstration at 15 Hz, everything observed; microseconds a step.
"""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter_ns

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.support.coached import SPECS, coach_of, seen, truth


def main() -> None:
    """Prints the median and the 95th percentile a step, of the slowest exercises and of all."""
    rows = []
    for name, spec in SPECS.items():
        frames = seen(*truth(name, "right", 1.0, 1.7), 15.0, "all", np.random.default_rng(0)).frames()
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
