"""An exercise made ready for frames: names turned into columns, degrees into radians."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.stats import norm

from coxa.model import coordinates
from coxa.model.coaching import CoachFrame
from coxa.model.motion import Observability
from coxa.specs.coach import CoachRules
from coxa.specs.exercise import ExerciseSpec, FormRule, Gate, Signal

_OTHER = {"left": "right", "right": "left", "": ""}
_NOTHING = float("nan")
_OBSERVED, _WEAK = int(Observability.OBSERVED), int(Observability.WEAK)


class Sight(NamedTuple):
    """A frame as plain numbers: arrays cost more than all of the arithmetic that is done with them.

    Attributes:
        time_s: as in the frame.
        value: rad; NaN where it is not observed.
        sd: rad.
        guess: rad, observed or not.
        level: of :class:`~coxa.model.motion.Observability`.
    """

    time_s: float
    value: list[float]
    sd: list[float]
    guess: list[float]
    level: list[int]

    @classmethod
    def of(cls, frame: CoachFrame) -> Sight:
        """What is observed of a frame."""
        observed = np.where(frame.level == _OBSERVED, frame.value, np.nan)
        return cls(
            frame.time_s, observed.tolist(), frame.sd.tolist(), frame.value.tolist(), frame.level.tolist()
        )


class Told(NamedTuple):
    """A coordinate in a frame, however well it is known; rad, NaN: not at all."""

    value: float
    sd: float
    level: int

    @property
    def sure(self) -> bool:
        """Well enough for a verdict."""
        return self.level >= _OBSERVED

    @property
    def seen(self) -> bool:
        """Well enough to tell a large movement from none."""
        return self.level >= _WEAK


@dataclass(frozen=True, slots=True)
class Channel:
    """One coordinate of one side, in the direction that is asked for."""

    column: int
    sign: float

    @classmethod
    def of(cls, coordinate: str, side: str, sign: float, mirrored: bool) -> Channel:
        """For one side; ``SIDE`` and ``OTHER`` are filled in."""
        name = coordinate.replace("SIDE", side).replace("OTHER", _OTHER[side])
        return cls(coordinates.ALL.index(name), -sign if mirrored and side == "left" else sign)

    def value(self, frame: Sight) -> float:
        """Of this frame, rad; NaN where it is not observed."""
        return self.sign * frame.value[self.column]

    def sd(self, frame: Sight) -> float:
        """Of its error, rad."""
        return frame.sd[self.column]

    def told(self, frame: Sight) -> Told:
        """Of this frame, whatever its level."""
        column = self.column
        return Told(self.sign * frame.guess[column], frame.sd[column], frame.level[column])

    def seen(self, frame: Sight) -> float:
        """Of this frame, observed or weak, rad; NaN where it is neither."""
        told = self.told(frame)
        return told.value if told.level >= _WEAK else _NOTHING


@dataclass(frozen=True, slots=True)
class Track:
    """A :class:`~coxa.specs.exercise.Signal` ready for frames; lengths in rad."""

    channel: Channel
    expected: float
    full_share: float
    least: float

    @classmethod
    def of(cls, signal: Signal, side: str) -> Track:
        """For one side."""
        return cls(
            Channel.of(signal.coordinate, side, signal.sign, signal.mirrored),
            float(np.radians(signal.expected_deg)),
            signal.full_share,
            float(np.radians(signal.least_deg)),
        )


@dataclass(frozen=True, slots=True)
class Border:
    """A :class:`~coxa.specs.exercise.Gate` ready for frames, rad."""

    channel: Channel
    low: float
    high: float

    @classmethod
    def of(cls, gate: Gate, side: str) -> Border:
        """For one side."""
        low, high = np.radians([gate.from_deg, gate.to_deg]).tolist()
        return cls(Channel.of(gate.coordinate, side, 1.0, gate.mirrored), low, high)

    def holds(self, frame: Sight, slack: float, sds: float) -> bool:
        """What is not observed is taken on trust, unless it is outside by ``sds`` of its errors."""
        value, sd, level = self.channel.told(frame)
        if level < _OBSERVED:
            slack += sds * sd
        return not (value < self.low - slack or value > self.high + slack)


class Way(NamedTuple):
    """One coordinate that tells a fault, and its limit in rad."""

    channel: Channel
    limit: float

    @classmethod
    def of(cls, rule: FormRule, side: str) -> Way:
        """For one side."""
        sign = -1.0 if rule.direction == "decrease" else 1.0
        channel = Channel.of(rule.coordinate, side, sign, rule.mirrored)
        return cls(channel, float(np.radians(rule.limit_deg)))


@dataclass(frozen=True, slots=True)
class Watched:
    """A :class:`~coxa.specs.exercise.FormRule` ready for frames.

    Attributes:
        rule: the rule.
        ways: to tell it; the first one that is observed goes before.
        either: deviations of both signs count.
    """

    rule: FormRule
    ways: tuple[Way, ...]
    either: bool

    @classmethod
    def of(cls, rule: FormRule, side: str) -> Watched:
        """For one side."""
        instead = rule.told_instead()
        told = (rule,) if instead is None else (rule, instead)
        return cls(rule, tuple(Way.of(one, side) for one in told), rule.direction == "either")


@dataclass(frozen=True, slots=True)
class Program:
    """One side of an exercise, ready for frames.

    Attributes:
        side: ``left``, ``right``; empty: it has none.
        track: what repetitions are counted by.
        gates: the start pose.
        ends: the end pose.
        length_s: of a repetition as it is demonstrated.
        form: what is watched.
    """

    side: str
    track: Track | None
    gates: tuple[Border, ...]
    ends: tuple[Border, ...]
    length_s: float
    form: tuple[Watched, ...]

    @classmethod
    def of(cls, spec: ExerciseSpec, side: str) -> Program:
        """For one side; empty: the exercise has none."""
        return cls(
            side,
            None if spec.signal is None else Track.of(spec.signal, side),
            tuple(Border.of(gate, side) for gate in spec.start_pose),
            tuple(Border.of(gate, side) for gate in spec.end_pose),
            spec.demonstration.poses[-1].at_s,
            tuple(Watched.of(rule, side) for rule in spec.form),
        )

    def in_end_pose(self, frame: Sight, slack: float, sds: float) -> bool:
        """Whether all of the end pose holds."""
        return all(end.holds(frame, slack, sds) for end in self.ends)

    def posture(self, frame: Sight) -> tuple[float, ...]:
        """What must be still for the start pose to be held, rad; NaN where it is not seen."""
        return tuple(channel.seen(frame) for channel in self._postural())

    def unsteady(self, frame: Sight, still: float, sds: float) -> tuple[float, ...]:
        """How much each part of the posture may move and yet be still, rad."""
        return tuple(max(still, sds * channel.sd(frame)) for channel in self._postural())

    def _postural(self) -> tuple[Channel, ...]:
        signal = () if self.track is None else (self.track.channel,)
        return (*signal, *(gate.channel for gate in self.gates))

    def in_start_pose(self, frame: Sight, slack: float, sds: float) -> bool:
        """Whether all of the start pose holds."""
        return all(gate.holds(frame, slack, sds) for gate in self.gates)


def sure_sds(rules: CoachRules) -> float:
    """Standard deviations beyond a limit at which it is exceeded with the probability asked for."""
    return float(norm.ppf(rules.sure))
