"""A body, its prior process and the sources it is seen by: what does not change over a recording."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from coxa.estimate.boards import tied
from coxa.estimate.body import BodyModel, Pose
from coxa.estimate.landmarks import Landmarks, SharedParameters
from coxa.estimate.observations import NormalEquations
from coxa.estimate.orientation_sensors import OrientationSensors, forget, unsettled, wandering
from coxa.estimate.outline import backs
from coxa.estimate.path import Path
from coxa.estimate.pelvis_turn import offsets
from coxa.estimate.process import Process
from coxa.estimate.sights import (
    Sights,
    frames_as_one,
    of_back,
    of_boards,
    of_image,
    of_orientations,
    of_space,
    of_turn,
)
from coxa.model.channels import ImagePoints
from coxa.model.recording import Recording
from coxa.specs.estimator import BodyPriors, DetectorSpec

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is known on arriving at a frame, before its own observations: a quadratic about a point.

    Attributes:
        path: one frame, the point.
        info: (2 n_dof, 2 n_dof).
        border: (2 n_dof, n_shared).
        right: (2 n_dof,).
        info_shared: (n_shared, n_shared).
        right_shared: (n_shared,).
        n_frames: how many frames it stands for.
    """

    path: Path
    info: Floats
    border: Floats
    right: Floats
    info_shared: Floats
    right_shared: Floats
    n_frames: int = 0


