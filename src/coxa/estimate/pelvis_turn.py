"""Where the pelvis faces, told by the knees, as an observation of the body's root.

A reading is the heading of the pelvis, an error of its own, and an offset that all frames share: where the
pelvis faced at the person's still start is known only as well as the network's depth tells it, how far it
turned since then better.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from coxa.estimate.body import Pose
from coxa.estimate.landmarks import SharedParameters
from coxa.estimate.observations import NormalEquations
from coxa.estimate.read_backs import ReadBacks
from coxa.model.channels import PelvisTurn
from coxa.model.motion import TO_SEE_IT
from coxa.model.recording import Recording

Floats = NDArray[np.float64]

KIND = "pelvis_turn"
_TURN = "pelvis_left_rotation"
_ROTATION = slice(3, 6)  # of the root's degrees of freedom


def offsets(channels: Sequence[PelvisTurn], shared: SharedParameters) -> tuple[int, ...]:
    """Where each camera's unknown heading at the start is among the shared parameters."""
    return tuple(shared.add_unknown([channel.offset_sd_rad]) for channel in channels)


def add_turn(
    channel: PelvisTurn,
    unknown: int,
    pose: Pose,
    shared: Floats,
    n_as_one: float,
    equations: NormalEquations,
) -> None:
    """Add a channel's readings.

    Args:
        channel: (n_frames).
        unknown: which shared parameter is its offset [rad].
        pose: (n_frames).
        shared: (n_shared,).
        n_as_one: how many frames share one lasting error.
        equations: added to.
    """
    frames = np.flatnonzero(np.isfinite(channel.angle_rad))
    if not len(frames):
        return
    heading, row = _heading(pose.rotation[frames])
    off = channel.angle_rad[frames] - heading - shared[unknown]
    residual = np.asarray(np.angle(np.exp(1j * off)))
    sd, gate = np.sqrt(n_as_one) * channel.sd_rad[frames], channel.gate
    far = np.abs(residual) / sd
    weight = np.minimum(1.0, gate / np.maximum(far, 1e-12)) / sd**2  # Huber
    weighted = weight[:, None] * row
    equations.info[frames, _ROTATION, _ROTATION] += weighted[:, :, None] * row[:, None, :]
    equations.border[frames, _ROTATION, unknown] += weighted
    equations.right[frames, _ROTATION] += weighted * residual[:, None]
    equations.info_shared[unknown, unknown] += weight.sum()
    equations.right_shared[unknown] += weight @ residual
    equations.cost[frames] += np.where(far <= gate, 0.5 * far**2, gate * far - 0.5 * gate**2)


def _heading(rotation: Floats) -> tuple[Floats, Floats]:
    """Headings (n,) [rad] of pelves (n, 3, 3), and their derivatives (n, 3) by small turns in the room."""
    x, y, z = rotation[:, :, 2].T  # of its right
    level = np.maximum(x**2 + z**2, 1e-6)
    return np.arctan2(x, z), np.stack([-x * y / level, np.ones(len(x)), -y * z / level], axis=1)


class ReadTurns(ReadBacks):
    """Remembers when the knees told a turn, likewise, and why they did not."""

    def __init__(self) -> None:
        super().__init__()
        self._faults: Counter[str] = Counter()

    def add(self, recording: Recording) -> None:
        """Take note of the next frames."""
        super().add(recording)
        for channel in recording.turns:
            self._faults[channel.fault] += len(channel.angle_rad)

    def explained(self, reasons: Mapping[str, str]) -> dict[str, str]:
        """The reasons, that of the pelvis's turn with what spoilt most frames."""
        told = dict(reasons)
        fault = max(self._faults, key=self._faults.__getitem__, default="")
        if fault and _TURN in told:
            reason, remedy, help_ = told[_TURN].partition(TO_SEE_IT)
            told[_TURN] = f"{reason}: {fault}{remedy}{help_}"
        return told

    @staticmethod
    def read(recording: Recording) -> NDArray[np.bool_]:
        """(n_frames,) whether the knees told a turn."""
        told = np.zeros(recording.n_frames, bool)
        for channel in recording.turns:
            told |= np.isfinite(channel.angle_rad)
        return told
