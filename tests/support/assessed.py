"""Assessments of made-up motions, ready to be reported."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from coxa.assess.assessment import Standards, assess
from coxa.assess.gait import OFF, STRIKE
from coxa.assess.norms import Person
from coxa.assess.walking import assess_walking
from coxa.catalog.loader import assess_rules, gait_norms
from coxa.catalog.protocols import library
from coxa.model.assessment import UNKNOWN, Assessment
from coxa.model.channels import Event
from coxa.model.motion import Motion, Observability
from coxa.report.assessment.case import Case
from tests.support.performed import RATE_HZ, motion_of, out_and_back


def seated(n: int = 3, hike_deg: float = 0.0, sd_deg: float = 0.8, late_s: float = 0.5) -> Motion:
    """Seated rotation in and out, the left leg and then the right, whose pelvis hikes as it turns in."""
    once, late = out_and_back(n), out_and_back(n, late_s)
    still = np.zeros(len(once))
    left = np.concatenate([34 * once, -41 * once, still, still])
    right = np.concatenate([still, still, (27 + hike_deg) * once, -38 * once])
    hike = np.concatenate([still, still, hike_deg * late, still])
    return motion_of(
        {
            "apparent_hip_internal_rotation_left": left,
            "apparent_hip_internal_rotation_right": right,
            "hip_internal_rotation_left": left,
            "hip_internal_rotation_right": right - hike,
            "pelvis_right_up_obliquity": hike,
            "trunk_right_lean": 0.2 * hike,
            "hip_adduction_left": np.zeros(len(left)),
            "hip_adduction_right": np.zeros(len(left)),
        },
        sd_deg=sd_deg,
    )


def case_of(motion: Motion, name: str = "seated_hip_rotation", person: Person | None = None) -> Case:
    """A protocol of the catalogue run on a motion."""
    known = library()
    protocol = known.protocol(name)
    standards = Standards(assess_rules(), known.norms)
    found = assess(motion, protocol, standards, person or Person(30.0, "female"))
    return Case(found, protocol, motion)


def seated_case(n: int = 3, hike_deg: float = 9.0) -> Case:
    """A right pelvis that hikes with the leg."""
    return case_of(seated(n, hike_deg))


def nothing_seen() -> Case:
    """A recording that tells nothing of what was asked."""
    motion = seated()
    level = np.full(motion.value.shape, Observability.NOT_OBSERVABLE, np.uint8)
    reasons = dict.fromkeys(motion.coordinates, "the leg was never in the picture")
    return case_of(
        replace(motion, value=np.full_like(motion.value, np.nan), observability=level, reasons=reasons)
    )


def empty() -> Case:
    """An assessment in which nothing was found, not even what is missing."""
    case = seated_case()
    found = case.assessment
    bare = Assessment(found.protocol, found.protocol_version, found.title, found.source)
    return replace(case, assessment=bare, motion=None)


def all_nan() -> Case:
    """Every figure unknown, though everything claims to be observed."""
    case = seated_case()
    lost = float("nan")
    results = tuple(
        replace(
            one,
            result=UNKNOWN,
            mdc=lost,
            norm=None if one.norm is None else replace(one.norm, mean=lost, sd=lost, percentile=UNKNOWN),
            repetitions=tuple(
                replace(
                    rep, start_s=lost, peak_s=lost, end_s=lost, start=UNKNOWN, peak=UNKNOWN, end=UNKNOWN,
                    motion=UNKNOWN, peak_speed=lost, smoothness=lost, hold_s=lost,
                    ledger=tuple(replace(entry, motion=UNKNOWN) for entry in rep.ledger),
                    compensations=tuple(
                        replace(held, excursion=UNKNOWN, probability=lost, onset_s=lost, onset_share=lost)
                        for held in rep.compensations
                    ),
                )
                for rep in one.repetitions
            ),
        )
        for one in case.assessment.results
    )  # fmt: skip
    measures = dict.fromkeys(case.assessment.measures, UNKNOWN)
    motion = case.motion
    assert motion is not None
    return replace(
        case,
        assessment=replace(case.assessment, results=results, measures=measures),
        motion=replace(motion, value=np.full_like(motion.value, np.nan)),
    )


def half_nan() -> Case:
    """Results known, every error and every figure behind them unknown."""
    case, lost = seated_case(), all_nan()
    results = tuple(
        replace(bare, result=replace(one.result, sd=float("nan")), norm=one.norm)
        for one, bare in zip(case.assessment.results, lost.assessment.results, strict=True)
    )
    return replace(lost, assessment=replace(lost.assessment, results=results))


def walking_case() -> Case:
    """A few strides of a made-up walk; one hip turns much further than the other."""
    known = library()
    protocol = known.protocol("walking")
    time_s = np.arange(0.0, 6.0, 1 / RATE_HZ)
    phase = 2 * np.pi * time_s
    angles = {"pelvis_left_rotation": 4 * np.sin(phase), "pelvis_anterior_tilt": np.zeros(len(phase))}
    for side, shift in (("left", 0.0), ("right", np.pi)):
        reach = 12.0 if side == "left" else 25.0
        angles[f"hip_flexion_{side}"] = 15 + 20 * np.cos(phase + shift)
        angles[f"knee_flexion_{side}"] = 30 + 28 * np.cos(phase + shift - 1.5 * np.pi)
        angles[f"ankle_dorsiflexion_{side}"] = np.zeros(len(phase))
        angles[f"hip_internal_rotation_{side}"] = reach * np.sin(phase + shift)
    motion = motion_of(angles)
    told = tuple(
        Event(at, label, side)
        for side, shift in (("left", 0.0), ("right", 0.5))
        for label, late in ((STRIKE, 0.0), (OFF, 0.62))
        for at in np.arange(0.1 + shift + late, 5.9, 1.0)
    )
    found = assess_walking(motion, protocol, assess_rules(), gait_norms(), told)
    return Case(found, protocol, motion)


def passport() -> list[Case]:
    """Three tests of two motions each: six motions of both sides."""
    cases = []
    for name, hike in (("flexion", 0.0), ("abduction", 9.0), ("rotation", 5.0)):
        case = seated_case(3, hike)
        quantities = tuple(
            one.model_copy(update={"title": f"Hip {name} {way}"})
            for one, way in zip(case.protocol.quantities, ("forwards", "backwards"), strict=True)
        )
        found = replace(case.assessment, protocol=name, title=f"Hip {name}, both ways")
        cases.append(
            replace(
                case, protocol=case.protocol.model_copy(update={"quantities": quantities}), assessment=found
            )
        )
    return cases
