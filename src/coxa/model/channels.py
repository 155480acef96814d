"""The typed channels of a recording: points, boards, orientations, angles, forces, events.

Time comes first in every array. NaN means missing. Room axes follow ISB: Y is up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from coxa.model.boards import WornBoard
from coxa.model.camera import Camera

Floats = NDArray[np.float64]


def _require_shape(name: str, array: NDArray[np.generic], shape: tuple[int, ...]) -> None:
    if array.shape != shape:
        raise ValueError(f"{name} has shape {array.shape}, expected {shape}")


class Channel:
    """Arrays over time, and what does not change over time."""

    __slots__ = ()

    #: Attributes whose first axis is time.
    timed: ClassVar[tuple[str, ...]] = ()

    def window(self, frames: slice) -> Self:
        """The same channel for some of its frames."""
        return replace(self, **{name: getattr(self, name)[frames] for name in self.timed})  # type: ignore[type-var]

    @classmethod
    def concatenate(cls, parts: Sequence[Self]) -> Self:
        """Join consecutive stretches of one channel; what does not change is the first one's."""
        joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in cls.timed}
        return replace(parts[0], **joined)  # type: ignore[type-var]


@dataclass(frozen=True, slots=True)
class ImagePoints(Channel):
    """Keypoints of one camera.

    Attributes:
        names: landmark names, (n_points,).
        position_px: (n_frames, n_points, 2), x right and y down, as a camera without distortion would see
            them; NaN = missing.
        visibility: (n_frames, n_points), the detector's own 0..1.
        depth_m: (n_frames, n_points), the detector's guess of the distance along the camera axis
            beyond the middle of the hips (positive: further away); NaN = none.
        camera: the camera that saw them.
        detector: whose keypoints these are; names an entry of the catalogue's detectors.
        doubt: how many times the detector's usual error these have, as far as other cameras tell.
    """

    timed: ClassVar[tuple[str, ...]] = ("position_px", "visibility", "depth_m")

    names: tuple[str, ...]
    position_px: Floats
    visibility: Floats
    depth_m: Floats
    camera: Camera
    detector: str
    doubt: float = 1.0

    def __post_init__(self) -> None:
        n_frames = len(self.position_px)
        _require_shape("position_px", self.position_px, (n_frames, len(self.names), 2))
        _require_shape("visibility", self.visibility, (n_frames, len(self.names)))
        _require_shape("depth_m", self.depth_m, (n_frames, len(self.names)))


@dataclass(frozen=True, slots=True)
class BoardCorners(Channel):
    """Corners of printed boards worn on segments, seen by one camera.

    Attributes:
        boards: what is worn; their corners follow one another in the columns, tag by tag.
        position_px: (n_frames, n_corners, 2), x right and y down, as a camera without distortion would see
            them; NaN = missing.
        sd_px: (n_frames, n_corners) of each coordinate; NaN = missing.
        standing: (n_frames,) share of one look at the person standing neutrally; sums to one over the
            neutral stance, 0 elsewhere.
        camera: the camera that saw them.
        gate: a board further off than so many standard deviations pulls no harder.
    """

    timed: ClassVar[tuple[str, ...]] = ("position_px", "sd_px", "standing")

    boards: tuple[WornBoard, ...]
    position_px: Floats
    sd_px: Floats
    standing: Floats
    camera: Camera
    gate: float = 4.0

    def __post_init__(self) -> None:
        n_frames, n_corners = len(self.position_px), sum(board.n_corners for board in self.boards)
        _require_shape("position_px", self.position_px, (n_frames, n_corners, 2))
        _require_shape("sd_px", self.sd_px, (n_frames, n_corners))
        _require_shape("standing", self.standing, (n_frames,))


@dataclass(frozen=True, slots=True)
class SpacePoints(Channel):
    """Points in the room: markers, or keypoints already in 3D.

    Attributes:
        names: landmark or marker names as the source has them, (n_points,).
        position_m: (n_frames, n_points, 3); NaN = missing.
        sd_m: (n_points,) standard deviation of each coordinate.
        kind: whose points these are (``markers`` or a detector); names a catalogue entry.
    """

    timed: ClassVar[tuple[str, ...]] = ("position_m",)

    names: tuple[str, ...]
    position_m: Floats
    sd_m: Floats
    kind: str

    def __post_init__(self) -> None:
        _require_shape("position_m", self.position_m, (len(self.position_m), len(self.names), 3))
        _require_shape("sd_m", self.sd_m, (len(self.names),))


