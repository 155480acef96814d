"""What a gyroscope and an accelerometer on one body must agree on. Arrays in, arrays out; SI."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt

from coxa.kinematics.rotations import cross, dot, unit

Floats = NDArray[np.float64]

_SLOW_HZ = 2.0  # below it an accelerometer mostly shows gravity
_TURNING_RAD_S = 0.1  # less than this tells nothing


def gyroscope_gain(rate_rad_s: Floats, acceleration_m_s2: Floats, rate_hz: float) -> float:
    """How much faster gravity turns in the sensor than its gyroscope says: 1 where units and axes are right.

    Gravity's direction d seen from a sensor that turns by w changes by -w x d. NaN where nothing turns.

    Args:
        rate_rad_s: (n, 3).
        acceleration_m_s2: (n, 3).
        rate_hz: samples per second.
    """
    if len(rate_rad_s) < 4 * rate_hz / _SLOW_HZ or rate_hz <= 2.5 * _SLOW_HZ:
        return float("nan")
    low = butter(2, _SLOW_HZ, fs=rate_hz, output="sos")
    slow_rate = sosfiltfilt(low, rate_rad_s, axis=0)
    down = unit(sosfiltfilt(low, acceleration_m_s2, axis=0))
    seen = np.gradient(down, 1.0 / rate_hz, axis=0)
    told = -cross(slow_rate, down)
    if not np.isfinite(seen).all() or np.sqrt(np.mean(dot(seen, seen))) < _TURNING_RAD_S:
        return float("nan")
    return float(np.sum(seen * told) / max(float(np.sum(told * told)), 1e-12))
