"""The live estimate: one motion a frame, at once, whatever the frames do."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from coxa.app.routes import live_estimator_for, smoother_for, warm_up
from coxa.catalog import loader
from coxa.model.coordinates import ALL
from coxa.model.errors import SourceError
from coxa.model.motion import Motion
from coxa.model.recording import Recording
from coxa.simulate.perform import Performance
from tests.support.simulated import film, other_side, performance


@cache
def squat() -> Recording:
    return filmed(performance("squat", seed=1, duration_s=2.0), 30.0)


def filmed(done: Performance, azimuth_deg: float, distance_m: float = 3.0) -> Recording:
    """As a pose network sees it."""
    detector = loader.detectors()["blazepose_heavy"]
    return film(done, azimuth_deg, distance_m=distance_m, noise=1.0, seed=1, detector=detector)


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


HINGES = [ALL.index(f"knee_flexion_{side}") for side in ("left", "right")]
Changed = Callable[[np.ndarray, np.ndarray, np.ndarray], None]


def changed(recording: Recording, change: Changed) -> Recording:
    """The same film with other keypoints: ``change`` works on position, depth and visibility in place."""
    points = recording.image_points[0]
    position, depth, visible = (
        array.copy() for array in (points.position_px, points.depth_m, points.visibility)
    )
    change(position, depth, visible)
    other = replace(points, position_px=position, depth_m=depth, visibility=visible)
    return replace(recording, image_points=(other,))


def motion_of(recording: Recording) -> Motion:
    return live_estimator_for(recording.window(slice(0, 0))).push(recording)


def off_deg(motion: Motion, other: Motion, frames: slice) -> float:
    """How far the knees are apart at most."""
    return float(np.degrees(np.abs(motion.value - other.value)[frames][:, HINGES]).max())


@pytest.mark.parametrize("wrong", ["lying", "anywhere", "sides_swapped"])
def test_from_a_wrong_start_it_is_found_within_a_second(wrong: str) -> None:
    recording, rng = squat(), np.random.default_rng(1)
    names = recording.image_points[0].names
    other = [names.index(other_side(name)) for name in names]

    def change(position: np.ndarray, depth: np.ndarray, _: np.ndarray) -> None:
        if wrong == "lying":
            position[:5] = position[:5, :, ::-1]
        elif wrong == "anywhere":
            position[:5] = rng.uniform(0, 800, position[:5].shape)
        else:
            position[:5], depth[:5] = position[:5, other], depth[:5, other]

    right, mended = motion_of(recording), motion_of(changed(recording, change))
    assert off_deg(mended, right, slice(0, 5)) > 5.0
    assert off_deg(mended, right, slice(35, None)) < 20.0  # the standard deviation is 15; lost, it is 80 off


def test_one_bad_picture_does_not_lose_the_body() -> None:
    def change(position: np.ndarray, *_: np.ndarray) -> None:
        position[40] = np.random.default_rng(1).uniform(0, 800, position[40].shape)

    right, shaken = motion_of(squat()), motion_of(changed(squat(), change))
    assert off_deg(shaken, right, slice(45, None)) < 3.0


def test_somebody_who_is_not_seen_is_not_told_and_comes_back() -> None:
    def change(position: np.ndarray, depth: np.ndarray, visible: np.ndarray) -> None:
        position[:10], depth[:10], visible[:10] = np.nan, np.nan, 0.0

    right, late = motion_of(squat()), motion_of(changed(squat(), change))
    assert np.isfinite(late.value).all() and not late.observability[:10].any()
    assert off_deg(late, right, slice(20, None)) < 8.0


@pytest.mark.parametrize("gap_s", [0.5, 5.0, 3600.0])
def test_after_a_gap_another_pose_is_found_and_lengths_are_remembered(gap_s: float) -> None:
    before, after = (
        squat(),
        filmed(performance("squat", seed=1, duration_s=1.0, turned_deg=90.0), 30.0),
    )
    live = live_estimator_for(before)
    live.push(before)
    here = live.push(replace(after, time_s=after.time_s - after.time_s[0] + before.time_s[-1] + gap_s))
    assert off_deg(here, motion_of(after), slice(20, None)) < 10.0


def test_somebody_else_is_taken_for_somebody_else() -> None:
    tall = filmed(performance("squat", stature_m=1.95, duration_s=1.5), 30.0, 4.0)
    small = filmed(performance("squat", stature_m=1.3, duration_s=1.5), 80.0)
    live = live_estimator_for(tall)
    live.push(tall)
    here = live.push(replace(small, time_s=small.time_s - small.time_s[0] + tall.time_s[-1] + 0.1))
    assert off_deg(here, motion_of(small), slice(30, None)) < 10.0


def test_what_is_no_number_is_not_seen() -> None:
    def missing(position: np.ndarray, depth: np.ndarray, visible: np.ndarray) -> None:
        position[20, 3], position[21, 4, 1], visible[22, 5], depth[23] = np.nan, np.nan, np.nan, np.nan

    def infinite(position: np.ndarray, depth: np.ndarray, visible: np.ndarray) -> None:
        position[20, 3], position[21, 4, 1], visible[22, 5], depth[23] = np.inf, -np.inf, np.nan, np.inf

    one, other = (motion_of(changed(squat(), change)) for change in (missing, infinite))
    np.testing.assert_array_equal(one.value, other.value)
    assert np.isfinite(one.value).all() and off_deg(one, motion_of(squat()), slice(0, None)) < 5.0


@pytest.mark.parametrize("later_s", [-1.0, 0.0, np.nan, np.inf])
def test_time_that_does_not_go_on_is_refused_and_the_next_frame_is_taken(later_s: float) -> None:
    recording = squat()
    live = live_estimator_for(recording)
    live.push(recording.window(slice(0, 10)))
    frame = recording.window(slice(10, 11))
    with pytest.raises(SourceError, match="order of their times"):
        live.push(replace(frame, time_s=recording.time_s[9:10] + later_s))
    assert live.push(frame).time_s == frame.time_s


@settings(max_examples=5, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
@given(st.floats(5.0, 60.0), st.floats(0.0, 0.4), st.integers(0, 1000))
def test_any_rate_and_frames_lost_leave_the_angles_within_their_errors(
    rate_hz: float, lost: float, seed: int
) -> None:
    """5 to 60 frames a second, unevenly, some of them lost."""
    rng = np.random.default_rng(seed)
    done = performance("squat", seed=seed % 7, duration_s=3.0)
    kept = np.unique(np.clip(np.cumsum(rng.exponential(30.0 / rate_hz, 200)), 0, 89).astype(int))
    kept = kept[rng.random(len(kept)) >= lost]
    recording = filmed(done, 60.0)
    some = Recording.concatenate([recording.window(slice(k, k + 1)) for k in kept])
    found, truth = motion_of(some), done.truth()
    z = np.abs(found.value - truth.value[kept])[:, HINGES] / found.sd[:, HINGES]
    assert np.isfinite(found.value).all()
    assert np.median(z) < 2.0


def test_warming_up_leaves_nothing_to_compile() -> None:
    """A frame that comes next is answered at once."""
    warm_up(squat())
    live = live_estimator_for(squat())
    began_s = time.perf_counter()
    live.push(squat().window(slice(0, 1)))
    assert time.perf_counter() - began_s < 0.5  # 6 ms where nothing else runs
