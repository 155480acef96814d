"""From sensors to segments: a standing pose, functional movements, and what people say of their sensors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coxa.catalog.loader import inertial_rules
from coxa.kinematics.rotations import cross, transpose
from coxa.kinematics.sensor_calibration import (
    UP,
    Alignment,
    Axis,
    align,
    hinge_axes,
    mean_rotation,
    principal_axis,
    signed,
    spread_rad,
    standing_frames,
    surer,
)
from coxa.model.channels import OrientationErrors, SegmentOrientations
from coxa.specs.inertial import Fusion, InertialMapping, WornOn

Floats = NDArray[np.float64]
_SWINGS = {"forward": 1.0, "backward": -1.0}


@dataclass(frozen=True, slots=True)
class Sensors:
    """Sensors that are known to sit on segments, in worlds with Y up.

    Attributes:
        names: as the file has them, (n_sensors,).
        segments: (n_sensors,).
        time_s: (n_frames,).
        rotation: (n_frames, n_sensors, 3, 3), sensor to world; NaN = missing.
        rate_rad_s: (n_frames, n_sensors, 3), in the sensors.
    """

    names: tuple[str, ...]
    segments: tuple[str, ...]
    time_s: Floats
    rotation: Floats
    rate_rad_s: Floats


def worn(segment: str) -> WornOn:
    """What is known of sensors on a segment, whichever side."""
    return inertial_rules().worn_on[segment.removesuffix("_left").removesuffix("_right")]


class Standing(NamedTuple):
    """A standing pose.

    Attributes:
        rotation: (n_sensors, 3, 3), sensor to world.
        still: whether anybody stood still.
        time_s: when, on the clock of its file.
        notes: what a person should know.
    """

    rotation: Floats
    still: bool
    time_s: float
    notes: tuple[str, ...] = ()


def standing_pose(rotation: Floats, time_s: Floats) -> Standing:
    """The first stretch of standing still."""
    rules = inertial_rules()
    still_rad = float(np.radians(rules.standing_max_deg))
    if len(time_s) == 1:
        return Standing(rotation[0], True, float(time_s[0]))
    chosen = standing_frames(rotation, time_s, rules.standing_s, still_rad)
    if chosen is None:
        first = rotation[: max(1, int(np.searchsorted(time_s, time_s[0] + 0.1)))]
        note = "nobody stands still in it: its first frame is taken for standing"
        return Standing(mean_rotation(first), False, float(time_s[0]), (note,))
    when = time_s[chosen]
    pose = mean_rotation(rotation[chosen])
    degrees = float(np.degrees(np.nanmax(spread_rad(rotation[chosen]))))
    note = (
        f"taken for standing upright: {when[0]:.2f} to {when[-1]:.2f} s (sensors turned by {degrees:.1f} deg)"
    )
    return Standing(pose, True, float(when.mean()), (note,))


def calibrated(
    sensors: Sensors, standing: Standing, fusion: Fusion, mapping: InertialMapping
) -> tuple[SegmentOrientations, tuple[str, ...]]:
    """Segment orientations, with what is left unknown of them, and notes.

    Args:
        sensors: the recording.
        standing: of a person upright, ``time_s`` on the recording's clock.
        fusion: how far orientations of this kind may be trusted.
        mapping: what a person says.
    """
    rules = inertial_rules()
    pose = standing.rotation
    axes = _functional_axes(sensors, pose)
    if mapping.base is not None:
        k = sensors.names.index(mapping.base)
        axes[k] = _told_axis(mapping, transpose(pose[k]) @ UP)
    standing_sd = np.radians([worn(name).standing_sd_deg for name in sensors.segments])
    if not standing.still:
        standing_sd = np.maximum(standing_sd, np.radians(rules.moving_standing_sd_deg))
    alignment = align(
        pose,
        axes,
        standing_sd,
        one_heading=fusion.one_heading,
        unknown_sd_rad=float(np.radians(rules.unknown_facing_sd_deg)),
    )
    rotation = alignment.segments(sensors.rotation)
    errors = _errors(sensors.segments, alignment, fusion, standing.time_s)
    sd = np.full(len(sensors.names), np.radians(fusion.noise_deg))
    channel = SegmentOrientations(sensors.segments, rotation, sd, errors)
    return channel, _notes(sensors.names, axes, alignment)


def _errors(
    segments: Sequence[str], alignment: Alignment, fusion: Fusion, calibrated_s: float
) -> OrientationErrors:
    n = len(segments)
    return OrientationErrors(
        lasting_sd_rad=np.radians([worn(name).lasting_deg for name in segments]),
        correlation_s=inertial_rules().correlation_time_s,
        misalignment_sd_rad=alignment.sd_rad,
        calibrated_s=calibrated_s,
        heading_sd_rad=np.full(n, np.radians(fusion.heading_sd_deg)),
        heading_rate_sd_rad_s=np.full(n, np.radians(fusion.heading_rate_sd_deg_min) / 60.0),
        heading_walk_rad2_s=np.full(n, fusion.heading_walk_deg2_s * np.radians(1.0) ** 2),
    )


def _functional_axes(sensors: Sensors, pose: Floats) -> list[Axis]:
    """(n_sensors,) axes to the person's right, in the sensors, where movement tells them."""
    rules = inertial_rules()
    least = float(np.radians(rules.functional_min_rate_deg_s))
    long_axes = transpose(pose) @ UP
    axes = []
    for k, segment in enumerate(sensors.segments):
        rate = sensors.rate_rad_s[:, k]
        moves = np.isfinite(rate).any() and np.nanpercentile(np.linalg.norm(rate, axis=1), 90) > least
        tells = moves and worn(segment).swings != "neither"
        found = principal_axis(rate, long_axes[k], rules.functional_min_ratio) if tells else Axis.unknown()
        axes.append(found)
    for side in ("left", "right"):
        pair = [f"femur_{side}", f"tibia_{side}"]
        if set(pair) <= set(sensors.segments):
            at = [sensors.segments.index(name) for name in pair]
            above, below = ((sensors.rate_rad_s[:, k], long_axes[k]) for k in at)
            for k, axis in zip(at, hinge_axes(above, below, least), strict=True):
                axes[k] = surer(axes[k], axis)
    return [_to_the_right(sensors, k, axis, long_axes[k]) for k, axis in enumerate(axes)]


