"""Does the stated uncertainty hold? Simulated people, seen by simulated cameras, against the truth.

People and landmark offsets are drawn from the priors the estimator is told; motions are not: they are the
scripted movements of rehabilitation. The intervals must hold the truth as often as they say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from functools import partial

import numpy as np
from numpy.typing import NDArray

from coxa.app.agreement import CoverageRow, coverage_row, defined, family
from coxa.catalog import loader
from coxa.estimate.estimator import Estimator
from coxa.estimate.fixed_lag import MotionEstimator, kinds_of
from coxa.estimate.smoother import Schedule
from coxa.model.coordinates import ALL, SIDES
from coxa.model.motion import Motion, Observability
from coxa.model.recording import Recording
from coxa.simulate.library import SCRIPTS
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
from coxa.simulate.script import Script
from coxa.simulate.wander import wander

Floats = NDArray[np.float64]

DURATION_S = 4.0
RATE_HZ = 30.0
N_PROCESSES = 2

#: What the two intervals must hold, in shares of frames.
REQUIRED_68 = (0.62, 0.74)
REQUIRED_95 = (0.92, 0.98)
CALIBRATED = (
    "thigh_trunk_angle",
    "hip_flexion",
    "hip_adduction",
    "hip_internal_rotation",
    "pelvis_left_rotation",
    "pelvis_right_up_obliquity",
    "knee_flexion",
)
#: Calibrated only where the source tells them.
WHERE_OBSERVED = ("hip_flexion",)
#: Not observable from keypoints alone; observed with a source on the pelvis.
NEEDS_PELVIS = ("pelvis_anterior_tilt", "lumbar_flexion")
_WRONG_BASIN_DEG = 40.0


class Sources(StrEnum):
    """What sees the person besides one camera."""

    KEYPOINTS = "keypoints"
    MARKERS = "keypoints and pelvis markers"
    ORIENTATION = "keypoints and pelvis orientation"


#: Of ten runs.
_TURN = (Sources.KEYPOINTS,) * 6 + (Sources.MARKERS, Sources.ORIENTATION) * 2

#: How people differ in how they hold themselves [deg; slides m].
_POSTURE = {
    "pelvis_anterior_tilt": 7.0,
    "pelvis_right_up_obliquity": 2.0,
    "lumbar_flexion": 12.0,
    "lumbar_right_bending": 4.0,
    "lumbar_left_rotation": 2.0,
    "thoracic_flexion": 8.0,
    "thoracic_right_bending": 4.0,
    "thoracic_left_rotation": 5.0,
    **{
        f"{name}_{side}": sd
        for side in SIDES
        for name, sd in {
            "hip_flexion": 6.0,
            "hip_adduction": 5.0,
            "hip_internal_rotation": 9.0,
            "knee_flexion": 4.0,
            "ankle_dorsiflexion": 4.0,
            "ankle_inversion": 6.0,
            "shoulder_elevation": 0.02,
            "shoulder_protraction": 0.02,
        }.items()
    },
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run: (n_frames, n_coordinates) each.

    Attributes:
        script: what was done.
        sources: what saw it.
        error: estimate less truth [rad].
        sd: [rad].
        level: of :class:`Observability`.
        counts: whether the coordinate is defined there.
        cost_per_point: negative log-likelihood.
    """

    script: str
    sources: Sources
    error: Floats
    sd: Floats
    level: NDArray[np.uint8]
    counts: NDArray[np.bool_]
    cost_per_point: float

    @property
    def in_wrong_basin(self) -> bool:
        """Whether a coordinate that is claimed to be observed is nowhere near."""
        claimed = self.counts & (self.level == Observability.OBSERVED)
        return bool(np.any(np.abs(self.error)[claimed] > np.radians(_WRONG_BASIN_DEG)))


@dataclass(frozen=True, slots=True)
class Row(CoverageRow):
    """One coordinate, and whether its intervals are required to hold."""

    required: bool

    @property
    def holds(self) -> bool:
        """Whether both intervals hold the truth as often as they must."""
        low, high = REQUIRED_68
        lower, higher = REQUIRED_95
        return low <= self.within_68 <= high and lower <= self.within_95 <= higher


@dataclass(frozen=True, slots=True)
class Calibration:
    """The table, and how often a source tells what it should.

    Attributes:
        n_runs: in all.
        rows: per coordinate.
        told: sources -> coordinate of :data:`NEEDS_PELVIS` -> share of frames observed, and not observable.
        wrong_basins: runs that ended nowhere near, as (run, script, sources).
    """

    n_runs: int
    rows: tuple[Row, ...]
    told: Mapping[Sources, Mapping[str, tuple[float, float]]]
    wrong_basins: tuple[tuple[int, str, Sources], ...]

    @property
    def holds(self) -> bool:
        """Whether every required coordinate holds."""
        return all(row.holds for row in self.rows if row.required)


def calibrate(n_runs: int, seed: int, *, from_prior: bool = False) -> Calibration:
    """Run and tabulate; ``from_prior`` lets the prior process move the bodies instead of the scripts."""
    return tabulate(tuple(outcomes(n_runs, seed, from_prior=from_prior)))


