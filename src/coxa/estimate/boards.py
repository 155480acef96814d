"""Corners of printed boards as observations of the body, compiled.

A board is a rigid thing on a segment. Where it sits (three turns, three shifts) is shared by all frames and
has a prior; how skin and strap let it move is drawn anew and marginalised in closed form: the corners of a
frame tell where the board is, and its wobble widens that before the segment is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from coxa.estimate.body import BodyModel
from coxa.estimate.forward import forward, length_jacobian, point_jacobian, turn
from coxa.estimate.landmarks import SharedParameters
from coxa.model.boards import WornBoard
from coxa.model.channels import BoardCorners

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_LEAST_WOBBLE = 1e-6


@dataclass(frozen=True, slots=True)
class Mounts:
    """The boards of one channel, tied to segments.

    Attributes:
        owner: (n_boards,) segment.
        rotation: (n_boards, 3, 3) board axes to segment axes, before the shared parameters.
        position_m: (n_boards, 3) in the segment of a person of the model's stature.
        first: (n_boards,) first of six shared parameters: a turn [rad] and a shift [m] in segment axes.
        columns: (n_boards, 2) first and one past the last corner.
        corners_m: (n_corners, 3) in board axes.
        wobble_sd: (n_boards, 6).
        wobble_s: (n_boards,) how long it lasts.
    """

    owner: Ints
    rotation: Floats
    position_m: Floats
    first: Ints
    columns: Ints
    corners_m: Floats
    wobble_sd: Floats
    wobble_s: Floats

    @classmethod
    def of(
        cls, boards: Sequence[WornBoard], body: BodyModel, shared: SharedParameters, known: dict[str, int]
    ) -> Mounts:
        """Tie boards to the body.

        Args:
            boards: as worn.
            body: the body.
            shared: where the unknown mounts are added.
            known: board name -> its first shared parameter, for boards that another camera sees too;
                added to.
        """
        for board in boards:
            if board.name not in known:
                sd = (*board.rotation_sd_rad, *board.position_sd_m)
                known[board.name] = shared.add_unknown([float(one) for one in sd])
        end = np.cumsum([board.n_corners for board in boards])
        start = end - [board.n_corners for board in boards]
        return cls(
            owner=np.array([body.bodies.index(board.segment) for board in boards], np.int64),
            rotation=np.array([board.rotation for board in boards]).reshape(-1, 3, 3),
            position_m=np.array([board.position_m for board in boards]).reshape(-1, 3),
            first=np.array([known[board.name] for board in boards], np.int64),
            columns=np.stack([start, end], axis=1).astype(np.int64),
            corners_m=np.concatenate([board.corners_m.reshape(-1, 3) for board in boards]),
            wobble_sd=np.maximum([board.wobble_sd for board in boards], _LEAST_WOBBLE),
            wobble_s=np.array([board.wobble_s for board in boards]),
        )

    @property
    def arrays(self) -> tuple[Ints, Floats, Floats, Ints, Ints, Floats]:
        """What the compiled kernel takes, in its order."""
        return self.owner, self.rotation, self.position_m, self.first, self.columns, self.corners_m

    def wobble_information(self, interval_s: float) -> Floats:
        """(n_boards, 6) inverse variance; frames that share one wobble count as one (as for keypoints)."""
        as_one = 1.0 + 2.0 * self.wobble_s[:, None] / interval_s
        return np.asarray(1.0 / (as_one * self.wobble_sd**2))


@njit(cache=True, nogil=True)
def _exponential(vector, rotation, left):  # type: ignore[no-untyped-def]
    """``rotation`` (3, 3) of a vector, and its left Jacobian ``left`` (3, 3)."""
    angle = np.sqrt(np.sum(vector**2))
    cross = np.zeros((3, 3))
    cross[0, 1], cross[0, 2], cross[1, 2] = -vector[2], vector[1], -vector[0]
    cross[1, 0], cross[2, 0], cross[2, 1] = vector[2], -vector[1], vector[0]
    squared = np.dot(cross, cross)
    if angle < 1e-8:
        rotation[:] = np.eye(3) + cross
        left[:] = np.eye(3) + 0.5 * cross
        return
    turn(vector / angle, angle, rotation)
    left[:] = np.eye(3) + (1 - np.cos(angle)) / angle**2 * cross
    left += (angle - np.sin(angle)) / angle**3 * squared


@njit(cache=True, nogil=True)
def _board_columns(body, mount, shared, factor, place, rotation, anchor, axis, left, origin, rows, scratch):  # type: ignore[no-untyped-def]
    """``rows`` (6, n_dof + n_shared): turn and shift of a board, in segment axes, by every unknown.

    ``origin`` (3,): the board in the room, written.
    """
    b, nominal, first = mount
    n_joints = len(anchor)
    n_dof = 6 + n_joints
    is_slide, moves = body[4], body[6]
    to_room = rotation[b]
    for r in range(3):
        origin[r] = place[b, r]
        for k in range(3):
            origin[r] += to_room[r, k] * (nominal[k] * factor[0] + shared[first + 3 + k])
    shift = np.zeros((3, rows.shape[1]))
    point_jacobian(body, b, origin, place, anchor, axis, shift)
    length_jacobian(body, b, nominal, np.zeros(3, np.int64), factor, rotation, scratch)
    shift[:, n_dof : n_dof + len(factor)] = scratch
    for r in range(3):
        # The pelvis's place is counted in units of the person's size.
        shift[r, r] *= factor[0]
        shift[r, n_dof] += place[0, r]
    rows[:, :] = 0.0
    rows[3:] = np.dot(to_room.T, shift)
    for r in range(3):
        for k in range(3):
            rows[r, 3 + k] = to_room[k, r]
            rows[r, n_dof + first + k] = left[r, k]
        rows[3 + r, n_dof + first + 3 + r] = 1.0
        for j in range(n_joints):
            if moves[b, j] and not is_slide[j]:
                rows[r, 6 + j] = (
                    to_room[0, r] * axis[j, 0] + to_room[1, r] * axis[j, 1] + to_room[2, r] * axis[j, 2]
                )


@njit(cache=True, nogil=True)
def _corner_information(corners, arms, origin, to_room, camera, uv, sd, info, right):  # type: ignore[no-untyped-def]
    """Information of a frame's corners about the turn and shift of their board; returns (chi2, n)."""
    to_camera, eye, focal, centre = camera
    info[:, :] = 0.0
    right[:] = 0.0
    chi2, n_seen = 0.0, 0
    turned = np.dot(to_camera, to_room)
    middle = np.dot(to_camera, origin - eye)
    row = np.empty((2, 6))
    for i in range(len(corners)):
        if np.isnan(uv[i, 0]) or np.isnan(sd[i]):
            continue
        arm = arms[i]
        x = middle + np.dot(turned, arm)
        z = max(x[2], 0.1)  # a start behind the camera must not divide by zero
        for d in range(2):
            residual = (uv[i, d] - centre[d] - focal * x[d] / z) / sd[i]
            for k in range(3):
                row[d, 3 + k] = focal / z * (turned[d, k] - x[d] / z * turned[2, k]) / sd[i]
            # A turn t moves the arm by t x arm, so its derivative is arm x shift's derivative.
            row[d, 0] = arm[1] * row[d, 5] - arm[2] * row[d, 4]
            row[d, 1] = arm[2] * row[d, 3] - arm[0] * row[d, 5]
            row[d, 2] = arm[0] * row[d, 4] - arm[1] * row[d, 3]
            chi2 += residual**2
            for p in range(6):
                right[p] += row[d, p] * residual
                for q in range(6):
                    info[p, q] += row[d, p] * row[d, q]
        n_seen += 1
    return chi2, n_seen


