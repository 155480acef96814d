"""Whether a coordinate may be believed.

The posterior against the prior, and what the source has been shown to measure: both must agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coxa.estimate.body import N_ROOT_DOF, BodyModel
from coxa.estimate.judging import NONE, Bounds, Rules, judged
from coxa.estimate.process import Process
from coxa.estimate.standpoint import Viewpoint
from coxa.model.camera import Camera
from coxa.model.coordinates import ALL, SIDES
from coxa.model.motion import TO_SEE_IT, Observability
from coxa.specs.estimator import STANDPOINTS, Ability, ObservabilitySpec, Standpoint

Floats = NDArray[np.float64]

_LEVELS = {"observed": Observability.OBSERVED, "weak": Observability.WEAK}
_ON_PELVIS = {
    "trunk_flexion": ("lumbar_flexion", "thoracic_flexion"),
    "trunk_right_bending": ("lumbar_right_bending", "thoracic_right_bending"),
    "trunk_left_rotation": ("lumbar_left_rotation", "thoracic_left_rotation"),
}
_FROM: dict[Standpoint, str] = {
    "front": "from the front",
    "oblique": "from the front at an angle",
    "side": "from the side",
    "oblique_rear": "from behind at an angle",
    "rear": "from behind",
    "overhead": "from above",
}
_THORAX = ALL.index("thorax_left_rotation")
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
    coordinate: str,
    kinds: tuple[str, ...],
    spec: ObservabilitySpec,
    *,
    view: Standpoint | None = None,
    unaided: bool = False,
) -> Ability:
    """The best that any of the sources has been shown to do; unlisted means not observable.

    Args:
        coordinate: with its side, if it has one.
        kinds: of the sources.
        spec: the table.
        view: of the only camera; what was shown from there goes before what holds from anywhere.
        unaided: without what holds only where another coordinate is observed.
    """
    found = [one for kind in kinds for one in _abilities(coordinate, kind, spec, view)]
    counted = [one for one in found if not (unaided and one.needs)]
    nothing = Ability(at_best="not_observable", reason="this kind of source has not been shown to measure it")
    return max(counted, key=lambda one: (_LEVELS.get(one.at_best, 0), -one.method_sd_deg), default=nothing)


def _abilities(
    coordinate: str, kind: str, spec: ObservabilitySpec, view: Standpoint | None
) -> Iterator[Ability]:
    """Rows of one kind: of this side, of both."""
    name = coordinate.removesuffix("_left").removesuffix("_right")
    row = spec.kinds.get(kind, {})
    for ability in [row[one] for one in dict.fromkeys((coordinate, name)) if one in row]:
        shown = spec.row(kind, view, name)
        if shown is None:
            yield _unshown(ability, view) if spec.is_taught(kind) and view else ability
            continue
        told: dict[str, object] = {"at_best": shown.at_best, "method_sd_deg": shown.method_sd_deg}
        if shown.at_best != "observed" and not ability.reason:
            told["reason"] = (
                f"seen {_FROM[shown.view]} it was {shown.rmse_deg:.0f} deg off on rendered people"
            )
        yield ability.model_copy(update=told)


def _unshown(ability: Ability, view: Standpoint) -> Ability:
    """A row for a view from which nothing was shown, though it was from others: weak at best."""
    if ability.at_best != "observed":
        return ability
    reason = ability.reason or f"seen {_FROM[view]}, it has not been shown to be told"
    return ability.model_copy(update={"at_best": "weak", "reason": reason})


@dataclass(frozen=True, slots=True)
class Judged:
    """Standard deviations with the method's own, levels (n_frames, n_coordinates), and the reasons."""

    sd: Floats
    level: NDArray[np.uint8]
    reasons: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Bounds:
    """What sources are believed from one view, (n_coordinates,) each: levels, their own errors [rad]."""

    at_best: NDArray[np.uint8]
    method_sd: Floats
    unaided_at_best: NDArray[np.uint8]
    unaided_sd: Floats
    reasons: dict[str, str]

    @classmethod
    def of(cls, kinds: tuple[str, ...], spec: ObservabilitySpec, view: Standpoint | None) -> _Bounds:
        """Look up every coordinate."""
        abilities = [ability_of(name, kinds, spec, view=view) for name in ALL]
        unaided = [ability_of(name, kinds, spec, view=view, unaided=True) for name in ALL]
        reasons = {
            name: _reason(one)
            for name, one in zip(ALL, unaided, strict=True)
            if one.at_best != "observed" or one.reason
        }
        return cls(*_bounds(abilities), *_bounds(unaided), reasons)


