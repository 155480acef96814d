"""Tests of movement done by simulated people who cheat by a dialled amount.

What a rule watches is moved by the wanted angle while the joint under test and whatever the other rules watch
stay as they were, as far as the body allows: which joints do that is solved for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from coxa.assess.reading import resolved
from coxa.model.coordinates import ALL
from coxa.simulate.acts import Act
from coxa.simulate.perform import perform
from coxa.simulate.person import Person
from coxa.simulate.script import PELVIS, Course, KeyPose, Script
from coxa.specs.protocol import CompensationRule, ProtocolSpec

Floats = NDArray[np.float64]
Angles = Mapping[str, float]

#: What a body has to cheat with.
_LEGS = ("hip_flexion", "hip_adduction", "hip_internal_rotation", "knee_flexion", "ankle_dorsiflexion")
_SPINE = ("flexion", "right_bending", "left_rotation")
_FREE = (
    *PELVIS,
    *(f"{part}_{way}" for part in ("lumbar", "thoracic") for way in _SPINE),
    *(f"{joint}_{side}" for joint in _LEGS for side in ("left", "right")),
)
_EFFORT = 0.03  # a degree of any joint against a degree of what is wanted
_OTHERS = 0.3  # a degree of what the other rules watch against a degree of what is wanted
_NOTHING: Angles = dict.fromkeys(_FREE, 0.0)
_POISE_S = 0.3  # still before a repetition sets out
_GIVEN_BACK = 0.8  # share of the outward movement's time after which a tuck comes
_SETTLE_S = 1.4  # from the start to where a repetition sets out, and from one side to the other


@dataclass(frozen=True, slots=True)
class Cheat:
    """What is done instead.

    Attributes:
        rule: id of the protocol's rule.
        degrees: in the rule's direction (its sign says which way, where either counts).
        begins: share of the outward movement's time that has passed when it sets in.
    """

    rule: str
    degrees: float
    begins: float = 0.3


@dataclass(frozen=True, slots=True)
class Trial:
    """One repetition to be done."""

    side: str
    quantity: str
    cheat: Cheat | None = None
    outward_s: float = 1.4
    hold_s: float = 0.6
    rest_s: float = 1.0


@dataclass(frozen=True, slots=True)
class Done:
    """When a trial sets out, arrives, leaves again and is back [s]."""

    trial: Trial
    start_s: float
    there_s: float
    leave_s: float
    back_s: float


@dataclass(frozen=True, slots=True)
class Cheated:
    """A movement and what is added to it: both are scripts, and what is done is their sum."""

    name: str
    honest: Script
    added: Script
    done: tuple[Done, ...]

    @property
    def duration_s(self) -> float:
        """Time of the last key pose."""
        return self.honest.duration_s

    @property
    def stance(self) -> Floats:
        """As in the script of what should be done."""
        return self.honest.stance

    @property
    def support(self) -> tuple[str, ...]:
        """As in the script of what should be done."""
        return self.honest.support

    def at(self, time_s: Floats) -> Course:
        """Angles and displacement at times (n_frames,)."""
        honest, added = self.honest.at(time_s), self.added.at(time_s)
        nothing = np.zeros(len(time_s))
        names = dict.fromkeys([*honest.angles_deg, *added.angles_deg])
        angles = {
            name: honest.angles_deg.get(name, nothing) + added.angles_deg.get(name, nothing) for name in names
        }
        return Course(angles, honest.moved_m)


def staged(
    act: Act, protocol: ProtocolSpec, person: Person, trials: Sequence[Trial], posture: Angles | None = None
) -> Cheated:
    """Trials one after the other; all of one side before those of the other.

    Args:
        act: how the protocol is done.
        protocol: whose rules are broken.
        person: who.
        trials: what is done; ``side`` empty counts as right.
        posture: added throughout: how this person stands.
    """
    honest: list[KeyPose] = []
    added: list[KeyPose] = []
    done: list[Done] = []
    solved: dict[tuple[str, Cheat], Angles] = {}
    for side in dict.fromkeys(trial.side for trial in trials):
        mine = [trial for trial in trials if trial.side == side]
        begin_s = honest[-1].time_s + _SETTLE_S if honest else 0.0
        one_side = _OneSide(act, protocol, person, begin_s, done, solved)
        for trial in mine:
            one_side.do(trial)
        should, instead = one_side.ended(side, mine[-1].rest_s)
        honest += should.key_poses
        added += instead.key_poses
    everything = {name: 0.0 for pose in honest for name in pose.angles_deg}
    first = replace(honest[0], angles_deg={**everything, **honest[0].angles_deg})
    script = Script(protocol.id, (first, *honest[1:]), stance=act.stance, support=_support(act, trials))
    if posture:
        script = script.with_posture(posture)
    return Cheated(protocol.id, script, Script(protocol.id, tuple(added)), tuple(done))


def _support(act: Act, trials: Sequence[Trial]) -> tuple[str, ...]:
    """What stays in its place: with trials of both sides no single foot does."""
    sides = {trial.side for trial in trials}
    if "left" not in sides:
        return act.support
    swapped = tuple(_other_site(site) for site in act.support)
    return swapped if sides == {"left"} or set(swapped) == set(act.support) else ("left_hip", "right_hip")


def _other_site(site: str) -> str:
    side, _, place = site.partition("_")
    return f"{'right' if side == 'left' else 'left'}_{place}"


class _OneSide:
    """Trials of one side, put one after the other as if all were the right side's."""

    def __init__(
        self,
        act: Act,
        protocol: ProtocolSpec,
        person: Person,
        begin_s: float,
        done: list[Done],
        solved: dict[tuple[str, Cheat], Angles],
    ) -> None:
        self.act, self.protocol, self.person = act, protocol, person
        self.done, self.solved = done, solved
        self.here = complete(act, act.start)
        self.ready = complete(act, {**act.start, **act.via})
        self.honest = [KeyPose(begin_s, self.here)]
        self.added = [KeyPose(begin_s, _NOTHING)]
        self.now_s = begin_s

    def do(self, trial: Trial) -> None:
        """One more."""
        self._wait(trial.rest_s, self.here)
        if self.act.via:
            self._wait(_SETTLE_S, self.ready)
            self._wait(_POISE_S, self.ready)
        start_s, hold_s = self.now_s, max(trial.hold_s, self.act.hold_s)
        there_s, leave_s = start_s + trial.outward_s, start_s + trial.outward_s + hold_s
        one = Done(trial, start_s, there_s, leave_s, leave_s + trial.outward_s)
        there = complete(self.act, {**self.act.start, **self.act.via, **self.act.ends[trial.quantity]})
        self.honest += [KeyPose(there_s, there), KeyPose(leave_s, there), KeyPose(one.back_s, self.ready)]
        self._cheat(one, there)
        self.done.append(one)
        self.now_s = one.back_s
        if self.act.via:
            self._wait(_SETTLE_S, self.here)

    def _wait(self, length_s: float, pose: Angles) -> None:
        self.now_s += length_s
        self.honest.append(KeyPose(self.now_s, pose))

    def _cheat(self, one: Done, there: Angles) -> None:
        cheat = one.trial.cheat
        if cheat is None:
            return
        quantity = one.trial.quantity
        if (quantity, cheat) not in self.solved:
            self.solved[quantity, cheat] = cheating(
                self.act, self.protocol, self.person, quantity, there, cheat
            )
        change = self.solved[quantity, cheat]
        begins_s = one.start_s + _begins(self.protocol, cheat) * (one.there_s - one.start_s)
        self.added += [
            KeyPose(begins_s, _NOTHING),
            KeyPose(one.there_s, change),
            KeyPose(one.leave_s, change),
            KeyPose(one.back_s, _NOTHING),
        ]

    def ended(self, side: str, rest_s: float) -> tuple[Script, Script]:
        """What should be done and what is added, of that side."""
        self._wait(rest_s, self.here)
        self.added.append(KeyPose(self.now_s, _NOTHING))
        scripts = (Script(self.protocol.id, tuple(poses)) for poses in (self.honest, self.added))
        should, instead = (one.mirrored() if side == "left" else one for one in scripts)
        return should, instead


