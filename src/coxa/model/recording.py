"""A Recording: what a source saw of one person, before anything is inferred from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from coxa.model.channels import (
    AnalogChannels,
    BackOutline,
    BoardCorners,
    Channel,
    Event,
    ForcePlate,
    ImagePoints,
    JointAngles,
    PelvisTurn,
    SegmentOrientations,
    SpacePoints,
)

Floats = NDArray[np.float64]
Sampled = TypeVar("Sampled", AnalogChannels, ForcePlate)
AnyChannel = TypeVar("AnyChannel", bound=Channel)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is known of the person beforehand. None, or a side missing: not told.

    Attributes:
        name: as the source has it, for people to read.
        height_m: stature.
        mass_kg: mass.
        asis_breadth_m: between the anterior superior iliac spines.
        leg_length_m: side -> from the ASIS to the medial malleolus.
        knee_width_m: side -> between the epicondyles.
        ankle_width_m: side -> between the malleoli.
        marker_diameter_m: of the markers worn.
    """

    name: str = ""
    height_m: float | None = None
    mass_kg: float | None = None
    asis_breadth_m: float | None = None
    leg_length_m: Mapping[str, float] = field(default_factory=dict)
    knee_width_m: Mapping[str, float] = field(default_factory=dict)
    ankle_width_m: Mapping[str, float] = field(default_factory=dict)
    marker_diameter_m: float | None = None


@dataclass(frozen=True, slots=True)
class Recording:
    """Observations of one person over time, from any number of sources at once.

    Attributes:
        time_s: (n_frames,) strictly increasing.
        image_points: one entry per camera.
        space_points: one entry per set of points in the room.
        boards: one entry per camera that saw printed boards.
        backs: one entry per camera whose pictures tell the outline of the back.
        turns: one entry per camera in whose picture knees tell how the pelvis turned.
        orientations: one entry per set of oriented segments.
        angles: one entry per set of coordinates computed by others.
        analog: signals on clocks of their own.
        forces: one entry per force plate.
        events: in order of time.
        subject: what is known of the person.
        source: where it came from, for people to read.
        brightness: (n_frames,) mean of the only camera's picture, 0 black to 1 white; (0,): not known. Guides
            people in front of a camera; not kept in files.
    """

    time_s: Floats
    image_points: tuple[ImagePoints, ...] = ()
    space_points: tuple[SpacePoints, ...] = ()
    orientations: tuple[SegmentOrientations, ...] = ()
    angles: tuple[JointAngles, ...] = ()
    boards: tuple[BoardCorners, ...] = ()
    backs: tuple[BackOutline, ...] = ()
    turns: tuple[PelvisTurn, ...] = ()
    analog: tuple[AnalogChannels, ...] = ()
    forces: tuple[ForcePlate, ...] = ()
    events: tuple[Event, ...] = ()
    subject: Subject = field(default_factory=Subject)
    source: str = ""
    brightness: Floats = field(default_factory=lambda: np.zeros(0))

    def __post_init__(self) -> None:
        if len(self.time_s) > 1 and not np.all(np.diff(self.time_s) > 0):
            raise ValueError("time_s must increase strictly")

    @property
    def n_frames(self) -> int:
        """Number of frames."""
        return len(self.time_s)

    def window(self, frames: slice) -> Self:
        """The same recording for some of its consecutive frames.

        Samples and events go with the frame they follow, so that neighbouring windows share none.
        """
        span = self._span(frames)
        return replace(
            self,
            time_s=self.time_s[frames],
            brightness=self.brightness[frames],
            image_points=tuple(channel.window(frames) for channel in self.image_points),
            space_points=tuple(channel.window(frames) for channel in self.space_points),
            orientations=tuple(channel.window(frames) for channel in self.orientations),
            angles=tuple(channel.window(frames) for channel in self.angles),
            boards=tuple(channel.window(frames) for channel in self.boards),
            backs=tuple(channel.window(frames) for channel in self.backs),
            turns=tuple(channel.window(frames) for channel in self.turns),
            analog=tuple(_between(channel, *span) for channel in self.analog),
            forces=tuple(_between(channel, *span) for channel in self.forces),
            events=tuple(event for event in self.events if span[0] <= event.time_s < span[1]),
        )

    def _span(self, frames: slice) -> tuple[float, float]:
        """From the first frame (or the beginning) to the frame after the last (or the end), s."""
        first, last, _ = frames.indices(self.n_frames)
        start = -np.inf if first == 0 else float(self.time_s[first]) if first < self.n_frames else np.inf
        end = np.inf if last >= self.n_frames else float(self.time_s[last])
        return start, end

    @classmethod
    def concatenate(cls, parts: Sequence[Self]) -> Self:
        """Join consecutive recordings of the same channels."""
        first = parts[0]
        if len(parts) == 1:
            return first
        return replace(
            first,
            time_s=np.concatenate([part.time_s for part in parts]),
            brightness=np.concatenate([part.brightness for part in parts]),
            image_points=_joined([part.image_points for part in parts]),
            space_points=_joined([part.space_points for part in parts]),
            orientations=_joined([part.orientations for part in parts]),
            angles=_joined([part.angles for part in parts]),
            boards=_joined([part.boards for part in parts]),
            backs=_joined([part.backs for part in parts]),
            turns=_joined([part.turns for part in parts]),
            analog=_joined([part.analog for part in parts]),
            forces=_joined([part.forces for part in parts]),
            events=tuple(event for part in parts for event in part.events),
        )


def _between(channel: Sampled, start_s: float, end_s: float) -> Sampled:
    return channel.window(slice(*np.searchsorted(channel.time_s, [start_s, end_s])))


def _joined(parts: Sequence[tuple[AnyChannel, ...]]) -> tuple[AnyChannel, ...]:
    return tuple(type(same[0]).concatenate(same) for same in zip(*parts, strict=True))
