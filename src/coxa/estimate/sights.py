"""What frames show, made ready: all that does not depend on where the body is, worked out once.

Estimates are found by trying places of the body, several for every frame. Here each channel of a recording
becomes a function that adds its normal equations about one place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

from coxa.estimate.boards import Mounts, add_board_corners
from coxa.estimate.body import BodyModel
from coxa.estimate.landmarks import Landmarks
from coxa.estimate.observations import (
    NormalEquations,
    add_image_points,
    add_orientations,
    add_space_points,
)
from coxa.estimate.orientation_sensors import OrientationSensors
from coxa.estimate.outline import Back, add_back
from coxa.estimate.path import Path
from coxa.estimate.pelvis_turn import add_turn
from coxa.estimate.stance import add_stance
from coxa.model.channels import (
    BackOutline,
    BoardCorners,
    ImagePoints,
    PelvisTurn,
    SegmentOrientations,
    SpacePoints,
)
from coxa.model.recording import Recording
from coxa.specs.estimator import DetectorSpec, NeutralStance

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the body is tried.

    Attributes:
        path: the states.
        pose: (position (n, 3), rotation (n, 3, 3), joints (n, n_joints)), as the compiled kernels take it.
        factor: (n_lengths,) of ``BodyModel.length_factor``.
    """

    path: Path
    pose: tuple[Floats, Floats, Floats]
    factor: Floats


#: Adds the equations of one channel about a place.
Adds: TypeAlias = Callable[[Place, NormalEquations], None]


@dataclass(frozen=True, slots=True)
class Sights:
    """All that some frames show.

    Attributes:
        body: whose.
        lengths: log-lengths (n_lengths,) from shared parameters (n_shared,).
        n_frames: how many.
        n_shared: how many parameters they share.
        adds: one a channel.
    """

    body: BodyModel
    lengths: Callable[[Floats], Floats]
    n_frames: int
    n_shared: int
    adds: Sequence[Adds]

    def about(self, path: Path) -> NormalEquations:
        """Normal equations of all observations about a path."""
        equations = NormalEquations.empty(self.n_frames, self.body.n_dof, self.n_shared)
        factor = self.body.length_factor(self.lengths(path.shared))
        pose = path.pose
        place = Place(path, (pose.position_m, np.ascontiguousarray(pose.rotation), pose.joints), factor)
        for add in self.adds:
            add(place, equations)
        return equations


def frames_as_one(correlation_time_s: float, interval_s: float) -> float:
    """How many frames share one persistent error and so count as one: 1 + 2 tau / dt.

    The variance of the mean of n values with correlation exp(-|t| / tau) is that of n / (1 + 2 tau / dt)
    independent ones (Zieba 2010, Metrol Meas Syst 17:3). Giving each frame that much more variance leaves the
    mean, and its stated precision, as they should be.
    """
    return 1.0 + 2.0 * correlation_time_s / interval_s


def of_image(
    body: BodyModel, image: ImagePoints, landmarks: Landmarks, detector: DetectorSpec, interval_s: float
) -> Adds:
    """Keypoints of one camera."""
    camera, known = image.camera, landmarks.arrays
    lens = camera.rotation_room_to_camera, camera.position_m, camera.focal_px, camera.centre_px
    seen = seen_of(
        image.position_px,
        image.visibility,
        image.depth_m,
        landmarks.columns,
        detector.min_visibility,
        image.doubt,
    )
    noise = _noise(landmarks, detector, interval_s)
    tail = detector.student_t_dof, landmarks.hips

    def add(place: Place, equations: NormalEquations) -> None:
        shared = place.path.shared
        add_image_points(
            body.arrays, place.pose, shared, place.factor, known, lens, seen, noise, tail, equations.arrays
        )

    return add


def of_space(
    body: BodyModel, points: SpacePoints, landmarks: Landmarks, detector: DetectorSpec, interval_s: float
) -> Adds:
    """Points in the room."""
    n_as_one = frames_as_one(detector.correlation_time_s, interval_s)
    position = np.ascontiguousarray(points.position_m[:, landmarks.columns])
    sd = np.hypot(points.sd_m[landmarks.columns], np.sqrt(n_as_one) * landmarks.drift_m)
    known, dof = landmarks.arrays, detector.student_t_dof

    def add(place: Place, equations: NormalEquations) -> None:
        shared = place.path.shared
        add_space_points(
            body.arrays, place.pose, shared, place.factor, known, position, sd, dof, equations.arrays
        )

    return add


