"""How two angles move together: vector coding and continuous relative phase, with circular statistics."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.signal import hilbert

Floats = NDArray[np.float64]

#: Upper edges of Chang's bins, rad, and which of the four each belongs to (Chang 2008, J Biomech 41:3101).
_CHANG_EDGES = np.radians([22.5, 67.5, 112.5, 157.5, 202.5, 247.5, 292.5, 337.5, 360.0])
_CHANG_OF = np.array([2, 0, 3, 1, 2, 0, 3, 1, 2])
CHANG = ("in_phase", "anti_phase", "proximal", "distal")


class Coupling(NamedTuple):
    """Coupling angles between successive samples.

    Attributes:
        angle: (n - 1,) rad in 0..2 pi, 0 = only the proximal angle grows, pi/2 = only the distal; NaN where
            both stand nearly still: there the angle is noise.
        weight: (n - 1,) how far the pair moved in the step, rad.
    """

    angle: Floats
    weight: Floats


def coupling(proximal: Floats, distal: Floats, time_s: Floats, still_rad_s: float) -> Coupling:
    """Coupling angles of two angles over time (Chang 2008; Needham 2014), 0 to 2 pi.

    Args:
        proximal: (n,) rad.
        distal: (n,) rad.
        time_s: (n,).
        still_rad_s: slower than this together, the pair counts as still.
    """
    step = np.diff(np.stack([proximal, distal]), axis=1)
    length = np.hypot(*step)
    angle = np.mod(np.arctan2(step[1], step[0]), 2.0 * np.pi)
    still = ~(length > still_rad_s * np.diff(time_s))
    return Coupling(np.where(still, np.nan, angle), length)


def chang_shares(angle: Floats) -> dict[str, float]:
    """Share of the moving samples in each of Chang's four bins, adding up to 1; NaN if none moved."""
    moving = angle[np.isfinite(angle)]
    bins = _CHANG_OF[np.searchsorted(_CHANG_EDGES, moving, side="right").clip(max=len(_CHANG_OF) - 1)]
    return _shares(bins, CHANG)


def _shares(bins: NDArray[np.int64], names: tuple[str, ...]) -> dict[str, float]:
    if not len(bins):
        return dict.fromkeys(names, float("nan"))
    count = np.bincount(bins, minlength=len(names)) / len(bins)
    return {name: float(share) for name, share in zip(names, count, strict=True)}


def phase(angle: Floats) -> Floats:
    """Phase angle (n,) rad, unwrapped, by the Hilbert transform (Lamb & Stöckl 2014, Clin Biomech 29:484).

    The amplitude is centred about nought first. The signal is played there and back, since the transform
    takes it for periodic: a single repetition is not.

    Args:
        angle: (n,) rad, without gaps; meaningful where there is about one frequency.
    """
    low, high = np.min(angle), np.max(angle)
    centred = angle - low - 0.5 * (high - low)
    there_and_back = np.concatenate([centred, centred[-2:0:-1]])
    return np.asarray(np.unwrap(np.angle(hilbert(there_and_back)[: len(centred)])))


def relative_phase(proximal: Floats, distal: Floats) -> Floats:
    """Continuous relative phase (n,), proximal minus distal, rad in -pi..pi."""
    difference = phase(proximal) - phase(distal)
    return np.asarray(np.angle(np.exp(1j * difference)))
