"""Force plates of a C3D file, of the types 1 to 5, turned into what acts on the foot in room axes.

Channels and signs: C3D User Guide, FORCE_PLATFORM. The plate's X runs from corners 2 and 3 to 1 and 4, its Y
from 3 and 4 to 1 and 2. Some software stores what acts on the plate, some what acts on the foot; since nobody
pulls a plate upwards, the sign is found from the data.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.sources.c3d_frames import Layout
from coxa.adapters.sources.c3d_parameters import Parameters
from coxa.kinematics.rotations import cross, frame_from_axes
from coxa.model.channels import ForcePlate

Floats = NDArray[np.float64]

_MOST = 32  # plates that are looked for
_CHANNELS = {1: 6, 2: 6, 3: 8, 4: 6, 5: 8}


@dataclass(frozen=True, slots=True)
class Plate:
    """One plate.

    Attributes:
        kind: its type in the format's numbering.
        channels: columns of the analog values.
        corners_m: (4, 3) in room axes.
        axes: (3, 3) columns, the plate's axes in the room's.
        origin_m: (3,) from the sensors' origin to the middle of the surface, in plate axes.
        moment_scale: from the stored unit to Nm.
        length_scale: from the file's unit of length to m.
        matrix: (n, 6) calibration, for the types that have one.
        zero: (n,) taken off the channels.
        sign: of the stored load against what acts on the foot.
    """

    kind: int
    channels: tuple[int, ...]
    corners_m: Floats
    axes: Floats
    origin_m: Floats
    moment_scale: float
    length_scale: float
    matrix: Floats
    zero: Floats
    sign: float = 1.0

    def load(self, time_s: Floats, analog: Floats) -> ForcePlate:
        """What acts on the foot.

        Args:
            time_s: (n_samples,).
            analog: (n_samples, n_channels), all channels of the file.
        """
        force, moment = self._in_plate(analog[:, list(self.channels)] - self.zero)
        return ForcePlate(
            time_s, self.corners_m, self.sign * force @ self.axes.T, self.sign * moment @ self.axes.T
        )

    def _in_plate(self, raw: Floats) -> tuple[Floats, Floats]:
        """Force N and moment Nm about the middle of the surface, (n_samples, 3) each."""
        if self.kind in (4, 5):
            raw = raw @ self.matrix.T
        if self.kind == 1:
            at = self.length_scale * np.column_stack([raw[:, 3:5], np.zeros(len(raw))])
            free = np.column_stack([np.zeros((len(raw), 2)), self.moment_scale * raw[:, 5]])
            return raw[:, :3], free + cross(at, raw[:, :3])
        if self.kind == 3:
            force, moment = self._of_four_corners(raw)
            origin = self.origin_m * [0.0, 0.0, 1.0]
        else:
            force, moment = raw[:, :3], self.moment_scale * raw[:, 3:6]
            origin = self.origin_m
        return force, moment - cross(np.broadcast_to(origin, force.shape), force)

    def _of_four_corners(self, raw: Floats) -> tuple[Floats, Floats]:
        """Kistler: X12 X34 Y14 Y23 Z1 Z2 Z3 Z4; the origin's X and Y are the sensors' distances a and b."""
        x12, x34, y14, y23, z1, z2, z3, z4 = raw.T
        a, b = np.abs(self.origin_m[:2])
        force = np.column_stack([x12 + x34, y14 + y23, z1 + z2 + z3 + z4])
        moment = np.column_stack(
            [b * (z1 + z2 - z3 - z4), a * (-z1 + z2 + z3 - z4), b * (-x12 + x34) + a * (y14 - y23)]
        )
        return force, moment


def read_plates(known: Parameters, layout: Layout, turn: Floats, length_scale: float) -> list[Plate]:
    """All plates that can be read.

    Args:
        known: the file's parameters.
        layout: where its frames are.
        turn: (3, 3), from the file's axes to the room's.
        length_scale: from the file's unit of length to m.
    """
    used = int(known.number("FORCE_PLATFORM", "USED", 0))
    sample = layout.every(max(1, layout.n_frames // 100)).analog if used > 0 else np.zeros((0, 0))
    plates = [_plate(known, layout, turn, length_scale, number) for number in range(min(used, _MOST))]
    found = [plate for plate in plates if plate is not None]
    return found if ours(known) else [_signed(plate, sample) for plate in found]


def ours(known: Parameters) -> bool:
    """Whether Coxa wrote the file: its plates hold what acts on the foot, in channels of their own."""
    return known.word("MANUFACTURER", "SOFTWARE") == "Coxa"


def _plate(known: Parameters, layout: Layout, turn: Floats, length_scale: float, number: int) -> Plate | None:
    """One plate, or None where the file does not describe it completely."""
    kind = int(_item(known.numbers("FORCE_PLATFORM", "TYPE"), 1, number, np.zeros(1))[0])
    n_channels = _CHANNELS.get(kind, 0)
    wide = known.entries.get(("FORCE_PLATFORM", "CHANNEL"))
    per_plate = wide.shape[0] if wide and wide.shape else 0
    corners = _item(known.numbers("FORCE_PLATFORM", "CORNERS"), 12, number, np.full(12, np.nan))
    channels = (
        _item(known.numbers("FORCE_PLATFORM", "CHANNEL"), per_plate, number, np.zeros(0)).astype(int) - 1
    )
    if len(channels) < n_channels or not n_channels or not np.isfinite(corners).all():
        return None
    columns = tuple(int(channel) for channel in channels[:n_channels])
    if min(columns) < 0 or max(columns) >= layout.n_channels:
        return None
    at = length_scale * corners.reshape(4, 3) @ turn.T
    axes = frame_from_axes(at[0] + at[3] - at[1] - at[2], at[0] + at[1] - at[2] - at[3], "xy")
    origin = length_scale * _item(known.numbers("FORCE_PLATFORM", "ORIGIN"), 3, number, np.zeros(3))
    if kind in (2, 4, 5) and origin[2] > 0:  # some software stores it the other way round
        origin = -origin
    if kind == 3:
        origin = np.array([origin[0], origin[1], -abs(origin[2])])
    matrix = _item(known.numbers("FORCE_PLATFORM", "CAL_MATRIX"), 6 * n_channels, number, np.zeros(0))
    if not len(matrix):
        matrix = np.eye(6, n_channels).ravel(order="F")
    if not np.isfinite(axes).all() or not np.isfinite(origin).all():
        return None
    units = known.words("ANALOG", "UNITS")
    of_moment = units[columns[-1]] if columns[-1] < len(units) else ""
    return Plate(
        kind=kind,
        channels=columns,
        corners_m=at,
        axes=axes,
        origin_m=origin,
        moment_scale=1.0 if of_moment.lower() in ("nm", "n.m", "n*m") else length_scale,
        length_scale=length_scale,
        matrix=matrix.reshape(6, n_channels, order="F"),
        zero=_zero(known, layout, columns),
    )


def _zero(known: Parameters, layout: Layout, columns: tuple[int, ...]) -> Floats:
    """The mean of the frames the file says nobody stood on the plate in."""
    ends = known.numbers("FORCE_PLATFORM", "ZERO")
    first, last = (int(ends[0]), int(ends[1])) if len(ends) >= 2 else (1, 0)
    if not 1 <= first < last <= min(layout.n_frames, 10000):
        return np.zeros(len(columns))
    quiet = layout.frames(first - 1, last - first + 1).analog[:, list(columns)]
    return np.nan_to_num(np.nanmean(quiet, axis=0)) if np.isfinite(quiet).any() else np.zeros(len(columns))


def _signed(plate: Plate, sample: Floats) -> Plate:
    """The plate with the sign under which, all in all, it pushes the foot upwards."""
    vertical = plate.load(np.arange(len(sample), dtype=float), sample).force_n[:, 1]
    return replace(plate, sign=-1.0) if np.nansum(vertical) < 0 else plate


def _item(values: Floats, size: int, number: int, otherwise: Floats) -> Floats:
    """The ``number``-th of several arrays that are stored one after the other."""
    found = values[size * number : size * (number + 1)]
    return found if size and len(found) == size else otherwise