def _to_the_right(sensors: Sensors, k: int, axis: Axis, long_axis: Floats) -> Axis:
    forward = _SWINGS.get(worn(sensors.segments[k]).swings)
    limit = np.radians(inertial_rules().unknown_facing_sd_deg)
    if not axis.known or forward is None or axis.sd_rad > limit:
        return Axis.unknown()
    known = np.isfinite(sensors.rotation[:, k, 0, 0])
    right = signed(axis, long_axis, sensors.rotation[known, k], forward)
    return Axis(
        right.direction, float(np.hypot(right.sd_rad, np.radians(inertial_rules().functional_sd_deg)))
    )


def _told_axis(mapping: InertialMapping, long_axis: Floats) -> Axis:
    """To the right, from the axis of the base sensor that a person says points forward."""
    sign = -1.0 if mapping.base_axis.startswith("-") else 1.0
    forward = sign * np.eye(3)["xyz".index(mapping.base_axis[-1])]
    return Axis(cross(forward, long_axis), float(np.radians(inertial_rules().functional_sd_deg)))


def _notes(names: Sequence[str], axes: Sequence[Axis], alignment: Alignment) -> tuple[str, ...]:
    told = [name for name, axis in zip(names, axes, strict=True) if axis.known]
    unknown_rad = np.radians(inertial_rules().unknown_facing_sd_deg)
    lost = [name for name, sd in zip(names, alignment.sd_rad[:, 1], strict=True) if sd >= unknown_rad - 1e-9]
    notes = []
    if told:
        notes.append(f"which way the person faced is told by: {', '.join(told)}")
    if lost:
        notes.append(
            f"nothing tells which way these faced: {', '.join(lost)}; record a squat, a walk or a bow after "
            "standing, or name in a mapping file a base sensor and its axis that points forward"
        )
    return tuple(notes)
