"""Where to start from what boards show: orientations and places of the segments that wear them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from coxa.kinematics.boards import Answers, most_probable_path, poses_from_corners
from coxa.kinematics.rotations import vector_from_rotation
from coxa.model.boards import WornBoard
from coxa.model.channels import BoardCorners
from coxa.model.recording import Recording

Floats = NDArray[np.float64]

_STRIDE_S = 0.09  # between looks: a start need not follow every frame
_ASKEW_RAD = np.radians(15.0)  # how a board may sit otherwise than usual


def segments_from_boards(
    recording: Recording, known: Mapping[str, Floats] | None = None
) -> dict[str, tuple[Floats, Floats]]:
    """Segment -> rotations (n_frames, 3, 3) and places (n_frames, 3) m in the room; NaN where not seen.

    As if every board sat where it usually does: a start, no more.

    Args:
        recording: with boards.
        known: segment -> rotations (n_known, 3, 3) that the first frames are known to have: of two answers,
            what follows continues the one that went before, however long one face is all that is seen.
    """
    found: dict[str, tuple[Floats, Floats]] = {}
    for channel in recording.boards:
        first = 0
        for board in channel.boards:
            last = first + board.n_corners
            before = np.zeros((0, 3, 3)) if known is None else known.get(board.segment, np.zeros((0, 3, 3)))
            expected = channel.camera.rotation_room_to_camera @ before @ board.rotation
            rotation, position = _board_path(channel, board, slice(first, last), recording.time_s, expected)
            first = last
            if board.segment in found or not np.isfinite(position).any():
                continue
            found[board.segment] = _segment(channel, board, rotation, position)
    return found


def _board_path(
    channel: BoardCorners, board: WornBoard, columns: slice, time_s: Floats, expected: Floats
) -> tuple[Floats, Floats]:
    corners = board.corners_m.reshape(-1, 3)
    answers: list[Answers] = []
    last_s = -np.inf
    every = zip(channel.position_px[:, columns], channel.sd_px[:, columns], time_s, strict=True)
    for t, (pixels, sd, at_s) in enumerate(every):
        seen = np.isfinite(pixels[:, 0]) & np.isfinite(sd)
        if seen.sum() < 4 or at_s - last_s < _STRIDE_S:
            answers.append(())
            continue
        last_s = at_s
        camera = channel.camera
        found = poses_from_corners(corners[seen], pixels[seen], sd[seen], camera.focal_px, camera.centre_px)
        answers.append(_as_expected(found, expected[t]) if t < len(expected) else found)
    return most_probable_path(answers, time_s)


def _as_expected(answers: Answers, expected: Floats) -> Answers:
    """The answers, the costlier the further from the rotation expected."""
    off = [float(np.linalg.norm(vector_from_rotation(one.rotation @ expected.T))) for one in answers]
    return tuple(
        one._replace(cost=one.cost + 0.5 * (angle / _ASKEW_RAD) ** 2)
        for one, angle in zip(answers, off, strict=True)
    )


def _segment(
    channel: BoardCorners, board: WornBoard, rotation: Floats, position: Floats
) -> tuple[Floats, Floats]:
    to_room = channel.camera.rotation_room_to_camera.T
    turned = to_room @ rotation @ board.rotation.T
    at = position @ to_room.T + channel.camera.position_m
    return np.asarray(turned), np.asarray(at - turned @ board.position_m)
