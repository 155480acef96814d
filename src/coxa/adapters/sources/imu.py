"""Worn inertial sensors as recordings: OpenSense's orientations, CSV of quaternions, CSV of raw signals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.sources.held import HeldRecording
from coxa.adapters.sources.imu_calibration import Sensors, Standing, calibrated, standing_pose
from coxa.adapters.sources.imu_columns import (
    ACCELEROMETER,
    GYROSCOPE,
    QUATERNION,
    Layout,
    layout_of,
)
from coxa.adapters.sources.imu_mapping import chosen_sensors, read_mapping
from coxa.adapters.sources.imu_raw import fused_sensors
from coxa.adapters.sources.imu_table import Table, read_csv, read_sto
from coxa.adapters.sources.opensim_table import clock_of
from coxa.adapters.sources.room_axes import Vertical
from coxa.app.ports import SourceHeader
from coxa.app.request import ReadOptions
from coxa.catalog.loader import inertial_rules
from coxa.kinematics.rotations import rotation_from_quaternion
from coxa.kinematics.sensor_calibration import angular_velocity
from coxa.model.errors import SourceError
from coxa.model.recording import Recording, Subject
from coxa.specs.inertial import Fusion, InertialMapping

Floats = NDArray[np.float64]


@dataclass(slots=True)
class _Read:
    """What a file gave: its sensors, how they were fused, notes so far."""

    sensors: Sensors
    fusion: Fusion
    rate_hz: float
    axes: str
    notes: list[str] = field(default_factory=list)


def open_orientations_sto(path: Path, options: ReadOptions) -> HeldRecording:
    """An OpenSense file of orientations (``DataType=Quaternion``, w first, Z up unless a mapping file says).

    Raises:
        SourceError: damaged, not such a file, or of sensors that nothing ties to segments.
    """
    return _recording(path, options, read_sto, "OpenSense orientations")


def open_imu_csv(path: Path, options: ReadOptions) -> HeldRecording:
    """A CSV of quaternions, or of gyroscopes and accelerometers (and magnetometers).

    Raises:
        SourceError: damaged, not such a file, in unknown units, or of sensors that nothing ties to segments.
    """
    return _recording(path, options, read_csv, "CSV of inertial sensors")


def _recording(
    path: Path, options: ReadOptions, reader: Callable[[Path], Table], title: str
) -> HeldRecording:
    mapping = read_mapping(options.mapping)
    read = _sensors(path, reader(path), options, mapping)
    sensors = read.sensors
    if options.calibration is None:
        standing = standing_pose(sensors.rotation, sensors.time_s)
    else:
        standing = _pose_of(options.calibration, options, mapping, sensors)
    channel, notes = calibrated(sensors, standing, read.fusion, mapping)
    header = SourceHeader(
        path=path,
        format=title,
        n_frames=len(sensors.time_s),
        rate_hz=read.rate_hz,
        axes=read.axes,
        notes=tuple(dict.fromkeys([*read.notes, *standing.notes, *notes])),
    )
    subject = Subject(height_m=options.height_m)
    recording = Recording(sensors.time_s, orientations=(channel,), subject=subject, source=str(path))
    return HeldRecording(header, recording)


def _pose_of(path: Path, options: ReadOptions, mapping: InertialMapping, sensors: Sensors) -> Standing:
    """The standing pose of the calibration file, for the recording's sensors in their order."""
    reader = read_sto if path.suffix.lower() in (".sto", ".mot") else read_csv
    other = _sensors(path, reader(path), options, mapping).sensors
    missing = [name for name in sensors.segments if name not in other.segments]
    if missing:
        raise SourceError(
            f"{path}: it has no sensor on {', '.join(missing)}",
            "calibrate the sensors that are worn, all of them",
        )
    columns = [other.segments.index(name) for name in sensors.segments]
    standing = standing_pose(other.rotation[:, columns], other.time_s)
    notes = tuple(f"{path.name}: {note}" for note in standing.notes)
    return standing._replace(time_s=float(sensors.time_s[0]), notes=notes)


