"""Keypoints that are already in space: units told by the thighs, the vertical by the body, room axes made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.sources.held import HeldRecording
from coxa.adapters.sources.keypoints.picture import detector_of
from coxa.adapters.sources.keypoints.seen import Floats
from coxa.app.ports import SourceHeader
from coxa.app.request import ReadOptions
from coxa.catalog import loader
from coxa.model.channels import SpacePoints
from coxa.model.errors import SourceError
from coxa.model.recording import Recording, Subject

_UNITS = (("m", 1.0), ("cm", 0.01), ("mm", 0.001))
#: Upward axis of a file -> rotation to the room's axes, Y up.
_TO_ROOM = {
    "+x": np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]]),
    "-x": np.array([[0.0, 1, 0], [-1, 0, 0], [0, 0, 1]]),
    "+y": np.eye(3),
    "-y": np.diag([1.0, -1, -1]),
    "+z": np.array([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]]),
    "-z": np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]]),
}


@dataclass(frozen=True, slots=True)
class Cloud:
    """Points of one person in space, as a file has them.

    Attributes:
        path: the file.
        title: of the format.
        names: landmarks, (n_points,).
        position: (n_frames, n_points, 3) in the file's units and axes; NaN = missing.
        time_s: (n_frames,).
        rate_hz: None: not constant.
        detector: whose points they are, unless told otherwise.
        to_room: (3, 3) the file's axes turned into the room's; None: the body tells which way is up.
        axes: how they were turned, for people to read.
        people: whom the file holds.
        notes: for people to read.
    """

    path: Path
    title: str
    names: tuple[str, ...]
    position: Floats
    time_s: Floats
    rate_hz: float | None
    detector: str
    to_room: Floats | None = None
    axes: str = ""
    people: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def open_cloud(cloud: Cloud, options: ReadOptions) -> HeldRecording:
    """The recording of a person in space.

    Raises:
        SourceError: no point is there, or no unit of length fits a body.
    """
    detector = detector_of(options, cloud.detector)
    finite = np.isfinite(cloud.position).all(axis=-1, keepdims=True)
    position = np.where(finite, cloud.position, np.nan)
    if not finite.any():
        raise SourceError(f"{cloud.path}: not one point is there", "check what wrote the file")
    unit, factor, notes = _unit(cloud, position)
    position, far = _within(position * factor)
    to_room, axes = cloud.to_room, cloud.axes
    if to_room is None:
        up = _up(cloud.names, position)
        to_room, axes = _TO_ROOM[up], f"the file's {up} is up, as the body stands"
        notes += (
            "the vertical is the file's axis nearest to the standing body: leans are off by what it lacks",
        )
    position = position @ to_room.T
    noise = loader.detectors()[detector].landmarks
    sd_m = np.array([noise[name].noise_m if name in noise else np.nan for name in cloud.names])
    header = SourceHeader(
        path=cloud.path,
        format=cloud.title,
        people=cloud.people,
        n_frames=len(cloud.time_s),
        rate_hz=cloud.rate_hz,
        units=unit,
        axes=axes,
        notes=cloud.notes + notes + far + _mirrored(cloud.names, position),
    )
    points = SpacePoints(cloud.names, position, sd_m, detector)
    subject = Subject(height_m=options.height_m)
    return HeldRecording(
        header, Recording(cloud.time_s, space_points=(points,), subject=subject, source=cloud.path.name)
    )


def _unit(cloud: Cloud, position: Floats) -> tuple[str, float, tuple[str, ...]]:
    """Unit of length, in metres, and notes: the one in which thighs are as long as thighs are."""
    thighs = [
        np.linalg.norm(
            _point(cloud.names, position, f"{side}_hip") - _point(cloud.names, position, f"{side}_knee"),
            axis=-1,
        )
        for side in ("left", "right")
    ]
    seen = np.concatenate(thighs)
    seen = seen[np.isfinite(seen)]
    if not len(seen):
        return "m", 1.0, ("no thigh is seen to tell the unit of length: metres are assumed",)
    thigh = float(np.median(seen))
    low, high = loader.keypoint_file_rules().thigh_m
    for unit, factor in _UNITS:
        if low <= thigh * factor <= high:
            note = f"thighs of {thigh:.3g} are taken as {unit}" if unit != "m" else ""
            return unit, factor, (note,) if note else ()
    raise SourceError(
        f"{cloud.path}: thighs are {thigh:.3g} long, which is no thigh in metres, centimetres or millimetres",
        "write absolute positions of the joints in metres",
    )


def _within(position_m: Floats) -> tuple[Floats, tuple[str, ...]]:
    """Points out of all reach are errors: left out, and counted in a note."""
    limit = loader.keypoint_file_rules().max_place_m
    with np.errstate(invalid="ignore"):
        far = np.asarray((np.abs(position_m) > limit).any(axis=-1))
    if not far.any():
        return position_m, ()
    note = f"{int(far.sum())} points further than {limit:g} m away are left out"
    return np.where(far[..., None], np.nan, position_m), (note,)


def _point(names: tuple[str, ...], position: Floats, name: str) -> Floats:
    if name in names:
        return position[:, names.index(name)]
    return np.full((len(position), 3), np.nan)


def _median(rows: Floats) -> Floats:
    """(3,) median of the rows that are there; zero without any."""
    rows = rows[np.isfinite(rows).all(axis=1)]
    return np.median(rows, axis=0) if len(rows) else np.zeros(3)


def _up(names: tuple[str, ...], position: Floats) -> str:
    """The axis along which shoulders are above hips, and hips above ankles."""
    rise = np.zeros(3)
    for side in ("left", "right"):
        at = {part: _point(names, position, f"{side}_{part}") for part in ("shoulder", "hip", "ankle")}
        rise += _median(at["shoulder"] - at["hip"]) + _median(at["hip"] - at["ankle"])
    axis = int(np.argmax(np.abs(rise)))
    return ("-" if rise[axis] < 0 else "+") + "xyz"[axis] if rise.any() else "+y"


def _mirrored(names: tuple[str, ...], position: Floats) -> tuple[str, ...]:
    """A note where the toes point backwards: left and right, or an axis, are the wrong way round."""
    right = sum(
        np.nan_to_num(_point(names, position, f"right_{part}") - _point(names, position, f"left_{part}"))
        for part in ("hip", "shoulder")
    )
    forward = np.cross([0.0, 1.0, 0.0], np.asarray(right))
    wrong: list[NDArray[np.bool_]] = []
    for side in ("left", "right"):
        foot = _point(names, position, f"{side}_foot_index") - _point(names, position, f"{side}_ankle")
        along = np.atleast_1d(np.sum(forward * foot, axis=-1))
        wrong.append(np.asarray(along[np.isfinite(along)] < 0))
    back = np.concatenate(wrong)
    if len(back) and back.mean() >= loader.keypoint_file_rules().mirrored_share:
        return ("the toes point backwards: left and right are exchanged, or an axis is mirrored",)
    return ()
