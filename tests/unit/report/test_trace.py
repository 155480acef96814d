from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from coxa.model.motion import Observability
from coxa.report.trace import Trace, TraceBuilder
from tests.support.made_up import NOT_OBSERVABLE, a_motion


def built(n_frames: int, part: int, n_buckets: int = 50) -> tuple[Trace, TraceBuilder]:
    builder = TraceBuilder(n_buckets)
    whole = a_motion(n_frames)
    for start in range(0, n_frames, part):
        builder.add(whole.window(slice(start, start + part)))
    trace = builder.build()
    assert trace is not None
    return trace, builder


@given(st.integers(1, 1200), st.integers(1, 300))
def test_size_is_bounded_and_the_extremes_survive(n_frames: int, part: int) -> None:
    trace, _ = built(n_frames, part)
    assert len(trace.time_s) <= 101
    whole = Trace.of(a_motion(n_frames))
    seen = np.isfinite(whole.low_deg).any(axis=0)
    np.testing.assert_array_equal(
        np.nanmin(trace.low_deg[:, seen], axis=0), np.nanmin(whole.low_deg[:, seen], axis=0)
    )
    np.testing.assert_array_equal(
        np.nanmax(trace.high_deg[:, seen], axis=0), np.nanmax(whole.high_deg[:, seen], axis=0)
    )
    assert np.all(np.diff(trace.time_s) > 0)


def test_a_short_recording_is_drawn_frame_by_frame() -> None:
    trace, builder = built(80, 7)
    assert builder.frames_per_bucket == 1
    np.testing.assert_array_equal(trace.low_deg, trace.high_deg)


def test_nothing_is_drawn_of_what_is_not_observable() -> None:
    trace, _ = built(1000, 100)
    names = a_motion(1).coordinates
    for name in NOT_OBSERVABLE:
        assert np.isnan(trace.low_deg[:, names.index(name)]).all()


def test_a_bucket_is_as_weak_as_its_weakest_frame() -> None:
    trace, builder = built(1000, 100)
    column = a_motion(1).coordinates.index("hip_internal_rotation_left")
    level = a_motion(1000).observability[:, column]
    n = builder.frames_per_bucket
    whole_buckets = trace.level[: 1000 // n, column]
    for index, got in enumerate(whole_buckets[:-1]):
        frames = level[index * n : (index + 1) * n]
        shown = frames[frames > 0]
        assert got == (shown.min() if shown.size else Observability.NOT_OBSERVABLE)


def test_no_frames_no_trace() -> None:
    assert TraceBuilder().build() is None
