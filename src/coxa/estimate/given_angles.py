"""Joint angles that other software computed, in Coxa's coordinates.

Rotations of pelvis and thorax go by way of their matrices, since other software takes the three angles in
another order (OpenSim: tilt first; Baker and Coxa: rotation first). What the source does not hold, or holds
locked, is not observable.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from coxa.kinematics.angles import (
    apparent_hip_internal_rotation,
    femur_from_hip_angles,
    level_right,
    pelvis_angles,
    trunk_angles,
)
from coxa.kinematics.rotations import rotation_about, transpose
from coxa.model.channels import JointAngles
from coxa.model.coordinates import ALL, SIDES
from coxa.model.errors import NothingToMeasureError
from coxa.model.motion import Motion, Observability
from coxa.model.recording import Recording
from coxa.specs.angles import AngleConvention, AngleConventions, Component, Turn
from coxa.specs.estimator import ObservabilitySpec

Floats = NDArray[np.float64]
Columns = dict[str, Floats]

_PELVIS = ("pelvis_left_rotation", "pelvis_right_up_obliquity", "pelvis_anterior_tilt")
_HIP = ("hip_flexion", "hip_adduction", "hip_internal_rotation")


class GivenAnglesEstimator:
    """Translates frame by frame; nothing waits.

    The standard deviation is the source's own where it says one, else the convention's; where several angles
    go into one coordinate, the largest of theirs.
    """

    def __init__(self, table: AngleConventions, convention: str, observability: ObservabilitySpec) -> None:
        """``convention`` is that of the :class:`JointAngles` that will be pushed."""
        if convention not in table.conventions:
            raise NothingToMeasureError(
                f"joint angles of the convention {convention!r}",
                f"name angles of one of: {', '.join(table.conventions)}",
            )
        self.convention: AngleConvention = table.conventions[convention]
        self._table = table
        self._limits = observability

    def push(self, recording: Recording) -> Motion:
        """The motion of these frames."""
        channel = recording.angles[0]
        locked = self._locked(channel)
        stored = {name: channel.value[:, i] for i, name in enumerate(channel.names) if name not in locked}
        said_sd = {name: channel.sd[:, i] for i, name in enumerate(channel.names)}
        at, parts = self._coordinates(stored, recording.n_frames)
        value = np.stack([at[name] for name in ALL], axis=1)
        sd = np.stack([self._sd(name, parts[name], said_sd, recording.n_frames) for name in ALL], axis=1)
        sd = np.where(np.isfinite(value), sd, np.nan)
        level = self._levels(value, sd)
        return Motion(
            time_s=recording.time_s,
            coordinates=ALL,
            value=value,
            sd=sd,
            observability=level,
            reasons=self._reasons(channel, locked, level, parts),
            source=recording.source,
            diagnostics={"method": f"joint angles as given: {self.convention.title}"},
        )

    def finish(self) -> Motion | None:
        """Nothing is waiting."""
        return None

    def _coordinates(self, stored: Columns, n_frames: int) -> tuple[Columns, dict[str, tuple[str, ...]]]:
        """Coordinate -> (n_frames,) rad, and -> names of the stored angles that go into it."""
        nothing = np.full(n_frames, np.nan)
        at: Columns = dict.fromkeys(ALL, nothing)
        parts: dict[str, tuple[str, ...]] = dict.fromkeys(ALL, ())
        for name, component in self.convention.direct.items():
            parts[name] = (component.name,)
            if component.name in stored:
                at[name] = _signed(stored, component)
        pelvis, of_pelvis = _segment(self.convention.pelvis, stored)
        thorax, of_thorax = _segment(self.convention.thorax, stored)
        on_pelvis, needed = None, (*of_pelvis, *of_thorax)
        if self.convention.thorax_in == "pelvis":
            on_pelvis, needed = thorax, of_thorax
            thorax = None if pelvis is None or thorax is None else pelvis @ thorax
            of_thorax = (*of_pelvis, *of_thorax)
        elif pelvis is not None and thorax is not None:
            on_pelvis = transpose(pelvis) @ thorax
        _add_room(at, parts, pelvis, of_pelvis, _PELVIS)
        _add_room(at, parts, thorax, of_thorax, ("thorax_left_rotation",))
        _add_trunk(at, parts, on_pelvis, needed)
        for side in SIDES if of_pelvis else ():
            self._add_apparent(at, parts, pelvis, of_pelvis, side)
        return at, parts

    def _add_apparent(
        self,
        at: Columns,
        parts: dict[str, tuple[str, ...]],
        pelvis: Floats | None,
        needed: tuple[str, ...],
        side: str,
    ) -> None:
        """Apparent hip rotation, where the shank is a lever."""
        name, knee = f"apparent_hip_internal_rotation_{side}", at[f"knee_flexion_{side}"]
        joints = [f"{one}_{side}" for one in (*_HIP, "knee_flexion")]
        parts[name] = (*needed, *(part for joint in joints for part in parts[joint]))
        if pelvis is None:
            return
        flexion, adduction, rotation = (at[joint] for joint in joints[:3])
        femur = femur_from_hip_angles(pelvis, flexion, adduction, rotation, side)
        shank = femur @ rotation_about(2, -knee)
        apparent = apparent_hip_internal_rotation(femur[..., 1], shank[..., 1], level_right(pelvis), side)
        at[name] = np.where(knee >= np.radians(self._limits.knee_lever_min_deg), apparent, np.nan)

    def _sd(self, coordinate: str, names: Sequence[str], said: Columns, n_frames: int) -> Floats:
        usual = np.radians(self.convention.sd_deg.get(_sideless(coordinate), np.nan))
        told = [said[name] for name in names if name in said]
        if len(told) < len(names) or not told:
            return np.full(n_frames, usual)
        with np.errstate(invalid="ignore"):
            largest = np.max(told, axis=0)
        return np.asarray(np.where(np.isfinite(largest), largest, usual))

    def _levels(self, value: Floats, sd: Floats) -> NDArray[np.uint8]:
        limits = self._limits
        level = np.full(value.shape, Observability.NOT_OBSERVABLE, np.uint8)
        level[sd <= np.radians(limits.weak_max_sd_deg)] = Observability.WEAK
        level[sd <= np.radians(limits.observed_max_sd_deg)] = Observability.OBSERVED
        level[~np.isfinite(value + sd)] = Observability.NOT_OBSERVABLE
        return level

    def _reasons(
        self,
        channel: JointAngles,
        locked: set[str],
        level: NDArray[np.uint8],
        parts: dict[str, tuple[str, ...]],
    ) -> dict[str, str]:
        """Coordinate -> why it is not observed, or not throughout."""
        reasons = {}
        for column, name in enumerate(ALL):
            lost = int((level[:, column] != Observability.OBSERVED).sum())
            if lost:
                why = self._reason(name, parts[name], channel, locked)
                reasons[name] = f"{why} ({lost} of {len(level)} frames)"
        return reasons

    def _locked(self, channel: JointAngles) -> set[str]:
        """Names of angles that never move."""
        if len(channel.value) < self._table.locked_frames:
            return set()
        limit = np.radians(self._table.locked_deg)
        still = np.nanmax(channel.value, axis=0, initial=-np.inf) - limit < np.nanmin(
            channel.value, axis=0, initial=np.inf
        )
        return {name for name, here in zip(channel.names, still, strict=True) if here}

    def _reason(
        self, coordinate: str, needed: tuple[str, ...], channel: JointAngles, locked: set[str]
    ) -> str:
        missing = self.convention.missing.get(_sideless(coordinate))
        absent = [name for name in needed if name not in channel.names]
        if not needed:
            return missing or f"{self.convention.title} has no such angle"
        if absent:
            return f"the source does not hold {', '.join(dict.fromkeys(absent))}"
        if held := [name for name in dict.fromkeys(needed) if name in locked]:
            return f"the source holds {', '.join(held)} locked or empty: it was not measured"
        if coordinate.startswith("apparent"):
            degrees = self._limits.knee_lever_min_deg
            return f"with the knee straighter than {degrees:.0f} deg the shank is no lever, or there is a gap"
        return "the source has gaps, or says that it is uncertain"


def _signed(stored: Columns, component: Component) -> Floats:
    return component.sign * stored[component.name]


def _parts(turn: Turn) -> tuple[str, ...]:
    return (turn.z.name, turn.x.name, turn.y.name)


def _segment(turns: Sequence[Turn], stored: Columns) -> tuple[Floats | None, tuple[str, ...]]:
    """Frames (n_frames, 3, 3) of the first turn that is stored whole, and the names that go into it."""
    for turn in turns:
        if all(name in stored for name in _parts(turn)):
            z, x, y = (_signed(stored, component) for component in (turn.z, turn.x, turn.y))
            return rotation_about(2, z) @ rotation_about(0, x) @ rotation_about(1, y), _parts(turn)
    return None, (_parts(turns[0]) if turns else ())


def _add_room(
    at: Columns,
    parts: dict[str, tuple[str, ...]],
    segment: Floats | None,
    needed: tuple[str, ...],
    names: tuple[str, ...],
) -> None:
    """The first angles of Baker's order, of a segment in the room."""
    if needed:
        parts.update(dict.fromkeys(names, needed))
    if segment is not None:
        at.update(zip(names, pelvis_angles(segment), strict=False))


def _add_trunk(
    at: Columns, parts: dict[str, tuple[str, ...]], on_pelvis: Floats | None, needed: tuple[str, ...]
) -> None:
    names = ("trunk_flexion", "trunk_right_bending", "trunk_left_rotation")
    if needed:
        parts.update(dict.fromkeys(names, needed))
    if on_pelvis is not None:
        at.update(
            zip(names, trunk_angles(np.broadcast_to(np.eye(3), on_pelvis.shape), on_pelvis), strict=True)
        )


def _sideless(coordinate: str) -> str:
    return coordinate.removesuffix("_left").removesuffix("_right")
