"""Trunk rotation, the pelvis still or following, boards worn: real pixels, exact angles.

Rendered people of the reporting half, seen from behind, wear boards on sacrum, T12 and upper back, put on
the skin a little askew. Boards alone, no pose network; changes from the person's own neutral stance.

Usage: python benchmarks/rendered_boards.py [--bodies emil,gina,ines] [--rate 8] [--samples 3]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import cv2  # noqa: E402
import numpy as np  # noqa: E402

from tests.support.rendered_boards import WORN, Outcome, rotations  # noqa: E402

MOVEMENTS = ("rotation_standing_still", "rotation_standing_following")


def main() -> None:
    """Render, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--bodies", default="emil,gina,ines")
    parser.add_argument("--split", default="reporting")
    parser.add_argument("--rate", type=float, default=8.0)
    parser.add_argument("--samples", type=int, default=3)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    found: dict[str, list[Outcome]] = {}
    for body in options.bodies.split(","):
        for movement in MOVEMENTS:
            one = rotations(body, movement, options.split, options.rate, options.samples)
            found.setdefault(movement, []).append(one)
            reach = f"largest turn of the pelvis {one.reach_deg:.1f} deg"
            print(f"{body} {movement}: read {one.read:.1%}; {reach}", flush=True)
    everything = [one for some in found.values() for one in some]
    for segment in ("pelvis", "lumbar", "thorax"):
        error = np.abs(np.concatenate([one.error_deg[segment] for one in everything]))
        median, most = np.percentile(error, [50, 95])
        print(f"{segment:<7} rotation: median {median:.2f} deg, 95% {most:.2f} deg")
    still, following = ([one.reach_deg for one in found[name]] for name in MOVEMENTS)
    print(f"boards {', '.join(WORN)}; pelvis still: {still}, following: {following}")


if __name__ == "__main__":
    main()
