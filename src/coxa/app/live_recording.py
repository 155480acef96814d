"""Landmarks of a live set gathered, and tags beside them, to be kept and assessed as any recording."""

from __future__ import annotations

import base64
import zlib
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from coxa.app.live import Layout, landmark_names
from coxa.app.live_boards import GatheredTags
from coxa.model.errors import NothingToMeasureError
from coxa.model.exact import from_exact, to_exact
from coxa.model.recording import Recording

_FIRST = 512
Number = TypeVar("Number", bound=np.generic)


class Gathered:
    """Frames of one layout in order, as exact as they came: numbers of 32 bits.

    Args:
        layout: of the pictures.
        most: frames that are taken; the others are left out.
    """

    def __init__(self, layout: Layout, most: int) -> None:
        self.layout = layout
        self._most = most
        self._n = 0
        self._time_s = np.empty(_FIRST)
        self._brightness = np.empty(_FIRST)
        self._points = np.empty((_FIRST, len(landmark_names()), 4), np.float32)
        self.tags = GatheredTags(most)

    def __len__(self) -> int:
        return self._n

    @property
    def full(self) -> bool:
        """No more frames are taken."""
        return self._n >= self._most

    def add(self, frame: Recording) -> None:
        """Take a recording of one frame, if there is room."""
        if self.full:
            return
        if self._n == len(self._time_s):
            self._grow()
        (image,) = frame.image_points
        row = self._points[self._n]
        row[:, :2], row[:, 2], row[:, 3] = image.position_px[0], image.depth_m[0], image.visibility[0]
        self._time_s[self._n] = frame.time_s[0]
        self._brightness[self._n] = frame.brightness[0]
        self._n += 1

    def state(self) -> Any:
        """All of it, as JSON has it."""
        n = self._n
        columns = (self._time_s[:n], self._brightness[:n], self._points[:n])
        told = [base64.b64encode(zlib.compress(one.tobytes(), 1)).decode() for one in columns]
        return {"layout": to_exact(self.layout), "n": n, "columns": told, "tags": self.tags.state()}

    @classmethod
    def of_state(cls, state: Any, most: int) -> Gathered:
        """What :meth:`state` told of, to go on with."""
        made = cls(from_exact(Layout, state["layout"]), most)
        while len(made._time_s) < state["n"]:
            made._grow()
        made._n = state["n"]
        columns: tuple[NDArray[Any], ...] = (made._time_s, made._brightness, made._points)
        for column, told in zip(columns, state["columns"], strict=True):
            kept = np.frombuffer(zlib.decompress(base64.b64decode(told)), column.dtype)
            column[: made._n] = kept.reshape(made._n, *column.shape[1:])
        if "tags" in state:
            made.tags.restore(state["tags"])
        return made

    def _grow(self) -> None:
        self._time_s = _twice(self._time_s)
        self._brightness = _twice(self._brightness)
        self._points = _twice(self._points)

    def recording(self, source: str = "") -> Recording:
        """All of it: what `coxa assess` and `coxa coach` read from a file of it is the same.

        Args:
            source: where it came from, for people to read.

        Raises:
            NothingToMeasureError: there is no frame.
        """
        if not self._n:
            raise NothingToMeasureError("no landmarks came", "let the camera see the whole body")
        n = self._n
        made = self.layout.recording(
            self._time_s[:n].copy(), self._points[:n].copy(), self._brightness[:n].copy()
        )
        return replace(self.tags.beside(made), source=source)


def _twice(array: NDArray[Number]) -> NDArray[Number]:
    """The same with as much room again."""
    return np.concatenate([array, np.empty_like(array)])
