"""People and assessments for plans: made up here, measured by nobody."""

from __future__ import annotations

import random
from datetime import date
from math import radians

from coxa.catalog.planning import planning
from coxa.model.assessment import (
    Assessment,
    Comparison,
    Compensation,
    Estimate,
    Finding,
    NormComparison,
    Repetition,
    SideResult,
    Verdict,
)
from coxa.model.motion import Observability
from coxa.model.plan import Availability, Goal
from coxa.model.screening import Answer, Screen, ScreenOutcome
from coxa.plan.programme import Request
from coxa.plan.triage import screened

PLANNING = planning()
DAY = date(2026, 11, 23)
HEALTHY = {one.id: Answer.NO for one in PLANNING.triage.questions}


def outcome(on: date = DAY, **answers: Answer) -> ScreenOutcome:
    return screened(PLANNING.triage, Screen(on, {**HEALTHY, **answers}, 40.0))


def estimate(value_deg: float, sd_deg: float) -> Estimate:
    return Estimate(radians(value_deg), radians(sd_deg))


def norm(value_deg: float, mean_deg: float = 33.0, sd_deg: float = 7.0) -> NormComparison:
    band = "low" if value_deg < mean_deg - sd_deg else "usual"
    return NormComparison(
        "simoneau", radians(mean_deg), radians(sd_deg), Estimate(10, 3, "points"), band,
        f"{value_deg:.0f}\u00b0: {band}", "Simoneau 1998", "M-H", False,
    )  # fmt: skip


def side_result(
    side: str, quantity: str, value_deg: float, sd_deg: float = 2.0, normed: bool = True
) -> SideResult:
    return SideResult(
        side=side,
        quantity=quantity,
        coordinate=f"apparent_hip_internal_rotation_{side}",
        repetitions=(),
        result=estimate(value_deg, sd_deg),
        mdc=radians(2.77 * sd_deg),
        level=Observability.OBSERVED,
        norm=norm(value_deg) if normed else None,
    )


def rotation(left_deg: float, right_deg: float, sd_deg: float = 2.0, outward_deg: float = 36.0) -> Assessment:
    """Seated hip rotation: internal of both sides, external alike."""
    results = (
        side_result("left", "internal_rotation", left_deg, sd_deg),
        side_result("right", "internal_rotation", right_deg, sd_deg),
        side_result("left", "external_rotation", outward_deg, sd_deg),
        side_result("right", "external_rotation", outward_deg, sd_deg),
    )
    difference = Estimate(radians(left_deg - right_deg), radians(1.41 * sd_deg))
    real = abs(left_deg - right_deg) >= max(10.0, 1.96 * 1.41 * sd_deg)
    compared = Comparison(
        "internal_rotation", "left-right", difference, radians(1.96 * 1.41 * sd_deg), 0.99, real,
        f"left {left_deg:.0f}\u00b0, right {right_deg:.0f}\u00b0",
    )  # fmt: skip
    return Assessment(
        "seated_hip_rotation", 1, "Seated hip rotation", "made up", results, comparisons=(compared,)
    )


def turning(score: float, probability: float = 0.95) -> Assessment:
    """Seated turn of the trunk: the pelvis goes along, and early."""
    held = Compensation(
        "pelvis_turns", "pelvis_left_rotation", estimate(18, 2), radians(10), probability, 0.4, 0.2, 0.6,
        Observability.OBSERVED, Verdict.COMPENSATED,
    )  # fmt: skip
    repetition = Repetition(
        1, "left", 0, 1, 2, estimate(0, 1), estimate(45, 2), estimate(0, 1), estimate(45, 2), 1.0, -2.0, 0.2,
        compensations=(held,), verdict=Verdict.COMPENSATED,
    )  # fmt: skip
    result = SideResult(
        "left", "rotation", "thorax_left_rotation", (repetition,), estimate(45, 2), radians(5),
        Observability.OBSERVED,
    )  # fmt: skip
    found = Finding(
        "compensated.pelvis_turns", "The pelvis turned along by 18\u00b0.", 80, "left", "EVIDENCE 3a", "S"
    )
    return Assessment(
        "trunk_rotation_seated", 1, "Seated trunk rotation", "made up", (result,),
        measures={"rotation.left.score": Estimate(score, 5.0, "points")}, findings=(found,),
    )  # fmt: skip


def random_request(seed: int) -> Request:
    """A person, a home and wishes out of a number."""
    luck = random.Random(seed)  # noqa: S311
    assessments = []
    if luck.random() < 0.85:
        left, right = luck.uniform(10, 45), luck.uniform(10, 45)
        assessments.append(rotation(left, right, luck.uniform(1, 6), luck.uniform(20, 65)))
    if luck.random() < 0.6:
        assessments.append(turning(luck.uniform(10, 95), luck.uniform(0.5, 1)))
    things = list(PLANNING.equipment.things)
    weekdays = tuple(sorted(luck.sample(range(7), luck.randint(1, 7))))
    exercises = sorted(PLANNING.exercises)
    availability = Availability(
        minutes_a_day=float(luck.choice([3, 5, 8, 10, 15, 20, 30, 45, 60, 90])),
        days_a_week=luck.randint(1, 7),
        weekdays=weekdays,
        equipment=tuple(luck.sample(things, luck.randint(0, len(things)))),
        busy=tuple(day for day in range(7) if luck.random() < 0.15),
        daily_minimum=luck.random() < 0.7,
        avoid=tuple(luck.sample(exercises, luck.randint(0, 4))),
        prefer=tuple(luck.sample(exercises, luck.randint(0, 3))),
    )
    cautions = [one.when.any_of[0] for one in PLANNING.triage.cautions]
    answers = dict.fromkeys(luck.sample(cautions, luck.choice([0, 0, 0, 1, 1, 2, 3])), Answer.YES)
    goals = [Goal("turn further", track="hip_internal_rotation", side="left", target_deg=40.0)]
    return Request(
        begins=DAY,
        screen=outcome(**answers),
        assessments=tuple(assessments),
        availability=availability,
        goals=tuple(goals if luck.random() < 0.2 else []),
        programme=luck.choice(["", "", "", *PLANNING.programmes]),
        week=luck.randint(1, 5),
    )
