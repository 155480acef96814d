"""Curves for drawing, in bounded memory: buckets of frames that merge as the recording grows."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from coxa.model.motion import Motion, Observability
from coxa.model.normal import Z95

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Trace:
    """What is drawn of a motion; one row a bucket of consecutive frames.

    Attributes:
        time_s: (n,) start of the bucket.
        low_deg, high_deg: (n, n_coordinates) extremes of the value; NaN where not observable.
        band_low_deg, band_high_deg: (n, n_coordinates) extremes of the 95 % interval.
        level: (n, n_coordinates) the least observability of the frames that count.
    """

    time_s: Floats
    low_deg: Floats
    high_deg: Floats
    band_low_deg: Floats
    band_high_deg: Floats
    level: NDArray[np.uint8]

    @classmethod
    def of(cls, motion: Motion) -> Self:
        """One bucket a frame."""
        seen = (motion.observability != Observability.NOT_OBSERVABLE) & np.isfinite(motion.value)
        value = np.where(seen, np.degrees(motion.value), np.nan)
        half_width = Z95 * np.degrees(motion.sd)
        level = np.where(seen, motion.observability, np.uint8(Observability.NOT_OBSERVABLE))
        return cls(motion.time_s, value, value, value - half_width, value + half_width, level)

    def merged(self, factor: int) -> Self:
        """Every ``factor`` rows made one; what is left over at the end is a smaller bucket."""
        starts = np.arange(0, len(self.time_s), factor)
        level = np.where(np.isnan(self.low_deg), np.uint8(255), self.level)
        level = np.minimum.reduceat(level, starts)
        return type(self)(
            time_s=self.time_s[starts],
            low_deg=np.fmin.reduceat(self.low_deg, starts),
            high_deg=np.fmax.reduceat(self.high_deg, starts),
            band_low_deg=np.fmin.reduceat(self.band_low_deg, starts),
            band_high_deg=np.fmax.reduceat(self.band_high_deg, starts),
            level=np.where(level == 255, np.uint8(Observability.NOT_OBSERVABLE), level),
        )

    def then(self, later: Self) -> Self:
        """This one and a later one in a row."""
        joined = {
            f.name: np.concatenate([getattr(self, f.name), getattr(later, f.name)]) for f in fields(self)
        }
        return type(self)(**joined)

    def rows(self, which: slice) -> Self:
        """Some of the buckets."""
        return type(self)(**{f.name: getattr(self, f.name)[which] for f in fields(self)})


class TraceBuilder:
    """Gathers a motion of any length into at most ``2 * n_buckets`` buckets.

    Args:
        n_buckets: as many as a picture can show.
    """

    def __init__(self, n_buckets: int = 500) -> None:
        self._n_buckets = n_buckets
        self._stride = 1
        self._buckets: Trace | None = None
        self._pending: Trace | None = None

    @property
    def frames_per_bucket(self) -> int:
        """1 as long as every frame is drawn."""
        return self._stride

    def add(self, motion: Motion) -> None:
        """Append some frames."""
        frames = Trace.of(motion)
        if self._pending is not None:
            frames = self._pending.then(frames)
        n_full = len(frames.time_s) // self._stride * self._stride
        self._pending = frames.rows(slice(n_full, None))
        if n_full == 0:
            return
        new = frames.rows(slice(0, n_full)).merged(self._stride)
        self._buckets = new if self._buckets is None else self._buckets.then(new)
        while len(self._buckets.time_s) >= 2 * self._n_buckets:
            self._buckets = _halved(self._buckets)
            self._stride *= 2

    def build(self) -> Trace | None:
        """All buckets so far; None before the first frame."""
        if self._pending is None or len(self._pending.time_s) == 0:
            return self._buckets
        rest = self._pending.merged(self._stride)
        return rest if self._buckets is None else self._buckets.then(rest)


def _halved(buckets: Trace) -> Trace:
    """Neighbours paired; an odd one at the end stays as it is."""
    n_even = len(buckets.time_s) // 2 * 2
    paired = buckets.rows(slice(0, n_even)).merged(2)
    return paired.then(buckets.rows(slice(n_even, None)))
