from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from coxa.catalog.text import parse
from coxa.model.errors import SpecError
from coxa.specs.protocol import ProtocolSpec
from tests.support.performed import seated_rotation

GOOD = yaml.safe_dump(seated_rotation().model_dump(mode="json"), sort_keys=False)


def fault(text: str) -> str:
    with pytest.raises(SpecError) as refused:
        parse(text, ProtocolSpec, "mine.yaml")
    assert refused.value.fault.startswith("mine.yaml: ")
    return refused.value.fault


def test_what_was_written_is_read() -> None:
    assert parse(GOOD, ProtocolSpec, "mine.yaml") == seated_rotation()


def test_a_wrong_value_is_named_by_line_and_field_with_the_allowed_ones() -> None:
    text = GOOD.replace("direction: either", "direction: sideways", 1)
    line = text.splitlines().index("  direction: sideways") + 1
    said = fault(text)
    assert f"line {line}: compensations.0.direction" in said
    assert "'increase', 'decrease' or 'either'" in said
    assert "'sideways'" in said


def test_a_missing_field_is_named_where_it_should_be() -> None:
    said = fault(GOOD.replace("title: Seated rotation\n", "", 1))
    assert "title: Field required" in said


def test_an_unknown_field_is_named() -> None:
    assert "colour" in fault(GOOD + "colour: blue\n")


def test_a_key_written_twice_is_refused() -> None:
    last = len(GOOD.splitlines()) + 1
    assert f"line {last}: title is written twice" in fault(GOOD + "title: Another\n")


@pytest.mark.parametrize(
    "text", ["", "- a\n- b\n", "a: [", "a: &x [*x]", "!!python/object:os.system {}", "\x00"]
)
def test_what_is_no_protocol_at_all_is_refused(text: str) -> None:
    fault(text)


@given(st.integers(0, len(GOOD) - 1), st.text(max_size=3))
def test_noise_is_read_or_refused_never_a_crash(place: int, noise: str) -> None:
    try:
        parse(GOOD[:place] + noise + GOOD[place + 1 :], ProtocolSpec, "mine.yaml")
    except SpecError as refused:
        assert "mine.yaml" in refused.fault
