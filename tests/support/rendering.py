"""Rendered people for tests: their assets, or a skip that says why."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from coxa.adapters.rendering.assets import wheel
from coxa.adapters.rendering.film import Film
from coxa.adapters.rendering.scene import Board, flat_board
from coxa.adapters.vision.landmarks import NAMES, mask_in_picture
from coxa.adapters.vision.tracker import BlazePoseTracker
from coxa.app.ports import VideoFrame
from coxa.model.errors import AssetError

Floats = NDArray[np.float64]

MAJOR = ("hip", "knee", "ankle", "shoulder")


def assets_or_skip() -> None:
    """Fetch what bodies are made of; skip where it cannot be had."""
    try:
        wheel()
    except AssetError as error:
        pytest.skip(f"no rendered people here: {error.fault}")


def tag(number: int, cells: int = 8, px: int = 40) -> NDArray[np.uint8]:
    """An ArUco tag of 6 x 6 cells in a white border one cell wide, as a picture."""
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    picture = np.full((cells * px, cells * px), 255, np.uint8)
    picture[px:-px, px:-px] = cv2.aruco.generateImageMarker(dictionary, number, (cells - 2) * px)
    return picture


def sacral_tag(film: Film, size_m: float, number: int = 3) -> Board:
    """A flat tag of this size on the sacrum, 1 cm off the clothes, its border beyond the size."""
    place = film.on_skin("pelvis", np.array([0.0, 0.06, 0.0]), np.array([-1.0, 0.0, 0.0]), size_m / 2)
    axes = np.column_stack([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]])
    return flat_board("pelvis", place - [0.01, 0.0, 0.0], axes, size_m * 8 / 6, tag(number))


def seen_by_the_network(film: Film, size: str) -> dict[str, float]:
    """Share of frames found, median keypoint error [px], mask IoU, mean shank error in the picture [deg]."""
    tracker = BlazePoseTracker(size, n_threads=1, with_mask=True)
    look, joints = film.camera, film.joints_m()
    px = {name: look.project(place) for name, place in joints.items()}
    names = [f"{side}_{joint}" for joint in MAJOR for side in ("left", "right")]
    error, shank, overlap, found = [], [], [], 0
    n = 0
    for n, frame in enumerate(film.frames(), start=1):
        keypoints = tracker.track(VideoFrame(n - 1, frame.time_s, frame.rgb))
        if keypoints is None or tracker.last_pose is None or tracker.last_roi is None:
            continue
        found += 1
        at = {name: keypoints.position_px[NAMES.index(name)] for name in names}
        error.append([np.linalg.norm(at[name] - px[name][n - 1]) for name in names])
        shank.append(_shank_error(at, {name: place[n - 1] for name, place in px.items()}))
        mask = mask_in_picture(tracker.last_pose, tracker.last_roi, frame.rgb.shape[:2]) > 0.5
        true = frame.mask > 0.5
        overlap.append((mask & true).sum() / (mask | true).sum())
    return {
        "found": found / max(n, 1),
        "keypoints_px": float(np.median(error)) if error else float("nan"),
        "iou": float(np.mean(overlap)) if overlap else float("nan"),
        "shank_deg": float(np.mean(shank)) if shank else float("nan"),
    }


def _shank_error(seen: dict[str, Floats], true: dict[str, Floats]) -> float:
    angles = []
    for at in (seen, true):
        line = at["right_ankle"] - at["right_knee"]
        angles.append(np.arctan2(line[0], line[1]))
    return float(np.degrees(np.abs(np.angle(np.exp(1j * (angles[0] - angles[1]))))))
