"""What a person asks of a measurement."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from coxa.app.one_camera import CameraTold


@dataclass(frozen=True, slots=True)
class Request:
    """Which part of a video to measure, and what is known beforehand.

    Attributes:
        start_s: measure from here on.
        end_s: measure up to here; None: to the end.
        height_m: the person's stature, None: not told.
        camera: what is known of the camera.
    """

    start_s: float = 0.0
    end_s: float | None = None
    height_m: float | None = None
    camera: CameraTold = field(default_factory=CameraTold)


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a person adds to what a file of points, orientations or angles says of itself.

    Attributes:
        person: whom to read, one of ``SourceHeader.people``; None: the only one.
        rate_hz: frames per second, for formats that do not say.
        picture_px: width and height of the picture, for formats that do not say.
        camera: what is known of the camera of a single film.
        height_m: the person's stature; None: what the file says.
        calibration: file of a film's lens, of the cameras' places, or of an IMU's standing pose.
        mapping: file that names the points or segments, for sets that are not known.
        detector: whose keypoints they are, for formats that do not say.
    """

    person: str | None = None
    rate_hz: float | None = None
    picture_px: tuple[int, int] | None = None
    camera: CameraTold = field(default_factory=CameraTold)
    height_m: float | None = None
    calibration: Path | None = None
    mapping: Path | None = None
    detector: str | None = None


@dataclass(frozen=True, slots=True)
class MeasureOptions:
    """Everything a person may say about a measurement.

    Attributes:
        start_s: measure from here on.
        end_s: measure up to here; None: to the end.
        reading: what is added to what the source says of itself.
        pose: pose network for videos: ``lite``, ``full`` or ``heavy``; None: the truest that is installed.
        overlay: write ``overlay.mp4`` too, where the source is a video.
        static: a static trial of the same person and markers; None: none.
        tags: look for printed boards in the video.
        neutral_s: from when to when the person stands neutrally, for boards; None: found by itself.
        phone: recording of a phone (or a folder of several) worn while it was filmed; None: none.
        streamed: each frame is fitted at once, as a live camera's are, without those that follow.
    """

    start_s: float = 0.0
    end_s: float | None = None
    reading: ReadOptions = ReadOptions()
    pose: str | None = None
    overlay: bool = True
    static: Path | None = None
    tags: bool = False
    neutral_s: tuple[float, float] | None = None
    phone: Path | None = None
    streamed: bool = False
