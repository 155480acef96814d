"""A body whose lengths and marker places are known: nothing is shared, so frames are cheap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coxa.estimate.body import BodyModel, Pose
from coxa.estimate.composite import add_known_points, poses_frame_by_frame
from coxa.estimate.estimator import Estimator
from coxa.estimate.observations import NormalEquations
from coxa.estimate.process import Process
from coxa.estimate.sights import Place, Sights
from coxa.model.recording import Recording
from coxa.specs.estimator import BodyPriors

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class KnownMarkers:
    """Markers at known places.

    Attributes:
        names: as the recording names them, (n_points,).
        owner: (n_points,) segment.
        local_m: (n_points, 3) place in it, in metres of this person.
        sd_m: (n_points,) error of each coordinate, soft tissue included.
        student_t_dof: heavy tails, degrees of freedom.
    """

    names: tuple[str, ...]
    owner: Ints
    local_m: Floats
    sd_m: Floats
    student_t_dof: float = 8.0

    @property
    def arrays(self) -> tuple[Ints, Floats, Floats, float]:
        """What the compiled kernels take, in their order."""
        return self.owner, self.local_m, 1.0 / self.sd_m**2, self.student_t_dof


class KnownBody(Estimator):
    """Estimator of a person who has been calibrated; takes the markers of the first set of points."""

    def __init__(
        self, body: BodyModel, priors: BodyPriors, log_lengths: Floats, markers: KnownMarkers
    ) -> None:
        self.body = body
        self.priors = priors
        self.process = Process.of(body, priors)
        self.log_lengths = log_lengths
        self.markers = markers
        self.shared_mean = self.shared_sd = np.zeros(0)
        self.shared_frames = np.inf
        self.limit_sd = float(np.radians(priors.joint_limit_sd_deg))

    @property
    def expected_stature_factor(self) -> float:
        """Stature over the model's: known."""
        return float(np.exp(self.log_lengths[0]))

    def lengths(self, shared: Floats) -> Floats:
        """Log-lengths (n_lengths,): known."""
        return self.log_lengths

    def sights(self, recording: Recording, interval_s: float) -> Sights:
        """The markers, ready to be held against paths."""
        del interval_s  # markers have no persistent error of their own
        body, markers, seen = self.body, self.markers.arrays, self._seen(recording)

        def add(place: Place, equations: NormalEquations) -> None:
            add_known_points(body.arrays, place.pose, place.factor, markers, seen, equations.arrays)

        return Sights(body, self.lengths, recording.n_frames, 0, (add,))

    def poses(self, recording: Recording, start: Pose, iterations: int = 2) -> Pose:
        """Inverse kinematics: every frame alone, without covariance, from one pose near the first frame."""
        body, process = self.body, self.process
        position, rotation, joints = poses_frame_by_frame(
            body.arrays,
            (start.position_m[0], start.rotation[0], start.joints[0]),
            body.length_factor(self.log_lengths),
            self.markers.arrays,
            self._seen(recording),
            (process.mean, 1.0 / process.sd[6:, 0] ** 2),
            iterations,
        )
        return Pose(position, rotation, joints)

    def _seen(self, recording: Recording) -> Floats:
        points = recording.space_points[0]
        columns = [points.names.index(name) for name in self.markers.names]
        return np.ascontiguousarray(points.position_m[:, columns])
