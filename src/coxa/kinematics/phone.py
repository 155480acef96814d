"""How a phone sits on its segment: from the start pose, from what people say, from the plane of movement.

A phone shows ``world_from_phone`` (n_frames, 3, 3), Y up, its heading anybody's. Gravity at the start gives
two of its three angles to the segment. The third, its heading, people tell by saying where the screen (or the
top edge) faces; strapped by hand that is tens of degrees off, so the axis that the segment turns about in
movement refines it. Angles against gravity owe nothing to the world's heading. Arrays in, arrays out; rad.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coxa.kinematics.rotations import (
    rotation_about,
    rotation_from_vector,
    transpose,
    vector_from_rotation,
)
from coxa.kinematics.sensor_calibration import UP, angular_velocity, principal_axis

Floats = NDArray[np.float64]


class Told(NamedTuple):
    """An axis of the phone and where people say it points at the start, in the person's axes; (3,) each.

    The person's axes: X to where the trunk would face if it were upright, Y up, Z to the right.
    """

    axis: Floats
    direction: Floats


class Heading(NamedTuple):
    """Which way the person faces in the phone's world, about the vertical.

    Attributes:
        angle_rad: of the person's X from the world's.
        sd_rad: its standard deviation.
        refined: whether movement told it.
    """

    angle_rad: float
    sd_rad: float
    refined: bool = False


def apart_rad(start: Floats, told: Told) -> float:
    """How far the axis is from level or steep as it is told to be: its elevation against the told one's."""
    seen = float(np.arcsin(np.clip((start @ told.axis)[1], -1.0, 1.0)))
    said = float(np.arcsin(np.clip(told.direction[1], -1.0, 1.0)))
    return abs(seen - said)


def told_heading(start: Floats, told: Told, sd_rad: float) -> Heading:
    """From where a level axis of the phone points.

    Args:
        start: (3, 3) phone to world, at the start.
        told: an axis that is told to be level.
        sd_rad: of what people tell.
    """
    seen = start @ told.axis
    angle = _azimuth(seen) - _azimuth(told.direction)
    return Heading(float(np.angle(np.exp(1j * angle))), sd_rad)


def refined_heading(
    start: Floats,
    rotation: Floats,
    time_s: Floats,
    heading: Heading,
    *,
    max_rad: float,
    min_ratio: float,
    min_rate_rad_s: float,
    sd_rad: float,
) -> Heading:
    """Bend a told heading so that the segment turns about the nearest of the person's level axes.

    Args:
        start: (3, 3) phone to world, at the start.
        rotation: (n_frames, 3, 3) phone to world; NaN = missing.
        time_s: (n_frames,).
        heading: as told.
        max_rad: an axis further from the person's than this is none of them.
        min_ratio: of the movement's power about the axis to that about the level one square to it.
        min_rate_rad_s: slower turning tells nothing.
        sd_rad: of how far movements stray from the person's own planes.
    """
    whole = np.isfinite(rotation[:, 0, 0])
    rate = angular_velocity(rotation[whole], time_s[whole])
    speed = np.linalg.norm(rate, axis=1)
    fast = rate[speed > min_rate_rad_s]
    long_axis = transpose(start) @ UP
    found = principal_axis(fast, long_axis, min_ratio) if len(fast) else None
    if found is None or not found.known:
        return heading
    axis = rotation_about(1, -heading.angle_rad) @ start @ found.direction
    off = _azimuth(axis)
    off -= 0.5 * np.pi * np.round(off / (0.5 * np.pi))
    total = float(np.hypot(found.sd_rad, sd_rad))
    if abs(off) > max_rad or total >= heading.sd_rad:
        return heading
    return Heading(float(heading.angle_rad + off), total, refined=True)


def aligned(rotation: Floats, start: Floats, heading: Heading, start_pose: Floats) -> Floats:
    """Segment to the person's axes, (n_frames, 3, 3): ``start_pose`` (3, 3) at the start, by definition."""
    faced = rotation_about(1, -heading.angle_rad)
    return np.asarray(faced @ rotation @ transpose(start) @ transpose(faced) @ start_pose)


def thigh_rotation(tibia: Floats, side: float) -> tuple[Floats, Floats]:
    """Hip rotation as an inclinometer on the shank reads it, the knee bent to a right angle, the thigh level.

    The shank's turn about the thigh, away from the vertical. Whichever way the person faces, and whether the
    shank hangs (sitting) or stands (prone), it is the same formula: only the vertical in the shank counts.

    Args:
        tibia: (n_frames, 3, 3) to a frame with Y up.
        side: +1 right, -1 left.

    Returns:
        (n_frames,) rad, positive internal; (n_frames,) how far the thigh is from level.
    """
    up = tibia[..., 1, :]  # the vertical in the shank: X along the thigh away from the hip, Y proximal
    hanging = np.where(up[..., 1] < 0, -1.0, 1.0)
    angle = np.arctan2(-up[..., 2] * hanging, up[..., 1] * hanging)  # about the thigh, from hip to knee
    return -side * angle, np.asarray(np.abs(np.arcsin(np.clip(up[..., 0], -1.0, 1.0))))


def resampled(time_s: Floats, rotation: Floats, at_s: Floats, max_gap_s: float) -> Floats:
    """Rotations (n, ..., 3, 3) at other times, along the shortest turn; NaN in gaps and beyond the ends."""
    after = np.clip(np.searchsorted(time_s, at_s, side="right"), 1, len(time_s) - 1)
    step = time_s[after] - time_s[after - 1]
    share = (at_s - time_s[after - 1]) / step
    before = rotation[after - 1]
    turn = vector_from_rotation(transpose(before) @ rotation[after])
    out = before @ rotation_from_vector(turn * share.reshape(-1, *[1] * (turn.ndim - 1)))
    outside = (share < -1e-9) | (share > 1.0 + 1e-9) | (step > max_gap_s)
    out[outside] = np.nan
    return np.asarray(out)


def _azimuth(direction: Floats) -> float:
    """About the vertical, from X [rad]."""
    return float(np.arctan2(-direction[2], direction[0]))
