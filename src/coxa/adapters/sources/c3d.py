"""C3D: the motion laboratory's file of markers, forces and signals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.sources.c3d_forces import Plate, ours, read_plates
from coxa.adapters.sources.c3d_frames import Frames, Layout, find_layout
from coxa.adapters.sources.c3d_labels import ANGLES, Labels, read_labels, subject_number
from coxa.adapters.sources.c3d_parameters import BLOCK, REMEDY, Parameters, read_parameters
from coxa.adapters.sources.c3d_subject import read_events, read_subject
from coxa.adapters.sources.room_axes import Vertical, known_axis, spread_m, vertical_of
from coxa.app.ports import SourceHeader
from coxa.app.request import ReadOptions
from coxa.catalog.loader import marker_assumptions, vertical_rules
from coxa.model.channels import AnalogChannels, Event, JointAngles, SpacePoints
from coxa.model.errors import SourceError
from coxa.model.recording import Recording

Floats = NDArray[np.float64]

UNITS_M = {"mm": 1e-3, "cm": 1e-2, "dm": 1e-1, "m": 1.0, "meters": 1.0, "in": 0.0254, "inch": 0.0254}
_SAMPLE = 200  # frames looked at to find the vertical
_PART_BYTES = 1 << 25  # of a part, where frames are huge


def open_c3d(path: Path, options: ReadOptions) -> C3dRecording:
    """Open a C3D file of any length; only its first part is read.

    Raises:
        SourceError: not a C3D file, damaged, without markers, of unknown units, or of several people.
    """
    try:
        known = read_parameters(path)
        layout = find_layout(path, known)
        labels = read_labels(path, known, layout.n_points, options.person)
        return _opened(path, known, layout, labels, options)
    except OSError as error:
        raise SourceError(
            f"{path}: {error.strerror or error}", "check that it is a file you may read"
        ) from error


@dataclass(frozen=True, slots=True)
class _Plan:
    """How stored frames become a recording."""

    layout: Layout
    labels: Labels
    rate_hz: float
    length_scale: float
    angle_scale: float
    turn: Floats
    plates: list[Plate]
    whole: Recording  # without frames: what does not change over time
    analog_names: tuple[str, ...]
    analog_units: tuple[str, ...]


class C3dRecording:
    """A :class:`~coxa.app.ports.RecordingReader` that holds one part in memory at a time."""

    def __init__(self, header: SourceHeader, plan: _Plan) -> None:
        self._header = header
        self._plan = plan

    @property
    def header(self) -> SourceHeader:
        """What the file says of itself."""
        return self._header

    def sample(self, n_frames: int) -> Recording:
        """About so many frames, evenly spread over the whole, with the analog samples of these."""
        step = max(1, int(np.ceil(self._plan.layout.n_frames / self._at_most(n_frames))))
        numbers = np.arange(0, self._plan.layout.n_frames, step)
        return self._recording(self._plan.layout.every(step), numbers, self._plan.whole.events)

    def parts(self, n_frames: int) -> Iterator[Recording]:
        """All frames, in consecutive recordings of at most so many."""
        layout, events = self._plan.layout, self._plan.whole.events
        n_frames = self._at_most(n_frames)
        last = range(0, layout.n_frames, n_frames)[-1]
        for first in range(0, layout.n_frames, n_frames):
            numbers = np.arange(first, min(first + n_frames, layout.n_frames))
            start_s = self._times(numbers)[0] if first else -np.inf
            end_s = np.inf if first == last else self._times(numbers + 1)[-1]
            within = tuple(event for event in events if start_s <= event.time_s < end_s)
            yield self._recording(layout.frames(first, len(numbers)), numbers, within)

    def _at_most(self, n_frames: int) -> int:
        """So many frames, or as many as should be held."""
        return min(n_frames, max(1, _PART_BYTES // self._plan.layout.bytes_per_frame))

    def _times(self, numbers: NDArray[np.int64]) -> Floats:
        """Of frames counted from 0, on the file's clock, s: its frame 1 is at 0."""
        return (max(self._plan.layout.first_frame - 1, 0) + numbers) / self._plan.rate_hz

    def _recording(self, frames: Frames, numbers: NDArray[np.int64], events: tuple[Event, ...]) -> Recording:
        plan = self._plan
        time_s = self._times(numbers)
        samples = plan.layout.samples_per_frame
        analog_s = (time_s[:, None] + np.arange(samples) / (samples * plan.rate_hz)).ravel()
        markers = tuple(plan.labels.markers.values())
        points = SpacePoints(
            tuple(plan.labels.markers),
            _positions(frames, markers, plan.length_scale, plan.turn),
            np.full(len(markers), marker_assumptions().cameras.sd_m),
            "markers",
        )
        signals = frames.analog[:, : len(plan.analog_names)]
        channels = (AnalogChannels(plan.analog_names, plan.analog_units, analog_s, signals),)
        angles = _angles(frames, plan.labels, plan.angle_scale)
        return Recording(
            time_s=time_s,
            space_points=(points,) if markers else (),
            angles=(angles,) if plan.labels.angles else (),
            analog=channels if plan.analog_names else (),
            forces=tuple(plate.load(analog_s, frames.analog) for plate in plan.plates),
            events=events,
            subject=plan.whole.subject,
            source=plan.whole.source,
        )


