"""The live estimate: one motion a frame, at once, whatever the frames do."""

from __future__ import annotations

from functools import cache

import numpy as np

from coxa.app.routes import live_estimator_for, smoother_for
from coxa.model.coordinates import ALL
from coxa.model.motion import Motion
from coxa.model.recording import Recording
from tests.support.simulated import film, performance


@cache
def squat() -> Recording:
    return film(performance("squat", seed=1, duration_s=2.0), 30.0, noise=1.0, seed=1)


def one_by_one(recording: Recording) -> list[Motion]:
    live = live_estimator_for(recording.window(slice(0, 0)))
    return [live.push(recording.window(slice(k, k + 1))) for k in range(recording.n_frames)]


def test_every_frame_pushed_is_answered_at_once() -> None:
    recording = squat()
    motions = one_by_one(recording)
    assert [motion.time_s.tolist() for motion in motions] == [[t] for t in recording.time_s.tolist()]
    assert all(motion.value.shape == (1, len(ALL)) for motion in motions)


def test_how_frames_are_grouped_changes_nothing() -> None:
    recording = squat()
    live = live_estimator_for(recording)
    together = Motion.concatenate(
        [live.push(recording.window(part)) for part in (slice(0, 7), slice(7, None))]
    )
    alone = Motion.concatenate(one_by_one(recording))
    for name in ("value", "sd", "observability"):
        np.testing.assert_array_equal(getattr(together, name), getattr(alone, name))
    assert together.reasons == alone.reasons and together.diagnostics == alone.diagnostics
    assert live.finish() is None


def test_the_filter_tells_of_sources_and_reasons_what_the_smoother_does() -> None:
    recording = squat()
    smoother = smoother_for(recording)
    parts = [smoother.push(recording), smoother.finish()]
    whole = Motion.concatenate([part for part in parts if part is not None])
    live = one_by_one(recording)[-1]
    assert live.reasons == whole.reasons
    assert live.diagnostics == whole.diagnostics
