"""Sensors worn on segments: the misalignments and headings they bring, and how their headings wander.

A sensor shows ``heading(t) @ segment @ exp(misalignment)``. The misalignment is constant; the heading error
is an offset and a steady rate, shared by the frames of a window, and wanders between windows: each hand-over
adds the variance gained meanwhile. What the body's joints say of it (a knee is a hinge, a joint stays about
its mean) is weighed against that by the estimator like everything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from coxa.estimate.body import N_ROOT_DOF, BodyModel
from coxa.estimate.landmarks import NO_OFFSET, SharedParameters
from coxa.estimate.orientation_start import chain_above
from coxa.estimate.process import Process
from coxa.model.channels import SegmentOrientations
from coxa.model.coordinates import SIDES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class OrientationSensors:
    """The sensors of one channel, tied to segments.

    Attributes:
        owner: (n_sensors,) segment.
        misalignment: (n_sensors,) first of three shared parameters [rad], or NO_OFFSET.
        heading: (n_sensors,) first of two shared parameters (offset [rad], rate [rad/s]), or NO_OFFSET.
        walk_rad2_s: (n_sensors,) variance the heading gains every second beyond its steady rate.
        lasting_sd_rad: (n_sensors, 3) error that persists.
        correlation_s: for so long.
        calibrated_s: from when on headings drift.
    """

    owner: Ints
    misalignment: Ints
    heading: Ints
    walk_rad2_s: Floats
    lasting_sd_rad: Floats
    correlation_s: float
    calibrated_s: float

    @classmethod
    def of(
        cls, channel: SegmentOrientations, body: BodyModel, shared: SharedParameters
    ) -> OrientationSensors:
        """Tie a channel's sensors to the body; what is unknown of them joins the shared parameters."""
        n = len(channel.segments)
        owner = np.array([body.bodies.index(name) for name in channel.segments], np.int64)
        errors = channel.errors
        if errors is None:
            nowhere = np.full(n, NO_OFFSET, np.int64)
            return cls(owner, nowhere, nowhere, np.zeros(n), np.zeros((n, 3)), 0.0, 0.0)
        drift = zip(errors.heading_sd_rad, errors.heading_rate_sd_rad_s, strict=True)
        return cls(
            owner=owner,
            misalignment=np.array([shared.add_unknown(sd) for sd in errors.misalignment_sd_rad], np.int64),
            heading=np.array([shared.add_unknown(np.array(sds)) for sds in drift], np.int64),
            walk_rad2_s=errors.heading_walk_rad2_s,
            lasting_sd_rad=errors.lasting_sd_rad,
            correlation_s=errors.correlation_s,
            calibrated_s=errors.calibrated_s,
        )

    @property
    def arrays(self) -> tuple[Ints, Ints, Ints]:
        """What the compiled kernels take, in their order."""
        return self.owner, self.misalignment, self.heading


#: Segments that tell a coordinate if all of them bear a sensor.
_TOGETHER = (
    ("pelvis",),
    ("thorax",),
    ("pelvis", "lumbar"),
    ("pelvis", "thorax"),
    *(("pelvis", f"femur_{side}") for side in SIDES),
    *(("pelvis", "thorax", f"femur_{side}") for side in SIDES),
    *((f"femur_{side}", f"tibia_{side}") for side in SIDES),
    *(("pelvis", f"femur_{side}", f"tibia_{side}") for side in SIDES),
    *((f"tibia_{side}", f"foot_{side}") for side in SIDES),
)


def sensor_kinds(segments: Sequence[str], *, with_points: bool) -> tuple[str, ...]:
    """Rows of the observability table that worn sensors obey, beside points or alone.

    Points tell where the neighbours of a segment are, so that one sensor is enough beside them.
    """
    if not segments:
        return ()
    beside = [f"{segment}_orientation" for segment in segments] if with_points else []
    together = ["+".join(group) + "_sensors" for group in _TOGETHER if set(group) <= set(segments)]
    return "sensors", *beside, *together


def wandering(sensors: Sequence[OrientationSensors]) -> tuple[Ints, Floats]:
    """The shared parameters that wander (n,) and the variance each gains a second (n,)."""
    headings = np.concatenate([np.zeros(0, np.int64), *[one.heading for one in sensors]])
    walk = np.concatenate([np.zeros(0), *[one.walk_rad2_s for one in sensors]])
    moving = (headings != NO_OFFSET) & (walk > 0)
    return headings[moving], walk[moving]


def unsettled(
    process: Process, body: BodyModel, channels: Sequence[SegmentOrientations], wider: float
) -> Process:
    """The process where sensors sit askew by who knows how much: their joints have means of their own.

    A joint's mean over a recording (a squat's, or somebody's habit of standing with feet turned out) is not
    that of all people and movements. Where a sensor's misalignment is unknown, believing it were would bend
    the misalignment towards it, the surer the longer. So these joints get ``wider`` times the standard
    deviation, over a time scale as much longer as leaves them equally rough.

    Args:
        process: of everybody.
        body: the body.
        channels: of orientations.
        wider: factor of the standard deviation.
    """
    sd, rate = process.sd.copy(), process.rate_constant.copy()
    slower = wider ** (2.0 / 3.0)
    for joint in _between_sensors(body, process, channels):
        rate[joint] /= slower
        sd[N_ROOT_DOF + joint] *= [wider, wider / slower]
    return replace(process, sd=sd, rate_constant=rate)


def _between_sensors(body: BodyModel, process: Process, channels: Sequence[SegmentOrientations]) -> set[int]:
    """Joints between segments with sensors; of several that turn about one axis, the most mobile."""
    unsure = [channel for channel in channels if channel.errors is not None]
    names = {name for channel in unsure for name in channel.segments}
    found: set[int] = set()
    for name in names:
        chain = chain_above(body, name, names)
        joints = np.flatnonzero(~body.joint_is_slide & np.isin(body.joint_body, chain))
        axes = np.abs(body.joint_axis[joints]).argmax(axis=1)
        for axis in set(axes.tolist()):
            about = joints[axes == axis]
            found.add(int(about[np.argmax(process.sd[N_ROOT_DOF + about, 0])]))
    return found


def forget(info: Floats, right: Floats, columns: Ints, variance: Floats) -> tuple[Floats, Floats]:
    """Add independent noise to some unknowns of a quadratic, in information form.

    The mean stays, the covariance gains ``variance`` (n_columns,) on its diagonal at ``columns``; by the
    matrix inversion lemma, so that unknowns of which nothing is known need no inverse.
    """
    rows = info[columns]
    gain = np.linalg.solve(np.diag(1.0 / variance) + rows[:, columns], rows)
    return info - rows.T @ gain, right - gain.T @ right[columns]
