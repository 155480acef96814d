"""Demonstrations of the catalogue's exercises as sources see them, run through the coach.

Two kinds of sources. ``all``: markers, everything is observed. ``keypoints``: a pose network: only what the
table of observability lets it carry a verdict on. The noise is not the network's own pixels carried through
the estimator, which is slow (``test_filmed.py`` does it for one), but truth plus errors as large as the
standard deviations that it states: the posterior's part wanders over a third of a second; of the method's own
variance half lasts the recording, and half grows with the way from the first posture, whole at 45 deg.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from coxa.catalog import loader
from coxa.catalog.exercises import exercises
from coxa.coach.engine import Coach, CoachState
from coxa.estimate.observability import UPRIGHT, ability_of
from coxa.model.coaching import CoachFrame, Cue
from coxa.model.coordinates import ALL, SIDES
from coxa.model.motion import Observability
from coxa.simulate.demonstrate import Pace, demonstration, faulty
from coxa.simulate.perform import perform
from coxa.simulate.person import Person
from coxa.specs.exercise import ExerciseSpec

Floats = NDArray[np.float64]
DENSE_HZ = 60.0
WANDER_S = 0.35
POSTERIOR_DEG = {"all": 1.0, "keypoints": 2.0}
METHOD_AT_DEG = 45.0

SPECS = exercises()


@dataclass(frozen=True, slots=True)
class Seen:
    """What a source tells: (n,) times and (n, n_coordinates) values, standard deviations [rad], levels."""

    time_s: Floats
    value: Floats
    sd: Floats
    level: NDArray[np.uint8]

    def frames(self) -> list[CoachFrame]:
        rows = zip(self.time_s.tolist(), self.value, self.sd, self.level, strict=True)
        return [CoachFrame(time_s, value, sd, level) for time_s, value, sd, level in rows]


@cache
def truth(
    exercise: str, side: str, speed: float, stature_m: float, rule: str = "", beyond_deg: float = 8.0
) -> tuple[Floats, Floats]:
    """Times and true angles [rad] of a demonstration, or of one with a fault."""
    spec = SPECS[exercise]
    person = Person.of(loader.body_model(), loader.body_priors(), stature_m)
    pace = Pace(speed=speed)
    movement = demonstration(spec, side, pace)
    if rule:
        told = next(one for one in spec.form if one.id == rule)
        movement = faulty(spec, told, person, side, pace, beyond_deg=beyond_deg)
    last_s = movement.duration_s
    if spec.kind == "hold":  # to the end of the hold: how one gets out of it is nobody's fault
        last_s = pace.before_s + spec.demonstration.poses[-2].at_s / speed
    time_s = np.arange(0.0, last_s, 1 / DENSE_HZ)
    return time_s, perform(movement, person, time_s).truth().value


@cache
def abilities(source: str) -> tuple[Floats, Floats, NDArray[np.uint8]]:
    """(n_coordinates,) standard deviations, the method's part of them [rad], and levels at best."""
    kind = {"all": "pelvis_markers", "keypoints": "pose_network"}[source]
    table = loader.observability()
    found = [ability_of(name, (kind,), table) for name in ALL]
    method = np.radians([one.method_sd_deg for one in found])
    level = np.array([source == "all" or one.at_best == "observed" for one in found])
    told = np.where(level, Observability.OBSERVED, Observability.WEAK).astype(np.uint8)
    return np.hypot(np.radians(POSTERIOR_DEG[source]), method), method, told


def seen(
    time_s: Floats,
    value: Floats,
    rate_hz: float,
    source: str,
    rng: np.random.Generator,
    *,
    dropped: float = 0.0,
    jitter: float = 0.0,
) -> Seen:
    """What a source tells of the truth at a frame rate."""
    at_s = np.arange(time_s[0], time_s[-1], 1 / rate_hz)
    at_s = at_s + rng.uniform(-jitter, jitter, len(at_s)) / rate_hz
    at_s = at_s[rng.uniform(size=len(at_s)) >= dropped]
    exact = np.stack([np.interp(at_s, time_s, column) for column in value.T], axis=1)
    sd, method, at_best = abilities(source)
    keep = np.exp(-np.diff(at_s, prepend=at_s[0]) / WANDER_S)
    wander = rng.normal(size=exact.shape)
    for t in range(1, len(at_s)):
        wander[t] = keep[t] * wander[t - 1] + np.sqrt(1 - keep[t] ** 2) * wander[t]
    lasting, leaning = rng.normal(size=(2, exact.shape[1])) * method / np.sqrt(2)
    with_posture = leaning * (exact - exact[0]) / np.radians(METHOD_AT_DEG)
    noise = np.radians(POSTERIOR_DEG[source]) * wander + lasting + with_posture
    level = np.broadcast_to(at_best, exact.shape).copy()
    _what_lying_and_straight_knees_hide(exact, level)
    return Seen(at_s, exact + noise, np.broadcast_to(sd, exact.shape).copy(), level)


def _what_lying_and_straight_knees_hide(exact: Floats, level: NDArray[np.uint8]) -> None:
    table = loader.observability()
    tilted = np.abs(exact[:, ALL.index("pelvis_right_up_obliquity")])
    on_the_side = tilted > np.radians(table.upright_max_obliquity_deg)
    for name in UPRIGHT:
        level[on_the_side, ALL.index(name)] = Observability.NOT_OBSERVABLE
    for side in SIDES:
        straight = exact[:, ALL.index(f"knee_flexion_{side}")] < np.radians(table.knee_lever_min_deg)
        for name in (f"hip_internal_rotation_{side}", f"apparent_hip_internal_rotation_{side}"):
            level[straight, ALL.index(name)] = Observability.NOT_OBSERVABLE


def coach_of(spec: ExerciseSpec, side: str) -> Coach:
    """Without end, for one side."""
    sides = () if spec.sides != "each" else (side,)
    return Coach(spec, loader.coach_rules(), sets=1, repetitions=0, hold_s=0.0, sides=sides)


def beyond_deg(spec: ExerciseSpec, rule: str, source: str) -> float:
    """How bad a fault must be for this source to tell it for sure."""
    told = next(one for one in spec.form if one.id == rule)
    sd, _, _ = abilities(source)
    one = told.coordinate.replace("SIDE", "right").replace("OTHER", "left")
    return max(6.0, 3.2 * float(np.degrees(sd[ALL.index(one)])))


def run(coach: Coach, frames: list[CoachFrame]) -> tuple[CoachState, tuple[Cue, ...]]:
    """All frames, one after the other."""
    state, said = coach.begin(), []
    for frame in frames:
        state, cues = coach.step(state, frame)
        said.extend(cues)
    return state, tuple(said)


def fired(state: CoachState) -> set[str]:
    """Rules whose fault fired, also one that has not ended."""
    going_on = {rule for work in state.works for rule in work.faulted}
    return {spell.rule for spell in state.faults} | going_on


def watchable(spec: ExerciseSpec, coordinate: str, source: str) -> bool:
    """Whether a source may carry a verdict on a coordinate."""
    _, _, level = abilities(source)
    plain = coordinate.replace("SIDE", "right").replace("OTHER", "left")
    return bool(level[ALL.index(plain)] == Observability.OBSERVED)
