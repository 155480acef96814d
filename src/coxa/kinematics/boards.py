"""Geometry of printed boards, and where a board is when its corners are seen.

A flat square seen small is seen the same from two sides of the line of sight; a prism is not. Still, where
only one face shows, both answers are kept with their weights, and who asks may wait for more to tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coxa.kinematics.rotations import rotation_about, rotation_from_vector, skew, unit, vector_from_rotation
from coxa.model.boards import WornBoard
from coxa.specs.tags import BoardSet, BoardSpec

Floats = NDArray[np.float64]

_OUTWARD = {"+x": 0.0, "-x": 180.0, "+z": -90.0, "-z": 90.0}  # turn about Y from the segment's X, deg
_ROUND = ((-1, 1), (1, 1), (1, -1), (-1, -1))  # clockwise from the upper left
_ITERATIONS = 30
_SETTLED = 1e-9
_SAME_RAD = np.radians(2.0)
_LEAST_DEPTH_M = 0.05
_TURN_RATE_RAD_S = 4.0  # of a body segment in brisk movement
_MOST_COST = 25.0  # one bad frame must not outweigh all others


def worn_board(spec: BoardSpec, boards: BoardSet) -> WornBoard:
    """The board as it is worn on the body model's segment."""
    place = spec.placement
    # Turned to where the ridge points, then tipped: a positive turn about Z lifts X towards Y.
    rotation = rotation_about(1, np.radians(_OUTWARD[place.outward])) @ rotation_about(
        2, np.radians(place.leans_up_deg)
    )
    corners, normal = prism(spec, boards)
    wobble = np.array([np.radians(place.wobble_sd_deg)] * 3 + [place.wobble_sd_m] * 3)
    return WornBoard(
        name=spec.name,
        segment=spec.segment,
        tags=(*spec.left_ids, *spec.right_ids),
        corners_m=corners,
        normal=normal,
        rotation=rotation,
        position_m=np.array(place.position_m),
        rotation_sd_rad=np.radians(place.rotation_sd_deg),
        position_sd_m=np.array(place.position_sd_m),
        wobble_sd=wobble,
        wobble_s=place.wobble_s,
    )


def prism(spec: BoardSpec, boards: BoardSet) -> tuple[Floats, Floats]:
    """Corners (n_tags, 4, 3) m and normals (n_tags, 3) of the tags of a folded board, in board axes."""
    corners, normals = [], []
    half = 0.5e-3 * boards.shape.tag_mm
    up = np.array([0.0, 1.0, 0.0])
    for ids, outline in zip((spec.left_ids, spec.right_ids), faces(spec, boards), strict=True):
        middle = outline.mean(axis=0)
        across = unit(outline[1] - outline[0])
        step = 1e-3 * spec.ridge_mm / len(ids)
        for k in range(len(ids)):
            centre = middle + up * step * (0.5 * (len(ids) - 1) - k)
            corners.append(
                [centre + half * (x * across + y * up) for x, y in ((-1, 1), (1, 1), (1, -1), (-1, -1))]
            )
            normals.append(np.cross(across, up))
    return np.array(corners), np.array(normals)


def faces(spec: BoardSpec, boards: BoardSet) -> Floats:
    """(2, 4, 3) m: outlines of the left and right face as seen, clockwise from the upper left."""
    width, slope = 1e-3 * boards.shape.face_mm, np.radians(boards.shape.slope_deg)
    out, side, half = width * np.sin(slope), width * np.cos(slope), 0.5e-3 * spec.ridge_mm
    left, ridge, right = np.array([0.0, side]), np.array([out, 0.0]), np.array([0.0, -side])

    def outline(a: Floats, b: Floats) -> list[Floats]:
        return [np.array([p[0], y, p[1]]) for p, y in ((a, half), (b, half), (b, -half), (a, -half))]

    return np.array([outline(left, ridge), outline(ridge, right)])


class BoardPose(NamedTuple):
    """One answer to where a board is.

    Attributes:
        rotation: (3, 3) board axes to camera axes.
        position_m: (3,) in camera axes.
        covariance: (6, 6) of a turn [rad] and a shift [m] in camera axes.
        cost: negative log-likelihood.
        weight: probability among the answers kept.
    """

    rotation: Floats
    position_m: Floats
    covariance: Floats
    cost: float
    weight: float


