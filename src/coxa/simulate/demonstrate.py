"""An exercise's demonstration as a movement, and the same with one fault of form: the coach's test.

A faulty variant is derived from the form rule itself: the joints and the pelvis are moved so that the watched
coordinate goes beyond its limit while the repetition is far from its start, and what the other rules, the
signal and the start pose look at stays where it was, as far as a body can do that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from coxa.coach.program import Channel
from coxa.model.coordinates import SIDES
from coxa.simulate.perform import perform
from coxa.simulate.person import Person
from coxa.simulate.script import (
    LYING_ON_LEFT,
    LYING_ON_RIGHT,
    PELVIS,
    PRONE,
    STANDING,
    SUPINE,
    Course,
    KeyPose,
    Movement,
    Script,
)
from coxa.specs.exercise import ExerciseSpec, FormRule

Floats = NDArray[np.float64]

STANCES: Mapping[str, Floats] = {
    "standing": STANDING,
    "supine": SUPINE,
    "prone": PRONE,
    "lying_on_left": LYING_ON_LEFT,
    "lying_on_right": LYING_ON_RIGHT,
}
#: What a fault may be made with.
MOVERS = (
    *PELVIS,
    *("lumbar_flexion", "lumbar_right_bending", "lumbar_left_rotation"),
    *("thoracic_flexion", "thoracic_right_bending", "thoracic_left_rotation"),
    *(
        f"{joint}_{side}"
        for joint in ("hip_flexion", "hip_adduction", "hip_internal_rotation", "knee_flexion")
        for side in SIDES
    ),
    *(f"ankle_dorsiflexion_{side}" for side in SIDES),
)
_KNOT_RATE_HZ = 25.0
_STEP_DEG = 0.5
_TARGET_WEIGHT, _EFFORT_WEIGHT = 30.0, 0.05
_ROUNDS = 6
_WHOLE_AT = 0.4  # of the excursion: from here on the fault is whole


@dataclass(frozen=True, slots=True)
class Pace:
    """How a demonstration is done: ``speed`` times as fast; the pauses are not sped up."""

    repetitions: int = 3
    speed: float = 1.0
    before_s: float = 2.0
    rest_s: float = 1.0
    after_s: float = 1.5


def one_repetition(spec: ExerciseSpec, side: str = "right") -> Script:
    """The key poses of the file, for one side."""
    shown = spec.demonstration
    poses = tuple(KeyPose(pose.at_s, pose.angles_deg) for pose in shown.poses)
    script = Script(spec.id, poses, stance=STANCES[shown.stance], support=shown.support)
    return script.mirrored() if side == "left" else script


def demonstration(spec: ExerciseSpec, side: str = "right", pace: Pace = Pace()) -> Script:
    """Repetition after repetition for one side; a hold is done once; alternating exercises do both sides."""
    turns = SIDES if spec.sides == "alternate" else (side,)
    count = pace.repetitions if spec.kind == "repetitions" else 1
    poses: list[KeyPose] = []
    at_s = 0.0
    for k in range(count):
        for turn in turns:
            one = one_repetition(spec, turn).at_speed(pace.speed)
            start = one.key_poses[0]
            begin_s = at_s + (pace.before_s if k == 0 and turn == turns[0] else pace.rest_s)
            poses.append(replace(start, time_s=at_s if not poses else at_s + 1e-3))
            poses += [replace(pose, time_s=pose.time_s + begin_s) for pose in one.key_poses]
            at_s = begin_s + one.duration_s
    poses.append(KeyPose(at_s + pace.after_s))
    first = one_repetition(spec, turns[0])
    return Script(spec.id, tuple(poses), stance=first.stance, support=first.support)


@dataclass(frozen=True, slots=True)
class Pushed:
    """A movement with something added to it.

    Attributes:
        base: the movement.
        added_deg: coordinate -> at most so much.
        knots_s: (n,) times.
        share: (n,) of it that is added at these times.
    """

    base: Script
    added_deg: Mapping[str, float]
    knots_s: Floats
    share: Floats

    @property
    def name(self) -> str:
        """For people to read."""
        return self.base.name

    @property
    def stance(self) -> Floats:
        """(3, 3) pelvis axes in the room at zero pelvic angles."""
        return self.base.stance

    @property
    def support(self) -> tuple[str, ...]:
        """Sites of the body whose middle stays where it is."""
        return self.base.support

    @property
    def duration_s(self) -> float:
        """Of the whole movement."""
        return self.base.duration_s

    def at(self, time_s: Floats) -> Course:
        """Angles and displacement at times (n_frames,)."""
        course = self.base.at(time_s)
        share = np.interp(time_s, self.knots_s, self.share)
        angles = dict(course.angles_deg)
        for name, most in self.added_deg.items():
            angles[name] = angles.get(name, np.zeros(len(time_s))) + most * share
        return Course(angles, course.moved_m)


def faulty(
    spec: ExerciseSpec,
    rule: FormRule,
    person: Person,
    side: str = "right",
    pace: Pace = Pace(),
    *,
    beyond_deg: float = 6.0,
) -> Pushed:
    """The demonstration with one fault in every repetition of a side, ``beyond_deg`` beyond the rule's limit.

    Args:
        spec: the exercise.
        rule: one of its form rules, or one as its other coordinate tells it.
        person: whose joints it is worked out with.
        side: the side that works, and errs.
        pace: how it is done.
        beyond_deg: how much worse than allowed.
    """
    base = demonstration(spec, side, pace)
    knots = np.arange(0.0, base.duration_s, 1 / _KNOT_RATE_HZ)
    angles = np.degrees(perform(base, person, knots).truth().value)
    far = _far_from_start(spec, side, knots, angles, base, pace)
    peak = int(np.argmax(far))
    watched = Channel.of(rule.coordinate, side, 1.0, rule.mirrored)
    column, towards = watched.column, watched.sign
    now = float(angles[peak, column])
    origin = 0.0 if rule.since == "zero" else float(angles[0, column])
    sign = towards if rule.direction != "decrease" else -towards
    if rule.direction == "either" and sign * (now - origin) < 0:
        sign = -sign
    wanted = origin + sign * (rule.limit_deg + beyond_deg) - now
    told = next(one for one in spec.form if one.id == rule.id).coordinates  # none of them need stay
    kept = _kept(spec, side) - {column, *(Channel.of(name, side, 1.0, False).column for name in told)}
    added = _solve(base, person, float(knots[peak]), column, wanted, kept)
    return Pushed(base, added, knots, np.clip(far / _WHOLE_AT, 0.0, 1.0))


def _far_from_start(
    spec: ExerciseSpec, side: str, knots: Floats, angles: Floats, base: Script, pace: Pace
) -> Floats:
    """(n,) 0 at the start, 1 at the end range; of a hold: 0 outside of its second half."""
    if spec.signal is None:
        poses = spec.demonstration.poses
        begin = pace.before_s + 0.4 * poses[-1].at_s / pace.speed
        end = pace.before_s + 0.75 * poses[-1].at_s / pace.speed
        rise = 0.5
        return np.asarray(np.clip(np.minimum((knots - begin) / rise, (end - knots) / rise), 0.0, 1.0))
    channel = Channel.of(spec.signal.coordinate, side, spec.signal.sign, spec.signal.mirrored)
    course = channel.sign * angles[:, channel.column]
    return np.asarray((course - course[0]) / (course.max() - course[0]))


def _kept(spec: ExerciseSpec, side: str) -> frozenset[int]:
    """Columns of everything else that is looked at."""
    sides = SIDES if spec.sides == "alternate" else (side,)
    names = [rule.coordinate for rule in spec.form] + [
        gate.coordinate for gate in (*spec.start_pose, *spec.end_pose)
    ]
    if spec.signal is not None:
        names.append(spec.signal.coordinate)
    return frozenset(Channel.of(name, one, 1.0, False).column for name in names for one in sides)


@dataclass(frozen=True, slots=True)
class _Poses:
    """Some poses, as a movement of as many frames."""

    angles_deg: Mapping[str, Floats]
    base: Movement
    name: str = ""

    @property
    def stance(self) -> Floats:
        return self.base.stance

    @property
    def support(self) -> tuple[str, ...]:
        return self.base.support

    def at(self, time_s: Floats) -> Course:
        return Course(self.angles_deg, np.zeros((len(time_s), 3)))


def _solve(
    base: Script, person: Person, time_s: float, column: int, wanted: float, kept: frozenset[int]
) -> dict[str, float]:
    """What to add to the movers, deg, so that one coordinate changes as wanted and the kept ones little."""
    pose = {name: float(curve[0]) for name, curve in base.at(np.array([time_s])).angles_deg.items()}
    others = sorted(kept)
    rows = [column, *others]
    weight = np.array([_TARGET_WEIGHT, *np.ones(len(others))])[:, None]
    effort = _EFFORT_WEIGHT * np.eye(len(MOVERS))
    start = _read(base, person, pose, np.zeros((1, len(MOVERS))))[0]
    goal = np.array([wanted, *np.zeros(len(others))])
    added = np.zeros(len(MOVERS))
    for _ in range(_ROUNDS):
        table = _read(base, person, pose, np.vstack([added, added + _STEP_DEG * np.eye(len(MOVERS))]))
        slope = _wrapped(table[1:] - table[0])[:, rows].T / _STEP_DEG
        missing = goal - _wrapped(table[0] - start)[rows]
        system = np.vstack([weight * slope, effort])
        right = np.concatenate([weight[:, 0] * missing, -_EFFORT_WEIGHT * added])
        added = added + np.linalg.lstsq(system, right, rcond=None)[0]
    return {name: float(value) for name, value in zip(MOVERS, added, strict=True) if abs(value) > 0.05}


def _read(base: Script, person: Person, pose: Mapping[str, float], added: Floats) -> Floats:
    """(n, n_coordinates) deg of a pose with n changes to the movers (n, n_movers)."""
    n = len(added)
    angles = {name: np.full(n, value) for name, value in pose.items()}
    for k, name in enumerate(MOVERS):
        angles[name] = angles.get(name, np.zeros(n)) + added[:, k]
    done = perform(_Poses(angles, base), person, np.arange(n, dtype=float))
    return np.degrees(done.truth().value)


def _wrapped(deg: Floats) -> Floats:
    return np.asarray((deg + 180.0) % 360.0 - 180.0)
