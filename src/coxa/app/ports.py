"""What the use cases need from the outside world."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from coxa.model.boards import SeenTag, WornBoard
from coxa.model.camera import Camera
from coxa.model.channels import BoardCorners
from coxa.model.keypoints import Keypoints
from coxa.model.motion import Motion
from coxa.model.recording import Recording, Subject


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """What the container says, after its rotation has been applied.

    ``duration_s`` and ``n_frames`` are the container's claims (None: it does not say).
    """

    path: Path
    width_px: int
    height_px: int
    frame_rate_hz: float
    duration_s: float | None
    n_frames: int | None
    rotation_deg: int
    codec: str


@dataclass(frozen=True, slots=True)
class VideoFrame:
    """One upright picture: ``rgb`` is (height, width, 3) uint8."""

    index: int
    time_s: float
    rgb: NDArray[np.uint8]


class VideoReader(Protocol):
    """A video that can be read from the start any number of times."""

    @property
    def info(self) -> VideoInfo:
        """What the container says."""
        ...

    def frames(self, start_s: float = 0.0, end_s: float | None = None) -> Iterator[VideoFrame]:
        """Frames with start_s <= time_s < end_s, in order, one at a time."""
        ...


class Lens(Protocol):
    """A calibrated camera: what its pictures would be without the distortion of its lens."""

    @property
    def name(self) -> str:
        """For people to read."""
        ...

    def pinhole(self, width_px: int, height_px: int) -> Camera:
        """The ideal camera for pictures of this size."""
        ...

    def ideal(self, position_px: NDArray[np.float64], width_px: int, height_px: int) -> NDArray[np.float64]:
        """Points (..., 2) of such a picture as the ideal camera would see them."""
        ...

    def seen(self, position_px: NDArray[np.float64], width_px: int, height_px: int) -> NDArray[np.float64]:
        """The way back: points (..., 2) of the ideal camera as the lens shows them."""
        ...


class PoseTracker(Protocol):
    """Finds the followed person in successive frames; keeps state between calls."""

    @property
    def names(self) -> tuple[str, ...]:
        """Landmark names, in the order of the points."""
        ...

    @property
    def detector(self) -> str:
        """Which network this is; names an entry of the catalogue's detectors."""
        ...

    @property
    def summary(self) -> Mapping[str, int]:
        """What happened so far: frames ``found``, ``ambiguous`` (who is who?), ``bystanders`` (people)."""
        ...

    def track(self, frame: VideoFrame) -> Keypoints | None:
        """The person's keypoints, or None when not found in this frame."""
        ...


class BoardWatcher(Protocol):
    """Finds the tags of printed boards in successive pictures; keeps state between calls."""

    @property
    def boards(self) -> tuple[WornBoard, ...]:
        """What is looked for."""
        ...

    def see(self, picture: NDArray[np.uint8]) -> dict[int, SeenTag]:
        """Tags of the next picture, by id."""
        ...

    def channel(self, time_s: NDArray[np.float64], seen: Sequence[Mapping[int, SeenTag]]) -> BoardCorners:
        """Their corners in some consecutive pictures."""
        ...


class MotionEstimator(Protocol):
    """Infers the motion of one person from consecutive windows of a recording, with a fixed lag.

    Frames in which nothing was seen are part of the time line: their points are NaN. Every frame
    pushed comes out exactly once, in order, in the motions returned by ``push`` and ``finish``.
    """

    def push(self, recording: Recording) -> Motion | None:
        """Take the next frames; return the frames that have become final, if any."""
        ...

    def finish(self) -> Motion | None:
        """Return the frames not returned so far."""
        ...


class LiveEstimator(Protocol):
    """Infers the motion of one person as frames come in, each answer at once."""

    def push(self, recording: Recording) -> Motion:
        """The motion of the next frames, at least one, as far as it can be told now."""
        ...

    def finish(self) -> Motion | None:
        """Nothing: no frame is ever held back."""
        ...


class EstimatorFactory(Protocol):
    """Makes an estimator for one camera's keypoints of one person."""

    def __call__(
        self, camera: Camera, names: tuple[str, ...], detector: str, subject: Subject
    ) -> MotionEstimator:
        """``names`` and ``detector`` as the pose tracker gives them."""
        ...


@dataclass(frozen=True, slots=True)
class SourceHeader:
    """What a file says of itself, before its frames are looked at.

    Attributes:
        path: the file or folder.
        format: for people to read: ``C3D``, ``OpenPose BODY_25``.
        people: whom it holds, as ``--person`` takes them; empty: one, without a name.
        n_frames: None: unknown before the end.
        rate_hz: None: unknown, or not constant.
        units: of length in the file; empty: none.
        axes: how the file's axes were turned into the room's (X, Y up, Z); empty: nothing to turn.
        notes: sentences a person should read before believing the result.
    """

    path: Path
    format: str
    people: tuple[str, ...] = ()
    n_frames: int | None = None
    rate_hz: float | None = None
    units: str = ""
    axes: str = ""
    notes: tuple[str, ...] = ()


class RecordingReader(Protocol):
    """A recording that can be read from the start any number of times, of any length."""

    @property
    def header(self) -> SourceHeader:
        """What the file says of itself."""
        ...

    def sample(self, n_frames: int) -> Recording:
        """About so many frames, evenly spread over the whole; all of them where there are not more."""
        ...

    def parts(self, n_frames: int) -> Iterator[Recording]:
        """All frames, in consecutive recordings of at most so many; memory holds one at a time."""
        ...


class MotionSink(Protocol):
    """Receives the results part by part; nothing is visible at the destination before commit.

    ``write``, ``commit`` and ``abort`` are called from one thread. The last part written bears the
    figures about the whole film: ``motion.diagnostics["film"]`` (see ``coxa.app.film``).
    """

    def write(self, recording: Recording, motion: Motion) -> None:
        """Take consecutive final frames: what was seen and what was inferred of it.

        Both have the same frames: ``recording.time_s`` equals ``motion.time_s``.
        """
        ...

    def commit(self) -> None:
        """Make everything visible at once."""
        ...

    def abort(self) -> None:
        """Leave nothing behind."""
        ...
