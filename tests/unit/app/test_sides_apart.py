"""Sides recorded apart: told by their own recordings, compared as sides of one recording are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coxa.app.assess import Performed, run
from coxa.assess.norms import Person
from coxa.catalog.protocols import library
from coxa.model.motion import Motion
from tests.support.performed import RATE_HZ, motion_of, out_and_back

LIBRARY = library()
NAME = "seated_hip_rotation"


def one_side(side: str, in_deg: float, sd_deg: float = 0.5) -> Motion:
    """Only this leg turns in and out; the other hangs."""
    turned = np.concatenate([in_deg * out_and_back(3), -40.0 * out_and_back(3)])
    still = np.zeros(len(turned))
    moved = {"left": still, "right": still} | {side: turned}
    angles = {
        f"{kind}hip_internal_rotation_{s}": moved[s] for s in moved for kind in ("", "apparent_")
    } | dict.fromkeys(
        ("pelvis_right_up_obliquity", "trunk_right_lean", "hip_adduction_left", "hip_adduction_right"), still
    )
    return replace(motion_of(angles, sd_deg), source=f"{side}.mp4")


@pytest.mark.parametrize("order", [("left", "right"), ("right", "left")])
def test_each_side_is_told_by_its_own_recording_and_both_are_compared(order: tuple[str, str]) -> None:
    size = {"left": 38.0, "right": 22.0}
    found = run([Performed(one_side(side, size[side])) for side in order], NAME, LIBRARY, Person())
    for one, side in zip(found, order, strict=True):
        assert {result.side for result in one.results} == {side}
        assert not any(finding.code.startswith("none.") for finding in one.findings)
    real = [each for each in found[0].comparisons if each.real]
    assert [each.quantity for each in real] == ["internal_rotation"]
    assert np.degrees(real[0].difference.value) == pytest.approx(16.0, abs=0.5)
    assert any(finding.code == "left-right.internal_rotation" for finding in found[0].findings)
    assert found[1].comparisons == ()


def test_apart_they_say_what_one_recording_of_both_says() -> None:
    left, right = one_side("left", 38.0), one_side("right", 22.0)
    whole = Motion.concatenate([left, right])
    whole = replace(whole, time_s=np.arange(len(whole.time_s)) / RATE_HZ)
    (both,) = run([Performed(whole)], NAME, LIBRARY, Person())
    apart = run([Performed(left), Performed(right)], NAME, LIBRARY, Person())[0]
    for one, other in zip(both.comparisons, apart.comparisons, strict=True):
        assert (one.quantity, one.real) == (other.quantity, other.real)
        assert one.difference.value == pytest.approx(other.difference.value, abs=0.01)


def test_within_the_error_nothing_is_claimed() -> None:
    found = run(
        [Performed(one_side("left", 38.0, 8.0)), Performed(one_side("right", 27.0, 8.0))],
        NAME,
        LIBRARY,
        Person(),
    )
    assert found[0].comparisons and not any(each.real for each in found[0].comparisons)


def test_in_a_battery_too() -> None:
    motions = [Performed(one_side(side, size), part=NAME) for side, size in (("left", 38.0), ("right", 22.0))]
    found = run(motions, "hip_passport", LIBRARY, Person())
    assert any(each.real for each in found[0].comparisons)


def test_two_recordings_of_one_side_are_not_compared() -> None:
    found = run([Performed(one_side("left", size)) for size in (38.0, 22.0)], NAME, LIBRARY, Person())
    assert not any(one.comparisons for one in found)
