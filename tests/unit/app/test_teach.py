"""Rows of the table of observability are learned from errors; they take away, and never add."""

from __future__ import annotations

import numpy as np
import pytest

from coxa.app.teach import Lesson, teach, unjudged
from coxa.catalog import loader
from coxa.model.camera import Camera
from coxa.model.coordinates import ALL
from coxa.model.motion import Motion, Observability
from coxa.specs.estimator import Ability, ObservabilitySpec, Shown

N, PEOPLE = 400, ("a", "b", "c", "d")
POSTERIOR_DEG = 2.0


def table(method_sd_deg: float = 1.0) -> ObservabilitySpec:
    ability = Ability(at_best="observed", method_sd_deg=method_sd_deg)
    kinds = {"net": {"trunk_forward_lean": ability}}
    return loader.observability().model_copy(update={"kinds": kinds, "shown": ()})


def motion(lean_deg: np.ndarray) -> Motion:
    value = np.zeros((N, len(ALL)))
    level = np.zeros(value.shape, np.uint8)
    value[:, ALL.index("trunk_forward_lean")] = np.radians(lean_deg)
    level[:, ALL.index("trunk_forward_lean")] = Observability.OBSERVED
    return Motion(
        time_s=np.arange(N) / 10,
        coordinates=ALL,
        value=value,
        sd=np.full(value.shape, np.radians(POSTERIOR_DEG)),
        observability=level,
    )


def lesson(person: str, true: np.ndarray, wrong: np.ndarray) -> Lesson:
    found = motion(wrong)
    return Lesson("net", person, motion(true), Camera.level(640, 480, 1.0), lambda _: found)


def learned(
    error_sd_deg: float, spec: ObservabilitySpec, people: tuple[str, ...] = PEOPLE, range_deg: float = 30.0
) -> dict[str, Shown]:
    rng = np.random.default_rng(0)
    true = range_deg * np.sin(np.linspace(0, 12, N))
    lessons = [lesson(person, true, true + error_sd_deg * rng.normal(size=N)) for person in people]
    return {row.coordinate: row for row in teach(lessons, spec)}


def test_what_the_posterior_does_not_know_is_learned() -> None:
    row = learned(5.0, table())["trunk_forward_lean"]
    assert row.method_sd_deg == pytest.approx(np.sqrt(5.0**2 - POSTERIOR_DEG**2), abs=0.8)
    assert (row.view, row.at_best, row.people, row.frames) == ("front", "observed", 4, 4 * N)


def test_no_row_is_surer_than_the_table_by_hand() -> None:
    assert learned(0.5, table(method_sd_deg=3.0))["trunk_forward_lean"].method_sd_deg == 3.0


@pytest.mark.parametrize(
    ("error_sd_deg", "level"), [(8.0, "observed"), (15.0, "weak"), (40.0, "not_observable")]
)
def test_levels_fall_with_the_error(error_sd_deg: float, level: str) -> None:
    assert learned(error_sd_deg, table())["trunk_forward_lean"].at_best == level


def test_an_error_as_large_as_what_there_is_to_tell_tells_nothing() -> None:
    spec = table()
    rules = spec.teaching.model_copy(update={"tested_spread_deg": 1.0})
    rows = learned(3.0, spec.model_copy(update={"teaching": rules}), range_deg=3.0)
    assert rows["trunk_forward_lean"].at_best == "not_observable"


def test_too_few_people_teach_nothing() -> None:
    assert learned(5.0, table(), people=("a", "b")) == {}


def test_unjudged_believes_one_kind_only() -> None:
    bare = unjudged(loader.observability(), "back_outline")
    assert set(bare.kinds) == {"back_outline"}
    assert all(
        one.at_best == "observed" and not one.method_sd_deg for one in bare.kinds["back_outline"].values()
    )
    assert bare.kinds["back_outline"]["hip_flexion"].needs == "lumbar_flexion"


def test_the_table_that_ships_never_goes_beyond_the_table_by_hand() -> None:
    spec = loader.observability()
    rank = {"not_observable": 0, "weak": 1, "observed": 2}
    assert len(spec.shown) > 30
    for row in spec.shown:
        by_hand = spec.kinds[row.kind][row.coordinate]
        assert rank[row.at_best] <= rank[by_hand.at_best], row
        assert row.method_sd_deg >= by_hand.method_sd_deg, row
