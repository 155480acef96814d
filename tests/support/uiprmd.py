"""Reader of UI-PRMD as repacked in the reference data (Vakanski 2018, Data 3(1):2), and truths from it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coxa.catalog.markers import marker_body, marker_motion
from coxa.model.channels import SpacePoints
from coxa.model.motion import Motion
from coxa.model.recording import Recording

Floats = NDArray[np.float64]

SAMPLE_RATE_HZ = 100.0
MARKER_SD_M = 0.001  # of the camera system; Vicon is specified below that
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

KEYPOINTS = tuple(
    f"{side}_{name}"
    for side in ("left", "right")
    for name in ("shoulder", "hip", "knee", "ankle", "heel", "foot_index")
)

#: Triples of the lab's angle table: coordinate -> (row, column, sign).
LAB_ANGLES = {
    f"{name}_{side}": (row + offset, column, 1.0)
    for name, row, column in (
        ("hip_flexion", 15, 0),
        ("hip_adduction", 15, 1),
        ("hip_internal_rotation", 15, 2),
        ("knee_flexion", 19, 0),
        ("ankle_dorsiflexion", 23, 0),
    )
    for offset, side in enumerate(("left", "right"))
} | {"pelvis_anterior_tilt": (14, 0, 1.0)}


def load_uiprmd(path: Path) -> list[tuple[Recording, dict[str, Floats]]]:
    """Every repetition of one file: what the cameras saw, and the lab's own angles.

    Args:
        path: ``m01_s01_correct.npz`` and the like.

    Returns:
        Recordings with all 39 markers (gaps NaN), and coordinate -> (n_frames,) rad. Angles of frames with
        a missing marker are the lab's and may be wrong.
    """
    repetitions = []
    with np.load(path) as file:
        for key in sorted(name for name in file.files if name.endswith("_markers_mm")):
            lab = 1e-3 * file[key].astype(float)
            lab[(lab == 0.0).all(axis=-1)] = np.nan
            table = np.radians(file[key.replace("_markers_mm", "_angles_deg")].astype(float))
            points = SpacePoints(MARKERS, lab @ LAB_TO_ROOM.T, np.full(len(MARKERS), MARKER_SD_M), "markers")
            recording = Recording(
                time_s=np.arange(len(lab)) / SAMPLE_RATE_HZ,
                space_points=(points,),
                source=f"UI-PRMD {path.stem} {key.partition('_')[0]}",
            )
            truth = {name: sign * table[:, row, column] for name, (row, column, sign) in LAB_ANGLES.items()}
            repetitions.append((recording, truth))
    return repetitions


def keypoint_truth(recording: Recording) -> Floats:
    """What a perfect pose network would see: (n_frames, 12, 3) m in the room, in the order of KEYPOINTS."""
    points = recording.space_points[0]
    body = marker_body(recording.space_points[0])
    by_name: dict[str, Floats] = {}
    for side in ("left", "right"):
        letter = side[0].upper()
        by_name[f"{side}_shoulder"] = body.shoulder[side]
        by_name[f"{side}_hip"] = body.hip[side]
        by_name[f"{side}_knee"] = body.knee[side]
        by_name[f"{side}_ankle"] = body.ankle[side]
        by_name[f"{side}_heel"] = points.position_m[:, points.names.index(f"{letter}HEE")]
        by_name[f"{side}_foot_index"] = points.position_m[:, points.names.index(f"{letter}TOE")]
    return np.stack([by_name[name] for name in KEYPOINTS], axis=1)


def true_motion(recording: Recording) -> Motion:
    """The motion the full marker set gives."""
    return marker_motion(recording)
