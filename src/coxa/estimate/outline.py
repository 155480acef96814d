"""The outline of the back as an observation: how the spine bends, with the person's own offset and gain.

A reading is ``(1 + gain) * angle + offset``, and an error. The angle is lumbar flexion, or that of the line
from hips to shoulders against the pelvis, which lumbar and thoracic spine bend together. The offset is how
the person's outline differs from the average one, the gain how much more or less it answers to bending; both
are unknown, shared by all frames and the same however long one looks. Standing neutrally, where angles are
near zero by convention, tells the offsets.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from coxa.estimate.body import N_ROOT_DOF, BodyModel, Pose
from coxa.estimate.landmarks import SharedParameters
from coxa.estimate.observations import NormalEquations
from coxa.estimate.readout import segments
from coxa.estimate.stance import add_stance
from coxa.model.channels import BackOutline, OutlineErrors
from coxa.model.coordinates import SIDES
from coxa.model.motion import TO_SEE_IT
from coxa.specs.estimator import NeutralStance

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

KIND = "back_outline"
_LUMBAR, _TILT = "lumbar_flexion", "pelvis_anterior_tilt"
_FREE_DEG = 1e4
_STEP = 1e-5
#: What bends the line from hips to shoulders forward on the pelvis.
_BENDING = (
    "lumbar_flexion",
    "thoracic_flexion",
    *(f"shoulder_{slide}_{side}" for slide in ("elevation", "protraction") for side in SIDES),
)


@dataclass(frozen=True, slots=True)
class Back:
    """One camera's readings, tied to the body.

    Attributes:
        joints: (n_joints,) those that the readings depend on, lumbar flexion first.
        unknowns: (2, 2) shared parameters: offset [rad] and gain of each reading.
        neutral: how near zero angles are in the neutral stance.
        upright_rad: the line's angle of the model standing straight.
    """

    joints: Ints
    unknowns: Ints
    neutral: NeutralStance
    upright_rad: float

    @classmethod
    def of(cls, channel: BackOutline, body: BodyModel, shared: SharedParameters) -> Self:
        """Tie a channel to the body; what is unknown of the person's outline joins the shared parameters."""
        errors = channel.errors
        pairs = zip(errors.offset_sd_rad, errors.gain_sd, strict=True)
        first = [shared.add_unknown(pair) for pair in pairs]
        straight = Pose(np.zeros((1, 3)), np.eye(3)[None], np.zeros((1, len(body.joints))))
        return cls(
            joints=np.array([body.joints.index(name) for name in _BENDING], np.int64),
            unknowns=np.array([[one, one + 1] for one in first], np.int64),
            neutral=_stance(errors),
            upright_rad=float(_trunk_line(body, straight, np.zeros(body.n_lengths))[0]),
        )


def backs(channels: Sequence[BackOutline], body: BodyModel, shared: SharedParameters) -> tuple[Back, ...]:
    """All cameras' readings; each has an offset of its own, since each sees another outline."""
    return tuple(Back.of(channel, body, shared) for channel in channels)


class Faults:
    """Why the outline told nothing, counted over a recording."""

    def __init__(self) -> None:
        self._frames: Counter[str] = Counter()

    def count(self, channels: Sequence[BackOutline]) -> None:
        """Take in the next frames."""
        for channel in channels:
            self._frames[channel.fault] += len(channel.standing)

    def explained(self, reasons: Mapping[str, str]) -> dict[str, str]:
        """The reasons, that of lumbar flexion being what spoilt most frames."""
        told = dict(reasons)
        fault = max(self._frames, key=self._frames.__getitem__, default="")
        if fault and _LUMBAR in told:
            _, remedy, help_ = told[_LUMBAR].partition(TO_SEE_IT)
            told[_LUMBAR] = fault + remedy + help_
        return told


