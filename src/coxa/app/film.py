"""The quality of a film: what was decoded, how the person was seen, and what people should know of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coxa.app.blur import blur_px
from coxa.app.ports import VideoFrame, VideoInfo
from coxa.app.request import Request
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
        n_frames: frames decoded.
        duration_s: what they span.
        claimed_duration_s: what the container says of the whole film.
        truncated: the film ended before the container's claim.
        person_s: time in which the person was found.
        frames_without_person: frames in which the person was not found.
        frames_ambiguous: of these, frames left out because it was in doubt who is who.
        frames_swapped: frames whose left and right were exchanged to agree with the frames before.
        bystanders: other people in view.
        visibility: median over the person's frames of the mean visibility of the keypoints, 0..1.
        blur: median smear of the edges on the person, px; NaN where no edge was sharp enough to tell.
        camera_roll_deg: median lean of the upright person in the picture, ankles to shoulders, clockwise:
            how askew the camera stood, as far as a person's posture tells; NaN where nobody stood.
        notes: sentences a person should read before believing the result.
    """

    width_px: int
    height_px: int
    codec: str
    rotation_deg: int
    camera_fov_deg: float
    camera_fov_told: bool
    frame_rate_hz: float
    n_frames: int
    duration_s: float
    claimed_duration_s: float | None
    truncated: bool
    person_s: float
    frames_without_person: int
    frames_ambiguous: int
    frames_swapped: int
    bystanders: int
    visibility: float
    blur: float
    camera_roll_deg: float
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {**asdict(self), "notes": list(self.notes)}


class FilmLog:
    """Gathers the figures frame by frame; memory grows by a few numbers a frame."""

    def __init__(self, info: VideoInfo, rules: VideoRules) -> None:
        self._info = info
        self._rules = rules
        self._time_s: list[float] = []
        self._visibility: list[float] = []
        self._blur: list[float] = []
        self._blur_due_s = -np.inf
        self._lean_deg: list[float] = []
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
        lean_deg = _lean_deg(seen, names)
        if abs(lean_deg) <= self._rules.upright_lean_deg:
            self._lean_deg.append(lean_deg)
        if frame.time_s >= self._blur_due_s:
            self._blur_due_s = frame.time_s + self._rules.blur_every_s
            self._blur.extend(blur_px(_around(seen, frame.rgb)))

    @property
    def person_s(self) -> float:
        """Time in which the person was found so far."""
        if len(self._time_s) < 2:
            return len(self._visibility) / self._info.frame_rate_hz
        return len(self._visibility) * (self._time_s[-1] - self._time_s[0]) / (len(self._time_s) - 1)

    def conclude(self, request: Request, tracked: Mapping[str, int]) -> Film:
        """The film's figures, once it has ended; ``tracked`` is the tracker's summary.

        Raises:
            NothingToMeasureError: no frame, no person, a person too briefly, or upside down.
        """
        film = self._figures(request, tracked)
        self._require_frames(film, request.start_s)
        self._require_person(film)
        return replace(film, notes=tuple(_notes(film, self._rules)))

    def _figures(self, request: Request, tracked: Mapping[str, int]) -> Film:
        info, n_frames, n_seen = self._info, len(self._time_s), len(self._visibility)
        step_s = float(np.median(np.diff(self._time_s))) if n_frames > 1 else 1.0 / info.frame_rate_hz
        end_s = self._time_s[-1] + step_s if n_frames else request.start_s
        return Film(
            width_px=info.width_px,
            height_px=info.height_px,
            codec=info.codec,
            rotation_deg=info.rotation_deg,
            camera_fov_deg=request.camera.fov_deg or self._rules.assumed_fov_deg,
            camera_fov_told=request.camera.fov_deg is not None,
            frame_rate_hz=1.0 / step_s,
            n_frames=n_frames,
            duration_s=end_s - self._time_s[0] if n_frames else 0.0,
            claimed_duration_s=info.duration_s,
            truncated=self._is_truncated(end_s, request.end_s),
            person_s=self.person_s,
            frames_without_person=n_frames - n_seen,
            frames_ambiguous=tracked.get("ambiguous", 0),
            frames_swapped=self._swapped,
            bystanders=tracked.get("bystanders", 0),
            visibility=float(np.median(self._visibility)) if n_seen else 0.0,
            blur=float(np.median(self._blur)) if self._blur else float("nan"),
            camera_roll_deg=float(np.median(self._lean_deg)) if self._lean_deg else float("nan"),
        )

    def _is_truncated(self, end_s: float, to_s: float | None) -> bool:
        claimed_s = self._info.duration_s
        if claimed_s is None:
            return False
        wanted_s = claimed_s if to_s is None else min(to_s, claimed_s)
        return wanted_s - end_s > self._rules.truncated_s

    def _require_frames(self, film: Film, from_s: float) -> None:
        if film.n_frames == 0:
            raise NothingToMeasureError(
                f"{self._info.path}: there is no picture from {from_s:g} s on",
                "choose --from and --to within the film",
            )

    def _require_person(self, film: Film) -> None:
        path, least_s = self._info.path, self._rules.min_person_s
        framing = "film the whole person, head to feet, in good light, alone and from 2 to 4 m away"
        if film.person_s == 0:
            raise NothingToMeasureError(f"{path}: no person was found in {film.n_frames} frames", framing)
        if film.person_s < least_s:
            raise NothingToMeasureError(
                f"{path}: a person is in view for {film.person_s:.2f} s only, less than {least_s:g} s",
                framing,
            )
        share = self._inverted / len(self._visibility)
        if share >= self._rules.upside_down_share:
            raise NothingToMeasureError(
                f"{path}: the film is upside down (feet above the head in {share:.0%} of the frames)",
                "turn the film by 180 degrees with any video editor, and measure it again",
            )


