"""Print how closely the marker road follows the lab's own angles on UI-PRMD (issue 2, Show 4).

Usage: python benchmarks/uiprmd_markers.py [--all] [FOLDER]

FOLDER defaults to ../shared/data/uiprmd (or COXA_REFERENCE_DATA/uiprmd). ``--all`` takes the incorrectly done
repetitions too.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.support.reference import required_folder  # noqa: E402
from tests.support.uiprmd_agreement import agreement  # noqa: E402

LIMITS = {"hip_flexion": 1.5, "hip_adduction": 1.5, "hip_internal_rotation": 3.0}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", nargs="?", type=Path, default=None)
    parser.add_argument("--all", action="store_true", help="incorrectly done repetitions too")
    options = parser.parse_args()
    folder = options.folder or required_folder() / "uiprmd"
    labels = ("correct", "incorrect") if options.all else ("correct",)
    print("deg; medians over people, but for the worst person and the coverage")
    print(
        f"{'angle':<24}{'raw':>6}{'offset removed':>16}{'limit':>7}{'one offset':>12}{'worst':>7}{'range':>7}"
        f"{'in 95%':>8}{'sd':>6}{'constant':>10}"
    )
    for angle, row in agreement(folder, labels=labels).items():
        print(
            f"{angle:<24}{row.raw_rmse:6.2f}{row.rmse:16.2f}{LIMITS.get(angle, ''):>7}"
            f"{row.rmse_one_offset:12.2f}{row.worst_rmse:7.2f}{row.range_error:7.2f}"
            f"{row.covered:8.3f}{row.stated_sd:6.1f}{row.stated_constant_sd:10.1f}"
        )


if __name__ == "__main__":
    main()