@dataclass(frozen=True, slots=True)
class OrientationErrors:
    """How worn sensors err beyond their white noise: standard deviations, all about segment axes.

    Attributes:
        lasting_sd_rad: (n_segments, 3) error that persists for ``correlation_s``: soft tissue, sensor fusion,
            turns of real joints that the body model's have not.
        correlation_s: how long.
        misalignment_sd_rad: (n_segments, 3) of the sensor in its segment, constant over a recording.
        calibrated_s: when, on the recording's clock, headings were known best.
        heading_sd_rad: (n_segments,) of the heading, about the vertical, at that time.
        heading_rate_sd_rad_s: (n_segments,) of its steady drift.
        heading_walk_rad2_s: (n_segments,) variance that its unsteady drift gains every second.
    """

    lasting_sd_rad: Floats
    correlation_s: float
    misalignment_sd_rad: Floats
    calibrated_s: float
    heading_sd_rad: Floats
    heading_rate_sd_rad_s: Floats
    heading_walk_rad2_s: Floats

    def __post_init__(self) -> None:
        n_segments = len(self.lasting_sd_rad)
        _require_shape("lasting_sd_rad", self.lasting_sd_rad, (n_segments, 3))
        _require_shape("misalignment_sd_rad", self.misalignment_sd_rad, (n_segments, 3))
        for name in ("heading_sd_rad", "heading_rate_sd_rad_s", "heading_walk_rad2_s"):
            _require_shape(name, getattr(self, name), (n_segments,))


@dataclass(frozen=True, slots=True)
class SegmentOrientations(Channel):
    """Orientations of body segments in the room (IMU, tags, phone), already sensor-to-segment.

    Attributes:
        segments: names of body segments, (n_segments,).
        rotation: (n_frames, n_segments, 3, 3), segment axes to room axes; NaN = missing.
        sd_rad: (n_segments,) standard deviation about each axis, from frame to frame.
        errors: what else is wrong with them; None: nothing.
        posture: of the start, where the start pose alone tells how the sensors sit (phones); else empty.
    """

    timed: ClassVar[tuple[str, ...]] = ("rotation",)

    segments: tuple[str, ...]
    rotation: Floats
    sd_rad: Floats
    errors: OrientationErrors | None = None
    posture: str = ""

    def __post_init__(self) -> None:
        n_segments = len(self.segments)
        _require_shape("rotation", self.rotation, (len(self.rotation), n_segments, 3, 3))
        _require_shape("sd_rad", self.sd_rad, (n_segments,))
        if self.errors is not None:
            _require_shape("lasting_sd_rad", self.errors.lasting_sd_rad, (n_segments, 3))


@dataclass(frozen=True, slots=True)
class JointAngles(Channel):
    """Coordinates that somebody else's software computed (MOT, STO, a motion.parquet of ours).

    Attributes:
        names: as the source has them, (n_coordinates,).
        value: (n_frames, n_coordinates), rad where ``is_angle``, else m; NaN = missing.
        sd: (n_frames, n_coordinates), in the same units; NaN = the source does not say.
        is_angle: (n_coordinates,) whether it is an angle.
        convention: whose names and signs these are; names an entry of the catalogue's conventions.
    """

    timed: ClassVar[tuple[str, ...]] = ("value", "sd")

    names: tuple[str, ...]
    value: Floats
    sd: Floats
    is_angle: NDArray[np.bool_]
    convention: str

    def __post_init__(self) -> None:
        _require_shape("value", self.value, (len(self.value), len(self.names)))
        _require_shape("sd", self.sd, self.value.shape)
        _require_shape("is_angle", self.is_angle, (len(self.names),))


