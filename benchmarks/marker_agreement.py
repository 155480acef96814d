"""Print how closely angles from markers follow what other people's software made of the same recordings.

Plug-in Gait (Vicon Nexus' own angles), UI-PRMD (the laboratory's), OpenSim (its inverse kinematics with the
models given); and how many frames a second go through, with standard deviations, on one thread.

Usage: python benchmarks/marker_agreement.py [FOLDER]

FOLDER defaults to ../shared/data (or COXA_REFERENCE_DATA).
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from coxa.catalog.markers import marker_motion  # noqa: E402
from tests.support.marker_agreement import Row, opensim, plug_in_gait, read_trc, uiprmd  # noqa: E402
from tests.support.reference import required_folder  # noqa: E402

MEDIANS = ("rmse", "range_error", "covered")
#: Start of a coordinate's name -> limit of the RMSE, deg, by table.
LIMITS = {
    "Plug-in Gait": {
        "hip_internal": 3.0,
        "hip": 1.5,
        "pelvis": 1.5,
        "thorax": 2.0,
        "trunk": 3.0,
        "knee": 3.0,
    },
    "UI-PRMD": {"hip_internal": 3.0, "hip": 1.5, "pelvis": 3.0, "thorax": 3.0, "trunk": 3.0, "knee": 3.0},
    "OpenSim": {
        "hip_internal": 5.0,
        "hip": 3.0,
        "pelvis": 3.0,
        "trunk": 3.0,
        "knee": 3.0,
    },
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", nargs="?", type=Path, default=None)
    folder = parser.parse_args().folder or required_folder()
    show("Plug-in Gait", list(plug_in_gait(folder / "plug_in_gait")))
    people = list(uiprmd(folder / "uiprmd"))
    show("UI-PRMD", people)
    summary(people)
    show("OpenSim", list(opensim(folder / "opensim")))
    speed(folder / "opensim" / "subject4" / "squats1.trc")


def show(title: str, rows: list[Row]) -> None:
    """RMSE with the offset removed: a line a coordinate, a column a recording; * above the limit."""
    columns = list(dict.fromkeys((row.person, row.recording) for row in rows))
    table: dict[str, dict[tuple[str, str], Row]] = defaultdict(dict)
    for row in rows:
        table[row.coordinate][row.person, row.recording] = row
    print(f"\n{title}: RMSE in deg, offset of each recording removed (for UI-PRMD medians over repetitions)")
    print(f"{'':<30}{'limit':>6}" + "".join(f"{person[:9]:>10}" for person, _ in columns))
    print(f"{'':<30}{'':>6}" + "".join(f"{what[:9]:>10}" for _, what in columns))
    for coordinate, found in table.items():
        limit = next(value for name, value in LIMITS[title].items() if coordinate.startswith(name))
        cells = [_cell(found.get(column), limit) for column in columns]
        print(f"{coordinate:<30}{limit:>6}" + "".join(cells))


def summary(rows: list[Row]) -> None:
    """Medians over people of both sides, of the angles that do not only repeat the lab's own arithmetic."""
    print(
        "\nmedians over people, deg: offset removed, error of the range; share of frames in the 95% interval"
    )
    for angle in ("hip_flexion", "hip_adduction", "hip_internal_rotation", "knee_flexion"):
        found = [row for row in rows if row.coordinate.startswith(angle)]
        rmse, span, covered = (median(getattr(row, name) for row in found) for name in MEDIANS)
        print(f"{angle:<30}{rmse:6.2f}{span:6.2f}{covered:8.3f}")


def _cell(row: Row | None, limit: float) -> str:
    return f"{'-':>10}" if row is None else f"{row.rmse:9.2f}{'*' if row.rmse > limit else ' '}"


def speed(path: Path) -> None:
    """Frames a second, calibration of the person included."""
    recording = read_trc(path)
    marker_motion(recording.window(slice(200)))
    start = time.process_time()  # one thread: what others do on the machine does not count
    marker_motion(recording)
    rate = recording.n_frames / (time.process_time() - start)
    print(f"\n{path.name}: {rate:.0f} frames/s with standard deviations; OpenSim 15.6 (x{rate / 15.6:.0f})")


if __name__ == "__main__":
    main()
