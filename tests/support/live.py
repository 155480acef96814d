"""Landmarks as a browser sends them: of a simulated body, or of a recording."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from coxa.app.live import landmark_names
from coxa.catalog import loader
from coxa.model.channels import ImagePoints
from coxa.model.recording import Recording
from coxa.simulate.demonstrate import Pace, Pushed, demonstration, faulty
from coxa.simulate.observe import CameraView, camera_around, middle_of, observe
from coxa.simulate.perform import perform, times
from coxa.simulate.person import Person
from coxa.simulate.script import Script
from coxa.web.live.frames import Landmarks, encode
from tests.support.coached import SPECS


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


#: From where a camera looks, deg around the person (`simulate/observe.py`).
_AZIMUTH = {"front": 0.0, "oblique": 45.0, "side": 90.0, "rear": 180.0, "overhead": 0.0, "any": 0.0}


def demonstrated(
    exercise: str,
    *,
    side: str = "right",
    repetitions: int = 3,
    rate_hz: float = 15.0,
    seed: int = 0,
    noise: float = 1.0,
    base: Script | Pushed | None = None,
) -> Recording:
    """An exercise's own demonstration by somebody of middle size, as a browser's network might see it.

    ``base``: another script to be filmed as that exercise is.
    """
    spec = SPECS[exercise]
    script = base or demonstration(spec, side, Pace(repetitions=repetitions))
    person = Person.of(loader.body_model(), loader.body_priors(), 1.7)
    done = perform(script, person, times(script.duration_s, rate_hz))
    camera = camera_around(middle_of(done), _AZIMUTH[spec.camera.view], distance_m=3.0)
    detector = loader.detectors()["blazepose_lite"]
    view = CameraView(camera, detector, noise=noise, visibility=0.95)
    return observe(done, [view], np.random.default_rng(seed), told_height_m=1.7)


def fov_of(recording: Recording) -> float:
    """Field of view of its camera along the longer side, deg."""
    camera = recording.image_points[0].camera
    return float(np.degrees(2 * np.arctan(0.5 * camera.width_px / camera.focal_px)))


def with_fault(exercise: str, rule: str, side: str, rate_hz: float = 15.0) -> Recording:
    """The demonstration with a fault, far beyond its limit, in every repetition."""
    spec = SPECS[exercise]
    person = Person.of(loader.body_model(), loader.body_priors(), 1.7)
    fault = next(one for one in spec.form if one.id == rule)
    script = faulty(spec, fault, person, side, beyond_deg=15.0)
    return demonstrated(exercise, side=side, rate_hz=rate_hz, base=script)
