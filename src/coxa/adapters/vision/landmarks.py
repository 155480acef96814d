"""Body landmarks of the person in a square of the picture (BlazePose's landmark networks)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from coxa.adapters.vision.appearance import Limb, Torso
from coxa.adapters.vision.network import Float32, Network
from coxa.adapters.vision.roi import Image, Roi

Floats = NDArray[np.float64]

#: MediaPipe's 33 body landmarks, in its order.
NAMES: tuple[str, ...] = (
    "nose",
    *("left_eye_inner", "left_eye", "left_eye_outer", "right_eye_inner", "right_eye", "right_eye_outer"),
    *("left_ear", "right_ear", "mouth_left", "mouth_right"),
    *("left_shoulder", "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist"),
    *("left_pinky", "right_pinky", "left_index", "right_index", "left_thumb", "right_thumb"),
    *("left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle"),
    *("left_heel", "right_heel", "left_foot_index", "right_foot_index"),
)

SHOULDERS = (NAMES.index("left_shoulder"), NAMES.index("right_shoulder"))
HIPS = (NAMES.index("left_hip"), NAMES.index("right_hip"))
KNEES = (NAMES.index("left_knee"), NAMES.index("right_knee"))
#: Half widths of torso and thighs, of their lengths: narrow enough to stay on the clothes in a side view.
TORSO_HALF_WIDTH, THIGH_HALF_WIDTH = 0.18, 0.10

SIDE_PX = 256
N_BODY = len(NAMES)
#: Rows after the body: middle of the hips and a point on the body's circle, for the next frame's square.
N_ALL = 39
HIP_MIDDLE, BODY_CIRCLE = 33, 34
HEATMAP_SIDE = 64
#: MediaPipe refines a point within this window of its heatmap, where the heatmap is surer than this.
WINDOW = 9
MIN_HEAT = 0.5


@dataclass(frozen=True, slots=True)
class Pose:
    """What the network says of the person in one square.

    Attributes:
        position_px: (33, 2) in the picture.
        visibility: (33,) 0..1, in view and not hidden.
        world_m: (33, 3) camera axes x right, y down, z away; origin in the middle of the hips.
        score: that there is a person in the square at all, 0..1.
        next_roi: the square to look at in the next frame.
        mask: (256, 256) 0..1 the person's outline in the square, when asked for.
    """

    position_px: Floats
    visibility: Floats
    world_m: Floats
    score: float
    next_roi: Roi
    mask: Floats | None = None

    @property
    def torso(self) -> Torso:
        """Where the torso's line is."""
        hips, shoulders = (self.position_px[list(rows)].mean(axis=0) for rows in (HIPS, SHOULDERS))
        return Torso(hips, shoulders)

    @property
    def limbs(self) -> tuple[Limb, ...]:
        """Torso and thighs: where clothes tell people apart."""
        torso = Limb(self.torso.hips_px, self.torso.shoulders_px, TORSO_HALF_WIDTH)
        ends = [self.position_px[list(rows)] for rows in (HIPS, KNEES)]
        return (torso, *(Limb(hip, knee, THIGH_HALF_WIDTH) for hip, knee in zip(*ends, strict=True)))


class LandmarkNetwork:
    """One landmark network: picture and square in, landmarks out.

    Args:
        path: the verified network.
        n_threads: threads one inference may use.
    """

    def __init__(self, path: Path, n_threads: int = 1) -> None:
        self._network = Network(path, n_threads)

    def __call__(self, rgb: Image, roi: Roi, *, mask: bool = False) -> Pose:
        """Landmarks of the person in ``roi`` of a (height, width, 3) picture."""
        crop = roi.crop(rgb, SIDE_PX).astype(np.float32) / np.float32(255)
        wanted = ("Identity", "Identity_1", "Identity_3", "Identity_4") + (("Identity_2",) if mask else ())
        points, score, heat, world, *masks = self._network(crop, wanted)
        rows = points.reshape(N_ALL, 5).astype(float)
        in_crop = refine(rows[:, :2], heat)
        position = in_crop @ roi.crop_to_image(SIDE_PX)[:, :2].T + roi.crop_to_image(SIDE_PX)[:, 2]
        return Pose(
            position_px=position[:N_BODY],
            visibility=sigmoid(rows[:N_BODY, 3:5]).min(axis=1),
            world_m=turn(world.reshape(N_ALL, 3)[:N_BODY].astype(float), roi),
            score=float(score[0]),
            next_roi=Roi.from_alignment(position[HIP_MIDDLE], position[BODY_CIRCLE]),
            mask=sigmoid(masks[0][..., 0]) if masks else None,
        )


def sigmoid(x: NDArray[np.floating]) -> Floats:
    """Logistic function, safe for large arguments."""
    likelihood: Floats = 1 / (1 + np.exp(-np.clip(x.astype(float), -60, 60)))
    return likelihood


def turn(world_m: Floats, roi: Roi) -> Floats:
    """The square's axes (..., 3) turned back to the camera's."""
    turned = world_m.copy()
    turned[..., :2] = world_m[..., :2] @ roi.rotation.T
    return turned


def refine(in_crop: Floats, heat: Float32) -> Floats:
    """Move each point to the centre of mass of its heatmap nearby, where the heatmap is sure.

    Args:
        in_crop: (n, 2) points, crop pixels.
        heat: (64, 64, n) heatmaps before the sigmoid.

    Returns:
        (n, 2) crop pixels.
    """
    cell = SIDE_PX / HEATMAP_SIDE
    start = np.trunc(in_crop / cell).astype(int)
    inside = ((start >= 0) & (start < HEATMAP_SIDE)).all(axis=1)
    reach = np.arange(WINDOW) - WINDOW // 2
    x, y = (start[:, axis, None] + reach for axis in (0, 1))  # (n, window)
    within = [(at >= 0) & (at < HEATMAP_SIDE) for at in (x, y)]
    columns, rows = (np.clip(at, 0, HEATMAP_SIDE - 1) for at in (x, y))
    near = sigmoid(heat[rows[:, :, None], columns[:, None, :], np.arange(len(start))[:, None, None]])
    near *= within[1][:, :, None] & within[0][:, None, :]
    sure = inside & (near.max(axis=(1, 2)) >= MIN_HEAT)
    total = np.maximum(near.sum(axis=(1, 2)), np.finfo(float).tiny)
    weighted = (near.sum(axis=1) * columns, near.sum(axis=2) * rows)
    centre = np.stack([axis.sum(axis=1) for axis in weighted], axis=1)
    return np.where(sure[:, None], cell * centre / total[:, None], in_crop)


def mask_in_picture(pose: Pose, roi: Roi, shape: tuple[int, int]) -> NDArray[np.float32]:
    """The person's outline over the whole picture, (height, width) 0..1.

    Args:
        pose: with its mask.
        roi: the square the pose was found in.
        shape: height and width of the picture.
    """
    if pose.mask is None:
        raise ValueError("the pose was found without asking for its mask")
    height, width = shape
    matrix = roi.crop_to_image(pose.mask.shape[0])
    spread = cv2.warpAffine(pose.mask.astype(np.float32), matrix, (width, height))
    return spread.astype(np.float32, copy=False)
