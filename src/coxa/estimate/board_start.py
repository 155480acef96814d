"""Where to start from what boards show: orientations and places of the segments that wear them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from coxa.kinematics.boards import Answers, most_probable_path, poses_from_corners
from coxa.kinematics.rotations import vector_from_rotation
from coxa.model.boards import WornBoard
from coxa.model.channels import BoardCorners
from coxa.model.recording import Recording

Floats = NDArray[np.float64]

_STRIDE_S = 0.09  # between looks: a start need not follow every frame
_SAME = 1e-9
#: Negative log-likelihoods apart by less leave it open which is true. Corners err alike from frame to frame,
#: and the body has its say, so looks must agree on much more before there is no doubt.
UNDECIDED, _NO_DOUBT = 12.0, 40.0
_LEAST_LOOKS = 3
_MOST_WAYS = 4
_CROSSING_RAD = np.radians(45.0)
_ASKEW_RAD = np.radians(15.0)  # how a board may sit otherwise than usual


@dataclass(frozen=True, slots=True)
class Looks:
    """What one camera's looks at one board allow.

    Attributes:
        channel: of the camera.
        board: as worn.
        time_s: (n_frames,).
        answers: of every frame; none where it was not looked at or not seen.
    """

    channel: BoardCorners
    board: WornBoard
    time_s: Floats
    answers: list[Answers]

    def expecting(self, known: Mapping[str, Floats] | None) -> Looks:
        """The same, the answers of the first frames costlier the further from what is known of them."""
        before = np.zeros((0, 3, 3)) if known is None else known.get(self.board.segment, np.zeros((0, 3, 3)))
        expected = self.channel.camera.rotation_room_to_camera @ before @ self.board.rotation
        some = [_as_expected(one, at) for one, at in zip(self.answers, expected, strict=False)]
        return replace(self, answers=some + self.answers[len(some) :])

    def best(self) -> tuple[Floats, Floats]:
        """Rotations (n_frames, 3, 3) and places (n_frames, 3) in camera axes; NaN where not looked at."""
        return most_probable_path(self.answers, self.time_s)

    def others(self) -> list[Looks]:
        """The same, kept to other answers than the best where these are nearly as good.

        None where the looks, or what is known, leave no doubt which side the board is seen from. Where both
        sides come near each other the way may cross over: it is kept with the crossing and without.
        """
        chosen, _ = self.best()
        left = list(self.answers)
        doubt, margin = 0, 0.0
        for t, some in enumerate(self.answers):
            rest = _without(some, chosen[t])
            costlier = min((one.cost for one in rest), default=np.inf) - _cost_of(some, chosen[t])
            if costlier > UNDECIDED:
                continue
            left[t] = rest
            doubt, margin = doubt + 1, margin + costlier
        if doubt < _LEAST_LOOKS or margin > _NO_DOUBT:
            return []
        other = replace(self, answers=left)
        return [other, *self._crossed(chosen, other.best()[0])]

    def _crossed(self, first: Floats, second: Floats) -> list[Looks]:
        """From one path (n_frames, 3, 3) to the other where they are nearest, and the other way about."""
        looked = np.flatnonzero(np.isfinite(first[:, 0, 0]))
        turn = vector_from_rotation(first[looked] @ np.swapaxes(second[looked], 1, 2))
        apart = np.linalg.norm(turn, axis=1)
        apart[apart < _SAME] = np.inf
        inner = slice(_LEAST_LOOKS, len(looked) - _LEAST_LOOKS)
        if not np.any(apart[inner] < _CROSSING_RAD):
            return []
        middle = looked[inner][int(np.argmin(apart[inner]))]
        found = []
        for before, after in ((first, second), (second, first)):
            path = np.concatenate([before[:middle], after[middle:]])
            kept = [_only(some, path[t]) for t, some in enumerate(self.answers)]
            found.append(replace(self, answers=kept))
        return found


def looks_at_boards(recording: Recording) -> list[Looks]:
    """Every board that some camera saw."""
    found = []
    for channel in recording.boards:
        first = 0
        for board in channel.boards:
            last = first + board.n_corners
            answers = _answers(channel, board, slice(first, last), recording.time_s)
            first = last
            if any(answers):
                found.append(Looks(channel, board, recording.time_s, answers))
    return found


def other_sides(looks: Sequence[Looks], known: Mapping[str, Floats] | None = None) -> list[list[Looks]]:
    """Other ways to take the same looks: boards in doubt seen from the other side, each alone and all.

    Args:
        looks: of all boards.
        known: as :func:`segments_from_looks` takes it.
    """
    others = {k: one.expecting(known).others() for k, one in enumerate(looks)}
    doubtful = {k: some for k, some in others.items() if some}
    n_kinds = max(map(len, doubtful.values()), default=0)
    ways = [{k: some[i] for k, some in doubtful.items() if i < len(some)} for i in range(n_kinds)]
    if len(doubtful) > 1:
        ways += [{k: some[0]} for k, some in doubtful.items()]
    return [[way.get(k, one) for k, one in enumerate(looks)] for way in ways[:_MOST_WAYS]]


def segments_from_looks(
    looks: Sequence[Looks], known: Mapping[str, Floats] | None = None
) -> dict[str, tuple[Floats, Floats]]:
    """Segment -> rotations (n_frames, 3, 3) and places (n_frames, 3) m in the room; NaN where not seen.

    As if every board sat where it usually does: a start, no more.

    Args:
        looks: of all boards.
        known: segment -> rotations (n_known, 3, 3) that the first frames are known to have: of two answers,
            what follows continues the one that went before, however long one face is all that is seen.
    """
    found: dict[str, tuple[Floats, Floats]] = {}
    for one in looks:
        rotation, position = one.expecting(known).best()
        if one.board.segment not in found and np.isfinite(position).any():
            found[one.board.segment] = _segment(one.channel, one.board, rotation, position)
    return found


def _answers(channel: BoardCorners, board: WornBoard, columns: slice, time_s: Floats) -> list[Answers]:
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
    return answers


def _without(answers: Answers, rotation: Floats) -> Answers:
    return tuple(one for one in answers if np.abs(one.rotation - rotation).max() > _SAME)


def _only(answers: Answers, rotation: Floats) -> Answers:
    return tuple(one for one in answers if np.abs(one.rotation - rotation).max() <= _SAME)


def _cost_of(answers: Answers, rotation: Floats) -> float:
    return min((one.cost for one in _only(answers, rotation)), default=0.0)


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
