from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coxa.assess.dissociation import _over_repetitions, dissociation, score
from coxa.assess.reading import Reading
from coxa.assess.repetitions import repetitions
from coxa.catalog.loader import assess_rules
from coxa.model.assessment import UNKNOWN, Estimate
from coxa.model.motion import Observability
from tests.support.performed import motion_of, out_and_back, seated_rotation

RULES = assess_rules()
PROTOCOL = seated_rotation(compensations=[])
MOVER, OTHER = "apparent_hip_internal_rotation_left", "pelvis_left_rotation"


def measured(
    other_deg: float,
    delay_s: float = 0.0,
    level: Observability = Observability.OBSERVED,
    from_s: float = 0.0,
) -> dict[str, Estimate]:
    angles = {MOVER: 40.0 * out_and_back(4), OTHER: other_deg * out_and_back(4, delay_s)}
    motion = motion_of(angles, 0.5, {OTHER: level})
    motion = replace(motion, time_s=from_s + motion.time_s)
    found = repetitions(motion, PROTOCOL, PROTOCOL.quantities[0], "left", RULES)
    return dissociation(motion, found, Reading.of(motion, MOVER), Reading.of(motion, OTHER), RULES)


def test_a_still_segment_scores_a_hundred() -> None:
    found = measured(0.0)
    assert found["score"].value == pytest.approx(100.0, abs=2.0)
    assert found["other_share"].value == pytest.approx(0.0, abs=0.02)
    assert found["distal"].value == pytest.approx(1.0)


def test_moving_as_one_scores_nought() -> None:
    found = measured(40.0)
    assert found["score"].value < 5.0
    assert found["other_share"].value == pytest.approx(0.5, abs=0.01)
    assert found["in_phase"].value == pytest.approx(1.0)
    assert np.degrees(found["relative_phase"].value) == pytest.approx(0.0, abs=3.0)


def test_going_the_other_way_is_anti_phase() -> None:
    found = measured(-40.0)
    assert found["anti_phase"].value == pytest.approx(1.0)
    assert np.degrees(found["relative_phase"].value) == pytest.approx(180.0, abs=3.0)


def test_beginning_late_scores_more_than_beginning_at_once() -> None:
    early, late = measured(20.0), measured(20.0, delay_s=0.9)
    assert late["score"].value > early["score"].value + 10.0
    assert late["onset_delay"].value == pytest.approx(early["onset_delay"].value + 0.9, abs=0.15)
    assert late["before_other"].value > early["before_other"].value
    assert late["other_share_at_60"].value < early["other_share_at_60"].value


def test_when_the_recording_began_does_not_matter() -> None:
    at_nought, later = (measured(20.0, delay_s=0.4, from_s=from_s) for from_s in (0.0, 64.0))
    assert [one.value for one in later.values()] == pytest.approx([one.value for one in at_nought.values()])


def test_shares_of_time_add_up() -> None:
    found = measured(20.0, delay_s=0.4)
    assert sum(
        found[name].value for name in ("in_phase", "anti_phase", "proximal", "distal")
    ) == pytest.approx(1.0)


def test_nothing_is_said_of_what_is_not_observed() -> None:
    assert measured(20.0, level=Observability.WEAK) == {}


def test_the_scale_of_the_score() -> None:
    assert score(Estimate(0.0, 0.0), Estimate(1.0, 0.0)) == Estimate(100.0, 0.0, "points")
    assert score(Estimate(0.5, 0.0), Estimate(1.0, 0.0)) == Estimate(50.0, 0.0, "points")
    assert score(Estimate(0.5, 0.1), Estimate(0.0, 0.0)).value == 0.0
    assert score(Estimate(0.25, 0.1), Estimate(0.5, 0.0)).sd == pytest.approx(10.0)


def test_what_only_one_repetition_tells_is_its_own_figure() -> None:
    assert _over_repetitions([UNKNOWN, Estimate(0.3, 0.1, "s")]) == Estimate(0.3, pytest.approx(0.1), "s")
    two = _over_repetitions([Estimate(0.2, 0.01), UNKNOWN, Estimate(0.4, 0.01)])
    assert (two.value, two.sd) == (pytest.approx(0.3), pytest.approx(0.1))
