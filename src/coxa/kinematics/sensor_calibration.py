"""How a sensor sits on its segment: from standing still, and from functional movements.

Sensors show ``world_from_sensor`` (n_frames, n_sensors, 3, 3), Y up; every world may have its own heading. A
segment's axes in its sensor are found from two directions: its long axis is vertical while the person stands
(gravity), its flexion axis is what it turns about in movement. For thigh and shank that is the axis of the
knee: both sensors see the same angular velocity but for the part along it (Seel, Schauer & Raisch 2012, IEEE
CCA; 2014, Sensors 14:6891). For others it is the principal axis of the angular velocity, where one dominates
(a bow for pelvis and trunk; Cutti 2010, Med Biol Eng Comput 48:17). Arrays in, arrays out; rad, rad/s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from coxa.kinematics.rotations import (
    cross,
    dot,
    frame_from_axes,
    rotation_about,
    transpose,
    vector_from_rotation,
)

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

UP = np.array([0.0, 1.0, 0.0])
_FEWEST_TURNING = 20  # frames an axis can be told from
_MOST_TURNING = 2000  # more tell it no better


class Axis(NamedTuple):
    """A direction in a sensor's axes, (3,), and its standard deviation [rad]; NaN and infinity: not told."""

    direction: Floats
    sd_rad: float

    @classmethod
    def unknown(cls) -> Axis:
        """Nothing is told."""
        return cls(np.full(3, np.nan), np.inf)

    @property
    def known(self) -> bool:
        """Whether it is told."""
        return bool(np.isfinite(self.sd_rad))


@dataclass(frozen=True, slots=True)
class Alignment:
    """Segments from sensors: ``segment(t) = heading^T @ world_from_sensor(t) @ segment_axes``.

    Attributes:
        segment_axes: (n_sensors, 3, 3), the segment's axes (columns) in the sensor's.
        heading_rad: (n_sensors,) of each sensor's world, about the vertical, against the room.
        sd_rad: (n_sensors, 3) about the segment's axes.
    """

    segment_axes: Floats
    heading_rad: Floats
    sd_rad: Floats

    def segments(self, world_from_sensor: Floats) -> Floats:
        """Segment axes to room axes, (n_frames, n_sensors, 3, 3); X is where the person faced standing."""
        turned = rotation_about(1, -self.heading_rad) @ world_from_sensor
        return np.asarray(turned @ self.segment_axes)


def mean_rotation(rotation: Floats) -> Floats:
    """(n_frames, ..., 3, 3) -> (..., 3, 3): the least squares mean, NaN frames left out (Markley 2007)."""
    total = np.nansum(rotation, axis=0)
    left, _, right = np.linalg.svd(total)
    flip = np.linalg.det(left @ right)
    left[..., :, 2] *= flip[..., None]
    return np.asarray(left @ right)


def spread_rad(rotation: Floats) -> Floats:
    """(n_frames, n_sensors, 3, 3) -> (n_sensors,): root mean square turn from the mean; NaN: no frames."""
    apart = vector_from_rotation(transpose(mean_rotation(rotation)) @ rotation)
    with np.errstate(invalid="ignore"):
        count = np.isfinite(apart[..., 0]).sum(axis=0)
        return np.asarray(np.sqrt(np.nansum(dot(apart, apart), axis=0) / np.where(count, count, np.nan)))


