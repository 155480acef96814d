"""Scripts: key poses, what lies between them, and what can be done to them."""

from __future__ import annotations

import numpy as np
import pytest

from coxa.catalog import loader
from coxa.simulate.library import SCRIPTS, squat
from coxa.simulate.perform import Tremor, irregular_times, perform, times
from coxa.simulate.person import Person
from coxa.simulate.script import Between, KeyPose, Script, opposite

BEND = Script("bend", (KeyPose(0.0, {"knee_flexion_left": 0.0}), KeyPose(2.0, {"knee_flexion_left": 90.0})))


@pytest.fixture(scope="module")
def person():
    return Person.of(loader.body_model(), loader.body_priors(), 1.8)


def test_minimum_jerk_rests_at_the_key_poses_and_is_half_way_at_half_time():
    time_s = np.linspace(-0.5, 2.5, 3001)
    angle = BEND.at(time_s).angles_deg["knee_flexion_left"]
    rate = np.gradient(angle, time_s)
    assert angle[0] == 0.0
    assert angle[-1] == 90.0
    assert angle[np.searchsorted(time_s, 1.0)] == pytest.approx(45.0, abs=0.1)
    assert np.abs(rate[[0, -1]]).max() == 0.0
    assert rate.max() == pytest.approx(1.875 * 90 / 2, rel=1e-3)


def test_a_spline_is_smooth_and_passes_the_key_poses():
    poses = tuple(KeyPose(0.25 * k, {"hip_flexion_left": v}) for k, v in enumerate((0, 20, 5, -10, 0)))
    script = Script("gait", poses, Between.SPLINE)
    np.testing.assert_allclose(
        script.at(np.array([p.time_s for p in poses])).angles_deg["hip_flexion_left"], [0, 20, 5, -10, 0]
    )
    fine = script.repeated(3).at(np.linspace(0, 3, 6001)).angles_deg["hip_flexion_left"]
    assert np.abs(np.diff(fine, 3)).max() < 1e-5  # no kink in the second derivative


def test_what_is_not_named_stays_as_it_was():
    script = Script(
        "stay", (KeyPose(0.0, {"knee_flexion_left": 30.0}), KeyPose(1.0, {"hip_flexion_left": 10.0}))
    )
    assert script.at(np.array([1.0])).angles_deg["knee_flexion_left"] == 30.0


def test_speed_pause_scale_and_posture():
    assert BEND.at_speed(2.0).duration_s == 1.0
    paused = squat().with_pause(1.6, 1.0)
    assert paused.duration_s == squat().duration_s + 1.0
    knee = paused.at(np.linspace(1.6, 3.2, 9)).angles_deg["knee_flexion_left"]
    np.testing.assert_allclose(knee, knee[0])
    half = BEND.scaled(0.5).at(np.array([2.0])).angles_deg["knee_flexion_left"]
    assert half == 45.0
    held = BEND.with_posture({"knee_flexion_left": 4.0, "lumbar_flexion": 7.0}).at(np.array([0.0]))
    assert held.angles_deg["knee_flexion_left"] == 4.0
    assert held.angles_deg["lumbar_flexion"] == 7.0


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_mirroring_mirrors_the_truth_and_twice_is_nothing(name, person):
    script, time_s = SCRIPTS[name](), times(3.8, 10.0)
    here = perform(script, person, time_s)
    there = perform(script.mirrored(), person, time_s)
    again = perform(script.mirrored().mirrored(), person, time_s)
    np.testing.assert_allclose(again.pose.joints, here.pose.joints, atol=1e-12)
    np.testing.assert_allclose(again.pose.rotation, here.pose.rotation, atol=1e-12)
    body = person.body
    for k, joint in enumerate(body.joints):
        other, sign = opposite(joint)
        mirrored = sign * there.pose.joints[:, body.joints.index(other)]
        np.testing.assert_allclose(mirrored, here.pose.joints[:, k], atol=1e-12)
    flip = np.diag([1.0, 1.0, -1.0])
    np.testing.assert_allclose(there.pose.position_m, here.pose.position_m @ flip, atol=1e-12)
    np.testing.assert_allclose(there.pose.rotation, flip @ here.pose.rotation @ flip, atol=1e-12)


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_scripts_stay_within_the_joints_limits_and_keep_their_support(name, person):
    script = SCRIPTS[name]()
    done = perform(script, person, times(script.duration_s, 30.0))
    low, high = person.body.joint_limits.T
    assert np.all(done.pose.joints >= low - 1e-9)
    assert np.all(done.pose.joints <= high + 1e-9)
    place, rotation = done.segments()
    factor = person.body.length_factor(person.lengths)
    middle = np.mean(
        [
            place[:, owner] + rotation[:, owner] @ (local * factor[person.body.length_of_site[site]])
            for site in script.support
            for owner, local in [person.body.sites[site]]
        ],
        axis=0,
    )
    np.testing.assert_allclose(middle, 0.0, atol=1e-9)


@pytest.mark.parametrize("name", ["squat", "hinge", "hinge_from_the_back"])
def test_feet_on_the_floor_stay_flat(name, person):
    done = perform(SCRIPTS[name](), person, times(3.8, 10.0))
    _, rotation = done.segments()
    forward = rotation[:, person.body.bodies.index("foot_left"), :, 0]
    assert np.abs(forward[:, 1]).max() < np.sin(np.radians(12.0))


def test_tremor_is_band_limited_and_as_large_as_told(person):
    time_s = times(8.0, 60.0)
    rng = np.random.default_rng(1)
    shaken = perform(BEND, person, time_s, tremor=Tremor(0.5), rng=rng).pose.joints
    calm = perform(BEND, person, time_s).pose.joints
    hinges = ~person.body.joint_is_slide
    shaking = np.degrees(shaken - calm)[:, hinges]
    assert np.sqrt(np.mean(shaking**2)) == pytest.approx(0.5, rel=0.15)
    assert np.all((shaken - calm)[:, ~hinges] == 0.0)
    power = np.abs(np.fft.rfft(shaking, axis=0)) ** 2
    hz = np.fft.rfftfreq(len(time_s), 1 / 60.0)
    assert power[(hz > 2.5) & (hz < 18.0)].sum() > 0.95 * power.sum()


def test_tremor_without_chance_is_refused(person):
    with pytest.raises(ValueError, match="rng"):
        perform(BEND, person, times(1.0, 30.0), tremor=Tremor(0.5))


def test_unknown_coordinates_are_refused_with_the_valid_names(person):
    with pytest.raises(KeyError, match="knee_flexion_left"):
        perform(Script("no", (KeyPose(0.0, {"knee_flexoin_left": 1.0}),)), person, times(1.0, 30.0))


def test_key_poses_out_of_order_are_refused():
    with pytest.raises(ValueError, match="follow one another"):
        Script("no", (KeyPose(1.0), KeyPose(0.5)))


def test_irregular_times_increase_and_some_are_missing():
    found = irregular_times(10.0, 30.0, 0.3, 0.2, np.random.default_rng(0))
    assert np.all(np.diff(found) > 0)
    assert len(found) == pytest.approx(240, abs=25)