def _around(seen: Keypoints, rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The part of the picture that holds the keypoints."""
    height, width = rgb.shape[:2]
    low = np.clip(seen.position_px.min(axis=0), 0, (width, height)).astype(int)
    high = np.clip(seen.position_px.max(axis=0) + 1, 0, (width, height)).astype(int)
    return rgb[low[1] : high[1], low[0] : high[0]]


def _is_inverted(seen: Keypoints, names: tuple[str, ...]) -> bool:
    """Whether ankles are above knees, above hips, above shoulders in the picture (y points down)."""
    heights = [
        np.mean([seen.position_px[names.index(f"{side}_{part}"), 1] for side in SIDES])
        for part in _UPWARDS_IF_INVERTED
        if f"{SIDES[0]}_{part}" in names
    ]
    return len(heights) > 1 and bool(np.all(np.diff(heights) > 0))


def _lean_deg(seen: Keypoints, names: tuple[str, ...]) -> float:
    """Lean of the line from ankles to shoulders against the picture's vertical, clockwise; NaN unknown."""
    if not all(f"{side}_{part}" in names for side in SIDES for part in ("ankle", "shoulder")):
        return float("nan")
    ends = [
        np.mean([seen.position_px[names.index(f"{side}_{part}")] for side in SIDES], axis=0)
        for part in ("ankle", "shoulder")
    ]
    right, down = ends[1] - ends[0]
    return float(np.degrees(np.arctan2(right, -down)))


def _notes(film: Film, rules: VideoRules) -> Iterator[str]:
    if film.truncated and film.claimed_duration_s:
        share = film.duration_s / film.claimed_duration_s
        yield (
            f"The file is cut short or damaged: {film.duration_s:.1f} s of {film.claimed_duration_s:.1f} s "
            f"({share:.0%}) could be decoded and were measured."
        )
    if film.frame_rate_hz < rules.low_frame_rate_hz:
        yield (
            f"The frame rate is low ({film.frame_rate_hz:.1f} per second): fast movement falls between "
            f"the frames. Film with 30 per second or more."
        )
    if film.frames_without_person:
        found = film.n_frames - film.frames_without_person
        yield (
            f"The person was found in {found} of {film.n_frames} frames; in the others the angles are "
            f"carried over with growing uncertainty."
        )
    if film.frames_ambiguous:
        yield (
            f"In {film.frames_ambiguous} frames another person was so close that it was unclear who is who; "
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
