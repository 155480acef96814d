"""Simulated people and several cameras: clocks, wrong cameras, exchanged sides, what they tell together."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from coxa.catalog import loader
from coxa.estimate.cameras import Joined, join, upright
from coxa.estimate.estimator import Estimator
from coxa.estimate.fixed_lag import FixedLagSmoother, kinds_of
from coxa.estimate.flips import exchanged
from coxa.estimate.views import View, between
from coxa.kinematics.rotations import rotation_about
from coxa.model.channels import ImagePoints
from coxa.model.coordinates import ALL
from coxa.model.errors import NothingToMeasureError
from coxa.model.motion import Observability
from coxa.model.recording import Recording
from coxa.simulate.library import SCRIPTS
from coxa.simulate.observe import CameraView, camera_around, observe
from coxa.simulate.perform import Performance, perform
from coxa.simulate.person import Person
from tests.support.simulated import PLAIN, degrees_apart, motion_of

DETECTOR = "blazepose_heavy"
AZIMUTHS = (10.0, 100.0, -130.0)
RULES = loader.camera_rules()


@cache
def done(script: str, rate_hz: float, begin_s: float, duration_s: float, seed: int = 1) -> Performance:
    rng = np.random.default_rng(seed)
    person = Person.drawn(loader.body_model(), loader.body_priors(), rng)
    person = person.with_offsets(loader.detectors()[DETECTOR], rng)
    times = begin_s + np.arange(int(duration_s * rate_hz)) / rate_hz
    moving = perform(SCRIPTS[script](), person, times)
    return moving.moved(rotation_about(1, 0.3), np.array([0.0, 1.0, 0.0]))


def view(
    number: int, *, script: str = "walking", rate_hz: float = 30.0, late_s: float = 0.0, seed: int = 1
) -> View:
    """Camera ``number``, whose clock says ``late_s`` less than the truth."""
    moving = done(script, rate_hz, 1.0 + 0.004 * number, 2.5, seed)
    camera = camera_around(np.array([0.0, 1.0, 0.0]), AZIMUTHS[number], elevation_deg=10.0)
    seen = observe(
        moving, [CameraView(camera, loader.detectors()[DETECTOR])], np.random.default_rng(seed + number)
    )
    return View(f"cam{number}", moving.time_s - late_s, seen.image_points[0])


def joined(views: list[View], **options: bool) -> Joined:
    return join(views, RULES, loader.detectors()[DETECTOR].correlation_time_s, **options)


def turned(one: View, angle_rad: float) -> View:
    camera = one.points.camera
    wrong = rotation_about(1, angle_rad) @ camera.rotation_room_to_camera
    return replace(one, points=replace(one.points, camera=replace(camera, rotation_room_to_camera=wrong)))


@pytest.mark.parametrize(("script", "seed"), [("walking", 1), ("squat", 2)])
def test_clocks_are_found_within_their_uncertainty(script: str, seed: int) -> None:
    late = (0.0, 0.12, -0.05)
    rates = (30.0, 30.0, 25.0)
    views = [view(k, script=script, late_s=late[k], rate_hz=rates[k], seed=seed) for k in range(3)]
    found = joined(views)
    for one, truth in zip(found.cameras, late, strict=True):
        assert abs(one.offset_s - truth) < 3 * one.offset_sd_s + 1e-9
        assert one.offset_sd_s < 0.03
    assert any("cam1 was found +1" in note for note in found.notes)


def test_nobody_moving_leaves_the_clocks_alone_and_says_so() -> None:
    still = [view(k) for k in range(2)]
    frozen = []
    for one in still:
        held = np.broadcast_to(one.points.position_px[:1], one.points.position_px.shape).copy()
        held += np.random.default_rng(0).normal(0, 1.0, held.shape)
        frozen.append(replace(one, points=replace(one.points, position_px=held)))
    found = joined(frozen)
    assert found.cameras[1].offset_s == 0.0
    assert np.isnan(found.cameras[1].offset_sd_s)
    assert any("does not tell the clock" in note for note in found.notes)


def test_a_camera_whose_calibration_is_wrong_is_left_out() -> None:
    for wrong in (0, 2):
        views = [turned(view(k), 0.15) if k == wrong else view(k) for k in range(3)]
        found = joined(views)
        assert [one.used for one in found.cameras] == [k != wrong for k in range(3)]
        assert len(found.recording.image_points) == 2
        assert any("was left out" in note for note in found.notes)


def test_a_camera_that_is_a_little_wrong_counts_less() -> None:
    fine, off = joined([view(k) for k in range(3)]), joined([view(0), view(1), turned(view(2), 0.02)])
    assert max(one.doubt for one in fine.cameras) < 1.5
    assert off.cameras[2].used
    assert off.recording.image_points[2].doubt > 1.5 > off.recording.image_points[0].doubt


def test_two_cameras_that_disagree_are_refused() -> None:
    with pytest.raises(NothingToMeasureError, match="do not agree") as refused:
        joined([view(0), turned(view(1), 0.3)])
    assert "calibration" in refused.value.remedy


def test_exchanged_sides_are_set_right_for_a_camera_and_for_some_frames() -> None:
    views = [view(k) for k in range(3)]
    as_is = joined(views).recording.image_points[1].position_px
    whole = joined([views[0], views[1].swapped(), views[2]])
    some = np.zeros(len(views[1].time_s), bool)
    some[20:45] = True
    part = joined([views[0], exchanged(views[1], some), views[2]])
    for found, count in ((whole, len(some)), (part, 25)):
        assert abs(found.cameras[1].frames_swapped - count) <= 2
        assert found.cameras[0].frames_swapped == 0
        apart = np.linalg.norm(found.recording.image_points[1].position_px - as_is, axis=-1)
        assert np.nanmean(apart > 20.0) < 0.05
        assert any("Left and right were exchanged" in note for note in found.notes)


def test_several_cameras_tell_more_than_any_of_them_and_stay_honest() -> None:
    moving = done("trunk_rotation", 30.0, 1.0, 0.8, 3)
    cameras = [camera_around(np.array([0.0, 1.0, 0.0]), azimuth) for azimuth in AZIMUTHS]
    seen = observe(
        moving, [CameraView(c, loader.detectors()[DETECTOR]) for c in cameras], np.random.default_rng(5)
    )
    together = motion_of(seen)
    alone = [motion_of(replace(seen, image_points=(image,))) for image in seen.image_points]
    truth = moving.truth()
    for name in ("thorax_left_rotation", "pelvis_left_rotation", "trunk_forward_lean"):
        k = ALL.index(name)
        assert np.median(together.sd[:, k]) < 0.95 * min(np.median(one.sd[:, k]) for one in alone)
        error = np.radians(degrees_apart(together.value[:, k], truth.value[:, k]))
        assert np.mean(np.abs(error) < 1.96 * together.sd[:, k]) > 0.9
    assert np.all(together.observability[:, ALL.index("thorax_left_rotation")] == Observability.OBSERVED)
    for name in ("pelvis_anterior_tilt", "lumbar_flexion", "trunk_flexion"):
        assert np.all(together.observability[:, ALL.index(name)] == Observability.NOT_OBSERVABLE)


def test_the_row_of_several_cameras_needs_an_angle_between_them() -> None:
    def kinds(*azimuths: float) -> tuple[str, ...]:
        middle = np.array([0.0, 1.0, 0.0])
        images = [
            replace(view(0).points, camera=camera_around(middle, azimuth)).window(slice(0, 0))
            for azimuth in azimuths
        ]
        layout = Recording(np.zeros(0), image_points=tuple(images))
        estimator = Estimator(loader.body_model(), loader.body_priors(), loader.detectors(), layout)
        return kinds_of(layout, estimator)

    assert kinds(0.0) == ("pose_network",)
    assert kinds(0.0, 10.0) == ("pose_network",)
    assert kinds(0.0, 175.0) == ("pose_network",)
    assert kinds(0.0, 60.0) == ("pose_network_several",)
    assert kinds(0.0, 10.0, 90.0) == ("pose_network_several",)


def test_a_detector_has_one_habit_in_all_cameras() -> None:
    images = tuple(view(k).points.window(slice(0, 0)) for k in range(3))
    one, three = (
        Estimator(
            loader.body_model(),
            loader.body_priors(),
            loader.detectors(),
            Recording(np.zeros(0), image_points=some),
        )
        for some in (images[:1], images)
    )
    assert one.n_shared == three.n_shared


def test_a_doubted_camera_moves_the_estimate_less() -> None:
    views = [view(k) for k in range(2)]
    seen = joined(views, find_clocks=False).recording.window(slice(0, 12))
    down = seen.image_points[1].position_px + np.array([0.0, 15.0])
    pushed = replace(seen.image_points[1], position_px=down)

    def height_m(image: ImagePoints) -> float:
        recording = replace(seen, image_points=(seen.image_points[0], image))
        estimator = Estimator(loader.body_model(), loader.body_priors(), loader.detectors(), recording)
        smoother = FixedLagSmoother(estimator, PLAIN)
        smoother.push(recording)
        smoothed = smoother.finish()
        assert smoothed is not None
        return float(smoothed.path.pose.position_m[:, 1].mean())

    def moved(doubt: float) -> float:
        before, after = (height_m(replace(p, doubt=doubt)) for p in (seen.image_points[1], pushed))
        return abs(after - before)

    assert 0.005 < moved(1.0) < 0.03
    assert moved(8.0) < 0.2 * moved(1.0)


def test_the_person_tells_which_way_is_up() -> None:
    seen = joined([view(0), view(1)], find_clocks=False).recording
    for turn in (rotation_about(0, np.pi / 2), rotation_about(2, -np.pi / 2), rotation_about(0, np.pi)):
        images = tuple(
            replace(
                image,
                camera=replace(
                    image.camera,
                    rotation_room_to_camera=image.camera.rotation_room_to_camera @ turn.T,
                    position_m=turn @ image.camera.position_m,
                ),
            )
            for image in seen.image_points
        )
        righted, note = upright(replace(seen, image_points=images))
        for before, after in zip(seen.image_points, righted.image_points, strict=True):
            now = after.camera.rotation_room_to_camera
            assert np.allclose(now[:, 1], before.camera.rotation_room_to_camera[:, 1], atol=1e-9)
            assert np.isclose(np.linalg.det(now), 1.0)
        assert "which way is up" in note


def test_nothing_is_interpolated_across_a_gap_or_beyond_the_ends() -> None:
    known = np.array([0.0, 0.1, 0.2, 0.6, 0.7])
    low, share, usable = between(known, np.array([-0.01, 0.0, 0.05, 0.2, 0.3, 0.6, 0.7, 0.71]), 2.5)
    assert usable.tolist() == [False, True, True, True, False, True, True, False]
    assert np.allclose((known[low] + share * 0.1)[2], 0.05)


def test_a_long_film_is_looked_at_in_stretches_and_tells_the_same_clock() -> None:
    rules = RULES.model_copy(update={"fit_frames": 60})
    short = [view(k, late_s=0.1 * k) for k in range(2)]
    found = join(short, rules, 0.1)
    assert abs(found.cameras[1].offset_s - 0.1) < max(3 * found.cameras[1].offset_sd_s, 0.01)
