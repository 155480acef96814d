"""Figures that sum up a motion, gathered part by part in constant memory."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from coxa.app.additions import Source, in_words, named_for, offers, without_remedy
from coxa.model.motion import Motion, Observability
from coxa.specs.additions import Addition

Floats = NDArray[np.float64]

#: A coordinate bears the best word that holds in at least this share of its frames.
MIN_SHARE = 0.05

_SD_EDGES_DEG = np.geomspace(0.01, 360.0, 513)  # bins 2 % apart: the median sd is that exact


@dataclass(frozen=True, slots=True)
class Extreme:
    """The smallest or largest value, its own standard deviation and when it was reached."""

    value_deg: float
    sd_deg: float
    time_s: float


@dataclass(frozen=True, slots=True)
class CoordinateSummary:
    """One coordinate over a recording.

    Attributes:
        coordinate: its name.
        level: the best observability that holds in at least :data:`MIN_SHARE` of the frames.
        share: of the frames that are not observable, weak, observed (3,), adding up to 1.
        minimum: over the frames of ``level`` or better; None when not observable.
        maximum: the same.
        median_sd_deg: over the same frames, to 2 %.
        reason: why it is not fully observable; may be empty.
        constant_sd_deg: the part of the error that both ends of the range share.
        additions: what would make it observed with the least effort, if anything would.
    """

    coordinate: str
    level: Observability
    share: tuple[float, float, float]
    minimum: Extreme | None
    maximum: Extreme | None
    median_sd_deg: float | None
    reason: str
    constant_sd_deg: float = 0.0
    additions: tuple[Addition, ...] = ()

    @property
    def remedy(self) -> str:
        """The additions in words; may be empty."""
        return in_words(self.additions)

    @property
    def range_deg(self) -> float | None:
        """Maximum minus minimum."""
        if self.minimum is None or self.maximum is None:
            return None
        return self.maximum.value_deg - self.minimum.value_deg

    @property
    def range_sd_deg(self) -> float | None:
        """As if the errors at both ends were independent, but for what is known to be the same."""
        if self.minimum is None or self.maximum is None:
            return None
        ends = np.array([self.minimum.sd_deg, self.maximum.sd_deg])
        return float(np.sqrt(np.maximum(ends**2 - self.constant_sd_deg**2, 0.0).sum()))


class _Extremes:
    """Running extremes of one sign over the frames of one level or better, per coordinate."""

    def __init__(self, sign: float, n_coordinates: int) -> None:
        self._sign = sign
        self._score = np.full(n_coordinates, -np.inf)
        self._sd = np.full(n_coordinates, np.nan)
        self._time = np.full(n_coordinates, np.nan)

    def add(self, motion: Motion, counted: NDArray[np.bool_]) -> None:
        score = np.where(counted, self._sign * motion.value, -np.inf)
        row = np.argmax(score, axis=0)
        column = np.arange(score.shape[1])
        better = score[row, column] > self._score
        self._score = np.where(better, score[row, column], self._score)
        self._sd = np.where(better, motion.sd[row, column], self._sd)
        self._time = np.where(better, motion.time_s[row], self._time)

    def get(self, column: int) -> Extreme | None:
        if not np.isfinite(self._score[column]):
            return None
        value, sd = np.degrees([self._sign * self._score[column], self._sd[column]])
        return Extreme(float(value), float(sd), float(self._time[column]))


class MotionTally:
    """Takes consecutive parts of one motion; the latest notes (source, reasons, diagnostics) count."""

    def __init__(self) -> None:
        self.n_frames = 0
        self.start_s = float("nan")
        self.end_s = float("nan")
        self.latest: Motion | None = None
        self._counts = np.zeros((3, 0), np.int64)
        self._sd_counts = np.zeros((3, 0, 0), np.int64)
        self._minima: dict[Observability, _Extremes] = {}
        self._maxima: dict[Observability, _Extremes] = {}

    def add(self, motion: Motion) -> None:
        """Count some frames."""
        if self.latest is None:
            self._begin(motion)
        self.latest = motion.window(slice(0, 0))
        if len(motion.time_s) == 0:
            return
        self.n_frames += len(motion.time_s)
        self.end_s = float(motion.time_s[-1])
        if np.isnan(self.start_s):
            self.start_s = float(motion.time_s[0])
        level = np.where(np.isfinite(motion.value), motion.observability, Observability.NOT_OBSERVABLE)
        for word in Observability:
            self._counts[word] += (level == word).sum(axis=0)
            self._count_sd(motion, word, level == word)
        for least in self._minima:
            self._minima[least].add(motion, level >= least)
            self._maxima[least].add(motion, level >= least)

    def _begin(self, motion: Motion) -> None:
        n_coordinates = len(motion.coordinates)
        self._counts = np.zeros((3, n_coordinates), np.int64)
        self._sd_counts = np.zeros((3, n_coordinates, len(_SD_EDGES_DEG) + 1), np.int64)
        for least in (Observability.WEAK, Observability.OBSERVED):
            self._minima[least] = _Extremes(-1.0, n_coordinates)
            self._maxima[least] = _Extremes(1.0, n_coordinates)

    def _count_sd(self, motion: Motion, word: Observability, counted: NDArray[np.bool_]) -> None:
        _, column = np.nonzero(counted)
        bins = np.searchsorted(_SD_EDGES_DEG, np.degrees(motion.sd[counted]))
        n_bins = self._sd_counts.shape[2]
        flat = np.bincount(column * n_bins + bins, minlength=self._sd_counts[word].size)
        self._sd_counts[word] += flat.reshape(-1, n_bins)

    def summaries(self) -> tuple[CoordinateSummary, ...]:
        """One summary a coordinate, in the motion's order."""
        if self.latest is None:
            return ()
        latest = self.latest
        found = [self._summary(column, name, latest) for column, name in enumerate(latest.coordinates)]
        offered = offers(Source.of(latest), {one.coordinate: one.level for one in found})
        return tuple(_with_additions(one, named_for(one.coordinate, offered)) for one in found)

    def _summary(self, column: int, coordinate: str, latest: Motion) -> CoordinateSummary:
        share = self._counts[:, column] / max(self.n_frames, 1)
        level = next(
            (
                least
                for least in (Observability.OBSERVED, Observability.WEAK)
                if share[least:].sum() >= MIN_SHARE
            ),
            Observability.NOT_OBSERVABLE,
        )
        shown = level is not Observability.NOT_OBSERVABLE
        return CoordinateSummary(
            coordinate=coordinate,
            level=level,
            share=(float(share[0]), float(share[1]), float(share[2])),
            minimum=self._minima[level].get(column) if shown else None,
            maximum=self._maxima[level].get(column) if shown else None,
            median_sd_deg=self._median_sd(column, level) if shown else None,
            reason=str(latest.reasons.get(coordinate, "")),
            constant_sd_deg=float(np.degrees(latest.constant_sd(coordinate))),
        )

    def _median_sd(self, column: int, least: Observability) -> float:
        counts = self._sd_counts[least:, column].sum(axis=0).cumsum()
        middle = int(np.searchsorted(counts, 0.5 * counts[-1]))
        low = _SD_EDGES_DEG[max(middle - 1, 0)]
        high = _SD_EDGES_DEG[min(middle, len(_SD_EDGES_DEG) - 1)]
        return float(np.sqrt(low * high))


def _with_additions(summary: CoordinateSummary, additions: tuple[Addition, ...]) -> CoordinateSummary:
    """What would tell it is said once: by the additions, where there are any."""
    if not additions:
        return summary
    return replace(summary, reason=without_remedy(summary.reason), additions=additions)
