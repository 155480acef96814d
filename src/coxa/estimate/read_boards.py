"""Which boards were read about a frame: one that was not read for a while tells nothing new.

Both faces must have been: one alone is as ambiguous as a flat tag, and a wrong answer looks as sure.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from coxa.model.recording import Recording

Floats = NDArray[np.float64]

#: Row of the observability table where boards are looked for; says which to wear.
LOOKED_FOR = "boards"
_NEAR_S = 0.2
_TOGETHER = 3


def board_kinds(names: Sequence[str]) -> tuple[str, ...]:
    """Rows of the observability table that boards beside keypoints obey: each few together, then each."""
    groups = [group for size in range(_TOGETHER, 0, -1) for group in combinations(names, size)]
    return *(f"board_{'+'.join(group)}" for group in groups), LOOKED_FOR


class ReadBoards:
    """Remembers when boards were read, as long as frames about then are not final."""

    def __init__(self) -> None:
        self.names: tuple[str, ...] = ()
        self._time_s: Floats = np.zeros(0)
        self._read: NDArray[np.bool_] = np.zeros((0, 0), bool)
        self._ever: set[str] = set()

    def add(self, recording: Recording) -> None:
        """Take note of the next frames."""
        channels = recording.boards
        names = tuple(board.name for channel in channels for board in channel.boards)
        read = np.zeros((recording.n_frames, len(names)), bool)
        k = 0
        for channel in channels:
            first = 0
            for board in channel.boards:
                last = first + board.n_corners
                corners = np.isfinite(channel.sd_px[:, first:last]).reshape(-1, len(board.tags), 4)
                tags = np.asarray(corners.all(axis=2))
                left = np.asarray(board.normal[:, 2] > 0)
                read[:, k] = tags[:, left].any(axis=1) & tags[:, ~left].any(axis=1)
                first, k = last, k + 1
        if not self.names:
            self.names, self._read = names, np.zeros((0, len(names)), bool)
        self._time_s = np.concatenate([self._time_s, recording.time_s])
        self._read = np.concatenate([self._read, read])

    @property
    def ever(self) -> tuple[str, ...]:
        """Boards that any frame could rely on so far."""
        return tuple(name for name in dict.fromkeys(self.names) if name in self._ever)

    def about(self, time_s: Floats) -> list[tuple[str, ...]]:
        """For every frame, in order, the boards read on both faces within a fifth of a second of it."""
        start = np.searchsorted(self._time_s, time_s - _NEAR_S)
        stop = np.searchsorted(self._time_s, time_s + _NEAR_S, side="right")
        count = np.concatenate([np.zeros((1, len(self.names)), int), np.cumsum(self._read, axis=0)])
        near = count[stop] > count[start]
        found = [tuple(dict.fromkeys(np.array(self.names)[row].tolist())) for row in near]
        self._ever.update(name for names in found for name in names)
        if len(time_s):
            old = self._time_s < time_s[-1] - _NEAR_S
            self._time_s, self._read = self._time_s[~old], self._read[~old]
        return found
