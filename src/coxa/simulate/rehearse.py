"""Demonstrations of exercises as sources see them, run through the coach.

Three kinds of sources. Markers: everything is observed. One camera: only what the table of observability lets
a pose network carry a verdict on. One camera with the outline of the back: lumbar flexion as well, so that
rules are tested by the other coordinate that tells them. The noise is not the network's own pixels carried
through the estimator, which is slow, but truth plus errors as large as the standard deviations that it
states: the posterior's part wanders over a third of a second, but for the person's own offset, which lasts;
of the method's own variance half lasts the recording, and half grows with the way from the first posture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from coxa.catalog import loader
from coxa.coach.engine import Coach, CoachState
from coxa.estimate.observability import UPRIGHT, ability_of
from coxa.model.coaching import CoachFrame, Cue
from coxa.model.coordinates import ALL, SIDES
from coxa.model.motion import Observability
from coxa.simulate.demonstrate import Pace, demonstration, faulty
from coxa.simulate.perform import perform
from coxa.simulate.person import Person
from coxa.specs.exercise import ExerciseSpec, FormRule, Signal
from coxa.specs.rehearsal import RoughFilm

Floats = NDArray[np.float64]
#: Times what a weak angle must move to count at all; at less, some repetitions may be missed.
CLEARLY = 1.5
_LEVELS = {"observed": Observability.OBSERVED, "weak": Observability.WEAK}


@dataclass(frozen=True, slots=True)
class Truth:
    """A movement: (n,) times and (n, n_coordinates) true angles, rad."""

    time_s: Floats
    value: Floats


@dataclass(frozen=True, slots=True)
class Seen:
    """What a source tells: (n,) times and (n, n_coordinates) values, standard deviations [rad], levels."""

    time_s: Floats
    value: Floats
    sd: Floats
    level: NDArray[np.uint8]

    def frames(self) -> list[CoachFrame]:
        """As the coach takes them."""
        rows = zip(self.time_s.tolist(), self.value, self.sd, self.level, strict=True)
        return [CoachFrame(time_s, value, sd, level) for time_s, value, sd, level in rows]


def truth(
    spec: ExerciseSpec,
    side: str,
    speed: float,
    stature_m: float,
    rule: FormRule | None = None,
    beyond_deg: float = 8.0,
) -> Truth:
    """A demonstration by a person of a stature, or one with a fault ``beyond_deg`` worse than allowed."""
    person = Person.of(loader.body_model(), loader.body_priors(), stature_m)
    pace = Pace(speed=speed)
    movement = (
        demonstration(spec, side, pace)
        if rule is None
        else faulty(spec, rule, person, side, pace, beyond_deg=beyond_deg)
    )
    last_s = movement.duration_s
    if spec.kind == "hold":  # to the end of the hold: how one gets out of it is nobody's fault
        last_s = pace.before_s + spec.demonstration.poses[-2].at_s / speed
    time_s = np.arange(0.0, last_s, 1 / loader.rehearsal().dense_hz)
    return Truth(time_s, perform(movement, person, time_s).truth().value)


@cache
def _offset(source: str) -> Floats:
    """(n_coordinates,) standard deviations of what lasts besides the method's own, rad."""
    told = loader.rehearsal().sources[source].offset_deg
    return np.radians([told.get(name, 0.0) for name in ALL])


@cache
def abilities(source: str) -> tuple[Floats, Floats, NDArray[np.uint8]]:
    """(n_coordinates,) standard deviations, the method's part of them [rad], and levels at best."""
    told = loader.rehearsal().sources[source]
    kinds = (told.kind, told.also) if told.also else (told.kind,)
    found = [ability_of(name, kinds, loader.observability()) for name in ALL]
    method = np.radians([one.method_sd_deg for one in found])
    names = ["observed" if told.all_observed else one.at_best for one in found]
    levels = np.array([_LEVELS.get(name, Observability.NOT_OBSERVABLE) for name in names], np.uint8)
    posterior = np.hypot(np.radians(told.posterior_deg), _offset(source))
    return np.hypot(posterior, method), method, levels


