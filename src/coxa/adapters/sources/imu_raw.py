"""Raw signals of worn sensors: into SI, onto a regular clock, through the fusion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.sources.imu_calibration import Sensors
from coxa.adapters.sources.imu_columns import ACCELEROMETER, GYROSCOPE, MAGNETOMETER, Layout
from coxa.adapters.sources.imu_fusion import Fused, Signals, check_units, fuse
from coxa.adapters.sources.room_axes import Vertical
from coxa.catalog.loader import inertial_rules
from coxa.model.errors import SourceError
from coxa.specs.inertial import Fusion, InertialMapping

Floats = NDArray[np.float64]

_REMEDY = "say it in the columns' names, as in pelvis_gyr_x [deg/s], or in a mapping file: {gyroscope: deg/s}"


def fused_sensors(
    path: Path,
    values: Floats,
    layout: Layout,
    time_s: Floats,
    chosen: tuple[tuple[str, ...], tuple[str, ...]],
    mapping: InertialMapping,
    notes: list[str],
) -> tuple[Sensors, Fusion]:
    """Orientations of the chosen sensors (names, segments), on the file's own times; adds to the notes.

    Raises:
        SourceError: units that are not told or cannot be, or too little to fuse.
    """
    names, segments = chosen
    if len(time_s) < 3:
        raise SourceError(
            f"{path}: {len(time_s)} frames are too few to find orientations from", "record longer"
        )
    rules = inertial_rules()
    magnetic = mapping.magnetometer and all(MAGNETOMETER in layout.channels[name] for name in names)
    regular = _regular(time_s)
    rate_hz = (len(regular) - 1) / (regular[-1] - regular[0])
    measured = []
    for name in names:
        parts = [
            _at(regular, time_s, part) for part in _signals(path, values, layout, name, mapping, magnetic)
        ]
        if not all(np.isfinite(part).all(axis=1).any() for part in parts):
            raise SourceError(f"{path}: the sensor {name!r} measured nothing", "leave its columns out")
        measured.append(Signals(name, parts[0], parts[1], parts[2] if magnetic else None))
    check_units(path, measured, rate_hz)
    fused = [fuse(one, rate_hz) for one in measured]
    up = Vertical("+Z", "gravity")
    rotation = np.asarray(up.turn @ np.stack([one.rotation for one in fused], axis=1))
    notes.append(_report(dict(zip(names, fused, strict=True)), magnetic))
    sensors = Sensors(
        names, segments, regular, rotation, np.stack([one.rate_rad_s for one in measured], axis=1)
    )
    if magnetic:
        return sensors, rules.fusions["magnetometer"]
    return sensors, _drifting(rules.fusions["no_magnetometer"], fused)


def _drifting(kind: Fusion, fused: Sequence[Fused]) -> Fusion:
    """What is left of the gyroscopes' bias turns the headings."""
    left_deg_min = 60.0 * float(np.degrees(np.median([one.bias_sd_rad_s for one in fused])))
    rate_sd = float(np.hypot(kind.heading_rate_sd_deg_min, left_deg_min))
    return kind.model_copy(update={"heading_rate_sd_deg_min": rate_sd})


def _regular(time_s: Floats) -> Floats:
    """As many times as there are, evenly spaced, at the rate the file mostly has."""
    step = float(np.median(np.diff(time_s)))
    count = min(round((time_s[-1] - time_s[0]) / step), inertial_rules().max_frames) + 1
    return np.asarray(time_s[0] + step * np.arange(count))


def _at(regular: Floats, time_s: Floats, values: Floats) -> Floats:
    """(n, 3) on the regular clock; NaN where the file has a gap."""
    if len(regular) == len(time_s) and np.allclose(regular, time_s, atol=1e-6):
        return values
    after = np.clip(np.searchsorted(time_s, regular), 1, len(time_s) - 1)
    gap = time_s[after] - time_s[after - 1] > inertial_rules().max_gap_s
    out = np.stack([np.interp(regular, time_s, values[:, k]) for k in range(3)], axis=1)
    out[gap] = np.nan
    return out


def _signals(
    path: Path, values: Floats, layout: Layout, name: str, mapping: InertialMapping, magnetic: bool
) -> list[Floats]:
    rules = inertial_rules()
    channels, units = layout.channels[name], layout.units[name]
    parts = [_three(values, channels[GYROSCOPE]), _three(values, channels[ACCELEROMETER])]
    gyroscope = mapping.gyroscope or units[GYROSCOPE]
    if gyroscope not in ("deg/s", "rad/s"):
        raise SourceError(f"{path}: it does not say the unit of its gyroscopes", _REMEDY)
    if gyroscope == "deg/s":
        parts[0] = np.radians(parts[0])
    accelerometer = mapping.accelerometer or units[ACCELEROMETER]
    if accelerometer not in ("g", "m/s2"):
        raise SourceError(f"{path}: it does not say the unit of its accelerometers", _REMEDY)
    if accelerometer == "g":
        parts[1] = parts[1] * rules.gravity_m_s2
    if magnetic:
        parts.append(_three(values, channels[MAGNETOMETER]))
    return parts


def _three(values: Floats, columns: Mapping[str, int]) -> Floats:
    return np.ascontiguousarray(values[:, [columns[axis] for axis in "xyz"]])


def _report(fused: Mapping[str, Fused], magnetic: bool) -> str:
    """What the fusion found, for people to read."""
    worst = max(fused, key=lambda name: fused[name].bias_rad_s)
    one = fused[worst]
    rest = np.median([each.rest_share for each in fused.values()])
    words = (
        f"orientations by VQF {'with' if magnetic else 'without'} magnetometers; at rest {100 * rest:.0f} % "
        f"of the time; largest gyroscope bias {np.degrees(one.bias_rad_s):.2f} deg/s ({worst}), known to "
        f"{np.degrees(one.bias_sd_rad_s):.2f}"
    )
    if magnetic:
        disturbed = 100 * max(each.disturbed_share for each in fused.values())
        words += f"; magnetic field disturbed up to {disturbed:.0f} % of the time"
    return words
