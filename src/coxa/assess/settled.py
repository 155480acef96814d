"""Where a repetition sets out and how far it goes, not by the extremes of its noise.

The lowest and the highest frame of a noisy signal lie beyond what was done, the further the longer it rests
there. So the level of the rest before the start, and that of the end range, are estimated from all the frames
that cannot be told from them.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from coxa.assess.excursions import Excursion
from coxa.assess.reading import Reading
from coxa.specs.assess import AssessRules

Floats = NDArray[np.float64]

_LEAST_FRAMES = 5  # fewer do not bear a parabola


def settled(primary: Reading, found: Excursion, time_s: Floats, rules: AssessRules) -> Excursion:
    """The same repetition, its start and peak read off frames that stand for where it was.

    Args:
        primary: the quantity, growing outwards.
        found: by its extremes.
        time_s: (n_frames,).
        rules: habits of the engine.
    """
    value = primary.value
    change = primary.change(found.start, found.peak)
    if found.cut or not change.known or change.value <= 0:
        return found
    band = min(rules.settled_sds * change.sd, 0.5 * change.value)
    start = _start(value, found, time_s, band, change.value, rules)
    return replace(found, start=start, peak=_peak(value, found, start, band))


def _start(
    value: Floats, found: Excursion, time_s: Floats, band: float, size: float, rules: AssessRules
) -> int:
    """The last frame that is at the level of the rest before."""
    earliest = int(np.searchsorted(time_s, time_s[found.start] - rules.still_s))
    first, stop = _stretch(value <= value[found.start] + band, found.start, earliest, found.peak)
    level = float(np.median(value[first : found.start + 1]))
    there = np.flatnonzero(value[found.start : stop] <= level + rules.rest_share * size)
    return found.start + (int(there[-1]) if len(there) else 0)


def _peak(value: Floats, found: Excursion, start: int, band: float) -> int:
    """A frame of the end range that is as far out as a parabola through that range goes."""
    first, stop = _stretch(value >= value[found.peak] - band, found.peak, start + 1, found.end + 1)
    if stop - first < _LEAST_FRAMES:
        return found.peak
    when = np.linspace(-1.0, 1.0, stop - first)
    fitted = np.polynomial.Polynomial.fit(when, value[first:stop], 2)(when)
    furthest = float(np.max(fitted))
    return first + int(np.argmin(np.abs(value[first:stop] - furthest)))


def _stretch(wanted: NDArray[np.bool_], frame: int, earliest: int, latest: int) -> tuple[int, int]:
    """First and past-the-last frame around a frame, without a gap, within bounds."""
    first = stop = frame
    while first > earliest and wanted[first - 1]:
        first -= 1
    while stop < latest and wanted[stop]:
        stop += 1
    return first, max(stop, frame + 1)
