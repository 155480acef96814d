"""A person of sticks wearing Plug-in Gait markers whose angles are known exactly."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from coxa.kinematics.angles import femur_from_hip_angles
from coxa.kinematics.hip_centres import harrington_hip_centre
from coxa.kinematics.rotations import rotation_about
from coxa.model.channels import SpacePoints
from coxa.model.recording import Recording

Floats = NDArray[np.float64]

_PELVIS = {
    "LASI": (0, 0, -0.125),
    "RASI": (0, 0, 0.125),
    "LPSI": (-0.16, 0, -0.04),
    "RPSI": (-0.16, 0, 0.04),
}
_THORAX = {
    "CLAV": (0.06, 0.10, 0),
    "C7": (-0.08, 0.12, 0),
    "STRN": (0.08, -0.12, 0),
    "T10": (-0.10, -0.10, 0),
    "LSHO": (0, 0.12, -0.18),
    "RSHO": (0, 0.12, 0.18),
}
_THIGH_M, _SHANK_M = 0.42, 0.40
_KNEE_OFFSET_M, _ANKLE_OFFSET_M = 0.057, 0.043  # the usual widths and marker of MarkerAssumptions


def marker_person(pelvis: Floats, angles: Mapping[str, float | Floats], sd_m: float = 0.001) -> Recording:
    """Markers of a person with these joint angles.

    Args:
        pelvis: (n_frames, 3, 3) frames in the room.
        angles: coordinate -> rad, a number or (n_frames,); what is not named is 0.
        sd_m: of every marker.
    """
    n_frames = len(pelvis)

    def angle(name: str) -> Floats:
        return np.broadcast_to(np.asarray(angles.get(name, 0.0), float), (n_frames,))

    def at(origin: Floats, frame: Floats, local: tuple[float, ...] | Floats) -> Floats:
        return origin + frame @ np.asarray(local, float)

    start = np.tile([0.3, 1.0, -0.2], (n_frames, 1))
    points = {name: at(start, pelvis, local) for name, local in _PELVIS.items()}
    thorax = (
        pelvis
        @ rotation_about(2, -angle("trunk_flexion"))
        @ rotation_about(0, angle("trunk_right_bending"))
        @ rotation_about(1, angle("trunk_left_rotation"))
    )
    chest = at(start, pelvis, (-0.08, 0.15, 0)) + 0.2 * thorax[..., 1]
    points |= {name: at(chest, thorax, local) for name, local in _THORAX.items()}
    for side, sign in (("left", -1.0), ("right", 1.0)):
        letter = side[0].upper()
        hip = at(start, pelvis, harrington_hip_centre(0.25, 0.16, side))
        three = [
            angle(f"{name}_{side}") for name in ("hip_flexion", "hip_adduction", "hip_internal_rotation")
        ]
        femur = femur_from_hip_angles(pelvis, *three, side)
        tibia = femur @ rotation_about(2, -angle(f"knee_flexion_{side}"))
        foot = tibia @ rotation_about(2, angle(f"ankle_dorsiflexion_{side}"))
        knee = at(hip, femur, (0, -_THIGH_M, 0))
        ankle = at(knee, tibia, (0, -_SHANK_M, 0))
        points |= {
            letter + "THI": at(hip, femur, (0, -0.2, sign * 0.09)),
            letter + "KNE": at(knee, femur, (0, 0, sign * _KNEE_OFFSET_M)),
            letter + "TIB": at(knee, tibia, (0, -0.2, sign * 0.08)),
            letter + "ANK": at(ankle, tibia, (0, 0, sign * _ANKLE_OFFSET_M)),
            letter + "HEE": at(ankle, foot, (-0.05, -0.05, 0)),
            letter + "TOE": at(ankle, foot, (0.13, -0.05, 0)),
        }
    names = tuple(points)
    position = np.stack([points[name] for name in names], axis=1)
    markers = SpacePoints(names, position, np.full(len(names), sd_m), "markers")
    return Recording(time_s=np.arange(n_frames) / 100.0, space_points=(markers,))
