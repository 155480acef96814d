"""Whether a coordinate may be believed.

The posterior against the prior, and what the source has been shown to measure: both must agree.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coxa.estimate.body import N_ROOT_DOF, BodyModel
from coxa.estimate.process import Process
from coxa.model.coordinates import ALL, SIDES
from coxa.model.motion import TO_SEE_IT, Observability
from coxa.specs.estimator import Ability, ObservabilitySpec

Floats = NDArray[np.float64]

_LEVELS = {"observed": Observability.OBSERVED, "weak": Observability.WEAK}
_ON_PELVIS = {
    "trunk_flexion": ("lumbar_flexion", "thoracic_flexion"),
    "trunk_right_bending": ("lumbar_right_bending", "thoracic_right_bending"),
    "trunk_left_rotation": ("lumbar_left_rotation", "thoracic_left_rotation"),
}
_LEVERED = ("hip_internal_rotation", "apparent_hip_internal_rotation")
#: Read against the person's level right, which somebody lying on the side does not have.
UPRIGHT: tuple[str, ...] = (
    "pelvis_left_rotation",
    "pelvis_anterior_tilt",
    "thorax_left_rotation",
    "trunk_forward_lean",
    "trunk_right_lean",
    *(f"apparent_hip_internal_rotation_{side}" for side in SIDES),
)


def ability_of(
    coordinate: str, kinds: tuple[str, ...], spec: ObservabilitySpec, *, unaided: bool = False
) -> Ability:
    """The best that any of the sources has been shown to do; unlisted means not observable.

    ``unaided``: without what holds only where another coordinate is observed.
    """
    name = coordinate.removesuffix("_left").removesuffix("_right")
    rows = [spec.kinds.get(kind, {}) for kind in kinds]
    listed = [row[one] for row in rows for one in (coordinate, name) if one in row]
    found = [one for one in listed if not (unaided and one.needs)]
    nothing = Ability(at_best="not_observable", reason="this kind of source has not been shown to measure it")
    return max(found, key=lambda one: (_LEVELS.get(one.at_best, 0), -one.method_sd_deg), default=nothing)


@dataclass(frozen=True, slots=True)
class Judged:
    """Standard deviations with the method's own, levels (n_frames, n_coordinates), and the reasons."""

    sd: Floats
    level: NDArray[np.uint8]
    reasons: dict[str, str]


class Judge:
    """Applies the table to posteriors of one set of sources."""

    def __init__(
        self, body: BodyModel, process: Process, spec: ObservabilitySpec, kinds: tuple[str, ...]
    ) -> None:
        self.spec = spec
        abilities = [ability_of(name, kinds, spec) for name in ALL]
        unaided = [ability_of(name, kinds, spec, unaided=True) for name in ALL]
        self.at_best, self.method_sd = _bounds(abilities)
        self.unaided = _bounds(unaided)
        self.needs = {k: ALL.index(one.needs) for k, one in enumerate(abilities) if one.needs}
        self.reasons = {
            name: _reason(one)
            for name, one in zip(ALL, unaided, strict=True)
            if one.at_best != "observed" or one.reason
        }
        self.levered = [
            name
            for name, one in zip(ALL, abilities, strict=True)
            if name.startswith(_LEVERED) and one.needs_bent_knee
        ]
        self.prior_sd = self._prior_sd(body, process)

    def _prior_sd(self, body: BodyModel, process: Process) -> Floats:
        def of(joint: str) -> float:
            return float(process.sd[N_ROOT_DOF + body.joints.index(joint), 0])

        prior = []
        for name in ALL:
            if name in body.joints:
                prior.append(of(name))
            elif name in _ON_PELVIS:
                prior.append(float(np.linalg.norm([of(part) for part in _ON_PELVIS[name]])))
            else:
                prior.append(float(np.radians(self.spec.room_prior_sd_deg)))
        return np.array(prior)

    def judge(self, value: Floats, posterior_sd: Floats) -> Judged:
        """Levels of values and posterior standard deviations, (n_frames, n_coordinates) [rad] each."""
        spec = self.spec
        sd = np.hypot(posterior_sd, self.method_sd)
        ratio = posterior_sd / self.prior_sd
        level = np.zeros(sd.shape, np.uint8)
        level[(sd <= np.radians(spec.weak_max_sd_deg)) & (ratio <= spec.weak_max_ratio)] = Observability.WEAK
        good = (sd <= np.radians(spec.observed_max_sd_deg)) & (ratio <= spec.observed_max_ratio)
        level[good] = Observability.OBSERVED
        level = np.minimum(level, self.at_best)
        for column, needed in self.needs.items():
            self._unaid(column, level[:, needed] < Observability.OBSERVED, posterior_sd, sd, level)
        for side in SIDES:
            lever = value[:, ALL.index(f"knee_flexion_{side}")] >= np.radians(spec.knee_lever_min_deg)
            for name in self.levered:
                if name.endswith(side):
                    level[~lever, ALL.index(name)] = Observability.NOT_OBSERVABLE
        on_the_side = np.abs(value[:, ALL.index("pelvis_right_up_obliquity")]) > np.radians(
            spec.upright_max_obliquity_deg
        )
        for name in UPRIGHT:
            level[on_the_side, ALL.index(name)] = Observability.NOT_OBSERVABLE
        return Judged(sd, level, self.reasons)

    def _unaid(
        self,
        column: int,
        frames: NDArray[np.bool_],
        posterior_sd: Floats,
        sd: Floats,
        level: NDArray[np.uint8],
    ) -> None:
        """Judge a coordinate by what its sources do unaided, in some frames; in place."""
        at_best, method_sd = self.unaided
        wider = np.hypot(posterior_sd[frames, column], method_sd[column])
        sd[frames, column] = wider
        within = np.minimum(level[frames, column], at_best[column])
        unsure = wider > np.radians(self.spec.observed_max_sd_deg)
        within[unsure] = np.minimum(within[unsure], Observability.WEAK)
        within[wider > np.radians(self.spec.weak_max_sd_deg)] = Observability.NOT_OBSERVABLE
        level[frames, column] = within


def _bounds(abilities: list[Ability]) -> tuple[NDArray[np.uint8], Floats]:
    """The highest level (n_coordinates,) and the method's standard deviation (n_coordinates,) [rad]."""
    levels = [_LEVELS.get(one.at_best, Observability.NOT_OBSERVABLE) for one in abilities]
    return np.array(levels, np.uint8), np.radians([one.method_sd_deg for one in abilities])


def _reason(ability: Ability) -> str:
    return f"{ability.reason}{TO_SEE_IT}{ability.remedy}" if ability.remedy else ability.reason
