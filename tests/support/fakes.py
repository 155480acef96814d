"""Product-grade fakes of the ports: a film, a tracker, an estimator and a sink that remember."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from coxa.app.ports import VideoFrame, VideoInfo
from coxa.model.keypoints import Keypoints
from coxa.model.motion import Motion, Observability
from coxa.model.recording import Recording
from coxa.specs.measure import VideoRules

NAMES = tuple(f"{side}_{part}" for part in ("shoulder", "hip", "knee", "ankle") for side in ("left", "right"))
GREY = 51  # of 255, in all of its pictures
RULES = VideoRules(
    source="test",
    trust="DESIGN",
    version=1,
    min_short_side_px=64,
    min_person_s=1.0,
    low_frame_rate_hz=15.0,
    hidden_visibility=0.5,
    truncated_s=0.3,
    upside_down_share=0.8,
    upright_lean_deg=12.0,
    camera_roll_sd_deg=3.0,
    camera_pitch_sd_deg=8.0,
    told_tilt_sd_deg=1.0,
    assumed_fov_deg=65.0,
    blur_every_s=1.0,
    chunk_s=0.5,
    frames_ahead=2,
    chunks_ahead=2,
)


@dataclass
class FakeReader:
    """A film of ``n_frames`` that decodes only up to ``n_decodable``, or fails with ``fault``."""

    n_frames: int = 60
    rate_hz: float = 30.0
    size_px: tuple[int, int] = (640, 480)
    n_decodable: int | None = None
    fault: Exception | None = None
    handed_out: int = 0
    closed: bool = False

    @property
    def info(self) -> VideoInfo:
        width, height = self.size_px
        return VideoInfo(
            path=Path("film.mp4"),
            width_px=width,
            height_px=height,
            frame_rate_hz=self.rate_hz,
            duration_s=self.n_frames / self.rate_hz,
            n_frames=self.n_frames,
            rotation_deg=0,
            codec="h264",
        )

    def frames(self, start_s: float = 0.0, end_s: float | None = None) -> Iterator[VideoFrame]:
        width, height = self.size_px
        n_frames = self.n_frames if self.n_decodable is None else self.n_decodable
        try:
            for index in range(n_frames):
                time_s = index / self.rate_hz
                if start_s <= time_s and (end_s is None or time_s < end_s):
                    self.handed_out += 1
                    yield VideoFrame(index, time_s, np.full((height, width, 3), GREY, np.uint8))
            if self.fault is not None:
                raise self.fault
        finally:
            self.closed = True


def standing(index: int) -> Keypoints:
    """A person upright in the picture; x says which frame it is."""
    position = np.column_stack(
        [np.full(len(NAMES), float(index)), np.repeat([100.0, 200.0, 300.0, 400.0], 2)]
    )
    return Keypoints(position, np.full(len(NAMES), 0.9), np.zeros((len(NAMES), 3)), presence=0.9)


def on_the_head(index: int) -> Keypoints:
    upright = standing(index)
    return Keypoints(500.0 - upright.position_px, upright.visibility, upright.world_m, upright.presence)


@dataclass
class FakePose:
    """Sees what ``see`` says of the frame with that index."""

    see: Callable[[int], Keypoints | None] = standing
    names: tuple[str, ...] = NAMES
    detector: str = "fake"
    summary: dict[str, int] = field(default_factory=dict)

    def track(self, frame: VideoFrame) -> Keypoints | None:
        return self.see(frame.index)


@dataclass
class FakeEstimator:
    """Gives back the x of the first keypoint as its only coordinate, ``lag`` frames late."""

    lag: int = 20
    pushed: list[Recording] = field(default_factory=list)
    n_out: int = 0

    def push(self, recording: Recording) -> Motion | None:
        self.pushed.append(recording)
        return self._up_to(sum(part.n_frames for part in self.pushed) - self.lag)

    def finish(self) -> Motion | None:
        return self._up_to(sum(part.n_frames for part in self.pushed))

    def _up_to(self, end: int) -> Motion | None:
        if end <= self.n_out:
            return None
        frames = slice(self.n_out, end)
        self.n_out = end
        time_s = np.concatenate([part.time_s for part in self.pushed])[frames]
        value = np.concatenate([part.image_points[0].position_px[:, 0, 0] for part in self.pushed])[
            frames, None
        ]
        level = np.full(value.shape, Observability.OBSERVED, np.uint8)
        return Motion(
            time_s, ("knee_flexion_left",), value, np.ones_like(value), level, diagnostics={"fit": 1}
        )


@dataclass
class MemorySink:
    """Remembers what it was told; fails with ``fault`` at part number ``fails_at``."""

    fails_at: int | None = None
    fault: Exception | None = None
    parts: list[tuple[Recording, Motion]] = field(default_factory=list)
    state: str = "open"

    def write(self, recording: Recording, motion: Motion) -> None:
        if self.fault is not None and len(self.parts) == self.fails_at:
            raise self.fault
        self.parts.append((recording, motion))

    def commit(self) -> None:
        self.state = "committed"

    def abort(self) -> None:
        self.state = "aborted"
