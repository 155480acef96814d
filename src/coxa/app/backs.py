"""From readings of the back's outline to a channel of the recording, as frames come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from coxa.model.channels import BackOutline, OutlineErrors
from coxa.model.keypoints import BackReading, Keypoints
from coxa.specs.outline import OutlineSpec

Floats = NDArray[np.float64]

_NOBODY = BackReading.nothing("nobody is seen")
_NO_NEUTRAL = BackReading.nothing("no neutral stance was seen to hold the outline of the back against")
_ENOUGH = 0.5  # of one look at the neutral stance


class Backs:
    """Gathers one person's readings; remembers how much neutral stance was seen.

    Only the first of it counts: later somebody may stand upright with the pelvis tucked or tilted.

    Args:
        spec: how readings err, and what a neutral stance is.
    """

    def __init__(self, spec: OutlineSpec) -> None:
        self._spec = spec
        self._stood_s = 0.0
        self._before_s: float | None = None

    @property
    def errors(self) -> OutlineErrors:
        """How readings err, beyond their white noise."""
        errors, standing = self._spec.errors, self._spec.standing
        lumbar, trunk = self._spec.reading.lumbar, self._spec.reading.trunk
        return OutlineErrors(
            correlation_s=errors.correlation_s,
            offset_sd_rad=(
                float(np.radians(lumbar.offset_sd_deg)),
                float(np.radians(trunk.offset_sd_deg)),
            ),
            gain_sd=(lumbar.gain_sd, trunk.gain_sd),
            neutral_sd_rad={name: float(np.radians(sd)) for name, sd in standing.joint_sd_deg.items()},
            gate=errors.gate,
        )

    def empty(self) -> BackOutline:
        """The channel without frames."""
        return BackOutline(np.zeros((0, 2)), np.zeros((0, 2)), np.zeros(0), self.errors)

    def channel(self, seen: Sequence[Keypoints | None], time_s: Floats) -> BackOutline:
        """The readings of the next frames, (n_frames) each."""
        seen_now = [_NOBODY if one is None or one.back is None else one.back for one in seen]
        standing, readings = [], []
        for reading, frame_s in zip(seen_now, time_s, strict=True):
            standing.append(self._share(reading, float(frame_s)))
            readings.append(reading if self._has_stood or reading.fault else _NO_NEUTRAL)
        faults = Counter(reading.fault for reading in readings)
        return BackOutline(
            angle_rad=np.array([(one.lumbar_flexion_rad, one.trunk_rad) for one in readings]).reshape(-1, 2),
            sd_rad=np.array([(one.sd_rad, one.trunk_sd_rad) for one in readings]).reshape(-1, 2),
            standing=np.array(standing),
            errors=self.errors,
            fault=faults.most_common(1)[0][0] if faults else "",
        )

    @property
    def _has_stood(self) -> bool:
        """Whether there is a neutral stance to hold readings against; before, they would mislead."""
        return self._stood_s >= _ENOUGH * self._spec.standing.seconds

    def _share(self, reading: BackReading, time_s: float) -> float:
        """Of one look at the neutral stance."""
        before, self._before_s = self._before_s, time_s
        if not reading.standing or before is None:
            return 0.0
        wanted = self._spec.standing.seconds
        more = min(time_s - before, wanted - self._stood_s)
        self._stood_s += max(more, 0.0)
        return max(more, 0.0) / wanted
