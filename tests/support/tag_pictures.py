"""Pictures of printed boards: planar faces under perspective, with blur, motion, noise and uneven light.

Written apart from the code under test; only the shape of the boards and the look of the tags are shared.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from coxa.adapters.tags.dictionaries import modules
from coxa.catalog import loader
from coxa.kinematics.boards import faces, worn_board
from coxa.model.boards import WornBoard

Floats = NDArray[np.float64]

TEXEL = 12  # of the textures, per module
SUPER = 3  # pictures are drawn this much finer
WHITE, BLACK = 225.0, 28.0


@dataclass(frozen=True)
class Film:
    """How pictures are spoilt. ``blur_px``: sd of the lens; ``exposure_s``: how long motion smears."""

    blur_px: float = 0.7
    noise: float = 4.0
    exposure_s: float = 1 / 120
    sub_frames: int = 4
    uneven: float = 0.35
    seed: int = 0
    background: NDArray[np.uint8] | None = field(default=None, compare=False)


@cache
def board(name: str) -> WornBoard:
    boards = loader.tag_boards()
    return worn_board(boards.board(name), boards)


@cache
def outlines(name: str) -> tuple[Floats, tuple[NDArray[np.uint8], ...]]:
    """(2, 4, 3) outlines of the faces and their textures."""
    boards = loader.tag_boards()
    spec, shape = boards.board(name), boards.shape
    module_mm = shape.tag_mm / len(modules(boards.dictionary, 0))
    texel_mm = module_mm / TEXEL
    textures = []
    for ids in (spec.left_ids, spec.right_ids):
        height, width = round(spec.ridge_mm / texel_mm), round(shape.face_mm / texel_mm)
        paper = np.full((height, width), WHITE, np.float32)
        for k, tag in enumerate(ids):
            code = np.kron(modules(boards.dictionary, tag), np.ones((TEXEL, TEXEL)))
            middle = (k + 0.5) * spec.ridge_mm / len(ids)
            top = round((middle - 0.5 * shape.tag_mm) / texel_mm)
            left = round(0.5 * (shape.face_mm - shape.tag_mm) / texel_mm)
            paper[top : top + len(code), left : left + len(code)] = np.where(code > 0.5, WHITE, BLACK)
        textures.append(paper)
    return faces(spec, boards), tuple(textures)


def clutter(width: int, height: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """A room: soft patches, edges, fine texture."""
    coarse = cv2.resize(
        rng.uniform(40, 200, (9, 16)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC
    )
    for _ in range(40):
        x, y = rng.integers(0, width), rng.integers(0, height)
        w, h = rng.integers(20, 300, 2)
        cv2.rectangle(
            coarse,
            (int(x), int(y)),
            (int(x + w), int(y + h)),
            float(rng.uniform(20, 230)),
            -1 if rng.uniform() < 0.5 else 3,
        )
    fine = cv2.GaussianBlur(rng.normal(0, 25, (height, width)).astype(np.float32), (0, 0), 1.5)
    return np.clip(coarse + fine, 0, 255).astype(np.uint8)


def draw(
    canvas: NDArray[np.float32],
    placed: list[tuple[str, list[tuple[Floats, Floats]]]],
    focal_px: float,
    centre_px: Floats,
    film: Film,
) -> None:
    """Draw boards into a grey picture.

    Args:
        canvas: (height, width), drawn into.
        placed: name and poses (rotation, position) in camera axes while the shutter was open.
        focal_px: of the camera.
        centre_px: (2,) counted from the corner of the picture.
        film: how it is spoilt.
    """
    order = sorted(placed, key=lambda one: -float(one[1][0][1][2]))
    for name, poses in order:
        shape, textures = outlines(name)
        quads = []
        for rotation, position in poses:
            x = shape @ rotation.T + position
            quads.append(focal_px * x[..., :2] / x[..., 2:] + centre_px)
        everything = np.array(quads).reshape(-1, 2)
        pad = int(4 + 4 * film.blur_px)
        low = np.floor(everything.min(axis=0)).astype(int) - pad
        high = np.ceil(everything.max(axis=0)).astype(int) + pad
        low, high = np.maximum(low, 0), np.minimum(high, canvas.shape[::-1])
        if np.any(high - low < 4):
            continue
        patch = canvas[low[1] : high[1], low[0] : high[0]]
        size = ((high - low) * SUPER).tolist()
        total = np.zeros(patch.shape, np.float32)
        under = cv2.resize(patch, size, interpolation=cv2.INTER_NEAREST)
        for quad, (rotation, _) in zip(quads, poses, strict=True):
            fine = under.copy()
            for face, texture in zip(quad, textures, strict=True):
                (ax, ay), (bx, by) = face[1] - face[0], face[2] - face[1]
                if ax * by - ay * bx <= 0:
                    continue  # seen from behind
                corners = np.array(
                    [
                        [0, 0],
                        [texture.shape[1], 0],
                        [texture.shape[1], texture.shape[0]],
                        [0, texture.shape[0]],
                    ],
                    np.float32,
                )
                to = ((face - low) * SUPER).astype(np.float32)
                shift = cv2.getPerspectiveTransform(corners, to)
                half = np.array([[1, 0, -0.5], [0, 1, -0.5], [0, 0, 1]])
                shift = half @ shift @ np.linalg.inv(half)
                # Textures are finer than the picture: area-like by drawing at 3x and averaging.
                drawn = cv2.warpPerspective(
                    texture,
                    shift,
                    size,
                    flags=cv2.INTER_LINEAR,
                    borderMode=cv2.BORDER_CONSTANT,
                    borderValue=-1,
                )
                mask = np.zeros(fine.shape, np.uint8)
                cv2.fillConvexPoly(mask, np.round((to - 0.5) * 16).astype(np.int32), 255, shift=4)
                inside = (mask > 0) & (drawn >= 0)
                fine[inside] = drawn[inside] * _light(rotation, face, film)
            total += cv2.resize(fine, patch.shape[::-1], interpolation=cv2.INTER_AREA)
        canvas[low[1] : high[1], low[0] : high[0]] = cv2.GaussianBlur(
            total / len(poses), (0, 0), film.blur_px
        )


def _light(rotation: Floats, face: Floats, film: Film) -> float:
    """Faces are lit differently."""
    turned = np.arctan2(rotation[0, 0], -rotation[2, 0])
    lean = 1.0 if face[0, 0] < face[1, 0] else -1.0
    return float(np.clip(0.85 + film.uneven * 0.4 * np.sin(turned + lean), 0.4, 1.1))


class Noise:
    """Noise of a sensor, drawn once and shifted, which is quick."""

    def __init__(self, width: int, height: int, sd: float, seed: int = 0) -> None:
        self.rng = np.random.default_rng(seed)
        self.field = (sd * self.rng.normal(size=(height + 64, width + 64))).astype(np.float32)
        self.size = height, width

    def add(self, canvas: NDArray[np.float32]) -> NDArray[np.uint8]:
        dy, dx = self.rng.integers(0, 64, 2)
        h, w = self.size
        return cv2.convertScaleAbs(cv2.max(cv2.add(canvas, self.field[dy : dy + h, dx : dx + w]), 0.0))
