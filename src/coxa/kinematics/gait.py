"""Foot strikes and foot offs from the angles of the leg alone.

The foot's path fore and aft of the hip follows from the angles of thigh, shank and foot in the sagittal
plane and the proportions of a leg, so the same code serves markers, inertial sensors and video. A foot is put
down when, having come forward, it begins to move back with the ground; it is lifted when its toe is furthest
behind. (After Zeni 2008, Gait Posture 27:710, who takes the furthest points of heel and toe: heels are
furthest ahead a little before they are planted.)
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks

Floats = NDArray[np.float64]


class Leg(NamedTuple):
    """Lengths as shares of stature, heel and toe either side of the ankle; only their ratios matter."""

    thigh: float
    shank: float
    heel: float
    toe: float


class FootPath(NamedTuple):
    """Fore-and-aft place of heel and toe relative to the hip, (n,) each, in statures; forward is positive."""

    heel: Floats
    toe: Floats


class Steps(NamedTuple):
    """Frames at which a foot was put down and lifted."""

    strikes: NDArray[np.int64]
    offs: NDArray[np.int64]


def foot_path(
    anterior_tilt: Floats, hip_flexion: Floats, knee_flexion: Floats, dorsiflexion: Floats, leg: Leg
) -> FootPath:
    """From angles (n,) rad; the ankle's is optional: NaN throughout counts as none."""
    thigh = hip_flexion - anterior_tilt
    shank = thigh - knee_flexion
    foot = shank + (np.zeros_like(dorsiflexion) if np.isnan(dorsiflexion).all() else dorsiflexion)
    ankle = leg.thigh * np.sin(thigh) + leg.shank * np.sin(shank)
    return FootPath(ankle - leg.heel * np.cos(foot), ankle + leg.toe * np.cos(foot))


def steps(path: FootPath, time_s: Floats, least: float, planted_share: float) -> Steps:
    """Every strike and every off, in order; gaps hold none.

    Args:
        path: of one foot.
        time_s: (n,).
        least: statures; a foot that comes back by less has made no step.
        planted_share: of the usual backward speed; faster than this, the foot moves with the ground.
    """
    heel, toe = np.nan_to_num(path.heel), np.nan_to_num(path.toe)
    if len(time_s) < 3:
        return Steps(np.array([], np.int64), np.array([], np.int64))
    speed = np.gradient(heel, time_s)
    back = speed[speed < 0]
    planted = -planted_share * float(np.median(-back)) if len(back) else -np.inf
    furthest = find_peaks(heel, prominence=least)[0]
    strikes = [_first(speed <= planted, int(frame)) for frame in furthest]
    offs = find_peaks(-toe, prominence=least)[0]
    return Steps(np.array([frame for frame in strikes if frame is not None], np.int64), offs)


def _first(holds: NDArray[np.bool_], start: int) -> int | None:
    later = np.flatnonzero(holds[start:])
    return start + int(later[0]) if len(later) else None


def cycles(strikes_s: Floats, longest_s: float) -> list[tuple[float, float]]:
    """Spans from each strike to the next of the same foot, those too long for a stride left out."""
    return [(float(a), float(b)) for a, b in pairwise(strikes_s) if 0 < b - a <= longest_s]


def normalised(value: Floats, time_s: Floats, spans: list[tuple[float, float]], n: int = 101) -> Floats:
    """A signal over each span at ``n`` even instants, (n_spans, n); spans not wholly seen are NaN."""
    rows = []
    step_s = float(np.median(np.diff(time_s))) if len(time_s) > 1 else 0.0
    for start, end in spans:
        within = (time_s >= start) & (time_s <= end)
        covered = start >= time_s[0] - step_s and end <= time_s[-1] + step_s
        whole = covered and within.any() and np.isfinite(value[within]).all()
        rows.append(np.interp(np.linspace(start, end, n), time_s, value) if whole else np.full(n, np.nan))
    return np.array(rows).reshape(len(spans), n)
