"""The outline of the back from a mask: between pixels, the right side, and what spoils it is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest

from coxa.adapters.sources.calibration import CalibratedCamera
from coxa.adapters.vision.landmarks import NAMES, SIDE_PX, Pose
from coxa.adapters.vision.mask import outline_of
from coxa.adapters.vision.outline import NOT_A_BACK, BackReader, Stance
from coxa.adapters.vision.roi import Roi
from coxa.catalog.loader import outline_rules
from coxa.kinematics.outline import Line

ROI = Roi(200.0, 150.0, 512.0, 0.0)
SCALE = ROI.size_px / SIDE_PX
HIPS, SHOULDERS = np.array([128.0, 150.0]), np.array([128.0, 70.0])
TRUNK = 80.0


def points(facing: float = 1.0) -> np.ndarray:
    """Somebody standing, seen from the side, in pixels of the square; ``facing`` 1: to the right."""
    at = {
        "nose": (128 + 14 * facing, 45),
        "ear": (128, 44),
        "eye": (128 + 12 * facing, 42),
        "eye_inner": (128 + 12 * facing, 42),
        "eye_outer": (128 + 11 * facing, 42),
        "mouth": (128 + 12 * facing, 50),
        "shoulder": tuple(SHOULDERS),
        "elbow": (128 + 30 * facing, 100),
        "wrist": (128 + 60 * facing, 95),
        "hip": tuple(HIPS),
        "knee": (128, 195),
        "ankle": (128, 238),
        "heel": (128 - 6 * facing, 243),
        "foot_index": (128 + 16 * facing, 244),
    }
    rows = []
    for name in NAMES:
        part = name.removeprefix("left_").removeprefix("right_").removeprefix("mouth_")
        rows.append(at.get("mouth" if name.startswith("mouth") else part, (128 + 62 * facing, 96)))
    return np.array(rows, float)


def profile(along: np.ndarray) -> np.ndarray:
    """Of the usual back, in trunk lengths: its tangents are the catalogue's."""
    reading = outline_rules().reading
    slope = np.tan(np.radians(np.interp(along, reading.stations, reading.usual_deg)))
    step = along[1] - along[0]
    return 0.22 + np.cumsum(slope) * step


