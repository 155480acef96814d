"""What a video gives on people whose angles are known exactly: real pixels, real pose network.

Measures the rendered clips as a user would, prints the errors of the rotation tests, then how often the 95%
interval holds the truth, per coordinate. The noise was fitted on the man; the woman is only reported.

Usage: python benchmarks/rendered_people.py [--pose heavy] [--people male,female]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import coxa  # noqa: E402
from coxa.adapters.reference.rendered import FOV_DEG, PEOPLE, clips  # noqa: E402
from coxa.app.agreement import coverage  # noqa: E402
from coxa.catalog import loader  # noqa: E402
from coxa.report.coverage import lines  # noqa: E402
from tests.support.reference import required_folder  # noqa: E402

ROTATION_TESTS = {"a_stand_er": 5.0, "b_seat_ier": 3.0}  # largest mean absolute error [deg]
TESTED = "apparent_hip_internal_rotation_right"


def main() -> None:
    """Measure, compare, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pose", default="heavy")
    parser.add_argument("--people", default=",".join(PEOPLE))
    options = parser.parse_args()
    spec = loader.observability()
    pairs = []
    print(f"{'apparent rotation, deg':<26}{'mean abs.':>10}{'worst':>8}{'slope':>8}{'limit':>8}")
    for clip in clips(required_folder() / "rendered", tuple(options.people.split(","))):
        motion = coxa.measure(clip.path, pose=options.pose, camera_fov_deg=FOV_DEG)
        pairs.append((motion, clip.truth))
        if clip.name in ROTATION_TESTS:
            bent = np.degrees(clip.truth["knee_flexion_right"]) >= spec.knee_lever_min_deg
            true, read = (np.degrees(one[TESTED])[bent] for one in (clip.truth, motion))
            error, slope = np.abs(read - true), np.polyfit(true, read, 1)[0]
            print(
                f"{clip.name + ' ' + clip.person:<26}{error.mean():>10.1f}{error.max():>8.1f}{slope:>8.2f}"
                f"{ROTATION_TESTS[clip.name]:>8.1f}"
            )
    print()
    print("\n".join(lines(coverage(pairs, spec).values())))


if __name__ == "__main__":
    main()
