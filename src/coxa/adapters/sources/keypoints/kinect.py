"""Joints of a Kinect v2: 25 a frame, in metres, x to the sensor's left, y up, z away from it.

Tables with named columns (wide or long), tables of bare numbers (KIMORE's ``JointPosition``), and NTU's
``.skeleton`` text. Joints that the sensor calls inferred are guesses, and are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from coxa.adapters.sources.held import HeldRecording
from coxa.adapters.sources.keypoints.columns import (
    Keys,
    column,
    first_key,
    index_of,
    keys_of,
    long_frames,
    times_in,
)
from coxa.adapters.sources.keypoints.layouts import plain
from coxa.adapters.sources.keypoints.picture import checked_times, rate_of
from coxa.adapters.sources.keypoints.seen import Floats
from coxa.adapters.sources.keypoints.space import Cloud, open_cloud
from coxa.app.request import ReadOptions
from coxa.catalog import loader
from coxa.model.errors import SourceError

_LEVEL = "the sensor is taken to be level: leans of the trunk are off by its tilt"
_AXES = "x, y, z of the sensor (left, up, away) are Z, Y, -X of the room"
#: The sensor's axes (left, up, away) to the room's (towards the sensor, up, its left).
_TO_ROOM = np.array([[0.0, 0.0, -1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
_TRACKED = 2
_COMPONENT = re.compile(r"^(?:position)?(x|y|z)$|^((?:tracking)?state)$")
_LONG = ("joint", "jointname", "jointtype", "jointid", "name")
#: Numbers a joint has in tables of bare numbers.
_BARE = (3, 4)


def _joints() -> dict[str, int]:
    return {plain(name): index for index, name in enumerate(loader.keypoint_formats()["kinect_v2"].points)}


def is_kinect_csv(header: Sequence[str]) -> bool:
    """Whether the columns are joints of a Kinect, wide or long."""
    keys = {plain(name) for name in header}
    long = bool(keys & set(_LONG)) and (
        keys >= {"x", "y", "z"} or keys >= {"positionx", "positiony", "positionz"}
    )
    return long or len({joint for joint, _ in _wide(header).values()}) >= 12


def open_kinect_csv(path: Path, table: pd.DataFrame, options: ReadOptions) -> HeldRecording:
    """Joints from a table with named columns.

    Raises:
        SourceError: what the file says makes no sense, or the frame rate is not told.
    """
    header = [str(name) for name in table.columns]
    keys = keys_of(header)
    try:
        wide = _wide(header)
        joints, time_s = _read_wide(table, wide, keys) if len(wide) >= 12 else _read_long(table, keys)
    except (ValueError, TypeError) as error:
        raise SourceError(f"{path}: {error}", "write the table again") from error
    return _open(path, joints, time_s, options)


def open_kinect_numbers(path: Path, rows: Floats, options: ReadOptions) -> HeldRecording:
    """Joints from a table of bare numbers, one row a frame, in the sensor's order.

    Raises:
        SourceError: not so many columns as 25 joints have, or the frame rate is not told.
    """
    while rows.shape[1] and np.isnan(rows[:, -1]).all():  # a comma at the end of every row
        rows = rows[:, :-1]
    time_s = None
    if rows.shape[1] - 1 in {25 * width for width in _BARE}:
        rows, time_s = rows[:, 1:], rows[:, 0]
    width = rows.shape[1] // 25
    if rows.shape[1] % 25 or width not in _BARE:
        raise SourceError(
            f"{path}: {rows.shape[1]} columns of numbers without names, which are not a Kinect v2's joints",
            "25 joints of x, y, z (75) or with their state (100) are read; other tables need a line of names",
        )
    joints = rows.reshape(len(rows), 25, width)
    state = joints[..., 3] if width == 4 else np.full(joints.shape[:2], float(_TRACKED))
    return _open(path, np.concatenate([joints[..., :3], state[..., None]], axis=-1), time_s, options)


def open_skeleton(path: Path, options: ReadOptions) -> HeldRecording:
    """NTU's ``.skeleton``: counts of frames, bodies and joints, each followed by what it counts.

    Raises:
        SourceError: damaged, nobody in it, or the frame rate is not told.
    """
    try:
        words = iter(path.read_text(encoding="utf-8").split())
        bodies = _skeleton_bodies(words)
    except (ValueError, StopIteration, RuntimeError) as error:
        raise SourceError(f"{path}: damaged or cut off: {error}", "get the file again") from error
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror or error}", "check its permissions") from error
    if not bodies:
        raise SourceError(f"{path}: nobody is in it", "record again")
    names = tuple(bodies)
    if options.person is not None and options.person not in bodies:
        raise SourceError(
            f"{path}: there is no person {options.person!r}", f"give --person one of: {', '.join(names)}"
        )
    most = max(names, key=lambda name: int(np.isfinite(bodies[name][..., 0]).sum()))
    return _open(path, bodies[options.person or most], None, options, names if len(names) > 1 else ())


def _skeleton_bodies(words: object) -> Mapping[str, Floats]:
    """Body -> (n_frames, 25, 4) x, y, z, state."""
    take = words.__next__  # type: ignore[attr-defined]
    n_frames = _count(take(), loader.keypoint_file_rules().max_frames)
    found: dict[str, dict[int, Floats]] = {}
    for frame in range(n_frames):
        for _ in range(_count(take(), 100)):
            body = take()
            for _ in range(9):
                take()
            joints = [[float(take()) for _ in range(12)] for _ in range(_count(take(), 25))]
            if len(joints) != 25:
                raise ValueError(f"{len(joints)} joints in frame {frame + 1}")
            found.setdefault(body, {})[frame] = np.array(joints)[:, [0, 1, 2, 11]]
    bodies = {}
    for number, frames in enumerate(found.values(), start=1):
        rows = np.full((n_frames, 25, 4), np.nan)
        for frame, joints_of in frames.items():
            rows[frame] = joints_of
        bodies[str(number)] = rows
    return bodies


def _count(word: str, most: int) -> int:
    count = int(word)
    if not 0 <= count <= most:
        raise ValueError(f"a count of {count}")
    return count


def _open(
    path: Path, joints: Floats, time_s: Floats | None, options: ReadOptions, people: tuple[str, ...] = ()
) -> HeldRecording:
    """``joints``: (n_frames, 25, 4) x, y, z, tracking state."""
    if not len(joints):
        raise SourceError(f"{path}: no frames", "check what wrote the file")
    if time_s is None or options.rate_hz is not None:
        rate_hz: float | None = rate_of(options, None, path)
        time_s = np.arange(len(joints)) / float(rate_hz or 1.0)
    else:
        time_s, rate_hz = checked_times(time_s, path)
    position = joints[..., :3].copy()
    guessed = np.isfinite(joints[..., 3]) & (joints[..., 3] < _TRACKED)
    position[guessed | (position == 0).all(axis=-1)] = np.nan
    layout = loader.keypoint_formats()["kinect_v2"]
    columns = list(layout.columns)
    notes: tuple[str, ...] = (_LEVEL,)
    if guessed[:, columns].any():
        notes += (f"{guessed[:, columns].mean():.0%} of the joints are the sensor's guesses: left out",)
    cloud = Cloud(
        path=path,
        title=layout.title,
        names=tuple(layout.landmarks.values()),
        position=position[:, columns],
        time_s=time_s - time_s[0],
        rate_hz=rate_hz,
        detector=layout.detector,
        to_room=_TO_ROOM,
        axes=_AXES,
        people=people,
        notes=notes,
    )
    return open_cloud(cloud, options)


def _wide(header: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Column -> joint and component."""
    joints = _joints()
    found = {}
    for name in header:
        key = plain(name)
        joint = max((one for one in joints if key.startswith(one)), key=len, default=None)
        match = _COMPONENT.match(key[len(joint) :]) if joint else None
        if joint and match:
            found[name] = joints[joint], "xyz".index(match[1]) if match[1] else 3
    return found


def _read_wide(
    table: pd.DataFrame, wide: Mapping[str, tuple[int, int]], keys: Keys
) -> tuple[Floats, Floats | None]:
    joints = np.full((len(table), 25, 4), np.nan)
    for name, (joint, component) in wide.items():
        joints[:, joint, component] = column(table, name)
    return joints, times_in(table, keys)


def _read_long(table: pd.DataFrame, keys: Keys) -> tuple[Floats, Floats | None]:
    by = first_key(keys, _LONG)
    joint = np.array([index_of(value, _joints()) for value in table[by]], np.int64)
    frame, _, time_s, first = long_frames(table, keys, joint, 25)
    joints = np.full((len(first), 25, 4), np.nan)
    wanted = (("x", "positionx"), ("y", "positiony"), ("z", "positionz"), ("state", "trackingstate"))
    for component, names in enumerate(wanted):
        name = first_key(keys, names)
        if name is not None:
            joints[frame, joint, component] = column(table, name)
    return joints, time_s
