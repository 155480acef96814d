"""Coordinates that are no degrees of freedom: the angles of ``kinematics/angles.py``, compiled.

Their derivatives by every unknown of the body are taken some thirty times a frame; tests hold them against
those functions.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from coxa.estimate.body import BodyModel
from coxa.model.coordinates import SIDES

Floats = NDArray[np.float64]

#: In the order of the columns.
DERIVED: tuple[str, ...] = (
    "trunk_flexion",
    "trunk_right_bending",
    "trunk_left_rotation",
    "pelvis_left_rotation",
    "pelvis_right_up_obliquity",
    "pelvis_anterior_tilt",
    "thorax_left_rotation",
    "trunk_forward_lean",
    "trunk_right_lean",
    *(f"{name}_{side}" for side in SIDES for name in ("thigh_trunk_angle", "apparent_hip_internal_rotation")),
)
N_DERIVED = len(DERIVED)
_SEGMENTS = (
    "pelvis",
    "thorax",
    *(f"{one}_{side}" for side in SIDES for one in ("humerus", "femur", "tibia", "foot")),
)
#: As in ``kinematics/angles.py``.
AT_POLE = 1e-10


def spots(body: BodyModel) -> NDArray[np.int64]:
    """Where the segments that angles are read from are among the body's."""
    return np.array([body.bodies.index(name) for name in _SEGMENTS], np.int64)


@njit(cache=True, nogil=True)
def _dot(a, b):  # type: ignore[no-untyped-def]
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


@njit(cache=True, nogil=True)
def _cross(a, b, out):  # type: ignore[no-untyped-def]
    out[0] = a[1] * b[2] - a[2] * b[1]
    out[1] = a[2] * b[0] - a[0] * b[2]
    out[2] = a[0] * b[1] - a[1] * b[0]


@njit(cache=True, nogil=True)
def _unit(vector):  # type: ignore[no-untyped-def]
    """In place; a null vector has no direction."""
    length = np.sqrt(_dot(vector, vector))
    if length > 0.0:
        vector /= length
    else:
        vector[:] = np.nan


@njit(cache=True, nogil=True)
def _on_pelvis(pelvis, thorax, out):  # type: ignore[no-untyped-def]
    """``trunk_angles``."""
    r = np.dot(pelvis.T, thorax)
    cosine = np.hypot(r[0, 1], r[1, 1])
    pole = cosine < AT_POLE
    out[0] = -(np.arctan2(r[1, 0], r[0, 0]) if pole else np.arctan2(-r[0, 1], r[1, 1]))
    out[1] = np.arctan2(r[2, 1], cosine)
    out[2] = 0.0 if pole else np.arctan2(-r[2, 0], r[2, 2])


@njit(cache=True, nogil=True)
def _in_room(r, out):  # type: ignore[no-untyped-def]
    """``pelvis_angles``."""
    cosine = np.hypot(r[0, 2], r[2, 2])
    pole = cosine < AT_POLE
    out[0] = np.arctan2(-r[2, 0], r[0, 0]) if pole else np.arctan2(r[0, 2], r[2, 2])
    out[1] = np.arctan2(r[1, 2], cosine)
    out[2] = 0.0 if pole else -np.arctan2(r[1, 0], r[1, 1])


@njit(cache=True, nogil=True)
def _thigh_trunk(trunk, thigh, aside, part):  # type: ignore[no-untyped-def]
    """``thigh_trunk_angle``; ``aside`` is a unit vector, ``part`` (3,) scratch."""
    _cross(trunk, thigh, part)
    cosine = _dot(trunk, thigh) - _dot(trunk, aside) * _dot(thigh, aside)
    return np.arctan2(_dot(part, aside), cosine)


@njit(cache=True, nogil=True)
def _apparent_rotation(thigh, shank, right, part, ahead):  # type: ignore[no-untyped-def]
    """``apparent_hip_internal_rotation`` of the right side; ``thigh`` is made a unit vector."""
    _unit(thigh)
    _cross(thigh, right, ahead)
    _cross(ahead, shank, part)
    return np.arctan2(_dot(part, thigh), _dot(ahead, shank))


@njit(cache=True, nogil=True)
def derived(place, rotation, at, out):  # type: ignore[no-untyped-def]
    """All of :data:`DERIVED` in one frame.

    Args:
        place: (n_bodies, 3) [m].
        rotation: (n_bodies, 3, 3).
        at: :func:`spots`.
        out: (n_derived,) rad, written.
    """
    pelvis, thorax = rotation[at[0]], rotation[at[1]]
    trunk, across, right, part, ahead = np.empty(3), np.empty(3), np.empty(3), np.empty(3), np.empty(3)
    room = np.empty(3)
    for k in range(3):
        trunk[k] = 0.5 * (place[at[2], k] + place[at[6], k] - place[at[3], k] - place[at[7], k])
        across[k] = place[at[7], k] - place[at[3], k]
        right[k] = pelvis[k, 2]
    right[1] = 0.0
    _unit(right)
    _unit(across)
    _on_pelvis(pelvis, thorax, out[:3])
    _in_room(pelvis, out[3:6])
    _in_room(thorax, room)
    out[6] = room[0]
    forward = trunk[0] * right[2] - trunk[2] * right[0]
    out[7] = np.arctan2(forward, trunk[1])
    out[8] = np.arctan2(_dot(trunk, right), np.hypot(forward, trunk[1]))
    thigh, shank = np.empty(3), np.empty(3)
    for side in range(2):
        first = 2 + 4 * side
        for k in range(3):
            thigh[k] = place[at[first + 1], k] - place[at[first + 2], k]
            shank[k] = place[at[first + 2], k] - place[at[first + 3], k]
        out[9 + 2 * side] = _thigh_trunk(trunk, thigh, across, part)
        sign = -1.0 if side == 0 else 1.0
        out[10 + 2 * side] = sign * _apparent_rotation(thigh, shank, right, part, ahead)


@njit(cache=True, nogil=True)
def _derived_many(place, rotation, at):  # type: ignore[no-untyped-def]
    out = np.empty((len(place), N_DERIVED))
    for t in range(len(place)):
        derived(place[t], rotation[t], at, out[t])
    return out


def derived_coordinates(body: BodyModel, place: Floats, rotation: Floats) -> dict[str, Floats]:
    """Every coordinate that is not a degree of freedom, (n,) rad each.

    Args:
        body: the model.
        place: (n, n_bodies, 3) [m].
        rotation: (n, n_bodies, 3, 3).
    """
    table = _derived_many(np.ascontiguousarray(place), np.ascontiguousarray(rotation), spots(body))
    return {name: table[:, k] for k, name in enumerate(DERIVED)}
