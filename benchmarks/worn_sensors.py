"""Whether the stated uncertainty is honest where headings drift: simulated people with eight sensors.

Misalignments, lasting errors and offsets are drawn as the catalogue says; every heading drifts by 2 to 20
deg/min, either way. Prints, over the frames whose level is observed, how often the 95% interval holds the
truth, and the same at the end. Misalignments last, so each person counts about once.

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
    widths = (7, 7, 6, 10, 8, 9, 10)
    print(f"{'coordinate':38s}" + "".join(f"{h:>{w}}" for h, w in zip(heads, widths, strict=True)))
    for k, name in enumerate(ALL):
        observed = level[..., k] == 2
        if not observed.any():
            continue
        print(
            f"{name:38s}{_figures(error[..., k], sd[..., k], observed, (7, 7, 6))}"
            f"{_figures(error[:, -last:, k], sd[:, -last:, k], observed[:, -last:], (10, 8, 9))}"
            f"{observed.mean():10.2f}"
        )


def _figures(error: np.ndarray, sd: np.ndarray, observed: np.ndarray, widths: tuple[int, int, int]) -> str:
    """RMSE, mean standard deviation and coverage, of the observed frames."""
    if not observed.any():
        return "".join(f"{'-':>{width}}" for width in widths)
    error, sd = error[observed], sd[observed]
    figures = (np.sqrt(np.mean(error**2)), sd.mean(), np.mean(np.abs(error) <= 1.96 * sd))
    return "".join(f"{figure:{width}.2f}" for figure, width in zip(figures, widths, strict=True))


if __name__ == "__main__":
    main()
