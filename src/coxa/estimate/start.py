"""A first guess of every pose, in closed form from where the landmarks seem to be.

Crude but in the right basin: directions of thighs, shanks, trunk and arms from the (lifted, smoothed)
landmarks, joint angles from the directions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from coxa.estimate.board_start import Looks, looks_at_boards, segments_from_looks
from coxa.estimate.body import BodyModel, Pose
from coxa.estimate.orientation_start import joints_from_orientations
from coxa.kinematics.rotations import cross, rotation_about, transpose, unit
from coxa.kinematics.triangulation import triangulated
from coxa.model.channels import ImagePoints, SpacePoints
from coxa.model.recording import Recording

Floats = NDArray[np.float64]

#: Landmarks that the start is made of.
POINTS = tuple(
    f"{side}_{name}"
    for name in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "foot_index")
    for side in ("left", "right")
)
#: Pairs of landmarks and what they span in a person of the model's stature; used to find the distance.
_SPANS = (
    ("left_hip", "left_knee", 0.4165),
    ("right_hip", "right_knee", 0.4165),
    ("left_knee", "left_ankle", 0.418),
    ("right_knee", "right_ankle", 0.418),
    ("left_shoulder", "left_hip", 0.445),
    ("right_shoulder", "right_hip", 0.445),
    ("left_shoulder", "right_shoulder", 0.36),
    ("left_hip", "right_hip", 0.18),
)
_SMOOTHING_S = 0.10
_KNEE_LEVER_RAD = np.radians(25.0)


def start(
    recording: Recording,
    body: BodyModel,
    stature_factor: float,
    before: Mapping[str, Floats] | None = None,
    looks: Sequence[Looks] | None = None,
) -> Pose:
    """Poses (n_frames) to start from; frames without landmarks take their neighbours'.

    Args:
        recording: what was seen.
        body: the body.
        stature_factor: stature over the model's.
        before: segment -> rotations (n_known, 3, 3) that the first frames are known to have.
        looks: what boards allow; None: all that they allow.
    """
    known = {
        name: _fill(channel.rotation[:, k])
        for channel in recording.orientations
        for k, name in enumerate(channel.segments)
        if np.isfinite(channel.rotation[:, k]).any()
    }
    worn = segments_from_looks(looks_at_boards(recording) if looks is None else looks, before)
    known |= {name: _fill(rotation) for name, (rotation, _) in worn.items() if name not in known}
    pose = pose_from_points(_landmarks(recording, stature_factor), body, known.get("pelvis"))
    for name, angle in joints_from_orientations(body, known).items():
        pose.joints[:, body.joints.index(name)] = angle
    if "pelvis" in worn and not recording.image_points and not recording.space_points:
        pose.position_m[:] = _fill(worn["pelvis"][1])
    return pose


def _landmarks(recording: Recording, stature_factor: float) -> Floats:
    """(n_frames, len(POINTS), 3) room [m], smooth, without gaps; NaN for a landmark never seen."""
    guess = np.full((recording.n_frames, len(POINTS), 3), np.nan)
    dt = np.median(np.diff(recording.time_s)) if recording.n_frames > 1 else 1.0
    for space in recording.space_points:
        _take(guess, _from_space(space))
    several = recording.image_points if len(recording.image_points) > 1 else ()
    if several:
        _take(guess, _from_images(several))
        for k in np.flatnonzero(np.isfinite(guess[..., 0]).any(axis=0)).tolist():
            guess[:, k] = _fill(guess[:, k])
    for image in recording.image_points:
        _take(guess, _from_image(image, stature_factor))
    for k in range(len(POINTS) if recording.n_frames > 1 else 0):
        if np.isfinite(guess[:, k, 0]).any():
            guess[:, k] = gaussian_filter1d(_fill(guess[:, k]), _SMOOTHING_S / dt, axis=0, mode="nearest")
    return guess


def _take(guess: Floats, other: Floats) -> None:
    missing = np.isnan(guess)
    guess[missing] = other[missing]


def _from_space(space: SpacePoints) -> Floats:
    guess = np.full((len(space.position_m), len(POINTS), 3), np.nan)
    for k, name in enumerate(POINTS):
        if name in space.names:
            guess[:, k] = space.position_m[:, space.names.index(name)]
    return guess


def _from_images(images: tuple[ImagePoints, ...]) -> Floats:
    """Where the rays of several cameras meet."""
    position = np.full((len(images), len(images[0].position_px), len(POINTS), 2), np.nan)
    weight = np.zeros(position.shape[:-1])
    for of_camera, image in enumerate(images):
        for k, name in enumerate(POINTS):
            if name in image.names:
                column = image.names.index(name)
                position[of_camera, :, k] = image.position_px[:, column]
                weight[of_camera, :, k] = np.nan_to_num(image.visibility[:, column]) / image.doubt**2
    return triangulated([image.camera for image in images], position, weight)


def _from_image(image: ImagePoints, stature_factor: float) -> Floats:
    """Lift the keypoints along their rays by the detector's depth, at the distance that fits the body."""
    columns = [image.names.index(name) if name in image.names else -1 for name in POINTS]
    uv = np.where(np.array(columns)[:, None] >= 0, image.position_px[:, columns], np.nan)
    depth = np.nan_to_num(np.where(np.array(columns) >= 0, image.depth_m[:, columns], np.nan))
    camera = image.camera
    ray = np.ones((*uv.shape[:2], 3))
    ray[..., :2] = (uv - camera.centre_px) / camera.focal_px
    distance = _distance(ray, depth, stature_factor)
    in_camera = ray * (distance[:, None] + depth)[..., None]
    return np.asarray(in_camera @ camera.rotation_room_to_camera + camera.position_m)


