"""Orientations from gyroscopes, accelerometers and magnetometers, by VQF.

Laidig & Seel 2023, Inf Fusion 91:187, in its offline form: it looks ahead as well as back, estimates the
gyroscope's bias at rest and in motion, and leaves out disturbed magnetic fields.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import vqf
from numpy.typing import NDArray

from coxa.catalog.loader import inertial_rules
from coxa.kinematics.inertial import gyroscope_gain
from coxa.kinematics.rotations import rotation_from_quaternion
from coxa.model.errors import SourceError

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Signals:
    """What one sensor measured, regularly: (n_frames, 3) each, SI; the magnetometer in any unit or None."""

    name: str
    rate_rad_s: Floats
    acceleration_m_s2: Floats
    magnetic: Floats | None


@dataclass(frozen=True, slots=True)
class Fused:
    """Sensor to a world with Z up, (n_frames, 3, 3); NaN where a gap was too long.

    Attributes:
        rotation: as said.
        bias_rad_s: largest bias of the gyroscope found.
        bias_sd_rad_s: how well it is known, typically: what the heading drifts by without a magnetometer.
        rest_share: of the frames, in which the sensor was at rest.
        disturbed_share: of the frames, in which the magnetic field was not the earth's.
    """

    rotation: Floats
    bias_rad_s: float
    bias_sd_rad_s: float
    rest_share: float
    disturbed_share: float


def fuse(signals: Signals, rate_hz: float) -> Fused:
    """The orientation of one sensor that measured something."""
    rules = inertial_rules()
    longest = max(1, int(rules.max_gap_s * rate_hz))
    parts = [signals.rate_rad_s, signals.acceleration_m_s2]
    gone = np.zeros(len(parts[0]), bool)
    filled = []
    for part in parts:
        gone |= _long_gaps(np.asarray(~np.isfinite(part).all(axis=1)), longest)
        filled.append(bridged(part))
    rate, acceleration = filled
    magnetic = None if signals.magnetic is None else bridged(signals.magnetic)
    if magnetic is not None and (not np.isfinite(magnetic).all() or not np.any(magnetic)):
        magnetic = None
    told = vqf.offlineVQF(rate, acceleration, magnetic, 1.0 / rate_hz)
    rotation = rotation_from_quaternion(told["quat6D" if magnetic is None else "quat9D"])
    rotation[gone] = np.nan
    return Fused(
        rotation=rotation,
        bias_rad_s=float(np.linalg.norm(told["bias"], axis=1).max()),
        bias_sd_rad_s=float(np.median(told["biasSigma"])),
        rest_share=float(np.mean(told["restDetected"])),
        disturbed_share=0.0 if magnetic is None else float(np.mean(told["magDistDetected"])),
    )


def bridged(values: Floats) -> Floats:
    """(n, 3) with its gaps bridged by straight lines, contiguous; all NaN where nothing is known."""
    out = np.array(values, order="C")
    known = np.isfinite(values).all(axis=1)
    if known.all() or not known.any():
        return out
    at = np.arange(len(values))
    for k in range(values.shape[1]):
        out[:, k] = np.interp(at, at[known], values[known, k])
    return out


def _long_gaps(missing: NDArray[np.bool_], longest: int) -> NDArray[np.bool_]:
    """Frames within gaps longer than this."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], missing, [False]]).astype(int)))
    gone = np.zeros(len(missing), bool)
    for first, last in edges.reshape(-1, 2):
        gone[first:last] = last - first > longest
    return gone


def check_units(path: Path, sensors: Sequence[Signals], rate_hz: float) -> None:
    """Refuse units that gravity and plain sense contradict.

    Raises:
        SourceError: naming the sensor and the quantity.
    """
    rules = inertial_rules()
    remedy = "say the units in the columns' names, as [deg/s], [rad/s], [g] or [m/s2], or in a mapping file"
    gains = []
    for one in sensors:
        rate, acceleration = bridged(one.rate_rad_s), bridged(one.acceleration_m_s2)
        gravity = float(np.nanmedian(np.linalg.norm(acceleration, axis=1)))
        if abs(gravity / rules.gravity_m_s2 - 1.0) > rules.gravity_tolerance:
            raise SourceError(
                f"{path}: the accelerometer of {one.name!r} mostly shows {gravity:.3g} m/s2, gravity is 9.81",
                remedy,
            )
        fastest = float(np.nanpercentile(np.linalg.norm(rate, axis=1), 99))
        if fastest > rules.gyroscope_max_rad_s:
            raise SourceError(
                f"{path}: the gyroscope of {one.name!r} shows {fastest:.3g} rad/s, which nobody turns by",
                remedy,
            )
        gains.append(gyroscope_gain(rate, acceleration, rate_hz))
    known = np.abs([gain for gain in gains if np.isfinite(gain)])
    low, high = rules.gyroscope_gain
    if len(known) and not low < float(np.median(known)) < high:
        raise SourceError(
            f"{path}: gravity turns {np.median(known):.2g} times as fast in the sensors as they say",
            remedy,
        )
