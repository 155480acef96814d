"""Phones on the body read directly: each against gravity, as published protocols read an inclinometer.

The body model would have to guess every segment that bears none; here a phone says what it shows and nothing
else. Values count from the person's own start pose, which is taken for the one named; how far people really
are from it is constant over the recording and told apart (``Motion.constant_sd``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coxa.estimate.body import BodyModel
from coxa.estimate.observability import Judge
from coxa.estimate.process import Process
from coxa.kinematics.angles import pelvis_angles, side_sign
from coxa.kinematics.phone import thigh_rotation
from coxa.model.channels import OrientationErrors, SegmentOrientations
from coxa.model.coordinates import ALL, SIDES
from coxa.model.motion import CONSTANT_SD_DEG, KINDS, Motion
from coxa.model.recording import Recording
from coxa.specs.estimator import BodyPriors, ObservabilitySpec

Floats = NDArray[np.float64]

#: Postures in which the thigh is level, so that gravity tells its rotation.
_LEVEL_THIGH = ("sitting", "prone")
_TOGETHER = (
    ("pelvis", "tibia_left"),
    ("pelvis", "tibia_right"),
    ("pelvis", "femur_left"),
    ("pelvis", "femur_right"),
)


class Angle(NamedTuple):
    """One coordinate, (n_frames,) rad each; ``constant_sd`` is part of ``sd``."""

    value: Floats
    sd: Floats
    constant_sd: float


def phone_kinds(segments: tuple[str, ...], posture: str) -> tuple[str, ...]:
    """Rows of the observability table that phones worn alone obey."""
    rows = ["phones"]
    for one in segments:
        bare, _, side = one.partition("_")
        tells = bare not in ("tibia", "femur") or posture in _LEVEL_THIGH
        if tells:
            rows.append(f"{one}_phone" if side else f"{bare}_phone")
        if bare == "femur" and posture == "supine":
            rows.append(f"{one}_lying_phone")
    if posture in _LEVEL_THIGH:
        rows += ["+".join(pair) + "_phones" for pair in _TOGETHER if set(pair) <= set(segments)]
    return tuple(rows)


class InclinometerEstimator:
    """From phones' orientations to motions, frame by frame.

    Args:
        layout: a recording of the same phones; its frames do not matter.
        body: for the names of joints.
        priors: what a coordinate is before anything is seen.
        observability: what phones have been shown to measure.
        level_max_rad: a thigh less level than this tells no rotation.
    """

    def __init__(
        self,
        layout: Recording,
        body: BodyModel,
        priors: BodyPriors,
        observability: ObservabilitySpec,
        level_max_rad: float,
    ) -> None:
        (channel,) = layout.orientations
        self.level_max_rad = level_max_rad
        self.kinds = phone_kinds(channel.segments, channel.posture)
        self.judge = Judge(body, Process.of(body, priors), observability, self.kinds)

    def push(self, recording: Recording) -> Motion:
        """The motion of these frames, at once."""
        (channel,) = recording.orientations
        angles = read_phones(channel, recording.time_s, self.level_max_rad)
        value = np.full((recording.n_frames, len(ALL)), np.nan)
        sd = np.full(value.shape, np.nan)
        constant: dict[str, float] = {}
        for name, angle in angles.items():
            k = ALL.index(name)
            value[:, k], sd[:, k] = angle.value, np.where(np.isfinite(angle.value), angle.sd, np.nan)
            constant[name] = float(np.degrees(angle.constant_sd))
        judged = self.judge.judge(value, sd)
        return Motion(
            time_s=recording.time_s,
            coordinates=ALL,
            value=value,
            sd=judged.sd,
            observability=np.where(np.isfinite(value), judged.level, 0).astype(np.uint8),
            reasons=judged.reasons,
            diagnostics={CONSTANT_SD_DEG: constant, KINDS: list(self.kinds)},
        )

    def finish(self) -> Motion | None:
        """Nothing waits."""
        return None


def read_phones(channel: SegmentOrientations, time_s: Floats, level_max_rad: float) -> dict[str, Angle]:
    """Every coordinate that these phones show.

    Args:
        channel: phones in their start pose's axes, with errors.
        time_s: (n_frames,).
        level_max_rad: a thigh less level than this tells no rotation.
    """
    errors = channel.errors
    if errors is None:
        raise ValueError("phones without errors")
    at = {name: k for k, name in enumerate(channel.segments)}
    found: dict[str, Angle] = {}
    if "pelvis" in at:
        found |= _trunk(channel, errors, at["pelvis"], time_s, _PELVIS)
    if "thorax" in at:
        found |= _trunk(channel, errors, at["thorax"], time_s, _THORAX)
    for side in SIDES:
        found |= _leg(channel, errors, at, side, level_max_rad)
    return found


#: Heading, sideways and forward tilt of a segment of the trunk.
_PELVIS = ("pelvis_left_rotation", "pelvis_right_up_obliquity", "pelvis_anterior_tilt")
_THORAX = ("thorax_left_rotation", "trunk_right_lean", "trunk_forward_lean")


def _trunk(
    channel: SegmentOrientations,
    errors: OrientationErrors,
    k: int,
    time_s: Floats,
    names: tuple[str, str, str],
) -> dict[str, Angle]:
    """A sacrum or a sternum: two angles against gravity, and a heading that drifts."""
    angles = pelvis_angles(channel.rotation[:, k])
    sideways = angles.right_up_obliquity * (1.0 if names is _PELVIS else -1.0)
    lasting, start = errors.lasting_sd_rad[k], errors.misalignment_sd_rad[k]
    noise = float(channel.sd_rad[k])
    since = np.abs(time_s - errors.calibrated_s)
    drift = np.sqrt(
        (errors.heading_rate_sd_rad_s[k] * since) ** 2 + errors.heading_walk_rad2_s[k] * since + noise**2
    )
    facing = float(start[1])
    return {
        names[0]: _angle(
            np.unwrap(angles.left_rotation), np.hypot(drift, lasting[1]), errors.heading_sd_rad[k]
        ),
        names[1]: _angle(
            sideways, _against_gravity(noise, lasting[0], angles.anterior_tilt, facing), start[0]
        ),
        names[2]: _angle(
            angles.anterior_tilt, _against_gravity(noise, lasting[2], sideways, facing), start[2]
        ),
    }


def _leg(
    channel: SegmentOrientations,
    errors: OrientationErrors,
    at: Mapping[str, int],
    side: str,
    level_max_rad: float,
) -> dict[str, Angle]:
    """Hip rotation by the shank, or by the thigh itself; thigh flexion by the thigh of somebody lying."""
    found: dict[str, Angle] = {}
    sign = side_sign(side)
    if channel.posture in _LEVEL_THIGH:
        k = at.get(f"tibia_{side}", at.get(f"femur_{side}"))
        if k is not None:
            found |= _hip_rotation(channel, errors, at, side, (k, level_max_rad, sign))
    if channel.posture == "supine" and f"femur_{side}" in at:
        k = at[f"femur_{side}"]
        # Lying, the thigh's X points up and its long axis is level; beyond 90 deg it goes on.
        raised = np.arctan2(-channel.rotation[:, k, 1, 1], channel.rotation[:, k, 1, 0])
        spread = _against_gravity(float(channel.sd_rad[k]), errors.lasting_sd_rad[k, 2], raised * 0.0, 0.0)
        found[f"thigh_trunk_angle_{side}"] = _angle(raised, spread, errors.misalignment_sd_rad[k, 2])
    return found


def _hip_rotation(
    channel: SegmentOrientations,
    errors: OrientationErrors,
    at: Mapping[str, int],
    side: str,
    how: tuple[int, float, float],
) -> dict[str, Angle]:
    k, level_max_rad, sign = how
    segment = channel.rotation[:, k]
    on_shank = channel.segments[k].startswith("tibia")
    # A right-angled knee: the thigh runs along the shank's X; its own axes are turned to lie like a shank's.
    like_shank = segment if on_shank else segment[..., [1, 0, 2]] * [-1.0, 1.0, 1.0]
    rotation, slope = thigh_rotation(like_shank, sign)
    with np.errstate(invalid="ignore"):
        rotation = np.where(slope <= level_max_rad, rotation, np.nan)
    facing, about = float(errors.misalignment_sd_rad[k, 1]), 0 if on_shank else 1
    spread = _against_gravity(float(channel.sd_rad[k]), errors.lasting_sd_rad[k, about], slope, facing)
    start = float(errors.misalignment_sd_rad[k, 0])
    found = {f"apparent_hip_internal_rotation_{side}": _angle(rotation, spread, start)}
    if "pelvis" in at:
        pelvis = _trunk(channel, errors, at["pelvis"], np.zeros(len(rotation)), _PELVIS)
        raised = pelvis["pelvis_right_up_obliquity"]
        both = np.sqrt(spread**2 + raised.sd**2 - raised.constant_sd**2)
        # On the belly the thigh points the other way along the line that the pelvis rolls about.
        part = sign * raised.value * (-1.0 if channel.posture == "prone" else 1.0)
        found[f"hip_internal_rotation_{side}"] = _angle(
            rotation - part, both, float(np.hypot(start, raised.constant_sd))
        )
    return found


def _against_gravity(noise: float, lasting: float, other: Floats, facing_sd: float) -> Floats:
    """Standard deviation (n_frames,) of an angle against gravity: a wrong facing mixes the other one in."""
    return np.sqrt(noise**2 + lasting**2 + (facing_sd * np.sin(other)) ** 2)


def _angle(value: Floats, changing_sd: Floats, constant_sd: float) -> Angle:
    return Angle(value, np.hypot(changing_sd, constant_sd), float(constant_sd))
