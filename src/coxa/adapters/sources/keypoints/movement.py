"""Pose tracks in the layout of ``movement``: what DeepLabCut, SLEAP and others are brought to.

Dimensions time, space, keypoints and individuals (newer: keypoint and individual), variables position and
confidence, attributes fps, time_unit and source_software.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import xarray as xr

from coxa.adapters.own_file import read_own
from coxa.adapters.sources.held import HeldRecording
from coxa.adapters.sources.keypoints.layouts import landmark_names, plain
from coxa.adapters.sources.keypoints.picture import Film, checked_times, open_film, rate_of
from coxa.adapters.sources.keypoints.seen import Floats, Seen
from coxa.adapters.sources.keypoints.space import Cloud, open_cloud
from coxa.app.request import ReadOptions
from coxa.model.errors import SourceError
from coxa.specs.keypoints import KeypointFormat, PointMapping

_KEYPOINT = ("keypoint", "keypoints")
_INDIVIDUAL = ("individual", "individuals")
_DETECTOR = "trained_keypoints"


def is_movement(data: xr.Dataset) -> bool:
    """Whether a dataset has pose tracks in this layout."""
    dims = set(data["position"].dims) if "position" in data else set()
    return {"time", "space"} <= dims and bool(dims & set(_KEYPOINT))


def open_movement(path: Path, data: xr.Dataset, options: ReadOptions) -> HeldRecording:
    """The recording of one individual.

    Raises:
        SourceError: what the file says makes no sense, no point has a known name, or something is not told.
    """
    position, confidence, names, individuals = _arrays(path, data)
    landmarks = _landmarks(path, names, options.mapping)
    software = str(data.attrs.get("source_software") or "pose tracks")
    layout = KeypointFormat(
        version=1,
        name="movement",
        title=f"{software} (movement)",
        detector=_DETECTOR,
        source=path.name,
        trust="DESIGN",
        points=names,
        landmarks=landmarks,
    )
    unused = [name for name in names if name not in landmarks]
    notes = (f"not used: {', '.join(unused)}",) if unused else ()
    time_s, rate_hz = _times(path, data, options)
    if position.shape[1] == 3:
        return _in_space(path, layout, position, (time_s, rate_hz), individuals, options, notes)
    frames = {
        index: [
            Seen.of(position[index, :, :, who].T, confidence[index, :, who], label=name)
            for who, name in enumerate(individuals)
            if np.isfinite(position[index, :, :, who]).any()
        ]
        for index in range(len(position))
    }
    film = Film(path, layout, frames, dict(enumerate(time_s.tolist())), normalised=None, notes=notes)
    return open_film(film, replace(options, rate_hz=None))


def _arrays(path: Path, data: xr.Dataset) -> tuple[Floats, Floats, tuple[str, ...], tuple[str, ...]]:
    """Position (n_frames, 2 or 3, n_points, n_people), confidence (n_frames, n_points, n_people), names."""
    position = data["position"]
    keypoint = next(name for name in _KEYPOINT if name in position.dims)
    individual = next((name for name in _INDIVIDUAL if name in position.dims), None)
    if individual is None:
        individual = _INDIVIDUAL[0]
        data = data.expand_dims({individual: ["1"]})
        position = data["position"]
    order = ("time", "space", keypoint, individual)
    if set(position.dims) != set(order):
        raise SourceError(
            f"{path}: position has dimensions {', '.join(map(str, position.dims))}", _expected()
        )
    axes = (
        [str(name) for name in np.atleast_1d(data.coords["space"].values)] if "space" in data.coords else []
    )
    if axes not in (["x", "y"], ["x", "y", "z"]):
        raise SourceError(
            f"{path}: the dimension space is {', '.join(axes) or 'not named'}", "name it x, y (, z)"
        )
    values = np.asarray(position.transpose(*order).values, float)
    known = "confidence" in data and set(data["confidence"].dims) == {"time", keypoint, individual}
    confidence = (
        np.asarray(data["confidence"].transpose("time", keypoint, individual).values, float)
        if known
        else np.full((len(values), *values.shape[2:]), np.nan)
    )
    if np.isnan(confidence).all():
        confidence = np.ones_like(confidence)
    names = _names(path, data, keypoint, values.shape[2])
    return values, confidence, names, _names(path, data, individual, values.shape[3])


def _names(path: Path, data: xr.Dataset, dim: str, count: int) -> tuple[str, ...]:
    if dim not in data.coords:
        return tuple(f"{dim}_{index}" for index in range(count))
    names = tuple(str(name) for name in np.atleast_1d(data.coords[dim].values))
    if len(set(names)) < len(names):
        raise SourceError(
            f"{path}: a {dim.removesuffix('s')} is named twice", "give every one a name of its own"
        )
    return names


def _expected() -> str:
    return "expected are time, space, keypoint and individual, as movement writes them"


def _landmarks(path: Path, names: tuple[str, ...], mapping: Path | None) -> dict[str, str]:
    """The file's name -> our landmark: as told, else by the name itself."""
    known = landmark_names()
    if mapping is not None:
        told = _told(mapping)
        if strange := sorted(set(told.values()) - set(known.values())):
            raise SourceError(
                f"{mapping}: no landmarks: {', '.join(strange)}",
                f"known are: {', '.join(sorted(set(known.values())))}",
            )
        found = {name: told[name] for name in names if name in told}
    else:
        found = {}
        for name in names:
            landmark = known.get(plain(name))
            if landmark and landmark not in found.values():
                found[name] = landmark
    if not found:
        raise SourceError(
            f"{path}: no keypoint has a known name ({', '.join(names[:8])})",
            "say in a mapping file which landmark each one is: landmarks: {NAME: left_hip, ...}",
        )
    return found


