"""The pace of live pages stays within its limits, whatever the server goes through."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from coxa.app.live_pace import LivePace, Spent
from coxa.catalog.loader import live_rules

RULES = live_rules().pace
SECONDS = st.floats(0.0, 5.0, allow_nan=False)
FRAMES = st.lists(
    st.tuples(st.integers(0, 30), st.booleans(), SECONDS, SECONDS, SECONDS, st.floats(1e-4, 20.0)),
    max_size=200,
)


@settings(max_examples=60, deadline=None)
@given(FRAMES)
def test_it_never_leaves_its_limits_nor_jumps_up(
    frames: list[tuple[int, bool, float, float, float, float]],
) -> None:
    """Between floor and full; up by a step at most, but for a server that was left alone."""
    pace, now_s, cpu_s = LivePace(RULES), 0.0, 0.0
    for number, test, waited_s, wall_s, own_s, later_s in frames:
        before = {kind: pace.hz(test=kind) or RULES.full_hz for kind in (True, False)}
        now_s, cpu_s = now_s + later_s, cpu_s + own_s
        pace.answered(f"{number}{test}", test, Spent(waited_s, wall_s, own_s), now_s, cpu_s)
        for kind, was in before.items():
            hz = pace.hz(test=kind) or RULES.full_hz
            assert RULES.floor_hz <= hz <= RULES.full_hz
            known = later_s <= RULES.forget_s and not (kind and not test)
            assert hz <= was * RULES.faster + 1e-9 or not known or hz == RULES.full_hz
        assert isinstance(pace.fits(number), bool)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 500), st.integers(1, 500))
def test_more_people_never_fit_better(sets: int, more: int) -> None:
    pace = LivePace(RULES)
    for k in range(3000):
        pace.answered(f"{k % 200}", False, Spent(0.1, 0.004, 0.004), 0.004 * k, 0.004 * k)
    assert pace.fits(sets) or not pace.fits(sets + more)
