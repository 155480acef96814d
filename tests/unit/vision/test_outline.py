"""The outline of the back from a mask: between pixels, the right side, and what spoils it is said."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from coxa.adapters.vision.landmarks import NAMES, SIDE_PX, Pose
from coxa.adapters.vision.mask import outline_of
from coxa.adapters.vision.outline import NOT_A_BACK, BackReader
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
