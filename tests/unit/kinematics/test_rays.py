"""Where rays of several cameras meet, and whether they can."""

from __future__ import annotations

import numpy as np
import pytest

from coxa.kinematics.epipolar import off_epipolar
from coxa.kinematics.rotations import rotation_about, unit
from coxa.kinematics.triangulation import off_px, rays, triangulated
from coxa.model.camera import Camera

PLACES = ((0.0, 1.2, 3.0), (2.5, 1.0, 2.0), (-3.0, 1.5, 1.0))
CAMERAS = [Camera.looking_at(np.array(at), np.array([0.0, 1.0, 0.0]), 640, 480, 600.0) for at in PLACES]
POINTS = np.array([[[0.1, 1.2, -0.2], [0.0, 0.6, 0.3]], [[-0.2, 1.5, 0.1], [0.3, 0.9, 0.0]]])
SEEN = np.stack([camera.project(POINTS) for camera in CAMERAS])
EVEN = np.ones(SEEN.shape[:-1])


def test_rays_point_from_the_eye_to_what_is_seen() -> None:
    for camera, seen in zip(CAMERAS, SEEN, strict=True):
        np.testing.assert_allclose(rays(camera, seen), unit(POINTS - camera.position_m), atol=1e-12)


@pytest.mark.parametrize("n", [2, 3])
def test_points_come_out_where_they_are(n: int) -> None:
    np.testing.assert_allclose(triangulated(CAMERAS[:n], SEEN[:n], EVEN[:n]), POINTS, atol=1e-9)


def test_two_cameras_are_needed_for_each_point() -> None:
    seen, weight = SEEN.copy(), EVEN.copy()
    seen[0, 0, 0] = np.nan  # two are left
    seen[:2, 0, 1] = np.nan  # one is left
    weight[1, 1, 0] = weight[2, 1, 0] = 0.0
    found = triangulated(CAMERAS, seen, weight)
    np.testing.assert_allclose(found[0, 0], POINTS[0, 0], atol=1e-9)
    np.testing.assert_allclose(found[1, 1], POINTS[1, 1], atol=1e-9)
    assert np.isnan(found[0, 1]).all()
    assert np.isnan(found[1, 0]).all()


def test_a_sight_without_weight_pulls_at_nothing_and_a_little_weight_pulls_a_little() -> None:
    wrong = SEEN.copy()
    wrong[2] += 40.0
    apart = [
        np.linalg.norm(triangulated(CAMERAS, wrong, EVEN * np.reshape([1.0, 1.0, w], (3, 1, 1))) - POINTS)
        for w in (0.0, 0.01, 1.0)
    ]
    assert apart[0] < 1e-9
    assert apart[0] < apart[1] < 0.1 * apart[2]


def test_angles_count_and_not_metres() -> None:
    """Three rays that do not meet: the least squares of angles, found here by searching."""
    wrong = SEEN[:, 0, 0] + np.array([[6.0, 0.0], [0.0, -5.0], [0.0, 4.0]])
    cameras = [CAMERAS[0], Camera.looking_at(np.array([8.0, 1.0, 6.0]), np.zeros(3), 640, 480, 600.0)]
    cameras.append(CAMERAS[2])
    wrong[1] = cameras[1].project(POINTS[0, 0]) + np.array([0.0, -5.0])
    directions = np.stack([rays(c, p) for c, p in zip(cameras, wrong, strict=True)])
    eyes = np.stack([camera.position_m for camera in cameras])

    def misfit(point: np.ndarray) -> float:
        sines = np.linalg.norm(np.cross(unit(point - eyes), directions), axis=-1)
        return float(np.sum(sines**2))

    found = triangulated(cameras, wrong, np.ones(3), iterations=20)
    around = found + 2e-3 * np.concatenate([np.eye(3), -np.eye(3)])
    assert min(misfit(one) for one in around) > misfit(found)
    once = triangulated(cameras, wrong, np.ones(3), iterations=1)
    assert misfit(once) > misfit(triangulated(cameras, wrong, np.ones(3))) >= misfit(found) - 1e-12


def test_how_far_off_a_point_is_seen_is_told_in_pixels_of_each_camera() -> None:
    off = np.zeros_like(SEEN)
    off[1, ..., 0], off[2] = 5.0, [3.0, -4.0]
    apart = off_px(CAMERAS, SEEN + off, POINTS)
    np.testing.assert_allclose(
        apart, np.broadcast_to(np.reshape([0.0, 5.0, 5.0], (3, 1, 1)), (3, 2, 2)), atol=1e-9
    )


EYES = np.zeros(3), np.array([2.0, 0.0, 0.0])
AHEAD = np.array([0.0, 0.0, 1.0])


@pytest.mark.parametrize("tip_deg", [0.0, 3.0, -8.0, 40.0])
def test_a_ray_tipped_out_of_the_plane_is_off_by_the_tip(tip_deg: float) -> None:
    tipped = rotation_about(0, np.radians(tip_deg)) @ AHEAD  # about the line between the eyes
    assert np.degrees(off_epipolar(EYES[0], AHEAD, EYES[1], tipped)) == pytest.approx(abs(tip_deg))
    assert np.degrees(off_epipolar(EYES[1], tipped, EYES[0], AHEAD)) == pytest.approx(abs(tip_deg))


def test_the_smaller_way_of_the_two_is_told() -> None:
    # A ray near the line between the eyes is off by little, though its plane is off by 30 deg.
    near = unit(np.array([-2.0, 0.5, 0.5 * np.sqrt(3.0)]))
    found = off_epipolar(EYES[0], AHEAD, EYES[1], near)
    assert found == pytest.approx(np.arcsin(np.linalg.norm(np.cross(near, [1, 0, 0])) * np.sin(np.pi / 6)))
    assert off_epipolar(EYES[1], near, EYES[0], AHEAD) == pytest.approx(found)


def test_no_plane_no_angle() -> None:
    at_the_other = np.array([1.0, 0.03, 0.0])
    assert np.isnan(off_epipolar(EYES[0], unit(at_the_other), EYES[1], AHEAD))
    assert np.isnan(off_epipolar(EYES[0], AHEAD, EYES[1], unit(-at_the_other)))
    assert np.isfinite(off_epipolar(EYES[0], AHEAD, EYES[1], unit(np.array([-1.0, 0.06, 0.0]))))
    missing = off_epipolar(EYES[0], np.stack([AHEAD, np.full(3, np.nan)]), EYES[1], np.stack([AHEAD] * 2))
    np.testing.assert_array_equal(np.isnan(missing), [False, True])


def test_points_that_are_seen_are_in_the_plane_however_far_apart_the_eyes() -> None:
    sides = [(camera.position_m, rays(camera, seen)) for camera, seen in zip(CAMERAS, SEEN, strict=True)]
    np.testing.assert_allclose(off_epipolar(*sides[0], *sides[1]), 0.0, atol=1e-9)
    np.testing.assert_allclose(off_epipolar(*sides[0], *sides[2]), 0.0, atol=1e-9)
