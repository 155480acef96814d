from __future__ import annotations

import numpy as np
import pytest

from coxa.assess.assessment import Standards, assess
from coxa.assess.norms import Person
from coxa.catalog.loader import assess_rules
from coxa.model.assessment import Assessment, Verdict
from coxa.model.motion import Observability
from coxa.specs.norms import NormRow
from tests.support.performed import motion_of, out_and_back, seated_rotation

USE = {"motion": "hip_internal_rotation", "position": "seated", "active": True}
NORM = NormRow(id="n", mean_deg=33.0, sd_deg=7.0, source="made up", trust="S", **USE)
STANDARDS = Standards(assess_rules(), [NORM])
QUANTITY = {
    "id": "internal_rotation",
    "title": "Internal rotation",
    "coordinate": "apparent_hip_internal_rotation_SIDE",
    "reading": "apparent",
    "min_motion_deg": 10.0,
    "norms": [USE],
    "needs": "a view from the front",
}


def assessed(
    left_deg: float = 35.0,
    right_deg: float = 35.0,
    hike_deg: float = 0.0,
    level: Observability = Observability.OBSERVED,
) -> Assessment:
    """The left leg four times, then the right; the pelvis hikes with the right."""
    still = np.zeros(len(out_and_back(4)))
    hike = hike_deg * out_and_back(4)
    angles = {
        "apparent_hip_internal_rotation_left": np.concatenate([left_deg * out_and_back(4), still]),
        "apparent_hip_internal_rotation_right": np.concatenate([still, right_deg * out_and_back(4)]),
        "pelvis_right_up_obliquity": np.concatenate([still, hike]),
        "trunk_right_lean": np.zeros(2 * len(still)),
    }
    motion = motion_of(angles, 1.0, {"apparent_hip_internal_rotation_right": level})
    protocol = seated_rotation(
        quantities=[QUANTITY],
        dissociation=["pelvis_right_up_obliquity", "apparent_hip_internal_rotation_SIDE"],
    )
    return assess(motion, protocol, STANDARDS, Person())


def codes(found: Assessment) -> list[str]:
    return [finding.code for finding in found.findings]


def test_both_sides_are_found_in_one_recording() -> None:
    found = assessed()
    assert [(one.side, len(one.repetitions)) for one in found.results] == [("left", 4), ("right", 4)]
    assert all(one.norm is not None and one.norm.band == "usual" for one in found.results)
    assert codes(found) == ["clean.internal_rotation", "clean.internal_rotation"]


def test_a_stiff_side_is_the_first_thing_said() -> None:
    found = assessed(right_deg=15.0)
    assert found.comparisons[0].real
    assert codes(found)[:2] == ["left-right.internal_rotation", "norm.internal_rotation.low"]


def test_cheating_goes_before_the_figure_it_spoils() -> None:
    found = assessed(hike_deg=15.0)
    first = found.findings[0]
    assert first.code == "compensated.hike"
    assert first.side == "right"
    assert "the pelvis hiked by 15\u00b0 in 4 of 4 repetitions" in first.words
    assert found.results[1].verdict is Verdict.COMPENSATED
    assert found.measures["internal_rotation.right.score"].value < 80


def test_what_is_weak_is_neither_compared_nor_held_against_norms() -> None:
    found = assessed(right_deg=15.0, level=Observability.WEAK)
    assert found.comparisons == ()
    assert found.results[1].norm is None
    assert [silence.what for silence in found.silences] == ["Internal rotation, right"]
    assert found.silences[0].remedy == "a view from the front"


def test_no_repetition_is_said() -> None:
    found = assessed(left_deg=3.0)
    assert "none.internal_rotation" in codes(found)
    assert np.isnan(found.results[0].result.value)


def test_the_figure_is_the_end_range() -> None:
    for one in assessed().results:
        assert np.degrees(one.result.value) == pytest.approx(35.0, abs=0.2)
        assert np.degrees(one.result.sd) == pytest.approx(0.5, abs=0.05)
