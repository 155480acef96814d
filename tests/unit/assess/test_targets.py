from __future__ import annotations

import pytest

from coxa.assess.assessment import Standards, assess
from coxa.assess.norms import Person
from coxa.catalog.loader import assess_rules
from coxa.model.assessment import Finding
from coxa.model.motion import Observability
from tests.support.performed import motion_of, out_and_back, seated_rotation

HIP = "apparent_hip_internal_rotation_right"
STANDARDS = Standards(assess_rules(), ())


def told(
    reached_deg: float, sd_deg: float = 0.5, level: Observability = Observability.OBSERVED
) -> list[Finding]:
    plain = seated_rotation()
    quantity = plain.quantities[0].model_copy(update={"target_deg": 40.0})
    protocol = plain.model_copy(update={"quantities": (quantity,)})
    still = 0.0 * out_and_back(3)
    angles = {
        HIP: reached_deg * out_and_back(3),
        "pelvis_right_up_obliquity": still,
        "trunk_right_lean": still,
    }
    motion = motion_of(angles, sd_deg, {HIP: level})
    found = assess(motion, protocol, STANDARDS, Person(), ("right",))
    return [one for one in found.findings if one.code.startswith("target.")]


@pytest.mark.parametrize(
    ("reached_deg", "code", "words"),
    [(45.0, "reached", "reached in 3 of 3 rep"), (35.0, "missed", "reached in 0 of 3 rep")],
)
def test_reached_or_not(reached_deg: float, code: str, words: str) -> None:
    (one,) = told(reached_deg)
    assert one.code.endswith(code) and words in one.words and one.words.startswith("Right side: 40\u00b0")


def test_near_it_nothing_is_claimed() -> None:
    (one,) = told(41.0, sd_deg=2.0)
    assert one.code.endswith("uncertain") and "3 too close to call" in one.words


def test_nothing_is_said_of_what_was_not_observed() -> None:
    assert not told(45.0, level=Observability.WEAK)
