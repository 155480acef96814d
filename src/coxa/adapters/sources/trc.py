"""TRC: markers as text, one row a frame; OpenSim's and Motion Analysis's format."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.sources.c3d import UNITS_M
from coxa.adapters.sources.held import HeldRecording
from coxa.adapters.sources.marker_names import chosen, columns_of, people_in
from coxa.adapters.sources.opensim_table import (
    REMEDY,
    Line,
    Rows,
    cells_of,
    clock_of,
    header_until,
    lines_of,
)
from coxa.adapters.sources.room_axes import spread_m, vertical_of
from coxa.app.ports import SourceHeader
from coxa.app.request import ReadOptions
from coxa.catalog.loader import marker_assumptions, vertical_rules
from coxa.model.channels import SpacePoints
from coxa.model.errors import SourceError
from coxa.model.recording import Recording, Subject

Floats = NDArray[np.float64]

_CLAIM = ("+Y", "as OpenSim has it")


def open_trc(path: Path, options: ReadOptions) -> HeldRecording:
    """Read a TRC file.

    Raises:
        SourceError: not a TRC file, damaged, of unknown units, without frames, or of several people.
    """
    lines = lines_of(path)
    header = header_until(path, lines, "frame#")
    told = _told(header)
    names = _names(path, header[-1])
    people = people_in(names)
    who = chosen(path, people, options.person)
    rows = Rows(path, 2 + 3 * len(names))
    table = rows.read(line for line in lines if not _numbers_axes(line))
    clock = clock_of(path, table[:, 1], options.rate_hz or _number(told, "datarate"))
    unit, scale = _unit(path, told)
    stored = scale * table[clock.kept, 2:].reshape(-1, len(names), 3)
    position_m, far = _without_gaps(stored)
    notes = [*rows.notes, *clock.notes, *_counts(told, names, len(table))]
    if far:
        notes.append(f"{far} points are further away than any room is long: taken as missing")
    _require_sane(path, position_m)
    vertical = vertical_of(*_CLAIM, names, position_m)
    kept = columns_of(dict(enumerate(names)), who, len(people) == 1, notes, "markers")
    points = SpacePoints(
        tuple(kept),
        position_m[:, list(kept.values())] @ vertical.turn.T,
        np.full(len(kept), marker_assumptions().cameras.sd_m),
        "markers",
    )
    recording = Recording(
        time_s=clock.time_s,
        space_points=(points,),
        subject=Subject(name=who, height_m=options.height_m),
        source=path.name,
    )
    described = SourceHeader(
        path=path,
        format="TRC",
        people=people,
        n_frames=recording.n_frames,
        rate_hz=clock.rate_hz,
        units=unit,
        axes=vertical.words,
        notes=(*notes, *vertical.notes),
    )
    return HeldRecording(described, recording)


def _told(header: list[Line]) -> dict[str, str]:
    """Key in small letters -> value, from the two lines that follow one another."""
    for keys, values in pairwise(header):
        if keys.text.strip().lower().startswith("datarate"):
            return dict(zip((k.lower() for k in keys.text.split()), values.text.split(), strict=False))
    return {}


def _number(told: dict[str, str], key: str) -> float | None:
    try:
        value = float(told[key])
    except (KeyError, ValueError):
        return None
    return value if np.isfinite(value) else None


def _names(path: Path, line: Line) -> list[str]:
    """Names stand after ``Frame#`` and ``Time``, with any number of empty cells between them."""
    names = [cell for cell in cells_of(line.text) if cell][2:]
    if not names:
        raise SourceError(f"{path}: line {line.number} names no markers", REMEDY)
    return names


def _numbers_axes(line: Line) -> bool:
    """``X1 Y1 Z1 ...``, the line below the names."""
    return line.text.split()[0].upper().startswith("X1")


def _unit(path: Path, told: dict[str, str]) -> tuple[str, float]:
    unit = told.get("units", "")
    if unit.lower() not in UNITS_M:
        said = f"the unit {unit[:40]!r} is not known" if unit else "it does not say its unit of length"
        raise SourceError(f"{path}: {said}", "write mm, cm, m or in under Units in its third line")
    return unit, UNITS_M[unit.lower()]


def _without_gaps(stored_m: Floats) -> tuple[Floats, int]:
    """Positions with NaN where a marker is at 0 0 0 or nowhere near, and how often the latter."""
    far = (np.abs(stored_m) > vertical_rules().far_m).any(axis=2)
    lost = (stored_m == 0.0).all(axis=2) | np.isnan(stored_m).any(axis=2) | far
    return np.where(lost[..., None], np.nan, stored_m), int(far.sum())


def _counts(told: dict[str, str], names: list[str], n_rows: int) -> list[str]:
    notes = []
    for key, there, what in (("nummarkers", len(names), "markers"), ("numframes", n_rows, "frames")):
        said = _number(told, key)
        if said is not None and said != there:
            notes.append(f"it says that it holds {said:g} {what}, there are {there}")
    return notes


def _require_sane(path: Path, position_m: Floats) -> None:
    if np.isnan(position_m).all():
        raise SourceError(f"{path}: no marker is seen in it", REMEDY)
    smallest, largest = vertical_rules().person_m
    spread = spread_m(position_m)
    if spread is not None and not smallest <= spread <= largest:
        raise SourceError(
            f"{path}: its markers are {spread:.3g} m apart, so its unit of length cannot be right",
            "write what was recorded (mm, cm, m or in) under Units in its third line",
        )
