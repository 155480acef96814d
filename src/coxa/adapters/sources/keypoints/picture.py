"""From followed people to a recording: time, picture, camera, landmarks; what is not told is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.sources.held import HeldRecording
from coxa.adapters.sources.keypoints.people import chosen, tracks_of
from coxa.adapters.sources.keypoints.seen import Floats, Seen
from coxa.app.one_camera import CameraTold, single_camera
from coxa.app.ports import SourceHeader
from coxa.app.request import ReadOptions
from coxa.catalog import loader
from coxa.model.camera import Camera
from coxa.model.channels import ImagePoints
from coxa.model.errors import SourceError
from coxa.model.recording import Recording, Subject
from coxa.specs.keypoints import KeypointFormat


@dataclass(frozen=True, slots=True)
class Film:
    """Everything a file says of a film.

    Attributes:
        path: of the file or folder.
        layout: whose points they are.
        frames: number of the frame -> everybody in it.
        time_s: number of the frame -> its time, where the file says.
        rate_hz: where the file says.
        picture_px: width and height, where the file says.
        normalised: whether positions are shares of the picture; None: to be told from their size.
        notes: for people to read.
    """

    path: Path
    layout: KeypointFormat
    frames: Mapping[int, Sequence[Seen]]
    time_s: Mapping[int, float] | None = None
    rate_hz: float | None = None
    picture_px: tuple[int, int] | None = None
    normalised: bool | None = None
    notes: tuple[str, ...] = ()


def open_film(film: Film, options: ReadOptions) -> HeldRecording:
    """The recording of one person of a film.

    Raises:
        SourceError: nobody in it, or a frame rate, picture size or detector that is not told or not sane.
    """
    if not film.frames:
        raise SourceError(f"{film.path}: no frames", "check what wrote the file")
    numbers = _numbers(film)
    time_s, rate_hz = _times(film, numbers, options.rate_hz)
    tracks = tracks_of(film.frames)
    track, notes = chosen(tracks, options.person, film.path)
    width_px, height_px = _picture(film, options)
    position, visibility, depth_m = _arrays(track.frames, numbers, film.layout)
    position, scaled = _in_pixels(film, position, (width_px, height_px))
    missing = len(numbers) - len(film.frames)
    if missing:
        notes += (f"{missing} of {len(numbers)} frames are missing in the numbering: left open",)
    camera, assumed = camera_of(width_px, height_px, options.camera)
    points = ImagePoints(
        names=tuple(film.layout.landmarks.values()),
        position_px=position,
        visibility=visibility,
        depth_m=depth_m,
        camera=camera,
        detector=detector_of(options, film.layout.detector),
    )
    recording = Recording(
        time_s,
        image_points=(points,),
        subject=Subject(height_m=options.height_m),
        source=film.path.name,
    )
    header = SourceHeader(
        path=film.path,
        format=film.layout.title,
        people=tuple(one.name for one in tracks) if len(tracks) > 1 else (),
        n_frames=len(numbers),
        rate_hz=rate_hz,
        units="px",
        axes="x right, y down in the picture",
        notes=film.notes + notes + scaled + assumed,
    )
    return HeldRecording(header, recording)


def detector_of(options: ReadOptions, usual: str) -> str:
    """Whose keypoints they are.

    Raises:
        SourceError: a detector that is not in the catalogue.
    """
    if options.detector is None:
        return usual
    known = loader.detectors()
    if options.detector not in known:
        raise SourceError(
            f"there is no detector {options.detector!r}", f"name one of: {', '.join(sorted(known))}"
        )
    return options.detector


def camera_of(width_px: int, height_px: int, told: CameraTold) -> tuple[Camera, tuple[str, ...]]:
    """The camera of a single film, and a note where its field of view is assumed.

    Raises:
        SourceError: a field of view that no camera has.
    """
    rules = loader.video_rules()
    if told.fov_deg is not None and not 0 < told.fov_deg < 180:
        raise SourceError(
            f"a field of view of {told.fov_deg:g} degrees", "give --camera-fov-deg between 0 and 180"
        )
    camera = single_camera(width_px, height_px, told, rules)
    fov_deg = rules.assumed_fov_deg
    note = f"the field of view is not told and taken as {fov_deg:g} degrees (--camera-fov-deg tells it)"
    return camera, (() if told.fov_deg is not None else (note,))


def rate_of(options: ReadOptions, in_file_hz: float | None, where: object) -> float:
    """Frames per second: as told, else as the file says.

    Raises:
        SourceError: nobody says, or what is said is no rate.
    """
    rate_hz = in_file_hz if options.rate_hz is None else options.rate_hz
    if rate_hz is None:
        raise SourceError(
            f"{where}: the file does not say how many frames a second it has", "tell it with --rate-hz"
        )
    low, high = loader.keypoint_file_rules().rate_hz
    if not low <= rate_hz <= high:
        raise SourceError(f"{where}: {rate_hz:g} frames a second", "tell the true rate with --rate-hz")
    return float(rate_hz)


def _numbers(film: Film) -> NDArray[np.int64]:
    """All numbers from the first frame to the last, those missing in between included."""
    rules = loader.keypoint_file_rules()
    present = sorted(film.frames)
    count = present[-1] - present[0] + 1
    if count > rules.max_frames or count > (rules.max_missing_ratio + 1) * len(present) + 1:
        raise SourceError(
            f"{film.path}: {len(present)} frames are numbered from {present[0]} to {present[-1]}",
            "number the frames one after the other",
        )
    if film.time_s is not None:  # frames with times of their own need no filling
        return np.array(present, np.int64)
    return np.arange(present[0], present[-1] + 1, dtype=np.int64)


def _times(film: Film, numbers: NDArray[np.int64], told_hz: float | None) -> tuple[Floats, float | None]:
    if film.time_s is None or told_hz is not None:
        rate_hz = rate_of(ReadOptions(rate_hz=told_hz), film.rate_hz, film.path)
        return (numbers - numbers[0]) / rate_hz, rate_hz
    time_s = np.array([film.time_s[number] for number in numbers.tolist()])
    return checked_times(time_s, film.path)


def checked_times(time_s: Floats, where: object) -> tuple[Floats, float | None]:
    """Times (n_frames,) that increase, and their rate where it is constant.

    Raises:
        SourceError: they are not numbers, or do not increase.
    """
    if not np.isfinite(time_s).all():
        raise SourceError(f"{where}: a frame has no time", "write the time of every frame, or leave it out")
    back = np.flatnonzero(np.diff(time_s) <= 0)
    if len(back):
        raise SourceError(
            f"{where}: after frame {back[0] + 1} time goes from {time_s[back[0]]:g} to "
            f"{time_s[back[0] + 1]:g} s",
            "sort the frames by time and leave doubles out, or give --rate-hz",
        )
    if len(time_s) < 2:
        return time_s, None
    steps = np.diff(time_s)
    low, high = loader.keypoint_file_rules().rate_hz
    if not 1.0 / high <= float(np.median(steps)) <= 1.0 / low:
        raise SourceError(
            f"{where}: its frames are {np.median(steps):g} s apart",
            "write times in seconds, or give --rate-hz",
        )
    constant = np.ptp(steps) < 0.02 * np.median(steps)
    return time_s, float(1.0 / np.median(steps)) if constant else None


def _picture(film: Film, options: ReadOptions) -> tuple[int, int]:
    size = options.picture_px or film.picture_px
    if size is None:
        raise SourceError(
            f"{film.path}: the file does not say how large the picture is", "tell it with --picture WxH"
        )
    if min(size) <= 0 or max(size) > 1 << 16:
        raise SourceError(
            f"{film.path}: a picture of {size[0]} x {size[1]} pixels", "tell it with --picture WxH"
        )
    return size


def _arrays(
    frames: Mapping[int, Seen], numbers: NDArray[np.int64], layout: KeypointFormat
) -> tuple[Floats, Floats, Floats]:
    """Position (n_frames, n_landmarks, 2), visibility and depth (n_frames, n_landmarks)."""
    columns = list(layout.columns)
    row = {number: index for index, number in enumerate(numbers.tolist())}
    position = np.full((len(numbers), len(columns), 2), np.nan)
    visibility = np.zeros(position.shape[:2])
    depth_m = np.full(position.shape[:2], np.nan)
    for number, seen in frames.items():
        index = row[number]
        position[index] = seen.position[columns]
        visibility[index] = seen.visibility[columns]
        depth_m[index] = seen.depth_m[columns]
    return position, visibility, depth_m


def _in_pixels(film: Film, position: Floats, size: tuple[int, int]) -> tuple[Floats, tuple[str, ...]]:
    rules = loader.keypoint_file_rules()
    if np.isnan(position).all():
        raise SourceError(f"{film.path}: not one point of the person is there", "check the detector's output")
    notes: tuple[str, ...] = ()
    shares = film.normalised
    if shares is None:
        shares = bool(np.nanmax(np.abs(position)) <= rules.normalised_limit)
        notes = ("positions are shares of the picture, not pixels: scaled",) if shares else ()
        if shares and np.nanquantile(position, 0.1) < 0:
            raise SourceError(
                f"{film.path}: positions run from {np.nanmin(position):.2g} to {np.nanmax(position):.2g}: "
                "neither pixels nor shares of the picture",
                "write pixels (OpenPose: --keypoint_scale 0)",
            )
    if shares:
        position = position * np.array(size)
    with np.errstate(invalid="ignore"):
        outside = (position < 0) | (position > np.array(size))
    if outside.any(axis=-1).sum() >= rules.outside_share * np.isfinite(position[..., 0]).sum():
        low, high = np.nanmin(position, axis=(0, 1)), np.nanmax(position, axis=(0, 1))
        raise SourceError(
            f"{film.path}: most points lie outside a picture of {size[0]} x {size[1]} pixels "
            f"(x {low[0]:.0f} to {high[0]:.0f}, y {low[1]:.0f} to {high[1]:.0f})",
            "tell the true size of the picture with --picture WxH",
        )
    return position, notes
