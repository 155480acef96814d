"""The curve of the back: smoothed without being dragged, its tangents, and what is no back."""

from __future__ import annotations

import numpy as np
import pytest

from coxa.kinematics.outline import Line, lost, near_segment, oddness, smooth_curve, tangents

ALONG = np.linspace(-0.2, 1.0, 61)
STATIONS = np.array([0.2, 0.7])


def curved(slope_low: float, slope_high: float) -> np.ndarray:
    """A parabola whose slope goes evenly from the first station's to the second's."""
    rate = (slope_high - slope_low) / (STATIONS[1] - STATIONS[0])
    return 0.2 + slope_low * (ALONG - STATIONS[0]) + 0.5 * rate * (ALONG - STATIONS[0]) ** 2


def smoothed(distance: np.ndarray, weight: np.ndarray | None = None):
    curve = smooth_curve(ALONG, distance, np.ones(61) if weight is None else weight, 30.0, 0.015)
    assert curve is not None
    return curve


def test_tangents_of_a_parabola_are_exact() -> None:
    angle, _ = tangents(smoothed(curved(0.3, -0.2)), STATIONS)
    np.testing.assert_allclose(angle, np.arctan([0.3, -0.2]), atol=1e-6)


def test_points_far_off_do_not_drag_the_curve() -> None:
    distance = curved(0.3, -0.2)
    distance[26:29] += 0.08  # a fold, a finger
    angle, _ = tangents(smoothed(distance), STATIONS)
    np.testing.assert_allclose(angle, np.arctan([0.3, -0.2]), atol=np.radians(1.0))


def test_noise_gives_the_stated_spread() -> None:
    rng = np.random.default_rng(3)
    seen = [tangents(smoothed(curved(0.3, -0.2) + rng.normal(0, 0.002, 61)), STATIONS)[0] for _ in range(200)]
    _, covariance = tangents(smoothed(curved(0.3, -0.2)), STATIONS)
    stated = 0.002 * np.sqrt(np.diag(covariance))
    assert np.all(np.std(seen, axis=0) < 1.1 * stated)
    assert np.all(np.std(seen, axis=0) > 0.4 * stated)


def test_what_is_hidden_is_less_sure_and_is_said_to_be_lost() -> None:
    weight = np.where(np.abs(ALONG - 0.2) < 0.12, 0.0, 1.0)
    whole, hidden = smoothed(curved(0.3, -0.2)), smoothed(curved(0.3, -0.2), weight)
    doubt = [tangents(one, STATIONS)[1][0, 0] for one in (whole, hidden)]
    assert doubt[1] > 2 * doubt[0]
    weights = np.array([1.0, -1.0])
    assert lost(whole, STATIONS, weights, 0.06) == pytest.approx(0.0, abs=1e-6)
    assert lost(hidden, STATIONS, weights, 0.06) == pytest.approx(0.5, abs=1e-6)


def test_too_few_points_make_no_curve() -> None:
    distance = np.full(61, np.nan)
    distance[10:13] = 0.2
    assert smooth_curve(ALONG, distance, np.ones(61), 30.0, 0.015) is None


def test_oddness_is_what_the_shapes_leave() -> None:
    shapes = np.array([[1.0, 0.0, 0.0, 0.0]])
    usual = np.array([1.0, 2.0, 3.0, 4.0])
    assert oddness(usual + 5.0 * shapes[0], usual, shapes) == pytest.approx(0.0)
    assert oddness(usual + np.array([5.0, 0, 2.0, 0]), usual, shapes) == pytest.approx(1.0)


def test_the_back_is_away_from_where_the_person_looks() -> None:
    hips, shoulders = np.array([100.0, 200.0]), np.array([100.0, 100.0])
    for look in (np.array([5.0, 0.0]), np.array([-5.0, 0.0])):
        line = Line.between(hips, shoulders, look)
        assert line is not None
        assert line.dorsal @ look < 0
        behind = line.places((hips + 50 * line.dorsal + 25 * line.up)[None])
        np.testing.assert_allclose(behind, [[0.25, 0.5]])
    assert Line.between(hips, hips, np.array([1.0, 0.0])) is None


def test_near_a_segment_counts_its_ends_round() -> None:
    points = np.array([[0.5, 0.09], [0.5, 0.11], [1.05, 0.0], [1.2, 0.0]])
    near = near_segment(points, np.zeros(2), np.array([1.0, 0.0]), 0.1)
    assert near.tolist() == [True, False, True, False]
