"""Two clocks brought together by how fast a segment turns; a gyroscope held against gravity."""

from __future__ import annotations

import numpy as np
import pytest

from coxa.kinematics.inertial import gyroscope_gain
from coxa.kinematics.rotations import rotation_about, rotation_from_vector, transpose
from coxa.kinematics.sensor_calibration import UP, angular_velocity
from coxa.kinematics.speed_offset import angular_speed, shift_between

RATE_HZ = 50.0
TIME_S = np.arange(1000) / RATE_HZ
LIMITS = {"rate_hz": RATE_HZ, "max_offset_s": 5.0, "min_overlap_s": 4.0}


def bursts(time_s: np.ndarray) -> np.ndarray:
    """A speed that never repeats itself."""
    at, size = (2.0, 5.0, 6.5, 11.0, 13.5, 17.0), (1.0, 0.5, 2.0, 0.8, 1.6, 0.6)
    return sum(b * np.exp(-0.5 * ((time_s - a) / 0.3) ** 2) for a, b in zip(at, size, strict=True))


def test_speed_is_the_angle_over_the_time_whatever_the_mount_and_the_frames_missed() -> None:
    angle = 0.8 * TIME_S
    rotation = rotation_about(1, angle) @ rotation_from_vector([0.3, 0.2, -1.0])
    rotation[100:105] = np.nan  # a tenth of a second: bridged
    rotation[300:320] = np.nan  # 0.42 s: not
    regular, speed = angular_speed(rotation, TIME_S, 25.0, 0.05)
    np.testing.assert_allclose(regular, np.arange(0.0, TIME_S[-1], 0.04))
    inside = (regular > TIME_S[299]) & (regular <= TIME_S[320])
    np.testing.assert_array_equal(np.isnan(speed), inside)
    np.testing.assert_allclose(speed[~inside], 0.8, atol=1e-9)


def test_speed_is_unknown_before_the_first_frame_known_and_after_the_last() -> None:
    rotation = rotation_about(1, 0.8 * TIME_S)
    rotation[:50], rotation[-50:] = np.nan, np.nan
    regular, speed = angular_speed(rotation, TIME_S, RATE_HZ, 0.05)
    known = (regular >= TIME_S[50] - 1e-9) & (regular <= TIME_S[-51] + 1e-9)
    assert np.isnan(speed[~known]).all()
    assert np.isfinite(speed[known][1:-1]).all()
    few = rotation.copy()
    few[52:] = np.nan
    assert np.isnan(angular_speed(few, TIME_S, RATE_HZ, 0.05)[1]).all()
    three = rotation.copy()
    three[53:] = np.nan
    assert np.isfinite(angular_speed(three, TIME_S, RATE_HZ, 0.05)[1]).any()


def test_a_gap_right_after_the_first_frame_is_one_and_few_frames_a_second_are_none() -> None:
    rotation = rotation_about(1, 0.8 * TIME_S)
    rotation[1:31] = np.nan
    regular, speed = angular_speed(rotation, TIME_S, 25.0, 0.05)
    np.testing.assert_array_equal(np.isnan(speed), regular < TIME_S[31])
    slow = slice(None, None, 10)  # a frame every 0.2 s
    assert np.isfinite(
        angular_speed(rotation_about(1, 0.8 * TIME_S)[slow], TIME_S[slow], 25.0, 0.05)[1]
    ).all()


def test_smoothing_is_of_the_turning_and_not_of_its_length() -> None:
    """To and fro faster than the smoothing is standing still, not a steady speed."""
    rotation = rotation_about(1, 0.05 * np.sin(2 * np.pi * 8 * TIME_S))
    rough = angular_speed(rotation, TIME_S, RATE_HZ, 0.001)[1]
    smooth = angular_speed(rotation, TIME_S, RATE_HZ, 0.2)[1]
    assert np.nanmedian(smooth[50:-50]) < 0.02 * np.nanmedian(rough[50:-50])


@pytest.mark.parametrize("late_s", [-3.0, -0.37, 0.0, 1.234, 4.5])
def test_the_shift_is_found_between_frames(late_s: float) -> None:
    here = TIME_S + 100.0
    there = TIME_S + 7.0  # its clock says 7 when the movement is late_s in
    found = shift_between((here, bursts(TIME_S)), (there, bursts(TIME_S + late_s)), **LIMITS)
    assert found is not None
    assert found.offset_s == pytest.approx(93.0 + late_s, abs=0.002)
    assert found.correlation == pytest.approx(1.0, abs=1e-3)
    assert found.sd_s < 0.01
    assert found.evidence > 10.0


