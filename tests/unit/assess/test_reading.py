"""Figures with their errors: what drops out of a change, and what does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coxa.assess.reading import Reading, resolved, sign_of
from coxa.model.motion import Observability
from tests.support.performed import motion_of

SEEN, WEAK, NOT = Observability.OBSERVED, Observability.WEAK, Observability.NOT_OBSERVABLE


def reading(sd_deg: tuple[float, ...] = (1.0, 1.0, 2.0), **more: object) -> Reading:
    n = len(sd_deg)
    content: dict[str, object] = {
        "coordinate": "c",
        "value": np.radians(10.0 * np.arange(n)),
        "sd": np.radians(sd_deg),
        "constant_sd": 0.0,
        "level": np.full(n, SEEN, np.uint8),
    }
    return Reading(**(content | more))  # type: ignore[arg-type]


def test_sides_are_filled_in() -> None:
    assert resolved("a_SIDE_b_OTHER", "left") == "a_left_b_right"
    assert resolved("a_SIDE_b_OTHER", "right") == "a_right_b_left"
    assert resolved("a_OTHER", "") == "a_"
    signs = [sign_of(1, mirrored, side) for mirrored in (True, False) for side in ("left", "right")]
    assert signs == [-1, 1, 1, 1]


def test_what_a_motion_lacks_is_not_observable_and_says_so() -> None:
    motion = motion_of({"knee_flexion_left": np.arange(5.0)})
    lacking = Reading.of(motion, "trunk_right_lean")
    assert np.isnan(lacking.value).all()
    assert np.isnan(lacking.sd).all()
    assert (lacking.constant_sd, lacking.reason) == (0.0, "this source does not give it")
    assert lacking.level.tolist() == [NOT] * 5
    assert lacking.worst_level(slice(0, 5)) is NOT


def test_a_reading_has_the_sign_asked_for_no_jumps_and_nothing_where_nothing_was_seen() -> None:
    motion = motion_of({"pelvis_left_rotation": np.array([170.0, -170.0, 0.0, -160.0])})
    level = motion.observability.copy()
    level[2] = NOT
    found = Reading.of(
        replace(motion, observability=level, reasons={"pelvis_left_rotation": "why"}),
        "pelvis_left_rotation",
        -1.0,
    )
    np.testing.assert_allclose(np.degrees(found.value), [-170.0, -190.0, np.nan, -200.0])
    assert found.reason == "why"
    assert found.worst_level(slice(0, 2)) is SEEN
    assert found.worst_level(slice(1, 3)) is NOT
    assert found.worst_level(slice(3, 3)) is NOT
    np.testing.assert_allclose(found.turned().value, -found.value)


def test_a_weak_frame_makes_all_weak() -> None:
    assert reading(level=np.array([SEEN, WEAK, SEEN], np.uint8)).worst_level(slice(0, 3)) is WEAK


@pytest.mark.parametrize(
    ("constant_deg", "correlation", "sd_deg"),
    [(0.0, 0.0, np.sqrt(5.0)), (0.6, 0.0, np.sqrt(5.0 - 2 * 0.36)), (0.0, 0.5, np.sqrt(5.0 - 2.0))],
)
def test_what_stays_the_same_drops_out_of_a_change(
    constant_deg: float, correlation: float, sd_deg: float
) -> None:
    one = reading(constant_sd=float(np.radians(constant_deg)), correlation=correlation)
    change = one.change(0, 2)
    assert np.degrees(change.value) == pytest.approx(20.0)
    assert np.degrees(change.sd) == pytest.approx(sd_deg)


def test_more_constant_than_there_is_leaves_no_error() -> None:
    one = reading((1.0, 1.0, 1.0), constant_sd=float(np.radians(1.5)))
    assert (one.change(0, 2).sd, one.change_sd) == (0.0, 0.0)
    assert one.lasting_sd == pytest.approx(one.constant_sd)


def test_a_change_to_or_from_a_gap_is_unknown() -> None:
    value = np.array([0.0, np.nan, 1.0])
    assert not reading(value=value).change(0, 1).known
    assert not reading(value=value).change(1, 2).known
    assert reading(value=value).change(0, 2).known


def test_usual_errors_are_of_what_is_known() -> None:
    one = reading(
        (3.0, 5.0, 9.0, 100.0),
        value=np.array([0.0, 1.0, 2.0, np.nan]),
        constant_sd=float(np.radians(3.0)),
        correlation=0.25,
    )
    assert np.degrees(one.change_sd) == pytest.approx(np.sqrt(2 * 0.75 * (25.0 - 9.0)))
    assert np.degrees(one.lasting_sd) == pytest.approx(np.sqrt(9.0 + 0.25 * 16.0))
    nothing = replace(one, value=np.full(4, np.nan))
    assert nothing.change_sd == 0.0
    assert nothing.lasting_sd == pytest.approx(np.radians(3.0))


def test_one_frame() -> None:
    at = reading().at(2)
    assert (np.degrees(at.value), np.degrees(at.sd)) == (pytest.approx(20.0), pytest.approx(2.0))