@njit(cache=True, nogil=True)
def add_board_corners(body, pose, shared, factor, mounts, wobble_info, camera, seen, huber, equations):  # type: ignore[no-untyped-def]
    """Corners of the boards that one camera sees.

    Args:
        body: ``BodyModel.arrays``.
        pose: (position (n, 3), rotation (n, 3, 3), joints (n, n_joints)).
        shared: (n_shared,).
        factor: (n_lengths,) of ``BodyModel.length_factor``.
        mounts: ``Mounts.arrays``.
        wobble_info: (n_boards, 6) of ``Mounts.wobble_information``.
        camera: (rotation (3, 3), position (3,), focal_px, centre_px (2,)).
        seen: (position_px (n, k, 2), sd_px (n, k)), NaN = missing.
        huber: beyond so many standard deviations a board pulls no harder.
        equations: ``NormalEquations.arrays``, added to.
    """
    position, root_rotation, joints = pose
    owners, nominal_turn, nominal_place, firsts, columns, corners = mounts
    uv, sd = seen
    info_all, border, right_all, info_shared, right_shared, cost = equations
    n_frames, n_boards = len(uv), len(owners)
    n_bodies, n_joints = len(body[0]), joints.shape[1]
    n_dof = 6 + n_joints
    place, rotation = np.empty((n_bodies, 3)), np.empty((n_bodies, 3, 3))
    anchor, axis = np.empty((n_joints, 3)), np.empty((n_joints, 3))
    origin, rows = np.empty(3), np.zeros((6, n_dof + len(shared)))
    scratch = np.empty((3, len(factor)))
    info, right = np.empty((6, 6)), np.empty(6)
    mount_turn, left = np.empty((3, 3)), np.empty((n_boards, 3, 3))
    arms = np.empty_like(corners)
    for m in range(n_boards):
        _exponential(shared[firsts[m] : firsts[m] + 3], mount_turn, left[m])
        turned = np.dot(mount_turn, nominal_turn[m])
        for i in range(columns[m, 0], columns[m, 1]):
            arms[i] = np.dot(turned, corners[i])
    for t in range(n_frames):
        forward(body, position[t], root_rotation[t], joints[t], factor, place, rotation, anchor, axis)
        for m in range(n_boards):
            a, z = columns[m]
            if not np.any(np.isfinite(uv[t, a:z, 0])):
                continue
            mount = owners[m], nominal_place[m], firsts[m]
            _board_columns(
                body, mount, shared, factor, place, rotation, anchor, axis, left[m], origin, rows, scratch
            )
            chi2, n_seen = _corner_information(
                corners[a:z],
                arms[a:z],
                origin,
                rotation[owners[m]],
                camera,
                uv[t, a:z],
                sd[t, a:z],
                info,
                right,
            )
            # Woodbury: the wobble's six unknowns are integrated out.
            inner = np.linalg.inv(info + np.diag(wobble_info[m]))
            told = np.dot(inner, right)
            squared = max(chi2 - np.dot(right, told), 0.0)
            limit = huber**2 * 2 * n_seen
            weight = 1.0
            if squared > limit:
                weight = np.sqrt(limit / squared)
                cost[t] += np.sqrt(limit * squared) - 0.5 * limit
            else:
                cost[t] += 0.5 * squared
            known = weight * (info - np.dot(info, np.dot(inner, info)))
            pull = weight * (right - np.dot(info, told))
            product = np.dot(rows.T, np.dot(known, rows))
            gradient = np.dot(rows.T, pull)
            info_all[t] += product[:n_dof, :n_dof]
            border[t] += product[:n_dof, n_dof:]
            info_shared += product[n_dof:, n_dof:]
            right_all[t] += gradient[:n_dof]
            right_shared += gradient[n_dof:]


def tied(channels: Sequence[BoardCorners], body: BodyModel, shared: SharedParameters) -> list[Mounts]:
    """The boards of every camera; a board seen by two of them sits where it sits."""
    known: dict[str, int] = {}
    return [Mounts.of(channel.boards, body, shared, known) for channel in channels]