def _positions(frames: Frames, columns: tuple[int, ...], length_scale: float, turn: Floats) -> Floats:
    """Room coordinates (n_frames, n_markers, 3) m; NaN where the marker was lost."""
    stored = frames.position[:, list(columns)]
    with np.errstate(invalid="ignore"):
        seen = frames.seen[:, list(columns)] & (stored != 0.0).any(axis=2)
        seen &= (np.abs(stored) * length_scale < vertical_rules().far_m).all(axis=2)
    return np.where(seen[..., None], length_scale * stored @ turn.T, np.nan)


def _angles(frames: Frames, labels: Labels, angle_scale: float) -> JointAngles:
    """Three components a name, as they are stored."""
    columns = list(labels.angles.values())
    value = np.where(frames.seen[:, columns, None], angle_scale * frames.position[:, columns], np.nan)
    value = value.reshape(len(value), -1)
    names = tuple(f"{name}.{axis}" for name in labels.angles for axis in "xyz")
    return JointAngles(names, value, np.full_like(value, np.nan), np.ones(len(names), bool), ANGLES)


def _opened(
    path: Path, known: Parameters, layout: Layout, labels: Labels, options: ReadOptions
) -> C3dRecording:
    if not labels.markers and not labels.angles:
        raise SourceError(f"{path}: it holds no named markers", "label the markers, then export it again")
    rate_hz = _rate(path, known, options)
    unit, length_scale = _unit(path, known)
    vertical, notes = _vertical(path, known, layout, labels, length_scale)
    notes += _damage(layout, labels, length_scale)
    whole = Recording(
        time_s=np.zeros(0),
        events=read_events(known, labels.person),
        subject=read_subject(known, labels.person, subject_number(known, labels), options.height_m),
        source=path.name,
    )
    plates = read_plates(known, layout, vertical.turn, length_scale)
    n_signals = layout.n_channels - (6 * len(plates) if ours(known) else 0)
    names = _filled(known.words("ANALOG", "LABELS"), n_signals)
    plan = _Plan(
        layout=layout,
        labels=labels,
        rate_hz=rate_hz,
        length_scale=length_scale,
        angle_scale=1.0 if known.word("POINT", "ANGLE_UNITS").lower().startswith("rad") else np.pi / 180.0,
        turn=vertical.turn,
        plates=plates,
        whole=whole,
        analog_names=tuple(name or f"channel {number + 1}" for number, name in enumerate(names)),
        analog_units=_filled(known.words("ANALOG", "UNITS"), n_signals),
    )
    header = SourceHeader(
        path=path,
        format="C3D",
        people=labels.people,
        n_frames=layout.n_frames,
        rate_hz=rate_hz,
        units=unit,
        axes=vertical.words,
        notes=(*labels.notes, *notes),
    )
    return C3dRecording(header, plan)


