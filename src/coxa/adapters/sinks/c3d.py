"""Recordings as C3D: markers, stored angles, signals, forces, events and the person's measures.

Written by ourselves, since ezc3d 1.7.2 counts the frames of long recordings with 16 bits, and cannot write in
parts. Room axes stay (Y up), lengths are in mm, numbers are 32-bit floats.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from coxa import __version__
from coxa.adapters.sinks.c3d_encode import (
    BLOCK,
    COUNTER,
    Groups,
    Integers,
    Reals,
    TooLongError,
    header,
    parameter_section,
)
from coxa.adapters.sinks.guard import warn_left_out, whole_file
from coxa.kinematics.rotations import frame_from_axes
from coxa.model.channels import ForcePlate, JointAngles
from coxa.model.errors import OutputError
from coxa.model.recording import Recording, Subject

Floats = NDArray[np.float64]

#: How the channels of a plate are called that hold its load; read back as forces, not as signals.
PLATE_CHANNEL = "Plate"
SOFTWARE = "Coxa"
_MM = 1000.0
_UNEVEN = 0.1  # of a frame, by which a time may be off the clock of its rate
_LOAD = (("Fx", "N"), ("Fy", "N"), ("Fz", "N"), ("Mx", "Nmm"), ("My", "Nmm"), ("Mz", "Nmm"))


def write_c3d(recording: Recording, path: Path) -> None:
    """Write a recording.

    Raises:
        OutputError: no markers or angles of such files in it, or times that are not evenly spaced.
    """
    with c3d_stream(recording, recording.n_frames, path) as stream:
        stream.write(recording)


@contextmanager
def c3d_stream(first: Recording, n_frames: int, path: Path) -> Iterator[C3dStream]:
    """A C3D file that is written in parts.

    Args:
        first: some frames at the beginning, two if there are so many; gives what does not change, and all
            events.
        n_frames: that will be written.
        path: the file, which is there once all has been written.
    """
    plan = _plan(first, path)
    left_out = [
        name
        for name, there in (
            ("keypoints of cameras", first.image_points),
            ("orientations", first.orientations),
            ("standard deviations of angles", any(np.isfinite(one.sd).any() for one in first.angles)),
        )
        if there
    ]
    warn_left_out(path, left_out)
    with whole_file(path) as beside, beside.open("wb") as file:
        try:
            file.write(_first_part(plan, first, n_frames))
        except TooLongError as error:
            raise OutputError(f"{path}: {error}", "write .parquet or .nc instead") from error
        stream = C3dStream(file, plan)
        yield stream
        if stream.n_frames != n_frames:
            raise ValueError(f"{n_frames} frames were announced, {stream.n_frames} written")
        file.write(bytes(-file.tell() % BLOCK))


@dataclass(frozen=True, slots=True)
class _Plan:
    """What does not change over time."""

    path: Path
    points: tuple[str, ...]
    angles: tuple[str, ...]  # each of three components
    channels: tuple[tuple[str, str], ...]  # name, unit
    plates: tuple[Floats, ...]  # corners (4, 3) m
    samples_per_frame: int
    rate_hz: float
    first_frame: int
    shift_s: float  # from the recording's clock to the file's, whose frame 1 is at 0


class C3dStream:
    """Takes consecutive parts of a recording."""

    def __init__(self, file: BinaryIO, plan: _Plan) -> None:
        self._file = file
        self._plan = plan
        self.n_frames = 0

    def write(self, recording: Recording) -> None:
        """Append some frames."""
        plan, n_frames = self._plan, recording.n_frames
        values = [
            _points(_MM * position) for position in (points.position_m for points in recording.space_points)
        ]
        values += [_points(np.degrees(one.value).reshape(n_frames, -1, 3)) for one in recording.angles]
        signals = [one.value for one in recording.analog]
        signals += [_load(one) for one in recording.forces]
        expected = n_frames * plan.samples_per_frame
        if any(len(one) != expected for one in signals):
            raise OutputError(
                f"{plan.path}: its signals do not have {plan.samples_per_frame} samples in every frame",
                "write .parquet or .nc instead",
            )
        parts = [one.reshape(n_frames, -1) for one in values]
        if signals:
            parts.append(np.concatenate(signals, axis=1).reshape(n_frames, -1))
        self._file.write(np.concatenate(parts, axis=1).astype("<f4").tobytes())
        self.n_frames += n_frames


def _points(position: Floats) -> Floats:
    """(n_frames, n_points, 4): with the residual, -1 in gaps."""
    lost = ~np.isfinite(position).all(axis=2, keepdims=True)
    return np.concatenate([np.where(lost, 0.0, position), np.where(lost, -1.0, 0.0)], axis=2)


def _load(plate: ForcePlate) -> Floats:
    """(n_samples, 6) in the plate's axes: N and Nmm about the middle of the surface."""
    axes = _plate_axes(plate.corners_m)
    return np.concatenate([plate.force_n @ axes, _MM * plate.moment_nm @ axes], axis=1)


