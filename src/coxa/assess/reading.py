"""Figures read from a motion with what is known of their errors."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from coxa.model.assessment import UNKNOWN, Estimate
from coxa.model.motion import Motion, Observability

Floats = NDArray[np.float64]

#: Key of a motion's diagnostics: coordinate -> how far its errors at two moments go together, 0..1.
ERROR_CORRELATION = "error_correlation"

_OTHER = {"left": "right", "right": "left"}


def resolved(coordinate: str, side: str) -> str:
    """A coordinate of a protocol for one side: ``SIDE`` and ``OTHER`` filled in."""
    return coordinate.replace("SIDE", side).replace("OTHER", _OTHER.get(side, side))


def sign_of(sign: int, mirrored: bool, side: str) -> int:
    """The sign of a coordinate for one side."""
    return -sign if mirrored and side == "left" else sign


@dataclass(frozen=True, slots=True)
class Reading:
    """One coordinate over time, in the direction that is asked for.

    Attributes:
        coordinate: its name.
        value: (n_frames,) rad.
        sd: (n_frames,) rad.
        constant_sd: the part of it that stays the same over the recording, rad: it drops out of changes.
        correlation: of the rest of the error between two moments of a repetition, 0..1.
        level: (n_frames,) of :class:`Observability`.
        reason: why it is not observed throughout.
    """

    coordinate: str
    value: Floats
    sd: Floats
    constant_sd: float
    level: NDArray[np.uint8]
    reason: str = ""
    correlation: float = 0.0

    @classmethod
    def of(cls, motion: Motion, coordinate: str, sign: float = 1.0) -> Reading:
        """Read from a motion; a coordinate it does not have is not observable in all frames.

        Where it is not observable there is no value: what stands there may be anything (the rotation that a
        straight knee tells), and would pass for movement.
        """
        n = len(motion.time_s)
        if coordinate not in motion.coordinates:
            nothing = np.full(n, np.nan)
            reason = "this source does not give it"
            return cls(coordinate, nothing, nothing, 0.0, np.zeros(n, np.uint8), reason)
        column = motion.index(coordinate)
        level = motion.observability[:, column]
        seen = np.where(level == Observability.NOT_OBSERVABLE, np.nan, motion.value[:, column])
        return cls(
            coordinate=coordinate,
            value=sign * _unwrapped(seen),
            sd=motion.sd[:, column],
            constant_sd=motion.constant_sd(coordinate),
            level=level,
            reason=motion.reasons.get(coordinate, ""),
            correlation=motion.diagnostics.get(ERROR_CORRELATION, {}).get(coordinate, 0.0),
        )

    @property
    def lasting_sd(self) -> float:
        """The part of the error that repetitions of one recording share, rad: no mean of them lessens it."""
        known = self.sd[np.isfinite(self.value)]
        if not len(known):
            return self.constant_sd
        rest = max(float(np.median(known)) ** 2 - self.constant_sd**2, 0.0)
        return float(np.sqrt(self.constant_sd**2 + self.correlation * rest))

    @property
    def change_sd(self) -> float:
        """Standard deviation of a change, as it usually is, rad; 0 where nothing is known."""
        known = self.sd[np.isfinite(self.value)]
        if not len(known):
            return 0.0
        rest = max(float(np.median(known)) ** 2 - self.constant_sd**2, 0.0)
        return float(np.sqrt(2.0 * (1.0 - self.correlation) * rest))

    def turned(self) -> Reading:
        """The other direction positive."""
        return replace(self, value=-self.value)

    def at(self, frame: int) -> Estimate:
        """The figure of one frame."""
        return Estimate(float(self.value[frame]), float(self.sd[frame]))

    def change(self, start: int, end: int) -> Estimate:
        """From one frame to another. What stays the same between them is in neither's way.

        The rest of their errors goes together as far as people whose truth is known have shown
        (``correlation``); where nobody has, it is taken as independent.
        """
        if not np.isfinite(self.value[[start, end]]).all():
            return UNKNOWN
        first, last = np.sqrt(np.maximum(self.sd[[start, end]] ** 2 - self.constant_sd**2, 0.0))
        variance = first**2 + last**2 - 2.0 * self.correlation * first * last
        return Estimate(float(self.value[end] - self.value[start]), float(np.sqrt(variance)))

    def worst_level(self, frames: slice) -> Observability:
        """The least that holds on these frames, a gap counting as not observable."""
        level = np.where(np.isfinite(self.value[frames]), self.level[frames], Observability.NOT_OBSERVABLE)
        return Observability(int(level.min())) if len(level) else Observability.NOT_OBSERVABLE


def _unwrapped(value: Floats) -> Floats:
    """Without jumps of a full turn, gaps left as they are."""
    known = np.isfinite(value)
    smooth = value.copy()
    smooth[known] = np.unwrap(value[known])
    return smooth
