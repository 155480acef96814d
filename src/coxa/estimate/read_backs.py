"""Where the outline of the back was read: elsewhere it tells nothing, whatever it told before."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coxa.model.recording import Recording

Floats = NDArray[np.float64]

_NEAR_S = 0.2


class ReadBacks:
    """Remembers when an outline was read, as long as frames about then are not final.

    ``ever``: whether one was at all.
    """

    def __init__(self) -> None:
        self._time_s: Floats = np.zeros(0)
        self.ever = False

    def add(self, recording: Recording) -> None:
        """Take note of the next frames."""
        read = self.read(recording)
        self._time_s = np.concatenate([self._time_s, recording.time_s[read]])
        self.ever |= bool(read.any())

    @staticmethod
    def read(recording: Recording) -> NDArray[np.bool_]:
        """(n_frames,) whether an outline was read."""
        read = np.zeros(recording.n_frames, bool)
        for channel in recording.backs:
            read |= np.isfinite(channel.angle_rad[:, 0])
        return read

    def about(self, time_s: Floats) -> NDArray[np.bool_]:
        """For every frame, in order, whether an outline was read within a fifth of a second of it."""
        start = np.searchsorted(self._time_s, time_s - _NEAR_S)
        stop = np.searchsorted(self._time_s, time_s + _NEAR_S, side="right")
        if len(time_s):
            self._time_s = self._time_s[self._time_s >= time_s[-1] - _NEAR_S]
        return np.asarray(stop > start)
