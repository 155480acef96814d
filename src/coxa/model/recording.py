"""A Recording: what a source saw of one person, before anything is inferred from it.

Time comes first in every array. NaN means missing. Room axes follow ISB: Y is up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from coxa.model.camera import Camera

Floats = NDArray[np.float64]


def _require_shape(name: str, array: Floats, shape: tuple[int, ...]) -> None:
    if array.shape != shape:
        raise ValueError(f"{name} has shape {array.shape}, expected {shape}")


@dataclass(frozen=True, slots=True)
class ImagePoints:
    """Keypoints of one camera.

    Attributes:
        names: landmark names, (n_points,).
        position_px: (n_frames, n_points, 2), x right and y down; NaN = missing.
        visibility: (n_frames, n_points), the detector's own 0..1.
        depth_m: (n_frames, n_points), the detector's guess of the distance along the camera axis
            beyond the middle of the hips (positive: further away); NaN = none.
        camera: the camera that saw them.
        detector: whose keypoints these are; names an entry of the catalogue's detectors.
    """

    names: tuple[str, ...]
    position_px: Floats
    visibility: Floats
    depth_m: Floats
    camera: Camera
    detector: str

    def __post_init__(self) -> None:
        n_frames = len(self.position_px)
        _require_shape("position_px", self.position_px, (n_frames, len(self.names), 2))
        _require_shape("visibility", self.visibility, (n_frames, len(self.names)))
        _require_shape("depth_m", self.depth_m, (n_frames, len(self.names)))

    def window(self, frames: slice) -> Self:
        """The same points for some of the frames."""
        return replace(
            self,
            position_px=self.position_px[frames],
            visibility=self.visibility[frames],
            depth_m=self.depth_m[frames],
        )


@dataclass(frozen=True, slots=True)
class SpacePoints:
    """Points in the room: markers, or keypoints already in 3D.

    Attributes:
        names: landmark or marker names, (n_points,).
        position_m: (n_frames, n_points, 3); NaN = missing.
        sd_m: (n_points,) standard deviation of each coordinate.
        kind: whose points these are (``markers`` or a detector); names a catalogue entry.
    """

    names: tuple[str, ...]
    position_m: Floats
    sd_m: Floats
    kind: str

    def __post_init__(self) -> None:
        _require_shape("position_m", self.position_m, (len(self.position_m), len(self.names), 3))
        _require_shape("sd_m", self.sd_m, (len(self.names),))

    def window(self, frames: slice) -> Self:
        """The same points for some of the frames."""
        return replace(self, position_m=self.position_m[frames])


@dataclass(frozen=True, slots=True)
class SegmentOrientations:
    """Orientations of body segments in the room (IMU, tags, phone), already sensor-to-segment.

    Attributes:
        segments: names of body segments, (n_segments,).
        rotation: (n_frames, n_segments, 3, 3), segment axes to room axes; NaN = missing.
        sd_rad: (n_segments,) standard deviation about each axis.
    """

    segments: tuple[str, ...]
    rotation: Floats
    sd_rad: Floats

    def __post_init__(self) -> None:
        _require_shape("rotation", self.rotation, (len(self.rotation), len(self.segments), 3, 3))
        _require_shape("sd_rad", self.sd_rad, (len(self.segments),))

    def window(self, frames: slice) -> Self:
        """The same orientations for some of the frames."""
        return replace(self, rotation=self.rotation[frames])


@dataclass(frozen=True, slots=True)
class Subject:
    """What is known of the person beforehand. ``height_m`` None: not told."""

    height_m: float | None = None


@dataclass(frozen=True, slots=True)
class Recording:
    """Observations of one person over time, from any number of sources at once.

    Attributes:
        time_s: (n_frames,) strictly increasing.
        image_points: one entry per camera.
        space_points: one entry per set of points in the room.
        orientations: one entry per set of oriented segments.
        subject: what is known of the person.
        source: where it came from, for people to read.
    """

    time_s: Floats
    image_points: tuple[ImagePoints, ...] = ()
    space_points: tuple[SpacePoints, ...] = ()
    orientations: tuple[SegmentOrientations, ...] = ()
    subject: Subject = Subject()
    source: str = ""

    def __post_init__(self) -> None:
        if len(self.time_s) > 1 and not np.all(np.diff(self.time_s) > 0):
            raise ValueError("time_s must increase strictly")

    @property
    def n_frames(self) -> int:
        """Number of frames."""
        return len(self.time_s)

    def window(self, frames: slice) -> Self:
        """The same recording for some of its frames."""
        return replace(
            self,
            time_s=self.time_s[frames],
            image_points=tuple(points.window(frames) for points in self.image_points),
            space_points=tuple(points.window(frames) for points in self.space_points),
            orientations=tuple(segments.window(frames) for segments in self.orientations),
        )

    @classmethod
    def concatenate(cls, parts: Sequence[Self]) -> Self:
        """Join consecutive recordings of the same channels."""
        first = parts[0]
        if len(parts) == 1:
            return first

        def join(channel: str, k: int, *fields: str) -> dict[str, Any]:
            return {
                name: np.concatenate([getattr(getattr(part, channel)[k], name) for part in parts])
                for name in fields
            }

        return replace(
            first,
            time_s=np.concatenate([part.time_s for part in parts]),
            image_points=tuple(
                replace(points, **join("image_points", k, "position_px", "visibility", "depth_m"))
                for k, points in enumerate(first.image_points)
            ),
            space_points=tuple(
                replace(points, **join("space_points", k, "position_m"))
                for k, points in enumerate(first.space_points)
            ),
            orientations=tuple(
                replace(segments, **join("orientations", k, "rotation"))
                for k, segments in enumerate(first.orientations)
            ),
        )
