"""From the knees in a film to a channel of how the pelvis turned, as frames come."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coxa.kinematics.pelvis_turn import POINTS, Legs, moved, posture_of, turn_sd, turned
from coxa.model.channels import PelvisTurn
from coxa.model.keypoints import Keypoints
from coxa.specs.pelvis_turn import KneeReading, PelvisTurnSpec, Posture

Floats = NDArray[np.float64]

NO_START = "the person has not begun still, seated, half-kneeling or standing"
_HIDDEN = "a knee is hidden"
_HIPS_AND_KNEES = slice(2, 6)  # of POINTS
_ENOUGH = 0.9  # of the time that nothing is to move


@dataclass(frozen=True, slots=True)
class _Start:
    """The person's own start.

    Attributes:
        posture: one that is read.
        heading_rad: 0 facing the camera.
        trunk_px: length in the picture.
        passed: (4,) as ``Legs.passed_px``, in trunk lengths.
        fault: why nothing is held against it.
    """

    posture: Posture
    heading_rad: float
    trunk_px: float
    passed: Floats
    fault: str


@dataclass(frozen=True, slots=True)
class _Reading:
    """One frame: the heading of the pelvis [rad], its standard deviation, or why there is none."""

    angle_rad: float = np.nan
    sd_rad: float = np.nan
    fault: str = ""


class Turns:
    """Reads one person's knees against their own still start.

    The first still moment in a posture is the start, whether it can be read or not: a later one may be in
    the middle of a turn.

    Args:
        spec: how they are read.
        names: of the keypoints.
    """

    def __init__(self, spec: PelvisTurnSpec, names: Sequence[str]) -> None:
        self._spec = spec
        known = set(POINTS) <= set(names)
        self._columns = [names.index(name) for name in POINTS] if known else None
        self._still: deque[tuple[float, Legs, bool]] = deque()
        self._start: _Start | None = None
        self._left_s: float | None = None
        self._before: tuple[Posture, list[float]] | None = None  # headings in a posture, until it starts

    def empty(self) -> PelvisTurn:
        """The channel without frames."""
        return self._channel([])

    def channel(self, seen: Sequence[Keypoints | None], time_s: Floats) -> PelvisTurn:
        """The readings of the next frames, (n_frames) each."""
        frames = zip(seen, time_s, strict=True)
        return self._channel([self._read(one, float(at)) for one, at in frames])

    def _channel(self, readings: list[_Reading]) -> PelvisTurn:
        faults = Counter(reading.fault for reading in readings)
        errors = self._spec.errors
        return PelvisTurn(
            angle_rad=np.array([reading.angle_rad for reading in readings], float),
            sd_rad=np.array([reading.sd_rad for reading in readings], float),
            offset_sd_rad=float(np.radians(errors.heading_sd_deg)),
            correlation_s=errors.correlation_s,
            gate=errors.gate,
            fault=faults.most_common(1)[0][0] if faults else "",
        )

    def _read(self, seen: Keypoints | None, time_s: float) -> _Reading:
        if seen is None or self._columns is None:
            return _Reading(fault="nobody is seen")
        points = seen.position_px[self._columns], seen.world_m[self._columns]
        if not all(np.isfinite(one).all() for one in points):
            return _Reading(fault="nobody is seen")
        view = self._spec.view
        hidden = bool(seen.visibility[self._columns][_HIPS_AND_KNEES].min() < view.min_visibility)
        legs = Legs.of(*points, view.flatness)
        if self._start is None:
            self._start = self._started(legs, hidden, time_s)
        if self._start is None:
            return _Reading(fault=NO_START)
        return self._against(self._start, legs, hidden, time_s)

    def _against(self, start: _Start, legs: Legs, hidden: bool, time_s: float) -> _Reading:
        """What a frame tells, held against the start."""
        errors = self._spec.errors
        how = self._spec.postures[start.posture]
        shift = legs.passed_px / start.trunk_px - start.passed
        left = self._left(start, how, legs, float(shift[3]))
        self._forget_once_away(left, time_s)
        fault = left or start.fault or (_HIDDEN if hidden else "")
        if fault:
            return _Reading(fault=fault)
        passed = float(np.dot((how.shoulders, how.hips, how.knees), shift[:3]))
        turn = turned(passed, start.heading_rad)
        if not abs(turn) <= np.radians(errors.max_turn_deg):
            return _Reading(fault="the knees moved further than a turning pelvis moves them")
        sd = turn_sd(passed, how.sd, start.heading_rad + turn, how.gain_sd)
        if sd > np.radians(errors.max_sd_deg):
            return _Reading(fault="seen from here, the knees tell too little")
        return _Reading(start.heading_rad + turn, sd)

    def _left(self, start: _Start, how: KneeReading, legs: Legs, step: float) -> str:
        """How a frame no longer is in the posture of the start; empty: it is."""
        if self._posture(legs) != start.posture:
            return "the posture changed since the start"
        stepped = how.max_step is not None and abs(step) > how.max_step
        return "a foot moved since the start" if stepped else ""

    def _forget_once_away(self, left: str, time_s: float) -> None:
        """Who was away long enough may start anew."""
        if not left:
            self._left_s = None
        elif self._left_s is None:
            self._left_s = time_s
        elif time_s - self._left_s >= self._spec.start.away_s:
            self._start, self._left_s = None, None

    def _started(self, legs: Legs, hidden: bool, time_s: float) -> _Start | None:
        """The start, as soon as nothing has moved for long enough, wherever seen from."""
        posture = self._posture(legs)
        if posture is None or legs.trunk_px <= 0:
            self._still.clear()
            self._before = None
            return None
        if self._before is None or self._before[0] != posture:
            self._before = posture, []
        self._before[1].append(legs.heading_rad)
        self._still.append((time_s, legs, hidden))
        while not self._unmoved(legs.trunk_px):
            self._still.popleft()
        if time_s - self._still[0][0] < _ENOUGH * self._spec.start.seconds:
            return None
        looks = [one for _, one, _ in self._still]
        any_hidden = any(one for _, _, one in self._still)
        self._still.clear()
        trunk = float(np.median([one.trunk_px for one in looks]))
        heading = float(np.median([one.heading_rad for one in looks]))
        twist = float(np.median([one.twist_rad for one in looks]))
        passed = np.median([one.passed_px for one in looks], axis=0) / trunk
        fault = self._unfit(posture, heading, trunk, twist, any_hidden) or self._not_first(heading)
        return _Start(posture, heading, trunk, passed, fault)

    def _not_first(self, heading_rad: float) -> str:
        """Why a still moment may be the end of a turn; empty: nothing turned before it in that posture."""
        before = [] if self._before is None else self._before[1]
        self._before = None
        way = np.abs(np.angle(np.exp(1j * (np.array(before) - heading_rad))))
        far = way.max(initial=0.0) > np.radians(self._spec.start.max_turned_deg)
        return "the person had turned before holding still" if far else ""

    def _unfit(
        self, posture: Posture, heading_rad: float, trunk_px: float, twist_rad: float, hidden: bool
    ) -> str:
        """Why nothing can be held against a start; empty: it can."""
        view = self._spec.view
        heading, twist = np.abs(np.degrees([heading_rad, twist_rad]))
        if not view.min_heading_deg <= heading <= self._spec.postures[posture].max_heading_deg:
            return "the person was not seen from the front at an angle at the start"
        if trunk_px < view.min_trunk_px:
            return "the person is too small in the picture"
        if hidden:
            return _HIDDEN
        return "the shoulders were turned at the start" if twist > self._spec.start.max_twist_deg else ""

    def _unmoved(self, trunk_px: float) -> bool:
        places = np.stack([one.places_px for _, one, _ in self._still])
        same = len({self._posture(one) for _, one, _ in self._still}) == 1
        return same and moved(places) <= self._spec.start.max_move * trunk_px

    def _posture(self, legs: Legs) -> Posture | None:
        shape = self._spec.shape
        limits = np.radians([shape.hanging_deg, shape.level_deg, shape.bent_deg]).tolist()
        return posture_of(legs, *limits)