def outcomes(n_runs: int, seed: int, *, from_prior: bool = False) -> Iterator[Outcome]:
    """All runs in order, on two processes; the same seed gives the same runs."""
    with ProcessPoolExecutor(N_PROCESSES) as pool:
        yield from pool.map(partial(run, seed, from_prior=from_prior), range(n_runs), chunksize=4)


def run(seed: int, number: int, *, from_prior: bool = False) -> Outcome:
    """One person, one movement, one set of sources, estimated and compared."""
    rng = np.random.default_rng([seed, number])
    sources = _TURN[number % len(_TURN)]
    body, priors, detectors = loader.body_model(), loader.body_priors(), loader.detectors()
    person = Person.drawn(body, priors, rng)
    for name in ("ideal_keypoints", "pelvis_markers"):
        person = person.with_offsets(detectors[name], rng)
    time_s = times(DURATION_S, RATE_HZ)
    if from_prior:
        performance = wander(person, priors, time_s, rng)
    else:
        performance = perform(
            _varied_script(number, rng), person, time_s, tremor=Tremor(rng.uniform(0.0, 0.1)), rng=rng
        )
    told = person.stature_m + rng.normal(0.0, priors.told_stature_sd_m) if rng.uniform() < 0.5 else None
    recording = observe(performance, _views(performance, sources, rng), rng, told_height_m=told)
    motion, cost = _estimate(recording)
    return _compare(performance, motion, sources, cost)


def _varied_script(number: int, rng: np.random.Generator) -> Script:
    """Movements in turn; side, size, pace and posture by chance."""
    scripts = list(SCRIPTS.values())
    script = scripts[number % len(scripts)]()
    script = script.scaled(rng.uniform(0.6, 1.05)).at_speed(float(np.exp(rng.normal(0.0, 0.2))))
    script = script.with_posture({name: rng.normal(0.0, sd) for name, sd in _POSTURE.items()})
    return script.mirrored() if rng.uniform() < 0.5 else script


def _views(performance: Performance, sources: Sources, rng: np.random.Generator) -> list[View]:
    detectors = loader.detectors()
    camera = camera_around(
        middle_of(performance), rng.uniform(-180.0, 180.0), elevation_deg=rng.uniform(-5.0, 15.0)
    )
    views: list[View] = [CameraView(camera, detectors["ideal_keypoints"])]
    if sources is Sources.MARKERS:
        views.append(PointsView(detectors["pelvis_markers"]))
    if sources is Sources.ORIENTATION:
        views.append(OrientationView(("pelvis",)))
    return views


def _estimate(recording: Recording) -> tuple[Motion, float]:
    """The motion and the cost per point."""
    estimator = Estimator(loader.body_model(), loader.body_priors(), loader.detectors(), recording)
    whole = MotionEstimator(
        estimator, loader.observability(), kinds_of(recording, estimator), Schedule(window_s=np.inf)
    )
    whole.smoother.push(recording)
    smoothed = whole.smoother.finish()
    assert smoothed is not None  # noqa: S101 - the recording has frames
    return whole.motion(smoothed), float(smoothed.cost.sum() / smoothed.n_points.sum())


def _compare(performance: Performance, motion: Motion, sources: Sources, cost: float) -> Outcome:
    truth = performance.truth()
    error = motion.value - truth.value
    return Outcome(
        script=performance.name,
        sources=sources,
        error=error - 2 * np.pi * np.round(error / (2 * np.pi)),
        sd=motion.sd,
        level=motion.observability,
        counts=defined(truth, loader.observability()),
        cost_per_point=cost,
    )


def tabulate(runs: Sequence[Outcome]) -> Calibration:
    """Figures over all frames of all runs."""
    families = tuple(dict.fromkeys(family(name) for name in ALL))
    told = {
        sources: {name: _told([run for run in runs if run.sources is sources], name) for name in NEEDS_PELVIS}
        for sources in Sources
        if any(run.sources is sources for run in runs)
    }
    wrong = tuple((k, one.script, one.sources) for k, one in enumerate(runs) if one.in_wrong_basin)
    return Calibration(len(runs), tuple(_row(runs, name) for name in families), told, wrong)


def _row(runs: Sequence[Outcome], coordinate: str) -> Row:
    columns = [k for k, name in enumerate(ALL) if family(name) == coordinate]
    counts = np.concatenate([one.counts[:, columns].ravel() for one in runs])
    error, sd, level = (
        np.concatenate([getattr(one, field)[:, columns].ravel() for one in runs])[counts]
        for field in ("error", "sd", "level")
    )
    row = coverage_row(coordinate, np.degrees(error), np.degrees(sd), level)
    if coordinate in WHERE_OBSERVED:
        seen = level == Observability.OBSERVED
        told = coverage_row(coordinate, np.degrees(error[seen]), np.degrees(sd[seen]), level[seen])
        row = replace(told, observed=row.observed, weak=row.weak, not_observable=row.not_observable)
    return Row(**asdict(row), required=coordinate in CALIBRATED)


def _told(runs: Sequence[Outcome], coordinate: str) -> tuple[float, float]:
    """Share of frames in which a coordinate is observed, and not observable."""
    column = ALL.index(coordinate)
    level = np.concatenate([one.level[one.counts[:, column], column] for one in runs])
    return (
        float(np.mean(level == Observability.OBSERVED)),
        float(np.mean(level == Observability.NOT_OBSERVABLE)),
    )
