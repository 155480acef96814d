"""From tags in pictures to the channel of a recording that the estimator takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.tags.detector import TagDetector
from coxa.app.ports import Lens
from coxa.catalog import loader
from coxa.kinematics.boards import worn_board
from coxa.model.boards import SeenTag, WornBoard, in_columns
from coxa.model.camera import Camera
from coxa.model.channels import BoardCorners

Floats = NDArray[np.float64]


class BoardWatcher:
    """Watches a film for boards, picture by picture; hands out a channel for any stretch of it.

    Args:
        camera: that took the film, as if its lens did not distort.
        lens: its calibration; None: the lens does not distort.
        neutral_s: from when to when the person stands neutrally [start, end); None: not told.
        rate_hz: of the pictures, by which the neutral stance counts as one look.
        names: boards to look for; None: all.
    """

    def __init__(
        self,
        camera: Camera,
        lens: Lens | None = None,
        neutral_s: tuple[float, float] | None = None,
        rate_hz: float = 30.0,
        names: Sequence[str] | None = None,
    ) -> None:
        boards, rules = loader.tag_boards(), loader.tag_rules().tracking
        wanted = [board for board in boards.boards if names is None or board.name in names]
        self.boards: tuple[WornBoard, ...] = tuple(worn_board(board, boards) for board in wanted)
        self.camera = camera
        self.gate = rules.gate
        self._lens = lens
        self._neutral = neutral_s
        self._n_neutral = 1.0 if neutral_s is None else max(1.0, (neutral_s[1] - neutral_s[0]) * rate_hz)
        self._detector = TagDetector(self.boards, boards.dictionary, rules)

    def see(self, picture: NDArray[np.uint8]) -> dict[int, SeenTag]:
        """Tags of the next picture, grey or RGB."""
        return self._detector.track(picture)

    def channel(self, time_s: Floats, seen: Sequence[Mapping[int, SeenTag]]) -> BoardCorners:
        """The channel of some consecutive pictures, (n_frames,) times and what was seen in each."""
        position, sd = in_columns(self.boards, seen)
        if self._lens is not None:
            position = self._lens.ideal(position, self.camera.width_px, self.camera.height_px)
        standing = np.zeros(len(seen))
        if self._neutral is not None:
            standing[(time_s >= self._neutral[0]) & (time_s < self._neutral[1])] = 1.0 / self._n_neutral
        return BoardCorners(self.boards, position, sd, standing, self.camera, self.gate)