def mask(facing: float = 1.0, offset: float = 0.0, back=profile) -> np.ndarray:
    """A soft mask whose dorsal edge is the given profile."""
    fine = 4
    side = SIDE_PX * fine
    y = (np.arange(side) + 0.5) / fine
    along = (HIPS[1] - y) / TRUNK
    order = np.argsort(along)
    dorsal = np.empty(side)
    dorsal[order] = back(along[order])
    x = (np.arange(side) + 0.5) / fine
    edge = HIPS[0] - facing * TRUNK * (dorsal + offset)
    front = HIPS[0] + facing * 0.25 * TRUNK
    low, high = np.minimum(edge, front), np.maximum(edge, front)
    inside = (x >= low[:, None]) & (x <= high[:, None]) & (y[:, None] > 30) & (y[:, None] < 245)
    small = cv2.resize(inside.astype(float), (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
    return cv2.GaussianBlur(small, (0, 0), 0.7)  # as soft as the network's


def pose(seen: np.ndarray, where: np.ndarray) -> Pose:
    """In the picture: the square is shifted and twice as large."""
    matrix = ROI.crop_to_image(SIDE_PX)
    in_picture = where @ matrix[:, :2].T + matrix[:, 2]
    return Pose(in_picture, np.ones(33), np.zeros((33, 3)), 1.0, ROI, seen)


def reader() -> BackReader:
    return BackReader(outline_rules())


@pytest.mark.parametrize("facing", [1.0, -1.0])
@pytest.mark.parametrize("offset_px", [0.0, 0.25, 0.75])
def test_the_edge_is_found_between_pixels(facing: float, offset_px: float) -> None:
    flat = mask(facing, offset_px / TRUNK, lambda along: np.full(len(along), 0.2))
    line = Line.between(HIPS, SHOULDERS, np.array([facing, 0.0]))
    assert line is not None
    seen = outline_of(flat, line, np.linspace(0.0, 1.0, 11), 0.6)
    np.testing.assert_allclose(TRUNK * seen.distance, 0.2 * TRUNK + offset_px, atol=0.1)
    assert np.all(seen.softness < 0.045)


@pytest.mark.parametrize("facing", [1.0, -1.0])
def test_the_usual_back_reads_the_same_whichever_way_it_faces(facing: float) -> None:
    read = reader().read(pose(mask(facing), points(facing)), ROI, 0.0)
    spec = outline_rules().reading
    expected = np.dot(spec.lumbar.weights, spec.usual_deg) - spec.lumbar.mean_deg
    assert not read.fault
    assert np.degrees(read.lumbar_flexion_rad) == pytest.approx(expected, abs=3.0)
    assert np.degrees(read.sd_rad) < 5.0


def test_somebody_still_and_upright_stands() -> None:
    back = reader()
    first, second = (back.read(pose(mask(), points()), ROI, t) for t in (0.0, 0.1))
    assert (first.standing, second.standing) == (False, True)
    moved = points() + np.array([12.0, 0.0])
    assert not back.read(pose(np.roll(mask(), 12, axis=1), moved), ROI, 0.2).standing


def test_a_front_view_is_not_read() -> None:
    where = points()
    for part, half in (("shoulder", 16.0), ("hip", 11.0)):
        for side, sign in (("left", 1), ("right", -1)):
            where[NAMES.index(f"{side}_{part}"), 0] += sign * half
    back = reader()
    seen = pose(mask(), where)
    assert back.read(seen, ROI, 0.0).fault == "not seen from the side"
    assert not back.wants_mask(seen)


@pytest.mark.parametrize("facing", [1.0, -1.0])
def test_the_back_is_not_read_of_somebody_who_lies_on_it(facing: float) -> None:
    dx, dy = (points(facing) - HIPS).T
    lying = HIPS + facing * np.column_stack([dy, -dx])
    bowing = HIPS - facing * np.column_stack([dy, -dx])
    back = reader()
    assert "lies on it" in back.read(pose(mask(), lying), ROI, 0.0).fault
    assert back.fault_of_view(Stance.of(bowing)) == ""


def test_an_arm_on_the_back_is_said() -> None:
    where = points()
    for side in ("left", "right"):
        where[NAMES.index(f"{side}_elbow")] = [128 - 0.3 * TRUNK, 105]
        where[NAMES.index(f"{side}_wrist")] = [128 - 0.22 * TRUNK, 140]
    assert "arm" in reader().read(pose(mask(), where), ROI, 0.0).fault


def test_hanging_cloth_is_no_back() -> None:
    def cloth(along: np.ndarray) -> np.ndarray:
        return profile(along) + 0.035 * np.sin(along * 18)

    assert reader().read(pose(mask(back=cloth), points()), ROI, 0.0).fault == NOT_A_BACK


def test_a_mask_that_fades_is_not_believed() -> None:
    faded = cv2.GaussianBlur(mask(), (0, 0), 6.0)
    assert "not clear" in reader().read(pose(faded, points()), ROI, 0.0).fault


def test_somebody_small_is_not_read() -> None:
    small = Roi(200.0, 150.0, 100.0, 0.0)
    matrix = small.crop_to_image(SIDE_PX)
    where = points() @ matrix[:, :2].T + matrix[:, 2]
    seen = Pose(where, np.ones(33), np.zeros((33, 3)), 1.0, small, mask())
    assert "too small" in reader().read(seen, small, 0.0).fault


def test_a_lens_that_bends_the_picture_does_not_bend_the_back() -> None:
    matrix = np.array([[700.0, 0.0, 640.0], [0.0, 700.0, 200.0], [0.0, 0.0, 1.0]])
    barrel = np.array([-0.25, 0.06, 0.0, 0.0])
    lens = CalibratedCamera("wide", (1280, 720), matrix, barrel, False, np.eye(3), np.zeros(3))
    to_picture = ROI.crop_to_image(SIDE_PX)

    def in_picture(square: np.ndarray) -> np.ndarray:
        return square @ to_picture[:, :2].T + to_picture[:, 2]

    grid = np.stack(np.meshgrid(*[np.arange(SIDE_PX) + 0.5] * 2), axis=-1)
    came_from = lens.ideal(in_picture(grid), 1280, 720) - to_picture[:, 2]
    came_from = (came_from @ np.linalg.inv(to_picture[:, :2]).T - 0.5).astype(np.float32)
    straight = mask()
    bent = cv2.remap(straight.astype(np.float32), came_from[..., 0], came_from[..., 1], cv2.INTER_LINEAR)
    true = pose(straight, points())
    seen = replace(true, position_px=lens.seen(true.position_px, 1280, 720), mask=bent)

    def lumbar(told: Callable[[np.ndarray], np.ndarray] | None, body: Pose) -> float:
        read = BackReader(outline_rules(), told).read(body, ROI, 0.0)
        assert not read.fault
        return float(np.degrees(read.lumbar_flexion_rad))

    expected = lumbar(None, true)
    assert abs(lumbar(None, seen) - expected) > 3.0
    assert lumbar(lambda at: lens.ideal(at, 1280, 720), seen) == pytest.approx(expected, abs=1.0)
