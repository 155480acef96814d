"""Whether the stated uncertainty is honest where headings drift: simulated people with eight sensors.

Misalignments, lasting errors and offsets are drawn as the catalogue says; every heading drifts by 2 to 20
deg/min, either way. Prints, per coordinate, how often the 95% interval holds the truth, and the same at the end.

Usage: python benchmarks/worn_sensors.py [--people N] [--seconds S] [--fusion no_magnetometer|magnetometer]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from coxa.model.coordinates import ALL  # noqa: E402
from tests.support.opensense import motion_of  # noqa: E402
from tests.support.simulated import degrees_apart  # noqa: E402
from tests.support.worn import ALL_WORN, Drift, errors_of, moving, worn_orientations  # noqa: E402

EXERCISES = ("squat", "lunge", "hinge", "side_lunge")
_LAST_S = 2.0


def one_person(seed: int, seconds: float, fusion: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Errors, standard deviations [deg] and levels, (n_frames, n_coordinates)."""
    rng = np.random.default_rng(1000 + seed)
    done = moving(EXERCISES, seconds, 25.0, seed=seed)
    rate = rng.uniform(2, 20, len(ALL_WORN)) * rng.choice([-1, 1], len(ALL_WORN))
    if fusion == "magnetometer":
        rate /= 10
    drift = Drift(2 * rng.normal(size=len(ALL_WORN)), rate)
    motion = motion_of(worn_orientations(done, ALL_WORN, errors_of(ALL_WORN, fusion), drift, rng))
    error = degrees_apart(motion.value, done.truth().value)
    return error, np.degrees(motion.sd), motion.observability


def main() -> None:
    """Simulate, fit, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=40.0)
    parser.add_argument("--fusion", default="no_magnetometer", choices=["no_magnetometer", "magnetometer"])
    options = parser.parse_args()
    people = [one_person(seed, options.seconds, options.fusion) for seed in range(options.people)]
    error, sd, level = (np.stack(parts) for parts in zip(*people, strict=True))
    last = round(_LAST_S * 25.0)
    heads = ("RMSE", "sd", "95%", "RMSE end", "sd end", "95% end", "observed")
    print(
        f"{'coordinate':34s}"
        + "".join(f"{h:>{w}}" for h, w in zip(heads, (7, 7, 6, 10, 8, 9, 10), strict=True))
    )
    for k, name in enumerate(ALL):
        inside = np.abs(error[..., k]) <= 1.96 * sd[..., k]
        end = error[:, -last:, k]
        print(
            f"{name:34s}{np.sqrt(np.mean(error[..., k] ** 2)):7.2f}{sd[..., k].mean():7.2f}{inside.mean():6.2f}"
            f"{np.sqrt(np.mean(end**2)):10.2f}{sd[:, -last:, k].mean():8.2f}{inside[:, -last:].mean():9.2f}"
            f"{(level[..., k] == 2).mean():10.2f}"
        )


if __name__ == "__main__":
    main()
