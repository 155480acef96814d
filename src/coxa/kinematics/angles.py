"""Joint and apparent angles from segment frames and body lines. Arrays in, arrays out, rad.

Segment frames (..., 3, 3) have ISB axes in their columns (Wu 2002, J Biomech 35:543): X anterior,
Y up (proximal), Z to the person's right, on both sides of the body. An angle's name says its
positive direction.

Sign table, for the matrix of the moving segment in the axes of the fixed one:

=====================  ==============================  ===============================
angles                 right side, or midline          left side
=====================  ==============================  ===============================
hip                    Rz(flex) Rx(add) Ry(int)        Rz(flex) Rx(-add) Ry(-int)
trunk on pelvis        Rz(-flex) Rx(right) Ry(left)
segment in the room    Ry(left) Rx(-right up) Rz(-forward tilt)
=====================  ==============================  ===============================

Every such decomposition has two poles, where the middle angle is +-90 deg and the first and the last
turn about one and the same line: only their sum (or difference) is then defined, each alone changes
fast near it. At the pole itself (to rounding) the last angle is set to 0 and the first takes all
the turn, so results stay finite and compose back to the same matrix; *near* it the angles are smooth
but steep, and a standard deviation propagated through them grows without bound, as it should. For the
hip the pole is 90 deg of abduction; for the pelvis in the room it is lying on the side. Joint angles do
not care how the person lies.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coxa.kinematics.rotations import cross, dot, rotation_about, transpose, unit

Floats = NDArray[np.float64]

_AT_POLE = 1e-10  # cosine of the middle angle below which first and last cannot be told apart


class HipAngles(NamedTuple):
    """Femur against pelvis, each (...) rad."""

    flexion: Floats
    adduction: Floats
    internal_rotation: Floats


class TrunkAngles(NamedTuple):
    """Thorax (or lumbar spine) against pelvis, each (...) rad."""

    flexion: Floats
    right_bending: Floats
    left_rotation: Floats


class RoomAngles(NamedTuple):
    """A segment of the trunk against the room, in Baker's order, each (...) rad."""

    left_rotation: Floats
    right_up_obliquity: Floats
    anterior_tilt: Floats


def side_sign(side: str) -> float:
    """+1 for ``"right"``, -1 for ``"left"``: what mirrors an angle about X or Y."""
    try:
        return {"right": 1.0, "left": -1.0}[side]
    except KeyError:
        raise ValueError(f"side must be 'left' or 'right', not {side!r}") from None


def zxy_angles(rotation: Floats) -> tuple[Floats, Floats, Floats]:
    """(a, b, c) rad with ``rotation == Rz(a) Rx(b) Ry(c)``; b within +-90 deg."""
    r = np.asarray(rotation, float)
    cosine = np.hypot(r[..., 0, 1], r[..., 1, 1])
    pole = cosine < _AT_POLE
    first = np.where(
        pole,
        np.arctan2(r[..., 1, 0], r[..., 0, 0]),
        np.arctan2(-r[..., 0, 1], r[..., 1, 1]),
    )
    last = np.where(pole, 0.0, np.arctan2(-r[..., 2, 0], r[..., 2, 2]))
    return first, np.arctan2(r[..., 2, 1], cosine), last


def yxz_angles(rotation: Floats) -> tuple[Floats, Floats, Floats]:
    """(a, b, c) rad with ``rotation == Ry(a) Rx(b) Rz(c)``; b within +-90 deg."""
    r = np.asarray(rotation, float)
    cosine = np.hypot(r[..., 0, 2], r[..., 2, 2])
    pole = cosine < _AT_POLE
    first = np.where(
        pole,
        np.arctan2(-r[..., 2, 0], r[..., 0, 0]),
        np.arctan2(r[..., 0, 2], r[..., 2, 2]),
    )
    last = np.where(pole, 0.0, np.arctan2(r[..., 1, 0], r[..., 1, 1]))
    return first, np.arctan2(-r[..., 1, 2], cosine), last


def hip_angles(pelvis: Floats, femur: Floats, side: str) -> HipAngles:
    """Flexion, adduction and internal rotation of one hip (Wu 2002; order as Grood & Suntay 1983).

    Args:
        pelvis: frames (..., 3, 3).
        femur: frames (..., 3, 3) of the same side.
        side: ``"left"`` or ``"right"``.
    """
    sign = side_sign(side)
    flexion, adduction, rotation = zxy_angles(transpose(pelvis) @ femur)
    return HipAngles(flexion, sign * adduction, sign * rotation)


def femur_from_hip_angles(
    pelvis: Floats, flexion: ArrayLike, adduction: ArrayLike, internal_rotation: ArrayLike, side: str
) -> Floats:
    """The femur frames (..., 3, 3) that have these hip angles: the inverse of :func:`hip_angles`."""
    sign = side_sign(side)
    swing = rotation_about(2, flexion) @ rotation_about(0, sign * np.asarray(adduction, float))
    return np.asarray(pelvis @ swing @ rotation_about(1, sign * np.asarray(internal_rotation, float)))


def trunk_angles(pelvis: Floats, thorax: Floats) -> TrunkAngles:
    """Flexion (forward), right bending and left rotation of the thorax on the pelvis (Wu 2002).

    Args:
        pelvis: frames (..., 3, 3).
        thorax: frames (..., 3, 3), of the thorax or of any part of the spine.
    """
    flexion, bending, rotation = zxy_angles(transpose(pelvis) @ thorax)
    return TrunkAngles(-flexion, bending, rotation)


