"""A minimal reader of OpenSim marker files (TRC), for tests and benchmarks."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from coxa.model.channels import SpacePoints
from coxa.model.recording import Recording


def load_trc(path: Path, sd_m: float = 0.001) -> Recording:
    """All markers of a TRC file (Y up, as OpenSim has it), in m.

    Args:
        path: the file.
        sd_m: standard deviation given to every marker.
    """
    lines = path.read_text().splitlines()
    keys, values = lines[1].split(), lines[2].split()
    header = dict(zip(keys, values, strict=True))
    names = tuple(lines[3].split("\t")[2::3][: int(header["NumMarkers"])])
    rows = [line.rstrip("\n").split("\t") for line in lines[5:] if line.strip()]
    rows = [row for row in rows if row[0].strip()]
    width = 2 + 3 * len(names)
    table = np.array([[float(cell or "nan") for cell in (row + [""] * width)[:width]] for row in rows])
    scale = {"m": 1.0, "mm": 1e-3}[header["Units"]]
    position = scale * table[:, 2:].reshape(len(table), len(names), 3)
    points = SpacePoints(names, position, np.full(len(names), sd_m), "markers")
    return Recording(time_s=table[:, 1], space_points=(points,), source=path.name)
