"""The outline of the back as a curve: smoothed, its tangents, and what they tell of the lumbar spine.

The curve is the distance of the back from the line between hips and shoulders, as a function of the place
along that line; both in trunk lengths, so that neither the person's size nor their distance matters.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_ORDER = 3  # what is not penalised is a parabola
_LEAST_INFORMATION = 1e-9


@dataclass(frozen=True, slots=True)
class Curve:
    """A smoothed outline.

    Attributes:
        along: (n,) evenly spaced places along the line.
        distance: (n,) dorsally of the line.
        covariance: (n, n) of the distances, for points known to a standard deviation of one.
        roughness: root mean square of what the curve leaves unexplained, of the points believed.
        belief: (n,) how far each point was believed, 0 to 1.
    """

    along: Floats
    distance: Floats
    covariance: Floats
    roughness: float
    belief: Floats


def smooth_curve(
    along: Floats, distance: Floats, weight: Floats, stiffness: float, outlier: float, rounds: int = 4
) -> Curve | None:
    """A penalised curve through points some of which are wrong (Whittaker; Tukey's biweight).

    Args:
        along: (n,) evenly spaced.
        distance: (n,) NaN where there is none.
        weight: (n,) 0 to 1, how far each point is to be believed.
        stiffness: weight of the squared third differences.
        outlier: a point this far from the curve is not believed at all.
        rounds: of reweighting.

    Returns:
        None where fewer points are left than a parabola needs.
    """
    known = np.isfinite(distance) & (weight > 0)
    told = np.where(known, weight, 0.0)
    y = np.where(known, distance, 0.0)
    if np.count_nonzero(known) <= _ORDER + 1:
        return None
    penalty = stiffness * _penalty(len(along))
    kept, fitted = told, y
    for k in range(rounds):
        fitted = np.linalg.solve(np.diag(kept + _LEAST_INFORMATION) + penalty, kept * y)
        if k + 1 < rounds:
            kept = told * np.clip(1.0 - ((y - fitted) / _widened(outlier, k)) ** 2, 0.0, 1.0) ** 2
            if np.count_nonzero(kept) <= _ORDER + 1:
                return None
    covariance = np.asarray(np.linalg.inv(np.diag(kept + _LEAST_INFORMATION) + penalty), np.float64)
    rms = float(np.sqrt(np.sum(kept * (y - fitted) ** 2) / kept.sum()))
    return Curve(along, fitted, covariance, rms, kept)


def _widened(outlier: float, k: int) -> float:
    """The first look is wide, since the first curve is drawn through the outliers too."""
    return outlier * (3.0 if k == 0 else 1.0)


@lru_cache(maxsize=4)
def _penalty(n: int) -> Floats:
    differences = np.diff(np.eye(n), _ORDER, axis=0)
    return np.asarray(differences.T @ differences)


def tangent_operator(along: Floats, stations: Floats) -> Floats:
    """(n_stations, n): from distances to slopes at some places, by central differences."""
    step = along[1] - along[0]
    nearest = np.clip(np.round((stations - along[0]) / step).astype(int), 1, len(along) - 2)
    rows = np.zeros((len(stations), len(along)))
    at = np.arange(len(stations))
    rows[at, nearest + 1], rows[at, nearest - 1] = 0.5 / step, -0.5 / step
    return rows


def tangents(curve: Curve, stations: Floats) -> tuple[Floats, Floats]:
    """Angles (n_stations,) [rad] of the outline's tangents to the line, and their covariance.

    Positive: the back gets further from the line towards the shoulders. The covariance is for points known
    to a standard deviation of one.
    """
    operator = tangent_operator(curve.along, stations)
    slope = operator @ curve.distance
    flatter = 1.0 / (1.0 + slope**2)
    operator = operator * flatter[:, None]
    return np.arctan(slope), operator @ curve.covariance @ operator.T


def oddness(angles: Floats, usual: Floats, shapes: Floats) -> float:
    """How far tangents are from every shape a back has: root mean square of what is left, their unit.

    Args:
        angles: (n_stations,) of the tangents.
        usual: (n_stations,) of the average back.
        shapes: (n_shapes, n_stations) orthonormal, what backs differ and move by.
    """
    rest = angles - usual
    rest = rest - (rest @ shapes.T) @ shapes
    return float(np.sqrt(np.mean(rest**2)))


def lost(curve: Curve, stations: Floats, weights: Floats, reach: float) -> float:
    """How much of a weighted reading of tangents rests on no believed point, 0 to 1.

    Args:
        curve: the outline.
        stations: (n_stations,) where tangents are read.
        weights: (n_stations,) of each.
        reach: points this near a station bear it.
    """
    near = np.abs(curve.along - stations[:, None]) <= reach
    believed = (near * curve.belief).sum(axis=1) / near.sum(axis=1)
    share = np.abs(weights) / np.abs(weights).sum()
    return float(share @ (1.0 - believed))


@dataclass(frozen=True, slots=True)
class Line:
    """The line from the middle of the hips to that of the shoulders, in a picture.

    Attributes:
        start_px: (2,) at the hips.
        up: (2,) unit vector towards the shoulders.
        dorsal: (2,) unit vector towards the back.
        length_px: of the trunk.
    """

    start_px: Floats
    up: Floats
    dorsal: Floats
    length_px: float

    @classmethod
    def between(cls, hips_px: Floats, shoulders_px: Floats, ventral_px: Floats) -> Line | None:
        """The line, its back away from ``ventral_px`` (2,), a direction; None where it has no length."""
        way = shoulders_px - hips_px
        length = float(np.linalg.norm(way))
        if not length > 0:
            return None
        up = way / length
        dorsal = np.array([up[1], -up[0]])
        if dorsal @ ventral_px > 0:
            dorsal = -dorsal
        return cls(hips_px, up, dorsal, length)

    def places(self, points_px: Floats) -> Floats:
        """(n, 2) along and dorsally of the line, trunk lengths, of points (n, 2)."""
        axes = np.stack([self.up, self.dorsal], axis=1) / self.length_px
        return np.asarray((points_px - self.start_px) @ axes)


def near_segment(points: Floats, start: Floats, end: Floats, radius: float) -> NDArray[np.bool_]:
    """(n,) whether points (n, 2) lie within ``radius`` of the straight line from ``start`` to ``end``."""
    way = end - start
    share = np.clip((points - start) @ way / max(float(way @ way), 1e-12), 0.0, 1.0)
    return np.asarray(np.linalg.norm(points - start - share[:, None] * way, axis=1) < radius)
