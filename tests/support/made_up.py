"""Made-up recordings and motions: sines with errors and changing observability."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coxa.app.ports import VideoFrame, VideoInfo
from coxa.model.camera import Camera
from coxa.model.channels import ImagePoints
from coxa.model.coordinates import ALL
from coxa.model.motion import Motion
from coxa.model.recording import Recording

_SIDED = (
    "eye_inner", "eye", "eye_outer", "ear", "mouth", "shoulder", "elbow", "wrist", "pinky", "index", "thumb",
    "hip", "knee", "ankle", "heel", "foot_index",
)  # fmt: skip
LANDMARKS = ("nose", *(f"{side}_{name}" for name in _SIDED for side in ("left", "right")))

NOT_OBSERVABLE = {
    "hip_flexion_left": "The pelvis is seen as two points: its tilt cannot be told from a bend of the back.",
    "lumbar_flexion": "No point of the lower back is seen.",
    "trunk_flexion": "No point of the pelvis but the hips is seen.",
    "pelvis_anterior_tilt": "The pelvis is seen as two points only.",
}
NOT_OBSERVABLE["hip_flexion_right"] = NOT_OBSERVABLE["hip_flexion_left"]
_WEAK = {"trunk_left_rotation", "pelvis_left_rotation", "thorax_left_rotation"}


def a_motion(n_frames: int = 300, rate_hz: float = 30.0, start_s: float = 0.0, n_before: int = 0) -> Motion:
    """A hinge-like movement; ``n_before`` frames have gone by (for parts of one motion)."""
    time_s = start_s + (n_before + np.arange(n_frames)) / rate_hz
    value = np.zeros((n_frames, len(ALL)))
    sd = np.full_like(value, np.radians(2.5))
    level = np.full(value.shape, 2, np.uint8)
    for column, name in enumerate(ALL):
        amplitude = 45 if "thigh" in name or "knee" in name else 6 + 2.5 * (column % 7)
        phase = 0.5 if "right" in name else 0.0
        swing = 0.5 - 0.5 * np.cos(2 * np.pi * time_s / 5 + phase)
        value[:, column] = np.radians(amplitude * (2 * swing if amplitude == 45 else swing - 0.4))
        if name in NOT_OBSERVABLE:
            level[:, column], sd[:, column] = 0, np.radians(18)
        elif name in _WEAK:
            level[:, column], sd[:, column] = 1, np.radians(9)
        elif "hip_internal_rotation" in name and not name.startswith("apparent"):
            bent = swing > 0.3
            level[:, column] = np.where(bent, np.where(swing > 0.5, 2, 1), 0)
            sd[:, column] = np.radians(np.where(swing > 0.5, 3.0, 8.0))
    film = {
        "frames_swapped": 4,
        "frames_ambiguous": 0,
        "camera_tilt_deg": -3.2,
        "camera_view": "side, left",
        "blur": 1.4,
        "notes": ["The person was in full view throughout."],
    }
    return Motion(
        time_s,
        ALL,
        value,
        sd,
        level,
        NOT_OBSERVABLE,
        "hinge.mp4",
        {"film": film, "fit": {"residual_px": 3.1}},
    )


def a_recording(
    n_frames: int = 300, rate_hz: float = 30.0, start_s: float = 0.0, n_before: int = 0
) -> Recording:
    """Keypoints of the same times; the person is missing in every 50th frame."""
    number = n_before + np.arange(n_frames)
    position = np.zeros((n_frames, len(LANDMARKS), 2)) + 100.0 + np.arange(len(LANDMARKS))[None, :, None]
    position += 10 * np.sin(number / 20.0)[:, None, None]
    position[number % 50 == 49] = np.nan
    shape = position.shape[:2]
    camera = Camera.level(1280, 720, 1.1)
    points = ImagePoints(LANDMARKS, position, np.full(shape, 0.9), np.zeros(shape), camera, "blazepose_full")
    return Recording(start_s + number / rate_hz, (points,), source="hinge.mp4")


@dataclass(frozen=True)
class AFilm:
    """A reader of plain pictures, or of those in ``kept``."""

    n_frames: int
    rate_hz: float
    kept: tuple[VideoFrame, ...] = ()

    @property
    def info(self) -> VideoInfo:
        length_s = self.n_frames / self.rate_hz
        return VideoInfo(Path("film.mp4"), 1280, 720, self.rate_hz, length_s, self.n_frames, 0, "h264")

    def frames(self, start_s: float = 0.0, end_s: float | None = None) -> Iterator[VideoFrame]:
        if self.kept:
            yield from self.kept
            return
        noise = np.random.default_rng(1).integers(0, 255, (720, 1280, 3), np.uint8)
        for index in range(self.n_frames):
            yield VideoFrame(index, index / self.rate_hz, np.roll(noise, 7 * index, axis=1))


def a_film(n_frames: int = 3000, rate_hz: float = 30.0) -> AFilm:
    """A film of the size that :func:`a_recording` was made from."""
    return AFilm(n_frames, rate_hz)