def seen(true: Truth, film: RoughFilm, source: str, rng: np.random.Generator) -> Seen:
    """What a source tells of the truth in such a film."""
    rules = loader.rehearsal()
    at_s = np.arange(true.time_s[0], true.time_s[-1], 1 / film.rate_hz)
    at_s = at_s + rng.uniform(-film.jitter, film.jitter, len(at_s)) / film.rate_hz
    at_s = at_s[rng.uniform(size=len(at_s)) >= film.dropped]
    exact = np.stack([np.interp(at_s, true.time_s, column) for column in true.value.T], axis=1)
    sd, method, at_best = abilities(source)
    keep = np.exp(-np.diff(at_s, prepend=at_s[0]) / rules.wander_s)
    wander = rng.normal(size=exact.shape)
    for t in range(1, len(at_s)):
        wander[t] = keep[t] * wander[t - 1] + np.sqrt(1 - keep[t] ** 2) * wander[t]
    lasting, leaning = rng.normal(size=(2, exact.shape[1])) * method / np.sqrt(2)
    if (offset := _offset(source)).any():
        lasting = lasting + rng.normal(size=exact.shape[1]) * offset
    with_posture = leaning * (exact - exact[0]) / np.radians(rules.method_at_deg)
    noise = np.radians(rules.sources[source].posterior_deg) * wander + lasting + with_posture
    level = np.broadcast_to(at_best, exact.shape).copy()
    _hide(exact, level)
    return Seen(at_s, exact + noise, np.broadcast_to(sd, exact.shape).copy(), level)


def _hide(exact: Floats, level: NDArray[np.uint8]) -> None:
    """What nobody can tell of somebody who lies on the side, or of a straight knee."""
    table = loader.observability()
    tilted = np.abs(exact[:, ALL.index("pelvis_right_up_obliquity")])
    on_the_side = tilted > np.radians(table.upright_max_obliquity_deg)
    for name in UPRIGHT:
        level[on_the_side, ALL.index(name)] = Observability.NOT_OBSERVABLE
    for side in SIDES:
        straight = exact[:, ALL.index(f"knee_flexion_{side}")] < np.radians(table.knee_lever_min_deg)
        for name in (f"hip_internal_rotation_{side}", f"apparent_hip_internal_rotation_{side}"):
            level[straight, ALL.index(name)] = Observability.NOT_OBSERVABLE


def endless(spec: ExerciseSpec, side: str) -> Coach:
    """A coach of one set without end, for one side."""
    sides = () if spec.sides != "each" else (side,)
    return Coach(spec, loader.coach_rules(), sets=1, repetitions=0, hold_s=0.0, sides=sides)


def beyond_deg(rule: FormRule, source: str) -> float:
    """How bad a fault must be for this source to tell it for sure."""
    rules = loader.rehearsal()
    sd, _, _ = abilities(source)
    return max(rules.beyond_deg, rules.beyond_sds * float(np.degrees(sd[_column(rule.coordinate)])))


def run(coach: Coach, frames: Sequence[CoachFrame]) -> tuple[CoachState, tuple[Cue, ...]]:
    """All frames, one after the other."""
    state, said = coach.begin(), list[Cue]()
    for frame in frames:
        state, cues = coach.step(state, frame)
        said.extend(cues)
    return state, tuple(said)


def fired(state: CoachState) -> set[str]:
    """Rules whose fault fired, also one that has not ended."""
    going_on = {rule for work in state.works for rule in work.faulted}
    return {spell.rule for spell in state.faults} | going_on


def watchable(coordinate: str, source: str) -> bool:
    """Whether a source may carry a verdict on a coordinate."""
    _, _, level = abilities(source)
    return bool(level[_column(coordinate)] == Observability.OBSERVED)


def as_told(rule: FormRule, source: str) -> FormRule | None:
    """The rule as a source tells it: by its own coordinate, by the other one, or not at all."""
    told = (rule, rule.told_instead())
    return next((one for one in told if one is not None and watchable(one.coordinate, source)), None)


def watches(source: str, spec: ExerciseSpec) -> bool:
    """Whether an exercise is tested with a source."""
    if not loader.rehearsal().sources[source].instead_only:
        return True
    return any(as_told(rule, source) not in (rule, None) for rule in spec.form)


def countable(signal: Signal, source: str) -> bool:
    """Whether a source tells enough to count by: it may be weak if people go far enough."""
    sd, _, level = abilities(source)
    column = _column(signal.coordinate)
    if level[column] != Observability.WEAK:
        return bool(level[column])
    rules = loader.coach_rules()
    doubt = rules.weak_sds * np.sqrt(2.0) * sd[column]
    return bool(np.radians(signal.expected_deg) >= CLEARLY * doubt)


def _column(coordinate: str) -> int:
    return ALL.index(coordinate.replace("SIDE", "right").replace("OTHER", "left"))