def _begins(protocol: ProtocolSpec, cheat: Cheat) -> float:
    """What is counted since it was furthest the other way is given back at the end."""
    rule = next(one for one in protocol.compensations if one.id == cheat.rule)
    return max(cheat.begins, _GIVEN_BACK) if rule.since == "furthest" else cheat.begins


def complete(act: Act, pose: Angles) -> dict[str, float]:
    """A pose with every coordinate that the act moves named, so that nothing is carried over."""
    names = {name for one in (act.start, act.via, *act.ends.values()) for name in one}
    names |= {_swapped(name) for name in names}
    return {**dict.fromkeys(sorted(names), 0.0), **pose}


def _swapped(name: str) -> str:
    for one, other in (("_left", "_right"), ("_right", "_left")):
        if name.endswith(one):
            return name.removesuffix(one) + other
    return name


def cheating(
    act: Act, protocol: ProtocolSpec, person: Person, quantity: str, there: Angles, cheat: Cheat
) -> dict[str, float]:
    """What is to be added at the end range, on the right side: coordinate -> deg.

    Args:
        act: how the protocol is done.
        protocol: whose rule is broken.
        person: who.
        quantity: which end range.
        there: its pose done well.
        cheat: what is done instead.
    """
    rule = next(one for one in protocol.compensations if one.id == cheat.rule)
    kept = [name for name in _kept(protocol, quantity) if name != resolved(rule.coordinate, "right")]
    columns = [ALL.index(name) for name in (resolved(rule.coordinate, "right"), *kept)]
    joint = _joint_part(protocol, quantity)
    weight = np.array([1.0, *(1.0 if name == joint else _OTHERS for name in kept)])
    honest = _read(act, person, there)[columns]
    wanted = honest + np.radians([direction(rule) * cheat.degrees, *[0.0] * len(kept)])

    def off(change_deg: Floats) -> Floats:
        pose = {name: there.get(name, 0.0) + value for name, value in zip(_FREE, change_deg, strict=True)}
        apart = _read(act, person, {**there, **pose})[columns] - wanted
        turned = np.degrees(np.angle(np.exp(1j * apart)))
        return np.concatenate([weight * turned, _EFFORT * change_deg])

    found = least_squares(off, np.zeros(len(_FREE)), diff_step=[1e-3], x_scale=10.0, max_nfev=15)
    return dict(zip(_FREE, found.x.tolist(), strict=True))


def direction(rule: CompensationRule) -> int:
    """Of cheating, on the right side."""
    return -1 if rule.direction == "decrease" else 1


def _kept(protocol: ProtocolSpec, quantity: str) -> Iterator[str]:
    """What stays where it is: the joint under test, and what the rules watch."""
    names = [_joint_part(protocol, quantity)]
    names += [resolved(rule.coordinate, "right") for rule in protocol.compensations]
    yield from dict.fromkeys(names)


def _joint_part(protocol: ProtocolSpec, quantity: str) -> str:
    """The joint's own part of an apparent reading, or what is read."""
    one = next(one for one in protocol.quantities if one.id == quantity)
    parts = [part.coordinate for part in one.ledger if part.part == "joint"]
    return resolved((parts or [one.coordinate])[0], "right")


def _read(act: Act, person: Person, pose: Angles) -> Floats:
    """Every coordinate of a pose, (len(ALL),) rad."""
    still = Script("pose", (KeyPose(0.0, pose),), stance=act.stance, support=act.support)
    return np.asarray(perform(still, person, np.zeros(1)).truth().value[0])
