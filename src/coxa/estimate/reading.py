"""From posteriors of the body to motions: angles, their standard deviations, and whether to believe them.

The smoother and the live filter share this: what differs between them is how much they have seen.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from coxa.estimate.body import N_ROOT_DOF
from coxa.estimate.estimator import Estimator
from coxa.estimate.observability import Judge, Judged
from coxa.estimate.outline import KIND as BACK
from coxa.estimate.outline import Faults
from coxa.estimate.pelvis_turn import KIND as TURN
from coxa.estimate.pelvis_turn import ReadTurns
from coxa.estimate.process import Process
from coxa.estimate.read_backs import ReadBacks
from coxa.estimate.read_boards import LOOKED_FOR, ReadBoards, board_kinds
from coxa.estimate.readout import Readout
from coxa.estimate.smoother import Smoothed
from coxa.estimate.standpoint import Viewpoint, named
from coxa.model.coordinates import ALL
from coxa.model.motion import KINDS, SEEN_FROM, Motion
from coxa.model.recording import Recording
from coxa.specs.estimator import ObservabilitySpec

Floats = NDArray[np.float64]
_THORAX = ALL.index("thorax_left_rotation")


class Reading:
    """Reads posteriors and judges them by what the sources showed so far."""

    def __init__(
        self, estimator: Estimator, observability: ObservabilitySpec, kinds: tuple[str, ...]
    ) -> None:
        self.estimator = estimator
        self.readout = Readout(estimator.body)
        camera = estimator.only_camera
        self._viewpoint = None if camera is None else Viewpoint.of(camera, observability.views)
        self._faults = Faults()
        self._seen_from: Counter[int] = Counter()
        self._judges: dict[tuple[str, ...], Judge] = {}
        self._observability = observability
        self._kinds = tuple(kind for kind in kinds if kind != LOOKED_FOR)
        self._read = ReadBoards() if LOOKED_FOR in kinds else None
        self._turns = ReadTurns()
        readings = {BACK: ReadBacks(), TURN: self._turns}
        self._readings = {kind: one for kind, one in readings.items() if kind in kinds}

    def watch(self, recording: Recording) -> None:
        """Take note of what the next frames show, before they are read."""
        if self._read is not None:
            self._read.add(recording)
        for reading in self._readings.values():
            reading.add(recording)
        self._faults.count(recording.backs)

    def motion(self, smoothed: Smoothed) -> Motion:
        """Read the angles of a posterior."""
        lengths = smoothed.path.shared[: self.readout.body.n_lengths]
        covariance = smoothed.covariance.copy()
        covariance[:, 3:N_ROOT_DOF, 3:N_ROOT_DOF] += self.estimator.tilt_covariance
        value, posterior_sd = self.readout.read_with_sd(smoothed.path.pose, lengths, covariance)
        judged = self._judged(smoothed.time_s, value, posterior_sd)
        return Motion(
            time_s=smoothed.time_s,
            coordinates=ALL,
            value=value,
            sd=judged.sd,
            observability=judged.level,
            reasons=self._turns.explained(self._faults.explained(judged.reasons)),
            diagnostics={KINDS: list(self._read_so_far())} | self._mostly_seen_from(value),
        )

    def _judged(self, time_s: Floats, value: Floats, posterior_sd: Floats) -> Judged:
        """Judge each frame by its sources: boards, outlines and turns count where they were read."""
        if self._read is None and not self._readings:
            return self._judge(self._kinds).judge(value, posterior_sd)
        boards = self._read.about(time_s) if self._read is not None else [()] * len(time_s)
        read = {kind: one.about(time_s) for kind, one in self._readings.items()}
        about = [(names, tuple(kind for kind in read if read[kind][k])) for k, names in enumerate(boards)]
        sd, level = np.empty_like(value), np.zeros(value.shape, np.uint8)
        for now in set(about):
            frames = np.array([one == now for one in about])
            judged = self._judge(self._with(*now)).judge(value[frames], posterior_sd[frames])
            sd[frames], level[frames] = judged.sd, judged.level
        everything = tuple(self._readings)
        reasons = self._judge(self._with((), everything)).reasons(value)
        if self._read is not None:
            reasons = reasons | self._judge(self._with(self._read.ever, everything)).reasons(value)
        return Judged(sd, level, reasons)

    def _with(self, boards: tuple[str, ...], read: tuple[str, ...]) -> tuple[str, ...]:
        """Rows of some boards, of what else was read, and of all that needs no reading.

        Boards err otherwise than the outline of the back does.
        """
        looked_for = board_kinds(boards) if self._read is not None else ()
        absent = set(self._readings) - set(read) | ({BACK} if boards else set())
        return (*looked_for, *(kind for kind in self._kinds if kind not in absent))

    def _mostly_seen_from(self, value: Floats) -> dict[str, str]:
        """For the diagnostics: over all frames up to these values (n_frames, n_coordinates) [rad]."""
        if self._viewpoint is None or not len(value):
            return {}
        self._seen_from.update(self._viewpoint.of_frames(value[:, _THORAX]).tolist())
        return {SEEN_FROM: named(self._seen_from.most_common(1)[0][0])}

    def _read_so_far(self) -> tuple[str, ...]:
        """Rows of what was read at all: boards, outlines and turns that were looked for only do not count."""
        read = tuple(kind for kind, one in self._readings.items() if one.ever)
        return self._with(self._read.ever if self._read is not None else (), read)

    def _judge(self, kinds: tuple[str, ...]) -> Judge:
        if kinds not in self._judges:
            estimator = self.estimator
            process = Process.of(estimator.body, estimator.priors)
            self._judges[kinds] = Judge(
                estimator.body, process, self._observability, kinds, estimator.only_camera
            )
        return self._judges[kinds]