def _sensors(path: Path, table: Table, options: ReadOptions, mapping: InertialMapping) -> _Read:
    layout = layout_of(table.columns)
    kinds = {kind for channels in layout.channels.values() for kind in channels}
    notes = list(table.notes)
    time_s, kept, rate_hz = _times(path, table, layout, options, notes)
    values = table.values[kept]
    if QUATERNION in kinds:
        return _oriented(path, values, layout, time_s, rate_hz, mapping, notes)
    if {GYROSCOPE, ACCELEROMETER} <= kinds:
        names, segments = chosen_sensors(path, layout, (GYROSCOPE, ACCELEROMETER), mapping, notes)
        sensors, fusion = fused_sensors(path, values, layout, time_s, (names, segments), mapping, notes)
        axes = "Z is up (gravity): X is where the person faced while standing"
        return _Read(sensors, fusion, rate_hz, axes, notes)
    raise SourceError(
        f"{path}: no sensor in it has a whole quaternion, or a gyroscope and an accelerometer",
        "name the columns SENSOR_qw, SENSOR_qx ... or SENSOR_gyr_x ..., SENSOR_acc_x ...",
    )


def _times(
    path: Path, table: Table, layout: Layout, options: ReadOptions, notes: list[str]
) -> tuple[Floats, NDArray[np.bool_], float]:
    """Times of the kept rows [s], which they are, and how many a second."""
    rules = inertial_rules()
    told = options.rate_hz or table.rate_hz
    if layout.time is None:
        if told is None:
            raise SourceError(
                f"{path}: no column is the time", "say how many frames a second it has (--rate)"
            )
        time_s = np.full(len(table.values), np.nan)
    else:
        time_s = table.values[:, layout.time[0]] * layout.time[1]
    clock = clock_of(path, time_s, told)
    notes += clock.notes
    rate_hz = clock.rate_hz or told or 0.0
    if len(clock.time_s) > 1 and not rules.min_rate_hz <= rate_hz <= rules.max_rate_hz:
        raise SourceError(
            f"{path}: it has {rate_hz:.4g} frames a second, which no sensor has",
            "check the unit of its time: name the column time_s, time_ms or time_us",
        )
    return clock.time_s, clock.kept, rate_hz


def _oriented(
    path: Path,
    values: Floats,
    layout: Layout,
    time_s: Floats,
    rate_hz: float,
    mapping: InertialMapping,
    notes: list[str],
) -> _Read:
    rules = inertial_rules()
    names, segments = chosen_sensors(path, layout, (QUATERNION,), mapping, notes)
    vertical = Vertical(mapping.vertical or "+Z", "mapping file" if mapping.vertical else "taken for granted")
    columns = [_order(layout.channels[name][QUATERNION], mapping) for name in names]
    quaternion = np.stack([values[:, four] for four in columns], axis=1)
    length = np.linalg.norm(quaternion, axis=-1)
    with np.errstate(invalid="ignore"):
        wrong = np.abs(length - 1.0) > rules.quaternion_tolerance
    known = np.isfinite(length)
    if not known.any():
        raise SourceError(f"{path}: every quaternion in it is missing", "export it again")
    if wrong.sum() > 0.5 * known.sum():
        raise SourceError(
            f"{path}: its quaternions are {np.nanmedian(length):.3g} long, not 1: no orientations, or scaled",
            "export orientations as unit quaternions",
        )
    if wrong.any():
        notes.append(
            f"{int(wrong.sum())} of {int(known.sum())} quaternions are not of length 1: taken as missing"
        )
    rotation = rotation_from_quaternion(np.where((wrong | ~known)[..., None], np.nan, quaternion))
    names, segments, rotation = _with_data(path, names, segments, rotation, notes)
    rotation = np.asarray(vertical.turn @ rotation)
    sensors = Sensors(names, segments, time_s, rotation, angular_velocity(rotation, time_s))
    return _Read(sensors, rules.fusions["quaternions"], rate_hz, vertical.words, notes)


def _order(columns: Mapping[str, int], mapping: InertialMapping) -> list[int]:
    """Columns of w, x, y and z."""
    if "w" in columns:
        return [columns[part] for part in "wxyz"]
    numbered = [columns[part] for part in "0123"]
    return numbered[-1:] + numbered[:-1] if mapping.quaternion_order == "xyzw" else numbered


def _with_data(
    path: Path, names: tuple[str, ...], segments: tuple[str, ...], rotation: Floats, notes: list[str]
) -> tuple[tuple[str, ...], tuple[str, ...], Floats]:
    """Leave out sensors of which nothing is known."""
    seen = np.asarray(np.isfinite(rotation[..., 0, 0]).any(axis=0))
    if not seen.any():
        raise SourceError(f"{path}: every quaternion in it is missing or damaged", "export it again")
    if not seen.all():
        lost = [name for name, one in zip(names, seen, strict=True) if not one]
        notes.append(f"nothing is known of these sensors, which are left out: {', '.join(lost)}")
    kept = np.flatnonzero(seen)
    return tuple(names[k] for k in kept), tuple(segments[k] for k in kept), rotation[:, kept]
