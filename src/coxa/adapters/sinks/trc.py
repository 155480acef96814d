"""Markers as TRC, the text that OpenSim reads. Room axes (Y up), metres; a gap is NaN, which it reads too."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.sinks.guard import warn_left_out, whole_file
from coxa.model.errors import OutputError
from coxa.model.recording import Recording

Floats = NDArray[np.float64]

_KEYS = (
    "DataRate",
    "CameraRate",
    "NumFrames",
    "NumMarkers",
    "Units",
    "OrigDataRate",
    "OrigDataStartFrame",
    "OrigNumFrames",
)


def write_trc(recording: Recording, path: Path) -> None:
    """Write the markers of a recording.

    Raises:
        OutputError: no markers in it, or names that TRC cannot hold.
    """
    names = [name for points in recording.space_points for name in points.names]
    if not names:
        raise OutputError(f"{path}: the recording holds no markers", "write .parquet or .nc instead")
    bad = [name for name in names if not name.strip() or name != name.strip() or "\t" in name or "\n" in name]
    if bad or len(set(names)) < len(names):
        what = f"{bad[0]!r} cannot be the name of a marker" if bad else "a name stands twice"
        raise OutputError(f"{path}: {what} in TRC", "rename it")
    warn_left_out(path, _left_out(recording))
    position_m = np.concatenate([points.position_m for points in recording.space_points], axis=1)
    with whole_file(path) as beside, beside.open("wb") as file:
        file.write(_header(recording, names, path).encode())
        for number, (time_s, row) in enumerate(zip(recording.time_s, position_m, strict=True), 1):
            file.write(f"{number}\t{time_s:.9f}\t{_cells(row)}\n".encode())


def _cells(row: Floats) -> str:
    seen = np.asarray(np.isfinite(row).all(axis=1), bool)
    return "\t".join(
        "\t".join(f"{value:.10f}" for value in at) if there else "NaN\tNaN\tNaN"
        for at, there in zip(row, seen, strict=True)
    )


def _header(recording: Recording, names: list[str], path: Path) -> str:
    n_frames, n_markers = recording.n_frames, len(names)
    span_s = float(recording.time_s[-1] - recording.time_s[0]) if n_frames > 1 else 0.0
    rate = f"{(n_frames - 1) / span_s if span_s else 100.0:.6f}"
    axes = "\t".join(f"X{i}\tY{i}\tZ{i}" for i in range(1, n_markers + 1))
    values = (rate, rate, str(n_frames), str(n_markers), "m", rate, "1", str(n_frames))
    lines = (
        f"PathFileType\t4\t(X/Y/Z)\t{path.name}",
        "\t".join(_KEYS),
        "\t".join(values),
        "\t".join(["Frame#", "Time", *(f"{name}\t\t" for name in names)]),
        f"\t\t{axes}",
        "",
    )
    return "\n".join(lines) + "\n"


def _left_out(recording: Recording) -> list[str]:
    held = (
        ("keypoints of cameras", recording.image_points),
        ("orientations", recording.orientations),
        ("joint angles", recording.angles),
        ("signals", recording.analog),
        ("forces", recording.forces),
        ("events", recording.events),
    )
    return [name for name, there in held if there]