def standing_frames(
    world_from_sensor: Floats, time_s: Floats, for_s: float, still_rad: float
) -> Bools | None:
    """(n_frames,) the first stretch of ``for_s`` in which no sensor turns by more than this; None: never."""
    first = 0
    while first < len(time_s):
        last = int(np.searchsorted(time_s, time_s[first] + for_s, side="right"))
        if time_s[-1] - time_s[first] < 0.5 * for_s and first > 0:
            return None
        spread = spread_rad(world_from_sensor[first:last])
        if np.nanmax(np.append(spread, 0.0)) <= still_rad and np.isfinite(spread).any():
            chosen = np.zeros(len(time_s), bool)
            chosen[first:last] = True
            return chosen
        first = max(first + 1, (first + last) // 2)
    return None


def angular_velocity(rotation: Floats, time_s: Floats) -> Floats:
    """Of orientations (n_frames, ..., 3, 3), in their own axes: (n_frames, ..., 3) rad/s."""
    if len(time_s) < 2:
        return np.zeros(rotation.shape[:-1])
    turned = vector_from_rotation(transpose(rotation[:-1]) @ rotation[1:])
    rate = turned / np.diff(time_s).reshape(-1, *[1] * (turned.ndim - 1))
    return np.concatenate([rate, rate[-1:]])


def principal_axis(rate_rad_s: Floats, long_axis: Floats, min_ratio: float) -> Axis:
    """What a segment mostly turns about, square to its long axis.

    Args:
        rate_rad_s: (n_frames, 3) in the sensor.
        long_axis: (3,) in the sensor.
        min_ratio: of the angular velocity's power about the axis to that about the next, square to both.

    Returns:
        The axis, its sign open; unknown where no axis dominates.
    """
    whole = rate_rad_s[np.isfinite(rate_rad_s).all(axis=1)]
    across = whole - dot(whole, long_axis)[:, None] * long_axis
    if len(across) < _FEWEST_TURNING:
        return Axis.unknown()
    power, axes = np.linalg.eigh(across.T @ across / len(across))
    if power[2] <= 0 or power[2] < min_ratio * power[1]:
        return Axis.unknown()
    second = max(float(power[1]), 0.0)  # rounding makes it negative where all turning is about one axis
    return Axis(axes[:, 2], float(np.sqrt(second / power[2] / _FEWEST_TURNING)))


def hinge_axes(
    above: tuple[Floats, Floats], below: tuple[Floats, Floats], min_rate_rad_s: float
) -> tuple[Axis, Axis]:
    """The hinge between two segments, square to their long axes, in the sensor on each (Seel 2012).

    Whatever the hinge does, the part of the angular velocity square to its axis has the same length in both.
    Signs are open.

    Args:
        above: angular velocity (n_frames, 3) and long axis (3,) in the upper sensor.
        below: likewise in the lower sensor.
        min_rate_rad_s: frames in which both turn more slowly tell nothing.
    """
    rates = [above[0], below[0]]
    whole = np.isfinite(rates[0]).all(axis=1) & np.isfinite(rates[1]).all(axis=1)
    fast = np.maximum(*(np.linalg.norm(rate, axis=1) for rate in rates)) > min_rate_rad_s
    chosen = np.flatnonzero(whole & fast)
    if len(chosen) < _FEWEST_TURNING:
        return Axis.unknown(), Axis.unknown()
    chosen = chosen[:: max(1, len(chosen) // _MOST_TURNING)]
    rates = [rate[chosen] for rate in rates]
    planes = [_plane(rate, long_axis) for rate, (_, long_axis) in zip(rates, (above, below), strict=True)]

    def excess(angle: Floats) -> Floats:
        lengths = [
            np.linalg.norm(cross(rate, plane @ [np.cos(a), np.sin(a)]), axis=1)
            for rate, plane, a in zip(rates, planes, angle, strict=True)
        ]
        return np.asarray(lengths[0] - lengths[1])

    scale = float(np.median(np.abs(rates[0]))) + 1e-3
    fit = least_squares(excess, np.zeros(2), loss="soft_l1", f_scale=scale, max_nfev=50)
    slope = np.asarray(fit.jac, float)
    covariance = np.linalg.pinv(slope.T @ slope) * float(np.mean(excess(fit.x) ** 2))
    # What is left are the joint's other movements, which last for strides: no noise of single frames.
    covariance *= max(1.0, len(chosen) / _FEWEST_TURNING)
    sds = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    one, other = (
        Axis(np.asarray(plane @ [np.cos(a), np.sin(a)]), float(sd))
        for plane, a, sd in zip(planes, fit.x, sds, strict=True)
    )
    return one, other


def _plane(rate_rad_s: Floats, long_axis: Floats) -> Floats:
    """(3, 2): square to the long axis, what is mostly turned about, and the direction square to both."""
    across = rate_rad_s - dot(rate_rad_s, long_axis)[:, None] * long_axis
    main = np.linalg.eigh(across.T @ across)[1][:, 2]
    return np.stack([main, cross(long_axis, main)], axis=1)


def surer(one: Axis, other: Axis) -> Axis:
    """Of two ways to tell an axis, the one that says it better."""
    return one if one.sd_rad <= other.sd_rad else other


def signed(axis: Axis, long_axis: Floats, world_from_sensor: Floats, forward: float) -> Axis:
    """The axis that points to the right: about it, the segment swings further ``forward`` (+1) or back (-1).

    Thighs swing further forward than back from standing, shanks further back, trunks bow forward.

    Args:
        axis: its sign open.
        long_axis: (3,) in the sensor.
        world_from_sensor: (n_frames, 3, 3).
        forward: +1: turning about the axis to the right is what the segment mostly does (thighs: flexion);
            -1: turning the other way is (shanks: knee flexion; trunks: bowing).
    """
    if not axis.known:
        return axis
    ahead = cross(long_axis, axis.direction)
    up = transpose(world_from_sensor) @ UP
    # The long axis of a thigh that swings forward leans back: its upper end stays behind.
    swing = np.arctan2(dot(up, np.broadcast_to(ahead, up.shape)), up @ long_axis)
    low, high = np.nanpercentile(swing, [2, 98])
    sign = np.sign(high + low) * forward
    return Axis(axis.direction * (sign if sign else 1.0), axis.sd_rad)


def align(
    standing: Floats,
    right: list[Axis],
    standing_sd_rad: Floats,
    *,
    one_heading: bool,
    unknown_sd_rad: float,
) -> Alignment:
    """Combine a standing pose with axes that point to the person's right.

    The segments stand upright and face one way. Where all worlds share a heading, sensors without an axis of
    their own face as the others do, and each sensor with one weighs it against that.

    Args:
        standing: (n_sensors, 3, 3), sensor to world, mean of the pose.
        right: (n_sensors,) in the sensors.
        standing_sd_rad: (n_sensors, 3) how far people stand from upright and straight ahead.
        one_heading: whether the sensors' worlds differ by nothing.
        unknown_sd_rad: of a facing that nothing tells.
    """
    n = len(standing)
    long_axes = transpose(standing) @ UP
    told = np.array([axis.known for axis in right])
    own = np.array([_facing(standing[k], long_axes[k], right[k]) if told[k] else 0.0 for k in range(n)])
    own_sd = np.array([axis.sd_rad for axis in right])
    facing, facing_sd = own.copy(), np.where(told, own_sd, unknown_sd_rad)
    heading = own.copy()
    if one_heading and told.any():
        weight = 1.0 / (own_sd[told] ** 2 + standing_sd_rad[told, 1] ** 2)
        common = np.angle(np.sum(weight * np.exp(1j * own[told])))
        common_sd = 1.0 / np.sqrt(weight.sum())
        apart = np.where(told, np.angle(np.exp(1j * (own - common))), 0.0)
        alone = np.hypot(standing_sd_rad[:, 1], common_sd)
        share = np.where(told, alone**2 / (alone**2 + np.where(told, own_sd, np.inf) ** 2), 0.0)
        facing = common + share * apart
        facing_sd = np.where(told, alone * np.sqrt(1.0 - share), alone)
        heading = np.full(n, common)
    axes = transpose(standing) @ rotation_about(1, facing)
    sd = standing_sd_rad.copy()
    sd[:, 1] = facing_sd
    return Alignment(axes, heading, sd)


def _facing(standing: Floats, long_axis: Floats, right: Axis) -> float:
    """Angle about the vertical [rad] that the segment's X axis is turned by in the sensor's world."""
    ahead = standing @ frame_from_axes(long_axis, right.direction, "yz")[:, 0]
    return float(np.arctan2(-ahead[2], ahead[0]))
