"""Boards beside the pose network in one run, as ``coxa measure FILM --tags``: rendered people, exact angles.

Rendered people of the reporting half, seen from behind, wear boards on sacrum, T12 and upper back, put on
the skin a little askew; they turn the trunk, and bend. Nothing was tuned on them.

Usage: python benchmarks/boards_in_film.py [--bodies emil,gina,ines] [--rate 8] [--pose full] [--no-tags]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import cv2  # noqa: E402
import numpy as np  # noqa: E402

from coxa.adapters.rendering.clips import Clip  # noqa: E402
from coxa.specs.rendering import Split  # noqa: E402
from tests.support.rendered_boards import LIKE_A_PHONE, Compared, measured, worn  # noqa: E402

MOVEMENTS = ("rotation_standing_still", "rotation_standing_following", "hinge_lumbar_20")
NAMES = (
    "pelvis_left_rotation",
    "thorax_left_rotation",
    "trunk_left_rotation",
    "pelvis_anterior_tilt",
    "lumbar_flexion",
    "hip_flexion_left",
    "hip_flexion_right",
)


def main() -> None:
    """Render, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--bodies", default="emil,gina,ines")
    parser.add_argument("--movements", default=",".join(MOVEMENTS))
    parser.add_argument("--rate", type=float, default=8.0)
    parser.add_argument("--pose", default="full")
    parser.add_argument("--no-tags", action="store_true")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    found: list[Compared] = []
    for movement in options.movements.split(","):
        for body in options.bodies.split(","):
            clip = Clip(movement, body, "rear", Split.REPORTING, rate_hz=options.rate, **LIKE_A_PHONE)
            found.append(measured(worn(clip), NAMES, options.pose, not options.no_tags))
            print(f"{body} {movement}: {found[-1].read}", flush=True)
            print("\n".join(_table(found[-1:])), flush=True)
    print("all\n" + "\n".join(_table(found)))


def _table(some: list[Compared]) -> list[str]:
    """Medians and 95% of errors in the frames that are called observed."""
    lines = [f"  {'deg':<24}{'error':>12}{'since neutral':>16}{'sd':>6}{'in 95%':>8}{'observed':>10}"]
    for name in NAMES:
        error, change, sd, observed = (
            np.concatenate([getattr(one, part)[name] for one in some])
            for part in ("error_deg", "change_deg", "sd_deg", "observed")
        )
        error, change, sd = error[observed], change[observed], sd[observed]
        if not observed.any():
            lines.append(f"  {name:<24}never observed")
            continue
        whole, moved = (np.percentile(np.abs(values), [50, 95]) for values in (error, change))
        inside = np.mean(np.abs(error) < 1.96 * sd)
        lines.append(
            f"  {name:<24}{whole[0]:>6.1f}{whole[1]:>6.1f}{moved[0]:>10.1f}{moved[1]:>6.1f}"
            f"{np.median(sd):>6.1f}{inside:>8.0%}{observed.mean():>10.0%}"
        )
    return lines


if __name__ == "__main__":
    main()
