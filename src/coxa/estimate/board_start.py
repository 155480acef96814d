"""Where to start from what boards show: orientations and places of the segments that wear them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coxa.kinematics.boards import Answers, most_probable_path, poses_from_corners
from coxa.model.boards import WornBoard
from coxa.model.channels import BoardCorners
from coxa.model.recording import Recording

Floats = NDArray[np.float64]

_STRIDE_S = 0.09  # between looks: a start need not follow every frame


def segments_from_boards(recording: Recording) -> dict[str, tuple[Floats, Floats]]:
    """Segment -> rotations (n_frames, 3, 3) and places (n_frames, 3) m in the room; NaN where not seen.

    As if every board sat where it usually does: a start, no more.
    """
    found: dict[str, tuple[Floats, Floats]] = {}
    for channel in recording.boards:
        first = 0
        for board in channel.boards:
            last = first + board.n_corners
            rotation, position = _board_path(channel, board, slice(first, last), recording.time_s)
            first = last
            if board.segment in found or not np.isfinite(position).any():
                continue
            found[board.segment] = _segment(channel, board, rotation, position)
    return found


def _board_path(
    channel: BoardCorners, board: WornBoard, columns: slice, time_s: Floats
) -> tuple[Floats, Floats]:
    corners = board.corners_m.reshape(-1, 3)
    answers: list[Answers] = []
    last_s = -np.inf
    every = zip(channel.position_px[:, columns], channel.sd_px[:, columns], time_s, strict=True)
    for pixels, sd, at_s in every:
        seen = np.isfinite(pixels[:, 0]) & np.isfinite(sd)
        if seen.sum() < 4 or at_s - last_s < _STRIDE_S:
            answers.append(())
            continue
        last_s = at_s
        camera = channel.camera
        answers.append(
            poses_from_corners(corners[seen], pixels[seen], sd[seen], camera.focal_px, camera.centre_px)
        )
    return most_probable_path(answers, time_s)


def _segment(
    channel: BoardCorners, board: WornBoard, rotation: Floats, position: Floats
) -> tuple[Floats, Floats]:
    to_room = channel.camera.rotation_room_to_camera.T
    turned = to_room @ rotation @ board.rotation.T
    at = position @ to_room.T + channel.camera.position_m
    return np.asarray(turned), np.asarray(at - turned @ board.position_m)
