"""Finds coded squares in the pictures of a film.

The whole picture is searched only now and then; in between, a tag is looked for where its board was last
seen, which costs a tenth. Nothing is decided about poses here: corners and their standard deviations go on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from coxa.adapters.tags.corners import Refined, refined
from coxa.adapters.tags.dictionaries import dictionary
from coxa.model.boards import SeenTag, WornBoard
from coxa.specs.tags import Tracking

Floats = NDArray[np.float64]
Grey = NDArray[np.uint8]

_HALF_PX = 0.5  # OpenCV counts from the middle of the first pixel, Coxa from the corner of the picture


@dataclass(slots=True)
class _Place:
    """Where a board was seen: box (x0, y0, x1, y1), motion per frame, frames ago, number of tags."""

    box: Floats
    speed: Floats
    age: int
    tags: int


class TagDetector:
    """Tracks the tags of some boards through a film, one picture after the other."""

    def __init__(self, boards: Iterable[WornBoard], dictionary_name: str, rules: Tracking) -> None:
        self.rules = rules
        self._board_of: Mapping[int, str] = {tag: board.name for board in boards for tag in board.tags}
        self._parameters = _parameters(rules)
        self._finder = cv2.aruco.ArucoDetector(dictionary(dictionary_name), self._parameters)
        self._modules = dictionary(dictionary_name).markerSize + 2
        self._places: dict[str, _Place] = {}
        self._since_search = rules.refresh_every

    def track(self, picture: Grey) -> dict[int, SeenTag]:
        """Tags of the next picture, (height, width) grey or (height, width, 3) RGB."""
        grey = (
            picture if picture.ndim == 2 else np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
        )
        self._since_search += 1
        seen: dict[int, SeenTag] = {}
        if self._due():
            seen = self._find(grey, np.zeros(2, np.int64))
            self._since_search = 0
        else:
            for box in self._boxes(grey.shape):
                x0, y0, x1, y1 = box
                seen.update(self._find(grey[y0:y1, x0:x1], np.array([x0, y0])))
        self._remember(seen)
        return seen

    def _due(self) -> bool:
        """Whether to search the whole picture: something is missing for a while, or it has been long."""
        names = set(self._board_of.values())
        missing = len(self._places) < len(names) or any(place.age for place in self._places.values())
        return self._since_search >= (self.rules.search_every if missing else self.rules.refresh_every)

    def _boxes(self, shape: tuple[int, ...]) -> list[NDArray[np.int64]]:
        """Parts of the picture to search; those that overlap are searched as one."""
        boxes: list[Floats] = []
        limit = np.array([shape[1], shape[0], shape[1], shape[0]], float)
        for place in self._places.values():
            side = np.max(place.box[2:] - place.box[:2])
            margin = max(self.rules.margin * side, self.rules.least_margin_px) * (1 + 0.25 * place.age)
            centre_shift = np.tile(place.speed, 2)
            box = place.box + centre_shift + margin * np.array([-1, -1, 1, 1])
            boxes = _joined(boxes, np.clip(box, 0, limit))
        whole = [np.round(box).astype(np.int64) for box in boxes]
        return [box for box in whole if np.all(box[2:] - box[:2] > 8)]

    def _find(self, grey: Grey, corner: NDArray[np.int64]) -> dict[int, SeenTag]:
        # The least perimeter is told as a share of the picture: specks of noise cost most of the time.
        self._parameters.minMarkerPerimeterRate = 4.0 * self.rules.least_side_px / max(grey.shape)
        self._finder.setDetectorParameters(self._parameters)
        try:
            quads, ids, _ = self._finder.detectMarkers(grey)
        except cv2.error:
            return {}  # the refinement of corners throws on tags too small to refine
        if ids is None:
            return {}
        seen: dict[int, SeenTag] = {}
        twice: set[int] = set()
        for tag, quad in zip([int(one) for one in np.ravel(ids)], quads, strict=True):
            if tag not in self._board_of:
                continue
            corners = np.asarray(quad, np.float64).reshape(4, 2)
            if _shortest_side(corners) < self.rules.least_side_px or not _is_convex(corners):
                continue
            exact = refined(grey, corners, self._modules)
            if exact is None:
                continue
            if tag in seen:
                twice.add(tag)
            seen[tag] = SeenTag(exact.corners_px + corner + _HALF_PX, self._sd(exact))
        return {tag: one for tag, one in seen.items() if tag not in twice}

    def _sd(self, exact: Refined) -> float:
        """Standard deviation of corners: what the picture spoils, and paper that is not flat."""
        picture = self.rules.noise_px + self.rules.noise_of_spread * exact.spread_px
        side = float(np.linalg.norm(exact.corners_px[2] - exact.corners_px[0]) / np.sqrt(2.0))
        return float(np.hypot(picture, self.rules.noise_of_side * side))

    def _remember(self, seen: Mapping[int, SeenTag]) -> None:
        of_board: dict[str, list[Floats]] = {}
        for tag, one in seen.items():
            of_board.setdefault(self._board_of[tag], []).append(one.corners_px)
        for name, quads in of_board.items():
            points = np.concatenate(quads)
            box = np.concatenate([points.min(axis=0), points.max(axis=0)])
            old = self._places.get(name)
            speed = np.zeros(2)
            if old is not None and old.tags == len(quads) and not old.age:
                speed = 0.5 * (box[:2] + box[2:] - old.box[:2] - old.box[2:])
            self._places[name] = _Place(box, speed, 0, len(quads))
        for name in list(self._places):
            if name not in of_board:
                self._places[name].age += 1
                self._places[name].speed *= 0.5
                if self._places[name].age > self.rules.forget_after:
                    del self._places[name]


def _parameters(rules: Tracking) -> cv2.aruco.DetectorParameters:
    parameters = cv2.aruco.DetectorParameters()
    windows = rules.threshold_windows
    parameters.adaptiveThreshWinSizeMin = windows[0]
    parameters.adaptiveThreshWinSizeMax = windows[-1]
    parameters.adaptiveThreshWinSizeStep = max(1, (windows[-1] - windows[0]) // max(len(windows) - 1, 1))
    parameters.adaptiveThreshConstant = rules.threshold_constant
    parameters.perspectiveRemovePixelPerCell = rules.texels
    parameters.errorCorrectionRate = rules.error_correction
    parameters.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_NONE
    parameters.minDistanceToBorder = 1
    return parameters


def _joined(boxes: list[Floats], box: Floats) -> list[Floats]:
    apart = []
    for other in boxes:
        if np.all(box[:2] < other[2:]) and np.all(other[:2] < box[2:]):
            box = np.concatenate([np.minimum(box[:2], other[:2]), np.maximum(box[2:], other[2:])])
        else:
            apart.append(other)
    return [*apart, box]


def _shortest_side(corners: Floats) -> float:
    return float(np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1).min())


def _is_convex(corners: Floats) -> bool:
    side = np.roll(corners, -1, axis=0) - corners
    turn = side[:, 0] * np.roll(side[:, 1], -1) - side[:, 1] * np.roll(side[:, 0], -1)
    return bool(np.all(turn > 0))