def _damage(layout: Layout, labels: Labels, length_scale: float) -> tuple[str, ...]:
    """What is wrong with the frames; looks at all of them."""
    notes = []
    if layout.n_lost:
        all_frames = layout.n_frames + layout.n_lost
        notes.append(f"the file is cut off: {layout.n_lost} of {all_frames} frames are lost")
    elif layout.n_spare >= 2 * BLOCK:
        notes.append(f"{layout.n_spare} bytes after the last frame belong to nothing and are left out")
    columns = list(labels.markers.values())
    limit = vertical_rules().far_m / length_scale
    with np.errstate(invalid="ignore"):
        far = sum(
            int(
                (
                    chunk.told_seen[:, columns] & ~(np.abs(chunk.position[:, columns]) < limit).all(axis=2)
                ).sum()
            )
            for chunk in layout.chunks()
        )
    if far:
        notes.append(f"{far} positions of markers are further away than any room is long: taken as missing")
    return tuple(notes)


def _rate(path: Path, known: Parameters, options: ReadOptions) -> float:
    for rate in (known.number("POINT", "RATE", 0.0), known.header.rate_hz, options.rate_hz or 0.0):
        if 0.1 <= rate <= 1e5:
            return round(rate, 6)
    raise SourceError(f"{path}: it does not say how many frames a second it has", "say it with --rate-hz")


def _unit(path: Path, known: Parameters) -> tuple[str, float]:
    unit = known.word("POINT", "UNITS")
    if unit.lower() not in UNITS_M:
        said = f"the unit {unit!r} is not known" if unit else "it does not say its unit of length"
        raise SourceError(f"{path}: {said}", "set its parameter POINT:UNITS to mm, cm, m or in")
    return unit, UNITS_M[unit.lower()]


def _vertical(
    path: Path, known: Parameters, layout: Layout, labels: Labels, length_scale: float
) -> tuple[Vertical, tuple[str, ...]]:
    """The way up, and what a person should know of it and of the coordinates."""
    names = tuple(labels.markers)
    frames = layout.every(max(1, layout.n_frames // _SAMPLE))
    position_m = _positions(frames, tuple(labels.markers.values()), length_scale, np.eye(3))
    smallest, largest = vertical_rules().person_m
    spread = spread_m(position_m) if names else None
    if spread is not None and not smallest <= spread <= largest:
        raise SourceError(
            f"{path}: its markers are {spread:.3g} m apart, so its unit of length cannot be right",
            "set its parameter POINT:UNITS to what was recorded: mm, cm, m or in",
        )
    vertical = vertical_of(*_claim(known), names, position_m)
    notes = vertical.notes
    lost = np.isnan(position_m).all(axis=(0, 2))
    if names and lost.all():
        raise SourceError(f"{path}: no marker is seen in it", REMEDY)
    return vertical, notes


def _claim(known: Parameters) -> tuple[str, str]:
    """The axis said to be up, and what says so."""
    screen = known.word("POINT", "Y_SCREEN").upper()
    if known_axis(screen):
        return screen, "POINT:Y_SCREEN"
    corners = known.numbers("FORCE_PLATFORM", "CORNERS")[:12]
    if len(corners) == 12 and np.isfinite(corners).all():
        at = corners.reshape(4, 3)
        normal = np.abs(np.cross(at[0] - at[2], at[1] - at[3]))
        if normal.max() > 0.99 * np.linalg.norm(normal) > 0:
            return f"+{'XYZ'[int(np.argmax(normal))]}", "the force plates"
    return "+Z", "what laboratories usually do; the file does not say"


def _filled(words: tuple[str, ...], count: int) -> tuple[str, ...]:
    return (*words, *("",) * count)[:count]
