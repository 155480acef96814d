"""A movement written down as key poses, and what is done between them.

Angles in degrees by the names of the body's joints, and ``pelvis_left_rotation``,
``pelvis_right_up_obliquity`` and ``pelvis_anterior_tilt`` in the axes of the stance, so that lying on
the side is scripted as easily as standing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from coxa.kinematics.rotations import rotation_about

Floats = NDArray[np.float64]

PELVIS = ("pelvis_left_rotation", "pelvis_right_up_obliquity", "pelvis_anterior_tilt")

#: Pelvis axes (X anterior, Y up, Z right) in the room; upright, the person faces the room's X.
STANDING: Floats = np.eye(3)
SUPINE: Floats = rotation_about(2, np.pi / 2)
PRONE: Floats = rotation_about(2, -np.pi / 2)
LYING_ON_LEFT: Floats = rotation_about(0, -np.pi / 2)
LYING_ON_RIGHT: Floats = rotation_about(0, np.pi / 2)

_ZERO = (0.0, 0.0, 0.0)


class Between(StrEnum):
    """How to get from one key pose to the next."""

    MINIMUM_JERK = "minimum_jerk"  # at rest at every key pose: exercises (Flash & Hogan 1985)
    SPLINE = "spline"  # through it, twice continuously differentiable: gait


def opposite(coordinate: str) -> tuple[str, float]:
    """The coordinate that mirroring turns this one into, and the sign of its value there."""
    for here, there in (("left", "right"), ("right", "left")):
        if coordinate.endswith(f"_{here}"):
            return f"{coordinate.removesuffix(here)}{there}", 1.0
    midline = coordinate.endswith(("_right_bending", "_left_rotation", "_obliquity"))
    return coordinate, -1.0 if midline else 1.0


@dataclass(frozen=True, slots=True)
class KeyPose:
    """What is reached at a time.

    Attributes:
        time_s: since the start of the script.
        angles_deg: coordinate -> angle (slides: m); what is not named stays as it was at the key pose before.
        moved_m: (3,) room displacement, for a person of the model's stature.
    """

    time_s: float
    angles_deg: Mapping[str, float] = field(default_factory=dict)
    moved_m: tuple[float, float, float] = _ZERO


@dataclass(frozen=True, slots=True)
class Course:
    """What a script asks for at some times.

    Attributes:
        angles_deg: coordinate -> (n_frames,).
        moved_m: (n_frames, 3).
    """

    angles_deg: Mapping[str, Floats]
    moved_m: Floats


class Movement(Protocol):
    """What a person can be asked to do: a script, or several added up."""

    @property
    def name(self) -> str:
        """For people to read."""

    @property
    def stance(self) -> Floats:
        """(3, 3) pelvis axes in the room at zero pelvic angles."""

    @property
    def support(self) -> tuple[str, ...]:
        """Sites of the body whose middle stays where it is."""

    def at(self, time_s: Floats) -> Course:
        """Angles and displacement at times (n_frames,)."""


@dataclass(frozen=True, slots=True)
class Script:
    """A movement.

    Attributes:
        name: for people to read.
        key_poses: in order of time.
        between: how the key poses are joined.
        stance: (3, 3) pelvis axes in the room at zero pelvic angles.
        support: sites of the body whose middle stays where it is (and moves as ``moved_m`` says).
    """

    name: str
    key_poses: tuple[KeyPose, ...]
    between: Between = Between.MINIMUM_JERK
    stance: Floats = field(default_factory=lambda: STANDING)
    support: tuple[str, ...] = ("left_hip", "right_hip")

    def __post_init__(self) -> None:
        if not np.all(np.diff([pose.time_s for pose in self.key_poses]) > 0):
            raise ValueError(f"the key poses of {self.name} must follow one another in time")

    @property
    def duration_s(self) -> float:
        """Time of the last key pose."""
        return self.key_poses[-1].time_s

    def at(self, time_s: Floats) -> Course:
        """Angles and displacement at times (n_frames,); held before the first and after the last key pose."""
        knots = np.array([pose.time_s for pose in self.key_poses])
        filled = self._filled()
        names = list(filled[-1])
        table = np.array([[pose.get(name, 0.0) for name in names] for pose in filled])
        places = np.array([pose.moved_m for pose in self.key_poses])
        curve = _join(knots, np.hstack([table, places]), self.between)(np.clip(time_s, knots[0], knots[-1]))
        return Course({name: curve[:, k] for k, name in enumerate(names)}, curve[:, len(names) :])

    def _filled(self) -> list[dict[str, float]]:
        """Every key pose with every coordinate named so far."""
        filled: list[dict[str, float]] = []
        for pose in self.key_poses:
            filled.append({**(filled[-1] if filled else {}), **pose.angles_deg})
        return filled

    def at_speed(self, factor: float) -> Self:
        """The same, ``factor`` times as fast."""
        return self._with_poses(lambda pose: replace(pose, time_s=pose.time_s / factor))

    def with_pause(self, time_s: float, length_s: float) -> Self:
        """The same, waiting at the key pose of this time."""
        poses: list[KeyPose] = []
        for pose in self.key_poses:
            later = length_s if pose.time_s > time_s else 0.0
            poses.append(replace(pose, time_s=pose.time_s + later))
            if pose.time_s == time_s:
                poses.append(replace(pose, time_s=pose.time_s + length_s))
        return replace(self, key_poses=tuple(poses))

    def scaled(self, factor: float) -> Self:
        """The same, every excursion from the first key pose ``factor`` times as large."""
        filled = self._filled()
        first = filled[0]
        poses = tuple(
            replace(
                pose,
                angles_deg={
                    name: first.get(name, 0.0) + factor * (value - first.get(name, 0.0))
                    for name, value in angles.items()
                },
            )
            for pose, angles in zip(self.key_poses, filled, strict=True)
        )
        return replace(self, key_poses=poses)

    def with_posture(self, added_deg: Mapping[str, float]) -> Self:
        """The same, a constant added to some coordinates: how this person stands."""
        filled = self._filled()
        poses = tuple(
            replace(
                pose,
                angles_deg={
                    **angles,
                    **{name: angles.get(name, 0.0) + value for name, value in added_deg.items()},
                },
            )
            for pose, angles in zip(self.key_poses, filled, strict=True)
        )
        return replace(self, key_poses=poses)

    def mirrored(self) -> Self:
        """Left and right exchanged, by name; a mirror across the room's X-Y plane."""

        def mirror(pose: KeyPose) -> KeyPose:
            turned = {opposite(name): value for name, value in pose.angles_deg.items()}
            x, y, z = pose.moved_m
            return KeyPose(
                pose.time_s, {name: sign * value for (name, sign), value in turned.items()}, (x, y, -z)
            )

        flip = np.diag([1.0, 1.0, -1.0])
        swapped = tuple(_other_site(site) for site in self.support)
        return replace(self._with_poses(mirror), stance=flip @ self.stance @ flip, support=swapped)

    def repeated(self, times: int) -> Self:
        """Over and over; the last key pose should be the first again."""
        poses = list(self.key_poses)
        for k in range(1, times):
            poses += [replace(p, time_s=p.time_s + k * self.duration_s) for p in self.key_poses[1:]]
        return replace(self, key_poses=tuple(poses))

    def _with_poses(self, change: Callable[[KeyPose], KeyPose]) -> Self:
        return replace(self, key_poses=tuple(change(pose) for pose in self.key_poses))


def _other_site(site: str) -> str:
    for here, there in (("left_", "right_"), ("right_", "left_")):
        if site.startswith(here):
            return there + site.removeprefix(here)
    return site


def _join(knots: Floats, table: Floats, between: Between) -> Callable[[Floats], Floats]:
    """A curve through ``table`` (n_knots, n) at ``knots``; times (m,) -> (m, n)."""
    if len(knots) == 1:
        return lambda time_s: np.repeat(table, len(time_s), axis=0)
    if between is Between.SPLINE:
        closed = bool(np.allclose(table[0], table[-1]))
        if closed:
            table = np.vstack([table[:-1], table[:1]])
        spline = CubicSpline(knots, table, axis=0, bc_type="periodic" if closed else "clamped")
        return lambda time_s: np.asarray(spline(time_s))

    def minimum_jerk(time_s: Floats) -> Floats:
        k = np.clip(np.searchsorted(knots, time_s, side="right") - 1, 0, len(knots) - 2)
        u = ((time_s - knots[k]) / (knots[k + 1] - knots[k]))[:, None]
        return np.asarray(table[k] + (table[k + 1] - table[k]) * u**3 * (10 - 15 * u + 6 * u**2))

    return minimum_jerk