def _plate_axes(corners_m: Floats) -> Floats:
    at = corners_m
    return frame_from_axes(at[0] + at[3] - at[1] - at[2], at[0] + at[1] - at[2] - at[3], "xy")


def _plan(first: Recording, path: Path) -> _Plan:
    points = tuple(name for one in first.space_points for name in one.names)
    angles = tuple(name for one in first.angles for name in _triples(one, path))
    if not points and not angles:
        raise OutputError(
            f"{path}: the recording holds no markers, and no angles as C3D has them",
            "write .parquet or .nc instead",
        )
    _require_names((*points, *angles), path)
    for plate in first.forces:
        if not np.isfinite(_plate_axes(plate.corners_m)).all():
            raise OutputError(
                f"{path}: the corners of a force plate lie in one line", "write .parquet or .nc"
            )
    rate_hz = _rate(first, path)
    start = float(first.time_s[0]) if first.n_frames else 0.0
    first_frame = max(1, round(start * rate_hz) + 1)
    channels = [pair for one in first.analog for pair in zip(one.names, one.units, strict=True)]
    for number in range(len(first.forces)):
        channels += [(f"{PLATE_CHANNEL}{number + 1}.{name}", unit) for name, unit in _LOAD]
    return _Plan(
        path=path,
        points=points,
        angles=angles,
        channels=tuple(channels),
        plates=tuple(plate.corners_m for plate in first.forces),
        samples_per_frame=_samples_per_frame(first, path),
        rate_hz=rate_hz,
        first_frame=first_frame,
        shift_s=(first_frame - 1) / rate_hz - start,
    )


def _triples(channel: JointAngles, path: Path) -> list[str]:
    """Names without their component: ``LHipAngles.x``, ``.y``, ``.z`` follow one another."""
    stems = [name[:-2] for name in channel.names[::3]]
    if (
        channel.names != tuple(f"{stem}.{axis}" for stem in stems for axis in "xyz")
        or not channel.is_angle.all()
    ):
        raise OutputError(
            f"{path}: C3D holds angles by threes (LHipAngles.x, .y, .z), these are others",
            "write .mot, .parquet or .nc instead",
        )
    return stems


def _require_names(names: tuple[str, ...], path: Path) -> None:
    bad = [name for name in names if not name or name != name.strip() or name.startswith("*") or ":" in name]
    if bad or len(set(names)) < len(names):
        what = f"{bad[0]!r} cannot be the name of a point" if bad else "a name stands twice"
        raise OutputError(f"{path}: {what} in C3D", "rename it: no colon, no leading star, no name twice")


def _rate(first: Recording, path: Path) -> float:
    time_s = first.time_s
    if len(time_s) < 2:
        return 100.0  # of a single frame nobody can tell
    rate_hz = round((len(time_s) - 1) / float(time_s[-1] - time_s[0]), 6)
    off = np.abs(time_s - time_s[0] - np.arange(len(time_s)) / rate_hz).max() * rate_hz
    if off > _UNEVEN:
        raise OutputError(
            f"{path}: C3D holds evenly spaced frames, here a time is {off:.2g} frames off",
            "write .trc, .parquet or .nc instead",
        )
    return rate_hz


def _samples_per_frame(first: Recording, path: Path) -> int:
    counts = {len(one.time_s) for one in first.analog} | {len(one.time_s) for one in first.forces}
    if not counts:
        return 1
    samples, rest = divmod(max(counts), max(first.n_frames, 1))
    if len(counts) > 1 or rest or not samples:
        raise OutputError(
            f"{path}: C3D holds signals with the same whole number of samples in every frame",
            "write .parquet or .nc instead",
        )
    return samples


def _first_part(plan: _Plan, first: Recording, n_frames: int) -> bytes:
    """Header and parameters."""
    last_frame = plan.first_frame + n_frames - 1
    n_blocks = len(parameter_section(_groups(plan, first, n_frames, 0))) // BLOCK
    data_block = 2 + n_blocks
    section = parameter_section(_groups(plan, first, n_frames, data_block), n_blocks)
    top = header(
        n_points=len(plan.points) + len(plan.angles),
        n_analog=len(plan.channels) * plan.samples_per_frame,
        first_frame=plan.first_frame,
        last_frame=last_frame,
        data_block=data_block,
        samples_per_frame=plan.samples_per_frame,
        rate_hz=plan.rate_hz,
    )
    return top + section


