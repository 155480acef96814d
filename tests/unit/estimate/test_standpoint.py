"""What one camera tells is judged by where it stands."""

from __future__ import annotations

import numpy as np
import pytest

from coxa.catalog import loader
from coxa.estimate.observability import Judge, ability_of
from coxa.estimate.process import Process
from coxa.estimate.standpoint import named, pitch_down, standpoints
from coxa.model.camera import Camera
from coxa.model.coordinates import ALL
from coxa.model.motion import Observability
from coxa.specs.estimator import Ability, ObservabilitySpec, Shown

LEVEL = Camera.level(640, 480, 1.1)


@pytest.mark.parametrize(
    ("heading_deg", "expected"),
    [
        (0, "front"),
        (-20, "front"),
        (40, "oblique"),
        (-90, "side"),
        (90, "side"),
        (130, "oblique_rear"),
        (-175, "rear"),
        (355, "front"),
    ],
)
def test_the_heading_of_the_chest_names_the_view(heading_deg: float, expected: str) -> None:
    found = standpoints(np.radians([heading_deg]), LEVEL, loader.observability().views)
    assert named(int(found[0])) == expected


def test_a_camera_that_looks_steeply_down_sees_from_above_whatever_the_heading() -> None:
    steep = Camera.level(640, 480, 1.1, pitch_down_rad=np.radians(60))
    assert pitch_down(steep) == pytest.approx(np.radians(60))
    found = standpoints(np.radians([0.0, 90.0]), steep, loader.observability().views)
    assert [named(int(one)) for one in found] == ["overhead", "overhead"]


def test_headings_are_held_against_where_the_camera_stands_in_the_room() -> None:
    beside = Camera.looking_at(np.array([0.0, 1.0, 3.0]), np.array([0.0, 1.0, 0.0]), 640, 480, 500.0)
    found = standpoints(np.array([0.0]), beside, loader.observability().views)
    assert named(int(found[0])) == "side"


def table() -> ObservabilitySpec:
    row = Shown(
        kind="net",
        view="front",
        coordinate="knee_flexion",
        at_best="weak",
        method_sd_deg=7.0,
        people=4,
        recordings=8,
        frames=200,
        rmse_deg=12.0,
        spread_deg=15.0,
    )
    kinds = {
        "net": {
            "knee_flexion": Ability(at_best="observed", method_sd_deg=3.0),
            "hip_adduction": Ability(at_best="observed", method_sd_deg=3.0),
        },
        "sensor": {"hip_adduction": Ability(at_best="observed", method_sd_deg=2.0)},
    }
    return loader.observability().model_copy(update={"kinds": kinds, "shown": (row,)})


def test_a_row_of_the_view_goes_before_the_row_for_anywhere() -> None:
    spec = table()
    anywhere = ability_of("knee_flexion_left", ("net",), spec)
    front = ability_of("knee_flexion_left", ("net",), spec, view="front")
    assert (anywhere.at_best, anywhere.method_sd_deg) == ("observed", 3.0)
    assert (front.at_best, front.method_sd_deg) == ("weak", 7.0)
    assert "12 deg off" in front.reason


def test_what_was_not_shown_from_a_view_is_weak_there_unless_nobody_looked() -> None:
    spec = table()
    assert ability_of("hip_adduction_left", ("net",), spec, view="rear").at_best == "weak"
    assert ability_of("hip_adduction_left", ("sensor",), spec, view="rear").at_best == "observed"


def test_frames_are_judged_each_by_its_own_view() -> None:
    body, priors = loader.body_model(), loader.body_priors()
    judge = Judge(body, Process.of(body, priors), table(), ("net",), LEVEL)
    value = np.zeros((2, len(ALL)))
    value[:, ALL.index("thorax_left_rotation")] = np.radians([0.0, 90.0])
    judged = judge.judge(value, np.full(value.shape, np.radians(1.0)))
    knee = ALL.index("knee_flexion_left")
    assert judged.sd[0, knee] == pytest.approx(np.radians(np.hypot(7.0, 1.0)))
    assert judged.sd[1, knee] == pytest.approx(np.radians(np.hypot(3.0, 1.0)))
    assert judged.level[0, knee] == Observability.WEAK
