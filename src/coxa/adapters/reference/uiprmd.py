"""UI-PRMD as repacked in the reference data (Vakanski 2018, Data 3(1):2): markers and the lab's angles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.reference.truth import pelvis_heading, plug_in_gait_trunk, reference_motion
from coxa.app.validate import ReferenceTrial
from coxa.catalog.loader import marker_assumptions
from coxa.catalog.markers import marker_motion
from coxa.model.channels import SpacePoints
from coxa.model.coordinates import SIDES
from coxa.model.motion import Motion
from coxa.model.recording import Recording

Floats = NDArray[np.float64]

SAMPLE_RATE_HZ = 100.0
MOVEMENTS = ("m01", "m02", "m03", "m04", "m05", "m06")
_ARM = ("SHO", "UPA", "ELB", "FRM", "WRA", "WRB", "FIN")
_LEG = ("THI", "KNE", "TIB", "ANK", "HEE", "TOE")
MARKERS = (
    *("LFHD", "RFHD", "LBHD", "RBHD", "C7", "T10", "CLAV", "STRN", "RBAK"),
    *("L" + name for name in _ARM),
    *("R" + name for name in _ARM),
    *("LASI", "RASI", "LPSI", "RPSI"),
    *("L" + name for name in _LEG),
    *("R" + name for name in _LEG),
)
#: Lab axes are X where the person faces, Y left, Z up; rows are ours (X, Y up, Z right) in those.
LAB_TO_ROOM = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]])

#: Triples of the lab's angle table; coordinate -> (row, column).
_LEGS = {
    f"{name}_{side}": (row + offset, column)
    for name, row, column in (
        ("hip_flexion", 15, 0),
        ("hip_adduction", 15, 1),
        ("hip_internal_rotation", 15, 2),
        ("knee_flexion", 19, 0),
        ("ankle_dorsiflexion", 23, 0),
    )
    for offset, side in enumerate(("left", "right"))
}
_RIGHT_SPINE, _RIGHT_THORAX, _RIGHT_PELVIS = 8, 11, 14
_PELVIS_MARKERS = ("LASI", "RASI", "LPSI", "RPSI")
_THORAX_MARKERS = ("C7", "T10", "CLAV", "STRN")


@dataclass(frozen=True, slots=True)
class Repetition:
    """One repetition: what the lab's cameras saw, and what the lab made of it."""

    movement: str
    person: str
    name: str
    recording: Recording
    truth: Motion


def load_uiprmd(path: Path) -> list[Repetition]:
    """Every repetition of one file, ``m01_s01_correct.npz`` and the like.

    Markers are all 39, gaps NaN. Where a marker of a segment is missing the lab went on computing and came
    to -90 deg and the like: there its angles are no truth, and NaN.
    """
    movement, person, _ = path.stem.split("_")
    repetitions = []
    with np.load(path) as file:
        for key in sorted(name for name in file.files if name.endswith("_markers_mm")):
            episode = key.partition("_")[0]
            lab = 1e-3 * file[key].astype(float)
            lab[(lab == 0.0).all(axis=-1)] = np.nan
            table = np.radians(file[f"{episode}_angles_deg"].astype(float))
            sd_m = np.full(len(MARKERS), marker_assumptions().cameras.sd_m)
            points = SpacePoints(MARKERS, lab @ LAB_TO_ROOM.T, sd_m, "markers")
            name = f"UI-PRMD {path.stem} {episode}"
            time_s = np.arange(len(lab)) / SAMPLE_RATE_HZ
            recording = Recording(time_s, space_points=(points,), source=name)
            truth = _truth(time_s, points, table, name)
            repetitions.append(Repetition(movement, person, name, recording, truth))
    return repetitions


def _truth(time_s: Floats, points: SpacePoints, table: Floats, name: str) -> Motion:
    """The lab's angles; table is (n_frames, 39, 3) rad."""
    legs = {coordinate: table[:, row, column] for coordinate, (row, column) in _LEGS.items()}
    trunk = plug_in_gait_trunk(
        table[:, _RIGHT_PELVIS], table[:, _RIGHT_THORAX], table[:, _RIGHT_SPINE], pelvis_heading(points)
    )
    angles = legs | trunk
    for coordinate, markers in _needed().items():
        columns = [points.names.index(marker) for marker in markers]
        lost = np.isnan(points.position_m[:, columns]).any(axis=(1, 2))
        angles[coordinate] = np.where(lost, np.nan, angles[coordinate])
    return reference_motion(time_s, angles, name)


def _needed() -> dict[str, tuple[str, ...]]:
    """Coordinate -> the markers the lab computed it from."""
    needed: dict[str, tuple[str, ...]] = {"thorax_left_rotation": _THORAX_MARKERS}
    for name in ("pelvis_left_rotation", "pelvis_right_up_obliquity", "pelvis_anterior_tilt"):
        needed[name] = _PELVIS_MARKERS
    for name in ("trunk_flexion", "trunk_right_bending", "trunk_left_rotation"):
        needed[name] = _PELVIS_MARKERS + _THORAX_MARKERS
    for side in SIDES:
        letter = side[0].upper()
        thigh = (*_PELVIS_MARKERS, letter + "THI", letter + "KNE")
        shank = (*thigh, letter + "TIB", letter + "ANK")
        for name in ("hip_flexion", "hip_adduction", "hip_internal_rotation"):
            needed[f"{name}_{side}"] = thigh
        needed[f"knee_flexion_{side}"] = shank
        needed[f"ankle_dorsiflexion_{side}"] = (*shank, letter + "HEE", letter + "TOE")
    return needed


@dataclass(frozen=True, slots=True)
class UiprmdMarkers:
    """All markers against the lab's own angles; movements done correctly."""

    folder: Path
    key: str = "uiprmd_markers"
    movements: tuple[str, ...] = ("m01", "m02", "m04", "m05", "m06")
    label: str = "correct"

    def parts(self) -> Sequence[str]:
        """One a file: a movement of a person."""
        return [path.name for path in files(self.folder, self.movements, self.label)]

    def trials(self, part: str) -> Iterator[ReferenceTrial]:
        """Every repetition of a file."""
        for one in load_uiprmd(self.folder / "uiprmd" / part):
            measure = partial(marker_motion, one.recording)
            yield ReferenceTrial(one.person, one.movement, one.name, one.truth, measure)


def files(folder: Path, movements: Sequence[str], label: str) -> list[Path]:
    """The files of these movements, of all people."""
    return sorted(
        path
        for path in (folder / "uiprmd").glob(f"m*_s*_{label}.npz")
        if path.stem.split("_")[0] in movements
    )
