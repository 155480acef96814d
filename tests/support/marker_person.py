"""A person of sticks wearing markers whose angles are known exactly."""

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


#: Segment -> markers in OpenCap's names, without the side, on the right; the left is mirrored.
_OPENCAP = {
    "femur": {
        "knee": (0, -_THIGH_M, _KNEE_OFFSET_M),
        "mknee": (0, -_THIGH_M, -_KNEE_OFFSET_M),
        "thigh1": (0.08, -0.12, 0.05),
        "thigh2": (0.07, -0.25, 0.05),
        "thigh3": (-0.05, -0.15, 0.08),
        "thigh4": (-0.04, -0.28, 0.07),
    },
    "tibia": {
        "ankle": (0, -_SHANK_M, _ANKLE_OFFSET_M),
        "mankle": (0, -_SHANK_M, -_ANKLE_OFFSET_M),
        "sh1": (0.04, -0.10, 0.04),
        "sh2": (0.04, -0.20, 0.05),
        "sh3": (-0.04, -0.12, 0.08),
    },
    "foot": {"calc": (-0.05, -0.05, 0), "toe": (0.13, -0.05, 0)},
}
Segments = dict[str, tuple[Floats, Floats]]


def posed(pelvis: Floats, angles: Mapping[str, float | Floats]) -> Segments:
    """Segment -> its upper joint (n_frames, 3) m and its frame (n_frames, 3, 3)."""
    n_frames = len(pelvis)

    def angle(name: str) -> Floats:
        return np.broadcast_to(np.asarray(angles.get(name, 0.0), float), (n_frames,))

    start = np.tile([0.3, 1.0, -0.2], (n_frames, 1))
    thorax = (
        pelvis
        @ rotation_about(2, -angle("trunk_flexion"))
        @ rotation_about(0, angle("trunk_right_bending"))
        @ rotation_about(1, angle("trunk_left_rotation"))
    )
    chest = start + pelvis @ np.array([-0.08, 0.15, 0]) + 0.2 * thorax[..., 1]
    segments = {"pelvis": (start, pelvis), "thorax": (chest, thorax)}
    for side in ("left", "right"):
        hip = start + pelvis @ harrington_hip_centre(0.25, 0.16, side)
        three = [
            angle(f"{name}_{side}") for name in ("hip_flexion", "hip_adduction", "hip_internal_rotation")
        ]
        femur = femur_from_hip_angles(pelvis, *three, side)
        tibia = femur @ rotation_about(2, -angle(f"knee_flexion_{side}"))
        foot = tibia @ rotation_about(2, angle(f"ankle_dorsiflexion_{side}"))
        knee = hip - _THIGH_M * femur[..., 1]
        segments[f"{side}_femur"] = (hip, femur)
        segments[f"{side}_tibia"] = (knee, tibia)
        segments[f"{side}_foot"] = (knee - _SHANK_M * tibia[..., 1], foot)
    return segments


def _recording(points: Mapping[str, Floats], sd_m: float) -> Recording:
    names = tuple(points)
    position = np.stack([points[name] for name in names], axis=1)
    markers = SpacePoints(names, position, np.full(len(names), sd_m), "markers")
    return Recording(time_s=np.arange(len(position)) / 100.0, space_points=(markers,))


def cluster_person(
    pelvis: Floats, angles: Mapping[str, float | Floats], without: tuple[str, ...] = (), sd_m: float = 0.001
) -> Recording:
    """The person in OpenCap's names, with clusters on thighs and shanks.

    Args:
        pelvis: (n_frames, 3, 3) frames in the room.
        angles: coordinate -> rad, a number or (n_frames,); what is not named is 0.
        without: markers not worn, without their side: ``mknee`` and the like.
        sd_m: of every marker.
    """
    segments = posed(pelvis, angles)

    def at(segment: str, local: tuple[float, ...] | Floats) -> Floats:
        origin, frame = segments[segment]
        return origin + frame @ np.asarray(local, float)

    points = {f"{name[0]}.{name[1:]}S": at("pelvis", local) for name, local in _PELVIS.items()}  # L.ASIS
    points["C7"] = at("thorax", _THORAX["C7"])
    for letter, sign, side in (("L", -1.0, "left"), ("r", 1.0, "right")):
        points[f"{letter}_shoulder"] = at("thorax", _THORAX[f"{letter.upper()}SHO"])
        for segment, worn in _OPENCAP.items():
            for name, local in worn.items():
                if name not in without:
                    mirrored = np.array(local) * (1.0, 1.0, sign)
                    points[f"{letter}_{name}"] = at(f"{side}_{segment}", mirrored)
    return _recording(points, sd_m)


def marker_person(pelvis: Floats, angles: Mapping[str, float | Floats], sd_m: float = 0.001) -> Recording:
    """Plug-in Gait markers of a person with these joint angles.

    Args:
        pelvis: (n_frames, 3, 3) frames in the room.
        angles: coordinate -> rad, a number or (n_frames,); what is not named is 0.
        sd_m: of every marker.
    """
    segments = posed(pelvis, angles)

    def at(segment: str, local: tuple[float, ...] | Floats) -> Floats:
        origin, frame = segments[segment]
        return origin + frame @ np.asarray(local, float)

    points = {name: at("pelvis", local) for name, local in _PELVIS.items()}
    points |= {name: at("thorax", local) for name, local in _THORAX.items()}
    for side, sign in (("left", -1.0), ("right", 1.0)):
        letter = side[0].upper()
        points |= {
            letter + "THI": at(f"{side}_femur", (0, -0.2, sign * 0.09)),
            letter + "KNE": at(f"{side}_femur", (0, -_THIGH_M, sign * _KNEE_OFFSET_M)),
            letter + "TIB": at(f"{side}_tibia", (0, -0.2, sign * 0.08)),
            letter + "ANK": at(f"{side}_tibia", (0, -_SHANK_M, sign * _ANKLE_OFFSET_M)),
            letter + "HEE": at(f"{side}_foot", (-0.05, -0.05, 0)),
            letter + "TOE": at(f"{side}_foot", (0.13, -0.05, 0)),
        }
    return _recording(points, sd_m)