class _This(NamedTuple):
    """A table as itself: the same only as this very one, which is never changed."""

    spec: ObservabilitySpec

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _This) and other.spec is self.spec

    def __hash__(self) -> int:
        return id(self.spec)


@lru_cache(64)
def _looked_up(table: _This, kinds: tuple[str, ...], by_view: bool) -> tuple[_Bounds, list[_Bounds]]:
    """Bounds from anywhere and from each view: thousands of look-ups, the same for every person."""
    views = STANDPOINTS if by_view else ()
    return _Bounds.of(kinds, table.spec, None), [_Bounds.of(kinds, table.spec, view) for view in views]


class Judge:
    """Applies the table to posteriors of one set of sources.

    Args:
        body: the model.
        process: the prior that posteriors are held against.
        spec: the table.
        kinds: of the sources.
        camera: the only one; None: none, or several, and no view of its own.
    """

    def __init__(
        self,
        body: BodyModel,
        process: Process,
        spec: ObservabilitySpec,
        kinds: tuple[str, ...],
        camera: Camera | None = None,
    ) -> None:
        self.spec = spec
        self.viewpoint = None if camera is None else Viewpoint.of(camera, spec.views)
        abilities = [ability_of(name, kinds, spec) for name in ALL]
        self.needs = {k: ALL.index(one.needs) for k, one in enumerate(abilities) if one.needs}
        self.anywhere, self.from_view = _looked_up(_This(spec), kinds, camera is not None)
        self.levered = [
            name
            for name, one in zip(ALL, abilities, strict=True)
            if name.startswith(_LEVERED) and one.needs_bent_knee
        ]
        self.prior_sd = self._prior_sd(body, process)
        self._tables = self._made_ready()

    def reasons(self, value: Floats) -> dict[str, str]:
        """Coordinate -> why it is not told better from where the person was mostly seen, (n_frames, ...)."""
        seen_from = self._views(value)
        return (self.anywhere if seen_from is None else self.from_view[_usual(seen_from)]).reasons

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
        seen_from = self._views(value)
        rows = np.zeros(len(value), np.intp) if seen_from is None else seen_from
        sd, level = judged(value, posterior_sd, rows, *self._tables)
        reasons = (self.anywhere if seen_from is None else self.from_view[_usual(seen_from)]).reasons
        return Judged(sd, level, reasons)

    def _views(self, value: Floats) -> NDArray[np.intp] | None:
        if self.viewpoint is None:
            return None
        return self.viewpoint.of_frames(value[:, _THORAX])

    def _made_ready(self) -> tuple[Bounds, Rules]:
        """Everything as the compiled kernel takes it."""
        views = self.from_view or [self.anywhere]
        spec = self.spec
        bounds = (
            np.array([one.at_best for one in views]),
            np.array([one.method_sd for one in views]),
            np.array([one.unaided_at_best for one in views]),
            np.array([one.unaided_sd for one in views]),
        )
        needed = np.full(len(ALL), NONE, np.int64)
        for column, other in self.needs.items():
            needed[column] = other
        lever = np.full(len(ALL), NONE, np.int64)
        for name in self.levered:
            lever[ALL.index(name)] = ALL.index(f"knee_flexion_{name.rsplit('_', 1)[1]}")
        upright = np.array([name in UPRIGHT for name in ALL])
        limits = np.radians(
            [
                spec.weak_max_sd_deg,
                spec.observed_max_sd_deg,
                spec.knee_lever_min_deg,
                spec.upright_max_obliquity_deg,
            ]
        )
        ratios = np.array([spec.weak_max_ratio, spec.observed_max_ratio])
        obliquity = ALL.index("pelvis_right_up_obliquity")
        return bounds, (self.prior_sd, needed, lever, upright, obliquity, limits, ratios)


def _usual(seen_from: NDArray[np.intp]) -> int:
    """The most frequent view, as an index."""
    return int(np.bincount(seen_from).argmax()) if len(seen_from) else 0


def _bounds(abilities: list[Ability]) -> tuple[NDArray[np.uint8], Floats]:
    """The highest level (n_coordinates,) and the method's standard deviation (n_coordinates,) [rad]."""
    levels = [_LEVELS.get(one.at_best, Observability.NOT_OBSERVABLE) for one in abilities]
    return np.array(levels, np.uint8), np.radians([one.method_sd_deg for one in abilities])


def _reason(ability: Ability) -> str:
    return f"{ability.reason}{TO_SEE_IT}{ability.remedy}" if ability.remedy else ability.reason
