"""Movements through the middle, from either end, and what the other side does along."""

from __future__ import annotations

import numpy as np
import pytest

from coxa.assess.assessment import Standards, assess
from coxa.assess.norms import Person
from coxa.assess.reading import Reading
from coxa.assess.repetitions import repetitions
from coxa.catalog.loader import assess_rules
from coxa.model.motion import Observability
from tests.support.performed import motion_of, out_and_back, seated_rotation

RULES = assess_rules()
APPARENT = "apparent_hip_internal_rotation"


def quantity(**changes: object) -> dict[str, object]:
    content = {
        "id": "internal_rotation",
        "title": "Internal rotation",
        "coordinate": f"{APPARENT}_SIDE",
        "reading": "apparent",
        "min_motion_deg": 10.0,
    }
    return {**content, **changes}


def to_and_fro(n: int) -> np.ndarray:
    """In by 30, out by 40, with rests in the middle."""
    there, back = out_and_back(1), out_and_back(1)
    return np.concatenate([np.concatenate([30.0 * there, -40.0 * back]) for _ in range(n)])


@pytest.mark.parametrize(("sign", "size_deg"), [(1, 30.0), (-1, 40.0)])
def test_a_swing_through_the_middle_is_measured_from_the_middle(sign: int, size_deg: float) -> None:
    protocol = seated_rotation(quantities=[quantity(sign=sign, begins="middle")], compensations=[])
    motion = motion_of({f"{APPARENT}_right": 5.0 + to_and_fro(3)})
    found = repetitions(motion, protocol, protocol.quantities[0], "right", RULES)
    assert len(found) == 3
    assert np.degrees([one.motion.value for one in found]) == pytest.approx(size_deg, abs=1.5)


@pytest.mark.parametrize("way", [1.0, -1.0])
def test_from_either_end(way: float) -> None:
    protocol = seated_rotation(quantities=[quantity(begins="either")], compensations=[])
    motion = motion_of({f"{APPARENT}_right": 50.0 + way * 60.0 * out_and_back(4)})
    found = repetitions(motion, protocol, protocol.quantities[0], "right", RULES)
    assert len(found) == 4
    assert not any(one.cut for one in found)
    assert np.degrees(found[0].motion.value) == pytest.approx(60.0, abs=2.0)


@pytest.mark.parametrize(("left_deg", "n_left"), [(12.0, 0), (28.0, 4)])
def test_what_the_other_side_does_along_is_no_repetition(left_deg: float, n_left: int) -> None:
    protocol = seated_rotation(quantities=[quantity()], compensations=[])
    motion = motion_of(
        {f"{APPARENT}_right": 30.0 * out_and_back(4), f"{APPARENT}_left": left_deg * out_and_back(4)}
    )
    for sides in ((), ("left",)):
        found = assess(motion, protocol, Standards(RULES, ()), Person(), sides)
        counts = {one.side: len(one.repetitions) for one in found.results}
        assert counts["left"] == n_left
        assert counts.get("right", 4) == 4


def test_nothing_is_read_where_nothing_is_observable() -> None:
    motion = motion_of({"knee_flexion_left": 30.0 * out_and_back(1)})
    motion.observability[10:20] = Observability.NOT_OBSERVABLE
    reading = Reading.of(motion, "knee_flexion_left")
    assert np.isnan(reading.value[10:20]).all()
    assert np.isfinite(reading.value[20:]).all()