def pelvis_angles(pelvis: Floats) -> RoomAngles:
    """Left rotation about the vertical, right-side-up obliquity and anterior tilt in the room.

    Rotation first, then obliquity, then tilt (Baker 2001, Hum Mov Sci 20:787), which keeps to what the
    words mean to a clinician even when the tilt is large.

    Args:
        pelvis: frames (..., 3, 3) in the room's axes (Y up). ``left_rotation`` is 0 facing the
            room's X.
    """
    rotation, obliquity, tilt = yxz_angles(np.asarray(pelvis, float))
    return RoomAngles(rotation, -obliquity, -tilt)


def knee_flexion(femur: Floats, tibia: Floats) -> Floats:
    """Knee flexion (...) rad, 0 straight, positive bent (Grood & Suntay 1983).

    About the femur's Z. Being the first angle of the Z-X-Y order, it takes no notice of how the tibia
    turns about its own long axis, and works with frames of the tibia that know only that axis.
    """
    return -zxy_angles(transpose(femur) @ tibia)[0]


def thigh_trunk_angle(trunk_line: ArrayLike, thigh_line: ArrayLike, right: ArrayLike) -> Floats:
    """Flexion (...) rad of the thigh against the line of the trunk, both seen along ``right``.

    0 when thigh and trunk lie in one line (standing straight), pi/2 sitting upright, negative with the thigh
    behind. Signed, so that it passes smoothly through 0 where an unsigned angle in space has a kink (and
    noise only ever adds). It is NOT hip flexion: bending the lumbar spine changes it as much as bending the
    hip.

    Args:
        trunk_line: (..., 3) from the middle of the two hip centres to the middle of the two shoulders.
        thigh_line: (..., 3) from the knee centre to the hip centre of the same side.
        right: (..., 3) from the left to the right hip centre; the view is along it.
    """
    aside = unit(right)
    trunk, thigh = np.asarray(trunk_line, float), np.asarray(thigh_line, float)
    sine = dot(cross(trunk, thigh), aside)
    cosine = dot(trunk, thigh) - dot(trunk, aside) * dot(thigh, aside)
    return np.asarray(np.arctan2(sine, cosine))


def level_right(pelvis: Floats) -> Floats:
    """The person's right, made level: (..., 3) unit vectors from the pelvis's Z axis.

    Undefined (NaN at the point itself, unsteady near it) for a person lying on the side.
    """
    right = np.array(pelvis[..., 2], float)
    right[..., 1] = 0.0
    return unit(right)


def trunk_lean(trunk_line: ArrayLike, right: ArrayLike) -> tuple[Floats, Floats]:
    """Forward and right lean of the line of the trunk against the vertical, each (...) rad.

    Forward lean is seen from the side (in the plane perpendicular to ``right``), right lean is the angle
    the line leaves that plane by, so that together they are the line's direction and nothing is counted
    twice.

    Args:
        trunk_line: (..., 3) from the middle of the two hip centres to the middle of the two shoulders.
        right: (..., 3) level unit vectors to the person's right (:func:`level_right`).
    """
    line, aside = np.asarray(trunk_line, float), np.asarray(right, float)
    upright = line[..., 1]
    ahead = line[..., 0] * aside[..., 2] - line[..., 2] * aside[..., 0]  # along vertical x right
    sideways = dot(line, aside)
    return np.asarray(np.arctan2(ahead, upright)), np.asarray(np.arctan2(sideways, np.hypot(ahead, upright)))


def apparent_hip_internal_rotation(
    thigh_line: ArrayLike, shank_line: ArrayLike, right: ArrayLike, side: str
) -> Floats:
    """Hip rotation as a goniometer on the shank reads it, (...) rad, positive internal.

    Looking along the thigh, the angle of the shank against the plane that holds the thigh and is
    perpendicular to ``right``. Sitting (thigh forwards) that plane is vertical, so the angle is the
    shank's against the vertical; standing, or prone with the knee bent, it is the shank's against the
    sagittal plane.

    With ``right`` level (:func:`level_right`, or the room's own axis) it is the apparent angle: a pelvis
    that lifts one side adds to it as to a goniometer, pelvic tilt changes nothing. With the pelvis's
    own Z it is exactly the hip's internal rotation in the order of :func:`hip_angles`. The two agree while
    the pelvis is level, at 90 deg of flexion as at any other.

    Args:
        thigh_line: (..., 3) from the knee centre to the hip centre.
        shank_line: (..., 3) from the ankle centre to the knee centre. With the knee straight it says
            nothing about rotation; the caller decides from what flexion on to believe it.
        right: (..., 3) direction of the person's right.
        side: ``"left"`` or ``"right"``.
    """
    up_thigh = unit(thigh_line)
    ahead = cross(up_thigh, np.asarray(right, float))  # where the femur's X points without rotation
    shank = np.asarray(shank_line, float)  # a bent knee points the shank's way up along the femur's X
    sine = dot(cross(ahead, shank), up_thigh)
    cosine = dot(ahead, shank)  # (for a shank across the thigh, its part along the thigh drops out)
    return side_sign(side) * np.arctan2(sine, cosine)