def of_orientations(
    body: BodyModel,
    segments: SegmentOrientations,
    sensors: OrientationSensors,
    time_s: Floats,
    interval_s: float,
) -> Adds:
    """Orientations of segments."""
    n_as_one = frames_as_one(sensors.correlation_s, interval_s)
    elapsed_s = time_s - sensors.calibrated_s
    rotation = np.ascontiguousarray(segments.rotation)
    sd = np.hypot(segments.sd_rad[:, None], np.sqrt(n_as_one) * sensors.lasting_sd_rad)
    worn = sensors.arrays

    def add(place: Place, equations: NormalEquations) -> None:
        shared = place.path.shared
        add_orientations(
            body.arrays,
            place.pose,
            shared,
            place.factor,
            worn,
            elapsed_s,
            rotation,
            sd,
            equations.arrays,
        )

    return add


def of_boards(
    body: BodyModel, corners: BoardCorners, mounts: Mounts, neutral: NeutralStance, interval_s: float
) -> Adds:
    """Boards in the picture of one camera, and the neutral stance they were put on in."""
    camera = corners.camera
    lens = camera.rotation_room_to_camera, camera.position_m, camera.focal_px, camera.centre_px
    wobble = mounts.wobble_information(interval_s)
    seen = np.ascontiguousarray(corners.position_px), np.ascontiguousarray(corners.sd_px)

    def add(place: Place, equations: NormalEquations) -> None:
        add_board_corners(
            body.arrays,
            place.pose,
            place.path.shared,
            place.factor,
            mounts.arrays,
            wobble,
            lens,
            seen,
            corners.gate,
            equations.arrays,
        )
        add_stance(body, place.path.pose, corners.standing, neutral, equations)

    return add


def of_back(body: BodyModel, channel: BackOutline, back: Back, interval_s: float) -> Adds:
    """The outline of the back."""
    n_as_one = frames_as_one(channel.errors.correlation_s, interval_s)

    def add(place: Place, equations: NormalEquations) -> None:
        path = place.path
        add_back(channel, back, body, path.pose, path.shared, n_as_one, equations)

    return add


def of_turn(turn: PelvisTurn, unknown: int, interval_s: float) -> Adds:
    """Turns of the pelvis."""
    n_as_one = frames_as_one(turn.correlation_s, interval_s)

    def add(place: Place, equations: NormalEquations) -> None:
        add_turn(turn, unknown, place.path.pose, place.path.shared, n_as_one, equations)

    return add


def _noise(landmarks: Landmarks, detector: DetectorSpec, interval_s: float) -> tuple[Floats, Floats, Floats]:
    """noise_px, noise_m and depth_sd_m (n_points,) each, the persistent errors included."""
    across = frames_as_one(detector.correlation_time_s, interval_s) * landmarks.drift_m**2
    along = frames_as_one(detector.depth_correlation_time_s, interval_s) * landmarks.depth_drift_m**2
    return (
        landmarks.noise_px,
        np.sqrt(landmarks.noise_m**2 + across),
        np.sqrt(landmarks.depth_sd_m**2 + along),
    )


@njit(cache=True, nogil=True, error_model="numpy")
def seen_of(position_px, visibility, depth_m, columns, min_visibility, doubt):  # type: ignore[no-untyped-def]
    """What a detector saw of the landmarks in these columns: position, factor of the noise, depth.

    A point that is not visible enough, or no number, has no factor (NaN).
    """
    n_frames, n = len(position_px), len(columns)
    position, factor = np.empty((n_frames, n, 2)), np.full((n_frames, n), np.nan)
    depth = np.empty((n_frames, n))
    for t in range(n_frames):
        for i in range(n):
            k = columns[i]
            x, y, visible = position_px[t, k, 0], position_px[t, k, 1], visibility[t, k]
            position[t, i, 0], position[t, i, 1] = x, y
            depth[t, i] = depth_m[t, k] if np.isfinite(depth_m[t, k]) else np.nan
            if np.isfinite(x) and np.isfinite(y) and np.isfinite(visible) and visible >= min_visibility:
                factor[t, i] = doubt / visible
    return position, factor, depth


def count_points(recording: Recording) -> NDArray[np.int64]:
    """(n_frames,) number of points and orientations seen."""
    count = np.zeros(recording.n_frames, np.int64)
    for image in recording.image_points:
        count += np.isfinite(image.position_px[..., 0]).sum(axis=1)
    for space in recording.space_points:
        count += np.isfinite(space.position_m[..., 0]).sum(axis=1)
    for corners in recording.boards:
        count += np.isfinite(corners.position_px[..., 0]).sum(axis=1)
    for segments in recording.orientations:
        count += np.isfinite(segments.rotation[..., 0, 0]).sum(axis=1)
    return count