def poses_from_corners(
    corners_m: Floats, seen_px: Floats, sd_px: Floats, focal_px: float, centre_px: Floats
) -> tuple[BoardPose, ...]:
    """Every pose that explains the seen corners of a board, the most probable first.

    Maximum likelihood by Gauss-Newton from both sides of the line of sight. Covariances are the inverse
    information, widened where the corners fit worse than their standard deviations promise.

    Args:
        corners_m: (n, 3) of the corners that were seen, n >= 4, in board axes.
        seen_px: (n, 2).
        sd_px: (n,) of each coordinate.
        focal_px: of the camera.
        centre_px: (2,) principal point.

    Returns:
        None or more poses, all in front of the camera; weights sum to one.
    """
    ray = (seen_px - centre_px) / focal_px
    sd = sd_px / focal_px
    found: list[BoardPose] = []
    for start in _starts(corners_m, ray):
        pose = _refined(corners_m, ray, sd, *start)
        if pose is None or any(_alike(pose, other) for other in found):
            continue
        found.append(pose)
        mirrored = _mirrored(pose, corners_m)
        middle = corners_m.mean(axis=0)
        kept = pose.position_m + (pose.rotation - mirrored) @ middle
        other = _refined(corners_m, ray, sd, mirrored, kept)
        if other is not None and not any(_alike(other, one) for one in found):
            found.append(other)
    if not found:
        return ()
    found.sort(key=lambda pose: pose.cost)
    chance = np.exp([found[0].cost - pose.cost for pose in found])
    chance /= chance.sum()
    return tuple(pose._replace(weight=float(w)) for pose, w in zip(found, chance, strict=True))


def visible_tags(
    board: WornBoard, rotation: Floats, position_m: Floats, least_cosine: float = 0.0
) -> NDArray[np.bool_]:
    """(n_tags,) whether each tag's face is turned to a camera: pose in camera axes."""
    middle = board.corners_m.mean(axis=1) @ rotation.T + position_m
    return np.asarray(-np.sum(unit(middle) * (board.normal @ rotation.T), axis=-1) > least_cosine)


def _alike(a: BoardPose, b: BoardPose) -> bool:
    apart = float(np.linalg.norm(vector_from_rotation(a.rotation @ b.rotation.T)))
    return bool(apart < _SAME_RAD)


def _mirrored(pose: BoardPose, corners: Floats) -> Floats:
    """The rotation that shows much the same from the other side of the line of sight.

    What was seen is taken as flat; its normal goes to where the line of sight reflects it.
    """
    centred = corners - corners.mean(axis=0)
    normal = pose.rotation @ np.linalg.svd(centred)[2][2]
    sight = unit(pose.rotation @ corners.mean(axis=0) + pose.position_m)
    if normal @ sight < 0:
        normal = -normal
    swing = np.cross(normal, sight)
    sine = float(np.linalg.norm(swing))
    turn = swing / max(sine, 1e-9) * 2.0 * np.arcsin(min(1.0, sine))
    return np.asarray(rotation_from_vector(turn) @ pose.rotation)


def _starts(corners: Floats, ray: Floats) -> list[tuple[Floats, Floats]]:
    """Rotations and places to start from: facing the camera, turned about each axis, at the size it has."""
    spread_m = np.sqrt(np.mean(np.sum((corners - corners.mean(axis=0)) ** 2, axis=1)))
    spread = np.sqrt(np.mean(np.sum((ray - ray.mean(axis=0)) ** 2, axis=1)))
    distance = spread_m / max(spread, 1e-6)
    sight = np.append(ray.mean(axis=0), 1.0)
    # Board X to the camera, Y up, Z to the viewer's left.
    facing = np.array([[0.0, 0.0, -1.0], [0.0, -1.0, 0.0], [-1.0, 0.0, 0.0]])
    roll = _roll(corners @ facing.T, ray)
    facing = rotation_about(2, roll) @ facing
    starts = []
    for yaw in (0.0, 50.0, -50.0):
        for pitch in (0.0,) if yaw else (0.0, 45.0, -45.0):
            turned = facing @ rotation_about(1, np.radians(yaw)) @ rotation_about(2, np.radians(pitch))
            starts.append((turned, distance * sight - turned @ corners.mean(axis=0)))
    return starts


def _roll(flat: Floats, ray: Floats) -> float:
    """Turn in the picture that brings the corners nearest to how they were seen."""
    a, b = flat[:, :2] - flat[:, :2].mean(axis=0), ray - ray.mean(axis=0)
    return float(np.arctan2(np.sum(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]), np.sum(a * b)))


