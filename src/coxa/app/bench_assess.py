"""Do assessments tell who did the moving? Simulated people cheat by known amounts, seen by several sources.

Every protocol that is done in repetitions is performed by a person drawn from the priors, both sides, some
repetitions done well and some cheated by a known angle in what one of the protocol's rules watches. What the
assessment says is held against what was done.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial

import numpy as np
from numpy.typing import NDArray

from coxa.app.agreement import defined
from coxa.app.held_against_truth import Judged, judged
from coxa.assess.assessment import Standards, assess
from coxa.assess.norms import Person as Reference
from coxa.catalog import loader
from coxa.catalog.protocols import library
from coxa.estimate.blas import one_thread
from coxa.estimate.estimator import Estimator
from coxa.estimate.fixed_lag import MotionEstimator, kinds_of
from coxa.estimate.observability import ability_of
from coxa.estimate.smoother import Schedule
from coxa.model.coordinates import ALL
from coxa.model.motion import Motion, Observability
from coxa.simulate.acts import ACTS
from coxa.simulate.cheating import Cheat, Cheated, Trial, staged
from coxa.simulate.observe import (
    CameraView,
    OrientationView,
    PointsView,
    View,
    camera_around,
    middle_of,
    observe,
)
from coxa.simulate.perform import Performance, Tremor, perform, times
from coxa.simulate.person import Person
from coxa.specs.protocol import ProtocolSpec

Floats = NDArray[np.float64]

RATE_HZ = 30.0
N_PROCESSES = 2
_TRIALS = 4  # of a recording, about
_MOST_DEG = 25.0
_DONE_WELL = 0.34  # share of the repetitions without any cheating
_AZIMUTH_DEG = {"front": 0.0, "oblique": 45.0, "rear": 180.0, "side": 90.0, "overhead": 0.0, "any": 0.0}

#: How people differ in how they hold themselves, in what no test asks to be held [deg].
_POSTURE = {
    "pelvis_anterior_tilt": 5.0,
    "pelvis_right_up_obliquity": 1.0,
    "lumbar_flexion": 6.0,
    "thoracic_flexion": 6.0,
    "hip_internal_rotation_left": 4.0,
    "hip_internal_rotation_right": 4.0,
}


class Source(StrEnum):
    """What sees the person."""

    TRUTH = "truth, 0.3 deg of noise"
    MARKERS = "points and pelvis markers"
    CAMERA = "one camera"
    PELVIS = "one camera and pelvis orientation"
    NETWORK = "one camera, a pose network's errors"


#: Whose errors the network's are: as its entry in the catalogue has them from rendered people.
NETWORK = "blazepose_heavy"

#: Of the people that assessments were tuned on (``lasting`` in their rules, how beginnings are told): no
#: figure that is reported may come from it.
TUNING_SEED = 900001

_TRUTH_SD_DEG = 0.3
_POINT_SD_M = 0.005


@dataclass(frozen=True, slots=True)
class Outcome:
    """One performance as one source saw it."""

    protocol: str
    source: Source
    judged: Judged


def outcomes(
    n_runs: int, seed: int, only: Sequence[str] = (), processes: int = N_PROCESSES
) -> Iterator[Outcome]:
    """All runs in order; the same seed gives the same runs.

    Args:
        n_runs: performances; protocols take turns.
        seed: of all that is drawn by chance.
        only: these protocols.
        processes: side by side; 1: in this one.
    """
    names = tuple(only) or tuple(ACTS)
    one = partial(run, seed, names)
    if processes == 1:
        for number in range(n_runs):
            yield from one(number)
        return
    with ProcessPoolExecutor(processes) as pool:
        for found in pool.map(one, range(n_runs)):
            yield from found


@dataclass(frozen=True, slots=True)
class Staged:
    """A person doing a protocol: what was done, with tremor and without."""

    protocol: ProtocolSpec
    what: Cheated
    performance: Performance
    still: Motion

    def seen_by(self, source: Source, rng: np.random.Generator) -> tuple[Motion, tuple[str, ...] | None]:
        """The motion that one source gives, and its kinds (None: it tells everything)."""
        if source is Source.TRUTH:
            return _noisy(self.performance.truth(), rng), None
        return _estimated(self.performance, source, self.protocol, rng)


def run(seed: int, names: Sequence[str], number: int) -> list[Outcome]:
    """One person, one protocol, seen by every source."""
    rng = np.random.default_rng([seed, number])
    one = stage(names[number % len(names)], rng)
    return [Outcome(one.protocol.id, source, _judged(one, source, rng)) for source in Source]


def stage(name: str, rng: np.random.Generator) -> Staged:
    """A person drawn by chance does a protocol, now well, now cheating."""
    protocol = library().protocol(name)
    body, priors, detectors = loader.body_model(), loader.body_priors(), loader.detectors()
    person = Person.drawn(body, priors, rng)
    for detector in ("ideal_keypoints", "pelvis_markers", NETWORK):
        person = person.with_offsets(detectors[detector], rng)
    posture = {joint: float(rng.normal(0.0, sd)) for joint, sd in _POSTURE.items()}
    what = staged(ACTS[protocol.id], protocol, person, tuple(_trials(protocol, rng)), posture)
    time_s = times(what.duration_s, RATE_HZ)
    performance = perform(what, person, time_s, tremor=Tremor(rng.uniform(0.0, 0.1)), rng=rng)
    return Staged(protocol, what, performance, perform(what, person, time_s).truth())


def _trials(protocol: ProtocolSpec, rng: np.random.Generator) -> Iterator[Trial]:
    """Repetitions of all quantities, one side after the other; what is cheated, and how much, by chance."""
    sides: tuple[str, ...] = ("right", "left") if protocol.sides == "each" else ("",)
    if not ACTS[protocol.id].changes_sides:
        sides = (str(rng.choice(sides)),)
    times_each = 1 if protocol.kind == "hold" else _TRIALS // (len(sides) * len(protocol.quantities))
    for side in sides:
        for _ in range(times_each):
            for quantity in protocol.quantities:
                yield Trial(
                    side,
                    quantity.id,
                    _cheat(protocol, rng),
                    outward_s=float(rng.uniform(1.0, 2.2)),
                    hold_s=float(rng.uniform(0.3, 0.8)),
                    rest_s=float(rng.uniform(0.6, 1.4)),
                )


def _cheat(protocol: ProtocolSpec, rng: np.random.Generator) -> Cheat | None:
    rules = protocol.compensations
    if not rules or rng.uniform() < _DONE_WELL:
        return None
    rule = rules[rng.integers(len(rules))]
    way = rng.choice((-1.0, 1.0)) if rule.direction == "either" else 1.0
    return Cheat(rule.id, float(way * rng.uniform(0.0, _MOST_DEG)), float(rng.uniform(0.05, 0.4)))


def _judged(one: Staged, source: Source, rng: np.random.Generator) -> Judged:
    motion, kinds = one.seen_by(source, rng)
    rules = loader.assess_rules()
    found = assess(motion, one.protocol, Standards(rules, library().norms), Reference())
    return judged(found, one.protocol, one.what.done, one.still, motion, rules, _silent(kinds))


def _silent(kinds: tuple[str, ...] | None) -> frozenset[str]:
    """Coordinates that a source of these kinds cannot tell; None: it tells all."""
    if kinds is None:
        return frozenset()
    table = loader.observability()
    return frozenset(name for name in ALL if ability_of(name, kinds, table).at_best != "observed")


def _noisy(truth: Motion, rng: np.random.Generator) -> Motion:
    """The truth, where it means anything, with a little noise."""
    sd = float(np.radians(_TRUTH_SD_DEG))
    means = defined(truth, loader.observability())
    level = np.where(means, Observability.OBSERVED, Observability.NOT_OBSERVABLE).astype(np.uint8)
    value = truth.value + sd * rng.normal(size=truth.value.shape)
    return replace(truth, value=value, sd=np.full(value.shape, sd), observability=level)


def _estimated(
    performance: Performance, source: Source, protocol: ProtocolSpec, rng: np.random.Generator
) -> tuple[Motion, tuple[str, ...]]:
    recording = observe(
        performance,
        _views(performance, source, protocol, rng),
        rng,
        told_height_m=performance.person.stature_m,
    )
    estimator = Estimator(loader.body_model(), loader.body_priors(), loader.detectors(), recording)
    kinds = kinds_of(recording, estimator)
    whole = MotionEstimator(estimator, loader.observability(), kinds, Schedule())
    with one_thread():
        parts = [part for part in (whole.push(recording), whole.finish()) if part is not None]
    return Motion.concatenate(parts), kinds


def _views(
    performance: Performance, source: Source, protocol: ProtocolSpec, rng: np.random.Generator
) -> list[View]:
    detectors = loader.detectors()
    keypoints = detectors["ideal_keypoints"]
    if source is Source.MARKERS:
        return [PointsView(keypoints, sd_m=_POINT_SD_M), PointsView(detectors["pelvis_markers"])]
    camera = camera_around(
        middle_of(performance),
        _AZIMUTH_DEG[protocol.camera.view] + rng.uniform(-10.0, 10.0),
        distance_m=protocol.camera.distance_m,
        elevation_deg=rng.uniform(-3.0, 8.0),
    )
    views: list[View] = [CameraView(camera, detectors[NETWORK] if source is Source.NETWORK else keypoints)]
    if source is Source.PELVIS:
        views.append(OrientationView(("pelvis",)))
    return views


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a source, and a protocol (empty: all of them)."""

    protocol: str
    source: Source
    judged: Judged


def bench(n_runs: int, seed: int) -> tuple[Row, ...]:
    """Each protocol from each source, then each source over all protocols."""
    return tabulate(list(outcomes(n_runs, seed)))


def tabulate(found: Sequence[Outcome]) -> tuple[Row, ...]:
    """Figures of protocols and sources, added up."""
    places = dict.fromkeys((one.protocol, one.source) for one in found)
    places |= dict.fromkeys(("", one.source) for one in found)
    return tuple(
        Row(
            protocol,
            source,
            Judged.sum(
                [one.judged for one in found if one.source is source and protocol in ("", one.protocol)]
            ),
        )
        for protocol, source in places
    )
