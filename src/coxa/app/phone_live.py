"""A phone that streams how it lies: the angle since a tap, with its error; and all of it gathered."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coxa.model.assessment import Estimate
from coxa.model.errors import SourceError
from coxa.specs.taps import TapRules

Floats = NDArray[np.float64]

#: The gathered readings of a test; at 60 a second, ten minutes.
MOST_READINGS = 36_000
_RATE_OVER_S = 2.0


class Reading(NamedTuple):
    """One of the phone's own: its clock, and the turn from its axes to a level world's (Z up), unit."""

    time_s: float
    w: float
    x: float
    y: float
    z: float


@dataclass(frozen=True, slots=True)
class Shown:
    """How the phone lies now.

    Attributes:
        angle: change of inclination since the first tap; None: nothing was tapped yet.
        still: quiet enough for a tap.
        rate_hz: how often it tells.
    """

    angle: Estimate | None
    still: bool
    rate_hz: float


def up_in_phone(reading: Reading) -> Floats:
    """(3,) the direction away from gravity in the phone's axes: third row of its rotation matrix."""
    w, x, y, z = reading[1:]
    return np.array([2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)])


def between(one: Floats, other: Floats) -> float:
    """Angle between two directions (3,), 0..pi; exact for small ones, too (Kahan's half-tangent)."""
    a, b = one / np.linalg.norm(one), other / np.linalg.norm(other)
    return float(2.0 * np.arctan2(np.linalg.norm(a - b), np.linalg.norm(a + b)))


class Inclinometer:
    """Place, tap, move, tap.

    Args:
        rules: how still, for how long.
        noise_rad: of the phone's own idea of gravity (1 sd).
    """

    def __init__(self, rules: TapRules, noise_rad: float) -> None:
        self._rules = rules
        self._noise = noise_rad
        self._window: deque[tuple[float, Floats]] = deque()
        self._times: deque[float] = deque()
        self._zero: tuple[Floats, float] | None = None

    def push(self, reading: Reading) -> None:
        """Take the next reading; one that is not later than the last is left out."""
        if self._times and reading.time_s <= self._times[-1]:
            return
        self._times.append(reading.time_s)
        while self._times[-1] - self._times[0] > _RATE_OVER_S:
            self._times.popleft()
        self._window.append((reading.time_s, up_in_phone(reading)))
        while self._window[-1][0] - self._window[0][0] > self._rules.window_s:
            self._window.popleft()

    def shown(self) -> Shown:
        """As of the last reading."""
        span = self._times[-1] - self._times[0] if len(self._times) > 1 else 0.0
        rate_hz = (len(self._times) - 1) / span if span > 0 else 0.0
        still = self._held()
        if self._zero is None or not self._window:
            return Shown(None, still is not None, rate_hz)
        now = still or (self._window[-1][1], self._noise)
        return Shown(self._since(self._zero, now), still is not None, rate_hz)

    def tap(self) -> Estimate | None:
        """The first is the zero (None); the next is a reading, and the zero for what follows is kept.

        Raises:
            SourceError: the phone was not held still.
        """
        held = self._held()
        if held is None:
            raise SourceError("the phone moved", f"hold it still for {self._rules.window_s:g} s, then tap")
        if self._zero is None:
            self._zero = held
            return None
        return self._since(self._zero, held)

    def again(self) -> None:
        """Forget the zero."""
        self._zero = None

    def _held(self) -> tuple[Floats, float] | None:
        """Mean direction over the window and its jitter [rad]; None: too short, broken, or not still."""
        if len(self._window) < 3:
            return None
        times = [time_s for time_s, _ in self._window]
        whole = times[-1] - times[0] >= self._rules.window_s - self._rules.max_gap_s
        if not whole or max(b - a for a, b in pairwise(times)) > self._rules.max_gap_s:
            return None
        ups = np.array([up for _, up in self._window])
        mean = ups.mean(axis=0)
        jitter = float(np.sqrt(np.mean([between(up, mean) ** 2 for up in ups])))
        return (mean, jitter) if jitter <= np.radians(self._rules.still_deg) else None

    def _since(self, zero: tuple[Floats, float], now: tuple[Floats, float]) -> Estimate:
        """Both directions err alike and apart; laying the phone on counts once."""
        jitter = zero[1] ** 2 + now[1] ** 2
        placing = np.radians(self._rules.placing_deg)
        sd = np.sqrt(2.0 * self._noise**2 + jitter + placing**2)
        return Estimate(between(zero[0], now[0]), float(sd))


class Gathered:
    """Readings of a phone that is worn, in order; what is too many is left out and said."""

    def __init__(self) -> None:
        self.readings: list[Reading] = []

    def add(self, reading: Reading) -> None:
        """Take one; one that is not later than the last is left out."""
        later = not self.readings or reading.time_s > self.readings[-1].time_s
        if later and len(self.readings) < MOST_READINGS:
            self.readings.append(reading)

    def rows(self) -> list[dict[str, object]]:
        """As sensors of the web write themselves: ``timestamp`` in ms, ``quaternion`` x, y, z, w."""
        return [
            {"timestamp": 1000.0 * one.time_s, "quaternion": [one.x, one.y, one.z, one.w]}
            for one in self.readings
        ]
