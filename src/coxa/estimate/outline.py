"""The outline of the back as an observation: lumbar flexion, with the person's own offset and gain.

A reading is ``(1 + gain) * lumbar_flexion + offset``, and an error. The offset is how the person's outline
differs from the average one, the gain how much more or less it answers to bending; both are unknown, shared
by all frames and the same however long one looks. Standing neutrally, where lumbar flexion is near zero by
convention, tells the offset.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from coxa.estimate.body import N_ROOT_DOF, BodyModel, Pose
from coxa.estimate.landmarks import SharedParameters
from coxa.estimate.observations import NormalEquations
from coxa.estimate.stance import add_stance
from coxa.model.channels import BackOutline, OutlineErrors
from coxa.specs.estimator import NeutralStance

Floats = NDArray[np.float64]

KIND = "back_outline"
_LUMBAR, _TILT = "lumbar_flexion", "pelvis_anterior_tilt"
_FREE_DEG = 1e4


@dataclass(frozen=True, slots=True)
class Back:
    """One camera's readings, tied to the body.

    Attributes:
        column: of lumbar flexion among the degrees of freedom.
        first: of the shared parameters offset [rad] and gain.
        neutral: how near zero angles are in the neutral stance.
    """

    column: int
    first: int
    neutral: NeutralStance

    @classmethod
    def of(cls, channel: BackOutline, body: BodyModel, shared: SharedParameters) -> Self:
        """Tie a channel to the body; what is unknown of the person's outline joins the shared parameters."""
        errors = channel.errors
        return cls(
            column=N_ROOT_DOF + body.joints.index(_LUMBAR),
            first=shared.add_unknown((errors.offset_sd_rad, errors.gain_sd)),
            neutral=_stance(errors),
        )


def backs(channels: Sequence[BackOutline], body: BodyModel, shared: SharedParameters) -> tuple[Back, ...]:
    """All cameras' readings; each has an offset of its own, since each sees another outline."""
    return tuple(Back.of(channel, body, shared) for channel in channels)


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
    seen = np.flatnonzero(np.isfinite(channel.lumbar_flexion_rad) & (channel.sd_rad > 0))
    offset, gain = shared[back.first], shared[back.first + 1]
    bent = pose.joints[seen, back.column - N_ROOT_DOF]
    sd = np.sqrt(n_as_one) * channel.sd_rad[seen]
    residual = channel.lumbar_flexion_rad[seen] - (1.0 + gain) * bent - offset
    # Huber: beyond the gate a reading pulls no harder.
    far = np.abs(residual) / sd
    share = np.minimum(1.0, channel.errors.gate / np.maximum(far, 1e-12))
    weight = share / sd**2
    unknowns = [back.first, back.first + 1]
    rows = np.stack([np.ones(len(seen)), bent], axis=1)
    equations.info[seen, back.column, back.column] += weight * (1.0 + gain) ** 2
    equations.right[seen, back.column] += weight * (1.0 + gain) * residual
    for k, unknown in enumerate(unknowns):
        equations.border[seen, back.column, unknown] += weight * (1.0 + gain) * rows[:, k]
    equations.info_shared[np.ix_(unknowns, unknowns)] += rows.T @ (weight[:, None] * rows)
    equations.right_shared[unknowns] += rows.T @ (weight * residual)
    gate = channel.errors.gate
    equations.cost[seen] += np.where(far <= gate, 0.5 * far**2, gate * far - 0.5 * gate**2)
    add_stance(body, pose, channel.standing, back.neutral, equations)


def _stance(errors: OutlineErrors) -> NeutralStance:
    sd_deg = {name: float(np.degrees(sd)) for name, sd in errors.neutral_sd_rad.items()}
    return NeutralStance(
        source="catalog/outline.yaml",
        trust="DESIGN",
        pelvis_tilt_sd_deg=sd_deg.pop(_TILT, _FREE_DEG),
        pelvis_obliquity_sd_deg=_FREE_DEG,
        joint_sd_deg=sd_deg,
    )