def _refined(
    corners: Floats, ray: Floats, sd: Floats, rotation: Floats, position: Floats
) -> BoardPose | None:
    """Levenberg-Marquardt from one start; None where it ends behind the camera."""
    residual, jacobian = _linearised(corners, ray, sd, rotation, position)
    cost, damping = 0.5 * float(residual @ residual), 1e-3
    for _ in range(_ITERATIONS):
        info = jacobian.T @ jacobian
        step = np.linalg.solve(info + damping * np.diag(np.diag(info) + 1e-9), jacobian.T @ residual)
        tried = rotation_from_vector(step[:3]) @ rotation, position + step[3:]
        new_residual, new_jacobian = _linearised(corners, ray, sd, *tried)
        new_cost = 0.5 * float(new_residual @ new_residual)
        if new_cost > cost:
            damping *= 10.0
            if damping > 1e6:
                break
            continue
        gain, damping = cost - new_cost, damping * 0.1
        (rotation, position), residual, jacobian, cost = tried, new_residual, new_jacobian, new_cost
        if gain < _SETTLED * (1.0 + cost):
            break
    if np.any((corners @ rotation.T + position)[:, 2] < _LEAST_DEPTH_M):
        return None
    info = jacobian.T @ jacobian
    freedom = 2 * len(corners) - 6
    widened = max(1.0, 2.0 * cost / max(freedom, 1))
    covariance = np.asarray(widened * np.linalg.pinv(info, hermitian=True), np.float64)
    return BoardPose(np.asarray(rotation), np.asarray(position), covariance, cost, 1.0)


def _linearised(
    corners: Floats, ray: Floats, sd: Floats, rotation: Floats, position: Floats
) -> tuple[Floats, Floats]:
    """Whitened residuals (2n,) and their derivative (2n, 6) by a turn and a shift in camera axes."""
    arm = corners @ rotation.T
    x = arm + position
    z = np.maximum(x[:, 2], _LEAST_DEPTH_M)
    flat = x[:, :2] / z[:, None]
    residual = (ray - flat) / sd[:, None]
    by_point = np.zeros((len(corners), 2, 3))
    by_point[:, 0, 0] = by_point[:, 1, 1] = 1.0 / z
    by_point[:, :, 2] = -flat / z[:, None]
    by_point /= sd[:, None, None]
    jacobian = np.concatenate([by_point @ -skew(arm), by_point], axis=2)
    return residual.ravel(), jacobian.reshape(-1, 6)


Answers = tuple[BoardPose, ...]


def most_probable_path(answers: Sequence[Answers], time_s: Floats) -> tuple[Floats, Floats]:
    """The way through the answers of all frames that fits best and turns least (Viterbi 1967).

    No answer is given up before all frames have spoken, so that no wrong one can be latched on to.

    Args:
        answers: of every frame; none where the board was not seen.
        time_s: (n_frames,).

    Returns:
        Rotations (n_frames, 3, 3) and places (n_frames, 3); NaN where the board was not seen.
    """
    rotation, position = np.full((len(answers), 3, 3), np.nan), np.full((len(answers), 3), np.nan)
    seen = [t for t, some in enumerate(answers) if some]
    cost: Floats = np.zeros(0)
    back: list[NDArray[np.intp]] = []
    for k, t in enumerate(seen):
        own = np.array([min(pose.cost - answers[t][0].cost, _MOST_COST) for pose in answers[t]])
        if k == 0:
            cost, before = own, np.zeros(len(own), np.intp)
        else:
            last = seen[k - 1]
            turning = _turning_cost(answers[last], answers[t], float(time_s[t] - time_s[last]))
            through = cost[:, None] + turning
            before = np.argmin(through, axis=0)
            cost = through.min(axis=0) + own
        back.append(before)
    at = int(np.argmin(cost)) if seen else 0
    for k in reversed(range(len(seen))):
        pose = answers[seen[k]][at]
        rotation[seen[k]], position[seen[k]] = pose.rotation, pose.position_m
        at = int(back[k][at])
    return rotation, position


def _turning_cost(before: Answers, after: Answers, elapsed_s: float) -> Floats:
    """(n_before, n_after): how unlikely it is to have turned from one answer to another in this time."""
    a, b = np.array([pose.rotation for pose in before]), np.array([pose.rotation for pose in after])
    turned = np.linalg.norm(vector_from_rotation(b[None] @ np.swapaxes(a, 1, 2)[:, None]), axis=-1)
    unsure_a, unsure_b = ([p.covariance[:3, :3].trace() for p in some] for some in (before, after))
    spread = np.add.outer(unsure_a, unsure_b)
    return np.asarray(0.5 * turned**2 / (spread + (_TURN_RATE_RAD_S * elapsed_s) ** 2))
