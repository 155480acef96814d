"""Rows of the table of observability, learned from people whose angles are known.

For each kind of source, view and coordinate: how far the estimate was off beyond what its posterior knew, and
whether it told anything at all. A row can take away of the level and of the certainty that the table by hand
allows, never add to them: a few drawn people may show that a method fails, not that it is good on real ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from coxa.app.agreement import samples
from coxa.app.statistics import WITHIN_95
from coxa.estimate.standpoint import named, standpoints
from coxa.model.camera import Camera
from coxa.model.motion import Motion, Observability
from coxa.specs.estimator import Ability, ObservabilitySpec, Shown, Standpoint

Floats = NDArray[np.float64]
Level = Literal["observed", "weak", "not_observable"]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A recording whose truth is known, and how to estimate it.

    Attributes:
        kind: of the source that is to be judged.
        person: who moved.
        truth: every coordinate; headings against the direction to the camera.
        camera: the only one.
        estimate: the motion, judged by a table.
    """

    kind: str
    person: str
    truth: Motion
    camera: Camera
    estimate: Callable[[ObservabilitySpec], Motion]


@dataclass(frozen=True, slots=True)
class _Told:
    """One coordinate of one side in one recording from one view, in the frames that the posterior knew."""

    person: str
    error_deg: Floats
    posterior_deg: Floats
    true_deg: Floats


def teach(
    lessons: Iterable[Lesson],
    table: ObservabilitySpec,
    on_progress: Callable[[str], None] = lambda _: None,
) -> tuple[Shown, ...]:
    """Every row that the lessons can teach, in the order of kinds, views and coordinates."""
    gathered: dict[tuple[str, Standpoint, str], list[_Told]] = {}
    for lesson in lessons:
        for view, coordinate, told in _heard(lesson, table):
            gathered.setdefault((lesson.kind, view, coordinate), []).append(told)
        on_progress(lesson.kind)
    rows = [_row(*key, told, table) for key, told in sorted(gathered.items())]
    return tuple(row for row in rows if row is not None)


def unjudged(table: ObservabilitySpec, kind: str) -> ObservabilitySpec:
    """A table that believes the posterior of one kind of source in all it may tell, and nothing else."""
    believed = {
        name: ability.model_copy(update={"at_best": "observed", "method_sd_deg": 0.0})
        for name, ability in table.kinds[kind].items()
    }
    return table.model_copy(update={"kinds": {kind: believed}, "shown": ()})


def _heard(lesson: Lesson, table: ObservabilitySpec) -> Iterator[tuple[Standpoint, str, _Told]]:
    bare = unjudged(table, lesson.kind)
    motion = lesson.estimate(bare)
    seen_from = standpoints(motion["thorax_left_rotation"], lesson.camera, table.views)
    for view in np.unique(seen_from):
        frames = np.flatnonzero(seen_from == view)
        pairs = samples(_at(motion, frames), _at(lesson.truth, frames), table, lesson.person)
        for sample in pairs:
            known = sample.where(sample.level == Observability.OBSERVED)
            if len(known.level):
                told = _Told(lesson.person, known.error_deg, known.sd_deg, known.true_deg)
                yield named(int(view)), sample.coordinate, told


def _at(motion: Motion, frames: NDArray[np.intp]) -> Motion:
    return Motion(
        time_s=motion.time_s[frames],
        coordinates=motion.coordinates,
        value=motion.value[frames],
        sd=motion.sd[frames],
        observability=motion.observability[frames],
    )


def _row(
    kind: str, view: Standpoint, coordinate: str, told: Sequence[_Told], table: ObservabilitySpec
) -> Shown | None:
    rules = table.teaching
    people = sorted({one.person for one in told})
    error = np.concatenate([one.error_deg for one in told])
    if len(people) < rules.min_people or len(error) < rules.min_frames:
        return None
    by_hand = table.kinds[kind][coordinate]
    true = np.concatenate([one.true_deg for one in told])
    rmse, spread = float(np.sqrt(np.mean(error**2))), float(np.std(true))
    return Shown(
        kind=kind,
        view=view,
        coordinate=coordinate,
        at_best=_level(rmse, spread, by_hand, table),
        method_sd_deg=round(max(_method_sd_deg(told, people, table), by_hand.method_sd_deg), 1),
        people=len(people),
        recordings=len(told),
        frames=len(error),
        rmse_deg=round(rmse, 1),
        spread_deg=round(spread, 1),
    )


def _level(rmse: float, spread: float, by_hand: Ability, table: ObservabilitySpec) -> Level:
    """What is allowed by hand, less what errors take away: far off, or as far as the truth varies."""
    shown: Level = "not_observable"
    tested = spread >= table.teaching.tested_spread_deg
    ratio = rmse / spread if tested else 0.0
    if rmse <= table.observed_max_sd_deg and ratio <= table.observed_max_ratio:
        shown = "observed"
    elif rmse <= table.weak_max_sd_deg and ratio <= table.weak_max_ratio:
        shown = "weak"
    return min(shown, by_hand.at_best, key=lambda one: Observability[one.upper()])


def _method_sd_deg(told: Sequence[_Told], people: Sequence[str], table: ObservabilitySpec) -> float:
    """What is missing of the posterior for stated intervals to hold the truth as often as they say."""
    rules = table.teaching

    def missing(some: Sequence[_Told], share: float) -> float:
        squares = [(one.error_deg / WITHIN_95) ** 2 - one.posterior_deg**2 for one in some]
        return float(np.quantile(np.concatenate(squares), share))

    wanted = [missing(told, rules.within_95)]
    wanted += [missing([one for one in told if one.person == who], rules.within_95_each) for who in people]
    return float(np.sqrt(max(*wanted, 0.0)))
