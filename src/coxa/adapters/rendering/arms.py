"""Where the arms are: angles of shoulders and elbows that bring the hands to a place on this body."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from coxa.adapters.rendering.rig import Rig
from coxa.kinematics.rotations import rotation_about
from coxa.model.coordinates import SIDES

Floats = NDArray[np.float64]

_NAMES = ("shoulder_flexion", "shoulder_adduction", "shoulder_internal_rotation", "elbow_flexion")
_LIMITS_DEG = np.array([[-60.0, 190.0], [-150.0, 50.0], [-95.0, 95.0], [0.0, 150.0]])
_ELBOW_PULL = 0.15  # how much the elbow's place counts beside the wrist's
_REST_PULL_M = 0.004  # per rad


class _Aim(NamedTuple):
    """Wrist and elbow, for the right arm [m]; room axes of the body at rest."""

    wrist_m: Floats
    elbow_m: Floats


class _Trunk:
    """Places on the trunk of a body at rest."""

    def __init__(self, rig: Rig) -> None:
        self.rest = rig.rest.vertices_m
        self.stature = float(self.rest[:, 1].max())
        self.shoulder = rig.heads["shoulder_right"]
        self.waist = float(rig.levels_m[2, 1])
        self.neck = float(rig.heads["neck0"][1])
        arms = np.abs(self.rest[:, 2]) < self.shoulder[2]
        self._torso = self.rest[arms & (self.rest[:, 1] > rig.heads["pelvis"][1] - 0.05)]

    def slice_at(self, height: float) -> Floats:
        """Vertices of the trunk within 2 cm of a height."""
        return np.asarray(self._torso[np.abs(self._torso[:, 1] - height) < 0.02])

    def at(self, x: float, y: float, z: float) -> Floats:
        """From the right shoulder, in statures."""
        return np.asarray(self.shoulder + self.stature * np.array([x, y, z]))


def _on_hips(trunk: _Trunk) -> tuple[_Aim, _Aim]:
    height = trunk.waist + 0.005 * trunk.stature
    side = trunk.slice_at(height)[:, 2].max() + 0.045
    aim = _Aim(np.array([-0.03, height, side]), trunk.at(-0.09, -0.12, 0.16))
    return aim, aim


def _crossed(trunk: _Trunk) -> tuple[_Aim, _Aim]:
    height = trunk.shoulder[1] - 0.135 * trunk.stature
    front = trunk.slice_at(height)[:, 0].max()
    elbow = trunk.at(0.05, -0.16, 0.035)
    left = _Aim(np.array([front + 0.05, height - 0.01, -0.045]), elbow)
    right = _Aim(np.array([front + 0.09, height + 0.015, -0.045]), elbow)
    return left, right


def _in_front(trunk: _Trunk) -> tuple[_Aim, _Aim]:
    height = trunk.shoulder[1] - 0.10 * trunk.stature
    front = trunk.slice_at(height)[:, 0].max()
    aim = _Aim(np.array([front + 0.20, height, 0.055]), trunk.at(0.09, -0.14, 0.06))
    return aim, aim


def _dowel(trunk: _Trunk) -> tuple[_Aim, _Aim]:
    low, high = trunk.waist, trunk.neck + 0.01 * trunk.stature
    back = trunk.slice_at(low)[:, 0].min() - 0.06
    left = _Aim(np.array([back, low, 0.05]), trunk.at(-0.13, -0.15, 0.07))
    nape = trunk.slice_at(trunk.neck)[:, 0].min() - 0.05
    right = _Aim(np.array([nape, high, 0.07]), trunk.at(0.02, 0.06, 0.15))
    return left, right


#: Where the hands are -> aims of left and right arm. ``hanging``: as the movement's own script says.
_PLACES: Mapping[str, Callable[[_Trunk], tuple[_Aim, _Aim]]] = {
    "on_hips": _on_hips,
    "crossed": _crossed,
    "in_front": _in_front,
    "dowel": _dowel,
}
ARMS = ("hanging", *_PLACES)


def arm_angles_deg(rig: Rig, place: str) -> dict[str, float]:
    """Coordinates of the body model that put the hands there, empty for ``hanging``."""
    if place == "hanging":
        return {}
    if place not in _PLACES:
        raise KeyError(f"no place of the arms {place!r}; there are: {', '.join(ARMS)}")
    aims = _PLACES[place](_Trunk(rig))
    angles: dict[str, float] = {}
    for side, aim in zip(SIDES, aims, strict=True):
        solved = _reach(rig, side, aim)
        angles |= {f"{name}_{side}": float(value) for name, value in zip(_NAMES, solved, strict=True)}
    return angles


def _reach(rig: Rig, side: str, aim: _Aim) -> Floats:
    """(4,) degrees; solved on the right and mirrored."""
    joints = [rig.heads[f"{joint}_{side}"] for joint in ("shoulder", "elbow", "wrist")]
    shoulder, elbow, wrist = (joint * [1.0, 1.0, 1.0 if side == "right" else -1.0] for joint in joints)
    upper, lower = np.linalg.norm(elbow - shoulder), np.linalg.norm(wrist - elbow)
    start = np.radians([20.0, -25.0, 20.0, 80.0])

    def off(angles: Floats) -> Floats:
        humerus = rotation_about(2, angles[0]) @ rotation_about(0, angles[1]) @ rotation_about(1, angles[2])
        at_elbow = shoulder - upper * humerus[:, 1]
        at_wrist = at_elbow - lower * (humerus @ rotation_about(2, angles[3]))[:, 1]
        return np.concatenate(
            [at_wrist - aim.wrist_m, _ELBOW_PULL * (at_elbow - aim.elbow_m), _REST_PULL_M * (angles - start)]
        )

    low, high = np.radians(_LIMITS_DEG).T
    return np.asarray(np.degrees(least_squares(off, start, bounds=(low, high)).x))
