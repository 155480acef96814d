"""Files that ``coxa measure`` wrote: ``motion.parquet`` and ``keypoints.parquet``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coxa.adapters.plain_values import read_fields
from coxa.adapters.sources.held import HeldRecording
from coxa.adapters.sources.keypoints.picture import camera_of, detector_of
from coxa.adapters.sources.ours import header_of, told
from coxa.app.request import ReadOptions
from coxa.model.channels import ImagePoints, JointAngles
from coxa.model.errors import SourceError
from coxa.model.motion import Observability
from coxa.model.recording import Recording, Subject

Floats = NDArray[np.float64]

#: Whose names and signs a motion of ours has.
CONVENTION = "coxa"
_UNTOLD_DETECTOR = "blazepose_heavy"


def open_motion_table(path: Path, table: pd.DataFrame) -> HeldRecording:
    """The angles of a motion; what was not observable is missing.

    Raises:
        ValueError: the rows are not one for each frame and coordinate.
    """
    time_s, names, cells = _pivoted(table, "coordinate", ("value_deg", "sd_deg"))
    seen = _seen(table, len(time_s), len(names))
    return HeldRecording(*motion_recording(path, time_s, names, (cells[..., 0], cells[..., 1]), seen))


def motion_recording(
    path: Path, time_s: Floats, names: tuple[str, ...], cells: tuple[Floats, Floats], seen: NDArray[np.bool_]
) -> tuple[Any, Recording]:
    """Header and recording of angles in degrees (n_frames, n_coordinates), hidden where not ``seen``."""
    value, sd = (np.radians(np.where(seen, one, np.nan)) for one in cells)
    angles = JointAngles(names, value, sd, np.ones(len(names), bool), CONVENTION)
    recording = Recording(time_s, angles=(angles,), source=path.name)
    notes = ("what was not observable is missing",) if not seen.all() else ()
    return header_of(path, "motion of Coxa", recording, notes), recording


def open_keypoints_table(
    path: Path, table: pd.DataFrame, description: Mapping[str, Any] | None, options: ReadOptions
) -> HeldRecording:
    """The keypoints that a measurement saw, of all its cameras.

    Raises:
        ValueError: the rows are not one for each frame, camera and landmark.
        SourceError: an older file, that does not say what its camera was.
    """
    columns = ("x_px", "y_px", "visibility", "depth_m")
    cameras = np.unique(table["camera"])
    time_s = np.unique(np.asarray(table["time_s"], float))
    channels = []
    notes: tuple[str, ...] = ()
    for index, camera in enumerate(cameras):
        here, names, cells = _pivoted(table[table["camera"] == camera], "landmark", columns)
        if not np.array_equal(here, time_s):
            raise ValueError(f"camera {camera} lacks frames")
        bare, notes = _camera(path, description, index, names, options)
        if bare.names != names:
            cells = cells[:, [names.index(name) for name in bare.names]]
        channels.append(
            replace(bare, position_px=cells[..., :2], visibility=cells[..., 2], depth_m=cells[..., 3])
        )
    subject = Subject()
    if description is not None and isinstance(description.get("subject"), dict):
        subject = read_fields(Subject, description["subject"], {})
    recording = Recording(time_s, image_points=tuple(channels), subject=subject, source=path.name)
    return HeldRecording(header_of(path, "keypoints of Coxa", recording, notes), told(recording, options))


def _camera(
    path: Path,
    description: Mapping[str, Any] | None,
    index: int,
    names: tuple[str, ...],
    options: ReadOptions,
) -> tuple[ImagePoints, tuple[str, ...]]:
    """The channel without frames, as described, else as told."""
    none = np.zeros((0, len(names)))
    timed = {"position_px": np.zeros((0, len(names), 2)), "visibility": none, "depth_m": none}
    if description is not None:
        return read_fields(ImagePoints, description["image_points"][index], timed), ()
    if options.picture_px is None:
        raise SourceError(f"{path}: nothing says how large the picture is", "tell it with --picture WxH")
    camera, notes = camera_of(*options.picture_px, options.camera)
    detector = detector_of(options, _UNTOLD_DETECTOR)
    return ImagePoints(names, timed["position_px"], none, none, camera, detector), notes


def _pivoted(
    table: pd.DataFrame, by: str, columns: tuple[str, ...]
) -> tuple[Floats, tuple[str, ...], Floats]:
    """Times, names in order of appearance, cells (n_frames, n_names, n_columns)."""
    if lacking := [name for name in ("time_s", by, *columns) if name not in table.columns]:
        raise ValueError(f"there is no column {', '.join(lacking)}")
    when = np.asarray(table["time_s"], float)
    if not np.isfinite(when).all():
        raise ValueError("a row without a time")
    codes, words = pd.factorize(table[by].astype(str))
    time_s, frame = np.unique(when, return_inverse=True)
    flat = frame * len(words) + codes
    if len(np.unique(flat)) < len(flat) or len(flat) != len(time_s) * len(words):
        raise ValueError(f"not one row for each frame and {by}")
    cells = np.full((len(flat), len(columns)), np.nan)
    cells[flat] = np.stack([np.asarray(table[name], float) for name in columns], axis=1)
    return time_s, tuple(str(word) for word in words), cells.reshape(len(time_s), len(words), len(columns))


def _seen(table: pd.DataFrame, n_frames: int, n_names: int) -> NDArray[np.bool_]:
    """(n_frames, n_names) where a coordinate was observable, be it weakly; without the column everywhere."""
    if "observability" not in table.columns:
        return np.ones((n_frames, n_names), bool)
    hidden = Observability.NOT_OBSERVABLE.label
    marked = table.assign(seen=(table["observability"].astype(str) != hidden).astype(float))
    _, _, cells = _pivoted(marked, "coordinate", ("seen",))
    return np.asarray(cells[..., 0] > 0)