def _groups(plan: _Plan, first: Recording, n_frames: int, data_block: int) -> Groups:
    last_frame = plan.first_frame + n_frames - 1
    labels = (*plan.points, *plan.angles)
    groups: dict[str, dict[str, Integers | Reals | tuple[str, ...]]] = {
        "TRIAL": {
            "ACTUAL_START_FIELD": Integers(_two_words(plan.first_frame), (2,)),
            "ACTUAL_END_FIELD": Integers(_two_words(last_frame), (2,)),
        },
        "POINT": {
            "USED": Integers([len(labels)], ()),
            "FRAMES": Integers([min(n_frames, COUNTER)], ()),
            "DATA_START": Integers([data_block], ()),
            "SCALE": Reals([-1.0]),
            "RATE": Reals([plan.rate_hz]),
            "UNITS": ("mm",),
            "ANGLE_UNITS": ("deg",),
            "X_SCREEN": ("+X",),
            "Y_SCREEN": ("+Y",),
            "LABELS": labels,
            "DESCRIPTIONS": ("",) * len(labels),
            "ANGLES": plan.angles,
            "TYPE_GROUPS": ("ANGLES", "ANGLE"),
        },
        "ANALOG": {
            "USED": Integers([len(plan.channels)], ()),
            "RATE": Reals([plan.rate_hz * plan.samples_per_frame]),
            "GEN_SCALE": Reals([1.0]),
            "LABELS": tuple(name for name, _ in plan.channels),
            "DESCRIPTIONS": ("",) * len(plan.channels),
            "UNITS": tuple(unit for _, unit in plan.channels),
            "SCALE": Reals(np.ones(len(plan.channels)), (len(plan.channels),)),
            "OFFSET": Integers([0] * len(plan.channels), (len(plan.channels),)),
        },
        "MANUFACTURER": {"COMPANY": (SOFTWARE,), "SOFTWARE": (SOFTWARE,), "VERSION_LABEL": (__version__,)},
        "FORCE_PLATFORM": _plates(plan),
        "EVENT": _events(plan, first),
        "PROCESSING": _measures(first.subject),
        "SUBJECTS": {
            "USED": Integers([int(bool(first.subject.name))], ()),
            "USES_PREFIXES": Integers([0], ()),
            "NAMES": (first.subject.name,) if first.subject.name else (),
        },
    }
    if n_frames > COUNTER:
        groups["POINT"]["LONG_FRAMES"] = Reals([float(n_frames)])
    return groups


def _two_words(number: int) -> list[int]:
    return [number % (COUNTER + 1), number // (COUNTER + 1)]


def _plates(plan: _Plan) -> dict[str, Integers | Reals | tuple[str, ...]]:
    """Type 2: forces, and moments about the middle of the surface."""
    n_plates = len(plan.plates)
    first = len(plan.channels) - 6 * n_plates + 1
    corners = _MM * np.array(plan.plates).reshape(n_plates, 12)
    return {
        "USED": Integers([n_plates], ()),
        "TYPE": Integers([2] * n_plates, (n_plates,)),
        "ZERO": Integers([1, 0], (2,)),
        "CORNERS": Reals(corners.ravel(), (3, 4, n_plates)),
        "ORIGIN": Reals(np.zeros(3 * n_plates), (3, n_plates)),
        "CHANNEL": Integers(list(range(first, first + 6 * n_plates)), (6, n_plates)),
    }


def _events(plan: _Plan, first: Recording) -> dict[str, Integers | Reals | tuple[str, ...]]:
    events = first.events
    at_s = [event.time_s + plan.shift_s for event in events]
    times = [value for time_s in at_s for value in (time_s // 60.0, time_s % 60.0)]
    return {
        "USED": Integers([len(events)], ()),
        "CONTEXTS": tuple((event.side or "general").capitalize() for event in events),
        "LABELS": tuple(event.label for event in events),
        "SUBJECTS": (first.subject.name,) * len(events),
        "TIMES": Reals(times, (2, len(events))),
    }


def _measures(subject: Subject) -> dict[str, Integers | Reals | tuple[str, ...]]:
    """As Vicon's software names them, mm and kg."""
    lengths = {
        "Height": subject.height_m,
        "InterAsisDistance": subject.asis_breadth_m,
        "MarkerDiameter": subject.marker_diameter_m,
    }
    for side, letter in (("left", "L"), ("right", "R")):
        lengths[f"{letter}LegLength"] = subject.leg_length_m.get(side)
        lengths[f"{letter}KneeWidth"] = subject.knee_width_m.get(side)
        lengths[f"{letter}AnkleWidth"] = subject.ankle_width_m.get(side)
    found = {name: _MM * length for name, length in lengths.items() if length is not None}
    if subject.mass_kg is not None:
        found["Bodymass"] = subject.mass_kg
    return {name: Reals([value]) for name, value in found.items()}