def _distance(ray: Floats, depth: Floats, stature_factor: float) -> Floats:
    """(n_frames,) distance at which the seen spans have the lengths of the body."""
    seen, expected = [], []
    for a, b, span in _SPANS:
        i, j = POINTS.index(a), POINTS.index(b)
        seen.append(np.sum((ray[:, i, :2] - ray[:, j, :2]) ** 2, axis=-1))
        # Never less than a third of the span: depth is too noisy to be believed entirely.
        across = (span * stature_factor) ** 2 - (depth[:, i] - depth[:, j]) ** 2
        expected.append(np.maximum(across, (span * stature_factor / 3) ** 2))
    missing = np.isnan(seen)
    sums = np.sum(np.where(missing, 0, seen), axis=0), np.sum(np.where(missing, 0, expected), axis=0)
    distance = np.sqrt(sums[1] / np.where(sums[0] > 0, sums[0], np.nan))
    if np.isnan(distance).all():
        return np.full(len(distance), 3.0)
    return _fill(distance)


def _fill(values: Floats) -> Floats:
    """Missing frames take the nearest earlier (else later) one, along axis 0."""
    flat = values.reshape(len(values), -1)
    known = np.isfinite(flat).all(axis=1)
    if not known.any():
        return values
    index = np.where(known, np.arange(len(flat)), -1)
    index = np.maximum.accumulate(index)
    index[index < 0] = np.argmax(known)
    return np.asarray(flat[index].reshape(values.shape))


def pose_from_points(points: Floats, body: BodyModel, pelvis: Floats | None = None) -> Pose:
    """Poses from landmarks (n_frames, len(POINTS), 3) in the room [m], NaN = unknown."""
    at = {name: points[:, k] for k, name in enumerate(POINTS)}
    if pelvis is None:
        pelvis = _pelvis_frame(at)
    joints = np.zeros((len(points), len(body.joints)))

    def put(name: str, value: Floats) -> None:
        column = body.joints.index(name)
        low, high = body.joint_limits[column]
        joints[:, column] = np.clip(np.nan_to_num(value), low, high)

    for side, sign in (("left", -1.0), ("right", 1.0)):
        _put_limb(put, at, pelvis, side, sign, ("hip", "knee", "ankle"))
        _put_limb(put, at, pelvis, side, sign, ("shoulder", "elbow", "wrist"))
    middle = 0.5 * (at["left_hip"] + at["right_hip"])
    return Pose(np.nan_to_num(middle), pelvis, joints)


def _pelvis_frame(at: dict[str, Floats]) -> Floats:
    up = 0.5 * (at["left_shoulder"] + at["right_shoulder"] - at["left_hip"] - at["right_hip"])
    up = unit(np.where(np.isnan(up), [0.0, 1.0, 0.0], up))
    hips, shoulders = at["right_hip"] - at["left_hip"], at["right_shoulder"] - at["left_shoulder"]
    forward = sum(np.nan_to_num(_forward(at, side)) for side in ("left", "right"))
    right = np.nan_to_num(hips) + np.nan_to_num(shoulders) + 0.5 * cross(np.asarray(forward), up)
    right += 1e-6 * np.array([0.0, 0.0, 1.0])
    z = unit(right - np.sum(right * up, axis=-1, keepdims=True) * up)
    return np.stack([cross(up, z), up, z], axis=-1)


def _forward(at: dict[str, Floats], side: str) -> Floats:
    """(n_frames, 3) m forward, as one leg tells it: along the foot, else where the knee bends to."""
    foot = at[f"{side}_foot_index"] - at[f"{side}_heel"]
    leg = at[f"{side}_ankle"] - at[f"{side}_hip"]
    knee = at[f"{side}_knee"] - at[f"{side}_hip"]
    length2 = np.maximum(np.sum(leg * leg, axis=-1, keepdims=True), 1e-9)
    bend = knee - np.sum(knee * leg, axis=-1, keepdims=True) / length2 * leg
    return np.where(np.isnan(foot), bend, foot)


def _put_limb(
    put: Callable[[str, Floats], None],
    at: dict[str, Floats],
    parent: Floats,
    side: str,
    sign: float,
    names: tuple[str, str, str],
) -> None:
    """Angles of hip and knee, or shoulder and elbow (which bends the other way)."""
    ball, hinge, tip = names
    bends = -1.0 if ball == "hip" else 1.0
    upper = unit(at[f"{side}_{hinge}"] - at[f"{side}_{ball}"])
    lower = unit(at[f"{side}_{tip}"] - at[f"{side}_{hinge}"])
    inward = np.einsum("nji,nj->ni", parent, upper)
    flexion = np.arctan2(inward[:, 0], -inward[:, 1])
    adduction = np.arcsin(np.clip(-sign * inward[:, 2], -1, 1))
    bend = np.arccos(np.clip(np.sum(upper * lower, axis=-1), -1, 1))
    swing = parent @ rotation_about(2, flexion) @ rotation_about(0, sign * adduction)
    lever = np.einsum("nij,nj->ni", transpose(swing), lower) * bends
    rotation = sign * np.arctan2(-lever[:, 2], lever[:, 0])
    rotation = np.where(bend > _KNEE_LEVER_RAD, np.clip(rotation, -0.9, 0.9), 0.0)
    bend_name = "knee_flexion" if ball == "hip" else "elbow_flexion"
    put(f"{ball}_flexion_{side}", flexion)
    put(f"{ball}_adduction_{side}", adduction)
    put(f"{ball}_internal_rotation_{side}", rotation)
    put(f"{bend_name}_{side}", bend)
