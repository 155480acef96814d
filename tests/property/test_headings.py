"""Headings that run on: frame by frame or all at once, the same."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from coxa.app.stream import Headings
from coxa.model.motion import Motion

TURNS = arrays(float, (12, 2), elements=st.floats(-np.pi, np.pi) | st.just(float("nan")))


def half_turns(value: np.ndarray) -> bool:
    """Whether a heading turns by exactly half a turn: nobody can tell which way, and rounding decides."""
    steps = [np.diff(column[np.isfinite(column)]) for column in value.T]
    return any(np.any(np.abs(np.abs(one) - np.pi) < 1e-9) for one in steps)


@given(TURNS)
def test_frame_by_frame_is_as_all_at_once(value: np.ndarray) -> None:
    """Also through gaps and across the half turn."""
    assume(not half_turns(value))
    level = np.zeros(value.shape, np.uint8)
    motion = Motion(np.arange(12.0), Headings.NAMES, value, np.ones(value.shape), level)
    headings = Headings()
    one_by_one = [headings.run_on(motion.window(slice(k, k + 1))).value for k in range(12)]
    whole = Headings().run_on(motion).value
    known = np.isfinite(value)
    assert np.array_equal(np.isfinite(np.concatenate(one_by_one)), known)
    assert np.allclose(np.concatenate(one_by_one)[known], whole[known], rtol=0, atol=1e-9)
