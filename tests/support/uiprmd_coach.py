"""UI-PRMD coached: repetitions joined to series, and exercises as those people did them.

The exercises are the catalogue's with the signal that fits the movement and with form rules whose limits and
whose choice come from s01, s02 and s03 alone: a rule is kept if it tells incorrect from correct ones of
these three (area of 0.65 and more over all, 0.4 and more for each), and its limit is the middle between the
two medians, at least 3 deg. ``expected_deg`` is the median range of their correct repetitions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.reference.uiprmd import Repetition, load_uiprmd
from coxa.catalog import loader
from coxa.catalog.exercises import exercise
from coxa.catalog.markers import marker_motion
from coxa.coach.engine import Coach
from coxa.model.coaching import CoachFrame, SessionSummary
from coxa.model.motion import Motion
from coxa.model.recording import Recording
from coxa.specs.exercise import ExerciseSpec

Floats = NDArray[np.float64]
EVERY = 4  # 100 Hz is four times what a camera gives
STILL_S = 2.0
FITTED_TO = ("s01", "s02", "s03")
HELD_OUT = ("s04", "s05")


@dataclass(frozen=True)
class Variant:
    """A catalogue exercise as this movement is done: ``form`` is coordinate and direction -> limit, deg."""

    base: str
    expected_deg: float
    form: dict[tuple[str, str], float]
    signal: str = ""
    full_share: float = 0.5


VARIANTS = {
    "m01": Variant(
        "squat",
        132,
        {
            ("hip_adduction_left", "increase"): 3.0,
            ("hip_adduction_right", "increase"): 3.0,
            ("trunk_forward_lean", "increase"): 33.8,
            ("pelvis_left_rotation", "either"): 4.1,
            ("thorax_left_rotation", "either"): 3.4,
        },
    ),
    "m02": Variant(
        "marching",
        124,
        {
            ("trunk_forward_lean", "either"): 7.9,
            ("trunk_right_lean", "either"): 3.0,
            ("pelvis_left_rotation", "either"): 4.2,
            ("trunk_left_rotation", "either"): 3.3,
            ("thigh_trunk_angle_OTHER", "either"): 13.7,
        },
        signal="knee_flexion_SIDE",
    ),
    "m04": Variant(
        "lateral_lunge",
        95,
        {
            ("trunk_right_bending", "either"): 6.5,
            ("trunk_right_lean", "increase"): 3.4,
            ("trunk_flexion", "increase"): 15.6,
            ("thorax_left_rotation", "either"): 10.5,
        },
    ),
    "m05": Variant(
        "squat",
        94,
        {
            ("trunk_flexion", "increase"): 27.6,
            ("trunk_right_lean", "either"): 3.0,
            ("trunk_forward_lean", "increase"): 40.5,
            ("pelvis_right_up_obliquity", "either"): 3.0,
            ("trunk_left_rotation", "either"): 3.3,
            ("hip_adduction_right", "increase"): 3.0,
            ("hip_adduction_left", "increase"): 3.0,
            ("pelvis_left_rotation", "either"): 5.3,
            ("thorax_left_rotation", "either"): 4.6,
        },
    ),
    "m06": Variant(
        "marching",
        107,
        {
            ("trunk_forward_lean", "either"): 5.9,
            ("pelvis_left_rotation", "either"): 5.4,
            ("thigh_trunk_angle_OTHER", "either"): 13.3,
        },
        signal="thigh_trunk_angle_SIDE",
    ),
}


#: Meant for the right side, and turned for the left, where a side works.
MIRRORED = ("trunk_right_lean",)
#: Of the expected excursion of another signal than the exercise's own: less is no repetition (s01 to s03).
LEAST_SHARE = 0.35


def spec_of(movement: str) -> ExerciseSpec:
    """The exercise that a movement is coached as."""
    one = VARIANTS[movement]
    content = exercise(one.base).model_dump()
    signal = {**content["signal"], "expected_deg": one.expected_deg, "full_share": one.full_share}
    if one.signal:
        content |= {"sides": "each", "end_pose": []}
        signal |= {"coordinate": one.signal, "least_deg": LEAST_SHARE * one.expected_deg}
    rules = [
        {
            "id": f"rule_{k}",
            "title": coordinate,
            "coordinate": coordinate,
            "mirrored": coordinate in MIRRORED and content["sides"] == "each",
            "direction": direction,
            "limit_deg": limit_deg,
            "parts": ["out", "held", "back"],
            "cue": coordinate,
            "source": "UI-PRMD s01-s03",
            "trust": "FITTED",
        }
        for k, ((coordinate, direction), limit_deg) in enumerate(one.form.items())
    ]
    return ExerciseSpec.model_validate({**content, "signal": signal, "form": rules})


def motions(path: Path) -> list[Motion]:
    """Angles of every repetition of a file, from its markers."""
    return [marker_motion(_sparse(one)) for one in load_uiprmd(path)]


def _sparse(one: Repetition) -> Recording:
    told = one.recording
    points = tuple(replace(points, position_m=points.position_m[::EVERY]) for points in told.space_points)
    return replace(told, time_s=told.time_s[::EVERY], space_points=points)


def series(repetitions: list[Motion]) -> list[CoachFrame]:
    """All of them one after the other.

    The people's first repetition begins in the middle of the movement, so they are made to stand as they
    do after the last one for a while first, and for a while at the end.
    """
    last = repetitions[-1].window(slice(-1, None))
    step_s = float(np.median(np.diff(repetitions[-1].time_s)))
    standing = [last] * round(STILL_S / step_s)
    parts = [*standing, *repetitions, *standing]
    rows = zip(
        np.concatenate([part.value for part in parts]),
        np.concatenate([part.sd for part in parts]),
        np.concatenate([part.observability for part in parts]),
        strict=True,
    )
    return [CoachFrame(k * step_s, value, sd, level) for k, (value, sd, level) in enumerate(rows)]


def side_of(movement: str, repetitions: list[Motion]) -> str:
    """The leg that does it: the one that moves more."""
    signal = spec_of(movement).signal
    assert signal is not None
    if "SIDE" not in signal.coordinate:
        return ""
    furthest = {
        side: np.nanpercentile(
            np.concatenate([one[signal.coordinate.replace("SIDE", side)] for one in repetitions]), 98
        )
        for side in ("left", "right")
    }
    return max(furthest, key=lambda side: furthest[side])


def coached(movement: str, repetitions: list[Motion], side: str) -> SessionSummary:
    """What the coach makes of a series."""
    spec = spec_of(movement)
    sides = () if spec.sides == "none" else (side,)
    coach = Coach(spec, loader.coach_rules(), sets=1, repetitions=0, sides=sides)
    state = coach.begin()
    for frame in series(repetitions):
        state, _ = coach.step(state, frame)
    return coach.summary(state)


def area(better: list[float], worse: list[float]) -> float:
    """Under the receiver operating characteristic: how often the better one scores higher."""
    a, b = np.array(better)[:, None], np.array(worse)[None]
    return float(np.mean((a > b) + 0.5 * (a == b)))
