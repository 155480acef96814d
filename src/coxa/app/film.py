"""The quality of a film: what was decoded, how the person was seen, and what people should know of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from coxa.app.ports import VideoFrame, VideoInfo
from coxa.model.coordinates import SIDES
from coxa.model.errors import NothingToMeasureError
from coxa.model.keypoints import Keypoints
from coxa.specs.measure import VideoRules

_UPWARDS_IF_INVERTED = ("ankle", "knee", "hip", "shoulder")


@dataclass(frozen=True, slots=True)
class Film:
    """Figures about one measured film, for people to read and machines to filter by.

    Attributes:
        width_px: width, upright.
        height_px: height, upright.
        codec: of the video stream.
        rotation_deg: the container's rotation, already applied.
        camera_fov_deg: field of view along the longer side.
        camera_fov_told: whether a person told it; else it is assumed.
        frame_rate_hz: median rate of the frames decoded.
        start_s: time of the first frame measured.
        end_s: end of the last frame measured.
        claimed_duration_s: what the container says.
        truncated: the film ended before the container's claim.
        frames: frames decoded.
        person_frames: frames in which the person was found.
        person_s: time in which the person was found.
        ambiguous_frames: frames left out because it was in doubt who is who.
        bystanders: other people in view.
        swapped_frames: frames whose left and right were exchanged to agree with the frames before.
        visibility: median over the person's frames of the mean visibility of the keypoints.
        notes: sentences a person should read before believing the result.
    """

    width_px: int
    height_px: int
    codec: str
    rotation_deg: int
    camera_fov_deg: float
    camera_fov_told: bool
    frame_rate_hz: float
    start_s: float
    end_s: float
    claimed_duration_s: float | None
    truncated: bool
    frames: int
    person_frames: int
    person_s: float
    ambiguous_frames: int
    bystanders: int
    swapped_frames: int
    visibility: float
    notes: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {**asdict(self), "notes": list(self.notes)}


class FilmLog:
    """Gathers the figures frame by frame; memory grows by a few numbers a frame."""

    def __init__(self, info: VideoInfo, rules: VideoRules, camera_fov_deg: float | None) -> None:
        self._info = info
        self._rules = rules
        self._fov_deg = camera_fov_deg
        self._time_s: list[float] = []
        self._visibility: list[float] = []
        self._swapped = 0
        self._inverted = 0

    def require_measurable_size(self) -> None:
        """Refuse a picture too small to hold a person."""
        info, least = self._info, self._rules.min_short_side_px
        if min(info.width_px, info.height_px) < least:
            raise NothingToMeasureError(
                f"{info.path}: the picture is too small ({info.width_px} x {info.height_px} pixels)",
                f"film with at least {least} pixels along the shorter side; 720 or more are good",
            )

    def add(self, frame: VideoFrame, seen: Keypoints | None, names: tuple[str, ...]) -> None:
        """Take note of one frame and of what was seen in it."""
        self._time_s.append(frame.time_s)
        if seen is None:
            return
        self._visibility.append(float(np.mean(seen.visibility)))
        self._swapped += seen.swapped
        self._inverted += _is_inverted(seen, names)

    def conclude(self, from_s: float, to_s: float | None, tracked: Mapping[str, int]) -> Film:
        """The film's figures, once it has ended.

        Args:
            from_s: where measuring was told to start.
            to_s: where measuring was told to end; None: at the end of the film.
            tracked: the tracker's summary.

        Raises:
            NothingToMeasureError: no frame, no person, a person too briefly, or upside down.
        """
        film = self._figures(to_s, tracked)
        self._require_frames(film, from_s)
        self._require_person(film)
        return film

    def _figures(self, to_s: float | None, tracked: Mapping[str, int]) -> Film:
        info, time_s = self._info, np.array(self._time_s)
        step_s = float(np.median(np.diff(time_s))) if len(time_s) > 1 else 1.0 / info.frame_rate_hz
        mean_step_s = float(np.mean(np.diff(time_s))) if len(time_s) > 1 else step_s
        end_s = float(time_s[-1]) + step_s if len(time_s) else 0.0
        figures = Film(
            width_px=info.width_px,
            height_px=info.height_px,
            codec=info.codec,
            rotation_deg=info.rotation_deg,
            camera_fov_deg=self._fov_deg or self._rules.assumed_fov_deg,
            camera_fov_told=self._fov_deg is not None,
            frame_rate_hz=1.0 / step_s,
            start_s=float(time_s[0]) if len(time_s) else 0.0,
            end_s=end_s,
            claimed_duration_s=info.duration_s,
            truncated=self._is_truncated(end_s, to_s),
            frames=len(time_s),
            person_frames=len(self._visibility),
            person_s=len(self._visibility) * mean_step_s,
            ambiguous_frames=tracked.get("ambiguous", 0),
            bystanders=tracked.get("bystanders", 0),
            swapped_frames=self._swapped,
            visibility=float(np.median(self._visibility)) if self._visibility else 0.0,
            notes=(),
        )
        return replace(figures, notes=tuple(_notes(figures, self._rules)))

    def _is_truncated(self, end_s: float, to_s: float | None) -> bool:
        claimed_s = self._info.duration_s
        if claimed_s is None:
            return False
        wanted_s = claimed_s if to_s is None else min(to_s, claimed_s)
        return wanted_s - end_s > self._rules.truncated_share * claimed_s

    def _require_frames(self, film: Film, from_s: float) -> None:
        if film.frames == 0:
            raise NothingToMeasureError(
                f"{self._info.path}: there is no picture from {from_s:g} s on",
                "choose --from and --to within the film",
            )

    def _require_person(self, film: Film) -> None:
        path, least_s = self._info.path, self._rules.min_person_s
        framing = "film the whole person, head to feet, in good light, alone and from 2 to 4 m away"
        if film.person_frames == 0:
            raise NothingToMeasureError(f"{path}: no person was found in {film.frames} frames", framing)
        if film.person_s < least_s:
            raise NothingToMeasureError(
                f"{path}: a person is in view for {film.person_s:.2f} s only, less than {least_s:g} s",
                framing,
            )
        share = self._inverted / film.person_frames
        if share >= self._rules.upside_down_share:
            raise NothingToMeasureError(
                f"{path}: the film is upside down (feet above the head in {share:.0%} of the frames)",
                "turn the film by 180 degrees with any video editor, and measure it again",
            )


def _is_inverted(seen: Keypoints, names: tuple[str, ...]) -> bool:
    """Whether ankles are above knees, above hips, above shoulders in the picture (y points down)."""
    heights = [
        np.mean([seen.position_px[names.index(f"{side}_{part}"), 1] for side in SIDES])
        for part in _UPWARDS_IF_INVERTED
        if f"{SIDES[0]}_{part}" in names
    ]
    return len(heights) > 1 and bool(np.all(np.diff(heights) > 0))


def _notes(film: Film, rules: VideoRules) -> Iterator[str]:
    if film.truncated and film.claimed_duration_s:
        share = film.end_s / film.claimed_duration_s
        yield (
            f"The file is cut short or damaged: {film.end_s:.1f} s of {film.claimed_duration_s:.1f} s "
            f"({share:.0%}) could be decoded and were measured."
        )
    if film.frame_rate_hz < rules.low_frame_rate_hz:
        yield (
            f"The frame rate is low ({film.frame_rate_hz:.1f} per second): fast movement falls between "
            f"the frames. Film with 30 per second or more."
        )
    if film.person_frames < film.frames:
        yield (
            f"The person was found in {film.person_frames} of {film.frames} frames; in the others the "
            f"angles are carried over with growing uncertainty."
        )
    if film.ambiguous_frames:
        yield (
            f"In {film.ambiguous_frames} frames another person was so close that it was unclear who is who; "
            f"they were left out. Check in the overlay video that the right person was followed."
        )
    if film.visibility < rules.hidden_visibility:
        yield (
            "Much of the body was hidden or hard to see: film the whole person, with nothing in between, "
            "in good light."
        )
    if not film.camera_fov_told:
        yield (
            f"The camera's field of view was not told and is taken as {film.camera_fov_deg:g} degrees "
            f"along the longer side of the picture."
        )
