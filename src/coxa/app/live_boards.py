"""Printed boards of a live set: tags that a browser found, beside the landmarks of the same pictures."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coxa.app.boards import Stance
from coxa.catalog import loader
from coxa.kinematics.boards import worn_board
from coxa.model.boards import SeenTag, WornBoard, in_columns
from coxa.model.channels import BoardCorners
from coxa.model.keypoints import Keypoints
from coxa.model.recording import Recording

Floats = NDArray[np.float64]
Floats32 = NDArray[np.float32]

#: Two times of one picture, told in the same 64 bits.
_SAME_S = 1e-6
#: Of a tag that is kept: its picture's time, its id, four corners, their standard deviation.
_ROW = 11


class GatheredTags:
    """Tags of pictures, by the times of their landmarks.

    Args:
        most: pictures that are taken; the others are left out.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._seen: dict[float, Mapping[int, SeenTag]] = {}

    def __len__(self) -> int:
        return len(self._seen)

    def add(self, time_s: float, ids: NDArray[np.uint16], corners_px: Floats32, spread_px: Floats) -> None:
        """Take the tags of one picture.

        Args:
            time_s: of its landmarks.
            ids: (n,).
            corners_px: (n, 4, 2), clockwise from each tag's upper left.
            spread_px: (n,) how far edge points spread about the lines that corners come from; 0: not told.
        """
        if len(self._seen) >= self._most:
            return
        ours = {tag for board in _worn() for tag in board.tags}
        corners = corners_px.astype(np.float64)
        found = {
            int(tag): SeenTag(quad, _sd_px(quad, float(spread)))
            for tag, quad, spread in zip(ids, corners, spread_px, strict=True)
            if int(tag) in ours and _is_square(quad)
        }
        if found and len(found) == len(ids):  # a tag that is none of ours, or twice: nothing there is sure
            self._seen[time_s] = found

    def state(self) -> Any:
        """All of it, as JSON has it."""
        rows = [
            (at_s, float(tag), *one.corners_px.ravel().tolist(), one.sd_px)
            for at_s, found in self._seen.items()
            for tag, one in found.items()
        ]
        return base64.b64encode(zlib.compress(np.array(rows, np.float64).tobytes(), 1)).decode()

    def restore(self, state: Any) -> None:
        """Go on with what :meth:`state` told of."""
        rows = np.frombuffer(zlib.decompress(base64.b64decode(state)), np.float64).reshape(-1, _ROW)
        seen: dict[float, dict[int, SeenTag]] = {}
        for row in rows:
            one = SeenTag(row[2:-1].reshape(4, 2), float(row[-1]))
            seen.setdefault(float(row[0]), {})[int(row[1])] = one
        self._seen = dict(seen)

    def beside(self, recording: Recording) -> Recording:
        """The recording with the boards that were seen in its pictures; itself where none was."""
        seen = self._at(recording.time_s)
        tags = {tag for one in seen for tag in one}
        boards = tuple(board for board in _worn() if tags.intersection(board.tags))
        if not boards:
            return recording
        (image,) = recording.image_points
        position, sd = in_columns(boards, seen)
        gate = loader.tag_rules().tracking.gate
        corners = BoardCorners(boards, position, sd, _standing(recording), image.camera, gate)
        return replace(recording, boards=(corners,))

    def _at(self, time_s: Floats) -> list[Mapping[int, SeenTag]]:
        none: list[Mapping[int, SeenTag]] = [{} for _ in time_s]
        for at_s, found in self._seen.items():
            frame = int(np.searchsorted(time_s, at_s - _SAME_S))
            if frame < len(time_s) and time_s[frame] - at_s <= _SAME_S:
                none[frame] = found
        return none


@cache
def _worn() -> tuple[WornBoard, ...]:
    """Every board that can be printed."""
    boards = loader.tag_boards()
    return tuple(worn_board(one, boards) for one in boards.boards)


def _is_square(corners_px: Floats) -> bool:
    """Whether corners (4, 2) go clockwise round something convex: what a square looks like from anywhere."""
    side = np.roll(corners_px, -1, axis=0) - corners_px
    following = np.roll(side, -1, axis=0)
    return bool(np.all(side[:, 0] * following[:, 1] - side[:, 1] * following[:, 0] > 0.0))


def _sd_px(corners_px: Floats, spread_px: float) -> float:
    """Standard deviation of corners, as in films: what the picture spoils, and paper that is not flat."""
    rules = loader.tag_rules().tracking
    side = float(np.linalg.norm(corners_px[2] - corners_px[0]) / np.sqrt(2.0))
    return float(np.hypot(rules.noise_px + rules.noise_of_spread * spread_px, rules.noise_of_side * side))


def _standing(recording: Recording) -> Floats:
    """(n_frames,) share of the neutral stance: the first still second of standing upright."""
    (image,) = recording.image_points
    rules = loader.tag_rules().neutral
    stance = Stance(image.names, rules)
    upright_m = rules.shoulders_to_ankles * (recording.subject.height_m or rules.usual_stature_m)
    rows = {name: k for k, name in enumerate(image.names)}
    high = [rows[f"{side}_shoulder"] for side in ("left", "right")]
    low = [rows[f"{side}_ankle"] for side in ("left", "right")]
    shares = []
    for at_s, px, depth_m, visibility in zip(
        recording.time_s, image.position_px, image.depth_m, image.visibility, strict=True
    ):
        tall_px = float(px[low, 1].mean() - px[high, 1].mean())
        seen = None
        if tall_px > 0.0 and np.isfinite(px).all():
            world = np.column_stack([upright_m / tall_px * px, np.nan_to_num(depth_m)])
            seen = Keypoints(px, visibility, world, 1.0)
        shares.append(stance.share(float(at_s), seen))
    return np.array(shares, float)