class Estimator:
    """The body, its prior process and the sources it is seen by: what does not change over time."""

    sensors: tuple[OrientationSensors, ...] = ()

    def __init__(
        self,
        body: BodyModel,
        priors: BodyPriors,
        detectors: dict[str, DetectorSpec],
        layout: Recording,
    ) -> None:
        """``layout`` is any part of the recording: it tells the channels, their points and the subject."""
        self.body = body
        self.priors = priors
        everybody = Process.of(body, priors)
        self.process = unsettled(everybody, body, layout.orientations, priors.unsettled_wider)
        shared = SharedParameters(body, priors, layout.subject.height_m)
        self.image_landmarks = _tied(layout.image_points, detectors, shared)
        self.image_detectors = [detectors[c.detector] for c in layout.image_points]
        self.space_landmarks = [shared.add(detectors[c.kind], c.names) for c in layout.space_points]
        self.space_detectors = [detectors[c.kind] for c in layout.space_points]
        self.sensors = tuple(OrientationSensors.of(c, body, shared) for c in layout.orientations)
        self.mounts = tied(layout.boards, body, shared)
        self.backs = backs(layout.backs, body, shared)
        self.turns = offsets(layout.turns, shared)
        self.shared_mean = np.array(shared.mean)
        self.shared_sd = np.array(shared.sd)
        self.limit_sd = float(np.radians(priors.joint_limit_sd_deg))
        used = self.image_detectors + self.space_detectors
        self.shared_frames = min((detector.shared_frames for detector in used), default=np.inf)
        # One camera alone knows the vertical no better than how it stands.
        alone = len(layout.image_points) == 1 and not layout.space_points and not layout.orientations
        self.only_camera = layout.image_points[0].camera if len(layout.image_points) == 1 else None
        self.tilt_covariance = layout.image_points[0].camera.tilt_covariance if alone else np.zeros((3, 3))

    @property
    def n_shared(self) -> int:
        """Number of shared parameters."""
        return len(self.shared_mean)

    @property
    def expected_stature_factor(self) -> float:
        """Stature over the model's, before any observation."""
        return float(np.exp(self.shared_mean[0]))

    @property
    def wanders(self) -> bool:
        """Whether any shared parameter changes with time."""
        return bool(self.sensors) and len(wandering(self.sensors)[0]) > 0

    def frames_as_one(self, interval_s: float) -> float:
        """How many frames share one lasting error of the points; 1 without points."""
        used = self.image_detectors + self.space_detectors
        return max((frames_as_one(one.correlation_time_s, interval_s) for one in used), default=1.0)

    def lengths(self, shared: Floats) -> Floats:
        """Log-lengths (n_lengths,) among the shared parameters."""
        return shared[: self.body.n_lengths]

    def first_arrival(self, pose: Pose) -> Arrival:
        """The prior, about the first of the given poses and the mean of everything else."""
        n, n_shared = self.body.n_dof, self.n_shared
        mean = Pose(pose.position_m[:1], pose.rotation[:1], self.process.mean[None])
        return Arrival(
            path=Path(mean, np.zeros((1, n)), self.shared_mean),
            info=np.diag(1.0 / self.process.sd.T.ravel() ** 2),
            border=np.zeros((2 * n, n_shared)),
            right=np.zeros(2 * n),
            info_shared=np.diag(1.0 / self.shared_sd**2),
            right_shared=np.zeros(n_shared),
        )

    def observe(self, recording: Recording, path: Path, interval_s: float) -> NormalEquations:
        """Normal equations of all observations about a path; ``interval_s``: from frame to frame."""
        return self.sights(recording, interval_s).about(path)

    def sights(self, recording: Recording, interval_s: float) -> Sights:
        """All that frames show, ready to be held against paths; ``interval_s``: from frame to frame."""
        body, dt = self.body, interval_s
        keypoints = zip(recording.image_points, self.image_landmarks, self.image_detectors, strict=True)
        points = zip(recording.space_points, self.space_landmarks, self.space_detectors, strict=True)
        worn = zip(recording.orientations, self.sensors, strict=True)
        boards = zip(recording.boards, self.mounts, strict=True)
        adds = [
            *(of_image(body, *one, dt) for one in keypoints),
            *(of_space(body, *one, dt) for one in points),
            *(of_orientations(body, *one, recording.time_s, dt) for one in worn),
            *(of_boards(body, *one, self.priors.neutral, dt) for one in boards),
            *(of_back(body, *one, dt) for one in zip(recording.backs, self.backs, strict=True)),
            *(of_turn(*one, dt) for one in zip(recording.turns, self.turns, strict=True)),
        ]
        return Sights(body, self.lengths, recording.n_frames, self.n_shared, adds)

    def trust(self, n_frames: int) -> float:
        """How far evidence of the shared parameters from so many frames is counted."""
        return float(min(1.0, self.shared_frames / max(n_frames, 1)))

    def coarsened(self, shared: Floats, n_frames: int, info: Floats, right: Floats) -> tuple[Floats, Floats]:
        """Information and right-hand side of the shared parameters, evidence counted in part.

        Noise that poses follow is the same for any number of frames, so the evidence stops growing.

        Only where they are solved for: what one window hands to the next is exact, else states and
        shared parameters together would know less than nothing.

        Args:
            shared: (n_shared,) the parameters that both are about.
            n_frames: how many frames they come from.
            info: (n_shared, n_shared).
            right: (n_shared,).
        """
        trust = self.trust(n_frames)
        if trust == 1.0:
            return info, right
        prior = np.diag(1.0 / self.shared_sd**2)
        pull = prior @ (self.shared_mean - shared)
        return prior + trust * (info - prior), np.asarray(pull + trust * (right - pull), np.float64)

    def aged(self, arrival: Arrival, elapsed_s: float) -> Arrival:
        """What is known on arriving, less what the sensors' headings may have wandered meanwhile."""
        columns, walk = wandering(self.sensors)
        if not len(columns) or elapsed_s <= 0:
            return arrival
        n = len(arrival.right)
        info, right = forget(
            np.block([[arrival.info, arrival.border], [arrival.border.T, arrival.info_shared]]),
            np.concatenate([arrival.right, arrival.right_shared]),
            n + columns,
            walk * elapsed_s,
        )
        return replace(
            arrival,
            info=info[:n, :n],
            border=info[:n, n:],
            right=right[:n],
            info_shared=info[n:, n:],
            right_shared=right[n:],
        )


def _tied(
    images: tuple[ImagePoints, ...], detectors: dict[str, DetectorSpec], shared: SharedParameters
) -> list[Landmarks]:
    """The landmarks of every camera. Where a detector puts them is its habit, the same in all of them."""
    known: dict[tuple[str, tuple[str, ...]], Landmarks] = {}
    for image in images:
        key = image.detector, image.names
        if key not in known:
            known[key] = shared.add(detectors[image.detector], image.names)
    return [known[image.detector, image.names] for image in images]