def _told(mapping: Path) -> Mapping[str, str]:
    return read_own(mapping, PointMapping, "write it as: landmarks: {NAME: left_hip, ...}").landmarks


def _times(path: Path, data: xr.Dataset, options: ReadOptions) -> tuple[Floats, float | None]:
    """Times: as told, else the file's seconds, else its frames at its rate."""
    n_frames = data.sizes["time"]
    if not n_frames:
        raise SourceError(f"{path}: no frames", "check what wrote the file")
    fps = data.attrs.get("fps")
    in_file = float(fps) if isinstance(fps, int | float | np.number) else None
    in_seconds = str(data.attrs.get("time_unit", "seconds" if in_file else "frames")) == "seconds"
    if options.rate_hz is None and in_seconds and "time" in data.coords:
        time_s = np.asarray(data.coords["time"].values, float)
        return checked_times(time_s - time_s[0], path)
    rate_hz = rate_of(options, in_file, path)
    return np.arange(n_frames) / rate_hz, rate_hz


def _in_space(
    path: Path,
    layout: KeypointFormat,
    position: Floats,
    times: tuple[Floats, float | None],
    individuals: tuple[str, ...],
    options: ReadOptions,
    notes: tuple[str, ...],
) -> HeldRecording:
    if options.person is not None and options.person not in individuals:
        names = ", ".join(individuals)
        raise SourceError(f"{path}: there is no person {options.person!r}", f"give --person one of: {names}")
    seen = np.isfinite(position).all(axis=1).sum(axis=(0, 1))
    who = int(np.argmax(seen)) if options.person is None else individuals.index(options.person)
    if options.person is None and len(individuals) > 1:
        notes += (
            f"{len(individuals)} people; {individuals[who]}, who is seen most, is read (--person chooses)",
        )
    cloud = Cloud(
        path=path,
        title=layout.title,
        names=tuple(layout.landmarks.values()),
        position=position[..., who].transpose(0, 2, 1)[:, list(layout.columns)],
        time_s=times[0],
        rate_hz=times[1],
        detector=layout.detector,
        people=individuals if len(individuals) > 1 else (),
        notes=notes,
    )
    return open_cloud(cloud, options)