def test_gaps_and_another_gain_do_not_hinder_noise_is_said() -> None:
    rng = np.random.default_rng(0)
    sds = []
    for noise in (0.002, 0.02):  # smoothed speeds: their slope is the movement's
        there = 1.3 * bursts(TIME_S + 0.5) + noise * rng.normal(size=len(TIME_S))
        there[200:260] = np.nan
        found = shift_between((TIME_S, bursts(TIME_S)), (TIME_S, there), **LIMITS)
        assert found is not None
        assert abs(found.offset_s - 0.5) < max(4 * found.sd_s, 0.005)
        sds.append(found.sd_s)
    assert 3.0 < sds[1] / sds[0] < 30.0


def test_a_movement_that_repeats_itself_is_no_evidence() -> None:
    again = 1.0 + np.sin(2 * np.pi * TIME_S / 1.6)
    found = shift_between((TIME_S, again), (TIME_S, again), **LIMITS)
    assert found is not None
    sure = shift_between((TIME_S, bursts(TIME_S)), (TIME_S, bursts(TIME_S)), **LIMITS)
    assert sure is not None
    assert found.evidence < 0.25 * sure.evidence


@pytest.mark.parametrize(
    ("what", "there", "limits"),
    [
        ("too short", bursts(TIME_S)[:199], {}),
        ("never known", np.full(1000, np.nan), {}),
        ("known for too short", np.where(TIME_S < 3.9, bursts(TIME_S), np.nan), {}),
        ("still", np.ones(1000), {}),
        ("the other way about", -bursts(TIME_S), {"max_offset_s": 0.1}),
    ],
)
def test_no_shift(what: str, there: np.ndarray, limits: dict[str, float]) -> None:
    assert shift_between((TIME_S, bursts(TIME_S)), (TIME_S[: len(there)], there), **(LIMITS | limits)) is None


def test_shifts_beyond_the_largest_are_not_tried() -> None:
    there = TIME_S, bursts(TIME_S + 2.0)
    found = shift_between((TIME_S, bursts(TIME_S)), there, **(LIMITS | {"max_offset_s": 1.0}))
    assert found is None or abs(found.offset_s) <= 1.0 + 0.5 / RATE_HZ
    edge = shift_between((TIME_S, bursts(TIME_S)), there, **(LIMITS | {"max_offset_s": 2.0}))
    assert edge is not None
    assert edge.offset_s == pytest.approx(2.0, abs=1e-6)


def sensor(gain: float, rate_hz: float = 100.0, length_s: float = 20.0) -> tuple[np.ndarray, np.ndarray]:
    """A gyroscope that shows too little by a gain, and an accelerometer that shows gravity."""
    time_s = np.arange(0.0, length_s, 1 / rate_hz)
    rotation = rotation_about(2, 0.8 * np.sin(2 * time_s)) @ rotation_about(0, 0.5 * np.sin(1.3 * time_s))
    up = (transpose(rotation) @ UP) * 9.81
    return angular_velocity(rotation, time_s) / gain, up


@pytest.mark.parametrize("gain", [1.0, np.degrees(1.0) ** -1, 2.0, -1.0])
def test_a_gyroscope_is_held_against_gravity(gain: float) -> None:
    assert gyroscope_gain(*sensor(gain), 100.0) == pytest.approx(gain, rel=0.02)


def test_a_gyroscope_that_tells_nothing_is_not_judged() -> None:
    rate, up = sensor(1.0)
    assert np.isnan(gyroscope_gain(rate, np.tile([0.0, 9.81, 0.0], (len(rate), 1)), 100.0))  # never tilted
    assert np.isnan(gyroscope_gain(rate[:199], up[:199], 100.0))
    assert np.isfinite(gyroscope_gain(rate[:200], up[:200], 100.0))
    assert np.isnan(gyroscope_gain(*sensor(1.0, 5.0), 5.0))
    assert np.isfinite(gyroscope_gain(*sensor(1.0, 5.5), 5.5))
    up[50] = np.nan
    assert np.isnan(gyroscope_gain(rate, up, 100.0))
