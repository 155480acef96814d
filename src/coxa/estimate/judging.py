"""Levels of observability, compiled: the same for one frame live and for a film at once.

The rules are those of ``observability.py``, which makes the tables ready.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

from coxa.model.motion import Observability

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: What sources are believed, (n_views, n_coordinates) each: the highest level and the method's own error
#: [rad] of each coordinate; then the same where it is not aided by another coordinate.
Bounds: TypeAlias = tuple[NDArray[np.uint8], Floats, NDArray[np.uint8], Floats]
#: (n_coordinates,) each: the prior's standard deviation [rad]; the coordinate that aids it; the knee that is
#: its lever; whether it takes an upright person. Then the coordinate that tells how far the person lies
#: on the side; limits [rad]: of standard deviations, weak and observed, of the lever, of lying; of ratios.
Rules: TypeAlias = tuple[Floats, Ints, Ints, NDArray[np.bool_], int, Floats, Floats]
#: No other coordinate.
NONE = -1
_NOT, _WEAK, _OBSERVED = (int(one) for one in Observability)


@njit(cache=True, nogil=True)
def judged(value, posterior_sd, view, bounds, rules):  # type: ignore[no-untyped-def]
    """Standard deviations with the method's own, and levels.

    Args:
        value: (n_frames, n_coordinates) rad.
        posterior_sd: likewise; NaN is not observable.
        view: (n_frames,) row of the bounds.
        bounds: :data:`Bounds`.
        rules: :data:`Rules`.
    """
    sd, level = np.empty(value.shape), np.zeros(value.shape, np.uint8)
    needed = rules[1]
    for t in range(len(value)):
        _alone(posterior_sd[t], bounds[0][view[t]], bounds[1][view[t]], rules, sd[t], level[t])
        for k in range(len(needed)):
            if needed[k] >= 0 and level[t, needed[k]] < _OBSERVED:
                at_best, own = bounds[2][view[t], k], bounds[3][view[t], k]
                sd[t, k], level[t, k] = _unaided(posterior_sd[t, k], level[t, k], at_best, own, rules[5])
        _posed(value[t], rules, level[t])
    return sd, level


@njit(cache=True, nogil=True)
def _alone(posterior_sd, at_best, own, rules, sd, level):  # type: ignore[no-untyped-def]
    """Each coordinate of a frame by itself."""
    prior_sd, limits, ratios = rules[0], rules[5], rules[6]
    for k in range(len(sd)):
        sd[k] = np.hypot(posterior_sd[k], own[k])
        ratio = posterior_sd[k] / prior_sd[k]
        found = _NOT
        if sd[k] <= limits[1] and ratio <= ratios[1]:
            found = _OBSERVED
        elif sd[k] <= limits[0] and ratio <= ratios[0]:
            found = _WEAK
        level[k] = min(found, at_best[k])


@njit(cache=True, nogil=True)
def _unaided(posterior_sd, level, at_best, own, limits):  # type: ignore[no-untyped-def]
    """What its sources do where the coordinate that would aid it is not observed."""
    sd = np.hypot(posterior_sd, own)
    within = min(level, at_best)
    if sd > limits[1]:
        within = min(within, _WEAK)
    if sd > limits[0]:
        within = _NOT
    return sd, within


@njit(cache=True, nogil=True)
def _posed(value, rules, level):  # type: ignore[no-untyped-def]
    """What takes a bent knee, or somebody who does not lie on the side."""
    lever, upright, obliquity, limits = rules[2], rules[3], rules[4], rules[5]
    lying = abs(value[obliquity]) > limits[3]
    for k in range(len(level)):
        straight = lever[k] >= 0 and not value[lever[k]] >= limits[2]
        if straight or (lying and upright[k]):
            level[k] = _NOT