def add_back(
    channel: BackOutline,
    back: Back,
    body: BodyModel,
    pose: Pose,
    shared: Floats,
    n_as_one: float,
    equations: NormalEquations,
) -> None:
    """Add a channel's readings and its neutral stance.

    Args:
        channel: (n_frames).
        back: how it is tied.
        body: the body.
        pose: (n_frames).
        shared: (n_shared,).
        n_as_one: how many frames share one lasting error.
        equations: added to.
    """
    seen = np.flatnonzero(np.isfinite(channel.angle_rad).all(axis=1))
    if len(seen):
        told = pose.window(seen)
        lumbar = told.joints[:, back.joints[0]]
        straight = np.zeros((len(seen), len(back.joints)))
        straight[:, 0] = 1.0
        line, slope = _trunk_and_slope(back, body, told, shared[: body.n_lengths])
        for k, (angle, row) in enumerate(((lumbar, straight), (line, slope))):
            sd = np.sqrt(n_as_one) * channel.sd_rad[seen, k]
            reading = channel.angle_rad[seen, k], sd, channel.errors.gate
            _add_reading(reading, (angle, row), (seen, back.joints, back.unknowns[k]), shared, equations)
    add_stance(body, pose, channel.standing, back.neutral, equations)


def _add_reading(
    reading: tuple[Floats, Floats, float],
    model: tuple[Floats, Floats],
    where: tuple[NDArray[np.intp], Ints, Ints],
    shared: Floats,
    equations: NormalEquations,
) -> None:
    """One kind of reading.

    Args:
        reading: values (n,), standard deviations (n,), and beyond how many of them it pulls no harder.
        model: the angle (n,) it reads, and its derivatives (n, n_joints).
        where: frames (n,), joints (n_joints,), offset and gain (2,).
        shared: (n_shared,).
        equations: added to.
    """
    value, sd, gate = reading
    angle, slope = model
    frames, joints, unknowns = where
    offset, gain = shared[unknowns]
    residual = value - (1.0 + gain) * angle - offset
    far = np.abs(residual) / sd
    weight = np.minimum(1.0, gate / np.maximum(far, 1e-12)) / sd**2  # Huber
    columns = N_ROOT_DOF + joints
    rows = (1.0 + gain) * slope
    of_shared = np.stack([np.ones(len(frames)), angle], axis=1)
    weighted = weight[:, None] * rows
    at = frames[:, None, None]
    equations.info[at, columns[:, None], columns] += weighted[:, :, None] * rows[:, None, :]
    equations.border[at, columns[:, None], unknowns] += weighted[:, :, None] * of_shared[:, None, :]
    equations.right[frames[:, None], columns] += weighted * residual[:, None]
    equations.info_shared[np.ix_(unknowns, unknowns)] += of_shared.T @ (weight[:, None] * of_shared)
    equations.right_shared[unknowns] += of_shared.T @ (weight * residual)
    equations.cost[frames] += np.where(far <= gate, 0.5 * far**2, gate * far - 0.5 * gate**2)


def _trunk_and_slope(back: Back, body: BodyModel, pose: Pose, lengths: Floats) -> tuple[Floats, Floats]:
    """The line's angle beyond standing straight (n,) [rad], and its derivatives (n, n_joints)."""
    n, copies = len(pose), 1 + len(back.joints)
    joints = np.tile(pose.joints, (copies, 1))
    for k, joint in enumerate(back.joints, start=1):
        joints[k * n : (k + 1) * n, joint] += _STEP
    varied = Pose(np.tile(pose.position_m, (copies, 1)), np.tile(pose.rotation, (copies, 1, 1)), joints)
    table = _trunk_line(body, varied, lengths).reshape(copies, n)
    return table[0] - back.upright_rad, ((table[1:] - table[0]) / _STEP).T


def _trunk_line(body: BodyModel, pose: Pose, lengths: Floats) -> Floats:
    """(n,) how far forward the line from hips to shoulders leans in the pelvis [rad]."""
    place, rotation = segments(body, pose, lengths)
    hips, shoulders = (
        0.5 * sum(place[:, body.bodies.index(f"{name}_{side}")] for side in SIDES)
        for name in ("femur", "humerus")
    )
    line = np.einsum("nji,nj->ni", rotation[:, body.bodies.index("pelvis")], shoulders - hips)
    return np.asarray(np.arctan2(line[:, 0], line[:, 1]))


def _stance(errors: OutlineErrors) -> NeutralStance:
    sd_deg = {name: float(np.degrees(sd)) for name, sd in errors.neutral_sd_rad.items()}
    return NeutralStance(
        source="catalog/outline.yaml",
        trust="DESIGN",
        pelvis_tilt_sd_deg=sd_deg.pop(_TILT, _FREE_DEG),
        pelvis_obliquity_sd_deg=_FREE_DEG,
        joint_sd_deg=sd_deg,
    )
