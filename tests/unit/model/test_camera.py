"""How a camera stands, and what not knowing it costs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coxa.model.camera import Camera
from coxa.model.coordinates import ALL
from tests.support.simulated import film, motion_of, performance

LOWERED, ASKEW = np.radians(20.0), np.radians(10.0)


def test_a_camera_that_looks_down_sees_things_higher_up() -> None:
    level = Camera.level(1920, 1080, 1.1)
    down = Camera.level(1920, 1080, 1.1, pitch_down_rad=LOWERED)
    ahead = np.array([-3.0, 0.0, 0.0])
    assert np.allclose(level.project(ahead), level.centre_px)
    assert down.project(ahead)[1] < level.project(ahead)[1] - 100
    assert down.pitch_down_rad == pytest.approx(LOWERED)


def test_a_camera_turned_clockwise_sees_the_upright_lean_to_the_left() -> None:
    turned = Camera.level(1920, 1080, 1.1, roll_clockwise_rad=ASKEW)
    foot, head = turned.project(np.array([[-3.0, -0.8, 0.0], [-3.0, 0.8, 0.0]]))
    assert np.arctan2(*(head - foot) * [1, -1]) == pytest.approx(-ASKEW)
    both = Camera.level(1920, 1080, 1.1, pitch_down_rad=LOWERED, roll_clockwise_rad=ASKEW)
    assert both.pitch_down_rad == pytest.approx(LOWERED)
    assert both.roll_clockwise_rad == pytest.approx(ASKEW)
    rotation = both.rotation_room_to_camera
    assert np.allclose(rotation @ rotation.T, np.eye(3))


def test_not_knowing_how_the_camera_stands_widens_what_is_read_against_the_vertical_only() -> None:
    seen = film(performance("squat", duration_s=0.3), azimuth_deg=0.0, noise=1.0)
    sure = motion_of(seen)
    image = seen.image_points[0]
    camera = replace(image.camera, pitch_sd_rad=np.radians(8.0))
    unsure = motion_of(replace(seen, image_points=(replace(image, camera=camera),)))
    assert np.allclose(sure.value, unsure.value)
    variance = np.degrees(np.sqrt(unsure.sd**2 - sure.sd**2)).mean(axis=0)
    # From in front, looking up or down is leaning forward or back.
    assert variance[ALL.index("trunk_forward_lean")] == pytest.approx(8.0, rel=0.1)
    assert variance[ALL.index("pelvis_right_up_obliquity")] < 2.0
    for name in ("knee_flexion_left", "hip_adduction_right", "thigh_trunk_angle_left"):
        assert variance[ALL.index(name)] < 1e-3
