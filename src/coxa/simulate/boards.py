"""What a camera sees of printed boards that a simulated person wears: corners, with noise, without pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from coxa.kinematics.boards import visible_tags
from coxa.kinematics.rotations import rotation_from_vector
from coxa.model.boards import WornBoard
from coxa.model.camera import Camera
from coxa.model.channels import BoardCorners
from coxa.simulate.perform import Performance

Floats = NDArray[np.float64]

LEAST_COSINE = 0.35  # tags more oblique than 70 deg are not read


@dataclass(frozen=True, slots=True)
class BoardsView:
    """Boards on a person, seen by one camera.

    Attributes:
        camera: the camera.
        boards: what is worn; where exactly is drawn from their priors.
        sd_px: of a corner.
        standing_s: until when the person stands neutrally; None: not told.
        seen: share of tags that are read though visible.
    """

    camera: Camera
    boards: tuple[WornBoard, ...]
    sd_px: float = 0.2
    standing_s: float | None = None
    seen: float = 0.97


def worn_differently(board: WornBoard, rng: np.random.Generator) -> WornBoard:
    """The board where it really sits: drawn from what is believed of it."""
    turn = rotation_from_vector(board.rotation_sd_rad * rng.normal(size=3))
    return replace(
        board,
        rotation=np.asarray(turn @ board.rotation),
        position_m=board.position_m + board.position_sd_m * rng.normal(size=3),
    )


def observe_boards(
    performance: Performance,
    view: BoardsView,
    rng: np.random.Generator,
    worn: Sequence[WornBoard] | None = None,
) -> BoardCorners:
    """Corners of all boards over a performance.

    Args:
        performance: a person moving.
        view: who sees what.
        rng: source of chance.
        worn: where the boards really sit; None: drawn.
    """
    truly = [worn_differently(board, rng) for board in view.boards] if worn is None else worn
    pixels = [_corners(performance, board, view, rng) for board in truly]
    position = np.concatenate(pixels, axis=1)
    standing = np.zeros(len(performance.time_s))
    if view.standing_s is not None:
        still = performance.time_s < view.standing_s
        standing[still] = 1.0 / max(still.sum(), 1)
    sd = np.where(np.isfinite(position[..., 0]), view.sd_px, np.nan)
    return BoardCorners(view.boards, position, sd, standing, view.camera)


def poses_in_camera(
    performance: Performance, board: WornBoard, camera: Camera, wobble: Floats | None = None
) -> tuple[Floats, Floats]:
    """Rotations (n, 3, 3) and places (n, 3) m of a board in camera axes; ``wobble`` (n, 6)."""
    place, rotation = performance.segments()
    owner = performance.person.body.bodies.index(board.segment)
    local = performance.person.size * board.position_m
    turned = board.rotation
    if wobble is not None:
        local = local + wobble[:, 3:]
        turned = rotation_from_vector(wobble[:, :3]) @ board.rotation
    to_camera = camera.rotation_room_to_camera
    local = np.broadcast_to(local, place[:, owner].shape)
    at = place[:, owner] + np.einsum("tij,tj->ti", rotation[:, owner], local)
    return np.asarray(to_camera @ rotation[:, owner] @ turned), camera.to_camera(at)


def wobbling(time_s: Floats, board: WornBoard, rng: np.random.Generator) -> Floats:
    """(n_frames, 6) of skin and strap: turns [rad] and shifts [m] that last ``wobble_s``."""
    white = rng.normal(size=(len(time_s), 6))
    lasting = white.copy()
    if board.wobble_s > 0:
        for t, share in enumerate(np.exp(-np.diff(time_s) / board.wobble_s)):
            lasting[t + 1] = share * lasting[t] + np.sqrt(1 - share**2) * white[t + 1]
    return np.asarray(lasting * board.wobble_sd)


def _corners(
    performance: Performance, board: WornBoard, view: BoardsView, rng: np.random.Generator
) -> Floats:
    """(n_frames, n_corners, 2) px; NaN where a face is turned away, not read, or outside the picture."""
    wobble = wobbling(performance.time_s, board, rng)
    rotation, position = poses_in_camera(performance, board, view.camera, wobble)
    n_frames, n_tags = len(rotation), len(board.tags)
    x = np.einsum("tij,gcj->tgci", rotation, board.corners_m) + position[:, None, None]
    camera = view.camera
    pixels = camera.focal_px * x[..., :2] / x[..., 2:] + camera.centre_px
    pixels += view.sd_px * rng.normal(size=pixels.shape)
    both = zip(rotation, position, strict=True)
    shown = np.stack([visible_tags(board, r, p, LEAST_COSINE) for r, p in both])
    shown &= rng.uniform(size=shown.shape) < view.seen
    shown &= (x[..., 2] > 0.1).all(axis=2)
    inside = (pixels > 0) & (pixels < [camera.width_px, camera.height_px])
    shown &= inside.all(axis=(2, 3))
    pixels[~shown] = np.nan
    return np.asarray(pixels.reshape(n_frames, 4 * n_tags, 2))
