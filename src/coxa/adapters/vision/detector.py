"""Finds people in a whole picture (BlazePose's person detector)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from coxa.adapters.vision.appearance import Torso
from coxa.adapters.vision.network import Network
from coxa.adapters.vision.roi import Image, Roi, overlap

Floats = NDArray[np.float64]

SIDE_PX = 224
#: Strides of the network's grids and how many anchors sit in each of their cells.
GRIDS = ((8, 2), (16, 2), (32, 6))
#: The network's alignment points.
HIP_MIDDLE, BODY_CIRCLE, SHOULDER_MIDDLE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody, perhaps.

    Attributes:
        score: 0..1.
        box_px: (4,) left, top, right, bottom of head and shoulders.
        roi: the square around the whole body.
        torso: where the torso's line is.
    """

    score: float
    box_px: Floats
    roi: Roi
    torso: Torso


def anchor_centres() -> Floats:
    """(2254, 2) centres of the anchors, 0..1 of the network's picture."""
    centres = []
    for stride, per_cell in GRIDS:
        n = SIDE_PX // stride
        y, x = np.mgrid[0:n, 0:n]
        cells = np.stack([x.ravel() + 0.5, y.ravel() + 0.5], axis=1) / n
        centres.append(np.repeat(cells, per_cell, axis=0))
    return np.concatenate(centres)


def weighted_suppression(
    boxes: Floats, scores: Floats, max_overlap: float
) -> list[tuple[int, Floats, Floats]]:
    """Join boxes that overlap the best one; repeat with the rest.

    Args:
        boxes: (n, 4).
        scores: (n,).
        max_overlap: intersection over union above which two boxes are one person.

    Returns:
        For each person the best box's row, the joined rows and their weights (sum 1), best first.
    """
    order = np.argsort(-scores)
    people = []
    while order.size:
        best = order[0]
        same = np.array([overlap(boxes[best], boxes[other]) > max_overlap for other in order])
        same[0] = True
        joined = order[same]
        people.append((int(best), joined, scores[joined] / scores[joined].sum()))
        order = order[~same]
    return people


class PersonDetector:
    """People in a picture, most certain first.

    Args:
        path: the verified detector network.
        n_threads: threads one detection may use.
        min_score: candidates below are left out.
        max_overlap: boxes overlapping more are one person.
    """

    def __init__(
        self, path: Path, n_threads: int = 1, min_score: float = 0.5, max_overlap: float = 0.3
    ) -> None:
        self._network = Network(path, n_threads)
        self._anchors = anchor_centres()
        self._min_score = min_score
        self._max_overlap = max_overlap

    def __call__(self, rgb: Image) -> list[Candidate]:
        """Candidates in a (height, width, 3) picture."""
        image, scale, offset = _letterbox(rgb)
        regressors, logits = self._network(image, ("Identity", "Identity_1"))
        scores = 1 / (1 + np.exp(-np.clip(logits[:, 0].astype(float), -60, 60)))
        likely = np.flatnonzero(scores >= self._min_score)
        # Rows: box centre and size, then the four alignment points, all relative to the anchor.
        rows = regressors[likely].astype(float) / SIDE_PX
        points = rows.reshape(-1, 6, 2) + self._anchors[likely, None]
        half = rows[:, 2:4] / 2
        boxes = np.concatenate([points[:, 0] - half, points[:, 0] + half], axis=1)
        people = weighted_suppression(boxes, scores[likely], self._max_overlap)
        found = []
        for best, joined, weights in people:
            box = np.einsum("n,nk->k", weights, boxes[joined])
            alignment = np.einsum("n,npk->pk", weights, points[joined, 2:])
            box_px = (box.reshape(2, 2) * SIDE_PX - offset).ravel() / scale
            alignment_px = (alignment * SIDE_PX - offset) / scale
            roi = Roi.from_alignment(alignment_px[HIP_MIDDLE], alignment_px[BODY_CIRCLE])
            torso = Torso(alignment_px[HIP_MIDDLE], alignment_px[SHOULDER_MIDDLE])
            found.append(Candidate(float(scores[likely][best]), box_px, roi, torso))
        return found


def _letterbox(rgb: Image) -> tuple[NDArray[np.float32], float, Floats]:
    """The picture fitted into the network's square, values -1..1; scale and offset of the fit."""
    height, width = rgb.shape[:2]
    scale = SIDE_PX / max(height, width)
    offset = (SIDE_PX - scale * np.array([width, height])) / 2
    matrix = np.array([[scale, 0, offset[0]], [0, scale, offset[1]]])
    fitted = cv2.warpAffine(rgb, matrix, (SIDE_PX, SIDE_PX), flags=cv2.INTER_LINEAR)
    return fitted.astype(np.float32) / np.float32(127.5) - np.float32(1), scale, offset
