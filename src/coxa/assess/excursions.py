"""Out and back: excursions of a signal, found without being told how many."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coxa.specs.assess import AssessRules

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Excursion:
    """Frames of one movement out and back.

    Attributes:
        rest: where the signal was lowest before.
        start: the last frame still at the start.
        peak: the furthest.
        end: the first frame back at the start (or where it turned again).
        cut: the recording begins or ends at the end range: there was one more, but it cannot be measured.
    """

    rest: int
    start: int
    peak: int
    end: int
    cut: bool = False


def turning_points(signal: Floats, least: float) -> list[int]:
    """Frames where a signal turns by at least ``least``, valleys and peaks in turn, beginning with a valley.

    Args:
        signal: (n,), NaN where unknown: such frames are passed over.
        least: how far it must come back to have turned.
    """
    known = np.flatnonzero(np.isfinite(signal))
    points: list[int] = []
    if not len(known):
        return points
    rising = True  # looking for the valley that a rise begins with
    low = high = int(known[0])
    for frame in known:
        if signal[frame] < signal[low]:
            low = int(frame)
        if signal[frame] > signal[high]:
            high = int(frame)
        if rising and signal[frame] - signal[low] >= least:
            points.append(low)
            high, rising = int(frame), False
        elif not rising and signal[high] - signal[frame] >= least:
            points.append(high)
            low, rising = int(frame), True
    points.append(low if rising else high)
    return points


def excursions(signal: Floats, least: float, rules: AssessRules, unsure: float = 0.0) -> list[Excursion]:
    """All movements out and back, in order.

    A first pass finds every turn of ``least``; how far this person usually goes then says what a turn is, so
    that a wobble at the end range of a wide movement is not taken for a repetition; nor is what drowns in the
    source's error, as long as it is less than half of what is usual.

    Args:
        signal: (n,) rad, growing outwards; NaN where unknown.
        least: smaller movements do not count, rad.
        rules: habits of the engine.
        unsure: changes of less cannot be told from the source's error, rad.
    """
    heights = [signal[peak] - max(signal[a], signal[b]) for a, peak, b in _triples(signal, least)]
    if not heights:
        return []
    usual = float(np.percentile(heights, rules.usual_percentile))
    turn = max(least, rules.turn_share * usual, min(unsure, 0.5 * usual))
    points = turning_points(signal, turn)
    whole = [_bounded(signal, a, peak, b, rules) for a, peak, b in _of(points)]
    return [
        *_cut_at_start(signal, points, rules.cut_share * usual),
        *whole,
        *_cut_at_end(signal, points, rules.cut_share * usual),
    ]


def _triples(signal: Floats, least: float) -> Iterator[tuple[int, int, int]]:
    """Valley, peak, valley of every movement out and back."""
    return _of(turning_points(signal, least))


def _of(points: list[int]) -> Iterator[tuple[int, int, int]]:
    for k in range(0, len(points) - 2, 2):
        yield points[k], points[k + 1], points[k + 2]


def _cut_at_start(signal: Floats, points: list[int], height: float) -> list[Excursion]:
    """The movement that was under way when the recording began."""
    before = signal[: points[0] + 1]
    peak = int(np.nanargmax(before))
    if before[peak] - signal[points[0]] < height:
        return []
    return [Excursion(peak, peak, peak, points[0], cut=True)]


def _cut_at_end(signal: Floats, points: list[int], height: float) -> list[Excursion]:
    """The movement that was under way when the recording ended."""
    if len(points) % 2 or signal[points[-1]] - signal[points[-2]] < height:
        return []
    return [Excursion(points[-2], points[-1], points[-1], points[-1], cut=True)]


def _bounded(signal: Floats, before: int, peak: int, after: int, rules: AssessRules) -> Excursion:
    """Cut off the rests at both ends."""
    start = _rest_until(signal, np.arange(before, peak + 1), rules)
    end = _rest_until(signal, np.arange(after, peak - 1, -1), rules)
    return Excursion(before, start, peak, end)


def _rest_until(signal: Floats, frames: NDArray[np.int64], rules: AssessRules) -> int:
    """The last of these frames, from a valley to a peak, that is still at rest.

    That is where it last was near the valley. But the lowest frame of a long rest is a chance of noise: where
    the foot of the rise so found is far too long for its flank, it is rest, and the foot is as long as the
    flank lets expect.
    """
    valley, peak = signal[frames[0]], signal[frames[-1]]
    known = np.isfinite(signal[frames])

    def last_below(share: float) -> int:
        with np.errstate(invalid="ignore"):
            at_rest = np.flatnonzero(known & (signal[frames] <= valley + share * (peak - valley)))
        return int(at_rest[-1]) if len(at_rest) else 0

    rest, foot, flank = (last_below(share) for share in (rules.rest_share, rules.foot_share, 0.5))
    if foot - rest > rules.longest_foot * (flank - foot):
        rest = foot - (flank - foot) // 2
    return int(frames[max(rest, 0)])
