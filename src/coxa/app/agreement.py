"""How far Coxa agrees with a reference: samples of one coordinate, their coverage, the figures of a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coxa.app.statistics import (
    WITHIN_68,
    WITHIN_95,
    Interval,
    cmc,
    icc_2_1,
    limits_of_agreement,
    resampled,
)
from coxa.estimate.observability import UPRIGHT
from coxa.model.coordinates import SIDES
from coxa.model.motion import Motion, Observability
from coxa.specs.estimator import ObservabilitySpec

Floats = NDArray[np.float64]

_LEVERED = ("hip_internal_rotation", "apparent_hip_internal_rotation")


@dataclass(frozen=True, slots=True)
class Sample:
    """One coordinate of one side in one recording, beside its reference; only frames that count.

    Attributes:
        coordinate: without its side.
        person: who moved.
        group: what was recorded together: person, movement and side.
        found_deg: as Coxa has it, (n_frames,).
        true_deg: as the reference has it, (n_frames,).
        sd_deg: standard deviation Coxa states, (n_frames,).
        level: of :class:`Observability`, (n_frames,).
    """

    coordinate: str
    person: str
    group: str
    found_deg: Floats
    true_deg: Floats
    sd_deg: Floats
    level: NDArray[np.uint8]

    @property
    def error_deg(self) -> Floats:
        """Found less true, (n_frames,)."""
        return self.found_deg - self.true_deg

    def where(self, frames: NDArray[np.bool_]) -> Sample:
        """The same for some of the frames."""
        return replace(
            self,
            found_deg=self.found_deg[frames],
            true_deg=self.true_deg[frames],
            sd_deg=self.sd_deg[frames],
            level=self.level[frames],
        )


def family(coordinate: str) -> str:
    """The name without its side."""
    return coordinate.removesuffix("_left").removesuffix("_right")


def samples(
    estimated: Motion, true: Motion, spec: ObservabilitySpec | None, person: str = "", group: str = ""
) -> Iterator[Sample]:
    """Every coordinate the reference tells, in the frames where both have a value.

    Args:
        estimated: what Coxa makes of a recording.
        true: the reference, at the same frames; NaN where it says nothing.
        spec: where a coordinate means anything (:func:`defined`); None: everywhere.
        person: who moved.
        group: the movement, for statistics of its repetitions.
    """
    counts = np.isfinite(true.value)
    if spec is not None:
        counts &= defined(true, spec)
    for k, name in enumerate(true.coordinates):
        column = estimated.index(name)
        error = estimated.value[:, column] - true.value[:, k]
        frames = counts[:, k] & np.isfinite(error)
        if not frames.any():
            continue
        error = error - 2 * np.pi * np.round(error / (2 * np.pi))
        reference = np.unwrap(true.value[frames, k])
        yield Sample(
            coordinate=family(name),
            person=person,
            group=f"{person} {group} {name}",
            found_deg=np.degrees(reference + error[frames]),
            true_deg=np.degrees(reference),
            sd_deg=np.degrees(estimated.sd[frames, column]),
            level=estimated.observability[frames, column],
        )


def defined(truth: Motion, spec: ObservabilitySpec) -> NDArray[np.bool_]:
    """Where a coordinate means anything: hip rotation with a bent knee, headings off the side."""
    means = np.ones(truth.value.shape, bool)
    obliquity = np.abs(truth["pelvis_right_up_obliquity"])
    on_the_side = obliquity > np.radians(spec.upright_max_obliquity_deg)
    for name in UPRIGHT:
        means[on_the_side, truth.index(name)] = False
    for side in SIDES:
        bent = truth[f"knee_flexion_{side}"] >= np.radians(spec.knee_lever_min_deg)
        for name in _LEVERED:
            means[~bent, truth.index(f"{name}_{side}")] = False
    return means


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """How often stated intervals hold the truth: one coordinate, both sides together; shares of frames."""

    coordinate: str
    n_frames: int
    rmse_deg: float
    bias_deg: float
    median_sd_deg: float
    within_68: float
    within_95: float
    observed: float
    weak: float
    not_observable: float
    within_95_observed: float
    mae_observed_deg: float


def coverage_row(coordinate: str, error_deg: Floats, sd_deg: Floats, level: NDArray[np.uint8]) -> CoverageRow:
    """One row, from (n_frames,) each."""
    off = np.abs(error_deg) / sd_deg
    observed = level == Observability.OBSERVED
    return CoverageRow(
        coordinate=coordinate,
        n_frames=len(error_deg),
        rmse_deg=_rms(error_deg),
        bias_deg=_mean(error_deg),
        median_sd_deg=float(np.median(sd_deg)) if len(sd_deg) else float("nan"),
        within_68=_mean(off <= WITHIN_68),
        within_95=_mean(off <= WITHIN_95),
        observed=_mean(observed),
        weak=_mean(level == Observability.WEAK),
        not_observable=_mean(level == Observability.NOT_OBSERVABLE),
        within_95_observed=_mean(off[observed] <= WITHIN_95),
        mae_observed_deg=_mean(np.abs(error_deg[observed])),
    )


def coverage(pairs: Iterable[tuple[Motion, Motion]], spec: ObservabilitySpec) -> Mapping[str, CoverageRow]:
    """Rows by coordinate from (estimated, true) motions, over all frames, whatever is claimed there."""
    gathered: dict[str, list[Sample]] = {}
    for estimated, true in pairs:
        for sample in samples(estimated, true, spec):
            gathered.setdefault(sample.coordinate, []).append(sample)
    return {name: coverage_row(name, *_joined(parts)) for name, parts in gathered.items()}


def _joined(parts: Sequence[Sample]) -> tuple[Floats, Floats, NDArray[np.uint8]]:
    """Errors, standard deviations and levels of all frames."""
    error = np.concatenate([np.zeros(0), *(part.error_deg for part in parts)])
    sd = np.concatenate([np.zeros(0), *(part.sd_deg for part in parts)])
    return error, sd, np.concatenate([np.zeros(0, np.uint8), *(part.level for part in parts)])


def _mean(values: ArrayLike) -> float:
    array = np.asarray(values, float)
    return float(array.mean()) if array.size else float("nan")


def _rms(values: ArrayLike) -> float:
    return float(np.sqrt(_mean(np.square(values))))


@dataclass(frozen=True, slots=True)
class Agreement:
    """One coordinate, both sides together, deg. Figures are of the frames in which Coxa shows one.

    Attributes:
        coordinate: without its side.
        n_people: who moved.
        n_recordings: repetitions, the two sides counted apart.
        n_frames: in all.
        bias_deg: mean error.
        rmse_deg: as it is.
        rmse_offset_removed_deg: one constant removed from every recording and side.
        worst_person_deg: the same of the person worst off.
        range_bias_deg: of the range of motion of a recording, found less true, mean.
        range_error_deg: of the range, mean absolute.
        range_limits_deg: mean and 95% limits of agreement of the range.
        limits_deg: mean and 95% limits of agreement of single values.
        icc: ICC(2,1) of the ranges and its 95% interval.
        cmc: median over people, movements and sides.
        cmc_undefined: share of those for which it is complex.
        coverage: of the stated intervals.
        told: share of all frames in which a figure is shown.
    """

    coordinate: str
    n_people: int
    n_recordings: int
    n_frames: int
    bias_deg: float
    rmse_deg: float
    rmse_offset_removed_deg: float
    worst_person_deg: float
    range_bias_deg: float
    range_error_deg: float
    range_limits_deg: Interval
    limits_deg: Interval
    icc: Interval
    cmc: float
    cmc_undefined: float
    coverage: CoverageRow
    told: float


def agreement(parts: Sequence[Sample], min_frames: int) -> Agreement:
    """All figures of one coordinate.

    Args:
        parts: of one coordinate, at least one.
        min_frames: recordings with fewer frames that count have no range and no waveform.
    """
    shown = [part.where(part.level > Observability.NOT_OBSERVABLE) for part in parts]
    shown = [part for part in shown if len(part.level)]
    error, sd, level = _joined(shown)
    whole = [part for part in shown if len(part.level) >= min_frames]
    ranges = np.array([(np.ptp(part.found_deg), np.ptp(part.true_deg)) for part in whole]).reshape(-1, 2)
    people = np.array([part.person for part in whole], str)
    waveforms = _cmcs(whole)
    off = ranges[:, 0] - ranges[:, 1]
    return Agreement(
        coordinate=parts[0].coordinate,
        n_people=len({part.person for part in shown}),
        n_recordings=len(shown),
        n_frames=len(error),
        bias_deg=_mean(error),
        rmse_deg=_rms(error),
        rmse_offset_removed_deg=_without_offset(shown),
        worst_person_deg=_worst(shown),
        range_bias_deg=_mean(off),
        range_error_deg=_mean(np.abs(off)),
        range_limits_deg=limits_of_agreement(off, people),
        limits_deg=limits_of_agreement(
            error, np.repeat([p.person for p in shown], [len(p.level) for p in shown])
        ),
        icc=icc_2_1(ranges),
        cmc=float(np.nanmedian(waveforms)) if np.isfinite(waveforms).any() else float("nan"),
        cmc_undefined=_mean(np.isnan(waveforms)),
        coverage=coverage_row(parts[0].coordinate, error, sd, level),
        told=len(error) / sum(len(part.level) for part in parts),
    )


def _whose(parts: Sequence[Sample]) -> NDArray[np.str_]:
    """The person of every frame."""
    return np.repeat(np.array([part.person for part in parts], str), [len(part.level) for part in parts])


def _without_offset(parts: Sequence[Sample]) -> float:
    if not parts:
        return float("nan")
    return _rms(np.concatenate([part.error_deg - part.error_deg.mean() for part in parts]))


def _worst(parts: Sequence[Sample]) -> float:
    people = dict.fromkeys(part.person for part in parts)
    return max(
        (_without_offset([part for part in parts if part.person == person]) for person in people),
        default=float("nan"),
    )


def _cmcs(parts: Sequence[Sample]) -> Floats:
    groups: dict[str, list[Floats]] = {}
    for part in parts:
        pair = np.stack([resampled(part.found_deg), resampled(part.true_deg)])
        groups.setdefault(part.group, []).append(pair)
    return np.array([cmc(np.stack(pairs)) for pairs in groups.values()])
