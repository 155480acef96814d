from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coxa.assess.norms import Person, best_row, compare
from coxa.catalog.loader import assess_rules
from coxa.model.assessment import Estimate
from coxa.specs.norms import NormRow
from coxa.specs.protocol import Quantity

RULES = assess_rules()


def row(**changes: object) -> NormRow:
    content: dict[str, object] = {
        "id": "r",
        "motion": "hip_internal_rotation",
        "position": "seated",
        "active": True,
        "mean_deg": 33.0,
        "sd_deg": 7.0,
        "source": "made up",
        "trust": "S",
    }
    return NormRow.model_validate(content | changes)


def quantity(reading: str = "apparent") -> Quantity:
    use = {"motion": "hip_internal_rotation", "position": "seated", "active": True}
    return Quantity.model_validate(
        {
            "id": "q",
            "title": "q",
            "coordinate": "c",
            "reading": reading,
            "min_motion_deg": 5,
            "norms": [use],
        }
    )


def deg(value: float, sd: float = 1.0) -> Estimate:
    return Estimate(float(np.radians(value)), float(np.radians(sd)))


@pytest.mark.parametrize(
    ("value_deg", "sd_deg", "band"),
    [(33, 1, "usual"), (15, 1, "low"), (50, 1, "high"), (24, 3, "uncertain"), (33, 15, "uncertain")],
)
def test_a_band_is_named_only_where_it_is_probable(value_deg: float, sd_deg: float, band: str) -> None:
    found = compare(deg(value_deg, sd_deg), quantity(), Person(), [row()], RULES)
    assert found is not None
    assert found.band == band


def test_the_mean_is_the_fiftieth_percentile_and_one_sd_the_84th() -> None:
    table = [row()]
    middle = compare(deg(33), quantity(), Person(), table, RULES)
    above = compare(deg(40), quantity(), Person(), table, RULES)
    assert middle is not None
    assert above is not None
    assert middle.percentile.value == pytest.approx(50.0)
    assert above.percentile.value == pytest.approx(84.13, abs=0.01)


def test_joint_figures_are_never_held_against_goniometers() -> None:
    assert compare(deg(33), quantity("joint"), Person(), [row()], RULES) is None


def test_another_position_is_no_norm() -> None:
    assert compare(deg(33), quantity(), Person(), [row(position="prone")], RULES) is None
    assert compare(deg(33), quantity(), Person(), [row(active=False)], RULES) is None
    assert compare(deg(33), quantity(), Person(), [row(sd_deg=None)], RULES) is None


def test_the_row_that_fits_best_is_taken() -> None:
    table = [
        row(id="recalled", trust="M-H", age_min_y=30, age_max_y=34, sex="female"),
        row(id="all", people=1000),
        row(id="young", age_min_y=18, age_max_y=29),
        row(id="women", sex="female", age_min_y=30, age_max_y=39),
        row(id="men", sex="male", age_min_y=30, age_max_y=39),
    ]

    def best(person: Person) -> str | None:
        found = best_row(quantity(), person, table)
        return found and found.id

    assert best(Person(33, "female")) == "women"
    assert best(Person(39.9, "male")) == "men"
    assert best(Person(22)) == "young"
    assert best(Person(70)) == "all"


def test_nobody_is_held_against_the_other_sex_and_who_tells_none_against_either() -> None:
    men = [row(sex="male")]
    assert best_row(quantity(), Person(33, "female"), men) is None
    assert best_row(quantity(), Person(33, "male"), men) == men[0]
    assert best_row(quantity(), Person(33), men) == men[0]


@given(st.floats(0, 90), st.floats(0, 30))
def test_the_more_error_the_less_is_claimed(value_deg: float, sd_deg: float) -> None:
    sharp = compare(deg(value_deg, 0.01), quantity(), Person(), [row()], RULES)
    blurred = compare(deg(value_deg, sd_deg), quantity(), Person(), [row()], RULES)
    assert sharp is not None
    assert blurred is not None
    assert blurred.band in {sharp.band, "uncertain"} or sharp.band == "uncertain"


def test_only_an_unverified_reference_is_called_so() -> None:
    found = compare(deg(33), quantity(), Person(), [row(trust="M-M")], RULES)
    assert found is not None
    assert not found.verified
    assert "unverified" in found.words
    read = compare(deg(33), quantity(), Person(), [row(trust="S")], RULES)
    assert read is not None
    assert read.verified
    assert "unverified" not in read.words
