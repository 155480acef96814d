"""Squares, anchors, heatmaps: the arithmetic round the networks."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coxa.adapters.vision.detector import anchor_centres, weighted_suppression
from coxa.adapters.vision.landmarks import HEATMAP_SIDE, N_ALL, SIDE_PX, refine, turn
from coxa.adapters.vision.roi import TRAINED_SCALE, Roi, overlap

angles = st.floats(-math.pi, math.pi)
places = st.floats(-500, 2000)
sizes = st.floats(10, 2000)


@given(places, places, sizes, angles)
def test_the_middle_and_the_corners_of_a_crop_lie_where_the_square_lies(
    x: float, y: float, size: float, angle: float
) -> None:
    roi = Roi(x, y, size, angle)
    to_image = roi.crop_to_image(SIDE_PX)
    corners = np.array([[0, 0], [SIDE_PX, 0], [SIDE_PX, SIDE_PX], [0, SIDE_PX]], float)
    shown = corners @ to_image[:, :2].T + to_image[:, 2]
    assert shown.mean(axis=0) == pytest.approx((x, y), abs=1e-6)
    assert np.linalg.norm(np.diff(shown, axis=0), axis=1) == pytest.approx(size)


@given(places, places, st.floats(1, 500), angles)
def test_the_square_of_a_person_has_the_head_up(x: float, y: float, radius: float, angle: float) -> None:
    centre = np.array([x, y])
    roi = Roi.from_alignment(centre, centre + radius * np.array([math.sin(angle), -math.cos(angle)]))
    assert roi.size_px == pytest.approx(2 * TRAINED_SCALE * radius)
    up_in_crop = roi.rotation @ np.array([0.0, -1.0])
    assert up_in_crop == pytest.approx([math.sin(angle), -math.cos(angle)], abs=1e-6)


def test_a_crop_shows_the_picture_upright() -> None:
    picture = np.zeros((200, 200, 3), np.uint8)
    picture[90:110, 150:170] = 255  # to the right of the middle
    lying = Roi(100, 100, 200, math.pi / 2)  # head to the right
    rows, columns = np.nonzero(lying.crop(picture, 200)[..., 0])
    assert rows.mean() == pytest.approx(40, abs=1) and columns.mean() == pytest.approx(100, abs=1)


@given(angles)
def test_turning_world_landmarks_keeps_lengths_and_depth(angle: float) -> None:
    world = np.random.default_rng(0).normal(size=(33, 3))
    turned = turn(world, Roi(0, 0, 1, angle))
    assert np.linalg.norm(turned, axis=1) == pytest.approx(np.linalg.norm(world, axis=1))
    assert np.array_equal(turned[:, 2], world[:, 2])


def test_refinement_moves_a_point_to_the_centre_of_its_heat() -> None:
    heat = np.full((HEATMAP_SIDE, HEATMAP_SIDE, N_ALL), -20, np.float32)
    heat[30:33, 40:43, 0] = 5  # around row 31, column 41
    points = np.full((N_ALL, 2), 160.0)
    points[0] = (4 * 42, 4 * 30)
    points[1] = (-50, 400)  # out of the crop: stays
    refined = refine(points, heat)
    assert refined[0] == pytest.approx((4 * 41, 4 * 31), abs=1e-3)
    assert np.array_equal(refined[1:], points[1:])


def test_refinement_at_the_border_sees_each_cell_once() -> None:
    heat = np.full((HEATMAP_SIDE, HEATMAP_SIDE, N_ALL), -20, np.float32)
    heat[0:3, 0:3, 0] = 5
    points = np.zeros((N_ALL, 2))
    assert refine(points, heat)[0] == pytest.approx((4, 4), abs=1e-3)


def test_anchors_fill_the_networks_outputs() -> None:
    anchors = anchor_centres()
    assert anchors.shape == (2254, 2)
    assert anchors.min() > 0 and anchors.max() < 1


def test_boxes_of_one_person_are_joined_and_others_kept() -> None:
    boxes = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [50, 0, 60, 10]], float)
    people = weighted_suppression(boxes, np.array([0.6, 0.9, 0.7]), 0.3)
    assert [best for best, _, _ in people] == [1, 2]
    assert sorted(people[0][1]) == [0, 1]
    assert people[0][2].sum() == pytest.approx(1)


def test_overlap_of_boxes() -> None:
    box = np.array([0.0, 0, 10, 10])
    assert overlap(box, box) == 1
    assert overlap(box, box + 20) == 0
    assert overlap(box, box + np.array([5, 0, 5, 0])) == pytest.approx(1 / 3)
