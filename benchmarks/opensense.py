"""Worn sensors against OpenSim's own inverse kinematics of the same orientations.

Offsets are convention: OpenSim takes the first frame for its model's standing pose exactly, and its room has
another heading. Its model's lumbar joint is locked, so the trunk's sensor pulls at its pelvis; the last
table takes over those assumptions. The noise of
worn sensors was settled with this recording in view: it is one that Coxa was developed on.

Usage: python benchmarks/opensense.py
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.support.opensense import BASE, Row, assumed, motion_of, recording_of, rows  # noqa: E402
from tests.support.reference import required_folder  # noqa: E402

_HEAD = f"{'coordinate':30s}{'n':>6}{'bias':>8}{'RMSE':>8}{'off':>7}{'sd':>7}{'95%':>6}{'95% off':>9}"


def shown(table: list[Row]) -> str:
    """The table, degrees; ``off``: with the offset removed."""
    return "\n".join(
        [
            _HEAD,
            *(
                f"{row.coordinate:30s}{row.n:6d}{row.bias:8.2f}{row.rmse:8.2f}{row.offset_removed:7.2f}"
                f"{row.sd:7.2f}{row.covered:6.2f}{row.covered_offset_removed:9.2f}"
                for row in table
            ),
        ]
    )


def main() -> None:
    """Read, calibrate, fit, compare, print."""
    folder = required_folder()
    with tempfile.TemporaryDirectory() as home:
        mapping = Path(home) / "base.yaml"
        mapping.write_text(BASE)
        placed = recording_of(folder)
        based = recording_of(folder, mapping=mapping)
    print("facing told by the walk itself\n" + shown(list(rows(motion_of(placed), folder))))
    print("\nfacing told by the torso's sensor too\n" + shown(list(rows(motion_of(based), folder))))
    print(
        "\nas OpenSim assumes: rigid trunk, exact placement\n"
        + shown(list(rows(motion_of(*assumed(based)), folder)))
    )


if __name__ == "__main__":
    main()
