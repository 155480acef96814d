"""Seated hip rotation by a phone on the shank, and with a second on the sacrum, of simulated people.

People are drawn from the priors, sit down not quite as told, turn the right hip in and out four times and
hike the pelvis by 0 to 20 deg. Phones sit up to 20 deg askew, slip, are biased, drift by up to 5 deg/min in
heading, read 60 times a second at jittered times, and are read from files as a browser writes them.

Columns: errors from the person's own start pose, as protocols read them (mean absolute and 95th percentile
over a person's frames, of these the mean, the 95th percentile and the worst over people; share within the 95%
interval of the change); then the same of the values themselves, whose zero is the pose that was told.

Usage: python benchmarks/phone.py [--people N] [--first SEED] [--askew DEG]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from coxa.model.motion import Motion, Observability  # noqa: E402
from tests.support.phones import Wear, angles_csv, measured, seated, shown, wear_file  # noqa: E402

ONE = "apparent_hip_internal_rotation_right"
READ = {
    "phone on the shank": (ONE,),
    "with one on the sacrum": (
        ONE,
        "hip_internal_rotation_right",
        "pelvis_right_up_obliquity",
        "pelvis_anterior_tilt",
        "pelvis_left_rotation",
    ),
}


def one_person(seed: int, wear: Wear) -> dict[tuple[str, str], tuple[np.ndarray, ...]]:
    """Errors from the own start, errors, standard deviations (changing; whole) [deg], whether observed."""
    done = seated(seed)
    truth = done.truth()
    rng = np.random.default_rng(10_000 + seed)
    found = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        phones = folder / "phones"
        phones.mkdir()
        for segment in ("tibia_right", "pelvis"):
            text = angles_csv(done.time_s, shown(done, segment, wear, rng))
            (phones / f"{segment}.csv").write_text(text, encoding="utf-8")
        mapping = wear_file(folder, ("tibia_right", "pelvis"))
        for title, source in (
            ("phone on the shank", phones / "tibia_right.csv"),
            ("with one on the sacrum", phones),
        ):
            motion = measured(source, mapping)
            for coordinate in READ[title]:
                found[title, coordinate] = _held(motion, truth, done.time_s, coordinate)
    return found


def _held(motion: Motion, truth: Motion, time_s: np.ndarray, coordinate: str) -> tuple[np.ndarray, ...]:
    k = motion.index(coordinate)
    true = np.interp(motion.time_s + time_s[0], time_s, truth[coordinate])
    error = np.degrees(motion.value[:, k] - true)
    sd = np.degrees(motion.sd[:, k])
    constant = np.degrees(motion.constant_sd(coordinate))
    still = motion.time_s < 1.5
    changing = np.sqrt(np.maximum(sd**2 - constant**2, 0.0))
    observed = motion.observability[:, k] == Observability.OBSERVED
    return error - np.nanmean(error[still]), error, changing, sd, observed


def main() -> None:
    """Simulate, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, default=40)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--askew", type=float, default=20.0)
    options = parser.parse_args()
    wear = Wear(askew_deg=options.askew)
    people = [one_person(options.first + k, wear) for k in range(options.people)]
    heads = ("mean", "p95", "worst", "95% int", "abs.mean", "95% int", "observed")
    print(f"{'':62s}" + "".join(f"{head:>9s}" for head in heads))
    for title, coordinate in people[0]:
        rows = [person[title, coordinate] for person in people]
        mean = [np.nanmean(np.abs(row[0])) for row in rows]
        high = [np.nanpercentile(np.abs(row[0]), 95) for row in rows]
        inside = [np.nanmean(np.abs(row[0]) <= 1.96 * row[2]) for row in rows]
        whole = [np.nanmean(np.abs(row[1])) for row in rows]
        held = [np.nanmean(np.abs(row[1]) <= 1.96 * row[3]) for row in rows]
        seen = [row[4].mean() for row in rows]
        figures = (np.mean(mean), np.percentile(high, 95), np.max(high), np.mean(inside), np.mean(whole))
        text = "".join(f"{figure:9.2f}" for figure in (*figures, np.mean(held), np.mean(seen)))
        print(f"{title:26s}{coordinate:36s}{text}")


if __name__ == "__main__":
    main()
