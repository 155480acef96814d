"""netCDF files: our own recordings and motions, and pose tracks in the layout of ``movement``."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import xarray as xr

from coxa.adapters.described import FRAMES, Promise, promised, recording_of
from coxa.adapters.sources.hdf5_probe import require_sound
from coxa.adapters.sources.held import HeldRecording
from coxa.adapters.sources.keypoints.movement import is_movement, open_movement
from coxa.adapters.sources.measured import motion_recording
from coxa.adapters.sources.ours import header_of, told
from coxa.app.ports import RecordingReader
from coxa.app.request import ReadOptions
from coxa.model.errors import SourceError
from coxa.model.motion import Observability

_KEY = "coxa_recording"
_ENGINE = "h5netcdf"
_DAMAGED = "the file is damaged or cut off: write it again"
_EXPECTED = (
    "expected is a recording or motion of Coxa, or pose tracks as movement writes them (position over time, "
    "space, keypoint, individual); DeepLabCut's and SLEAP's own .h5 files: load them with movement and save "
    "with to_netcdf"
)
#: What damaged HDF5 makes the libraries below raise.
_BROKEN = (OSError, ValueError, KeyError, RuntimeError, TypeError, AttributeError, IndexError, MemoryError)


def open_netcdf(path: Path, options: ReadOptions) -> RecordingReader:
    """A netCDF file.

    Raises:
        SourceError: damaged, of no known layout, or something is not told.
    """
    require_sound(path)
    try:
        with xr.open_dataset(path, engine=_ENGINE, decode_times=False) as file:
            text = file.attrs.get(_KEY)
            if text is not None:
                return _ours(path, str(text), options)
            data = file.load()
        if is_movement(data):
            return open_movement(path, data, options)
        if {"value_deg", "sd_deg"} <= set(data) and {"time_s", "coordinate"} <= set(data.dims):
            return _motion(path, data)
    except _BROKEN as error:
        if isinstance(error, PermissionError):
            raise SourceError(f"{path}: permission denied", "check its permissions") from error
        words = (str(error) or type(error).__name__).split("\n")[0][:300]
        raise SourceError(f"{path}: cannot be read as netCDF: {words}", _DAMAGED) from error
    found = ", ".join(map(str, list(data.variables)[:8])) or "nothing that xarray sees"
    raise SourceError(f"{path}: a netCDF file with {found}", _EXPECTED)


def _ours(path: Path, text: str, options: ReadOptions) -> HeldRecording:
    description = json.loads(text)
    if not isinstance(description, dict):
        raise ValueError("the description is not one")
    arrays = {name: _arrays(path, name, promise) for name, promise in promised(description).items()}
    recording = recording_of(description, arrays[FRAMES][0], arrays)
    return HeldRecording(header_of(path, "netCDF recording of Coxa", recording), told(recording, options))


def _arrays(path: Path, name: str, promise: Promise) -> tuple[np.ndarray, np.ndarray]:
    """Times (n_times,) and values (n_times, n_points, n_components) of one group."""
    with xr.open_dataset(path, group=name, engine=_ENGINE, decode_times=False) as data:
        if promise.points and tuple(map(str, data.coords["point"].values)) != promise.points:
            raise ValueError(f"{name} has other points than its description")
        parts = [data[component].transpose("time_s", "point").values for component in promise.components]
        time_s = np.asarray(data.coords["time_s"].values, float)
        return time_s, np.stack(parts, axis=2).astype(float)


def _motion(path: Path, data: xr.Dataset) -> HeldRecording:
    cells = [
        np.asarray(data[name].transpose("time_s", "coordinate").values, float)
        for name in ("value_deg", "sd_deg")
    ]
    seen = np.ones(cells[0].shape, bool)
    if "observability" in data:
        level = data["observability"].transpose("time_s", "coordinate").values
        seen = np.asarray(level != Observability.NOT_OBSERVABLE)
    names = tuple(map(str, data.coords["coordinate"].values))
    time_s = np.asarray(data.coords["time_s"].values, float)
    return HeldRecording(*motion_recording(path, time_s, names, (cells[0], cells[1]), seen))