@dataclass(frozen=True, slots=True)
class OutlineErrors:
    """How readings of a back's outline err beyond their white noise; pairs: lumbar spine, trunk's line.

    Attributes:
        correlation_s: for so long the error of a reading persists.
        offset_sd_rad: how far a person's own outline is from the average one.
        gain_sd: how much more or less than others it answers.
        neutral_sd_rad: joint -> how far from zero it is in a neutral stance.
        gate: a reading further off than so many standard deviations pulls no harder.
    """

    correlation_s: float
    offset_sd_rad: tuple[float, float]
    gain_sd: tuple[float, float]
    neutral_sd_rad: Mapping[str, float]
    gate: float = 3.0


@dataclass(frozen=True, slots=True)
class BackOutline(Channel):
    """What the outline of the back, seen from the side, tells of the spine; two readings a frame.

    The first is lumbar flexion, the second the line from hips to shoulders against the pelvis, forward; both
    against the average person's standing outline.

    Attributes:
        angle_rad: (n_frames, 2) NaN: nothing told.
        sd_rad: (n_frames, 2) likewise.
        standing: (n_frames,) share of one look at the person standing neutrally; sums to one at most.
        errors: what else is wrong with them.
        fault: why most frames told nothing, in words; empty when most did.
    """

    timed: ClassVar[tuple[str, ...]] = ("angle_rad", "sd_rad", "standing")

    angle_rad: Floats
    sd_rad: Floats
    standing: Floats
    errors: OutlineErrors
    fault: str = ""

    def __post_init__(self) -> None:
        _require_shape("angle_rad", self.angle_rad, (len(self.standing), 2))
        _require_shape("sd_rad", self.sd_rad, (len(self.standing), 2))


@dataclass(frozen=True, slots=True)
class PelvisTurn(Channel):
    """Where the pelvis faces, told by knees that pass each other; from the person's own start.

    Attributes:
        angle_rad: (n_frames,) 0 facing the camera, positive to the person's left; NaN: nothing told.
        sd_rad: (n_frames,) of the turn since the start; NaN likewise.
        offset_sd_rad: of where the pelvis faced at the start, the same in all frames.
        correlation_s: for so long the error of a reading persists.
        gate: a reading further off than so many standard deviations pulls no harder.
        fault: why most frames told nothing, in words; empty when most did.
    """

    timed: ClassVar[tuple[str, ...]] = ("angle_rad", "sd_rad")

    angle_rad: Floats
    sd_rad: Floats
    offset_sd_rad: float
    correlation_s: float
    gate: float = 3.0
    fault: str = ""

    def __post_init__(self) -> None:
        _require_shape("sd_rad", self.sd_rad, (len(self.angle_rad),))


@dataclass(frozen=True, slots=True)
class AnalogChannels(Channel):
    """Signals sampled on a clock of their own (force plates' raw channels, EMG), kept as they came.

    Attributes:
        names: (n_channels,).
        units: as the source has them, (n_channels,).
        time_s: (n_samples,), on the recording's clock.
        value: (n_samples, n_channels).
    """

    timed: ClassVar[tuple[str, ...]] = ("time_s", "value")

    names: tuple[str, ...]
    units: tuple[str, ...]
    time_s: Floats
    value: Floats

    def __post_init__(self) -> None:
        _require_shape("value", self.value, (len(self.time_s), len(self.names)))
        if len(self.units) != len(self.names):
            raise ValueError(f"{len(self.names)} channels, but {len(self.units)} units")


@dataclass(frozen=True, slots=True)
class ForcePlate(Channel):
    """The load on one force plate, in room axes.

    Attributes:
        time_s: (n_samples,), on the recording's clock.
        corners_m: (4, 3).
        force_n: (n_samples, 3), acting on the foot.
        moment_nm: (n_samples, 3), about the middle of the plate's surface.
    """

    timed: ClassVar[tuple[str, ...]] = ("time_s", "force_n", "moment_nm")

    time_s: Floats
    corners_m: Floats
    force_n: Floats
    moment_nm: Floats

    def __post_init__(self) -> None:
        _require_shape("corners_m", self.corners_m, (4, 3))
        _require_shape("force_n", self.force_n, (len(self.time_s), 3))
        _require_shape("moment_nm", self.moment_nm, (len(self.time_s), 3))


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at an instant: ``Foot Strike`` of the left, for example.

    ``side`` is ``left``, ``right`` or None.
    """

    time_s: float
    label: str
    side: str | None = None
