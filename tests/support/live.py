"""Landmarks as a browser sends them: of a simulated body, or of a recording."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from coxa.app.live import landmark_names
from coxa.model.channels import ImagePoints
from coxa.model.recording import Recording
from coxa.web.live.frames import Landmarks, encode


def points_of(image: ImagePoints) -> NDArray[np.float32]:
    """(n_frames, 33, 4) x_px, y_px, depth_m, visibility; what the recording lacks is not visible."""
    points = np.zeros((len(image.position_px), len(landmark_names()), 4), np.float32)
    points[..., :3] = np.nan
    for column, name in enumerate(image.names):
        if name in landmark_names():
            at = landmark_names().index(name)
            points[:, at, :2] = image.position_px[:, column]
            points[:, at, 2] = image.depth_m[:, column]
            points[:, at, 3] = image.visibility[:, column]
    return points


def frames_of(recording: Recording) -> list[bytes]:
    """Messages of all frames; nobody where no point is known."""
    (image,) = recording.image_points
    frames = []
    for seq, (time_s, points) in enumerate(zip(recording.time_s, points_of(image), strict=True), start=1):
        seen = None if np.isnan(points[:, :2]).all() else points
        frames.append(encode(Landmarks(seq, float(time_s), float("nan"), seen)))
    return frames


def hello_of(recording: Recording, detector: str = "blazepose_lite", **more: Any) -> dict[str, Any]:
    """The first message for the pictures of a recording."""
    camera = recording.image_points[0].camera
    return {
        "type": "hello",
        "width_px": camera.width_px,
        "height_px": camera.height_px,
        "detector": detector,
        **more,
    }
